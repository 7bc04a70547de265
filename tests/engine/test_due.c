/* SPDX-License-Identifier: Apache-2.0
 *
 * SEMANTICS.md, 4: the order in which results leave.
 */
#include "engine/due.h"

#include "tests/engine/machines.h"

/* Rows of COUNT(*) and MAX of a STRING. */
struct bench {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_due due;
};

static void open_bench(struct bench *bench) {
    struct weir_type types[2] = {TIME_, STRING_};
    memset(bench, 0, sizeof(*bench));
    bench->plan = plan_over(2, types);
    assert_non_null(bench->plan);
    plan_call(bench->plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(bench->plan, WEIR_AGGREGATE_MAX, 1);
    bench->plan->aggregate_programs = weir_arena_array(&bench->plan->arena, 2, sizeof(void *));
    assert_int_equal(weir_accumulator_init(&bench->accumulator, bench->plan, &error), WEIR_OK);
    weir_due_init(&bench->due, &bench->accumulator);
}

static void close_bench(struct bench *bench) {
    weir_due_fini(&bench->due);
    weir_accumulator_fini(&bench->accumulator);
    weir_plan_release(bench->plan);
}

static size_t text_offset(const struct bench *bench) {
    return (size_t)bench->accumulator.fields[bench->accumulator.call_field[1]].offset;
}

static void add(struct bench *bench, struct weir_due *due, int64_t sequence, int64_t end, uint32_t id,
                const char *text) {
    char row[256] = {0}, bytes[64];
    struct weir_due_entry entry = {.sequence = sequence, .start = end - 1, .end = end, .id = id};
    assert_true(bench->accumulator.stride <= sizeof(row));
    weir_accumulator_fresh(&bench->accumulator, row, 0, 1);
    if (text != NULL) {
        size_t length = strlen(text);
        memcpy(bytes, text, length);
        struct weir_held_string held = {bytes, (uint32_t)length, sizeof(bytes)};
        memcpy(row + text_offset(bench), &held, sizeof(held));
    }
    assert_int_equal(weir_due_add(due, entry, row, &error), WEIR_OK);
    memset(bytes, '?', sizeof(bytes)); /* the list holds a copy */
}

static void expect(const struct bench *bench, const struct weir_due *due, uint32_t entry, uint32_t id,
                   const char *text) {
    struct weir_held_string held;
    assert_true(entry < due->count);
    assert_int_equal(due->entries[entry].id, id);
    memcpy(&held, weir_due_row(due, entry) + text_offset(bench), sizeof(held));
    assert_int_equal(held.capacity == 0, text == NULL);
    if (text == NULL) return;
    assert_int_equal(held.length, strlen(text));
    if (held.length > 0) assert_memory_equal(held.data, text, held.length);
}

static void entries_own_their_rows(void **state) {
    (void)state;
    struct bench bench;
    open_bench(&bench);
    for (uint32_t i = 0; i < 1000; i++) {
        char text[32];
        snprintf(text, sizeof(text), "text %u", i);
        add(&bench, &bench.due, 0, i, i, i % 3 == 0 ? NULL : i % 3 == 1 ? "" : text);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        char text[32];
        snprintf(text, sizeof(text), "text %u", i);
        expect(&bench, &bench.due, i, i, i % 3 == 0 ? NULL : i % 3 == 1 ? "" : text);
    }
    size_t bytes = weir_due_bytes(&bench.due);
    weir_due_clear(&bench.due);
    assert_int_equal(bench.due.count, 0);
    for (uint32_t i = 0; i < 1000; i++) add(&bench, &bench.due, 0, i, i, "text 000");
    assert_true(weir_due_bytes(&bench.due) <= bytes); /* memory is kept, and is enough */
    close_bench(&bench);
}

static void results_are_ordered_by_sequence_then_end_then_as_they_came(void **state) {
    (void)state;
    struct bench bench;
    open_bench(&bench);
    add(&bench, &bench.due, 9, 1, 100, "before `from`");
    add(&bench, &bench.due, 5, 20, 4, "d");
    add(&bench, &bench.due, 5, 10, 2, "b");
    add(&bench, &bench.due, 0, 90, 1, "a");
    add(&bench, &bench.due, 5, 10, 3, "c"); /* -U and +U of one window: they stay in this order */
    add(&bench, &bench.due, -1, INT64_MAX, 0, NULL);
    weir_due_sort(&bench.due, 1);
    static const char *const texts[] = {"before `from`", NULL, "a", "b", "c", "d"};
    for (uint32_t i = 0; i < 6; i++) expect(&bench, &bench.due, i, i == 0 ? 100 : i - 1, texts[i]);
    weir_due_sort(&bench.due, 6); /* none */
    close_bench(&bench);
}

/* Ranges of one digit, of several, of none, and the ends of the range. */
static void many_results_are_ordered(void **state) {
    (void)state;
    static const int64_t steps[] = {1, 1000, INT64_C(1) << 21, 0, INT64_C(1) << 40, INT64_MAX / 10};
    enum { STEPS = sizeof(steps) / sizeof(steps[0]), COUNT = 3000 };
    random_state = 11;
    for (int turn = 0; turn < STEPS * STEPS; turn++) {
        struct bench bench;
        open_bench(&bench);
        for (uint32_t i = 0; i < COUNT; i++) {
            int64_t sequence = (random_below(21) - 10) * steps[turn % STEPS];
            add(&bench, &bench.due, sequence, (random_below(21) - 10) * steps[turn / STEPS], i, NULL);
            if (i == 1000) weir_due_sort(&bench.due, 0); /* what comes later joins what is in order */
        }
        weir_due_sort(&bench.due, 0);
        for (uint32_t i = 1; i < COUNT; i++) {
            const struct weir_due_entry *a = &bench.due.entries[i - 1], *b = &bench.due.entries[i];
            assert_true(a->sequence < b->sequence ||
                        (a->sequence == b->sequence && (a->end < b->end || (a->end == b->end && a->id < b->id))));
        }
        close_bench(&bench);
    }
}

static void taking_over_translates_ids_and_empties(void **state) {
    (void)state;
    struct bench bench;
    struct weir_due from;
    static const uint32_t ids[] = {7, 5, 6};
    open_bench(&bench);
    weir_due_init(&from, &bench.accumulator);
    assert_int_equal(weir_due_take(&bench.due, &from, ids, &error), WEIR_OK);
    assert_int_equal(bench.due.count, 0);
    for (int round = 0; round < 3; round++) { /* into an empty list, then behind what is there */
        add(&bench, &from, 0, 1, 1, "one");
        add(&bench, &from, 0, 2, 2, NULL);
        assert_int_equal(weir_due_take(&bench.due, &from, round == 2 ? NULL : ids, &error), WEIR_OK);
        assert_int_equal(from.count, 0);
        add(&bench, &from, 0, 3, 0, "gone");
        weir_due_clear(&from);
    }
    assert_int_equal(bench.due.count, 6);
    for (uint32_t i = 0; i < 6; i++) {
        expect(&bench, &bench.due, i, i < 4 ? ids[1 + i % 2] : 1 + i % 2, i % 2 == 0 ? "one" : NULL);
    }
    weir_due_fini(&from);
    close_bench(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_own_their_rows),
        cmocka_unit_test(results_are_ordered_by_sequence_then_end_then_as_they_came),
        cmocka_unit_test(many_results_are_ordered),
        cmocka_unit_test(taking_over_translates_ids_and_empties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
