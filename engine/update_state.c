/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/update_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/hash.h"
#include "engine/held_strings.h"

#define CELLS_FIRST 8
#define SLOTS_FIRST 16
#define TABLE_FIRST 16
#define STRINGS_CHUNK 1024
#define RECYCLED_MIN 8 /* freed windows that are kept, beside as many as are open */

void weir_update_state_init(struct weir_update_state *state, const struct weir_accumulator *accumulator,
                            bool keeps_given, bool tracks_changed) {
    memset(state, 0, sizeof(*state));
    state->accumulator = accumulator;
    state->keeps_given = keeps_given;
    state->tracks_changed = tracks_changed;
}

static size_t cell_bytes(const struct weir_update_state *state) {
    return sizeof(struct weir_update_cell) + state->accumulator->stride * (state->keeps_given ? 2 : 1) +
           (state->tracks_changed ? sizeof(uint32_t) : 0);
}

static size_t window_bytes(const struct weir_update_state *state, const struct weir_update_window *window) {
    return sizeof(*window) + window->capacity * cell_bytes(state) + window->table_count * sizeof(uint32_t);
}

static void free_window(struct weir_update_state *state, struct weir_update_window *window) {
    state->bytes -= window_bytes(state, window);
    free(window->table);
    free(window->cells);
    free(window->rows);
    free(window->given);
    free(window->changed);
    weir_arena_fini(&window->heap);
    free(window);
}

void weir_update_state_fini(struct weir_update_state *state) {
    if (state->accumulator == NULL) return;
    for (uint32_t i = 0; i < state->slots_count; i++) {
        if (state->slots[i] != NULL) free_window(state, state->slots[i]);
    }
    while (state->recycled != NULL) {
        struct weir_update_window *window = state->recycled;
        state->recycled = window->next_free;
        free_window(state, window);
    }
    free(state->slots);
    free(state->free_slots);
    free(state->table);
    weir_index_heap_fini(&state->open);
    weir_index_heap_fini(&state->kept);
    weir_index_heap_fini(&state->timers);
    free(state->changed);
    memset(state, 0, sizeof(*state));
}

size_t weir_update_bytes(const struct weir_update_state *state) {
    size_t bytes = state->bytes + state->table_count * sizeof(uint32_t) +
                   state->slots_capacity * (sizeof(void *) * 2 + sizeof(uint32_t));
    bytes += ((size_t)state->open.capacity + state->kept.capacity + state->timers.capacity) *
             sizeof(struct weir_index_entry);
    if (!state->accumulator->holds_strings) return bytes;
    for (uint32_t i = 0; i < state->slots_count; i++) {
        if (state->slots[i] != NULL) bytes += state->slots[i]->heap.bytes_reserved;
    }
    for (const struct weir_update_window *w = state->recycled; w != NULL; w = w->next_free)
        bytes += w->heap.bytes_reserved;
    return bytes;
}

/* Room for one more in an array that doubles. */
static bool grow(void **array, uint32_t capacity, size_t element) {
    void *grown = realloc(*array, (size_t)capacity * element);
    if (grown == NULL) return false;
    *array = grown;
    return true;
}

/* ---- timers ---- */

static bool is_of_open_window(const struct weir_index_entry *timer, const void *user) {
    const struct weir_update_window *window = weir_update_timed(user, timer);
    return window != NULL && !window->closed;
}

bool weir_update_set_timer(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell,
                           int64_t at) {
    struct weir_index_heap *timers = &state->timers;
    struct weir_index_entry timer = {.at = at, .serial = window->serial, .slot = window->slot, .cell = cell};
    if (timers->count == timers->capacity) {
        weir_index_heap_keep(timers, is_of_open_window,
                             state); /* each time that half of the room has been filled anew, or the room doubles */
        if (timers->count >= timers->capacity / 2 && !weir_index_heap_grow(timers)) return false;
    }
    return window->cells[cell].timed = weir_index_heap_push(timers, timer);
}

/* ---- the table of windows ---- */

static uint32_t home(const struct weir_update_state *state, int64_t index) {
    return (uint32_t)weir_hash_u64((uint64_t)index, 0) & (state->table_count - 1);
}

struct weir_update_window *weir_update_find(const struct weir_update_state *state, int64_t index) {
    if (state->table_count == 0) return NULL;
    for (uint32_t at = home(state, index); state->table[at] != 0; at = (at + 1) & (state->table_count - 1)) {
        struct weir_update_window *window = state->slots[state->table[at] - 1];
        if (window->index == index) return window;
    }
    return NULL;
}

