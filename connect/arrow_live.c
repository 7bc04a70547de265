/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_live.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/monotonic.h"

#define CONTINUATION UINT32_C(0xFFFFFFFF)
/* Memory is taken for so much at first, whatever length a message claims, and then as bytes really come. */
#define TRUSTED_BYTES ((size_t)4 << 20)
#define METADATA_TRUSTED ((size_t)1 << 16)

static enum weir_status prefix_place(const struct weir_arrow_live *live, enum weir_status status,
                                     struct weir_error *error) {
    weir_error_prefix(error, "'%s', message at byte %lld", live->scan->path, (long long)live->offset);
    return status;
}

/* ---- bytes ------------------------------------------------------------------------------------------------------
 */

static void begin_stage(struct weir_arrow_live *live, enum weir_arrow_live_stage stage, size_t wanted) {
    live->stage = stage;
    live->have = 0;
    live->wanted = wanted;
}

static enum weir_status truncated(const struct weir_arrow_live *live, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_FORMAT,
                          "'%s' is truncated: it ends at byte %lld, within the message that begins at byte %lld",
                          live->scan->path, (long long)live->passed, (long long)live->offset);
}

/* What the pipe has, at most `room` bytes. */
static enum weir_status read_some(struct weir_arrow_live *live, uint8_t *to, size_t room,
                                  struct weir_error *error) {
    int64_t wait_ms = -1;
    if (live->wait_until != INT64_MAX) {
        wait_ms = live->wait_until - weir_monotonic_ms();
        if (wait_ms < 0) wait_ms = 0;
    }
    size_t got = 0;
    enum weir_status status = weir_pipe_read(live->pipe, to, room, wait_ms, &got, error);
    live->have += got;
    live->passed += (int64_t)got;
    return status;
}

/* Room for the next bytes of the metadata: twice what has come. */
static enum weir_status reserve_metadata(struct weir_arrow_live *live, struct weir_error *error) {
    struct weir_arrow_scan *scan = live->scan;
    if (live->have < scan->metadata_capacity) return WEIR_OK;
    size_t room = live->have < METADATA_TRUSTED ? METADATA_TRUSTED : 2 * live->have;
    uint8_t *metadata = realloc(scan->metadata, room);
    if (metadata == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for %zu bytes of metadata of '%s'", room,
                              scan->path);
    scan->metadata = metadata;
    scan->metadata_capacity = room;
    return WEIR_OK;
}

static enum weir_status reserve_body(struct weir_arrow_live *live, struct weir_error *error) {
    if (live->body != NULL && live->have < live->body->capacity) return WEIR_OK;
    size_t room = live->body == NULL ? TRUSTED_BYTES : 2 * live->have;
    if (room > live->wanted) room = live->wanted;
    struct weir_arrow_body *body = weir_arrow_body_take(live->pool, room, error);
    if (body == NULL) return WEIR_ERR_MEMORY;
    if (live->have > 0) memcpy(body->data, live->body->data, live->have);
    weir_arrow_body_release(live->body);
    live->body = body;
    return WEIR_OK;
}

