/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows as scripts write them: table functions in FROM, and the older group windows in GROUP BY with the
 * functions that go with them.
 */
#include <string.h>
#include <strings.h>

#include "sql/parser.h"

/* ---- table functions ---- */

enum slot { SLOT_SIZE, SLOT_SLIDE, SLOT_OFFSET };

/* The names that arguments after DATA and TIMECOL have, in their order; some of the last ones may be left out. */
struct window_form {
    const char *function;
    enum weir_window_kind kind;
    int required;
    int count;
    struct {
        const char *name;
        enum slot slot;
    } args[3];
    const char *usage;
};

static const struct window_form forms[] = {
    {"TUMBLE", WEIR_WINDOW_TUMBLE, 1, 2, {{"SIZE", SLOT_SIZE}, {"OFFSET", SLOT_OFFSET}}, "size [, offset]"},
    {"HOP",
     WEIR_WINDOW_HOP,
     2,
     3,
     {{"SLIDE", SLOT_SLIDE}, {"SIZE", SLOT_SIZE}, {"OFFSET", SLOT_OFFSET}},
     "slide, size [, offset]"},
    {"CUMULATE",
     WEIR_WINDOW_CUMULATE,
     2,
     3,
     {{"STEP", SLOT_SLIDE}, {"SIZE", SLOT_SIZE}, {"OFFSET", SLOT_OFFSET}},
     "step, largest size [, offset]"},
    {"SESSION",
     WEIR_WINDOW_SESSION,
     1,
     2,
     {{"GAP", SLOT_SIZE}, {"MAX_DURATION", SLOT_SLIDE}},
     "gap [, largest duration]"},
    {"COUNT_WINDOW", WEIR_WINDOW_COUNT, 1, 2, {{"SIZE", SLOT_SIZE}, {"SLIDE", SLOT_SLIDE}}, "rows [, slide]"},
    {"COUNT_OR_TIME",
     WEIR_WINDOW_COUNT_OR_TIME,
     2,
     2,
     {{"SIZE", SLOT_SIZE}, {"SPAN", SLOT_SLIDE}},
     "rows, longest span"},
};

static struct weir_ast_expr **slot_of(struct weir_ast_source *window, enum slot slot) {
    switch (slot) {
    case SLOT_SIZE: return &window->size;
    case SLOT_SLIDE: return &window->slide;
    default: return &window->offset;
    }
}

/* A name that a comma separates from the next one, and not the begin of the function's next argument. */
static bool at_partition_name(const struct weir_parser *p, size_t ahead) {
    const struct weir_token *token = weir_parser_ahead(p, ahead);
    bool word = token->kind == WEIR_TOKEN_WORD || token->kind == WEIR_TOKEN_QUOTED;
    return word && !weir_parser_ahead_is(p, ahead + 1, "(") && !weir_parser_ahead_is(p, ahead + 1, "=>");
}

static struct weir_ast_expr *parse_partition_name(struct weir_parser *p) {
    const struct weir_token *name = p->token;
    if (name->kind == WEIR_TOKEN_WORD && (weir_parser_ahead_is(p, 1, "(") || weir_parser_ahead_is(p, 1, ".")))
        return weir_parser_fail(
            p, WEIR_ERR_SQL, name->at,
            "PARTITION BY takes bare columns, as in Flink; name others in a query inside: (SELECT "
            "ts, UPPER(k) AS u FROM t) PARTITION BY u");
    if (weir_parser_name(p, "a column to partition by") == NULL) return NULL;
    struct weir_ast_expr *column = weir_ast_make(p, WEIR_AST_COLUMN, name->at, NULL, 0);
    if (column != NULL) column->name = name->text;
    return column;
}

