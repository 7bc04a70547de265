/* SPDX-License-Identifier: Apache-2.0
 *
 * FROM: tables, files, views, WITH queries and subqueries as relations.
 */
#include <string.h>

#include "base/error.h"
#include "sql/bind.h"
#include "sql/parser.h"

/* TIME(0) and the like in CSV: the reader keeps milliseconds, where Flink reads no more digits than declared. */
static bool is_clock_in_text(const struct weir_bind_input *input, int32_t idx) {
    if (input->types[idx].id != WEIR_TYPE_TIME || input->types[idx].precision >= 3 || input->declared == NULL)
        return false;
    for (int32_t i = 0; i < input->declared->options_count; i++) {
        const struct weir_option *option = input->declared->options[i];
        if (strcmp(option->key, "format") == 0) return strcmp(option->value, "csv") == 0;
    }
    return false;
}

/* The column as the script sees it. Times may be stored in other units than their type counts in. */
static struct weir_expr *input_column(struct weir_binder *b, int32_t idx) {
    struct weir_place nowhere = {0, 0};
    if (is_clock_in_text(&b->input, idx)) {
        struct weir_type whole = b->input.types[idx];
        whole.precision = 3;
        struct weir_expr *clock = weir_bind_column_node(b, nowhere, idx, whole);
        return clock == NULL ? NULL : weir_bind_cast(b, clock, b->input.types[idx]);
    }
    struct weir_type type = b->input.types[idx], stored = type;
    bool time = weir_type_is_time(type);
    if (time) stored.precision = b->input.layouts[idx].type.precision;
    struct weir_expr *column = weir_bind_column_node(b, nowhere, idx, stored);
    if (column == NULL || !time || weir_type_ticks(stored) == weir_type_ticks(type)) {
        if (column != NULL) column->type = type;
        return column;
    }
    return weir_bind_node(b, nowhere, WEIR_EXPR_RESCALE_TIME, type, 1, &column);
}

/* A computed column sees those of the data, not its like, as in Flink. */
static bool bind_one_computed(struct weir_binder *b, const struct weir_ast_column *declared,
                              const struct weir_relation *data, struct weir_bound_column *out) {
    const struct weir_relation *scope = b->scope, *aliases = b->aliases;
    bool allowed = b->aggregates_allowed;
    b->scope = data;
    b->aliases = NULL;
    b->aggregates_allowed = false;
    *out = (struct weir_bound_column){.name = declared->name};
    out->expr = weir_bind_root(b, declared->computed, &out->depth);
    b->scope = scope;
    b->aliases = aliases;
    b->aggregates_allowed = allowed;
    if (out->expr == NULL || out->expr->type.id != WEIR_TYPE_NULL) return out->expr != NULL;
    weir_bind_fail(b, WEIR_ERR_SQL, declared->at,
                   "the computed column '%.120s' has no type; write CAST(NULL AS ...)", declared->name);
    return false;
}

bool weir_bind_computed_columns(struct weir_binder *b, const struct weir_ast_table *table,
                                struct weir_relation *columns) {
    if (table == NULL || table->computed_count == 0) return true;
    const struct weir_relation data = *columns;
    int32_t from = 0, to = 0;
    columns->columns_count += table->computed_count;
    columns->columns = weir_bind_array(b, columns->columns_count, sizeof(*columns->columns));
    if (columns->columns == NULL) return false;
    for (int32_t i = 0; i < table->computed_count; i++) {
        const struct weir_ast_column *declared = table->computed[i];
        while (from < declared->before) columns->columns[to++] = data.columns[from++];
        if (!bind_one_computed(b, declared, &data, &columns->columns[to++])) return false;
    }
    while (from < data.columns_count) columns->columns[to++] = data.columns[from++];
    return true;
}

bool weir_bind_columns(struct weir_binder *b, struct weir_relation *out) {
    int32_t count = b->input.columns_count;
    *out = (struct weir_relation){.columns_count = count, .alias = b->input.name};
    if ((out->columns = weir_bind_array(b, count, sizeof(*out->columns))) == NULL) return false;
    for (int32_t i = 0; i < count; i++) {
        struct weir_expr *expr = input_column(b, i);
        if (expr == NULL) return false;
        out->columns[i] = (struct weir_bound_column){b->input.names[i], expr, 2, false};
    }
    return weir_bind_computed_columns(b, b->input.declared, out);
}

static bool refuse_hint(struct weir_binder *b, const struct weir_ast_source *source) {
    if (source->hint.count == 0) return false;
    weir_bind_fail(
        b, WEIR_ERR_SQL, source->hint.at,
        "'%.120s' is a query under a name, and OPTIONS stand behind tables only, as in Flink; write them "
        "inside the query",
        source->name);
    return true;
}

