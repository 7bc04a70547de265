/* SPDX-License-Identifier: Apache-2.0
 *
 * Once warm, and new keys aside, workers call no malloc, mmap or pthread_mutex function.
 */
#include "tests/engine/plans.h"

#include "tests/engine/arrays.h"
#include "tests/engine/interpose.h"

enum { KEYS = 200, ROWS = 1000, WARM = 200, MEASURED = 150 };

enum key_kind { KEY_BIGINT, KEY_STRING, KEY_DICTIONARY, KEY_BOTH, KEY_WIDE, KEY_WAITING, KEY_KINDS };

/* Counts, sums and extremes, of strings too where rows do not wait, over (ts, BIGINT, STRING, DOUBLE). */
static struct weir_plan *make_plan(enum weir_window_kind window, enum key_kind keys) {
    struct weir_type types[4] = {TIME_, BIGINT_, STRING_, DOUBLE_};
    struct weir_plan *plan = plan_over(4, types);
    if (keys == KEY_DICTIONARY) {
        plan->columns[2].storage = WEIR_STORE_DICTIONARY;
        plan->columns[2].codes = WEIR_STORE_I32;
        plan->columns[2].words = WEIR_STORE_UTF8;
    }
    int64_t slide = window == WEIR_WINDOW_TUMBLE ? 0 : 100;
    plan_window(plan, window, 300, slide, 0);
    plan_delay(plan, 50);
    if (keys != KEY_STRING && keys != KEY_DICTIONARY) plan_key(plan, 1);
    if (keys != KEY_BIGINT && keys != KEY_WAITING) plan_key(plan, 2);
    if (keys == KEY_WIDE) plan_key(plan, 3);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 1);
    plan_call(plan, WEIR_AGGREGATE_AVG, 3);
    if (keys != KEY_WAITING) plan_call(plan, WEIR_AGGREGATE_MAX, 2);
    plan_call(plan, WEIR_AGGREGATE_MIN, 3);
    plan_outputs(plan, 0);
    return plan;
}

/* The entries of the dictionary, from `turn` on: the same strings in another order. */
static struct ArrowArray *dictionary(int turn) {
    char text[KEYS][16];
    const char *words[KEYS];
    for (int i = 0; i < KEYS; i++) {
        snprintf(text[i], sizeof(text[i]), "key %03d", (i + turn) % KEYS);
        words[i] = text[i];
    }
    return array_strings(words, KEYS, false);
}

/* Times rise by ROWS a batch, with a little disorder and some late rows. */
static struct ArrowArray make_batch(int64_t number, enum key_kind keys) {
    static int64_t ts[ROWS], k[ROWS];
    static double d[ROWS];
    static int32_t codes[ROWS];
    static char text[ROWS][16];
    static const char *strings[ROWS];
    for (int i = 0; i < ROWS; i++) {
        int64_t row = number * ROWS + i;
        k[i] = (row * 7919) % KEYS;
        ts[i] = row - (row % 13) * 5 - (row % 97 == 0 ? 400 : 0);
        d[i] = (double)k[i];
        codes[i] = (int32_t)((k[i] + KEYS - number % 3) % KEYS);
        snprintf(text[i], sizeof(text[i]), "key %03d", (int)k[i]);
        strings[i] = text[i];
    }
    struct ArrowArray *words = keys == KEY_DICTIONARY ? array_dictionary(codes, sizeof(codes[0]), ROWS, NULL,
                                                                         dictionary((int)(number % 3)))
                                                      : array_strings(strings, ROWS, false);
    return batch_of(ROWS, 4, array_i64(ts, ROWS, NULL), array_i64(k, ROWS, NULL), words,
                    array_fixed(d, sizeof(d[0]), ROWS, NULL));
}

/* Waits for the workers, so that how many slices are open at once does not depend on who was faster. */
static int64_t pull(struct weir_pipeline *pipeline) {
    struct ArrowArray array;
    int64_t rows = 0;
    stats_of(pipeline);
    while (weir_pipeline_next(pipeline, &array, NULL) == WEIR_OK) {
        rows += array.length;
        array.release(&array);
    }
    return rows;
}

