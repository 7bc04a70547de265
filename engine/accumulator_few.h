/* SPDX-License-Identifier: Apache-2.0
 *
 * Adding a block up for few keys: of a field or two what is held is taken out of the accumulator rows, so that both
 * lie beside each other and one vector operation a row does both, and put back after the block's last row.
 */
#ifndef WEIR_ENGINE_ACCUMULATOR_FEW_H
#define WEIR_ENGINE_ACCUMULATOR_FEW_H

#include <stdint.h>

#include "engine/accumulator.h"

struct weir_few {
    char *rows; /* of accumulators */
    size_t stride;
    uint32_t keys;       /* ids are below it */
    const uint32_t *ids; /* of all rows of the block */
    int32_t count;
    struct weir_ahead *ahead; /* NULL: nothing; fetched with the field of rows */
    uint64_t summed;          /* bitmap of the sums that are added up here */
    int32_t first;            /* the one that counts the rows, too; 0: none is added up here */
};

/* True where a block has so many rows a key that taking out and putting back cost little beside them. */
bool weir_few_are(const struct weir_accumulator *accumulator, uint32_t keys, int32_t count);

/* Looks which sums are added up here, before any field is. */
void weir_few_begin(const struct weir_accumulator *accumulator, struct weir_few *few,
                    const struct weir_vector *args);

/* Adds up a field: the rows, a sum of doubles or of integers that are not too large, least or greatest of 64 bits,
 * of arguments without NULLs. Some are added up together with an earlier one, so each has to be asked for, in their
 * order. False, and nothing is added: there is no short way for this field. Sums keep the order of the rows. */
bool weir_few_add(const struct weir_accumulator *accumulator, const struct weir_few *few,
                  const struct weir_vector *args, int32_t idx);

#endif
