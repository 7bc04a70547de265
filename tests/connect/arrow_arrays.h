/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrays of any type with random content in tests, to be written: their rows begin at an offset into buffers that
 * hold other values before and after.
 */
#ifndef WEIR_TESTS_ARROW_ARRAYS_H
#define WEIR_TESTS_ARROW_ARRAYS_H

#include "tests/connect/arrow_files.h"

struct array_options {
    int64_t rows;
    int64_t offset;
    int32_t null_percent; /* 0: no bitmap */
    int32_t words;        /* entries of a dictionary; 0: 10 */
};

struct array_memory {
    void *buffers[3];
    struct ArrowArray dictionary;
};

static inline void release_array(struct ArrowArray *array) {
    struct array_memory *memory = array->private_data;
    for (int i = 0; i < 3; i++) free(memory->buffers[i]);
    if (memory->dictionary.release != NULL) memory->dictionary.release(&memory->dictionary);
    free(memory);
    array->release = NULL;
}

static inline void *random_bytes(size_t bytes, uint64_t *seed) {
    uint8_t *data = malloc(bytes + 8);
    assert_non_null(data);
    for (size_t i = 0; i < bytes; i++) data[i] = (uint8_t)(next_random(seed) >> 24);
    return data;
}

static inline void fill_text(struct array_memory *memory, int64_t count, bool large, uint64_t *seed) {
    struct text text = {0};
    uint8_t *offsets = malloc(((size_t)count + 1) * 8);
    assert_non_null(offsets);
    text_add(&text, "in front", 8); /* the first offset need not be 0 */
    for (int64_t i = 0; i <= count; i++) {
        int64_t end = (int64_t)text.bytes;
        memcpy(offsets + (size_t)i * (large ? 8 : 4), &end, large ? 8 : 4);
        size_t length = next_random(seed) % 12;
        for (size_t j = 0; j < length; j++) text_add(&text, &(char){(char)('a' + next_random(seed) % 26)}, 1);
    }
    memory->buffers[1] = offsets;
    memory->buffers[2] = text.data;
}

static inline void fill_codes(struct array_memory *memory, int64_t count, size_t width, int32_t words,
                              uint64_t *seed) {
    uint8_t *codes = calloc((size_t)count + 1, width);
    assert_non_null(codes);
    for (int64_t i = 0; i < count; i++) {
        uint64_t code = next_random(seed) % (uint64_t)words;
        memcpy(codes + (size_t)i * width, &code, width);
    }
    memory->buffers[1] = codes;
}

/* An array of a format; `words`: the format of a dictionary's values, or NULL. */
static inline struct ArrowArray make_array(const char *format, const char *words, struct array_options options,
                                           uint64_t *seed) {
    int64_t count = options.offset + options.rows + 3;
    struct array_memory *memory = calloc(1, sizeof(*memory));
    assert_non_null(memory);
    bool is_text = strchr("uUzZ", format[0]) != NULL;
    struct ArrowArray array = {.length = options.rows,
                               .offset = options.offset,
                               .n_buffers = format[0] == 'n' ? 0
                                            : is_text        ? 3
                                                             : 2,
                               .null_count = options.null_percent == 0 ? 0 : -1,
                               .buffers = (const void **)memory->buffers,
                               .release = release_array,
                               .private_data = memory};
    if (format[0] == 'n') return array;
    if (options.null_percent > 0) {
        uint8_t *bits = calloc((size_t)count / 8 + 1, 1);
        assert_non_null(bits);
        for (int64_t i = 0; i < count; i++) {
            bool valid = next_random(seed) % 100 >= (uint64_t)options.null_percent;
            bits[i / 8] |= (uint8_t)(valid << (i % 8));
        }
        memory->buffers[0] = bits;
    }
    if (words != NULL) {
        struct array_options entries = {
            .rows = options.words == 0 ? 10 : options.words, .offset = 2, .null_percent = options.null_percent / 2};
        memory->dictionary = make_array(words, NULL, entries, seed);
        array.dictionary = &memory->dictionary;
        fill_codes(memory, count, width_of(format), (int32_t)entries.rows, seed);
    } else if (is_text) {
        fill_text(memory, count, format[0] == 'U' || format[0] == 'Z', seed);
    } else {
        memory->buffers[1] =
            random_bytes(format[0] == 'b' ? (size_t)count / 8 + 1 : (size_t)count * width_of(format), seed);
    }
    return array;
}

