/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/held_strings.h"

#include <string.h>

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
