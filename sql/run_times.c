/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/run_times.h"

#include "engine/known_time.h"
#include "engine/pipeline.h"
#include "sql/session.h"

/* A time column, and something that looks at it. */
static bool is_asked(const struct weir_run *run) {
    const struct weir_plan *plan = run->query.plan;
    return run->source.batch_range != NULL && run->source.partitions <= 1 && plan->time_column >= 0 &&
           plan->shape == WEIR_PLAN_AGGREGATE;
}

enum weir_status weir_run_times_push(struct weir_run *run, struct ArrowArray *batch, struct weir_error *error) {
    const struct weir_plan *plan = run->query.plan;
    struct weir_source_range known = {.nulls = -1};
    struct weir_source_group group;
    bool is_known = is_asked(run) &&
                    run->source.batch_range(run->source.state, plan->time_column, &known, &group) &&
                    known.nulls == 0 && known.bounds == WEIR_SOURCE_BOUNDS_I64;
    if (!is_known) return weir_pipeline_push(run->pipeline, 0, batch, error);
    const struct weir_time_range range = {sizeof(range), known.min.i64, known.max.i64, known.exact};
    return weir_pipeline_push_of_group(run->pipeline, 0, batch, &range, &group, error);
}

const char *weir_run_times_explain(const struct weir_run *run) {
    const struct weir_plan *plan = run->query.plan;
    if (!is_asked(run) || plan->window.kind == WEIR_WINDOW_NONE) return "";
    const char *obstacle = weir_known_time_obstacle(plan);
    if (obstacle == NULL)
        return "times: not read of groups of rows whose statistics put them all into one slice of the windows\n";
    return weir_arena_format(&run->query.plan->arena, "times: read of every row, since %s\n", obstacle);
}
