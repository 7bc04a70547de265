/* SPDX-License-Identifier: Apache-2.0
 *
 * Trees to flat lists of nodes in the order of evaluation: equal subtrees become one node, constant ones a
 * constant, and what may fail below AND, OR, CASE and COALESCE gets the mask of the rows that reach it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/expression_ops.h"

/* Trees deeper than this are refused: the compiler is recursive. */
#define DEPTH_MAX 2000

/* A place in the tree that only some rows reach. Its mask becomes a node only when something there may fail. */
struct scope {
    struct scope *outer; /* NULL: the rows that the caller calls active */
    int32_t condition;
    enum weir_mask_keep keep;
    int32_t mask;        /* -1: not a node yet */
    struct scope *inner; /* of scope_mask */
};

static int32_t compile(struct weir_compiler *compiler, const struct weir_expr *expr, struct scope *scope);

/* ---- failures ---- */

bool weir_compile_fail(struct weir_compiler *compiler, const struct weir_node *node, enum weir_status code,
                       const char *format, ...) {
    if (compiler->status != WEIR_OK) return false;
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    compiler->status = code;
    if (node->line > 0) {
        weir_error_set_at(compiler->error, code, node->line, node->column, "at line %d, column %d: %s",
                          (int)node->line, (int)node->column, message);
    } else {
        weir_error_set(compiler->error, code, "%s", message);
    }
    return false;
}

bool weir_compile_shape(struct weir_compiler *compiler, const struct weir_node *node) {
    char name[WEIR_TYPE_NAME_BYTES], text[256] = "";
    size_t length = 0;
    for (int32_t i = 0; i < node->args_count && length < sizeof(text) - WEIR_TYPE_NAME_BYTES - 2; i++) {
        weir_type_name(weir_compile_arg(compiler, node, i)->type, false, name, sizeof(name));
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s", i > 0 ? ", " : "", name);
    }
    return weir_compile_fail(
        compiler, node, WEIR_ERR_INVALID,
        "the expression %s(%s) giving %s has arguments that do not fit it; this is a defect of what "
        "built the expression",
        weir_expr_op_name(node->op), text, weir_type_name(node->type, false, name, sizeof(name)));
}

bool weir_compile_memory(struct weir_compiler *compiler) {
    if (compiler->status == WEIR_OK) {
        compiler->status = weir_error_set(compiler->error, WEIR_ERR_MEMORY, "no memory to compile an expression");
    }
    return false;
}

/* ---- nodes ---- */

static bool reserve_node(struct weir_compiler *compiler) {
    if (compiler->nodes_count < compiler->nodes_room) return true;
    int32_t room = compiler->nodes_room == 0 ? 16 : compiler->nodes_room * 2;
    if (room > INT32_MAX / 4) return weir_compile_memory(compiler);
    struct weir_node *nodes = weir_arena_array(compiler->arena, (size_t)room, sizeof(*nodes));
    if (nodes == NULL) return weir_compile_memory(compiler);
    if (compiler->nodes_count > 0) memcpy(nodes, compiler->nodes, (size_t)compiler->nodes_count * sizeof(*nodes));
    compiler->nodes = nodes;
    compiler->nodes_room = room;
    return true;
}

static int32_t append(struct weir_compiler *compiler, const struct weir_node *node) {
    if (!reserve_node(compiler)) return -1;
    compiler->nodes[compiler->nodes_count] = *node;
    return compiler->nodes_count++;
}

static int32_t add_mask(struct weir_compiler *compiler, const struct scope *scope, int32_t outer) {
    int32_t *args = weir_arena_array(compiler->arena, 1, sizeof(*args));
    if (args == NULL) return weir_compile_memory(compiler), WEIR_NO_MASK;
    args[0] = scope->condition;
    struct weir_node node = {.eval = weir_eval_narrow,
                             .op = WEIR_EXPR_IS_TRUE,
                             .keep = scope->keep,
                             .type = weir_type_of(WEIR_TYPE_BOOLEAN),
                             .kind = WEIR_VECTOR_BOOL,
                             .args_count = 1,
                             .args = args,
                             .mask = outer};
    return append(compiler, &node);
}

