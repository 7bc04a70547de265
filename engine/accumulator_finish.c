/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the aggregates of the query");
}

struct finish {
    const struct weir_accumulator *accumulator;
    const struct weir_aggregate_call *call;
    const char *const *rows;
    int32_t count;
    int32_t nulls_offset; /* 0: the argument cannot be NULL */
    int32_t offset;       /* of the call's own field */
    uint64_t *validity;
};

static int64_t values_counted(const struct finish *finish, int32_t idx) {
    const char *row = finish->rows[idx];
    int64_t nulls = finish->nulls_offset == 0 ? 0 : *(const int64_t *)(row + finish->nulls_offset);
    return *(const int64_t *)row - nulls;
}

static enum weir_status sum_too_large(const struct finish *finish, struct weir_error *error) {
    char type[WEIR_TYPE_NAME_BYTES];
    return weir_error_set_at(
        error, WEIR_ERR_VALUE, finish->call->line, finish->call->column,
        "a SUM does not fit its type %s; cast the argument to a wider type, as in SUM(CAST(x AS %s))",
        weir_type_name(finish->call->type, false, type, sizeof(type)),
        finish->call->type.id == WEIR_TYPE_BIGINT ? "DOUBLE" : "BIGINT");
}

static bool fits(weir_i128 value, enum weir_type_id id) {
    switch (id) {
    case WEIR_TYPE_TINYINT: return value >= INT8_MIN && value <= INT8_MAX;
    case WEIR_TYPE_SMALLINT: return value >= INT16_MIN && value <= INT16_MAX;
    case WEIR_TYPE_INT: return value >= INT32_MIN && value <= INT32_MAX;
    default: return value >= INT64_MIN && value <= INT64_MAX;
    }
}

/* Values that a sum of so many bits can have wrapped with, and come back: see accumulator.h. */
static int64_t values_most(enum weir_type_id id) {
    switch (id) {
    case WEIR_TYPE_TINYINT: return INT64_C(1) << 56;
    case WEIR_TYPE_SMALLINT: return INT64_C(1) << 48;
    default: return INT64_C(1) << 32;
    }
}

static enum weir_status too_many_values(const struct finish *finish, struct weir_error *error) {
    char type[WEIR_TYPE_NAME_BYTES];
    return weir_error_set_at(error, WEIR_ERR_VALUE, finish->call->line, finish->call->column,
                             "a key of a window has too many values for a sum of its type %s in 64 bits; cast the "
                             "argument to BIGINT, as in %s(CAST(x AS BIGINT))",
                             weir_type_name(finish->call->arg->type, false, type, sizeof(type)),
                             finish->call->function == WEIR_AGGREGATE_AVG ? "AVG" : "SUM");
}

static enum weir_status finish_sum_short(const struct finish *finish, int64_t *out, struct weir_error *error) {
    const bool average = finish->call->function == WEIR_AGGREGATE_AVG;
    const int64_t most = values_most(finish->call->arg->type.id);
    for (int32_t i = 0; i < finish->count; i++) {
        int64_t counted = values_counted(finish, i);
        out[i] = 0;
        if (counted == 0) continue;
        if (counted > most) return too_many_values(finish, error);
        int64_t sum = *(const int64_t *)(finish->rows[i] + finish->offset);
        if (average) sum /= counted; /* truncates towards zero, as Flink */
        if (!fits(sum, finish->call->type.id)) return sum_too_large(finish, error);
        out[i] = sum;
        weir_bit_set(finish->validity, (size_t)i);
    }
    return WEIR_OK;
}

static enum weir_status finish_sum_i64(const struct finish *finish, int64_t *out, struct weir_error *error) {
    bool average = finish->call->function == WEIR_AGGREGATE_AVG;
    for (int32_t i = 0; i < finish->count; i++) {
        int64_t counted = values_counted(finish, i);
        out[i] = 0;
        if (counted == 0) continue;
        weir_i128 sum;
        memcpy(&sum, finish->rows[i] + finish->offset, sizeof(sum));
        if (average) sum /= counted; /* truncates towards zero, as Flink */
        if (!fits(sum, finish->call->type.id)) return sum_too_large(finish, error);
        out[i] = (int64_t)sum;
        weir_bit_set(finish->validity, (size_t)i);
    }
    return WEIR_OK;
}

