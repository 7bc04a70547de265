/* SPDX-License-Identifier: Apache-2.0
 *
 * A text that grows, and writing it out whole. What the program prints itself (help, tables, reports) is built here
 * and leaves in one write, so that a full disk or a closed pipe is noticed.
 */
#ifndef WEIR_CLI_TEXT_H
#define WEIR_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed: empty. Once memory is short `failed` stays set and later additions do nothing. */
struct weir_cli_text {
    char *data; /* zero-terminated; NULL while empty */
    size_t used;
    size_t capacity;
    bool failed;
};

void weir_cli_text_append(struct weir_cli_text *text, const char *bytes, size_t count);
void weir_cli_text_add(struct weir_cli_text *text, const char *string);
void weir_cli_text_pad(struct weir_cli_text *text, char byte, size_t count);
void weir_cli_text_print(struct weir_cli_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void weir_cli_text_json(struct weir_cli_text *text, const char *string);
void weir_cli_text_fini(struct weir_cli_text *text);

/* Writes all of the bytes. False with errno set when the system refuses. */
bool weir_cli_write(int fd, const char *bytes, size_t count);

/* Writes the text to standard output and empties it. False, with a message on standard error, when memory was short
 * or the system refuses. */
bool weir_cli_text_out(struct weir_cli_text *text);

/* Reads a file to its end ("-": standard input). The caller frees *out, which is zero-terminated. False with errno
 * set; EFBIG beyond bytes_max. */
bool weir_cli_read_file(const char *path, size_t bytes_max, char **out, size_t *count);

/* Length in bytes, 1 to 4, of the UTF-8 sequence at `bytes`; 0 when it is none. */
size_t weir_cli_utf8_length(const char *bytes, size_t count);

/* Whether whoever read standard output, a pipe, has closed it: nothing is to be said to nobody. */
bool weir_cli_reader_has_gone(void);

#endif
