/* SPDX-License-Identifier: Apache-2.0
 *
 * Times: sums with intervals, EXTRACT, FLOOR and CEIL. All floor towards the past, also before 1970.
 *
 * INTERVAL_MS is in milliseconds whatever the time it is added to; the evaluator brings it to the time's ticks.
 * FLOOR and CEIL to WEEK are as in Flink: weeks there begin on Sunday (EXTRACT(WEEK) is the ISO week all the same),
 * and a CEIL to WEEK, MONTH, QUARTER or YEAR looks at the date alone, so that any time of the first day stays on
 * that day.
 */
#include "base/zone.h"
#include "engine/calendar.h"
#include "engine/expression_ops.h"
#include "simd/kernels.h"

#define MS_PER_DAY INT64_C(86400000)

/* ---- sums ---- */

/* time + sign * interval in the units of the time; false on overflow. */
static inline bool add_interval(enum weir_type_id id, int64_t time, int64_t ms, int64_t ticks_per_ms, bool minus,
                                int64_t *out) {
    int64_t amount = ms;
    if (id == WEIR_TYPE_DATE) {
        amount = ms / MS_PER_DAY; /* whole days */
    } else if (id == WEIR_TYPE_TIME) {
        amount = ms % MS_PER_DAY;
    } else if (!weir_mul_i64(ms, ticks_per_ms, &amount)) {
        return false;
    }
    if (minus ? !weir_sub_i64(time, amount, out) : !weir_add_i64(time, amount, out)) return false;
    if (id == WEIR_TYPE_TIME) *out = weir_floormod_i64(*out, MS_PER_DAY); /* round the clock */
    return id != WEIR_TYPE_DATE || (*out >= INT32_MIN && *out <= INT32_MAX);
}

static bool add_months(enum weir_type_id id, int64_t time, int64_t months, int64_t ticks_per_day, int64_t *out) {
    int64_t days = time, rest = 0;
    if (id != WEIR_TYPE_DATE) {
        days = weir_floordiv_i64(time, ticks_per_day);
        rest = weir_floormod_i64(time, ticks_per_day);
    }
    if (!weir_days_add_months(days, months, out)) return false;
    if (id == WEIR_TYPE_DATE) return *out >= INT32_MIN && *out <= INT32_MAX;
    return weir_mul_i64(*out, ticks_per_day, out) && weir_add_i64(*out, rest, out);
}

static WEIR_COLD enum weir_status sum_failed(struct weir_evaluation *ev, const struct weir_node *node,
                                             int32_t time_arg, int32_t row) {
    char a[WEIR_EVAL_TEXT_BYTES], b[WEIR_EVAL_TEXT_BYTES], name[WEIR_TYPE_NAME_BYTES];
    int32_t other = 1 - time_arg;
    weir_eval_value_text(node->type, weir_eval_arg(ev, node, time_arg), row, a);
    weir_eval_value_text(weir_eval_arg_node(ev, node, other)->type, weir_eval_arg(ev, node, other), row, b);
    return weir_eval_error(ev, node, "%s overflow: %s %s %s lies outside the calendar: leave such rows out",
                           weir_type_name(node->type, false, name, sizeof(name)), a, weir_expr_op_name(node->op),
                           b);
}

/* parameter: which argument is the time. */
static enum weir_status eval_sum(struct weir_evaluation *ev, const struct weir_node *node,
                                 struct weir_vector *out) {
    int32_t time_arg = (int32_t)node->parameter;
    const int64_t *times = weir_eval_arg(ev, node, time_arg)->i64;
    const int64_t *intervals = weir_eval_arg(ev, node, 1 - time_arg)->i64;
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    if (status != WEIR_OK) return status;
    const uint64_t *mask = weir_eval_mask(ev, node);
    enum weir_type_id id = node->type.id;
    int64_t per_ms = weir_type_ticks(node->type) / 1000, per_day = per_ms * MS_PER_DAY;
    bool months = node->op == WEIR_EXPR_ADD_MONTHS, minus = node->op == WEIR_EXPR_SUBTRACT;
    out->i64 = values;
    for (int32_t i = 0; i < ev->rows; i++) {
        bool good = months ? add_months(id, times[i], intervals[i], per_day, &values[i])
                           : add_interval(id, times[i], intervals[i], per_ms, minus, &values[i]);
        if (WEIR_UNLIKELY(!good) && weir_eval_counts(mask, out->validity, i))
            return sum_failed(ev, node, time_arg, i);
    }
    return WEIR_OK;
}

