/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text: against strtod and printf where those know better, else by cases.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number_text.h"

static uint64_t seed;

static uint64_t draw(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static double any_f64(void) {
    uint64_t bits = draw();
    double value;
    switch (draw() % 5) {
    case 0: return (double)(int64_t)(bits % 2000000) / (double)(1 + draw() % 1000);
    case 1: bits &= UINT64_C(0xFFF0000000000000); break; /* powers of two: the gap below is half the one above */
    case 2: bits &= UINT64_C(0x800FFFFFFFFFFFFF); break; /* subnormal */
    case 3: return (double)(int64_t)bits;
    default: break;
    }
    memcpy(&value, &bits, sizeof(value));
    return isfinite(value) ? value : 0.1;
}

/* Significant digits of a printed number. */
static int count_digits(const char *text) {
    int count = 0, zeros = 0;
    for (; *text && *text != 'E'; text++) {
        if (*text < '0' || *text > '9' || (count == 0 && *text == '0')) continue;
        count++;
        zeros = *text == '0' ? zeros + 1 : 0;
    }
    return count - zeros;
}

static void check_double(double value) {
    char printed[80], other[80];
    double back;
    printed[weir_text_print_f64(value, printed)] = 0;
    back = strtod(printed, NULL);
    assert_memory_equal(&back, &value, sizeof(value));
    assert_true(weir_text_parse_f64(printed, strlen(printed), &back));
    assert_memory_equal(&back, &value, sizeof(value));
    int digits = 1;
    do snprintf(other, sizeof(other), "%.*e", digits - 1, value);
    while (strtod(other, NULL) != value && ++digits < 18);
    if (digits < 2) digits = 2; /* the tiniest have two, as in Java */
    if (count_digits(printed) > digits) fail_msg("%s has more digits than %s", printed, other);
}

static void check_float(float value) {
    char printed[80];
    float back;
    printed[weir_text_print_f32(value, printed)] = 0;
    back = strtof(printed, NULL);
    assert_memory_equal(&back, &value, sizeof(value));
    assert_true(weir_text_parse_f32(printed, strlen(printed), &back));
    assert_memory_equal(&back, &value, sizeof(value));
    assert_true(count_digits(printed) <= 9);
}

static void numbers_print_shortest_and_read_back(void **state) {
    for (int i = 0; i < 20000; i++) {
        check_double(any_f64());
        uint32_t bits = (uint32_t)draw();
        float value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) check_float(value);
    }
}

static void same_parse(const char *text) {
    double want = strtod(text, NULL), got;
    float want_float = strtof(text, NULL), got_float;
    assert_true(weir_text_parse_f64(text, strlen(text), &got));
    if (memcmp(&want, &got, sizeof(want)) != 0) fail_msg("%s: %a, want %a", text, got, want);
    assert_true(weir_text_parse_f32(text, strlen(text), &got_float));
    if (memcmp(&want_float, &got_float, sizeof(want_float)) != 0) {
        fail_msg("%s: %a, want %a", text, (double)got_float, (double)want_float);
    }
}

static void numbers_parse_correctly_rounded(void **state) {
    static const char *const hard[] = {"9007199254740993",
                                       "9007199254740992.99999999999999999999",
                                       "2.2250738585072011e-308",
                                       "1.7976931348623158e308",
                                       "1.7976931348623159e308",
                                       "2.4703282292062327e-324",
                                       "2.4703282292062328e-324",
                                       "1e-400",
                                       "1e400",
                                       "0e999999999999",
                                       "6.631236846766476e-316",
                                       "3.2378839133029012895883524125015321748630094239e-319",
                                       "1e23",
                                       "8.5e22",
                                       "0.000000000000000000000000000000000000011754942807573642917",
                                       "16777217",
                                       "16777217.0000000000000000001",
                                       "1.00000005960464477539062499999999",
                                       "1.00000005960464477539062500000001"};
    char text[400];
    for (size_t i = 0; i < sizeof(hard) / sizeof(hard[0]); i++) same_parse(hard[i]);
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof(text), "%.*e", (int)(draw() % 40), any_f64());
        same_parse(text);
        snprintf(text, sizeof(text), "%llu%llue%d", (unsigned long long)draw(),
                 (unsigned long long)(draw() >> draw() % 64), (int)(draw() % 700) - 350);
        same_parse(text);
        uint32_t bits = (uint32_t)draw() & 0x7F7FFFFF;
        float value;
        memcpy(&value, &bits, sizeof(value));
        snprintf(text, sizeof(text), "%.17g", ((double)value + (double)nextafterf(value, INFINITY)) / 2);
        if (!strchr(text, 'n')) same_parse(text); /* half way between two floats */
    }
}

