/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls of scalar functions, with the result types that Flink gives them.
 */
#include <string.h>

#include "sql/bind.h"
#include "sql/function.h"

static struct weir_type with_null(struct weir_type type, bool nullable) {
    type.nullable = nullable;
    return type;
}

static bool any_nullable(struct weir_expr *const *args, int32_t count) {
    bool nullable = false;
    for (int32_t i = 0; i < count; i++) nullable |= args[i]->type.nullable;
    return nullable;
}

static void *wrong_type(struct weir_binder *b, const struct weir_expr *arg, const char *function,
                        const char *wants) {
    char name[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(arg), "%s takes %s, and this is %s", function, wants,
                          weir_type_name(arg->type, false, name, sizeof(name)));
}

/* A bare NULL becomes one of the type; false when the argument is of another kind. */
static bool need(struct weir_binder *b, struct weir_expr **arg, enum weir_type_id id, const char *function,
                 const char *wants) {
    if ((*arg)->type.id == WEIR_TYPE_NULL) {
        struct weir_type type = id == WEIR_TYPE_STRING ? weir_type_string() : weir_type_of(id);
        *arg = weir_bind_null(b, weir_expr_place(*arg), type);
        return *arg != NULL;
    }
    if ((*arg)->type.id == id) return true;
    wrong_type(b, *arg, function, wants);
    return false;
}

static bool need_number(struct weir_binder *b, struct weir_expr **arg, const char *function) {
    if ((*arg)->type.id == WEIR_TYPE_NULL) return need(b, arg, WEIR_TYPE_INT, function, "a number");
    if (weir_type_is_numeric((*arg)->type)) return true;
    wrong_type(b, *arg, function, "a number");
    return false;
}

/* Casts a number to an integer type; anything else is refused. */
static bool need_integer(struct weir_binder *b, struct weir_expr **arg, const char *function) {
    if ((*arg)->type.id == WEIR_TYPE_NULL) return need(b, arg, WEIR_TYPE_INT, function, "a whole number");
    if (!weir_type_is_integer((*arg)->type)) {
        wrong_type(b, *arg, function, "a whole number");
        return false;
    }
    *arg = weir_bind_cast(b, *arg, weir_type_of(WEIR_TYPE_INT));
    return *arg != NULL;
}

/* ---- numbers ---- */

static struct weir_expr *bind_same_type(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                        struct weir_expr **args, const char *name) {
    return need_number(b, &args[0], name) ? weir_bind_node(b, at, op, args[0]->type, 1, args) : NULL;
}

/* FLOOR and CEIL of numbers: integers stay as they are, DECIMAL loses its scale. */
static struct weir_expr *bind_to_whole(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                       struct weir_expr **args, const char *name) {
    if (weir_type_is_time(args[0]->type) || args[0]->type.id == WEIR_TYPE_DATE)
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "%s of a time needs a unit: %s(x TO HOUR)", name, name);
    if (!need_number(b, &args[0], name)) return NULL;
    struct weir_type type = args[0]->type;
    if (weir_type_is_integer(type)) return args[0];
    if (type.id == WEIR_TYPE_DECIMAL) {
        if (type.scale == 0) return args[0];
        type = with_null(weir_type_decimal(type.precision, 0), type.nullable);
    }
    return weir_bind_node(b, at, op, type, 1, args);
}

static struct weir_type round_type(struct weir_type type, int64_t digits) {
    if (type.id != WEIR_TYPE_DECIMAL || digits >= type.scale) return type;
    int whole = 1 + type.precision - type.scale;
    int scale = digits < 0 ? 0 : (int)digits;
    int precision = whole + scale > 38 ? 38 : whole + scale;
    return with_null(weir_type_decimal(precision, scale), type.nullable);
}

