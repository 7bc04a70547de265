/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet_groups.h"

#include <stdlib.h>

#include "base/error.h"

static void note_time(struct weir_parquet_group *group, const struct weir_source_range *time) {
    group->time_nulls = time->nulls < 0 ? 0 : time->nulls;
    group->time_max =
        group->time_nulls < group->rows && time->bounds == WEIR_SOURCE_BOUNDS_I64 ? time->max.i64 : INT64_MIN;
}

static enum weir_status judge_one(struct weir_parquet_groups *groups, const struct weir_parquet_module *module,
                                  struct weir_parquet_reader *reader, int32_t idx,
                                  const struct weir_source_filter *filter, struct weir_source_range *ranges,
                                  struct weir_error *error) {
    struct weir_parquet_group *group = &groups->groups[idx];
    group->time_max = INT64_MIN;
    enum weir_status status = module->reader_group(reader, idx, ranges, &group->rows, error);
    if (status != WEIR_OK || group->rows == 0) return status;
    group->is_left_out = filter->leaves_out(filter->user, ranges, group->rows);
    if (!group->is_left_out) return WEIR_OK;
    groups->left_out++;
    if (filter->time_column >= 0) note_time(group, &ranges[filter->time_column]);
    module->reader_leave_out(reader, idx);
    return WEIR_OK;
}

enum weir_status weir_parquet_groups_judge(struct weir_parquet_groups *groups,
                                           const struct weir_parquet_module *module,
                                           struct weir_parquet_reader *reader, int32_t count, size_t columns,
                                           const struct weir_source_filter *filter, struct weir_error *error) {
    struct weir_source_range *ranges = calloc(columns + 1, sizeof(*ranges));
    groups->groups = calloc((size_t)count + 1, sizeof(*groups->groups));
    enum weir_status status = WEIR_OK;
    if (ranges == NULL || groups->groups == NULL)
        status = weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the statistics of %d row groups", count);
    if (status == WEIR_OK) groups->count = count;
    for (int32_t idx = 0; idx < count && status == WEIR_OK; idx++)
        status = judge_one(groups, module, reader, idx, filter, ranges, error);
    free(ranges);
    return status;
}

struct weir_source_left_out weir_parquet_groups_tell(struct weir_parquet_groups *groups, int32_t until) {
    struct weir_source_left_out out = {.time_max = INT64_MIN};
    for (; groups->told < until && groups->told < groups->count; groups->told++) {
        const struct weir_parquet_group *group = &groups->groups[groups->told];
        if (!group->is_left_out) continue;
        out.groups++;
        out.rows += group->rows;
        out.time_nulls += group->time_nulls;
        if (group->time_max > out.time_max) out.time_max = group->time_max;
    }
    groups->told_groups += out.groups;
    groups->told_rows += out.rows;
    return out;
}

void weir_parquet_groups_gave(struct weir_parquet_groups *groups, int32_t group, int64_t rows) {
    if (group != groups->at) {
        groups->at = group;
        groups->given = 0;
        groups->is_known = false;
    }
    groups->given += rows;
}

/* Statistics that cannot be had say nothing. */
static bool look_up(struct weir_parquet_groups *groups, const struct weir_parquet_module *module,
                    struct weir_parquet_reader *reader, size_t columns) {
    struct weir_error ignored;
    if (groups->is_known) return true;
    if (groups->known == NULL) groups->known = calloc(columns + 1, sizeof(*groups->known));
    if (groups->known == NULL) return false;
    enum weir_status status = module->reader_group(reader, groups->at, groups->known, &groups->rows, &ignored);
    groups->is_known = status == WEIR_OK;
    return groups->is_known;
}

bool weir_parquet_groups_range(struct weir_parquet_groups *groups, const struct weir_parquet_module *module,
                               struct weir_parquet_reader *reader, size_t columns, int32_t column,
                               struct weir_source_range *out, struct weir_source_group *group) {
    if (column < 0 || (size_t)column >= columns || !look_up(groups, module, reader, columns)) return false;
    *out = groups->known[column];
    *group = (struct weir_source_group){groups->rows, groups->rows - groups->given};
    return out->bounds == WEIR_SOURCE_BOUNDS_I64 && group->left >= 0;
}

void weir_parquet_groups_fini(struct weir_parquet_groups *groups) {
    free(groups->known);
    free(groups->groups);
    *groups = (struct weir_parquet_groups){0};
}
