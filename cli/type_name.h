/* SPDX-License-Identifier: Apache-2.0
 *
 * What SQL calls the type of an Arrow column, told from its format string.
 */
#ifndef WEIR_CLI_TYPE_NAME_H
#define WEIR_CLI_TYPE_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "weir/arrow.h"

#define WEIR_CLI_TYPE_BYTES 64

/* "TIMESTAMP(3)", "DECIMAL(10, 2)", "STRING"; the format itself where SQL has no name for it. Returns buffer. */
char *weir_cli_type_name(const struct ArrowSchema *column, char *buffer);

bool weir_cli_type_is_number(const struct ArrowSchema *column);

/* Width in bytes of the integers of a TIMESTAMP or DATE column: 8 or 4; 0 for any other type. */
size_t weir_cli_type_time_bytes(const struct ArrowSchema *column);

/* Whether weir reads values of the column's type. */
bool weir_cli_type_is_read(const struct ArrowSchema *column);

#endif
