/* SPDX-License-Identifier: Apache-2.0
 *
 * The format 'parquet': the near side of the optional module (connect/parquet/parquet_module.h). Files are opened,
 * read and written here, by io/; the module only decodes and encodes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connect/format.h"
#include "connect/module.h"
#include "connect/parquet/parquet_module.h"
#include "connect/parquet_groups.h"
#include "connect/parquet_options.h"
#include "engine/type.h"
#include "io/io.h"

static const char *const parquet_extensions[] = {"parquet", NULL};
static enum weir_status parquet_load(const struct weir_parquet_module **out, struct weir_error *error) {
    void *symbol = NULL;
    enum weir_status status = weir_module_load("weir_parquet.so", "weir_parquet_entry", "Parquet",
                                               "configure it with -DWEIR_PARQUET=ON, with Arrow C++ installed or "
                                               "fetched by scripts/fetch-arrow, or name the "
                                               "folder of weir_parquet.so in WEIR_MODULE_DIR",
                                               &symbol, error);
    if (status != WEIR_OK) return status;
    weir_parquet_entry_fn entry;
    memcpy(&entry, &symbol, sizeof entry); /* C has no cast from an object's pointer to a function's */
    *out = entry(WEIR_PARQUET_ABI);
    if (*out != NULL) return WEIR_OK;
    return weir_error_set(
        error, WEIR_ERR_UNSUPPORTED,
        "Parquet cannot be loaded: weir_parquet.so is of another version of weir; install both anew");
}

/* ---- reading ---------------------------------------------------------------------------------------------------
 */

struct parquet_source {
    const struct weir_parquet_module *module;
    struct weir_parquet_reader *reader;
    struct weir_file *file;
    struct weir_parquet_info info;
    int32_t *columns; /* indices in the file of the columns that schema tells */
    size_t columns_count;
    size_t selected_count;
    int64_t batch_rows;
    int32_t threads;
    bool scanning;
    bool may_skip;
    bool tells_times;
    bool has_ended;
    struct weir_parquet_groups groups;
    char description[224];
};

static enum weir_status parquet_read(void *user, int64_t offset, void *buffer, size_t bytes,
                                     struct weir_error *error) {
    return weir_file_read_exact(user, offset, buffer, bytes, error);
}

static enum weir_status parquet_schema(void *state, struct ArrowSchema *out, struct weir_error *error) {
    struct parquet_source *source = state;
    return source->module->reader_schema(source->reader, source->columns, source->columns_count, out, error);
}

static enum weir_status parquet_scan(struct parquet_source *source, const int32_t *columns, size_t count,
                                     struct weir_error *error) {
    struct weir_parquet_scan scan = {columns, count, source->batch_rows, source->threads};
    enum weir_status status = source->module->reader_scan(source->reader, &scan, error);
    source->scanning = status == WEIR_OK;
    source->selected_count = count;
    return status;
}

static enum weir_status parquet_select(void *state, const int32_t *columns, size_t count,
                                       struct weir_error *error) {
    struct parquet_source *source = state;
    int32_t *chosen = calloc(count + 1, sizeof *chosen);
    if (chosen == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for %zu columns", count);
    for (size_t idx = 0; idx < count; idx++) chosen[idx] = source->columns[columns[idx]];
    enum weir_status status = parquet_scan(source, chosen, count, error);
    free(chosen);
    return status;
}

static enum weir_status parquet_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct parquet_source *source = state;
    if (!source->scanning) {
        enum weir_status status = parquet_scan(source, source->columns, source->columns_count, error);
        if (status != WEIR_OK) return status;
    }
    enum weir_status status = source->module->reader_next(source->reader, out, error);
    source->has_ended = status == WEIR_END;
    if (status == WEIR_OK)
        weir_parquet_groups_gave(&source->groups, source->module->reader_position(source->reader), out->length);
    return status;
}

static bool parquet_batch_range(void *state, int32_t column, struct weir_source_range *out,
                                struct weir_source_group *group) {
    struct parquet_source *source = state;
    return weir_parquet_groups_range(&source->groups, source->module, source->reader, source->selected_count,
                                     column, out, group);
}

static enum weir_status parquet_leave_out(void *state, const struct weir_source_filter *filter,
                                          struct weir_error *error) {
    struct parquet_source *source = state;
    if (!source->may_skip || !source->scanning) return WEIR_OK;
    return weir_parquet_groups_judge(&source->groups, source->module, source->reader, source->info.row_groups,
                                     source->selected_count, filter, error);
}

static void parquet_left_out(void *state, struct weir_source_left_out *out) {
    struct parquet_source *source = state;
    int32_t until = source->has_ended ? source->info.row_groups : source->module->reader_position(source->reader);
    *out = weir_parquet_groups_tell(&source->groups, until);
}

static void parquet_progress(void *state, struct weir_source_progress *out) {
    struct parquet_source *source = state;
    struct weir_parquet_progress progress = {0};
    source->module->reader_progress(source->reader, &progress);
    *out = (struct weir_source_progress){.bytes_total = progress.bytes_total,
                                         .bytes_done = progress.bytes_done,
                                         .rows_total = source->info.rows,
                                         .skipped_groups = source->groups.told_groups,
                                         .skipped_rows = source->groups.told_rows};
}

