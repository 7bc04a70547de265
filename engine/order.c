/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/accumulator.h"

/* A column of the batches by which rows are compared. */
struct term {
    int32_t column;
    enum weir_storage storage;
    bool descending, nulls_first;
};

struct sorter {
    const struct ArrowArray *batches;
    struct term *terms;
    int32_t terms_count;
};

static int compare_i64(int64_t a, int64_t b) { return a < b ? -1 : a > b; }

static int64_t integer_at(enum weir_storage storage, const void *values, uint32_t row) {
    switch (storage) {
    case WEIR_STORE_BOOL: return weir_bit_get(values, row);
    case WEIR_STORE_I8: return ((const int8_t *)values)[row];
    case WEIR_STORE_I16: return ((const int16_t *)values)[row];
    case WEIR_STORE_I32: return ((const int32_t *)values)[row];
    default: return ((const int64_t *)values)[row];
    }
}

static int compare_strings(const struct ArrowArray *a, uint32_t i, const struct ArrowArray *b, uint32_t j) {
    const int32_t *a_offsets = a->buffers[1], *b_offsets = b->buffers[1];
    int32_t a_length = a_offsets[i + 1] - a_offsets[i], b_length = b_offsets[j + 1] - b_offsets[j];
    size_t shared = (size_t)(a_length < b_length ? a_length : b_length);
    int order = shared == 0 ? 0
                            : memcmp((const char *)a->buffers[2] + a_offsets[i],
                                     (const char *)b->buffers[2] + b_offsets[j], shared);
    return order != 0 ? order : compare_i64(a_length, b_length);
}

static int compare_values(enum weir_storage storage, const struct ArrowArray *a, uint32_t i,
                          const struct ArrowArray *b, uint32_t j) {
    switch (storage) {
    case WEIR_STORE_UTF8: return compare_strings(a, i, b, j);
    case WEIR_STORE_F32:
        return compare_i64(weir_f64_order((double)((const float *)a->buffers[1])[i]),
                           weir_f64_order((double)((const float *)b->buffers[1])[j]));
    case WEIR_STORE_F64:
        return compare_i64(weir_f64_order(((const double *)a->buffers[1])[i]),
                           weir_f64_order(((const double *)b->buffers[1])[j]));
    case WEIR_STORE_I128: {
        weir_i128 x, y;
        memcpy(&x, (const char *)a->buffers[1] + (size_t)i * 16, 16);
        memcpy(&y, (const char *)b->buffers[1] + (size_t)j * 16, 16);
        return x < y ? -1 : x > y;
    }
    default: return compare_i64(integer_at(storage, a->buffers[1], i), integer_at(storage, b->buffers[1], j));
    }
}

static bool is_null(const struct ArrowArray *array, uint32_t row) {
    return array->buffers[0] != NULL && !weir_bit_get(array->buffers[0], row);
}

static int compare_rows(const struct sorter *sorter, struct weir_row_ref x, struct weir_row_ref y) {
    for (int32_t i = 0; i < sorter->terms_count; i++) {
        const struct term *term = &sorter->terms[i];
        const struct ArrowArray *a = sorter->batches[x.batch].children[term->column];
        const struct ArrowArray *b = sorter->batches[y.batch].children[term->column];
        bool a_null = is_null(a, x.row), b_null = is_null(b, y.row);
        if (a_null && b_null) continue;
        if (a_null || b_null) return a_null == term->nulls_first ? -1 : 1;
        int order = compare_values(term->storage, a, x.row, b, y.row);
        if (order != 0) return term->descending ? -order : order;
    }
    return 0;
}

/* ---- by what ---- */

static bool is_float(enum weir_storage storage) { return storage == WEIR_STORE_F32 || storage == WEIR_STORE_F64; }

/* Rows that are equal by ORDER BY, and cut by LIMIT or OFFSET, are told apart by the columns of the result: which
 * of them are cut must not depend on the order in which they came. Floats last: their last digits may. */
static void add_ties(const struct weir_plan *plan, struct sorter *sorter) {
    if (plan->limit < 0 && plan->offset == 0) return;
    for (int floats = 0; floats < 2; floats++) {
        for (int32_t i = 0; i < plan->outputs_count; i++) {
            enum weir_storage storage = weir_layout_of(plan->outputs[i].expr->type).storage;
            if (storage == WEIR_STORE_NULL || is_float(storage) != floats) continue;
            sorter->terms[sorter->terms_count++] = (struct term){i, storage, false, true};
        }
    }
}

/* False when memory is short. */
static bool init_sorter(const struct weir_plan *plan, const struct ArrowArray *batches, struct sorter *sorter) {
    *sorter = (struct sorter){.batches = batches};
    sorter->terms = calloc((size_t)plan->order_count + (size_t)plan->outputs_count + 1, sizeof(*sorter->terms));
    if (sorter->terms == NULL) return false;
    for (int32_t i = 0; i < plan->order_count; i++) {
        const struct weir_plan_order *order = &plan->order[i];
        sorter->terms[sorter->terms_count++] =
            (struct term){plan->outputs_count + i, weir_layout_of(order->expr->type).storage, order->descending,
                          order->nulls_first};
    }
    add_ties(plan, sorter);
    return true;
}

static void merge(const struct sorter *sorter, const struct weir_row_ref *from, struct weir_row_ref *to,
                  size_t first, size_t middle, size_t end) {
    size_t a = first, b = middle;
    for (size_t i = first; i < end; i++) {
        bool take_a = a < middle && (b >= end || compare_rows(sorter, from[a], from[b]) <= 0);
        to[i] = take_a ? from[a++] : from[b++];
    }
}

/* Bottom-up merge sort: stable, no recursion. Returns the array that holds the result. */
static struct weir_row_ref *sort(const struct sorter *sorter, struct weir_row_ref *rows, struct weir_row_ref *spare,
                                 size_t count) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t first = 0; first < count; first += 2 * width) {
            size_t middle = first + width < count ? first + width : count;
            size_t end = first + 2 * width < count ? first + 2 * width : count;
            merge(sorter, rows, spare, first, middle, end);
        }
        struct weir_row_ref *swap = rows;
        rows = spare;
        spare = swap;
    }
    return rows;
}

enum weir_status weir_order_rows(const struct weir_plan *plan, const struct ArrowArray *batches,
                                 size_t batches_count, struct weir_row_ref **out, size_t *count,
                                 struct weir_error *error) {
    size_t rows_count = 0;
    for (size_t i = 0; i < batches_count; i++) rows_count += (size_t)batches[i].length;
    struct weir_row_ref *rows = malloc((rows_count + 1) * sizeof(*rows));
    struct weir_row_ref *spare = malloc((rows_count + 1) * sizeof(*spare));
    struct sorter sorter = {.terms = NULL};
    if (rows == NULL || spare == NULL || !init_sorter(plan, batches, &sorter)) {
        free(rows);
        free(spare);
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while sorting %zu rows for ORDER BY",
                              rows_count);
    }
    size_t at = 0;
    for (size_t b = 0; b < batches_count; b++) {
        for (int64_t r = 0; r < batches[b].length; r++)
            rows[at++] = (struct weir_row_ref){(uint32_t)b, (uint32_t)r};
    }
    struct weir_row_ref *sorted = sort(&sorter, rows, spare, rows_count);
    free(sorted == rows ? spare : rows);
    free(sorter.terms);
    *out = sorted;
    *count = rows_count;
    return WEIR_OK;
}
