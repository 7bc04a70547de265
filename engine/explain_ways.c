/* SPDX-License-Identifier: Apache-2.0
 *
 * The ways that rows of an aggregating plan can take, and what decides between them while it runs. Each line asks
 * the function that decides, so that it says no more than what is done.
 */
#include <stdlib.h>

#include "engine/accumulator_lanes.h"
#include "engine/explain.h"
#include "engine/handover.h"
#include "engine/ingest_parts.h"
#include "engine/machine.h"
#include "engine/partition_first.h"
#include "engine/strategy.h"

struct ways {
    struct weir_plan *plan;
    struct weir_ingest *ingest; /* of a plan, its accumulator and keys alone */
    struct weir_accumulator accumulator;
    const char *lines; /* NULL once memory was short */
};

static void add(struct ways *ways, const char *line) {
    if (ways->lines == NULL || line == NULL) {
        ways->lines = NULL;
        return;
    }
    ways->lines = weir_arena_format(&ways->plan->arena, "%s%s\n", ways->lines, line);
}

/* ---- accumulator rows ---- */

static const char *argument(struct ways *ways, int32_t arg) {
    struct weir_plan *plan = ways->plan;
    int32_t call = 0;
    while (ways->accumulator.call_arg[call] != arg) call++;
    const char *text = weir_expr_text(&plan->arena, plan->aggregates[call].arg, plan->column_names);
    return text == NULL ? "?" : text;
}

static const char *field_name(enum weir_field_kind kind) {
    switch (kind) {
    case WEIR_FIELD_ROWS: return "rows";
    case WEIR_FIELD_NULLS: return "NULLs of ";
    case WEIR_FIELD_SUM_I64:
    case WEIR_FIELD_SUM_SHORT:
    case WEIR_FIELD_SUM_F64:
    case WEIR_FIELD_SUM_F32: return "sum of ";
    case WEIR_FIELD_MIN_I64:
    case WEIR_FIELD_MIN_F64:
    case WEIR_FIELD_MIN_I128:
    case WEIR_FIELD_MIN_STRING: return "min of ";
    case WEIR_FIELD_MAX_I64:
    case WEIR_FIELD_MAX_F64:
    case WEIR_FIELD_MAX_I128:
    case WEIR_FIELD_MAX_STRING: return "max of ";
    }
    return "";
}

static void add_row(struct ways *ways) {
    const struct weir_accumulator *accumulator = &ways->accumulator;
    struct weir_arena *arena = &ways->plan->arena;
    const char *list = "", *uncounted = "";
    for (int32_t i = 0; i < accumulator->fields_count && list != NULL; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        bool last = i + 1 == accumulator->fields_count;
        int32_t end = last ? (int32_t)accumulator->stride : field[1].offset;
        list = weir_arena_format(arena, "%s%s%s%s %d", list, i == 0 ? "" : ", ", field_name(field->kind),
                                 field->arg < 0 ? "" : argument(ways, field->arg), end - field->offset);
    }
    for (int32_t i = 0; i < accumulator->args_count && uncounted != NULL; i++) {
        if (accumulator->arg_nulls[i] != 0) continue;
        uncounted = weir_arena_format(arena, "%s%s %s", uncounted,
                                      *uncounted == '\0' ? "; NOT NULL, so not counted:" : ",", argument(ways, i));
    }
    if (list == NULL || uncounted == NULL) {
        ways->lines = NULL;
        return;
    }
    add(ways, weir_arena_format(arena, "accumulators: %zu bytes a key and %s: %s%s", accumulator->stride,
                                weir_machine_of(ways->plan) == NULL ? "slice" : "window", list, uncounted));
}

/* ---- ids of keys ---- */

static void add_ids(struct ways *ways) {
    const struct weir_plan *plan = ways->plan;
    const struct weir_key_table *keys = ways->ingest->keys;
    const struct weir_expr *first = plan->keys[0];
    bool one = plan->keys_count == 1, packs = weir_key_table_may_pack(keys);
    if (one && first->type.id == WEIR_TYPE_STRING) {
        bool coded = weir_plan_key_column(plan, 0) >= 0 || weir_program_dictionary(plan->key_programs[0]) != NULL;
        add(ways,
            coded ? "ids: the codes of the first dictionary as they are; those of others are looked up once each"
                  : "ids: those of the strings");
    } else if (weir_key_table_way(keys) == WEIR_KEY_WAY_MIXED) {
        add(ways, "ids: a key takes several words, which are hashed as one that is mixed from them");
    } else if (weir_key_table_way(keys) == WEIR_KEY_WAY_PACKED) {
        add(ways, "ids: columns are packed into one word by the ranges of the values that are seen: few words have "
                  "cells, more are hashed; columns that fit no word are hashed as one that is mixed from several");
    } else {
        add(ways,
            packs ? "ids: the word of a key has a cell while the values that are seen are few, else it is hashed"
                  : "ids: the word of a key is hashed");
    }
}

