/* SPDX-License-Identifier: Apache-2.0
 *
 * A connector in memory: its source gives the declared columns (or its own, without a declaration) and the batches
 * that a test has put in; its sink counts rows. Times come in microseconds, whatever is declared, as they do from
 * Parquet.
 */
#ifndef WEIR_TESTS_SQL_FAKE_CONNECTOR_H
#define WEIR_TESTS_SQL_FAKE_CONNECTOR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "engine/type.h"
#include "weir/weir.h"

struct fake {
    struct weir_connector connector;
    /* what the source gives */
    const char *const *own_names; /* without a declaration */
    const struct weir_type *own_types;
    size_t own_count;
    int64_t rows_a_batch;
    int64_t batches;
    bool unbounded;
    int32_t partitions;
    enum weir_status fail_open;
    enum weir_status fail_next;
    /* what was seen */
    int opened;
    int closed;
    int32_t selected[64];
    size_t selected_count;
    int64_t batches_given;
    int64_t rows_written;
    int sinks_finished;
    int sinks_closed;
    char options[512]; /* "key=value;" of the last open */
    /* the open source */
    struct ArrowSchema schema;
};

static void fake_note_options(struct fake *fake, const struct weir_option *options, size_t count) {
    fake->options[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        strncat(fake->options, options[i].key, sizeof(fake->options) - strlen(fake->options) - 1);
        strncat(fake->options, "=", sizeof(fake->options) - strlen(fake->options) - 1);
        strncat(fake->options, options[i].value, sizeof(fake->options) - strlen(fake->options) - 1);
        strncat(fake->options, ";", sizeof(fake->options) - strlen(fake->options) - 1);
    }
}

static enum weir_status fake_schema(void *state, struct ArrowSchema *out, struct weir_error *error) {
    struct fake *fake = state;
    return weir_schema_copy(&fake->schema, out, error);
}

static enum weir_status fake_select(void *state, const int32_t *columns, size_t count, struct weir_error *error) {
    struct fake *fake = state;
    (void)error;
    fake->selected_count = count;
    for (size_t i = 0; i < count && i < 64; i++) fake->selected[i] = columns[i];
    return WEIR_OK;
}

static void fake_release_child(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_buffers; i++) free((void *)array->buffers[i]);
    free(array->buffers);
    array->release = NULL;
}

static void fake_release(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        array->children[i]->release(array->children[i]);
        free(array->children[i]);
    }
    free(array->children);
    free(array->buffers);
    array->release = NULL;
}

/* A column of the format whose row i holds i (numbers), or "x" (strings). */
static struct ArrowArray *fake_column(const char *format, int64_t rows, int64_t from) {
    struct ArrowArray *column = calloc(1, sizeof(*column));
    bool text = format[0] == 'u' || format[0] == 'z';
    *column = (struct ArrowArray){.length = rows, .n_buffers = text ? 3 : 2, .release = fake_release_child};
    column->buffers = calloc(3, sizeof(void *));
    if (text) {
        int32_t *offsets = calloc((size_t)rows + 1, sizeof(*offsets));
        char *data = malloc((size_t)rows + 1);
        for (int64_t i = 0; i <= rows; i++) offsets[i] = (int32_t)i;
        memset(data, 'x', (size_t)rows + 1);
        column->buffers[1] = offsets;
        column->buffers[2] = data;
        return column;
    }
    void *values = calloc((size_t)rows + 1, 16);
    for (int64_t i = 0; i < rows; i++) {
        int64_t number = from + i;
        switch (format[0]) {
        case 'i': ((int32_t *)values)[i] = (int32_t)number; break;
        case 'l': ((int64_t *)values)[i] = number; break;
        case 'g': ((double *)values)[i] = (double)number; break;
        case 't':
            if (format[1] == 's') ((int64_t *)values)[i] = number * 1000000;
            break;
        default: break;
        }
    }
    column->buffers[1] = values;
    return column;
}

static enum weir_status fake_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct fake *fake = state;
    if (fake->batches_given == fake->batches) {
        if (fake->fail_next != WEIR_OK) return weir_error_set(error, fake->fail_next, "the disk is on fire");
        return WEIR_END;
    }
    *out = (struct ArrowArray){.length = fake->rows_a_batch,
                               .n_buffers = 1,
                               .n_children = (int64_t)fake->selected_count,
                               .release = fake_release};
    out->buffers = calloc(1, sizeof(void *));
    out->children = calloc(fake->selected_count + 1, sizeof(*out->children));
    for (size_t i = 0; i < fake->selected_count; i++) {
        const char *format = fake->schema.children[fake->selected[i]]->format;
        out->children[i] = fake_column(format, fake->rows_a_batch, fake->batches_given * fake->rows_a_batch);
    }
    fake->batches_given++;
    return WEIR_OK;
}

