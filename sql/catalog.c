/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

void weir_catalog_fini(struct weir_catalog *catalog) {
    free(catalog->entries);
    *catalog = (struct weir_catalog){0};
}

struct weir_relation_entry *weir_catalog_find(const struct weir_catalog *catalog, const char *name) {
    for (int32_t i = 0; i < catalog->count; i++) {
        if (strcmp(catalog->entries[i].name, name) == 0) return &catalog->entries[i];
    }
    return NULL;
}

enum weir_status weir_catalog_add(struct weir_catalog *catalog, const struct weir_relation_entry *entry,
                                  bool if_not_exists, struct weir_place at, struct weir_error *error) {
    const struct weir_relation_entry *other = weir_catalog_find(catalog, entry->name);
    if (other != NULL && if_not_exists) return WEIR_OK;
    if (other != NULL)
        return weir_error_set_at(error, WEIR_ERR_SQL, at.line, at.column,
                                 "the %s '%s' exists already; DROP it first, or write IF NOT EXISTS",
                                 other->view != NULL ? "view" : "table", entry->name);
    if (catalog->count == catalog->capacity) {
        int32_t capacity = catalog->capacity == 0 ? 8 : catalog->capacity * 2;
        struct weir_relation_entry *grown = realloc(catalog->entries, (size_t)capacity * sizeof(*grown));
        if (grown == NULL)
            return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the table '%s'", entry->name);
        catalog->entries = grown;
        catalog->capacity = capacity;
    }
    catalog->entries[catalog->count++] = *entry;
    return WEIR_OK;
}

enum weir_status weir_catalog_unknown(const struct weir_catalog *catalog, const char *name, struct weir_place at,
                                      struct weir_error *error) {
    const char *near = NULL;
    const char **names = calloc((size_t)catalog->count + 1, sizeof(*names));
    for (int32_t i = 0; names != NULL && i < catalog->count; i++) names[i] = catalog->entries[i].name;
    if (names != NULL) near = weir_nearest_name(name, names, (size_t)catalog->count);
    free(names);
    return weir_error_set_at(error, WEIR_ERR_SQL, at.line, at.column, "there is no table or view '%s'%s%s%s", name,
                             near == NULL ? "; CREATE it first, or name a file in single quotes"
                                          : "; did you mean '",
                             near == NULL ? "" : near, near == NULL ? "" : "'? (names are case-sensitive)");
}

enum weir_status weir_catalog_drop(struct weir_catalog *catalog, const struct weir_statement *drop,
                                   struct weir_error *error) {
    struct weir_relation_entry *entry = weir_catalog_find(catalog, drop->name);
    bool view = drop->kind == WEIR_STATEMENT_DROP_VIEW;
    if (entry == NULL) {
        return drop->if_exists ? WEIR_OK : weir_catalog_unknown(catalog, drop->name, drop->name_at, error);
    }
    if ((entry->view != NULL) != view)
        return weir_error_set_at(error, WEIR_ERR_SQL, drop->name_at.line, drop->name_at.column,
                                 "'%s' is a %s: write DROP %s", drop->name, view ? "table" : "view",
                                 view ? "TABLE" : "VIEW");
    int32_t idx = (int32_t)(entry - catalog->entries);
    memmove(entry, entry + 1, (size_t)(--catalog->count - idx) * sizeof(*entry));
    return WEIR_OK;
}

const char *weir_table_option(const struct weir_ast_table *table, const char *key) {
    for (int32_t i = 0; i < table->options_count; i++) {
        if (strcmp(table->options[i]->key, key) == 0) return table->options[i]->value;
    }
    return NULL;
}
