/* SPDX-License-Identifier: Apache-2.0
 *
 * What a builder is told about its result: columns, which rows, their order, FILL.
 */
#include <string.h>

#include "base/error.h"
#include "engine/builder.h"
#include "engine/type_rules.h"

/* ---- types ---- */

int32_t weir_build_find_output(const struct weir_builder *builder, const char *name) {
    for (int32_t i = 0; i < builder->outputs_count; i++) {
        if (strcmp(builder->outputs[i].name, name) == 0) return i;
    }
    return -1;
}

static struct weir_type not_null(struct weir_type type) {
    type.nullable = false;
    return type;
}

struct weir_type weir_build_time_type(const struct weir_builder *builder) {
    struct weir_type type = weir_type_of(WEIR_TYPE_NULL);
    if (builder->time_column >= 0) type = builder->columns[builder->time_column].type;
    if (builder->processing_time) {
        type = weir_type_timestamp(3);
        type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    }
    return type;
}

struct weir_type weir_build_output_type(const struct weir_builder *builder,
                                        const struct weir_build_output *output) {
    if (output->source == WEIR_BUILD_KEY) return builder->keys[output->index]->type;
    if (output->source == WEIR_BUILD_AGGREGATE) {
        struct weir_type type = builder->aggregates[output->index].type;
        /* A window that is filled with NULL has no count either. */
        if (builder->fill == WEIR_FILL_NULL) type.nullable = true;
        return type;
    }
    if (output->index == WEIR_BUILDER_IS_COMPLETE) return not_null(weir_type_of(WEIR_TYPE_BOOLEAN));
    if (output->index != WEIR_BUILDER_WINDOW_TIME) return weir_unit_bound_type(builder->units_per_second);
    struct weir_type time = weir_build_time_type(builder);
    if (time.id == WEIR_TYPE_NULL) return time;
    int precision = weir_unit_precision(builder->units_per_second);
    if (time.precision < precision) time.precision = precision;
    return not_null(time);
}

/* ---- columns of the result ---- */

static bool add_output(struct weir_builder *builder, const char *name, enum weir_build_source source,
                       int32_t index) {
    const char *copy = weir_build_name(builder, name, "a column of the result");
    if (copy == NULL) return false;
    if (weir_build_find_output(builder, name) >= 0) {
        weir_build_fail(builder, WEIR_ERR_INVALID,
                        "the result has a column '%.120s' already; give the second one another name", name);
        return false;
    }
    struct weir_build_output *outputs = weir_build_grow(builder, builder->outputs, builder->outputs_count,
                                                        &builder->outputs_capacity, sizeof(*outputs));
    if (outputs == NULL) return false;
    builder->outputs = outputs;
    outputs[builder->outputs_count++] = (struct weir_build_output){copy, source, index};
    return true;
}

enum weir_status weir_builder_bound(struct weir_builder *builder, enum weir_builder_bound bound, const char *name) {
    static const char *const names[] = {NULL, "window_start", "window_end", "window_time", "is_complete"};
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    if ((size_t)bound >= WEIR_ARRAY_COUNT(names) || names[bound] == NULL)
        return weir_build_fail(builder, WEIR_ERR_INVALID, "%d is no bound of a window; see enum weir_builder_bound",
                               (int)bound);
    add_output(builder, name == NULL ? names[bound] : name, WEIR_BUILD_BOUND, (int32_t)bound);
    return weir_build_status(builder);
}

/* ---- keys ---- */

static int32_t find_key(const struct weir_builder *builder, const struct weir_expr *expr) {
    for (int32_t i = 0; i < builder->keys_count; i++) {
        if (weir_expr_equal(builder->keys[i], expr)) return i;
    }
    return -1;
}

static enum weir_status add_key(struct weir_builder *builder, struct weir_expr *expr, const char *name) {
    if (expr == NULL) return weir_build_no_memory(builder);
    if (expr->type.id == WEIR_TYPE_NULL || expr->type.id >= WEIR_TYPE_BYTES) {
        char type[WEIR_TYPE_NAME_BYTES];
        return weir_build_fail(
            builder, WEIR_ERR_UNSUPPORTED, "the key '%.200s' is %s, which is no type of keys yet",
            weir_build_text(builder, expr), weir_type_name(expr->type, false, type, sizeof(type)));
    }
    int32_t index = find_key(builder, expr); /* the same twice is one key with two names */
    if (index < 0) {
        struct weir_expr **keys = weir_build_grow(builder, builder->keys, builder->keys_count,
                                                  &builder->keys_capacity, sizeof(struct weir_expr *));
        if (keys == NULL) return weir_build_status(builder);
        builder->keys = keys;
        index = builder->keys_count;
        keys[index] = expr;
    }
    if (add_output(builder, name, WEIR_BUILD_KEY, index) && index == builder->keys_count) builder->keys_count++;
    return weir_build_status(builder);
}

