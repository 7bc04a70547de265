/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the kernels that make a column of columns, and of those that make one value of a column.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_ARITH_H
#define WEIR_TESTS_SIMD_CHECK_ARITH_H

#include "check.h"

#include "base/hash.h"
#include "simd/ahead.h"
#include "simd/row_fields.h"
#include "simd/word_line.h"

/* Conversions read columns of random bytes: every pattern of an integer and of a float is a value. */
#define CHECK_CONVERT(name, from, to)                                                                              \
    static void check_##name(struct check *check, size_t count) {                                                  \
        from *values = check_take(check, count * sizeof(from));                                                    \
        to *got = check_take(check, count * sizeof(to)), *want = check_take(check, count * sizeof(to));            \
        fill_bytes(check, values, count * sizeof(from));                                                           \
        check->kernels->name(values, count, got);                                                                  \
        check->reference->name(values, count, want);                                                               \
        expect_bytes(check, "values", got, want, count * sizeof(to));                                              \
    }

CHECK_CONVERT(widen_i8, int8_t, int64_t)
CHECK_CONVERT(widen_i16, int16_t, int64_t)
CHECK_CONVERT(widen_i32, int32_t, int64_t)
CHECK_CONVERT(widen_u8, uint8_t, int64_t)
CHECK_CONVERT(widen_u16, uint16_t, int64_t)
CHECK_CONVERT(widen_u32, uint32_t, int64_t)

static const uint32_t special_f32[] = {
    0,          0x80000000, 0x7F800000, 0xFF800000, 1,          0x80000001,
    0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0x7FC00000, 0xFFC00123, 0x3F800000,
};

static void check_widen_f32(struct check *check, size_t count) {
    float *values = check_take(check, count * sizeof *values);
    double *got = check_take_f64(check, count), *want = check_take_f64(check, count);
    bool special = check_below(check, 2) == 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t random = check_random(check);
        uint32_t bits = special ? special_f32[random % (sizeof special_f32 / 4)] : (uint32_t)random;
        memcpy(&values[i], &bits, sizeof bits);
    }
    check->kernels->widen_f32(values, count, got);
    check->reference->widen_f32(values, count, want);
    expect_bytes(check, "values", got, want, count * 8);
}

static void check_i64_to_f64(struct check *check, size_t count) {
    int64_t *values = check_take_i64(check, count);
    double *got = check_take_f64(check, count), *want = check_take_f64(check, count);
    fill_i64(check, values, count);
    if (check_below(check, 2) == 0) /* all magnitudes, where rounding to even is decided */
        for (size_t i = 0; i < count; i++) values[i] = (int64_t)check_random(check) >> check_below(check, 64);
    check->kernels->i64_to_f64(values, count, got);
    check->reference->i64_to_f64(values, count, want);
    expect_bytes(check, "values", got, want, count * 8);
}

/* Sizes of windows, powers of two and their neighbours, the limits. */
static int64_t some_divisor(struct check *check) {
    static const int64_t divisors[] = {1,          2,
                                       3,          5,
                                       7,          10,
                                       60,         1000,
                                       60000,      3600000,
                                       86400000,   1000003,
                                       1000000000, 3600000000000,
                                       7919993,    UINT32_MAX,
                                       INT64_MAX,  INT64_MAX - 1,
                                       INT32_MAX,  604800000000,
                                       641};
    size_t kind = check_below(check, 3);
    if (kind == 0) return divisors[check_below(check, sizeof divisors / 8)];
    int64_t divisor = (int64_t)1 << check_below(check, 63);
    if (kind == 1) divisor += (int64_t)check_below(check, 3) - 1;
    if (kind == 2) divisor = (int64_t)(check_random(check) >> (1 + check_below(check, 63)));
    return divisor < 1 ? 1 : divisor;
}

static void check_floor_divide_i64(struct check *check, size_t count) {
    int64_t *values = check_take_i64(check, count), *got = check_take_i64(check, count);
    int64_t *want = check_take_i64(check, count);
    int64_t divisor = some_divisor(check);
    fill_i64(check, values, count);
    if (check_below(check, 2) == 0) /* around multiples, where the quotient changes */
        for (size_t i = 0; i < count; i++)
            values[i] =
                (int64_t)((uint64_t)values[i] - (uint64_t)(values[i] % divisor) + check_below(check, 3) - 1);
    check->reference->floor_divide_i64(values, count, divisor, want);
    check->kernels->floor_divide_i64(values, count, divisor, got);
    expect_bytes(check, "quotients", got, want, count * 8);
    check->kernels->floor_divide_i64(values, count, divisor, values);
    expect_bytes(check, "quotients in place", values, want, count * 8);
}

