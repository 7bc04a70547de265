/* SPDX-License-Identifier: Apache-2.0
 *
 * Well-formed messages that say what cannot be.
 */
#include "tests/connect/arrow_crafted.h"

static void schema_of(struct craft *craft, const char *format) {
    struct table table = {0};
    *craft = (struct craft){0};
    table_add(&table, "x", format, format[1] == ',' ? "u" : NULL);
    craft_schema(craft, &table);
}

static void refused(struct craft *craft, void **state, enum weir_status status, const char *words) {
    expect_failure(craft_save(craft, *state), (struct read_options){.batch_rows = 4}, status, words);
    craft_fini(craft);
}

/* A batch of one int32 column in a body of 64 bytes, with one thing changed by each test. */
#define GOOD_NODES ((int64_t[]){4, 0})
#define GOOD_BUFFERS ((int64_t[]){0, 0, 0, 16})

static const char zero_body[64];

static struct craft_batch good_batch(const int64_t *nodes, const int64_t *buffers) {
    return (struct craft_batch){.rows = 4,
                                .nodes = nodes,
                                .nodes_count = 1,
                                .buffers = buffers,
                                .buffers_count = 2,
                                .body = zero_body,
                                .body_bytes = sizeof(zero_body)};
}

static void the_good_batch_is_read(void **state) {
    struct craft craft;
    struct craft_batch batch = good_batch(GOOD_NODES, GOOD_BUFFERS);
    schema_of(&craft, "i");
    craft_record_batch(&craft, &batch);
    expect_rows(craft_save(&craft, *state), (struct read_options){0}, "0\n0\n0\n0\n");
    craft_fini(&craft);
}

