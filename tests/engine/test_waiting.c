/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/plans.h"

#include "engine/ingest_direct.h"
#include "engine/ingest_parts.h"
#include "engine/pipeline_state.h"
#include "tests/engine/arrays.h"
#include "tests/engine/random.h"

enum { ROWS = 20000, BATCH_MOST = 9000 };

/* ---- rows ---- */

static int64_t row_ts[ROWS], row_k[ROWS], row_v[ROWS];
static int32_t row_a[ROWS];
static int8_t row_b[ROWS];
static double row_f[ROWS];
static char valid_k[ROWS + 1], valid_b[ROWS + 1], valid_v[ROWS + 1], valid_f[ROWS + 1];

static char flag(int percent) { return chance(percent) ? '0' : '1'; }

/* Sums of thirds depend on the order in which they are added. */
static void make_rows(void) {
    int64_t keys = 1 + random_below(chance(50) ? 20 : 30000), now = 0, disorder = random_below(40);
    int null_keys = chance(30) ? 5 : 0, null_values = chance(50) ? 10 : 0;
    for (int32_t i = 0; i < ROWS; i++) {
        int64_t key = chance(30) ? random_below(1 + keys / 50) : random_below(keys);
        now += chance(40);
        row_ts[i] = now - (chance(10) ? random_below(disorder + 1) : 0);
        row_k[i] = (int64_t)((uint64_t)key * UINT64_C(0x9E3779B97F4A7C15));
        row_a[i] = (int32_t)key;
        row_b[i] = (int8_t)(key % 3);
        row_v[i] = random_below(2000) - 1000;
        row_f[i] = (double)random_below(100000) / 3;
        valid_k[i] = flag(null_keys);
        valid_b[i] = flag(null_keys);
        valid_v[i] = flag(i < ROWS / 2 ? 0 : null_values); /* none at first */
        valid_f[i] = flag(null_values);
    }
}

static struct ArrowArray batch_at(int32_t at, int32_t count) {
    return batch_of(count, 6, array_i64(row_ts + at, count, NULL), array_i64(row_k + at, count, valid_k + at),
                    array_fixed(row_a + at, sizeof(row_a[0]), count, NULL),
                    array_fixed(row_b + at, sizeof(row_b[0]), count, valid_b + at),
                    array_i64(row_v + at, count, valid_v + at),
                    array_fixed(row_f + at, sizeof(row_f[0]), count, valid_f + at));
}

/* ---- queries ---- */

struct shape {
    struct weir_window_spec window;
    int64_t delay;
    bool packed; /* the key is two columns in one word, else one of 64 bits */
    bool filter, at_end;
};

static struct shape random_shape(void) {
    struct shape shape = {
        .delay = random_below(50), .packed = chance(40), .filter = chance(30), .at_end = chance(20)};
    shape.window.kind =
        chance(10) ? WEIR_WINDOW_NONE : (enum weir_window_kind)(WEIR_WINDOW_TUMBLE + random_below(3));
    shape.window.slide = 1 + random_below(1000);
    shape.window.size = shape.window.slide * (1 + random_below(8));
    if (shape.window.kind == WEIR_WINDOW_TUMBLE) shape.window.slide = 0;
    return shape;
}

/* WHERE v > 0; COUNT(*), COUNT(v), SUM(v), SUM(f), MIN(f), MAX(ts). */
static struct weir_plan *plan_of(const struct shape *shape) {
    struct weir_type types[6] = {TIME_,   BIGINT_, weir_type_of(WEIR_TYPE_INT), weir_type_of(WEIR_TYPE_TINYINT),
                                 BIGINT_, DOUBLE_};
    struct weir_plan *plan = plan_over(6, types);
    if (shape->window.kind != WEIR_WINDOW_NONE) {
        plan_window(plan, shape->window.kind, shape->window.size, shape->window.slide, 0);
        if (!shape->at_end) plan_delay(plan, shape->delay);
    }
    if (shape->filter) {
        struct weir_expr *args[2] = {plan_column(plan, 4),
                                     weir_expr_literal(&plan->arena, BIGINT_, (union weir_value){.i64 = 0})};
        plan->filter = weir_expr_node(&plan->arena, WEIR_EXPR_GT, weir_type_of(WEIR_TYPE_BOOLEAN), 2, args);
    }
    plan_key(plan, shape->packed ? 2 : 1);
    if (shape->packed) plan_key(plan, 3);
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_COUNT, 4);
    plan_call(plan, WEIR_AGGREGATE_SUM, 4);
    plan_call(plan, WEIR_AGGREGATE_SUM, 5);
    plan_call(plan, WEIR_AGGREGATE_MIN, 5);
    plan_call(plan, WEIR_AGGREGATE_MAX, 0);
    plan_outputs(plan, 0);
    if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    return plan;
}

