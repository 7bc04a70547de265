/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_body.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"

/* Bodies kept for use again, at most. */
#define IDLE_MAX 12
#define PADDING 64
/* More than a machine has: such lengths come from damaged files. */
#define BODY_BYTES_MAX ((size_t)1 << 39)
/* Of a body at an offset, beside its bytes: before the first block, and of the first and the last block. */
#define BLOCKS_EXTRA (3 * WEIR_ARROW_BLOCK)

struct weir_arrow_pool {
    atomic_size_t references; /* the owner's and one a body in use */
    pthread_mutex_t lock;     /* of idle, idle_count and open; taken once a batch */
    struct weir_arrow_body *idle;
    size_t idle_count;
    bool open;
    struct weir_arrow_body *reserve; /* those of the reserve that are free */
    struct weir_arrow_body *headers; /* of all of the reserve; NULL: there is none */
    uint8_t *memory;                 /* that they lie in */
    size_t memory_bytes;
};

static void pool_release(struct weir_arrow_pool *pool) {
    if (atomic_fetch_sub_explicit(&pool->references, 1, memory_order_acq_rel) != 1) return;
    pthread_mutex_destroy(&pool->lock);
    weir_pages_free(pool->memory, pool->memory_bytes);
    free(pool->headers);
    free(pool);
}

