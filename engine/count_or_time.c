/* SPDX-License-Identifier: Apache-2.0
 *
 * COUNT-OR-TIME(n, span): each key has a bucket that takes every row, however late, until it holds n of them or
 * until W >= time of its first row + span - 1. The next row opens another; a key without a bucket holds nothing.
 *
 * What ends a bucket is a row: its n-th, or the one after which W stands where it must. Results carry that row's
 * admission number, whatever blocks the rows come in.
 *
 * A block: rows go to their buckets; those that time has ended leave their key when its next row comes and are
 * given out at the end of the block with the rest of those that W has passed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/checked.h"
#include "base/error.h"
#include "engine/key_states.h"
#include "engine/row_targets.h"
#include "engine/wheel.h"

#define NONE WEIR_ROW_NONE

/* The bucket of a key. */
struct current {
    struct weir_key_state state; /* held: there is one */
    uint32_t row;
    int64_t left; /* rows that it still takes */
    int64_t deadline;
    int64_t least, greatest;
};

/* By row. Times are those of a bucket that has left its key. */
struct bucket {
    int64_t deadline;
    int64_t least, greatest;
    uint32_t id; /* NONE: no bucket */
    bool left;   /* its key */
};

struct full {
    uint32_t row;
    int32_t entry;
};

struct buckets {
    struct weir_machine machine;
    const struct weir_plan *plan;
    struct weir_due *due;
    int64_t size, span;
    struct current *current; /* by key id */
    struct bucket *buckets;  /* by row */
    uint32_t current_capacity, buckets_capacity;
    struct weir_wheel wheel;
    uint32_t full_count;
    struct full full[WEIR_BLOCK_ROWS];
    struct weir_row_targets targets;
};

static WEIR_COLD enum weir_status out_of_memory(const struct buckets *m, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %u open windows of %u keys",
                          m->targets.pool.used, m->current_capacity);
}

/* ---- tables ---- */

static bool reserve_keys(struct buckets *m, uint32_t keys) {
    void *current = m->current;
    bool ok = weir_row_table_grow(&current, &m->current_capacity, keys, sizeof(*m->current));
    m->current = current;
    return ok;
}

static WEIR_COLD bool reserve_rows(struct buckets *m) {
    void *buckets = m->buckets;
    uint32_t from = m->buckets_capacity, wanted = m->targets.pool.capacity;
    bool ok = weir_row_table_grow(&buckets, &m->buckets_capacity, wanted, sizeof(*m->buckets));
    m->buckets = buckets;
    for (uint32_t i = from; i < m->buckets_capacity; i++) m->buckets[i].id = NONE;
    return ok && weir_wheel_reserve(&m->wheel, wanted);
}

static uint32_t take_row(struct buckets *m) {
    uint32_t row = weir_row_pool_take(&m->targets.pool);
    if (row == NONE || WEIR_LIKELY(row < m->wheel.capacity) || reserve_rows(m)) return row;
    weir_row_pool_give(&m->targets.pool, row);
    return NONE;
}

static void give_row(struct buckets *m, uint32_t row) {
    m->buckets[row].id = NONE;
    weir_row_pool_give(&m->targets.pool, row);
}

static void count_or_time_destroy(struct weir_machine *machine) {
    struct buckets *m = (struct buckets *)machine;
    weir_wheel_fini(&m->wheel);
    weir_row_table_free(m->current, m->current_capacity, sizeof(*m->current));
    weir_row_table_free(m->buckets, m->buckets_capacity, sizeof(*m->buckets));
    weir_row_targets_fini(&m->targets);
    free(m);
}

