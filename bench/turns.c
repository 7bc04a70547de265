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
 *   roof THREADS NAME [GAP_MS]  {"wall_s": S, "cpu_s": S}: one pass of a loop of roof.h; session's has a gap
 *   ranged 0 | 1        {"ranged": 0 | 1}: whether batches are pushed from now on with the range of their times
 *   steady WINDOW_MS    the same of one pass over the rows in a stream as in steady.h
 */
#include <errno.h>
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
    int64_t roofs_gap_ms;  /* of that of sessions */
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

static enum weir_status roof(struct turns *turns, int32_t threads, const char *name, int64_t gap_ms,
                             struct weir_error *error) {
    int kind = 0;
    while (kind < WEIR_ROOF_KINDS && strcmp(weir_roof_name((enum weir_roof_kind)kind), name) != 0) kind++;
    if (kind == WEIR_ROOF_KINDS) return weir_error_set(error, WEIR_ERR_INVALID, "no roof is called '%s'", name);
    if (turns->roofs_threads != threads || turns->roofs_gap_ms != gap_ms) forget_roofs(turns);
    turns->roofs_threads = threads;
    turns->roofs_gap_ms = gap_ms;
    struct weir_roof **at = &turns->roofs[kind];
    if (*at == NULL) *at = weir_roof_create((enum weir_roof_kind)kind, gap_ms, &turns->rows, threads);
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

/* A whole number without a sign, up to `most` and to the end of the text; else -1. */
static int64_t number_of(const char *text, int64_t most) {
    char *end;
    bool digits = text[0] >= '0' && text[0] <= '9';
    errno = 0;
    long long number = strtoll(text, &end, 10);
    return digits && *end == 0 && errno == 0 && number <= most ? number : -1;
}

#define WORDS_MOST 4

/* Cuts a line into its words; more than WORDS_MOST where there are too many. */
static int split(char *line, const char *words[WORDS_MOST]) {
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(line, " \r\n", &rest); word != NULL; word = strtok_r(NULL, " \r\n", &rest)) {
        if (count == WORDS_MOST) return WORDS_MOST + 1;
        words[count++] = word;
    }
    return count;
}

static enum weir_status give_ranges(struct turns *turns, bool ranged, struct weir_error *error) {
    if (ranged && !weir_rows_are_in_order(&turns->rows))
        return weir_error_set(error, WEIR_ERR_INVALID, "the times of these rows are not in order, or none");
    turns->rows.ranged = ranged;
    printf("{\"ranged\": %d}", ranged);
    end_line();
    return WEIR_OK;
}

static enum weir_status refuse(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_INVALID,
                          "expected rows, check N, run N, count N (all before steady), roof N NAME [GAP_MS], "
                          "ranged 0 | 1 or steady N");
}

static enum weir_status take_roof(struct turns *turns, int32_t threads, const char *name, const char *gap,
                                  struct weir_error *error) {
    int64_t gap_ms = gap == NULL ? 0 : number_of(gap, INT32_MAX);
    bool is_session = strcmp(name, weir_roof_name(WEIR_ROOF_SESSION)) == 0;
    bool has_gap = is_session ? gap_ms > 0 : gap == NULL;
    return has_gap && threads > 0 ? roof(turns, threads, name, gap_ms, error) : refuse(error);
}

static enum weir_status take_turn(struct turns *turns, char *line, struct weir_error *error) {
    const char *words[WORDS_MOST];
    int count_of = split(line, words);
    const char *verb = count_of == 0 ? "" : words[0];
    if (count_of == 1 && strcmp(verb, "rows") == 0) {
        printf("{\"rows\": %" PRId64 ", \"bytes_a_row\": %" PRId64 "}", turns->rows.rows,
               weir_rows_bytes_a_row(&turns->rows.schema));
        end_line();
        return WEIR_OK;
    }
    int32_t number = count_of < 2 ? -1 : (int32_t)number_of(words[1], INT32_MAX);
    if (number < 0) return refuse(error);
    if (count_of == 2 && number > 0 && strcmp(verb, "steady") == 0) return pass_steadily(turns, number, error);
    if (number > THREADS_MAX) return refuse(error);
    if ((count_of == 3 || count_of == 4) && strcmp(verb, "roof") == 0)
        return take_roof(turns, number, words[2], count_of == 4 ? words[3] : NULL, error);
    bool stands = turns->steady.pipeline == NULL; /* else times have moved */
    if (count_of == 2 && number <= 1 && strcmp(verb, "ranged") == 0) return give_ranges(turns, number == 1, error);
    if (count_of != 2 || !stands) return refuse(error);
    if (strcmp(verb, "check") == 0) return check(turns, number, error);
    if (strcmp(verb, "run") == 0) return run(turns, number, error);
    if (strcmp(verb, "count") == 0) return count(turns, number, error);
    return refuse(error);
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

/* The number up to the next comma, or to the end; -1: there is none from 1 to `most`. */
static int64_t next_number(const char **text, int64_t most) {
    char digits[16];
    size_t length = strcspn(*text, ",");
    if (length == 0 || length >= sizeof(digits)) return -1;
    memcpy(digits, *text, length);
    digits[length] = 0;
    *text += length + ((*text)[length] == ',');
    int64_t number = number_of(digits, most);
    return number < 1 ? -1 : number;
}

static bool read_spec(const char *text, const char *key, struct weir_rows_spec *spec) {
    static const char *const keys[] = {"none", "int64", "dictionary"};
    const int64_t most = 999999999;
    int kind = find(key, keys, 3), commas = 0;
    for (const char *at = text; *at != 0; at++) commas += *at == ',';
    spec->rows = next_number(&text, most);
    spec->keys = next_number(&text, most);
    spec->rows_a_ms = next_number(&text, most);
    spec->key = (enum weir_rows_key)kind;
    return kind >= 0 && commas == 2 && *text == 0 && spec->rows >= 1 && spec->keys >= 1 && spec->rows_a_ms >= 1;
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
