/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_states.h"

#include <string.h>

#include "base/bits.h"
#include "base/check.h"

static struct weir_key_state *at(void *states, size_t state_bytes, uint32_t id) {
    return (struct weir_key_state *)((char *)states + (size_t)id * state_bytes);
}

/* Moves the state of `id` to its place, the one that it finds there to its own, and so on. */
static void move_chain(void *states, uint32_t count, size_t state_bytes, const uint32_t *ids, uint32_t id) {
    char carried[WEIR_KEY_STATE_BYTES_MAX], found[WEIR_KEY_STATE_BYTES_MAX];
    memcpy(carried, at(states, state_bytes, id), state_bytes);
    memset(at(states, state_bytes, id), 0, state_bytes);
    for (;;) {
        uint32_t to = ids[id];
        WEIR_ASSERT(to < count);
        struct weir_key_state *place = at(states, state_bytes, to);
        bool more = place->held && !place->moved;
        memcpy(found, place, state_bytes);
        memcpy(place, carried, state_bytes);
        place->moved = true;
        if (!more) return;
        memcpy(carried, found, state_bytes);
        id = to;
    }
}

void weir_key_states_rename(void *states, uint32_t count, size_t state_bytes, const uint32_t *ids) {
    WEIR_ASSERT(state_bytes <= WEIR_KEY_STATE_BYTES_MAX);
    for (uint32_t id = 0; id < count; id++) {
        const struct weir_key_state *state = at(states, state_bytes, id);
        if (state->held && !state->moved) move_chain(states, count, state_bytes, ids, id);
    }
    for (uint32_t id = 0; id < count; id++) at(states, state_bytes, id)->moved = false;
}

void weir_key_states_held(const void *states, uint32_t count, size_t state_bytes, uint64_t *bits) {
    for (uint32_t id = 0; id < count; id++) {
        const struct weir_key_state *state =
            (const struct weir_key_state *)((const char *)states + (size_t)id * state_bytes);
        if (state->held) weir_bit_set(bits, id);
    }
}
