/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/open_window.h"

#include "base/checked.h"

struct finding {
    const struct weir_open_search *search;
    const struct weir_ingest *ingest;
    uint32_t id; /* of the key; WEIR_KEY_NONE: any */
    struct weir_open_window *out;
};

static bool is_by_count(const struct weir_machine_window *window) { return window->fires_at == INT64_MAX; }

static bool is_wanted(const struct finding *finding, const struct weir_machine_window *window) {
    const struct weir_open_search *search = finding->search;
    if (finding->search->key != NULL && window->id != finding->id) return false;
    if (search->one_window && (window->start != search->start || window->end != search->end)) return false;
    return !search->has_time || is_by_count(window) ||
           (search->time >= window->start && search->time < window->end);
}

/* A window by count has no time at which it fires: the one with the fewest rows to come is first. */
static bool is_before(const struct weir_machine_window *a, const struct weir_machine_window *b) {
    if (a->fires_at != b->fires_at) return a->fires_at < b->fires_at;
    return is_by_count(a) ? a->rows_missing < b->rows_missing : a->end < b->end;
}

/* Windows of the sliced kinds are the same for all keys; those of others are each one key's. */
static void take(void *user, const struct weir_machine_window *window) {
    const struct finding *finding = user;
    struct weir_open_window *out = finding->out;
    bool sliced = weir_window_is_sliced(finding->ingest->plan->window.kind);
    if (!is_wanted(finding, window)) return;
    if (out->found && sliced && window->start == out->window.start && window->end == out->window.end) {
        out->window.rows += window->rows;
    } else if (!out->found || is_before(window, &out->window)) {
        *out = (struct weir_open_window){true, *window, finding->ingest->keys};
    }
}

/* ---- slices ---- */

/* Rows of the key, or of all, in a slice. */
static int64_t rows_of(const struct finding *finding, const struct weir_slice *slice) {
    size_t stride = finding->ingest->accumulator->stride;
    if (finding->search->key != NULL)
        return finding->id < slice->keys ? weir_slice_rows_of(slice, stride, finding->id) : 0;
    int64_t rows = 0;
    for (uint32_t id = 0; id < slice->keys; id++) rows += weir_slice_rows_of(slice, stride, id);
    return rows;
}

static struct weir_machine_window window_of(const struct finding *finding, int64_t index, int64_t rows) {
    const struct weir_window *window = &finding->ingest->window;
    struct weir_machine_window made = {.id = finding->id, .rows = rows};
    made.start = weir_window_start(window, index);
    made.end = weir_window_end(window, index);
    made.fires_at = weir_sub_saturate_i64(made.end, 1);
    return made;
}

/* The rows count in windows [first, last]: in the one that is wanted, or in the first that is open. A sum over the
 * windows in between would cost as many steps as windows overlap, and nobody asks for it. */
static void take_rows(struct finding *finding, int64_t first, int64_t last, int64_t closed, int64_t rows) {
    const struct weir_open_search *search = finding->search;
    const struct weir_window *window = &finding->ingest->window;
    if (first <= closed) {
        if (closed == INT64_MAX) return;
        first = closed + 1;
    }
    if (first > last || rows == 0) return;
    struct weir_machine_window made = window_of(finding, first, rows);
    if (search->one_window) {
        int64_t wanted = weir_window_closed(window, weir_sub_saturate_i64(search->end, 1));
        if (wanted < first || wanted > last) return;
        made = window_of(finding, wanted, rows);
    }
    take(finding, &made);
}

static void take_slices(struct finding *finding, int64_t fired, int64_t closed) {
    const struct weir_ingest *ingest = finding->ingest;
    const struct weir_slice *sum = NULL; /* the nearest behind that holds a sum (window_stack.h) */
    for (uint32_t i = ingest->store.count; i > 0; i--) {
        const struct weir_slice *slice = ingest->store.slices[i - 1];
        if (slice->is_held) continue;
        int64_t rows = rows_of(finding, slice);
        if (slice->is_sum && sum != NULL) rows -= rows_of(finding, sum);
        if (slice->is_sum) sum = slice;
        take_rows(finding, slice->first, weir_window_last(&ingest->window, slice->index), closed, rows);
    }
    if (ingest->running == NULL || ingest->window.kind != WEIR_WINDOW_CUMULATE) return;
    /* CUMULATE: the base period at hand, whose next steps hold these rows */
    take_rows(finding, weir_add_saturate_i64(fired, 1), weir_window_last(&ingest->window, fired), closed,
              rows_of(finding, ingest->running));
}

enum weir_status weir_open_window_find(const struct weir_open_search *search, const struct weir_open_state *state,
                                       int64_t closed, struct weir_open_window *out, struct weir_error *error) {
    const struct weir_ingest *ingest = state->ingest;
    struct finding finding = {search, ingest, WEIR_KEY_NONE, out};
    if (search->key != NULL) {
        enum weir_status status = weir_key_search_find(search->key, ingest->keys, &finding.id, error);
        if (status != WEIR_OK || finding.id == WEIR_KEY_NONE) return status;
    }
    if (ingest->machine != NULL) {
        ingest->machine->kind->open(ingest->machine, take, &finding);
    } else {
        take_slices(&finding, state->fired, closed);
    }
    return WEIR_OK;
}
