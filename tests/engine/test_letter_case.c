/* SPDX-License-Identifier: Apache-2.0
 *
 * Expected texts are those of Java 17.
 */
#include "engine/letter_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The changed text in memory of exactly the size that the contract asks for; NULL: cannot be told. */
static char *changed(const char *text, bool upper) {
    size_t length = strlen(text);
    char *room = malloc(length * WEIR_LETTER_GROWTH + 1);
    assert_non_null(room);
    int64_t written =
        upper ? weir_letter_upper(text, (int64_t)length, room) : weir_letter_lower(text, (int64_t)length, room);
    if (written < 0) {
        free(room);
        return NULL;
    }
    assert_in_range(written, 0, length * WEIR_LETTER_GROWTH);
    room[written] = '\0';
    return room;
}

static void check(const char *text, bool upper, const char *expected) {
    char *got = changed(text, upper);
    assert_non_null(got);
    assert_string_equal(got, expected);
    free(got);
}

static void upper_case_has_the_full_mappings(void **state) {
    (void)state;
    check("straße", true, "STRASSE");
    check("\u0149 \u01F0 \u0390 \u0587 \u1E96", true, "\u02BCN J\u030C \u0399\u0308\u0301 \u0535\u0552 H\u0331");
    check("ﬁ ﬀ ﬃ", true, "FI FF FFI");
    check("ᾳ ᾼ ῼ ᾀ", true, "ΑΙ ΑΙ ΩΙ ἈΙ");
    check("i ı ǆ ǅ ÿ µ ſ", true, "I I Ǆ Ǆ Ÿ Μ S");
    check("ⓐ ⅰ 𐐨 ɫ", true, "Ⓐ Ⅰ 𐐀 Ɫ");
    check("中文 ½ €", true, "中文 ½ €");
    check("", true, "");
}

static void lower_case_has_the_full_mappings(void **state) {
    (void)state;
    check("\u0130 I \u1E9E \u01C4 \u01C5", false, "i\u0307 i \u00DF \u01C6 \u01C6");
    check("ÀÉ Ж Ա Ⓐ Ⅰ 𐐀", false, "àé ж ա ⓐ ⅰ 𐐨");
    check("\u212A \u212B \u2126", false, "k \u00E5 \u03C9");
}

static void a_sigma_that_ends_a_word_is_a_final_one(void **state) {
    (void)state;
    check("ΟΔΥΣΣΕΥΣ ΣΑΣ, ΣΟΦΟΣ.", false, "οδυσσευς σας, σοφος.");
    check("Σ ΣΣ ΑΣΑ", false, "σ σς ασα");
    check("ΑΣ2 Α2Σ 2Σ ΑΣ5Α", false, "ας2 α2ς 2σ ασ5α");
    check("Α'Σ Α.Σ Α-Σ ΑΣ-ΑΣ Α--Σ", false, "α'ς α.ς α-ς ασ-ας α--σ");
    check("Α5.5Σ Α.5Σ Α5.Σ Α5,5Σ Α%Σ", false, "α5.5ς α.5σ α5.σ α5,5ς α%σ");
    check("Α\u0301Σ ΑΣ\u0301 ΑΣ\u0301Α", false, "α\u0301ς ας\u0301 ασ\u0301α");
    check("ΑΣ😀", false, "ας😀");
}

static void where_java_looks_further_than_the_tables_is_told(void **state) {
    (void)state;
    assert_null(changed("𐐀Σ", false));
    assert_null(changed("\u0345Σ", false));
    assert_null(changed("א.Σ", false));
    assert_null(changed("\u2160.Σ", false));
    check("𐐀 Σ", false, "𐐨 σ");
    check("𐐀σ", false, "𐐨σ");
}

static void damaged_text_stays(void **state) {
    (void)state;
    check("a\xCE", true, "A\xCE");
    check("\xCE\xCEσ\xFF", true, "\xCE\xCEΣ\xFF");
    check("\xF0\x90\x90Α\x80Σ", false, "\xF0\x90\x90α\x80σ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upper_case_has_the_full_mappings),
        cmocka_unit_test(lower_case_has_the_full_mappings),
        cmocka_unit_test(a_sigma_that_ends_a_word_is_a_final_one),
        cmocka_unit_test(where_java_looks_further_than_the_tables_is_told),
        cmocka_unit_test(damaged_text_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
