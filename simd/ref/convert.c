/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#define WIDEN(name, from, to)                                                                                      \
    void WEIR_SIMD_NAME(name)(const from *values, size_t count, to *out) {                                         \
        for (size_t i = 0; i < count; i++) out[i] = (to)values[i];                                                 \
    }

WIDEN(widen_i8, int8_t, int64_t)
WIDEN(widen_i16, int16_t, int64_t)
WIDEN(widen_i32, int32_t, int64_t)
WIDEN(widen_u8, uint8_t, int64_t)
WIDEN(widen_u16, uint16_t, int64_t)
WIDEN(widen_u32, uint32_t, int64_t)
WIDEN(widen_f32, float, double)
WIDEN(i64_to_f64, int64_t, double)