static struct weir_expr *bind_round(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                    int32_t count) {
    struct weir_expr *pair[] = {args[0],
                                count > 1 ? args[1] : weir_bind_integer(b, at, weir_type_of(WEIR_TYPE_INT), 0)};
    if (pair[1] == NULL || !need_number(b, &pair[0], "ROUND") || !need_integer(b, &pair[1], "ROUND")) return NULL;
    if (pair[1]->op != WEIR_EXPR_LITERAL || pair[1]->is_null)
        return weir_bind_fail(
            b, WEIR_ERR_UNSUPPORTED, weir_expr_place(pair[1]),
            "the digits of ROUND must be written as a number; computed digits are not supported yet");
    return weir_bind_node(b, at, WEIR_EXPR_ROUND, round_type(pair[0]->type, pair[1]->value.i64), 2, pair);
}

static struct weir_expr *bind_double(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                     struct weir_expr **args, int32_t count, const char *name) {
    for (int32_t i = 0; i < count; i++) {
        if (!need_number(b, &args[i], name)) return NULL;
        if ((args[i] = weir_bind_cast(b, args[i], weir_type_of(WEIR_TYPE_DOUBLE))) == NULL) return NULL;
    }
    return weir_bind_node(b, at, op, with_null(weir_type_of(WEIR_TYPE_DOUBLE), any_nullable(args, count)), count,
                          args);
}

/* ---- strings ---- */

static struct weir_expr *bind_letter_case(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                          struct weir_expr **args, const char *name) {
    if (!need(b, &args[0], WEIR_TYPE_STRING, name, "a string")) return NULL;
    struct weir_expr *node = weir_bind_node(b, at, op, args[0]->type, 1, args);
    if (node == NULL || args[0]->op != WEIR_EXPR_LITERAL || !args[0]->type.fixed) return node;
    /* Flink computes it while it plans, and cuts what has become longer than the literal. */
    struct weir_type loose = weir_type_string();
    loose.nullable = node->type.nullable;
    struct weir_type type = node->type;
    node->type = loose;
    return weir_bind_node(b, at, WEIR_EXPR_CAST, type, 1, &node);
}

static struct weir_expr *bind_substring(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                        int32_t count) {
    if (!need(b, &args[0], WEIR_TYPE_STRING, "SUBSTRING", "a string first")) return NULL;
    for (int32_t i = 1; i < count; i++) {
        if (!need_integer(b, &args[i], "SUBSTRING")) return NULL;
    }
    return weir_bind_node(b, at, WEIR_EXPR_SUBSTRING, weir_type_string(), count, args);
}

static struct weir_expr *bind_of_strings(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                         struct weir_expr **args, int32_t count, const char *name) {
    for (int32_t i = 0; i < count; i++) {
        if (!need(b, &args[i], WEIR_TYPE_STRING, name, "strings")) return NULL;
    }
    struct weir_type type = with_null(weir_type_of(WEIR_TYPE_INT), any_nullable(args, count));
    return weir_bind_node(b, at, op, type, count, args);
}

/* Lengths add up; STRING and whatever gets as long stays STRING. */
static struct weir_type joined_type(struct weir_expr *const *args, int32_t count) {
    struct weir_type type = args[0]->type;
    int64_t length = 0;
    for (int32_t i = 0; i < count; i++) {
        length += args[i]->type.length;
        type.fixed = type.fixed && args[i]->type.fixed;
    }
    type.length = length > WEIR_LENGTH_MAX ? WEIR_LENGTH_MAX : (int32_t)length;
    if (type.length == WEIR_LENGTH_MAX) type.fixed = false;
    return with_null(type, any_nullable(args, count));
}

struct weir_expr *weir_bind_concat(struct weir_binder *b, const struct weir_ast_expr *ast, bool function) {
    const char *name = function ? "CONCAT" : "'||'";
    struct weir_expr **args = weir_bind_array(b, ast->args_count, sizeof(*args));
    if (args == NULL) return NULL;
    for (int32_t i = 0; i < ast->args_count; i++) {
        if ((args[i] = weir_bind_expr(b, ast->args[i])) == NULL) return NULL;
        if (!need(b, &args[i], WEIR_TYPE_STRING, name, "strings (CAST other values to STRING)")) return NULL;
    }
    if (ast->args_count == 1) return args[0];
    struct weir_type type = function ? with_null(weir_type_string(), any_nullable(args, ast->args_count))
                                     : joined_type(args, ast->args_count);
    return weir_bind_node(b, ast->at, WEIR_EXPR_CONCAT, type, ast->args_count, args);
}

