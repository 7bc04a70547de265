/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/query.h"

#include <stdlib.h>

#include "base/error.h"

void weir_query_destroy(struct weir_query **query) {
    if (query == NULL || *query == NULL) return;
    weir_plan_release((*query)->plan);
    free(*query);
    *query = NULL;
}

const char *weir_query_explain(const struct weir_query *query) { return query == NULL ? "" : query->plan->explain; }

enum weir_status weir_query_schema(const struct weir_query *query, struct ArrowSchema *out,
                                   struct weir_error *error) {
    if (query == NULL || out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_query_schema needs a query and a place for the schema");
    return weir_plan_schema(query->plan, out, error);
}

enum weir_status weir_query_late_schema(const struct weir_query *query, struct ArrowSchema *out,
                                        struct weir_error *error) {
    if (query == NULL || out == NULL)
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_query_late_schema needs a query and a place for the schema");
    const struct weir_plan *plan = query->plan;
    size_t count = (size_t)plan->columns_count;
    struct weir_type *types = calloc(count + 1, sizeof(*types));
    if (types == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a schema");
    for (size_t i = 0; i < count; i++) types[i] = plan->columns[i].type;
    enum weir_status status = weir_schema_export(plan->column_names, types, count, out, error);
    free(types);
    return status;
}
