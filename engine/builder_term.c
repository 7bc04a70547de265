/* SPDX-License-Identifier: Apache-2.0
 *
 * Terms of a builder: columns and operators. Every type is settled as a term is made, by the rules of SQL.
 */
#include <string.h>

#include "base/error.h"
#include "engine/builder.h"
#include "engine/expression_ops.h"
#include "engine/type_rules.h"

#define MS_PER_DAY INT64_C(86400000)

/* ---- all terms ---- */

struct weir_term *weir_build_term(struct weir_builder *builder, struct weir_expr *expr,
                                  const struct weir_term *left, const struct weir_term *right) {
    struct weir_term term = {.builder = builder, .expr = expr, .nodes = 3, .depth = 0};
    const struct weir_term *operands[] = {left, right};
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    if (expr == NULL) return weir_build_no_memory(builder), NULL;
    for (int i = 0; i < 2; i++) {
        if (operands[i] == NULL) continue;
        term.nodes += operands[i]->nodes;
        if (operands[i]->depth > term.depth) term.depth = operands[i]->depth;
        term.of_input |= operands[i]->of_input;
        term.of_result |= operands[i]->of_result;
    }
    term.depth += 2; /* the node, and a conversion of its operands */
    if (term.nodes > WEIR_BUILD_NODES_MAX || term.depth > WEIR_BUILD_DEPTH_MAX) {
        weir_build_fail(builder, WEIR_ERR_INVALID,
                        "a term has more than %d nodes or %d levels; split it over several queries",
                        WEIR_BUILD_NODES_MAX, WEIR_BUILD_DEPTH_MAX);
        return NULL;
    }
    struct weir_term *made = weir_arena_alloc(&builder->arena, sizeof(*made));
    if (made == NULL) return weir_build_no_memory(builder), NULL;
    *made = term;
    return made;
}

/* A term that a caller gave. */
static bool is_operand(struct weir_builder *builder, const struct weir_term *term, const char *what) {
    if (weir_build_status(builder) != WEIR_OK) return false;
    if (term != NULL && term->builder == builder) return true;
    weir_build_fail(builder, WEIR_ERR_INVALID, "%s is %s", what,
                    term == NULL ? "NULL; it must be a term" : "a term of another builder; make it with this one");
    return false;
}

bool weir_build_is_over(struct weir_builder *builder, const struct weir_term *term, bool result, const char *what) {
    if (!is_operand(builder, term, what)) return false;
    if (!(result ? term->of_input : term->of_result)) return true;
    weir_build_fail(builder, WEIR_ERR_INVALID,
                    result ? "%s is over the columns of the result, and '%.200s' names one of the input; use "
                             "weir_builder_result"
                           : "%s is over the columns of the input, and '%.200s' names one of the result; use "
                             "weir_builder_column",
                    what, weir_build_text(builder, term->expr));
    return false;
}

const char *weir_build_text(struct weir_builder *builder, const struct weir_expr *expr) {
    size_t columns = (size_t)builder->columns_count, outputs = (size_t)builder->outputs_count;
    const char **names = weir_arena_array(&builder->arena, columns + outputs + 1, sizeof(*names));
    if (names == NULL) return "?";
    for (size_t i = 0; i < columns; i++) names[i] = builder->column_names[i];
    for (size_t i = 0; i < outputs; i++) names[columns + i] = builder->outputs[i].name;
    const char *text = weir_expr_text(&builder->arena, expr, names);
    return text == NULL ? "?" : text;
}

/* ---- columns ---- */

struct weir_expr *weir_build_column(struct weir_builder *builder, int32_t index) {
    const struct weir_layout *layout = &builder->columns[index];
    bool empty = layout->storage == WEIR_STORE_NULL; /* as SQL sees it */
    return weir_expr_column(&builder->arena, index, empty ? weir_type_string() : layout->type);
}

const struct weir_term *weir_builder_column(struct weir_builder *builder, const char *name) {
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    int32_t index = weir_build_find(builder, name, "a term");
    if (index < 0) return NULL;
    struct weir_term *term = weir_build_term(builder, weir_build_column(builder, index), NULL, NULL);
    if (term != NULL) term->of_input = true;
    return term;
}

static const struct weir_term *unknown_result(struct weir_builder *builder, const char *name) {
    weir_build_fail(builder, WEIR_ERR_INVALID,
                    "the result has no column '%.120s' yet; add it before weir_builder_result names it",
                    name == NULL ? "(NULL)" : name);
    return NULL;
}

