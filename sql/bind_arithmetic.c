/* SPDX-License-Identifier: Apache-2.0
 *
 * + - * / % and signs: numbers, times and intervals.
 */
#include "base/checked.h"
#include "sql/bind.h"

#define MS_PER_DAY INT64_C(86400000)

static bool is_interval(struct weir_type type) {
    return type.id == WEIR_TYPE_INTERVAL_MS || type.id == WEIR_TYPE_INTERVAL_MONTH;
}

static const char *symbol(enum weir_expr_op op) {
    switch (op) {
    case WEIR_EXPR_ADD: return "+";
    case WEIR_EXPR_SUBTRACT: return "-";
    case WEIR_EXPR_MULTIPLY: return "*";
    case WEIR_EXPR_DIVIDE: return "/";
    default: return "%";
    }
}

static struct weir_expr *refuse(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                struct weir_type left, struct weir_type right, const char *hint) {
    char a[WEIR_TYPE_NAME_BYTES], c[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(b, WEIR_ERR_SQL, at, "'%s' does not take %s and %s%s", symbol(op),
                          weir_type_name(left, false, a, sizeof(a)), weir_type_name(right, false, c, sizeof(c)),
                          hint);
}

/* ---- numbers ---- */

static struct weir_expr *bind_decimal(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                      struct weir_expr *left, struct weir_expr *right) {
    struct weir_expr *args[] = {weir_bind_cast(b, left, weir_type_as_decimal(left->type)), NULL};
    args[1] = args[0] == NULL ? NULL : weir_bind_cast(b, right, weir_type_as_decimal(right->type));
    if (args[1] == NULL) return NULL;
    struct weir_type type = weir_type_decimal_result(op, args[0]->type, args[1]->type);
    type.nullable |= left->type.nullable || right->type.nullable;
    return weir_bind_node(b, at, op, type, 2, args);
}

static struct weir_expr *bind_numbers(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                      struct weir_expr *left, struct weir_expr *right) {
    struct weir_type type, wanted;
    bool exact_left = weir_type_is_integer(left->type) || left->type.id == WEIR_TYPE_DECIMAL;
    bool exact_right = weir_type_is_integer(right->type) || right->type.id == WEIR_TYPE_DECIMAL;
    bool decimal = left->type.id == WEIR_TYPE_DECIMAL || right->type.id == WEIR_TYPE_DECIMAL;
    if (exact_left && exact_right && decimal) return bind_decimal(b, at, op, left, right);
    if (op == WEIR_EXPR_MODULO && !(exact_left && exact_right))
        return refuse(b, at, op, left->type, right->type, ", as in Flink; CAST to a whole number or DECIMAL");
    if (!weir_type_common(left->type, right->type, &type)) return refuse(b, at, op, left->type, right->type, "");
    wanted = op == WEIR_EXPR_MODULO ? right->type : type;
    struct weir_expr *args[] = {weir_bind_cast(b, left, type), weir_bind_cast(b, right, type)};
    if (args[0] == NULL || args[1] == NULL) return NULL;
    struct weir_expr *node = weir_bind_node(b, at, op, type, 2, args);
    return node == NULL ? NULL : weir_bind_cast(b, node, wanted);
}

/* ---- times ---- */

/* Intervals stay in ms, the evaluator brings them to the time's units; but a DATE cannot move by parts of a day. */
static bool check_interval(struct weir_binder *b, const struct weir_expr *interval, struct weir_type time) {
    if (time.id != WEIR_TYPE_DATE) return true;
    if (interval->op == WEIR_EXPR_LITERAL && interval->value.i64 % MS_PER_DAY == 0) return true;
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, weir_expr_place(interval),
                   "a DATE moves by whole days only; CAST it to TIMESTAMP(3) to add hours and less");
    return false;
}

static struct weir_expr *move_time(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                   struct weir_expr *time, struct weir_expr *interval) {
    struct weir_type type = time->type;
    type.nullable = type.nullable || interval->type.nullable;
    if (interval->type.id == WEIR_TYPE_INTERVAL_MONTH) {
        if (op == WEIR_EXPR_SUBTRACT) interval = weir_bind_negate(b, weir_expr_place(interval), interval);
        struct weir_expr *months[] = {time, interval};
        return weir_bind_node(b, at, WEIR_EXPR_ADD_MONTHS, type, 2, months);
    }
    struct weir_expr *args[] = {time, interval};
    return check_interval(b, interval, time->type) ? weir_bind_node(b, at, op, type, 2, args) : NULL;
}

