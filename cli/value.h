/* SPDX-License-Identifier: Apache-2.0
 *
 * One cell as text, the way every output of weir writes it.
 */
#ifndef WEIR_CLI_VALUE_H
#define WEIR_CLI_VALUE_H

#include "cli/text.h"
#include "weir/weir.h"

/* Appends row `row` of a column. WEIR_END: it is NULL, and nothing was added. Errors: those of weir_value_format,
 * WEIR_ERR_MEMORY. */
enum weir_status weir_cli_value_add(const struct ArrowSchema *type, const struct ArrowArray *column, int64_t row,
                                    struct weir_cli_text *out);

/* The first row of a column, on the heap; NULL when it is NULL or cannot be had. */
char *weir_cli_value_text(const struct ArrowSchema *type, const struct ArrowArray *column);

#endif
