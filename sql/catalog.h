/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables and views that a script has created. Statements own the memory that entries point to: the arena of the
 * script must outlive the catalog.
 */
#ifndef WEIR_SQL_CATALOG_H
#define WEIR_SQL_CATALOG_H

#include "sql/ast.h"

struct weir_relation_entry {
    const char *name;
    const struct weir_ast_table *table; /* a declared table */
    const struct ArrowSchema *pushed;   /* a pushed table that an Arrow schema types; outlives the entry */
    const struct weir_ast_query *view;  /* a view */
    const char **columns;               /* names of the view's columns; NULL: its query's own */
    int32_t columns_count;
    bool in_use; /* being bound now: a view that meets itself again has no end */
};

struct weir_catalog {
    struct weir_relation_entry *entries;
    int32_t count;
    int32_t capacity;
};

void weir_catalog_fini(struct weir_catalog *catalog);

/* Adds one; WEIR_ERR_SQL at `at` when the name is taken (WEIR_OK and nothing done with if_not_exists),
 * WEIR_ERR_MEMORY. */
enum weir_status weir_catalog_add(struct weir_catalog *catalog, const struct weir_relation_entry *entry,
                                  bool if_not_exists, struct weir_place at, struct weir_error *error);

/* Executes a DROP statement. */
enum weir_status weir_catalog_drop(struct weir_catalog *catalog, const struct weir_statement *drop,
                                   struct weir_error *error);

/* NULL when there is none. Valid until the next add or drop. */
struct weir_relation_entry *weir_catalog_find(const struct weir_catalog *catalog, const char *name);

/* WEIR_ERR_SQL: no such name, with the nearest one. */
enum weir_status weir_catalog_unknown(const struct weir_catalog *catalog, const char *name, struct weir_place at,
                                      struct weir_error *error);

/* The value of a table's option, or NULL. */
const char *weir_table_option(const struct weir_ast_table *table, const char *key);

#endif
