/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_unify.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"

#define BUCKETS_FIRST 256

void weir_arrow_unify_fini(struct weir_arrow_unify *unify) {
    weir_arrow_bytes_fini(&unify->text);
    weir_arrow_bytes_fini(&unify->ends);
    weir_arrow_bytes_fini(&unify->remap);
    free(unify->buckets);
    unify->buckets = NULL;
    unify->buckets_count = 0;
}

static int64_t end_of(const struct weir_arrow_unify *unify, int32_t code) {
    return ((const int64_t *)(const void *)unify->ends.data)[code];
}

int64_t weir_arrow_unify_start(const struct weir_arrow_unify *unify, int32_t code) {
    return code == 0 ? 0 : end_of(unify, code - 1);
}

static bool is_word(const struct weir_arrow_unify *unify, int32_t code, const char *text, size_t bytes) {
    int64_t start = weir_arrow_unify_start(unify, code);
    if ((size_t)(end_of(unify, code) - start) != bytes) return false;
    return bytes == 0 || memcmp(unify->text.data + start, text, bytes) == 0;
}

/* The bucket that holds the word, or the empty one where it belongs. */
static size_t bucket_of(const struct weir_arrow_unify *unify, const char *text, size_t bytes) {
    size_t mask = unify->buckets_count - 1;
    size_t at = weir_hash_bytes(text, bytes, unify->seed) & mask;
    while (unify->buckets[at] != 0 && !is_word(unify, unify->buckets[at] - 1, text, bytes)) at = (at + 1) & mask;
    return at;
}

/* Doubles the buckets when they are half full. */
static enum weir_status make_room(struct weir_arrow_unify *unify, struct weir_error *error) {
    if ((size_t)unify->count * 2 < unify->buckets_count) return WEIR_OK;
    size_t count = unify->buckets_count == 0 ? BUCKETS_FIRST : unify->buckets_count * 2;
    int32_t *buckets = calloc(count, sizeof(*buckets));
    if (buckets == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for a dictionary");
    free(unify->buckets);
    if (unify->buckets_count == 0) unify->seed = weir_hash_seed();
    unify->buckets = buckets;
    unify->buckets_count = count;
    for (int32_t code = 0; code < unify->count; code++) {
        int64_t start = weir_arrow_unify_start(unify, code);
        const char *text = (const char *)unify->text.data + start;
        buckets[bucket_of(unify, text, (size_t)(end_of(unify, code) - start))] = code + 1;
    }
    return WEIR_OK;
}

static enum weir_status add_word(struct weir_arrow_unify *unify, const char *text, size_t bytes,
                                 struct weir_error *error) {
    size_t text_max = unify->layout.bytes == 4 ? INT32_MAX : INT64_MAX;
    if (unify->count == INT32_MAX || bytes > text_max - unify->text.bytes) {
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "the words of a dictionary are too many for an Arrow file (%d words, %zu bytes): write the "
            "column without a dictionary",
            unify->count, unify->text.bytes);
    }
    enum weir_status status = weir_arrow_bytes_append(&unify->text, text, bytes, error);
    int64_t end = (int64_t)unify->text.bytes;
    if (status == WEIR_OK) status = weir_arrow_bytes_append(&unify->ends, &end, sizeof(end), error);
    if (status == WEIR_OK) unify->count++;
    return status;
}

enum weir_status weir_arrow_unify_code(struct weir_arrow_unify *unify, const char *text, size_t bytes,
                                       int32_t *code, struct weir_error *error) {
    enum weir_status status = make_room(unify, error);
    if (status != WEIR_OK) return status;
    size_t bucket = bucket_of(unify, text, bytes);
    if (unify->buckets[bucket] == 0) {
        status = add_word(unify, text, bytes, error);
        if (status != WEIR_OK) return status;
        unify->buckets[bucket] = unify->count;
    }
    *code = unify->buckets[bucket] - 1;
    return WEIR_OK;
}

