/* SPDX-License-Identifier: Apache-2.0
 *
 * The level being compiled: WEIR_SIMD_SUFFIX and, but for the reference, WEIR_SIMD_WIDTH (bits of a vector) come
 * from simd/CMakeLists.txt. A kernel's symbol is weir_simd_<kernel>_<suffix>, written WEIR_SIMD_NAME(kernel); the
 * prototypes of all are generated here, so that a kernel whose parameters differ from kernels.def does not compile.
 */
#ifndef WEIR_SIMD_LEVEL_H
#define WEIR_SIMD_LEVEL_H

#include "simd/kernels.h"

#ifndef WEIR_SIMD_SUFFIX
#error "kernels are compiled once per level: WEIR_SIMD_SUFFIX is missing"
#endif

#define WEIR_SIMD_JOIN_EXPANDED(name, suffix) weir_simd_##name##_##suffix
#define WEIR_SIMD_JOIN(name, suffix) WEIR_SIMD_JOIN_EXPANDED(name, suffix)
#define WEIR_SIMD_NAME(name) WEIR_SIMD_JOIN(name, WEIR_SIMD_SUFFIX)

#define WEIR_KERNEL(name, result, parameters) result WEIR_SIMD_NAME(name) parameters;
#include "simd/kernels.def"
#undef WEIR_KERNEL

/* Makes a value pass through a register of its own, for loops that compilers vectorise to no good. Costs nothing.
 */
#define WEIR_SIMD_ONE_BY_ONE(value) __asm__("" : "+r"(value))

#endif
