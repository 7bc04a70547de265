/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/part_rows.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "base/bits.h"
#include "base/check.h"
#include "simd/kernels.h"

#define COLUMN_BYTES ((size_t)WEIR_PART_CHUNK * sizeof(uint64_t)) /* of a chunk */
#define CHUNK_WORDS (WEIR_PART_CHUNK / 64)                        /* of a bitmap */
#define SETS_USUAL 4
/* Memory that is kept for later sets while there are none. */
#define BYTES_KEPT ((size_t)64 << 20)

WEIR_STATIC(COLUMN_BYTES % WEIR_PART_CHUNK_ALIGN == 0, "a column of a chunk ends where its address says so");

/* ---- life ---- */

/* Parts of a set: those of hashes, and NULL's. */
static uint32_t lists(const struct weir_part_rows *waiting) { return waiting->parts + 1; }

static int32_t columns_count(const struct weir_part_rows *waiting) {
    return 1 + waiting->args_count + waiting->has_validity;
}

void weir_part_rows_init(struct weir_part_rows *waiting, int32_t args_count, size_t stride) {
    waiting->args_count = args_count;
    waiting->sum_bytes = stride + sizeof(uint64_t);
}

/* Where some of it is missing the rest is freed with the whole. */
static bool make_scratch(struct weir_part_rows *waiting) {
    int32_t args_count = waiting->args_count;
    waiting->has_scratch = true;
    waiting->places = malloc(WEIR_BLOCK_ROWS * sizeof(*waiting->places));
    waiting->kept = malloc(WEIR_BLOCK_ROWS * sizeof(*waiting->kept));
    waiting->words = malloc(WEIR_BLOCK_ROWS * sizeof(*waiting->words));
    waiting->hashes = malloc(WEIR_BLOCK_ROWS * sizeof(*waiting->hashes));
    waiting->masks = malloc(WEIR_BLOCK_ROWS * sizeof(*waiting->masks));
    waiting->args = calloc((size_t)args_count + 1, sizeof(*waiting->args));
    waiting->bitmaps = calloc(((size_t)args_count + 1) * CHUNK_WORDS, sizeof(*waiting->bitmaps));
    bool ok = true;
    for (int32_t s = 0; s < WEIR_PART_SETS; s++) {
        struct weir_part_set *set = &waiting->sets[s];
        set->lists = malloc((WEIR_PARTS_MOST + 1) * sizeof(*set->lists));
        set->tails = malloc((WEIR_PARTS_MOST + 1) * sizeof(*set->tails));
        ok &= set->lists != NULL && set->tails != NULL;
    }
    return ok && waiting->places != NULL && waiting->kept != NULL && waiting->words != NULL &&
           waiting->hashes != NULL && waiting->masks != NULL && waiting->args != NULL && waiting->bitmaps != NULL;
}

void weir_part_rows_close(struct weir_part_rows *waiting) {
    weir_part_chunks_fini(&waiting->chunks);
    waiting->parts = 0;
    waiting->sets_count = 0;
    waiting->rows = 0;
    waiting->chunks_rows = 0;
}

static void free_scratch(struct weir_part_rows *waiting) {
    for (int32_t s = 0; s < WEIR_PART_SETS; s++) {
        free(waiting->sets[s].lists);
        free(waiting->sets[s].tails);
    }
    free(waiting->places);
    free(waiting->kept);
    free(waiting->words);
    free(waiting->hashes);
    free(waiting->masks);
    free(waiting->args);
    free(waiting->bitmaps);
    *waiting = (struct weir_part_rows){.args_count = waiting->args_count, .sum_bytes = waiting->sum_bytes};
}

void weir_part_rows_fini(struct weir_part_rows *waiting) {
    weir_part_rows_close(waiting);
    free_scratch(waiting);
}

/* Chunks that `count` rows can take beside those that have room: each part may need one more. */
static uint32_t chunks_for(const struct weir_part_rows *waiting, int32_t count) {
    uint32_t rows = (uint32_t)count;
    return rows / WEIR_PART_CHUNK + (rows < lists(waiting) ? rows : lists(waiting));
}

