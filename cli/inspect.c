/* SPDX-License-Identifier: Apache-2.0
 *
 * weir inspect FILE: columns, rows, range of the times. Only the time columns are read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/text.h"
#include "cli/type_name.h"
#include "cli/value.h"

/* What is seen of one column. */
struct column {
    size_t time_bytes; /* 0: not a time, and not read */
    bool seen;         /* least and most are set */
    int64_t least;
    int64_t most;
    int64_t nulls;
};

struct inspection {
    struct weir_source source;
    bool open;
    struct ArrowSchema schema;
    struct column *columns;
    int32_t *selected; /* indices of the time columns */
    size_t selected_count;
    int64_t rows;
    char *describes; /* what the source says of itself; may be NULL */
};

static void inspection_state(const void *work, struct weir_progress *out) {
    const struct inspection *inspection = work;
    weir_cli_file_progress(&inspection->source, out);
}

static enum weir_status fail_memory(struct weir_error *error) {
    error->code = WEIR_ERR_MEMORY;
    snprintf(error->message, sizeof(error->message), "memory is short");
    return WEIR_ERR_MEMORY;
}

static enum weir_status open_file(struct inspection *inspection, const struct weir_cli_options *options,
                                  struct weir_error *error) {
    struct weir_source *source = &inspection->source;
    enum weir_status status = weir_cli_file_read(options, options->operands[0], source, error);
    inspection->open = status == WEIR_OK;
    if (status == WEIR_OK) status = source->schema(source->state, &inspection->schema, error);
    if (status != WEIR_OK) return status;
    size_t count = (size_t)inspection->schema.n_children;
    inspection->columns = calloc(count + 1, sizeof(*inspection->columns));
    inspection->selected = calloc(count + 1, sizeof(*inspection->selected));
    if (inspection->columns == NULL || inspection->selected == NULL) return fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        inspection->columns[i].time_bytes = weir_cli_type_time_bytes(inspection->schema.children[i]);
        if (inspection->columns[i].time_bytes > 0) inspection->selected[inspection->selected_count++] = (int32_t)i;
    }
    status = source->select(source->state, inspection->selected, inspection->selected_count, error);
    const char *describes = source->describe == NULL ? NULL : source->describe(source->state);
    inspection->describes = describes == NULL ? NULL : strdup(describes);
    return status;
}

static bool is_valid(const struct ArrowArray *array, int64_t row) {
    const uint8_t *bits = array->n_buffers > 0 ? array->buffers[0] : NULL;
    int64_t at = row + array->offset;
    return bits == NULL || (bits[at >> 3] >> (at & 7) & 1) != 0;
}

static int64_t time_at(const struct ArrowArray *array, size_t bytes, int64_t row) {
    int64_t at = row + array->offset;
    return bytes == 4 ? ((const int32_t *)array->buffers[1])[at] : ((const int64_t *)array->buffers[1])[at];
}

/* `first`: the offset of the batch itself, which its columns share. */
static void look_at(struct column *column, const struct ArrowArray *array, int64_t first, int64_t rows) {
    for (int64_t row = first; row < first + rows; row++) {
        if (!is_valid(array, row)) {
            column->nulls++;
            continue;
        }
        int64_t time = time_at(array, column->time_bytes, row);
        if (!column->seen || time < column->least) column->least = time;
        if (!column->seen || time > column->most) column->most = time;
        column->seen = true;
    }
}

static enum weir_status read_rows(struct inspection *inspection, struct weir_error *error) {
    for (;;) {
        struct ArrowArray batch = {0};
        if (weir_cli_interrupted() != 0) return WEIR_ERR_CANCELLED;
        enum weir_status status = inspection->source.next(inspection->source.state, &batch, error);
        if (status == WEIR_AGAIN) continue; /* a pipe that has nothing just now */
        if (status != WEIR_OK) return status == WEIR_END ? WEIR_OK : status;
        for (size_t i = 0; i < inspection->selected_count; i++)
            look_at(&inspection->columns[inspection->selected[i]], batch.children[i], batch.offset, batch.length);
        inspection->rows += batch.length;
        batch.release(&batch);
    }
}

/* Of an array that lies on the stack. */
static void keep(struct ArrowArray *array) { array->release = NULL; }

/* The least or greatest time as text; NULL when no row has one. The caller frees. */
static char *time_text(const struct inspection *inspection, size_t index, bool most) {
    const struct column *column = &inspection->columns[index];
    int64_t wide = most ? column->most : column->least;
    int32_t narrow = (int32_t)wide;
    const void *buffers[] = {NULL, column->time_bytes == 4 ? (const void *)&narrow : (const void *)&wide};
    struct ArrowArray one = {.length = 1, .n_buffers = 2, .buffers = buffers, .release = keep};
    if (!column->seen) return NULL;
    return weir_cli_value_text(inspection->schema.children[index], &one);
}

/* ---- the report ------------------------------------------------------------------------------------------ */

