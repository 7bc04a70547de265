/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ahead.h"

#include <string.h>

static size_t row_bytes(const struct weir_layout *layout) {
    return weir_storage_bytes(layout->storage == WEIR_STORE_DICTIONARY ? layout->codes : layout->storage);
}

static void add_column(struct weir_ahead *ahead, const struct weir_layout *layouts, int32_t column, bool of_times) {
    size_t bytes = row_bytes(&layouts[column]);
    if (layouts[column].storage == WEIR_STORE_DICTIONARY) return;
    if (bytes == 0) return;
    for (int32_t i = 0; i < ahead->columns_count; i++) {
        if (ahead->columns[i] != column) continue;
        ahead->of_times[i] &= of_times;
        return;
    }
    if (ahead->columns_count == WEIR_AHEAD_COLUMNS) return;
    ahead->columns[ahead->columns_count] = column;
    ahead->of_times[ahead->columns_count] = of_times;
    ahead->widths[ahead->columns_count++] = (int32_t)bytes;
}

struct search {
    struct weir_ahead *ahead;
    const struct weir_layout *layouts;
    bool of_times;
};

static void visit(struct weir_expr *node, void *user) {
    struct search *search = user;
    if (node->op == WEIR_EXPR_COLUMN) add_column(search->ahead, search->layouts, node->index, search->of_times);
}

void weir_ahead_init(struct weir_ahead *ahead, const struct weir_plan *plan) {
    struct search search = {ahead, plan->columns, true};
    memset(ahead, 0, sizeof(*ahead));
    ahead->sum_column = -1;
    if (plan->time_column >= 0) add_column(ahead, plan->columns, plan->time_column, true);
    struct weir_expr *times[] = {plan->time_expression, plan->watermark.expression};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(times); i++) {
        if (times[i] != NULL) weir_expr_walk(times[i], visit, &search);
    }
    search.of_times = false;
    if (plan->filter != NULL) weir_expr_walk(plan->filter, visit, &search);
    for (int32_t i = 0; i < plan->keys_count; i++) weir_expr_walk(plan->keys[i], visit, &search);
    for (int32_t i = 0; i < plan->aggregates_count; i++) {
        if (plan->aggregates[i].arg != NULL) weir_expr_walk(plan->aggregates[i].arg, visit, &search);
    }
}

void weir_ahead_choose_sum(struct weir_ahead *ahead, const struct weir_plan *plan) {
    if (plan->keys_count > 0 || plan->filter != NULL || plan->ordered_floats || plan->time_column < 0) return;
    for (int32_t i = 0; i < plan->aggregates_count && ahead->sum_column < 0; i++) {
        const struct weir_aggregate_call *call = &plan->aggregates[i];
        bool sums = call->function == WEIR_AGGREGATE_SUM || call->function == WEIR_AGGREGATE_AVG;
        if (!sums || call->arg->op != WEIR_EXPR_COLUMN) continue;
        if (plan->columns[call->arg->index].storage == WEIR_STORE_F64) ahead->sum_column = call->arg->index;
    }
}

void weir_ahead_aim(struct weir_ahead *ahead, const struct weir_column *columns, int64_t first, int32_t rows,
                    bool times) {
    ahead->rows = rows;
    ahead->step = WEIR_AHEAD_ROWS;
    ahead->summed = NULL;
    for (int32_t i = 0; i < ahead->columns_count; i++) {
        uintptr_t values = (uintptr_t)columns[ahead->columns[i]].values;
        ahead->next[i] = values + (uintptr_t)first * (uintptr_t)ahead->widths[i];
        ahead->bytes[i] = times || !ahead->of_times[i] ? ahead->widths[i] : 0;
    }
}
