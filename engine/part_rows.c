/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/part_rows.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "base/bits.h"
#include "base/check.h"
#include "simd/kernels.h"

#define COLUMN_BYTES(chunks) ((size_t)(chunks)*WEIR_PART_CHUNK * sizeof(uint64_t))
#define CHUNK_WORDS (WEIR_PART_CHUNK / 64) /* of a bitmap */

/* ---- life ---- */

/* Parts of a set: those of hashes, and NULL's. */
static uint32_t lists(const struct weir_part_rows *waiting) { return waiting->parts + 1; }

static int32_t columns_count(const struct weir_part_rows *waiting) {
    return 1 + waiting->args_count + waiting->has_validity;
}

void weir_part_rows_init(struct weir_part_rows *waiting, int32_t args_count) { waiting->args_count = args_count; }

/* Where some of it is missing the rest is freed with the whole. */
static bool make_scratch(struct weir_part_rows *waiting) {
    int32_t args_count = waiting->args_count;
    waiting->has_scratch = true;
    waiting->columns = calloc((size_t)args_count + 2, sizeof(*waiting->columns));
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
        set->heads = malloc((WEIR_PARTS_MOST + 1) * sizeof(*set->heads));
        set->tails = malloc((WEIR_PARTS_MOST + 1) * sizeof(*set->tails));
        ok &= set->heads != NULL && set->tails != NULL;
    }
    return ok && waiting->columns != NULL && waiting->places != NULL && waiting->kept != NULL &&
           waiting->words != NULL && waiting->hashes != NULL && waiting->masks != NULL && waiting->args != NULL &&
           waiting->bitmaps != NULL;
}

void weir_part_rows_close(struct weir_part_rows *waiting) {
    for (int32_t c = 0; waiting->columns != NULL && c < waiting->args_count + 2; c++) {
        weir_pages_free(waiting->columns[c], COLUMN_BYTES(waiting->chunks));
        waiting->columns[c] = NULL;
    }
    free(waiting->next);
    waiting->next = NULL;
    waiting->parts = waiting->chunks = 0;
    weir_part_rows_clear(waiting);
}

static void free_scratch(struct weir_part_rows *waiting) {
    for (int32_t s = 0; s < WEIR_PART_SETS; s++) {
        free(waiting->sets[s].heads);
        free(waiting->sets[s].tails);
    }
    free(waiting->columns);
    free(waiting->places);
    free(waiting->kept);
    free(waiting->words);
    free(waiting->hashes);
    free(waiting->masks);
    free(waiting->args);
    free(waiting->bitmaps);
    *waiting = (struct weir_part_rows){.args_count = waiting->args_count};
}

void weir_part_rows_fini(struct weir_part_rows *waiting) {
    weir_part_rows_close(waiting);
    free_scratch(waiting);
}

void weir_part_rows_clear(struct weir_part_rows *waiting) {
    waiting->chunks_used = 0;
    waiting->sets_count = 0;
    waiting->rows = 0;
}

/* Chunks that `count` rows can take beside those that have room: each part may need one more. */
static uint32_t chunks_for(const struct weir_part_rows *waiting, int32_t count) {
    uint32_t rows = (uint32_t)count;
    return rows / WEIR_PART_CHUNK + (rows < lists(waiting) ? rows : lists(waiting));
}

bool weir_part_rows_open(struct weir_part_rows *waiting, uint32_t parts, bool has_validity, size_t bytes) {
    if (!waiting->has_scratch && !make_scratch(waiting)) {
        free_scratch(waiting);
        return false;
    }
    waiting->has_validity = has_validity;
    waiting->parts_asked = parts;
    size_t row_bytes = (size_t)columns_count(waiting) * sizeof(uint64_t);
    size_t chunks = bytes / row_bytes / WEIR_PART_CHUNK;
    /* A place is a number of 32 bits. */
    if (chunks > UINT32_MAX / 2 / WEIR_PART_CHUNK) chunks = UINT32_MAX / 2 / WEIR_PART_CHUNK;
    while (parts > 2 && (size_t)parts * 2 * WEIR_PART_SETS > chunks) parts /= 2;
    waiting->parts = parts;
    waiting->shift = 64 - (unsigned)__builtin_ctz(parts);
    uint32_t least = lists(waiting) + chunks_for(waiting, WEIR_BLOCK_ROWS);
    waiting->chunks = chunks < least ? least : (uint32_t)chunks;
    waiting->next = malloc(waiting->chunks * sizeof(*waiting->next));
    bool ok = waiting->next != NULL;
    for (int32_t c = 0; c < columns_count(waiting); c++) {
        waiting->columns[c] = weir_pages_alloc_raw(COLUMN_BYTES(waiting->chunks));
        ok &= waiting->columns[c] != NULL;
    }
    if (!ok) weir_part_rows_close(waiting);
    return ok;
}

size_t weir_part_rows_bytes(const struct weir_part_rows *waiting) {
    if (waiting->parts == 0) return 0;
    return COLUMN_BYTES(waiting->chunks) * (size_t)columns_count(waiting) +
           waiting->chunks * sizeof(*waiting->next);
}

/* ---- sets ---- */

struct weir_part_set *weir_part_rows_find(struct weir_part_rows *waiting, int64_t index, int64_t first) {
    for (int32_t s = 0; s < waiting->sets_count; s++) {
        struct weir_part_set *set = &waiting->sets[s];
        if (set->index == index && set->first == first) return set;
    }
    return NULL;
}

