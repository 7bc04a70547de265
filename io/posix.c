/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "io/backend.h"
#include "io/fault.h"

#if WEIR_IO_FAULTS
struct weir_io_calls weir_io_calls = WEIR_IO_CALLS_REAL;
#endif

#define AGAIN_MAX 100
#define AGAIN_PAUSE_NS 1000000

/* No regular file should say EAGAIN; some network and user-space file systems do when they are short of something.
 */
static bool pause_before_again(int *again_count) {
    if (++*again_count > AGAIN_MAX) return false;
    struct timespec pause = {.tv_nsec = AGAIN_PAUSE_NS};
    nanosleep(&pause, NULL);
    return true;
}

static int64_t read_by(int fd, int64_t offset, void *buffer, size_t bytes) {
    size_t done = 0;
    int again_count = 0;
    while (done < bytes) {
        size_t rest = bytes - done < WEIR_READ_BYTES_MAX ? bytes - done : WEIR_READ_BYTES_MAX;
        ssize_t got = weir_io_calls.pread(fd, (char *)buffer + done, rest, (off_t)(offset + (int64_t)done));
        if (got > 0) {
            done += (size_t)got;
        } else if (got == 0) {
            break;
        } else if (errno == EAGAIN) {
            if (!pause_before_again(&again_count)) return -EAGAIN;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return (int64_t)done;
}

int64_t weir_posix_read(const struct weir_file *file, int64_t offset, void *buffer, size_t bytes) {
    return read_by(file->fd, offset, buffer, bytes);
}

/* Requests wait here, oldest first, until reap reads them: the data then arrive in a buffer that is about to be
 * used. What runs ahead meanwhile is the kernel's readahead, which submit asks for. */
struct posix_queue {
    struct weir_io_request *first;
    struct weir_io_request *last;
};

void *weir_posix_create(void) { return calloc(1, sizeof(struct posix_queue)); }

static void posix_destroy(void *state) { free(state); }

static int posix_submit(void *state, struct weir_io_request *request) {
    struct posix_queue *queue = state;
    /* Advice only: what it answers changes nothing. */
    size_t rest = request->bytes - request->done;
    if (weir_request_fd(request, rest) == request->file->fd)
        (void)posix_fadvise(request->file->fd, (off_t)(request->offset + (int64_t)request->done),
                            (off_t)(request->bytes - request->done), POSIX_FADV_WILLNEED);
    request->next = NULL;
    if (queue->first == NULL) {
        queue->first = request;
    } else {
        queue->last->next = request;
    }
    queue->last = request;
    return 0;
}

static struct weir_io_request *posix_reap(void *state, int64_t *result) {
    struct posix_queue *queue = state;
    struct weir_io_request *request = queue->first;
    queue->first = request->next;
    size_t rest = request->bytes - request->done;
    *result = read_by(weir_request_fd(request, rest), request->offset + (int64_t)request->done,
                      request->buffer + request->done, rest);
    return request;
}

/* Nothing has been read before reap. */
static bool posix_ready(void *state) {
    (void)state;
    return false;
}

const struct weir_io_backend weir_posix_backend = {
    .name = "pread", .destroy = posix_destroy, .submit = posix_submit, .reap = posix_reap, .ready = posix_ready};
