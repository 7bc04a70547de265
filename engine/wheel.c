/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/wheel.h"

#include <string.h>

#include "base/bits.h"
#include "base/check.h"
#include "engine/row_pool.h"

#define NONE WEIR_WHEEL_NONE
#define ALL_SLOTS (WEIR_WHEEL_LEVELS * WEIR_WHEEL_SLOTS)
#define NUMBERS_FIRST 64
#define PLACES 16 /* of a chunk, as a power of two */

WEIR_STATIC(sizeof(struct weir_wheel_chunk) == WEIR_LINE_BYTES, "a chunk fills a line");

void weir_wheel_init(struct weir_wheel *wheel) {
    memset(wheel, 0, sizeof(*wheel));
    wheel->now = INT64_MIN;
    wheel->out = NONE;
    weir_wheel_clear(wheel);
}

void weir_wheel_init_final(struct weir_wheel *wheel) {
    weir_wheel_init(wheel);
    wheel->is_final = true;
}

void weir_wheel_clear(struct weir_wheel *wheel) {
    WEIR_ASSERT(wheel->out == NONE && wheel->outs_count == 0);
    wheel->free = NONE;
    wheel->chunks_count = 0;
    memset(wheel->occupied, 0, sizeof(wheel->occupied));
    for (int i = 0; i < ALL_SLOTS; i++) wheel->heads[i] = NONE;
    for (uint32_t i = 0; i < wheel->capacity && !wheel->is_final; i++) wheel->places[i] = NONE;
}

void weir_wheel_fini(struct weir_wheel *wheel) {
    if (!wheel->is_final) weir_row_table_free(wheel->places, wheel->capacity, sizeof(*wheel->places));
    weir_row_table_free(wheel->chunks, wheel->chunks_capacity, sizeof(*wheel->chunks));
    wheel->places = NULL;
    wheel->chunks = NULL;
    wheel->capacity = wheel->chunks_capacity = 0;
}

size_t weir_wheel_bytes(const struct weir_wheel *wheel) {
    size_t places = wheel->is_final ? 0 : wheel->capacity;
    return places * sizeof(*wheel->places) + (size_t)wheel->chunks_capacity * sizeof(*wheel->chunks);
}

/* Full chunks, and one that is not in each slot that numbers are in, or were when they were taken out. */
static uint64_t chunks_for(uint32_t count) {
    uint64_t partial = count < ALL_SLOTS ? count : ALL_SLOTS;
    return count / WEIR_WHEEL_CHUNK + 2 * partial + 1;
}

bool weir_wheel_reserve(struct weir_wheel *wheel, uint32_t count) {
    if (WEIR_LIKELY(count <= wheel->capacity)) return true;
    if (count > UINT32_C(1) << 31) return false;
    count = (uint32_t)weir_round_up_pow2(count < NUMBERS_FIRST ? NUMBERS_FIRST : count);
    uint32_t from = wheel->capacity;
    uint64_t wanted = chunks_for(count);
    void *places = wheel->places, *chunks = wheel->chunks;
    bool ok = wanted < UINT32_MAX / PLACES &&
              weir_row_table_grow(&chunks, &wheel->chunks_capacity, (uint32_t)wanted, sizeof(*wheel->chunks));
    wheel->chunks = chunks;
    if (wheel->is_final) {
        if (ok) wheel->capacity = count;
        return ok;
    }
    ok = ok && weir_row_table_grow(&places, &wheel->capacity, count, sizeof(*wheel->places));
    wheel->places = places;
    for (uint32_t i = from; i < wheel->capacity; i++) wheel->places[i] = NONE;
    return ok;
}

/* Order-preserving. */
static uint64_t unsigned_time(int64_t time) { return (uint64_t)time ^ (UINT64_C(1) << 63); }

/* The highest digit in which two different times differ. */
static uint32_t level_of(uint64_t a, uint64_t b) {
    return (63 - (uint32_t)__builtin_clzll(a ^ b)) / WEIR_WHEEL_BITS;
}

static uint32_t digit_of(uint64_t time, uint32_t level) {
    return (uint32_t)(time >> (level * WEIR_WHEEL_BITS)) & (WEIR_WHEEL_SLOTS - 1);
}

/* A chunk before the first one of a slot. */
static struct weir_wheel_chunk *new_chunk(struct weir_wheel *wheel, uint32_t slot) {
    uint32_t number = wheel->free;
    if (number != NONE) {
        wheel->free = wheel->chunks[number].next;
    } else {
        number = wheel->chunks_count++;
        WEIR_ASSERT(number < wheel->chunks_capacity);
    }
    struct weir_wheel_chunk *chunk = &wheel->chunks[number];
    chunk->next = wheel->heads[slot];
    chunk->slot = (uint16_t)slot;
    chunk->count = 0;
    wheel->heads[slot] = number;
    wheel->occupied[slot / WEIR_WHEEL_SLOTS] |= UINT64_C(1) << (slot % WEIR_WHEEL_SLOTS);
    return chunk;
}

