/* SPDX-License-Identifier: Apache-2.0
 *
 * COUNT(size, slide): for each key every slide-th row fires the last min(size, seen) rows, in the order of arrival.
 *
 * Rows are added up in panes, of which a whole number makes a window and a slide: of gcd(size, slide) rows. A
 * window that begins where the last one ended needs one pane of its size and nothing after it has fired, so that
 * its key can be forgotten. (Where windows overlap or leave rows out, a key is held for as long as the query runs:
 * what comes next depends on how many rows there have been.)
 *
 * At the end of input, where rows of a key have come since its last firing, the window that would have fired next
 * fires with the rows that it holds so far. It begins where a pane begins, as any other; its last pane is the one
 * at work.
 *
 * The panes of a window are held in two parts, so that a row costs three merges at most whatever the size. In
 * front, each pane holds the sum of itself and all later front panes; behind it, `running` is the sum of the back
 * panes. When the front is used up, the back is summed from its end and becomes the front.
 *
 *     front  p2+p3  p3  | back  p4  p5   running p4+p5   pane at work p6
 *
 * A block: rows go to their panes, all are added, then the panes that are full are worked through in the order in
 * which they filled up.
 */
#include <stdlib.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/checked.h"
#include "base/error.h"
#include "engine/count_window_state.h"

/* ---- tables ---- */

static bool reserve_keys(struct weir_count_machine *m, uint32_t keys) {
    void *current = m->current, *windows = m->windows;
    bool ok = weir_row_table_grow(&current, &m->current_capacity, keys, sizeof(*m->current));
    m->current = current;
    if (!ok || m->forgets) return ok;
    ok = weir_row_table_grow(&windows, &m->windows_capacity, keys, sizeof(*m->windows));
    m->windows = windows;
    return ok;
}

static void count_destroy(struct weir_machine *machine) {
    struct weir_count_machine *m = (struct weir_count_machine *)machine;
    weir_row_table_free(m->current, m->current_capacity, sizeof(*m->current));
    weir_row_table_free(m->windows, m->windows_capacity, sizeof(*m->windows));
    weir_row_table_free(m->panes, m->panes_capacity, sizeof(*m->panes));
    weir_row_table_free(m->flip, m->flip_capacity, sizeof(*m->flip));
    weir_row_targets_fini(&m->targets);
    free(m);
}

