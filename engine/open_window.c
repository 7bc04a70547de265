/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/open_window.h"

#include "base/checked.h"
#include "base/error.h"
#include "engine/direct_slice.h"

struct finding {
    const struct weir_open_search *search;
    const struct weir_ingest *ingest;
    uint32_t id; /* of the key; WEIR_KEY_NONE: any, or one of direct slices that hold words */
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

static bool by_words(const struct weir_ingest *ingest) {
    return ingest->store.is_direct && weir_key_table_has_words(ingest->keys);
}

/* Adds the rows of the key, or of all, among those that the walk has found. */
static enum weir_status add_walked(const struct finding *finding, const struct weir_direct_walk *walk,
                                   int64_t *rows, struct weir_error *error) {
    uint64_t nulls[WEIR_BLOCK_ROWS / 64];
    const struct weir_key_search *key = finding->search->key;
    int32_t at = -1;
    if (key != NULL && by_words(finding->ingest)) {
        struct weir_key_block words = {walk->words, weir_direct_walk_nulls(walk, nulls)};
        enum weir_status status =
            weir_key_search_among_words(key, finding->ingest->keys, &words, walk->count, &at, error);
        if (status != WEIR_OK) return status;
    }
    for (int32_t i = 0; i < walk->count; i++) {
        bool wanted = key == NULL || (by_words(finding->ingest) ? i == at : walk->words[i] == finding->id);
        if (wanted) *rows += *(const int64_t *)(const void *)walk->rows[i];
    }
    return WEIR_OK;
}

static enum weir_status rows_of_direct(const struct finding *finding, const struct weir_slice *slice, int64_t *rows,
                                       struct weir_error *error) {
    struct weir_arena arena;
    weir_arena_init(&arena, 0);
    struct weir_direct_walk walk = {.rows = weir_arena_alloc(&arena, WEIR_BLOCK_ROWS * sizeof(*walk.rows)),
                                    .words = weir_arena_alloc(&arena, WEIR_BLOCK_ROWS * sizeof(*walk.words))};
    enum weir_status status = WEIR_OK;
    if (walk.rows == NULL || walk.words == NULL)
        status = weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while windows are looked through");
    while (status == WEIR_OK && weir_direct_walk(&finding->ingest->store, slice, &walk))
        status = add_walked(finding, &walk, rows, error);
    weir_arena_fini(&arena);
    return status;
}

/* Rows of the key, or of all, in a dense slice. */
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

static enum weir_status take_direct(struct finding *finding, int64_t closed, struct weir_error *error) {
    const struct weir_ingest *ingest = finding->ingest;
    enum weir_status status = WEIR_OK;
    for (uint32_t i = ingest->store.count; i > 0 && status == WEIR_OK; i--) {
        const struct weir_slice *slice = ingest->store.slices[i - 1];
        int64_t rows = 0;
        status = rows_of_direct(finding, slice, &rows, error);
        if (status == WEIR_OK)
            take_rows(finding, slice->first, weir_window_last(&ingest->window, slice->index), closed, rows);
    }
    return status;
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
    if (search->key != NULL && !by_words(ingest)) {
        enum weir_status status = weir_key_search_find(search->key, ingest->keys, &finding.id, error);
        if (status != WEIR_OK || finding.id == WEIR_KEY_NONE) return status;
    }
    if (ingest->machine != NULL) {
        ingest->machine->kind->open(ingest->machine, take, &finding);
    } else if (ingest->store.is_direct) {
        return take_direct(&finding, closed, error);
    } else {
        take_slices(&finding, state->fired, closed);
    }
    return WEIR_OK;
}
