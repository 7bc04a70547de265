/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>

#include "io/fault.h"
#include "io/pipe.h"
#include "tests/io/folder.h"

/* A pipe between the test and the reader, which opens the descriptor by name. */
struct line {
    int ends[2];
    char name[32];
    struct weir_pipe *pipe;
};

static void line_open(struct line *line) {
    struct weir_error error;
    assert_int_equal(pipe(line->ends), 0);
    snprintf(line->name, sizeof(line->name), "/dev/fd/%d", line->ends[0]);
    if (weir_pipe_open(line->name, &line->pipe, &error) != WEIR_OK) fail_msg("%s", error.message);
}

static void line_say(const struct line *line, const char *text) {
    assert_int_equal(write(line->ends[1], text, strlen(text)), (ssize_t)strlen(text));
}

static void line_hang_up(struct line *line) {
    close(line->ends[1]);
    line->ends[1] = -1;
}

static void line_close(struct line *line) {
    weir_pipe_close(&line->pipe);
    close(line->ends[0]);
    if (line->ends[1] >= 0) close(line->ends[1]);
}

static void expect_read(struct weir_pipe *pipe, int64_t wait_ms, size_t most, const char *text) {
    char buffer[256];
    size_t got = 0;
    struct weir_error error;
    enum weir_status status = weir_pipe_read(pipe, buffer, most, wait_ms, &got, &error);
    if (status != WEIR_OK) fail_msg("status %d, where '%s' was expected", (int)status, text);
    assert_int_equal(got, strlen(text));
    assert_memory_equal(buffer, text, got);
}

static void expect_status(struct weir_pipe *pipe, int64_t wait_ms, enum weir_status wanted) {
    char buffer[16];
    size_t got = 0;
    struct weir_error error;
    assert_int_equal(weir_pipe_read(pipe, buffer, sizeof(buffer), wait_ms, &got, &error), wanted);
    assert_int_equal(got, 0);
}

static void what_comes_is_given_as_it_comes(void **state) {
    struct line line;
    (void)state;
    line_open(&line);
    expect_status(line.pipe, 0, WEIR_AGAIN);
    expect_status(line.pipe, 3, WEIR_AGAIN);
    line_say(&line, "abc");
    expect_read(line.pipe, 0, 2, "ab");
    line_say(&line, "d");
    expect_read(line.pipe, -1, 100, "cd");
    line_say(&line, "e");
    line_hang_up(&line);
    expect_read(line.pipe, -1, 100, "e");
    for (int i = 0; i < 3; i++) expect_status(line.pipe, -1, WEIR_END);
    line_close(&line);
}

static void held_bytes_are_given_once_more(void **state) {
    struct line line;
    (void)state;
    line_open(&line);
    line_say(&line, "abcdef");
    weir_pipe_hold(line.pipe);
    expect_read(line.pipe, 0, 4, "abcd");
    weir_pipe_rewind(line.pipe);
    expect_read(line.pipe, 0, 3, "abc");
    weir_pipe_rewind(line.pipe); /* only what was held: reads since are not */
    weir_pipe_hold(line.pipe);
    expect_read(line.pipe, 0, 100, "abcd");
    expect_read(line.pipe, 0, 100, "ef");
    line_hang_up(&line);
    expect_status(line.pipe, 0, WEIR_END);
    weir_pipe_rewind(line.pipe);
    expect_read(line.pipe, 0, 100, "abcdef");
    expect_status(line.pipe, 0, WEIR_END);
    line_close(&line);
}

static void many_held_bytes(void **state) {
    struct line line;
    char text[1001];
    (void)state;
    memset(text, 'x', 1000);
    text[1000] = 0;
    line_open(&line);
    weir_pipe_hold(line.pipe);
    for (int i = 0; i < 200; i++) {
        char buffer[1000];
        size_t got = 0;
        text[0] = (char)('a' + i % 26);
        line_say(&line, text);
        assert_int_equal(weir_pipe_read(line.pipe, buffer, sizeof(buffer), 0, &got, NULL), WEIR_OK);
        assert_int_equal(got, 1000);
    }
    weir_pipe_rewind(line.pipe);
    for (int i = 0; i < 200; i++) {
        char buffer[1000];
        size_t got = 0;
        assert_int_equal(weir_pipe_read(line.pipe, buffer, sizeof(buffer), 0, &got, NULL), WEIR_OK);
        assert_int_equal(got, 1000);
        assert_int_equal(buffer[0], 'a' + i % 26);
    }
    expect_status(line.pipe, 0, WEIR_AGAIN);
    line_close(&line);
}

static void a_named_pipe_waits_for_its_first_writer_and_ends_with_its_last(void **state) {
    const char *path = folder_name(*state, "fifo");
    struct weir_pipe *pipe;
    struct weir_error error;
    assert_int_equal(mkfifo(path, 0600), 0);
    const char *plain;
    assert_int_equal(weir_pipe_kind_of(path, &plain), WEIR_PIPE_NAMED);
    assert_int_equal(weir_pipe_open(path, &pipe, &error), WEIR_OK);
    expect_status(pipe, 0, WEIR_AGAIN);
    int first = open(path, O_WRONLY), second = open(path, O_WRONLY);
    assert_true(first >= 0 && second >= 0);
    expect_status(pipe, 1, WEIR_AGAIN);
    assert_int_equal(write(first, "one", 3), 3);
    close(first);
    expect_read(pipe, -1, 100, "one");
    expect_status(pipe, 0, WEIR_AGAIN);
    assert_int_equal(write(second, "two", 3), 3);
    close(second);
    expect_read(pipe, -1, 100, "two");
    expect_status(pipe, -1, WEIR_END);
    weir_pipe_close(&pipe);
}

