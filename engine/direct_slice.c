/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/direct_slice.h"

#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/error.h"
#include "base/hash.h"

/* A table is made anew when more than seven in twelve of its slots are taken, for a third more keys: with
 * slots that fill their buckets it is 1.7 to 2.4 times as large as what it holds. */
#define KEYS_LEAST 32
#define IS_FULL(keys, slots) ((uint64_t)(keys)*12 > (uint64_t)(slots)*7)
#define GROWN(keys) ((uint64_t)(keys)*4 / 3)
#define SLOTS_FOR(keys) ((uint64_t)(keys)*12 / 7 + 1)
/* From the part of the keys that are expected on, a table gets room for all of them. */
#define EXPECTED_PART 16

/* Entries ahead of the one at work whose buckets are fetched, where they lie beyond the cache. */
#define PREFETCH_ROWS 24
#define PREFETCH_FROM_BYTES ((size_t)1 << 19)

#define LINE_BYTES 64
#define UNIT_BYTES 8 /* of the numbers of slots */

typedef weir_u128 u128_in_row __attribute__((aligned(8)));

/* A slice at work. */
struct table {
    char *slots;
    const char *fresh;
    size_t stride;
    size_t slot_bytes;
    size_t bucket_bytes;
    uint32_t buckets;
    uint32_t bucket_slots;
};

/* The smallest run of lines that holds two slots. */
static size_t bucket_bytes(size_t slot_bytes) { return weir_round_up(2 * slot_bytes, LINE_BYTES); }

static struct table table_of(const struct weir_slice_store *store, const struct weir_slice *slice) {
    struct table table = {.slots = slice->rows,
                          .fresh = store->accumulator->fresh,
                          .stride = store->accumulator->stride,
                          .buckets = slice->capacity};
    table.slot_bytes = table.stride + sizeof(uint64_t);
    table.bucket_bytes = bucket_bytes(table.slot_bytes);
    table.bucket_slots = (uint32_t)(table.bucket_bytes / table.slot_bytes);
    return table;
}

WEIR_INLINE char *bucket_at(const struct table *table, uint32_t at) {
    return table->slots + (size_t)at * table->bucket_bytes;
}

WEIR_INLINE char *home(const struct table *table, uint64_t hash) {
    return bucket_at(table, (uint32_t)(((hash >> 32) * table->buckets) >> 32));
}

/* NULL's slot is that of a bucket behind all others. */
static char *null_slot(const struct table *table) { return bucket_at(table, table->buckets); }

WEIR_INLINE int64_t *count_of(char *slot) { return (int64_t *)(void *)slot; }
WEIR_INLINE uint64_t *word_of(const struct table *table, char *slot) {
    return (uint64_t *)(void *)(slot + table->stride);
}

/* The slot of the word, or the free one that it would have: the first in its home or in the buckets that follow. */
static char *find(const struct table *table, uint64_t word, uint64_t hash) {
    char *bucket = home(table, hash), *end = null_slot(table);
    for (;;) {
        char *slot = bucket;
        for (uint32_t i = 0; i < table->bucket_slots; i++, slot += table->slot_bytes) {
            if (*word_of(table, slot) == word || *count_of(slot) == 0) return slot;
        }
        bucket += table->bucket_bytes;
        if (bucket == end) bucket = table->slots;
    }
}

static void take(const struct table *table, char *slot, uint64_t word) {
    memcpy(slot, table->fresh, table->stride);
    *word_of(table, slot) = word;
}

/* ---- tables ---- */

size_t weir_direct_bytes(const struct weir_accumulator *accumulator, uint32_t buckets) {
    return ((size_t)buckets + 1) * bucket_bytes(accumulator->stride + sizeof(uint64_t));
}

