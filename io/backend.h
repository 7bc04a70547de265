/* SPDX-License-Identifier: Apache-2.0
 *
 * What an implementation of asynchronous reads gives to io.c. An implementation only starts a read and says what
 * came of it; io.c alone decides whether a short read is continued, tried again, or done plainly.
 */
#ifndef WEIR_IO_BACKEND_H
#define WEIR_IO_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weir_file {
    int fd;
    int direct_fd;   /* the same file past the page cache, or -1 */
    uint64_t number; /* no other file of this process has it, neither before nor after */
    int64_t size;    /* bytes, when it was opened */
    char path[];
};

/* One read. Lives in io.c's list of free requests, in an implementation, or in the queue of finished ones. */
struct weir_io_request {
    struct weir_file *file;
    int64_t offset;
    char *buffer;
    size_t bytes; /* asked */
    size_t done;  /* read so far; an implementation reads what is missing */
    uint64_t tag;
    int failure; /* errno, or 0 */
    struct weir_io_request *next;
    struct weir_io_request *allocated; /* all requests of a weir_io, for freeing */
};

struct weir_io_backend {
    const char *name;
    /* Nothing is in flight when it is called. */
    void (*destroy)(void *state);
    /* Begins to read what is missing. 0, or a negative errno: not accepted, the request is the caller's again. */
    int (*submit)(void *state, struct weir_io_request *request);
    /* Waits for one of the submitted requests (there is one). *result: bytes, 0 at the end of the file, or a
     * negative errno. */
    struct weir_io_request *(*reap)(void *state, int64_t *result);
    /* Whether one of the submitted requests (there is one) is done, so that reap would not wait. */
    bool (*ready)(void *state);
    /* See weir_io_register. NULL: there is nothing to be told. */
    bool (*keep_buffer)(void *state, void *memory, size_t bytes);
};

/* One call of the kernel reads at most this much; the rest is continued. */
#define WEIR_READ_BYTES_MAX ((size_t)1 << 30)

/* The descriptor by which the next `rest` bytes of a request are read: past the page cache where the file goes
 * there and all is aligned. (direct.c) */
int weir_request_fd(const struct weir_io_request *request, size_t rest);

/* posix.c. NULL when memory is short. */
extern const struct weir_io_backend weir_posix_backend;
void *weir_posix_create(void);

/* Reads until `bytes` or the end of the file, through EINTR and short reads. Bytes, or a negative errno. (posix.c)
 */
int64_t weir_posix_read(const struct weir_file *file, int64_t offset, void *buffer, size_t bytes);

#ifdef WEIR_HAVE_URING
extern const struct weir_io_backend weir_uring_backend;
/* A ring for `depth` reads in flight: 0 and *state, or a negative errno: io_uring cannot be used here. (uring.c) */
int weir_uring_create(uint32_t depth, void **state);
/* Says in one line why a ring could not be had, from the errno. */
void weir_uring_explain(int failure, char *reason, size_t size);
#endif

#endif
