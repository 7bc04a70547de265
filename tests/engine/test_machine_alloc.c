/* SPDX-License-Identifier: Apache-2.0
 *
 * The n-th allocation of a per-key machine fails, for every n, alone and with all after it: the call says
 * WEIR_ERR_MEMORY, nothing leaks (the address sanitizer looks), and the machine can be destroyed.
 */
#include "tests/engine/machines.h"

#include "tests/engine/interpose.h"

static struct stream stream;
static struct rig rig;

/* Rows in three blocks, then the end. Stops at the first error. */
static enum weir_status run(const struct weir_machine_kind *kind) {
    enum weir_status status = kind->create(rig.plan, &rig.accumulator, &rig.due, &rig.machine, &error);
    if (status != WEIR_OK) return status;
    int32_t third = stream.count / 3;
    for (int32_t from = 0; status == WEIR_OK && from < stream.count; from += third) {
        status = rig_block(&rig, &stream, from, from + third);
    }
    if (status != WEIR_OK) return status;
    return rig.machine->kind->finish(rig.machine, stream.watermarks[stream.count], stream.count, &error);
}

/* True when all went well, which must be so without a failure. */
static bool run_with_failure(const struct weir_machine_kind *kind, int64_t number, bool on) {
    atomic_store(&fail_on, on);
    atomic_store(&allocations, 0);
    atomic_store(&fail_from, number);
    enum weir_status status = run(kind);
    atomic_store(&fail_from, 0);
    bool reached = number > 0 && atomic_load(&allocations) >= number;
    if (!reached) assert_int_equal(status, WEIR_OK);
    if (status != WEIR_OK) {
        assert_int_equal(status, WEIR_ERR_MEMORY);
        assert_non_null(strstr(error.message, "out of memory"));
    }
    if (rig.machine != NULL) rig.machine->kind->destroy(rig.machine);
    rig.machine = NULL;
    weir_due_fini(&rig.due);
    weir_due_init(&rig.due, &rig.accumulator);
    return !reached;
}

static void every_failing_allocation_is_told(void **state) {
    (void)state;
    static const struct {
        enum weir_window_kind kind;
        int64_t size, slide;
        const struct weir_machine_kind *machine;
    } cases[] = {
        {WEIR_WINDOW_SESSION, 5, 0, &weir_session_machine},
        {WEIR_WINDOW_SESSION, 60, 0, &weir_session_machine},
        {WEIR_WINDOW_SESSION, 40, 30, &weir_session_machine},
        {WEIR_WINDOW_COUNT, 10, 10, &weir_count_machine},
        {WEIR_WINDOW_COUNT, 100, 3, &weir_count_machine},
        {WEIR_WINDOW_COUNT_OR_TIME, 20, 30, &weir_count_or_time_machine},
    };
    stream_random(&stream, 3, 900, 0, 3, 60, 200);
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(cases); i++) {
        memset(&rig, 0, sizeof(rig));
        rig.plan = rig_plan(cases[i].kind, cases[i].size, cases[i].slide, WEIR_END_FLUSH);
        assert_int_equal(weir_accumulator_init(&rig.accumulator, rig.plan, &error), WEIR_OK);
        weir_due_init(&rig.due, &rig.accumulator);
        for (uint32_t k = 0; k < STREAM_KEYS; k++) rig.names[k] = k;
        for (int on = 0; on < 2; on++) {
            int64_t number = 1;
            for (; !run_with_failure(cases[i].machine, number, on); number++) random_state = 1;
            assert_true(number > 10);
        }
        rig_close(&rig);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
