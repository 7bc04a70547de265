/* SPDX-License-Identifier: Apache-2.0
 *
 * What does not go together in a builder: a status, and a message that says what to do.
 */
#include "tests/api/events.h"

/* ---- what finish says of it ---- */

static void ok(struct weir_builder *b) {
    weir_builder_time(b, "ts");
    weir_builder_tumble(b, 1000, 0);
    weir_builder_key(b, "k", NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", "s");
}

static void emission(struct weir_builder *b, struct weir_builder_emission_options options) {
    options.struct_size = sizeof(options);
    ok(b);
    weir_builder_emission(b, &options);
}

static void watermark(struct weir_builder *b, struct weir_builder_watermark_options options) {
    options.struct_size = sizeof(options);
    ok(b);
    weir_builder_watermark(b, &options);
}

static void nothing(struct weir_builder *b) { (void)b; }
static void no_time(struct weir_builder *b) { weir_builder_time(b, "tss"); }
static void text_time(struct weir_builder *b) { weir_builder_time(b, "k"); }
static void date_time(struct weir_builder *b) { weir_builder_time(b, "today"); }
static void null_time(struct weir_builder *b) { weir_builder_time(b, NULL); }
static void unknown_zone(struct weir_builder *b) { weir_builder_zone(b, "Europe/Berln"); }

static void window_without_time(struct weir_builder *b) {
    ok(b);
    struct weir_builder_watermark_options options = {.struct_size = sizeof(options)};
    weir_builder_processing_time(b);
    weir_builder_watermark(b, &options);
}

static void no_time_at_all(struct weir_builder *b) {
    weir_builder_tumble(b, 1000, 0);
    weir_builder_key(b, "k", NULL);
}

static void zone_of_a_wall_clock(struct weir_builder *b) {
    ok(b);
    weir_builder_zone(b, "Europe/Berlin");
}

/* ---- units ---- */

static void unit_unknown(struct weir_builder *b) { weir_builder_unit(b, (enum weir_builder_unit)4); }

static void unit_mixed(struct weir_builder *b) {
    ok(b);
    weir_builder_unit(b, WEIR_BUILDER_NANOSECONDS);
    weir_builder_time(b, "fine");
}

static void unit_finer(struct weir_builder *b) {
    ok(b);
    weir_builder_unit(b, WEIR_BUILDER_MICROSECONDS);
}

static void unit_of_the_clock(struct weir_builder *b) {
    ok(b);
    weir_builder_processing_time(b);
    weir_builder_unit(b, WEIR_BUILDER_SECONDS);
}

static void unit_alone(struct weir_builder *b) {
    weir_builder_unit(b, WEIR_BUILDER_MICROSECONDS);
    weir_builder_key(b, "k", NULL);
}

static void unit_changed(struct weir_builder *b) {
    ok(b);
    weir_builder_time(b, "fine");
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, NULL);
    weir_builder_having(b, weir_builder_binary(b, weir_builder_result(b, "window_end"), WEIR_BUILDER_GT,
                                               weir_builder_timestamp(b, 0, 1000)));
    weir_builder_unit(b, WEIR_BUILDER_MICROSECONDS);
}

/* ---- windows ---- */

static void tumble_zero(struct weir_builder *b) { weir_builder_tumble(b, 0, 0); }
static void tumble_negative(struct weir_builder *b) { weir_builder_tumble(b, INT64_MIN, 0); }
static void tumble_offset(struct weir_builder *b) { weir_builder_tumble(b, 1000, -1000); }
static void hop_zero(struct weir_builder *b) { weir_builder_hop(b, 1000, 0, 0); }
static void hop_negative(struct weir_builder *b) { weir_builder_hop(b, -5, 5, 0); }
static void cumulate_odd(struct weir_builder *b) { weir_builder_cumulate(b, 1000, 300, 0); }
static void session_zero(struct weir_builder *b) { weir_builder_session(b, 0, 0); }
static void session_negative(struct weir_builder *b) { weir_builder_session(b, 5, -1); }
static void count_zero(struct weir_builder *b) { weir_builder_count(b, 0, 0); }
static void count_negative(struct weir_builder *b) { weir_builder_count(b, 5, -5); }
static void count_or_time_zero(struct weir_builder *b) { weir_builder_count_or_time(b, 5, 0); }

