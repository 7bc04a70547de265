/* SPDX-License-Identifier: Apache-2.0 */
#include "io/io.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/checked.h"
#include "base/error.h"
#include "io/backend.h"

#define DEPTH_DEFAULT 16
#define DEPTH_MAX 256
#define REASON_BYTES 256

struct weir_io {
    const struct weir_io_backend *backend;
    void *state;
    uint32_t depth;
    uint32_t in_flight;                /* requests that the backend holds */
    uint64_t waits;                    /* for a read that was not done yet */
    struct weir_io_request *free;      /* by next */
    struct weir_io_request *finished;  /* oldest first, by next */
    struct weir_io_request *last;      /* of finished; meaningful when that is not empty */
    struct weir_io_request *allocated; /* all of them, by allocated */
};

/* ---- choosing the implementation ------------------------------------------------------------------------------
 */

#ifdef WEIR_HAVE_URING
/* A script over a thousand files opens a thousand streams; its user is told once. */
static bool told_already(const struct weir_io_options *options) {
    static _Atomic uintptr_t told;
    uintptr_t listener = (uintptr_t)options->log ^ (uintptr_t)options->log_user;
    return atomic_exchange_explicit(&told, listener, memory_order_relaxed) == listener;
}

static void tell(const struct weir_io_options *options, int failure) {
    if (options->log == NULL || told_already(options)) return;
    char reason[REASON_BYTES], text[REASON_BYTES + 64];
    weir_uring_explain(failure, reason, sizeof(reason));
    snprintf(text, sizeof(text), "%s. Files are read with pread instead.", reason);
    options->log(options->log_user, text);
}

static void try_uring(struct weir_io *io, const struct weir_io_options *options) {
    int result = weir_uring_create(io->depth, &io->state);
    if (result == 0) {
        io->backend = &weir_uring_backend;
    } else {
        tell(options, -result);
    }
}
#else
static void try_uring(struct weir_io *io, const struct weir_io_options *options) {
    (void)io;
    (void)options;
}

bool weir_io_uring_works(char *reason, size_t size) {
    snprintf(reason, size, "this weir was built without io_uring (liburing was not found)");
    return false;
}
#endif

enum weir_status weir_io_create(const struct weir_io_options *options, struct weir_io **out,
                                struct weir_error *error) {
    static const struct weir_io_options defaults;
    if (options == NULL) options = &defaults;
    if (options->depth > DEPTH_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID, "depth of reads is %u; it must be 1 to %d, or 0 for %d",
                              options->depth, DEPTH_MAX, DEPTH_DEFAULT);
    }
    struct weir_io *io = calloc(1, sizeof(*io));
    if (io == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for reading files");
    io->depth = options->depth == 0 ? DEPTH_DEFAULT : options->depth;
    if (!options->plain) try_uring(io, options);
    if (io->backend == NULL) {
        io->backend = &weir_posix_backend;
        io->state = weir_posix_create();
        if (io->state == NULL) {
            free(io);
            return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for reading files");
        }
    }
    *out = io;
    return WEIR_OK;
}

const char *weir_io_name(const struct weir_io *io) { return io->backend->name; }

/* ---- requests -------------------------------------------------------------------------------------------------
 */

static struct weir_io_request *take_request(struct weir_io *io) {
    struct weir_io_request *request = io->free;
    if (request != NULL) {
        io->free = request->next;
        return request;
    }
    request = malloc(sizeof(*request));
    if (request == NULL) return NULL;
    request->allocated = io->allocated;
    io->allocated = request;
    return request;
}

static void give_request(struct weir_io *io, struct weir_io_request *request) {
    request->next = io->free;
    io->free = request;
}

static void finish(struct weir_io *io, struct weir_io_request *request) {
    request->next = NULL;
    if (io->finished == NULL) {
        io->finished = request;
    } else {
        io->last->next = request;
    }
    io->last = request;
}

/* The way out for reads that the implementation does not take, or gave up for a reason that says nothing about the
 * file. */
static void finish_plainly(struct weir_io *io, struct weir_io_request *request) {
    int64_t result = weir_posix_read(request->file, request->offset + (int64_t)request->done,
                                     request->buffer + request->done, request->bytes - request->done);
    if (result < 0) {
        request->failure = (int)-result;
    } else {
        request->done += (size_t)result;
    }
    finish(io, request);
}

