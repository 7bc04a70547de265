/* SPDX-License-Identifier: Apache-2.0
 *
 * Includes run one way:
 *     include/weir <- base <- {alloc, simd, io} <- engine <- {sql, connect} <- cli
 * where alloc, simd and io never see each other, nor sql and connect, and where what stands outside the library
 * (the program, the embeddings, the examples, the tests of the API) sees include/weir and itself only. The checker
 * is tried on made-up includes first, then runs over the tree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>

#include "tests/io/folder.h"

/* What the files of a folder, and of those below it, may include. */
static const struct rule {
    const char *folder;
    const char *seen[8];
} rules[] = {
    {"include/weir", {"weir"}},
    {"base", {"weir", "base"}},
    {"alloc", {"weir", "base", "alloc"}},
    {"simd", {"weir", "base", "simd"}},
    {"io", {"weir", "base", "io"}},
    {"engine", {"weir", "base", "alloc", "simd", "engine"}},
    {"sql", {"weir", "base", "alloc", "simd", "engine", "sql"}},
    {"connect", {"weir", "base", "alloc", "simd", "io", "engine", "connect"}},
    {"cli", {"weir", "cli"}},
    {"python", {"weir", "python"}},
    {"flink", {"weir", "flink"}},
    {"examples", {"weir", "examples"}},
    {"tests/api", {"weir", "tests/api"}},
    {"tests/install", {"weir"}},
};
enum { rules_count = sizeof(rules) / sizeof(rules[0]) };

/* Every folder that can be named by an include, whether or not a rule says what it includes itself. */
static const char *const rooms[] = {"include", "weir", "base",   "alloc", "simd",     "io",    "engine", "sql",
                                    "connect", "cli",  "python", "flink", "examples", "tests", "bench"};

/* ---- one include ----------------------------------------------------------------------------------------------
 */

/* Whether path lies in folder, or is it. */
static bool lies_in(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static const struct rule *rule_of(const char *file) {
    for (size_t i = 0; i < rules_count; i++) {
        if (lies_in(file, rules[i].folder)) return &rules[i];
    }
    return NULL;
}

static bool names_a_room(const char *target) {
    for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
        if (lies_in(target, rooms[i])) return true;
    }
    return false;
}

/* NULL, or why `file` (from the root of the tree) may not include `target`. */
static const char *why_wrong(const char *file, const char *target, bool quoted) {
    const struct rule *rule = rule_of(file);
    if (rule == NULL) return NULL;
    if (strstr(target, "..") != NULL) return "a path that climbs";
    if (strchr(target, '/') == NULL) return NULL; /* its own folder, or the system */
    for (size_t i = 0; i < sizeof(rule->seen) / sizeof(rule->seen[0]) && rule->seen[i] != NULL; i++) {
        if (lies_in(target, rule->seen[i])) return NULL;
    }
    if (names_a_room(target)) return "an arrow against the order of the house";
    return quoted ? "a path that does not begin at the root of the tree" : NULL;
}

/* NULL, or why a line of `file` is wrong. Lines that are no includes are right. */
static const char *why_line_wrong(const char *file, const char *line) {
    while (isspace((unsigned char)*line)) line++;
    if (*line++ != '#') return NULL;
    while (isspace((unsigned char)*line)) line++;
    if (strncmp(line, "include", 7) != 0) return NULL;
    line += 7;
    while (isspace((unsigned char)*line)) line++;
    if (*line != '"' && *line != '<') return "a name that only the preprocessor knows";
    char target[512];
    size_t length = strcspn(line + 1, "\">\r\n");
    if (length >= sizeof(target)) return "a name without end";
    memcpy(target, line + 1, length);
    target[length] = '\0';
    return why_wrong(file, target, *line == '"');
}

/* ---- a tree ---------------------------------------------------------------------------------------------------
 */

static size_t root_length;
static size_t files_seen;
static size_t includes_wrong;
static bool silent;

static bool is_source(const char *path) {
    static const char *const ends[] = {".c", ".h", ".cc", ".cpp", ".hpp", ".def", ".inc"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (strcmp(dot, ends[i]) == 0) return true;
    }
    return false;
}

static int check_file(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    (void)status;
    (void)walk;
    if (kind != FTW_F || !is_source(path)) return 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) return -1;
    files_seen++;
    char *line = NULL;
    size_t room = 0;
    for (int number = 1; getline(&line, &room, file) >= 0; number++) {
        const char *why = why_line_wrong(path + root_length, line);
        if (why == NULL) continue;
        includes_wrong++;
        if (!silent) fprintf(stderr, "%s:%d: %s: %s", path, number, why, line);
    }
    free(line);
    fclose(file);
    return 0;
}

/* Counts the files and the wrong includes of all folders that have a rule. */
static void check_tree(const char *root) {
    root_length = strlen(root) + 1;
    files_seen = includes_wrong = 0;
    for (size_t i = 0; i < rules_count; i++) {
        char path[1024];
        snprintf(path, sizeof(path), "%s/%s", root, rules[i].folder);
        if (access(path, F_OK) == 0) assert_int_equal(nftw(path, check_file, 16, FTW_PHYS), 0);
    }
}

