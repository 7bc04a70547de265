/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"

#define SLOTS_MAX WEIR_BLOCK_ROWS

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while working on a batch");
}

enum weir_status weir_place_init(struct weir_place *place, const struct weir_window *window,
                                 struct weir_slice_store *store, struct weir_counts *counts, bool fold,
                                 struct weir_error *error) {
    *place = (struct weir_place){.window = window, .store = store, .counts = counts, .fold = fold};
    place->selected = malloc(WEIR_BLOCK_ROWS * sizeof(*place->selected));
    place->ordered = malloc(WEIR_BLOCK_ROWS * sizeof(*place->ordered));
    place->slot_of = malloc(WEIR_BLOCK_ROWS * sizeof(*place->slot_of));
    place->slots = malloc(SLOTS_MAX * sizeof(*place->slots));
    bool ok = place->selected != NULL && place->ordered != NULL && place->slot_of != NULL && place->slots != NULL;
    return ok ? WEIR_OK : out_of_memory(error);
}

void weir_place_fini(struct weir_place *place) {
    free(place->selected);
    free(place->ordered);
    free(place->slot_of);
    free(place->slots);
    memset(place, 0, sizeof(*place));
}

static struct weir_slot *slot_for(struct weir_place *place, int64_t index, int64_t first) {
    for (int32_t i = place->slots_count - 1; i >= 0 && i >= place->slots_count - 8; i--) {
        if (place->slots[i].index == index && place->slots[i].first == first) return &place->slots[i];
    }
    struct weir_slice *slice = NULL;
    if (place->store != NULL) {
        slice = weir_slice_store_open(place->store, index, first);
        if (slice == NULL) return NULL;
    }
    /* A slot may stand twice for one slice when rows jump among many: both add to it. */
    struct weir_slot *slot = &place->slots[place->slots_count++];
    *slot = (struct weir_slot){.index = index, .first = first, .slice = slice};
    return slot;
}

/* The slice that counts in window `closed + 1` first: for HOP in that window alone, for CUMULATE in the steps that
 * follow, too. */
static void fold_into_next(const struct weir_window *window, int64_t closed, int64_t *index, int64_t *first) {
    *first = closed + 1;
    *index = *first;
    if (window->kind != WEIR_WINDOW_HOP || window->cut == 0) return;
    if (!weir_mul_i64(*first, 2, index)) *index = *first < 0 ? INT64_MIN : INT64_MAX;
}

/* Where a row goes that may have missed windows; false: nowhere (it is counted). */
static bool place_missed(struct weir_place *place, int64_t closed, int64_t *index, int64_t *first, bool *late) {
    int64_t last = weir_window_last(place->window, *index);
    *late = false;
    if (*first > last) {
        place->counts->unassigned++;
        return false;
    }
    if (closed == INT64_MIN) return true; /* none is closed, be its number never so low */
    if (last <= closed) {
        if (place->fold && closed < INT64_MAX) {
            fold_into_next(place->window, closed, index, first);
            place->counts->folded++;
            return true;
        }
        place->counts->late++;
        *late = true;
        return false;
    }
    if (*first > closed) return true;
    *first = closed + 1;
    /* Cumulate windows share their start: what counts from a later step on belongs to that step's slice. */
    if (place->window->kind == WEIR_WINDOW_CUMULATE) *index = *first;
    return true;
}

/* Gives every selected row a slot and keeps those that have one. Times in order cost two comparisons a row. */
static bool place_each(struct weir_place *place, const struct weir_block_time *time, struct weir_placed *placed) {
    const struct weir_window *window = place->window;
    int64_t from = 0, until = 0; /* ticks of the slice at hand; from > until - 1 at first */
    struct weir_slot *slot = NULL;
    int32_t kept = 0;
    for (int32_t i = 0; i < placed->count; i++) {
        uint32_t row = placed->rows == NULL ? (uint32_t)i : placed->rows[i];
        int64_t ticks = time->placed[row];
        bool same = slot != NULL && ticks >= from && ticks < until;
        if (!same || placed->closed != NULL) {
            int64_t index = weir_window_slice(window, ticks);
            int64_t target = index, first = weir_window_first(window, index);
            bool late;
            if (!place_missed(place, placed->closed == NULL ? INT64_MIN : placed->closed[row], &target, &first,
                              &late)) {
                if (late && placed->late != NULL) weir_bit_set(placed->late, row);
                slot = NULL;
                continue;
            }
            slot = slot_for(place, target, first);
            if (slot == NULL) return false;
            from = weir_window_slice_start(window, index);
            until = weir_window_slice_start(window, weir_add_saturate_i64(index, 1));
        }
        slot->count++;
        place->slot_of[kept] = (uint16_t)(slot - place->slots);
        place->selected[kept++] = row;
    }
    placed->rows = place->selected;
    placed->count = kept;
    return true;
}

/* Rows by slot, keeping their order within each. */
static void order_by_slot(struct weir_place *place, struct weir_placed *placed) {
    int32_t from = 0;
    for (int32_t s = 0; s < place->slots_count; s++) {
        place->slots[s].from = from;
        from += place->slots[s].count;
        place->slots[s].count = 0;
    }
    if (place->slots_count == 1) {
        place->slots[0].count = from;
        return;
    }
    for (int32_t i = 0; i < placed->count; i++) {
        struct weir_slot *slot = &place->slots[place->slot_of[i]];
        place->ordered[slot->from + slot->count++] = place->selected[i];
    }
    placed->rows = place->ordered;
}

/* All rows lie in one slice. */
static bool place_all(struct weir_place *place, int64_t index, struct weir_placed *placed) {
    int64_t first = weir_window_first(place->window, index);
    if (first > weir_window_last(place->window, index)) {
        place->counts->unassigned += placed->count;
        placed->count = 0;
        return true;
    }
    struct weir_slot *slot = slot_for(place, index, first);
    if (slot == NULL) return false;
    slot->count = placed->count;
    slot->from = 0;
    return true;
}

enum weir_status weir_place_rows(struct weir_place *place, const struct weir_block_time *time,
                                 struct weir_placed *placed, struct weir_error *error) {
    place->slots_count = 0;
    bool windowed = place->window->kind != WEIR_WINDOW_NONE;
    int64_t index = windowed ? weir_window_slice(place->window, time->placed_min) : 0;
    if (placed->closed == NULL && (!windowed || index == weir_window_slice(place->window, time->placed_max))) {
        return place_all(place, index, placed) ? WEIR_OK : out_of_memory(error);
    }
    if (!place_each(place, time, placed)) return out_of_memory(error);
    order_by_slot(place, placed);
    return WEIR_OK;
}
