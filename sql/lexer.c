/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/lexer.h"

#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/error.h"

struct lexer {
    struct weir_arena *arena;
    const struct weir_script *script;
    struct weir_error *error;
    struct weir_script_walk walk;
    struct weir_token *items;
    size_t count;
    size_t capacity;
    size_t offset;
    bool in_hint; /* between the marks of a hint */
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
static bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}
static bool is_word(char c) { return is_word_start(c) || is_digit(c) || c == '$'; }

bool weir_word_equal(const char *a, const char *b) {
    for (;; a++, b++) {
        unsigned char x = (unsigned char)*a, y = (unsigned char)*b;
        if (x >= 'a' && x <= 'z') x = (unsigned char)(x - 32);
        if (y >= 'a' && y <= 'z') y = (unsigned char)(y - 32);
        if (x != y) return false;
        if (x == 0) return true;
    }
}

static enum weir_status out_of_memory(struct lexer *x) {
    return weir_error_set(x->error, WEIR_ERR_MEMORY, "no memory for the tokens of the script");
}

static enum weir_status push(struct lexer *x, struct weir_token token) {
    if (x->count == x->capacity) {
        size_t capacity = x->capacity == 0 ? 256 : x->capacity * 2;
        struct weir_token *grown = realloc(x->items, capacity * sizeof(*grown));
        if (grown == NULL) return out_of_memory(x);
        x->items = grown;
        x->capacity = capacity;
    }
    x->items[x->count++] = token;
    return WEIR_OK;
}

/* A token whose text is what it covers. */
static enum weir_status push_plain(struct lexer *x, enum weir_token_kind kind, size_t end) {
    struct weir_token token = {.kind = kind, .begin = x->offset, .end = end};
    token.at = weir_script_walk_to(&x->walk, x->offset);
    token.length = end - x->offset;
    token.text = weir_arena_string(x->arena, x->script->text + x->offset, token.length);
    if (token.text == NULL) return out_of_memory(x);
    x->offset = end;
    return push(x, token);
}

/* A token between two `quote` characters; the quote itself is written twice. */
static enum weir_status push_quoted(struct lexer *x, enum weir_token_kind kind, char quote) {
    const char *text = x->script->text;
    struct weir_token token = {.kind = kind, .begin = x->offset};
    token.at = weir_script_walk_to(&x->walk, x->offset);
    size_t end = x->offset + 1, length = 0;
    for (;; end++) {
        if (text[end] == '\0')
            return weir_error_set_at(x->error, WEIR_ERR_SQL, token.at.line, token.at.column,
                                     "the %s that begins here is not closed; expected %c",
                                     kind == WEIR_TOKEN_STRING ? "string" : "identifier", quote);
        if (text[end] == quote && text[++end] != quote) break;
        length++;
    }
    char *decoded = weir_arena_alloc(x->arena, length + 1);
    if (decoded == NULL) return out_of_memory(x);
    size_t at = 0;
    for (size_t i = x->offset + 1; at < length; i++) {
        decoded[at++] = text[i];
        if (text[i] == quote) i++;
    }
    decoded[length] = '\0';
    if (kind == WEIR_TOKEN_QUOTED && length == 0)
        return weir_error_set_at(x->error, WEIR_ERR_SQL, token.at.line, token.at.column,
                                 "an identifier cannot be empty");
    token.text = decoded;
    token.length = length;
    token.end = x->offset = end;
    return push(x, token);
}

static enum weir_status push_number(struct lexer *x) {
    const char *text = x->script->text;
    size_t end = x->offset;
    enum weir_token_kind kind = WEIR_TOKEN_INTEGER;
    while (is_digit(text[end])) end++;
    if (text[end] == '.') {
        kind = WEIR_TOKEN_DECIMAL;
        end++;
        while (is_digit(text[end])) end++;
    }
    if (text[end] == 'e' || text[end] == 'E') {
        size_t exponent = end + 1;
        if (text[exponent] == '+' || text[exponent] == '-') exponent++;
        if (is_digit(text[exponent])) {
            kind = WEIR_TOKEN_APPROXIMATE;
            end = exponent;
            while (is_digit(text[end])) end++;
        }
    }
    if (is_word_start(text[end])) {
        struct weir_place at = weir_script_walk_to(&x->walk, x->offset);
        return weir_error_set_at(
            x->error, WEIR_ERR_SQL, at.line, at.column,
            "'%.*s...' is neither a number nor a name; names that begin with a digit need backticks",
            (int)(end - x->offset < 40 ? end - x->offset + 1 : 40), text + x->offset);
    }
    return push_plain(x, kind, end);
}

