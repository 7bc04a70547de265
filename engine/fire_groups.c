/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fire_groups.h"

#include <string.h>

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while a window fires");
}

/* ---- result columns of one block of groups ---- */

/* Vectors hold a TIMESTAMP(0) in ms. */
static void seconds_to_ms(int64_t *times, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        int64_t ms;
        if (!weir_mul_i64(times[i], WEIR_UNIT_MS, &ms)) ms = times[i] < 0 ? INT64_MIN : INT64_MAX;
        times[i] = ms;
    }
}

static enum weir_status bounds(struct weir_fire *fire, int32_t count, struct weir_error *error) {
    int64_t *times = weir_arena_array(&fire->arena, (size_t)count + 1, sizeof(*times));
    uint64_t *none = weir_arena_array(&fire->arena, weir_bitmap_words((size_t)count) + 1, sizeof(*none));
    if (times == NULL || none == NULL) return out_of_memory(error);
    bool windowed = fire->plan->window.kind != WEIR_WINDOW_NONE;
    for (int32_t i = 0; i < count; i++) times[i] = weir_sub_saturate_i64(fire->ends[i], 1);
    int64_t *by_column[3] = {fire->starts, fire->ends, times};
    for (int c = 0; c < 3; c++) {
        if (fire->plan->units_per_second < WEIR_UNIT_MS) seconds_to_ms(by_column[c], count);
        fire->vectors[c] =
            (struct weir_vector){.kind = WEIR_VECTOR_I64, .validity = windowed ? NULL : none, .i64 = by_column[c]};
    }
    fire->vectors[weir_plan_row_kind(fire->plan)] =
        (struct weir_vector){.kind = WEIR_VECTOR_STRING, .strings = fire->kinds};
    fire->vectors[weir_plan_is_complete(fire->plan)] =
        (struct weir_vector){.kind = WEIR_VECTOR_BOOL, .bits = fire->complete};
    return WEIR_OK;
}

/* A column of strings as Arrow has it, for expressions that compute with it. */
static enum weir_status string_column(struct weir_fire *fire, const struct weir_vector *vector, int32_t count,
                                      struct weir_column *out, struct weir_error *error) {
    int64_t *offsets = weir_arena_array(&fire->arena, (size_t)count + 1, sizeof(*offsets));
    if (offsets == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < count; i++) offsets[i + 1] = offsets[i] + vector->strings[i].length;
    char *bytes = weir_arena_alloc(&fire->arena, (size_t)offsets[count] + 1);
    if (bytes == NULL) return out_of_memory(error);
    for (int32_t i = 0; i < count; i++) {
        if (vector->strings[i].length > 0)
            memcpy(bytes + offsets[i], vector->strings[i].data, (size_t)vector->strings[i].length);
    }
    out->storage = WEIR_STORE_LARGE_UTF8;
    out->offsets = offsets;
    out->values = bytes;
    return WEIR_OK;
}

