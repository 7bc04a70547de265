/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a window has not fired. why.c finds the facts and the reason, why_text.c says them in words.
 */
#ifndef WEIR_ENGINE_WHY_H
#define WEIR_ENGINE_WHY_H

#include "engine/late_mark.h"
#include "engine/open_window.h"
#include "weir/weir.h"

struct weir_pipeline;

/* What is asked, and what was found. Times of windows are on the wall clock of the plan's zone. */
struct weir_why_case {
    const struct weir_pipeline *pipeline;
    const struct weir_why_request *request;
    bool has_time;
    int64_t time; /* units on that wall clock */
    struct weir_key_search *key;
    struct weir_open_window open;
    struct weir_late_mark late;
    struct weir_why facts;
};

/* `request` outlives the case. Errors: WEIR_ERR_INVALID, WEIR_ERR_MEMORY. After an error, too, fini frees. */
enum weir_status weir_why_find(struct weir_pipeline *pipeline, const struct weir_why_request *request,
                               struct weir_why_case *out, struct weir_error *error);
void weir_why_fini(struct weir_why_case *found);

/* In words; the caller frees. Errors: WEIR_ERR_MEMORY. */
enum weir_status weir_why_text(const struct weir_why_case *found, char **out, struct weir_error *error);

#endif
