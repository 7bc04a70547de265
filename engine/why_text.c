/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "engine/pipeline_state.h"
#include "engine/value_text.h"
#include "engine/why_words.h"

#define KEY_BYTES 100

/* ---- keys and windows ---- */

/* Text of somebody else's, without what would break a line, and cut. */
static void add_foreign(struct weir_why_words *text, const char *foreign) {
    char buffer[KEY_BYTES + 4];
    size_t used = 0;
    for (; foreign[used] != '\0' && used < KEY_BYTES; used++)
        buffer[used] = (unsigned char)foreign[used] < ' ' || foreign[used] == 127 ? '?' : foreign[used];
    if (foreign[used] != '\0') {
        while (used > 0 && ((unsigned char)buffer[used - 1] & 0xC0) == 0x80) used--; /* no half character */
        if (used > 0 && (unsigned char)buffer[used - 1] >= 0xC0) used--;
        memcpy(buffer + used, "...", 3);
        used += 3;
    }
    weir_why_add(text, "%.*s", (int)used, buffer);
}

/* One value of the key that was asked for, or of the one that was found. */
static void add_value(const struct weir_why_case *found, int32_t i, struct weir_why_words *text) {
    const struct weir_plan *plan = found->pipeline->plan;
    bool string = weir_type_vector(plan->keys[i]->type) == WEIR_VECTOR_STRING;
    if (found->key != NULL) {
        const char *asked = found->request->key[i];
        if (asked != NULL && string) weir_why_add(text, "'");
        add_foreign(text, asked == NULL ? "NULL" : asked);
        if (asked != NULL && string) weir_why_add(text, "'");
        return;
    }
    char *value = NULL;
    if (weir_key_text(found->open.keys, plan->keys[i]->type, i, found->open.window.id, &value, NULL) != WEIR_OK)
        text->failed = true;
    if (value != NULL) add_foreign(text, value);
    free(value);
}

/* " of key 'a'", or nothing where no key is meant. */
static void add_key(const struct weir_why_case *found, struct weir_why_words *text) {
    const struct weir_plan *plan = found->pipeline->plan;
    bool own = found->open.found && !weir_window_is_sliced(plan->window.kind);
    if (plan->keys_count == 0 || (found->key == NULL && !own)) return;
    weir_why_add(text, plan->keys_count > 1 ? " of key (" : " of key ");
    for (int32_t i = 0; i < plan->keys_count; i++) {
        if (i > 0) weir_why_add(text, ", ");
        add_value(found, i, text);
    }
    if (plan->keys_count > 1) weir_why_add(text, ")");
}

static const char *kind_name(enum weir_window_kind kind) {
    switch (kind) {
    case WEIR_WINDOW_SESSION: return "session";
    case WEIR_WINDOW_COUNT: return "count window";
    case WEIR_WINDOW_COUNT_OR_TIME: return "window by count or time";
    default: return "window";
    }
}

static void add_window(const struct weir_why_case *found, struct weir_why_words *text) {
    char start[WEIR_VALUE_TEXT_BYTES], end[WEIR_VALUE_TEXT_BYTES];
    const struct weir_why *facts = &found->facts;
    weir_why_add(text, "%s", kind_name(found->pipeline->plan->window.kind));
    if (facts->window_start < facts->window_end) {
        weir_why_add(text, " [%s, %s)", weir_why_local(found, facts->window_start, start),
                     weir_why_local(found, facts->window_end, end));
    }
    add_key(found, text);
}

/* ---- what it needs ---- */

static void add_needed(const struct weir_why_case *found, struct weir_why_words *text) {
    char needed[WEIR_VALUE_TEXT_BYTES], watermark[WEIR_VALUE_TEXT_BYTES], span[WEIR_WHY_SPAN_BYTES];
    const struct weir_why *facts = &found->facts;
    const char *what = facts->rows_missing > 0 && facts->needed < INT64_MAX ? "or" : "it needs";
    weir_why_add(text, " %s a watermark of %s, and ", what, weir_why_instant(found, facts->needed, needed));
    if (facts->watermark == INT64_MIN) {
        weir_why_add(text, "there is none yet");
    } else {
        weir_why_add(text, "W is %s (%s short)", weir_why_instant(found, facts->watermark, watermark),
                     weir_why_span(found, facts->lacks, span));
    }
}