/* ---- many keys, few keys, workers ---- */

static void add_keys_by_number(struct ways *ways) {
    struct weir_arena *arena = &ways->plan->arena;
    const struct weir_plan *plan = ways->plan;
    enum weir_window_kind window = plan->window.kind;
    if (weir_machine_of(plan) != NULL) return;
    if (weir_lanes_suit(&ways->accumulator))
        add(ways,
            weir_arena_format(arena,
                              "few keys: accumulators of up to %d keys are held from block to block and added "
                              "to by vectors, while rows of a slice come one after the other",
                              WEIR_LANES_KEYS_MOST));
    if (!weir_ingest_may_part(ways->ingest)) return;
    bool owns = (window == WEIR_WINDOW_TUMBLE || window == WEIR_WINDOW_NONE) && plan->fill.kind == WEIR_FILL_NONE;
    add(ways, weir_arena_format(arena,
                                "many keys: from %d MiB of keys and accumulators on rows wait, and a part of the "
                                "keys is added up at a time%s",
                                (int)(WEIR_WAITING_STATE_FROM >> 20),
                                owns ? "; with few rows a key, windows fire from where rows wait" : ""));
}

static void add_owners(struct ways *ways) {
    bool hands_over = weir_handover_is_possible(ways->ingest);
    struct weir_arena *arena = &ways->plan->arena;
    bool are_wide = weir_strategy_keys_are_wide(ways->plan);
    add(ways, weir_arena_format(arena, "owners: from %d keys of a worker on%s each worker owns a part of the keys",
                                WEIR_PARTITION_KEYS_FROM,
                                ways->plan->by_key && hands_over ? ", or where there are many workers," : ""));
    if (!ways->plan->by_key && are_wide)
        add(ways,
            weir_arena_format(arena,
                              "owners of two or three workers: where a slice that closes has %d keys and fewer "
                              "than %d rows a key and worker, or %d keys",
                              WEIR_STRATEGY_KEYS_LEAST, WEIR_STRATEGY_ROWS_A_WIDE_KEY, WEIR_STRATEGY_KEYS_MANY));
    if (!ways->plan->by_key && !are_wide)
        add(ways,
            weir_arena_format(arena,
                              "owners of two or three workers: from %d keys on before a window has closed; where "
                              "a slice that closes has %d keys and fewer than %d rows a key and worker, from %d "
                              "keys on fewer than %d, or %d keys",
                              WEIR_STRATEGY_KEYS_NEAR, WEIR_STRATEGY_KEYS_LEAST, WEIR_STRATEGY_ROWS_A_NEAR_KEY,
                              WEIR_STRATEGY_KEYS_NEAR, WEIR_STRATEGY_ROWS_A_KEY, WEIR_STRATEGY_KEYS_MANY));
    add(ways, hands_over
                  ? weir_arena_format(arena,
                                      "rows: each owner reads all; of %d workers or more one reads a row and "
                                      "hands it to its owner",
                                      WEIR_HANDOVER_WORKERS_FROM)
                  : "rows: each owner reads all");
}

static void add_workers(struct ways *ways) {
    const struct weir_plan *plan = ways->plan;
    bool may_own = weir_partition_first_suits(plan);
    if (plan->by_key && plan->keys_count == 0) {
        add(ways, "workers: one takes all rows in their order");
    } else if (plan->by_key && !may_own) {
        add(ways, "workers: each reads all rows and takes those of the keys that it owns");
    } else {
        add(ways, plan->by_key ? "workers: one adds up all rows in their order"
                               : "workers: each adds up the rows of its batches, whatever their keys");
    }
    if (may_own) add_owners(ways);
}

static bool init(struct ways *ways) {
    struct weir_plan *plan = ways->plan;
    ways->ingest = calloc(1, sizeof(*ways->ingest));
    if (ways->ingest == NULL || weir_accumulator_init(&ways->accumulator, plan, NULL) != WEIR_OK) return false;
    ways->ingest->plan = plan;
    ways->ingest->accumulator = &ways->accumulator;
    ways->ingest->keys = weir_ingest_make_keys(ways->ingest);
    return ways->ingest->keys != NULL;
}

static void fini(struct ways *ways) {
    if (ways->ingest != NULL) weir_key_table_destroy(&ways->ingest->keys);
    free(ways->ingest);
    weir_accumulator_fini(&ways->accumulator);
}

const char *weir_plan_explain_ways(struct weir_plan *plan) {
    struct ways ways = {.plan = plan, .lines = ""};
    if (plan->shape != WEIR_PLAN_AGGREGATE) return "";
    if (init(&ways)) {
        add_row(&ways);
        if (plan->keys_count > 0) add_ids(&ways);
        if (plan->keys_count > 0) add_keys_by_number(&ways);
        add_workers(&ways);
    } else {
        ways.lines = NULL;
    }
    fini(&ways);
    return ways.lines;
}
