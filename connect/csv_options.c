/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "connect/csv.h"

const char *const weir_csv_option_names[] = {
    "csv.field-delimiter",
    "csv.quote-character",
    "csv.disable-quote-character",
    "csv.escape-character",
    "csv.allow-comments",
    "csv.ignore-parse-errors",
    "csv.null-literal",
    "csv.skip-header",
    "csv.array-element-delimiter",
    "csv.write-bigdecimal-in-scientific-notation",
    "csv.on-error",
    "csv.header",
    "csv.timestamp-format.standard",
    NULL,
};

static enum weir_status refuse(const struct weir_option *option, const char *want, struct weir_error *error) {
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column, "'%s' = '%s': %s", option->key,
                             option->value, want);
}

/* One ASCII character, or Java's escape of one: \t, \\, \u0001. */
static enum weir_status read_char(const struct weir_option *option, char *out, struct weir_error *error) {
    const char *value = option->value;
    unsigned code = 256;
    if (value[0] == '\\' && value[1] == 't' && !value[2])
        code = '\t';
    else if (value[0] == '\\' && value[1] == '\\' && !value[2])
        code = '\\';
    else if (value[0] == '\\' && value[1] == 'u' && strspn(value + 2, "0123456789abcdefABCDEF") == 4 && !value[6]) {
        code = 0;
        for (const char *at = value + 2; *at; at++) {
            code = code * 16 + (unsigned)(*at <= '9' ? *at - '0' : (*at | 32) - 'a' + 10);
        }
    } else if (value[0] && !value[1]) {
        code = (unsigned char)value[0];
    }
    if (code == 0 || code > 126 || code == '\n' || code == '\r') {
        return refuse(option, "want one ASCII character that ends no line, such as ';' or '\\t'", error);
    }
    *out = (char)code;
    return WEIR_OK;
}

static enum weir_status read_bool(const struct weir_option *option, bool *out, struct weir_error *error) {
    *out = strcasecmp(option->value, "true") == 0;
    if (*out || strcasecmp(option->value, "false") == 0) return WEIR_OK;
    return refuse(option, "want true or false", error);
}

static enum weir_status read_on_error(const struct weir_option *option, enum weir_csv_on_error *out,
                                      struct weir_error *error) {
    if (strcasecmp(option->value, "fail") == 0)
        *out = WEIR_CSV_FAIL;
    else if (strcasecmp(option->value, "null") == 0)
        *out = WEIR_CSV_NULL;
    else if (strcasecmp(option->value, "skip") == 0)
        *out = WEIR_CSV_SKIP;
    else
        return refuse(option, "want fail, null or skip", error);
    return WEIR_OK;
}

static enum weir_status read_header(const struct weir_option *option, enum weir_csv_header *out,
                                    struct weir_error *error) {
    if (strcasecmp(option->value, "auto") == 0)
        *out = WEIR_CSV_HEADER_AUTO;
    else if (strcasecmp(option->value, "true") == 0)
        *out = WEIR_CSV_HEADER_TRUE;
    else if (strcasecmp(option->value, "false") == 0)
        *out = WEIR_CSV_HEADER_FALSE;
    else
        return refuse(option, "want auto, true or false", error);
    return WEIR_OK;
}

static enum weir_status read_times(const struct weir_option *option, bool *iso, struct weir_error *error) {
    *iso = strcasecmp(option->value, "ISO-8601") == 0;
    if (*iso || strcasecmp(option->value, "SQL") == 0) return WEIR_OK;
    return refuse(option, "want SQL ('2024-01-31 10:20:30') or ISO-8601 ('2024-01-31T10:20:30+01:00')", error);
}

/* What several options say together. */
struct pending {
    const struct weir_option *ignore; /* csv.ignore-parse-errors, where true */
    const struct weir_option *on_error;
    const struct weir_option *escape;
};