/* An empty table for so many keys. */
static bool make(struct weir_slice_store *store, uint64_t keys, struct weir_slice *out) {
    size_t slot_bytes = store->accumulator->stride + sizeof(uint64_t), bucket = bucket_bytes(slot_bytes);
    uint64_t buckets = SLOTS_FOR(keys < KEYS_LEAST ? KEYS_LEAST : keys) / (bucket / slot_bytes) + 1;
    /* The numbers of slots are offsets in units, of 32 bits. */
    if (buckets > UINT32_MAX / (bucket / UNIT_BYTES) - 2) return false;
    size_t bytes = weir_direct_bytes(store->accumulator, (uint32_t)buckets);
    *out = (struct weir_slice){.rows = weir_pages_alloc(bytes), .capacity = (uint32_t)buckets, .is_direct = true};
    if (out->rows != NULL) store->bytes += bytes;
    return out->rows != NULL;
}

static void move(const struct table *from, const struct table *to, uint64_t seed) {
    for (uint32_t i = 0; i < from->buckets; i++) {
        char *slot = bucket_at(from, i);
        for (uint32_t j = 0; j < from->bucket_slots && *count_of(slot) != 0; j++, slot += from->slot_bytes) {
            uint64_t word = *word_of(from, slot);
            memcpy(find(to, word, weir_hash_u64(word, seed)), slot, from->slot_bytes);
        }
    }
    memcpy(null_slot(to), null_slot(from), from->slot_bytes);
}

static WEIR_COLD bool grow(struct weir_slice_store *store, struct weir_slice *slice, uint64_t keys) {
    struct weir_slice grown;
    uint64_t room = slice->rows == NULL ? keys : GROWN(keys);
    if (room < store->keys_expected && keys >= store->keys_expected / EXPECTED_PART) room = store->keys_expected;
    if (!make(store, room, &grown)) return false;
    grown.keys = slice->keys;
    struct table from = table_of(store, slice), to = table_of(store, &grown);
    if (from.slots != NULL) move(&from, &to, store->seed);
    weir_slice_adopt(store, slice, &grown);
    return true;
}

static bool has_room(const struct weir_slice_store *store, const struct weir_slice *slice, uint32_t more) {
    uint64_t slots = slice->capacity;
    slots *= table_of(store, slice).bucket_slots;
    return slice->rows != NULL && !IS_FULL((uint64_t)slice->keys + more, slots);
}

/* Makes room for `more` keys that are not in the slice. False when memory is short. */
static bool reserve(struct weir_slice_store *store, struct weir_slice *slice, uint32_t more) {
    return has_room(store, slice, more) || grow(store, slice, (uint64_t)slice->keys + more);
}

/* ---- turning ---- */

/* Moves the rows of ids [first, first + count). keys NULL: the ids are the words. */
static void move_dense(const struct weir_slice_store *store, const struct weir_slice *from, struct weir_slice *to,
                       struct weir_key_table *keys, uint32_t first, uint32_t count) {
    struct table table = table_of(store, to);
    struct weir_key_block block = {NULL, NULL};
    uint64_t nulls[WEIR_BLOCK_ROWS / 64];
    if (keys != NULL) weir_key_table_listed(keys, first, (int32_t)count, nulls, &block);
    for (uint32_t i = 0; i < count; i++) {
        const char *row = from->rows + (size_t)(first + i) * table.stride;
        if (weir_slice_rows_of(from, table.stride, first + i) == 0) continue;
        bool null = block.nulls != NULL && weir_bit_get(block.nulls, i);
        uint64_t word = block.words == NULL ? first + i : null ? 0 : block.words[i];
        char *slot = null ? null_slot(&table) : find(&table, word, weir_hash_u64(word, store->seed));
        memcpy(slot, row, table.stride);
        *word_of(&table, slot) = word;
        to->keys += !null;
    }
}

bool weir_direct_from_dense(struct weir_slice_store *store, struct weir_slice *slice, struct weir_key_table *keys) {
    struct weir_slice made;
    uint32_t held = weir_slice_count_keys(slice, store->accumulator->stride);
    if (!make(store, GROWN(held), &made)) return false;
    for (uint32_t first = 0; first < slice->keys; first += WEIR_BLOCK_ROWS) {
        uint32_t left = slice->keys - first;
        move_dense(store, slice, &made, keys, first, left < WEIR_BLOCK_ROWS ? left : WEIR_BLOCK_ROWS);
    }
    weir_slice_adopt(store, slice, &made);
    return true;
}

