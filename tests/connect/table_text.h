/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests of connectors: files in a folder of their own, a table opened through the connector 'filesystem', and
 * its rows as one text: cells separated by '|', rows by '\n', NULL as "<null>".
 */
#ifndef WEIR_TESTS_TABLE_TEXT_H
#define WEIR_TESTS_TABLE_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/type.h"
#include "weir/weir.h"

#define ROOM 4096

struct text {
    char *data;
    size_t used, room;
};

static inline void text_add(struct text *text, const char *data, size_t length) {
    if (text->used + length + 1 > text->room) {
        text->room = (text->used + length + 1) * 2;
        text->data = realloc(text->data, text->room);
        assert_non_null(text->data);
    }
    memcpy(text->data + text->used, data, length);
    text->used += length;
    text->data[text->used] = 0;
}

/* ---- files ------------------------------------------------------------------------------------------------------
 */

static char folder[64];

static inline int make_folder(void **state) {
    (void)state;
    strcpy(folder, "/tmp/weir-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state) {
    (void)state;
    char command[128];
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    return system(command);
}

/* The path of a name in the folder; static, four at a time. */
static inline const char *in_folder(const char *name) {
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static inline void write_bytes(const char *name, const void *data, size_t length) {
    FILE *file = fopen(in_folder(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline void write_text(const char *name, const char *data) { write_bytes(name, data, strlen(data)); }

static inline char *read_text(const char *name) {
    FILE *file = fopen(in_folder(name), "rb");
    struct text text = {0};
    char block[ROOM];
    size_t got;
    assert_non_null(file);
    text_add(&text, "", 0);
    while ((got = fread(block, 1, sizeof(block), file)) > 0) text_add(&text, block, got);
    fclose(file);
    return text.data;
}

/* ---- tables -----------------------------------------------------------------------------------------------------
 */

/* "a INT, b TIMESTAMP(3)" -> a schema. Types: those below; a trailing '!' is NOT NULL. */
static inline struct weir_type type_named(const char *name) {
    static const struct {
        const char *name;
        enum weir_type_id id;
    } names[] = {{"BOOLEAN", WEIR_TYPE_BOOLEAN}, {"TINYINT", WEIR_TYPE_TINYINT}, {"SMALLINT", WEIR_TYPE_SMALLINT},
                 {"INT", WEIR_TYPE_INT},         {"BIGINT", WEIR_TYPE_BIGINT},   {"FLOAT", WEIR_TYPE_FLOAT},
                 {"DOUBLE", WEIR_TYPE_DOUBLE},   {"DATE", WEIR_TYPE_DATE},       {"TIME", WEIR_TYPE_TIME},
                 {"STRING", WEIR_TYPE_STRING},   {"BYTES", WEIR_TYPE_BYTES}};
    int a, b;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].name, name) == 0) return weir_type_of(names[i].id);
    }
    if (sscanf(name, "DECIMAL(%d;%d)", &a, &b) == 2) return weir_type_decimal(a, b);
    if (sscanf(name, "TIMESTAMP(%d)", &a) == 1) return weir_type_timestamp(a);
    assert_int_equal(sscanf(name, "LTZ(%d)", &a), 1);
    struct weir_type type = weir_type_timestamp(a);
    type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    return type;
}

static inline void make_schema(const char *columns, struct ArrowSchema *out) {
    char copy[512], *rest = copy, *part;
    const char *names[32];
    struct weir_type types[32];
    size_t count = 0;
    snprintf(copy, sizeof(copy), "%s", columns);
    while ((part = strsep(&rest, ",")) != NULL) {
        while (*part == ' ') part++;
        char *type = strchr(part, ' ');
        *type++ = 0;
        bool not_null = type[strlen(type) - 1] == '!';
        if (not_null) type[strlen(type) - 1] = 0;
        names[count] = part;
        types[count] = type_named(type);
        types[count++].nullable = !not_null;
    }
    assert_int_equal(weir_schema_export(names, types, count, out, NULL), WEIR_OK);
}

struct table {
    struct weir_error error;
    enum weir_status status; /* of opening, or of the first next that failed */
    struct weir_source source;
    struct weir_source_progress progress; /* at the end */
    int64_t batches;
    char *rows;  /* "a|b\n...", malloc'd */
    char *types; /* "a BIGINT, b STRING" */
};

/* options: "key=value" strings up to NULL; path is set from `name` unless it is NULL. */
static inline size_t split_options(const char *const *pairs, const char *name, struct weir_option *options,
                                   char keys[][320]) {
    size_t count = 0;
    if (name)
        options[count++] = (struct weir_option){.key = "path", .value = in_folder(name), .line = 1, .column = 1};
    for (; pairs && *pairs; pairs++, count++) {
        snprintf(keys[count], sizeof(keys[0]), "%s", *pairs);
        char *value = strchr(keys[count], '=');
        *value++ = 0;
        options[count] = (struct weir_option){keys[count], value, (int32_t)count + 1, 7};
    }
    return count;
}

/* How tables are opened: with columns of strings declared as dictionaries; for a caller who takes them. */
static bool table_coded, table_dictionaries;

static inline void table_open(struct table *table, const char *name, const char *columns, const char *const *pairs,
                              int64_t batch_rows) {
    struct weir_option options[16];
    char keys[16][320];
    struct ArrowSchema schema = {0};
    memset(table, 0, sizeof(*table));
    struct weir_source_request request = {.struct_size = sizeof(request),
                                          .options = options,
                                          .batch_rows = batch_rows,
                                          .threads = 1,
                                          .plain_io = true,
                                          .dictionaries = table_dictionaries};
    request.options_count = split_options(pairs, name, options, keys);
    if (columns) {
        make_schema(columns, &schema);
        for (int64_t i = 0; table_coded && i < schema.n_children; i++) {
            if (strcmp(schema.children[i]->format, "u") == 0)
                assert_int_equal(weir_schema_code(schema.children[i], NULL), WEIR_OK);
        }
        request.schema = &schema;
    }
    const struct weir_connector *connector = weir_connector_filesystem();
    table->status = connector->open_source(connector->user, &request, &table->source, &table->error);
    memset(keys, 0, sizeof(keys)); /* nothing of the request may be used later */
    if (schema.release) schema.release(&schema);
}

static inline void text_add_cell(struct text *text, const struct ArrowSchema *schema,
                                 const struct ArrowArray *array, int64_t row) {
    size_t length;
    enum weir_status status = weir_value_format(schema, array, row, NULL, 0, &length);
    if (status == WEIR_END) {
        text_add(text, "<null>", 6);
        return;
    }
    assert_int_equal(status, WEIR_OK);
    char *cell = malloc(length + 1);
    assert_non_null(cell);
    assert_int_equal(weir_value_format(schema, array, row, cell, length, &length), WEIR_OK);
    text_add(text, cell, length);
    free(cell);
}

static inline void table_types(struct table *table, const struct ArrowSchema *schema) {
    struct text types = {0};
    text_add(&types, "", 0);
    for (int64_t i = 0; i < schema->n_children; i++) {
        char name[WEIR_TYPE_NAME_BYTES];
        struct weir_layout layout;
        assert_int_equal(weir_layout_import(schema->children[i], &layout, NULL), WEIR_OK);
        weir_type_name(layout.type, false, name, sizeof(name));
        if (i > 0) text_add(&types, ", ", 2);
        text_add(&types, schema->children[i]->name, strlen(schema->children[i]->name));
        text_add(&types, " ", 1);
        text_add(&types, name, strlen(name));
    }
    table->types = types.data;
}

/* Reads all that an open table has, and closes it. select: NULL, or columns with count. */
static inline void table_read(struct table *table, const int32_t *select, size_t count) {
    struct ArrowSchema schema;
    struct text rows = {0};
    if (table->status != WEIR_OK) return;
    text_add(&rows, "", 0);
    struct weir_source *source = &table->source;
    assert_int_equal(source->schema(source->state, &schema, &table->error), WEIR_OK);
    table_types(table, &schema);
    if (select) assert_int_equal(source->select(source->state, select, count, &table->error), WEIR_OK);
    for (;;) {
        struct ArrowArray batch;
        table->status = source->next(source->state, &batch, &table->error);
        if (table->status != WEIR_OK) break;
        table->batches++;
        assert_true(batch.length > 0);
        for (int64_t row = 0; row < batch.length; row++) {
            for (int64_t i = 0; i < batch.n_children; i++) {
                if (i > 0) text_add(&rows, "|", 1);
                text_add_cell(&rows, schema.children[select ? select[i] : i], batch.children[i], row);
            }
            text_add(&rows, "\n", 1);
        }
        batch.release(&batch);
    }
    if (table->status == WEIR_END) table->status = WEIR_OK;
    source->progress(source->state, &table->progress);
    if (source->describe) assert_non_null(source->describe(source->state));
    source->close(source->state);
    schema.release(&schema);
    table->rows = rows.data;
}

static inline void table_free(struct table *table) {
    free(table->rows);
    free(table->types);
    table->rows = table->types = NULL;
}

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* One file's text through a table: the rows must be these. */
static inline void expect_rows(const char *file, const char *columns, const char *const *pairs, const char *rows) {
    struct table table;
    write_text("table.csv", file);
    table_open(&table, "table.csv", columns, pairs, 1000);
    table_read(&table, NULL, 0);
    if (table.status != WEIR_OK) fail_msg("%s", table.error.message);
    assert_string_equal(table.rows, rows);
    table_free(&table);
}

/* The same: it must fail, with this in its message. */
static inline void expect_error(const char *file, const char *columns, const char *const *pairs, const char *part) {
    struct table table;
    write_text("table.csv", file);
    table_open(&table, "table.csv", columns, pairs, 1000);
    table_read(&table, NULL, 0);
    if (table.status == WEIR_OK) fail_msg("no error, rows:\n%s", table.rows);
    if (!strstr(table.error.message, part)) fail_msg("'%s' is not in: %s", part, table.error.message);
    table_free(&table);
}

/* ---- sinks ------------------------------------------------------------------------------------------------------
 */

/* Everything of table `from` (columns as given) into file `to`; the status of the first call that failed. */
static inline enum weir_status copy_table(const char *from, const char *columns, const char *const *from_pairs,
                                          const char *to, const char *const *to_pairs, struct weir_error *error) {
    struct weir_option options[16];
    char keys[16][320];
    struct table table;
    struct ArrowSchema schema;
    struct weir_sink sink;
    table_open(&table, from, columns, from_pairs, 3);
    if (table.status != WEIR_OK) fail_msg("%s", table.error.message);
    assert_int_equal(table.source.schema(table.source.state, &schema, NULL), WEIR_OK);
    struct weir_sink_request request = {.struct_size = sizeof(request), .options = options, .schema = &schema};
    request.options_count = split_options(to_pairs, to, options, keys);
    const struct weir_connector *connector = weir_connector_filesystem();
    enum weir_status status = connector->open_sink(connector->user, &request, &sink, error);
    bool is_open = status == WEIR_OK;
    schema.release(&schema);
    while (status == WEIR_OK) {
        struct ArrowArray batch;
        status = table.source.next(table.source.state, &batch, error);
        if (status != WEIR_OK) break;
        status = sink.write(sink.state, &batch, error);
        batch.release(&batch);
    }
    if (status == WEIR_END) status = sink.finish(sink.state, error);
    if (is_open) sink.close(sink.state);
    table.source.close(table.source.state);
    return status;
}

#endif
