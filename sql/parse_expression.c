/* SPDX-License-Identifier: Apache-2.0
 *
 * Operators, from the loosest to the tightest: OR, AND, NOT, comparisons (with IS, BETWEEN, IN, LIKE), ||, + -, * /
 * %, signs.
 */
#include <string.h>

#include "sql/parser.h"

struct weir_ast_expr *weir_ast_make(struct weir_parser *p, enum weir_ast_kind kind, struct weir_place at,
                                    struct weir_ast_expr **args, int32_t args_count) {
    struct weir_ast_expr *node = weir_parser_new(p, sizeof(*node));
    if (node == NULL) return NULL;
    node->kind = kind;
    node->at = at;
    node->args = args;
    node->args_count = args_count;
    for (int32_t i = 0; i < args_count; i++) {
        if (args[i]->depth > node->depth) node->depth = args[i]->depth;
        node->aggregate |= args[i]->aggregate;
    }
    if (++node->depth > WEIR_DEPTH_MAX)
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, at, "the expression has more than %d levels",
                                WEIR_DEPTH_MAX);
    return node;
}

struct weir_ast_expr *weir_ast_make2(struct weir_parser *p, enum weir_ast_kind kind, struct weir_place at,
                                     struct weir_ast_expr *a, struct weir_ast_expr *b) {
    if (a == NULL) return NULL;
    struct weir_parser_list list = {0};
    if (!weir_parser_push(p, &list, a) || (b != NULL && !weir_parser_push(p, &list, b))) return NULL;
    return weir_ast_make(p, kind, at, (struct weir_ast_expr **)list.items, list.count);
}

/* operand {separator operand} as one node with all of them. */
static struct weir_ast_expr *flat(struct weir_parser *p, enum weir_ast_kind kind, const char *separator,
                                  struct weir_ast_expr *(*parse)(struct weir_parser *)) {
    struct weir_ast_expr *first = parse(p);
    if (first == NULL || !weir_parser_at(p, separator)) return first;
    struct weir_place at = p->token->at;
    struct weir_parser_list list = {0};
    if (!weir_parser_push(p, &list, first)) return NULL;
    while (weir_parser_accept(p, separator)) {
        if (!weir_parser_push(p, &list, parse(p))) return NULL;
    }
    return weir_ast_make(p, kind, at, (struct weir_ast_expr **)list.items, list.count);
}

static struct weir_ast_expr *parse_unary(struct weir_parser *p) {
    struct weir_place at = p->token->at;
    if (!weir_parser_at(p, "-") && !weir_parser_at(p, "+")) return weir_parse_primary(p);
    bool negative = weir_parser_at(p, "-");
    weir_parser_skip(p);
    if (!weir_parser_enter(p)) return NULL;
    struct weir_ast_expr *operand = parse_unary(p);
    weir_parser_leave(p);
    if (operand == NULL || !negative) return operand;
    return weir_ast_make2(p, WEIR_AST_NEGATE, at, operand, NULL);
}

static struct weir_ast_expr *parse_product(struct weir_parser *p) {
    struct weir_ast_expr *left = parse_unary(p);
    while (left != NULL) {
        struct weir_place at = p->token->at;
        enum weir_ast_kind kind = WEIR_AST_MULTIPLY;
        if (weir_parser_at(p, "/")) {
            kind = WEIR_AST_DIVIDE;
        } else if (weir_parser_at(p, "%")) {
            kind = WEIR_AST_MODULO;
        } else if (!weir_parser_at(p, "*")) {
            break;
        }
        weir_parser_skip(p);
        struct weir_ast_expr *right = parse_unary(p);
        left = right == NULL ? NULL : weir_ast_make2(p, kind, at, left, right);
    }
    return left;
}

