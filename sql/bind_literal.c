/* SPDX-License-Identifier: Apache-2.0
 *
 * Literals, and turning one into another type where nothing is lost.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "engine/decimal.h"
#include "engine/value_text.h"
#include "sql/bind.h"
#include "sql/literal.h"

static struct weir_type not_null(struct weir_type type) {
    type.nullable = false;
    return type;
}

static struct weir_expr *literal(struct weir_binder *b, struct weir_place at, struct weir_type type,
                                 union weir_value value) {
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_LITERAL, type, 0, NULL);
    if (node != NULL) node->value = value;
    return node;
}

struct weir_expr *weir_bind_integer(struct weir_binder *b, struct weir_place at, struct weir_type type,
                                    int64_t value) {
    return literal(b, at, not_null(type), (union weir_value){.i64 = value});
}

struct weir_expr *weir_bind_null(struct weir_binder *b, struct weir_place at, struct weir_type type) {
    type.nullable = true;
    struct weir_expr *node = literal(b, at, type, (union weir_value){0});
    if (node != NULL) node->is_null = true;
    return node;
}

/* Digits with at most one point, to an unscaled number. False beyond 38 digits. */
static bool parse_digits(const char *text, weir_i128 *value, int *digits, int *scale) {
    bool point = false;
    *value = 0;
    *digits = *scale = 0;
    for (; *text != '\0'; text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++*digits > 38) return false;
        *value = *value * 10 + (*text - '0');
        *scale += point;
    }
    return true;
}

static struct weir_expr *bind_number(struct weir_binder *b, const struct weir_ast_expr *ast) {
    if (ast->approximate) {
        double number = strtod(ast->name, NULL);
        if (isinf(number))
            return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "%.60s is too large for a DOUBLE", ast->name);
        return literal(b, ast->at, not_null(weir_type_of(WEIR_TYPE_DOUBLE)), (union weir_value){.f64 = number});
    }
    weir_i128 value;
    int digits, scale;
    bool decimal = strchr(ast->name, '.') != NULL && ast->name[strlen(ast->name) - 1] != '.';
    const char *text = ast->name;
    while (!decimal && text[0] == '0' && text[1] != '\0') text++;
    if (!parse_digits(text, &value, &digits, &scale))
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "%.60s has more than 38 digits; write it as DOUBLE (1e40)",
                              ast->name);
    if (decimal)
        return literal(b, ast->at, not_null(weir_type_decimal(digits, scale)), (union weir_value){.i128 = value});
    if (value <= INT32_MAX) return weir_bind_integer(b, ast->at, weir_type_of(WEIR_TYPE_INT), (int64_t)value);
    if (value <= INT64_MAX) return weir_bind_integer(b, ast->at, weir_type_of(WEIR_TYPE_BIGINT), (int64_t)value);
    return literal(b, ast->at, not_null(weir_type_decimal(digits, 0)), (union weir_value){.i128 = value});
}

static int32_t count_code_points(const char *text) {
    int32_t count = 0;
    for (; *text != '\0'; text++) count += (*text & 0xC0) != 0x80;
    return count;
}

static struct weir_expr *bind_string(struct weir_binder *b, struct weir_place at, const char *text) {
    struct weir_type type = not_null(weir_type_char(count_code_points(text)));
    struct weir_string string = {weir_arena_string(b->arena, text, strlen(text)), (int64_t)strlen(text)};
    if (string.data == NULL) return weir_bind_no_memory(b);
    return literal(b, at, type, (union weir_value){.string = string});
}

/* Seconds and nanoseconds in the ticks of a type, floored; false beyond 64 bits. */
static bool to_ticks(int64_t seconds, int32_t nanoseconds, struct weir_type type, int64_t *out) {
    int64_t ticks = weir_type_ticks(type);
    return weir_mul_i64(seconds, ticks, out) && weir_add_i64(*out, nanoseconds / (1000000000 / ticks), out);
}

static struct weir_expr *bind_timestamp(struct weir_binder *b, struct weir_place at, const char *text) {
    int64_t seconds, ticks;
    int32_t nanoseconds;
    int digits;
    if (!weir_literal_timestamp(text, false, &seconds, &nanoseconds, &digits))
        return weir_bind_fail(b, WEIR_ERR_SQL, at,
                              "TIMESTAMP '%.60s' is no time; expected TIMESTAMP 'YYYY-MM-DD HH:MM:SS[.fraction]'",
                              text);
    struct weir_type type = not_null(weir_type_timestamp(digits));
    if (!to_ticks(seconds, nanoseconds, type, &ticks))
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "TIMESTAMP '%.60s' lies outside what nanoseconds reach", text);
    return weir_bind_integer(b, at, type, ticks);
}

