/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/why.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "engine/ingest_parts.h"
#include "engine/pipeline_state.h"
#include "engine/value_text.h"

/* ---- the request ---- */

static enum weir_status read_time(const struct weir_pipeline *pipeline, const char *text, int64_t *local,
                                  struct weir_error *error) {
    int64_t length = (int64_t)strlen(text), time, units = pipeline->plan->units_per_second;
    if (weir_text_read_i64(text, length, &time) == WEIR_TEXT_OK && memchr(text, '.', (size_t)length) == NULL) {
        *local = weir_pipeline_local_time(pipeline, time);
        return WEIR_OK;
    }
    bool utc = length > 0 && text[length - 1] == 'Z';
    if (weir_text_read_timestamp(text, utc ? length - 1 : length, units, weir_unit_precision(units), &time) !=
        WEIR_TEXT_OK) {
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "'%.200s' is no time; write it as '2024-01-31 08:30:00', with a Z at its end for UTC, "
            "or as a number of %s since 1970",
            text, weir_unit_name(units));
    }
    *local = utc ? weir_pipeline_local_time(pipeline, time) : time;
    return WEIR_OK;
}

static enum weir_status read_key(const struct weir_pipeline *pipeline, const struct weir_why_request *request,
                                 struct weir_why_case *out, struct weir_error *error) {
    const struct weir_plan *plan = pipeline->plan;
    if (request->key == NULL || request->key_count == 0) return WEIR_OK;
    if (request->key_count != (size_t)plan->keys_count) {
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "the key that is asked about has %zu values, and the query groups by %d columns beside "
            "the window; give as many, or none",
            request->key_count, plan->keys_count);
    }
    struct weir_type *types = calloc(request->key_count, sizeof(*types));
    if (types == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a key");
    for (int32_t i = 0; i < plan->keys_count; i++) types[i] = plan->keys[i]->type;
    enum weir_status status = weir_key_search_create(types, plan->keys_count, request->key, &out->key, error);
    free(types);
    return status;
}

static enum weir_status read_request(struct weir_pipeline *pipeline, const struct weir_why_request *request,
                                     struct weir_why_case *out, struct weir_error *error) {
    *out = (struct weir_why_case){.pipeline = pipeline, .request = request};
    if (request->struct_size != sizeof(*request)) {
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_why_request.struct_size is %zu; set it to sizeof (%zu)", request->struct_size,
                              sizeof(*request));
    }
    out->has_time = request->has_time || request->time_text != NULL;
    enum weir_status status = WEIR_OK;
    if (request->time_text != NULL) {
        status = read_time(pipeline, request->time_text, &out->time, error);
    } else if (request->has_time) {
        out->time = weir_pipeline_local_time(pipeline, request->time);
    }
    return status == WEIR_OK ? read_key(pipeline, request, out, error) : status;
}

/* ---- counters ---- */

static enum weir_status count(struct weir_pipeline *pipeline, struct weir_why_case *out, struct weir_error *error) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    struct weir_why *facts = &out->facts;
    enum weir_status status = weir_pipeline_stats(pipeline, &stats);
    if (status != WEIR_OK) return weir_error_set(error, status, "the counters of the pipeline cannot be read");
    facts->rows_in = stats.rows_in;
    facts->filtered = stats.filtered;
    facts->null_time = stats.null_time;
    facts->future_dropped = stats.future_dropped;
    facts->future = stats.future;
    facts->unassigned = stats.unassigned;
    facts->late = stats.late;
    facts->folded = stats.folded;
    weir_late_mark_join(&out->late, &pipeline->home.late_mark);
    for (int32_t i = 0; i < pipeline->deal.count; i++)
        weir_late_mark_join(&out->late, &pipeline->deal.workers[i].ingest->late_mark);
    facts->late_by = out->late.any ? out->late.by : INT64_MIN;
    facts->late_time = out->late.any ? out->late.time : INT64_MIN;
    return WEIR_OK;
}

