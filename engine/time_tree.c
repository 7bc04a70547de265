/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/time_tree.h"

#define NONE WEIR_ROW_NONE

/* A bijection of the row numbers (the finisher of MurmurHash3), so no two priorities are equal. */
static uint32_t priority(uint32_t row) {
    row = (row ^ row >> 16) * 0x85EBCA6B;
    row = (row ^ row >> 13) * 0xC2B2AE35;
    return row ^ row >> 16;
}

void weir_time_tree_insert(struct weir_time_node *nodes, uint32_t *set, uint32_t row) {
    int64_t time = nodes[row].time;
    uint32_t *at = set;
    while (*at != NONE && priority(*at) > priority(row)) {
        at = time < nodes[*at].time ? &nodes[*at].left : &nodes[*at].right;
    }
    uint32_t rest = *at; /* is split into what lies below and above the row */
    *at = row;
    uint32_t *left = &nodes[row].left, *right = &nodes[row].right;
    while (rest != NONE) {
        if (nodes[rest].time < time) {
            *left = rest;
            left = &nodes[rest].right;
            rest = *left;
        } else {
            *right = rest;
            right = &nodes[rest].left;
            rest = *right;
        }
    }
    *left = *right = NONE;
}

/* Puts what lies under two roots, all of `left` below all of `right`, where *at is. */
static void join(struct weir_time_node *nodes, uint32_t *at, uint32_t left, uint32_t right) {
    while (left != NONE && right != NONE) {
        if (priority(left) > priority(right)) {
            *at = left;
            at = &nodes[left].right;
            left = *at;
        } else {
            *at = right;
            at = &nodes[right].left;
            right = *at;
        }
    }
    *at = left != NONE ? left : right;
}

void weir_time_tree_remove(struct weir_time_node *nodes, uint32_t *set, uint32_t row) {
    int64_t time = nodes[row].time;
    uint32_t *at = set;
    while (*at != row) at = time < nodes[*at].time ? &nodes[*at].left : &nodes[*at].right;
    join(nodes, at, nodes[row].left, nodes[row].right);
}

void weir_time_tree_append(struct weir_time_node *nodes, uint32_t *set, uint32_t later) {
    join(nodes, set, *set, later);
}

uint32_t weir_time_tree_floor(const struct weir_time_node *nodes, uint32_t set, int64_t time) {
    uint32_t found = NONE;
    while (set != NONE) {
        if (nodes[set].time <= time) {
            found = set;
            set = nodes[set].right;
        } else {
            set = nodes[set].left;
        }
    }
    return found;
}

uint32_t weir_time_tree_ceiling(const struct weir_time_node *nodes, uint32_t set, int64_t time) {
    uint32_t found = NONE;
    while (set != NONE) {
        if (nodes[set].time >= time) {
            found = set;
            set = nodes[set].left;
        } else {
            set = nodes[set].right;
        }
    }
    return found;
}
