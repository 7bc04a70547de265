/* SPDX-License-Identifier: Apache-2.0
 *
 * LIKE with a constant pattern, compiled once: '%' any code points, '_' one, and an optional escape before either.
 * The matcher goes back only to the last '%', never deeper: at most pattern times text steps, no recursion.
 */
#include <string.h>

#include "engine/expression_ops.h"
#include "engine/utf8.h"

enum piece_kind { PIECE_BYTES, PIECE_ONE, PIECE_MANY };

struct piece {
    enum piece_kind kind;
    struct weir_string bytes;
};

struct pattern {
    int32_t count;
    struct piece *pieces;
};

/* ---- matching ---- */

static bool match(const struct pattern *pattern, const char *text, int64_t length) {
    int64_t at = 0, resume_at = 0;
    int32_t p = 0, resume = -1; /* the piece behind the last '%', and where it was last tried */
    for (;;) {
        bool fits = p == pattern->count && at == length;
        if (fits) return true;
        const struct piece *piece = p < pattern->count ? &pattern->pieces[p] : NULL;
        if (piece != NULL && piece->kind == PIECE_MANY) {
            resume = ++p;
            resume_at = at;
            if (p == pattern->count) return true;
            if (pattern->pieces[p].kind == PIECE_BYTES) { /* jump to where the next bytes stand */
                struct weir_string bytes = pattern->pieces[p].bytes;
                if (at == length) return false;
                const char *found = memmem(text + at, (size_t)(length - at), bytes.data, (size_t)bytes.length);
                if (found == NULL) return false;
                at = resume_at = found - text;
            }
            continue;
        }
        if (piece != NULL && piece->kind == PIECE_ONE && at < length) {
            at = weir_utf8_next(text, length, at);
            p++;
            continue;
        }
        if (piece != NULL && piece->kind == PIECE_BYTES && length - at >= piece->bytes.length &&
            memcmp(text + at, piece->bytes.data, (size_t)piece->bytes.length) == 0) {
            at += piece->bytes.length;
            p++;
            continue;
        }
        if (resume < 0 || resume_at >= length) return false;
        resume_at = weir_utf8_next(text, length, resume_at);
        at = resume_at;
        p = resume;
    }
}

static enum weir_status eval_like(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    const struct pattern *pattern = node->data;
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    memset(bits, 0, weir_eval_words(ev) * sizeof(*bits));
    for (int32_t i = 0; i < ev->rows; i++) {
        if (!weir_eval_counts(NULL, arg->validity, i)) continue;
        const char *text = arg->strings[i].length > 0 ? arg->strings[i].data : "";
        bits[i >> 6] |= (uint64_t)match(pattern, text, arg->strings[i].length) << (i & 63);
    }
    out->bits = bits;
    return weir_eval_validity(ev, node, &out->validity);
}

/* ---- compiling ---- */

static void add_bytes(struct pattern *pattern, char *copy, int64_t length) {
    struct piece *last = pattern->count > 0 ? &pattern->pieces[pattern->count - 1] : NULL;
    if (last != NULL && last->kind == PIECE_BYTES) { /* the copies lie one behind the other */
        last->bytes.length += length;
        return;
    }
    pattern->pieces[pattern->count++] = (struct piece){PIECE_BYTES, {copy, length}};
}

static void add_wildcard(struct pattern *pattern, enum piece_kind kind) {
    struct piece *last = pattern->count > 0 ? &pattern->pieces[pattern->count - 1] : NULL;
    if (kind == PIECE_MANY && last != NULL && last->kind == PIECE_MANY) return;
    pattern->pieces[pattern->count++] = (struct piece){kind, {NULL, 0}};
}

static bool starts_with(struct weir_string text, int64_t at, struct weir_string prefix) {
    return prefix.length > 0 && text.length - at >= prefix.length &&
           memcmp(text.data + at, prefix.data, (size_t)prefix.length) == 0;
}

static bool compile_pattern(struct weir_compiler *compiler, const struct weir_node *node, struct weir_string text,
                            struct weir_string escape, struct pattern *out) {
    char *copy = weir_arena_alloc(compiler->arena, (size_t)text.length + 1);
    out->pieces = weir_arena_array(compiler->arena, (size_t)text.length + 1, sizeof(*out->pieces));
    if (copy == NULL || out->pieces == NULL) return weir_compile_memory(compiler);
    for (int64_t at = 0, next; at < text.length; at = next) {
        bool escaped = starts_with(text, at, escape);
        if (escaped) at += escape.length;
        bool special = at < text.length && (text.data[at] == '%' || text.data[at] == '_');
        if (escaped && !special && !starts_with(text, at, escape)) {
            return weir_compile_fail(compiler, node, WEIR_ERR_VALUE,
                                     "LIKE pattern '%.*s': the escape '%.*s' must stand before %%, _ or itself",
                                     (int)(text.length < 200 ? text.length : 200), text.data, (int)escape.length,
                                     escape.data);
        }
        next = weir_utf8_next(text.data, text.length, at);
        if (special && !escaped) {
            add_wildcard(out, text.data[at] == '%' ? PIECE_MANY : PIECE_ONE);
            continue;
        }
        memcpy(copy, text.data + at, (size_t)(next - at));
        add_bytes(out, copy, next - at);
        copy += next - at;
    }
    return true;
}

bool weir_prepare_like(struct weir_compiler *compiler, struct weir_node *node) {
    bool fits = (node->args_count == 2 || node->args_count == 3) && node->type.id == WEIR_TYPE_BOOLEAN;
    for (int32_t i = 0; fits && i < node->args_count; i++) {
        const struct weir_node *arg = weir_compile_arg(compiler, node, i);
        fits = arg->kind == WEIR_VECTOR_STRING;
        if (fits && i > 0 && !arg->constant) {
            return weir_compile_fail(
                compiler, node, WEIR_ERR_UNSUPPORTED,
                "LIKE takes a pattern and an escape that are constants: write them as literals");
        }
    }
    if (!fits) return weir_compile_shape(compiler, node);
    const struct weir_node *text = weir_compile_arg(compiler, node, 1);
    const struct weir_node *mark = node->args_count > 2 ? weir_compile_arg(compiler, node, 2) : NULL;
    struct weir_string escape = {NULL, 0};
    if (mark != NULL && !mark->null) {
        escape = mark->vector.strings[0];
        if (weir_utf8_count(escape.data, escape.length) != 1) {
            return weir_compile_fail(compiler, node, WEIR_ERR_VALUE, "the ESCAPE of LIKE must be one character");
        }
    }
    struct pattern *pattern = weir_arena_array(compiler->arena, 1, sizeof(*pattern));
    if (pattern == NULL) return weir_compile_memory(compiler);
    node->eval = eval_like;
    node->data = pattern;
    if (text->null) return true; /* NULL, by the validity of the pattern */
    return compile_pattern(compiler, node, text->vector.strings[0], escape, pattern);
}
