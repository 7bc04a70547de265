/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "bench/rows.h"

#define COLUMNS_MAX 32

/* Position of the column in a file; -1: not there. */
static int32_t find_column(const struct ArrowSchema *file, const char *name, size_t length) {
    for (int64_t i = 0; i < file->n_children; i++) {
        const char *column = file->children[i]->name;
        if (strlen(column) == length && memcmp(column, name, length) == 0) return (int32_t)i;
    }
    return -1;
}

/* Positions of the names in `text`, rising. */
static enum weir_status find_columns(const struct ArrowSchema *file, const char *path, const char *text,
                                     int32_t *columns, size_t *count, struct weir_error *error) {
    *count = 0;
    for (const char *name = text; *name != 0; (*count)++) {
        size_t length = strcspn(name, ",");
        if (*count == COLUMNS_MAX) {
            return weir_error_set(error, WEIR_ERR_INVALID, "more than %d columns are asked for", COLUMNS_MAX);
        }
        columns[*count] = find_column(file, name, length);
        bool rises = *count == 0 || columns[*count] > columns[*count - 1];
        if (columns[*count] < 0 || !rises) {
            return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' has no column '%.*s' where it belongs", path,
                                  (int)length, name);
        }
        name += length + (name[length] == ',');
    }
    return WEIR_OK;
}

/* The schema of some columns of a file. */
struct selected {
    struct ArrowSchema file;
    struct ArrowSchema *columns[COLUMNS_MAX];
};

static void release_selected(struct ArrowSchema *schema) {
    struct selected *selected = schema->private_data;
    selected->file.release(&selected->file);
    free(selected);
    schema->release = NULL;
}

static enum weir_status select_columns(const struct weir_source *source, const char *path, const char *text,
                                       struct weir_rows *out, struct weir_error *error) {
    int32_t columns[COLUMNS_MAX];
    size_t count = 0;
    struct selected *selected = calloc(1, sizeof(*selected));
    if (selected == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a schema");
    enum weir_status status = source->schema(source->state, &selected->file, error);
    if (status != WEIR_OK) {
        free(selected);
        return status;
    }
    out->schema = (struct ArrowSchema){.format = "+s",
                                       .name = "",
                                       .children = selected->columns,
                                       .release = release_selected,
                                       .private_data = selected};
    status = find_columns(&selected->file, path, text, columns, &count, error);
    if (status != WEIR_OK) return status;
    out->schema.n_children = (int64_t)count;
    for (size_t i = 0; i < count; i++) selected->columns[i] = selected->file.children[columns[i]];
    return source->select(source->state, columns, count, error);
}

static bool is_kind(const struct ArrowSchema *schema, enum weir_rows_key key) {
    const struct ArrowSchema *wanted = weir_rows_schema(key);
    if (schema->n_children != wanted->n_children) return false;
    for (int64_t i = 0; i < wanted->n_children; i++) {
        const struct ArrowSchema *ours = schema->children[i], *theirs = wanted->children[i];
        if (strcmp(ours->name, theirs->name) != 0 || strcmp(ours->format, theirs->format) != 0 ||
            (ours->dictionary != NULL) != (theirs->dictionary != NULL)) {
            return false;
        }
    }
    return true;
}

static enum weir_rows_key kind_of(const struct ArrowSchema *schema) {
    for (int key = WEIR_ROWS_NO_KEY; key < WEIR_ROWS_OTHER; key++) {
        if (is_kind(schema, (enum weir_rows_key)key)) return (enum weir_rows_key)key;
    }
    return WEIR_ROWS_OTHER;
}

/* Bare loops trust the rows: no NULLs, and codes that all dictionaries have. */
static enum weir_status check_batch(const struct ArrowArray *batch, int64_t words, enum weir_rows_key key,
                                    const char *path, struct weir_error *error) {
    if (key == WEIR_ROWS_OTHER) return WEIR_OK;
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

enum weir_status weir_rows_read(const char *path, const char *columns, struct weir_rows *out,
                                struct weir_error *error) {
    memset(out, 0, sizeof(*out));
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
    status = select_columns(&source, path, columns, out, error);
    if (status == WEIR_OK) out->key = kind_of(&out->schema);
    if (status == WEIR_OK) status = read_all(&source, path, out, error);
    source.close(source.state);
    if (status == WEIR_OK && out->rows == 0) {
        status = weir_error_set(error, WEIR_ERR_FORMAT, "'%s' has no rows", path);
    }
    if (status != WEIR_OK) weir_rows_fini(out);
    return status;
}
