/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs over an input that does not always have something: what the caller of weir_run_next sees, when a sink is
 * flushed, and what is left of an INSERT.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sql/fake_connector.h"

/* The fake connector, whose source answers WEIR_AGAIN before each batch and before its end, and whose sink counts
 * flushes. */
struct live {
    struct fake fake; /* first: its functions get this address */
    struct weir_session *session;
    struct weir_run *run;
    int agains;     /* before each batch */
    int agains_now; /* since the last */
    int agains_all;
    int32_t wait_ms; /* asked of the source */
    bool endless;    /* WEIR_AGAIN for ever where the end would be */
    int flushes;
    int64_t rows_flushed;
    int64_t clock_ms;
    int clock_calls;
};

static enum weir_status live_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct live *live = state;
    bool at_end = live->fake.batches_given == live->fake.batches;
    if (live->agains_now < live->agains || (at_end && live->endless)) {
        live->agains_now++;
        live->agains_all++;
        return WEIR_AGAIN;
    }
    live->agains_now = 0;
    return fake_next(state, out, error);
}

static enum weir_status live_open_source(void *user, const struct weir_source_request *request,
                                         struct weir_source *out, struct weir_error *error) {
    struct live *live = user;
    live->wait_ms = request->wait_ms;
    enum weir_status status = fake_open_source(user, request, out, error);
    out->next = live_next;
    out->live = true;
    return status;
}

static enum weir_status live_flush(void *state, struct weir_error *error) {
    struct live *live = state;
    (void)error;
    live->flushes++;
    live->rows_flushed = live->fake.rows_written;
    return WEIR_OK;
}

static enum weir_status live_open_sink(void *user, const struct weir_sink_request *request, struct weir_sink *out,
                                       struct weir_error *error) {
    enum weir_status status = fake_open_sink(user, request, out, error);
    out->flush = live_flush;
    return status;
}

static int64_t live_clock(void *user) {
    struct live *live = user;
    live->clock_calls++;
    return live->clock_ms;
}

static void live_open(struct live *live, const char *sql, int32_t wait_ms) {
    struct weir_error error;
    fake_init(&live->fake);
    live->fake.connector.open_source = live_open_source;
    live->fake.connector.open_sink = live_open_sink;
    live->fake.rows_a_batch = 10;
    struct weir_session_options options = {
        .struct_size = sizeof(options), .wait_ms = wait_ms, .clock = live_clock, .clock_user = live};
    assert_int_equal(weir_session_create(&options, &live->session, &error), WEIR_OK);
    assert_int_equal(weir_session_register(live->session, &live->fake.connector, &error), WEIR_OK);
    assert_int_equal(weir_session_script(live->session, sql, &error), WEIR_OK);
    if (weir_session_step(live->session, &live->run, &error) != WEIR_OK) fail_msg("%s", error.message);
}

static void live_close(struct live *live) {
    weir_run_destroy(&live->run);
    weir_session_destroy(&live->session);
}

/* Calls next until the answer is another than WEIR_OK. *rows: those that came. */
static enum weir_status drain(struct live *live, int64_t *rows) {
    for (;;) {
        struct ArrowArray batch = {0};
        struct weir_error error;
        enum weir_status status = weir_run_next(live->run, &batch, &error);
        if (status != WEIR_OK) return status;
        *rows += batch.length;
        batch.release(&batch);
    }
}

/* Drains until so many rows have come out, or been written and flushed; each time control comes back. */
static void drain_to(struct live *live, int64_t *rows, int64_t wanted) {
    do {
        assert_int_equal(drain(live, rows), WEIR_AGAIN);
    } while (*rows + live->fake.rows_written < wanted || live->rows_flushed < live->fake.rows_written);
    assert_int_equal(*rows + live->fake.rows_written, wanted);
}

#define SELECT "SELECT k, v FROM 'x';"
#define INSERT "INSERT INTO 'y.csv' SELECT k, v FROM 'x';"

static void a_caller_who_did_not_ask_never_sees_again(void **state) {
    struct live live = {.agains = 3};
    int64_t rows = 0;
    (void)state;
    live_open(&live, SELECT, 0);
    live.fake.batches = 4;
    assert_int_equal(drain(&live, &rows), WEIR_END);
    assert_int_equal(rows, 40);
    assert_int_equal(live.agains_all, 15);
    assert_true(live.wait_ms > 0); /* the run itself looks up now and then */
    live_close(&live);
}

static void a_caller_who_asked_gets_control_back(void **state) {
    struct live live = {.endless = true};
    int64_t rows = 0;
    (void)state;
    live_open(&live, SELECT, 1);
    live.fake.batches = 2;
    drain_to(&live, &rows, 20);
    for (int i = 0; i < 3; i++) assert_int_equal(drain(&live, &rows), WEIR_AGAIN);
    assert_int_equal(rows, 20);
    struct weir_progress progress = {.struct_size = sizeof(progress)};
    weir_run_progress(live.run, &progress);
    assert_true(progress.live);
    assert_int_equal(progress.rows_in, 20);
    live.endless = false;
    while (drain(&live, &rows) == WEIR_AGAIN) continue;
    assert_int_equal(drain(&live, &rows), WEIR_END);
    assert_int_equal(rows, 20);
    live_close(&live);
}

