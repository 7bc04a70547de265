/* SPDX-License-Identifier: Apache-2.0
 *
 * CAST between numbers, booleans and times, as Flink does it, except that an integer out of range is an error where
 * Flink wraps. To and from text: expression_cast_text.c and expression_cast_read.c.
 */
#include <math.h>
#include <string.h>

#include "engine/decimal.h"
#include "engine/expression_ops.h"
#include "engine/value_text.h"
#include "simd/kernels.h"

#define SECONDS_PER_DAY INT64_C(86400)

/* ---- rows that fail ---- */

WEIR_COLD enum weir_status weir_eval_cast_error(struct weir_evaluation *ev, const struct weir_node *node,
                                                int32_t row) {
    char name[WEIR_TYPE_NAME_BYTES], text[WEIR_EVAL_TEXT_BYTES];
    struct weir_type from = weir_eval_arg_node(ev, node, 0)->type;
    const char *value = weir_eval_value_text(from, weir_eval_arg(ev, node, 0), row, text);
    return weir_eval_error(ev, node, "cannot CAST %s to %s: %s; TRY_CAST gives NULL instead", value,
                           weir_type_name(node->type, false, name, sizeof(name)),
                           from.id == WEIR_TYPE_STRING ? "the text is no value of that type, or out of its range"
                                                       : "it is out of range");
}

enum weir_status weir_eval_settle_cast(struct weir_evaluation *ev, const struct weir_node *node, uint64_t *good,
                                       bool to_null, struct weir_vector *out) {
    const uint64_t *validity = out->validity, *mask = weir_eval_mask(ev, node);
    if (to_null) {
        for (size_t i = 0, words = weir_eval_words(ev); validity != NULL && i < words; i++) good[i] &= validity[i];
        out->validity = good;
        return WEIR_OK;
    }
    for (int32_t i = 0; i < ev->rows; i++) {
        if (!weir_bit_get(good, (size_t)i) && weir_eval_counts(mask, validity, i))
            return weir_eval_cast_error(ev, node, i);
    }
    return WEIR_OK;
}

/* A cast under way: values of the result, and the rows for which there is one. */
struct cast {
    const struct weir_vector *arg;
    struct weir_type from;
    struct weir_type to;
    union {
        void *values;
        uint64_t *bits;
        int64_t *i64;
        double *f64;
        weir_i128 *i128;
    };
    uint64_t *good;
    bool any_bad;
};

static bool begin(struct weir_evaluation *ev, const struct weir_node *node, struct weir_vector *out,
                  struct cast *cast) {
    size_t element = node->kind == WEIR_VECTOR_I128 ? sizeof(weir_i128) : sizeof(int64_t);
    *cast = (struct cast){.arg = weir_eval_arg(ev, node, 0),
                          .from = weir_eval_arg_node(ev, node, 0)->type,
                          .to = node->type,
                          .good = weir_eval_bits(ev)};
    cast->values = node->kind == WEIR_VECTOR_BOOL ? (void *)weir_eval_bits(ev) : weir_eval_values(ev, element);
    if (cast->good == NULL || cast->values == NULL) return false;
    memset(cast->good, 0, weir_eval_words(ev) * sizeof(uint64_t));
    if (node->kind == WEIR_VECTOR_BOOL) memset(cast->bits, 0, weir_eval_words(ev) * sizeof(uint64_t));
    out->i64 = cast->values;
    out->validity = cast->arg->validity;
    return true;
}

static enum weir_status finish(struct weir_evaluation *ev, const struct weir_node *node, struct cast *cast,
                               bool to_null, struct weir_vector *out) {
    if (!cast->any_bad) return WEIR_OK;
    return weir_eval_settle_cast(ev, node, cast->good, to_null || node->try_cast, out);
}

static inline void mark(struct cast *cast, int32_t row, bool good) {
    cast->good[row >> 6] |= (uint64_t)good << (row & 63);
    cast->any_bad |= !good;
}

/* ---- integers ---- */

static enum weir_status cast_narrow(struct weir_evaluation *ev, const struct weir_node *node,
                                    struct weir_vector *out) {
    struct cast cast;
    int64_t least, greatest, min, max;
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    weir_type_bounds(node->type, &least, &greatest);
    out->i64 = arg->i64;
    out->validity = arg->validity;
    if (ev->rows == 0) return WEIR_OK;
    weir_simd->min_max_i64(arg->i64, (size_t)ev->rows, &min, &max);
    if (min >= least && max <= greatest) return WEIR_OK;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) {
        cast.i64[i] = arg->i64[i];
        mark(&cast, i, arg->i64[i] >= least && arg->i64[i] <= greatest);
    }
    return finish(ev, node, &cast, false, out);
}

