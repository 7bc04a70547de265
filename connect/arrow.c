/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "connect/arrow_scan.h"

#define BATCH_ROWS_MAX INT32_MAX

static const char compression_key[] = "arrow.compression";
static const char batch_rows_key[] = "arrow.batch-rows";
static const char direct_key[] = "arrow.direct-io";

static enum weir_status read_compression(const struct weir_option *option, struct weir_arrow_options *out,
                                         struct weir_error *error) {
    static const struct {
        const char *name;
        enum weir_arrow_compression compression;
    } names[] = {{"none", WEIR_ARROW_PLAIN}, {"lz4", WEIR_ARROW_LZ4}, {"zstd", WEIR_ARROW_ZSTD}};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(names); i++) {
        if (strcasecmp(option->value, names[i].name) != 0) continue;
        out->compression = names[i].compression;
        return WEIR_OK;
    }
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                             "'%s' is '%s'; it must be none, lz4 or zstd", option->key, option->value);
}

static enum weir_status read_batch_rows(const struct weir_option *option, struct weir_arrow_options *out,
                                        struct weir_error *error) {
    char *end;
    long long rows = strtoll(option->value, &end, 10);
    if (end == option->value || *end != '\0' || rows < 1 || rows > BATCH_ROWS_MAX) {
        return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                                 "'%s' is '%s'; it must be a number from 1 to %d", option->key, option->value,
                                 BATCH_ROWS_MAX);
    }
    out->batch_rows = rows;
    return WEIR_OK;
}

static enum weir_status read_direct(const struct weir_option *option, struct weir_arrow_options *out,
                                    struct weir_error *error) {
    static const char *const names[] = {
        [WEIR_IO_DIRECT_AUTO] = "auto", [WEIR_IO_DIRECT_ALWAYS] = "always", [WEIR_IO_DIRECT_NEVER] = "never"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(names); i++) {
        if (strcasecmp(option->value, names[i]) != 0) continue;
        out->direct = (enum weir_io_direct)i;
        return WEIR_OK;
    }
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                             "'%s' is '%s'; it must be auto, always or never", option->key, option->value);
}

enum weir_status weir_arrow_options_read(const struct weir_option *options, size_t count,
                                         struct weir_arrow_options *out, struct weir_error *error) {
    *out = (struct weir_arrow_options){.compression = WEIR_ARROW_PLAIN};
    for (size_t i = 0; i < count; i++) {
        enum weir_status status = WEIR_OK;
        if (strcmp(options[i].key, compression_key) == 0) status = read_compression(&options[i], out, error);
        if (strcmp(options[i].key, batch_rows_key) == 0) status = read_batch_rows(&options[i], out, error);
        if (strcmp(options[i].key, direct_key) == 0) status = read_direct(&options[i], out, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

const struct weir_format *weir_format_arrow(void) {
    static const char *const extensions[] = {"arrow", "arrows", "feather", "ipc", NULL};
    static const char *const options[] = {compression_key, batch_rows_key, direct_key, NULL};
    static const struct weir_format format = {
        .name = "arrow",
        .extensions = extensions,
        .options = options,
        .recognise = weir_arrow_scan_recognise,
        .open_reader = weir_arrow_reader_open,
        .open_live = weir_arrow_reader_open_live,
        .open_writer = weir_arrow_writer_open,
    };
    return &format;
}
