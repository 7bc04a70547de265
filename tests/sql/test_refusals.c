/* SPDX-License-Identifier: Apache-2.0
 *
 * What binding refuses, with the place and the way out that the message names.
 */
#include "refusal.h"

#define WINDOW "FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "

static void names_that_do_not_exist(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT v FROM event", WEIR_ERR_SQL, 1, 15, "there is no table or view 'event'; did you mean 'events'?"},
        {"SELECT V FROM events", WEIR_ERR_SQL, 1, 8,
         "there is no column 'V'; did you mean 'v'? (names are case-sensitive)"},
        {"SELECT e.v FROM events", WEIR_ERR_SQL, 1, 8,
         "there is no table 'e' in this query's FROM; it has 'events'"},
        {"SELECT events.v FROM events AS e", WEIR_ERR_SQL, 1, 8, "it has 'e'"},
        {"SELECT x.* FROM events AS e", WEIR_ERR_SQL, 1, 8, "there is no table 'x'"},
        {"SELECT a FROM (SELECT v AS a, k AS a FROM events)", WEIR_ERR_SQL, 1, 8, "ambiguous"},
        {"INSERT INTO nope SELECT v FROM events", WEIR_ERR_SQL, 1, 13, "there is no table or view 'nope'"},
        {"DROP TABLE nope", WEIR_ERR_SQL, 1, 12, "there is no table or view 'nope'"},
        {"DROP VIEW events", WEIR_ERR_SQL, 1, 11, "'events' is a table: write DROP TABLE"},
        {"CREATE TABLE events (a INT) WITH ('connector' = 'x')", WEIR_ERR_SQL, 1, 14, "exists already"},
        {"CREATE VIEW a AS SELECT * FROM a; SELECT * FROM a", WEIR_ERR_SQL, 1, 32, "refers to itself"},
        {"CREATE VIEW a AS SELECT nope FROM events; SELECT * FROM a", WEIR_ERR_SQL, 1, 25,
         "in the view 'a': there is no column"},
        {"CREATE VIEW a (p) AS SELECT v, k FROM events; SELECT * FROM a", WEIR_ERR_SQL, 1, 61,
         "names 1 columns, and its query gives 2"},
    };
    CHECK(cases);
}

