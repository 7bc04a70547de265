/* SPDX-License-Identifier: Apache-2.0
 *
 * weir's side of scripts/bench: a process that holds the rows and takes its turn when told, so that engines can be
 * measured in turns. One line in, one line of JSON out; see compare.py for the other side.
 *   bench_turns --file FILE COLUMNS | --generate ROWS,KEYS,ROWS_A_MS none|int64|dictionary
 *               at_end|advance|declared [SQL]
 *               SQL over the pushed table t, or one that it declares; without it TUMBLE of five seconds (query.h)
 *   rows                {"rows": N, "bytes_a_row": N}
 *   check WORKERS       the totals of result.h, with what ties columns
 *   run WORKERS         {"wall_s": S, "cpu_s": S, "rows": N}
 *   count WORKERS       what the machine counted meanwhile, {"cycles": N, ...}, as far as it counts (counters.h)
 *   roof THREADS NAME   {"wall_s": S, "cpu_s": S}: one pass of a loop of roof.h
 *   steady WINDOW_MS    the same of one pass over the rows in a stream as in steady.h
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "bench/counters.h"
#include "bench/query.h"
#include "bench/roof.h"
#include "bench/steady.h"

#define THREADS_MAX 64

struct turns {
    struct weir_rows rows;
    struct weir_query *query;
    enum weir_bench_clock clock;
    struct weir_roof *roofs[WEIR_ROOF_KINDS];
    int32_t roofs_threads; /* of which roofs are there; 0: of none */
    struct weir_bench_steady steady;
};

/* ---- answers ---- */

static void end_line(void) {
    printf("\n");
    fflush(stdout);
}

static void say_error(const struct weir_error *error) {
    printf("{\"error\": \"");
    for (const char *at = error->message; *at != 0; at++) {
        if (*at == '"' || *at == '\\') putchar('\\');
        putchar((unsigned char)*at < 32 ? ' ' : *at);
    }
    printf("\"}");
    end_line();
}

static void say_time(const struct weir_bench_time *time) {
    printf("{\"wall_s\": %.9f, \"cpu_s\": %.9f}", time->wall_s, time->cpu_s);
    end_line();
}

static void say_totals(const struct weir_bench_totals *totals, const struct ArrowSchema *schema) {
    printf("{\"rows\": %" PRId64 ", \"hash\": %" PRIu64 ", \"columns\": {", totals->rows, totals->hash);
    for (int32_t c = 0; c < totals->columns; c++) {
        printf("%s\"%s\": ", c == 0 ? "" : ", ", schema->children[c]->name);
        if (weir_bench_is_real(schema, c)) {
            printf("[%.17g, %.17g]", totals->reals[c], totals->tied[c]);
        } else {
            printf("%" PRIu64, totals->words[c]);
        }
    }
    printf("}}");
    end_line();
}

/* ---- turns ---- */

static enum weir_status check(const struct turns *turns, int32_t workers, struct weir_error *error) {
    struct weir_bench_totals totals;
    struct ArrowSchema schema;
    enum weir_status status = weir_query_schema(turns->query, &schema, error);
    if (status != WEIR_OK) return status;
    status = weir_bench_execute(turns->query, &turns->rows, turns->clock, workers, true, &totals, NULL, error);
    if (status == WEIR_OK) say_totals(&totals, &schema);
    schema.release(&schema);
    return status;
}

static enum weir_status run(const struct turns *turns, int32_t workers, struct weir_error *error) {
    struct weir_bench_totals totals;
    struct weir_bench_time time;
    enum weir_status status =
        weir_bench_execute(turns->query, &turns->rows, turns->clock, workers, false, &totals, &time, error);
    if (status != WEIR_OK) return status;
    printf("{\"wall_s\": %.9f, \"cpu_s\": %.9f, \"rows\": %" PRId64 "}", time.wall_s, time.cpu_s, totals.rows);
    end_line();
    return WEIR_OK;
}

static enum weir_status count(const struct turns *turns, int32_t workers, struct weir_error *error) {
    struct weir_counters counters;
    struct weir_bench_totals totals;
    int64_t values[WEIR_COUNTER_KINDS];
    weir_counters_start(&counters);
    enum weir_status status =
        weir_bench_execute(turns->query, &turns->rows, turns->clock, workers, false, &totals, NULL, error);
    weir_counters_stop(&counters, values);
    if (status != WEIR_OK) return status;
    printf("{\"rows\": %" PRId64, totals.rows);
    for (int kind = 0; kind < WEIR_COUNTER_KINDS; kind++) {
        if (values[kind] < 0) continue;
        printf(", \"%s\": %" PRId64, weir_counter_name((enum weir_counter)kind), values[kind]);
    }
    printf("}");
    end_line();
    return WEIR_OK;
}

static void forget_roofs(struct turns *turns) {
    for (int kind = 0; kind < WEIR_ROOF_KINDS; kind++) weir_roof_destroy(&turns->roofs[kind]);
    turns->roofs_threads = 0;
}

static enum weir_status roof(struct turns *turns, int32_t threads, const char *name, struct weir_error *error) {
    int kind = 0;
    while (kind < WEIR_ROOF_KINDS && strcmp(weir_roof_name((enum weir_roof_kind)kind), name) != 0) kind++;
    if (kind == WEIR_ROOF_KINDS) return weir_error_set(error, WEIR_ERR_INVALID, "no roof is called '%s'", name);
    if (turns->roofs_threads != threads) forget_roofs(turns);
    turns->roofs_threads = threads;
    struct weir_roof **at = &turns->roofs[kind];
    if (*at == NULL) *at = weir_roof_create((enum weir_roof_kind)kind, &turns->rows, threads);
    if (*at == NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "no loop '%s' over such rows, or no memory", name);
    }
    struct weir_bench_time time = weir_roof_pass(*at);
    say_time(&time);
    return WEIR_OK;
}

