/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zone_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/error.h"
#include "base/zone.h"

/* ---- offsets ---- */

/* Two digits below `limit`; -1: none. */
static int32_t two_digits(const char *text, int32_t limit) {
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return -1;
    int32_t number = (text[0] - '0') * 10 + text[1] - '0';
    return number < limit ? number : -1;
}

/* h, hh, hh:mm, hhmm, hh:mm:ss or hhmmss after the sign. */
static bool parse_offset(const char *text, int32_t *offset_s) {
    if ((text[0] != '+' && text[0] != '-') || text[1] == '\0') return false;
    const char *digits = text + 1;
    size_t length = strlen(digits);
    int32_t parts[3] = {0, 0, 0};
    if (length == 1) {
        if (digits[0] < '0' || digits[0] > '9') return false;
        parts[0] = digits[0] - '0';
    } else {
        bool colons = length > 2 && digits[2] == ':';
        size_t step = colons ? 3 : 2, count = colons ? (length + 1) / 3 : length / 2;
        if (count > 3 || length != (colons ? count * 3 - 1 : count * 2)) return false;
        for (size_t i = 0; i < count; i++) {
            if (i > 0 && colons && digits[i * step - 1] != ':') return false;
            if ((parts[i] = two_digits(digits + i * step, i == 0 ? 19 : 60)) < 0) return false;
        }
    }
    int32_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    *offset_s = text[0] == '-' ? -seconds : seconds;
    return seconds <= 18 * 3600;
}

bool weir_zone_name_offset(const char *name, int32_t *offset_s) {
    static const char *const prefixes[] = {"UTC", "GMT", "UT"};
    *offset_s = 0;
    if (strcmp(name, "Z") == 0) return true;
    if (strlen(name) > WEIR_ZONE_NAME_MAX) return false;
    if (parse_offset(name, offset_s)) return true;
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(prefixes); i++) {
        size_t length = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], length) != 0) continue;
        *offset_s = 0;
        if (name[length] == '\0' || parse_offset(name + length, offset_s)) return true;
    }
    return false;
}

/* ---- regions ---- */

static bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

static bool is_name_letter(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '/';
}

bool weir_zone_name_is_region(const char *name) {
    static const char *const others[] = {"EST", "MST", "HST", "ROC", "Factory", "localtime", "posixrules"};
    size_t length = strlen(name);
    if (length < 2 || length > WEIR_ZONE_NAME_MAX || !is_letter(name[0])) return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_name_letter(name[i]) || (name[i] == '/' && !is_letter(name[i + 1]))) return false;
    }
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(others); i++) {
        if (strcmp(name, others[i]) == 0) return false;
    }
    return strncmp(name, "posix/", 6) != 0 && strncmp(name, "right/", 6) != 0; /* leap seconds */
}

/* ---- the nearest name ---- */

#define LIST_BYTES_MAX (1 << 20)
#define NAMES_MAX 2000

/* The database's own list of rules, zones ("Z name ...") and links ("L target name"); malloc'd, NULL without one.
 */
static char *read_list(void) {
    const char *folder = getenv("TZDIR");
    char path[512];
    snprintf(path, sizeof(path), "%s/tzdata.zi", folder == NULL ? "/usr/share/zoneinfo" : folder);
    FILE *file = fopen(path, "re");
    if (file == NULL) return NULL;
    char *text = malloc(LIST_BYTES_MAX + 1);
    size_t bytes = text == NULL ? 0 : fread(text, 1, LIST_BYTES_MAX, file);
    fclose(file);
    if (text != NULL) text[bytes] = '\0';
    return text;
}

/* Cuts the line of a list into the name in it; NULL where it has none. *next: the following line. */
static const char *name_of_line(char *line, char **next) {
    char *end = line + strcspn(line, "\n");
    *next = *end == '\0' ? end : end + 1;
    *end = '\0';
    bool link = line[0] == 'L';
    if ((line[0] != 'Z' && !link) || line[1] != ' ') return NULL;
    char *name = line + 2;
    if (link) {
        name += strcspn(name, " ");
        if (*name++ != ' ') return NULL;
    }
    name[strcspn(name, " ")] = '\0';
    return weir_zone_name_is_region(name) ? name : NULL;
}

/* The nearest of the names in the list, or NULL. */
static const char *nearest(const char *name, char *list, const char **names) {
    size_t count = 0;
    names[count++] = "UTC";
    for (char *line = list; *line != '\0' && count < NAMES_MAX;) {
        char *next;
        const char *found = name_of_line(line, &next);
        if (found != NULL) names[count++] = found;
        line = next;
    }
    return weir_nearest_name(name, names, count);
}

enum weir_status weir_zone_name_unknown(const char *name, struct weir_error *error) {
    char *list = read_list();
    const char **names = list == NULL ? NULL : malloc(NAMES_MAX * sizeof(*names));
    const char *near = names == NULL ? NULL : nearest(name, list, names);
    enum weir_status status = weir_error_set(
        error, WEIR_ERR_INVALID, "there is no time zone '%.80s'%s%s%s", name,
        near == NULL ? "; use a region such as 'Europe/Berlin', an offset such as 'GMT+08:00', or 'UTC'"
                     : "; did you mean '",
        near == NULL ? "" : near, near == NULL ? "" : "'?");
    free(names);
    free(list);
    return status;
}
