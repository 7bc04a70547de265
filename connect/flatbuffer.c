/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/flatbuffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/check.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "FlatBuffers are read and written as they lie in memory: a big-endian machine needs byte swaps here"
#endif

/* ---- reading ---------------------------------------------------------------------------------------------------
 */

static bool inside(const struct weir_flat *flat, size_t at, size_t bytes) {
    return at <= flat->size && bytes <= flat->size - at;
}

/* The bytes must be inside. */
static int64_t load(const struct weir_flat *flat, size_t at, uint32_t bytes) {
    const uint8_t *from = flat->data + at;
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    switch (bytes) {
    case 1: memcpy(&i8, from, 1); return i8;
    case 2: memcpy(&i16, from, 2); return i16;
    case 4: memcpy(&i32, from, 4); return i32;
    default: memcpy(&i64, from, 8); return i64;
    }
}

static struct weir_flat_table bad_table(struct weir_flat *flat) {
    flat->bad = true;
    return (struct weir_flat_table){.flat = flat};
}

static struct weir_flat_table table_at(struct weir_flat *flat, size_t at) {
    if (!inside(flat, at, 4)) return bad_table(flat);
    int64_t vtable = (int64_t)at - load(flat, at, 4);
    if (vtable < 0 || !inside(flat, (size_t)vtable, 4)) return bad_table(flat);
    uint32_t vtable_bytes = (uint16_t)load(flat, (size_t)vtable, 2);
    uint32_t table_bytes = (uint16_t)load(flat, (size_t)vtable + 2, 2);
    if (vtable_bytes < 4 || vtable_bytes % 2 != 0 || !inside(flat, (size_t)vtable, vtable_bytes)) {
        return bad_table(flat);
    }
    if (table_bytes < 4 || !inside(flat, at, table_bytes)) return bad_table(flat);
    return (struct weir_flat_table){flat, at, (size_t)vtable, vtable_bytes, table_bytes};
}

/* Where the word at `at` points to; 0, which no object can have, when that is outside. */
static size_t follow(struct weir_flat *flat, size_t at) {
    uint32_t offset = (uint32_t)load(flat, at, 4);
    if (offset < 4 || !inside(flat, at, offset)) {
        flat->bad = true;
        return 0;
    }
    return at + offset;
}

struct weir_flat_table weir_flat_root(struct weir_flat *flat) {
    if (flat->size > INT32_MAX || !inside(flat, 0, 4)) return bad_table(flat);
    size_t at = follow(flat, 0);
    return at == 0 ? bad_table(flat) : table_at(flat, at);
}

bool weir_flat_present(const struct weir_flat_table *table) { return table->vtable_bytes != 0; }

/* Position of a field, or 0 when it is absent or outside of its table. */
static size_t field_at(const struct weir_flat_table *table, uint32_t field, uint32_t bytes) {
    size_t entry = 4 + 2 * (size_t)field;
    if (entry + 2 > table->vtable_bytes) return 0;
    uint32_t offset = (uint16_t)load(table->flat, table->vtable + entry, 2);
    if (offset == 0) return 0;
    if (offset < 4 || offset + bytes > table->table_bytes) {
        table->flat->bad = true;
        return 0;
    }
    return table->at + offset;
}

int64_t weir_flat_int(const struct weir_flat_table *table, uint32_t field, uint32_t bytes, int64_t missing) {
    size_t at = field_at(table, field, bytes);
    return at == 0 ? missing : load(table->flat, at, bytes);
}

struct weir_flat_table weir_flat_child(const struct weir_flat_table *table, uint32_t field) {
    size_t at = field_at(table, field, 4);
    size_t target = at == 0 ? 0 : follow(table->flat, at);
    return target == 0 ? (struct weir_flat_table){.flat = table->flat} : table_at(table->flat, target);
}

struct weir_flat_vector weir_flat_elements(const struct weir_flat_table *table, uint32_t field,
                                           uint32_t element_bytes) {
    struct weir_flat *flat = table->flat;
    struct weir_flat_vector none = {.flat = flat, .element_bytes = element_bytes};
    size_t at = field_at(table, field, 4);
    size_t target = at == 0 ? 0 : follow(flat, at);
    if (target == 0) return none;
    if (inside(flat, target, 4)) {
        uint32_t count = (uint32_t)load(flat, target, 4);
        if (count <= (flat->size - target - 4) / element_bytes) {
            return (struct weir_flat_vector){flat, target + 4, count, element_bytes};
        }
    }
    flat->bad = true;
    return none;
}

bool weir_flat_text(const struct weir_flat_table *table, uint32_t field, const char **text, size_t *bytes) {
    struct weir_flat_vector vector = weir_flat_elements(table, field, 1);
    if (vector.at == 0) return false;
    *text = (const char *)vector.flat->data + vector.at;
    *bytes = vector.count;
    return true;
}

struct weir_flat_table weir_flat_table_at(const struct weir_flat_vector *vector, uint32_t idx) {
    WEIR_ASSERT(idx < vector->count && vector->element_bytes == 4);
    size_t target = follow(vector->flat, vector->at + (size_t)idx * 4);
    return target == 0 ? (struct weir_flat_table){.flat = vector->flat} : table_at(vector->flat, target);
}