/* ---- a run ---- */

struct run {
    enum weir_waiting waiting;
    size_t room;
    bool asks; /* why, between two batches */
    bool turns;
};

/* A sum over the rows, each of which counts with all of its bits. */
struct outcome {
    int64_t rows;
    uint64_t digest;
    int64_t aggregated;
    int64_t waited; /* most rows that waited after a batch */
    int64_t own;    /* times that slices lived where their rows waited, after a batch */
    int64_t sums;   /* most sums that were kept then */
};

static uint64_t mix(uint64_t digest, uint64_t word) {
    uint64_t x = (digest ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return x ^ (x >> 29);
}

static void take_result(struct ArrowArray *array, bool packed, struct outcome *out) {
    for (int64_t r = 0; r < array->length; r++) {
        uint64_t digest = 1;
        for (int64_t c = 0; c < array->n_children; c++) {
            const struct ArrowArray *column = array->children[c];
            const uint64_t *validity = column->buffers[0];
            bool valid = validity == NULL || weir_bit_get(validity, (size_t)r);
            size_t width = packed && c == WEIR_RESULT_KEYS ? 4 : packed && c == WEIR_RESULT_KEYS + 1 ? 1 : 8;
            uint64_t word = 0;
            if (valid) memcpy(&word, (const char *)column->buffers[1] + (size_t)r * width, width);
            digest = mix(mix(digest, valid), word);
        }
        out->digest += digest;
    }
    out->rows += array->length;
    array->release(array);
}

static void take_results(struct weir_pipeline *pipeline, bool packed, struct outcome *out) {
    struct ArrowArray array;
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) take_result(&array, packed, out);
}

