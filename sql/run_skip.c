/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/run_skip.h"

#include "engine/pipeline.h"
#include "engine/prune.h"
#include "sql/session.h"

static bool leaves_out(void *user, const struct weir_source_range *ranges, int64_t rows) {
    const struct weir_run *run = user;
    return weir_prune_leaves_out(run->query.plan, ranges, rows, run->session->options.fail_on_null_time);
}

/* A source that can, and something to choose by. */
static bool is_asked(const struct weir_run *run) {
    return run->source.leave_out != NULL && run->source.left_out != NULL && run->source.partitions <= 1 &&
           run->query.plan->filter != NULL;
}

enum weir_status weir_run_skip_begin(struct weir_run *run, struct weir_error *error) {
    const struct weir_plan *plan = run->query.plan;
    if (!is_asked(run) || weir_prune_obstacle(plan) != NULL) return WEIR_OK;
    run->skips = true;
    struct weir_source_filter filter = {run, leaves_out, plan->time_column};
    return run->source.leave_out(run->source.state, &filter, error);
}

enum weir_status weir_run_skip_count(struct weir_run *run, struct weir_error *error) {
    if (!run->skips) return WEIR_OK;
    struct weir_source_left_out rows = {.time_max = INT64_MIN};
    run->source.left_out(run->source.state, &rows);
    return weir_pipeline_pass_over(run->pipeline, &rows, error);
}

const char *weir_run_skip_explain(const struct weir_run *run) {
    if (!is_asked(run)) return "";
    const char *obstacle = weir_prune_obstacle(run->query.plan);
    if (obstacle == NULL) return "skip: groups of rows whose statistics show that the filter drops them all\n";
    return weir_arena_format(&run->query.plan->arena, "skip: nothing, since %s\n", obstacle);
}