static void table_place(struct weir_update_state *state, uint32_t slot) {
    uint32_t at = home(state, state->slots[slot]->index);
    while (state->table[at] != 0) at = (at + 1) & (state->table_count - 1);
    state->table[at] = slot + 1;
}

/* Takes a window out and moves up what stands behind it, so that no run of entries has a hole. */
static void table_remove(struct weir_update_state *state, const struct weir_update_window *window) {
    uint32_t mask = state->table_count - 1, hole = home(state, window->index);
    while (state->table[hole] != window->slot + 1) hole = (hole + 1) & mask;
    for (uint32_t at = (hole + 1) & mask; state->table[at] != 0; at = (at + 1) & mask) {
        uint32_t wants = home(state, state->slots[state->table[at] - 1]->index);
        if (((at - wants) & mask) < ((at - hole) & mask)) continue;
        state->table[hole] = state->table[at];
        hole = at;
    }
    state->table[hole] = 0;
}

static bool make_room(struct weir_update_state *state) {
    if (state->free_count == 0 && state->slots_count == state->slots_capacity) {
        if (state->slots_capacity > UINT32_MAX / 4) return false;
        uint32_t capacity = state->slots_capacity == 0 ? SLOTS_FIRST : state->slots_capacity * 2;
        if (!grow((void **)&state->slots, capacity, sizeof(void *)) ||
            !grow((void **)&state->free_slots, capacity, sizeof(uint32_t)) ||
            !grow((void **)&state->changed, capacity, sizeof(void *))) {
            return false;
        }
        state->slots_capacity = capacity;
    }
    if ((state->windows_count + 1) * 2 <= state->table_count) return true;
    uint32_t table_count = state->table_count == 0 ? TABLE_FIRST : state->table_count * 2;
    uint32_t *table = calloc(table_count, sizeof(*table));
    if (table == NULL) return false;
    free(state->table);
    state->table = table;
    state->table_count = table_count;
    for (uint32_t i = 0; i < state->slots_count; i++) {
        if (state->slots[i] != NULL) table_place(state, i);
    }
    return true;
}

/* ---- windows ---- */

static struct weir_update_window *new_window(struct weir_update_state *state) {
    struct weir_update_window *window = state->recycled;
    if (window != NULL) {
        state->recycled = window->next_free;
        state->recycled_count--;
    } else {
        window = calloc(1, sizeof(*window));
        if (window == NULL) return NULL;
        weir_arena_init(&window->heap, STRINGS_CHUNK);
        state->bytes += window_bytes(state, window);
    }
    window->next_free = NULL;
    window->count = window->changed_count = 0;
    window->changed_at = WEIR_UPDATE_NONE;
    window->heap_limit = 4 * STRINGS_CHUNK;
    return window;
}

static void recycle(struct weir_update_state *state, struct weir_update_window *window) {
    if (state->recycled_count > state->windows_count + RECYCLED_MIN) {
        free_window(state, window);
        return;
    }
    weir_arena_reset(&window->heap);
    if (window->table_count > 0) memset(window->table, 0, window->table_count * sizeof(uint32_t));
    window->next_free = state->recycled;
    state->recycled = window;
    state->recycled_count++;
}

struct weir_update_window *weir_update_open(struct weir_update_state *state, int64_t index, bool closed) {
    struct weir_update_window *window = weir_update_find(state, index);
    if (window != NULL) return window;
    if (!make_room(state)) return NULL;
    window = new_window(state);
    if (window == NULL) return NULL;
    window->index = index;
    window->closed = closed;
    window->serial = ++state->serial;
    window->slot = state->free_count > 0 ? state->free_slots[state->free_count - 1] : state->slots_count;
    struct weir_index_entry entry = {.at = index, .serial = window->serial, .slot = window->slot};
    if (!weir_index_heap_push(closed ? &state->kept : &state->open, entry)) {
        recycle(state, window);
        return NULL;
    }
    if (state->free_count > 0) {
        state->free_count--;
    } else {
        state->slots_count++;
    }
    state->slots[window->slot] = window;
    table_place(state, window->slot);
    state->windows_count++;
    return window;
}

struct weir_update_window *weir_update_first(const struct weir_update_state *state,
                                             const struct weir_index_heap *heap) {
    return heap->count == 0 ? NULL : state->slots[heap->entries[0].slot];
}

