/* SPDX-License-Identifier: Apache-2.0
 *
 * Kernels: leaf loops over plain pointers and counts, built once per instruction set from one source and chosen
 * once at start. kernels.def lists them; ref/ holds the scalar reference that each version is checked against.
 *
 * Call one as weir_simd->name(...).
 */
#ifndef WEIR_SIMD_KERNELS_H
#define WEIR_SIMD_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum weir_compare {
    WEIR_COMPARE_EQ,
    WEIR_COMPARE_NE,
    WEIR_COMPARE_LT,
    WEIR_COMPARE_LE,
    WEIR_COMPARE_GT,
    WEIR_COMPARE_GE,
};

enum weir_simd_level {
    WEIR_SIMD_REFERENCE, /* the scalar reference; for tests */
    WEIR_SIMD_BASELINE,  /* what every CPU of the architecture has (SSE2, NEON) */
    WEIR_SIMD_AVX2,
    WEIR_SIMD_AVX512,
    WEIR_SIMD_LEVELS,
};

struct weir_word_line;     /* simd/word_line.h */
struct weir_text_slot;     /* simd/text_slot.h */
struct weir_text_span;     /* simd/text_span.h */
struct weir_ahead;         /* simd/ahead.h */
struct weir_string;        /* base/string_view.h */
struct weir_row_fields;    /* simd/row_fields.h */
struct weir_string_places; /* simd/string_line.h */

struct weir_kernels {
#define WEIR_KERNEL(name, result, parameters) result(*name) parameters;
#include "simd/kernels.def"
#undef WEIR_KERNEL
};

/* The kernels in use; never NULL. Set before main (or at load of the library) to the best level of CPU and build.
 */
extern const struct weir_kernels *weir_simd;

/* The table of a level, or NULL when the build or the CPU lacks it. */
const struct weir_kernels *weir_simd_table(enum weir_simd_level level);

/* Use a level from now on; false (and no change) when it is not there. Not while other threads use kernels. */
bool weir_simd_use(enum weir_simd_level level);
enum weir_simd_level weir_simd_used(void);

/* "reference", "baseline", "avx2", "avx512"; and back (WEIR_SIMD_LEVELS when unknown). */
const char *weir_simd_level_name(enum weir_simd_level level);
enum weir_simd_level weir_simd_level_parse(const char *name);

#endif