typedef bool arithmetic_fn(const int64_t *a, const int64_t *b, size_t count, int64_t *out);

static void check_arithmetic(struct check *check, size_t count, arithmetic_fn *kernel, arithmetic_fn *reference) {
    int64_t *a = check_take_i64(check, count), *b = check_take_i64(check, count);
    int64_t *got = check_take_i64(check, count), *want = check_take_i64(check, count);
    fill_i64(check, a, count);
    fill_i64(check, b, count);
    if (count > 0 && check_below(check, 2) == 0) { /* one row of many overflows, or none */
        for (size_t i = 0; i < count; i++) a[i] >>= 2, b[i] >>= 2;
        int64_t limit = check_below(check, 2) == 0 ? INT64_MAX : INT64_MIN;
        if (check_below(check, 2) == 0) a[check_below(check, count)] = limit;
    }
    bool overflow = kernel(a, b, count, got);
    expect_i64(check, "overflow", overflow, reference(a, b, count, want));
    expect_bytes(check, "values", got, want, count * 8);
}

static void check_add_i64(struct check *check, size_t count) {
    check_arithmetic(check, count, check->kernels->add_i64, check->reference->add_i64);
}

static void check_subtract_i64(struct check *check, size_t count) {
    check_arithmetic(check, count, check->kernels->subtract_i64, check->reference->subtract_i64);
}

static void check_next_u32(struct check *check, size_t count) {
    uint32_t *values = check_take(check, count * 4);
    uint32_t *got = check_take(check, count * 4), *want = check_take(check, count * 4);
    fill_bytes(check, values, count * 4);
    if (count > 0) values[check_below(check, count)] = UINT32_MAX;
    check->kernels->next_u32(values, count, got);
    check->reference->next_u32(values, count, want);
    expect_bytes(check, "values", got, want, count * 4);
}

/* All bits random, or one row that is above the others. */
#define CHECK_MAX(name, type)                                                                                      \
    static void check_##name(struct check *check, size_t count) {                                                  \
        type *values = check_take(check, count * sizeof(type));                                                    \
        fill_bytes(check, values, count * sizeof(type));                                                           \
        if (count > 0 && check_below(check, 4) != 0) {                                                             \
            for (size_t i = 0; i < count; i++) values[i] = (type)(values[i] >> 3);                                 \
            values[check_below(check, count)] = (type)check_random(check);                                         \
        }                                                                                                          \
        expect_i64(check, "maximum", check->kernels->name(values, count), check->reference->name(values, count));  \
    }

CHECK_MAX(max_u8, uint8_t)
CHECK_MAX(max_u16, uint16_t)
CHECK_MAX(max_u32, uint32_t)

/* Few totals, so that rows follow each other closely; each guarded by its neighbours. */
static void check_add_to_pairs_f64(struct check *check, size_t count) {
    enum { PAIRS_MOST = 40 };
    size_t pairs = 1 + check_below(check, PAIRS_MOST);
    uint32_t *ids = check_take(check, count * 4);
    double *values = check_take_f64(check, count);
    struct weir_ahead ahead = {
        .columns_count = 1, .rows = 100, .step = 64, .bytes = {8}, .next = {(uintptr_t)values}};
    _Alignas(16) double got[2 * PAIRS_MOST], want[2 * PAIRS_MOST];
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)check_below(check, pairs);
    fill_f64(check, values, count);
    for (size_t i = 0; i < 2 * PAIRS_MOST; i++) got[i] = want[i] = i % 2 == 0 ? -0.0 : 0.0;
    check->kernels->add_to_pairs_f64(ids, values, count, got, &ahead);
    check->reference->add_to_pairs_f64(ids, values, count, want, NULL);
    for (size_t i = 0; i < 2 * PAIRS_MOST; i++) { /* any NaN is as good as another */
        if (isnan(got[i]) && isnan(want[i])) got[i] = want[i];
    }
    expect_bytes(check, "totals", got, want, sizeof got);
}

/* Any NaN is as good as another. */
static void alike_where_nan(double *got, const double *want, size_t count, size_t apart) {
    for (size_t i = 0; i < count; i += apart) {
        if (isnan(got[i]) && isnan(want[i])) got[i] = want[i];
    }
}

