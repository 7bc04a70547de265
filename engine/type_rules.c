/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/type_rules.h"

#define DIGITS_MAX 38
#define DIGITS_KEPT 6 /* behind the point */

static int max_int(int a, int b) { return a > b ? a : b; }
static int min_int(int a, int b) { return a < b ? a : b; }

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

/* All digits in front of the point of both, and as many behind it as 38 leave. *exact: it holds all values of both.
 */
static struct weir_type common_decimal(struct weir_type a, struct weir_type b, bool *exact) {
    a = weir_type_as_decimal(a);
    b = weir_type_as_decimal(b);
    int scale = max_int(a.scale, b.scale);
    int whole = max_int(a.precision - a.scale, b.precision - b.scale);
    *exact = whole + scale <= DIGITS_MAX;
    if (!*exact) scale = DIGITS_MAX - whole;
    return weir_type_decimal(whole + scale, scale);
}

static struct weir_type common_numeric(struct weir_type a, struct weir_type b) {
    bool exact;
    if (is_approximate(a) && is_approximate(b)) return a; /* the first decides, as in Flink */
    if (is_approximate(a) || is_approximate(b)) {
        struct weir_type other = is_approximate(a) ? b : a;
        return other.id == WEIR_TYPE_DECIMAL ? weir_type_of(WEIR_TYPE_DOUBLE) : is_approximate(a) ? a : b;
    }
    if (a.id == WEIR_TYPE_DECIMAL || b.id == WEIR_TYPE_DECIMAL) return common_decimal(a, b, &exact);
    return a.id >= b.id ? a : b;
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
    if (weir_type_is_numeric(a) && weir_type_is_numeric(b)) {
        *out = common_numeric(a, b);
        return true;
    }
    if (a.id == WEIR_TYPE_STRING && b.id == WEIR_TYPE_STRING) {
        *out = common_string(a, b);
        return true;
    }
    if (a.id != b.id && weir_type_is_time(a) && weir_type_is_time(b)) {
        *out = a.id == WEIR_TYPE_TIMESTAMP_LTZ ? a : b; /* a wall clock's time becomes an instant */
        out->precision = a.precision > b.precision ? a.precision : b.precision;
        return true;
    }
    if (a.id != b.id) return false;
    *out = a.precision > b.precision ? a : b;
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

/* Flink brings both sides of = and <> to their common type, so that the type of the first decides between FLOAT and
 * DOUBLE, and digits behind the 38th are rounded away. All other comparisons it leaves to Java: numbers go to the
 * wider of two types, decimals are compared exactly, and a decimal with a FLOAT or DOUBLE by Double.compare. */
static void compare_numbers(enum weir_expr_op op, struct weir_type a, struct weir_type b,
                            struct weir_comparison *out) {
    bool mixed = is_approximate(a) != is_approximate(b), exact;
    struct weir_type type = common_numeric(a, b);
    *out = (struct weir_comparison){type, type, false};
    if (op == WEIR_EXPR_EQ || op == WEIR_EXPR_NE) return;
    out->total_order = mixed && (a.id == WEIR_TYPE_DECIMAL || b.id == WEIR_TYPE_DECIMAL);
    if (is_approximate(a) && is_approximate(b) && a.id != b.id)
        out->left = out->right = weir_type_of(WEIR_TYPE_DOUBLE);
    if (type.id != WEIR_TYPE_DECIMAL) return;
    common_decimal(a, b, &exact);
    if (exact) return;
    out->left = weir_type_as_decimal(a);
    out->right = weir_type_as_decimal(b);
}

bool weir_type_comparable(enum weir_expr_op op, struct weir_type a, struct weir_type b,
                          struct weir_comparison *out) {
    if (a.id == WEIR_TYPE_BYTES || b.id == WEIR_TYPE_BYTES) return false;
    if (weir_type_is_numeric(a) && weir_type_is_numeric(b)) {
        compare_numbers(op, a, b, out);
        return true;
    }
    struct weir_type type;
    if (a.id == WEIR_TYPE_STRING && b.id == WEIR_TYPE_STRING) {
        type = weir_type_equal(a, b) ? a : weir_type_string();
    } else if (a.id == WEIR_TYPE_STRING && is_point_in_time(b)) {
        type = b;
    } else if (b.id == WEIR_TYPE_STRING && is_point_in_time(a)) {
        type = a;
    } else if (!weir_type_common(a, b, &type)) {
        return false;
    }
    *out = (struct weir_comparison){type, type, false};
    return true;
}

/* ---- DECIMAL ---- */

/* Beyond 38 digits Flink gives up those behind the point, though never below six (or all that there are), before
 * those in front. */
static struct weir_type capped_decimal(int precision, int scale) {
    if (precision > DIGITS_MAX) {
        int whole = precision - scale;
        precision = DIGITS_MAX;
        scale = max_int(DIGITS_MAX - whole, min_int(scale, DIGITS_KEPT));
    }
    struct weir_type type = weir_type_decimal(precision, scale);
    type.nullable = precision == DIGITS_MAX;
    return type;
}

struct weir_type weir_type_decimal_result(enum weir_expr_op op, struct weir_type a, struct weir_type b) {
    int whole_a = a.precision - a.scale, whole_b = b.precision - b.scale;
    int scale = max_int(a.scale, b.scale);
    switch (op) {
    case WEIR_EXPR_MULTIPLY: return capped_decimal(a.precision + b.precision + 1, a.scale + b.scale);
    case WEIR_EXPR_DIVIDE:
        scale = max_int(DIGITS_KEPT, a.scale + b.precision + 1);
        return capped_decimal(whole_a + b.scale + scale, scale);
    case WEIR_EXPR_MODULO: return capped_decimal(min_int(whole_a, whole_b) + scale, scale);
    default: return capped_decimal(max_int(whole_a, whole_b) + scale + 1, scale);
    }
}