static void add_waiting(const struct weir_why_case *found, struct weir_why_words *text) {
    const struct weir_why *facts = &found->facts;
    add_window(found, text);
    weir_why_add(text, " has not fired:");
    if (facts->rows_missing > 0) {
        weir_why_add(text, " it needs ");
        weir_why_add_number(text, facts->rows_missing, "more row of the key", "more rows of the key");
        if (facts->needed < INT64_MAX && facts->reason != WEIR_WHY_ROWS) add_needed(found, text);
        weir_why_add(text, "\n");
        return;
    }
    add_needed(found, text);
    weir_why_add(text, "\n");
}

static void add_reached(const struct weir_why_case *found, struct weir_why_words *text) {
    char needed[WEIR_VALUE_TEXT_BYTES], watermark[WEIR_VALUE_TEXT_BYTES];
    const struct weir_why *facts = &found->facts;
    add_window(found, text);
    if (facts->reason == WEIR_WHY_DUE) {
        weir_why_add(text, " is due: its rows have not been taken yet");
    } else {
        weir_why_add(text, " has fired, if it held rows");
    }
    weir_why_add(text, "; it needed a watermark of %s, and W is %s\n",
                 weir_why_instant(found, facts->needed, needed),
                 weir_why_instant(found, facts->watermark, watermark));
}

static void add_ended(const struct weir_why_case *found, struct weir_why_words *text) {
    char needed[WEIR_VALUE_TEXT_BYTES], watermark[WEIR_VALUE_TEXT_BYTES], span[WEIR_WHY_SPAN_BYTES];
    const struct weir_why *facts = &found->facts;
    bool fired = facts->reason == WEIR_WHY_END_FIRED;
    if (facts->windows == 0) {
        weir_why_add(text, "the input has ended: what was still open %s",
                     fired ? "fired with that" : "was dropped");
    } else {
        add_window(found, text);
        weir_why_add(text, " %s when the input ended, if it held rows: it needed a watermark of %s",
                     fired ? "fired" : "was dropped", weir_why_instant(found, facts->needed, needed));
    }
    if (facts->watermark == INT64_MIN) {
        weir_why_add(text, ", and there was none\n");
        return;
    }
    weir_why_add(text, ", and W had come to %s", weir_why_instant(found, facts->watermark, watermark));
    if (facts->windows > 0) weir_why_add(text, " (%s short)", weir_why_span(found, facts->lacks, span));
    weir_why_add(text, "\n");
}

static void add_nothing_open(const struct weir_why_case *found, struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES], watermark[WEIR_VALUE_TEXT_BYTES];
    const struct weir_why *facts = &found->facts;
    weir_why_add(text, "no %s", kind_name(found->pipeline->plan->window.kind));
    add_key(found, text);
    if (found->has_time) weir_why_add(text, " that holds %s", weir_why_local(found, found->time, time));
    weir_why_add(text, " is open: %s",
                 facts->rows_in == 0 ? "no row has come" : "it has fired, or no row of it has come");
    if (facts->watermark != INT64_MIN)
        weir_why_add(text, "; W is %s", weir_why_instant(found, facts->watermark, watermark));
    weir_why_add(text, "\n");
}

static void add_no_window(const struct weir_why_case *found, struct weir_why_words *text) {
    const struct weir_plan *plan = found->pipeline->plan;
    if (plan->order_count > 0) {
        weir_why_add(text, "the query orders its rows: they come when the input has ended\n");
    } else if (plan->shape == WEIR_PLAN_AGGREGATE) {
        weir_why_add(text, "the query has no windows: its groups come when the input has ended\n");
    } else {
        weir_why_add(text, "the query does not aggregate: its rows come as they are read\n");
    }
}

static void add_subject(const struct weir_why_case *found, struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES];
    const struct weir_why *facts = &found->facts;
    if (facts->windows > 1) {
        weir_why_add(text, "%s lies in %lld windows; W has passed the end of %lld of them; the %s:\n",
                     weir_why_local(found, found->time, time), (long long)facts->windows,
                     (long long)facts->windows_reached, facts->windows_reached == facts->windows ? "last" : "next");
    }
    switch (facts->reason) {
    case WEIR_WHY_FIRED:
    case WEIR_WHY_ORDERED: add_reached(found, text); break;
    case WEIR_WHY_DUE:
        if (facts->watermark == INT64_MIN || facts->needed == INT64_MIN) {
            weir_why_add(text, "rows of the result have not been taken yet\n");
        } else {
            add_reached(found, text);
        }
        break;
    case WEIR_WHY_END_FIRED:
    case WEIR_WHY_END_DROPPED: add_ended(found, text); break;
    case WEIR_WHY_NOTHING_OPEN: add_nothing_open(found, text); break;
    case WEIR_WHY_NO_WINDOW: add_no_window(found, text); break;
    case WEIR_WHY_GAP:
        weir_why_add(text, "%s lies in a gap between two windows: its rows count nowhere (unassigned)\n",
                     weir_why_local(found, found->time, time));
        break;
    default: add_waiting(found, text);
    }
}

