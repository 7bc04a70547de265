/* SPDX-License-Identifier: Apache-2.0
 *
 * A column of the record batch that is being written: rows of arrays, whatever their offset, one behind the other
 * in buffers that begin at row 0.
 */
#ifndef WEIR_CONNECT_ARROW_GATHER_H
#define WEIR_CONNECT_ARROW_GATHER_H

#include "connect/arrow_message.h"
#include "connect/arrow_unify.h"

/* Zeroed but for field is empty. */
struct weir_arrow_gather {
    const struct weir_arrow_field *field;
    int64_t rows;
    int64_t nulls;
    struct weir_arrow_bytes validity; /* bits past `rows` are 0 */
    struct weir_arrow_bytes values;   /* or bits, or codes (int32_t) */
    struct weir_arrow_bytes offsets;  /* of text, rows + 1 of them */
    struct weir_arrow_bytes text;
    struct weir_arrow_unify unify; /* of a dictionary; lives through all batches */
};

void weir_arrow_gather_init(struct weir_arrow_gather *gather, const struct weir_arrow_field *field);
void weir_arrow_gather_fini(struct weir_arrow_gather *gather);

/* Appends rows [first, first + rows) of an array (first counts from its offset). WEIR_ERR_INVALID where the array
 * does not have its type's buffers or its offsets fall; names the column. */
enum weir_status weir_arrow_gather_append(struct weir_arrow_gather *gather, const struct ArrowArray *array,
                                          int64_t first, int64_t rows, struct weir_error *error);

/* False when the text of these rows would no longer fit behind that which is there, with 32-bit offsets. */
bool weir_arrow_gather_fits(const struct weir_arrow_gather *gather, const struct ArrowArray *array, int64_t first,
                            int64_t rows);

/* Gives the rows to the message that is being put together. They stay until weir_arrow_gather_reset. */
enum weir_status weir_arrow_gather_give(const struct weir_arrow_gather *gather,
                                        struct weir_arrow_outgoing *outgoing, struct weir_error *error);
/* Forgets the rows, and keeps memory and dictionary. */
void weir_arrow_gather_reset(struct weir_arrow_gather *gather);

/* Gives the words that are not written yet, as a dictionary's column, and takes them as written. `offsets` is
 * scratch that must stay untouched until the message is written. */
enum weir_status weir_arrow_gather_give_words(struct weir_arrow_gather *gather,
                                              struct weir_arrow_outgoing *outgoing,
                                              struct weir_arrow_bytes *offsets, struct weir_error *error);

#endif
