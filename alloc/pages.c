/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc/pages.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alloc/hide.h"
#include "base/bits.h"

/* ---- blocks that are kept ---- */

#define RANGES_MAX 64
#define KEPT_LEAST ((size_t)256 << 20)
#define KEPT_MOST ((size_t)2 << 30)
#define KEPT_PART_OF_MEMORY 16

struct range {
    char *block;
    size_t bytes;
};

static struct {
    pthread_mutex_t mutex;
    struct range ranges[RANGES_MAX]; /* no two of them adjacent */
    int32_t count;
    size_t bytes;
} kept = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* With the mutex held. */
static void drop_range(int32_t at) {
    kept.bytes -= kept.ranges[at].bytes;
    kept.ranges[at] = kept.ranges[--kept.count];
}

/* The first `bytes` of the smallest range that has so many, or NULL. */
static char *take_kept(size_t bytes) {
    char *block = NULL;
    pthread_mutex_lock(&kept.mutex);
    int32_t best = -1;
    for (int32_t i = 0; i < kept.count; i++) {
        bool fits = kept.ranges[i].bytes >= bytes;
        if (fits && (best < 0 || kept.ranges[i].bytes < kept.ranges[best].bytes)) best = i;
    }
    if (best >= 0) {
        struct range *range = &kept.ranges[best];
        block = range->block;
        range->block += bytes;
        range->bytes -= bytes;
        kept.bytes -= bytes;
        if (range->bytes == 0) drop_range(best);
    }
    pthread_mutex_unlock(&kept.mutex);
    if (block != NULL) WEIR_SHOW(block, bytes);
    return block;
}

/* Grows `range` by those beside it, which are then no longer ranges of their own. With the mutex held. */
static void join_neighbours(struct range *range) {
    for (int32_t i = kept.count - 1; i >= 0; i--) {
        struct range other = kept.ranges[i];
        bool before = other.block + other.bytes == range->block, after = range->block + range->bytes == other.block;
        if (!before && !after) continue;
        if (before) range->block = other.block;
        range->bytes += other.bytes;
        drop_range(i);
    }
}

size_t weir_pages_kept_most(void) {
    static _Atomic size_t most; /* asked of the system once; by two threads at once, to the same end */
    size_t known = atomic_load_explicit(&most, memory_order_relaxed);
    if (known != 0) return known;
    long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    known = pages <= 0 || bytes <= 0 ? 0 : (size_t)pages / KEPT_PART_OF_MEMORY * (size_t)bytes;
    if (known < KEPT_LEAST) known = KEPT_LEAST;
    if (known > KEPT_MOST) known = KEPT_MOST;
    known = known / WEIR_PAGES_HUGE_BYTES * WEIR_PAGES_HUGE_BYTES;
    atomic_store_explicit(&most, known, memory_order_relaxed);
    return known;
}

/* False when there is enough already. The system may have the memory back when it is short of it. */
static bool keep(char *block, size_t bytes) {
    struct range range = {block, bytes};
    size_t most = weir_pages_kept_most();
    if (bytes > most) return false;
    madvise(block, bytes, MADV_FREE); /* before others can take it */
    WEIR_HIDE(block, bytes);
    pthread_mutex_lock(&kept.mutex);
    bool fits = kept.bytes + bytes <= most && kept.count < RANGES_MAX;
    if (fits) {
        join_neighbours(&range);
        kept.ranges[kept.count++] = range;
        kept.bytes += range.bytes;
    }
    pthread_mutex_unlock(&kept.mutex);
    if (!fits) WEIR_SHOW(block, bytes);
    return fits;
}

void weir_pages_trim(void) {
    struct range ranges[RANGES_MAX];
    pthread_mutex_lock(&kept.mutex);
    int32_t count = kept.count;
    memcpy(ranges, kept.ranges, sizeof(ranges));
    kept.count = 0;
    kept.bytes = 0;
    pthread_mutex_unlock(&kept.mutex);
    for (int32_t i = 0; i < count; i++) {
        WEIR_SHOW(ranges[i].block, ranges[i].bytes);
        munmap(ranges[i].block, ranges[i].bytes);
    }
}

size_t weir_pages_kept(void) {
    pthread_mutex_lock(&kept.mutex);
    size_t bytes = kept.bytes;
    pthread_mutex_unlock(&kept.mutex);
    return bytes;
}

/* ---- blocks ---- */

static size_t huge_bytes(size_t bytes) { return weir_round_up(bytes, WEIR_PAGES_HUGE_BYTES); }

/* Maps more than asked and cuts the ends off, so that the block begins at a huge page. */
static void *map_huge(size_t size) {
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

static void *alloc_huge(size_t bytes, bool zeroed) {
    size_t size = huge_bytes(bytes);
    if (size < bytes || size > SIZE_MAX / 2) return NULL;
    char *block = take_kept(size);
    if (block == NULL) return map_huge(size);
    if (zeroed) memset(block, 0, bytes);
    return block;
}

static void *alloc(size_t bytes, bool zeroed) {
    if (bytes >= WEIR_PAGES_HUGE_BYTES) return alloc_huge(bytes, zeroed);
    size_t size = weir_round_up(bytes == 0 ? 1 : bytes, 64);
    void *block = aligned_alloc(64, size);
    if (block != NULL && zeroed) memset(block, 0, size);
    return block;
}

void *weir_pages_alloc(size_t bytes) { return alloc(bytes, true); }
void *weir_pages_alloc_raw(size_t bytes) { return alloc(bytes, false); }

void weir_pages_free(void *block, size_t bytes) {
    if (block == NULL) return;
    if (bytes < WEIR_PAGES_HUGE_BYTES) {
        free(block);
    } else if (!keep(block, huge_bytes(bytes))) {
        munmap(block, huge_bytes(bytes));
    }
}

void *weir_pages_move(void *block, size_t bytes, size_t used, size_t wanted) {
    void *other = weir_pages_alloc_raw(wanted);
    if (other == NULL) return NULL;
    if (used > 0) memcpy(other, block, used);
    weir_pages_free(block, bytes);
    return other;
}
