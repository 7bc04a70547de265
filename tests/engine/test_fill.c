/* SPDX-License-Identifier: Apache-2.0
 *
 * FILL: rows for the windows of a key that hold none (SEMANTICS.md 1), windows by number, rows as
 * "window/key:values".
 */
#include "engine/fill.h"

#include <math.h>

#include "engine/fill_value.h"
#include "tests/engine/plans.h"

#define DECIMAL_ weir_type_decimal(38, 0)

enum { KEYS = 8 };

struct bench {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_fill *fill;
    struct weir_arena heap;
    char *rows; /* one accumulator row a key */
    struct text lines;
};

/* Over (ts, key, number, text): COUNT(*), SUM(number) and, `texts`, MAX(text). */
static void open_bench(struct bench *bench, enum weir_fill_kind kind, int64_t windows_max, bool texts) {
    struct weir_type types[4] = {TIME_, BIGINT_, BIGINT_, STRING_};
    memset(bench, 0, sizeof(*bench));
    bench->plan = plan_over(4, types);
    plan_window(bench->plan, WEIR_WINDOW_TUMBLE, 10, 0, 0);
    plan_key(bench->plan, 1);
    plan_call(bench->plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(bench->plan, WEIR_AGGREGATE_SUM, 2);
    if (texts) plan_call(bench->plan, WEIR_AGGREGATE_MAX, 3);
    plan_outputs(bench->plan, 0);
    if (weir_plan_validate(bench->plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    bench->plan->fill = (struct weir_fill_spec){.kind = kind, .windows_max = windows_max};
    if (kind == WEIR_FILL_VALUE) {
        bench->plan->fill.values = weir_arena_array(&bench->plan->arena, 3, sizeof(struct weir_expr *));
        for (int64_t call = 0; call < 3; call++) {
            bench->plan->fill.values[call] =
                weir_expr_literal(&bench->plan->arena, BIGINT_, (union weir_value){.i64 = call - 1});
        }
    }
    assert_int_equal(weir_accumulator_init(&bench->accumulator, bench->plan, &error), WEIR_OK);
    if (weir_fill_create(bench->plan, &bench->accumulator, &bench->fill, &error) != WEIR_OK)
        fail_msg("create: %s", error.message);
    bench->rows = calloc(KEYS, bench->accumulator.stride);
    assert_non_null(bench->rows);
    text_add(&bench->lines, "%s", "");
}

static void close_bench(struct bench *bench) {
    weir_fill_destroy(bench->fill);
    free(bench->rows);
    weir_arena_fini(&bench->heap);
    weir_accumulator_fini(&bench->accumulator);
    weir_plan_release(bench->plan);
    text_free(&bench->lines);
}

struct real {
    uint32_t id;
    int64_t number; /* INT64_MIN: NULL */
    const char *text;
};

/* A window of count rows, each the only one of its key. */
static void give(struct bench *bench, int64_t window, int32_t count, const struct real *reals) {
    uint32_t ids[KEYS];
    const char *rows[KEYS];
    weir_accumulator_fresh(&bench->accumulator, bench->rows, 0, KEYS);
    for (int32_t i = 0; i < count; i++) {
        uint64_t some = reals[i].number != INT64_MIN, text_some = reals[i].text != NULL;
        struct weir_string text = {reals[i].text, reals[i].text == NULL ? 0 : (int64_t)strlen(reals[i].text)};
        struct weir_vector args[2] = {{.kind = WEIR_VECTOR_I64, .validity = &some, .i64 = &reals[i].number},
                                      {.kind = WEIR_VECTOR_STRING, .validity = &text_some, .strings = &text}};
        uint32_t at = (uint32_t)i, row = 0;
        assert_int_equal(
            weir_accumulator_add(&bench->accumulator, bench->rows, KEYS, &at, &row, 1, args, &bench->heap, &error),
            WEIR_OK);
        ids[i] = reals[i].id;
        rows[i] = bench->rows + (size_t)i * bench->accumulator.stride;
    }
    if (weir_fill_window(bench->fill, window, ids, rows, (uint32_t)count, &error) != WEIR_OK)
        fail_msg("window: %s", error.message);
    memset(bench->rows, 0xEE, KEYS * bench->accumulator.stride); /* they may be used again at once */
    weir_arena_reset(&bench->heap);
}

static void give_one(struct bench *bench, int64_t window, uint32_t id, int64_t number, const char *text) {
    struct real real = {id, number, text};
    give(bench, window, 1, &real);
}

static void add_value(struct text *text, const struct weir_vector *vector, size_t row) {
    if (vector->validity != NULL && !weir_bit_get(vector->validity, row)) {
        text_add(text, "-");
    } else if (vector->kind == WEIR_VECTOR_STRING) {
        text_add(text, "%.*s", (int)vector->strings[row].length, vector->strings[row].data);
    } else {
        text_add(text, "%lld", (long long)vector->i64[row]);
    }
}

/* Takes the rows of the advance. */
static void take(struct bench *bench) {
    struct weir_fill_block block;
    enum weir_status status;
    bench->lines.length = 0;
    text_add(&bench->lines, "%s", "");
    while ((status = weir_fill_next(bench->fill, &block, &error)) == WEIR_OK) {
        assert_in_range(block.count, 1, WEIR_BLOCK_ROWS);
        for (int32_t i = 0; i < block.count; i++) {
            text_add(&bench->lines, "%lld/%u:", (long long)block.windows[i], block.ids[i]);
            for (int32_t call = 0; call < bench->plan->aggregates_count; call++) {
                if (call > 0) text_add(&bench->lines, ",");
                add_value(&bench->lines, &block.vectors[call], (size_t)i);
            }
            text_add(&bench->lines, " ");
        }
    }
    assert_int_equal(status, WEIR_END);
}

static void expect(struct bench *bench, const char *lines) {
    take(bench);
    assert_string_equal(bench->lines.bytes, lines);
}

static void null_fills_every_aggregate_between_two_windows_of_a_key(void **state) {
    (void)state;
    struct bench bench;
    open_bench(&bench, WEIR_FILL_NULL, -1, false);
    give_one(&bench, 1, 0, 5, NULL);
    give_one(&bench, 4, 0, 6, NULL);
    expect(&bench, "1/0:1,5 2/0:-,- 3/0:-,- 4/0:1,6 ");
    close_bench(&bench);
}

static void prev_repeats_the_last_window_that_holds_rows(void **state) {
    (void)state;
    struct bench bench;
    open_bench(&bench, WEIR_FILL_PREV, -1, true);
    give_one(&bench, 1, 0, 5, "a text that is longer than sixteen bytes");
    expect(&bench, "1/0:1,5,a text that is longer than sixteen bytes ");
    give_one(&bench, 3, 0, 6, "b");
    give_one(&bench, 5, 0, INT64_MIN, NULL);
    expect(&bench, "2/0:1,5,a text that is longer than sixteen bytes 3/0:1,6,b 4/0:1,6,b 5/0:1,-,- ");
    give_one(&bench, 7, 0, 1, "");
    expect(&bench, "6/0:1,-,- 7/0:1,1, ");
    give_one(&bench, 9, 0, 1, "x");
    expect(&bench, "8/0:1,1, 9/0:1,1,x ");
    close_bench(&bench);
}

static void a_value_stands_for_each_aggregate(void **state) {
    (void)state;
    struct bench bench;
    open_bench(&bench, WEIR_FILL_VALUE, -1, false);
    give_one(&bench, -2, 0, 5, NULL);
    give_one(&bench, 1, 0, 6, NULL);
    expect(&bench, "-2/0:1,5 -1/0:-1,0 0/0:-1,0 1/0:1,6 ");
    close_bench(&bench);
}

static void linear_goes_straight_from_one_window_to_the_next(void **state) {
    (void)state;
    struct bench bench;
    open_bench(&bench, WEIR_FILL_LINEAR, -1, false);
    give_one(&bench, 1, 0, 10, NULL);
    expect(&bench, "1/0:1,10 ");
    give_one(&bench, 5, 0, 3, NULL);
    expect(&bench, "2/0:1,9 3/0:1,7 4/0:1,5 5/0:1,3 "); /* -7/4, -14/4 and -21/4 towards zero */
    give_one(&bench, 7, 0, INT64_MIN, NULL);
    give_one(&bench, 9, 0, 1, NULL);
    expect(&bench, "6/0:1,- 7/0:1,- 8/0:1,- 9/0:1,1 ");
    close_bench(&bench);
}

static void a_filled_row_comes_with_the_later_of_its_windows_in_order_of_window_end(void **state) {
    (void)state;
    struct bench bench;
    open_bench(&bench, WEIR_FILL_NULL, -1, false);
    give(&bench, 1, 2, (struct real[]){{0, 5, NULL}, {1, 6, NULL}});
    expect(&bench, "1/0:1,5 1/1:1,6 ");
    give_one(&bench, 3, 2, 7, NULL); /* nothing is known of keys 0 and 1 yet */
    expect(&bench, "3/2:1,7 ");
    give_one(&bench, 4, 1, 8, NULL);
    give(&bench, 6, 2, (struct real[]){{2, 9, NULL}, {0, 1, NULL}});
    expect(&bench, "2/0:-,- 2/1:-,- 3/0:-,- 3/1:-,- 4/1:1,8 4/0:-,- 4/2:-,- 5/0:-,- 5/2:-,- 6/2:1,9 6/0:1,1 ");
    close_bench(&bench);
}

static void a_key_that_was_away_for_too_many_windows_begins_anew(void **state) {
    (void)state;
    struct bench bench;
    uint64_t bits[1] = {0};
    open_bench(&bench, WEIR_FILL_PREV, 2, true);
    give(&bench, 0, 2, (struct real[]){{0, 1, "a"}, {1, 2, "b"}});
    give_one(&bench, 3, 0, 3, "c"); /* two empty windows */
    give_one(&bench, 4, 1, 4, "d"); /* three */
    expect(&bench, "0/0:1,1,a 0/1:1,2,b 1/0:1,1,a 2/0:1,1,a 3/0:1,3,c 4/1:1,4,d ");
    weir_fill_held(bench.fill, 5, bits);
    assert_int_equal(bits[0], 3);
    bits[0] = 0;
    weir_fill_held(bench.fill, 6, bits);
    assert_int_equal(bits[0], 2); /* key 0 could have been filled up to window 5 */
    close_bench(&bench);
}

static void keys_that_are_held_can_be_renamed(void **state) {
    (void)state;
    static const uint32_t ids[3] = {9999, 4, 0};
    struct bench bench;
    uint64_t bits[1] = {0};
    open_bench(&bench, WEIR_FILL_PREV, 3, true);
    give_one(&bench, 0, 0, 1, "a");
    give(&bench, 2, 2, (struct real[]){{1, 2, "b"}, {2, 3, "a text that is longer than sixteen bytes"}});
    take(&bench);
    weir_fill_held(bench.fill, 4, bits);
    assert_int_equal(bits[0], 6);
    assert_int_equal(weir_fill_rename(bench.fill, 4, ids, &error), WEIR_OK);
    give(&bench, 5, 3, (struct real[]){{0, 7, "x"}, {1, 8, "y"}, {4, 9, "z"}});
    expect(&bench, "3/0:1,3,a text that is longer than sixteen bytes 3/4:1,2,b "
                   "4/0:1,3,a text that is longer than sixteen bytes 4/4:1,2,b "
                   "5/0:1,7,x 5/1:1,8,y 5/4:1,9,z ");
    close_bench(&bench);
}

static void memory_is_that_of_keys_and_real_rows_however_many_are_filled(void **state) {
    (void)state;
    struct bench bench;
    int64_t rows = 0, expected = 0;
    struct weir_fill_block block;
    open_bench(&bench, WEIR_FILL_LINEAR, -1, false);
    size_t before = weir_fill_bytes(bench.fill);
    give(&bench, 0, 2, (struct real[]){{0, 0, NULL}, {1, 0, NULL}});
    give(&bench, 200000, 2, (struct real[]){{0, 200000, NULL}, {1, -200000, NULL}});
    while (weir_fill_next(bench.fill, &block, &error) == WEIR_OK) {
        for (int32_t i = 0; i < block.count; i++, rows++) {
            expected = rows / 2;
            assert_int_equal(block.windows[i], expected);
            assert_int_equal(block.vectors[1].i64[i], block.ids[i] == 0 ? expected : -expected);
        }
    }
    assert_int_equal(rows, 400002);
    assert_true(weir_fill_bytes(bench.fill) < before + 64000);
    close_bench(&bench);
}

static void a_window_may_hold_more_rows_than_a_block(void **state) {
    (void)state;
    static uint32_t ids[WEIR_BLOCK_ROWS * 2 + 7];
    static const char *rows[WEIR_BLOCK_ROWS * 2 + 7];
    enum { ROWS = WEIR_BLOCK_ROWS * 2 + 7 };
    struct bench bench;
    struct weir_fill_block block;
    int64_t given = 0;
    open_bench(&bench, WEIR_FILL_PREV, -1, false);
    weir_accumulator_fresh(&bench.accumulator, bench.rows, 0, 1);
    for (uint32_t i = 0; i < ROWS; i++) {
        ids[i] = i;
        rows[i] = bench.rows;
    }
    assert_int_equal(weir_fill_window(bench.fill, 0, ids, rows, ROWS, &error), WEIR_OK);
    assert_int_equal(weir_fill_window(bench.fill, 2, ids, rows, 5000, &error), WEIR_OK);
    assert_int_equal(weir_fill_window(bench.fill, 2, ids + 5000, rows, ROWS - 5000, &error), WEIR_OK);
    while (weir_fill_next(bench.fill, &block, &error) == WEIR_OK) {
        for (int32_t i = 0; i < block.count; i++, given++) {
            assert_int_equal(block.windows[i], given / ROWS);
            assert_int_equal(block.ids[i], given % ROWS);
        }
    }
    assert_int_equal(given, 3 * ROWS);
    close_bench(&bench);
}

static struct weir_fill_value integer(int64_t value) {
    return (struct weir_fill_value){.some = true, .value = {.i64 = value}};
}
static struct weir_fill_value wide(weir_i128 value) {
    return (struct weir_fill_value){.some = true, .value = {.i128 = value}};
}
static struct weir_fill_value real(double value) {
    return (struct weir_fill_value){.some = true, .value = {.f64 = value}};
}

static void interpolation_does_not_overflow(void **state) {
    (void)state;
    assert_int_equal(weir_fill_between(BIGINT_, integer(INT64_MIN), integer(INT64_MAX), 1, 2).value.i64, -1);
    assert_int_equal(weir_fill_between(BIGINT_, integer(INT64_MAX), integer(INT64_MIN), 1, 2).value.i64, 0);
    assert_int_equal(
        weir_fill_between(BIGINT_, integer(INT64_MIN), integer(INT64_MAX), UINT64_MAX - 1, UINT64_MAX).value.i64,
        INT64_MAX - 1);
    assert_int_equal(weir_fill_between(BIGINT_, integer(0), integer(-7), 1, 4).value.i64, -1);
    weir_i128 most = (weir_i128)INT64_C(9999999999999999) * INT64_C(10000000000000000) * 100000 + 99999;
    assert_true(weir_fill_between(DECIMAL_, wide(-most), wide(most), 1, 2).value.i128 == 0);
    assert_true(weir_fill_between(DECIMAL_, wide(most), wide(-most), 3, 4).value.i128 == -(most / 2));
    assert_true(weir_fill_between(DOUBLE_, real(1.0), real(2.0), 1, 4).value.f64 == 1.25);
    double middle = weir_fill_between(DOUBLE_, real(-1.7e308), real(1.7e308), 3, 4).value.f64;
    assert_true(fabs(middle - 0.85e308) < 1e295);
    assert_true(isnan(weir_fill_between(DOUBLE_, real(NAN), real(1), 1, 2).value.f64));
    assert_false(weir_fill_between(BIGINT_, integer(1), (struct weir_fill_value){.some = false}, 1, 2).some);
}

/* ---- random ---- */

static uint64_t random_state;
static int64_t random_below(int64_t bound) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((random_state >> 33) % (uint64_t)bound);
}

enum { WINDOWS = 60 };

/* The rows of windows [from, to), where numbers[w][k] is INT64_MIN for none. */
static void expected_rows(struct text *text, int64_t numbers[WINDOWS][KEYS], int32_t from, int32_t to,
                          int64_t windows_max) {
    for (int32_t w = 0; w < to; w++) {
        for (int32_t k = 0; k < KEYS; k++) {
            int32_t before = w, after = w;
            while (before >= 0 && numbers[before][k] == INT64_MIN) before--;
            while (after < to && numbers[after][k] == INT64_MIN) after++;
            if (before < 0 || after >= to || after < from) continue; /* not between, or given before */
            if (after - before - 1 > windows_max) continue;
            int64_t a = numbers[before][k], b = numbers[after][k];
            text_add(text, "%d/%d:1,%lld ", w, k,
                     (long long)(after == before ? a : a + (b - a) * (w - before) / (after - before)));
        }
    }
}

/* Keys within a window in the order of their ids. */
static void sort_rows(struct text *text) {
    static char *rows[WINDOWS * KEYS * 2];
    int32_t count = 0;
    for (char *row = strtok(text->bytes, " "); row != NULL; row = strtok(NULL, " ")) rows[count++] = strdup(row);
    for (int32_t i = 1; i < count; i++) {
        for (int32_t at = i; at > 0; at--) {
            int window, key, other, other_key;
            sscanf(rows[at], "%d/%d", &window, &key);
            sscanf(rows[at - 1], "%d/%d", &other, &other_key);
            assert_true(other <= window); /* windows are in order as they come */
            if (other < window || other_key < key) break;
            char *swap = rows[at];
            rows[at] = rows[at - 1];
            rows[at - 1] = swap;
        }
    }
    text->length = 0;
    text_add(text, "%s", "");
    for (int32_t i = 0; i < count; i++) {
        text_add(text, "%s ", rows[i]);
        free(rows[i]);
    }
}

static void rows_are_those_of_a_search_through_all_windows_for_any_advances(void **state) {
    (void)state;
    static int64_t numbers[WINDOWS][KEYS];
    for (uint64_t round = 0; round < 200; round++) {
        struct bench bench;
        random_state = round;
        int64_t sparse = 1 + random_below(12), most = random_below(3) == 0 ? WINDOWS : random_below(9);
        for (int32_t w = 0; w < WINDOWS; w++) {
            for (int32_t k = 0; k < KEYS; k++)
                numbers[w][k] = random_below(sparse) == 0 ? random_below(2000) - 1000 : INT64_MIN;
        }
        open_bench(&bench, WEIR_FILL_LINEAR, most == WINDOWS ? -1 : most, false);
        for (int32_t from = 0, to; from < WINDOWS; from = to) {
            to = from + 1 + (int32_t)random_below(20);
            if (to > WINDOWS) to = WINDOWS;
            for (int32_t w = from; w < to; w++) {
                struct real reals[KEYS];
                int32_t count = 0;
                for (uint32_t k = 0; k < KEYS; k++) {
                    if (numbers[w][k] != INT64_MIN) reals[count++] = (struct real){k, numbers[w][k], NULL};
                }
                give(&bench, w, count, reals);
            }
            struct text expected = {NULL, 0, 0};
            text_add(&expected, "%s", "");
            expected_rows(&expected, numbers, from, to, most);
            take(&bench);
            sort_rows(&bench.lines);
            assert_string_equal(bench.lines.bytes, expected.bytes);
            text_free(&expected);
        }
        close_bench(&bench);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_fills_every_aggregate_between_two_windows_of_a_key),
        cmocka_unit_test(prev_repeats_the_last_window_that_holds_rows),
        cmocka_unit_test(a_value_stands_for_each_aggregate),
        cmocka_unit_test(linear_goes_straight_from_one_window_to_the_next),
        cmocka_unit_test(a_filled_row_comes_with_the_later_of_its_windows_in_order_of_window_end),
        cmocka_unit_test(a_key_that_was_away_for_too_many_windows_begins_anew),
        cmocka_unit_test(keys_that_are_held_can_be_renamed),
        cmocka_unit_test(memory_is_that_of_keys_and_real_rows_however_many_are_filled),
        cmocka_unit_test(a_window_may_hold_more_rows_than_a_block),
        cmocka_unit_test(interpolation_does_not_overflow),
        cmocka_unit_test(rows_are_those_of_a_search_through_all_windows_for_any_advances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