static void types_that_do_not_go_together(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT i = '7' FROM t1", WEIR_ERR_SQL, 1, 10, "INT and CHAR(1) are not compared without a CAST"},
        {"SELECT num = 12.7 FROM t1", WEIR_ERR_SQL, 1, 12, "STRING and DECIMAL(3, 1) are not compared"},
        {"SELECT i IN ('7') FROM t1", WEIR_ERR_SQL, 1, 14, "are not compared"},
        {"SELECT ts > 'junk' FROM t1", WEIR_ERR_SQL, 1, 13, "expected 'YYYY-MM-DD HH:MM:SS'"},
        {"SELECT ts - TIMESTAMP '2024-01-31 00:00:00' FROM t1", WEIR_ERR_SQL, 1, 11, "EXTRACT(EPOCH FROM ...)"},
        {"SELECT s + 'x' FROM t1", WEIR_ERR_SQL, 1, 10, "joined by ||"},
        {"SELECT i || 'x' FROM t1", WEIR_ERR_SQL, 1, 8, "takes strings (CAST other values to STRING)"},
        {"SELECT x % 2 FROM t1", WEIR_ERR_SQL, 1, 10, "CAST to a whole number"},
        {"SELECT -s FROM t1", WEIR_ERR_SQL, 1, 8, "'-' does not take STRING"},
        {"SELECT i + NULL FROM t1", WEIR_ERR_SQL, 1, 10, "CAST(NULL AS ...)"},
        {"SELECT NULL FROM t1", WEIR_ERR_SQL, 1, 8, "CAST(NULL AS ...)"},
        {"SELECT CAST(ts AS BIGINT) FROM t1", WEIR_ERR_SQL, 1, 8, "EXTRACT(EPOCH FROM ...)"},
        {"SELECT CAST(i AS TIMESTAMP(3)) FROM t1", WEIR_ERR_SQL, 1, 8, "there is no CAST from INT to TIMESTAMP(3)"},
        {"SELECT CASE WHEN i > 1 THEN 'a' ELSE 1 END FROM t1", WEIR_ERR_SQL, 1, 8, "CHAR(1) and INT as one type"},
        {"SELECT CASE WHEN i THEN 1 END FROM t1", WEIR_ERR_SQL, 1, 18, "WHEN needs a BOOLEAN, and this is INT"},
        {"SELECT i FROM t1 WHERE i", WEIR_ERR_SQL, 1, 24, "WHERE needs a BOOLEAN, and this is INT"},
        {"SELECT NOT i FROM t1", WEIR_ERR_SQL, 1, 12, "NOT needs a BOOLEAN"},
        {"SELECT i AND TRUE FROM t1", WEIR_ERR_SQL, 1, 8, "AND needs a BOOLEAN"},
        {"SELECT UPPER(i) FROM t1", WEIR_ERR_SQL, 1, 14, "UPPER takes a string, and this is INT"},
        {"SELECT ABS(s) FROM t1", WEIR_ERR_SQL, 1, 12, "ABS takes a number, and this is STRING"},
        {"SELECT LEFT(i, 2) FROM t1", WEIR_ERR_SQL, 1, 13, "LEFT takes a string, and this is INT"},
        {"SELECT RIGHT(s, d) FROM t1", WEIR_ERR_SQL, 1, 17,
         "RIGHT takes a whole number, and this is DECIMAL(10, 2)"},
        {"SELECT INSTR(s, 1) FROM t1", WEIR_ERR_SQL, 1, 17, "INSTR takes a string, and this is INT"},
        {"SELECT LOCATE('a', s, 2) FROM t1", WEIR_ERR_SQL, 1, 8, "LOCATE takes 2 arguments, not 3"},
        {"SELECT LTRIM(s, s) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 17, "must be written as a literal"},
        {"SELECT STARTSWITH(i, 'a') FROM t1", WEIR_ERR_SQL, 1, 19, "STARTSWITH takes a string, and this is INT"},
        {"SELECT YEAR(i) FROM t1", WEIR_ERR_SQL, 1, 13, "a TIMESTAMP, DATE or TIME"},
        {"SELECT MINUTE(dt) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 15, "CAST it to TIMESTAMP(3)"},
        {"SELECT CEIL(dt TO DAY) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 8, "is the next day in Flink"},
        {"SELECT FLOOR(ts) FROM t1", WEIR_ERR_SQL, 1, 8, "FLOOR(x TO HOUR)"},
        {"SELECT dt + INTERVAL '1' HOUR FROM t1", WEIR_ERR_UNSUPPORTED, 1, 13, "CAST it to TIMESTAMP(3)"},
        {"SELECT dt < ts FROM t1", WEIR_ERR_SQL, 1, 11, "DATE and TIMESTAMP(3) are not compared"},
        {"SELECT COALESCE(dt, ts) FROM t1", WEIR_ERR_SQL, 1, 8, "DATE and TIMESTAMP(3) as one type"},
        {"SELECT GREATEST(i, NULL) FROM t1", WEIR_ERR_SQL, 1, 20, "does not take a bare NULL, as in Flink"},
        {"SELECT i IN (1, 0.5) FROM t1", WEIR_ERR_SQL, 1, 17, "INT cannot hold this number"},
        {"SELECT i NOT IN (3000000000) FROM t1", WEIR_ERR_SQL, 1, 18, "INT cannot hold this number"},
        {"SELECT d IN (0.125) FROM t1", WEIR_ERR_SQL, 1, 14, "DECIMAL(10, 2) cannot hold this number"},
        {"SELECT d IN (1e-3) FROM t1", WEIR_ERR_SQL, 1, 14, "DECIMAL(10, 2) cannot hold this number"},
        {"SELECT s IN (dt) FROM t1", WEIR_ERR_SQL, 1, 14, "STRING and DATE are not compared"},
        {"SELECT s LIKE num FROM t1", WEIR_ERR_UNSUPPORTED, 1, 15, "computed patterns are not supported yet"},
        {"SELECT ROUND(d, i) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 17, "computed digits are not supported yet"},
        {"SELECT DATE '2024-02-30' FROM t1", WEIR_ERR_SQL, 1, 13, "is no day"},
        {"SELECT TIMESTAMP '2024-01-01' FROM t1", WEIR_ERR_SQL, 1, 18,
         "expected TIMESTAMP 'YYYY-MM-DD HH:MM:SS[.fraction]'"},
        {"SELECT 999999999999999999999999999999999999999 FROM t1", WEIR_ERR_SQL, 1, 8, "more than 38 digits"},
        {"SELECT SUM(s) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 8, "SUM does not take STRING"},
        {"SELECT UPPER(DISTINCT s) FROM t1", WEIR_ERR_SQL, 1, 8, "DISTINCT belongs to aggregates"},
    };
    CHECK(cases);
}

/* The message is printed behind the place. */
static void what_the_engine_refuses_names_its_place_once(void **state) {
    (void)state;
    struct script script;
    script_open(&script);
    assert_int_equal(script_run(&script, T1 "SELECT CAST(s AS BYTES) FROM t1"), WEIR_ERR_UNSUPPORTED);
    assert_int_equal(script.error.line, 2);
    assert_null(strstr(script.error.message, "at line"));
    assert_non_null(strstr(script.error.message, "CAST from STRING to BYTES"));
    script_close(&script);
}

static void groups_that_are_none(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT v, COUNT(*) FROM events GROUP BY k", WEIR_ERR_SQL, 1, 8, "Expression 'v' is not being grouped"},
        {"SELECT COUNT(*) + v FROM events", WEIR_ERR_SQL, 1, 19, "Expression 'v' is not being grouped"},
        {"SELECT k FROM events GROUP BY k ORDER BY v", WEIR_ERR_SQL, 1, 42, "Expression 'v' is not being grouped"},
        {"SELECT k FROM events GROUP BY k HAVING v > 1", WEIR_ERR_SQL, 1, 40,
         "Expression 'v' is not being grouped"},
        {"SELECT * FROM events GROUP BY k", WEIR_ERR_SQL, 1, 8, "is not being grouped"},
        {"SELECT v AS a, COUNT(*) FROM events GROUP BY a", WEIR_ERR_SQL, 1, 46, "does not take the alias 'a'"},
        {"SELECT v, COUNT(*) FROM events GROUP BY 1", WEIR_ERR_SQL, 1, 41, "does not take the number of a column"},
        {"SELECT COUNT(*) FROM events GROUP BY SUM(v)", WEIR_ERR_SQL, 1, 38, "GROUP BY cannot hold aggregates"},
        {"SELECT COUNT(DISTINCT v) FROM events", WEIR_ERR_UNSUPPORTED, 1, 8,
         "COUNT(DISTINCT ...) is not supported yet"},
        {"SELECT SUM(s) FROM (SELECT SUM(v) AS s FROM events GROUP BY k)", WEIR_ERR_UNSUPPORTED, 1, 1,
         "aggregating a query that aggregates already"},
        {"SELECT DISTINCT s FROM (SELECT k, SUM(v) AS s FROM events GROUP BY k)", WEIR_ERR_UNSUPPORTED, 1, 1,
         "select all of its GROUP BY"},
        {"SELECT v FROM events ORDER BY 3", WEIR_ERR_SQL, 1, 31, "the select list has columns 1 to 1"},
        {"SELECT v FROM (SELECT v FROM events LIMIT 3) WHERE v > 1", WEIR_ERR_UNSUPPORTED, 1, 1,
         "put the other clauses inside"},
        {"SELECT COUNT(*) FROM (SELECT v FROM events LIMIT 3)", WEIR_ERR_UNSUPPORTED, 1, 1, "LIMIT or OFFSET"},
    };
    CHECK(cases);
}

static void windows_that_are_none(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT window_start, COUNT(*) " WINDOW "GROUP BY window_start", WEIR_ERR_UNSUPPORTED, 1, 110,
         "add window_end to GROUP BY"},
        {"SELECT window_end, COUNT(*) " WINDOW "GROUP BY window_end", WEIR_ERR_UNSUPPORTED, 1, 108,
         "add window_start to GROUP BY"},
        {"SELECT k, COUNT(*) " WINDOW "GROUP BY k", WEIR_ERR_UNSUPPORTED, 1, 1,
         "add window_start and window_end to GROUP BY"},
        {"SELECT DISTINCT window_start, k " WINDOW, WEIR_ERR_UNSUPPORTED, 1, 17,
         "add window_end to SELECT DISTINCT"},
        {"SELECT COUNT(*) " WINDOW, WEIR_ERR_UNSUPPORTED, 1, 1, "groups by window_start and window_end"},
        {"SELECT COUNT(*) " WINDOW "WHERE window_start > ts GROUP BY window_start, window_end",
         WEIR_ERR_UNSUPPORTED, 1, 106, "mixes the window's bounds with columns"},
        {"SELECT SUM(EXTRACT(DAY FROM window_start)) " WINDOW "GROUP BY window_start, window_end",
         WEIR_ERR_UNSUPPORTED, 1, 8, "inside an aggregate are not supported yet"},
        {"SELECT COUNT(*) " WINDOW "GROUP BY window_start, window_end, window_start > ts", WEIR_ERR_UNSUPPORTED, 1,
         135, "mixes the window's bounds with columns"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(v), INTERVAL '1' MINUTE))", WEIR_ERR_SQL, 1, 53,
         "must be a TIMESTAMP or TIMESTAMP_LTZ, and is INT"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(t), INTERVAL '1' MINUTE))", WEIR_ERR_SQL, 1, 53,
         "there is no column 't'"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MONTH))", WEIR_ERR_UNSUPPORTED, 1,
         58, "windows of months and years"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), 60))", WEIR_ERR_SQL, 1, 58,
         "INTERVAL '5' MINUTE"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '0' MINUTE))", WEIR_ERR_SQL, 1, 21,
         "must be positive"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '61' SECOND))",
         WEIR_ERR_SQL, 1, 21, "abs(offset) < size"},
        {"SELECT 1 FROM TABLE(CUMULATE(TABLE events, DESCRIPTOR(ts), INTERVAL '7' MINUTE, INTERVAL '1' HOUR))",
         WEIR_ERR_SQL, 1, 21, "whole number of steps"},
        {"SELECT 1 FROM TABLE(TUMBLE((SELECT ts + INTERVAL '1' SECOND AS t FROM events), DESCRIPTOR(t), INTERVAL "
         "'1' MINUTE))",
         WEIR_ERR_SQL, 1, 91, "the window is over 't', and the WATERMARK of 'events' is over 'ts'"},
        {"SELECT 1 FROM TABLE(TUMBLE((SELECT * " WINDOW "), DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
         WEIR_ERR_UNSUPPORTED, 1, 21, "a window over a window"},
        {"SELECT 1 FROM TABLE(TUMBLE((SELECT MAX(ts) AS t FROM events), DESCRIPTOR(t), INTERVAL '1' MINUTE))",
         WEIR_ERR_UNSUPPORTED, 1, 21, "a query that aggregates already"},
        {"CREATE TABLE w (a TIMESTAMP(3), c TIMESTAMP(3), WATERMARK FOR a AS a) WITH ('connector' = "
         "'filesystem');\n"
         "SELECT 1 FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(c), INTERVAL '1' MINUTE))",
         WEIR_ERR_SQL, 2, 48, "the window is over 'c', and the WATERMARK of 'w' is over 'a'"},
    };
    CHECK(cases);
}

