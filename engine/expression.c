/* SPDX-License-Identifier: Apache-2.0
 *
 * Expression trees: building, comparing, walking, and their text.
 */
#include "engine/expression.h"

#include <string.h>

#include "base/zone.h"
#include "engine/expression_ops.h"
#include "engine/value_text.h"

/* ---- building ---- */

static struct weir_expr *new_expr(struct weir_arena *arena, enum weir_expr_op op, struct weir_type type) {
    struct weir_expr *expr = weir_arena_array(arena, 1, sizeof(*expr));
    if (expr == NULL) return NULL;
    expr->op = op;
    expr->type = type;
    return expr;
}

struct weir_expr *weir_expr_column(struct weir_arena *arena, int32_t index, struct weir_type type) {
    struct weir_expr *expr = new_expr(arena, WEIR_EXPR_COLUMN, type);
    if (expr != NULL) expr->index = index;
    return expr;
}

struct weir_expr *weir_expr_literal(struct weir_arena *arena, struct weir_type type, union weir_value value) {
    struct weir_expr *expr = new_expr(arena, WEIR_EXPR_LITERAL, type);
    if (expr == NULL) return NULL;
    expr->type.nullable = false;
    expr->value = value;
    if (weir_type_vector(type) == WEIR_VECTOR_STRING) {
        const char *data = value.string.length > 0 ? value.string.data : "";
        expr->value.string.data = weir_arena_string(arena, data, (size_t)value.string.length);
        if (expr->value.string.data == NULL) return NULL;
    }
    return expr;
}

struct weir_expr *weir_expr_null(struct weir_arena *arena, struct weir_type type) {
    struct weir_expr *expr = new_expr(arena, WEIR_EXPR_LITERAL, type);
    if (expr == NULL) return NULL;
    expr->type.nullable = true;
    expr->is_null = true;
    return expr;
}

struct weir_expr *weir_expr_node(struct weir_arena *arena, enum weir_expr_op op, struct weir_type type,
                                 int32_t args_count, struct weir_expr *const *args) {
    struct weir_expr *expr = args_count >= 0 ? new_expr(arena, op, type) : NULL;
    if (expr == NULL) return NULL;
    expr->args_count = args_count;
    expr->args = weir_arena_array(arena, (size_t)args_count, sizeof(struct weir_expr *));
    if (expr->args == NULL) return NULL;
    if (args_count > 0) memcpy(expr->args, args, (size_t)args_count * sizeof(struct weir_expr *));
    return expr;
}

/* ---- comparing and walking ---- */

static bool same_value(const struct weir_expr *a, const struct weir_expr *b) {
    if (a->is_null || b->is_null) return a->is_null == b->is_null;
    switch (weir_type_vector(a->type)) {
    case WEIR_VECTOR_STRING:
        return a->value.string.length == b->value.string.length &&
               (a->value.string.length == 0 ||
                memcmp(a->value.string.data, b->value.string.data, (size_t)a->value.string.length) == 0);
    case WEIR_VECTOR_I128: return a->value.i128 == b->value.i128;
    case WEIR_VECTOR_F64: return memcmp(&a->value.f64, &b->value.f64, sizeof(double)) == 0;
    default: return a->value.i64 == b->value.i64;
    }
}

bool weir_expr_equal(const struct weir_expr *a, const struct weir_expr *b) {
    if (a == b) return true;
    if (a == NULL || b == NULL || a->op != b->op || !weir_type_equal(a->type, b->type)) return false;
    if (a->args_count != b->args_count || a->unit != b->unit || a->try_cast != b->try_cast) return false;
    if (a->zone != b->zone || a->later != b->later) return false;
    if (a->op == WEIR_EXPR_FROM_EPOCH && a->index != b->index) return false;
    if (a->op == WEIR_EXPR_COLUMN) return a->index == b->index;
    if (a->op == WEIR_EXPR_LITERAL) return same_value(a, b);
    for (int32_t i = 0; i < a->args_count; i++) {
        if (!weir_expr_equal(a->args[i], b->args[i])) return false;
    }
    return true;
}

void weir_expr_walk(struct weir_expr *root, void (*visit)(struct weir_expr *node, void *user), void *user) {
    if (root == NULL) return;
    visit(root, user);
    for (int32_t i = 0; i < root->args_count; i++) weir_expr_walk(root->args[i], visit, user);
}

/* ---- text ---- */