/* ---- tests ----------------------------------------------------------------------------------------------------
 */

static void wrong_arrows_are_seen(void **state) {
    (void)state;
    static const char *const wrong[][2] = {
        {"base/bits.c", "#include \"alloc/arena.h\"\n"},
        {"include/weir/weir.h", "#include \"base/error.h\"\n"},
        {"alloc/arena.c", "#include \"io/io.h\"\n"},
        {"io/io.c", "#include \"simd/kernels.h\"\n"},
        {"simd/ref/sum.c", "#include \"alloc/arena.h\"\n"},
        {"engine/batch.c", "#include \"io/io.h\"\n"},
        {"engine/batch.c", "#include \"sql/parser.h\"\n"},
        {"engine/batch.c", "  #  include   <connect/format.h>\n"},
        {"engine/batch.c", "#include \"../io/io.h\"\n"},
        {"engine/batch.c", "#include \"tests/io/folder.h\"\n"},
        {"engine/batch.c", "#include SOME_MACRO\n"},
        {"sql/parser.c", "#include \"connect/format.h\"\n"},
        {"sql/parser.c", "#include \"io/io.h\"\n"},
        {"connect/csv.c", "#include \"sql/parser.h\"\n"},
        {"connect/parquet/shim.cpp", "#include \"parquet/shim.h\"\n"},
        {"cli/main.c", "#include \"engine/plan.h\"\n"},
        {"cli/main.c", "#include \"base/error.h\"\n"},
        {"cli/main.c", "#include \"include/weir/weir.h\"\n"},
        {"examples/a.c", "#include \"cli/options.h\"\n"},
        {"tests/api/test_api.c", "#include \"base/error.h\"\n"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (why_line_wrong(wrong[i][0], wrong[i][1]) == NULL) fail_msg("%s: %s", wrong[i][0], wrong[i][1]);
    }
}

static void right_arrows_are_left_alone(void **state) {
    (void)state;
    static const char *const right[][2] = {
        {"base/bits.c", "#include \"weir/types.h\"\n"},
        {"base/bits.c", "#include <sys/stat.h>\n"},
        {"io/uring.c", "#include <liburing.h>\n"},
        {"engine/batch.c", "#include \"simd/kernels.h\"\n"},
        {"engine/batch.c", "#include \"batch.h\"\n"},
        {"engine/batch.c", "/* #include \"io/io.h\" */\n"},
        {"engine/batch.c", "#define X \"io/io.h\"\n"},
        {"connect/csv.c", "#include \"io/io.h\"\r\n"},
        {"connect/parquet/shim.cpp", "#include <parquet/arrow/reader.h>\n"},
        {"sql/binder.c", "#include \"engine/plan.h\"\n"},
        {"cli/main.c", "#include \"weir/weir.h\"\n"},
        {"cli/main.c", "#include \"cli/options.h\"\n"},
        {"tests/api/test_api.c", "#include <weir/weir.h>\n"},
        {"tests/engine/test_batch.c", "#include \"io/io.h\"\n"},
        {"ioctl/other.c", "#include \"simd/kernels.h\"\n"},
    };
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        const char *why = why_line_wrong(right[i][0], right[i][1]);
        if (why != NULL) fail_msg("%s: %s: %s", right[i][0], right[i][1], why);
    }
}

static void a_wrong_include_in_a_tree_is_found(void **state) {
    const struct folder *folder = *state;
    static const char bad[] = "/* x */\n#include \"base/error.h\"\n#include \"io/io.h\"";
    static const char good[] = "#include \"base/error.h\"\n";
    assert_int_equal(mkdir(folder_name(folder, "engine"), 0700), 0);
    assert_int_equal(mkdir(folder_name(folder, "engine/deep"), 0700), 0);
    folder_put(folder, "engine/good.c", good, sizeof(good) - 1);
    folder_put(folder, "engine/notes.md", bad, sizeof(bad) - 1);
    check_tree(folder->path);
    assert_int_equal(files_seen, 1);
    assert_int_equal(includes_wrong, 0);
    folder_put(folder, "engine/deep/bad.h", bad, sizeof(bad) - 1);
    silent = true;
    check_tree(folder->path);
    silent = false;
    assert_int_equal(files_seen, 2);
    assert_int_equal(includes_wrong, 1);
}

static void the_tree_has_no_wrong_arrow(void **state) {
    (void)state;
    check_tree(WEIR_SOURCE_DIR);
    assert_true(files_seen > 30); /* it did look */
    assert_int_equal(includes_wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arrows_are_seen),
        cmocka_unit_test(right_arrows_are_left_alone),
        cmocka_unit_test_setup_teardown(a_wrong_include_in_a_tree_is_found, folder_setup, folder_teardown),
        cmocka_unit_test(the_tree_has_no_wrong_arrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
