/* SPDX-License-Identifier: Apache-2.0
 *
 * What operators work on: literals, names, CASE, CAST, parentheses.
 */
#include <stdio.h>
#include <string.h>

#include "sql/literal.h"
#include "sql/parser.h"

static struct weir_ast_expr *leaf(struct weir_parser *p, enum weir_ast_kind kind, const char *name) {
    struct weir_ast_expr *node = weir_ast_make(p, kind, p->token->at, NULL, 0);
    if (node == NULL) return NULL;
    node->name = name;
    weir_parser_skip(p);
    return node;
}

bool weir_parse_unit(struct weir_parser *p, enum weir_time_unit *out) {
    static const struct {
        const char *word;
        enum weir_time_unit unit;
    } units[] = {
        {"MILLISECOND", WEIR_UNIT_MILLISECOND},
        {"SECOND", WEIR_UNIT_SECOND},
        {"SECONDS", WEIR_UNIT_SECOND},
        {"MINUTE", WEIR_UNIT_MINUTE},
        {"MINUTES", WEIR_UNIT_MINUTE},
        {"HOUR", WEIR_UNIT_HOUR},
        {"HOURS", WEIR_UNIT_HOUR},
        {"DAY", WEIR_UNIT_DAY},
        {"DAYS", WEIR_UNIT_DAY},
        {"WEEK", WEIR_UNIT_WEEK},
        {"WEEKS", WEIR_UNIT_WEEK},
        {"MONTH", WEIR_UNIT_MONTH},
        {"MONTHS", WEIR_UNIT_MONTH},
        {"QUARTER", WEIR_UNIT_QUARTER},
        {"QUARTERS", WEIR_UNIT_QUARTER},
        {"YEAR", WEIR_UNIT_YEAR},
        {"YEARS", WEIR_UNIT_YEAR},
        {"DOW", WEIR_UNIT_DOW},
        {"DOY", WEIR_UNIT_DOY},
        {"EPOCH", WEIR_UNIT_EPOCH},
        {"ISODOW", WEIR_UNIT_ISODOW},
        {"ISOYEAR", WEIR_UNIT_ISOYEAR},
        {"DECADE", WEIR_UNIT_DECADE},
        {"CENTURY", WEIR_UNIT_CENTURY},
        {"MILLENNIUM", WEIR_UNIT_MILLENNIUM},
    };
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(units); i++) {
        *out = units[i].unit;
        if (weir_parser_accept(p, units[i].word)) return true;
    }
    weir_parser_expected(p, "a unit such as SECOND, MINUTE, HOUR, DAY, MONTH or YEAR");
    return false;
}

/* [(precision [, scale])] after a unit: any number of digits is taken, so it changes nothing. */
static bool skip_precision(struct weir_parser *p) {
    if (!weir_parser_accept(p, "(")) return true;
    do {
        if (p->token->kind != WEIR_TOKEN_INTEGER) {
            weir_parser_expected(p, "a number of digits");
            return false;
        }
        weir_parser_skip(p);
    } while (weir_parser_accept(p, ","));
    return weir_parser_expect(p, ")");
}

/* TO and a unit that may end an interval that begins with `from`. In FLOOR(x + INTERVAL '1' DAY TO WEEK) the TO is
 * not the interval's. */
static bool range_at(const struct weir_parser *p, enum weir_time_unit from) {
    static const struct {
        enum weir_time_unit from;
        const char *to;
    } ranges[] = {{WEIR_UNIT_YEAR, "MONTH"},   {WEIR_UNIT_DAY, "HOUR"},    {WEIR_UNIT_DAY, "MINUTE"},
                  {WEIR_UNIT_DAY, "SECOND"},   {WEIR_UNIT_HOUR, "MINUTE"}, {WEIR_UNIT_HOUR, "SECOND"},
                  {WEIR_UNIT_MINUTE, "SECOND"}};
    for (size_t i = 0; weir_parser_at(p, "TO") && i < WEIR_ARRAY_COUNT(ranges); i++) {
        if (ranges[i].from == from && weir_parser_ahead_is(p, 1, ranges[i].to)) return true;
    }
    return false;
}

