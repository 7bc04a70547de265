/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/update_emit.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"

static WEIR_COLD enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the results of the open windows");
}

void weir_update_emitter_init(struct weir_update_emitter *emitter, const struct weir_plan *plan,
                              const struct weir_accumulator *accumulator, struct weir_due *due,
                              const struct weir_window *window, struct weir_update_state *state) {
    *emitter = (struct weir_update_emitter){
        .plan = plan, .accumulator = accumulator, .due = due, .window = window, .state = state};
    emitter->marks = plan->emission.end == WEIR_END_MARK;
    for (int32_t i = 0; i < plan->aggregates_count; i++)
        emitter->nans |= weir_type_vector(plan->aggregates[i].type) == WEIR_VECTOR_F64;
    weir_arena_init(&emitter->arena, 1024);
}

void weir_update_emitter_fini(struct weir_update_emitter *emitter) { weir_arena_fini(&emitter->arena); }

static bool vectors_differ(const struct weir_vector *vector) {
    bool some[2] = {true, true};
    for (size_t i = 0; i < 2 && vector->validity != NULL; i++) some[i] = weir_bit_get(vector->validity, i);
    if (some[0] != some[1]) return true;
    if (!some[0]) return false;
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: return weir_bit_get(vector->bits, 0) != weir_bit_get(vector->bits, 1);
    case WEIR_VECTOR_I64: return vector->i64[0] != vector->i64[1];
    case WEIR_VECTOR_F64: return vector->f64[0] != vector->f64[1]; /* NaN differs from NaN, and -0.0 not from 0.0 */
    case WEIR_VECTOR_I128: return vector->i128[0] != vector->i128[1];
    case WEIR_VECTOR_STRING:
        return vector->strings[0].length != vector->strings[1].length ||
               (vector->strings[0].length > 0 &&
                memcmp(vector->strings[0].data, vector->strings[1].data, (size_t)vector->strings[0].length) != 0);
    }
    return true;
}

/* Whether any aggregate of the cell has another value than the one last given, as Flink compares them. */
static enum weir_status values_differ(struct weir_update_emitter *emitter, const struct weir_update_window *window,
                                      uint32_t cell, bool *differ, struct weir_error *error) {
    struct weir_error why;
    const char *rows[2] = {weir_update_given(emitter->state, window, cell),
                           weir_update_row(emitter->state, window, cell)};
    *differ = false;
    for (int32_t call = 0; call < emitter->plan->aggregates_count && !*differ; call++) {
        struct weir_vector vector;
        weir_arena_reset(&emitter->arena);
        enum weir_status status = weir_accumulator_finish(emitter->accumulator, emitter->plan, call, rows, 2,
                                                          &emitter->arena, &vector, &why);
        if (status == WEIR_ERR_MEMORY) return out_of_memory(error);
        /* What cannot be finished fails the query where the result is made. */
        *differ = status != WEIR_OK || vectors_differ(&vector);
    }
    return WEIR_OK;
}

static enum weir_status add_due(struct weir_update_emitter *emitter, const struct weir_update_window *window,
                                uint32_t cell, const struct weir_update_giving *giving, enum weir_row_kind kind,
                                struct weir_error *error) {
    const struct weir_update_cell *from = &window->cells[cell];
    bool before = kind == WEIR_ROW_UPDATE_BEFORE;
    struct weir_due_entry entry = {.sequence = giving->sequence,
                                   .start = weir_window_start(emitter->window, window->index),
                                   .end = weir_window_end(emitter->window, window->index),
                                   .id = from->id,
                                   .kind = (uint8_t)kind,
                                   .complete = before ? from->given_complete : giving->complete};
    const char *row =
        before ? weir_update_given(emitter->state, window, cell) : weir_update_row(emitter->state, window, cell);
    return weir_due_add(emitter->due, entry, row, error);
}

/* What has come since the last result, as a result of its own. */
static enum weir_status give_delta(struct weir_update_emitter *emitter, struct weir_update_window *window,
                                   uint32_t cell, const struct weir_update_giving *giving,
                                   struct weir_error *error) {
    if (window->cells[cell].since == 0) return WEIR_OK;
    enum weir_status status = add_due(emitter, window, cell, giving, WEIR_ROW_INSERT, error);
    if (status != WEIR_OK) return status;
    weir_update_begin_anew(emitter->state, window, cell);
    window->cells[cell].since = 0;
    return WEIR_OK;
}

/* The result of a cell that has given one before; nothing when it is the same. Flink compares at the close of a
 * window, too, where no row has come since: so a NaN is retracted and given again. */
static enum weir_status give_again(struct weir_update_emitter *emitter, struct weir_update_window *window,
                                   uint32_t cell, const struct weir_update_giving *giving, bool *given,
                                   struct weir_error *error) {
    bool differ = emitter->marks && window->cells[cell].given_complete != giving->complete;
    bool retracts = emitter->plan->emission.mode == WEIR_UPDATE_RETRACTING;
    bool look = window->cells[cell].since > 0 || (giving->closing && retracts && emitter->nans);
    enum weir_status status = WEIR_OK;
    if (!differ && look) status = values_differ(emitter, window, cell, &differ, error);
    *given = differ;
    if (status != WEIR_OK || !differ) return status;
    if (retracts) {
        status = add_due(emitter, window, cell, giving, WEIR_ROW_UPDATE_BEFORE, error);
        if (status != WEIR_OK) return status;
    }
    return add_due(emitter, window, cell, giving, WEIR_ROW_UPDATE_AFTER, error);
}

enum weir_status weir_update_give(struct weir_update_emitter *emitter, struct weir_update_window *window,
                                  uint32_t cell, const struct weir_update_giving *giving,
                                  struct weir_error *error) {
    if (emitter->plan->emission.mode == WEIR_UPDATE_DISCARDING) {
        return give_delta(emitter, window, cell, giving, error);
    }
    bool given = true;
    enum weir_status status = window->cells[cell].given
                                  ? give_again(emitter, window, cell, giving, &given, error)
                                  : add_due(emitter, window, cell, giving, WEIR_ROW_INSERT, error);
    if (status != WEIR_OK) return status;
    window->cells[cell].since = 0;
    window->cells[cell].given = true;
    if (!given) return WEIR_OK;
    window->cells[cell].given_complete = giving->complete;
    if (emitter->state->keeps_given && !weir_update_remember(emitter->state, window, cell))
        return out_of_memory(error);
    return WEIR_OK;
}
