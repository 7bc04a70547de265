/* SPDX-License-Identifier: Apache-2.0
 *
 * The connector 'filesystem': finds the files of a table, picks their format, and hands over to it.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/attributes.h"
#include "base/error.h"
#include "connect/filesystem_format.h"
#include "connect/filesystem_source.h"
#include "connect/format.h"
#include "connect/source_parts.h"
#include "io/io.h"

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

static const char monitor_key[] = "source.monitor-interval";
static const char by_file_key[] = "scan.partition-by-file";

static bool is_own(const char *key) {
    return strcmp(key, "path") == 0 || strcmp(key, "format") == 0 || strcmp(key, monitor_key) == 0 ||
           strcmp(key, by_file_key) == 0;
}

/* Splits off the connector's own options; *rest (malloc'd) holds the format's own options. */
static enum weir_status split_options(const struct weir_option *options, size_t count, struct weir_option **rest,
                                      size_t *rest_count, struct weir_error *error) {
    *rest_count = 0;
    *rest = malloc((count + 1) * sizeof(**rest));
    if (!*rest) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for %zu options", count);
    for (size_t i = 0; i < count; i++) {
        const struct weir_option *option = &options[i];
        if (is_own(option->key)) continue;
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

/* ---- source -----------------------------------------------------------------------------------------------------
 */

/* The caller's request, whose struct may end earlier than ours. */
static struct weir_source_request read_request(const struct weir_source_request *request) {
    struct weir_source_request copy = {0};
    size_t least = offsetof(struct weir_source_request, wait_ms);
    size_t bytes = request->struct_size < least ? least : request->struct_size;
    memcpy(&copy, request, bytes < sizeof(copy) ? bytes : sizeof(copy));
    copy.struct_size = sizeof(copy);
    return copy;
}

static const struct weir_option *format_option(const struct weir_source_request *request) {
    return find_option(request->options, request->options_count, "format");
}

static enum weir_status refuse_format(const struct weir_source_request *request, const char *path,
                                      const struct weir_format *format, const char *why, struct weir_error *error) {
    const struct weir_option *option = format_option(request);
    return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, option ? option->line : 0, option ? option->column : 0,
                             "'%s': the format '%s' %s", path, format->name, why);
}

/* The request for the format: its own options only, checked. inner->options is malloc'd, after failures too. */
static enum weir_status format_request(const struct weir_source_request *request, const struct weir_format *format,
                                       struct weir_source_request *inner, struct weir_error *error) {
    struct weir_option *rest;
    *inner = *request;
    enum weir_status status =
        split_options(request->options, request->options_count, &rest, &inner->options_count, error);
    inner->options = rest;
    return status == WEIR_OK ? check_options(format, rest, inner->options_count, error) : status;
}

static enum weir_status open_files(const struct weir_source_request *request, struct weir_file_list *list,
                                   struct weir_source *out, struct weir_error *error) {
    const struct weir_format *format = NULL;
    const char *first = list->count > 0 ? list->paths[0] : NULL, *path = first ? first : list->watched;
    enum weir_status status = WEIR_OK;
    for (size_t i = 0; status == WEIR_OK && i < list->count; i++)
        status = weir_filesystem_check_path(list->paths[i], error);
    if (status == WEIR_OK) status = weir_filesystem_format(format_option(request), path, first, &format, error);
    if (status != WEIR_OK) return status;
    if (!format->open_reader)
        return refuse_format(request, path, format, "can be written, but not read yet", error);
    struct weir_source_request inner;
    status = format_request(request, format, &inner, error);
    if (status == WEIR_OK) status = weir_filesystem_source_open(format, list, &inner, out, error);
    free((void *)inner.options);
    return status;
}

/* A pipe: one file that is read as it comes. */
static enum weir_status open_live(const struct weir_source_request *request, const char *path,
                                  struct weir_source *out, struct weir_error *error) {
    const struct weir_format *format;
    struct weir_source_request inner = {0};
    struct weir_pipe *pipe = NULL;
    enum weir_status status = weir_pipe_open(path, &pipe, error);
    if (status == WEIR_OK) status = weir_filesystem_format_live(format_option(request), path, pipe, &format, error);
    if (status == WEIR_OK && !format->open_live)
        status =
            refuse_format(request, path, format, "cannot be read from a pipe: write it to a file first", error);
    if (status == WEIR_OK) status = format_request(request, format, &inner, error);
    if (status == WEIR_OK) status = format->open_live(&pipe, &inner, out, error);
    free((void *)inner.options);
    weir_pipe_close(&pipe); /* NULL where the source has it */
    return status;
}

/* The interval of 'source.monitor-interval', or 0 without it. */
static enum weir_status read_monitor(const struct weir_source_request *request, int64_t *interval_ms,
                                     struct weir_error *error) {
    const struct weir_option *option = find_option(request->options, request->options_count, monitor_key);
    *interval_ms = 0;
    if (!option) return WEIR_OK;
    enum weir_status status = weir_option_duration(option, interval_ms, error);
    if (status != WEIR_OK || *interval_ms > 0) return status;
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                             "'%s' = '%s': want at least a millisecond, such as '1 s'", option->key, option->value);
}