static void begin_facts(struct weir_pipeline *pipeline, struct weir_why *facts) {
    weir_watermark_tell(&pipeline->watermark, weir_pipeline_read_clock(pipeline));
    facts->struct_size = sizeof(*facts);
    facts->holder = -1;
    facts->window_start = facts->window_end = facts->needed = facts->held_since = INT64_MIN;
    facts->watermark = pipeline->watermark.combined;
    facts->raised_at = pipeline->watermark.raised_at;
    facts->now = pipeline->watermark.now;
    facts->rows = -1;
    facts->rows_waiting =
        pipeline->plan->order_count > 0 && !pipeline->closed_result ? 0 : pipeline->emit.queue_rows;
}

/* ---- windows ---- */

static int64_t closed_now(const struct weir_pipeline *pipeline) {
    return weir_window_closed(&pipeline->home.window, weir_pipeline_local_watermark(pipeline));
}

static enum weir_status look_through(struct weir_why_case *found, const struct weir_open_search *search,
                                     struct weir_error *error) {
    const struct weir_pipeline *pipeline = found->pipeline;
    int64_t closed = weir_window_is_sliced(pipeline->plan->window.kind) ? closed_now(pipeline) : INT64_MIN;
    struct weir_open_state home = {&pipeline->home, pipeline->fire.fired};
    enum weir_status status = weir_open_window_find(search, &home, closed, &found->open, error);
    for (int32_t i = 0; i < pipeline->deal.count && status == WEIR_OK; i++) {
        const struct weir_worker *worker = &pipeline->deal.workers[i];
        if (weir_worker_has_home(worker)) continue;
        struct weir_open_state own = {worker->ingest, worker->fire.fired};
        status = weir_open_window_find(search, &own, closed, &found->open, error);
    }
    return status;
}

/* The window at hand is the one that was found open. */
static void take_open(struct weir_why_case *found) {
    struct weir_why *facts = &found->facts;
    const struct weir_machine_window *window = &found->open.window;
    if (!found->open.found) return;
    facts->windows = 1;
    facts->window_start = window->start;
    facts->window_end = window->end;
    facts->rows = window->rows;
    facts->rows_missing = window->rows_missing;
    facts->needed =
        window->fires_at == INT64_MAX ? INT64_MAX : weir_pipeline_timer(found->pipeline, window->fires_at);
    int64_t local = weir_pipeline_local_watermark(found->pipeline);
    facts->windows_reached = local != INT64_MIN && window->fires_at < INT64_MAX && window->fires_at <= local;
}

/* Of those that hold the time the first that W has not passed, or the last. */
static enum weir_status place_time(struct weir_why_case *found, struct weir_error *error) {
    const struct weir_window *window = &found->pipeline->home.window;
    struct weir_why *facts = &found->facts;
    int64_t ticks, closed = closed_now(found->pipeline);
    if (!weir_mul_i64(found->time, window->ticks_per_unit, &ticks)) ticks = found->time < 0 ? INT64_MIN : INT64_MAX;
    int64_t slice = weir_window_slice(window, ticks);
    int64_t first = weir_window_first(window, slice), last = weir_window_last(window, slice), at = first;
    if (first > last) return WEIR_OK;
    facts->windows = weir_add_saturate_i64(weir_sub_saturate_i64(last, first), 1);
    if (closed >= last) {
        facts->windows_reached = facts->windows;
        at = last;
    } else if (closed >= first) {
        facts->windows_reached = weir_add_saturate_i64(weir_sub_saturate_i64(closed, first), 1);
        at = closed + 1;
    }
    facts->window_start = weir_window_start(window, at);
    facts->window_end = weir_window_end(window, at);
    facts->needed = weir_pipeline_timer(found->pipeline, weir_sub_saturate_i64(facts->window_end, 1));
    if (found->pipeline->finished || at <= closed) return WEIR_OK;
    struct weir_open_search search = {
        .key = found->key, .one_window = true, .start = facts->window_start, .end = facts->window_end};
    enum weir_status status = look_through(found, &search, error);
    facts->rows = found->open.found ? found->open.window.rows : 0;
    return status;
}

static enum weir_status look_for_open(struct weir_why_case *found, struct weir_error *error) {
    bool by_count = found->pipeline->plan->window.kind == WEIR_WINDOW_COUNT;
    struct weir_open_search search = {
        .key = found->key, .has_time = found->has_time && !by_count, .time = found->time};
    enum weir_status status = look_through(found, &search, error);
    take_open(found);
    return status;
}