static struct weir_pipeline *open_with(struct weir_plan *plan, enum weir_waiting waiting) {
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = 2, .strategy = WEIR_STRATEGY_LOCAL_FIRST, .waiting = waiting};
    struct weir_pipeline *pipeline = NULL;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK)
        fail_msg("create: %s", error.message);
    return pipeline;
}

static void run_warm(enum weir_window_kind window, enum key_kind keys) {
    struct weir_plan *plan = make_plan(window, keys);
    struct weir_pipeline *pipeline = open_with(plan, keys == KEY_WAITING ? WEIR_WAITING_ALWAYS : WEIR_WAITING_AUTO);
    int64_t rows = 0;
    for (int64_t i = 0; i < WARM; i++) {
        push_ok(pipeline, make_batch(i, keys));
        pull(pipeline);
    }
    stats_of(pipeline);
    atomic_store(&calls_of_workers, 0);
    atomic_store(&watching_workers, true);
    for (int64_t i = 0; i < MEASURED; i++) {
        push_ok(pipeline, make_batch(WARM + i, keys));
        rows += pull(pipeline);
    }
    stats_of(pipeline);
    atomic_store(&watching_workers, false);
    int64_t calls = atomic_load(&calls_of_workers);
    if (calls != 0) {
        fail_msg("window %d, keys %d: %lld calls of workers, the last %s", window, keys, (long long)calls,
                 atomic_load(&call_of_worker));
    }
    assert_true(rows > MEASURED * KEYS / 2); /* windows did fire meanwhile */
    assert_true(stats_of(pipeline).late > 0);
    close_all(pipeline, plan);
}

static void warm_workers_do_not_allocate(void **state) {
    (void)state;
    static const enum weir_window_kind kinds[] = {WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE};
    for (int w = 0; w < 3; w++) {
        for (int keys = 0; keys < KEY_KINDS; keys++) run_warm(kinds[w], (enum key_kind)keys);
    }
}

/* Each worker has a thread, which alone works for it. */
static struct weir_pipeline *open_handing_over(struct weir_plan **out) {
    struct weir_type types[4] = {TIME_, BIGINT_, STRING_, DOUBLE_};
    struct weir_plan *plan = *out = plan_over(4, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 1000000000, 0, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 3);
    plan_outputs(plan, 0);
    assert_int_equal(weir_plan_validate(plan, &error), WEIR_OK);
    struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = 3, .strategy = WEIR_STRATEGY_HAND_OVER};
    struct weir_pipeline *pipeline = NULL;
    assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
    return pipeline;
}

/* Rows on their way to their owners, of a window that stays open: results are batches, which are allocated. */
static void rows_are_handed_over_without_allocating(void **state) {
    (void)state;
    struct weir_plan *plan;
    struct weir_pipeline *pipeline = open_handing_over(&plan);
    for (int64_t i = 1; i < 20; i++) push_ok(pipeline, make_batch(i, KEY_BIGINT));
    stats_of(pipeline);
    atomic_store(&calls_of_workers, 0);
    atomic_store(&watching_workers, true);
    for (int64_t i = 20; i < 60; i++) push_ok(pipeline, make_batch(i, KEY_BIGINT));
    assert_int_equal(stats_of(pipeline).aggregated, 59 * ROWS);
    atomic_store(&watching_workers, false);
    int64_t calls = atomic_load(&calls_of_workers);
    if (calls != 0) fail_msg("%lld calls, the last %s", (long long)calls, atomic_load(&call_of_worker));
    close_all(pipeline, plan);
}

/* The counter counts: cold workers do allocate. */
static void cold_workers_are_seen_to_allocate(void **state) {
    (void)state;
    struct weir_plan *plan;
    struct weir_pipeline *pipeline = open_handing_over(&plan);
    atomic_store(&calls_of_workers, 0);
    atomic_store(&watching_workers, true);
    push_ok(pipeline, make_batch(0, KEY_BIGINT));
    stats_of(pipeline);
    atomic_store(&watching_workers, false);
    assert_true(atomic_load(&calls_of_workers) > 0);
    close_all(pipeline, plan);
}

int main(void) {
    first_thread = pthread_self();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cold_workers_are_seen_to_allocate),
        cmocka_unit_test(warm_workers_do_not_allocate),
        cmocka_unit_test(rows_are_handed_over_without_allocating),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
