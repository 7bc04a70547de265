/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/why_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/checked.h"
#include "engine/pipeline_state.h"
#include "engine/value_text.h"

void weir_why_add(struct weir_why_words *text, const char *format, ...) {
    va_list arguments;
    for (int turn = 0; turn < 2 && !text->failed; turn++) {
        size_t left = text->room - text->used;
        va_start(arguments, format);
        int length = vsnprintf(text->bytes == NULL ? NULL : text->bytes + text->used, left, format, arguments);
        va_end(arguments);
        if (length >= 0 && (size_t)length < left) {
            text->used += (size_t)length;
            return;
        }
        size_t room = text->room * 2 + (length < 0 ? 0 : (size_t)length) + 512;
        char *bytes = length < 0 ? NULL : realloc(text->bytes, room);
        text->failed = bytes == NULL;
        if (bytes == NULL) return;
        text->bytes = bytes;
        text->room = room;
    }
}

static char *span(int64_t units, int64_t per_second, char *buffer) {
    static const struct {
        int64_t seconds;
        const char *name;
    } parts[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
    size_t used = 0;
    int64_t seconds = units / per_second, rest = units % per_second;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (seconds < parts[i].seconds) continue;
        used += (size_t)snprintf(buffer + used, WEIR_WHY_SPAN_BYTES - used, "%s%lld %s", used > 0 ? " " : "",
                                 (long long)(seconds / parts[i].seconds), parts[i].name);
        seconds %= parts[i].seconds;
    }
    const char *blank = used > 0 ? " " : "";
    if (rest != 0) {
        snprintf(buffer + used, WEIR_WHY_SPAN_BYTES - used, "%s%lld.%0*lld s", blank, (long long)seconds,
                 weir_unit_precision(per_second), (long long)rest);
    } else if (seconds > 0 || used == 0) {
        snprintf(buffer + used, WEIR_WHY_SPAN_BYTES - used, "%s%lld s", blank, (long long)seconds);
    }
    return buffer;
}

char *weir_why_span(const struct weir_why_case *found, int64_t units, char *buffer) {
    return span(units, found->pipeline->plan->units_per_second, buffer);
}

char *weir_why_wall_span(int64_t ms, char *buffer) { return span(ms, WEIR_UNIT_MS, buffer); }

char *weir_why_ago(const struct weir_why_case *found, int64_t since, char *buffer) {
    int64_t ms = since == INT64_MIN ? 0 : weir_sub_saturate_i64(found->facts.now, since);
    if (ms < 0) ms = 0;
    return weir_why_wall_span(ms >= 10000 ? ms - ms % 1000 : ms, buffer);
}

char *weir_why_local(const struct weir_why_case *found, int64_t local, char *buffer) {
    weir_text_write_timestamp(local, found->pipeline->plan->units_per_second, 0, buffer);
    return buffer;
}

char *weir_why_instant(const struct weir_why_case *found, int64_t instant, char *buffer) {
    int64_t units = found->pipeline->plan->units_per_second;
    weir_text_write_timestamp(weir_pipeline_local_time(found->pipeline, instant), units, weir_unit_precision(units),
                              buffer);
    return buffer;
}

void weir_why_add_number(struct weir_why_words *text, int64_t count, const char *one, const char *many) {
    weir_why_add(text, "%lld %s", (long long)count, count == 1 ? one : many);
}
