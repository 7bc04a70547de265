/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connect/arrow_type.h"

#define DEPTH_MAX 64

struct weir_arrow_layout weir_arrow_layout_of(const char *format) {
    static const struct {
        const char *format;
        struct weir_arrow_layout layout;
    } layouts[] = {
        {"n", {WEIR_ARROW_NULL, 0}},    {"b", {WEIR_ARROW_BITS, 0}},    {"c", {WEIR_ARROW_FIXED, 1}},
        {"C", {WEIR_ARROW_FIXED, 1}},   {"s", {WEIR_ARROW_FIXED, 2}},   {"S", {WEIR_ARROW_FIXED, 2}},
        {"i", {WEIR_ARROW_FIXED, 4}},   {"I", {WEIR_ARROW_FIXED, 4}},   {"l", {WEIR_ARROW_FIXED, 8}},
        {"L", {WEIR_ARROW_FIXED, 8}},   {"f", {WEIR_ARROW_FIXED, 4}},   {"g", {WEIR_ARROW_FIXED, 8}},
        {"u", {WEIR_ARROW_TEXT, 4}},    {"U", {WEIR_ARROW_TEXT, 8}},    {"z", {WEIR_ARROW_TEXT, 4}},
        {"Z", {WEIR_ARROW_TEXT, 8}},    {"tdD", {WEIR_ARROW_FIXED, 4}}, {"tdm", {WEIR_ARROW_FIXED, 8}},
        {"tts", {WEIR_ARROW_FIXED, 4}}, {"ttm", {WEIR_ARROW_FIXED, 4}}, {"ttu", {WEIR_ARROW_FIXED, 8}},
        {"ttn", {WEIR_ARROW_FIXED, 8}}, {"tiM", {WEIR_ARROW_FIXED, 4}}, {"tDs", {WEIR_ARROW_FIXED, 8}},
        {"vu", {WEIR_ARROW_VIEW, 8}},   {"vz", {WEIR_ARROW_VIEW, 8}},   {"tDm", {WEIR_ARROW_FIXED, 8}},
        {"tDu", {WEIR_ARROW_FIXED, 8}}, {"tDn", {WEIR_ARROW_FIXED, 8}},
    };
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(layouts); i++) {
        if (strcmp(format, layouts[i].format) == 0) return layouts[i].layout;
    }
    if (format[0] == 't' && format[1] == 's' && strchr("smun", format[2]) != NULL && format[2] != '\0') {
        return (struct weir_arrow_layout){WEIR_ARROW_FIXED, 8};
    }
    if (format[0] == 'd' && format[1] == ':') {
        const char *comma = strchr(format, ',');
        comma = comma == NULL ? NULL : strchr(comma + 1, ',');
        if (comma == NULL || strcmp(comma, ",128") == 0) return (struct weir_arrow_layout){WEIR_ARROW_FIXED, 16};
    }
    return (struct weir_arrow_layout){WEIR_ARROW_FOREIGN, 0};
}

static bool is_integer(const char *format) { return strchr("cCsSiIlL", format[0]) != NULL && format[1] == '\0'; }

bool weir_arrow_field_carried(const struct weir_arrow_field *field) {
    if (field->words == NULL) return field->layout.kind != WEIR_ARROW_FOREIGN;
    return is_integer(field->format) &&
           (field->words_layout.kind == WEIR_ARROW_TEXT || field->words_layout.kind == WEIR_ARROW_VIEW);
}

enum weir_status weir_arrow_field_refuse(const struct weir_arrow_field *field, struct weir_error *error) {

    if (field->words != NULL) {
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "column '%s' is a dictionary of %s (Arrow format '%s'); only dictionaries of strings are "
            "read: leave the column out of the query, or write it without a dictionary",
            field->name, weir_arrow_format_name(field->words), field->words);
    }
    return weir_error_set(
        error, WEIR_ERR_UNSUPPORTED,
        "column '%s' has the type %s (Arrow format '%s'), which is not read: leave the column out of "
        "the query, or write it in another type",
        field->name, weir_arrow_format_name(field->format), field->format);
}

/* ---- from a file
 * ------------------------------------------------------------------------------------------------- */

/* A walk over fields and their children. `budget` bounds the fields of the whole schema: offsets may point
 * anywhere, so a few bytes could name one child over and over. */
struct walk {
    struct weir_arena *arena;
    struct weir_error *error;
    size_t budget;
    size_t names_budget; /* the same for the bytes of names */
};

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for the schema of an Arrow file");
}