/* The value of 'scan.partition-by-file'. */
static enum weir_status read_by_file(const struct weir_source_request *request, bool *by_file,
                                     struct weir_error *error) {
    const struct weir_option *option = find_option(request->options, request->options_count, by_file_key);
    *by_file = option != NULL && strcmp(option->value, "true") == 0;
    if (option == NULL || *by_file || strcmp(option->value, "false") == 0) return WEIR_OK;
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column, "'%s' = '%s': want true or false",
                             option->key, option->value);
}

static enum weir_status open_one(const struct weir_source_request *request, const char *path,
                                 struct weir_source *out, struct weir_error *error) {
    char **paths = malloc(sizeof(*paths));
    if (paths != NULL) paths[0] = strdup(path);
    if (paths == NULL || paths[0] == NULL) {
        free(paths);
        return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for the path", path);
    }
    struct weir_file_list list = {0};
    weir_file_list_init(&list, paths, 1);
    enum weir_status status = open_files(request, &list, out, error);
    weir_file_list_fini(&list);
    return status;
}

/* Each file is a partition, in byte order of the paths. All are open at once. */
static enum weir_status open_by_file(const struct weir_source_request *request, const char *path,
                                     struct weir_source *out, struct weir_error *error) {
    char **paths;
    size_t count, opened = 0;
    enum weir_status status = weir_paths_expand(path, &paths, &count, error);
    if (status != WEIR_OK) return status;
    struct weir_source *sources = count > INT32_MAX ? NULL : calloc(count, sizeof(*sources));
    if (sources == NULL)
        status = weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for %zu files", path, count);
    struct weir_source_request one = *request;
    one.dictionaries = false; /* each file would choose for itself */
    for (; opened < count && status == WEIR_OK; opened += status == WEIR_OK) {
        status = open_one(&one, paths[opened], &sources[opened], error);
    }
    if (status == WEIR_OK) status = weir_source_parts_open(sources, paths, count, out, error);
    if (status != WEIR_OK) {
        for (size_t i = 0; i < opened; i++) sources[i].close(sources[i].state);
        free(sources);
    }
    struct weir_file_list list = {0};
    weir_file_list_init(&list, paths, count); /* frees the paths */
    weir_file_list_fini(&list);
    return status;
}

static enum weir_status open_path(const struct weir_source_request *request, const char *path, int64_t interval_ms,
                                  struct weir_source *out, struct weir_error *error) {
    struct weir_file_list list = {0};
    enum weir_status status;
    if (interval_ms > 0) {
        status = weir_file_list_watch(&list, path, interval_ms, error);
    } else {
        char **paths;
        size_t count;
        status = weir_paths_expand(path, &paths, &count, error);
        if (status == WEIR_OK) weir_file_list_init(&list, paths, count);
    }
    if (status == WEIR_OK) status = open_files(request, &list, out, error);
    weir_file_list_fini(&list); /* empty where the source has it */
    return status;
}

static enum weir_status open_source(void *user, const struct weir_source_request *request, struct weir_source *out,
                                    struct weir_error *error) {
    struct weir_source_request own = read_request(request);
    const char *path, *plain;
    int64_t interval_ms;
    bool by_file;
    enum weir_status status = local_path(own.options, own.options_count, &path, error);
    if (status == WEIR_OK) status = read_monitor(&own, &interval_ms, error);
    if (status == WEIR_OK) status = read_by_file(&own, &by_file, error);
    if (status != WEIR_OK) return status;
    bool files = weir_pipe_kind_of(path, &plain) == WEIR_PIPE_NONE;
    if (by_file && files && interval_ms == 0) return open_by_file(&own, plain, out, error);
    if (by_file) {
        const struct weir_option *option = find_option(own.options, own.options_count, by_file_key);
        return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                                 "'%s' is for files that are all there, and '%s' is %s", by_file_key, path,
                                 files ? "watched" : "a pipe");
    }
    if (files) return open_path(&own, plain, interval_ms, out, error);
    if (interval_ms == 0) return open_live(&own, path, out, error);
    const struct weir_option *option = find_option(own.options, own.options_count, monitor_key);
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                             "'%s' is for a folder or a glob, and '%s' is a pipe, which is read as it comes anyway",
                             monitor_key, path);
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
    if (status == WEIR_OK) status = weir_filesystem_check_path(path, error);
    if (status == WEIR_OK) {
        const struct weir_option *option = find_option(request->options, request->options_count, "format");
        status = weir_filesystem_format(option, path, NULL, &format, error);
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
