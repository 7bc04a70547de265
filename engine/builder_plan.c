/* SPDX-License-Identifier: Apache-2.0
 *
 * From a builder to the plan that the SQL of the same meaning gives.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/zone.h"
#include "engine/builder.h"
#include "engine/query.h"
#include "engine/type_rules.h"

/* A plan being made. Functions that give NULL or false have filled the error. */
struct maker {
    const struct weir_builder *builder;
    struct weir_plan *plan;
    struct weir_error *error;
    const struct weir_zone *zone; /* in the plan's arena; NULL: UTC, or not needed */
    enum weir_status status;
};

static void *fail(struct maker *m, enum weir_status status) {
    m->status = status;
    return NULL;
}

static void *no_memory(struct maker *m) {
    return fail(m, weir_error_set(m->error, WEIR_ERR_MEMORY, "no memory to build the query"));
}

static void *array(struct maker *m, int32_t count, size_t bytes) {
    void *made = weir_arena_array(&m->plan->arena, (size_t)count + 1, bytes);
    return made == NULL ? no_memory(m) : made;
}

static const char *string(struct maker *m, const char *text) {
    const char *copy = weir_arena_string(&m->plan->arena, text, strlen(text));
    return copy == NULL ? no_memory(m) : copy;
}

static struct weir_expr *made(struct maker *m, struct weir_expr *expr) {
    return expr == NULL ? no_memory(m) : expr;
}

/* ---- columns of the result ---- */

/* The zone, with the plan. */
static bool keep_zone(struct maker *m) {
    struct weir_zone *opened = NULL;
    enum weir_status status = weir_zone_open(m->builder->zone, &opened, m->error);
    if (status != WEIR_OK) return fail(m, status) != NULL;
    size_t bytes = weir_zone_bytes(opened);
    struct weir_zone *kept = weir_arena_alloc(&m->plan->arena, bytes);
    if (kept != NULL) memcpy(kept, opened, bytes);
    weir_zone_close(&opened);
    m->zone = kept;
    return kept != NULL || no_memory(m) != NULL;
}

static struct weir_expr *bound(struct maker *m, int32_t index) {
    struct weir_type type = weir_unit_bound_type(m->builder->units_per_second);
    return made(m, weir_expr_column(&m->plan->arena, index, type));
}

static struct weir_expr *node(struct maker *m, enum weir_expr_op op, struct weir_type type, struct weir_expr *arg) {
    return arg == NULL ? NULL : made(m, weir_expr_node(&m->plan->arena, op, type, 1, &arg));
}

/* The last unit of the window, in the type of the time: with a zone, the instant at which its clock shows that. */
static struct weir_expr *window_time(struct maker *m, struct weir_type type) {
    struct weir_expr *column = bound(m, WEIR_RESULT_WINDOW_TIME);
    struct weir_type local = type;
    local.id = WEIR_TYPE_TIMESTAMP;
    if (column == NULL || weir_type_equal(column->type, type)) return column;
    if (type.id != WEIR_TYPE_TIMESTAMP_LTZ || m->builder->zone == NULL)
        return node(m, WEIR_EXPR_CAST, type, column);
    if (!weir_type_equal(column->type, local)) column = node(m, WEIR_EXPR_CAST, local, column);
    if (m->zone == NULL && !keep_zone(m)) return NULL;
    struct weir_expr *instant = node(m, WEIR_EXPR_TO_INSTANT, type, column);
    if (instant != NULL) instant->zone = m->zone;
    return instant;
}

static struct weir_expr *output_expression(struct maker *m, const struct weir_build_output *output) {
    const struct weir_plan *plan = m->plan;
    struct weir_type type = weir_build_output_type(m->builder, output);
    int32_t index = WEIR_RESULT_KEYS + output->index;
    if (output->source == WEIR_BUILD_AGGREGATE) index += plan->keys_count;
    if (output->source == WEIR_BUILD_BOUND) {
        switch (output->index) {
        case WEIR_BUILDER_WINDOW_START: return bound(m, WEIR_RESULT_WINDOW_START);
        case WEIR_BUILDER_WINDOW_END: return bound(m, WEIR_RESULT_WINDOW_END);
        case WEIR_BUILDER_WINDOW_TIME: return window_time(m, type);
        default: index = weir_plan_is_complete(plan); break;
        }
    }
    return made(m, weir_expr_column(&m->plan->arena, index, type));
}

/* ---- terms ---- */

