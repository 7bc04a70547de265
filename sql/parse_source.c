/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands after FROM: names, files, subqueries; windows over them are in parse_window.c.
 */
#include <string.h>

#include "sql/parser.h"

static struct weir_ast_source *make(struct weir_parser *p, enum weir_ast_source_kind kind) {
    struct weir_ast_source *source = weir_parser_new(p, sizeof(*source));
    if (source == NULL) return NULL;
    source->kind = kind;
    source->at = p->token->at;
    return source;
}

static struct weir_ast_source *parse_subquery(struct weir_parser *p) {
    struct weir_ast_source *source = make(p, WEIR_AST_SOURCE_QUERY);
    if (source == NULL || !weir_parser_expect(p, "(")) return NULL;
    if (weir_parser_at(p, "VALUES"))
        return weir_parser_fail(
            p, WEIR_ERR_UNSUPPORTED, p->token->at,
            "VALUES is not supported yet; put the rows into a file and name it: FROM 'rows.csv'");
    if ((source->query = weir_parse_query(p)) == NULL || !weir_parser_expect(p, ")")) return NULL;
    return source;
}

/* A path whose quotes were forgotten, or eaten by a shell: iso.csv, data/iso.csv, my-file.csv. */
static struct weir_ast_source *refuse_path(struct weir_parser *p, const struct weir_token *first) {
    const char *text = p->text + first->begin;
    size_t length = strcspn(text, " \t\r\n;,()'");
    return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                            "a file's name stands in single quotes: FROM '%.*s' (in a shell put the whole query in "
                            "double quotes); a table has a bare name, for catalogs and databases are not supported",
                            (int)(length < 60 ? length : 60), text);
}

/* FROM read_csv('x') and its like, of other engines. */
static bool is_reader(const char *name) {
    static const char *const names[] = {"read_csv", "read_csv_auto", "read_parquet", "parquet_scan", "read_json"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(names); i++) {
        if (weir_word_equal(name, names[i])) return true;
    }
    return false;
}

static struct weir_ast_source *parse_named(struct weir_parser *p) {
    bool file = p->token->kind == WEIR_TOKEN_STRING;
    const struct weir_token *first = p->token;
    if (weir_parser_at(p, "/") || weir_parser_at(p, ".")) return refuse_path(p, first);
    struct weir_ast_source *source = make(p, file ? WEIR_AST_SOURCE_FILE : WEIR_AST_SOURCE_NAME);
    if (source == NULL) return NULL;
    source->name = file ? weir_parser_string(p, "a file") : weir_parser_name(p, "a table, a view or a 'file'");
    if (source->name == NULL) return NULL;
    if (!file && (weir_parser_at(p, ".") || weir_parser_at(p, "/") || weir_parser_at(p, "-")))
        return refuse_path(p, first);
    if (weir_parser_at(p, "(") && is_reader(source->name))
        return weir_parser_fail(
            p, WEIR_ERR_SQL, source->at,
            "there is no %.60s(...): FROM takes the file itself, as in FROM 'rows.csv'; its options "
            "go behind it, as in FROM 'rows.csv' /*+ OPTIONS('csv.header' = 'true') */",
            source->name);
    if (weir_parser_at(p, "("))
        return weir_parser_fail(p, WEIR_ERR_SQL, source->at,
                                "a table function needs TABLE around it: FROM TABLE(%.60s(...))", source->name);
    return weir_parse_hint(p, &source->hint) ? source : NULL;
}

struct weir_ast_source *weir_parse_plain_source(struct weir_parser *p) {
    return weir_parser_at(p, "(") ? parse_subquery(p) : parse_named(p);
}

/* Joins and the like, which begin right after a source. */
static bool refuse_tail(struct weir_parser *p) {
    static const char *const joins[] = {"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", ","};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(joins); i++) {
        if (!weir_parser_at(p, joins[i])) continue;
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                         "joins are not supported yet; FROM takes one source");
        return true;
    }
    static const char *const others[] = {"MATCH_RECOGNIZE", "TABLESAMPLE", "FOR", "LATERAL"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(others); i++) {
        if (!weir_parser_at(p, others[i])) continue;
        weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s is not supported yet", others[i]);
        return true;
    }
    return false;
}

struct weir_ast_source *weir_parse_source(struct weir_parser *p) {
    if (weir_parser_at(p, "VALUES") || weir_parser_at(p, "UNNEST") || weir_parser_at(p, "LATERAL"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "%s is not supported yet", p->token->text);
    struct weir_ast_source *source = weir_parser_at(p, "TABLE") ? weir_parse_window(p) : weir_parse_plain_source(p);
    if (source == NULL || refuse_tail(p)) return NULL;
    if (weir_parser_accept(p, "AS") || weir_parser_at_name(p)) {
        if ((source->alias = weir_parser_name(p, "an alias")) == NULL) return NULL;
        if (weir_parser_at(p, "("))
            return weir_parser_fail(
                p, WEIR_ERR_UNSUPPORTED, p->token->at,
                "a list of columns after an alias is not supported; name them with AS in the SELECT");
    }
    return refuse_tail(p) ? NULL : source;
}
