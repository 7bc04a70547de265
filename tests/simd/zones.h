/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory for the kernels under test in which no wrong access goes unseen. A zone lies between two unmapped pages;
 * what is taken from it ends right before the one or begins right after the other, and the rest is poison: reading
 * or writing over one edge faults, writing over the other one is found by zones_intact.
 */
#ifndef WEIR_TESTS_SIMD_ZONES_H
#define WEIR_TESTS_SIMD_ZONES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ZONES_MAX 10
#define ZONE_BYTES_MAX 131072
#define POISON_BYTES 512
#define POISON 0xA5

enum zone_edge { ZONE_AT_END, ZONE_AT_START };

struct zone {
    unsigned char *start, *taken;
    size_t taken_bytes;
};

struct zones {
    struct zone zone[ZONES_MAX];
    int taken;
    enum zone_edge edge;
};

static inline void zones_open(struct zones *zones) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    memset(zones, 0, sizeof *zones);
    for (int i = 0; i < ZONES_MAX; i++) {
        void *map = mmap(NULL, ZONE_BYTES_MAX + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_true(map != MAP_FAILED);
        zones->zone[i].start = (unsigned char *)map + page;
        assert_int_equal(mprotect(zones->zone[i].start, ZONE_BYTES_MAX, PROT_READ | PROT_WRITE), 0);
    }
}

static inline void zones_close(struct zones *zones) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < ZONES_MAX; i++) munmap(zones->zone[i].start - page, ZONE_BYTES_MAX + 2 * page);
}

/* Gives all memory back; what is taken next lies at this edge. */
static inline void zones_reset(struct zones *zones, enum zone_edge edge) {
    zones->taken = 0;
    zones->edge = edge;
}

/* Filled with poison. Aligned for elements of any size that divides `bytes`, and for no vector. */
static inline void *zones_take(struct zones *zones, size_t bytes) {
    assert_true(zones->taken < ZONES_MAX && bytes + POISON_BYTES <= ZONE_BYTES_MAX);
    struct zone *zone = &zones->zone[zones->taken++];
    bool at_end = zones->edge == ZONE_AT_END;
    unsigned char *filled = at_end ? zone->start + ZONE_BYTES_MAX - bytes - POISON_BYTES : zone->start;
    memset(filled, POISON, bytes + POISON_BYTES);
    zone->taken = at_end ? filled + POISON_BYTES : filled;
    zone->taken_bytes = bytes;
    return zone->taken;
}

static inline bool zones_intact(const struct zones *zones) {
    unsigned char poison[POISON_BYTES];
    memset(poison, POISON, sizeof poison);
    for (int i = 0; i < zones->taken; i++) {
        const struct zone *zone = &zones->zone[i];
        const unsigned char *beside =
            zones->edge == ZONE_AT_END ? zone->taken - POISON_BYTES : zone->taken + zone->taken_bytes;
        if (memcmp(beside, poison, sizeof poison) != 0) return false;
    }
    return true;
}

#endif