/* PARTITION BY k, ... or PARTITION BY (k, ...) */
static bool parse_partition(struct weir_parser *p, struct weir_ast_source *window, const char *function) {
    if (!weir_parser_at(p, "PARTITION")) return true;
    window->partition_at = p->token->at;
    weir_parser_skip(p);
    if (weir_window_is_sliced(window->window)) {
        weir_parser_fail(p, WEIR_ERR_SQL, window->partition_at,
                         "%s takes no PARTITION BY, as in Flink; put the columns into GROUP BY", function);
        return false;
    }
    if (!weir_parser_expect(p, "BY")) return false;
    struct weir_parser_list list = {0};
    bool enclosed = weir_parser_accept(p, "(");
    do {
        if (!weir_parser_push(p, &list, parse_partition_name(p))) return false;
        if (!weir_parser_at(p, ",") || (!enclosed && !at_partition_name(p, 1))) break;
        weir_parser_skip(p);
    } while (true);
    if (enclosed && !weir_parser_expect(p, ")")) return false;
    window->partition = (struct weir_ast_expr **)list.items;
    window->partition_count = list.count;
    if (!weir_parser_at(p, "ORDER")) return true;
    weir_parser_fail(p, WEIR_ERR_SQL, p->token->at,
                     "%s takes no ORDER BY, as in Flink; rows are taken as they come", function);
    return false;
}

/* TABLE t, TABLE 'file', TABLE (query) or (query), and PARTITION BY */
static bool parse_data(struct weir_parser *p, struct weir_ast_source *window, const char *function) {
    bool keyword = weir_parser_accept(p, "TABLE");
    if (!keyword && !weir_parser_at(p, "(")) {
        weir_parser_expected(p, "TABLE and a name");
        return false;
    }
    window->data = weir_parse_plain_source(p);
    return window->data != NULL && parse_partition(p, window, function);
}

static bool parse_descriptor(struct weir_parser *p, struct weir_ast_source *window) {
    if (!weir_parser_expect(p, "DESCRIPTOR") || !weir_parser_expect(p, "(")) return false;
    window->time_at = p->token->at;
    window->time_column = weir_parser_name(p, "the name of the time column");
    return window->time_column != NULL && weir_parser_expect(p, ")");
}

static bool store(struct weir_parser *p, struct weir_ast_source *window, const char *name, enum slot slot) {
    struct weir_ast_expr **at = slot_of(window, slot);
    if (*at != NULL) {
        weir_parser_fail(p, WEIR_ERR_SQL, p->token->at, "%s is given twice", name);
        return false;
    }
    *at = weir_parse_expression(p);
    return *at != NULL;
}

static bool parse_positional(struct weir_parser *p, struct weir_ast_source *window,
                             const struct window_form *form) {
    if (!parse_data(p, window, form->function)) return false;
    if (!weir_parser_expect(p, ",") || !parse_descriptor(p, window)) return false;
    for (int i = 0; i < form->count && weir_parser_accept(p, ","); i++) {
        if (!store(p, window, form->args[i].name, form->args[i].slot)) return false;
    }
    return true;
}

static bool twice(struct weir_parser *p, const struct weir_token *name) {
    weir_parser_fail(p, WEIR_ERR_SQL, name->at, "%.60s is given twice", name->text);
    return false;
}

static bool unknown_argument(struct weir_parser *p, const struct window_form *form, const struct weir_token *name) {
    const char *second = form->count > 1 ? form->args[1].name : NULL;
    const char *third = form->count > 2 ? form->args[2].name : NULL;
    weir_parser_fail(p, WEIR_ERR_SQL, name->at, "%s has no argument '%.60s'; it has DATA, TIMECOL, %s%s%s%s%s",
                     form->function, name->text, form->args[0].name, second == NULL ? "" : ", ",
                     second == NULL ? "" : second, third == NULL ? "" : ", ", third == NULL ? "" : third);
    return false;
}

