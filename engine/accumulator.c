/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"

/* Rows are aligned to 8 bytes, not to 16. */
typedef weir_u128 u128_in_row __attribute__((aligned(8)));

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

/* The field that an aggregate needs beside rows and nulls; rows where it needs none. */
static enum weir_field_kind call_kind(const struct weir_aggregate_call *call) {
    switch (call->function) {
    case WEIR_AGGREGATE_SUM:
    case WEIR_AGGREGATE_AVG:
        if (weir_type_vector(call->arg->type) != WEIR_VECTOR_F64) return WEIR_FIELD_SUM_I64;
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

static int32_t add_arg(struct weir_accumulator *accumulator, struct weir_plan *plan, int32_t call) {
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
        default: break;
        }
    }
}

enum weir_status weir_accumulator_init(struct weir_accumulator *accumulator, struct weir_plan *plan,
                                       struct weir_error *error) {
    memset(accumulator, 0, sizeof(*accumulator));
    size_t calls = (size_t)plan->aggregates_count;
    accumulator->fields = weir_arena_array(&plan->arena, calls * 2 + 1, sizeof(*accumulator->fields));
    accumulator->args = weir_arena_array(&plan->arena, calls + 1, sizeof(*accumulator->args));
    accumulator->call_arg = weir_arena_array(&plan->arena, calls + 1, sizeof(int32_t));
    accumulator->call_field = weir_arena_array(&plan->arena, calls + 1, sizeof(int32_t));
    accumulator->arg_nulls = weir_arena_array(&plan->arena, calls + 1, sizeof(int32_t));
    if (accumulator->fields == NULL || accumulator->args == NULL || accumulator->call_arg == NULL ||
        accumulator->call_field == NULL || accumulator->arg_nulls == NULL) {
        return out_of_memory(error);
    }
    add_field(accumulator, WEIR_FIELD_ROWS, -1);
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        accumulator->call_arg[i] = -1;
        if (plan->aggregates[i].arg == NULL) continue;
        int32_t arg = add_arg(accumulator, plan, i);
        accumulator->call_arg[i] = arg;
        accumulator->arg_nulls[arg] = add_field(accumulator, WEIR_FIELD_NULLS, arg);
        enum weir_field_kind kind = call_kind(&plan->aggregates[i]);
        if (kind != WEIR_FIELD_ROWS) accumulator->call_field[i] = add_field(accumulator, kind, arg);
        accumulator->holds_strings |= kind == WEIR_FIELD_MIN_STRING || kind == WEIR_FIELD_MAX_STRING;
    }
    char *fresh = weir_arena_array(&plan->arena, 1, accumulator->stride);
    if (fresh == NULL) return out_of_memory(error);
    write_fresh(accumulator, fresh);
    accumulator->fresh = fresh;
    accumulator->fresh_is_zero = true;
    for (size_t i = 0; i < accumulator->stride; i++) accumulator->fresh_is_zero &= fresh[i] == 0;
    return WEIR_OK;
}

void weir_accumulator_fresh(const struct weir_accumulator *accumulator, char *rows, uint32_t from, uint32_t to) {
    size_t stride = accumulator->stride;
    if (accumulator->fresh_is_zero) {
        memset(rows + from * stride, 0, (to - from) * stride);
        return;
    }
    for (uint32_t i = from; i < to; i++) memcpy(rows + i * stride, accumulator->fresh, stride);
}

/* ---- strings ---- */

static int compare_strings(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t shared = a_length < b_length ? a_length : b_length;
    int order = shared == 0 ? 0 : memcmp(a, b, shared);
    if (order != 0) return order;
    return a_length < b_length ? -1 : a_length > b_length;
}

/* Replaces a held string, in its own room where that is enough. Rooms double, so that a column that ever rises
 * wastes at most as much as it holds. */
static bool hold_string(struct weir_held_string *held, const char *data, size_t length, struct weir_arena *heap) {
    if (length > UINT32_MAX / 4) return false;
    if (held->capacity < length || held->capacity == 0) {
        size_t capacity = (size_t)weir_round_up_pow2(length < 16 ? 16 : length);
        char *room = weir_arena_alloc(heap, capacity);
        if (room == NULL) return false;
        held->data = room;
        held->capacity = (uint32_t)capacity;
    }
    if (length > 0) memcpy(held->data, data, length);
    held->length = (uint32_t)length;
    return true;
}

