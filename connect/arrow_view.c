/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_view.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"

#define VIEW_BYTES 16
#define INLINE_BYTES 12
#define TEXT_BYTES_MAX (INT64_C(16) << 30)

struct view {
    int32_t bytes;
    char prefix[4];
    int32_t buffer;
    int32_t offset;
};

struct text {
    const uint8_t *data;
    size_t bytes;
};

/* The text of a row; false when it lies outside. */
static bool find_text(const struct weir_arrow_column *column, int64_t row, const struct weir_arrow_extent *extents,
                      size_t count, struct text *out) {
    const uint8_t *validity = column->buffers[0];
    const uint8_t *at = (const uint8_t *)column->buffers[1] + row * VIEW_BYTES;
    struct view view;
    *out = (struct text){at, 0};
    if (validity != NULL && ((validity[row / 8] >> (row % 8)) & 1) == 0) return true;
    memcpy(&view, at, sizeof(view));
    if (view.bytes < 0) return false;
    out->bytes = (size_t)view.bytes;
    out->data = at + 4;
    if (view.bytes <= INLINE_BYTES) return true;
    if (view.buffer < 0 || (size_t)view.buffer >= count || view.offset < 0) return false;
    const struct weir_arrow_extent *extent = &extents[view.buffer];
    if ((size_t)view.offset > extent->bytes || out->bytes > extent->bytes - (size_t)view.offset) return false;
    out->data = extent->data + view.offset;
    return true;
}

static enum weir_status measure(const struct weir_arrow_column *column, int64_t rows,
                                const struct weir_arrow_extent *extents, size_t count, size_t *bytes,
                                struct weir_error *error) {
    *bytes = 0;
    for (int64_t row = 0; row < rows; row++) {
        struct text text;
        if (!find_text(column, row, extents, count, &text)) {
            return weir_error_set(error, WEIR_ERR_FORMAT, "the text of row %lld lies outside of its buffers",
                                  (long long)row);
        }
        *bytes += text.bytes;
        if (*bytes > TEXT_BYTES_MAX) {
            return weir_error_set(error, WEIR_ERR_FORMAT, "one record batch has more than 16 GiB of text");
        }
    }
    return WEIR_OK;
}

enum weir_status weir_arrow_view_to_text(struct weir_arrow_column *column, int64_t rows,
                                         const struct weir_arrow_extent *extents, size_t count,
                                         struct weir_arrow_pool *pool, struct weir_error *error) {
    size_t bytes, validity_bytes = column->buffers[0] == NULL ? 0 : weir_bitmap_bytes((size_t)rows);
    size_t offsets_at = weir_round_up(validity_bytes, 64);
    size_t text_at = offsets_at + weir_round_up(((size_t)rows + 1) * 8, 64);
    enum weir_status status = measure(column, rows, extents, count, &bytes, error);
    if (status != WEIR_OK) return status;
    struct weir_arrow_body *body = weir_arrow_body_take(pool, text_at + bytes, error);
    if (body == NULL) return WEIR_ERR_MEMORY;
    int64_t *offsets = (int64_t *)(void *)(body->data + offsets_at);
    uint8_t *to = body->data + text_at;
    int64_t end = 0;
    offsets[0] = 0;
    for (int64_t row = 0; row < rows; row++) {
        struct text text;
        find_text(column, row, extents, count, &text);
        memcpy(to + end, text.data, text.bytes);
        end += (int64_t)text.bytes;
        offsets[row + 1] = end;
    }
    if (validity_bytes > 0) memcpy(body->data, column->buffers[0], validity_bytes);
    column->buffers[0] = validity_bytes > 0 ? body->data : NULL;
    column->buffers[1] = offsets;
    column->buffers[2] = to;
    column->text_bytes = bytes;
    column->layout = (struct weir_arrow_layout){WEIR_ARROW_TEXT, 8};
    weir_arrow_body_release(column->owner);
    column->owner = body;
    return WEIR_OK;
}