static enum weir_status refuse_symbol(struct lexer *x, const char *message) {
    struct weir_place at = weir_script_walk_to(&x->walk, x->offset);
    return weir_error_set_at(x->error, WEIR_ERR_SQL, at.line, at.column, "%s", message);
}

static enum weir_status push_symbol(struct lexer *x) {
    static const char *const pairs[] = {"<>", "<=", ">=", "||", "=>"};
    const char *at = x->script->text + x->offset;
    if (strncmp(at, WEIR_HINT_BEGIN, 3) == 0) {
        x->in_hint = true;
        return push_plain(x, WEIR_TOKEN_SYMBOL, x->offset + 3);
    }
    if (x->in_hint && strncmp(at, WEIR_HINT_END, 2) == 0) {
        x->in_hint = false;
        return push_plain(x, WEIR_TOKEN_SYMBOL, x->offset + 2);
    }
    if (at[0] == '"')
        return refuse_symbol(
            x, "double quotes mean nothing here: write `name` in backticks for an identifier, 'text' in "
               "single quotes for a string");
    if (at[0] == '!' && at[1] == '=') return refuse_symbol(x, "'!=' is not allowed, as in Flink: write <>");
    if (at[0] == '=' && at[1] == '=') return refuse_symbol(x, "'==' is not allowed, as in Flink: write =");
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(pairs); i++) {
        if (at[0] == pairs[i][0] && at[1] == pairs[i][1]) return push_plain(x, WEIR_TOKEN_SYMBOL, x->offset + 2);
    }
    if (strchr("()[],.;*/%+-=<>:?{}", at[0]) != NULL) return push_plain(x, WEIR_TOKEN_SYMBOL, x->offset + 1);
    struct weir_place place = weir_script_walk_to(&x->walk, x->offset);
    return weir_error_set_at(x->error, WEIR_ERR_SQL, place.line, place.column, "'%c' has no meaning here", at[0]);
}

/* Moves past blanks and comments. What begins with a plus behind the comment's mark is a hint. */
static enum weir_status skip_blank(struct lexer *x) {
    const char *text = x->script->text;
    while (true) {
        while (is_space(text[x->offset])) x->offset++;
        if (text[x->offset] == '-' && text[x->offset + 1] == '-') {
            while (text[x->offset] != '\0' && text[x->offset] != '\n') x->offset++;
        } else if (text[x->offset] == '/' && text[x->offset + 1] == '*' && text[x->offset + 2] != '+') {
            const char *end = strstr(text + x->offset + 2, "*/");
            if (end == NULL) return refuse_symbol(x, "the comment that begins here is not closed; expected */");
            x->offset = (size_t)(end - text) + 2;
        } else {
            return WEIR_OK;
        }
    }
}

static enum weir_status lex_one(struct lexer *x) {
    const char *at = x->script->text + x->offset;
    if (is_word_start(at[0])) {
        size_t end = x->offset;
        while (is_word(x->script->text[end])) end++;
        return push_plain(x, WEIR_TOKEN_WORD, end);
    }
    if (is_digit(at[0]) || (at[0] == '.' && is_digit(at[1]))) return push_number(x);
    if (at[0] == '\'') return push_quoted(x, WEIR_TOKEN_STRING, '\'');
    if (at[0] == '`') return push_quoted(x, WEIR_TOKEN_QUOTED, '`');
    return push_symbol(x);
}

enum weir_status weir_lex(struct weir_arena *arena, const struct weir_script *script, struct weir_tokens *out,
                          struct weir_error *error) {
    struct lexer x = {.arena = arena, .script = script, .error = error};
    weir_script_walk_init(&x.walk, script);
    enum weir_status status = skip_blank(&x);
    while (status == WEIR_OK && script->text[x.offset] != '\0') {
        status = lex_one(&x);
        if (status == WEIR_OK) status = skip_blank(&x);
    }
    if (status == WEIR_OK) status = push_plain(&x, WEIR_TOKEN_END, x.offset);
    if (status == WEIR_OK) {
        struct weir_token *items = weir_arena_array(arena, x.count, sizeof(*items));
        if (items == NULL) {
            status = out_of_memory(&x);
        } else {
            memcpy(items, x.items, x.count * sizeof(*items));
            *out = (struct weir_tokens){items, x.count};
        }
    }
    free(x.items);
    return status;
}
