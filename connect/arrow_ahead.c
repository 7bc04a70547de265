/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Buffers nearer than this are read together: a gap costs less than another request. */
#define GAP_BYTES 65536
/* Long reads are cut, so that several are in flight within one body. */
#define READ_BYTES (INT64_C(1) << 20)
/* Of a file that is read past the page cache: bodies whose memory is known to the ring, in so many bytes at most.
 */
#define RESERVED_BODIES 16
#define RESERVED_BYTES ((size_t)64 << 20)

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory to read an Arrow file");
}

/* ---- batches that have come
 * ---------------------------------------------------------------------------------------- */

enum weir_status weir_arrow_loaded_init(struct weir_arrow_loaded *loaded, size_t count, struct weir_error *error) {
    loaded->batch.columns = calloc(count + 1, sizeof(*loaded->batch.columns));
    loaded->words = calloc(count + 1, sizeof(void *));
    loaded->batch.count = count;
    return loaded->batch.columns == NULL || loaded->words == NULL ? no_memory(error) : WEIR_OK;
}

void weir_arrow_loaded_fini(struct weir_arrow_loaded *loaded) {
    weir_arrow_batch_fini(&loaded->batch);
    for (size_t i = 0; i < loaded->batch.count && loaded->words != NULL; i++) {
        weir_arrow_words_release(loaded->words[i]);
        loaded->words[i] = NULL;
    }
    loaded->batch.rows = 0;
}

void weir_arrow_loaded_free(struct weir_arrow_loaded *loaded) {
    weir_arrow_loaded_fini(loaded);
    free(loaded->batch.columns);
    free(loaded->words);
    *loaded = (struct weir_arrow_loaded){0};
}

/* ---- unpacking ahead
 * ------------------------------------------------------------------------------------------------ */

/* By a thread of the crew. */
static void unpack(struct weir_crew_job *job, int32_t thread) {
    struct weir_arrow_slot *slot = (struct weir_arrow_slot *)job; /* its first member */
    struct weir_arrow_loading loading = {.plan = &slot->plan,
                                         .compression = slot->compression,
                                         .body = slot->body,
                                         .pool = slot->ahead->pool,
                                         .codec = &slot->ahead->codecs[thread]};
    slot->status = weir_arrow_batch_load(&slot->batch, &loading, &slot->error);
}

/* False where there are no threads: the caller unpacks itself then. */
static bool has_crew(struct weir_arrow_ahead *ahead) {
    struct weir_error ignored;
    if (ahead->crew != NULL || ahead->threads < 2) return ahead->crew != NULL;
    ahead->codecs = calloc((size_t)ahead->threads, sizeof(*ahead->codecs));
    if (ahead->codecs == NULL || weir_crew_create(ahead->threads, &ahead->crew, &ignored) != WEIR_OK) {
        free(ahead->codecs);
        ahead->codecs = NULL;
        ahead->threads = 1;
    }
    return ahead->crew != NULL;
}

static void name_columns(const struct weir_arrow_ahead *ahead, struct weir_arrow_batch *batch, int64_t rows) {
    batch->rows = rows;
    for (size_t i = 0; i < ahead->count; i++) {
        const struct weir_arrow_field *field = &ahead->scan->schema.fields[ahead->fields[i]];
        batch->columns[i].layout = field->layout;
        batch->columns[i].name = field->name;
    }
}

/* ---- opening
 * ------------------------------------------------------------------------------------------------------- */

static enum weir_status copy_selection(struct weir_arrow_ahead *ahead, const int32_t *fields, size_t count,
                                       struct weir_error *error) {
    size_t schema_count = (size_t)ahead->scan->schema.count;
    ahead->fields = calloc(count + 1, sizeof(*ahead->fields));
    ahead->slot_of = calloc(schema_count + 1, sizeof(*ahead->slot_of));
    if (ahead->fields == NULL || ahead->slot_of == NULL) return no_memory(error);
    for (size_t i = 0; i < schema_count; i++) ahead->slot_of[i] = -1;
    for (size_t i = 0; i < count; i++) {
        if (ahead->slot_of[fields[i]] != -1) {
            return weir_error_set(error, WEIR_ERR_INVALID, "column '%s' of '%s' is selected twice",
                                  ahead->scan->schema.fields[fields[i]].name, ahead->scan->path);
        }
        ahead->fields[i] = fields[i];
        ahead->slot_of[fields[i]] = (int32_t)i;
    }
    for (size_t i = 0; i < WEIR_ARROW_AHEAD_BATCHES; i++) {
        ahead->ring[i].plan.parts = calloc(count + 1, sizeof(*ahead->ring[i].plan.parts));
        ahead->ring[i].words = calloc(count + 1, sizeof(void *));
        ahead->ring[i].batch.columns = calloc(count + 1, sizeof(*ahead->ring[i].batch.columns));
        ahead->ring[i].batch.count = count;
        ahead->ring[i].ahead = ahead;
        ahead->ring[i].job.work = unpack;
        if (ahead->ring[i].plan.parts == NULL || ahead->ring[i].words == NULL ||
            ahead->ring[i].batch.columns == NULL)
            return no_memory(error);
    }
    ahead->count = count;
    return WEIR_OK;
}