static bool same_time(struct weir_type a, struct weir_type b) {
    return a.id == b.id && (!weir_type_is_time(a) || weir_type_ticks(a) == weir_type_ticks(b));
}

static bool prepare_sum(struct weir_compiler *compiler, struct weir_node *node) {
    if (!weir_compile_args(compiler, node, 2, WEIR_VECTOR_I64)) return weir_compile_shape(compiler, node);
    struct weir_type a = weir_compile_arg(compiler, node, 0)->type, b = weir_compile_arg(compiler, node, 1)->type;
    bool months = node->op == WEIR_EXPR_ADD_MONTHS;
    enum weir_type_id interval = months ? WEIR_TYPE_INTERVAL_MONTH : WEIR_TYPE_INTERVAL_MS;
    bool time = weir_type_is_time(node->type) || node->type.id == WEIR_TYPE_DATE ||
                (!months && node->type.id == WEIR_TYPE_TIME);
    bool left = same_time(a, node->type) && b.id == interval;
    bool right = node->op == WEIR_EXPR_ADD && same_time(b, node->type) && a.id == interval;
    if (!time || (!left && !right)) return weir_compile_shape(compiler, node);
    node->eval = eval_sum;
    node->parameter = right ? 1 : 0;
    node->can_fail = true;
    return true;
}

/* ---- EXTRACT ---- */

/* The year of the ISO week: that of its Thursday. */
static int64_t iso_year(int64_t days) {
    int64_t weekday = weir_floormod_i64(days + 3, 7); /* Monday 0 */
    return weir_civil_from_days(days - weekday + 3).year;
}

/* Spans of `years` years from 1 on: 1..100 is the first century. */
static int64_t year_span(int64_t year, int64_t years) {
    return year > 0 ? (year + years - 1) / years : (year - years + 1) / years;
}

static int64_t extract_date(enum weir_time_unit unit, int64_t days) {
    switch (unit) {
    case WEIR_UNIT_ISODOW: return weir_floormod_i64(days + 3, 7) + 1;
    case WEIR_UNIT_ISOYEAR: return iso_year(days);
    case WEIR_UNIT_DECADE: return weir_civil_from_days(days).year / 10;
    case WEIR_UNIT_CENTURY: return year_span(weir_civil_from_days(days).year, 100);
    case WEIR_UNIT_MILLENNIUM: return year_span(weir_civil_from_days(days).year, 1000);
    case WEIR_UNIT_DAY: return weir_civil_from_days(days).day;
    case WEIR_UNIT_WEEK: return weir_iso_week(days);
    case WEIR_UNIT_MONTH: return weir_civil_from_days(days).month;
    case WEIR_UNIT_QUARTER: return (weir_civil_from_days(days).month + 2) / 3;
    case WEIR_UNIT_YEAR: return weir_civil_from_days(days).year;
    case WEIR_UNIT_DOW: return weir_day_of_week(days);
    default: return weir_day_of_year(days);
    }
}

/* ms: since 1970 or since midnight. */
static int64_t extract_clock(enum weir_time_unit unit, int64_t ms) {
    int64_t of_day = weir_floormod_i64(ms, MS_PER_DAY);
    switch (unit) {
    case WEIR_UNIT_MILLISECOND: return of_day % 1000;
    case WEIR_UNIT_SECOND: return of_day / 1000 % 60;
    case WEIR_UNIT_MINUTE: return of_day / 60000 % 60;
    case WEIR_UNIT_HOUR: return of_day / 3600000;
    default: return weir_floordiv_i64(ms, 1000); /* EPOCH */
    }
}

