/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs cases over the public API and prints what came out, for compare.py. Reads lines of fields between tabs
 * (drive_text.h) from stdin:
 *
 *   case ID                     begins one
 *   sql TEXT                    the script
 *   build WORD ARGUMENT ...     instead of sql, a call of a builder (drive_build.h); after the columns
 *   table NAME                  the pushed table is typed by the columns below; else the script declares it
 *   column NAME FORMAT [required]  in the order of pushed batches; FORMAT as in Arrow (l, g, u, U, tsm:), or dict
 *   option NAME NUMBER          workers, strategy, partitions, discard_open, fail_on_null_time, clock;
 *                               pull 1: results are taken after each event, 0: after the last;
 *                               probe 1: the counters are printed after each event
 *   run                         creates the query and the pipeline; the events follow
 *   push PARTITION ROWS BATCH_OFFSET COLUMN_OFFSET [LEAST MOST EXACT]   the range of the rows' times
 *   row VALUE ...               a line for each row of the push
 *   advance PARTITION WATERMARK
 *   idle PARTITION
 *   clock MS                    the wall clock shows that, and the pipeline is told to look
 *   tick MS                     the wall clock shows that
 *   finish
 *   end                         takes what is left, prints the counters and frees all
 *
 * and prints
 *
 *   case ID
 *   error STAGE STATUS LINE COLUMN MESSAGE     the first ends the case: what follows up to `end` is skipped
 *   explain TEXT
 *   columns NAME ...            of the result
 *   late_columns NAME=FORMAT .. of the rows put aside
 *   event NUMBER NAME           what follows up to the next was taken after this event
 *   row VALUE ...
 *   late VALUE ...
 *   stats NAME=NUMBER ...
 *   end ID
 *
 * A line that is no part of this protocol ends the program with status 2.
 */
#include <weir/weir.h>

#include "drive_batch.h"
#include "drive_build.h"
#include "drive_print.h"
#include "drive_text.h"

struct drive_case {
    char *id, *sql, *table;
    struct drive_column columns[COLUMNS_MAX];
    int columns_count;
    struct weir_pipeline_options options;
    bool pull, probe;
    bool failed;
    int64_t events;
    int64_t clock;
    int made;
    struct weir_builder *builder;
    struct weir_query *query;
    struct weir_pipeline *pipeline;
    struct ArrowSchema result, input, late;
};

static char *line;
static size_t line_size;

static bool read_line(void) {
    ssize_t length = getline(&line, &line_size, stdin);
    if (length < 0) return false;
    if (length > 0 && line[length - 1] == '\n') line[length - 1] = '\0';
    return true;
}

static char *copy_text(const char *text) {
    if (text == NULL) protocol_fail("a field is missing", "");
    char *copy = strdup(text);
    if (copy == NULL) abort();
    return copy;
}

static void report(struct drive_case *run, const char *stage, enum weir_status status,
                   const struct weir_error *error) {
    drive_print_error(stage, status, error);
    run->failed = true;
}

/* ---- before the run ---- */

static int64_t read_clock(void *user) { return ((struct drive_case *)user)->clock; }

static void set_option(struct drive_case *run, const char *name, int64_t value) {
    if (strcmp(name, "workers") == 0) {
        run->options.workers = (int32_t)value;
    } else if (strcmp(name, "strategy") == 0) {
        run->options.strategy = (enum weir_strategy)value;
    } else if (strcmp(name, "waiting") == 0) {
        run->options.waiting = (enum weir_waiting)value;
    } else if (strcmp(name, "partitions") == 0) {
        run->options.partitions = (int32_t)value;
    } else if (strcmp(name, "discard_open") == 0) {
        run->options.discard_open = value != 0;
    } else if (strcmp(name, "fail_on_null_time") == 0) {
        run->options.fail_on_null_time = value != 0;
    } else if (strcmp(name, "clock") == 0) {
        run->clock = value;
        run->options.clock = read_clock;
        run->options.clock_user = run;
    } else if (strcmp(name, "pull") == 0) {
        run->pull = value != 0;
    } else if (strcmp(name, "probe") == 0) {
        run->probe = value != 0;
    } else {
        protocol_fail("unknown option", name);
    }
}

