/* SPDX-License-Identifier: Apache-2.0
 *
 * The builder's options say what those of SQL say: watermarks, late rows, early results, FILL, HAVING and order.
 */
#include "tests/api/builders.h"

static void emission(struct weir_builder *b, struct weir_builder_emission_options options) {
    options.struct_size = sizeof(options);
    weir_builder_emission(b, &options);
}

/* ---- the watermark's options ---- */

static void idle(struct weir_builder *b) {
    tumble(b);
    struct weir_builder_watermark_options options = {
        .struct_size = sizeof(options), .out_of_orderness = 2000, .idle_after_ms = 5000};
    weir_builder_watermark(b, &options);
}

static void close_after(struct weir_builder *b) {
    tumble(b);
    struct weir_builder_watermark_options options = {
        .struct_size = sizeof(options), .out_of_orderness = 2000, .close_after_ms = 60000};
    weir_builder_watermark(b, &options);
}

static void future(struct weir_builder *b, enum weir_builder_future policy) {
    tumble(b);
    struct weir_builder_watermark_options options = {
        .struct_size = sizeof(options), .out_of_orderness = 2000, .future_max_ms = 1000, .future = policy};
    weir_builder_watermark(b, &options);
}

static void future_keep(struct weir_builder *b) { future(b, WEIR_BUILDER_FUTURE_KEEP); }
static void future_drop(struct weir_builder *b) { future(b, WEIR_BUILDER_FUTURE_DROP); }
static void future_side(struct weir_builder *b) { future(b, WEIR_BUILDER_FUTURE_SIDE_OUTPUT); }

/* ---- emission ---- */

static void late_side(struct weir_builder *b) {
    hop(b);
    emission(b, (struct weir_builder_emission_options){.late = WEIR_BUILDER_LATE_SIDE_OUTPUT});
}

static void late_fold(struct weir_builder *b) {
    cumulate(b);
    emission(b, (struct weir_builder_emission_options){.late = WEIR_BUILDER_LATE_FOLD});
}

static void late_fire(struct weir_builder *b) {
    hop(b);
    emission(b, (struct weir_builder_emission_options){.lateness = 40000, .late_fire = true});
}

static void late_fire_accumulating(struct weir_builder *b) {
    tumble(b);
    emission(b, (struct weir_builder_emission_options){
                    .lateness = 40000, .late_fire = true, .mode = WEIR_BUILDER_ACCUMULATING});
}

static void early_rows(struct weir_builder *b) {
    tumble(b);
    emission(b, (struct weir_builder_emission_options){.early_rows = 3, .mode = WEIR_BUILDER_DISCARDING});
}

static void early_event_time(struct weir_builder *b) {
    cumulate(b);
    emission(b, (struct weir_builder_emission_options){.early_every = 2000});
}

static void early_processing_time(struct weir_builder *b) {
    tumble(b);
    weir_builder_tumble(b, 120000, 0);
    emission(b, (struct weir_builder_emission_options){.early_every = 1000, .early_processing_time = true});
}

static void end_discard(struct weir_builder *b) {
    tumble(b);
    emission(b, (struct weir_builder_emission_options){.end = WEIR_BUILDER_END_DISCARD});
}

static void end_mark(struct weir_builder *b) {
    session(b);
    emission(b, (struct weir_builder_emission_options){.end = WEIR_BUILDER_END_MARK});
    weir_builder_bound(b, WEIR_BUILDER_IS_COMPLETE, NULL);
}

/* ---- FILL, HAVING, order ---- */

static void fill_null(struct weir_builder *b) {
    tumble(b);
    weir_builder_tumble(b, 500, 0);
    weir_builder_fill(b, WEIR_BUILDER_FILL_NULL, NULL, 5);
}

static void fill_prev(struct weir_builder *b) {
    tumble(b);
    weir_builder_tumble(b, 500, 0);
    weir_builder_fill(b, WEIR_BUILDER_FILL_PREV, NULL, 0);
}

