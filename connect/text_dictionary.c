/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/text_dictionary.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "engine/string_table.h"
#include "simd/kernels.h"
#include "simd/text_slot.h"

#define SLOTS_FIRST 1024
#define SLOTS_MAX 65536
/* Slots for each entry, while there are few: nearly each text is then in its home slot. */
#define SLOTS_EACH 16

#define ENTRIES_FIRST 1024
#define BYTES_FIRST ((size_t)16 << 10)

/* The texts as Arrow has them. Room that is used never changes: batches look at it while more is filled. */
struct block {
    atomic_int uses;
    size_t entries_room;
    size_t bytes_room;
    int32_t *offsets;
    char *bytes;
};

struct weir_text_dictionary {
    struct weir_string_table strings; /* all of them; the id is the code */
    struct weir_text_slot *slots;     /* the short ones, or as many as found a place */
    size_t slots_count;
    uint64_t seed;
    struct block *block;
    size_t bytes;
};

/* ---- the block --------------------------------------------------------------------------------------------------
 */

static struct block *block_create(size_t entries, size_t bytes) {
    struct block *block = malloc(sizeof(*block));
    if (!block) return NULL;
    *block = (struct block){.entries_room = entries, .bytes_room = bytes};
    atomic_init(&block->uses, 1);
    block->offsets = malloc((entries + 1) * sizeof(*block->offsets));
    block->bytes = malloc(bytes);
    if (block->offsets && block->bytes) {
        block->offsets[0] = 0;
        return block;
    }
    free(block->offsets);
    free(block->bytes);
    free(block);
    return NULL;
}

static void block_drop(struct block *block) {
    if (!block || atomic_fetch_sub(&block->uses, 1) > 1) return;
    free(block->offsets);
    free(block->bytes);
    free(block);
}

/* Room for one more text: in another block where this one has none, for batches may look at it. */
static bool reserve(struct weir_text_dictionary *dictionary, size_t length) {
    const struct block *old = dictionary->block;
    size_t entries = old->entries_room, bytes = old->bytes_room;
    if (dictionary->strings.count == entries) entries *= 2;
    while (dictionary->bytes + length > bytes) bytes *= 2;
    if (bytes > INT32_MAX) bytes = INT32_MAX;
    if (dictionary->bytes + length > bytes) return false;
    if (entries == old->entries_room && bytes == old->bytes_room) return true;
    struct block *block = block_create(entries, bytes);
    if (!block) return false;
    memcpy(block->offsets, old->offsets, ((size_t)dictionary->strings.count + 1) * sizeof(*block->offsets));
    memcpy(block->bytes, old->bytes, dictionary->bytes);
    block_drop(dictionary->block);
    dictionary->block = block;
    return true;
}

/* ---- slots ------------------------------------------------------------------------------------------------------
 */

static bool place(struct weir_text_slot *slots, size_t count, uint64_t seed, struct weir_string string,
                  uint32_t code) {
    char text[WEIR_TEXT_SLOT_BYTES] = {0};
    size_t length = (size_t)string.length;
    memcpy(text, string.data, length);
    struct weir_text_words words = weir_text_words_of(text, length);
    const struct weir_text_hash hash = weir_text_hash_of(seed, count - 1);
    size_t home = weir_text_home(&hash, &words);
    for (size_t probe = 0; probe < WEIR_TEXT_SLOT_PROBES; probe++) {
        struct weir_text_slot *slot = &slots[(home + probe) & (count - 1)];
        if (slot->mark != 0) continue;
        memcpy(slot->words, words.word, sizeof(words.word));
        slot->mark = (uint32_t)length + 1;
        slot->code = code;
        return true;
    }
    return false;
}

static bool grow_slots(struct weir_text_dictionary *dictionary, size_t count) {
    size_t bytes = count * sizeof(*dictionary->slots);
    struct weir_text_slot *slots = aligned_alloc(sizeof(*slots), bytes);
    if (!slots) return false;
    memset(slots, 0, bytes);
    for (uint32_t code = 0; code < dictionary->strings.count; code++) {
        struct weir_string string = dictionary->strings.strings[code];
        if (string.length <= WEIR_TEXT_SLOT_BYTES) place(slots, count, dictionary->seed, string, code);
    }
    free(dictionary->slots);
    dictionary->slots = slots;
    dictionary->slots_count = count;
    return true;
}

