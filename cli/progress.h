/* SPDX-License-Identifier: Apache-2.0
 *
 * The progress line: share done, rows and bytes a second, watermark, late rows, memory, time left. It stands on
 * standard error, only where that is a terminal, and only for work that takes longer than a second.
 */
#ifndef WEIR_CLI_PROGRESS_H
#define WEIR_CLI_PROGRESS_H

#include <stdbool.h>

#include "weir/weir.h"

/* Fills the state of the work (struct_size is set, the rest zero, watermark INT64_MIN). Called from another thread.
 */
typedef void (*weir_cli_progress_fn)(const void *work, struct weir_progress *out);

/* Begin and end of one piece of work; one at a time. end waits until the line is gone and `work` no longer looked
 * at. */
void weir_cli_progress_begin(weir_cli_progress_fn state, const void *work);
void weir_cli_progress_end(void);

/* Removes the line, if one stands there, before something else is written to the terminal. Any thread. */
void weir_cli_progress_wipe(void);

/* Seconds of a clock that never goes back. */
double weir_cli_now(void);

#endif