static void columns_that_could_be_times(void **state) {
    (void)state;
#define OVER(column) "SELECT 1 FROM TABLE(TUMBLE(TABLE t1, DESCRIPTOR(" column "), INTERVAL '1' MINUTE))"
    static const struct refusal cases[] = {
        {OVER("b"), WEIR_ERR_SQL, 1, 49, "and is BIGINT; make it one: TO_TIMESTAMP_LTZ(n, 3) of milliseconds"},
        {OVER("s"), WEIR_ERR_SQL, 1, 49, "and is STRING; make it one: TO_TIMESTAMP(text)"},
        {"CREATE TABLE w (n BIGINT, WATERMARK FOR n AS n) WITH ('connector' = 'filesystem')", WEIR_ERR_SQL, 1, 27,
         "and is BIGINT, as Flink has it too; make it one: TO_TIMESTAMP_LTZ(n, 3)"},
        {OVER("dt"), WEIR_ERR_SQL, 1, 49, "and is DATE; make it one: CAST(day AS TIMESTAMP(3))"},
    };
    CHECK(cases);
}

static void files_without_quotes(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT * FROM iso.csv", WEIR_ERR_UNSUPPORTED, 1, 18, "in single quotes: FROM 'iso.csv' ("},
        {"SELECT * FROM data/iso.csv LIMIT 1", WEIR_ERR_UNSUPPORTED, 1, 19, "FROM 'data/iso.csv' ("},
        {"SELECT * FROM /tmp/iso.csv;", WEIR_ERR_UNSUPPORTED, 1, 15, "FROM '/tmp/iso.csv' ("},
        {"SELECT * FROM my-iso.csv", WEIR_ERR_UNSUPPORTED, 1, 17, "FROM 'my-iso.csv' ("},
        {"SELECT * FROM TABLE(TUMBLE(TABLE iso.csv, DESCRIPTOR(ts), INTERVAL '1' HOUR))", WEIR_ERR_UNSUPPORTED, 1,
         37, "FROM 'iso.csv' ("},
        {"SELECT * FROM read_csv('iso.csv')", WEIR_ERR_SQL, 1, 15, "FROM 'rows.csv'"},
        {"SELECT * FROM TABLE(read_csv('iso.csv'))", WEIR_ERR_SQL, 1, 21, "TABLE 'rows.csv'"},
    };
    CHECK(cases);
}