/* The node of the rows that reach a scope, made now with those around it. */
static int32_t scope_mask(struct weir_compiler *compiler, struct scope *scope) {
    struct scope *todo = NULL;
    while (scope != NULL && scope->mask < 0) {
        scope->inner = todo;
        todo = scope;
        scope = scope->outer;
    }
    int32_t mask = scope == NULL ? WEIR_NO_MASK : scope->mask;
    for (; todo != NULL; todo = todo->inner) mask = todo->mask = add_mask(compiler, todo, mask);
    return mask;
}

/* Rows of `mask` are among the rows of `other`. */
static bool mask_within(const struct weir_compiler *compiler, int32_t mask, int32_t other) {
    while (mask != other && mask != WEIR_NO_MASK) mask = compiler->nodes[mask].mask;
    return mask == other;
}

static bool same_constant(const struct weir_node *a, const struct weir_node *b) {
    if (!weir_type_equal(a->type, b->type) || a->null != b->null) return false;
    if (a->null) return true;
    union weir_value x = weir_compile_first(&a->vector), y = weir_compile_first(&b->vector);
    switch (a->kind) {
    case WEIR_VECTOR_STRING:
        return x.string.length == y.string.length &&
               (x.string.length == 0 || memcmp(x.string.data, y.string.data, (size_t)x.string.length) == 0);
    case WEIR_VECTOR_I128: return x.i128 == y.i128;
    default: return x.i64 == y.i64; /* doubles by their bits */
    }
}

static bool same_node(const struct weir_node *a, const struct weir_node *b) {
    if (a->constant || b->constant) return a->constant && b->constant && same_constant(a, b);
    if (a->op != b->op || a->keep != WEIR_MASK_NONE || a->args_count != b->args_count || a->index != b->index ||
        a->unit != b->unit || a->later != b->later || a->zone != b->zone || a->try_cast != b->try_cast ||
        !weir_type_equal(a->type, b->type) || a->op == WEIR_EXPR_IN) {
        return false;
    }
    for (int32_t i = 0; i < a->args_count; i++) {
        if (a->args[i] != b->args[i]) return false;
    }
    return true;
}

/* Appends a prepared node, or finds one that computes the same for all rows that reach this place. */
static int32_t add_node(struct weir_compiler *compiler, struct weir_node *node, struct scope *scope) {
    bool constants = node->args_count > 0;
    for (int32_t i = 0; i < node->args_count; i++) {
        const struct weir_node *arg = weir_compile_arg(compiler, node, i);
        node->can_fail |= arg->can_fail;
        constants &= arg->constant;
    }
    if (constants && !weir_compile_fold(compiler, node)) return -1;
    if (!weir_prepare_by_dictionary(compiler, node) || !weir_prepare_short(compiler, node)) return -1;
    node->mask = node->can_fail ? scope_mask(compiler, scope) : WEIR_NO_MASK;
    if (compiler->status != WEIR_OK) return -1;
    for (int32_t i = 0; i < compiler->nodes_count; i++) {
        const struct weir_node *other = &compiler->nodes[i];
        if (same_node(other, node) && mask_within(compiler, node->mask, other->mask)) return i;
    }
    return append(compiler, node);
}

static struct weir_node node_of(const struct weir_expr *expr) {
    return (struct weir_node){.op = expr->op,
                              .type = expr->type,
                              .kind = weir_type_vector(expr->type),
                              .mask = WEIR_NO_MASK,
                              .index = expr->index,
                              .line = expr->line,
                              .column = expr->column,
                              .unit = expr->unit,
                              .later = expr->later,
                              .zone = expr->zone,
                              .try_cast = expr->try_cast};
}

/* ---- operators whose arguments not all rows reach ---- */

static bool new_args(struct weir_compiler *compiler, int32_t count, int32_t **args, struct scope **scopes) {
    *args = weir_arena_array(compiler->arena, (size_t)count + 1, sizeof(**args));
    if (scopes != NULL) *scopes = weir_arena_array(compiler->arena, (size_t)count * 2 + 1, sizeof(**scopes));
    if (*args == NULL || (scopes != NULL && *scopes == NULL)) return weir_compile_memory(compiler);
    return true;
}

