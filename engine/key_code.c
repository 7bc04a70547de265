/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_code.h"

#include <string.h>

#include "base/bits.h"

/* Bits of a type's values without the NULL mark; 64 and more have words of their own. */
static int32_t value_bits(struct weir_type type) {
    switch (type.id) {
    case WEIR_TYPE_BOOLEAN: return 1;
    case WEIR_TYPE_TINYINT: return 8;
    case WEIR_TYPE_SMALLINT: return 16;
    case WEIR_TYPE_INT:
    case WEIR_TYPE_DATE:
    case WEIR_TYPE_TIME:
    case WEIR_TYPE_FLOAT: return 32;
    case WEIR_TYPE_DECIMAL: return 128;
    default: return 64;
    }
}

/* Finds room for `bits` among the words whose used bits are in `used`. */
static void place(int32_t bits, int32_t *used, int32_t *words_count, int32_t *word, int32_t *shift) {
    for (int32_t w = 0; w < *words_count; w++) {
        if (used[w] + bits > 64) continue;
        *word = w;
        *shift = used[w];
        used[w] += bits;
        return;
    }
    *word = *words_count;
    *shift = 0;
    used[(*words_count)++] = bits;
}

int32_t weir_key_code_layout(const struct weir_type *types, int32_t count, struct weir_key_code *codes) {
    int32_t used[3] = {0, 0, 0}; /* a window of open words is enough: places beyond it are full words */
    int32_t words_count = 0, base = 0;
    /* Full values first, then the rest into shared words. */
    for (int32_t i = 0; i < count; i++) {
        struct weir_key_code *code = &codes[i];
        *code = (struct weir_key_code){.type = types[i], .kind = weir_type_vector(types[i])};
        code->is_string = code->kind == WEIR_VECTOR_STRING;
        int32_t bits = code->is_string ? 31 : value_bits(types[i]);
        code->bits = code->is_string ? 32 : bits + 1;
        code->full = bits >= 64;
        if (!code->full) continue;
        code->bits = 64;
        code->word = base;
        base += bits / 64;
    }
    int32_t total = base;
    for (int32_t i = 0; i < count; i++) {
        struct weir_key_code *code = &codes[i];
        int32_t word = 0, shift = 0;
        if (words_count == 3) { /* close the fullest open words by sliding the window */
            base += 2;
            used[0] = used[2];
            words_count = 1;
        }
        place(code->full ? 1 : code->bits, used, &words_count, &word, &shift);
        if (code->full) {
            code->null_word = base + word;
            code->null_shift = shift;
        } else {
            code->word = base + word;
            code->shift = shift;
        }
        if (base + words_count > total) total = base + words_count;
    }
    return total < 1 ? 1 : total;
}

static uint64_t f64_bits(double value) {
    uint64_t bits;
    if (value != value) return UINT64_C(0x7FF8000000000000); /* all NaNs are one key */
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static uint64_t f32_bits(double value) {
    uint32_t bits;
    if (value != value) return UINT32_C(0x7FC00000);
    float narrow = (float)value;
    memcpy(&bits, &narrow, sizeof(bits));
    return bits;
}

WEIR_INLINE uint32_t row_at(const uint32_t *rows, int32_t idx) { return rows == NULL ? (uint32_t)idx : rows[idx]; }

void weir_key_code_add_value(const struct weir_key_code *code, const struct weir_vector *vector,
                             const uint32_t *rows, int32_t count, uint64_t *words) {
    uint64_t *target = words + (size_t)code->word * WEIR_BLOCK_ROWS;
    const uint64_t *validity = vector->validity;
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = row_at(rows, i);
        if (validity != NULL && !weir_bit_get(validity, row)) continue;
        if (vector->kind == WEIR_VECTOR_F64) {
            target[i] = f64_bits(vector->f64[row]);
        } else if (vector->kind == WEIR_VECTOR_I128) {
            weir_u128 value = (weir_u128)vector->i128[row];
            target[i] = (uint64_t)value;
            target[WEIR_BLOCK_ROWS + i] = (uint64_t)(value >> 64);
        } else {
            target[i] = (uint64_t)vector->i64[row];
        }
    }
}

static uint64_t narrow_value(const struct weir_key_code *code, const struct weir_vector *vector, uint32_t row) {
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: return weir_bit_get(vector->bits, row);
    case WEIR_VECTOR_F64: return f32_bits(vector->f64[row]);
    default: return (uint64_t)vector->i64[row] & ((UINT64_C(1) << (code->bits - 1)) - 1);
    }
}

