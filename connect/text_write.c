/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/text_write.h"

#include <stdlib.h>

#include "base/error.h"

#define BUFFER_BYTES ((size_t)256 << 10)

enum weir_status weir_text_write_open(const char *path, struct weir_text_write *out, struct weir_error *error) {
    *out = (struct weir_text_write){0};
    enum weir_status status = weir_output_open(path, &out->output, error);
    if (status == WEIR_OK) status = weir_text_write_flush(out, BUFFER_BYTES, error);
    if (status != WEIR_OK) weir_text_write_close(out);
    return status;
}

enum weir_status weir_text_write_flush(struct weir_text_write *write, size_t bytes, struct weir_error *error) {
    size_t used = write->used;
    write->used = 0;
    if (used > 0) {
        enum weir_status status = weir_output_write(write->output, write->buffer, used, error);
        if (status != WEIR_OK) return status;
    }
    if (bytes <= write->room) return WEIR_OK;
    char *grown = realloc(write->buffer, bytes);
    if (!grown) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a field of %zu bytes to write", bytes);
    write->buffer = grown;
    write->room = bytes;
    return WEIR_OK;
}

enum weir_status weir_text_write_hand_on(struct weir_text_write *write, struct weir_error *error) {
    enum weir_status status = weir_text_write_flush(write, 0, error);
    return status == WEIR_OK ? weir_output_flush(write->output, error) : status;
}

enum weir_status weir_text_write_commit(struct weir_text_write *write, struct weir_error *error) {
    enum weir_status status = weir_text_write_flush(write, 0, error);
    return status == WEIR_OK ? weir_output_commit(write->output, error) : status;
}

void weir_text_write_close(struct weir_text_write *write) {
    weir_output_close(&write->output);
    free(write->buffer);
    *write = (struct weir_text_write){0};
}
