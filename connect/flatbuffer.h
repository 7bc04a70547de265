/* SPDX-License-Identifier: Apache-2.0
 *
 * FlatBuffers without generated code: a bounds-checked reader of any bytes, and a builder for small messages.
 *
 * The reader never touches a byte outside the buffer. It keeps a flag instead of returning a status from each call:
 * whatever is malformed reads as absent and sets `bad`, which the caller tests once after it has read what it
 * needs. Values are as hostile as the bytes; their meaning is the caller's to check.
 *
 * Format: https://flatbuffers.dev/internals/. Not for: buffers above 2 GiB, file identifiers, shared vtables.
 */
#ifndef WEIR_CONNECT_FLATBUFFER_H
#define WEIR_CONNECT_FLATBUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- reading ---------------------------------------------------------------------------------------------------
 */

/* The buffer, which must stay while tables and vectors of it are used. Set data and size, zero the rest. */
struct weir_flat {
    const uint8_t *data;
    size_t size;
    bool bad; /* something was out of bounds */
};

/* A table. One that is absent has vtable_bytes 0: every field of it is absent too. */
struct weir_flat_table {
    struct weir_flat *flat;
    size_t at;
    size_t vtable;
    uint32_t vtable_bytes;
    uint32_t table_bytes;
};

/* A vector: `count` elements of element_bytes each, all of them inside the buffer. count is 0 when it is absent. */
struct weir_flat_vector {
    struct weir_flat *flat;
    size_t at; /* of the first element */
    uint32_t count;
    uint32_t element_bytes;
};

struct weir_flat_table weir_flat_root(struct weir_flat *flat);
bool weir_flat_present(const struct weir_flat_table *table);

/* Field `field` (from 0, in the order of the .fbs file), a scalar of 1, 2, 4 or 8 bytes, sign-extended; `missing`
 * where it is absent. */
int64_t weir_flat_int(const struct weir_flat_table *table, uint32_t field, uint32_t bytes, int64_t missing);
struct weir_flat_table weir_flat_child(const struct weir_flat_table *table, uint32_t field);
struct weir_flat_vector weir_flat_elements(const struct weir_flat_table *table, uint32_t field,
                                           uint32_t element_bytes);
/* False where it is absent. The text is not terminated. */
bool weir_flat_text(const struct weir_flat_table *table, uint32_t field, const char **text, size_t *bytes);

/* Element idx < count of a vector of tables (element_bytes 4). */
struct weir_flat_table weir_flat_table_at(const struct weir_flat_vector *vector, uint32_t idx);
/* The scalar of `bytes` that lies `offset` into element idx < count. */
int64_t weir_flat_int_at(const struct weir_flat_vector *vector, uint32_t idx, uint32_t offset, uint32_t bytes);

/* ---- building --------------------------------------------------------------------------------------------------
 */

/* A message being built front to back: a table is added first, what it points to later, and then linked. Zeroed is
 * empty. After `failed` (memory, or more than 2 GiB) every call does nothing, and returns positions that are safe
 * to pass on. data is malloc'd; weir_flat_fini frees it. */
struct weir_flat_builder {
    uint8_t *data;
    size_t bytes;
    size_t capacity;
    bool failed;
};

/* Forgets the content, keeps the memory, and reserves the word that links the root. */
void weir_flat_begin(struct weir_flat_builder *builder);
void weir_flat_fini(struct weir_flat_builder *builder);

/* Adds a table whose field i takes widths[i] bytes (0: absent, 1, 2, 4, 8; 4 for anything linked), zeroed. Returns
 * its position. At most 64 fields. */
size_t weir_flat_add_table(struct weir_flat_builder *builder, const uint8_t *widths, size_t count);
/* Adds a vector of zeroed elements; alignment 1, 2, 4 or 8. Its elements lie from the position + 4 on. */
size_t weir_flat_add_vector(struct weir_flat_builder *builder, size_t count, size_t element_bytes,
                            size_t alignment);
size_t weir_flat_add_text(struct weir_flat_builder *builder, const char *text, size_t bytes);

/* The position of a table's field that is not absent. */
size_t weir_flat_field(const struct weir_flat_builder *builder, size_t table, size_t field);
/* Writes the low `bytes` bytes of value at a position. */
void weir_flat_put(struct weir_flat_builder *builder, size_t position, uint32_t bytes, int64_t value);
/* Makes the word at `position` point to a table, vector or text that was added after it. */
void weir_flat_link(struct weir_flat_builder *builder, size_t position, size_t target);
/* weir_flat_put and weir_flat_link of a table's field. */
void weir_flat_put_field(struct weir_flat_builder *builder, size_t table, size_t field, uint32_t bytes,
                         int64_t value);
void weir_flat_link_field(struct weir_flat_builder *builder, size_t table, size_t field, size_t target);

#endif
