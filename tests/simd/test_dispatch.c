/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "simd/kernels.h"

/* Filled before main by this program's own constructor, which may run before the dispatcher's. */
static const struct weir_kernels *seen_by_constructor;
__attribute__((constructor(101))) static void look_early(void) { seen_by_constructor = weir_simd; }

static void kernels_can_be_used_by_constructors(void **state) { assert_non_null(seen_by_constructor); }

static void best_level_is_in_use_from_the_start(void **state) {
    enum weir_simd_level best = WEIR_SIMD_BASELINE;
    for (int level = 0; level < WEIR_SIMD_LEVELS; level++)
        if (weir_simd_table((enum weir_simd_level)level) != NULL) best = (enum weir_simd_level)level;
    assert_int_equal(weir_simd_used(), best);
    assert_ptr_equal(weir_simd, weir_simd_table(best));
}

static void reference_and_baseline_are_always_there(void **state) {
    assert_non_null(weir_simd_table(WEIR_SIMD_REFERENCE));
    assert_non_null(weir_simd_table(WEIR_SIMD_BASELINE));
}

static void tables_have_every_kernel_and_share_none(void **state) {
    for (int level = 0; level < WEIR_SIMD_LEVELS; level++) {
        const struct weir_kernels *table = weir_simd_table((enum weir_simd_level)level);
        if (table == NULL) continue;
#define WEIR_KERNEL(name, result, parameters)                                                                      \
    assert_true(table->name != NULL);                                                                              \
    if (level != WEIR_SIMD_REFERENCE) assert_true(table->name != weir_simd_table(WEIR_SIMD_REFERENCE)->name);
#include "simd/kernels.def"
#undef WEIR_KERNEL
    }
}

static void using_a_level_changes_the_table(void **state) {
    enum weir_simd_level before = weir_simd_used();
    assert_true(weir_simd_use(WEIR_SIMD_REFERENCE));
    assert_int_equal(weir_simd_used(), WEIR_SIMD_REFERENCE);
    assert_ptr_equal(weir_simd, weir_simd_table(WEIR_SIMD_REFERENCE));
    assert_true(weir_simd_use(before));
    assert_int_equal(weir_simd_used(), before);
}

static void absent_level_is_refused_without_change(void **state) {
    const struct weir_kernels *table = weir_simd;
    enum weir_simd_level level = weir_simd_used();
    assert_false(weir_simd_use(WEIR_SIMD_LEVELS));
    for (int i = 0; i < WEIR_SIMD_LEVELS; i++)
        if (weir_simd_table((enum weir_simd_level)i) == NULL) assert_false(weir_simd_use((enum weir_simd_level)i));
    assert_ptr_equal(weir_simd, table);
    assert_int_equal(weir_simd_used(), level);
}

static void names_and_levels_are_one_to_one(void **state) {
    for (int level = 0; level < WEIR_SIMD_LEVELS; level++) {
        const char *name = weir_simd_level_name((enum weir_simd_level)level);
        assert_int_equal(weir_simd_level_parse(name), level);
    }
    assert_string_equal(weir_simd_level_name(WEIR_SIMD_AVX512), "avx512");
}

static void unknown_names_are_no_level(void **state) {
    const char *unknown[] = {"", "AVX2", "avx", "avx2 ", "avx5120", "best"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_int_equal(weir_simd_level_parse(unknown[i]), WEIR_SIMD_LEVELS);
    assert_int_equal(weir_simd_level_parse(NULL), WEIR_SIMD_LEVELS);
    assert_string_equal(weir_simd_level_name(WEIR_SIMD_LEVELS), "unknown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_level_is_in_use_from_the_start),
        cmocka_unit_test(kernels_can_be_used_by_constructors),
        cmocka_unit_test(reference_and_baseline_are_always_there),
        cmocka_unit_test(tables_have_every_kernel_and_share_none),
        cmocka_unit_test(using_a_level_changes_the_table),
        cmocka_unit_test(absent_level_is_refused_without_change),
        cmocka_unit_test(names_and_levels_are_one_to_one),
        cmocka_unit_test(unknown_names_are_no_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