static void too_long(struct weir_builder *b) {
    ok(b);
    weir_builder_time(b, "fine");
    weir_builder_tumble(b, INT64_MAX, 0);
}

/* ---- columns of the result ---- */

static void key_unknown(struct weir_builder *b) { weir_builder_key(b, "moent", NULL); }
static void key_null(struct weir_builder *b) { weir_builder_key(b, NULL, "k"); }
static void key_without_name(struct weir_builder *b) { weir_builder_key_term(b, weir_builder_integer(b, 1), NULL); }
static void key_interval(struct weir_builder *b) {
    weir_builder_key_term(b, weir_builder_interval(b, 1), "length");
}
static void empty_name(struct weir_builder *b) { weir_builder_key(b, "k", ""); }
static void broken_name(struct weir_builder *b) { weir_builder_key(b, "k", "\xFF"); }
static void aggregate_without_name(struct weir_builder *b) {
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", NULL);
}
static void aggregate_without_column(struct weir_builder *b) {
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, NULL, "s");
}
static void aggregate_unknown(struct weir_builder *b) { weir_builder_aggregate(b, 99, "v", "s"); }
static void sum_of_text(struct weir_builder *b) { weir_builder_aggregate(b, WEIR_BUILDER_SUM, "k", "s"); }
static void min_of_boolean(struct weir_builder *b) { weir_builder_aggregate(b, WEIR_BUILDER_MIN, "b", "s"); }
static void rows_of_a_column(struct weir_builder *b) {
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, "v", "n");
}
static void rows_of_a_term(struct weir_builder *b) {
    weir_builder_aggregate_term(b, WEIR_BUILDER_COUNT_ROWS, weir_builder_column(b, "v"), "n");
}
static void null_argument(struct weir_builder *b) { weir_builder_aggregate_term(b, WEIR_BUILDER_SUM, NULL, "n"); }
static void bound_unknown(struct weir_builder *b) { weir_builder_bound(b, 0, "w"); }

static void twice(struct weir_builder *b) {
    ok(b);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_START, "s");
}

static void complete_without_mark(struct weir_builder *b) {
    ok(b);
    weir_builder_bound(b, WEIR_BUILDER_IS_COMPLETE, "whole");
}

/* ---- without a window ---- */

static void alone(struct weir_builder *b) { weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, NULL, "n"); }

static void bound_alone(struct weir_builder *b) {
    alone(b);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_START, NULL);
}

static void time_alone(struct weir_builder *b) {
    alone(b);
    weir_builder_time(b, "ts");
}

static void fill_alone(struct weir_builder *b) {
    alone(b);
    weir_builder_fill(b, WEIR_BUILDER_FILL_PREV, NULL, 0);
}

/* ---- options ---- */

static void no_size(struct weir_builder *b) {
    weir_builder_watermark(b, &(struct weir_builder_watermark_options){.out_of_orderness = 1});
}
static void no_size_of_emission(struct weir_builder *b) {
    weir_builder_emission(b, &(struct weir_builder_emission_options){.early_rows = 1});
}
static void negative_delay(struct weir_builder *b) {
    watermark(b, (struct weir_builder_watermark_options){.out_of_orderness = -1});
}
static void longest_delay(struct weir_builder *b) {
    watermark(b, (struct weir_builder_watermark_options){.out_of_orderness = INT64_MAX});
}
static void policy_without_guard(struct weir_builder *b) {
    watermark(b, (struct weir_builder_watermark_options){.future = WEIR_BUILDER_FUTURE_DROP});
}
static void unknown_policy(struct weir_builder *b) {
    watermark(b,
              (struct weir_builder_watermark_options){.future_max_ms = 1, .future = (enum weir_builder_future)7});
}
static void fire_without_lateness(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.late_fire = true});
}
static void lateness_without_fire(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.lateness = 1});
}
static void negative_lateness(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.lateness = INT64_MIN, .late_fire = true});
}
static void unknown_late(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.late = (enum weir_builder_late) - 1});
}
static void clock_without_every(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.early_processing_time = true});
}
static void mode_without_updates(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.mode = WEIR_BUILDER_DISCARDING});
}