static const char *const op_names[] = {
    [WEIR_EXPR_COLUMN] = "COLUMN",
    [WEIR_EXPR_LITERAL] = "LITERAL",
    [WEIR_EXPR_NEGATE] = "-",
    [WEIR_EXPR_ADD] = "+",
    [WEIR_EXPR_SUBTRACT] = "-",
    [WEIR_EXPR_MULTIPLY] = "*",
    [WEIR_EXPR_DIVIDE] = "/",
    [WEIR_EXPR_MODULO] = "%",
    [WEIR_EXPR_ADD_MONTHS] = "+",
    [WEIR_EXPR_EQ] = "=",
    [WEIR_EXPR_NE] = "<>",
    [WEIR_EXPR_LT] = "<",
    [WEIR_EXPR_LE] = "<=",
    [WEIR_EXPR_GT] = ">",
    [WEIR_EXPR_GE] = ">=",
    [WEIR_EXPR_IS_DISTINCT] = "IS DISTINCT FROM",
    [WEIR_EXPR_IS_NOT_DISTINCT] = "IS NOT DISTINCT FROM",
    [WEIR_EXPR_AND] = "AND",
    [WEIR_EXPR_OR] = "OR",
    [WEIR_EXPR_NOT] = "NOT ",
    [WEIR_EXPR_IS_NULL] = "IS NULL",
    [WEIR_EXPR_IS_NOT_NULL] = "IS NOT NULL",
    [WEIR_EXPR_IS_TRUE] = "IS TRUE",
    [WEIR_EXPR_IS_FALSE] = "IS FALSE",
    [WEIR_EXPR_IS_NOT_TRUE] = "IS NOT TRUE",
    [WEIR_EXPR_IS_NOT_FALSE] = "IS NOT FALSE",
    [WEIR_EXPR_CASE] = "CASE",
    [WEIR_EXPR_COALESCE] = "COALESCE",
    [WEIR_EXPR_IN] = "IN",
    [WEIR_EXPR_CAST] = "CAST",
    [WEIR_EXPR_ABS] = "ABS",
    [WEIR_EXPR_FLOOR] = "FLOOR",
    [WEIR_EXPR_CEIL] = "CEIL",
    [WEIR_EXPR_ROUND] = "ROUND",
    [WEIR_EXPR_SQRT] = "SQRT",
    [WEIR_EXPR_POWER] = "POWER",
    [WEIR_EXPR_EXP] = "EXP",
    [WEIR_EXPR_LN] = "LN",
    [WEIR_EXPR_SIGN] = "SIGN",
    [WEIR_EXPR_GREATEST] = "GREATEST",
    [WEIR_EXPR_LEAST] = "LEAST",
    [WEIR_EXPR_CONCAT] = "CONCAT",
    [WEIR_EXPR_LIKE] = "LIKE",
    [WEIR_EXPR_UPPER] = "UPPER",
    [WEIR_EXPR_LOWER] = "LOWER",
    [WEIR_EXPR_CHAR_LENGTH] = "CHAR_LENGTH",
    [WEIR_EXPR_SUBSTRING] = "SUBSTRING",
    [WEIR_EXPR_TRIM] = "TRIM",
    [WEIR_EXPR_POSITION] = "POSITION",
    [WEIR_EXPR_EXTRACT] = "EXTRACT",
    [WEIR_EXPR_TOTAL_ORDER] = "TOTAL_ORDER",
    [WEIR_EXPR_FLOOR_TIME] = "FLOOR",
    [WEIR_EXPR_CEIL_TIME] = "CEIL",
    [WEIR_EXPR_RESCALE_TIME] = "RESCALE_TIME",
    [WEIR_EXPR_TO_LOCAL] = "TO_LOCAL",
    [WEIR_EXPR_TO_INSTANT] = "TO_INSTANT",
    [WEIR_EXPR_NOW] = "NOW",
    [WEIR_EXPR_PROCTIME] = "PROCTIME",
    [WEIR_EXPR_FROM_EPOCH] = "TO_TIMESTAMP_LTZ",
    [WEIR_EXPR_FROM_SECONDS] = "FROM_SECONDS",
    [WEIR_EXPR_FORMAT_TIME] = "DATE_FORMAT",
    [WEIR_EXPR_FORMAT_SIMPLE] = "DATE_FORMAT",
    [WEIR_EXPR_PARSE_TIME] = "TO_TIMESTAMP",
    [WEIR_EXPR_PARSE_SIMPLE] = "TO_TIMESTAMP",
};

const char *weir_expr_op_name(enum weir_expr_op op) {
    if ((size_t)op >= WEIR_ARRAY_COUNT(op_names) || op_names[op] == NULL) return "?";
    return op_names[op];
}

