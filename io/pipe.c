/* SPDX-License-Identifier: Apache-2.0 */
#include "io/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/monotonic.h"
#include "io/fault.h"

struct weir_pipe {
    int fd;
    bool is_named;
    bool has_read; /* a byte has come */
    bool has_ended;
    bool keeps;
    char *kept; /* bytes read since hold */
    size_t kept_used;
    size_t kept_room;
    size_t kept_next; /* the first that is to be given again; kept_used: none */
    dev_t device;     /* of what the descriptor leads to */
    ino_t inode;
    char name[];
};

/* ---- what a path names ----------------------------------------------------------------------------------------
 */

/* The number behind `prefix`, or -1. */
static int descriptor_behind(const char *path, const char *prefix) {
    size_t length = strlen(prefix);
    if (strncmp(path, prefix, length) != 0) return -1;
    const char *at = path + length;
    int number = 0;
    if (*at == '\0') return -1;
    for (; *at >= '0' && *at <= '9' && number < INT_MAX / 10 - 1; at++) number = number * 10 + (*at - '0');
    return *at == '\0' ? number : -1;
}

static int descriptor_of(const char *path) {
    if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdin") == 0) return STDIN_FILENO;
    int fd = descriptor_behind(path, "/dev/fd/");
    return fd >= 0 ? fd : descriptor_behind(path, "/proc/self/fd/");
}

enum weir_pipe_kind weir_pipe_kind_of(const char *path, const char **plain) {
    struct stat status;
    int fd = descriptor_of(path);
    *plain = path;
    if (fd < 0) return stat(path, &status) == 0 && S_ISFIFO(status.st_mode) ? WEIR_PIPE_NAMED : WEIR_PIPE_NONE;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || lseek(fd, 0, SEEK_CUR) != 0) return WEIR_PIPE_OPEN;
    if (strcmp(path, "-") == 0) *plain = "/dev/stdin";
    /* Where /dev or /proc is missing the descriptor itself can still be read. */
    return access(*plain, R_OK) == 0 ? WEIR_PIPE_NONE : WEIR_PIPE_OPEN;
}

/* ---- descriptors give their bytes once ------------------------------------------------------------------------
 */

static pthread_mutex_t taken_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    bool is_set;
    dev_t device;
    ino_t inode;
} taken; /* the pipe behind a descriptor that was read last; under taken_lock */

static bool is_taken(const struct weir_pipe *pipe) {
    pthread_mutex_lock(&taken_lock);
    bool is = taken.is_set && taken.device == pipe->device && taken.inode == pipe->inode;
    pthread_mutex_unlock(&taken_lock);
    return is;
}

static void take(const struct weir_pipe *pipe) {
    pthread_mutex_lock(&taken_lock);
    taken.is_set = true;
    taken.device = pipe->device;
    taken.inode = pipe->inode;
    pthread_mutex_unlock(&taken_lock);
}

/* ---- opening --------------------------------------------------------------------------------------------------
 */

static enum weir_status cannot_open(const struct weir_pipe *pipe, const char *reason, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_IO, "cannot read '%s': %s", pipe->name, reason);
}

static enum weir_status open_named(struct weir_pipe *pipe, struct weir_error *error) {
    /* O_NONBLOCK: the open would otherwise wait for a writer, for ever perhaps. */
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    do {
        pipe->fd = weir_io_calls.open(pipe->name, flags, 0);
    } while (pipe->fd < 0 && errno == EINTR);
    return pipe->fd >= 0 ? WEIR_OK : cannot_open(pipe, strerror(errno), error);
}

/* The descriptor is copied, not opened anew: it keeps its place in a file, and a pipe that has lost its writer
 * already still says so. */
static enum weir_status copy_descriptor(struct weir_pipe *pipe, int fd, struct weir_error *error) {
    struct stat status;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return cannot_open(pipe, "it is not open", error);
    if ((flags & O_ACCMODE) == O_WRONLY) {
        return cannot_open(pipe, "it is not open for reading (a script that comes from there takes all of it)",
                           error);
    }
    pipe->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (pipe->fd < 0 || fstat(pipe->fd, &status) != 0) return cannot_open(pipe, strerror(errno), error);
    if (S_ISDIR(status.st_mode)) return cannot_open(pipe, "it is a directory", error);
    if (S_ISCHR(status.st_mode)) return WEIR_OK; /* a terminal has ever more; /dev/null never has any */
    pipe->device = status.st_dev;
    pipe->inode = status.st_ino;
    if (!is_taken(pipe)) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_STATE,
                          "'%s' has been read by an earlier statement, and what came through it is gone; write it "
                          "to a file to read it twice",
                          pipe->name);
}