static void check_add_to_quads_f64(struct check *check, size_t count) {
    enum { QUADS_MOST = 40 };
    size_t quads = 1 + check_below(check, QUADS_MOST);
    uint32_t *ids = check_take(check, count * 4);
    const double *columns[4];
    _Alignas(32) double got[4 * QUADS_MOST], want[4 * QUADS_MOST];
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)check_below(check, quads);
    for (int c = 0; c < 4; c++) {
        double *values = check_take_f64(check, count);
        fill_f64(check, values, count);
        columns[c] = c > 0 && check_below(check, 8) == 0 ? columns[c - 1] : values;
    }
    if (check_below(check, 2) == 0) columns[3] = NULL;
    struct weir_ahead ahead = {
        .columns_count = 1, .rows = 100, .step = 64, .bytes = {8}, .next = {(uintptr_t)columns[0]}};
    for (size_t i = 0; i < 4 * QUADS_MOST; i++) got[i] = want[i] = i % 2 == 0 ? -0.0 : 0.0;
    check->kernels->add_to_quads_f64(ids, columns, count, got, &ahead);
    check->reference->add_to_quads_f64(ids, columns, count, want, NULL);
    alike_where_nan(got, want, 4 * QUADS_MOST, 1);
    expect_bytes(check, "totals", got, want, sizeof got);
}

static void check_add_to_mixed(struct check *check, size_t count) {
    enum { QUADS_MOST = 40 };
    size_t quads = 1 + check_below(check, QUADS_MOST);
    uint32_t *ids = check_take(check, count * 4);
    double *values = check_take_f64(check, count);
    int64_t *orders = check_take_i64(check, count);
    struct weir_ahead ahead = {
        .columns_count = 1, .rows = 100, .step = 64, .bytes = {8}, .next = {(uintptr_t)values}};
    _Alignas(32) double got[4 * QUADS_MOST], want[4 * QUADS_MOST];
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)check_below(check, quads);
    fill_f64(check, values, count);
    fill_i64(check, orders, count);
    for (size_t i = 0; i < 4 * QUADS_MOST; i++) {
        const int64_t most = INT64_MAX;
        got[i] = -0.0;
        if (i % 4 >= 2) memcpy(&got[i], &most, sizeof most);
    }
    memcpy(want, got, sizeof got);
    check->kernels->add_to_mixed(ids, values, orders, count, got, &ahead);
    check->reference->add_to_mixed(ids, values, orders, count, want, NULL);
    alike_where_nan(got, want, 4 * QUADS_MOST, 4);
    expect_bytes(check, "totals", got, want, sizeof got);
}

/* Rows of every length, words of every kind, values that carry into the upper half. */
static void check_add_to_rows(struct check *check, size_t count) {
    enum { ROWS_MOST = 30 };
    size_t rows = 1 + check_below(check, ROWS_MOST), spare = check_below(check, 3);
    struct weir_row_fields fields = {.words = 1 + (uint32_t)check_below(check, WEIR_ROW_WORDS)};
    uint32_t *ids = check_take(check, count * 4);
    int64_t *integers = check_take_i64(check, count);
    double *reals = check_take_f64(check, count);
    size_t words = fields.words + spare;
    fill_i64(check, integers, count);
    fill_f64(check, reals, count);
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)check_below(check, rows);
    for (uint32_t w = 0; w < fields.words; w++) {
        uint8_t bit = (uint8_t)(1u << w), kind = (uint8_t)check_below(check, 6);
        fields.constants[w] = (int64_t)check_below(check, 3);
        if (kind > 0) fields.values[w] = integers;
        if (kind == 1) fields.values[w] = (const int64_t *)(const void *)reals;
        if (kind == 1) fields.doubles |= bit;
        if (kind == 2) fields.least |= bit;
        if (kind == 3) fields.greatest |= bit;
        bool follows =
            w > 0 && ((fields.doubles | fields.least | fields.greatest | fields.upper) >> (w - 1) & 1) == 0;
        if (kind == 4 && follows && fields.values[w - 1] != NULL) fields.upper |= bit;
    }
    uint64_t got[ROWS_MOST * (WEIR_ROW_WORDS + 2)], want[ROWS_MOST * (WEIR_ROW_WORDS + 2)];
    for (size_t i = 0; i < rows * words; i++) {
        got[i] = check_random(check);
        if (i % words < fields.words && fields.doubles >> (i % words) & 1) got[i] = 0;
        want[i] = got[i];
    }
    bool done =
        check->kernels->add_to_rows(&fields, (char *)got, words * 8, ids, count, check_below(check, 2) == 0, NULL);
    if (!done) return;
    check->reference->add_to_rows(&fields, (char *)want, words * 8, ids, count, false, NULL);
    for (size_t i = 0; i < rows * words; i++) { /* any NaN is as good as another */
        double a, b;
        memcpy(&a, &got[i], sizeof a);
        memcpy(&b, &want[i], sizeof b);
        bool real = i % words < fields.words && (fields.doubles >> (i % words) & 1) != 0;
        if (real && isnan(a) && isnan(b)) got[i] = want[i];
    }
    expect_bytes(check, "rows", got, want, rows * words * 8);
}

