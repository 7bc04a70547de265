/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/csv_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connect/crew.h"

/* Chunks on their way for each thread. */
#define CHUNKS_EACH 2
/* More would wait for the thread that reads. */
#define THREADS_MAX 32

struct chunk {
    struct weir_crew_job job;
    struct weir_csv_ahead *ahead;
    char *text; /* whole records */
    size_t bytes;
    size_t used; /* with the line feed behind a last line that has none */
    size_t room;
    int64_t lines; /* that end in it; meaningful where nothing failed */
    struct ArrowArray *batches;
    size_t batches_count;
    size_t batches_room;
    size_t given;
    enum weir_status status; /* after the batches: WEIR_END, or a failure */
    struct weir_error error;
    int64_t rejected;
    int64_t nulled;
};

struct weir_csv_ahead {
    struct weir_crew *crew;
    struct weir_stream *stream; /* the decoder's */
    const char *path;           /* the same */
    size_t chunk_bytes;
    int32_t threads;
    struct weir_csv_decoder *decoders; /* one a thread, and one for the reading thread */
    struct chunk *ring;
    size_t ring_count;
    size_t first; /* the chunk to be given, in ring */
    size_t used;  /* chunks submitted and not given up */
    char *rest;   /* text that follows the chunks: the begin of a record */
    size_t rest_used;
    size_t rest_room;
    bool ended;   /* the file is */
    int64_t line; /* of the first chunk's first line */
    struct weir_csv_counts counts;
    struct weir_error failure; /* of reading, after the chunks; code WEIR_OK: none */
};

static enum weir_status no_memory(const struct weir_csv_ahead *ahead, size_t bytes, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for %zu bytes of text", ahead->path, bytes);
}

/* ---- decoding, by a thread of the crew --------------------------------------------------------------------------
 */

static enum weir_status add_batch(struct chunk *chunk, struct ArrowArray *batch) {
    if (chunk->batches_count == chunk->batches_room) {
        size_t room = chunk->batches_room == 0 ? 4 : 2 * chunk->batches_room;
        struct ArrowArray *batches = realloc(chunk->batches, room * sizeof(*batches));
        if (!batches) {
            batch->release(batch);
            return no_memory(chunk->ahead, room * sizeof(*batches), &chunk->error);
        }
        chunk->batches = batches;
        chunk->batches_room = room;
    }
    chunk->batches[chunk->batches_count++] = *batch;
    return WEIR_OK;
}

/* The line is counted from the chunk's begin: see explain. */
static void decode(struct weir_crew_job *job, int32_t thread) {
    struct chunk *chunk = (struct chunk *)job; /* its first member */
    struct weir_csv_decoder *decoder = &chunk->ahead->decoders[thread];
    weir_csv_decoder_clear(decoder);
    weir_csv_scan_set(&decoder->scan, chunk->text, chunk->used, true, 1);
    do {
        struct ArrowArray batch;
        chunk->status = weir_csv_decoder_next(decoder, &batch, &chunk->error);
        if (chunk->status == WEIR_OK) chunk->status = add_batch(chunk, &batch);
    } while (chunk->status == WEIR_OK);
    chunk->lines = decoder->scan.line - 1 - (int64_t)(chunk->used - chunk->bytes);
    chunk->rejected = decoder->rejected + decoder->scan.rejected;
    chunk->nulled = decoder->nulled;
}

/* ---- cutting, by the thread that reads --------------------------------------------------------------------------
 */

static enum weir_status reserve_rest(struct weir_csv_ahead *ahead, size_t bytes, struct weir_error *error) {
    size_t need = bytes + 1 + WEIR_CSV_PADDING,
           room = ahead->rest_room ? ahead->rest_room : 2 * ahead->chunk_bytes + 1024;
    if (need <= ahead->rest_room) return WEIR_OK;
    while (room < need) room *= 2;
    char *grown = realloc(ahead->rest, room);
    if (!grown) return no_memory(ahead, room, error);
    ahead->rest = grown;
    ahead->rest_room = room;
    return WEIR_OK;
}

