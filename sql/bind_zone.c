/* SPDX-License-Identifier: Apache-2.0
 *
 * Instants and the wall clock of the session's zone. TIMESTAMP_LTZ is an instant; all that shows it as a date, a
 * clock or a text, and all that makes one of those, goes by the zone of table.local-time-zone.
 */
#include "base/zone.h"

#include <string.h>

#include "sql/bind.h"

/* Opens a zone and puts it into the plan's arena; NULL after an error. */
static struct weir_zone *open_zone(struct weir_binder *b, const char *name, struct weir_place at, bool old) {
    struct weir_zone *opened = NULL;
    struct weir_error error = {0};
    enum weir_status status = weir_zone_open(name, &opened, &error);
    if (status != WEIR_OK)
        return weir_bind_fail(b, status == WEIR_ERR_INVALID ? WEIR_ERR_SQL : status, at, "%s", error.message);
    if (old) weir_zone_forget_before_1900(opened);
    size_t bytes = weir_zone_bytes(opened);
    struct weir_zone *kept = weir_arena_alloc(b->arena, bytes);
    if (kept != NULL) memcpy(kept, opened, bytes);
    weir_zone_close(&opened);
    return kept == NULL ? weir_bind_no_memory(b) : kept;
}

bool weir_bind_open_zone(struct weir_binder *b) {
    struct weir_place nowhere = {0, 0};
    const char *name = b->request->settings->zone;
    if (name != NULL) b->zone = open_zone(b, name, nowhere, false);
    if (b->zone != NULL) b->old_zone = open_zone(b, name, nowhere, true);
    return b->status == WEIR_OK;
}

const struct weir_zone *weir_bind_zone(struct weir_binder *b, const struct weir_expr *name, bool old) {
    struct weir_place at = weir_expr_place(name);
    bool literal = name->op == WEIR_EXPR_LITERAL && !name->is_null && name->type.id == WEIR_TYPE_STRING;
    if (!literal)
        return weir_bind_fail(b, WEIR_ERR_UNSUPPORTED, at,
                              "a time zone must be written as a literal such as 'Europe/Berlin'; computed ones are "
                              "not supported");
    return open_zone(b, name->value.string.data, at, old);
}

/* ---- instants and clocks ---- */

static struct weir_expr *fold_shift(struct weir_binder *b, struct weir_expr *node) {
    const struct weir_expr *from = node->args[0];
    if (from->is_null) return weir_bind_null(b, weir_expr_place(node), node->type);
    int64_t per_ms = weir_type_ticks(node->type) / 1000, value;
    if (node->later) {
        weir_zone_epoch_last_ticks(node->zone, &from->value.i64, 1, per_ms, &value);
    } else {
        weir_zone_epoch_ticks(node->zone, &from->value.i64, 1, per_ms, &value);
    }
    return weir_bind_integer(b, weir_expr_place(node), node->type, value);
}

struct weir_expr *weir_bind_local(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                  const struct weir_zone *zone) {
    if (zone == NULL || expr->type.id != WEIR_TYPE_TIMESTAMP_LTZ) return expr;
    struct weir_type type = expr->type;
    type.id = WEIR_TYPE_TIMESTAMP;
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_TO_LOCAL, type, 1, &expr);
    if (node != NULL) node->zone = zone;
    return node;
}

struct weir_expr *weir_bind_instant(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                    const struct weir_zone *zone, bool later) {
    struct weir_type type = expr->type;
    type.id = WEIR_TYPE_TIMESTAMP_LTZ;
    if (zone == NULL) return weir_bind_node(b, at, WEIR_EXPR_CAST, type, 1, &expr);
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_TO_INSTANT, type, 1, &expr);
    if (node == NULL) return NULL;
    node->zone = zone;
    node->later = later;
    return expr->op == WEIR_EXPR_LITERAL ? fold_shift(b, node) : node;
}

/* ---- casts ---- */

static struct weir_expr *plain_cast(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                    struct weir_type type, bool try_cast) {
    struct weir_type wanted = type;
    wanted.nullable = expr->type.nullable;
    if (weir_type_equal(expr->type, wanted)) return expr;
    struct weir_expr *node = weir_bind_node(b, at, WEIR_EXPR_CAST, type, 1, &expr);
    if (node != NULL) node->try_cast = try_cast;
    return node;
}

struct weir_expr *weir_bind_cast_node(struct weir_binder *b, struct weir_place at, struct weir_expr *expr,
                                      struct weir_type type, bool try_cast) {
    bool from = expr->type.id == WEIR_TYPE_TIMESTAMP_LTZ, to = type.id == WEIR_TYPE_TIMESTAMP_LTZ;
    if (b->zone != NULL && from && !to) {
        expr = weir_bind_local(b, at, expr, b->zone);
        return expr == NULL ? NULL : plain_cast(b, at, expr, type, try_cast);
    }
    if (b->zone == NULL || from || !to) return plain_cast(b, at, expr, type, try_cast);
    type.id = WEIR_TYPE_TIMESTAMP;
    expr = plain_cast(b, at, expr, type, try_cast);
    return expr == NULL ? NULL : weir_bind_instant(b, at, expr, b->zone, false);
}

struct weir_expr *weir_bind_fold_instant(struct weir_binder *b, const struct weir_expr *literal,
                                         struct weir_type type) {
    struct weir_type local = type;
    local.id = WEIR_TYPE_TIMESTAMP;
    struct weir_expr *folded = literal->type.id == WEIR_TYPE_TIMESTAMP && literal->type.precision == type.precision
                                   ? weir_bind_copy(b, literal)
                                   : weir_bind_fold(b, literal, local);
    return folded == NULL ? NULL : weir_bind_instant(b, weir_expr_place(literal), folded, b->zone, false);
}
