/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql/parser.h"

static enum weir_status parse(const char *sql, struct weir_error *error) {
    struct weir_arena arena = {0};
    struct weir_statements statements;
    *error = (struct weir_error){0};
    enum weir_status status = weir_parse_script(&arena, sql, NULL, 0, &statements, error);
    weir_arena_fini(&arena);
    return status;
}

static void statements_of_every_kind_are_taken(void **state) {
    (void)state;
    static const char *const good[] = {
        "",
        ";;",
        "SELECT a FROM t",
        "select a from t;",
        "SELECT * FROM t; SELECT t.* FROM t",
        "SELECT a AS b, c d, `e f` `g h` FROM t AS x",
        "SELECT ALL a FROM t",
        "SELECT DISTINCT a FROM t",
        "SELECT a FROM 'f.parquet'",
        "SELECT a FROM 'f.parquet' AS x",
        "SELECT a FROM (SELECT b FROM t) x",
        "SELECT a FROM t WHERE b AND NOT c OR d",
        "SELECT a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 1 ORDER BY a DESC NULLS FIRST, 2 ASC LIMIT 5 "
        "OFFSET 2",
        "SELECT a FROM t OFFSET 3 ROWS FETCH FIRST 2 ROWS ONLY",
        "SELECT a FROM t FETCH NEXT 1 ROW ONLY",
        "SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY))",
        "SELECT a FROM TABLE(TUMBLE(TABLE 'f.csv', DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '1' HOUR)) AS w",
        "SELECT a FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))",
        "SELECT a FROM TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))",
        "SELECT a FROM TABLE(TUMBLE((SELECT * FROM t), DESCRIPTOR(ts), INTERVAL '1' DAY))",
        "SELECT a FROM TABLE(SESSION(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY))",
        "SELECT a FROM TABLE(SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '7' DAY))",
        "SELECT a FROM TABLE(SESSION(TABLE t PARTITION BY k, j, DESCRIPTOR(ts), INTERVAL '1' DAY))",
        "SELECT a FROM TABLE(SESSION((SELECT * FROM t) PARTITION BY (k, j), DESCRIPTOR(ts), INTERVAL '1' DAY))",
        "SELECT a FROM TABLE(SESSION(DATA => TABLE t PARTITION BY k, j, TIMECOL => DESCRIPTOR(ts), GAP => INTERVAL "
        "'1' DAY, MAX_DURATION => INTERVAL '2' DAY))",
        "SELECT a FROM TABLE(count_window(TABLE 'f.csv' PARTITION BY `k`, DESCRIPTOR(ts), 10, 2))",
        "SELECT a FROM TABLE(COUNT_OR_TIME(SPAN => INTERVAL '1' DAY, SIZE => 3, DATA => TABLE t PARTITION BY (k), "
        "TIMECOL => DESCRIPTOR(ts)))",
        "SELECT TUMBLE_START(ts, INTERVAL '1' DAY), SUM(a) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' DAY), k",
        "SELECT hop_end(ts, INTERVAL '1' DAY, INTERVAL '2' DAY) FROM t GROUP BY k, Hop(ts, INTERVAL '1' DAY, "
        "INTERVAL '2' DAY) HAVING HOP_ROWTIME(ts, INTERVAL '1' DAY, INTERVAL '2' DAY) IS NULL",
        "SELECT SESSION_START(ts, INTERVAL '1' DAY) + INTERVAL '1' DAY FROM t GROUP BY SESSION(ts, INTERVAL '1' "
        "DAY)",
        "SELECT a FROM t GROUP BY k FILL(NULL)",
        "SELECT a FROM t GROUP BY k FILL (PREV, 10) HAVING k > 1 ORDER BY k",
        "SELECT a FROM t GROUP BY k fill(linear)",
        "SELECT a FROM t GROUP BY k FILL(-1.5, 3)",
        "SELECT fill, linear, session, hop, gap FROM t AS fill GROUP BY fill, linear, session, hop, gap",
        "SELECT a FROM TABLE(TUMBLE(DATA => TABLE t, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' DAY))",
        "SELECT a FROM TABLE(HOP(`OFFSET` => INTERVAL '1' SECOND, SLIDE => INTERVAL '1' MINUTE, DATA => TABLE t, "
        "SIZE =>"
        " INTERVAL '5' MINUTE, TIMECOL => DESCRIPTOR(ts)))",
        "WITH a AS (SELECT x FROM t), b (y) AS (SELECT x FROM a) SELECT y FROM b",
        "SET 'a.b' = 'c'",
        "SET a.b-c = 5 s",
        "RESET",
        "RESET 'a'",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE TEMPORARY VIEW IF NOT EXISTS v (x, y) COMMENT 'z' AS SELECT a, b FROM t",
        "DROP TABLE t",
        "DROP VIEW IF EXISTS v",
        "DROP TEMPORARY TABLE IF EXISTS t",
        "INSERT INTO t SELECT a FROM u",
        "INSERT INTO t (a, b) WITH c AS (SELECT x FROM t) SELECT x, x FROM c",
        "CREATE TABLE t (a INT) WITH ('connector' = 'x')",
        "CREATE TEMPORARY TABLE IF NOT EXISTS t (a INT NOT NULL COMMENT 'c', b STRING NULL, PRIMARY KEY (a) NOT "
        "ENFORCED,"
        " WATERMARK FOR a AS a) COMMENT 'd' WITH ('connector' = 'x', 'path' = 'y')",
        "CREATE TABLE t (a INT PRIMARY KEY NOT ENFORCED, CONSTRAINT c PRIMARY KEY (a) NOT ENFORCED) WITH ('k' = "
        "'v')",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct weir_error error;
        if (parse(good[i], &error) != WEIR_OK)
            fail_msg("%s\n  %d:%d %s", good[i], error.line, error.column, error.message);
    }
}

