/* SPDX-License-Identifier: Apache-2.0
 *
 * System calls that fail, at each of their places and each time: the output is the same, or the error names what,
 * where and why. The table of calls can be changed in builds with assertions only.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/fault.h"

#include "io/io.h"
#include "tests/io/folder.h"

#if WEIR_IO_FAULTS

#include <errno.h>

static const struct weir_io_calls real = WEIR_IO_CALLS_REAL;

/* ---- the faults -----------------------------------------------------------------------------------------------
 */

static int calls;      /* since the faults were put in */
static int fail_at;    /* the call that fails, from 0; -1: none */
static int fail_until; /* the first that succeeds again */
static int fail_errno;

static void put_in(int at, int count, int reason) {
    calls = 0;
    fail_at = at;
    fail_until = at + count;
    fail_errno = reason;
}

static bool fails_now(void) {
    int call = calls++;
    if (call < fail_at || call >= fail_until) return false;
    errno = fail_errno;
    return true;
}

static int faulty_open(const char *path, int flags, mode_t mode) {
    return fails_now() ? -1 : real.open(path, flags, mode);
}

/* Somebody takes the first name that is to be new, a moment before. */
static char taken[1024];

static int overtaken_open(const char *path, int flags, mode_t mode) {
    if (calls++ == 0) {
        snprintf(taken, sizeof(taken), "%s", path);
        int fd = real.open(path, O_WRONLY | O_CREAT, 0600);
        assert_int_equal(real.write(fd, "theirs", 6), 6);
        close(fd);
    }
    return real.open(path, flags, mode);
}

static ssize_t faulty_pread(int fd, void *buffer, size_t bytes, off_t offset) {
    return fails_now() ? -1 : real.pread(fd, buffer, bytes, offset);
}

/* Every other call is interrupted, the others read a third. */
static ssize_t broken_pread(int fd, void *buffer, size_t bytes, off_t offset) {
    errno = EINTR;
    return calls++ % 2 == 0 ? -1 : real.pread(fd, buffer, bytes / 3 + 1, offset);
}

static ssize_t faulty_write(int fd, const void *data, size_t bytes) {
    return fails_now() ? -1 : real.write(fd, data, bytes);
}

static ssize_t broken_write(int fd, const void *data, size_t bytes) {
    errno = EINTR;
    return calls++ % 2 == 0 ? -1 : real.write(fd, data, bytes / 3 + 1);
}

static ssize_t empty_write(int fd, const void *data, size_t bytes) {
    (void)fd;
    (void)data;
    (void)bytes;
    return 0;
}

static int faulty_fsync(int fd) { return fails_now() ? -1 : real.fsync(fd); }

static int faulty_rename(const char *from, const char *to) { return fails_now() ? -1 : real.rename(from, to); }

static int refusing_ring_setup(void) { return fail_errno; }

static int faulty_ring_submit(void) { return fails_now() ? fail_errno : 0; }

static int faulty_ring_result(int result) { return fails_now() ? -fail_errno : result; }

static int broken_ring_result(int result) {
    int call = calls++;
    if (call % 3 == 0) return -EINTR;
    return call % 3 == 1 && result > 1 ? result / 2 : result;
}

static int folder_teardown_and_faults(void **state) {
    weir_io_calls = real;
    return folder_teardown(state);
}

static bool have_uring(void) {
    char reason[200];
    return weir_io_uring_works(reason, sizeof(reason));
}

/* ---- reading --------------------------------------------------------------------------------------------------
 */

enum { file_bytes = 10000, block_bytes = 1000 };

