/* SPDX-License-Identifier: Apache-2.0
 *
 * Which types go together, as Flink decides it.
 */
#include <string.h>

#include "sql/bind.h"

#define DIGITS_MAX 38

static int max_int(int a, int b) { return a > b ? a : b; }

static bool is_approximate(struct weir_type type) {
    return type.id == WEIR_TYPE_FLOAT || type.id == WEIR_TYPE_DOUBLE;
}

struct weir_type weir_type_string(void) {
    struct weir_type type = weir_type_of(WEIR_TYPE_STRING);
    type.length = WEIR_LENGTH_MAX;
    return type;
}

struct weir_type weir_type_as_decimal(struct weir_type type) {
    bool nullable = type.nullable;
    switch (type.id) {
    case WEIR_TYPE_TINYINT: type = weir_type_decimal(3, 0); break;
    case WEIR_TYPE_SMALLINT: type = weir_type_decimal(5, 0); break;
    case WEIR_TYPE_INT: type = weir_type_decimal(10, 0); break;
    case WEIR_TYPE_BIGINT: type = weir_type_decimal(19, 0); break;
    default: break;
    }
    type.nullable = nullable;
    return type;
}

/* Holds all values of both; false when that takes more than 38 digits. */
static bool common_decimal(struct weir_type a, struct weir_type b, struct weir_type *out) {
    a = weir_type_as_decimal(a);
    b = weir_type_as_decimal(b);
    int scale = max_int(a.scale, b.scale);
    int whole = max_int(a.precision - a.scale, b.precision - b.scale);
    if (whole + scale > DIGITS_MAX) return false;
    *out = weir_type_decimal(whole + scale, scale);
    return true;
}

static bool common_numeric(struct weir_type a, struct weir_type b, struct weir_type *out) {
    if (is_approximate(a) || is_approximate(b)) {
        if (is_approximate(a) && is_approximate(b)) {
            *out = a; /* the first decides, as in Flink */
        } else {
            struct weir_type exact = is_approximate(a) ? b : a;
            *out = exact.id == WEIR_TYPE_DECIMAL ? weir_type_of(WEIR_TYPE_DOUBLE) : is_approximate(a) ? a : b;
        }
        return true;
    }
    if (a.id == WEIR_TYPE_DECIMAL || b.id == WEIR_TYPE_DECIMAL) return common_decimal(a, b, out);
    *out = a.id >= b.id ? a : b;
    return true;
}

static struct weir_type common_string(struct weir_type a, struct weir_type b) {
    struct weir_type out = a;
    out.length = a.length > b.length ? a.length : b.length;
    out.fixed = a.fixed && b.fixed && a.length == b.length;
    return out;
}

static bool common(struct weir_type a, struct weir_type b, struct weir_type *out) {
    if (a.id == WEIR_TYPE_NULL || b.id == WEIR_TYPE_NULL) {
        *out = a.id == WEIR_TYPE_NULL ? b : a;
        return true;
    }
    if (weir_type_is_numeric(a) && weir_type_is_numeric(b)) return common_numeric(a, b, out);
    if (a.id == WEIR_TYPE_STRING && b.id == WEIR_TYPE_STRING) {
        *out = common_string(a, b);
        return true;
    }
    bool mixed = (a.id == WEIR_TYPE_DATE && b.id == WEIR_TYPE_TIMESTAMP) ||
                 (a.id == WEIR_TYPE_TIMESTAMP && b.id == WEIR_TYPE_DATE);
    if (a.id != b.id && !mixed) return false;
    *out = b.id == WEIR_TYPE_DATE ? a : b;
    if (a.id == b.id && a.precision > b.precision) *out = a;
    return true;
}

bool weir_type_common(struct weir_type a, struct weir_type b, struct weir_type *out) {
    if (!common(a, b, out)) return false;
    out->nullable = a.nullable || b.nullable || a.id == WEIR_TYPE_NULL || b.id == WEIR_TYPE_NULL;
    return true;
}

