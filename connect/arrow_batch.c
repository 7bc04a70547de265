/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_batch.h"

#include "base/bits.h"
#include "base/error.h"
#include "connect/arrow_view.h"

/* What buffers without bytes point to: a first offset of 0. */
static const uint64_t nothing[2];

int64_t weir_arrow_column_offset(const struct weir_arrow_column *column, int64_t idx) {
    if (column->layout.bytes == 4) return ((const int32_t *)column->buffers[1])[idx];
    return ((const int64_t *)column->buffers[1])[idx];
}

enum weir_status weir_arrow_column_check_text(const struct weir_arrow_column *column, int64_t first, int64_t count,
                                              struct weir_error *error) {
    if (column->layout.kind != WEIR_ARROW_TEXT || count == 0) return WEIR_OK;
    int64_t last = first + count;
    int64_t from = weir_arrow_column_offset(column, first);
    int64_t to = weir_arrow_column_offset(column, last);
    if (from >= 0 && from <= to && (uint64_t)to <= column->text_bytes) return WEIR_OK;
    return weir_error_set(
        error, WEIR_ERR_FORMAT,
        "column '%s': the text of rows %lld to %lld (offsets %lld to %lld) lies outside of its %zu bytes",
        column->name, (long long)first, (long long)last, (long long)from, (long long)to, column->text_bytes);
}

/* Buffer 0 is there only where a column has NULLs. */
static bool is_absent(const struct weir_arrow_part *part, int buffer) { return buffer == 0 && part->nulls == 0; }

/* ---- one batch
 * --------------------------------------------------------------------------------------------------- */

struct work {
    struct weir_arrow_batch *batch;
    const struct weir_arrow_loading *loading;
    struct weir_arrow_body *unpacked; /* NULL while that is only measured */
    size_t used;                      /* of it */
    struct weir_arrow_bytes extents;  /* struct weir_arrow_extent: what the views at hand point into */
    struct weir_error *error;
};

static struct weir_arrow_span span_of(const struct work *work, const struct weir_arrow_part *part, int buffer) {
    if (buffer < 3) return part->spans[buffer];
    const struct weir_arrow_span *extras = (const void *)work->loading->plan->extras.data;
    return extras[part->extra + (uint32_t)buffer - 3];
}

/* Calls `place` for each buffer of a column that is there: 0, 1, 2 by layout, and from 3 on those of views. */
typedef enum weir_status (*place_fn)(struct work *work, struct weir_arrow_column *column, int buffer,
                                     struct weir_arrow_span span);

static enum weir_status place_column(struct work *work, size_t idx, place_fn place) {
    struct weir_arrow_column *column = &work->batch->columns[idx];
    const struct weir_arrow_part *part = &work->loading->plan->parts[idx];
    int count = weir_arrow_layout_buffers(column->layout);
    enum weir_status status = WEIR_OK;
    work->extents.bytes = 0;
    for (int i = 0; i < count && status == WEIR_OK; i++) {
        if (!is_absent(part, i)) status = place(work, column, i, part->spans[i]);
    }
    for (uint32_t i = 0; i < part->extras && status == WEIR_OK; i++) {
        status = place(work, column, 3, span_of(work, part, 3 + (int)i));
    }
    return status;
}

static enum weir_status set_buffer(struct work *work, struct weir_arrow_column *column, int buffer,
                                   const uint8_t *data, size_t bytes) {
    if (buffer == 3) {
        struct weir_arrow_extent extent = {data, bytes};
        return weir_arrow_bytes_append(&work->extents, &extent, sizeof(extent), work->error);
    }
    column->buffers[buffer] = bytes == 0 ? (const void *)nothing : data;
    if (buffer == 2) column->text_bytes = bytes;
    return WEIR_OK;
}

/* Buffers that are not compressed stay where they are. */
static enum weir_status place_plain(struct work *work, struct weir_arrow_column *column, int buffer,
                                    struct weir_arrow_span span) {
    return set_buffer(work, column, buffer, work->loading->body->data + span.offset, (size_t)span.bytes);
}