struct weir_expr *weir_bind_trim(struct weir_binder *b, const struct weir_ast_expr *ast) {
    struct weir_expr *args[2] = {weir_bind_expr(b, ast->args[0]), NULL};
    if (args[0] == NULL || !need(b, &args[0], WEIR_TYPE_STRING, "TRIM", "a string")) return NULL;
    if (ast->args_count > 1) {
        args[1] = weir_bind_expr(b, ast->args[1]);
        if (args[1] == NULL || !need(b, &args[1], WEIR_TYPE_STRING, "TRIM", "characters")) return NULL;
        if (args[1]->op != WEIR_EXPR_LITERAL || args[1]->is_null)
            return weir_bind_fail(
                b, WEIR_ERR_UNSUPPORTED, weir_expr_place(args[1]),
                "the characters of TRIM must be written as a literal; computed ones are not supported yet");
    } else {
        static const struct weir_ast_expr blank = {.kind = WEIR_AST_STRING, .name = " "};
        if ((args[1] = weir_bind_literal(b, &blank)) == NULL) return NULL;
    }
    struct weir_type type = args[0]->type;
    type.fixed = false;
    struct weir_expr *node = weir_bind_node(b, ast->at, WEIR_EXPR_TRIM, type, 2, args);
    if (node != NULL) node->unit = (enum weir_time_unit)ast->number;
    return node;
}

/* ---- times ---- */

static bool is_calendar_type(struct weir_type type) { return weir_type_is_time(type) || type.id == WEIR_TYPE_DATE; }

/* Does a value of the type have that unit? */
static bool has_unit(struct weir_type type, enum weir_time_unit unit) {
    if (type.id == WEIR_TYPE_TIME) return unit <= WEIR_UNIT_HOUR;
    return weir_type_is_time(type) ||
           unit >= WEIR_UNIT_HOUR; /* a DATE has the hour 0; of less Flink makes other numbers */
}

static bool check_time(struct weir_binder *b, struct weir_expr **operand, enum weir_time_unit unit,
                       const char *name) {
    if ((*operand)->type.id == WEIR_TYPE_NULL) return need(b, operand, WEIR_TYPE_TIMESTAMP, name, "a time");
    if (!is_calendar_type((*operand)->type) && (*operand)->type.id != WEIR_TYPE_TIME) {
        wrong_type(b, *operand, name, "a TIMESTAMP, DATE or TIME");
        return false;
    }
    if (has_unit((*operand)->type, unit)) return true;
    char type[WEIR_TYPE_NAME_BYTES];
    weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, weir_expr_place(*operand),
                   "%s: %s has no such unit; CAST it to TIMESTAMP(3)", name,
                   weir_type_name((*operand)->type, false, type, sizeof(type)));
    return false;
}

struct weir_expr *weir_bind_extract(struct weir_binder *b, struct weir_place at, enum weir_time_unit unit,
                                    struct weir_expr *operand) {
    if (!check_time(b, &operand, unit, "EXTRACT")) return NULL;
    if ((operand = weir_bind_local(b, at, operand, b->old_zone)) == NULL) return NULL;
    struct weir_type type = with_null(weir_type_of(WEIR_TYPE_BIGINT), operand->type.nullable);
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_EXTRACT, type, 1, &operand);
    if (node != NULL) node->unit = unit;
    return node;
}