struct weir_ast_expr *weir_parse_interval(struct weir_parser *p, struct weir_place at) {
    bool negative = weir_parser_accept(p, "-");
    if (!negative) weir_parser_accept(p, "+");
    const struct weir_token *value = p->token;
    if (value->kind != WEIR_TOKEN_STRING && value->kind != WEIR_TOKEN_INTEGER)
        return weir_parser_expected(p, "a value as in INTERVAL '5' MINUTE");
    weir_parser_skip(p);
    enum weir_time_unit from, to;
    if (!weir_parse_unit(p, &from) || !skip_precision(p)) return NULL;
    to = from;
    if (range_at(p, from)) {
        weir_parser_skip(p);
        if (!weir_parse_unit(p, &to) || !skip_precision(p)) return NULL;
    }
    int64_t number;
    if (!weir_literal_interval(value->text, from, to, &number))
        return weir_parser_fail(p, WEIR_ERR_SQL, value->at,
                                "'%.60s' is no interval of these units; expected for example INTERVAL '90' SECOND, "
                                "INTERVAL '1:30' MINUTE TO SECOND or INTERVAL '1 02:03:04.005' DAY TO SECOND",
                                value->text);
    struct weir_ast_expr *node =
        weir_ast_make(p, weir_unit_is_calendar(from) ? WEIR_AST_INTERVAL_MONTH : WEIR_AST_INTERVAL_MS, at, NULL, 0);
    if (node != NULL) node->number = negative ? -number : number;
    return node;
}

/* CASE [operand] WHEN ... THEN ... [ELSE ...] END */
static struct weir_ast_expr *parse_case(struct weir_parser *p) {
    struct weir_place at = p->token->at;
    weir_parser_skip(p);
    struct weir_ast_expr *operand = NULL;
    if (!weir_parser_at(p, "WHEN") && (operand = weir_parse_expression(p)) == NULL) return NULL;
    struct weir_parser_list list = {0};
    if (!weir_parser_at(p, "WHEN")) return weir_parser_expected(p, "WHEN");
    while (weir_parser_accept(p, "WHEN")) {
        struct weir_place when_at = p->token->at;
        struct weir_ast_expr *when = weir_parse_expression(p);
        if (when == NULL) return NULL;
        if (operand != NULL) when = weir_ast_make2(p, WEIR_AST_EQ, when_at, operand, when);
        if (!weir_parser_push(p, &list, when) || !weir_parser_expect(p, "THEN") ||
            !weir_parser_push(p, &list, weir_parse_expression(p)))
            return NULL;
    }
    struct weir_ast_expr *otherwise =
        weir_parser_accept(p, "ELSE") ? weir_parse_expression(p) : weir_ast_make(p, WEIR_AST_NULL, at, NULL, 0);
    if (!weir_parser_push(p, &list, otherwise)) return NULL;
    if (!weir_parser_accept(p, "END")) return weir_parser_expected(p, "WHEN, ELSE or END");
    return weir_ast_make(p, WEIR_AST_CASE, at, (struct weir_ast_expr **)list.items, list.count);
}

/* CAST(x AS type) and TRY_CAST */
static struct weir_ast_expr *parse_cast(struct weir_parser *p) {
    struct weir_place at = p->token->at;
    bool try_cast = weir_parser_at(p, "TRY_CAST");
    weir_parser_skip(p);
    weir_parser_skip(p);
    struct weir_ast_expr *operand = weir_parse_expression(p);
    struct weir_type type;
    if (operand == NULL || !weir_parser_expect(p, "AS") || !weir_parse_type(p, &type) ||
        !weir_parser_expect(p, ")"))
        return NULL;
    struct weir_ast_expr *node = weir_ast_make2(p, WEIR_AST_CAST, at, operand, NULL);
    if (node == NULL) return NULL;
    node->type = type;
    node->flag = try_cast;
    return node;
}

static struct weir_ast_expr *parse_column(struct weir_parser *p) {
    struct weir_place at = p->token->at;
    const char *name = weir_parser_name(p, "an expression");
    if (name == NULL) return NULL;
    const char *qualifier = NULL;
    if (weir_parser_accept(p, ".")) {
        qualifier = name;
        if ((name = weir_parser_name(p, "a column name after '.'")) == NULL) return NULL;
    }
    if (weir_parser_at(p, "."))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "names of more than two parts are not supported; write table.column");
    if (weir_parser_at(p, "["))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "arrays and maps are not supported yet");
    struct weir_ast_expr *node = weir_ast_make(p, WEIR_AST_COLUMN, at, NULL, 0);
    if (node == NULL) return NULL;
    node->name = name;
    node->qualifier = qualifier;
    return node;
}

