/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/io.h"
#include "tests/io/folder.h"

static struct weir_stream *open_stream(const char *path, size_t block_bytes, uint32_t ahead, bool plain) {
    struct weir_io_options options = {.plain = plain};
    struct weir_stream *stream = NULL;
    assert_int_equal(weir_stream_open(path, block_bytes, ahead, &options, &stream, NULL), WEIR_OK);
    return stream;
}

static void expect_whole_file(const char *path, size_t file_bytes, size_t block_bytes, uint32_t ahead, bool plain) {
    struct weir_stream *stream = open_stream(path, block_bytes, ahead, plain);
    assert_int_equal(weir_stream_size(stream), file_bytes);
    size_t offset = 0;
    const char *data;
    size_t bytes;
    enum weir_status status;
    while ((status = weir_stream_next(stream, &data, &bytes, NULL)) == WEIR_OK) {
        size_t rest = file_bytes - offset;
        assert_int_equal(bytes, rest < block_bytes ? rest : block_bytes);
        assert_true(is_pattern_from(data, offset, bytes));
        offset += bytes;
    }
    assert_int_equal(status, WEIR_END);
    assert_int_equal(offset, file_bytes);
    assert_int_equal(weir_stream_next(stream, &data, &bytes, NULL), WEIR_END);
    weir_stream_close(&stream);
    assert_null(stream);
}

static void every_byte_comes_once_in_order(void **state) {
    static const size_t files[] = {0, 1, 4095, 4096, 4097, 100000};
    static const size_t blocks[] = {1000, 4096, 65536, (size_t)1 << 30};
    static const uint32_t aheads[] = {0, 1, 3, 64};
    for (size_t f = 0; f < 6; f++) {
        folder_put_pattern(*state, "data", files[f]);
        for (size_t i = 0; i < 4 * 4 * 2; i++) {
            expect_whole_file(folder_name(*state, "data"), files[f], blocks[i % 4], aheads[i / 4 % 4], i / 16);
        }
    }
    folder_put_pattern(*state, "data", 50);
    expect_whole_file(folder_name(*state, "data"), 50, 1, 2, false);
    expect_whole_file(folder_name(*state, "data"), 50, 1, 256, true);
}

static void a_block_stays_until_the_next_call(void **state) {
    folder_put_pattern(*state, "data", 100000);
    struct weir_stream *stream = open_stream(folder_name(*state, "data"), 1000, 2, false);
    const char *data;
    size_t bytes;
    for (size_t block = 0; block < 100; block++) {
        assert_int_equal(weir_stream_next(stream, &data, &bytes, NULL), WEIR_OK);
        usleep(50); /* what is read ahead must not land here */
        assert_true(is_pattern_from(data, block * 1000, bytes));
    }
    weir_stream_close(&stream);
}

static void the_room_beside_a_block_is_the_callers(void **state) {
    for (size_t plain = 0; plain < 2; plain++) {
        struct weir_io_options options = {.plain = plain};
        struct weir_stream *stream = NULL;
        folder_put_pattern(*state, "data", 100010);
        assert_int_equal(
            weir_stream_open_roomy(folder_name(*state, "data"), 1000, 70, 65, 3, &options, &stream, NULL), WEIR_OK);
        const char *data;
        size_t bytes;
        for (size_t block = 0; block < 101; block++) {
            assert_int_equal(weir_stream_next(stream, &data, &bytes, NULL), WEIR_OK);
            assert_int_equal(bytes, block < 100 ? 1000 : 10);
            assert_true(is_pattern_from(data, block * 1000, bytes));
            memset((char *)data - 70, 'x', 70);
            memset((char *)data + bytes, 'x', 65);
        }
        assert_int_equal(weir_stream_next(stream, &data, &bytes, NULL), WEIR_END);
        assert_true(is_pattern_from(data, 100000, 10)); /* the last block stays at the end */
        weir_stream_close(&stream);
    }
}