static int64_t saturate(double value) {
    if (isnan(value)) return 0;
    if (value >= 9223372036854775808.0) return INT64_MAX;
    return value < -9223372036854775808.0 ? INT64_MIN : (int64_t)value;
}

/* Java's (int) and (long) hold at the ends of their range; the smaller types have no such rule. */
static enum weir_status cast_f64_i64(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    struct cast cast;
    int64_t least, greatest;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    weir_type_bounds(node->type, &least, &greatest);
    bool held = node->type.id == WEIR_TYPE_INT || node->type.id == WEIR_TYPE_BIGINT;
    for (int32_t i = 0; i < ev->rows; i++) {
        int64_t value = saturate(cast.arg->f64[i]);
        bool inside = value >= least && value <= greatest;
        cast.i64[i] = inside ? value : value < least ? least : greatest;
        mark(&cast, i, held || inside);
    }
    return finish(ev, node, &cast, false, out);
}

static enum weir_status cast_i128_i64(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    struct cast cast;
    int64_t least, greatest;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    weir_type_bounds(node->type, &least, &greatest);
    weir_i128 unit = weir_pow10_i128(cast.from.scale);
    for (int32_t i = 0; i < ev->rows; i++) {
        weir_i128 value = cast.arg->i128[i] / unit;
        cast.i64[i] = (int64_t)value;
        mark(&cast, i, value >= least && value <= greatest);
    }
    return finish(ev, node, &cast, false, out);
}

static enum weir_status cast_bool_i64(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) cast.i64[i] = weir_bit_get(cast.arg->bits, (size_t)i);
    return WEIR_OK;
}

/* ---- FLOAT and DOUBLE ---- */

static struct weir_decimal_type decimal_type(struct weir_type type) {
    return (struct weir_decimal_type){type.precision, type.scale};
}

static void round_to_float(const struct weir_node *node, double *values, int32_t rows) {
    for (int32_t i = 0; node->type.id == WEIR_TYPE_FLOAT && i < rows; i++) values[i] = (double)(float)values[i];
}

static enum weir_status cast_i64_f64(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    if (node->type.id == WEIR_TYPE_DOUBLE) {
        weir_simd->i64_to_f64(cast.arg->i64, (size_t)ev->rows, cast.f64);
        return WEIR_OK;
    }
    for (int32_t i = 0; i < ev->rows; i++) cast.f64[i] = (double)(float)cast.arg->i64[i]; /* rounded once */
    return WEIR_OK;
}

static enum weir_status cast_f64_f64(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    if (ev->rows > 0) memcpy(cast.f64, cast.arg->f64, (size_t)ev->rows * sizeof(double));
    round_to_float(node, cast.f64, ev->rows);
    return WEIR_OK;
}

static enum weir_status cast_i128_f64(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    struct weir_decimal_type type = decimal_type(cast.from);
    for (int32_t i = 0; i < ev->rows; i++) cast.f64[i] = weir_decimal_cast_double(cast.arg->i128[i], type);
    round_to_float(node, cast.f64, ev->rows);
    return WEIR_OK;
}

static enum weir_status cast_bool_f64(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) cast.f64[i] = weir_bit_get(cast.arg->bits, (size_t)i) ? 1.0 : 0.0;
    return WEIR_OK;
}

/* ---- DECIMAL: what does not fit is NULL ---- */

static enum weir_status cast_exact_i128(struct weir_evaluation *ev, const struct weir_node *node,
                                        struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    struct weir_decimal_type to = decimal_type(node->type);
    for (int32_t i = 0; i < ev->rows; i++) {
        struct weir_decimal value = {0, 0};
        switch (cast.arg->kind) {
        case WEIR_VECTOR_BOOL: value.value = weir_bit_get(cast.arg->bits, (size_t)i); break;
        case WEIR_VECTOR_I64: value.value = cast.arg->i64[i]; break;
        default: value = (struct weir_decimal){cast.arg->i128[i], cast.from.scale}; break;
        }
        cast.i128[i] = 0;
        mark(&cast, i, weir_decimal_rescale(value, to, &cast.i128[i]));
    }
    return finish(ev, node, &cast, true, out);
}

/* NaN and the infinities fail, as Java's BigDecimal does. */
static enum weir_status cast_f64_i128(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    const uint64_t *mask = weir_eval_mask(ev, node), *validity = cast.arg->validity;
    struct weir_decimal_type to = decimal_type(node->type);
    for (int32_t i = 0; i < ev->rows; i++) {
        cast.i128[i] = 0;
        enum weir_text_result result = weir_text_double_to_decimal(cast.arg->f64[i], to, &cast.i128[i]);
        mark(&cast, i, result == WEIR_TEXT_OK);
        if (result == WEIR_TEXT_MALFORMED && !node->try_cast && weir_eval_counts(mask, validity, i)) {
            return weir_eval_cast_error(ev, node, i);
        }
    }
    return finish(ev, node, &cast, true, out);
}