/* Of a DATE. */
static int64_t extract_midnight(enum weir_time_unit unit, int64_t days) {
    return unit == WEIR_UNIT_EPOCH ? (int64_t)((uint64_t)days * 86400) : 0;
}

static bool is_clock_unit(enum weir_time_unit unit) {
    return (unit >= WEIR_UNIT_MILLISECOND && unit <= WEIR_UNIT_HOUR) || unit == WEIR_UNIT_EPOCH;
}

static enum weir_status eval_extract(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    struct weir_type type = weir_eval_arg_node(ev, node, 0)->type;
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    int64_t divisor = weir_type_is_time(type) ? weir_type_ticks(type) / 1000 : 1;
    bool clock = is_clock_unit(node->unit), date = type.id == WEIR_TYPE_DATE;
    if (!clock && !date) divisor *= MS_PER_DAY;
    weir_simd->floor_divide_i64(arg->i64, (size_t)ev->rows, divisor, values);
    for (int32_t i = 0; i < ev->rows; i++) {
        if (clock) {
            values[i] = date ? extract_midnight(node->unit, values[i]) : extract_clock(node->unit, values[i]);
        } else {
            values[i] = extract_date(node->unit, values[i]);
        }
    }
    out->i64 = values;
    out->validity = arg->validity;
    return WEIR_OK;
}

static bool prepare_extract(struct weir_compiler *compiler, struct weir_node *node) {
    struct weir_type type = weir_compile_arg(compiler, node, 0)->type;
    bool clock = is_clock_unit(node->unit);
    bool fits = node->unit >= WEIR_UNIT_MILLISECOND && node->unit <= WEIR_UNIT_MILLENNIUM;
    if (type.id == WEIR_TYPE_TIME) fits = fits && clock;
    fits = fits && (weir_type_is_time(type) || type.id == WEIR_TYPE_DATE || type.id == WEIR_TYPE_TIME);
    node->eval = eval_extract;
    return (fits && node->type.id == WEIR_TYPE_BIGINT) || weir_compile_shape(compiler, node);
}

/* ---- FLOOR and CEIL ---- */

/* The first day of the unit that holds `days`, or, up, of the next one unless `days` is itself a first day. */
static int64_t round_date(enum weir_time_unit unit, int64_t days, bool up) {
    struct weir_civil civil = weir_civil_from_days(days);
    int64_t months = civil.year * 12 + civil.month - 1, width = 1;
    switch (unit) {
    case WEIR_UNIT_DAY: return days;
    case WEIR_UNIT_WEEK: {
        int64_t behind = weir_day_of_week(days) - 1;
        return behind == 0 || !up ? days - behind : days - behind + 7;
    }
    case WEIR_UNIT_QUARTER: width = 3; break;
    case WEIR_UNIT_YEAR: width = 12; break;
    default: break;
    }
    int64_t first = weir_floordiv_i64(months, width) * width;
    /* Flink raises a quarter unless the date is 1 January, so that 1 April becomes 1 July. */
    bool is_first = civil.day == 1 && (unit == WEIR_UNIT_QUARTER ? civil.month == 1 : months == first);
    if (up && !is_first) first += width;
    return weir_days_from_civil(weir_floordiv_i64(first, 12), (int32_t)weir_floormod_i64(first, 12) + 1, 1);
}

static int64_t unit_ms(enum weir_time_unit unit) {
    switch (unit) {
    case WEIR_UNIT_MILLISECOND: return 1;
    case WEIR_UNIT_SECOND: return 1000;
    case WEIR_UNIT_MINUTE: return 60000;
    case WEIR_UNIT_HOUR: return 3600000;
    case WEIR_UNIT_DAY: return MS_PER_DAY;
    default: return 0; /* by the calendar */
    }
}

