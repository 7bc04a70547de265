/* SPDX-License-Identifier: Apache-2.0
 *
 * IPC streams made message by message in tests, right or wrong in any place.
 */
#ifndef WEIR_TESTS_ARROW_CRAFTED_H
#define WEIR_TESTS_ARROW_CRAFTED_H

#include "connect/arrow_schema.h"
#include "connect/flatbuffer.h"
#include "tests/connect/arrow_arrays.h"

/* A stream being made. */
struct craft {
    struct text bytes;
    struct weir_flat_builder builder;
    bool legacy; /* without the continuation word */
};

static inline void craft_fini(struct craft *craft) {
    text_fini(&craft->bytes);
    weir_flat_fini(&craft->builder);
}

/* A Message table; the caller adds and links its header (field 2). */
static inline size_t craft_begin(struct craft *craft, int version, int kind, int64_t body_bytes) {
    weir_flat_begin(&craft->builder);
    size_t message = weir_flat_add_table(&craft->builder, (const uint8_t[]){2, 1, 4, 8}, 4);
    weir_flat_link(&craft->builder, 0, message);
    weir_flat_put_field(&craft->builder, message, 0, 2, version);
    weir_flat_put_field(&craft->builder, message, 1, 1, kind);
    weir_flat_put_field(&craft->builder, message, 3, 8, body_bytes);
    return message;
}

static inline void craft_end(struct craft *craft, const void *body, size_t body_bytes) {
    static const char zeros[8];
    size_t padding = (8 - (craft->builder.bytes + (craft->legacy ? 4 : 0)) % 8) % 8;
    uint32_t length = (uint32_t)(craft->builder.bytes + padding);
    assert_false(craft->builder.failed);
    if (!craft->legacy) text_add(&craft->bytes, "\xFF\xFF\xFF\xFF", 4);
    text_add(&craft->bytes, (const char *)&length, 4);
    text_add(&craft->bytes, (const char *)craft->builder.data, craft->builder.bytes);
    text_add(&craft->bytes, zeros, padding);
    if (body_bytes > 0) text_add(&craft->bytes, body, body_bytes);
}

static inline void craft_schema(struct craft *craft, const struct table *table) {
    struct weir_arrow_schema schema = {0};
    struct weir_error error;
    assert_int_equal(weir_arrow_schema_import(&table->schema, &schema, &error), WEIR_OK);
    size_t message = craft_begin(craft, 4, 1, 0);
    weir_flat_link_field(&craft->builder, message, 2, weir_arrow_schema_write(&schema, &craft->builder));
    craft_end(craft, NULL, 0);
    weir_arrow_schema_fini(&schema);
}

/* What a RecordBatch table says. */
struct craft_batch {
    int64_t rows;
    const int64_t *nodes; /* rows and NULLs of each */
    size_t nodes_count;
    const int64_t *buffers; /* offset and length of each */
    size_t buffers_count;
    const int64_t *variadics;
    size_t variadics_count;
    const void *body;
    size_t body_bytes;
    bool compressed;
    int codec;
    int method;
};

static inline size_t craft_longs(struct craft *craft, const int64_t *values, size_t count, size_t element_bytes) {
    size_t vector = weir_flat_add_vector(&craft->builder, count * 8 / element_bytes, element_bytes, 8);
    for (size_t i = 0; i < count; i++) weir_flat_put(&craft->builder, vector + 4 + 8 * i, 8, values[i]);
    return vector;
}

static inline size_t craft_batch_table(struct craft *craft, const struct craft_batch *batch) {
    struct weir_flat_builder *builder = &craft->builder;
    uint8_t compression = batch->compressed ? 4 : 0, variadics = batch->variadics_count > 0 ? 4 : 0;
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){8, 4, 4, compression, variadics}, 5);
    weir_flat_put_field(builder, table, 0, 8, batch->rows);
    weir_flat_link_field(builder, table, 1, craft_longs(craft, batch->nodes, batch->nodes_count * 2, 16));
    weir_flat_link_field(builder, table, 2, craft_longs(craft, batch->buffers, batch->buffers_count * 2, 16));
    if (batch->compressed) {
        size_t body = weir_flat_add_table(builder, (const uint8_t[]){1, 1}, 2);
        weir_flat_put_field(builder, body, 0, 1, batch->codec);
        weir_flat_put_field(builder, body, 1, 1, batch->method);
        weir_flat_link_field(builder, table, 3, body);
    }
    if (variadics > 0) {
        weir_flat_link_field(builder, table, 4, craft_longs(craft, batch->variadics, batch->variadics_count, 8));
    }
    return table;
}

