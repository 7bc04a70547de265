/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions of texts that are others put together: LEFT(s, n) is SUBSTRING(s, 1, n), and so on. What is put
 * together is syntax, which is bound as if the script had it.
 */
#include "sql/bind.h"
#include "sql/function.h"

static struct weir_ast_expr call(struct weir_place at, const char *name, struct weir_ast_expr **args,
                                 int32_t count) {
    return (struct weir_ast_expr){.kind = WEIR_AST_CALL, .at = at, .name = name, .args_count = count, .args = args};
}

static struct weir_ast_expr number(struct weir_place at, const char *digits) {
    return (struct weir_ast_expr){.kind = WEIR_AST_NUMBER, .at = at, .name = digits};
}

/* SUBSTRING(s, 1, GREATEST(n, 0)) */
static struct weir_expr *bind_left(struct weir_binder *b, struct weir_place at, struct weir_ast_expr *s,
                                   struct weir_ast_expr *n) {
    struct weir_ast_expr zero = number(at, "0"), one = number(at, "1");
    struct weir_ast_expr length = call(at, "GREATEST", (struct weir_ast_expr *[]){n, &zero}, 2);
    struct weir_ast_expr part = call(at, "SUBSTRING", (struct weir_ast_expr *[]){s, &one, &length}, 3);
    return weir_bind_expr(b, &part);
}

/* SUBSTRING(s, CHAR_LENGTH(s) - LEAST(GREATEST(n, 0), CHAR_LENGTH(s)) + 1) */
static struct weir_expr *bind_right(struct weir_binder *b, struct weir_place at, struct weir_ast_expr *s,
                                    struct weir_ast_expr *n) {
    struct weir_ast_expr zero = number(at, "0"), one = number(at, "1");
    struct weir_ast_expr all = call(at, "CHAR_LENGTH", &s, 1);
    struct weir_ast_expr wanted = call(at, "GREATEST", (struct weir_ast_expr *[]){n, &zero}, 2);
    struct weir_ast_expr length = call(at, "LEAST", (struct weir_ast_expr *[]){&wanted, &all}, 2);
    struct weir_ast_expr before = {
        .kind = WEIR_AST_SUBTRACT, .at = at, .args_count = 2, .args = (struct weir_ast_expr *[]){&all, &length}};
    struct weir_ast_expr from = {
        .kind = WEIR_AST_ADD, .at = at, .args_count = 2, .args = (struct weir_ast_expr *[]){&before, &one}};
    struct weir_ast_expr part = call(at, "SUBSTRING", (struct weir_ast_expr *[]){s, &from}, 2);
    return weir_bind_expr(b, &part);
}

/* LEFT(s, CHAR_LENGTH(part)) = part, or RIGHT. */
static struct weir_expr *bind_affix(struct weir_binder *b, struct weir_place at, const char *side,
                                    struct weir_ast_expr *s, struct weir_ast_expr *part) {
    struct weir_ast_expr length = call(at, "CHAR_LENGTH", &part, 1);
    struct weir_ast_expr end = call(at, side, (struct weir_ast_expr *[]){s, &length}, 2);
    struct weir_ast_expr same = {
        .kind = WEIR_AST_EQ, .at = at, .args_count = 2, .args = (struct weir_ast_expr *[]){&end, part}};
    return weir_bind_expr(b, &same);
}

static struct weir_expr *bind_position(struct weir_binder *b, struct weir_place at, struct weir_ast_expr *needle,
                                       struct weir_ast_expr *s) {
    struct weir_ast_expr position = call(at, "POSITION", (struct weir_ast_expr *[]){needle, s}, 2);
    return weir_bind_expr(b, &position);
}

/* side: 1 leading, 2 trailing, 3 both */
static struct weir_expr *bind_trim(struct weir_binder *b, const struct weir_ast_expr *ast, int64_t side) {
    struct weir_ast_expr trim = *ast;
    trim.kind = WEIR_AST_TRIM;
    trim.number = side;
    return weir_bind_expr(b, &trim);
}

/* Messages are to name the function that the script has. */
static bool check(struct weir_binder *b, const struct weir_ast_expr *ast, const struct weir_function *function) {
    bool length = function->id == WEIR_FUNCTION_LEFT || function->id == WEIR_FUNCTION_RIGHT;
    for (int32_t i = 0; i < ast->args_count; i++) {
        const struct weir_expr *arg = weir_bind_expr(b, ast->args[i]);
        if (arg == NULL) return false;
        bool number = i == 1 && length;
        bool fits = number ? weir_type_is_integer(arg->type) : arg->type.id == WEIR_TYPE_STRING;
        if (fits || arg->type.id == WEIR_TYPE_NULL) continue;
        char name[WEIR_TYPE_NAME_BYTES];
        weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(arg), "%s takes %s, and this is %s", function->name,
                       number ? "a whole number" : "a string",
                       weir_type_name(arg->type, false, name, sizeof(name)));
        return false;
    }
    return true;
}

struct weir_expr *weir_bind_text_function(struct weir_binder *b, const struct weir_ast_expr *ast,
                                          const struct weir_function *function) {
    struct weir_ast_expr **args = ast->args;
    if (!check(b, ast, function)) return NULL;
    switch (function->id) {
    case WEIR_FUNCTION_LEFT: return bind_left(b, ast->at, args[0], args[1]);
    case WEIR_FUNCTION_RIGHT: return bind_right(b, ast->at, args[0], args[1]);
    case WEIR_FUNCTION_STARTSWITH: return bind_affix(b, ast->at, "LEFT", args[0], args[1]);
    case WEIR_FUNCTION_ENDSWITH: return bind_affix(b, ast->at, "RIGHT", args[0], args[1]);
    case WEIR_FUNCTION_INSTR: return bind_position(b, ast->at, args[1], args[0]);
    case WEIR_FUNCTION_LOCATE: return bind_position(b, ast->at, args[0], args[1]);
    default: return bind_trim(b, ast, function->detail);
    }
}
