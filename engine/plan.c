/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/plan.h"

#include <stdlib.h>

#include "base/error.h"
#include "engine/event_time.h"
#include "engine/explain.h"
#include "engine/machine.h"

struct weir_plan *weir_plan_create(void) {
    struct weir_plan *plan = calloc(1, sizeof(*plan));
    if (plan == NULL) return NULL;
    plan->time_column = -1;
    plan->limit = -1;
    plan->units_per_second = WEIR_UNIT_MS;
    plan->references = 1;
    return plan;
}

int32_t weir_plan_key_column(const struct weir_plan *plan, int32_t key) {
    const struct weir_expr *expr = plan->keys[key];
    if (expr->op != WEIR_EXPR_COLUMN || plan->columns[expr->index].storage != WEIR_STORE_DICTIONARY) return -1;
    return expr->index;
}

bool weir_plan_may_be_direct(const struct weir_plan *plan) {
    bool one_slice = plan->window.kind == WEIR_WINDOW_TUMBLE || plan->window.kind == WEIR_WINDOW_NONE;
    return one_slice && plan->keys_count > 0 && plan->fill.kind == WEIR_FILL_NONE &&
           !weir_plan_cuts_unordered(plan);
}

struct weir_plan *weir_plan_retain(struct weir_plan *plan) {
    __atomic_add_fetch(&plan->references, 1, __ATOMIC_RELAXED);
    return plan;
}

void weir_plan_release(struct weir_plan *plan) {
    if (plan == NULL || __atomic_sub_fetch(&plan->references, 1, __ATOMIC_ACQ_REL) != 0) return;
    weir_arena_fini(&plan->arena);
    free(plan);
}

/* ---- types of aggregates ---- */

static const char *function_name(enum weir_aggregate_function function) {
    static const char *const names[] = {"COUNT(*)", "COUNT", "SUM", "MIN", "MAX", "AVG"};
    return names[function];
}

static enum weir_status refuse_aggregate(enum weir_aggregate_function function, struct weir_type arg,
                                         struct weir_error *error) {
    char name[WEIR_TYPE_NAME_BYTES];
    weir_type_name(arg, false, name, sizeof(name));
    if (arg.id == WEIR_TYPE_DECIMAL) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                              "%s of %s is not supported yet; CAST the argument to DOUBLE or BIGINT",
                              function_name(function), name);
    }
    return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "%s does not take %s", function_name(function), name);
}

enum weir_status weir_aggregate_type(enum weir_aggregate_function function, struct weir_type arg,
                                     struct weir_type *out, struct weir_error *error) {
    *out = arg;
    out->nullable = true;
    bool summable = weir_type_is_numeric(arg) && arg.id != WEIR_TYPE_DECIMAL;
    bool ordered = weir_type_is_numeric(arg) || weir_type_is_time(arg) || arg.id == WEIR_TYPE_DATE ||
                   arg.id == WEIR_TYPE_TIME || arg.id == WEIR_TYPE_STRING;
    switch (function) {
    case WEIR_AGGREGATE_COUNT_STAR:
    case WEIR_AGGREGATE_COUNT:
        *out = weir_type_of(WEIR_TYPE_BIGINT);
        out->nullable = false;
        return WEIR_OK;
    case WEIR_AGGREGATE_SUM:
    case WEIR_AGGREGATE_AVG: return summable ? WEIR_OK : refuse_aggregate(function, arg, error);
    case WEIR_AGGREGATE_MIN:
    case WEIR_AGGREGATE_MAX: return ordered ? WEIR_OK : refuse_aggregate(function, arg, error);
    }
    return weir_error_set(error, WEIR_ERR_INVALID, "unknown aggregate function");
}

/* ---- validation ---- */

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while planning the query");
}

static enum weir_status defect(struct weir_error *error, const char *what) {
    return weir_error_set(error, WEIR_ERR_INVALID, "the plan is not valid: %s", what);
}

/* How a column of vectors lies in memory. */
static struct weir_layout vector_layout(struct weir_type type) {
    struct weir_layout layout = {.type = type};
    switch (weir_type_vector(type)) {
    case WEIR_VECTOR_BOOL: layout.storage = WEIR_STORE_BOOL; break;
    case WEIR_VECTOR_F64: layout.storage = WEIR_STORE_F64; break;
    case WEIR_VECTOR_I128: layout.storage = WEIR_STORE_I128; break;
    case WEIR_VECTOR_STRING: layout.storage = WEIR_STORE_LARGE_UTF8; break;
    default: layout.storage = WEIR_STORE_I64; break;
    }
    if (weir_type_is_time(type)) layout.ticks_per_second = weir_type_ticks(type);
    if (type.id == WEIR_TYPE_TIME) layout.ticks_per_second = 1000;
    return layout;
}

static struct weir_type not_null(enum weir_type_id id) {
    struct weir_type type = weir_type_of(id);
    type.nullable = false;
    return type;
}

