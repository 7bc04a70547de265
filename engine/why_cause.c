/* SPDX-License-Identifier: Apache-2.0 */
#include "base/checked.h"
#include "engine/pipeline_state.h"
#include "engine/value_text.h"
#include "engine/why_words.h"

/* Partitions that are listed, beside the one that holds the watermark back. */
#define LISTED 8

static void add_where(const struct weir_why_case *found, const struct weir_partition *partition,
                      struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES];
    if (partition->own == INT64_MIN) {
        weir_why_add(text, partition->rows == 0 ? "has not been heard of" : "has no watermark yet");
    } else {
        weir_why_add(text, "is at %s", weir_why_instant(found, partition->own, time));
    }
    if (partition->state == WEIR_PARTITION_IDLE) weir_why_add(text, ", idle");
    if (partition->state == WEIR_PARTITION_BEHIND) weir_why_add(text, ", behind");
}

static void add_partition(const struct weir_why_case *found, const char *before, int32_t partition,
                          struct weir_why_words *text) {
    const char *name = weir_pipeline_partition_name(found->pipeline, partition);
    weir_why_add(text, "%spartition %d", before, partition);
    if (name != NULL) weir_why_add(text, " ('%s')", name);
}

/* The partitions beside the holder: one in the same line, more of them below. */
static void add_others(const struct weir_why_case *found, struct weir_why_words *text) {
    const struct weir_watermark *watermark = &found->pipeline->watermark;
    int32_t count = watermark->partitions_count, listed = 0;
    for (int32_t i = 0; i < count && listed < LISTED; i++) {
        if (i == found->facts.holder) continue;
        add_partition(found, count == 2 && found->facts.holder >= 0 ? "; " : "\n  ", i, text);
        weir_why_add(text, " ");
        add_where(found, &watermark->partitions[i], text);
        listed++;
    }
    int32_t rest = count - listed - (found->facts.holder >= 0);
    if (rest > 0) weir_why_add(text, "\n  and %d more partitions", rest);
    weir_why_add(text, "\n");
}

static void add_silence(const struct weir_why_case *found, const struct weir_partition *partition,
                        struct weir_why_words *text) {
    char span[WEIR_WHY_SPAN_BYTES];
    if (partition->rows == 0) {
        weir_why_add(text, "it has given no rows at all");
    } else {
        weir_why_add(text, "it has given no rows for %s", weir_why_ago(found, partition->rows_at, span));
    }
}

static void add_single(const struct weir_why_case *found, const struct weir_partition *input,
                       struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES], span[WEIR_WHY_SPAN_BYTES];
    const struct weir_watermark_spec *spec = &found->pipeline->plan->watermark;
    if (input->time_max == INT64_MIN) {
        weir_why_add(text, "the watermark has stood there for %s\n",
                     weir_why_ago(found, found->facts.held_since, span));
        return;
    }
    weir_why_add(text, "the greatest time so far is %s", weir_why_instant(found, input->time_max, time));
    if (spec->kind == WEIR_WATERMARK_DELAY && spec->delay > 0)
        weir_why_add(text, ", less %s by the WATERMARK clause", weir_why_span(found, spec->delay, span));
    if (spec->kind == WEIR_WATERMARK_EXPRESSION) weir_why_add(text, ", and the WATERMARK clause makes that of it");
    weir_why_add(text, "; no rows have come for %s\n", weir_why_ago(found, input->rows_at, span));
}

/* Rows have come, and none has raised the watermark. */
static void add_no_claim(const struct weir_why_case *found, const struct weir_partition *holder,
                         struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES];
    const char *why = "their times are NULL, or too far in the future";
    enum weir_watermark_kind kind = found->pipeline->plan->watermark.kind;
    if (kind == WEIR_WATERMARK_NONE)
        why = "the table has no WATERMARK clause, and nobody has called weir_pipeline_advance";
    if (kind == WEIR_WATERMARK_EXPRESSION)
        why = "the WATERMARK clause gives NULL for them, or their times are too far in the future";
    weir_why_add_number(text, holder->rows, "row", "rows");
    if (found->facts.reason == WEIR_WHY_NO_CLAIM) {
        weir_why_add(text, " and no watermark: %s", why);
        return;
    }
    weir_why_add(text,
                 " and no watermark: the greatest time is %s, and in SQL, as in Flink, there is no watermark ",
                 weir_why_instant(found, holder->time_max, time));
    weir_why_add(text, "at or below 1970-01-01 00:00 UTC");
}

static void add_holder(const struct weir_why_case *found, const struct weir_partition *holder, const char *who,
                       struct weir_why_words *text) {
    char time[WEIR_VALUE_TEXT_BYTES], span[WEIR_WHY_SPAN_BYTES];
    const struct weir_why *facts = &found->facts;
    const char *since = weir_why_ago(found, facts->held_since, span);
    switch (facts->reason) {
    case WEIR_WHY_UNHEARD: weir_why_add(text, "%s has given no rows and no watermark in %s", who, since); break;
    case WEIR_WHY_NO_CLAIM:
    case WEIR_WHY_BEFORE_1970:
        weir_why_add(text, "%s has given ", who);
        add_no_claim(found, holder, text);
        break;
    case WEIR_WHY_BEHIND:
        weir_why_add(text, "%s was idle, and its watermark, %s, has not come to W again; no partition is active",
                     who, holder->own == INT64_MIN ? "none" : weir_why_instant(found, holder->own, time));
        break;
    default:
        weir_why_add(text, "its watermark is %s, for %s, and ", weir_why_instant(found, holder->own, time), since);
        add_silence(found, holder, text);
    }
}

static void add_holders(const struct weir_why_case *found, struct weir_why_words *text) {
    const struct weir_watermark *watermark = &found->pipeline->watermark;
    const struct weir_partition *holder = &watermark->partitions[found->facts.holder];
    if (watermark->partitions_count > 1) {
        add_partition(found, "", found->facts.holder, text);
        weir_why_add(text, " holds it back: ");
        add_holder(found, holder, "it", text);
        add_others(found, text);
    } else if (found->facts.reason == WEIR_WHY_PARTITION) {
        add_single(found, holder, text);
    } else {
        add_holder(found, holder, "the input", text);
        weir_why_add(text, "\n");
    }
}

void weir_why_add_cause(const struct weir_why_case *found, struct weir_why_words *text) {
    char span[WEIR_WHY_SPAN_BYTES];
    const struct weir_why *facts = &found->facts;
    switch (facts->reason) {
    case WEIR_WHY_PARTITION:
    case WEIR_WHY_UNHEARD:
    case WEIR_WHY_NO_CLAIM:
    case WEIR_WHY_BEFORE_1970:
    case WEIR_WHY_BEHIND: add_holders(found, text); break;
    case WEIR_WHY_IDLE:
        weir_why_add(text, "every partition is idle: W stands at the largest of theirs until rows come");
        add_others(found, text);
        break;
    case WEIR_WHY_NO_WATERMARK:
        weir_why_add(text, "the table has no WATERMARK clause: every window fires when the input has ended\n");
        break;
    case WEIR_WHY_WALL_CLOCK:
        weir_why_add(text, "it is a window of processing time: the wall clock reaches its end in %s\n",
                     weir_why_span(found, facts->lacks, span));
        break;
    case WEIR_WHY_ORDERED: weir_why_add(text, "ORDER BY holds all rows until the input has ended\n"); break;
    default: break;
    }
}
