/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator_runs.h"

#include "simd/ahead.h"

/* Neighbours that are looked at: some, at several places. Three in four of them being alike is a mean run of four.
 */
#define PLACES 4
#define PLACE_ROWS 32
#define ROWS_A_RUN_LEAST 4

/* Rows are aligned to 8 bytes, not to 16. */
typedef weir_u128 u128_in_row __attribute__((aligned(8)));

bool weir_runs_look_alike(const uint32_t *ids, int32_t count) {
    int32_t alike = 0, apart = (count - PLACE_ROWS) / PLACES;
    if (count < PLACES * PLACE_ROWS) return false;
    for (int32_t place = 0; place < PLACES; place++) {
        const uint32_t *at = ids + (size_t)place * (size_t)apart;
        for (int32_t i = 1; i < PLACE_ROWS; i++) alike += at[i] == at[i - 1];
    }
    return alike * ROWS_A_RUN_LEAST >= PLACES * (PLACE_ROWS - 1) * (ROWS_A_RUN_LEAST - 1);
}

bool weir_runs_find(const uint32_t *ids, const uint32_t *rows, int32_t count, struct weir_runs *runs) {
    if (!weir_runs_look_alike(ids, count)) return false;
    runs->ids = ids;
    runs->rows = rows;
    runs->starts[0] = 0;
    int32_t runs_count = 1;
    for (int32_t i = 1; i < count; i++) {
        runs->starts[runs_count] = (uint16_t)i;
        runs_count += ids[i] != ids[i - 1];
    }
    runs->starts[runs_count] = (uint16_t)count;
    runs->count = runs_count;
    return runs_count <= count / ROWS_A_RUN_LEAST;
}

/* `held` is the field of the run's accumulator row in a register; `body` adds row `row` of the block to it. */
#define FOR_RUNS(type, body)                                                                                       \
    do {                                                                                                           \
        int32_t fetched = 0;                                                                                       \
        for (int32_t run = 0; run < runs->count; run++) {                                                          \
            const int32_t from = runs->starts[run], to = runs->starts[run + 1];                                    \
            for (; fetched < to; fetched += WEIR_AHEAD_ROWS) weir_ahead_step(ahead);                               \
            type *const at = (type *)(void *)(base + (size_t)runs->ids[from] * stride);                            \
            type held = *at;                                                                                       \
            if (runs->rows == NULL) {                                                                              \
                for (int32_t row = from; row < to; row++) body;                                                    \
            } else {                                                                                               \
                for (int32_t i = from; i < to; i++) {                                                              \
                    const uint32_t row = runs->rows[i];                                                            \
                    body;                                                                                          \
                }                                                                                                  \
            }                                                                                                      \
            *at = held;                                                                                            \
        }                                                                                                          \
    } while (0)

static void add_rows(const struct weir_runs *runs, char *base, size_t stride, struct weir_ahead *ahead) {
    int32_t fetched = 0;
    for (int32_t run = 0; run < runs->count; run++) {
        int32_t from = runs->starts[run], to = runs->starts[run + 1];
        for (; fetched < to; fetched += WEIR_AHEAD_ROWS) weir_ahead_step(ahead);
        *(int64_t *)(void *)(base + (size_t)runs->ids[from] * stride) += to - from;
    }
}

/* Halves of 32 bits, which as many rows as a block has cannot make overflow: the loops vectorise. */
static void add_integers(const struct weir_runs *runs, char *base, size_t stride, const int64_t *values,
                         struct weir_ahead *ahead) {
    struct halves {
        int64_t high;
        uint64_t low;
    };
    int32_t fetched = 0;
    for (int32_t run = 0; run < runs->count; run++) {
        const int32_t from = runs->starts[run], to = runs->starts[run + 1];
        struct halves sum = {0, 0};
        for (; fetched < to; fetched += WEIR_AHEAD_ROWS) weir_ahead_step(ahead);
        for (int32_t i = from; i < to; i++) {
            int64_t value = values[runs->rows == NULL ? (uint32_t)i : runs->rows[i]];
            sum.high += value >> 32;
            sum.low += (uint32_t)value;
        }
        *(u128_in_row *)(void *)(base + (size_t)runs->ids[from] * stride) +=
            (weir_u128)((weir_i128)sum.high * ((weir_i128)1 << 32) + sum.low);
    }
}

static void add_least_f64(const struct weir_runs *runs, char *base, size_t stride, const double *values,
                          struct weir_ahead *ahead) {
    FOR_RUNS(int64_t, {
        int64_t order = weir_f64_order(values[row]);
        held = order < held ? order : held;
    });
}

static void add_greatest_f64(const struct weir_runs *runs, char *base, size_t stride, const double *values,
                             struct weir_ahead *ahead) {
    FOR_RUNS(int64_t, {
        int64_t order = weir_f64_order(values[row]);
        held = order > held ? order : held;
    });
}

bool weir_runs_add(const struct weir_runs *runs, const struct weir_field *field, char *base, size_t stride,
                   const struct weir_vector *arg, struct weir_ahead *ahead) {
    if (arg != NULL && arg->validity != NULL) return false;
    const double *reals = arg == NULL ? NULL : arg->f64;
    const int64_t *integers = arg == NULL ? NULL : arg->i64;
    switch (field->kind) {
    case WEIR_FIELD_ROWS: add_rows(runs, base, stride, ahead); return true;
    case WEIR_FIELD_NULLS: return true; /* there are none */
    case WEIR_FIELD_SUM_I64: add_integers(runs, base, stride, integers, ahead); return true;
    case WEIR_FIELD_SUM_SHORT: FOR_RUNS(uint64_t, held += (uint64_t)integers[row]); return true;
    case WEIR_FIELD_SUM_F64: FOR_RUNS(double, held += reals[row]); return true;
    case WEIR_FIELD_SUM_F32: FOR_RUNS(float, held += (float)reals[row]); return true;
    case WEIR_FIELD_MIN_I64: FOR_RUNS(int64_t, held = integers[row] < held ? integers[row] : held); return true;
    case WEIR_FIELD_MAX_I64: FOR_RUNS(int64_t, held = integers[row] > held ? integers[row] : held); return true;
    case WEIR_FIELD_MIN_F64: add_least_f64(runs, base, stride, reals, ahead); return true;
    case WEIR_FIELD_MAX_F64: add_greatest_f64(runs, base, stride, reals, ahead); return true;
    default: return false;
    }
}
