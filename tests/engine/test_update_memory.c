/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory of the machine for early and late results: any allocation may fail, and once warm there are none.
 */
#include "engine/machine.h"

#include "tests/engine/interpose.h"
#include "tests/engine/updates.h"

static const char *const texts[] = {NULL, "short", "a text that does not fit into sixteen bytes", "z"};

/* One ms a row, some of them late. */
static void fill(struct row *rows, int32_t count, int64_t at) {
    for (int32_t i = 0; i < count; i++) {
        rows[i] = (struct row){.time = at + i - (i % 5 == 0 ? 15 : 0),
                               .id = (uint32_t)(i % 40),
                               .value = i,
                               .text = texts[i % 4],
                               .before = at == 0 && i == 0 ? NONE : at + i - 1};
    }
}

/* All of it, up to the first failure. */
static enum weir_status try_all(const struct query *query, struct row *rows, int32_t count) {
    struct bench bench;
    bench_plan(&bench, query);
    enum weir_status status =
        weir_update_machine.create(bench.plan, &bench.accumulator, &bench.due, &bench.machine, &error);
    if (status == WEIR_OK) status = weir_update_machine.advance(bench.machine, NONE, 5, 0, &error);
    if (status == WEIR_OK) status = try_block(&bench, rows, 0, count / 2, count / 2 - 1);
    if (status == WEIR_OK) status = weir_update_machine.advance(bench.machine, NONE, 50, count / 2, &error);
    if (status == WEIR_OK) status = try_block(&bench, rows, count / 2, count - count / 2, count - 1);
    if (status == WEIR_OK) status = weir_update_machine.finish(bench.machine, count - 1, count, &error);
    bench_close(&bench);
    return status;
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    static struct row rows[60];
    struct query queries[] = {
        {.window = {WEIR_WINDOW_HOP, 10, 5, 0},
         .emission = {.early_rows = 2, .lateness = 12, .late_fire = true, .late = WEIR_ROWS_FOLD}},
        {.window = {WEIR_WINDOW_CUMULATE, 20, 5, 0},
         .emission = {.early_every = 10, .early_processing_time = true, .mode = WEIR_UPDATE_DISCARDING}},
        {.window = {WEIR_WINDOW_TUMBLE, 10, 0, 0},
         .emission = {.early_every = 4, .mode = WEIR_UPDATE_ACCUMULATING}}};
    fill(rows, 60, 0);
    for (size_t q = 0; q < sizeof(queries) / sizeof(queries[0]); q++) {
        int64_t before = allocations;
        assert_int_equal(try_all(&queries[q], rows, 60), WEIR_OK);
        struct bench bench; /* the plan's own allocations are not the machine's: they come first */
        int64_t all = allocations - before, first = allocations;
        bench_plan(&bench, &queries[q]);
        first = allocations - first;
        bench.machine = NULL;
        bench_close(&bench);
        for (int64_t n = first + 1; n <= all; n++) {
            for (int on = 0; on < 2; on++) {
                atomic_store(&fail_on, on != 0);
                atomic_store(&fail_from, allocations + n);
                enum weir_status status = try_all(&queries[q], rows, 60);
                atomic_store(&fail_from, 0);
                /* what can do without the memory may go on */
                if (on != 0 || status != WEIR_OK) assert_int_equal(status, WEIR_ERR_MEMORY);
            }
        }
    }
}

static void there_are_no_allocations_once_warm(void **state) {
    (void)state;
    static struct row rows[200];
    static const struct weir_window_spec windows[] = {
        {WEIR_WINDOW_TUMBLE, 10, 0, 0}, {WEIR_WINDOW_HOP, 30, 10, 0}, {WEIR_WINDOW_CUMULATE, 20, 5, 0}};
    for (int q = 0; q < 9; q++) {
        struct query query = {.window = windows[q % 3],
                              .emission = {.early_rows = 3, .lateness = 12, .late_fire = true, .early_every = 7},
                              .extremes_only = true};
        query.emission.mode = (enum weir_update_mode)(q / 3);
        struct bench bench;
        int64_t before = 0;
        bench_open(&bench, &query);
        for (int64_t i = 0; i < 40; i++) {
            if (i == 20) before = allocations;
            fill(rows, 200, i * 200);
            give_block(&bench, rows, 0, 200, i * 200 + 199);
            weir_due_clear(&bench.due);
        }
        assert_int_equal(allocations, before);
        bench_close(&bench);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(there_are_no_allocations_once_warm),
    };
    first_thread = pthread_self();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