static enum weir_status find_window(struct weir_why_case *found, struct weir_error *error) {
    const struct weir_pipeline *pipeline = found->pipeline;
    enum weir_window_kind kind = pipeline->plan->window.kind;
    if (pipeline->plan->shape != WEIR_PLAN_AGGREGATE || kind == WEIR_WINDOW_NONE) return WEIR_OK;
    if (pipeline->finished && !found->has_time && pipeline->time_max != INT64_MIN) {
        found->has_time = true; /* nothing is open any more: the window of the greatest time tells most */
        found->time = weir_pipeline_local_time(pipeline, pipeline->time_max);
    }
    if (found->has_time && weir_window_is_sliced(kind)) return place_time(found, error);
    return pipeline->finished ? WEIR_OK : look_for_open(found, error);
}

/* ---- the reason ---- */

/* What W has passed has not all been given out. */
static bool is_pending(const struct weir_pipeline *pipeline) {
    const struct weir_deal *deal = &pipeline->deal;
    if (pipeline->fire_more || deal->barrier_out || deal->fires_out > 0) return true;
    if (pipeline->finished) return false;
    return pipeline->home.machine == NULL ? closed_now(pipeline) > pipeline->closed
                                          : pipeline->watermark.combined > pipeline->told.watermark;
}

static enum weir_why_reason when_reached(const struct weir_why_case *found) {
    const struct weir_pipeline *pipeline = found->pipeline;
    if (found->open.found || is_pending(pipeline)) return WEIR_WHY_DUE;
    return pipeline->plan->order_count > 0 && !pipeline->closed_result ? WEIR_WHY_ORDERED : WEIR_WHY_FIRED;
}

static enum weir_why_reason when_ended(const struct weir_pipeline *pipeline) {
    if (pipeline->fire_more) return WEIR_WHY_DUE;
    bool dropped = pipeline->options.discard_open || pipeline->plan->processing_time ||
                   pipeline->plan->emission.end == WEIR_END_DISCARD;
    return dropped ? WEIR_WHY_END_DROPPED : WEIR_WHY_END_FIRED;
}

static bool has_no_watermark(const struct weir_pipeline *pipeline) {
    if (pipeline->plan->watermark.kind != WEIR_WATERMARK_NONE || pipeline->watermark.combined != INT64_MIN)
        return false;
    for (int32_t i = 0; i < pipeline->watermark.partitions_count; i++) {
        if (pipeline->watermark.partitions[i].own != INT64_MIN) return false;
    }
    return true;
}

/* Of an active partition that has no watermark at all. */
static enum weir_why_reason without_watermark(const struct weir_plan *plan,
                                              const struct weir_partition *partition) {
    const struct weir_watermark_spec *spec = &plan->watermark;
    if (partition->rows == 0) return WEIR_WHY_UNHEARD;
    if (partition->time_max == INT64_MIN || !spec->above_epoch) return WEIR_WHY_NO_CLAIM;
    /* The value of an expression is not kept (its delay is 0): a greatest time above 1970 speaks for NULL. */
    bool none = weir_watermark_claim(spec, partition->time_max) == INT64_MIN;
    return none ? WEIR_WHY_BEFORE_1970 : WEIR_WHY_NO_CLAIM;
}

static enum weir_why_reason of_partitions(struct weir_why_case *found) {
    const struct weir_watermark *watermark = &found->pipeline->watermark;
    struct weir_why *facts = &found->facts;
    facts->holder = weir_watermark_holder(watermark);
    if (facts->holder < 0) return WEIR_WHY_IDLE;
    const struct weir_partition *holder = &watermark->partitions[facts->holder];
    facts->held_since = holder->raised_at == INT64_MIN ? watermark->began_at : holder->raised_at;
    if (holder->state == WEIR_PARTITION_BEHIND) return WEIR_WHY_BEHIND;
    return holder->own == INT64_MIN ? without_watermark(found->pipeline->plan, holder) : WEIR_WHY_PARTITION;
}

