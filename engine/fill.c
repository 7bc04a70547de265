/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fill.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/fill_keys.h"
#include "engine/fill_value.h"

#define LIST_FIRST 64

/* A window that holds rows, of the advance at hand. */
struct real_window {
    int64_t index;
    uint32_t first; /* of the real rows */
    uint32_t count;
};

/* A gap: the windows from `next` to before `end` hold no row of the key. */
struct cursor {
    int64_t start; /* the window of the real row before it */
    int64_t next;
    int64_t end;       /* the window of the one after it */
    uint32_t id;       /* of the key */
    uint32_t from, to; /* values of both among the pending ones, where needed */
};

struct weir_fill {
    const struct weir_plan *plan;
    const struct weir_accumulator *accumulator;
    bool needs_values; /* of the real row before a gap, and by LINEAR of the one after it */
    struct weir_fill_keys keys;
    /* the advance at hand */
    struct weir_fill_values pending; /* of real rows, and of those that cursors start from */
    struct real_window *windows;
    uint32_t windows_count, windows_capacity;
    uint32_t *row_ids;    /* of the real rows */
    uint32_t *row_values; /* and their place among the pending ones */
    uint32_t rows_count, rows_capacity;
    struct cursor *cursors;
    uint32_t cursors_count, cursors_capacity;
    /* giving it out */
    bool giving;
    bool within;         /* some rows of `window` have been given, or may be next */
    int64_t window;      /* the one at hand */
    uint32_t windows_at; /* the next real one */
    uint32_t row_at;     /* within it */
    uint32_t cursors_at; /* those before have begun */
    uint32_t *active;    /* cursors that have begun and not ended */
    uint32_t active_count, active_capacity;
    uint32_t active_at; /* the next to give its row of the window at hand */
    /* a block */
    int32_t count;
    int64_t *out_windows;
    uint32_t *out_ids;
    struct weir_vector *out_vectors;
    struct weir_arena arena; /* of the above */
};

static WEIR_COLD enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the windows that FILL looks between");
}

/* Room for `wanted` elements in an array that doubles. */
static bool reserve(void **array, uint32_t *capacity, uint64_t wanted, size_t element) {
    if (wanted <= *capacity) return true;
    uint64_t grown = weir_round_up_pow2(wanted < LIST_FIRST ? LIST_FIRST : wanted);
    if (grown > UINT32_MAX) return false;
    void *moved = realloc(*array, (size_t)grown * element);
    if (moved == NULL) return false;
    *array = moved;
    *capacity = (uint32_t)grown;
    return true;
}

/* ---- lifecycle ---- */

static bool make_block(struct weir_fill *fill) {
    size_t calls = (size_t)fill->plan->aggregates_count;
    fill->out_windows = weir_arena_array(&fill->arena, WEIR_BLOCK_ROWS, sizeof(int64_t));
    fill->out_ids = weir_arena_array(&fill->arena, WEIR_BLOCK_ROWS, sizeof(uint32_t));
    fill->out_vectors = weir_arena_array(&fill->arena, calls + 1, sizeof(struct weir_vector));
    bool ok = fill->out_windows != NULL && fill->out_ids != NULL && fill->out_vectors != NULL;
    for (size_t call = 0; call < calls && ok; call++) {
        struct weir_vector *vector = &fill->out_vectors[call];
        vector->kind = weir_type_vector(fill->plan->aggregates[call].type);
        vector->validity = weir_arena_array(&fill->arena, weir_bitmap_words(WEIR_BLOCK_ROWS), sizeof(uint64_t));
        vector->i64 = weir_arena_array(&fill->arena, WEIR_BLOCK_ROWS, sizeof(union weir_value));
        ok = vector->validity != NULL && vector->i64 != NULL;
    }
    return ok;
}

enum weir_status weir_fill_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                  struct weir_fill **out, struct weir_error *error) {
    struct weir_fill *fill = calloc(1, sizeof(*fill));
    *out = NULL;
    if (fill == NULL) return out_of_memory(error);
    fill->plan = plan;
    fill->accumulator = accumulator;
    fill->needs_values = plan->fill.kind == WEIR_FILL_PREV || plan->fill.kind == WEIR_FILL_LINEAR;
    weir_arena_init(&fill->arena, (size_t)64 * 1024);
    weir_fill_values_init(&fill->pending, plan);
    if (!weir_fill_keys_init(&fill->keys, plan, fill->needs_values) || !make_block(fill)) {
        weir_fill_destroy(fill);
        return out_of_memory(error);
    }
    *out = fill;
    return WEIR_OK;
}

void weir_fill_destroy(struct weir_fill *fill) {
    if (fill == NULL) return;
    weir_fill_keys_fini(&fill->keys);
    weir_fill_values_fini(&fill->pending);
    free(fill->windows);
    free(fill->row_ids);
    free(fill->row_values);
    free(fill->cursors);
    free(fill->active);
    weir_arena_fini(&fill->arena);
    free(fill);
}

