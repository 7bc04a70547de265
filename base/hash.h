/* SPDX-License-Identifier: Apache-2.0
 *
 * Hashes. Seeds are random per process (weir_hash_seed), so that no input can be built to collide.
 */
#ifndef WEIR_BASE_HASH_H
#define WEIR_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/checked.h"

/* A seeded mix of 8 bytes: two rounds of multiply and xor-shift (the finaliser of SplitMix64, Steele et al. 2014,
 * keyed by a xor). Bijective for a given seed: different values never have equal hashes. Only 64-bit
 * multiplications, so that it vectorises. */
WEIR_INLINE uint64_t weir_hash_u64(uint64_t value, uint64_t seed) {
    uint64_t x = value ^ seed;
    x = (x ^ (x >> 32)) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
    return x ^ (x >> 32);
}

WEIR_INLINE uint64_t weir_hash_rotate(uint64_t value) { return value << 32 | value >> 32; }

/* A seeded hash of two words and a number: folded products of 64 x 64 bits, as wyhash (Wang Yi) ends with. */
WEIR_INLINE uint64_t weir_hash_pair(uint64_t a, uint64_t b, uint64_t number, uint64_t seed) {
    const uint64_t one = UINT64_C(0xA0761D6478BD642F), two = UINT64_C(0xE7037ED1A0B428DB);
    weir_u128 product = (weir_u128)(a ^ one ^ seed) * (b ^ two ^ weir_hash_rotate(seed));
    product = (weir_u128)((uint64_t)product ^ one ^ number) * ((uint64_t)(product >> 64) ^ two);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* XXH3 of any bytes. */
uint64_t weir_hash_bytes(const void *data, size_t bytes, uint64_t seed);

/* The process's seed: from getrandom, or from the environment's WEIR_HASH_SEED for reproduction: a number, or any
 * text, which is hashed to one. Always the same within a process. Any thread. */
uint64_t weir_hash_seed(void);

#endif