/* Lacks the operation (this kernel, this file system), or a resource; or the thread that began the read has ended
 * since: the kernel then cancels the read, or finds itself without that thread's memory (EFAULT). */
static bool plain_may_help(int64_t result) {
    return result == -EINVAL || result == -EOPNOTSUPP || result == -EAGAIN || result == -ENOMEM ||
           result == -ENOBUFS || result == -ECANCELED || result == -EFAULT;
}

static void begin(struct weir_io *io, struct weir_io_request *request) {
    if (io->backend->submit(io->state, request) == 0) {
        io->in_flight++;
    } else {
        finish_plainly(io, request);
    }
}

/* Waits for the implementation to say something about one request, and finishes or continues that. */
static void step(struct weir_io *io) {
    int64_t result;
    io->waits += !io->backend->ready(io->state);
    struct weir_io_request *request = io->backend->reap(io->state, &result);
    io->in_flight--;
    if (result > 0) {
        WEIR_ASSERT((uint64_t)result <= request->bytes - request->done);
        request->done += (size_t)result;
    }
    if (result == 0 || request->done == request->bytes) {
        finish(io, request);
    } else if (result > 0 || result == -EINTR) {
        begin(io, request);
    } else if (plain_may_help(result)) {
        finish_plainly(io, request);
    } else {
        request->failure = (int)-result;
        finish(io, request);
    }
}

enum weir_status weir_io_read(struct weir_io *io, struct weir_file *file, int64_t offset, void *buffer,
                              size_t bytes, uint64_t tag, struct weir_error *error) {
    int64_t end;
    if (offset < 0 || bytes > INT64_MAX || !weir_add_i64(offset, (int64_t)bytes, &end)) {
        return weir_error_set(error, WEIR_ERR_INVALID, "cannot read %zu bytes at byte %lld of '%s': no such range",
                              bytes, (long long)offset, file->path);
    }
    struct weir_io_request *request = take_request(io);
    if (request == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for reading '%s'", file->path);
    request->file = file;
    request->offset = offset;
    request->buffer = buffer;
    request->bytes = bytes;
    request->done = 0;
    request->tag = tag;
    request->failure = 0;
    while (io->in_flight >= io->depth) step(io);
    if (bytes == 0) {
        finish(io, request);
    } else {
        begin(io, request);
    }
    return WEIR_OK;
}

enum weir_status weir_io_wait(struct weir_io *io, struct weir_io_completion *out, struct weir_error *error) {
    while (io->finished == NULL) {
        if (io->in_flight == 0) return WEIR_END;
        step(io);
    }
    struct weir_io_request *request = io->finished;
    io->finished = request->next;
    out->tag = request->tag;
    out->bytes = (int64_t)request->done;
    enum weir_status status = WEIR_OK;
    if (request->failure != 0) {
        status = weir_error_set(error, WEIR_ERR_IO, "cannot read '%s' at byte %lld: %s", request->file->path,
                                (long long)(request->offset + (int64_t)request->done), strerror(request->failure));
    }
    give_request(io, request);
    return status;
}

bool weir_io_register(struct weir_io *io, void *memory, size_t bytes) {
    if (io->backend->keep_buffer == NULL || bytes > WEIR_READ_BYTES_MAX) return false;
    return io->backend->keep_buffer(io->state, memory, bytes);
}

uint64_t weir_io_waits(const struct weir_io *io) { return io->waits; }

/* No read may still write into its buffer after this returns. */
static void drain(struct weir_io *io) {
    while (io->in_flight > 0) {
        int64_t result;
        (void)io->backend->reap(io->state, &result);
        io->in_flight--;
    }
}

void weir_io_destroy(struct weir_io **io_address) {
    if (io_address == NULL || *io_address == NULL) return;
    struct weir_io *io = *io_address;
    *io_address = NULL;
    drain(io);
    io->backend->destroy(io->state);
    while (io->allocated != NULL) {
        struct weir_io_request *older = io->allocated->allocated;
        free(io->allocated);
        io->allocated = older;
    }
    free(io);
}