/* ---- BOOLEAN: zero is FALSE ---- */

static enum weir_status cast_number_bool(struct weir_evaluation *ev, const struct weir_node *node,
                                         struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) {
        bool on;
        switch (cast.arg->kind) {
        case WEIR_VECTOR_I64: on = cast.arg->i64[i] != 0; break;
        case WEIR_VECTOR_F64: on = cast.arg->f64[i] != 0; break;
        default: on = cast.arg->i128[i] != 0; break;
        }
        cast.bits[i >> 6] |= (uint64_t)on << (i & 63);
    }
    return WEIR_OK;
}

/* ---- times, all in UTC ---- */

static enum weir_status cast_date_time(struct weir_evaluation *ev, const struct weir_node *node,
                                       struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    int64_t ticks = SECONDS_PER_DAY * weir_type_ticks(node->type);
    for (int32_t i = 0; i < ev->rows; i++) mark(&cast, i, weir_mul_i64(cast.arg->i64[i], ticks, &cast.i64[i]));
    return finish(ev, node, &cast, false, out);
}

/* TIME to a timestamp of 1970-01-01. */
static enum weir_status cast_clock_time(struct weir_evaluation *ev, const struct weir_node *node,
                                        struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    int64_t per_ms = weir_type_ticks(node->type) / 1000;
    for (int32_t i = 0; i < ev->rows; i++) mark(&cast, i, weir_mul_i64(cast.arg->i64[i], per_ms, &cast.i64[i]));
    return finish(ev, node, &cast, false, out);
}

static enum weir_status cast_time_date(struct weir_evaluation *ev, const struct weir_node *node,
                                       struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    int64_t ticks = SECONDS_PER_DAY * weir_type_ticks(cast.from);
    weir_simd->floor_divide_i64(cast.arg->i64, (size_t)ev->rows, ticks, cast.i64);
    int64_t least, greatest;
    weir_type_bounds(node->type, &least, &greatest);
    for (int32_t i = 0; i < ev->rows; i++) mark(&cast, i, cast.i64[i] >= least && cast.i64[i] <= greatest);
    return finish(ev, node, &cast, false, out);
}

/* Units of 10^-precision seconds in ticks; 1 where the ticks are no finer. */
static int64_t precision_step(int64_t ticks, int precision) {
    for (; precision > 0 && ticks > 1; precision--) ticks /= 10;
    return ticks;
}

int64_t weir_eval_cut_time(struct weir_type type, int64_t value) {
    int64_t step = precision_step(weir_type_ticks(type), type.precision);
    return weir_sub_saturate_i64(value, weir_floormod_i64(value, step));
}

static void cut_to_precision(struct weir_evaluation *ev, struct cast *cast, int64_t step) {
    for (int32_t i = 0; step > 1 && i < ev->rows; i++) {
        int64_t cut = weir_floormod_i64(cast->i64[i], step);
        cast->i64[i] = weir_sub_saturate_i64(cast->i64[i], cut);
    }
}

/* TIMESTAMP or TIMESTAMP_LTZ to TIME, and TIME to fewer digits. */
static enum weir_status cast_to_time(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    int64_t per_ms = cast.from.id == WEIR_TYPE_TIME ? 1 : weir_type_ticks(cast.from) / 1000;
    for (int32_t i = 0; i < ev->rows; i++) {
        cast.i64[i] = weir_floormod_i64(cast.arg->i64[i], SECONDS_PER_DAY * 1000 * per_ms) / per_ms;
    }
    cut_to_precision(ev, &cast, precision_step(1000, node->type.precision));
    return WEIR_OK;
}

/* Between timestamps: digits are cut towards the past. */
static enum weir_status cast_time_time(struct weir_evaluation *ev, const struct weir_node *node,
                                       struct weir_vector *out) {
    struct cast cast;
    if (!begin(ev, node, out, &cast)) return weir_eval_memory(ev);
    int64_t from = weir_type_ticks(cast.from), to = weir_type_ticks(node->type);
    if (to <= from) {
        weir_simd->floor_divide_i64(cast.arg->i64, (size_t)ev->rows, from / to, cast.i64);
    } else {
        for (int32_t i = 0; i < ev->rows; i++) {
            mark(&cast, i, weir_mul_i64(cast.arg->i64[i], to / from, &cast.i64[i]));
        }
    }
    if (node->op == WEIR_EXPR_CAST) cut_to_precision(ev, &cast, precision_step(to, node->type.precision));
    return finish(ev, node, &cast, false, out);
}

