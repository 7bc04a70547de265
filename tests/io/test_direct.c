/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads past the page cache, over io_uring (where it can be had) and over pread. Skipped where the file system
 * knows no such reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/resource.h>

#include "io/fault.h"
#include "io/io.h"
#include "tests/io/folder.h"

#define BLOCK WEIR_IO_ALIGN
#define BLOCKS 40
#define FILE_BYTES (BLOCKS * BLOCK + 1234) /* its last bytes are no whole block */

struct direct {
    struct weir_file *file;
    struct weir_io *io;
    char *memory; /* aligned, of FILE_BYTES and more */
};

static void direct_open(struct direct *direct, const struct folder *folder, bool plain) {
    struct weir_io_options options = {.plain = plain, .depth = 4};
    folder_put_pattern(folder, "data", FILE_BYTES);
    assert_int_equal(weir_file_open(folder_name(folder, "data"), &direct->file, NULL), WEIR_OK);
    assert_int_equal(weir_io_create(&options, &direct->io, NULL), WEIR_OK);
    direct->memory = aligned_alloc(BLOCK, (BLOCKS + 2) * BLOCK);
    assert_non_null(direct->memory);
    assert_false(weir_file_is_direct(direct->file));
}

static void direct_close(struct direct *direct) {
    weir_io_destroy(&direct->io);
    weir_file_close(&direct->file);
    free(direct->memory);
}

/* Reads [offset, offset + bytes) to where it lies in the memory. */
static int64_t direct_read(struct direct *direct, size_t offset, size_t bytes) {
    struct weir_io_completion completion;
    struct weir_error error;
    memset(direct->memory + offset, 0, bytes);
    assert_int_equal(
        weir_io_read(direct->io, direct->file, (int64_t)offset, direct->memory + offset, bytes, 7, &error),
        WEIR_OK);
    if (weir_io_wait(direct->io, &completion, &error) != WEIR_OK) fail_msg("%s", error.message);
    assert_int_equal(completion.tag, 7);
    assert_true(is_pattern_from(direct->memory + offset, offset, (size_t)completion.bytes));
    return completion.bytes;
}

static void read_all_kinds(struct direct *direct) {
    assert_int_equal(direct_read(direct, 0, BLOCKS * BLOCK), BLOCKS * BLOCK); /* whole blocks */
    assert_int_equal(direct_read(direct, 0, FILE_BYTES), FILE_BYTES);         /* with a tail */
    assert_int_equal(direct_read(direct, BLOCKS * BLOCK, 1234), 1234);        /* the tail alone */
    assert_int_equal(direct_read(direct, BLOCKS * BLOCK, BLOCK), 1234);       /* and past it */
    assert_int_equal(direct_read(direct, 100, BLOCK), BLOCK);                 /* from within a block */
    for (size_t i = 0; i < BLOCKS; i++) assert_int_equal(direct_read(direct, i * BLOCK, BLOCK), BLOCK);
}

static void each_way_of_reading_gives_the_same(void **state) {
    for (int plain = 0; plain < 2; plain++) {
        struct direct direct;
        direct_open(&direct, *state, plain);
        bool able = weir_file_choose_direct(direct.file, WEIR_IO_DIRECT_ALWAYS);
        assert_int_equal(weir_file_is_direct(direct.file), able);
        read_all_kinds(&direct);
        direct_close(&direct);
        if (!able) skip();
    }
}

static void a_file_that_goes_direct_late_is_read_on(void **state) {
    struct direct direct;
    direct_open(&direct, *state, false);
    read_all_kinds(&direct); /* by now the ring knows the file */
    bool able = weir_file_go_direct(direct.file);
    read_all_kinds(&direct);
    direct_close(&direct);
    if (!able) skip();
}

static void registered_memory_is_read_into(void **state) {
    struct direct direct;
    direct_open(&direct, *state, false);
    bool able = weir_file_go_direct(direct.file);
    char *other = direct.memory;
    (void)weir_io_register(direct.io, direct.memory + BLOCK, 8 * BLOCK);
    assert_false(weir_io_register(direct.io, direct.memory, BLOCK)); /* once */
    read_all_kinds(&direct);                                         /* in it, beside it, and across its ends */
    assert_ptr_equal(other, direct.memory);
    direct_close(&direct);
    if (!able) skip();
}

static void memory_that_cannot_be_registered_is_read_into(void **state) {
    struct rlimit before, none = {0, 0};
    struct direct direct;
    direct_open(&direct, *state, false);
    bool able = weir_file_go_direct(direct.file);
    assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &before), 0);
    none.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
    weir_io_destroy(&direct.io); /* what a ring may lock is told when it is made */
    become_nobody(*state);
    assert_int_equal(weir_io_create(NULL, &direct.io, NULL), WEIR_OK);
    bool registered = weir_io_register(direct.io, direct.memory, 8 * BLOCK);
    read_all_kinds(&direct);
    become_oneself();
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &before), 0);
    assert_false(registered);
    direct_close(&direct);
    if (!able) skip();
}