bool weir_update_keep(struct weir_update_state *state, struct weir_update_window *window) {
    struct weir_index_entry entry = {.at = window->index, .serial = window->serial, .slot = window->slot};
    if (!weir_index_heap_push(&state->kept, entry)) return false;
    weir_index_heap_pop(&state->open);
    window->closed = true;
    return true;
}

void weir_update_drop(struct weir_update_state *state, struct weir_update_window *window) {
    weir_update_shown(state, window);
    weir_index_heap_pop(window->closed ? &state->kept : &state->open);
    table_remove(state, window);
    state->slots[window->slot] = NULL;
    state->free_slots[state->free_count++] = window->slot;
    state->windows_count--;
    recycle(state, window);
}

/* ---- cells ---- */

static uint32_t cell_home(const struct weir_update_window *window, uint32_t id) {
    return (uint32_t)weir_hash_u64(id, 0) & (window->table_count - 1);
}

static void cell_place(struct weir_update_window *window, uint32_t cell) {
    uint32_t at = cell_home(window, window->cells[cell].id);
    while (window->table[at] != 0) at = (at + 1) & (window->table_count - 1);
    window->table[at] = cell + 1;
}

static bool grow_table(struct weir_update_state *state, struct weir_update_window *window) {
    uint32_t table_count = window->table_count == 0 ? CELLS_FIRST * 2 : window->table_count * 2;
    uint32_t *table = calloc(table_count, sizeof(*table));
    if (table == NULL) return false;
    state->bytes += (table_count - window->table_count) * sizeof(uint32_t);
    free(window->table);
    window->table = table;
    window->table_count = table_count;
    for (uint32_t i = 0; i < window->count; i++) cell_place(window, i);
    return true;
}

static WEIR_COLD bool grow_cells(struct weir_update_state *state, struct weir_update_window *window) {
    if (window->capacity > UINT32_MAX / 4) return false;
    uint32_t capacity = window->capacity == 0 ? CELLS_FIRST : window->capacity * 2;
    size_t stride = state->accumulator->stride;
    if (!grow((void **)&window->cells, capacity, sizeof(struct weir_update_cell)) ||
        !grow((void **)&window->rows, capacity, stride) ||
        (state->keeps_given && !grow((void **)&window->given, capacity, stride)) ||
        (state->tracks_changed && !grow((void **)&window->changed, capacity, sizeof(uint32_t)))) {
        return false;
    }
    state->bytes += (capacity - window->capacity) * cell_bytes(state);
    window->capacity = capacity;
    return true;
}

uint32_t weir_update_cell(struct weir_update_state *state, struct weir_update_window *window, uint32_t id) {
    if (WEIR_LIKELY(window->table_count > 0)) {
        for (uint32_t at = cell_home(window, id); window->table[at] != 0;
             at = (at + 1) & (window->table_count - 1)) {
            uint32_t cell = window->table[at] - 1;
            if (window->cells[cell].id == id) return cell;
        }
    }
    if (window->count == window->capacity && !grow_cells(state, window)) return WEIR_UPDATE_NONE;
    if ((window->count + 1) * 2 > window->table_count && !grow_table(state, window)) return WEIR_UPDATE_NONE;
    uint32_t cell = window->count++;
    window->cells[cell] = (struct weir_update_cell){.id = id, .first = INT64_MIN};
    weir_accumulator_fresh(state->accumulator, window->rows, cell, cell + 1);
    if (state->keeps_given) weir_accumulator_fresh(state->accumulator, window->given, cell, cell + 1);
    cell_place(window, cell);
    return cell;
}

void weir_update_count(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell) {
    window->cells[cell].total++;
    window->cells[cell].since++;
    if (!state->tracks_changed || window->closed || window->cells[cell].listed) return;
    window->cells[cell].listed = true;
    window->changed[window->changed_count++] = cell;
    if (window->changed_at != WEIR_UPDATE_NONE) return;
    window->changed_at = state->changed_count;
    state->changed[state->changed_count++] = window;
}

void weir_update_shown(struct weir_update_state *state, struct weir_update_window *window) {
    for (uint32_t i = 0; i < window->changed_count; i++) window->cells[window->changed[i]].listed = false;
    window->changed_count = 0;
    if (window->changed_at == WEIR_UPDATE_NONE) return;
    struct weir_update_window *last = state->changed[--state->changed_count];
    state->changed[window->changed_at] = last;
    last->changed_at = window->changed_at;
    window->changed_at = WEIR_UPDATE_NONE;
}

