/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define ZONE_BYTES_MAX 256 /* names of the tz database have less than 40 */

static const char units[] = {'s', 'm', 'u', 'n'};

const char *weir_arrow_integer_format(int64_t bits, bool is_signed) {
    switch (bits) {
    case 8: return is_signed ? "c" : "C";
    case 16: return is_signed ? "s" : "S";
    case 32: return is_signed ? "i" : "I";
    case 64: return is_signed ? "l" : "L";
    default: return NULL;
    }
}

static const char *float_format(const struct weir_flat_table *table) {
    static const char *const formats[] = {"e", "f", "g"};
    int64_t precision = weir_flat_int(table, 0, 2, 0);
    return precision >= 0 && precision < 3 ? formats[precision] : NULL;
}

static const char *time_format(const struct weir_flat_table *table) {
    static const char *const formats[] = {"tts", "ttm", "ttu", "ttn"};
    int64_t unit = weir_flat_int(table, 0, 2, 1);
    int64_t bits = weir_flat_int(table, 1, 4, 32);
    if (unit < 0 || unit > 3 || bits != (unit < 2 ? 32 : 64)) return NULL;
    return formats[unit];
}

static const char *date_format(const struct weir_flat_table *table) {
    int64_t unit = weir_flat_int(table, 0, 2, 1);
    return unit == 0 ? "tdD" : unit == 1 ? "tdm" : NULL;
}

static const char *interval_format(const struct weir_flat_table *table) {
    static const char *const formats[] = {"tiM", "tiD", "tin"};
    int64_t unit = weir_flat_int(table, 0, 2, 0);
    return unit >= 0 && unit < 3 ? formats[unit] : NULL;
}

static const char *decimal_format(const struct weir_flat_table *table, struct weir_arena *arena) {
    int precision = (int)weir_flat_int(table, 0, 4, 0);
    int scale = (int)weir_flat_int(table, 1, 4, 0);
    int bits = (int)weir_flat_int(table, 2, 4, 128);
    if (precision < 1 || precision > 76 || scale < -128 || scale > 128) return NULL;
    if (bits == 128) return weir_arena_format(arena, "d:%d,%d", precision, scale);
    if (bits != 32 && bits != 64 && bits != 256) return NULL;
    return weir_arena_format(arena, "d:%d,%d,%d", precision, scale, bits);
}

static const char *timestamp_format(const struct weir_flat_table *table, struct weir_arena *arena) {
    int64_t unit = weir_flat_int(table, 0, 2, 0);
    const char *zone = "";
    size_t bytes = 0;
    if (unit < 0 || unit > 3) return NULL;
    weir_flat_text(table, 1, &zone, &bytes);
    if (bytes > ZONE_BYTES_MAX || memchr(zone, 0, bytes) != NULL) return NULL;
    return weir_arena_format(arena, "ts%c:%.*s", units[unit], (int)bytes, zone);
}

static const char *duration_format(const struct weir_flat_table *table) {
    static const char *const formats[] = {"tDs", "tDm", "tDu", "tDn"};
    int64_t unit = weir_flat_int(table, 0, 2, 1);
    return unit >= 0 && unit < 4 ? formats[unit] : NULL;
}

