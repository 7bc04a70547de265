/* SPDX-License-Identifier: Apache-2.0
 *
 * The builder used badly: NULLs, calls after a failure, terms of others, schemas that are none.
 */
#include "tests/api/events.h"

#define INVALID WEIR_ERR_INVALID

static void ok(struct weir_builder *b) {
    weir_builder_time(b, "ts");
    weir_builder_tumble(b, 1000, 0);
    weir_builder_key(b, "k", NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", "s");
}

/* ---- the first failure stays ---- */

static void after_a_failure_every_call_gives_it_again(void **state) {
    (void)state;
    struct weir_builder *builder = new_builder();
    struct weir_query *query = NULL;
    ok(builder);
    assert_int_equal(weir_builder_key(builder, "nothing", NULL), INVALID);
    assert_int_equal(weir_builder_tumble(builder, 5, 0), INVALID);
    assert_int_equal(weir_builder_tumble(builder, -5, 0), INVALID);
    assert_null(weir_builder_column(builder, "v"));
    assert_null(weir_builder_integer(builder, 5));
    assert_int_equal(weir_builder_filter(builder, weir_builder_column(builder, "b")), INVALID);
    assert_int_equal(weir_builder_finish(builder, &query, &error), INVALID);
    assert_non_null(strstr(error.message, "a key is the column 'nothing'"));
    weir_builder_destroy(&builder);
}

static void what_finish_refuses_may_be_mended(void **state) {
    (void)state;
    struct weir_builder *builder = new_builder();
    struct weir_query *query = NULL;
    ok(builder);
    weir_builder_zone(builder, "Europe/Berlin");
    assert_int_equal(weir_builder_finish(builder, &query, &error), INVALID);
    assert_int_equal(weir_builder_time(builder, "moment"), WEIR_OK);
    assert_int_equal(weir_builder_finish(builder, &query, &error), WEIR_OK);
    weir_query_destroy(&query);
    weir_builder_destroy(&builder);
}

/* ---- NULLs and strangers ---- */

static void a_null_builder_gives_a_status(void **state) {
    (void)state;
    struct weir_query *query = NULL;
    struct weir_builder *none = NULL;
    weir_builder_destroy(NULL);
    weir_builder_destroy(&none);
    assert_int_equal(weir_builder_finish(NULL, &query, &error), INVALID);
    assert_int_equal(weir_builder_time(NULL, "ts"), INVALID);
    assert_int_equal(weir_builder_processing_time(NULL), INVALID);
    assert_int_equal(weir_builder_zone(NULL, "UTC"), INVALID);
    assert_int_equal(weir_builder_watermark(NULL, NULL), INVALID);
    assert_int_equal(weir_builder_emission(NULL, NULL), INVALID);
    assert_int_equal(weir_builder_tumble(NULL, 1, 0), INVALID);
    assert_int_equal(weir_builder_count(NULL, 1, 0), INVALID);
    assert_int_equal(weir_builder_bound(NULL, WEIR_BUILDER_WINDOW_END, NULL), INVALID);
    assert_int_equal(weir_builder_key(NULL, "k", NULL), INVALID);
    assert_int_equal(weir_builder_key_term(NULL, NULL, "k"), INVALID);
    assert_int_equal(weir_builder_aggregate(NULL, WEIR_BUILDER_SUM, "v", "s"), INVALID);
    assert_int_equal(weir_builder_aggregate_term(NULL, WEIR_BUILDER_SUM, NULL, "s"), INVALID);
    assert_int_equal(weir_builder_filter(NULL, NULL), INVALID);
    assert_int_equal(weir_builder_having(NULL, NULL), INVALID);
    assert_int_equal(weir_builder_order(NULL, "s", false, false), INVALID);
    assert_int_equal(weir_builder_limit(NULL, 1, 0), INVALID);
    assert_int_equal(weir_builder_fill(NULL, WEIR_BUILDER_FILL_NULL, NULL, 0), INVALID);
    assert_null(weir_builder_column(NULL, "v"));
    assert_null(weir_builder_result(NULL, "v"));
    assert_null(weir_builder_boolean(NULL, true));
    assert_null(weir_builder_integer(NULL, 1));
    assert_null(weir_builder_number(NULL, 1));
    assert_null(weir_builder_decimal(NULL, "1"));
    assert_null(weir_builder_string(NULL, "a"));
    assert_null(weir_builder_date(NULL, 1));
    assert_null(weir_builder_time_of_day(NULL, 1));
    assert_null(weir_builder_timestamp(NULL, 1, 1000));
    assert_null(weir_builder_instant(NULL, 1, 1000));
    assert_null(weir_builder_interval(NULL, 1));
    assert_null(weir_builder_unary(NULL, WEIR_BUILDER_NOT, NULL));
    assert_null(weir_builder_binary(NULL, NULL, WEIR_BUILDER_AND, NULL));
    assert_null(weir_builder_cast(NULL, NULL, WEIR_BUILDER_INT));
}

static void a_term_of_another_builder_is_refused(void **state) {
    (void)state;
    struct weir_builder *mine = new_builder(), *other = new_builder();
    struct weir_query *query = NULL;
    ok(mine);
    assert_int_equal(weir_builder_filter(mine, weir_builder_column(other, "b")), INVALID);
    assert_int_equal(weir_builder_finish(mine, &query, &error), INVALID);
    assert_non_null(strstr(error.message, "the filter is a term of another builder; make it with this one"));
    weir_builder_destroy(&mine);
    weir_builder_destroy(&other);
}

/* ---- schemas ---- */

static void refuse_schema(const struct ArrowSchema *schema, enum weir_status status, const char *message) {
    struct weir_builder *builder = (struct weir_builder *)&error;
    assert_int_equal(weir_builder_create(schema, &builder, &error), status);
    assert_null(builder);
    if (strstr(error.message, message) == NULL) fail_msg("expected: %s\nsaid: %s", message, error.message);
    assert_int_equal(weir_builder_create(schema, &builder, NULL), status);
    assert_int_equal(weir_builder_create(schema, NULL, &error), INVALID);
}

static void a_schema_that_is_none_is_refused(void **state) {
    (void)state;
    struct ArrowSchema good = *event_schema(), schema = good;
    struct ArrowSchema child = *good.children[0], *children[1] = {&child};
    refuse_schema(NULL, INVALID, "needs the Arrow schema of the pushed batches");
    schema.release = NULL;
    refuse_schema(&schema, INVALID, "has not been released");
    schema = good;
    schema.format = "l";
    refuse_schema(&schema, INVALID, "a struct ('+s')");
    schema.format = NULL;
    refuse_schema(&schema, INVALID, "a struct ('+s')");
    schema = good;
    schema.n_children = -1;
    refuse_schema(&schema, INVALID, "an Arrow struct of less than");
    schema.n_children = INT64_MAX;
    refuse_schema(&schema, INVALID, "an Arrow struct of less than");
    schema.n_children = 1;
    schema.children = NULL;
    refuse_schema(&schema, INVALID, "an Arrow struct of less than");
    schema.children = children;
    child.format = "+l";
    refuse_schema(&schema, WEIR_ERR_UNSUPPORTED, "ts");
    child.format = NULL;
    refuse_schema(&schema, INVALID, "column 0 of the Arrow schema is missing or released");
    children[0] = NULL;
    refuse_schema(&schema, INVALID, "column 0 of the Arrow schema is missing or released");
}

/* Names that stand twice, or not at all, matter only where they are used. */
static void names_that_stand_twice_are_refused_where_they_are_used(void **state) {
    (void)state;
    struct ArrowSchema good = *event_schema(), schema = good;
    struct ArrowSchema time = *good.children[TS], first = *good.children[V], second = first, unnamed = first;
    struct ArrowSchema *children[] = {&time, &first, &second, &unnamed};
    struct weir_builder *builder = NULL;
    struct weir_query *query = NULL;
    unnamed.name = NULL;
    schema.n_children = 4;
    schema.children = children;
    assert_int_equal(weir_builder_create(&schema, &builder, &error), WEIR_OK);
    weir_builder_time(builder, "ts");
    weir_builder_count(builder, 5, 0);
    weir_builder_aggregate(builder, WEIR_BUILDER_SUM, "", "s");
    assert_int_equal(weir_builder_finish(builder, &query, &error), WEIR_OK);
    weir_query_destroy(&query);
    assert_int_equal(weir_builder_key(builder, "v", NULL), INVALID);
    assert_int_equal(weir_builder_finish(builder, &query, &error), INVALID);
    assert_non_null(strstr(error.message, "a key is the column 'v', and the schema has two of that name"));
    weir_builder_destroy(&builder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_failure_every_call_gives_it_again),
        cmocka_unit_test(what_finish_refuses_may_be_mended),
        cmocka_unit_test(a_null_builder_gives_a_status),
        cmocka_unit_test(a_term_of_another_builder_is_refused),
        cmocka_unit_test(a_schema_that_is_none_is_refused),
        cmocka_unit_test(names_that_stand_twice_are_refused_where_they_are_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
