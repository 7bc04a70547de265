/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/part_chunks.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

/* Links of a page's chunks: there are fewer of these than of its small pages. */
#define LINKS_BYTES WEIR_PART_CHUNK_ALIGN
#define BLOCK_LEAST WEIR_PAGES_HUGE_BYTES
#define BLOCK_MOST ((size_t)64 << 20)

WEIR_STATIC(WEIR_PAGES_HUGE_BYTES / WEIR_PART_CHUNK_ALIGN * sizeof(char *) <= LINKS_BYTES, "a link a chunk");

void weir_part_chunks_init(struct weir_part_chunks *chunks, size_t chunk_bytes) {
    *chunks = (struct weir_part_chunks){.chunk_bytes = chunk_bytes};
}

void weir_part_chunks_fini(struct weir_part_chunks *chunks) {
    for (uint32_t i = 0; i < chunks->blocks_count; i++)
        weir_pages_free(chunks->blocks[i].pages, chunks->blocks[i].bytes);
    free(chunks->blocks);
    weir_part_chunks_init(chunks, chunks->chunk_bytes);
}

static bool grow_list(struct weir_part_chunks *chunks) {
    if (chunks->blocks_count < chunks->blocks_room) return true;
    uint32_t room = chunks->blocks_room == 0 ? 16 : chunks->blocks_room * 2;
    struct weir_part_pages *blocks = realloc(chunks->blocks, room * sizeof(*blocks));
    if (blocks == NULL) return false;
    chunks->blocks = blocks;
    chunks->blocks_room = room;
    return true;
}

static WEIR_COLD bool add_block(struct weir_part_chunks *chunks) {
    size_t bytes = chunks->bytes < BLOCK_LEAST ? BLOCK_LEAST : chunks->bytes;
    if (bytes > BLOCK_MOST) bytes = BLOCK_MOST;
    if (!grow_list(chunks)) return false;
    char *pages = weir_pages_alloc_raw(bytes);
    if (pages == NULL) return false;
    chunks->blocks[chunks->blocks_count++] = (struct weir_part_pages){pages, bytes};
    chunks->pages_used = 0;
    chunks->bytes += bytes;
    return true;
}

/* Chunks of one more huge page are free. */
static WEIR_COLD bool cut_page(struct weir_part_chunks *chunks) {
    const struct weir_part_pages *last =
        chunks->blocks_count == 0 ? NULL : &chunks->blocks[chunks->blocks_count - 1];
    bool is_used = last == NULL || chunks->pages_used * WEIR_PAGES_HUGE_BYTES == last->bytes;
    if (is_used && !add_block(chunks)) return false;
    char *page = chunks->blocks[chunks->blocks_count - 1].pages + chunks->pages_used++ * WEIR_PAGES_HUGE_BYTES;
    size_t count = (WEIR_PAGES_HUGE_BYTES - LINKS_BYTES) / chunks->chunk_bytes;
    for (size_t i = count; i-- > 0;) {
        char *chunk = page + LINKS_BYTES + i * chunks->chunk_bytes;
        *weir_part_chunk_next(chunks, chunk) = chunks->free;
        chunks->free = chunk;
    }
    chunks->free_count += count;
    chunks->cut += WEIR_PAGES_HUGE_BYTES;
    return true;
}

char *weir_part_chunk_take(struct weir_part_chunks *chunks) {
    if (WEIR_UNLIKELY(chunks->free == NULL) && !cut_page(chunks)) return NULL;
    char *chunk = chunks->free, **next = weir_part_chunk_next(chunks, chunk);
    chunks->free = *next;
    *next = NULL;
    chunks->used++;
    chunks->free_count--;
    return chunk;
}

bool weir_part_chunks_reserve(struct weir_part_chunks *chunks, uint64_t count) {
    while (chunks->free_count < count) {
        if (!cut_page(chunks)) return false;
    }
    return true;
}

uint64_t weir_part_chunks_give_list(struct weir_part_chunks *chunks, char *first) {
    uint64_t given = 0;
    for (char *chunk = first, *next; chunk != NULL; chunk = next, given++) {
        next = *weir_part_chunk_next(chunks, chunk);
        weir_part_chunk_give(chunks, chunk);
    }
    return given;
}
