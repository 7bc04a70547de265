/* SPDX-License-Identifier: Apache-2.0
 *
 * Splitting by marks against splitting byte by byte, on random text that crosses slices and blocks.
 */
#include "table_text.h"

#define COLUMNS 3

static uint64_t seed;

static uint64_t draw(uint64_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* ---- the reference: Jackson's rules, one byte at a time
 * ----------------------------------------------------------- */

struct reference {
    const char *at, *end;
    struct text rows;
    int64_t rejected;
};

static bool at_line_end(const struct reference *in) {
    return in->at == in->end || *in->at == '\n' || *in->at == '\r';
}

static void pass_line_end(struct reference *in) {
    if (in->at < in->end && *in->at == '\r') {
        in->at++;
        if (in->at < in->end && *in->at == '\n') in->at++;
    } else if (in->at < in->end) {
        in->at++;
    }
}

enum outcome { FIELD_MORE, FIELD_LAST, FIELD_JUNK, FIELD_OPEN };

static enum outcome close_field(struct reference *in) {
    if (in->at < in->end && *in->at == ',') {
        in->at++;
        return FIELD_MORE;
    }
    pass_line_end(in);
    return FIELD_LAST;
}

static enum outcome reference_quoted(struct reference *in, struct text *field) {
    for (in->at++;; in->at++) {
        if (in->at == in->end) return FIELD_OPEN;
        if (*in->at == '"') {
            if (in->at + 1 == in->end || in->at[1] != '"') break;
            in->at++;
        }
        text_add(field, in->at, 1);
    }
    for (in->at++; !at_line_end(in) && *in->at != ','; in->at++) {
        if ((unsigned char)*in->at <= ' ') continue;
        in->at++;
        return FIELD_JUNK;
    }
    return close_field(in);
}

static enum outcome reference_field(struct reference *in, struct text *field) {
    field->used = 0;
    text_add(field, "", 0);
    if (in->at < in->end && *in->at == '"') return reference_quoted(in, field);
    for (; !at_line_end(in) && *in->at != ','; in->at++) text_add(field, in->at, 1);
    return close_field(in);
}

static bool is_blank(const struct text *field) {
    for (size_t i = 0; i < field->used; i++) {
        if ((unsigned char)field->data[i] > ' ') return false;
    }
    return true;
}

static void reference_record(struct reference *in) {
    struct text fields[COLUMNS + 1] = {{0}}, extra = {0};
    size_t count = 0;
    bool bad = false;
    enum outcome outcome;
    do {
        struct text *field = count <= COLUMNS ? &fields[count] : &extra;
        outcome = reference_field(in, field);
        bad = bad || outcome == FIELD_JUNK || outcome == FIELD_OPEN;
        count += outcome != FIELD_JUNK;
    } while (outcome == FIELD_MORE || outcome == FIELD_JUNK);
    if (count > COLUMNS + 1 || (count == COLUMNS + 1 && !is_blank(&fields[COLUMNS]))) bad = true;
    for (size_t i = 0; !bad && i < COLUMNS; i++) {
        if (i > 0) text_add(&in->rows, "|", 1);
        if (i < count)
            text_add(&in->rows, fields[i].data, fields[i].used);
        else
            text_add(&in->rows, "<null>", 6);
    }
    if (bad)
        in->rejected++;
    else
        text_add(&in->rows, "\n", 1);
    for (size_t i = 0; i <= COLUMNS; i++) free(fields[i].data);
    free(extra.data);
}

static void check(const struct text *file, int64_t batch_rows) {
    struct reference in = {.at = file->data, .end = file->data + file->used};
    struct table table;
    text_add(&in.rows, "", 0);
    while (in.at < in.end) reference_record(&in);
    write_bytes("random.csv", file->data, file->used);
    table_open(&table, "random.csv", "a STRING, b STRING, c STRING", OPTIONS("format=csv", "csv.on-error=null"),
               batch_rows);
    table_read(&table, NULL, 0);
    if (table.status != WEIR_OK) fail_msg("%s", table.error.message);
    if (strcmp(table.rows, in.rows.data) != 0) {
        size_t at = 0;
        while (table.rows[at] == in.rows.data[at]) at++;
        fail_msg("rows differ at %zu: '%.60s' for '%.60s'", at, table.rows + at, in.rows.data + at);
    }
    assert_int_equal(table.progress.rejected, in.rejected);
    table_free(&table);
    free(in.rows.data);
}

/* ---- the cases
 * ---------------------------------------------------------------------------------------------------- */

static void add_random(struct text *file, const char *alphabet, size_t length) {
    for (size_t i = 0; i < length; i++) text_add(file, &alphabet[draw(strlen(alphabet))], 1);
}

static void short_files(void **state) {
    static const char *const alphabets[] = {"a,\n", "a,\"\n", "ab,\"\n\r ", "\",\n", "\r\n,", "a,b,c\n\"\""};
    for (int i = 0; i < 1500; i++) {
        struct text file = {0};
        text_add(&file, "", 0);
        add_random(&file, alphabets[draw(6)], draw(40));
        check(&file, 1 + (int64_t)draw(8));
        free(file.data);
    }
}

/* Proper rows, so that few are dropped, with fields of every kind. */
static void add_row(struct text *file, bool quotes, bool returns) {
    for (int column = 0; column < COLUMNS; column++) {
        uint64_t kind = draw(quotes ? 4 : 2);
        if (column > 0) text_add(file, ",", 1);
        if (kind == 0) add_random(file, "0123456789", draw(12));
        if (kind == 1) add_random(file, "abcdefgh .", draw(30));
        if (kind == 2) text_add(file, "\"say \"\"it\"\", then\r\ngo\"", 22);
        if (kind == 3) text_add(file, "\"plain, quoted\"", 15);
    }
    text_add(file, returns ? "\r\n" : "\n", returns ? 2 : 1);
}

static void long_files(void **state) {
    for (int i = 0; i < 12; i++) {
        struct text file = {0};
        bool quotes = i & 1, returns = i & 2, disorder = i & 4;
        size_t goal = i < 8 ? 200000 : 1300000 + draw(200000);
        while (file.used < goal) {
            add_row(&file, quotes, returns);
            if (disorder && draw(50) == 0) add_random(&file, "a,\"\n\r", draw(10));
        }
        check(&file, i % 3 == 0 ? 100000 : 1000);
        free(file.data);
    }
}

static void records_longer_than_slices_and_blocks(void **state) {
    static const size_t lengths[] = {65535, 65536, 65537, 131072, 1048575, 1048576, 1048577, 2500000};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct text file = {0};
        text_add(&file, "1,2,3\n\"", 7);
        for (size_t j = 0; j < lengths[i]; j++) text_add(&file, j % 97 ? "x" : "\n", 1);
        text_add(&file, "\",y,z\n4,5,6", 11);
        check(&file, 10);
        free(file.data);
    }
}