const struct weir_term *weir_builder_result(struct weir_builder *builder, const char *name) {
    if (weir_build_status(builder) != WEIR_OK) return NULL;
    int32_t index = name == NULL ? -1 : weir_build_find_output(builder, name);
    if (index < 0) return unknown_result(builder, name);
    struct weir_type type = weir_build_output_type(builder, &builder->outputs[index]);
    if (type.id == WEIR_TYPE_NULL) {
        weir_build_fail(builder, WEIR_ERR_INVALID,
                        "'%.120s' has the type of the time, which is not known yet; call weir_builder_time first",
                        name);
        return NULL;
    }
    struct weir_expr *expr = weir_expr_column(&builder->arena, builder->columns_count + index, type);
    struct weir_term *term = weir_build_term(builder, expr, NULL, NULL);
    if (term != NULL) term->of_result = true;
    return term;
}

/* ---- types ---- */

static struct weir_type boolean(bool nullable) {
    struct weir_type type = weir_type_of(WEIR_TYPE_BOOLEAN);
    type.nullable = nullable;
    return type;
}

static struct weir_expr *node(struct weir_builder *builder, enum weir_expr_op op, struct weir_type type, int count,
                              struct weir_expr *left, struct weir_expr *right) {
    struct weir_expr *args[] = {left, right};
    if (left == NULL || (count == 2 && right == NULL)) return NULL;
    return weir_expr_node(&builder->arena, op, type, count, args);
}

/* The expression as one of `type`, whose nullability is the expression's. */
static struct weir_expr *convert(struct weir_builder *builder, struct weir_expr *expr, struct weir_type type) {
    type.nullable = expr->type.nullable;
    if (weir_type_equal(expr->type, type)) return expr;
    union weir_value value;
    if (expr->op == WEIR_EXPR_LITERAL && weir_build_convert(expr, type, &value))
        return weir_expr_literal(&builder->arena, type, value);
    return node(builder, WEIR_EXPR_CAST, type, 1, expr, NULL);
}

static struct weir_expr *refuse(struct weir_builder *builder, const struct weir_expr *left, enum weir_expr_op op,
                                const struct weir_expr *right, const char *hint) {
    char a[WEIR_TYPE_NAME_BYTES], b[WEIR_TYPE_NAME_BYTES];
    weir_build_fail(builder, WEIR_ERR_INVALID, "%.200s %s %.200s: the operands are %s and %s; %s",
                    weir_build_text(builder, left), weir_expr_op_name(op), weir_build_text(builder, right),
                    weir_type_name(left->type, false, a, sizeof(a)),
                    weir_type_name(right->type, false, b, sizeof(b)), hint);
    return NULL;
}

/* ---- operators of one operand ---- */

/* Does a comparison of FLOAT or DOUBLE stand in it, below AND and OR alone, that NaN makes false either way? */
static bool orders_floats(const struct weir_expr *expr) {
    for (int32_t i = 0; i < expr->args_count && (expr->op == WEIR_EXPR_AND || expr->op == WEIR_EXPR_OR); i++) {
        if (orders_floats(expr->args[i])) return true;
    }
    return expr->op >= WEIR_EXPR_LT && expr->op <= WEIR_EXPR_GE &&
           weir_type_vector(expr->args[0]->type) == WEIR_VECTOR_F64;
}

/* NOT, as in SQL: a comparison of floats is turned round, and NOT goes into AND and OR, so that NOT (x > 1) with x
 * = NaN is false. */
static struct weir_expr *negated(struct weir_builder *builder, struct weir_expr *expr) {
    static const enum weir_expr_op opposite[] = {WEIR_EXPR_GE, WEIR_EXPR_GT, WEIR_EXPR_LE, WEIR_EXPR_LT};
    if (!orders_floats(expr)) return node(builder, WEIR_EXPR_NOT, expr->type, 1, expr, NULL);
    struct weir_expr *left = expr->args[0], *right = expr->args[1];
    if (expr->op >= WEIR_EXPR_LT && expr->op <= WEIR_EXPR_GE)
        return node(builder, opposite[expr->op - WEIR_EXPR_LT], expr->type, 2, left, right);
    enum weir_expr_op op = expr->op == WEIR_EXPR_AND ? WEIR_EXPR_OR : WEIR_EXPR_AND;
    return node(builder, op, expr->type, 2, negated(builder, left), negated(builder, right));
}