/* With room before them that keeps them so: then they can be read past the page cache. */
static void blocks_with_room_are_aligned(void **state) {
    const struct weir_io_options options = {.plain = true};
    struct weir_stream *stream = NULL;
    folder_put_pattern(*state, "data", 100000);
    assert_int_equal(weir_stream_open_roomy(folder_name(*state, "data"), 2 * WEIR_IO_ALIGN, WEIR_IO_ALIGN, 65, 3,
                                            &options, &stream, NULL),
                     WEIR_OK);
    const char *data;
    size_t bytes;
    for (size_t block = 0; weir_stream_next(stream, &data, &bytes, NULL) == WEIR_OK; block++) {
        assert_int_equal((uintptr_t)data % WEIR_IO_ALIGN, 0);
        assert_true(is_pattern_from(data, block * 2 * WEIR_IO_ALIGN, bytes));
    }
    weir_stream_close(&stream);
}

static void closing_early_is_fine(void **state) {
    folder_put_pattern(*state, "data", 100000);
    const char *data;
    size_t bytes;
    for (int plain = 0; plain < 2; plain++) {
        struct weir_stream *stream = open_stream(folder_name(*state, "data"), 1000, 16, plain);
        weir_stream_close(&stream);
        stream = open_stream(folder_name(*state, "data"), 1000, 16, plain);
        assert_int_equal(weir_stream_next(stream, &data, &bytes, NULL), WEIR_OK);
        weir_stream_close(&stream);
        weir_stream_close(&stream);
    }
    weir_stream_close(NULL);
}

static void a_file_cut_short_meanwhile_is_an_error(void **state) {
    for (int plain = 0; plain < 2; plain++) {
        folder_put_pattern(*state, "data", 10000);
        struct weir_stream *stream = open_stream(folder_name(*state, "data"), 1000, 20, plain);
        assert_int_equal(truncate(folder_name(*state, "data"), 3500), 0);
        const char *data;
        size_t bytes;
        struct weir_error error;
        for (size_t block = 0; block < 3; block++) { /* what is there still comes */
            assert_int_equal(weir_stream_next(stream, &data, &bytes, &error), WEIR_OK);
            assert_true(is_pattern_from(data, block * 1000, bytes));
        }
        for (int again = 0; again < 2; again++) {
            assert_int_equal(weir_stream_next(stream, &data, &bytes, &error), WEIR_ERR_IO);
            assert_non_null(strstr(error.message, "ends at byte 3500"));
            assert_non_null(strstr(error.message, "had 10000 bytes"));
        }
        assert_int_equal(weir_stream_next(stream, &data, &bytes, NULL), WEIR_ERR_IO);
        weir_stream_close(&stream);
    }
}

/* What is appended while it is read belongs to the next reading. */
static void a_file_that_grows_meanwhile_ends_where_it_did(void **state) {
    folder_put_pattern(*state, "data", 2500);
    struct weir_stream *stream = open_stream(folder_name(*state, "data"), 1000, 1, false);
    folder_put_pattern(*state, "data", 9000);
    const char *data;
    size_t bytes, sum = 0;
    while (weir_stream_next(stream, &data, &bytes, NULL) == WEIR_OK) sum += bytes;
    assert_int_equal(sum, 2500);
    weir_stream_close(&stream);
}

static void wrong_sizes_and_missing_files_are_refused(void **state) {
    struct weir_stream *stream = NULL;
    struct weir_error error;
    folder_put(*state, "data", "x", 1);
    const char *path = folder_name(*state, "data");
    assert_int_equal(weir_stream_open(path, 0, 0, NULL, &stream, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_stream_open(path, ((size_t)1 << 30) + 1, 0, NULL, &stream, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_stream_open(path, 1, 257, NULL, &stream, &error), WEIR_ERR_INVALID);
    assert_int_equal(weir_stream_open(folder_name(*state, "no"), 1, 1, NULL, &stream, &error), WEIR_ERR_IO);
    assert_non_null(strstr(error.message, "/no'"));
    assert_null(stream);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_byte_comes_once_in_order, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_block_stays_until_the_next_call, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(the_room_beside_a_block_is_the_callers, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(blocks_with_room_are_aligned, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(closing_early_is_fine, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_file_cut_short_meanwhile_is_an_error, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(a_file_that_grows_meanwhile_ends_where_it_did, folder_setup,
                                        folder_teardown),
        cmocka_unit_test_setup_teardown(wrong_sizes_and_missing_files_are_refused, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
