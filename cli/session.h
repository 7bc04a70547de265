/* SPDX-License-Identifier: Apache-2.0
 *
 * A session of the library made from the command line.
 */
#ifndef WEIR_CLI_SESSION_H
#define WEIR_CLI_SESSION_H

#include "cli/options.h"
#include "weir/weir.h"

/* A script with the name that errors call it by. */
struct weir_cli_script {
    const char *name;
    char *text; /* zero-terminated, on the heap */
};

/* Reads a file or "-". False after saying why not. weir_cli_script_fini frees. */
bool weir_cli_script_read(const char *path, struct weir_cli_script *out);
bool weir_cli_script_copy(const char *name, const char *text, struct weir_cli_script *out);
void weir_cli_script_fini(struct weir_cli_script *script);

/* A session with the options, the definitions (-D) and the script in it. NULL after saying why not. */
struct weir_session *weir_cli_session_open(const struct weir_cli_options *options,
                                           const struct weir_cli_script *script);

/* --simd. False after saying why not. */
bool weir_cli_simd_limit(const struct weir_cli_options *options);

#endif