static struct scope *enter(struct scope *place, struct scope *outer, int32_t condition, enum weir_mask_keep keep) {
    *place = (struct scope){.outer = outer, .condition = condition, .keep = keep, .mask = -1};
    return place;
}

/* AND, OR, COALESCE: each argument is reached by the rows that those before it leave open. */
static bool compile_chain(struct weir_compiler *compiler, const struct weir_expr *expr, enum weir_mask_keep keep,
                          struct scope *scope, int32_t *args, struct scope *scopes) {
    for (int32_t i = 0; i < expr->args_count; i++) {
        args[i] = compile(compiler, expr->args[i], scope);
        if (args[i] < 0) return false;
        scope = enter(&scopes[i], scope, args[i], keep);
    }
    return true;
}

static bool compile_case(struct weir_compiler *compiler, const struct weir_expr *expr, struct scope *scope,
                         int32_t *args, struct scope *scopes) {
    int32_t i = 0;
    for (; i + 1 < expr->args_count; i += 2) {
        args[i] = compile(compiler, expr->args[i], scope);
        if (args[i] < 0) return false;
        if (compiler->nodes[args[i]].kind != WEIR_VECTOR_BOOL) {
            struct weir_node node = node_of(expr);
            return weir_compile_fail(compiler, &node, WEIR_ERR_INVALID, "a condition of CASE is not BOOLEAN");
        }
        struct scope *then = enter(&scopes[i], scope, args[i], WEIR_MASK_TRUE);
        args[i + 1] = compile(compiler, expr->args[i + 1], then);
        if (args[i + 1] < 0) return false;
        scope = enter(&scopes[i + 1], scope, args[i], WEIR_MASK_NOT_TRUE);
    }
    if (i < expr->args_count) args[i] = compile(compiler, expr->args[i], scope);
    return i >= expr->args_count || args[i] >= 0;
}

static bool compile_args(struct weir_compiler *compiler, const struct weir_expr *expr, struct scope *scope,
                         int32_t *args, struct scope *scopes) {
    switch (expr->op) {
    case WEIR_EXPR_AND: return compile_chain(compiler, expr, WEIR_MASK_NOT_FALSE, scope, args, scopes);
    case WEIR_EXPR_OR: return compile_chain(compiler, expr, WEIR_MASK_NOT_TRUE, scope, args, scopes);
    case WEIR_EXPR_COALESCE: return compile_chain(compiler, expr, WEIR_MASK_NULL, scope, args, scopes);
    case WEIR_EXPR_CASE: return compile_case(compiler, expr, scope, args, scopes);
    default: break;
    }
    for (int32_t i = 0; i < expr->args_count; i++) {
        args[i] = compile(compiler, expr->args[i], scope);
        if (args[i] < 0) return false;
    }
    return true;
}

/* ---- the tree ---- */

static bool prepare_number(struct weir_compiler *compiler, struct weir_node *node) {
    if (node->kind == WEIR_VECTOR_I128) return weir_prepare_decimal(compiler, node);
    if (node->kind == WEIR_VECTOR_F64) return weir_prepare_float(compiler, node);
    if (node->kind == WEIR_VECTOR_I64) return weir_prepare_arith(compiler, node);
    return weir_compile_shape(compiler, node);
}