static enum weir_status pass_steadily(struct turns *turns, int32_t window_ms, struct weir_error *error) {
    struct weir_bench_steady *steady = &turns->steady;
    enum weir_status status = WEIR_OK;
    if (turns->rows.key == WEIR_ROWS_OTHER) {
        return weir_error_set(error, WEIR_ERR_INVALID, "no stream of such rows can be made");
    }
    if (steady->pipeline == NULL) {
        status = weir_bench_steady_open(turns->query, &turns->rows, window_ms, steady, error);
        if (status != WEIR_OK) weir_bench_steady_close(steady);
    } else {
        weir_bench_steady_move(steady);
    }
    struct weir_bench_time start = weir_bench_now();
    if (status == WEIR_OK) status = weir_bench_steady_pass(steady, error);
    struct weir_bench_time end = weir_bench_now();
    if (status != WEIR_OK) return status;
    say_time(&(struct weir_bench_time){end.wall_s - start.wall_s, end.cpu_s - start.cpu_s});
    return WEIR_OK;
}

static enum weir_status take_turn(struct turns *turns, const char *line, struct weir_error *error) {
    char verb[16], name[16] = "";
    int number = -1;
    int fields = sscanf(line, "%15s %d %15s", verb, &number, name);
    bool counted = fields == 2 && number >= 0 && number <= THREADS_MAX;
    if (fields == 1 && strcmp(verb, "rows") == 0) {
        printf("{\"rows\": %" PRId64 ", \"bytes_a_row\": %" PRId64 "}", turns->rows.rows,
               weir_rows_bytes_a_row(&turns->rows.schema));
        end_line();
        return WEIR_OK;
    }
    bool stands = turns->steady.pipeline == NULL; /* else times have moved */
    if (counted && stands && strcmp(verb, "check") == 0) return check(turns, number, error);
    if (counted && stands && strcmp(verb, "run") == 0) return run(turns, number, error);
    if (counted && stands && strcmp(verb, "count") == 0) return count(turns, number, error);
    if (fields == 2 && number > 0 && strcmp(verb, "steady") == 0) return pass_steadily(turns, number, error);
    if (fields == 3 && number > 0 && number <= THREADS_MAX && strcmp(verb, "roof") == 0) {
        return roof(turns, number, name, error);
    }
    return weir_error_set(error, WEIR_ERR_INVALID,
                          "expected rows, check N, run N, count N (all before steady), roof N NAME or steady N");
}

static void take_turns(struct turns *turns) {
    char line[128];
    while (fgets(line, sizeof(line), stdin) != NULL) {
        struct weir_error error = {0};
        if (take_turn(turns, line, &error) != WEIR_OK) say_error(&error);
    }
}

/* ---- the command line ---- */

/* Position of `text` among names, or -1. */
static int find(const char *text, const char *const *names, int count) {
    for (int i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0) return i;
    }
    return -1;
}

static bool read_spec(const char *text, const char *key, struct weir_rows_spec *spec) {
    static const char *const keys[] = {"none", "int64", "dictionary"};
    int used = 0, kind = find(key, keys, 3);
    int fields =
        sscanf(text, "%9" SCNd64 ",%9" SCNd64 ",%9" SCNd64 "%n", &spec->rows, &spec->keys, &spec->rows_a_ms, &used);
    spec->key = (enum weir_rows_key)kind;
    return kind >= 0 && fields == 3 && text[used] == 0 && spec->rows >= 1 && spec->keys >= 1 &&
           spec->rows_a_ms >= 1;
}

static int usage(const char *program) {
    fprintf(stderr,
            "usage: %s --file FILE COLUMNS | --generate ROWS,KEYS,ROWS_A_MS none|int64|dictionary   "
            "at_end|advance|declared [SQL]\n",
            program);
    return 2;
}

static enum weir_status make_query(struct turns *turns, const char *sql, struct weir_error *error) {
    if (sql == NULL) return weir_bench_query(turns->rows.key, turns->clock, &turns->query, error);
    if (turns->clock == WEIR_BENCH_DECLARED) return weir_query_create(sql, NULL, NULL, &turns->query, error);
    return weir_query_create(sql, "t", &turns->rows.schema, &turns->query, error);
}

int main(int argc, char **argv) {
    static const char *const clocks[] = {"at_end", "advance", "declared"};
    if (argc != 5 && argc != 6) return usage(argv[0]);
    bool generate = strcmp(argv[1], "--generate") == 0;
    if (!generate && strcmp(argv[1], "--file") != 0) return usage(argv[0]);
    int clock = find(argv[4], clocks, 3);
    struct weir_rows_spec spec;
    if (clock < 0 || (generate && !read_spec(argv[2], argv[3], &spec))) return usage(argv[0]);
    struct turns turns = {.clock = (enum weir_bench_clock)clock};
    struct weir_error error = {0};
    enum weir_status status = generate ? weir_rows_generate(&spec, &turns.rows, &error)
                                       : weir_rows_read(argv[2], argv[3], &turns.rows, &error);
    if (status == WEIR_OK) status = make_query(&turns, argv[5], &error);
    if (status == WEIR_OK) take_turns(&turns);
    if (status != WEIR_OK) fprintf(stderr, "%s: %s\n", argv[0], error.message);
    weir_bench_steady_close(&turns.steady);
    forget_roofs(&turns);
    weir_query_destroy(&turns.query);
    weir_rows_fini(&turns.rows);
    return status == WEIR_OK ? 0 : 1;
}