static bool offer_string(struct weir_held_string *held, bool want_min, const char *data, size_t length,
                         struct weir_arena *heap) {
    if (held->capacity != 0) {
        int order = compare_strings(data, length, held->data, held->length);
        if (want_min ? order >= 0 : order <= 0) return true;
    }
    return hold_string(held, data, length, heap);
}

/* ---- adding a block ---- */

struct add {
    char *base; /* of the field in accumulator row 0 */
    size_t stride;
    const uint32_t *ids;
    const uint32_t *rows;
    int32_t count;
    bool far; /* the accumulators do not fit the cache */
    const struct weir_vector *arg;
};

/* One loop for each way that rows come: all rows or selected ones, with or without NULLs. The compiler drops the
 * tests of constants, so that each loop is bare. */
#define FOR_ROWS(add, body)                                                                                        \
    do {                                                                                                           \
        const uint64_t *validity = (add)->arg->validity;                                                           \
        if ((add)->rows == NULL && validity == NULL) {                                                             \
            for (int32_t i = 0; i < (add)->count; i++) {                                                           \
                const uint32_t row = (uint32_t)i;                                                                  \
                char *at = (add)->base + (size_t)(add)->ids[i] * (add)->stride;                                    \
                body;                                                                                              \
            }                                                                                                      \
        } else {                                                                                                   \
            for (int32_t i = 0; i < (add)->count; i++) {                                                           \
                const uint32_t row = (add)->rows == NULL ? (uint32_t)i : (add)->rows[i];                           \
                if (validity != NULL && !weir_bit_get(validity, row)) continue;                                    \
                char *at = (add)->base + (size_t)(add)->ids[i] * (add)->stride;                                    \
                body;                                                                                              \
            }                                                                                                      \
        }                                                                                                          \
    } while (0)

/* Rows ahead of the one at work whose accumulators are fetched, where they lie beyond the cache. */
#define PREFETCH_ROWS 16
#define PREFETCH_FROM_BYTES ((size_t)1 << 20)

/* The first field: it fetches the accumulator rows for the others. */
static void add_rows(const struct add *add) {
    if (!add->far) {
        for (int32_t i = 0; i < add->count; i++) *(int64_t *)(add->base + (size_t)add->ids[i] * add->stride) += 1;
        return;
    }
    for (int32_t i = 0; i < add->count; i++) {
        int32_t ahead = i + PREFETCH_ROWS < add->count ? i + PREFETCH_ROWS : i;
        WEIR_PREFETCH_WRITE(add->base + (size_t)add->ids[ahead] * add->stride);
        *(int64_t *)(add->base + (size_t)add->ids[i] * add->stride) += 1;
    }
}

static void add_nulls(const struct add *add) {
    const uint64_t *validity = add->arg->validity;
    if (validity == NULL) return;
    for (int32_t i = 0; i < add->count; i++) {
        uint32_t row = add->rows == NULL ? (uint32_t)i : add->rows[i];
        *(int64_t *)(add->base + (size_t)add->ids[i] * add->stride) += !weir_bit_get(validity, row);
    }
}

static void add_sum_i64(const struct add *add) {
    const int64_t *values = add->arg->i64;
    FOR_ROWS(add, *(u128_in_row *)at += (weir_u128)(weir_i128)values[row]);
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
    FOR_ROWS(add, ok &= offer_string((struct weir_held_string *)at, want_min, values[row].data,
                                     (size_t)values[row].length, heap));
    return ok;
}

