/* SPDX-License-Identifier: Apache-2.0
 *
 * Types as SQL sees them (weir_type), and how a column lies in memory (weir_storage). One SQL type may come in
 * several storages: a STRING as utf8, large_utf8 or dictionary, a TIMESTAMP in any unit.
 */
#ifndef WEIR_ENGINE_TYPE_H
#define WEIR_ENGINE_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "weir/arrow.h"
#include "weir/types.h"

enum weir_type_id {
    WEIR_TYPE_NULL, /* the type of a bare NULL; a plan holds none after binding */
    WEIR_TYPE_BOOLEAN,
    WEIR_TYPE_TINYINT,
    WEIR_TYPE_SMALLINT,
    WEIR_TYPE_INT,
    WEIR_TYPE_BIGINT,
    WEIR_TYPE_FLOAT,
    WEIR_TYPE_DOUBLE,
    WEIR_TYPE_DECIMAL,        /* precision 1..38, scale 0..precision */
    WEIR_TYPE_DATE,           /* days since 1970-01-01 */
    WEIR_TYPE_TIME,           /* ms since midnight */
    WEIR_TYPE_TIMESTAMP,      /* precision 0..9, no zone */
    WEIR_TYPE_TIMESTAMP_LTZ,  /* precision 0..9, an instant */
    WEIR_TYPE_STRING,         /* CHAR(n), VARCHAR(n), STRING: length */
    WEIR_TYPE_BYTES,          /* carried only */
    WEIR_TYPE_INTERVAL_MS,    /* INTERVAL DAY TO SECOND, ms */
    WEIR_TYPE_INTERVAL_MONTH, /* INTERVAL YEAR TO MONTH, months */
};

#define WEIR_LENGTH_MAX INT32_MAX

struct weir_type {
    enum weir_type_id id;
    uint8_t precision;
    uint8_t scale;
    bool nullable;
    bool fixed;     /* CHAR(n) */
    int32_t length; /* of CHAR and VARCHAR in code points; WEIR_LENGTH_MAX for STRING */
};

/* In what kind of vector the values of a type are computed (expression.h). */
enum weir_vector_kind {
    WEIR_VECTOR_BOOL,   /* a bitmap */
    WEIR_VECTOR_I64,    /* all integers, DATE (days), TIME (ms), TIMESTAMP (see weir_type_ticks), intervals */
    WEIR_VECTOR_F64,    /* FLOAT (rounded to float after each operation) and DOUBLE */
    WEIR_VECTOR_I128,   /* DECIMAL, unscaled */
    WEIR_VECTOR_STRING, /* STRING and BYTES */
};

enum weir_storage {
    WEIR_STORE_BOOL, /* bitmap */
    WEIR_STORE_I8,
    WEIR_STORE_I16,
    WEIR_STORE_I32,
    WEIR_STORE_I64,
    WEIR_STORE_U8,
    WEIR_STORE_U16,
    WEIR_STORE_U32,
    WEIR_STORE_U64,
    WEIR_STORE_F32,
    WEIR_STORE_F64,
    WEIR_STORE_I128,
    WEIR_STORE_UTF8,       /* int32 offsets and bytes; also binary */
    WEIR_STORE_LARGE_UTF8, /* int64 offsets and bytes; also large_binary */
    WEIR_STORE_DICTIONARY, /* integer codes into a dictionary of UTF8 or LARGE_UTF8 values */
    WEIR_STORE_NULL,       /* every value NULL, no buffers */
};

/* How a column of an Arrow schema lies in memory and what it means. */
struct weir_layout {
    enum weir_storage storage;
    enum weir_storage codes;  /* DICTIONARY: I8..I64 or U8..U64 */
    enum weir_storage words;  /* DICTIONARY: storage of its values, UTF8 or LARGE_UTF8 */
    struct weir_type type;    /* what it means */
    int64_t ticks_per_second; /* of times: units of the stored integer in a second (1, 1e3, 1e6, 1e9); else 0.
                                 DATE: 0 for days; 1000 for date64 (ms) */
};

/* The vector kind of a type; of WEIR_TYPE_NULL it is I64. */
enum weir_vector_kind weir_type_vector(struct weir_type type);

bool weir_type_is_integer(struct weir_type type); /* TINYINT .. BIGINT */
bool weir_type_is_numeric(struct weir_type type); /* integers, FLOAT, DOUBLE, DECIMAL */
bool weir_type_is_time(struct weir_type type);    /* TIMESTAMP, TIMESTAMP_LTZ */

/* Ticks per second in which vectors hold a TIMESTAMP(p) or TIMESTAMP_LTZ(p): p <= 3: 1 000; p <= 6: 1 000 000;
 * else 1 000 000 000. */
int64_t weir_type_ticks(struct weir_type type);

/* Same type, whatever nullable. */
bool weir_type_equal(struct weir_type a, struct weir_type b);

/* As Flink writes it: "TIMESTAMP(3)", "DECIMAL(10, 2)", "STRING", "VARCHAR(3)"; ends in " NOT NULL" where with_null
 * is true and the type is not nullable. Writes at most `size` bytes with the zero and returns buffer. */
char *weir_type_name(struct weir_type type, bool with_null, char *buffer, size_t size);

#define WEIR_TYPE_NAME_BYTES 64

/* Constructors: nullable, with the type's usual parameters. */
struct weir_type weir_type_of(enum weir_type_id id);
struct weir_type weir_type_decimal(int precision, int scale);
struct weir_type weir_type_timestamp(int precision);
struct weir_type weir_type_char(int32_t length);

/* Reads what one column's Arrow schema says. WEIR_ERR_UNSUPPORTED for nested and other types that weir does not
 * carry, naming the column and its Arrow format. uint8 means SMALLINT, uint16 INT, uint32 BIGINT, uint64
 * DECIMAL(20, 0); timestamp[s|ms|us|ns] TIMESTAMP(0|3|6|9), with a zone TIMESTAMP_LTZ; decimal128(p, s) DECIMAL
 * with 0 <= s <= p. */
enum weir_status weir_layout_import(const struct ArrowSchema *schema, struct weir_layout *out,
                                    struct weir_error *error);

/* The Arrow format string in which weir gives values of a type in results and files: "+"-free, static storage or
 * written to `buffer` (at least 40 bytes). TIMESTAMP(0..3): "tsm:", (4..6): "tsu:", (7..9): "tsn:"; LTZ with "UTC";
 * STRING: "u"; BYTES: "z"; DATE: "tdD"; TIME: "ttm"; DECIMAL: "d:p,s"; intervals "tiM" / "l". */
const char *weir_type_arrow_format(struct weir_type type, char *buffer, size_t size);

/* The layout of a type in that format. */
struct weir_layout weir_layout_of(struct weir_type type);

/* An ArrowSchema (struct) of named types that owns itself; release frees all. Names are copied. */
enum weir_status weir_schema_export(const char *const *names, const struct weir_type *types, size_t count,
                                    struct ArrowSchema *out, struct weir_error *error);

/* Makes a column of texts one of codes: uint32, into a dictionary of what it was. WEIR_ERR_MEMORY, and the column
 * is as it was. */
enum weir_status weir_schema_code(struct ArrowSchema *column, struct weir_error *error);

/* A deep copy. */
enum weir_status weir_schema_copy(const struct ArrowSchema *schema, struct ArrowSchema *out,
                                  struct weir_error *error);

#endif
