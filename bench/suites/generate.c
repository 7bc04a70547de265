/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_generate NAME ROWS FILE: writes the rows of a suite as an Arrow file, `1brc` as text. See suite.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/arena.h"
#include "base/attributes.h"
#include "base/error.h"
#include "bench/suites/suite.h"
#include "weir/weir.h"

#define BATCH_ROWS 65536
#define ROWS_MAX INT64_C(1000000000000)

static const struct weir_suite *const suites[] = {
    &weir_suite_ysb,  &weir_suite_nexmark,   &weir_suite_newcomers, &weir_suite_cluster, &weir_suite_grid,
    &weir_suite_road, &weir_suite_equipment, &weir_suite_groups,    &weir_suite_shapes,  &weir_suite_recorded,
};

/* One column of a batch, and the entries of its dictionary. */
struct column {
    struct ArrowSchema schema, words_schema;
    struct ArrowArray array, words;
    const void *buffers[3], *words_buffers[3];
    int32_t *offsets; /* of the entries; of strings */
    char *text;
    void *values;
};

struct table {
    struct weir_arena arena; /* has all that columns point at */
    const struct weir_suite *suite;
    int64_t rows;
    int64_t count; /* of columns */
    struct column columns[WEIR_SUITE_COLUMNS_MAX];
    struct ArrowSchema *schemas[WEIR_SUITE_COLUMNS_MAX];
    struct ArrowArray *arrays[WEIR_SUITE_COLUMNS_MAX];
    struct ArrowSchema schema;
};

static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void keep_array(struct ArrowArray *array) { array->release = NULL; }

static bool make_words(struct weir_arena *arena, const struct weir_suite_column *what, int64_t rows,
                       struct column *column) {
    int64_t words = what->words < 0 ? (rows + 99) / 100 : what->words;
    column->offsets = weir_arena_alloc(arena, ((size_t)words + 1) * sizeof(*column->offsets));
    column->text = weir_arena_alloc(arena, (size_t)words * WEIR_SUITE_WORD_BYTES + 1);
    if (column->offsets == NULL || column->text == NULL) return false;
    int32_t used = 0;
    for (int64_t i = 0; i < words; i++) {
        char word[WEIR_SUITE_WORD_BYTES];
        what->word(i, word);
        size_t bytes = strlen(word);
        column->offsets[i] = used;
        memcpy(column->text + used, word, bytes);
        used += (int32_t)bytes;
    }
    column->offsets[words] = used;
    column->words_buffers[1] = column->offsets;
    column->words_buffers[2] = column->text;
    column->words = (struct ArrowArray){
        .length = words, .n_buffers = 3, .buffers = column->words_buffers, .release = keep_array};
    column->words_schema =
        (struct ArrowSchema){.format = "u", .name = "", .flags = ARROW_FLAG_NULLABLE, .release = keep_schema};
    column->schema.dictionary = &column->words_schema;
    return true;
}

static bool is_text(const struct weir_suite_column *what) { return strcmp(what->format, "u") == 0; }

static bool make_text(struct weir_arena *arena, struct column *column) {
    column->offsets = weir_arena_alloc(arena, (BATCH_ROWS + 1) * sizeof(*column->offsets));
    column->text = weir_arena_alloc(arena, (size_t)BATCH_ROWS * WEIR_SUITE_WORD_BYTES);
    column->buffers[1] = column->offsets;
    column->buffers[2] = column->text;
    return column->offsets != NULL && column->text != NULL;
}

static bool make_column(struct weir_arena *arena, const struct weir_suite_column *what, int64_t rows,
                        struct column *column) {
    column->schema = (struct ArrowSchema){.format = what->format, .name = what->name, .release = keep_schema};
    column->values = weir_arena_array(arena, BATCH_ROWS, sizeof(int64_t));
    column->buffers[1] = column->values;
    if (column->values == NULL) return false;
    if (is_text(what)) return make_text(arena, column);
    return what->words == 0 || make_words(arena, what, rows, column);
}