static void watermarks_that_are_none(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"CREATE TABLE w (a TIMESTAMP(6), WATERMARK FOR a AS a) WITH ('connector' = 'filesystem')", WEIR_ERR_SQL, 1,
         33, "with p from 0 to 3, and is TIMESTAMP(6)"},
        {"CREATE TABLE w (a BIGINT, WATERMARK FOR a AS a) WITH ('connector' = 'filesystem')", WEIR_ERR_SQL, 1, 27,
         "and is BIGINT"},
        {"CREATE TABLE w (a TIMESTAMP(3), WATERMARK FOR c AS a) WITH ('connector' = 'filesystem')", WEIR_ERR_SQL, 1,
         33, "there is no column 'c'"},
        {"CREATE TABLE w (a TIMESTAMP(3), WATERMARK FOR a AS 5) WITH ('connector' = 'filesystem')", WEIR_ERR_SQL, 1,
         52, "the expression of a WATERMARK must be TIMESTAMP(p)"},
        {"CREATE TABLE w (a TIMESTAMP(3), WATERMARK FOR a AS MAX(a)) WITH ('connector' = 'filesystem')",
         WEIR_ERR_SQL, 1, 52, "cannot stand here"},
    };
    CHECK(cases);
}

static void tables_that_cannot_be_opened(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"CREATE TABLE w (a INT) WITH ('path' = 'x'); SELECT a FROM w", WEIR_ERR_SQL, 1, 59, "has no 'connector'"},
        {"CREATE TABLE w (a INT) WITH ('connector' = 'filesystm'); SELECT a FROM w", WEIR_ERR_SQL, 1, 30,
         "did you mean 'filesystem'?"},
        {"CREATE TABLE w (a INT) WITH ('connector' = 'push'); SELECT a FROM w", WEIR_ERR_SQL, 1, 30,
         "'push' tables"},
    };
    CHECK(cases);
}