static void bound_layouts(const struct weir_plan *plan, struct weir_layout *bounds) {
    struct weir_type time = weir_unit_bound_type(plan->units_per_second);
    time.nullable = plan->window.kind == WEIR_WINDOW_NONE;
    for (int i = 0; i < 3; i++) bounds[i] = vector_layout(time);
}

/* The columns that outputs refer to. */
static enum weir_status make_result_columns(struct weir_plan *plan, struct weir_error *error) {
    bool rows = plan->shape == WEIR_PLAN_ROWS;
    int32_t count = 3 + (rows ? plan->columns_count : plan->keys_count + plan->aggregates_count + 2);
    struct weir_layout *columns = weir_arena_array(&plan->arena, (size_t)count, sizeof(*columns));
    if (columns == NULL) return out_of_memory(error);
    if (rows) {
        for (int32_t i = 0; i < plan->columns_count; i++) columns[i] = plan->columns[i];
        bound_layouts(plan, columns + plan->columns_count);
    } else {
        bound_layouts(plan, columns);
        for (int32_t i = 0; i < plan->keys_count; i++)
            columns[WEIR_RESULT_KEYS + i] = vector_layout(plan->keys[i]->type);
        for (int32_t i = 0; i < plan->aggregates_count; i++) {
            columns[WEIR_RESULT_KEYS + plan->keys_count + i] = vector_layout(plan->aggregates[i].type);
        }
        columns[weir_plan_row_kind(plan)] = vector_layout(not_null(WEIR_TYPE_STRING));
        columns[weir_plan_is_complete(plan)] = vector_layout(not_null(WEIR_TYPE_BOOLEAN));
    }
    plan->result_columns = columns;
    plan->result_columns_count = count;
    return WEIR_OK;
}

static enum weir_status compile_input(struct weir_plan *plan, const struct weir_expr *expr,
                                      struct weir_program **out, struct weir_error *error) {
    return weir_program_create(&plan->arena, expr, plan->columns, plan->columns_count, out, error);
}

static enum weir_status compile_result(struct weir_plan *plan, const struct weir_expr *expr,
                                       struct weir_program **out, struct weir_error *error) {
    return weir_program_create(&plan->arena, expr, plan->result_columns, plan->result_columns_count, out, error);
}

/* Ms go with any time, other units with a column of theirs. */
static enum weir_status check_unit(const struct weir_plan *plan, int64_t ticks_per_second,
                                   struct weir_error *error) {
    int64_t units = plan->units_per_second;
    if (units == WEIR_UNIT_MS || (units == ticks_per_second && (units > WEIR_UNIT_MS || plan->zone == NULL)))
        return WEIR_OK;
    return defect(error, "its unit is not that of its time");
}

static enum weir_status check_time(const struct weir_plan *plan, struct weir_error *error) {
    bool needs_time = (plan->window.kind != WEIR_WINDOW_NONE && !plan->processing_time) ||
                      plan->watermark.kind == WEIR_WATERMARK_DELAY;
    bool computed = plan->time_expression != NULL;
    if (plan->time_column >= plan->columns_count) return defect(error, "the time column does not exist");
    if (computed && (plan->time_column >= 0 || plan->processing_time)) return defect(error, "it has two times");
    if (computed && !weir_type_is_time(plan->time_expression->type)) return defect(error, "the time is none");
    if (computed) return check_unit(plan, WEIR_UNIT_MS, error);
    if (plan->time_column < 0)
        return needs_time ? defect(error, "a window needs a time column") : check_unit(plan, WEIR_UNIT_MS, error);
    const struct weir_layout *time = &plan->columns[plan->time_column];
    if (!weir_type_is_time(time->type) || time->storage != WEIR_STORE_I64 || time->ticks_per_second < 1) {
        return weir_error_set(error, WEIR_ERR_INVALID, "the time column '%s' must be a TIMESTAMP or TIMESTAMP_LTZ",
                              plan->column_names[plan->time_column]);
    }
    return check_unit(plan, time->ticks_per_second, error);
}

static enum weir_status compile_row_phase(struct weir_plan *plan, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    if (plan->time_expression != NULL) {
        status = compile_input(plan, plan->time_expression, &plan->time_program, error);
    }
    if (status == WEIR_OK && plan->watermark.kind == WEIR_WATERMARK_EXPRESSION) {
        status = compile_input(plan, plan->watermark.expression, &plan->watermark_program, error);
    }
    if (status == WEIR_OK && plan->filter != NULL) {
        if (plan->filter->type.id != WEIR_TYPE_BOOLEAN) return defect(error, "WHERE is not BOOLEAN");
        status = compile_input(plan, plan->filter, &plan->filter_program, error);
    }
    plan->key_programs =
        weir_arena_array(&plan->arena, (size_t)plan->keys_count + 1, sizeof(struct weir_program *));
    plan->aggregate_programs =
        weir_arena_array(&plan->arena, (size_t)plan->aggregates_count + 1, sizeof(struct weir_program *));
    if (plan->key_programs == NULL || plan->aggregate_programs == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < plan->keys_count && status == WEIR_OK; i++) {
        status = compile_input(plan, plan->keys[i], &plan->key_programs[i], error);
    }
    for (int32_t i = 0; i < plan->aggregates_count && status == WEIR_OK; i++) {
        if (plan->aggregates[i].arg == NULL) continue;
        status = compile_input(plan, plan->aggregates[i].arg, &plan->aggregate_programs[i], error);
    }
    return status;
}

