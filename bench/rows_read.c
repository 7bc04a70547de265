/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "bench/rows.h"

/* Position of the columns in a file; -1: not there. */
static int32_t find_column(const struct ArrowSchema *file, const struct ArrowSchema *wanted) {
    for (int64_t i = 0; i < file->n_children; i++) {
        const struct ArrowSchema *column = file->children[i];
        bool dictionary = (column->dictionary != NULL) == (wanted->dictionary != NULL);
        if (strcmp(column->name, wanted->name) == 0 && strcmp(column->format, wanted->format) == 0 && dictionary) {
            return (int32_t)i;
        }
    }
    return -1;
}

static enum weir_status select_columns(const struct weir_source *source, const char *path, enum weir_rows_key key,
                                       struct weir_error *error) {
    const struct ArrowSchema *wanted = weir_rows_schema(key);
    struct ArrowSchema file;
    int32_t columns[3];
    enum weir_status status = source->schema(source->state, &file, error);
    if (status != WEIR_OK) return status;
    for (int64_t i = 0; i < wanted->n_children && status == WEIR_OK; i++) {
        columns[i] = find_column(&file, wanted->children[i]);
        if (columns[i] >= 0 && (i == 0 || columns[i] > columns[i - 1])) continue;
        status =
            weir_error_set(error, WEIR_ERR_FORMAT,
                           "'%s' has no column '%s' of Arrow format '%s' where it belongs; write the file with "
                           "bench/generate.py",
                           path, wanted->children[i]->name, wanted->children[i]->format);
    }
    file.release(&file);
    return status == WEIR_OK ? source->select(source->state, columns, (size_t)wanted->n_children, error) : status;
}

/* Bare loops trust the rows: no NULLs, and codes that all dictionaries have. */
static enum weir_status check_batch(const struct ArrowArray *batch, int64_t words, enum weir_rows_key key,
                                    const char *path, struct weir_error *error) {
    bool ok = true;
    for (int64_t i = 0; i < batch->n_children; i++) ok &= batch->children[i]->null_count == 0;
    if (key == WEIR_ROWS_DICTIONARY && ok) {
        const uint32_t *codes = weir_rows_codes(batch);
        ok = batch->children[1]->dictionary->length == words;
        for (int64_t i = 0; i < batch->length && ok; i++) ok = codes[i] < (uint64_t)words;
    }
    if (ok) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_FORMAT,
                          "'%s' has NULLs, several dictionaries or codes outside; write the file with "
                          "bench/generate.py",
                          path);
}

static enum weir_status keep(struct weir_rows *out, const struct ArrowArray *batch, struct weir_error *error) {
    if ((out->batches_count & (out->batches_count - 1)) == 0) {
        size_t room = out->batches_count == 0 ? 1 : (size_t)out->batches_count * 2;
        struct ArrowArray *batches = realloc(out->batches, room * sizeof(*batches));
        if (batches == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for %zu batches", room);
        out->batches = batches;
    }
    out->batches[out->batches_count++] = *batch;
    out->rows += batch->length;
    return WEIR_OK;
}

static enum weir_status read_all(const struct weir_source *source, const char *path, struct weir_rows *out,
                                 struct weir_error *error) {
    for (;;) {
        struct ArrowArray batch;
        enum weir_status status = source->next(source->state, &batch, error);
        if (status == WEIR_END) return WEIR_OK;
        if (status == WEIR_OK) status = keep(out, &batch, error);
        if (status != WEIR_OK) return status;
        bool coded = out->key == WEIR_ROWS_DICTIONARY;
        int64_t words = coded ? out->batches[0].children[1]->dictionary->length : 0;
        status = check_batch(&batch, words, out->key, path, error);
        if (status != WEIR_OK) return status;
    }
}

enum weir_status weir_rows_read(const char *path, enum weir_rows_key key, struct weir_rows *out,
                                struct weir_error *error) {
    memset(out, 0, sizeof(*out));
    out->key = key;
    const struct weir_option options[2] = {{.key = "path", .value = path}, {.key = "format", .value = "arrow"}};
    const struct weir_source_request request = {.struct_size = sizeof(request),
                                                .options = options,
                                                .options_count = 2,
                                                .batch_rows = WEIR_ROWS_BATCH,
                                                .threads = 1};
    const struct weir_connector *files = weir_connector_filesystem();
    struct weir_source source;
    enum weir_status status = files->open_source(files->user, &request, &source, error);
    if (status != WEIR_OK) return status;
    status = select_columns(&source, path, key, error);
    if (status == WEIR_OK) status = read_all(&source, path, out, error);
    source.close(source.state);
    if (status == WEIR_OK && out->rows == 0) {
        status = weir_error_set(error, WEIR_ERR_FORMAT, "'%s' has no rows", path);
    }
    if (status != WEIR_OK) weir_rows_fini(out);
    return status;
}
