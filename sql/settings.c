/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/settings.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/zone.h"
#include "sql/lexer.h"

static enum weir_status bad_value(const struct weir_statement *set, const char *expected,
                                  struct weir_error *error) {
    return weir_error_set_at(error, WEIR_ERR_SQL, set->name_at.line, set->name_at.column,
                             "'%.80s' is no value of '%s'; expected %s", set->value, set->name, expected);
}

static enum weir_status not_yet(const struct weir_statement *set, const char *works, struct weir_error *error) {
    return weir_error_set_at(error, WEIR_ERR_UNSUPPORTED, set->name_at.line, set->name_at.column,
                             "'%s' = '%.80s' is not supported yet; %s", set->name, set->value, works);
}

static enum weir_status set_mode(struct weir_settings *settings, const struct weir_statement *set,
                                 struct weir_error *error) {
    static const char *const names[] = {"streaming", "batch", "automatic"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(names); i++) {
        if (!weir_word_equal(set->value, names[i])) continue;
        settings->mode = (enum weir_runtime_mode)i;
        return WEIR_OK;
    }
    return bad_value(set, "'streaming', 'batch' or 'automatic'", error);
}

/* Flink's 'default' is the zone of its machine; here it is UTC. */
static enum weir_status set_zone(struct weir_settings *settings, const struct weir_statement *set,
                                 struct weir_error *error) {
    struct weir_error wrong = {0};
    struct weir_zone *zone = NULL;
    settings->zone = NULL;
    if (weir_word_equal(set->value, "default")) return WEIR_OK;
    enum weir_status status = weir_zone_open(set->value, &zone, &wrong);
    if (status != WEIR_OK)
        return weir_error_set_at(error, status == WEIR_ERR_INVALID ? WEIR_ERR_SQL : status, set->name_at.line,
                                 set->name_at.column, "'%s': %s", set->name, wrong.message);
    if (!weir_zone_is_utc(zone)) settings->zone = set->value;
    weir_zone_close(&zone);
    return WEIR_OK;
}

static enum weir_status set_dialect(struct weir_settings *settings, const struct weir_statement *set,
                                    struct weir_error *error) {
    (void)settings;
    return weir_word_equal(set->value, "default") ? WEIR_OK : not_yet(set, "'default' is", error);
}

static enum weir_status set_enforcer(struct weir_settings *settings, const struct weir_statement *set,
                                     struct weir_error *error) {
    (void)settings;
    return weir_word_equal(set->value, "ERROR") ? WEIR_OK : not_yet(set, "'ERROR' is", error);
}

static enum weir_status set_zero(struct weir_settings *settings, const struct weir_statement *set,
                                 struct weir_error *error) {
    (void)settings;
    const char *text = set->value;
    while (*text == ' ' || *text == '0') text++;
    while (*text == ' ' || (*text >= 'a' && *text <= 'z')) text++;
    return *text == '\0' ? WEIR_OK : not_yet(set, "'0' (off) is", error);
}

static enum weir_status read_duration(const struct weir_statement *set, int64_t *ms, struct weir_error *error) {
    const char *reason;
    int64_t value;
    if (weir_duration_parse(set->value, &value, &reason)) {
        *ms = value;
        return WEIR_OK;
    }
    return weir_error_set_at(error, WEIR_ERR_SQL, set->name_at.line, set->name_at.column,
                             "'%.80s' is no duration for '%s': %s", set->value, set->name, reason);
}

static enum weir_status read_boolean(const struct weir_statement *set, bool *out, struct weir_error *error) {
    bool yes = weir_word_equal(set->value, "true");
    if (!yes && !weir_word_equal(set->value, "false")) return bad_value(set, "'true' or 'false'", error);
    *out = yes;
    return WEIR_OK;
}

/* One of count words. */
static enum weir_status read_word(const struct weir_statement *set, const char *const *words, int count,
                                  const char *expected, int *out, struct weir_error *error) {
    for (*out = 0; *out < count; (*out)++) {
        if (weir_word_equal(set->value, words[*out])) return WEIR_OK;
    }
    return bad_value(set, expected, error);
}

/* weir does at any interval what Flink does at 0: every row moves the watermark. */
static enum weir_status set_interval(struct weir_settings *settings, const struct weir_statement *set,
                                     struct weir_error *error) {
    (void)settings;
    int64_t ms;
    return read_duration(set, &ms, error);
}

static enum weir_status set_early_fire(struct weir_settings *settings, const struct weir_statement *set,
                                       struct weir_error *error) {
    return read_boolean(set, &settings->early_fire, error);
}

static enum weir_status set_early_delay(struct weir_settings *settings, const struct weir_statement *set,
                                        struct weir_error *error) {
    enum weir_status status = read_duration(set, &settings->early_delay.ms, error);
    if (status == WEIR_OK) settings->early_delay.set = true;
    return status;
}

static enum weir_status set_late_fire(struct weir_settings *settings, const struct weir_statement *set,
                                      struct weir_error *error) {
    return read_boolean(set, &settings->late_fire, error);
}

