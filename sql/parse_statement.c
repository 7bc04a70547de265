/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements, each up to its semicolon.
 */
#include "sql/parser.h"

static struct weir_statement *make(struct weir_parser *p, enum weir_statement_kind kind, struct weir_place at) {
    struct weir_statement *statement = weir_parser_new(p, sizeof(*statement));
    if (statement == NULL) return NULL;
    statement->kind = kind;
    statement->at = at;
    return statement;
}

/* The script's text from the current token up to `end` or the statement's end, without blanks around it; one quoted
 * token stands for its text. */
static const char *raw_text(struct weir_parser *p, const char *end, const char *what) {
    const struct weir_token *first = p->token, *last = NULL;
    while (p->token->kind != WEIR_TOKEN_END && !weir_parser_at(p, ";") && !weir_parser_at(p, end)) {
        last = p->token;
        weir_parser_skip(p);
    }
    if (last == NULL) return weir_parser_expected(p, what);
    if (first == last && (first->kind == WEIR_TOKEN_STRING || first->kind == WEIR_TOKEN_QUOTED)) return first->text;
    const char *text = weir_arena_string(p->arena, p->text + first->begin, last->end - first->begin);
    return text == NULL ? weir_parser_no_memory(p) : text;
}

static struct weir_statement *parse_set(struct weir_parser *p, struct weir_place at) {
    if (p->token->kind == WEIR_TOKEN_END || weir_parser_at(p, ";"))
        return weir_parser_expected(p, "'key' = 'value' after SET");
    struct weir_statement *statement = make(p, WEIR_STATEMENT_SET, at);
    if (statement == NULL) return NULL;
    statement->name_at = p->token->at;
    if ((statement->name = raw_text(p, "=", "a key after SET")) == NULL || !weir_parser_expect(p, "=")) return NULL;
    return (statement->value = raw_text(p, ";", "a value")) == NULL ? NULL : statement;
}

static struct weir_statement *parse_reset(struct weir_parser *p, struct weir_place at) {
    struct weir_statement *statement = make(p, WEIR_STATEMENT_RESET, at);
    if (statement == NULL) return NULL;
    statement->name_at = p->token->at;
    if (p->token->kind == WEIR_TOKEN_END || weir_parser_at(p, ";")) return statement;
    return (statement->name = raw_text(p, ";", "a key")) == NULL ? NULL : statement;
}

/* [IF [NOT] EXISTS] name */
static bool parse_target(struct weir_parser *p, struct weir_statement *statement, bool negated) {
    if (weir_parser_accept(p, "IF")) {
        if ((negated && !weir_parser_expect(p, "NOT")) || !weir_parser_expect(p, "EXISTS")) return false;
        statement->if_exists = true;
    }
    statement->name_at = p->token->at;
    if ((statement->name = weir_parser_name(p, "a name")) == NULL) return false;
    if (!weir_parser_at(p, ".")) return true;
    weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                     "catalogs and databases are not supported; write the bare name");
    return false;
}

static struct weir_statement *parse_create_view(struct weir_parser *p, struct weir_place at) {
    struct weir_statement *statement = make(p, WEIR_STATEMENT_CREATE_VIEW, at);
    if (statement == NULL || !parse_target(p, statement, true)) return NULL;
    if (!weir_parser_names(p, &statement->columns, &statement->columns_count)) return NULL;
    if (weir_parser_accept(p, "COMMENT") && weir_parser_string(p, "a 'comment'") == NULL) return NULL;
    if (!weir_parser_expect(p, "AS")) return NULL;
    return (statement->query = weir_parse_query(p)) == NULL ? NULL : statement;
}

static struct weir_statement *parse_create(struct weir_parser *p, struct weir_place at) {
    if (weir_parser_at(p, "OR"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at,
                                "CREATE OR REPLACE is not supported; write DROP ... IF EXISTS before it");
    weir_parser_accept(p, "TEMPORARY");
    if (weir_parser_accept(p, "VIEW")) return parse_create_view(p, at);
    if (weir_parser_accept(p, "TABLE")) {
        struct weir_statement *statement = make(p, WEIR_STATEMENT_CREATE_TABLE, at);
        if (statement == NULL || !parse_target(p, statement, true)) return NULL;
        return (statement->table = weir_parse_table(p)) == NULL ? NULL : statement;
    }
    static const char *const others[] = {"FUNCTION", "SYSTEM", "CATALOG", "DATABASE", "MODEL", "MATERIALIZED"};
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(others); i++) {
        if (weir_parser_at(p, others[i]))
            return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, at,
                                    "CREATE %s is not supported; CREATE TABLE and VIEW are", others[i]);
    }
    return weir_parser_expected(p, "TABLE or VIEW after CREATE");
}

