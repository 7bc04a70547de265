/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/strategy.h"

#include "base/checked.h"
#include "engine/ingest_parts.h"
#include "engine/keys_expected.h"
#include "engine/partition_first.h"
#include "engine/pipeline_state.h"

/* Rows before the first look, and how many times as many there are before the next. */
#define ROWS_SEEN 65536
#define ROWS_BETWEEN 4
/* Slices of fewer rows tell nothing, and are hardly divided among workers. */
#define ROWS_LEAST (8 * WEIR_BLOCK_ROWS)

/* ---- what is counted ---- */

/* The last worker's keys are the pipeline's: when those that nothing holds are forgotten depends on when results
 * are taken. Where all rows are its own, nothing that is to be repeated depends on the turn either. */
static int32_t workers_counted(const struct weir_pipeline *pipeline) {
    int32_t count = pipeline->deal.count;
    return pipeline->plan->by_key || count == 1 ? count : count - 1;
}

/* That one worker will meet, by what it has met. No task is out, and none has been forgotten. */
static int64_t keys_of_tables(const struct weir_pipeline *pipeline) {
    int64_t most = 0;
    for (int32_t i = 0; i < pipeline->deal.count; i++) {
        const struct weir_ingest *ingest = pipeline->deal.workers[i].ingest;
        int64_t rows = ingest->counts.aggregated - ingest->waiting.rows;
        int64_t keys = weir_keys_expected(weir_key_table_count(ingest->keys), rows);
        if (keys > most) most = keys;
    }
    return most;
}

static int64_t keys_of_slice(const struct weir_ingest *ingest, const struct weir_slice *slice) {
    return slice->is_direct ? slice->keys : weir_slice_count_keys(slice, ingest->accumulator->stride);
}

/* The most keys that one worker has in a slice which counts from one of the windows (from, to] on. Sliding windows
 * may have many more, and one thread fires them: so all keys that it knows are counted, but only where the turn
 * changes no bit of a result, for how many of them are forgotten depends on when barriers were. No task is out. */
static int64_t keys_of_slices(const struct weir_pipeline *pipeline, int64_t from, int64_t to) {
    int64_t most = 0;
    for (int32_t i = 0; i < workers_counted(pipeline); i++) {
        const struct weir_ingest *ingest = pipeline->deal.workers[i].ingest;
        if (weir_accumulator_subtracts(ingest->accumulator)) {
            int64_t keys = weir_key_table_count(ingest->keys);
            if (keys > most) most = keys;
        }
        for (uint32_t s = 0; s < ingest->store.count; s++) {
            const struct weir_slice *slice = ingest->store.slices[s];
            if (slice->first <= from || slice->first > to || slice->is_held) continue;
            int64_t keys = keys_of_slice(ingest, slice);
            if (keys > most) most = keys;
        }
    }
    return most;
}

/* ---- what follows ---- */

/* Rows of a plan that follows their order are one worker's as long as it is not on. */
static bool wants_workers(const struct weir_pipeline *pipeline) {
    return pipeline->plan->by_key && pipeline->deal.count >= WEIR_HANDOVER_WORKERS_FROM &&
           weir_handover_is_possible(&pipeline->home);
}

bool weir_strategy_keys_are_wide(const struct weir_plan *plan) {
    return plan->keys_count > 1 || weir_type_vector(plan->keys[0]->type) == WEIR_VECTOR_STRING;
}

/* One worker brings nothing home, but fires from where rows wait once it has turned. Where rows are one worker's,
 * or handed over, only the turn is paid for. */
static int64_t keys_many(const struct weir_pipeline *pipeline) {
    int32_t workers = pipeline->deal.count;
    if (workers == 1) return WEIR_STRATEGY_KEYS_MANY;
    if (workers >= WEIR_HANDOVER_WORKERS_FROM || pipeline->plan->by_key) return WEIR_PARTITION_KEYS_FROM;
    return weir_strategy_keys_are_wide(pipeline->plan) ? WEIR_STRATEGY_KEYS_MANY : WEIR_STRATEGY_KEYS_NEAR;
}