static bool make_table(const struct weir_suite *suite, int64_t rows, struct table *table) {
    bool ok = true;
    weir_arena_init(&table->arena, 1 << 20);
    table->suite = suite;
    table->rows = rows;
    while (ok && table->count < WEIR_SUITE_COLUMNS_MAX && suite->columns[table->count].name != NULL) {
        int64_t at = table->count++;
        ok = make_column(&table->arena, &suite->columns[at], rows, &table->columns[at]);
        table->schemas[at] = &table->columns[at].schema;
        table->arrays[at] = &table->columns[at].array;
    }
    table->schema = (struct ArrowSchema){
        .format = "+s", .name = "", .n_children = table->count, .children = table->schemas, .release = keep_schema};
    return ok;
}

/* The strings of the numbers that were filled in. */
static void write_text(const struct weir_suite_column *what, struct column *column) {
    const int64_t *numbers = column->values;
    int32_t used = 0;
    for (int64_t i = 0; i < column->array.length; i++) {
        column->offsets[i] = used;
        what->word(numbers[i], column->text + used);
        used += (int32_t)strlen(column->text + used);
    }
    column->offsets[column->array.length] = used;
    column->array.n_buffers = 3;
}

static struct ArrowArray fill_batch(struct table *table, int64_t first) {
    static const void *no_validity[1];
    struct weir_suite_rows rows = {.first = first, .count = table->rows - first, .total = table->rows};
    if (rows.count > BATCH_ROWS) rows.count = BATCH_ROWS;
    for (int64_t i = 0; i < table->count; i++) {
        struct column *column = &table->columns[i];
        rows.columns[i] = column->values;
        column->array = (struct ArrowArray){
            .length = rows.count, .n_buffers = 2, .buffers = column->buffers, .release = keep_array};
        if (column->schema.dictionary != NULL) column->array.dictionary = &column->words;
    }
    table->suite->fill(&rows);
    for (int64_t i = 0; i < table->count; i++) {
        if (is_text(&table->suite->columns[i])) write_text(&table->suite->columns[i], &table->columns[i]);
    }
    return (struct ArrowArray){.length = rows.count,
                               .n_buffers = 1,
                               .n_children = table->count,
                               .buffers = no_validity,
                               .children = table->arrays,
                               .release = keep_array};
}

static enum weir_status write_table(struct table *table, const char *path, struct weir_error *error) {
    const struct weir_option options[2] = {{.key = "path", .value = path}, {.key = "format", .value = "arrow"}};
    const struct weir_sink_request request = {
        .struct_size = sizeof(request), .options = options, .options_count = 2, .schema = &table->schema};
    const struct weir_connector *files = weir_connector_filesystem();
    struct weir_sink sink;
    enum weir_status status = files->open_sink(files->user, &request, &sink, error);
    if (status != WEIR_OK) return status;
    for (int64_t first = 0; first < table->rows && status == WEIR_OK; first += BATCH_ROWS) {
        struct ArrowArray batch = fill_batch(table, first);
        status = sink.write(sink.state, &batch, error);
    }
    if (status == WEIR_OK) status = sink.finish(sink.state, error);
    sink.close(sink.state);
    return status;
}

static enum weir_status generate(const char *name, int64_t rows, const char *path, struct weir_error *error) {
    if (strcmp(name, "1brc") == 0) {
        if (weir_suite_write_stations(path, rows)) return WEIR_OK;
        return weir_error_set(error, WEIR_ERR_IO, "'%s' cannot be written", path);
    }
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(suites); i++) {
        if (strcmp(suites[i]->name, name) != 0) continue;
        struct table table = {.count = 0};
        enum weir_status status = WEIR_OK;
        if (!make_table(suites[i], rows, &table)) {
            status = weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the columns of '%s'", name);
        }
        if (status == WEIR_OK) status = write_table(&table, path, error);
        weir_arena_fini(&table.arena);
        return status;
    }
    char names[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(suites) && used < sizeof(names); i++) {
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s, ", suites[i]->name);
    }
    return weir_error_set(error, WEIR_ERR_INVALID, "no rows are called '%s'; there are %s1brc", name, names);
}

int main(int argc, char **argv) {
    char *end = NULL;
    int64_t rows = argc == 4 ? strtoll(argv[2], &end, 10) : 0;
    if (rows < 1 || rows > ROWS_MAX || *end != 0) {
        fprintf(stderr, "usage: %s NAME ROWS FILE\n", argv[0]);
        return 2;
    }
    struct weir_error error = {0};
    if (generate(argv[1], rows, argv[3], &error) == WEIR_OK) return 0;
    fprintf(stderr, "%s: %s\n", argv[0], error.message);
    return 1;
}
