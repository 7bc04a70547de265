/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/accumulator_few.h"
#include "engine/accumulator_runs.h"
#include "engine/accumulator_words.h"
#include "engine/held_strings.h"
#include "simd/kernels.h"

/* Rows are aligned to 8 bytes, not to 16. */
typedef weir_u128 u128_in_row __attribute__((aligned(8)));

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the aggregates of the query");
}

/* ---- adding a block ---- */

struct add {
    char *base; /* of the field in accumulator row 0 */
    size_t stride;
    const uint32_t *ids;
    const uint32_t *rows;
    int32_t count;
    int32_t known; /* ids, from the first on: as many as rows, or more */
    bool far;      /* the accumulators do not fit the cache */
    const struct weir_vector *arg;
    struct weir_ahead *ahead;
};

/* One loop for each way that rows come: all rows or selected ones, with or without NULLs. The compiler drops the
 * tests of constants, so that each loop is bare; what it runs over is copied, for stores to rows might be to `add`.
 */
#define FOR_ROWS(add, body)                                                                                        \
    do {                                                                                                           \
        const struct add over = *(add);                                                                            \
        const uint64_t *validity = over.arg->validity;                                                             \
        if (over.rows == NULL && validity == NULL) {                                                               \
            for (int32_t i = 0; i < over.count; i++) {                                                             \
                const uint32_t row = (uint32_t)i;                                                                  \
                char *at = over.base + (size_t)over.ids[i] * over.stride;                                          \
                body;                                                                                              \
            }                                                                                                      \
        } else {                                                                                                   \
            for (int32_t i = 0; i < over.count; i++) {                                                             \
                const uint32_t row = over.rows == NULL ? (uint32_t)i : over.rows[i];                               \
                if (validity != NULL && !weir_bit_get(validity, row)) continue;                                    \
                char *at = over.base + (size_t)over.ids[i] * over.stride;                                          \
                body;                                                                                              \
            }                                                                                                      \
        }                                                                                                          \
    } while (0)

/* Rows ahead of the one at work whose accumulators are fetched, where they lie beyond the cache. */
#define PREFETCH_ROWS 64
#define PREFETCH_FROM_BYTES ((size_t)1 << 20)

/* How much of a row is fetched: nothing, its first and its last field - one line, or two - or each line. */
enum fetch { FETCH_NOTHING, FETCH_ENDS, FETCH_LINES };

WEIR_INLINE void fetch_row(const struct add *add, uint32_t id, const enum fetch fetch) {
    char *row = add->base + (size_t)id * add->stride;
    WEIR_PREFETCH_WRITE(row);
    WEIR_PREFETCH_WRITE(row + add->stride - sizeof(int64_t));
    for (size_t at = WEIR_LINE_BYTES; fetch == FETCH_LINES && at < add->stride; at += WEIR_LINE_BYTES)
        WEIR_PREFETCH_WRITE(row + at);
}

WEIR_INLINE void add_rows_of(const struct add add, const enum fetch fetch) {
    for (int32_t from = 0, to; from < add.count; from = to) {
        to = add.count - from > WEIR_AHEAD_ROWS ? from + WEIR_AHEAD_ROWS : add.count;
        weir_ahead_step(add.ahead);
        for (int32_t i = from; i < to; i++) {
            int32_t soon = i + PREFETCH_ROWS < add.known ? i + PREFETCH_ROWS : i;
            if (fetch != FETCH_NOTHING) fetch_row(&add, add.ids[soon], fetch);
            *(int64_t *)(add.base + (size_t)add.ids[i] * add.stride) += 1;
        }
    }
}

/* The first field: it fetches the accumulator rows for the others. */
static void add_rows(const struct add *add) {
    if (!add->far) {
        add_rows_of(*add, FETCH_NOTHING);
    } else if (add->stride <= WEIR_LINE_BYTES) {
        add_rows_of(*add, FETCH_ENDS);
    } else {
        add_rows_of(*add, FETCH_LINES);
    }
}

