/* SPDX-License-Identifier: Apache-2.0
 *
 * Asking why beside workers and partitions: what is said does not depend on how the work is shared, asking changes
 * nothing, and where memory is short it fails and leaves nothing behind.
 */
#include "tests/engine/interpose.h"

#include "tests/engine/why.h"

#define MINUTES                                                                                                    \
    "SELECT window_start, window_end, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' "   \
    "MINUTE)) GROUP BY window_start, window_end, k"
#define SESSIONS                                                                                                   \
    "SELECT window_start, window_end, k, COUNT(*) AS n FROM TABLE(SESSION(TABLE s PARTITION BY k, "                \
    "DESCRIPTOR(ts), "                                                                                             \
    "INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k"

/* `count` rows, 3 s apart from 08:00:00 on, of `keys` keys in turn. */
static void give_many(struct weir_pipeline *pipeline, int64_t first, int64_t count, int64_t keys) {
    int64_t *ts = calloc((size_t)count, sizeof(*ts));
    const char **names = calloc((size_t)count, sizeof(*names));
    char(*bytes)[16] = calloc((size_t)count, sizeof(*bytes));
    if (ts == NULL || names == NULL || bytes == NULL) abort();
    for (int64_t i = 0; i < count; i++) {
        ts[i] = at("08:00:00") + (first + i) * 3000;
        snprintf(bytes[i], sizeof(bytes[i]), "k%d", (int)((first + i) % keys));
        names[i] = bytes[i];
    }
    struct ArrowArray batch = batch_of(count, 3, array_i64(ts, count, NULL), array_strings(names, count, false),
                                       array_i64(ts, count, NULL));
    if (weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK) fail_msg("push: %s", error.message);
    free(ts);
    free(names);
    free(bytes);
}

static void rows_are_counted_over_all_workers(void **state) {
    (void)state;
    static const enum weir_strategy strategies[] = {WEIR_STRATEGY_LOCAL_FIRST, WEIR_STRATEGY_PARTITION_FIRST};
    for (int32_t turn = 0; turn < 8; turn++) {
        struct weir_pipeline *pipeline = open_with(
            STREAM("") MINUTES,
            (struct weir_pipeline_options){.partitions = 1,
                                           .workers = turn / 2,
                                           .strategy = strategies[turn % 2],
                                           .slices = turn % 4 < 2 ? WEIR_SLICES_DIRECT : WEIR_SLICES_AUTO,
                                           .waiting = turn % 4 < 3 ? WEIR_WAITING_AUTO : WEIR_WAITING_ALWAYS});
        for (int64_t i = 0; i < 10; i++) give_many(pipeline, i * 100, 100, 4);
        give_many(pipeline, 1000, 10, 4);
        /* the last row is of 08:50:27, W is 08:50:22, and the minute at hand has seen rows 1000 to 1009 */
        ask(pipeline, NULL, NULL);
        assert_int_equal(why.reason, WEIR_WHY_PARTITION);
        is_window("08:50:00", "08:51:00");
        assert_int_equal(why.rows, 10);
        ask(pipeline, "08:50:00", "k1");
        assert_int_equal(why.rows, 3);
        ask(pipeline, "08:50:00", "k3");
        assert_int_equal(why.rows, 2);
        ask(pipeline, "08:50:00", "k4");
        assert_int_equal(why.rows, 0);
        assert_int_equal(why.rows_in, 1010);
        close_pipeline(pipeline);
    }
}

static void sessions_are_found_at_the_owners_of_their_keys(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 4; workers++) {
        struct weir_pipeline *pipeline =
            open_with(STREAM("") SESSIONS, (struct weir_pipeline_options){.partitions = 1, .workers = workers});
        give_many(pipeline, 0, 7, 7); /* a session each */
        for (int64_t key = 0; key < 7; key++) {
            char name[16];
            snprintf(name, sizeof(name), "k%d", (int)key);
            ask(pipeline, NULL, name);
            assert_int_equal(why.window_start, at("08:00:00") + key * 3000);
            assert_int_equal(why.rows, 1);
        }
        ask(pipeline, NULL, NULL);
        is_window("08:00:00", "08:01:00");
        tells("of key 'k0'");
        close_pipeline(pipeline);
    }
}

/* Rows of the result, and a number that depends on their content. */
static int64_t digest(struct weir_pipeline *pipeline, int64_t *rows) {
    struct ArrowArray batch;
    int64_t sum = 0;
    while (weir_pipeline_next(pipeline, &batch, &error) == WEIR_OK) {
        const int64_t *start = batch.children[0]->buffers[1], *n = batch.children[3]->buffers[1];
        for (int64_t r = 0; r < batch.length; r++) sum += (start[r] % 1000003) * n[r];
        *rows += batch.length;
        batch.release(&batch);
    }
    return sum;
}

