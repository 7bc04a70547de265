/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/source_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

struct parts {
    struct weir_source *sources;
    char **names;
    size_t count;
    size_t current; /* of next: one source after the other */
    char description[1024];
};

static bool is_same(const struct ArrowSchema *a, const struct ArrowSchema *b) {
    if (strcmp(a->format, b->format) != 0 || a->n_children != b->n_children) return false;
    if ((a->dictionary == NULL) != (b->dictionary == NULL)) return false;
    if (a->dictionary != NULL && !is_same(a->dictionary, b->dictionary)) return false;
    for (int64_t i = 0; i < a->n_children; i++) {
        const char *x = a->children[i]->name, *y = b->children[i]->name;
        if (strcmp(x == NULL ? "" : x, y == NULL ? "" : y) != 0 || !is_same(a->children[i], b->children[i]))
            return false;
    }
    return true;
}

static enum weir_status compare(const struct weir_source *first, const struct weir_source *other, size_t idx,
                                struct weir_error *error) {
    struct ArrowSchema a, b;
    enum weir_status status = first->schema(first->state, &a, error);
    if (status != WEIR_OK) return status;
    status = other->schema(other->state, &b, error);
    if (status == WEIR_OK) {
        if (!is_same(&a, &b)) {
            status = weir_error_set(error, WEIR_ERR_FORMAT,
                                    "the files of a table must have the same columns in the same layout: file %zu "
                                    "differs from the first; declare the columns, or convert the files",
                                    idx + 1);
        }
        b.release(&b);
    }
    a.release(&a);
    return status;
}

static enum weir_status parts_schema(void *state, struct ArrowSchema *out, struct weir_error *error) {
    const struct parts *parts = state;
    return parts->sources[0].schema(parts->sources[0].state, out, error);
}

static enum weir_status parts_select(void *state, const int32_t *columns, size_t count, struct weir_error *error) {
    const struct parts *parts = state;
    enum weir_status status = WEIR_OK;
    for (size_t i = 0; i < parts->count && status == WEIR_OK; i++) {
        status = parts->sources[i].select(parts->sources[i].state, columns, count, error);
    }
    return status;
}

static enum weir_status parts_next_of(void *state, int32_t partition, struct ArrowArray *out,
                                      struct weir_error *error) {
    const struct parts *parts = state;
    const struct weir_source *source = &parts->sources[partition];
    return source->next(source->state, out, error);
}

static enum weir_status parts_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct parts *parts = state;
    enum weir_status status = WEIR_END;
    while (parts->current < parts->count) {
        status = parts_next_of(state, (int32_t)parts->current, out, error);
        if (status != WEIR_END) return status;
        parts->current++;
    }
    return status;
}

static void parts_progress(void *state, struct weir_source_progress *out) {
    const struct parts *parts = state;
    *out = (struct weir_source_progress){0};
    for (size_t i = 0; i < parts->count; i++) {
        struct weir_source_progress one = {0};
        parts->sources[i].progress(parts->sources[i].state, &one);
        out->bytes_total += one.bytes_total;
        out->bytes_done += one.bytes_done;
        out->rows_total += one.rows_total;
        out->rejected += one.rejected;
        out->nulled += one.nulled;
    }
}

static const char *parts_describe(void *state) {
    struct parts *parts = state;
    const struct weir_source *first = &parts->sources[0];
    const char *inner = first->describe == NULL ? "" : first->describe(first->state);
    snprintf(parts->description, sizeof(parts->description), "%zu files, each a partition; the first: %.900s",
             parts->count, inner == NULL ? "" : inner);
    return parts->description;
}

static const char *parts_name_of(void *state, int32_t partition) {
    const struct parts *parts = state;
    return parts->names[partition];
}

static void free_names(struct parts *parts) {
    for (size_t i = 0; parts->names != NULL && i < parts->count; i++) free(parts->names[i]);
    free(parts->names);
}

static void parts_close(void *state) {
    struct parts *parts = state;
    for (size_t i = 0; i < parts->count; i++) parts->sources[i].close(parts->sources[i].state);
    free(parts->sources);
    free_names(parts);
    free(parts);
}

static bool copy_names(struct parts *parts, char *const *names) {
    parts->names = calloc(parts->count, sizeof(*parts->names));
    for (size_t i = 0; parts->names != NULL && i < parts->count; i++) {
        if ((parts->names[i] = strdup(names[i])) == NULL) return false;
    }
    return parts->names != NULL;
}

enum weir_status weir_source_parts_open(struct weir_source *sources, char *const *names, size_t count,
                                        struct weir_source *out, struct weir_error *error) {
    for (size_t i = 1; i < count; i++) {
        enum weir_status status = compare(&sources[0], &sources[i], i, error);
        if (status != WEIR_OK) return status;
    }
    struct parts *parts = calloc(1, sizeof(*parts));
    if (parts != NULL) parts->count = count;
    if (parts == NULL || !copy_names(parts, names)) {
        if (parts != NULL) free_names(parts);
        free(parts);
        return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a table of files");
    }
    parts->sources = sources;
    *out = (struct weir_source){.state = parts,
                                .schema = parts_schema,
                                .select = parts_select,
                                .next = parts_next,
                                .progress = parts_progress,
                                .describe = parts_describe,
                                .close = parts_close,
                                .partitions = (int32_t)count,
                                .next_of = parts_next_of,
                                .name_of = parts_name_of};
    return WEIR_OK;
}