enum weir_status weir_arrow_ahead_open(struct weir_arrow_ahead *ahead, struct weir_arrow_scan *scan,
                                       const int32_t *fields, size_t count, int32_t threads,
                                       const struct weir_io_options *options, struct weir_error *error) {
    ahead->scan = scan;
    ahead->depth = weir_file_is_direct(scan->file) ? WEIR_ARROW_AHEAD_BATCHES : WEIR_ARROW_AHEAD_FIRST;
    scan->cold = weir_file_is_direct(scan->file);
    ahead->threads = threads < WEIR_ARROW_AHEAD_BATCHES ? threads : WEIR_ARROW_AHEAD_BATCHES;
    enum weir_status status = copy_selection(ahead, fields, count, error);
    if (status == WEIR_OK) status = weir_arrow_pool_create(&ahead->pool, error);
    if (status == WEIR_OK) status = weir_io_create(options, &ahead->io, error);
    if (status != WEIR_OK) return status;
    return weir_arrow_dictionary_set_init(&ahead->dictionaries, &scan->schema, fields, count, error);
}

static void clear_slot(struct weir_arrow_ahead *ahead, struct weir_arrow_slot *slot) {
    for (size_t i = 0; i < ahead->count; i++) {
        weir_arrow_words_release(slot->words[i]);
        slot->words[i] = NULL;
    }
    weir_arrow_body_release(slot->body);
    slot->body = NULL;
}

void weir_arrow_ahead_close(struct weir_arrow_ahead *ahead) {
    if (ahead->io != NULL) weir_io_destroy(&ahead->io); /* first: reads in flight write into the bodies */
    weir_crew_destroy(&ahead->crew);                    /* and threads read them */
    for (int32_t i = 0; ahead->codecs != NULL && i < ahead->threads; i++) weir_arrow_codec_fini(&ahead->codecs[i]);
    free(ahead->codecs);
    for (size_t i = 0; i < WEIR_ARROW_AHEAD_BATCHES; i++) {
        if (ahead->ring[i].words != NULL) clear_slot(ahead, &ahead->ring[i]);
        weir_arrow_batch_fini(&ahead->ring[i].batch);
        free(ahead->ring[i].batch.columns);
        free(ahead->ring[i].plan.parts);
        weir_arrow_bytes_fini(&ahead->ring[i].plan.extras);
        free(ahead->ring[i].words);
    }
    weir_arrow_dictionary_set_fini(&ahead->dictionaries);
    weir_arrow_codec_fini(&ahead->codec);
    weir_arrow_pool_close(&ahead->pool);
    free(ahead->fields);
    free(ahead->slot_of);
    weir_arrow_bytes_fini(&ahead->spans);
    *ahead = (struct weir_arrow_ahead){0};
}

/* ---- planning the reads of a body
 * ------------------------------------------------------------------------------------ */

static int compare_spans(const void *a, const void *b) {
    int64_t x = ((const struct weir_arrow_span *)a)->offset, y = ((const struct weir_arrow_span *)b)->offset;
    return (x > y) - (x < y);
}

static enum weir_status collect_spans(struct weir_arrow_ahead *ahead, const struct weir_arrow_slot *slot,
                                      struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    ahead->spans.bytes = 0;
    for (size_t i = 0; i < ahead->count && status == WEIR_OK; i++) {
        const struct weir_arrow_span *spans = slot->plan.parts[i].spans;
        status = weir_arrow_bytes_append(&ahead->spans, spans, sizeof(slot->plan.parts[i].spans), error);
    }
    if (status != WEIR_OK) return status;
    return weir_arrow_bytes_append(&ahead->spans, slot->plan.extras.data, slot->plan.extras.bytes, error);
}