static void types_of_every_kind_are_taken(void **state) {
    (void)state;
    static const char *const good[] = {
        "BOOLEAN",
        "TINYINT",
        "SMALLINT",
        "INT",
        "INTEGER",
        "BIGINT",
        "FLOAT",
        "DOUBLE",
        "DOUBLE PRECISION",
        "DECIMAL",
        "DECIMAL(38)",
        "DECIMAL(38, 38)",
        "NUMERIC(10, 2)",
        "DEC(3)",
        "DATE",
        "TIME",
        "TIME(3)",
        "TIME WITHOUT TIME ZONE",
        "TIMESTAMP",
        "TIMESTAMP(9)",
        "TIMESTAMP(3) WITHOUT TIME ZONE",
        "TIMESTAMP_LTZ",
        "TIMESTAMP_LTZ(3)",
        "TIMESTAMP(3) WITH LOCAL TIME ZONE",
        "CHAR",
        "CHAR(5)",
        "VARCHAR(7)",
        "CHARACTER VARYING(7)",
        "STRING",
        "BYTES",
        "BINARY(4)",
        "VARBINARY(9)",
        "string",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct weir_error error;
        char sql[200];
        snprintf(sql, sizeof(sql), "CREATE TABLE t (a %s, b INT) WITH ('k' = 'v'); SELECT CAST(a AS %s) FROM t",
                 good[i], good[i]);
        if (parse(sql, &error) != WEIR_OK)
            fail_msg("%s\n  %d:%d %s", good[i], error.line, error.column, error.message);
    }
}

