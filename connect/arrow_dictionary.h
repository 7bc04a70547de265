/* SPDX-License-Identifier: Apache-2.0
 *
 * The dictionaries of a file while it is read: an immutable list of words that batches share by reference. A
 * dictionary batch replaces it, or makes a longer one of it (delta).
 *
 * A longer list shares the memory of the shorter one where that has room left, since what the shorter one sees does
 * not change: many small deltas cost time in proportion to their sum.
 */
#ifndef WEIR_CONNECT_ARROW_DICTIONARY_H
#define WEIR_CONNECT_ARROW_DICTIONARY_H

#include "connect/arrow_batch.h"

struct weir_arrow_words {
    atomic_size_t references;
    struct weir_arrow_layout layout;
    int64_t rows;
    int64_t nulls;
    const void *buffers[3];
    struct weir_arrow_body *bodies[3]; /* what each buffer lies in; NULL for a buffer in static memory */
    size_t text_bytes;                 /* where the next text would begin in buffers[2] */
    bool extendable;                   /* the bodies are of this list alone, but for shorter ones */
};

struct weir_arrow_words *weir_arrow_words_retain(struct weir_arrow_words *words);
void weir_arrow_words_release(struct weir_arrow_words *words); /* accepts NULL */

/* The list without words, for columns whose dictionary has not come. NULL when memory is short (with the error). */
struct weir_arrow_words *weir_arrow_words_empty(struct weir_arrow_layout layout, struct weir_error *error);

/* Words of a column whose text is checked here (offsets in order and inside of the buffer), of `rows` rows. Keeps a
 * reference of the column's body. NULL with an error. */
struct weir_arrow_words *weir_arrow_words_import(const struct weir_arrow_column *column, int64_t rows,
                                                 struct weir_error *error);

/* `words` with the rows of a column after them. words itself is not changed, but must be the latest list of its
 * kind. NULL with an error. */
struct weir_arrow_words *weir_arrow_words_extend(struct weir_arrow_words *words,
                                                 const struct weir_arrow_column *column, int64_t rows,
                                                 struct weir_error *error);

/* One ArrowArray over the words; it holds a reference. */
enum weir_status weir_arrow_words_export(struct weir_arrow_words *words, struct ArrowArray *out,
                                         struct weir_error *error);

#endif
