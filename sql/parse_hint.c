/* SPDX-License-Identifier: Apache-2.0
 *
 * Hints: OPTIONS behind a table's name. The others of Flink choose among ways of joining and keeping state, of
 * which there are none here.
 */
#include <string.h>

#include "sql/parser.h"

static void *refuse(struct weir_parser *p, const char *what) {
    return weir_parser_fail(
        p, WEIR_ERR_UNSUPPORTED, p->token->at,
        "the hint %.60s is not supported; behind a table's name stands OPTIONS('key' = 'value', "
        "...), and it overrides what the table has in WITH",
        what);
}

bool weir_parse_hint(struct weir_parser *p, struct weir_ast_hint *out) {
    *out = (struct weir_ast_hint){.at = p->token->at};
    if (!weir_parser_accept(p, WEIR_HINT_BEGIN)) return true;
    if (!weir_parser_at(p, "OPTIONS")) {
        refuse(p, p->token->text);
        return false;
    }
    weir_parser_skip(p);
    if (!weir_parse_options(p, &out->options, &out->count)) return false;
    if (!weir_parser_at(p, ",")) return weir_parser_expect(p, WEIR_HINT_END);
    refuse(p, "behind OPTIONS(...)");
    return false;
}

bool weir_parser_refuse_hint(struct weir_parser *p) {
    if (!weir_parser_at(p, WEIR_HINT_BEGIN)) return false;
    weir_parser_fail(
        p, WEIR_ERR_UNSUPPORTED, p->token->at,
        "a hint cannot stand here; weir takes OPTIONS('key' = 'value', ...) right behind a table's name. "
        "A comment begins with /* and no plus");
    return true;
}

static bool is_overridden(const struct weir_option *option, const struct weir_ast_hint *hint) {
    for (int32_t i = 0; i < hint->count; i++) {
        if (strcmp(hint->options[i]->key, option->key) == 0) return true;
    }
    return false;
}

struct weir_ast_table *weir_hint_table(struct weir_arena *arena, const struct weir_ast_table *table,
                                       const struct weir_ast_hint *hint) {
    struct weir_ast_table *hinted = weir_arena_array(arena, 1, sizeof(*hinted));
    size_t most = (size_t)table->options_count + (size_t)hint->count;
    struct weir_option **options = weir_arena_array(arena, most + 1, sizeof(struct weir_option *));
    if (hinted == NULL || options == NULL) return NULL;
    int32_t count = 0;
    for (int32_t i = 0; i < table->options_count; i++) {
        if (!is_overridden(table->options[i], hint)) options[count++] = table->options[i];
    }
    for (int32_t i = 0; i < hint->count; i++) options[count++] = hint->options[i];
    *hinted = *table;
    hinted->options = options;
    hinted->options_count = count;
    return hinted;
}