static struct weir_expr *refuse_one(struct weir_builder *builder, enum weir_expr_op op,
                                    const struct weir_expr *expr, const char *wanted) {
    char type[WEIR_TYPE_NAME_BYTES];
    weir_build_fail(builder, WEIR_ERR_INVALID, "%s takes %s, and '%.200s' is %s", weir_expr_op_name(op), wanted,
                    weir_build_text(builder, expr), weir_type_name(expr->type, false, type, sizeof(type)));
    return NULL;
}

static struct weir_expr *unary(struct weir_builder *builder, enum weir_builder_op op, struct weir_expr *expr) {
    switch (op) {
    case WEIR_BUILDER_NOT:
        if (expr->type.id != WEIR_TYPE_BOOLEAN) return refuse_one(builder, WEIR_EXPR_NOT, expr, "a BOOLEAN");
        return negated(builder, expr);
    case WEIR_BUILDER_NEGATE:
        if (!weir_type_is_numeric(expr->type)) return refuse_one(builder, WEIR_EXPR_NEGATE, expr, "a number");
        return node(builder, WEIR_EXPR_NEGATE, expr->type, 1, expr, NULL);
    case WEIR_BUILDER_IS_NULL: return node(builder, WEIR_EXPR_IS_NULL, boolean(false), 1, expr, NULL);
    case WEIR_BUILDER_IS_NOT_NULL: return node(builder, WEIR_EXPR_IS_NOT_NULL, boolean(false), 1, expr, NULL);
    default:
        weir_build_fail(builder, WEIR_ERR_INVALID,
                        "%d is no operator of one operand; use WEIR_BUILDER_NOT, NEGATE, IS_NULL or IS_NOT_NULL",
                        (int)op);
        return NULL;
    }
}

const struct weir_term *weir_builder_unary(struct weir_builder *builder, enum weir_builder_op op,
                                           const struct weir_term *operand) {
    if (!is_operand(builder, operand, "the operand of weir_builder_unary")) return NULL;
    return weir_build_term(builder, unary(builder, op, operand->expr), operand, NULL);
}

/* ---- arithmetic ---- */

static struct weir_expr *decimals(struct weir_builder *builder, enum weir_expr_op op, struct weir_expr *left,
                                  struct weir_expr *right) {
    struct weir_expr *a = convert(builder, left, weir_type_as_decimal(left->type));
    struct weir_expr *b = convert(builder, right, weir_type_as_decimal(right->type));
    if (a == NULL || b == NULL) return NULL;
    struct weir_type type = weir_type_decimal_result(op, a->type, b->type);
    type.nullable |= left->type.nullable || right->type.nullable;
    return node(builder, op, type, 2, a, b);
}

static struct weir_expr *numbers(struct weir_builder *builder, enum weir_expr_op op, struct weir_expr *left,
                                 struct weir_expr *right) {
    struct weir_type type;
    bool is_decimal = left->type.id == WEIR_TYPE_DECIMAL || right->type.id == WEIR_TYPE_DECIMAL;
    bool exact_left = weir_type_is_integer(left->type) || left->type.id == WEIR_TYPE_DECIMAL;
    bool exact_right = weir_type_is_integer(right->type) || right->type.id == WEIR_TYPE_DECIMAL;
    if (exact_left && exact_right && is_decimal) return decimals(builder, op, left, right);
    if (op == WEIR_EXPR_MODULO && !(exact_left && exact_right))
        return refuse(builder, left, op, right, "% takes whole numbers and DECIMALs: cast the others");
    if (!weir_type_common(left->type, right->type, &type))
        return refuse(builder, left, op, right, "they have no common type");
    struct weir_type wanted = op == WEIR_EXPR_MODULO ? right->type : type;
    struct weir_expr *a = convert(builder, left, type), *b = convert(builder, right, type);
    struct weir_expr *result = node(builder, op, type, 2, a, b);
    return result == NULL ? NULL : convert(builder, result, wanted);
}

/* A time and an interval, which stays in ms. */
static struct weir_expr *moved_time(struct weir_builder *builder, enum weir_expr_op op, struct weir_expr *time,
                                    struct weir_expr *interval) {
    if (time->type.id == WEIR_TYPE_DATE && interval->value.i64 % MS_PER_DAY != 0)
        return refuse(builder, time, op, interval, "a DATE moves by whole days only");
    return node(builder, op, time->type, 2, time, interval);
}

