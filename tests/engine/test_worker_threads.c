/* SPDX-License-Identifier: Apache-2.0
 *
 * Which thread works for a worker does not show: not where the caller's thread is one of them, nor where it is away
 * for long; the result of a small window is there at once.
 */
#include "tests/engine/plans.h"

#include <sched.h>
#include <time.h>

#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

#define ROWS 40000
#define BATCH 500
#define WAIT_MS 20000

static int64_t row_ts[ROWS], row_k[ROWS];
static double row_v[ROWS];

/* SUM of doubles by key, whose last bits tell in which order rows were added. */
static struct weir_plan *sums(void) {
    const struct weir_type types[] = {TIME_, BIGINT_, DOUBLE_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_HOP, 300, 100, 0);
    plan_delay(plan, 5);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    return plan;
}

static void make_rows(void) {
    for (int32_t i = 0; i < ROWS; i++) {
        row_ts[i] = 1 + i / 4 + random_below(4);
        row_k[i] = random_below(50);
        row_v[i] = (double)random_below(1000000) / 7.0;
    }
}

static struct ArrowArray batch_at(int32_t at, int32_t count) {
    return batch_of(count, 3, array_i64(row_ts + at, count, NULL), array_i64(row_k + at, count, NULL),
                    array_fixed(row_v + at, sizeof(*row_v), count, NULL));
}

static struct weir_pipeline *open_with(struct weir_plan *plan, int32_t workers, enum weir_strategy strategy) {
    const struct weir_pipeline_options options = {
        .struct_size = sizeof(options), .workers = workers, .strategy = strategy};
    struct weir_pipeline *pipeline = NULL;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    return pipeline;
}

static struct text results(int32_t workers, enum weir_strategy strategy) {
    struct weir_plan *plan = sums();
    struct weir_pipeline *pipeline = open_with(plan, workers, strategy);
    struct text text = {0};
    for (int32_t at = 0; at < ROWS; at += BATCH) {
        push_ok(pipeline, batch_at(at, BATCH));
        if (chance(30)) add_results(&text, plan, pipeline);
    }
    finish_ok(pipeline);
    add_results(&text, plan, pipeline);
    assert_int_equal(stats_of(pipeline).rows_in, ROWS);
    close_all(pipeline, plan);
    return text;
}

/* Runs `body` with so many cores of those that the process has. */
static void on_cores(int cores, void (*body)(void)) {
    cpu_set_t all, some;
    CPU_ZERO(&some);
    assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
    for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&some) < cores; core++) {
        if (CPU_ISSET(core, &all)) CPU_SET(core, &some);
    }
    assert_int_equal(sched_setaffinity(0, sizeof(some), &some), 0);
    body();
    assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
}

static struct text expected;

static void run_again(void) {
    struct text again = results(3, WEIR_STRATEGY_LOCAL_FIRST);
    assert_string_equal(again.bytes, expected.bytes);
    text_free(&again);
}

static void sums_have_the_same_bits_however_many_threads_work(void **state) {
    (void)state;
    make_rows();
    expected = results(3, WEIR_STRATEGY_LOCAL_FIRST);
    for (int turn = 0; turn < 3; turn++) {
        on_cores(1, run_again);
        on_cores(CPU_SETSIZE, run_again);
    }
    text_free(&expected);
}

static void open_on_one_core(void) {
    struct weir_plan *plan = sums();
    struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_STRATEGY_AUTO);
    assert_true(pipeline->deal.workers[0].running);
    assert_false(pipeline->deal.workers[1].running);
    weir_pipeline_destroy(&pipeline);
    pipeline = open_with(plan, 1, WEIR_STRATEGY_AUTO);
    assert_true(pipeline->deal.workers[0].running);
    weir_pipeline_destroy(&pipeline);
    /* Workers that hand rows over wait in the middle of them: each needs a thread. */
    pipeline = open_with(plan, 2, WEIR_STRATEGY_HAND_OVER);
    push_ok(pipeline, batch_at(0, BATCH));
    push_ok(pipeline, batch_at(BATCH, BATCH));
    assert_true(pipeline->deal.workers[1].running);
    close_all(pipeline, plan);
}

static void the_last_worker_gets_no_thread_where_there_is_no_core_for_it(void **state) {
    (void)state;
    make_rows();
    on_cores(1, open_on_one_core);
}

static bool is_idle(const struct weir_pipeline *pipeline) {
    uint64_t tasks = 0;
    for (int32_t i = 0; i < pipeline->deal.count; i++) tasks += weir_ring_count(&pipeline->deal.workers[i].tasks);
    return tasks == 0;
}

static void leave_alone(void) {
    struct weir_plan *plan = sums();
    struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_STRATEGY_LOCAL_FIRST);
    push_ok(pipeline, batch_at(0, ROWS));
    for (int waited = 0; !is_idle(pipeline) && waited < WAIT_MS; waited++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_true(is_idle(pipeline));
    finish_ok(pipeline);
    assert_int_equal(stats_of(pipeline).aggregated, ROWS);
    close_all(pipeline, plan);
}

static void what_was_pushed_is_worked_while_the_caller_is_away(void **state) {
    (void)state;
    make_rows();
    on_cores(1, leave_alone);
    on_cores(CPU_SETSIZE, leave_alone);
}

static void nap(void) { nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); }

