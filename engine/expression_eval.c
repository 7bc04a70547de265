/* SPDX-License-Identifier: Apache-2.0
 *
 * Running a program over a block, and what all families need for it: room, validity, masks, messages.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/expression_ops.h"
#include "engine/value_text.h"

weir_i128 weir_eval_zeros[WEIR_BLOCK_ROWS];

/* ---- room ---- */

void *weir_eval_values(struct weir_evaluation *ev, size_t element_bytes) {
    return weir_arena_alloc(ev->arena, (size_t)ev->rows * element_bytes);
}

uint64_t *weir_eval_bits(struct weir_evaluation *ev) {
    return weir_arena_alloc(ev->arena, weir_eval_words(ev) * sizeof(uint64_t));
}

enum weir_status weir_eval_memory(struct weir_evaluation *ev) {
    return weir_error_set(ev->error, WEIR_ERR_MEMORY, "no memory for the temporaries of an expression");
}

#define TEXT_PIECE_BYTES ((size_t)16 * 1024)

char *weir_eval_text(struct weir_evaluation *ev, struct weir_text_pool *pool, size_t bytes) {
    if (bytes > pool->left) {
        size_t piece = bytes > TEXT_PIECE_BYTES / 4 ? bytes : TEXT_PIECE_BYTES;
        char *text = weir_arena_alloc(ev->arena, piece);
        if (text == NULL || piece == bytes) return text; /* a long one gets a piece of its own */
        pool->next = text;
        pool->left = piece;
    }
    char *text = pool->next;
    pool->next += bytes;
    pool->left -= bytes;
    return text;
}

/* ---- validity and masks ---- */

static const uint64_t *both(struct weir_evaluation *ev, const uint64_t *a, const uint64_t *b) {
    if (a == NULL || a == b) return b;
    if (b == NULL) return a;
    uint64_t *out = weir_eval_bits(ev);
    if (out == NULL) return NULL;
    for (size_t i = 0, words = weir_eval_words(ev); i < words; i++) out[i] = a[i] & b[i];
    return out;
}

enum weir_status weir_eval_validity(struct weir_evaluation *ev, const struct weir_node *node,
                                    const uint64_t **validity) {
    *validity = NULL;
    for (int32_t i = 0; i < node->args_count; i++) {
        const uint64_t *arg = weir_eval_arg(ev, node, i)->validity;
        if (arg == NULL) continue;
        *validity = both(ev, *validity, arg);
        if (*validity == NULL) return weir_eval_memory(ev);
    }
    return WEIR_OK;
}

uint64_t *weir_eval_own_validity(struct weir_evaluation *ev, struct weir_vector *out) {
    uint64_t *own = weir_eval_bits(ev);
    if (own == NULL) return NULL;
    size_t bytes = weir_eval_words(ev) * sizeof(uint64_t);
    if (out->validity != NULL) {
        memcpy(own, out->validity, bytes);
    } else {
        memset(own, 0xFF, bytes);
    }
    out->validity = own;
    return own;
}

const uint64_t *weir_eval_mask(const struct weir_evaluation *ev, const struct weir_node *node) {
    return node->mask == WEIR_NO_MASK ? ev->active : ev->slots[node->mask].bits;
}

/* ---- messages ---- */

enum weir_status weir_eval_error(struct weir_evaluation *ev, const struct weir_node *node, const char *format,
                                 ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    if (node->line <= 0) return weir_error_set(ev->error, WEIR_ERR_VALUE, "%s", message);
    return weir_error_set_at(ev->error, WEIR_ERR_VALUE, node->line, node->column, "at line %d, column %d: %s",
                             (int)node->line, (int)node->column, message);
}

static void quote(struct weir_string string, char *buffer) {
    int64_t length = string.length < 76 ? string.length : 73;
    while (length > 0 && length < string.length && ((unsigned char)string.data[length] & 0xC0) == 0x80) length--;
    buffer[0] = '\'';
    if (length > 0) memcpy(buffer + 1, string.data, (size_t)length);
    memcpy(buffer + 1 + length, length < string.length ? "...'" : "'", length < string.length ? 5 : 2);
}

static void i64_text(struct weir_type type, int64_t value, char *buffer) {
    switch (type.id) {
    case WEIR_TYPE_DATE: weir_text_write_date(value, buffer); break;
    case WEIR_TYPE_TIME: weir_text_write_time(value, type.precision, buffer); break;
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ:
        weir_text_write_timestamp(value, weir_type_ticks(type), type.precision, buffer);
        break;
    case WEIR_TYPE_INTERVAL_MS: snprintf(buffer, WEIR_EVAL_TEXT_BYTES, "%lld ms", (long long)value); break;
    case WEIR_TYPE_INTERVAL_MONTH: snprintf(buffer, WEIR_EVAL_TEXT_BYTES, "%lld months", (long long)value); break;
    default: weir_text_write_i64(value, buffer); break;
    }
}

