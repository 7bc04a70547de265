/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/ingest_parts.h"
#include "engine/parted.h"

/* A part that has fewer rows than this when it is added up was not worth it. After that rows do not wait for a
 * while, each time for twice as long. */
#define PART_ROWS_LEAST 256
#define REST_ROWS ((int64_t)4 << 20)
#define REST_DOUBLINGS 8

static void judge(struct weir_ingest *ingest) {
    const struct weir_part_rows *waiting = &ingest->waiting;
    if (waiting->rows >= (int64_t)waiting->parts * PART_ROWS_LEAST) {
        ingest->rests = 0;
        return;
    }
    ingest->rest_rows = REST_ROWS << ingest->rests;
    if (ingest->rests < REST_DOUBLINGS) ingest->rests++;
}

/* ---- what the next part's rows will meet ---- */

/* Fetched while a part is added up, each block of rows a share. */
struct fetch {
    const char *next;
    size_t left;
    size_t share; /* bytes a row, as a fraction of 2^16 */
};

static struct fetch fetch_of(const struct weir_ingest *ingest, const char *from, size_t bytes) {
    if (from == NULL) return (struct fetch){NULL, 0, 0};
    size_t rows = (size_t)ingest->waiting.rows / ingest->waiting.parts + 1;
    return (struct fetch){from, bytes, (bytes << 16) / rows};
}

static void fetch_for(struct fetch *fetch, int32_t rows) {
    size_t wanted = (((size_t)rows * fetch->share >> 16) + WEIR_LINE_BYTES) & ~(size_t)(WEIR_LINE_BYTES - 1);
    size_t bytes = wanted < fetch->left ? wanted : fetch->left;
    for (size_t at = 0; at < bytes; at += WEIR_LINE_BYTES) WEIR_PREFETCH_L2(fetch->next + at);
    fetch->next += bytes;
    fetch->left -= bytes;
}

static struct fetch lines_of(const struct weir_ingest *ingest, uint32_t part) {
    size_t bytes = 0;
    if (part >= ingest->waiting.parts) return fetch_of(ingest, NULL, 0);
    const char *lines = weir_key_table_region(ingest->keys, part, ingest->waiting.parts, &bytes);
    return fetch_of(ingest, lines, bytes);
}

/* Those of the keys that came one after the other. */
static struct fetch accumulators_of(struct weir_ingest *ingest, const struct weir_parted *rows, uint32_t part) {
    const struct weir_slice *slice = weir_slice_store_open(&ingest->store, rows->index, rows->first);
    const struct weir_id_run *run = &ingest->runs[part];
    if (part >= ingest->waiting.parts || slice == NULL || slice->is_direct || run->end > slice->keys)
        return fetch_of(ingest, NULL, 0);
    size_t stride = ingest->accumulator->stride;
    return fetch_of(ingest, slice->rows + run->first * stride, (run->end - run->first) * stride);
}

/* ---- adding up ---- */

struct settling {
    struct weir_part_walk walk;
    uint32_t part;  /* at work */
    uint32_t known; /* keys before it */
    struct fetch lines, accumulators;
};

/* Remembers which ids keys of the part at work have got, if these are more than ever before. */
static void note_ids(struct weir_ingest *ingest, const struct settling *settling) {
    struct weir_id_run *run = &ingest->runs[settling->part];
    uint32_t known = weir_key_table_count(ingest->keys);
    if (known - settling->known > run->end - run->first) *run = (struct weir_id_run){settling->known, known};
}

static void begin_part(struct weir_ingest *ingest, struct settling *settling, const struct weir_parted *rows) {
    settling->part = settling->walk.part;
    settling->known = weir_key_table_count(ingest->keys);
    settling->lines = lines_of(ingest, settling->part + 1);
    settling->accumulators = accumulators_of(ingest, rows, settling->part + 1);
}

enum weir_status weir_ingest_settle(struct weir_ingest *ingest, struct weir_error *error) {
    struct weir_part_rows *waiting = &ingest->waiting;
    struct settling settling = {.walk = WEIR_PART_WALK, .part = UINT32_MAX};
    struct weir_parted rows;
    enum weir_status status = WEIR_OK;
    if (waiting->rows == 0) return WEIR_OK;
    judge(ingest);
    weir_key_table_expect(ingest->keys, weir_key_table_count(ingest->keys) + (uint64_t)waiting->rows);
    while (status == WEIR_OK && weir_part_rows_walk(waiting, &settling.walk, &rows)) {
        if (settling.walk.part != settling.part) {
            if (settling.part != UINT32_MAX) note_ids(ingest, &settling);
            begin_part(ingest, &settling, &rows);
        }
        fetch_for(&settling.lines, rows.count);
        fetch_for(&settling.accumulators, rows.count);
        status = weir_parted_add(ingest, &rows, error);
    }
    weir_key_table_expect(ingest->keys, 0);
    weir_part_rows_clear(waiting);
    return status;
}
