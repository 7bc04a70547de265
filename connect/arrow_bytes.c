/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"

enum weir_status weir_arrow_bytes_reserve(struct weir_arrow_bytes *bytes, size_t more, struct weir_error *error) {
    size_t end;
    if (more < 16) more = 16;
    if (weir_add_size(bytes->bytes, more, &end) && end <= bytes->capacity) return WEIR_OK;
    size_t capacity = bytes->capacity < SIZE_MAX / 4 ? bytes->capacity + bytes->capacity / 2 : SIZE_MAX / 2;
    if (capacity < end) capacity = end;
    if (capacity < 4096) capacity = 4096;
    uint8_t *data = end < bytes->bytes ? NULL : realloc(bytes->data, capacity);
    if (data == NULL) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for %zu bytes of a record batch", end);
    }
    bytes->data = data;
    bytes->capacity = capacity;
    return WEIR_OK;
}

enum weir_status weir_arrow_bytes_append(struct weir_arrow_bytes *bytes, const void *data, size_t more,
                                         struct weir_error *error) {
    enum weir_status status = weir_arrow_bytes_reserve(bytes, more, error);
    if (status != WEIR_OK || more == 0) return status;
    if (data == NULL) {
        memset(bytes->data + bytes->bytes, 0, more);
    } else {
        memcpy(bytes->data + bytes->bytes, data, more);
    }
    bytes->bytes += more;
    return WEIR_OK;
}

void weir_arrow_bytes_fini(struct weir_arrow_bytes *bytes) {
    free(bytes->data);
    *bytes = (struct weir_arrow_bytes){0};
}