static struct weir_ast_expr *parse_parenthesis(struct weir_parser *p) {
    weir_parser_skip(p);
    if (weir_parser_at(p, "SELECT") || weir_parser_at(p, "WITH"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "subqueries in expressions are not supported yet; they are in FROM");
    struct weir_ast_expr *expr = weir_parse_expression(p);
    if (expr == NULL) return NULL;
    if (weir_parser_at(p, ","))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "rows (a, b) are not supported yet");
    return weir_parser_expect(p, ")") ? expr : NULL;
}

/* DATE '...', TIME '...', TIMESTAMP '...', INTERVAL ..., TRUE, FALSE, UNKNOWN, NULL; *found: one was there. */
static struct weir_ast_expr *parse_word_literal(struct weir_parser *p, bool *found) {
    static const struct {
        const char *word;
        enum weir_ast_kind kind;
    } times[] = {{"DATE", WEIR_AST_DATE}, {"TIME", WEIR_AST_TIME}, {"TIMESTAMP", WEIR_AST_TIMESTAMP}};
    *found = true;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(times); i++) {
        if (!weir_parser_at(p, times[i].word) || weir_parser_ahead(p, 1)->kind != WEIR_TOKEN_STRING) continue;
        weir_parser_skip(p);
        return leaf(p, times[i].kind, p->token->text);
    }
    struct weir_place at = p->token->at;
    if (weir_parser_accept(p, "INTERVAL")) return weir_parse_interval(p, at);
    if (weir_parser_at(p, "NULL") || weir_parser_at(p, "UNKNOWN")) return leaf(p, WEIR_AST_NULL, NULL);
    if (weir_parser_at(p, "TRUE") || weir_parser_at(p, "FALSE")) {
        bool truth = weir_parser_at(p, "TRUE");
        struct weir_ast_expr *node = leaf(p, WEIR_AST_BOOLEAN, NULL);
        if (node != NULL) node->flag = truth;
        return node;
    }
    *found = false;
    return NULL;
}

static struct weir_ast_expr *parse_word(struct weir_parser *p) {
    bool found;
    if (weir_parser_at(p, "X") && weir_parser_ahead(p, 1)->kind == WEIR_TOKEN_STRING)
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "binary literals (X'%.40s') are not supported: BYTES columns are carried only, and "
                                "not compared or computed with",
                                weir_parser_ahead(p, 1)->text);
    struct weir_ast_expr *literal = parse_word_literal(p, &found);
    if (found) return literal;
    if (weir_parser_at(p, "CASE")) return parse_case(p);
    bool called = weir_parser_ahead_is(p, 1, "(");
    if (called && (weir_parser_at(p, "CAST") || weir_parser_at(p, "TRY_CAST"))) return parse_cast(p);
    static const char *const users[] = {"CURRENT_USER", "SESSION_USER", "SYSTEM_USER"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(users); i++) {
        if (weir_parser_at(p, users[i]))
            return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s is not supported", users[i]);
    }
    static const char *const clocks[] = {"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME",
                                         "LOCALTIMESTAMP"};
    for (size_t i = 0; !called && i < WEIR_ARRAY_COUNT(clocks); i++) {
        if (weir_parser_at(p, clocks[i])) return leaf(p, WEIR_AST_CALL, clocks[i]);
    }
    if (weir_parser_at(p, "ARRAY") || weir_parser_at(p, "MAP") || weir_parser_at(p, "MULTISET")) {
        if (weir_parser_ahead_is(p, 1, "["))
            return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "arrays and maps are not supported yet");
    }
    return called ? weir_parse_call(p) : parse_column(p);
}

struct weir_ast_expr *weir_parse_primary(struct weir_parser *p) {
    switch (p->token->kind) {
    case WEIR_TOKEN_INTEGER:
    case WEIR_TOKEN_DECIMAL:
    case WEIR_TOKEN_APPROXIMATE: {
        bool approximate = p->token->kind == WEIR_TOKEN_APPROXIMATE;
        struct weir_ast_expr *node = leaf(p, WEIR_AST_NUMBER, p->token->text);
        if (node != NULL) node->approximate = approximate;
        return node;
    }
    case WEIR_TOKEN_STRING: return leaf(p, WEIR_AST_STRING, p->token->text);
    case WEIR_TOKEN_QUOTED: return parse_column(p);
    case WEIR_TOKEN_WORD: return parse_word(p);
    default: break;
    }
    if (weir_parser_at(p, "(")) return parse_parenthesis(p);
    return weir_parser_expected(p, "an expression");
}
