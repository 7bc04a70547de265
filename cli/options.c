/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/say.h"

#define BIT(command) (1u << (command))
#define EVERY 0u
#define RESULTS (BIT(WEIR_CLI_RUN) | BIT(WEIR_CLI_QUERY))
#define QUERIES (RESULTS | BIT(WEIR_CLI_EXPLAIN))
#define RUNS (QUERIES | BIT(WEIR_CLI_CONVERT))
#define COUNTS (RESULTS | BIT(WEIR_CLI_CONVERT))
#define FILES (BIT(WEIR_CLI_CONVERT) | BIT(WEIR_CLI_INSPECT))
#define READS (QUERIES | FILES)
#define EXPLAINS BIT(WEIR_CLI_EXPLAIN)
#define CONVERTS BIT(WEIR_CLI_CONVERT)
#define INSPECTS BIT(WEIR_CLI_INSPECT)
#define REPORTS (BIT(WEIR_CLI_INSPECT) | BIT(WEIR_CLI_DOCTOR))

static const char *const command_names[WEIR_CLI_COMMANDS + 1] = {"run",     "query",  "convert", "inspect",
                                                                 "explain", "doctor", NULL};

const char *weir_cli_command_name(enum weir_cli_command command) { return command_names[command]; }

/* ---- values ---------------------------------------------------------------------------------------------- */

/* One of `names` (NULL-terminated), by index; -1 after saying what was perhaps meant. */
static int choose(const char *option, const char *value, const char *const *names, const char *all) {
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], value) == 0) return i;
    }
    const char *nearest = weir_cli_nearest(value, names);
    if (nearest != NULL)
        weir_cli_say("error: --%s '%s' is not known; did you mean '%s'? It is one of %s", option, value, nearest,
                     all);
    else
        weir_cli_say("error: --%s '%s' is not known; it is one of %s", option, value, all);
    return -1;
}

static bool number(const struct weir_cli_option *option, const char *value, int64_t least, int64_t most,
                   int64_t *out) {
    char *end = NULL;
    errno = 0;
    long long read = strtoll(value, &end, 10);
    bool digits = value[0] >= '0' && value[0] <= '9';
    if (!digits || *end != '\0' || errno != 0 || read < least || read > most) {
        weir_cli_say("error: --%s takes a whole number from %lld to %lld, not '%s'", option->name, (long long)least,
                     (long long)most, value);
        return false;
    }
    *out = read;
    return true;
}

static bool add_pair(struct weir_cli_pairs *pairs, const struct weir_cli_option *option, const char *value) {
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        weir_cli_say("error: --%s takes %s, not '%s'", option->name, option->argument, value);
        return false;
    }
    struct weir_cli_pair *items = realloc(pairs->items, (pairs->count + 1) * sizeof(*items));
    char *name = strndup(value, (size_t)(equals - value));
    char *text = strdup(equals + 1);
    if (items != NULL) pairs->items = items;
    if (items == NULL || name == NULL || text == NULL) {
        free(name);
        free(text);
        weir_cli_say("error: memory is short");
        return false;
    }
    items[pairs->count++] = (struct weir_cli_pair){name, text};
    return true;
}

#define APPLY(function)                                                                                            \
    static bool apply_##function(struct weir_cli_options *options, const struct weir_cli_option *option,           \
                                 const char *value)

APPLY(define) { return add_pair(&options->defines, option, value); }
APPLY(from) { return add_pair(&options->from, option, value); }
APPLY(to) { return add_pair(&options->to, option, value); }

APPLY(output) {
    static const char *const names[] = {"table", "csv", "ndjson", "arrow", NULL};
    if (strcmp(value, "parquet") == 0) {
        weir_cli_say("error: Parquet is not written to standard output; name a file in the query: INSERT INTO "
                     "'result.parquet' SELECT ...");
        return false;
    }
    int chosen = choose(option->name, value, names, "table, csv, ndjson, arrow");
    options->output = (enum weir_cli_format)(chosen + (int)WEIR_CLI_TABLE);
    return chosen >= 0;
}

APPLY(workers) {
    int64_t read = 0;
    if (!number(option, value, 0, 1024, &read)) return false;
    options->workers = (int32_t)read;
    return true;
}

APPLY(batch_rows) { return number(option, value, 1, 1 << 24, &options->batch_rows); }

/* A number of bytes, with K, M, G or T for powers of 1 024. */
APPLY(memory) {
    static const char units[] = "KMGT";
    char digits[24];
    size_t length = strlen(value);
    const char *unit = length == 0 ? NULL : strchr(units, value[length - 1]);
    int shift = unit == NULL ? 0 : 10 * (int)(unit - units + 1);
    if (unit != NULL) length--;
    if (length < sizeof(digits)) {
        memcpy(digits, value, length);
        digits[length] = '\0';
        if (!number(option, digits, 1, INT64_MAX >> shift, &options->memory_max)) return false;
        options->memory_max <<= shift;
        return true;
    }
    return number(option, value, 1, INT64_MAX, &options->memory_max);
}

