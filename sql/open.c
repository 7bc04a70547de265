/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables behind connectors: opened when a statement uses them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sql/lexer.h"
#include "sql/session.h"

static enum weir_status out_of_memory(struct weir_error *error, const char *table) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to open '%s'", table);
}

/* ---- connectors ---- */

static const struct weir_option *find_option(const struct weir_ast_table *table, const char *key) {
    for (int32_t i = 0; i < table->options_count; i++) {
        if (strcmp(table->options[i]->key, key) == 0) return table->options[i];
    }
    return NULL;
}

static enum weir_status unknown_connector(const struct weir_session *session, const struct weir_option *option,
                                          struct weir_error *error) {
    const char **names = calloc(session->connectors_count + 1, sizeof(*names));
    const char *near = NULL;
    for (size_t i = 0; names != NULL && i < session->connectors_count; i++) names[i] = session->connectors[i]->name;
    if (names != NULL) near = weir_nearest_name(option->value, names, session->connectors_count);
    free(names);
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                             "there is no connector '%.80s'%s%s%s", option->value,
                             near == NULL ? "; 'filesystem' reads and writes files" : "; did you mean '",
                             near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static enum weir_status find_connector(const struct weir_session *session, const struct weir_ast_table *table,
                                       const char *name, struct weir_place at, const struct weir_connector **out,
                                       struct weir_error *error) {
    static const struct weir_option filesystem = {.value = "filesystem"};
    const struct weir_option *option = table == NULL ? &filesystem : find_option(table, "connector");
    if (option == NULL)
        return weir_error_set_at(
            error, WEIR_ERR_SQL, at.line, at.column,
            "the table '%s' has no 'connector'; write WITH ('connector' = 'filesystem', 'path' = ...)", name);
    for (size_t i = 0; i < session->connectors_count; i++) {
        *out = session->connectors[i];
        if (strcmp((*out)->name, option->value) == 0) return WEIR_OK;
    }
    if (strcmp(option->value, "push") == 0)
        return weir_error_set_at(
            error, WEIR_ERR_SQL, option->line, option->column,
            "'push' tables get their rows from the program that embeds weir; a script of a session reads "
            "files: 'connector' = 'filesystem'");
    return unknown_connector(session, option, error);
}

static bool has_option(const struct weir_option *options, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].key, key) == 0) return true;
    }
    return false;
}

/* The path of a file, and what a hint says of it; with room for add_header. */
static struct weir_option *file_options(const char *file, const struct weir_ast_hint *hint, size_t *count) {
    struct weir_option *options = calloc((size_t)hint->count + 2, sizeof(*options));
    if (options == NULL) return NULL;
    for (int32_t i = 0; i < hint->count; i++) options[(*count)++] = *hint->options[i];
    if (!has_option(options, *count, "path"))
        options[(*count)++] = (struct weir_option){.key = "path", .value = file};
    return options;
}

/* The table's options without 'connector', or those of a file; malloc'd. */
static struct weir_option *copy_options(const struct weir_ast_table *table, const char *file,
                                        const struct weir_ast_hint *hint, size_t *count) {
    *count = 0;
    if (table == NULL) return file_options(file, hint, count);
    struct weir_option *options = calloc((size_t)table->options_count + 1, sizeof(*options));
    for (int32_t i = 0; options != NULL && i < table->options_count; i++) {
        const char *key = table->options[i]->key;
        if (strcmp(key, "connector") == 0 || weir_option_is_watermark(key)) continue; /* not the connector's */
        options[(*count)++] = *table->options[i];
    }
    return options;
}