static void add_columns(const struct inspection *inspection, struct weir_cli_text *text) {
    static const char *const heads[] = {"column", "type", "from", "to", "NULL"};
    size_t count = (size_t)inspection->schema.n_children;
    struct weir_cli_table table;
    if (!weir_cli_table_init(&table, 5, weir_cli_has_colour(STDOUT_FILENO))) text->failed = true;
    for (size_t i = 0; i < table.count; i++) {
        if (!weir_cli_table_name(&table, i, heads[i], i == 4)) text->failed = true;
    }
    for (int pass = 0; !text->failed && pass < 2; pass++) {
        if (pass == 1) weir_cli_table_head(&table, text);
        for (size_t i = 0; i < count; i++) {
            const struct ArrowSchema *child = inspection->schema.children[i];
            char type[WEIR_CLI_TYPE_BYTES];
            char nulls[WEIR_CLI_COUNT_BYTES] = "";
            char *from = time_text(inspection, i, false);
            char *to = time_text(inspection, i, true);
            if (inspection->columns[i].time_bytes > 0) weir_cli_count_text(inspection->columns[i].nulls, nulls);
            const char *cells[] = {child->name == NULL ? "" : child->name, weir_cli_type_name(child, type),
                                   from == NULL ? "" : from, to == NULL ? "" : to, nulls};
            for (size_t cell = 0; cell < 5; cell++) {
                if (pass == 0)
                    weir_cli_table_measure(&table, cell, cells[cell]);
                else
                    weir_cli_table_cell(&table, cell, cells[cell], text);
            }
            free(from);
            free(to);
        }
    }
    weir_cli_table_fini(&table);
}

static void add_words(const struct inspection *inspection, const char *path, struct weir_cli_text *text) {
    char count[WEIR_CLI_COUNT_BYTES];
    weir_cli_text_print(text, "file: %s\n", path);
    if (inspection->describes != NULL) weir_cli_text_print(text, "read: %s\n", inspection->describes);
    weir_cli_text_print(text, "rows: %s\n\n", weir_cli_count_text(inspection->rows, count));
    add_columns(inspection, text);
}

static void add_json(const struct inspection *inspection, const char *path, struct weir_cli_text *text) {
    weir_cli_text_add(text, "{\n  \"file\": ");
    weir_cli_text_json(text, path);
    weir_cli_text_print(text, ",\n  \"rows\": %" PRId64 ",\n  \"columns\": [", inspection->rows);
    for (int64_t i = 0; i < inspection->schema.n_children; i++) {
        const struct ArrowSchema *child = inspection->schema.children[i];
        char type[WEIR_CLI_TYPE_BYTES];
        char *from = time_text(inspection, (size_t)i, false);
        char *to = time_text(inspection, (size_t)i, true);
        weir_cli_text_add(text, i > 0 ? ",\n    {\"name\": " : "\n    {\"name\": ");
        weir_cli_text_json(text, child->name == NULL ? "" : child->name);
        weir_cli_text_print(text, ", \"type\": \"%s\"", weir_cli_type_name(child, type));
        if (from != NULL && to != NULL) weir_cli_text_print(text, ", \"from\": \"%s\", \"to\": \"%s\"", from, to);
        if (inspection->columns[i].time_bytes > 0)
            weir_cli_text_print(text, ", \"nulls\": %" PRId64, inspection->columns[i].nulls);
        weir_cli_text_add(text, "}");
        free(from);
        free(to);
    }
    weir_cli_text_add(text, "\n  ]\n}\n");
}

/* `quote` doubled inside, as SQL wants it. */
static void add_quoted(struct weir_cli_text *text, const char *word, char quote) {
    weir_cli_text_append(text, &quote, 1);
    for (; *word != '\0'; word++) {
        if (*word == quote) weir_cli_text_append(text, &quote, 1);
        weir_cli_text_append(text, word, 1);
    }
    weir_cli_text_append(text, &quote, 1);
}

/* The format's name for WITH: from --from, else by the extension; NULL when neither tells. */
static const char *format_name(const struct weir_cli_options *options) {
    static const char *const known[][2] = {{"csv", "csv"},        {"tsv", "csv"},   {"arrow", "arrow"},
                                           {"arrows", "arrow"},   {"ipc", "arrow"}, {"feather", "arrow"},
                                           {"parquet", "parquet"}};
    for (size_t i = 0; i < options->from.count; i++) {
        if (strcmp(options->from.items[i].name, "format") == 0) return options->from.items[i].value;
    }
    const char *dot = strrchr(options->operands[0], '.');
    for (size_t i = 0; dot != NULL && i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcasecmp(known[i][0], dot + 1) == 0) return known[i][1];
    }
    return NULL;
}

static bool is_said(const struct weir_cli_options *options, const char *key) {
    for (size_t i = 0; i < options->from.count; i++) {
        if (strcmp(options->from.items[i].name, key) == 0) return true;
    }
    return false;
}

