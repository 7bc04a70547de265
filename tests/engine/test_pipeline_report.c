/* SPDX-License-Identifier: Apache-2.0
 *
 * The counters of ways say which of them rows took: each query takes one that is known, and no other.
 */
#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

/* ---- rows: (ts, b BIGINT, c INT, d DOUBLE, e dictionary of STRING) ---- */

enum { ROWS = 32768, BATCH = 8192, WORDS = 20, SIZE = 1000 };

static int64_t row_ts[ROWS], row_b[ROWS];
static int32_t row_c[ROWS];
static uint32_t row_e[ROWS];
static double row_d[ROWS];

/* Keys b and c below `most`. */
static void make_rows(int64_t most) {
    random_state = 7;
    for (int32_t i = 0; i < ROWS; i++) {
        row_ts[i] = (int64_t)i * 4 * SIZE / ROWS;
        row_b[i] = random_below(most);
        row_c[i] = (int32_t)random_below(most < INT32_MAX ? most : INT32_MAX);
        row_d[i] = (double)random_below(1000);
        row_e[i] = (uint32_t)random_below(WORDS);
    }
}

static struct ArrowArray batch_at(int32_t at, int32_t count) {
    static char text[WORDS][16]; /* of any integer */
    const char *words[WORDS];
    for (int i = 0; i < WORDS; i++) {
        snprintf(text[i], sizeof(text[i]), "w%d", i);
        words[i] = text[i];
    }
    return batch_of(
        count, 5, array_i64(row_ts + at, count, NULL), array_i64(row_b + at, count, NULL),
        array_fixed(row_c + at, sizeof(row_c[0]), count, NULL),
        array_fixed(row_d + at, sizeof(row_d[0]), count, NULL),
        array_dictionary(row_e + at, sizeof(row_e[0]), count, NULL, array_strings(words, WORDS, false)));
}

/* ---- queries: windows of SIZE over one key column or two, COUNT(*), SUM(d) ---- */

static struct weir_plan *plan_by(int32_t key, int32_t second) {
    struct weir_type types[5] = {TIME_, BIGINT_, weir_type_of(WEIR_TYPE_INT), DOUBLE_, STRING_};
    struct weir_plan *plan = plan_over(5, types);
    plan->columns[4].storage = WEIR_STORE_DICTIONARY;
    plan->columns[4].codes = WEIR_STORE_U32;
    plan->columns[4].words = WEIR_STORE_UTF8;
    plan_window(plan, WEIR_WINDOW_TUMBLE, SIZE, 0, 0);
    plan_delay(plan, 1);
    plan_key(plan, key);
    if (second >= 0) plan_key(plan, second);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 3);
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

static struct weir_stats run(struct weir_plan *plan, struct weir_pipeline_options options, int32_t batch) {
    struct weir_pipeline *pipeline = NULL;
    struct ArrowArray array;
    options.struct_size = sizeof(options);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    for (int32_t at = 0; at < ROWS; at += batch) {
        push_ok(pipeline, batch_at(at, batch));
        while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) array.release(&array);
    }
    finish_ok(pipeline);
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) array.release(&array);
    struct weir_stats stats = stats_of(pipeline);
    assert_int_equal(stats.aggregated, ROWS);
    close_all(pipeline, plan);
    return stats;
}

/* How keys are found. */
static void expect_keys(const struct weir_stats *stats, int64_t code, int64_t cell, int64_t packed, int64_t mixed) {
    assert_int_equal(stats->code_rows, code);
    assert_int_equal(stats->cell_rows, cell);
    assert_int_equal(stats->packed_rows, packed);
    assert_int_equal(stats->mixed_rows, mixed);
}

/* ---- tests ---- */

static const struct weir_pipeline_options plain;
static const struct weir_pipeline_options dense = {.slices = WEIR_SLICES_DENSE, .waiting = WEIR_WAITING_NEVER};

static void codes_of_a_dictionary_are_ids(void **state) {
    (void)state;
    make_rows(20);
    struct weir_stats stats = run(plan_by(4, -1), plain, BATCH);
    expect_keys(&stats, ROWS, 0, 0, 0);
    assert_int_equal(stats.direct_rows + stats.waited_rows + stats.parted_windows, 0);
}

static void few_values_are_looked_up_in_cells(void **state) {
    (void)state;
    make_rows(100);
    struct weir_stats stats = run(plan_by(1, -1), plain, BATCH);
    expect_keys(&stats, 0, ROWS, 0, 0);
    stats = run(plan_by(1, 2), plain, BATCH);
    expect_keys(&stats, 0, ROWS, 0, 0);
}

static void columns_are_packed_where_their_values_allow_it(void **state) {
    (void)state;
    make_rows(INT64_C(1) << 30);
    struct weir_stats stats = run(plan_by(1, 2), dense, BATCH);
    expect_keys(&stats, 0, 0, ROWS, 0);
}