static void a_descriptor_gives_its_bytes_once(void **state) {
    struct line line;
    struct weir_pipe *again = NULL;
    struct weir_error error;
    (void)state;
    line_open(&line);
    line_say(&line, "abc");
    assert_int_equal(weir_pipe_open(line.name, &again, &error), WEIR_OK); /* nothing has been read yet */
    weir_pipe_close(&again);
    expect_read(line.pipe, 0, 1, "a");
    assert_int_equal(weir_pipe_open(line.name, &again, &error), WEIR_ERR_STATE);
    assert_non_null(strstr(error.message, "has been read by an earlier statement"));
    line_close(&line);
}

static void what_cannot_be_read_says_so(void **state) {
    struct weir_pipe *pipe = NULL;
    struct weir_error error;
    char name[32];
    int ends[2];
    (void)state;
    assert_int_equal(weir_pipe_open("/dev/fd/4000", &pipe, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "'/dev/fd/4000': it is not open"));
    assert_int_equal(pipe2(ends, 0), 0);
    snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
    assert_int_equal(weir_pipe_open(name, &pipe, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "not open for reading"));
    assert_null(pipe);
    close(ends[0]);
    close(ends[1]);
    int directory = open("/", O_RDONLY | O_DIRECTORY);
    snprintf(name, sizeof(name), "/dev/fd/%d", directory);
    assert_int_equal(weir_pipe_open(name, &pipe, &error), WEIR_ERR_IO);
    close(directory);
}

static void files_and_names_that_are_none_are_no_pipes(void **state) {
    static const char *const none[] = {"/dev/fd/", "/dev/fd/x", "/dev/fd/1x", "/dev/fd/-1", "nothing", "", "--"};
    const char *plain;
    folder_put(*state, "file", "abc", 3);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_int_equal(weir_pipe_kind_of(none[i], &plain), WEIR_PIPE_NONE);
        assert_string_equal(plain, none[i]);
    }
    int file = open(folder_name(*state, "file"), O_RDONLY);
    char name[32];
    snprintf(name, sizeof(name), "/dev/fd/%d", file);
    assert_int_equal(weir_pipe_kind_of(name, &plain), WEIR_PIPE_NONE);
    /* Read in part, it goes on where it stands. */
    assert_int_equal(lseek(file, 1, SEEK_SET), 1);
    assert_int_equal(weir_pipe_kind_of(name, &plain), WEIR_PIPE_OPEN);
    struct weir_pipe *pipe;
    assert_int_equal(weir_pipe_open(name, &pipe, NULL), WEIR_OK);
    expect_read(pipe, -1, 100, "bc");
    expect_status(pipe, -1, WEIR_END);
    weir_pipe_close(&pipe);
    close(file);
    assert_int_equal(weir_pipe_kind_of("/dev/fd/4000", &plain), WEIR_PIPE_OPEN);
    assert_int_equal(weir_pipe_kind_of("-", &plain) == WEIR_PIPE_NONE ? strcmp(plain, "/dev/stdin") : 0, 0);
}

#if WEIR_IO_FAULTS
static const struct weir_io_calls real = WEIR_IO_CALLS_REAL;
static int calls;

static ssize_t interrupted_read(int fd, void *buffer, size_t bytes) {
    if (++calls % 3 != 0) {
        errno = calls % 3 == 1 ? EINTR : EAGAIN;
        return -1;
    }
    return read(fd, buffer, bytes > 1 ? 1 : bytes);
}

static int interrupted_poll(struct pollfd *descriptors, nfds_t count, int wait_ms) {
    if (++calls % 2 == 0) return poll(descriptors, count, wait_ms);
    errno = EINTR;
    return -1;
}

static ssize_t broken_read(int fd, void *buffer, size_t bytes) {
    (void)fd, (void)buffer, (void)bytes;
    errno = EIO;
    return -1;
}

static void interrupted_calls_are_continued(void **state) {
    struct line line;
    (void)state;
    line_open(&line);
    line_say(&line, "ab");
    weir_io_calls.read = interrupted_read;
    weir_io_calls.poll = interrupted_poll;
    expect_read(line.pipe, -1, 100, "a");
    expect_read(line.pipe, 1000, 100, "b");
    line_hang_up(&line);
    expect_status(line.pipe, -1, WEIR_END);
    weir_io_calls = real;
    line_close(&line);
}

static void a_failing_read_is_named(void **state) {
    struct line line;
    char byte;
    size_t got;
    struct weir_error error;
    (void)state;
    line_open(&line);
    line_say(&line, "ab");
    weir_io_calls.read = broken_read;
    assert_int_equal(weir_pipe_read(line.pipe, &byte, 1, -1, &got, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, line.name));
    weir_io_calls = real;
    line_close(&line);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_is_given_as_it_comes),
        cmocka_unit_test(held_bytes_are_given_once_more),
        cmocka_unit_test(many_held_bytes),
        cmocka_unit_test_setup_teardown(a_named_pipe_waits_for_its_first_writer_and_ends_with_its_last,
                                        folder_setup, folder_teardown),
        cmocka_unit_test(a_descriptor_gives_its_bytes_once),
        cmocka_unit_test(what_cannot_be_read_says_so),
        cmocka_unit_test_setup_teardown(files_and_names_that_are_none_are_no_pipes, folder_setup, folder_teardown),
#if WEIR_IO_FAULTS
        cmocka_unit_test(interrupted_calls_are_continued),
        cmocka_unit_test(a_failing_read_is_named),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
