/* SPDX-License-Identifier: Apache-2.0
 *
 * The layout of an accumulator row: the fields that all aggregates of a query need, each once.
 *
 *   offset 0   rows     int64   COUNT(*); 0 means that the key has no row in this slice
 *   then       nulls    int64   per argument that can be NULL: rows whose argument is
 *              sum      i128 (BIGINT), int64 (narrower integers, see below), double, float (SUM(FLOAT) adds in
 *                       32 bits, as Flink); floats begin at -0.0, which leaves every number as it is, so that a
 *                       sum over only -0.0 is -0.0
 *              min, max int64 (integers, times, and doubles in an order-preserving code), i128, string
 *
 * COUNT(x) is rows - nulls(x), AVG(x) is sum(x) / (rows - nulls(x)), a SUM is NULL where rows == nulls: so an
 * argument without NULLs costs nothing to count, and SUM, AVG and COUNT of one argument share two fields. One that
 * is NOT NULL, a column or plain arithmetic on such, has no nulls at all: rows are shorter, and more of them fit
 * the cache. (Machines, which look at whole slots of their own, have them always, and sums of 128 bits.)
 *
 * A sum of integers of b bits wraps at 64 bits meanwhile and is exact in the end while it is one of 2^(64 - b)
 * values at most: 2^32 of INT. One of more is an error (docs/adr/0024).
 */
#ifndef WEIR_ENGINE_ACCUMULATOR_H
#define WEIR_ENGINE_ACCUMULATOR_H

#include <stdint.h>

#include "engine/ahead.h"
#include "engine/plan.h"

enum weir_field_kind {
    WEIR_FIELD_ROWS,
    WEIR_FIELD_NULLS,
    WEIR_FIELD_SUM_I64,   /* in 128 bits */
    WEIR_FIELD_SUM_SHORT, /* of integers of up to 32 bits, in 64 */
    WEIR_FIELD_SUM_F64,
    WEIR_FIELD_SUM_F32,
    WEIR_FIELD_MIN_I64,
    WEIR_FIELD_MAX_I64,
    WEIR_FIELD_MIN_F64,
    WEIR_FIELD_MAX_F64,
    WEIR_FIELD_MIN_I128,
    WEIR_FIELD_MAX_I128,
    WEIR_FIELD_MIN_STRING,
    WEIR_FIELD_MAX_STRING,
};

/* Kinds whose values are integers and doubles of 64 bits. */
static inline bool weir_field_is_integer_sum(enum weir_field_kind kind) {
    return kind == WEIR_FIELD_SUM_I64 || kind == WEIR_FIELD_SUM_SHORT;
}
static inline bool weir_field_is_sum(enum weir_field_kind kind) {
    return kind == WEIR_FIELD_SUM_F64 || weir_field_is_integer_sum(kind);
}
static inline bool weir_field_is_min(enum weir_field_kind kind) {
    return kind == WEIR_FIELD_MIN_I64 || kind == WEIR_FIELD_MIN_F64;
}
static inline bool weir_field_is_max(enum weir_field_kind kind) {
    return kind == WEIR_FIELD_MAX_I64 || kind == WEIR_FIELD_MAX_F64;
}

struct weir_field {
    enum weir_field_kind kind;
    int32_t arg;    /* index into args; -1 for rows */
    int32_t offset; /* bytes from the start of the row */
};

/* A string held by an accumulator row; the bytes are the slice's. */
struct weir_held_string {
    char *data;
    uint32_t length;
    uint32_t capacity; /* 0: none held yet */
};

struct weir_accumulator {
    struct weir_arena arena; /* owns what follows */
    int32_t fields_count;
    struct weir_field *fields;
    int32_t args_count;
    struct weir_program **args; /* each distinct argument once */
    int32_t *call_arg;          /* per aggregate call: its argument, or -1 */
    int32_t *call_field;        /* per call: its sum, min or max; 0 (rows) for counts */
    int32_t *arg_nulls;         /* per argument: its nulls field; 0, the rows: it cannot be NULL */
    size_t stride;              /* bytes of a row, a multiple of 8 */
    const char *fresh;          /* a row's content before its first row */
    bool fresh_is_zero;
    bool holds_strings;
    bool ordered; /* floats are added one after the other, in the order of the rows */
};

/* Lays out the rows of a validated plan, which must outlive it. (Pipelines of several threads may share a plan, so
 * nothing is put into the plan's own arena.) */
enum weir_status weir_accumulator_init(struct weir_accumulator *accumulator, const struct weir_plan *plan,
                                       struct weir_error *error);
void weir_accumulator_fini(struct weir_accumulator *accumulator);

/* Drops the validity of an argument that cannot be NULL, once it has seen that rows[0 .. count) of a block (rows 0
 * .. count - 1 where rows is NULL) are not: one that is called NOT NULL may lie. Errors: WEIR_ERR_VALUE. */
