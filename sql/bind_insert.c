/* SPDX-License-Identifier: Apache-2.0
 *
 * INSERT INTO: the columns of the query are those of the table, by position.
 */
#include <string.h>

#include "base/error.h"
#include "sql/bind.h"

static int32_t find_column(const struct weir_ast_table *table, const char *name) {
    for (int32_t i = 0; i < table->columns_count; i++) {
        if (strcmp(table->columns[i]->name, name) == 0) return i;
    }
    return -1;
}

static bool unknown_column(struct weir_binder *b, const struct weir_ast_table *table, const char *name) {
    const char **names = weir_bind_array(b, table->columns_count, sizeof(*names));
    if (names == NULL) return false;
    for (int32_t i = 0; i < table->columns_count; i++) names[i] = table->columns[i]->name;
    const char *near = weir_nearest_name(name, names, (size_t)table->columns_count);
    const struct weir_statement *insert = b->request->insert;
    weir_bind_fail(b, WEIR_ERR_SQL, insert->name_at, "the table '%.120s' has no column '%.120s'%s%s%s",
                   insert->name, name, near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
                   near == NULL ? "" : "'?");
    return false;
}

/* from[i]: which column of the query goes into column i of the table, -1 for none. */
static bool map_columns(struct weir_binder *b, const struct weir_ast_table *table, int32_t *from) {
    const struct weir_statement *insert = b->request->insert;
    for (int32_t i = 0; i < table->columns_count; i++) from[i] = insert->columns_count == 0 ? i : -1;
    for (int32_t i = 0; i < insert->columns_count; i++) {
        int32_t column = find_column(table, insert->columns[i]);
        if (column < 0) return unknown_column(b, table, insert->columns[i]);
        if (from[column] >= 0) {
            weir_bind_fail(b, WEIR_ERR_SQL, insert->name_at, "the column '%.120s' is named twice",
                           insert->columns[i]);
            return false;
        }
        from[column] = i;
    }
    return true;
}

static struct weir_expr *missing(struct weir_binder *b, const struct weir_ast_column *column) {
    if (column->type.nullable) return weir_bind_null(b, b->request->insert->at, column->type);
    return weir_bind_fail(b, WEIR_ERR_SQL, b->request->insert->name_at,
                          "the column '%.120s' is NOT NULL and the INSERT gives it no value", column->name);
}

bool weir_bind_insert(struct weir_binder *b, struct weir_relation *outputs) {
    const struct weir_ast_table *table = b->request->sink;
    const struct weir_statement *insert = b->request->insert;
    int32_t wanted = insert->columns_count > 0 ? insert->columns_count : table->columns_count;
    if (outputs->columns_count != wanted) {
        weir_bind_fail(b, WEIR_ERR_SQL, insert->query->at,
                       "the query gives %d column%s, and the INSERT INTO '%.120s' takes %d", outputs->columns_count,
                       outputs->columns_count == 1 ? "" : "s", insert->name, wanted);
        return false;
    }
    int32_t *from = weir_bind_array(b, table->columns_count, sizeof(*from));
    struct weir_bound_column *columns = weir_bind_array(b, table->columns_count, sizeof(*columns));
    if (from == NULL || columns == NULL || !map_columns(b, table, from)) return false;
    for (int32_t i = 0; i < table->columns_count; i++) {
        const struct weir_ast_column *column = table->columns[i];
        columns[i].name = column->name;
        columns[i].expr = from[i] < 0
                              ? missing(b, column)
                              : weir_bind_assign(b, outputs->columns[from[i]].expr, column->type, column->name);
        if (columns[i].expr == NULL) return false;
    }
    outputs->columns = columns;
    outputs->columns_count = table->columns_count;
    return true;
}
