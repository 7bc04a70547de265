/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions of times that need a clock, a zone or a pattern.
 */
#include <string.h>
#include <time.h>

#include "base/zone.h"
#include "sql/bind.h"
#include "sql/function.h"

static struct weir_type with_null(struct weir_type type, bool nullable) {
    type.nullable = nullable;
    return type;
}

static struct weir_type instant_type(int precision, bool nullable) {
    struct weir_type type = weir_type_timestamp(precision);
    type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    return with_null(type, nullable);
}

static void *wrong_type(struct weir_binder *b, const struct weir_expr *arg, const char *function,
                        const char *wants) {
    char name[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(arg), "%s takes %s, and this is %s", function, wants,
                          weir_type_name(arg->type, false, name, sizeof(name)));
}

/* A bare NULL becomes a text. */
static bool need_text(struct weir_binder *b, struct weir_expr **arg, const char *function, const char *wants) {
    if ((*arg)->type.id == WEIR_TYPE_NULL)
        return (*arg = weir_bind_null(b, weir_expr_place(*arg), weir_type_string())) != NULL;
    if ((*arg)->type.id == WEIR_TYPE_STRING) return true;
    wrong_type(b, *arg, function, wants);
    return false;
}

static struct weir_expr *text(struct weir_binder *b, struct weir_place at, const char *value) {
    struct weir_ast_expr ast = {.kind = WEIR_AST_STRING, .at = at, .name = value};
    return weir_bind_literal(b, &ast);
}

/* Patterns must be known now. */
static bool need_pattern(struct weir_binder *b, struct weir_expr **arg, const char *function) {
    if (!need_text(b, arg, function, "a pattern such as 'yyyy-MM-dd HH:mm:ss'")) return false;
    if ((*arg)->op == WEIR_EXPR_LITERAL && !(*arg)->is_null) return true;
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, weir_expr_place(*arg),
                   "the pattern of %s must be written as a literal; computed ones are not supported", function);
    return false;
}

/* ---- the clock ---- */

bool weir_bind_is_batch(const struct weir_binder *b) {
    enum weir_runtime_mode mode = b->request == NULL ? WEIR_MODE_STREAMING : b->request->settings->mode;
    return mode == WEIR_MODE_BATCH || (mode == WEIR_MODE_AUTOMATIC && !b->input.unbounded && !b->input.pushed);
}

/* One value a query in a batch, else the clock when rows are worked. */
static struct weir_expr *bind_now(struct weir_binder *b, struct weir_place at, bool by_row) {
    struct weir_type type = instant_type(3, false);
    if (by_row || !weir_bind_is_batch(b)) return weir_bind_node(b, at, WEIR_EXPR_NOW, type, 0, NULL);
    if (b->now_ms == 0) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        b->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    }
    return weir_bind_integer(b, at, type, b->now_ms);
}

static struct weir_expr *bind_clock(struct weir_binder *b, struct weir_place at, enum weir_type_id id) {
    struct weir_expr *now = bind_now(b, at, false);
    if (now == NULL || id == WEIR_TYPE_TIMESTAMP_LTZ) return now;
    struct weir_type type = id == WEIR_TYPE_TIMESTAMP ? weir_type_timestamp(3) : weir_type_of(id);
    return weir_bind_cast_node(b, at, now, with_null(type, false), false);
}

/* ---- texts to times ---- */

static struct weir_expr *parse(struct weir_binder *b, struct weir_place at, enum weir_expr_op op, int precision,
                               struct weir_expr *arg, struct weir_expr *pattern) {
    struct weir_expr *args[] = {arg, pattern};
    return weir_bind_node(b, at, op, weir_type_timestamp(precision), 2, args);
}

/* The text as a TIMESTAMP or DATE without a pattern; NULL where it is none. */
static struct weir_expr *read_plain(struct weir_binder *b, struct weir_place at, struct weir_expr *arg,
                                    struct weir_type type) {
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_CAST, with_null(type, true), 1, &arg);
    if (node != NULL) node->try_cast = true;
    return node;
}

