/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/error.h"
#include "connect/text_value_column.h"
#include "weir/weir.h"

enum weir_status weir_value_format(const struct ArrowSchema *column_schema, const struct ArrowArray *column,
                                   int64_t row, char *buffer, size_t size, size_t *length) {
    struct weir_layout layout;
    struct weir_text_column bound;
    char scratch[WEIR_TEXT_BYTES];
    const char *text;
    if (!column_schema || !length || (size > 0 && !buffer)) return WEIR_ERR_INVALID;
    *length = 0;
    enum weir_status status = weir_layout_import(column_schema, &layout, NULL);
    if (status == WEIR_OK) status = weir_text_column_bind(layout, column, "", &bound, NULL);
    if (status != WEIR_OK) return status;
    if (row < 0 || row >= column->length) return WEIR_ERR_INVALID;
    enum weir_text_cell cell = weir_text_column_get(&bound, row, scratch, &text, length);
    if (cell == WEIR_TEXT_CELL_NULL) return WEIR_END;
    if (cell == WEIR_TEXT_CELL_BROKEN) {
        *length = 0;
        return WEIR_ERR_FORMAT;
    }
    if (cell == WEIR_TEXT_CELL_BYTES) {
        size_t bytes = *length;
        *length = weir_text_base64_bytes(bytes);
        if (*length <= size) weir_text_print_base64(text, bytes, buffer);
        return WEIR_OK;
    }
    if (size > 0) memcpy(buffer, text, *length < size ? *length : size);
    return WEIR_OK;
}
