/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/machine.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the aggregates of the query");
}

/* ---- layout ---- */

static size_t field_bytes(enum weir_field_kind kind) {
    switch (kind) {
    case WEIR_FIELD_SUM_I64:
    case WEIR_FIELD_MIN_I128:
    case WEIR_FIELD_MAX_I128:
    case WEIR_FIELD_MIN_STRING:
    case WEIR_FIELD_MAX_STRING: return 16;
    default: return 8;
    }
}

static enum weir_field_kind extreme_kind(bool is_min, enum weir_vector_kind kind) {
    switch (kind) {
    case WEIR_VECTOR_F64: return is_min ? WEIR_FIELD_MIN_F64 : WEIR_FIELD_MAX_F64;
    case WEIR_VECTOR_I128: return is_min ? WEIR_FIELD_MIN_I128 : WEIR_FIELD_MAX_I128;
    case WEIR_VECTOR_STRING: return is_min ? WEIR_FIELD_MIN_STRING : WEIR_FIELD_MAX_STRING;
    default: return is_min ? WEIR_FIELD_MIN_I64 : WEIR_FIELD_MAX_I64;
    }
}

static enum weir_field_kind integer_sum_kind(enum weir_type_id id, bool wide) {
    bool is_short = id == WEIR_TYPE_TINYINT || id == WEIR_TYPE_SMALLINT || id == WEIR_TYPE_INT;
    return is_short && !wide ? WEIR_FIELD_SUM_SHORT : WEIR_FIELD_SUM_I64;
}

/* The field that an aggregate needs beside rows and nulls; rows where it needs none. wide: sums of integers have
 * 128 bits. */
static enum weir_field_kind call_kind(const struct weir_aggregate_call *call, bool wide) {
    switch (call->function) {
    case WEIR_AGGREGATE_SUM:
    case WEIR_AGGREGATE_AVG:
        if (weir_type_vector(call->arg->type) != WEIR_VECTOR_F64) return integer_sum_kind(call->arg->type.id, wide);
        return call->arg->type.id == WEIR_TYPE_FLOAT && call->function == WEIR_AGGREGATE_SUM ? WEIR_FIELD_SUM_F32
                                                                                             : WEIR_FIELD_SUM_F64;
    case WEIR_AGGREGATE_MIN: return extreme_kind(true, weir_type_vector(call->arg->type));
    case WEIR_AGGREGATE_MAX: return extreme_kind(false, weir_type_vector(call->arg->type));
    default: return WEIR_FIELD_ROWS;
    }
}

static int32_t add_field(struct weir_accumulator *accumulator, enum weir_field_kind kind, int32_t arg) {
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        if (accumulator->fields[i].kind == kind && accumulator->fields[i].arg == arg) return i;
    }
    accumulator->fields[accumulator->fields_count] = (struct weir_field){kind, arg, (int32_t)accumulator->stride};
    accumulator->stride += field_bytes(kind);
    return accumulator->fields_count++;
}

static int32_t add_arg(struct weir_accumulator *accumulator, const struct weir_plan *plan, int32_t call) {
    for (int32_t i = 0; i < call; i++) {
        if (plan->aggregates[i].arg == NULL || accumulator->call_arg[i] < 0) continue;
        if (weir_expr_equal(plan->aggregates[i].arg, plan->aggregates[call].arg)) return accumulator->call_arg[i];
    }
    accumulator->args[accumulator->args_count] = plan->aggregate_programs[call];
    return accumulator->args_count++;
}

static void write_fresh(const struct weir_accumulator *accumulator, char *row) {
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        char *at = row + accumulator->fields[i].offset;
        int64_t low = INT64_MIN, high = INT64_MAX;
        weir_u128 top = ~(weir_u128)0 >> 1;
        weir_i128 wide_high = (weir_i128)top, wide_low = -(weir_i128)top - 1;
        switch (accumulator->fields[i].kind) {
        case WEIR_FIELD_MIN_I64:
        case WEIR_FIELD_MIN_F64: memcpy(at, &high, sizeof(high)); break;
        case WEIR_FIELD_MAX_I64:
        case WEIR_FIELD_MAX_F64: memcpy(at, &low, sizeof(low)); break;
        case WEIR_FIELD_MIN_I128: memcpy(at, &wide_high, sizeof(wide_high)); break;
        case WEIR_FIELD_MAX_I128: memcpy(at, &wide_low, sizeof(wide_low)); break;
        case WEIR_FIELD_SUM_F64: memcpy(at, &(double){-0.0}, sizeof(double)); break;
        case WEIR_FIELD_SUM_F32: memcpy(at, &(float){-0.0F}, sizeof(float)); break;
        default: break;
        }
    }
}

static bool is_number(struct weir_type type) {
    switch (type.id) {
    case WEIR_TYPE_TINYINT:
    case WEIR_TYPE_SMALLINT:
    case WEIR_TYPE_INT:
    case WEIR_TYPE_BIGINT:
    case WEIR_TYPE_FLOAT:
    case WEIR_TYPE_DOUBLE: return true;
    default: return false;
    }
}

/* Of columns what they are declared to be is believed; of all else only what makes no NULL of its own, whatever
 * Flink takes its type for: SUBSTRING of a NOT NULL is NULL where its count is negative. */