/* Adds what the children of a table hold to the field's counts. */
static enum weir_status count_children(struct walk *walk, const struct weir_flat_table *table, int depth,
                                       struct weir_arrow_field *field) {
    struct weir_flat_vector children = weir_flat_elements(table, 5, 4);
    if (depth >= DEPTH_MAX || children.count > walk->budget) {
        return weir_error_set(walk->error, WEIR_ERR_FORMAT,
                              "the schema is nested too deeply or has too many fields");
    }
    walk->budget -= children.count;
    for (uint32_t i = 0; i < children.count; i++) {
        struct weir_flat_table child = weir_flat_table_at(&children, i);
        struct weir_flat_table type = weir_flat_child(&child, 3);
        struct weir_flat_table dictionary = weir_flat_child(&child, 4);
        int64_t number = weir_flat_int(&child, 2, 1, 0) & 0xFF;
        const char *format;
        enum weir_status status = weir_arrow_format_read(number, &type, walk->arena, &format, walk->error);
        if (status != WEIR_OK) return status;
        bool coded = weir_flat_present(&dictionary);
        field->nodes++;
        field->buffers += coded ? 2 : weir_arrow_type_buffers(number, format);
        field->variadics += !coded && format[0] == 'v';
        if (!coded) status = count_children(walk, &child, depth + 1, field);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

/* The codes of a dictionary column: its format becomes that of the words. */
static enum weir_status read_dictionary(const struct weir_flat_table *dictionary, struct weir_arrow_field *field,
                                        struct weir_error *error) {
    struct weir_flat_table index = weir_flat_child(dictionary, 1);
    int64_t bits = weir_flat_present(&index) ? weir_flat_int(&index, 0, 4, 0) : 32;
    bool is_signed = weir_flat_present(&index) ? weir_flat_int(&index, 1, 1, 0) != 0 : true;
    field->words = field->format;
    field->words_layout = field->layout;
    field->format = weir_arrow_integer_format(bits, is_signed);
    if (field->format == NULL) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "column '%s' has dictionary codes of %lld bits", field->name,
                              (long long)bits);
    }
    field->layout = weir_arrow_layout_of(field->format);
    field->dictionary = weir_flat_int(dictionary, 0, 8, 0);
    field->ordered = weir_flat_int(dictionary, 2, 1, 0) != 0;
    field->buffers = 2;
    field->variadics = 0;
    return WEIR_OK;
}

static enum weir_status read_field(struct walk *walk, const struct weir_flat_table *table,
                                   struct weir_arrow_field *field) {
    const char *name = "";
    size_t name_bytes = 0;
    weir_flat_text(table, 0, &name, &name_bytes);
    if (memchr(name, 0, name_bytes) != NULL) {
        return weir_error_set(walk->error, WEIR_ERR_FORMAT, "a column's name holds a zero byte");
    }
    if (name_bytes > walk->names_budget) {
        return weir_error_set(walk->error, WEIR_ERR_FORMAT, "the names of the columns are larger than the schema");
    }
    walk->names_budget -= name_bytes;
    field->name = weir_arena_string(walk->arena, name, name_bytes);
    if (field->name == NULL) return no_memory(walk->error);
    struct weir_flat_table type = weir_flat_child(table, 3);
    struct weir_flat_table dictionary = weir_flat_child(table, 4);
    int64_t number = weir_flat_int(table, 2, 1, 0) & 0xFF;
    enum weir_status status = weir_arrow_format_read(number, &type, walk->arena, &field->format, walk->error);
    if (status != WEIR_OK) {
        weir_error_prefix(walk->error, "column '%s'", field->name);
        return status;
    }
    field->layout = weir_arrow_layout_of(field->format);
    field->nullable = weir_flat_int(table, 1, 1, 0) != 0;
    field->nodes = 1;
    field->variadics = field->format[0] == 'v';
    /* Views are turned into text while they are read, and from here on called so. */
    if (field->layout.kind == WEIR_ARROW_VIEW) field->format = field->format[1] == 'u' ? "U" : "Z";
    if (weir_flat_present(&dictionary)) return read_dictionary(&dictionary, field, walk->error);
    field->buffers = weir_arrow_type_buffers(number, field->format);
    return count_children(walk, table, 0, field);
}

