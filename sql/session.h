/* SPDX-License-Identifier: Apache-2.0
 *
 * What a session holds, for the files that implement it: session.c (its life and its statements), open.c (tables
 * behind connectors), run.c (statements that give rows).
 */
#ifndef WEIR_SQL_SESSION_H
#define WEIR_SQL_SESSION_H

#include <stdatomic.h>
#include <time.h>

#include "engine/query.h"
#include "sql/bind.h"
#include "sql/catalog.h"
#include "sql/run_parts.h"
#include "sql/run_sink.h"
#include "sql/settings.h"
#include "weir/weir.h"

struct weir_session {
    struct weir_session_options options; /* zeros replaced by defaults */
    struct weir_arena arena;             /* scripts, names and values; nothing in it dies before the session */
    const struct weir_connector **connectors;
    size_t connectors_count;
    struct weir_define *defines;
    size_t defines_count;
    struct weir_catalog catalog;
    struct weir_settings settings;
    struct weir_statement **statements; /* given and not reached yet: next .. count */
    size_t statements_count;
    size_t statements_next;
    const char **written; /* paths that statements have written, or write */
    size_t written_count;
    struct weir_run *run; /* open */
};

struct weir_run {
    struct weir_session *session;
    struct weir_query query;
    bool insert;
    char *table; /* the table or file that is read, for messages; NULL until it is open */
    struct weir_source source;
    bool source_open;
    bool skips;                     /* the source has been told what it need not read */
    struct weir_run_parts parts;    /* where the source has several partitions */
    struct weir_run_sink sink;      /* of an INSERT */
    struct weir_run_sink late_sink; /* of the rows that a policy puts aside, open where there is one */
    const struct weir_relation_entry *late_table;
    struct weir_pipeline *pipeline;
    char *explain;
    bool input_ended;
    bool ended;
    enum weir_status failed; /* the status of the first failure; the run gives it again and again */
    struct weir_error error;
    struct timespec started;
    struct timespec looked; /* when the counters for progress were last asked for */
    bool has_started;
    double seconds;
    atomic_bool cancelled;
    atomic_bool woken; /* next is to answer WEIR_AGAIN */
    _Atomic int64_t rows_in;
    _Atomic int64_t late;
    _Atomic int64_t watermark;
};

/* The host that opens tables for a run: user is the run. (open.c) */
enum weir_status weir_run_open_input(void *user, const struct weir_relation_entry *entry,
                                     const struct weir_ast_source *source, struct weir_arena *arena,
                                     struct weir_bind_input *out, struct weir_error *error);

/* Opens the sink of an INSERT, whose name and table are set. (open.c) */
enum weir_status weir_run_open_sink(struct weir_run *run, const struct weir_statement *insert,
                                    struct weir_error *error);

/* Opens the sink of run->late_table. (open.c) */
enum weir_status weir_run_open_late(struct weir_run *run, struct weir_error *error);

/* Describes columns of an Arrow schema (a struct) in `arena`. types: what the script declared, or NULL. (open.c) */
enum weir_status weir_bind_input_import(const struct ArrowSchema *schema, const struct weir_ast_table *declared,
                                        struct weir_arena *arena, struct weir_bind_input *out,
                                        struct weir_error *error);

/* Binds and opens a SELECT or INSERT. (run.c) */
enum weir_status weir_run_create(struct weir_session *session, const struct weir_statement *statement,
                                 struct weir_run **out, struct weir_error *error);

#endif
