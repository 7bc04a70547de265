/* SPDX-License-Identifier: Apache-2.0
 *
 * Every kernel at every level of this machine against the reference. The list of checks is made from kernels.def: a
 * kernel without check_<kernel> does not compile, and a check without kernel is an unused function.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/check.h"
#include "check.h"
#include "check_arith.h"
#include "check_choose.h"
#include "check_compare.h"
#include "check_part.h"
#include "check_text.h"

static const struct {
    const char *name;
    void (*check)(struct check *check, size_t count);
} checks[] = {
#define WEIR_KERNEL(name, result, parameters) {#name, check_##name},
#include "simd/kernels.def"
#undef WEIR_KERNEL
};

#define CHECKS WEIR_ARRAY_COUNT(checks)
WEIR_STATIC(CHECKS * sizeof(void (*)(void)) == sizeof(struct weir_kernels), "one check a kernel of the table");

/* Around every width of vector, word and block. */
static const size_t lengths[] = {0,  1,  2,  3,  4,   5,   7,   8,   9,   15,  16,  17,   31,   32,  33,
                                 63, 64, 65, 66, 127, 128, 129, 255, 511, 512, 513, 4095, 4096, 4097};

#define ROUNDS 8
#define RANDOM_LENGTHS 8

struct run {
    size_t kernel;
    enum weir_simd_level level;
};

static uint64_t seed;

static void check_length(struct check *check, size_t kernel, size_t count) {
    check->count = count;
    for (int round = 0; round < ROUNDS; round++) {
        zones_reset(&check->zones, round % 2 == 0 ? ZONE_AT_END : ZONE_AT_START);
        checks[kernel].check(check, count);
        if (!zones_intact(&check->zones)) CHECK_FAIL(check, "%s", "bytes outside were written");
    }
}

static void equals_the_reference(void **state) {
    const struct run *run = *state;
    struct check check = {.kernels = weir_simd_table(run->level),
                          .reference = weir_simd_table(WEIR_SIMD_REFERENCE),
                          .kernel = checks[run->kernel].name,
                          .level = weir_simd_level_name(run->level),
                          .seed = seed,
                          .state = seed + run->kernel};
    if (check.kernels == NULL) skip();
    zones_open(&check.zones);
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(lengths); i++) check_length(&check, run->kernel, lengths[i]);
    for (int i = 0; i < RANDOM_LENGTHS; i++) check_length(&check, run->kernel, check_below(&check, 4097));
    zones_close(&check.zones);
}

static uint64_t choose_seed(void) {
    const char *given = getenv("WEIR_TEST_SEED");
    uint64_t random = 1;
    if (given != NULL) return strtoull(given, NULL, 0);
    if (getrandom(&random, sizeof random, 0) != sizeof random) return 1;
    return random;
}

int main(void) {
    static const enum weir_simd_level levels[] = {WEIR_SIMD_BASELINE, WEIR_SIMD_AVX2, WEIR_SIMD_AVX512};
    enum { LEVELS = WEIR_ARRAY_COUNT(levels) };
    static struct run runs[CHECKS * LEVELS];
    static char names[CHECKS * LEVELS][64];
    struct CMUnitTest tests[CHECKS * LEVELS];
    seed = choose_seed();
    printf("WEIR_TEST_SEED=%llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < CHECKS * LEVELS; i++) {
        runs[i] = (struct run){.kernel = i / LEVELS, .level = levels[i % LEVELS]};
        snprintf(names[i], sizeof names[i], "%s at %s", checks[i / LEVELS].name,
                 weir_simd_level_name(runs[i].level));
        tests[i] =
            (struct CMUnitTest){.name = names[i], .test_func = equals_the_reference, .initial_state = &runs[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
