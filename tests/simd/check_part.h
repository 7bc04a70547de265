/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the kernels that part rows.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_PART_H
#define WEIR_TESTS_SIMD_CHECK_PART_H

#include "check.h"

/* Parts rows as a caller does, who gives out one chunk after the other. The number of calls. */
static size_t part_all(const struct weir_kernels *kernels, const uint64_t *words, const uint64_t *hashes,
                       unsigned shift, size_t from, size_t count, uint32_t chunk, uint32_t *tails, uint32_t *places,
                       uint64_t *out) {
    uint32_t parts = (uint32_t)1 << (64 - shift), chunks = parts;
    size_t calls = 0;
    for (uint32_t p = 0; p < parts; p++) tails[p] = p * chunk;
    for (size_t at = from; at < count; calls++) {
        at = kernels->part_words(words, hashes, shift, at, count, chunk, tails, places, out);
        uint32_t *tail = &tails[hashes[at - 1] >> shift];
        if (*tail % chunk == 0) *tail = chunks++ * chunk;
    }
    return calls;
}

static void check_part_words(struct check *check, size_t count) {
    unsigned shift = 61 + (unsigned)check_below(check, 3);
    uint32_t chunk = (uint32_t)1 << check_below(check, 7), parts = (uint32_t)1 << (64 - shift);
    size_t room = (count + parts) / chunk * chunk + (size_t)parts * chunk, from = check_below(check, count + 1);
    uint64_t *words = check_take(check, count * 8), *hashes = check_take(check, count * 8);
    uint64_t *got = check_take(check, room * 8), *want = check_take(check, room * 8);
    uint32_t *got_tails = check_take(check, parts * 4), *want_tails = check_take(check, parts * 4);
    uint32_t *got_places = check_take(check, count * 4), *want_places = check_take(check, count * 4);
    fill_i64(check, (int64_t *)words, count);
    for (size_t i = 0; i < count; i++) hashes[i] = check_random(check);
    if (check_below(check, 4) == 0) memset(hashes, 0xFF, count * 8); /* all of one part */
    size_t calls = part_all(check->kernels, words, hashes, shift, from, count, chunk, got_tails, got_places, got);
    size_t wanted =
        part_all(check->reference, words, hashes, shift, from, count, chunk, want_tails, want_places, want);
    expect_i64(check, "calls", (int64_t)calls, (int64_t)wanted);
    expect_bytes(check, "tails", got_tails, want_tails, parts * 4);
    expect_bytes(check, "places", got_places, want_places, count * 4);
    expect_bytes(check, "words", got, want, room * 8);
}

static void check_scatter_u64(struct check *check, size_t count) {
    uint64_t *values = check_take(check, count * 8);
    uint64_t *got = check_take(check, count * 8), *want = check_take(check, count * 8);
    uint32_t *places = check_take(check, count * 4), *rows = check_take(check, count * 4);
    fill_i64(check, (int64_t *)values, count);
    for (size_t i = 0; i < count; i++) {
        size_t other = check_below(check, i + 1);
        places[i] = places[other];
        places[other] = (uint32_t)i;
        rows[i] = (uint32_t)check_below(check, count);
    }
    if (check_below(check, 2) == 0) rows = NULL;
    check->kernels->scatter_u64(values, rows, places, count, got);
    check->reference->scatter_u64(values, rows, places, count, want);
    expect_bytes(check, "values", got, want, count * 8);
}

#endif