/* What a term takes for a column of the result. */
static struct weir_expr *result_column(struct maker *m, const struct weir_expr *expr) {
    const struct weir_build_output *output = &m->builder->outputs[expr->index - m->builder->columns_count];
    struct weir_expr *column = output_expression(m, output);
    if (column == NULL || weir_type_equal(column->type, expr->type)) return column;
    return fail(
        m, weir_error_set(m->error, WEIR_ERR_INVALID,
                          "the time or the unit has changed since weir_builder_result named '%.120s', and with "
                          "it the type of that; name it after them",
                          output->name));
}

/* A copy that lives as long as the plan. */
static struct weir_expr *copy(struct maker *m, const struct weir_expr *expr) {
    struct weir_arena *arena = &m->plan->arena;
    if (expr->op == WEIR_EXPR_COLUMN && expr->index >= m->builder->columns_count) return result_column(m, expr);
    if (expr->op == WEIR_EXPR_LITERAL) return made(m, weir_expr_literal(arena, expr->type, expr->value));
    if (expr->op == WEIR_EXPR_COLUMN) return made(m, weir_expr_column(arena, expr->index, expr->type));
    struct weir_expr *twin = made(m, weir_expr_node(arena, expr->op, expr->type, expr->args_count, expr->args));
    for (int32_t i = 0; twin != NULL && i < twin->args_count; i++) {
        if ((twin->args[i] = copy(m, expr->args[i])) == NULL) return NULL;
    }
    return twin;
}

/* ---- the parts of the plan ---- */

static bool make_input(struct maker *m) {
    const struct weir_builder *builder = m->builder;
    struct weir_plan *plan = m->plan;
    plan->shape = WEIR_PLAN_AGGREGATE;
    plan->columns = array(m, builder->columns_count, sizeof(*plan->columns));
    plan->column_names = array(m, builder->columns_count, sizeof(char *));
    if (plan->columns == NULL || plan->column_names == NULL) return false;
    for (int32_t i = 0; i < builder->columns_count; i++) {
        plan->columns[i] = builder->columns[i];
        if ((plan->column_names[i] = string(m, builder->column_names[i])) == NULL) return false;
    }
    plan->columns_count = builder->columns_count;
    plan->time_column = builder->time_column;
    plan->processing_time = builder->processing_time;
    plan->units_per_second = builder->units_per_second;
    plan->watermark = builder->watermark;
    plan->window = builder->window;
    plan->emission = builder->emission;
    plan->order_floats = builder->order_floats;
    if (builder->zone != NULL && (plan->zone = string(m, builder->zone)) == NULL) return false;
    return builder->filter == NULL || (plan->filter = copy(m, builder->filter)) != NULL;
}

static bool make_groups(struct maker *m) {
    const struct weir_builder *builder = m->builder;
    struct weir_plan *plan = m->plan;
    plan->keys = array(m, builder->keys_count, sizeof(struct weir_expr *));
    plan->aggregates = array(m, builder->aggregates_count, sizeof(*plan->aggregates));
    if (plan->keys == NULL || plan->aggregates == NULL) return false;
    for (int32_t i = 0; i < builder->keys_count; i++) {
        if ((plan->keys[i] = copy(m, builder->keys[i])) == NULL) return false;
    }
    for (int32_t i = 0; i < builder->aggregates_count; i++) {
        struct weir_aggregate_call *call = &plan->aggregates[i];
        *call = builder->aggregates[i];
        if (builder->fill == WEIR_FILL_NULL) call->type.nullable = true;
        if (call->arg != NULL && (call->arg = copy(m, call->arg)) == NULL) return false;
    }
    plan->keys_count = builder->keys_count;
    plan->aggregates_count = builder->aggregates_count;
    return true;
}

static const char *aggregate_name(const struct weir_builder *builder, int32_t index) {
    for (int32_t i = 0; i < builder->outputs_count; i++) {
        const struct weir_build_output *output = &builder->outputs[i];
        if (output->source == WEIR_BUILD_AGGREGATE && output->index == index) return output->name;
    }
    return "";
}

