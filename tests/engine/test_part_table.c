/* SPDX-License-Identifier: Apache-2.0
 *
 * The sums of one part: words are found again however many there are, and what was made of one part is gone when
 * the next one begins.
 */
#include "engine/part_table.h"

#include "base/hash.h"
#include "simd/kernels.h"
#include "tests/engine/accumulators.h"
#include "tests/engine/random.h"

enum { KEYS = 20000, BLOCK = WEIR_BLOCK_ROWS };

/* A plan of COUNT(*) and SUM of a BIGINT: rows, NULLs, a sum of 128 bits. */
static struct bench bench;
static struct weir_part_table table;

static uint64_t words[KEYS];
static int64_t counts[KEYS], sums[KEYS];

static int open_table(void **state) {
    static const enum weir_aggregate_function calls[] = {WEIR_AGGREGATE_COUNT_STAR, WEIR_AGGREGATE_SUM};
    (void)state;
    open_bench(&bench, BIGINT_, 1, 2, calls);
    weir_part_table_init(&table, &bench.accumulator);
    memset(counts, 0, sizeof(counts));
    memset(sums, 0, sizeof(sums));
    random_state = 5;
    return 0;
}

static int close_table(void **state) {
    (void)state;
    weir_part_table_fini(&table);
    close_bench(&bench);
    return 0;
}

/* Words whose hashes begin with `skip` bits of `part`. */
static void make_words(int32_t count, unsigned skip, uint64_t part) {
    uint64_t word = 0;
    for (int32_t i = 0; i < count; word++) {
        uint64_t hash;
        weir_simd->hash_u64(&word, 1, weir_hash_seed(), &hash);
        if (skip > 0 && hash >> (64 - skip) != part) continue;
        words[i++] = word;
    }
}

/* Rows of keys [from, from + keys). */
static void add_some(int32_t from, int32_t keys, int32_t count) {
    static uint64_t row_words[BLOCK];
    static int64_t values[BLOCK];
    for (int32_t i = 0; i < count; i++) {
        int64_t key = from + random_below(keys);
        row_words[i] = words[key];
        values[i] = random_below(2000) - 1000;
        counts[key]++;
        sums[key] += values[i];
    }
    const struct weir_vector arg = {.kind = WEIR_VECTOR_I64, .i64 = values};
    assert_int_equal(weir_part_table_add(&table, row_words, count, &arg, &error), WEIR_OK);
}

static void expect_row(const char *row, int64_t count, int64_t sum) {
    int64_t fields[2];
    memcpy(fields, row, sizeof(fields));
    assert_int_equal(fields[0], count);
    assert_int_equal(fields[1], 0); /* NULLs */
    memcpy(fields, row + sizeof(fields), sizeof(fields));
    assert_int_equal(fields[0], sum);
    assert_int_equal(fields[1], sum < 0 ? -1 : 0);
}

/* Each key that has rows is in the table once, with its sums. */
static void expect_sums(int32_t keys) {
    size_t stride = bench.accumulator.stride;
    uint32_t wanted = 0;
    for (int32_t i = 0; i < keys; i++) wanted += counts[i] > 0;
    assert_int_equal(table.keys, wanted);
    for (uint32_t id = 0; id < table.keys; id++) {
        int32_t key = 0;
        while (key < keys && words[key] != table.words[id]) key++;
        assert_true(key < keys);
        expect_row(table.rows + id * stride, counts[key], sums[key]);
        counts[key] = sums[key] = 0; /* met */
    }
    for (int32_t i = 0; i < keys; i++) assert_int_equal(counts[i], 0);
}

static void rows_of_a_key_are_added_up(void **state) {
    (void)state;
    make_words(300, 0, 0);
    weir_part_table_clear(&table, 0);
    for (int i = 0; i < 4; i++) add_some(0, 300, BLOCK / 3);
    expect_sums(300);
}

static void the_table_grows_with_its_keys(void **state) {
    (void)state;
    make_words(KEYS / 8, 8, 77);
    weir_part_table_clear(&table, 8);
    for (int32_t keys = 16; keys <= KEYS / 8; keys *= 5) add_some(0, keys, BLOCK);
    add_some(0, KEYS / 8, BLOCK);
    size_t bytes = weir_part_table_bytes(&table);
    assert_true(bytes >= table.keys * (bench.accumulator.stride + sizeof(uint64_t)));
    expect_sums(KEYS / 8);
}

static void a_part_that_follows_has_nothing_of_the_one_before(void **state) {
    (void)state;
    for (uint64_t part = 0; part < 4; part++) {
        int32_t keys = part % 2 == 0 ? 2000 : 40; /* few after many, and many again */
        make_words(keys, 4, part);
        weir_part_table_clear(&table, 4);
        assert_int_equal(table.keys, 0);
        add_some(0, keys, BLOCK);
        add_some(0, keys, BLOCK / 2);
        expect_sums(keys);
    }
}

static void rows_of_the_key_null_have_one_sum(void **state) {
    static const int64_t values[3] = {5, -7, 30};
    (void)state;
    const struct weir_vector arg = {.kind = WEIR_VECTOR_I64, .i64 = values};
    weir_part_table_clear(&table, 0);
    assert_int_equal(weir_part_table_add_one(&table, 3, &arg, &error), WEIR_OK);
    assert_int_equal(weir_part_table_add_one(&table, 2, &arg, &error), WEIR_OK);
    assert_int_equal(table.keys, 1);
    assert_int_equal(table.words[0], 0);
    expect_row(table.rows, 5, 26);
}

/* Sums that were kept are loaded, and rows that come later are added to them. */
static void sums_are_loaded_before_rows_are_added(void **state) {
    static char entries[500 * 64];
    (void)state;
    size_t stride = bench.accumulator.stride, entry = stride + sizeof(uint64_t);
    make_words(900, 2, 1);
    weir_part_table_clear(&table, 2);
    add_some(0, 500, BLOCK);
    uint32_t loaded = table.keys;
    assert_true(loaded <= 500 && entry <= 64);
    for (uint32_t i = 0; i < loaded; i++) {
        weir_part_sum_copy(entries + i * entry, table.rows + i * stride, stride);
        memcpy(entries + i * entry + stride, &table.words[i], sizeof(uint64_t));
    }
    weir_part_table_clear(&table, 2);
    assert_int_equal(weir_part_table_load(&table, entries, (int32_t)(loaded / 2), &error), WEIR_OK);
    assert_int_equal(
        weir_part_table_load(&table, entries + loaded / 2 * entry, (int32_t)(loaded - loaded / 2), &error),
        WEIR_OK);
    assert_int_equal(table.keys, loaded);
    add_some(200, 700, BLOCK); /* some of them, and new ones */
    expect_sums(900);
}

#define OPEN(test) cmocka_unit_test_setup_teardown(test, open_table, close_table)

int main(void) {
    const struct CMUnitTest tests[] = {
        OPEN(rows_of_a_key_are_added_up),
        OPEN(the_table_grows_with_its_keys),
        OPEN(a_part_that_follows_has_nothing_of_the_one_before),
        OPEN(rows_of_the_key_null_have_one_sum),
        OPEN(sums_are_loaded_before_rows_are_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
