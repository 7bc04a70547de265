/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/kernels.h"

#include <string.h>

#include "base/attributes.h"

/* Everything here runs before the CPU is known: built with AVX it would be the illegal instruction it should
 * prevent. */
#ifdef __AVX__
#error "compile without -mavx and -march=native: each level in simd/CMakeLists.txt brings its own flags"
#endif

#ifndef WEIR_SIMD_HAVE_AVX2
#define WEIR_SIMD_HAVE_AVX2 0
#endif
#ifndef WEIR_SIMD_HAVE_AVX512
#define WEIR_SIMD_HAVE_AVX512 0
#endif

#define WEIR_KERNEL(name, result, parameters) result weir_simd_##name##_reference parameters;
#include "simd/kernels.def"
#undef WEIR_KERNEL

static const struct weir_kernels reference = {
#define WEIR_KERNEL(name, result, parameters) .name = weir_simd_##name##_reference,
#include "simd/kernels.def"
#undef WEIR_KERNEL
};

#define WEIR_KERNEL(name, result, parameters) result weir_simd_##name##_baseline parameters;
#include "simd/kernels.def"
#undef WEIR_KERNEL

static const struct weir_kernels baseline = {
#define WEIR_KERNEL(name, result, parameters) .name = weir_simd_##name##_baseline,
#include "simd/kernels.def"
#undef WEIR_KERNEL
};

#if WEIR_SIMD_HAVE_AVX2
#define WEIR_KERNEL(name, result, parameters) result weir_simd_##name##_avx2 parameters;
#include "simd/kernels.def"
#undef WEIR_KERNEL

static const struct weir_kernels avx2 = {
#define WEIR_KERNEL(name, result, parameters) .name = weir_simd_##name##_avx2,
#include "simd/kernels.def"
#undef WEIR_KERNEL
};
#endif

#if WEIR_SIMD_HAVE_AVX512
#define WEIR_KERNEL(name, result, parameters) result weir_simd_##name##_avx512 parameters;
#include "simd/kernels.def"
#undef WEIR_KERNEL

static const struct weir_kernels avx512 = {
#define WEIR_KERNEL(name, result, parameters) .name = weir_simd_##name##_avx512,
#include "simd/kernels.def"
#undef WEIR_KERNEL
};
#endif

static const char *const names[WEIR_SIMD_LEVELS] = {
    [WEIR_SIMD_REFERENCE] = "reference",
    [WEIR_SIMD_BASELINE] = "baseline",
    [WEIR_SIMD_AVX2] = "avx2",
    [WEIR_SIMD_AVX512] = "avx512",
};

/* The baseline until the constructor has run: other constructors may come first. */
const struct weir_kernels *weir_simd = &baseline;
static enum weir_simd_level used = WEIR_SIMD_BASELINE;

/* Asks for exactly the extensions whose flags the level is compiled with. The compiler's run-time support looks at
 * XCR0 too: a CPU whose operating system does not save the registers counts as without them. */
#if WEIR_SIMD_HAVE_AVX2
static bool cpu_has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}
#endif

#if WEIR_SIMD_HAVE_AVX512
static bool cpu_has_avx512(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

const struct weir_kernels *weir_simd_table(enum weir_simd_level level) {
    switch (level) {
    case WEIR_SIMD_REFERENCE: return &reference;
    case WEIR_SIMD_BASELINE: return &baseline;
#if WEIR_SIMD_HAVE_AVX2
    case WEIR_SIMD_AVX2: return cpu_has_avx2() ? &avx2 : NULL;
#endif
#if WEIR_SIMD_HAVE_AVX512
    case WEIR_SIMD_AVX512: return cpu_has_avx512() ? &avx512 : NULL;
#endif
    default: return NULL;
    }
}

bool weir_simd_use(enum weir_simd_level level) {
    const struct weir_kernels *table = weir_simd_table(level);
    if (table == NULL) return false;
    weir_simd = table;
    used = level;
    return true;
}

enum weir_simd_level weir_simd_used(void) { return used; }

const char *weir_simd_level_name(enum weir_simd_level level) {
    return (unsigned)level < WEIR_SIMD_LEVELS ? names[level] : "unknown";
}

enum weir_simd_level weir_simd_level_parse(const char *name) {
    int level = 0;
    if (name == NULL) return WEIR_SIMD_LEVELS;
    while (level < WEIR_SIMD_LEVELS && strcmp(name, names[level]) != 0) level++;
    return (enum weir_simd_level)level;
}

__attribute__((constructor)) static void use_best(void) {
#if WEIR_SIMD_HAVE_AVX2 || WEIR_SIMD_HAVE_AVX512
    __builtin_cpu_init();
#endif
    for (int level = WEIR_SIMD_LEVELS - 1; level >= WEIR_SIMD_BASELINE; level--)
        if (weir_simd_use((enum weir_simd_level)level)) return;
}
