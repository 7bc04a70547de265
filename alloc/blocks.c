/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc/blocks.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "alloc/hide.h"
#include "alloc/pages.h"
#include "base/bits.h"

/* In front of each block. */
struct head {
    size_t bytes; /* with the head */
    struct head *next;
};

#define HEAD_BYTES 64
#define STEP ((size_t)64 << 10) /* sizes of blocks that are kept are multiples of it */
#define SIZES (WEIR_PAGES_HUGE_BYTES / STEP)

static struct {
    pthread_mutex_t mutex;
    struct head *free[SIZES]; /* by size / STEP */
    size_t bytes;
} kept = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static bool may_be_kept(size_t bytes) { return bytes >= STEP && bytes < WEIR_PAGES_HUGE_BYTES; }

static struct head *take_kept(size_t bytes) {
    struct head **list = &kept.free[bytes / STEP];
    pthread_mutex_lock(&kept.mutex);
    struct head *head = *list;
    if (head != NULL) {
        WEIR_SHOW(head + 1, bytes - sizeof(*head)); /* the list is seen by who looks for leaks */
        *list = head->next;
        kept.bytes -= bytes;
    }
    pthread_mutex_unlock(&kept.mutex);
    return head;
}

static bool keep(struct head *head) {
    size_t bytes = head->bytes;
    struct head **list = &kept.free[bytes / STEP];
    pthread_mutex_lock(&kept.mutex);
    bool fits = kept.bytes + bytes <= WEIR_BLOCKS_KEPT;
    if (fits) {
        head->next = *list;
        *list = head;
        kept.bytes += bytes;
        WEIR_HIDE(head + 1, bytes - sizeof(*head));
    }
    pthread_mutex_unlock(&kept.mutex);
    return fits;
}

void *weir_block_alloc(size_t bytes, size_t *room) {
    if (bytes > SIZE_MAX / 2) return NULL;
    size_t all = weir_round_up(bytes + HEAD_BYTES, bytes + HEAD_BYTES < STEP ? HEAD_BYTES : STEP);
    struct head *head = NULL;
    if (may_be_kept(all)) head = take_kept(all);
    if (head == NULL) head = weir_pages_alloc_raw(all);
    if (head == NULL) return NULL;
    head->bytes = all;
    *room = all - HEAD_BYTES;
    return (char *)head + HEAD_BYTES;
}

void weir_block_free(void *block) {
    if (block == NULL) return;
    struct head *head = (struct head *)(void *)((char *)block - HEAD_BYTES);
    if (!may_be_kept(head->bytes) || !keep(head)) weir_pages_free(head, head->bytes);
}

size_t weir_block_room(const void *block) {
    const struct head *head = (const struct head *)(const void *)((const char *)block - HEAD_BYTES);
    return head->bytes - HEAD_BYTES;
}

void weir_blocks_trim(void) {
    for (size_t i = 0; i < SIZES; i++) {
        struct head *head;
        while ((head = take_kept(i * STEP)) != NULL) weir_pages_free(head, i * STEP);
    }
}

size_t weir_blocks_kept(void) {
    pthread_mutex_lock(&kept.mutex);
    size_t bytes = kept.bytes;
    pthread_mutex_unlock(&kept.mutex);
    return bytes;
}
