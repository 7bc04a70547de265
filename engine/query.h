/* SPDX-License-Identifier: Apache-2.0
 *
 * The public handle of a plan.
 */
#ifndef WEIR_ENGINE_QUERY_H
#define WEIR_ENGINE_QUERY_H

#include "engine/plan.h"
#include "weir/weir.h"

struct weir_query {
    struct weir_plan *plan; /* one reference */
};

#endif