static struct weir_expr *bind_date(struct weir_binder *b, struct weir_place at, const char *text) {
    int64_t days;
    if (!weir_literal_date(text, &days))
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "DATE '%.60s' is no day; expected DATE 'YYYY-MM-DD'", text);
    return weir_bind_integer(b, at, weir_type_of(WEIR_TYPE_DATE), days);
}

static struct weir_expr *bind_time(struct weir_binder *b, struct weir_place at, const char *text) {
    int64_t ms;
    int digits;
    if (!weir_literal_time(text, &ms, &digits))
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "TIME '%.60s' is no time; expected TIME 'HH:MM:SS[.mmm]'", text);
    struct weir_type type = weir_type_of(WEIR_TYPE_TIME);
    type.precision = (uint8_t)(digits > 3 ? 3 : digits);
    return weir_bind_integer(b, at, type, ms);
}

struct weir_expr *weir_bind_literal(struct weir_binder *b, const struct weir_ast_expr *ast) {
    switch (ast->kind) {
    case WEIR_AST_NUMBER: return bind_number(b, ast);
    case WEIR_AST_STRING: return bind_string(b, ast->at, ast->name);
    case WEIR_AST_BOOLEAN: return weir_bind_integer(b, ast->at, weir_type_of(WEIR_TYPE_BOOLEAN), ast->flag);
    case WEIR_AST_NULL: return weir_bind_null(b, ast->at, weir_type_of(WEIR_TYPE_NULL));
    case WEIR_AST_DATE: return bind_date(b, ast->at, ast->name);
    case WEIR_AST_TIME: return bind_time(b, ast->at, ast->name);
    case WEIR_AST_TIMESTAMP: return bind_timestamp(b, ast->at, ast->name);
    case WEIR_AST_INTERVAL_MS:
        return weir_bind_integer(b, ast->at, weir_type_of(WEIR_TYPE_INTERVAL_MS), ast->number);
    default: return weir_bind_integer(b, ast->at, weir_type_of(WEIR_TYPE_INTERVAL_MONTH), ast->number);
    }
}

/* ---- folding ---- */