/* Integers and times, all rows and none of them NULL: what is known before the loop is not asked in it. */
static void add_whole(const struct weir_key_code *code, const int64_t *restrict values, int32_t count,
                      uint64_t *restrict words) {
    uint64_t *restrict target = words + (size_t)(code->full ? code->null_word : code->word) * WEIR_BLOCK_ROWS;
    if (code->full) {
        uint64_t valid = UINT64_C(1) << code->null_shift;
        memcpy(words + (size_t)code->word * WEIR_BLOCK_ROWS, values, (size_t)count * sizeof(*values));
        for (int32_t i = 0; i < count; i++) target[i] |= valid;
        return;
    }
    const uint64_t mask = (UINT64_C(1) << (code->bits - 1)) - 1;
    const int32_t shift = code->shift;
    for (int32_t i = 0; i < count; i++) target[i] |= ((((uint64_t)values[i] & mask) << 1) | 1) << shift;
}

void weir_key_code_add(const struct weir_key_code *code, const struct weir_vector *vector, const uint32_t *rows,
                       int32_t count, uint64_t *words) {
    const uint64_t *validity = vector->validity;
    if (vector->kind == WEIR_VECTOR_I64 && rows == NULL && validity == NULL) {
        add_whole(code, vector->i64, count, words);
        return;
    }
    if (code->full) {
        weir_key_code_add_value(code, vector, rows, count, words);
        uint64_t *target = words + (size_t)code->null_word * WEIR_BLOCK_ROWS;
        for (int32_t i = 0; i < count; i++) {
            uint64_t valid = validity == NULL || weir_bit_get(validity, row_at(rows, i));
            target[i] |= valid << code->null_shift;
        }
        return;
    }
    uint64_t *target = words + (size_t)code->word * WEIR_BLOCK_ROWS;
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = row_at(rows, i);
        if (validity != NULL && !weir_bit_get(validity, row)) continue;
        target[i] |= ((narrow_value(code, vector, row) << 1) | 1) << code->shift;
    }
}

static uint64_t code_of(const struct weir_key_code *code, const uint64_t *words, int32_t count, int32_t idx) {
    uint64_t word = words[(size_t)code->word * (size_t)count + (size_t)idx];
    return code->bits == 64 ? word >> code->shift : (word >> code->shift) & ((UINT64_C(1) << code->bits) - 1);
}

static int64_t sign_extend(uint64_t value, int32_t bits) {
    int32_t unused = 64 - bits;
    return (int64_t)(value << unused) >> unused;
}

static void narrow_values(const struct weir_key_code *code, const uint64_t *words, int32_t count, void *values,
                          uint64_t *validity) {
    for (int32_t i = 0; i < count; i++) {
        uint64_t marked = code_of(code, words, count, i);
        weir_bit_put(validity, (size_t)i, (marked & 1) != 0);
        uint64_t value = marked >> 1;
        if (code->kind == WEIR_VECTOR_BOOL) {
            weir_bit_put(values, (size_t)i, value != 0);
        } else if (code->kind == WEIR_VECTOR_F64) {
            uint32_t bits = (uint32_t)value;
            float narrow;
            memcpy(&narrow, &bits, sizeof(narrow));
            ((double *)values)[i] = (double)narrow;
        } else {
            ((int64_t *)values)[i] = sign_extend(value, code->bits - 1);
        }
    }
}

static void full_values(const struct weir_key_code *code, const uint64_t *words, int32_t count, void *values) {
    const uint64_t *low = words + (size_t)code->word * (size_t)count;
    if (code->kind != WEIR_VECTOR_I128) {
        memcpy(values, low, (size_t)count * sizeof(*low)); /* an int64_t or the bits of a double */
        return;
    }
    const uint64_t *high = low + count;
    weir_i128 *wide = values;
    for (int32_t i = 0; i < count; i++) wide[i] = (weir_i128)(((weir_u128)high[i] << 64) | low[i]);
}

bool weir_key_code_values(const struct weir_key_code *code, const uint64_t *words, int32_t count,
                          struct weir_arena *arena, struct weir_vector *out) {
    size_t bitmap_words = weir_bitmap_words((size_t)count) + 1;
    uint64_t *validity = weir_arena_array(arena, bitmap_words, sizeof(*validity));
    void *values = weir_arena_array(arena, (size_t)count + 1, sizeof(weir_i128));
    if (validity == NULL || values == NULL) return false;
    if (code->full) {
        full_values(code, words, count, values);
        const uint64_t *nulls = words + (size_t)code->null_word * (size_t)count;
        for (int32_t i = 0; i < count; i++) weir_bit_put(validity, (size_t)i, (nulls[i] >> code->null_shift) & 1);
    } else {
        narrow_values(code, words, count, values, validity);
    }
    *out = (struct weir_vector){.kind = code->kind, .validity = validity, .i64 = values};
    return true;
}
