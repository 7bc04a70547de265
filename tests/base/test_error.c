/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/error.h"

enum { room = sizeof(((struct weir_error *)0)->message) };

static void a_failure_is_one_statement(void **state) {
    (void)state;
    struct weir_error error = {.code = WEIR_OK, .line = 7, .column = 7};
    assert_int_equal(weir_error_set(&error, WEIR_ERR_IO, "cannot open '%s': %d", "x", 5), WEIR_ERR_IO);
    assert_int_equal(error.code, WEIR_ERR_IO);
    assert_int_equal(error.line, 0);
    assert_int_equal(error.column, 0);
    assert_string_equal(error.message, "cannot open 'x': 5");
}

static void a_position_is_kept(void **state) {
    (void)state;
    struct weir_error error;
    assert_int_equal(weir_error_set_at(&error, WEIR_ERR_SQL, 3, 14, "unknown name '%s'", "kye"), WEIR_ERR_SQL);
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 14);
    assert_string_equal(error.message, "unknown name 'kye'");
    weir_error_prefix(&error, "query %d", 2);
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 14);
    assert_int_equal(error.code, WEIR_ERR_SQL);
    assert_string_equal(error.message, "query 2: unknown name 'kye'");
}

static void nobody_who_asks_is_no_crash(void **state) {
    (void)state;
    assert_int_equal(weir_error_set(NULL, WEIR_ERR_VALUE, "x"), WEIR_ERR_VALUE);
    assert_int_equal(weir_error_set_at(NULL, WEIR_ERR_VALUE, 1, 1, "x"), WEIR_ERR_VALUE);
    weir_error_prefix(NULL, "x");
}

/* Fills `text` with `bytes` bytes made of `unit`, and a zero. */
static void repeat(char *text, size_t bytes, const char *unit) {
    size_t unit_bytes = strlen(unit);
    for (size_t i = 0; i < bytes; i++) text[i] = unit[i % unit_bytes];
    text[bytes] = '\0';
}

static void a_message_that_just_fits_is_whole(void **state) {
    (void)state;
    struct weir_error error;
    char text[room + 10];
    repeat(text, room - 1, "x");
    weir_error_set(&error, WEIR_ERR_IO, "%s", text);
    assert_string_equal(error.message, text);
    repeat(text, room, "x");
    weir_error_set(&error, WEIR_ERR_IO, "%s", text);
    assert_int_equal(strlen(error.message), room - 1);
    assert_string_equal(error.message + room - 4, "...");
}

/* Whatever the position of the cut in a character, what remains are whole characters and "...". */
static void a_cut_falls_between_characters(void **state) {
    (void)state;
    static const char *const units[] = {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8c\x8a"};
    for (size_t unit = 0; unit < 4; unit++) {
        for (size_t lead = 0; lead < 4; lead++) {
            struct weir_error error;
            char text[2 * room + 1];
            repeat(text, 2 * room, units[unit]);
            weir_error_set(&error, WEIR_ERR_IO, "%.*s%s", (int)lead, "abc", text);
            size_t length = strlen(error.message);
            assert_true(length >= room - 1 - 3);
            assert_string_equal(error.message + length - 3, "...");
            assert_int_equal((length - 3 - (lead > 3 ? 3 : lead)) % strlen(units[unit]), 0);
            weir_error_prefix(&error, "%s", text);
            length = strlen(error.message);
            assert_string_equal(error.message + length - 3, "...");
        }
    }
}

/* Messages quote what came from outside, which may be no UTF-8 at all. */
static void bytes_that_are_no_utf8_do_not_eat_the_message(void **state) {
    (void)state;
    struct weir_error error;
    char text[2 * room + 1];
    repeat(text, 2 * room, "\x80");
    weir_error_set(&error, WEIR_ERR_FORMAT, "line 3: %s", text);
    assert_memory_equal(error.message, "line 3: \x80", 9);
    assert_true(strlen(error.message) >= room - 1 - 3);
}

static void a_prefix_that_is_too_long_leaves_the_message(void **state) {
    (void)state;
    struct weir_error error;
    char text[room + 1];
    repeat(text, room, "p");
    weir_error_set(&error, WEIR_ERR_IO, "the reason");
    weir_error_prefix(&error, "%s", text);
    assert_non_null(strstr(error.message, "...: the reason"));
}

static void the_nearest_name_is_found(void **state) {
    (void)state;
    static const char *const names[] = {"path", NULL, "format", "csv.field-delimiter", "count", "a", ""};
    enum { count = 7 };
    assert_string_equal(weir_nearest_name("pth", names, count), "path");
    assert_string_equal(weir_nearest_name("FORMT", names, count), "format");
    assert_string_equal(weir_nearest_name("csv.feild-delimiter", names, count), "csv.field-delimiter");
    assert_string_equal(weir_nearest_name("cnt", names, count), "count");
    assert_string_equal(weir_nearest_name("A", names, count), "a");
    assert_null(weir_nearest_name("watermark", names, count));
    assert_null(weir_nearest_name("", names, count));
    assert_null(weir_nearest_name("path", names, 0));
}

static void names_that_share_nothing_are_not_near(void **state) {
    (void)state;
    static const char *const names[] = {"x", "yz"};
    assert_null(weir_nearest_name("q", names, 2));
    assert_null(weir_nearest_name("pq", names, 2));
}

static void of_equally_near_names_the_first_wins(void **state) {
    (void)state;
    static const char *const names[] = {"tast", "tost"};
    assert_string_equal(weir_nearest_name("test", names, 2), "tast");
}

static void words_of_any_length_are_no_crash(void **state) {
    (void)state;
    char word[200], name[200];
    repeat(word, 63, "w");
    repeat(name, 63, "w");
    const char *names[] = {name};
    assert_string_equal(weir_nearest_name(word, names, 1), name);
    repeat(word, 64, "w");
    assert_null(weir_nearest_name(word, names, 1));
    repeat(word, 63, "w");
    repeat(name, 64, "w");
    assert_null(weir_nearest_name(word, names, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_one_statement),
        cmocka_unit_test(a_position_is_kept),
        cmocka_unit_test(nobody_who_asks_is_no_crash),
        cmocka_unit_test(a_message_that_just_fits_is_whole),
        cmocka_unit_test(a_cut_falls_between_characters),
        cmocka_unit_test(bytes_that_are_no_utf8_do_not_eat_the_message),
        cmocka_unit_test(a_prefix_that_is_too_long_leaves_the_message),
        cmocka_unit_test(the_nearest_name_is_found),
        cmocka_unit_test(names_that_share_nothing_are_not_near),
        cmocka_unit_test(of_equally_near_names_the_first_wins),
        cmocka_unit_test(words_of_any_length_are_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