static void add_nulls(const struct add *add) {
    const uint64_t *validity = add->arg->validity;
    if (validity == NULL) return;
    const struct add over = *add;
    for (int32_t i = 0; i < over.count; i++) {
        uint32_t row = over.rows == NULL ? (uint32_t)i : over.rows[i];
        *(int64_t *)(over.base + (size_t)over.ids[i] * over.stride) += !weir_bit_get(validity, row);
    }
}

static void add_sum_i64(const struct add *add) {
    const int64_t *values = add->arg->i64;
    FOR_ROWS(add, *(u128_in_row *)at += (weir_u128)(weir_i128)values[row]);
}

static void add_sum_short(const struct add *add) {
    const int64_t *values = add->arg->i64;
    FOR_ROWS(add, *(uint64_t *)at += (uint64_t)values[row]);
}

static void add_sum_f64(const struct add *add) {
    const double *values = add->arg->f64;
    FOR_ROWS(add, *(double *)at += values[row]);
}

static void add_sum_f32(const struct add *add) {
    const double *values = add->arg->f64;
    FOR_ROWS(add, *(float *)at += (float)values[row]);
}

static void add_min_i64(const struct add *add) {
    const int64_t *values = add->arg->i64;
    FOR_ROWS(add, int64_t *held = (int64_t *)at; *held = values[row] < *held ? values[row] : *held);
}

static void add_max_i64(const struct add *add) {
    const int64_t *values = add->arg->i64;
    FOR_ROWS(add, int64_t *held = (int64_t *)at; *held = values[row] > *held ? values[row] : *held);
}

static void add_min_f64(const struct add *add) {
    const double *values = add->arg->f64;
    FOR_ROWS(add, int64_t *held = (int64_t *)at; int64_t order = weir_f64_order(values[row]);
             *held = order < *held ? order : *held);
}

static void add_max_f64(const struct add *add) {
    const double *values = add->arg->f64;
    FOR_ROWS(add, int64_t *held = (int64_t *)at; int64_t order = weir_f64_order(values[row]);
             *held = order > *held ? order : *held);
}

static void add_min_i128(const struct add *add) {
    const weir_i128 *values = add->arg->i128;
    FOR_ROWS(add, weir_i128 held; memcpy(&held, at, sizeof(held));
             if (values[row] < held) memcpy(at, &values[row], 16));
}

static void add_max_i128(const struct add *add) {
    const weir_i128 *values = add->arg->i128;
    FOR_ROWS(add, weir_i128 held; memcpy(&held, at, sizeof(held));
             if (values[row] > held) memcpy(at, &values[row], 16));
}

static bool add_strings(const struct add *add, bool want_min, struct weir_arena *heap) {
    const struct weir_string *values = add->arg->strings;
    bool ok = true;
    FOR_ROWS(add, ok &= weir_held_string_offer((struct weir_held_string *)at, want_min, values[row].data,
                                               (size_t)values[row].length, heap));
    return ok;
}

static bool add_field_rows(enum weir_field_kind kind, const struct add *add, struct weir_arena *heap) {
    switch (kind) {
    case WEIR_FIELD_ROWS: add_rows(add); return true;
    case WEIR_FIELD_NULLS: add_nulls(add); return true;
    case WEIR_FIELD_SUM_I64: add_sum_i64(add); return true;
    case WEIR_FIELD_SUM_SHORT: add_sum_short(add); return true;
    case WEIR_FIELD_SUM_F64: add_sum_f64(add); return true;
    case WEIR_FIELD_SUM_F32: add_sum_f32(add); return true;
    case WEIR_FIELD_MIN_I64: add_min_i64(add); return true;
    case WEIR_FIELD_MAX_I64: add_max_i64(add); return true;
    case WEIR_FIELD_MIN_F64: add_min_f64(add); return true;
    case WEIR_FIELD_MAX_F64: add_max_f64(add); return true;
    case WEIR_FIELD_MIN_I128: add_min_i128(add); return true;
    case WEIR_FIELD_MAX_I128: add_max_i128(add); return true;
    case WEIR_FIELD_MIN_STRING: return add_strings(add, true, heap);
    case WEIR_FIELD_MAX_STRING: return add_strings(add, false, heap);
    }
    return false;
}

