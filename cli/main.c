/* SPDX-License-Identifier: Apache-2.0
 *
 * The program weir: replays recorded streams through windowed queries. See docs/cli.md.
 */
#include <locale.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/say.h"
#include "cli/text.h"

static int print_version(void) {
    struct weir_cli_text text = {0};
    weir_cli_text_print(&text, "weir %s\n", weir_version());
    return weir_cli_text_out(&text) ? WEIR_CLI_DONE : WEIR_CLI_FAILED;
}

static int execute(const struct weir_cli_options *options) {
    if (options->help) return weir_cli_help(options->command);
    if (options->version) return print_version();
    switch (options->command) {
    case WEIR_CLI_RUN: return weir_cli_run(options);
    case WEIR_CLI_QUERY: return weir_cli_query(options);
    case WEIR_CLI_CONVERT: return weir_cli_convert(options);
    case WEIR_CLI_INSPECT: return weir_cli_inspect(options);
    case WEIR_CLI_EXPLAIN: return weir_cli_explain(options);
    case WEIR_CLI_DOCTOR: return weir_cli_doctor(options);
    case WEIR_CLI_COMMANDS: break;
    }
    return WEIR_CLI_USAGE;
}

int main(int argc, char **argv) {
    struct weir_cli_options options;
    setlocale(LC_CTYPE, ""); /* how wide characters stand in a terminal; numbers stay as they are */
    weir_cli_interrupt_init();
    int exit_code = WEIR_CLI_USAGE;
    if (argc <= 1)
        weir_cli_help_missing();
    else if (weir_cli_options_parse(argc - 1, argv + 1, &options))
        exit_code = execute(&options);
    if (argc > 1) weir_cli_options_fini(&options);
    return exit_code;
}