/* Reads the folder's "data" as a stream; the number of good blocks before the end or the error. */
static size_t read_blocks(const struct folder *folder, bool plain, enum weir_status *status,
                          struct weir_error *error) {
    struct weir_io_options options = {.plain = plain};
    struct weir_stream *stream = NULL;
    assert_int_equal(weir_stream_open(folder_name(folder, "data"), block_bytes, 3, &options, &stream, NULL),
                     WEIR_OK);
    const char *data;
    size_t bytes, blocks = 0;
    while ((*status = weir_stream_next(stream, &data, &bytes, error)) == WEIR_OK) {
        assert_int_equal(bytes, block_bytes);
        assert_true(is_pattern_from(data, blocks * block_bytes, bytes));
        blocks++;
    }
    weir_stream_close(&stream);
    return blocks;
}

static void expect_all_blocks(const struct folder *folder, bool plain) {
    enum weir_status status;
    struct weir_error error = {0};
    assert_int_equal(read_blocks(folder, plain, &status, &error), file_bytes / block_bytes);
    assert_int_equal(status, WEIR_END);
}

static void short_and_interrupted_reads_are_continued(void **state) {
    folder_put_pattern(*state, "data", file_bytes);
    put_in(-1, 0, 0);
    weir_io_calls.pread = broken_pread;
    expect_all_blocks(*state, true);
    assert_true(calls > 20);
    struct weir_file *file = NULL;
    char buffer[file_bytes];
    assert_int_equal(weir_file_open(folder_name(*state, "data"), &file, NULL), WEIR_OK);
    assert_int_equal(weir_file_read_exact(file, 0, buffer, file_bytes, NULL), WEIR_OK);
    assert_true(is_pattern_from(buffer, 0, file_bytes));
    weir_file_close(&file);
}

static void short_and_interrupted_completions_are_continued(void **state) {
    if (!have_uring()) skip();
    folder_put_pattern(*state, "data", file_bytes);
    put_in(-1, 0, 0);
    weir_io_calls.ring_result = broken_ring_result;
    expect_all_blocks(*state, false);
    assert_true(calls > 20);
}

static void a_read_that_says_again_is_tried_again(void **state) {
    folder_put_pattern(*state, "data", file_bytes);
    weir_io_calls.pread = faulty_pread;
    put_in(2, 3, EAGAIN);
    expect_all_blocks(*state, true);
    put_in(2, 1000000, EAGAIN); /* but not for ever */
    enum weir_status status;
    struct weir_error error;
    assert_int_equal(read_blocks(*state, true, &status, &error), 2);
    assert_int_equal(status, WEIR_ERR_IO);
}

/* Whichever read fails: the blocks before it come, then the error names the file, the byte and the reason. */
static void each_failing_read_is_named(void **state) {
    folder_put_pattern(*state, "data", file_bytes);
    weir_io_calls.pread = faulty_pread;
    weir_io_calls.ring_result = faulty_ring_result;
    for (int plain = !have_uring(); plain < 2; plain++) {
        for (int k = 0; k < file_bytes / block_bytes; k++) {
            put_in(k, 1, EIO);
            enum weir_status status;
            struct weir_error error;
            size_t blocks = read_blocks(*state, plain, &status, &error);
            assert_int_equal(status, WEIR_ERR_IO);
            char place[64];
            snprintf(place, sizeof(place), "at byte %zu: Input/output error", blocks * block_bytes);
            assert_non_null(strstr(error.message, place));
            assert_non_null(strstr(error.message, folder_name(*state, "data")));
        }
    }
}

static void what_io_uring_cannot_read_is_read_plainly(void **state) {
    if (!have_uring()) skip();
    folder_put_pattern(*state, "data", file_bytes);
    weir_io_calls.ring_result = faulty_ring_result;
    static const int reasons[] = {EINVAL, EOPNOTSUPP, EAGAIN, ECANCELED, EFAULT, ENOMEM};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(reasons); i++) {
        put_in(0, 1000, reasons[i]);
        expect_all_blocks(*state, false);
        put_in(3, 1, reasons[i]);
        expect_all_blocks(*state, false);
    }
}