static enum weir_status declared_schema(const struct weir_ast_table *table, struct ArrowSchema *out,
                                        struct weir_error *error) {
    size_t count = (size_t)table->columns_count;
    const char **names = calloc(count, sizeof(*names));
    struct weir_type *types = calloc(count, sizeof(*types));
    enum weir_status status = WEIR_OK;
    if (names == NULL || types == NULL)
        status = weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a table's columns");
    for (size_t i = 0; status == WEIR_OK && i < count; i++) {
        names[i] = table->columns[i]->name;
        types[i] = table->columns[i]->type;
    }
    if (status == WEIR_OK) status = weir_schema_export(names, types, count, out, error);
    free(names);
    free(types);
    return status;
}

/* ---- what a source says of its columns ---- */

static bool layout_fits(struct weir_layout layout, struct weir_type declared) {
    if (layout.storage == WEIR_STORE_NULL) return true;
    if (layout.type.id != declared.id) return false;
    return declared.id != WEIR_TYPE_DECIMAL ||
           (layout.type.scale == declared.scale && layout.type.precision <= declared.precision);
}

static enum weir_status import_column(const struct ArrowSchema *schema, const struct weir_ast_column *declared,
                                      int32_t idx, struct weir_arena *arena, struct weir_bind_input *out,
                                      struct weir_error *error) {
    enum weir_status status = weir_layout_import(schema, &out->layouts[idx], error);
    if (status == WEIR_ERR_UNSUPPORTED && declared == NULL) {
        /* A nested column does not spoil the others: the source refuses it when it is selected. */
        out->layouts[idx] = (struct weir_layout){.storage = WEIR_STORE_NULL};
    } else if (status != WEIR_OK) {
        return status;
    }
    const char *name = schema->name == NULL ? "" : schema->name;
    out->names[idx] = weir_arena_string(arena, name, strlen(name));
    if (out->names[idx] == NULL) return out_of_memory(error, out->name);
    struct weir_layout layout = out->layouts[idx];
    out->types[idx] = layout.storage == WEIR_STORE_NULL ? weir_type_string() : layout.type;
    if (declared == NULL) return WEIR_OK;
    out->types[idx] = declared->type;
    char is[WEIR_TYPE_NAME_BYTES], wanted[WEIR_TYPE_NAME_BYTES];
    if (strcmp(name, declared->name) == 0 && layout_fits(layout, declared->type)) return WEIR_OK;
    return weir_error_set_at(error, WEIR_ERR_FORMAT, declared->at.line, declared->at.column,
                             "the column '%s' is declared %s, and the connector gives '%s' %s", declared->name,
                             weir_type_name(declared->type, false, wanted, sizeof(wanted)), name,
                             weir_type_name(layout.type, false, is, sizeof(is)));
}

enum weir_status weir_bind_input_import(const struct ArrowSchema *schema, const struct weir_ast_table *declared,
                                        struct weir_arena *arena, struct weir_bind_input *out,
                                        struct weir_error *error) {
    int64_t count = schema->n_children;
    if (schema->format == NULL || strcmp(schema->format, "+s") != 0 || count < 0 || count >= WEIR_BIND_WINDOW ||
        (count > 0 && schema->children == NULL))
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "the columns must come as an Arrow struct of less than %d fields", WEIR_BIND_WINDOW);
    if (declared != NULL && count != declared->columns_count)
        return weir_error_set(error, WEIR_ERR_FORMAT, "%d columns are declared, and the connector gives %lld",
                              declared->columns_count, (long long)count);
    out->columns_count = (int32_t)count;
    out->declared = declared;
    out->names = weir_arena_array(arena, (size_t)count + 1, sizeof(*out->names));
    out->layouts = weir_arena_array(arena, (size_t)count + 1, sizeof(*out->layouts));
    out->types = weir_arena_array(arena, (size_t)count + 1, sizeof(*out->types));
    if (out->names == NULL || out->layouts == NULL || out->types == NULL) return out_of_memory(error, out->name);
    enum weir_status status = WEIR_OK;
    for (int32_t i = 0; i < out->columns_count && status == WEIR_OK; i++) {
        const struct weir_ast_column *column = declared == NULL ? NULL : declared->columns[i];
        status = import_column(schema->children[i], column, i, arena, out, error);
    }
    return status;
}

