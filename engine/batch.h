/* SPDX-License-Identifier: Apache-2.0
 *
 * A batch: some rows in columns, in Arrow layout. Importing an Arrow array borrows its buffers; nothing is copied
 * but bitmaps that do not begin at a byte (or word) border.
 *
 * Every offset and length of an imported array is checked here, once, so that no later stage needs to.
 */
#ifndef WEIR_ENGINE_BATCH_H
#define WEIR_ENGINE_BATCH_H

#include <stdint.h>

#include "alloc/arena.h"
#include "base/checked.h"
#include "base/string_view.h"
#include "engine/type.h"

struct weir_column {
    const uint64_t *validity;             /* bit set: not NULL; NULL pointer: no NULLs. Row 0 is bit 0 of word 0 */
    const void *values;                   /* by storage; row 0 is element 0 (of codes, for a dictionary) */
    const void *offsets;                  /* UTF8: int32_t[rows + 1]; LARGE_UTF8: int64_t[rows + 1] */
    const struct weir_column *dictionary; /* DICTIONARY: its values as a column; else NULL */
    int64_t rows;
    enum weir_storage storage;
    enum weir_storage codes; /* DICTIONARY: storage of the codes */
};

struct weir_batch {
    int64_t rows;
    int32_t columns_count;
    struct weir_column *columns;
    struct ArrowArray source; /* owns the buffers; release == NULL when there is nothing to release */
    struct weir_arena arena;  /* columns and copied bitmaps */
};

/* Imports a struct array. The columns must be as many as layouts, each in its layout. Moves `array` into the batch
 * on success; on failure `array` is untouched and `out` is empty. check_strings: also walk the offsets of strings
 * and the codes of dictionaries (O(rows)); pass false only for arrays that this library made. A top-level NULL
 * (validity of the struct itself) is refused. Errors: WEIR_ERR_FORMAT naming the column and what is wrong,
 * WEIR_ERR_MEMORY. */
enum weir_status weir_batch_import(struct ArrowArray *array, const struct weir_layout *layouts,
                                   const char *const *names, size_t columns_count, bool check_strings,
                                   struct weir_batch *out, struct weir_error *error);

/* Releases the array and frees all. */
void weir_batch_fini(struct weir_batch *batch);

/* Row `idx` of a UTF8, LARGE_UTF8 or DICTIONARY column that is valid there. */
static inline struct weir_string weir_column_string(const struct weir_column *column, int64_t idx);

/* The code of row idx of a DICTIONARY column. */
static inline int64_t weir_column_code(const struct weir_column *column, int64_t idx) {
    switch (column->codes) {
    case WEIR_STORE_I8: return ((const int8_t *)column->values)[idx];
    case WEIR_STORE_I16: return ((const int16_t *)column->values)[idx];
    case WEIR_STORE_I32: return ((const int32_t *)column->values)[idx];
    case WEIR_STORE_I64: return ((const int64_t *)column->values)[idx];
    case WEIR_STORE_U8: return ((const uint8_t *)column->values)[idx];
    case WEIR_STORE_U16: return ((const uint16_t *)column->values)[idx];
    case WEIR_STORE_U32: return ((const uint32_t *)column->values)[idx];
    default: return (int64_t)((const uint64_t *)column->values)[idx];
    }
}

static inline struct weir_string weir_column_string(const struct weir_column *column, int64_t idx) {
    if (column->storage == WEIR_STORE_DICTIONARY) {
        idx = weir_column_code(column, idx);
        column = column->dictionary;
    }
    const char *data = column->values;
    if (column->storage == WEIR_STORE_UTF8) {
        const int32_t *offsets = column->offsets;
        return (struct weir_string){data + offsets[idx], offsets[idx + 1] - offsets[idx]};
    }
    const int64_t *offsets = column->offsets;
    return (struct weir_string){data + offsets[idx], offsets[idx + 1] - offsets[idx]};
}

/* Bytes of one element of a fixed-width storage; 0 for the others. */
size_t weir_storage_bytes(enum weir_storage storage);

#endif