enum weir_status weir_pipe_open(const char *path, struct weir_pipe **out, struct weir_error *error) {
    int fd = descriptor_of(path);
    const char *name = fd == STDIN_FILENO ? "standard input" : path;
    size_t name_bytes = strlen(name) + 1;
    struct weir_pipe *pipe = calloc(1, sizeof(*pipe) + name_bytes);
    if (pipe == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read '%s'", path);
    memcpy(pipe->name, name, name_bytes);
    pipe->fd = -1;
    pipe->is_named = fd < 0;
    enum weir_status status = fd < 0 ? open_named(pipe, error) : copy_descriptor(pipe, fd, error);
    if (status != WEIR_OK) {
        weir_pipe_close(&pipe);
        return status;
    }
    *out = pipe;
    return WEIR_OK;
}

void weir_pipe_close(struct weir_pipe **pipe) {
    if (pipe == NULL || *pipe == NULL) return;
    if ((*pipe)->fd >= 0) close((*pipe)->fd);
    free((*pipe)->kept);
    free(*pipe);
    *pipe = NULL;
}

const char *weir_pipe_name(const struct weir_pipe *pipe) { return pipe->name; }

/* ---- reading --------------------------------------------------------------------------------------------------
 */

/* A named pipe that was opened after its writer had left never reports a hang-up. A read of it does, and is tried
 * so often. */
#define NAMED_WAIT_MS 100

/* Waits for a read to be worth while, at most wait_ms (negative: no limit). */
static void wait_ready(const struct weir_pipe *pipe, int64_t wait_ms) {
    struct pollfd ready = {.fd = pipe->fd, .events = POLLIN};
    if (pipe->is_named && pipe->has_read && (wait_ms < 0 || wait_ms > NAMED_WAIT_MS)) wait_ms = NAMED_WAIT_MS;
    (void)weir_io_calls.poll(&ready, 1, (int)(wait_ms < INT_MAX ? wait_ms : INT_MAX));
}

/* Whether a read would not wait; errors are left to it. */
static bool is_ready(const struct weir_pipe *pipe) {
    struct pollfd ready = {.fd = pipe->fd, .events = POLLIN};
    int result;
    /* Once something has come, a named pipe without writers means the end; before, that nobody has begun. */
    if (pipe->is_named && pipe->has_read) return true;
    do {
        result = weir_io_calls.poll(&ready, 1, 0);
    } while (result < 0 && errno == EINTR);
    return result != 0;
}

/* One read. WEIR_AGAIN: nothing is there (another reader of the pipe was faster). */
static enum weir_status read_once(struct weir_pipe *pipe, void *buffer, size_t bytes, size_t *got,
                                  struct weir_error *error) {
    ssize_t result;
    do {
        result = weir_io_calls.read(pipe->fd, buffer, bytes < SSIZE_MAX ? bytes : SSIZE_MAX);
    } while (result < 0 && errno == EINTR);
    if (result < 0 && errno == EAGAIN) return WEIR_AGAIN;
    if (result < 0) return weir_error_set(error, WEIR_ERR_IO, "cannot read '%s': %s", pipe->name, strerror(errno));
    pipe->has_ended = result == 0;
    if (result == 0) return WEIR_END;
    if (pipe->inode != 0 && !pipe->has_read) take(pipe);
    pipe->has_read = true;
    *got = (size_t)result;
    return WEIR_OK;
}

static enum weir_status read_descriptor(struct weir_pipe *pipe, void *buffer, size_t bytes, int64_t wait_ms,
                                        size_t *got, struct weir_error *error) {
    int64_t until = wait_ms < 0 ? 0 : weir_add_saturate_i64(weir_monotonic_ms(), wait_ms);
    for (;;) {
        enum weir_status status = WEIR_AGAIN;
        if (is_ready(pipe)) status = read_once(pipe, buffer, bytes, got, error);
        if (status != WEIR_AGAIN) return status;
        int64_t left = wait_ms < 0 ? -1 : until - weir_monotonic_ms();
        if (wait_ms >= 0 && left <= 0) return WEIR_AGAIN;
        wait_ready(pipe, left);
    }
}

static enum weir_status keep(struct weir_pipe *pipe, const void *data, size_t bytes, struct weir_error *error) {
    if (bytes > pipe->kept_room - pipe->kept_used) {
        size_t room = pipe->kept_room == 0 ? 65536 : pipe->kept_room;
        while (room - pipe->kept_used < bytes) room *= 2;
        char *grown = realloc(pipe->kept, room);
        if (grown == NULL)
            return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to look at the first bytes of '%s'",
                                  pipe->name);
        pipe->kept = grown;
        pipe->kept_room = room;
    }
    memcpy(pipe->kept + pipe->kept_used, data, bytes);
    pipe->kept_used += bytes;
    pipe->kept_next = pipe->kept_used;
    return WEIR_OK;
}

static void give_kept(struct weir_pipe *pipe, void *buffer, size_t bytes, size_t *got) {
    size_t left = pipe->kept_used - pipe->kept_next;
    *got = bytes < left ? bytes : left;
    memcpy(buffer, pipe->kept + pipe->kept_next, *got);
    pipe->kept_next += *got;
    if (pipe->kept_next < pipe->kept_used || pipe->keeps) return;
    free(pipe->kept);
    pipe->kept = NULL;
    pipe->kept_used = pipe->kept_room = pipe->kept_next = 0;
}

enum weir_status weir_pipe_read(struct weir_pipe *pipe, void *buffer, size_t bytes, int64_t wait_ms, size_t *got,
                                struct weir_error *error) {
    if (pipe->kept_next < pipe->kept_used) {
        give_kept(pipe, buffer, bytes, got);
        return WEIR_OK;
    }
    if (pipe->has_ended) return WEIR_END;
    enum weir_status status = read_descriptor(pipe, buffer, bytes, wait_ms, got, error);
    if (status == WEIR_OK && pipe->keeps) status = keep(pipe, buffer, *got, error);
    return status;
}

void weir_pipe_hold(struct weir_pipe *pipe) { pipe->keeps = true; }

void weir_pipe_rewind(struct weir_pipe *pipe) {
    pipe->keeps = false;
    pipe->kept_next = 0;
}