static struct weir_expr *arithmetic(struct weir_builder *builder, enum weir_expr_op op, struct weir_expr *left,
                                    struct weir_expr *right) {
    struct weir_type l = left->type, r = right->type;
    if (weir_type_is_numeric(l) && weir_type_is_numeric(r)) return numbers(builder, op, left, right);
    bool sum = op == WEIR_EXPR_ADD || op == WEIR_EXPR_SUBTRACT;
    bool left_moves = weir_type_is_time(l) || l.id == WEIR_TYPE_DATE || l.id == WEIR_TYPE_TIME;
    bool right_moves = weir_type_is_time(r) || r.id == WEIR_TYPE_DATE || r.id == WEIR_TYPE_TIME;
    if (sum && left_moves && r.id == WEIR_TYPE_INTERVAL_MS) return moved_time(builder, op, left, right);
    if (op == WEIR_EXPR_ADD && l.id == WEIR_TYPE_INTERVAL_MS && right_moves)
        return moved_time(builder, op, right, left);
    return refuse(builder, left, op, right, "it takes two numbers, or (+ and -) a time and an interval");
}

/* ---- comparisons and logic ---- */

static bool is_point_in_time(struct weir_type type) {
    return weir_type_is_time(type) || type.id == WEIR_TYPE_DATE || type.id == WEIR_TYPE_TIME;
}

/* x = TRUE is x and x = FALSE is NOT x, as in SQL. NULL where it is no such comparison. */
static struct weir_expr *truth(struct weir_builder *builder, enum weir_expr_op op, struct weir_expr *left,
                               struct weir_expr *right) {
    bool literal_right = right->op == WEIR_EXPR_LITERAL;
    const struct weir_expr *literal = literal_right ? right : left;
    struct weir_expr *other = literal_right ? left : right;
    bool equals = literal->op == WEIR_EXPR_LITERAL && (op == WEIR_EXPR_EQ || op == WEIR_EXPR_NE);
    if (!equals || left->type.id != WEIR_TYPE_BOOLEAN || right->type.id != WEIR_TYPE_BOOLEAN) return NULL;
    return (literal->value.i64 != 0) == (op == WEIR_EXPR_EQ) ? other : negated(builder, other);
}

/* A number as a code that orders as Java's Double.compare does. */
static struct weir_expr *order_code(struct weir_builder *builder, struct weir_expr *expr) {
    struct weir_type wide = weir_type_of(WEIR_TYPE_DOUBLE), code = weir_type_of(WEIR_TYPE_BIGINT);
    wide.nullable = code.nullable = expr->type.nullable;
    if (expr->type.id != WEIR_TYPE_DOUBLE) expr = node(builder, WEIR_EXPR_CAST, wide, 1, expr, NULL);
    return node(builder, WEIR_EXPR_TOTAL_ORDER, code, 1, expr, NULL);
}

static struct weir_expr *comparison(struct weir_builder *builder, enum weir_expr_op op, struct weir_expr *left,
                                    struct weir_expr *right) {
    struct weir_type l = left->type, r = right->type;
    struct weir_comparison as;
    struct weir_expr *other = truth(builder, op, left, right);
    if (other != NULL || weir_build_status(builder) != WEIR_OK) return other;
    bool text = l.id == WEIR_TYPE_STRING || r.id == WEIR_TYPE_STRING;
    if (text && (is_point_in_time(l) || is_point_in_time(r)))
        return refuse(builder, left, op, right,
                      "a time is compared with a time: weir_builder_timestamp, _instant, _date or _time_of_day");
    bool instant = l.id == WEIR_TYPE_TIMESTAMP_LTZ || r.id == WEIR_TYPE_TIMESTAMP_LTZ;
    if (instant && l.id != r.id)
        return refuse(builder, left, op, right,
                      "an instant is compared with an instant: weir_builder_instant for a column with a zone");
    if (!weir_type_comparable(op, l, r, &as)) return refuse(builder, left, op, right, "they are not compared");
    bool distinct = op == WEIR_EXPR_IS_DISTINCT || op == WEIR_EXPR_IS_NOT_DISTINCT;
    struct weir_expr *a = as.total_order ? order_code(builder, left) : convert(builder, left, as.left);
    struct weir_expr *b = as.total_order ? order_code(builder, right) : convert(builder, right, as.right);
    return node(builder, op, boolean(!distinct && (l.nullable || r.nullable)), 2, a, b);
}