static enum weir_status read_ignore(const struct weir_option *option, struct pending *pending,
                                    struct weir_error *error) {
    bool on;
    enum weir_status status = read_bool(option, &on, error);
    if (status == WEIR_OK && on) pending->ignore = option;
    return status;
}

static enum weir_status read_scientific(const struct weir_option *option, struct weir_error *error) {
    bool on;
    enum weir_status status = read_bool(option, &on, error);
    if (status != WEIR_OK || !on) return status;
    return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, option->line, option->column,
                             "'%s' = 'true' is not supported: weir writes decimals with all their digits",
                             option->key);
}

static enum weir_status read_one(const struct weir_option *option, struct weir_csv_options *out,
                                 struct pending *pending, struct weir_error *error) {
    const char *key = option->key;
    bool flag;
    enum weir_status status;
    if (strcmp(key, "csv.field-delimiter") == 0) return read_char(option, &out->delimiter, error);
    if (strcmp(key, "csv.quote-character") == 0) return read_char(option, &out->quote, error);
    if (strcmp(key, "csv.disable-quote-character") == 0) {
        status = read_bool(option, &flag, error);
        if (status == WEIR_OK) out->quoting = !flag;
        return status;
    }
    if (strcmp(key, "csv.escape-character") == 0) {
        pending->escape = option;
        out->escaping = true;
        return read_char(option, &out->escape, error);
    }
    if (strcmp(key, "csv.allow-comments") == 0) return read_bool(option, &out->comments, error);
    if (strcmp(key, "csv.ignore-parse-errors") == 0) return read_ignore(option, pending, error);
    if (strcmp(key, "csv.null-literal") == 0) {
        out->null_literal = option->value;
        out->null_bytes = strlen(option->value);
        return WEIR_OK;
    }
    if (strcmp(key, "csv.skip-header") == 0)
        return read_bool(option, &flag, error); /* Flink ignores it: see csv.c */
    if (strcmp(key, "csv.write-bigdecimal-in-scientific-notation") == 0) return read_scientific(option, error);
    if (strcmp(key, "csv.on-error") == 0) {
        pending->on_error = option;
        return read_on_error(option, &out->on_error, error);
    }
    if (strcmp(key, "csv.header") == 0) return read_header(option, &out->header, error);
    if (strcmp(key, "csv.timestamp-format.standard") == 0) return read_times(option, &out->iso_times, error);
    return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, option->line, option->column, "'%s' is not supported yet",
                             key);
}

static enum weir_status check_together(struct weir_csv_options *out, const struct pending *pending,
                                       struct weir_error *error) {
    if (pending->ignore) {
        if (pending->on_error && out->on_error != WEIR_CSV_NULL) {
            return refuse(pending->on_error, "'csv.ignore-parse-errors' = 'true' says otherwise: leave one out",
                          error);
        }
        out->on_error = WEIR_CSV_NULL;
    }
    if (out->quoting && out->quote == out->delimiter) {
        return weir_error_set(error, WEIR_ERR_SQL, "the field delimiter and the quote character are both '%c'",
                              out->quote);
    }
    if (out->escaping && (out->escape == out->delimiter || (out->quoting && out->escape == out->quote))) {
        return refuse(pending->escape, "it is the field delimiter or the quote character, too", error);
    }
    return WEIR_OK;
}

enum weir_status weir_csv_options_read(const struct weir_option *options, size_t count, const char *path,
                                       bool declared, struct weir_csv_options *out, struct weir_error *error) {
    size_t length = strlen(path);
    bool is_tsv = length > 4 && strcasecmp(path + length - 4, ".tsv") == 0;
    *out = (struct weir_csv_options){.delimiter = is_tsv && !declared ? '\t' : ',', .quoting = true, .quote = '"'};
    struct pending pending = {0};
    for (size_t i = 0; i < count; i++) {
        enum weir_status status = read_one(&options[i], out, &pending, error);
        if (status != WEIR_OK) return status;
    }
    return check_together(out, &pending, error);
}