/* Joins spans that lie near each other; returns how many are left. */
static size_t join_spans(struct weir_arrow_span *spans, size_t count) {
    size_t joined = 0;
    qsort(spans, count, sizeof(*spans), compare_spans);
    for (size_t i = 0; i < count; i++) {
        struct weir_arrow_span *last = joined == 0 ? NULL : &spans[joined - 1];
        int64_t end = last == NULL ? 0 : last->offset + last->bytes;
        if (spans[i].bytes == 0) continue;
        if (last == NULL || spans[i].offset - end >= GAP_BYTES) {
            spans[joined++] = spans[i];
            continue;
        }
        int64_t new_end = spans[i].offset + spans[i].bytes;
        last->bytes = (new_end > end ? new_end : end) - last->offset;
    }
    return joined;
}

static enum weir_status submit_span(struct weir_arrow_ahead *ahead, size_t idx, struct weir_arrow_span rest,
                                    struct weir_error *error) {
    struct weir_arrow_slot *slot = &ahead->ring[idx];
    while (rest.bytes > 0) {
        int64_t bytes = rest.bytes < READ_BYTES ? rest.bytes : READ_BYTES;
        enum weir_status status = weir_io_read(ahead->io, ahead->scan->file, slot->body_offset + rest.offset,
                                               slot->body->data + rest.offset, (size_t)bytes, idx, error);
        if (status != WEIR_OK) return status;
        slot->reads++;
        slot->asked += bytes;
        rest.offset += bytes;
        rest.bytes -= bytes;
    }
    return WEIR_OK;
}

/* Past the page cache whole blocks are read: those that the span begins and ends in, too. The last bytes of the
 * file are no whole block and are read through the page cache. */
static enum weir_status submit_blocks(struct weir_arrow_ahead *ahead, size_t idx, struct weir_arrow_span span,
                                      struct weir_error *error) {
    const int64_t block = (int64_t)WEIR_IO_ALIGN;
    int64_t body = ahead->ring[idx].body_offset;
    int64_t begin = (body + span.offset) / block * block;
    int64_t end = (body + span.offset + span.bytes + block - 1) / block * block;
    int64_t whole = ahead->scan->size / block * block, middle = end < whole ? end : whole;
    if (end > ahead->scan->size) end = ahead->scan->size;
    if (middle < begin) middle = begin;
    enum weir_status status =
        submit_span(ahead, idx, (struct weir_arrow_span){begin - body, middle - begin}, error);
    return status != WEIR_OK
               ? status
               : submit_span(ahead, idx, (struct weir_arrow_span){middle - body, end - middle}, error);
}

/* Bytes stay at their place within the body: what is not read costs address space, but no memory. */
static enum weir_status submit(struct weir_arrow_ahead *ahead, size_t idx, struct weir_error *error) {
    struct weir_arrow_slot *slot = &ahead->ring[idx];
    enum weir_status status = collect_spans(ahead, slot, error);
    if (status != WEIR_OK) return status;
    struct weir_arrow_span *spans = (struct weir_arrow_span *)(void *)ahead->spans.data;
    size_t count = join_spans(spans, ahead->spans.bytes / sizeof(*spans));
    for (size_t i = 0; i < count; i++) {
        status =
            slot->direct ? submit_blocks(ahead, idx, spans[i], error) : submit_span(ahead, idx, spans[i], error);
        if (status != WEIR_OK) return status;
    }
    ahead->bytes += slot->asked;
    return WEIR_OK;
}

/* ---- beginning and ending a batch
 * ------------------------------------------------------------------------------------ */

static enum weir_status take_dictionaries(struct weir_arrow_ahead *ahead, struct weir_arrow_slot *slot,
                                          struct weir_error *error) {
    for (size_t i = 0; i < ahead->count; i++) {
        const struct weir_arrow_field *field = &ahead->scan->schema.fields[ahead->fields[i]];
        if (field->words == NULL) continue;
        int64_t used = slot->plan.parts[i].nulls == slot->rows ? 0 : slot->rows;
        slot->words[i] = weir_arrow_dictionary_set_get(&ahead->dictionaries, field, used, error);
        if (slot->words[i] == NULL) return error == NULL ? WEIR_ERR_FORMAT : error->code;
    }
    return WEIR_OK;
}

