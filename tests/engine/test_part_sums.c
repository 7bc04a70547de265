/* SPDX-License-Identifier: Apache-2.0
 *
 * Sums of parts: what rows come to is the same whether they wait, are kept as sums, or some of each; kept sums take
 * the chunks that they need, and give them back.
 */
#include "engine/part_sums.h"

#include "base/hash.h"
#include "simd/kernels.h"
#include "tests/engine/accumulators.h"
#include "tests/engine/random.h"

enum { KEYS = 6000, PARTS = 8, BLOCK = WEIR_BLOCK_ROWS };

static struct bench bench;
static struct weir_part_rows waiting;
static struct weir_part_table table;
static struct weir_part_set *set;
static int64_t counts[KEYS + 1], sums[KEYS + 1]; /* those of NULL last */

static uint64_t word_of(int64_t key) { return (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15) + 1; }

static int open_all(void **state) {
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_COUNT_STAR, WEIR_AGGREGATE_SUM};
    (void)state;
    open_bench(&bench, BIGINT_, 8, 2, calls);
    memset(&waiting, 0, sizeof(waiting));
    memset(counts, 0, sizeof(counts));
    memset(sums, 0, sizeof(sums));
    weir_part_rows_init(&waiting, 1, bench.accumulator.stride);
    weir_part_table_init(&table, &bench.accumulator);
    if (!weir_part_rows_open(&waiting, PARTS, false, (size_t)64 << 20)) return -1;
    set = weir_part_rows_begin(&waiting, 3, 4);
    set->is_own = true;
    random_state = 31;
    return 0;
}

static int close_all_of_it(void **state) {
    (void)state;
    weir_part_table_fini(&table);
    weir_part_rows_fini(&waiting);
    close_bench(&bench);
    return 0;
}

static void add_some(int64_t keys, int32_t count, int null_keys) {
    static uint64_t words[BLOCK], hashes[BLOCK], nulls[BLOCK / 64];
    static int64_t values[BLOCK];
    memset(nulls, 0, sizeof(nulls));
    for (int32_t i = 0; i < count; i++) {
        bool null = chance(null_keys);
        int64_t key = null ? KEYS : random_below(keys);
        words[i] = word_of(key);
        weir_bit_put(nulls, (size_t)i, null);
        values[i] = random_below(2000) - 1000;
        counts[key]++;
        sums[key] += values[i];
    }
    weir_simd->hash_u64(words, (size_t)count, weir_hash_seed(), hashes);
    const struct weir_vector arg = {.kind = WEIR_VECTOR_I64, .i64 = values};
    const struct weir_part_block block = {words, hashes, nulls, NULL, &arg};
    assert_true(weir_part_rows_has_room(&waiting, false, count));
    weir_part_rows_add(&waiting, set, &block, 0, count);
}

static int64_t keys_with_rows(void) {
    int64_t keys = 0;
    for (int64_t key = 0; key <= KEYS; key++) keys += counts[key] > 0;
    return keys;
}

static int64_t key_of(uint64_t word, uint32_t part) {
    int64_t key = 0;
    if (part == PARTS) return KEYS;
    while (key < KEYS && word_of(key) != word) key++;
    assert_true(key < KEYS);
    return key;
}

static void expect_row(const char *row, int64_t key) {
    int64_t fields[3];
    memcpy(fields, row, sizeof(fields));
    assert_int_equal(fields[0], counts[key]);
    assert_int_equal(fields[2], sums[key]);
}

/* The parts together hold each key once, with all that was added of it. */
static void expect_all(void) {
    int64_t keys = 0;
    for (uint32_t part = 0; part <= PARTS; part++) {
        assert_int_equal(weir_part_sums_make(&waiting, set, part, &table, &error), WEIR_OK);
        for (uint32_t id = 0; id < table.keys; id++)
            expect_row(table.rows + id * bench.accumulator.stride, key_of(table.words[id], part));
        keys += table.keys;
    }
    assert_int_equal(keys, keys_with_rows());
}

static void keep(void) { assert_int_equal(weir_part_sums_keep(&waiting, set, &table, &error), WEIR_OK); }

static void rows_that_wait_come_to_their_sums(void **state) {
    (void)state;
    for (int i = 0; i < 5; i++) add_some(KEYS, BLOCK, 2);
    expect_all();
    assert_int_equal(set->sums, 0);
    assert_int_equal(set->rows, 5 * BLOCK); /* to look at them changes nothing */
}

