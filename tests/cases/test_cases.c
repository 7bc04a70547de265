/* SPDX-License-Identifier: Apache-2.0
 *
 * Each script of windows/, flights/ and more/, or of the folders of tests/ that are named as arguments, gives the
 * rows that Flink gave, whatever the number of workers, the size of the batches and the instruction set, and the
 * same counters each time. As it stands every pair of values of two of these meets in each small case (in builds
 * under a sanitizer: over the cases together).
 *   WEIR_TEST_MATRIX=full   every combination, or `once`: one a script, drawn anew each time
 *   WEIR_TEST_SEED=N        draws what was drawn then; the program says its seed
 *   WEIR_TEST_ONLY=TEXT     those scripts whose name holds TEXT
 *   WEIR_TEST_SHARE=I/N     of these every Nth, from the Ith on
 *   WEIR_TEST_SAMPLE=N      of these N, drawn anew each time
 *   WEIR_TEST_ROWS=FOLDER   the rows of Flink lie there instead of beside the scripts
 *
 * What a script NAME.sql must give is the first of these that is there:
 *   NAME.weir.error   no rows: weir stops, and its message holds the text of this file
 *   NAME.weir.csv     these rows; the script says why they are not Flink's
 *   NAME.csv          Flink's rows
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <spawn.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "simd/kernels.h"
#include "tests/cases/rows.h"
#include "tests/io/folder.h"

#if defined(__SANITIZE_THREAD__)
enum { sanitized = 1, threaded = 1 };
#elif defined(__SANITIZE_ADDRESS__)
enum { sanitized = 1, threaded = 0 };
#else
enum { sanitized = 0, threaded = 0 };
#endif

extern char **environ;

static const unsigned workers_tried[] = {0, 1, 2, 7}, rows_tried[] = {1, 7, 1024, 65536};

struct combination {
    unsigned workers, batch_rows;
    enum weir_simd_level level;
};

struct suite {
    struct folder *folder; /* where results go */
    glob_t scripts;
    enum weir_simd_level levels[WEIR_SIMD_LEVELS];
    size_t levels_count;
    enum matrix { PAIRS, FULL, ONCE } matrix;
    uint64_t random;
};

static struct suite suite;

/* ---- which combinations ---- */

static void find_levels(void) {
    for (enum weir_simd_level level = WEIR_SIMD_BASELINE; level < WEIR_SIMD_LEVELS; level++) {
        if (weir_simd_table(level) != NULL) suite.levels[suite.levels_count++] = level;
    }
}

static size_t random_below(size_t limit) {
    suite.random += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
    uint64_t mixed = (suite.random ^ (suite.random >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((mixed ^ (mixed >> 31)) % limit);
}

static struct combination combination_of(size_t worker_idx, size_t rows_idx, size_t level_idx) {
    return (struct combination){workers_tried[worker_idx % 4], rows_tried[rows_idx % 4],
                                suite.levels[level_idx % suite.levels_count]};
}

/* Under ThreadSanitizer one with threads. */
static struct combination random_combination(bool large) {
    size_t worker_from = threaded ? 1 : 0, rows_from = large ? 2 : 0;
    size_t worker_idx = worker_from + random_below(4 - worker_from);
    size_t rows_idx = rows_from + random_below(4 - rows_from);
    return combination_of(worker_idx, rows_idx, random_below(suite.levels_count));
}

/* Combination `turn` of a case, false when there is none. The sixteen pairs of workers and rows, with the levels
 * dealt along their diagonals: with at most four levels each meets every number of workers and every size of batch.
 */
static bool next_combination(size_t turn, size_t case_idx, bool large, struct combination *out) {
    if (suite.matrix == ONCE) {
        *out = random_combination(large);
        return turn == 0;
    }
    if (suite.matrix == FULL) {
        if (turn >= 16 * suite.levels_count) return false;
        *out = combination_of(turn / 4, turn, turn / 16);
        return true;
    }
    if (large) { /* 589 824 rows one by one would take minutes */
        if (turn >= (sanitized ? 1 : 8)) return false;
        size_t pick = sanitized ? case_idx : turn;
        *out = combination_of(pick, 2 + (pick / 4 + pick) % 2, pick);
        return true;
    }
    if (turn >= (sanitized ? 2 : 16)) return false;
    size_t pick = sanitized ? case_idx * 2 + turn : turn;
    *out = combination_of(pick / 4, pick, pick / 4 + pick);
    return true;
}

/* ---- a run ---- */

static const char *result_file(const char *name) { return folder_name(suite.folder, name); }

static char *text_of(const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    size_t bytes = fread(text, 1, 65535, file);
    text[bytes] = '\0';
    fclose(file);
    return text;
}

static int run(char *const *arguments) {
    posix_spawn_file_actions_t files;
    assert_int_equal(posix_spawn_file_actions_init(&files), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0), 0);
    int flags = O_WRONLY | O_CREAT | O_TRUNC;
    assert_int_equal(posix_spawn_file_actions_addopen(&files, 1, result_file("out.csv"), flags, 0600), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&files, 2, result_file("said"), flags, 0600), 0);
    pid_t child = 0;
    int failed = posix_spawn(&child, arguments[0], &files, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) fail_msg("%s cannot be started: %s", arguments[0], strerror(failed));
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) fail_msg("waitpid: %s", strerror(errno));
    }
    return status;
}