static enum weir_status make_columns(struct weir_fire *fire, int32_t count, struct weir_error *error) {
    for (int32_t c = 0; c < fire->plan->result_columns_count; c++) {
        const struct weir_vector *vector = &fire->vectors[c];
        struct weir_column *column = &fire->columns[c];
        *column = (struct weir_column){.validity = vector->validity,
                                       .values = vector->i64,
                                       .rows = count,
                                       .storage = fire->plan->result_columns[c].storage};
        if (vector->kind != WEIR_VECTOR_STRING || !fire->emit->needs_string_columns) continue;
        enum weir_status status = string_column(fire, vector, count, column, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* The groups at hand: key ids, bounds and accumulator rows lie in the arrays of `fire`; where `finished` is not
 * NULL it has the values of each aggregate instead. */
enum weir_status weir_fire_finished(struct weir_fire *fire, const struct weir_vector *finished, int32_t count,
                                    struct weir_error *error) {
    const struct weir_plan *plan = fire->plan;
    weir_arena_reset(&fire->arena);
    enum weir_status status = bounds(fire, count, error);
    for (int32_t i = 0; i < plan->keys_count && status == WEIR_OK; i++) {
        struct weir_vector *vector = &fire->vectors[WEIR_RESULT_KEYS + i];
        status =
            fire->keys.words == NULL
                ? weir_key_table_values(fire->state->keys, i, fire->ids, count, &fire->arena, vector, error)
                : weir_key_table_word_values(fire->state->keys, i, &fire->keys, count, &fire->arena, vector, error);
    }
    for (int32_t i = 0; i < plan->aggregates_count && status == WEIR_OK; i++) {
        struct weir_vector *vector = &fire->vectors[WEIR_RESULT_KEYS + plan->keys_count + i];
        if (finished != NULL) {
            *vector = finished[i];
        } else {
            status = weir_accumulator_finish(fire->state->accumulator, plan, i, fire->rows, count, &fire->arena,
                                             vector, error);
        }
    }
    if (status == WEIR_OK) status = make_columns(fire, count, error);
    if (status != WEIR_OK) return status;
    struct weir_block block = {fire->columns, plan->result_columns, 0, count};
    return weir_emit_block(fire->emit, &block, fire->vectors, NULL, error);
}

enum weir_status weir_fire_groups(struct weir_fire *fire, int32_t count, struct weir_error *error) {
    return weir_fire_finished(fire, NULL, count, error);
}

static void set_window(struct weir_fire *fire, int64_t window, int32_t count) {
    bool windowed = fire->plan->window.kind != WEIR_WINDOW_NONE;
    int64_t start = windowed ? weir_window_start(&fire->state->window, window) : 0;
    int64_t end = windowed ? weir_window_end(&fire->state->window, window) : 0;
    for (int32_t i = 0; i < count; i++) {
        fire->starts[i] = start;
        fire->ends[i] = end;
    }
    bool complete = weir_fire_is_complete(fire, window);
    memset(fire->complete, complete ? 0xFF : 0, weir_bitmap_words((size_t)count) * sizeof(*fire->complete));
}

enum weir_status weir_fire_window(struct weir_fire *fire, int64_t window, int32_t count, struct weir_error *error) {
    if (fire->fill != NULL)
        return weir_fill_window(fire->fill, window, fire->ids, fire->rows, (uint32_t)count, error);
    set_window(fire, window, count);
    return weir_fire_groups(fire, count, error);
}

enum weir_status weir_fire_end_window(struct weir_fire *fire, int64_t window, uint32_t keys,
                                      struct weir_error *error) {
    weir_ingest_keys_used(fire->state, keys);
    fire->windows_fired += keys > 0 && fire->fill == NULL && fire->plan->window.kind != WEIR_WINDOW_NONE;
    if (fire->outbox == NULL || keys == 0) return WEIR_OK;
    return weir_outbox_close(fire->outbox, fire->emit, window, error);
}

enum weir_status weir_fire_direct(struct weir_fire *fire, int64_t window, const struct weir_slice *slice,
                                  struct weir_error *error) {
    uint64_t nulls[WEIR_BLOCK_ROWS / 64];
    bool by_words = weir_key_table_has_words(fire->state->keys);
    struct weir_direct_walk walk = {.rows = fire->rows, .words = fire->words};
    enum weir_status status = WEIR_OK;
    uint32_t keys = 0;
    while (status == WEIR_OK && weir_direct_walk(&fire->state->store, slice, &walk)) {
        if (by_words) fire->keys = (struct weir_key_block){fire->words, weir_direct_walk_nulls(&walk, nulls)};
        for (int32_t i = 0; !by_words && i < walk.count; i++) fire->ids[i] = (uint32_t)fire->words[i];
        keys += (uint32_t)walk.count;
        status = weir_fire_window(fire, window, walk.count, error);
    }
    fire->keys.words = NULL;
    return status == WEIR_OK ? weir_fire_end_window(fire, window, keys, error) : status;
}

enum weir_status weir_fire_rows(struct weir_fire *fire, int64_t window, const char *rows, uint32_t keys,
                                struct weir_error *error) {
    size_t stride = fire->state->accumulator->stride;
    int32_t count = 0;
    uint32_t full = 0; /* blocks */
    for (uint32_t id = 0; id < keys; id++) {
        const char *row = rows + (size_t)id * stride;
        if (*(const int64_t *)row == 0) continue;
        fire->ids[count] = id;
        fire->rows[count++] = row;
        if (count < WEIR_BLOCK_ROWS) continue;
        enum weir_status status = weir_fire_window(fire, window, count, error);
        if (status != WEIR_OK) return status;
        count = 0;
        full++;
    }
    enum weir_status status = count == 0 ? WEIR_OK : weir_fire_window(fire, window, count, error);
    if (status != WEIR_OK) return status;
    return weir_fire_end_window(fire, window, full * WEIR_BLOCK_ROWS + (uint32_t)count, error);
}