static enum weir_status fake_next_of(void *state, int32_t partition, struct ArrowArray *out,
                                     struct weir_error *error) {
    (void)partition;
    return fake_next(state, out, error);
}

static const char *fake_name_of(void *state, int32_t partition) {
    static const char *const names[] = {"a.csv", "b.csv"};
    (void)state;
    return partition < 2 ? names[partition] : NULL;
}

static void fake_progress(void *state, struct weir_source_progress *out) {
    struct fake *fake = state;
    *out = (struct weir_source_progress){
        .bytes_total = 1000, .bytes_done = 10 * fake->batches_given, .rejected = 3, .nulled = 4};
}

static const char *fake_describe(void *state) {
    (void)state;
    return "in memory";
}

static void fake_close(void *state) {
    struct fake *fake = state;
    if (fake->schema.release != NULL) fake->schema.release(&fake->schema);
    fake->closed++;
}

static enum weir_status fake_declared(struct fake *fake, const struct ArrowSchema *schema,
                                      struct weir_error *error) {
    const char *names[64];
    struct weir_type types[64];
    size_t count = (size_t)schema->n_children;
    for (size_t i = 0; i < count; i++) {
        struct weir_layout layout;
        enum weir_status status = weir_layout_import(schema->children[i], &layout, error);
        if (status != WEIR_OK) return status;
        names[i] = schema->children[i]->name;
        types[i] = layout.type;
        if (weir_type_is_time(types[i])) types[i].precision = 6;
    }
    return weir_schema_export(names, types, count, &fake->schema, error);
}

static enum weir_status fake_open_source(void *user, const struct weir_source_request *request,
                                         struct weir_source *out, struct weir_error *error) {
    struct fake *fake = user;
    fake_note_options(fake, request->options, request->options_count);
    if (fake->fail_open != WEIR_OK) return weir_error_set(error, fake->fail_open, "no such file");
    enum weir_status status = request->schema != NULL ? fake_declared(fake, request->schema, error)
                                                      : weir_schema_export(fake->own_names, fake->own_types,
                                                                           fake->own_count, &fake->schema, error);
    if (status != WEIR_OK) return status;
    fake->opened++;
    fake->batches_given = 0;
    fake->selected_count = 0;
    *out = (struct weir_source){.state = fake,
                                .schema = fake_schema,
                                .select = fake_select,
                                .next = fake_next,
                                .progress = fake_progress,
                                .describe = fake_describe,
                                .close = fake_close,
                                .unbounded = fake->unbounded,
                                .partitions = fake->partitions,
                                .next_of = fake_next_of,
                                .name_of = fake_name_of};
    return WEIR_OK;
}

static enum weir_status fake_write(void *state, const struct ArrowArray *batch, struct weir_error *error) {
    (void)error;
    ((struct fake *)state)->rows_written += batch->length;
    return WEIR_OK;
}

static enum weir_status fake_finish(void *state, struct weir_error *error) {
    (void)error;
    ((struct fake *)state)->sinks_finished++;
    return WEIR_OK;
}

static void fake_close_sink(void *state) { ((struct fake *)state)->sinks_closed++; }

static enum weir_status fake_open_sink(void *user, const struct weir_sink_request *request, struct weir_sink *out,
                                       struct weir_error *error) {
    (void)error;
    fake_note_options(user, request->options, request->options_count);
    *out = (struct weir_sink){.state = user, .write = fake_write, .finish = fake_finish, .close = fake_close_sink};
    return WEIR_OK;
}

/* Takes the place of the connector 'filesystem'. */
static inline void fake_init(struct fake *fake) {
    static const char *const names[] = {"ts", "k", "v"};
    static struct weir_type types[3];
    types[0] = weir_type_timestamp(6);
    types[1] = weir_type_of(WEIR_TYPE_STRING);
    types[1].length = WEIR_LENGTH_MAX;
    types[2] = weir_type_of(WEIR_TYPE_BIGINT);
    *fake = (struct fake){.own_names = names, .own_types = types, .own_count = 3};
    fake->connector = (struct weir_connector){.struct_size = sizeof(fake->connector),
                                              .name = "filesystem",
                                              .user = fake,
                                              .open_source = fake_open_source,
                                              .open_sink = fake_open_sink};
}

#endif
