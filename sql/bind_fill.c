/* SPDX-License-Identifier: Apache-2.0
 *
 * FILL(...): rows for windows that hold none.
 */
#include "sql/bind.h"

static struct weir_place call_place(const struct weir_aggregate_call *call) {
    return (struct weir_place){call->line, call->column};
}

/* Numbers can be put between numbers, and one number can stand for all. */
static bool check_numbers(struct weir_binder *b, const char *how) {
    for (int32_t i = 0; i < b->plan->aggregates_count; i++) {
        const struct weir_aggregate_call *call = &b->plan->aggregates[i];
        if (weir_type_is_numeric(call->type)) continue;
        char name[WEIR_TYPE_NAME_BYTES];
        weir_bind_fail(b, WEIR_ERR_SQL, call_place(call),
                       "%s fills numbers, and this aggregate is %s; FILL(NULL) and FILL(PREV) fill any", how,
                       weir_type_name(call->type, false, name, sizeof(name)));
        return false;
    }
    return true;
}

/* The literal in the type of an aggregate. */
static struct weir_expr *convert(struct weir_binder *b, const struct weir_expr *literal,
                                 const struct weir_aggregate_call *call) {
    struct weir_type type = call->type;
    bool is_float = type.id == WEIR_TYPE_FLOAT;
    if (is_float) type.id = WEIR_TYPE_DOUBLE;
    struct weir_expr *value = weir_bind_fold(b, literal, type);
    if (value == NULL && b->status == WEIR_OK && literal->type.id == WEIR_TYPE_DOUBLE &&
        type.id == WEIR_TYPE_DOUBLE)
        value = weir_bind_copy(b, literal);
    if (value != NULL && is_float) value->value.f64 = (float)value->value.f64;
    if (value != NULL) {
        value->type = call->type;
        return value;
    }
    if (b->status != WEIR_OK) return NULL;
    char name[WEIR_TYPE_NAME_BYTES];
    return weir_bind_fail(b, WEIR_ERR_SQL, weir_expr_place(literal),
                          "the value of FILL is no %s, which the aggregate at line %d, column %d is; CAST the "
                          "aggregate's argument, or fill with a whole number",
                          weir_type_name(call->type, false, name, sizeof(name)), call->line, call->column);
}

static bool bind_values(struct weir_binder *b, const struct weir_ast_fill *fill) {
    const struct weir_relation nothing = {0}, *scope = b->scope;
    b->scope = &nothing;
    struct weir_expr *literal = weir_bind_root(b, fill->value, NULL);
    b->scope = scope;
    if (literal == NULL) return false;
    if (literal->op != WEIR_EXPR_LITERAL || !weir_type_is_numeric(literal->type) || literal->is_null) {
        weir_bind_fail(b, WEIR_ERR_SQL, fill->value->at, "FILL takes NULL, PREV, LINEAR or a number");
        return false;
    }
    if (!check_numbers(b, "a value")) return false;
    struct weir_fill_spec *spec = &b->plan->fill;
    if ((spec->values = weir_bind_array(b, b->plan->aggregates_count, sizeof(*spec->values))) == NULL) return false;
    for (int32_t i = 0; i < b->plan->aggregates_count; i++) {
        if ((spec->values[i] = convert(b, literal, &b->plan->aggregates[i])) == NULL) return false;
    }
    return true;
}

static bool check_window(struct weir_binder *b, const struct weir_ast_fill *fill) {
    if (b->plan->window.kind != WEIR_WINDOW_TUMBLE) {
        weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, fill->at,
                       "FILL goes with TUMBLE windows only: other windows overlap, or have no fixed length");
        return false;
    }
    if (!b->input.unbounded || fill->windows != NULL) return true;
    weir_bind_fail(b, WEIR_ERR_SQL, fill->at,
                   "the table '%.120s' has no end, so FILL needs the number of empty windows after which a key is "
                   "forgotten: FILL(NULL, 100)",
                   b->input.name);
    return false;
}

bool weir_bind_fill(struct weir_binder *b, const struct weir_ast_query *query) {
    const struct weir_ast_fill *fill = query->fill;
    if (fill == NULL) return true;
    if (!check_window(b, fill) || !weir_bind_note(b, "Flink's SQL has no FILL")) return false;
    struct weir_fill_spec *spec = &b->plan->fill;
    spec->kind = fill->kind;
    spec->windows_max = -1;
    if (fill->windows != NULL &&
        !weir_bind_count(b, fill->windows, "the largest number of empty windows", &spec->windows_max))
        return false;
    if (fill->kind == WEIR_FILL_LINEAR) return check_numbers(b, "FILL(LINEAR)");
    return fill->kind != WEIR_FILL_VALUE || bind_values(b, fill);
}
