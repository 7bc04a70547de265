/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/engine/arrays.h"

static struct weir_error error;
static const char *const names[4] = {"first", "second", "third", "fourth"};

static struct weir_layout layout_of(enum weir_storage storage) {
    return (struct weir_layout){.storage = storage, .type = weir_type_of(WEIR_TYPE_BIGINT)};
}

static struct weir_layout dictionary_layout(enum weir_storage codes, enum weir_storage words) {
    return (struct weir_layout){
        .storage = WEIR_STORE_DICTIONARY, .codes = codes, .words = words, .type = weir_type_of(WEIR_TYPE_STRING)};
}

static struct weir_batch import_ok(struct ArrowArray *array, const struct weir_layout *layouts, size_t count) {
    struct weir_batch batch;
    if (weir_batch_import(array, layouts, names, count, true, &batch, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    assert_null(array->release);
    return batch;
}

/* The import is refused with a message that names the column; the array is untouched and then released. */
static void refuse(struct ArrowArray array, struct weir_layout layout, const char *why) {
    struct weir_batch batch;
    struct ArrowArray before = array;
    int released = batches_released;
    memset(&batch, 0xAA, sizeof(batch));
    memset(&error, 0, sizeof(error));
    assert_int_equal(weir_batch_import(&array, &layout, names, 1, true, &batch, &error), WEIR_ERR_FORMAT);
    assert_memory_equal(&before, &array, sizeof(array));
    assert_int_equal(batches_released, released);
    assert_null(batch.source.release);
    assert_null(batch.columns);
    if (strstr(error.message, why) == NULL) fail_msg("'%s' is not in '%s'", why, error.message);
    weir_batch_fini(&batch); /* an empty batch may be closed, too */
    array.release(&array);
    assert_int_equal(batches_released, released + 1);
}

/* ---- what is taken ---- */

static void fixed_widths_are_borrowed(void **state) {
    (void)state;
    static const enum weir_storage storages[] = {WEIR_STORE_I8,  WEIR_STORE_U8,  WEIR_STORE_I16, WEIR_STORE_U16,
                                                 WEIR_STORE_I32, WEIR_STORE_U32, WEIR_STORE_I64, WEIR_STORE_U64,
                                                 WEIR_STORE_F32, WEIR_STORE_F64, WEIR_STORE_I128};
    for (size_t s = 0; s < sizeof(storages) / sizeof(storages[0]); s++) {
        size_t bytes = weir_storage_bytes(storages[s]);
        char values[16 * 10];
        for (size_t i = 0; i < sizeof(values); i++) values[i] = (char)(i * 7);
        struct ArrowArray array = batch_of(10, 1, array_fixed(values, bytes, 10, "1011111110"));
        const void *source = array.children[0]->buffers[1];
        struct weir_layout layout = layout_of(storages[s]);
        struct weir_batch batch = import_ok(&array, &layout, 1);
        assert_int_equal(batch.rows, 10);
        assert_ptr_equal(batch.columns[0].values, source);
        assert_int_equal(batch.columns[0].rows, 10);
        for (size_t i = 0; i < 10; i++)
            assert_int_equal(weir_bit_get(batch.columns[0].validity, i), i != 1 && i != 9);
        int released = batches_released;
        weir_batch_fini(&batch);
        assert_int_equal(batches_released, released + 1);
        weir_batch_fini(&batch); /* a second time does nothing */
        assert_int_equal(batches_released, released + 1);
    }
}

static void misaligned_buffers_are_copied(void **state) {
    (void)state;
    static const enum weir_storage storages[] = {WEIR_STORE_I16, WEIR_STORE_I32, WEIR_STORE_I64, WEIR_STORE_F64,
                                                 WEIR_STORE_I128};
    for (size_t s = 0; s < 5; s++) {
        size_t bytes = weir_storage_bytes(storages[s]);
        struct ArrowArray *child = array_new(5, 2);
        char *room = malloc(bytes * 5 + 1);
        for (size_t i = 0; i < bytes * 5; i++) room[i + 1] = (char)i;
        child->buffers[1] = room + 1;
        struct ArrowArray array = batch_of(5, 1, child);
        struct weir_layout layout = layout_of(storages[s]);
        struct weir_batch batch = import_ok(&array, &layout, 1);
        assert_int_equal((uintptr_t)batch.columns[0].values % bytes, 0);
        assert_memory_equal(batch.columns[0].values, room + 1, bytes * 5);
        child->buffers[1] = room; /* so that it can be freed */
        weir_batch_fini(&batch);
    }
}

/* Offsets of the struct and of its child add up, at every remainder of a byte and of a word. */
static void offsets_of_struct_and_child_add_up(void **state) {
    (void)state;
    enum { ALL = 300 };
    int64_t values[ALL];
    char bits[ALL + 1], valid[ALL + 1];
    const char *texts[ALL];
    static char text[ALL][16];
    for (int i = 0; i < ALL; i++) {
        values[i] = i;
        bits[i] = i % 3 == 0 ? '1' : '0';
        valid[i] = i % 7 == 0 ? '0' : '1';
        snprintf(text[i], sizeof(text[i]), "t%d", i);
        texts[i] = i % 11 == 0 ? NULL : text[i];
    }
    for (int64_t outer = 0; outer < 70; outer += 3) {
        for (int64_t inner = 0; inner < 70; inner += 7) {
            int64_t rows = ALL - outer - inner;
            struct ArrowArray array = batch_of(ALL, 3, array_i64(values, ALL, valid), array_bool(bits, ALL, valid),
                                               array_strings(texts, ALL, outer % 2 == 0));
            for (int c = 0; c < 3; c++) {
                array.children[c]->offset = inner;
                array.children[c]->length = ALL - inner;
            }
            array.offset = outer;
            array.length = rows;
            struct weir_layout layouts[3] = {layout_of(WEIR_STORE_I64), layout_of(WEIR_STORE_BOOL),
                                             layout_of(outer % 2 == 0 ? WEIR_STORE_LARGE_UTF8 : WEIR_STORE_UTF8)};
            struct weir_batch batch = import_ok(&array, layouts, 3);
            for (int64_t i = 0; i < rows; i++) {
                int64_t at = i + outer + inner;
                assert_int_equal(((const int64_t *)batch.columns[0].values)[i], at);
                assert_int_equal(weir_bit_get(batch.columns[0].validity, (size_t)i), valid[at] == '1');
                assert_int_equal(weir_bit_get(batch.columns[1].values, (size_t)i), bits[at] == '1');
                bool has = weir_bit_get(batch.columns[2].validity, (size_t)i);
                assert_int_equal(has, texts[at] != NULL);
                if (!has) continue;
                struct weir_string string = weir_column_string(&batch.columns[2], i);
                assert_int_equal(string.length, strlen(texts[at]));
                assert_memory_equal(string.data, texts[at], (size_t)string.length);
            }
            weir_batch_fini(&batch);
        }
    }
}

static void no_rows_need_no_buffers(void **state) {
    (void)state;
    struct weir_layout layouts[4] = {layout_of(WEIR_STORE_I64), layout_of(WEIR_STORE_BOOL),
                                     layout_of(WEIR_STORE_UTF8), dictionary_layout(WEIR_STORE_I8, WEIR_STORE_UTF8)};
    struct ArrowArray *coded = array_new(0, 2);
    coded->dictionary = array_new(0, 3);
    struct ArrowArray array = batch_of(0, 4, array_new(0, 2), array_new(0, 2), array_new(0, 3), coded);
    struct weir_batch batch = import_ok(&array, layouts, 4);
    assert_int_equal(batch.rows, 0);
    weir_batch_fini(&batch);
    struct ArrowArray none = batch_of(7, 0); /* rows without columns: they can be counted */
    batch = import_ok(&none, layouts, 0);
    assert_int_equal(batch.rows, 7);
    weir_batch_fini(&batch);
}

static void a_null_column_is_null_everywhere(void **state) {
    (void)state;
    struct weir_layout layout = layout_of(WEIR_STORE_NULL);
    struct ArrowArray array = batch_of(100, 1, array_new(100, 0));
    struct weir_batch batch = import_ok(&array, &layout, 1);
    assert_int_equal(weir_bitmap_count(batch.columns[0].validity, 100), 0);
    weir_batch_fini(&batch);
}

static void a_bitmap_without_a_null_is_dropped(void **state) {
    (void)state;
    int64_t values[3] = {1, 2, 3};
    struct weir_layout layout = layout_of(WEIR_STORE_I64);
    struct ArrowArray array = batch_of(3, 1, array_i64(values, 3, "111"));
    array.children[0]->null_count = -1; /* unknown */
    struct weir_batch batch = import_ok(&array, &layout, 1);
    assert_null(batch.columns[0].validity);
    weir_batch_fini(&batch);
    array = batch_of(2, 1, array_i64(values, 3, "110")); /* the NULL lies past the batch */
    array.children[0]->null_count = -1;
    batch = import_ok(&array, &layout, 1);
    assert_null(batch.columns[0].validity);
    weir_batch_fini(&batch);
}

static void null_entries_of_a_dictionary_are_null_rows(void **state) {
    (void)state;
    static const char *const words[3] = {"a", NULL, "c"};
    static const int8_t codes[6] = {0, 1, 2, 1, -1, 99};
    for (int marked = 0; marked < 2; marked++) {
        int64_t rows = marked == 1 ? 6 : 4;
        struct weir_layout layout = dictionary_layout(WEIR_STORE_I8, WEIR_STORE_LARGE_UTF8);
        struct ArrowArray array = batch_of(
            rows, 1,
            array_dictionary(codes, 1, rows, marked == 1 ? "111100" : NULL, array_strings(words, 3, true)));
        struct weir_batch batch = import_ok(&array, &layout, 1);
        const struct weir_column *column = &batch.columns[0];
        assert_int_equal(column->validity[0] & weir_bitmap_tail((size_t)rows), 0x5);
        assert_memory_equal(weir_column_string(column, 2).data, "c", 1);
        weir_batch_fini(&batch);
    }
}

static void codes_of_every_width_reach_their_words(void **state) {
    (void)state;
    static const enum weir_storage storages[] = {WEIR_STORE_I8, WEIR_STORE_I16, WEIR_STORE_I32, WEIR_STORE_I64,
                                                 WEIR_STORE_U8, WEIR_STORE_U16, WEIR_STORE_U32, WEIR_STORE_U64};
    static const char *const words[] = {"skipped", "zero", "one", "two"};
    for (size_t s = 0; s < 8; s++) {
        size_t bytes = weir_storage_bytes(storages[s]);
        char codes[8 * 4] = {0};
        for (size_t i = 0; i < 4; i++) codes[i * bytes] = (char)(i % 3); /* little-endian */
        struct ArrowArray *dictionary = array_strings(words, 4, false);
        dictionary->offset = 1; /* a slice of a longer dictionary */
        dictionary->length = 3;
        struct weir_layout layout = dictionary_layout(storages[s], WEIR_STORE_UTF8);
        struct ArrowArray array = batch_of(3, 1, array_dictionary(codes, bytes, 4, NULL, dictionary));
        array.offset = 1;
        struct weir_batch batch = import_ok(&array, &layout, 1);
        for (int64_t i = 0; i < 3; i++) {
            const char *word = words[1 + (i + 1) % 3];
            struct weir_string string = weir_column_string(&batch.columns[0], i);
            assert_int_equal(string.length, strlen(word));
            assert_memory_equal(string.data, word, strlen(word));
        }
        weir_batch_fini(&batch);
    }
}

/* ---- what is refused ---- */

static struct ArrowArray three_integers(void) {
    static const int64_t values[3] = {1, 2, 3};
    return batch_of(3, 1, array_i64(values, 3, NULL));
}

static struct ArrowArray three_strings(void) {
    static const char *const values[3] = {"a", "bc", "def"};
    return batch_of(3, 1, array_strings(values, 3, false));
}

static struct ArrowArray three_codes(const char *valid) {
    static const char *const words[2] = {"a", "b"};
    static const int32_t codes[3] = {0, 1, 0};
    return batch_of(3, 1, array_dictionary(codes, 4, 3, valid, array_strings(words, 2, false)));
}

static void lengths_and_offsets_that_lie_are_refused(void **state) {
    (void)state;
    static const int64_t bad[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX / 64 + 1};
    struct weir_layout layout = layout_of(WEIR_STORE_I64);
    for (int i = 0; i < 4; i++) {
        struct ArrowArray array = three_integers();
        array.length = bad[i];
        refuse(array, layout, "batch");
        array = three_integers();
        array.offset = bad[i];
        refuse(array, layout, "batch");
        array = three_integers();
        array.children[0]->offset = bad[i];
        refuse(array, layout, "'first'");
        if (bad[i] > 0) continue;
        array = three_integers();
        array.children[0]->length = bad[i];
        refuse(array, layout, "'first'");
    }
    struct ArrowArray array = three_integers();
    array.children[0]->length = 2;
    refuse(array, layout, "shorter");
    array = three_integers();
    array.offset = 1;
    refuse(array, layout, "shorter");
}

static void missing_parts_are_refused(void **state) {
    (void)state;
    struct weir_layout layout = layout_of(WEIR_STORE_I64);
    struct ArrowArray array = three_integers();
    free((void *)(uintptr_t)array.children[0]->buffers[1]);
    array.children[0]->buffers[1] = NULL;
    refuse(array, layout, "buffer");
    array = three_integers();
    array.children[0]->n_buffers = 1;
    free((void *)(uintptr_t)array.children[0]->buffers[1]);
    refuse(array, layout, "buffers");
    array = three_integers();
    for (int i = 0; i < 2; i++) free((void *)(uintptr_t)array.children[0]->buffers[i]);
    free(array.children[0]->buffers);
    array.children[0]->buffers = NULL;
    refuse(array, layout, "buffers");
    array = batch_of(3, 0);
    refuse(array, layout, "0 columns");
    array = three_integers();
    array.children[0]->release(array.children[0]);
    free(array.children[0]);
    array.children[0] = NULL;
    refuse(array, layout, "first");
    array = batch_of(3, 0);
    free(array.children);
    array.children = NULL;
    array.n_children = 1;
    struct ArrowArray kept = array;
    struct weir_batch batch;
    assert_int_equal(weir_batch_import(&array, &layout, names, 1, true, &batch, &error), WEIR_ERR_FORMAT);
    assert_memory_equal(&kept, &array, sizeof(array));
    array.n_children = 0;
    array.release(&array);
    array = three_integers(); /* the struct claims a bitmap and has no buffers at all */
    free(array.buffers);
    array.buffers = NULL;
    array.null_count = -1;
    struct weir_batch taken = import_ok(&array, &layout, 1);
    weir_batch_fini(&taken);
}

static void a_child_that_was_moved_out_is_refused(void **state) {
    (void)state;
    struct ArrowArray array = three_integers();
    struct ArrowArray moved = *array.children[0];
    array.children[0]->release = NULL;
    refuse(array, layout_of(WEIR_STORE_I64), "released");
    moved.release(&moved);
}

static void a_row_that_is_null_as_a_whole_is_refused(void **state) {
    (void)state;
    struct ArrowArray array = three_integers();
    array_set_validity(&array, "101");
    refuse(array, layout_of(WEIR_STORE_I64), "row 1");
    array = three_integers();
    array_set_validity(&array, "011");
    array.offset = 1; /* the NULL lies before the batch */
    array.length = 2;
    struct weir_layout layout = layout_of(WEIR_STORE_I64);
    struct weir_batch batch = import_ok(&array, &layout, 1);
    weir_batch_fini(&batch);
}

static void string_offsets_that_go_backwards_or_below_zero_are_refused(void **state) {
    (void)state;
    for (int at = 0; at < 4; at++) {
        struct ArrowArray array = three_strings();
        ((int32_t *)(uintptr_t)array.children[0]->buffers[1])[at] = at == 0 ? -1 : INT32_MIN;
        refuse(array, layout_of(WEIR_STORE_UTF8), "offsets");
        static const char *const values[3] = {"a", "bc", "def"};
        array = batch_of(3, 1, array_strings(values, 3, true));
        ((int64_t *)(uintptr_t)array.children[0]->buffers[1])[at] = at == 0 ? INT64_MIN : -1;
        refuse(array, layout_of(WEIR_STORE_LARGE_UTF8), "offsets");
    }
    struct ArrowArray array = three_strings();
    ((int32_t *)(uintptr_t)array.children[0]->buffers[1])[1] = INT32_MAX; /* then back */
    refuse(array, layout_of(WEIR_STORE_UTF8), "offsets");
    array = three_strings();
    free((void *)(uintptr_t)array.children[0]->buffers[2]);
    array.children[0]->buffers[2] = NULL;
    refuse(array, layout_of(WEIR_STORE_UTF8), "bytes");
    array = three_strings();
    free((void *)(uintptr_t)array.children[0]->buffers[2]);
    array.children[0]->n_buffers = 2;
    refuse(array, layout_of(WEIR_STORE_UTF8), "three buffers");
}

/* One bad code among good ones, at each place. Without its sign -57 of 8 bits would be within the dictionary. */
static void a_bad_code_of_any_width_is_refused_wherever_it_stands(void **state) {
    (void)state;
    enum { CODES = 300, WORDS = 250 };
    static const struct {
        enum weir_storage storage;
        size_t bytes;
        int64_t bad;
    } cases[] = {{WEIR_STORE_I8, 1, -57},   {WEIR_STORE_I8, 1, -1},   {WEIR_STORE_U8, 1, 250},
                 {WEIR_STORE_I16, 2, -1},   {WEIR_STORE_I16, 2, 250}, {WEIR_STORE_U16, 2, 65535},
                 {WEIR_STORE_I32, 4, -1},   {WEIR_STORE_I32, 4, 250}, {WEIR_STORE_U32, 4, UINT32_MAX},
                 {WEIR_STORE_I64, 8, -250}, {WEIR_STORE_U64, 8, 250}};
    static const char *words[WORDS];
    static char codes[8 * CODES];
    for (int i = 0; i < WORDS; i++) words[i] = "w";
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        struct weir_layout layout = dictionary_layout(cases[c].storage, WEIR_STORE_UTF8);
        size_t bytes = cases[c].bytes;
        for (size_t bad = 0; bad <= CODES; bad += 20) {
            for (size_t i = 0; i < CODES; i++) {
                int64_t code =
                    i == bad ? cases[c].bad : (int64_t)(i % (cases[c].storage == WEIR_STORE_I8 ? 128 : 250));
                memcpy(codes + i * bytes, &code, bytes); /* little-endian */
            }
            struct ArrowArray *dictionary = array_strings(words, WORDS, false);
            struct ArrowArray array = batch_of(CODES, 1, array_dictionary(codes, bytes, CODES, NULL, dictionary));
            if (bad < CODES) {
                refuse(array, layout, "outside its dictionary");
            } else {
                struct weir_batch batch = import_ok(&array, &layout, 1);
                weir_batch_fini(&batch);
            }
        }
    }
}

static void codes_outside_their_dictionary_are_refused(void **state) {
    (void)state;
    static const int32_t bad[] = {-1, 2, INT32_MAX, INT32_MIN};
    struct weir_layout layout = dictionary_layout(WEIR_STORE_I32, WEIR_STORE_UTF8);
    for (int i = 0; i < 4; i++) {
        struct ArrowArray array = three_codes(NULL);
        ((int32_t *)(uintptr_t)array.children[0]->buffers[1])[2] = bad[i];
        refuse(array, layout, "outside its dictionary");
        array = three_codes("110"); /* under a NULL they do not matter */
        ((int32_t *)(uintptr_t)array.children[0]->buffers[1])[2] = bad[i];
        struct weir_batch batch = import_ok(&array, &layout, 1);
        weir_batch_fini(&batch);
    }
    static const char *const words[1] = {"a"};
    static const uint64_t wide[1] = {UINT64_MAX};
    refuse(batch_of(1, 1, array_dictionary(wide, 8, 1, NULL, array_strings(words, 1, false))),
           dictionary_layout(WEIR_STORE_U64, WEIR_STORE_UTF8), "outside its dictionary");
}

static void dictionaries_that_lie_are_refused(void **state) {
    (void)state;
    struct weir_layout layout = dictionary_layout(WEIR_STORE_I32, WEIR_STORE_UTF8);
    static const int64_t bad[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX - 1};
    for (int i = 0; i < 4; i++) {
        struct ArrowArray array = three_codes(NULL);
        array.children[0]->dictionary->length = bad[i];
        refuse(array, layout, "dictionary");
        array = three_codes(NULL);
        array.children[0]->dictionary->offset = bad[i];
        refuse(array, layout, "dictionary");
    }
    struct ArrowArray array = three_codes(NULL);
    array.children[0]->dictionary->release(array.children[0]->dictionary);
    free(array.children[0]->dictionary);
    array.children[0]->dictionary = NULL;
    refuse(array, layout, "dictionary is missing");
    array = three_codes(NULL);
    ((int32_t *)(uintptr_t)array.children[0]->dictionary->buffers[1])[1] = -5;
    refuse(array, layout, "offsets");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_widths_are_borrowed),
        cmocka_unit_test(misaligned_buffers_are_copied),
        cmocka_unit_test(offsets_of_struct_and_child_add_up),
        cmocka_unit_test(no_rows_need_no_buffers),
        cmocka_unit_test(a_null_column_is_null_everywhere),
        cmocka_unit_test(a_bitmap_without_a_null_is_dropped),
        cmocka_unit_test(null_entries_of_a_dictionary_are_null_rows),
        cmocka_unit_test(codes_of_every_width_reach_their_words),
        cmocka_unit_test(lengths_and_offsets_that_lie_are_refused),
        cmocka_unit_test(missing_parts_are_refused),
        cmocka_unit_test(a_child_that_was_moved_out_is_refused),
        cmocka_unit_test(a_row_that_is_null_as_a_whole_is_refused),
        cmocka_unit_test(string_offsets_that_go_backwards_or_below_zero_are_refused),
        cmocka_unit_test(a_bad_code_of_any_width_is_refused_wherever_it_stands),
        cmocka_unit_test(codes_outside_their_dictionary_are_refused),
        cmocka_unit_test(dictionaries_that_lie_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