static struct weir_expr *fill_value(struct maker *m, int32_t aggregate) {
    const struct weir_expr *literal = m->builder->fill_value;
    struct weir_type type = m->plan->aggregates[aggregate].type, wanted = type;
    bool is_float = type.id == WEIR_TYPE_FLOAT;
    union weir_value value;
    if (is_float) wanted.id = WEIR_TYPE_DOUBLE;
    if (!weir_build_convert(literal, wanted, &value)) {
        char name[WEIR_TYPE_NAME_BYTES];
        return fail(m, weir_error_set(m->error, WEIR_ERR_INVALID,
                                      "the value of WEIR_BUILDER_FILL_VALUE is no %s, which the aggregate '%.120s' "
                                      "is; cast its argument, or fill with a whole number",
                                      weir_type_name(type, false, name, sizeof(name)),
                                      aggregate_name(m->builder, aggregate)));
    }
    if (is_float) value.f64 = (float)value.f64;
    struct weir_expr *made_value = made(m, weir_expr_literal(&m->plan->arena, type, value));
    if (made_value != NULL) made_value->type = type;
    return made_value;
}

static bool make_fill(struct maker *m) {
    struct weir_plan *plan = m->plan;
    plan->fill.kind = m->builder->fill;
    if (plan->fill.kind == WEIR_FILL_NONE) return true;
    plan->fill.windows_max = m->builder->fill_windows_max;
    if (plan->fill.kind != WEIR_FILL_VALUE) return true;
    if ((plan->fill.values = array(m, plan->aggregates_count, sizeof(struct weir_expr *))) == NULL) return false;
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        if ((plan->fill.values[i] = fill_value(m, i)) == NULL) return false;
    }
    return true;
}

/* The kind of a row, where rows may follow earlier ones: its column stands first. */
static bool add_row_kind(struct maker *m) {
    struct weir_plan *plan = m->plan;
    struct weir_type type = weir_type_string();
    type.nullable = false;
    struct weir_expr *kind = made(m, weir_expr_column(&plan->arena, weir_plan_row_kind(plan), type));
    plan->outputs[plan->outputs_count++] = (struct weir_plan_output){"op", kind};
    return kind != NULL;
}

static bool make_result(struct maker *m) {
    const struct weir_builder *builder = m->builder;
    struct weir_plan *plan = m->plan;
    plan->outputs = array(m, builder->outputs_count + 1, sizeof(*plan->outputs));
    plan->order = array(m, builder->order_count, sizeof(*plan->order));
    if (plan->outputs == NULL || plan->order == NULL) return false;
    if (weir_plan_updates(plan) && !add_row_kind(m)) return false;
    for (int32_t i = 0; i < builder->outputs_count; i++) {
        struct weir_plan_output *output = &plan->outputs[plan->outputs_count++];
        output->name = string(m, builder->outputs[i].name);
        output->expr = output->name == NULL ? NULL : output_expression(m, &builder->outputs[i]);
        if (output->expr == NULL) return false;
    }
    for (int32_t i = 0; i < builder->order_count; i++) {
        const struct weir_build_order *order = &builder->order[i];
        struct weir_expr *expr = output_expression(m, &builder->outputs[order->output]);
        if (expr == NULL) return false;
        plan->order[plan->order_count++] = (struct weir_plan_order){expr, order->descending, order->nulls_first};
    }
    plan->limit = builder->limit;
    plan->offset = builder->offset;
    return builder->having == NULL || (plan->having = copy(m, builder->having)) != NULL;
}

/* ---- the query ---- */

static enum weir_status make_plan(const struct weir_builder *builder, struct weir_plan *plan,
                                  struct weir_error *error) {
    struct maker m = {.builder = builder, .plan = plan, .error = error};
    if (make_input(&m) && make_groups(&m) && make_fill(&m) && make_result(&m))
        return weir_plan_validate(plan, error);
    return m.status;
}

enum weir_status weir_builder_finish(const struct weir_builder *builder, struct weir_query **out,
                                     struct weir_error *error) {
    if (out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_builder_finish needs a place for the query");
    *out = NULL;
    if (builder == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_builder_finish needs a builder");
    if (builder->failure.code != WEIR_OK) {
        if (error != NULL) *error = builder->failure;
        return builder->failure.code;
    }
    enum weir_status status = weir_build_check(builder, error);
    if (status != WEIR_OK) return status;
    struct weir_query *query = malloc(sizeof(*query));
    if (query == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a query");
    query->plan = weir_plan_create();
    status = query->plan == NULL ? weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a query")
                                 : make_plan(builder, query->plan, error);
    if (status != WEIR_OK) {
        weir_query_destroy(&query);
        return status;
    }
    *out = query;
    return WEIR_OK;
}
