/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted distinct count of hashes. */
static size_t distinct(uint64_t *hashes, size_t count) {
    qsort(hashes, count, sizeof(*hashes), compare);
    size_t found = count > 0;
    for (size_t i = 1; i < count; i++) found += hashes[i] != hashes[i - 1];
    return found;
}

static void different_values_have_different_hashes(void **state) {
    (void)state;
    enum { count = 20000 };
    uint64_t *hashes = malloc(count * sizeof(*hashes));
    assert_non_null(hashes);
    static const uint64_t strides[] = {
        1, 64, 4096, UINT64_C(1) << 32, UINT64_C(1) << 44, UINT64_C(0x9E3779B97F4A7C15)};
    for (size_t s = 0; s < WEIR_ARRAY_COUNT(strides); s++) {
        for (uint64_t i = 0; i < count; i++) hashes[i] = weir_hash_u64(i * strides[s], 12345);
        assert_int_equal(distinct(hashes, count), count);
    }
    free(hashes);
}

/* Tables take their slot from some bits of the hash: neighbouring keys, and keys that differ only in high bits,
 * must spread over both ends. 4096 keys into 4096 slots hit about 63 % of them when they are random. */
static void both_ends_of_a_hash_spread(void **state) {
    (void)state;
    enum { count = 4096 };
    static const unsigned shifts[] = {0, 3, 12, 20, 32, 40, 52};
    for (size_t s = 0; s < WEIR_ARRAY_COUNT(shifts); s++) {
        uint64_t low[count], high[count];
        for (uint64_t i = 0; i < count; i++) {
            uint64_t hash = weir_hash_u64(i << shifts[s], 99);
            low[i] = hash & (count - 1);
            high[i] = hash >> 52;
        }
        size_t low_slots = distinct(low, count), high_slots = distinct(high, count);
        if (low_slots < 2200 || high_slots < 2200) {
            fail_msg("shift %u: %zu slots by low bits, %zu by high bits", shifts[s], low_slots, high_slots);
        }
    }
}

static void the_seed_changes_every_hash(void **state) {
    (void)state;
    assert_true(weir_hash_u64(1, 1) != weir_hash_u64(1, 2));
    assert_true(weir_hash_bytes("key", 3, 1) != weir_hash_bytes("key", 3, 2));
    assert_true(weir_hash_bytes("key", 3, 1) == weir_hash_bytes("key", 3, 1));
}

static void bytes_of_any_length_and_alignment_are_hashed(void **state) {
    (void)state;
    enum { most = 600 };
    uint64_t hashes[most + 1];
    char text[most + 8];
    memset(text, 'x', sizeof(text));
    for (size_t length = 0; length <= most; length++) {
        char *copy = malloc(length + 3);
        assert_non_null(copy);
        memset(copy + 3, 'x', length);
        hashes[length] = weir_hash_bytes(text, length, 7);
        assert_true(weir_hash_bytes(copy + 3, length, 7) == hashes[length]);
        free(copy);
    }
    assert_int_equal(distinct(hashes, most + 1), most + 1);
    assert_true(weir_hash_bytes(NULL, 0, 7) == weir_hash_bytes("", 0, 7));
}

/* The seed of a fresh process with WEIR_HASH_SEED set to text, or unset. */
static uint64_t seed_of_child(const char *text) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (text == NULL) {
            unsetenv("WEIR_HASH_SEED");
        } else {
            setenv("WEIR_HASH_SEED", text, 1);
        }
        uint64_t seed = weir_hash_seed();
        _exit(seed != weir_hash_seed() || write(ends[1], &seed, sizeof(seed)) != (ssize_t)sizeof(seed));
    }
    close(ends[1]);
    uint64_t seed = 0;
    assert_int_equal(read(ends[0], &seed, sizeof(seed)), sizeof(seed));
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    return seed;
}

/* This program itself never asks for its seed, so that its children begin afresh. */
static void the_process_seed_is_random_or_given(void **state) {
    (void)state;
    assert_true(seed_of_child(NULL) != seed_of_child(NULL));
    assert_true(seed_of_child("") != seed_of_child(""));
    assert_int_equal(seed_of_child("42"), 42);
    assert_int_equal(seed_of_child("0x10"), 16);
    assert_true(seed_of_child("18446744073709551615") == UINT64_MAX);
}

static void a_seed_that_is_no_number_is_not_zero(void **state) {
    (void)state;
    uint64_t word = seed_of_child("canary"), other = seed_of_child("canary2");
    assert_true(word != 0 && word == seed_of_child("canary"));
    assert_true(word != other);
    assert_true(seed_of_child("12x") != 12);
    assert_true(seed_of_child("99999999999999999999999") != UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(different_values_have_different_hashes),
        cmocka_unit_test(both_ends_of_a_hash_spread),
        cmocka_unit_test(the_seed_changes_every_hash),
        cmocka_unit_test(bytes_of_any_length_and_alignment_are_hashed),
        cmocka_unit_test(the_process_seed_is_random_or_given),
        cmocka_unit_test(a_seed_that_is_no_number_is_not_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
