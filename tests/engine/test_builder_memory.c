/* SPDX-License-Identifier: Apache-2.0
 *
 * The n-th allocation of building a query fails, for every n, alone and with all after it: the builder says
 * WEIR_ERR_MEMORY, and nothing leaks (the address sanitizer looks).
 */
#include "tests/api/events.h"
#include "tests/engine/interpose.h"

/* Most of what a builder can be told. */
static void build(struct weir_builder *b) {
    struct weir_builder_watermark_options watermark = {.struct_size = sizeof(watermark)};
    weir_builder_time(b, "moment");
    weir_builder_zone(b, "Asia/Kathmandu");
    weir_builder_watermark(b, &watermark);
    weir_builder_tumble(b, 60000, 0);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_TIME, NULL);
    weir_builder_key(b, "k", "a name that is long enough to be seen among the allocations");
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", "sum");
    weir_builder_aggregate_term(b, WEIR_BUILDER_AVG,
                                weir_builder_cast(b, weir_builder_column(b, "n"), WEIR_BUILDER_DOUBLE), "mean");
    weir_builder_filter(b, weir_builder_binary(b, weir_builder_column(b, "k"), WEIR_BUILDER_NE,
                                               weir_builder_string(b, "some text")));
    weir_builder_having(
        b, weir_builder_binary(b, weir_builder_result(b, "sum"), WEIR_BUILDER_GT, weir_builder_decimal(b, "12.5")));
    weir_builder_fill(b, WEIR_BUILDER_FILL_VALUE, weir_builder_integer(b, 7), 3);
    weir_builder_order(b, "sum", true, true);
}

/* Enough columns and terms for several chunks of the arenas. */
static void build_much(struct weir_builder *b) {
    for (int i = 0; i < 400; i++) {
        char name[100];
        snprintf(name, sizeof(name), "column %d of a result that has very many of them, under long names", i);
        const struct weir_term *sum =
            weir_builder_binary(b, weir_builder_column(b, "v"), WEIR_BUILDER_ADD, weir_builder_integer(b, i));
        weir_builder_aggregate_term(b, WEIR_BUILDER_MAX, sum, name);
    }
}

/* The clock of Kathmandu has jumped by a quarter of an hour: a note that is never missing. */
static bool is_noted(const struct weir_query *query) {
    return strstr(weir_query_explain(query), "note: the clock of Asia/Kathmandu jumps") != NULL;
}

static enum weir_status attempt(void (*make)(struct weir_builder *)) {
    struct weir_builder *builder = NULL;
    struct weir_query *query = NULL;
    struct weir_error why = {.code = WEIR_OK};
    enum weir_status status = weir_builder_create(event_schema(), &builder, &why);
    assert_int_equal(builder != NULL, status == WEIR_OK);
    if (status == WEIR_OK) {
        make(builder);
        status = weir_builder_finish(builder, &query, &why);
        assert_int_equal(query != NULL, status == WEIR_OK);
    }
    if (status != WEIR_OK) {
        assert_int_equal(why.code, status);
        assert_true(strlen(why.message) > 10);
    }
    atomic_store(&fail_from, 0);
    if (status == WEIR_OK && make == build) assert_true(is_noted(query));
    weir_query_destroy(&query);
    weir_builder_destroy(&builder);
    return status;
}

static void fail_each(void (*make)(struct weir_builder *)) {
    assert_int_equal(attempt(make), WEIR_OK); /* what is loaded once now is */
    for (int mode = 0; mode < 2; mode++) {
        int64_t n = 1;
        int64_t failures = 0;
        bool reached = true;
        for (; reached; n++) {
            atomic_store(&allocations, 0);
            atomic_store(&fail_on, mode == 1);
            atomic_store(&fail_from, n);
            enum weir_status status = attempt(make);
            reached = atomic_load(&allocations) >= n;
            failures += status != WEIR_OK;
            if (status != WEIR_OK) assert_int_equal(status, WEIR_ERR_MEMORY);
        }
        assert_true(failures > 5);
    }
}

static void every_failed_allocation_is_an_error_and_no_leak(void **state) {
    (void)state;
    fail_each(build);
    fail_each(build_much);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_failed_allocation_is_an_error_and_no_leak)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