/* NULL for what has no format or not enough memory. */
static const char *format_of(int64_t type, const struct weir_flat_table *table, struct weir_arena *arena) {
    switch (type) {
    case WEIR_ARROW_TYPE_NULL: return "n";
    case WEIR_ARROW_TYPE_INT:
        return weir_arrow_integer_format(weir_flat_int(table, 0, 4, 0), weir_flat_int(table, 1, 1, 0) != 0);
    case WEIR_ARROW_TYPE_FLOAT: return float_format(table);
    case WEIR_ARROW_TYPE_BINARY: return "z";
    case WEIR_ARROW_TYPE_UTF8: return "u";
    case WEIR_ARROW_TYPE_BOOL: return "b";
    case WEIR_ARROW_TYPE_DECIMAL: return decimal_format(table, arena);
    case WEIR_ARROW_TYPE_DATE: return date_format(table);
    case WEIR_ARROW_TYPE_TIME: return time_format(table);
    case WEIR_ARROW_TYPE_TIMESTAMP: return timestamp_format(table, arena);
    case WEIR_ARROW_TYPE_INTERVAL: return interval_format(table);
    case WEIR_ARROW_TYPE_LIST: return "+l";
    case WEIR_ARROW_TYPE_STRUCT: return "+s";
    case WEIR_ARROW_TYPE_UNION: return weir_flat_int(table, 0, 2, 0) == 0 ? "+us:" : "+ud:";
    case WEIR_ARROW_TYPE_FIXED_BINARY: return weir_arena_format(arena, "w:%d", (int)weir_flat_int(table, 0, 4, 0));
    case WEIR_ARROW_TYPE_FIXED_LIST: return weir_arena_format(arena, "+w:%d", (int)weir_flat_int(table, 0, 4, 0));
    case WEIR_ARROW_TYPE_MAP: return "+m";
    case WEIR_ARROW_TYPE_DURATION: return duration_format(table);
    case WEIR_ARROW_TYPE_LARGE_BINARY: return "Z";
    case WEIR_ARROW_TYPE_LARGE_UTF8: return "U";
    case WEIR_ARROW_TYPE_LARGE_LIST: return "+L";
    case WEIR_ARROW_TYPE_RUN_END: return "+r";
    case WEIR_ARROW_TYPE_BINARY_VIEW: return "vz";
    case WEIR_ARROW_TYPE_UTF8_VIEW: return "vu";
    case WEIR_ARROW_TYPE_LIST_VIEW: return "+vl";
    case WEIR_ARROW_TYPE_LARGE_LIST_VIEW: return "+vL";
    default: return NULL;
    }
}

enum weir_status weir_arrow_format_read(int64_t type, const struct weir_flat_table *table, struct weir_arena *arena,
                                        const char **out, struct weir_error *error) {
    *out = format_of(type, table, arena);
    if (*out != NULL) return WEIR_OK;
    if (type == 0) return weir_error_set(error, WEIR_ERR_FORMAT, "it has no type");
    if (type > WEIR_ARROW_TYPE_LARGE_LIST_VIEW) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "type number %lld of the Arrow format is not known here",
                              (long long)type);
    }
    return weir_error_set(error, WEIR_ERR_FORMAT, "the parameters of type number %lld make no sense",
                          (long long)type);
}

uint32_t weir_arrow_type_buffers(int64_t type, const char *format) {
    switch (type) {
    case WEIR_ARROW_TYPE_NULL:
    case WEIR_ARROW_TYPE_RUN_END: return 0;
    case WEIR_ARROW_TYPE_STRUCT:
    case WEIR_ARROW_TYPE_FIXED_LIST: return 1;
    case WEIR_ARROW_TYPE_UNION: return format[2] == 's' ? 1 : 2;
    case WEIR_ARROW_TYPE_BINARY:
    case WEIR_ARROW_TYPE_UTF8:
    case WEIR_ARROW_TYPE_LARGE_BINARY:
    case WEIR_ARROW_TYPE_LARGE_UTF8:
    case WEIR_ARROW_TYPE_LIST_VIEW:
    case WEIR_ARROW_TYPE_LARGE_LIST_VIEW: return 3;
    default: return 2;
    }
}

/* ---- writing ---------------------------------------------------------------------------------------------------
 */

static int64_t unit_number(char letter) {
    const char *found = memchr(units, letter, sizeof(units));
    return found == NULL ? 0 : found - units;
}

static size_t write_empty(struct weir_flat_builder *builder) { return weir_flat_add_table(builder, NULL, 0); }

static size_t write_integer(struct weir_flat_builder *builder, int64_t bits, bool is_signed) {
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){4, 1}, 2);
    weir_flat_put_field(builder, table, 0, 4, bits);
    weir_flat_put_field(builder, table, 1, 1, is_signed);
    return table;
}

/* A table of one 16-bit field, as floats, dates and intervals are. */
static size_t write_unit(struct weir_flat_builder *builder, int64_t unit) {
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){2}, 1);
    weir_flat_put_field(builder, table, 0, 2, unit);
    return table;
}

