/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "connect/arrow.h"
#include "connect/arrow_gather.h"

struct writer {
    struct weir_arrow_schema schema;
    struct weir_output *output;
    struct weir_arrow_outgoing outgoing;
    struct weir_arrow_gather *columns; /* one a field of the schema */
    int64_t batch_rows;                /* 0: as they come */
    int64_t rows;                      /* gathered */
    bool is_file;
    bool failed;                          /* columns may differ in length: nothing more can be written */
    bool dictionaries_begun;              /* each has its first batch, if an empty one */
    struct weir_arrow_bytes dictionaries; /* struct weir_arrow_written */
    struct weir_arrow_bytes batches;      /* the same */
    struct weir_arrow_bytes offsets;      /* of words */
};

/* ---- record batches
 * ------------------------------------------------------------------------------------------------ */

static enum weir_status write_dictionaries(struct writer *writer, struct weir_error *error) {
    for (int32_t i = 0; i < writer->schema.count; i++) {
        struct weir_arrow_gather *column = &writer->columns[i];
        int32_t old = column->unify.written, added = column->unify.count - old;
        if (column->field->words == NULL || (writer->dictionaries_begun && added == 0)) continue;
        struct weir_arrow_written written;
        enum weir_status status = weir_arrow_gather_give_words(column, &writer->outgoing, &writer->offsets, error);
        if (status == WEIR_OK) {
            status = weir_arrow_outgoing_dictionary(&writer->outgoing, column->field->dictionary,
                                                    writer->dictionaries_begun, added, &written, error);
        }
        if (status == WEIR_OK) {
            status = weir_arrow_bytes_append(&writer->dictionaries, &written, sizeof(written), error);
        }
        if (status != WEIR_OK) return status;
    }
    writer->dictionaries_begun = true;
    return WEIR_OK;
}

/* Writes the rows that are gathered as one record batch. */
static enum weir_status flush(struct writer *writer, struct weir_error *error) {
    if (writer->rows == 0) return WEIR_OK;
    enum weir_status status = write_dictionaries(writer, error);
    for (int32_t i = 0; i < writer->schema.count && status == WEIR_OK; i++) {
        status = weir_arrow_gather_give(&writer->columns[i], &writer->outgoing, error);
    }
    struct weir_arrow_written written;
    if (status == WEIR_OK) status = weir_arrow_outgoing_batch(&writer->outgoing, writer->rows, &written, error);
    if (status == WEIR_OK) status = weir_arrow_bytes_append(&writer->batches, &written, sizeof(written), error);
    for (int32_t i = 0; i < writer->schema.count; i++) weir_arrow_gather_reset(&writer->columns[i]);
    writer->rows = 0;
    return status;
}

static bool all_fit(const struct writer *writer, const struct ArrowArray *batch, int64_t first, int64_t rows) {
    for (int32_t i = 0; i < writer->schema.count; i++) {
        if (!weir_arrow_gather_fits(&writer->columns[i], batch->children[i], first, rows)) return false;
    }
    return true;
}

/* Gathers rows [first, first + rows), counted from the offset of the children. */
static enum weir_status gather(struct writer *writer, const struct ArrowArray *batch, int64_t first, int64_t rows,
                               struct weir_error *error) {
    enum weir_status status = all_fit(writer, batch, first, rows) ? WEIR_OK : flush(writer, error);
    for (int32_t i = 0; i < writer->schema.count && status == WEIR_OK; i++) {
        status = weir_arrow_gather_append(&writer->columns[i], batch->children[i], first, rows, error);
    }
    if (status == WEIR_OK) writer->rows += rows;
    return status;
}

static enum weir_status refuse_after_failure(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_STATE, "an Arrow file that failed to be written can only be closed");
}

static enum weir_status check_batch(const struct writer *writer, const struct ArrowArray *batch,
                                    struct weir_error *error) {
    if (writer->failed) return refuse_after_failure(error);
    if (batch->n_children != writer->schema.count || batch->length < 0 || batch->offset < 0) {
        return weir_error_set(error, WEIR_ERR_INVALID, "a batch of %lld columns is written to a table of %d",
                              (long long)batch->n_children, writer->schema.count);
    }
    if (batch->null_count != 0 && batch->n_buffers > 0 && batch->buffers[0] != NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "a batch has rows that are NULL as a whole");
    }
    return WEIR_OK;
}