/* ---- sources ---- */

/* How long a run waits for a live input before it looks at clocks, cancellation and results. */
#define LIVE_WAIT_MS 10

static enum weir_status open_source(struct weir_run *run, const struct weir_connector *connector,
                                    const struct weir_ast_table *table, const struct weir_ast_source *from,
                                    struct weir_error *error) {
    const struct weir_session_options *options = &run->session->options;
    struct ArrowSchema schema = {0};
    struct weir_source_request request = {.struct_size = sizeof(request),
                                          .batch_rows = options->batch_rows,
                                          .threads = options->workers > 0 ? options->workers : 1,
                                          .plain_io = options->plain_io,
                                          .log = options->log,
                                          .log_user = options->log_user,
                                          .wait_ms = LIVE_WAIT_MS,
                                          .dictionaries = true};
    if (connector->open_source == NULL)
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "the connector '%s' cannot be read", connector->name);
    enum weir_status status = table == NULL ? WEIR_OK : declared_schema(table, &schema, error);
    if (status != WEIR_OK) return status;
    struct weir_option *copied = copy_options(table, from->name, &from->hint, &request.options_count);
    request.options = copied;
    request.schema = table == NULL ? NULL : &schema;
    if (copied == NULL) {
        status = out_of_memory(error, run->table);
    } else {
        run->source = (struct weir_source){0};
        status = connector->open_source(connector->user, &request, &run->source, error);
        run->source_open = status == WEIR_OK;
    }
    free(copied);
    if (schema.release != NULL) schema.release(&schema);
    return status;
}

static enum weir_status describe_input(struct weir_run *run, const struct weir_ast_table *table,
                                       struct weir_arena *arena, struct weir_bind_input *out,
                                       struct weir_error *error) {
    struct ArrowSchema schema = {0};
    enum weir_status status = run->source.schema(run->source.state, &schema, error);
    if (status != WEIR_OK) return status;
    status = weir_bind_input_import(&schema, table, arena, out, error);
    if (schema.release != NULL) schema.release(&schema);
    out->selective = run->source.select != NULL;
    out->unbounded = run->source.unbounded;
    return status;
}

enum weir_status weir_run_open_input(void *user, const struct weir_relation_entry *entry,
                                     const struct weir_ast_source *source, struct weir_arena *arena,
                                     struct weir_bind_input *out, struct weir_error *error) {
    struct weir_run *run = user;
    const char *name = source->name;
    const struct weir_ast_table *table = entry == NULL ? NULL : entry->table;
    const struct weir_connector *connector;
    *out = (struct weir_bind_input){.name = weir_arena_string(arena, name, strlen(name))};
    run->table = strdup(name);
    if (run->table == NULL || out->name == NULL) return out_of_memory(error, name);
    enum weir_status status = find_connector(run->session, table, name, source->at, &connector, error);
    if (status != WEIR_OK) return status;
    status = open_source(run, connector, table, source, error);
    if (status == WEIR_OK) status = describe_input(run, table, arena, out, error);
    if (status != WEIR_OK && entry != NULL) weir_error_prefix(error, "table '%.120s'", name);
    return status;
}

/* ---- sinks ---- */

/* A CSV file that is named without a table is read with its header (csv.header = auto), so it is written with one.
 */
static void add_header(struct weir_option *options, const char *file, size_t *count) {
    size_t length = strlen(file);
    if (length < 4 || !weir_word_equal(file + length - 4, ".csv") || has_option(options, *count, "csv.header"))
        return;
    options[(*count)++] = (struct weir_option){.key = "csv.header", .value = "true"};
}

/* A sink replaces what its path held, so a second one of a script into the same place would undo the first in
 * silence; Flink keeps the rows of both. */
