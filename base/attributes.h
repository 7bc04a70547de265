/* SPDX-License-Identifier: Apache-2.0
 *
 * What the compiler is told beyond C11, each under one name.
 */
#ifndef WEIR_BASE_ATTRIBUTES_H
#define WEIR_BASE_ATTRIBUTES_H

#define WEIR_LIKELY(x) __builtin_expect(!!(x), 1)
#define WEIR_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define WEIR_INLINE static inline __attribute__((always_inline))
#define WEIR_NOINLINE __attribute__((noinline))
#define WEIR_COLD __attribute__((cold, noinline))
#define WEIR_UNUSED __attribute__((unused))
#define WEIR_CHECKED __attribute__((warn_unused_result))
#define WEIR_PRINTF(format_idx, first_idx) __attribute__((format(printf, format_idx, first_idx)))
#define WEIR_PREFETCH_WRITE(address) __builtin_prefetch((address), 1, 3)
#define WEIR_PREFETCH_READ(address) __builtin_prefetch((address), 0, 3)
/* To be read or written later: not into the cache nearest to the core. */
#define WEIR_PREFETCH_L2(address) __builtin_prefetch((address), 0, 2)

/* Size of a cache line, and of what the prefetcher pulls in pairs: data that different threads write is kept this
 * far apart. */
#define WEIR_LINE_BYTES 64
#define WEIR_ISOLATE_BYTES 128
#define WEIR_ISOLATED _Alignas(WEIR_ISOLATE_BYTES)

#define WEIR_ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
