/* SPDX-License-Identifier: Apache-2.0
 *
 * Accumulator rows of a plan with one column, to add to and to finish.
 */
#ifndef WEIR_TESTS_ENGINE_ACCUMULATORS_H
#define WEIR_TESTS_ENGINE_ACCUMULATORS_H

#include "engine/accumulator.h"
#include "tests/engine/plans.h"

/* A plan with one column, its aggregates, and accumulator rows to add to. */
struct bench {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_arena heap, out;
    char *rows;
    uint32_t keys;
};

/* Of as many keys; 0: of a plan that has none, and the one row that it needs. */
static inline void open_bench(struct bench *bench, struct weir_type type, uint32_t keys, int32_t count,
                              const enum weir_aggregate_function *functions) {
    memset(bench, 0, sizeof(*bench));
    bench->plan = plan_over(1, &type);
    if (keys > 0) plan_key(bench->plan, 0);
    if (keys == 0) keys = 1;
    for (int32_t i = 0; i < count; i++) plan_call(bench->plan, functions[i], 0);
    plan_outputs(bench->plan, WEIR_RESULT_KEYS);
    if (weir_plan_validate(bench->plan, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(weir_accumulator_init(&bench->accumulator, bench->plan, &error), WEIR_OK);
    bench->keys = keys;
    bench->rows = aligned_alloc(64, weir_round_up(keys * bench->accumulator.stride, 64));
    assert_non_null(bench->rows);
    weir_accumulator_fresh(&bench->accumulator, bench->rows, 0, keys);
}

static inline void close_bench(struct bench *bench) {
    free(bench->rows);
    weir_arena_fini(&bench->heap);
    weir_arena_fini(&bench->out);
    weir_accumulator_fini(&bench->accumulator);
    weir_plan_release(bench->plan);
}

static inline void add_all(struct bench *bench, const uint32_t *ids, int32_t count, struct weir_vector vector) {
    assert_int_equal(weir_accumulator_add(&bench->accumulator, bench->rows, bench->keys, ids, NULL, count, &vector,
                                          &bench->heap, &error),
                     WEIR_OK);
}

static inline enum weir_status finish_call(struct bench *bench, int32_t call, uint32_t key,
                                           struct weir_vector *out) {
    const char *row = bench->rows + (size_t)key * bench->accumulator.stride;
    return weir_accumulator_finish(&bench->accumulator, bench->plan, call, &row, 1, &bench->out, out, &error);
}

static inline struct weir_vector result(struct bench *bench, int32_t call, uint32_t key) {
    struct weir_vector out;
    if (finish_call(bench, call, key, &out) != WEIR_OK) fail_msg("%s", error.message);
    return out;
}

static inline bool is_null(const struct weir_vector *vector) {
    return vector->validity != NULL && !weir_bit_get(vector->validity, 0);
}

#endif
