/* SPDX-License-Identifier: Apache-2.0
 *
 * Windows of counts out of full panes: two lists of a key, so that a pane that goes and one that comes cost three
 * merges at most. See count_window.c.
 */
#include "base/checked.h"
#include "base/error.h"
#include "engine/count_window_state.h"

WEIR_COLD enum weir_status weir_count_no_memory(const struct weir_count_machine *m, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the count windows of %u keys (%u panes)",
                          m->current_capacity, m->targets.pool.used);
}

uint32_t weir_count_take_pane(struct weir_count_machine *m) {
    uint32_t row = weir_row_pool_take(&m->targets.pool);
    if (row == WEIR_ROW_NONE || WEIR_LIKELY(row < m->panes_capacity)) return row;
    void *panes = m->panes;
    bool ok = weir_row_table_grow(&panes, &m->panes_capacity, m->targets.pool.capacity, sizeof(*m->panes));
    m->panes = panes;
    if (ok) return row;
    weir_row_pool_give(&m->targets.pool, row);
    return WEIR_ROW_NONE;
}

enum weir_status weir_count_give_out(struct weir_count_machine *m, uint32_t id, uint32_t row,
                                     struct weir_count_span span, int64_t sequence, bool complete,
                                     struct weir_error *error) {
    struct weir_due_entry entry = {.sequence = sequence, .id = id, .kind = WEIR_ROW_INSERT, .complete = complete};
    entry.start = span.least;
    entry.end = weir_add_saturate_i64(span.greatest, 1);
    return weir_due_add(m->due, entry, weir_row_pool_at(&m->targets.pool, row), error);
}

static enum weir_status merge(struct weir_count_machine *m, uint32_t to, uint32_t from, struct weir_error *error) {
    struct weir_row_pool *pool = &m->targets.pool;
    return weir_accumulator_merge(pool->accumulator, weir_row_pool_at(pool, to), weir_row_pool_at(pool, from),
                                  &pool->heap, error);
}

/* Some rows that follow each other, added up. */
struct part {
    uint32_t row;
    struct weir_count_span span;
};

/* The parts of a window by their order, the pane at work (where there is one) the last. Returns how many. */
static int32_t parts_of(const struct weir_count_machine *m, const struct weir_count_window *window,
                        const struct weir_count_current *at_work, struct part parts[3]) {
    int32_t count = 0;
    if (window->front_count > 0) parts[count++] = (struct part){window->front, m->panes[window->front].span};
    if (window->back_count > 0) parts[count++] = (struct part){window->running, window->running_span};
    if (at_work != NULL) parts[count++] = (struct part){at_work->row, at_work->span};
    return count;
}

enum weir_status weir_count_fire(struct weir_count_machine *m, uint32_t id,
                                 const struct weir_count_current *at_work, int64_t sequence, bool complete,
                                 struct weir_error *error) {
    struct part parts[3];
    int32_t count = parts_of(m, &m->windows[id], at_work, parts);
    if (count == 0) return WEIR_OK;
    if (count == 1) return weir_count_give_out(m, id, parts[0].row, parts[0].span, sequence, complete, error);
    enum weir_status status = WEIR_OK;
    struct weir_count_span span = parts[0].span;
    for (int32_t i = 0; status == WEIR_OK && i < count; i++) {
        status = merge(m, m->result, parts[i].row, error);
        span = weir_count_joined(span, parts[i].span);
    }
    if (status == WEIR_OK) status = weir_count_give_out(m, id, m->result, span, sequence, complete, error);
    weir_accumulator_fresh(m->targets.pool.accumulator, m->targets.pool.rows, m->result, m->result + 1);
    return status;
}

/* The back becomes the front. */
static enum weir_status flip(struct weir_count_machine *m, struct weir_count_window *window,
                             struct weir_error *error) {
    uint32_t count = (uint32_t)window->back_count, at = 0; /* panes are rows of the pool */
    void *rows = m->flip;
    if (!weir_row_table_grow(&rows, &m->flip_capacity, count, sizeof(*m->flip)))
        return weir_count_no_memory(m, error);
    m->flip = rows;
    for (uint32_t row = window->back; at < count; row = m->panes[row].next) m->flip[at++] = row;
    enum weir_status status = WEIR_OK;
    for (at = count - 1; status == WEIR_OK && at-- > 0;) {
        uint32_t row = m->flip[at], later = m->flip[at + 1];
        status = merge(m, row, later, error);
        m->panes[row].span = weir_count_joined(m->panes[row].span, m->panes[later].span);
    }
    weir_row_pool_give(&m->targets.pool, window->running);
    window->front = window->back;
    window->front_count = window->back_count;
    window->back_count = 0;
    return status;
}

static enum weir_status add_to_back(struct weir_count_machine *m, struct weir_count_window *window, uint32_t row,
                                    struct weir_error *error) {
    if (window->back_count == 0) {
        uint32_t running = weir_count_take_pane(m);
        if (running == WEIR_ROW_NONE) return weir_count_no_memory(m, error);
        window->running = running;
        window->running_span = m->panes[row].span;
        window->back = row;
    } else {
        m->panes[window->back_last].next = row;
        window->running_span = weir_count_joined(window->running_span, m->panes[row].span);
    }
    window->back_last = row;
    window->back_count++;
    return merge(m, window->running, row, error);
}

enum weir_status weir_count_drop_oldest(struct weir_count_machine *m, struct weir_count_window *window,
                                        struct weir_error *error) {
    enum weir_status status = window->front_count == 0 ? flip(m, window, error) : WEIR_OK;
    if (status != WEIR_OK) return status;
    uint32_t oldest = window->front;
    window->front = m->panes[oldest].next;
    window->front_count--;
    weir_row_pool_give(&m->targets.pool, oldest);
    return WEIR_OK;
}

/* A pane that is a window needs no sums. */
static void replace_pane(struct weir_count_machine *m, struct weir_count_window *window, uint32_t row) {
    if (window->front_count > 0) weir_row_pool_give(&m->targets.pool, window->front);
    window->front = row;
    window->front_count = 1;
}

enum weir_status weir_count_pane_filled(struct weir_count_machine *m, uint32_t id, uint32_t row, int64_t sequence,
                                        struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    if (m->forgets) {
        status = weir_count_give_out(m, id, row, m->panes[row].span, sequence, true, error);
        weir_row_pool_give(&m->targets.pool, row);
        return status;
    }
    struct weir_count_window *window = &m->windows[id];
    if (!window->state.held) {
        window->state.held = true;
        window->until_fire = m->per_slide;
    }
    if (m->per_window == 1) {
        replace_pane(m, window, row);
    } else {
        status = add_to_back(m, window, row, error);
        if (status == WEIR_OK && window->front_count + window->back_count > m->per_window) {
            status = weir_count_drop_oldest(m, window, error);
        }
    }
    if (status != WEIR_OK || --window->until_fire > 0) return status;
    window->until_fire = m->per_slide;
    return weir_count_fire(m, id, NULL, sequence, true, error);
}
