/* SPDX-License-Identifier: Apache-2.0
 *
 * Parted rows, added to slices of either shape: what the slices hold is what was added row by row.
 */
#include "tests/engine/plans.h"

#include "engine/ingest_direct.h"
#include "engine/ingest_parts.h"
#include "engine/parted.h"
#include "tests/engine/random.h"

enum { KEYS = 3000, NULL_KEY = KEYS, SLICES = 3, BLOCK = WEIR_BLOCK_ROWS };

struct expected {
    int64_t rows, nulls;
    double sum;
};

static struct expected expected[SLICES][KEYS + 1];
static uint64_t words[BLOCK], nulls[BLOCK / 64], valid[BLOCK / 64];
static double values[BLOCK];

static uint64_t word_of(int64_t key) { return (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15); }

static int64_t key_of(uint64_t word) {
    for (int64_t key = 0; key < KEYS; key++) {
        if (word_of(key) == word) return key;
    }
    return -1;
}

static struct weir_plan *plan_of_sums(void) {
    struct weir_type types[3] = {TIME_, BIGINT_, DOUBLE_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 1000, 0, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

/* Sums of doubles, which depend on the order of the rows. */
static void add_some(struct weir_ingest *ingest) {
    int64_t s = random_below(SLICES), keys = 1 + random_below(KEYS);
    int32_t count = (int32_t)random_below(BLOCK + 1);
    bool null_keys = chance(30), null_values = chance(30);
    memset(nulls, 0, sizeof(nulls));
    memset(valid, 0xFF, sizeof(valid));
    for (int32_t i = 0; i < count; i++) {
        int64_t key = null_keys && chance(10) ? NULL_KEY : random_below(keys);
        bool is_null = null_values && chance(20);
        words[i] = key == NULL_KEY ? word_of(0) : word_of(key);
        values[i] = (double)random_below(1000000) / 7;
        if (key == NULL_KEY) weir_bit_set(nulls, (size_t)i);
        if (is_null) weir_bit_put(valid, (size_t)i, false);
        struct expected *at = &expected[s][key];
        at->rows++;
        at->nulls += is_null;
        if (!is_null) at->sum += values[i];
    }
    struct weir_vector arg = {.kind = WEIR_VECTOR_F64, .validity = null_values ? valid : NULL, .f64 = values};
    struct weir_parted rows = {
        .index = s, .first = s, .keys = {words, null_keys ? nulls : NULL}, .args = &arg, .count = count};
    if (weir_parted_take(ingest, &rows, &error) != WEIR_OK) fail_msg("%s", error.message);
}

static void check_row(int64_t s, int64_t key, const char *row) {
    const struct expected *wanted = &expected[s][key];
    int64_t counts[2];
    double sum;
    memcpy(counts, row, sizeof(counts));
    memcpy(&sum, row + sizeof(counts), sizeof(sum));
    assert_int_equal(counts[0], wanted->rows);
    assert_int_equal(counts[1], wanted->nulls);
    assert_true(sum == (wanted->rows == wanted->nulls ? 0 : wanted->sum));
}

/* Of a dense slice. */
static void check_slice(const struct weir_ingest *ingest, const struct weir_slice *slice) {
    size_t stride = ingest->accumulator->stride;
    int64_t held = 0, wanted = 0;
    for (uint32_t id = 0; id < slice->keys; id++) {
        if (weir_slice_rows_of(slice, stride, id) == 0) continue;
        struct weir_key_block key;
        uint64_t null;
        weir_key_table_listed(ingest->keys, id, 1, &null, &key);
        int64_t at = key.nulls != NULL ? NULL_KEY : key_of(key.words[0]);
        assert_true(at >= 0);
        check_row(slice->index, at, slice->rows + (size_t)id * stride);
        held++;
    }
    for (int64_t key = 0; key <= KEYS; key++) wanted += expected[slice->index][key].rows > 0;
    assert_int_equal(held, wanted);
}

static void rows_add_up_in_their_order_whatever_the_shape(void **state) {
    (void)state;
    bool waited = false;
    for (int turn = 0; turn < 24; turn++) {
        random_state = (uint64_t)turn;
        struct weir_plan *plan = plan_of_sums();
        struct weir_accumulator accumulator;
        struct weir_ingest ingest;
        struct weir_ingest_setup setup = {.plan = plan,
                                          .accumulator = &accumulator,
                                          .waiting = turn % 3 == 0 ? WEIR_WAITING_NEVER : WEIR_WAITING_ALWAYS,
                                          .waiting_max = turn % 3 == 1 ? 1 : (size_t)1 << 20};
        assert_int_equal(weir_accumulator_init(&accumulator, plan, &error), WEIR_OK);
        assert_int_equal(weir_ingest_init(&ingest, &setup, 0, &error), WEIR_OK);
        ingest.fires = true;
        memset(expected, 0, sizeof(expected));
        for (int i = 0; i < 8; i++) {
            add_some(&ingest);
            waited |= ingest.waiting.rows > 0;
            if (!chance(40)) continue;
            assert_int_equal(weir_ingest_turn_direct(&ingest, &error), WEIR_OK);
            assert_true(ingest.store.is_direct);
            add_some(&ingest);
            if (chance(50)) assert_int_equal(weir_ingest_turn_dense(&ingest, &error), WEIR_OK);
        }
        assert_int_equal(weir_ingest_turn_dense(&ingest, &error), WEIR_OK);
        assert_int_equal(weir_ingest_settle(&ingest, &error), WEIR_OK);
        assert_int_equal(ingest.counts.aggregated, 0); /* the caller's to count */
        for (uint32_t i = 0; i < ingest.store.count; i++) check_slice(&ingest, ingest.store.slices[i]);
        weir_ingest_fini(&ingest);
        weir_accumulator_fini(&accumulator);
        weir_plan_release(plan);
    }
    assert_true(waited);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_add_up_in_their_order_whatever_the_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