static enum weir_status claim_path(struct weir_session *session, const char *path, bool late, struct weir_place at,
                                   struct weir_error *error) {
    for (size_t i = 0; i < session->written_count; i++) {
        if (strcmp(session->written[i], path) != 0) continue;
        if (!late)
            return weir_error_set_at(
                error, WEIR_ERR_UNSUPPORTED, at.line, at.column,
                "an earlier statement of this script wrote '%s', which this one would replace; write to another "
                "path (a directory or glob reads several files as one table)",
                path);
        return weir_error_set_at(
            error, WEIR_ERR_UNSUPPORTED, at.line, at.column,
            "an earlier statement of this script wrote '%s', which the late rows of the next one would replace: a "
            "late table takes those of one query. Declare one for each, with a path of its own, and SET "
            "'weir.late.table' anew before each (a directory or glob reads them all as one table)",
            path);
    }
    const char **written = realloc(session->written, (session->written_count + 1) * sizeof(*written));
    if (written == NULL) return out_of_memory(error, path);
    session->written = written;
    written[session->written_count] = weir_arena_string(&session->arena, path, strlen(path));
    if (written[session->written_count] == NULL) return out_of_memory(error, path);
    session->written_count++;
    return WEIR_OK;
}

/* Opens sink->sink for rows of `schema`. */
static enum weir_status open_sink(struct weir_run *run, struct weir_run_sink *sink, struct weir_place at,
                                  const struct ArrowSchema *schema, struct weir_error *error) {
    const struct weir_session_options *options = &run->session->options;
    struct weir_sink_request request = {
        .struct_size = sizeof(request), .schema = schema, .log = options->log, .log_user = options->log_user};
    const struct weir_connector *connector;
    enum weir_status status = find_connector(run->session, sink->table, sink->name, at, &connector, error);
    if (status != WEIR_OK) return status;
    if (connector->open_sink == NULL)
        return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, at.line, at.column,
                                 "the connector '%s' of the table '%s' cannot be written", connector->name,
                                 sink->name);
    const struct weir_option *path = sink->table == NULL ? NULL : find_option(sink->table, "path");
    if (path != NULL || sink->table == NULL)
        status =
            claim_path(run->session, path == NULL ? sink->name : path->value, sink == &run->late_sink, at, error);
    if (status != WEIR_OK) return status;
    struct weir_option *copied = copy_options(sink->table, sink->name, &sink->hint, &request.options_count);
    if (copied == NULL) return out_of_memory(error, sink->name);
    if (sink->table == NULL) add_header(copied, sink->name, &request.options_count);
    request.options = copied;
    sink->sink = (struct weir_sink){0};
    status = connector->open_sink(connector->user, &request, &sink->sink, error);
    sink->is_open = status == WEIR_OK;
    free(copied);
    if (status != WEIR_OK) weir_error_prefix(error, "table '%.120s'", sink->name);
    return status;
}

enum weir_status weir_run_open_sink(struct weir_run *run, const struct weir_statement *insert,
                                    struct weir_error *error) {
    struct ArrowSchema schema = {0};
    /* The kind of each row stands before the declared columns. */
    run->sink.first = weir_plan_updates(run->query.plan);
    bool declared = run->sink.table != NULL && run->sink.first == 0;
    enum weir_status status = declared ? declared_schema(run->sink.table, &schema, error)
                                       : weir_query_schema(&run->query, &schema, error);
    if (status != WEIR_OK) return status;
    status = open_sink(run, &run->sink, insert->name_at, &schema, error);
    schema.release(&schema);
    return status;
}

enum weir_status weir_run_open_late(struct weir_run *run, struct weir_error *error) {
    struct ArrowSchema schema = {0};
    struct weir_run_sink *sink = &run->late_sink;
    sink->name = run->late_table->name;
    sink->table = run->late_table->table;
    enum weir_status status = declared_schema(sink->table, &schema, error);
    if (status != WEIR_OK) return status;
    status = open_sink(run, sink, run->session->settings.late_table_at, &schema, error);
    schema.release(&schema);
    return status;
}
