/* SPDX-License-Identifier: Apache-2.0
 *
 * Text to tokens. The whole script is cut at once, so that the parser may look as far ahead as it likes.
 */
#ifndef WEIR_SQL_LEXER_H
#define WEIR_SQL_LEXER_H

#include "alloc/arena.h"
#include "sql/script.h"
#include "weir/types.h"

enum weir_token_kind {
    WEIR_TOKEN_END,
    WEIR_TOKEN_WORD,        /* a bare identifier or keyword; text as written */
    WEIR_TOKEN_QUOTED,      /* an identifier in backticks; text without them */
    WEIR_TOKEN_STRING,      /* '...'; text decoded */
    WEIR_TOKEN_INTEGER,     /* digits only */
    WEIR_TOKEN_DECIMAL,     /* with a point */
    WEIR_TOKEN_APPROXIMATE, /* with an exponent */
    WEIR_TOKEN_SYMBOL,      /* punctuation and operators; text is the symbol */
};

/* The marks around a hint are symbols, and what stands between them is cut as anywhere. */
#define WEIR_HINT_BEGIN "/*+"
#define WEIR_HINT_END "*/"

struct weir_token {
    enum weir_token_kind kind;
    const char *text; /* zero-terminated, in the arena */
    size_t length;
    size_t begin; /* bytes of the expanded script that the token covers */
    size_t end;
    struct weir_place at;
};

struct weir_tokens {
    const struct weir_token *items; /* the last one is END */
    size_t count;
};

/* Cuts the script. Errors: WEIR_ERR_SQL with position (open string, stray character, double quotes, != and ==,
 * which Flink refuses too), WEIR_ERR_MEMORY. */
enum weir_status weir_lex(struct weir_arena *arena, const struct weir_script *script, struct weir_tokens *out,
                          struct weir_error *error);

/* True for words that cannot name anything unless written in backticks. */
bool weir_word_is_reserved(const char *word);

/* Same letters, ignoring the case of ASCII letters. */
bool weir_word_equal(const char *a, const char *b);

#endif