static enum weir_status plan_slot(struct weir_arrow_ahead *ahead, struct weir_arrow_slot *slot,
                                  const struct weir_arrow_found *found, struct weir_error *error) {
    struct weir_arrow_header header;
    enum weir_status status =
        weir_arrow_header_read(&found->message.header, found->message.body_bytes, &header, error);
    if (status != WEIR_OK) return status;
    slot->rows = header.rows;
    slot->compression = header.compression;
    slot->offset = found->offset;
    slot->body_offset = found->body;
    slot->end = found->body + found->message.body_bytes;
    slot->asked = slot->got = 0;
    slot->reads = 0;
    if (ahead->count == 0 || header.rows == 0) return WEIR_OK;
    status = weir_arrow_header_parts(&header, &ahead->scan->schema, ahead->slot_of, &slot->plan, error);
    return status == WEIR_OK ? take_dictionaries(ahead, slot, error) : status;
}

/* Bodies are as large as the first one, or a little larger, as a rule. */
static void reserve_bodies(struct weir_arrow_ahead *ahead, size_t bytes) {
    void *memory;
    size_t length, most = bytes / 8 < SIZE_MAX - bytes ? bytes + bytes / 8 : bytes;
    size_t count = RESERVED_BYTES / (most + 1);
    if (count > RESERVED_BODIES) count = RESERVED_BODIES;
    if (count < WEIR_ARROW_AHEAD_FIRST) return;
    if (weir_arrow_pool_reserve(ahead->pool, most, count, &memory, &length)) {
        (void)weir_io_register(ahead->io, memory, length);
    }
}

static enum weir_status take_body(struct weir_arrow_ahead *ahead, struct weir_arrow_slot *slot, size_t bytes,
                                  struct weir_error *error) {
    /* A body that lies otherwise could not be read to a place from which its buffers can be used. */
    slot->direct = weir_file_is_direct(ahead->scan->file) && slot->body_offset % 64 == 0;
    if (slot->direct && !ahead->began) reserve_bodies(ahead, bytes);
    ahead->began = true;
    slot->body = slot->direct ? weir_arrow_body_take_at(ahead->pool, bytes, slot->body_offset, error)
                              : weir_arrow_body_take(ahead->pool, bytes, error);
    return slot->body == NULL ? WEIR_ERR_MEMORY : WEIR_OK;
}

/* Begins to read the next record batch of the file into the ring, applying the dictionaries that come before it. */
static enum weir_status begin_batch(struct weir_arrow_ahead *ahead, struct weir_error *error) {
    struct weir_arrow_found found;
    enum weir_status status = weir_arrow_scan_next(ahead->scan, &found, error);
    if (status == WEIR_END) ahead->exhausted = true;
    if (status != WEIR_OK) return status;
    if (found.message.kind == WEIR_ARROW_MESSAGE_DICTIONARY) {
        return weir_arrow_dictionary_set_apply(&ahead->dictionaries, ahead->scan, &found, &ahead->codec, error);
    }
    size_t idx = (ahead->first + ahead->used) % WEIR_ARROW_AHEAD_BATCHES;
    struct weir_arrow_slot *slot = &ahead->ring[idx];
    status = plan_slot(ahead, slot, &found, error);
    if (status != WEIR_OK) {
        weir_error_prefix(error, "'%s', message at byte %lld", ahead->scan->path, (long long)found.offset);
        return status;
    }
    if (slot->rows == 0) return WEIR_OK;
    if (ahead->count > 0) {
        status = take_body(ahead, slot, (size_t)found.message.body_bytes, error);
        if (status == WEIR_OK) status = submit(ahead, idx, error);
    }
    if (status == WEIR_OK) ahead->used++;
    return status;
}

static void deepen(struct weir_arrow_ahead *ahead, size_t depth) {
    if (depth > WEIR_ARROW_AHEAD_BATCHES) depth = WEIR_ARROW_AHEAD_BATCHES;
    if (depth > ahead->depth) ahead->depth = depth;
}

static enum weir_status wait_for(struct weir_arrow_ahead *ahead, struct weir_arrow_slot *slot,
                                 struct weir_error *error) {
    while (slot->reads > 0) {
        struct weir_io_completion completion;
        enum weir_status status = weir_io_wait(ahead->io, &completion, error);
        if (status == WEIR_END) {
            return weir_error_set(error, WEIR_ERR_INTERNAL, "a read of '%s' was lost", ahead->scan->path);
        }
        if (status != WEIR_OK) return status;
        ahead->ring[completion.tag].reads--;
        ahead->ring[completion.tag].got += completion.bytes;
    }
    if (weir_io_waits(ahead->io) > 0) {
        deepen(ahead, WEIR_ARROW_AHEAD_BATCHES);
        ahead->scan->cold = true;
    }
    if (slot->got == slot->asked) return WEIR_OK;
    return weir_error_set(
        error, WEIR_ERR_FORMAT,
        "'%s' is truncated: it had %lld bytes when it was opened, but has become shorter than byte "
        "%lld since",
        ahead->scan->path, (long long)ahead->scan->size, (long long)slot->end);
}

