/* SPDX-License-Identifier: Apache-2.0
 *
 * The columns of tests/connect/data/parquet/types.parquet, whose values are formulas of the row, and checks that a
 * file has them.
 */
#ifndef WEIR_TESTS_PARQUET_TYPES_H
#define WEIR_TESTS_PARQUET_TYPES_H

#include "tests/connect/parquet_files.h"

#define TYPES_PARQUET PARQUET_DATA "types.parquet"
#define ROWS 60
#define GROUP_ROWS 40
#define EPOCH INT64_C(1700000000)

static inline bool expected_null(int64_t row) { return row % 7 == 3; }

static inline int64_t value_flag(int64_t row) { return row % 2 == 0; }
static inline int64_t value_i8(int64_t row) { return row - 30; }
static inline int64_t value_i16(int64_t row) { return (row - 30) * 1000; }
static inline int64_t value_i32(int64_t row) { return (row - 30) * 70000; }
static inline int64_t value_below_zero(int64_t row) { return -1 - row; } /* of unsigned types, read as signed */
static inline int64_t value_decimal(int64_t row) { return (row - 30) * 1001; }
static inline int64_t value_day(int64_t row) { return row * 100 - 1000; }
static inline int64_t value_t_ms(int64_t row) { return row * 1000003; }
static inline int64_t value_t_us(int64_t row) { return row * 1000000007; }
static inline int64_t value_ts_ms(int64_t row) { return EPOCH * 1000 + row; }
static inline int64_t value_ts_us(int64_t row) { return EPOCH * 1000000 + row; }
static inline int64_t value_ts_ns(int64_t row) { return EPOCH * 1000000000 + row; }
static inline int64_t value_ts_utc(int64_t row) { return EPOCH * 1000000 - row; }

static inline int64_t bits_of_float(float value) {
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}
static inline int64_t value_f32(int64_t row) { return bits_of_float((float)row / 4 - 7); }
static inline int64_t value_f16(int64_t row) { return bits_of_float((float)row / 2); }
static inline int64_t value_f64(int64_t row) {
    double value = (double)row / 8 - 3;
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static const struct fixed_column {
    const char *name;
    const char *format;
    size_t bytes;
    size_t stride;
    int64_t (*value)(int64_t row);
} fixed_columns[] = {
    {"flag", "b", 0, 0, value_flag},
    {"i8", "c", 1, 1, value_i8},
    {"i16", "s", 2, 2, value_i16},
    {"i32", "i", 4, 4, value_i32},
    {"u8", "C", 1, 1, value_below_zero},
    {"u16", "S", 2, 2, value_below_zero},
    {"u32", "I", 4, 4, value_below_zero},
    {"u64", "L", 8, 8, value_below_zero},
    {"f32", "f", 4, 4, value_f32},
    {"f16", "f", 4, 4, value_f16},
    {"f64", "g", 8, 8, value_f64},
    {"dec9", "d:9,2", 8, 16, value_decimal},
    {"dec18", "d:18,4", 8, 16, value_decimal},
    {"dec38", "d:38,10", 8, 16, value_decimal},
    {"day", "tdD", 4, 4, value_day},
    {"t_ms", "ttm", 4, 4, value_t_ms},
    {"t_us", "ttu", 8, 8, value_t_us},
    {"ts_ms", "tsm:", 8, 8, value_ts_ms},
    {"ts_us", "tsu:", 8, 8, value_ts_us},
    {"ts_ns", "tsn:", 8, 8, value_ts_ns},
    {"ts_utc", "tsu:UTC", 8, 8, value_ts_utc},
};

static inline int64_t fixed_at(const struct ArrowArray *array, int64_t row, const struct fixed_column *column) {
    if (column->stride <= 8) return integer_at(array, row, column->bytes);
    struct ArrowArray halves = *array; /* the low half of 16 bytes */
    halves.offset = 0;
    return integer_at(&halves, (array->offset + row) * 2, 8);
}

static inline void check_fixed(const char *path, const struct fixed_column *column, int64_t batch_rows,
                               int32_t threads) {
    struct weir_source source = must_open(path, batch_rows, threads);
    must_select(&source, column->name);
    struct ArrowArray batch;
    int64_t row = 0;
    while (must_next(&source, &batch)) {
        assert_in_range(batch.length, 1, batch_rows);
        for (int64_t idx = 0; idx < batch.length; idx++, row++) {
            const struct ArrowArray *array = batch.children[0];
            assert_int_equal(is_null(array, idx), expected_null(row));
            if (!is_null(array, idx)) assert_int_equal(fixed_at(array, idx, column), column->value(row));
        }
        batch.release(&batch);
    }
    assert_int_equal(row, ROWS);
    source.close(source.state);
}

static inline void check_all_fixed(const char *path) {
    for (size_t idx = 0; idx < WEIR_ARRAY_COUNT(fixed_columns); idx++) {
        check_fixed(path, &fixed_columns[idx], 1000, 1);
    }
}

static const struct text words[] = {{"", 0}, {"LAX", 3}, {"Z\xc3\xbcrich", 7}, {"a\0b", 3}, {"JFK", 3}};

/* What row `row` of a column of strings has: printed into buffer by pattern, or a word where pattern is NULL. */
static inline struct text expected_text(const char *pattern, int64_t row, char *buffer, size_t size) {
    if (pattern == NULL) return words[row % 5];
    return (struct text){buffer, snprintf(buffer, size, pattern, (int)row)};
}

static inline void check_texts(const char *path, const char *name, const char *pattern, int32_t threads) {
    struct weir_source source = must_open(path, 9, threads);
    struct ArrowSchema schema = must_schema(&source);
    const struct ArrowSchema *column = schema.children[find_column(&source, name)];
    must_select(&source, name);
    struct ArrowArray batch;
    int64_t row = 0;
    while (must_next(&source, &batch)) {
        for (int64_t idx = 0; idx < batch.length; idx++, row++) {
            assert_int_equal(is_null(batch.children[0], idx), expected_null(row));
            if (expected_null(row)) continue;
            char buffer[64];
            struct text expected = expected_text(pattern, row, buffer, sizeof buffer);
            assert_true(text_equal(text_at(column, batch.children[0], idx), expected.data, (size_t)expected.bytes));
        }
        batch.release(&batch);
    }
    assert_int_equal(row, ROWS);
    schema.release(&schema);
    source.close(source.state);
}

static inline void check_all_texts(const char *path) {
    check_texts(path, "s_dict", NULL, 1);
    check_texts(path, "s_dict", NULL, 2);
    check_texts(path, "s_plain", "row %d", 1);
    check_texts(path, "s_large", "large %d", 1);
    check_texts(path, "s_view", "a view that is longer than twelve bytes %d", 1);
}

#endif
