/* SPDX-License-Identifier: Apache-2.0
 *
 * The source over one CSV file, or over a pipe of CSV text.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connect/csv_ahead.h"
#include "connect/csv_header.h"
#include "connect/text_value.h"

/* A file of less is read by one thread: others would hardly begin. */
#define AHEAD_BYTES_MIN (INT64_C(8) << 20)

struct reader {
    struct weir_csv_decoder decoder;
    struct weir_csv_ahead *ahead; /* of a large file: threads that decode it; NULL otherwise */
    int32_t threads;
    bool started;
    struct weir_pipe *pipe; /* NULL: a file */
    bool header_pending;    /* of a pipe: its first line has not come yet */
    size_t count;           /* columns of the file */
    char **names;
    struct weir_type *types;
    bool *coded; /* columns with a dictionary */
    char *null_literal;
    bool has_header;
    bool is_guessed; /* the columns are this file's own */
    char description[512];
    _Atomic int64_t bytes_total; /* these four are read by other threads */
    _Atomic int64_t bytes_done;
    _Atomic int64_t rejected;
    _Atomic int64_t nulled;
};

static enum weir_status no_memory(size_t columns, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read %zu CSV columns", columns);
}

/* ---- batches ----------------------------------------------------------------------------------------------------
 */

static void publish(struct reader *reader) {
    const struct weir_csv_decoder *decoder = &reader->decoder;
    struct weir_csv_counts counts = {.bytes = decoder->scan.bytes_read,
                                     .rejected = decoder->scan.rejected + decoder->rejected,
                                     .nulled = decoder->nulled};
    if (reader->ahead) counts = weir_csv_ahead_counts(reader->ahead);
    atomic_store_explicit(&reader->bytes_done, counts.bytes, memory_order_relaxed);
    atomic_store_explicit(&reader->rejected, counts.rejected, memory_order_relaxed);
    atomic_store_explicit(&reader->nulled, counts.nulled, memory_order_relaxed);
}

static enum weir_status pass_header(struct reader *reader, struct weir_error *error);

/* The header of a pipe, which may not have come yet: WEIR_AGAIN then. */
static enum weir_status await_header(struct reader *reader, struct weir_error *error) {
    weir_csv_decoder_wait(&reader->decoder);
    enum weir_status status = pass_header(reader, error);
    if (status != WEIR_OK) return status;
    reader->header_pending = false;
    reader->decoder.scan.fields_count = reader->count;
    return WEIR_OK;
}

/* Threads for a file that is worth them. Where they cannot be had it is read without. */
static void start(struct reader *reader) {
    struct weir_error ignored;
    reader->started = true;
    if (reader->pipe || reader->threads < 2 || reader->bytes_total < AHEAD_BYTES_MIN) return;
    if (weir_csv_ahead_create(&reader->decoder, reader->names, reader->types, reader->threads, WEIR_CSV_CHUNK_BYTES,
                              &reader->ahead, &ignored) != WEIR_OK)
        reader->ahead = NULL;
}

static enum weir_status read_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct reader *reader = state;
    enum weir_status status = WEIR_OK;
    if (!reader->started) start(reader);
    if (reader->header_pending) status = await_header(reader, error);
    if (status == WEIR_OK) {
        status = reader->ahead ? weir_csv_ahead_next(reader->ahead, out, error)
                               : weir_csv_decoder_next(&reader->decoder, out, error);
    }
    publish(reader);
    return status;
}

/* ---- the other calls of a source --------------------------------------------------------------------------------
 */

static enum weir_status read_schema(void *state, struct ArrowSchema *out, struct weir_error *error) {
    const struct reader *reader = state;
    enum weir_status status =
        weir_schema_export((const char *const *)reader->names, reader->types, reader->count, out, error);
    for (size_t i = 0; status == WEIR_OK && i < reader->count; i++) {
        if (reader->coded[i]) status = weir_schema_code(out->children[i], error);
    }
    if (status != WEIR_OK && out->release) out->release(out);
    return status;
}

static enum weir_status read_select(void *state, const int32_t *columns, size_t count, struct weir_error *error) {
    struct reader *reader = state;
    enum weir_csv_on_error on_error = reader->decoder.scan.options.on_error;
    return weir_csv_decoder_select(&reader->decoder, columns, count, on_error, error);
}

