/* SPDX-License-Identifier: Apache-2.0
 *
 * What a plan says of the ways that its rows can take: each line where it holds, and not where it does not.
 */
#include "tests/engine/plans.h"

#include "engine/accumulator.h"

/* ---- queries over (ts, b BIGINT, c STRING, d DOUBLE, e BIGINT NOT NULL, f dictionary of STRING) ---- */

struct query {
    enum weir_window_kind window;
    int32_t keys[2]; /* columns; 0: none */
    enum weir_aggregate_function function;
    int32_t arg;
    enum weir_fill_kind fill;
    bool order_floats, cut, side;
};

#define OVER(kind, call, column, ...)                                                                              \
    (&(struct query){.window = WEIR_WINDOW_##kind, .function = WEIR_AGGREGATE_##call, .arg = (column), __VA_ARGS__})

static struct weir_plan *plan_of(const struct query *query) {
    struct weir_type types[6] = {TIME_, BIGINT_, STRING_, DOUBLE_, BIGINT_, STRING_};
    types[4].nullable = false;
    struct weir_plan *plan = plan_over(6, types);
    plan->columns[5].storage = WEIR_STORE_DICTIONARY;
    plan->columns[5].codes = WEIR_STORE_U32;
    plan->columns[5].words = WEIR_STORE_UTF8;
    bool by_slides = query->window == WEIR_WINDOW_HOP || query->window == WEIR_WINDOW_CUMULATE;
    plan_window(plan, query->window, 1000, by_slides ? 500 : 0, 0);
    plan_delay(plan, 0);
    for (int i = 0; i < 2 && query->keys[i] > 0; i++) plan_key(plan, query->keys[i]);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    if (query->function != WEIR_AGGREGATE_COUNT_STAR) plan_call(plan, query->function, query->arg);
    plan_outputs(plan, 0);
    if (query->fill != WEIR_FILL_NONE) plan->fill = (struct weir_fill_spec){query->fill, NULL, 3};
    plan->order_floats = query->order_floats;
    if (query->cut) plan->limit = 5;
    if (query->side) plan->emission.late = WEIR_ROWS_SIDE;
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

/* The line that begins with `name` and ": " is exactly `wanted`; NULL: there is none. */
static void expect_line(const struct query *query, const char *name, const char *wanted) {
    struct weir_plan *plan = plan_of(query);
    char line[400] = "";
    bool found = false;
    for (const char *at = plan->explain; *at != '\0' && !found; at += strcspn(at, "\n") + 1) {
        found = strncmp(at, name, strlen(name)) == 0 && strncmp(at + strlen(name), ": ", 2) == 0;
        if (found) snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
    }
    if (found != (wanted != NULL) || (found && strcmp(line + strlen(name) + 2, wanted) != 0))
        fail_msg("wanted '%s: %s' in\n%s", name, wanted == NULL ? "(none)" : wanted, plan->explain);
    weir_plan_release(plan);
}

/* ---- accumulators ---- */

static void an_accumulator_row_is_told_field_by_field(void **state) {
    (void)state;
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}), "accumulators",
                "24 bytes a key and slice: rows 8, NULLs of d 8, sum of d 8");
    expect_line(OVER(TUMBLE, MAX, 1, .keys = {1}), "accumulators",
                "24 bytes a key and slice: rows 8, NULLs of b 8, max of b 8");
    expect_line(OVER(NONE, MIN, 2, .keys = {0}), "accumulators",
                "32 bytes a key and slice: rows 8, NULLs of c 8, min of c 16");
}

static void what_cannot_be_null_has_no_count_of_nulls(void **state) {
    (void)state;
    expect_line(OVER(TUMBLE, SUM, 4, .keys = {1}), "accumulators",
                "24 bytes a key and slice: rows 8, sum of e 16; NOT NULL, so not counted: e");
    expect_line(OVER(SESSION, SUM, 4, .keys = {1}), "accumulators",
                "32 bytes a key and window: rows 8, NULLs of e 8, sum of e 16");
}

/* ---- ids ---- */

static void ids_are_told_by_the_types_of_the_key(void **state) {
    (void)state;
    static const struct {
        int32_t keys[2];
        const char *line;
    } cases[] = {
        {{0}, NULL},
        {{1}, "the word of a key has a cell while the values that are seen are few, else it is hashed"},
        {{2}, "those of the strings"},
        {{3}, "the word of a key is hashed"},
        {{5}, "the codes of the first dictionary as they are; those of others are looked up once each"},
        {{1, 4},
         "columns are packed into one word by the ranges of the values that are seen: few words have cells, more "
         "are "
         "hashed; columns that fit no word are hashed as one that is mixed from several"},
        {{1, 3}, "a key takes several words, which are hashed as one that is mixed from them"},
    };
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(cases); i++) {
        struct query query = *OVER(TUMBLE, SUM, 3, .keys = {cases[i].keys[0], cases[i].keys[1]});
        expect_line(&query, "ids", cases[i].line);
    }
}

/* ---- few keys, many keys ---- */

