/* SPDX-License-Identifier: Apache-2.0
 *
 * A table for people: a line of names, a rule, a line a row; numbers to the right, the rest to the left. Column
 * widths come from the rows that were measured before the first is printed; a later, wider cell moves its own line
 * only.
 *
 * Cells come from files that anybody may have written: control characters and bytes that are no UTF-8 are shown as
 * \xNN, so that no cell can drive the terminal. A cell wider than WEIR_CLI_CELL_MAX is cut and ends in "..."; CSV
 * has it whole.
 */
#ifndef WEIR_CLI_TABLE_H
#define WEIR_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/text.h"

#define WEIR_CLI_CELL_MAX 120 /* columns of a terminal */

struct weir_cli_table_column {
    char *name; /* owned */
    bool right; /* numbers */
    size_t width;
};

struct weir_cli_table {
    struct weir_cli_table_column *columns;
    size_t count;
    bool colour;
};

/* False when memory is short. Names are copied; weir_cli_table_fini frees in either case. */
bool weir_cli_table_init(struct weir_cli_table *table, size_t count, bool colour);
bool weir_cli_table_name(struct weir_cli_table *table, size_t column, const char *name, bool right);
void weir_cli_table_fini(struct weir_cli_table *table);

/* Widens the column to hold the cell; NULL is the value NULL. */
void weir_cli_table_measure(struct weir_cli_table *table, size_t column, const char *cell);

/* The two lines above the rows. */
void weir_cli_table_head(const struct weir_cli_table *table, struct weir_cli_text *out);
/* One cell of a row; the last column's ends the line. */
void weir_cli_table_cell(const struct weir_cli_table *table, size_t column, const char *cell,
                         struct weir_cli_text *out);

#endif