/* Gives the bodies that come next to the threads, as many as they can work on. */
static enum weir_status submit_ahead(struct weir_arrow_ahead *ahead, struct weir_error *error) {
    for (size_t i = 0; i < ahead->used && i <= (size_t)ahead->threads; i++) {
        struct weir_arrow_slot *slot = &ahead->ring[(ahead->first + i) % WEIR_ARROW_AHEAD_BATCHES];
        bool packed = slot->compression != WEIR_ARROW_PLAIN && slot->body != NULL;
        if (slot->submitted || !packed || !has_crew(ahead)) continue;
        enum weir_status status = wait_for(ahead, slot, error);
        if (status != WEIR_OK) return status;
        /* One for each thread, beside that which is given out and the next. */
        deepen(ahead, (size_t)ahead->threads + 2);
        name_columns(ahead, &slot->batch, slot->rows);
        slot->submitted = true;
        weir_crew_submit(ahead->crew, &slot->job);
    }
    return WEIR_OK;
}

/* The batch of a slot whose body has come, by a thread or here. */
static enum weir_status load(struct weir_arrow_ahead *ahead, struct weir_arrow_slot *slot,
                             struct weir_arrow_loaded *out, struct weir_error *error) {
    if (!slot->submitted) {
        struct weir_arrow_loading loading = {.plan = &slot->plan,
                                             .compression = slot->compression,
                                             .body = slot->body,
                                             .pool = ahead->pool,
                                             .codec = &ahead->codec};
        name_columns(ahead, &out->batch, slot->rows);
        return weir_arrow_batch_load(&out->batch, &loading, error);
    }
    weir_crew_wait(ahead->crew, &slot->job);
    slot->submitted = false;
    out->batch.rows = slot->rows;
    for (size_t i = 0; i < ahead->count; i++) {
        out->batch.columns[i] = slot->batch.columns[i];
        slot->batch.columns[i].owner = NULL;
    }
    if (slot->status != WEIR_OK && error != NULL) *error = slot->error;
    return slot->status;
}

/* Moves what the first slot holds into out. */
static enum weir_status give(struct weir_arrow_ahead *ahead, struct weir_arrow_loaded *out,
                             struct weir_error *error) {
    struct weir_arrow_slot *slot = &ahead->ring[ahead->first];
    enum weir_status status = wait_for(ahead, slot, error);
    if (status != WEIR_OK) return status;
    out->end = slot->end;
    for (size_t i = 0; i < ahead->count; i++) {
        out->words[i] = slot->words[i];
        slot->words[i] = NULL;
    }
    status = load(ahead, slot, out, error);
    weir_arrow_body_release(slot->body);
    slot->body = NULL;
    ahead->bytes -= slot->asked;
    ahead->first = (ahead->first + 1) % WEIR_ARROW_AHEAD_BATCHES;
    ahead->used--;
    if (status != WEIR_OK) {
        weir_error_prefix(error, "'%s', message at byte %lld", ahead->scan->path, (long long)slot->offset);
    }
    return status;
}

/* One batch in any case, and a second, so that the disk does not rest, unless the first is very large. */
static bool wants_more(const struct weir_arrow_ahead *ahead) {
    if (ahead->used == 0 || ahead->used >= ahead->depth) return ahead->used == 0;
    return ahead->bytes < (ahead->used == 1 ? WEIR_ARROW_AHEAD_SECOND : WEIR_ARROW_AHEAD_BYTES);
}

enum weir_status weir_arrow_ahead_next(struct weir_arrow_ahead *ahead, struct weir_arrow_loaded *out,
                                       struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    while (!ahead->exhausted && wants_more(ahead)) {
        status = begin_batch(ahead, error);
        if (status != WEIR_OK && status != WEIR_END) return status;
    }
    if (ahead->used == 0) return WEIR_END;
    status = submit_ahead(ahead, error);
    return status == WEIR_OK ? give(ahead, out, error) : status;
}