static bool is_point_in_time(struct weir_type type) {
    return weir_type_is_time(type) || type.id == WEIR_TYPE_DATE || type.id == WEIR_TYPE_TIME;
}

bool weir_type_comparable(struct weir_type a, struct weir_type b, struct weir_type *out) {
    if (a.id == WEIR_TYPE_BYTES || b.id == WEIR_TYPE_BYTES) return false;
    if (weir_type_is_numeric(a) && weir_type_is_numeric(b)) {
        /* Numbers are compared as Java compares them: the wider of FLOAT and DOUBLE, whatever their order. */
        bool is_double = a.id == WEIR_TYPE_DOUBLE || b.id == WEIR_TYPE_DOUBLE;
        if (is_double) *out = weir_type_of(WEIR_TYPE_DOUBLE);
        return is_double || weir_type_common(a, b, out);
    }
    if (a.id == WEIR_TYPE_STRING && b.id == WEIR_TYPE_STRING) {
        *out = weir_type_equal(a, b) ? a : weir_type_string();
        return true;
    }
    if (a.id == WEIR_TYPE_STRING && is_point_in_time(b)) {
        *out = b;
        return true;
    }
    if (b.id == WEIR_TYPE_STRING && is_point_in_time(a)) {
        *out = a;
        return true;
    }
    return weir_type_common(a, b, out);
}

bool weir_bind_unify(struct weir_binder *b, struct weir_place at, const char *what, struct weir_expr **args,
                     int32_t count, int32_t first, int32_t step, struct weir_type *out) {
    struct weir_type type = args[first]->type;
    for (int32_t i = first + step; i < count; i += step) {
        struct weir_type next;
        if (!weir_type_common(type, args[i]->type, &next)) {
            char left[WEIR_TYPE_NAME_BYTES], right[WEIR_TYPE_NAME_BYTES];
            weir_bind_fail(b, WEIR_ERR_SQL, at, "%s cannot give %s and %s as one type; CAST one of them", what,
                           weir_type_name(type, false, left, sizeof(left)),
                           weir_type_name(args[i]->type, false, right, sizeof(right)));
            return false;
        }
        type = next;
    }
    if (type.id == WEIR_TYPE_NULL) {
        weir_bind_fail(b, WEIR_ERR_SQL, at, "%s of NULL alone has no type; write CAST(NULL AS ...)", what);
        return false;
    }
    for (int32_t i = first; i < count; i += step) {
        if ((args[i] = weir_bind_cast(b, args[i], type)) == NULL) return false;
    }
    *out = type;
    return true;
}

struct weir_expr *weir_bind_cast(struct weir_binder *b, struct weir_expr *expr, struct weir_type type) {
    type.nullable = expr->type.nullable;
    if (weir_type_equal(expr->type, type)) return expr;
    struct weir_place at = weir_expr_place(expr);
    if (expr->op == WEIR_EXPR_LITERAL) {
        struct weir_expr *folded = weir_bind_fold(b, expr, type);
        if (folded != NULL || b->status != WEIR_OK) return folded;
    }
    return weir_bind_node(b, at, WEIR_EXPR_CAST, type, 1, &expr);
}

/* ---- CAST as written ---- */

static bool cast_exists(struct weir_type from, struct weir_type to) {
    if (from.id == WEIR_TYPE_INTERVAL_MS || from.id == WEIR_TYPE_INTERVAL_MONTH) return false;
    if (from.id == WEIR_TYPE_STRING || to.id == WEIR_TYPE_STRING || from.id == to.id) return true;
    bool number_from = weir_type_is_numeric(from) || from.id == WEIR_TYPE_BOOLEAN;
    bool number_to = weir_type_is_numeric(to) || to.id == WEIR_TYPE_BOOLEAN;
    if (number_from || number_to) return number_from && number_to;
    if (weir_type_is_time(from)) return is_point_in_time(to);
    return from.id == WEIR_TYPE_DATE && weir_type_is_time(to);
}

