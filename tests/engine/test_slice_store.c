/* SPDX-License-Identifier: Apache-2.0
 *
 * What the store of slices holds is counted, and what closed slices leave behind is bounded.
 */
#include "tests/engine/plans.h"

#include "engine/slice_store.h"

/* SELECT MAX(s) over (ts, s): strings live on the slices' heaps. */
static struct weir_plan *longest(void) {
    struct weir_type types[2] = {TIME_, STRING_};
    struct weir_plan *plan = plan_over(2, types);
    plan_call(plan, WEIR_AGGREGATE_MAX, 1);
    plan_outputs(plan, WEIR_RESULT_KEYS);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

static void open_store(struct weir_slice_store *store, struct weir_accumulator *accumulator,
                       struct weir_plan *plan) {
    assert_int_equal(weir_accumulator_init(accumulator, plan, &error), WEIR_OK);
    weir_slice_store_init(store, accumulator);
}

enum { SLICES = 40, KEYS = 1 << 20 };

/* W jumps: all windows close at once. Room alone is asked for, so none of it is touched. */
static void memory_of_a_burst_of_slices_goes_back_to_the_system(void **state) {
    (void)state;
    struct weir_plan *plan = longest();
    struct weir_accumulator accumulator;
    struct weir_slice_store store;
    open_store(&store, &accumulator, plan);
    for (int64_t i = 0; i < SLICES; i++) {
        struct weir_slice *slice = weir_slice_store_open(&store, i, i);
        assert_non_null(slice);
        assert_true(weir_slice_expect(&store, slice, KEYS));
    }
    weir_slice_store_sort(&store);
    size_t open = weir_slice_store_bytes(&store);
    assert_true(open > 2 * WEIR_SLICES_KEPT);
    weir_slice_store_drop(&store, SLICES);
    assert_true(weir_slice_store_bytes(&store) <= WEIR_SLICES_KEPT);
    assert_true(weir_slice_store_bytes(&store) >= WEIR_SLICES_KEPT / 2); /* but later slices find some */
    weir_slice_store_fini(&store);
    weir_accumulator_fini(&accumulator);
    weir_plan_release(plan);
}

static void strings_of_closed_slices_count_until_they_are_given_back(void **state) {
    (void)state;
    struct weir_plan *plan = longest();
    struct weir_accumulator accumulator;
    struct weir_slice_store store;
    open_store(&store, &accumulator, plan);
    struct weir_slice *slice = weir_slice_store_open(&store, 0, 0);
    assert_non_null(slice);
    assert_true(weir_slice_reserve(&store, slice, 1));
    assert_non_null(weir_arena_alloc(&slice->heap, 1 << 20));
    weir_slice_store_sort(&store);
    size_t open = weir_slice_store_bytes(&store);
    assert_true(open >= 1 << 20);
    weir_slice_store_drop(&store, 1);
    assert_int_equal(weir_slice_store_bytes(&store), open);
    assert_non_null(weir_slice_store_open(&store, 1, 1));
    assert_int_equal(weir_slice_store_bytes(&store), open);
    weir_slice_store_fini(&store);
    weir_accumulator_fini(&accumulator);
    weir_plan_release(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_of_a_burst_of_slices_goes_back_to_the_system),
        cmocka_unit_test(strings_of_closed_slices_count_until_they_are_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