static void inserts_that_do_not_fit(void **state) {
    (void)state;
#define SINK "CREATE TABLE o (a INT NOT NULL, c STRING, e DECIMAL(5, 1)) WITH ('connector' = 'filesystem');\n"
    static const struct refusal cases[] = {
        {SINK "INSERT INTO o SELECT v FROM events", WEIR_ERR_SQL, 2, 15,
         "the query gives 1 column, and the INSERT INTO 'o' takes 3"},
        {SINK "INSERT INTO o SELECT b, k, d FROM events", WEIR_ERR_SQL, 2, 22,
         "the query gives BIGINT for the column 'a', which is INT"},
        {SINK "INSERT INTO o SELECT v, v, d FROM events", WEIR_ERR_SQL, 2, 25,
         "the query gives INT for the column 'c', which is STRING"},
        {SINK "INSERT INTO o (c, z) SELECT k, k FROM events", WEIR_ERR_SQL, 2, 13, "has no column 'z'"},
        {SINK "INSERT INTO o (c, c) SELECT k, k FROM events", WEIR_ERR_SQL, 2, 13, "named twice"},
        {SINK "INSERT INTO o (c) SELECT k FROM events", WEIR_ERR_SQL, 2, 13,
         "'a' is NOT NULL and the INSERT gives it no value"},
        {SINK "CREATE VIEW u AS SELECT v FROM events; INSERT INTO u SELECT v FROM events", WEIR_ERR_SQL, 2, 52,
         "is a view"},
    };
    CHECK(cases);
}

