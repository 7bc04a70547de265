/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/filesystem_source.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/monotonic.h"
#include "connect/filesystem_format.h"
#include "engine/type.h"
#include "io/io.h"

struct files {
    const struct weir_format *format;
    struct weir_file_list list;
    size_t current;                     /* in list */
    struct weir_source source;          /* over that file; state == NULL: none is open */
    struct weir_source_request request; /* its options and schema are owned */
    struct weir_option *options;
    struct ArrowSchema declared;
    struct ArrowSchema schema; /* of the first file */
    int32_t *selected;
    size_t selected_count;
    bool has_selection;
    struct weir_source_filter filter;   /* leaves_out == NULL: all rows are read */
    struct weir_source_left_out left;   /* what has not been told of */
    struct weir_source_progress before; /* of the files that are finished */
    char description[768];
    _Atomic int64_t bytes_total; /* these seven are read by other threads */
    _Atomic int64_t bytes_done;
    _Atomic int64_t rows_total;
    _Atomic int64_t rejected;
    _Atomic int64_t nulled;
    _Atomic int64_t skipped_groups;
    _Atomic int64_t skipped_rows;
};

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for a table of files");
}

/* ---- one file ---------------------------------------------------------------------------------------------------
 */

static void publish(struct files *files) {
    struct weir_source_progress now = {0};
    if (files->source.state) files->source.progress(files->source.state, &now);
    atomic_store_explicit(&files->bytes_done, files->before.bytes_done + now.bytes_done, memory_order_relaxed);
    atomic_store_explicit(&files->rejected, files->before.rejected + now.rejected, memory_order_relaxed);
    atomic_store_explicit(&files->nulled, files->before.nulled + now.nulled, memory_order_relaxed);
    atomic_store_explicit(&files->skipped_groups, files->before.skipped_groups + now.skipped_groups,
                          memory_order_relaxed);
    atomic_store_explicit(&files->skipped_rows, files->before.skipped_rows + now.skipped_rows,
                          memory_order_relaxed);
    if (files->list.count == 1 && !files->list.watched && files->source.state) {
        atomic_store_explicit(&files->rows_total, now.rows_total, memory_order_relaxed);
    }
}

static void close_file(struct files *files) {
    if (!files->source.state) return;
    struct weir_source_progress now = {0};
    files->source.progress(files->source.state, &now);
    files->before.bytes_done += now.bytes_done;
    files->before.rejected += now.rejected;
    files->before.nulled += now.nulled;
    files->before.skipped_groups += now.skipped_groups;
    files->before.skipped_rows += now.skipped_rows;
    files->source.close(files->source.state);
    files->source.state = NULL;
}

/* Same names and the same Arrow layout. */
static bool is_same(const struct ArrowSchema *a, const struct ArrowSchema *b) {
    if (strcmp(a->format, b->format) != 0) return false;
    if ((a->dictionary == NULL) != (b->dictionary == NULL)) return false;
    return !a->dictionary || is_same(a->dictionary, b->dictionary);
}

static const char *name_of(const struct ArrowSchema *schema) { return schema->name ? schema->name : ""; }

static enum weir_status compare_schemas(const struct files *files, const struct ArrowSchema *schema,
                                        struct weir_error *error) {
    const char *path = files->list.paths[files->current], *first = files->list.paths[0];
    if (schema->n_children != files->schema.n_children) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "the files of a table must have the same columns: '%s' has %lld, '%s' has %lld", path,
                              (long long)schema->n_children, first, (long long)files->schema.n_children);
    }
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *here = schema->children[i], *there = files->schema.children[i];
        if (strcmp(name_of(here), name_of(there)) == 0 && is_same(here, there)) continue;
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "the files of a table must have the same columns: column %lld is '%s' (Arrow format "
                              "'%s'%s) in '%s', and '%s' ('%s'%s) in '%s'",
                              (long long)i + 1, name_of(here), here->format,
                              here->dictionary ? ", a dictionary" : "", path, name_of(there), there->format,
                              there->dictionary ? ", a dictionary" : "", first);
    }
    return WEIR_OK;
}

static enum weir_status check_schema(struct files *files, struct weir_error *error) {
    struct ArrowSchema schema;
    enum weir_status status = files->source.schema(files->source.state, &schema, error);
    if (status != WEIR_OK) return status;
    if (!files->schema.release) {
        files->schema = schema;
        return WEIR_OK;
    }
    status = compare_schemas(files, &schema, error);
    schema.release(&schema);
    return status;
}

/* Asks the filter about the file that is open. */
static enum weir_status leave_out(const struct files *files, struct weir_error *error) {
    if (files->filter.leaves_out == NULL || files->source.leave_out == NULL) return WEIR_OK;
    return files->source.leave_out(files->source.state, &files->filter, error);
}