static bool prepare(struct weir_compiler *compiler, struct weir_node *node) {
    if (node->op == WEIR_EXPR_COLUMN) return weir_prepare_column(compiler, node);
    if (node->op == WEIR_EXPR_ADD_MONTHS) return weir_prepare_time(compiler, node);
    if (node->op >= WEIR_EXPR_NEGATE && node->op <= WEIR_EXPR_MODULO) return prepare_number(compiler, node);
    if (node->op >= WEIR_EXPR_EQ && node->op <= WEIR_EXPR_IS_NOT_DISTINCT) {
        return weir_prepare_compare(compiler, node);
    }
    if (node->op >= WEIR_EXPR_AND && node->op <= WEIR_EXPR_IS_NOT_FALSE) return weir_prepare_logic(compiler, node);
    if (node->op == WEIR_EXPR_CASE || node->op == WEIR_EXPR_COALESCE) return weir_prepare_choice(compiler, node);
    if (node->op == WEIR_EXPR_CAST) return weir_prepare_cast(compiler, node);
    if (node->op >= WEIR_EXPR_ABS && node->op <= WEIR_EXPR_SIGN) return prepare_number(compiler, node);
    if (node->op == WEIR_EXPR_GREATEST || node->op == WEIR_EXPR_LEAST) return weir_prepare_choice(compiler, node);
    if (node->op == WEIR_EXPR_LIKE) return weir_prepare_like(compiler, node);
    if (node->op >= WEIR_EXPR_CONCAT && node->op <= WEIR_EXPR_POSITION) return weir_prepare_string(compiler, node);
    if (node->op >= WEIR_EXPR_EXTRACT && node->op <= WEIR_EXPR_RESCALE_TIME) {
        return weir_prepare_time(compiler, node);
    }
    if (node->op >= WEIR_EXPR_TO_LOCAL && node->op <= WEIR_EXPR_FROM_SECONDS) {
        return weir_prepare_zone(compiler, node);
    }
    if (node->op >= WEIR_EXPR_FORMAT_TIME && node->op <= WEIR_EXPR_PARSE_SIMPLE) {
        return weir_prepare_pattern(compiler, node);
    }
    if (node->op == WEIR_EXPR_TOTAL_ORDER) return weir_prepare_float(compiler, node);
    return weir_compile_fail(compiler, node, WEIR_ERR_UNSUPPORTED, "the expression %s is not evaluated by weir",
                             weir_expr_op_name(node->op));
}

static int32_t compile_literal(struct weir_compiler *compiler, const struct weir_expr *expr) {
    struct weir_node node = node_of(expr);
    union weir_value value = expr->value;
    if (!expr->is_null && node.kind == WEIR_VECTOR_STRING && !weir_compile_own(compiler, &value.string)) return -1;
    if (!weir_compile_constant(compiler, &node, expr->is_null || expr->type.id == WEIR_TYPE_NULL, value)) return -1;
    return add_node(compiler, &node, NULL);
}

/* x IN (a, b) as x = a OR x = b, where an element is no literal. */
static int32_t compile_in_columns(struct weir_compiler *compiler, const struct weir_expr *expr,
                                  struct scope *scope) {
    struct weir_expr **tests = weir_arena_array(compiler->arena, (size_t)expr->args_count, sizeof(*tests));
    if (tests == NULL) return weir_compile_memory(compiler), -1;
    for (int32_t i = 1; i < expr->args_count; i++) {
        struct weir_expr *pair[] = {expr->args[0], expr->args[i]};
        tests[i - 1] = weir_expr_node(compiler->arena, WEIR_EXPR_EQ, expr->type, 2, pair);
        if (tests[i - 1] == NULL) return weir_compile_memory(compiler), -1;
    }
    if (expr->args_count == 2) return compile(compiler, tests[0], scope);
    struct weir_expr *any = weir_expr_node(compiler->arena, WEIR_EXPR_OR, expr->type, expr->args_count - 1, tests);
    return any != NULL ? compile(compiler, any, scope) : (weir_compile_memory(compiler), -1);
}

static int32_t compile_in(struct weir_compiler *compiler, const struct weir_expr *expr, struct scope *scope) {
    struct weir_node node = node_of(expr);
    if (expr->args_count < 2) return weir_compile_shape(compiler, &node), -1;
    for (int32_t i = 1; i < expr->args_count; i++) {
        if (expr->args[i] == NULL || expr->args[i]->op != WEIR_EXPR_LITERAL) {
            return compile_in_columns(compiler, expr, scope);
        }
    }
    int32_t *args;
    if (!new_args(compiler, 1, &args, NULL)) return -1;
    args[0] = compile(compiler, expr->args[0], scope);
    if (args[0] < 0) return -1;
    node.args = args;
    node.args_count = 1;
    return weir_prepare_in(compiler, &node, expr) ? add_node(compiler, &node, scope) : -1;
}

