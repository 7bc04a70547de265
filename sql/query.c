/* SPDX-License-Identifier: Apache-2.0
 *
 * A query over pushed batches, from SQL.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "engine/query.h"
#include "sql/parser.h"
#include "sql/session.h"

/* What lives while the SQL is being read; the plan keeps nothing of it. */
struct query_script {
    struct weir_arena arena;
    struct weir_catalog catalog;
    struct weir_settings settings;
    const struct weir_ast_query *select;
};

/* ---- the pushed table ---- */

static enum weir_status describe_declared(const struct weir_ast_table *table, struct weir_arena *arena,
                                          struct weir_bind_input *out, struct weir_error *error) {
    size_t count = (size_t)table->columns_count;
    out->names = weir_arena_array(arena, count + 1, sizeof(*out->names));
    out->layouts = weir_arena_array(arena, count + 1, sizeof(*out->layouts));
    out->types = weir_arena_array(arena, count + 1, sizeof(*out->types));
    if (out->names == NULL || out->layouts == NULL || out->types == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to plan the query");
    for (size_t i = 0; i < count; i++) {
        out->names[i] = table->columns[i]->name;
        out->types[i] = table->columns[i]->type;
        out->layouts[i] = weir_layout_of(table->columns[i]->type);
    }
    out->columns_count = table->columns_count;
    out->declared = table;
    return WEIR_OK;
}

static enum weir_status open_pushed(void *user, const struct weir_relation_entry *entry,
                                    const struct weir_ast_source *source, struct weir_arena *arena,
                                    struct weir_bind_input *out, struct weir_error *error) {
    struct weir_place at = source->at;
    (void)user;
    if (entry == NULL)
        return weir_error_set_at(error, WEIR_ERR_SQL, at.line, at.column,
                                 "a query over pushed batches cannot read the file '%.200s'; a session can",
                                 source->name);
    *out = (struct weir_bind_input){.name = entry->name, .pushed = true};
    if (source->hint.count > 0)
        return weir_error_set_at(error, WEIR_ERR_SQL, source->hint.at.line, source->hint.at.column,
                                 "a table whose rows are pushed takes no OPTIONS");
    if (entry->pushed != NULL) return weir_bind_input_import(entry->pushed, NULL, arena, out, error);
    const char *connector = weir_table_option(entry->table, "connector");
    if (connector == NULL || strcmp(connector, "push") != 0)
        return weir_error_set_at(
            error, WEIR_ERR_SQL, at.line, at.column,
            "the table '%.120s' is not pushed; declare it WITH ('connector' = 'push'), or run the script in "
            "a session",
            entry->name);
    return describe_declared(entry->table, arena, out, error);
}

/* ---- statements ---- */

/* A pushed table takes no options but its connector. */
static enum weir_status check_push_options(const struct weir_ast_table *table, struct weir_error *error) {
    const char *connector = weir_table_option(table, "connector");
    if (connector == NULL || strcmp(connector, "push") != 0) return WEIR_OK;
    for (int32_t i = 0; i < table->options_count; i++) {
        const struct weir_option *option = table->options[i];
        if (strcmp(option->key, "connector") == 0 || weir_option_is_watermark(option->key)) continue;
        return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                                 "the connector 'push' has no option '%.120s'", option->key);
    }
    return WEIR_OK;
}

static enum weir_status execute(struct query_script *script, const struct weir_statement *statement,
                                struct weir_error *error) {
    struct weir_relation_entry entry = {.name = statement->name};
    enum weir_status status = WEIR_OK;
    switch (statement->kind) {
    case WEIR_STATEMENT_SET:
    case WEIR_STATEMENT_RESET: return weir_settings_apply(&script->settings, statement, NULL, NULL, error);
    case WEIR_STATEMENT_DROP_TABLE:
    case WEIR_STATEMENT_DROP_VIEW: return weir_catalog_drop(&script->catalog, statement, error);
    case WEIR_STATEMENT_INSERT:
        return weir_error_set_at(error, WEIR_ERR_SQL, statement->at.line, statement->at.column,
                                 "a query over pushed batches ends in a SELECT; INSERT INTO runs in a session");
    case WEIR_STATEMENT_SELECT:
        if (script->select != NULL)
            return weir_error_set_at(error, WEIR_ERR_SQL, statement->at.line, statement->at.column,
                                     "a query has one SELECT, and this is the second");
        script->select = statement->query;
        return WEIR_OK;
    case WEIR_STATEMENT_CREATE_TABLE:
        status = check_push_options(statement->table, error);
        if (status == WEIR_OK) status = weir_bind_check_table(statement->table, error);
        entry.table = statement->table;
        break;
    case WEIR_STATEMENT_CREATE_VIEW:
        entry.view = statement->query;
        entry.columns = statement->columns;
        entry.columns_count = statement->columns_count;
        break;
    }
    if (status != WEIR_OK) return status;
    return weir_catalog_add(&script->catalog, &entry, statement->if_exists, statement->name_at, error);
}

static enum weir_status read_script(struct query_script *script, const char *sql, const char *table,
                                    const struct ArrowSchema *schema, struct weir_error *error) {
    struct weir_statements statements;
    enum weir_status status = weir_parse_script(&script->arena, sql, NULL, 0, &statements, error);
    if (status == WEIR_OK && table != NULL) {
        struct weir_relation_entry entry = {.name = table, .pushed = schema};
        status = weir_catalog_add(&script->catalog, &entry, false, (struct weir_place){0, 0}, error);
    }
    for (int32_t i = 0; status == WEIR_OK && i < statements.count; i++)
        status = execute(script, statements.items[i], error);
    if (status == WEIR_OK && script->select == NULL)
        return weir_error_set(error, WEIR_ERR_SQL, "the SQL has no SELECT, which is the query");
    return status;
}

static enum weir_status make_query(struct query_script *script, struct weir_query **out, struct weir_error *error) {
    struct weir_bind_request request = {
        .catalog = &script->catalog, .settings = &script->settings, .host = {NULL, open_pushed}};
    struct weir_bind_result result = {0};
    enum weir_status status = weir_bind_query(&request, script->select, &result, error);
    if (status != WEIR_OK) return status;
    struct weir_query *query = malloc(sizeof(*query));
    if (query == NULL) {
        weir_plan_release(result.plan);
        return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the query");
    }
    *query = (struct weir_query){result.plan};
    *out = query;
    return WEIR_OK;
}

enum weir_status weir_query_create(const char *sql, const char *table, const struct ArrowSchema *schema,
                                   struct weir_query **out, struct weir_error *error) {
    if (out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_query_create needs a place for the query");
    *out = NULL;
    if (sql == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_query_create needs SQL");
    if ((table == NULL) != (schema == NULL))
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_query_create takes a table and its schema together, or neither");
    struct query_script script = {0};
    weir_arena_init(&script.arena, 0);
    enum weir_status status = read_script(&script, sql, table, schema, error);
    if (status == WEIR_OK) status = make_query(&script, out, error);
    weir_catalog_fini(&script.catalog);
    weir_arena_fini(&script.arena);
    return status;
}