static void expressions_of_every_kind_are_taken(void **state) {
    (void)state;
    static const char *const good[] = {
        "1 + 2 * -3 % 4 - +5 / 6",
        "a || b || 'c'",
        "a = b",
        "a <> b",
        "a < b",
        "a <= b",
        "a > b",
        "a >= b",
        "a IS NULL",
        "a IS NOT NULL",
        "a IS TRUE",
        "a IS NOT FALSE",
        "a IS UNKNOWN",
        "a IS NOT UNKNOWN",
        "a IS DISTINCT FROM b",
        "a IS NOT DISTINCT FROM b",
        "a BETWEEN 1 AND 2 AND c",
        "a NOT BETWEEN ASYMMETRIC 1 AND 2",
        "a IN (1, 2)",
        "a NOT IN (b)",
        "a LIKE 'x%' ESCAPE '\\'",
        "a NOT LIKE 'y'",
        "NOT NOT a",
        "CASE WHEN a THEN b END",
        "CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE NULL END",
        "CAST(a AS INT)",
        "TRY_CAST(a AS DECIMAL(10, 2))",
        "(((a)))",
        "t.a",
        "`t`.`a`",
        "TRUE AND FALSE OR UNKNOWN",
        "NULL IS NULL",
        "DATE '2024-01-01'",
        "TIME '10:00:00'",
        "TIMESTAMP '2024-01-01 00:00:00.123'",
        "INTERVAL '90' SECOND",
        "INTERVAL '5' MINUTES",
        "INTERVAL 5 MINUTE",
        "INTERVAL -'5' SECOND",
        "- INTERVAL '5' SECOND",
        "INTERVAL '100' HOUR(3)",
        "INTERVAL '1:30' MINUTE TO SECOND",
        "INTERVAL '1 02:03:04.005' DAY TO SECOND(3)",
        "INTERVAL '1' MONTH",
        "INTERVAL '1-2' YEAR TO MONTH",
        "INTERVAL '1' WEEK",
        "EXTRACT(YEAR FROM ts)",
        "EXTRACT(EPOCH FROM ts)",
        "YEAR(ts)",
        "FLOOR(ts TO HOUR)",
        "CEIL(ts TO DAY)",
        "FLOOR(x)",
        "SUBSTRING(s FROM 2 FOR 3)",
        "SUBSTRING(s, 2)",
        "SUBSTR(s, 2, 3)",
        "POSITION('a' IN s)",
        "TRIM(s)",
        "TRIM(LEADING 'x' FROM s)",
        "TRIM(BOTH FROM s)",
        "TRIM('x' FROM s)",
        "COUNT(*)",
        "COUNT(ALL a)",
        "COUNT(DISTINCT a)",
        "COALESCE(a, b, c)",
        "IF(a, b, c)",
        "NULLIF(a, b)",
        "UPPER(LOWER(s))",
        "DATE_FORMAT(ts, 'yyyy')",
        "CURRENT_TIMESTAMP",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct weir_error error;
        char sql[300];
        snprintf(sql, sizeof(sql), "SELECT %s FROM t", good[i]);
        if (parse(sql, &error) != WEIR_OK)
            fail_msg("%s\n  %d:%d %s", good[i], error.line, error.column, error.message);
    }
}

struct refusal {
    const char *sql;
    enum weir_status status;
    int32_t line, column;
    const char *part; /* of the message */
};

