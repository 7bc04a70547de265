/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <math.h>

#include "base/bits.h"
#include "simd/lanes.h"

/* SSE2 cannot compare 64 bits; what stands in for it is slower than a comparison and a conditional move a row. */
#if LANES > 2
typedef lanes_i64 part;
#define PART_ROWS LANES
#define part_load(from) lanes_load(from)
#define part_set(value) lanes_set(value)
#define part_min(a, b) lanes_min(a, b)
#define part_max(a, b) lanes_max(a, b)
#define part_store(to, a) lanes_store(to, a)
#else
typedef int64_t part;
#define PART_ROWS 1
#define part_load(from) (*(from))
#define part_set(value) (value)
#define part_min(a, b) ((b) < (a) ? (b) : (a))
#define part_max(a, b) ((b) > (a) ? (b) : (a))
#define part_store(to, a) (*(to) = (a))
#endif

/* Two of each: a minimum of 64 bits takes three cycles on some CPUs, which start one in each. */
struct range {
    part min[2], max[2];
};

/* As many rows as the range has accumulators. */
#define STEP_ROWS (2 * PART_ROWS)

WEIR_INLINE struct range range_empty(void) {
    part min = part_set(INT64_MAX), max = part_set(INT64_MIN);
    return (struct range){{min, min}, {max, max}};
}

WEIR_INLINE void range_add_step(struct range *range, const int64_t *values) {
    part even = part_load(values), odd = part_load(values + PART_ROWS);
    range->min[0] = part_min(range->min[0], even);
    range->min[1] = part_min(range->min[1], odd);
    range->max[0] = part_max(range->max[0], even);
    range->max[1] = part_max(range->max[1], odd);
}

WEIR_INLINE void range_finish(const struct range *range, int64_t *min, int64_t *max) {
    int64_t least[PART_ROWS], most[PART_ROWS];
    part_store(least, part_min(range->min[0], range->min[1]));
    part_store(most, part_max(range->max[0], range->max[1]));
    *min = least[0];
    *max = most[0];
    for (int row = 1; row < PART_ROWS; row++) {
        *min = least[row] < *min ? least[row] : *min;
        *max = most[row] > *max ? most[row] : *max;
    }
}

/* The rows of the bits that are set in one word. */
WEIR_INLINE void widen_by_rows(const int64_t *values, uint64_t valid, int64_t *min, int64_t *max) {
    for (; valid != 0; valid &= valid - 1) {
        int64_t value = values[__builtin_ctzll(valid)];
        *min = value < *min ? value : *min;
        *max = value > *max ? value : *max;
    }
}

WEIR_INLINE void range_add_valid(struct range *range, const int64_t *values, uint64_t valid) {
#if LANES > 2
    const lanes_i64 no_min = lanes_set(INT64_MAX), no_max = lanes_set(INT64_MIN);
    for (int row = 0, into = 0; row < WORD_ROWS; row += LANES, into ^= 1) {
        lanes_i64 value = lanes_load(values + row);
        unsigned bits = (unsigned)(valid >> row) & LANES_ALL;
        range->min[into] = lanes_min(range->min[into], lanes_choose(bits, value, no_min));
        range->max[into] = lanes_max(range->max[into], lanes_choose(bits, value, no_max));
    }
#else
    widen_by_rows(values, valid, &range->min[0], &range->max[0]);
#endif
}

void WEIR_SIMD_NAME(min_max_i64)(const int64_t *values, size_t count, int64_t *min, int64_t *max) {
    struct range range = range_empty();
    size_t row = 0;
    for (; row + STEP_ROWS <= count; row += STEP_ROWS) range_add_step(&range, values + row);
    range_finish(&range, min, max);
    for (; row < count; row++) {
        *min = values[row] < *min ? values[row] : *min;
        *max = values[row] > *max ? values[row] : *max;
    }
}