static enum weir_status find_ids(struct weir_key_table *keys, struct weir_direct_walk *walk, uint64_t *nulls,
                                 uint32_t *ids, struct weir_error *error) {
    if (keys == NULL) {
        for (int32_t i = 0; i < walk->count; i++) ids[i] = (uint32_t)walk->words[i];
        return WEIR_OK;
    }
    struct weir_key_block block = {walk->words, weir_direct_walk_nulls(walk, nulls)};
    return weir_key_table_map_words(keys, &block, walk->count, ids, error);
}

enum weir_status weir_direct_to_dense(struct weir_slice_store *store, struct weir_slice *slice,
                                      struct weir_key_table *keys, struct weir_arena *arena,
                                      struct weir_error *error) {
    size_t stride = store->accumulator->stride;
    struct weir_slice made = {.keys = 0};
    struct weir_direct_walk walk = {.rows = weir_arena_alloc(arena, WEIR_BLOCK_ROWS * sizeof(*walk.rows)),
                                    .words = weir_arena_alloc(arena, WEIR_BLOCK_ROWS * sizeof(*walk.words))};
    uint64_t *nulls = weir_arena_alloc(arena, WEIR_BLOCK_ROWS / 8);
    uint32_t *ids = weir_arena_alloc(arena, WEIR_BLOCK_ROWS * sizeof(*ids));
    bool ok = walk.rows != NULL && walk.words != NULL && nulls != NULL && ids != NULL;
    while (ok && weir_direct_walk(store, slice, &walk)) {
        enum weir_status status = find_ids(keys, &walk, nulls, ids, error);
        if (status != WEIR_OK) {
            weir_slice_adopt(store, slice, &made);
            return status;
        }
        uint32_t most = 0;
        for (int32_t i = 0; i < walk.count; i++) most = ids[i] > most ? ids[i] : most;
        ok = weir_slice_reserve(store, &made, most + 1);
        for (int32_t i = 0; ok && i < walk.count; i++)
            memcpy(made.rows + (size_t)ids[i] * stride, walk.rows[i], stride);
    }
    weir_slice_adopt(store, slice, &made);
    return ok ? WEIR_OK : weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while slices change their shape");
}

bool weir_direct_rename(struct weir_slice_store *store, struct weir_slice *slice, const uint32_t *ids) {
    struct weir_slice made;
    if (!make(store, GROWN(slice->keys), &made)) return false;
    struct table from = table_of(store, slice), to = table_of(store, &made);
    for (uint32_t i = 0; i < from.buckets && from.slots != NULL; i++) {
        char *slot = bucket_at(&from, i);
        for (uint32_t j = 0; j < from.bucket_slots && *count_of(slot) != 0; j++, slot += from.slot_bytes) {
            uint64_t id = ids[*word_of(&from, slot)];
            char *target = find(&to, id, weir_hash_u64(id, store->seed));
            memcpy(target, slot, from.stride);
            *word_of(&to, target) = id;
        }
    }
    made.keys = slice->keys;
    weir_slice_adopt(store, slice, &made);
    return true;
}

void weir_direct_mark(const struct weir_slice_store *store, const struct weir_slice *slice, uint64_t *bits) {
    struct table table = table_of(store, slice);
    for (uint32_t i = 0; i < table.buckets && table.slots != NULL; i++) {
        char *slot = bucket_at(&table, i);
        for (uint32_t j = 0; j < table.bucket_slots && *count_of(slot) != 0; j++, slot += table.slot_bytes)
            weir_bit_set(bits, (size_t)*word_of(&table, slot));
    }
}

/* ---- adding ---- */

struct add {
    struct table table;
    const uint64_t *words;
    const uint64_t *hashes;
    const uint32_t *rows; /* NULL: entry i is row i */
    int32_t count;
    bool far; /* the slots do not fit the cache */
    uint32_t taken;
};