static void small_files_stay_with_the_page_cache(void **state) {
    struct direct direct;
    direct_open(&direct, *state, false);
    assert_false(weir_file_choose_direct(direct.file, WEIR_IO_DIRECT_AUTO));
    assert_false(weir_file_choose_direct(direct.file, WEIR_IO_DIRECT_NEVER));
    assert_false(weir_file_is_direct(direct.file));
    weir_file_expect(direct.file, 0, FILE_BYTES); /* changes nothing that is read */
    read_all_kinds(&direct);
    direct_close(&direct);
}

static void a_file_that_became_shorter_ends_there(void **state) {
    for (int plain = 0; plain < 2; plain++) {
        struct direct direct;
        direct_open(&direct, *state, plain);
        (void)weir_file_go_direct(direct.file);
        assert_int_equal(truncate(folder_name(*state, "data"), 3 * BLOCK + 77), 0);
        assert_int_equal(direct_read(&direct, 0, 8 * BLOCK), 3 * BLOCK + 77);
        assert_int_equal(direct_read(&direct, 8 * BLOCK, BLOCK), 0);
        direct_close(&direct);
    }
}

/* In blocks that lie aligned and in others. */
static void streams_give_the_same(void **state) {
    static const size_t block_bytes[] = {BLOCK, 3 * BLOCK, 5000, 1 << 20};
    folder_put_pattern(*state, "data", FILE_BYTES);
    for (int way = 0; way < 8; way++) {
        struct weir_io_options options = {.plain = way % 2 == 0, .direct = WEIR_IO_DIRECT_ALWAYS};
        struct weir_stream *stream = NULL;
        const char *data;
        size_t bytes, offset = 0;
        assert_int_equal(
            weir_stream_open(folder_name(*state, "data"), block_bytes[way / 2], 3, &options, &stream, NULL),
            WEIR_OK);
        while (weir_stream_next(stream, &data, &bytes, NULL) == WEIR_OK) {
            assert_true(is_pattern_from(data, offset, bytes));
            offset += bytes;
        }
        assert_int_equal(offset, FILE_BYTES);
        weir_stream_close(&stream);
    }
}

#if WEIR_IO_FAULTS

static const struct weir_io_calls real = WEIR_IO_CALLS_REAL;

static int refuse_direct(const char *path, int flags, mode_t mode) {
    if (strstr(path, "/proc/self/fd/") == NULL) return real.open(path, flags, mode);
    errno = EINVAL;
    return -1;
}

/* Another file than the one that is open. */
static int open_another(const char *path, int flags, mode_t mode) {
    return real.open(strstr(path, "/proc/self/fd/") == NULL ? path : "/dev/null", flags & O_CLOEXEC, mode);
}

static void a_system_that_refuses_leaves_all_as_it_was(void **state) {
    struct direct direct;
    direct_open(&direct, *state, false);
    weir_io_calls.open = refuse_direct;
    assert_false(weir_file_choose_direct(direct.file, WEIR_IO_DIRECT_ALWAYS));
    weir_io_calls.open = open_another;
    assert_false(weir_file_choose_direct(direct.file, WEIR_IO_DIRECT_ALWAYS));
    weir_io_calls = real;
    assert_false(weir_file_is_direct(direct.file));
    read_all_kinds(&direct);
    direct_close(&direct);
}

/* As a file system answers that wants larger blocks. */
static ssize_t misaligned_pread(int fd, void *buffer, size_t bytes, off_t offset) {
    if ((fcntl(fd, F_GETFL) & __O_DIRECT) == 0) return real.pread(fd, buffer, bytes, offset);
    errno = EINVAL;
    return -1;
}

static int misaligned_result(int result) { return result > 0 ? -EINVAL : result; }

static void blocks_that_are_too_small_are_read_otherwise(void **state) {
    for (int plain = 0; plain < 2; plain++) {
        struct direct direct;
        direct_open(&direct, *state, plain);
        (void)weir_file_go_direct(direct.file);
        weir_io_calls.pread = misaligned_pread;
        weir_io_calls.ring_result = misaligned_result;
        read_all_kinds(&direct);
        weir_io_calls = real;
        direct_close(&direct);
    }
}

#endif

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(each_way_of_reading_gives_the_same),
        IN_FOLDER(a_file_that_goes_direct_late_is_read_on),
        IN_FOLDER(registered_memory_is_read_into),
        IN_FOLDER(memory_that_cannot_be_registered_is_read_into),
        IN_FOLDER(small_files_stay_with_the_page_cache),
        IN_FOLDER(a_file_that_became_shorter_ends_there),
        IN_FOLDER(streams_give_the_same),
#if WEIR_IO_FAULTS
        IN_FOLDER(a_system_that_refuses_leaves_all_as_it_was),
        IN_FOLDER(blocks_that_are_too_small_are_read_otherwise),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
