/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bits.h"

static size_t huge_bytes(size_t bytes) { return weir_round_up(bytes, WEIR_PAGES_HUGE_BYTES); }

/* Maps more than asked and cuts the ends off, so that the block begins at a huge page. */
static void *alloc_huge(size_t bytes) {
    size_t size = huge_bytes(bytes);
    if (size < bytes || size > SIZE_MAX / 2) return NULL;
    size_t mapped = size + WEIR_PAGES_HUGE_BYTES;
    char *map = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) return NULL;
    char *block = (char *)weir_round_up((uintptr_t)map, WEIR_PAGES_HUGE_BYTES);
    size_t before = (size_t)(block - map), after = mapped - before - size;
    if (before > 0) munmap(map, before);
    if (after > 0) munmap(block + size, after);
    madvise(block, size, MADV_HUGEPAGE); /* a wish: without it the pages are small and all still works */
    return block;
}

void *weir_pages_alloc(size_t bytes) {
    if (bytes >= WEIR_PAGES_HUGE_BYTES) return alloc_huge(bytes);
    size_t size = weir_round_up(bytes == 0 ? 1 : bytes, 64);
    void *block = aligned_alloc(64, size);
    if (block != NULL) memset(block, 0, size);
    return block;
}

void weir_pages_free(void *block, size_t bytes) {
    if (block == NULL) return;
    if (bytes >= WEIR_PAGES_HUGE_BYTES) {
        munmap(block, huge_bytes(bytes));
    } else {
        free(block);
    }
}
