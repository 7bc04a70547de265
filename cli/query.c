/* SPDX-License-Identifier: Apache-2.0
 *
 * weir query 'SQL'
 */
#include "cli/commands.h"

int weir_cli_query(const struct weir_cli_options *options) {
    struct weir_cli_script script;
    if (!weir_cli_script_copy("query", options->operands[0], &script)) return WEIR_CLI_FAILED;
    int exit_code = weir_cli_execute(options, &script);
    weir_cli_script_fini(&script);
    return exit_code;
}
