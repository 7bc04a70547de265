/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of rows of a pool ordered by a time: many small sets over one array of nodes, each named by its root. A
 * treap whose priorities are hashes of the row numbers: balanced whatever order the times come in, and so without
 * any node's history. Within a set times differ.
 *
 * A set is a uint32_t, WEIR_ROW_NONE when empty. Rows are the caller's; a row is in at most one set. The time of a
 * row in a set may be changed in place as long as the order stays.
 */
#ifndef WEIR_ENGINE_TIME_TREE_H
#define WEIR_ENGINE_TIME_TREE_H

#include <stdint.h>

#include "base/attributes.h"
#include "engine/row_pool.h"

struct weir_time_node {
    int64_t time;
    uint32_t left;
    uint32_t right;
};

/* Puts in `row`, whose time is set. */
void weir_time_tree_insert(struct weir_time_node *nodes, uint32_t *set, uint32_t row);
/* Takes out `row`, which is in the set. */
void weir_time_tree_remove(struct weir_time_node *nodes, uint32_t *set, uint32_t row);
/* All of `later`, whose times are above those of `set`, goes into the set. */
void weir_time_tree_append(struct weir_time_node *nodes, uint32_t *set, uint32_t later);

/* The row with the greatest time <= `time`, the least time >= it, the least and the greatest time of all;
 * WEIR_ROW_NONE: there is none. */
uint32_t weir_time_tree_floor(const struct weir_time_node *nodes, uint32_t set, int64_t time);
uint32_t weir_time_tree_ceiling(const struct weir_time_node *nodes, uint32_t set, int64_t time);

WEIR_INLINE uint32_t weir_time_tree_first(const struct weir_time_node *nodes, uint32_t set) {
    return weir_time_tree_ceiling(nodes, set, INT64_MIN);
}
WEIR_INLINE uint32_t weir_time_tree_last(const struct weir_time_node *nodes, uint32_t set) {
    return weir_time_tree_floor(nodes, set, INT64_MAX);
}

#endif
