/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/hash.h"
#include "bench/rows.h"

/* A set of 64-bit words, by their hashes: the mix is a bijection, and only its lowest bit is lost to the mark. */
struct word_set {
    uint64_t *marks; /* 0: empty */
    size_t room;     /* a power of two */
    size_t count;
};

/* Takes the place of the mark; true where it was free. */
static bool place(const struct word_set *set, uint64_t mark) {
    size_t at = (size_t)(mark >> 1) & (set->room - 1);
    while (set->marks[at] != 0 && set->marks[at] != mark) at = (at + 1) & (set->room - 1);
    bool is_new = set->marks[at] == 0;
    set->marks[at] = mark;
    return is_new;
}

static bool grow(struct word_set *set) {
    struct word_set grown = {.room = set->room * 2, .count = set->count};
    grown.marks = calloc(grown.room, sizeof(*grown.marks));
    if (grown.marks == NULL) return false;
    for (size_t i = 0; i < set->room; i++) {
        if (set->marks[i] != 0) place(&grown, set->marks[i]);
    }
    free(set->marks);
    *set = grown;
    return true;
}

static bool add_words(struct word_set *set, const uint64_t *words, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        set->count += place(set, weir_hash_u64(words[i], 0) | 1);
        if (set->count * 2 >= set->room && !grow(set)) return false;
    }
    return true;
}

size_t weir_rows_count_keys(const struct weir_rows *rows) {
    if (rows->key == WEIR_ROWS_NO_KEY || rows->key == WEIR_ROWS_OTHER || rows->batches_count == 0) return 0;
    if (rows->key == WEIR_ROWS_DICTIONARY) return (size_t)rows->batches[0].children[1]->dictionary->length;
    struct word_set set = {.room = 1024};
    set.marks = calloc(set.room, sizeof(*set.marks));
    bool ok = set.marks != NULL;
    for (int64_t i = 0; i < rows->batches_count && ok; i++) {
        ok = add_words(&set, weir_rows_words(&rows->batches[i]), rows->batches[i].length);
    }
    free(set.marks);
    return ok ? set.count : 0;
}