static void add_column(struct drive_case *run, const char *name, const char *format, bool required) {
    if (run->columns_count == COLUMNS_MAX) protocol_fail("too many columns", name);
    run->columns[run->columns_count++] =
        (struct drive_column){.name = copy_text(name), .format = copy_text(format), .required = required};
}

static void build(struct drive_case *run, char **fields, int count) {
    struct weir_error error = {0};
    if (run->builder == NULL) {
        run->input = drive_schema(run->columns, run->columns_count);
        if (weir_builder_create(&run->input, &run->builder, &error) != WEIR_OK)
            protocol_fail(error.message, run->id);
    }
    drive_build(run->builder, fields, count);
}

static enum weir_status make_query(struct drive_case *run, struct weir_error *error) {
    if (run->builder != NULL) return weir_builder_finish(run->builder, &run->query, error);
    run->input = drive_schema(run->columns, run->columns_count);
    return weir_query_create(run->sql, run->table, run->table == NULL ? NULL : &run->input, &run->query, error);
}

static void start(struct drive_case *run) {
    struct weir_error error = {0};
    enum weir_status status = make_query(run, &error);
    weir_builder_destroy(&run->builder);
    if (status != WEIR_OK) {
        report(run, "create", status, &error);
        return;
    }
    fputs("explain\t", stdout);
    text_print(weir_query_explain(run->query), strlen(weir_query_explain(run->query)));
    putchar('\n');
    status = weir_query_schema(run->query, &run->result, &error);
    if (status == WEIR_OK) status = weir_query_late_schema(run->query, &run->late, &error);
    if (status == WEIR_OK) status = weir_pipeline_create(run->query, &run->options, &run->pipeline, &error);
    if (status != WEIR_OK) {
        report(run, "pipeline", status, &error);
        return;
    }
    fputs("columns", stdout);
    for (int64_t i = 0; i < run->result.n_children; i++) printf("\t%s", run->result.children[i]->name);
    fputs("\nlate_columns", stdout);
    for (int64_t i = 0; i < run->late.n_children; i++) {
        const struct ArrowSchema *column = run->late.children[i];
        printf("\t%s=%s", column->name, column->dictionary == NULL ? column->format : "dict");
    }
    putchar('\n');
    weir_query_destroy(&run->query); /* the pipeline keeps what it needs */
}

/* ---- events ---- */

typedef enum weir_status (*next_fn)(struct weir_pipeline *, struct ArrowArray *, struct weir_error *);

/* Workers are waited for where counters are asked for; what they have done by then may send them on once more. */
static bool waits_for_more(struct drive_case *run, int *rounds) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    if (!run->probe || run->options.workers == 0 || ++*rounds == 3) return false;
    return weir_pipeline_stats(run->pipeline, &stats) == WEIR_OK;
}

static void take(struct drive_case *run, const char *tag, const struct ArrowSchema *schema, next_fn next) {
    for (int rounds = 0;;) {
        struct ArrowArray batch = {.release = NULL};
        struct weir_error error = {0};
        enum weir_status status = next(run->pipeline, &batch, &error);
        if (status == WEIR_AGAIN && waits_for_more(run, &rounds)) continue;
        if (status == WEIR_AGAIN || status == WEIR_END) return;
        if (status != WEIR_OK) {
            report(run, tag, status, &error);
            return;
        }
        drive_print_rows(tag, schema, &batch);
        batch.release(&batch);
    }
}

static void take_all(struct drive_case *run) {
    take(run, "row", &run->result, weir_pipeline_next);
    if (!run->failed) take(run, "late", &run->late, weir_pipeline_next_late);
}

