/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEIR_BASE_STRING_VIEW_H
#define WEIR_BASE_STRING_VIEW_H

#include <stdint.h>

/* UTF-8 bytes (or any bytes), not terminated. data may be NULL when length is 0. */
struct weir_string {
    const char *data;
    int64_t length;
};

#endif