const char *weir_eval_value_text(struct weir_type type, const struct weir_vector *vector, int32_t row,
                                 char *buffer) {
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL: return weir_bit_get(vector->bits, (size_t)row) ? "TRUE" : "FALSE";
    case WEIR_VECTOR_I64: i64_text(type, vector->i64[row], buffer); break;
    case WEIR_VECTOR_F64:
        if (type.id == WEIR_TYPE_FLOAT) {
            weir_text_write_float((float)vector->f64[row], buffer);
        } else {
            weir_text_write_double(vector->f64[row], buffer);
        }
        break;
    case WEIR_VECTOR_I128: weir_decimal_format((struct weir_decimal){vector->i128[row], type.scale}, buffer); break;
    case WEIR_VECTOR_STRING: quote(vector->strings[row], buffer); break;
    }
    return buffer;
}

void weir_type_bounds(struct weir_type type, int64_t *least, int64_t *greatest) {
    *least = INT64_MIN;
    *greatest = INT64_MAX;
    switch (type.id) {
    case WEIR_TYPE_TINYINT: *least = INT8_MIN, *greatest = INT8_MAX; break;
    case WEIR_TYPE_SMALLINT: *least = INT16_MIN, *greatest = INT16_MAX; break;
    case WEIR_TYPE_INT:
    case WEIR_TYPE_DATE:
    case WEIR_TYPE_INTERVAL_MONTH: *least = INT32_MIN, *greatest = INT32_MAX; break;
    case WEIR_TYPE_TIME: *least = 0, *greatest = 86399999; break;
    default: break;
    }
}

/* ---- running ---- */

static uint64_t keep_word(const struct weir_node *node, const struct weir_vector *condition, size_t i) {
    uint64_t valid = condition->validity == NULL ? ~UINT64_C(0) : condition->validity[i];
    switch (node->keep) {
    case WEIR_MASK_TRUE: return condition->bits[i] & valid;
    case WEIR_MASK_NOT_TRUE: return ~(condition->bits[i] & valid);
    case WEIR_MASK_NOT_FALSE: return condition->bits[i] | ~valid;
    default: return ~valid;
    }
}

enum weir_status weir_eval_narrow(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_vector *condition = weir_eval_arg(ev, node, 0);
    const uint64_t *outer = weir_eval_mask(ev, node);
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    size_t words = weir_eval_words(ev);
    uint64_t any = 0;
    for (size_t i = 0; i < words; i++) {
        bits[i] = keep_word(node, condition, i) & (outer == NULL ? ~UINT64_C(0) : outer[i]);
        if (i + 1 == words) bits[i] &= weir_bitmap_tail((size_t)ev->rows);
        any |= bits[i];
    }
    out->bits = bits;
    out->validity = any != 0 ? NULL : (const uint64_t *)weir_eval_zeros;
    return WEIR_OK;
}

static enum weir_status run_node(struct weir_evaluation *ev, int32_t i) {
    const struct weir_node *node = &ev->nodes[i];
    struct weir_vector *out = &ev->slots[i];
    if (node->constant) {
        *out = node->vector;
        return WEIR_OK;
    }
    *out = (struct weir_vector){.kind = node->kind};
    if (node->unread) return WEIR_OK;
    if (node->mask != WEIR_NO_MASK && ev->slots[node->mask].validity != NULL) { /* no row reaches it */
        out->i128 = weir_eval_zeros;
        if (node->keep != WEIR_MASK_NONE) out->validity = (const uint64_t *)weir_eval_zeros;
        return WEIR_OK;
    }
    return node->eval(ev, node, out);
}

enum weir_status weir_eval_begin(const struct weir_program *program, const struct weir_block *block,
                                 const uint64_t *active, struct weir_arena *arena, struct weir_error *error,
                                 struct weir_evaluation *ev, int32_t end) {
    *ev = (struct weir_evaluation){.nodes = program->nodes,
                                   .layouts = program->layouts,
                                   .block = block,
                                   .active = active,
                                   .rows = block->rows,
                                   .arena = arena,
                                   .error = error};
    if (block->rows < 0 || block->rows > WEIR_BLOCK_ROWS || block->first < 0 || block->first % 64 != 0) {
        return weir_error_set(error, WEIR_ERR_INVALID, "a block of %d rows from row %lld cannot be evaluated",
                              (int)block->rows, (long long)block->first);
    }
    ev->slots = weir_arena_alloc(arena, (size_t)program->nodes_count * sizeof(*ev->slots));
    if (ev->slots == NULL) return weir_eval_memory(ev);
    for (int32_t i = 0; i < end; i++) {
        enum weir_status status = run_node(ev, i);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}

enum weir_status weir_program_eval(const struct weir_program *program, const struct weir_block *block,
                                   const uint64_t *active, struct weir_arena *arena, struct weir_vector *out,
                                   struct weir_error *error) {
    struct weir_evaluation ev;
    enum weir_status status = weir_eval_begin(program, block, active, arena, error, &ev, program->nodes_count);
    if (status == WEIR_OK) *out = ev.slots[program->root];
    return status;
}
