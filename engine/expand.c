/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/expand.h"

#include <string.h>

#include "base/bits.h"

static uint64_t *expand_bits(const uint64_t *bits, int64_t first, const uint32_t *rows, int32_t count,
                             struct weir_arena *arena) {
    uint64_t *out = weir_arena_array(arena, weir_bitmap_words((size_t)count) + 1, sizeof(*out));
    if (out == NULL) return NULL;
    for (int32_t i = 0; i < count; i++) weir_bit_put(out, (size_t)i, weir_bit_get(bits, (size_t)first + rows[i]));
    return out;
}

static void *expand_values(const void *values, size_t bytes, int64_t first, const uint32_t *rows, int32_t count,
                           struct weir_arena *arena) {
    const char *from = (const char *)values + (size_t)first * bytes;
    char *out = weir_arena_array(arena, (size_t)count + 1, bytes);
    if (out == NULL) return NULL;
    for (int32_t i = 0; i < count; i++) memcpy(out + (size_t)i * bytes, from + (size_t)rows[i] * bytes, bytes);
    return out;
}

/* Codes into the column itself, so that no string is copied. */
static bool expand_strings(const struct weir_column *column, int64_t first, const uint32_t *rows, int32_t count,
                           struct weir_arena *arena, struct weir_column *out) {
    struct weir_column *words = weir_arena_array(arena, 1, sizeof(*words));
    int64_t *codes = weir_arena_array(arena, (size_t)count + 1, sizeof(*codes));
    if (words == NULL || codes == NULL) return false;
    for (int32_t i = 0; i < count; i++) codes[i] = first + rows[i];
    *words = *column;
    words->validity = NULL; /* NULL rows are known already */
    out->storage = WEIR_STORE_DICTIONARY;
    out->codes = WEIR_STORE_I64;
    out->dictionary = words;
    out->values = codes;
    return true;
}

bool weir_expand_column(const struct weir_column *column, int64_t first, const uint32_t *rows, int32_t count,
                        struct weir_arena *arena, struct weir_column *out) {
    *out = (struct weir_column){
        .dictionary = column->dictionary, .rows = count, .storage = column->storage, .codes = column->codes};
    if (column->validity != NULL) {
        out->validity = expand_bits(column->validity, first, rows, count, arena);
        if (out->validity == NULL) return false;
    }
    switch (column->storage) {
    case WEIR_STORE_NULL: return true;
    case WEIR_STORE_UTF8:
    case WEIR_STORE_LARGE_UTF8: return expand_strings(column, first, rows, count, arena, out);
    case WEIR_STORE_BOOL: out->values = expand_bits(column->values, first, rows, count, arena); break;
    default: {
        bool codes = column->storage == WEIR_STORE_DICTIONARY;
        size_t bytes = weir_storage_bytes(codes ? column->codes : column->storage);
        out->values = expand_values(column->values, bytes, first, rows, count, arena);
        break;
    }
    }
    return out->values != NULL;
}