enum weir_status weir_accumulator_check_arg(const struct weir_accumulator *accumulator,
                                            const struct weir_plan *plan, int32_t arg, const uint32_t *rows,
                                            int32_t count, struct weir_vector *vector, struct weir_error *error);

/* Where a row is COUNT(*), NULLs or none, and one field of the same argument: that field. NULL: it is more, or
 * less. */
static inline const struct weir_field *weir_accumulator_lone(const struct weir_accumulator *accumulator) {
    const struct weir_field *fields = accumulator->fields;
    if (accumulator->fields_count == 2 && fields[1].kind != WEIR_FIELD_NULLS) return &fields[1];
    bool pair =
        accumulator->fields_count == 3 && fields[1].kind == WEIR_FIELD_NULLS && fields[1].arg == fields[2].arg;
    return pair ? &fields[2] : NULL;
}

/* Makes rows [from, to) fresh. */
void weir_accumulator_fresh(const struct weir_accumulator *accumulator, char *rows, uint32_t from, uint32_t to);

/* weir_accumulator_add that fetches the rows to come meanwhile; ahead NULL: none. */
enum weir_status weir_accumulator_add_ahead(const struct weir_accumulator *accumulator, char *accumulators,
                                            uint32_t keys, const uint32_t *ids, const uint32_t *rows, int32_t count,
                                            const struct weir_vector *args, struct weir_ahead *ahead,
                                            struct weir_arena *heap, struct weir_error *error);

/* Adds count <= WEIR_BLOCK_ROWS rows of a block: row rows[i] (i where rows is NULL) goes to accumulator row ids[i],
 * below keys; ids NULL: all go to row 0. args: one vector an argument. heap holds strings. Errors: WEIR_ERR_MEMORY.
 */
enum weir_status weir_accumulator_add(const struct weir_accumulator *accumulator, char *accumulators, uint32_t keys,
                                      const uint32_t *ids, const uint32_t *rows, int32_t count,
                                      const struct weir_vector *args, struct weir_arena *heap,
                                      struct weir_error *error);

/* The same for rows that are `stride` bytes apart, ids[i] of them from the first, and that have counted the rows of
 * the block (their first field) already. */
enum weir_status weir_accumulator_add_counted(const struct weir_accumulator *accumulator, char *accumulators,
                                              size_t stride, const uint32_t *ids, const uint32_t *rows,
                                              int32_t count, const struct weir_vector *args,
                                              struct weir_arena *heap, struct weir_error *error);

/* Adds the accumulator row `from` to `to` (a fresh one included). */
enum weir_status weir_accumulator_merge(const struct weir_accumulator *accumulator, char *to, const char *from,
                                        struct weir_arena *heap, struct weir_error *error);

/* to[i] += from[i] for a run of rows that lie one after the other; those that hold nothing included. */
enum weir_status weir_accumulator_merge_rows(const struct weir_accumulator *accumulator, char *to, const char *from,
                                             uint32_t rows, struct weir_arena *heap, struct weir_error *error);

/* to[ids[i]] += from[i], for rows that hold something. */
enum weir_status weir_accumulator_merge_mapped(const struct weir_accumulator *accumulator, char *to,
                                               const char *from, const uint32_t *ids, uint32_t rows,
                                               struct weir_arena *heap, struct weir_error *error);

/* As weir_accumulator_merge_rows without copies of strings: `to` points at those of `from`, whose heap must outlive
 * it, and nothing else but this may be done to `to` meanwhile. */
void weir_accumulator_lend_rows(const struct weir_accumulator *accumulator, char *to, const char *from,
                                uint32_t rows);

/* True when what was added can be taken away again to the last bit: counts and sums of integers and decimals. */
bool weir_accumulator_subtracts(const struct weir_accumulator *accumulator);
/* to[i] -= from[i], where that is so. */
void weir_accumulator_subtract_rows(const struct weir_accumulator *accumulator, char *to, const char *from,
                                    uint32_t rows);

/* The results of aggregate call `call` of the plan for count accumulator rows, rows[i] pointing at each.
 * Errors: WEIR_ERR_VALUE when a sum does not fit its type, naming the aggregate. */
enum weir_status weir_accumulator_finish(const struct weir_accumulator *accumulator, const struct weir_plan *plan,
                                         int32_t call, const char *const *rows, int32_t count,
                                         struct weir_arena *arena, struct weir_vector *out,
                                         struct weir_error *error);

/* A double's order as an integer's: -NaN... all NaNs above +Infinity, -0.0 below +0.0; and back. */
static inline int64_t weir_f64_order(double value) {
    if (value != value) return INT64_MAX;
    union {
        double f;
        int64_t i;
    } bits = {.f = value};
    return bits.i ^ (int64_t)((uint64_t)(bits.i >> 63) >> 1);
}
static inline double weir_f64_from_order(int64_t order) {
    union {
        int64_t i;
        double f;
    } bits = {.i = order == INT64_MAX ? INT64_C(0x7FF8000000000000)
                                      : order ^ (int64_t)((uint64_t)(order >> 63) >> 1)};
    return bits.f;
}

#endif
