/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "base/error.h"
#include "base/hash.h"
#include "io/fault.h"
#include "io/io.h"

#define BUFFER_BYTES ((size_t)256 * 1024)
#define TEMPORARY_NAME_BYTES 40
#define TEMPORARY_TRIES 16

struct weir_output {
    int fd;
    char *path;
    char *temporary; /* NULL: written directly */
    bool standard;   /* standard output: neither synced nor closed */
    bool committed;
    int64_t offset;
    size_t buffered;
    enum weir_status failed;
    struct weir_error failure;
    char buffer[];
};

/* ---- opening --------------------------------------------------------------------------------------------------
 */

static enum weir_status cannot_write(struct weir_error *error, const char *path, int reason) {
    return weir_error_set(error, WEIR_ERR_IO, "cannot write '%s': %s", path, strerror(reason));
}

static int open_for_writing(const char *path, int flags) {
    int fd;
    do {
        fd = weir_io_calls.open(path, flags | O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

static uint64_t random_number(uint64_t salt) {
    uint64_t number;
    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) == (ssize_t)sizeof(number)) return number;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return weir_hash_u64((uint64_t)now.tv_nsec + salt, (uint64_t)getpid());
}

static size_t directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* A name in the directory of path, short whatever the name of the file is, and hidden, so that whoever reads the
 * directory leaves it out. */
static char *temporary_name(const char *path, uint64_t salt) {
    size_t directory_bytes = directory_length(path);
    char *name = malloc(directory_bytes + TEMPORARY_NAME_BYTES);
    if (name == NULL) return NULL;
    memcpy(name, path, directory_bytes);
    snprintf(name + directory_bytes, TEMPORARY_NAME_BYTES, ".weir-%016llx.tmp",
             (unsigned long long)random_number(salt));
    return name;
}

static enum weir_status open_temporary(struct weir_output *output, struct weir_error *error) {
    for (uint64_t i = 0; i < TEMPORARY_TRIES; i++) {
        output->temporary = temporary_name(output->path, i);
        if (output->temporary == NULL) {
            return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to write '%s'", output->path);
        }
        output->fd = open_for_writing(output->temporary, O_EXCL);
        if (output->fd >= 0) return WEIR_OK;
        int reason = errno;
        free(output->temporary);
        output->temporary = NULL;
        if (reason != EEXIST) return cannot_write(error, output->path, reason);
    }
    return cannot_write(error, output->path, EEXIST);
}

static enum weir_status open_directly(struct weir_output *output, struct weir_error *error) {
    output->fd = open_for_writing(output->path, O_TRUNC);
    return output->fd >= 0 ? WEIR_OK : cannot_write(error, output->path, errno);
}

static enum weir_status open_target(struct weir_output *output, struct weir_error *error) {
    const char *path = output->path;
    size_t length = strlen(path);
    if (strcmp(path, "-") == 0) {
        output->standard = true;
        output->fd = STDOUT_FILENO;
        return WEIR_OK;
    }
    if (length == 0) return cannot_write(error, path, ENOENT);
    if (path[length - 1] == '/') return cannot_write(error, path, EISDIR);
    struct stat status;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT ? open_temporary(output, error) : cannot_write(error, path, errno);
    }
    if (S_ISDIR(status.st_mode)) return cannot_write(error, path, EISDIR);
    if (!S_ISREG(status.st_mode)) return open_directly(output, error);
    /* A rename would replace a file that its owner made read-only. */
    if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0) return cannot_write(error, path, errno);
    return open_temporary(output, error);
}

