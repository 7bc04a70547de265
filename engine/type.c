/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define TICKS_MS INT64_C(1000)
#define TICKS_US INT64_C(1000000)
#define TICKS_NS INT64_C(1000000000)

enum weir_vector_kind weir_type_vector(struct weir_type type) {
    switch (type.id) {
    case WEIR_TYPE_BOOLEAN: return WEIR_VECTOR_BOOL;
    case WEIR_TYPE_FLOAT:
    case WEIR_TYPE_DOUBLE: return WEIR_VECTOR_F64;
    case WEIR_TYPE_DECIMAL: return WEIR_VECTOR_I128;
    case WEIR_TYPE_STRING:
    case WEIR_TYPE_BYTES: return WEIR_VECTOR_STRING;
    default: return WEIR_VECTOR_I64;
    }
}

bool weir_type_is_integer(struct weir_type type) {
    return type.id >= WEIR_TYPE_TINYINT && type.id <= WEIR_TYPE_BIGINT;
}

bool weir_type_is_numeric(struct weir_type type) {
    return type.id >= WEIR_TYPE_TINYINT && type.id <= WEIR_TYPE_DECIMAL;
}

bool weir_type_is_time(struct weir_type type) {
    return type.id == WEIR_TYPE_TIMESTAMP || type.id == WEIR_TYPE_TIMESTAMP_LTZ;
}

int64_t weir_type_ticks(struct weir_type type) {
    if (type.precision <= 3) return TICKS_MS;
    return type.precision <= 6 ? TICKS_US : TICKS_NS;
}

bool weir_type_equal(struct weir_type a, struct weir_type b) {
    if (a.id != b.id) return false;
    switch (a.id) {
    case WEIR_TYPE_DECIMAL: return a.precision == b.precision && a.scale == b.scale;
    case WEIR_TYPE_TIME:
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ: return a.precision == b.precision;
    case WEIR_TYPE_STRING: return a.length == b.length && a.fixed == b.fixed;
    default: return true;
    }
}

static const char *plain_name(enum weir_type_id id) {
    switch (id) {
    case WEIR_TYPE_NULL: return "NULL";
    case WEIR_TYPE_BOOLEAN: return "BOOLEAN";
    case WEIR_TYPE_TINYINT: return "TINYINT";
    case WEIR_TYPE_SMALLINT: return "SMALLINT";
    case WEIR_TYPE_INT: return "INT";
    case WEIR_TYPE_BIGINT: return "BIGINT";
    case WEIR_TYPE_FLOAT: return "FLOAT";
    case WEIR_TYPE_DOUBLE: return "DOUBLE";
    case WEIR_TYPE_DECIMAL: return "DECIMAL";
    case WEIR_TYPE_DATE: return "DATE";
    case WEIR_TYPE_TIME: return "TIME";
    case WEIR_TYPE_TIMESTAMP: return "TIMESTAMP";
    case WEIR_TYPE_TIMESTAMP_LTZ: return "TIMESTAMP_LTZ";
    case WEIR_TYPE_STRING: return "STRING";
    case WEIR_TYPE_BYTES: return "BYTES";
    case WEIR_TYPE_INTERVAL_MS: return "INTERVAL SECOND(3)";
    case WEIR_TYPE_INTERVAL_MONTH: return "INTERVAL MONTH";
    }
    return "UNKNOWN";
}

char *weir_type_name(struct weir_type type, bool with_null, char *buffer, size_t size) {
    const char *tail = with_null && !type.nullable ? " NOT NULL" : "";
    const char *name = plain_name(type.id);
    switch (type.id) {
    case WEIR_TYPE_DECIMAL: snprintf(buffer, size, "%s(%d, %d)%s", name, type.precision, type.scale, tail); break;
    case WEIR_TYPE_TIME:
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ: snprintf(buffer, size, "%s(%d)%s", name, type.precision, tail); break;
    case WEIR_TYPE_STRING:
        if (type.fixed || type.length != WEIR_LENGTH_MAX) {
            snprintf(buffer, size, "%s(%d)%s", type.fixed ? "CHAR" : "VARCHAR", (int)type.length, tail);
            break;
        }
        snprintf(buffer, size, "%s%s", name, tail);
        break;
    default: snprintf(buffer, size, "%s%s", name, tail); break;
    }
    return buffer;
}

struct weir_type weir_type_of(enum weir_type_id id) {
    struct weir_type type = {.id = id, .nullable = true};
    if (id == WEIR_TYPE_STRING || id == WEIR_TYPE_BYTES) type.length = WEIR_LENGTH_MAX;
    if (id == WEIR_TYPE_TIMESTAMP || id == WEIR_TYPE_TIMESTAMP_LTZ) type.precision = 6; /* Flink's default */
    if (id == WEIR_TYPE_DECIMAL) type.precision = 10;
    return type;
}