struct weir_expr *weir_bind_floor_time(struct weir_binder *b, const struct weir_ast_expr *ast) {
    bool floor = ast->kind == WEIR_AST_FLOOR_TO;
    const char *name = floor ? "FLOOR" : "CEIL";
    struct weir_expr *operand = weir_bind_expr(b, ast->args[0]);
    if (operand == NULL) return NULL;
    bool same_day = operand->type.id == WEIR_TYPE_DATE && ast->unit <= WEIR_UNIT_DAY;
    if (same_day && floor) return operand;
    if (same_day)
        return weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, ast->at,
                              "CEIL of a DATE to a day or less is the next day in Flink, and not done here; write "
                              "the DATE itself, or + INTERVAL '1' DAY");
    if (ast->unit > WEIR_UNIT_YEAR)
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at,
                              "%s goes to SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR", name);
    if (!check_time(b, &operand, ast->unit, name)) return NULL;
    struct weir_expr *node =
        weir_bind_node(b, ast->at, floor ? WEIR_EXPR_FLOOR_TIME : WEIR_EXPR_CEIL_TIME, operand->type, 1, &operand);
    if (node == NULL) return NULL;
    node->unit = ast->unit;
    /* Flink rounds seconds and minutes of instants by arithmetic. */
    if (operand->type.id == WEIR_TYPE_TIMESTAMP_LTZ && ast->unit >= WEIR_UNIT_HOUR) node->zone = b->old_zone;
    return node;
}

/* ---- choices ---- */

/* COALESCE, GREATEST and LEAST of FLOAT and DOUBLE are DOUBLE, whatever their order (seen in Flink; CASE and
 * arithmetic take the first one's type). */
static bool widen_floats(struct weir_binder *b, struct weir_expr **args, int32_t count) {
    bool any_double = false;
    for (int32_t i = 0; i < count; i++) any_double |= args[i]->type.id == WEIR_TYPE_DOUBLE;
    for (int32_t i = 0; any_double && i < count; i++) {
        if (args[i]->type.id != WEIR_TYPE_FLOAT) continue;
        struct weir_type wide = weir_type_of(WEIR_TYPE_DOUBLE);
        wide.nullable = args[i]->type.nullable;
        if ((args[i] = weir_bind_cast(b, args[i], wide)) == NULL) return false;
    }
    return true;
}

static struct weir_expr *bind_coalesce(struct weir_binder *b, struct weir_place at, struct weir_expr **args,
                                       int32_t count, const char *name) {
    struct weir_type type;
    if (!widen_floats(b, args, count) || !weir_bind_unify(b, at, name, args, count, 0, 1, &type)) return NULL;
    type.nullable = true;
    for (int32_t i = 0; i < count; i++) type.nullable &= args[i]->type.nullable;
    return count == 1 ? args[0] : weir_bind_node(b, at, WEIR_EXPR_COALESCE, type, count, args);
}

/* CASE WHEN a = b THEN NULL ELSE a END */
static struct weir_expr *bind_nullif(struct weir_binder *b, struct weir_place at, struct weir_expr **args) {
    if (args[0]->type.id == WEIR_TYPE_NULL)
        return weir_bind_fail(b, WEIR_ERR_SQL, at, "NULLIF of a bare NULL has no type; write CAST(NULL AS ...)");
    struct weir_expr *again = weir_bind_copy(b, args[0]);
    if (again == NULL) return NULL;
    struct weir_expr *parts[] = {weir_bind_compare(b, at, WEIR_EXPR_EQ, args[0], args[1]),
                                 weir_bind_null(b, at, again->type), again};
    return parts[0] == NULL || parts[1] == NULL ? NULL : weir_bind_case(b, at, parts, 3);
}

static struct weir_expr *bind_if(struct weir_binder *b, struct weir_place at, struct weir_expr **args) {
    /* Of two timestamps IF has the precision of the first, where CASE takes the finer. */
    struct weir_type type = args[1]->type;
    if (weir_type_is_time(type) && type.id == args[2]->type.id) {
        type.nullable = args[2]->type.nullable;
        if ((args[2] = weir_bind_cast(b, args[2], type)) == NULL) return NULL;
    }
    return need(b, &args[0], WEIR_TYPE_BOOLEAN, "IF", "a condition first") ? weir_bind_case(b, at, args, 3) : NULL;
}