size_t weir_fill_bytes(const struct weir_fill *fill) {
    size_t row = (size_t)fill->plan->aggregates_count * sizeof(struct weir_fill_value);
    return sizeof(*fill) + weir_fill_keys_bytes(&fill->keys) + fill->arena.bytes_reserved +
           fill->pending.capacity * row + fill->pending.strings.bytes_reserved +
           fill->pending.finishing.bytes_reserved + fill->windows_capacity * sizeof(struct real_window) +
           fill->rows_capacity * sizeof(uint32_t) * 2 + fill->cursors_capacity * sizeof(struct cursor) +
           fill->active_capacity * sizeof(uint32_t);
}

/* ---- keys ---- */

void weir_fill_held(const struct weir_fill *fill, int64_t closed, uint64_t *bits) {
    for (uint32_t id = 0; id < fill->keys.count; id++) {
        if (weir_fill_keys_hold(&fill->keys, closed, id)) weir_bit_set(bits, id);
    }
}

enum weir_status weir_fill_rename(struct weir_fill *fill, int64_t closed, const uint32_t *ids,
                                  struct weir_error *error) {
    return weir_fill_keys_rename(&fill->keys, closed, ids) ? WEIR_OK : out_of_memory(error);
}

/* ---- taking windows ---- */

/* A cursor for the gap before a real row, if there is one and it is to be filled. */
static bool open_gap(struct weir_fill *fill, uint32_t id, int64_t window, uint32_t to) {
    const struct weir_fill_keys *keys = &fill->keys;
    if (!keys->known[id] || window <= keys->last[id]) return true;
    uint64_t empty = (uint64_t)window - (uint64_t)keys->last[id] - 1;
    if (empty == 0) return true;
    if (fill->plan->fill.windows_max >= 0 && empty > (uint64_t)fill->plan->fill.windows_max) return true;
    if (!reserve((void **)&fill->cursors, &fill->cursors_capacity, (uint64_t)fill->cursors_count + 1,
                 sizeof(struct cursor))) {
        return false;
    }
    uint32_t from = fill->pending.count;
    if (fill->needs_values && !weir_fill_values_copy(&fill->pending, weir_fill_keys_values(keys, id))) return false;
    fill->cursors[fill->cursors_count++] = (struct cursor){
        .start = keys->last[id], .next = keys->last[id] + 1, .end = window, .id = id, .from = from, .to = to};
    return true;
}

static bool reserve_rows(struct weir_fill *fill, uint32_t more) {
    uint64_t wanted = (uint64_t)fill->rows_count + more;
    uint32_t capacity = fill->rows_capacity;
    return reserve((void **)&fill->row_ids, &capacity, wanted, sizeof(uint32_t)) &&
           reserve((void **)&fill->row_values, &fill->rows_capacity, wanted, sizeof(uint32_t));
}

static struct real_window *real_window(struct weir_fill *fill, int64_t window) {
    if (fill->windows_count > 0 && fill->windows[fill->windows_count - 1].index == window) {
        return &fill->windows[fill->windows_count - 1];
    }
    if (!reserve((void **)&fill->windows, &fill->windows_capacity, (uint64_t)fill->windows_count + 1,
                 sizeof(struct real_window))) {
        return NULL;
    }
    fill->windows[fill->windows_count] = (struct real_window){.index = window, .first = fill->rows_count};
    return &fill->windows[fill->windows_count++];
}

enum weir_status weir_fill_window(struct weir_fill *fill, int64_t window, const uint32_t *ids,
                                  const char *const *rows, uint32_t count, struct weir_error *error) {
    if (count == 0) return WEIR_OK;
    struct real_window *real = real_window(fill, window);
    if (real == NULL || !reserve_rows(fill, count)) return out_of_memory(error);
    uint32_t first = fill->pending.count;
    enum weir_status status = weir_fill_values_finish(&fill->pending, fill->accumulator, rows, count, error);
    if (status != WEIR_OK) return status;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = ids == NULL ? 0 : ids[i];
        if (id == UINT32_MAX || !weir_fill_keys_reserve(&fill->keys, id + 1) ||
            !open_gap(fill, id, window, first + i) ||
            !weir_fill_keys_remember(&fill->keys, id, window, weir_fill_values_row(&fill->pending, first + i))) {
            return out_of_memory(error);
        }
        fill->row_ids[fill->rows_count] = id;
        fill->row_values[fill->rows_count++] = first + i;
        real->count++;
    }
    return WEIR_OK;
}

/* ---- giving rows ---- */

static void put(const struct weir_fill *fill, int32_t call, struct weir_fill_value value) {
    const struct weir_vector *vector = &fill->out_vectors[call];
    size_t at = (size_t)fill->count;
    weir_bit_put((uint64_t *)(uintptr_t)vector->validity, at, value.some);
    if (!value.some) value.value = (union weir_value){.i128 = 0};
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: weir_bit_put((uint64_t *)(uintptr_t)vector->bits, at, value.value.i64 != 0); break;
    case WEIR_VECTOR_I64: ((int64_t *)(uintptr_t)vector->i64)[at] = value.value.i64; break;
    case WEIR_VECTOR_F64: ((double *)(uintptr_t)vector->f64)[at] = value.value.f64; break;
    case WEIR_VECTOR_I128: ((weir_i128 *)(uintptr_t)vector->i128)[at] = value.value.i128; break;
    case WEIR_VECTOR_STRING:
        ((struct weir_string *)(uintptr_t)vector->strings)[at] =
            value.some ? value.value.string : (struct weir_string){"", 0};
        break;
    }
}