static void free_chunk(struct weir_wheel *wheel, uint32_t number) {
    wheel->chunks[number].next = wheel->free;
    wheel->free = number;
}

void weir_wheel_add(struct weir_wheel *wheel, uint32_t number, int64_t time) {
    WEIR_ASSERT(wheel->is_final || wheel->places[number] == NONE);
    if (time <= wheel->now) time = wheel->now < INT64_MAX ? wheel->now + 1 : INT64_MAX - 1;
    uint64_t at = unsigned_time(time);
    uint32_t level = level_of(at, unsigned_time(wheel->now));
    uint32_t slot = level * WEIR_WHEEL_SLOTS + digit_of(at, level), head = wheel->heads[slot];
    struct weir_wheel_chunk *chunk = head == NONE ? NULL : &wheel->chunks[head];
    if (chunk == NULL || chunk->count == WEIR_WHEEL_CHUNK) chunk = new_chunk(wheel, slot);
    if (!wheel->is_final) wheel->places[number] = (uint32_t)(chunk - wheel->chunks) * PLACES + chunk->count;
    chunk->numbers[chunk->count++] = number;
}

void weir_wheel_remove(struct weir_wheel *wheel, uint32_t number) {
    WEIR_ASSERT(!wheel->is_final);
    uint32_t place = wheel->places[number];
    WEIR_ASSERT(place != NONE && wheel->out == NONE && wheel->outs_count == 0);
    struct weir_wheel_chunk *chunk = &wheel->chunks[place / PLACES];
    uint32_t slot = chunk->slot, first = wheel->heads[slot];
    struct weir_wheel_chunk *head = &wheel->chunks[first];
    uint32_t last = head->numbers[--head->count]; /* takes its place */
    chunk->numbers[place % PLACES] = last;
    wheel->places[last] = place;
    wheel->places[number] = NONE;
    if (head->count > 0) return;
    wheel->heads[slot] = head->next;
    free_chunk(wheel, first);
    uint64_t bit = UINT64_C(1) << (slot % WEIR_WHEEL_SLOTS);
    if (wheel->heads[slot] == NONE) wheel->occupied[slot / WEIR_WHEEL_SLOTS] &= ~bit;
}

static void take_slots(struct weir_wheel *wheel, uint32_t level, uint64_t slots) {
    slots &= wheel->occupied[level];
    wheel->occupied[level] &= ~slots;
    for (; slots != 0; slots &= slots - 1) {
        uint32_t slot = level * WEIR_WHEEL_SLOTS + (uint32_t)__builtin_ctzll(slots);
        wheel->outs[wheel->outs_count++] = wheel->heads[slot];
        wheel->heads[slot] = NONE;
    }
}

/* Below the level in which the times differ all has come; in it the slots up to the new digit, whose last one holds
 * times on both sides of `time`. What waits there goes down a level at least when it is put back. */
bool weir_wheel_advance(struct weir_wheel *wheel, int64_t time) {
    WEIR_ASSERT(wheel->out == NONE && wheel->outs_count == 0);
    if (time <= wheel->now) return false;
    uint64_t from = unsigned_time(wheel->now), to = unsigned_time(time);
    uint32_t level = level_of(from, to), digit = digit_of(to, level);
    wheel->now = time;
    for (uint32_t below = 0; below < level; below++) take_slots(wheel, below, ~UINT64_C(0));
    take_slots(wheel, level, digit == 63 ? ~UINT64_C(0) : (UINT64_C(1) << (digit + 1)) - 1);
    return wheel->outs_count > 0;
}

/* The chunk that is next to be taken. */
static uint32_t next_out(struct weir_wheel *wheel) {
    if (wheel->out == NONE && wheel->outs_count > 0) wheel->out = wheel->outs[--wheel->outs_count];
    return wheel->out;
}

uint32_t weir_wheel_take(struct weir_wheel *wheel, uint32_t numbers[WEIR_WHEEL_CHUNK]) {
    uint32_t number = next_out(wheel);
    if (number == NONE) return 0;
    struct weir_wheel_chunk *chunk = &wheel->chunks[number];
    wheel->out = chunk->next;
    uint32_t next = next_out(wheel);
    if (next != NONE) WEIR_PREFETCH_READ(&wheel->chunks[next]);
    uint32_t count = chunk->count;
    for (uint32_t i = 0; i < count; i++) {
        numbers[i] = chunk->numbers[i];
        if (!wheel->is_final) wheel->places[numbers[i]] = NONE;
    }
    free_chunk(wheel, number);
    return count;
}