enum weir_status weir_builder_key(struct weir_builder *builder, const char *column, const char *name) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    int32_t index = weir_build_find(builder, column, "a key");
    if (index < 0) return weir_build_status(builder);
    return add_key(builder, weir_build_column(builder, index), name == NULL ? column : name);
}

enum weir_status weir_builder_key_term(struct weir_builder *builder, const struct weir_term *term,
                                       const char *name) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    if (!weir_build_is_over(builder, term, false, "a key")) return weir_build_status(builder);
    return add_key(builder, term->expr, name);
}

/* ---- aggregates ---- */

static int32_t find_aggregate(const struct weir_builder *builder, const struct weir_aggregate_call *call) {
    for (int32_t i = 0; i < builder->aggregates_count; i++) {
        const struct weir_aggregate_call *other = &builder->aggregates[i];
        if (other->function == call->function && weir_expr_equal(other->arg, call->arg)) return i;
    }
    return -1;
}

static bool set_type(struct weir_builder *builder, struct weir_aggregate_call *call, const char *name) {
    struct weir_error error = {0};
    struct weir_type type = call->arg == NULL ? weir_type_of(WEIR_TYPE_BIGINT) : call->arg->type;
    enum weir_status status = weir_aggregate_type(call->function, type, &call->type, &error);
    if (status == WEIR_OK) return true;
    weir_build_fail(builder, status, "the aggregate '%.120s' of '%.200s': %s", name == NULL ? "" : name,
                    weir_build_text(builder, call->arg), error.message);
    return false;
}

static enum weir_status add_aggregate(struct weir_builder *builder, enum weir_aggregate_function function,
                                      struct weir_expr *arg, const char *name) {
    struct weir_aggregate_call call = {.function = function, .arg = arg};
    if (!set_type(builder, &call, name)) return weir_build_status(builder);
    int32_t index = find_aggregate(builder, &call);
    if (index < 0) {
        struct weir_aggregate_call *calls = weir_build_grow(builder, builder->aggregates, builder->aggregates_count,
                                                            &builder->aggregates_capacity, sizeof(*calls));
        if (calls == NULL) return weir_build_status(builder);
        builder->aggregates = calls;
        index = builder->aggregates_count;
        calls[index] = call;
    }
    if (add_output(builder, name, WEIR_BUILD_AGGREGATE, index) && index == builder->aggregates_count)
        builder->aggregates_count++;
    return weir_build_status(builder);
}

static bool find_function(struct weir_builder *builder, enum weir_builder_function function,
                          enum weir_aggregate_function *out) {
    static const enum weir_aggregate_function functions[] = {
        0,
        WEIR_AGGREGATE_COUNT_STAR,
        WEIR_AGGREGATE_COUNT,
        WEIR_AGGREGATE_SUM,
        WEIR_AGGREGATE_MIN,
        WEIR_AGGREGATE_MAX,
        WEIR_AGGREGATE_AVG,
    };
    bool known = function >= WEIR_BUILDER_COUNT_ROWS && (size_t)function < WEIR_ARRAY_COUNT(functions);
    if (known) *out = functions[function];
    if (!known)
        weir_build_fail(builder, WEIR_ERR_INVALID, "%d is no aggregate; see enum weir_builder_function",
                        (int)function);
    return known;
}

enum weir_status weir_builder_aggregate(struct weir_builder *builder, enum weir_builder_function function,
                                        const char *column, const char *name) {
    enum weir_aggregate_function found;
    if (weir_build_status(builder) != WEIR_OK || !find_function(builder, function, &found))
        return weir_build_status(builder);
    if (function == WEIR_BUILDER_COUNT_ROWS) {
        if (column == NULL) return add_aggregate(builder, found, NULL, name);
        return weir_build_fail(builder, WEIR_ERR_INVALID,
                               "WEIR_BUILDER_COUNT_ROWS counts rows, whatever is in them: give NULL instead of "
                               "'%.120s', or use WEIR_BUILDER_COUNT",
                               column);
    }
    int32_t index = weir_build_find(builder, column, "the argument of an aggregate");
    if (index < 0) return weir_build_status(builder);
    struct weir_expr *arg = weir_build_column(builder, index);
    return arg == NULL ? weir_build_no_memory(builder) : add_aggregate(builder, found, arg, name);
}

enum weir_status weir_builder_aggregate_term(struct weir_builder *builder, enum weir_builder_function function,
                                             const struct weir_term *term, const char *name) {
    enum weir_aggregate_function found;
    if (weir_build_status(builder) != WEIR_OK || !find_function(builder, function, &found) ||
        !weir_build_is_over(builder, term, false, "the argument of an aggregate"))
        return weir_build_status(builder);
    if (function == WEIR_BUILDER_COUNT_ROWS)
        return weir_build_fail(builder, WEIR_ERR_INVALID,
                               "WEIR_BUILDER_COUNT_ROWS takes no term; use weir_builder_aggregate with NULL, or "
                               "WEIR_BUILDER_COUNT");
    return add_aggregate(builder, found, term->expr, name);
}

