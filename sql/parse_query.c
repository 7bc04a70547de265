/* SPDX-License-Identifier: Apache-2.0
 *
 * SELECT with its clauses, and WITH before it.
 */
#include <stdlib.h>

#include "sql/parser.h"

static bool at_query(const struct weir_parser *p) {
    return weir_parser_at(p, "SELECT") || weir_parser_at(p, "WITH");
}

/* [AS] alias */
static bool parse_alias(struct weir_parser *p, const char **alias) {
    *alias = NULL;
    if (!weir_parser_accept(p, "AS") && !weir_parser_at_name(p)) return true;
    *alias = weir_parser_name(p, "an alias");
    return *alias != NULL;
}

/* `*` or `name.*`, or NULL when the item is an expression. */
static struct weir_ast_expr *parse_star(struct weir_parser *p) {
    bool qualified = weir_parser_at_name(p) && weir_parser_ahead_is(p, 1, ".") && weir_parser_ahead_is(p, 2, "*");
    if (!weir_parser_at(p, "*") && !qualified) return NULL;
    struct weir_ast_expr *star = weir_ast_make(p, WEIR_AST_STAR, p->token->at, NULL, 0);
    if (star == NULL) return NULL;
    if (qualified) star->qualifier = p->token->text;
    p->token += qualified ? 3 : 1;
    return star;
}

static struct weir_ast_item *parse_item(struct weir_parser *p) {
    struct weir_ast_item *item = weir_parser_new(p, sizeof(*item));
    if (item == NULL) return NULL;
    item->expr = parse_star(p);
    if (item->expr != NULL || p->status != WEIR_OK) return p->status == WEIR_OK ? item : NULL;
    item->expr = weir_parse_expression(p);
    if (item->expr == NULL || !parse_alias(p, &item->alias)) return NULL;
    return item;
}

static bool parse_items(struct weir_parser *p, struct weir_ast_query *query) {
    struct weir_parser_list list = {0};
    query->distinct = weir_parser_accept(p, "DISTINCT");
    if (!query->distinct) weir_parser_accept(p, "ALL");
    do {
        if (!weir_parser_push(p, &list, parse_item(p))) return false;
    } while (weir_parser_accept(p, ","));
    query->items = (struct weir_ast_item **)list.items;
    query->items_count = list.count;
    return true;
}

static bool refuse(struct weir_parser *p, const char *what) {
    weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s", what);
    return false;
}

static bool parse_group(struct weir_parser *p, struct weir_ast_query *query) {
    struct weir_parser_list list = {0};
    query->grouped = true;
    if (weir_parser_accept(p, "DISTINCT") || weir_parser_accept(p, "ALL"))
        return refuse(p, "GROUP BY DISTINCT and GROUP BY ALL are not supported");
    do {
        if (weir_parser_at(p, "GROUPING") || weir_parser_at(p, "ROLLUP") || weir_parser_at(p, "CUBE"))
            return refuse(p,
                          "GROUPING SETS, ROLLUP and CUBE are not supported yet; run one query for each grouping");
        if (weir_parser_at(p, "(") && weir_parser_ahead_is(p, 1, ")"))
            return refuse(p, "GROUP BY () is not supported; leave GROUP BY out to get one group");
        if (!weir_parser_push(p, &list, weir_parse_expression(p))) return false;
    } while (weir_parser_accept(p, ","));
    query->groups = (struct weir_ast_expr **)list.items;
    query->groups_count = list.count;
    return weir_parse_fill(p, &query->fill);
}

static struct weir_ast_order *parse_order_item(struct weir_parser *p) {
    struct weir_ast_order *order = weir_parser_new(p, sizeof(*order));
    if (order == NULL) return NULL;
    if ((order->expr = weir_parse_expression(p)) == NULL) return NULL;
    order->descending = weir_parser_accept(p, "DESC");
    if (!order->descending) weir_parser_accept(p, "ASC");
    order->nulls_first = !order->descending;
    if (!weir_parser_accept(p, "NULLS")) return order;
    order->nulls_first = weir_parser_accept(p, "FIRST");
    if (!order->nulls_first && !weir_parser_accept(p, "LAST")) return weir_parser_expected(p, "FIRST or LAST");
    return order;
}

static bool parse_order(struct weir_parser *p, struct weir_ast_query *query) {
    struct weir_parser_list list = {0};
    do {
        if (!weir_parser_push(p, &list, parse_order_item(p))) return false;
    } while (weir_parser_accept(p, ","));
    query->order = (struct weir_ast_order **)list.items;
    query->order_count = list.count;
    return true;
}

static bool parse_count(struct weir_parser *p, int64_t *out) {
    if (p->token->kind != WEIR_TOKEN_INTEGER || p->token->length > 18) {
        weir_parser_expected(p, "a number of rows");
        return false;
    }
    *out = strtoll(p->token->text, NULL, 10);
    weir_parser_skip(p);
    return true;
}

