/* SPDX-License-Identifier: Apache-2.0
 *
 * What a pipeline is made of; shared by the files that drive it:
 *   pipeline.c          the calls: create, advance, finish, next, destroy
 *   pipeline_push.c     push: admission of the rows of a batch
 *   pipeline_advance.c  what follows when time passes: barriers, firing, the end of the input
 *   pipeline_report.c   counters
 *   pass_over.c         rows that need not be read
 */
#ifndef WEIR_ENGINE_PIPELINE_STATE_H
#define WEIR_ENGINE_PIPELINE_STATE_H

#include <time.h>

#include "base/zone.h"
#include "engine/deal.h"
#include "engine/emit.h"
#include "engine/fire.h"
#include "engine/ingest.h"
#include "engine/pipeline.h"
#include "engine/project.h"
#include "engine/strategy.h"
#include "engine/watermark.h"

struct weir_pipeline {
    struct weir_deal deal; /* first: its alignment is the strictest */
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_pipeline_options options;
    struct weir_zone *zone; /* NULL: UTC */
    struct weir_watermark watermark;
    const char *(*name_of)(void *user, int32_t partition); /* NULL: partitions have no names */
    void *name_user;
    struct weir_ingest home;     /* keys and state of the whole pipeline */
    struct weir_project project; /* plans that do not aggregate */
    struct weir_emit emit;
    struct weir_fire fire;
    struct weir_arena claims;     /* temporaries of admission */
    int64_t closed;               /* windows up to here have fired, or are at the barrier that is out */
    int64_t closed_seen;          /* windows up to here are closed by W, whether or not they have fired */
    struct weir_ingest_time told; /* what machines have been told of time, or are by the barrier that is out */
    int64_t fire_target;          /* windows up to here are firing */
    bool fire_more;               /* some of them wait until results are taken */
    bool partition_first;         /* the workers own keys and fire for themselves */
    struct weir_strategy_watch watch;
    int64_t gathered; /* the last window whose results have been taken from them */
    bool gathered_any;
    /* time */
    bool looks_at_clock;
    int64_t now;         /* of the wall clock, ms; it does not go back. INT64_MIN: not looked at */
    int64_t time_max;    /* the greatest event time, units; INT64_MIN: none yet */
    int64_t rows_at;     /* wall clock when rows came last */
    bool closed_by_wall; /* and no row has come since */
    /* life */
    bool finished;
    bool closed_result; /* every window has fired and every row is in the queue */
    bool clock_stopped;
    bool failed;
    struct weir_error error; /* of the failure */
    int64_t bytes_pushed;
    int64_t rows_pushed;
    int64_t rows_admitted;
    struct weir_counts passed_over; /* of rows that were not read */
    int64_t home_bytes; /* of what is the pipeline's own, when it was weighed last: not while a barrier is out */
    struct timespec started;
    bool has_started;
    double seconds;
};

/* Remembers the first failure and returns it. */
enum weir_status weir_pipeline_fail(struct weir_pipeline *pipeline, const struct weir_error *why,
                                    struct weir_error *error);
enum weir_status weir_pipeline_check_workers(struct weir_pipeline *pipeline, struct weir_error *error);

/* What every call that brings rows or time begins with; call: its name, for messages. */
enum weir_status weir_pipeline_check_call(struct weir_pipeline *pipeline, int32_t partition, const char *call,
                                          struct weir_error *error);

/* On the wall clock of the plan's zone, in units: what it shows at an instant; W; and the W at which a window fires
 * whose last unit is `last`. */
int64_t weir_pipeline_local_time(const struct weir_pipeline *pipeline, int64_t instant);
int64_t weir_pipeline_local_watermark(const struct weir_pipeline *pipeline);
int64_t weir_pipeline_timer(const struct weir_pipeline *pipeline, int64_t last);

/* The wall clock, ms since 1970. */
int64_t weir_pipeline_read_clock(const struct weir_pipeline *pipeline);

/* Reads the wall clock and, if the plan looks at it, lets it do what it does: idle partitions, processing time, the
 * close of a stream that has stopped. */
void weir_pipeline_look_at_clock(struct weir_pipeline *pipeline);

/* What the source calls it; NULL: it has a number alone. */
const char *weir_pipeline_partition_name(const struct weir_pipeline *pipeline, int32_t partition);

/* Rows of the partition have come. */
void weir_pipeline_rows_came(struct weir_pipeline *pipeline, int32_t partition);

/* Moves barriers and firing on as far as they go without waiting. */
enum weir_status weir_pipeline_move_on(struct weir_pipeline *pipeline, struct weir_error *error);

/* Fires on towards fire_target, as far as results have room. */
enum weir_status weir_pipeline_fire_on(struct weir_pipeline *pipeline, struct weir_error *error);

/* No more rows come: brings everything home and fires what the end policy says. */
enum weir_status weir_pipeline_end_rows(struct weir_pipeline *pipeline, struct weir_error *error);

/* Bytes of keys and state, those of workers as they were when each said so last. */
int64_t weir_pipeline_state_bytes(struct weir_pipeline *pipeline);

/* Errors when they are more than memory_max allows. */
enum weir_status weir_pipeline_check_memory(struct weir_pipeline *pipeline, struct weir_error *error);

void weir_pipeline_start_clock(struct weir_pipeline *pipeline);
void weir_pipeline_stop_clock(struct weir_pipeline *pipeline);

#endif
