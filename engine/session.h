/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two machines for SESSION share. session.c does sessions that are given out whole, session_pieces.c those
 * that are cut by a largest duration; weir_session_machine.create makes the one that the plan asks for, and the
 * machine's own `kind` says which it is: call it through that.
 */
#ifndef WEIR_ENGINE_SESSION_H
#define WEIR_ENGINE_SESSION_H

#include "engine/machine.h"

extern const struct weir_machine_kind weir_session_pieces_machine;

/* A window that ends at `end` has been fired. INT64_MIN: there is no watermark yet. */
static inline bool weir_session_closed(int64_t end, int64_t watermark) {
    return end - 1 <= watermark && watermark != INT64_MIN;
}

#endif
