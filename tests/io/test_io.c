/* SPDX-License-Identifier: Apache-2.0
 *
 * Asynchronous reads: every test runs over io_uring (where it can be had) and over pread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>

#include "io/io.h"
#include "tests/io/folder.h"

#define FILE_BYTES ((size_t)300000)

static struct weir_io *make_io(bool plain, uint32_t depth) {
    struct weir_io_options options = {.plain = plain, .depth = depth};
    struct weir_io *io = NULL;
    assert_int_equal(weir_io_create(&options, &io, NULL), WEIR_OK);
    return io;
}

static struct weir_file *make_file(const struct folder *folder, size_t bytes) {
    folder_put_pattern(folder, "data", bytes);
    struct weir_file *file = NULL;
    assert_int_equal(weir_file_open(folder_name(folder, "data"), &file, NULL), WEIR_OK);
    assert_int_equal(weir_file_size(file), bytes);
    return file;
}

/* Drops the file from the page cache, so that reads of it are truly in flight. */
static void make_cold(const struct folder *folder) {
    int fd = open(folder_name(folder, "data"), O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(fsync(fd), 0);
    assert_int_equal(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
    close(fd);
}

/* ---- what each implementation must do -------------------------------------------------------------------------
 */

static void check_more_reads_than_depth(const struct folder *folder, bool plain) {
    enum { reads = 100, bytes = 1717 };
    struct weir_file *file = make_file(folder, FILE_BYTES);
    struct weir_io *io = make_io(plain, 4);
    char *buffers = malloc((size_t)reads * bytes);
    assert_non_null(buffers);
    for (size_t i = 0; i < reads; i++) {
        int64_t offset = (int64_t)(i * 7919 % (FILE_BYTES - bytes));
        assert_int_equal(weir_io_read(io, file, offset, buffers + i * bytes, bytes, 1000 + i, NULL), WEIR_OK);
    }
    bool seen[reads] = {false};
    struct weir_io_completion completion;
    for (size_t i = 0; i < reads; i++) {
        assert_int_equal(weir_io_wait(io, &completion, NULL), WEIR_OK);
        size_t which = completion.tag - 1000;
        assert_in_range(which, 0, reads - 1);
        assert_false(seen[which]);
        seen[which] = true;
        assert_int_equal(completion.bytes, bytes);
        assert_true(is_pattern_from(buffers + which * bytes, which * 7919 % (FILE_BYTES - bytes), bytes));
    }
    assert_int_equal(weir_io_wait(io, &completion, NULL), WEIR_END);
    free(buffers);
    weir_io_destroy(&io);
    assert_null(io);
    weir_file_close(&file);
}

static void check_end_of_file(const struct folder *folder, bool plain) {
    struct weir_file *file = make_file(folder, 1000);
    struct weir_io *io = make_io(plain, 0);
    static const struct {
        int64_t offset;
        size_t bytes;
        int64_t expected;
    } cases[] = {{900, 200, 100}, {0, 1000, 1000}, {0, 1001, 1000}, {1000, 10, 0}, {5000, 10, 0}, {10, 0, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char buffer[1100];
        struct weir_io_completion completion;
        assert_int_equal(weir_io_read(io, file, cases[i].offset, buffer, cases[i].bytes, i, NULL), WEIR_OK);
        assert_int_equal(weir_io_wait(io, &completion, NULL), WEIR_OK);
        assert_int_equal(completion.tag, i);
        assert_int_equal(completion.bytes, cases[i].expected);
        assert_true(is_pattern_from(buffer, (size_t)cases[i].offset, (size_t)cases[i].expected));
    }
    weir_io_destroy(&io);
    weir_file_close(&file);
}

static void check_ranges_that_cannot_be(const struct folder *folder, bool plain) {
    struct weir_file *file = make_file(folder, 10);
    struct weir_io *io = make_io(plain, 0);
    char byte;
    struct weir_error error;
    assert_int_equal(weir_io_read(io, file, -1, &byte, 1, 0, &error), WEIR_ERR_INVALID);
    assert_non_null(strstr(error.message, "byte -1"));
    assert_int_equal(weir_io_read(io, file, INT64_MAX, &byte, 1, 0, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_io_read(io, file, 0, &byte, SIZE_MAX, 0, &error), WEIR_ERR_INVALID);
    struct weir_io_completion completion;
    assert_int_equal(weir_io_wait(io, &completion, NULL), WEIR_END);
    weir_io_destroy(&io);
    weir_file_close(&file);
}

static void check_destroy_with_reads_in_flight(const struct folder *folder, bool plain) {
    struct weir_file *file = make_file(folder, FILE_BYTES);
    make_cold(folder);
    struct weir_io *io = make_io(plain, 8);
    char *buffer = calloc(8, 30000);
    assert_non_null(buffer);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(weir_io_read(io, file, (int64_t)(i * 30000), buffer + i * 30000, 30000, i, NULL), WEIR_OK);
    }
    weir_io_destroy(&io);
    /* Nothing may write here any more. */
    memset(buffer, 0, 8 * (size_t)30000);
    usleep(2000);
    for (size_t i = 0; i < 8 * (size_t)30000; i++) assert_int_equal(buffer[i], 0);
    free(buffer);
    weir_file_close(&file);
}

struct errand {
    struct weir_io *io;
    struct weir_file *file;
    char *buffer;
    bool plain;
};

static void *begin_elsewhere(void *argument) {
    struct errand *errand = argument;
    errand->io = make_io(errand->plain, 8);
    for (size_t i = 0; i < 8; i++) {
        char *buffer = errand->buffer + i * 30000;
        assert_int_equal(weir_io_read(errand->io, errand->file, (int64_t)(i * 30000), buffer, 30000, i, NULL),
                         WEIR_OK);
    }
    return NULL;
}

/* The handles of the public API may be created by a thread that is gone when they are used. */
static void check_another_thread_goes_on(const struct folder *folder, bool plain) {
    struct errand errand = {.file = make_file(folder, FILE_BYTES), .plain = plain, .buffer = malloc(8 * 30000)};
    assert_non_null(errand.buffer);
    make_cold(folder);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, begin_elsewhere, &errand), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    struct weir_io_completion completion;
    for (size_t i = 0; i < 8; i++) {
        struct weir_error error;
        if (weir_io_wait(errand.io, &completion, &error) != WEIR_OK) fail_msg("%s", error.message);
        assert_int_equal(completion.bytes, 30000);
    }
    assert_int_equal(weir_io_wait(errand.io, &completion, NULL), WEIR_END);
    assert_true(is_pattern_from(errand.buffer, 0, 8 * (size_t)30000));
    weir_io_destroy(&errand.io);
    weir_file_close(&errand.file);
    free(errand.buffer);
}

/* ---- tests ----------------------------------------------------------------------------------------------------
 */

#define BOTH(name)                                                                                                 \
    static void name(void **state) {                                                                               \
        check_##name(*state, false);                                                                               \
        check_##name(*state, true);                                                                                \
    }

BOTH(more_reads_than_depth)
BOTH(end_of_file)
BOTH(ranges_that_cannot_be)
BOTH(destroy_with_reads_in_flight)
BOTH(another_thread_goes_on)

static void plain_is_obeyed_and_named(void **state) {
    (void)state;
    struct weir_io *io = make_io(true, 0);
    assert_string_equal(weir_io_name(io), "pread");
    weir_io_destroy(&io);
}

static void the_doctor_and_the_choice_agree(void **state) {
    (void)state;
    char reason[200] = "?";
    bool works = weir_io_uring_works(reason, sizeof(reason));
    struct weir_io *io = make_io(false, 0);
    assert_string_equal(weir_io_name(io), works ? "io_uring" : "pread");
    assert_int_equal(reason[0] == '\0', works);
    weir_io_destroy(&io);
}

/* A file that was just written lies in the page cache: io_uring has it read before anybody asks. */
static void waits_are_counted(void **state) {
    enum { reads = 20 };
    struct weir_file *file = make_file(*state, FILE_BYTES);
    char *buffer = malloc(FILE_BYTES);
    assert_non_null(buffer);
    for (int plain = 0; plain < 2; plain++) {
        struct weir_io *io = make_io(plain, 4);
        bool waits = strcmp(weir_io_name(io), "pread") == 0;
        assert_int_equal(weir_io_waits(io), 0);
        for (uint64_t i = 0; i < reads; i++) {
            struct weir_io_completion completion;
            assert_int_equal(weir_io_read(io, file, 0, buffer, FILE_BYTES, i, NULL), WEIR_OK);
            assert_int_equal(weir_io_wait(io, &completion, NULL), WEIR_OK);
        }
        assert_in_range(weir_io_waits(io), waits ? reads : 0, waits ? reads : reads / 2);
        weir_io_destroy(&io);
    }
    free(buffer);
    weir_file_close(&file);
}

static void a_depth_out_of_range_is_refused(void **state) {
    (void)state;
    struct weir_io_options options = {.depth = 257};
    struct weir_io *io = NULL;
    struct weir_error error;
    assert_int_equal(weir_io_create(&options, &io, &error), WEIR_ERR_INVALID);
    assert_non_null(strstr(error.message, "257"));
    assert_null(io);
    options.depth = 256;
    assert_int_equal(weir_io_create(&options, &io, &error), WEIR_OK);
    weir_io_destroy(&io);
    assert_int_equal(weir_io_create(NULL, &io, &error), WEIR_OK);
    weir_io_destroy(&io);
    weir_io_destroy(&io);
    weir_io_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(more_reads_than_depth, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(end_of_file, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(ranges_that_cannot_be, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(destroy_with_reads_in_flight, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(another_thread_goes_on, folder_setup, folder_teardown),
        cmocka_unit_test(plain_is_obeyed_and_named),
        cmocka_unit_test(the_doctor_and_the_choice_agree),
        cmocka_unit_test_setup_teardown(waits_are_counted, folder_setup, folder_teardown),
        cmocka_unit_test(a_depth_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