static void digits_without_end(void **state) {
    enum { LENGTH = 5000 };
    char text[LENGTH + 8];
    double got;
    memset(text, '0', sizeof(text));
    memcpy(text, "9007199254740993.", 17); /* half way, and a one far behind: up */
    text[LENGTH - 1] = '1';
    assert_true(weir_text_parse_f64(text, LENGTH, &got));
    assert_true(got == 9007199254740994.0);
    text[LENGTH - 1] = '0'; /* half way exactly: to even */
    assert_true(weir_text_parse_f64(text, LENGTH, &got));
    assert_true(got == 9007199254740992.0);
}

/* 1 + 2^-24 lies between two floats; one digit far behind decides. */
static void far_digits_count(void **state) {
    char text[900];
    float value;
    double wide;
    size_t length = (size_t)snprintf(text, sizeof(text), "1.000000059604644775390625%0800d", 0);
    assert_true(weir_text_parse_f32(text, length, &value));
    assert_true(value == 1.0f);
    text[length - 1] = '1';
    assert_true(weir_text_parse_f32(text, length, &value));
    assert_true(value == nextafterf(1.0f, 2.0f));
    assert_true(weir_text_parse_f64(text, length, &wide));
    assert_true(wide == 1.000000059604644775390625);
}

static void locales_change_nothing(void **state) {
    double got;
    char printed[80];
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8")) skip();
    assert_true(weir_text_parse_f64("2.2250738585072011e-308", 23, &got)); /* takes the slow way, through strtod */
    printed[weir_text_print_f64(0.1 + 0.2, printed)] = 0;
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(printed, "0.30000000000000004");
    assert_true(got == 2.2250738585072011e-308);
}

