/* SPDX-License-Identifier: Apache-2.0
 *
 * A folder of a test's own, with files to read and to look at, removed at its end. To be included after cmocka.h.
 */
#ifndef WEIR_TESTS_IO_FOLDER_H
#define WEIR_TESTS_IO_FOLDER_H

#include <dirent.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char path[512];
};

/* Permissions mean nothing to root: a test of them runs as nobody in between. */
#define NOBODY 65534
static inline void become_nobody(const struct folder *folder) {
    if (geteuid() != 0) return;
    assert_int_equal(chown(folder->path, NOBODY, NOBODY), 0);
    assert_int_equal(seteuid(NOBODY), 0);
}
static inline void become_oneself(void) {
    if (getuid() == 0) assert_int_equal(seteuid(0), 0);
}

/* Names are joined here; several may be in use at once. */
static inline const char *folder_name(const struct folder *folder, const char *name) {
    static char names[8][1024];
    static unsigned turn;
    char *to = names[turn++ % 8];
    snprintf(to, sizeof(names[0]), "%s/%s", folder->path, name);
    return to;
}

static inline int folder_setup(void **state) {
    struct folder *folder = malloc(sizeof(*folder));
    if (folder == NULL) return -1;
    const char *parent = getenv("TMPDIR");
    snprintf(folder->path, sizeof(folder->path), "%s/weir-test-XXXXXX", parent != NULL ? parent : "/tmp");
    *state = folder;
    return mkdtemp(folder->path) == NULL ? -1 : 0;
}

static inline int folder_remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline int folder_teardown(void **state) {
    if (getuid() == 0 && seteuid(0) != 0) return -1; /* a test that failed as nobody */
    struct folder *folder = *state;
    int result = nftw(folder->path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(folder);
    return result;
}

static inline void folder_put(const struct folder *folder, const char *name, const void *data, size_t bytes) {
    FILE *file = fopen(folder_name(folder, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, bytes, file), bytes);
    assert_int_equal(fclose(file), 0);
}

/* Byte i of a patterned file: tells every offset from its neighbours. */
static inline unsigned char pattern_at(size_t i) { return (unsigned char)((i * 2654435761u) >> 13); }

static inline void folder_put_pattern(const struct folder *folder, const char *name, size_t bytes) {
    unsigned char *data = malloc(bytes + 1);
    assert_non_null(data);
    for (size_t i = 0; i < bytes; i++) data[i] = pattern_at(i);
    folder_put(folder, name, data, bytes);
    free(data);
}

static inline bool is_pattern_from(const void *data, size_t offset, size_t bytes) {
    const unsigned char *at = data;
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] != pattern_at(offset + i)) return false;
    }
    return true;
}

static inline bool folder_has(const struct folder *folder, const char *name) {
    struct stat status;
    return lstat(folder_name(folder, name), &status) == 0;
}

/* Asserts that the file holds exactly these bytes. */
static inline void folder_expect(const struct folder *folder, const char *name, const char *data, size_t bytes) {
    FILE *file = fopen(folder_name(folder, name), "rb");
    assert_non_null(file);
    char *held = malloc(bytes + 1);
    assert_non_null(held);
    size_t count = fread(held, 1, bytes + 1, file);
    fclose(file);
    assert_int_equal(count, bytes);
    if (bytes > 0) assert_memory_equal(held, data, bytes);
    free(held);
}

/* Entries, hidden ones too. */
static inline size_t folder_count(const struct folder *folder) {
    DIR *directory = opendir(folder->path);
    assert_non_null(directory);
    size_t count = 0;
    while (readdir(directory) != NULL) count++;
    closedir(directory);
    return count - 2; /* "." and ".." */
}

#endif