/* What was not taken leaves an entry behind that does nothing, also when the kernel takes it later. */
static void reads_that_io_uring_does_not_take_are_read_plainly(void **state) {
    if (!have_uring()) skip();
    folder_put_pattern(*state, "data", file_bytes);
    weir_io_calls.ring_submit = faulty_ring_submit;
    for (int k = 0; k < file_bytes / block_bytes; k++) {
        for (int count = 1; count < 10; count++) {
            put_in(k, count, EAGAIN);
            expect_all_blocks(*state, false);
        }
    }
    put_in(0, 1000, EBUSY);
    expect_all_blocks(*state, false);
}

static void a_failed_read_leaves_the_others(void **state) {
    folder_put_pattern(*state, "data", file_bytes);
    weir_io_calls.pread = faulty_pread;
    weir_io_calls.ring_result = faulty_ring_result;
    for (int plain = !have_uring(); plain < 2; plain++) {
        struct weir_io_options options = {.plain = plain};
        struct weir_io *io = NULL;
        struct weir_file *file = NULL;
        char buffer[3][100];
        assert_int_equal(weir_io_create(&options, &io, NULL), WEIR_OK);
        assert_int_equal(weir_file_open(folder_name(*state, "data"), &file, NULL), WEIR_OK);
        put_in(1, 1, EIO);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(weir_io_read(io, file, (int64_t)i * 100, buffer[i], 100, i, NULL), WEIR_OK);
        }
        int good = 0, bad = 0;
        struct weir_io_completion completion;
        enum weir_status status;
        while ((status = weir_io_wait(io, &completion, NULL)) != WEIR_END) {
            assert_in_range(completion.tag, 0, 2);
            if (status == WEIR_OK) {
                good++;
                assert_true(is_pattern_from(buffer[completion.tag], completion.tag * 100, 100));
            } else {
                bad++;
            }
        }
        assert_int_equal(good, 2);
        assert_int_equal(bad, 1);
        weir_io_destroy(&io);
        weir_file_close(&file);
    }
}

static void a_failing_open_is_named_and_an_interrupted_one_repeated(void **state) {
    folder_put(*state, "data", "x", 1);
    weir_io_calls.open = faulty_open;
    struct weir_file *file = NULL;
    struct weir_error error;
    put_in(0, 1, EMFILE);
    assert_int_equal(weir_file_open(folder_name(*state, "data"), &file, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "Too many open files"));
    put_in(0, 3, EINTR);
    assert_int_equal(weir_file_open(folder_name(*state, "data"), &file, &error), WEIR_OK);
    weir_file_close(&file);
}

/* ---- no io_uring ----------------------------------------------------------------------------------------------
 */

struct heard {
    int lines;
    char text[400];
};

static void hear(void *user, const char *text) {
    struct heard *heard = user;
    heard->lines++;
    snprintf(heard->text, sizeof(heard->text), "%s", text);
}

static void a_refused_ring_is_one_line_and_plain_reads(void **state) {
    if (!have_uring()) skip();
    folder_put_pattern(*state, "data", file_bytes);
    weir_io_calls.ring_setup = refusing_ring_setup;
    static const int reasons[] = {ENOSYS, EPERM, EACCES, ENOMEM, EMFILE, EINVAL};
    static struct heard heard[WEIR_ARRAY_COUNT(reasons)];
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(reasons); i++) {
        put_in(-1, 0, reasons[i]);
        struct weir_io_options options = {.log = hear, .log_user = &heard[i]};
        for (int again = 0; again < 3; again++) {
            struct weir_io *io = NULL;
            assert_int_equal(weir_io_create(&options, &io, NULL), WEIR_OK);
            assert_string_equal(weir_io_name(io), "pread");
            weir_io_destroy(&io);
        }
        assert_int_equal(heard[i].lines, 1);
        assert_non_null(strstr(heard[i].text, strerror(reasons[i])));
        assert_null(strchr(heard[i].text, '\n'));
        char reason[400];
        assert_false(weir_io_uring_works(reason, sizeof(reason)));
        assert_non_null(strstr(reason, strerror(reasons[i])));
        expect_all_blocks(*state, false);
    }
}