/* ---- which rows, and their order ---- */

static bool is_condition(struct weir_builder *builder, const struct weir_term *term, bool result,
                         const char *what) {
    if (!weir_build_is_over(builder, term, result, what)) return false;
    if (term->expr->type.id == WEIR_TYPE_BOOLEAN) return true;
    char type[WEIR_TYPE_NAME_BYTES];
    weir_build_fail(builder, WEIR_ERR_INVALID, "%s must be BOOLEAN, and '%.200s' is %s", what,
                    weir_build_text(builder, term->expr),
                    weir_type_name(term->expr->type, false, type, sizeof(type)));
    return false;
}

enum weir_status weir_builder_filter(struct weir_builder *builder, const struct weir_term *term) {
    if (weir_build_status(builder) != WEIR_OK || !is_condition(builder, term, false, "the filter"))
        return weir_build_status(builder);
    builder->filter = term->expr;
    return WEIR_OK;
}

enum weir_status weir_builder_having(struct weir_builder *builder, const struct weir_term *term) {
    if (weir_build_status(builder) != WEIR_OK || !is_condition(builder, term, true, "the condition of HAVING"))
        return weir_build_status(builder);
    builder->having = term->expr;
    return WEIR_OK;
}

enum weir_status weir_builder_order(struct weir_builder *builder, const char *name, bool descending,
                                    bool nulls_first) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    int32_t output = name == NULL ? -1 : weir_build_find_output(builder, name);
    if (output < 0)
        return weir_build_fail(builder, WEIR_ERR_INVALID,
                               "the result has no column '%.120s' yet; add it before weir_builder_order names it",
                               name == NULL ? "(NULL)" : name);
    struct weir_build_order *order =
        weir_build_grow(builder, builder->order, builder->order_count, &builder->order_capacity, sizeof(*order));
    if (order == NULL) return weir_build_status(builder);
    builder->order = order;
    order[builder->order_count++] = (struct weir_build_order){output, descending, nulls_first};
    return WEIR_OK;
}

enum weir_status weir_builder_limit(struct weir_builder *builder, int64_t rows, int64_t offset) {
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    if (rows < -1 || offset < 0)
        return weir_build_fail(builder, WEIR_ERR_INVALID,
                               "a limit is 0 or more rows, or -1 for all, after an offset of 0 or more; these are "
                               "%lld and %lld",
                               (long long)rows, (long long)offset);
    builder->limit = rows;
    builder->offset = offset;
    return WEIR_OK;
}

/* ---- FILL ---- */

static bool is_fill_value(struct weir_builder *builder, const struct weir_term *value) {
    if (!weir_build_is_over(builder, value, false, "the value of a fill")) return false;
    if (value->expr->op == WEIR_EXPR_LITERAL && weir_type_is_numeric(value->expr->type)) return true;
    weir_build_fail(
        builder, WEIR_ERR_INVALID,
        "the value of a fill is one number: weir_builder_integer, _number or _decimal; this is '%.200s'",
        weir_build_text(builder, value->expr));
    return false;
}

enum weir_status weir_builder_fill(struct weir_builder *builder, enum weir_builder_fill fill,
                                   const struct weir_term *value, int64_t windows_max) {
    static const enum weir_fill_kind kinds[] = {WEIR_FILL_NONE, WEIR_FILL_NULL, WEIR_FILL_PREV, WEIR_FILL_LINEAR,
                                                WEIR_FILL_VALUE};
    if (weir_build_status(builder) != WEIR_OK) return weir_build_status(builder);
    if (fill < WEIR_BUILDER_FILL_NULL || (size_t)fill >= WEIR_ARRAY_COUNT(kinds))
        return weir_build_fail(builder, WEIR_ERR_INVALID, "%d is no way to fill; see enum weir_builder_fill",
                               (int)fill);
    if (windows_max < 0)
        return weir_build_fail(builder, WEIR_ERR_INVALID, "windows_max is %lld; it must be 0 (no limit) or more",
                               (long long)windows_max);
    if (fill != WEIR_BUILDER_FILL_VALUE && value != NULL)
        return weir_build_fail(builder, WEIR_ERR_INVALID,
                               "only WEIR_BUILDER_FILL_VALUE takes a value; give NULL to the others");
    if (fill == WEIR_BUILDER_FILL_VALUE && !is_fill_value(builder, value)) return weir_build_status(builder);
    builder->fill = kinds[fill];
    builder->fill_value = value == NULL ? NULL : value->expr;
    builder->fill_windows_max = windows_max == 0 ? -1 : windows_max;
    return WEIR_OK;
}
