/* SPDX-License-Identifier: Apache-2.0
 *
 * A flat table of states by key id, and how it is put in order when keys get other ids.
 */
#ifndef WEIR_ENGINE_KEY_STATES_H
#define WEIR_ENGINE_KEY_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each state begins with this. All zero: the key holds nothing. */
struct weir_key_state {
    bool held;
    bool moved; /* during rename */
};

#define WEIR_KEY_STATE_BYTES_MAX 128

/* The state of each held key `old` moves to ids[old]; below count as well, and no two the same. In place: nothing
 * can fail. */
void weir_key_states_rename(void *states, uint32_t count, size_t state_bytes, const uint32_t *ids);

/* Sets the bits of held keys. */
void weir_key_states_held(const void *states, uint32_t count, size_t state_bytes, uint64_t *bits);

#endif