/* In ms, or days for DATE; false on overflow. */
static bool round_time(enum weir_type_id id, enum weir_time_unit unit, int64_t value, bool up, int64_t *out) {
    int64_t width = id == WEIR_TYPE_DATE ? 0 : unit_ms(unit);
    if (width > 0) {
        int64_t rest = weir_floormod_i64(value, width);
        if (rest == 0) return *out = value, true;
        return up ? weir_add_i64(value, width - rest, out) : weir_sub_i64(value, rest, out);
    }
    if (id == WEIR_TYPE_DATE) return *out = round_date(unit, value, up), *out >= INT32_MIN && *out <= INT32_MAX;
    return weir_mul_i64(round_date(unit, weir_floordiv_i64(value, MS_PER_DAY), up), MS_PER_DAY, out);
}

/* A rounded wall clock, in ms, as an instant: by the offset of the time that was rounded, whatever the clock's own
 * at the result, as in Flink. */
static bool to_instant(const struct weir_zone *zone, int64_t ticks, int64_t per_ms, int64_t *ms) {
    int64_t epoch_ms = weir_floordiv_i64(ticks, per_ms);
    return weir_sub_i64(*ms, weir_zone_local_ms(zone, epoch_ms) - epoch_ms, ms);
}

static WEIR_COLD enum weir_status round_failed(struct weir_evaluation *ev, const struct weir_node *node,
                                               int32_t row) {
    char text[WEIR_EVAL_TEXT_BYTES];
    weir_eval_value_text(node->type, weir_eval_arg(ev, node, 0), row, text);
    return weir_eval_error(ev, node, "%s of %s lies outside the calendar: leave such rows out",
                           weir_expr_op_name(node->op), text);
}

static enum weir_status eval_round(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    const uint64_t *mask = weir_eval_mask(ev, node);
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    int64_t per_ms = weir_type_is_time(node->type) ? weir_type_ticks(node->type) / 1000 : 1;
    bool up = node->op == WEIR_EXPR_CEIL_TIME;
    out->i64 = values;
    out->validity = arg->validity;
    const int64_t *times = arg->i64;
    if (node->zone != NULL) {
        weir_zone_local_ticks(node->zone, times, ev->rows, per_ms, values);
        times = values;
    }
    weir_simd->floor_divide_i64(times, (size_t)ev->rows, per_ms, values);
    for (int32_t i = 0; i < ev->rows; i++) {
        bool good = round_time(node->type.id, node->unit, values[i], up, &values[i]) &&
                    (node->zone == NULL || to_instant(node->zone, arg->i64[i], per_ms, &values[i])) &&
                    weir_mul_i64(values[i], per_ms, &values[i]);
        if (node->type.id == WEIR_TYPE_TIME) values[i] %= MS_PER_DAY; /* 24:00 is 00:00 */
        if (WEIR_UNLIKELY(!good) && weir_eval_counts(mask, out->validity, i)) return round_failed(ev, node, i);
    }
    return WEIR_OK;
}

static bool prepare_round(struct weir_compiler *compiler, struct weir_node *node) {
    struct weir_type type = weir_compile_arg(compiler, node, 0)->type;
    bool fits = node->unit >= WEIR_UNIT_MILLISECOND && node->unit <= WEIR_UNIT_YEAR && same_time(type, node->type);
    if (type.id == WEIR_TYPE_DATE) fits = fits && node->unit >= WEIR_UNIT_DAY;
    if (type.id == WEIR_TYPE_TIME) fits = fits && node->unit <= WEIR_UNIT_HOUR;
    fits = fits && (weir_type_is_time(type) || type.id == WEIR_TYPE_DATE || type.id == WEIR_TYPE_TIME);
    node->eval = eval_round;
    node->can_fail = true;
    return fits || weir_compile_shape(compiler, node);
}

bool weir_prepare_time(struct weir_compiler *compiler, struct weir_node *node) {
    if (node->op == WEIR_EXPR_RESCALE_TIME) return weir_prepare_rescale(compiler, node);
    if (node->op == WEIR_EXPR_EXTRACT || node->op == WEIR_EXPR_FLOOR_TIME || node->op == WEIR_EXPR_CEIL_TIME) {
        if (node->args_count != 1) return weir_compile_shape(compiler, node);
        return node->op == WEIR_EXPR_EXTRACT ? prepare_extract(compiler, node) : prepare_round(compiler, node);
    }
    return prepare_sum(compiler, node);
}