void WEIR_SIMD_NAME(min_max_valid_i64)(const int64_t *values, const uint64_t *validity, size_t count, int64_t *min,
                                       int64_t *max) {
    struct range range = range_empty();
    size_t words = count / WORD_ROWS;
    for (size_t word = 0; word < words; word++) {
        const int64_t *block = values + word * WORD_ROWS;
        if (validity[word] == UINT64_MAX) {
            for (int row = 0; row < WORD_ROWS; row += STEP_ROWS) range_add_step(&range, block + row);
        } else if (validity[word] != 0) {
            range_add_valid(&range, block, validity[word]);
        }
    }
    range_finish(&range, min, max);
    if (count % WORD_ROWS != 0)
        widen_by_rows(values + words * WORD_ROWS, validity[words] & weir_bitmap_tail(count), min, max);
}

/* Four chains, so that compilers make four vectors of them whose maxima need not wait for each other. */
#define MAX_OF(name, type)                                                                                         \
    type WEIR_SIMD_NAME(name)(const type *values, size_t count) {                                                  \
        enum { ROWS = 4 * WEIR_SIMD_WIDTH / 8 / sizeof(type) };                                                    \
        type most[ROWS] = {0};                                                                                     \
        size_t row = 0;                                                                                            \
        for (; row + ROWS <= count; row += ROWS) {                                                                 \
            for (size_t i = 0; i < ROWS; i++) most[i] = values[row + i] > most[i] ? values[row + i] : most[i];     \
        }                                                                                                          \
        type max = 0;                                                                                              \
        for (size_t i = 0; i < ROWS; i++) max = most[i] > max ? most[i] : max;                                     \
        for (; row < count; row++) max = values[row] > max ? values[row] : max;                                    \
        return max;                                                                                                \
    }
MAX_OF(max_u8, uint8_t)
MAX_OF(max_u16, uint16_t)
MAX_OF(max_u32, uint32_t)

/* The four lanes are one vector or two, whatever the level: the order allows no more. Said in so many words,
 * because compilers take such loops apart. */
#if WEIR_SIMD_WIDTH > 128
typedef simde__m256d four;
#define four_zero() simde_mm256_setzero_pd()
#define four_add(a, from) simde_mm256_add_pd(a, simde_mm256_loadu_pd(from))
#define four_store(to, a) simde_mm256_storeu_pd(to, a)
#else
typedef struct {
    simde__m128d low, high;
} four;
WEIR_INLINE four four_zero(void) { return (four){simde_mm_setzero_pd(), simde_mm_setzero_pd()}; }
WEIR_INLINE four four_add(four a, const double *from) {
    return (four){simde_mm_add_pd(a.low, simde_mm_loadu_pd(from)),
                  simde_mm_add_pd(a.high, simde_mm_loadu_pd(from + 2))};
}
WEIR_INLINE void four_store(double *to, four a) {
    simde_mm_storeu_pd(to, a.low);
    simde_mm_storeu_pd(to + 2, a.high);
}
#endif

/* The last few rows, fewer than four, and the sum of the lanes. */
static double four_finish(four sums, const double *values, size_t rest) {
    double lane[4];
    four_store(lane, sums);
    for (size_t i = 0; i < rest; i++) lane[i] += values[i];
    double sum = (lane[0] + lane[1]) + (lane[2] + lane[3]);
    return isnan(sum) ? (double)NAN : sum;
}

double WEIR_SIMD_NAME(sum_f64)(const double *values, size_t count) {
    four sums = four_zero();
    size_t row = 0;
    for (; row + 4 <= count; row += 4) sums = four_add(sums, values + row);
    return four_finish(sums, values + row, count - row);
}

double WEIR_SIMD_NAME(min_max_sum)(const int64_t *others, const double *values, size_t count, int64_t *min,
                                   int64_t *max) {
    enum { ROWS = 16 }; /* a multiple of both steps at every level */
    struct range range = range_empty();
    four sums = four_zero();
    size_t row = 0;
    for (; row + ROWS <= count; row += ROWS) {
        for (size_t i = 0; i < ROWS; i += STEP_ROWS) range_add_step(&range, others + row + i);
        for (size_t i = 0; i < ROWS; i += 4) sums = four_add(sums, values + row + i);
    }
    range_finish(&range, min, max);
    for (size_t i = row; i < count; i++) {
        *min = others[i] < *min ? others[i] : *min;
        *max = others[i] > *max ? others[i] : *max;
    }
    for (; row + 4 <= count; row += 4) sums = four_add(sums, values + row);
    return four_finish(sums, values + row, count - row);
}