static void sums_are_kept_in_place_of_rows(void **state) {
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        for (int i = 0; i < 3; i++) add_some(KEYS / (turn + 1), BLOCK, turn % 2 == 0 ? 2 : 0);
        keep();
        assert_int_equal(set->rows, 0);
        assert_int_equal(set->sums, keys_with_rows());
        expect_all();
        add_some(KEYS, BLOCK / 2, 1); /* beside them rows wait again */
        expect_all();
    }
}

static void kept_sums_take_no_more_chunks_than_they_fill(void **state) {
    (void)state;
    for (int i = 0; i < 6; i++) add_some(KEYS, BLOCK, 0);
    keep();
    uint64_t used = waiting.chunks.used;
    size_t entries = waiting.chunks.chunk_bytes / waiting.sum_bytes;
    /* A chunk for the rows to come, too, of each part. */
    assert_true(used <= (uint64_t)set->sums / entries + 2 * (PARTS + 1));
    for (int i = 0; i < 6; i++) {
        keep();
        assert_int_equal(waiting.chunks.used, used);
    }
}

static void sums_are_given_chunk_by_chunk(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) add_some(KEYS, BLOCK, 1);
    keep();
    int64_t all = 0;
    for (uint32_t part = 0; part <= PARTS; part++) {
        const char *chunk = NULL;
        uint32_t done = 0;
        int32_t count;
        while ((count = weir_part_sums_next(&waiting, set, part, &chunk, &done)) > 0) {
            for (int32_t i = 0; i < count; i++) {
                const char *entry = chunk + (size_t)i * waiting.sum_bytes;
                uint64_t word;
                memcpy(&word, entry + bench.accumulator.stride, sizeof(word));
                expect_row(entry, key_of(word, part));
            }
            all += count;
        }
    }
    assert_int_equal(all, set->sums);
    assert_int_equal(all, keys_with_rows());
}

static void sums_that_are_dropped_are_gone(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) add_some(KEYS, BLOCK, 1);
    keep();
    uint64_t used = waiting.chunks.used;
    for (uint32_t part = 0; part <= PARTS; part++) {
        const char *chunk = NULL;
        uint32_t done = 0;
        weir_part_sums_drop(&waiting, set, part);
        assert_int_equal(weir_part_sums_next(&waiting, set, part, &chunk, &done), 0);
    }
    assert_int_equal(set->sums, 0);
    assert_true(waiting.chunks.used < used);
    memset(counts, 0, sizeof(counts));
    memset(sums, 0, sizeof(sums));
    add_some(KEYS, BLOCK, 1);
    expect_all();
}

/* What a slice held moves into its set: keys that have rows, and the key NULL. */
static void accumulator_rows_of_a_slice_become_sums(void **state) {
    (void)state;
    static const uint64_t null_third = UINT64_C(1) << 2;
    uint64_t words[8], hashes[8];
    size_t stride = bench.accumulator.stride;
    for (int64_t i = 0; i < 8; i++) {
        int64_t key = i == 2 ? KEYS : i * 100;
        int64_t value = 7 * i + 1;
        uint32_t id = (uint32_t)i;
        words[i] = word_of(key);
        if (i == 5) continue; /* has counted nothing */
        add_all(&bench, &id, 1, (struct weir_vector){.kind = WEIR_VECTOR_I64, .i64 = &value});
        counts[key]++;
        sums[key] += value;
    }
    const struct weir_key_block keys = {words, &null_third};
    assert_true(weir_part_sums_add(&waiting, set, bench.rows, stride, &keys, 8, hashes));
    assert_int_equal(set->sums, 7);
    expect_all();
    add_some(KEYS, BLOCK, 5);
    expect_all();
    keep();
    expect_all();
}

static void an_estimate_is_near_what_sums_take(void **state) {
    (void)state;
    size_t bytes;
    for (int i = 0; i < 8; i++) add_some(KEYS, BLOCK, 0);
    assert_int_equal(weir_part_sums_estimate(&waiting, set, &table, &bytes, &error), WEIR_OK);
    size_t exact = (size_t)keys_with_rows() * waiting.sum_bytes;
    assert_true(bytes > exact / 2 && bytes < exact * 2);
}

#define OPEN(test) cmocka_unit_test_setup_teardown(test, open_all, close_all_of_it)

int main(void) {
    const struct CMUnitTest tests[] = {
        OPEN(rows_that_wait_come_to_their_sums),
        OPEN(sums_are_kept_in_place_of_rows),
        OPEN(kept_sums_take_no_more_chunks_than_they_fill),
        OPEN(sums_are_given_chunk_by_chunk),
        OPEN(sums_that_are_dropped_are_gone),
        OPEN(accumulator_rows_of_a_slice_become_sums),
        OPEN(an_estimate_is_near_what_sums_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