static void bad_buffers_are_refused(void **state) {
    static const struct {
        int64_t buffers[4];
        const char *words;
    } cases[] = {
        {{0, 0, -8, 16}, "lies outside of the body"},
        {{0, 0, 0, -16}, "lies outside of the body"},
        {{0, 0, 56, 16}, "lies outside of the body"},
        {{0, 0, INT64_MAX, 16}, "lies outside of the body"},
        {{0, 0, 16, INT64_MAX}, "lies outside of the body"},
        {{0, 0, 65, 0}, "lies outside of the body"},
        {{0, 0, 4, 16}, "no multiple of 8"},
        {{0, 0, 0, 15}, "4 rows need 16"},
        {{0, 0, 0, 0}, "4 rows need 16"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct craft craft;
        struct craft_batch batch = good_batch(GOOD_NODES, cases[i].buffers);
        schema_of(&craft, "i");
        craft_record_batch(&craft, &batch);
        refused(&craft, state, WEIR_ERR_FORMAT, cases[i].words);
    }
}

static void bad_counts_are_refused(void **state) {
    static const struct {
        int64_t rows, nodes[2];
        const char *words;
    } cases[] = {
        {5, {4, 0}, "in a batch of 5 rows"},
        {4, {5, 0}, "in a batch of 4 rows"},
        {4, {4, 5}, "5 of them NULL"},
        {4, {4, -2}, "-2 of them NULL"},
        {4, {4, 1}, "4 rows need 1"}, /* NULLs without a bitmap */
        {-1, {-1, 0}, "declares -1 rows"},
        {INT64_MAX, {INT64_MAX, 0}, "rows"},
        {INT64_C(1) << 40, {INT64_C(1) << 40, 0}, "rows need"},
        {INT64_C(1) << 33, {INT64_C(1) << 33, 0}, "rows need"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct craft craft;
        struct craft_batch batch = good_batch(cases[i].nodes, GOOD_BUFFERS);
        batch.rows = cases[i].rows;
        schema_of(&craft, "i");
        craft_record_batch(&craft, &batch);
        refused(&craft, state, WEIR_ERR_FORMAT, cases[i].words);
    }
}

static void fewer_nodes_or_buffers_than_columns_are_refused(void **state) {
    for (size_t i = 0; i < 2; i++) {
        struct craft craft;
        struct craft_batch batch = good_batch(GOOD_NODES, GOOD_BUFFERS);
        batch.nodes_count = 1 - i;
        batch.buffers_count = 1 + i;
        schema_of(&craft, "i");
        craft_record_batch(&craft, &batch);
        refused(&craft, state, WEIR_ERR_FORMAT, "less than the schema");
    }
}

static void bad_compression_is_refused(void **state) {
    static const struct {
        int codec, method;
        int64_t content;
        enum weir_status status;
        const char *words;
    } cases[] = {
        {2, 0, 16, WEIR_ERR_UNSUPPORTED, "codec 2"},
        {0, 1, 16, WEIR_ERR_UNSUPPORTED, "method 1"},
        {0, 0, 15, WEIR_ERR_FORMAT, "4 rows need 16"},
        {1, 0, -7, WEIR_ERR_FORMAT, "cannot hold"},
        {0, 0, INT64_C(1) << 35, WEIR_ERR_FORMAT, "cannot hold"},
        {1, 0, INT64_MAX, WEIR_ERR_FORMAT, "cannot hold"},
        {0, 0, 16, WEIR_ERR_FORMAT, "damaged"},
        {1, 0, 16, WEIR_ERR_FORMAT, "damaged"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct craft craft;
        char body[64] = {0};
        struct craft_batch batch = good_batch(GOOD_NODES, GOOD_BUFFERS);
        memcpy(body, &cases[i].content, 8);
        batch.body = body;
        batch.compressed = true;
        batch.codec = cases[i].codec;
        batch.method = cases[i].method;
        schema_of(&craft, "i");
        craft_record_batch(&craft, &batch);
        refused(&craft, state, cases[i].status, cases[i].words);
    }
}

/* Offsets of text that leave its buffer: only at the end, or only within, where a slice would end. */
static void text_outside_of_its_buffer_is_refused(void **state) {
    static const int32_t cases[][9] = {{0, 1, 2, 3, 4, 5, 6, 7, 9},
                                       {0, 1, 2, 3, 400, 5, 6, 7, 8},
                                       {-1, 1, 2, 3, 4, 5, 6, 7, 8},
                                       {0, 1, 2, 3, 4, 3, 6, 7, 8},
                                       {0, 0, 500, 0, 0, 0, 0, 0, 8}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct craft craft;
        char body[64] = {0};
        memcpy(body, cases[i], sizeof(cases[i]));
        struct craft_batch batch = {.rows = 8,
                                    .nodes = (int64_t[]){8, 0},
                                    .nodes_count = 1,
                                    .buffers = (int64_t[]){0, 0, 0, 36, 40, 8},
                                    .buffers_count = 3,
                                    .body = body,
                                    .body_bytes = sizeof(body)};
        schema_of(&craft, "u");
        craft_record_batch(&craft, &batch);
        refused(&craft, state, WEIR_ERR_FORMAT, "column 'x'");
    }
}

static void bad_dictionaries_are_refused(void **state) {
    static const int32_t cases[][3] = {{0, 2, 1}, {0, 1, 99}, {-1, 0, 1}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct table table = {0};
        struct craft craft = {0};
        char body[16] = {0};
        table_add(&table, "x", "i", "u");
        craft_schema(&craft, &table);
        memcpy(body, cases[i], sizeof(cases[i]));
        craft_dictionary(&craft, 0, i == 2,
                         &(struct craft_batch){.rows = 2,
                                               .nodes = (int64_t[]){2, 0},
                                               .nodes_count = 1,
                                               .buffers = (int64_t[]){0, 0, 0, 12, 8, 8},
                                               .buffers_count = 3,
                                               .body = body,
                                               .body_bytes = sizeof(body)});
        refused(&craft, state, WEIR_ERR_FORMAT, "'x'");
    }
    struct table table = {0};
    struct craft craft = {0};
    table_add(&table, "x", "i", "u");
    craft_schema(&craft, &table);
    craft_words(&craft, 0, false, (const char *const[]){"a", "b"}, 2);
    craft_codes(&craft, "\0\1\2", 3);
    refused(&craft, state, WEIR_ERR_FORMAT, "outside its dictionary");
}

static void bad_messages_are_refused(void **state) {
    static const struct {
        int version, kind;
        int64_t body_bytes;
        enum weir_status status;
        const char *words;
    } cases[] = {
        {4, 3, -1, WEIR_ERR_FORMAT, "negative length"}, {4, 3, INT64_MIN, WEIR_ERR_FORMAT, "negative length"},
        {4, 3, 1, WEIR_ERR_FORMAT, "is truncated"},     {4, 3, INT64_MAX, WEIR_ERR_FORMAT, "is truncated"},
        {4, 0, 0, WEIR_ERR_UNSUPPORTED, "number 0"},    {4, 4, 0, WEIR_ERR_UNSUPPORTED, "number 4"}, /* a tensor */
        {3, 3, 0, WEIR_ERR_UNSUPPORTED, "version V4"},  {0, 3, 0, WEIR_ERR_UNSUPPORTED, "version V1"},
        {5, 3, 0, WEIR_ERR_UNSUPPORTED, "number 5"},    {-1, 3, 0, WEIR_ERR_UNSUPPORTED, "number -1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct craft craft;
        struct craft_batch batch = {0};
        schema_of(&craft, "i");
        size_t message = craft_begin(&craft, cases[i].version, cases[i].kind, cases[i].body_bytes);
        weir_flat_link_field(&craft.builder, message, 2, craft_batch_table(&craft, &batch));
        craft_end(&craft, NULL, 0);
        refused(&craft, state, cases[i].status, cases[i].words);
    }
}

static void a_message_without_a_header_is_refused(void **state) {
    for (int kind = 1; kind <= 3; kind++) {
        struct craft craft;
        schema_of(&craft, "i");
        weir_flat_begin(&craft.builder);
        size_t message = weir_flat_add_table(&craft.builder, (const uint8_t[]){2, 1}, 2);
        weir_flat_link(&craft.builder, 0, message);
        weir_flat_put_field(&craft.builder, message, 0, 2, 4);
        weir_flat_put_field(&craft.builder, message, 1, 1, kind);
        craft_end(&craft, NULL, 0);
        if (kind == 1) craft.bytes.bytes = 0;
        if (kind == 1) craft_end(&craft, NULL, 0);
        refused(&craft, state, WEIR_ERR_FORMAT, "no header");
    }
}

static void bad_lengths_of_metadata_are_refused(void **state) {
    static const struct {
        uint32_t length;
        const char *words;
    } cases[] = {{0x80000000, "a length of -2147483648"},
                 {0xFFFFFFFE, "a length of -2"},
                 {0x7FFFFFFF, "is truncated"},
                 {8, "is truncated"},
                 {4, "is truncated"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct craft craft;
        schema_of(&craft, "i");
        text_add(&craft.bytes, "\xFF\xFF\xFF\xFF", 4);
        text_add(&craft.bytes, (const char *)&cases[i].length, 4);
        refused(&craft, state, WEIR_ERR_FORMAT, cases[i].words);
    }
}

/* ---- schemas
 * ------------------------------------------------------------------------------------------------------- */

/* A Schema message whose one field has this type and this table of three int32 parameters. */
static void craft_type(struct craft *craft, int endianness, int type, const int32_t parameters[3]) {
    struct weir_flat_builder *builder = &craft->builder;
    *craft = (struct craft){0};
    size_t message = craft_begin(craft, 4, 1, 0);
    size_t schema = weir_flat_add_table(builder, (const uint8_t[]){2, 4}, 2);
    weir_flat_link_field(builder, message, 2, schema);
    weir_flat_put_field(builder, schema, 0, 2, endianness);
    size_t fields = weir_flat_add_vector(builder, 1, 4, 4);
    weir_flat_link_field(builder, schema, 1, fields);
    size_t field = weir_flat_add_table(builder, (const uint8_t[]){4, 1, 1, 4}, 4);
    weir_flat_link(builder, fields + 4, field);
    weir_flat_link_field(builder, field, 0, weir_flat_add_text(builder, "x", 1));
    weir_flat_put_field(builder, field, 2, 1, type);
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){4, 4, 4}, 3);
    weir_flat_link_field(builder, field, 3, table);
    for (size_t i = 0; i < 3; i++) weir_flat_put_field(builder, table, i, 4, parameters[i]);
    craft_end(craft, NULL, 0);
}

static void bad_types_are_refused(void **state) {
    static const struct {
        int endianness, type;
        int32_t parameters[3];
        enum weir_status status;
        const char *words;
    } cases[] = {
        {1, 2, {32, 1, 0}, WEIR_ERR_UNSUPPORTED, "big-endian"},
        {0, 27, {0, 0, 0}, WEIR_ERR_UNSUPPORTED, "column 'x': type number 27"},
        {0, 255, {0, 0, 0}, WEIR_ERR_UNSUPPORTED, "type number 255"},
        {0, 0, {0, 0, 0}, WEIR_ERR_FORMAT, "column 'x': it has no type"},
        {0, 2, {33, 1, 0}, WEIR_ERR_FORMAT, "make no sense"},
        {0, 3, {3, 0, 0}, WEIR_ERR_FORMAT, "make no sense"},
        {0, 7, {0, 0, 128}, WEIR_ERR_FORMAT, "make no sense"},
        {0, 7, {10, 2, 100}, WEIR_ERR_FORMAT, "make no sense"},
        {0, 7, {10, 2, 256}, WEIR_ERR_UNSUPPORTED, "column 'x' has the type decimal"},
        {0, 8, {2, 0, 0}, WEIR_ERR_FORMAT, "make no sense"},
        {0, 9, {2, 32, 0}, WEIR_ERR_FORMAT, "make no sense"}, /* microseconds in 32 bits */
        {0, 3, {0, 0, 0}, WEIR_ERR_UNSUPPORTED, "column 'x' has the type float16"},
        {0, 12, {0, 0, 0}, WEIR_ERR_UNSUPPORTED, "column 'x' has the type list"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct craft craft;
        craft_type(&craft, cases[i].endianness, cases[i].type, cases[i].parameters);
        refused(&craft, state, cases[i].status, cases[i].words);
    }
}

/* Each level has two children that are the same table: 2^60 of them, told in a few kilobytes. */
static void a_schema_that_names_a_child_over_and_over_is_refused(void **state) {
    for (size_t levels = 10; levels <= 70; levels += 30) {
        struct craft craft = {0};
        struct weir_flat_builder *builder = &craft.builder;
        size_t message = craft_begin(&craft, 4, 1, 0);
        size_t schema = weir_flat_add_table(builder, (const uint8_t[]){2, 4}, 2);
        weir_flat_link_field(builder, message, 2, schema);
        size_t parents = weir_flat_add_vector(builder, 1, 4, 4), parents_count = 1;
        weir_flat_link_field(builder, schema, 1, parents);
        for (size_t level = 0; level < levels; level++) {
            size_t field = weir_flat_add_table(builder, (const uint8_t[]){0, 0, 1, 4, 0, 4}, 6);
            for (size_t i = 0; i < parents_count; i++) weir_flat_link(builder, parents + 4 + 4 * i, field);
            weir_flat_put_field(builder, field, 2, 1, 13); /* a struct */
            weir_flat_link_field(builder, field, 3, weir_flat_add_table(builder, NULL, 0));
            parents_count = level + 1 < levels ? 2 : 0;
            parents = weir_flat_add_vector(builder, parents_count, 4, 4);
            weir_flat_link_field(builder, field, 5, parents);
        }
        craft_end(&craft, NULL, 0);
        refused(&craft, state, WEIR_ERR_FORMAT, "nested too deeply or has too many fields");
    }
}

static void a_zero_byte_in_a_name_is_refused(void **state) {
    struct craft craft = {0};
    struct weir_flat_builder *builder = &craft.builder;
    size_t message = craft_begin(&craft, 4, 1, 0);
    size_t schema = weir_flat_add_table(builder, (const uint8_t[]){2, 4}, 2);
    weir_flat_link_field(builder, message, 2, schema);
    size_t fields = weir_flat_add_vector(builder, 1, 4, 4);
    weir_flat_link_field(builder, schema, 1, fields);
    size_t field = weir_flat_add_table(builder, (const uint8_t[]){4, 1, 1, 4}, 4);
    weir_flat_link(builder, fields + 4, field);
    weir_flat_link_field(builder, field, 0, weir_flat_add_text(builder, "a\0b", 3));
    weir_flat_put_field(builder, field, 2, 1, 6);
    weir_flat_link_field(builder, field, 3, weir_flat_add_table(builder, NULL, 0));
    craft_end(&craft, NULL, 0);
    refused(&craft, state, WEIR_ERR_FORMAT, "zero byte");
}

/* ---- views
 * --------------------------------------------------------------------------------------------------------- */

static void craft_views(struct craft *craft, const int32_t *views, size_t rows, int64_t variadic) {
    static const int32_t no_parameters[3];
    char body[128] = {0};
    memcpy(body, views, rows * 16);
    memcpy(body + 96, "0123456789abcdefghijklmnopqrstuv", 32);
    craft_type(craft, 0, 24, no_parameters);
    craft_record_batch(craft, &(struct craft_batch){.rows = (int64_t)rows,
                                                    .nodes = (int64_t[]){(int64_t)rows, 0},
                                                    .nodes_count = 1,
                                                    .buffers = (int64_t[]){0, 0, 0, (int64_t)rows * 16, 96, 32},
                                                    .buffers_count = 3,
                                                    .variadics = &variadic,
                                                    .variadics_count = 1,
                                                    .body = body,
                                                    .body_bytes = sizeof(body)});
}

static void views_become_text(void **state) {
    static const int32_t views[] = {0, 0, 0, 0, 3, 0x636261, 0, 0, 13, 0, 0, 2, 32, 0, 0, 0};
    struct craft craft;
    craft_views(&craft, views, 4, 1);
    expect_rows(craft_save(&craft, *state), (struct read_options){.batch_rows = 3},
                "\nabc\n23456789abcde\n0123456789abcdefghijklmnopqrstuv\n");
    craft_fini(&craft);
}

static void views_outside_of_their_buffers_are_refused(void **state) {
    static const int32_t cases[][4] = {{-1, 0, 0, 0},  {13, 0, 1, 0},         {13, 0, -1, 0}, {13, 0, 0, -1},
                                       {13, 0, 0, 20}, {13, 0, 0, INT32_MAX}, {33, 0, 0, 0},  {INT32_MAX, 0, 0, 0}};
    struct craft craft;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        craft_views(&craft, cases[i], 1, 1);
        refused(&craft, state, WEIR_ERR_FORMAT, "lies outside of its buffers");
    }
    for (int64_t variadic = -1; variadic < 100; variadic += 101) {
        craft_views(&craft, cases[0], 1, variadic);
        refused(&craft, state, WEIR_ERR_FORMAT, "number of its view buffers");
    }
    craft_views(&craft, (const int32_t[]){0, 0, 0, 0}, 1, 2);
    refused(&craft, state, WEIR_ERR_FORMAT, "less than the schema");
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_good_batch_is_read),
        CASE(bad_buffers_are_refused),
        CASE(bad_counts_are_refused),
        CASE(fewer_nodes_or_buffers_than_columns_are_refused),
        CASE(bad_compression_is_refused),
        CASE(text_outside_of_its_buffer_is_refused),
        CASE(bad_dictionaries_are_refused),
        CASE(bad_messages_are_refused),
        CASE(a_message_without_a_header_is_refused),
        CASE(bad_lengths_of_metadata_are_refused),
        CASE(bad_types_are_refused),
        CASE(a_schema_that_names_a_child_over_and_over_is_refused),
        CASE(a_zero_byte_in_a_name_is_refused),
        CASE(views_become_text),
        CASE(views_outside_of_their_buffers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
