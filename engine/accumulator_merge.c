/* SPDX-License-Identifier: Apache-2.0
 *
 * Accumulator rows added to others, one, or a run of them, field by field: what sliding windows are made of. A row
 * that holds nothing changes nothing, so no loop asks whether one does.
 */
#include <string.h>

#include "base/error.h"
#include "engine/held_strings.h"

/* Rows are aligned to 8 bytes, not to 16. */
typedef weir_u128 u128_in_row __attribute__((aligned(8)));
typedef weir_i128 i128_in_row __attribute__((aligned(8)));

/* ---- one row ---- */

#define MERGE_EXTREME(type, compare)                                                                               \
    do {                                                                                                           \
        type a, b;                                                                                                 \
        memcpy(&a, to, sizeof(a));                                                                                 \
        memcpy(&b, from, sizeof(b));                                                                               \
        if (b compare a) memcpy(to, &b, sizeof(b));                                                                \
    } while (0)

static bool merge_field(enum weir_field_kind kind, char *to, const char *from, struct weir_arena *heap) {
    switch (kind) {
    case WEIR_FIELD_ROWS:
    case WEIR_FIELD_NULLS: *(int64_t *)to += *(const int64_t *)from; return true;
    case WEIR_FIELD_SUM_SHORT: *(uint64_t *)to += *(const uint64_t *)from; return true;
    case WEIR_FIELD_SUM_I64: *(u128_in_row *)to += *(const u128_in_row *)from; return true;
    case WEIR_FIELD_SUM_F64: *(double *)to += *(const double *)from; return true;
    case WEIR_FIELD_SUM_F32: *(float *)to += *(const float *)from; return true;
    case WEIR_FIELD_MIN_I64:
    case WEIR_FIELD_MIN_F64: MERGE_EXTREME(int64_t, <); return true;
    case WEIR_FIELD_MAX_I64:
    case WEIR_FIELD_MAX_F64: MERGE_EXTREME(int64_t, >); return true;
    case WEIR_FIELD_MIN_I128: MERGE_EXTREME(weir_i128, <); return true;
    case WEIR_FIELD_MAX_I128: MERGE_EXTREME(weir_i128, >); return true;
    case WEIR_FIELD_MIN_STRING:
    case WEIR_FIELD_MAX_STRING: {
        const struct weir_held_string *held = (const struct weir_held_string *)from;
        if (held->capacity == 0) return true;
        return weir_held_string_offer((struct weir_held_string *)to, kind == WEIR_FIELD_MIN_STRING, held->data,
                                      held->length, heap);
    }
    }
    return false;
}

enum weir_status weir_accumulator_merge(const struct weir_accumulator *accumulator, char *to, const char *from,
                                        struct weir_arena *heap, struct weir_error *error) {
    bool ok = true;
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        int32_t offset = accumulator->fields[i].offset;
        ok &= merge_field(accumulator->fields[i].kind, to + offset, from + offset, heap);
    }
    return ok ? WEIR_OK : weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the aggregates of the query");
}

/* ---- runs of rows ---- */

/* Rows that every field goes over before the next one does: they stay in the first cache. */
#define ROWS_AT_ONCE 128

/* A field of the rows at hand. */
struct run {
    char *restrict to;
    const char *restrict from;
    size_t stride;
    uint32_t rows;
};

#define EACH_ROW(run, type, body)                                                                                  \
    for (uint32_t i = 0; i < (run)->rows; i++) {                                                                   \
        type *a = (type *)((run)->to + i * (run)->stride);                                                         \
        const type *b = (const type *)((run)->from + i * (run)->stride);                                           \
        body;                                                                                                      \
    }

static void add_i64(const struct run *run) { EACH_ROW(run, uint64_t, *a += *b) }
static void add_i128(const struct run *run) { EACH_ROW(run, u128_in_row, *a += *b) }
static void add_f64(const struct run *run) { EACH_ROW(run, double, *a += *b) }
static void add_f32(const struct run *run) { EACH_ROW(run, float, *a += *b) }
static void min_i64(const struct run *run) { EACH_ROW(run, int64_t, *a = *b < *a ? *b : *a) }
static void max_i64(const struct run *run) { EACH_ROW(run, int64_t, *a = *b > *a ? *b : *a) }
static void min_i128(const struct run *run) { EACH_ROW(run, i128_in_row, *a = *b < *a ? *b : *a) }
static void max_i128(const struct run *run) { EACH_ROW(run, i128_in_row, *a = *b > *a ? *b : *a) }
static void take_i64(const struct run *run) { EACH_ROW(run, uint64_t, *a -= *b) }
static void take_i128(const struct run *run) { EACH_ROW(run, u128_in_row, *a -= *b) }