static enum weir_status set_late_delay(struct weir_settings *settings, const struct weir_statement *set,
                                       struct weir_error *error) {
    int64_t ms = 0;
    enum weir_status status = read_duration(set, &ms, error);
    if (status != WEIR_OK) return status;
    if (ms > 0) return not_yet(set, "'0 s' is: a late row fires its window at once", error);
    settings->late_delay = (struct weir_setting_duration){true, ms};
    return WEIR_OK;
}

static enum weir_status set_lateness(struct weir_settings *settings, const struct weir_statement *set,
                                     struct weir_error *error) {
    return read_duration(set, &settings->lateness_ms, error);
}

static enum weir_status set_idle(struct weir_settings *settings, const struct weir_statement *set,
                                 struct weir_error *error) {
    return read_duration(set, &settings->idle_ms, error);
}

static enum weir_status set_late_policy(struct weir_settings *settings, const struct weir_statement *set,
                                        struct weir_error *error) {
    static const char *const words[] = {"drop", "side-output", "fold"};
    static const enum weir_row_policy policies[] = {WEIR_ROWS_DROP, WEIR_ROWS_SIDE, WEIR_ROWS_FOLD};
    int word;
    enum weir_status status = read_word(set, words, 3, "'drop', 'side-output' or 'fold'", &word, error);
    if (status == WEIR_OK) settings->late = policies[word];
    return status;
}

static enum weir_status set_late_table(struct weir_settings *settings, const struct weir_statement *set,
                                       struct weir_error *error) {
    if (set->value[0] == '\0') return bad_value(set, "the name of a table", error);
    settings->late_table = set->value;
    settings->late_table_at = set->name_at;
    return WEIR_OK;
}

static enum weir_status set_early_rows(struct weir_settings *settings, const struct weir_statement *set,
                                       struct weir_error *error) {
    size_t digits = strspn(set->value, "0123456789");
    if (digits == 0 || digits > 18 || set->value[digits] != '\0' || strtoll(set->value, NULL, 10) < 1)
        return bad_value(set, "a number of rows from 1", error);
    settings->early_rows = strtoll(set->value, NULL, 10);
    return WEIR_OK;
}

static enum weir_status set_early_event_time(struct weir_settings *settings, const struct weir_statement *set,
                                             struct weir_error *error) {
    int64_t ms = 0;
    enum weir_status status = read_duration(set, &ms, error);
    if (status != WEIR_OK) return status;
    if (ms == 0) return bad_value(set, "a duration of 1 ms or more", error);
    settings->early_event_ms = ms;
    return WEIR_OK;
}

static enum weir_status set_update(struct weir_settings *settings, const struct weir_statement *set,
                                   struct weir_error *error) {
    static const char *const words[] = {"retracting", "accumulating", "discarding"};
    static const enum weir_update_mode modes[] = {WEIR_UPDATE_RETRACTING, WEIR_UPDATE_ACCUMULATING,
                                                  WEIR_UPDATE_DISCARDING};
    int word;
    enum weir_status status =
        read_word(set, words, 3, "'retracting', 'accumulating' or 'discarding'", &word, error);
    if (status == WEIR_OK) settings->update = modes[word];
    return status;
}

static enum weir_status set_end(struct weir_settings *settings, const struct weir_statement *set,
                                struct weir_error *error) {
    static const char *const words[] = {"flush", "discard", "mark"};
    static const enum weir_end_policy policies[] = {WEIR_END_FLUSH, WEIR_END_DISCARD, WEIR_END_MARK};
    int word;
    enum weir_status status = read_word(set, words, 3, "'flush', 'discard' or 'mark'", &word, error);
    if (status == WEIR_OK) settings->end = policies[word];
    return status;
}

static enum weir_status set_ordered_floats(struct weir_settings *settings, const struct weir_statement *set,
                                           struct weir_error *error) {
    return read_boolean(set, &settings->ordered_floats, error);
}

static enum weir_status set_cast(struct weir_settings *settings, const struct weir_statement *set,
                                 struct weir_error *error) {
    (void)settings;
    return weir_word_equal(set->value, "DISABLED") ? WEIR_OK : not_yet(set, "'DISABLED' is", error);
}

#define FIELD(name) offsetof(struct weir_settings, name), sizeof(((struct weir_settings *)0)->name)