static const char *unit_name(enum weir_time_unit unit) {
    static const char *const names[] = {"?",     "MILLISECOND", "SECOND",  "MINUTE", "HOUR",    "DAY",
                                        "WEEK",  "MONTH",       "QUARTER", "YEAR",   "DOW",     "DOY",
                                        "EPOCH", "ISODOW",      "ISOYEAR", "DECADE", "CENTURY", "MILLENNIUM"};
    return (size_t)unit < WEIR_ARRAY_COUNT(names) ? names[unit] : "?";
}

/* Text under construction: doubled where it does not fit. text is NULL once memory is short. */
struct writer {
    struct weir_arena *arena;
    const char *const *names;
    char *text;
    size_t length;
    size_t room;
};

static void put_bytes(struct writer *writer, const char *bytes, size_t count) {
    if (writer->text == NULL) return;
    if (count >= writer->room - writer->length) {
        size_t room = writer->room * 2 + count;
        char *text = weir_arena_alloc(writer->arena, room);
        if (text != NULL) memcpy(text, writer->text, writer->length);
        writer->text = text;
        writer->room = room;
        if (text == NULL) return;
    }
    memcpy(writer->text + writer->length, bytes, count);
    writer->length += count;
    writer->text[writer->length] = '\0';
}

static void put_text(struct writer *writer, const char *text) { put_bytes(writer, text, strlen(text)); }

static void put_expr(struct writer *writer, const struct weir_expr *expr);

static void put_string(struct writer *writer, struct weir_string string) {
    put_text(writer, "'");
    for (int64_t i = 0; i < string.length; i++) {
        put_bytes(writer, &string.data[i], 1);
        if (string.data[i] == '\'') put_text(writer, "'");
    }
    put_text(writer, "'");
}

static const char *time_keyword(enum weir_type_id id) {
    switch (id) {
    case WEIR_TYPE_DATE: return "DATE ";
    case WEIR_TYPE_TIME: return "TIME ";
    case WEIR_TYPE_TIMESTAMP: return "TIMESTAMP ";
    case WEIR_TYPE_TIMESTAMP_LTZ: return "TIMESTAMP_LTZ ";
    case WEIR_TYPE_INTERVAL_MS:
    case WEIR_TYPE_INTERVAL_MONTH: return "INTERVAL ";
    default: return NULL;
    }
}

static void put_literal(struct writer *writer, const struct weir_expr *expr) {
    char buffer[WEIR_EVAL_TEXT_BYTES];
    uint64_t bit = (uint64_t)expr->value.i64;
    if (expr->is_null || expr->type.id == WEIR_TYPE_NULL) return put_text(writer, "NULL");
    struct weir_vector vector = {.kind = weir_type_vector(expr->type)};
    if (vector.kind == WEIR_VECTOR_STRING) return put_string(writer, expr->value.string);
    vector.i64 = &expr->value.i64; /* the members of the union begin at one address */
    if (vector.kind == WEIR_VECTOR_BOOL) vector.bits = &bit;
    const char *keyword = time_keyword(expr->type.id);
    if (keyword != NULL) put_text(writer, keyword), put_text(writer, "'");
    put_text(writer, weir_eval_value_text(expr->type, &vector, 0, buffer));
    if (keyword != NULL) put_text(writer, "'");
}

static void put_list(struct writer *writer, const struct weir_expr *expr, int32_t from, const char *between) {
    for (int32_t i = from; i < expr->args_count; i++) {
        if (i > from) put_text(writer, between);
        put_expr(writer, expr->args[i]);
    }
}

static void put_operand(struct writer *writer, const struct weir_expr *expr) {
    bool plain = expr == NULL || expr->op == WEIR_EXPR_COLUMN || expr->op == WEIR_EXPR_LITERAL ||
                 expr->op == WEIR_EXPR_CASE || expr->op == WEIR_EXPR_COALESCE || expr->op == WEIR_EXPR_CAST ||
                 (expr->op >= WEIR_EXPR_ABS && expr->op != WEIR_EXPR_LIKE);
    if (!plain) put_text(writer, "(");
    put_expr(writer, expr);
    if (!plain) put_text(writer, ")");
}

static void put_infix(struct writer *writer, const struct weir_expr *expr) {
    for (int32_t i = 0; i < expr->args_count; i++) {
        if (i > 0) {
            put_text(writer, " ");
            put_text(writer, i == 2 && expr->op == WEIR_EXPR_LIKE ? "ESCAPE" : weir_expr_op_name(expr->op));
            put_text(writer, " ");
        }
        put_operand(writer, expr->args[i]);
    }
}