bool weir_part_rows_has_room(const struct weir_part_rows *waiting, bool is_new, int32_t count) {
    if (is_new && waiting->sets_count == WEIR_PART_SETS) return false;
    uint32_t needed = chunks_for(waiting, count) + (is_new ? lists(waiting) : 0);
    return waiting->chunks - waiting->chunks_used >= needed;
}

struct weir_part_set *weir_part_rows_begin(struct weir_part_rows *waiting, int64_t index, int64_t first) {
    struct weir_part_set *set = &waiting->sets[waiting->sets_count++];
    set->index = index;
    set->first = first;
    for (uint32_t p = 0; p < lists(waiting); p++) {
        set->heads[p] = waiting->chunks_used++;
        set->tails[p] = set->heads[p] * WEIR_PART_CHUNK;
    }
    return set;
}

/* ---- rows in ---- */

/* The part's last chunk has just been filled: gives it another. */
static void take_chunk(struct weir_part_rows *waiting, uint32_t *tail) {
    uint32_t full = *tail / WEIR_PART_CHUNK - 1, chunk = waiting->chunks_used++;
    waiting->next[full] = chunk;
    *tail = chunk * WEIR_PART_CHUNK;
}

static void place(struct weir_part_rows *waiting, struct weir_part_set *set, const uint64_t *words,
                  const uint64_t *hashes, int32_t count) {
    size_t rows = (size_t)count;
    for (size_t at = 0; at < rows;) {
        at = weir_simd->part_words(words, hashes, waiting->shift, at, rows, WEIR_PART_CHUNK, set->tails,
                                   waiting->places, waiting->columns[0]);
        uint32_t *tail = &set->tails[hashes[at - 1] >> waiting->shift];
        if (*tail % WEIR_PART_CHUNK == 0) take_chunk(waiting, tail);
    }
}

static void place_nulls(struct weir_part_rows *waiting, struct weir_part_set *set, int32_t count) {
    uint32_t *tail = &set->tails[waiting->parts];
    for (int32_t i = 0; i < count; i++) {
        waiting->places[i] = *tail;
        waiting->columns[0][(*tail)++] = 0;
        if (*tail % WEIR_PART_CHUNK == 0) take_chunk(waiting, tail);
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
        weir_simd->scatter_u64(values, rows, waiting->places, (size_t)count, waiting->columns[1 + a]);
        waiting->args[a].kind = args[a].kind;
    }
    if (waiting->has_validity) {
        weir_simd->scatter_u64(find_masks(waiting, args, rows, count), NULL, waiting->places, (size_t)count,
                               waiting->columns[1 + waiting->args_count]);
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
    const uint32_t *rows = block->rows == NULL ? NULL : block->rows + from;
    add_args(waiting, block->args, rows, count);
}

/* ---- rows out ---- */

static void find_validity(struct weir_part_rows *waiting, size_t place_first, int32_t count) {
    const uint64_t *masks = waiting->columns[1 + waiting->args_count] + place_first;
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

static void give(struct weir_part_rows *waiting, const struct weir_part_set *set, uint32_t part, uint32_t chunk,
                 int32_t count, struct weir_parted *out) {
    size_t at = (size_t)chunk * WEIR_PART_CHUNK;
    for (int32_t a = 0; a < waiting->args_count; a++) {
        const void *values = waiting->columns[1 + a] + at;
        waiting->args[a].validity = NULL;
        waiting->args[a].i64 = values; /* or f64: the kind is that of the argument */
    }
    if (waiting->has_validity) find_validity(waiting, at, count);
    *out = (struct weir_parted){.index = set->index,
                                .first = set->first,
                                .keys = {waiting->columns[0] + at, part == waiting->parts ? all_null : NULL},
                                .args = waiting->args,
                                .count = count};
}

/* Begins to fetch the rows that follow: a chunk is too short for the hardware to find out by itself. */
static void fetch_next(const struct weir_part_rows *waiting, const struct weir_part_walk *walk) {
    uint32_t chunk = walk->next_chunk;
    if (chunk == WEIR_PART_FIRST) {
        if (walk->next_part >= lists(waiting)) return;
        chunk = waiting->sets[walk->next_set].heads[walk->next_part];
    }
    size_t at = (size_t)chunk * WEIR_PART_CHUNK;
    for (int32_t c = 0; c < columns_count(waiting); c++) {
        const char *rows = (const char *)(waiting->columns[c] + at);
        for (size_t byte = 0; byte < COLUMN_BYTES(1); byte += WEIR_LINE_BYTES) WEIR_PREFETCH_L2(rows + byte);
    }
}

bool weir_part_rows_walk(struct weir_part_rows *waiting, struct weir_part_walk *walk, struct weir_parted *out) {
    while (walk->next_part < lists(waiting) && waiting->sets_count > 0) {
        const struct weir_part_set *set = &waiting->sets[walk->next_set];
        uint32_t part = walk->part = walk->next_part;
        uint32_t tail = set->tails[part], last = tail / WEIR_PART_CHUNK;
        uint32_t chunk = walk->next_chunk == WEIR_PART_FIRST ? set->heads[part] : walk->next_chunk;
        int32_t count = WEIR_PART_CHUNK;
        walk->next_chunk = waiting->next[chunk];
        if (chunk == last) {
            count = (int32_t)(tail % WEIR_PART_CHUNK);
            walk->next_chunk = WEIR_PART_FIRST;
            walk->next_set = (walk->next_set + 1) % waiting->sets_count;
            walk->next_part += walk->next_set == 0;
        }
        fetch_next(waiting, walk);
        if (count == 0) continue;
        give(waiting, set, part, chunk, count, out);
        return true;
    }
    return false;
}