static struct weir_expr *refuse_cast(struct weir_binder *b, struct weir_place at, struct weir_type from,
                                     struct weir_type to) {
    const char *hint = "";
    if (weir_type_is_time(from) && weir_type_is_numeric(to))
        hint = ", as in Flink; use EXTRACT(EPOCH FROM ...) for seconds since 1970";
    if (weir_type_is_numeric(from) && weir_type_is_time(to))
        hint = ", as in Flink; add it to a time: TIMESTAMP '1970-01-01 00:00:00' + x * INTERVAL '1' SECOND";
    char left[WEIR_TYPE_NAME_BYTES], right[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(b, WEIR_ERR_SQL, at, "there is no CAST from %s to %s%s",
                          weir_type_name(from, false, left, sizeof(left)),
                          weir_type_name(to, false, right, sizeof(right)), hint);
}

struct weir_expr *weir_bind_explicit_cast(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                          struct weir_type type, bool try_cast) {
    if (expr->type.id == WEIR_TYPE_NULL) return weir_bind_null(b, at, type);
    if (!cast_exists(expr->type, type)) return refuse_cast(b, at, expr->type, type);
    type.nullable = expr->type.nullable || try_cast;
    if (weir_type_equal(expr->type, type)) return expr;
    bool exact_literal =
        expr->op == WEIR_EXPR_LITERAL && weir_type_is_numeric(expr->type) && weir_type_is_numeric(type);
    if (exact_literal) {
        struct weir_expr *folded = weir_bind_fold(b, expr, type);
        if (folded != NULL || b->status != WEIR_OK) return folded;
    }
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_CAST, type, 1, &expr);
    if (node != NULL) node->try_cast = try_cast;
    return node;
}

/* ---- what INSERT converts by itself ---- */

static bool assignable(struct weir_type from, struct weir_type to) {
    if (from.id == WEIR_TYPE_NULL) return true;
    switch (to.id) {
    case WEIR_TYPE_DECIMAL:
    case WEIR_TYPE_DOUBLE: return weir_type_is_numeric(from);
    case WEIR_TYPE_FLOAT: return weir_type_is_numeric(from) && from.id != WEIR_TYPE_DOUBLE;
    case WEIR_TYPE_DATE: return from.id == WEIR_TYPE_DATE || from.id == WEIR_TYPE_TIMESTAMP;
    case WEIR_TYPE_TIME: return from.id == WEIR_TYPE_TIME || from.id == WEIR_TYPE_TIMESTAMP;
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ: return weir_type_is_time(from);
    default: break;
    }
    if (weir_type_is_integer(to)) return weir_type_is_integer(from) && from.id <= to.id;
    return from.id == to.id;
}

struct weir_expr *weir_bind_assign(struct weir_binder *b, struct weir_expr *expr, struct weir_type type,
                                   const char *column) {
    char from[WEIR_TYPE_NAME_BYTES], to[WEIR_TYPE_NAME_BYTES];
    struct weir_place at = weir_expr_place(expr);
    if (!assignable(expr->type, type))
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "the query gives %s for the column '%s', which is %s; CAST it",
                              weir_type_name(expr->type, false, from, sizeof(from)), column,
                              weir_type_name(type, false, to, sizeof(to)));
    if (expr->type.id == WEIR_TYPE_NULL) return weir_bind_null(b, at, type);
    /* VARCHAR(n) cuts and CHAR(n) pads what an INSERT gives it, as Flink's implicit cast does. */
    bool same = type.id == WEIR_TYPE_STRING && expr->type.id == WEIR_TYPE_STRING && !type.fixed &&
                expr->type.length <= type.length;
    return same ? expr : weir_bind_cast(b, expr, type);
}
