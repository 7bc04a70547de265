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

const char *weir_query_explain(const struct weir_query *query) { return query->plan->explain; }

enum weir_status weir_query_schema(const struct weir_query *query, struct ArrowSchema *out,
                                   struct weir_error *error) {
    return weir_plan_schema(query->plan, out, error);
}
