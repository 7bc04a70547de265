/* SPDX-License-Identifier: Apache-2.0
 *
 * Random trees over a few columns against a naive evaluator that goes row by row down the tree: same values, same
 * NULLs, and an error exactly when some row that counts has one.
 */
#include <stdlib.h>

#include "evaluate.h"

#define ROWS 150

/* One value of the naive evaluator. */
struct naive {
    bool error;
    bool null;
    int64_t i64; /* BIGINT and BOOLEAN */
    const char *text;
};

static unsigned seed;
static int pick(int count) { return (int)((unsigned)rand_r(&seed) % (unsigned)count); }

static const int64_t edges[] = {0, 0, 1, -1, 2, 3, -7, INT64_MAX, INT64_MIN, INT64_C(3037000500), 1000};
static const char *const words[] = {"", "a", "ab", "abc", "b", "\xC3\xA9", "12", "-7"};

/* Columns 0, 1: BIGINT; 2, 3: BOOLEAN; 4: STRING. */
static void make_table(void) {
    int64_t values[ROWS];
    char letters[ROWS + 1] = "";
    const char *texts[ROWS];
    table_rows = ROWS;
    columns_count = 0;
    for (int c = 0; c < 2; c++) {
        for (int i = 0; i < ROWS; i++) {
            values[i] = edges[pick((int)(sizeof(edges) / sizeof(edges[0])))];
            letters[i] = "xvvvv"[pick(5)];
        }
        add_i64(BIGINT_, values, c == 0 ? letters : NULL);
    }
    for (int c = 0; c < 2; c++) {
        for (int i = 0; i < ROWS; i++) letters[i] = "ttffx"[pick(5)];
        add_bools(letters);
    }
    for (int i = 0; i < ROWS; i++) texts[i] = pick(6) == 0 ? NULL : words[pick(8)];
    add_strings(texts);
}

/* ---- random trees ---- */

static struct weir_expr *random_boolean(int depth);
static struct weir_expr *random_string(int depth);

static struct weir_expr *random_number(int depth) {
    if (depth == 0) return pick(3) == 0 ? num(BIGINT_, pick(7) - 3) : col(pick(2));
    switch (pick(8)) {
    case 0: return call(WEIR_EXPR_NEGATE, BIGINT_, 1, random_number(depth - 1));
    case 1:
        return call(WEIR_EXPR_CASE, BIGINT_, 5, random_boolean(depth - 1), random_number(depth - 1),
                    random_boolean(depth - 1), random_number(depth - 1), random_number(depth - 1));
    case 2: return call(WEIR_EXPR_COALESCE, BIGINT_, 2, random_number(depth - 1), random_number(depth - 1));
    case 3: return try_cast(random_string(depth - 1), BIGINT_);
    case 4: return null_of(BIGINT_);
    default:
        return call((enum weir_expr_op)(WEIR_EXPR_ADD + pick(5)), BIGINT_, 2, random_number(depth - 1),
                    random_number(depth - 1));
    }
}

static struct weir_expr *random_boolean(int depth) {
    if (depth == 0) return col(2 + pick(2));
    switch (pick(6)) {
    case 0:
        return call(WEIR_EXPR_AND, BOOLEAN_, 3, random_boolean(depth - 1), random_boolean(depth - 1),
                    random_boolean(depth - 1));
    case 1: return call(WEIR_EXPR_OR, BOOLEAN_, 2, random_boolean(depth - 1), random_boolean(depth - 1));
    case 2: return call(WEIR_EXPR_NOT, BOOLEAN_, 1, random_boolean(depth - 1));
    case 3: return call(WEIR_EXPR_IS_NULL, BOOLEAN_, 1, random_number(depth - 1));
    case 4:
        return call((enum weir_expr_op)(WEIR_EXPR_EQ + pick(8)), BOOLEAN_, 2, random_string(depth - 1),
                    random_string(depth - 1));
    default:
        return call((enum weir_expr_op)(WEIR_EXPR_EQ + pick(8)), BOOLEAN_, 2, random_number(depth - 1),
                    random_number(depth - 1));
    }
}