static void a_sink_is_flushed_before_a_wait(void **state) {
    struct live live = {.endless = true};
    int64_t rows = 0;
    (void)state;
    live_open(&live, INSERT, 1);
    live.fake.batches = 2;
    drain_to(&live, &rows, 20);
    int flushes = live.flushes;
    assert_int_equal(drain(&live, &rows), WEIR_AGAIN);
    assert_int_equal(live.flushes, flushes); /* nothing new was written */
    live.fake.batches = 3;
    drain_to(&live, &rows, 30);
    assert_int_equal(live.fake.sinks_finished, 0);
    live.endless = false;
    while (drain(&live, &rows) == WEIR_AGAIN) continue;
    assert_int_equal(drain(&live, &rows), WEIR_END);
    assert_int_equal(live.fake.sinks_finished, 1);
    live_close(&live);
}

static void cancelling_keeps_what_was_written(void **state) {
    struct live live = {.endless = true};
    int64_t rows = 0;
    (void)state;
    live_open(&live, INSERT, 1);
    live.fake.batches = 2;
    drain_to(&live, &rows, 20);
    weir_run_cancel(live.run);
    for (int i = 0; i < 2; i++) assert_int_equal(drain(&live, &rows), WEIR_ERR_CANCELLED);
    assert_int_equal(live.fake.sinks_finished, 1);
    assert_int_equal(live.fake.rows_written, 20);
    live_close(&live);
}

static void an_input_that_fails_leaves_what_was_written(void **state) {
    struct live live = {0};
    int64_t rows = 0;
    (void)state;
    live_open(&live, INSERT, 1);
    live.fake.batches = 2;
    live.fake.fail_next = WEIR_ERR_IO;
    enum weir_status status;
    while ((status = drain(&live, &rows)) == WEIR_AGAIN) continue;
    assert_int_equal(status, WEIR_ERR_IO);
    assert_int_equal(live.fake.sinks_finished, 1);
    assert_int_equal(live.fake.rows_written, 20);
    live_close(&live);
}

static enum weir_status refuse_write(void *state, const struct ArrowArray *batch, struct weir_error *error) {
    (void)state, (void)batch;
    return weir_error_set(error, WEIR_ERR_IO, "the disk is full");
}

static enum weir_status open_full_sink(void *user, const struct weir_sink_request *request, struct weir_sink *out,
                                       struct weir_error *error) {
    enum weir_status status = fake_open_sink(user, request, out, error);
    out->write = refuse_write;
    return status;
}

static void a_sink_that_fails_is_not_finished(void **state) {
    struct live live = {0};
    struct weir_run *run = NULL;
    struct weir_error error;
    int64_t rows = 0;
    (void)state;
    live_open(&live, SELECT INSERT, 1);
    weir_run_destroy(&live.run);
    live.fake.connector.open_sink = open_full_sink;
    live.fake.batches = 1;
    assert_int_equal(weir_session_step(live.session, &run, &error), WEIR_OK);
    live.run = run;
    enum weir_status status;
    while ((status = drain(&live, &rows)) == WEIR_AGAIN) continue;
    assert_int_equal(status, WEIR_ERR_IO);
    live_close(&live);
    assert_int_equal(live.fake.sinks_finished, 0);
    assert_int_equal(live.fake.sinks_closed, 1);
}

/* SEMANTICS.md 2: a wall-clock close fires the last windows of a stream that stopped. */
static void the_clock_of_the_session_is_the_runs(void **state) {
    struct live live = {.endless = true, .clock_ms = 1000000};
    int64_t rows = 0;
    (void)state;
    live_open(
        &live,
        "CREATE TABLE t (ts TIMESTAMP(3), v BIGINT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', "
        "'path' = 'x', 'scan.watermark.close-after' = '10 s'); SELECT window_start, COUNT(*) AS n FROM "
        "TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;",
        1);
    live.fake.batches = 1;
    while (live.fake.batches_given == 0) assert_int_equal(drain(&live, &rows), WEIR_AGAIN);
    for (int i = 0; i < 3; i++) assert_int_equal(drain(&live, &rows), WEIR_AGAIN);
    live.clock_ms += 9999;
    for (int i = 0; i < 3; i++) assert_int_equal(drain(&live, &rows), WEIR_AGAIN);
    assert_int_equal(rows, 0);
    live.clock_ms += 10;
    drain_to(&live, &rows, 1);
    assert_true(live.clock_calls > 0);
    live_close(&live);
}

static void how_long_to_wait_is_checked(void **state) {
    struct weir_session *session = NULL;
    struct weir_error error;
    static const int32_t bad[] = {-1, 60001, INT32_MAX, INT32_MIN};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct weir_session_options options = {.struct_size = sizeof(options), .wait_ms = bad[i]};
        assert_int_equal(weir_session_create(&options, &session, &error), WEIR_ERR_INVALID);
        assert_null(session);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_who_did_not_ask_never_sees_again),
        cmocka_unit_test(a_caller_who_asked_gets_control_back),
        cmocka_unit_test(a_sink_is_flushed_before_a_wait),
        cmocka_unit_test(cancelling_keeps_what_was_written),
        cmocka_unit_test(an_input_that_fails_leaves_what_was_written),
        cmocka_unit_test(a_sink_that_fails_is_not_finished),
        cmocka_unit_test(the_clock_of_the_session_is_the_runs),
        cmocka_unit_test(how_long_to_wait_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
