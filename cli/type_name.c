/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/type_name.h"

#include <stdio.h>
#include <string.h>

/* Unsigned integers are read as the next larger signed type. */
static const struct {
    const char *format;
    const char *name;
} names[] = {
    {"n", "NULL"},      {"b", "BOOLEAN"},   {"c", "TINYINT"}, {"s", "SMALLINT"},  {"i", "INT"},
    {"l", "BIGINT"},    {"C", "SMALLINT"},  {"S", "INT"},     {"I", "BIGINT"},    {"L", "DECIMAL(20, 0)"},
    {"f", "FLOAT"},     {"g", "DOUBLE"},    {"u", "STRING"},  {"U", "STRING"},    {"z", "BYTES"},
    {"Z", "BYTES"},     {"tdD", "DATE"},    {"tdm", "DATE"},  {"tts", "TIME(0)"}, {"ttm", "TIME(3)"},
    {"ttu", "TIME(6)"}, {"ttn", "TIME(9)"},
};

static bool is_timestamp(const char *format) {
    return strncmp(format, "ts", 2) == 0 && format[2] != '\0' && strchr("smun", format[2]) != NULL &&
           format[3] == ':';
}

static int digits_of(char unit) { return unit == 's' ? 0 : unit == 'm' ? 3 : unit == 'u' ? 6 : 9; }

/* What weir reads no values of: nested columns, and some that Arrow has and SQL has not. */
static void name_other(const char *format, char *buffer) {
    const char *name = strcmp(format, "+s") == 0                                                    ? "ROW"
                       : strcmp(format, "+m") == 0                                                  ? "MAP"
                       : format[0] == '+' && format[1] != '\0' && strchr("lLwv", format[1]) != NULL ? "ARRAY"
                                                                                                    : NULL;
    if (name != NULL)
        snprintf(buffer, WEIR_CLI_TYPE_BYTES, "%s", name);
    else
        snprintf(buffer, WEIR_CLI_TYPE_BYTES, "Arrow format '%.24s'", format);
}

bool weir_cli_type_is_read(const struct ArrowSchema *column) {
    const char *format = column->dictionary != NULL ? column->dictionary->format : column->format;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].format, format) == 0) return true;
    }
    return is_timestamp(format) || strncmp(format, "d:", 2) == 0;
}

char *weir_cli_type_name(const struct ArrowSchema *column, char *buffer) {
    const char *format = column->dictionary != NULL ? column->dictionary->format : column->format;
    name_other(format, buffer);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].format, format) == 0) snprintf(buffer, WEIR_CLI_TYPE_BYTES, "%s", names[i].name);
    }
    if (is_timestamp(format))
        snprintf(buffer, WEIR_CLI_TYPE_BYTES, format[4] == '\0' ? "TIMESTAMP(%d)" : "TIMESTAMP_LTZ(%d)",
                 digits_of(format[2]));
    const char *comma = strncmp(format, "d:", 2) == 0 ? strchr(format, ',') : NULL;
    if (comma != NULL)
        snprintf(buffer, WEIR_CLI_TYPE_BYTES, "DECIMAL(%.*s, %.*s)", (int)(comma - format - 2), format + 2,
                 (int)strcspn(comma + 1, ","), comma + 1);
    return buffer;
}

bool weir_cli_type_is_number(const struct ArrowSchema *column) {
    if (column->dictionary != NULL) return false;
    if (strncmp(column->format, "d:", 2) == 0) return true;
    return column->format[0] != '\0' && column->format[1] == '\0' &&
           strchr("cCsSiIlLefg", column->format[0]) != NULL;
}

size_t weir_cli_type_time_bytes(const struct ArrowSchema *column) {
    if (column->dictionary != NULL) return 0;
    if (is_timestamp(column->format) || strcmp(column->format, "tdm") == 0) return 8;
    return strcmp(column->format, "tdD") == 0 ? 4 : 0;
}