static struct weir_expr *random_string(int depth) {
    if (depth == 0) return pick(3) == 0 ? str(words[pick(8)]) : col(4);
    switch (pick(3)) {
    case 0: return call(WEIR_EXPR_CONCAT, STRING_, 2, random_string(depth - 1), random_string(depth - 1));
    case 1:
        return call(WEIR_EXPR_CASE, STRING_, 3, random_boolean(depth - 1), random_string(depth - 1),
                    random_string(depth - 1));
    default: return cast(random_number(depth - 1), STRING_);
    }
}

/* ---- the naive evaluator ---- */

static struct naive evaluate_row(const struct weir_expr *expr, int32_t row);

static const struct naive null_value = {.null = true}, error_value = {.error = true};
static struct naive number(int64_t value) { return (struct naive){.i64 = value}; }

static struct naive naive_column(int32_t index, int32_t row) {
    const struct weir_column *column = &columns[index];
    if (column->validity != NULL && !weir_bit_get(column->validity, (size_t)row)) return null_value;
    if (index < 2) return number(((const int64_t *)column->values)[row]);
    if (index < 4) return number(weir_bit_get(column->values, (size_t)row));
    struct weir_string string = weir_column_string(column, row);
    return (struct naive){.text = weir_arena_string(&arena, string.data, (size_t)string.length)};
}

static struct naive naive_arith(enum weir_expr_op op, int64_t a, int64_t b) {
    weir_i128 result;
    if ((op == WEIR_EXPR_DIVIDE || op == WEIR_EXPR_MODULO) && b == 0) return error_value;
    switch (op) {
    case WEIR_EXPR_ADD: result = (weir_i128)a + b; break;
    case WEIR_EXPR_SUBTRACT: result = (weir_i128)a - b; break;
    case WEIR_EXPR_MULTIPLY: result = (weir_i128)a * b; break;
    case WEIR_EXPR_DIVIDE: result = (weir_i128)a / b; break;
    default: result = (weir_i128)a % b; break;
    }
    return result < INT64_MIN || result > INT64_MAX ? error_value : number((int64_t)result);
}

