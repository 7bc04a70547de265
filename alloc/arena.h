/* SPDX-License-Identifier: Apache-2.0
 *
 * A region of memory that is freed as a whole: plans, parsed statements, the temporaries of one batch.
 *
 * Not for: objects with lives of their own (malloc), state of slices (pool). Not thread-safe.
 */
#ifndef WEIR_ALLOC_ARENA_H
#define WEIR_ALLOC_ARENA_H

#include <stddef.h>

#include "base/attributes.h"

struct weir_arena_chunk;

/* In the caller's storage; zeroed is a valid empty arena with the default chunk size. */
struct weir_arena {
    struct weir_arena_chunk *chunks; /* newest first; the newest is the one being filled */
    char *next;
    char *end;
    size_t chunk_bytes;    /* size of the next chunk; 0: 64 KiB */
    size_t bytes_reserved; /* of all chunks */
};

void weir_arena_init(struct weir_arena *arena, size_t chunk_bytes);
void weir_arena_fini(struct weir_arena *arena);

/* Forgets all allocations and keeps the memory: when the next round needs no more than this one took, it calls no
 * malloc. (Several chunks are folded into one of their total size at the first reset after growth.) */
void weir_arena_reset(struct weir_arena *arena);

/* `bytes`, uninitialised, aligned to 16 (to 64 from 256 bytes on); NULL when memory is short. A size of 0 gives a
 * unique pointer. */
void *weir_arena_alloc(struct weir_arena *arena, size_t bytes);

/* Zeroed array of `count` elements; NULL when memory is short or the size overflows. */
void *weir_arena_array(struct weir_arena *arena, size_t count, size_t element_bytes);

/* A zero-terminated copy of length bytes; text may be NULL when length is 0. NULL when memory is short. */
char *weir_arena_string(struct weir_arena *arena, const char *text, size_t length);

/* A zero-terminated formatted string; NULL when memory is short. */
char *weir_arena_format(struct weir_arena *arena, const char *format, ...) WEIR_PRINTF(2, 3);

#endif