static enum weir_status writer_write(void *state, const struct ArrowArray *batch, struct weir_error *error) {
    struct writer *writer = state;
    enum weir_status status = check_batch(writer, batch, error);
    if (status != WEIR_OK) return status;
    int64_t done = 0;
    while (done < batch->length && status == WEIR_OK) {
        int64_t rows = batch->length - done;
        if (writer->batch_rows > 0 && rows > writer->batch_rows - writer->rows)
            rows = writer->batch_rows - writer->rows;
        status = gather(writer, batch, batch->offset + done, rows, error);
        done += rows;
        if (status == WEIR_OK && (writer->batch_rows == 0 || writer->rows == writer->batch_rows)) {
            status = flush(writer, error);
        }
    }
    writer->failed = status != WEIR_OK;
    return status;
}

/* ---- the file
 * ------------------------------------------------------------------------------------------------------ */

static enum weir_status write_footer(struct writer *writer, struct weir_error *error) {
    size_t size = sizeof(struct weir_arrow_written);
    return weir_arrow_outgoing_footer(&writer->outgoing, &writer->schema,
                                      (const struct weir_arrow_written *)(const void *)writer->dictionaries.data,
                                      writer->dictionaries.bytes / size,
                                      (const struct weir_arrow_written *)(const void *)writer->batches.data,
                                      writer->batches.bytes / size, error);
}

static enum weir_status writer_finish(void *state, struct weir_error *error) {
    struct writer *writer = state;
    if (writer->failed) return refuse_after_failure(error);
    enum weir_status status = flush(writer, error);
    if (status == WEIR_OK) status = weir_arrow_outgoing_end(&writer->outgoing, error);
    if (status == WEIR_OK && writer->is_file) status = write_footer(writer, error);
    return status == WEIR_OK ? weir_output_commit(writer->output, error) : status;
}

/* Rows that wait for a batch of 'arrow.batch-rows' go on waiting. */
static enum weir_status writer_flush(void *state, struct weir_error *error) {
    struct writer *writer = state;
    return weir_output_flush(writer->output, error);
}

static void writer_close(void *state) {
    struct writer *writer = state;
    if (writer->output != NULL) weir_output_close(&writer->output);
    weir_arrow_outgoing_fini(&writer->outgoing);
    for (int32_t i = 0; i < writer->schema.count && writer->columns != NULL; i++) {
        weir_arrow_gather_fini(&writer->columns[i]);
    }
    free(writer->columns);
    weir_arrow_bytes_fini(&writer->dictionaries);
    weir_arrow_bytes_fini(&writer->batches);
    weir_arrow_bytes_fini(&writer->offsets);
    weir_arrow_schema_fini(&writer->schema);
    free(writer);
}

/* Standard output and .arrows are read as they come, so they are streams. */
static bool is_stream_path(const char *path) {
    const char *dot = strrchr(path, '.');
    return strcmp(path, "-") == 0 || (dot != NULL && strcasecmp(dot, ".arrows") == 0);
}

static enum weir_status begin(struct writer *writer, const char *path, const struct weir_sink_request *request,
                              struct weir_error *error) {
    struct weir_arrow_options options;
    enum weir_status status = weir_arrow_options_read(request->options, request->options_count, &options, error);
    if (status == WEIR_OK) status = weir_arrow_schema_import(request->schema, &writer->schema, error);
    if (status != WEIR_OK) return status;
    writer->columns = calloc((size_t)writer->schema.count + 1, sizeof(*writer->columns));
    if (writer->columns == NULL)
        return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory to write '%s'", path);
    for (int32_t i = 0; i < writer->schema.count; i++) {
        weir_arrow_gather_init(&writer->columns[i], &writer->schema.fields[i]);
    }
    status = weir_output_open(path, &writer->output, error);
    if (status != WEIR_OK) return status;
    writer->batch_rows = options.batch_rows;
    writer->is_file = !is_stream_path(path);
    writer->outgoing.output = writer->output;
    writer->outgoing.compression = options.compression;
    if (writer->is_file) status = weir_output_write(writer->output, "ARROW1\0\0", 8, error);
    return status == WEIR_OK ? weir_arrow_outgoing_schema(&writer->outgoing, &writer->schema, error) : status;
}

enum weir_status weir_arrow_writer_open(const char *path, const struct weir_sink_request *request,
                                        struct weir_sink *out, struct weir_error *error) {
    struct writer *writer = calloc(1, sizeof(*writer));
    if (writer == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory to write '%s'", path);
    enum weir_status status = begin(writer, path, request, error);
    if (status != WEIR_OK) {
        writer_close(writer);
        return status;
    }
    *out = (struct weir_sink){.state = writer,
                              .write = writer_write,
                              .finish = writer_finish,
                              .close = writer_close,
                              .flush = writer_flush};
    return WEIR_OK;
}
