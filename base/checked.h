/* SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic that cannot overflow in silence. Each returns true on success and writes *out; on overflow it returns
 * false and leaves *out unspecified. Division rounds towards minus infinity, as event time needs.
 */
#ifndef WEIR_BASE_CHECKED_H
#define WEIR_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

__extension__ typedef __int128 weir_i128;
__extension__ typedef unsigned __int128 weir_u128;

WEIR_INLINE bool weir_add_i64(int64_t a, int64_t b, int64_t *out) { return !__builtin_add_overflow(a, b, out); }
WEIR_INLINE bool weir_sub_i64(int64_t a, int64_t b, int64_t *out) { return !__builtin_sub_overflow(a, b, out); }
WEIR_INLINE bool weir_mul_i64(int64_t a, int64_t b, int64_t *out) { return !__builtin_mul_overflow(a, b, out); }
WEIR_INLINE bool weir_add_size(size_t a, size_t b, size_t *out) { return !__builtin_add_overflow(a, b, out); }
WEIR_INLINE bool weir_mul_size(size_t a, size_t b, size_t *out) { return !__builtin_mul_overflow(a, b, out); }

/* a + b, held at the ends of the range instead of wrapping. */
WEIR_INLINE int64_t weir_add_saturate_i64(int64_t a, int64_t b) {
    int64_t sum;
    if (WEIR_LIKELY(!__builtin_add_overflow(a, b, &sum))) return sum;
    return b < 0 ? INT64_MIN : INT64_MAX;
}

WEIR_INLINE int64_t weir_sub_saturate_i64(int64_t a, int64_t b) {
    int64_t difference;
    if (WEIR_LIKELY(!__builtin_sub_overflow(a, b, &difference))) return difference;
    return b < 0 ? INT64_MAX : INT64_MIN;
}

/* floor(a / b), b > 0. */
WEIR_INLINE int64_t weir_floordiv_i64(int64_t a, int64_t b) {
    int64_t quotient = a / b;
    return quotient - ((a % b) < 0);
}

/* a - floor(a / b) * b, in [0, b), b > 0. */
WEIR_INLINE int64_t weir_floormod_i64(int64_t a, int64_t b) {
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}

#endif
