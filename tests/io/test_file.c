/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/io.h"
#include "tests/io/folder.h"

static void expect_refused(const char *path, const char *reason) {
    struct weir_file *file = NULL;
    struct weir_error error;
    assert_int_equal(weir_file_open(path, &file, &error), WEIR_ERR_IO);
    assert_null(file);
    assert_int_equal(error.code, WEIR_ERR_IO);
    assert_non_null(strstr(error.message, path));
    if (strstr(error.message, reason) == NULL) fail_msg("'%s' does not say '%s'", error.message, reason);
}

static void a_missing_file_is_named(void **state) {
    expect_refused(folder_name(*state, "missing"), "No such file");
    expect_refused("", "No such file");
}

static void what_is_no_regular_file_is_refused(void **state) {
    const struct folder *folder = *state;
    expect_refused(folder->path, "a directory");
    expect_refused("/dev/null", "a device");
    const char *pipe_name = folder_name(folder, "pipe");
    assert_int_equal(mkfifo(pipe_name, 0600), 0);
    expect_refused(pipe_name, "a pipe"); /* and does not wait for a writer */
}

static void a_file_without_permission_is_refused(void **state) {
    become_nobody(*state);
    folder_put(*state, "secret", "x", 1);
    assert_int_equal(chmod(folder_name(*state, "secret"), 0), 0);
    expect_refused(folder_name(*state, "secret"), "Permission denied");
    become_oneself();
}

static void exact_reads_are_exact(void **state) {
    const struct folder *folder = *state;
    folder_put_pattern(folder, "data", 1000);
    struct weir_file *file = NULL;
    assert_int_equal(weir_file_open(folder_name(folder, "data"), &file, NULL), WEIR_OK);
    assert_string_equal(weir_file_path(file), folder_name(folder, "data"));
    char buffer[1000];
    assert_int_equal(weir_file_read_exact(file, 0, buffer, 1000, NULL), WEIR_OK);
    assert_true(is_pattern_from(buffer, 0, 1000));
    assert_int_equal(weir_file_read_exact(file, 990, buffer, 10, NULL), WEIR_OK);
    assert_true(is_pattern_from(buffer, 990, 10));
    assert_int_equal(weir_file_read_exact(file, 1000, buffer, 0, NULL), WEIR_OK);
    weir_file_close(&file);
    assert_null(file);
    weir_file_close(&file);
    weir_file_close(NULL);
}

static void a_file_that_ends_before_says_where(void **state) {
    const struct folder *folder = *state;
    folder_put_pattern(folder, "data", 1000);
    struct weir_file *file = NULL;
    assert_int_equal(weir_file_open(folder_name(folder, "data"), &file, NULL), WEIR_OK);
    char buffer[100];
    struct weir_error error;
    static const int64_t offsets[] = {901, 1000, 5000, INT64_MAX - 100};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(weir_file_read_exact(file, offsets[i], buffer, 100, &error), WEIR_ERR_FORMAT);
        assert_non_null(strstr(error.message, "ends at byte 1000"));
        assert_non_null(strstr(error.message, folder_name(folder, "data")));
    }
    weir_file_close(&file);
}

/* Offsets come from footers, which lie. */
static void offsets_from_a_broken_footer_are_format_errors(void **state) {
    const struct folder *folder = *state;
    folder_put_pattern(folder, "data", 10);
    struct weir_file *file = NULL;
    assert_int_equal(weir_file_open(folder_name(folder, "data"), &file, NULL), WEIR_OK);
    char buffer[100];
    assert_int_equal(weir_file_read_exact(file, -1, buffer, 100, NULL), WEIR_ERR_FORMAT);
    assert_int_equal(weir_file_read_exact(file, INT64_MAX, buffer, 100, NULL), WEIR_ERR_FORMAT);
    assert_int_equal(weir_file_read_exact(file, 0, buffer, SIZE_MAX, NULL), WEIR_ERR_FORMAT);
    weir_file_close(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_missing_file_is_named, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_regular_file_is_refused, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_file_without_permission_is_refused, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(exact_reads_are_exact, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_file_that_ends_before_says_where, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(offsets_from_a_broken_footer_are_format_errors, folder_setup,
                                        folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