/* LIMIT n, OFFSET n [ROW | ROWS], FETCH {FIRST | NEXT} n {ROW | ROWS} ONLY, in the orders that Flink takes. */
static bool parse_limits(struct weir_parser *p, struct weir_ast_query *query) {
    while (true) {
        if (weir_parser_at(p, "LIMIT") && query->limit < 0) {
            weir_parser_skip(p);
            if (!parse_count(p, &query->limit)) return false;
        } else if (weir_parser_accept(p, "OFFSET")) {
            if (!parse_count(p, &query->offset)) return false;
            if (!weir_parser_accept(p, "ROWS")) weir_parser_accept(p, "ROW");
        } else if (weir_parser_at(p, "FETCH") && query->limit < 0) {
            weir_parser_skip(p);
            if (!weir_parser_accept(p, "FIRST") && !weir_parser_expect(p, "NEXT")) return false;
            if (!parse_count(p, &query->limit)) return false;
            if (!weir_parser_accept(p, "ROWS") && !weir_parser_expect(p, "ROW")) return false;
            if (!weir_parser_expect(p, "ONLY")) return false;
        } else {
            return true;
        }
    }
}

/* What may follow a query in Flink and is refused here. */
static bool refuse_tail(struct weir_parser *p) {
    static const char *const sets[] = {"UNION", "INTERSECT", "EXCEPT", "MINUS"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(sets); i++) {
        if (!weir_parser_at(p, sets[i])) continue;
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                         "%s is not supported yet; run the queries one by one", sets[i]);
        return true;
    }
    if (!weir_parser_at(p, "WINDOW") && !weir_parser_at(p, "QUALIFY")) return false;
    weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "the %s clause is not supported yet", p->token->text);
    return true;
}

static bool parse_clauses(struct weir_parser *p, struct weir_ast_query *query) {
    if (!weir_parser_at(p, "FROM"))
        return p->token->kind == WEIR_TOKEN_END || weir_parser_at(p, ";")
                   ? refuse(p, "SELECT without FROM is not supported; name a table or a file: SELECT ... FROM t")
                   : weir_parser_expect(p, "FROM");
    weir_parser_skip(p);
    if ((query->from = weir_parse_source(p)) == NULL) return false;
    if (weir_parser_accept(p, "WHERE") && (query->where = weir_parse_expression(p)) == NULL) return false;
    if (query->where != NULL && query->where->aggregate) {
        weir_parser_fail(p, WEIR_ERR_SQL, query->where->at,
                         "WHERE cannot hold aggregates; put the condition into HAVING");
        return false;
    }
    if (weir_parser_accept(p, "GROUP") && (!weir_parser_expect(p, "BY") || !parse_group(p, query))) return false;
    if (weir_parser_accept(p, "HAVING") && (query->having = weir_parse_expression(p)) == NULL) return false;
    if (refuse_tail(p)) return false;
    if (weir_parser_accept(p, "ORDER") && (!weir_parser_expect(p, "BY") || !parse_order(p, query))) return false;
    return parse_limits(p, query) && !refuse_tail(p);
}

/* name [(columns)] AS (query) */
static struct weir_ast_named *parse_named(struct weir_parser *p) {
    struct weir_ast_named *named = weir_parser_new(p, sizeof(*named));
    if (named == NULL) return NULL;
    named->at = p->token->at;
    if ((named->name = weir_parser_name(p, "a name after WITH")) == NULL) return NULL;
    if (!weir_parser_names(p, &named->columns, &named->columns_count)) return NULL;
    if (!weir_parser_expect(p, "AS") || !weir_parser_expect(p, "(")) return NULL;
    if ((named->query = weir_parse_query(p)) == NULL || !weir_parser_expect(p, ")")) return NULL;
    return named;
}

static bool parse_with(struct weir_parser *p, struct weir_ast_query *query) {
    if (!weir_parser_accept(p, "WITH")) return true;
    if (weir_parser_at(p, "RECURSIVE")) return refuse(p, "WITH RECURSIVE is not supported");
    struct weir_parser_list list = {0};
    do {
        if (!weir_parser_push(p, &list, parse_named(p))) return false;
    } while (weir_parser_accept(p, ","));
    query->with = (struct weir_ast_named **)list.items;
    query->with_count = list.count;
    return true;
}

struct weir_ast_query *weir_parse_query(struct weir_parser *p) {
    if (!at_query(p)) {
        if (weir_parser_at(p, "VALUES"))
            return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                    "VALUES is not supported yet; expected SELECT");
        return weir_parser_expected(p, "SELECT");
    }
    struct weir_ast_query *query = weir_parser_new(p, sizeof(*query));
    if (query == NULL || !weir_parser_enter(p)) return NULL;
    query->limit = -1;
    bool parsed = parse_with(p, query);
    query->at = p->token->at;
    parsed = parsed && weir_parser_expect(p, "SELECT") && parse_items(p, query) && parse_clauses(p, query);
    weir_parser_leave(p);
    return parsed ? query : NULL;
}
