/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of results that are due. They come nearly in the order of their ends, millions at a time where sessions
 * are short, and lie within a short stretch of time: so many of them are sorted digit by digit, from the lowest,
 * which is stable and takes a pass over them for every eleven bits by which they differ (Knuth, vol. 3, 5.2.5).
 */
#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "engine/due.h"

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
#define FEW 512 /* below this comparing costs less than counting */

/* Rows are numbered as the entries were added, so the order is total and any sort is stable. */
static int by_order(const void *a, const void *b) {
    const struct weir_due_entry *x = a, *y = b;
    if (x->sequence != y->sequence) return x->sequence < y->sequence ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bool is_sorted(const struct weir_due_entry *entries, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        if (by_order(&entries[i - 1], &entries[i]) > 0) return false;
    }
    return true;
}

static bool reserve_spare(struct weir_due *due, uint32_t count) {
    if (count <= due->spare_capacity) return true;
    struct weir_due_entry *spare = weir_pages_alloc_raw((size_t)due->capacity * sizeof(*spare));
    if (spare == NULL) return false;
    weir_pages_free(due->spare, due->spare_capacity * sizeof(*spare));
    due->spare = spare;
    due->spare_capacity = due->capacity;
    return true;
}

enum key { KEY_END, KEY_SEQUENCE };

WEIR_INLINE int64_t key_of(const struct weir_due_entry *entry, enum key key) {
    return key == KEY_END ? entry->end : entry->sequence;
}

/* most: the greatest digit. */
WEIR_INLINE void pass(const struct weir_due_entry *from, struct weir_due_entry *to, uint32_t count, enum key key,
                      int64_t least, int shift, uint32_t most) {
    uint32_t places[DIGITS], next = 0;
    memset(places, 0, (most + 1) * sizeof(*places));
    for (uint32_t i = 0; i < count; i++)
        places[((uint64_t)key_of(&from[i], key) - (uint64_t)least) >> shift & (DIGITS - 1)]++;
    for (uint32_t digit = 0; digit <= most; digit++) {
        uint32_t here = places[digit];
        places[digit] = next;
        next += here;
    }
    for (uint32_t i = 0; i < count; i++)
        to[places[((uint64_t)key_of(&from[i], key) - (uint64_t)least) >> shift & (DIGITS - 1)]++] = from[i];
}

struct range {
    int64_t least, most;
};

WEIR_INLINE void widen(struct range *range, int64_t value) {
    range->least = value < range->least ? value : range->least;
    range->most = value > range->most ? value : range->most;
}

/* Sorts by one key, keeping the order of equals; true when the entries end up in `other`. */
WEIR_INLINE bool sort_by(struct weir_due_entry *entries, struct weir_due_entry *other, uint32_t count, enum key key,
                         struct range keys) {
    uint64_t range = (uint64_t)keys.most - (uint64_t)keys.least;
    bool moved = false;
    for (int shift = 0; shift < 64 && range >> shift != 0; shift += DIGIT_BITS) {
        uint64_t most = range >> shift;
        pass(moved ? other : entries, moved ? entries : other, count, key, keys.least, shift,
             most < DIGITS ? (uint32_t)most : DIGITS - 1);
        moved = !moved;
    }
    return moved;
}

/* What was sorted into `spare` stays there where that is all of the list: the two change places. */
static void bring_home(struct weir_due *due, uint32_t from, uint32_t count) {
    if (from > 0) {
        memcpy(due->entries + from, due->spare, (size_t)count * sizeof(*due->entries));
        return;
    }
    struct weir_due_entry *entries = due->entries;
    uint32_t capacity = due->capacity;
    due->entries = due->spare;
    due->capacity = due->spare_capacity;
    due->spare = entries;
    due->spare_capacity = capacity;
}

void weir_due_sort(struct weir_due *due, uint32_t from) {
    struct weir_due_entry *entries = due->entries + from;
    uint32_t count = due->count - from;
    if (is_sorted(entries, count)) return;
    if (count < FEW || !reserve_spare(due, count)) {
        qsort(entries, count, sizeof(*entries), by_order);
        return;
    }
    struct range ends = {INT64_MAX, INT64_MIN}, sequences = ends;
    for (uint32_t i = 0; i < count; i++) {
        widen(&ends, entries[i].end);
        widen(&sequences, entries[i].sequence);
    }
    struct weir_due_entry *at = entries, *other = due->spare;
    if (sort_by(at, other, count, KEY_END, ends)) {
        at = due->spare;
        other = entries;
    }
    if (sort_by(at, other, count, KEY_SEQUENCE, sequences)) at = other;
    if (at != entries) bring_home(due, from, count);
}