static bool open_input(struct weir_binder *b, const struct weir_relation_entry *entry,
                       const struct weir_ast_source *source, struct weir_relation *out) {
    struct weir_place at = source->at;
    if (b->opened) {
        weir_bind_fail(b, WEIR_ERR_INTERNAL, at, "a query reads one table, and this would be its second");
        return false;
    }
    b->opened = true;
    const struct weir_bind_host *host = &b->request->host;
    struct weir_relation_entry hinted;
    if (entry != NULL && entry->table != NULL && source->hint.count > 0) {
        hinted = *entry;
        hinted.table = weir_hint_table(b->arena, entry->table, &source->hint);
        if (hinted.table == NULL) return weir_bind_no_memory(b) != NULL;
        entry = &hinted;
    }
    b->status = host->open(host->user, entry, source, b->arena, &b->input, b->error);
    if (b->status != WEIR_OK) {
        if (b->error != NULL && b->error->line == 0) {
            b->error->line = at.line;
            b->error->column = at.column;
        }
        return false;
    }
    if (b->input.unbounded && b->request->settings->mode == WEIR_MODE_BATCH) {
        weir_bind_fail(b, WEIR_ERR_SQL, at,
                       "the table '%.120s' has no end and cannot be read as a batch; SET 'execution.runtime-mode' "
                       "= 'streaming'",
                       b->input.name);
        return false;
    }
    if (!weir_bind_columns(b, &b->columns)) return false;
    *out = b->columns;
    return true;
}

bool weir_bind_rename(struct weir_binder *b, struct weir_relation *relation, const char *const *names,
                      int32_t count, const char *what, struct weir_place at) {
    if (names == NULL || count == 0) return true;
    if (count != relation->columns_count) {
        weir_bind_fail(b, WEIR_ERR_SQL, at, "'%.120s' names %d columns, and its query gives %d", what, count,
                       relation->columns_count);
        return false;
    }
    for (int32_t i = 0; i < count; i++) relation->columns[i].name = names[i];
    return true;
}

/* A query under a name, bound as if it stood there; `with` is what it may see. */
static bool bind_inline(struct weir_binder *b, const struct weir_ast_query *query,
                        const struct weir_bind_named *with, struct weir_place at, struct weir_relation *out) {
    if (b->views >= WEIR_BIND_VIEWS_MAX) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, at, "views stand in views more than %d deep", WEIR_BIND_VIEWS_MAX);
        return false;
    }
    const struct weir_bind_named *saved = b->with;
    b->with = with;
    b->views++;
    bool bound = weir_bind_select(b, query, out);
    b->views--;
    b->with = saved;
    return bound;
}

static bool bind_view(struct weir_binder *b, struct weir_relation_entry *entry, struct weir_place at,
                      struct weir_relation *out) {
    if (entry->in_use) {
        weir_bind_fail(b, WEIR_ERR_SQL, at, "the view '%.120s' refers to itself", entry->name);
        return false;
    }
    entry->in_use = true;
    bool bound = bind_inline(b, entry->view, NULL, at, out);
    entry->in_use = false;
    if (!bound && b->error != NULL && b->views == 0)
        weir_error_prefix(b->error, "in the view '%.120s'", entry->name);
    return bound && weir_bind_rename(b, out, entry->columns, entry->columns_count, entry->name, at);
}

static bool bind_name(struct weir_binder *b, const struct weir_ast_source *source, struct weir_relation *out) {
    for (const struct weir_bind_named *with = b->with; with != NULL; with = with->outer) {
        const struct weir_ast_named *named = with->named;
        if (strcmp(named->name, source->name) != 0) continue;
        if (refuse_hint(b, source)) return false;
        return bind_inline(b, named->query, with->outer, source->at, out) &&
               weir_bind_rename(b, out, named->columns, named->columns_count, named->name, named->at);
    }
    struct weir_relation_entry *entry = weir_catalog_find(b->request->catalog, source->name);
    if (entry == NULL) {
        b->status = weir_catalog_unknown(b->request->catalog, source->name, source->at, b->error);
        return false;
    }
    if (entry->view == NULL) return open_input(b, entry, source, out);
    return !refuse_hint(b, source) && bind_view(b, entry, source->at, out);
}

bool weir_bind_source(struct weir_binder *b, const struct weir_ast_source *source, struct weir_relation *out) {
    bool bound = false;
    switch (source->kind) {
    case WEIR_AST_SOURCE_NAME: bound = bind_name(b, source, out); break;
    case WEIR_AST_SOURCE_FILE: bound = open_input(b, NULL, source, out); break;
    case WEIR_AST_SOURCE_QUERY: bound = weir_bind_select(b, source->query, out); break;
    case WEIR_AST_SOURCE_WINDOW: bound = weir_bind_window(b, source, out); break;
    }
    if (!bound) return false;
    bool named = source->kind == WEIR_AST_SOURCE_NAME;
    out->alias = source->alias != NULL ? source->alias : named ? source->name : NULL;
    return true;
}
