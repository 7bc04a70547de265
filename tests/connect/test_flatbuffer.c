/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connect/flatbuffer.h"

/* A message with a scalar of each width, a text, a vector of structs, a vector of tables and an absent field. */
static void build(struct weir_flat_builder *builder) {
    weir_flat_begin(builder);
    size_t root = weir_flat_add_table(builder, (const uint8_t[]){1, 8, 2, 4, 0, 4, 4, 4}, 8);
    weir_flat_link(builder, 0, root);
    weir_flat_put_field(builder, root, 0, 1, -3);
    weir_flat_put_field(builder, root, 1, 8, INT64_MIN);
    weir_flat_put_field(builder, root, 2, 2, -300);
    weir_flat_put_field(builder, root, 3, 4, 70000);
    weir_flat_link_field(builder, root, 5, weir_flat_add_text(builder, "hello", 5));
    size_t structs = weir_flat_add_vector(builder, 3, 16, 8);
    for (size_t i = 0; i < 3; i++) {
        weir_flat_put(builder, structs + 4 + 16 * i, 8, (int64_t)i);
        weir_flat_put(builder, structs + 12 + 16 * i, 4, -(int64_t)i);
    }
    weir_flat_link_field(builder, root, 6, structs);
    size_t tables = weir_flat_add_vector(builder, 2, 4, 4);
    weir_flat_link_field(builder, root, 7, tables);
    for (size_t i = 0; i < 2; i++) {
        size_t child = weir_flat_add_table(builder, (const uint8_t[]){4}, 1);
        weir_flat_put_field(builder, child, 0, 4, (int64_t)i + 10);
        weir_flat_link(builder, tables + 4 + 4 * i, child);
    }
    assert_false(builder->failed);
}

/* Reads all of it; the sum keeps the reads from being optimised away. */
static int64_t read_all(struct weir_flat *flat) {
    struct weir_flat_table root = weir_flat_root(flat);
    int64_t sum = 0;
    for (uint32_t field = 0; field < 9; field++) {
        for (uint32_t bytes = 1; bytes <= 8; bytes *= 2) sum += weir_flat_int(&root, field, bytes, 1) & 0xFF;
        const char *text;
        size_t bytes;
        if (weir_flat_text(&root, field, &text, &bytes)) {
            for (size_t i = 0; i < bytes; i++) sum += text[i];
        }
        struct weir_flat_vector structs = weir_flat_elements(&root, field, 16);
        for (uint32_t i = 0; i < structs.count; i++) sum += weir_flat_int_at(&structs, i, 8, 8) & 0xFF;
        struct weir_flat_vector tables = weir_flat_elements(&root, field, 4);
        for (uint32_t i = 0; i < tables.count; i++) {
            struct weir_flat_table child = weir_flat_table_at(&tables, i);
            sum += weir_flat_int(&child, 0, 4, 0) & 0xFF;
        }
        struct weir_flat_table child = weir_flat_child(&root, field);
        sum += weir_flat_present(&child);
    }
    return sum;
}

static void what_is_built_is_read(void **state) {
    (void)state;
    struct weir_flat_builder builder = {0};
    build(&builder);
    struct weir_flat flat = {.data = builder.data, .size = builder.bytes};
    struct weir_flat_table root = weir_flat_root(&flat);
    assert_true(weir_flat_present(&root));
    assert_int_equal(weir_flat_int(&root, 0, 1, 0), -3);
    assert_true(weir_flat_int(&root, 1, 8, 0) == INT64_MIN);
    assert_int_equal(weir_flat_int(&root, 2, 2, 0), -300);
    assert_int_equal(weir_flat_int(&root, 3, 4, 0), 70000);
    const char *text;
    size_t bytes;
    assert_true(weir_flat_text(&root, 5, &text, &bytes));
    assert_int_equal(bytes, 5);
    assert_memory_equal(text, "hello", 6); /* with a zero behind it */
    struct weir_flat_vector structs = weir_flat_elements(&root, 6, 16);
    assert_int_equal(structs.count, 3);
    assert_int_equal(weir_flat_int_at(&structs, 2, 0, 8), 2);
    assert_int_equal(weir_flat_int_at(&structs, 2, 8, 4), -2);
    struct weir_flat_vector tables = weir_flat_elements(&root, 7, 4);
    struct weir_flat_table second = weir_flat_table_at(&tables, 1);
    assert_int_equal(weir_flat_int(&second, 0, 4, 0), 11);
    assert_false(flat.bad);
    weir_flat_fini(&builder);
}