static void put_head(struct weir_fill *fill, uint32_t id) {
    fill->out_windows[fill->count] = fill->window;
    fill->out_ids[fill->count++] = id;
}

static void put_real(struct weir_fill *fill, uint32_t row) {
    const struct weir_fill_value *values = weir_fill_values_row(&fill->pending, fill->row_values[row]);
    for (int32_t call = 0; call < fill->plan->aggregates_count; call++) put(fill, call, values[call]);
    put_head(fill, fill->row_ids[row]);
}

static struct weir_fill_value filled_value(const struct weir_fill *fill, const struct cursor *cursor,
                                           int32_t call) {
    const struct weir_expr *literal;
    switch (fill->plan->fill.kind) {
    case WEIR_FILL_VALUE:
        literal = fill->plan->fill.values[call];
        return (struct weir_fill_value){.value = literal->value, .some = !literal->is_null};
    case WEIR_FILL_PREV: return weir_fill_values_row(&fill->pending, cursor->from)[call];
    case WEIR_FILL_LINEAR:
        return weir_fill_between(
            fill->plan->aggregates[call].type, weir_fill_values_row(&fill->pending, cursor->from)[call],
            weir_fill_values_row(&fill->pending, cursor->to)[call],
            (uint64_t)fill->window - (uint64_t)cursor->start, (uint64_t)cursor->end - (uint64_t)cursor->start);
    default: return (struct weir_fill_value){.some = false};
    }
}

static void put_filled(struct weir_fill *fill, struct cursor *cursor) {
    for (int32_t call = 0; call < fill->plan->aggregates_count; call++)
        put(fill, call, filled_value(fill, cursor, call));
    put_head(fill, cursor->id);
    cursor->next++;
}

static int by_start(const void *a, const void *b) {
    const struct cursor *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Goes to the next window that has rows; false when there is none. A cursor that has begun has a row in each window
 * up to its end, so from one row to the next nothing is searched. */
static bool next_window(struct weir_fill *fill) {
    bool some = true;
    if (fill->active_count > 0) {
        fill->window++;
    } else {
        some = fill->windows_at < fill->windows_count;
        if (some) fill->window = fill->windows[fill->windows_at].index;
        if (fill->cursors_at < fill->cursors_count) {
            int64_t next = fill->cursors[fill->cursors_at].next;
            if (!some || next < fill->window) fill->window = next;
            some = true;
        }
    }
    while (fill->cursors_at < fill->cursors_count && fill->cursors[fill->cursors_at].next == fill->window)
        fill->active[fill->active_count++] = fill->cursors_at++;
    fill->row_at = fill->active_at = 0;
    return some;
}

/* Rows of the window at hand, as many as the block takes; true when it has given all. */
static bool give_window(struct weir_fill *fill) {
    bool real = fill->windows_at < fill->windows_count && fill->windows[fill->windows_at].index == fill->window;
    uint32_t rows = real ? fill->windows[fill->windows_at].count : 0;
    while (fill->row_at < rows && fill->count < WEIR_BLOCK_ROWS)
        put_real(fill, fill->windows[fill->windows_at].first + fill->row_at++);
    while (fill->active_at < fill->active_count && fill->count < WEIR_BLOCK_ROWS)
        put_filled(fill, &fill->cursors[fill->active[fill->active_at++]]);
    if (fill->row_at < rows || fill->active_at < fill->active_count) return false;
    if (real) fill->windows_at++;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < fill->active_count; i++) {
        const struct cursor *cursor = &fill->cursors[fill->active[i]];
        if (cursor->next < cursor->end) fill->active[kept++] = fill->active[i];
    }
    fill->active_count = kept;
    return true;
}

static void end_advance(struct weir_fill *fill) {
    fill->giving = false;
    fill->windows_count = fill->rows_count = fill->cursors_count = 0;
    fill->windows_at = fill->cursors_at = 0;
    weir_fill_values_clear(&fill->pending);
}

enum weir_status weir_fill_next(struct weir_fill *fill, struct weir_fill_block *out, struct weir_error *error) {
    if (!fill->giving) {
        if (!reserve((void **)&fill->active, &fill->active_capacity, fill->cursors_count, sizeof(uint32_t))) {
            return out_of_memory(error);
        }
        if (fill->cursors_count > 1) qsort(fill->cursors, fill->cursors_count, sizeof(struct cursor), by_start);
        fill->giving = true;
        fill->within = false;
    }
    fill->count = 0;
    while (fill->count < WEIR_BLOCK_ROWS) {
        if (!fill->within && !next_window(fill)) break;
        fill->within = !give_window(fill);
    }
    if (fill->count == 0) {
        end_advance(fill);
        return WEIR_END;
    }
    *out = (struct weir_fill_block){
        .count = fill->count, .windows = fill->out_windows, .ids = fill->out_ids, .vectors = fill->out_vectors};
    return WEIR_OK;
}
