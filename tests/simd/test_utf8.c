/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8_valid at every level of this machine: known answers, and every sequence of four bytes at the borders of what
 * RFC 3629 allows, wherever a block may cut it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/attributes.h"
#include "simd/kernels.h"

struct text {
    const char *bytes;
    bool valid;
};

static const struct text texts[] = {
    {"", true},
    {"plain", true},
    {"gr\xC3\xBC\xC3\x9F", true},
    {"\xE2\x82\xAC", true},
    {"\xF0\x9F\x8C\x8A", true},
    {"\xEF\xBB\xBF", true},
    {"\xED\x9F\xBF", true},
    {"\xEE\x80\x80", true},
    {"\xF4\x8F\xBF\xBF", true},
    {"\x80", false},
    {"\xC3", false},
    {"\xE2\x82", false},
    {"\xF0\x9F\x8C", false},
    {"\xC0\xAF", false},
    {"\xC1\xBF", false},
    {"\xE0\x9F\xBF", false},
    {"\xF0\x8F\xBF\xBF", false},
    {"\xED\xA0\x80", false},
    {"\xED\xBF\xBF", false},
    {"\xF4\x90\x80\x80", false},
    {"\xF5\x80\x80\x80", false},
    {"\xFE", false},
    {"\xFF", false},
    {"\xC3\xC3\xBC", false},
    {"\xC3\xBC\xBC", false},
};

#define PADDED_BYTES 200

/* Each text at each place among ASCII, and as the end of it. */
static void known_texts_at_every_place(void **state) {
    for (int level = 0; level < WEIR_SIMD_LEVELS; level++) {
        const struct weir_kernels *kernels = weir_simd_table((enum weir_simd_level)level);
        if (kernels == NULL) continue;
        for (size_t i = 0; i < WEIR_ARRAY_COUNT(texts); i++) {
            size_t length = strlen(texts[i].bytes);
            for (size_t at = 0; at + length <= PADDED_BYTES; at++) {
                char padded[PADDED_BYTES];
                memset(padded, 'a', sizeof padded);
                memcpy(padded + at, texts[i].bytes, length);
                assert_int_equal(kernels->utf8_valid(padded, sizeof padded), texts[i].valid);
                assert_int_equal(kernels->utf8_valid(padded, at + length), texts[i].valid);
            }
        }
    }
}

static void zero_bytes_are_text(void **state) {
    const char zeros[100] = {0};
    for (int level = 0; level < WEIR_SIMD_LEVELS; level++) {
        const struct weir_kernels *kernels = weir_simd_table((enum weir_simd_level)level);
        if (kernels != NULL) assert_true(kernels->utf8_valid(zeros, sizeof zeros));
    }
}

static void four_bytes_of_any_kind_are_judged_as_by_the_reference(void **state) {
    static const uint8_t kinds[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                    0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    static const size_t places[] = {0, 13, 29, 60, 61, 62, 63};
    const size_t n = WEIR_ARRAY_COUNT(kinds);
    const struct weir_kernels *reference = weir_simd_table(WEIR_SIMD_REFERENCE);
    for (size_t i = 0; i < n * n * n * n; i++) {
        char text[96];
        size_t at = places[i % WEIR_ARRAY_COUNT(places)], bytes = i / 3 % 2 == 0 ? sizeof text : at + 4;
        memset(text, 'a', sizeof text);
        for (size_t k = 0, rest = i; k < 4; k++, rest /= n) text[at + k] = (char)kinds[rest % n];
        bool want = reference->utf8_valid(text, bytes);
        for (int level = WEIR_SIMD_BASELINE; level < WEIR_SIMD_LEVELS; level++) {
            const struct weir_kernels *kernels = weir_simd_table((enum weir_simd_level)level);
            if (kernels == NULL || kernels->utf8_valid(text, bytes) == want) continue;
            fail_msg("%s says %d of sequence %zu at %zu", weir_simd_level_name((enum weir_simd_level)level), !want,
                     i, at);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_at_every_place),
        cmocka_unit_test(zero_bytes_are_text),
        cmocka_unit_test(four_bytes_of_any_kind_are_judged_as_by_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