/* COUNT(*) and one number, the commonest queries: both fields lie in one row, so one pass touches it once. `at` is
 * the row of the block; prefetch and the way that rows come are constants where it is used. */
#define FUSED(add, prefetch, at_row, body)                                                                         \
    for (int32_t from = 0, to; from < (add)->count; from = to) {                                                   \
        to = (add)->count - from > WEIR_AHEAD_ROWS ? from + WEIR_AHEAD_ROWS : (add)->count;                        \
        weir_ahead_step((add)->ahead);                                                                             \
        for (int32_t i = from; i < to; i++) {                                                                      \
            if (prefetch) {                                                                                        \
                int32_t soon = i + PREFETCH_ROWS < (add)->count ? i + PREFETCH_ROWS : i;                           \
                WEIR_PREFETCH_WRITE((add)->base + (size_t)(add)->ids[soon] * (add)->stride);                       \
            }                                                                                                      \
            const uint32_t at = (at_row);                                                                          \
            char *row = (add)->base + (size_t)(add)->ids[i] * (add)->stride;                                       \
            *(int64_t *)row += 1;                                                                                  \
            body;                                                                                                  \
        }                                                                                                          \
    }

#define FUSED_EACH_WAY(add, body)                                                                                  \
    do {                                                                                                           \
        if ((add)->rows == NULL && (add)->far) {                                                                   \
            FUSED(add, true, (uint32_t)i, body)                                                                    \
        } else if ((add)->rows == NULL) {                                                                          \
            FUSED(add, false, (uint32_t)i, body)                                                                   \
        } else if ((add)->far) {                                                                                   \
            FUSED(add, true, (add)->rows[i], body)                                                                 \
        } else {                                                                                                   \
            FUSED(add, false, (add)->rows[i], body)                                                                \
        }                                                                                                          \
    } while (0)

/* few: NULL, or it has a short way for the sum of a block. */
static bool add_fused(const struct weir_accumulator *accumulator, const struct add *add, const struct weir_few *few,
                      const struct weir_vector *args) {
    const struct weir_field *lone = weir_accumulator_lone(accumulator);
    if (lone == NULL || args[lone->arg].validity != NULL || (few != NULL && few->first != 0)) return false;
    const size_t sum = (size_t)lone->offset;
    const double *doubles = args[lone->arg].f64;
    const int64_t *integers = args[lone->arg].i64;
    switch (lone->kind) {
    case WEIR_FIELD_SUM_F64: FUSED_EACH_WAY(add, *(double *)(row + sum) += doubles[at]); return true;
    case WEIR_FIELD_SUM_I64:
        FUSED_EACH_WAY(add, *(u128_in_row *)(row + sum) += (weir_u128)(weir_i128)integers[at]);
        return true;
    case WEIR_FIELD_SUM_SHORT: FUSED_EACH_WAY(add, *(uint64_t *)(row + sum) += (uint64_t)integers[at]); return true;
    case WEIR_FIELD_MIN_I64:
        if (few != NULL) return false;
        FUSED_EACH_WAY(add, int64_t *held = (int64_t *)(row + sum);
                       *held = integers[at] < *held ? integers[at] : *held);
        return true;
    case WEIR_FIELD_MAX_I64:
        if (few != NULL) return false;
        FUSED_EACH_WAY(add, int64_t *held = (int64_t *)(row + sum);
                       *held = integers[at] > *held ? integers[at] : *held);
        return true;
    default: return false;
    }
}

/* ---- accumulators beyond the cache ---- */

/* So many rows at a time that their accumulators stay in the first cache while each field is added up. A multiple
 * of 64. */
#define PART_ROWS 256

/* A vector from its row `from` on, a multiple of 64. */
static struct weir_vector vector_from(const struct weir_vector *vector, int32_t from) {
    struct weir_vector part = *vector;
    if (part.validity != NULL) part.validity += from / 64;
    switch (part.kind) {
    case WEIR_VECTOR_BOOL: part.bits += from / 64; break;
    case WEIR_VECTOR_I64: part.i64 += from; break;
    case WEIR_VECTOR_F64: part.f64 += from; break;
    case WEIR_VECTOR_I128: part.i128 += from; break;
    case WEIR_VECTOR_STRING: part.strings += from; break;
    }
    return part;
}