void weir_part_rows_allow(struct weir_part_rows *waiting, size_t bytes) {
    uint64_t least = lists(waiting) + chunks_for(waiting, WEIR_BLOCK_ROWS);
    waiting->chunks_most = bytes / waiting->chunks.chunk_bytes;
    if (waiting->chunks_most < least) waiting->chunks_most = least;
}

bool weir_part_rows_open(struct weir_part_rows *waiting, uint32_t parts, bool has_validity, size_t bytes) {
    if (!waiting->has_scratch && !make_scratch(waiting)) {
        free_scratch(waiting);
        return false;
    }
    waiting->has_validity = has_validity;
    waiting->parts_asked = parts;
    weir_part_chunks_init(&waiting->chunks, (size_t)columns_count(waiting) * COLUMN_BYTES);
    size_t chunks = bytes / waiting->chunks.chunk_bytes;
    while (parts > 2 && (size_t)parts * 2 * SETS_USUAL > chunks) parts /= 2;
    waiting->parts = parts;
    waiting->shift = 64 - (unsigned)__builtin_ctz(parts);
    weir_part_rows_allow(waiting, bytes);
    bool ok = weir_part_rows_has_room(waiting, true, WEIR_BLOCK_ROWS);
    if (!ok) weir_part_rows_close(waiting);
    return ok;
}

size_t weir_part_rows_bytes(const struct weir_part_rows *waiting) {
    return waiting->parts == 0 ? 0 : waiting->chunks.cut;
}

/* ---- sets ---- */

struct weir_part_set *weir_part_rows_find(struct weir_part_rows *waiting, int64_t index, int64_t first) {
    for (int32_t s = 0; s < waiting->sets_count; s++) {
        struct weir_part_set *set = &waiting->sets[s];
        if (set->index == index && set->first == first) return set;
    }
    return NULL;
}

bool weir_part_rows_has_room(struct weir_part_rows *waiting, bool is_new, int32_t count) {
    if (is_new && waiting->sets_count == WEIR_PART_SETS) return false;
    uint32_t needed = chunks_for(waiting, count) + (is_new ? lists(waiting) : 0);
    return waiting->chunks_rows + needed <= waiting->chunks_most &&
           weir_part_chunks_reserve(&waiting->chunks, needed);
}

/* There is one. */
static char *take_chunk(struct weir_part_rows *waiting) {
    char *chunk = weir_part_chunk_take(&waiting->chunks);
    WEIR_ASSERT(chunk != NULL);
    waiting->chunks_rows++;
    return chunk;
}

static void give_rows(struct weir_part_rows *waiting, char *chunk) {
    waiting->chunks_rows -= weir_part_chunks_give_list(&waiting->chunks, chunk);
}

struct weir_part_set *weir_part_rows_begin(struct weir_part_rows *waiting, int64_t index, int64_t first) {
    struct weir_part_set *set = &waiting->sets[waiting->sets_count++];
    *set = (struct weir_part_set){.index = index, .first = first, .lists = set->lists, .tails = set->tails};
    for (uint32_t p = 0; p < lists(waiting); p++) {
        set->lists[p] = (struct weir_part_list){.rows = take_chunk(waiting)};
        set->tails[p] = (uint64_t *)(void *)set->lists[p].rows;
    }
    return set;
}

void weir_part_rows_end(struct weir_part_rows *waiting, struct weir_part_set *set) {
    for (uint32_t p = 0; p < lists(waiting); p++) {
        give_rows(waiting, set->lists[p].rows);
        weir_part_chunks_give_list(&waiting->chunks, set->lists[p].sums);
    }
    waiting->rows -= set->rows;
    struct weir_part_set last = waiting->sets[--waiting->sets_count], ended = *set;
    *set = last;
    waiting->sets[waiting->sets_count] =
        (struct weir_part_set){.lists = ended.lists, .tails = ended.tails}; /* their memory stays */
    if (waiting->sets_count == 0 && waiting->chunks.cut > BYTES_KEPT) weir_part_chunks_fini(&waiting->chunks);
}

/* ---- rows in ---- */

static bool is_full(const uint64_t *tail) { return ((uintptr_t)tail & (COLUMN_BYTES - 1)) == 0; }

/* The part's last chunk has just been filled: gives it another. */
static void add_chunk(struct weir_part_rows *waiting, uint64_t **tail) {
    char *full = (char *)*tail - COLUMN_BYTES, *chunk = take_chunk(waiting);
    *weir_part_chunk_next(&waiting->chunks, full) = chunk;
    *tail = (uint64_t *)(void *)chunk;
}