static void read_progress(void *state, struct weir_source_progress *out) {
    struct reader *reader = state;
    *out = (struct weir_source_progress){
        .bytes_total = atomic_load_explicit(&reader->bytes_total, memory_order_relaxed),
        .bytes_done = atomic_load_explicit(&reader->bytes_done, memory_order_relaxed),
        .rejected = atomic_load_explicit(&reader->rejected, memory_order_relaxed),
        .nulled = atomic_load_explicit(&reader->nulled, memory_order_relaxed),
    };
}

static const char *read_describe(void *state) {
    struct reader *reader = state;
    char types[96] = "";
    if (reader->decoder.lines_guessed > 0) {
        snprintf(types, sizeof(types), ", types taken from the first %lld lines",
                 (long long)reader->decoder.lines_guessed);
    }
    char delimiter = reader->decoder.scan.options.delimiter, apart[40] = "";
    if (delimiter != ',')
        snprintf(apart, sizeof(apart), delimiter == '\t' ? " separated by '\\t'" : " separated by '%c'", delimiter);
    char from[288] = "";
    if (reader->pipe) snprintf(from, sizeof(from), "'%.240s' as it comes, ", weir_pipe_name(reader->pipe));
    snprintf(reader->description, sizeof(reader->description), "%scsv: %zu of %zu columns%s%s%s", from,
             reader->decoder.results_count, reader->count, apart,
             reader->has_header ? ", first line is a header" : "", types);
    return reader->description;
}

static void read_close(void *state) {
    struct reader *reader = state;
    if (!reader) return;
    weir_csv_ahead_destroy(&reader->ahead); /* first: it reads the decoder's file */
    weir_csv_decoder_fini(&reader->decoder);
    for (size_t i = 0; reader->names && i < reader->count; i++) free(reader->names[i]);
    free(reader->names);
    free(reader->types);
    free(reader->coded);
    free(reader->null_literal);
    weir_pipe_close(&reader->pipe);
    free(reader);
}

/* ---- opening ----------------------------------------------------------------------------------------------------
 */

static bool allocate(struct reader *reader, size_t count) {
    reader->count = count;
    reader->names = calloc(count, sizeof(*reader->names));
    reader->types = calloc(count, sizeof(*reader->types));
    reader->coded = calloc(count, sizeof(*reader->coded));
    return reader->names && reader->types && reader->coded;
}

static enum weir_status take_declared(struct reader *reader, const struct ArrowSchema *schema,
                                      struct weir_error *error) {
    if (schema->n_children < 1 || schema->n_children > WEIR_CSV_FIELDS_MAX) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "a CSV table has 1 to %d columns, not %lld",
                              WEIR_CSV_FIELDS_MAX, (long long)schema->n_children);
    }
    if (!allocate(reader, (size_t)schema->n_children)) return no_memory((size_t)schema->n_children, error);
    for (size_t i = 0; i < reader->count; i++) {
        struct weir_layout layout;
        const struct ArrowSchema *child = schema->children[i];
        enum weir_status status = weir_layout_import(child, &layout, error);
        if (status != WEIR_OK) return status;
        enum weir_type_id id = layout.type.id;
        if (id == WEIR_TYPE_NULL || id == WEIR_TYPE_INTERVAL_MS || id == WEIR_TYPE_INTERVAL_MONTH) {
            return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                                  "column '%s': the CSV format reads no column of its type", child->name);
        }
        reader->types[i] = layout.type;
        reader->coded[i] = layout.storage == WEIR_STORE_DICTIONARY && layout.codes == WEIR_STORE_U32;
        reader->names[i] = strdup(child->name ? child->name : "");
        if (!reader->names[i]) return no_memory(reader->count, error);
    }
    return WEIR_OK;
}