/* Unpacks a buffer, or only adds up what it needs. Of text all is unpacked, of the others what the rows need. */
static enum weir_status place_packed(struct work *work, struct weir_arrow_column *column, int buffer,
                                     struct weir_arrow_span span) {
    const struct weir_arrow_loading *loading = work->loading;
    const uint8_t *from = loading->body->data + span.offset;
    size_t content, packed = (size_t)span.bytes;
    enum weir_status status = weir_arrow_codec_peek(loading->compression, from, packed, &content, work->error);
    if (status != WEIR_OK) return status;
    size_t needs = buffer < 2 ? weir_arrow_layout_needs(column->layout, buffer, work->batch->rows) : content;
    if (content < needs) {
        return weir_error_set(work->error, WEIR_ERR_FORMAT, "buffer %d has %zu bytes where %lld rows need %zu",
                              buffer, content, (long long)work->batch->rows, needs);
    }
    size_t at = work->used;
    work->used += weir_round_up(needs, 64);
    if (work->unpacked == NULL) return WEIR_OK;
    uint8_t *to = work->unpacked->data + at;
    status = weir_arrow_codec_expand(loading->codec, loading->compression, from, packed, content, to, needs,
                                     work->error);
    return status == WEIR_OK ? set_buffer(work, column, buffer, to, needs) : status;
}

/* Fills the columns from `owner`, by `place`. */
static enum weir_status place_columns(struct work *work, struct weir_arrow_body *owner, place_fn place) {
    for (size_t i = 0; i < work->batch->count; i++) {
        struct weir_arrow_column *column = &work->batch->columns[i];
        enum weir_status status = place_column(work, i, place);
        if (status == WEIR_OK && owner != NULL && weir_arrow_layout_buffers(column->layout) > 0) {
            column->owner = weir_arrow_body_retain(owner);
        }
        if (status == WEIR_OK && owner != NULL && column->layout.kind == WEIR_ARROW_VIEW) {
            const struct weir_arrow_extent *extents = (const void *)work->extents.data;
            status =
                weir_arrow_view_to_text(column, work->batch->rows, extents, work->extents.bytes / sizeof(*extents),
                                        work->loading->pool, work->error);
        }
        if (status != WEIR_OK) {
            weir_error_prefix(work->error, "column '%s'", column->name);
            return status;
        }
    }
    return WEIR_OK;
}

static enum weir_status unpack(struct work *work) {
    enum weir_status status = place_columns(work, NULL, place_packed);
    if (status != WEIR_OK) return status;
    work->unpacked = weir_arrow_body_take(work->loading->pool, work->used, work->error);
    if (work->unpacked == NULL) return WEIR_ERR_MEMORY;
    work->used = 0;
    status = place_columns(work, work->unpacked, place_packed);
    weir_arrow_body_release(work->unpacked);
    return status;
}

enum weir_status weir_arrow_batch_load(struct weir_arrow_batch *batch, const struct weir_arrow_loading *loading,
                                       struct weir_error *error) {
    for (size_t i = 0; i < batch->count; i++) {
        struct weir_arrow_column *column = &batch->columns[i];
        column->nulls = column->layout.kind == WEIR_ARROW_NULL ? batch->rows : loading->plan->parts[i].nulls;
        column->buffers[0] = column->buffers[1] = column->buffers[2] = NULL;
        column->text_bytes = 0;
    }
    if (batch->rows == 0 || batch->count == 0) return WEIR_OK;
    struct work work = {.batch = batch, .loading = loading, .error = error};
    enum weir_status status =
        loading->compression == WEIR_ARROW_PLAIN ? place_columns(&work, loading->body, place_plain) : unpack(&work);
    weir_arrow_bytes_fini(&work.extents);
    return status;
}

void weir_arrow_batch_fini(struct weir_arrow_batch *batch) {
    for (size_t i = 0; i < batch->count && batch->columns != NULL; i++) {
        weir_arrow_body_release(batch->columns[i].owner);
        batch->columns[i].owner = NULL;
    }
}
