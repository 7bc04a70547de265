/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrow files cut and damaged anywhere: they end in an error or in rows, never in a crash. The sanitizers watch.
 */
#include "connect/flatbuffer.h"
#include "tests/connect/arrow_arrays.h"

struct damage {
    const struct folder *folder;
    uint8_t *data; /* the whole file */
    size_t bytes;
    const char *name;
};

/* A file with all types, with NULLs and dictionaries, in two batches; small or large. */
static void damage_init(struct damage *damage, const struct folder *folder, const char *name,
                        const char *compression, int64_t rows_count) {
    struct table table = {0};
    uint64_t seed = 77;
    add_all_types(&table);
    *damage = (struct damage){.folder = folder, .name = name};
    struct weir_sink sink = must_open_sink(folder_name(folder, name), &table, compression, NULL);
    for (int i = 0; i < 2; i++) {
        struct rows rows;
        rows_init(&rows, &table, (struct array_options){.rows = rows_count, .null_percent = 20}, 0, &seed);
        must_write(&sink, &rows);
        rows_fini(&rows);
    }
    must_finish(&sink);
    damage->data = file_bytes(folder_name(folder, name), &damage->bytes);
}

static enum weir_status read_bytes(const struct damage *damage, const void *data, size_t bytes,
                                   struct weir_error *error) {
    struct text rows = {0};
    struct read_options options = {.batch_rows = 50, .skip_foreign = true};
    remove(folder_name(damage->folder, damage->name)); /* to write over a file may wait for the disk */
    folder_put(damage->folder, damage->name, data, bytes);
    enum weir_status status = read_file_as_text(folder_name(damage->folder, damage->name), &options, &rows, error);
    text_fini(&rows);
    return status;
}

static void expect_refusal(const struct damage *damage, size_t bytes) {
    struct weir_error error = {0};
    enum weir_status status = read_bytes(damage, damage->data, bytes, &error);
    if (status != WEIR_ERR_FORMAT) fail_msg("cut at %zu: status %d, %s", bytes, status, error.message);
    if (strstr(error.message, damage->name) == NULL || strstr(error.message, "byte") == NULL) {
        fail_msg("cut at %zu: neither file nor byte in: %s", bytes, error.message);
    }
}

static void a_file_cut_anywhere_is_refused(void **state) {
    struct damage damage;
    damage_init(&damage, *state, "small.arrow", NULL, 3);
    for (size_t bytes = 0; bytes < damage.bytes; bytes++) expect_refusal(&damage, bytes);
    free(damage.data);
    damage_init(&damage, *state, "large.arrow", "zstd", 5000);
    for (size_t bytes = 0; bytes < damage.bytes; bytes += 997) expect_refusal(&damage, bytes);
    free(damage.data);
}

/* Borders of messages, where a stream may end: found by its own lengths. */
static bool is_border(const struct damage *damage, size_t at) {
    size_t position = 0;
    while (position + 8 <= damage->bytes && position < at) {
        uint32_t length;
        memcpy(&length, damage->data + position + 4, 4);
        position += 8 + length;
        if (length == 0) break;
        struct weir_flat flat = {.data = damage->data + position - length, .size = length};
        struct weir_flat_table message = weir_flat_root(&flat);
        position += (size_t)weir_flat_int(&message, 3, 8, 0);
    }
    return position == at && at > 0;
}

static void a_stream_cut_within_a_message_is_refused(void **state) {
    struct damage damage;
    size_t borders = 0;
    damage_init(&damage, *state, "small.arrows", "lz4", 3);
    for (size_t bytes = 0; bytes < damage.bytes; bytes++) {
        struct weir_error error = {0};
        if (is_border(&damage, bytes)) {
            assert_int_equal(read_bytes(&damage, damage.data, bytes, &error), WEIR_OK);
            borders++;
        } else {
            expect_refusal(&damage, bytes);
        }
    }
    assert_true(borders >= 11); /* the schema, 8 dictionaries, 2 batches */
    free(damage.data);
    damage_init(&damage, *state, "large.arrows", NULL, 5000);
    for (size_t bytes = 0; bytes < damage.bytes; bytes += 997) {
        if (!is_border(&damage, bytes)) expect_refusal(&damage, bytes);
    }
    free(damage.data);
}

/* Changes a few bytes or words. */
static void mutate(uint8_t *data, size_t bytes, uint64_t *seed) {
    size_t changes = 1 + next_random(seed) % 4;
    for (size_t i = 0; i < changes; i++) {
        size_t at = next_random(seed) % bytes;
        int64_t word = (int64_t)next_random(seed) >> (next_random(seed) % 64);
        switch (next_random(seed) % 6) {
        case 0: data[at] ^= (uint8_t)(1 << (next_random(seed) % 8)); break;
        case 1: data[at] = 0xFF; break;
        case 2: data[at] = 0; break;
        case 3: data[at] = (uint8_t)word; break;
        case 4: memcpy(data + at / 8 * 8, &word, bytes - at / 8 * 8 < 8 ? 4 : 8); break;
        default: memcpy(data + at / 4 * 4, &word, bytes - at / 4 * 4 < 4 ? 1 : 4); break;
        }
    }
}

/* Counts rows refused and rows read: a damage that is never noticed, or always, would mean that nothing is tested.
 */
