/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/backend.h"
#include "io/fault.h"
#include "io/io.h"

#define DOCTOR_DEPTH 4
#define POLL_PAUSE_NS 200000

/* Reads of one file after which it is made known to the ring: what that costs is then soon saved. */
#define READS_TO_REGISTER 8

struct uring_state {
    struct io_uring ring;
    char *memory; /* the buffer that is registered as number 0; NULL: none */
    size_t memory_bytes;
    uint64_t file;   /* number of the file that reads went to last */
    uint32_t reads;  /* of it, up to READS_TO_REGISTER */
    bool registered; /* its descriptor is file 0 of the ring */
    bool direct;     /* and the one past the page cache file 1 */
    bool files_full; /* no more files are registered */
};

/* SINGLE_ISSUER with DEFER_TASKRUN would save some wake-ups, but then only the thread that made the ring can ever
 * complete its reads, and a handle of the public API may be created by one thread, used by another and destroyed by
 * a third, with reads in flight all the while. COOP_TASKRUN spares the interrupts and has no such rule. */
static int init_ring(struct io_uring *ring, uint32_t depth) {
    int refused = weir_io_calls.ring_setup();
    if (refused != 0) return -refused;
    int result = -EINVAL;
#ifdef IORING_SETUP_COOP_TASKRUN
    result = io_uring_queue_init(depth, ring, IORING_SETUP_COOP_TASKRUN);
#endif
    if (result == -EINVAL) result = io_uring_queue_init(depth, ring, 0);
    if (result < 0) return result;
    /* This feature came with the operation READ, in Linux 5.6; before it, every read would be refused one by one.
     */
    if ((ring->features & IORING_FEAT_RW_CUR_POS) == 0) {
        io_uring_queue_exit(ring);
        return -ENOSYS;
    }
    return 0;
}

int weir_uring_create(uint32_t depth, void **state) {
    struct uring_state *uring = calloc(1, sizeof(*uring));
    if (uring == NULL) return -ENOMEM;
    int result = init_ring(&uring->ring, depth);
    if (result < 0) {
        free(uring);
        return result;
    }
    *state = uring;
    return 0;
}

static void uring_destroy(void *state) {
    struct uring_state *uring = state;
    io_uring_queue_exit(&uring->ring);
    free(uring);
}

static int submit_entries(struct io_uring *ring) {
    int refused = weir_io_calls.ring_submit();
    if (refused != 0) return -refused;
    int result;
    do {
        result = io_uring_submit(ring);
    } while (result == -EINTR || (result > 0 && io_uring_sq_ready(ring) > 0));
    return result;
}

/* One file is registered, the first that much is read of: a ring reads one file as a rule. */
static void note_file(struct uring_state *uring, const struct weir_file *file) {
    if (uring->registered || uring->files_full) return;
    if (uring->file != file->number) uring->reads = 0;
    uring->file = file->number;
    if (++uring->reads < READS_TO_REGISTER) return;
    int descriptors[2] = {file->fd, file->direct_fd}; /* -1: an empty place */
    uring->registered = io_uring_register_files(&uring->ring, descriptors, 2) == 0;
    uring->files_full = !uring->registered;
    uring->direct = file->direct_fd >= 0;
}

static bool uring_keep_buffer(void *state, void *memory, size_t bytes) {
    struct uring_state *uring = state;
    struct iovec buffer = {memory, bytes};
    if (uring->memory != NULL || io_uring_register_buffers(&uring->ring, &buffer, 1) != 0) return false;
    uring->memory = memory;
    uring->memory_bytes = bytes;
    return true;
}