static void ask_why(struct weir_pipeline *pipeline) {
    struct weir_why why = {.struct_size = sizeof(why)};
    if (weir_pipeline_why(pipeline, NULL, &why, NULL, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(pipeline->home.waiting.rows, 0);
}

static void look_at_sets(const struct weir_part_rows *waiting, struct outcome *out) {
    for (int32_t s = 0; s < waiting->sets_count; s++) {
        out->own += waiting->sets[s].is_own;
        if (waiting->sets[s].sums > out->sums) out->sums = waiting->sets[s].sums;
    }
}

static struct outcome run_of(const struct shape *shape, const struct run *run, uint64_t batches) {
    struct outcome out = {.rows = 0};
    struct weir_plan *plan = plan_of(shape);
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .waiting = run->waiting};
    struct weir_pipeline *pipeline = NULL;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    pipeline->home.setup.waiting_max = run->room;
    random_state = batches;
    for (int32_t at = 0; at < ROWS;) {
        int32_t count = 1 + (int32_t)random_below(BATCH_MOST);
        if (count > ROWS - at) count = ROWS - at;
        push_ok(pipeline, batch_at(at, count));
        at += count;
        if (pipeline->home.waiting.rows > out.waited) out.waited = pipeline->home.waiting.rows;
        look_at_sets(&pipeline->home.waiting, &out);
        bool asks = chance(20), turns = chance(20), direct = chance(50);
        if (run->asks && asks) ask_why(pipeline);
        if (run->turns && turns) {
            assert_int_equal((direct ? weir_ingest_turn_direct : weir_ingest_turn_dense)(&pipeline->home, &error),
                             WEIR_OK);
        }
        take_results(pipeline, shape->packed, &out);
    }
    finish_ok(pipeline);
    take_results(pipeline, shape->packed, &out);
    out.aggregated = stats_of(pipeline).aggregated;
    close_all(pipeline, plan);
    return out;
}

static void rows_that_wait_give_the_results_of_rows_that_do_not(void **state) {
    (void)state;
    const char *seed = getenv("WEIR_TEST_SEED"), *cases = getenv("WEIR_TEST_CASES");
    uint64_t first = seed == NULL ? 20261123 : strtoull(seed, NULL, 0);
    int64_t count = cases == NULL ? 30 : strtoll(cases, NULL, 0), waited = 0, own = 0, sums = 0;
    for (int64_t i = 0; i < count; i++) {
        random_state = first + (uint64_t)i;
        struct shape shape = random_shape();
        make_rows();
        const struct run plain = {.waiting = WEIR_WAITING_NEVER};
        uint64_t batches = random_next();
        struct outcome wanted = run_of(&shape, &plain, batches);
        assert_int_equal(wanted.waited, 0);
        for (int r = 0; r < 3; r++) {
            const struct run run = {.waiting = WEIR_WAITING_ALWAYS,
                                    .room = r == 0 ? 1 : (size_t)1 << (16 + r * 4),
                                    .asks = (i + r) % 3 == 0,
                                    .turns = (i + r) % 4 == 0};
            struct outcome got = run_of(&shape, &run, batches);
            if (got.rows != wanted.rows || got.digest != wanted.digest || got.aggregated != wanted.aggregated)
                fail_msg("WEIR_TEST_SEED=%llu WEIR_TEST_CASES=1, run %d: %lld rows, wanted %lld; aggregated %lld, "
                         "wanted %lld; window %d, packed %d, filter %d",
                         (unsigned long long)first + (uint64_t)i, r, (long long)got.rows, (long long)wanted.rows,
                         (long long)got.aggregated, (long long)wanted.aggregated, shape.window.kind, shape.packed,
                         shape.filter);
            bool may_own = shape.window.kind == WEIR_WINDOW_NONE || shape.window.kind == WEIR_WINDOW_TUMBLE;
            if (!may_own) assert_int_equal(got.own, 0);
            waited += got.waited;
            own += got.own;
            sums += got.sums;
        }
    }
    assert_true(waited > 0);
    if (count >= 30) assert_true(own > 0 && sums > 0);
}

/* ---- a window of more rows than may wait for the caller ---- */

enum { MANY = 1200000, MANY_BATCH = 100000, MANY_SIZE = 1000 };

static struct weir_plan *plan_of_many(void) {
    const struct shape shape = {.window = {.kind = WEIR_WINDOW_TUMBLE, .size = MANY_SIZE}, .at_end = true};
    return plan_of(&shape);
}

/* Two rows a key in the first window, one in the second. */
static struct ArrowArray many_at(int64_t from, int64_t window) {
    static int64_t ts[MANY_BATCH], k[MANY_BATCH], v[MANY_BATCH];
    static int32_t a[MANY_BATCH];
    static int8_t b[MANY_BATCH];
    static double f[MANY_BATCH];
    static char valid[MANY_BATCH + 1];
    for (int64_t i = 0; i < MANY_BATCH; i++) {
        uint64_t row = (uint64_t)(from + i);
        ts[i] = window * MANY_SIZE + (from + i) * MANY_SIZE / (2 * MANY);
        k[i] = (int64_t)(row % MANY * UINT64_C(0x9E3779B97F4A7C15));
        v[i] = (int64_t)(row % 1000);
        f[i] = (double)(row % 100003) / 3;
        valid[i] = row % 5000 == 0 ? '0' : '1';
    }
    return batch_of(MANY_BATCH, 6, array_i64(ts, MANY_BATCH, NULL), array_i64(k, MANY_BATCH, valid),
                    array_fixed(a, sizeof(a[0]), MANY_BATCH, NULL), array_fixed(b, sizeof(b[0]), MANY_BATCH, NULL),
                    array_i64(v, MANY_BATCH, NULL), array_fixed(f, sizeof(f[0]), MANY_BATCH, NULL));
}

enum meanwhile { NOTHING, ROWS_COME, SOMEBODY_ASKS };

/* What comes of it when results are taken one by one, and in between something else is done. */
static struct outcome run_many(enum weir_waiting waiting, enum meanwhile meanwhile, int64_t *windows) {
    struct outcome out = {.rows = 0};
    struct weir_plan *plan = plan_of_many();
    struct weir_pipeline_options options = {.struct_size = sizeof(options), .waiting = waiting};
    struct weir_pipeline *pipeline = NULL;
    if (weir_pipeline_create_plan(plan, &options, &pipeline, &error) != WEIR_OK) fail_msg("%s", error.message);
    for (int64_t at = 0; at < 2 * MANY; at += MANY_BATCH) push_ok(pipeline, many_at(at, 0));
    assert_int_equal(weir_pipeline_advance(pipeline, 0, MANY_SIZE - 1, &error), WEIR_OK);
    look_at_sets(&pipeline->home.waiting, &out);
    int64_t from = 0;
    struct ArrowArray array;
    while (weir_pipeline_next(pipeline, &array, &error) == WEIR_OK) {
        take_result(&array, false, &out);
        if (meanwhile == ROWS_COME && from < MANY) push_ok(pipeline, many_at(from, 1));
        from += MANY_BATCH;
        if (meanwhile == SOMEBODY_ASKS && from == 3 * MANY_BATCH) ask_why(pipeline);
    }
    for (; meanwhile == ROWS_COME && from < MANY; from += MANY_BATCH) push_ok(pipeline, many_at(from, 1));
    for (int64_t at = 0; meanwhile != ROWS_COME && at < MANY; at += MANY_BATCH) push_ok(pipeline, many_at(at, 1));
    finish_ok(pipeline);
    take_results(pipeline, false, &out);
    *windows = stats_of(pipeline).windows_fired;
    close_all(pipeline, plan);
    return out;
}

static void a_window_of_many_keys_leaves_piece_by_piece(void **state) {
    (void)state;
    int64_t windows, wanted_windows;
    struct outcome wanted = run_many(WEIR_WAITING_NEVER, NOTHING, &wanted_windows);
    /* Left to itself a slice of so many keys has some in the store when its rows begin to wait. */
    for (int i = NOTHING; i <= SOMEBODY_ASKS + 1; i++) {
        bool is_left = i > SOMEBODY_ASKS;
        struct outcome got = run_many(is_left ? WEIR_WAITING_AUTO : WEIR_WAITING_ALWAYS,
                                      is_left ? ROWS_COME : (enum meanwhile)i, &windows);
        assert_int_equal(got.own, 1); /* of the window that fires some is still there */
        assert_int_equal(got.rows, wanted.rows);
        assert_true(got.digest == wanted.digest);
        assert_int_equal(windows, wanted_windows);
    }
}

static void queries_whose_rows_cannot_wait_are_told_apart(void **state) {
    (void)state;
    struct weir_type types[3] = {TIME_, BIGINT_, STRING_};
    for (int kind = 0; kind < 5; kind++) {
        struct weir_plan *plan = plan_over(3, types);
        plan_window(plan, kind == 3 ? WEIR_WINDOW_SESSION : WEIR_WINDOW_TUMBLE, 1000, 0, 0);
        plan_key(plan, kind == 1 ? 2 : 1);
        plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
        plan_call(plan, WEIR_AGGREGATE_MAX, kind == 2 ? 2 : 1);
        plan_outputs(plan, 0);
        if (kind == 4) plan->limit = 5; /* of rows in whatever order they are */
        if (weir_plan_validate(plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
        struct weir_pipeline_options options = {.struct_size = sizeof(options), .waiting = WEIR_WAITING_ALWAYS};
        struct weir_pipeline *pipeline = NULL;
        assert_int_equal(weir_pipeline_create_plan(plan, &options, &pipeline, &error), WEIR_OK);
        assert_int_equal(weir_ingest_may_part(&pipeline->home), kind == 0);
        weir_pipeline_destroy(&pipeline);
        weir_plan_release(plan);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_wait_give_the_results_of_rows_that_do_not),
        cmocka_unit_test(a_window_of_many_keys_leaves_piece_by_piece),
        cmocka_unit_test(queries_whose_rows_cannot_wait_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