/* For each entry: its slot, taken if it was free, and counted in; `body` sees slot and row. A word lies in the
 * first two slots of its home, most often, and which of them is no branch. What is constant where it is used makes
 * each loop bare. */
#define PROBE(add, prefetch, row_of, body)                                                                         \
    for (int32_t i = 0; i < (add)->count; i++) {                                                                   \
        if (prefetch) {                                                                                            \
            int32_t ahead = i + PREFETCH_ROWS < (add)->count ? i + PREFETCH_ROWS : i;                              \
            char *soon = home(table, (add)->hashes[ahead]);                                                        \
            WEIR_PREFETCH_WRITE(soon);                                                                             \
            if (table->bucket_bytes > LINE_BYTES) WEIR_PREFETCH_WRITE(soon + LINE_BYTES);                          \
        }                                                                                                          \
        const uint64_t word = (add)->words[i];                                                                     \
        const uint32_t row = (row_of);                                                                             \
        char *slot = home(table, (add)->hashes[i]);                                                                \
        slot += table->slot_bytes & -(size_t)(*word_of(table, slot + table->slot_bytes) == word);                  \
        if (WEIR_UNLIKELY(*word_of(table, slot) != word || *count_of(slot) == 0)) {                                \
            slot = find(table, word, (add)->hashes[i]);                                                            \
            if (*count_of(slot) == 0) {                                                                            \
                take(table, slot, word);                                                                           \
                (add)->taken++;                                                                                    \
            }                                                                                                      \
        }                                                                                                          \
        *count_of(slot) += 1;                                                                                      \
        (void)row;                                                                                                 \
        body;                                                                                                      \
    }

#define PROBE_EACH_WAY(add, body)                                                                                  \
    do {                                                                                                           \
        const struct table copy = (add)->table, *table = &copy; /* in registers */                                 \
        if ((add)->rows == NULL && (add)->far) {                                                                   \
            PROBE(add, true, (uint32_t)i, body)                                                                    \
        } else if ((add)->rows == NULL) {                                                                          \
            PROBE(add, false, (uint32_t)i, body)                                                                   \
        } else if ((add)->far) {                                                                                   \
            PROBE(add, true, (add)->rows[i], body)                                                                 \
        } else {                                                                                                   \
            PROBE(add, false, (add)->rows[i], body)                                                                \
        }                                                                                                          \
    } while (0)

/* COUNT(*) and one sum, the commonest query, while the slot is at hand. */
static bool add_fused(struct add *add, const struct weir_accumulator *accumulator, const struct weir_vector *args) {
    const struct weir_field *lone = weir_accumulator_lone(accumulator);
    if (lone == NULL || args[lone->arg].validity != NULL) return false;
    const size_t sum = (size_t)lone->offset;
    const double *doubles = args[lone->arg].f64;
    const int64_t *integers = args[lone->arg].i64;
    switch (lone->kind) {
    case WEIR_FIELD_SUM_F64: PROBE_EACH_WAY(add, *(double *)(void *)(slot + sum) += doubles[row]); return true;
    case WEIR_FIELD_SUM_I64:
        PROBE_EACH_WAY(add, *(u128_in_row *)(void *)(slot + sum) += (weir_u128)(weir_i128)integers[row]);
        return true;
    case WEIR_FIELD_SUM_SHORT:
        PROBE_EACH_WAY(add, *(uint64_t *)(void *)(slot + sum) += (uint64_t)integers[row]);
        return true;
    default: return false;
    }
}

static uint32_t number_of(const struct table *table, const char *slot) {
    return (uint32_t)((size_t)(slot - table->slots) / UNIT_BYTES);
}

static void add_rows(struct add *add, uint32_t *slots) { PROBE_EACH_WAY(add, slots[i] = number_of(table, slot)); }