static bool is_open(const struct weir_why *facts) {
    return facts->windows > 0 && facts->windows_reached < facts->windows && facts->rows >= 0;
}

static void add_rows(const struct weir_why_case *found, struct weir_why_words *text) {
    const struct weir_why *facts = &found->facts;
    if (!is_open(facts)) return;
    if (facts->rows > 0) {
        weir_why_add(text, "it holds ");
        weir_why_add_number(text, facts->rows, "row", "rows");
        if (found->key != NULL) add_key(found, text);
    } else {
        weir_why_add(text, "it holds no row");
        if (found->key != NULL) add_key(found, text);
        weir_why_add(text, ": as things stand it gives nothing");
    }
    weir_why_add(text, "\n");
}

/* ---- rows that do not count ---- */

static void add_left_out(const struct weir_why *facts, struct weir_why_words *text) {
    const struct {
        int64_t count;
        const char *what;
    } parts[] = {{facts->filtered, "dropped by WHERE"},
                 {facts->null_time, "without a time (NULL)"},
                 {facts->future_dropped, "too far in the future"},
                 {facts->unassigned, "in a gap between windows"},
                 {facts->late, "late"},
                 {facts->folded, "late and counted in a later window"}};
    bool any = false;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].count == 0) continue;
        if (!any) weir_why_add(text, "of %lld rows: ", (long long)facts->rows_in);
        weir_why_add(text, "%s%lld %s", any ? ", " : "", (long long)parts[i].count, parts[i].what);
        any = true;
    }
    if (any) weir_why_add(text, "\n");
}

static void add_late(const struct weir_why_case *found, struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES], span[WEIR_WHY_SPAN_BYTES];
    const struct weir_why *facts = &found->facts;
    if (facts->late_by == INT64_MIN) return;
    weir_why_add(text, "the latest of the late rows has the time %s: W had passed its last window by %s\n",
                 weir_why_instant(found, facts->late_time, time), weir_why_span(found, facts->late_by, span));
}

/* ---- what to do ---- */

static void add_idle_advice(const struct weir_why_case *found, struct weir_why_words *text) {
    char span[WEIR_WHY_SPAN_BYTES], after[WEIR_WHY_SPAN_BYTES];
    const struct weir_pipeline *pipeline = found->pipeline;
    const struct weir_partition *holder = &pipeline->watermark.partitions[found->facts.holder];
    int64_t idle_after = pipeline->plan->watermark.idle_after_ms;
    if (idle_after <= 0) {
        weir_why_add(
            text,
            "what to do: declare 'scan.watermark.idle-timeout' on the table, or call weir_pipeline_idle(pipeline, "
            "%d)\n",
            found->facts.holder);
        return;
    }
    int64_t left = weir_sub_saturate_i64(weir_add_saturate_i64(holder->active_at, idle_after), found->facts.now);
    if (left > 0) {
        weir_why_add(
            text,
            "what to do: wait for %s: without rows it counts as idle after %s ('scan.watermark.idle-timeout')\n",
            weir_why_wall_span(left, span), weir_why_wall_span(idle_after, after));
    } else {
        weir_why_add(text, "what to do: call weir_pipeline_poll: it is to count as idle after %s without rows\n",
                     weir_why_wall_span(idle_after, after));
    }
}

