/* SPDX-License-Identifier: Apache-2.0
 *
 * Watermarks of partitions, lateness of rows against a row-by-row walk, and the time column.
 */
#include "engine/watermark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/checked.h"
#include "engine/event_time.h"
#include "engine/lateness.h"

/* ---- partitions ---- */

static void the_combined_w_is_the_least_of_all_and_never_falls(void **state) {
    (void)state;
    struct weir_watermark watermark;
    assert_true(weir_watermark_init(&watermark, 3));
    assert_int_equal(watermark.combined, INT64_MIN);
    weir_watermark_admit(&watermark, 0, 10);
    weir_watermark_admit(&watermark, 2, 30);
    assert_int_equal(watermark.combined, INT64_MIN);
    weir_watermark_admit(&watermark, 1, 20);
    assert_int_equal(watermark.combined, 10);
    weir_watermark_admit(&watermark, 0, 5); /* lower than its own */
    assert_int_equal(watermark.combined, 10);
    weir_watermark_admit(&watermark, 0, INT64_MIN);
    assert_int_equal(watermark.partitions[0].own, 10);
    weir_watermark_admit(&watermark, 0, 40);
    assert_int_equal(watermark.combined, 20);
    weir_watermark_admit(&watermark, 1, INT64_MAX);
    assert_int_equal(watermark.combined, 30);
    struct weir_clock clock = weir_watermark_clock(&watermark, 2);
    assert_int_equal(clock.own, 30);
    assert_int_equal(clock.others, 40);
    assert_int_equal(clock.combined, 30);
    weir_watermark_fini(&watermark);
}

static void one_partition_has_no_others(void **state) {
    (void)state;
    struct weir_watermark watermark;
    assert_true(weir_watermark_init(&watermark, 1));
    struct weir_clock clock = weir_watermark_clock(&watermark, 0);
    assert_int_equal(clock.others, INT64_MAX);
    weir_clock_raise(&clock, 7);
    assert_int_equal(clock.combined, 7);
    weir_clock_raise(&clock, 3);
    assert_int_equal(clock.combined, 7);
    weir_watermark_fini(&watermark);
}

static void sql_gives_no_w_at_or_below_1970(void **state) {
    (void)state;
    struct weir_watermark_spec sql = {.kind = WEIR_WATERMARK_DELAY, .delay = 5, .above_epoch = true};
    assert_int_equal(weir_watermark_claim(&sql, 5), INT64_MIN);
    assert_int_equal(weir_watermark_claim(&sql, 6), 1);
    assert_int_equal(weir_watermark_claim(&sql, -100), INT64_MIN);
    assert_int_equal(weir_watermark_claim_value(&sql, 0), INT64_MIN);
    assert_int_equal(weir_watermark_claim_value(&sql, 1), 1);
    struct weir_watermark_spec api = {.kind = WEIR_WATERMARK_DELAY, .delay = 5};
    assert_int_equal(weir_watermark_claim(&api, -100), -105);
    assert_int_equal(weir_watermark_claim(&api, INT64_MIN + 2), INT64_MIN); /* held, not wrapped */
    api.delay = -5;
    assert_int_equal(weir_watermark_claim(&api, INT64_MAX), INT64_MAX);
}

/* ---- lateness against the plain rule ---- */

enum { ROWS = 200 };

static uint64_t random_state;
static int64_t random_below(int64_t limit) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((random_state >> 33) % (uint64_t)limit);
}

static int64_t claim_at(const struct weir_lateness *block, int32_t row) {
    if (block->spec->kind == WEIR_WATERMARK_EXPRESSION) {
        bool valid = block->claims_validity == NULL || weir_bit_get(block->claims_validity, (size_t)row);
        return valid ? weir_watermark_claim_value(block->spec, block->claims[row]) : INT64_MIN;
    }
    if (block->spec->kind == WEIR_WATERMARK_NONE) return INT64_MIN;
    if (block->validity != NULL && !weir_bit_get(block->validity, (size_t)row)) return INT64_MIN;
    return weir_watermark_claim(block->spec, weir_floordiv_i64(block->ticks[row], block->window->ticks_per_unit));
}

