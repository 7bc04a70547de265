/* SPDX-License-Identifier: Apache-2.0
 *
 * The CSV format's parts among themselves. The way of a file: csv_scan.c finds records and fields in the text,
 * csv_parse.c turns the fields of one column into values of a csv_column.c, csv_decoder.c makes batches of them,
 * for the source in csv_reader.c; csv_ahead.c lets several threads do so in a large file; csv_infer.c finds columns
 * and header where none are declared; csv_header.c judges the first line of a declared table; csv_writer.c is the
 * way back.
 *
 * What a field means is Flink's CSV format (Jackson's parser and Java's conversions) wherever that can be seen.
 */
#ifndef WEIR_CONNECT_CSV_H
#define WEIR_CONNECT_CSV_H

#include "connect/format.h"
#include "engine/type.h"
#include "io/pipe.h"

enum weir_csv_on_error {
    WEIR_CSV_FAIL, /* the query fails at the first bad field or line */
    WEIR_CSV_NULL, /* Flink's csv.ignore-parse-errors: a bad field is NULL, missing ones too; a line is dropped only
                      when it cannot be split (too many fields, text after a closing quote, a quote never closed) */
    WEIR_CSV_SKIP, /* a line with anything bad is dropped */
};

enum weir_csv_header { WEIR_CSV_HEADER_DEFAULT, WEIR_CSV_HEADER_AUTO, WEIR_CSV_HEADER_TRUE, WEIR_CSV_HEADER_FALSE };

struct weir_csv_options {
    char delimiter;
    bool quoting;
    char quote;
    bool escaping;
    char escape;
    bool comments; /* lines that begin with '#', and blank lines, are no records */
    enum weir_csv_on_error on_error;
    enum weir_csv_header header;
    const char *null_literal; /* NULL: none. Borrowed from the request: see null_text */
    size_t null_bytes;
    bool iso_times; /* times as ISO 8601 has them, beside those of SQL */
    bool inferred;  /* columns were not declared: an empty unquoted field is NULL, types are checked strictly */
};

/* Reads the csv.* options. `path` decides the delimiter of an undeclared .tsv. Errors: WEIR_ERR_SQL and
 * WEIR_ERR_UNSUPPORTED at the option's position. (csv_options.c) */
enum weir_status weir_csv_options_read(const struct weir_option *options, size_t count, const char *path,
                                       bool declared, struct weir_csv_options *out, struct weir_error *error);

extern const char *const weir_csv_option_names[];

enum weir_status weir_csv_open_reader(const char *path, const struct weir_source_request *request,
                                      struct weir_source *out, struct weir_error *error);
/* Over a pipe: see open_live of struct weir_format. */
enum weir_status weir_csv_open_live(struct weir_pipe **pipe, const struct weir_source_request *request,
                                    struct weir_source *out, struct weir_error *error);
enum weir_status weir_csv_open_further(const char *path, const struct weir_source_request *request,
                                       struct weir_source *out, struct weir_error *error);
enum weir_status weir_csv_open_writer(const char *path, const struct weir_sink_request *request,
                                      struct weir_sink *out, struct weir_error *error);

/* What the first lines of a file say. */
struct weir_csv_guess {
    size_t count;    /* fields of the first line; 0: there is none */
    char first[128]; /* the first field of the first line, or its begin */
    char **names;    /* from the header, or f0, f1, ...; malloc'd */
    struct weir_type *types;
    bool has_header;
    bool is_undecided; /* no header was found, and the first line may yet be one: texts above texts */
    int64_t lines;     /* that were looked at */
};

/* Where the text is. */
struct weir_csv_origin {
    const char *path;       /* a regular file, or */
    struct weir_pipe *pipe; /* not NULL: a pipe, from its first byte; borrowed */
    bool plain_io;
};

/* Looks at the first MiB (or all) of a file. Of a pipe: at two records at least, and then at what comes without a
 * pause; its bytes can be read again. `header` as in the options (DEFAULT counts as AUTO); names: declared columns,
 * which a header is recognised by too, or NULL. Errors: those of reading. (csv_infer.c) */
enum weir_status weir_csv_guess(const struct weir_csv_origin *origin, const struct weir_csv_options *options,
                                const char *const *names, size_t names_count, struct weir_csv_guess *out,
                                struct weir_error *error);
/* What separates the fields of a file where nobody said: a comma, unless the first line has none, and it and those
 * that follow agree on ';', a tab or '|'. Sets options->delimiter. (csv_infer.c) */
enum weir_status weir_csv_guess_delimiter(const struct weir_csv_origin *origin, struct weir_csv_options *options,
                                          struct weir_error *error);
/* Whether a first line may be data, and no names: it holds a number or a time. (csv_infer.c) */
bool weir_csv_is_value(const char *text, size_t length);
void weir_csv_guess_fini(struct weir_csv_guess *guess);

#endif
