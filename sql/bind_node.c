/* SPDX-License-Identifier: Apache-2.0
 *
 * Making, copying and comparing nodes, and failing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "sql/bind.h"

void *weir_bind_fail(struct weir_binder *b, enum weir_status code, struct weir_place at, const char *format, ...) {
    if (b->status != WEIR_OK) return NULL; /* the first failure is the one to tell */
    char message[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    b->status = weir_error_set_at(b->error, code, at.line, at.column, "%s", message);
    return NULL;
}

void *weir_bind_no_memory(struct weir_binder *b) {
    if (b->status == WEIR_OK) b->status = weir_error_set(b->error, WEIR_ERR_MEMORY, "no memory to plan the query");
    return NULL;
}

void *weir_bind_array(struct weir_binder *b, int32_t count, size_t bytes) {
    void *array = weir_arena_array(b->arena, (size_t)count + 1, bytes);
    return array == NULL ? weir_bind_no_memory(b) : array;
}

bool weir_bind_note(struct weir_binder *b, const char *text) {
    b->notes = weir_arena_format(b->arena, "%snote: %s\n", b->notes == NULL ? "" : b->notes, text);
    return b->notes != NULL || weir_bind_no_memory(b) != NULL;
}

struct weir_place weir_expr_place(const struct weir_expr *expr) {
    return (struct weir_place){expr->line, expr->column};
}

static bool count_node(struct weir_binder *b, struct weir_place at) {
    if (++b->nodes <= WEIR_BIND_NODES_MAX) return true;
    weir_bind_fail(
        b, WEIR_ERR_UNSUPPORTED, at,
        "the query has more than %d operations once its views are put in place; use fewer views in views",
        WEIR_BIND_NODES_MAX);
    return false;
}

struct weir_expr *weir_bind_node(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                 struct weir_type type, int32_t args_count, struct weir_expr *const *args) {
    if (!count_node(b, at)) return NULL;
    for (int32_t i = 0; i < args_count; i++) {
        if (args[i] == NULL) return NULL;
    }
    struct weir_expr *node = weir_bind_array(b, 1, sizeof(*node));
    if (node == NULL) return NULL;
    node->op = op;
    node->type = type;
    node->line = at.line;
    node->column = at.column;
    node->args_count = args_count;
    if (args_count == 0) return node;
    if ((node->args = weir_bind_array(b, args_count, sizeof(*node->args))) == NULL) return NULL;
    memcpy(node->args, args, (size_t)args_count * sizeof(*args));
    return node;
}

struct weir_expr *weir_bind_column_node(struct weir_binder *b, struct weir_place at, int32_t index,
                                        struct weir_type type) {
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_COLUMN, type, 0, NULL);
    if (node != NULL) node->index = index;
    return node;
}

struct weir_expr *weir_bind_copy(struct weir_binder *b, const struct weir_expr *expr) {
    if (!count_node(b, weir_expr_place(expr))) return NULL;
    struct weir_expr *copy = weir_bind_array(b, 1, sizeof(*copy));
    if (copy == NULL) return NULL;
    *copy = *expr;
    if (expr->args_count == 0) return copy;
    if ((copy->args = weir_bind_array(b, expr->args_count, sizeof(*copy->args))) == NULL) return NULL;
    for (int32_t i = 0; i < expr->args_count; i++) {
        if ((copy->args[i] = weir_bind_copy(b, expr->args[i])) == NULL) return NULL;
    }
    return copy;
}

static bool same_literal(const struct weir_expr *a, const struct weir_expr *b) {
    if (a->is_null || b->is_null) return a->is_null == b->is_null;
    switch (weir_type_vector(a->type)) {
    case WEIR_VECTOR_F64: return memcmp(&a->value.f64, &b->value.f64, sizeof(a->value.f64)) == 0;
    case WEIR_VECTOR_I128: return a->value.i128 == b->value.i128;
    case WEIR_VECTOR_STRING:
        return a->value.string.length == b->value.string.length &&
               memcmp(a->value.string.data, b->value.string.data, (size_t)a->value.string.length) == 0;
    default: return a->value.i64 == b->value.i64;
    }
}

bool weir_bind_same(const struct weir_expr *a, const struct weir_expr *b) {
    if (a->op != b->op || !weir_type_equal(a->type, b->type) || a->args_count != b->args_count) return false;
    if (a->unit != b->unit || a->try_cast != b->try_cast || a->zone != b->zone || a->later != b->later)
        return false;
    if (a->op == WEIR_EXPR_FROM_EPOCH && a->index != b->index) return false;
    if (a->op == WEIR_EXPR_COLUMN && a->index != b->index) return false;
    if (a->op == WEIR_EXPR_LITERAL && !same_literal(a, b)) return false;
    for (int32_t i = 0; i < a->args_count; i++) {
        if (!weir_bind_same(a->args[i], b->args[i])) return false;
    }
    return true;
}
