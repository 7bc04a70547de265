/* SPDX-License-Identifier: Apache-2.0
 *
 * docs/semantics.md, section 4: when results leave, how they replace each other, and what the end of the input
 * brings.
 */
#include "tests/engine/rules.h"

#define TUMBLE_SECOND "TUMBLE" ROW_TIME "INTERVAL '1' SECOND)"
#define EVERY(rows) "SET 'weir.emit.early-fire.rows' = '" rows "'; "
#define MODE(mode) "SET 'weir.emit.mode' = '" mode "'; "
#define END(policy) "SET 'weir.end-of-input' = '" policy "'; "

static struct rule rule;

/* ---- early results ---- */

static void by_default_a_window_gives_one_result(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100 a:2@200");
        rule_expect(&rule, "");
        rule_advance(&rule, 999);
        rule_expect(&rule, "a=3@999");
        rule_advance(&rule, 5000);
        rule_finish(&rule);
        rule_expect(&rule, "");
        rule_close(&rule);
    }
}

static void early(const char *set, const char *expected, const char *at_close) {
    struct asked asked = {.set = set, .window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100 b:8@100 a:2@200 a:4@300 a:16@400 a:32@500");
        rule_expect(&rule, "%s", expected);
        rule_advance(&rule, 999);
        rule_expect(&rule, "%s", at_close);
        rule_close(&rule);
    }
}

static void early_results_every_n_rows_take_earlier_ones_back(void **state) {
    (void)state;
    early(EVERY("2"), "+I a=3@999 -U a=3@999 +U a=23@999", "-U a=23@999 +U a=55@999 +I b=8@999");
}

static void early_results_may_come_as_new_totals_alone(void **state) {
    (void)state;
    early(EVERY("2") MODE("accumulating"), "+I a=3@999 +U a=23@999", "+U a=55@999 +I b=8@999");
}

static void early_results_may_come_as_what_is_new(void **state) {
    (void)state;
    early(EVERY("2") MODE("discarding"), "+I a=3@999 +I a=20@999", "+I a=32@999 +I b=8@999");
}

static void a_close_gives_nothing_where_nothing_has_changed(void **state) {
    (void)state;
    static const struct asked asked = {.set = EVERY("1"), .window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@100 a:2@200");
        rule_expect(&rule, "+I a=1@999 -U a=1@999 +U a=3@999");
        rule_advance(&rule, 999);
        rule_expect(&rule, "");
        rule_close(&rule);
    }
}

static void early_results_follow_event_time(void **state) {
    (void)state;
    static const struct asked asked = {.set = "SET 'weir.emit.early-fire.event-time' = '100 ms';",
                                       .window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_advance(&rule, 150);
        rule_rows(&rule, "a:1@400");
        rule_advance(&rule, 199);
        rule_expect(&rule, "");
        rule_advance(&rule, 200);
        rule_expect(&rule, "+I a=1@999");
        rule_advance(&rule, 300); /* nothing new */
        rule_rows(&rule, "a:2@500");
        rule_advance(&rule, 450);
        rule_expect(&rule, "-U a=1@999 +U a=3@999");
        rule_close(&rule);
    }
}

static void early_results_follow_the_wall_clock(void **state) {
    (void)state;
    static const struct asked asked = {.set = "SET 'table.exec.emit.early-fire.enabled' = 'true'; "
                                              "SET 'table.exec.emit.early-fire.delay' = '10 s';",
                                       .window = TUMBLE_SECOND};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_tick(&rule, 3000);
        rule_expect(&rule, ""); /* waits for workers */
        rule_rows(&rule, "a:1@100");
        rule_expect(&rule, "");
        rule_tick(&rule, 12999);
        rule_expect(&rule, "");
        rule_tick(&rule, 13000);
        rule_expect(&rule, "+I a=1@999");
        rule_tick(&rule, 40000); /* nothing new */
        rule_expect(&rule, "");
        rule.clock = 45000; /* nobody looks at the clock but the push */
        rule_rows(&rule, "b:1@200");
        rule_expect(&rule, "");
        rule_tick(&rule, 54999);
        rule_expect(&rule, "");
        rule_tick(&rule, 55000);
        rule_expect(&rule, "+I b=1@999");
        rule_close(&rule);
    }
}

static bool has_op(const char *set) {
    struct asked asked = {.set = set, .window = TUMBLE_SECOND};
    struct ArrowSchema schema;
    rule_open(&rule, 0, &asked);
    rule_check(&rule, weir_query_schema(rule.query, &schema, &rule.error));
    bool first = strcmp(schema.children[0]->name, "op") == 0;
    schema.release(&schema);
    rule_close(&rule);
    return first;
}

static void only_a_query_that_updates_has_a_column_op(void **state) {
    (void)state;
    assert_false(has_op(NULL));
    assert_false(has_op("SET 'weir.late.policy' = 'fold'; " END("discard")));
    assert_true(has_op(EVERY("5")));
    assert_true(has_op("SET 'weir.emit.early-fire.event-time' = '1 s';"));
    assert_true(has_op("SET 'table.exec.emit.allow-lateness' = '1 s'; SET 'table.exec.emit.late-fire.enabled' = "
                       "'true'; SET 'table.exec.emit.late-fire.delay' = '0 s';"));
}

