/* SPDX-License-Identifier: Apache-2.0
 *
 * What --help prints: the words here, the options from the table that the parser uses.
 */
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "cli/text.h"

static const char program_help[] =
    "weir: windowed aggregates over recorded and live streams, in Flink SQL\n"
    "\n"
    "Usage: weir COMMAND [OPTIONS] ...\n"
    "\n"
    "Commands\n"
    "  run SCRIPT|-            run a script of Flink SQL\n"
    "  query 'SQL'             run one query; a quoted file name stands for a table\n"
    "  convert IN OUT          copy a file into another format\n"
    "  inspect FILE            columns, rows and range of time of a file\n"
    "  explain SCRIPT|-|'SQL'  say how a query would be run\n"
    "  doctor                  say what this machine and this build have\n"
    "  help COMMAND            the same as COMMAND --help\n"
    "\n"
    "Examples\n"
    "  weir inspect flights.arrow\n"
    "  weir query \"SELECT origin, COUNT(*) AS n FROM 'flights.arrow' GROUP BY origin ORDER BY n DESC LIMIT 5\"\n"
    "  weir run -D data=/var/data hourly.sql > hourly.csv\n"
    "\n"
    "Results go to standard output: a table on a terminal, CSV otherwise (-o chooses).\n"
    "Everything else goes to standard error.\n"
    "\n"
    "Exit codes: 0 done, 1 the query failed, 2 wrong usage, 130 stopped by Ctrl-C.\n";

static const struct {
    const char *usage;
    const char *words;
    const char *examples;
} texts[WEIR_CLI_COMMANDS] = {
    [WEIR_CLI_RUN] =
        {"weir run [OPTIONS] SCRIPT|-",
         "Runs a script of Flink SQL: CREATE TABLE, CREATE VIEW, SET, SELECT and INSERT INTO. The rows of each\n"
         "SELECT go to standard output. '-' reads the script from standard input.\n",
         "  weir run daily.sql\n"
         "  weir run -D data=/var/data -o ndjson daily.sql\n"
         "  weir run --workers 4 --stats --stats-file stats.json daily.sql > daily.csv\n"
         "  echo \"SELECT COUNT(*) FROM 'flights.arrow'\" | weir run -\n"},
    [WEIR_CLI_QUERY] =
        {"weir query [OPTIONS] 'SQL'",
         "Runs the statements of the argument. A quoted file name (or a directory, or a glob) stands wherever a\n"
         "table's name may; its format is told by its extension, then by its content, and its options\n"
         "stand behind it: FROM 'a.csv' /*+ OPTIONS('csv.header' = 'true') */. INSERT INTO 'a.parquet' SELECT ...\n"
         "writes a file. In a shell the query stands in double quotes, and a backtick as \\`.\n",
         "  weir query \"SELECT origin, AVG(delay) AS delay FROM 'flights.arrow' GROUP BY origin\"\n"
         "  weir query \"SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE 'flights.arrow',\n"
         "      DESCRIPTOR(\\`date\\`), INTERVAL '1' DAY)) GROUP BY window_start, window_end\"\n"
         "  weir query -o arrow \"SELECT * FROM 'events.csv' WHERE v > 10\" > large.arrows\n"},
    [WEIR_CLI_CONVERT] =
        {"weir convert [OPTIONS] IN OUT",
         "Copies the rows of IN into OUT. Each format is told by the extension (.csv, .json, .ndjson, .arrow,\n"
         ".parquet), that of IN also by its content, or given by --from format=... and --to format=...\n"
         "IN may be a directory or a glob. OUT '-' is standard output and needs --to format=...\n"
         "A CSV file is written without a line of names, as CREATE TABLE reads it; --header adds one.\n",
         "  weir convert flights.parquet flights.arrow\n"
         "  weir convert --header flights.arrow flights.csv\n"
         "  weir convert --from csv.field-delimiter=';' --from csv.header=false in.csv out.arrow\n"},
    [WEIR_CLI_INSPECT] =
        {"weir inspect [OPTIONS] FILE",
         "Prints the columns of a file with their types, the range of the times and how many of them are NULL,\n"
         "and the number of rows. FILE may be a directory or a glob.\n",
         "  weir inspect flights.arrow\n"
         "  weir inspect --sql events.csv\n"
         "  weir inspect --json flights.parquet\n"},
    [WEIR_CLI_EXPLAIN] =
        {"weir explain [OPTIONS] SCRIPT|-|'SQL'",
         "Says in words how each SELECT and INSERT INTO would be run: what is read, slices, "
         "strategy, kernels, and\n"
         "where Flink would do something else. Nothing is run, and nothing is written. With --analyze each "
         "statement\n"
         "is run as well, INSERT INTO included, and what it did stands below its plan: time, rows, and "
         "the ways that\n"
         "rows took.\n",
         "  weir explain daily.sql\n"
         "  weir explain --analyze daily.sql\n"
         "  weir explain \"SELECT origin, COUNT(*) FROM 'flights.arrow' GROUP BY origin\"\n"},
    [WEIR_CLI_DOCTOR] =
        {"weir doctor [OPTIONS]",
         "Says what this machine and this build have: CPU, instruction sets, io_uring, huge pages, NUMA,\n"
         "limits, and the optional parts that were built in.\n",
         "  weir doctor\n"
         "  weir doctor --json\n"},
};

static void add_option(struct weir_cli_text *text, const struct weir_cli_option *option) {
    size_t before = text->used;
    if (option->letter != 0)
        weir_cli_text_print(text, "  -%c, --%s", option->letter, option->name);
    else
        weir_cli_text_print(text, "      --%s", option->name);
    if (option->argument != NULL)
        weir_cli_text_print(text, option->argument[0] == '[' ? "%s" : " %s", option->argument);
    size_t width = text->used - before;
    weir_cli_text_pad(text, ' ', width < 28 ? 28 - width : 2);
    weir_cli_text_print(text, "%s\n", option->help);
}

void weir_cli_help_missing(void) {
    const char *end = strstr(program_help, "\nExamples");
    weir_cli_say("a command is missing; 'weir --help' has examples");
    (void)weir_cli_write(STDERR_FILENO, program_help, (size_t)(end - program_help));
}

int weir_cli_help(enum weir_cli_command command) {
    struct weir_cli_text text = {0};
    if (command == WEIR_CLI_COMMANDS) {
        weir_cli_text_add(&text, program_help);
        return weir_cli_text_out(&text) ? WEIR_CLI_DONE : WEIR_CLI_FAILED;
    }
    weir_cli_text_print(&text, "Usage: %s\n\n%s\nOptions\n", texts[command].usage, texts[command].words);
    for (const struct weir_cli_option *option = weir_cli_option_table(); option->name != NULL; option++) {
        if (option->commands == 0 || (option->commands >> command & 1) != 0) add_option(&text, option);
    }
    weir_cli_text_print(&text, "\nExamples\n%s", texts[command].examples);
    return weir_cli_text_out(&text) ? WEIR_CLI_DONE : WEIR_CLI_FAILED;
}