static void place(struct weir_part_rows *waiting, struct weir_part_set *set, const uint64_t *words,
                  const uint64_t *hashes, int32_t count) {
    size_t rows = (size_t)count;
    for (size_t at = 0; at < rows;) {
        at = weir_simd->part_words(words, hashes, waiting->shift, at, rows, COLUMN_BYTES, set->tails,
                                   waiting->places);
        uint64_t **tail = &set->tails[hashes[at - 1] >> waiting->shift];
        if (is_full(*tail)) add_chunk(waiting, tail);
    }
}

static void place_nulls(struct weir_part_rows *waiting, struct weir_part_set *set, int32_t count) {
    uint64_t **tail = &set->tails[waiting->parts];
    for (int32_t i = 0; i < count; i++) {
        waiting->places[i] = *tail;
        *(*tail)++ = 0;
        if (is_full(*tail)) add_chunk(waiting, tail);
    }
}

/* Per row a bit an argument: it is not NULL. */
static const uint64_t *find_masks(struct weir_part_rows *waiting, const struct weir_vector *args,
                                  const uint32_t *rows, int32_t count) {
    uint64_t *masks = waiting->masks;
    for (int32_t i = 0; i < count; i++) masks[i] = UINT64_MAX;
    for (int32_t a = 0; a < waiting->args_count; a++) {
        const uint64_t *validity = args[a].validity;
        if (validity == NULL) continue;
        for (int32_t i = 0; i < count; i++) {
            uint64_t valid = weir_bit_get(validity, rows == NULL ? (size_t)i : rows[i]);
            masks[i] ^= (valid ^ 1) << a;
        }
    }
    return masks;
}

/* The arguments of rows that have their places. */
static void add_args(struct weir_part_rows *waiting, const struct weir_vector *args, const uint32_t *rows,
                     int32_t count) {
    for (int32_t a = 0; a < waiting->args_count; a++) {
        const void *values =
            args[a].kind == WEIR_VECTOR_I64 ? (const void *)args[a].i64 : (const void *)args[a].f64;
        weir_simd->scatter_u64(values, rows, waiting->places, (size_t)count, (size_t)(1 + a) * WEIR_PART_CHUNK);
        waiting->args[a].kind = args[a].kind;
    }
    if (waiting->has_validity) {
        weir_simd->scatter_u64(find_masks(waiting, args, rows, count), NULL, waiting->places, (size_t)count,
                               (size_t)(1 + waiting->args_count) * WEIR_PART_CHUNK);
    }
    waiting->rows += count;
}

/* Rows of the entries whose key is NULL, `nulls`, or is not; of the latter the words and hashes as well. How many.
 */
static int32_t keep(struct weir_part_rows *waiting, const struct weir_part_block *block, int32_t from,
                    int32_t count, bool nulls) {
    int32_t kept = 0;
    for (int32_t i = from; i < from + count; i++) {
        if (weir_bit_get(block->nulls, (size_t)i) != nulls) continue;
        waiting->kept[kept] = block->rows == NULL ? (uint32_t)i : block->rows[i];
        waiting->words[kept] = block->words[i];
        waiting->hashes[kept++] = block->hashes[i];
    }
    return kept;
}

void weir_part_rows_add(struct weir_part_rows *waiting, struct weir_part_set *set,
                        const struct weir_part_block *block, int32_t from, int32_t count) {
    set->rows += count;
    set->came += count;
    if (block->nulls != NULL) {
        int32_t kept = keep(waiting, block, from, count, false);
        place(waiting, set, waiting->words, waiting->hashes, kept);
        add_args(waiting, block->args, waiting->kept, kept);
        kept = keep(waiting, block, from, count, true);
        place_nulls(waiting, set, kept);
        add_args(waiting, block->args, waiting->kept, kept);
        return;
    }
    WEIR_ASSERT(block->rows != NULL || from == 0);
    place(waiting, set, block->words + from, block->hashes + from, count);
    add_args(waiting, block->args, block->rows == NULL ? NULL : block->rows + from, count);
}

/* ---- rows out ---- */

