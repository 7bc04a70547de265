/* SPDX-License-Identifier: Apache-2.0
 *
 * A piece of a text, for kernels that work on many.
 */
#ifndef WEIR_SIMD_TEXT_SPAN_H
#define WEIR_SIMD_TEXT_SPAN_H

#include <stdint.h>

struct weir_text_span {
    uint32_t start; /* from the begin of the text */
    uint32_t length;
};

#endif
