/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line. One table (options.def) lists every option with the commands that take it; the parser, the help
 * and the hints are made from it.
 */
#ifndef WEIR_CLI_OPTIONS_H
#define WEIR_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes of the program, documented in docs/cli.md. */
#define WEIR_CLI_DONE 0
#define WEIR_CLI_FAILED 1
#define WEIR_CLI_USAGE 2
#define WEIR_CLI_INTERRUPTED 130 /* by Ctrl-C; 128 + the signal's number for others */

enum weir_cli_command {
    WEIR_CLI_RUN,
    WEIR_CLI_QUERY,
    WEIR_CLI_CONVERT,
    WEIR_CLI_INSPECT,
    WEIR_CLI_EXPLAIN,
    WEIR_CLI_DOCTOR,
    WEIR_CLI_COMMANDS /* how many; also: none given */
};

enum weir_cli_format {
    WEIR_CLI_AUTO, /* a table on a terminal, else CSV */
    WEIR_CLI_TABLE,
    WEIR_CLI_CSV,
    WEIR_CLI_NDJSON,
    WEIR_CLI_ARROW,
};

/* name=value; both point into argv-owned copies. */
struct weir_cli_pair {
    char *name;
    char *value;
};

struct weir_cli_pairs {
    struct weir_cli_pair *items;
    size_t count;
};

#define WEIR_CLI_OPERANDS_MAX 2
#define WEIR_CLI_WORKERS_AUTO (-1)

struct weir_cli_options {
    enum weir_cli_command command;
    const char *operands[WEIR_CLI_OPERANDS_MAX];
    int operands_count;
    bool help;
    bool version;

    enum weir_cli_format output;
    struct weir_cli_pairs defines; /* -D */
    int32_t workers;               /* 0 .. 1 024 or WEIR_CLI_WORKERS_AUTO */
    int64_t batch_rows;            /* 0: the library's default */
    int64_t memory_max;            /* bytes; 0: no limit */
    const char *simd;              /* NULL: the best */
    bool analyze;
    bool stats;
    const char *stats_file;
    bool why;
    const char *why_what; /* TIME[,KEY]; NULL: not given */
    bool plain_io;
    bool fail_on_null_time;

    struct weir_cli_pairs from; /* convert, inspect: options of the source */
    struct weir_cli_pairs to;   /* convert: options of the sink */
    bool header;
    bool json;
    bool sql;
};

/* Fills `out` from the arguments (without the program's name). True, or false after saying on standard error what
 * is wrong and what was perhaps meant; the exit code is then WEIR_CLI_USAGE. Options may stand before, between and
 * after the operands; "--" ends them. `argv` must outlive `out`. Either way weir_cli_options_fini frees. */
bool weir_cli_options_parse(int argc, char **argv, struct weir_cli_options *out);
void weir_cli_options_fini(struct weir_cli_options *options);

/* "run", "query", ...; NULL for WEIR_CLI_COMMANDS. */
const char *weir_cli_command_name(enum weir_cli_command command);

/* The workers to use: those asked for, or one for each CPU that the process may use, 0 when that is only one. */
int32_t weir_cli_workers(const struct weir_cli_options *options);
/* CPUs in the affinity mask of the process; at least 1. */
int32_t weir_cli_cpus(void);

/* One row of the table of options. */
struct weir_cli_option {
    const char *name;     /* without dashes */
    char letter;          /* 0: none */
    const char *argument; /* name of its argument for the help, in [=...] where it may be left out; NULL: a flag */
    unsigned commands;    /* bit per command; 0: all, and none */
    const char *help;
    bool (*apply)(struct weir_cli_options *options, const struct weir_cli_option *option, const char *value);
};

/* The table; its end has a NULL name. */
const struct weir_cli_option *weir_cli_option_table(void);

#endif
