/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/csv_header.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "connect/text_value.h"

/* ---- a header that is to be passed over -------------------------------------------------------------------------
 */

/* Whether field `at` of the header is this name. */
static enum weir_status is_named(struct weir_csv_scan *scan, size_t at, const char *name, bool *out,
                                 struct weir_error *error) {
    const char *text;
    size_t length;
    enum weir_status status = weir_csv_unescape(scan, scan->record[at], &text, &length, error);
    if (status != WEIR_OK) return status;
    weir_text_trim(&text, &length);
    *out = strlen(name) == length && memcmp(name, text, length) == 0;
    return WEIR_OK;
}

/* Whether the header's field is this name but for the case of letters. */
static bool is_like(const char *text, size_t length, const char *name) {
    return strlen(name) == length && strncasecmp(name, text, length) == 0;
}

/* With 'csv.header' = 'true' the first line is passed over: a row of data must not be. It is taken for one where no
 * column has its name in it and a field is a number or a time, or where nothing tells texts from names. */
static enum weir_status check_names(struct weir_csv_scan *scan, const struct weir_csv_names *names, size_t fields,
                                    struct weir_error *error) {
    bool texts = true, value = false;
    char seen[160] = "";
    for (size_t i = 0; i < names->count; i++) texts = texts && names->types[i].id == WEIR_TYPE_STRING;
    for (size_t at = 0; at < fields; at++) {
        const char *text;
        size_t length, used = strlen(seen);
        enum weir_status status = weir_csv_unescape(scan, scan->record[at], &text, &length, error);
        if (status != WEIR_OK) return status;
        weir_text_trim(&text, &length);
        for (size_t i = 0; i < names->count; i++) {
            if (is_like(text, length, names->names[i])) return WEIR_OK;
        }
        value = value || weir_csv_is_value(text, length);
        snprintf(seen + used, sizeof(seen) - used, "%s'%.*s'", at ? ", " : "", (int)(length < 40 ? length : 40),
                 text);
    }
    if (!texts && !value) return WEIR_OK; /* other names for the same columns */
    char wanted[160] = "";
    for (size_t i = 0; i < names->count; i++) {
        size_t used = strlen(wanted);
        snprintf(wanted + used, sizeof(wanted) - used, "%s'%.40s'", i ? ", " : "", names->names[i]);
    }
    return weir_csv_scan_fail(
        scan, scan->record_begin, error,
        "'csv.header' = 'true', and the first line names no column of the table: it has %s, and "
        "the columns are %s. Where it is a row, set 'csv.header' = 'false'; where it is a "
        "header, give the columns its names",
        seen, wanted);
}

/* A column whose name stands elsewhere in the header, but not where the column is: the columns are in another
 * order, and values would be swapped. */
static enum weir_status check_order(struct weir_csv_scan *scan, const struct weir_csv_names *names, size_t fields,
                                    struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    size_t count = fields < names->count ? fields : names->count;
    for (size_t i = 0; status == WEIR_OK && i < count; i++) {
        bool here, there = false;
        status = is_named(scan, i, names->names[i], &here, error);
        for (size_t at = 0; status == WEIR_OK && !here && !there && at < count; at++) {
            status = is_named(scan, at, names->names[i], &there, error);
            if (status != WEIR_OK || !there) continue;
            return weir_csv_scan_fail(
                scan, scan->record[at].start, error,
                "the header has '%s' as column %zu, the table as column %zu: declare the columns "
                "in the order of the file",
                names->names[i], at + 1, i + 1);
        }
    }
    return status;
}

enum weir_status weir_csv_header_check(struct weir_csv_scan *scan, const struct weir_csv_names *names,
                                       size_t fields, struct weir_error *error) {
    enum weir_status status = check_names(scan, names, fields, error);
    return status == WEIR_OK ? check_order(scan, names, fields, error) : status;
}

/* ---- notes ------------------------------------------------------------------------------------------------------
 */

static void say(const struct weir_source_request *request, const char *text) {
    if (request->log) request->log(request->log_user, text);
}

void weir_csv_header_undecided(const struct weir_csv_origin *origin, const struct weir_csv_guess *guess,
                               const struct weir_source_request *request) {
    char note[700];
    const char *name = origin->pipe ? weir_pipe_name(origin->pipe) : origin->path;
    snprintf(
        note, sizeof(note),
        "'%.240s': no header was found, so the first line ('%.80s'%s) counts as a row. If it is one, say "
        "'csv.header' = 'true': FROM '...' /*+ OPTIONS('csv.header' = 'true') */, or --from csv.header=true of "
        "inspect and convert ('false' ends this note)",
        name, guess->first, guess->count > 1 ? ", ..." : "");
    say(request, note);
}

#define HEADER_BYTES 4096

/* The first bytes of a file, or none. */
static size_t read_head(const char *path, char *out) {
    struct weir_file *file;
    if (weir_file_open(path, &file, NULL) != WEIR_OK) return 0;
    int64_t size = weir_file_size(file);
    size_t bytes = size < HEADER_BYTES ? (size_t)size : HEADER_BYTES;
    if (bytes > 0 && weir_file_read_exact(file, 0, out, bytes, NULL) != WEIR_OK) bytes = 0;
    weir_file_close(&file);
    return bytes;
}

static bool begins_with_names(struct weir_csv_scan *scan, const struct weir_csv_names *names) {
    size_t fields = 0;
    if (weir_csv_scan_record(scan, &fields, NULL) != WEIR_OK || fields != names->count) return false;
    for (size_t i = 0; i < fields; i++) {
        const char *text;
        size_t length;
        if (weir_csv_unescape(scan, scan->record[i], &text, &length, NULL) != WEIR_OK) return false;
        weir_text_trim(&text, &length);
        if (!is_like(text, length, names->names[i])) return false;
    }
    return true;
}

/* A declared table has no header unless it says so, as in Flink; a first line that is its columns' names is one
 * that was forgotten. */
void weir_csv_header_forgotten(const struct weir_csv_origin *origin, const struct weir_csv_names *names,
                               const struct weir_csv_options *options, const struct weir_source_request *request) {
    char head[HEADER_BYTES + WEIR_CSV_PADDING] = "";
    size_t bytes = read_head(origin->path, head), mark = bytes >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct weir_csv_scan scan = {0};
    if (bytes == mark || !memchr(head, '\n', bytes)) return;
    bool found = false;
    if (weir_csv_scan_init(&scan, options, origin->path, NULL) == WEIR_OK) {
        weir_csv_scan_set(&scan, head + mark, bytes - mark, false, 1);
        found = begins_with_names(&scan, names);
    }
    weir_csv_scan_close(&scan);
    if (!found) return;
    char note[400];
    snprintf(note, sizeof(note),
             "line 1 of '%.240s' looks like a header, and is read as a row, as in Flink; set 'csv.header' = 'true'",
             origin->path);
    say(request, note);
}