static void add_option(struct weir_cli_text *text, const char *key, const char *value) {
    weir_cli_text_add(text, ",\n  ");
    add_quoted(text, key, '\'');
    weir_cli_text_add(text, " = ");
    add_quoted(text, value, '\'');
}

/* A column that weir does not read stays as a comment: a table may leave columns of its file out. */
static void add_declared(const struct inspection *inspection, bool named, struct weir_cli_text *text) {
    int64_t count = inspection->schema.n_children, last = -1;
    for (int64_t i = 0; i < count; i++) {
        if (!named || weir_cli_type_is_read(inspection->schema.children[i])) last = i;
    }
    for (int64_t i = 0; i < count; i++) {
        const struct ArrowSchema *child = inspection->schema.children[i];
        char type[WEIR_CLI_TYPE_BYTES];
        bool is_read = weir_cli_type_is_read(child);
        weir_cli_type_name(child, type);
        if (strcmp(child->format, "n") == 0) snprintf(type, sizeof(type), "STRING"); /* of NULLs alone */
        weir_cli_text_add(text, is_read || !named ? "  " : "  -- not read yet: ");
        add_quoted(text, child->name == NULL ? "" : child->name, '`');
        weir_cli_text_print(text, " %s%s\n", type, i < last && (is_read || !named) ? "," : "");
    }
}

/* What the guess found and a declared table would not do by itself. */
static void add_csv(const struct inspection *inspection, const struct weir_cli_options *options,
                    struct weir_cli_text *text) {
    static const char between[] = "separated by '";
    const char *found = inspection->describes == NULL ? NULL : strstr(inspection->describes, between);
    bool times = false;
    for (int64_t i = 0; i < inspection->schema.n_children; i++)
        times = times || strncmp(inspection->schema.children[i]->format, "ts", 2) == 0;
    if (found != NULL && !is_said(options, "csv.field-delimiter")) {
        char delimiter[3] = "";
        found += sizeof(between) - 1;
        snprintf(delimiter, sizeof(delimiter), "%.*s", found[0] == '\\' ? 2 : 1, found);
        add_option(text, "csv.field-delimiter", delimiter);
    }
    if (!is_said(options, "csv.header")) add_option(text, "csv.header", "auto");
    if (!is_said(options, "csv.null-literal")) add_option(text, "csv.null-literal", "");
    if (times && !is_said(options, "csv.timestamp-format.standard"))
        add_option(text, "csv.timestamp-format.standard", "ISO-8601");
}

static bool add_sql(const struct inspection *inspection, const struct weir_cli_options *options,
                    struct weir_cli_text *text) {
    const char *format = format_name(options);
    if (format == NULL) {
        weir_cli_say("error: the name '%s' does not tell the format; say it: --from format=csv",
                     options->operands[0]);
        return false;
    }
    bool csv = strcmp(format, "csv") == 0;
    weir_cli_text_add(text, "CREATE TABLE t (\n");
    add_declared(inspection, !csv, text);
    weir_cli_text_add(text, ") WITH (\n  'connector' = 'filesystem'");
    add_option(text, "path", options->operands[0]);
    add_option(text, "format", format);
    for (size_t i = 0; i < options->from.count; i++) {
        const struct weir_cli_pair *pair = &options->from.items[i];
        if (strcmp(pair->name, "format") != 0) add_option(text, pair->name, pair->value);
    }
    if (csv) add_csv(inspection, options, text);
    weir_cli_text_add(text, "\n);\n");
    return true;
}

static void close_file(struct inspection *inspection) {
    if (inspection->schema.release != NULL) inspection->schema.release(&inspection->schema);
    if (inspection->open) inspection->source.close(inspection->source.state);
    free(inspection->columns);
    free(inspection->selected);
    free(inspection->describes);
}

static int report(const struct inspection *inspection, const struct weir_cli_options *options) {
    struct weir_cli_text text = {0};
    bool done = true;
    if (options->sql)
        done = add_sql(inspection, options, &text);
    else if (options->json)
        add_json(inspection, options->operands[0], &text);
    else
        add_words(inspection, options->operands[0], &text);
    if (done) done = weir_cli_text_out(&text);
    weir_cli_text_fini(&text);
    return done ? WEIR_CLI_DONE : WEIR_CLI_FAILED;
}

int weir_cli_inspect(const struct weir_cli_options *options) {
    struct inspection inspection = {0};
    struct weir_error error = {0};
    int exit_code = WEIR_CLI_FAILED;
    enum weir_status status = open_file(&inspection, options, &error);
    if (status == WEIR_OK) {
        weir_cli_interrupt_watch(NULL);
        weir_cli_progress_begin(inspection_state, &inspection);
        status = read_rows(&inspection, &error);
        weir_cli_progress_end();
        weir_cli_interrupt_unwatch();
    }
    if (status == WEIR_OK)
        exit_code = report(&inspection, options);
    else if (weir_cli_interrupted() != 0)
        exit_code = 128 + weir_cli_interrupted();
    else
        weir_cli_say_error(&error, NULL, NULL);
    close_file(&inspection);
    return exit_code;
}