static struct naive naive_compare(enum weir_expr_op op, struct naive a, struct naive b) {
    int order = a.text != NULL && b.text != NULL ? strcmp(a.text, b.text) : (a.i64 > b.i64) - (a.i64 < b.i64);
    bool distinct = a.null != b.null || (!a.null && order != 0);
    if (op == WEIR_EXPR_IS_DISTINCT) return number(distinct);
    if (op == WEIR_EXPR_IS_NOT_DISTINCT) return number(!distinct);
    if (a.null || b.null) return null_value;
    bool results[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
    return number(results[op - WEIR_EXPR_EQ]);
}

static struct naive naive_logic(const struct weir_expr *expr, int32_t row) {
    bool and = expr->op == WEIR_EXPR_AND, null = false;
    for (int32_t i = 0; i < expr->args_count; i++) {
        struct naive arg = evaluate_row(expr->args[i], row);
        if (arg.error) return arg;
        if (!arg.null && (arg.i64 != 0) != and) return number(!and);
        null |= arg.null;
    }
    return null ? null_value : number(and);
}

static struct naive naive_choice(const struct weir_expr *expr, int32_t row) {
    int32_t step = expr->op == WEIR_EXPR_CASE ? 2 : 1, i = 0;
    for (; i + step <= expr->args_count - (step - 1) && i + 1 < expr->args_count; i += step) {
        struct naive first = evaluate_row(expr->args[i], row);
        if (first.error) return first;
        if (step == 1 && !first.null) return first;
        if (step == 2 && !first.null && first.i64 != 0) return evaluate_row(expr->args[i + 1], row);
    }
    return evaluate_row(expr->args[i], row);
}

static struct naive naive_cast(const struct weir_expr *expr, struct naive arg) {
    if (arg.null) return arg;
    if (expr->type.id == WEIR_TYPE_STRING) {
        return (struct naive){.text = weir_arena_format(&arena, "%lld", (long long)arg.i64)};
    }
    char *end;
    long long value = strtoll(arg.text, &end, 10);
    if (*arg.text == '\0' || *end != '\0' || strlen(arg.text) > 18) {
        int64_t exact;
        if (weir_text_read_i64(arg.text, (int64_t)strlen(arg.text), &exact) != WEIR_TEXT_OK) return null_value;
        value = exact;
    }
    return number(value);
}

static struct naive evaluate_row(const struct weir_expr *expr, int32_t row) {
    if (expr->op == WEIR_EXPR_COLUMN) return naive_column(expr->index, row);
    if (expr->op == WEIR_EXPR_LITERAL) {
        if (expr->is_null) return null_value;
        if (expr->type.id == WEIR_TYPE_STRING) return (struct naive){.text = expr->value.string.data};
        return number(expr->value.i64);
    }
    if (expr->op == WEIR_EXPR_AND || expr->op == WEIR_EXPR_OR) return naive_logic(expr, row);
    if (expr->op == WEIR_EXPR_CASE || expr->op == WEIR_EXPR_COALESCE) return naive_choice(expr, row);
    struct naive a = evaluate_row(expr->args[0], row), b = number(0);
    if (a.error) return a;
    if (expr->args_count > 1) b = evaluate_row(expr->args[1], row);
    if (b.error) return b;
    if (expr->op >= WEIR_EXPR_EQ && expr->op <= WEIR_EXPR_IS_NOT_DISTINCT) return naive_compare(expr->op, a, b);
    if (expr->op == WEIR_EXPR_IS_NULL) return number(a.null);
    if (expr->op == WEIR_EXPR_CAST) return naive_cast(expr, a);
    if (a.null || b.null) return null_value;
    if (expr->op == WEIR_EXPR_NOT) return number(a.i64 == 0);
    if (expr->op == WEIR_EXPR_NEGATE) return a.i64 == INT64_MIN ? error_value : number(-a.i64);
    if (expr->op == WEIR_EXPR_CONCAT)
        return (struct naive){.text = weir_arena_format(&arena, "%s%s", a.text, b.text)};
    return naive_arith(expr->op, a.i64, b.i64);
}

/* ---- the comparison ---- */

static const char *naive_text(const struct weir_expr *expr, struct naive value) {
    if (value.null) return "NULL";
    if (expr->type.id == WEIR_TYPE_STRING) return value.text;
    if (expr->type.id == WEIR_TYPE_BOOLEAN) return value.i64 != 0 ? "true" : "false";
    return weir_arena_format(&arena, "%lld", (long long)value.i64);
}

static void check(const struct weir_expr *expr, const uint64_t *active, unsigned run) {
    struct weir_vector out;
    enum weir_status status = evaluate(expr, active, &out);
    bool failed = false;
    for (int32_t i = 0; i < ROWS; i++) {
        if (active != NULL && !weir_bit_get(active, (size_t)i)) continue;
        struct naive value = evaluate_row(expr, i);
        failed |= value.error;
        if (value.error || status != WEIR_OK) continue;
        const char *have = value_text(expr->type, &out, i), *want = naive_text(expr, value);
        if (strcmp(have, want) != 0) {
            fail_msg("seed %u row %d: '%s' for '%s' in %s", run, (int)i, have, want,
                     weir_expr_text(&arena, expr, NULL));
        }
    }
    if (failed != (status == WEIR_ERR_VALUE)) {
        fail_msg("seed %u: %s but status %d (%s) in %s", run, failed ? "a row fails" : "no row fails", (int)status,
                 error.message, weir_expr_text(&arena, expr, NULL));
    }
}

static void random_trees_agree(void **state) {
    (void)state;
    for (unsigned run = 1; run <= 600; run++) {
        seed = run * 7919;
        weir_arena_reset(&arena);
        make_table();
        struct weir_expr *expr = run % 3 == 0   ? random_number(1 + pick(3))
                                 : run % 3 == 1 ? random_boolean(1 + pick(4))
                                                : random_string(1 + pick(3));
        uint64_t active[3];
        for (int i = 0; i < 3; i++) active[i] = ((uint64_t)(unsigned)rand_r(&seed) << 33) ^ (unsigned)rand_r(&seed);
        if (run % 5 == 0) memset(active, 0, sizeof(active));
        check(expr, run % 2 == 0 ? NULL : active, run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(random_trees_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