static void check_refusals(const struct refusal *refusals, size_t count) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct weir_error error;
        enum weir_status status = parse(refusals[i].sql, &error);
        if (status == refusals[i].status && error.line == refusals[i].line && error.column == refusals[i].column &&
            strstr(error.message, refusals[i].part) != NULL)
            continue;
        print_error("%s\n  gives    %d at %d:%d %s\n  expected %d at %d:%d ...%s...\n", refusals[i].sql,
                    (int)status, error.line, error.column, error.message, (int)refusals[i].status, refusals[i].line,
                    refusals[i].column, refusals[i].part);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void syntax_errors_say_what_was_expected_and_where(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"SELEC a FROM t", WEIR_ERR_SQL, 1, 1, "expected a statement"},
        {"SELECT\n  FROM t", WEIR_ERR_SQL, 2, 3, "expected an expression, found the reserved word FROM"},
        {"SELECT a b c", WEIR_ERR_SQL, 1, 12, "expected FROM, found 'c'"},
        {"SELECT a, FROM t", WEIR_ERR_SQL, 1, 11, "expected an expression"},
        {"SELECT a FROM", WEIR_ERR_SQL, 1, 14, "expected a table, a view or a 'file'"},
        {"SELECT a FROM t WHERE", WEIR_ERR_SQL, 1, 22, "expected an expression"},
        {"SELECT a FROM t GROUP a", WEIR_ERR_SQL, 1, 23, "expected BY, found 'a'"},
        {"SELECT a FROM t LIMIT x", WEIR_ERR_SQL, 1, 23, "expected a number of rows"},
        {"SELECT a FROM t x y", WEIR_ERR_SQL, 1, 19, "expected ';' or the end of the statement, found 'y'"},
        {"SELECT date FROM t", WEIR_ERR_SQL, 1, 8, "write it in backticks: `date`"},
        {"SELECT a AS value FROM t", WEIR_ERR_SQL, 1, 13, "write it in backticks: `value`"},
        {"SELECT (a FROM t", WEIR_ERR_SQL, 1, 11, "expected ')'"},
        {"SELECT a BETWEEN 1 OR 2 FROM t", WEIR_ERR_SQL, 1, 20, "expected AND"},
        {"SELECT a IN 1 FROM t", WEIR_ERR_SQL, 1, 13, "expected '('"},
        {"SELECT a IS 1 FROM t", WEIR_ERR_SQL, 1, 13, "expected NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM"},
        {"SELECT CASE a END FROM t", WEIR_ERR_SQL, 1, 15, "expected WHEN"},
        {"SELECT CASE WHEN a THEN b FROM t", WEIR_ERR_SQL, 1, 27, "expected WHEN, ELSE or END"},
        {"SELECT CAST(a INT) FROM t", WEIR_ERR_SQL, 1, 15, "expected AS"},
        {"SELECT CAST(a AS INTT) FROM t", WEIR_ERR_SQL, 1, 18, "expected a type"},
        {"SELECT INTERVAL '1' FORTNIGHT FROM t", WEIR_ERR_SQL, 1, 21, "expected a unit"},
        {"SELECT INTERVAL 'x' DAY FROM t", WEIR_ERR_SQL, 1, 17, "'x' is no interval of these units"},
        {"SELECT FOO(a) FROM t", WEIR_ERR_SQL, 1, 8, "there is no function FOO"},
        {"SELECT UPER(a) FROM t", WEIR_ERR_SQL, 1, 8, "did you mean UPPER?"},
        {"SELECT MOD(a) FROM t", WEIR_ERR_SQL, 1, 8, "MOD takes 2 arguments, not 1"},
        {"SELECT SUM(a, b) FROM t", WEIR_ERR_SQL, 1, 8, "SUM takes 1 argument, not 2"},
        {"SELECT SUM(*) FROM t", WEIR_ERR_SQL, 1, 12, "expected an expression"},
        {"SELECT SUM(MAX(a)) FROM t", WEIR_ERR_SQL, 1, 8, "an aggregate function cannot be inside another one"},
        {"SELECT a FROM t WHERE SUM(a) > 1", WEIR_ERR_SQL, 1, 30, "put the condition into HAVING"},
        {"SELECT a FROM TUMBLE(TABLE t)", WEIR_ERR_SQL, 1, 15, "FROM TABLE(TUMBLE(...))"},
        {"SELECT a FROM TABLE(TUMBLE(t, DESCRIPTOR(ts)))", WEIR_ERR_SQL, 1, 28, "expected TABLE and a name"},
        {"SELECT a FROM TABLE(TUMBLE(TABLE t, ts))", WEIR_ERR_SQL, 1, 37, "expected DESCRIPTOR"},
        {"SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts)))", WEIR_ERR_SQL, 1, 21, "TUMBLE lacks SIZE"},
        {"SELECT a FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY))", WEIR_ERR_SQL, 1, 21,
         "HOP lacks SIZE"},
        {"SELECT a FROM TABLE(TUMBLE(DATA => TABLE t, SIZ => 1))", WEIR_ERR_SQL, 1, 45,
         "TUMBLE has no argument 'SIZ'"},
        {"SELECT a FROM TABLE(SESSION(TABLE t, DESCRIPTOR(ts)))", WEIR_ERR_SQL, 1, 21, "SESSION lacks GAP"},
        {"SELECT a FROM TABLE(COUNT_WINDOW(TABLE t, DESCRIPTOR(ts)))", WEIR_ERR_SQL, 1, 21,
         "COUNT_WINDOW lacks SIZE"},
        {"SELECT a FROM TABLE(COUNT_OR_TIME(TABLE t, DESCRIPTOR(ts), 5))", WEIR_ERR_SQL, 1, 21,
         "COUNT_OR_TIME lacks SPAN; expected COUNT_OR_TIME(TABLE t, DESCRIPTOR(ts), rows, longest span)"},
        {"SELECT a FROM TABLE(SESSION(DATA => TABLE t, SIZE => 1))", WEIR_ERR_SQL, 1, 46,
         "SESSION has no argument 'SIZE'; it has DATA, TIMECOL, GAP, MAX_DURATION"},
        {"SELECT a FROM TABLE(SESSION(GAP => 1, GAP => 1))", WEIR_ERR_SQL, 1, 46, "GAP is given twice"},
        {"SELECT a FROM TABLE(SESSION(DATA => TABLE t, DATA => TABLE t))", WEIR_ERR_SQL, 1, 46,
         "DATA is given twice"},
        {"SELECT a FROM TABLE(TUMBLE(TABLE t PARTITION BY k, DESCRIPTOR(ts), 1))", WEIR_ERR_SQL, 1, 36,
         "TUMBLE takes no PARTITION BY, as in Flink; put the columns into GROUP BY"},
        {"SELECT a FROM TABLE(HOP(TABLE t PARTITION BY k, DESCRIPTOR(ts), 1, 1))", WEIR_ERR_SQL, 1, 33,
         "HOP takes no PARTITION BY"},
        {"SELECT a FROM TABLE(CUMULATE(TABLE t PARTITION BY k, DESCRIPTOR(ts), 1, 1))", WEIR_ERR_SQL, 1, 38,
         "CUMULATE takes no PARTITION BY"},
        {"SELECT a FROM TABLE(SESSION(TABLE t PARTITION BY UPPER(k), DESCRIPTOR(ts), 1))", WEIR_ERR_SQL, 1, 50,
         "PARTITION BY takes bare columns"},
        {"SELECT a FROM TABLE(SESSION(TABLE t PARTITION BY (k, UPPER(j)), DESCRIPTOR(ts), 1))", WEIR_ERR_SQL, 1, 54,
         "PARTITION BY takes bare columns"},
        {"SELECT a FROM TABLE(SESSION(TABLE t PARTITION BY (k, j DESCRIPTOR(ts), 1))", WEIR_ERR_SQL, 1, 56,
         "expected ')'"},
        {"SELECT a FROM TABLE(SESSION(TABLE t PARTITION k, DESCRIPTOR(ts), 1))", WEIR_ERR_SQL, 1, 47,
         "expected BY"},
        {"SELECT a FROM TABLE(SESSION(TABLE t PARTITION BY k ORDER BY ts, DESCRIPTOR(ts), 1))", WEIR_ERR_SQL, 1, 52,
         "SESSION takes no ORDER BY, as in Flink"},
        {"SELECT a FROM TABLE(SESION(TABLE t))", WEIR_ERR_UNSUPPORTED, 1, 21, "there is no table function SESION"},
        {"SELECT a FROM t GROUP BY TUMBLE(ts)", WEIR_ERR_SQL, 1, 26,
         "TUMBLE takes 2 arguments, not 1: TUMBLE(ts, size)"},
        {"SELECT a FROM t GROUP BY TUMBLE(ts, 1, 2)", WEIR_ERR_SQL, 1, 26,
         "an offset goes with the table function: FROM TABLE(TUMBLE(...))"},
        {"SELECT a FROM t GROUP BY HOP(ts, 1)", WEIR_ERR_SQL, 1, 26, "HOP takes 3 arguments, not 2"},
        {"SELECT HOP_END(ts, 1) FROM t GROUP BY HOP(ts, 1, 1)", WEIR_ERR_SQL, 1, 8, "HOP_END takes 3 arguments"},
        {"SELECT a FROM t GROUP BY CUMULATE(ts, 1, 2)", WEIR_ERR_SQL, 1, 26, "CUMULATE is no group window"},
        {"SELECT a FROM t GROUP BY TUMBLE(MAX(ts), 1)", WEIR_ERR_SQL, 1, 26, "TUMBLE cannot hold aggregates"},
        {"SELECT a FROM t GROUP BY TUMBLE(", WEIR_ERR_SQL, 1, 33, "expected an expression"},
        {"SELECT a FROM t GROUP BY k FILL()", WEIR_ERR_SQL, 1, 33, "expected an expression"},
        {"SELECT a FROM t GROUP BY k FILL(PREV LINEAR)", WEIR_ERR_SQL, 1, 38, "expected ',' or ')'"},
        {"SELECT a FROM t GROUP BY k FILL(0, 3, 4)", WEIR_ERR_SQL, 1, 37, "expected ')' after FILL("},
        {"SELECT a FROM t GROUP BY k FILL PREV", WEIR_ERR_SQL, 1, 28, "expected ';' or the end"},
        {"CREATE TABLE t (a INT, a INT) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 24, "the column 'a' is declared twice"},
        {"CREATE TABLE t (a INT)", WEIR_ERR_SQL, 1, 23, "expected WITH"},
        {"CREATE TABLE t (a INT) WITH (k = 'v')", WEIR_ERR_SQL, 1, 30,
         "expected an option as in 'connector' = 'filesystem'"},
        {"CREATE TABLE t (a INT) WITH ('k' = 'v', 'k' = 'w')", WEIR_ERR_SQL, 1, 41,
         "the option 'k' is given twice"},
        {"CREATE TABLE t (a DECIMAL(39)) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 26, "a precision from 1 to 38"},
        {"CREATE TABLE t (a DECIMAL(3, 4)) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 26, "a scale from 0 to p"},
        {"CREATE TABLE t (a TIMESTAMP(10)) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 29, "expected a number from 0 to 9"},
        {"CREATE TABLE t (a INT PRIMARY KEY) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 34, "expected NOT ENFORCED"},
        {"CREATE TABLE t (WATERMARK FOR a AS a) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 39, "at least one column"},
        {"CREATE TABLE t (a INT, PRIMARY KEY (b) NOT ENFORCED) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 24,
         "the PRIMARY KEY names 'b', which is no column"},
        {"CREATE INDEX i", WEIR_ERR_SQL, 1, 8, "expected TABLE or VIEW after CREATE"},
        {"DROP t", WEIR_ERR_SQL, 1, 6, "expected TABLE or VIEW after DROP"},
        {"INSERT t SELECT 1 FROM t", WEIR_ERR_SQL, 1, 8, "expected INTO"},
        {"SET", WEIR_ERR_SQL, 1, 4, "expected 'key' = 'value' after SET"},
        {"SET 'a'", WEIR_ERR_SQL, 1, 8, "expected '='"},
        {"SELECT a FROM t;\nSELECT b FRM u", WEIR_ERR_SQL, 2, 14, "expected FROM, found 'u'"},
    };
    check_refusals(refusals, sizeof(refusals) / sizeof(refusals[0]));
}

static void what_flink_has_and_weir_lacks_is_refused_by_name(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"SELECT a FROM t UNION ALL SELECT a FROM u", WEIR_ERR_UNSUPPORTED, 1, 17, "UNION is not supported yet"},
        {"SELECT a FROM t INTERSECT SELECT a FROM u", WEIR_ERR_UNSUPPORTED, 1, 17, "INTERSECT"},
        {"SELECT a FROM t JOIN u ON t.a = u.a", WEIR_ERR_UNSUPPORTED, 1, 17, "joins are not supported yet"},
        {"SELECT a FROM t x LEFT JOIN u ON TRUE", WEIR_ERR_UNSUPPORTED, 1, 19, "joins are not supported yet"},
        {"SELECT a FROM t, u", WEIR_ERR_UNSUPPORTED, 1, 16, "joins are not supported yet"},
        {"SELECT a FROM t GROUP BY GROUPING SETS ((a), ())", WEIR_ERR_UNSUPPORTED, 1, 26, "GROUPING SETS"},
        {"SELECT a FROM t GROUP BY ROLLUP(a)", WEIR_ERR_UNSUPPORTED, 1, 26, "ROLLUP"},
        {"SELECT ROW_NUMBER() OVER (PARTITION BY a) FROM t", WEIR_ERR_UNSUPPORTED, 1, 8,
         "ROW_NUMBER is not supported yet"},
        {"SELECT SUM(a) OVER (PARTITION BY b) FROM t", WEIR_ERR_UNSUPPORTED, 1, 15, "OVER after a function"},
        {"SELECT TIMESTAMPADD(DAY, 1) FROM t", WEIR_ERR_SQL, 1, 27, "expected ','"},
        {"SELECT TIMESTAMPADD(a, 1, b) FROM t", WEIR_ERR_SQL, 1, 21, "expected"},
        {"SELECT TIMESTAMPADD(EPOCH, 1, b) FROM t", WEIR_ERR_SQL, 1, 21, "TIMESTAMPADD takes SECOND, MINUTE"},
        {"SELECT TIMESTAMPADD(DAY, 999999999999999999, b) FROM t", WEIR_ERR_SQL, 1, 21, "fits 64 bits"},
        {"SELECT ABS(a) FILTER (WHERE b) FROM t", WEIR_ERR_SQL, 1, 15,
         "FILTER belongs to aggregates, and ABS is none"},
        {"SELECT SUM(a) FILTER (WHERE MAX(b) > 1) FROM t", WEIR_ERR_SQL, 1, 36, "FILTER cannot hold aggregates"},
        {"SELECT SUM(a) FILTER (b > 1) FROM t", WEIR_ERR_SQL, 1, 23, "expected WHERE"},
        {"SELECT (SELECT MAX(a) FROM t) FROM t", WEIR_ERR_UNSUPPORTED, 1, 9, "subqueries in expressions"},
        {"SELECT a FROM t WHERE a IN (SELECT b FROM u)", WEIR_ERR_UNSUPPORTED, 1, 29, "IN (1, 2, 3)"},
        {"SELECT a FROM t WHERE EXISTS (SELECT b FROM u)", WEIR_ERR_UNSUPPORTED, 1, 23, "EXISTS"},
        {"SELECT STDDEV_POP(a) FROM t", WEIR_ERR_UNSUPPORTED, 1, 8, "STDDEV_POP is not supported yet"},
        {"SELECT RAND() FROM t", WEIR_ERR_UNSUPPORTED, 1, 8, "RAND is not supported yet"},
        {"SELECT CURRENT_USER FROM t", WEIR_ERR_UNSUPPORTED, 1, 8, "CURRENT_USER is not supported"},
        {"SELECT ARRAY[1, 2] FROM t", WEIR_ERR_UNSUPPORTED, 1, 8, "arrays and maps"},
        {"SELECT a[1] FROM t", WEIR_ERR_UNSUPPORTED, 1, 9, "arrays and maps"},
        {"SELECT (a, b) FROM t", WEIR_ERR_UNSUPPORTED, 1, 10, "rows (a, b)"},
        {"SELECT a.b.c FROM t", WEIR_ERR_UNSUPPORTED, 1, 11, "more than two parts"},
        {"SELECT a FROM c.d.t", WEIR_ERR_UNSUPPORTED, 1, 16, "catalogs and databases"},
        {"SELECT a FROM (VALUES (1)) t(a)", WEIR_ERR_UNSUPPORTED, 1, 16, "put the rows into a file"},
        {"SELECT 1", WEIR_ERR_UNSUPPORTED, 1, 9, "SELECT without FROM"},
        {"SELECT a FROM t MATCH_RECOGNIZE (x)", WEIR_ERR_UNSUPPORTED, 1, 17, "MATCH_RECOGNIZE"},
        {"SELECT a SIMILAR TO 'x' FROM t", WEIR_ERR_UNSUPPORTED, 1, 10, "regular expressions of Java; write LIKE"},
        {"SELECT X'4142' FROM t", WEIR_ERR_UNSUPPORTED, 1, 8, "binary literals (X'4142') are not supported"},
        {"EXPLAIN SELECT a FROM t", WEIR_ERR_UNSUPPORTED, 1, 1, "`weir explain`"},
        {"EXECUTE STATEMENT SET BEGIN", WEIR_ERR_UNSUPPORTED, 1, 1, "one after the other"},
        {"USE CATALOG c", WEIR_ERR_UNSUPPORTED, 1, 1, "the statement USE is not supported"},
        {"INSERT INTO t VALUES (1)", WEIR_ERR_UNSUPPORTED, 1, 15, "VALUES is not supported yet"},
        {"INSERT OVERWRITE t SELECT a FROM u", WEIR_ERR_UNSUPPORTED, 1, 1, "INSERT OVERWRITE"},
        {"CREATE FUNCTION f AS 'x'", WEIR_ERR_UNSUPPORTED, 1, 1, "CREATE FUNCTION"},
        {"CREATE TABLE t (a ARRAY<INT>) WITH ('k' = 'v')", WEIR_ERR_UNSUPPORTED, 1, 19,
         "the type ARRAY is not supported yet"},
        {"CREATE TABLE t (a ROW<b INT>) WITH ('k' = 'v')", WEIR_ERR_UNSUPPORTED, 1, 19, "the type ROW"},
        {"CREATE TABLE t (a TIME(6)) WITH ('k' = 'v')", WEIR_ERR_UNSUPPORTED, 1, 23, "use TIME(3) or less"},
        {"CREATE TABLE t (a AS 1 + 1) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 17, "computed columns alone"},
        {"CREATE TABLE t (b INT, a AS b, b AS a) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 32, "declared twice"},
        {"CREATE TABLE t (b INT, a AS SUM(b)) WITH ('k' = 'v')", WEIR_ERR_SQL, 1, 24, "cannot aggregate"},
        {"CREATE TABLE t (a INT METADATA) WITH ('k' = 'v')", WEIR_ERR_UNSUPPORTED, 1, 17, "metadata columns"},
        {"CREATE TABLE t (a INT) PARTITIONED BY (a) WITH ('k' = 'v')", WEIR_ERR_UNSUPPORTED, 1, 24, "PARTITIONED"},
        {"CREATE TABLE t AS SELECT a FROM u", WEIR_ERR_UNSUPPORTED, 1, 16, "declare the columns"},
        {"CREATE TABLE t LIKE u", WEIR_ERR_UNSUPPORTED, 1, 16, "declare the columns"},
        {"WITH RECURSIVE a AS (SELECT b FROM a) SELECT b FROM a", WEIR_ERR_UNSUPPORTED, 1, 6, "WITH RECURSIVE"},
    };
    check_refusals(refusals, sizeof(refusals) / sizeof(refusals[0]));
}

/* `before` n times, the middle, `after` n times. */
static char *repeat(const char *head, const char *before, size_t n, const char *middle, const char *after,
                    const char *tail) {
    size_t size = strlen(head) + n * (strlen(before) + strlen(after)) + strlen(middle) + strlen(tail) + 1;
    char *text = malloc(size), *at = text;
    assert_non_null(text);
    at = stpcpy(at, head);
    for (size_t i = 0; i < n; i++) at = stpcpy(at, before);
    at = stpcpy(at, middle);
    for (size_t i = 0; i < n; i++) at = stpcpy(at, after);
    stpcpy(at, tail);
    return text;
}

static void nesting_without_end_is_refused_and_not_followed(void **state) {
    (void)state;
    static const char *const shapes[][3] = {
        {"(", "a", ")"},
        {"-", "a", ""},
        {"- ", "a", ""},
        {"NOT ", "a", ""},
        {"CASE WHEN ", "a", ""},
        {"ABS(", "a", ")"},
        {"CAST(", "a", " AS INT)"},
        {"a + ", "a", ""},
        {"a * ", "a", ""},
        {"(SELECT ", "a", ""},
        {"a = ", "a", ""},
        {"a IS NULL = ", "a", ""},
        {"TRIM(", "a", ")"},
        {"FLOOR(", "a", ")"},
        {"EXTRACT(YEAR FROM ", "a", ")"},
    };
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        struct weir_error error;
        char *sql = repeat("SELECT ", shapes[i][0], i == 0 ? 100000 : 5000, shapes[i][1], shapes[i][2], " FROM t");
        enum weir_status status = parse(sql, &error);
        free(sql);
        if (status != WEIR_ERR_UNSUPPORTED && status != WEIR_ERR_SQL)
            fail_msg("'%s' gives %d", shapes[i][0], (int)status);
        assert_true(error.line == 1 && error.column > 0);
    }
    struct weir_error error;
    char *sql = repeat("SELECT a FROM ", "(SELECT a FROM ", 20000, "t", ")", "");
    assert_int_equal(parse(sql, &error), WEIR_ERR_UNSUPPORTED);
    free(sql);
    sql = repeat("SELECT a FROM ", "TABLE(TUMBLE((SELECT a FROM ", 20000, "t", ")", "");
    assert_int_equal(parse(sql, &error), WEIR_ERR_UNSUPPORTED);
    free(sql);
}

static void long_lists_are_no_nesting(void **state) {
    (void)state;
    static const char *const shapes[][2] = {{"a AND ", "a"}, {"a OR ", "a"}, {"s || ", "s"}, {"a, ", "a"}};
    struct weir_error error;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        char *sql = repeat("SELECT ", shapes[i][0], 20000, shapes[i][1], "", " FROM t");
        if (parse(sql, &error) != WEIR_OK) fail_msg("'%s': %s", shapes[i][0], error.message);
        free(sql);
    }
    char *sql = repeat("SELECT a IN (1", ", 2", 20000, "", "", ") FROM t");
    assert_int_equal(parse(sql, &error), WEIR_OK);
    free(sql);
    sql = repeat("SELECT CASE ", "WHEN a THEN 1 ", 20000, "", "", "END FROM t");
    assert_int_equal(parse(sql, &error), WEIR_OK);
    free(sql);
    sql = repeat("", "SELECT a FROM t;", 20000, "", "", "");
    assert_int_equal(parse(sql, &error), WEIR_OK);
    free(sql);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_of_every_kind_are_taken),
        cmocka_unit_test(types_of_every_kind_are_taken),
        cmocka_unit_test(expressions_of_every_kind_are_taken),
        cmocka_unit_test(syntax_errors_say_what_was_expected_and_where),
        cmocka_unit_test(what_flink_has_and_weir_lacks_is_refused_by_name),
        cmocka_unit_test(nesting_without_end_is_refused_and_not_followed),
        cmocka_unit_test(long_lists_are_no_nesting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
