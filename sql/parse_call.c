/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls of functions, those with words between their arguments included.
 */
#include "sql/function.h"
#include "sql/literal.h"
#include "sql/parser.h"

/* The function of that name, or NULL after the refusal. */
static const struct weir_function *find(struct weir_parser *p, const struct weir_token *name) {
    const struct weir_function *function = weir_function_find(name->text);
    if (function != NULL && function->kind != WEIR_FUNCTION_MISSING) return function;
    const char *near = weir_function_nearest(name->text);
    if (function != NULL)
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, name->at, "the function %s is not supported yet",
                                function->name);
    return weir_parser_fail(p, WEIR_ERR_SQL, name->at, "there is no function %.80s%s%s%s", name->text,
                            near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
                            near == NULL ? "" : "?");
}

/* EXTRACT(unit FROM x) */
static struct weir_ast_expr *parse_extract(struct weir_parser *p, struct weir_place at) {
    enum weir_time_unit unit;
    if (!weir_parse_unit(p, &unit) || !weir_parser_expect(p, "FROM")) return NULL;
    struct weir_ast_expr *node = weir_ast_make2(p, WEIR_AST_EXTRACT, at, weir_parse_expression(p), NULL);
    if (node == NULL || !weir_parser_expect(p, ")")) return NULL;
    node->unit = unit;
    return node;
}

/* INTERVAL 'number' unit, or INTERVAL '1' unit * number where it is computed; the number is at hand. */
static struct weir_ast_expr *parse_length(struct weir_parser *p, enum weir_time_unit unit,
                                          struct weir_place unit_at) {
    const struct weir_token *start = p->token;
    bool negative = weir_parser_accept(p, "-");
    bool written = p->token->kind == WEIR_TOKEN_INTEGER && weir_parser_ahead_is(p, 1, ",");
    int64_t length;
    if (!weir_literal_interval(written ? p->token->text : "1", unit, unit, &length))
        return weir_parser_fail(p, WEIR_ERR_SQL, unit_at,
                                "TIMESTAMPADD takes SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR and a "
                                "number that fits 64 bits of milliseconds");
    enum weir_ast_kind kind = weir_unit_is_calendar(unit) ? WEIR_AST_INTERVAL_MONTH : WEIR_AST_INTERVAL_MS;
    struct weir_ast_expr *interval = weir_ast_make(p, kind, start->at, NULL, 0);
    if (interval == NULL) return NULL;
    if (written) {
        weir_parser_skip(p);
        interval->number = negative ? -length : length;
        return interval;
    }
    p->token = start;
    interval->number = length;
    return weir_ast_make2(p, WEIR_AST_MULTIPLY, start->at, interval, weir_parse_expression(p));
}

/* TIMESTAMPADD(unit, number, time), which is time + INTERVAL 'number' unit. */
static struct weir_ast_expr *parse_timestampadd(struct weir_parser *p, struct weir_place at) {
    enum weir_time_unit unit;
    struct weir_place unit_at = p->token->at;
    if (!weir_parse_unit(p, &unit) || !weir_parser_expect(p, ",")) return NULL;
    struct weir_ast_expr *interval = parse_length(p, unit, unit_at);
    if (interval == NULL || !weir_parser_expect(p, ",")) return NULL;
    struct weir_ast_expr *time = weir_parse_expression(p);
    if (time == NULL || !weir_parser_expect(p, ")")) return NULL;
    return weir_ast_make2(p, WEIR_AST_ADD, at, time, interval);
}

/* TRIM([[LEADING | TRAILING | BOTH] [characters] FROM] text) */
static struct weir_ast_expr *parse_trim(struct weir_parser *p, struct weir_place at) {
    int64_t side = weir_parser_accept(p, "LEADING") ? 1 : weir_parser_accept(p, "TRAILING") ? 2 : 0;
    if (side == 0 && weir_parser_accept(p, "BOTH")) side = 3;
    struct weir_ast_expr *text = NULL, *characters = NULL;
    if (side == 0 || !weir_parser_at(p, "FROM")) {
        if ((text = weir_parse_expression(p)) == NULL) return NULL;
    }
    if (weir_parser_accept(p, "FROM")) {
        characters = text;
        if ((text = weir_parse_expression(p)) == NULL) return NULL;
    } else if (side != 0) {
        return weir_parser_expected(p, "FROM");
    }
    struct weir_ast_expr *node = weir_ast_make2(p, WEIR_AST_TRIM, at, text, characters);
    if (node == NULL || !weir_parser_expect(p, ")")) return NULL;
    node->number = side == 0 ? 3 : side;
    return node;
}