/* ---- rows
 * -------------------------------------------------------------------------------------------------------- */

/* A code as it lies in memory; those of uint64 above INT64_MAX come out negative, which is refused all the same. */
static int64_t code_at(const void *codes, char format, int64_t idx) {
    switch (format) {
    case 'c': return ((const int8_t *)codes)[idx];
    case 'C': return ((const uint8_t *)codes)[idx];
    case 's': return ((const int16_t *)codes)[idx];
    case 'S': return ((const uint16_t *)codes)[idx];
    case 'i': return ((const int32_t *)codes)[idx];
    case 'I': return ((const uint32_t *)codes)[idx];
    default: return ((const int64_t *)codes)[idx];
    }
}

static bool is_valid(const struct ArrowArray *array, int64_t row) {
    const uint8_t *bits = array->null_count == 0 ? NULL : array->buffers[0];
    int64_t at = array->offset + row;
    return bits == NULL || ((bits[at / 8] >> (at % 8)) & 1) != 0;
}

#define NOT_SEEN (-1)
#define NULL_WORD (-2)

/* What entry `entry` of a dictionary is called here: a code, or NULL_WORD. */
static enum weir_status map_entry(struct weir_arrow_unify *unify, const struct ArrowArray *dictionary,
                                  int64_t entry, int32_t *code, struct weir_error *error) {
    if (!is_valid(dictionary, entry)) {
        *code = NULL_WORD;
        return WEIR_OK;
    }
    int64_t at = dictionary->offset + entry, from, to;
    if (unify->layout.bytes == 4) {
        from = ((const int32_t *)dictionary->buffers[1])[at];
        to = ((const int32_t *)dictionary->buffers[1])[at + 1];
    } else {
        from = ((const int64_t *)dictionary->buffers[1])[at];
        to = ((const int64_t *)dictionary->buffers[1])[at + 1];
    }
    if (from < 0 || to < from) {
        return weir_error_set(error, WEIR_ERR_INVALID, "the offsets of a dictionary fall");
    }
    const char *text = dictionary->buffers[2];
    return weir_arrow_unify_code(unify, to == from ? "" : text + from, (size_t)(to - from), code, error);
}

enum weir_status weir_arrow_unify_begin(struct weir_arrow_unify *unify, const struct ArrowArray *array,
                                        struct weir_error *error) {
    size_t bytes = (size_t)array->dictionary->length * sizeof(int32_t);
    unify->remap.bytes = 0;
    enum weir_status status = weir_arrow_bytes_append(&unify->remap, NULL, bytes, error);
    if (status == WEIR_OK) memset(unify->remap.data, 0xFF, bytes); /* NOT_SEEN */
    return status;
}

enum weir_status weir_arrow_unify_rows(struct weir_arrow_unify *unify, const struct ArrowArray *array,
                                       const char *format, int64_t first, int64_t rows, int32_t *codes, bool *valid,
                                       struct weir_error *error) {
    const struct ArrowArray *dictionary = array->dictionary;
    int32_t *remap = (int32_t *)(void *)unify->remap.data;
    enum weir_status status = WEIR_OK;
    for (int64_t i = 0; i < rows && status == WEIR_OK; i++) {
        codes[i] = 0;
        valid[i] = is_valid(array, first + i);
        if (!valid[i]) continue;
        int64_t entry = code_at(array->buffers[1], format[0], array->offset + first + i);
        if (entry < 0 || entry >= dictionary->length) {
            return weir_error_set(error, WEIR_ERR_INVALID, "code %lld is outside of its dictionary of %lld words",
                                  (long long)entry, (long long)dictionary->length);
        }
        if (remap[entry] == NOT_SEEN) status = map_entry(unify, dictionary, entry, &remap[entry], error);
        valid[i] = remap[entry] != NULL_WORD;
        if (valid[i]) codes[i] = remap[entry];
    }
    return status;
}
