/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory that record batches lie in: counted by references, because the arrays that point into it may outlive
 * the reader, and recycled, because fresh pages cost more than reading into warm ones.
 *
 * A body is taken, retained and released by any thread; the pool is closed by its owner when nobody takes any more.
 */
#ifndef WEIR_CONNECT_ARROW_BODY_H
#define WEIR_CONNECT_ARROW_BODY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weir/types.h"

struct weir_arrow_pool;

/* `data` is aligned to 64 bytes, and 64 bytes past `bytes` may be read: bitmaps are read in words. */
struct weir_arrow_body {
    atomic_size_t references;
    struct weir_arrow_pool *pool; /* NULL: freed when released */
    size_t capacity;              /* from base on */
    struct weir_arrow_body *next; /* in one of the pool's lists */
    uint8_t *base;                /* of its memory */
    bool reserved;                /* in the pool's reserve */
    uint8_t *data;
};

enum weir_status weir_arrow_pool_create(struct weir_arrow_pool **out, struct weir_error *error);
/* Bodies still held stay valid and are freed by their last release. */
void weir_arrow_pool_close(struct weir_arrow_pool **pool);

/* A body of at least `bytes`, not zeroed, with one reference. pool may be NULL. NULL when memory is short (with the
 * error). */
struct weir_arrow_body *weir_arrow_body_take(struct weir_arrow_pool *pool, size_t bytes, struct weir_error *error);

/* For bodies that are read in whole blocks of a file: `data` lies as far behind a multiple of WEIR_ARROW_BLOCK as
 * `offset` (a multiple of 64) does, and the blocks that the body begins and ends in are its own. From the reserve,
 * where it fits and one is free. */
#define WEIR_ARROW_BLOCK ((size_t)4096)
struct weir_arrow_body *weir_arrow_body_take_at(struct weir_arrow_pool *pool, size_t bytes, int64_t offset,
                                                struct weir_error *error);

/* Memory in one piece, for `count` bodies of at most `bytes` that are taken at offsets: *memory of *length. It
 * lives as long as the pool and its bodies. Once. False: there is none, and bodies come from elsewhere. */
bool weir_arrow_pool_reserve(struct weir_arrow_pool *pool, size_t bytes, size_t count, void **memory,
                             size_t *length);

struct weir_arrow_body *weir_arrow_body_retain(struct weir_arrow_body *body);
/* Accepts NULL. */
void weir_arrow_body_release(struct weir_arrow_body *body);

#endif