static weir_i128 power_of_ten(int exponent) {
    weir_i128 power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

/* An exact number as unscaled value and scale. */
static void exact_value(const struct weir_expr *from, weir_i128 *value, int *scale) {
    bool decimal = from->type.id == WEIR_TYPE_DECIMAL;
    *value = decimal ? from->value.i128 : from->value.i64;
    *scale = decimal ? from->type.scale : 0;
}

static bool fold_decimal(const struct weir_expr *from, struct weir_type to, union weir_value *out) {
    weir_i128 value;
    int scale;
    exact_value(from, &value, &scale);
    if (scale > to.scale) return false;
    weir_i128 limit = power_of_ten(to.precision - (to.scale - scale));
    if (to.precision < to.scale - scale || value >= limit || value <= -limit) return false;
    out->i128 = value * power_of_ten(to.scale - scale);
    return true;
}

/* As the evaluator does it: two roundings for a DECIMAL of at most 18 digits, else the nearest DOUBLE, through
 * text. */
static double nearest_double(const struct weir_expr *from) {
    weir_i128 value;
    int scale;
    exact_value(from, &value, &scale);
    char text[64];
    size_t at = sizeof(text);
    bool negative = value < 0;
    weir_u128 rest = negative ? -(weir_u128)value : (weir_u128)value;
    at -= (size_t)snprintf(NULL, 0, "e-%d", scale) + 1;
    snprintf(text + at, sizeof(text) - at, "e-%d", scale);
    do {
        text[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest != 0);
    double number = strtod(text + at, NULL);
    return negative ? -number : number;
}

static bool fold_float(const struct weir_expr *from, union weir_value *out) {
    if (weir_type_is_integer(from->type)) {
        out->f64 = (double)(float)from->value.i64; /* rounded once */
        return true;
    }
    bool decimal = from->type.id == WEIR_TYPE_DECIMAL;
    if (decimal || from->type.id == WEIR_TYPE_DOUBLE)
        out->f64 = (double)(float)(decimal ? nearest_double(from) : from->value.f64);
    return decimal || from->type.id == WEIR_TYPE_DOUBLE;
}

static bool fold_integer(const struct weir_expr *from, struct weir_type to, union weir_value *out) {
    static const int64_t limits[] = {INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX};
    int64_t limit = limits[to.id - WEIR_TYPE_TINYINT];
    if (!weir_type_is_integer(from->type) || from->value.i64 > limit || from->value.i64 < -limit - 1) return false;
    out->i64 = from->value.i64;
    return true;
}

static bool fold_text_to_time(const struct weir_expr *from, struct weir_type to, union weir_value *out) {
    int64_t seconds, days;
    int32_t nanoseconds;
    int digits;
    const char *text = from->value.string.data;
    if (to.id == WEIR_TYPE_TIME) return weir_literal_time(text, &out->i64, &digits) && digits <= to.precision;
    if (to.id == WEIR_TYPE_DATE) {
        if (!weir_literal_date(text, &days)) return false;
        out->i64 = days;
        return true;
    }
    return weir_literal_timestamp(text, true, &seconds, &nanoseconds, &digits) && digits <= to.precision &&
           to_ticks(seconds, nanoseconds, to, &out->i64);
}

static bool fold_time(const struct weir_expr *from, struct weir_type to, union weir_value *out) {
    if (from->type.id == WEIR_TYPE_DATE && to.id == WEIR_TYPE_TIMESTAMP)
        return weir_mul_i64(from->value.i64, 86400 * weir_type_ticks(to), &out->i64);
    if (from->type.id != to.id || from->type.precision > to.precision) return false;
    if (to.id == WEIR_TYPE_TIME) {
        out->i64 = from->value.i64;
        return true;
    }
    return weir_mul_i64(from->value.i64, weir_type_ticks(to) / weir_type_ticks(from->type), &out->i64);
}

static bool fold_value(const struct weir_expr *from, struct weir_type to, union weir_value *out) {
    struct weir_type type = from->type;
    bool exact = weir_type_is_integer(type) || type.id == WEIR_TYPE_DECIMAL;
    if (weir_type_is_integer(to)) return fold_integer(from, to, out);
    if (to.id == WEIR_TYPE_DECIMAL) return exact && fold_decimal(from, to, out);
    if (to.id == WEIR_TYPE_FLOAT) return fold_float(from, out);
    if (to.id == WEIR_TYPE_DOUBLE) {
        if (exact) out->f64 = nearest_double(from);
        return exact;
    }
    if (to.id == WEIR_TYPE_STRING) {
        *out = from->value;
        return type.id == WEIR_TYPE_STRING && !to.fixed && to.length >= type.length;
    }
    bool time = weir_type_is_time(to) || to.id == WEIR_TYPE_DATE || to.id == WEIR_TYPE_TIME;
    if (time && type.id == WEIR_TYPE_STRING) return fold_text_to_time(from, to, out);
    return time && fold_time(from, to, out);
}

struct weir_expr *weir_bind_fold(struct weir_binder *b, const struct weir_expr *from, struct weir_type type) {
    struct weir_place at = weir_expr_place(from);
    if (from->is_null) return weir_bind_null(b, at, type);
    if (b->zone != NULL && type.id == WEIR_TYPE_TIMESTAMP_LTZ && from->type.id != type.id)
        return weir_bind_fold_instant(b, from, type);
    union weir_value value = {0};
    if (!fold_value(from, type, &value)) return NULL;
    return literal(b, at, type, value);
}

struct weir_expr *weir_bind_decimal_real(struct weir_binder *b, const struct weir_expr *from) {
    struct weir_decimal_type type = {from->type.precision, from->type.scale};
    union weir_value value = {.f64 = weir_decimal_cast_double(from->value.i128, type)};
    return literal(b, weir_expr_place(from), not_null(weir_type_of(WEIR_TYPE_DOUBLE)), value);
}

static bool keeps_double(double number, struct weir_type type) {
    weir_i128 value;
    if (type.id == WEIR_TYPE_DECIMAL) {
        struct weir_decimal_type as = {type.precision, type.scale};
        return weir_text_double_to_decimal(number, as, &value) == WEIR_TEXT_OK &&
               weir_decimal_cast_double(value, as) == number;
    }
    double limit = ldexp(1.0, (8 << (type.id - WEIR_TYPE_TINYINT)) - 1);
    return number == floor(number) && number >= -limit && number < limit;
}

bool weir_bind_keeps(const struct weir_expr *literal, struct weir_type type) {
    if (type.id == WEIR_TYPE_FLOAT || type.id == WEIR_TYPE_DOUBLE) return true;
    if (weir_type_vector(literal->type) == WEIR_VECTOR_F64) return keeps_double(literal->value.f64, type);
    weir_i128 value;
    int scale;
    exact_value(literal, &value, &scale);
    for (; scale > 0 && value % 10 == 0; scale--) value /= 10;
    if (type.id == WEIR_TYPE_DECIMAL) {
        struct weir_decimal_type as = {type.precision, type.scale};
        return scale <= type.scale && weir_decimal_rescale((struct weir_decimal){value, scale}, as, &value);
    }
    weir_i128 limit = (weir_i128)1 << ((8 << (type.id - WEIR_TYPE_TINYINT)) - 1);
    return scale == 0 && value >= -limit && value < limit;
}
