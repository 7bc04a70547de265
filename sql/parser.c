/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

void *weir_parser_fail(struct weir_parser *p, enum weir_status code, struct weir_place at, const char *format,
                       ...) {
    if (p->status != WEIR_OK) return NULL; /* the first failure is the one to tell */
    char message[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    p->status = weir_error_set_at(p->error, code, at.line, at.column, "%s", message);
    return NULL;
}

void *weir_parser_expected(struct weir_parser *p, const char *what) {
    const struct weir_token *token = p->token;
    if (p->status != WEIR_OK || weir_parser_refuse_hint(p)) return NULL;
    if (token->kind == WEIR_TOKEN_END)
        return weir_parser_fail(p, WEIR_ERR_SQL, token->at, "expected %s, found the end of the script", what);
    const char *quote = token->kind == WEIR_TOKEN_QUOTED ? "`" : "'";
    bool cut = token->length > 60;
    return weir_parser_fail(p, WEIR_ERR_SQL, token->at, "expected %s, found %s%s%.60s%s%s", what,
                            token->kind == WEIR_TOKEN_STRING ? "the string " : "", quote, token->text,
                            cut ? "..." : "", quote);
}

void *weir_parser_no_memory(struct weir_parser *p) {
    if (p->status == WEIR_OK)
        p->status = weir_error_set(p->error, WEIR_ERR_MEMORY, "no memory to parse the script");
    return NULL;
}

const struct weir_token *weir_parser_ahead(const struct weir_parser *p, size_t n) {
    return (size_t)(p->last - p->token) > n ? p->token + n : p->last;
}

bool weir_parser_ahead_is(const struct weir_parser *p, size_t n, const char *word) {
    const struct weir_token *token = weir_parser_ahead(p, n);
    if (token->kind == WEIR_TOKEN_WORD) return weir_word_equal(token->text, word);
    return token->kind == WEIR_TOKEN_SYMBOL && strcmp(token->text, word) == 0;
}

bool weir_parser_at(const struct weir_parser *p, const char *word) { return weir_parser_ahead_is(p, 0, word); }

void weir_parser_skip(struct weir_parser *p) {
    if (p->token < p->last) p->token++;
}

bool weir_parser_accept(struct weir_parser *p, const char *word) {
    if (!weir_parser_at(p, word)) return false;
    weir_parser_skip(p);
    return true;
}

bool weir_parser_expect(struct weir_parser *p, const char *word) {
    if (weir_parser_accept(p, word)) return true;
    char what[64];
    snprintf(what, sizeof(what), word[0] >= 'A' && word[0] <= 'Z' ? "%s" : "'%s'", word);
    weir_parser_expected(p, what);
    return false;
}

void *weir_parser_new(struct weir_parser *p, size_t bytes) {
    void *node = weir_arena_array(p->arena, 1, bytes);
    return node == NULL ? weir_parser_no_memory(p) : node;
}

bool weir_parser_push(struct weir_parser *p, struct weir_parser_list *list, void *item) {
    if (item == NULL) return false;
    if (list->count == list->capacity) {
        int32_t capacity = list->capacity == 0 ? 4 : list->capacity * 2;
        void **grown = weir_arena_array(p->arena, (size_t)capacity, sizeof(*grown));
        if (grown == NULL) {
            weir_parser_no_memory(p);
            return false;
        }
        if (list->count > 0) memcpy(grown, list->items, (size_t)list->count * sizeof(*grown));
        list->items = grown;
        list->capacity = capacity;
    }
    list->items[list->count++] = item;
    return true;
}

bool weir_parser_enter(struct weir_parser *p) {
    if (p->nesting < WEIR_NESTING_MAX) {
        p->nesting++;
        return true;
    }
    weir_parser_fail(p, WEIR_ERR_UNSUPPORTED, p->token->at, "nested deeper than %d levels", WEIR_NESTING_MAX);
    return false;
}

void weir_parser_leave(struct weir_parser *p) { p->nesting--; }

bool weir_parser_at_name(const struct weir_parser *p) {
    return p->token->kind == WEIR_TOKEN_QUOTED ||
           (p->token->kind == WEIR_TOKEN_WORD && !weir_word_is_reserved(p->token->text));
}

const char *weir_parser_name(struct weir_parser *p, const char *what) {
    const struct weir_token *token = p->token;
    if (weir_parser_at_name(p)) {
        weir_parser_skip(p);
        return token->text;
    }
    if (token->kind == WEIR_TOKEN_WORD)
        return weir_parser_fail(
            p, WEIR_ERR_SQL, token->at,
            "expected %s, found the reserved word %s; to use it as a name write it in backticks: `%s`", what,
            token->text, token->text);
    return weir_parser_expected(p, what);
}

const char *weir_parser_string(struct weir_parser *p, const char *what) {
    if (p->token->kind != WEIR_TOKEN_STRING) return weir_parser_expected(p, what);
    const char *text = p->token->text;
    weir_parser_skip(p);
    return text;
}

bool weir_parser_names(struct weir_parser *p, const char ***names, int32_t *count) {
    *names = NULL;
    *count = 0;
    if (!weir_parser_accept(p, "(")) return true;
    struct weir_parser_list list = {0};
    do {
        if (!weir_parser_push(p, &list, (void *)weir_parser_name(p, "a column name"))) return false;
    } while (weir_parser_accept(p, ","));
    *names = (const char **)list.items;
    *count = list.count;
    return weir_parser_expect(p, ")");
}

enum weir_status weir_parse_script(struct weir_arena *arena, const char *sql, const struct weir_define *defines,
                                   size_t defines_count, struct weir_statements *out, struct weir_error *error) {
    struct weir_script script;
    struct weir_tokens tokens;
    enum weir_status status = weir_script_expand(arena, sql, defines, defines_count, &script, error);
    if (status == WEIR_OK) status = weir_lex(arena, &script, &tokens, error);
    if (status != WEIR_OK) return status;
    struct weir_parser p = {.arena = arena,
                            .error = error,
                            .text = script.text,
                            .token = tokens.items,
                            .last = tokens.items + tokens.count - 1};
    struct weir_parser_list list = {0};
    while (p.status == WEIR_OK) {
        while (weir_parser_accept(&p, ";")) continue;
        if (p.token->kind == WEIR_TOKEN_END) break;
        struct weir_statement *statement = weir_parse_statement(&p);
        if (statement == NULL || !weir_parser_push(&p, &list, statement)) break;
        if (p.token->kind != WEIR_TOKEN_END && !weir_parser_at(&p, ";"))
            weir_parser_expected(&p, "';' or the end of the statement");
    }
    *out = (struct weir_statements){(struct weir_statement **)list.items, list.count};
    return p.status;
}
