/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes that come as time goes by and come once: standard input, a named pipe, another descriptor of the process.
 * Nothing is read ahead of what is asked for, and waiting has an end, so that whoever reads can do other things in
 * between.
 *
 * A pipe is used by one thread at a time. Not for: regular files (see io.h), which are read at any offset.
 */
#ifndef WEIR_IO_PIPE_H
#define WEIR_IO_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weir/types.h"

struct weir_pipe;

/* What `path` names. */
enum weir_pipe_kind {
    WEIR_PIPE_NONE,  /* no pipe: a regular file, a directory, a pattern, or nothing */
    WEIR_PIPE_NAMED, /* a named pipe (FIFO) */
    WEIR_PIPE_OPEN,  /* a descriptor that is open: "-" and "/dev/stdin" (0), "/dev/fd/N", "/proc/self/fd/N" */
};

/* A descriptor whose file is regular and stands at its first byte is none: *plain is then the path under which it
 * is read like any other file; else *plain is `path`. */
enum weir_pipe_kind weir_pipe_kind_of(const char *path, const char **plain);

/* Opens it for reading; does not wait for a writer. Errors: WEIR_ERR_IO (not open for reading, no permission),
 * WEIR_ERR_STATE (a descriptor from which an earlier pipe has read: its bytes cannot come twice), WEIR_ERR_MEMORY.
 */
enum weir_status weir_pipe_open(const char *path, struct weir_pipe **out, struct weir_error *error);
void weir_pipe_close(struct weir_pipe **pipe);

/* For messages: "standard input", or the path. */
const char *weir_pipe_name(const struct weir_pipe *pipe);

/* Reads what there is, at most `bytes` (> 0); where there is nothing, waits for it at most wait_ms (0: not at all;
 * negative: as long as it takes, also for the first writer of a named pipe). WEIR_OK: *got >= 1 bytes. WEIR_AGAIN:
 * nothing came in time. WEIR_END: the last writer has gone, or the end of the file was reached. WEIR_ERR_IO. */
enum weir_status weir_pipe_read(struct weir_pipe *pipe, void *buffer, size_t bytes, int64_t wait_ms, size_t *got,
                                struct weir_error *error);

/* From hold on, what is read is also kept; rewind ends that, and the next reads give what was kept once more. For
 * looking at the first bytes: the kept ones lie in memory. */
void weir_pipe_hold(struct weir_pipe *pipe);
void weir_pipe_rewind(struct weir_pipe *pipe);

#endif