#define HELD                                                                                                       \
    "accumulators of up to 1024 keys are held from block to block and added to by vectors, while rows of a slice " \
    "come one after the other"
#define WAIT "from 10 MiB of keys and accumulators on rows wait, and a part of the keys is added up at a time"
#define FIRE_THERE "; with few rows a key, windows fire from where rows wait"

static void few_keys_are_held_where_all_fields_have_lanes(void **state) {
    (void)state;
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}), "few keys", HELD);
    expect_line(OVER(HOP, MAX, 1, .keys = {2}), "few keys", HELD);
    expect_line(OVER(TUMBLE, MAX, 2, .keys = {1}), "few keys", NULL); /* a string */
    expect_line(OVER(TUMBLE, COUNT_STAR, 0, .keys = {1}), "few keys", NULL);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {0}), "few keys", NULL);
    expect_line(OVER(SESSION, SUM, 3, .keys = {1}), "few keys", NULL);
}

static void rows_of_many_keys_wait_where_they_may(void **state) {
    (void)state;
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}), "many keys", WAIT FIRE_THERE);
    expect_line(OVER(HOP, SUM, 3, .keys = {1}), "many keys", WAIT);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}, .fill = WEIR_FILL_PREV), "many keys", WAIT);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {2}), "many keys", NULL);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1, 4}), "many keys", NULL);
    expect_line(OVER(TUMBLE, MIN, 2, .keys = {1}), "many keys", NULL);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}, .cut = true), "many keys", NULL);
    expect_line(OVER(SESSION, SUM, 3, .keys = {1}), "many keys", NULL);
}

/* ---- workers ---- */

#define FEW "owners of two or three workers"
#define OWN "from 32768 keys of a worker on each worker owns a part of the keys"
#define HAND "each owner reads all; of 4 workers or more one reads a row and hands it to its owner"

static void workers_share_rows_then_keys(void **state) {
    (void)state;
    struct query query = *OVER(TUMBLE, SUM, 3, .keys = {1});
    expect_line(&query, "workers", "each adds up the rows of its batches, whatever their keys");
    expect_line(&query, "owners", OWN);
    expect_line(&query, FEW,
                "from 65536 keys on before a window has closed; where a slice that closes has 16384 keys and "
                "fewer than 24 rows a key and worker, from 65536 keys on fewer than 48, or 262144 keys");
    expect_line(&query, "rows", HAND);
    query.keys[0] = 2; /* no word: nothing is handed over */
    expect_line(&query, "owners", OWN);
    expect_line(&query, FEW,
                "where a slice that closes has 16384 keys and fewer than 16 rows a key and worker, or 262144 keys");
    expect_line(&query, "rows", "each owner reads all");
}

static void keys_have_no_owners_where_rows_of_all_are_needed(void **state) {
    (void)state;
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {0}), "owners", NULL);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}, .cut = true), "owners", NULL);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}, .side = true), "owners", NULL);
    expect_line(OVER(TUMBLE, SUM, 3, .keys = {1}, .fill = WEIR_FILL_PREV), "owners", NULL);
}

static void rows_in_their_order_are_one_workers_or_their_owners(void **state) {
    (void)state;
    struct query query = *OVER(TUMBLE, SUM, 3, .keys = {1}, .order_floats = true);
    expect_line(&query, "workers", "one adds up all rows in their order");
    expect_line(&query, "owners",
                "from 32768 keys of a worker on, or where there are many workers, each "
                "worker owns a part of the keys");
    expect_line(&query, FEW, NULL);
    query.keys[0] = 0;
    expect_line(&query, "workers", "one takes all rows in their order");
    expect_line(OVER(SESSION, SUM, 3, .keys = {1}), "workers",
                "each reads all rows and takes those of the keys that it owns");
    expect_line(OVER(SESSION, SUM, 3, .keys = {1}), "owners", NULL);
}

static void what_is_told_is_what_is_laid_out(void **state) {
    (void)state;
    struct weir_plan *plan = plan_of(OVER(TUMBLE, AVG, 3, .keys = {1}));
    struct weir_accumulator accumulator;
    char line[64];
    assert_int_equal(weir_accumulator_init(&accumulator, plan, &error), WEIR_OK);
    snprintf(line, sizeof(line), "accumulators: %zu bytes a key", accumulator.stride);
    assert_non_null(strstr(plan->explain, line));
    weir_accumulator_fini(&accumulator);
    weir_plan_release(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_accumulator_row_is_told_field_by_field),
        cmocka_unit_test(what_cannot_be_null_has_no_count_of_nulls),
        cmocka_unit_test(ids_are_told_by_the_types_of_the_key),
        cmocka_unit_test(few_keys_are_held_where_all_fields_have_lanes),
        cmocka_unit_test(rows_of_many_keys_wait_where_they_may),
        cmocka_unit_test(workers_share_rows_then_keys),
        cmocka_unit_test(keys_have_no_owners_where_rows_of_all_are_needed),
        cmocka_unit_test(rows_in_their_order_are_one_workers_or_their_owners),
        cmocka_unit_test(what_is_told_is_what_is_laid_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
