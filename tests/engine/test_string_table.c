/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/string_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct weir_string text(const char *bytes, size_t length) {
    return (struct weir_string){bytes, (int64_t)length};
}

static void ids_are_dense_in_the_order_of_first_sight(void **state) {
    (void)state;
    struct weir_string_table table;
    weir_string_table_init(&table, 1);
    assert_int_equal(weir_string_table_intern(&table, text("b", 1)), 0);
    assert_int_equal(weir_string_table_intern(&table, text("a", 1)), 1);
    assert_int_equal(weir_string_table_intern(&table, text("b", 1)), 0);
    assert_int_equal(weir_string_table_intern(&table, text(NULL, 0)), 2);
    assert_int_equal(weir_string_table_intern(&table, text("", 0)), 2);
    assert_int_equal(weir_string_table_intern(&table, text("\0", 1)), 3);
    assert_int_equal(weir_string_table_intern(&table, text("b\0", 2)), 4);
    assert_int_equal(table.count, 5);
    weir_string_table_fini(&table);
}

static void the_table_keeps_copies_that_never_move(void **state) {
    (void)state;
    struct weir_string_table table;
    weir_string_table_init(&table, 7);
    char buffer[32] = "first";
    uint32_t first = weir_string_table_intern(&table, text(buffer, 5));
    const char *kept = table.strings[first].data;
    for (int i = 0; i < 100000; i++) {
        int length = snprintf(buffer, sizeof(buffer), "string %d", i);
        assert_int_equal(weir_string_table_intern(&table, text(buffer, (size_t)length)), i + 1);
    }
    assert_ptr_equal(table.strings[first].data, kept);
    assert_memory_equal(kept, "first", 5);
    for (int i = 99999; i >= 0; i -= 7) {
        int length = snprintf(buffer, sizeof(buffer), "string %d", i);
        assert_int_equal(weir_string_table_intern(&table, text(buffer, (size_t)length)), i + 1);
    }
    assert_int_equal(table.count, 100001);
    assert_true(weir_string_table_bytes(&table) > 100001 * 10);
    weir_string_table_fini(&table);
    assert_int_equal(weir_string_table_bytes(&table), 0);
}

static void strings_with_a_shared_tag_are_told_apart_by_their_bytes(void **state) {
    (void)state;
    struct weir_string_table table;
    weir_string_table_init(&table, 3);
    static const char *const texts[] = {"abc", "a string of more than sixteen bytes"};
    for (int i = 0; i < 2; i++) {
        size_t length = strlen(texts[i]);
        uint32_t id = weir_string_table_intern(&table, text(texts[i], length));
        /* As if another string of the same length had the same hash: only the bytes differ. */
        ((char *)(uintptr_t)table.strings[id].data)[2] = 'X';
        table.shorts[id].last ^= 1;
        uint32_t other = weir_string_table_intern(&table, text(texts[i], length));
        assert_true(other != id);
        assert_memory_equal(table.strings[other].data, texts[i], length);
    }
    weir_string_table_fini(&table);
}

/* Each in a block of its own size, so that a byte beyond it would be seen. */
static uint32_t intern_exact(struct weir_string_table *table, const char *bytes, size_t length) {
    char *block = malloc(length == 0 ? 1 : length);
    assert_non_null(block);
    memcpy(block, bytes, length);
    uint32_t id = weir_string_table_intern(table, text(block, length));
    free(block);
    return id;
}

static void short_strings_of_every_length_are_told_apart(void **state) {
    (void)state;
    struct weir_string_table table;
    weir_string_table_init(&table, 11);
    char bytes[24];
    uint32_t known = 0;
    for (int turn = 0; turn < 2; turn++) {
        uint32_t next = 0;
        for (size_t length = 0; length <= 5; length++) { /* all strings of three letters, one of them 0 */
            size_t all = 1;
            for (size_t i = 0; i < length; i++) all *= 3;
            for (size_t number = 0; number < all; number++) {
                size_t left = number;
                for (size_t i = 0; i < length; i++, left /= 3) bytes[i] = "a\0b"[left % 3];
                assert_int_equal(intern_exact(&table, bytes, length), next++);
            }
        }
        for (size_t length = 6; length <= 20; length++) { /* those that differ in one place */
            for (size_t place = 0; place <= length; place++) {
                memset(bytes, 'x', sizeof(bytes));
                if (place < length) bytes[place] = 'y';
                assert_int_equal(intern_exact(&table, bytes, length), next++);
            }
        }
        if (turn == 0) known = next;
    }
    assert_int_equal(table.count, known);
    weir_string_table_fini(&table);
}

static void very_long_strings_are_kept_whole(void **state) {
    (void)state;
    struct weir_string_table table;
    weir_string_table_init(&table, 3);
    size_t length = (size_t)5 << 20;
    char *big = malloc(length);
    assert_non_null(big);
    memset(big, 'x', length);
    uint32_t a = weir_string_table_intern(&table, text(big, length));
    big[length - 1] = 'y';
    uint32_t b = weir_string_table_intern(&table, text(big, length));
    assert_true(a != b);
    assert_int_equal(table.strings[a].data[length - 1], 'x');
    assert_int_equal(weir_string_table_intern(&table, text(big, length)), b);
    free(big);
    weir_string_table_fini(&table);
}

