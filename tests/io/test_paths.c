/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/io.h"
#include "tests/io/folder.h"

/* Asserts that `path` (in the folder) names exactly these files, in this order. */
static void expect_files(const struct folder *folder, const char *path, const char *const *names, size_t count) {
    char **paths = NULL;
    size_t found = 0;
    struct weir_error error;
    if (weir_paths_expand(folder_name(folder, path), &paths, &found, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++) assert_string_equal(paths[i], folder_name(folder, names[i]));
    weir_paths_free(paths, found);
}

static void expect_none(const char *path, const char *says) {
    char **paths = NULL;
    size_t count = 0;
    struct weir_error error;
    assert_int_equal(weir_paths_expand(path, &paths, &count, &error), WEIR_ERR_IO);
    assert_null(paths);
    assert_non_null(strstr(error.message, path));
    if (strstr(error.message, says) == NULL) fail_msg("'%s' does not say '%s'", error.message, says);
}

static void put(const struct folder *folder, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) folder_put(folder, names[i], "", 0);
}

static void a_file_is_itself(void **state) {
    static const char *const names[] = {"_hidden.csv"};
    put(*state, names, 1);
    expect_files(*state, "_hidden.csv", names, 1); /* hidden only where a directory is named */
}

static void a_directory_gives_its_files_in_byte_order(void **state) {
    static const char *const all[] = {"d/b",       "d/B",        "d/a10", "d/a2",  "d/\xc3\xa9", "d/a",
                                      "d/.hidden", "d/_SUCCESS", "d/z",   "d/a b", "d/sub/inner"};
    assert_int_equal(mkdir(folder_name(*state, "d"), 0700), 0);
    assert_int_equal(mkdir(folder_name(*state, "d/sub"), 0700), 0);
    put(*state, all, 11);
    static const char *const expected[] = {"d/B", "d/a", "d/a b", "d/a10", "d/a2", "d/b", "d/z", "d/\xc3\xa9"};
    expect_files(*state, "d", expected, 8);
}

static void a_slash_at_the_end_is_not_doubled(void **state) {
    static const char *const names[] = {"d/x"};
    assert_int_equal(mkdir(folder_name(*state, "d"), 0700), 0);
    put(*state, names, 1);
    expect_files(*state, "d/", names, 1);
}

static void a_directory_without_files_says_so(void **state) {
    assert_int_equal(mkdir(folder_name(*state, "d"), 0700), 0);
    expect_none(folder_name(*state, "d"), "holds no files");
    folder_put(*state, "d/.only", "", 0);
    expect_none(folder_name(*state, "d"), "leading '.'");
    assert_int_equal(mkdir(folder_name(*state, "d/sub"), 0700), 0);
    expect_none(folder_name(*state, "d"), "only 1 subdirectories");
}

static void links_are_followed_and_broken_ones_named(void **state) {
    static const char *const names[] = {"d/link"};
    folder_put(*state, "target", "", 0);
    assert_int_equal(mkdir(folder_name(*state, "d"), 0700), 0);
    assert_int_equal(symlink("../target", folder_name(*state, "d/link")), 0);
    expect_files(*state, "d", names, 1);
    assert_int_equal(unlink(folder_name(*state, "target")), 0);
    char **paths = NULL;
    size_t count = 0;
    struct weir_error error;
    assert_int_equal(weir_paths_expand(folder_name(*state, "d"), &paths, &count, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "d/link"));
}

static void a_pattern_gives_its_matches_in_byte_order(void **state) {
    static const char *const all[] = {"b.csv", "B.csv", "a.csv", "a.txt", ".a.csv", "a10.csv", "a2.csv", "[1].csv"};
    assert_int_equal(mkdir(folder_name(*state, "dir.csv"), 0700), 0);
    put(*state, all, 8);
    static const char *const stars[] = {"B.csv", "[1].csv", "a.csv", "a10.csv", "a2.csv", "b.csv"};
    expect_files(*state, "*.csv", stars, 6);
    static const char *const marks[] = {"B.csv", "a.csv", "b.csv"};
    expect_files(*state, "?.csv", marks, 3);
    static const char *const sets[] = {"a.csv", "b.csv"};
    expect_files(*state, "[ab].csv", sets, 2);
    static const char *const literal[] = {"[1].csv"};
    expect_files(*state, "[1].csv", literal, 1); /* a file of that name goes before the pattern */
}