/* A quote, a doubled quote, CRLF and a multi-byte character at every place around the end of a slice. */
static void borders_of_slices(void **state) {
    static const char *const pieces[] = {"\"a\"\"b\",c,d\r\n", "\"a\" ,b,\"c\"\r\n", "a,b,c\r\nd,e,f\r",
                                         "\"\",\"\"\"\",\"\r\n\"\n", "\xF0\x9F\x98\x80,\xC3\xA9,z\n"};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        for (size_t before = 65536 - 14; before <= 65536; before++) {
            struct text file = {0};
            for (size_t j = 0; j + 6 < before; j += 1) text_add(&file, "x", 1);
            text_add(&file, ",y,zz\n", 6);
            text_add(&file, pieces[i], strlen(pieces[i]));
            text_add(&file, "1,2,3", 5);
            check(&file, 10);
            free(file.data);
        }
    }
}

static void the_line_of_an_error_is_counted_over_slices(void **state) {
    struct text file = {0};
    struct table table;
    for (int i = 0; i < 30000; i++) text_add(&file, "1,\"two\nlines\"\r\n", 15);
    text_add(&file, "x,y\n", 4);
    write_bytes("lines.csv", file.data, file.used);
    table_open(&table, "lines.csv", "a INT, b STRING", OPTIONS("format=csv"), 65536);
    table_read(&table, NULL, 0);
    assert_int_equal(table.status, WEIR_ERR_FORMAT);
    assert_int_equal(table.error.line, 60001);
    assert_int_equal(table.error.column, 1);
    table_free(&table);
    free(file.data);
}