static bool is_float_sum(const struct weir_aggregate_call *call) {
    bool sum = call->function == WEIR_AGGREGATE_SUM || call->function == WEIR_AGGREGATE_AVG;
    return sum && weir_type_vector(call->type) == WEIR_VECTOR_F64;
}

static void find_float_sum(struct weir_expr *node, void *user) {
    struct weir_plan *plan = user;
    int32_t call = node->index - WEIR_RESULT_KEYS - plan->keys_count;
    if (node->op != WEIR_EXPR_COLUMN || call < 0 || call >= plan->aggregates_count) return;
    plan->ordered_floats |= is_float_sum(&plan->aggregates[call]);
}

/* The last bits of a sum of floats depend on the order of its rows. Where they can decide which rows come out, or
 * in which order, the order must not depend on the number of workers. */
static void find_ordered_floats(struct weir_plan *plan) {
    if (plan->shape != WEIR_PLAN_AGGREGATE) return;
    if (plan->having != NULL) weir_expr_walk(plan->having, find_float_sum, plan);
    for (int32_t i = 0; i < plan->order_count; i++) weir_expr_walk(plan->order[i].expr, find_float_sum, plan);
    for (int32_t i = 0; plan->order_floats && i < plan->aggregates_count; i++)
        plan->ordered_floats |= is_float_sum(&plan->aggregates[i]);
}

static enum weir_status compile_result_phase(struct weir_plan *plan, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    plan->output_programs =
        weir_arena_array(&plan->arena, (size_t)plan->outputs_count + 1, sizeof(struct weir_program *));
    plan->order_programs =
        weir_arena_array(&plan->arena, (size_t)plan->order_count + 1, sizeof(struct weir_program *));
    if (plan->output_programs == NULL || plan->order_programs == NULL) return out_of_memory(error);
    if (plan->having != NULL) {
        if (plan->having->type.id != WEIR_TYPE_BOOLEAN) return defect(error, "HAVING is not BOOLEAN");
        status = compile_result(plan, plan->having, &plan->having_program, error);
    }
    for (int32_t i = 0; i < plan->outputs_count && status == WEIR_OK; i++) {
        status = compile_result(plan, plan->outputs[i].expr, &plan->output_programs[i], error);
    }
    for (int32_t i = 0; i < plan->order_count && status == WEIR_OK; i++) {
        status = compile_result(plan, plan->order[i].expr, &plan->order_programs[i], error);
    }
    return status;
}

enum weir_status weir_plan_validate(struct weir_plan *plan, struct weir_error *error) {
    if (plan->outputs_count < 1) return defect(error, "it has no output");
    if (plan->offset < 0 || plan->limit < -1) return defect(error, "LIMIT or OFFSET is negative");
    enum weir_status status = check_time(plan, error);
    if (status == WEIR_OK && plan->time_name == NULL)
        plan->time_name = plan->processing_time ? "PROCTIME()" : weir_event_time_name(plan);
    if (status == WEIR_OK) status = weir_window_validate(&plan->window, "", error);
    if (status == WEIR_OK) status = make_result_columns(plan, error);
    if (status == WEIR_OK) status = compile_row_phase(plan, error);
    if (status == WEIR_OK) status = compile_result_phase(plan, error);
    if (status == WEIR_OK) find_ordered_floats(plan);
    plan->by_key = plan->ordered_floats || weir_machine_of(plan) != NULL;
    if (status != WEIR_OK || plan->explain != NULL) return status;
    plan->explain = weir_plan_explain(plan);
    return plan->explain == NULL ? out_of_memory(error) : WEIR_OK;
}

enum weir_status weir_plan_schema(const struct weir_plan *plan, struct ArrowSchema *out, struct weir_error *error) {
    size_t count = (size_t)plan->outputs_count;
    const char **names = calloc(count + 1, sizeof(*names));
    struct weir_type *types = calloc(count + 1, sizeof(*types));
    enum weir_status status = WEIR_ERR_MEMORY;
    if (names == NULL || types == NULL) {
        out_of_memory(error);
    } else {
        for (size_t i = 0; i < count; i++) {
            names[i] = plan->outputs[i].name;
            types[i] = plan->outputs[i].expr->type;
        }
        status = weir_schema_export(names, types, count, out, error);
    }
    free(names);
    free(types);
    return status;
}
