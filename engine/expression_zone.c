/* SPDX-License-Identifier: Apache-2.0
 *
 * Instants and wall clocks, numbers as instants, and the clock of the machine.
 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/zone.h"
#include "engine/decimal.h"
#include "engine/expression_ops.h"

/* Seconds of 0000-01-01 00:00:00 and 9999-12-31 23:59:59 UTC: what TO_TIMESTAMP_LTZ takes. */
#define SECONDS_LEAST INT64_C(-62167219200)
#define SECONDS_GREATEST INT64_C(253402300799)
#define NANOS_PER_SECOND INT64_C(1000000000)

static const int64_t powers_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

/* ---- wall clocks ---- */

static WEIR_COLD enum weir_status out_of_calendar(struct weir_evaluation *ev, const struct weir_node *node,
                                                  int32_t row) {
    char text[WEIR_EVAL_TEXT_BYTES];
    weir_eval_value_text(weir_eval_arg_node(ev, node, 0)->type, weir_eval_arg(ev, node, 0), row, text);
    return weir_eval_error(ev, node, "%s lies outside the calendar in the time zone '%s': leave such rows out",
                           text, weir_zone_name(node->zone));
}

/* No offset reaches a day and six hours, so only times near the ends can have been held there. */
static enum weir_status check_ends(struct weir_evaluation *ev, const struct weir_node *node, const int64_t *values,
                                   const uint64_t *validity) {
    const uint64_t *mask = weir_eval_mask(ev, node);
    for (int32_t i = 0; i < ev->rows; i++) {
        bool end = values[i] == INT64_MIN || values[i] == INT64_MAX;
        if (WEIR_UNLIKELY(end) && weir_eval_counts(mask, validity, i)) return out_of_calendar(ev, node, i);
    }
    return WEIR_OK;
}

static enum weir_status eval_shift(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    int64_t per_ms = weir_type_ticks(node->type) / 1000;
    out->i64 = values;
    out->validity = arg->validity;
    if (node->op == WEIR_EXPR_TO_LOCAL) {
        weir_zone_local_ticks(node->zone, arg->i64, ev->rows, per_ms, values);
    } else if (node->later) {
        weir_zone_epoch_last_ticks(node->zone, arg->i64, ev->rows, per_ms, values);
    } else {
        weir_zone_epoch_ticks(node->zone, arg->i64, ev->rows, per_ms, values);
    }
    return check_ends(ev, node, values, out->validity);
}

static bool prepare_shift(struct weir_compiler *compiler, struct weir_node *node) {
    if (!weir_compile_args(compiler, node, 1, WEIR_VECTOR_I64) || node->zone == NULL)
        return weir_compile_shape(compiler, node);
    struct weir_type from = weir_compile_arg(compiler, node, 0)->type, to = node->type;
    bool local = node->op == WEIR_EXPR_TO_LOCAL;
    enum weir_type_id ids[] = {WEIR_TYPE_TIMESTAMP_LTZ, WEIR_TYPE_TIMESTAMP};
    if (from.id != ids[local ? 0 : 1] || to.id != ids[local ? 1 : 0] ||
        weir_type_ticks(from) != weir_type_ticks(to))
        return weir_compile_shape(compiler, node);
    node->eval = eval_shift;
    node->can_fail = true;
    return true;
}

/* ---- the clock ---- */

static enum weir_status eval_now(struct weir_evaluation *ev, const struct weir_node *node,
                                 struct weir_vector *out) {
    (void)node;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    int64_t ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    for (int32_t i = 0; i < ev->rows; i++) values[i] = ms;
    out->i64 = values;
    return WEIR_OK;
}

static bool prepare_now(struct weir_compiler *compiler, struct weir_node *node) {
    bool fits = node->args_count == 0 && node->type.id == WEIR_TYPE_TIMESTAMP_LTZ && node->type.precision == 3;
    node->eval = eval_now;
    return fits || weir_compile_shape(compiler, node);
}

/* ---- numbers as instants ---- */

/* 10^-power seconds as ticks of the type. */
enum reach { REACHED, BEYOND_CALENDAR, BEYOND_TICKS };

static enum reach instant_of(int64_t number, int power, int64_t ticks, int64_t *out) {
    int64_t seconds = weir_floordiv_i64(number, powers_of_ten[power]);
    int64_t nanos = weir_floormod_i64(number, powers_of_ten[power]) * powers_of_ten[9 - power];
    if (seconds < SECONDS_LEAST || seconds > SECONDS_GREATEST) return BEYOND_CALENDAR;
    bool good = weir_mul_i64(seconds, ticks, out) && weir_add_i64(*out, nanos / (NANOS_PER_SECOND / ticks), out);
    return good ? REACHED : BEYOND_TICKS;
}

/* Java's cast of a double to a long. */
static int64_t saturate(double value) {
    if (isnan(value)) return 0;
    if (value >= 0x1p63) return INT64_MAX;
    return value < -0x1p63 ? INT64_MIN : (int64_t)value;
}

