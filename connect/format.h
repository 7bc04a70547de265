/* SPDX-License-Identifier: Apache-2.0
 *
 * A file format: how one file is read into batches, or batches written into one file. The connector 'filesystem'
 * (filesystem.c) finds the files of a table, picks the format and reads the files one after the other.
 */
#ifndef WEIR_CONNECT_FORMAT_H
#define WEIR_CONNECT_FORMAT_H

#include "io/pipe.h"
#include "weir/weir.h"

/* request->options holds only the format's own options, with their full keys ("csv.field-delimiter"); those of
 * 'filesystem' itself (path, format) are taken out. request->schema: the declared columns or NULL (short form). */
struct weir_format {
    const char *name;              /* value of 'format' */
    const char *const *extensions; /* without dot, NULL-terminated */
    const char *const *options;    /* known keys, NULL-terminated, for checks and hints */
    /* True when the first `bytes` (at most 64) of a file are of this format; NULL when content does not tell. */
    bool (*recognise)(const char *head, size_t bytes);
    /* A source over one file. NULL: the format cannot be read. */
    enum weir_status (*open_reader)(const char *path, const struct weir_source_request *request,
                                    struct weir_source *out, struct weir_error *error);
    /* A sink into one file ("-": standard output). NULL: the format cannot be written. */
    enum weir_status (*open_writer)(const char *path, const struct weir_sink_request *request,
                                    struct weir_sink *out, struct weir_error *error);
    /* A source over a further file of an undeclared table: request->schema is that of its first file, which this
     * one must follow. NULL: open_reader without a schema is used, and the file must say the same by itself. */
    enum weir_status (*open_further)(const char *path, const struct weir_source_request *request,
                                     struct weir_source *out, struct weir_error *error);
    /* A source over a pipe, from its first byte; *pipe becomes the source's on success and is cleared. It is `live`
     * (see struct weir_source), and opening waits for what tells the columns where nobody has declared them. NULL:
     * the format is read from files only. */
    enum weir_status (*open_live)(struct weir_pipe **pipe, const struct weir_source_request *request,
                                  struct weir_source *out, struct weir_error *error);
    /* The Arrow layouts of declared columns are those of the declaration, whatever the file. */
    bool layouts_declared;
    /* The Arrow layouts of a column may differ from file to file even where its type is declared (Parquet: strings
     * are dictionaries or not): open_further opens the further files of declared tables, too. */
    bool layouts_vary;
};

const struct weir_format *weir_format_csv(void);     /* csv.c */
const struct weir_format *weir_format_json(void);    /* json_writer.c: NDJSON, written only */
const struct weir_format *weir_format_arrow(void);   /* arrow.c: IPC file and stream */
const struct weir_format *weir_format_parquet(void); /* parquet.c: loads the optional module */

/* The value of an option, or NULL. (format_options.c) */
const char *weir_option_get(const struct weir_option *options, size_t count, const char *key);

/* Flink's durations: a whole number and a unit, such as "1 s", "500ms", "2 minutes"; without a unit milliseconds.
 * What is left below a millisecond is cut. WEIR_ERR_SQL at the option's position. (format_options.c) */
enum weir_status weir_option_duration(const struct weir_option *option, int64_t *ms, struct weir_error *error);

/* Checks that every option's key is one of known (NULL-terminated); an error at the option's position names the
 * nearest. `owner` is for the message: "format 'csv'". (format_options.c) */
enum weir_status weir_options_check(const struct weir_option *options, size_t count, const char *const *known,
                                    const char *owner, struct weir_error *error);

/* For formats whose files name and type their columns: matches declared columns (or NULL: all of the file) to the
 * file's, by name. Fills columns[i] with the index in the file of declared column i. An unknown name is an error
 * that names the nearest; a type that does not match (see weir_source.schema: layouts of one SQL type may differ)
 * is an error that names both types. (format_columns.c) */
enum weir_status weir_columns_match(const struct ArrowSchema *declared, const struct ArrowSchema *file,
                                    const char *path, int32_t *columns, struct weir_error *error);

#endif