static void check_add_to_pairs_i64(struct check *check, size_t count) {
    enum { PAIRS_MOST = 40 };
    size_t pairs = 1 + check_below(check, PAIRS_MOST);
    uint32_t *ids = check_take(check, count * 4);
    int64_t *values = check_take_i64(check, count);
    struct weir_ahead ahead = {
        .columns_count = 1, .rows = 100, .step = 64, .bytes = {8}, .next = {(uintptr_t)values}};
    int64_t got[2 * PAIRS_MOST], want[2 * PAIRS_MOST];
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)check_below(check, pairs);
    fill_i64(check, values, count);
    for (size_t i = 0; i < 2 * PAIRS_MOST; i++) got[i] = want[i] = (int64_t)i;
    check->kernels->add_to_pairs_i64(ids, values, count, got, &ahead);
    check->reference->add_to_pairs_i64(ids, values, count, want, NULL);
    expect_bytes(check, "totals", got, want, sizeof got);
}

static void check_least_to_pairs_i64(struct check *check, size_t count) {
    enum { PAIRS_MOST = 40 };
    size_t pairs = 1 + check_below(check, PAIRS_MOST);
    uint32_t *ids = check_take(check, count * 4);
    int64_t *values = check_take_i64(check, count);
    int64_t got[2 * PAIRS_MOST], want[2 * PAIRS_MOST];
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)check_below(check, pairs);
    fill_i64(check, values, count);
    for (size_t i = 0; i < 2 * PAIRS_MOST; i++) got[i] = want[i] = INT64_MAX;
    check->kernels->least_to_pairs_i64(ids, values, count, got);
    check->reference->least_to_pairs_i64(ids, values, count, want);
    expect_bytes(check, "pairs", got, want, sizeof got);
}

static void check_order_f64(struct check *check, size_t count) {
    double *values = check_take_f64(check, count);
    int64_t *got = check_take_i64(check, count), *want = check_take_i64(check, count);
    fill_f64(check, values, count);
    check->kernels->order_f64(values, count, got);
    check->reference->order_f64(values, count, want);
    expect_bytes(check, "orders", got, want, count * 8);
}

static void check_hash_u64(struct check *check, size_t count) {
    uint64_t *values = check_take(check, count * 8), *got = check_take(check, count * 8);
    uint64_t seed = check_random(check);
    fill_i64(check, (int64_t *)values, count);
    check->kernels->hash_u64(values, count, seed, got);
    for (size_t i = 0; i < count; i++)
        expect_i64(check, "hash", (int64_t)got[i], (int64_t)weir_hash_u64(values[i], seed));
}

/* Crowds words into some lines. */
static uint64_t hash_in_lines(uint64_t word, unsigned bits) { return word % 7 << (64 - bits); }

/* A table of few lines, full but for a place or a line, of words that are alike. */
static size_t fill_lines(struct check *check, struct weir_word_line *lines, unsigned bits, uint64_t distinct) {
    size_t count = (size_t)1 << bits, held = check_below(check, count * WEIR_WORD_LINE_WORDS);
    if (held > distinct) held = (size_t)distinct;
    fill_bytes(check, lines, count * sizeof *lines); /* what is not taken may hold anything */
    for (size_t i = 0; i < count; i++) lines[i].used = 0;
    for (size_t i = 0; i < held; i++) {
        uint64_t word = i * UINT64_C(0x100000001);
        weir_word_line_add(lines, bits, word, hash_in_lines(word, bits), (uint32_t)check_random(check));
    }
    return held;
}