/* number * INTERVAL */
static struct weir_expr *stretch_interval(struct weir_binder *b, struct weir_place at, struct weir_expr *interval,
                                          struct weir_expr *number) {
    int64_t product;
    if (interval->op == WEIR_EXPR_LITERAL && number->op == WEIR_EXPR_LITERAL && !number->is_null) {
        if (!weir_mul_i64(interval->value.i64, number->value.i64, &product))
            return weir_bind_fail(b, WEIR_ERR_SQL, at, "the interval is too long");
        return weir_bind_integer(b, at, interval->type, product);
    }
    struct weir_type type = interval->type;
    type.nullable = type.nullable || number->type.nullable;
    struct weir_type count = weir_type_of(WEIR_TYPE_BIGINT);
    struct weir_expr *args[] = {interval, weir_bind_cast(b, number, count)};
    return weir_bind_node(b, at, WEIR_EXPR_MULTIPLY, type, 2, args);
}

static struct weir_expr *bind_times(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                    struct weir_expr *left, struct weir_expr *right) {
    struct weir_type l = left->type, r = right->type;
    bool sum = op == WEIR_EXPR_ADD || op == WEIR_EXPR_SUBTRACT;
    bool left_moves = weir_type_is_time(l) || l.id == WEIR_TYPE_DATE;
    bool right_moves = weir_type_is_time(r) || r.id == WEIR_TYPE_DATE;
    bool clock = (l.id == WEIR_TYPE_TIME && r.id == WEIR_TYPE_INTERVAL_MS) ||
                 (r.id == WEIR_TYPE_TIME && l.id == WEIR_TYPE_INTERVAL_MS && op == WEIR_EXPR_ADD);
    if (sum && clock)
        return l.id == WEIR_TYPE_TIME ? move_time(b, at, op, left, right) : move_time(b, at, op, right, left);
    if (sum && left_moves && is_interval(r)) return move_time(b, at, op, left, right);
    if (op == WEIR_EXPR_ADD && is_interval(l) && right_moves) return move_time(b, at, op, right, left);
    if (sum && is_interval(l) && l.id == r.id) {
        struct weir_type type = l;
        type.nullable = l.nullable || r.nullable;
        struct weir_expr *args[] = {left, right};
        return weir_bind_node(b, at, op, type, 2, args);
    }
    if (op == WEIR_EXPR_MULTIPLY && is_interval(l) && weir_type_is_integer(r))
        return stretch_interval(b, at, left, right);
    if (op == WEIR_EXPR_MULTIPLY && is_interval(r) && weir_type_is_integer(l))
        return stretch_interval(b, at, right, left);
    if (op == WEIR_EXPR_SUBTRACT && left_moves && right_moves)
        return refuse(b, at, op, l, r, ", as in Flink; subtract EXTRACT(EPOCH FROM ...) of both for seconds");
    return refuse(b, at, op, l, r, "");
}

struct weir_expr *weir_bind_arithmetic(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                       struct weir_expr *left, struct weir_expr *right) {
    struct weir_type l = left->type, r = right->type;
    if (l.id == WEIR_TYPE_NULL || r.id == WEIR_TYPE_NULL)
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "'%s' with a bare NULL has no type; write CAST(NULL AS ...)",
                              symbol(op));
    if (weir_type_is_numeric(l) && weir_type_is_numeric(r)) return bind_numbers(b, at, op, left, right);
    if (l.id == WEIR_TYPE_STRING || r.id == WEIR_TYPE_STRING)
        return refuse(b, at, op, l, r, op == WEIR_EXPR_ADD ? "; strings are joined by ||" : "; CAST the string");
    return bind_times(b, at, op, left, right);
}

struct weir_expr *weir_bind_negate(struct weir_binder *b, struct weir_place at, struct weir_expr *operand) {
    if (operand == NULL) return NULL;
    struct weir_type type = operand->type;
    if (!weir_type_is_numeric(type) && !is_interval(type)) {
        char name[WEIR_TYPE_NAME_BYTES];
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "'-' does not take %s",
                              weir_type_name(type, false, name, sizeof(name)));
    }
    /* The negative of a type's least number lies outside the type: left to the evaluator, which checks. */
    bool whole = weir_type_vector(type) == WEIR_VECTOR_I64;
    if (operand->op != WEIR_EXPR_LITERAL || operand->is_null || (whole && operand->value.i64 < 0))
        return weir_bind_node(b, at, WEIR_EXPR_NEGATE, type, 1, &operand);
    switch (weir_type_vector(type)) {
    case WEIR_VECTOR_F64: operand->value.f64 = 0.0 - operand->value.f64; break; /* 0, not -0.0, as in Flink */
    case WEIR_VECTOR_I128: operand->value.i128 = -operand->value.i128; break;
    default: operand->value.i64 = -operand->value.i64; break;
    }
    operand->line = at.line;
    operand->column = at.column;
    return operand;
}