/* ---- tables
 * --------------------------------------------------------------------------------------------------------- */

#define TABLE_COLUMNS_MAX 48

/* A schema in the caller's storage; nothing to release. */
struct table {
    struct ArrowSchema schema;
    struct ArrowSchema columns[TABLE_COLUMNS_MAX];
    struct ArrowSchema words[TABLE_COLUMNS_MAX];
    struct ArrowSchema *children[TABLE_COLUMNS_MAX];
};

static inline void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }

static inline void table_add(struct table *table, const char *name, const char *format, const char *words) {
    int64_t i = table->schema.n_children++;
    assert_true(i < TABLE_COLUMNS_MAX);
    table->schema.format = "+s";
    table->schema.children = table->children;
    table->schema.release = release_nothing;
    table->children[i] = &table->columns[i];
    table->columns[i] = (struct ArrowSchema){
        .format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .release = release_nothing};
    if (words == NULL) return;
    table->words[i] = (struct ArrowSchema){.format = words, .name = "", .release = release_nothing};
    table->columns[i].dictionary = &table->words[i];
}

/* Rows of a table: children with offsets of their own within a struct that has one too. */
struct rows {
    struct ArrowArray array;
    struct ArrowArray columns[TABLE_COLUMNS_MAX];
    struct ArrowArray *children[TABLE_COLUMNS_MAX];
    const void *buffers[1];
};

static inline void rows_init(struct rows *rows, const struct table *table, struct array_options options,
                             int64_t skip, uint64_t *seed) {
    *rows = (struct rows){0};
    options.rows += skip;
    for (int64_t i = 0; i < table->schema.n_children; i++) {
        struct array_options own = options;
        own.offset += i % 3;
        const struct ArrowSchema *words = table->columns[i].dictionary;
        rows->columns[i] = make_array(table->columns[i].format, words == NULL ? NULL : words->format, own, seed);
        rows->children[i] = &rows->columns[i];
    }
    rows->array = (struct ArrowArray){.length = options.rows - skip,
                                      .offset = skip,
                                      .n_buffers = 1,
                                      .n_children = table->schema.n_children,
                                      .buffers = rows->buffers,
                                      .children = rows->children};
}

static inline void rows_fini(struct rows *rows) {
    for (int64_t i = 0; i < rows->array.n_children; i++) rows->columns[i].release(&rows->columns[i]);
}

/* ---- writing
 * -------------------------------------------------------------------------------------------------------- */

static inline struct weir_sink must_open_sink(const char *path, const struct table *table, const char *compression,
                                              const char *batch_rows) {
    struct weir_option options[2];
    size_t count = 0;
    if (compression != NULL) options[count++] = (struct weir_option){"arrow.compression", compression, 1, 1};
    if (batch_rows != NULL) options[count++] = (struct weir_option){"arrow.batch-rows", batch_rows, 1, 1};
    struct weir_sink_request request = {
        .struct_size = sizeof(request), .options = options, .options_count = count, .schema = &table->schema};
    struct weir_sink sink;
    struct weir_error error = {0};
    if (weir_format_arrow()->open_writer(path, &request, &sink, &error) != WEIR_OK) fail_msg("%s", error.message);
    return sink;
}

static inline void must_write(struct weir_sink *sink, const struct rows *rows) {
    struct weir_error error = {0};
    if (sink->write(sink->state, &rows->array, &error) != WEIR_OK) fail_msg("%s", error.message);
}

static inline void must_finish(struct weir_sink *sink) {
    struct weir_error error = {0};
    if (sink->finish(sink->state, &error) != WEIR_OK) fail_msg("%s", error.message);
    sink->close(sink->state);
}

/* A column of each type that is carried, and each kind of dictionary. */
static inline void add_all_types(struct table *table) {
    static const char *const formats[] = {
        "n",   "b",   "c",   "C",   "s",   "S",    "i",       "I",      "l",
        "L",   "f",   "g",   "u",   "U",   "z",    "Z",       "d:30,3", "tdD",
        "tdm", "tts", "ttm", "ttu", "ttn", "tss:", "tsm:UTC", "tsu:",   "tsn:Europe/Zurich",
        "tiM", "tDm"};
    static const char *const codes[] = {"c", "C", "s", "S", "i", "I", "l", "L"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) table_add(table, formats[i], formats[i], NULL);
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        table_add(table, "dictionary", codes[i], i % 2 == 0 ? "u" : "U");
    }
}

#endif