static void early_session(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.early_rows = 1});
    weir_builder_session(b, 1000, 0);
}

static void folded_count(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.late = WEIR_BUILDER_LATE_FOLD});
    weir_builder_count(b, 5, 0);
}

static void early_order(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.early_rows = 1});
    weir_builder_order(b, "s", false, false);
}

static void early_fill(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.early_rows = 1});
    weir_builder_fill(b, WEIR_BUILDER_FILL_PREV, NULL, 0);
}

static void early_op(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.early_rows = 1});
    weir_builder_aggregate(b, WEIR_BUILDER_MAX, "v", "op");
}

static void early_overlaps(struct weir_builder *b) {
    emission(b, (struct weir_builder_emission_options){.early_rows = 1});
    weir_builder_hop(b, 1000000, 1, 0);
}

/* ---- FILL, order, limit, filter ---- */

static void fill(struct weir_builder *b, enum weir_builder_fill how, const struct weir_term *value, int64_t most) {
    ok(b);
    weir_builder_fill(b, how, value, most);
}

static void fill_unknown(struct weir_builder *b) { fill(b, 0, NULL, 0); }
static void fill_negative(struct weir_builder *b) { fill(b, WEIR_BUILDER_FILL_NULL, NULL, -1); }
static void fill_without_value(struct weir_builder *b) { fill(b, WEIR_BUILDER_FILL_VALUE, NULL, 0); }
static void fill_with_column(struct weir_builder *b) {
    fill(b, WEIR_BUILDER_FILL_VALUE, weir_builder_column(b, "v"), 0);
}
static void fill_null_with_value(struct weir_builder *b) {
    fill(b, WEIR_BUILDER_FILL_NULL, weir_builder_integer(b, 1), 0);
}
static void fill_with_fraction(struct weir_builder *b) {
    fill(b, WEIR_BUILDER_FILL_VALUE, weir_builder_number(b, 1.5), 0);
}

static void fill_text(struct weir_builder *b) {
    fill(b, WEIR_BUILDER_FILL_LINEAR, NULL, 0);
    weir_builder_aggregate(b, WEIR_BUILDER_MAX, "k", "most");
}

static void fill_hop(struct weir_builder *b) {
    fill(b, WEIR_BUILDER_FILL_PREV, NULL, 0);
    weir_builder_hop(b, 5, 1, 0);
}

static void order_unknown(struct weir_builder *b) { weir_builder_order(b, "s", false, false); }
static void order_null(struct weir_builder *b) { weir_builder_order(b, NULL, false, false); }
static void limit_negative(struct weir_builder *b) { weir_builder_limit(b, -2, 0); }
static void offset_negative(struct weir_builder *b) { weir_builder_limit(b, 1, -1); }
static void filter_null(struct weir_builder *b) { weir_builder_filter(b, NULL); }
static void filter_number(struct weir_builder *b) { weir_builder_filter(b, weir_builder_column(b, "v")); }
static void result_unknown(struct weir_builder *b) { weir_builder_result(b, "s"); }
static void result_without_time(struct weir_builder *b) {
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_TIME, NULL);
    weir_builder_result(b, "window_time");
}

static void filter_of_results(struct weir_builder *b) {
    ok(b);
    weir_builder_filter(b, weir_builder_unary(b, WEIR_BUILDER_IS_NULL, weir_builder_result(b, "s")));
}

static void having_of_input(struct weir_builder *b) {
    ok(b);
    weir_builder_having(b, weir_builder_unary(b, WEIR_BUILDER_IS_NULL, weir_builder_column(b, "v")));
}

static void time_changed(struct weir_builder *b) {
    ok(b);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_TIME, NULL);
    weir_builder_having(b, weir_builder_binary(b, weir_builder_result(b, "window_time"), WEIR_BUILDER_GT,
                                               weir_builder_timestamp(b, 0, 1000)));
    weir_builder_time(b, "moment");
}

#define INVALID WEIR_ERR_INVALID