static bool add_field_rows(enum weir_field_kind kind, const struct add *add, struct weir_arena *heap) {
    switch (kind) {
    case WEIR_FIELD_ROWS: add_rows(add); return true;
    case WEIR_FIELD_NULLS: add_nulls(add); return true;
    case WEIR_FIELD_SUM_I64: add_sum_i64(add); return true;
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

/* COUNT(*) and one sum, the commonest query: both fields lie in one row, so one pass touches it once. */
#define FUSED(add, prefetch, body)                                                                                 \
    for (int32_t i = 0; i < (add)->count; i++) {                                                                   \
        if (prefetch) {                                                                                            \
            int32_t ahead = i + PREFETCH_ROWS < (add)->count ? i + PREFETCH_ROWS : i;                              \
            WEIR_PREFETCH_WRITE((add)->base + (size_t)(add)->ids[ahead] * (add)->stride);                          \
        }                                                                                                          \
        char *row = (add)->base + (size_t)(add)->ids[i] * (add)->stride;                                           \
        *(int64_t *)row += 1;                                                                                      \
        body;                                                                                                      \
    }

static bool add_fused(const struct weir_accumulator *accumulator, const struct add *add,
                      const struct weir_vector *args) {
    if (accumulator->fields_count != 3 || add->rows != NULL || args[0].validity != NULL) return false;
    const double *doubles = args[0].f64;
    const int64_t *integers = args[0].i64;
    switch (accumulator->fields[2].kind) {
    case WEIR_FIELD_SUM_F64:
        if (add->far) {
            FUSED(add, true, *(double *)(row + 16) += doubles[i]);
        } else {
            FUSED(add, false, *(double *)(row + 16) += doubles[i]);
        }
        return true;
    case WEIR_FIELD_SUM_I64:
        if (add->far) {
            FUSED(add, true, *(u128_in_row *)(row + 16) += (weir_u128)(weir_i128)integers[i]);
        } else {
            FUSED(add, false, *(u128_in_row *)(row + 16) += (weir_u128)(weir_i128)integers[i]);
        }
        return true;
    default: return false;
    }
}

enum weir_status weir_accumulator_add(const struct weir_accumulator *accumulator, char *accumulators, uint32_t keys,
                                      const uint32_t *ids, const uint32_t *rows, int32_t count,
                                      const struct weir_vector *args, struct weir_arena *heap,
                                      struct weir_error *error) {
    struct add add = {
        .base = accumulators, .stride = accumulator->stride, .ids = ids, .rows = rows, .count = count};
    add.far = (size_t)keys * accumulator->stride > PREFETCH_FROM_BYTES;
    if (add_fused(accumulator, &add, args)) return WEIR_OK;
    bool ok = true;
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        add.base = accumulators + field->offset;
        add.arg = field->arg < 0 ? NULL : &args[field->arg];
        ok &= add_field_rows(field->kind, &add, heap);
    }
    return ok ? WEIR_OK : out_of_memory(error);
}

/* ---- merging ---- */

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
        return offer_string((struct weir_held_string *)to, kind == WEIR_FIELD_MIN_STRING, held->data, held->length,
                            heap);
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
    return ok ? WEIR_OK : out_of_memory(error);
}

/* ---- finishing ---- */

struct finish {
    const struct weir_accumulator *accumulator;
    const struct weir_aggregate_call *call;
    const char *const *rows;
    int32_t count;
    int32_t nulls_offset;
    int32_t offset; /* of the call's own field */
    uint64_t *validity;
};

static int64_t values_counted(const struct finish *finish, int32_t idx) {
    const char *row = finish->rows[idx];
    return *(const int64_t *)row - *(const int64_t *)(row + finish->nulls_offset);
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

static void finish_f64(const struct finish *finish, enum weir_field_kind kind, double *out) {
    bool average = finish->call->function == WEIR_AGGREGATE_AVG;
    bool narrow = finish->call->type.id == WEIR_TYPE_FLOAT;
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
        if (average) out[i] /= (double)counted;
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
    void *values = weir_arena_array(arena, (size_t)count + 1, sizeof(weir_i128));
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
    case WEIR_FIELD_SUM_F64:
    case WEIR_FIELD_SUM_F32:
    case WEIR_FIELD_MIN_F64:
    case WEIR_FIELD_MAX_F64: finish_f64(&finish, field->kind, values); return WEIR_OK;
    default: finish_plain(&finish, field->kind, values); return WEIR_OK;
    }
}
