/* SPDX-License-Identifier: Apache-2.0
 *
 * A query from the builder is the one from the SQL that says the same: schema, plan, rows and counters, over random
 * events, for every kind of window. (SQL's WATERMARK is 1 ms longer: SEMANTICS 2.)
 */
#include "tests/api/builders.h"

/* ---- windows ---- */

static void tumble_offset(struct weir_builder *b) {
    stream(b);
    weir_builder_tumble(b, 10000, -3000);
}

static void hop_gaps(struct weir_builder *b) {
    stream(b);
    weir_builder_hop(b, 4000, 10000, 17000);
}

static void session_pieces(struct weir_builder *b) {
    stream(b);
    weir_builder_session(b, 1500, 6000);
}

static void count(struct weir_builder *b) {
    stream(b);
    weir_builder_count(b, 5, 0);
}

static void count_slide(struct weir_builder *b) {
    stream(b);
    weir_builder_count(b, 5, 2);
}

static void count_or_time(struct weir_builder *b) {
    stream(b);
    weir_builder_count_or_time(b, 7, 3000);
}

static void no_window(struct weir_builder *b) { aggregates(b); }

static void no_watermark(struct weir_builder *b) {
    stream(b);
    weir_builder_watermark(b, NULL);
    weir_builder_tumble(b, 10000, 0);
}

static void micros(struct weir_builder *b) {
    weir_builder_time(b, "fine");
    weir_builder_tumble(b, 10000, 0);
    bounds(b);
    aggregates(b);
}

static void zone(struct weir_builder *b) {
    weir_builder_time(b, "moment");
    weir_builder_zone(b, "Asia/Kathmandu");
    weir_builder_tumble(b, 3600000, 0);
    watermark(b);
    bounds(b);
    aggregates(b);
}

static void zone_micros(struct weir_builder *b) {
    zone(b);
    weir_builder_time(b, "exact");
    weir_builder_watermark(b, NULL);
}

static void utc(struct weir_builder *b) {
    zone(b);
    weir_builder_zone(b, "UTC");
}

static void processing_time(struct weir_builder *b) {
    weir_builder_processing_time(b);
    weir_builder_tumble(b, 10000, 0);
    bounds(b);
    aggregates(b);
}

static void keys(struct weir_builder *b) {
    weir_builder_time(b, "ts");
    watermark(b);
    weir_builder_key(b, "n", "first");
    weir_builder_key(b, "k", NULL);
    weir_builder_key(b, "n", "again");
    weir_builder_key(b, "b", NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, "until");
    weir_builder_aggregate(b, WEIR_BUILDER_MAX, "ts", "latest");
    weir_builder_tumble(b, 60000, 0);
}

#define BY_ROWS(name, arguments) BOUNDS name "(TABLE events PARTITION BY k, DESCRIPTOR(ts), " arguments ")" GROUPED

static const struct pair pairs[] = {
    {"TUMBLE", tumble, EVENTS STREAM BOUNDS TUMBLE GROUPED, "! 0 late"},
    {"TUMBLE with an offset", tumble_offset,
     EVENTS STREAM BOUNDS
     "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '-3' SECOND)" GROUPED,
     "00:00:07"},
    {"HOP", hop, EVENTS STREAM BOUNDS HOP GROUPED, "! 0 late"},
    {"HOP with gaps", hop_gaps,
     EVENTS STREAM BOUNDS "HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '4' SECOND, INTERVAL "
                          "'17' SECOND)" GROUPED,
     "! 0 gap"},
    {"CUMULATE", cumulate, EVENTS STREAM BOUNDS CUMULATE GROUPED, "! 0 late"},
    {"SESSION", session, EVENTS STREAM BY_ROWS("SESSION", "INTERVAL '1.5' SECOND"), "! 0 late"},
    {"SESSION in pieces", session_pieces,
     EVENTS STREAM BY_ROWS("SESSION", "INTERVAL '1.5' SECOND, INTERVAL '6' SECOND"), "! 0 late"},
    {"COUNT", count, EVENTS STREAM BY_ROWS("COUNT_WINDOW", "5"), "|5|"},
    {"COUNT with a slide", count_slide, EVENTS STREAM BY_ROWS("COUNT_WINDOW", "5, 2"), "|4|"},
    {"COUNT-OR-TIME", count_or_time, EVENTS STREAM BY_ROWS("COUNT_OR_TIME", "7, INTERVAL '3' SECOND"), "|7|"},
    {"no window", no_window,
     EVENTS PUSHED "SELECT k, COUNT(*) AS c, COUNT(v) AS cv, SUM(v) AS s, MIN(x) AS lo, MAX(k) AS hi, AVG(n) AS a "
                   "FROM events GROUP BY k",
     "a|"},
    {"no watermark", no_watermark, EVENTS PUSHED BOUNDS TUMBLE GROUPED, " 0 late"},
    {"a time in microseconds", micros,
     EVENTS PUSHED BOUNDS "TUMBLE(TABLE events, DESCRIPTOR(fine), INTERVAL '10' SECOND)" GROUPED, ".999000|"},
    {"a zone", zone,
     SET("table.local-time-zone", "Asia/Kathmandu") EVENTS INSTANTS BOUNDS
     "TUMBLE(TABLE events, DESCRIPTOR(moment), INTERVAL '1' HOUR)" GROUPED,
     " 05:00:00|"},
    {"a zone, in microseconds", zone_micros,
     SET("table.local-time-zone", "Asia/Kathmandu") EVENTS PUSHED BOUNDS
     "TUMBLE(TABLE events, DESCRIPTOR(exact), INTERVAL '1' HOUR)" GROUPED,
     ".999000Z"},
    {"instants", utc, EVENTS INSTANTS BOUNDS "TUMBLE(TABLE events, DESCRIPTOR(moment), INTERVAL '1' HOUR)" GROUPED,
     " 00:00:00|"},
    {"processing time", processing_time,
     EVENTS ", p AS PROCTIME()" PUSHED BOUNDS "TUMBLE(TABLE events, DESCRIPTOR(p), INTERVAL '10' SECOND)" GROUPED,
     " 0 late"},
    {"keys", keys,
     EVENTS STREAM
     "SELECT n AS `first`, k, n AS again, b, window_end AS until, MAX(ts) AS latest FROM "
     "TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY n, k, b, window_start, "
     "window_end",
     "|true|"},
};