struct weir_type weir_type_decimal(int precision, int scale) {
    return (struct weir_type){
        .id = WEIR_TYPE_DECIMAL, .precision = (uint8_t)precision, .scale = (uint8_t)scale, .nullable = true};
}

struct weir_type weir_type_timestamp(int precision) {
    return (struct weir_type){.id = WEIR_TYPE_TIMESTAMP, .precision = (uint8_t)precision, .nullable = true};
}

struct weir_type weir_type_char(int32_t length) {
    return (struct weir_type){.id = WEIR_TYPE_STRING, .nullable = true, .fixed = true, .length = length};
}

/* ---- Arrow formats in ---- */

static void set_plain(struct weir_layout *out, enum weir_storage storage, enum weir_type_id id) {
    out->storage = storage;
    out->type = weir_type_of(id);
}

static bool import_letter(char letter, struct weir_layout *out) {
    switch (letter) {
    case 'n': set_plain(out, WEIR_STORE_NULL, WEIR_TYPE_NULL); return true;
    case 'b': set_plain(out, WEIR_STORE_BOOL, WEIR_TYPE_BOOLEAN); return true;
    case 'c': set_plain(out, WEIR_STORE_I8, WEIR_TYPE_TINYINT); return true;
    case 'C': set_plain(out, WEIR_STORE_U8, WEIR_TYPE_SMALLINT); return true;
    case 's': set_plain(out, WEIR_STORE_I16, WEIR_TYPE_SMALLINT); return true;
    case 'S': set_plain(out, WEIR_STORE_U16, WEIR_TYPE_INT); return true;
    case 'i': set_plain(out, WEIR_STORE_I32, WEIR_TYPE_INT); return true;
    case 'I': set_plain(out, WEIR_STORE_U32, WEIR_TYPE_BIGINT); return true;
    case 'l': set_plain(out, WEIR_STORE_I64, WEIR_TYPE_BIGINT); return true;
    case 'L':
        set_plain(out, WEIR_STORE_U64, WEIR_TYPE_DECIMAL);
        out->type = weir_type_decimal(20, 0);
        return true;
    case 'f': set_plain(out, WEIR_STORE_F32, WEIR_TYPE_FLOAT); return true;
    case 'g': set_plain(out, WEIR_STORE_F64, WEIR_TYPE_DOUBLE); return true;
    case 'u': set_plain(out, WEIR_STORE_UTF8, WEIR_TYPE_STRING); return true;
    case 'U': set_plain(out, WEIR_STORE_LARGE_UTF8, WEIR_TYPE_STRING); return true;
    case 'z': set_plain(out, WEIR_STORE_UTF8, WEIR_TYPE_BYTES); return true;
    case 'Z': set_plain(out, WEIR_STORE_LARGE_UTF8, WEIR_TYPE_BYTES); return true;
    default: return false;
    }
}

/* Ticks per second and digits of an Arrow time unit letter; false when it is none. */
static bool unit_of(char letter, int64_t *ticks, int *digits) {
    switch (letter) {
    case 's': *ticks = 1, *digits = 0; return true;
    case 'm': *ticks = TICKS_MS, *digits = 3; return true;
    case 'u': *ticks = TICKS_US, *digits = 6; return true;
    case 'n': *ticks = TICKS_NS, *digits = 9; return true;
    default: return false;
    }
}

static void set_time(struct weir_layout *out, enum weir_storage storage, enum weir_type_id id, int64_t ticks,
                     int digits) {
    set_plain(out, storage, id);
    out->ticks_per_second = ticks;
    out->type.precision = (uint8_t)digits;
}

/* Formats that begin with 't'. */
static bool import_time(const char *format, struct weir_layout *out) {
    int64_t ticks;
    int digits;
    if (strcmp(format, "tdD") == 0) return set_time(out, WEIR_STORE_I32, WEIR_TYPE_DATE, 0, 0), true;
    if (strcmp(format, "tdm") == 0) return set_time(out, WEIR_STORE_I64, WEIR_TYPE_DATE, TICKS_MS, 0), true;
    if (strcmp(format, "tiM") == 0) return set_time(out, WEIR_STORE_I32, WEIR_TYPE_INTERVAL_MONTH, 0, 0), true;
    if (format[1] == '\0' || format[2] == '\0' || !unit_of(format[2], &ticks, &digits)) return false;
    if (format[1] == 's' && format[3] == ':') {
        bool zone = format[4] != '\0';
        set_time(out, WEIR_STORE_I64, zone ? WEIR_TYPE_TIMESTAMP_LTZ : WEIR_TYPE_TIMESTAMP, ticks, digits);
        return true;
    }
    if (format[3] != '\0') return false;
    if (format[1] == 't') { /* TIME holds milliseconds, whatever comes */
        enum weir_storage storage = ticks <= TICKS_MS ? WEIR_STORE_I32 : WEIR_STORE_I64;
        set_time(out, storage, WEIR_TYPE_TIME, ticks, digits < 3 ? digits : 3);
        return true;
    }
    if (format[1] == 'D') return set_time(out, WEIR_STORE_I64, WEIR_TYPE_INTERVAL_MS, ticks, 0), true;
    return false;
}