static enum weir_status take_guess(struct reader *reader, const char *name, struct weir_csv_guess *guess,
                                   struct weir_error *error) {
    if (guess->count == 0) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' is empty: there is no line to take columns from", name);
    }
    if (!allocate(reader, guess->count)) return no_memory(guess->count, error);
    for (size_t i = 0; i < guess->count; i++) {
        reader->types[i] = guess->types[i];
        reader->names[i] = guess->names[i];
        guess->names[i] = NULL;
    }
    reader->decoder.lines_guessed = guess->lines;
    reader->is_guessed = true;
    return WEIR_OK;
}

static struct weir_csv_names names_of(const struct reader *reader) {
    return (struct weir_csv_names){(const char *const *)reader->names, reader->types, reader->count};
}

static enum weir_status pass_header(struct reader *reader, struct weir_error *error) {
    size_t fields;
    enum weir_status status;
    do {
        status = weir_csv_scan_record(&reader->decoder.scan, &fields, error);
    } while (status == WEIR_OK && reader->decoder.scan.options.inferred &&
             weir_csv_is_blank(&reader->decoder.scan, fields));
    if (status == WEIR_END) return WEIR_OK;
    if (status != WEIR_OK || reader->is_guessed) return status;
    if (fields == reader->count || fields == reader->count + 1) {
        const struct weir_csv_names names = names_of(reader);
        return weir_csv_header_check(&reader->decoder.scan, &names, fields, error);
    }
    return weir_csv_scan_fail(&reader->decoder.scan, reader->decoder.scan.record_begin, error,
                              "the header has %zu field%s, the table %zu columns", fields, fields == 1 ? "" : "s",
                              reader->count);
}

static void note_forgotten(const struct reader *reader, const struct weir_csv_origin *origin,
                           const struct weir_csv_options *options, const struct weir_source_request *request) {
    const struct weir_csv_names names = names_of(reader);
    weir_csv_header_forgotten(origin, &names, options, request);
}

/* Who says what the columns are. */
enum columns_by { BY_DECLARATION, BY_GUESS, BY_FIRST_FILE };

/* Columns, and whether there is a header. */
static enum weir_status find_columns(struct reader *reader, const struct weir_csv_origin *origin,
                                     const struct weir_source_request *request, enum columns_by by,
                                     struct weir_csv_options *options, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    if (by != BY_GUESS) status = take_declared(reader, request->schema, error);
    if (status != WEIR_OK) return status;
    bool said = options->header != WEIR_CSV_HEADER_DEFAULT;
    if (!said && by == BY_DECLARATION && !origin->pipe && request->log)
        note_forgotten(reader, origin, options, request);
    if (!said) {
        options->header = by == BY_DECLARATION ? WEIR_CSV_HEADER_FALSE : WEIR_CSV_HEADER_AUTO;
    }
    reader->has_header = options->header == WEIR_CSV_HEADER_TRUE;
    if (by != BY_GUESS && options->header != WEIR_CSV_HEADER_AUTO) return WEIR_OK;
    struct weir_csv_guess guess;
    status = weir_csv_guess(origin, options, (const char *const *)reader->names, reader->count, &guess, error);
    if (status != WEIR_OK) return status;
    reader->has_header = guess.has_header;
    if (by == BY_GUESS && guess.is_undecided) weir_csv_header_undecided(origin, &guess, request);
    const char *name = origin->pipe ? weir_pipe_name(origin->pipe) : origin->path;
    if (by == BY_GUESS) status = take_guess(reader, name, &guess, error);
    weir_csv_guess_fini(&guess);
    return status;
}

/* Of a pipe the header is passed by the first next, which may be told to wait no longer. */
static enum weir_status begin_scan(struct reader *reader, const struct weir_csv_origin *origin,
                                   const struct weir_csv_options *options, struct weir_error *error) {
    if (origin->pipe) {
        reader->header_pending = reader->has_header;
        return weir_csv_scan_open_live(origin->pipe, options, &reader->decoder.scan, error);
    }
    enum weir_status status =
        weir_csv_scan_open(origin->path, options, origin->plain_io, &reader->decoder.scan, error);
    if (status == WEIR_OK) atomic_init(&reader->bytes_total, weir_stream_size(reader->decoder.scan.stream));
    return status;
}

