/* SPDX-License-Identifier: Apache-2.0
 *
 * Which row groups of a Parquet file a query does not need, by their statistics, and what is to be told of them.
 */
#ifndef WEIR_CONNECT_PARQUET_GROUPS_H
#define WEIR_CONNECT_PARQUET_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connect/parquet/parquet_module.h"
#include "weir/weir.h"

struct weir_parquet_group {
    bool is_left_out;
    int64_t rows;
    int64_t time_nulls;
    int64_t time_max; /* as in struct weir_source_left_out */
};

/* Zeroed: every group is read. */
struct weir_parquet_groups {
    struct weir_parquet_group *groups;
    int32_t count;
    int32_t told;        /* groups before this one have been told of */
    int64_t left_out;    /* of all */
    int64_t told_groups; /* of them, those that have been told */
    int64_t told_rows;
    /* of the row group that a batch was given of last */
    int32_t at;
    int64_t given; /* rows */
    bool is_known; /* what follows is of it */
    int64_t rows;
    struct weir_source_range *known; /* by column */
};

/* Asks the filter about each group and has the reader leave out those that it does not need. count: row groups of
 * the file; columns: of the scan, which has begun. */
enum weir_status weir_parquet_groups_judge(struct weir_parquet_groups *groups,
                                           const struct weir_parquet_module *module,
                                           struct weir_parquet_reader *reader, int32_t count, size_t columns,
                                           const struct weir_source_filter *filter, struct weir_error *error);

/* What lies before the group `until` and has not been told. */
struct weir_source_left_out weir_parquet_groups_tell(struct weir_parquet_groups *groups, int32_t until);

/* The reader has given a batch of so many rows. */
void weir_parquet_groups_gave(struct weir_parquet_groups *groups, int32_t group, int64_t rows);

/* What is known of a column over the row group of that batch, and how much of it is left; false: nothing. columns:
 * of the scan. */
bool weir_parquet_groups_range(struct weir_parquet_groups *groups, const struct weir_parquet_module *module,
                               struct weir_parquet_reader *reader, size_t columns, int32_t column,
                               struct weir_source_range *out, struct weir_source_group *group);

void weir_parquet_groups_fini(struct weir_parquet_groups *groups);

#endif