static const char *parquet_describe(void *state) {
    struct parquet_source *source = state;
    char skipped[64] = "";
    if (source->groups.left_out > 0)
        snprintf(skipped, sizeof(skipped), " (%" PRId64 " skipped by their statistics)", source->groups.left_out);
    snprintf(source->description, sizeof source->description,
             "Parquet by Arrow %s: %zu of %" PRId32 " columns, %" PRId64 " rows in %" PRId32
             " row group%s%s, %" PRId32 " thread%s",
             source->module->arrow_version, source->scanning ? source->selected_count : source->columns_count,
             source->info.columns, source->info.rows, source->info.row_groups,
             source->info.row_groups == 1 ? "" : "s", skipped, source->threads, source->threads == 1 ? "" : "s");
    return source->description;
}

static void parquet_close(void *state) {
    struct parquet_source *source = state;
    if (source == NULL) return;
    if (source->reader != NULL) source->module->reader_close(source->reader);
    weir_file_close(&source->file);
    weir_parquet_groups_fini(&source->groups);
    free(source->columns);
    free(source);
}

/* The file's column for each declared one, or all columns where none is declared. */
static enum weir_status parquet_match(struct parquet_source *source, const struct ArrowSchema *declared,
                                      const char *path, struct weir_error *error) {
    source->columns_count = declared == NULL ? (size_t)source->info.columns : (size_t)declared->n_children;
    source->columns = calloc(source->columns_count + 1, sizeof *source->columns);
    if (source->columns == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read '%s'", path);
    if (declared == NULL) {
        for (size_t idx = 0; idx < source->columns_count; idx++) source->columns[idx] = (int32_t)idx;
        return WEIR_OK;
    }
    struct ArrowSchema all;
    enum weir_status status = source->module->reader_schema(source->reader, NULL, 0, &all, error);
    if (status != WEIR_OK) return status;
    status = weir_columns_match(declared, &all, path, source->columns, error);
    all.release(&all);
    return status;
}

/* The index in the file of a column of another file that weir cannot read, such as a nested one: by name. */
static enum weir_status parquet_match_name(const struct ArrowSchema *wanted, const struct ArrowSchema *all,
                                           const char *path, int32_t *column, struct weir_error *error) {
    for (int64_t idx = 0; idx < all->n_children; idx++) {
        *column = (int32_t)idx;
        if (strcmp(all->children[idx]->name, wanted->name) == 0) return WEIR_OK;
    }
    return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' has no column '%s', which the first file of its table has",
                          path, wanted->name);
}

/* The file's column for each of the first file's. Those that weir cannot read matter only once they are selected.
 */
static enum weir_status parquet_match_first(struct parquet_source *source, const struct ArrowSchema *first,
                                            const char *path, struct weir_error *error) {
    struct ArrowSchema all;
    enum weir_status status = source->module->reader_schema(source->reader, NULL, 0, &all, error);
    if (status != WEIR_OK) return status;
    for (int64_t idx = 0; status == WEIR_OK && idx < first->n_children; idx++) {
        struct weir_layout layout;
        struct ArrowSchema one = {.format = "+s", .n_children = 1, .children = &first->children[idx]};
        if (weir_layout_import(first->children[idx], &layout, NULL) == WEIR_OK) {
            status = weir_columns_match(&one, &all, path, &source->columns[idx], error);
        } else {
            status = parquet_match_name(first->children[idx], &all, path, &source->columns[idx], error);
        }
    }
    all.release(&all);
    return status;
}