/* What the file that is open has left out goes to what is to be told. */
static void add_left_out(struct files *files) {
    struct weir_source_left_out more, *all = &files->left;
    if (files->filter.leaves_out == NULL || files->source.left_out == NULL) return;
    files->source.left_out(files->source.state, &more);
    all->groups += more.groups;
    all->rows += more.rows;
    all->time_nulls += more.time_nulls;
    if (more.time_max > all->time_max) all->time_max = more.time_max;
}

static enum weir_status open_file(struct files *files, struct weir_error *error) {
    const struct weir_format *format = files->format;
    const char *path = files->list.paths[files->current];
    struct weir_source_request request = files->request;
    bool follows = files->current > 0 && format->open_further && (!request.schema || format->layouts_vary);
    bool known = files->schema.release != NULL; /* what was chosen for the first file holds for all */
    if (follows || (known && request.schema && format->layouts_declared)) request.schema = &files->schema;
    if (known) request.dictionaries = false;
    enum weir_status status = weir_filesystem_check_path(path, error);
    if (status == WEIR_OK) {
        status = follows ? format->open_further(path, &request, &files->source, error)
                         : format->open_reader(path, &request, &files->source, error);
    }
    if (status != WEIR_OK) {
        files->source.state = NULL;
        return status;
    }
    status = check_schema(files, error);
    if (status == WEIR_OK && files->has_selection) {
        status = files->source.select(files->source.state, files->selected, files->selected_count, error);
    }
    if (status == WEIR_OK) status = leave_out(files, error);
    if (status != WEIR_OK) close_file(files);
    return status;
}

/* ---- the calls of a source --------------------------------------------------------------------------------------
 */

static enum weir_status files_schema(void *state, struct ArrowSchema *out, struct weir_error *error) {
    const struct files *files = state;
    return weir_schema_copy(&files->schema, out, error);
}

static enum weir_status files_select(void *state, const int32_t *columns, size_t count, struct weir_error *error) {
    struct files *files = state;
    files->selected = malloc((count + 1) * sizeof(*files->selected));
    if (!files->selected) return no_memory(error);
    if (count > 0) memcpy(files->selected, columns, count * sizeof(*columns));
    files->selected_count = count;
    files->has_selection = true;
    if (!files->source.state) return WEIR_OK; /* none has come yet */
    return files->source.select(files->source.state, files->selected, count, error);
}

/* All files are read. WEIR_OK: there is another. WEIR_AGAIN, WEIR_END: there is none yet, or none will come. */
static enum weir_status await_file(struct files *files, struct weir_error *error) {
    if (!files->list.watched) return WEIR_END;
    for (;;) {
        int64_t due_ms, wait_ms = files->request.wait_ms;
        enum weir_status status = weir_file_list_look(&files->list, &due_ms, error);
        if (status != WEIR_OK || files->current < files->list.count) return status;
        weir_monotonic_sleep(wait_ms > 0 && wait_ms < due_ms ? wait_ms : due_ms);
        if (wait_ms > 0) return WEIR_AGAIN;
    }
}

static enum weir_status files_next(void *state, struct ArrowArray *out, struct weir_error *error) {
    struct files *files = state;
    for (;;) {
        enum weir_status status = WEIR_OK;
        if (files->current == files->list.count) status = await_file(files, error);
        if (status == WEIR_OK && !files->source.state) status = open_file(files, error);
        if (status != WEIR_OK) return status;
        status = files->source.next(files->source.state, out, error);
        if (status == WEIR_OK || status == WEIR_END) add_left_out(files);
        if (status != WEIR_END) {
            publish(files);
            return status;
        }
        close_file(files);
        publish(files);
        files->current++;
    }
}

static enum weir_status files_leave_out(void *state, const struct weir_source_filter *filter,
                                        struct weir_error *error) {
    struct files *files = state;
    files->filter = *filter;
    files->left.time_max = INT64_MIN;
    return files->source.state ? leave_out(files, error) : WEIR_OK;
}

static void files_left_out(void *state, struct weir_source_left_out *out) {
    struct files *files = state;
    *out = files->left;
    files->left = (struct weir_source_left_out){.time_max = INT64_MIN};
}

static bool files_batch_range(void *state, int32_t column, struct weir_source_range *out,
                              struct weir_source_group *group) {
    const struct weir_source *source = &((struct files *)state)->source;
    return source->state != NULL && source->batch_range != NULL &&
           source->batch_range(source->state, column, out, group);
}