/* "d:precision,scale" or "d:precision,scale,128". */
static bool import_decimal(const char *format, struct weir_layout *out) {
    char *end;
    long precision = strtol(format + 2, &end, 10);
    if (end == format + 2 || *end != ',') return false;
    const char *begin = end + 1;
    long scale = strtol(begin, &end, 10);
    if (end == begin || (*end != '\0' && strcmp(end, ",128") != 0)) return false;
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision) return false;
    out->storage = WEIR_STORE_I128;
    out->type = weir_type_decimal((int)precision, (int)scale);
    return true;
}

static bool import_format(const char *format, struct weir_layout *out) {
    if (format[0] == '\0') return false;
    if (format[1] == '\0') return import_letter(format[0], out);
    if (format[0] == 't') return import_time(format, out);
    if (format[0] == 'd' && format[1] == ':') return import_decimal(format, out);
    return false;
}

static bool is_code_storage(enum weir_storage storage) {
    return storage >= WEIR_STORE_I8 && storage <= WEIR_STORE_U64;
}

static bool import_dictionary(const char *codes, const char *words, struct weir_layout *out) {
    struct weir_layout code = {0}, word = {0};
    if (!import_format(codes, &code) || !is_code_storage(code.storage) || codes[1] != '\0') return false;
    if (words == NULL || !import_format(words, &word)) return false;
    if (word.storage != WEIR_STORE_UTF8 && word.storage != WEIR_STORE_LARGE_UTF8) return false;
    out->storage = WEIR_STORE_DICTIONARY;
    out->codes = code.storage;
    out->words = word.storage;
    out->type = word.type;
    return true;
}

enum weir_status weir_layout_import(const struct ArrowSchema *schema, struct weir_layout *out,
                                    struct weir_error *error) {
    memset(out, 0, sizeof(*out));
    const char *name = schema->name != NULL ? schema->name : "";
    if (schema->format == NULL || schema->release == NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "column '%s': its Arrow schema is released or has no format",
                              name);
    }
    const struct ArrowSchema *words = schema->dictionary;
    bool done =
        words == NULL ? import_format(schema->format, out) : import_dictionary(schema->format, words->format, out);
    if (!done) {
        memset(out, 0, sizeof(*out));
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "column '%s' has the Arrow format '%s'%s%s%s, which weir does not carry: leave the column "
            "out, or cast it to a number, time or string",
            name, schema->format, words != NULL ? " with a dictionary of '" : "",
            words == NULL ? "" : (words->format != NULL ? words->format : "?"), words != NULL ? "'" : "");
    }
    out->type.nullable = out->storage == WEIR_STORE_NULL || (schema->flags & ARROW_FLAG_NULLABLE) != 0;
    return WEIR_OK;
}

/* ---- Arrow formats out ---- */

const char *weir_type_arrow_format(struct weir_type type, char *buffer, size_t size) {
    static const char *const zoned[] = {"tsm:UTC", "tsu:UTC", "tsn:UTC"};
    static const char *const zoneless[] = {"tsm:", "tsu:", "tsn:"};
    switch (type.id) {
    case WEIR_TYPE_NULL: return "n";
    case WEIR_TYPE_BOOLEAN: return "b";
    case WEIR_TYPE_TINYINT: return "c";
    case WEIR_TYPE_SMALLINT: return "s";
    case WEIR_TYPE_INT: return "i";
    case WEIR_TYPE_BIGINT: return "l";
    case WEIR_TYPE_FLOAT: return "f";
    case WEIR_TYPE_DOUBLE: return "g";
    case WEIR_TYPE_DECIMAL: snprintf(buffer, size, "d:%d,%d", type.precision, type.scale); return buffer;
    case WEIR_TYPE_DATE: return "tdD";
    case WEIR_TYPE_TIME: return "ttm";
    case WEIR_TYPE_TIMESTAMP: return zoneless[(type.precision > 3) + (type.precision > 6)];
    case WEIR_TYPE_TIMESTAMP_LTZ: return zoned[(type.precision > 3) + (type.precision > 6)];
    case WEIR_TYPE_STRING: return "u";
    case WEIR_TYPE_BYTES: return "z";
    case WEIR_TYPE_INTERVAL_MS: return "l";
    case WEIR_TYPE_INTERVAL_MONTH: return "tiM";
    }
    return "n";
}

struct weir_layout weir_layout_of(struct weir_type type) {
    struct weir_layout layout = {0};
    char buffer[40];
    import_format(weir_type_arrow_format(type, buffer, sizeof(buffer)), &layout);
    layout.type = type; /* the format alone knows neither precision nor intervals */
    if (type.id == WEIR_TYPE_INTERVAL_MS) layout.ticks_per_second = TICKS_MS;
    return layout;
}
