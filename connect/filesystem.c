/* SPDX-License-Identifier: Apache-2.0
 *
 * The connector 'filesystem': finds the files of a table, picks their format, and hands over to it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/attributes.h"
#include "base/error.h"
#include "connect/filesystem_source.h"
#include "connect/format.h"
#include "io/io.h"

/* Of formats that can be told by their content those come first that have a mark of their own. */
static const struct weir_format *format_at(size_t idx) {
    switch (idx) {
    case 0: return weir_format_parquet();
    case 1: return weir_format_arrow();
    case 2: return weir_format_csv();
    case 3: return weir_format_json();
    default: return NULL;
    }
}

#define FORMATS_COUNT 4

/* ---- options ----------------------------------------------------------------------------------------------------
 */

static const struct weir_option *find_option(const struct weir_option *options, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].key, key) == 0) return &options[i];
    }
    return NULL;
}

/* Options that Flink's connector knows and this one does not do. */
static bool is_flinks(const char *key) {
    static const char *const prefixes[] = {"source.", "sink.", "partition.", "compaction.", "auto-compaction"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(prefixes); i++) {
        if (strncmp(key, prefixes[i], strlen(prefixes[i])) == 0) return true;
    }
    return false;
}

/* Splits off 'path' and 'format'; *rest (malloc'd) holds the format's own options. */
static enum weir_status split_options(const struct weir_option *options, size_t count, struct weir_option **rest,
                                      size_t *rest_count, struct weir_error *error) {
    *rest_count = 0;
    *rest = malloc((count + 1) * sizeof(**rest));
    if (!*rest) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for %zu options", count);
    for (size_t i = 0; i < count; i++) {
        const struct weir_option *option = &options[i];
        if (strcmp(option->key, "path") == 0 || strcmp(option->key, "format") == 0) continue;
        if (is_flinks(option->key)) {
            return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, option->line, option->column,
                                     "'%s' is not supported yet by weir's connector 'filesystem': leave it out",
                                     option->key);
        }
        (*rest)[(*rest_count)++] = *option;
    }
    return WEIR_OK;
}

/* Keys of the format and of the connector: what an option may be called. */
static enum weir_status check_options(const struct weir_format *format, const struct weir_option *options,
                                      size_t count, struct weir_error *error) {
    size_t known_count = 0;
    while (format->options[known_count]) known_count++;
    const char **known = malloc((known_count + 3) * sizeof(*known));
    if (!known) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to check %zu options", count);
    memcpy(known, format->options, known_count * sizeof(*known));
    known[known_count] = "path";
    known[known_count + 1] = "format";
    known[known_count + 2] = NULL;
    char owner[96];
    snprintf(owner, sizeof(owner), "connector 'filesystem' with format '%s'", format->name);
    enum weir_status status = weir_options_check(options, count, known, owner, error);
    free(known);
    return status;
}

/* The path without 'file://'. */
static enum weir_status local_path(const struct weir_option *options, size_t count, const char **out,
                                   struct weir_error *error) {
    const struct weir_option *option = find_option(options, count, "path");
    if (!option || !option->value[0]) {
        return weir_error_set_at(error, WEIR_ERR_SQL, option ? option->line : 0, option ? option->column : 0,
                                 "the connector 'filesystem' needs 'path' = a file, a folder or a pattern");
    }
    *out = option->value;
    if (strncmp(*out, "file://", 7) == 0)
        *out += 7;
    else if (strncmp(*out, "file:/", 6) == 0)
        *out += 5;
    if (!strstr(*out, "://")) return WEIR_OK;
    return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, option->line, option->column,
                             "'%s': weir reads and writes local files only; mount or copy the data", option->value);
}

/* ---- formats ----------------------------------------------------------------------------------------------------
 */

