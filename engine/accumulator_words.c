/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator_words.h"

#include "simd/kernels.h"
#include "simd/row_fields.h"

/* With fewer words a pass for each field is as quick. */
#define WORDS_LEAST 3
/* Arguments of least and greatest doubles, which are compared by their order. */
#define ORDERS_MOST 2

struct orders {
    int32_t count;
    int32_t args[ORDERS_MOST];
    int64_t of[ORDERS_MOST][WEIR_BLOCK_ROWS];
};

/* A row that is written as a whole has to be in the cache before it can be read as one: many rows of one key, one
 * after the other, wait for each other. Of some neighbours in the block so many are not alike. */
#define NEIGHBOURS 64
#define NEIGHBOURS_A_PAIR 8

static bool are_mixed(const uint32_t *ids, int32_t count) {
    int32_t apart = (count - 1) / NEIGHBOURS, alike = 0;
    for (int32_t i = 0; i < NEIGHBOURS && apart > 0; i++) alike += ids[i * apart] == ids[i * apart + 1];
    return apart > 0 && alike * NEIGHBOURS_A_PAIR <= NEIGHBOURS;
}

/* The order of an argument's values, made once; NULL: there is no room for it. */
static const int64_t *order_of(struct orders *orders, const struct weir_vector *args, int32_t arg, int32_t count) {
    for (int32_t i = 0; i < orders->count; i++) {
        if (orders->args[i] == arg) return orders->of[i];
    }
    if (orders->count == ORDERS_MOST) return NULL;
    int64_t *order = orders->of[orders->count];
    orders->args[orders->count++] = arg;
    weir_simd->order_f64(args[arg].f64, (size_t)count, order);
    return order;
}

/* What a field adds to its words; false: it is not one of numbers of 64 bits. */
static bool set_field(const struct weir_field *field, const struct weir_vector *args, int32_t count,
                      struct orders *orders, struct weir_row_fields *out) {
    const uint32_t word = (uint32_t)field->offset / sizeof(int64_t);
    const uint8_t bit = (uint8_t)(1u << word);
    const struct weir_vector *arg = field->arg < 0 ? NULL : &args[field->arg];
    if (arg != NULL) out->values[word] = arg->i64;
    switch (field->kind) {
    case WEIR_FIELD_ROWS: out->constants[word] = 1; return true;
    case WEIR_FIELD_NULLS: out->values[word] = NULL; return true; /* there are none */
    case WEIR_FIELD_SUM_SHORT: return true;
    case WEIR_FIELD_SUM_I64: out->upper |= (uint8_t)(bit << 1); return true;
    case WEIR_FIELD_SUM_F64: out->doubles |= bit; return true;
    case WEIR_FIELD_MIN_I64: out->least |= bit; return true;
    case WEIR_FIELD_MAX_I64: out->greatest |= bit; return true;
    case WEIR_FIELD_MIN_F64: out->least |= bit; break;
    case WEIR_FIELD_MAX_F64: out->greatest |= bit; break;
    default: return false;
    }
    out->values[word] = order_of(orders, args, field->arg, count);
    return out->values[word] != NULL;
}

/* Adds rows 0 .. count - 1 of the arguments; false: there is no quick way for such fields at this level. */
static bool add_dense(const struct weir_accumulator *accumulator, char *rows, const uint32_t *ids, int32_t count,
                      const struct weir_vector *args, bool far, struct weir_ahead *ahead) {
    struct weir_row_fields fields = {.words = (uint32_t)(accumulator->stride / sizeof(int64_t))};
    struct orders orders; /* large: not set to zero */
    orders.count = 0;
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        if (!set_field(&accumulator->fields[i], args, count, &orders, &fields)) return false;
    }
    return weir_simd->add_to_rows(&fields, rows, accumulator->stride, ids, (size_t)count, far, ahead);
}

/* Arguments of selected rows are laid side by side, so many rows at a time that they stay in the first cache. A
 * multiple of WEIR_AHEAD_ROWS. */
#define GATHERED_ROWS 512

static bool add_selected(const struct weir_accumulator *accumulator, char *rows, const uint32_t *ids,
                         const uint32_t *selected, int32_t count, const struct weir_vector *args, bool far,
                         struct weir_ahead *ahead) {
    int64_t values[WEIR_ROW_WORDS][GATHERED_ROWS];
    struct weir_vector gathered[WEIR_ROW_WORDS];
    for (int32_t from = 0, some; from < count; from += some) {
        some = count - from < GATHERED_ROWS ? count - from : GATHERED_ROWS;
        for (int32_t i = 0; i < accumulator->args_count; i++) {
            weir_simd->gather_i64(args[i].i64, selected + from, (size_t)some, values[i]);
            gathered[i] = (struct weir_vector){.kind = args[i].kind, .i64 = values[i]};
        }
        if (!add_dense(accumulator, rows, ids + from, some, gathered, far, ahead)) return false;
    }
    return true;
}

bool weir_words_add(const struct weir_accumulator *accumulator, char *rows, const uint32_t *ids,
                    const uint32_t *selected, int32_t count, const struct weir_vector *args, bool far,
                    struct weir_ahead *ahead) {
    const size_t words = accumulator->stride / sizeof(int64_t);
    if (words < WORDS_LEAST || words > WEIR_ROW_WORDS || !are_mixed(ids, count)) return false;
    if (accumulator->args_count > WEIR_ROW_WORDS) return false;
    for (int32_t i = 0; i < accumulator->args_count; i++) {
        bool fits = args[i].kind == WEIR_VECTOR_I64 || args[i].kind == WEIR_VECTOR_F64;
        if (args[i].validity != NULL || !fits) return false;
    }
    if (selected == NULL) return add_dense(accumulator, rows, ids, count, args, far, ahead);
    return add_selected(accumulator, rows, ids, selected, count, args, far, ahead);
}
