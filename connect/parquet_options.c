/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "connect/format.h"

#define OPTION_COMPRESSION "parquet.compression"
#define OPTION_LEVEL "parquet.compression.codec.zstd.level"
#define OPTION_DICTIONARY "parquet.enable.dictionary"
#define OPTION_UTC "parquet.utc-timezone"

#define ROW_GROUP_ROWS (INT64_C(1) << 20)

const char *const weir_parquet_options[] = {
    OPTION_COMPRESSION, OPTION_LEVEL, OPTION_DICTIONARY, OPTION_UTC, WEIR_PARQUET_SKIP, WEIR_PARQUET_TIMES, NULL};

const struct weir_option *weir_parquet_option_find(const struct weir_option *options, size_t count,
                                                   const char *key) {
    for (size_t idx = 0; idx < count; idx++) {
        if (strcmp(options[idx].key, key) == 0) return &options[idx];
    }
    return NULL;
}

enum weir_status weir_parquet_option_flag(const struct weir_option *option, bool missing, bool *out,
                                          struct weir_error *error) {
    *out = option == NULL ? missing : strcasecmp(option->value, "true") == 0;
    if (option == NULL || *out || strcasecmp(option->value, "false") == 0) return WEIR_OK;
    return weir_error_set_at(error, WEIR_ERR_INVALID, option->line, option->column,
                             "'%s' is true or false, not '%s'", option->key, option->value);
}

static enum weir_status parquet_level(const struct weir_option *option, int32_t *out, struct weir_error *error) {
    *out = INT32_MIN;
    if (option == NULL) return WEIR_OK;
    char *end;
    errno = 0;
    long level = strtol(option->value, &end, 10);
    if (errno != 0 || end == option->value || *end != '\0' || level < -1000 || level > 1000) {
        return weir_error_set_at(error, WEIR_ERR_INVALID, option->line, option->column,
                                 "'%s' is a whole number, not '%s'", option->key, option->value);
    }
    *out = (int32_t)level;
    return WEIR_OK;
}

static enum weir_status parquet_check_zone(const struct weir_option *options, size_t count,
                                           struct weir_error *error) {
    const struct weir_option *option = weir_parquet_option_find(options, count, OPTION_UTC);
    bool utc;
    enum weir_status status = weir_parquet_option_flag(option, true, &utc, error);
    if (status != WEIR_OK || utc) return status;
    return weir_error_set_at(
        error, WEIR_ERR_UNSUPPORTED, option->line, option->column,
        "'%s' = 'false' is not supported: weir takes times as they are written, without a shift "
        "by the machine's zone; leave the option out",
        option->key);
}

enum weir_status weir_parquet_options_check(const struct weir_option *options, size_t count,
                                            const struct weir_parquet_module *module,
                                            struct weir_parquet_write_options *out, struct weir_error *error) {
    enum weir_status status = weir_options_check(options, count, weir_parquet_options, "format 'parquet'", error);
    if (status != WEIR_OK) return status;
    const struct weir_option *compression = weir_parquet_option_find(options, count, OPTION_COMPRESSION);
    const struct weir_option *level = weir_parquet_option_find(options, count, OPTION_LEVEL);
    bool dictionary;
    status = parquet_check_zone(options, count, error);
    if (status == WEIR_OK) status = parquet_level(level, &out->level, error);
    if (status == WEIR_OK) {
        status = weir_parquet_option_flag(weir_parquet_option_find(options, count, OPTION_DICTIONARY), true,
                                          &dictionary, error);
    }
    if (status != WEIR_OK) return status;
    out->compression = compression == NULL ? NULL : compression->value;
    out->plain = !dictionary;
    out->row_group_rows = ROW_GROUP_ROWS;
    if (level != NULL && (compression == NULL || strcasecmp(compression->value, "zstd") != 0)) {
        return weir_error_set_at(error, WEIR_ERR_INVALID, level->line, level->column,
                                 "'%s' needs '" OPTION_COMPRESSION "' = 'zstd'", level->key);
    }
    if (compression == NULL) return WEIR_OK;
    status = module->compression_check(out->compression, out->level, error);
    if (status == WEIR_OK || error == NULL) return status;
    error->line = compression->line;
    error->column = compression->column;
    return status;
}
