/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/checked.h"

#define ARENA_ALIGN ((size_t)64)       /* of chunks, and of allocations from ARENA_ALIGN_FROM bytes on */
#define ARENA_ALIGN_SMALL ((size_t)16) /* of the rest: nodes and names */
#define ARENA_ALIGN_FROM ((size_t)256)
#define ARENA_CHUNK_DEFAULT ((size_t)64 * 1024)

struct weir_arena_chunk {
    struct weir_arena_chunk *older;
    size_t bytes; /* of data */
    char *data;
};

void weir_arena_init(struct weir_arena *arena, size_t chunk_bytes) {
    memset(arena, 0, sizeof(*arena));
    arena->chunk_bytes = chunk_bytes;
}

static void free_chunks(struct weir_arena *arena) {
    struct weir_arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct weir_arena_chunk *older = chunk->older;
        free(chunk->data);
        free(chunk);
        chunk = older;
    }
    arena->chunks = NULL;
    arena->next = arena->end = NULL;
    arena->bytes_reserved = 0;
}

void weir_arena_fini(struct weir_arena *arena) {
    free_chunks(arena);
    arena->chunk_bytes = 0;
}

static struct weir_arena_chunk *add_chunk(struct weir_arena *arena, size_t bytes) {
    struct weir_arena_chunk *chunk = malloc(sizeof(*chunk));
    if (chunk == NULL) return NULL;
    chunk->data = aligned_alloc(ARENA_ALIGN, bytes);
    if (chunk->data == NULL) {
        free(chunk);
        return NULL;
    }
    chunk->bytes = bytes;
    chunk->older = arena->chunks;
    arena->chunks = chunk;
    arena->next = chunk->data;
    arena->end = chunk->data + bytes;
    arena->bytes_reserved += bytes;
    return chunk;
}

void weir_arena_reset(struct weir_arena *arena) {
    struct weir_arena_chunk *newest = arena->chunks;
    if (newest == NULL) return;
    if (newest->older != NULL) {
        size_t total = arena->bytes_reserved;
        free_chunks(arena);
        if (add_chunk(arena, total) == NULL) return; /* the next alloc tries again, with its own size */
        newest = arena->chunks;
    }
    arena->next = newest->data;
    arena->end = newest->data + newest->bytes;
}

static WEIR_COLD void *alloc_slow(struct weir_arena *arena, size_t bytes) {
    size_t chunk_bytes = arena->chunk_bytes != 0 ? arena->chunk_bytes : ARENA_CHUNK_DEFAULT;
    if (chunk_bytes < arena->bytes_reserved) chunk_bytes = arena->bytes_reserved; /* grow by doubling */
    if (chunk_bytes > ((size_t)64 << 20)) chunk_bytes = (size_t)64 << 20;
    if (chunk_bytes < bytes) chunk_bytes = bytes;
    if (add_chunk(arena, weir_round_up(chunk_bytes, ARENA_ALIGN)) == NULL) return NULL;
    void *result = arena->next;
    arena->next += bytes;
    return result;
}

void *weir_arena_alloc(struct weir_arena *arena, size_t bytes) {
    if (bytes > SIZE_MAX / 2) return NULL;
    size_t align = bytes >= ARENA_ALIGN_FROM ? ARENA_ALIGN : ARENA_ALIGN_SMALL;
    bytes = bytes == 0 ? align : weir_round_up(bytes, align);
    size_t skip = (size_t)(-(uintptr_t)arena->next & (align - 1));
    if (WEIR_UNLIKELY(arena->next == NULL || (size_t)(arena->end - arena->next) < bytes + skip)) {
        return alloc_slow(arena, bytes);
    }
    void *result = arena->next + skip;
    arena->next += skip + bytes;
    return result;
}

void *weir_arena_array(struct weir_arena *arena, size_t count, size_t element_bytes) {
    size_t bytes;
    if (!weir_mul_size(count, element_bytes, &bytes)) return NULL;
    void *result = weir_arena_alloc(arena, bytes);
    if (result != NULL) memset(result, 0, bytes);
    return result;
}

char *weir_arena_string(struct weir_arena *arena, const char *text, size_t length) {
    if (length > SIZE_MAX / 2) return NULL;
    char *copy = weir_arena_alloc(arena, length + 1);
    if (copy == NULL) return NULL;
    if (length > 0) memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *weir_arena_format(struct weir_arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) return NULL;
    char *text = weir_arena_alloc(arena, (size_t)length + 1);
    if (text == NULL) return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