static void a_query_from_the_builder_is_that_from_sql(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) same_pair(&pairs[i], 2);
    assert_int_equal(batches_made, batches_released);
}

/* ---- what differs by design ---- */

static struct lines run_at(struct weir_query *query, int64_t first) {
    struct run run = {5, 6, 100, first, 0};
    struct lines lines = run_query(query, &run);
    weir_query_destroy(&query);
    return lines;
}

/* SEMANTICS 2: in SQL no W at or below 1970, in the C API from the first row on. */
static void the_watermark_rises_before_1970_too(void **state) {
    (void)state;
    struct weir_builder *builder = new_builder();
    tumble(builder);
    struct lines early = run_at(query_of(builder), -86400000);
    struct lines sql = run_at(query_of_sql(EVENTS STREAM BOUNDS TUMBLE GROUPED), -86400000);
    assert_true(any_line_has(&sql, "0 late"));
    assert_true(any_line_has(&sql, "W -9223372036854775808"));
    assert_false(any_line_has(&early, " 0 late"));
    free_lines(&early);
    free_lines(&sql);
}

/* SEMANTICS 2: W = max_seen - B - 1; with B = 0 a row of the greatest time so far is on time, and one later by 1 ms
 * closes its window. */
static void without_out_of_orderness_equal_times_are_on_time(void **state) {
    (void)state;
    struct weir_builder *builder = new_builder();
    struct weir_builder_watermark_options options = {.struct_size = sizeof(options)};
    weir_builder_time(builder, "ts");
    weir_builder_tumble(builder, 10000, 0);
    weir_builder_bound(builder, WEIR_BUILDER_WINDOW_END, NULL);
    weir_builder_watermark(builder, &options);
    struct weir_query *zero = query_of(builder);
    assert_non_null(strstr(weir_query_explain(zero), "watermark: greatest ts less 1 ms, row by row\n"));
    same_queries(query_of_sql(EVENTS ", WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND" PUSHED
                                     "SELECT window_end FROM TABLE(" TUMBLE ") GROUP BY window_start, window_end"),
                 zero, 2, "! 0 late");
}

/* ---- life ---- */

static void a_builder_may_be_finished_again_and_destroyed_first(void **state) {
    (void)state;
    struct weir_builder *builder = new_builder();
    struct weir_query *first = NULL, *second = NULL;
    tumble(builder);
    assert_int_equal(weir_builder_finish(builder, &first, &error), WEIR_OK);
    weir_builder_aggregate(builder, WEIR_BUILDER_MAX, "n", "most");
    weir_builder_hop(builder, 10000, 4000, 0);
    assert_int_equal(weir_builder_finish(builder, &second, &error), WEIR_OK);
    weir_builder_destroy(&builder);
    assert_null(builder);
    struct ArrowSchema schema;
    assert_int_equal(weir_query_schema(second, &schema, &error), WEIR_OK);
    assert_int_equal(schema.n_children, 11);
    assert_string_equal(schema.children[10]->name, "most");
    schema.release(&schema);
    weir_query_destroy(&second);
    same_queries(query_of_sql(EVENTS STREAM BOUNDS TUMBLE GROUPED), first, 2, "! 0 late");
}

static void what_is_said_twice_holds_as_said_last(void **state) {
    (void)state;
    struct weir_builder *builder = new_builder();
    struct weir_builder_emission_options emission = {.struct_size = sizeof(emission), .early_rows = 3};
    weir_builder_processing_time(builder);
    weir_builder_session(builder, 1, 0);
    weir_builder_zone(builder, "Asia/Kathmandu");
    weir_builder_emission(builder, &emission);
    weir_builder_emission(builder, NULL);
    weir_builder_zone(builder, NULL);
    tumble(builder);
    same_queries(query_of_sql(EVENTS STREAM BOUNDS TUMBLE GROUPED), query_of(builder), 2, "! 0 late");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_from_the_builder_is_that_from_sql),
        cmocka_unit_test(the_watermark_rises_before_1970_too),
        cmocka_unit_test(without_out_of_orderness_equal_times_are_on_time),
        cmocka_unit_test(a_builder_may_be_finished_again_and_destroyed_first),
        cmocka_unit_test(what_is_said_twice_holds_as_said_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
