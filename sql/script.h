/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a script after ${name} has been replaced, and where each of its bytes stood before.
 */
#ifndef WEIR_SQL_SCRIPT_H
#define WEIR_SQL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc/arena.h"
#include "weir/types.h"

/* A position in the script as its author wrote it, from 1; a column counts code points. */
struct weir_place {
    int32_t line;
    int32_t column;
};

struct weir_define {
    const char *name;
    const char *value;
};

/* A run of bytes that came from one place: the script itself, or the value of one ${name}. */
struct weir_script_piece {
    size_t start; /* in the text */
    struct weir_place at;
    bool value; /* every byte of a value stands where its ${ stands */
};

struct weir_script {
    const char *text; /* zero-terminated, valid UTF-8 */
    size_t length;
    const struct weir_script_piece *pieces; /* by start; the first begins at 0 */
    size_t pieces_count;
};

/* Replaces each ${name} outside comments. The text and the pieces live in the arena.
 * Errors: WEIR_ERR_SQL with position (unknown name, bytes that are no UTF-8), WEIR_ERR_UNSUPPORTED (longer than
 * WEIR_SCRIPT_BYTES_MAX), WEIR_ERR_MEMORY. */
enum weir_status weir_script_expand(struct weir_arena *arena, const char *sql, const struct weir_define *defines,
                                    size_t defines_count, struct weir_script *out, struct weir_error *error);

#define WEIR_SCRIPT_BYTES_MAX ((size_t)4 << 20)

/* Walks through a script from its begin, so that places cost one pass in all. */
struct weir_script_walk {
    const struct weir_script *script;
    size_t piece;
    size_t offset;
    struct weir_place at;
};

void weir_script_walk_init(struct weir_script_walk *walk, const struct weir_script *script);

/* The place of the byte at `offset`, which is not below the last one asked for. */
struct weir_place weir_script_walk_to(struct weir_script_walk *walk, size_t offset);

#endif
