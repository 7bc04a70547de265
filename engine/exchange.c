/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exchange.h"

#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "simd/kernels.h"

#define NULL_HASH UINT64_C(0x8B72E7F1A5C3D946)
#define BITMAP_WORDS (WEIR_BLOCK_ROWS / 64 + 1)

static uint32_t row_at(const uint32_t *rows, int32_t i) { return rows == NULL ? (uint32_t)i : rows[i]; }

/* ---- one word a value, by which it is hashed ---- */

/* Of a string alone, so that a dictionary's entry needs one only once; never 0. */
static uint64_t string_word(struct weir_string string, uint64_t seed) {
    uint64_t hash = weir_hash_bytes(string.data, (size_t)string.length, seed);
    return hash == 0 ? 1 : hash;
}

static uint64_t f64_word(double value) {
    union {
        double f;
        uint64_t u;
    } bits = {.f = value};
    return value != value ? UINT64_C(0x7FF8000000000000) : bits.u; /* all NaNs are one key */
}

static uint64_t i128_word(weir_i128 value) {
    return (uint64_t)value ^ weir_hash_u64((uint64_t)((weir_u128)value >> 64), NULL_HASH);
}

#define FOR_ROWS(body)                                                                                             \
    for (int32_t i = 0; i < count; i++) {                                                                          \
        uint32_t row = row_at(rows, i);                                                                            \
        words[i] = (body);                                                                                         \
    }

static void vector_words(const struct weir_vector *vector, const uint32_t *rows, int32_t count, uint64_t seed,
                         uint64_t *words) {
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: FOR_ROWS(weir_bit_get(vector->bits, row)) break;
    case WEIR_VECTOR_F64: FOR_ROWS(f64_word(vector->f64[row])) break;
    case WEIR_VECTOR_I128: FOR_ROWS(i128_word(vector->i128[row])) break;
    case WEIR_VECTOR_STRING:
        for (int32_t i = 0; i < count; i++) {
            uint32_t row = row_at(rows, i);
            bool valid = vector->validity == NULL || weir_bit_get(vector->validity, row);
            words[i] = valid ? string_word(vector->strings[row], seed) : NULL_HASH;
        }
        break;
    default:
        if (rows == NULL) {
            FOR_ROWS((uint64_t)vector->i64[row])
        } else {
            weir_simd->gather_i64(vector->i64, rows, (size_t)count, (int64_t *)words);
        }
    }
}

static WEIR_COLD uint64_t entry_word(const struct weir_key_input *input, int64_t row, uint64_t seed) {
    return string_word(weir_column_string(input->column, row), seed);
}

/* One loop a width of codes: the width is decided outside the loop. */
#define ENTRY_WORDS(type)                                                                                          \
    do {                                                                                                           \
        const type *codes = (const type *)column->values + input->first;                                           \
        for (int32_t i = 0; i < count; i++) {                                                                      \
            uint32_t row = row_at(rows, i);                                                                        \
            if (validity != NULL && !weir_bit_get(validity, (size_t)input->first + row)) continue;                 \
            uint64_t *kept = &input->hashes[codes[row]];                                                           \
            if (WEIR_UNLIKELY(*kept == 0)) *kept = entry_word(input, input->first + row, seed);                    \
            words[i] = *kept;                                                                                      \
        }                                                                                                          \
    } while (0)

static void dictionary_words(const struct weir_key_input *input, const uint32_t *rows, int32_t count, uint64_t seed,
                             uint64_t *words) {
    const struct weir_column *column = input->column;
    const uint64_t *validity = column->validity;
    if (input->hashes == NULL) {
        for (int32_t i = 0; i < count; i++) {
            int64_t row = input->first + row_at(rows, i);
            if (validity == NULL || weir_bit_get(validity, (size_t)row)) words[i] = entry_word(input, row, seed);
        }
        return;
    }
    switch (column->codes) {
    case WEIR_STORE_I8:
    case WEIR_STORE_U8: ENTRY_WORDS(uint8_t); break;
    case WEIR_STORE_I16:
    case WEIR_STORE_U16: ENTRY_WORDS(uint16_t); break;
    case WEIR_STORE_I32:
    case WEIR_STORE_U32: ENTRY_WORDS(uint32_t); break;
    default: ENTRY_WORDS(uint64_t); break;
    }
}