static void put_case(struct writer *writer, const struct weir_expr *expr) {
    int32_t i = 0;
    put_text(writer, "CASE");
    for (; i + 1 < expr->args_count; i += 2) {
        put_text(writer, " WHEN ");
        put_expr(writer, expr->args[i]);
        put_text(writer, " THEN ");
        put_expr(writer, expr->args[i + 1]);
    }
    if (i < expr->args_count) put_text(writer, " ELSE "), put_expr(writer, expr->args[i]);
    put_text(writer, " END");
}

static void put_cast(struct writer *writer, const struct weir_expr *expr) {
    char name[WEIR_TYPE_NAME_BYTES];
    put_text(writer, expr->try_cast ? "TRY_CAST(" : "CAST(");
    put_list(writer, expr, 0, ", ");
    put_text(writer, " AS ");
    put_text(writer, weir_type_name(expr->type, false, name, sizeof(name)));
    put_text(writer, ")");
}

static void put_call(struct writer *writer, const struct weir_expr *expr) {
    static const char *const sides[] = {"", "LEADING ", "TRAILING ", "BOTH "};
    put_text(writer, weir_expr_op_name(expr->op));
    put_text(writer, "(");
    if (expr->op == WEIR_EXPR_EXTRACT) put_text(writer, unit_name(expr->unit)), put_text(writer, " FROM ");
    if (expr->op == WEIR_EXPR_TRIM && expr->args_count == 2) {
        put_text(writer, sides[(int)expr->unit & 3]);
        put_expr(writer, expr->args[1]);
        put_text(writer, " FROM ");
        put_expr(writer, expr->args[0]);
    } else {
        put_list(writer, expr, 0, expr->op == WEIR_EXPR_POSITION ? " IN " : ", ");
    }
    if (expr->op == WEIR_EXPR_FLOOR_TIME || expr->op == WEIR_EXPR_CEIL_TIME) {
        put_text(writer, " TO ");
        put_text(writer, unit_name(expr->unit));
    }
    if (expr->op == WEIR_EXPR_FROM_EPOCH) {
        char digits[WEIR_VALUE_TEXT_BYTES];
        weir_text_write_i64(expr->index, digits);
        put_text(writer, ", ");
        put_text(writer, digits);
    }
    if (expr->zone != NULL) put_text(writer, " IN "), put_text(writer, weir_zone_name(expr->zone));
    put_text(writer, ")");
}

static void put_column(struct writer *writer, int32_t index) {
    char number[WEIR_VALUE_TEXT_BYTES];
    if (writer->names != NULL && index >= 0 && writer->names[index] != NULL) {
        return put_text(writer, writer->names[index]);
    }
    weir_text_write_i64(index, number);
    put_text(writer, "$");
    put_text(writer, number);
}

static void put_expr(struct writer *writer, const struct weir_expr *expr) {
    if (expr == NULL) return put_text(writer, "?");
    if (expr->op == WEIR_EXPR_COLUMN) return put_column(writer, expr->index);
    if (expr->op == WEIR_EXPR_LITERAL) return put_literal(writer, expr);
    if (expr->op == WEIR_EXPR_CASE) return put_case(writer, expr);
    if (expr->op == WEIR_EXPR_CAST) return put_cast(writer, expr);
    if (expr->op == WEIR_EXPR_NOT || expr->op == WEIR_EXPR_NEGATE) {
        put_text(writer, weir_expr_op_name(expr->op));
        return put_operand(writer, expr->args_count > 0 ? expr->args[0] : NULL);
    }
    if (expr->op >= WEIR_EXPR_IS_NULL && expr->op <= WEIR_EXPR_IS_NOT_FALSE) {
        put_operand(writer, expr->args_count > 0 ? expr->args[0] : NULL);
        put_text(writer, " ");
        return put_text(writer, weir_expr_op_name(expr->op));
    }
    if (expr->op == WEIR_EXPR_IN && expr->args_count > 0) {
        put_operand(writer, expr->args[0]);
        put_text(writer, " IN (");
        put_list(writer, expr, 1, ", ");
        return put_text(writer, ")");
    }
    if (expr->op == WEIR_EXPR_LIKE || (expr->op >= WEIR_EXPR_ADD && expr->op <= WEIR_EXPR_OR)) {
        return put_infix(writer, expr);
    }
    put_call(writer, expr);
}

const char *weir_expr_text(struct weir_arena *arena, const struct weir_expr *expr, const char *const *names) {
    struct writer writer = {.arena = arena, .names = names, .room = 64};
    writer.text = weir_arena_alloc(arena, writer.room);
    if (writer.text != NULL) writer.text[0] = '\0';
    put_expr(&writer, expr);
    return writer.text;
}