static const struct {
    void (*build)(struct weir_builder *);
    enum weir_status status;
    const char *message;
} refused[] = {
    {nothing, INVALID, "the result has no column; call weir_builder_aggregate"},
    {no_time, INVALID, "the time is the column 'tss', and the schema has none of that name; did you mean 'ts'?"},
    {text_time, INVALID,
     "the time must be a TIMESTAMP or TIMESTAMP_LTZ (an Arrow timestamp), and the column 'k' is "
     "STRING"},
    {date_time, INVALID, "the column 'today' is DATE"},
    {null_time, INVALID, "the time needs the name of a column, and it is NULL"},
    {unknown_zone, INVALID, "Europe/Berlin"},
    {window_without_time, INVALID, "windows of processing time close by the wall clock and take no watermark"},
    {no_time_at_all, INVALID, "a window needs the time of its rows; call weir_builder_time"},
    {zone_of_a_wall_clock, INVALID, "the time column 'ts' is a TIMESTAMP, which is on a wall clock already"},
    {unit_unknown, INVALID, "4 is no unit of time; see enum weir_builder_unit"},
    {unit_mixed, INVALID,
     "mixed units of time: weir_builder_unit says ns, and the time column 'fine' (column 13 of the schema) counts "
     "us"},
    {unit_finer, INVALID, "the time column 'ts' (column 1 of the schema) counts ms; say that unit, or leave"},
    {unit_of_the_clock, INVALID, "weir_builder_unit says s, and processing time counts ms"},
    {unit_alone, INVALID, "the query has no window, so weir_builder_unit has nothing to act on"},
    {unit_changed, INVALID, "the time or the unit has changed since weir_builder_result named 'window_end'"},
    {tumble_zero, INVALID, "the size of a window must be positive, and is 0"},
    {tumble_negative, INVALID, "the size of a window must be positive, and is -9223372036854775808"},
    {tumble_offset, INVALID, "TUMBLE wants abs(offset) < size"},
    {hop_zero, INVALID, "HOP wants a positive slide"},
    {hop_negative, INVALID, "the size of a window must be positive, and is -5"},
    {cumulate_odd, INVALID, "CUMULATE wants a largest size that is a whole number of steps"},
    {session_zero, INVALID, "the gap of a session must be positive"},
    {session_negative, INVALID, "SESSION wants a positive largest duration"},
    {count_zero, INVALID, "the size of a window must be positive, and is 0 rows"},
    {count_negative, INVALID, "a count window wants a positive slide (got -5 rows)"},
    {count_or_time_zero, INVALID, "COUNT_OR_TIME wants a positive span"},
    {too_long, INVALID, "does not fit the range of the time column 'fine', which counts 1/1000 ms"},
    {key_unknown, INVALID,
     "a key is the column 'moent', and the schema has none of that name; did you mean 'moment'?"},
    {key_null, INVALID, "a key needs the name of a column, and it is NULL"},
    {key_without_name, INVALID, "a column of the result needs a name, and it is NULL"},
    {key_interval, WEIR_ERR_UNSUPPORTED, "which is no type of keys"},
    {empty_name, INVALID, "a column of the result needs a name, and it is empty"},
    {broken_name, INVALID, "the name of a column of the result is no UTF-8"},
    {aggregate_without_name, INVALID, "a column of the result needs a name, and it is NULL"},
    {aggregate_without_column, INVALID, "the argument of an aggregate needs the name of a column, and it is NULL"},
    {aggregate_unknown, INVALID, "99 is no aggregate; see enum weir_builder_function"},
    {sum_of_text, WEIR_ERR_UNSUPPORTED, "the aggregate 's' of 'k': SUM does not take STRING"},
    {min_of_boolean, WEIR_ERR_UNSUPPORTED, "the aggregate 's' of 'b': MIN does not take BOOLEAN"},
    {rows_of_a_column, INVALID, "give NULL instead of 'v', or use WEIR_BUILDER_COUNT"},
    {rows_of_a_term, INVALID, "WEIR_BUILDER_COUNT_ROWS takes no term"},
    {null_argument, INVALID, "the argument of an aggregate is NULL; it must be a term"},
    {bound_unknown, INVALID, "0 is no bound of a window"},
    {twice, INVALID, "the result has a column 's' already; give the second one another name"},
    {complete_without_mark, INVALID, "'whole' tells whether the watermark had closed a window"},
    {bound_alone, INVALID, "the query has no window, so weir_builder_bound has nothing to act on"},
    {time_alone, INVALID, "the query has no window, so weir_builder_time has nothing to act on"},
    {fill_alone, INVALID, "the query has no window, so weir_builder_fill has nothing to act on"},
    {no_size, INVALID, "weir_builder_watermark_options.struct_size is 0; set it to sizeof"},
    {no_size_of_emission, INVALID, "weir_builder_emission_options.struct_size is 0; set it to sizeof"},
    {negative_delay, INVALID, "out_of_orderness is -1; it must be 0 or more"},
    {longest_delay, INVALID, "out_of_orderness must be below 9223372036854775807"},
    {policy_without_guard, INVALID, "`future` has nothing to act on: set future_max_ms"},
    {unknown_policy, INVALID, "future is 7, which its enum does not have"},
    {fire_without_lateness, INVALID, "late_fire needs to know how late a row may be: set lateness"},
    {lateness_without_fire, INVALID, "set late_fire, or leave lateness out"},
    {negative_lateness, INVALID, "lateness is -9223372036854775808; it must be 0 or more"},
    {unknown_late, INVALID, ", which its enum does not have"},
    {clock_without_every, INVALID, "early_processing_time says what early_every is measured by"},
    {mode_without_updates, INVALID, "`mode` says how results replace earlier ones"},
    {early_session, INVALID, "SESSION windows give no early or late results"},
    {folded_count, INVALID, "COUNT windows lie on none"},
    {early_order, INVALID, "takes no order and no limit"},
    {early_fill, INVALID, "weir_builder_fill goes with final results only"},
    {early_op, INVALID, "has a column 'op' of its own"},
    {early_overlaps, WEIR_ERR_UNSUPPORTED, "each of the 1000000 windows that a row belongs to"},
    {fill_unknown, INVALID, "0 is no way to fill"},
    {fill_negative, INVALID, "windows_max is -1; it must be 0 (no limit) or more"},
    {fill_without_value, INVALID, "the value of a fill is NULL; it must be a term"},
    {fill_with_column, INVALID, "the value of a fill is one number"},
    {fill_null_with_value, INVALID, "only WEIR_BUILDER_FILL_VALUE takes a value"},
    {fill_with_fraction, INVALID, "is no BIGINT, which the aggregate 's' is"},
    {fill_text, INVALID, "fill numbers, and the aggregate 'most' is STRING"},
    {fill_hop, INVALID, "goes with TUMBLE windows only, and these are HOP"},
    {order_unknown, INVALID, "the result has no column 's' yet; add it before weir_builder_order names it"},
    {order_null, INVALID, "the result has no column '(NULL)' yet"},
    {limit_negative, INVALID, "a limit is 0 or more rows, or -1 for all"},
    {offset_negative, INVALID, "after an offset of 0 or more; these are 1 and -1"},
    {filter_null, INVALID, "the filter is NULL; it must be a term"},
    {filter_number, INVALID, "the filter must be BOOLEAN, and 'v' is BIGINT"},
    {result_unknown, INVALID, "the result has no column 's' yet; add it before weir_builder_result names it"},
    {result_without_time, INVALID, "call weir_builder_time first"},
    {filter_of_results, INVALID,
     "the filter is over the columns of the input, and 's IS NULL' names one of the result"},
    {having_of_input, INVALID, "is over the columns of the result, and 'v IS NULL' names one of the input"},
    {time_changed, INVALID, "the time or the unit has changed since weir_builder_result named 'window_time'"},
};

static void what_does_not_go_together_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct weir_builder *builder = new_builder();
        struct weir_query *query = (struct weir_query *)builder;
        refused[i].build(builder);
        enum weir_status status = weir_builder_finish(builder, &query, &error);
        if (status != refused[i].status || strstr(error.message, refused[i].message) == NULL)
            fail_msg("expected %d: %s\nsaid %d: %s", (int)refused[i].status, refused[i].message, (int)status,
                     status == WEIR_OK ? "" : error.message);
        assert_int_equal(error.code, status);
        assert_null(query);
        assert_int_equal(weir_builder_finish(builder, &query, NULL), status);
        weir_builder_destroy(&builder);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_does_not_go_together_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
