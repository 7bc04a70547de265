/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "io/io.h"

/* A growing list of malloc'd paths. */
struct path_list {
    char **paths;
    size_t count;
    size_t room;
    bool is_watched; /* files may vanish, and there may be none */
    weir_paths_known_fn known;
    const void *user;
};

static bool is_known(const struct path_list *list, const char *path) {
    return list->known != NULL && list->known(list->user, path);
}

static bool list_add(struct path_list *list, char *path) {
    if (path == NULL) return false;
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 8 : list->room * 2;
        char **grown = realloc(list->paths, room * sizeof(*grown));
        if (grown == NULL) {
            free(path);
            return false;
        }
        list->paths = grown;
        list->room = room;
    }
    list->paths[list->count++] = path;
    return true;
}

void weir_paths_free(char **paths, size_t count) {
    for (size_t i = 0; i < count; i++) free(paths[i]);
    free(paths);
}

/* strcmp compares unsigned bytes, whatever the locale. */
static int compare_bytes(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static enum weir_status no_memory(const char *path, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to list the files of '%s'", path);
}

static enum weir_status cannot_read(const char *path, int reason, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_IO, "cannot read '%s': %s", path, strerror(reason));
}

/* ---- directories ----------------------------------------------------------------------------------------------
 */

static bool is_hidden(const char *name) { return name[0] == '.' || name[0] == '_'; }

static char *join(const char *directory, const char *name) {
    size_t directory_bytes = strlen(directory), name_bytes = strlen(name);
    bool slash = directory_bytes == 0 || directory[directory_bytes - 1] != '/';
    char *path = malloc(directory_bytes + slash + name_bytes + 1);
    if (path == NULL) return NULL;
    memcpy(path, directory, directory_bytes);
    if (slash) path[directory_bytes] = '/';
    memcpy(path + directory_bytes + slash, name, name_bytes + 1);
    return path;
}

/* Adds directory/name when it is a regular file; counts it as skipped otherwise. */
static enum weir_status add_entry(struct path_list *list, const char *directory, const char *name, size_t *skipped,
                                  struct weir_error *error) {
    char *path = join(directory, name);
    if (path == NULL) return no_memory(directory, error);
    struct stat status;
    if (is_known(list, path)) {
        free(path);
        return WEIR_OK;
    }
    if (stat(path, &status) != 0) {
        bool has_gone = list->is_watched && errno == ENOENT; /* renamed since, or removed */
        enum weir_status failed = has_gone ? WEIR_OK : cannot_read(path, errno, error);
        free(path);
        return failed;
    }
    if (!S_ISREG(status.st_mode)) {
        (*skipped)++;
        free(path);
        return WEIR_OK;
    }
    return list_add(list, path) ? WEIR_OK : no_memory(directory, error);
}

static enum weir_status add_entries(struct path_list *list, DIR *open_directory, const char *directory,
                                    size_t *skipped, struct weir_error *error) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(open_directory);
        if (entry == NULL) return errno == 0 ? WEIR_OK : cannot_read(directory, errno, error);
        if (is_hidden(entry->d_name)) continue;
        enum weir_status status = add_entry(list, directory, entry->d_name, skipped, error);
        if (status != WEIR_OK) return status;
    }
}

static enum weir_status expand_directory(struct path_list *list, const char *path, struct weir_error *error) {
    DIR *directory = opendir(path);
    if (directory == NULL) return cannot_read(path, errno, error);
    size_t skipped = 0;
    enum weir_status status = add_entries(list, directory, path, &skipped, error);
    closedir(directory);
    if (status != WEIR_OK || list->count > 0 || list->is_watched) return status;
    if (skipped > 0) {
        return weir_error_set(
            error, WEIR_ERR_IO,
            "directory '%s' holds no files, only %zu subdirectories or special files; directories "
            "are not searched: name their files with a pattern such as '*/*'",
            path, skipped);
    }
    return weir_error_set(error, WEIR_ERR_IO,
                          "directory '%s' holds no files (names with a leading '.' or '_' do not count)", path);
}

/* ---- patterns -------------------------------------------------------------------------------------------------
 */

static bool is_pattern(const char *path) { return strpbrk(path, "*?[") != NULL; }