static void print_stats(struct drive_case *run) {
    struct weir_stats stats = {.struct_size = sizeof(stats)};
    enum weir_status status = weir_pipeline_stats(run->pipeline, &stats);
    if (status == WEIR_OK) {
        drive_print_stats(&stats);
    } else {
        report(run, "stats", status, &(struct weir_error){.message = "no counters"});
    }
}

static void after_event(struct drive_case *run, const char *stage, enum weir_status status,
                        const struct weir_error *error) {
    printf("event\t%" PRId64 "\t%s\n", run->events++, stage);
    if (status != WEIR_OK) {
        report(run, stage, status, error);
        return;
    }
    if (run->probe) print_stats(run);
    if (run->pull && !run->failed) take_all(run);
}

static struct drive_rows read_rows(const struct drive_case *run, int64_t count) {
    if (count < 0 || count > 1000000) protocol_fail("too many rows", run->id);
    struct drive_rows rows = {.cells = calloc((size_t)count + 1, sizeof(*rows.cells)), .count = count};
    if (rows.cells == NULL) abort();
    for (int64_t i = 0; i < count; i++) {
        char *fields[FIELDS_MAX];
        if (!read_line()) protocol_fail("rows are missing", run->id);
        int fields_count = text_split(line, fields);
        if (fields_count != run->columns_count + 1 || strcmp(fields[0], "row") != 0)
            protocol_fail("no row of the declared columns", line);
        rows.cells[i] = calloc((size_t)run->columns_count + 1, sizeof(**rows.cells));
        if (rows.cells[i] == NULL) abort();
        for (int c = 0; c < run->columns_count; c++)
            rows.cells[i][c] = fields[c + 1] == NULL ? NULL : copy_text(fields[c + 1]);
    }
    return rows;
}

static void free_rows(const struct drive_case *run, struct drive_rows *rows) {
    for (int64_t i = 0; i < rows->count; i++) {
        for (int c = 0; c < run->columns_count; c++) free(rows->cells[i][c]);
        free(rows->cells[i]);
    }
    free(rows->cells);
}

static void push(struct drive_case *run, char **fields, int count) {
    int32_t partition = (int32_t)text_to_i64(fields[1]);
    struct weir_time_range range = {.struct_size = sizeof(range)};
    if (count == 8) { /* before the rows take the line */
        range.least = text_to_i64(fields[5]);
        range.most = text_to_i64(fields[6]);
        range.exact = text_to_i64(fields[7]) != 0;
    }
    int64_t batch_offset = text_to_i64(fields[3]), column_offset = text_to_i64(fields[4]);
    if (batch_offset < 0 || batch_offset > 1000 || column_offset < 0 || column_offset > 1000)
        protocol_fail("an offset is out of range", fields[3]);
    struct drive_rows rows = read_rows(run, text_to_i64(fields[2]));
    if (!run->failed) {
        struct weir_error error = {0};
        struct ArrowArray batch = drive_batch(run->columns, run->columns_count, &rows, batch_offset, column_offset);
        run->made++;
        enum weir_status status =
            weir_pipeline_push_ranged(run->pipeline, partition, &batch, count == 8 ? &range : NULL, &error);
        if (batch.release != NULL) batch.release(&batch);
        after_event(run, "push", status, &error);
    }
    free_rows(run, &rows);
}

