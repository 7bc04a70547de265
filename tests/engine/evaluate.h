/* SPDX-License-Identifier: Apache-2.0
 *
 * For the tests of expressions: small tables, short builders of trees, and results as text, so that an expectation
 * reads like a row of a result.
 */
#ifndef WEIR_TESTS_ENGINE_EVALUATE_H
#define WEIR_TESTS_ENGINE_EVALUATE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "engine/expression.h"
#include "engine/value_text.h"

#define COLUMNS_MAX 24

/* One arena for all of a test: trees, columns, programs and results. */
static struct weir_arena arena;
static struct weir_layout layouts[COLUMNS_MAX];
static struct weir_column columns[COLUMNS_MAX];
static int32_t columns_count;
static int32_t table_rows;
static struct weir_error error;

static inline int begin_test(void **state) {
    (void)state;
    weir_arena_init(&arena, 0);
    columns_count = 0;
    table_rows = 1;
    memset(&error, 0, sizeof(error));
    return 0;
}

static inline int end_test(void **state) {
    (void)state;
    weir_arena_fini(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_test, end_test)

/* ---- types ---- */

#define INT_ weir_type_of(WEIR_TYPE_INT)
#define TINYINT_ weir_type_of(WEIR_TYPE_TINYINT)
#define SMALLINT_ weir_type_of(WEIR_TYPE_SMALLINT)
#define BIGINT_ weir_type_of(WEIR_TYPE_BIGINT)
#define BOOLEAN_ weir_type_of(WEIR_TYPE_BOOLEAN)
#define FLOAT_ weir_type_of(WEIR_TYPE_FLOAT)
#define DOUBLE_ weir_type_of(WEIR_TYPE_DOUBLE)
#define STRING_ weir_type_of(WEIR_TYPE_STRING)
#define DATE_ weir_type_of(WEIR_TYPE_DATE)
#define INTERVAL_MS_ weir_type_of(WEIR_TYPE_INTERVAL_MS)
#define INTERVAL_MONTH_ weir_type_of(WEIR_TYPE_INTERVAL_MONTH)

/* ---- trees ---- */

static inline struct weir_expr *col(int32_t index) { return weir_expr_column(&arena, index, layouts[index].type); }

static inline struct weir_expr *num(struct weir_type type, int64_t value) {
    return weir_expr_literal(&arena, type, (union weir_value){.i64 = value});
}

static inline struct weir_expr *dbl(double value) {
    return weir_expr_literal(&arena, DOUBLE_, (union weir_value){.f64 = value});
}

static inline struct weir_expr *flt(float value) {
    return weir_expr_literal(&arena, FLOAT_, (union weir_value){.f64 = (double)value});
}

static inline struct weir_expr *str(const char *text) {
    return weir_expr_literal(&arena, STRING_, (union weir_value){.string = {text, (int64_t)strlen(text)}});
}

static inline struct weir_expr *dec(const char *text, int precision, int scale) {
    union weir_value value = {0};
    struct weir_decimal_type type = {precision, scale};
    assert_int_equal(weir_text_read_decimal(text, (int64_t)strlen(text), type, &value.i128), WEIR_TEXT_OK);
    return weir_expr_literal(&arena, weir_type_decimal(precision, scale), value);
}

static inline struct weir_expr *ts(const char *text, int precision) {
    int64_t value = 0;
    struct weir_type type = weir_type_timestamp(precision);
    assert_int_equal(
        weir_text_read_timestamp(text, (int64_t)strlen(text), weir_type_ticks(type), precision, &value),
        WEIR_TEXT_OK);
    return num(type, value);
}

static inline struct weir_expr *date(const char *text) {
    int64_t days = 0;
    assert_int_equal(weir_text_read_date(text, (int64_t)strlen(text), &days), WEIR_TEXT_OK);
    return num(DATE_, days);
}

static inline struct weir_expr *null_of(struct weir_type type) { return weir_expr_null(&arena, type); }

static inline struct weir_expr *call(enum weir_expr_op op, struct weir_type type, int32_t count, ...) {
    struct weir_expr *args[16];
    va_list arguments;
    va_start(arguments, count);
    for (int32_t i = 0; i < count; i++) args[i] = va_arg(arguments, struct weir_expr *);
    va_end(arguments);
    return weir_expr_node(&arena, op, type, count, args);
}

static inline struct weir_expr *cast(struct weir_expr *arg, struct weir_type type) {
    return call(WEIR_EXPR_CAST, type, 1, arg);
}

static inline struct weir_expr *try_cast(struct weir_expr *arg, struct weir_type type) {
    struct weir_expr *expr = cast(arg, type);
    expr->try_cast = true;
    return expr;
}

static inline struct weir_expr *unit(enum weir_expr_op op, struct weir_type type, enum weir_time_unit time_unit,
                                     struct weir_expr *arg) {
    struct weir_expr *expr = call(op, type, 1, arg);
    expr->unit = time_unit;
    return expr;
}

static inline struct weir_expr *at(struct weir_expr *expr, int32_t line, int32_t column) {
    expr->line = line;
    expr->column = column;
    return expr;
}

/* ---- columns ---- */

static inline void *room(size_t bytes) {
    void *result = weir_arena_array(&arena, 1, bytes + 64);
    assert_non_null(result);
    return result;
}

/* nulls: one letter a row, 'x' where the value is NULL; NULL: none. */
static inline int32_t add_column(struct weir_layout layout, const void *values, const char *nulls) {
    struct weir_column *column = &columns[columns_count];
    *column = (struct weir_column){
        .values = values, .rows = table_rows, .storage = layout.storage, .codes = layout.codes};
    if (nulls != NULL) {
        uint64_t *validity = room(weir_bitmap_words((size_t)table_rows) * 8);
        for (int32_t i = 0; i < table_rows; i++) weir_bit_put(validity, (size_t)i, nulls[i] != 'x');
        column->validity = validity;
    }
    layouts[columns_count] = layout;
    return columns_count++;
}

/* A column of 64-bit integers of any type that is computed in them. */
static inline int32_t add_i64(struct weir_type type, const int64_t *values, const char *nulls) {
    struct weir_layout layout = {.storage = WEIR_STORE_I64, .type = type};
    if (weir_type_is_time(type)) layout.ticks_per_second = weir_type_ticks(type);
    int64_t *copy = room((size_t)table_rows * 8);
    memcpy(copy, values, (size_t)table_rows * 8);
    return add_column(layout, copy, nulls);
}

static inline int32_t add_f64(const double *values, const char *nulls) {
    double *copy = room((size_t)table_rows * 8);
    memcpy(copy, values, (size_t)table_rows * 8);
    return add_column((struct weir_layout){.storage = WEIR_STORE_F64, .type = DOUBLE_}, copy, nulls);
}

/* "t", "f" and "x" (NULL), one letter a row. */
static inline int32_t add_bools(const char *letters) {
    uint64_t *bits = room(weir_bitmap_words((size_t)table_rows) * 8);
    for (int32_t i = 0; i < table_rows; i++) weir_bit_put(bits, (size_t)i, letters[i] == 't');
    return add_column((struct weir_layout){.storage = WEIR_STORE_BOOL, .type = BOOLEAN_}, bits, letters);
}

/* NULL entries are NULL. */
static inline struct weir_column make_strings(const char *const *texts, int32_t rows) {
    size_t bytes = 0;
    for (int32_t i = 0; i < rows; i++) bytes += texts[i] == NULL ? 0 : strlen(texts[i]);
    char *data = room(bytes);
    int32_t *offsets = room(((size_t)rows + 1) * 4);
    uint64_t *validity = room(weir_bitmap_words((size_t)rows) * 8);
    for (int32_t i = 0; i < rows; i++) {
        size_t length = texts[i] == NULL ? 0 : strlen(texts[i]);
        if (length > 0) memcpy(data + offsets[i], texts[i], length);
        offsets[i + 1] = offsets[i] + (int32_t)length;
        weir_bit_put(validity, (size_t)i, texts[i] != NULL);
    }
    return (struct weir_column){
        .validity = validity, .values = data, .offsets = offsets, .rows = rows, .storage = WEIR_STORE_UTF8};
}

static inline int32_t add_strings(const char *const *texts) {
    columns[columns_count] = make_strings(texts, table_rows);
    layouts[columns_count] = (struct weir_layout){.storage = WEIR_STORE_UTF8, .type = STRING_};
    return columns_count++;
}

/* ---- results ---- */

static inline struct weir_program *program_of(const struct weir_expr *expr) {
    struct weir_program *program = NULL;
    memset(&error, 0, sizeof(error));
    enum weir_status status = weir_program_create(&arena, expr, layouts, columns_count, &program, &error);
    if (status != WEIR_OK) fail_msg("program: %s", error.message);
    return program;
}

static inline enum weir_status create_status(const struct weir_expr *expr) {
    struct weir_program *program = NULL;
    memset(&error, 0, sizeof(error));
    return weir_program_create(&arena, expr, layouts, columns_count, &program, &error);
}

static inline enum weir_status evaluate(const struct weir_expr *expr, const uint64_t *active,
                                        struct weir_vector *out) {
    struct weir_block block = {columns, layouts, 0, table_rows};
    struct weir_program *program = program_of(expr);
    return weir_program_eval(program, &block, active, &arena, out, &error);
}

/* One value; NULL is "NULL". */
static inline const char *value_text(struct weir_type type, const struct weir_vector *vector, int32_t row) {
    char buffer[WEIR_VALUE_TEXT_BYTES];
    int length = 0;
    if (vector->validity != NULL && !weir_bit_get(vector->validity, (size_t)row)) return "NULL";
    switch (type.id) {
    case WEIR_TYPE_BOOLEAN: return weir_bit_get(vector->bits, (size_t)row) ? "true" : "false";
    case WEIR_TYPE_FLOAT: length = weir_text_write_float((float)vector->f64[row], buffer); break;
    case WEIR_TYPE_DOUBLE: length = weir_text_write_double(vector->f64[row], buffer); break;
    case WEIR_TYPE_DECIMAL:
        length = weir_decimal_format((struct weir_decimal){vector->i128[row], type.scale}, buffer);
        break;
    case WEIR_TYPE_STRING:
    case WEIR_TYPE_BYTES:
        return weir_arena_string(&arena, vector->strings[row].data, (size_t)vector->strings[row].length);
    case WEIR_TYPE_DATE: length = weir_text_write_date(vector->i64[row], buffer); break;
    case WEIR_TYPE_TIME: length = weir_text_write_time(vector->i64[row], type.precision, buffer); break;
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ:
        length = weir_text_write_timestamp(vector->i64[row], weir_type_ticks(type), type.precision, buffer);
        break;
    default: length = weir_text_write_i64(vector->i64[row], buffer); break;
    }
    return weir_arena_string(&arena, buffer, (size_t)length);
}

/* The rows of an expression, joined by '|'. */
static inline const char *rows_of(const struct weir_expr *expr, const uint64_t *active) {
    struct weir_vector out;
    enum weir_status status = evaluate(expr, active, &out);
    if (status != WEIR_OK) return weir_arena_format(&arena, "error %d: %s", (int)status, error.message);
    const char *text = "";
    for (int32_t i = 0; i < table_rows; i++) {
        if (active != NULL && !weir_bit_get(active, (size_t)i)) continue;
        text =
            weir_arena_format(&arena, "%s%s%s", text, text[0] == '\0' ? "" : "|", value_text(expr->type, &out, i));
    }
    return text;
}

#define assert_rows(expr, expected) assert_string_equal(rows_of(expr, NULL), expected)

/* The expression fails for a row that counts, with these words in the message. */
static inline void assert_error(const struct weir_expr *expr, const char *words) {
    struct weir_vector out;
    assert_int_equal(evaluate(expr, NULL, &out), WEIR_ERR_VALUE);
    if (strstr(error.message, words) == NULL) fail_msg("no '%s' in '%s'", words, error.message);
}

/* Both conditions say the same of each row of a part of the table. */
static inline void assert_same_conditions(const struct weir_expr *a, const struct weir_expr *b, int64_t first,
                                          int32_t rows) {
    struct weir_block block = {columns, layouts, first, rows};
    struct weir_vector x, y;
    if (weir_program_eval(program_of(a), &block, NULL, &arena, &x, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    if (weir_program_eval(program_of(b), &block, NULL, &arena, &y, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    for (int32_t i = 0; i < rows; i++) {
        bool valid = x.validity == NULL || weir_bit_get(x.validity, (size_t)i);
        assert_int_equal(valid, y.validity == NULL || weir_bit_get(y.validity, (size_t)i));
        if (valid) assert_int_equal(weir_bit_get(x.bits, (size_t)i), weir_bit_get(y.bits, (size_t)i));
    }
}

#endif
