/* SPDX-License-Identifier: Apache-2.0
 *
 * Slices and windows as arithmetic: the worked cases of the semantics, and every rule against a model that lists
 * windows one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/checked.h"
#include "engine/window.h"

static struct weir_window make(enum weir_window_kind kind, int64_t size, int64_t slide, int64_t offset) {
    struct weir_window window;
    struct weir_window_spec spec = {kind, size, slide, offset};
    assert_int_equal(weir_window_init(&window, &spec, 1, NULL), WEIR_OK);
    return window;
}

static int64_t tumble_start(int64_t ts, int64_t size, int64_t offset) {
    struct weir_window window = make(WEIR_WINDOW_TUMBLE, size, 0, offset);
    return weir_window_start(&window, weir_window_slice(&window, ts));
}

static void tumble_starts_of_the_worked_cases(void **state) {
    (void)state;
    static const struct {
        int64_t ts, size, offset, start;
    } cases[] = {{-8, 7, 0, -14},       {-7, 7, 0, -7},          {-1, 7, 0, -7}, {6, 7, 0, 0},  {7, 7, 0, 7},
                 {-10, 7, 3, -11},      {-3, 7, 3, -4},          {2, 7, 3, -4},  {3, 7, 3, 3},  {-12, 7, -2, -16},
                 {-3, 7, -2, -9},       {-2, 7, -2, -2},         {4, 7, -2, -2}, {7, 7, -2, 5}, {4999, 5000, 0, 0},
                 {0, 5000, -100, -100}, {4900, 5000, -100, 4900}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(tumble_start(cases[i].ts, cases[i].size, cases[i].offset), cases[i].start);
    }
}

static void hop_windows_of_the_worked_case(void **state) {
    (void)state;
    struct weir_window window = make(WEIR_WINDOW_HOP, 5000, 1000, 0);
    int64_t slice = weir_window_slice(&window, 0);
    assert_int_equal(weir_window_start(&window, weir_window_first(&window, slice)), -4000);
    assert_int_equal(weir_window_end(&window, weir_window_first(&window, slice)), 1000);
    assert_int_equal(weir_window_start(&window, weir_window_last(&window, slice)), 0);
    window = make(WEIR_WINDOW_HOP, 5000, 1000, -100);
    slice = weir_window_slice(&window, 0);
    assert_int_equal(weir_window_start(&window, weir_window_first(&window, slice)), -4100);
}

/* The rule of the semantics, one window at a time: s = start(ts; slide), then s -= slide while s > ts - size. */
static void check_hop(int64_t size, int64_t slide, int64_t offset, int64_t ts) {
    struct weir_window window = make(WEIR_WINDOW_HOP, size, slide, offset);
    int64_t slice = weir_window_slice(&window, ts);
    int64_t index = weir_window_last(&window, slice);
    for (int64_t start = ts - weir_floormod_i64(ts - offset, slide); start > ts - size; start -= slide) {
        assert_true(index >= weir_window_first(&window, slice));
        assert_int_equal(weir_window_start(&window, index), start);
        assert_int_equal(weir_window_end(&window, index), start + size);
        index--;
    }
    assert_int_equal(index, weir_window_first(&window, slice) - 1);
}

static void hop_of_any_ratio_agrees_with_the_rule(void **state) {
    (void)state;
    for (int64_t size = 1; size <= 12; size++) {
        for (int64_t slide = 1; slide <= 12; slide++) {
            for (int64_t ts = -30; ts <= 30; ts++) check_hop(size, slide, (size * slide) % 7 - 3, ts);
        }
    }
}

static void cumulate_agrees_with_the_rule(void **state) {
    (void)state;
    for (int64_t offset = -7; offset <= 7; offset++) {
        struct weir_window window = make(WEIR_WINDOW_CUMULATE, 12, 3, offset);
        for (int64_t ts = -40; ts <= 40; ts++) {
            int64_t slice = weir_window_slice(&window, ts), index = weir_window_first(&window, slice);
            int64_t base = ts - weir_floormod_i64(ts - offset, 12);
            for (int64_t end = base + 3; end <= base + 12; end += 3) {
                if (end <= ts) continue;
                assert_int_equal(weir_window_start(&window, index), base);
                assert_int_equal(weir_window_end(&window, index), end);
                index++;
            }
            assert_int_equal(index, weir_window_last(&window, slice) + 1);
        }
    }
}

static void a_slice_is_never_cut_by_a_window_border(void **state) {
    (void)state;
    struct weir_window window = make(WEIR_WINDOW_HOP, 40, 9, 2);
    for (int64_t ts = -200; ts < 200; ts++) {
        int64_t slice = weir_window_slice(&window, ts);
        assert_true(weir_window_slice_start(&window, slice) <= ts);
        assert_true(weir_window_slice_start(&window, slice + 1) > ts);
    }
}