static struct weir_ast_expr *parse_sum(struct weir_parser *p) {
    struct weir_ast_expr *left = parse_product(p);
    while (left != NULL && (weir_parser_at(p, "+") || weir_parser_at(p, "-"))) {
        struct weir_place at = p->token->at;
        enum weir_ast_kind kind = weir_parser_at(p, "+") ? WEIR_AST_ADD : WEIR_AST_SUBTRACT;
        weir_parser_skip(p);
        struct weir_ast_expr *right = parse_product(p);
        left = right == NULL ? NULL : weir_ast_make2(p, kind, at, left, right);
    }
    return left;
}

struct weir_ast_expr *weir_parse_operand(struct weir_parser *p) {
    return flat(p, WEIR_AST_CONCAT, "||", parse_sum);
}

/* After IS. */
static struct weir_ast_expr *parse_is(struct weir_parser *p, struct weir_place at, struct weir_ast_expr *left) {
    static const struct {
        const char *word;
        enum weir_ast_kind kind;
        enum weir_ast_kind negated;
    } tests[] = {
        {"NULL", WEIR_AST_IS_NULL, WEIR_AST_IS_NOT_NULL},
        {"TRUE", WEIR_AST_IS_TRUE, WEIR_AST_IS_NOT_TRUE},
        {"FALSE", WEIR_AST_IS_FALSE, WEIR_AST_IS_NOT_FALSE},
        {"UNKNOWN", WEIR_AST_IS_UNKNOWN, WEIR_AST_IS_NOT_UNKNOWN},
    };
    bool negated = weir_parser_accept(p, "NOT");
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(tests); i++) {
        if (weir_parser_accept(p, tests[i].word))
            return weir_ast_make2(p, negated ? tests[i].negated : tests[i].kind, at, left, NULL);
    }
    if (!weir_parser_accept(p, "DISTINCT"))
        return weir_parser_expected(p, "NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM after IS");
    if (!weir_parser_expect(p, "FROM")) return NULL;
    struct weir_ast_expr *right = weir_parse_operand(p);
    if (right == NULL) return NULL;
    return weir_ast_make2(p, negated ? WEIR_AST_IS_NOT_DISTINCT : WEIR_AST_IS_DISTINCT, at, left, right);
}