static void who_wants_plain_reads_is_told_nothing(void **state) {
    (void)state;
    weir_io_calls.ring_setup = refusing_ring_setup;
    put_in(-1, 0, EPERM);
    struct heard heard = {0};
    struct weir_io_options options = {.plain = true, .log = hear, .log_user = &heard};
    struct weir_io *io = NULL;
    assert_int_equal(weir_io_create(&options, &io, NULL), WEIR_OK);
    weir_io_destroy(&io);
    assert_int_equal(heard.lines, 0);
}

/* ---- writing --------------------------------------------------------------------------------------------------
 */

enum { piece_bytes = 100000, pieces = 12 };

/* Writes 12 pieces, commits, closes. The first status that is not WEIR_OK. */
static enum weir_status write_pieces(const struct folder *folder, struct weir_error *error) {
    struct weir_output *output = NULL;
    enum weir_status status = weir_output_open(folder_name(folder, "out"), &output, error);
    if (status != WEIR_OK) return status;
    char *piece = malloc(piece_bytes);
    assert_non_null(piece);
    for (int i = 0; i < pieces && status == WEIR_OK; i++) {
        memset(piece, 'a' + i, piece_bytes);
        status = weir_output_write(output, piece, piece_bytes, error);
    }
    if (status == WEIR_OK) {
        status = weir_output_commit(output, error);
    } else { /* no way to commit the rest */
        assert_int_equal(weir_output_write(output, "x", 1, NULL), status);
        assert_int_equal(weir_output_flush(output, NULL), status);
        assert_int_equal(weir_output_commit(output, NULL), status);
    }
    free(piece);
    weir_output_close(&output);
    return status;
}

static void expect_pieces(const struct folder *folder) {
    char *all = malloc((size_t)piece_bytes * pieces);
    assert_non_null(all);
    for (int i = 0; i < pieces; i++) memset(all + (size_t)i * piece_bytes, 'a' + i, piece_bytes);
    folder_expect(folder, "out", all, (size_t)piece_bytes * pieces);
    free(all);
    assert_int_equal(folder_count(folder), 1);
}

static void short_and_interrupted_writes_are_continued(void **state) {
    put_in(-1, 0, 0);
    weir_io_calls.write = broken_write;
    assert_int_equal(write_pieces(*state, NULL), WEIR_OK);
    assert_true(calls > 20);
    expect_pieces(*state);
}

static void a_disk_full_at_any_write_leaves_the_old_file(void **state) {
    weir_io_calls.write = faulty_write;
    put_in(-1, 0, 0);
    assert_int_equal(write_pieces(*state, NULL), WEIR_OK);
    int writes = calls;
    assert_true(writes >= 4);
    folder_put(*state, "out", "old", 3);
    for (int k = 0; k < writes; k++) {
        put_in(k, 1, ENOSPC);
        struct weir_error error = {0};
        assert_int_equal(write_pieces(*state, &error), WEIR_ERR_IO);
        assert_non_null(strstr(error.message, folder_name(*state, "out")));
        assert_non_null(strstr(error.message, "No space left"));
        assert_int_equal(calls, k + 1);
        folder_expect(*state, "out", "old", 3);
        assert_int_equal(folder_count(*state), 1);
    }
    put_in(writes, 1, ENOSPC);
    assert_int_equal(write_pieces(*state, NULL), WEIR_OK);
    expect_pieces(*state);
}

static void the_error_says_at_which_byte(void **state) {
    weir_io_calls.write = faulty_write;
    put_in(1, 1, EIO);
    struct weir_error error = {0};
    assert_int_equal(write_pieces(*state, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "at byte 200000:")); /* two pieces fit the buffer */
}

static void a_write_of_nothing_is_no_endless_loop(void **state) {
    weir_io_calls.write = empty_write;
    assert_int_equal(write_pieces(*state, NULL), WEIR_ERR_IO);
    assert_int_equal(folder_count(*state), 0);
}

