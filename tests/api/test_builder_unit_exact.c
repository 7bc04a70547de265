/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows of a few ticks: their bounds, what plans and reports say of them, which units are refused, and the ends
 * of the range.
 */
#include "tests/api/units.h"

/* ---- exactness ---- */

static struct weir_query *query_in(const struct unit *unit, void (*build)(struct weir_builder *b)) {
    struct weir_builder *b = NULL;
    struct weir_query *query = NULL;
    assert_int_equal(weir_builder_create(schema_of(unit->format), &b, &error), WEIR_OK);
    weir_builder_unit(b, unit->unit);
    weir_builder_time(b, "ts");
    build(b);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_START, NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_TIME, NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, NULL, "c");
    if (weir_builder_finish(b, &query, &error) != WEIR_OK) fail_msg("%s", error.message);
    weir_builder_destroy(&b);
    return query;
}

static struct weir_pipeline *pipeline_in(const struct unit *unit, void (*build)(struct weir_builder *b)) {
    struct weir_query *query = query_in(unit, build);
    struct weir_pipeline *pipeline = NULL;
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .clock = read_clock};
    wall_clock = BEGIN;
    assert_int_equal(weir_pipeline_create(query, &options, &pipeline, &error), WEIR_OK);
    weir_query_destroy(&query);
    return pipeline;
}

static void push_times(struct weir_pipeline *pipeline, const int64_t *times, int64_t count) {
    static const int64_t zeros[ROWS];
    struct ArrowArray batch = batch_of(times, zeros, zeros, count);
    if (weir_pipeline_push(pipeline, 0, &batch, &error) != WEIR_OK) fail_msg("%s", error.message);
}

/* The next row, and no other: its start, end, last time and count. */
static void gives(struct weir_pipeline *pipeline, int64_t start, int64_t end, int64_t last, int64_t count) {
    const int64_t expected[] = {start, end, last, count};
    struct ArrowArray rows;
    assert_int_equal(weir_pipeline_next(pipeline, &rows, &error), WEIR_OK);
    assert_int_equal(rows.length, 1);
    for (int c = 0; c < 4; c++) assert_int_equal(((const int64_t *)rows.children[c]->buffers[1])[0], expected[c]);
    rows.release(&rows);
}

static void quarters(struct weir_builder *b) {
    struct weir_builder_watermark_options options = {
        .struct_size = sizeof(options), .out_of_orderness = 100, .idle_after_ms = 1500, .future_max_ms = 20};
    weir_builder_watermark(b, &options);
    weir_builder_tumble(b, 250, 0);
}

static void windows_of_250_units(void **state) {
    (void)state;
    for (size_t u = 0; u < UNITS; u++) {
        struct weir_pipeline *pipeline = pipeline_in(&units[u], quarters);
        struct weir_stats stats = {.struct_size = sizeof(stats)};
        int64_t x = units[u].result_per_second / units[u].per_second;
        push_times(pipeline, (const int64_t[]){-1, 0, 249, 250, 1, 349}, 6); /* W = 349 - 100 - 1 */
        gives(pipeline, -250 * x, 0, -1 * x, 1);
        push_times(pipeline, (const int64_t[]){350, 248}, 2);
        gives(pipeline, 0, 250 * x, 249 * x, 3);
        assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
        struct weir_partition_report report = {.struct_size = sizeof(report)};
        assert_int_equal(weir_pipeline_partition(pipeline, 0, &report, &error), WEIR_OK);
        assert_int_equal(report.watermark, 249);
        assert_int_equal(report.time_max, 350);
        assert_int_equal(stats.watermark, 249);
        assert_int_equal(stats.late, 1);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, 498, &error), WEIR_OK);
        struct ArrowArray rows;
        assert_int_equal(weir_pipeline_next(pipeline, &rows, &error), WEIR_AGAIN);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, 499, &error), WEIR_OK);
        gives(pipeline, 250 * x, 500 * x, 499 * x, 3);
        weir_pipeline_destroy(&pipeline);
    }
}

static void holds(const char *text, const char *part) {
    if (strstr(text, part) == NULL) fail_msg("nothing says '%s' in\n%s", part, text);
}

