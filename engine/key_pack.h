/* SPDX-License-Identifier: Apache-2.0
 *
 * The columns of a key packed into one word by the values that have been seen: a column whose values lie between
 * 1 000 and 1 100 takes seven bits, whatever its type.
 *
 * A column's code is value - least + 1, and 0 for NULL; that of a string is its id + 1. Codes lie beside each
 * other. A value for which there is no code yet makes room, for as many values again as a quarter of those that
 * there is room for now: so a packing changes a few times for each bit that a word has.
 */
#ifndef WEIR_ENGINE_KEY_PACK_H
#define WEIR_ENGINE_KEY_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/expression.h"

#define WEIR_PACK_BITS 64

struct weir_pack_column {
    int64_t least; /* the value of code 1 */
    uint64_t most; /* the greatest code; 0: none but NULL's */
    int32_t bits;  /* of a code, at least one */
    int32_t shift;
};

/* True for types whose values are packed: integers, times, booleans, strings. */
bool weir_pack_takes(struct weir_type type);

/* A column that has seen nothing. */
struct weir_pack_column weir_pack_column_empty(void);

/* Makes room for the values from low to high beside those that the column has room for, with some to spare on the
 * sides where it was lacking: numbers that rise take what they need. False: that takes more bits
 * than a word has; the column is left as it was. */
bool weir_pack_widen(struct weir_pack_column *column, int64_t low, int64_t high);

/* Makes room for codes up to `codes`, from value 0 on: those of strings. */
void weir_pack_hold(struct weir_pack_column *column, uint32_t codes);

/* Lays the codes of the columns beside each other; the bits that all of them take. Where these are more than
 * WEIR_PACK_BITS, nothing may be packed. */
int32_t weir_pack_lay_out(struct weir_pack_column *columns, int32_t count);

/* ORs the codes of rows (of all where rows is NULL) into words. BOOL and I64 vectors. False: for some value there
 * is no code; words then hold nothing of use. */
bool weir_pack_add(const struct weir_pack_column *column, const struct weir_vector *vector, const uint32_t *rows,
                   int32_t count, uint64_t *words);

/* The least and the greatest value of the rows; false: they are all NULL. */
bool weir_pack_range(const struct weir_vector *vector, const uint32_t *rows, int32_t count, int64_t *low,
                     int64_t *high);

/* The code that a packed word has of a column. */
static inline uint64_t weir_pack_code(const struct weir_pack_column *column, uint64_t word) {
    return (word >> column->shift) & (UINT64_MAX >> (WEIR_PACK_BITS - column->bits));
}

/* The codes that words[ids[0 .. count)] have of a column. */
void weir_pack_codes(const struct weir_pack_column *column, const uint64_t *words, const uint32_t *ids,
                     int32_t count, uint64_t *codes);

/* A bit for each code that is not NULL's; *validity is NULL where none is. False when memory is short. */
bool weir_pack_validity(const uint64_t *codes, int32_t count, struct weir_arena *arena, const uint64_t **validity);

/* The values of a column's codes, as a vector of that kind, BOOL or I64; false when memory is short. */
bool weir_pack_values(const struct weir_pack_column *column, enum weir_vector_kind kind, const uint64_t *codes,
                      int32_t count, struct weir_arena *arena, struct weir_vector *out);

#endif