/* ---- the end of the input ---- */

static void the_end_fires_every_window(void **state) {
    (void)state;
    static const struct asked asked = {.window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:100 a:1500");
        rule_expect(&rule, "a=1@999");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@1999");
        rule_close(&rule);
    }
}

static void the_end_may_drop_windows_that_are_open(void **state) {
    (void)state;
    static const struct asked asked = {.set = END("discard"), .window = TUMBLE_SECOND, .watermark = "ts"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:100 a:1500");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@999");
        rule_close(&rule);
    }
}

static void the_end_may_mark_windows_that_are_not_complete(void **state) {
    (void)state;
    static const struct asked asked = {
        .set = END("mark"), .window = TUMBLE_SECOND, .watermark = "ts", .tail = ", is_complete", .marked = true};
    static const struct asked session = {.set = END("mark"),
                                         .window = "SESSION" BY_KEY "INTERVAL '1' SECOND)",
                                         .watermark = "ts",
                                         .tail = ", is_complete",
                                         .marked = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:100 a:1500");
        rule_expect(&rule, "a=1@999");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@1999?");
        rule_close(&rule);
        rule_open(&rule, workers, &session);
        rule_rows(&rule, "a:100 b:1500");
        rule_finish(&rule);
        rule_expect(&rule, "a=1@1099 b=1@2499?");
        rule_close(&rule);
    }
}

static void the_end_fires_what_the_next_count_window_holds_so_far(void **state) {
    (void)state;
    static const struct asked whole = {.window = "COUNT_WINDOW" BY_KEY "3)"};
    static const struct asked sliding = {.window = "COUNT_WINDOW" BY_KEY "6, 4)"};
    static const struct asked marked = {
        .set = END("mark"), .window = "COUNT_WINDOW" BY_KEY "3)", .tail = ", is_complete", .marked = true};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &whole);
        rule_rows(&rule, "a:1@1 a:2@2 a:4@3 a:8@4 b:1@1 b:1@2 b:1@3");
        rule_expect(&rule, "a=7@3 b=3@3");
        rule_finish(&rule);
        rule_expect(&rule, "a=8@4");
        rule_close(&rule);
        rule_open(&rule, workers, &sliding);
        rule_rows(&rule, "a:1@1 a:2@2 a:4@3 a:8@4 a:16@5 a:32@6");
        rule_expect(&rule, "a=15@4");
        rule_finish(&rule); /* at eight rows it would hold the third to the eighth */
        rule_expect(&rule, "a=60@6");
        rule_close(&rule);
        rule_open(&rule, workers, &marked);
        rule_rows(&rule, "a:1@1 a:2@2 a:4@3 a:8@4");
        rule_finish(&rule);
        rule_expect(&rule, "a=7@3 a=8@4?");
        rule_close(&rule);
    }
}

static void the_end_fires_the_rest_of_count_or_time(void **state) {
    (void)state;
    static const struct asked asked = {.window = "COUNT_OR_TIME" BY_KEY "3, INTERVAL '1' MINUTE)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "a:1@1 a:2@2");
        rule_finish(&rule);
        rule_expect(&rule, "a=3@2");
        rule_close(&rule);
    }
}

/* ---- order ---- */

static void results_of_one_advance_come_by_window_end(void **state) {
    (void)state;
    static const struct asked asked = {.window = "HOP" ROW_TIME "INTERVAL '1' SECOND, INTERVAL '2' SECOND)"};
    FOR_WORKERS(workers) {
        rule_open(&rule, workers, &asked);
        rule_rows(&rule, "c:5500 a:100 b:2500");
        rule_advance(&rule, 99999);
        rule_expect(&rule, "a=1@999 a=1@1999 b=1@2999 b=1@3999 c=1@5999 c=1@6999");
        rule_close(&rule);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_default_a_window_gives_one_result),
        cmocka_unit_test(early_results_every_n_rows_take_earlier_ones_back),
        cmocka_unit_test(early_results_may_come_as_new_totals_alone),
        cmocka_unit_test(early_results_may_come_as_what_is_new),
        cmocka_unit_test(a_close_gives_nothing_where_nothing_has_changed),
        cmocka_unit_test(early_results_follow_event_time),
        cmocka_unit_test(early_results_follow_the_wall_clock),
        cmocka_unit_test(only_a_query_that_updates_has_a_column_op),
        cmocka_unit_test(the_end_fires_every_window),
        cmocka_unit_test(the_end_may_drop_windows_that_are_open),
        cmocka_unit_test(the_end_may_mark_windows_that_are_not_complete),
        cmocka_unit_test(the_end_fires_what_the_next_count_window_holds_so_far),
        cmocka_unit_test(the_end_fires_the_rest_of_count_or_time),
        cmocka_unit_test(results_of_one_advance_come_by_window_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
