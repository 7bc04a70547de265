/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens to trees, by recursive descent. SQL that Flink has and weir lacks is recognised as far as it takes to
 * refuse it by name (WEIR_ERR_UNSUPPORTED) instead of as a syntax error.
 */
#ifndef WEIR_SQL_PARSER_H
#define WEIR_SQL_PARSER_H

#include "sql/ast.h"
#include "sql/lexer.h"

/* How deep parentheses, subqueries and operators may nest: far more than anybody writes, and little enough for the
 * stack of any thread. */
#define WEIR_NESTING_MAX 150
/* How many levels an expression may have, operators in a row included. */
#define WEIR_DEPTH_MAX 400

/* Expands, cuts and parses a whole script into the arena.
 * Errors: WEIR_ERR_SQL and WEIR_ERR_UNSUPPORTED with position, WEIR_ERR_MEMORY. */
enum weir_status weir_parse_script(struct weir_arena *arena, const char *sql, const struct weir_define *defines,
                                   size_t defines_count, struct weir_statements *out, struct weir_error *error);

/* ---- among the files of the parser: every function returns NULL or false after it has filled the error ---- */

struct weir_parser {
    struct weir_arena *arena;
    struct weir_error *error;
    enum weir_status status;
    const char *text; /* the expanded script */
    const struct weir_token *token;
    const struct weir_token *last; /* END */
    int32_t nesting;
};

/* A list of pointers that grows in the arena. */
struct weir_parser_list {
    void **items;
    int32_t count;
    int32_t capacity;
};

/* Fills the error. */
void *weir_parser_fail(struct weir_parser *p, enum weir_status code, struct weir_place at, const char *format, ...)
    WEIR_PRINTF(4, 5);
/* "expected WHAT, found 'token'". */
void *weir_parser_expected(struct weir_parser *p, const char *what);
void *weir_parser_no_memory(struct weir_parser *p);

/* Token n further, END beyond the end. */
const struct weir_token *weir_parser_ahead(const struct weir_parser *p, size_t n);
/* Is the current token that keyword or symbol? */
bool weir_parser_at(const struct weir_parser *p, const char *word);
bool weir_parser_ahead_is(const struct weir_parser *p, size_t n, const char *word);
/* Skips it when it is there. */
bool weir_parser_accept(struct weir_parser *p, const char *word);
bool weir_parser_expect(struct weir_parser *p, const char *word);
void weir_parser_skip(struct weir_parser *p);

/* A zeroed node of `bytes`. */
void *weir_parser_new(struct weir_parser *p, size_t bytes);
bool weir_parser_push(struct weir_parser *p, struct weir_parser_list *list, void *item);
/* One level deeper; false when that is too deep. */
bool weir_parser_enter(struct weir_parser *p);
void weir_parser_leave(struct weir_parser *p);

/* An identifier that is not reserved; `what` for the message. */
const char *weir_parser_name(struct weir_parser *p, const char *what);
/* True when the current token can be an identifier. */
bool weir_parser_at_name(const struct weir_parser *p);
/* A string token's text. */
const char *weir_parser_string(struct weir_parser *p, const char *what);
/* [(name, ...)]: false only on errors. */
bool weir_parser_names(struct weir_parser *p, const char ***names, int32_t *count);

struct weir_ast_expr *weir_parse_expression(struct weir_parser *p);
struct weir_ast_expr *weir_parse_operand(struct weir_parser *p); /* without comparisons and logic */
struct weir_ast_expr *weir_parse_primary(struct weir_parser *p);
struct weir_ast_expr *weir_parse_call(struct weir_parser *p);
struct weir_ast_expr *weir_parse_interval(struct weir_parser *p, struct weir_place at);
/* A node over arguments, with its depth checked. */
struct weir_ast_expr *weir_ast_make(struct weir_parser *p, enum weir_ast_kind kind, struct weir_place at,
                                    struct weir_ast_expr **args, int32_t args_count);
struct weir_ast_expr *weir_ast_make2(struct weir_parser *p, enum weir_ast_kind kind, struct weir_place at,
                                     struct weir_ast_expr *a, struct weir_ast_expr *b);
bool weir_parse_unit(struct weir_parser *p, enum weir_time_unit *out);

bool weir_parse_type(struct weir_parser *p, struct weir_type *out);
struct weir_ast_query *weir_parse_query(struct weir_parser *p);
struct weir_ast_source *weir_parse_source(struct weir_parser *p);
/* A name, a file or a query in parentheses, without an alias. */
struct weir_ast_source *weir_parse_plain_source(struct weir_parser *p);

/* parse_window.c: TABLE ( TUMBLE(...) ), at TABLE */
struct weir_ast_source *weir_parse_window(struct weir_parser *p);
/* TUMBLE(, HOP(, SESSION( or one of their functions as an expression. */
bool weir_parser_at_group_window(const struct weir_parser *p);
struct weir_ast_expr *weir_parse_group_window(struct weir_parser *p);
/* [FILL(...)]: false only on errors. */
bool weir_parse_fill(struct weir_parser *p, struct weir_ast_fill **out);
struct weir_ast_table *weir_parse_table(struct weir_parser *p);
/* ('key' = 'value', ...) of WITH and OPTIONS */
bool weir_parse_options(struct weir_parser *p, struct weir_option ***out, int32_t *count);

/* parse_hint.c: [OPTIONS(...) between the marks of a hint]: false only on errors. */
bool weir_parse_hint(struct weir_parser *p, struct weir_ast_hint *out);
/* At a hint, where none may stand: true after an error. */
bool weir_parser_refuse_hint(struct weir_parser *p);
/* A copy of the table, in the arena, with the hint's options over its own; NULL: no memory. */
struct weir_ast_table *weir_hint_table(struct weir_arena *arena, const struct weir_ast_table *table,
                                       const struct weir_ast_hint *hint);
struct weir_statement *weir_parse_statement(struct weir_parser *p);

#endif
