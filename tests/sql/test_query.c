/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries over pushed batches.
 */
#include "script.h"

#include "engine/query.h"

#define PUSHED                                                                                                     \
    "CREATE TABLE p (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH "     \
    "('connector' = "                                                                                              \
    "'push');\n"
#define TUMBLE "FROM TABLE(TUMBLE(TABLE p, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end"

static struct weir_query *create(const char *sql) {
    struct weir_query *query = NULL;
    struct weir_error error = {0};
    if (weir_query_create(sql, NULL, NULL, &query, &error) != WEIR_OK)
        fail_msg("%s\n  %d:%d %s", sql, error.line, error.column, error.message);
    return query;
}

static void a_declared_table_keeps_all_its_columns(void **state) {
    (void)state;
    struct weir_query *query = create(PUSHED "SELECT window_start, SUM(v) " TUMBLE);
    const struct weir_plan *plan = query->plan;
    assert_int_equal(plan->columns_count, 3);
    assert_int_equal(plan->columns[0].ticks_per_second, 1000);
    assert_int_equal(plan->watermark.kind, WEIR_WATERMARK_DELAY);
    assert_int_equal(plan->watermark.delay, 1000);
    struct ArrowSchema schema;
    assert_int_equal(weir_query_schema(query, &schema, NULL), WEIR_OK);
    assert_int_equal(schema.n_children, 2);
    assert_string_equal(schema.children[1]->name, "EXPR$1");
    schema.release(&schema);
    weir_query_destroy(&query);
    assert_null(query);
    weir_query_destroy(&query);
}

static void a_table_may_be_typed_by_an_arrow_schema(void **state) {
    (void)state;
    const char *const names[] = {"t", "v"};
    const struct weir_type types[] = {weir_type_timestamp(9), weir_type_of(WEIR_TYPE_INT)};
    struct ArrowSchema schema;
    struct weir_query *query = NULL;
    struct weir_error error = {0};
    assert_int_equal(weir_schema_export(names, types, 2, &schema, &error), WEIR_OK);
    enum weir_status status =
        weir_query_create("SELECT window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE x, DESCRIPTOR(t), INTERVAL "
                          "'1' HOUR)) GROUP BY window_start, window_end",
                          "x", &schema, &query, &error);
    if (status != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(query->plan->columns_count, 2);
    assert_int_equal(query->plan->columns[0].ticks_per_second, 1000000000);
    assert_int_equal(query->plan->watermark.kind, WEIR_WATERMARK_NONE);
    weir_query_destroy(&query);
    assert_int_equal(weir_query_create("CREATE TABLE x (a INT) WITH ('connector' = 'push'); SELECT a FROM x", "x",
                                       &schema, &query, &error),
                     WEIR_ERR_SQL);
    assert_int_equal(weir_query_create("SELECT 1 FROM x", "x", NULL, &query, &error), WEIR_ERR_INVALID);
    schema.release(&schema);
}

static void the_plan_outlives_the_text(void **state) {
    (void)state;
    char *sql = strdup(
        PUSHED "SELECT k || 'suffix' AS name, COUNT(*) FROM p WHERE k IN ('one', 'two') GROUP BY k || 'suffix'");
    struct weir_query *query = create(sql);
    memset(sql, 'z', strlen(sql));
    free(sql);
    assert_string_equal(query->plan->outputs[0].name, "name");
    assert_string_equal(query->plan->column_names[2], "v");
    assert_non_null(strstr(weir_query_explain(query), "suffix"));
    weir_query_destroy(&query);
}

static void pushed_aggregates_need_no_window(void **state) {
    (void)state;
    struct weir_query *query = create(PUSHED "SELECT k, SUM(v) AS s FROM p GROUP BY k ORDER BY s LIMIT 3");
    assert_int_equal(query->plan->window.kind, WEIR_WINDOW_NONE);
    weir_query_destroy(&query);
}

static void what_is_no_query_over_pushed_rows_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        enum weir_status status;
        int32_t line, column;
        const char *part;
    } cases[] = {
        {"", WEIR_ERR_SQL, 0, 0, "has no SELECT"},
        {PUSHED, WEIR_ERR_SQL, 0, 0, "has no SELECT"},
        {PUSHED "SELECT v FROM p;\nSELECT k FROM p", WEIR_ERR_SQL, 3, 1, "this is the second"},
        {PUSHED "INSERT INTO p SELECT v FROM p", WEIR_ERR_SQL, 2, 1, "runs in a session"},
        {PUSHED "SELECT v FROM 'f.csv'", WEIR_ERR_SQL, 2, 15, "cannot read the file 'f.csv'"},
        {PUSHED "SELECT v FROM p ORDER BY v", WEIR_ERR_UNSUPPORTED, 2, 26, "has no end"},
        {PUSHED "SELECT z FROM p", WEIR_ERR_SQL, 2, 8, "there is no column 'z'"},
        {"CREATE TABLE p (v INT) WITH ('connector' = 'filesystem'); SELECT v FROM p", WEIR_ERR_SQL, 1, 73,
         "is not pushed"},
        {"CREATE TABLE p (v INT) WITH ('connector' = 'push', 'path' = 'x'); SELECT v FROM p", WEIR_ERR_SQL, 1, 52,
         "has no option 'path'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct weir_query *query = NULL;
        struct weir_error error = {0};
        enum weir_status status = weir_query_create(cases[i].sql, NULL, NULL, &query, &error);
        if (status != cases[i].status || error.line != cases[i].line || error.column != cases[i].column ||
            strstr(error.message, cases[i].part) == NULL)
            fail_msg("%s\n  gives %d at %d:%d %s", cases[i].sql, (int)status, error.line, error.column,
                     error.message);
        assert_null(query);
    }
    assert_int_equal(weir_query_create(NULL, NULL, NULL, NULL, NULL), WEIR_ERR_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_declared_table_keeps_all_its_columns),
        cmocka_unit_test(a_table_may_be_typed_by_an_arrow_schema),
        cmocka_unit_test(the_plan_outlives_the_text),
        cmocka_unit_test(pushed_aggregates_need_no_window),
        cmocka_unit_test(what_is_no_query_over_pushed_rows_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
