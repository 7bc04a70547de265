/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_search.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "engine/accumulator.h"
#include "engine/value_text.h"

/* One value, as a vector of its type would have it. */
struct value {
    struct weir_type type;
    enum weir_vector_kind kind;
    bool is_null;
    bool bit;
    int64_t i64; /* of a double its order, so that all NaNs are one and -0.0 is another than +0.0 */
    weir_i128 i128;
    struct weir_string string; /* the caller's */
};

struct weir_key_search {
    int32_t count;
    struct value values[];
};

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory while a key is looked for");
}

/* ---- from text ---- */

static enum weir_text_result read_double(struct value *value, const char *text, int64_t length) {
    double wide = 0;
    float narrow = 0;
    enum weir_text_result result;
    if (value->type.id == WEIR_TYPE_FLOAT) {
        result = weir_text_read_float(text, length, &narrow);
        wide = (double)narrow;
    } else {
        result = weir_text_read_double(text, length, &wide);
    }
    value->i64 = weir_f64_order(wide);
    return result;
}

static enum weir_text_result read_time(struct value *value, const char *text, int64_t length) {
    struct weir_type type = value->type;
    if (type.id == WEIR_TYPE_DATE) return weir_text_read_date(text, length, &value->i64);
    if (type.id == WEIR_TYPE_TIME) return weir_text_read_time(text, length, &value->i64);
    if (type.id == WEIR_TYPE_TIMESTAMP_LTZ && length > 0 && text[length - 1] == 'Z') length--;
    return weir_text_read_timestamp(text, length, weir_type_ticks(type), type.precision, &value->i64);
}

static enum weir_text_result read_value(struct value *value, const char *text) {
    int64_t length = (int64_t)strlen(text);
    struct weir_decimal_type decimal = {value->type.precision, value->type.scale};
    switch (value->kind) {
    case WEIR_VECTOR_BOOL: return weir_text_read_boolean(text, length, &value->bit);
    case WEIR_VECTOR_F64: return read_double(value, text, length);
    case WEIR_VECTOR_I128: return weir_text_read_decimal(text, length, decimal, &value->i128);
    case WEIR_VECTOR_STRING: value->string = (struct weir_string){text, length}; return WEIR_TEXT_OK;
    default: break;
    }
    switch (value->type.id) {
    case WEIR_TYPE_DATE:
    case WEIR_TYPE_TIME:
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ: return read_time(value, text, length);
    default: return weir_text_read_i64(text, length, &value->i64);
    }
}

enum weir_status weir_key_search_create(const struct weir_type *types, int32_t count, const char *const *texts,
                                        struct weir_key_search **out, struct weir_error *error) {
    *out = NULL;
    struct weir_key_search *search = calloc(1, sizeof(*search) + (size_t)count * sizeof(search->values[0]));
    if (search == NULL) return out_of_memory(error);
    search->count = count;
    for (int32_t i = 0; i < count; i++) {
        struct value *value = &search->values[i];
        value->type = types[i];
        value->kind = weir_type_vector(types[i]);
        value->is_null = texts[i] == NULL;
        if (value->is_null || read_value(value, texts[i]) == WEIR_TEXT_OK) continue;
        char name[WEIR_TYPE_NAME_BYTES];
        free(search);
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "'%.200s' is no value of key column %d, which is of type %s; write it as CSV has it",
                              texts[i], i + 1, weir_type_name(types[i], false, name, sizeof(name)));
    }
    *out = search;
    return WEIR_OK;
}

void weir_key_search_destroy(struct weir_key_search **search) {
    free(*search);
    *search = NULL;
}

/* ---- among the keys ---- */

static bool same_string(struct weir_string a, struct weir_string b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, (size_t)a.length) == 0);
}

static bool is_equal(const struct value *value, const struct weir_vector *vector, int32_t row) {
    bool valid = vector->validity == NULL || weir_bit_get(vector->validity, (size_t)row);
    if (!valid || value->is_null) return !valid && value->is_null;
    switch (value->kind) {
    case WEIR_VECTOR_BOOL: return weir_bit_get(vector->bits, (size_t)row) == value->bit;
    case WEIR_VECTOR_F64: return weir_f64_order(vector->f64[row]) == value->i64;
    case WEIR_VECTOR_I128: return vector->i128[row] == value->i128;
    case WEIR_VECTOR_STRING: return same_string(vector->strings[row], value->string);
    default: return vector->i64[row] == value->i64;
    }
}

/* Keys of a table to look through. */
struct among {
    const struct weir_key_table *table;
    const uint32_t *ids; /* NULL: they are words */
    const struct weir_key_block *words;
    int32_t count;
};

