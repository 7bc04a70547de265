/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/held_strings.h"

#include <string.h>

#include "base/bits.h"

static int compare_strings(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t shared = a_length < b_length ? a_length : b_length;
    int order = shared == 0 ? 0 : memcmp(a, b, shared);
    if (order != 0) return order;
    return a_length < b_length ? -1 : a_length > b_length;
}

/* Replaces a held string, in its own room where that is enough. Rooms double, so that a column that ever rises
 * wastes at most as much as it holds. */
static bool hold_string(struct weir_held_string *held, const char *data, size_t length, struct weir_arena *heap) {
    if (length > UINT32_MAX / 4) return false;
    if (held->capacity < length || held->capacity == 0) {
        size_t capacity = (size_t)weir_round_up_pow2(length < 16 ? 16 : length);
        char *room = weir_arena_alloc(heap, capacity);
        if (room == NULL) return false;
        held->data = room;
        held->capacity = (uint32_t)capacity;
    }
    if (length > 0) memcpy(held->data, data, length);
    held->length = (uint32_t)length;
    return true;
}

bool weir_held_string_offer(struct weir_held_string *held, bool want_min, const char *data, size_t length,
                            struct weir_arena *heap) {
    if (held->capacity != 0) {
        int order = compare_strings(data, length, held->data, held->length);
        if (want_min ? order >= 0 : order <= 0) return true;
    }
    return hold_string(held, data, length, heap);
}

static bool move(struct weir_held_string *held, struct weir_arena *heap) {
    if (held->capacity == 0) return true;
    uint32_t capacity = held->length == 0 ? 1 : held->length; /* 0 would say that none is held */
    char *room = weir_arena_alloc(heap, capacity);
    if (room == NULL) return false;
    if (held->length > 0) memcpy(room, held->data, held->length);
    held->data = room;
    held->capacity = capacity;
    return true;
}

#define ALIGNMENT_MOST ((size_t)64) /* what an arena rounds to */

static bool is_string(enum weir_field_kind kind) {
    return kind == WEIR_FIELD_MIN_STRING || kind == WEIR_FIELD_MAX_STRING;
}

size_t weir_held_strings_bytes(const struct weir_accumulator *accumulator, const char *row) {
    if (!accumulator->holds_strings) return 0;
    size_t bytes = 0;
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        if (!is_string(accumulator->fields[i].kind)) continue;
        const struct weir_held_string *held =
            (const struct weir_held_string *)(row + accumulator->fields[i].offset);
        if (held->capacity == 0) continue;
        /* a long one may be preceded by a gap as well as followed by one */
        bytes += held->length < ALIGNMENT_MOST * 4 ? held->length + 16 : held->length + ALIGNMENT_MOST * 2;
    }
    return bytes;
}

bool weir_held_strings_move(const struct weir_accumulator *accumulator, char *row, struct weir_arena *heap) {
    if (!accumulator->holds_strings) return true;
    for (int32_t i = 0; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        if (!is_string(field->kind)) continue;
        if (!move((struct weir_held_string *)(row + field->offset), heap)) return false;
    }
    return true;
}
