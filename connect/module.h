/* SPDX-License-Identifier: Apache-2.0
 *
 * Optional modules: shared objects beside weir that are loaded when they are first asked for, since what they stand
 * on is large or may be absent. Not for plug-ins of users: those register a weir_connector.
 */
#ifndef WEIR_CONNECT_MODULE_H
#define WEIR_CONNECT_MODULE_H

#include "weir/types.h"

/* Loads `file` (such as "weir_parquet.so") and finds `symbol` in it. It stays loaded for the life of the process;
 * asking again is cheap.
 *
 * Where it is looked for: if the environment has WEIR_MODULE_DIR (and the process runs with no more rights than its
 * user), there and nowhere else. Otherwise, from the folder D of the program or library that holds this code:
 *     D/weir-modules  D/../weir-modules     a build tree: the program, and its tests
 *     D/lib/weir  D/../lib/weir             an installed program
 *     D/weir  D/../../lib/weir              an installed library, in lib/ or in lib/<architecture>/
 *
 *   symbol_out  set on success
 * Errors: WEIR_ERR_UNSUPPORTED: not there ("this build has no <what>: <advice>"), or it does not load (the loader's
 * words), or it lacks the symbol. */
enum weir_status weir_module_load(const char *file, const char *symbol, const char *what, const char *advice,
                                  void **symbol_out, struct weir_error *error);

#endif
