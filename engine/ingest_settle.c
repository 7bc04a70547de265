/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest_parts.h"
#include "engine/ingest_sums.h"
#include "engine/parted.h"

/* A part that has fewer rows than this when it is added up was not worth it. After that rows do not wait for a
 * while, each time for twice as long. */
#define PART_ROWS_LEAST 256
#define OWN_ROWS_LEAST 128 /* where nothing else is met than the part */
#define REST_ROWS ((int64_t)4 << 20)
#define REST_DOUBLINGS 8

/* Whether so many rows have waited in vain. */
static void judge(struct weir_ingest *ingest, int64_t rows, int64_t rows_least) {
    if (ingest->tries) return;
    if (rows >= ingest->waiting.parts * rows_least) {
        ingest->rests = 0;
        return;
    }
    ingest->keys_foreseen = 0;
    ingest->rest_rows = REST_ROWS << ingest->rests;
    if (ingest->rests < REST_DOUBLINGS) ingest->rests++;
}

/* ---- what the next part's rows will meet ---- */

/* Regions that are fetched while a part is added up, each block of rows a share. */
struct fetch {
    struct region {
        const char *next;
        size_t left;
    } regions[WEIR_ID_RUNS * WEIR_PART_SETS];
    int32_t count;
    int32_t at;
    size_t bytes; /* of all */
};

static void add_region(struct fetch *fetch, const char *from, size_t bytes) {
    if (bytes == 0) return;
    fetch->regions[fetch->count++] = (struct region){from, bytes};
    fetch->bytes += bytes;
}

/* The share of one row in `rows_a_part`, times `rows`. */
static void fetch_for(struct fetch *fetch, size_t rows, size_t rows_a_part) {
    if (fetch->at == fetch->count) return;
    struct region *region = &fetch->regions[fetch->at];
    size_t bytes = (fetch->bytes * rows / rows_a_part + WEIR_LINE_BYTES) & ~(size_t)(WEIR_LINE_BYTES - 1);
    if (bytes > region->left) bytes = region->left;
    for (size_t at = 0; at < bytes; at += WEIR_LINE_BYTES) WEIR_PREFETCH_L2(region->next + at);
    region->next += bytes;
    region->left -= bytes;
    if (region->left == 0) fetch->at++;
}

static struct fetch lines_of(const struct weir_ingest *ingest, uint32_t part) {
    struct fetch fetch = {.count = 0};
    size_t bytes = 0;
    if (part >= ingest->waiting.parts) return fetch;
    const char *lines = weir_key_table_region(ingest->keys, part, ingest->waiting.parts, &bytes);
    add_region(&fetch, lines, bytes);
    return fetch;
}

/* In one slice: those of the keys that came one after the other. */
static void add_accumulators(struct weir_ingest *ingest, const struct weir_part_set *set, uint32_t part,
                             struct fetch *fetch) {
    const struct weir_slice *slice = weir_slice_store_open(&ingest->store, set->index, set->first);
    size_t stride = ingest->accumulator->stride;
    if (slice == NULL || slice->is_direct) return;
    for (int32_t i = 0; i < WEIR_ID_RUNS; i++) {
        struct weir_id_run run = ingest->runs[part].of[i];
        if (run.end > slice->keys) run.end = slice->keys;
        if (run.end > run.first)
            add_region(fetch, slice->rows + run.first * stride, (run.end - run.first) * stride);
    }
}

static struct fetch accumulators_of(struct weir_ingest *ingest, uint32_t part) {
    struct fetch fetch = {.count = 0};
    if (part >= ingest->waiting.parts) return fetch;
    for (int32_t s = 0; s < ingest->waiting.sets_count; s++) {
        if (!ingest->waiting.sets[s].is_own) add_accumulators(ingest, &ingest->waiting.sets[s], part, &fetch);
    }
    return fetch;
}

/* ---- adding up ---- */

struct settling {
    struct weir_part_walk walk;
    uint32_t part;  /* at work */
    uint32_t known; /* keys before it */
    size_t rows_a_part;
    struct fetch lines, accumulators;
};

/* Remembers which ids keys of the part at work have got, instead of the fewest that it remembers. */
static void note_ids(struct weir_ingest *ingest, const struct settling *settling) {
    struct weir_id_run run = {settling->known, weir_key_table_count(ingest->keys)};
    struct weir_id_run *least = ingest->runs[settling->part].of;
    for (int32_t i = 1; i < WEIR_ID_RUNS; i++) {
        struct weir_id_run *other = &ingest->runs[settling->part].of[i];
        if (other->end - other->first < least->end - least->first) least = other;
    }
    if (run.end - run.first > least->end - least->first) *least = run;
}

static void begin_part(struct weir_ingest *ingest, struct settling *settling) {
    if (settling->part != UINT32_MAX) note_ids(ingest, settling);
    settling->part = settling->walk.part;
    settling->known = weir_key_table_count(ingest->keys);
    settling->lines = lines_of(ingest, settling->part + 1);
    settling->accumulators = accumulators_of(ingest, settling->part + 1);
}

/* Rows of sets that are not their slices' own. */
static int64_t rows_shared(const struct weir_part_rows *waiting) {
    int64_t rows = 0;
    for (int32_t s = 0; s < waiting->sets_count; s++) rows += waiting->sets[s].is_own ? 0 : waiting->sets[s].rows;
    return rows;
}

static void end_shared(struct weir_part_rows *waiting) {
    for (int32_t s = waiting->sets_count; s-- > 0;) {
        if (!waiting->sets[s].is_own) weir_part_rows_end(waiting, &waiting->sets[s]);
    }
}

void weir_ingest_end_set(struct weir_ingest *ingest, struct weir_part_set *set) {
    ingest->keys_foreseen = set->fired;
    judge(ingest, set->came, OWN_ROWS_LEAST);
    weir_part_rows_end(&ingest->waiting, set);
}

enum weir_status weir_ingest_settle(struct weir_ingest *ingest, struct weir_error *error) {
    enum weir_status status = weir_ingest_disown(ingest, error);
    return status == WEIR_OK ? weir_ingest_settle_shared(ingest, error) : status;
}

enum weir_status weir_ingest_settle_shared(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    struct settling settling = {.walk = WEIR_PART_WALK, .part = UINT32_MAX};
    struct weir_parted rows;
    enum weir_status status = WEIR_OK;
    int64_t count = rows_shared(waiting);
    if (count == 0) {
        end_shared(waiting);
        return WEIR_OK;
    }
    settling.rows_a_part = (size_t)count / waiting->parts + 1;
    judge(ingest, count, PART_ROWS_LEAST);
    weir_key_table_expect(ingest->keys, weir_key_table_count(ingest->keys) + (uint64_t)count);
    while (status == WEIR_OK && weir_part_rows_walk(waiting, &settling.walk, &rows)) {
        if (settling.walk.part != settling.part) begin_part(ingest, &settling);
        fetch_for(&settling.lines, (size_t)rows.count, settling.rows_a_part);
        fetch_for(&settling.accumulators, (size_t)rows.count, settling.rows_a_part);
        status = weir_parted_add(ingest, &rows, error);
    }
    weir_key_table_expect(ingest->keys, 0);
    end_shared(waiting);
    ingest->tries = false;
    return status;
}
