/* SPDX-License-Identifier: Apache-2.0
 *
 * Times as text by a pattern, and back. The pattern is a constant, compiled once.
 */
#include <string.h>

#include "engine/expression_ops.h"
#include "engine/time_pattern.h"

#define NANOS_PER_SECOND INT64_C(1000000000)

static enum weir_status eval_format(struct weir_evaluation *ev, const struct weir_node *node,
                                    struct weir_vector *out) {
    const struct weir_time_pattern *pattern = node->data;
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    int64_t ticks = weir_type_ticks(weir_eval_arg_node(ev, node, 0)->type);
    struct weir_text_pool pool = {0};
    struct weir_string *strings = weir_eval_values(ev, sizeof(*strings));
    if (strings == NULL) return weir_eval_memory(ev);
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    if (status != WEIR_OK) return status;
    size_t bytes = weir_time_pattern_bytes(pattern);
    char *text = weir_arena_alloc(ev->arena, bytes);
    if (text == NULL) return weir_eval_memory(ev);
    out->strings = strings;
    for (int32_t i = 0; i < ev->rows; i++) {
        strings[i] = (struct weir_string){"", 0};
        if (!weir_eval_counts(NULL, out->validity, i)) continue;
        int64_t seconds = weir_floordiv_i64(arg->i64[i], ticks);
        int64_t nanos = weir_floormod_i64(arg->i64[i], ticks) * (NANOS_PER_SECOND / ticks);
        size_t length = weir_time_pattern_write(pattern, seconds, (int32_t)nanos, text);
        char *copy = weir_eval_text(ev, &pool, length + 1);
        if (copy == NULL) return weir_eval_memory(ev);
        memcpy(copy, text, length);
        strings[i] = (struct weir_string){copy, (int64_t)length};
    }
    return WEIR_OK;
}

/* Reads one row in ticks, cut to the precision of the type. */
static bool read_row(const struct weir_node *node, struct weir_string text, int64_t ticks, int64_t *out) {
    int64_t seconds, step = 1;
    int32_t nanos;
    if (!weir_time_pattern_read(node->data, text, &seconds, &nanos)) return false;
    for (int i = node->type.precision; i < 9; i++) step *= 10;
    return weir_mul_i64(seconds, ticks, out) &&
           weir_add_i64(*out, (nanos - nanos % step) / (NANOS_PER_SECOND / ticks), out);
}

static enum weir_status eval_parse(struct weir_evaluation *ev, const struct weir_node *node,
                                   struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    int64_t ticks = weir_type_ticks(node->type);
    int64_t *values = weir_eval_values(ev, sizeof(*values));
    if (values == NULL) return weir_eval_memory(ev);
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    if (status != WEIR_OK) return status;
    const uint64_t *given = out->validity;
    uint64_t *valid = NULL;
    out->i64 = values;
    for (int32_t i = 0; i < ev->rows; i++) {
        values[i] = 0;
        if (!weir_eval_counts(NULL, given, i) || read_row(node, arg->strings[i], ticks, &values[i])) continue;
        if (valid == NULL && (valid = weir_eval_own_validity(ev, out)) == NULL) return weir_eval_memory(ev);
        weir_bit_clear(valid, (size_t)i);
    }
    return WEIR_OK;
}

static bool compile_pattern(struct weir_compiler *compiler, struct weir_node *node, struct weir_string text,
                            bool simple, bool reading) {
    char reason[200];
    node->data =
        weir_time_pattern_create(compiler->arena, text, simple ? WEIR_PATTERN_SIMPLE : WEIR_PATTERN_FORMATTER,
                                 reading, reason, sizeof(reason));
    if (node->data != NULL) return true;
    if (reason[0] == '\0') return weir_compile_memory(compiler);
    return weir_compile_fail(compiler, node, WEIR_ERR_UNSUPPORTED, "the pattern '%.*s': %s",
                             (int)(text.length < 200 ? text.length : 200), text.data, reason);
}

bool weir_prepare_pattern(struct weir_compiler *compiler, struct weir_node *node) {
    bool reading = node->op == WEIR_EXPR_PARSE_TIME || node->op == WEIR_EXPR_PARSE_SIMPLE;
    bool simple = node->op == WEIR_EXPR_FORMAT_SIMPLE || node->op == WEIR_EXPR_PARSE_SIMPLE;
    if (node->args_count != 2) return weir_compile_shape(compiler, node);
    const struct weir_node *arg = weir_compile_arg(compiler, node, 0), *text = weir_compile_arg(compiler, node, 1);
    bool fits = text->kind == WEIR_VECTOR_STRING &&
                (reading ? arg->kind == WEIR_VECTOR_STRING && node->type.id == WEIR_TYPE_TIMESTAMP
                         : arg->type.id == WEIR_TYPE_TIMESTAMP && node->kind == WEIR_VECTOR_STRING);
    if (!fits) return weir_compile_shape(compiler, node);
    if (!text->constant)
        return weir_compile_fail(compiler, node, WEIR_ERR_UNSUPPORTED,
                                 "the pattern of a time must be a constant: write it as a literal");
    node->eval = reading ? eval_parse : eval_format;
    struct weir_string pattern = text->null ? (struct weir_string){"", 0} : text->vector.strings[0];
    return compile_pattern(compiler, node, pattern, simple, reading);
}
