/* SPDX-License-Identifier: Apache-2.0
 *
 * The public header used badly: NULLs, calls in any order, after the end and after a failure. Each call returns a
 * status, and every release callback is called exactly once.
 */
#include <weir/weir.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct weir_error error;

/* ---- a schema and batches of (ts TIMESTAMP(3), v BIGINT) ---- */

static int made, released, released_twice;

struct owned {
    struct ArrowArray child[2], *children[2];
    const void *buffers[1], *child_buffers[2][2];
    int64_t values[2][64];
    bool gone;
};

static void release_child(struct ArrowArray *array) { array->release = NULL; }

static void release_batch(struct ArrowArray *array) {
    struct owned *owned = array->private_data;
    released_twice += owned->gone;
    owned->gone = true;
    released++;
    array->release = NULL;
    free(owned);
}

static struct ArrowArray make_batch(int64_t rows, int64_t ts, int64_t v) {
    struct owned *owned = calloc(1, sizeof(*owned));
    if (owned == NULL) abort();
    for (int c = 0; c < 2; c++) {
        for (int64_t i = 0; i < rows; i++) owned->values[c][i] = c == 0 ? ts + i : v;
        owned->child_buffers[c][1] = owned->values[c];
        owned->child[c] = (struct ArrowArray){
            .length = rows, .n_buffers = 2, .buffers = owned->child_buffers[c], .release = release_child};
        owned->children[c] = &owned->child[c];
    }
    made++;
    return (struct ArrowArray){.length = rows,
                               .n_buffers = 1,
                               .n_children = 2,
                               .buffers = owned->buffers,
                               .children = owned->children,
                               .release = release_batch,
                               .private_data = owned};
}

static const char sql[] =
    "SELECT window_start, SUM(v + 1) AS s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' "
    "SECOND)) GROUP BY window_start, window_end";
static const char streaming[] =
    "CREATE TABLE t (ts TIMESTAMP(3), v BIGINT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = "
    "'push'); "
    "SELECT window_start, SUM(v + 1) AS s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' SECOND)) "
    "GROUP BY window_start, window_end";

static struct weir_query *make_query(void) {
    struct weir_query *query = NULL;
    if (weir_query_create(streaming, NULL, NULL, &query, &error) != WEIR_OK) fail_msg("%s", error.message);
    return query;
}

/* ---- NULLs ---- */

static void destroy_takes_null_and_clears(void **state) {
    (void)state;
    struct weir_query *query = NULL;
    struct weir_pipeline *pipeline = NULL;
    struct weir_session *session = NULL;
    struct weir_run *run = NULL;
    weir_query_destroy(NULL);
    weir_query_destroy(&query);
    weir_pipeline_destroy(NULL);
    weir_pipeline_destroy(&pipeline);
    weir_session_destroy(NULL);
    weir_session_destroy(&session);
    weir_run_destroy(NULL);
    weir_run_destroy(&run);
    query = make_query();
    assert_int_equal(weir_pipeline_create(query, NULL, &pipeline, &error), WEIR_OK);
    weir_query_destroy(&query); /* the pipeline keeps what it needs */
    assert_null(query);
    weir_query_destroy(&query);
    struct ArrowArray batch = make_batch(1, 0, 1);
    assert_int_equal(weir_pipeline_push(pipeline, 0, &batch, NULL), WEIR_OK);
    weir_pipeline_destroy(&pipeline);
    assert_null(pipeline);
    weir_pipeline_destroy(&pipeline);
}

