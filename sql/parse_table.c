/* SPDX-License-Identifier: Apache-2.0
 *
 * The body of CREATE TABLE.
 */
#include <string.h>

#include "sql/parser.h"

static bool skip_comment(struct weir_parser *p) {
    return !weir_parser_accept(p, "COMMENT") || weir_parser_string(p, "a 'comment'") != NULL;
}

struct primary_key {
    const char **names; /* NULL after a column */
    int32_t count;
    struct weir_place at;
};

/* PRIMARY KEY [(columns)] NOT ENFORCED says nothing that weir checks, just as Flink checks nothing. */
static bool parse_primary_key(struct weir_parser *p, struct primary_key *key) {
    key->at = p->token->at;
    if (!weir_parser_expect(p, "PRIMARY") || !weir_parser_expect(p, "KEY") ||
        !weir_parser_names(p, &key->names, &key->count))
        return false;
    if (weir_parser_at(p, "NOT") && weir_parser_ahead_is(p, 1, "ENFORCED")) {
        p->token += 2;
        return true;
    }
    weir_parser_expected(p, "NOT ENFORCED after PRIMARY KEY");
    return false;
}

static bool parse_watermark(struct weir_parser *p, struct weir_ast_table *table) {
    table->watermark_at = p->token->at;
    weir_parser_skip(p);
    if (table->watermark_column != NULL) {
        weir_parser_fail(p, WEIR_ERR_SQL, table->watermark_at, "a table has one WATERMARK");
        return false;
    }
    if (!weir_parser_expect(p, "FOR")) return false;
    table->watermark_column = weir_parser_name(p, "the name of the time column");
    if (table->watermark_column == NULL || !weir_parser_expect(p, "AS")) return false;
    return (table->watermark = weir_parse_expression(p)) != NULL;
}

/* A second column of a name is refused. */
static bool check_name(struct weir_parser *p, const struct weir_parser_list *columns,
                       const struct weir_ast_column *column) {
    for (int32_t i = 0; i < columns->count; i++) {
        const struct weir_ast_column *other = columns->items[i];
        if (strcmp(other->name, column->name) != 0) continue;
        weir_parser_fail(p, WEIR_ERR_SQL, column->at, "the column '%.60s' is declared twice", column->name);
        return false;
    }
    return true;
}

/* name AS expression [COMMENT '...'] */
static bool parse_computed(struct weir_parser *p, struct weir_ast_column *column, int32_t before,
                           struct weir_parser_list *computed) {
    weir_parser_skip(p);
    column->before = before;
    if ((column->computed = weir_parse_expression(p)) == NULL) return false;
    if (column->computed->aggregate) {
        weir_parser_fail(p, WEIR_ERR_SQL, column->at, "the computed column '%.60s' cannot aggregate", column->name);
        return false;
    }
    return skip_comment(p) && weir_parser_push(p, computed, column);
}

static bool refuse_metadata(struct weir_parser *p, const struct weir_ast_column *column) {
    weir_parser_fail(
        p, WEIR_ERR_UNSUPPORTED, column->at,
        "metadata columns are not supported: '%.60s' would be what the connector knows of a row beside "
        "its data, and no connector here knows anything",
        column->name);
    return false;
}

static bool parse_column(struct weir_parser *p, struct weir_parser_list *columns,
                         struct weir_parser_list *computed) {
    struct weir_ast_column *column = weir_parser_new(p, sizeof(*column));
    if (column == NULL) return false;
    column->at = p->token->at;
    if ((column->name = weir_parser_name(p, "a column name")) == NULL) return false;
    if (!check_name(p, columns, column) || !check_name(p, computed, column)) return false;
    if (weir_parser_at(p, "AS")) return parse_computed(p, column, columns->count, computed);
    if (!weir_parse_type(p, &column->type)) return false;
    if (weir_parser_at(p, "METADATA")) return refuse_metadata(p, column);
    if (weir_parser_accept(p, "NOT")) {
        if (!weir_parser_expect(p, "NULL")) return false;
        column->type.nullable = false;
    } else {
        weir_parser_accept(p, "NULL");
    }
    struct primary_key key;
    if (weir_parser_at(p, "PRIMARY") && !parse_primary_key(p, &key)) return false;
    return skip_comment(p) && weir_parser_push(p, columns, column);
}