APPLY(simd) {
    static const char *const names[] = {"baseline", "avx2", "avx512", "auto", NULL};
    options->simd = value;
    return choose(option->name, value, names, "baseline, avx2, avx512, auto") >= 0;
}

APPLY(stats_file) {
    if (value[0] == '\0' || strcmp(value, "-") == 0) {
        weir_cli_say("error: --%s takes the name of a file, not '%s'; --stats prints to standard error",
                     option->name, value);
        return false;
    }
    options->stats_file = value;
    return true;
}

APPLY(why) {
    (void)option;
    options->why = true;
    options->why_what = value;
    return true;
}

#define APPLY_FLAG(field)                                                                                          \
    APPLY(field) {                                                                                                 \
        (void)option;                                                                                              \
        (void)value;                                                                                               \
        options->field = true;                                                                                     \
        return true;                                                                                               \
    }

APPLY_FLAG(stats)
APPLY_FLAG(analyze)
APPLY_FLAG(plain_io)
APPLY_FLAG(fail_on_null_time)
APPLY_FLAG(header)
APPLY_FLAG(sql)
APPLY_FLAG(json)
APPLY_FLAG(help)
APPLY_FLAG(version)

static const struct weir_cli_option table[] = {
#define OPTION(name, letter, argument, commands, function, help)                                                   \
    {name, letter, argument, commands, help, apply_##function},
#include "cli/options.def"
#undef OPTION
    {NULL, 0, NULL, 0, NULL, NULL}};

const struct weir_cli_option *weir_cli_option_table(void) { return table; }

/* ---- arguments ------------------------------------------------------------------------------------------- */

/* The arguments that are left, and what has been made of those before. */
struct reader {
    struct weir_cli_options *out;
    char **argv;
    int argc;
    int at;
    unsigned seen[sizeof(table) / sizeof(table[0])]; /* how often each option was given */
};

static void refuse_option(const char *word) {
    const char *names[sizeof(table) / sizeof(table[0])];
    size_t i = 0;
    for (; table[i].name != NULL; i++) names[i] = table[i].name;
    names[i] = NULL;
    const char *nearest = word[1] == '-' ? weir_cli_nearest(word + 2, names) : NULL;
    if (nearest != NULL)
        weir_cli_say("error: unknown option '%s'; did you mean '--%s'?", word, nearest);
    else
        weir_cli_say("error: unknown option '%s'; --help lists them", word);
}

/* Applies option `index`; `value` is what stood with it, or NULL. */
static bool apply(struct reader *reader, size_t index, const char *word, const char *value) {
    const struct weir_cli_option *option = &table[index];
    if (option->argument == NULL && value != NULL) {
        weir_cli_say("error: --%s takes no value, but '%s' gives one", option->name, word);
        return false;
    }
    bool needed = option->argument != NULL && option->argument[0] != '[';
    if (needed && value == NULL) {
        if (reader->at >= reader->argc) {
            weir_cli_say("error: '%s' needs a value: --%s %s", word, option->name, option->argument);
            return false;
        }
        value = reader->argv[reader->at++];
    }
    reader->seen[index]++;
    return option->apply(reader->out, option, value);
}

static bool read_long(struct reader *reader, const char *word) {
    size_t length = strcspn(word + 2, "=");
    const char *value = word[2 + length] == '=' ? word + 3 + length : NULL;
    for (size_t i = 0; table[i].name != NULL; i++) {
        if (strlen(table[i].name) == length && memcmp(table[i].name, word + 2, length) == 0)
            return apply(reader, i, word, value);
    }
    refuse_option(word);
    return false;
}

/* -Dname=value, -D name=value, -o csv, -ocsv. Letters of flags do not combine: there are two, and each stands
 * alone. */
static bool read_short(struct reader *reader, const char *word) {
    for (size_t i = 0; table[i].name != NULL; i++) {
        if (table[i].letter != 0 && table[i].letter == word[1])
            return apply(reader, i, word, word[2] == '\0' ? NULL : word + 2);
    }
    refuse_option(word);
    return false;
}

static bool read_command(struct reader *reader, const char *word) {
    for (int i = 0; i < WEIR_CLI_COMMANDS; i++) {
        if (strcmp(command_names[i], word) == 0) {
            reader->out->command = (enum weir_cli_command)i;
            return true;
        }
    }
    if (strcmp(word, "help") == 0) {
        reader->out->help = true;
        return true;
    }
    const char *nearest = weir_cli_nearest(word, command_names);
    size_t length = strlen(word);
    bool script = length > 4 && strcmp(word + length - 4, ".sql") == 0;
    if (nearest != NULL)
        weir_cli_say("error: unknown command '%s'; did you mean '%s'?", word, nearest);
    else if (script)
        weir_cli_say("error: unknown command '%s'; did you mean 'run %s'?", word, word);
    else
        weir_cli_say("error: unknown command '%s'; it is one of run, query, convert, inspect, explain, doctor",
                     word);
    return false;
}

static bool read_operand(struct reader *reader, const char *word) {
    struct weir_cli_options *out = reader->out;
    if (out->command == WEIR_CLI_COMMANDS) return read_command(reader, word);
    if (out->operands_count == WEIR_CLI_OPERANDS_MAX) {
        weir_cli_say("error: '%s' is one argument too many; quote a query or a name that has blanks", word);
        return false;
    }
    out->operands[out->operands_count++] = word;
    return true;
}

static bool read_all(struct reader *reader) {
    bool options_end = false;
    while (reader->at < reader->argc) {
        const char *word = reader->argv[reader->at++];
        bool done = true;
        if (!options_end && strcmp(word, "--") == 0)
            options_end = true;
        else if (options_end || word[0] != '-' || word[1] == '\0')
            done = read_operand(reader, word);
        else if (word[1] == '-')
            done = read_long(reader, word);
        else
            done = read_short(reader, word);
        if (!done) return false;
    }
    return true;
}

/* Each option that was given is one of the command's: none is read and ignored. */
static bool check_options(const struct reader *reader) {
    for (size_t i = 0; table[i].name != NULL; i++) {
        if (reader->seen[i] == 0 || table[i].commands == EVERY) continue;
        if (reader->out->command == WEIR_CLI_COMMANDS) {
            weir_cli_say("error: '--%s' needs a command before it, such as run; --help lists them", table[i].name);
            return false;
        }
        if ((table[i].commands & BIT(reader->out->command)) == 0) {
            weir_cli_say("error: '%s' does not take '--%s'; 'weir %s --help' lists what it takes",
                         command_names[reader->out->command], table[i].name, command_names[reader->out->command]);
            return false;
        }
    }
    return true;
}

static bool check_operands(const struct weir_cli_options *out) {
    static const struct {
        int count;
        const char *words;
    } wanted[] = {[WEIR_CLI_RUN] = {1, "SCRIPT, or - for standard input"},
                  [WEIR_CLI_QUERY] = {1, "'SQL'"},
                  [WEIR_CLI_CONVERT] = {2, "IN OUT"},
                  [WEIR_CLI_INSPECT] = {1, "FILE"},
                  [WEIR_CLI_EXPLAIN] = {1, "SCRIPT, - or 'SQL'"},
                  [WEIR_CLI_DOCTOR] = {0, "nothing"}};
    if (out->command == WEIR_CLI_COMMANDS) {
        weir_cli_say(
            "error: a command is missing: run, query, convert, inspect, explain or doctor; --help explains them");
        return false;
    }
    if (out->operands_count == wanted[out->command].count) return true;
    const char *name = command_names[out->command];
    if (out->operands_count < wanted[out->command].count)
        weir_cli_say("error: '%s' needs %s; 'weir %s --help' has examples", name, wanted[out->command].words, name);
    else
        weir_cli_say("error: '%s' takes %s, and '%s' is too much; quote a query or a name that has blanks", name,
                     wanted[out->command].words, out->operands[out->operands_count - 1]);
    return false;
}

bool weir_cli_options_parse(int argc, char **argv, struct weir_cli_options *out) {
    memset(out, 0, sizeof(*out));
    out->command = WEIR_CLI_COMMANDS;
    out->workers = WEIR_CLI_WORKERS_AUTO;
    struct reader reader = {.out = out, .argv = argv, .argc = argc};
    if (!read_all(&reader)) return false;
    if (out->help || out->version) return true;
    if (!check_operands(out) || !check_options(&reader)) return false;
    if (out->sql && out->json) weir_cli_say("error: --sql and --json exclude each other");
    return !out->sql || !out->json;
}

static void fini_pairs(struct weir_cli_pairs *pairs) {
    for (size_t i = 0; i < pairs->count; i++) {
        free(pairs->items[i].name);
        free(pairs->items[i].value);
    }
    free(pairs->items);
}

void weir_cli_options_fini(struct weir_cli_options *options) {
    fini_pairs(&options->defines);
    fini_pairs(&options->from);
    fini_pairs(&options->to);
    memset(options, 0, sizeof(*options));
}

int32_t weir_cli_cpus(void) {
    /* A fixed cpu_set_t holds 1 024 CPUs; a larger machine answers EINVAL until the set is large enough. */
    for (int most = 1024; most <= 1 << 20; most *= 4) {
        cpu_set_t *set = CPU_ALLOC((size_t)most);
        if (set == NULL) return 1;
        size_t bytes = CPU_ALLOC_SIZE((size_t)most);
        bool done = sched_getaffinity(0, bytes, set) == 0;
        int count = done ? CPU_COUNT_S(bytes, set) : 1;
        CPU_FREE(set);
        if (done) return count < 1 ? 1 : count;
    }
    return 1;
}

int32_t weir_cli_workers(const struct weir_cli_options *options) {
    if (options->workers != WEIR_CLI_WORKERS_AUTO) return options->workers;
    int32_t cpus = weir_cli_cpus();
    if (cpus > 1024) cpus = 1024;
    return cpus >= 2 ? cpus : 0;
}
