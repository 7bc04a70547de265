/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_array.h"

#include <stdlib.h>

#include "base/error.h"

/* What a child holds. */
struct child {
    const void *buffers[3];
    struct weir_arrow_body *body; /* may be NULL */
    struct ArrowArray dictionary; /* release NULL where there is none */
};

static void release_child(struct ArrowArray *array) {
    struct child *child = array->private_data;
    if (child->dictionary.release != NULL) child->dictionary.release(&child->dictionary);
    weir_arrow_body_release(child->body);
    free(child);
    array->release = NULL;
}

static void release_struct(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL) array->children[i]->release(array->children[i]);
    }
    free(array->private_data);
    array->release = NULL;
}

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for a batch");
}

static enum weir_status export_child(const struct weir_arrow_column *column, struct weir_arrow_words *words,
                                     int64_t first, int64_t rows, int64_t batch_rows, struct ArrowArray *out,
                                     struct weir_error *error) {
    enum weir_status status = weir_arrow_column_check_text(column, first, rows, error);
    if (status != WEIR_OK) return status;
    struct child *child = calloc(1, sizeof(*child));
    if (child == NULL) return no_memory(error);
    if (words != NULL) status = weir_arrow_words_export(words, &child->dictionary, error);
    if (status != WEIR_OK) {
        free(child);
        return status;
    }
    for (int i = 0; i < 3; i++) child->buffers[i] = column->buffers[i];
    if (column->owner != NULL) child->body = weir_arrow_body_retain(column->owner);
    int64_t nulls = column->nulls == 0 || rows == batch_rows ? column->nulls : -1;
    if (column->layout.kind == WEIR_ARROW_NULL) nulls = rows;
    *out = (struct ArrowArray){.length = rows,
                               .null_count = nulls,
                               .offset = first,
                               .n_buffers = weir_arrow_layout_buffers(column->layout),
                               .buffers = child->buffers,
                               .dictionary = words == NULL ? NULL : &child->dictionary,
                               .release = release_child,
                               .private_data = child};
    return WEIR_OK;
}

enum weir_status weir_arrow_array_export(const struct weir_arrow_batch *batch,
                                         struct weir_arrow_words *const *words, int64_t first, int64_t rows,
                                         struct ArrowArray *out, struct weir_error *error) {
    static const void *no_validity[1];
    struct ArrowArray **children = calloc(batch->count + 1, sizeof(void *) + sizeof(struct ArrowArray));
    if (children == NULL) return no_memory(error);
    struct ArrowArray *arrays = (struct ArrowArray *)(void *)(children + batch->count + 1);
    struct ArrowArray whole = {.length = rows,
                               .n_buffers = 1,
                               .n_children = (int64_t)batch->count,
                               .buffers = no_validity,
                               .children = children,
                               .release = release_struct,
                               .private_data = children};
    for (size_t i = 0; i < batch->count; i++) children[i] = &arrays[i];
    for (size_t i = 0; i < batch->count; i++) {
        enum weir_status status = export_child(&batch->columns[i], words == NULL ? NULL : words[i], first, rows,
                                               batch->rows, children[i], error);
        if (status == WEIR_OK) continue;
        whole.release(&whole);
        return status;
    }
    *out = whole;
    return WEIR_OK;
}