static void check_pack_i64(struct check *check, size_t count) {
    int64_t *values = check_take_i64(check, count), least = (int64_t)check_random(check);
    uint64_t *got = check_take(check, count * 8), *want = check_take(check, count * 8);
    uint64_t most = check_random(check) >> check_below(check, 64);
    int shift = (int)check_below(check, 64);
    fill_i64(check, values, count);
    fill_bytes(check, got, count * 8);
    for (size_t i = 0; i < count; i++) want[i] = got[i];
    bool close = check_below(check, 2) != 0; /* all within, but for one perhaps */
    for (size_t i = 0; i < count && close && most > 0; i++)
        values[i] = (int64_t)((uint64_t)least + check_random(check) % most);
    if (count > 0 && check_below(check, 3) == 0)
        values[check_below(check, count)] = (int64_t)((uint64_t)least + most - check_below(check, 2));
    bool inside = check->kernels->pack_i64(values, count, least, most, shift, got);
    bool expected = check->reference->pack_i64(values, count, least, most, shift, want);
    expect_i64(check, "inside", inside, expected);
    expect_bytes(check, "words", got, want, count * 8);
}

static void check_pack_u32(struct check *check, size_t count) {
    uint32_t *codes = check_take(check, count * 4);
    uint64_t *got = check_take(check, count * 8), *want = check_take(check, count * 8);
    int shift = (int)check_below(check, 64);
    fill_bytes(check, codes, count * 4);
    if (count > 0) codes[check_below(check, count)] = UINT32_MAX;
    fill_bytes(check, got, count * 8);
    for (size_t i = 0; i < count; i++) want[i] = got[i];
    check->kernels->pack_u32(codes, count, shift, got);
    check->reference->pack_u32(codes, count, shift, want);
    expect_bytes(check, "words", got, want, count * 8);
}

/* Cells of which none is empty, or one, or every second. */
static void check_find_cells(struct check *check, size_t count) {
    enum { CELLS = 1000 };
    uint32_t *cells = check_take(check, CELLS * 4);
    uint64_t *words = check_take(check, count * 8);
    uint32_t *got = check_take(check, count * 4), *want = check_take(check, count * 4);
    size_t pattern = check_below(check, 3);
    for (size_t i = 0; i < CELLS; i++)
        cells[i] = pattern == 2 && i % 2 == 0 ? 0 : (uint32_t)check_random(check) | 1u;
    for (size_t i = 0; i < count; i++) words[i] = check_below(check, CELLS);
    if (pattern == 1 && count > 0) cells[words[check_below(check, count)]] = 0;
    bool all = check->kernels->find_cells(cells, words, count, got);
    bool expected = check->reference->find_cells(cells, words, count, want);
    expect_i64(check, "all found", all, expected);
    expect_bytes(check, "ids", got, want, count * 4);
}

static void check_bits_of_codes(struct check *check, size_t count) {
    uint32_t *codes = check_take(check, count * 4), verdicts = (uint32_t)check_random(check);
    uint64_t *got = check_take_bits(check, count), *want = check_take_bits(check, count);
    for (size_t i = 0; i < count; i++) codes[i] = (uint32_t)check_below(check, 32);
    check->kernels->bits_of_codes(codes, count, verdicts, got);
    check->reference->bits_of_codes(codes, count, verdicts, want);
    expect_bytes(check, "bits", got, want, weir_bitmap_words(count) * 8);
}

static void check_find_words(struct check *check, size_t count) {
    unsigned bits = 1 + (unsigned)check_below(check, 4);
    struct weir_word_line *lines = check_take(check, sizeof *lines << bits);
    uint64_t *words = check_take(check, count * 8), *hashes = check_take(check, count * 8);
    uint32_t *got = check_take(check, count * 4), *want = check_take(check, count * 4);
    size_t held = fill_lines(check, lines, bits, 1 + check_below(check, 100));
    size_t missing = check_below(check, 2) == 0 ? 0 : 1 + check_below(check, 3); /* none, or some are not there */
    for (size_t i = 0; i < count; i++) {
        words[i] = held + missing == 0 ? i : check_below(check, held + missing) * UINT64_C(0x100000001);
        hashes[i] = hash_in_lines(words[i], bits) | check_random(check) >> bits;
    }
    for (size_t i = 0; i < count; i++) got[i] = want[i] = (uint32_t)i;
    size_t from = count == 0 ? 0 : check_below(check, count + 1), found, expected;
    do { /* as the caller goes on behind a word that is not there */
        found = check->kernels->find_words(lines, bits, words, hashes, from, count, got);
        expected = check->reference->find_words(lines, bits, words, hashes, from, count, want);
        expect_i64(check, "row", (int64_t)found, (int64_t)expected);
        from = found + 1;
    } while (found < count && from < count);
    expect_bytes(check, "ids", got, want, count * 4);
}