static enum weir_status count_or_time_create(const struct weir_plan *plan,
                                             const struct weir_accumulator *accumulator, struct weir_due *due,
                                             struct weir_machine **out, struct weir_error *error) {
    struct buckets *m = calloc(1, sizeof(*m));
    if (m == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for windows by count or time");
    m->machine.kind = &weir_count_or_time_machine;
    m->plan = plan;
    m->due = due;
    m->size = plan->window.size;
    m->span = plan->window.slide;
    weir_wheel_init(&m->wheel);
    enum weir_status status = weir_row_targets_init(&m->targets, accumulator, error);
    if (status == WEIR_OK && !reserve_rows(m)) status = out_of_memory(m, error);
    if (status != WEIR_OK) {
        count_or_time_destroy(&m->machine);
        return status;
    }
    *out = &m->machine;
    return WEIR_OK;
}

/* ---- rows ---- */

static bool reached(int64_t deadline, int64_t watermark) { return deadline <= watermark && watermark != INT64_MIN; }

/* The key has no bucket any more; the row keeps what its result needs. */
static void leave(struct buckets *m, struct current *current) {
    struct bucket *bucket = &m->buckets[current->row];
    bucket->least = current->least;
    bucket->greatest = current->greatest;
    bucket->left = true;
    current->state.held = false;
}

static bool open_bucket(struct buckets *m, struct current *current, uint32_t id, int64_t time) {
    uint32_t row = take_row(m);
    if (row == NONE) return false;
    int64_t deadline = weir_add_saturate_i64(time, m->span - 1);
    *current = (struct current){
        .state.held = true, .row = row, .left = m->size, .deadline = deadline, .least = time, .greatest = time};
    m->buckets[row] = (struct bucket){.deadline = deadline, .id = id};
    weir_wheel_add(&m->wheel, row, deadline);
    return true;
}

static enum weir_status scan(struct buckets *m, const struct weir_machine_block *block, struct weir_error *error) {
    m->full_count = 0;
    for (int32_t i = 0; i < block->count; i++) {
        uint32_t id = block->ids == NULL ? 0 : block->ids[i];
        int64_t time = block->times[weir_machine_row(block, i)], watermark = weir_machine_watermark(block, i);
        struct current *current = &m->current[id];
        if (current->state.held && reached(current->deadline, watermark)) leave(m, current);
        if (!current->state.held && !open_bucket(m, current, id, time)) return out_of_memory(m, error);
        if (time < current->least) current->least = time;
        if (time > current->greatest) current->greatest = time;
        m->targets.of[i] = current->row;
        if (--current->left > 0 && !reached(current->deadline, watermark)) continue;
        m->full[m->full_count++] = (struct full){current->row, i};
        weir_wheel_remove(&m->wheel, current->row);
        leave(m, current);
    }
    return WEIR_OK;
}

/* ---- firing ---- */

static enum weir_status give_out(struct buckets *m, uint32_t row, int64_t sequence, bool complete,
                                 struct weir_error *error) {
    const struct bucket *bucket = &m->buckets[row];
    struct current *current = &m->current[bucket->id];
    if (!bucket->left) leave(m, current);
    struct weir_due_entry entry = {.sequence = sequence, .id = bucket->id, .kind = WEIR_ROW_INSERT};
    entry.complete = complete;
    entry.start = bucket->least;
    entry.end = weir_add_saturate_i64(bucket->greatest, 1);
    enum weir_status status = weir_due_add(m->due, entry, weir_row_pool_at(&m->targets.pool, row), error);
    give_row(m, row);
    return status;
}

/* The row after which W stood at `deadline` or above; W was below it before the block. */
static int64_t passed_by(const struct weir_machine_block *block, int64_t deadline) {
    int32_t low = 0, high = block->watermarks == NULL ? 0 : block->block_rows;
    if (block->watermarks == NULL) low = high = block->block_rows;
    while (low < high) { /* the first row with W before it >= deadline */
        int32_t middle = low + (high - low) / 2;
        if (block->watermarks[middle] >= deadline) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return block->sequence + low - 1;
}

struct firing {
    int64_t watermark;
    int64_t sequence;                       /* where there is no block */
    const struct weir_machine_block *block; /* or NULL */
    bool complete;
};

/* Fetches what giving out these buckets needs. */
static void fetch(const struct buckets *m, const uint32_t *rows, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        WEIR_PREFETCH_READ(&m->buckets[rows[i]]);
        WEIR_PREFETCH_WRITE(weir_row_pool_at(&m->targets.pool, rows[i]));
    }
    for (uint32_t i = 0; i < count; i++) WEIR_PREFETCH_WRITE(&m->current[m->buckets[rows[i]].id]);
}

/* After an error the rest goes back into the wheel. */
static enum weir_status fire_through(struct buckets *m, const struct firing *firing, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    uint32_t rows[WEIR_WHEEL_CHUNK], count;
    weir_wheel_advance(&m->wheel, firing->watermark);
    while ((count = weir_wheel_take(&m->wheel, rows)) > 0) {
        fetch(m, rows, count);
        for (uint32_t i = 0; i < count; i++) {
            int64_t deadline = m->buckets[rows[i]].deadline;
            if (status != WEIR_OK || !reached(deadline, firing->watermark)) {
                weir_wheel_add(&m->wheel, rows[i], deadline);
                continue;
            }
            int64_t sequence = firing->block == NULL ? firing->sequence : passed_by(firing->block, deadline);
            status = give_out(m, rows[i], sequence, firing->complete, error);
        }
    }
    return status;
}

/* ---- the machine ---- */

static enum weir_status count_or_time_rows(struct weir_machine *machine, struct weir_machine_block *block,
                                           struct weir_error *error) {
    struct buckets *m = (struct buckets *)machine;
    if (!reserve_keys(m, block->ids == NULL ? 1 : block->keys)) return out_of_memory(m, error);
    weir_row_targets_begin(&m->targets);
    enum weir_status status = scan(m, block, error);
    if (status == WEIR_OK) status = weir_row_targets_end(&m->targets, block, error);
    for (uint32_t i = 0; status == WEIR_OK && i < m->full_count; i++) {
        int64_t sequence = block->sequence + weir_machine_row(block, m->full[i].entry);
        status = give_out(m, m->full[i].row, sequence, true, error);
    }
    struct firing firing = {.watermark = block->after, .block = block, .complete = true};
    if (status == WEIR_OK) status = fire_through(m, &firing, error);
    weir_row_pool_tidy(&m->targets.pool);
    return status;
}

static enum weir_status count_or_time_advance(struct weir_machine *machine, int64_t watermark, int64_t wall,
                                              int64_t sequence, struct weir_error *error) {
    struct firing firing = {.watermark = watermark, .sequence = sequence - 1, .complete = true};
    (void)wall;
    return fire_through((struct buckets *)machine, &firing, error);
}

static enum weir_status count_or_time_finish(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                                             struct weir_error *error) {
    struct buckets *m = (struct buckets *)machine;
    enum weir_end_policy policy = m->plan->emission.end;
    enum weir_status status = count_or_time_advance(machine, watermark, INT64_MIN, sequence, error);
    if (policy == WEIR_END_DISCARD) return status;
    for (uint32_t row = 0; status == WEIR_OK && row < m->targets.pool.count; row++) {
        if (m->buckets[row].id == NONE) continue;
        weir_wheel_remove(&m->wheel, row);
        status = give_out(m, row, sequence, policy == WEIR_END_FLUSH, error);
    }
    return status;
}

static void count_or_time_held(const struct weir_machine *machine, uint64_t *bits) {
    const struct buckets *m = (const struct buckets *)machine;
    weir_key_states_held(m->current, m->current_capacity, sizeof(*m->current), bits);
}

static void count_or_time_rename(struct weir_machine *machine, const uint32_t *ids) {
    struct buckets *m = (struct buckets *)machine;
    weir_key_states_rename(m->current, m->current_capacity, sizeof(*m->current), ids);
    for (uint32_t row = 0; row < m->targets.pool.count; row++) {
        if (m->buckets[row].id != NONE) m->buckets[row].id = ids[m->buckets[row].id];
    }
}

static size_t count_or_time_bytes(const struct weir_machine *machine) {
    const struct buckets *m = (const struct buckets *)machine;
    return sizeof(*m) + weir_row_pool_bytes(&m->targets.pool) + (size_t)m->current_capacity * sizeof(*m->current) +
           (size_t)m->buckets_capacity * sizeof(*m->buckets) + weir_wheel_bytes(&m->wheel);
}

static void count_or_time_open(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user) {
    const struct buckets *m = (const struct buckets *)machine;
    for (uint32_t id = 0; id < m->current_capacity; id++) {
        const struct current *current = &m->current[id];
        if (!current->state.held) continue;
        struct weir_machine_window window = {.id = id, .start = current->least, .fires_at = current->deadline};
        window.end = weir_add_saturate_i64(current->greatest, 1);
        window.rows = m->size - current->left;
        window.rows_missing = current->left;
        visit(user, &window);
    }
}

const struct weir_machine_kind weir_count_or_time_machine = {
    .create = count_or_time_create,
    .destroy = count_or_time_destroy,
    .rows = count_or_time_rows,
    .advance = count_or_time_advance,
    .finish = count_or_time_finish,
    .held = count_or_time_held,
    .rename = count_or_time_rename,
    .bytes = count_or_time_bytes,
    .open = count_or_time_open,
};