/* Reads until the stage is complete. */
static enum weir_status fill(struct weir_arrow_live *live, struct weir_error *error) {
    while (live->have < live->wanted) {
        enum weir_status status = WEIR_OK;
        uint8_t *to = live->prefix;
        size_t room = live->wanted;
        if (live->stage == WEIR_ARROW_LIVE_METADATA) {
            status = reserve_metadata(live, error);
            to = live->scan->metadata;
            room = live->scan->metadata_capacity;
        } else if (live->stage == WEIR_ARROW_LIVE_BODY) {
            status = reserve_body(live, error);
            if (status == WEIR_OK) to = live->body->data;
            if (status == WEIR_OK) room = live->body->capacity;
        }
        if (room > live->wanted) room = live->wanted;
        if (status == WEIR_OK) status = read_some(live, to + live->have, room - live->have, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* ---- messages ---------------------------------------------------------------------------------------------------
 */

static enum weir_status end_prefix(struct weir_arrow_live *live, struct weir_error *error) {
    uint32_t words[2] = {0};
    memcpy(words, live->prefix, live->wanted);
    if (live->wanted == 4 && words[0] == CONTINUATION) {
        live->wanted = 8;
        return WEIR_OK;
    }
    if (live->offset == 0 && memcmp(live->prefix, "ARRO", 4) == 0)
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                              "'%s' sends an Arrow IPC file, which is read from its end: send a stream (as 'weir "
                              "query -o arrow' does), or write it to a file first",
                              live->scan->path);
    int32_t length = (int32_t)words[live->wanted == 8];
    if (length < 0) {
        weir_error_set(error, WEIR_ERR_FORMAT, "its metadata has a length of %d", length);
        return prefix_place(live, WEIR_ERR_FORMAT, error);
    }
    if (length == 0)
        begin_stage(live, WEIR_ARROW_LIVE_END, 1);
    else
        begin_stage(live, WEIR_ARROW_LIVE_METADATA, (size_t)length);
    return WEIR_OK;
}

static enum weir_status end_metadata(struct weir_arrow_live *live, struct weir_error *error) {
    struct weir_arrow_scan *scan = live->scan;
    scan->flat = (struct weir_flat){.data = scan->metadata, .size = live->wanted};
    enum weir_status status = weir_arrow_message_read(&scan->flat, &live->message, error);
    if (status != WEIR_OK) return prefix_place(live, status, error);
    begin_stage(live, WEIR_ARROW_LIVE_BODY, (size_t)live->message.body_bytes);
    return WEIR_OK;
}

/* The end of the pipe is that of the stream, between messages. */
static enum weir_status end_pipe(const struct weir_arrow_live *live, struct weir_error *error) {
    bool between = live->stage == WEIR_ARROW_LIVE_PREFIX && live->have == 0;
    return between || live->stage == WEIR_ARROW_LIVE_END ? WEIR_END : truncated(live, error);
}

/* Reads up to the end of the next message: live->message and live->body. */
static enum weir_status next_message(struct weir_arrow_live *live, struct weir_error *error) {
    for (;;) {
        enum weir_status status = fill(live, error);
        if (status == WEIR_END) return end_pipe(live, error);
        if (status != WEIR_OK) return status;
        switch (live->stage) {
        case WEIR_ARROW_LIVE_PREFIX: status = end_prefix(live, error); break;
        case WEIR_ARROW_LIVE_METADATA: status = end_metadata(live, error); break;
        case WEIR_ARROW_LIVE_BODY: return WEIR_OK;
        case WEIR_ARROW_LIVE_END:
            return weir_error_set(
                error, WEIR_ERR_FORMAT,
                "'%s': bytes follow the end of the stream at byte %lld; several streams in one pipe are not read",
                live->scan->path, (long long)live->passed - 1);
        }
        if (status != WEIR_OK) return status;
    }
}

static void forget_message(struct weir_arrow_live *live) {
    weir_arrow_body_release(live->body);
    live->body = NULL;
    live->offset = live->passed;
    begin_stage(live, WEIR_ARROW_LIVE_PREFIX, 4);
}

/* ---- opening ----------------------------------------------------------------------------------------------------
 */

enum weir_status weir_arrow_live_open(struct weir_arrow_live *live, struct weir_pipe *pipe,
                                      struct weir_arrow_scan *scan, struct weir_error *error) {
    live->pipe = pipe;
    live->scan = scan;
    live->wait_until = INT64_MAX;
    scan->path = weir_pipe_name(pipe);
    forget_message(live);
    enum weir_status status = weir_arrow_pool_create(&live->pool, error);
    if (status == WEIR_OK) status = next_message(live, error);
    if (status == WEIR_END || (status == WEIR_OK && live->message.kind != WEIR_ARROW_MESSAGE_SCHEMA)) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "'%s' is no Arrow IPC stream: it does not begin with a schema message", scan->path);
    }
    if (status != WEIR_OK) return status;
    status = weir_arrow_schema_read(&live->message.header, &scan->schema, error);
    if (status != WEIR_OK) return prefix_place(live, status, error);
    forget_message(live);
    return WEIR_OK;
}

