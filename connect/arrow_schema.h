/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema of an Arrow IPC file, as the reader and the writer hold it: per column its Arrow C format string, how
 * that lies in memory, and where its buffers are found in a record batch.
 */
#ifndef WEIR_CONNECT_ARROW_SCHEMA_H
#define WEIR_CONNECT_ARROW_SCHEMA_H

#include "alloc/arena.h"
#include "connect/flatbuffer.h"
#include "weir/weir.h"

/* How the values of a column lie in memory. */
enum weir_arrow_kind {
    WEIR_ARROW_FOREIGN, /* a type that weir does not carry: nested, half floats, ... */
    WEIR_ARROW_NULL,    /* no buffers */
    WEIR_ARROW_BITS,    /* booleans */
    WEIR_ARROW_FIXED,   /* `bytes` a value */
    WEIR_ARROW_TEXT,    /* offsets of `bytes` (4 or 8) each, and what they point into */
    WEIR_ARROW_VIEW,    /* views into any number of buffers, in files only: read as TEXT with offsets of 8 bytes */
};

struct weir_arrow_layout {
    enum weir_arrow_kind kind;
    uint32_t bytes;
};

struct weir_arrow_field {
    const char *name;
    const char *format; /* as in an ArrowSchema; of the codes, for a dictionary; "U" and "Z" of views */
    const char *words;  /* format of the dictionary's values; NULL where there is no dictionary */
    struct weir_arrow_layout layout;       /* of format */
    struct weir_arrow_layout words_layout; /* of words */
    int64_t dictionary;                    /* the dictionary's id in the file */
    bool nullable;
    bool ordered; /* the order of the dictionary means something */
    /* What a record batch holds for the column and its children */
    uint32_t nodes;
    uint32_t buffers;   /* without variadic ones */
    uint32_t variadics; /* views, whose number of further buffers stands in each batch */
};

struct weir_arrow_schema {
    struct weir_arrow_field *fields;
    int32_t count;
    struct weir_arena arena; /* fields and their strings */
};

struct weir_arrow_layout weir_arrow_layout_of(const char *format);

/* True when the column can be given to the engine. */
bool weir_arrow_field_carried(const struct weir_arrow_field *field);

/* WEIR_ERR_UNSUPPORTED that names the column and its type, for a column that is not carried. */
enum weir_status weir_arrow_field_refuse(const struct weir_arrow_field *field, struct weir_error *error);

/* Reads a Schema table. `schema` is zeroed storage; weir_arrow_schema_fini frees it, after failures too. Messages
 * do not name the file. */
enum weir_status weir_arrow_schema_read(const struct weir_flat_table *table, struct weir_arrow_schema *schema,
                                        struct weir_error *error);

/* The same from an ArrowSchema (a struct), for the writer: dictionaries get the ids 0, 1, ... in the order of
 * columns. A column that is not carried is refused. */
enum weir_status weir_arrow_schema_import(const struct ArrowSchema *from, struct weir_arrow_schema *schema,
                                          struct weir_error *error);

/* Adds a Schema table to a message and returns its position. Codes of dictionaries are written as int32. */
size_t weir_arrow_schema_write(const struct weir_arrow_schema *schema, struct weir_flat_builder *builder);

/* The columns `columns` (NULL: all) as an ArrowSchema that owns itself. A column that is not carried has its
 * format, but no children. */
enum weir_status weir_arrow_schema_export(const struct weir_arrow_schema *schema, const int32_t *columns,
                                          int32_t count, struct ArrowSchema *out, struct weir_error *error);

void weir_arrow_schema_fini(struct weir_arrow_schema *schema);

#endif