static enum weir_status values_of(const struct among *among, int32_t key, struct weir_arena *arena,
                                  struct weir_vector *out, struct weir_error *error) {
    if (among->ids != NULL)
        return weir_key_table_values(among->table, key, among->ids, among->count, arena, out, error);
    return weir_key_table_word_values(among->table, key, among->words, among->count, arena, out, error);
}

/* *at: the place of the first that is the key; -1: none is. */
static enum weir_status find_among(const struct weir_key_search *search, const struct among *among, int32_t *at,
                                   struct weir_error *error) {
    struct weir_arena arena;
    enum weir_status status = WEIR_OK;
    *at = -1;
    weir_arena_init(&arena, 0);
    uint64_t *differ = weir_arena_array(&arena, weir_bitmap_words((size_t)among->count) + 1, sizeof(*differ));
    if (differ == NULL) status = out_of_memory(error);
    for (int32_t key = 0; key < search->count && status == WEIR_OK; key++) {
        struct weir_vector values;
        status = values_of(among, key, &arena, &values, error);
        for (int32_t i = 0; i < among->count && status == WEIR_OK; i++) {
            if (!is_equal(&search->values[key], &values, i)) weir_bit_set(differ, (size_t)i);
        }
    }
    for (int32_t i = 0; i < among->count && status == WEIR_OK && *at < 0; i++) {
        if (!weir_bit_get(differ, (size_t)i)) *at = i;
    }
    weir_arena_fini(&arena);
    return status;
}

enum weir_status weir_key_search_among_words(const struct weir_key_search *search,
                                             const struct weir_key_table *table, const struct weir_key_block *words,
                                             int32_t count, int32_t *at, struct weir_error *error) {
    struct among among = {.table = table, .words = words, .count = count};
    return find_among(search, &among, at, error);
}

enum weir_status weir_key_search_find(const struct weir_key_search *search, const struct weir_key_table *table,
                                      uint32_t *id, struct weir_error *error) {
    struct weir_arena arena;
    uint32_t known = weir_key_table_count(table);
    enum weir_status status = WEIR_OK;
    *id = WEIR_KEY_NONE;
    weir_arena_init(&arena, 0);
    uint32_t *ids = weir_arena_alloc(&arena, WEIR_BLOCK_ROWS * sizeof(*ids));
    if (ids == NULL) status = out_of_memory(error);
    for (uint32_t first = 0; first < known && status == WEIR_OK && *id == WEIR_KEY_NONE; first += WEIR_BLOCK_ROWS) {
        int32_t count = known - first < WEIR_BLOCK_ROWS ? (int32_t)(known - first) : WEIR_BLOCK_ROWS;
        struct among among = {.table = table, .ids = ids, .count = count};
        int32_t at;
        for (int32_t i = 0; i < count; i++) ids[i] = first + (uint32_t)i;
        status = find_among(search, &among, &at, error);
        if (status == WEIR_OK && at >= 0) *id = ids[at];
    }
    weir_arena_fini(&arena);
    return status;
}

/* ---- to text ---- */

static char *copy_text(struct weir_string string, bool quoted) {
    size_t length = (size_t)string.length, quote = quoted ? 1 : 0;
    char *text = malloc(length + 2 * quote + 1);
    if (text == NULL) return NULL;
    if (length > 0) memcpy(text + quote, string.data, length);
    if (quoted) text[0] = text[length + 1] = '\'';
    text[length + 2 * quote] = '\0';
    return text;
}

enum weir_status weir_key_text(const struct weir_key_table *table, struct weir_type type, int32_t key, uint32_t id,
                               char **out, struct weir_error *error) {
    struct weir_arena arena;
    struct weir_vector value;
    char buffer[WEIR_VALUE_TEXT_BYTES];
    *out = NULL;
    weir_arena_init(&arena, 4096);
    enum weir_status status = weir_key_table_values(table, key, &id, 1, &arena, &value, error);
    if (status == WEIR_OK) {
        struct weir_string string = {"NULL", 4};
        bool valid = value.validity == NULL || weir_bit_get(value.validity, 0);
        bool quoted = valid && value.kind == WEIR_VECTOR_STRING;
        if (quoted) {
            string = value.strings[0];
        } else if (valid) {
            string = weir_text_of_value(type, &value, 0, buffer);
        }
        *out = copy_text(string, quoted);
        if (*out == NULL) status = out_of_memory(error);
    }
    weir_arena_fini(&arena);
    return status;
}