enum weir_status weir_arrow_pool_create(struct weir_arrow_pool **out, struct weir_error *error) {
    struct weir_arrow_pool *pool = calloc(1, sizeof(*pool));
    if (pool == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory to read an Arrow file");
    atomic_init(&pool->references, 1);
    pthread_mutex_init(&pool->lock, NULL);
    pool->open = true;
    *out = pool;
    return WEIR_OK;
}

void weir_arrow_pool_close(struct weir_arrow_pool **pool) {
    if (*pool == NULL) return;
    pthread_mutex_lock(&(*pool)->lock);
    struct weir_arrow_body *idle = (*pool)->idle;
    (*pool)->idle = NULL;
    (*pool)->open = false;
    pthread_mutex_unlock(&(*pool)->lock);
    while (idle != NULL) {
        struct weir_arrow_body *next = idle->next;
        free(idle);
        idle = next;
    }
    pool_release(*pool);
    *pool = NULL;
}

/* The smallest idle body that is large enough, but not so large that it would be wasted on a small batch. */
static struct weir_arrow_body *take_idle(struct weir_arrow_pool *pool, size_t bytes) {
    struct weir_arrow_body **best = NULL;
    size_t limit = bytes > SIZE_MAX / 8 ? SIZE_MAX : bytes * 8 + 65536;
    for (struct weir_arrow_body **at = &pool->idle; *at != NULL; at = &(*at)->next) {
        if ((*at)->capacity < bytes || (*at)->capacity > limit) continue;
        if (best == NULL || (*at)->capacity < (*best)->capacity) best = at;
    }
    if (best == NULL) return NULL;
    struct weir_arrow_body *body = *best;
    *best = body->next;
    pool->idle_count--;
    return body;
}

static struct weir_arrow_body *allocate(size_t bytes, struct weir_error *error) {
    size_t header = weir_round_up(sizeof(struct weir_arrow_body), 64);
    size_t capacity = weir_round_up(bytes, 64);
    struct weir_arrow_body *body = bytes > BODY_BYTES_MAX ? NULL : aligned_alloc(64, header + capacity + PADDING);
    if (body == NULL) {
        weir_error_set(error, WEIR_ERR_MEMORY,
                       "not enough memory for %zu bytes of a record batch: write the file in smaller batches",
                       bytes);
        return NULL;
    }
    body->capacity = capacity;
    body->base = (uint8_t *)body + header;
    body->reserved = false;
    memset(body->base + capacity, 0, PADDING);
    return body;
}

static void hand_out(struct weir_arrow_pool *pool, struct weir_arrow_body *body) {
    atomic_init(&body->references, 1);
    body->pool = pool;
    body->next = NULL;
    if (pool != NULL) atomic_fetch_add_explicit(&pool->references, 1, memory_order_relaxed);
}

struct weir_arrow_body *weir_arrow_body_take(struct weir_arrow_pool *pool, size_t bytes, struct weir_error *error) {
    struct weir_arrow_body *body = NULL;
    if (pool != NULL) {
        pthread_mutex_lock(&pool->lock);
        body = take_idle(pool, bytes);
        pthread_mutex_unlock(&pool->lock);
    }
    if (body == NULL) body = allocate(bytes, error);
    if (body == NULL) return NULL;
    body->data = body->base;
    hand_out(pool, body);
    return body;
}

/* One of the reserve that holds so many bytes from its base on, or NULL. */
static struct weir_arrow_body *take_reserved(struct weir_arrow_pool *pool, size_t bytes) {
    pthread_mutex_lock(&pool->lock);
    struct weir_arrow_body *body = pool->reserve;
    if (body != NULL && body->capacity >= bytes) {
        pool->reserve = body->next;
    } else {
        body = NULL;
    }
    pthread_mutex_unlock(&pool->lock);
    if (body != NULL) hand_out(pool, body);
    return body;
}

struct weir_arrow_body *weir_arrow_body_take_at(struct weir_arrow_pool *pool, size_t bytes, int64_t offset,
                                                struct weir_error *error) {
    size_t all = bytes > BODY_BYTES_MAX ? bytes : bytes + BLOCKS_EXTRA;
    struct weir_arrow_body *body = take_reserved(pool, all);
    if (body == NULL) body = weir_arrow_body_take(pool, all, error);
    if (body == NULL) return NULL;
    uintptr_t block = weir_round_up((uintptr_t)body->base, WEIR_ARROW_BLOCK);
    body->data = body->base + (block - (uintptr_t)body->base) + (size_t)offset % WEIR_ARROW_BLOCK;
    return body;
}

bool weir_arrow_pool_reserve(struct weir_arrow_pool *pool, size_t bytes, size_t count, void **memory,
                             size_t *length) {
    size_t each = bytes > BODY_BYTES_MAX ? 0 : weir_round_up(bytes + BLOCKS_EXTRA + PADDING, WEIR_ARROW_BLOCK);
    size_t all;
    if (pool->headers != NULL || each == 0 || !weir_mul_size(each, count, &all)) return false;
    pool->headers = calloc(count, sizeof(*pool->headers));
    pool->memory = pool->headers == NULL ? NULL : weir_pages_alloc(all);
    if (pool->memory == NULL) {
        free(pool->headers);
        pool->headers = NULL;
        return false;
    }
    pool->memory_bytes = all;
    for (size_t i = 0; i < count; i++) {
        struct weir_arrow_body *body = &pool->headers[i];
        *body = (struct weir_arrow_body){.capacity = each - PADDING, .next = pool->reserve, .reserved = true};
        body->base = pool->memory + i * each;
        pool->reserve = body;
    }
    *memory = pool->memory;
    *length = all;
    return true;
}

struct weir_arrow_body *weir_arrow_body_retain(struct weir_arrow_body *body) {
    atomic_fetch_add_explicit(&body->references, 1, memory_order_relaxed);
    return body;
}

/* Puts the body into the list. Returns what has to go for it: the smallest of all when there are too many, or NULL.
 */
static struct weir_arrow_body *keep(struct weir_arrow_pool *pool, struct weir_arrow_body *body) {
    if (body->reserved) {
        body->next = pool->reserve;
        pool->reserve = body;
        return NULL;
    }
    body->next = pool->idle;
    pool->idle = body;
    if (++pool->idle_count <= IDLE_MAX) return NULL;
    struct weir_arrow_body **smallest = &pool->idle;
    for (struct weir_arrow_body **at = &pool->idle; *at != NULL; at = &(*at)->next) {
        if ((*at)->capacity < (*smallest)->capacity) smallest = at;
    }
    struct weir_arrow_body *excess = *smallest;
    *smallest = excess->next;
    pool->idle_count--;
    return excess;
}

void weir_arrow_body_release(struct weir_arrow_body *body) {
    if (body == NULL || atomic_fetch_sub_explicit(&body->references, 1, memory_order_acq_rel) != 1) return;
    struct weir_arrow_pool *pool = body->pool;
    if (pool == NULL) {
        free(body);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    struct weir_arrow_body *excess = pool->open || body->reserved ? keep(pool, body) : body;
    pthread_mutex_unlock(&pool->lock);
    free(excess);
    pool_release(pool);
}