static size_t write_decimal(const char *format, struct weir_flat_builder *builder) {
    char *rest;
    long precision = strtol(format + 2, &rest, 10);
    long scale = *rest == ',' ? strtol(rest + 1, NULL, 10) : 0;
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){4, 4, 4}, 3);
    weir_flat_put_field(builder, table, 0, 4, precision);
    weir_flat_put_field(builder, table, 1, 4, scale);
    weir_flat_put_field(builder, table, 2, 4, 128);
    return table;
}

static size_t write_time(const char *format, struct weir_flat_builder *builder) {
    int64_t unit = unit_number(format[2]);
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){2, 4}, 2);
    weir_flat_put_field(builder, table, 0, 2, unit);
    weir_flat_put_field(builder, table, 1, 4, unit < 2 ? 32 : 64);
    return table;
}

static size_t write_timestamp(const char *format, struct weir_flat_builder *builder) {
    const char *zone = format[3] == ':' ? format + 4 : "";
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){2, *zone == '\0' ? 0 : 4}, 2);
    weir_flat_put_field(builder, table, 0, 2, unit_number(format[2]));
    if (*zone != '\0') weir_flat_link_field(builder, table, 1, weir_flat_add_text(builder, zone, strlen(zone)));
    return table;
}

static size_t write_temporal(const char *format, struct weir_flat_builder *builder, enum weir_arrow_type *type) {
    switch (format[1]) {
    case 'd': *type = WEIR_ARROW_TYPE_DATE; return write_unit(builder, format[2] == 'm');
    case 't': *type = WEIR_ARROW_TYPE_TIME; return write_time(format, builder);
    case 'D': *type = WEIR_ARROW_TYPE_DURATION; return write_unit(builder, unit_number(format[2]));
    case 's': *type = WEIR_ARROW_TYPE_TIMESTAMP; return write_timestamp(format, builder);
    default: *type = WEIR_ARROW_TYPE_INTERVAL; return write_unit(builder, 0);
    }
}

size_t weir_arrow_format_write(const char *format, struct weir_flat_builder *builder, enum weir_arrow_type *type) {
    static const char integers[] = "cCsSiIlL";
    const char *integer = strchr(integers, format[0]);
    if (integer != NULL) {
        *type = WEIR_ARROW_TYPE_INT;
        long at = integer - integers;
        return write_integer(builder, INT64_C(8) << (at / 2), at % 2 == 0);
    }
    switch (format[0]) {
    case 'b': *type = WEIR_ARROW_TYPE_BOOL; return write_empty(builder);
    case 'f': *type = WEIR_ARROW_TYPE_FLOAT; return write_unit(builder, 1);
    case 'g': *type = WEIR_ARROW_TYPE_FLOAT; return write_unit(builder, 2);
    case 'u': *type = WEIR_ARROW_TYPE_UTF8; return write_empty(builder);
    case 'U': *type = WEIR_ARROW_TYPE_LARGE_UTF8; return write_empty(builder);
    case 'z': *type = WEIR_ARROW_TYPE_BINARY; return write_empty(builder);
    case 'Z': *type = WEIR_ARROW_TYPE_LARGE_BINARY; return write_empty(builder);
    case 'd': *type = WEIR_ARROW_TYPE_DECIMAL; return write_decimal(format, builder);
    case 't': return write_temporal(format, builder, type);
    default: *type = WEIR_ARROW_TYPE_NULL; return write_empty(builder);
    }
}

const char *weir_arrow_format_name(const char *format) {
    static const char *const names[][2] = {
        {"+l", "list"},
        {"+L", "large list"},
        {"+vl", "list view"},
        {"+vL", "large list view"},
        {"+w", "fixed-size list"},
        {"+s", "struct"},
        {"+m", "map"},
        {"+u", "union"},
        {"+r", "run-end encoded"},
        {"vu", "string view"},
        {"vz", "binary view"},
        {"w:", "fixed-size binary"},
        {"e", "float16"},
        {"tD", "duration"},
        {"ti", "interval"},
        {"d:", "decimal"},
    };
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(names); i++) {
        if (strncmp(format, names[i][0], strlen(names[i][0])) == 0) return names[i][1];
    }
    return format;
}
