/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of a report on a window: a text that grows, times and spans as text.
 */
#ifndef WEIR_ENGINE_WHY_WORDS_H
#define WEIR_ENGINE_WHY_WORDS_H

#include "base/attributes.h"
#include "engine/why.h"

/* Zeroed: empty. Once memory is short `failed` stays set and later additions do nothing. */
struct weir_why_words {
    char *bytes; /* zero-terminated, on the heap */
    size_t used, room;
    bool failed;
};

void weir_why_add(struct weir_why_words *text, const char *format, ...) WEIR_PRINTF(2, 3);
void weir_why_add_number(struct weir_why_words *text, int64_t count, const char *one, const char *many);

#define WEIR_WHY_SPAN_BYTES 64

/* "47 min 55.999 s": a length of event time, in units, >= 0; and one of the wall clock, in ms. */
char *weir_why_span(const struct weir_why_case *found, int64_t units, char *buffer);
char *weir_why_wall_span(int64_t ms, char *buffer);
/* From `since` to now on the wall clock, in whole seconds from 10 s on. */
char *weir_why_ago(const struct weir_why_case *found, int64_t since, char *buffer);

/* Buffers of WEIR_VALUE_TEXT_BYTES. A time on the wall clock of the plan's zone, in units, with as much of a second
 * as it has; an instant on that clock, with as many digits as units need. */
char *weir_why_local(const struct weir_why_case *found, int64_t local, char *buffer);
char *weir_why_instant(const struct weir_why_case *found, int64_t instant, char *buffer);

/* What holds the watermark back, and where the partitions stand. */
void weir_why_add_cause(const struct weir_why_case *found, struct weir_why_words *text);

#endif