/* The word that separates arguments of SUBSTRING(x FROM 1 FOR 2) and POSITION(a IN b), as a comma does elsewhere.
 */
static bool accept_separator(struct weir_parser *p, const struct weir_function *function, int32_t args) {
    if (weir_parser_accept(p, ",")) return true;
    if (function->id == WEIR_FUNCTION_SUBSTRING) return weir_parser_accept(p, args == 1 ? "FROM" : "FOR");
    return function->id == WEIR_FUNCTION_POSITION && weir_parser_accept(p, "IN");
}

/* The needle of POSITION(a IN b) must not take the IN for itself. */
static struct weir_ast_expr *parse_argument(struct weir_parser *p, const struct weir_function *function) {
    return function->id == WEIR_FUNCTION_POSITION ? weir_parse_operand(p) : weir_parse_expression(p);
}

/* What may follow a call in Flink and is refused here. */
static bool refuse_tail(struct weir_parser *p) {
    static const char *const tails[] = {"OVER", "WITHIN", "IGNORE", "RESPECT"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(tails); i++) {
        bool words = i < 1 ? weir_parser_ahead_is(p, 1, "(") : weir_parser_ahead(p, 1)->kind == WEIR_TOKEN_WORD;
        if (!weir_parser_at(p, tails[i]) || !words) continue;
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s after a function is not supported yet",
                         tails[i]);
        return true;
    }
    return false;
}

static struct weir_ast_expr *one(struct weir_parser *p, struct weir_place at) {
    struct weir_ast_expr *node = weir_ast_make(p, WEIR_AST_NUMBER, at, NULL, 0);
    if (node != NULL) node->name = "1";
    return node;
}

/* SUM(x) FILTER (WHERE c) is SUM(CASE WHEN c THEN x END): aggregates skip NULL. */
static struct weir_ast_expr *parse_filter(struct weir_parser *p, const struct weir_function *function,
                                          struct weir_ast_expr *call) {
    struct weir_place at = p->token->at;
    if (function->kind != WEIR_FUNCTION_AGGREGATE)
        return weir_parser_fail(p, WEIR_ERR_SQL, at, "FILTER belongs to aggregates, and %s is none", call->name);
    weir_parser_skip(p);
    if (!weir_parser_expect(p, "(") || !weir_parser_expect(p, "WHERE")) return NULL;
    struct weir_ast_expr *condition = weir_parse_expression(p);
    if (condition == NULL || !weir_parser_expect(p, ")")) return NULL;
    if (condition->aggregate)
        return weir_parser_fail(p, WEIR_ERR_SQL, condition->at, "FILTER cannot hold aggregates");
    struct weir_parser_list list = {0};
    bool star = call->args[0]->kind == WEIR_AST_STAR;
    if (!weir_parser_push(p, &list, condition) ||
        !weir_parser_push(p, &list, star ? one(p, call->at) : call->args[0]) ||
        !weir_parser_push(p, &list, weir_ast_make(p, WEIR_AST_NULL, call->at, NULL, 0)))
        return NULL;
    struct weir_ast_expr *chosen =
        weir_ast_make(p, WEIR_AST_CASE, condition->at, (struct weir_ast_expr **)list.items, list.count);
    struct weir_ast_expr *filtered = weir_ast_make2(p, WEIR_AST_CALL, call->at, chosen, NULL);
    if (chosen == NULL || filtered == NULL) return NULL;
    filtered->name = call->name;
    filtered->flag = call->flag;
    filtered->aggregate = true;
    return filtered;
}

static struct weir_ast_expr *finish_call(struct weir_parser *p, const struct weir_function *function,
                                         struct weir_ast_expr *node) {
    if (node == NULL || refuse_tail(p)) return NULL;
    if (node->args_count >= function->args_min &&
        (function->args_max < 0 || node->args_count <= function->args_max)) {
        bool filter = weir_parser_at(p, "FILTER") && weir_parser_ahead_is(p, 1, "(");
        return filter ? parse_filter(p, function, node) : node;
    }
    return weir_parser_fail(p, WEIR_ERR_SQL, node->at, "%s takes %s%d argument%s, not %d", function->name,
                            function->args_max == function->args_min ? "" : "at least ", function->args_min,
                            function->args_min == 1 ? "" : "s", node->args_count);
}

