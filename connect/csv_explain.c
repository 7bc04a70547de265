/* SPDX-License-Identifier: Apache-2.0
 *
 * What is wrong with a field, in words.
 */
#include <stdio.h>
#include <string.h>

#include "connect/csv_column.h"

/* What a type's text looks like, where that is not plain. */
static const char *shape_of(enum weir_type_id id) {
    switch (id) {
    case WEIR_TYPE_TIMESTAMP:
        return " (written as '2024-01-31 10:20:30.456', or with a T where 'csv.timestamp-format.standard' = "
               "'ISO-8601')";
    case WEIR_TYPE_TIMESTAMP_LTZ:
        return " (written as '2024-01-31 10:20:30.456Z', or as '2024-01-31T10:20:30+01:00' where "
               "'csv.timestamp-format.standard' = 'ISO-8601')";
    case WEIR_TYPE_DATE: return " (written as '2024-01-31', without blanks around)";
    case WEIR_TYPE_TIME: return " (written as '10:20:30.456', without blanks around)";
    case WEIR_TYPE_DECIMAL: return " (without blanks around)";
    case WEIR_TYPE_BYTES: return " (written in base64)";
    default: return "";
    }
}

const char *weir_csv_explain(struct weir_csv_scan *scan, const struct weir_csv_column *column,
                             struct weir_text_span field, char *buffer) {
    enum { SIZE = WEIR_CSV_EXPLAIN_BYTES };
    char type[WEIR_TYPE_NAME_BYTES], shown[64];
    const char *text = "";
    size_t length = 0;
    bool missing = field.start == WEIR_CSV_MISSING;
    if (!missing && weir_csv_unescape(scan, field, &text, &length, NULL) != WEIR_OK) length = 0;
    bool null = missing ||
                weir_csv_is_null(&scan->options, field, text, length, column->layout.type.id == WEIR_TYPE_STRING);
    weir_type_name(column->layout.type, false, type, sizeof(type));
    if (null) {
        snprintf(buffer, SIZE, "NULL, and the column is declared NOT NULL");
    } else if (column->layout.type.id == WEIR_TYPE_STRING) {
        snprintf(buffer, SIZE, "%s; weir reads UTF-8 (iconv converts other encodings)",
                 memchr(text, 0, length) ? "a NUL byte within text" : "text that is not valid UTF-8");
    } else if (length == 0) {
        snprintf(buffer, SIZE, "an empty field is no %s; 'csv.null-literal' = '' makes empty fields NULL", type);
    } else {
        snprintf(buffer, SIZE, "'%s' is no %s%s, or out of its range", weir_csv_show(text, length, shown), type,
                 shape_of(column->layout.type.id));
    }
    return buffer;
}