static void null_arguments_give_a_status(void **state) {
    (void)state;
    struct weir_query *query = make_query(), *none = NULL;
    struct weir_pipeline *pipeline = NULL;
    struct ArrowArray array = {.release = NULL};
    struct ArrowSchema schema = {.release = NULL};
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    for (int with_error = 0; with_error < 2; with_error++) {
        struct weir_error *why = with_error == 1 ? &error : NULL;
        assert_int_equal(weir_query_create(NULL, NULL, NULL, &none, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_query_create(sql, NULL, NULL, NULL, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_query_schema(NULL, &schema, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_query_schema(query, NULL, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_pipeline_create(NULL, NULL, &pipeline, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_pipeline_create(query, NULL, NULL, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_pipeline_push(NULL, 0, &array, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_pipeline_advance(NULL, 0, 0, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_pipeline_finish(NULL, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_pipeline_next(NULL, &array, why), WEIR_ERR_INVALID);
        assert_int_equal(weir_pipeline_stats(NULL, &stats), WEIR_ERR_INVALID);
    }
    assert_non_null(weir_query_explain(NULL));
    assert_int_equal(weir_pipeline_create(query, NULL, &pipeline, NULL), WEIR_OK);
    assert_int_equal(weir_pipeline_push(pipeline, 0, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_pipeline_push(pipeline, 0, &array, &error), WEIR_ERR_INVALID); /* released before */
    assert_int_equal(weir_pipeline_next(pipeline, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_pipeline_stats(pipeline, NULL), WEIR_ERR_INVALID);
    stats.struct_size = 3;
    assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_ERR_INVALID);
    weir_pipeline_destroy(&pipeline);
    weir_query_destroy(&query);
}

static void null_arguments_of_sessions_give_a_status(void **state) {
    (void)state;
    struct weir_session *session = NULL;
    struct weir_run *run = NULL;
    struct ArrowArray array = {.release = NULL};
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    struct weir_session_options options = {.struct_size = 1};
    assert_int_equal(weir_session_create(NULL, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_create(&options, &session, &error), WEIR_ERR_INVALID);
    assert_null(session);
    assert_int_equal(weir_session_create(NULL, &session, NULL), WEIR_OK);
    assert_int_equal(weir_session_script(NULL, sql, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_script(session, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_register(session, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_register(NULL, weir_connector_filesystem(), &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_define(session, NULL, "x", &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_define(session, "x", NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_step(session, NULL, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_session_step(NULL, &run, &error), WEIR_ERR_INVALID);
    assert_int_not_equal(weir_session_step(session, &run, &error), WEIR_OK); /* no script yet */
    assert_null(run);
    assert_int_equal(weir_run_next(NULL, &array, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_run_stats(NULL, &stats), WEIR_ERR_INVALID);
    assert_non_null(weir_run_explain(NULL));
    assert_false(weir_run_is_insert(NULL));
    weir_run_cancel(NULL);
    weir_run_progress(NULL, NULL);
    weir_session_destroy(&session);
    assert_non_null(weir_version());
    assert_non_null(weir_status_name((enum weir_status)12345));
    assert_int_not_equal(weir_simd_limit(NULL, NULL), WEIR_ERR_INTERNAL);
    assert_int_not_equal(weir_simd_limit("no such level", NULL), WEIR_OK);
    assert_int_equal(weir_simd_limit("auto", NULL), WEIR_OK);
}

static void a_query_without_its_table_or_type_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      ";",
                                      "SELECT",
                                      "SELECT 1 FROM",
                                      "DROP",
                                      "SELECT * FROM nowhere",
                                      "\xFF\xFE",
                                      "SELECT * FROM t; SELECT * FROM t",
                                      "SET 'a' = 'b'"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct weir_query *query = (struct weir_query *)(uintptr_t)1;
        enum weir_status status = weir_query_create(bad[i], NULL, NULL, &query, &error);
        assert_true(status != WEIR_OK && status != WEIR_ERR_INTERNAL);
        assert_null(query);
        assert_true(strlen(error.message) > 5);
    }
    struct ArrowSchema broken = {.format = "i"}; /* no struct */
    struct weir_query *query = NULL;
    assert_int_not_equal(weir_query_create(sql, "t", &broken, &query, &error), WEIR_OK);
    broken = (struct ArrowSchema){.format = NULL};
    assert_int_not_equal(weir_query_create(sql, "t", &broken, &query, &error), WEIR_OK);
}

/* ---- random sequences of calls ---- */

static uint64_t random_state;
static int64_t random_below(int64_t limit) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((random_state >> 33) % (uint64_t)limit);
}

/* Whether a status may come back at all. */
static void expect_known(enum weir_status status) {
    assert_true(status == WEIR_OK || status == WEIR_END || status == WEIR_AGAIN || status == WEIR_ERR_INVALID ||
                status == WEIR_ERR_STATE || status == WEIR_ERR_FORMAT || status == WEIR_ERR_VALUE);
}

static void push_something(struct weir_pipeline *pipeline) {
    static const int64_t odd[] = {INT64_MAX, 1, 2, 3, 4, 5, 6, 7};
    struct ArrowArray batch =
        make_batch(random_below(64), random_below(100000) - 1000, odd[random_below(8 * 4) % 8]);
    switch (random_below(12)) {
    case 0: batch.n_children = random_below(4); break;
    case 1: batch.length = -1; break;
    case 2: batch.length++; break;
    case 3: batch.offset = INT64_MAX; break;
    default: break;
    }
    enum weir_status status =
        weir_pipeline_push(pipeline, (int32_t)random_below(4) - 1, &batch, random_below(2) == 0 ? NULL : &error);
    expect_known(status);
    assert_int_equal(batch.release == NULL, status == WEIR_OK);
    if (batch.release != NULL) {
        batch.n_children = 2;
        batch.release(&batch);
    }
}

static void call_something(struct weir_pipeline *pipeline) {
    struct ArrowArray array = {.release = NULL};
    struct weir_stats stats = {.struct_size = random_below(9) == 0 ? 0 : sizeof(stats)};
    enum weir_status status;
    switch (random_below(14)) {
    case 0:
        expect_known(
            weir_pipeline_advance(pipeline, (int32_t)random_below(4) - 1, random_below(200000) - 1000, &error));
        break;
    case 1:
        if (random_below(6) == 0) expect_known(weir_pipeline_finish(pipeline, &error));
        break;
    case 2:
    case 3:
        status = weir_pipeline_next(pipeline, &array, NULL);
        expect_known(status);
        assert_int_equal(array.release != NULL, status == WEIR_OK);
        if (array.release != NULL) array.release(&array);
        break;
    case 4:
        if (weir_pipeline_stats(pipeline, &stats) != WEIR_OK) break;
        break;
    default: push_something(pipeline); break;
    }
}

static void random_sequences_of_calls_give_statuses_and_release_once(void **state) {
    (void)state;
    struct weir_query *query = make_query();
    for (int round = 0; round < 300; round++) {
        random_state = (uint64_t)round * 7919 + 1;
        struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                                .workers = (int32_t)(round % 4),
                                                .partitions = (int32_t)(1 + random_below(3)),
                                                .fail_on_null_time = random_below(2) == 0,
                                                .discard_open = random_below(2) == 0};
        struct weir_pipeline *pipeline = NULL;
        made = released = released_twice = 0;
        assert_int_equal(weir_pipeline_create(query, &options, &pipeline, &error), WEIR_OK);
        int64_t calls = random_below(60);
        for (int64_t i = 0; i < calls; i++) call_something(pipeline);
        weir_pipeline_destroy(&pipeline);
        assert_int_equal(released, made);
        assert_int_equal(released_twice, 0);
    }
    weir_query_destroy(&query);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(destroy_takes_null_and_clears),
        cmocka_unit_test(null_arguments_give_a_status),
        cmocka_unit_test(null_arguments_of_sessions_give_a_status),
        cmocka_unit_test(a_query_without_its_table_or_type_is_refused),
        cmocka_unit_test(random_sequences_of_calls_give_statuses_and_release_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
