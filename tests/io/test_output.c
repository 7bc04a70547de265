/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>

#include "io/io.h"
#include "tests/io/folder.h"

static struct weir_output *open_output(const char *path) {
    struct weir_output *output = NULL;
    struct weir_error error;
    if (weir_output_open(path, &output, &error) != WEIR_OK) fail_msg("%s", error.message);
    return output;
}

static void write_text(struct weir_output *output, const char *text) {
    assert_int_equal(weir_output_write(output, text, strlen(text), NULL), WEIR_OK);
}

static void expect_refused(const char *path, const char *reason) {
    struct weir_output *output = NULL;
    struct weir_error error;
    assert_int_equal(weir_output_open(path, &output, &error), WEIR_ERR_IO);
    assert_null(output);
    assert_non_null(strstr(error.message, path));
    if (strstr(error.message, reason) == NULL) fail_msg("'%s' does not say '%s'", error.message, reason);
}

/* ---- files ----------------------------------------------------------------------------------------------------
 */

static void the_file_appears_with_the_commit(void **state) {
    const struct folder *folder = *state;
    struct weir_output *output = open_output(folder_name(folder, "out"));
    write_text(output, "one\n");
    assert_int_equal(weir_output_flush(output, NULL), WEIR_OK);
    write_text(output, "two\n");
    assert_int_equal(weir_output_offset(output), 8);
    assert_false(folder_has(folder, "out"));
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    folder_expect(folder, "out", "one\ntwo\n", 8);
    assert_int_equal(folder_count(folder), 1);
    weir_output_close(&output);
    assert_null(output);
    folder_expect(folder, "out", "one\ntwo\n", 8);
}

static void without_commit_nothing_remains(void **state) {
    const struct folder *folder = *state;
    struct weir_output *output = open_output(folder_name(folder, "out"));
    write_text(output, "one\n");
    assert_int_equal(folder_count(folder), 1); /* the temporary one */
    weir_output_close(&output);
    assert_int_equal(folder_count(folder), 0);
    weir_output_close(&output);
    weir_output_close(NULL);
}

static void an_old_file_stays_until_the_commit(void **state) {
    const struct folder *folder = *state;
    folder_put(folder, "out", "old", 3);
    struct weir_output *output = open_output(folder_name(folder, "out"));
    write_text(output, "new");
    weir_output_close(&output);
    folder_expect(folder, "out", "old", 3);
    output = open_output(folder_name(folder, "out"));
    write_text(output, "new");
    folder_expect(folder, "out", "old", 3);
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    folder_expect(folder, "out", "new", 3);
    weir_output_close(&output);
}

static void an_empty_output_is_an_empty_file(void **state) {
    struct weir_output *output = open_output(folder_name(*state, "out"));
    assert_int_equal(weir_output_write(output, NULL, 0, NULL), WEIR_OK);
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    folder_expect(*state, "out", "", 0);
    weir_output_close(&output);
}

/* Sizes around the buffer's, in an order that leaves it full, empty and half full. */
static void every_byte_is_written_whatever_the_sizes(void **state) {
    static const size_t sizes[] = {1, 262143, 1, 262144, 262145, 0, 100000, 262144, 700000, 3, 262140, 2};
    size_t sum = 0, most = 2800000;
    char *data = malloc(most);
    assert_non_null(data);
    for (size_t i = 0; i < most; i++) data[i] = (char)pattern_at(i);
    struct weir_output *output = open_output(folder_name(*state, "out"));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_int_equal(weir_output_write(output, data + sum, sizes[i], NULL), WEIR_OK);
        sum += sizes[i];
        assert_int_equal(weir_output_offset(output), sum);
    }
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    folder_expect(*state, "out", data, sum);
    weir_output_close(&output);
    free(data);
}

static void after_the_commit_all_is_said(void **state) {
    struct weir_output *output = open_output(folder_name(*state, "out"));
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    assert_int_equal(weir_output_write(output, "x", 1, NULL), WEIR_ERR_STATE);
    assert_int_equal(weir_output_flush(output, NULL), WEIR_ERR_STATE);
    assert_int_equal(weir_output_commit(output, NULL), WEIR_ERR_STATE);
    weir_output_close(&output);
    folder_expect(*state, "out", "", 0);
}