int64_t weir_flat_int_at(const struct weir_flat_vector *vector, uint32_t idx, uint32_t offset, uint32_t bytes) {
    WEIR_ASSERT(idx < vector->count && offset + bytes <= vector->element_bytes);
    return load(vector->flat, vector->at + (size_t)idx * vector->element_bytes + offset, bytes);
}

/* ---- building --------------------------------------------------------------------------------------------------
 */

/* Room is left for what a container puts around a message whose length has 31 bits. */
#define MESSAGE_BYTES_MAX ((size_t)INT32_MAX - 4096)

/* Appends zeroed bytes and returns where they begin. */
static size_t grow(struct weir_flat_builder *builder, size_t bytes) {
    if (builder->failed || bytes > MESSAGE_BYTES_MAX - builder->bytes) {
        builder->failed = true;
        return 0;
    }
    size_t end = builder->bytes + bytes;
    if (end > builder->capacity) {
        size_t capacity = (size_t)weir_round_up_pow2(end < 1024 ? 1024 : end);
        uint8_t *data = realloc(builder->data, capacity);
        if (data == NULL) {
            builder->failed = true;
            return 0;
        }
        builder->data = data;
        builder->capacity = capacity;
    }
    size_t at = builder->bytes;
    memset(builder->data + at, 0, bytes);
    builder->bytes = end;
    return at;
}

void weir_flat_begin(struct weir_flat_builder *builder) {
    builder->bytes = 0;
    builder->failed = false;
    grow(builder, 4);
}

void weir_flat_fini(struct weir_flat_builder *builder) {
    free(builder->data);
    *builder = (struct weir_flat_builder){0};
}

/* The vtable lies before its table, which begins 4 bytes past a multiple of 8: with the fields in falling order of
 * width each is aligned. */
size_t weir_flat_add_table(struct weir_flat_builder *builder, const uint8_t *widths, size_t count) {
    WEIR_ASSERT(count <= 64);
    size_t vtable_bytes = 4 + 2 * count;
    size_t start = weir_round_up(builder->bytes, 2);
    size_t table = weir_round_up(start + vtable_bytes + 4, 8) - 4;
    uint16_t offsets[64] = {0};
    size_t table_bytes = 4;
    for (uint8_t width = 8; width > 0; width /= 2) {
        for (size_t i = 0; i < count; i++) {
            if (widths[i] != width) continue;
            offsets[i] = (uint16_t)table_bytes;
            table_bytes += width;
        }
    }
    grow(builder, table + table_bytes - builder->bytes);
    if (builder->failed) return 0;
    size_t vtable = table - vtable_bytes;
    weir_flat_put(builder, vtable, 2, (int64_t)vtable_bytes);
    weir_flat_put(builder, vtable + 2, 2, (int64_t)table_bytes);
    for (size_t i = 0; i < count; i++) weir_flat_put(builder, vtable + 4 + 2 * i, 2, offsets[i]);
    weir_flat_put(builder, table, 4, (int64_t)vtable_bytes);
    return table;
}

size_t weir_flat_add_vector(struct weir_flat_builder *builder, size_t count, size_t element_bytes,
                            size_t alignment) {
    size_t bytes;
    if (__builtin_mul_overflow(count, element_bytes, &bytes) || bytes > INT32_MAX) {
        builder->failed = true;
        return 0;
    }
    size_t elements = weir_round_up(builder->bytes + 4, alignment < 4 ? 4 : alignment);
    grow(builder, elements + bytes - builder->bytes);
    weir_flat_put(builder, elements - 4, 4, (int64_t)count);
    return elements - 4;
}

size_t weir_flat_add_text(struct weir_flat_builder *builder, const char *text, size_t bytes) {
    /* One byte more: readers may rely on a zero behind the text, which the length does not count. */
    size_t at = weir_flat_add_vector(builder, bytes + 1, 1, 1);
    weir_flat_put(builder, at, 4, (int64_t)bytes);
    if (!builder->failed && bytes > 0) memcpy(builder->data + at + 4, text, bytes);
    return at;
}

size_t weir_flat_field(const struct weir_flat_builder *builder, size_t table, size_t field) {
    if (builder->failed) return 0;
    int32_t back;
    uint16_t offset;
    memcpy(&back, builder->data + table, 4);
    memcpy(&offset, builder->data + table - (size_t)back + 4 + 2 * field, 2);
    WEIR_ASSERT(offset != 0);
    return table + offset;
}

void weir_flat_put(struct weir_flat_builder *builder, size_t position, uint32_t bytes, int64_t value) {
    if (builder->failed) return;
    WEIR_ASSERT(position + bytes <= builder->bytes);
    memcpy(builder->data + position, &value, bytes);
}

void weir_flat_link(struct weir_flat_builder *builder, size_t position, size_t target) {
    WEIR_ASSERT(builder->failed || target > position);
    weir_flat_put(builder, position, 4, (int64_t)(target - position));
}

void weir_flat_put_field(struct weir_flat_builder *builder, size_t table, size_t field, uint32_t bytes,
                         int64_t value) {
    weir_flat_put(builder, weir_flat_field(builder, table, field), bytes, value);
}

void weir_flat_link_field(struct weir_flat_builder *builder, size_t table, size_t field, size_t target) {
    weir_flat_link(builder, weir_flat_field(builder, table, field), target);
}
