/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands after FROM: names, files, subqueries, and windows over them.
 */
#include "sql/parser.h"

static struct weir_ast_source *make(struct weir_parser *p, enum weir_ast_source_kind kind) {
    struct weir_ast_source *source = weir_parser_new(p, sizeof(*source));
    if (source == NULL) return NULL;
    source->kind = kind;
    source->at = p->token->at;
    return source;
}

static struct weir_ast_source *parse_subquery(struct weir_parser *p) {
    struct weir_ast_source *source = make(p, WEIR_AST_SOURCE_QUERY);
    if (source == NULL || !weir_parser_expect(p, "(")) return NULL;
    if (weir_parser_at(p, "VALUES"))
        return weir_parser_fail(
            p, WEIR_ERR_UNSUPPORTED, p->token->at,
            "VALUES is not supported yet; put the rows into a file and name it: FROM 'rows.csv'");
    if ((source->query = weir_parse_query(p)) == NULL || !weir_parser_expect(p, ")")) return NULL;
    return source;
}

static struct weir_ast_source *parse_named(struct weir_parser *p) {
    bool file = p->token->kind == WEIR_TOKEN_STRING;
    struct weir_ast_source *source = make(p, file ? WEIR_AST_SOURCE_FILE : WEIR_AST_SOURCE_NAME);
    if (source == NULL) return NULL;
    source->name = file ? weir_parser_string(p, "a file") : weir_parser_name(p, "a table, a view or a 'file'");
    if (source->name == NULL) return NULL;
    if (!file && weir_parser_at(p, "."))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "catalogs and databases are not supported; write the bare name of the table");
    if (weir_parser_at(p, "("))
        return weir_parser_fail(p, WEIR_ERR_SQL, source->at,
                                "a table function needs TABLE around it: FROM TABLE(%.60s(...))", source->name);
    return source;
}

/* TABLE t, TABLE 'file', TABLE (query) or (query) as an argument of a window function. */
static struct weir_ast_source *parse_data(struct weir_parser *p) {
    bool keyword = weir_parser_accept(p, "TABLE");
    if (weir_parser_at(p, "(")) return parse_subquery(p);
    if (!keyword) return weir_parser_expected(p, "TABLE and a name");
    struct weir_ast_source *source = parse_named(p);
    if (source != NULL && weir_parser_at(p, "PARTITION"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "PARTITION BY of a window's table is not supported; put the columns into GROUP BY");
    return source;
}

static bool parse_descriptor(struct weir_parser *p, struct weir_ast_source *window) {
    if (!weir_parser_expect(p, "DESCRIPTOR") || !weir_parser_expect(p, "(")) return false;
    window->time_at = p->token->at;
    window->time_column = weir_parser_name(p, "the name of the time column");
    return window->time_column != NULL && weir_parser_expect(p, ")");
}

/* The names that Flink gives the arguments after DATA and TIMECOL, in their order; the last one may be left out. */
struct window_arguments {
    const char *function;
    enum weir_window_kind kind;
    const char *names[3];
    int count;
};

static const struct window_arguments windows[] = {
    {"TUMBLE", WEIR_WINDOW_TUMBLE, {"SIZE", "OFFSET", NULL}, 2},
    {"HOP", WEIR_WINDOW_HOP, {"SLIDE", "SIZE", "OFFSET"}, 3},
    {"CUMULATE", WEIR_WINDOW_CUMULATE, {"STEP", "SIZE", "OFFSET"}, 3},
};

static struct weir_ast_expr **slot(struct weir_ast_source *window, const char *name) {
    if (name[0] == 'O') return &window->offset;
    return name[0] == 'S' && name[1] == 'I' ? &window->size : &window->slide;
}

static bool store(struct weir_parser *p, struct weir_ast_source *window, const char *name) {
    struct weir_ast_expr **at = slot(window, name);
    if (*at != NULL) {
        weir_parser_fail(p, WEIR_ERR_SQL, p->token->at, "%s is given twice", name);
        return false;
    }
    *at = weir_parse_expression(p);
    return *at != NULL;
}

static bool parse_positional(struct weir_parser *p, struct weir_ast_source *window,
                             const struct window_arguments *form) {
    if ((window->data = parse_data(p)) == NULL) return false;
    if (!weir_parser_expect(p, ",") || !parse_descriptor(p, window)) return false;
    for (int i = 0; i < form->count && weir_parser_accept(p, ","); i++) {
        if (!store(p, window, form->names[i])) return false;
    }
    return true;
}

static bool parse_argument(struct weir_parser *p, struct weir_ast_source *window,
                           const struct window_arguments *form) {
    const struct weir_token *name = p->token;
    if ((name->kind != WEIR_TOKEN_WORD && name->kind != WEIR_TOKEN_QUOTED) || !weir_parser_ahead_is(p, 1, "=>")) {
        weir_parser_expected(p, "an argument's name and =>");
        return false;
    }
    p->token += 2;
    if (weir_word_equal(name->text, "DATA")) return (window->data = parse_data(p)) != NULL;
    if (weir_word_equal(name->text, "TIMECOL")) return parse_descriptor(p, window);
    for (int i = 0; i < form->count; i++) {
        if (weir_word_equal(name->text, form->names[i])) return store(p, window, form->names[i]);
    }
    weir_parser_fail(p, WEIR_ERR_SQL, name->at,
                     "%s has no argument '%.60s'; it has DATA, TIMECOL, %s%s%s, `OFFSET`", form->function,
                     name->text, form->names[0], form->count == 3 ? ", " : "",
                     form->count == 3 ? form->names[1] : "");
    return false;
}

static bool parse_by_name(struct weir_parser *p, struct weir_ast_source *window,
                          const struct window_arguments *form) {
    do {
        if (!parse_argument(p, window, form)) return false;
    } while (weir_parser_accept(p, ","));
    return true;
}

static bool complete(struct weir_parser *p, const struct weir_ast_source *window,
                     const struct window_arguments *form) {
    const char *missing = NULL;
    if (window->slide == NULL && form->count == 3) missing = form->names[0];
    if (missing == NULL && window->size == NULL) missing = "SIZE";
    if (missing == NULL && window->time_column == NULL) missing = "TIMECOL => DESCRIPTOR(...)";
    if (missing == NULL && window->data == NULL) missing = "DATA => TABLE ...";
    if (missing == NULL) return true;
    weir_parser_fail(p, WEIR_ERR_SQL, window->at, "%s lacks %s; expected %s(TABLE t, DESCRIPTOR(ts), %s)",
                     form->function, missing, form->function,
                     form->kind == WEIR_WINDOW_TUMBLE ? "size [, offset]"
                     : form->kind == WEIR_WINDOW_HOP  ? "slide, size [, offset]"
                                                      : "step, largest size [, offset]");
    return false;
}

static const struct window_arguments *find_window(struct weir_parser *p) {
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(windows); i++) {
        if (weir_parser_at(p, windows[i].function)) return &windows[i];
    }
    if (weir_parser_at(p, "SESSION"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "SESSION windows are not supported yet; TUMBLE, HOP and CUMULATE are");
    if (p->token->kind == WEIR_TOKEN_WORD && weir_parser_ahead_is(p, 1, "("))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "the table function %.60s is not supported; TUMBLE, HOP and CUMULATE are",
                                p->token->text);
    return weir_parser_expected(p, "TUMBLE, HOP or CUMULATE");
}