static void the_mode_follows_the_umask(void **state) {
    static const mode_t masks[] = {022, 077, 0};
    for (size_t i = 0; i < 3; i++) {
        mode_t before = umask(masks[i]);
        struct weir_output *output = open_output(folder_name(*state, "out"));
        enum weir_status status = weir_output_commit(output, NULL);
        weir_output_close(&output);
        umask(before);
        assert_int_equal(status, WEIR_OK);
        struct stat held;
        assert_int_equal(stat(folder_name(*state, "out"), &held), 0);
        assert_int_equal(held.st_mode & 0777, 0666 & ~masks[i]);
    }
}

static void a_name_of_the_greatest_length_is_possible(void **state) {
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    struct weir_output *output = open_output(folder_name(*state, name));
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    weir_output_close(&output);
    folder_expect(*state, name, "", 0);
}

static void places_that_cannot_be_written_are_named(void **state) {
    const struct folder *folder = *state;
    expect_refused(folder->path, "directory");
    expect_refused(folder_name(folder, "no/such/out"), "No such file");
    expect_refused(folder_name(folder, "out/"), "directory");
    expect_refused("", "No such file");
    folder_put(folder, "file", "", 0);
    expect_refused(folder_name(folder, "file/out"), "Not a directory");
    become_nobody(folder);
    folder_put(folder, "kept", "kept", 4);
    assert_int_equal(chmod(folder_name(folder, "kept"), 0444), 0);
    expect_refused(folder_name(folder, "kept"), "Permission denied");
    assert_int_equal(chmod(folder->path, 0500), 0);
    expect_refused(folder_name(folder, "out"), "Permission denied");
    become_oneself();
    folder_expect(folder, "kept", "kept", 4);
}

/* ---- what is written directly ---------------------------------------------------------------------------------
 */