static bool add_in_parts(const struct weir_accumulator *accumulator, const struct add *whole,
                         const struct weir_vector *args, struct weir_arena *heap) {
    bool ok = true;
    for (int32_t from = 0; from < whole->count; from += PART_ROWS) {
        struct add add = *whole;
        add.ids += from;
        add.known = whole->count - from;
        add.count = add.known < PART_ROWS ? add.known : PART_ROWS;
        if (add.rows != NULL) add.rows += from;
        for (int32_t i = 0; i < accumulator->fields_count; i++) {
            const struct weir_field *field = &accumulator->fields[i];
            struct weir_vector arg = {.validity = NULL};
            if (field->arg >= 0)
                arg = whole->rows == NULL ? vector_from(&args[field->arg], from) : args[field->arg];
            add.base = whole->base + field->offset;
            add.arg = &arg;
            ok &= add_field_rows(field->kind, &add, heap);
        }
    }
    return ok;
}

/* ---- adding a block to one accumulator row: a query without keys ---- */

static const uint32_t one_group[WEIR_BLOCK_ROWS]; /* ids: all 0 */

/* Halves of 32 bits: 4 096 of them cannot overflow 64 bits, and the loop vectorises. */
static weir_i128 total_i64(const int64_t *values, int32_t count) {
    uint64_t low = 0;
    int64_t high = 0;
    for (int32_t i = 0; i < count; i++) {
        low += (uint32_t)values[i];
        high += values[i] >> 32;
    }
    return ((weir_i128)high * ((weir_i128)1 << 32)) + low;
}

static uint64_t total_short(const int64_t *values, int32_t count) {
    uint64_t total = 0;
    for (int32_t i = 0; i < count; i++) total += (uint64_t)values[i];
    return total;
}

/* All rows of the block and no others were summed up while it was read. */
static bool is_summed(const struct weir_ahead *ahead, const struct weir_vector *arg, int32_t count) {
    return ahead != NULL && ahead->summed == arg->f64 && ahead->summed_rows == count;
}

/* A field of the one row, from all rows of the block and none of them NULL; false: no short way for this field. */
static bool add_whole(enum weir_field_kind kind, char *at, const struct weir_vector *arg, int32_t count,
                      const struct weir_ahead *ahead) {
    int64_t min, max;
    double total;
    switch (kind) {
    case WEIR_FIELD_SUM_I64: *(u128_in_row *)at += (weir_u128)total_i64(arg->i64, count); return true;
    case WEIR_FIELD_SUM_SHORT: *(uint64_t *)at += total_short(arg->i64, count); return true;
    case WEIR_FIELD_SUM_F64:
        total = is_summed(ahead, arg, count) ? ahead->sum : weir_simd->sum_f64(arg->f64, (size_t)count);
        if (total == 0) return false; /* of -0.0 alone, perhaps: the kernel begins at 0.0 */
        *(double *)at += total;
        return true;
    case WEIR_FIELD_MIN_I64:
        weir_simd->min_max_i64(arg->i64, (size_t)count, &min, &max);
        if (min < *(int64_t *)at) *(int64_t *)at = min;
        return true;
    case WEIR_FIELD_MAX_I64:
        weir_simd->min_max_i64(arg->i64, (size_t)count, &min, &max);
        if (max > *(int64_t *)at) *(int64_t *)at = max;
        return true;
    default: return false;
    }
}

static enum weir_status add_to_one(const struct weir_accumulator *accumulator, char *row, const uint32_t *rows,
                                   int32_t count, const struct weir_vector *args, const struct weir_ahead *ahead,
                                   struct weir_arena *heap, struct weir_error *error) {
    struct add add = {.stride = accumulator->stride, .ids = one_group, .rows = rows, .count = count};
    bool ok = true;
    *(int64_t *)row += count;
    for (int32_t i = 1; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        add.arg = &args[field->arg];
        add.base = row + field->offset;
        bool whole = rows == NULL && add.arg->validity == NULL;
        whole &= !(accumulator->ordered && field->kind == WEIR_FIELD_SUM_F64);
        if (!whole || !add_whole(field->kind, add.base, add.arg, count, ahead))
            ok &= add_field_rows(field->kind, &add, heap);
    }
    return ok ? WEIR_OK : out_of_memory(error);
}

