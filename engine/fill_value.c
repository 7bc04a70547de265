/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fill_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"

#define ROWS_FIRST 64

static WEIR_COLD enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the windows that FILL looks between");
}

void weir_fill_values_init(struct weir_fill_values *values, const struct weir_plan *plan) {
    memset(values, 0, sizeof(*values));
    values->plan = plan;
    weir_arena_init(&values->strings, 1024);
    weir_arena_init(&values->finishing, 4096);
}

void weir_fill_values_fini(struct weir_fill_values *values) {
    free(values->values);
    weir_arena_fini(&values->strings);
    weir_arena_fini(&values->finishing);
    memset(values, 0, sizeof(*values));
}

void weir_fill_values_clear(struct weir_fill_values *values) {
    values->count = 0;
    weir_arena_reset(&values->strings);
}

static bool reserve(struct weir_fill_values *values, uint32_t more) {
    uint64_t wanted = (uint64_t)values->count + more, capacity = values->capacity;
    size_t row_bytes = (size_t)values->plan->aggregates_count * sizeof(*values->values);
    if (wanted <= capacity) return true;
    if (capacity < ROWS_FIRST) capacity = ROWS_FIRST;
    while (capacity < wanted) capacity *= 2;
    if (capacity > UINT32_MAX) return false;
    struct weir_fill_value *grown = realloc(values->values, (size_t)capacity * row_bytes + 1);
    if (grown == NULL) return false;
    values->values = grown;
    values->capacity = (uint32_t)capacity;
    return true;
}

static bool copy_string(struct weir_arena *arena, struct weir_string *string) {
    if (string->length == 0) return true;
    char *copy = weir_arena_alloc(arena, (size_t)string->length);
    if (copy == NULL) return false;
    memcpy(copy, string->data, (size_t)string->length);
    string->data = copy;
    return true;
}

static bool keep(struct weir_fill_values *values, const struct weir_vector *vector, uint32_t from,
                 struct weir_fill_value *out) {
    *out = (struct weir_fill_value){.some = vector->validity == NULL || weir_bit_get(vector->validity, from)};
    if (!out->some) return true;
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: out->value.i64 = weir_bit_get(vector->bits, from); return true;
    case WEIR_VECTOR_I64: out->value.i64 = vector->i64[from]; return true;
    case WEIR_VECTOR_F64: out->value.f64 = vector->f64[from]; return true;
    case WEIR_VECTOR_I128: out->value.i128 = vector->i128[from]; return true;
    case WEIR_VECTOR_STRING:
        out->value.string = vector->strings[from];
        return copy_string(&values->strings, &out->value.string);
    }
    return false;
}

static enum weir_status finish_block(struct weir_fill_values *values, const struct weir_accumulator *accumulator,
                                     const char *const *rows, uint32_t count, struct weir_error *error) {
    int32_t calls = values->plan->aggregates_count;
    for (int32_t call = 0; call < calls; call++) {
        struct weir_vector vector;
        weir_arena_reset(&values->finishing);
        enum weir_status status = weir_accumulator_finish(accumulator, values->plan, call, rows, (int32_t)count,
                                                          &values->finishing, &vector, error);
        if (status != WEIR_OK) return status;
        struct weir_fill_value *out = weir_fill_values_row(values, values->count) + call;
        for (uint32_t i = 0; i < count; i++) {
            if (!keep(values, &vector, i, out + (size_t)i * (size_t)calls)) return out_of_memory(error);
        }
    }
    values->count += count;
    return WEIR_OK;
}

enum weir_status weir_fill_values_finish(struct weir_fill_values *values,
                                         const struct weir_accumulator *accumulator, const char *const *rows,
                                         uint32_t count, struct weir_error *error) {
    if (!reserve(values, count)) return out_of_memory(error);
    for (uint32_t from = 0; from < count; from += WEIR_BLOCK_ROWS) {
        uint32_t some = count - from < WEIR_BLOCK_ROWS ? count - from : WEIR_BLOCK_ROWS;
        enum weir_status status = finish_block(values, accumulator, rows + from, some, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

bool weir_fill_values_copy(struct weir_fill_values *values, const struct weir_fill_value *row) {
    if (!reserve(values, 1)) return false;
    struct weir_fill_value *to = weir_fill_values_row(values, values->count);
    for (int32_t call = 0; call < values->plan->aggregates_count; call++) {
        to[call] = row[call];
        if (weir_type_vector(values->plan->aggregates[call].type) != WEIR_VECTOR_STRING || !row[call].some)
            continue;
        if (!copy_string(&values->strings, &to[call].value.string)) return false;
    }
    values->count++;
    return true;
}

/* ---- interpolation ---- */

/* a + (b - a) * i / n. The distance of two decimals needs 128 bits without sign; split by n, it can be multiplied:
 * its rest is below n, and the whole part of the product is at most the distance. */
static weir_i128 between_integers(weir_i128 a, weir_i128 b, uint64_t i, uint64_t n) {
    weir_u128 distance = b > a ? (weir_u128)b - (weir_u128)a : (weir_u128)a - (weir_u128)b;
    weir_u128 step = distance / n * i + distance % n * i / n;
    return (weir_i128)(b > a ? (weir_u128)a + step : (weir_u128)a - step);
}

static double between_doubles(double a, double b, uint64_t i, uint64_t n) {
    double value = a + (b - a) * (double)i / (double)n;
    if (isfinite(value) || !isfinite(a) || !isfinite(b)) return value;
    return a * ((double)(n - i) / (double)n) + b * ((double)i / (double)n); /* (b - a) * i is too large */
}

struct weir_fill_value weir_fill_between(struct weir_type type, struct weir_fill_value a, struct weir_fill_value b,
                                         uint64_t i, uint64_t n) {
    struct weir_fill_value out = {.some = a.some && b.some};
    if (!out.some) return out;
    switch (weir_type_vector(type)) {
    case WEIR_VECTOR_I64: out.value.i64 = (int64_t)between_integers(a.value.i64, b.value.i64, i, n); break;
    case WEIR_VECTOR_I128: out.value.i128 = between_integers(a.value.i128, b.value.i128, i, n); break;
    case WEIR_VECTOR_F64:
        out.value.f64 = between_doubles(a.value.f64, b.value.f64, i, n);
        if (type.id == WEIR_TYPE_FLOAT) out.value.f64 = (double)(float)out.value.f64;
        break;
    default: out.some = false; break; /* there is nothing between two texts: a plan holds none */
    }
    return out;
}
