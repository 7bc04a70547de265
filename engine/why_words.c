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

char *weir_why_span(int64_t ms, char *buffer) {
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "min"}};
    size_t used = 0;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (ms < units[i].ms) continue;
        used += (size_t)snprintf(buffer + used, WEIR_WHY_SPAN_BYTES - used, "%s%lld %s", used > 0 ? " " : "",
                                 (long long)(ms / units[i].ms), units[i].name);
        ms %= units[i].ms;
    }
    const char *blank = used > 0 ? " " : "";
    if (ms % 1000 != 0) {
        snprintf(buffer + used, WEIR_WHY_SPAN_BYTES - used, "%s%lld.%03lld s", blank, (long long)(ms / 1000),
                 (long long)(ms % 1000));
    } else if (ms > 0 || used == 0) {
        snprintf(buffer + used, WEIR_WHY_SPAN_BYTES - used, "%s%lld s", blank, (long long)(ms / 1000));
    }
    return buffer;
}

char *weir_why_ago(const struct weir_why_case *found, int64_t since, char *buffer) {
    int64_t ms = since == INT64_MIN ? 0 : weir_sub_saturate_i64(found->facts.now, since);
    if (ms < 0) ms = 0;
    return weir_why_span(ms >= 10000 ? ms - ms % 1000 : ms, buffer);
}

char *weir_why_local(int64_t local_ms, int precision, char *buffer) {
    weir_text_write_timestamp(local_ms, 1000, precision, buffer);
    return buffer;
}

char *weir_why_instant(const struct weir_why_case *found, int64_t ms, char *buffer) {
    const struct weir_zone *zone = found->pipeline->zone;
    return weir_why_local(zone == NULL ? ms : weir_zone_local_ms(zone, ms), 3, buffer);
}

void weir_why_add_number(struct weir_why_words *text, int64_t count, const char *one, const char *many) {
    weir_why_add(text, "%lld %s", (long long)count, count == 1 ? one : many);
}
