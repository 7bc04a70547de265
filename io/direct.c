/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "io/backend.h"
#include "io/fault.h"
#include "io/io.h"

#define SAMPLES 64
/* A file that is a smaller part of the available memory is better kept there for the next time. */
#define MEMORY_PART 4
/* Whatever memory there is: looking for it is not worth the time. */
#define LARGE_BYTES (INT64_C(64) << 20)

/* ---- what memory there is for the page cache ---- */

/* The first number of a file of the system, behind `key` where that is not NULL; -1: there is none. */
static int64_t number_in(const char *path, const char *key) {
    char line[256];
    int64_t found = -1;
    FILE *file = fopen(path, "re");
    if (file == NULL) return -1;
    while (found < 0 && fgets(line, sizeof(line), file) != NULL) {
        size_t skip = key == NULL ? 0 : strlen(key);
        if (skip > 0 && strncmp(line, key, skip) != 0) continue;
        char *end;
        long long number = strtoll(line + skip, &end, 10);
        if (end == line + skip || number < 0) break;
        found = number;
    }
    fclose(file);
    return found;
}

/* Of the machine, or of the control group as a container sees it; INT64_MAX where neither is told. */
static int64_t memory_available(void) {
    int64_t kib = number_in("/proc/meminfo", "MemAvailable:");
    int64_t group = number_in("/sys/fs/cgroup/memory.max", NULL);
    int64_t machine = kib < 0 || kib > INT64_MAX / 1024 ? INT64_MAX : kib * 1024;
    return group >= 0 && group < machine ? group : machine;
}

/* ---- what the page cache has of the file ---- */

/* Looks at places that lie evenly over the file, and waits for no disk. */
static bool mostly_cached(const struct weir_file *file) {
    int found = 0;
    for (int64_t i = 0; i < SAMPLES; i++) {
        char byte;
        struct iovec one = {&byte, 1};
        found += preadv2(file->fd, &one, 1, (off_t)(file->size / SAMPLES * i), RWF_NOWAIT) == 1;
    }
    return found > SAMPLES / 2;
}

/* ---- the second descriptor ---- */

static bool same_file(int a, int b) {
    struct stat first, second;
    return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

bool weir_file_go_direct(struct weir_file *file) {
    char path[64];
    if (file->direct_fd >= 0) return true;
    /* Not by its name, which may be another file's by now. */
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file->fd);
    int fd = weir_io_calls.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_DIRECT, 0);
    if (fd < 0) return false;
    if (!same_file(fd, file->fd)) {
        close(fd);
        return false;
    }
    /* What little is still read through the page cache lies far apart. */
    (void)posix_fadvise(file->fd, 0, 0, POSIX_FADV_RANDOM);
    file->direct_fd = fd;
    return true;
}

bool weir_file_is_direct(const struct weir_file *file) { return file->direct_fd >= 0; }

bool weir_file_choose_direct(struct weir_file *file, enum weir_io_direct wish) {
    if (wish == WEIR_IO_DIRECT_NEVER) return false;
    bool small = file->size < LARGE_BYTES || file->size < memory_available() / MEMORY_PART;
    if (wish == WEIR_IO_DIRECT_AUTO && (small || mostly_cached(file))) return false;
    return weir_file_go_direct(file);
}

void weir_file_expect(const struct weir_file *file, int64_t offset, int64_t bytes) {
    (void)posix_fadvise(file->fd, (off_t)offset, (off_t)bytes, POSIX_FADV_WILLNEED);
}

int weir_request_fd(const struct weir_io_request *request, size_t rest) {
    uint64_t place = (uint64_t)request->offset + request->done;
    uint64_t all = place | (uintptr_t)(request->buffer + request->done) | rest;
    return request->file->direct_fd >= 0 && all % WEIR_IO_ALIGN == 0 ? request->file->direct_fd : request->file->fd;
}
