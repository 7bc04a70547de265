/* SPDX-License-Identifier: Apache-2.0
 *
 * What the program says on standard error. Results never pass through here.
 */
#ifndef WEIR_CLI_SAY_H
#define WEIR_CLI_SAY_H

#include <stdbool.h>
#include <stdint.h>

#include "weir/weir.h"

/* "weir: " and the line. A progress line that stands there is wiped first. Any thread. */
void weir_cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A failure with its place. `name` and `script` are the script's name and text, or NULL; an error in the SQL also
 * shows the line with a mark below the column. */
void weir_cli_say_error(const struct weir_error *error, const char *name, const char *script);

/* weir_log_fn: what the library has to say. `user` is ignored. */
void weir_cli_say_log(void *user, const char *text);

/* Colour and the like are wanted on this file descriptor: it is a terminal, and NO_COLOR and TERM=dumb do not
 * forbid. */
bool weir_cli_has_colour(int fd);

/* 12345678 as "12 345 678". Buffer of WEIR_CLI_COUNT_BYTES. */
#define WEIR_CLI_COUNT_BYTES 32
char *weir_cli_count_text(int64_t count, char *buffer);

/* Bytes as "1.5 GB" (powers of 1 000). Buffer of WEIR_CLI_COUNT_BYTES. */
char *weir_cli_bytes_text(double bytes, char *buffer);

/* ms since 1970 as "YYYY-MM-DD HH:MM:SS"; "none" for INT64_MIN, "end" for INT64_MAX. Buffer of WEIR_CLI_TIME_BYTES.
 */
#define WEIR_CLI_TIME_BYTES 48
char *weir_cli_time_text(int64_t ms, char *buffer);

#endif