static enum weir_why_reason of_window(struct weir_why_case *found) {
    const struct weir_pipeline *pipeline = found->pipeline;
    const struct weir_why *facts = &found->facts;
    bool sliced = weir_window_is_sliced(pipeline->plan->window.kind);
    if (facts->windows > 0 && facts->windows_reached == facts->windows) return when_reached(found);
    if (facts->windows == 0 && found->has_time && sliced) return WEIR_WHY_GAP;
    if (pipeline->finished) return when_ended(pipeline);
    if (facts->windows == 0) return WEIR_WHY_NOTHING_OPEN;
    if (pipeline->plan->processing_time) return facts->now > facts->needed ? WEIR_WHY_DUE : WEIR_WHY_WALL_CLOCK;
    if (facts->needed == INT64_MAX) return WEIR_WHY_ROWS;
    if (has_no_watermark(pipeline)) return facts->rows_missing > 0 ? WEIR_WHY_ROWS : WEIR_WHY_NO_WATERMARK;
    return of_partitions(found);
}

static void find_reason(struct weir_why_case *found) {
    const struct weir_plan *plan = found->pipeline->plan;
    struct weir_why *facts = &found->facts;
    if (plan->shape != WEIR_PLAN_AGGREGATE || plan->window.kind == WEIR_WINDOW_NONE) {
        facts->reason = WEIR_WHY_NO_WINDOW;
        return;
    }
    facts->reason = of_window(found);
    if (facts->reason == WEIR_WHY_NOTHING_OPEN) (void)of_partitions(found);
    bool reached = facts->windows > 0 && facts->windows_reached == facts->windows;
    if (reached || facts->needed == INT64_MIN) return;
    facts->lacks = facts->watermark == INT64_MIN || facts->needed == INT64_MAX
                       ? INT64_MAX
                       : weir_sub_saturate_i64(facts->needed, facts->watermark);
    if (facts->lacks < 0) facts->lacks = 0; /* a window that the clock of its zone skips */
}

/* ---- asking ---- */

/* Adds up the rows that wait. No task is out. */
static enum weir_status settle(struct weir_pipeline *pipeline, struct weir_error *error) {
    struct weir_error why = {0};
    enum weir_status status = weir_ingest_settle(&pipeline->home, &why);
    for (int32_t i = 0; i < pipeline->deal.count && status == WEIR_OK; i++)
        status = weir_ingest_settle(pipeline->deal.workers[i].ingest, &why);
    return status == WEIR_OK ? WEIR_OK : weir_pipeline_fail(pipeline, &why, error);
}

enum weir_status weir_why_find(struct weir_pipeline *pipeline, const struct weir_why_request *request,
                               struct weir_why_case *out, struct weir_error *error) {
    enum weir_status status = read_request(pipeline, request, out, error);
    if (status == WEIR_OK) status = count(pipeline, out, error); /* waits for the workers */
    if (status == WEIR_OK) status = weir_pipeline_check_workers(pipeline, error);
    if (status == WEIR_OK) status = settle(pipeline, error);
    if (status != WEIR_OK) return status;
    begin_facts(pipeline, &out->facts);
    status = find_window(out, error);
    if (status == WEIR_OK) find_reason(out);
    return status;
}

void weir_why_fini(struct weir_why_case *found) { weir_key_search_destroy(&found->key); }

enum weir_status weir_pipeline_why(struct weir_pipeline *pipeline, const struct weir_why_request *request,
                                   struct weir_why *out, char **text, struct weir_error *error) {
    static const struct weir_why_request any = {.struct_size = sizeof(any)};
    if (text != NULL) *text = NULL;
    if (pipeline == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_pipeline_why: pipeline is NULL");
    if (out != NULL && out->struct_size != sizeof(*out)) {
        return weir_error_set(error, WEIR_ERR_INVALID, "weir_why.struct_size is %zu; set it to sizeof (%zu)",
                              out->struct_size, sizeof(*out));
    }
    if (pipeline->failed) return weir_pipeline_fail(pipeline, &pipeline->error, error);
    struct weir_why_case found;
    enum weir_status status = weir_why_find(pipeline, request == NULL ? &any : request, &found, error);
    if (status == WEIR_OK && text != NULL) status = weir_why_text(&found, text, error);
    if (status == WEIR_OK && out != NULL) *out = found.facts;
    weir_why_fini(&found);
    return status;
}
