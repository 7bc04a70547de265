/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/checked.h"
#include "base/error.h"
#include "io/backend.h"
#include "io/fault.h"
#include "io/io.h"

static const char *kind_name(mode_t mode) {
    if (S_ISDIR(mode)) return "a directory";
    if (S_ISFIFO(mode)) return "a pipe";
    if (S_ISSOCK(mode)) return "a socket";
    if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
    return "of an unknown kind";
}

static int open_for_reading(const char *path) {
    /* O_NONBLOCK: a pipe without a writer would hold the caller forever before it could be refused. */
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, fd;
    do {
        fd = weir_io_calls.open(path, flags, 0);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

static enum weir_status refuse(const char *path, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_IO, "cannot open '%s': %s", path, strerror(errno));
}

/* Checks that fd can be read at any offset, and fills *size. */
static enum weir_status check_regular(int fd, const char *path, int64_t *size, struct weir_error *error) {
    struct stat status;
    if (fstat(fd, &status) != 0) return refuse(path, error);
    if (!S_ISREG(status.st_mode)) {
        return weir_error_set(error, WEIR_ERR_IO, "cannot read '%s': it is %s, and only regular files can be read",
                              path, kind_name(status.st_mode));
    }
    /* Left on, io_uring would answer EAGAIN instead of waiting for the disk. */
    if (fcntl(fd, F_SETFL, 0) != 0) return refuse(path, error);
    *size = status.st_size;
    return WEIR_OK;
}

enum weir_status weir_file_open(const char *path, struct weir_file **out, struct weir_error *error) {
    size_t path_bytes = strlen(path) + 1;
    struct weir_file *file = malloc(sizeof(*file) + path_bytes);
    if (file == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to open '%s'", path);
    static _Atomic uint64_t files_opened;
    memcpy(file->path, path, path_bytes);
    file->direct_fd = -1;
    file->number = atomic_fetch_add_explicit(&files_opened, 1, memory_order_relaxed) + 1;
    file->fd = open_for_reading(path);
    if (file->fd < 0) {
        enum weir_status failed = refuse(path, error);
        free(file);
        return failed;
    }
    enum weir_status status = check_regular(file->fd, path, &file->size, error);
    if (status != WEIR_OK) {
        weir_file_close(&file);
        return status;
    }
    *out = file;
    return WEIR_OK;
}

void weir_file_close(struct weir_file **file) {
    if (file == NULL || *file == NULL) return;
    close((*file)->fd); /* of a file that was only read: nothing can be lost */
    if ((*file)->direct_fd >= 0) close((*file)->direct_fd);
    free(*file);
    *file = NULL;
}

int64_t weir_file_size(const struct weir_file *file) { return file->size; }

const char *weir_file_path(const struct weir_file *file) { return file->path; }

enum weir_status weir_file_read_exact(struct weir_file *file, int64_t offset, void *buffer, size_t bytes,
                                      struct weir_error *error) {
    int64_t end;
    if (offset < 0 || bytes > INT64_MAX || !weir_add_i64(offset, (int64_t)bytes, &end)) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' is asked for %zu bytes at byte %lld: no such range",
                              file->path, bytes, (long long)offset);
    }
    int64_t got = weir_posix_read(file, offset, buffer, bytes);
    if (got < 0) {
        return weir_error_set(error, WEIR_ERR_IO, "cannot read '%s' at byte %lld: %s", file->path,
                              (long long)offset, strerror((int)-got));
    }
    if ((size_t)got == bytes) return WEIR_OK;
    struct stat status;
    int64_t size = fstat(file->fd, &status) == 0 ? status.st_size : file->size;
    return weir_error_set(error, WEIR_ERR_FORMAT,
                          "'%s' is cut short: %zu bytes are expected at byte %lld, but the file ends at byte %lld",
                          file->path, bytes, (long long)offset, (long long)size);
}
