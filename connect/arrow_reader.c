/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/monotonic.h"
#include "connect/arrow.h"
#include "connect/arrow_ahead.h"
#include "connect/arrow_array.h"
#include "connect/arrow_live.h"

struct reader {
    struct weir_arrow_scan scan;
    struct weir_arrow_ahead ahead; /* of a file */
    struct weir_arrow_live live;   /* of a pipe */
    struct weir_pipe *pipe;        /* NULL: a file */
    int64_t wait_ms;               /* of a pipe; negative: next waits as long as it takes */
    struct weir_io_options io_options;
    enum weir_io_direct direct;
    int32_t threads; /* that may unpack */
    int64_t batch_rows;
    int32_t *declared; /* columns of the source as indices into the file's schema */
    int32_t declared_count;
    int32_t *selected; /* the same, of those that are read; NULL before the selection */
    size_t selected_count;
    bool started;
    struct weir_arrow_loaded loaded; /* the record batch at hand */
    int64_t next_row;                /* of it */
    _Atomic int64_t bytes_done;
    enum weir_status failed; /* what next() returns from now on, when not WEIR_OK */
    struct weir_error failure;
    char description[512];
};

static enum weir_status reader_schema(void *state, struct ArrowSchema *out, struct weir_error *error) {
    struct reader *reader = state;
    return weir_arrow_schema_export(&reader->scan.schema, reader->declared, reader->declared_count, out, error);
}

/* Takes the columns (NULL: all of the source) as those to be read, if they can be. */
static enum weir_status choose(struct reader *reader, const int32_t *columns, size_t count,
                               struct weir_error *error) {
    int32_t *selected = calloc(count + 1, sizeof(*selected));
    if (selected == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory to select columns");
    enum weir_status status = WEIR_OK;
    for (size_t i = 0; i < count && status == WEIR_OK; i++) {
        selected[i] = reader->declared[columns == NULL ? (int32_t)i : columns[i]];
        const struct weir_arrow_field *field = &reader->scan.schema.fields[selected[i]];
        if (!weir_arrow_field_carried(field)) {
            status = weir_arrow_field_refuse(field, error);
            weir_error_prefix(error, "'%s'", reader->scan.path);
        }
    }
    if (status != WEIR_OK) {
        free(selected);
        return status;
    }
    free(reader->selected);
    reader->selected = selected;
    reader->selected_count = count;
    return WEIR_OK;
}

static enum weir_status reader_select(void *state, const int32_t *columns, size_t count, struct weir_error *error) {
    struct reader *reader = state;
    if (reader->started || reader->selected != NULL) {
        return weir_error_set(error, WEIR_ERR_STATE, "columns can be selected once, before the first batch");
    }
    for (size_t i = 0; i < count; i++) {
        if (columns[i] < 0 || columns[i] >= reader->declared_count || (i > 0 && columns[i] <= columns[i - 1])) {
            return weir_error_set(error, WEIR_ERR_INVALID,
                                  "selected columns must be ascending indices below %d: column %d is not",
                                  reader->declared_count, columns[i]);
        }
    }
    return choose(reader, columns, count, error);
}

static enum weir_status start(struct reader *reader, struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    reader->started = true;
    if (reader->selected == NULL) status = choose(reader, NULL, (size_t)reader->declared_count, error);
    if (status == WEIR_OK && reader->pipe != NULL) {
        status = weir_arrow_live_select(&reader->live, reader->selected, reader->selected_count, error);
    } else if (status == WEIR_OK) {
        (void)weir_file_choose_direct(reader->scan.file, reader->direct);
        status = weir_arrow_ahead_open(&reader->ahead, &reader->scan, reader->selected, reader->selected_count,
                                       reader->threads, &reader->io_options, error);
    }
    return status == WEIR_OK ? weir_arrow_loaded_init(&reader->loaded, reader->selected_count, error) : status;
}

static enum weir_status load_next(struct reader *reader, struct weir_error *error) {
    if (reader->pipe == NULL) return weir_arrow_ahead_next(&reader->ahead, &reader->loaded, error);
    reader->live.wait_until = reader->wait_ms < 0 ? INT64_MAX : weir_monotonic_ms() + reader->wait_ms;
    enum weir_status status = weir_arrow_live_next(&reader->live, &reader->loaded, error);
    atomic_store_explicit(&reader->bytes_done, reader->live.passed, memory_order_relaxed);
    return status;
}

static enum weir_status next_slice(struct reader *reader, struct ArrowArray *out, struct weir_error *error) {
    struct weir_arrow_loaded *loaded = &reader->loaded;
    enum weir_status status = reader->started ? WEIR_OK : start(reader, error);
    if (status == WEIR_OK && reader->next_row == loaded->batch.rows) {
        weir_arrow_loaded_fini(loaded);
        reader->next_row = 0;
        status = load_next(reader, error);
    }
    if (status == WEIR_END && reader->pipe == NULL)
        atomic_store_explicit(&reader->bytes_done, reader->scan.size, memory_order_relaxed);
    if (status != WEIR_OK) return status;
    int64_t rows = loaded->batch.rows - reader->next_row;
    if (rows > reader->batch_rows) rows = reader->batch_rows;
    status = weir_arrow_array_export(&loaded->batch, loaded->words, reader->next_row, rows, out, error);
    if (status != WEIR_OK) {
        weir_error_prefix(error, "'%s', message that ends at byte %lld", reader->scan.path, (long long)loaded->end);
        return status;
    }
    reader->next_row += rows;
    if (reader->next_row == loaded->batch.rows) {
        atomic_store_explicit(&reader->bytes_done, loaded->end, memory_order_relaxed);
    }
    return WEIR_OK;
}

static enum weir_status reader_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct reader *reader = state;
    if (reader->failed == WEIR_OK) {
        enum weir_status status = next_slice(reader, out, &reader->failure);
        if (status == WEIR_OK || status == WEIR_AGAIN) return status;
        reader->failed = status;
    }
    if (error != NULL && reader->failed != WEIR_END) *error = reader->failure;
    return reader->failed;
}