static void find_validity(struct weir_part_rows *waiting, const char *chunk, int32_t count) {
    const uint64_t *masks = (const uint64_t *)(const void *)chunk + (1 + waiting->args_count) * WEIR_PART_CHUNK;
    for (int32_t a = 0; a < waiting->args_count; a++) {
        uint64_t *bits = waiting->bitmaps + (size_t)a * CHUNK_WORDS;
        uint64_t all = 1;
        memset(bits, 0, CHUNK_WORDS * sizeof(*bits));
        for (int32_t i = 0; i < count; i++) {
            uint64_t valid = masks[i] >> a & 1;
            bits[i / 64] |= valid << (i % 64);
            all &= valid;
        }
        waiting->args[a].validity = all != 0 ? NULL : bits;
    }
}

#define ALL UINT64_MAX
static const uint64_t all_null[CHUNK_WORDS] = {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL};
WEIR_STATIC(CHUNK_WORDS == 8, "a bit a row");

static void give(struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part, const char *chunk,
                 int32_t count, struct weir_parted *out) {
    const int64_t *words = (const int64_t *)(const void *)chunk;
    for (int32_t a = 0; a < waiting->args_count; a++) {
        waiting->args[a].validity = NULL;
        waiting->args[a].i64 = words + (1 + a) * WEIR_PART_CHUNK; /* or f64: the kind is that of the argument */
    }
    if (waiting->has_validity) find_validity(waiting, chunk, count);
    *out = (struct weir_parted){.index = set->index,
                                .first = set->first,
                                .keys = {(const uint64_t *)words, part == waiting->parts ? all_null : NULL},
                                .args = waiting->args,
                                .count = count};
}

/* Begins to fetch rows that follow: a chunk is too short for the hardware to find out by itself. */
static void fetch(const struct weir_part_rows *waiting, const char *chunk) {
    for (size_t at = 0; at < waiting->chunks.chunk_bytes; at += WEIR_LINE_BYTES) WEIR_PREFETCH_L2(chunk + at);
}

bool weir_part_rows_next(struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part,
                         char **chunk, struct weir_parted *out) {
    char *at = *chunk == NULL ? set->lists[part].rows : *weir_part_chunk_next(&waiting->chunks, *chunk);
    *chunk = at;
    if (at == NULL) return false;
    const char *tail = (const char *)set->tails[part], *next = *weir_part_chunk_next(&waiting->chunks, at);
    int32_t count = WEIR_PART_CHUNK;
    if (next == NULL) count = (int32_t)((size_t)(tail - at) / sizeof(uint64_t));
    if (next == NULL && part + 1 < lists(waiting)) next = set->lists[part + 1].rows;
    if (next != NULL) fetch(waiting, next);
    if (count == 0) {
        *chunk = NULL;
        return false;
    }
    give(waiting, set, part, at, count, out);
    return true;
}

void weir_part_rows_drop(struct weir_part_rows *waiting, struct weir_part_set *set, uint32_t part) {
    char *first = set->lists[part].rows, **next = weir_part_chunk_next(&waiting->chunks, first);
    int64_t full = 0;
    for (const char *chunk = *next; chunk != NULL; chunk = *weir_part_chunk_next(&waiting->chunks, chunk)) full++;
    const char *last = (const char *)((uintptr_t)set->tails[part] & ~(COLUMN_BYTES - 1));
    int64_t rows = full * WEIR_PART_CHUNK + ((const char *)set->tails[part] - last) / (int64_t)sizeof(uint64_t);
    give_rows(waiting, *next);
    *next = NULL;
    set->tails[part] = (uint64_t *)(void *)first;
    set->rows -= rows;
    waiting->rows -= rows;
}

bool weir_part_rows_walk(struct weir_part_rows *waiting, struct weir_part_walk *walk, struct weir_parted *out) {
    while (waiting->parts > 0 && walk->next_part < lists(waiting) && waiting->sets_count > 0) {
        const struct weir_part_set *set = &waiting->sets[walk->next_set];
        walk->part = walk->next_part;
        if (!set->is_own && weir_part_rows_next(waiting, set, walk->part, &walk->chunk, out)) return true;
        walk->next_set = (walk->next_set + 1) % waiting->sets_count;
        walk->next_part += walk->next_set == 0;
    }
    return false;
}