enum weir_status weir_output_open(const char *path, struct weir_output **out, struct weir_error *error) {
    struct weir_output *output = malloc(sizeof(*output) + BUFFER_BYTES);
    if (output == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to write '%s'", path);
    memset(output, 0, sizeof(*output));
    output->fd = -1;
    output->path = strdup(path);
    enum weir_status status = output->path != NULL
                                  ? open_target(output, error)
                                  : weir_error_set(error, WEIR_ERR_MEMORY, "no memory to write '%s'", path);
    if (status != WEIR_OK) {
        weir_output_close(&output);
        return status;
    }
    *out = output;
    return WEIR_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------
 */

static enum weir_status note_failure(struct weir_output *output, const char *doing, int reason,
                                     struct weir_error *error) {
    const char *name = output->standard ? "standard output" : output->path;
    const char *advice = "";
    if (reason == ENOSPC || reason == EDQUOT) advice = "; make room, or write elsewhere";
    if (reason == EPIPE) advice = "; the reader has gone";
    output->failed =
        weir_error_set(&output->failure, WEIR_ERR_IO, "cannot %s '%s' at byte %lld: %s%s", doing, name,
                       (long long)(output->offset - (int64_t)output->buffered), strerror(reason), advice);
    if (error != NULL) *error = output->failure;
    return output->failed;
}

static enum weir_status repeat_failure(const struct weir_output *output, struct weir_error *error) {
    if (error != NULL) *error = output->failure;
    return output->failed;
}

/* Writes all of it, through EINTR, short writes and a pipe that somebody made non-blocking. 0 or an errno. */
static int write_all(int fd, const char *data, size_t bytes, size_t *done) {
    *done = 0;
    while (*done < bytes) {
        ssize_t written = weir_io_calls.write(fd, data + *done, bytes - *done);
        if (written > 0) {
            *done += (size_t)written;
        } else if (written == 0) {
            return EIO;
        } else if (errno == EAGAIN) {
            struct pollfd ready = {.fd = fd, .events = POLLOUT};
            if (poll(&ready, 1, -1) < 0 && errno != EINTR) return errno;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

static enum weir_status flush(struct weir_output *output, struct weir_error *error) {
    size_t done;
    int reason = write_all(output->fd, output->buffer, output->buffered, &done);
    output->buffered -= done;
    return reason == 0 ? WEIR_OK : note_failure(output, "write", reason, error);
}

static enum weir_status check_open(struct weir_output *output, struct weir_error *error) {
    if (output->failed != WEIR_OK) return repeat_failure(output, error);
    if (!output->committed) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_STATE, "'%s' is written and closed already", output->path);
}

enum weir_status weir_output_write(struct weir_output *output, const void *data, size_t bytes,
                                   struct weir_error *error) {
    enum weir_status status = check_open(output, error);
    if (status != WEIR_OK) return status;
    if (bytes > BUFFER_BYTES - output->buffered) status = flush(output, error);
    if (status != WEIR_OK) return status;
    if (bytes < BUFFER_BYTES) {
        if (bytes > 0) memcpy(output->buffer + output->buffered, data, bytes);
        output->buffered += bytes;
        output->offset += (int64_t)bytes;
        return WEIR_OK;
    }
    size_t done;
    int reason = write_all(output->fd, data, bytes, &done);
    output->offset += (int64_t)done;
    return reason == 0 ? WEIR_OK : note_failure(output, "write", reason, error);
}

enum weir_status weir_output_flush(struct weir_output *output, struct weir_error *error) {
    enum weir_status status = check_open(output, error);
    return status == WEIR_OK ? flush(output, error) : status;
}

int64_t weir_output_offset(const struct weir_output *output) { return output->offset; }

/* ---- the end --------------------------------------------------------------------------------------------------
 */

static int sync_fd(int fd) {
    int result;
    do {
        result = weir_io_calls.fsync(fd);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

/* Pipes, devices and the directories of some file systems cannot be synced and say so; a plain file always can. */
static int sync_fd_if_possible(int fd) {
    int reason = sync_fd(fd);
    return reason == EINVAL || reason == ENOTSUP || reason == EROFS ? 0 : reason;
}

/* Makes the new name durable. */
static int sync_directory(const char *directory) {
    int fd = weir_io_calls.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0) return errno == EACCES ? 0 : errno; /* one may write into a directory that one may not list */
    int reason = sync_fd_if_possible(fd);
    close(fd);
    return reason;
}

static int close_fd(struct weir_output *output) {
    int result = close(output->fd);
    output->fd = -1; /* closed even when it fails (close(2)) */
    return result == 0 || errno == EINTR ? 0 : errno;
}

static enum weir_status rename_temporary(struct weir_output *output, struct weir_error *error) {
    char *temporary = output->temporary;
    if (weir_io_calls.rename(temporary, output->path) != 0) return note_failure(output, "rename to", errno, error);
    output->temporary = NULL;
    temporary[directory_length(temporary)] = '\0'; /* what is left of the name is the directory's */
    int reason = sync_directory(temporary[0] != '\0' ? temporary : ".");
    free(temporary);
    return reason == 0 ? WEIR_OK : note_failure(output, "make durable the directory of", reason, error);
}

enum weir_status weir_output_commit(struct weir_output *output, struct weir_error *error) {
    enum weir_status status = check_open(output, error);
    if (status == WEIR_OK) status = flush(output, error);
    if (status != WEIR_OK) return status;
    if (!output->standard) {
        int reason = output->temporary != NULL ? sync_fd(output->fd) : sync_fd_if_possible(output->fd);
        if (reason != 0) return note_failure(output, "make durable", reason, error);
        reason = close_fd(output);
        if (reason != 0) return note_failure(output, "close", reason, error);
    }
    if (output->temporary != NULL) status = rename_temporary(output, error);
    if (status == WEIR_OK) output->committed = true;
    return status;
}

void weir_output_close(struct weir_output **output_address) {
    if (output_address == NULL || *output_address == NULL) return;
    struct weir_output *output = *output_address;
    *output_address = NULL;
    if (output->fd >= 0 && !output->standard) close(output->fd);
    if (output->temporary != NULL) unlink(output->temporary);
    free(output->temporary);
    free(output->path);
    free(output);
}
