/* SPDX-License-Identifier: Apache-2.0
 *
 * The wheel and the trees of times against arrays.
 */
#include "engine/wheel.h"

#include "engine/time_tree.h"
#include "tests/engine/machines.h"

enum { NUMBERS = 300 };

/* A time in one of the ranges where digits and signs change. */
static int64_t some_time(void) {
    static const int64_t around[] = {INT64_MIN + 70, -4096, 0, 63, 64, 1 << 12, INT64_C(1) << 36, INT64_MAX - 70};
    int64_t time = around[random_below(8)];
    return random_below(3) == 0 ? time + random_below(70) : time - random_below(70);
}

static void each_comes_out_when_its_time_has_come(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed < 200; seed++) {
        struct weir_wheel wheel;
        int64_t times[NUMBERS], now = INT64_MIN;
        bool waits[NUMBERS] = {false};
        random_state = seed;
        weir_wheel_init(&wheel);
        assert_true(weir_wheel_reserve(&wheel, NUMBERS));
        while (now < INT64_MAX) {
            for (uint32_t i = 0; i < NUMBERS; i++) {
                if (waits[i] && random_below(20) == 0) {
                    weir_wheel_remove(&wheel, i);
                    waits[i] = false;
                } else if (!waits[i] && random_below(4) == 0) {
                    times[i] = random_below(3) == 0 ? some_time() : weir_add_saturate_i64(now, random_below(500));
                    weir_wheel_add(&wheel, i, times[i]);
                    waits[i] = true;
                }
            }
            int64_t jump = random_below(4) == 0 ? some_time() : weir_add_saturate_i64(now, random_below(300));
            if (random_below(30) == 0) jump = INT64_MAX;
            bool some = weir_wheel_advance(&wheel, jump);
            uint32_t numbers[WEIR_WHEEL_CHUNK], count;
            bool moves = jump > now;
            if (moves) now = jump;
            assert_int_equal(wheel.now, now);
            while ((count = weir_wheel_take(&wheel, numbers)) > 0) {
                assert_true(some);
                for (uint32_t i = 0; i < count; i++) {
                    uint32_t number = numbers[i];
                    assert_true(waits[number]);
                    if (times[number] > now) {
                        weir_wheel_add(&wheel, number, times[number]);
                    } else {
                        waits[number] = false;
                    }
                }
            }
            for (uint32_t i = 0; i < NUMBERS && moves; i++) assert_true(!waits[i] || times[i] > now);
        }
        weir_wheel_fini(&wheel);
    }
}

static void trees_find_what_a_search_finds(void **state) {
    (void)state;
    struct weir_time_node nodes[NUMBERS];
    for (uint64_t seed = 1; seed < 30; seed++) {
        bool in[NUMBERS] = {false};
        uint32_t set = WEIR_ROW_NONE;
        random_state = seed;
        for (uint32_t i = 0; i < NUMBERS; i++) nodes[i].time = (int64_t)(i * 10) - 1000; /* all differ */
        for (int round = 0; round < 3000; round++) {
            uint32_t row = (uint32_t)random_below(NUMBERS);
            if (in[row]) {
                weir_time_tree_remove(nodes, &set, row);
            } else {
                weir_time_tree_insert(nodes, &set, row);
            }
            in[row] = !in[row];
            int64_t time = random_below(NUMBERS * 10 + 20) - 1010;
            uint32_t floor = WEIR_ROW_NONE, ceiling = WEIR_ROW_NONE;
            for (uint32_t i = 0; i < NUMBERS; i++) {
                if (in[i] && nodes[i].time <= time) floor = i;
                if (in[NUMBERS - 1 - i] && nodes[NUMBERS - 1 - i].time >= time) ceiling = NUMBERS - 1 - i;
            }
            assert_int_equal(weir_time_tree_floor(nodes, set, time), floor);
            assert_int_equal(weir_time_tree_ceiling(nodes, set, time), ceiling);
        }
    }
}

static void appending_keeps_the_order(void **state) {
    (void)state;
    struct weir_time_node nodes[NUMBERS];
    for (uint32_t border = 0; border <= NUMBERS; border += 30) {
        uint32_t set = WEIR_ROW_NONE, later = WEIR_ROW_NONE;
        for (uint32_t i = 0; i < NUMBERS; i++) {
            nodes[i].time = i;
            weir_time_tree_insert(nodes, i < border ? &set : &later, i);
        }
        weir_time_tree_append(nodes, &set, later);
        for (uint32_t i = 0; i < NUMBERS; i++) {
            assert_int_equal(weir_time_tree_first(nodes, set), i);
            assert_int_equal(weir_time_tree_last(nodes, set), NUMBERS - 1);
            weir_time_tree_remove(nodes, &set, i);
        }
        assert_int_equal(set, WEIR_ROW_NONE);
    }
}

/* Of a wheel that removes nothing: each number comes out once, when its time has come, also after a clearing. */
static void a_final_wheel_gives_each_number_once(void **state) {
    (void)state;
    struct weir_wheel wheel;
    int64_t times[NUMBERS];
    random_state = 5;
    weir_wheel_init_final(&wheel);
    assert_true(weir_wheel_reserve(&wheel, NUMBERS));
    assert_true(weir_wheel_advance(&wheel, -10000) == false);
    for (int round = 0; round < 20; round++) {
        for (uint32_t i = 0; i < NUMBERS; i++) weir_wheel_add(&wheel, i, wheel.now + 1 + random_below(5000));
        weir_wheel_clear(&wheel); /* none of them comes */
        for (uint32_t i = 0; i < NUMBERS; i++) {
            times[i] = wheel.now + 1 + random_below(5000);
            weir_wheel_add(&wheel, i, times[i]);
        }
        int32_t left = NUMBERS;
        for (int64_t last = wheel.now + 5000; wheel.now < last;) {
            uint32_t numbers[WEIR_WHEEL_CHUNK], count;
            weir_wheel_advance(&wheel, wheel.now + 1 + random_below(700));
            while ((count = weir_wheel_take(&wheel, numbers)) > 0) {
                for (uint32_t i = 0; i < count; i++) {
                    if (times[numbers[i]] > wheel.now) {
                        weir_wheel_add(&wheel, numbers[i], times[numbers[i]]);
                        continue;
                    }
                    assert_true(times[numbers[i]] != INT64_MIN);
                    times[numbers[i]] = INT64_MIN;
                    left--;
                }
            }
            for (uint32_t i = 0; i < NUMBERS; i++) assert_true(times[i] == INT64_MIN || times[i] > wheel.now);
        }
        assert_int_equal(left, 0);
    }
    weir_wheel_fini(&wheel);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_final_wheel_gives_each_number_once),
        cmocka_unit_test(each_comes_out_when_its_time_has_come),
        cmocka_unit_test(trees_find_what_a_search_finds),
        cmocka_unit_test(appending_keeps_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