static inline void craft_record_batch(struct craft *craft, const struct craft_batch *batch) {
    size_t message = craft_begin(craft, 4, 3, (int64_t)batch->body_bytes);
    weir_flat_link_field(&craft->builder, message, 2, craft_batch_table(craft, batch));
    craft_end(craft, batch->body, batch->body_bytes);
}

static inline void craft_dictionary(struct craft *craft, int64_t id, bool is_delta,
                                    const struct craft_batch *batch) {
    size_t message = craft_begin(craft, 4, 2, (int64_t)batch->body_bytes);
    size_t dictionary = weir_flat_add_table(&craft->builder, (const uint8_t[]){8, 4, 1}, 3);
    weir_flat_link_field(&craft->builder, message, 2, dictionary);
    weir_flat_put_field(&craft->builder, dictionary, 0, 8, id);
    weir_flat_put_field(&craft->builder, dictionary, 2, 1, is_delta);
    weir_flat_link_field(&craft->builder, dictionary, 1, craft_batch_table(craft, batch));
    craft_end(craft, batch->body, batch->body_bytes);
}

/* A dictionary batch of words; "-" is NULL. */
static inline void craft_words(struct craft *craft, int64_t id, bool is_delta, const char *const *words,
                               size_t count) {
    struct text body = {0}, text = {0};
    uint64_t validity = 0;
    int32_t offsets[64] = {0};
    for (size_t i = 0; i < count; i++) {
        bool is_null = strcmp(words[i], "-") == 0;
        validity |= (uint64_t)!is_null << i;
        if (!is_null) text_add(&text, words[i], strlen(words[i]));
        offsets[i + 1] = (int32_t)text.bytes;
    }
    text_add(&body, (const char *)&validity, 8);
    text_add(&body, (const char *)offsets, sizeof(offsets));
    text_add(&body, text.data == NULL ? "" : text.data, text.bytes);
    text_add(&body, "\0\0\0\0\0\0\0", (8 - body.bytes % 8) % 8);
    int64_t nulls = (int64_t)count - __builtin_popcountll(validity);
    int64_t buffers[] = {0, 8, 8, sizeof(offsets), 8 + sizeof(offsets), (int64_t)text.bytes};
    craft_dictionary(craft, id, is_delta,
                     &(struct craft_batch){.rows = (int64_t)count,
                                           .nodes = (int64_t[]){(int64_t)count, nulls},
                                           .nodes_count = 1,
                                           .buffers = buffers,
                                           .buffers_count = 3,
                                           .body = body.data,
                                           .body_bytes = body.bytes});
    text_fini(&body);
    text_fini(&text);
}

/* A record batch of one column without NULLs, whose values have `width` bytes. */
static inline void craft_column(struct craft *craft, const char *values, size_t count, size_t width) {
    char body[256] = {0};
    for (size_t i = 0; i < count; i++) body[i * width] = values[i];
    craft_record_batch(craft, &(struct craft_batch){.rows = (int64_t)count,
                                                    .nodes = (int64_t[]){(int64_t)count, 0},
                                                    .nodes_count = 1,
                                                    .buffers = (int64_t[]){0, 0, 0, (int64_t)(count * width)},
                                                    .buffers_count = 2,
                                                    .body = body,
                                                    .body_bytes = sizeof(body)});
}

/* Of int8 values. */
static inline void craft_bytes(struct craft *craft, const char *values, size_t count) {
    craft_column(craft, values, count, 1);
}

/* Of codes, which weir_arrow_schema_write makes int32. */
static inline void craft_codes(struct craft *craft, const char *codes, size_t count) {
    craft_column(craft, codes, count, 4);
}

static inline const char *craft_save(struct craft *craft, const struct folder *folder) {
    folder_put(folder, "crafted.arrows", craft->bytes.data, craft->bytes.bytes);
    return folder_name(folder, "crafted.arrows");
}

#endif