static bool is_before(const struct weir_held_string *a, const struct weir_held_string *b) {
    uint32_t shared = a->length < b->length ? a->length : b->length;
    int order = shared == 0 ? 0 : memcmp(a->data, b->data, shared);
    return order != 0 ? order < 0 : a->length < b->length;
}

static void borrow_strings(const struct run *run, bool want_min) {
    EACH_ROW(run, struct weir_held_string, {
        if (b->capacity == 0) continue;
        if (a->capacity == 0 || (want_min ? is_before(b, a) : is_before(a, b))) *a = *b;
    })
}

static void merge_run(enum weir_field_kind kind, const struct run *run) {
    switch (kind) {
    case WEIR_FIELD_ROWS:
    case WEIR_FIELD_NULLS:
    case WEIR_FIELD_SUM_SHORT: add_i64(run); break;
    case WEIR_FIELD_SUM_I64: add_i128(run); break;
    case WEIR_FIELD_SUM_F64: add_f64(run); break;
    case WEIR_FIELD_SUM_F32: add_f32(run); break;
    case WEIR_FIELD_MIN_I64:
    case WEIR_FIELD_MIN_F64: min_i64(run); break;
    case WEIR_FIELD_MAX_I64:
    case WEIR_FIELD_MAX_F64: max_i64(run); break;
    case WEIR_FIELD_MIN_I128: min_i128(run); break;
    case WEIR_FIELD_MAX_I128: max_i128(run); break;
    case WEIR_FIELD_MIN_STRING: borrow_strings(run, true); break;
    case WEIR_FIELD_MAX_STRING: borrow_strings(run, false); break;
    }
}

static bool merge_fused_without_nulls(enum weir_field_kind kind, const struct run *run) {
    switch (kind) {
    case WEIR_FIELD_SUM_F64:
        EACH_ROW(run, int64_t, a[0] += b[0]; *(double *)(a + 1) += *(const double *)(b + 1))
        return true;
    case WEIR_FIELD_SUM_SHORT: EACH_ROW(run, uint64_t, a[0] += b[0]; a[1] += b[1]) return true;
    case WEIR_FIELD_SUM_I64:
        EACH_ROW(run, int64_t, a[0] += b[0]; *(u128_in_row *)(a + 1) += *(const u128_in_row *)(b + 1))
        return true;
    default: return false;
    }
}

/* COUNT(*) and one sum, the commonest query, in one pass. */
static bool merge_fused(const struct weir_accumulator *accumulator, const struct run *run) {
    const struct weir_field *lone = weir_accumulator_lone(accumulator);
    if (lone == NULL) return false;
    if (lone->offset == sizeof(int64_t)) return merge_fused_without_nulls(lone->kind, run);
    switch (lone->kind) {
    case WEIR_FIELD_SUM_F64:
        EACH_ROW(run, int64_t, a[0] += b[0]; a[1] += b[1]; *(double *)(a + 2) += *(const double *)(b + 2))
        return true;
    case WEIR_FIELD_SUM_SHORT: EACH_ROW(run, uint64_t, a[0] += b[0]; a[1] += b[1]; a[2] += b[2]) return true;
    case WEIR_FIELD_SUM_I64:
        EACH_ROW(run, int64_t, a[0] += b[0]; a[1] += b[1]; *(u128_in_row *)(a + 2) += *(const u128_in_row *)(b + 2))
        return true;
    default: return false;
    }
}

void weir_accumulator_lend_rows(const struct weir_accumulator *accumulator, char *to, const char *from,
                                uint32_t rows) {
    size_t stride = accumulator->stride;
    if (merge_fused(accumulator, &(struct run){to, from, stride, rows})) return;
    for (uint32_t at = 0; at < rows; at += ROWS_AT_ONCE) {
        uint32_t count = rows - at < ROWS_AT_ONCE ? rows - at : ROWS_AT_ONCE;
        for (int32_t i = 0; i < accumulator->fields_count; i++) {
            size_t offset = at * stride + (size_t)accumulator->fields[i].offset;
            merge_run(accumulator->fields[i].kind, &(struct run){to + offset, from + offset, stride, count});
        }
    }
}