/* The same where some keys are NULL. */
static void add_rows_with_nulls(struct add *add, const uint64_t *nulls, int32_t from, uint32_t *slots) {
    const struct table *table = &add->table;
    for (int32_t i = 0; i < add->count; i++) {
        bool null = weir_bit_get(nulls, (size_t)(from + i));
        char *slot = null ? null_slot(table) : find(table, add->words[i], add->hashes[i]);
        if (*count_of(slot) == 0) {
            take(table, slot, null ? 0 : add->words[i]);
            add->taken += !null;
        }
        *count_of(slot) += 1;
        slots[i] = number_of(table, slot);
    }
}

/* Entries that are added at once where the table may have to grow for them: it gets room for as many keys, most of
 * which it may well have already. */
#define PART 256

/* Where rows is NULL and from above 0, PART entries at most. */
static enum weir_status add_part(struct weir_slice_store *store, struct weir_slice *slice,
                                 const struct weir_direct_block *block, int32_t from, int32_t count,
                                 struct weir_error *error) {
    const struct weir_accumulator *accumulator = store->accumulator;
    uint32_t rows[PART];
    if (!reserve(store, slice, (uint32_t)count)) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the accumulators of %u keys", slice->keys);
    }
    struct add add = {.table = table_of(store, slice),
                      .words = block->keys.words + from,
                      .hashes = block->hashes + from,
                      .rows = block->rows == NULL ? NULL : block->rows + from,
                      .count = count};
    if (block->rows == NULL && from > 0) {
        for (int32_t i = 0; i < count; i++) rows[i] = (uint32_t)(from + i);
        add.rows = rows;
    }
    add.far = weir_direct_bytes(accumulator, slice->capacity) > PREFETCH_FROM_BYTES;
    bool fused = block->keys.nulls == NULL && add_fused(&add, accumulator, block->args);
    if (!fused && block->keys.nulls == NULL) add_rows(&add, block->slots);
    if (!fused && block->keys.nulls != NULL) add_rows_with_nulls(&add, block->keys.nulls, from, block->slots);
    slice->keys += add.taken;
    if (fused) return WEIR_OK;
    return weir_accumulator_add_counted(accumulator, slice->rows, UNIT_BYTES, block->slots, add.rows, count,
                                        block->args, &slice->heap, error);
}

enum weir_status weir_direct_add(struct weir_slice_store *store, struct weir_slice *slice,
                                 const struct weir_direct_block *block, int32_t from, int32_t count,
                                 struct weir_error *error) {
    bool whole = has_room(store, slice, (uint32_t)count) && (block->rows != NULL || from == 0);
    int32_t end = from + count, part = whole ? count : PART;
    enum weir_status status = WEIR_OK;
    for (; from < end && status == WEIR_OK; from += part)
        status = add_part(store, slice, block, from, end - from < part ? end - from : part, error);
    return status;
}

/* ---- reading ---- */

bool weir_direct_walk(const struct weir_slice_store *store, const struct weir_slice *slice,
                      struct weir_direct_walk *walk) {
    struct table table = table_of(store, slice);
    walk->count = 0;
    walk->has_null = false;
    if (table.slots == NULL) return false;
    /* The last bucket is NULL's alone. */
    for (; walk->at <= table.buckets && walk->count + (int32_t)table.bucket_slots <= WEIR_BLOCK_ROWS; walk->at++) {
        char *slot = bucket_at(&table, walk->at);
        for (uint32_t j = 0; j < table.bucket_slots && *count_of(slot) != 0; j++, slot += table.slot_bytes) {
            walk->words[walk->count] = *word_of(&table, slot);
            walk->rows[walk->count++] = slot;
            walk->has_null = walk->at == table.buckets;
        }
    }
    if (walk->has_null) walk->words[walk->count - 1] = walk->words[0];
    return walk->count > 0;
}

const uint64_t *weir_direct_walk_nulls(const struct weir_direct_walk *walk, uint64_t *nulls) {
    if (!walk->has_null) return NULL;
    memset(nulls, 0, weir_bitmap_words((size_t)walk->count) * sizeof(*nulls));
    weir_bit_set(nulls, (size_t)walk->count - 1);
    return nulls;
}