static void filled_numbers(struct weir_builder *b) {
    weir_builder_time(b, "ts");
    watermark(b);
    weir_builder_tumble(b, 500, 0);
    weir_builder_key(b, "k", NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", "s");
    weir_builder_aggregate(b, WEIR_BUILDER_AVG, "x", "a");
    weir_builder_aggregate(b, WEIR_BUILDER_MIN, "f", "m");
}

static void fill_linear(struct weir_builder *b) {
    filled_numbers(b);
    weir_builder_fill(b, WEIR_BUILDER_FILL_LINEAR, NULL, 0);
}

static void fill_value(struct weir_builder *b) {
    filled_numbers(b);
    weir_builder_fill(b, WEIR_BUILDER_FILL_VALUE, weir_builder_integer(b, -7), 10);
}

static void having(struct weir_builder *b) {
    tumble(b);
    const struct weir_term *many =
        weir_builder_binary(b, weir_builder_result(b, "c"), WEIR_BUILDER_GT, weir_builder_integer(b, 4));
    const struct weir_term *early = weir_builder_binary(b, weir_builder_result(b, "window_time"), WEIR_BUILDER_LT,
                                                        weir_builder_timestamp(b, day_2020 + 60000, 1000));
    weir_builder_having(b, weir_builder_binary(b, many, WEIR_BUILDER_AND, early));
}

static void order(struct weir_builder *b) {
    tumble(b);
    weir_builder_order(b, "s", true, false);
    weir_builder_order(b, "window_start", false, true);
    weir_builder_order(b, "k", false, true);
    weir_builder_limit(b, 20, 3);
}

#define NUMBERS                                                                                                    \
    "SELECT k, window_end, SUM(v) AS s, AVG(x) AS a, MIN(f) AS m FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), " \
    "INTERVAL '0.5' SECOND)) GROUP BY k, window_start, window_end "
static const struct pair pairs[] = {
    {"idle timeout", idle,
     EVENTS ", WATERMARK FOR ts AS ts - INTERVAL '2.001' SECOND) WITH ('connector' = 'push', "
            "'scan.watermark.idle-timeout' = '5 s'); " BOUNDS TUMBLE GROUPED,
     "! 0 late"},
    {"close by the wall clock", close_after,
     EVENTS ", WATERMARK FOR ts AS ts - INTERVAL '2.001' SECOND) WITH ('connector' = 'push', "
            "'scan.watermark.close-after' = '1 min'); " BOUNDS TUMBLE GROUPED,
     "! 0 late"},
    {"rows of the future are kept", future_keep,
     EVENTS ", WATERMARK FOR ts AS ts - INTERVAL '2.001' SECOND) WITH ('connector' = 'push', "
            "'scan.watermark.max-future' = '1 s'); " BOUNDS TUMBLE GROUPED,
     "! 0 future"},
    {"rows of the future are dropped", future_drop,
     EVENTS ", WATERMARK FOR ts AS ts - INTERVAL '2.001' SECOND) WITH ('connector' = 'push', "
            "'scan.watermark.max-future' = '1 s', 'scan.watermark.future-policy' = 'drop'); " BOUNDS TUMBLE GROUPED,
     "! 0 future"},
    {"rows of the future are put aside", future_side,
     EVENTS
     ", WATERMARK FOR ts AS ts - INTERVAL '2.001' SECOND) WITH ('connector' = 'push', "
     "'scan.watermark.max-future' = '1 s', 'scan.watermark.future-policy' = 'side-output'); " BOUNDS TUMBLE GROUPED,
     "late|"},
    {"late rows are put aside", late_side, SET("weir.late.policy", "side-output") EVENTS STREAM BOUNDS HOP GROUPED,
     "late|2"},
    {"late rows are folded", late_fold, SET("weir.late.policy", "fold") EVENTS STREAM BOUNDS CUMULATE GROUPED,
     "! 0 folded"},
    {"late fire", late_fire,
     SET("table.exec.emit.late-fire.enabled", "true") SET("table.exec.emit.late-fire.delay", "0 s")
         SET("table.exec.emit.allow-lateness", "40 s") EVENTS STREAM BOUNDS HOP GROUPED,
     "-U|"},
    {"late fire, accumulating", late_fire_accumulating,
     SET("table.exec.emit.late-fire.enabled", "true") SET("table.exec.emit.late-fire.delay", "0 s")
         SET("table.exec.emit.allow-lateness", "40 s") SET("weir.emit.mode", "accumulating")
             EVENTS STREAM BOUNDS TUMBLE GROUPED,
     "+U|"},
    {"early results by rows, discarding", early_rows,
     SET("weir.emit.early-fire.rows", "3") SET("weir.emit.mode", "discarding") EVENTS STREAM BOUNDS TUMBLE GROUPED,
     "+I|"},
    {"early results by event time", early_event_time,
     SET("weir.emit.early-fire.event-time", "2 s") EVENTS STREAM BOUNDS CUMULATE GROUPED, "-U|"},
    {"early results by processing time", early_processing_time,
     SET("table.exec.emit.early-fire.enabled", "true") SET("table.exec.emit.early-fire.delay", "1 s")
         EVENTS STREAM BOUNDS "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '2' MINUTE)" GROUPED,
     "-U|"},
    {"the end discards", end_discard, SET("weir.end-of-input", "discard") EVENTS STREAM BOUNDS TUMBLE GROUPED,
     "! 0 late"},
    {"the end marks", end_mark,
     SET("weir.end-of-input", "mark") EVENTS STREAM
     "SELECT window_start, window_end, window_time, k, COUNT(*) AS c, COUNT(v) AS cv, SUM(v) AS s, MIN(x) AS lo, "
     "MAX(k) AS hi, AVG(n) AS a, is_complete FROM TABLE(SESSION(TABLE events PARTITION BY k, DESCRIPTOR(ts), "
     "INTERVAL '1.5' SECOND)" GROUPED,
     "|false"},
    {"FILL(NULL)", fill_null,
     EVENTS STREAM BOUNDS "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '0.5' SECOND)" GROUPED " FILL(NULL, 5)",
     "|-|-|-|-|-|-"},
    {"FILL(PREV)", fill_prev,
     EVENTS STREAM BOUNDS "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '0.5' SECOND)" GROUPED " FILL(PREV)",
     "! 0 late"},
    {"FILL(LINEAR)", fill_linear, EVENTS STREAM NUMBERS "FILL(LINEAR)", "! 0 late"},
    {"FILL with a value", fill_value, EVENTS STREAM NUMBERS "FILL(-7, 10)", "|-7|-7.0|-7.0"},
    {"HAVING", having,
     EVENTS STREAM BOUNDS TUMBLE GROUPED
     " HAVING COUNT(*) > 4 AND window_time < TIMESTAMP '2020-01-01 00:01:00.000'",
     "!|2020-01-01 00:01:00|2020-01-01 00:01:10|"},
    {"ORDER BY and LIMIT", order,
     EVENTS STREAM BOUNDS TUMBLE GROUPED
     " ORDER BY s DESC NULLS LAST, window_start NULLS FIRST, k NULLS FIRST LIMIT 20 OFFSET 3",
     "! 0 late"},
};

static void an_option_of_the_builder_is_that_of_sql(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        /* When a worker learns of the time is its own affair (SEMANTICS 2: timing-dependent by design). */
        same_pair(&pairs[i], pairs[i].build == early_processing_time ? 0 : 2);
    }
    assert_int_equal(batches_made, batches_released);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_option_of_the_builder_is_that_of_sql)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
