/* SPDX-License-Identifier: Apache-2.0
 *
 * Options of a table that say how its watermark moves: 'scan.watermark.*' in WITH.
 */
#include <string.h>

#include "base/duration.h"
#include "base/error.h"
#include "sql/bind.h"
#include "sql/lexer.h"

#define PREFIX "scan.watermark."

bool weir_option_is_watermark(const char *key) { return strncmp(key, PREFIX, strlen(PREFIX)) == 0; }

static bool fail(struct weir_binder *b, const struct weir_option *option, const char *expected) {
    weir_bind_fail(b, WEIR_ERR_SQL, (struct weir_place){option->line, option->column},
                   "'%.80s' is no value of '%s'; expected %s", option->value, option->key, expected);
    return false;
}

static bool read_duration(struct weir_binder *b, const struct weir_option *option, int64_t least, int64_t *out) {
    const char *reason;
    if (!weir_duration_parse(option->value, out, &reason)) {
        weir_bind_fail(b, WEIR_ERR_SQL, (struct weir_place){option->line, option->column},
                       "'%.80s' is no duration for '%s': %s", option->value, option->key, reason);
        return false;
    }
    return *out >= least || fail(b, option, "a duration of 1 ms or more");
}

static bool set_idle(struct weir_binder *b, const struct weir_option *option, struct weir_watermark_spec *out) {
    return read_duration(b, option, 0, &out->idle_after_ms);
}

static bool set_close(struct weir_binder *b, const struct weir_option *option, struct weir_watermark_spec *out) {
    return read_duration(b, option, 0, &out->close_after_ms);
}

static bool set_future(struct weir_binder *b, const struct weir_option *option, struct weir_watermark_spec *out) {
    return read_duration(b, option, 1, &out->future_max_ms);
}

static bool set_policy(struct weir_binder *b, const struct weir_option *option, struct weir_watermark_spec *out) {
    static const struct {
        const char *word;
        enum weir_row_policy policy;
    } words[] = {{"keep", WEIR_ROWS_KEEP}, {"drop", WEIR_ROWS_DROP}, {"side-output", WEIR_ROWS_SIDE}};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(words); i++) {
        if (!weir_word_equal(option->value, words[i].word)) continue;
        out->future = words[i].policy;
        return true;
    }
    return fail(b, option, "'keep', 'drop' or 'side-output'");
}

static bool set_reference(struct weir_binder *b, const struct weir_option *option,
                          struct weir_watermark_spec *out) {
    out->future_by_partitions = weir_word_equal(option->value, "partitions");
    if (out->future_by_partitions || weir_word_equal(option->value, "wall-clock")) return true;
    return fail(b, option, "'wall-clock' or 'partitions'");
}

static const struct {
    const char *key;
    bool (*set)(struct weir_binder *, const struct weir_option *, struct weir_watermark_spec *);
} known[] = {
    {PREFIX "idle-timeout", set_idle},    {PREFIX "max-future", set_future},
    {PREFIX "future-policy", set_policy}, {PREFIX "future-reference", set_reference},
    {PREFIX "close-after", set_close},
};

static bool set_option(struct weir_binder *b, const struct weir_option *option, struct weir_watermark_spec *out) {
    const char *names[WEIR_ARRAY_COUNT(known)];
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(known); i++) {
        if (strcmp(option->key, known[i].key) == 0) return known[i].set(b, option, out);
        names[i] = known[i].key;
    }
    const char *near = weir_nearest_name(option->key, names, WEIR_ARRAY_COUNT(names));
    weir_bind_fail(b, WEIR_ERR_SQL, (struct weir_place){option->line, option->column},
                   "a table has no option '%.120s'%s%s%s", option->key, near == NULL ? "" : "; did you mean '",
                   near == NULL ? "" : near, near == NULL ? "" : "'?");
    return false;
}

/* What goes with something that is not there. */
static bool check_needs(struct weir_binder *b, const struct weir_ast_table *table, const struct weir_option *option,
                        const struct weir_watermark_spec *spec) {
    const char *needs = NULL;
    if (table->watermark_column == NULL) {
        needs = "the table has no WATERMARK";
    } else if (strncmp(option->key, PREFIX "future-", strlen(PREFIX "future-")) == 0 && spec->future_max_ms == 0) {
        needs = "it needs '" PREFIX "max-future'";
    }
    if (needs == NULL) return true;
    weir_bind_fail(b, WEIR_ERR_SQL, (struct weir_place){option->line, option->column},
                   "'%s' has nothing to act on: %s", option->key, needs);
    return false;
}

bool weir_bind_watermark_options(struct weir_binder *b, const struct weir_ast_table *table,
                                 struct weir_watermark_spec *out) {
    if (b->request != NULL) out->idle_after_ms = b->request->settings->idle_ms;
    out->future = WEIR_ROWS_KEEP;
    for (int32_t i = 0; i < table->options_count; i++) {
        const struct weir_option *option = table->options[i];
        if (weir_option_is_watermark(option->key) && !set_option(b, option, out)) return false;
    }
    for (int32_t i = 0; i < table->options_count; i++) {
        const struct weir_option *option = table->options[i];
        if (weir_option_is_watermark(option->key) && !check_needs(b, table, option, out)) return false;
    }
    return true;
}
