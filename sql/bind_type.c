/* SPDX-License-Identifier: Apache-2.0
 *
 * One type for several expressions, CAST as written, and what INSERT converts by itself.
 */
#include <string.h>

#include "sql/bind.h"

static bool is_point_in_time(struct weir_type type) {
    return weir_type_is_time(type) || type.id == WEIR_TYPE_DATE || type.id == WEIR_TYPE_TIME;
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
    return weir_bind_cast_node(b, at, expr, type, false);
}

/* ---- CAST as written ---- */

static bool cast_exists(struct weir_type from, struct weir_type to) {
    if (from.id == WEIR_TYPE_INTERVAL_MS || from.id == WEIR_TYPE_INTERVAL_MONTH) return false;
    if (from.id == WEIR_TYPE_STRING || to.id == WEIR_TYPE_STRING || from.id == to.id) return true;
    bool number_from = weir_type_is_numeric(from) || from.id == WEIR_TYPE_BOOLEAN;
    bool number_to = weir_type_is_numeric(to) || to.id == WEIR_TYPE_BOOLEAN;
    if (number_from || number_to) return number_from && number_to;
    if (weir_type_is_time(from)) return is_point_in_time(to);
    return (from.id == WEIR_TYPE_DATE || from.id == WEIR_TYPE_TIME) && weir_type_is_time(to);
}

static struct weir_expr *refuse_cast(struct weir_binder *b, struct weir_place at, struct weir_type from,
                                     struct weir_type to) {
    const char *hint = "";
    if (weir_type_is_time(from) && weir_type_is_numeric(to))
        hint = ", as in Flink; use EXTRACT(EPOCH FROM ...) for seconds since 1970";
    if (weir_type_is_numeric(from) && weir_type_is_time(to))
        hint = ", as in Flink; use TO_TIMESTAMP_LTZ(x, 3) for milliseconds since 1970";
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
    return weir_bind_cast_node(b, at, expr, type, try_cast);
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