/* TABLE ( TUMBLE(...) ) */
static struct weir_ast_source *parse_window(struct weir_parser *p) {
    weir_parser_skip(p);
    if (!weir_parser_expect(p, "(")) return NULL;
    struct weir_ast_source *window = make(p, WEIR_AST_SOURCE_WINDOW);
    const struct window_arguments *form = window == NULL ? NULL : find_window(p);
    if (form == NULL) return NULL;
    weir_parser_skip(p);
    if (!weir_parser_expect(p, "(")) return NULL;
    window->window = form->kind;
    bool named = weir_parser_ahead_is(p, 1, "=>");
    if (!(named ? parse_by_name(p, window, form) : parse_positional(p, window, form))) return NULL;
    if (!weir_parser_at(p, ")")) return weir_parser_expected(p, "',' or ')'");
    weir_parser_skip(p);
    return complete(p, window, form) && weir_parser_expect(p, ")") ? window : NULL;
}

/* Joins and the like, which begin right after a source. */
static bool refuse_tail(struct weir_parser *p) {
    static const char *const joins[] = {"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", ","};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(joins); i++) {
        if (!weir_parser_at(p, joins[i])) continue;
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                         "joins are not supported yet; FROM takes one source");
        return true;
    }
    static const char *const others[] = {"MATCH_RECOGNIZE", "TABLESAMPLE", "FOR", "LATERAL"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(others); i++) {
        if (!weir_parser_at(p, others[i])) continue;
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s is not supported yet", others[i]);
        return true;
    }
    return false;
}

struct weir_ast_source *weir_parse_source(struct weir_parser *p) {
    if (weir_parser_at(p, "VALUES") || weir_parser_at(p, "UNNEST") || weir_parser_at(p, "LATERAL"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s is not supported yet", p->token->text);
    struct weir_ast_source *source;
    if (weir_parser_at(p, "(")) {
        source = parse_subquery(p);
    } else if (weir_parser_at(p, "TABLE")) {
        source = parse_window(p);
    } else {
        source = parse_named(p);
    }
    if (source == NULL || refuse_tail(p)) return NULL;
    if (weir_parser_accept(p, "AS") || weir_parser_at_name(p)) {
        if ((source->alias = weir_parser_name(p, "an alias")) == NULL) return NULL;
        if (weir_parser_at(p, "("))
            return weir_parser_fail(
                p, WEIR_ERR_UNSUPPORTED, p->token->at,
                "a list of columns after an alias is not supported; name them with AS in the SELECT");
    }
    return refuse_tail(p) ? NULL : source;
}
