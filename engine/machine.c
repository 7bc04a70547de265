/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/machine.h"

const struct weir_machine_kind *weir_machine_of(const struct weir_plan *plan) {
    if (plan->shape != WEIR_PLAN_AGGREGATE) return NULL;
    switch (plan->window.kind) {
    case WEIR_WINDOW_SESSION: return &weir_session_machine;
    case WEIR_WINDOW_COUNT: return &weir_count_machine;
    case WEIR_WINDOW_COUNT_OR_TIME: return &weir_count_or_time_machine;
    case WEIR_WINDOW_TUMBLE:
    case WEIR_WINDOW_HOP:
    case WEIR_WINDOW_CUMULATE:
        return weir_plan_updates(plan) || plan->emission.lateness > 0 ? &weir_update_machine : NULL;
    default: return NULL;
    }
}
