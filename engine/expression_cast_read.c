/* SPDX-License-Identifier: Apache-2.0
 *
 * CAST of text to numbers, booleans and times.
 */
#include <string.h>

#include "engine/expression_ops.h"
#include "engine/value_text.h"

/* The values of a block, and which rows have one. */
struct reading {
    union {
        void *values;
        uint64_t *bits;
        int64_t *i64;
        double *f64;
        weir_i128 *i128;
    };
    uint64_t *good;
};

static enum weir_text_result read_integer(struct weir_type type, struct weir_string text, int64_t *out) {
    int64_t least, greatest;
    enum weir_text_result result = weir_text_read_i64(text.data, text.length, out);
    if (result != WEIR_TEXT_OK) return result;
    weir_type_bounds(type, &least, &greatest);
    return *out >= least && *out <= greatest ? WEIR_TEXT_OK : WEIR_TEXT_RANGE;
}

static enum weir_text_result read_clock(struct weir_type type, struct weir_string text, int64_t *out) {
    enum weir_text_result result = weir_text_read_time(text.data, text.length, out);
    int64_t step = 1000;
    for (int i = 0; i < type.precision && step > 1; i++) step /= 10;
    if (result == WEIR_TEXT_OK) *out -= *out % step;
    return result;
}

static enum weir_text_result read_i64(struct weir_type type, struct weir_string text, int64_t *out) {
    switch (type.id) {
    case WEIR_TYPE_DATE: return weir_text_read_date(text.data, text.length, out);
    case WEIR_TYPE_TIME: return read_clock(type, text, out);
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ:
        return weir_text_read_timestamp(text.data, text.length, weir_type_ticks(type), type.precision, out);
    default: return read_integer(type, text, out);
    }
}

static enum weir_text_result read_row(struct weir_type type, struct weir_string text, struct reading *reading,
                                      int32_t row) {
    struct weir_decimal_type decimal = {type.precision, type.scale};
    enum weir_text_result result;
    bool on = false;
    float single = 0;
    switch (weir_type_vector(type)) {
    case WEIR_VECTOR_BOOL:
        result = weir_text_read_boolean(text.data, text.length, &on);
        reading->bits[row >> 6] |= (uint64_t)on << (row & 63);
        return result;
    case WEIR_VECTOR_F64:
        if (type.id == WEIR_TYPE_DOUBLE) return weir_text_read_double(text.data, text.length, &reading->f64[row]);
        result = weir_text_read_float(text.data, text.length, &single);
        reading->f64[row] = (double)single;
        return result;
    case WEIR_VECTOR_I128: return weir_text_read_decimal(text.data, text.length, decimal, &reading->i128[row]);
    default: return read_i64(type, text, &reading->i64[row]);
    }
}

static enum weir_status eval_read(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    size_t element = node->kind == WEIR_VECTOR_I128 ? sizeof(weir_i128) : sizeof(int64_t);
    struct reading reading = {.values = weir_eval_values(ev, element), .good = weir_eval_bits(ev)};
    if (reading.values == NULL || reading.good == NULL) return weir_eval_memory(ev);
    memset(reading.values, 0, (size_t)ev->rows * element);
    memset(reading.good, 0xFF, weir_eval_words(ev) * sizeof(uint64_t));
    out->i64 = reading.i64;
    out->validity = arg->validity;
    const uint64_t *mask = weir_eval_mask(ev, node);
    bool any_null = false;
    for (int32_t i = 0; i < ev->rows; i++) {
        if (!weir_eval_counts(mask, arg->validity, i)) continue; /* reading is dear: only rows that count */
        enum weir_text_result result = read_row(node->type, arg->strings[i], &reading, i);
        if (result == WEIR_TEXT_OK) continue;
        bool null = node->try_cast || (node->kind == WEIR_VECTOR_I128 && result == WEIR_TEXT_RANGE);
        if (!null) return weir_eval_cast_error(ev, node, i);
        weir_bit_clear(reading.good, (size_t)i);
        any_null = true;
    }
    return any_null ? weir_eval_settle_cast(ev, node, reading.good, true, out) : WEIR_OK;
}

bool weir_prepare_cast_read(struct weir_compiler *compiler, struct weir_node *node) {
    bool interval = node->type.id == WEIR_TYPE_INTERVAL_MS || node->type.id == WEIR_TYPE_INTERVAL_MONTH;
    if (interval || node->type.id == WEIR_TYPE_BYTES || node->type.id == WEIR_TYPE_NULL) {
        char name[WEIR_TYPE_NAME_BYTES];
        return weir_compile_fail(compiler, node, WEIR_ERR_UNSUPPORTED, "CAST from STRING to %s is not done by weir",
                                 weir_type_name(node->type, false, name, sizeof(name)));
    }
    node->eval = eval_read;
    node->can_fail = true; /* TRY_CAST, too, reads only the rows that reach it */
    return true;
}