static void columns_that_fit_no_word_are_mixed(void **state) {
    (void)state;
    make_rows(INT64_C(1) << 62);
    struct weir_stats stats = run(plan_by(1, 3), dense, BATCH);
    expect_keys(&stats, 0, 0, 0, ROWS);
}

static void one_word_that_is_hashed_is_no_way_of_its_own(void **state) {
    (void)state;
    make_rows(INT64_C(1) << 62);
    struct weir_stats stats = run(plan_by(1, -1), dense, BATCH);
    expect_keys(&stats, 0, 0, 0, 0);
    assert_int_equal(stats.held_rows, 0); /* too many keys */
}

static void accumulators_of_few_keys_are_held(void **state) {
    (void)state;
    make_rows(20);
    struct weir_stats stats = run(plan_by(1, -1), plain, BATCH);
    assert_true(stats.held_rows > 0 && stats.held_rows <= ROWS);
    stats = run(plan_by(1, -1), plain, 64); /* each batch too short for that */
    assert_int_equal(stats.held_rows, 0);
}

static void rows_that_wait_fire_from_where_they_wait(void **state) {
    (void)state;
    make_rows(INT64_C(1) << 62);
    struct weir_stats stats = run(plan_by(1, -1), dense, BATCH);
    assert_int_equal(stats.waited_rows + stats.parted_windows, 0);
    const struct weir_pipeline_options always = {.waiting = WEIR_WAITING_ALWAYS};
    stats = run(plan_by(1, -1), always, BATCH);
    assert_int_equal(stats.waited_rows, ROWS);
    assert_int_equal(stats.parted_windows, stats.windows_fired);
    assert_int_equal(stats.windows_fired, 4);
}

static void slices_that_are_direct_are_counted(void **state) {
    (void)state;
    make_rows(INT64_C(1) << 62);
    const struct weir_pipeline_options direct = {.slices = WEIR_SLICES_DIRECT, .waiting = WEIR_WAITING_NEVER};
    struct weir_stats stats = run(plan_by(1, -1), direct, BATCH);
    assert_int_equal(stats.direct_rows, ROWS);
    stats = run(plan_by(1, -1), dense, BATCH);
    assert_int_equal(stats.direct_rows, 0);
}

static void rows_for_owners_are_counted_once_for_all_workers(void **state) {
    (void)state;
    make_rows(5000);
    /* The first batch is any worker's: keys get owners between two. */
    const struct {
        enum weir_strategy strategy;
        int64_t owned, handed;
    } cases[] = {{WEIR_STRATEGY_LOCAL_FIRST, 0, 0},
                 {WEIR_STRATEGY_PARTITION_FIRST, ROWS - BATCH, 0},
                 {WEIR_STRATEGY_HAND_OVER, ROWS - BATCH, ROWS - BATCH}};
    for (size_t i = 0; i < 3; i++) {
        const struct weir_pipeline_options options = {.workers = 3, .strategy = cases[i].strategy};
        struct weir_stats stats = run(plan_by(1, -1), options, BATCH);
        assert_int_equal(stats.owned_rows, cases[i].owned);
        assert_int_equal(stats.handed_rows, cases[i].handed);
        if (cases[i].handed > 0) assert_true(stats.caller_rows <= BATCH); /* owners have threads */
    }
}

static void the_callers_thread_works_all_rows_without_workers_and_few_with_one(void **state) {
    (void)state;
    make_rows(100);
    struct weir_stats stats = run(plan_by(1, -1), plain, BATCH);
    assert_int_equal(stats.caller_rows, ROWS);
    const struct weir_pipeline_options one = {.workers = 1};
    stats = run(plan_by(1, -1), one, 128); /* so few are done sooner than a thread wakes */
    assert_int_equal(stats.caller_rows, ROWS);
    const struct weir_pipeline_options three = {.workers = 3, .strategy = WEIR_STRATEGY_LOCAL_FIRST};
    stats = run(plan_by(1, -1), three, BATCH);
    assert_true(stats.caller_rows >= 0 && stats.caller_rows <= ROWS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_a_dictionary_are_ids),
        cmocka_unit_test(few_values_are_looked_up_in_cells),
        cmocka_unit_test(columns_are_packed_where_their_values_allow_it),
        cmocka_unit_test(columns_that_fit_no_word_are_mixed),
        cmocka_unit_test(one_word_that_is_hashed_is_no_way_of_its_own),
        cmocka_unit_test(accumulators_of_few_keys_are_held),
        cmocka_unit_test(rows_that_wait_fire_from_where_they_wait),
        cmocka_unit_test(slices_that_are_direct_are_counted),
        cmocka_unit_test(rows_for_owners_are_counted_once_for_all_workers),
        cmocka_unit_test(the_callers_thread_works_all_rows_without_workers_and_few_with_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