static struct weir_ast_expr *parse_in(struct weir_parser *p, struct weir_place at, struct weir_ast_expr *left) {
    struct weir_parser_list list = {0};
    if (!weir_parser_expect(p, "(")) return NULL;
    if (weir_parser_at(p, "SELECT") || weir_parser_at(p, "WITH"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "IN (SELECT ...) is not supported yet; write the values out: IN (1, 2, 3)");
    if (!weir_parser_push(p, &list, left)) return NULL;
    do {
        if (!weir_parser_push(p, &list, weir_parse_expression(p))) return NULL;
    } while (weir_parser_accept(p, ","));
    if (!weir_parser_expect(p, ")")) return NULL;
    return weir_ast_make(p, WEIR_AST_IN, at, (struct weir_ast_expr **)list.items, list.count);
}

static struct weir_ast_expr *parse_between(struct weir_parser *p, struct weir_place at,
                                           struct weir_ast_expr *left) {
    bool symmetric = weir_parser_accept(p, "SYMMETRIC");
    if (!symmetric) weir_parser_accept(p, "ASYMMETRIC");
    struct weir_parser_list list = {0};
    if (!weir_parser_push(p, &list, left) || !weir_parser_push(p, &list, weir_parse_operand(p))) return NULL;
    if (!weir_parser_expect(p, "AND") || !weir_parser_push(p, &list, weir_parse_operand(p))) return NULL;
    struct weir_ast_expr *node =
        weir_ast_make(p, WEIR_AST_BETWEEN, at, (struct weir_ast_expr **)list.items, list.count);
    if (node != NULL) node->number = symmetric;
    return node;
}

static struct weir_ast_expr *parse_like(struct weir_parser *p, struct weir_place at, struct weir_ast_expr *left) {
    struct weir_parser_list list = {0};
    if (!weir_parser_push(p, &list, left) || !weir_parser_push(p, &list, weir_parse_operand(p))) return NULL;
    if (weir_parser_accept(p, "ESCAPE") && !weir_parser_push(p, &list, weir_parse_operand(p))) return NULL;
    return weir_ast_make(p, WEIR_AST_LIKE, at, (struct weir_ast_expr **)list.items, list.count);
}

/* [NOT] BETWEEN, IN, LIKE; *found tells whether one was there. */
static struct weir_ast_expr *parse_predicate(struct weir_parser *p, struct weir_ast_expr *left, bool *found) {
    struct weir_place at = p->token->at;
    bool negated = weir_parser_at(p, "NOT");
    size_t n = negated;
    *found = true;
    struct weir_ast_expr *node;
    if (weir_parser_ahead_is(p, n, "SIMILAR") || weir_parser_ahead_is(p, n, "RLIKE"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, at,
                                "%s is not supported: its patterns are regular expressions of Java; write LIKE, "
                                "or several of them with OR",
                                weir_parser_ahead(p, n)->text);
    if (weir_parser_ahead_is(p, n, "BETWEEN")) {
        p->token += n + 1;
        node = parse_between(p, at, left);
    } else if (weir_parser_ahead_is(p, n, "IN")) {
        p->token += n + 1;
        node = parse_in(p, at, left);
    } else if (weir_parser_ahead_is(p, n, "LIKE")) {
        p->token += n + 1;
        node = parse_like(p, at, left);
    } else {
        *found = false;
        return left;
    }
    if (node != NULL) node->flag = negated;
    return node;
}

static bool comparison_at(const struct weir_parser *p, enum weir_ast_kind *kind) {
    static const struct {
        const char *symbol;
        enum weir_ast_kind kind;
    } comparisons[] = {{"=", WEIR_AST_EQ},  {"<>", WEIR_AST_NE}, {"<", WEIR_AST_LT},
                       {"<=", WEIR_AST_LE}, {">", WEIR_AST_GT},  {">=", WEIR_AST_GE}};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(comparisons); i++) {
        *kind = comparisons[i].kind;
        if (weir_parser_at(p, comparisons[i].symbol)) return true;
    }
    return false;
}

static struct weir_ast_expr *parse_comparison(struct weir_parser *p) {
    struct weir_ast_expr *left = weir_parse_operand(p);
    while (left != NULL) {
        struct weir_place at = p->token->at;
        enum weir_ast_kind kind;
        bool found = true;
        if (weir_parser_accept(p, "IS")) {
            left = parse_is(p, at, left);
        } else if (comparison_at(p, &kind)) {
            weir_parser_skip(p);
            if (weir_parser_at(p, "ALL") || weir_parser_at(p, "ANY") || weir_parser_at(p, "SOME"))
                return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                        "comparisons with ALL, ANY and SOME are not supported yet");
            struct weir_ast_expr *right = weir_parse_operand(p);
            left = right == NULL ? NULL : weir_ast_make2(p, kind, at, left, right);
        } else {
            left = parse_predicate(p, left, &found);
        }
        if (!found) break;
    }
    return left;
}

static struct weir_ast_expr *parse_not(struct weir_parser *p) {
    struct weir_place at = p->token->at;
    if (!weir_parser_accept(p, "NOT")) return parse_comparison(p);
    if (!weir_parser_enter(p)) return NULL;
    struct weir_ast_expr *operand = parse_not(p);
    weir_parser_leave(p);
    return weir_ast_make2(p, WEIR_AST_NOT, at, operand, NULL);
}

static struct weir_ast_expr *parse_and(struct weir_parser *p) { return flat(p, WEIR_AST_AND, "AND", parse_not); }

struct weir_ast_expr *weir_parse_expression(struct weir_parser *p) {
    if (!weir_parser_enter(p)) return NULL;
    struct weir_ast_expr *expr = flat(p, WEIR_AST_OR, "OR", parse_and);
    weir_parser_leave(p);
    return expr;
}