/* A row of what time moves the watermark far enough. */
static void add_row_advice(const struct weir_why_case *found, struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES], span[WEIR_WHY_SPAN_BYTES];
    const struct weir_watermark_spec *spec = &found->pipeline->plan->watermark;
    const struct weir_why *facts = &found->facts;
    if (spec->kind == WEIR_WATERMARK_NONE) {
        weir_why_add(text, "what to do: call weir_pipeline_advance(pipeline, %d, %lld)\n", facts->holder,
                     (long long)facts->needed);
        return;
    }
    if (spec->kind == WEIR_WATERMARK_DELAY) {
        int64_t needed = weir_add_saturate_i64(facts->needed, spec->delay);
        weir_why_add(text,
                     "what to do: wait for a row with a time of %s or later; the end of the input fires it, too",
                     weir_why_instant(found, needed, time));
    } else {
        weir_why_add(
            text,
            "what to do: wait for a row for which the WATERMARK clause gives %s; the end of the input fires it, "
            "too",
            weir_why_instant(found, facts->needed, time));
    }
    if (spec->close_after_ms > 0) {
        weir_why_add(text, "; and so does %s without rows ('scan.watermark.close-after')\n",
                     weir_why_wall_span(spec->close_after_ms, span));
    } else {
        weir_why_add(text, "; for a stream that may stop declare 'scan.watermark.close-after' on the table\n");
    }
}

static void add_partition_advice(const struct weir_why_case *found, struct weir_why_words *text) {
    if (found->pipeline->watermark.partitions_count == 1) {
        add_row_advice(found, text);
    } else if (weir_pipeline_partition_name(found->pipeline, found->facts.holder) != NULL) {
        weir_why_add(text,
                     "what to do: wait: it is read on when its turn comes, and holds nothing back once it has "
                     "ended\n");
    } else {
        add_idle_advice(found, text);
    }
}

static void add_late_advice(const struct weir_why_case *found, struct weir_why_words *text) {
    char span[WEIR_WHY_SPAN_BYTES];
    const struct weir_emission *emission = &found->pipeline->plan->emission;
    const struct weir_why *facts = &found->facts;
    if (facts->late_by == INT64_MIN) return;
    int64_t more = weir_sub_saturate_i64(weir_add_saturate_i64(facts->late_by, 1), emission->lateness);
    weir_why_add(text, "about the late rows: a watermark that lags %s more would have let them all count",
                 weir_why_span(found, more > 0 ? more : 0, span));
    if (emission->late == WEIR_ROWS_DROP)
        weir_why_add(text, "; SET 'weir.late.policy' = 'side-output' keeps them apart");
    weir_why_add(text, "\n");
}

static void add_advice(const struct weir_why_case *found, struct weir_why_words *text) {
    const struct weir_why *facts = &found->facts;
    switch (facts->reason) {
    case WEIR_WHY_PARTITION:
    case WEIR_WHY_UNHEARD:
    case WEIR_WHY_NO_CLAIM: add_partition_advice(found, text); break;
    case WEIR_WHY_BEFORE_1970:
        weir_why_add(text, "what to do: give times after 1970; the end of the input fires it, too\n");
        break;
    case WEIR_WHY_BEHIND:
    case WEIR_WHY_IDLE:
        weir_why_add(text, "what to do: wait for rows; the end of the input fires it, too\n");
        break;
    case WEIR_WHY_NO_WATERMARK:
        weir_why_add(text, "what to do: declare WATERMARK FOR ... on the table, or call weir_pipeline_advance or "
                           "weir_pipeline_finish\n");
        break;
    case WEIR_WHY_WALL_CLOCK:
        weir_why_add(text, "what to do: call weir_pipeline_poll now and then while no rows come\n");
        break;
    case WEIR_WHY_DUE:
        weir_why_add(text, "what to do: call weir_pipeline_next (and weir_pipeline_poll, where no rows come)\n");
        break;
    case WEIR_WHY_END_DROPPED:
        weir_why_add(text,
                     "what to do: SET 'weir.end-of-input' = 'flush', or 'mark' with the column is_complete\n");
        break;
    default: break;
    }
    if (facts->rows_waiting > 0 && facts->reason != WEIR_WHY_DUE) {
        weir_why_add_number(text, facts->rows_waiting, "row", "rows");
        weir_why_add(text, " of the result can be taken (weir_pipeline_next)\n");
    }
    add_late_advice(found, text);
}

enum weir_status weir_why_text(const struct weir_why_case *found, char **out, struct weir_error *error) {
    struct weir_why_words text = {0};
    add_subject(found, &text);
    add_rows(found, &text);
    weir_why_add_cause(found, &text);
    add_left_out(&found->facts, &text);
    add_late(found, &text);
    add_advice(found, &text);
    if (found->pipeline->zone != NULL)
        weir_why_add(&text, "times are those of the wall clock of %s\n", weir_zone_name(found->pipeline->zone));
    *out = NULL;
    if (text.failed) {
        free(text.bytes);
        return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for a report");
    }
    *out = text.bytes;
    return WEIR_OK;
}