/* The commonest: validity a word at a time. */
static void finish_sum_f64(const struct finish *finish, double *out) {
    for (int32_t first = 0; first < finish->count; first += 64) {
        int32_t here = finish->count - first < 64 ? finish->count - first : 64;
        uint64_t valid = 0;
        for (int32_t i = 0; i < here; i++) {
            bool some = values_counted(finish, first + i) != 0;
            double sum = *(const double *)(finish->rows[first + i] + finish->offset);
            out[first + i] = some ? sum : 0;
            valid |= (uint64_t)some << i;
        }
        finish->validity[first / 64] = valid;
    }
}

static void finish_f64(const struct finish *finish, enum weir_field_kind kind, double *out) {
    bool average = finish->call->function == WEIR_AGGREGATE_AVG;
    bool narrow = finish->call->type.id == WEIR_TYPE_FLOAT;
    if (kind == WEIR_FIELD_SUM_F64 && !average && !narrow) {
        finish_sum_f64(finish, out);
        return;
    }
    for (int32_t i = 0; i < finish->count; i++) {
        int64_t counted = values_counted(finish, i);
        const char *at = finish->rows[i] + finish->offset;
        out[i] = 0;
        if (counted == 0) continue;
        switch (kind) {
        case WEIR_FIELD_SUM_F64: out[i] = *(const double *)at; break;
        case WEIR_FIELD_SUM_F32: out[i] = (double)*(const float *)at; break;
        default: out[i] = weir_f64_from_order(*(const int64_t *)at); break;
        }
        if (average) out[i] = (out[i] + 0.0) / (double)counted; /* Flink's AVG begins at 0.0 */
        if (narrow) out[i] = (double)(float)out[i];
        weir_bit_set(finish->validity, (size_t)i);
    }
}

static void finish_plain(const struct finish *finish, enum weir_field_kind kind, void *out) {
    bool wide = kind == WEIR_FIELD_MIN_I128 || kind == WEIR_FIELD_MAX_I128;
    bool string = kind == WEIR_FIELD_MIN_STRING || kind == WEIR_FIELD_MAX_STRING;
    for (int32_t i = 0; i < finish->count; i++) {
        const char *at = finish->rows[i] + finish->offset;
        bool some = values_counted(finish, i) > 0;
        if (some) weir_bit_set(finish->validity, (size_t)i);
        if (string) {
            const struct weir_held_string *held = (const struct weir_held_string *)at;
            ((struct weir_string *)out)[i] =
                some ? (struct weir_string){held->data, held->length} : (struct weir_string){"", 0};
        } else if (wide) {
            memcpy((weir_i128 *)out + i, at, sizeof(weir_i128));
        } else {
            ((int64_t *)out)[i] = *(const int64_t *)at;
        }
    }
}

static void finish_count(const struct finish *finish, bool star, int64_t *out) {
    for (int32_t i = 0; i < finish->count; i++) {
        out[i] = star ? *(const int64_t *)finish->rows[i] : values_counted(finish, i);
    }
}

enum weir_status weir_accumulator_finish(const struct weir_accumulator *accumulator, const struct weir_plan *plan,
                                         int32_t call, const char *const *rows, int32_t count,
                                         struct weir_arena *arena, struct weir_vector *out,
                                         struct weir_error *error) {
    const struct weir_field *field = &accumulator->fields[accumulator->call_field[call]];
    int32_t arg = accumulator->call_arg[call];
    struct finish finish = {.accumulator = accumulator,
                            .call = &plan->aggregates[call],
                            .rows = rows,
                            .count = count,
                            .offset = field->offset,
                            .nulls_offset = arg < 0 ? 0 : accumulator->fields[accumulator->arg_nulls[arg]].offset};
    void *values = weir_arena_alloc(arena, ((size_t)count + 1) * sizeof(weir_i128)); /* each is written */
    finish.validity = weir_arena_array(arena, weir_bitmap_words((size_t)count) + 1, sizeof(uint64_t));
    if (values == NULL || finish.validity == NULL) return out_of_memory(error);
    *out = (struct weir_vector){
        .kind = weir_type_vector(finish.call->type), .validity = finish.validity, .i64 = values};
    switch (field->kind) {
    case WEIR_FIELD_ROWS:
        out->validity = NULL;
        finish_count(&finish, arg < 0, values);
        return WEIR_OK;
    case WEIR_FIELD_SUM_I64: return finish_sum_i64(&finish, values, error);
    case WEIR_FIELD_SUM_SHORT: return finish_sum_short(&finish, values, error);
    case WEIR_FIELD_SUM_F64:
    case WEIR_FIELD_SUM_F32:
    case WEIR_FIELD_MIN_F64:
    case WEIR_FIELD_MAX_F64: finish_f64(&finish, field->kind, values); return WEIR_OK;
    default: finish_plain(&finish, field->kind, values); return WEIR_OK;
    }
}