/* Two columns may share a dictionary, but then they must mean the same values by it. */
static enum weir_status check_shared(const struct weir_arrow_schema *schema, int32_t idx,
                                     struct weir_error *error) {
    const struct weir_arrow_field *field = &schema->fields[idx];
    if (field->words == NULL) return WEIR_OK;
    for (int32_t i = 0; i < idx; i++) {
        const struct weir_arrow_field *other = &schema->fields[i];
        if (other->words == NULL || other->dictionary != field->dictionary) continue;
        if (strcmp(other->words, field->words) == 0) return WEIR_OK;
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "columns '%s' and '%s' share dictionary %lld, but with different types of values",
                              other->name, field->name, (long long)field->dictionary);
    }
    return WEIR_OK;
}

static enum weir_status read_fields(struct walk *walk, const struct weir_flat_vector *fields,
                                    struct weir_arrow_schema *schema) {
    schema->fields = weir_arena_array(walk->arena, fields->count, sizeof(*schema->fields));
    if (schema->fields == NULL) return no_memory(walk->error);
    for (uint32_t i = 0; i < fields->count; i++) {
        struct weir_flat_table field = weir_flat_table_at(fields, i);
        enum weir_status status = read_field(walk, &field, &schema->fields[i]);
        if (status == WEIR_OK) status = check_shared(schema, (int32_t)i, walk->error);
        if (status != WEIR_OK) return status;
        schema->count++;
    }
    return WEIR_OK;
}

enum weir_status weir_arrow_schema_read(const struct weir_flat_table *table, struct weir_arrow_schema *schema,
                                        struct weir_error *error) {
    if (!weir_flat_present(table)) return weir_error_set(error, WEIR_ERR_FORMAT, "the schema is missing");
    if (weir_flat_int(table, 0, 2, 0) != 0) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                              "the data is big-endian, which is not read: write it on a little-endian machine");
    }
    struct weir_flat_vector fields = weir_flat_elements(table, 1, 4);
    size_t size = table->flat->size;
    /* Equal names may be stored once, so their sum may exceed the size; within reason. */
    struct walk walk = {&schema->arena, error, size / 4, 16 * size};
    enum weir_status status = read_fields(&walk, &fields, schema);
    if (status == WEIR_OK && table->flat->bad) {
        status = weir_error_set(error, WEIR_ERR_FORMAT, "the schema is damaged: an offset in it points outside");
    }
    return status;
}

/* ---- from an ArrowSchema
 * ----------------------------------------------------------------------------------------- */

static enum weir_status import_field(const struct ArrowSchema *from, int64_t *dictionaries,
                                     struct weir_arena *arena, struct weir_arrow_field *field,
                                     struct weir_error *error) {
    const char *name = from->name == NULL ? "" : from->name;
    field->name = weir_arena_string(arena, name, strlen(name));
    field->format = weir_arena_string(arena, from->format, strlen(from->format));
    if (field->name == NULL || field->format == NULL) return no_memory(error);
    field->layout = weir_arrow_layout_of(field->format);
    field->nullable = (from->flags & ARROW_FLAG_NULLABLE) != 0;
    if (from->dictionary != NULL) {
        field->words = weir_arena_string(arena, from->dictionary->format, strlen(from->dictionary->format));
        if (field->words == NULL) return no_memory(error);
        field->words_layout = weir_arrow_layout_of(field->words);
        field->dictionary = (*dictionaries)++;
    }
    bool is_view = field->layout.kind == WEIR_ARROW_VIEW || field->words_layout.kind == WEIR_ARROW_VIEW;
    return weir_arrow_field_carried(field) && !is_view ? WEIR_OK : weir_arrow_field_refuse(field, error);
}

enum weir_status weir_arrow_schema_import(const struct ArrowSchema *from, struct weir_arrow_schema *schema,
                                          struct weir_error *error) {
    if (strcmp(from->format, "+s") != 0 || from->n_children < 0 || from->n_children > INT32_MAX) {
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "the schema of a table must be an Arrow struct ('+s'), not '%s'", from->format);
    }
    schema->fields = weir_arena_array(&schema->arena, (size_t)from->n_children, sizeof(*schema->fields));
    if (schema->fields == NULL) return no_memory(error);
    int64_t dictionaries = 0;
    for (int64_t i = 0; i < from->n_children; i++) {
        enum weir_status status =
            import_field(from->children[i], &dictionaries, &schema->arena, &schema->fields[i], error);
        if (status != WEIR_OK) return status;
        schema->count++;
    }
    return WEIR_OK;
}