static struct weir_expr *bind_extreme(struct weir_binder *b, struct weir_place at, enum weir_expr_op op,
                                      struct weir_expr **args, int32_t count, const char *name) {
    struct weir_type type;
    for (int32_t i = 0; i < count; i++) {
        if (args[i]->type.id != WEIR_TYPE_NULL) continue;
        return weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(args[i]),
                              "%s does not take a bare NULL, as in Flink; write CAST(NULL AS ...)", name);
    }
    if (!widen_floats(b, args, count) || !weir_bind_unify(b, at, name, args, count, 0, 1, &type)) return NULL;
    if (type.id >= WEIR_TYPE_BYTES) return wrong_type(b, args[0], name, "numbers, booleans, strings or times");
    type.nullable = any_nullable(args, count);
    return count == 1 ? args[0] : weir_bind_node(b, at, op, type, count, args);
}

/* ---- the call ---- */

static struct weir_expr *bind_named(struct weir_binder *b, const struct weir_ast_expr *ast,
                                    const struct weir_function *function, struct weir_expr **args) {
    struct weir_place at = ast->at;
    int32_t count = ast->args_count;
    enum weir_expr_op op = (enum weir_expr_op)function->detail;
    switch (function->id) {
    case WEIR_FUNCTION_ABS: return bind_same_type(b, at, WEIR_EXPR_ABS, args, "ABS");
    case WEIR_FUNCTION_SIGN: return bind_same_type(b, at, WEIR_EXPR_SIGN, args, "SIGN");
    case WEIR_FUNCTION_MOD: return weir_bind_arithmetic(b, at, WEIR_EXPR_MODULO, args[0], args[1]);
    case WEIR_FUNCTION_FLOOR:
    case WEIR_FUNCTION_CEIL: return bind_to_whole(b, at, op, args, function->name);
    case WEIR_FUNCTION_ROUND: return bind_round(b, at, args, count);
    case WEIR_FUNCTION_DOUBLE_1: return bind_double(b, at, op, args, count, function->name);
    case WEIR_FUNCTION_POWER: return bind_double(b, at, WEIR_EXPR_POWER, args, count, "POWER");
    case WEIR_FUNCTION_EXTREME: return bind_extreme(b, at, op, args, count, function->name);
    case WEIR_FUNCTION_CASE: return bind_letter_case(b, at, op, args, function->name);
    case WEIR_FUNCTION_CHAR_LENGTH:
        return bind_of_strings(b, at, WEIR_EXPR_CHAR_LENGTH, args, count, "CHAR_LENGTH");
    case WEIR_FUNCTION_POSITION: return bind_of_strings(b, at, WEIR_EXPR_POSITION, args, count, "POSITION");
    case WEIR_FUNCTION_SUBSTRING: return bind_substring(b, at, args, count);
    case WEIR_FUNCTION_EXTRACT: return weir_bind_extract(b, at, (enum weir_time_unit)function->detail, args[0]);
    case WEIR_FUNCTION_COALESCE: return bind_coalesce(b, at, args, count, function->name);
    case WEIR_FUNCTION_NULLIF: return bind_nullif(b, at, args);
    case WEIR_FUNCTION_IF: return bind_if(b, at, args);
    default: return weir_bind_time_function(b, ast, function, args);
    }
}

struct weir_expr *weir_bind_call(struct weir_binder *b, const struct weir_ast_expr *ast) {
    const struct weir_function *function = weir_function_find(ast->name);
    if (function == NULL)
        return weir_bind_fail(b, WEIR_ERR_INTERNAL, ast->at, "the function %s is not known", ast->name);
    if (function->kind == WEIR_FUNCTION_AGGREGATE) return weir_bind_aggregate(b, ast);
    if (ast->flag)
        return weir_bind_fail(b, WEIR_ERR_SQL, ast->at, "DISTINCT belongs to aggregates, and %s is none",
                              function->name);
    if (function->id == WEIR_FUNCTION_CONCAT) return weir_bind_concat(b, ast, true);
    if (function->id >= WEIR_FUNCTION_LEFT && function->id <= WEIR_FUNCTION_TRIM)
        return weir_bind_text_function(b, ast, function);
    struct weir_expr **args = weir_bind_array(b, ast->args_count, sizeof(*args));
    if (args == NULL) return NULL;
    for (int32_t i = 0; i < ast->args_count; i++) {
        if ((args[i] = weir_bind_expr(b, ast->args[i])) == NULL) return NULL;
    }
    return bind_named(b, ast, function, args);
}