/* A thread that meant to help has held a worker that got a thread of its own meanwhile; which slept over it. */
static void who_held_a_worker_in_vain_wakes_its_thread(void **state) {
    (void)state;
    struct weir_plan *plan = sums();
    struct weir_pipeline *pipeline = open_with(plan, 1, WEIR_STRATEGY_LOCAL_FIRST);
    struct weir_worker *worker = &pipeline->deal.workers[0];
    for (int waited = 0; atomic_load(&worker->sleeping) == 0 && waited < WAIT_MS; waited++) nap();
    struct weir_task *task = weir_worker_task(worker), *done = NULL;
    *task = (struct weir_task){.kind = WEIR_TASK_SETTLE};
    weir_worker_send(worker, task);
    assert_false(weir_worker_work(worker, true));
    for (int waited = 0; (done = weir_worker_done(worker)) == NULL && waited < WAIT_MS; waited++) nap();
    if (done == NULL) weir_worker_poke(worker);
    assert_ptr_equal(done, task);
    weir_worker_reuse(worker, task);
    close_all(pipeline, plan);
}

/* Windows that close without a row between them change nothing. */
static void batches_go_round_whatever_closes_between_them(void **state) {
    (void)state;
    make_rows();
    struct weir_plan *plan = sums();
    struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_STRATEGY_LOCAL_FIRST);
    for (int32_t i = 0; i < 4; i++) {
        push_ok(pipeline, batch_at(i * BATCH, BATCH));
        for (int32_t window = 1; window <= 3; window++)
            assert_int_equal(weir_pipeline_advance(pipeline, 0, (4 * i + window) * 100, &error), WEIR_OK);
    }
    weir_deal_drain(&pipeline->deal);
    for (int32_t i = 0; i < 2; i++) assert_int_equal(pipeline->deal.workers[i].ingest->counts.rows_in, 2 * BATCH);
    close_all(pipeline, plan);
}

static void a_small_window_is_there_at_once(void **state) {
    (void)state;
    make_rows();
    for (int32_t workers = 1; workers <= 4; workers++) {
        struct weir_plan *plan = sums();
        struct weir_pipeline *pipeline = open_with(plan, workers, WEIR_STRATEGY_AUTO);
        int64_t windows = 0;
        for (int32_t at = 0; at < ROWS / 2; at += BATCH) {
            struct ArrowArray result;
            push_ok(pipeline, batch_at(at, BATCH));
            /* 500 rows are 125 ms, so that each push but the first ones closes a window of 100 ms. */
            enum weir_status status = weir_pipeline_next(pipeline, &result, &error);
            assert_true(status == WEIR_OK || (status == WEIR_AGAIN && at < 3 * BATCH));
            if (status != WEIR_OK) continue;
            windows++;
            result.release(&result);
        }
        assert_true(windows > ROWS / 2 / BATCH - 4);
        close_all(pipeline, plan);
    }
}

/* ---- results of machines ---- */

#define SESSIONS 40 /* a batch, each of a key of its own */

static struct weir_plan *sessions(void) {
    const struct weir_type types[] = {TIME_, BIGINT_, DOUBLE_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_SESSION, 100, 0, 0);
    plan_delay(plan, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    return plan;
}

/* A row a key and ms, long after those of the batch before: it closes their sessions. */
static void push_sessions(struct weir_pipeline *pipeline, int64_t batch) {
    int64_t ts[SESSIONS], k[SESSIONS];
    double v[SESSIONS] = {0};
    for (int32_t i = 0; i < SESSIONS; i++) {
        ts[i] = 1 + batch * 1000 + i;
        k[i] = i * 7919;
    }
    push_ok(pipeline, batch_of(SESSIONS, 3, array_i64(ts, SESSIONS, NULL), array_i64(k, SESSIONS, NULL),
                               array_fixed(v, sizeof(*v), SESSIONS, NULL)));
}

static int64_t ends_in_order(struct weir_pipeline *pipeline, int64_t last) {
    struct ArrowArray result;
    while (weir_pipeline_next(pipeline, &result, &error) == WEIR_OK) {
        const int64_t *ends = result.children[1]->buffers[1];
        for (int64_t i = 0; i < result.length; i++) {
            if (ends[i] < last) fail_msg("%lld comes after %lld", (long long)ends[i], (long long)last);
            last = ends[i];
        }
        result.release(&result);
    }
    return last;
}

/* A barrier has passed and rows behind it are worked before its results are taken. */
static void results_of_a_barrier_come_before_those_of_rows_behind_it(void **state) {
    (void)state;
    struct weir_plan *plan = sessions();
    struct weir_pipeline *pipeline = open_with(plan, 2, WEIR_STRATEGY_AUTO);
    struct weir_worker *slow = &pipeline->deal.workers[0];
    int64_t last = INT64_MIN;
    for (int64_t batch = 0; batch < 12; batch++) {
        weir_worker_hold(slow);
        push_sessions(pipeline, batch);
        weir_worker_let_go(slow);
        weir_worker_poke(slow);
        for (int waited = 0; !is_idle(pipeline) && waited < WAIT_MS; waited++)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        if (batch % 4 == 3) last = ends_in_order(pipeline, last);
    }
    finish_ok(pipeline);
    ends_in_order(pipeline, last);
    close_all(pipeline, plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_have_the_same_bits_however_many_threads_work),
        cmocka_unit_test(the_last_worker_gets_no_thread_where_there_is_no_core_for_it),
        cmocka_unit_test(what_was_pushed_is_worked_while_the_caller_is_away),
        cmocka_unit_test(who_held_a_worker_in_vain_wakes_its_thread),
        cmocka_unit_test(batches_go_round_whatever_closes_between_them),
        cmocka_unit_test(a_small_window_is_there_at_once),
        cmocka_unit_test(results_of_a_barrier_come_before_those_of_rows_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