/* Words of which some are there, some come more than once, and all have room. */
static void check_meet_words(struct check *check, size_t count) {
    unsigned skip = (unsigned)check_below(check, 9);
    size_t lines = count / WEIR_WORD_LINE_WORDS + 2 + check_below(check, 40);
    size_t bytes = sizeof(struct weir_word_line) * lines, most = 1 + check_below(check, count + 1);
    struct weir_word_line *got = check_take(check, bytes), *want = check_take(check, bytes);
    uint64_t *words = check_take(check, count * 8), *hashes = check_take(check, count * 8);
    uint64_t *got_listed = check_take(check, (count + 1) * 8), *want_listed = check_take(check, (count + 1) * 8);
    uint32_t *got_ids = check_take(check, count * 4), *want_ids = check_take(check, count * 4);
    uint32_t got_keys = 0, want_keys = 0;
    size_t crowd = check_below(check, 2); /* all at home in a few lines */
    memset(got, 0, bytes);
    memset(want, 0, bytes);
    for (size_t i = 0; i < count; i++) {
        words[i] = check_below(check, most) * UINT64_C(0x100000001);
        uint64_t spread = words[i] * UINT64_C(0x9E3779B97F4A7C15);
        hashes[i] = (crowd != 0 ? spread >> 62 << 62 : spread) >> skip;
    }
    size_t half = check_below(check, count + 1);
    check->kernels->meet_words(got, lines, skip, words, hashes, half, got_ids, got_listed, &got_keys);
    check->kernels->meet_words(got, lines, skip, words + half, hashes + half, count - half, got_ids + half,
                               got_listed, &got_keys);
    check->reference->meet_words(want, lines, skip, words, hashes, count, want_ids, want_listed, &want_keys);
    expect_i64(check, "keys", got_keys, want_keys);
    expect_bytes(check, "ids", got_ids, want_ids, count * 4);
    expect_bytes(check, "listed", got_listed, want_listed, want_keys * 8);
    expect_bytes(check, "lines", got, want, bytes);
}

static void check_min_max_i64(struct check *check, size_t count) {
    if (count == 0) return; /* at least one value, by contract */
    int64_t *values = check_take_i64(check, count), min, max, want_min, want_max;
    fill_i64(check, values, count);
    check->kernels->min_max_i64(values, count, &min, &max);
    check->reference->min_max_i64(values, count, &want_min, &want_max);
    expect_i64(check, "min", min, want_min);
    expect_i64(check, "max", max, want_max);
}

static void check_min_max_valid_i64(struct check *check, size_t count) {
    int64_t *values = check_take_i64(check, count), min, max, want_min, want_max;
    uint64_t *validity = check_take_bits(check, count);
    fill_i64(check, values, count);
    fill_bits(check, validity, count);
    check->kernels->min_max_valid_i64(values, validity, count, &min, &max);
    check->reference->min_max_valid_i64(values, validity, count, &want_min, &want_max);
    expect_i64(check, "min", min, want_min);
    expect_i64(check, "max", max, want_max);
}

static void check_sum_f64(struct check *check, size_t count) {
    double *values = check_take_f64(check, count), sum, want;
    fill_f64(check, values, count);
    sum = check->kernels->sum_f64(values, count);
    want = check->reference->sum_f64(values, count);
    expect_bytes(check, "sum", &sum, &want, sizeof sum);
}

static void check_min_max_sum(struct check *check, size_t count) {
    int64_t *others = check_take_i64(check, count), min, max, want_min, want_max;
    double *values = check_take_f64(check, count), sum, want;
    fill_i64(check, others, count);
    fill_f64(check, values, count);
    sum = check->kernels->min_max_sum(others, values, count, &min, &max);
    want = check->reference->min_max_sum(others, values, count, &want_min, &want_max);
    expect_bytes(check, "sum", &sum, &want, sizeof sum);
    expect_i64(check, "min", min, want_min);
    expect_i64(check, "max", max, want_max);
}

#endif