static void plans_say_their_unit(void **state) {
    (void)state;
    static const char *const says[UNITS][3] = {
        {"watermark: greatest ts less 101 ms, row", "window: TUMBLE of 250 ms on ts;", "read: ts"},
        {"watermark: greatest ts less 101 seconds, row", "window: TUMBLE of 250 seconds on ts;",
         "unit: s, that of ts, for windows, watermarks and bounds"},
        {"watermark: greatest ts less 101 us, row", "window: TUMBLE of 250 us on ts;",
         "unit: us, that of ts, for windows, watermarks and bounds"},
        {"watermark: greatest ts less 101 ns, row", "window: TUMBLE of 250 ns on ts;",
         "unit: ns, that of ts, for windows, watermarks and bounds"},
    };
    for (size_t u = 0; u < UNITS; u++) {
        struct weir_query *query = query_in(&units[u], quarters);
        const char *explain = weir_query_explain(query);
        for (int i = 0; i < 3; i++) holds(explain, says[u][i]);
        holds(explain, "without rows for 1500 ms of the wall clock");
        holds(explain, "rows more than 20 ms ahead of the wall clock");
        assert_int_equal(strstr(explain, "unit:") == NULL, u == 0);
        weir_query_destroy(&query);
    }
}

static void reasons_are_in_the_unit(void **state) {
    (void)state;
    struct weir_pipeline *pipeline = pipeline_in(&units[2], quarters);
    push_times(pipeline, (const int64_t[]){350, 100, 350}, 3);
    for (int i = 0; i < 3; i++) {
        struct weir_why_request request = {.struct_size = sizeof(request), .has_time = i == 0, .time = 300};
        if (i > 0) request.time_text = i == 1 ? "300" : "1970-01-01 00:00:00.0003";
        struct weir_why why = {.struct_size = sizeof(why)};
        char *text = NULL;
        assert_int_equal(weir_pipeline_why(pipeline, &request, &why, &text, &error), WEIR_OK);
        assert_int_equal(why.window_start, 250);
        assert_int_equal(why.window_end, 500);
        assert_int_equal(why.needed, 499);
        assert_int_equal(why.watermark, 249);
        assert_int_equal(why.lacks, 250);
        assert_int_equal(why.late_by, 0);
        holds(text, "window [1970-01-01 00:00:00.00025, 1970-01-01 00:00:00.0005) has not fired");
        holds(text, "needs a watermark of 1970-01-01 00:00:00.000499, and W is 1970-01-01 00:00:00.000249 ");
        holds(text, "(0.000250 s short)");
        holds(text, "the greatest time so far is 1970-01-01 00:00:00.000350, less 0.000101 s by");
        holds(text, "wait for a row with a time of 1970-01-01 00:00:00.000600 or later");
        free(text);
    }
    struct weir_why_request none = {.struct_size = sizeof(none), .time_text = "noon"};
    assert_int_equal(weir_pipeline_why(pipeline, &none, NULL, NULL, &error), WEIR_ERR_INVALID);
    holds(error.message, "or as a number of us since 1970");
    weir_pipeline_destroy(&pipeline);
}

static void with_clock(struct weir_builder *b) { weir_builder_processing_time(b); }
static void with_zone(struct weir_builder *b) { weir_builder_zone(b, "Europe/Berlin"); }
static void with_nothing(struct weir_builder *b) { (void)b; }

static void mixed_units_are_refused(void **state) {
    (void)state;
    static const struct {
        enum weir_builder_unit unit;
        const char *format;
        void (*build)(struct weir_builder *b);
        const char *says; /* NULL: it is taken */
    } mixtures[] = {
        {WEIR_BUILDER_MICROSECONDS, "tsn:", with_nothing,
         "weir_builder_unit says us, and the time column 'ts' (column 1 of the schema) counts ns"},
        {WEIR_BUILDER_SECONDS, "tsm:", with_nothing,
         "says s, and the time column 'ts' (column 1 of the schema) counts ms"},
        {WEIR_BUILDER_NANOSECONDS, "tss:", with_nothing, "counts s; say that unit, or leave weir_builder_unit out"},
        {WEIR_BUILDER_NANOSECONDS, "tsn:UTC", with_clock, "processing time counts ms, as the wall clock does"},
        {WEIR_BUILDER_SECONDS, "tss:UTC", with_zone, "a time in seconds is exact in ms"},
        {WEIR_BUILDER_NANOSECONDS, "tsn:UTC", with_zone, NULL},
        {WEIR_BUILDER_MILLISECONDS, "tss:UTC", with_zone, NULL},
        {WEIR_BUILDER_MILLISECONDS, "tsn:UTC", with_clock, NULL},
        {WEIR_BUILDER_MILLISECONDS, "tsu:", with_nothing, NULL},
    };
    for (size_t i = 0; i < sizeof(mixtures) / sizeof(mixtures[0]); i++) {
        struct weir_builder *b = NULL;
        struct weir_query *query = NULL;
        assert_int_equal(weir_builder_create(schema_of(mixtures[i].format), &b, &error), WEIR_OK);
        weir_builder_time(b, "ts");
        weir_builder_unit(b, mixtures[i].unit);
        weir_builder_tumble(b, 1000, 0);
        weir_builder_key(b, "k", NULL);
        mixtures[i].build(b);
        enum weir_status status = weir_builder_finish(b, &query, &error);
        assert_int_equal(status, mixtures[i].says == NULL ? WEIR_OK : WEIR_ERR_INVALID);
        if (mixtures[i].says != NULL) holds(error.message, mixtures[i].says);
        weir_query_destroy(&query);
        weir_builder_destroy(&b);
    }
}

