/* SPDX-License-Identifier: Apache-2.0
 *
 * A buffer between a text format's writer and its weir_output: room is asked for once a cell, filled with plain
 * stores.
 */
#ifndef WEIR_CONNECT_TEXT_WRITE_H
#define WEIR_CONNECT_TEXT_WRITE_H

#include <string.h>

#include "base/attributes.h"
#include "io/io.h"

struct weir_text_write {
    struct weir_output *output;
    char *buffer;
    size_t used;
    size_t room;
};

/* Opens path ("-": standard output). */
enum weir_status weir_text_write_open(const char *path, struct weir_text_write *out, struct weir_error *error);
/* Passes the buffer on and grows it to at least `bytes`. */
enum weir_status weir_text_write_flush(struct weir_text_write *write, size_t bytes, struct weir_error *error);
/* Hands all that was written to the operating system. */
enum weir_status weir_text_write_hand_on(struct weir_text_write *write, struct weir_error *error);
/* Flushes and commits. */
enum weir_status weir_text_write_commit(struct weir_text_write *write, struct weir_error *error);
void weir_text_write_close(struct weir_text_write *write);

/* Room for `bytes` behind `used`. */
WEIR_INLINE enum weir_status weir_text_write_reserve(struct weir_text_write *write, size_t bytes,
                                                     struct weir_error *error) {
    if (WEIR_LIKELY(write->room - write->used >= bytes)) return WEIR_OK;
    return weir_text_write_flush(write, bytes, error);
}

#endif
