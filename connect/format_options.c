/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "base/checked.h"
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

/* ---- durations --------------------------------------------------------------------------------------------------
 */

/* Units as Flink's TimeUtils knows them. */
static const struct {
    const char *name;
    int64_t ns;
} units[] = {
    {"", 1000000},
    {"ms", 1000000},
    {"milli", 1000000},
    {"millisecond", 1000000},
    {"s", 1000000000},
    {"sec", 1000000000},
    {"second", 1000000000},
    {"min", 60000000000},
    {"m", 60000000000},
    {"minute", 60000000000},
    {"h", 3600000000000},
    {"hour", 3600000000000},
    {"d", 86400000000000},
    {"day", 86400000000000},
    {"us", 1000},
    {"\xc2\xb5s", 1000},
    {"micro", 1000},
    {"microsecond", 1000},
    {"ns", 1},
    {"nano", 1},
    {"nanosecond", 1},
};

/* Longer than any program runs, and short enough to be added to a clock. */
#define DURATION_MS_MAX INT64_C(1000000000000)

static int64_t unit_ns(const char *name) {
    size_t length = strlen(name);
    bool is_plural = length > 2 && (name[length - 1] == 's' || name[length - 1] == 'S');
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(units); i++) {
        if (strcasecmp(units[i].name, name) == 0) return units[i].ns;
        bool is_word = strlen(units[i].name) + 1 == length && length > 3;
        if (is_plural && is_word && strncasecmp(units[i].name, name, length - 1) == 0) return units[i].ns;
    }
    return 0;
}

enum weir_status weir_option_duration(const struct weir_option *option, int64_t *ms, struct weir_error *error) {
    const char *at = option->value;
    int64_t number = 0, ns = 0;
    char unit[16] = "";
    while (*at == ' ') at++;
    bool is_number = *at >= '0' && *at <= '9', fits = true;
    for (; *at >= '0' && *at <= '9'; at++) {
        fits = fits && weir_mul_i64(number, 10, &number) && weir_add_i64(number, *at - '0', &number);
    }
    while (*at == ' ') at++;
    size_t length = strcspn(at, " ");
    if (length < sizeof(unit) && at[length + strspn(at + length, " ")] == '\0') {
        memcpy(unit, at, length);
        unit[length] = '\0';
        ns = unit_ns(unit);
    }
    if (is_number && ns > 0 && fits && weir_mul_i64(number, ns, &number) && number / 1000000 <= DURATION_MS_MAX) {
        *ms = number / 1000000;
        return WEIR_OK;
    }
    return weir_error_set_at(error, WEIR_ERR_SQL, option->line, option->column,
                             "'%s' = '%s': want a duration, such as '1 s', '500 ms' or '2 min'", option->key,
                             option->value);
}