static void absent_fields_have_their_default(void **state) {
    (void)state;
    struct weir_flat_builder builder = {0};
    build(&builder);
    struct weir_flat flat = {.data = builder.data, .size = builder.bytes};
    struct weir_flat_table root = weir_flat_root(&flat);
    struct weir_flat_table child = weir_flat_child(&root, 4);
    const char *text;
    size_t bytes;
    assert_int_equal(weir_flat_int(&root, 4, 4, 42), 42);
    assert_int_equal(weir_flat_int(&root, 100, 8, 42), 42);
    assert_int_equal(weir_flat_int(&root, UINT32_MAX, 8, 42), 42);
    assert_false(weir_flat_present(&child));
    assert_int_equal(weir_flat_int(&child, 0, 4, 7), 7);
    assert_false(weir_flat_text(&child, 0, &text, &bytes));
    assert_int_equal(weir_flat_elements(&child, 1, 8).count, 0);
    assert_false(flat.bad);
    weir_flat_fini(&builder);
}

static void fields_are_aligned(void **state) {
    (void)state;
    struct weir_flat_builder builder = {0};
    for (size_t text_bytes = 0; text_bytes < 20; text_bytes++) {
        weir_flat_begin(&builder);
        weir_flat_add_text(&builder, "abcdefghijklmnopqrst", text_bytes);
        size_t table = weir_flat_add_table(&builder, (const uint8_t[]){1, 8, 2, 4, 8}, 5);
        size_t vector = weir_flat_add_vector(&builder, 3, 8, 8);
        assert_int_equal(table % 4, 0);
        assert_int_equal(weir_flat_field(&builder, table, 1) % 8, 0);
        assert_int_equal(weir_flat_field(&builder, table, 4) % 8, 0);
        assert_int_equal(weir_flat_field(&builder, table, 3) % 4, 0);
        assert_int_equal(weir_flat_field(&builder, table, 2) % 2, 0);
        assert_int_equal((vector + 4) % 8, 0);
    }
    weir_flat_fini(&builder);
}

/* In memory of exactly that size, so that a read past it is seen. */
static void read_copy(const uint8_t *data, size_t bytes, bool must_be_bad) {
    uint8_t *copy = malloc(bytes == 0 ? 1 : bytes);
    assert_non_null(copy);
    memcpy(copy, data, bytes);
    struct weir_flat flat = {.data = copy, .size = bytes};
    read_all(&flat);
    if (must_be_bad) assert_true(flat.bad);
    free(copy);
}

static void cut_messages_are_bad(void **state) {
    (void)state;
    struct weir_flat_builder builder = {0};
    build(&builder);
    for (size_t bytes = 0; bytes < builder.bytes; bytes++)
        read_copy(builder.data, bytes, bytes < builder.bytes - 4);
    weir_flat_fini(&builder);
}

static void damaged_messages_are_read_within_bounds(void **state) {
    (void)state;
    struct weir_flat_builder builder = {0};
    static const uint8_t values[] = {0, 1, 2, 4, 0x7F, 0x80, 0xFC, 0xFF};
    build(&builder);
    for (size_t at = 0; at < builder.bytes; at++) {
        uint8_t kept = builder.data[at];
        for (size_t i = 0; i < sizeof(values); i++) {
            builder.data[at] = values[i];
            read_copy(builder.data, builder.bytes, false);
        }
        builder.data[at] = kept;
    }
    for (size_t at = 0; at + 4 <= builder.bytes; at++) {
        uint8_t kept[4];
        memcpy(kept, builder.data + at, 4);
        memset(builder.data + at, 0xFF, 4);
        read_copy(builder.data, builder.bytes, false);
        memcpy(builder.data + at, kept, 4);
    }
    weir_flat_fini(&builder);
}

static void offsets_that_point_back_or_outside_are_bad(void **state) {
    (void)state;
    static const uint32_t roots[] = {0, 1, 3, 13, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
        uint8_t bytes[16] = {0};
        memcpy(bytes, &roots[i], 4);
        read_copy(bytes, sizeof(bytes), true);
    }
}

static void too_large_a_message_fails_without_a_crash(void **state) {
    (void)state;
    struct weir_flat_builder builder = {0};
    weir_flat_begin(&builder);
    size_t vector = weir_flat_add_vector(&builder, SIZE_MAX / 8, 16, 8);
    assert_true(builder.failed);
    weir_flat_put(&builder, vector + 4, 8, 1);
    size_t table = weir_flat_add_table(&builder, (const uint8_t[]){4}, 1);
    weir_flat_put_field(&builder, table, 0, 4, 1);
    weir_flat_link_field(&builder, table, 0, vector);
    assert_true(builder.failed);
    weir_flat_begin(&builder);
    assert_false(builder.failed);
    weir_flat_fini(&builder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_built_is_read),
        cmocka_unit_test(absent_fields_have_their_default),
        cmocka_unit_test(fields_are_aligned),
        cmocka_unit_test(cut_messages_are_bad),
        cmocka_unit_test(damaged_messages_are_read_within_bounds),
        cmocka_unit_test(offsets_that_point_back_or_outside_are_bad),
        cmocka_unit_test(too_large_a_message_fails_without_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