static int run_case(const char *script, const char *folder, const struct combination *with) {
    char workers[16], batch_rows[16], level[16], cases[600];
    snprintf(workers, sizeof(workers), "%u", with->workers);
    snprintf(batch_rows, sizeof(batch_rows), "%u", with->batch_rows);
    snprintf(level, sizeof(level), "%s", weir_simd_level_name(with->level));
    snprintf(cases, sizeof(cases), "cases=%s", folder);
    const char *arguments[] = {WEIR_BUILD_DIR "/weir",
                               "run",
                               "-o",
                               "csv",
                               "-D",
                               "data=" WEIR_SOURCE_DIR "/examples",
                               "-D",
                               cases,
                               "--workers",
                               workers,
                               "--batch-rows",
                               batch_rows,
                               "--simd",
                               level,
                               "--stats-file",
                               result_file("stats.json"),
                               script,
                               NULL};
    return run((char *const *)arguments);
}

/* ---- its counters ---- */

static const char *const counter_names[] = {"rows_in", "filtered",   "null_time", "future_dropped", "unassigned",
                                            "late",    "aggregated", "rejected",  "nulled",         "rows_out"};
enum { counters_count = sizeof(counter_names) / sizeof(counter_names[0]) };

static void read_counters(int64_t counters[static counters_count]) {
    char *text = text_of(result_file("stats.json"));
    for (size_t i = 0; i < counters_count; i++) {
        char name[32];
        snprintf(name, sizeof(name), "\"%s\": ", counter_names[i]);
        const char *at = strstr(text, name);
        if (at == NULL) fail_msg("--stats-file lacks %s", counter_names[i]);
        counters[i] = strtoll(at + strlen(name), NULL, 10);
    }
    free(text);
    int64_t sum = 0;
    for (size_t i = 1; i < 7; i++) sum += counters[i];
    if (sum != counters[0]) fail_msg("%" PRId64 " rows came in, %" PRId64 " are accounted for", counters[0], sum);
}

/* ---- a case ---- */

static void check_run(const char *script, const struct rows *expected, bool ordered, const char *with, int status,
                      int64_t counters[static counters_count]) {
    if (status != 0) {
        char *said = text_of(result_file("said"));
        fail_msg("%s %s: status %#x: %.2000s", script, with, (unsigned)status, said);
    }
    struct rows actual = rows_load(result_file("out.csv"));
    char why[1024];
    if (!rows_equal(expected, &actual, ordered, why, sizeof(why))) fail_msg("%s %s: %s", script, with, why);
    rows_free(&actual);
    read_counters(counters);
}

static bool is_ordered(const char *script) {
    char *text = text_of(script);
    text[strcspn(text, "\n")] = '\0';
    bool ordered = strstr(text, "; ordered") != NULL;
    free(text);
    return ordered;
}

/* LIMIT ends the query, as soon as the batch is through that brings its last row: how much was read depends on it.
 */
static bool is_cut_short(const char *script) {
    char *text = text_of(script);
    bool cut = strstr(text, "\nLIMIT ") != NULL && strstr(text, "ORDER BY") == NULL;
    free(text);
    return cut;
}

static void check_refusal(const char *script, const char *with, int status, const char *expected_file) {
    char *expected = text_of(expected_file), *said = text_of(result_file("said"));
    expected[strcspn(expected, "\n")] = '\0';
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 0 || strstr(said, expected) == NULL) {
        fail_msg("%s %s: status %#x instead of \"%s\": %.2000s", script, with, (unsigned)status, expected, said);
    }
    free(expected);
    free(said);
}

/* The file `folder`/NAME`ending` for the script NAME.sql; folder NULL: the script's own. */
static bool find_beside(const char *script, const char *folder, const char *ending, char *out, size_t size) {
    const char *name = strrchr(script, '/') + 1;
    int stem = (int)(strlen(name) - strlen(".sql"));
    if (folder == NULL) {
        snprintf(out, size, "%.*s%s", (int)(strlen(script) - strlen(".sql")), script, ending);
    } else {
        snprintf(out, size, "%s/%.*s%s", folder, stem, name, ending);
    }
    return access(out, R_OK) == 0;
}