enum weir_status weir_arrow_live_select(struct weir_arrow_live *live, const int32_t *fields, size_t count,
                                        struct weir_error *error) {
    size_t schema_count = (size_t)live->scan->schema.count;
    live->slot_of = calloc(schema_count + 1, sizeof(*live->slot_of));
    live->plan.parts = calloc(count + 1, sizeof(*live->plan.parts));
    if (live->slot_of == NULL || live->plan.parts == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for %zu columns", count);
    for (size_t i = 0; i < schema_count; i++) live->slot_of[i] = -1;
    for (size_t i = 0; i < count; i++) live->slot_of[fields[i]] = (int32_t)i;
    live->fields = fields;
    live->count = count;
    return weir_arrow_dictionary_set_init(&live->dictionaries, &live->scan->schema, fields, count, error);
}

void weir_arrow_live_close(struct weir_arrow_live *live) {
    weir_arrow_body_release(live->body);
    weir_arrow_dictionary_set_fini(&live->dictionaries);
    weir_arrow_codec_fini(&live->codec);
    weir_arrow_pool_close(&live->pool);
    free(live->slot_of);
    free(live->plan.parts);
    weir_arrow_bytes_fini(&live->plan.extras);
    *live = (struct weir_arrow_live){0};
}

/* ---- batches ----------------------------------------------------------------------------------------------------
 */

static enum weir_status take_words(struct weir_arrow_live *live, struct weir_arrow_loaded *out,
                                   struct weir_error *error) {
    for (size_t i = 0; i < live->count; i++) {
        const struct weir_arrow_field *field = &live->scan->schema.fields[live->fields[i]];
        out->batch.columns[i].layout = field->layout;
        out->batch.columns[i].name = field->name;
        if (field->words == NULL) continue;
        int64_t used = live->plan.parts[i].nulls == out->batch.rows ? 0 : out->batch.rows;
        out->words[i] = weir_arrow_dictionary_set_get(&live->dictionaries, field, used, error);
        if (out->words[i] == NULL) return error == NULL ? WEIR_ERR_FORMAT : error->code;
    }
    return WEIR_OK;
}

/* The record batch at hand into out. */
static enum weir_status load(struct weir_arrow_live *live, struct weir_arrow_loaded *out,
                             struct weir_error *error) {
    struct weir_arrow_header header;
    enum weir_status status =
        weir_arrow_header_read(&live->message.header, live->message.body_bytes, &header, error);
    if (status != WEIR_OK) return status;
    out->batch.rows = header.rows;
    out->end = live->passed;
    if (live->count == 0 || header.rows == 0) return WEIR_OK;
    status = weir_arrow_header_parts(&header, &live->scan->schema, live->slot_of, &live->plan, error);
    if (status == WEIR_OK) status = take_words(live, out, error);
    if (status == WEIR_OK && live->body == NULL)
        status = reserve_body(live, error); /* columns of nothing but NULL */
    if (status != WEIR_OK) return status;
    struct weir_arrow_loading loading = {.plan = &live->plan,
                                         .compression = header.compression,
                                         .body = live->body,
                                         .pool = live->pool,
                                         .codec = &live->codec};
    return weir_arrow_batch_load(&out->batch, &loading, error);
}

static enum weir_status take_message(struct weir_arrow_live *live, struct weir_arrow_loaded *out,
                                     struct weir_error *error) {
    enum weir_status status;
    switch (live->message.kind) {
    case WEIR_ARROW_MESSAGE_BATCH:
        status = load(live, out, error);
        return status == WEIR_OK ? WEIR_OK : prefix_place(live, status, error);
    case WEIR_ARROW_MESSAGE_DICTIONARY: {
        struct weir_arrow_found found = {.message = live->message, .offset = live->offset};
        if (live->body == NULL) {
            status = reserve_body(live, error);
            if (status != WEIR_OK) return status;
        }
        return weir_arrow_dictionary_set_add(&live->dictionaries, live->scan, &found, live->body, &live->codec,
                                             error);
    }
    default:
        weir_error_set(error, WEIR_ERR_FORMAT, "a second schema; several streams in one pipe are not read");
        return prefix_place(live, WEIR_ERR_FORMAT, error);
    }
}

enum weir_status weir_arrow_live_next(struct weir_arrow_live *live, struct weir_arrow_loaded *out,
                                      struct weir_error *error) {
    for (;;) {
        enum weir_status status = next_message(live, error);
        if (status == WEIR_OK) status = take_message(live, out, error);
        if (status != WEIR_OK) return status;
        forget_message(live);
        if (out->batch.rows > 0) return WEIR_OK;
    }
}