enum weir_status weir_accumulator_merge_rows(const struct weir_accumulator *accumulator, char *to, const char *from,
                                             uint32_t rows, struct weir_arena *heap, struct weir_error *error) {
    if (!accumulator->holds_strings) {
        weir_accumulator_lend_rows(accumulator, to, from, rows);
        return WEIR_OK;
    }
    enum weir_status status = WEIR_OK;
    for (uint32_t i = 0; i < rows && status == WEIR_OK; i++) {
        size_t offset = i * accumulator->stride;
        if (*(const int64_t *)(from + offset) == 0) continue;
        status = weir_accumulator_merge(accumulator, to + offset, from + offset, heap, error);
    }
    return status;
}

/* ---- rows that have other places ---- */

/* Rows ahead of the one at work whose places are fetched. */
#define PREFETCH_ROWS 16

struct mapped {
    char *restrict to;
    const char *restrict from;
    size_t stride;
    const uint32_t *ids;
    uint32_t rows;
};

#define EACH_MAPPED(mapped, body)                                                                                  \
    for (uint32_t i = 0; i < (mapped)->rows; i++) {                                                                \
        uint32_t soon = i + PREFETCH_ROWS < (mapped)->rows ? i + PREFETCH_ROWS : i;                                \
        WEIR_PREFETCH_WRITE((mapped)->to + (size_t)(mapped)->ids[soon] * (mapped)->stride);                        \
        const int64_t *b = (const int64_t *)((mapped)->from + i * (mapped)->stride);                               \
        if (b[0] == 0) continue;                                                                                   \
        int64_t *a = (int64_t *)((mapped)->to + (size_t)(mapped)->ids[i] * (mapped)->stride);                      \
        body;                                                                                                      \
    }

/* COUNT(*) and one sum of doubles. */
static bool merge_fused_mapped(const struct weir_accumulator *accumulator, const struct mapped *mapped) {
    const struct weir_field *lone = weir_accumulator_lone(accumulator);
    if (lone == NULL || lone->kind != WEIR_FIELD_SUM_F64) return false;
    if (lone->offset == sizeof(int64_t)) {
        EACH_MAPPED(mapped, a[0] += b[0]; *(double *)(a + 1) += *(const double *)(b + 1))
    } else {
        EACH_MAPPED(mapped, a[0] += b[0]; a[1] += b[1]; *(double *)(a + 2) += *(const double *)(b + 2))
    }
    return true;
}

enum weir_status weir_accumulator_merge_mapped(const struct weir_accumulator *accumulator, char *to,
                                               const char *from, const uint32_t *ids, uint32_t rows,
                                               struct weir_arena *heap, struct weir_error *error) {
    const struct mapped mapped = {to, from, accumulator->stride, ids, rows};
    enum weir_status status = WEIR_OK;
    if (merge_fused_mapped(accumulator, &mapped)) return WEIR_OK;
    EACH_MAPPED(&mapped, {
        status = weir_accumulator_merge(accumulator, (char *)a, (const char *)b, heap, error);
        if (status != WEIR_OK) return status;
    })
    return status;
}

/* ---- taking away ---- */

static bool is_integral(enum weir_field_kind kind) {
    return kind == WEIR_FIELD_ROWS || kind == WEIR_FIELD_NULLS || weir_field_is_integer_sum(kind);
}

bool weir_accumulator_subtracts(const struct weir_accumulator *accumulator) {
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        if (!is_integral(accumulator->fields[i].kind)) return false;
    }
    return true;
}

void weir_accumulator_subtract_rows(const struct weir_accumulator *accumulator, char *to, const char *from,
                                    uint32_t rows) {
    size_t stride = accumulator->stride;
    for (uint32_t at = 0; at < rows; at += ROWS_AT_ONCE) {
        uint32_t count = rows - at < ROWS_AT_ONCE ? rows - at : ROWS_AT_ONCE;
        for (int32_t i = 0; i < accumulator->fields_count; i++) {
            size_t offset = at * stride + (size_t)accumulator->fields[i].offset;
            struct run run = {to + offset, from + offset, stride, count};
            if (accumulator->fields[i].kind == WEIR_FIELD_SUM_I64) {
                take_i128(&run);
            } else {
                take_i64(&run);
            }
        }
    }
}
