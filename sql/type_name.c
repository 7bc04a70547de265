/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of types, as in CREATE TABLE and CAST.
 */
#include <stdlib.h>

#include "sql/parser.h"

/* [(number)]: `value` stays where none is written. */
static bool parse_parameter(struct weir_parser *p, int32_t min, int32_t max, int32_t *value) {
    if (!weir_parser_accept(p, "(")) return true;
    if (p->token->kind != WEIR_TOKEN_INTEGER) {
        weir_parser_expected(p, "a number");
        return false;
    }
    long long number = p->token->length > 12 ? (long long)max + 1 : strtoll(p->token->text, NULL, 10);
    if (number < min || number > max) {
        weir_parser_fail(p, WEIR_ERR_SQL, p->token->at, "expected a number from %d to %d, found %.40s", min, max,
                         p->token->text);
        return false;
    }
    *value = (int32_t)number;
    weir_parser_skip(p);
    return weir_parser_expect(p, ")");
}

/* DECIMAL[(precision [, scale])] */
static bool parse_decimal(struct weir_parser *p, struct weir_type *out) {
    int64_t numbers[2] = {10, 0};
    struct weir_place at = p->token->at;
    if (weir_parser_accept(p, "(")) {
        for (int i = 0; i < 2; i++) {
            if (p->token->kind != WEIR_TOKEN_INTEGER) {
                weir_parser_expected(p, i == 0 ? "a precision" : "a scale");
                return false;
            }
            numbers[i] = p->token->length > 4 ? 9999 : (int)strtol(p->token->text, NULL, 10);
            weir_parser_skip(p);
            if (i == 0 && !weir_parser_accept(p, ",")) break;
        }
        if (!weir_parser_expect(p, ")")) return false;
    }
    if (numbers[0] < 1 || numbers[0] > 38 || numbers[1] > numbers[0]) {
        weir_parser_fail(p, WEIR_ERR_SQL, at,
                         "DECIMAL(p, s) needs a precision from 1 to 38 and a scale from 0 to p");
        return false;
    }
    *out = weir_type_decimal((int)numbers[0], (int)numbers[1]);
    return true;
}

/* After TIMESTAMP [(p)]: [WITHOUT TIME ZONE | WITH LOCAL TIME ZONE]. */
static bool parse_zone(struct weir_parser *p, bool *local) {
    struct weir_place at = p->token->at;
    *local = false;
    if (weir_parser_at(p, "WITH") && weir_parser_ahead_is(p, 1, "TIME")) {
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, at,
                         "TIMESTAMP WITH TIME ZONE is not supported; use TIMESTAMP or TIMESTAMP_LTZ");
        return false;
    }
    bool without = weir_parser_at(p, "WITHOUT") && weir_parser_ahead_is(p, 1, "TIME");
    *local = weir_parser_at(p, "WITH") && weir_parser_ahead_is(p, 1, "LOCAL");
    if (!without && !*local) return true;
    weir_parser_skip(p);
    if (*local) weir_parser_skip(p);
    return weir_parser_expect(p, "TIME") && weir_parser_expect(p, "ZONE");
}

static bool parse_timestamp(struct weir_parser *p, bool local, struct weir_type *out) {
    int32_t precision = 6;
    if (!parse_parameter(p, 0, 9, &precision)) return false;
    if (!local && !parse_zone(p, &local)) return false;
    *out = weir_type_timestamp(precision);
    if (local) out->id = WEIR_TYPE_TIMESTAMP_LTZ;
    return true;
}

static bool parse_time(struct weir_parser *p, struct weir_type *out) {
    int32_t precision = 0;
    struct weir_place at = p->token->at;
    bool local;
    if (!parse_parameter(p, 0, 9, &precision) || !parse_zone(p, &local)) return false;
    if (precision > 3) {
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, at, "TIME is held in milliseconds: use TIME(3) or less");
        return false;
    }
    *out = weir_type_of(WEIR_TYPE_TIME);
    out->precision = (uint8_t)precision;
    return true;
}

static bool parse_text(struct weir_parser *p, bool fixed, struct weir_type *out) {
    if (fixed && weir_parser_accept(p, "VARYING")) fixed = false;
    int32_t length = 1;
    if (!parse_parameter(p, 1, WEIR_LENGTH_MAX, &length)) return false;
    *out = weir_type_of(WEIR_TYPE_STRING);
    out->fixed = fixed;
    out->length = length;
    return true;
}

static bool parse_bytes(struct weir_parser *p, struct weir_type *out) {
    int32_t length = 1;
    if (!parse_parameter(p, 1, WEIR_LENGTH_MAX, &length)) return false;
    *out = weir_type_of(WEIR_TYPE_BYTES);
    return true;
}

/* Types that are one word; false when the current token is none of them. */
static bool accept_plain(struct weir_parser *p, struct weir_type *out) {
    static const struct {
        const char *word;
        enum weir_type_id id;
    } plain[] = {
        {"BOOLEAN", WEIR_TYPE_BOOLEAN}, {"TINYINT", WEIR_TYPE_TINYINT}, {"SMALLINT", WEIR_TYPE_SMALLINT},
        {"INT", WEIR_TYPE_INT},         {"INTEGER", WEIR_TYPE_INT},     {"BIGINT", WEIR_TYPE_BIGINT},
        {"FLOAT", WEIR_TYPE_FLOAT},     {"DATE", WEIR_TYPE_DATE},       {"STRING", WEIR_TYPE_STRING},
        {"BYTES", WEIR_TYPE_BYTES},     {"DOUBLE", WEIR_TYPE_DOUBLE},
    };
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(plain); i++) {
        if (!weir_parser_accept(p, plain[i].word)) continue;
        *out = weir_type_of(plain[i].id);
        if (plain[i].id == WEIR_TYPE_STRING) out->length = WEIR_LENGTH_MAX;
        if (plain[i].id == WEIR_TYPE_DOUBLE) weir_parser_accept(p, "PRECISION");
        return true;
    }
    return false;
}

static bool parse_unknown(struct weir_parser *p) {
    static const char *const nested[] = {"ARRAY", "MAP",      "ROW",     "MULTISET",
                                         "RAW",   "INTERVAL", "VARIANT", "STRUCTURED"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(nested); i++) {
        if (!weir_parser_at(p, nested[i])) continue;
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "the type %s is not supported yet", nested[i]);
        return false;
    }
    weir_parser_expected(p, "a type such as BIGINT, DOUBLE, STRING, DECIMAL(10, 2) or TIMESTAMP(3)");
    return false;
}

bool weir_parse_type(struct weir_parser *p, struct weir_type *out) {
    if (p->token->kind != WEIR_TOKEN_WORD) return parse_unknown(p);
    if (accept_plain(p, out)) return true;
    if (weir_parser_accept(p, "DECIMAL") || weir_parser_accept(p, "NUMERIC") || weir_parser_accept(p, "DEC"))
        return parse_decimal(p, out);
    if (weir_parser_accept(p, "TIMESTAMP")) return parse_timestamp(p, false, out);
    if (weir_parser_accept(p, "TIMESTAMP_LTZ")) return parse_timestamp(p, true, out);
    if (weir_parser_accept(p, "TIME")) return parse_time(p, out);
    if (weir_parser_accept(p, "CHAR") || weir_parser_accept(p, "CHARACTER")) return parse_text(p, true, out);
    if (weir_parser_accept(p, "VARCHAR")) return parse_text(p, false, out);
    if (weir_parser_accept(p, "BINARY") || weir_parser_accept(p, "VARBINARY")) return parse_bytes(p, out);
    return parse_unknown(p);
}