static struct weir_expr *bind_to_timestamp(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                           int32_t count) {
    if (!need_text(b, &args[0], "TO_TIMESTAMP", "a text")) return NULL;
    if (count == 1) return read_plain(b, at, args[0], weir_type_timestamp(3));
    if (!need_pattern(b, &args[1], "TO_TIMESTAMP")) return NULL;
    return parse(b, at, WEIR_EXPR_PARSE_TIME, 3, args[0], args[1]);
}

static struct weir_expr *bind_to_date(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                      int32_t count) {
    struct weir_type type = weir_type_of(WEIR_TYPE_DATE);
    if (!need_text(b, &args[0], "TO_DATE", "a text")) return NULL;
    if (count == 1) return read_plain(b, at, args[0], type);
    if (!need_pattern(b, &args[1], "TO_DATE")) return NULL;
    struct weir_expr *time = parse(b, at, WEIR_EXPR_PARSE_SIMPLE, 3, args[0], args[1]);
    return time == NULL ? NULL : weir_bind_node(b, at, WEIR_EXPR_CAST, type, 1, &time);
}

/* Digits that a pattern ends in, as Flink counts them: at least 3, at most 9. */
static int precision_of(struct weir_string pattern) {
    int digits = 0;
    while (digits < 9 && digits < pattern.length && pattern.data[pattern.length - 1 - digits] == 'S') digits++;
    return digits < 3 ? 3 : digits;
}

/* TO_TIMESTAMP_LTZ(text [, pattern [, zone]]): without a zone the text is in UTC, whatever the session's, as in
 * Flink. */
static struct weir_expr *instant_of_text(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                         int32_t count) {
    const struct weir_zone *zone = NULL;
    if (count == 1) /* fails where the text is none */
        return weir_bind_node(b, at, WEIR_EXPR_CAST, instant_type(3, args[0]->type.nullable), 1, args);
    if (!need_pattern(b, &args[1], "TO_TIMESTAMP_LTZ")) return NULL;
    if (count == 3 && (zone = weir_bind_zone(b, args[2], false)) == NULL) return NULL;
    int precision = precision_of(args[1]->value.string);
    struct weir_expr *time = parse(b, at, WEIR_EXPR_PARSE_TIME, precision, args[0], args[1]);
    return time == NULL ? NULL : weir_bind_instant(b, at, time, zone, false);
}

/* TO_TIMESTAMP_LTZ(number [, digits]): so many 10^-digits seconds since 1970; milliseconds without digits. */
static struct weir_expr *instant_of_number(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                           int32_t count) {
    int64_t digits = 3;
    if (count == 3)
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "TO_TIMESTAMP_LTZ takes a number and its digits, or texts");
    if (count == 2) {
        const struct weir_expr *arg = args[1];
        if (arg->op != WEIR_EXPR_LITERAL || arg->is_null || !weir_type_is_integer(arg->type))
            return weir_bind_fail(
                b, WEIR_ERR_UNSUPPORTED, weir_expr_place(arg),
                "the digits of TO_TIMESTAMP_LTZ must be written as a number: 0 for seconds, 3 for "
                "milliseconds, 6 for microseconds");
        digits = arg->value.i64;
    }
    if (digits < 0 || digits > 9)
        return weir_bind_fail(
            b, WEIR_ERR_SQL, weir_expr_place(args[1]),
            "TO_TIMESTAMP_LTZ takes 0 to 9 digits, as in Flink: 0 for seconds, 3 for milliseconds");
    struct weir_type type = instant_type(digits < 3 ? 3 : (int)digits, true);
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_FROM_EPOCH, type, 1, args);
    if (node != NULL) node->index = (int32_t)digits;
    return node;
}

static struct weir_expr *bind_to_instant(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                         int32_t count) {
    if (args[0]->type.id == WEIR_TYPE_NULL) return weir_bind_null(b, at, instant_type(3, true));
    if (weir_type_is_numeric(args[0]->type)) return instant_of_number(b, at, args, count);
    if (args[0]->type.id == WEIR_TYPE_STRING) return instant_of_text(b, at, args, count);
    return wrong_type(b, args[0], "TO_TIMESTAMP_LTZ", "a number or a text");
}

