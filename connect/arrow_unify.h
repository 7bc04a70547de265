/* SPDX-License-Identifier: Apache-2.0
 *
 * One dictionary for a column that is written, grown from those that its batches come with: a file cannot replace a
 * dictionary once written, only extend it. Words get codes in the order in which rows first use them.
 */
#ifndef WEIR_CONNECT_ARROW_UNIFY_H
#define WEIR_CONNECT_ARROW_UNIFY_H

#include "connect/arrow_bytes.h"
#include "connect/arrow_schema.h"

/* Zeroed is empty, but for layout: how words lie in memory, here and in arrays. */
struct weir_arrow_unify {
    struct weir_arrow_layout layout;
    struct weir_arrow_bytes text;
    struct weir_arrow_bytes ends; /* int64_t: where each word ends in text */
    int32_t count;                /* words */
    int32_t written;              /* of them, those in a dictionary batch already */
    int32_t *buckets;             /* codes + 1 by hash; 0: empty */
    size_t buckets_count;         /* a power of two, or 0 */
    uint64_t seed;
    struct weir_arrow_bytes remap; /* int32_t: codes here of the dictionary at hand, -1: not seen yet */
};

void weir_arrow_unify_fini(struct weir_arrow_unify *unify);

/* The code of a word, which is new or not. WEIR_ERR_UNSUPPORTED when there are more than 2^31 - 1 words, or more
 * than 2 GiB of text with 32-bit offsets. */
enum weir_status weir_arrow_unify_code(struct weir_arrow_unify *unify, const char *text, size_t bytes,
                                       int32_t *code, struct weir_error *error);

/* Begins with the rows of an array: its dictionary is a new one. */
enum weir_status weir_arrow_unify_begin(struct weir_arrow_unify *unify, const struct ArrowArray *array,
                                        struct weir_error *error);

/* Codes for rows [first, first + rows) of that array (first counts from the array's offset): codes[i] is 0 and
 * valid[i] false where the row is NULL. `format`: of the array's codes; the words lie as in unify->layout.
 * WEIR_ERR_INVALID for a code outside of the dictionary, or words whose offsets fall. */
enum weir_status weir_arrow_unify_rows(struct weir_arrow_unify *unify, const struct ArrowArray *array,
                                       const char *format, int64_t first, int64_t rows, int32_t *codes, bool *valid,
                                       struct weir_error *error);

/* Where word `code` begins in the text. */
int64_t weir_arrow_unify_start(const struct weir_arrow_unify *unify, int32_t code);

#endif