/* The rows to come are fetched with the last field. */
static bool add_in_runs(const struct weir_accumulator *accumulator, const struct weir_runs *runs, struct add *add,
                        const struct weir_vector *args, struct weir_arena *heap) {
    char *accumulators = add->base;
    bool ok = true;
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        struct weir_ahead *ahead = i + 1 == accumulator->fields_count ? add->ahead : NULL;
        add->arg = field->arg < 0 ? NULL : &args[field->arg];
        add->base = accumulators + field->offset;
        if (!weir_runs_add(runs, field, add->base, add->stride, add->arg, ahead))
            ok &= add_field_rows(field->kind, add, heap);
    }
    return ok;
}

enum weir_status weir_accumulator_add(const struct weir_accumulator *accumulator, char *accumulators, uint32_t keys,
                                      const uint32_t *ids, const uint32_t *rows, int32_t count,
                                      const struct weir_vector *args, struct weir_arena *heap,
                                      struct weir_error *error) {
    return weir_accumulator_add_ahead(accumulator, accumulators, keys, ids, rows, count, args, NULL, heap, error);
}

enum weir_status weir_accumulator_add_ahead(const struct weir_accumulator *accumulator, char *accumulators,
                                            uint32_t keys, const uint32_t *ids, const uint32_t *rows, int32_t count,
                                            const struct weir_vector *args, struct weir_ahead *ahead,
                                            struct weir_arena *heap, struct weir_error *error) {
    if (ids == NULL) return add_to_one(accumulator, accumulators, rows, count, args, ahead, heap, error);
    if (ahead != NULL) weir_ahead_share(ahead, count);
    if (accumulator->args_count == 0) rows = NULL; /* which rows they are matters to arguments alone */
    struct add add = {.base = accumulators,
                      .stride = accumulator->stride,
                      .ids = ids,
                      .rows = rows,
                      .count = count,
                      .known = count,
                      .ahead = ahead};
    add.far = (size_t)keys * accumulator->stride > PREFETCH_FROM_BYTES;
    struct weir_runs runs; /* large: not set to zero */
    if (weir_runs_find(ids, rows, count, &runs))
        return add_in_runs(accumulator, &runs, &add, args, heap) ? WEIR_OK : out_of_memory(error);
    bool are_few = rows == NULL && weir_few_are(accumulator, keys, count);
    struct weir_few few = {accumulators, accumulator->stride, keys, ids, count, ahead, 0, 0};
    if (are_few) weir_few_begin(accumulator, &few, args);
    if (add_fused(accumulator, &add, are_few ? &few : NULL, args)) return WEIR_OK;
    bool ok = true;
    if (!are_few && weir_words_add(accumulator, accumulators, ids, rows, count, args, add.far, ahead))
        return WEIR_OK;
    if (add.far && accumulator->fields_count > 1) {
        ok = add_in_parts(accumulator, &add, args, heap);
        return ok ? WEIR_OK : out_of_memory(error);
    }
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        if (are_few && weir_few_add(accumulator, &few, args, i)) continue;
        const struct weir_field *field = &accumulator->fields[i];
        add.base = accumulators + field->offset;
        add.arg = field->arg < 0 ? NULL : &args[field->arg];
        ok &= add_field_rows(field->kind, &add, heap);
    }
    return ok ? WEIR_OK : out_of_memory(error);
}

enum weir_status weir_accumulator_add_counted(const struct weir_accumulator *accumulator, char *accumulators,
                                              size_t stride, const uint32_t *ids, const uint32_t *rows,
                                              int32_t count, const struct weir_vector *args,
                                              struct weir_arena *heap, struct weir_error *error) {
    struct add add = {.stride = stride, .ids = ids, .rows = rows, .count = count};
    bool ok = true;
    for (int32_t i = 1; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        add.base = accumulators + field->offset;
        add.arg = &args[field->arg];
        ok &= add_field_rows(field->kind, &add, heap);
    }
    return ok ? WEIR_OK : out_of_memory(error);
}
