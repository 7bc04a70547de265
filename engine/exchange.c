/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exchange.h"

#include "base/bits.h"
#include "base/hash.h"
#include "simd/kernels.h"

#define NULL_HASH UINT64_C(0x8B72E7F1A5C3D946)

static uint32_t row_at(const uint32_t *rows, int32_t i) { return rows == NULL ? (uint32_t)i : rows[i]; }

/* Of a string alone, so that a dictionary's entry needs one only once; never 0. */
static uint64_t string_hash(struct weir_string string, uint64_t own_seed) {
    uint64_t hash = weir_hash_bytes(string.data, (size_t)string.length, own_seed);
    return hash == 0 ? 1 : hash;
}

/* One hash a value; values of a kind with two words mix both. */
static uint64_t value_hash(const struct weir_vector *vector, uint32_t row, uint64_t own_seed, uint64_t seed) {
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: return weir_hash_u64(weir_bit_get(vector->bits, row), seed);
    case WEIR_VECTOR_F64: {
        union {
            double f;
            uint64_t u;
        } bits = {.f = vector->f64[row]};
        /* All NaNs are one key. */
        return weir_hash_u64(bits.f != bits.f ? UINT64_C(0x7FF8000000000000) : bits.u, seed);
    }
    case WEIR_VECTOR_I128: {
        weir_u128 value = (weir_u128)vector->i128[row];
        return weir_hash_u64((uint64_t)value, weir_hash_u64((uint64_t)(value >> 64), seed));
    }
    case WEIR_VECTOR_STRING: return weir_hash_u64(string_hash(vector->strings[row], own_seed), seed);
    default: return weir_hash_u64((uint64_t)vector->i64[row], seed);
    }
}

static void add_vector(const struct weir_vector *vector, const uint32_t *rows, int32_t count, uint64_t own_seed,
                       uint64_t *hashes) {
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = row_at(rows, i);
        bool valid = vector->validity == NULL || weir_bit_get(vector->validity, row);
        hashes[i] = valid ? value_hash(vector, row, own_seed, hashes[i]) : weir_hash_u64(NULL_HASH, hashes[i]);
    }
}

static uint64_t entry_hash(const struct weir_key_input *input, int64_t row, uint64_t own_seed) {
    if (input->hashes == NULL) return string_hash(weir_column_string(input->column, row), own_seed);
    uint64_t *kept = &input->hashes[weir_column_code(input->column, row)];
    if (*kept == 0) *kept = string_hash(weir_column_string(input->column, row), own_seed);
    return *kept;
}

static void add_dictionary(const struct weir_key_input *input, const uint32_t *rows, int32_t count,
                           uint64_t own_seed, uint64_t *hashes) {
    const struct weir_column *column = input->column;
    for (int32_t i = 0; i < count; i++) {
        int64_t row = input->first + row_at(rows, i);
        bool valid = column->validity == NULL || weir_bit_get(column->validity, (size_t)row);
        uint64_t hash = valid ? entry_hash(input, row, own_seed) : NULL_HASH;
        hashes[i] = weir_hash_u64(hash, hashes[i]);
    }
}

int32_t weir_exchange_own(const struct weir_exchange *exchange, const struct weir_key_input *inputs,
                          const uint32_t *rows, int32_t count, uint32_t *kept, uint64_t *hashes) {
    const struct weir_vector *only = &inputs[0].vector;
    bool plain = exchange->keys_count == 1 && inputs[0].column == NULL && only->kind == WEIR_VECTOR_I64 &&
                 only->validity == NULL && rows == NULL;
    if (plain) {
        weir_simd->hash_u64((const uint64_t *)only->i64, (size_t)count, exchange->seed, hashes);
    } else {
        for (int32_t i = 0; i < count; i++) hashes[i] = exchange->seed;
        for (int32_t key = 0; key < exchange->keys_count; key++) {
            if (inputs[key].column != NULL) {
                add_dictionary(&inputs[key], rows, count, exchange->seed, hashes);
            } else {
                add_vector(&inputs[key].vector, rows, count, exchange->seed, hashes);
            }
        }
    }
    uint64_t owners = (uint64_t)exchange->owners, owner = (uint64_t)exchange->owner;
    int32_t own = 0;
    for (int32_t i = 0; i < count; i++) {
        kept[own] = row_at(rows, i);
        own += ((hashes[i] >> 32) * owners) >> 32 == owner;
    }
    return own;
}
