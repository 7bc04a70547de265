/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connect/arrow_codec.h"

static const enum weir_arrow_compression both[] = {WEIR_ARROW_LZ4, WEIR_ARROW_ZSTD};

/* Compresses; the caller frees. */
static uint8_t *shrink(struct weir_arrow_codec *codec, enum weir_arrow_compression compression, const uint8_t *data,
                       size_t bytes, size_t *packed) {
    uint8_t *out = malloc(weir_arrow_codec_bound(compression, bytes));
    assert_non_null(out);
    assert_int_equal(weir_arrow_codec_shrink(codec, compression, data, bytes, out, packed, NULL), WEIR_OK);
    return out;
}

static void fill(uint8_t *data, size_t bytes, uint32_t letters) {
    uint32_t state = 1;
    for (size_t i = 0; i < bytes; i++) {
        state = state * 1664525u + 1013904223u;
        data[i] = (uint8_t)((state >> 16) % letters);
    }
}

static void content_comes_back_whole_and_in_part(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 7, 8, 100, 65536, 300000};
    struct weir_arrow_codec codec = {0};
    uint8_t *data = malloc(300000), *back = malloc(300000);
    assert_true(data != NULL && back != NULL);
    for (size_t i = 0; i < 24; i++) {
        enum weir_arrow_compression compression = both[i % 2];
        size_t bytes = sizes[i / 4], packed_bytes, content;
        fill(data, bytes, (i / 2) % 2 == 0 ? 3 : 256); /* 256 letters: nothing to gain, stored as it is */
        uint8_t *packed = shrink(&codec, compression, data, bytes, &packed_bytes);
        assert_int_equal(weir_arrow_codec_peek(compression, packed, packed_bytes, &content, NULL), WEIR_OK);
        assert_int_equal(content, bytes);
        size_t wanted[] = {bytes, bytes / 2, 1, 0};
        for (size_t j = 0; j < 4; j++) {
            memset(back, 0xAA, bytes);
            assert_int_equal(
                weir_arrow_codec_expand(&codec, compression, packed, packed_bytes, content, back, wanted[j], NULL),
                WEIR_OK);
            assert_memory_equal(back, data, wanted[j]);
            if (wanted[j] < bytes) assert_int_equal(back[wanted[j]], 0xAA);
        }
        free(packed);
    }
    free(data);
    free(back);
    weir_arrow_codec_fini(&codec);
}

static void what_does_not_shrink_is_stored(void **state) {
    (void)state;
    struct weir_arrow_codec codec = {0};
    uint8_t data[500];
    size_t packed_bytes;
    int64_t declared;
    fill(data, sizeof(data), 256);
    for (size_t i = 0; i < 2; i++) {
        uint8_t *packed = shrink(&codec, both[i], data, sizeof(data), &packed_bytes);
        assert_int_equal(packed_bytes, sizeof(data) + 8);
        memcpy(&declared, packed, 8);
        assert_int_equal(declared, -1);
        free(packed);
    }
    weir_arrow_codec_fini(&codec);
}

static void lengths_that_cannot_be_are_refused(void **state) {
    (void)state;
    static const int64_t lengths[] = {-2,          INT64_MIN,       INT64_MAX, (INT64_C(16) << 30) + 1,
                                      100 * 40000, INT64_C(1) << 40};
    uint8_t buffer[108] = {0};
    size_t content;
    struct weir_error error;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        memcpy(buffer, &lengths[i], 8);
        assert_int_equal(weir_arrow_codec_peek(both[i % 2], buffer, sizeof(buffer), &content, &error),
                         WEIR_ERR_FORMAT);
        assert_int_equal(content, 0);
    }
    assert_int_equal(weir_arrow_codec_peek(WEIR_ARROW_LZ4, buffer, 7, &content, &error), WEIR_ERR_FORMAT);
    assert_int_equal(weir_arrow_codec_peek(WEIR_ARROW_LZ4, buffer, 0, &content, &error), WEIR_OK);
    assert_int_equal(content, 0);
}

static void frames_of_another_length_are_refused(void **state) {
    (void)state;
    struct weir_arrow_codec codec = {0};
    uint8_t data[4000] = {1}, back[5000];
    size_t packed_bytes;
    struct weir_error error;
    for (size_t i = 0; i < 2; i++) {
        uint8_t *packed = shrink(&codec, both[i], data, sizeof(data), &packed_bytes);
        for (size_t declared = 3000; declared <= 5000; declared += 2000) {
            memcpy(packed, &(int64_t){(int64_t)declared}, 8);
            assert_int_equal(
                weir_arrow_codec_expand(&codec, both[i], packed, packed_bytes, declared, back, declared, &error),
                WEIR_ERR_FORMAT);
        }
        memcpy(packed, &(int64_t){sizeof(data)}, 8);
        for (size_t cut = 8; cut < packed_bytes; cut++) {
            assert_int_equal(
                weir_arrow_codec_expand(&codec, both[i], packed, cut, sizeof(data), back, sizeof(data), &error),
                WEIR_ERR_FORMAT);
        }
        free(packed);
    }
    weir_arrow_codec_fini(&codec);
}

static void damaged_frames_stay_within_bounds(void **state) {
    (void)state;
    struct weir_arrow_codec codec = {0};
    uint8_t data[2000];
    uint8_t *back = malloc(sizeof(data));
    size_t packed_bytes;
    struct weir_error error;
    fill(data, sizeof(data), 5);
    assert_non_null(back);
    for (size_t i = 0; i < 2; i++) {
        uint8_t *packed = shrink(&codec, both[i], data, sizeof(data), &packed_bytes);
        for (size_t at = 8; at < packed_bytes; at++) {
            for (int bit = 0; bit < 8; bit += 3) {
                packed[at] ^= (uint8_t)(1 << bit);
                enum weir_status status = weir_arrow_codec_expand(&codec, both[i], packed, packed_bytes,
                                                                  sizeof(data), back, sizeof(data), &error);
                assert_true(status == WEIR_OK || status == WEIR_ERR_FORMAT);
                packed[at] ^= (uint8_t)(1 << bit);
            }
        }
        assert_int_equal(weir_arrow_codec_expand(&codec, both[i], packed, packed_bytes, sizeof(data), back,
                                                 sizeof(data), &error),
                         WEIR_OK); /* the context survives failures */
        assert_memory_equal(back, data, sizeof(data));
        free(packed);
    }
    free(back);
    weir_arrow_codec_fini(&codec);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_comes_back_whole_and_in_part),
        cmocka_unit_test(what_does_not_shrink_is_stored),
        cmocka_unit_test(lengths_that_cannot_be_are_refused),
        cmocka_unit_test(frames_of_another_length_are_refused),
        cmocka_unit_test(damaged_frames_stay_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
