/* SPDX-License-Identifier: Apache-2.0
 *
 * OPTIONS behind the name of a table, and hints that are none.
 */
#include "refusal.h"

static void expect_options(const char *sql, const char *options) {
    struct script script;
    script_open(&script);
    assert_int_equal(script_run(&script, EVENTS), WEIR_OK);
    if (script_run(&script, sql) != WEIR_OK) fail_msg("%s: %s", sql, script.error.message);
    if (script.run != NULL) weir_run_destroy(&script.run);
    assert_string_equal(script.fake.options, options);
    script_close(&script);
}

static void options_override_those_of_the_table(void **state) {
    (void)state;
    const char *own = "format=csv;csv.null-literal=;path=b.csv;";
    expect_options("SELECT k FROM events /*+ OPTIONS('path' = 'b.csv') */", own);
    expect_options("SELECT k FROM events /*+OPTIONS('path'='b.csv')*/ AS e WHERE e.k = 'a'", own);
    expect_options("SELECT k FROM events /*+ options('path' = 'b.csv') */ e", own);
    expect_options("SELECT k FROM (SELECT * FROM events /*+ OPTIONS('path' = 'b.csv') */)", own);
    expect_options("CREATE VIEW w AS SELECT k FROM events /*+ OPTIONS('path' = 'b.csv') */; SELECT k FROM w", own);
    expect_options("WITH w AS (SELECT k FROM events /*+ OPTIONS('path' = 'b.csv') */) SELECT k FROM w", own);
    expect_options("SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE events /*+ OPTIONS('path' = 'b.csv') */, "
                   "DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end",
                   own);
    expect_options("SELECT k FROM events /*+ OPTIONS('csv.header' = 'true', 'format' = 'tsv') */",
                   "path=events.csv;csv.null-literal=;csv.header=true;format=tsv;");
}

static void they_hold_for_their_reference_alone(void **state) {
    (void)state;
    expect_options("SELECT k FROM events /*+ OPTIONS('path' = 'b.csv') */; SELECT k FROM events",
                   "path=events.csv;format=csv;csv.null-literal=;");
}

static void they_go_with_the_name_of_a_file(void **state) {
    (void)state;
    expect_options("SELECT * FROM 'a.csv' /*+ OPTIONS('csv.on-error' = 'skip') */",
                   "csv.on-error=skip;path=a.csv;");
}

static void they_go_with_what_is_written(void **state) {
    (void)state;
    expect_options("INSERT INTO 'o.csv' /*+ OPTIONS('csv.header' = 'false') */ SELECT k FROM events",
                   "csv.header=false;path=o.csv;");
    expect_options("CREATE TABLE o (k STRING) WITH ('connector' = 'filesystem', 'path' = 'o.csv');"
                   "INSERT INTO o /*+ OPTIONS('path' = 'p.csv') */ SELECT k FROM events",
                   "path=p.csv;");
}

static void options_of_the_watermark_are_the_tables_own(void **state) {
    (void)state;
    struct script script;
    script_open(&script);
    assert_int_equal(script_run(&script, EVENTS), WEIR_OK);
    const char *sql = "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE events /*+ OPTIONS('scan.watermark.idle-timeout' = "
                      "'3 s') */, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end";
    assert_non_null(strstr(script_plan(&script, sql)->explain, "3"));
    assert_null(strstr(script.fake.options, "idle"));
    script_close(&script);
}

static void other_hints_are_refused(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT k FROM events /*+ FOO('x') */", WEIR_ERR_UNSUPPORTED, 1, 26, "the hint FOO is not supported"},
        {"SELECT k FROM events /*+ BROADCAST(events) */", WEIR_ERR_UNSUPPORTED, 1, 26, "BROADCAST"},
        {"SELECT /*+ BROADCAST(events) */ k FROM events", WEIR_ERR_UNSUPPORTED, 1, 8, "a hint cannot stand here"},
        {"SELECT k /*+ x */ FROM events", WEIR_ERR_UNSUPPORTED, 1, 10, "a hint cannot stand here"},
        {"SELECT k FROM events AS e /*+ OPTIONS('path' = 'b.csv') */", WEIR_ERR_UNSUPPORTED, 1, 27, "right behind"},
        {"SELECT k FROM (SELECT k FROM events) /*+ OPTIONS('path' = 'b.csv') */", WEIR_ERR_UNSUPPORTED, 1, 38,
         "a hint cannot stand here"},
        {"SELECT k FROM events /*+ OPTIONS() */", WEIR_ERR_SQL, 1, 34, "expected an option"},
        {"SELECT k FROM events /*+ OPTIONS('a' = 'b', 'a' = 'c') */", WEIR_ERR_SQL, 1, 45, "given twice"},
        {"SELECT k FROM events /*+ OPTIONS('path' = 'b'), OPTIONS('path' = 'c') */", WEIR_ERR_UNSUPPORTED, 1, 47,
         "behind OPTIONS(...)"},
        {"SELECT k FROM events /*+ OPTIONS('path' = 'b')", WEIR_ERR_SQL, 1, 47, "expected '*/'"},
        {"CREATE VIEW w AS SELECT k FROM events; SELECT k FROM w /*+ OPTIONS('path' = 'b.csv') */", WEIR_ERR_SQL, 1,
         56, "'w' is a query under a name"},
        {"WITH w AS (SELECT k FROM events) SELECT k FROM w /*+ OPTIONS('path' = 'b.csv') */", WEIR_ERR_SQL, 1, 50,
         "'w' is a query under a name"},
    };
    CHECK(cases);
}

static void placeholders_in_hints_are_replaced(void **state) {
    (void)state;
    struct script script;
    script_open(&script);
    assert_int_equal(weir_session_define(script.session, "data", "there", &script.error), WEIR_OK);
    assert_int_equal(
        script_run(&script, EVENTS "SELECT k FROM events /*+ OPTIONS('path' = '${data}/b.csv') */ /* ${x} */"),
        WEIR_OK);
    weir_run_destroy(&script.run);
    assert_non_null(strstr(script.fake.options, "path=there/b.csv;"));
    script_close(&script);
}

static void a_comment_is_still_one(void **state) {
    (void)state;
    expect_options("SELECT k FROM events /* + OPTIONS('path' = 'b.csv') */ /**/ WHERE 2*/*2*/3 > 1",
                   "path=events.csv;format=csv;csv.null-literal=;");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_override_those_of_the_table),
        cmocka_unit_test(they_hold_for_their_reference_alone),
        cmocka_unit_test(they_go_with_the_name_of_a_file),
        cmocka_unit_test(they_go_with_what_is_written),
        cmocka_unit_test(options_of_the_watermark_are_the_tables_own),
        cmocka_unit_test(other_hints_are_refused),
        cmocka_unit_test(a_comment_is_still_one),
        cmocka_unit_test(placeholders_in_hints_are_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