static void null_words(const uint64_t *validity, int64_t first, const uint32_t *rows, int32_t count,
                       uint64_t *words) {
    for (int32_t i = 0; i < count; i++) {
        if (!weir_bit_get(validity, (size_t)first + row_at(rows, i))) words[i] = NULL_HASH;
    }
}

/* ---- hashes ---- */

static void input_words(const struct weir_key_input *input, const uint32_t *rows, int32_t count, uint64_t seed,
                        uint64_t *words) {
    const struct weir_column *column = input->column;
    if (column != NULL) {
        dictionary_words(input, rows, count, seed, words);
        if (column->validity != NULL) null_words(column->validity, input->first, rows, count, words);
    } else {
        vector_words(&input->vector, rows, count, seed, words);
        if (input->vector.validity != NULL) null_words(input->vector.validity, 0, rows, count, words);
    }
}

void weir_exchange_hash(const struct weir_exchange *exchange, const struct weir_key_input *inputs,
                        const uint32_t *rows, int32_t count, uint64_t *words, uint64_t *hashes) {
    const struct weir_vector *first = &inputs[0].vector;
    bool are_words =
        inputs[0].column == NULL && first->kind == WEIR_VECTOR_I64 && first->validity == NULL && rows == NULL;
    const uint64_t *known = are_words ? (const uint64_t *)first->i64 : words;
    if (!are_words) input_words(&inputs[0], rows, count, exchange->seed, words);
    weir_simd->hash_u64(known, (size_t)count, exchange->seed, hashes);
    for (int32_t key = 1; key < exchange->keys_count; key++) {
        input_words(&inputs[key], rows, count, exchange->seed, words);
        for (int32_t i = 0; i < count; i++) words[i] ^= hashes[i];
        weir_simd->hash_u64(words, (size_t)count, 0, hashes);
    }
}

/* ---- owners ---- */

/* The least hash, as a signed number, of those that owner has: each has its share of all, one after the other. */
static int64_t share_begin(int32_t owner, int32_t owners) {
    uint64_t upper = (((uint64_t)owner << 32) + (uint64_t)owners - 1) / (uint64_t)owners;
    return (int64_t)(upper << 32 ^ UINT64_C(1) << 63);
}

/* The rows of the owner's share. */
static void own_bits(const struct weir_exchange *exchange, const uint64_t *hashes, int32_t count, uint64_t *bits) {
    const int64_t *values = (const int64_t *)hashes;
    int32_t owner = exchange->owner, owners = exchange->owners;
    uint64_t below[BITMAP_WORDS];
    if (owner + 1 == owners) {
        weir_simd->compare_scalar_i64(WEIR_COMPARE_GE, values, share_begin(owner, owners), (size_t)count, bits);
        return;
    }
    weir_simd->compare_scalar_i64(WEIR_COMPARE_LT, values, share_begin(owner + 1, owners), (size_t)count, bits);
    if (owner == 0) return;
    weir_simd->compare_scalar_i64(WEIR_COMPARE_GE, values, share_begin(owner, owners), (size_t)count, below);
    for (size_t w = 0; w < weir_bitmap_words((size_t)count); w++) bits[w] &= below[w];
}

/* ---- a dictionary that is the only key: who owns an entry is found once ---- */

enum owned { OWNED_UNKNOWN, OWNED_NOT, OWNED }; /* bytes, where the hashes of several keys would lie */

static uint8_t owned_of(const struct weir_exchange *exchange, uint64_t word) {
    uint64_t hash;
    int32_t next = exchange->owner + 1;
    weir_simd->hash_u64(&word, 1, exchange->seed, &hash);
    bool own = (int64_t)hash >= share_begin(exchange->owner, exchange->owners) &&
               (next == exchange->owners || (int64_t)hash < share_begin(next, exchange->owners));
    return own ? OWNED : OWNED_NOT;
}

/* One loop a width of codes. */
#define OWN_ENTRIES(type)                                                                                          \
    do {                                                                                                           \
        const type *codes = (const type *)input->column->values + input->first;                                    \
        for (int32_t i = 0; i < count; i++) {                                                                      \
            uint32_t row = row_at(rows, i);                                                                        \
            uint8_t owned = of_null;                                                                               \
            if (validity == NULL || weir_bit_get(validity, (size_t)input->first + row)) {                          \
                uint8_t *known = &entries[codes[row]];                                                             \
                if (WEIR_UNLIKELY(*known == OWNED_UNKNOWN))                                                        \
                    *known = owned_of(exchange, entry_word(input, input->first + row, exchange->seed));            \
                owned = *known;                                                                                    \
            }                                                                                                      \
            kept[own] = row;                                                                                       \
            own += owned == OWNED;                                                                                 \
        }                                                                                                          \
    } while (0)

