/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/run_parts.h"

#include <stdlib.h>

#include "base/checked.h"
#include "base/error.h"
#include "engine/rows_until.h"

/* A batch of which pieces are pushed one by one; it is released with the last of them. */
struct shared {
    struct ArrowArray array;
    int64_t views; /* the part's own among them. All on the thread of the run */
};

struct weir_run_part {
    struct shared *batch; /* NULL: none is at hand */
    int64_t done;         /* rows of it that have been pushed */
    int64_t own;          /* W */
    bool ended;
};

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the partitions of a table");
}

enum weir_status weir_run_parts_init(struct weir_run_parts *parts, int32_t count, struct weir_error *error) {
    parts->parts = calloc((size_t)count, sizeof(*parts->parts));
    if (parts->parts == NULL) return out_of_memory(error);
    parts->count = count;
    for (int32_t i = 0; i < count; i++) parts->parts[i].own = INT64_MIN;
    return WEIR_OK;
}

static void drop(struct shared *shared) {
    if (shared == NULL || --shared->views > 0) return;
    shared->array.release(&shared->array);
    free(shared);
}

void weir_run_parts_fini(struct weir_run_parts *parts) {
    for (int32_t i = 0; i < parts->count; i++) drop(parts->parts[i].batch);
    free(parts->parts);
    *parts = (struct weir_run_parts){NULL, 0};
}

static void release_view(struct ArrowArray *view) {
    drop(view->private_data);
    view->release = NULL;
}

/* Rows [part->done, part->done + rows) as an array of their own. */
static struct ArrowArray view_of(const struct weir_run_part *part, int64_t rows) {
    struct ArrowArray view = part->batch->array;
    view.offset += part->done;
    view.length = rows;
    view.null_count = view.null_count == 0 ? 0 : -1;
    view.private_data = part->batch;
    view.release = release_view;
    return view;
}

/* Has a batch with rows at hand, or has ended. */
static enum weir_status fill(struct weir_run_parts *parts, int32_t idx, const struct weir_source *source,
                             struct weir_error *error) {
    struct weir_run_part *part = &parts->parts[idx];
    while (part->batch == NULL && !part->ended) {
        struct shared *shared = calloc(1, sizeof(*shared));
        if (shared == NULL) return out_of_memory(error);
        enum weir_status status = source->next_of(source->state, idx, &shared->array, error);
        if (status == WEIR_OK && shared->array.length > 0) {
            shared->views = 1;
            part->batch = shared;
            part->done = 0;
            return WEIR_OK;
        }
        if (status == WEIR_OK) shared->array.release(&shared->array);
        free(shared);
        if (status == WEIR_END) {
            part->ended = true;
        } else if (status != WEIR_OK) {
            return status;
        }
    }
    return WEIR_OK;
}

static bool all_ended(const struct weir_run_parts *parts) {
    for (int32_t i = 0; i < parts->count; i++) {
        if (!parts->parts[i].ended) return false;
    }
    return true;
}

/* The partition with the smallest W, and beyond which W another's turn comes; -1: all have ended. */
static int32_t whose_turn(const struct weir_run_parts *parts, int64_t *limit) {
    int32_t turn = -1;
    for (int32_t i = 0; i < parts->count; i++) {
        const struct weir_run_part *part = &parts->parts[i];
        if (!part->ended && (turn < 0 || part->own < parts->parts[turn].own)) turn = i;
    }
    *limit = INT64_MAX;
    for (int32_t i = 0; i < parts->count; i++) {
        const struct weir_run_part *other = &parts->parts[i];
        if (i == turn || other->ended) continue;
        int64_t until = i > turn ? other->own : weir_sub_saturate_i64(other->own, 1); /* ties go to the first */
        if (until < *limit) *limit = until;
    }
    return turn;
}

enum weir_status weir_run_parts_feed(struct weir_run_parts *parts, const struct weir_source *source,
                                     const struct weir_plan *plan, struct weir_pipeline *pipeline,
                                     struct weir_error *error) {
    for (int32_t i = 0; i < parts->count; i++) {
        bool had_ended = parts->parts[i].ended;
        enum weir_status status = fill(parts, i, source, error);
        /* What has ended no longer holds W back. The end of all is the end of the input, and not this. */
        if (status == WEIR_OK && parts->parts[i].ended && !had_ended && !all_ended(parts))
            status = weir_pipeline_idle(pipeline, i, error);
        if (status != WEIR_OK) return status;
    }
    int64_t limit, rows;
    int32_t turn = whose_turn(parts, &limit);
    if (turn < 0) return WEIR_END;
    struct weir_run_part *part = &parts->parts[turn];
    struct ArrowArray view = view_of(part, part->batch->array.length - part->done);
    enum weir_status status = weir_rows_until(plan, &view, limit, &part->own, &rows, error);
    if (status != WEIR_OK) return status;
    view = view_of(part, rows);
    part->batch->views++;
    part->done += rows;
    status = weir_pipeline_push(pipeline, turn, &view, error);
    if (view.release != NULL) view.release(&view);
    if (part->done < part->batch->array.length) return status;
    drop(part->batch);
    part->batch = NULL;
    return status;
}