static void files_progress(void *state, struct weir_source_progress *out) {
    struct files *files = state;
    *out = (struct weir_source_progress){
        .bytes_total = atomic_load_explicit(&files->bytes_total, memory_order_relaxed),
        .bytes_done = atomic_load_explicit(&files->bytes_done, memory_order_relaxed),
        .rows_total = atomic_load_explicit(&files->rows_total, memory_order_relaxed),
        .rejected = atomic_load_explicit(&files->rejected, memory_order_relaxed),
        .nulled = atomic_load_explicit(&files->nulled, memory_order_relaxed),
        .skipped_groups = atomic_load_explicit(&files->skipped_groups, memory_order_relaxed),
        .skipped_rows = atomic_load_explicit(&files->skipped_rows, memory_order_relaxed),
    };
}

static const char *files_describe(void *state) {
    struct files *files = state;
    const struct weir_file_list *list = &files->list;
    const char *inner = NULL;
    if (files->source.state && files->source.describe) inner = files->source.describe(files->source.state);
    if (!inner) inner = files->format->name;
    if (list->watched) {
        snprintf(files->description, sizeof(files->description),
                 "'%.200s' watched every %lld ms, %zu files now, %s", list->watched, (long long)list->interval_ms,
                 list->count, inner);
        return files->description;
    }
    char more[48] = "";
    if (list->count > 1) snprintf(more, sizeof(more), " and %zu more files", list->count - 1);
    snprintf(files->description, sizeof(files->description), "'%.200s'%s, %s", list->paths[0], more, inner);
    return files->description;
}

static void free_options(struct files *files) {
    for (size_t i = 0; files->options && i < files->request.options_count; i++) {
        free((char *)files->options[i].key);
        free((char *)files->options[i].value);
    }
    free(files->options);
}

static void files_close(void *state) {
    struct files *files = state;
    if (!files) return;
    close_file(files);
    weir_file_list_fini(&files->list);
    free_options(files);
    if (files->declared.release) files->declared.release(&files->declared);
    if (files->schema.release) files->schema.release(&files->schema);
    free(files->selected);
    free(files);
}

/* ---- opening ----------------------------------------------------------------------------------------------------
 */

/* The request's options and schema are the caller's; files that are opened later need them, too. */
static enum weir_status copy_request(struct files *files, const struct weir_source_request *request,
                                     struct weir_error *error) {
    files->request = *request;
    files->options = calloc(request->options_count + 1, sizeof(*files->options));
    if (!files->options) return no_memory(error);
    files->request.options = files->options;
    for (size_t i = 0; i < request->options_count; i++) {
        struct weir_option *option = &files->options[i];
        *option = request->options[i];
        option->key = strdup(request->options[i].key);
        option->value = strdup(request->options[i].value);
        if (!option->key || !option->value) {
            files->request.options_count = i + 1;
            return no_memory(error);
        }
    }
    if (!request->schema) return WEIR_OK;
    files->request.schema = &files->declared;
    return weir_schema_copy(request->schema, &files->declared, error);
}

/* Of a folder that is watched nobody knows. */
static int64_t total_bytes(const struct weir_file_list *list) {
    int64_t total = 0;
    struct stat info;
    for (size_t i = 0; !list->watched && i < list->count; i++) {
        if (stat(list->paths[i], &info) == 0) total += (int64_t)info.st_size;
    }
    return total;
}

/* The first file tells the columns; where there is none yet, the declaration has to. */
static enum weir_status find_schema(struct files *files, struct weir_error *error) {
    if (files->list.count > 0) return open_file(files, error);
    if (files->request.schema && files->format->layouts_declared)
        return weir_schema_copy(files->request.schema, &files->schema, error);
    return weir_error_set(
        error, WEIR_ERR_IO,
        "'%s' holds no file yet, and of the format '%s' only a file tells how its columns are laid "
        "out: put a first one there before the query begins",
        files->list.watched, files->format->name);
}

enum weir_status weir_filesystem_source_open(const struct weir_format *format, struct weir_file_list *list,
                                             const struct weir_source_request *request, struct weir_source *out,
                                             struct weir_error *error) {
    struct files *files = calloc(1, sizeof(*files));
    if (!files) return no_memory(error);
    files->format = format;
    files->list = *list;
    atomic_init(&files->bytes_total, total_bytes(list));
    enum weir_status status = copy_request(files, request, error);
    if (status == WEIR_OK) status = find_schema(files, error);
    if (status != WEIR_OK) {
        files->list = (struct weir_file_list){0}; /* the caller's still */
        files_close(files);
        return status;
    }
    publish(files);
    *list = (struct weir_file_list){0};
    bool watched = files->list.watched != NULL;
    *out = (struct weir_source){
        .state = files,
        .schema = files_schema,
        .select = files_select,
        .next = files_next,
        .progress = files_progress,
        .describe = files_describe,
        .close = files_close,
        .leave_out = files->source.leave_out ? files_leave_out : NULL,
        .left_out = files->source.leave_out ? files_left_out : NULL,
        .batch_range = files->source.batch_range ? files_batch_range : NULL,
        .unbounded = watched,
        .live = watched,
    };
    return WEIR_OK;
}
