/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of a table, in the order in which they are read; those of a folder or glob that is watched grow in
 * number: each look adds what it has not seen before, in byte order of path. A file counts as seen by its path, so
 * one that is replaced under its name is not read again (as in Flink), and the list remembers every path.
 */
#ifndef WEIR_CONNECT_FILE_LIST_H
#define WEIR_CONNECT_FILE_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "weir/types.h"

/* Zeroed is empty. */
struct weir_file_list {
    char **paths; /* each malloc'd */
    size_t count;
    size_t room;
    char *watched;       /* the folder or glob, malloc'd; NULL: nothing more comes */
    int64_t interval_ms; /* between two looks */
    int64_t looked_at;   /* the last look, on the clock of weir_monotonic_ms */
    uint32_t *slots;     /* hash table: an index into paths plus 1, or 0 */
    size_t slots_count;  /* a power of two, or 0 */
};

/* Takes over `paths` (as weir_paths_expand gives them), of which nothing more will come. */
void weir_file_list_init(struct weir_file_list *list, char **paths, size_t count);

/* Begins to watch: has a first look. None there yet is no error. */
enum weir_status weir_file_list_watch(struct weir_file_list *list, const char *path, int64_t interval_ms,
                                      struct weir_error *error);

/* Another look, if the interval has passed. *due_ms: until when, from now, the next one is worth while; 0 when
 * files were added. Only for a list that is watched. WEIR_ERR_IO: the folder has gone, or cannot be read. */
enum weir_status weir_file_list_look(struct weir_file_list *list, int64_t *due_ms, struct weir_error *error);

void weir_file_list_fini(struct weir_file_list *list);

#endif