static struct weir_statement *parse_drop(struct weir_parser *p, struct weir_place at) {
    weir_parser_accept(p, "TEMPORARY");
    bool view = weir_parser_at(p, "VIEW");
    if (!view && !weir_parser_at(p, "TABLE")) return weir_parser_expected(p, "TABLE or VIEW after DROP");
    weir_parser_skip(p);
    struct weir_statement *statement = make(p, view ? WEIR_STATEMENT_DROP_VIEW : WEIR_STATEMENT_DROP_TABLE, at);
    return statement != NULL && parse_target(p, statement, false) ? statement : NULL;
}

static struct weir_statement *parse_insert(struct weir_parser *p, struct weir_place at) {
    if (weir_parser_at(p, "OVERWRITE"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, at, "INSERT OVERWRITE is not supported; INSERT INTO is");
    if (!weir_parser_expect(p, "INTO")) return NULL;
    struct weir_statement *statement = make(p, WEIR_STATEMENT_INSERT, at);
    if (statement == NULL) return NULL;
    statement->name_at = p->token->at;
    statement->is_file = p->token->kind == WEIR_TOKEN_STRING;
    statement->name =
        statement->is_file ? weir_parser_string(p, "a file") : weir_parser_name(p, "a table or a 'file'");
    if (statement->name == NULL || !weir_parse_hint(p, &statement->hint)) return NULL;
    if (statement->is_file && weir_parser_at(p, "("))
        return weir_parser_fail(p, WEIR_ERR_SQL, p->token->at,
                                "a file takes its columns from the query; name them there with AS");
    if (weir_parser_at(p, "PARTITION"))
        return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "INSERT ... PARTITION is not supported yet");
    if (!weir_parser_names(p, &statement->columns, &statement->columns_count)) return NULL;
    return (statement->query = weir_parse_query(p)) == NULL ? NULL : statement;
}

/* Statements of Flink that weir knows only by name. */
static struct weir_statement *refuse(struct weir_parser *p) {
    static const struct {
        const char *word;
        const char *hint;
    } others[] = {
        {"EXPLAIN", "; `weir explain` prints the plans of a script"},
        {"BEGIN", "; write the INSERT statements one after the other"},
        {"EXECUTE", "; write the INSERT statements one after the other"},
        {"USE", ""},
        {"SHOW", ""},
        {"DESCRIBE", ""},
        {"DESC", ""},
        {"ALTER", ""},
        {"ANALYZE", ""},
        {"LOAD", ""},
        {"UNLOAD", ""},
        {"ADD", ""},
        {"REMOVE", ""},
        {"DELETE", ""},
        {"UPDATE", ""},
        {"TRUNCATE", ""},
        {"CALL", ""},
        {"COMPILE", ""},
        {"STOP", ""},
        {"QUIT", ""},
        {"END", ""},
        {"VALUES", "; name a file in FROM"},
    };
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(others); i++) {
        if (weir_parser_at(p, others[i].word))
            return weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "the statement %s is not supported%s",
                                    others[i].word, others[i].hint);
    }
    return weir_parser_expected(p, "a statement (SELECT, WITH, INSERT, CREATE, DROP, SET or RESET)");
}

struct weir_statement *weir_parse_statement(struct weir_parser *p) {
    struct weir_place at = p->token->at;
    if (weir_parser_at(p, "SELECT") || weir_parser_at(p, "WITH")) {
        struct weir_statement *statement = make(p, WEIR_STATEMENT_SELECT, at);
        if (statement == NULL) return NULL;
        return (statement->query = weir_parse_query(p)) == NULL ? NULL : statement;
    }
    if (weir_parser_accept(p, "SET")) return parse_set(p, at);
    if (weir_parser_accept(p, "RESET")) return parse_reset(p, at);
    if (weir_parser_accept(p, "CREATE")) return parse_create(p, at);
    if (weir_parser_accept(p, "DROP")) return parse_drop(p, at);
    if (weir_parser_accept(p, "INSERT")) return parse_insert(p, at);
    return refuse(p);
}