static void a_link_is_written_through(void **state) {
    const struct folder *folder = *state;
    folder_put(folder, "target", "older and longer", 16);
    assert_int_equal(symlink("target", folder_name(folder, "link")), 0);
    struct weir_output *output = open_output(folder_name(folder, "link"));
    write_text(output, "new");
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    weir_output_close(&output);
    folder_expect(folder, "target", "new", 3);
    struct stat status;
    assert_int_equal(lstat(folder_name(folder, "link"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

/* Both tests of devices run as nobody: were a device replaced after all, it would be the machine's own. */
static void devices_are_written_not_replaced(void **state) {
    become_nobody(*state);
    struct weir_output *output = open_output("/dev/null");
    write_text(output, "into nothing");
    assert_int_equal(weir_output_commit(output, NULL), WEIR_OK);
    weir_output_close(&output);
    become_oneself();
    struct stat status;
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void a_full_device_is_an_error_at_the_latest_with_the_commit(void **state) {
    become_nobody(*state);
    struct weir_output *output = open_output("/dev/full");
    struct weir_error error;
    write_text(output, "x");
    assert_int_equal(weir_output_commit(output, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "/dev/full"));
    assert_non_null(strstr(error.message, "No space left"));
    assert_int_equal(weir_output_commit(output, NULL), WEIR_ERR_IO);
    weir_output_close(&output);
    become_oneself();
}

static void *read_pipe(void *name) {
    static char held[64];
    memset(held, 0, sizeof(held));
    FILE *pipe_end = fopen(name, "rb");
    if (pipe_end == NULL) return NULL;
    size_t count = fread(held, 1, sizeof(held) - 1, pipe_end);
    fclose(pipe_end);
    return count > 0 ? held : NULL;
}

static void a_named_pipe_is_written(void **state) {
    char name[1024];
    snprintf(name, sizeof(name), "%s", folder_name(*state, "pipe"));
    assert_int_equal(mkfifo(name, 0600), 0);
    pthread_t reader;
    assert_int_equal(pthread_create(&reader, NULL, read_pipe, name), 0);
    struct weir_output *output = open_output(name);
    write_text(output, "through the pipe");
    enum weir_status status = weir_output_commit(output, NULL);
    weir_output_close(&output);
    void *held = NULL;
    assert_int_equal(pthread_join(reader, &held), 0);
    assert_int_equal(status, WEIR_OK);
    assert_non_null(held);
    assert_string_equal(held, "through the pipe");
}

/* ---- standard output ------------------------------------------------------------------------------------------
 */

struct redirection {
    int saved;
    int reader;
};

/* Makes standard output a pipe. Nothing may be asserted before it is back. */
static struct redirection redirect_into_pipe(void) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    struct redirection redirection = {.saved = dup(STDOUT_FILENO), .reader = ends[0]};
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    return redirection;
}

static void restore(const struct redirection *redirection) {
    dup2(redirection->saved, STDOUT_FILENO);
    close(redirection->saved);
}

static void a_dash_is_standard_output(void **state) {
    (void)state;
    struct redirection redirection = redirect_into_pipe();
    struct weir_output *output = NULL;
    char first[16] = {0}, second[16] = {0};
    enum weir_status status = weir_output_open("-", &output, NULL);
    if (status == WEIR_OK) status = weir_output_write(output, "early ", 6, NULL);
    if (status == WEIR_OK) status = weir_output_flush(output, NULL);
    ssize_t early = read(redirection.reader, first, sizeof(first));
    if (status == WEIR_OK) status = weir_output_write(output, "late", 4, NULL);
    if (status == WEIR_OK) status = weir_output_commit(output, NULL);
    weir_output_close(&output);
    bool open_still = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    restore(&redirection);
    ssize_t late = read(redirection.reader, second, sizeof(second));
    close(redirection.reader);
    assert_int_equal(status, WEIR_OK);
    assert_int_equal(early, 6);
    assert_string_equal(first, "early ");
    assert_int_equal(late, 4);
    assert_string_equal(second, "late");
    assert_true(open_still);
}

static void a_closed_pipe_is_a_named_error(void **state) {
    (void)state;
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    struct redirection redirection = redirect_into_pipe();
    close(redirection.reader);
    struct weir_output *output = NULL;
    struct weir_error error = {0};
    enum weir_status opened = weir_output_open("-", &output, NULL);
    enum weir_status written = weir_output_write(output, "x", 1, NULL);
    enum weir_status committed = weir_output_commit(output, &error);
    weir_output_close(&output);
    restore(&redirection);
    signal(SIGPIPE, before);
    assert_int_equal(opened, WEIR_OK);
    assert_int_equal(written, WEIR_OK);
    assert_int_equal(committed, WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "standard output"));
    assert_non_null(strstr(error.message, "Broken pipe"));
}

struct drain {
    int fd;
    size_t bytes;
};

static void *drain_slowly(void *argument) {
    struct drain *drain = argument;
    char block[10000];
    ssize_t got;
    usleep(5000);
    while ((got = read(drain->fd, block, sizeof(block))) > 0) drain->bytes += (size_t)got;
    return NULL;
}

/* Another program on the same terminal or pipe may have set O_NONBLOCK for all of them. */
static void a_pipe_that_does_not_block_is_waited_for(void **state) {
    (void)state;
    struct redirection redirection = redirect_into_pipe();
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    struct drain drain = {.fd = redirection.reader};
    pthread_t reader;
    int started = pthread_create(&reader, NULL, drain_slowly, &drain);
    char *data = calloc(1, 1000000);
    struct weir_output *output = NULL;
    enum weir_status status = weir_output_open("-", &output, NULL);
    if (status == WEIR_OK) status = weir_output_write(output, data, 1000000, NULL);
    if (status == WEIR_OK) status = weir_output_commit(output, NULL);
    weir_output_close(&output);
    restore(&redirection);
    pthread_join(reader, NULL);
    close(redirection.reader);
    free(data);
    assert_int_equal(started, 0);
    assert_int_equal(status, WEIR_OK);
    assert_int_equal(drain.bytes, 1000000);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(the_file_appears_with_the_commit),
        IN_FOLDER(without_commit_nothing_remains),
        IN_FOLDER(an_old_file_stays_until_the_commit),
        IN_FOLDER(an_empty_output_is_an_empty_file),
        IN_FOLDER(every_byte_is_written_whatever_the_sizes),
        IN_FOLDER(after_the_commit_all_is_said),
        IN_FOLDER(the_mode_follows_the_umask),
        IN_FOLDER(a_name_of_the_greatest_length_is_possible),
        IN_FOLDER(places_that_cannot_be_written_are_named),
        IN_FOLDER(a_link_is_written_through),
        IN_FOLDER(devices_are_written_not_replaced),
        IN_FOLDER(a_full_device_is_an_error_at_the_latest_with_the_commit),
        IN_FOLDER(a_named_pipe_is_written),
        cmocka_unit_test(a_dash_is_standard_output),
        cmocka_unit_test(a_closed_pipe_is_a_named_error),
        cmocka_unit_test(a_pipe_that_does_not_block_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
