/* SPDX-License-Identifier: Apache-2.0
 *
 * Terms of a builder: literals, in the types that SQL gives them.
 */
#include <string.h>

#include "base/number_text.h"
#include "engine/builder.h"
#include "engine/decimal.h"
#include "engine/utf8.h"

#define MS_PER_DAY 86400000

static const struct weir_term *literal(struct weir_builder *builder, struct weir_type type,
                                       union weir_value value) {
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    return weir_build_term(builder, weir_expr_literal(&builder->arena, type, value), NULL, NULL);
}

static const struct weir_term *whole(struct weir_builder *builder, struct weir_type type, int64_t value) {
    return literal(builder, type, (union weir_value){.i64 = value});
}

const struct weir_term *weir_builder_boolean(struct weir_builder *builder, bool value) {
    return whole(builder, weir_type_of(WEIR_TYPE_BOOLEAN), value);
}

const struct weir_term *weir_builder_integer(struct weir_builder *builder, int64_t value) {
    bool is_int = value >= -INT32_MAX && value <= INT32_MAX; /* SQL negates a positive number */
    return whole(builder, weir_type_of(is_int ? WEIR_TYPE_INT : WEIR_TYPE_BIGINT), value);
}

const struct weir_term *weir_builder_number(struct weir_builder *builder, double value) {
    return literal(builder, weir_type_of(WEIR_TYPE_DOUBLE), (union weir_value){.f64 = value});
}

/* Digits with at most one point and a sign before them; false where the text is none, or has more than 38. */
static bool parse_decimal(const char *text, weir_i128 *value, int *digits, int *scale) {
    bool negative = *text == '-', point = false;
    *value = 0;
    *digits = *scale = 0;
    for (text += *text == '-' || *text == '+'; *text != '\0'; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || ++*digits > WEIR_DECIMAL_DIGITS) return false;
        *value = *value * 10 + (*text - '0');
        *scale += point;
    }
    if (negative) *value = -*value;
    return *digits > 0;
}

const struct weir_term *weir_builder_decimal(struct weir_builder *builder, const char *digits) {
    weir_i128 value;
    int count, scale;
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    if (digits == NULL || !parse_decimal(digits, &value, &count, &scale)) {
        weir_build_fail(
            builder, WEIR_ERR_INVALID,
            "'%.60s' is no decimal number; give at most 38 digits with an optional sign and point, such "
            "as \"-12.50\"",
            digits == NULL ? "(NULL)" : digits);
        return NULL;
    }
    return literal(builder, weir_type_decimal(count, scale), (union weir_value){.i128 = value});
}

const struct weir_term *weir_builder_string(struct weir_builder *builder, const char *text) {
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    if (text == NULL || !weir_build_is_utf8(text) || strlen(text) > INT32_MAX) {
        weir_build_fail(builder, WEIR_ERR_INVALID, "the text of weir_builder_string is %s",
                        text == NULL ? "NULL; use WEIR_BUILDER_IS_NULL to ask for NULL" : "no UTF-8, or too long");
        return NULL;
    }
    struct weir_string string = {text, (int64_t)strlen(text)};
    struct weir_type type = weir_type_char((int32_t)weir_utf8_count(text, string.length));
    return literal(builder, type, (union weir_value){.string = string});
}

/* ---- times ---- */

const struct weir_term *weir_builder_date(struct weir_builder *builder, int32_t days) {
    return whole(builder, weir_type_of(WEIR_TYPE_DATE), days);
}

const struct weir_term *weir_builder_time_of_day(struct weir_builder *builder, int32_t ms) {
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    if (ms < 0 || ms >= MS_PER_DAY) {
        weir_build_fail(builder, WEIR_ERR_INVALID, "a time of day is from 0 to %d ms, and this is %d",
                        MS_PER_DAY - 1, (int)ms);
        return NULL;
    }
    struct weir_type type = weir_type_of(WEIR_TYPE_TIME);
    type.precision = 3;
    return whole(builder, type, ms);
}

static const struct weir_term *point(struct weir_builder *builder, enum weir_type_id id, int64_t value,
                                     int64_t units_per_second) {
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    struct weir_type type = weir_type_timestamp(units_per_second == 1000 ? 3 : units_per_second == 1000000 ? 6 : 9);
    type.id = id;
    if (weir_type_ticks(type) == units_per_second) return whole(builder, type, value);
    weir_build_fail(builder, WEIR_ERR_INVALID, "units_per_second is %lld; it must be 1000, 1000000 or 1000000000",
                    (long long)units_per_second);
    return NULL;
}

const struct weir_term *weir_builder_timestamp(struct weir_builder *builder, int64_t value,
                                               int64_t units_per_second) {
    return point(builder, WEIR_TYPE_TIMESTAMP, value, units_per_second);
}

const struct weir_term *weir_builder_instant(struct weir_builder *builder, int64_t value,
                                             int64_t units_per_second) {
    return point(builder, WEIR_TYPE_TIMESTAMP_LTZ, value, units_per_second);
}

const struct weir_term *weir_builder_interval(struct weir_builder *builder, int64_t ms) {
    return whole(builder, weir_type_of(WEIR_TYPE_INTERVAL_MS), ms);
}

/* ---- one literal in another type ---- */

static bool to_integer(const struct weir_expr *from, enum weir_type_id id, union weir_value *out) {
    static const int64_t limits[] = {INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX};
    int64_t limit = limits[id - WEIR_TYPE_TINYINT];
    if (!weir_type_is_integer(from->type) || from->value.i64 > limit || from->value.i64 < -limit - 1) return false;
    out->i64 = from->value.i64;
    return true;
}

/* Through text, so that it is the nearest. */
static double nearest_double(struct weir_decimal value) {
    char text[WEIR_DECIMAL_TEXT_BYTES];
    double number = 0;
    weir_text_parse_f64(text, (size_t)weir_decimal_format(value, text), &number);
    return number;
}

bool weir_build_convert(const struct weir_expr *literal, struct weir_type to, union weir_value *out) {
    struct weir_type from = literal->type;
    bool is_decimal = from.id == WEIR_TYPE_DECIMAL, exact = is_decimal || weir_type_is_integer(from);
    struct weir_decimal value = {is_decimal ? literal->value.i128
                                 : exact    ? literal->value.i64
                                            : 0,
                                 is_decimal ? from.scale : 0};
    if (weir_type_is_integer(to)) return to_integer(literal, to.id, out);
    if (to.id == WEIR_TYPE_DECIMAL) {
        struct weir_decimal_type wanted = {to.precision, to.scale};
        return exact && value.scale <= to.scale && weir_decimal_rescale(value, wanted, &out->i128);
    }
    if (to.id == WEIR_TYPE_DOUBLE) {
        out->f64 = exact ? nearest_double(value) : literal->value.f64;
        return exact || from.id == WEIR_TYPE_DOUBLE;
    }
    *out = literal->value;
    return to.id == WEIR_TYPE_STRING && from.id == WEIR_TYPE_STRING && !to.fixed && to.length >= from.length;
}