static enum weir_status select_all(struct reader *reader, struct weir_error *error) {
    int32_t *all = malloc(reader->count * sizeof(*all));
    if (!all) return no_memory(reader->count, error);
    for (size_t i = 0; i < reader->count; i++) all[i] = (int32_t)i;
    enum weir_status status = read_select(reader, all, reader->count, error);
    free(all);
    return status;
}

static enum weir_status open_scan(struct reader *reader, const struct weir_csv_origin *origin,
                                  const struct weir_source_request *request, const struct weir_csv_options *options,
                                  struct weir_error *error) {
    enum weir_status status =
        weir_csv_decoder_init(&reader->decoder, reader->names, reader->types, reader->count, error);
    if (status == WEIR_OK) status = begin_scan(reader, origin, options, error);
    if (status != WEIR_OK) return status;
    reader->decoder.coded = reader->coded;
    reader->decoder.batch_rows = request->batch_rows < 1 ? 1 : (size_t)request->batch_rows;
    reader->decoder.wait_ms = request->wait_ms > 0 ? request->wait_ms : -1;
    reader->threads = request->threads;
    status = select_all(reader, error);
    if (status == WEIR_OK && reader->has_header && !reader->header_pending) status = pass_header(reader, error);
    if (!reader->header_pending) reader->decoder.scan.fields_count = reader->count;
    return status;
}

/* The pipe, if there is one, becomes the reader's on success. */
static enum weir_status open_reader(const struct weir_csv_origin *origin, const struct weir_source_request *request,
                                    enum columns_by by, struct weir_source *out, struct weir_error *error) {
    struct weir_csv_options options;
    bool declared = by == BY_DECLARATION;
    enum weir_status status =
        weir_csv_options_read(request->options, request->options_count, origin->path, declared, &options, error);
    if (status != WEIR_OK) return status;
    options.inferred = !declared;
    struct reader *reader = calloc(1, sizeof(*reader));
    if (!reader) return no_memory(0, error);
    if (options.null_literal) { /* the request does not outlive the call */
        options.null_literal = reader->null_literal = strdup(options.null_literal);
        if (!reader->null_literal) status = no_memory(0, error);
    }
    bool comma = !declared && !origin->pipe && options.delimiter == ',' &&
                 !weir_option_get(request->options, request->options_count, "csv.field-delimiter");
    if (status == WEIR_OK && comma) status = weir_csv_guess_delimiter(origin, &options, error);
    if (status == WEIR_OK) status = find_columns(reader, origin, request, by, &options, error);
    if (status == WEIR_OK && request->dictionaries && !origin->pipe)
        weir_csv_sample(origin->path, &options, reader->types, reader->count, reader->coded);
    if (status == WEIR_OK) status = open_scan(reader, origin, request, &options, error);
    if (status != WEIR_OK) {
        read_close(reader);
        return status;
    }
    reader->pipe = origin->pipe;
    *out = (struct weir_source){
        .state = reader,
        .schema = read_schema,
        .select = read_select,
        .next = read_next,
        .progress = read_progress,
        .describe = read_describe,
        .close = read_close,
        .live = origin->pipe != NULL,
    };
    return WEIR_OK;
}

enum weir_status weir_csv_open_reader(const char *path, const struct weir_source_request *request,
                                      struct weir_source *out, struct weir_error *error) {
    struct weir_csv_origin origin = {.path = path, .plain_io = request->plain_io};
    return open_reader(&origin, request, request->schema ? BY_DECLARATION : BY_GUESS, out, error);
}

enum weir_status weir_csv_open_live(struct weir_pipe **pipe, const struct weir_source_request *request,
                                    struct weir_source *out, struct weir_error *error) {
    struct weir_csv_origin origin = {.path = weir_pipe_name(*pipe), .pipe = *pipe};
    enum weir_status status =
        open_reader(&origin, request, request->schema ? BY_DECLARATION : BY_GUESS, out, error);
    if (status == WEIR_OK) *pipe = NULL;
    return status;
}

enum weir_status weir_csv_open_further(const char *path, const struct weir_source_request *request,
                                       struct weir_source *out, struct weir_error *error) {
    struct weir_csv_origin origin = {.path = path, .plain_io = request->plain_io};
    return open_reader(&origin, request, BY_FIRST_FILE, out, error);
}