/* ---- to an ArrowSchema
 * ------------------------------------------------------------------------------------------- */

static void release_leaf(struct ArrowSchema *schema) {
    if (schema->dictionary != NULL) {
        if (schema->dictionary->release != NULL) schema->dictionary->release(schema->dictionary);
        free(schema->dictionary);
    }
    free(schema->private_data);
    schema->release = NULL;
}

/* Strings live in private_data, so that a child can be moved out of its parent. */
static bool export_leaf(const char *name, const char *format, struct ArrowSchema *out) {
    size_t name_bytes = strlen(name) + 1, format_bytes = strlen(format) + 1;
    char *strings = malloc(name_bytes + format_bytes);
    if (strings == NULL) return false;
    memcpy(strings, name, name_bytes);
    memcpy(strings + name_bytes, format, format_bytes);
    *out = (struct ArrowSchema){
        .format = strings + name_bytes, .name = strings, .release = release_leaf, .private_data = strings};
    return true;
}

static bool export_field(const struct weir_arrow_field *field, struct ArrowSchema *out) {
    if (!export_leaf(field->name, field->format, out)) return false;
    if (field->nullable) out->flags |= ARROW_FLAG_NULLABLE;
    if (field->words == NULL) return true;
    if (field->ordered) out->flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    out->dictionary = calloc(1, sizeof(*out->dictionary));
    return out->dictionary != NULL && export_leaf("", field->words, out->dictionary);
}

static void release_struct(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL) schema->children[i]->release(schema->children[i]);
    }
    free(schema->private_data);
    schema->release = NULL;
}

enum weir_status weir_arrow_schema_export(const struct weir_arrow_schema *schema, const int32_t *columns,
                                          int32_t count, struct ArrowSchema *out, struct weir_error *error) {
    struct ArrowSchema **children = calloc((size_t)count + 1, sizeof(void *) + sizeof(struct ArrowSchema));
    if (children == NULL) return no_memory(error);
    struct ArrowSchema *structs = (struct ArrowSchema *)(void *)(children + count + 1);
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = count,
                                .children = children,
                                .release = release_struct,
                                .private_data = children};
    bool done = true;
    for (int32_t i = 0; i < count; i++) {
        children[i] = &structs[i];
        if (done) done = export_field(&schema->fields[columns == NULL ? i : columns[i]], children[i]);
    }
    if (done) return WEIR_OK;
    out->release(out);
    return no_memory(error);
}

/* ---- to a file
 * --------------------------------------------------------------------------------------------------- */

static size_t write_field(const struct weir_arrow_field *field, struct weir_flat_builder *builder) {
    enum weir_arrow_type type;
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){4, 1, 1, 4, field->words == NULL ? 0 : 4, 4}, 6);
    weir_flat_link_field(builder, table, 0, weir_flat_add_text(builder, field->name, strlen(field->name)));
    weir_flat_put_field(builder, table, 1, 1, field->nullable);
    const char *format = field->words == NULL ? field->format : field->words;
    weir_flat_link_field(builder, table, 3, weir_arrow_format_write(format, builder, &type));
    weir_flat_put_field(builder, table, 2, 1, type);
    if (field->words != NULL) {
        size_t dictionary = weir_flat_add_table(builder, (const uint8_t[]){8, 4}, 2);
        weir_flat_put_field(builder, dictionary, 0, 8, field->dictionary);
        weir_flat_link_field(builder, dictionary, 1, weir_arrow_format_write("i", builder, &type));
        weir_flat_link_field(builder, table, 4, dictionary);
    }
    weir_flat_link_field(builder, table, 5, weir_flat_add_vector(builder, 0, 4, 4));
    return table;
}

size_t weir_arrow_schema_write(const struct weir_arrow_schema *schema, struct weir_flat_builder *builder) {
    size_t table = weir_flat_add_table(builder, (const uint8_t[]){2, 4}, 2);
    size_t fields = weir_flat_add_vector(builder, (size_t)schema->count, 4, 4);
    weir_flat_link_field(builder, table, 1, fields);
    for (int32_t i = 0; i < schema->count; i++) {
        size_t field = write_field(&schema->fields[i], builder);
        weir_flat_link(builder, fields + 4 + 4 * (size_t)i, field);
    }
    return table;
}

void weir_arrow_schema_fini(struct weir_arrow_schema *schema) {
    weir_arena_fini(&schema->arena);
    *schema = (struct weir_arrow_schema){0};
}
