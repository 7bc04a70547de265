/* SPDX-License-Identifier: Apache-2.0
 *
 * Chunks: blocks of one size that are taken and given back all the time, each with a link to the next one of the
 * list that it is in. They come from the system in blocks that double in size (alloc/pages.h), so that what is
 * never needed is never touched, and go back all at once.
 */
#ifndef WEIR_ENGINE_PART_CHUNKS_H
#define WEIR_ENGINE_PART_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/pages.h"
#include "base/attributes.h"

/* A chunk is a multiple of it long, and so aligned. */
#define WEIR_PART_CHUNK_ALIGN ((size_t)4096)

struct weir_part_chunks {
    size_t chunk_bytes;
    struct weir_part_pages {
        char *pages;
        size_t bytes;
    } * blocks;
    uint32_t blocks_count;
    uint32_t blocks_room;
    size_t pages_used; /* huge pages of the last block that have been cut into chunks */
    char *free;
    uint64_t free_count;
    uint64_t used; /* chunks that are taken */
    size_t bytes;  /* of all blocks */
    size_t cut;    /* bytes of huge pages that have been cut into chunks: no others are touched */
};

/* chunk_bytes: a multiple of WEIR_PART_CHUNK_ALIGN, below WEIR_PAGES_HUGE_BYTES. Needs no memory yet. */
void weir_part_chunks_init(struct weir_part_chunks *chunks, size_t chunk_bytes);

/* Everything back to where it came from, whatever is taken. */
void weir_part_chunks_fini(struct weir_part_chunks *chunks);

/* A chunk with whatever it holds and no next one; NULL when memory is short. */
char *weir_part_chunk_take(struct weir_part_chunks *chunks);

/* Makes sure that `count` more can be taken. False when memory is short. */
bool weir_part_chunks_reserve(struct weir_part_chunks *chunks, uint64_t count);

/* The one behind a chunk in its list. In front of the chunks of a huge page, so that rows fill theirs wholly. */
WEIR_INLINE char **weir_part_chunk_next(const struct weir_part_chunks *chunks, const char *chunk) {
    uintptr_t page = (uintptr_t)chunk & ~(WEIR_PAGES_HUGE_BYTES - 1);
    return (char **)page + ((uintptr_t)chunk - page) / chunks->chunk_bytes;
}

WEIR_INLINE void weir_part_chunk_give(struct weir_part_chunks *chunks, char *chunk) {
    *weir_part_chunk_next(chunks, chunk) = chunks->free;
    chunks->free = chunk;
    chunks->free_count++;
    chunks->used--;
}

/* Gives back a chunk and all that follow it in its list; NULL: there is none. Returns how many. */
uint64_t weir_part_chunks_give_list(struct weir_part_chunks *chunks, char *first);

#endif
