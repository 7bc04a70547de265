/* SPDX-License-Identifier: Apache-2.0
 *
 * Cells of Arrow columns as text: any layout that weir carries, at any offset, with or without validity. Every
 * offset and code is checked when its cell is read, so arrays from outside need no walk before.
 */
#ifndef WEIR_CONNECT_TEXT_VALUE_COLUMN_H
#define WEIR_CONNECT_TEXT_VALUE_COLUMN_H

#include "connect/text_value.h"
#include "engine/type.h"

/* Buffers of one array; borrowed. */
struct weir_text_buffers {
    const uint8_t *validity; /* NULL: no NULLs */
    const void *values;
    const void *offsets;
    int64_t first; /* the array's offset */
    int64_t rows;
};

/* The timestamp that was printed last: the bounds of windows are the same for many rows. */
struct weir_text_last {
    int64_t ticks;
    size_t length; /* 0: none was */
    char text[WEIR_TEXT_BYTES];
};

struct weir_text_column {
    struct weir_layout layout;
    struct weir_text_buffers cells;
    struct weir_text_buffers words; /* DICTIONARY: its values */
    struct weir_text_last last;
};

enum weir_text_cell {
    WEIR_TEXT_CELL_NULL,
    WEIR_TEXT_CELL_NUMBER, /* a number, without quotes in JSON */
    WEIR_TEXT_CELL_WORD, /* true, false, a time, NaN, an interval: letters, digits and signs that need no escape */
    WEIR_TEXT_CELL_STRING, /* text of the user */
    WEIR_TEXT_CELL_BYTES,  /* raw bytes, to be shown as base64 */
    WEIR_TEXT_CELL_BROKEN, /* offsets or codes out of bounds, or a time out of any range */
};

/* Binds `array` (borrowed as long as the column is used). Errors: WEIR_ERR_FORMAT: buffers are missing. `name` is
 * for the message. */
enum weir_status weir_text_column_bind(struct weir_layout layout, const struct ArrowArray *array, const char *name,
                                       struct weir_text_column *out, struct weir_error *error);

/* The cell of a row in [0, rows): what it is, and its text, which lies in `scratch` (WEIR_TEXT_BYTES) or in the
 * array. */
enum weir_text_cell weir_text_column_get(struct weir_text_column *column, int64_t row, char *scratch,
                                         const char **text, size_t *length);

/* ---- all columns of batches, for writers ----------------------------------------------------------------------
 */

struct weir_text_table {
    size_t count;
    struct weir_text_column *columns; /* layouts from create, arrays from bind */
    char **names;
};

/* Layouts and names of a struct schema. */
enum weir_status weir_text_table_create(const struct ArrowSchema *schema, struct weir_text_table *out,
                                        struct weir_error *error);
/* Binds a struct array; a NULL of the struct itself is refused. */
enum weir_status weir_text_table_bind(struct weir_text_table *table, const struct ArrowArray *batch,
                                      struct weir_error *error);
void weir_text_table_fini(struct weir_text_table *table);

/* The error of a BROKEN cell. */
enum weir_status weir_text_table_broken(const struct weir_text_table *table, size_t column, int64_t row,
                                        struct weir_error *error);

#endif