static void blocks_are_judged_as_rows_one_by_one_are(void **state) {
    (void)state;
    static int64_t ticks[ROWS], claims[ROWS], closed[ROWS];
    static const int64_t per_ms[] = {1, 1000, 1000000};
    for (int round = 0; round < 3000; round++) {
        random_state = (uint64_t)round;
        struct weir_window_spec spec = {.kind = (enum weir_window_kind)(WEIR_WINDOW_TUMBLE + round % 3),
                                        .size = 1 + random_below(50),
                                        .slide = 1 + random_below(50),
                                        .offset = 0};
        if (spec.kind == WEIR_WINDOW_CUMULATE) spec.size = spec.slide * (1 + random_below(4));
        if (spec.kind == WEIR_WINDOW_TUMBLE) spec.slide = 0;
        struct weir_window window;
        assert_int_equal(weir_window_init(&window, &spec, per_ms[round % 3], NULL), WEIR_OK);
        struct weir_watermark_spec mark = {.kind = (enum weir_watermark_kind)(round % 5 % 3),
                                           .delay = random_below(30),
                                           .above_epoch = random_below(2) == 0};
        uint64_t valid[ROWS / 64 + 1], claims_valid[ROWS / 64 + 1];
        int64_t now = random_below(100) - 50, min = INT64_MAX, max = INT64_MIN;
        for (int i = 0; i < ROWS; i++) {
            now += random_below(4);
            ticks[i] = (now - random_below(10 * random_below(8) + 1)) * window.ticks_per_unit +
                       random_below(window.ticks_per_unit);
            claims[i] = now - random_below(20);
            weir_bit_put(valid, (size_t)i, random_below(10) != 0);
            weir_bit_put(claims_valid, (size_t)i, random_below(10) != 0);
            if (!weir_bit_get(valid, (size_t)i)) continue;
            if (ticks[i] < min) min = ticks[i];
            if (ticks[i] > max) max = ticks[i];
        }
        struct weir_lateness block = {
            .spec = &mark, .window = &window, .ticks = ticks, .validity = valid, .rows = ROWS};
        if (mark.kind == WEIR_WATERMARK_EXPRESSION) {
            block.claims = claims;
            block.claims_validity = claims_valid;
        }
        struct weir_clock clock = {.combined = INT64_MIN, .own = INT64_MIN, .others = INT64_MAX};
        if (random_below(2) == 0) clock.others = random_below(400) - 50;
        if (random_below(2) == 0) weir_clock_raise(&clock, random_below(200) - 100);
        struct weir_clock plain = clock;
        memset(closed, 0x55, sizeof(closed));
        bool missed = weir_lateness_judge(&block, min, max, &clock, closed);
        bool some_missed = false;
        for (int32_t i = 0; i < ROWS; i++) {
            int64_t last_closed = weir_window_closed(&window, plain.combined);
            if (missed) assert_int_equal(closed[i], last_closed);
            if (weir_bit_get(valid, (size_t)i)) {
                int64_t slice = weir_window_slice(&window, ticks[i]);
                int64_t first = weir_window_first(&window, slice);
                some_missed |= first <= weir_window_last(&window, slice) && first <= last_closed;
            }
            weir_clock_raise(&plain, claim_at(&block, i));
        }
        if (some_missed) assert_true(missed); /* (a row of a gap may ask for the closer look in vain) */
        assert_int_equal(clock.own, plain.own);
        assert_int_equal(clock.combined, plain.combined);
    }
}

/* ---- the time column ---- */

static void seconds_become_ms_and_are_held_at_the_ends(void **state) {
    (void)state;
    static const int64_t values[6] = {-1, 0, 1700000000, INT64_MAX, INT64_MIN, INT64_MAX / 1000};
    struct weir_column column = {.values = values, .rows = 6, .storage = WEIR_STORE_I64};
    int64_t scratch[6], min, max;
    const int64_t *ticks = weir_event_time_ticks(&column, true, 0, 6, scratch);
    static const int64_t expected[6] = {-1000, 0, 1700000000000, INT64_MAX, INT64_MIN, INT64_MAX / 1000 * 1000};
    assert_memory_equal(ticks, expected, sizeof(expected));
    weir_event_time_bounds(&column, true, 0, 3, &min, &max);
    assert_int_equal(min, -1000);
    assert_int_equal(max, 1700000000000);
    weir_event_time_bounds(&column, true, 0, 6, &min, &max);
    assert_int_equal(min, INT64_MIN);
    assert_int_equal(max, INT64_MAX);
}

static void other_units_are_borrowed(void **state) {
    (void)state;
    static const int64_t values[3] = {-5, 3, 4};
    struct weir_column column = {.values = values, .rows = 3, .storage = WEIR_STORE_I64};
    assert_ptr_equal(weir_event_time_ticks(&column, false, 1, 2, NULL), values + 1);
}

static void bounds_skip_nulls_and_see_none(void **state) {
    (void)state;
    int64_t values[130];
    uint64_t valid[3] = {0};
    for (int i = 0; i < 130; i++) values[i] = i % 2 == 0 ? INT64_MIN : INT64_MAX;
    values[70] = 5;
    values[128] = -9;
    struct weir_column column = {.values = values, .validity = valid, .rows = 130, .storage = WEIR_STORE_I64};
    int64_t min, max;
    weir_event_time_bounds(&column, false, 0, 130, &min, &max);
    assert_true(min > max);
    weir_event_time_bounds(&column, false, 0, 0, &min, &max);
    assert_true(min > max);
    weir_bit_set(valid, 70);
    weir_bit_set(valid, 128);
    weir_event_time_bounds(&column, false, 64, 66, &min, &max);
    assert_int_equal(min, -9);
    assert_int_equal(max, 5);
    weir_event_time_bounds(&column, false, 64, 64, &min, &max);
    assert_int_equal(min, 5);
    weir_event_time_bounds(&column, false, 128, 2, &min, &max);
    assert_int_equal(max, -9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_combined_w_is_the_least_of_all_and_never_falls),
        cmocka_unit_test(one_partition_has_no_others),
        cmocka_unit_test(sql_gives_no_w_at_or_below_1970),
        cmocka_unit_test(blocks_are_judged_as_rows_one_by_one_are),
        cmocka_unit_test(seconds_become_ms_and_are_held_at_the_ends),
        cmocka_unit_test(other_units_are_borrowed),
        cmocka_unit_test(bounds_skip_nulls_and_see_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