static bool check_primary_key(struct weir_parser *p, const struct weir_parser_list *columns,
                              const struct primary_key *key) {
    for (int32_t i = 0; i < key->count; i++) {
        bool found = false;
        for (int32_t j = 0; j < columns->count; j++) {
            found |= strcmp(((const struct weir_ast_column *)columns->items[j])->name, key->names[i]) == 0;
        }
        if (found) continue;
        weir_parser_fail(p, WEIR_ERR_SQL, key->at, "the PRIMARY KEY names '%.60s', which is no column",
                         key->names[i]);
        return false;
    }
    return true;
}

static bool parse_elements(struct weir_parser *p, struct weir_ast_table *table) {
    struct weir_parser_list columns = {0}, computed = {0};
    struct primary_key key = {0};
    if (!weir_parser_expect(p, "(")) return false;
    do {
        bool parsed;
        if (weir_parser_at(p, "WATERMARK") && weir_parser_ahead_is(p, 1, "FOR")) {
            parsed = parse_watermark(p, table);
        } else if (weir_parser_at(p, "PRIMARY")) {
            parsed = parse_primary_key(p, &key);
        } else if (weir_parser_accept(p, "CONSTRAINT")) {
            parsed = weir_parser_name(p, "the name of the constraint") != NULL && parse_primary_key(p, &key);
        } else {
            parsed = parse_column(p, &columns, &computed);
        }
        if (!parsed) return false;
    } while (weir_parser_accept(p, ","));
    table->columns = (struct weir_ast_column **)columns.items;
    table->columns_count = columns.count;
    table->computed = (struct weir_ast_column **)computed.items;
    table->computed_count = computed.count;
    if (!weir_parser_at(p, ")")) {
        weir_parser_expected(p, "',' or ')' after a column");
        return false;
    }
    weir_parser_skip(p);
    return check_primary_key(p, &columns, &key);
}

/* 'key' = 'value' */
static bool parse_option(struct weir_parser *p, struct weir_parser_list *options) {
    struct weir_option *option = weir_parser_new(p, sizeof(*option));
    if (option == NULL) return false;
    struct weir_place at = p->token->at;
    option->line = at.line;
    option->column = at.column;
    if ((option->key = weir_parser_string(p, "an option as in 'connector' = 'filesystem'")) == NULL) return false;
    if (!weir_parser_expect(p, "=")) return false;
    if ((option->value = weir_parser_string(p, "the option's value in single quotes")) == NULL) return false;
    for (int32_t i = 0; i < options->count; i++) {
        const struct weir_option *other = options->items[i];
        if (strcmp(other->key, option->key) != 0) continue;
        weir_parser_fail(p, WEIR_ERR_SQL, at, "the option '%.80s' is given twice", option->key);
        return false;
    }
    return weir_parser_push(p, options, option);
}

bool weir_parse_options(struct weir_parser *p, struct weir_option ***out, int32_t *count) {
    struct weir_parser_list options = {0};
    if (!weir_parser_expect(p, "(")) return false;
    do {
        if (!parse_option(p, &options)) return false;
    } while (weir_parser_accept(p, ","));
    *out = (struct weir_option **)options.items;
    *count = options.count;
    return weir_parser_expect(p, ")");
}

struct weir_ast_table *weir_parse_table(struct weir_parser *p) {
    struct weir_ast_table *table = weir_parser_new(p, sizeof(*table));
    if (table == NULL) return NULL;
    if (weir_parser_at(p, "LIKE") || weir_parser_at(p, "AS"))
        return weir_parser_fail(
            p, WEIR_ERR_UNSUPPORTED, p->token->at,
            "CREATE TABLE ... %s is not supported yet; declare the columns: CREATE TABLE t (a INT, ...)",
            p->token->text);
    if (weir_parser_at(p, "WITH"))
        return weir_parser_fail(
            p, WEIR_ERR_UNSUPPORTED, p->token->at,
            "CREATE TABLE without columns is not supported; name a file in FROM to use its own");
    if (!parse_elements(p, table) || !skip_comment(p)) return NULL;
    if (table->columns_count == 0 && table->computed_count > 0)
        return weir_parser_fail(
            p, WEIR_ERR_SQL, table->computed[0]->at,
            "a table of computed columns alone has nothing to read; declare a column of its data");
    if (table->columns_count == 0) return weir_parser_expected(p, "at least one column in the table");
    if (weir_parser_at(p, "PARTITIONED") || weir_parser_at(p, "DISTRIBUTED"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s is not supported yet", p->token->text);
    if (!weir_parser_expect(p, "WITH") || !weir_parse_options(p, &table->options, &table->options_count))
        return NULL;
    if (weir_parser_at(p, "LIKE") || weir_parser_at(p, "AS"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "CREATE TABLE ... %s is not supported yet",
                                p->token->text);
    return table;
}