static void doubles_look_as_in_java(void **state) {
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {2.5, "2.5"},
        {1e20, "1.0E20"},
        {1e-5, "1.0E-5"},
        {100, "100.0"},
        {1234567, "1234567.0"},
        {12345678.9, "1.23456789E7"},
        {9999999, "9999999.0"},
        {1e7, "1.0E7"},
        {0.001, "0.001"},
        {0.00099, "9.9E-4"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {DBL_MAX, "1.7976931348623157E308"},
        {DBL_MIN, "2.2250738585072014E-308"},
        {4.9e-324, "4.9E-324"},
        {2e23, "2.0E23"},
        {5.684341886080802e-14, "5.684341886080802E-14"}, /* 2^-44: the nearest 16 digits do not read back */
        {9007199254740992.0, "9.007199254740992E15"},
        {-0.0, "-0.0"},
        {0, "0.0"},
        {NAN, "NaN"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char printed[80];
        printed[weir_text_print_f64(cases[i].value, printed)] = 0;
        assert_string_equal(printed, cases[i].text);
    }
}

static void expect_f32(float value, const char *want) {
    char printed[80];
    printed[weir_text_print_f32(value, printed)] = 0;
    assert_string_equal(printed, want);
}

static void floats_look_as_in_java(void **state) {
    expect_f32(1.5f, "1.5");
    expect_f32(0.1f, "0.1");
    expect_f32(FLT_MAX, "3.4028235E38");
    expect_f32(1.4e-45f, "1.4E-45");
    expect_f32(16777216.0f, "1.6777216E7");
}

static void shortest_digits_make_the_value(void **state) {
    for (int i = 0; i < 20000; i++) {
        double value = fabs(any_f64());
        int exponent;
        if (value == 0) continue;
        uint64_t digits = weir_text_shortest_f64(value, &exponent);
        assert_true(digits < UINT64_C(1000000000000000000));
        assert_true(weir_text_scaled_f64(digits, exponent) == value);
    }
    assert_true(weir_text_scaled_f64(0, 300) == 0);
    assert_true(weir_text_scaled_f64(UINT64_MAX, 400) == HUGE_VAL);
    assert_true(weir_text_scaled_f64(UINT64_MAX, -400) == 0);
}

static void integers_print(void **state) {
    static const int64_t values[] = {0, 9, 10, 99, 100, -1, -100, 12345, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char printed[80], want[80];
        int64_t back;
        printed[weir_text_print_i64(values[i], printed)] = 0;
        snprintf(want, sizeof(want), "%lld", (long long)values[i]);
        assert_string_equal(printed, want);
        const char *end = printed + strlen(printed);
        bool over;
        assert_ptr_equal(weir_text_take_i64(printed, end, &back, &over), end);
        assert_false(over);
        assert_true(back == values[i]);
    }
    char printed[80];
    printed[weir_text_print_u64(UINT64_MAX, printed)] = 0;
    assert_string_equal(printed, "18446744073709551615");
}

static void expect_decimal(weir_i128 value, int scale, const char *want) {
    char printed[80];
    weir_i128 back;
    printed[weir_text_print_decimal(value, scale, printed)] = 0;
    assert_string_equal(printed, want);
    assert_int_equal(weir_text_parse_decimal(printed, strlen(printed), 38, scale, &back), WEIR_TEXT_OK);
    assert_true(back == value);
}

static void decimals_print_and_read_back(void **state) {
    weir_i128 most = 1;
    for (int i = 0; i < 38; i++) most *= 10;
    most -= 1;
    expect_decimal(0, 0, "0");
    expect_decimal(0, 3, "0.000");
    expect_decimal(-5, 2, "-0.05");
    expect_decimal(12345, 2, "123.45");
    expect_decimal(most, 0, "99999999999999999999999999999999999999");
    expect_decimal(-most, 38, "-0.99999999999999999999999999999999999999");
    expect_decimal((weir_i128)UINT64_MAX + 1, 5, "184467440737095.51616");
}

static void decimals_round_half_away_from_zero(void **state) {
    static const struct {
        const char *text;
        int precision, scale;
        enum weir_text_result result;
        int64_t value;
    } cases[] = {{"0.5", 1, 0, WEIR_TEXT_OK, 1},          {"-0.5", 1, 0, WEIR_TEXT_OK, -1},
                 {"0.49999", 1, 0, WEIR_TEXT_OK, 0},      {"9.5", 1, 0, WEIR_TEXT_RANGE, 0},
                 {"9.49", 1, 0, WEIR_TEXT_OK, 9},         {"1e-400", 9, 9, WEIR_TEXT_OK, 0},
                 {"1e37", 38, 1, WEIR_TEXT_RANGE, 0},     {"0e999999", 3, 0, WEIR_TEXT_OK, 0},
                 {"123e-2", 5, 2, WEIR_TEXT_OK, 123},     {"00012.30", 5, 1, WEIR_TEXT_OK, 123},
                 {"0.00005", 5, 4, WEIR_TEXT_OK, 1},      {".", 5, 1, WEIR_TEXT_MALFORMED, 0},
                 {"", 5, 1, WEIR_TEXT_MALFORMED, 0},      {"1e", 5, 1, WEIR_TEXT_MALFORMED, 0},
                 {"1.2.3", 5, 1, WEIR_TEXT_MALFORMED, 0}, {"1 ", 5, 1, WEIR_TEXT_MALFORMED, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        weir_i128 value = 0;
        enum weir_text_result result = weir_text_parse_decimal(cases[i].text, strlen(cases[i].text),
                                                               cases[i].precision, cases[i].scale, &value);
        if (result != cases[i].result) fail_msg("%s: %d", cases[i].text, result);
        if (result == WEIR_TEXT_OK) assert_true(value == cases[i].value);
    }
}

static void hexadecimal_floats(void **state) {
    double value;
    float single;
    assert_true(weir_text_parse_f64(" 0x1.8p1 ", 9, &value));
    assert_true(value == 3);
    assert_true(weir_text_parse_f32("-0X.8P0f", 8, &single));
    assert_true(single == -0.5f);
    assert_false(weir_text_parse_f64("0x10", 4, &value));
    assert_false(weir_text_parse_f64("0xp1", 4, &value));
}

static void pieces_are_taken_off_the_front(void **state) {
    const char *text = "-12.345x", *end = text + 8;
    int64_t value;
    bool over;
    assert_ptr_equal(weir_text_take_i64(text, end, &value, &over), text + 3);
    assert_int_equal(value, -12);
    assert_false(over);
    assert_ptr_equal(weir_text_take_fraction(text + 4, end, &value), text + 7);
    assert_int_equal(value, 345000000);
    assert_ptr_equal(weir_text_take_fraction(end, end, &value), end);
    assert_int_equal(value, 0);
    assert_ptr_equal(weir_text_take_digits(text + 4, end, 1, 2, &value), text + 6);
    assert_int_equal(value, 34);
    assert_null(weir_text_take_digits(text + 4, end, 4, 4, &value));
    assert_null(weir_text_take_i64(text, text + 1, &value, &over));
    text = "9223372036854775808";
    assert_ptr_equal(weir_text_take_i64(text, text + 19, &value, &over), text + 19);
    assert_true(over);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_print_shortest_and_read_back),
        cmocka_unit_test(numbers_parse_correctly_rounded),
        cmocka_unit_test(digits_without_end),
        cmocka_unit_test(far_digits_count),
        cmocka_unit_test(locales_change_nothing),
        cmocka_unit_test(doubles_look_as_in_java),
        cmocka_unit_test(floats_look_as_in_java),
        cmocka_unit_test(shortest_digits_make_the_value),
        cmocka_unit_test(hexadecimal_floats),
        cmocka_unit_test(integers_print),
        cmocka_unit_test(pieces_are_taken_off_the_front),
        cmocka_unit_test(decimals_print_and_read_back),
        cmocka_unit_test(decimals_round_half_away_from_zero),
    };
    const char *wish = getenv("WEIR_TEST_SEED");
    seed = wish ? strtoull(wish, NULL, 0) : (uint64_t)getpid() * 0x9E3779B97F4A7C15u + 1;
    printf("seed: WEIR_TEST_SEED=%llu\n", (unsigned long long)seed);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
