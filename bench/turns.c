/* SPDX-License-Identifier: Apache-2.0
 *
 * weir's side of scripts/bench: a process that holds the rows and takes its turn when told, so that engines can be
 * measured in turns. One line in, one line of JSON out; see compare.py for the other side.
 *   bench_turns --file FILE | --generate ROWS,KEYS,ROWS_A_MS   none|int64|dictionary   at_end|advance|declared
 *   rows            {"rows": N, "bytes_a_row": N}
 *   check WORKERS   the totals of query.h, with the products
 *   run WORKERS     {"wall_s": S, "cpu_s": S, "rows": N, "counts": N}
 *   roof THREADS    {NAME: {"wall_s": S, "cpu_s": S} ...}: one pass of each loop of roof.h
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/query.h"
#include "bench/roof.h"

#define THREADS_MAX 64

struct turns {
    struct weir_rows rows;
    struct weir_query *query;
    enum weir_bench_clock clock;
    struct weir_roof *roofs[WEIR_ROOF_KINDS];
    int32_t roofs_threads; /* of which roofs are there; 0: of none */
};

static void say(const char *text) {
    printf("%s\n", text);
    fflush(stdout);
}

static void say_error(const struct weir_error *error) {
    printf("{\"error\": \"");
    for (const char *at = error->message; *at != 0; at++) {
        if (*at == '"' || *at == '\\') putchar('\\');
        putchar((unsigned char)*at < 32 ? ' ' : *at);
    }
    say("\"}");
}

static void check(const struct turns *turns, int32_t workers) {
    struct weir_bench_totals totals;
    struct weir_error error = {0};
    if (weir_bench_execute(turns->query, &turns->rows, turns->clock, workers, true, &totals, NULL, &error) !=
        WEIR_OK) {
        say_error(&error);
        return;
    }
    char line[512];
    snprintf(line, sizeof(line),
             "{\"rows\": %" PRId64 ", \"windows\": %" PRId64 ", \"keys\": %" PRIu64 ", \"counts\": %" PRId64
             ", \"sums\": %.17g, \"counts_by_key\": %" PRIu64 ", \"sums_by_count\": %.17g}",
             totals.rows, totals.windows, totals.keys, totals.counts, totals.sums, totals.counts_by_key,
             totals.sums_by_count);
    say(line);
}

static void run(const struct turns *turns, int32_t workers) {
    struct weir_bench_totals totals;
    struct weir_bench_time time;
    struct weir_error error = {0};
    if (weir_bench_execute(turns->query, &turns->rows, turns->clock, workers, false, &totals, &time, &error) !=
        WEIR_OK) {
        say_error(&error);
        return;
    }
    char line[256];
    snprintf(line, sizeof(line),
             "{\"wall_s\": %.9f, \"cpu_s\": %.9f, \"rows\": %" PRId64 ", \"counts\": %" PRId64 "}", time.wall_s,
             time.cpu_s, totals.rows, totals.counts);
    say(line);
}

static void forget_roofs(struct turns *turns) {
    for (int kind = 0; kind < WEIR_ROOF_KINDS; kind++) weir_roof_destroy(&turns->roofs[kind]);
    turns->roofs_threads = 0;
}

static void roof(struct turns *turns, int32_t threads) {
    if (turns->roofs_threads != threads) {
        forget_roofs(turns);
        for (int kind = 0; kind < WEIR_ROOF_KINDS; kind++) {
            turns->roofs[kind] = weir_roof_create((enum weir_roof_kind)kind, &turns->rows, threads);
        }
        turns->roofs_threads = threads;
    }
    char line[512] = "{";
    for (int kind = 0; kind < WEIR_ROOF_KINDS; kind++) {
        if (turns->roofs[kind] == NULL) continue;
        struct weir_bench_time time = weir_roof_pass(turns->roofs[kind]);
        size_t used = strlen(line);
        snprintf(line + used, sizeof(line) - used, "%s\"%s\": {\"wall_s\": %.9f, \"cpu_s\": %.9f}",
                 used > 1 ? ", " : "", weir_roof_name((enum weir_roof_kind)kind), time.wall_s, time.cpu_s);
    }
    strcat(line, "}");
    say(line);
}

static void take_turns(struct turns *turns) {
    char line[128], verb[16];
    while (fgets(line, sizeof(line), stdin) != NULL) {
        int number = -1;
        int fields = sscanf(line, "%15s %d", verb, &number);
        bool counted = fields == 2 && number >= 0 && number <= THREADS_MAX;
        if (fields == 1 && strcmp(verb, "rows") == 0) {
            printf("{\"rows\": %" PRId64 ", \"bytes_a_row\": %" PRId64 "}", turns->rows.rows,
                   weir_rows_bytes_a_row(turns->rows.key));
            say("");
        } else if (counted && strcmp(verb, "check") == 0) {
            check(turns, number);
        } else if (counted && strcmp(verb, "run") == 0) {
            run(turns, number);
        } else if (counted && number > 0 && strcmp(verb, "roof") == 0) {
            roof(turns, number);
        } else {
            say("{\"error\": \"rows, check WORKERS, run WORKERS or roof THREADS was expected\"}");
        }
    }
}

/* Position of text among names, or -1. */
static int find(const char *text, const char *const *names, int count) {
    for (int i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0) return i;
    }
    return -1;
}

static bool read_spec(const char *text, struct weir_rows_spec *spec) {
    int used = 0;
    int fields =
        sscanf(text, "%9" SCNd64 ",%9" SCNd64 ",%9" SCNd64 "%n", &spec->rows, &spec->keys, &spec->rows_a_ms, &used);
    return fields == 3 && text[used] == 0 && spec->rows >= 1 && spec->keys >= 1 && spec->rows_a_ms >= 1;
}

static int usage(const char *program) {
    fprintf(stderr,
            "usage: %s --file FILE | --generate ROWS,KEYS,ROWS_A_MS   none|int64|dictionary   "
            "at_end|advance|declared\n",
            program);
    return 2;
}

int main(int argc, char **argv) {
    static const char *const keys[] = {"none", "int64", "dictionary"};
    static const char *const clocks[] = {"at_end", "advance", "declared"};
    if (argc != 5) return usage(argv[0]);
    bool generate = strcmp(argv[1], "--generate") == 0;
    if (!generate && strcmp(argv[1], "--file") != 0) return usage(argv[0]);
    int key = find(argv[3], keys, 3), clock = find(argv[4], clocks, 3);
    struct weir_rows_spec spec;
    if (key < 0 || clock < 0 || (generate && !read_spec(argv[2], &spec))) return usage(argv[0]);
    spec.key = (enum weir_rows_key)key;
    struct turns turns = {.clock = (enum weir_bench_clock)clock};
    struct weir_error error = {0};
    enum weir_status status = generate ? weir_rows_generate(&spec, &turns.rows, &error)
                                       : weir_rows_read(argv[2], spec.key, &turns.rows, &error);
    if (status == WEIR_OK) status = weir_bench_query(spec.key, turns.clock, &turns.query, &error);
    if (status == WEIR_OK) take_turns(&turns);
    if (status != WEIR_OK) fprintf(stderr, "%s: %s\n", argv[0], error.message);
    forget_roofs(&turns);
    weir_query_destroy(&turns.query);
    weir_rows_fini(&turns.rows);
    return status == WEIR_OK ? 0 : 1;
}