/* Those of the matches that are no directories. */
static enum weir_status add_matches(struct path_list *list, const glob_t *matches, struct weir_error *error) {
    for (size_t i = 0; i < matches->gl_pathc; i++) {
        const char *match = matches->gl_pathv[i];
        struct stat status;
        const char *slash = strrchr(match, '/');
        if (list->is_watched && is_hidden(slash == NULL ? match : slash + 1)) continue;
        if (is_known(list, match)) continue;
        if (stat(match, &status) != 0) {
            if (list->is_watched && errno == ENOENT) continue;
            return cannot_read(match, errno, error);
        }
        if (S_ISDIR(status.st_mode) || (list->is_watched && !S_ISREG(status.st_mode))) continue;
        if (!list_add(list, strdup(match))) return no_memory(match, error);
    }
    return WEIR_OK;
}

/* That the directory before the first wildcard is there. */
static enum weir_status check_fixed_part(const char *pattern, struct weir_error *error) {
    char *directory = strdup(pattern);
    if (directory == NULL) return no_memory(pattern, error);
    directory[strcspn(directory, "*?[")] = '\0';
    char *slash = strrchr(directory, '/');
    if (slash != NULL) slash[slash == directory] = '\0';
    const char *name = slash == NULL ? "." : directory;
    struct stat status;
    enum weir_status result = WEIR_OK;
    if (stat(name, &status) != 0)
        result = weir_error_set(error, WEIR_ERR_IO, "cannot search for '%s': there is no directory '%s': %s",
                                pattern, name, strerror(errno));
    free(directory);
    return result;
}

static enum weir_status expand_pattern(struct path_list *list, const char *pattern, struct weir_error *error) {
    glob_t matches;
    memset(&matches, 0, sizeof(matches));
    errno = 0;
    /* GLOB_ERR: files in a directory that may not be read would otherwise be left out in silence. */
    int result = glob(pattern, GLOB_NOSORT | GLOB_ERR, NULL, &matches);
    enum weir_status status = WEIR_OK;
    if (result == GLOB_NOSPACE) {
        status = no_memory(pattern, error);
    } else if (result == GLOB_ABORTED && list->is_watched && errno == ENOENT) {
        /* a directory has gone meanwhile: what is left is found at the next look */
    } else if (result == GLOB_ABORTED) {
        status = weir_error_set(error, WEIR_ERR_IO, "cannot search for '%s': a directory cannot be read: %s",
                                pattern, errno == 0 ? "unknown reason" : strerror(errno));
    } else if (result == 0) {
        status = add_matches(list, &matches, error);
    }
    globfree(&matches);
    if (status != WEIR_OK || list->count > 0) return status;
    if (list->is_watched) return check_fixed_part(pattern, error);
    return weir_error_set(error, WEIR_ERR_IO, "no file matches '%s'", pattern);
}

/* ---- all three ------------------------------------------------------------------------------------------------
 */

static enum weir_status expand(struct path_list *list, const char *path, struct weir_error *error) {
    struct stat status;
    if (is_known(list, path)) return WEIR_OK; /* a single file, which may have gone since */
    if (stat(path, &status) == 0) {           /* a file whose name holds a '*' is that file */
        if (S_ISDIR(status.st_mode)) return expand_directory(list, path, error);
        return list_add(list, strdup(path)) ? WEIR_OK : no_memory(path, error);
    }
    if (is_pattern(path)) return expand_pattern(list, path, error);
    return cannot_read(path, errno, error);
}

static enum weir_status expand_sorted(struct path_list *list, const char *path, char ***paths, size_t *count,
                                      struct weir_error *error) {
    enum weir_status status = expand(list, path, error);
    if (status != WEIR_OK) {
        weir_paths_free(list->paths, list->count);
        return status;
    }
    if (list->count > 1) qsort(list->paths, list->count, sizeof(*list->paths), compare_bytes);
    *paths = list->paths;
    *count = list->count;
    return WEIR_OK;
}

enum weir_status weir_paths_expand(const char *path, char ***paths, size_t *count, struct weir_error *error) {
    struct path_list list = {0};
    return expand_sorted(&list, path, paths, count, error);
}

enum weir_status weir_paths_look(const char *path, weir_paths_known_fn known, const void *user, char ***paths,
                                 size_t *count, struct weir_error *error) {
    struct path_list list = {.is_watched = true, .known = known, .user = user};
    return expand_sorted(&list, path, paths, count, error);
}