/* The field that an option sets, which RESET zeroes; of no bytes where it sets none. */
static const struct {
    const char *key;
    enum weir_status (*apply)(struct weir_settings *, const struct weir_statement *, struct weir_error *);
    size_t offset;
    size_t bytes;
} known[] = {
    {"execution.runtime-mode", set_mode, FIELD(mode)},
    {"pipeline.auto-watermark-interval", set_interval, 0, 0},
    {"table.local-time-zone", set_zone, FIELD(zone)},
    {"table.sql-dialect", set_dialect, 0, 0},
    {"table.exec.sink.not-null-enforcer", set_enforcer, 0, 0},
    {"table.exec.source.idle-timeout", set_idle, FIELD(idle_ms)},
    {"table.exec.emit.early-fire.enabled", set_early_fire, FIELD(early_fire)},
    {"table.exec.emit.early-fire.delay", set_early_delay, FIELD(early_delay)},
    {"table.exec.emit.late-fire.enabled", set_late_fire, FIELD(late_fire)},
    {"table.exec.emit.late-fire.delay", set_late_delay, FIELD(late_delay)},
    {"table.exec.emit.allow-lateness", set_lateness, FIELD(lateness_ms)},
    {"table.exec.state.ttl", set_zero, 0, 0},
    {"table.exec.legacy-cast-behaviour", set_cast, 0, 0},
    {"weir.late.policy", set_late_policy, FIELD(late)},
    {"weir.late.table", set_late_table, FIELD(late_table)},
    {"weir.emit.early-fire.rows", set_early_rows, FIELD(early_rows)},
    {"weir.emit.early-fire.event-time", set_early_event_time, FIELD(early_event_ms)},
    {"weir.emit.mode", set_update, FIELD(update)},
    {"weir.end-of-input", set_end, FIELD(end)},
    {"weir.ordered-floats", set_ordered_floats, FIELD(ordered_floats)},
};

/* Options of Flink that say how fast, where or under which name it runs, never which rows it gives. One that ends
 * in a point stands for all that begin with it. */
static const char *const without_effect[] = {
    "parallelism.default",
    "pipeline.name",
    "pipeline.max-parallelism",
    "pipeline.object-reuse",
    "pipeline.operator-chaining",
    "pipeline.operator-chaining.enabled",
    "pipeline.jars",
    "pipeline.classpaths",
    "state.",
    "execution.checkpointing.",
    "execution.savepoint.",
    "execution.target",
    "execution.attached",
    "execution.batch.",
    "execution.batch-shuffle-mode",
    "execution.buffer-timeout",
    "restart-strategy",
    "restart-strategy.",
    "taskmanager.",
    "jobmanager.",
    "rest.",
    "heartbeat.",
    "akka.",
    "pekko.",
    "metrics.",
    "web.",
    "cluster.",
    "high-availability",
    "high-availability.",
    "kubernetes.",
    "yarn.",
    "env.",
    "io.",
    "client.",
    "job.",
    "sql-client.",
    "table.dml-sync",
    "table.optimizer.",
    "table.exec.mini-batch.",
    "table.exec.resource.",
    "table.exec.disabled-operators",
    "table.exec.sort.",
    "table.exec.spill-compression.",
    "table.exec.shuffle-mode",
    "table.exec.window-agg.buffer-size-limit",
    "table.exec.async-lookup.",
    "table.exec.operator-fusion-codegen.enabled",
    "table.exec.interval-join.",
    "table.generated-code.",
    "table.plan.",
    "table.display.",
    "table.catalog-modification.",
    "table.builtin-catalog-name",
    "table.builtin-database-name",
};

static bool has_no_effect(const char *key) {
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(without_effect); i++) {
        size_t length = strlen(without_effect[i]);
        bool prefix = without_effect[i][length - 1] == '.';
        if (prefix ? strncmp(key, without_effect[i], length) == 0 : strcmp(key, without_effect[i]) == 0)
            return true;
    }
    return false;
}

static enum weir_status unknown(const struct weir_statement *set, struct weir_error *error) {
    const char *names[WEIR_ARRAY_COUNT(known) + WEIR_ARRAY_COUNT(without_effect)];
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(known); i++) names[i] = known[i].key;
    memcpy(names + WEIR_ARRAY_COUNT(known), without_effect, sizeof(without_effect));
    const char *near = weir_nearest_name(set->name, names, WEIR_ARRAY_COUNT(names));
    return weir_error_set_at(error, WEIR_ERR_SQL, set->name_at.line, set->name_at.column,
                             "unknown option '%.120s'%s%s%s", set->name, near == NULL ? "" : "; did you mean '",
                             near == NULL ? "" : near, near == NULL ? "" : "'?");
}

enum weir_status weir_settings_apply(struct weir_settings *settings, const struct weir_statement *statement,
                                     weir_log_fn log, void *log_user, struct weir_error *error) {
    bool reset = statement->kind == WEIR_STATEMENT_RESET;
    if (reset && statement->name == NULL) {
        *settings = (struct weir_settings){.noticed = settings->noticed};
        return WEIR_OK;
    }
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(known); i++) {
        if (strcmp(statement->name, known[i].key) != 0) continue;
        if (!reset) return known[i].apply(settings, statement, error);
        memset((char *)settings + known[i].offset, 0, known[i].bytes);
        return WEIR_OK;
    }
    if (!has_no_effect(statement->name)) return unknown(statement, error);
    if (reset || settings->noticed || log == NULL) return WEIR_OK;
    char text[256];
    snprintf(text, sizeof(text),
             "'%.120s' and other options about how Flink runs are accepted and change nothing here",
             statement->name);
    settings->noticed = true;
    log(log_user, text);
    return WEIR_OK;
}
