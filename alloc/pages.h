/* SPDX-License-Identifier: Apache-2.0
 *
 * Large blocks for tables and columns, on huge pages where the system gives them.
 *
 * The first touch of memory that is fresh from the system costs more than much of the work that is done with it (a
 * quarter of a second to several a GiB). So large blocks that are freed are kept for the next ones, up to
 * weir_pages_kept_most() in the whole process, and marked as free to the system (MADV_FREE), which takes them when
 * it is short of memory.
 *
 * Any thread may call these; a block may be freed by another thread than the one that asked for it. They take a
 * lock and belong to no path that is taken for each batch.
 */
#ifndef WEIR_ALLOC_PAGES_H
#define WEIR_ALLOC_PAGES_H

#include <stddef.h>

/* `bytes` of zeroed memory aligned to 64 (to 2 MiB from WEIR_PAGES_HUGE_BYTES on), or NULL. Free with the same
 * size. */
void *weir_pages_alloc(size_t bytes);
/* The same with whatever it holds. */
void *weir_pages_alloc_raw(size_t bytes);
void weir_pages_free(void *block, size_t bytes);

/* Other memory of `wanted` bytes, as of alloc_raw, which begins with the first `used` <= wanted bytes of `block`
 * (NULL: none); `block`, of `bytes`, is freed. NULL when memory is short: the block stays as it is. */
void *weir_pages_move(void *block, size_t bytes, size_t used, size_t wanted);

#define WEIR_PAGES_HUGE_BYTES ((size_t)2 << 20)

/* Bytes that are kept; at most: a sixteenth of the machine's memory, 256 MiB at least and 2 GiB at most. And gives
 * them back to the system. */
size_t weir_pages_kept(void);
size_t weir_pages_kept_most(void);
void weir_pages_trim(void);

#endif