/* Reads until the rest has `wanted` bytes, or the file has ended. */
static enum weir_status read_rest(struct weir_csv_ahead *ahead, size_t wanted, struct weir_error *error) {
    while (!ahead->ended && ahead->rest_used < wanted) {
        const char *data;
        size_t bytes = 0;
        enum weir_status status = weir_stream_next(ahead->stream, &data, &bytes, error);
        ahead->ended = status == WEIR_END;
        if (status == WEIR_OK) status = reserve_rest(ahead, ahead->rest_used + bytes, error);
        if (status != WEIR_OK && status != WEIR_END) return status;
        if (bytes > 0) memcpy(ahead->rest + ahead->rest_used, data, bytes);
        ahead->rest_used += bytes;
    }
    if (ahead->rest) memset(ahead->rest + ahead->rest_used, 0, WEIR_CSV_PADDING);
    return WEIR_OK;
}

/* Splits all records of the first `bytes` of the rest to find where the last one ends. */
static enum weir_status cut_exactly(struct weir_csv_ahead *ahead, size_t bytes, size_t *cut,
                                    struct weir_error *error) {
    struct weir_csv_scan *scan = &ahead->decoders[ahead->threads].scan;
    enum weir_status status = WEIR_OK;
    weir_csv_scan_set(scan, ahead->rest, bytes, false, 1);
    while (status == WEIR_OK) {
        size_t fields, bad;
        enum weir_csv_split split = WEIR_CSV_SPLIT_NONE;
        if (scan->next < scan->slice_end) split = weir_csv_split_record(scan, &fields, &bad);
        if (split == WEIR_CSV_SPLIT_MORE || split == WEIR_CSV_SPLIT_NONE)
            status = weir_csv_scan_advance(scan, error);
    }
    *cut = scan->next;
    return status == WEIR_AGAIN ? WEIR_OK : status;
}

/* Where the last record ends that is whole in the first `bytes` of the rest; 0: none is. A line feed ends a record
 * unless it is quoted or escaped. */
static enum weir_status find_cut(struct weir_csv_ahead *ahead, size_t bytes, size_t *cut,
                                 struct weir_error *error) {
    const struct weir_csv_options *options = &ahead->decoders[ahead->threads].scan.options;
    const char *text = ahead->rest;
    bool special = (options->quoting && memchr(text, options->quote, bytes)) ||
                   (options->escaping && memchr(text, options->escape, bytes));
    const char *end = special ? NULL : memrchr(text, '\n', bytes);
    if (!end) return cut_exactly(ahead, bytes, cut, error);
    *cut = (size_t)(end - text) + 1;
    return WEIR_OK;
}

/* Reads on until a record ends. *cut is 0 at the end of the file. */
static enum weir_status next_cut(struct weir_csv_ahead *ahead, size_t *cut, struct weir_error *error) {
    size_t bytes = ahead->chunk_bytes;
    for (;;) {
        enum weir_status status = read_rest(ahead, bytes, error);
        *cut = ahead->rest_used;
        if (status != WEIR_OK || (ahead->ended && ahead->rest_used <= bytes)) return status;
        status = find_cut(ahead, bytes, cut, error);
        if (status != WEIR_OK || *cut > 0) return status;
        if (bytes >= WEIR_CSV_RECORD_MAX) {
            return weir_error_set(error, WEIR_ERR_FORMAT,
                                  "'%s': a record is longer than 1 GiB: a quote is never closed?", ahead->path);
        }
        bytes *= 2; /* a long record is not looked at more often than its length doubles */
    }
}

/* Gives the first `bytes` of the rest to the chunk, which gives its memory for what is left. */
static enum weir_status take_text(struct weir_csv_ahead *ahead, struct chunk *chunk, size_t bytes,
                                  struct weir_error *error) {
    size_t left = ahead->rest_used - bytes, need = left + 1 + WEIR_CSV_PADDING;
    if (need > chunk->room) {
        size_t room = need < 2 * ahead->chunk_bytes ? 2 * ahead->chunk_bytes : need;
        char *grown = realloc(chunk->text, room);
        if (!grown) return no_memory(ahead, room, error);
        chunk->text = grown;
        chunk->room = room;
    }
    char *text = ahead->rest;
    size_t room = ahead->rest_room;
    memcpy(chunk->text, text + bytes, left);
    ahead->rest = chunk->text;
    ahead->rest_room = chunk->room;
    ahead->rest_used = left;
    chunk->text = text;
    chunk->room = room;
    chunk->bytes = chunk->used = bytes;
    if (text[bytes - 1] != '\n') text[chunk->used++] = '\n'; /* the end of the file, or a lone carriage return */
    memset(text + chunk->used, 0, WEIR_CSV_PADDING);
    return WEIR_OK;
}