static void reader_progress(void *state, struct weir_source_progress *out) {
    struct reader *reader = state;
    *out = (struct weir_source_progress){
        .bytes_total = reader->scan.size,
        .bytes_done = atomic_load_explicit(&reader->bytes_done, memory_order_relaxed),
    };
}

static const char *reader_describe(void *state) {
    struct reader *reader = state;
    const struct weir_arrow_scan *scan = &reader->scan;
    size_t columns = reader->selected == NULL ? (size_t)reader->declared_count : reader->selected_count;
    char batches[64] = "";
    if (scan->is_file) {
        snprintf(batches, sizeof(batches), ", %zu record batches", scan->blocks_count - scan->dictionaries);
    }
    const char *kind = scan->is_file ? "file" : "stream", *how = reader->pipe == NULL ? "" : " as it comes";
    const char *direct = reader->pipe == NULL && weir_file_is_direct(scan->file) ? ", past the page cache" : "";
    snprintf(reader->description, sizeof(reader->description), "Arrow IPC %s '%.300s'%s%s, %zu of %d columns%s",
             kind, scan->path, how, batches, columns, scan->schema.count, direct);
    return reader->description;
}

static void reader_close(void *state) {
    struct reader *reader = state;
    weir_arrow_loaded_free(&reader->loaded);
    weir_arrow_ahead_close(&reader->ahead);
    weir_arrow_live_close(&reader->live);
    weir_arrow_scan_close(&reader->scan);
    free(reader->declared);
    free(reader->selected);
    weir_pipe_close(&reader->pipe);
    free(reader);
}

/* Finds the declared columns among those of the file. */
static enum weir_status match_columns(struct reader *reader, const struct ArrowSchema *declared,
                                      struct weir_error *error) {
    const struct weir_arrow_schema *schema = &reader->scan.schema;
    int64_t count = declared == NULL ? schema->count : declared->n_children;
    if (count < 0 || count > INT32_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID, "the declaration has %lld columns", (long long)count);
    }
    struct ArrowSchema file;
    reader->declared = calloc((size_t)count + 1, sizeof(*reader->declared));
    if (reader->declared == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for columns");
    enum weir_status status = weir_arrow_schema_export(schema, NULL, schema->count, &file, error);
    if (status != WEIR_OK) return status;
    status = weir_columns_match(declared, &file, reader->scan.path, reader->declared, error);
    file.release(&file);
    reader->declared_count = (int32_t)count;
    return status;
}

/* From `path`, or (not NULL) from `pipe`, which becomes the reader's on success. */
static enum weir_status open_reader(const char *path, struct weir_pipe *pipe,
                                    const struct weir_source_request *request, struct weir_source *out,
                                    struct weir_error *error) {
    struct weir_arrow_options options;
    enum weir_status status = weir_arrow_options_read(request->options, request->options_count, &options, error);
    if (status != WEIR_OK) return status;
    if (pipe != NULL && options.direct == WEIR_IO_DIRECT_ALWAYS) {
        return weir_error_set(
            error, WEIR_ERR_SQL,
            "'%s' is no file, and cannot be read past the page cache: leave 'arrow.direct-io' out", path);
    }
    struct reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory to read '%s'", path);
    reader->batch_rows = request->batch_rows < 1 ? 1 : request->batch_rows;
    reader->threads = request->threads < 1 ? 1 : request->threads;
    reader->wait_ms = request->wait_ms > 0 ? request->wait_ms : -1;
    reader->io_options =
        (struct weir_io_options){.plain = request->plain_io, .log = request->log, .log_user = request->log_user};
    reader->direct = options.direct;
    status = pipe == NULL ? weir_arrow_scan_open(&reader->scan, path, error)
                          : weir_arrow_live_open(&reader->live, pipe, &reader->scan, error);
    if (status == WEIR_OK) status = match_columns(reader, request->schema, error);
    if (status != WEIR_OK) {
        reader_close(reader);
        return status;
    }
    reader->pipe = pipe;
    *out = (struct weir_source){.state = reader,
                                .schema = reader_schema,
                                .select = reader_select,
                                .next = reader_next,
                                .progress = reader_progress,
                                .describe = reader_describe,
                                .close = reader_close,
                                .live = pipe != NULL};
    return WEIR_OK;
}

enum weir_status weir_arrow_reader_open(const char *path, const struct weir_source_request *request,
                                        struct weir_source *out, struct weir_error *error) {
    return open_reader(path, NULL, request, out, error);
}

enum weir_status weir_arrow_reader_open_live(struct weir_pipe **pipe, const struct weir_source_request *request,
                                             struct weir_source *out, struct weir_error *error) {
    enum weir_status status = open_reader(weir_pipe_name(*pipe), *pipe, request, out, error);
    if (status == WEIR_OK) *pipe = NULL;
    return status;
}