static bool is_never_null(const struct weir_expr *expr) {
    if (expr->type.nullable) return false;
    switch (expr->op) {
    case WEIR_EXPR_COLUMN: return true;
    case WEIR_EXPR_LITERAL: return !expr->is_null;
    case WEIR_EXPR_CAST:
        if (expr->try_cast) return false;
        break;
    case WEIR_EXPR_NEGATE:
    case WEIR_EXPR_ADD:
    case WEIR_EXPR_SUBTRACT:
    case WEIR_EXPR_MULTIPLY: break;
    default: return false;
    }
    for (int32_t i = 0; i < expr->args_count; i++) {
        if (!is_number(expr->args[i]->type) || !is_never_null(expr->args[i])) return false;
    }
    return is_number(expr->type);
}

enum weir_status weir_accumulator_init(struct weir_accumulator *accumulator, const struct weir_plan *plan,
                                       struct weir_error *error) {
    memset(accumulator, 0, sizeof(*accumulator));
    struct weir_arena *arena = &accumulator->arena;
    weir_arena_init(arena, 4096);
    size_t calls = (size_t)plan->aggregates_count;
    accumulator->fields = weir_arena_array(arena, calls * 2 + 1, sizeof(*accumulator->fields));
    accumulator->args = weir_arena_array(arena, calls + 1, sizeof(*accumulator->args));
    accumulator->call_arg = weir_arena_array(arena, calls + 1, sizeof(int32_t));
    accumulator->call_field = weir_arena_array(arena, calls + 1, sizeof(int32_t));
    accumulator->arg_nulls = weir_arena_array(arena, calls + 1, sizeof(int32_t));
    if (accumulator->fields == NULL || accumulator->args == NULL || accumulator->call_arg == NULL ||
        accumulator->call_field == NULL || accumulator->arg_nulls == NULL) {
        return out_of_memory(error);
    }
    const bool is_machine = weir_machine_of(plan) != NULL;
    /* Without keys there is one row, whose length matters to nobody, and which all rows may come to. */
    const bool wide = is_machine || plan->keys_count == 0;
    add_field(accumulator, WEIR_FIELD_ROWS, -1);
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        accumulator->call_arg[i] = -1;
        if (plan->aggregates[i].arg == NULL) continue;
        int32_t arg = add_arg(accumulator, plan, i);
        accumulator->call_arg[i] = arg;
        if (is_machine || !is_never_null(plan->aggregates[i].arg))
            accumulator->arg_nulls[arg] = add_field(accumulator, WEIR_FIELD_NULLS, arg);
        enum weir_field_kind kind = call_kind(&plan->aggregates[i], wide);
        if (kind != WEIR_FIELD_ROWS) accumulator->call_field[i] = add_field(accumulator, kind, arg);
        accumulator->holds_strings |= kind == WEIR_FIELD_MIN_STRING || kind == WEIR_FIELD_MAX_STRING;
    }
    char *fresh = weir_arena_array(arena, 1, accumulator->stride);
    if (fresh == NULL) return out_of_memory(error);
    write_fresh(accumulator, fresh);
    accumulator->fresh = fresh;
    accumulator->ordered = plan->ordered_floats;
    accumulator->fresh_is_zero = true;
    for (size_t i = 0; i < accumulator->stride; i++) accumulator->fresh_is_zero &= fresh[i] == 0;
    return WEIR_OK;
}

/* ---- arguments that cannot be NULL ---- */

static enum weir_status is_null(const struct weir_accumulator *accumulator, const struct weir_plan *plan,
                                int32_t arg, struct weir_error *error) {
    int32_t call = 0;
    while (accumulator->call_arg[call] != arg) call++;
    return weir_error_set_at(
        error, WEIR_ERR_VALUE, plan->aggregates[call].line, plan->aggregates[call].column,
        "the argument of an aggregate is NULL in a row, though what it is made of is declared NOT NULL; "
        "declare its columns without NOT NULL, in Arrow data as nullable");
}

enum weir_status weir_accumulator_check_arg(const struct weir_accumulator *accumulator,
                                            const struct weir_plan *plan, int32_t arg, const uint32_t *rows,
                                            int32_t count, struct weir_vector *vector, struct weir_error *error) {
    if (vector->validity == NULL || accumulator->arg_nulls[arg] != 0) return WEIR_OK;
    for (int32_t i = 0; i < count; i++) {
        if (!weir_bit_get(vector->validity, rows == NULL ? (size_t)i : rows[i]))
            return is_null(accumulator, plan, arg, error);
    }
    vector->validity = NULL;
    return WEIR_OK;
}

void weir_accumulator_fini(struct weir_accumulator *accumulator) {
    weir_arena_fini(&accumulator->arena);
    memset(accumulator, 0, sizeof(*accumulator));
}

void weir_accumulator_fresh(const struct weir_accumulator *accumulator, char *rows, uint32_t from, uint32_t to) {
    size_t stride = accumulator->stride;
    if (accumulator->fresh_is_zero) {
        memset(rows + from * stride, 0, (to - from) * stride);
        return;
    }
    char *begin = rows + from * stride;
    size_t done = stride, all = (to - from) * stride;
    if (all == 0) return;
    memcpy(begin, accumulator->fresh, stride);
    for (size_t more; done < all; done += more) {
        more = done < all - done ? done : all - done;
        memcpy(begin + done, begin, more);
    }
}