static void asking_changes_nothing(void **state) {
    (void)state;
    static const char *const queries[] = {STREAM("") MINUTES, STREAM("") SESSIONS};
    for (int turn = 0; turn < 12; turn++) {
        int64_t sums[2] = {0, 0}, rows[2] = {0, 0};
        for (int asked = 0; asked < 2; asked++) {
            struct weir_pipeline *pipeline = open_with(
                queries[turn % 2], (struct weir_pipeline_options){
                                       .partitions = 1,
                                       .workers = turn / 2 % 3,
                                       .strategy = turn < 6 ? WEIR_STRATEGY_AUTO : WEIR_STRATEGY_PARTITION_FIRST,
                                       .slices = turn % 4 < 2 ? WEIR_SLICES_DIRECT : WEIR_SLICES_AUTO,
                                       .waiting = turn % 4 < 3 ? WEIR_WAITING_AUTO : WEIR_WAITING_ALWAYS});
            for (int64_t i = 0; i < 20; i++) {
                give_many(pipeline, i * 90, 100, 50);
                if (asked == 1) ask(pipeline, i % 2 == 0 ? NULL : "08:30:00", i % 3 == 0 ? NULL : "k7");
                sums[asked] += digest(pipeline, &rows[asked]);
            }
            end_input(pipeline);
            if (asked == 1) ask(pipeline, NULL, NULL);
            sums[asked] += digest(pipeline, &rows[asked]);
            close_pipeline(pipeline);
        }
        assert_int_equal(sums[0], sums[1]);
        assert_int_equal(rows[0], rows[1]);
        assert_true(rows[0] > 100);
    }
}

/* ---- partitions ---- */

static void the_text_lists_some_partitions_and_the_call_gives_all(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") MINUTES, 1000);
    give(pipeline, 3, "08:00:30", "a");
    wall += 5000;
    ask(pipeline, NULL, NULL);
    assert_int_equal(why.holder, 0);
    tells("  partition 1 has not been heard of\n");
    tells("  partition 3 is at 2024-01-01 08:00:25.000\n");
    tells("  partition 8 has not been heard of\n  and 991 more partitions\n");
    assert_null(strstr(words, "partition 9 "));
    for (int32_t i = 0; i < 1000; i++) {
        struct weir_partition_report report = {.struct_size = sizeof(report)};
        assert_int_equal(weir_pipeline_partition(pipeline, i, &report, &error), WEIR_OK);
        assert_int_equal(report.state, WEIR_PARTITION_ACTIVE);
        assert_int_equal(report.rows, i == 3);
        assert_int_equal(report.watermark, i == 3 ? at("08:00:25") : INT64_MIN);
        assert_int_equal(report.time_max, i == 3 ? at("08:00:30") : INT64_MIN);
        assert_int_equal(report.rows_at, i == 3 ? wall - 5000 : INT64_MIN);
        assert_int_equal(report.raised_at, i == 3 ? wall - 5000 : INT64_MIN);
        assert_int_equal(report.idle_at, INT64_MIN);
    }
    close_pipeline(pipeline);
}

