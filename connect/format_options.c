/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/duration.h"
#include "base/error.h"
#include "connect/format.h"

const char *weir_option_get(const struct weir_option *options, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].key, key) == 0) return options[i].value;
    }
    return NULL;
}

static bool is_known(const char *key, const char *const *known) {
    for (; *known; known++) {
        if (strcmp(*known, key) == 0) return true;
    }
    return false;
}

enum weir_status weir_options_check(const struct weir_option *options, size_t count, const char *const *known,
                                    const char *owner, struct weir_error *error) {
    size_t known_count = 0;
    while (known[known_count]) known_count++;
    for (size_t i = 0; i < count; i++) {
        const struct weir_option *option = &options[i];
        if (is_known(option->key, known)) continue;
        const char *nearest = weir_nearest_name(option->key, known, known_count);
        return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column, "%s has no option '%s'%s%s%s",
                                 owner, option->key, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                                 nearest ? "'?" : "");
    }
    return WEIR_OK;
}

/* Longer than any program runs, and short enough to be added to a clock. */
#define DURATION_MS_MAX INT64_C(1000000000000)

enum weir_status weir_option_duration(const struct weir_option *option, int64_t *ms, struct weir_error *error) {
    const char *reason = "it is longer than 30 years";
    if (weir_duration_parse(option->value, ms, &reason) && *ms <= DURATION_MS_MAX) return WEIR_OK;
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                             "'%.80s' is no duration for '%s': %s", option->value, option->key, reason);
}