/* Which strings are dictionaries differs from file to file; the files of a table must be read alike. */
static enum weir_status parquet_follow(struct parquet_source *source, const struct ArrowSchema *first,
                                       const char *path, struct weir_error *error) {
    source->columns_count = (size_t)first->n_children;
    source->columns = calloc(source->columns_count + 1, sizeof *source->columns);
    if (source->columns == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read '%s'", path);
    enum weir_status status = parquet_match_first(source, first, path, error);
    if (status != WEIR_OK) return status;
    struct ArrowSchema wanted;
    status = weir_schema_copy(first, &wanted, error);
    if (status != WEIR_OK) return status;
    return source->module->reader_follow(source->reader, source->columns, source->columns_count, &wanted, error);
}

static enum weir_status parquet_open(struct parquet_source *source, const char *path, bool further,
                                     const struct weir_source_request *request, struct weir_error *error) {
    struct weir_parquet_write_options ignored;
    enum weir_status status = parquet_load(&source->module, error);
    if (status == WEIR_OK) {
        status =
            weir_parquet_options_check(request->options, request->options_count, source->module, &ignored, error);
    }
    if (status == WEIR_OK) {
        status = weir_parquet_option_flag(
            weir_parquet_option_find(request->options, request->options_count, WEIR_PARQUET_SKIP), true,
            &source->may_skip, error);
    }
    if (status == WEIR_OK) {
        status = weir_parquet_option_flag(
            weir_parquet_option_find(request->options, request->options_count, WEIR_PARQUET_TIMES), true,
            &source->tells_times, error);
    }
    if (status == WEIR_OK) status = weir_file_open(path, &source->file, error);
    if (status != WEIR_OK) return status;
    struct weir_parquet_input input = {source->file, path, weir_file_size(source->file), parquet_read};
    status = source->module->reader_open(&input, &source->reader, error);
    if (status != WEIR_OK) return status;
    source->module->reader_info(source->reader, &source->info);
    source->batch_rows = request->batch_rows < 1 ? 1 : request->batch_rows;
    source->threads = request->threads < 1 ? 1 : request->threads;
    return further ? parquet_follow(source, request->schema, path, error)
                   : parquet_match(source, request->schema, path, error);
}

static enum weir_status parquet_open_source(const char *path, bool further,
                                            const struct weir_source_request *request, struct weir_source *out,
                                            struct weir_error *error) {
    struct parquet_source *source = calloc(1, sizeof *source);
    if (source == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to open '%s'", path);
    enum weir_status status = parquet_open(source, path, further, request, error);
    if (status != WEIR_OK) {
        parquet_close(source);
        return status;
    }
    *out = (struct weir_source){.state = source,
                                .schema = parquet_schema,
                                .select = parquet_select,
                                .next = parquet_next,
                                .progress = parquet_progress,
                                .describe = parquet_describe,
                                .close = parquet_close,
                                .leave_out = parquet_leave_out,
                                .left_out = parquet_left_out,
                                .batch_range = source->tells_times ? parquet_batch_range : NULL};
    return WEIR_OK;
}

static enum weir_status parquet_open_reader(const char *path, const struct weir_source_request *request,
                                            struct weir_source *out, struct weir_error *error) {
    return parquet_open_source(path, false, request, out, error);
}

static enum weir_status parquet_open_further(const char *path, const struct weir_source_request *request,
                                             struct weir_source *out, struct weir_error *error) {
    return parquet_open_source(path, true, request, out, error);
}

/* ---- writing ---------------------------------------------------------------------------------------------------
 */

struct parquet_sink {
    const struct weir_parquet_module *module;
    struct weir_parquet_writer *writer;
    struct weir_output *output;
};

static enum weir_status parquet_output(void *user, const void *data, size_t bytes, struct weir_error *error) {
    return weir_output_write(user, data, bytes, error);
}

static enum weir_status parquet_write(void *state, const struct ArrowArray *batch, struct weir_error *error) {
    struct parquet_sink *sink = state;
    return sink->module->writer_write(sink->writer, batch, error);
}

static enum weir_status parquet_finish(void *state, struct weir_error *error) {
    struct parquet_sink *sink = state;
    enum weir_status status = sink->module->writer_finish(sink->writer, error);
    return status == WEIR_OK ? weir_output_commit(sink->output, error) : status;
}

static void parquet_close_sink(void *state) {
    struct parquet_sink *sink = state;
    if (sink == NULL) return;
    if (sink->writer != NULL) sink->module->writer_close(sink->writer);
    weir_output_close(&sink->output);
    free(sink);
}

static enum weir_status parquet_create(struct parquet_sink *sink, const char *path,
                                       const struct weir_sink_request *request, struct weir_error *error) {
    struct weir_parquet_write_options options;
    enum weir_status status = parquet_load(&sink->module, error);
    if (status == WEIR_OK) {
        status =
            weir_parquet_options_check(request->options, request->options_count, sink->module, &options, error);
    }
    if (status != WEIR_OK) return status;
    struct ArrowSchema schema;
    status = weir_schema_copy(request->schema, &schema, error);
    if (status != WEIR_OK) return status;
    status = weir_output_open(path, &sink->output, error);
    if (status != WEIR_OK) {
        schema.release(&schema);
        return status;
    }
    struct weir_parquet_output output = {sink->output, path, parquet_output};
    return sink->module->writer_open(&output, &schema, &options, &sink->writer, error);
}

static enum weir_status parquet_open_writer(const char *path, const struct weir_sink_request *request,
                                            struct weir_sink *out, struct weir_error *error) {
    struct parquet_sink *sink = calloc(1, sizeof *sink);
    if (sink == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to write '%s'", path);
    enum weir_status status = parquet_create(sink, path, request, error);
    if (status != WEIR_OK) {
        parquet_close_sink(sink);
        return status;
    }
    *out = (struct weir_sink){
        .state = sink, .write = parquet_write, .finish = parquet_finish, .close = parquet_close_sink};
    return WEIR_OK;
}

static bool parquet_recognise(const char *head, size_t bytes) { return bytes >= 4 && memcmp(head, "PAR1", 4) == 0; }

const struct weir_format *weir_format_parquet(void) {
    static const struct weir_format format = {.name = "parquet",
                                              .extensions = parquet_extensions,
                                              .options = weir_parquet_options,
                                              .recognise = parquet_recognise,
                                              .open_reader = parquet_open_reader,
                                              .open_writer = parquet_open_writer,
                                              .open_further = parquet_open_further,
                                              .layouts_vary = true};
    return &format;
}