static void mutate_often(struct damage *damage, uint64_t seed, size_t count, size_t front) {
    uint8_t *copy = malloc(damage->bytes);
    size_t refused = 0;
    assert_non_null(copy);
    for (size_t i = 0; i < count; i++) {
        struct weir_error error = {0};
        memcpy(copy, damage->data, damage->bytes);
        size_t from =
            damage->bytes > front && i % 2 == 0 ? damage->bytes - front : 0; /* half of them: the footer */
        mutate(copy + from, front < damage->bytes ? front : damage->bytes, &seed);
        enum weir_status status = read_bytes(damage, copy, damage->bytes, &error);
        bool known = status == WEIR_OK || status == WEIR_ERR_FORMAT || status == WEIR_ERR_UNSUPPORTED;
        if (!known) fail_msg("mutant %zu: status %d, %s", i, status, error.message);
        if (status != WEIR_OK) assert_true(error.message[0] != '\0');
        refused += status != WEIR_OK;
    }
    assert_true(refused > count / 20 && refused < count);
    free(copy);
}

static void damaged_files_are_refused_or_read(void **state) {
    static const char *const compressions[] = {NULL, "lz4", "zstd"};
    static const char *const names[] = {"m.arrow", "m.arrows"};
    for (size_t i = 0; i < 6; i++) {
        struct damage damage;
        damage_init(&damage, *state, names[i % 2], compressions[i / 2], 20);
        mutate_often(&damage, 1000 + i, 600, damage.bytes);
        mutate_often(&damage, 2000 + i, 600, 3500); /* where the metadata is */
        free(damage.data);
    }
}

static void each_bit_of_the_metadata_may_be_flipped(void **state) {
    struct damage damage;
    struct table table = {0};
    uint64_t seed = 5;
    struct rows rows;
    table_add(&table, "u", "u", NULL);
    table_add(&table, "k", "s", "U");
    const char *path = folder_name(*state, "a.arrow");
    rows_init(&rows, &table, (struct array_options){.rows = 3, .null_percent = 30}, 0, &seed);
    struct weir_sink sink = must_open_sink(path, &table, NULL, NULL);
    must_write(&sink, &rows);
    must_finish(&sink);
    rows_fini(&rows);
    damage = (struct damage){.folder = *state, .name = "a.arrow"};
    damage.data = file_bytes(path, &damage.bytes);
    for (size_t bit = 0; bit < damage.bytes * 8; bit++) {
        struct weir_error error = {0};
        damage.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum weir_status status = read_bytes(&damage, damage.data, damage.bytes, &error);
        assert_true(status == WEIR_OK || status == WEIR_ERR_FORMAT || status == WEIR_ERR_UNSUPPORTED);
        damage.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    free(damage.data);
}

static void other_files_are_refused_by_name(void **state) {
    static const struct {
        const char *text;
        enum weir_status status;
        const char *words;
    } files[] = {
        {"", WEIR_ERR_FORMAT, "is no Arrow IPC file"},
        {"a,b,c\n1,2,3\n4,5,6\n7,8,9\n", WEIR_ERR_FORMAT, "is no Arrow IPC file"},
        {"PAR1PAR1PAR1PAR1PAR1", WEIR_ERR_FORMAT, "is no Arrow IPC file"},
        {"FEA1xxxxxxxxxxxxFEA1", WEIR_ERR_UNSUPPORTED, "Feather file of version 1"},
        {"ARROW1", WEIR_ERR_FORMAT, "is truncated"},
        {"ARROW1..............ARROW1", WEIR_ERR_FORMAT, "the footer has a length of"},
    };
    const char *path = folder_name(*state, "x.arrow");
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        folder_put(*state, "x.arrow", files[i].text, strlen(files[i].text));
        expect_failure(path, (struct read_options){0}, files[i].status, files[i].words);
    }
    expect_failure(folder_name(*state, "missing.arrow"), (struct read_options){0}, WEIR_ERR_IO, "missing.arrow");
    expect_failure(((struct folder *)*state)->path, (struct read_options){0}, WEIR_ERR_IO, "directory");
}

static void recognition_looks_at_the_first_bytes(void **state) {
    struct damage damage;
    bool (*recognise)(const char *, size_t) = weir_format_arrow()->recognise;
    damage_init(&damage, *state, "a.arrows", NULL, 1);
    assert_true(recognise((const char *)damage.data, 64));
    assert_true(recognise((const char *)damage.data + 4, 64)); /* the old encapsulation */
    free(damage.data);
    damage_init(&damage, *state, "a.arrow", NULL, 1);
    assert_true(recognise((const char *)damage.data, 64));
    free(damage.data);
    assert_false(recognise("", 0));
    assert_false(recognise("ARROW", 5));
    assert_false(recognise("id,name,value\n1,a,2\n", 20));
    assert_false(recognise("{\"a\": 1}\n{\"a\": 2}\n", 18));
    assert_false(recognise("PAR1\x15\x04\x15\x10\x15\x14\x4c\x15\x02\x15\0\x12", 16));
    assert_false(recognise("\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\0\0\0\0\0", 16));
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_file_cut_anywhere_is_refused),    CASE(a_stream_cut_within_a_message_is_refused),
        CASE(damaged_files_are_refused_or_read), CASE(each_bit_of_the_metadata_may_be_flipped),
        CASE(other_files_are_refused_by_name),   CASE(recognition_looks_at_the_first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