static int32_t own_entries(const struct weir_exchange *exchange, const struct weir_key_input *input,
                           const uint32_t *rows, int32_t count, uint32_t *kept) {
    const uint64_t *validity = input->column->validity;
    const uint8_t of_null = owned_of(exchange, NULL_HASH);
    uint8_t *entries = (uint8_t *)input->hashes;
    int32_t own = 0;
    switch (input->column->codes) {
    case WEIR_STORE_I8:
    case WEIR_STORE_U8: OWN_ENTRIES(uint8_t); break;
    case WEIR_STORE_I16:
    case WEIR_STORE_U16: OWN_ENTRIES(uint16_t); break;
    case WEIR_STORE_I32:
    case WEIR_STORE_U32: OWN_ENTRIES(uint32_t); break;
    default: OWN_ENTRIES(uint64_t); break;
    }
    return own;
}

int32_t weir_exchange_own(const struct weir_exchange *exchange, const struct weir_key_input *inputs,
                          const uint32_t *rows, int32_t count, uint32_t *kept, uint64_t *hashes) {
    uint64_t bits[BITMAP_WORDS];
    if (exchange->keys_count == 1 && inputs[0].column != NULL && inputs[0].hashes != NULL)
        return own_entries(exchange, &inputs[0], rows, count, kept);
    weir_exchange_hash(exchange, inputs, rows, count, hashes + count, hashes);
    own_bits(exchange, hashes, count, bits);
    if (rows == NULL) return (int32_t)weir_simd->bits_to_indices(bits, (size_t)count, kept);
    int32_t own = 0;
    for (int32_t i = 0; i < count; i++) {
        kept[own] = rows[i];
        own += weir_bit_get(bits, (size_t)i);
    }
    return own;
}

/* ---- parting ---- */

/* Up to so many owners a comparison and a scan of a block for each cost less than the count and the scatter of its
 * rows. */
#define OWNERS_FEW 8

static void part_among_few(int32_t owners, const uint64_t *hashes, int32_t count, const struct weir_shares *out) {
    size_t words = weir_bitmap_words((size_t)count);
    uint64_t before[BITMAP_WORDS] = {0}, below[BITMAP_WORDS], own[BITMAP_WORDS];
    out->starts[0] = 0;
    for (int32_t owner = 0; owner < owners; owner++) {
        if (owner + 1 < owners) {
            weir_simd->compare_scalar_i64(WEIR_COMPARE_LT, (const int64_t *)hashes, share_begin(owner + 1, owners),
                                          (size_t)count, below);
        } else {
            memset(below, 0xFF, sizeof(below));
        }
        for (size_t w = 0; w < words; w++) {
            own[w] = below[w] & ~before[w];
            before[w] = below[w];
        }
        out->starts[owner + 1] = out->starts[owner] + (int32_t)weir_simd->bits_to_indices(
                                                          own, (size_t)count, out->order + out->starts[owner]);
    }
}

static void part_among_many(int32_t owners, const uint64_t *hashes, int32_t count, const struct weir_shares *out) {
    uint64_t factor = (uint64_t)owners;
    int32_t *ends = out->starts + 1;
    for (int32_t i = 0; i < count; i++)
        out->owners[i] = (uint16_t)(((hashes[i] >> 32 ^ UINT64_C(1) << 31) * factor) >> 32);
    memset(out->starts, 0, ((size_t)owners + 1) * sizeof(*out->starts));
    for (int32_t i = 0; i < count; i++) ends[out->owners[i]]++;
    /* Each entry becomes the place of its owner's first row, and by the last row that of the next owner's. */
    int32_t at = 0;
    for (int32_t owner = 0; owner < owners; owner++) {
        int32_t rows = ends[owner];
        ends[owner] = at;
        at += rows;
    }
    for (int32_t i = 0; i < count; i++) out->order[ends[out->owners[i]]++] = (uint32_t)i;
}

void weir_exchange_part(const struct weir_exchange *exchange, const uint64_t *hashes, int32_t count,
                        const struct weir_shares *out) {
    if (exchange->owners <= OWNERS_FEW) {
        part_among_few(exchange->owners, hashes, count, out);
    } else {
        part_among_many(exchange->owners, hashes, count, out);
    }
}