static int32_t compile_node(struct weir_compiler *compiler, const struct weir_expr *expr, struct scope *scope) {
    if (expr->op == WEIR_EXPR_LITERAL) return compile_literal(compiler, expr);
    if (expr->op == WEIR_EXPR_IN) return compile_in(compiler, expr, scope);
    bool memory;
    const struct weir_expr *order = weir_order_plain(compiler->arena, expr, &memory);
    if (memory) return weir_compile_memory(compiler), -1;
    if (order != NULL) return compile_node(compiler, order, scope);
    struct weir_node node = node_of(expr);
    bool narrows = expr->op == WEIR_EXPR_AND || expr->op == WEIR_EXPR_OR || expr->op == WEIR_EXPR_COALESCE ||
                   expr->op == WEIR_EXPR_CASE;
    int32_t *args;
    struct scope *scopes = NULL;
    if (expr->args_count < 0 || (expr->args_count > 0 && expr->args == NULL)) {
        return weir_compile_shape(compiler, &node), -1;
    }
    if (!new_args(compiler, expr->args_count, &args, narrows ? &scopes : NULL)) return -1;
    if (!compile_args(compiler, expr, scope, args, scopes)) return -1;
    node.args = args;
    node.args_count = expr->args_count;
    return prepare(compiler, &node) ? add_node(compiler, &node, scope) : -1;
}

static int32_t compile(struct weir_compiler *compiler, const struct weir_expr *expr, struct scope *scope) {
    if (expr == NULL) {
        struct weir_node node = {.op = WEIR_EXPR_LITERAL};
        return weir_compile_fail(compiler, &node, WEIR_ERR_INVALID, "an expression is missing an argument"), -1;
    }
    if (compiler->depth >= DEPTH_MAX) {
        struct weir_node node = node_of(expr);
        weir_compile_fail(compiler, &node, WEIR_ERR_UNSUPPORTED,
                          "the expression is nested deeper than %d: split it over several queries", DEPTH_MAX);
        return -1;
    }
    compiler->depth++;
    int32_t node = compile_node(compiler, expr, scope);
    compiler->depth--;
    return compiler->status == WEIR_OK ? node : -1;
}

/* Columns, and casts of them that cannot fail, that are only asked for by conditions which read what is stored are
 * not made. From the root down: arguments come before those who read them. */
static void leave_unread(struct weir_compiler *compiler, int32_t root) {
    struct weir_node *nodes = compiler->nodes;
    for (int32_t i = 0; i < compiler->nodes_count; i++) {
        bool spared = nodes[i].op == WEIR_EXPR_COLUMN || (nodes[i].op == WEIR_EXPR_CAST && !nodes[i].can_fail);
        nodes[i].unread = spared && i != root;
    }
    for (int32_t i = compiler->nodes_count - 1; i >= 0; i--) {
        for (int32_t a = 0; a < nodes[i].args_count && !nodes[i].by_storage && !nodes[i].unread; a++)
            nodes[nodes[i].args[a]].unread = false;
    }
}

enum weir_status weir_program_create(struct weir_arena *arena, const struct weir_expr *root,
                                     const struct weir_layout *layouts, int32_t columns_count,
                                     struct weir_program **out, struct weir_error *error) {
    struct weir_compiler compiler = {
        .arena = arena, .layouts = layouts, .columns_count = columns_count, .error = error};
    *out = NULL;
    int32_t node = compile(&compiler, root, NULL);
    if (compiler.status != WEIR_OK) return compiler.status;
    struct weir_program *program = weir_arena_alloc(arena, sizeof(*program));
    if (program == NULL) return weir_compile_memory(&compiler), compiler.status;
    leave_unread(&compiler, node);
    *program = (struct weir_program){.nodes = compiler.nodes,
                                     .nodes_count = compiler.nodes_count,
                                     .root = node,
                                     .columns_count = columns_count,
                                     .layouts = layouts};
    if (!weir_program_find_dictionary(arena, program)) return weir_compile_memory(&compiler), compiler.status;
    *out = program;
    return WEIR_OK;
}
