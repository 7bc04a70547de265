/* SPDX-License-Identifier: Apache-2.0
 *
 * Buffers that come and go by the batch: columns of results, which leave for the embedder and are freed by whoever
 * releases them last, on any thread.
 *
 * What malloc does with blocks of some hundred KiB is to give them back to the system as soon as they are free, and
 * the faults of the next ones cost more than filling them. So blocks of 64 KiB to 2 MiB that are freed are kept for
 * the next ones of their size, WEIR_BLOCKS_KEPT bytes in the whole process; larger ones are pages (pages.h),
 * smaller ones malloc's.
 *
 * Any thread may call these. They take a lock for blocks that are kept, once a column of a batch.
 */
#ifndef WEIR_ALLOC_BLOCKS_H
#define WEIR_ALLOC_BLOCKS_H

#include <stddef.h>

#define WEIR_BLOCKS_KEPT ((size_t)64 << 20)

/* At least `bytes`, aligned to 64, with whatever they hold, or NULL. *room is how many there are. */
void *weir_block_alloc(size_t bytes, size_t *room);
void weir_block_free(void *block);
/* What *room was. */
size_t weir_block_room(const void *block);

/* Bytes that are kept, and frees them. */
size_t weir_blocks_kept(void);
void weir_blocks_trim(void);

#endif