/* ---- the ends of the range ---- */

#define LAST (INT64_MAX - INT64_MAX % 1000) /* the last multiple of 1 000 */

static void delayed(struct weir_builder *b) {
    struct weir_builder_watermark_options options = {.struct_size = sizeof(options),
                                                     .out_of_orderness = INT64_MAX - 1};
    weir_builder_watermark(b, &options);
}

static void end_tumble(struct weir_builder *b) { weir_builder_tumble(b, 1000, 0); }
static void end_hop(struct weir_builder *b) { delayed(b), weir_builder_hop(b, 1000, 300, INT64_MIN); }
static void end_cumulate(struct weir_builder *b) { delayed(b), weir_builder_cumulate(b, 1000, 250, INT64_MAX); }
static void end_longest(struct weir_builder *b) { delayed(b), weir_builder_tumble(b, INT64_MAX, 1 - INT64_MAX); }
static void end_session(struct weir_builder *b) { delayed(b), weir_builder_session(b, INT64_MAX, 0); }
static void end_pieces(struct weir_builder *b) { delayed(b), weir_builder_session(b, 1000, 3); }
static void end_count(struct weir_builder *b) { weir_builder_count(b, 2, 1); }
static void end_span(struct weir_builder *b) { delayed(b), weir_builder_count_or_time(b, 4, INT64_MAX); }

static void end_lateness(struct weir_builder *b) {
    delayed(b);
    struct weir_builder_emission_options options = {
        .struct_size = sizeof(options), .lateness = INT64_MAX, .late_fire = true};
    weir_builder_emission(b, &options);
    weir_builder_tumble(b, 1000, 0);
}

/* W at the end of time closes what is open, and nothing wraps on the way (a sanitizer would say so). */
static void ends_are_held(void **state) {
    (void)state;
    static void (*const builds[])(struct weir_builder *) = {
        end_tumble, end_hop, end_cumulate, end_longest, end_session, end_pieces, end_count, end_span, end_lateness};
    for (size_t u = 0; u < UNITS; u++) {
        for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
            struct weir_pipeline *pipeline = pipeline_in(&units[u], builds[i]);
            struct weir_stats stats = {.struct_size = sizeof(stats)};
            char *text = NULL;
            push_times(pipeline, (const int64_t[]){INT64_MIN, 0, INT64_MAX / 1000, INT64_MIN / 1000, INT64_MAX},
                       units[u].per_second >= 1000 ? 5 : 4);
            assert_int_equal(weir_pipeline_why(pipeline, NULL, NULL, &text, &error), WEIR_OK);
            free(text);
            assert_int_equal(weir_pipeline_advance(pipeline, 0, INT64_MAX, &error), WEIR_OK);
            assert_int_equal(weir_pipeline_why(pipeline, NULL, NULL, &text, &error), WEIR_OK);
            free(text);
            assert_int_equal(weir_pipeline_finish(pipeline, &error), WEIR_OK);
            assert_int_equal(weir_pipeline_stats(pipeline, &stats), WEIR_OK);
            assert_true(stats.late + stats.aggregated == stats.rows_in && stats.rows_out > 0);
            weir_pipeline_destroy(&pipeline);
        }
    }
}

static void bounds_are_held_at_the_ends(void **state) {
    (void)state;
    for (size_t u = 0; u < UNITS; u++) {
        bool seconds = units[u].per_second == 1;
        struct weir_pipeline *pipeline = pipeline_in(&units[u], end_tumble);
        push_times(pipeline, (const int64_t[]){INT64_MAX, INT64_MAX - 1}, 2);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, INT64_MAX - 2, &error), WEIR_OK);
        assert_int_equal(weir_pipeline_advance(pipeline, 0, INT64_MAX, &error), WEIR_OK);
        gives(pipeline, seconds ? INT64_MAX : LAST, INT64_MAX, seconds ? INT64_MAX : INT64_MAX - 1, 2);
        weir_pipeline_destroy(&pipeline);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_of_250_units),    cmocka_unit_test(plans_say_their_unit),
        cmocka_unit_test(reasons_are_in_the_unit), cmocka_unit_test(mixed_units_are_refused),
        cmocka_unit_test(ends_are_held),           cmocka_unit_test(bounds_are_held_at_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