static bool parse_argument(struct weir_parser *p, struct weir_ast_source *window, const struct window_form *form) {
    const struct weir_token *name = p->token;
    if ((name->kind != WEIR_TOKEN_WORD && name->kind != WEIR_TOKEN_QUOTED) || !weir_parser_ahead_is(p, 1, "=>")) {
        weir_parser_expected(p, "an argument's name and =>");
        return false;
    }
    p->token += 2;
    if (weir_word_equal(name->text, "DATA"))
        return window->data != NULL ? twice(p, name) : parse_data(p, window, form->function);
    if (weir_word_equal(name->text, "TIMECOL"))
        return window->time_column != NULL ? twice(p, name) : parse_descriptor(p, window);
    for (int i = 0; i < form->count; i++) {
        if (!weir_word_equal(name->text, form->args[i].name)) continue;
        return store(p, window, form->args[i].name, form->args[i].slot);
    }
    return unknown_argument(p, form, name);
}

static bool parse_by_name(struct weir_parser *p, struct weir_ast_source *window, const struct window_form *form) {
    do {
        if (!parse_argument(p, window, form)) return false;
    } while (weir_parser_accept(p, ","));
    return true;
}

static bool complete(struct weir_parser *p, struct weir_ast_source *window, const struct window_form *form) {
    const char *missing = NULL;
    for (int i = 0; i < form->required && missing == NULL; i++) {
        if (*slot_of(window, form->args[i].slot) == NULL) missing = form->args[i].name;
    }
    if (missing == NULL && window->time_column == NULL) missing = "TIMECOL => DESCRIPTOR(...)";
    if (missing == NULL && window->data == NULL) missing = "DATA => TABLE ...";
    if (missing == NULL) return true;
    weir_parser_fail(p, WEIR_ERR_SQL, window->at, "%s lacks %s; expected %s(TABLE t, DESCRIPTOR(ts), %s)",
                     form->function, missing, form->function, form->usage);
    return false;
}

static const struct window_form *find_form(struct weir_parser *p) {
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(forms); i++) {
        if (weir_parser_at(p, forms[i].function)) return &forms[i];
    }
    if (p->token->kind == WEIR_TOKEN_WORD && strncasecmp(p->token->text, "read_", 5) == 0)
        return weir_parser_fail(
            p, WEIR_ERR_SQL, p->token->at,
            "there is no %.60s(...): TABLE takes the file itself, as in TUMBLE(TABLE 'rows.csv', "
            "...)",
            p->token->text);
    const char *all = "TUMBLE, HOP, CUMULATE, SESSION, COUNT_WINDOW or COUNT_OR_TIME";
    if (p->token->kind == WEIR_TOKEN_WORD && weir_parser_ahead_is(p, 1, "("))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "there is no table function %.60s; expected %s", p->token->text, all);
    return weir_parser_expected(p, all);
}

struct weir_ast_source *weir_parse_window(struct weir_parser *p) {
    weir_parser_skip(p);
    if (!weir_parser_expect(p, "(")) return NULL;
    struct weir_ast_source *window = weir_parser_new(p, sizeof(*window));
    const struct window_form *form = window == NULL ? NULL : find_form(p);
    if (form == NULL) return NULL;
    window->kind = WEIR_AST_SOURCE_WINDOW;
    window->at = p->token->at;
    window->window = form->kind;
    window->function = form->function;
    weir_parser_skip(p);
    if (!weir_parser_expect(p, "(")) return NULL;
    bool named = weir_parser_ahead_is(p, 1, "=>");
    if (!(named ? parse_by_name(p, window, form) : parse_positional(p, window, form))) return NULL;
    if (!weir_parser_at(p, ")")) return weir_parser_expected(p, "',' or ')'");
    weir_parser_skip(p);
    return complete(p, window, form) && weir_parser_expect(p, ")") ? window : NULL;
}

/* ---- group windows ---- */

struct group_form {
    const char *name;
    enum weir_window_kind kind;
    int args;
    const char *usage;
};

static const struct group_form groups[] = {
    {"TUMBLE", WEIR_WINDOW_TUMBLE, 2, "ts, size"},
    {"HOP", WEIR_WINDOW_HOP, 3, "ts, slide, size"},
    {"SESSION", WEIR_WINDOW_SESSION, 2, "ts, gap"},
};

static const char *const parts[] = {"", "_START", "_END", "_ROWTIME", "_PROCTIME"};

