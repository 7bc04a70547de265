/* SPDX-License-Identifier: Apache-2.0
 *
 * The system calls of this room as one table, so that a test can make the k-th one fail. In builds without
 * assertions the table is a constant and every call through it is a direct call.
 *
 * Not for: anything but io/ and its tests.
 */
#ifndef WEIR_IO_FAULT_H
#define WEIR_IO_FAULT_H

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/check.h"

WEIR_STATIC(sizeof(off_t) == 8, "files are addressed with 64 bits");

struct weir_io_calls {
    int (*open)(const char *path, int flags, mode_t mode);
    ssize_t (*pread)(int fd, void *buffer, size_t bytes, off_t offset);
    ssize_t (*read)(int fd, void *buffer, size_t bytes);
    int (*poll)(struct pollfd *descriptors, nfds_t count, int wait_ms);
    ssize_t (*write)(int fd, const void *data, size_t bytes);
    int (*fsync)(int fd);
    int (*rename)(const char *from, const char *to);
    int (*ring_setup)(void);        /* 0, or the errno with which io_uring_setup is made to fail */
    int (*ring_submit)(void);       /* 0, or the errno with which a submission is made to fail */
    int (*ring_result)(int result); /* what a completion of io_uring is made to say, from what it said */
};

WEIR_INLINE int weir_call_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
WEIR_INLINE int weir_call_ring_setup(void) { return 0; }
WEIR_INLINE int weir_call_ring_submit(void) { return 0; }
WEIR_INLINE int weir_call_ring_result(int result) { return result; }

#define WEIR_IO_CALLS_REAL                                                                                         \
    {                                                                                                              \
        .open = weir_call_open, .pread = pread, .read = read, .poll = poll, .write = write, .fsync = fsync,        \
        .rename = rename, .ring_setup = weir_call_ring_setup, .ring_submit = weir_call_ring_submit,                \
        .ring_result = weir_call_ring_result                                                                       \
    }

#if WEIR_ASSERTIONS >= 1
#define WEIR_IO_FAULTS 1
extern struct weir_io_calls weir_io_calls; /* posix.c; tests put their own functions in and back */
#else
#define WEIR_IO_FAULTS 0
static const struct weir_io_calls weir_io_calls = WEIR_IO_CALLS_REAL;
#endif

#endif
