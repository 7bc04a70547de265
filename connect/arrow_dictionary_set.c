/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_dictionary_set.h"

#include <stdlib.h>

#include "base/error.h"

static struct weir_arrow_dictionary *find(const struct weir_arrow_dictionary_set *set, int64_t id) {
    for (size_t i = 0; i < set->count; i++) {
        if (set->entries[i].id == id) return &set->entries[i];
    }
    return NULL;
}

enum weir_status weir_arrow_dictionary_set_init(struct weir_arrow_dictionary_set *set,
                                                const struct weir_arrow_schema *schema, const int32_t *fields,
                                                size_t count, struct weir_error *error) {
    set->entries = calloc(count + 1, sizeof(*set->entries));
    if (set->entries == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for dictionaries");
    for (size_t i = 0; i < count; i++) {
        const struct weir_arrow_field *field = &schema->fields[fields[i]];
        if (field->words == NULL || find(set, field->dictionary) != NULL) continue;
        set->entries[set->count++] = (struct weir_arrow_dictionary){.id = field->dictionary, .field = field};
    }
    return WEIR_OK;
}

void weir_arrow_dictionary_set_fini(struct weir_arrow_dictionary_set *set) {
    for (size_t i = 0; i < set->count; i++) weir_arrow_words_release(set->entries[i].words);
    free(set->entries);
    *set = (struct weir_arrow_dictionary_set){0};
}

/* The only column of a dictionary batch. */
struct arrival {
    struct weir_arrow_column column;
    struct weir_arrow_batch batch;
    struct weir_arrow_header header;
    struct weir_arrow_part part;
    struct weir_arrow_plan plan;
    struct weir_arrow_body *body;
    bool is_delta;
};

/* Reads the body from the file. */
static enum weir_status fetch_body(struct arrival *arrival, struct weir_arrow_scan *scan,
                                   const struct weir_arrow_found *found, struct weir_error *error) {
    size_t bytes = (size_t)found->message.body_bytes;
    arrival->body = weir_arrow_body_take(NULL, bytes, error);
    if (arrival->body == NULL) return WEIR_ERR_MEMORY;
    return weir_file_read_exact(scan->file, found->body, arrival->body->data, bytes, error);
}

/* Reads header and, where it is not there yet, body. */
static enum weir_status load(struct arrival *arrival, const struct weir_arrow_field *field,
                             struct weir_arrow_scan *scan, const struct weir_arrow_found *found,
                             struct weir_arrow_codec *codec, struct weir_error *error) {
    struct weir_flat_table data = weir_flat_child(&found->message.header, 1);
    arrival->is_delta = weir_flat_int(&found->message.header, 2, 1, 0) != 0;
    enum weir_status status = weir_arrow_header_read(&data, found->message.body_bytes, &arrival->header, error);
    if (status == WEIR_OK) {
        status = weir_arrow_header_words(&arrival->header, field->words_layout, &arrival->plan, error);
    }
    if (status != WEIR_OK) return status;
    arrival->column = (struct weir_arrow_column){.layout = field->words_layout, .name = field->name};
    arrival->batch.rows = arrival->header.rows;
    arrival->batch.count = 1;
    arrival->batch.columns = &arrival->column;
    if (arrival->body == NULL) status = fetch_body(arrival, scan, found, error);
    if (status != WEIR_OK) return status;
    struct weir_arrow_loading loading = {
        .plan = &arrival->plan, .compression = arrival->header.compression, .body = arrival->body, .codec = codec};
    return weir_arrow_batch_load(&arrival->batch, &loading, error);
}

static enum weir_status update(struct weir_arrow_dictionary *entry, const struct arrival *arrival, bool is_file,
                               struct weir_error *error) {
    struct weir_arrow_words *words;
    if (!arrival->is_delta && is_file && entry->words != NULL) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "dictionary %lld comes twice; a file, other than a stream, may only extend it",
                              (long long)entry->id);
    }
    if (arrival->is_delta && entry->words != NULL) {
        words = weir_arrow_words_extend(entry->words, &arrival->column, arrival->header.rows, error);
    } else {
        words = weir_arrow_words_import(&arrival->column, arrival->header.rows, error);
    }
    if (words == NULL) return error == NULL ? WEIR_ERR_FORMAT : error->code;
    weir_arrow_words_release(entry->words);
    entry->words = words;
    return WEIR_OK;
}

enum weir_status weir_arrow_dictionary_set_add(struct weir_arrow_dictionary_set *set, struct weir_arrow_scan *scan,
                                               const struct weir_arrow_found *found, struct weir_arrow_body *body,
                                               struct weir_arrow_codec *codec, struct weir_error *error) {
    struct weir_arrow_dictionary *entry = find(set, weir_flat_int(&found->message.header, 0, 8, 0));
    if (entry == NULL) return WEIR_OK;
    struct arrival arrival = {.body = body == NULL ? NULL : weir_arrow_body_retain(body)};
    arrival.plan.parts = &arrival.part;
    enum weir_status status = load(&arrival, entry->field, scan, found, codec, error);
    if (status == WEIR_OK) status = update(entry, &arrival, scan->is_file, error);
    weir_arrow_batch_fini(&arrival.batch);
    weir_arrow_body_release(arrival.body);
    weir_arrow_bytes_fini(&arrival.plan.extras);
    if (status != WEIR_OK && status != WEIR_ERR_IO && status != WEIR_ERR_MEMORY) {
        weir_error_prefix(error, "'%s', dictionary at byte %lld", scan->path, (long long)found->offset);
    }
    return status;
}

enum weir_status weir_arrow_dictionary_set_apply(struct weir_arrow_dictionary_set *set,
                                                 struct weir_arrow_scan *scan, const struct weir_arrow_found *found,
                                                 struct weir_arrow_codec *codec, struct weir_error *error) {
    return weir_arrow_dictionary_set_add(set, scan, found, NULL, codec, error);
}

struct weir_arrow_words *weir_arrow_dictionary_set_get(const struct weir_arrow_dictionary_set *set,
                                                       const struct weir_arrow_field *field, int64_t used,
                                                       struct weir_error *error) {
    struct weir_arrow_words *words = find(set, field->dictionary)->words;
    if (words != NULL) return weir_arrow_words_retain(words);
    if (used == 0) return weir_arrow_words_empty(field->words_layout, error);
    weir_error_set(error, WEIR_ERR_FORMAT, "column '%s' needs dictionary %lld, which has not come before it",
                   field->name, (long long)field->dictionary);
    return NULL;
}
