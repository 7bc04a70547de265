/* SPDX-License-Identifier: Apache-2.0
 *
 * Direct slices against rows that are added one by one, and back and forth between the shapes.
 */
#include "tests/engine/plans.h"

#include "engine/direct_slice.h"
#include "engine/ingest_direct.h"
#include "engine/pipeline_state.h"
#include "simd/kernels.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

enum { KEYS_MAX = 6000, NULL_KEY = KEYS_MAX, BLOCK = 4096 };

/* Words that share their homes' neighbourhood as random ones do, and 0. */
static uint64_t word_of(int64_t key) { return (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15); }

struct expected {
    int64_t rows, nulls, sum, max;
};

static struct expected expected[KEYS_MAX + 1];

/* COUNT(*), SUM(BIGINT), and MAX where it is asked for: rows of 32 or 40 bytes, slots of 40 or 48. */
static struct weir_plan *plan_with(bool with_max) {
    struct weir_type types[3] = {TIME_, BIGINT_, BIGINT_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 1000, 0, 0);
    plan_key(plan, 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 2);
    if (with_max) plan_call(plan, WEIR_AGGREGATE_MAX, 2);
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

static uint64_t words[BLOCK], hashes[BLOCK], nulls[BLOCK / 64], valid[BLOCK / 64];
static int64_t values[BLOCK];
static uint32_t rows[BLOCK], slots[BLOCK];

/* A block of `count` entries, added in two parts. */
static void add_block(struct weir_slice_store *store, struct weir_slice *slice, int32_t count, int64_t keys,
                      bool some_null) {
    bool selected = chance(50), null_keys = chance(50), null_values = chance(30);
    memset(nulls, 0, sizeof(nulls));
    memset(valid, 0xFF, sizeof(valid));
    for (int32_t i = 0; i < count; i++) {
        rows[i] = (uint32_t)(selected ? count - 1 - i : i);
        bool null = some_null && null_keys && chance(10);
        int64_t key = null ? NULL_KEY : random_below(keys);
        words[i] = null ? word_of(1) : word_of(key);
        if (null) nulls[i / 64] |= UINT64_C(1) << (i % 64);
        values[rows[i]] = random_below(1000) - 500;
        bool is_null = null_values && chance(20);
        if (is_null) valid[rows[i] / 64] &= ~(UINT64_C(1) << (rows[i] % 64));
        expected[key].rows++;
        expected[key].nulls += is_null;
        if (is_null) continue;
        expected[key].sum += values[rows[i]];
        if (values[rows[i]] > expected[key].max) expected[key].max = values[rows[i]];
    }
    weir_simd->hash_u64(words, (size_t)count, store->seed, hashes);
    struct weir_vector arg = {.kind = WEIR_VECTOR_I64, .validity = null_values ? valid : NULL, .i64 = values};
    struct weir_direct_block block = {.keys = {words, some_null && null_keys ? nulls : NULL},
                                      .hashes = hashes,
                                      .rows = selected ? rows : NULL,
                                      .args = &arg,
                                      .slots = slots};
    int32_t first = (int32_t)random_below(count + 1);
    if (first > 0) assert_int_equal(weir_direct_add(store, slice, &block, 0, first, &error), WEIR_OK);
    if (first < count)
        assert_int_equal(weir_direct_add(store, slice, &block, first, count - first, &error), WEIR_OK);
}

static int64_t key_of(uint64_t word) {
    for (int64_t key = 0; key < KEYS_MAX; key++) {
        if (word_of(key) == word) return key;
    }
    return -1;
}

static void check(const struct weir_slice_store *store, const struct weir_slice *slice, bool with_max) {
    static const char *found[BLOCK];
    static uint64_t found_words[BLOCK];
    static bool seen[KEYS_MAX + 1];
    struct weir_direct_walk walk = {.rows = found, .words = found_words};
    int64_t keys = 0, held = 0;
    memset(seen, 0, sizeof(seen));
    while (weir_direct_walk(store, slice, &walk)) {
        for (int32_t i = 0; i < walk.count; i++) {
            bool null = walk.has_null && i == walk.count - 1;
            int64_t key = null ? NULL_KEY : key_of(found_words[i]);
            assert_true(key >= 0);
            assert_false(seen[key]);
            seen[key] = true;
            const int64_t *row = (const int64_t *)(const void *)found[i];
            assert_int_equal(row[0], expected[key].rows);
            assert_int_equal(row[1], expected[key].nulls);
            assert_int_equal(row[2], expected[key].sum);
            if (with_max) assert_int_equal(row[4], expected[key].max);
            keys++;
        }
    }
    for (int64_t key = 0; key <= KEYS_MAX; key++) held += expected[key].rows > 0;
    assert_int_equal(keys, held);
}

static void clear(void) {
    for (int64_t key = 0; key <= KEYS_MAX; key++) expected[key] = (struct expected){0, 0, 0, INT64_MIN};
}

static void rows_are_counted_with_their_keys_whatever_the_shape(void **state) {
    (void)state;
    for (int turn = 0; turn < 24; turn++) {
        random_state = (uint64_t)turn;
        bool with_max = turn % 2 == 1, by_ids = turn % 3 == 2;
        int64_t keys = turn < 8 ? 1 + turn * 3 : 1 + random_below(KEYS_MAX);
        const struct weir_type bigint = BIGINT_;
        struct weir_plan *plan = plan_with(with_max);
        struct weir_accumulator accumulator;
        assert_int_equal(weir_accumulator_init(&accumulator, plan, &error), WEIR_OK);
        struct weir_slice_store store;
        weir_slice_store_init(&store, &accumulator);
        store.seed = (uint64_t)turn;
        store.is_direct = true;
        if (turn % 4 == 3) store.keys_expected = (uint32_t)random_below(2 * KEYS_MAX);
        struct weir_arena arena;
        weir_arena_init(&arena, 0);
        for (int again = 0; again < 2; again++) { /* the second time in memory that was used before */
            struct weir_slice *slice = weir_slice_store_open(&store, again, again);
            struct weir_key_table *table = weir_key_table_create(&bigint, 1, store.seed);
            assert_non_null(table);
            clear();
            for (int i = 0; i < 6; i++) {
                add_block(&store, slice, 1 + (int32_t)random_below(BLOCK), keys, !by_ids);
                if (i % 2 == 0 || by_ids) continue;
                assert_int_equal(weir_direct_to_dense(&store, slice, table, &arena, &error), WEIR_OK);
                assert_true(weir_direct_from_dense(&store, slice, table));
            }
            check(&store, slice, with_max);
            weir_key_table_destroy(&table);
            weir_slice_store_sort(&store);
            weir_slice_store_drop(&store, 1);
        }
        weir_arena_fini(&arena);
        weir_slice_store_fini(&store);
        assert_int_equal(store.bytes, 0);
        weir_accumulator_fini(&accumulator);
        weir_plan_release(plan);
    }
}

static void blocks_of_few_keys_take_no_room_for_many(void **state) {
    (void)state;
    enum { KEYS = 100, SLICES = 20 };
    struct weir_plan *plan = plan_with(false);
    struct weir_accumulator accumulator;
    assert_int_equal(weir_accumulator_init(&accumulator, plan, &error), WEIR_OK);
    struct weir_slice_store store;
    weir_slice_store_init(&store, &accumulator);
    store.is_direct = true;
    for (int64_t i = 0; i < SLICES; i++) {
        struct weir_slice *slice = weir_slice_store_open(&store, i, i);
        clear();
        for (int again = 0; again < 3; again++) add_block(&store, slice, BLOCK, KEYS, true);
        check(&store, slice, false);
    }
    /* Not that of a block's rows, 4096 keys. */
    assert_true(weir_slice_store_bytes(&store) / SLICES < WEIR_DIRECT_BYTES_A_KEY(accumulator.stride) * KEYS * 5);
    weir_slice_store_fini(&store);
    weir_accumulator_fini(&accumulator);
    weir_plan_release(plan);
}

/* ---- many windows that hold few of the keys each ---- */

enum { SPARSE_KEYS = 50000, SPARSE_WINDOWS = 200 };

static enum weir_status push_sparse(struct weir_pipeline *pipeline, int64_t first) {
    static int64_t ts[BLOCK], k[BLOCK];
    static char text[BLOCK][16];
    static const char *names[BLOCK];
    for (int64_t i = 0; i < BLOCK; i++) {
        ts[i] = (first + i) % SPARSE_WINDOWS * 1000;
        k[i] = (first + i) % SPARSE_KEYS;
        snprintf(text[i], sizeof(text[i]), "%lld", (long long)k[i]);
        names[i] = text[i];
    }
    struct ArrowArray batch = batch_of(BLOCK, 3, array_i64(ts, BLOCK, NULL), array_i64(k, BLOCK, NULL),
                                       array_strings(names, BLOCK, false));
    enum weir_status status = weir_pipeline_push(pipeline, 0, &batch, &error);
    if (batch.release != NULL) batch.release(&batch);
    return status;
}

static struct weir_plan *sparse_plan(bool strings) {
    struct weir_type types[3] = {TIME_, BIGINT_, STRING_};
    struct weir_plan *plan = plan_over(3, types);
    plan_window(plan, WEIR_WINDOW_TUMBLE, 1000, 0, 0);
    plan_key(plan, strings ? 2 : 1);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

static struct weir_pipeline *open_sparse(struct weir_plan *plan, int32_t workers, enum weir_slice_shape slices) {
    struct weir_pipeline_options options = {.struct_size = sizeof(options),
                                            .workers = workers,
                                            .strategy = WEIR_STRATEGY_PARTITION_FIRST,
                                            .slices = slices,
                                            .memory_max = (int64_t)(workers == 0 ? 48 : 96) << 20};
    struct weir_pipeline *pipeline = NULL;
    assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
    return pipeline;
}

static enum weir_status run_sparse(bool strings, int32_t workers, enum weir_slice_shape slices, int64_t *rows_out,
                                   bool *became_direct) {
    struct weir_plan *plan = sparse_plan(strings);
    struct weir_pipeline *pipeline = open_sparse(plan, workers, slices);
    enum weir_status status = WEIR_OK;
    for (int64_t first = 0; first < 50 * BLOCK && status == WEIR_OK; first += BLOCK)
        status = push_sparse(pipeline, first);
    *became_direct = pipeline->home.store.is_direct;
    if (status == WEIR_OK) status = weir_pipeline_finish(pipeline, &error);
    struct ArrowArray batch;
    while (status == WEIR_OK && (status = weir_pipeline_next(pipeline, &batch, &error)) == WEIR_OK) {
        *rows_out += batch.length;
        batch.release(&batch);
    }
    weir_pipeline_destroy(&pipeline);
    weir_plan_release(plan);
    return status == WEIR_END ? WEIR_OK : status;
}

static void windows_that_hold_few_of_the_keys_take_little_memory(void **state) {
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        bool strings = turn % 2 == 1, became_direct;
        int32_t workers = turn < 2 ? 0 : 2;
        int64_t out = 0;
        enum weir_status status = run_sparse(strings, workers, WEIR_SLICES_AUTO, &out, &became_direct);
        if (status != WEIR_OK) fail_msg("turn %d: %s", turn, error.message);
        /* Row i is of window i mod 200 and key i mod 50 000: each key in one window. */
        assert_int_equal(out, SPARSE_KEYS);
        if (workers == 0) assert_true(became_direct);
        if (turn > 0) continue;
        assert_int_equal(run_sparse(strings, 0, WEIR_SLICES_DENSE, &out, &became_direct), WEIR_ERR_MEMORY);
        assert_false(became_direct);
    }
}

static void asking_why_leaves_direct_slices_as_small_as_they_are(void **state) {
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        bool strings = turn % 2 == 1;
        struct weir_plan *plan = sparse_plan(strings);
        struct weir_pipeline *pipeline = open_sparse(plan, turn < 2 ? 0 : 2, WEIR_SLICES_AUTO);
        for (int64_t first = 0; first < 50 * BLOCK; first += BLOCK)
            assert_int_equal(push_sparse(pipeline, first), WEIR_OK);
        const char *key = "7";
        struct weir_why_request request = {
            .struct_size = sizeof(request), .has_time = true, .time = 7001, .key = &key, .key_count = 1};
        struct weir_why why = {.struct_size = sizeof(why)};
        for (int asked = 0; asked < 3; asked++) {
            static const int64_t rows_of[] = {5, 0, 1024};
            if (asked == 1) key = "8"; /* of another window */
            if (asked == 2) request.key_count = 0;
            assert_int_equal(weir_pipeline_why(pipeline, &request, &why, NULL, &error), WEIR_OK);
            assert_int_equal(why.rows, rows_of[asked]);
        }
        if (turn < 2) assert_true(pipeline->home.store.is_direct);
        if (weir_pipeline_finish(pipeline, &error) != WEIR_OK) fail_msg("turn %d: %s", turn, error.message);
        weir_pipeline_destroy(&pipeline);
        weir_plan_release(plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_counted_with_their_keys_whatever_the_shape),
        cmocka_unit_test(blocks_of_few_keys_take_no_room_for_many),
        cmocka_unit_test(windows_that_hold_few_of_the_keys_take_little_memory),
        cmocka_unit_test(asking_why_leaves_direct_slices_as_small_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