/* An event other than push. Returns false when the word is none. */
static bool call(struct drive_case *run, const char *word, char **fields, int count) {
    struct weir_error error = {0};
    if (strcmp(word, "advance") == 0 && count == 3) {
        int64_t watermark = text_to_i64(fields[2]);
        if (run->failed) return true;
        after_event(run, word,
                    weir_pipeline_advance(run->pipeline, (int32_t)text_to_i64(fields[1]), watermark, &error),
                    &error);
    } else if (strcmp(word, "idle") == 0 && count == 2) {
        if (run->failed) return true;
        after_event(run, word, weir_pipeline_idle(run->pipeline, (int32_t)text_to_i64(fields[1]), &error), &error);
    } else if (strcmp(word, "clock") == 0 && count == 2) {
        run->clock = text_to_i64(fields[1]);
        if (!run->failed) after_event(run, word, weir_pipeline_poll(run->pipeline, &error), &error);
    } else if (strcmp(word, "tick") == 0 && count == 2) {
        run->clock = text_to_i64(fields[1]);
        printf("event\t%" PRId64 "\t%s\n", run->events++, word);
        if (run->probe && !run->failed) print_stats(run);
    } else if (strcmp(word, "finish") == 0 && count == 1) {
        if (!run->failed) after_event(run, word, weir_pipeline_finish(run->pipeline, &error), &error);
    } else {
        return false;
    }
    return true;
}

static void finish_case(struct drive_case *run) {
    if (!run->failed) take_all(run);
    if (!run->failed) print_stats(run);
    weir_pipeline_destroy(&run->pipeline);
    weir_query_destroy(&run->query);
    if (batches_released != run->made)
        report(run, "release", WEIR_ERR_INTERNAL,
               &(struct weir_error){.message = "batches were not released exactly once"});
    printf("end\t%s\n", run->id);
    fflush(stdout);
    if (run->result.release != NULL) run->result.release(&run->result);
    if (run->input.release != NULL) run->input.release(&run->input);
    if (run->late.release != NULL) run->late.release(&run->late);
    for (int i = 0; i < run->columns_count; i++) {
        free(run->columns[i].name);
        free(run->columns[i].format);
    }
    free(run->id);
    free(run->sql);
    free(run->table);
}

/* One line of a case. Returns false after its last. */
static bool step(struct drive_case *run, bool *running) {
    char *fields[FIELDS_MAX];
    int count = text_split(line, fields);
    const char *word = fields[0];
    if (word == NULL) protocol_fail("no word", line);
    if (!*running) {
        if (strcmp(word, "sql") == 0 && count == 2 && run->sql == NULL) {
            run->sql = copy_text(fields[1]);
        } else if (strcmp(word, "build") == 0 && count >= 2 && run->sql == NULL) {
            build(run, fields, count);
        } else if (strcmp(word, "table") == 0 && count == 2 && run->table == NULL) {
            run->table = copy_text(fields[1]);
        } else if (strcmp(word, "column") == 0 && (count == 3 || count == 4)) {
            add_column(run, fields[1], fields[2], count == 4);
        } else if (strcmp(word, "option") == 0 && count == 3 && fields[1] != NULL) {
            set_option(run, fields[1], text_to_i64(fields[2]));
        } else if (strcmp(word, "run") == 0 && count == 1 && (run->sql != NULL || run->builder != NULL)) {
            *running = true;
            start(run);
        } else {
            protocol_fail("unexpected before run", word);
        }
        return true;
    }
    if (strcmp(word, "end") == 0 && count == 1) return false;
    if (strcmp(word, "push") == 0 && (count == 5 || count == 8)) {
        push(run, fields, count);
    } else if (!call(run, word, fields, count)) {
        protocol_fail("unexpected after run", word);
    }
    return true;
}

static void run_case(void) {
    char *fields[FIELDS_MAX];
    if (text_split(line, fields) != 2 || fields[0] == NULL || strcmp(fields[0], "case") != 0)
        protocol_fail("a case must come first", line);
    struct drive_case run = {.id = copy_text(fields[1]), .options.struct_size = sizeof(run.options)};
    printf("case\t%s\n", run.id);
    batches_released = 0;
    bool running = false;
    while (true) {
        if (!read_line()) protocol_fail("the case has no end", run.id);
        if (!step(&run, &running)) break;
    }
    finish_case(&run);
}

int main(void) {
    while (read_line()) run_case();
    free(line);
    return 0;
}