/* Through nanoseconds, as in Flink, which end in the year 2262. */
static enum reach instant_of_double(double number, int power, int64_t ticks, int64_t *out) {
    double seconds = number / (double)powers_of_ten[power];
    if (seconds < (double)SECONDS_LEAST || seconds > (double)SECONDS_GREATEST) return BEYOND_CALENDAR;
    return instant_of(saturate(number * (double)powers_of_ten[9 - power]), 9, ticks, out);
}

static enum reach instant_of_decimal(weir_i128 number, int scale, int power, int64_t ticks, int64_t *out) {
    weir_i128 whole = number / weir_pow10_i128(scale);
    if (whole > INT64_MAX || whole < INT64_MIN) return BEYOND_CALENDAR;
    return instant_of((int64_t)whole, power, ticks, out);
}

static enum reach instant_at(const struct weir_node *node, struct weir_type from, const struct weir_vector *arg,
                             int32_t row, int64_t ticks, int64_t *out) {
    int power = node->index;
    switch (arg->kind) {
    case WEIR_VECTOR_F64: return instant_of_double(arg->f64[row], power, ticks, out);
    case WEIR_VECTOR_I128: return instant_of_decimal(arg->i128[row], from.scale, power, ticks, out);
    default: return instant_of(arg->i64[row], power, ticks, out);
    }
}

static WEIR_COLD enum weir_status beyond_ticks(struct weir_evaluation *ev, const struct weir_node *node,
                                               int32_t row) {
    char text[WEIR_EVAL_TEXT_BYTES], name[WEIR_TYPE_NAME_BYTES];
    weir_eval_value_text(weir_eval_arg_node(ev, node, 0)->type, weir_eval_arg(ev, node, 0), row, text);
    return weir_eval_error(ev, node, "%s is beyond what %s reaches; leave such rows out", text,
                           weir_type_name(node->type, false, name, sizeof(name)));
}

static enum weir_status eval_from_epoch(struct weir_evaluation *ev, const struct weir_node *node,
                                        struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    struct weir_type from = weir_eval_arg_node(ev, node, 0)->type;
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    int64_t ticks = weir_type_ticks(node->type);
    const uint64_t *mask = weir_eval_mask(ev, node);
    uint64_t *valid = NULL;
    out->i64 = values;
    out->validity = arg->validity;
    for (int32_t i = 0; i < ev->rows; i++) {
        values[i] = 0;
        enum reach reach = instant_at(node, from, arg, i, ticks, &values[i]);
        if (WEIR_LIKELY(reach == REACHED) || !weir_eval_counts(mask, arg->validity, i)) continue;
        if (reach == BEYOND_TICKS) return beyond_ticks(ev, node, i);
        if (valid == NULL && (valid = weir_eval_own_validity(ev, out)) == NULL) return weir_eval_memory(ev);
        weir_bit_clear(valid, (size_t)i);
    }
    return WEIR_OK;
}

static enum weir_status eval_from_seconds(struct weir_evaluation *ev, const struct weir_node *node,
                                          struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    const uint64_t *mask = weir_eval_mask(ev, node);
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    out->i64 = values;
    out->validity = arg->validity;
    for (int32_t i = 0; i < ev->rows; i++) {
        bool good = weir_mul_i64(arg->i64[i], 1000, &values[i]);
        if (WEIR_UNLIKELY(!good) && weir_eval_counts(mask, arg->validity, i)) return beyond_ticks(ev, node, i);
    }
    return WEIR_OK;
}

static bool prepare_epoch(struct weir_compiler *compiler, struct weir_node *node) {
    bool seconds = node->op == WEIR_EXPR_FROM_SECONDS;
    if (node->args_count != 1) return weir_compile_shape(compiler, node);
    struct weir_type from = weir_compile_arg(compiler, node, 0)->type;
    bool fits = node->type.id == WEIR_TYPE_TIMESTAMP_LTZ &&
                (seconds ? weir_type_is_integer(from) && node->type.precision == 3
                         : weir_type_is_numeric(from) && node->index >= 0 && node->index <= 9);
    node->eval = seconds ? eval_from_seconds : eval_from_epoch;
    node->can_fail = true;
    return fits || weir_compile_shape(compiler, node);
}

bool weir_prepare_zone(struct weir_compiler *compiler, struct weir_node *node) {
    switch (node->op) {
    case WEIR_EXPR_NOW: return prepare_now(compiler, node);
    case WEIR_EXPR_TO_LOCAL:
    case WEIR_EXPR_TO_INSTANT: return prepare_shift(compiler, node);
    case WEIR_EXPR_FROM_EPOCH:
    case WEIR_EXPR_FROM_SECONDS: return prepare_epoch(compiler, node);
    default:
        return weir_compile_fail(compiler, node, WEIR_ERR_UNSUPPORTED,
                                 "PROCTIME() is the time of a window and has no value of its own; "
                                 "CURRENT_TIMESTAMP has");
    }
}
