/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/file_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/monotonic.h"
#include "io/io.h"

#define FILES_MAX (UINT32_MAX - 1)

static enum weir_status no_memory(const struct weir_file_list *list, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the names of %zu files of '%s'", list->count,
                          list->watched);
}

void weir_file_list_init(struct weir_file_list *list, char **paths, size_t count) {
    *list = (struct weir_file_list){.paths = paths, .count = count, .room = count};
}

/* ---- what has been seen ---------------------------------------------------------------------------------------
 */

/* The slot where `path` is, or would be. The table always has an empty one. */
static size_t slot_of(const struct weir_file_list *list, const char *path) {
    size_t mask = list->slots_count - 1;
    size_t slot = (size_t)weir_hash_bytes(path, strlen(path), weir_hash_seed()) & mask;
    while (list->slots[slot] != 0 && strcmp(list->paths[list->slots[slot] - 1], path) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

static bool is_seen(const void *user, const char *path) {
    const struct weir_file_list *list = user;
    return list->slots_count > 0 && list->slots[slot_of(list, path)] != 0;
}

/* Makes the table at most half full with `count` paths. */
static bool reserve_slots(struct weir_file_list *list, size_t count) {
    size_t slots_count = list->slots_count == 0 ? 64 : list->slots_count;
    while (slots_count / 2 < count) slots_count *= 2;
    if (slots_count == list->slots_count) return true;
    uint32_t *slots = calloc(slots_count, sizeof(*slots));
    if (slots == NULL) return false;
    free(list->slots);
    list->slots = slots;
    list->slots_count = slots_count;
    for (size_t i = 0; i < list->count; i++) slots[slot_of(list, list->paths[i])] = (uint32_t)(i + 1);
    return true;
}

static bool reserve_paths(struct weir_file_list *list, size_t count) {
    if (count <= list->room) return true;
    size_t room = list->room == 0 ? 16 : list->room;
    while (room < count) room *= 2;
    char **paths = realloc(list->paths, room * sizeof(*paths));
    if (paths == NULL) return false;
    list->paths = paths;
    list->room = room;
    return true;
}

/* ---- looking --------------------------------------------------------------------------------------------------
 */

/* Moves the paths to the list. */
static enum weir_status add(struct weir_file_list *list, char **paths, size_t count, struct weir_error *error) {
    size_t total = list->count + count;
    if (total > FILES_MAX)
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "'%s' has more than %u files", list->watched, FILES_MAX);
    if (!reserve_paths(list, total) || !reserve_slots(list, total)) return no_memory(list, error);
    for (size_t i = 0; i < count; i++) {
        list->slots[slot_of(list, paths[i])] = (uint32_t)(list->count + 1);
        list->paths[list->count++] = paths[i];
    }
    free(paths);
    return WEIR_OK;
}

static enum weir_status look(struct weir_file_list *list, struct weir_error *error) {
    char **paths = NULL;
    size_t count = 0;
    enum weir_status status = weir_paths_look(list->watched, is_seen, list, &paths, &count, error);
    list->looked_at = weir_monotonic_ms();
    if (status != WEIR_OK || count == 0) return status;
    status = add(list, paths, count, error);
    if (status != WEIR_OK) weir_paths_free(paths, count);
    return status;
}

enum weir_status weir_file_list_watch(struct weir_file_list *list, const char *path, int64_t interval_ms,
                                      struct weir_error *error) {
    *list = (struct weir_file_list){.watched = strdup(path), .interval_ms = interval_ms};
    if (list->watched == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to watch '%s'", path);
    enum weir_status status = look(list, error);
    if (status != WEIR_OK) weir_file_list_fini(list);
    return status;
}

enum weir_status weir_file_list_look(struct weir_file_list *list, int64_t *due_ms, struct weir_error *error) {
    size_t before = list->count;
    *due_ms = list->looked_at + list->interval_ms - weir_monotonic_ms();
    if (*due_ms > 0) return WEIR_OK;
    enum weir_status status = look(list, error);
    *due_ms = list->count > before ? 0 : list->interval_ms;
    return status;
}

void weir_file_list_fini(struct weir_file_list *list) {
    weir_paths_free(list->paths, list->count);
    free(list->watched);
    free(list->slots);
    *list = (struct weir_file_list){0};
}