static void gives_the_rows_of_flink(void **state) {
    const char *script = *state;
    size_t case_idx = 0;
    while (suite.scripts.gl_pathv[case_idx] != script) case_idx++;
    char folder[512], expected_file[512];
    snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(script, '/') - script), script);
    if (find_beside(script, NULL, ".weir.error", expected_file, sizeof(expected_file))) {
        const struct combination first = combination_of(case_idx, case_idx / 4, case_idx);
        check_refusal(script, "", run_case(script, folder, &first), expected_file);
        return;
    }
    if (!find_beside(script, NULL, ".weir.csv", expected_file, sizeof(expected_file))) {
        find_beside(script, getenv("WEIR_TEST_ROWS"), ".csv", expected_file, sizeof(expected_file));
    }
    struct rows expected = rows_load(expected_file);
    bool ordered = is_ordered(script), cut_short = is_cut_short(script),
         large = strstr(script + strlen(WEIR_SOURCE_DIR), "/cases/flights/") != NULL;
    int64_t first[counters_count], counters[counters_count];
    struct combination with;
    for (size_t turn = 0; next_combination(turn, case_idx, large, &with); turn++) {
        char said[96];
        snprintf(said, sizeof(said), "--workers %u --batch-rows %u --simd %s", with.workers, with.batch_rows,
                 weir_simd_level_name(with.level));
        int status = run_case(script, folder, &with);
        check_run(script, &expected, ordered, said, status, turn == 0 ? first : counters);
        for (size_t i = 0; turn > 0 && !cut_short && i < counters_count; i++) {
            if (counters[i] == first[i]) continue;
            fail_msg("%s %s: %s is %" PRId64 ", in the first run %" PRId64, script, said, counter_names[i],
                     counters[i], first[i]);
        }
    }
    rows_free(&expected);
}

/* ---- all of them ---- */

static void find_scripts(const char *const *folders, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char pattern[512];
        snprintf(pattern, sizeof(pattern), WEIR_SOURCE_DIR "/tests/%s/*.sql", folders[i]);
        if (glob(pattern, i == 0 ? 0 : GLOB_APPEND, NULL, &suite.scripts) != 0) {
            fprintf(stderr, "no script: %s\n", pattern);
            exit(1);
        }
    }
}

/* A state of the group would stand in for those of the tests. */
static int begin(void **state) {
    (void)state;
    void *folder = NULL;
    if (folder_setup(&folder) != 0) return -1;
    suite.folder = folder;
    return 0;
}

static int end(void **state) {
    (void)state;
    void *folder = suite.folder;
    return folder_teardown(&folder);
}

static void read_matrix(void) {
    const char *matrix = getenv("WEIR_TEST_MATRIX"), *seed = getenv("WEIR_TEST_SEED");
    if (matrix != NULL)
        suite.matrix = strcmp(matrix, "full") == 0 ? FULL : strcmp(matrix, "once") == 0 ? ONCE : PAIRS;
    if (seed != NULL) {
        suite.random = strtoull(seed, NULL, 0);
    } else if (getrandom(&suite.random, sizeof(suite.random), 0) != (ssize_t)sizeof(suite.random)) {
        suite.random = 1;
    }
    if (suite.matrix == ONCE || getenv("WEIR_TEST_SAMPLE") != NULL)
        fprintf(stderr, "WEIR_TEST_SEED=%" PRIu64 "\n", suite.random);
}

static size_t find_tests(struct CMUnitTest *tests) {
    const char *only = getenv("WEIR_TEST_ONLY"), *share = getenv("WEIR_TEST_SHARE");
    size_t first = 1, step = 1, seen = 0, count = 0;
    if (share != NULL && (sscanf(share, "%zu/%zu", &first, &step) != 2 || first == 0 || first > step)) {
        fprintf(stderr, "WEIR_TEST_SHARE is '%s', not as 1/4\n", share);
        exit(1);
    }
    for (size_t i = 0; i < suite.scripts.gl_pathc; i++) {
        char *script = suite.scripts.gl_pathv[i];
        const char *name = script + strlen(WEIR_SOURCE_DIR "/tests/");
        if (only != NULL && strstr(name, only) == NULL) continue;
        if (seen++ % step != first - 1) continue;
        tests[count++] =
            (struct CMUnitTest){.name = name, .test_func = gives_the_rows_of_flink, .initial_state = script};
    }
    return count;
}

/* Leaves some of them, drawn, in front. */
static size_t draw_sample(struct CMUnitTest *tests, size_t count) {
    const char *sample = getenv("WEIR_TEST_SAMPLE");
    size_t wanted = sample == NULL ? count : strtoull(sample, NULL, 0);
    for (size_t i = 0; i < wanted && i < count && sample != NULL; i++) {
        size_t drawn = i + random_below(count - i);
        struct CMUnitTest test = tests[i];
        tests[i] = tests[drawn];
        tests[drawn] = test;
    }
    return wanted < count ? wanted : count;
}

int main(int argc, char **argv) {
    static const char *const usual[] = {"cases/windows", "cases/flights", "cases/more"};
    read_matrix();
    find_levels();
    if (argc > 1) {
        find_scripts((const char *const *)argv + 1, (size_t)argc - 1);
    } else {
        find_scripts(usual, sizeof(usual) / sizeof(usual[0]));
    }
    struct CMUnitTest *tests = calloc(suite.scripts.gl_pathc, sizeof(*tests));
    if (tests == NULL) return 1;
    size_t count = draw_sample(tests, find_tests(tests));
    int failed = _cmocka_run_group_tests(argc > 1 ? argv[1] : "cases", tests, count, begin, end);
    free(tests);
    globfree(&suite.scripts);
    return failed > 0 || count == 0; /* not their number: 256 failures are no success */
}