static void a_pattern_crosses_directories(void **state) {
    static const char *const all[] = {"2/x.csv", "10/x.csv", "file"};
    assert_int_equal(mkdir(folder_name(*state, "2"), 0700), 0);
    assert_int_equal(mkdir(folder_name(*state, "10"), 0700), 0);
    put(*state, all, 3);
    static const char *const expected[] = {"10/x.csv", "2/x.csv"};
    expect_files(*state, "*/x.csv", expected, 2);
}

static void what_names_nothing_says_so(void **state) {
    expect_none(folder_name(*state, "missing.csv"), "No such file");
    expect_none(folder_name(*state, "*.csv"), "no file matches");
    expect_none("", "No such file");
    folder_put(*state, "file", "", 0);
    expect_none(folder_name(*state, "file/x"), "Not a directory");
}

static void directories_that_may_not_be_read_are_errors(void **state) {
    const struct folder *folder = *state;
    become_nobody(folder);
    assert_int_equal(mkdir(folder_name(folder, "open"), 0700), 0);
    assert_int_equal(mkdir(folder_name(folder, "shut"), 0700), 0);
    folder_put(folder, "open/x", "", 0);
    assert_int_equal(chmod(folder_name(folder, "shut"), 0), 0);
    expect_none(folder_name(folder, "shut"), "Permission denied");
    expect_none(folder_name(folder, "*/[x]"), "cannot be read");
    become_oneself();
}

/* ---- looking again ---- */

/* Asserts that a look at `path` finds exactly these. */
static void expect_look(const struct folder *folder, const char *path, weir_paths_known_fn known,
                        const char *const *names, size_t count) {
    char **paths = NULL;
    size_t found = 0;
    struct weir_error error;
    if (weir_paths_look(folder_name(folder, path), known, folder, &paths, &found, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++) assert_string_equal(paths[i], folder_name(folder, names[i]));
    weir_paths_free(paths, found);
}

/* Names that end in an even digit. */
static bool is_even(const void *user, const char *path) {
    (void)user;
    return strchr("02468", path[strlen(path) - 1]) != NULL;
}

static void another_look_gives_what_is_not_known(void **state) {
    static const char *const all[] = {"d/4", "d/3", "d/2", "d/1", "d/_5", "d/.7"};
    static const char *const everything[] = {"d/1", "d/2", "d/3", "d/4"}, *const odd[] = {"d/1", "d/3"};
    assert_int_equal(mkdir(folder_name(*state, "d"), 0700), 0);
    expect_look(*state, "d", NULL, NULL, 0); /* none is no error */
    expect_look(*state, "d/*", NULL, NULL, 0);
    expect_look(*state, "d/*/x", NULL, NULL, 0);
    put(*state, all, 6);
    assert_int_equal(mkdir(folder_name(*state, "d/9"), 0700), 0);
    assert_int_equal(mkfifo(folder_name(*state, "d/7"), 0700), 0);
    expect_look(*state, "d", NULL, everything, 4);
    expect_look(*state, "d/*", NULL, everything, 4);
    expect_look(*state, "d", is_even, odd, 2);
    expect_look(*state, "d/[1-4]", is_even, odd, 2);
    expect_look(*state, "d/3", is_even, &odd[1], 1);
    expect_look(*state, "d/2", is_even, NULL, 0);
    expect_look(*state, "d/8", is_even, NULL, 0);                        /* known, and gone since */
    assert_int_equal(symlink("nowhere", folder_name(*state, "d/5")), 0); /* as a file that vanishes */
    expect_look(*state, "d", is_even, odd, 2);
}

static void a_look_at_nothing_says_so(void **state) {
    static const char *const nothing[] = {"none", "none/*", "none/*/x"};
    for (size_t i = 0; i < 3; i++) {
        char **paths = NULL;
        size_t count = 0;
        struct weir_error error;
        assert_int_equal(weir_paths_look(folder_name(*state, nothing[i]), NULL, NULL, &paths, &count, &error),
                         WEIR_ERR_IO);
        assert_non_null(strstr(error.message, "none"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_itself, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_directory_gives_its_files_in_byte_order, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_slash_at_the_end_is_not_doubled, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_directory_without_files_says_so, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(links_are_followed_and_broken_ones_named, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_pattern_gives_its_matches_in_byte_order, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_pattern_crosses_directories, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(what_names_nothing_says_so, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(directories_that_may_not_be_read_are_errors, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(another_look_gives_what_is_not_known, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_look_at_nothing_says_so, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
