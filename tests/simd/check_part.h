/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the kernels that part rows.
 */
#ifndef WEIR_TESTS_SIMD_CHECK_PART_H
#define WEIR_TESTS_SIMD_CHECK_PART_H

#include "check.h"

/* Where rows go: chunks side by side, from a multiple of their size on. */
struct parting {
    uint64_t *out;
    uint64_t **tails, **places;
    size_t chunks;
};

static struct parting parting_of(struct check *check, uint32_t parts, size_t room, size_t chunk, size_t count) {
    char *bytes = check_take(check, room * 8 + chunk);
    memset(bytes, 0, room * 8 + chunk);
    bytes += (chunk - (uintptr_t)bytes % chunk) % chunk;
    return (struct parting){(uint64_t *)(void *)bytes, check_take(check, parts * sizeof(uint64_t *)),
                            check_take(check, count * sizeof(uint64_t *)), parts};
}

/* Parts rows as a caller does, who gives out one chunk after the other. The number of calls. */
static size_t part_all(const struct weir_kernels *kernels, const uint64_t *words, const uint64_t *hashes,
                       unsigned shift, size_t from, size_t count, size_t chunk, struct parting *to) {
    uint32_t parts = (uint32_t)1 << (64 - shift);
    size_t calls = 0;
    for (uint32_t p = 0; p < parts; p++) to->tails[p] = to->out + p * chunk / 8;
    for (size_t at = from; at < count; calls++) {
        at = kernels->part_words(words, hashes, shift, at, count, chunk, to->tails, to->places);
        uint64_t **tail = &to->tails[hashes[at - 1] >> shift];
        if ((uintptr_t)*tail % chunk == 0) *tail = to->out + to->chunks++ * chunk / 8;
    }
    return calls;
}

/* Pointers as numbers of words, which are the same for both. */
static void number(const struct parting *parting, uint64_t **pointers, size_t count) {
    for (size_t i = 0; i < count; i++) pointers[i] = (uint64_t *)(uintptr_t)(pointers[i] - parting->out);
}

static void check_part_words(struct check *check, size_t count) {
    unsigned shift = 61 + (unsigned)check_below(check, 3);
    size_t chunk = (size_t)8 << check_below(check, 7);
    uint32_t parts = (uint32_t)1 << (64 - shift);
    size_t room = count + 8 + (size_t)parts * chunk / 8 * 2, from = check_below(check, count + 1);
    uint64_t *words = check_take(check, count * 8), *hashes = check_take(check, count * 8);
    struct parting got = parting_of(check, parts, room, chunk, count);
    struct parting want = parting_of(check, parts, room, chunk, count);
    fill_i64(check, (int64_t *)words, count);
    for (size_t i = 0; i < count; i++) hashes[i] = check_random(check);
    if (check_below(check, 4) == 0) memset(hashes, 0xFF, count * 8); /* all of one part */
    size_t calls = part_all(check->kernels, words, hashes, shift, from, count, chunk, &got);
    size_t wanted = part_all(check->reference, words, hashes, shift, from, count, chunk, &want);
    expect_i64(check, "calls", (int64_t)calls, (int64_t)wanted);
    number(&got, got.tails, parts);
    number(&want, want.tails, parts);
    number(&got, got.places + from, count - from);
    number(&want, want.places + from, count - from);
    expect_bytes(check, "tails", got.tails, want.tails, parts * sizeof(uint64_t *));
    expect_bytes(check, "places", got.places + from, want.places + from, (count - from) * sizeof(uint64_t *));
    expect_bytes(check, "words", got.out, want.out, room * 8);
}

static void check_scatter_u64(struct check *check, size_t count) {
    size_t skip = check_below(check, 9);
    uint64_t *values = check_take(check, count * 8);
    uint64_t *got = check_take(check, (count + skip) * 8), *want = check_take(check, (count + skip) * 8);
    uint64_t **got_places = check_take(check, count * sizeof(uint64_t *));
    uint64_t **want_places = check_take(check, count * sizeof(uint64_t *));
    uint32_t *places = check_take(check, count * 4), *rows = check_take(check, count * 4);
    memset(got, 0, (count + skip) * 8);
    memset(want, 0, (count + skip) * 8);
    fill_i64(check, (int64_t *)values, count);
    for (size_t i = 0; i < count; i++) {
        size_t other = check_below(check, i + 1);
        places[i] = places[other];
        places[other] = (uint32_t)i;
        rows[i] = (uint32_t)check_below(check, count);
    }
    for (size_t i = 0; i < count; i++) {
        got_places[i] = got + places[i];
        want_places[i] = want + places[i];
    }
    if (check_below(check, 2) == 0) rows = NULL;
    check->kernels->scatter_u64(values, rows, got_places, count, skip);
    check->reference->scatter_u64(values, rows, want_places, count, skip);
    expect_bytes(check, "values", got, want, (count + skip) * 8);
}

#endif