/* Submits chunks while there are text and room. What goes wrong is told when its turn comes. */
static void fill(struct weir_csv_ahead *ahead) {
    while (ahead->used < ahead->ring_count && ahead->failure.code == WEIR_OK) {
        struct chunk *chunk = &ahead->ring[(ahead->first + ahead->used) % ahead->ring_count];
        size_t cut;
        enum weir_status status = next_cut(ahead, &cut, &ahead->failure);
        if (status == WEIR_OK && cut == 0) return;
        if (status == WEIR_OK) status = take_text(ahead, chunk, cut, &ahead->failure);
        ahead->failure.code = status;
        if (status != WEIR_OK) return;
        chunk->batches_count = chunk->given = 0;
        ahead->used++;
        weir_crew_submit(ahead->crew, &chunk->job);
    }
}

/* ---- giving -----------------------------------------------------------------------------------------------------
 */

/* A failure's line was counted from the chunk's begin; now that those before it are known it is found again. */
static enum weir_status explain(struct weir_csv_ahead *ahead, struct chunk *chunk, struct weir_error *error) {
    if (error) *error = chunk->error;
    if (chunk->status != WEIR_ERR_FORMAT) return chunk->status;
    struct weir_csv_decoder *decoder = &ahead->decoders[ahead->threads];
    struct weir_error again;
    enum weir_status status;
    weir_csv_decoder_clear(decoder);
    weir_csv_scan_set(&decoder->scan, chunk->text, chunk->used, true, ahead->line);
    do {
        struct ArrowArray batch;
        status = weir_csv_decoder_next(decoder, &batch, &again);
        if (status == WEIR_OK) batch.release(&batch);
    } while (status == WEIR_OK);
    if (error && status == chunk->status) *error = again;
    return chunk->status;
}

enum weir_status weir_csv_ahead_next(struct weir_csv_ahead *ahead, struct ArrowArray *out,
                                     struct weir_error *error) {
    for (;;) {
        fill(ahead);
        if (ahead->used == 0) {
            if (ahead->failure.code != WEIR_OK && error) *error = ahead->failure;
            return ahead->failure.code == WEIR_OK ? WEIR_END : ahead->failure.code;
        }
        struct chunk *chunk = &ahead->ring[ahead->first];
        weir_crew_wait(ahead->crew, &chunk->job);
        if (chunk->given < chunk->batches_count) {
            *out = chunk->batches[chunk->given++];
            return WEIR_OK;
        }
        if (chunk->status != WEIR_END) return explain(ahead, chunk, error);
        ahead->counts.bytes += (int64_t)chunk->bytes;
        ahead->counts.rejected += chunk->rejected;
        ahead->counts.nulled += chunk->nulled;
        ahead->line += chunk->lines;
        ahead->first = (ahead->first + 1) % ahead->ring_count;
        ahead->used--;
    }
}

struct weir_csv_counts weir_csv_ahead_counts(const struct weir_csv_ahead *ahead) {
    struct weir_csv_counts counts = ahead->counts;
    if (counts.bytes > weir_stream_size(ahead->stream)) counts.bytes--; /* the line feed that the scan has added */
    return counts;
}

/* ---- life -------------------------------------------------------------------------------------------------------
 */