static void a_failed_fsync_never_counts_as_success(void **state) {
    weir_io_calls.fsync = faulty_fsync;
    static const int reasons[] = {EIO, ENOSPC, EINVAL};
    folder_put(*state, "out", "old", 3);
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(reasons); i++) {
        put_in(0, 1, reasons[i]);
        struct weir_error error = {0};
        assert_int_equal(write_pieces(*state, &error), WEIR_ERR_IO);
        assert_non_null(strstr(error.message, "make durable"));
        folder_expect(*state, "out", "old", 3);
        assert_int_equal(folder_count(*state), 1);
    }
    put_in(1, 1, EIO); /* the directory's */
    assert_int_equal(write_pieces(*state, NULL), WEIR_ERR_IO);
    put_in(1, 1, EINVAL); /* a file system whose directories cannot be synced */
    assert_int_equal(write_pieces(*state, NULL), WEIR_OK);
    put_in(0, 2, EINTR);
    assert_int_equal(write_pieces(*state, NULL), WEIR_OK);
    expect_pieces(*state);
}

static void a_failed_rename_leaves_the_old_file(void **state) {
    weir_io_calls.rename = faulty_rename;
    folder_put(*state, "out", "old", 3);
    put_in(0, 1, EACCES);
    struct weir_error error = {0};
    assert_int_equal(write_pieces(*state, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "rename"));
    folder_expect(*state, "out", "old", 3);
    assert_int_equal(folder_count(*state), 1);
}

static void a_temporary_name_that_is_taken_is_not_touched(void **state) {
    weir_io_calls.open = overtaken_open;
    put_in(-1, 0, 0);
    assert_int_equal(write_pieces(*state, NULL), WEIR_OK);
    folder_expect(*state, strrchr(taken, '/') + 1, "theirs", 6);
    assert_int_equal(unlink(taken), 0);
    expect_pieces(*state);
}

static void a_folder_that_takes_no_new_name_is_an_error(void **state) {
    weir_io_calls.open = faulty_open;
    put_in(0, 3, EEXIST);
    assert_int_equal(write_pieces(*state, NULL), WEIR_OK);
    expect_pieces(*state);
    put_in(0, 1000, EEXIST);
    struct weir_error error = {0};
    assert_int_equal(write_pieces(*state, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "File exists"));
    put_in(0, 1, EROFS);
    assert_int_equal(write_pieces(*state, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "Read-only file system"));
    expect_pieces(*state);
}

#define WITH_FAULTS(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown_and_faults)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_FAULTS(short_and_interrupted_reads_are_continued),
        WITH_FAULTS(short_and_interrupted_completions_are_continued),
        WITH_FAULTS(a_read_that_says_again_is_tried_again),
        WITH_FAULTS(each_failing_read_is_named),
        WITH_FAULTS(what_io_uring_cannot_read_is_read_plainly),
        WITH_FAULTS(reads_that_io_uring_does_not_take_are_read_plainly),
        WITH_FAULTS(a_failed_read_leaves_the_others),
        WITH_FAULTS(a_failing_open_is_named_and_an_interrupted_one_repeated),
        WITH_FAULTS(a_refused_ring_is_one_line_and_plain_reads),
        WITH_FAULTS(who_wants_plain_reads_is_told_nothing),
        WITH_FAULTS(short_and_interrupted_writes_are_continued),
        WITH_FAULTS(a_disk_full_at_any_write_leaves_the_old_file),
        WITH_FAULTS(the_error_says_at_which_byte),
        WITH_FAULTS(a_write_of_nothing_is_no_endless_loop),
        WITH_FAULTS(a_failed_fsync_never_counts_as_success),
        WITH_FAULTS(a_failed_rename_leaves_the_old_file),
        WITH_FAULTS(a_temporary_name_that_is_taken_is_not_touched),
        WITH_FAULTS(a_folder_that_takes_no_new_name_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void faults_need_a_build_with_assertions(void **state) {
    (void)state;
    skip();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_need_a_build_with_assertions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
