/* SPDX-License-Identifier: Apache-2.0
 *
 * Which types go together, as Flink decides it: what whoever builds expressions (the binder of SQL, the builder of
 * the C API) asks before it makes a node.
 */
#ifndef WEIR_ENGINE_TYPE_RULES_H
#define WEIR_ENGINE_TYPE_RULES_H

#include "engine/expression.h"

/* The type that CASE, COALESCE, + and the like give two types (Calcite's least restrictive one); false: there is
 * none. */
bool weir_type_common(struct weir_type a, struct weir_type b, struct weir_type *out);

/* How two types are compared. */
struct weir_comparison {
    struct weir_type left; /* what each side is cast to: one type, or two of DECIMAL */
    struct weir_type right;
    bool total_order; /* both sides, cast to DOUBLE, by WEIR_EXPR_TOTAL_ORDER */
};

/* By the comparison `op` (EQ to IS_NOT_DISTINCT); false: they are not. A STRING and a time are compared as times.
 */
bool weir_type_comparable(enum weir_expr_op op, struct weir_type a, struct weir_type b,
                          struct weir_comparison *out);

/* An integer type as the DECIMAL that holds its values; any other as it is. */
struct weir_type weir_type_as_decimal(struct weir_type type);

/* The DECIMAL of a op b of two DECIMALs, op from ADD to MODULO. Nullable where it has 38 digits, for what needs
 * more is NULL. */
struct weir_type weir_type_decimal_result(enum weir_expr_op op, struct weir_type a, struct weir_type b);

struct weir_type weir_type_string(void); /* STRING, nullable */

#endif