static enum weir_status named_format(const struct weir_option *option, const struct weir_format **out,
                                     struct weir_error *error) {
    const char *names[FORMATS_COUNT];
    for (size_t i = 0; i < FORMATS_COUNT; i++) {
        *out = format_at(i);
        if (strcmp((*out)->name, option->value) == 0) return WEIR_OK;
        names[i] = (*out)->name;
    }
    const char *nearest = weir_nearest_name(option->value, names, FORMATS_COUNT);
    return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, option->line, option->column,
                             "there is no format '%s'; weir has %s, %s, %s and %s%s%s%s", option->value, names[2],
                             names[1], names[0], names[3], nearest ? ". Did you mean '" : "",
                             nearest ? nearest : "", nearest ? "'?" : "");
}

/* Behind the last point of the last part of the path, or "". */
static const char *extension_of(const char *path) {
    const char *slash = strrchr(path, '/'), *point = strrchr(slash ? slash : path, '.');
    return point ? point + 1 : "";
}

static const struct weir_format *format_by_extension(const char *path) {
    const char *extension = extension_of(path);
    for (size_t i = 0; i < FORMATS_COUNT; i++) {
        const struct weir_format *format = format_at(i);
        for (const char *const *one = format->extensions; *one; one++) {
            if (strcasecmp(*one, extension) == 0) return format;
        }
    }
    return NULL;
}

static enum weir_status format_by_content(const char *path, const struct weir_format **out,
                                          struct weir_error *error) {
    struct weir_file *file;
    char head[64];
    *out = NULL;
    enum weir_status status = weir_file_open(path, &file, error);
    if (status != WEIR_OK) return status;
    int64_t size = weir_file_size(file);
    size_t bytes = size < (int64_t)sizeof(head) ? (size_t)size : sizeof(head);
    if (bytes > 0) status = weir_file_read_exact(file, 0, head, bytes, error);
    weir_file_close(&file);
    for (size_t i = 0; status == WEIR_OK && i < FORMATS_COUNT; i++) {
        const struct weir_format *format = format_at(i);
        if (!format->recognise || !format->recognise(head, bytes)) continue;
        *out = format;
        return WEIR_OK;
    }
    return status;
}

/* Files that are compressed as a whole look like any format by name, and like none by content. */
static enum weir_status refuse_compressed(const char *path, struct weir_error *error) {
    static const char *const extensions[] = {"gz", "zst", "bz2", "xz", "lz4", "snappy", "deflate", "zip"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(extensions); i++) {
        if (strcasecmp(extension_of(path), extensions[i]) != 0) continue;
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "'%s': files that are compressed as a whole are not supported yet: decompress it first", path);
    }
    return WEIR_OK;
}

/* The format of 'format', else of the path's extension, else (content != NULL) of that file's content. */
static enum weir_status choose_format(const struct weir_option *options, size_t count, const char *path,
                                      const char *content, const struct weir_format **out,
                                      struct weir_error *error) {
    const struct weir_option *option = find_option(options, count, "format");
    if (option) return named_format(option, out, error);
    *out = format_by_extension(content ? content : path);
    if (*out) return WEIR_OK;
    if (content) {
        enum weir_status status = format_by_content(content, out, error);
        if (status != WEIR_OK || *out) return status;
    }
    return weir_error_set(
        error, WEIR_ERR_UNSUPPORTED,
        "neither name nor content of '%s' say its format: add 'format' = 'csv', say (in CREATE TABLE "
        "... WITH)",
        content ? content : path);
}

/* ---- source -----------------------------------------------------------------------------------------------------
 */

static enum weir_status open_files(const struct weir_source_request *request, char **paths, size_t count,
                                   struct weir_source *out, struct weir_error *error) {
    const struct weir_format *format;
    enum weir_status status = WEIR_OK;
    for (size_t i = 0; status == WEIR_OK && i < count; i++) status = refuse_compressed(paths[i], error);
    if (status != WEIR_OK) return status;
    status = choose_format(request->options, request->options_count, paths[0], paths[0], &format, error);
    if (status != WEIR_OK) return status;
    if (!format->open_reader) {
        const struct weir_option *option = find_option(request->options, request->options_count, "format");
        return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, option ? option->line : 0,
                                 option ? option->column : 0,
                                 "'%s': the format '%s' can be written, but not read yet", paths[0], format->name);
    }
    struct weir_source_request inner = *request;
    struct weir_option *rest;
    status = split_options(request->options, request->options_count, &rest, &inner.options_count, error);
    inner.options = rest;
    if (status == WEIR_OK) status = check_options(format, rest, inner.options_count, error);
    if (status == WEIR_OK) status = weir_filesystem_source_open(format, paths, count, &inner, out, error);
    free(rest);
    return status;
}