static void a_partition_tells_when_it_will_be_idle(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM(", 'scan.watermark.idle-timeout' = '1 min'") MINUTES, 2);
    struct weir_partition_report report = {.struct_size = sizeof(report)};
    give(pipeline, 1, "08:00:30", "a");
    assert_int_equal(weir_pipeline_partition(pipeline, 1, &report, &error), WEIR_OK);
    assert_int_equal(report.idle_at, wall + 60000);
    wall += 60000;
    assert_int_equal(weir_pipeline_poll(pipeline, &error), WEIR_OK);
    assert_int_equal(weir_pipeline_partition(pipeline, 1, &report, &error), WEIR_OK);
    assert_int_equal(report.state, WEIR_PARTITION_IDLE);
    assert_int_equal(report.idle_at, INT64_MIN);
    assert_int_equal(weir_pipeline_partition(pipeline, 2, &report, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_pipeline_partition(pipeline, -1, &report, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_pipeline_partition(NULL, 0, &report, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_pipeline_partition(pipeline, 0, NULL, &error), WEIR_ERR_INVALID);
    report.struct_size--;
    assert_int_equal(weir_pipeline_partition(pipeline, 0, &report, &error), WEIR_ERR_INVALID);
    close_pipeline(pipeline);
}

/* ---- failure ---- */

static void a_pipeline_that_has_failed_says_why_it_failed(void **state) {
    (void)state;
    for (int32_t workers = 0; workers < 2; workers++) {
        struct weir_pipeline *pipeline =
            open_with(STREAM("") "SELECT window_start, SUM(CAST(k AS INT)) AS n FROM TABLE(TUMBLE(TABLE s, "
                                 "DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end",
                      (struct weir_pipeline_options){.partitions = 1, .workers = workers});
        int64_t ts = at("08:30:00");
        const char *text = "x";
        struct ArrowArray batch =
            batch_of(1, 3, array_i64(&ts, 1, NULL), array_strings(&text, 1, false), array_i64(&ts, 1, NULL));
        (void)weir_pipeline_push(pipeline, 0, &batch, &error);
        if (batch.release != NULL) batch.release(&batch);
        char *said = NULL;
        assert_int_equal(weir_pipeline_why(pipeline, NULL, NULL, &said, &error), WEIR_ERR_VALUE);
        assert_null(said);
        close_pipeline(pipeline);
    }
}

static void where_memory_is_short_it_says_so_and_can_be_asked_again(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = open_sql(STREAM("") SESSIONS, 2);
    give(pipeline, 0, "08:00:30", "a");
    give(pipeline, 1, "08:00:31", "b");
    const char *key = "b";
    struct weir_why_request request = {.struct_size = sizeof(request), .key = &key, .key_count = 1};
    int failures = 0;
    for (int64_t number = 1;; number++) {
        for (int with_key = 0; with_key < 2; with_key++) {
            char *said = NULL;
            request.key_count = (size_t)with_key;
            atomic_store(&allocations, 0);
            atomic_store(&fail_from, number);
            enum weir_status status = weir_pipeline_why(pipeline, &request, NULL, &said, &error);
            atomic_store(&fail_from, 0);
            failures += status != WEIR_OK;
            if (status != WEIR_OK) assert_int_equal(status, WEIR_ERR_MEMORY);
            assert_int_equal(said == NULL, status != WEIR_OK);
            free(said);
        }
        if (atomic_load(&allocations) < number) break;
    }
    assert_true(failures > 4);
    ask(pipeline, NULL, "b");
    assert_int_equal(why.rows, 1);
    close_pipeline(pipeline);
}

/* Direct slices by the keys themselves (v) and by their ids (k). */
static void where_memory_is_short_direct_slices_stay_whole(void **state) {
    (void)state;
    static const char *const queries[] = {
        STREAM("") "SELECT window_start, v, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' "
                   "MINUTE)) GROUP BY window_start, window_end, v",
        STREAM("") MINUTES};
    for (int by_ids = 0; by_ids < 2; by_ids++) {
        struct weir_pipeline *pipeline = open_with(
            queries[by_ids], (struct weir_pipeline_options){.partitions = 2, .slices = WEIR_SLICES_DIRECT});
        for (int64_t i = 0; i < 10; i++) give_many(pipeline, i * 100, 100, 50); /* 50 minutes; W stays */
        const char *key = by_ids ? "k7" : "1";
        struct weir_why_request request = {.struct_size = sizeof(request), .key = &key};
        int failures = 0;
        for (int64_t number = 1;; number++) {
            request.key_count = number % 2;
            atomic_store(&allocations, 0);
            atomic_store(&fail_from, number / 2 + 1);
            enum weir_status status = weir_pipeline_why(pipeline, &request, NULL, NULL, &error);
            atomic_store(&fail_from, 0);
            failures += status != WEIR_OK;
            if (status != WEIR_OK) assert_int_equal(status, WEIR_ERR_MEMORY);
            if (status == WEIR_OK && request.key_count == 1) break;
        }
        assert_true(failures > 4);
        give_many(pipeline, 1000, 10, 50);
        end_input(pipeline);
        struct ArrowArray batch;
        int64_t rows = 0;
        while (weir_pipeline_next(pipeline, &batch, &error) == WEIR_OK) {
            const int64_t *n = batch.children[by_ids ? 3 : 2]->buffers[1];
            for (int64_t r = 0; r < batch.length; r++) rows += n[r];
            batch.release(&batch);
        }
        assert_int_equal(rows, 1010);
        close_pipeline(pipeline);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_counted_over_all_workers),
        cmocka_unit_test(sessions_are_found_at_the_owners_of_their_keys),
        cmocka_unit_test(asking_changes_nothing),
        cmocka_unit_test(the_text_lists_some_partitions_and_the_call_gives_all),
        cmocka_unit_test(a_partition_tells_when_it_will_be_idle),
        cmocka_unit_test(a_pipeline_that_has_failed_says_why_it_failed),
        cmocka_unit_test(where_memory_is_short_it_says_so_and_can_be_asked_again),
        cmocka_unit_test(where_memory_is_short_direct_slices_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
