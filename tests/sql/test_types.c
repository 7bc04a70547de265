/* SPDX-License-Identifier: Apache-2.0
 *
 * Result types of expressions against those that Flink 2.3.0 gave for the same text.
 */
#include "script.h"

struct typed {
    const char *items;
    const char *types;
};

static void check_types(const struct typed *cases, size_t count) {
    struct script script;
    script_open(&script);
    assert_int_equal(script_run(&script, T1), WEIR_OK);
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        char sql[2000];
        snprintf(sql, sizeof(sql), "SELECT %s FROM t1", cases[i].items);
        const char *types = script_types(script_plan(&script, sql));
        if (strcmp(types, cases[i].types) == 0) continue;
        print_error("%s\n  is       %s\n  expected %s\n", cases[i].items, types, cases[i].types);
        wrong++;
    }
    script_close(&script);
    assert_int_equal(wrong, 0);
}

static void arithmetic_has_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"i/2, n/2, n % 3, MOD(i,-3), i/2.0, i/x, d/e, d*e, d+e, d-i, i*1.5, d/3",
         "[INT, INT, INT, INT, DECIMAL(17, 6), DOUBLE, DECIMAL(23, 13), DECIMAL(21, 4), DECIMAL(11, 2), "
         "DECIMAL(13, 2), "
         "DECIMAL(13, 1), DECIMAL(21, 13)]"},
        {"1/3, 1.0/3, d%e, -d, d+x, b/2, t+t, t*i, i+b, f+1, f*x, d+f",
         "[INT NOT NULL, DECIMAL(13, 12) NOT NULL, DECIMAL(10, 2), DECIMAL(10, 2), DOUBLE, BIGINT, SMALLINT, INT, "
         "BIGINT, "
         "FLOAT, FLOAT, DOUBLE]"},
        {"mx+1, b+1, mx*mx, -n", "[INT, BIGINT, INT, INT]"},
        {"f*x, x*f, f+x, x+f, f/x, f+i, f+b", "[FLOAT, DOUBLE, FLOAT, DOUBLE, FLOAT, FLOAT, FLOAT]"},
        {"i % b, b % i, t % 3, i % d, d % i", "[BIGINT, INT, INT, DECIMAL(10, 2), DECIMAL(10, 2)]"},
        {"i/7*2, -7/2, 5 - 3 - 1, 2 + 3 * 2", "[INT, INT NOT NULL, INT NOT NULL, INT NOT NULL]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void literals_have_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"TIMESTAMP '2024-01-31 00:00:00', TIMESTAMP '2024-01-31 00:00:00.123456', INTERVAL '90' SECOND, DATE "
         "'2024-01-31',"
         " 1.50, 1e0, 3000000000, 'it''s'",
         "[TIMESTAMP(0) NOT NULL, TIMESTAMP(6) NOT NULL, INTERVAL SECOND(3) NOT NULL, DATE NOT NULL, DECIMAL(3, 2) "
         "NOT NULL, "
         "DOUBLE NOT NULL, BIGINT NOT NULL, CHAR(4) NOT NULL]"},
        {"2147483647, 2147483648, 9223372036854775808, 0.05, 007, TRUE, TIME '10:20:30', CAST(NULL AS INT)",
         "[INT NOT NULL, BIGINT NOT NULL, DECIMAL(19, 0) NOT NULL, DECIMAL(3, 2) NOT NULL, INT NOT NULL, BOOLEAN "
         "NOT NULL, "
         "TIME(0) NOT NULL, INT]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void casts_have_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"CAST(big AS INT), CAST(b AS INT), CAST(x AS INT), CAST(d AS INT)", "[INT, INT, INT, INT]"},
        {"TRY_CAST(s AS INT), CAST(num AS DOUBLE), CAST(num AS DECIMAL(5,0)), CAST(' 12 ' AS INT),"
         " CAST(123.456 AS DECIMAL(5,2)), CAST(d*10000000 AS DECIMAL(5,2)), CAST(-2.5 AS INT), CAST(2.675 AS "
         "DECIMAL(3,2))",
         "[INT, DOUBLE, DECIMAL(5, 0), INT NOT NULL, DECIMAL(5, 2) NOT NULL, DECIMAL(5, 2), INT NOT NULL, "
         "DECIMAL(3, 2) NOT NULL]"},
        {"CAST(x AS STRING), CAST(ts AS DATE), CAST(dt AS TIMESTAMP(3)), CAST(ts AS TIME), CAST(1e-5 AS STRING)",
         "[STRING, DATE, TIMESTAMP(3), TIME(0), STRING NOT NULL]"},
        {"CAST(300 AS TINYINT), CAST(i*100 AS TINYINT), CAST('true' AS BOOLEAN), CAST(i AS BOOLEAN),"
         " CAST('2024-01-31' AS TIMESTAMP(3)), CAST('abcdef' AS VARCHAR(3)), CAST('ab' AS CHAR(5))",
         "[TINYINT NOT NULL, TINYINT, BOOLEAN NOT NULL, BOOLEAN, TIMESTAMP(3) NOT NULL, VARCHAR(3) NOT NULL, "
         "CHAR(5) NOT NULL]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void choices_have_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"CASE WHEN i > 0 THEN f ELSE x END, COALESCE(i, x), COALESCE(i, d), COALESCE(i, b), CASE WHEN i > 0 THEN "
         "1 ELSE 2.5 "
         "END",
         "[FLOAT, DOUBLE, DECIMAL(12, 2), BIGINT, DECIMAL(11, 1) NOT NULL]"},
        {"CASE WHEN i > 0 THEN 'long' ELSE 'x' END, CASE WHEN i > 0 THEN 'x' END, COALESCE(i, 5), NULLIF(i, 7)",
         "[VARCHAR(4) NOT NULL, CHAR(1), INT NOT NULL, INT]"},
        {"GREATEST(i, b), LEAST(1, 2.5), IF(i > 3, i, b), IFNULL(i, 0)",
         "[BIGINT, DECIMAL(11, 1) NOT NULL, BIGINT, INT NOT NULL]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void predicates_have_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"s = 'abc ', 'a' = 'a ', s < 'abd', s LIKE 'A%', ts > '2024-01-01 00:00:00', dt = '2024-01-31', s IS NULL",
         "[BOOLEAN, BOOLEAN NOT NULL, BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN NOT NULL]"},
        {"i BETWEEN 7 AND 1, i NOT IN (1, CAST(NULL AS INT)), i IN (1, 2), CAST(NULL AS BOOLEAN) AND FALSE, i IS "
         "DISTINCT "
         "FROM n, (i > 0) IS TRUE",
         "[BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN NOT NULL, BOOLEAN NOT NULL]"},
        {"i = b, i = d, i = x, f = x, ts > '2024-01-01', i BETWEEN SYMMETRIC 7 AND 1",
         "[BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN, BOOLEAN]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void functions_have_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"ABS(n), POWER(2, 10), SQRT(2), CEIL(x), FLOOR(-2.5), ROUND(d, 1), SIGN(n), EXP(1), ROUND(2.5), ROUND(x), "
         "LN(x)",
         "[INT, DOUBLE NOT NULL, DOUBLE NOT NULL, DOUBLE, DECIMAL(2, 0) NOT NULL, DECIMAL(10, 1), INT, DOUBLE NOT "
         "NULL, "
         "DECIMAL(2, 0) NOT NULL, DOUBLE, DOUBLE]"},
        {"s || CAST(NULL AS STRING), CONCAT(s, 'x'), SUBSTRING(s, 0), SUBSTRING(s FROM 2 FOR 1), "
         "CHAR_LENGTH('é😀'), UPPER(s), "
         "POSITION('b' IN s), TRIM(s)",
         "[STRING, STRING, STRING, STRING, INT NOT NULL, STRING, INT, STRING]"},
        {"HOUR(ts), YEAR(ts), QUARTER(ts), DAYOFYEAR(ts), EXTRACT(DOW FROM ts), EXTRACT(EPOCH FROM ts), "
         "DAYOFWEEK(ts)",
         "[BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void times_and_intervals_have_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"ts + INTERVAL '1' MONTH, dt + INTERVAL '1' MONTH, dt + INTERVAL '1' DAY, ts - INTERVAL '0.5' SECOND, ts "
         "- INTERVAL "
         "'1:30' MINUTE TO SECOND, FLOOR(ts TO HOUR), CEIL(ts TO DAY)",
         "[TIMESTAMP(3), DATE, DATE, TIMESTAMP(3), TIMESTAMP(3), TIMESTAMP(3), TIMESTAMP(3)]"},
        {"ts + 2 * INTERVAL '1' DAY, INTERVAL '1' DAY + ts, ts + INTERVAL 5 MINUTE, INTERVAL '1' WEEK",
         "[TIMESTAMP(3), TIMESTAMP(3), TIMESTAMP(3), INTERVAL SECOND(3) NOT NULL]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void aggregates_have_flinks_types(void **state) {
    (void)state;
    static const struct typed cases[] = {
        {"SUM(i), AVG(i), SUM(f), AVG(f), AVG(t), SUM(t), AVG(b), MIN(ts), COUNT(i), COUNT(*), MAX(d), MIN(s), "
         "SUM(x)",
         "[INT, INT, FLOAT, FLOAT, SMALLINT, SMALLINT, BIGINT, TIMESTAMP(3), BIGINT NOT NULL, BIGINT NOT NULL, "
         "DECIMAL(10, 2), STRING, DOUBLE]"},
    };
    check_types(cases, sizeof(cases) / sizeof(cases[0]));
}

static void window_bounds_have_flinks_types(void **state) {
    (void)state;
    static const int precisions[] = {0, 3, 6, 9};
    static const char *const expected[] = {
        "[TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP(0)]",
        "[TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP(3)]",
        "[TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP(6) NOT NULL, TIMESTAMP(6)]",
        "[TIMESTAMP(3) NOT NULL, TIMESTAMP(3) NOT NULL, TIMESTAMP(9) NOT NULL, TIMESTAMP(9)]",
    };
    for (size_t i = 0; i < 4; i++) {
        struct script script;
        char sql[600];
        script_open(&script);
        snprintf(sql, sizeof(sql),
                 "CREATE TABLE us (ts TIMESTAMP(%d), v INT) WITH ('connector' = 'filesystem');"
                 "SELECT window_start, window_end, window_time, MAX(ts) FROM TABLE(TUMBLE(TABLE us, "
                 "DESCRIPTOR(ts), INTERVAL "
                 "'1' MINUTE)) GROUP BY window_start, window_end, window_time",
                 precisions[i]);
        assert_string_equal(script_types(script_plan(&script, sql)), expected[i]);
        script_close(&script);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_has_flinks_types),
        cmocka_unit_test(literals_have_flinks_types),
        cmocka_unit_test(casts_have_flinks_types),
        cmocka_unit_test(choices_have_flinks_types),
        cmocka_unit_test(predicates_have_flinks_types),
        cmocka_unit_test(functions_have_flinks_types),
        cmocka_unit_test(times_and_intervals_have_flinks_types),
        cmocka_unit_test(aggregates_have_flinks_types),
        cmocka_unit_test(window_bounds_have_flinks_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