static struct weir_ast_expr *parse_arguments(struct weir_parser *p, const struct weir_function *function,
                                             struct weir_place at) {
    struct weir_parser_list list = {0};
    bool distinct = weir_parser_accept(p, "DISTINCT");
    if (!distinct) weir_parser_accept(p, "ALL");
    if (weir_parser_at(p, "*") && function->id == WEIR_FUNCTION_COUNT) {
        if (!weir_parser_push(p, &list, weir_ast_make(p, WEIR_AST_STAR, p->token->at, NULL, 0))) return NULL;
        weir_parser_skip(p);
    } else if (!weir_parser_at(p, ")")) {
        do {
            if (!weir_parser_push(p, &list, parse_argument(p, function))) return NULL;
        } while (accept_separator(p, function, list.count));
    }
    if (weir_parser_at(p, "ORDER"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "ORDER BY inside a function is not supported yet");
    if (!weir_parser_at(p, ")")) return weir_parser_expected(p, "',' or ')'");
    weir_parser_skip(p);
    struct weir_ast_expr *node =
        weir_ast_make(p, WEIR_AST_CALL, at, (struct weir_ast_expr **)list.items, list.count);
    if (node == NULL) return NULL;
    node->name = function->name;
    node->flag = distinct;
    if (function->kind != WEIR_FUNCTION_AGGREGATE) return node;
    if (node->aggregate)
        return weir_parser_fail(p, WEIR_ERR_SQL, at, "an aggregate function cannot be inside another one (%s)",
                                function->name);
    node->aggregate = true;
    return node;
}

/* FLOOR(x TO unit) and CEIL(x TO unit), or the number functions of the same name. */
static struct weir_ast_expr *parse_rounding(struct weir_parser *p, const struct weir_function *function,
                                            struct weir_place at) {
    struct weir_ast_expr *x = weir_parse_expression(p);
    if (x == NULL) return NULL;
    enum weir_time_unit unit = WEIR_UNIT_MILLISECOND;
    bool to_unit = weir_parser_accept(p, "TO");
    if (to_unit && !weir_parse_unit(p, &unit)) return NULL;
    if (!weir_parser_at(p, ")")) return weir_parser_expected(p, "')'");
    weir_parser_skip(p);
    enum weir_ast_kind kind = !to_unit                              ? WEIR_AST_CALL
                              : function->id == WEIR_FUNCTION_FLOOR ? WEIR_AST_FLOOR_TO
                                                                    : WEIR_AST_CEIL_TO;
    struct weir_ast_expr *node = weir_ast_make2(p, kind, at, x, NULL);
    if (node == NULL) return NULL;
    node->name = function->name;
    node->unit = unit;
    return node;
}

struct weir_ast_expr *weir_parse_call(struct weir_parser *p) {
    const struct weir_token *name = p->token;
    if (weir_parser_at_group_window(p)) {
        if (!weir_parser_enter(p)) return NULL;
        struct weir_ast_expr *window = weir_parse_group_window(p);
        weir_parser_leave(p);
        return window;
    }
    bool extract = weir_parser_at(p, "EXTRACT"), trim = weir_parser_at(p, "TRIM"),
         add = weir_parser_at(p, "TIMESTAMPADD");
    const struct weir_function *function = extract || trim || add ? NULL : find(p, name);
    if (p->status != WEIR_OK || !weir_parser_enter(p)) return NULL;
    p->token += 2; /* the name and its parenthesis */
    struct weir_ast_expr *node;
    if (extract) {
        node = parse_extract(p, name->at);
    } else if (trim) {
        node = parse_trim(p, name->at);
    } else if (add) {
        node = parse_timestampadd(p, name->at);
    } else if (function->id == WEIR_FUNCTION_FLOOR || function->id == WEIR_FUNCTION_CEIL) {
        node = parse_rounding(p, function, name->at);
    } else {
        node = finish_call(p, function, parse_arguments(p, function, name->at));
    }
    weir_parser_leave(p);
    return node;
}
