/* SPDX-License-Identifier: Apache-2.0
 *
 * Types of the IPC format and their spelling in Arrow's C data interface.
 *
 * Sources: https://arrow.apache.org/docs/format/CDataInterface.html#data-type-description-format-strings and
 * format/Schema.fbs of apache/arrow.
 */
#ifndef WEIR_CONNECT_ARROW_TYPE_H
#define WEIR_CONNECT_ARROW_TYPE_H

#include "alloc/arena.h"
#include "connect/flatbuffer.h"
#include "weir/types.h"

/* Numbers of the union Type. */
enum weir_arrow_type {
    WEIR_ARROW_TYPE_NULL = 1,
    WEIR_ARROW_TYPE_INT,
    WEIR_ARROW_TYPE_FLOAT,
    WEIR_ARROW_TYPE_BINARY,
    WEIR_ARROW_TYPE_UTF8,
    WEIR_ARROW_TYPE_BOOL,
    WEIR_ARROW_TYPE_DECIMAL,
    WEIR_ARROW_TYPE_DATE,
    WEIR_ARROW_TYPE_TIME,
    WEIR_ARROW_TYPE_TIMESTAMP,
    WEIR_ARROW_TYPE_INTERVAL,
    WEIR_ARROW_TYPE_LIST,
    WEIR_ARROW_TYPE_STRUCT,
    WEIR_ARROW_TYPE_UNION,
    WEIR_ARROW_TYPE_FIXED_BINARY,
    WEIR_ARROW_TYPE_FIXED_LIST,
    WEIR_ARROW_TYPE_MAP,
    WEIR_ARROW_TYPE_DURATION,
    WEIR_ARROW_TYPE_LARGE_BINARY,
    WEIR_ARROW_TYPE_LARGE_UTF8,
    WEIR_ARROW_TYPE_LARGE_LIST,
    WEIR_ARROW_TYPE_RUN_END,
    WEIR_ARROW_TYPE_BINARY_VIEW,
    WEIR_ARROW_TYPE_UTF8_VIEW,
    WEIR_ARROW_TYPE_LIST_VIEW,
    WEIR_ARROW_TYPE_LARGE_LIST_VIEW,
};

/* Format string of a type (number and table of the union), in the arena or static. WEIR_ERR_UNSUPPORTED for a
 * number that is not known, WEIR_ERR_FORMAT for none, or parameters that make no sense. Messages do not name the
 * column. */
enum weir_status weir_arrow_format_read(int64_t type, const struct weir_flat_table *table, struct weir_arena *arena,
                                        const char **out, struct weir_error *error);

/* Buffers of a column of this type in a record batch, without its children's and the variadic ones. */
uint32_t weir_arrow_type_buffers(int64_t type, const char *format);

/* Adds the type table of a format string that is carried; its position, and its number in *type. */
size_t weir_arrow_format_write(const char *format, struct weir_flat_builder *builder, enum weir_arrow_type *type);

/* The format string of integers of so many bits; NULL when there are none. Static. */
const char *weir_arrow_integer_format(int64_t bits, bool is_signed);

/* A type's name for messages: "list", "string view". Static. */
const char *weir_arrow_format_name(const char *format);

#endif