/* In any number of pieces, with room made before or not, each id is what it is one by one. */
static void many_at_once_get_the_ids_that_they_get_one_by_one(void **state) {
    (void)state;
    enum { STRINGS = 3000, DIFFERENT = 1700 };
    static char bytes[STRINGS][40];
    static struct weir_string strings[STRINGS];
    for (int i = 0; i < STRINGS; i++) {
        int number = i * 7 % DIFFERENT; /* short ones, long ones, and some again */
        const char *format = number % 3 == 0   ? "a longer text with number %d"
                             : number % 3 == 1 ? "%d"
                                               : "number %d";
        strings[i] = text(bytes[i], (size_t)snprintf(bytes[i], sizeof(bytes[i]), format, number));
    }
    for (int32_t some = 1; some <= WEIR_STRINGS_AT_ONCE; some += 9) {
        struct weir_string_table one, many;
        weir_string_table_init(&one, 5);
        weir_string_table_init(&many, 5);
        if (some % 2 == 0) assert_true(weir_string_table_expect(&many, DIFFERENT / 2));
        for (int32_t from = 0; from < STRINGS; from += some) {
            uint32_t ids[WEIR_STRINGS_AT_ONCE];
            int32_t count = STRINGS - from < some ? STRINGS - from : some;
            assert_true(weir_string_table_intern_many(&many, strings + from, count, ids));
            for (int32_t i = 0; i < count; i++)
                assert_int_equal(ids[i], weir_string_table_intern(&one, strings[from + i]));
        }
        assert_int_equal(many.count, DIFFERENT);
        assert_true(weir_string_table_agrees(&one, &many, 0, DIFFERENT));
        assert_int_equal(weir_string_table_find(&many, text("number 1697", 11)),
                         weir_string_table_find(&one, text("number 1697", 11)));
        weir_string_table_fini(&one);
        weir_string_table_fini(&many);
    }
}

/* Room for a few more each time is not made each time. */
static void room_that_was_made_is_kept(void **state) {
    (void)state;
    struct weir_string_table table;
    weir_string_table_init(&table, 5);
    int grown = 0;
    for (uint32_t count = 1; count < 20000; count++) {
        uint32_t before = table.capacity;
        assert_true(weir_string_table_expect(&table, count));
        assert_true(table.capacity >= count && table.slots_count >= 2 * (size_t)count);
        grown += table.capacity != before;
    }
    assert_in_range(grown, 1, 20);
    assert_false(weir_string_table_expect(&table, UINT32_MAX));
    weir_string_table_fini(&table);
}

/* Short and long strings; one that is the other's but for its length, its first byte or its last. */
static void tables_agree_where_they_have_the_same_strings(void **state) {
    (void)state;
    static const char *const texts[] = {"", "a", "abc", "abcdefgh", "exactly 16 bytes", "more than sixteen bytes",
                                        "z"};
    static const char *const others[] = {"b", "", "abd", "Abcdefgh", "exactly 16 byte", "more than sixteen Bytes",
                                         "zz"};
    enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };
    for (uint32_t changed = 0; changed <= TEXTS; changed++) {
        struct weir_string_table one, two;
        weir_string_table_init(&one, 5);
        weir_string_table_init(&two, 6); /* which hashes other strings alike */
        for (uint32_t i = 0; i < TEXTS; i++) {
            const char *other = i == changed ? others[i] : texts[i];
            if (i == 1 && changed == 1) other = "c"; /* each string is there once */
            assert_int_equal(intern_exact(&one, texts[i], strlen(texts[i])), i);
            assert_int_equal(intern_exact(&two, other, strlen(other)), i);
        }
        for (uint32_t first = 0; first <= TEXTS; first++) {
            for (uint32_t count = 0; first + count <= TEXTS; count++) {
                bool is_in = changed >= first && changed < first + count;
                assert_int_equal(weir_string_table_agrees(&one, &two, first, count), !is_in);
            }
        }
        intern_exact(&one, "one more", 8);
        assert_false(weir_string_table_agrees(&one, &two, TEXTS, 1));
        assert_false(weir_string_table_agrees(&two, &one, TEXTS, 1));
        weir_string_table_fini(&one);
        weir_string_table_fini(&two);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_dense_in_the_order_of_first_sight),
        cmocka_unit_test(the_table_keeps_copies_that_never_move),
        cmocka_unit_test(strings_with_a_shared_tag_are_told_apart_by_their_bytes),
        cmocka_unit_test(short_strings_of_every_length_are_told_apart),
        cmocka_unit_test(very_long_strings_are_kept_whole),
        cmocka_unit_test(many_at_once_get_the_ids_that_they_get_one_by_one),
        cmocka_unit_test(room_that_was_made_is_kept),
        cmocka_unit_test(tables_agree_where_they_have_the_same_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
