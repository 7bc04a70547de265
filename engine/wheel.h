/* SPDX-License-Identifier: Apache-2.0
 *
 * What waits for the watermark: small numbers (rows of a pool), each with a time, that come out when the time has
 * come. A hierarchical timing wheel (Varghese and Lauck, 1987) over the whole range of int64_t: 11 levels of 64
 * slots, a level for each 6 bits of the time, so that nothing is ever sorted and a jump of the watermark costs what
 * waits, not the time skipped.
 *
 * A time may rise without notice, as that of a session does with each row: what comes out is asked for its time and
 * put back when it is later. So a row costs nothing, and one that waits costs a few steps per span of its waiting.
 *
 * A slot is a list of chunks of numbers, of which only the first is not full. Chunks are reserved with the numbers,
 * so that nothing fails later; and what comes out comes in chunks, so that its states can be fetched ahead.
 */
#ifndef WEIR_ENGINE_WHEEL_H
#define WEIR_ENGINE_WHEEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_WHEEL_BITS 6
#define WEIR_WHEEL_SLOTS 64
#define WEIR_WHEEL_LEVELS 11
#define WEIR_WHEEL_CHUNK 14
#define WEIR_WHEEL_NONE UINT32_MAX

struct weir_wheel_chunk { /* a cache line */
    uint32_t next;
    uint16_t slot; /* level * 64 + digit */
    uint16_t count;
    uint32_t numbers[WEIR_WHEEL_CHUNK];
};

struct weir_wheel {
    int64_t now;
    bool is_final;    /* nothing is removed, so that no places are kept */
    uint32_t *places; /* per number: chunk * 16 + position; WEIR_WHEEL_NONE: does not wait */
    uint32_t capacity;
    struct weir_wheel_chunk *chunks;
    uint32_t chunks_capacity;
    uint32_t chunks_count;                /* chunks below have been used */
    uint32_t free;                        /* a list of chunks */
    uint32_t out;                         /* a list of chunks that the last advance took out */
    uint32_t outs_count;                  /* more such lists */
    uint64_t occupied[WEIR_WHEEL_LEVELS]; /* slots that are not empty */
    uint32_t heads[WEIR_WHEEL_LEVELS * WEIR_WHEEL_SLOTS];
    uint32_t outs[WEIR_WHEEL_LEVELS * WEIR_WHEEL_SLOTS];
};

/* now: INT64_MIN. */
void weir_wheel_init(struct weir_wheel *wheel);
/* One that weir_wheel_remove must not be called for, which makes the rest cheaper. */
void weir_wheel_init_final(struct weir_wheel *wheel);
void weir_wheel_fini(struct weir_wheel *wheel);

/* Makes numbers below `count` usable. False when memory is short. */
bool weir_wheel_reserve(struct weir_wheel *wheel, uint32_t count);

/* `number`, which does not wait, shall come out once now >= time; where that is so already, at the next advance. */
void weir_wheel_add(struct weir_wheel *wheel, uint32_t number, int64_t time);
/* It waits no more. Not between weir_wheel_advance and the end of what it took out. */
void weir_wheel_remove(struct weir_wheel *wheel, uint32_t number);

/* Nothing waits any more; now stays. Not between weir_wheel_advance and the end of what it took out. */
void weir_wheel_clear(struct weir_wheel *wheel);

/* Moves now to `time` and takes out every number whose time at weir_wheel_add is <= it, and some others; false:
 * none. Take all before the next call. An earlier time is ignored. */
bool weir_wheel_advance(struct weir_wheel *wheel, int64_t time);
/* Some of what was taken out, in no order; 0: that was all. */
uint32_t weir_wheel_take(struct weir_wheel *wheel, uint32_t numbers[WEIR_WHEEL_CHUNK]);

size_t weir_wheel_bytes(const struct weir_wheel *wheel);

#endif
