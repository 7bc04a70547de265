/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "base/error.h"
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

static enum weir_status set_zone(struct weir_settings *settings, const struct weir_statement *set,
                                 struct weir_error *error) {
    (void)settings;
    static const char *const utc[] = {"UTC", "Etc/UTC", "Z", "GMT", "Etc/GMT", "default"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(utc); i++) {
        if (weir_word_equal(set->value, utc[i])) return WEIR_OK;
    }
    return not_yet(set, "'UTC' is", error);
}

/* weir does at any interval what Flink does at 0: every row moves the watermark. */
static enum weir_status accept(struct weir_settings *settings, const struct weir_statement *set,
                               struct weir_error *error) {
    (void)settings, (void)set, (void)error;
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

static enum weir_status set_false(struct weir_settings *settings, const struct weir_statement *set,
                                  struct weir_error *error) {
    (void)settings;
    return weir_word_equal(set->value, "false") ? WEIR_OK : not_yet(set, "'false' is", error);
}

static enum weir_status set_cast(struct weir_settings *settings, const struct weir_statement *set,
                                 struct weir_error *error) {
    (void)settings;
    return weir_word_equal(set->value, "DISABLED") ? WEIR_OK : not_yet(set, "'DISABLED' is", error);
}

static const struct {
    const char *key;
    enum weir_status (*apply)(struct weir_settings *, const struct weir_statement *, struct weir_error *);
} known[] = {
    {"execution.runtime-mode", set_mode},
    {"pipeline.auto-watermark-interval", accept},
    {"table.local-time-zone", set_zone},
    {"table.sql-dialect", set_dialect},
    {"table.exec.sink.not-null-enforcer", set_enforcer},
    {"table.exec.source.idle-timeout", set_zero},
    {"table.exec.emit.early-fire.enabled", set_false},
    {"table.exec.emit.early-fire.delay", set_zero},
    {"table.exec.emit.late-fire.enabled", set_false},
    {"table.exec.emit.late-fire.delay", set_zero},
    {"table.exec.emit.allow-lateness", set_zero},
    {"table.exec.state.ttl", set_zero},
    {"table.exec.legacy-cast-behaviour", set_cast},
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
        settings->mode = WEIR_MODE_STREAMING;
        return WEIR_OK;
    }
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(known); i++) {
        if (strcmp(statement->name, known[i].key) != 0) continue;
        if (!reset) return known[i].apply(settings, statement, error);
        if (known[i].apply == set_mode) settings->mode = WEIR_MODE_STREAMING;
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