bool weir_prepare_rescale(struct weir_compiler *compiler, struct weir_node *node) {
    if (node->args_count != 1 || !weir_type_is_time(node->type)) return weir_compile_shape(compiler, node);
    struct weir_type from = weir_compile_arg(compiler, node, 0)->type;
    if (!weir_type_is_time(from)) return weir_compile_shape(compiler, node);
    bool same = weir_type_ticks(from) == weir_type_ticks(node->type);
    node->eval = same ? weir_eval_pass : cast_time_time;
    node->can_fail = weir_type_ticks(from) < weir_type_ticks(node->type);
    return true;
}

/* ---- the matrix ---- */

static enum weir_status cast_null(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    out->i128 = weir_eval_zeros;
    out->validity = (const uint64_t *)weir_eval_zeros;
    return WEIR_OK;
}

static weir_eval_fn *number_cast(struct weir_type from, struct weir_type to) {
    enum weir_vector_kind kind = weir_type_vector(from);
    bool boolean = from.id == WEIR_TYPE_BOOLEAN;
    if (to.id == WEIR_TYPE_BOOLEAN) return cast_number_bool;
    if (to.id == WEIR_TYPE_DECIMAL) return kind == WEIR_VECTOR_F64 ? cast_f64_i128 : cast_exact_i128;
    if (weir_type_is_integer(to)) {
        if (boolean) return cast_bool_i64;
        if (kind == WEIR_VECTOR_I64) return to.id >= from.id ? weir_eval_pass : cast_narrow;
        return kind == WEIR_VECTOR_F64 ? cast_f64_i64 : cast_i128_i64;
    }
    if (boolean) return cast_bool_f64;
    if (kind == WEIR_VECTOR_F64) return to.id == WEIR_TYPE_DOUBLE ? weir_eval_pass : cast_f64_f64;
    return kind == WEIR_VECTOR_I64 ? cast_i64_f64 : cast_i128_f64;
}

static weir_eval_fn *time_cast(struct weir_type from, struct weir_type to) {
    bool from_time = weir_type_is_time(from), to_time = weir_type_is_time(to);
    if (from_time && to_time) return cast_time_time;
    if (from.id == WEIR_TYPE_DATE && to_time) return cast_date_time;
    if (from.id == WEIR_TYPE_TIME && to_time) return cast_clock_time;
    if (from_time && to.id == WEIR_TYPE_DATE) return cast_time_date;
    if ((from_time || from.id == WEIR_TYPE_TIME) && to.id == WEIR_TYPE_TIME) return cast_to_time;
    return NULL;
}

static bool is_number(struct weir_type type) { return weir_type_is_numeric(type) || type.id == WEIR_TYPE_BOOLEAN; }

bool weir_prepare_cast(struct weir_compiler *compiler, struct weir_node *node) {
    if (node->args_count != 1) return weir_compile_shape(compiler, node);
    struct weir_type from = weir_compile_arg(compiler, node, 0)->type, to = node->type;
    if (to.id == WEIR_TYPE_DECIMAL &&
        (to.precision < 1 || to.precision > WEIR_DECIMAL_DIGITS || to.scale > to.precision)) {
        return weir_compile_shape(compiler, node);
    }
    if (from.id == WEIR_TYPE_NULL) return node->eval = cast_null, true;
    if (weir_type_equal(from, to)) return node->eval = weir_eval_pass, true;
    if (to.id == WEIR_TYPE_STRING) return weir_prepare_cast_text(compiler, node);
    if (from.id == WEIR_TYPE_STRING) return weir_prepare_cast_read(compiler, node);
    node->eval = is_number(from) && is_number(to) ? number_cast(from, to) : time_cast(from, to);
    if (node->eval == NULL) {
        char a[WEIR_TYPE_NAME_BYTES], b[WEIR_TYPE_NAME_BYTES];
        return weir_compile_fail(compiler, node, WEIR_ERR_UNSUPPORTED, "CAST from %s to %s is not possible",
                                 weir_type_name(from, false, a, sizeof(a)),
                                 weir_type_name(to, false, b, sizeof(b)));
    }
    bool total = node->try_cast || node->eval == weir_eval_pass || to.id == WEIR_TYPE_BOOLEAN ||
                 node->eval == cast_exact_i128 || node->kind == WEIR_VECTOR_F64;
    node->can_fail = !total;
    return true;
}
