/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the public query builder (weir/builder.h) share. A builder is a description in an arena of its
 * own; finish checks that its parts fit each other and copies it into a plan, so that it can be added to and
 * finished again.
 *
 *   builder.c         its life, its first failure; time, windows, watermark, emission
 *   builder_term.c    terms: columns and operators     builder_literal.c  terms: literals
 *   builder_result.c  columns of the result, their order, FILL
 *   builder_check.c   which parts go together          builder_plan.c     the plan
 */
#ifndef WEIR_ENGINE_BUILDER_H
#define WEIR_ENGINE_BUILDER_H

#include "engine/plan.h"
#include "weir/builder.h"

#define WEIR_BUILD_OUTPUTS_MAX 10000 /* columns of the result, keys, aggregates, each */
#define WEIR_BUILD_NODES_MAX 100000  /* of one term, as a tree */
#define WEIR_BUILD_DEPTH_MAX 1000    /* levels of one term */

/* Expressions refer to columns of the input by their index, and to columns of the result by columns_count + the
 * number of the output. */
struct weir_term {
    const struct weir_builder *builder;
    struct weir_expr *expr;
    int32_t nodes;
    int32_t depth;
    bool of_input; /* some node is a column of the input */
    bool of_result;
};

enum weir_build_source { WEIR_BUILD_BOUND, WEIR_BUILD_KEY, WEIR_BUILD_AGGREGATE };

struct weir_build_output {
    const char *name;
    enum weir_build_source source;
    int32_t index; /* BOUND: enum weir_builder_bound; else of keys or aggregates */
};

struct weir_build_order {
    int32_t output;
    bool descending;
    bool nulls_first;
};

struct weir_builder {
    struct weir_arena arena;
    struct weir_error failure; /* the first one; code WEIR_OK: none */

    int32_t columns_count;
    const char **column_names;
    struct weir_layout *columns;

    int32_t time_column; /* -1: none */
    bool processing_time;
    int64_t units_per_second;
    const char *zone; /* NULL: UTC */
    struct weir_window_spec window;
    struct weir_watermark_spec watermark;
    struct weir_emission emission;
    enum weir_fill_kind fill;
    const struct weir_expr *fill_value;
    int64_t fill_windows_max; /* -1: no limit */
    bool order_floats;

    int32_t outputs_count, outputs_capacity;
    struct weir_build_output *outputs;
    int32_t keys_count, keys_capacity;
    struct weir_expr **keys;
    int32_t aggregates_count, aggregates_capacity;
    struct weir_aggregate_call *aggregates;
    int32_t order_count, order_capacity;
    struct weir_build_order *order;
    const struct weir_expr *filter, *having;
    int64_t offset, limit;
};

/* ---- builder.c ---- */

/* The first failure; WEIR_ERR_INVALID for NULL. */
static inline enum weir_status weir_build_status(const struct weir_builder *builder) {
    return builder == NULL ? WEIR_ERR_INVALID : builder->failure.code;
}

/* Makes the builder fail, unless it has. Returns its status. */
enum weir_status weir_build_fail(struct weir_builder *builder, enum weir_status code, const char *format, ...)
    WEIR_PRINTF(3, 4);
enum weir_status weir_build_no_memory(struct weir_builder *builder);

/* The index of a column of the input, by the name that a caller gave; -1 after a failure. `what` says what the name
 * is for: "the key". */
int32_t weir_build_find(struct weir_builder *builder, const char *name, const char *what);

/* A copy in the arena; NULL after a failure: the name is NULL, empty or no UTF-8. */
const char *weir_build_name(struct weir_builder *builder, const char *name, const char *what);
bool weir_build_is_utf8(const char *text);

/* Room for one more of `count` items; NULL after a failure. */
void *weir_build_grow(struct weir_builder *builder, void *items, int32_t count, int32_t *capacity, size_t bytes);

/* ---- terms ---- */

/* A term over an expression in the builder's arena; NULL after a failure. The operands may be NULL where there is
 * none. */
struct weir_term *weir_build_term(struct weir_builder *builder, struct weir_expr *expr,
                                  const struct weir_term *left, const struct weir_term *right);

/* Is it a term of this builder, and over the input (or the result)? `what` is what it is for. */
bool weir_build_is_over(struct weir_builder *builder, const struct weir_term *term, bool result, const char *what);

/* SQL-like text for messages, in the arena. Never NULL. */
const char *weir_build_text(struct weir_builder *builder, const struct weir_expr *expr);

/* The expression of a column of the input. */
struct weir_expr *weir_build_column(struct weir_builder *builder, int32_t index);

/* The value of a literal number in another type of numbers; false where that would lose something. */
bool weir_build_convert(const struct weir_expr *literal, struct weir_type to, union weir_value *out);

/* ---- builder_result.c ---- */

int32_t weir_build_find_output(const struct weir_builder *builder, const char *name); /* -1: none */

/* The time that windows are cut by: WEIR_TYPE_NULL when it has not been said. */
struct weir_type weir_build_time_type(const struct weir_builder *builder);

/* The type of a column of the result, as things stand. */
struct weir_type weir_build_output_type(const struct weir_builder *builder, const struct weir_build_output *output);

/* ---- builder_check.c ---- */

/* Early results, or results that late rows fire again. */
bool weir_build_updates(const struct weir_builder *builder);

/* Do the parts fit each other? */
enum weir_status weir_build_check(const struct weir_builder *builder, struct weir_error *error);

#endif
