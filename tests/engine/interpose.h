/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands between weir and the allocator: the linker sends every call to malloc and its kin in the objects of this
 * program (weir's among them, libc's not) through here, which counts them or makes one fail. A program that
 * includes this is linked with --wrap for each name (tests/CMakeLists.txt), and so works under the sanitizers too.
 */
#ifndef WEIR_TESTS_ENGINE_INTERPOSE_H
#define WEIR_TESTS_ENGINE_INTERPOSE_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

static pthread_t first_thread;
static _Atomic bool watching_workers;      /* count what threads other than the first do */
static _Atomic int64_t calls_of_workers;   /* what they did */
static const char *_Atomic call_of_worker; /* the last of it */
static _Atomic int64_t allocations;        /* of all threads */
static _Atomic int64_t fail_from; /* allocations with this number fail, and with fail_on all after it; 0: none */
static _Atomic bool fail_on;

static inline void note(const char *call) {
    if (!atomic_load_explicit(&watching_workers, memory_order_relaxed)) return;
    if (pthread_equal(pthread_self(), first_thread)) return;
    atomic_fetch_add(&calls_of_workers, 1);
    atomic_store(&call_of_worker, call);
}

/* True when this allocation is to fail. */
static inline bool note_allocation(const char *call) {
    note(call);
    int64_t number = atomic_fetch_add(&allocations, 1) + 1;
    int64_t from = atomic_load(&fail_from);
    if (from == 0 || number < from || (number > from && !atomic_load(&fail_on))) return false;
    errno = ENOMEM;
    return true;
}

void *__real_malloc(size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_malloc(size_t bytes) { return note_allocation("malloc") ? NULL : __real_malloc(bytes); }

void *__real_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes) {
    return note_allocation("calloc") ? NULL : __real_calloc(count, bytes);
}

void *__real_realloc(void *block, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes) {
    return note_allocation("realloc") ? NULL : __real_realloc(block, bytes);
}

void *__real_aligned_alloc(size_t align, size_t bytes);
void *__wrap_aligned_alloc(size_t align, size_t bytes);
void *__wrap_aligned_alloc(size_t align, size_t bytes) {
    return note_allocation("aligned_alloc") ? NULL : __real_aligned_alloc(align, bytes);
}

void *__real_mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset);
void *__wrap_mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset);
void *__wrap_mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset) {
    return note_allocation("mmap") ? MAP_FAILED : __real_mmap(address, bytes, protection, flags, file, offset);
}

int __real_munmap(void *address, size_t bytes);
int __wrap_munmap(void *address, size_t bytes);
int __wrap_munmap(void *address, size_t bytes) {
    note("munmap");
    return __real_munmap(address, bytes);
}

int __real_madvise(void *address, size_t bytes, int advice);
int __wrap_madvise(void *address, size_t bytes, int advice);
int __wrap_madvise(void *address, size_t bytes, int advice) {
    note("madvise");
    return __real_madvise(address, bytes, advice);
}

int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex) {
    note("pthread_mutex_lock");
    return __real_pthread_mutex_lock(mutex);
}

#endif