/* Rows that wait are in no slice. */
static enum weir_status settle(struct weir_pipeline *pipeline, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    weir_deal_drain(&pipeline->deal);
    for (int32_t i = 0; i < workers_counted(pipeline) && status == WEIR_OK; i++)
        status = weir_ingest_settle(pipeline->deal.workers[i].ingest, error);
    return status;
}

/* After many rows, none of which a window has closed. */
static enum weir_status look_at_open(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_strategy_watch *watch = &pipeline->watch;
    int64_t rows = pipeline->rows_admitted - watch->rows_closed, keys;
    if (rows < ROWS_SEEN || rows / ROWS_BETWEEN < watch->rows_looked) return WEIR_OK;
    watch->rows_looked = rows;
    if (watch->has_closed && !pipeline->plan->by_key) {
        enum weir_status status = settle(pipeline, error);
        if (status != WEIR_OK) return status;
        keys = keys_of_slices(pipeline, pipeline->closed_seen, INT64_MAX);
    } else {
        weir_deal_drain(&pipeline->deal);
        keys = keys_of_tables(pipeline);
    }
    watch->is_due = keys >= keys_many(pipeline) || wants_workers(pipeline);
    return WEIR_OK;
}

enum weir_status weir_strategy_look(struct weir_pipeline *pipeline, bool *is_due, struct weir_error *error) {
    struct weir_strategy_watch *watch = &pipeline->watch;
    enum weir_status status = WEIR_OK;
    bool is_asked = pipeline->options.strategy >= WEIR_STRATEGY_PARTITION_FIRST;
    if (!is_asked && !watch->is_due) status = look_at_open(pipeline, error);
    *is_due = is_asked || watch->is_due;
    return status;
}

static int64_t rows_a_key(const struct weir_pipeline *pipeline, int64_t keys) {
    if (weir_strategy_keys_are_wide(pipeline->plan)) return WEIR_STRATEGY_ROWS_A_WIDE_KEY;
    return keys < WEIR_STRATEGY_KEYS_NEAR ? WEIR_STRATEGY_ROWS_A_NEAR_KEY : WEIR_STRATEGY_ROWS_A_KEY;
}

static bool are_dear(const struct weir_pipeline *pipeline, int64_t keys, int64_t rows) {
    int64_t workers = pipeline->deal.count, least = rows_a_key(pipeline, keys);
    if (workers >= WEIR_HANDOVER_WORKERS_FROM) return keys >= WEIR_PARTITION_KEYS_FROM;
    if (keys < WEIR_STRATEGY_KEYS_LEAST) return false;
    return keys >= WEIR_STRATEGY_KEYS_MANY || (workers > 1 && rows / keys < least * workers);
}

/* Windows that close together share their rows. */
static int64_t rows_a_window(int64_t rows, int64_t from, int64_t to) {
    int64_t windows = weir_sub_saturate_i64(to, from);
    return windows >= rows ? rows : rows / windows;
}

enum weir_status weir_strategy_windows_closed(struct weir_pipeline *pipeline, int64_t from, int64_t to,
                                              struct weir_error *error) {
    struct weir_strategy_watch *watch = &pipeline->watch;
    if (from == INT64_MIN) return WEIR_OK; /* the first W of all, which closes what is before the rows */
    int64_t rows = pipeline->rows_admitted - watch->rows_closed;
    watch->rows_closed = pipeline->rows_admitted;
    watch->rows_looked = rows;
    watch->has_closed = true;
    if (watch->is_due || rows < ROWS_LEAST || pipeline->deal.count < 1 || pipeline->partition_first ||
        pipeline->plan->by_key || !weir_partition_first_is_possible(pipeline))
        return WEIR_OK;
    if (watch->closings++ < watch->next_closing) return WEIR_OK;
    watch->next_closing = watch->closings * 2 - 1;
    enum weir_status status = settle(pipeline, error);
    watch->is_due = are_dear(pipeline, keys_of_slices(pipeline, from, to), rows_a_window(rows, from, to));
    return status;
}