static void closed_is_the_greatest_window_whose_end_has_passed(void **state) {
    (void)state;
    struct weir_window windows[] = {make(WEIR_WINDOW_TUMBLE, 10, 0, 3), make(WEIR_WINDOW_HOP, 25, 10, -4),
                                    make(WEIR_WINDOW_CUMULATE, 12, 4, 5)};
    for (size_t i = 0; i < 3; i++) {
        for (int64_t watermark = -60; watermark <= 60; watermark++) {
            int64_t closed = weir_window_closed(&windows[i], watermark);
            assert_true(weir_window_end(&windows[i], closed) - 1 <= watermark);
            assert_true(weir_window_end(&windows[i], closed + 1) - 1 > watermark);
            int64_t safe = weir_window_safe_from(&windows[i], closed);
            assert_true(weir_window_first(&windows[i], weir_window_slice(&windows[i], safe)) > closed);
            assert_true(weir_window_first(&windows[i], weir_window_slice(&windows[i], safe - 1)) <= closed);
        }
        assert_int_equal(weir_window_closed(&windows[i], INT64_MIN), INT64_MIN);
        assert_int_equal(weir_window_closed(&windows[i], INT64_MAX), INT64_MAX);
    }
}

static void the_ends_of_the_range_hold(void **state) {
    (void)state;
    struct weir_window windows[] = {make(WEIR_WINDOW_TUMBLE, 1000, 0, -999), make(WEIR_WINDOW_HOP, 5000, 700, 3),
                                    make(WEIR_WINDOW_CUMULATE, 9000, 3000, 7)};
    for (size_t i = 0; i < 3; i++) {
        int64_t first = weir_window_slice(&windows[i], INT64_MIN), last = weir_window_slice(&windows[i], INT64_MAX);
        assert_true(first < 0 && last > 0);
        assert_int_equal(weir_window_slice_start(&windows[i], first), INT64_MIN);
        assert_true(weir_window_slice_start(&windows[i], last) <= INT64_MAX);
        assert_int_equal(weir_window_end(&windows[i], weir_window_last(&windows[i], last)), INT64_MAX);
    }
}

static void an_offset_of_whole_steps_costs_cumulate_no_time_at_the_ends(void **state) {
    (void)state;
    for (int64_t offset = -2; offset <= 2; offset++) {
        struct weir_window window = make(WEIR_WINDOW_CUMULATE, 3, 1, offset);
        for (int i = 0; i < 20; i++) {
            int64_t ts = i < 10 ? INT64_MIN + i : INT64_MAX - (i - 10);
            int64_t base = weir_floormod_i64(weir_floormod_i64(ts, 3) - weir_floormod_i64(offset, 3), 3);
            if (ts < INT64_MIN + base || ts - base > INT64_MAX - 3) continue; /* no time is where the base begins */
            int64_t first = weir_window_first(&window, weir_window_slice(&window, ts));
            assert_int_equal(weir_window_start(&window, first), ts - base);
            assert_int_equal(weir_window_end(&window, first), ts + 1);
            assert_int_equal(weir_window_last(&window, first), first + (2 - base));
        }
    }
}

static void the_spec_in_ms_makes_the_same_windows(void **state) {
    (void)state;
    for (int64_t offset = -130; offset <= 130; offset++) {
        struct weir_window window = make(WEIR_WINDOW_CUMULATE, 30, 10, offset), again;
        assert_int_equal(weir_window_init(&again, &window.spec, 1, NULL), WEIR_OK);
        for (int64_t ts = -100; ts < 100; ts++) {
            int64_t last = weir_window_last(&window, weir_window_slice(&window, ts));
            int64_t other = weir_window_last(&again, weir_window_slice(&again, ts));
            assert_int_equal(weir_window_start(&window, last), weir_window_start(&again, other));
            assert_int_equal(weir_window_end(&window, last), weir_window_end(&again, other));
        }
    }
}

static void bad_windows_are_refused(void **state) {
    (void)state;
    static const struct weir_window_spec bad[] = {
        {WEIR_WINDOW_TUMBLE, 0, 0, 0},    {WEIR_WINDOW_TUMBLE, -5, 0, 0},   {WEIR_WINDOW_TUMBLE, 60, 0, 60},
        {WEIR_WINDOW_TUMBLE, 60, 0, -60}, {WEIR_WINDOW_HOP, 10, 0, 0},      {WEIR_WINDOW_HOP, 10, -1, 0},
        {WEIR_WINDOW_CUMULATE, 10, 3, 0}, {WEIR_WINDOW_CUMULATE, 10, 0, 0}, {WEIR_WINDOW_HOP, 0, 10, 0}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct weir_error error = {.code = WEIR_OK};
        assert_int_equal(weir_window_validate(&bad[i], "", &error), WEIR_ERR_INVALID);
        assert_true(error.message[0] != '\0');
    }
    struct weir_window window;
    struct weir_window_spec huge = {WEIR_WINDOW_TUMBLE, INT64_MAX / 10, 0, 0};
    assert_int_equal(weir_window_init(&window, &huge, 1000000, NULL), WEIR_ERR_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tumble_starts_of_the_worked_cases),
        cmocka_unit_test(hop_windows_of_the_worked_case),
        cmocka_unit_test(hop_of_any_ratio_agrees_with_the_rule),
        cmocka_unit_test(cumulate_agrees_with_the_rule),
        cmocka_unit_test(a_slice_is_never_cut_by_a_window_border),
        cmocka_unit_test(closed_is_the_greatest_window_whose_end_has_passed),
        cmocka_unit_test(the_ends_of_the_range_hold),
        cmocka_unit_test(an_offset_of_whole_steps_costs_cumulate_no_time_at_the_ends),
        cmocka_unit_test(the_spec_in_ms_makes_the_same_windows),
        cmocka_unit_test(bad_windows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