static enum weir_status open_source(void *user, const struct weir_source_request *request, struct weir_source *out,
                                    struct weir_error *error) {
    const char *path;
    char **paths;
    size_t count;
    enum weir_status status = local_path(request->options, request->options_count, &path, error);
    if (status == WEIR_OK) status = weir_paths_expand(path, &paths, &count, error);
    if (status != WEIR_OK) return status;
    status = open_files(request, paths, count, out, error);
    if (status != WEIR_OK) weir_paths_free(paths, count);
    return status;
}

/* ---- sink -------------------------------------------------------------------------------------------------------
 */

/* The folder and those above it. */
static enum weir_status make_folder(const char *path, struct weir_error *error) {
    char *copy = strdup(path);
    if (!copy) return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for the path", path);
    int reason = 0;
    for (char *slash = strchr(copy + 1, '/'); slash && !reason; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) reason = errno;
        *slash = '/';
    }
    if (!reason && mkdir(copy, 0777) != 0 && errno != EEXIST) reason = errno;
    free(copy);
    if (!reason) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_IO, "cannot make the folder '%s': %s", path, strerror(reason));
}

/* The file to write: the path, or a part file in it where it is a folder. *out is malloc'd. */
static enum weir_status target_file(const char *path, const struct weir_format *format, char **out,
                                    struct weir_error *error) {
    struct stat info;
    size_t length = strlen(path), room = length + strlen(format->extensions[0]) + 16;
    bool ends = path[length - 1] == '/';
    bool is_folder = ends || (strcmp(path, "-") != 0 && stat(path, &info) == 0 && S_ISDIR(info.st_mode));
    enum weir_status status = ends ? make_folder(path, error) : WEIR_OK;
    if (status != WEIR_OK) return status;
    *out = malloc(room);
    if (!*out) return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for the path", path);
    if (is_folder)
        snprintf(*out, room, "%s%spart-0.%s", path, ends ? "" : "/", format->extensions[0]);
    else
        snprintf(*out, room, "%s", path);
    return WEIR_OK;
}

static enum weir_status open_sink(void *user, const struct weir_sink_request *request, struct weir_sink *out,
                                  struct weir_error *error) {
    const char *path;
    const struct weir_format *format;
    char *target = NULL;
    struct weir_option *rest = NULL;
    struct weir_sink_request inner = *request;
    enum weir_status status = local_path(request->options, request->options_count, &path, error);
    if (status == WEIR_OK) status = refuse_compressed(path, error);
    if (status == WEIR_OK) {
        status = choose_format(request->options, request->options_count, path, NULL, &format, error);
    }
    if (status != WEIR_OK) return status;
    if (!format->open_writer) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "'%s': the format '%s' cannot be written", path,
                              format->name);
    }
    status = split_options(request->options, request->options_count, &rest, &inner.options_count, error);
    inner.options = rest;
    if (status == WEIR_OK) status = check_options(format, rest, inner.options_count, error);
    if (status == WEIR_OK) status = target_file(path, format, &target, error);
    if (status == WEIR_OK) status = format->open_writer(target, &inner, out, error);
    free(target);
    free(rest);
    return status;
}

const struct weir_connector *weir_connector_filesystem(void) {
    static const struct weir_connector connector = {
        .struct_size = sizeof(struct weir_connector),
        .name = "filesystem",
        .open_source = open_source,
        .open_sink = open_sink,
    };
    return &connector;
}