/* ---- times to texts ---- */

#define DEFAULT_PATTERN "yyyy-MM-dd HH:mm:ss"

static struct weir_expr *format(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                struct weir_expr *time, struct weir_expr *pattern) {
    if (time == NULL || pattern == NULL) return NULL;
    if (time->type.id == WEIR_TYPE_TIMESTAMP_LTZ) { /* in UTC */
        struct weir_type type = time->type;
        type.id = WEIR_TYPE_TIMESTAMP;
        if ((time = weir_bind_node(b, at, WEIR_EXPR_CAST, type, 1, &time)) == NULL) return NULL;
    }
    struct weir_expr *args[] = {time, pattern};
    return weir_bind_node(b, at, op, with_null(weir_type_string(), time->type.nullable), 2, args);
}

/* A text, which Flink reads and writes with SimpleDateFormat in UTC, or a time. */
static struct weir_expr *bind_date_format(struct weir_binder *b, struct weir_place at, struct weir_expr **args) {
    if (!need_pattern(b, &args[1], "DATE_FORMAT")) return NULL;
    if (weir_type_is_time(args[0]->type)) {
        struct weir_expr *local = weir_bind_local(b, at, args[0], b->zone);
        return local == NULL ? NULL : format(b, at, WEIR_EXPR_FORMAT_TIME, local, args[1]);
    }
    if (!need_text(b, &args[0], "DATE_FORMAT", "a TIMESTAMP or a text (CAST a DATE to TIMESTAMP(0))")) return NULL;
    struct weir_expr *plain = text(b, at, DEFAULT_PATTERN);
    if (plain == NULL) return NULL;
    struct weir_expr *time = parse(b, at, WEIR_EXPR_PARSE_SIMPLE, 3, args[0], plain);
    return format(b, at, WEIR_EXPR_FORMAT_SIMPLE, time, args[1]);
}

static struct weir_expr *bind_from_unixtime(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                            int32_t count) {
    if (args[0]->type.id == WEIR_TYPE_NULL) return weir_bind_null(b, at, weir_type_string());
    if (!weir_type_is_integer(args[0]->type))
        return wrong_type(b, args[0], "FROM_UNIXTIME", "a whole number of seconds");
    if (count == 2 && !need_pattern(b, &args[1], "FROM_UNIXTIME")) return NULL;
    struct weir_expr *pattern = count == 2 ? args[1] : text(b, at, DEFAULT_PATTERN);
    struct weir_type type = instant_type(3, args[0]->type.nullable);
    struct weir_expr *time = weir_bind_node(b, at, WEIR_EXPR_FROM_SECONDS, type, 1, args);
    if (time == NULL || (time = weir_bind_local(b, at, time, b->old_zone)) == NULL) return NULL;
    return format(b, at, WEIR_EXPR_FORMAT_SIMPLE, time, pattern);
}

/* ---- seconds since 1970 ---- */

static struct weir_expr *seconds_of(struct weir_binder *b, struct weir_place at, struct weir_expr *instant) {
    if (instant == NULL) return NULL;
    struct weir_type type = with_null(weir_type_of(WEIR_TYPE_BIGINT), instant->type.nullable);
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_EXTRACT, type, 1, &instant);
    if (node != NULL) node->unit = WEIR_UNIT_EPOCH;
    return node;
}

/* The least BIGINT where the text is no time, as in Flink, and NULL only where the text is. */
static struct weir_expr *or_least(struct weir_binder *b, struct weir_place at, struct weir_expr *given,
                                  struct weir_expr *seconds) {
    struct weir_type type = weir_type_of(WEIR_TYPE_BIGINT), boolean = weir_type_of(WEIR_TYPE_BOOLEAN);
    struct weir_expr *choices[] = {seconds, weir_bind_integer(b, at, type, INT64_MIN)};
    if (seconds == NULL || choices[1] == NULL) return NULL;
    struct weir_expr *chosen = weir_bind_node(b, at, WEIR_EXPR_COALESCE, with_null(type, false), 2, choices);
    if (chosen == NULL || !given->type.nullable) return chosen;
    struct weir_expr *copy = weir_bind_copy(b, given);
    if (copy == NULL) return NULL;
    struct weir_expr *parts[] = {weir_bind_node(b, at, WEIR_EXPR_IS_NULL, with_null(boolean, false), 1, &copy),
                                 weir_bind_null(b, at, type), chosen};
    return parts[0] == NULL || parts[1] == NULL ? NULL : weir_bind_case(b, at, parts, 3);
}