/* Any bytes, under any options, declared or not: rows or an error, and the same whatever the size of batches. */
static void any_bytes_under_any_options(void **state) {
    static const char bytes[] =
        "aaT1122330..--::::  ,,,,\n\n\n\"\"\r\\#'';\t\0\xC3\xA9\xFFtrue2024-01-31 10:20:30Z";
    static const char *const picks[][4] = {
        {"csv.on-error=fail", "csv.on-error=null", "csv.on-error=skip", "csv.header=true"},
        {"csv.escape-character=\\", "csv.header=auto", "csv.header=false", NULL},
        {"csv.allow-comments=true", "csv.disable-quote-character=true", "csv.quote-character='",
         "csv.null-literal="},
        {"csv.field-delimiter=;", "csv.null-literal=1", NULL, NULL}};
    static const char *const columns[] = {NULL,
                                          "a STRING",
                                          "a STRING, b INT",
                                          "a INT, b DOUBLE!, c TIMESTAMP(3), d STRING",
                                          "a DATE, b DECIMAL(4;2), c BOOLEAN",
                                          "a LTZ(6), b TIME, c FLOAT, d BYTES"};
    for (int i = 0; i < 1500; i++) {
        char file[300];
        size_t length = draw(sizeof(file)), count = 1;
        const char *pairs[6] = {"format=csv"};
        for (size_t j = 0; j < length; j++) file[j] = bytes[draw(sizeof(bytes) - 1)];
        for (size_t j = 0; j < 4; j++) {
            pairs[count] = picks[j][draw(4)];
            if (j > 0 && pairs[count] && strncmp(pairs[count], "csv.header", 10) == 0 &&
                strncmp(pairs[1], "csv.header", 10) == 0) {
                continue;
            }
            count += pairs[count] != NULL;
        }
        pairs[count] = NULL;
        const char *declared = columns[draw(6)];
        struct table one, many;
        write_bytes("bytes.csv", file, length);
        table_open(&one, "bytes.csv", declared, pairs, 1);
        table_open(&many, "bytes.csv", declared, pairs, 1000);
        table_read(&one, NULL, 0);
        table_read(&many, NULL, 0);
        assert_int_equal(one.status, many.status);
        if (one.status == WEIR_OK) {
            assert_string_equal(one.rows, many.rows);
            assert_int_equal(one.progress.nulled, many.progress.nulled);
            assert_int_equal(one.progress.rejected, many.progress.rejected);
        } else {
            assert_string_equal(one.error.message, many.error.message);
        }
        table_free(&one);
        table_free(&many);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_files),
        cmocka_unit_test(long_files),
        cmocka_unit_test(records_longer_than_slices_and_blocks),
        cmocka_unit_test(borders_of_slices),
        cmocka_unit_test(the_line_of_an_error_is_counted_over_slices),
        cmocka_unit_test(any_bytes_under_any_options),
    };
    const char *wish = getenv("WEIR_TEST_SEED");
    seed = wish ? strtoull(wish, NULL, 0) : (uint64_t)getpid() * 0x9E3779B97F4A7C15u + 1;
    printf("seed: WEIR_TEST_SEED=%llu\n", (unsigned long long)seed);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
