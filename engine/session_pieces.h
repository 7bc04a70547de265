/* SPDX-License-Identifier: Apache-2.0
 *
 * What sessions in pieces (session_pieces.c) are kept in: tables of sessions, of the times of accumulator rows, and
 * of sets of sessions by key.
 */
#ifndef WEIR_ENGINE_SESSION_PIECES_H
#define WEIR_ENGINE_SESSION_PIECES_H

#include "engine/machine.h"
#include "engine/row_targets.h"
#include "engine/time_tree.h"
#include "engine/wheel.h"

struct weir_pieced_session {
    int64_t end;
    int64_t waits;  /* its time in the wheel: not later than the first end of a piece - 1 */
    uint32_t id;    /* of the key; WEIR_ROW_NONE: no session, and `cells` is the next free one */
    uint32_t cells; /* a set of accumulator rows, by time or by start of piece */
    bool fixed;
    bool is_root; /* during rename */
};

struct weir_pieces {
    struct weir_machine machine;
    const struct weir_plan *plan;
    struct weir_due *due;
    int64_t gap, max;
    uint32_t *sessions_of; /* by key id: a set of sessions */
    uint32_t keys;
    struct weir_pieced_session *sessions;
    struct weir_time_node *starts; /* of sessions */
    uint32_t sessions_capacity, starts_capacity, sessions_count, free;
    struct weir_time_node *times; /* of accumulator rows */
    uint32_t times_capacity;
    struct weir_wheel wheel;
    struct weir_row_targets targets;
};

/* The message, and WEIR_ERR_MEMORY. */
enum weir_status weir_pieces_no_memory(const struct weir_pieces *m, struct weir_error *error);

/* Sets of sessions for keys with ids below `keys`, the new ones empty. False when memory is short. */
bool weir_pieces_reserve_keys(struct weir_pieces *m, uint32_t keys);

/* The number of a session that is none yet, with room in the wheel; and back. WEIR_ROW_NONE when memory is short.
 */
uint32_t weir_pieces_take_session(struct weir_pieces *m);
void weir_pieces_give_session(struct weir_pieces *m, uint32_t number);

/* An accumulator row that has a time; the pool takes it back. WEIR_ROW_NONE when memory is short. */
uint32_t weir_pieces_take_cell(struct weir_pieces *m);

/* As of machines (machine.h). */
enum weir_status weir_pieces_create(const struct weir_plan *plan, const struct weir_accumulator *accumulator,
                                    struct weir_due *due, struct weir_machine **out, struct weir_error *error);
void weir_pieces_destroy(struct weir_machine *machine);
void weir_pieces_held(const struct weir_machine *machine, uint64_t *bits);
void weir_pieces_rename(struct weir_machine *machine, const uint32_t *ids);
size_t weir_pieces_bytes(const struct weir_machine *machine);

#endif