static int64_t gcd(int64_t a, int64_t b) {
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static enum weir_status count_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                     struct weir_due *due, struct weir_machine **out, struct weir_error *error) {
    struct weir_count_machine *m = calloc(1, sizeof(*m));
    if (m == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for count windows");
    int64_t size = plan->window.size, slide = plan->window.slide;
    m->machine.kind = &weir_count_machine;
    m->plan = plan;
    m->due = due;
    m->forgets = slide == size;
    m->pane_rows = gcd(size, slide);
    m->per_window = size / m->pane_rows;
    m->per_slide = slide / m->pane_rows;
    enum weir_status status = weir_row_targets_init(&m->targets, accumulator, error);
    if (status == WEIR_OK) {
        m->result = weir_count_take_pane(m);
        if (m->result == WEIR_ROW_NONE) status = weir_count_no_memory(m, error);
    }
    if (status != WEIR_OK) {
        count_destroy(&m->machine);
        return status;
    }
    *out = &m->machine;
    return WEIR_OK;
}

/* ---- the machine ---- */

static bool begin_pane(struct weir_count_machine *m, struct weir_count_current *current) {
    uint32_t row = weir_count_take_pane(m);
    if (row == WEIR_ROW_NONE) return false;
    *current = (struct weir_count_current){.state.held = true, .row = row, .left = m->pane_rows};
    current->span = (struct weir_count_span){INT64_MAX, INT64_MIN};
    return true;
}

/* Finds the pane of each entry, and those that are full. */
static enum weir_status scan(struct weir_count_machine *m, const struct weir_machine_block *block,
                             struct weir_error *error) {
    m->full_count = 0;
    for (int32_t i = 0; i < block->count; i++) {
        uint32_t id = block->ids == NULL ? 0 : block->ids[i];
        int64_t time = block->times[weir_machine_row(block, i)];
        struct weir_count_current *current = &m->current[id];
        if (!current->state.held && !begin_pane(m, current)) return weir_count_no_memory(m, error);
        current->span = weir_count_joined(current->span, (struct weir_count_span){time, time});
        m->targets.of[i] = current->row;
        if (--current->left > 0) continue;
        m->panes[current->row].span = current->span;
        m->full[m->full_count++] = (struct weir_count_full){id, current->row, i};
        current->state.held = false;
    }
    return WEIR_OK;
}

/* Full panes ahead of the one at work whose keys are fetched, and then what those name. */
#define FETCH_KEYS 16
#define FETCH_PANES 8

static void fetch(const struct weir_count_machine *m, uint32_t at) {
    if (m->forgets) return;
    if (at + FETCH_KEYS < m->full_count) WEIR_PREFETCH_WRITE(&m->windows[m->full[at + FETCH_KEYS].id]);
    if (at + FETCH_PANES >= m->full_count) return;
    const struct weir_count_window *window = &m->windows[m->full[at + FETCH_PANES].id];
    if (window->front_count > 0) {
        WEIR_PREFETCH_READ(&m->panes[window->front]);
        WEIR_PREFETCH_WRITE(weir_row_pool_at(&m->targets.pool, window->front));
    }
    if (window->back_count > 0) {
        WEIR_PREFETCH_WRITE(&m->panes[window->back_last]);
        WEIR_PREFETCH_WRITE(weir_row_pool_at(&m->targets.pool, window->running));
    }
}

static enum weir_status count_rows(struct weir_machine *machine, struct weir_machine_block *block,
                                   struct weir_error *error) {
    struct weir_count_machine *m = (struct weir_count_machine *)machine;
    if (!reserve_keys(m, block->ids == NULL ? 1 : block->keys)) return weir_count_no_memory(m, error);
    weir_row_targets_begin(&m->targets);
    enum weir_status status = scan(m, block, error);
    if (status == WEIR_OK) status = weir_row_targets_end(&m->targets, block, error);
    for (uint32_t i = 0; status == WEIR_OK && i < m->full_count; i++) {
        fetch(m, i);
        int64_t sequence = block->sequence + weir_machine_row(block, m->full[i].entry);
        status = weir_count_pane_filled(m, m->full[i].id, m->full[i].row, sequence, error);
    }
    weir_row_pool_tidy(&m->targets.pool);
    return status;
}

/* Nothing here waits for the watermark. */
static enum weir_status count_advance(struct weir_machine *machine, int64_t watermark, int64_t wall,
                                      int64_t sequence, struct weir_error *error) {
    (void)machine;
    (void)watermark;
    (void)wall;
    (void)sequence;
    (void)error;
    return WEIR_OK;
}

/* The panes of the next window that are still to fill, the one at work among them; 0: no row has come since the
 * last firing. */
static int64_t panes_missing(const struct weir_count_machine *m, uint32_t id) {
    const struct weir_count_window *window = &m->windows[id];
    int64_t missing = window->state.held ? window->until_fire : m->per_slide;
    return missing < m->per_slide || m->current[id].state.held ? missing : 0;
}

/* The window that would fire next, with what it holds so far: none where it begins after the last row. */
static enum weir_status fire_unfinished(struct weir_count_machine *m, uint32_t id, int64_t sequence, bool complete,
                                        struct weir_error *error) {
    struct weir_count_window *window = &m->windows[id];
    const struct weir_count_current *current = &m->current[id];
    int64_t missing = panes_missing(m, id), stay = m->per_window - missing;
    if (missing == 0 || stay < 0) return WEIR_OK;
    enum weir_status status = WEIR_OK;
    while (status == WEIR_OK && window->front_count + window->back_count > stay) {
        status = weir_count_drop_oldest(m, window, error);
    }
    if (status == WEIR_OK) {
        status = weir_count_fire(m, id, current->state.held ? current : NULL, sequence, complete, error);
    }
    weir_row_pool_tidy(&m->targets.pool);
    return status;
}

/* What has come since the last firing. */
static enum weir_status count_finish(struct weir_machine *machine, int64_t watermark, int64_t sequence,
                                     struct weir_error *error) {
    struct weir_count_machine *m = (struct weir_count_machine *)machine;
    enum weir_end_policy policy = m->plan->emission.end;
    enum weir_status status = WEIR_OK;
    (void)watermark;
    if (policy == WEIR_END_DISCARD) return WEIR_OK;
    bool complete = policy == WEIR_END_FLUSH;
    for (uint32_t id = 0; status == WEIR_OK && id < m->current_capacity; id++) {
        const struct weir_count_current *current = &m->current[id];
        if (!m->forgets) {
            status = fire_unfinished(m, id, sequence, complete, error);
        } else if (current->state.held) {
            status = weir_count_give_out(m, id, current->row, current->span, sequence, complete, error);
        }
    }
    return status;
}

static void count_held(const struct weir_machine *machine, uint64_t *bits) {
    const struct weir_count_machine *m = (const struct weir_count_machine *)machine;
    weir_key_states_held(m->current, m->current_capacity, sizeof(*m->current), bits);
    if (!m->forgets) weir_key_states_held(m->windows, m->windows_capacity, sizeof(*m->windows), bits);
}

static void count_rename(struct weir_machine *machine, const uint32_t *ids) {
    struct weir_count_machine *m = (struct weir_count_machine *)machine;
    weir_key_states_rename(m->current, m->current_capacity, sizeof(*m->current), ids);
    if (!m->forgets) weir_key_states_rename(m->windows, m->windows_capacity, sizeof(*m->windows), ids);
}

static size_t count_bytes(const struct weir_machine *machine) {
    const struct weir_count_machine *m = (const struct weir_count_machine *)machine;
    return sizeof(*m) + weir_row_pool_bytes(&m->targets.pool) + (size_t)m->current_capacity * sizeof(*m->current) +
           (size_t)m->windows_capacity * sizeof(*m->windows) + (size_t)m->panes_capacity * sizeof(*m->panes) +
           (size_t)m->flip_capacity * sizeof(*m->flip);
}

/* The window that fires next: what it will hold of the rows that are there. */
static struct weir_machine_window next_window(const struct weir_count_machine *m, uint32_t id) {
    const struct weir_count_current *current = &m->current[id];
    const struct weir_count_window *window = m->forgets ? NULL : &m->windows[id];
    bool filling = current->state.held, panes = window != NULL && window->state.held;
    int64_t until_fire = panes ? window->until_fire : m->per_slide;
    int64_t left = filling ? current->left : m->pane_rows;
    struct weir_machine_window next = {id, INT64_MAX, INT64_MIN, INT64_MAX, 0, 0};
    next.rows_missing = (until_fire - 1) * m->pane_rows + left;
    if (filling) {
        next.start = current->span.least;
        next.end = weir_add_saturate_i64(current->span.greatest, 1);
    }
    int64_t held = panes ? window->front_count + window->back_count : 0;
    int64_t stay = m->per_window - until_fire; /* of the full panes; below 0: the pane at work goes, too */
    if (filling && stay >= 0) next.rows = m->pane_rows - current->left;
    next.rows += (held < stay ? held : stay < 0 ? 0 : stay) * m->pane_rows;
    return next;
}

static void count_open(const struct weir_machine *machine, weir_machine_visit_fn visit, void *user) {
    const struct weir_count_machine *m = (const struct weir_count_machine *)machine;
    for (uint32_t id = 0; id < m->current_capacity; id++) {
        struct weir_machine_window next = next_window(m, id);
        if (m->current[id].state.held || next.rows > 0) visit(user, &next);
    }
}

const struct weir_machine_kind weir_count_machine = {
    .create = count_create,
    .destroy = count_destroy,
    .rows = count_rows,
    .advance = count_advance,
    .finish = count_finish,
    .held = count_held,
    .rename = count_rename,
    .bytes = count_bytes,
    .open = count_open,
};