static enum weir_status make_decoders(struct weir_csv_ahead *ahead, const struct weir_csv_decoder *from,
                                      char *const *names, const struct weir_type *types, struct weir_error *error) {
    int32_t *columns = malloc((from->count + 1) * sizeof(*columns));
    size_t count = 0;
    enum weir_status status = columns ? WEIR_OK : no_memory(ahead, from->count * sizeof(*columns), error);
    for (size_t i = 0; status == WEIR_OK && i < from->count; i++) {
        if (from->selected[i]) columns[count++] = (int32_t)i;
    }
    for (int32_t i = 0; status == WEIR_OK && i <= ahead->threads; i++) {
        struct weir_csv_decoder *decoder = &ahead->decoders[i];
        status = weir_csv_decoder_init(decoder, names, types, from->count, error);
        if (status == WEIR_OK) status = weir_csv_scan_init(&decoder->scan, &from->scan.options, ahead->path, error);
        decoder->coded = from->coded;
        if (status == WEIR_OK)
            status = weir_csv_decoder_select(decoder, columns, count, from->scan.options.on_error, error);
        decoder->scan.fields_count = from->count;
        decoder->batch_rows = from->batch_rows;
        decoder->lines_guessed = from->lines_guessed;
    }
    free(columns);
    return status;
}

/* What the decoder has read and not given is where the text begins. */
static enum weir_status take_over(struct weir_csv_ahead *ahead, struct weir_csv_decoder *from,
                                  struct weir_error *error) {
    struct weir_csv_scan *scan = &from->scan;
    if (!scan->begun) { /* a byte-order mark may come first */
        enum weir_status status = weir_csv_scan_advance(scan, error);
        if (status != WEIR_OK && status != WEIR_END) return status;
    }
    size_t bytes = scan->used - scan->next;
    enum weir_status status = reserve_rest(ahead, bytes, error);
    if (status != WEIR_OK) return status;
    memcpy(ahead->rest, scan->text + scan->next, bytes);
    ahead->rest_used = bytes;
    ahead->ended = scan->ended;
    ahead->counts.bytes = scan->bytes_read - (int64_t)bytes;
    ahead->counts.rejected = scan->rejected;
    int64_t column;
    weir_csv_scan_position(scan, scan->next, &ahead->line, &column);
    return WEIR_OK;
}

enum weir_status weir_csv_ahead_create(struct weir_csv_decoder *decoder, char *const *names,
                                       const struct weir_type *types, int32_t threads, size_t chunk_bytes,
                                       struct weir_csv_ahead **out, struct weir_error *error) {
    struct weir_csv_ahead *ahead = calloc(1, sizeof(*ahead));
    if (!ahead) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to decode ahead");
    ahead->stream = decoder->scan.stream;
    ahead->path = decoder->scan.path;
    ahead->chunk_bytes = chunk_bytes;
    ahead->threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    ahead->ring_count = (size_t)ahead->threads * CHUNKS_EACH + 1;
    ahead->decoders = calloc((size_t)ahead->threads + 1, sizeof(*ahead->decoders));
    ahead->ring = calloc(ahead->ring_count, sizeof(*ahead->ring));
    enum weir_status status = WEIR_OK;
    if (!ahead->decoders || !ahead->ring) status = no_memory(ahead, sizeof(*ahead->ring), error);
    for (size_t i = 0; status == WEIR_OK && i < ahead->ring_count; i++) {
        ahead->ring[i].ahead = ahead;
        ahead->ring[i].job.work = decode;
    }
    if (status == WEIR_OK) status = make_decoders(ahead, decoder, names, types, error);
    if (status == WEIR_OK) status = weir_crew_create(ahead->threads, &ahead->crew, error);
    if (status == WEIR_OK) status = take_over(ahead, decoder, error);
    if (status != WEIR_OK) {
        weir_csv_ahead_destroy(&ahead);
        return status;
    }
    *out = ahead;
    return WEIR_OK;
}

void weir_csv_ahead_destroy(struct weir_csv_ahead **address) {
    struct weir_csv_ahead *ahead = *address;
    if (!ahead) return;
    *address = NULL;
    weir_crew_destroy(&ahead->crew); /* first: threads work on the chunks */
    for (size_t i = 0; ahead->ring && i < ahead->ring_count; i++) {
        struct chunk *chunk = &ahead->ring[i];
        while (chunk->given < chunk->batches_count) {
            struct ArrowArray *batch = &chunk->batches[chunk->given++];
            batch->release(batch);
        }
        free(chunk->batches);
        free(chunk->text);
    }
    for (int32_t i = 0; ahead->decoders && i <= ahead->threads; i++) weir_csv_decoder_fini(&ahead->decoders[i]);
    free(ahead->decoders);
    free(ahead->ring);
    free(ahead->rest);
    free(ahead);
}