static struct weir_expr *logic(struct weir_builder *builder, enum weir_expr_op op, struct weir_expr *left,
                               struct weir_expr *right) {
    if (left->type.id != WEIR_TYPE_BOOLEAN || right->type.id != WEIR_TYPE_BOOLEAN)
        return refuse(builder, left, op, right, "it takes two BOOLEANs");
    return node(builder, op, boolean(left->type.nullable || right->type.nullable), 2, left, right);
}

static const enum weir_expr_op binary_ops[] = {
    [WEIR_BUILDER_ADD] = WEIR_EXPR_ADD,
    [WEIR_BUILDER_SUBTRACT] = WEIR_EXPR_SUBTRACT,
    [WEIR_BUILDER_MULTIPLY] = WEIR_EXPR_MULTIPLY,
    [WEIR_BUILDER_DIVIDE] = WEIR_EXPR_DIVIDE,
    [WEIR_BUILDER_MODULO] = WEIR_EXPR_MODULO,
    [WEIR_BUILDER_EQ] = WEIR_EXPR_EQ,
    [WEIR_BUILDER_NE] = WEIR_EXPR_NE,
    [WEIR_BUILDER_LT] = WEIR_EXPR_LT,
    [WEIR_BUILDER_LE] = WEIR_EXPR_LE,
    [WEIR_BUILDER_GT] = WEIR_EXPR_GT,
    [WEIR_BUILDER_GE] = WEIR_EXPR_GE,
    [WEIR_BUILDER_IS_DISTINCT] = WEIR_EXPR_IS_DISTINCT,
    [WEIR_BUILDER_IS_NOT_DISTINCT] = WEIR_EXPR_IS_NOT_DISTINCT,
    [WEIR_BUILDER_AND] = WEIR_EXPR_AND,
    [WEIR_BUILDER_OR] = WEIR_EXPR_OR,
};

static struct weir_expr *binary(struct weir_builder *builder, enum weir_builder_op op, struct weir_expr *left,
                                struct weir_expr *right) {
    size_t number = (size_t)op;
    enum weir_expr_op made = number < WEIR_ARRAY_COUNT(binary_ops) ? binary_ops[number] : WEIR_EXPR_COLUMN;
    if (made == WEIR_EXPR_COLUMN) { /* the zero of the gaps */
        weir_build_fail(builder, WEIR_ERR_INVALID, "%d is no operator of two operands; see enum weir_builder_op",
                        (int)op);
        return NULL;
    }
    if (op >= WEIR_BUILDER_AND) return logic(builder, made, left, right);
    if (op >= WEIR_BUILDER_EQ) return comparison(builder, made, left, right);
    return arithmetic(builder, made, left, right);
}

const struct weir_term *weir_builder_binary(struct weir_builder *builder, const struct weir_term *left,
                                            enum weir_builder_op op, const struct weir_term *right) {
    if (!is_operand(builder, left, "the left operand of weir_builder_binary") ||
        !is_operand(builder, right, "the right operand of weir_builder_binary"))
        return NULL;
    return weir_build_term(builder, binary(builder, op, left->expr, right->expr), left, right);
}

/* ---- casts ---- */

const struct weir_term *weir_builder_cast(struct weir_builder *builder, const struct weir_term *term,
                                          enum weir_builder_number type) {
    static const enum weir_type_id ids[] = {WEIR_TYPE_NULL,   WEIR_TYPE_TINYINT, WEIR_TYPE_SMALLINT, WEIR_TYPE_INT,
                                            WEIR_TYPE_BIGINT, WEIR_TYPE_FLOAT,   WEIR_TYPE_DOUBLE};
    if (!is_operand(builder, term, "the operand of weir_builder_cast")) return NULL;
    if ((size_t)type >= WEIR_ARRAY_COUNT(ids) || ids[type] == WEIR_TYPE_NULL) {
        weir_build_fail(builder, WEIR_ERR_INVALID, "%d is no type of numbers; see enum weir_builder_number",
                        (int)type);
        return NULL;
    }
    if (!weir_type_is_numeric(term->expr->type)) {
        refuse_one(builder, WEIR_EXPR_CAST, term->expr, "a number");
        return NULL;
    }
    return weir_build_term(builder, convert(builder, term->expr, weir_type_of(ids[type])), term, NULL);
}
