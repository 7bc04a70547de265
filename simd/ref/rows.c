/* SPDX-License-Identifier: Apache-2.0 */
#include "simd/level.h"

#include <string.h>

#include "simd/row_fields.h"

static int64_t value_of(const struct weir_row_fields *fields, uint32_t word, size_t i) {
    return fields->values[word] == NULL ? fields->constants[word] : fields->values[word][i];
}

static uint64_t add_doubles(uint64_t held, uint64_t value) {
    double a, b;
    memcpy(&a, &held, sizeof(a));
    memcpy(&b, &value, sizeof(b));
    a += b;
    memcpy(&held, &a, sizeof(held));
    return held;
}

bool weir_simd_add_to_rows_reference(const struct weir_row_fields *fields, char *rows, size_t stride,
                                     const uint32_t *ids, size_t count, bool far, struct weir_ahead *ahead) {
    (void)far, (void)ahead;
    for (size_t i = 0; i < count; i++) {
        uint64_t *row = (uint64_t *)(void *)(rows + ids[i] * stride), carry = 0;
        for (uint32_t w = 0; w < fields->words; w++) {
            int64_t value = value_of(fields, w, i), held = (int64_t)row[w];
            if (fields->doubles >> w & 1) {
                row[w] = add_doubles(row[w], (uint64_t)value);
            } else if (fields->least >> w & 1) {
                row[w] = (uint64_t)(value < held ? value : held);
            } else if (fields->greatest >> w & 1) {
                row[w] = (uint64_t)(value > held ? value : held);
            } else if (fields->upper >> w & 1) {
                row[w] += (uint64_t)(value_of(fields, w - 1, i) >> 63) + carry;
            } else {
                row[w] += (uint64_t)value;
                carry = row[w] < (uint64_t)value;
            }
        }
    }
    return true;
}
