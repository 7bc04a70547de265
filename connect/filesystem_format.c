/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/filesystem_format.h"

#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "base/error.h"
#include "io/io.h"

#define HEAD_BYTES 64
/* With so many bytes every format knows its own. */
#define MARK_BYTES 16

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

static const struct weir_format *format_by_head(const char *head, size_t bytes) {
    for (size_t i = 0; i < FORMATS_COUNT; i++) {
        const struct weir_format *format = format_at(i);
        if (format->recognise && format->recognise(head, bytes)) return format;
    }
    return NULL;
}

/* No control characters but those of text; what is beyond ASCII may be UTF-8. */
static bool is_text(const char *head, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)head[i];
        if (c < ' ' && c != '\n' && c != '\r' && c != '\t') return false;
    }
    return true;
}

static enum weir_status cannot_tell(const char *path, struct weir_error *error) {
    return weir_error_set(
        error, WEIR_ERR_UNSUPPORTED,
        "neither the name nor the content of '%s' tells its format. Say it, as 'format' = 'csv' or another, in "
        "WITH or "
        "behind the file's name: FROM '...' /*+ OPTIONS('format' = 'csv') */ (inspect: --from format=csv; convert: "
        "also --to format=csv)",
        path);
}

/* ---- files ------------------------------------------------------------------------------------------------------
 */

/* A file that is standard input has no name of its own. */
static bool is_nameless(const char *path) {
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
}

static enum weir_status format_by_content(const char *path, const struct weir_format **out,
                                          struct weir_error *error) {
    struct weir_file *file;
    char head[HEAD_BYTES];
    *out = NULL;
    enum weir_status status = weir_file_open(path, &file, error);
    if (status != WEIR_OK) return status;
    int64_t size = weir_file_size(file);
    size_t bytes = size < (int64_t)sizeof(head) ? (size_t)size : sizeof(head);
    if (bytes > 0) status = weir_file_read_exact(file, 0, head, bytes, error);
    weir_file_close(&file);
    if (status != WEIR_OK) return status;
    *out = format_by_head(head, bytes);
    if (!*out && is_nameless(path) && is_text(head, bytes)) *out = weir_format_csv();
    return WEIR_OK;
}

enum weir_status weir_filesystem_check_path(const char *path, struct weir_error *error) {
    static const char *const extensions[] = {"gz", "zst", "bz2", "xz", "lz4", "snappy", "deflate", "zip"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(extensions); i++) {
        if (strcasecmp(extension_of(path), extensions[i]) != 0) continue;
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "'%s': files that are compressed as a whole are not supported yet: decompress it first", path);
    }
    return WEIR_OK;
}

enum weir_status weir_filesystem_format(const struct weir_option *named, const char *path, const char *content,
                                        const struct weir_format **out, struct weir_error *error) {
    if (named) return named_format(named, out, error);
    *out = format_by_extension(content ? content : path);
    if (*out) return WEIR_OK;
    if (content) {
        enum weir_status status = format_by_content(content, out, error);
        if (status != WEIR_OK || *out) return status;
    }
    return cannot_tell(content ? content : path, error);
}

/* ---- pipes ------------------------------------------------------------------------------------------------------
 */

/* Text says so with its first line; a mark may begin with anything. */
static bool is_enough(const char *head, size_t bytes) {
    if (bytes >= MARK_BYTES) return true;
    return is_text(head, bytes) && memchr(head, '\n', bytes);
}

enum weir_status weir_filesystem_format_live(const struct weir_option *named, const char *path,
                                             struct weir_pipe *pipe, const struct weir_format **out,
                                             struct weir_error *error) {
    if (named) return named_format(named, out, error);
    *out = format_by_extension(path);
    if (*out) return WEIR_OK;
    char head[HEAD_BYTES];
    size_t bytes = 0;
    enum weir_status status = WEIR_OK;
    weir_pipe_hold(pipe);
    while (status == WEIR_OK && !is_enough(head, bytes)) {
        size_t got = 0;
        status = weir_pipe_read(pipe, head + bytes, sizeof(head) - bytes, -1, &got, error);
        bytes += got;
    }
    weir_pipe_rewind(pipe);
    if (status != WEIR_OK && status != WEIR_END) return status;
    *out = format_by_head(head, bytes);
    if (!*out && is_text(head, bytes)) *out = weir_format_csv();
    return *out ? WEIR_OK : cannot_tell(weir_pipe_name(pipe), error);
}