void weir_update_rename(struct weir_update_state *state, const uint32_t *ids) {
    for (uint32_t i = 0; i < state->slots_count; i++) {
        struct weir_update_window *window = state->slots[i];
        if (window == NULL || window->count == 0) continue;
        memset(window->table, 0, window->table_count * sizeof(uint32_t));
        for (uint32_t cell = 0; cell < window->count; cell++) {
            window->cells[cell].id = ids[window->cells[cell].id];
            cell_place(window, cell);
        }
    }
}

/* ---- accumulator rows with strings ---- */

static bool is_string(enum weir_field_kind kind) {
    return kind == WEIR_FIELD_MIN_STRING || kind == WEIR_FIELD_MAX_STRING;
}

static size_t room_of(uint32_t length) { return (size_t)weir_round_up_pow2(length < 16 ? 16 : length); }

static bool copy_string(struct weir_held_string *to, const struct weir_held_string *from, struct weir_arena *heap) {
    if (to->capacity < from->length || to->capacity == 0) {
        char *room = weir_arena_alloc(heap, room_of(from->length));
        if (room == NULL) return false;
        to->data = room;
        to->capacity = (uint32_t)room_of(from->length);
    }
    if (from->length > 0) memcpy(to->data, from->data, from->length);
    to->length = from->length;
    return true;
}

/* Strings that have been replaced stay in the arena. Where they may be the larger part of it, those still in use
 * move to a new one, if there is memory for it: a byte is moved at most as often as the arena doubles. */
static WEIR_COLD void drop_old_strings(struct weir_update_state *state, struct weir_update_window *window) {
    const struct weir_accumulator *accumulator = state->accumulator;
    size_t stride = accumulator->stride, bytes = 1;
    for (uint32_t cell = 0; cell < window->count; cell++) {
        bytes += weir_held_strings_bytes(accumulator, window->rows + cell * stride);
        if (state->keeps_given) bytes += weir_held_strings_bytes(accumulator, window->given + cell * stride);
    }
    window->heap_limit = window->heap.bytes_reserved * 2;
    if (bytes > window->heap.bytes_reserved / 2) return;
    struct weir_arena fresh;
    weir_arena_init(&fresh, bytes);
    if (weir_arena_alloc(&fresh, bytes) == NULL) return; /* from here on nothing can fail */
    weir_arena_reset(&fresh);
    for (uint32_t cell = 0; cell < window->count; cell++) {
        weir_held_strings_move(accumulator, window->rows + cell * stride, &fresh);
        if (state->keeps_given) weir_held_strings_move(accumulator, window->given + cell * stride, &fresh);
    }
    weir_arena_fini(&window->heap);
    fresh.chunk_bytes = STRINGS_CHUNK;
    window->heap = fresh;
    window->heap_limit = fresh.bytes_reserved * 2 + (size_t)4 * STRINGS_CHUNK;
}

static void tidy_strings(struct weir_update_state *state, struct weir_update_window *window) {
    if (window->heap.bytes_reserved > window->heap_limit) drop_old_strings(state, window);
}

bool weir_update_remember(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell) {
    const struct weir_accumulator *accumulator = state->accumulator;
    const char *row = weir_update_row(state, window, cell);
    char *given = weir_update_given(state, window, cell);
    if (!accumulator->holds_strings) {
        memcpy(given, row, accumulator->stride);
        return true;
    }
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i], *next = field + 1;
        int32_t end = i + 1 < accumulator->fields_count ? next->offset : (int32_t)accumulator->stride;
        if (!is_string(field->kind)) {
            memcpy(given + field->offset, row + field->offset, (size_t)(end - field->offset));
            continue;
        }
        const struct weir_held_string *from = (const struct weir_held_string *)(row + field->offset);
        if (from->capacity == 0) continue; /* a string that is held is never let go of: neither is the given one */
        if (!copy_string((struct weir_held_string *)(given + field->offset), from, &window->heap)) return false;
    }
    tidy_strings(state, window);
    return true;
}

void weir_update_begin_anew(struct weir_update_state *state, struct weir_update_window *window, uint32_t cell) {
    weir_accumulator_fresh(state->accumulator, window->rows, cell, cell + 1);
    tidy_strings(state, window);
}