static void a_connector_that_fails_is_named_with_its_table(void **state) {
    (void)state;
    struct script script;
    script_open(&script);
    script.fake.fail_open = WEIR_ERR_IO;
    assert_int_equal(script_run(&script, EVENTS "SELECT v FROM events"), WEIR_ERR_IO);
    assert_string_equal(script.error.message, "table 'events': no such file");
    assert_int_equal(script.error.line, 2);
    assert_int_equal(script.error.column, 15);
    assert_int_equal(script_run(&script, "SELECT v FROM 'gone.csv'"), WEIR_ERR_IO);
    assert_int_equal(script.error.column, 15);
    script_close(&script);
}

static void tables_without_end_refuse_what_needs_one(void **state) {
    (void)state;
    static const struct refusal cases[] = {
        {"SELECT COUNT(*) FROM t1", WEIR_ERR_UNSUPPORTED, 1, 1, "an aggregate without a window never has a result"},
        {"SELECT i FROM t1 ORDER BY i", WEIR_ERR_UNSUPPORTED, 1, 27, "its rows cannot be sorted"},
        {"SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t1, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, "
         "window_end",
         WEIR_ERR_SQL, 1, 28, "declare WATERMARK FOR ts AS ts - INTERVAL '5' SECOND"},
        {"SET 'execution.runtime-mode' = 'batch'; SELECT i FROM t1", WEIR_ERR_SQL, 1, 55,
         "cannot be read as a batch"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct script script;
        script_open(&script);
        script.fake.unbounded = true;
        assert_int_equal(script_run(&script, T1), WEIR_OK);
        assert_int_equal(script_run(&script, cases[i].sql), cases[i].status);
        assert_int_equal(script.error.line, cases[i].line);
        assert_int_equal(script.error.column, cases[i].column);
        if (strstr(script.error.message, cases[i].part) == NULL) fail_msg("%s", script.error.message);
        script_close(&script);
    }
}

static void views_in_views_come_to_an_end(void **state) {
    (void)state;
    struct script script;
    script_open(&script);
    char sql[200];
    assert_int_equal(script_run(&script, EVENTS "CREATE VIEW v0 AS SELECT v AS x FROM events"), WEIR_OK);
    /* Each doubles the expression of the one before. */
    for (int i = 1; i < 60; i++) {
        snprintf(sql, sizeof(sql), "CREATE VIEW v%d AS SELECT x + x AS x FROM v%d", i, i - 1);
        assert_int_equal(script_run(&script, sql), WEIR_OK);
    }
    script_plan(&script, "SELECT x FROM v10");
    assert_int_equal(script_run(&script, "SELECT x FROM v59"), WEIR_ERR_UNSUPPORTED);
    assert_non_null(strstr(script.error.message, "use fewer views in views"));
    for (int i = 60; i < 100; i++) {
        snprintf(sql, sizeof(sql), "CREATE VIEW v%d AS SELECT x FROM v%d", i, i == 60 ? 0 : i - 1);
        assert_int_equal(script_run(&script, sql), WEIR_OK);
    }
    script_plan(&script, "SELECT x FROM v99");
    script_close(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_do_not_exist),
        cmocka_unit_test(types_that_do_not_go_together),
        cmocka_unit_test(what_the_engine_refuses_names_its_place_once),
        cmocka_unit_test(groups_that_are_none),
        cmocka_unit_test(windows_that_are_none),
        cmocka_unit_test(columns_that_could_be_times),
        cmocka_unit_test(files_without_quotes),
        cmocka_unit_test(watermarks_that_are_none),
        cmocka_unit_test(tables_that_cannot_be_opened),
        cmocka_unit_test(inserts_that_do_not_fit),
        cmocka_unit_test(a_connector_that_fails_is_named_with_its_table),
        cmocka_unit_test(tables_without_end_refuse_what_needs_one),
        cmocka_unit_test(views_in_views_come_to_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