/* A short text that finds no place is found in `strings`, more slowly. */
static bool add_slot(struct weir_text_dictionary *dictionary, uint32_t code) {
    size_t count = dictionary->slots_count;
    struct weir_string string = dictionary->strings.strings[code];
    if (string.length > WEIR_TEXT_SLOT_BYTES) return true;
    if (count < SLOTS_MAX && dictionary->strings.count * SLOTS_EACH > count)
        return grow_slots(dictionary, 2 * count);
    place(dictionary->slots, count, dictionary->seed, string, code);
    return true;
}

/* ---- texts ------------------------------------------------------------------------------------------------------
 */

size_t weir_text_dictionary_find(const struct weir_text_dictionary *dictionary, const char *text,
                                 const struct weir_text_span *spans, size_t from, size_t count, uint32_t *codes) {
    return weir_simd->find_texts(dictionary->slots, dictionary->slots_count - 1, dictionary->seed, text, spans,
                                 from, count, codes);
}

static uint32_t add(struct weir_text_dictionary *dictionary, struct weir_string string) {
    size_t length = (size_t)string.length;
    if (!weir_simd->utf8_valid(string.data, length) || memchr(string.data, 0, length)) return WEIR_TEXT_BAD;
    if (!reserve(dictionary, length)) return WEIR_TEXT_NO_MEMORY;
    uint32_t code = weir_string_table_intern(&dictionary->strings, string);
    if (code == WEIR_STRING_NONE) return WEIR_TEXT_NO_MEMORY;
    struct block *block = dictionary->block;
    memcpy(block->bytes + dictionary->bytes, string.data, length);
    dictionary->bytes += length;
    block->offsets[code + 1] = (int32_t)dictionary->bytes;
    return add_slot(dictionary, code) ? code : WEIR_TEXT_NO_MEMORY;
}

uint32_t weir_text_dictionary_code(struct weir_text_dictionary *dictionary, const char *text, size_t length) {
    const struct weir_text_span span = {0, (uint32_t)length};
    uint32_t code;
    if (weir_text_dictionary_find(dictionary, text, &span, 0, 1, &code) == 1) return code;
    struct weir_string string = {text, (int64_t)length};
    code = weir_string_table_find(&dictionary->strings, string);
    return code == WEIR_STRING_NONE ? add(dictionary, string) : code;
}

bool weir_text_dictionary_is_full(const struct weir_text_dictionary *dictionary) {
    return dictionary->strings.count > WEIR_TEXT_DICTIONARY_ENTRIES ||
           dictionary->bytes > WEIR_TEXT_DICTIONARY_BYTES;
}

/* ---- export -----------------------------------------------------------------------------------------------------
 */

struct words {
    const void *buffers[3];
    struct block *block;
};

static void release_words(struct ArrowArray *array) {
    struct words *words = array->private_data;
    block_drop(words->block);
    free(words);
    array->release = NULL;
}

bool weir_text_dictionary_export(const struct weir_text_dictionary *dictionary, struct ArrowArray *out) {
    struct words *words = malloc(sizeof(*words));
    if (!words) return false;
    struct block *block = dictionary->block;
    *words = (struct words){{NULL, block->offsets, block->bytes}, block};
    atomic_fetch_add(&block->uses, 1);
    *out = (struct ArrowArray){.length = dictionary->strings.count,
                               .n_buffers = 3,
                               .buffers = words->buffers,
                               .release = release_words,
                               .private_data = words};
    return true;
}

/* ---- life -------------------------------------------------------------------------------------------------------
 */

struct weir_text_dictionary *weir_text_dictionary_create(void) {
    struct weir_text_dictionary *dictionary = calloc(1, sizeof(*dictionary));
    if (!dictionary) return NULL;
    dictionary->seed = weir_hash_seed();
    weir_string_table_init(&dictionary->strings, dictionary->seed);
    dictionary->block = block_create(ENTRIES_FIRST, BYTES_FIRST);
    if (!dictionary->block || !grow_slots(dictionary, SLOTS_FIRST)) weir_text_dictionary_destroy(&dictionary);
    return dictionary;
}

void weir_text_dictionary_destroy(struct weir_text_dictionary **address) {
    struct weir_text_dictionary *dictionary = *address;
    if (!dictionary) return;
    *address = NULL;
    weir_string_table_fini(&dictionary->strings);
    block_drop(dictionary->block);
    free(dictionary->slots);
    free(dictionary);
}
