/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_pack.h"

#include "base/bits.h"
#include "base/checked.h"
#include "simd/kernels.h"

bool weir_pack_takes(struct weir_type type) {
    enum weir_vector_kind kind = weir_type_vector(type);
    return kind == WEIR_VECTOR_I64 || kind == WEIR_VECTOR_BOOL || kind == WEIR_VECTOR_STRING;
}

struct weir_pack_column weir_pack_column_empty(void) {
    return (struct weir_pack_column){.bits = 1};
}

static int32_t bits_of(uint64_t code) { return code == 0 ? 1 : WEIR_PACK_BITS - __builtin_clzll(code); }

/* ---- room ---- */

static int64_t greatest_of(const struct weir_pack_column *column) {
    return (int64_t)((uint64_t)column->least + column->most - 1);
}

bool weir_pack_widen(struct weir_pack_column *column, int64_t low, int64_t high) {
    const bool is_first = column->most == 0;
    const bool grows_below = is_first || low < column->least, grows_above = is_first || high > greatest_of(column);
    if (!grows_below) low = column->least;
    if (!grows_above) high = greatest_of(column);
    uint64_t span = (uint64_t)high - (uint64_t)low;
    if (span >= UINT64_MAX - 1) return false;
    uint64_t codes = span + 1, spare = codes / 4;
    int32_t bits = bits_of(codes > UINT64_MAX - spare ? UINT64_MAX : codes + spare);
    uint64_t most = UINT64_MAX >> (WEIR_PACK_BITS - bits);
    /* Room on the sides where it was lacking, but not beyond what a value can be. */
    uint64_t below = !grows_below ? 0 : grows_above ? (most - codes) / 2 : most - codes;
    const uint64_t lowest = (uint64_t)low - (uint64_t)INT64_MIN;
    if (below > lowest) below = lowest;
    column->least = (int64_t)((uint64_t)low - below);
    uint64_t above = (uint64_t)INT64_MAX - (uint64_t)column->least;
    column->most = above < most ? above + 1 : most;
    column->bits = bits;
    return true;
}

void weir_pack_hold(struct weir_pack_column *column, uint32_t codes) {
    int32_t bits = bits_of((uint64_t)codes + codes / 4);
    *column = (struct weir_pack_column){.most = UINT64_MAX >> (WEIR_PACK_BITS - bits), .bits = bits};
}

int32_t weir_pack_lay_out(struct weir_pack_column *columns, int32_t count) {
    int32_t bits = 0;
    for (int32_t i = 0; i < count && bits <= WEIR_PACK_BITS; i++) {
        columns[i].shift = bits;
        bits += columns[i].bits;
    }
    return bits;
}

/* ---- values -> codes ---- */

static int64_t value_at(const struct weir_vector *vector, uint32_t row) {
    return vector->kind == WEIR_VECTOR_BOOL ? weir_bit_get(vector->bits, row) : vector->i64[row];
}

/* Values of selected rows are laid side by side, so many at a time that they stay in the first cache. */
#define GATHERED_ROWS 512

/* Some rows, and none of them NULL. */
static bool add_some(const struct weir_pack_column *column, const int64_t *values, const uint32_t *rows,
                     int32_t count, uint64_t *words) {
    int64_t gathered[GATHERED_ROWS];
    bool inside = true;
    for (int32_t from = 0; from < count; from += GATHERED_ROWS) {
        size_t some = (size_t)(count - from < GATHERED_ROWS ? count - from : GATHERED_ROWS);
        weir_simd->gather_i64(values, rows + from, some, gathered);
        inside &= weir_simd->pack_i64(gathered, some, column->least, column->most, column->shift, words + from);
    }
    return inside;
}

bool weir_pack_add(const struct weir_pack_column *column, const struct weir_vector *vector, const uint32_t *rows,
                   int32_t count, uint64_t *words) {
    if (vector->kind == WEIR_VECTOR_I64 && vector->validity == NULL) {
        if (rows != NULL) return add_some(column, vector->i64, rows, count, words);
        return weir_simd->pack_i64(vector->i64, (size_t)count, column->least, column->most, column->shift, words);
    }
    bool inside = true;
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = rows == NULL ? (uint32_t)i : rows[i];
        if (vector->validity != NULL && !weir_bit_get(vector->validity, row)) continue;
        uint64_t above = (uint64_t)value_at(vector, row) - (uint64_t)column->least;
        inside &= above < column->most;
        words[i] |= (above + 1) << column->shift;
    }
    return inside;
}

bool weir_pack_range(const struct weir_vector *vector, const uint32_t *rows, int32_t count, int64_t *low,
                     int64_t *high) {
    *low = INT64_MAX;
    *high = INT64_MIN;
    bool any = false;
    for (int32_t i = 0; i < count; i++) {
        uint32_t row = rows == NULL ? (uint32_t)i : rows[i];
        if (vector->validity != NULL && !weir_bit_get(vector->validity, row)) continue;
        int64_t value = value_at(vector, row);
        if (value < *low) *low = value;
        if (value > *high) *high = value;
        any = true;
    }
    return any;
}

/* ---- codes -> values ---- */

void weir_pack_codes(const struct weir_pack_column *column, const uint64_t *words, const uint32_t *ids,
                     int32_t count, uint64_t *codes) {
    const struct weir_pack_column held = *column; /* codes might be its memory, for all that the compiler knows */
    for (int32_t i = 0; i < count; i++) codes[i] = weir_pack_code(&held, words[ids[i]]);
}

bool weir_pack_validity(const uint64_t *codes, int32_t count, struct weir_arena *arena, const uint64_t **validity) {
    uint64_t *bits = weir_arena_alloc(arena, (weir_bitmap_words((size_t)count) + 1) * sizeof(*bits));
    if (bits == NULL) return false;
    weir_simd->compare_scalar_i64(WEIR_COMPARE_NE, (const int64_t *)codes, 0, (size_t)count, bits);
    *validity = weir_simd->count_bits(bits, (size_t)count) == (size_t)count ? NULL : bits;
    return true;
}

bool weir_pack_values(const struct weir_pack_column *column, enum weir_vector_kind kind, const uint64_t *codes,
                      int32_t count, struct weir_arena *arena, struct weir_vector *out) {
    int64_t *values = weir_arena_array(arena, (size_t)count + 1, sizeof(*values));
    const uint64_t least = (uint64_t)column->least - 1;
    *out = (struct weir_vector){.kind = kind, .i64 = values};
    if (values == NULL || !weir_pack_validity(codes, count, arena, &out->validity)) return false;
    if (kind != WEIR_VECTOR_BOOL) {
        for (int32_t i = 0; i < count; i++) values[i] = codes[i] == 0 ? 0 : (int64_t)(least + codes[i]);
        return true;
    }
    for (int32_t i = 0; i < count; i++)
        weir_bit_put((uint64_t *)values, (size_t)i, codes[i] != 0 && least + codes[i] != 0);
    return true;
}
