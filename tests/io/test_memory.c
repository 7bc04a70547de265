/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that cannot be had: for every n, the n-th allocation of each call fails. The call says so, nothing leaks
 * (the sanitizer looks), and the handles that exist can be closed. The sources stand here with allocating functions
 * of ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/io/folder.h"

static int allocations;  /* since the scenario began */
static int fail_at = -1; /* the one that fails, from 0 */

static bool is_short(void) { return allocations++ == fail_at; }

static void *short_malloc(size_t bytes) { return is_short() ? NULL : malloc(bytes); }
static void *short_calloc(size_t count, size_t bytes) { return is_short() ? NULL : calloc(count, bytes); }
static void *short_realloc(void *old, size_t bytes) { return is_short() ? NULL : realloc(old, bytes); }
static void *short_aligned_alloc(size_t to, size_t bytes) { return is_short() ? NULL : aligned_alloc(to, bytes); }
static char *short_strdup(const char *text) { return is_short() ? NULL : strdup(text); }

#define malloc short_malloc
#define calloc short_calloc
#define realloc short_realloc
#define aligned_alloc short_aligned_alloc
#undef strdup
#define strdup short_strdup
#include "io/file.c"
#include "io/io.c"
#include "io/output.c"
#include "io/paths.c"
#include "io/stream.c"
#undef malloc
#undef calloc
#undef realloc
#undef aligned_alloc
#undef strdup

enum { file_bytes = 10000 };

static enum weir_status read_stream(const struct folder *folder) {
    struct weir_io_options options = {.plain = true};
    struct weir_stream *stream = NULL;
    enum weir_status status = weir_stream_open(folder_name(folder, "d/data"), 1000, 3, &options, &stream, NULL);
    if (status != WEIR_OK) return status;
    const char *data;
    size_t bytes;
    while ((status = weir_stream_next(stream, &data, &bytes, NULL)) == WEIR_OK) {
    }
    weir_stream_close(&stream);
    return status == WEIR_END ? WEIR_OK : status;
}

static enum weir_status expand_all(const struct folder *folder, const char *path) {
    char **paths = NULL;
    size_t count = 0;
    enum weir_status status = weir_paths_expand(folder_name(folder, path), &paths, &count, NULL);
    if (status == WEIR_OK) weir_paths_free(paths, count);
    return status;
}

static enum weir_status expand_file(const struct folder *folder) { return expand_all(folder, "d/data"); }
static enum weir_status expand_folder(const struct folder *folder) { return expand_all(folder, "d"); }
static enum weir_status expand_stars(const struct folder *folder) { return expand_all(folder, "d/*"); }

static enum weir_status write_file(const struct folder *folder) {
    struct weir_output *output = NULL;
    enum weir_status status = weir_output_open(folder_name(folder, "out"), &output, NULL);
    if (status != WEIR_OK) return status;
    status = weir_output_write(output, "x", 1, NULL);
    if (status == WEIR_OK) status = weir_output_commit(output, NULL);
    weir_output_close(&output);
    return status;
}

/* Runs the scenario with every allocation failing in turn; the number of allocations it makes. */
static int run_short_of_memory(const struct folder *folder,
                               enum weir_status (*scenario)(const struct folder *folder)) {
    for (int n = 0;; n++) {
        assert_in_range(n, 0, 1000);
        allocations = 0;
        fail_at = n;
        enum weir_status status = scenario(folder);
        fail_at = -1;
        if (allocations <= n) {
            assert_int_equal(status, WEIR_OK);
            return n;
        }
        assert_int_equal(status, WEIR_ERR_MEMORY);
    }
}

static void every_allocation_may_fail(void **state) {
    const struct folder *folder = *state;
    assert_int_equal(mkdir(folder_name(folder, "d"), 0700), 0);
    folder_put_pattern(folder, "d/data", file_bytes);
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof(name), "d/%d", i);
        folder_put(folder, name, "", 0);
    }
    assert_true(run_short_of_memory(folder, read_stream) >= 7);
    assert_true(run_short_of_memory(folder, expand_file) >= 2);
    assert_true(run_short_of_memory(folder, expand_folder) >= 21);
    assert_true(run_short_of_memory(folder, expand_stars) >= 21);
    assert_true(run_short_of_memory(folder, write_file) >= 3);
    assert_int_equal(folder_count(folder), 2); /* no temporary file is left */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
