/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include "base/attributes.h"
#include "simd/ahead.h"
#include "simd/lanes.h"
#include "simd/row_fields.h"

#if WEIR_SIMD_WIDTH == 512

/* So many rows of the block are turned from columns into rows at a time, and those of the next group but one are
 * fetched. */
#define GROUP 8
#define FETCHED 16

_Static_assert(WEIR_AHEAD_ROWS % GROUP == 0, "a step ahead is a number of groups");

/* What of the fields is known where the loop is expanded. */
struct shape {
    bool wide;     /* more than four words */
    bool extremes; /* some are least or greatest */
    bool upper;    /* some are upper halves */
};

/* The words of four rows, from the 128-bit pairs that the rows have of words 0 and 1, 2 and 3, 4 and 5, 6 and 7. */
WEIR_INLINE void turn_pairs(__m512i a, __m512i b, __m512i c, __m512i d, const bool wide, __m512i *rows) {
    __m512i low = _mm512_shuffle_i64x2(a, b, 0x44), high = _mm512_shuffle_i64x2(a, b, 0xEE);
    __m512i low_end = low, high_end = high;
    if (wide) {
        low_end = _mm512_shuffle_i64x2(c, d, 0x44);
        high_end = _mm512_shuffle_i64x2(c, d, 0xEE);
    }
    rows[0] = _mm512_shuffle_i64x2(low, low_end, 0x88);
    rows[2] = _mm512_shuffle_i64x2(low, low_end, 0xDD);
    rows[4] = _mm512_shuffle_i64x2(high, high_end, 0x88);
    rows[6] = _mm512_shuffle_i64x2(high, high_end, 0xDD);
}

WEIR_INLINE void turn(const __m512i *c, const bool wide, __m512i *rows) {
    turn_pairs(_mm512_unpacklo_epi64(c[0], c[1]), _mm512_unpacklo_epi64(c[2], c[3]),
               _mm512_unpacklo_epi64(c[4], c[5]), _mm512_unpacklo_epi64(c[6], c[7]), wide, rows);
    turn_pairs(_mm512_unpackhi_epi64(c[0], c[1]), _mm512_unpackhi_epi64(c[2], c[3]),
               _mm512_unpackhi_epi64(c[4], c[5]), _mm512_unpackhi_epi64(c[6], c[7]), wide, rows + 1);
}

/* The columns of rows i .. i + 7, of which `there` says which there are. */
WEIR_INLINE void load_columns(const struct weir_row_fields *fields, size_t i, __mmask8 there, const bool wide,
                              __m512i *columns) {
    for (uint32_t w = 0; w < WEIR_ROW_WORDS; w++) {
        columns[w] = _mm512_setzero_si512();
        if ((w >= 4 && !wide) || w >= fields->words) continue;
        if (w > 0 && (fields->upper >> w & 1) != 0) {
            columns[w] = _mm512_srai_epi64(columns[w - 1], 63);
        } else if (fields->values[w] == NULL) {
            columns[w] = _mm512_set1_epi64(fields->constants[w]);
        } else {
            columns[w] = _mm512_maskz_loadu_epi64(there, fields->values[w] + i);
        }
    }
}

WEIR_INLINE void add_row(const struct weir_row_fields *fields, char *at, __m512i value, const struct shape shape) {
    const __mmask8 words = (__mmask8)((1u << fields->words) - 1);
    __m512i held = _mm512_maskz_loadu_epi64(words, at), sum = _mm512_add_epi64(held, value);
    sum = _mm512_castpd_si512(_mm512_mask_add_pd(_mm512_castsi512_pd(sum), fields->doubles,
                                                 _mm512_castsi512_pd(held), _mm512_castsi512_pd(value)));
    if (shape.extremes) {
        sum = _mm512_mask_min_epi64(sum, fields->least, held, value);
        sum = _mm512_mask_max_epi64(sum, fields->greatest, held, value);
    }
    if (shape.upper) {
        __mmask8 carried = _mm512_mask_cmplt_epu64_mask((__mmask8)(fields->upper >> 1), sum, value);
        sum = _mm512_mask_add_epi64(sum, (__mmask8)(carried << 1), sum, _mm512_set1_epi64(1));
    }
    _mm512_mask_storeu_epi64(at, words, sum);
}

WEIR_INLINE void fetch_rows(const char *rows, size_t stride, const uint32_t *ids, size_t from, size_t count) {
    size_t to = from + GROUP < count ? from + GROUP : count;
    for (size_t i = from; i < to; i++) {
        WEIR_PREFETCH_WRITE(rows + ids[i] * stride);
        WEIR_PREFETCH_WRITE(rows + ids[i] * stride + stride - 1);
    }
}

WEIR_INLINE void add_all(const struct weir_row_fields *addressed, char *rows, size_t stride, const uint32_t *ids,
                         size_t count, bool far, struct weir_ahead *ahead, const struct shape shape) {
    const struct weir_row_fields fields = *addressed; /* no store to rows changes it */
    __m512i columns[8], turned[GROUP];
    for (size_t i = 0; i < count; i += GROUP) {
        size_t here = count - i < GROUP ? count - i : GROUP;
        if (i % WEIR_AHEAD_ROWS == 0) weir_ahead_step(ahead);
        if (far) fetch_rows(rows, stride, ids, i + FETCHED, count);
        load_columns(&fields, i, (__mmask8)((1u << here) - 1), shape.wide, columns);
        turn(columns, shape.wide, turned);
        if (WEIR_LIKELY(here == GROUP)) {
            for (size_t k = 0; k < GROUP; k++) add_row(&fields, rows + ids[i + k] * stride, turned[k], shape);
        } else {
            for (size_t k = 0; k < here; k++) add_row(&fields, rows + ids[i + k] * stride, turned[k], shape);
        }
    }
}

bool WEIR_SIMD_NAME(add_to_rows)(const struct weir_row_fields *fields, char *rows, size_t stride,
                                 const uint32_t *ids, size_t count, bool far, struct weir_ahead *ahead) {
    const bool extremes = (fields->least | fields->greatest) != 0;
    if (fields->words > 4 && extremes) {
        add_all(fields, rows, stride, ids, count, far, ahead, (struct shape){true, true, true});
    } else if (fields->words > 4) {
        add_all(fields, rows, stride, ids, count, far, ahead, (struct shape){true, false, true});
    } else if (extremes) {
        add_all(fields, rows, stride, ids, count, far, ahead, (struct shape){false, true, true});
    } else if (fields->upper != 0) {
        add_all(fields, rows, stride, ids, count, far, ahead, (struct shape){false, false, true});
    } else {
        add_all(fields, rows, stride, ids, count, far, ahead, (struct shape){false, false, false});
    }
    return true;
}

#else

/* Without masks a word at a time is as quick. */
bool WEIR_SIMD_NAME(add_to_rows)(const struct weir_row_fields *fields, char *rows, size_t stride,
                                 const uint32_t *ids, size_t count, bool far, struct weir_ahead *ahead) {
    (void)fields, (void)rows, (void)stride, (void)ids, (void)count, (void)far, (void)ahead;
    return false;
}

#endif