static void prepare(struct uring_state *uring, struct io_uring_sqe *entry, const struct weir_io_request *request,
                    size_t rest) {
    char *to = request->buffer + request->done;
    uint64_t place = (uint64_t)request->offset + request->done;
    int fd = weir_request_fd(request, rest);
    bool direct = fd == request->file->direct_fd;
    bool kept = direct && uring->memory != NULL && to >= uring->memory && rest <= uring->memory_bytes &&
                (size_t)(to - uring->memory) <= uring->memory_bytes - rest;
    bool known = uring->registered && uring->file == request->file->number && (uring->direct || !direct);
    if (known) fd = direct;
    if (kept) {
        io_uring_prep_read_fixed(entry, fd, to, (unsigned)rest, place, 0);
    } else {
        io_uring_prep_read(entry, fd, to, (unsigned)rest, place);
    }
    if (known) io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
}

static int uring_submit(void *state, struct weir_io_request *request) {
    struct uring_state *uring = state;
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (entry == NULL) return -EBUSY;
    size_t rest = request->bytes - request->done;
    if (rest > WEIR_READ_BYTES_MAX) rest = WEIR_READ_BYTES_MAX;
    note_file(uring, request->file);
    prepare(uring, entry, request, rest);
    io_uring_sqe_set_data(entry, request);
    int result = submit_entries(&uring->ring);
    if (io_uring_sq_ready(&uring->ring) == 0) return 0;
    /* The kernel has not taken the entry, and an entry cannot be given back: it becomes one that does nothing. */
    io_uring_prep_nop(entry); /* clears its flags, too */
    io_uring_sqe_set_data(entry, NULL);
    return result < 0 ? result : -EAGAIN;
}

/* A read that the kernel has taken must be waited for, or it would write into memory that is someone else's by
 * then. Where waiting fails (a filter installed since forbids io_uring_enter), its completion still appears in the
 * ring. */
static struct io_uring_cqe *next_completion(struct io_uring *ring) {
    struct io_uring_cqe *entry = NULL;
    while (io_uring_peek_cqe(ring, &entry) != 0 || entry == NULL) {
        int result = io_uring_wait_cqe(ring, &entry);
        if (result == 0 && entry != NULL) return entry;
        if (result == -EINTR) continue;
        struct timespec pause = {.tv_nsec = POLL_PAUSE_NS};
        nanosleep(&pause, NULL);
    }
    return entry;
}

static struct weir_io_request *uring_reap(void *state, int64_t *result) {
    struct uring_state *uring = state;
    struct weir_io_request *request = NULL;
    while (request == NULL) { /* entries without a request are those that do nothing */
        struct io_uring_cqe *entry = next_completion(&uring->ring);
        request = io_uring_cqe_get_data(entry);
        *result = entry->res;
        io_uring_cqe_seen(&uring->ring, entry);
    }
    *result = weir_io_calls.ring_result((int)*result);
    return request;
}

static bool uring_ready(void *state) {
    struct uring_state *uring = state;
    return io_uring_cq_ready(&uring->ring) > 0;
}

const struct weir_io_backend weir_uring_backend = {.name = "io_uring",
                                                   .destroy = uring_destroy,
                                                   .submit = uring_submit,
                                                   .reap = uring_reap,
                                                   .ready = uring_ready,
                                                   .keep_buffer = uring_keep_buffer};

static const char *advice(int failure) {
    switch (failure) {
    case EPERM: return "; a container's seccomp filter or the sysctl kernel.io_uring_disabled forbids it";
    case EACCES: return "; a security module of this system forbids it";
    case ENOSYS: return "; it needs Linux 5.6 or newer, or a seccomp filter hides it";
    case ENOMEM: return "; raise the limit on locked memory (ulimit -l)";
    case EMFILE: return "; raise the limit on open files (ulimit -n)";
    default: return "";
    }
}

void weir_uring_explain(int failure, char *reason, size_t size) {
    snprintf(reason, size, "io_uring is not available: %s%s", strerror(failure), advice(failure));
}

bool weir_io_uring_works(char *reason, size_t size) {
    struct io_uring ring;
    int result = init_ring(&ring, DOCTOR_DEPTH);
    if (result < 0) {
        weir_uring_explain(-result, reason, size);
        return false;
    }
    io_uring_queue_exit(&ring);
    if (size > 0) reason[0] = '\0';
    return true;
}
