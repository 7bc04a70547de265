/* SPDX-License-Identifier: Apache-2.0
 *
 * The functions that scripts may call, by name, and those of Flink that are refused by name.
 */
#ifndef WEIR_SQL_FUNCTION_H
#define WEIR_SQL_FUNCTION_H

#include <stdint.h>

#include "engine/expression.h"

enum weir_function_kind {
    WEIR_FUNCTION_SCALAR,
    WEIR_FUNCTION_AGGREGATE,
    WEIR_FUNCTION_MISSING, /* Flink has it, weir does not */
};

enum weir_function_id {
    WEIR_FUNCTION_NONE,
    WEIR_FUNCTION_ABS,
    WEIR_FUNCTION_MOD,
    WEIR_FUNCTION_FLOOR,
    WEIR_FUNCTION_CEIL,
    WEIR_FUNCTION_ROUND,
    WEIR_FUNCTION_DOUBLE_1, /* of one DOUBLE: op */
    WEIR_FUNCTION_POWER,
    WEIR_FUNCTION_SIGN,
    WEIR_FUNCTION_EXTREME, /* GREATEST, LEAST: op */
    WEIR_FUNCTION_CASE,    /* UPPER, LOWER: op */
    WEIR_FUNCTION_CHAR_LENGTH,
    WEIR_FUNCTION_SUBSTRING,
    WEIR_FUNCTION_CONCAT,
    WEIR_FUNCTION_POSITION,
    WEIR_FUNCTION_LEFT,
    WEIR_FUNCTION_RIGHT,
    WEIR_FUNCTION_STARTSWITH,
    WEIR_FUNCTION_ENDSWITH,
    WEIR_FUNCTION_INSTR,
    WEIR_FUNCTION_LOCATE,
    WEIR_FUNCTION_TRIM,    /* LTRIM, RTRIM, BTRIM: 1 leading, 2 trailing, 3 both */
    WEIR_FUNCTION_EXTRACT, /* YEAR(x) and the like: unit */
    WEIR_FUNCTION_COALESCE,
    WEIR_FUNCTION_NULLIF,
    WEIR_FUNCTION_IF,
    WEIR_FUNCTION_NOW, /* CURRENT_TIMESTAMP and its kin: id of the type */
    WEIR_FUNCTION_ROW_NOW,
    WEIR_FUNCTION_PROCTIME,
    WEIR_FUNCTION_TO_TIMESTAMP,
    WEIR_FUNCTION_TO_TIMESTAMP_LTZ,
    WEIR_FUNCTION_TO_DATE,
    WEIR_FUNCTION_DATE_FORMAT,
    WEIR_FUNCTION_FROM_UNIXTIME,
    WEIR_FUNCTION_UNIX_TIMESTAMP,
    WEIR_FUNCTION_CONVERT_TZ,
    /* aggregates */
    WEIR_FUNCTION_COUNT,
    WEIR_FUNCTION_SUM,
    WEIR_FUNCTION_MIN,
    WEIR_FUNCTION_MAX,
    WEIR_FUNCTION_AVG,
};

struct weir_function {
    const char *name;
    enum weir_function_kind kind;
    enum weir_function_id id;
    int8_t args_min;
    int8_t args_max; /* -1: any number */
    int16_t detail;  /* enum weir_expr_op, enum weir_time_unit or what the id says */
};

/* NULL when neither weir nor Flink has it. Names are compared without case. */
const struct weir_function *weir_function_find(const char *name);

/* The nearest name that weir has, or NULL. */
const char *weir_function_nearest(const char *name);

/* By index of the table, from 0; NULL past its end. */
const struct weir_function *weir_function_at(size_t idx);

#endif