static struct weir_expr *bind_unix_timestamp(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                             int32_t count) {
    if (count == 0) return seconds_of(b, at, bind_now(b, at, false));
    if (!need_text(b, &args[0], "UNIX_TIMESTAMP", "a text")) return NULL;
    if (count == 2 && !need_pattern(b, &args[1], "UNIX_TIMESTAMP")) return NULL;
    struct weir_expr *pattern = count == 2 ? args[1] : text(b, at, DEFAULT_PATTERN);
    struct weir_expr *time = pattern == NULL ? NULL : parse(b, at, WEIR_EXPR_PARSE_SIMPLE, 3, args[0], pattern);
    if (time == NULL || (time = weir_bind_instant(b, at, time, b->old_zone, true)) == NULL) return NULL;
    return or_least(b, at, args[0], seconds_of(b, at, time));
}

/* CONVERT_TZ(text, from, to): through SimpleDateFormat on both sides. */
static struct weir_expr *bind_convert(struct weir_binder *b, struct weir_place at, struct weir_expr **args) {
    if (!need_text(b, &args[0], "CONVERT_TZ", "a text")) return NULL;
    const struct weir_zone *from = weir_bind_zone(b, args[1], true);
    const struct weir_zone *to = from == NULL ? NULL : weir_bind_zone(b, args[2], true);
    struct weir_expr *pattern = to == NULL ? NULL : text(b, at, DEFAULT_PATTERN);
    struct weir_expr *again = pattern == NULL ? NULL : weir_bind_copy(b, pattern);
    struct weir_expr *time = again == NULL ? NULL : parse(b, at, WEIR_EXPR_PARSE_SIMPLE, 3, args[0], pattern);
    if (time == NULL || (time = weir_bind_instant(b, at, time, from, true)) == NULL) return NULL;
    return format(b, at, WEIR_EXPR_FORMAT_SIMPLE, weir_bind_local(b, at, time, to), again);
}

struct weir_expr *weir_bind_time_function(struct weir_binder *b, const struct weir_ast_expr *ast,
                                          const struct weir_function *function, struct weir_expr **args) {
    struct weir_place at = ast->at;
    int32_t count = ast->args_count;
    switch (function->id) {
    case WEIR_FUNCTION_NOW: return bind_clock(b, at, (enum weir_type_id)function->detail);
    case WEIR_FUNCTION_ROW_NOW: return bind_now(b, at, true);
    case WEIR_FUNCTION_PROCTIME: return weir_bind_node(b, at, WEIR_EXPR_PROCTIME, instant_type(3, false), 0, NULL);
    case WEIR_FUNCTION_TO_TIMESTAMP: return bind_to_timestamp(b, at, args, count);
    case WEIR_FUNCTION_TO_TIMESTAMP_LTZ: return bind_to_instant(b, at, args, count);
    case WEIR_FUNCTION_TO_DATE: return bind_to_date(b, at, args, count);
    case WEIR_FUNCTION_DATE_FORMAT: return bind_date_format(b, at, args);
    case WEIR_FUNCTION_FROM_UNIXTIME: return bind_from_unixtime(b, at, args, count);
    case WEIR_FUNCTION_UNIX_TIMESTAMP: return bind_unix_timestamp(b, at, args, count);
    case WEIR_FUNCTION_CONVERT_TZ: return bind_convert(b, at, args);
    default: return weir_bind_fail(b, WEIR_ERR_INTERNAL, at, "the function %s is not bound", function->name);
    }
}
