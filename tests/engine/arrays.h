/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrow arrays for tests: made from plain C arrays, with buffers of exactly the size that the format asks for, so
 * that the address sanitizer sees every read past their ends. Releases are counted.
 */
#ifndef WEIR_TESTS_ENGINE_ARRAYS_H
#define WEIR_TESTS_ENGINE_ARRAYS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "weir/arrow.h"

/* Struct arrays released so far; a child does not count. */
static int batches_released;

static inline void *copy_of(const void *bytes, size_t count) {
    void *copy = malloc(count == 0 ? 1 : count);
    if (copy == NULL) abort();
    if (count > 0) memcpy(copy, bytes, count);
    return copy;
}

static inline void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        struct ArrowArray *child = array->children[i];
        if (child == NULL) continue;
        if (child->release != NULL) child->release(child);
        free(child);
    }
    if (array->dictionary != NULL) {
        if (array->dictionary->release != NULL) array->dictionary->release(array->dictionary);
        free(array->dictionary);
    }
    if (array->private_data != NULL) batches_released++;
    for (int64_t i = 0; array->buffers != NULL && i < array->n_buffers; i++)
        free((void *)(uintptr_t)array->buffers[i]);
    free(array->buffers);
    free(array->children);
    array->release = NULL;
}

/* An array without content and with room for its buffers. */
static inline struct ArrowArray *array_new(int64_t length, int64_t n_buffers) {
    struct ArrowArray *array = calloc(1, sizeof(*array));
    if (array == NULL) abort();
    array->length = length;
    array->null_count = 0;
    array->n_buffers = n_buffers;
    array->buffers = calloc((size_t)n_buffers + 1, sizeof(void *));
    if (array->buffers == NULL) abort();
    array->release = release_array;
    return array;
}

/* `valid`: one character a row, '0' for NULL; the whole pointer may be NULL. */
static inline void array_set_validity(struct ArrowArray *array, const char *valid) {
    if (valid == NULL) return;
    size_t bytes = ((size_t)array->length + 7) / 8;
    uint8_t *bits = calloc(bytes + 1, 1);
    if (bits == NULL) abort();
    array->null_count = 0;
    for (int64_t i = 0; i < array->length; i++) {
        if (valid[i] == '0') {
            array->null_count++;
        } else {
            bits[i / 8] |= (uint8_t)(1u << (i % 8));
        }
    }
    free((void *)(uintptr_t)array->buffers[0]);
    array->buffers[0] = copy_of(bits, bytes);
    free(bits);
}

static inline struct ArrowArray *array_fixed(const void *values, size_t element, int64_t length,
                                             const char *valid) {
    struct ArrowArray *array = array_new(length, 2);
    array->buffers[1] = copy_of(values, (size_t)length * element);
    array_set_validity(array, valid);
    return array;
}

static inline struct ArrowArray *array_i64(const int64_t *values, int64_t length, const char *valid) {
    return array_fixed(values, sizeof(*values), length, valid);
}

/* `bits`: one character a row, '1' for TRUE. */
static inline struct ArrowArray *array_bool(const char *bits, int64_t length, const char *valid) {
    struct ArrowArray *array = array_new(length, 2);
    size_t bytes = ((size_t)length + 7) / 8;
    uint8_t *packed = calloc(bytes + 1, 1);
    if (packed == NULL) abort();
    for (int64_t i = 0; i < length; i++) packed[i / 8] |= (uint8_t)((bits[i] == '1' ? 1u : 0u) << (i % 8));
    array->buffers[1] = copy_of(packed, bytes);
    free(packed);
    array_set_validity(array, valid);
    return array;
}

/* NULL pointers are NULL values. */
static inline struct ArrowArray *array_strings(const char *const *values, int64_t length, bool large) {
    struct ArrowArray *array = array_new(length, 3);
    char *valid = calloc((size_t)length + 1, 1);
    int64_t *offsets = calloc((size_t)length + 1, sizeof(*offsets));
    int32_t *narrow = calloc((size_t)length + 1, sizeof(*narrow));
    if (valid == NULL || offsets == NULL || narrow == NULL) abort();
    bool some_null = false;
    for (int64_t i = 0; i < length; i++) {
        valid[i] = values[i] == NULL ? '0' : '1';
        some_null |= values[i] == NULL;
        offsets[i + 1] = offsets[i] + (values[i] == NULL ? 0 : (int64_t)strlen(values[i]));
        narrow[i + 1] = (int32_t)offsets[i + 1];
    }
    char *bytes = malloc((size_t)offsets[length] + 1);
    if (bytes == NULL) abort();
    for (int64_t i = 0; i < length; i++) {
        if (values[i] != NULL) memcpy(bytes + offsets[i], values[i], strlen(values[i]));
    }
    array->buffers[1] = large ? copy_of(offsets, ((size_t)length + 1) * sizeof(*offsets))
                              : copy_of(narrow, ((size_t)length + 1) * sizeof(*narrow));
    array->buffers[2] = copy_of(bytes, (size_t)offsets[length]);
    if (some_null) array_set_validity(array, valid);
    free(bytes);
    free(valid);
    free(offsets);
    free(narrow);
    return array;
}

/* Takes `words`. */
static inline struct ArrowArray *array_dictionary(const void *codes, size_t element, int64_t length,
                                                  const char *valid, struct ArrowArray *words) {
    struct ArrowArray *array = array_fixed(codes, element, length, valid);
    array->dictionary = words;
    return array;
}

/* A struct array of `count` children (struct ArrowArray *), which it takes. */
static inline struct ArrowArray batch_of(int64_t length, int count, ...) {
    struct ArrowArray *array = array_new(length, 1);
    array->n_children = count;
    array->children = calloc((size_t)count + 1, sizeof(struct ArrowArray *));
    if (array->children == NULL) abort();
    va_list children;
    va_start(children, count);
    for (int i = 0; i < count; i++) array->children[i] = va_arg(children, struct ArrowArray *);
    va_end(children);
    array->private_data = &batches_released; /* marks what is counted */
    struct ArrowArray batch = *array;
    free(array);
    return batch;
}

#endif
