/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"

/* The counters by name. Those of rows that were left out carry the words that say so; those of ways that rows took
 * are said where some took them. */
static const struct field {
    const char *name;
    size_t offset;
    const char *left_out;
    bool is_way;
} fields[] = {
#define FIELD(name, words)                                                                                         \
    { #name, offsetof(struct weir_stats, name), words, false }
#define WAY(name)                                                                                                  \
    { #name, offsetof(struct weir_stats, name), NULL, true }
    FIELD(rows_in, NULL),
    FIELD(filtered, NULL),
    FIELD(null_time, "without a time (NULL)"),
    FIELD(future_dropped, "too far in the future"),
    FIELD(unassigned, "in a gap between windows"),
    FIELD(late, "late"),
    FIELD(aggregated, NULL),
    FIELD(rejected, "lines that could not be read"),
    FIELD(nulled, NULL),
    FIELD(windows_fired, NULL),
    FIELD(rows_out, NULL),
    FIELD(bytes_read, NULL),
    FIELD(peak_bytes, NULL),
    FIELD(state_bytes, NULL),
    FIELD(skipped_groups, NULL),
    FIELD(skipped_rows, NULL),
    WAY(code_rows),
    WAY(cell_rows),
    WAY(packed_rows),
    WAY(mixed_rows),
    WAY(held_rows),
    WAY(waited_rows),
    WAY(direct_rows),
    WAY(owned_rows),
    WAY(handed_rows),
    WAY(caller_rows),
    WAY(parted_windows),
    WAY(unread_times),
#undef FIELD
#undef WAY
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static int64_t value_of(const struct weir_stats *stats, const struct field *field) {
    return *(const int64_t *)((const char *)stats + field->offset);
}

bool weir_cli_stats_init(struct weir_cli_stats *stats, const struct weir_cli_options *options) {
    memset(stats, 0, sizeof(*stats));
    stats->fd = -1;
    stats->path = options->stats_file;
    if (stats->path == NULL) return true;
    stats->fd = open(stats->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (stats->fd < 0) weir_cli_say("error: cannot write the statistics to '%s': %s", stats->path, strerror(errno));
    return stats->fd >= 0;
}

bool weir_cli_stats_add(struct weir_cli_stats *stats, const char *kind, const struct weir_stats *statement) {
    size_t bytes = (stats->count + 1) * sizeof(*stats->statements);
    struct weir_cli_statement_stats *statements = realloc(stats->statements, bytes);
    if (statements == NULL) {
        weir_cli_say("error: memory is short");
        return false;
    }
    stats->statements = statements;
    statements[stats->count++] = (struct weir_cli_statement_stats){kind, *statement};
    return true;
}

struct weir_stats weir_cli_stats_total(const struct weir_cli_stats *stats) {
    struct weir_stats total = {.struct_size = sizeof(total), .watermark = INT64_MIN};
    for (size_t i = 0; i < stats->count; i++) {
        const struct weir_stats *one = &stats->statements[i].stats;
        for (size_t j = 0; j < FIELDS; j++)
            *(int64_t *)((char *)&total + fields[j].offset) += value_of(one, &fields[j]);
        total.peak_bytes -= one->peak_bytes;
        if (one->peak_bytes > total.peak_bytes) total.peak_bytes = one->peak_bytes;
        total.seconds += one->seconds;
        total.watermark = one->watermark;
    }
    return total;
}

/* ---- JSON ------------------------------------------------------------------------------------------------ */

static void print_members(struct weir_cli_text *text, const struct weir_stats *stats, const char *indent) {
    char time[WEIR_CLI_TIME_BYTES];
    for (size_t i = 0; i < FIELDS; i++)
        weir_cli_text_print(text, "%s\"%s\": %lld,\n", indent, fields[i].name,
                            (long long)value_of(stats, &fields[i]));
    bool timed = stats->watermark != INT64_MIN && stats->watermark != INT64_MAX;
    weir_cli_text_print(text, timed ? "%s\"watermark\": \"%s\",\n" : "%s\"watermark\": null,\n", indent,
                        weir_cli_time_text(stats->watermark, time));
    weir_cli_text_print(text, "%s\"seconds\": %.6f", indent, stats->seconds);
}

static void print_json(struct weir_cli_text *text, const struct weir_cli_stats *stats, int exit_code) {
    struct weir_stats total = weir_cli_stats_total(stats);
    const char *status = exit_code == WEIR_CLI_DONE     ? "done"
                         : exit_code == WEIR_CLI_FAILED ? "failed"
                                                        : "interrupted";
    weir_cli_text_print(text, "{\n  \"status\": \"%s\",\n", status);
    print_members(text, &total, "  ");
    weir_cli_text_add(text, ",\n  \"statements\": [");
    for (size_t i = 0; i < stats->count; i++) {
        const struct weir_cli_statement_stats *one = &stats->statements[i];
        weir_cli_text_print(text, "%s\n    {\n      \"kind\": \"%s\",\n", i > 0 ? "," : "", one->kind);
        print_members(text, &one->stats, "      ");
        weir_cli_text_add(text, "\n    }");
    }
    weir_cli_text_add(text, stats->count > 0 ? "\n  ]\n}\n" : "]\n}\n");
}

static bool write_file(const struct weir_cli_stats *stats, int exit_code) {
    struct weir_cli_text text = {0};
    print_json(&text, stats, exit_code);
    if (text.failed) errno = ENOMEM;
    bool done = !text.failed && weir_cli_write(stats->fd, text.data, text.used);
    if (!done) weir_cli_say("error: cannot write the statistics to '%s': %s", stats->path, strerror(errno));
    weir_cli_text_fini(&text);
    return done;
}

/* ---- words ----------------------------------------------------------------------------------------------- */

static void say_summary(const struct weir_stats *total) {
    char count[WEIR_CLI_COUNT_BYTES];
    char time[WEIR_CLI_TIME_BYTES];
    for (size_t i = 0; i < FIELDS; i++) {
        int64_t value = value_of(total, &fields[i]);
        if (value != 0 || !fields[i].is_way)
            weir_cli_say("%-14s %s", fields[i].name, weir_cli_count_text(value, count));
    }
    weir_cli_say("%-14s %s", "watermark", weir_cli_time_text(total->watermark, time));
    weir_cli_say("%-14s %.3f", "seconds", total->seconds);
    if (total->seconds <= 0) return;
    weir_cli_say("%-14s %s", "rows/s",
                 weir_cli_count_text((int64_t)((double)total->rows_in / total->seconds), count));
    weir_cli_say("%-14s %s", "bytes/s", weir_cli_bytes_text((double)total->bytes_read / total->seconds, count));
}

void weir_cli_stats_left_out(struct weir_cli_text *text, const char *before, const struct weir_stats *stats) {
    char count[WEIR_CLI_COUNT_BYTES];
    for (size_t i = 0; i < FIELDS; i++) {
        int64_t value = value_of(stats, &fields[i]);
        if (fields[i].left_out == NULL || value == 0) continue;
        weir_cli_text_print(text, "%s%s %s", before, weir_cli_count_text(value, count), fields[i].left_out);
        before = ", ";
    }
}

/* Nothing is lost in silence, also without --stats. */
static void say_left_out(const struct weir_stats *total) {
    struct weir_cli_text text = {0};
    char count[WEIR_CLI_COUNT_BYTES];
    weir_cli_stats_left_out(&text, "", total);
    if (text.used > 0 && !text.failed)
        weir_cli_say("note: left out of %s rows: %s (--stats counts all)",
                     weir_cli_count_text(total->rows_in, count), text.data);
    if (total->nulled > 0)
        weir_cli_say("note: %s fields could not be read and became NULL",
                     weir_cli_count_text(total->nulled, count));
    weir_cli_text_fini(&text);
}

int weir_cli_stats_report(const struct weir_cli_stats *stats, const struct weir_cli_options *options,
                          int exit_code) {
    struct weir_stats total = weir_cli_stats_total(stats);
    if (options->stats)
        say_summary(&total);
    else
        say_left_out(&total);
    if (stats->fd >= 0 && !write_file(stats, exit_code) && exit_code == WEIR_CLI_DONE) return WEIR_CLI_FAILED;
    return exit_code;
}

void weir_cli_stats_fini(struct weir_cli_stats *stats) {
    free(stats->statements);
    if (stats->fd >= 0) close(stats->fd);
    memset(stats, 0, sizeof(*stats));
    stats->fd = -1;
}