static const struct group_form *find_group(const char *word, enum weir_window_part *part) {
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(groups) * WEIR_ARRAY_COUNT(parts); i++) {
        const struct group_form *form = &groups[i / WEIR_ARRAY_COUNT(parts)];
        *part = (enum weir_window_part)(i % WEIR_ARRAY_COUNT(parts));
        char name[24];
        size_t length = strlen(form->name);
        memcpy(name, form->name, length);
        memcpy(name + length, parts[*part], strlen(parts[*part]) + 1);
        if (weir_word_equal(word, name)) return form;
    }
    return NULL;
}

bool weir_parser_at_group_window(const struct weir_parser *p) {
    enum weir_window_part part;
    return p->token->kind == WEIR_TOKEN_WORD && weir_parser_ahead_is(p, 1, "(") &&
           (find_group(p->token->text, &part) != NULL || weir_parser_at(p, "CUMULATE"));
}

struct weir_ast_expr *weir_parse_group_window(struct weir_parser *p) {
    struct weir_place at = p->token->at;
    enum weir_window_part part;
    const struct group_form *form = find_group(p->token->text, &part);
    if (form == NULL)
        return weir_parser_fail(p, WEIR_ERR_SQL, at,
                                "CUMULATE is no group window, as in Flink; write FROM TABLE(CUMULATE(TABLE t, "
                                "DESCRIPTOR(ts), step, size)) ... GROUP BY window_start, window_end");
    p->token += 2; /* the name and its parenthesis */
    struct weir_parser_list list = {0};
    do {
        if (!weir_parser_push(p, &list, weir_parse_expression(p))) return NULL;
    } while (weir_parser_accept(p, ","));
    if (!weir_parser_expect(p, ")")) return NULL;
    if (list.count != form->args)
        return weir_parser_fail(
            p, WEIR_ERR_SQL, at, "%s%s takes %d arguments, not %d: %s(%s)%s", form->name, parts[part], form->args,
            list.count, form->name, form->usage,
            list.count > form->args ? "; an offset goes with the table function: FROM TABLE(TUMBLE(...))" : "");
    struct weir_ast_expr *node =
        weir_ast_make(p, WEIR_AST_GROUP_WINDOW, at, (struct weir_ast_expr **)list.items, list.count);
    if (node == NULL) return NULL;
    if (node->aggregate) return weir_parser_fail(p, WEIR_ERR_SQL, at, "%s cannot hold aggregates", form->name);
    node->name = form->name;
    node->window = form->kind;
    node->part = part;
    return node;
}

/* ---- FILL ---- */

/* FILL(NULL | PREV | LINEAR | literal [, most empty windows]) */
bool weir_parse_fill(struct weir_parser *p, struct weir_ast_fill **out) {
    *out = NULL;
    if (!weir_parser_at(p, "FILL") || !weir_parser_ahead_is(p, 1, "(")) return true;
    struct weir_ast_fill *fill = weir_parser_new(p, sizeof(*fill));
    if (fill == NULL) return false;
    fill->at = p->token->at;
    p->token += 2;
    static const struct {
        const char *word;
        enum weir_fill_kind kind;
    } kinds[] = {{"NULL", WEIR_FILL_NULL}, {"PREV", WEIR_FILL_PREV}, {"LINEAR", WEIR_FILL_LINEAR}};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(kinds) && fill->kind == WEIR_FILL_NONE; i++) {
        if (weir_parser_accept(p, kinds[i].word)) fill->kind = kinds[i].kind;
    }
    if (fill->kind == WEIR_FILL_NONE) {
        fill->kind = WEIR_FILL_VALUE;
        if ((fill->value = weir_parse_expression(p)) == NULL) return false;
    }
    if (weir_parser_accept(p, ",") && (fill->windows = weir_parse_expression(p)) == NULL) return false;
    if (!weir_parser_at(p, ")")) {
        weir_parser_expected(p, fill->windows != NULL ? "')' after FILL(how, most empty windows" : "',' or ')'");
        return false;
    }
    weir_parser_skip(p);
    *out = fill;
    return true;
}
