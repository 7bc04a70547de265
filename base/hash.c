/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t weir_hash_bytes(const void *data, size_t bytes, uint64_t seed) {
    return XXH3_64bits_withSeed(data, bytes, seed);
}

static pthread_once_t seed_once = PTHREAD_ONCE_INIT;
static uint64_t seed_value;

static uint64_t seed_from_text(const char *text) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 0);
    return *end == '\0' && errno == 0 ? number : XXH3_64bits(text, strlen(text));
}

static void seed_init(void) {
    const char *given = getenv("WEIR_HASH_SEED");
    if (given != NULL && given[0] != '\0') {
        seed_value = seed_from_text(given);
        return;
    }
    if (getrandom(&seed_value, sizeof(seed_value), GRND_NONBLOCK) == (ssize_t)sizeof(seed_value)) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    seed_value = weir_hash_u64((uint64_t)now.tv_nsec, (uint64_t)now.tv_sec ^ (uint64_t)(uintptr_t)&seed_value);
}

uint64_t weir_hash_seed(void) {
    pthread_once(&seed_once, seed_init);
    return seed_value;
}
