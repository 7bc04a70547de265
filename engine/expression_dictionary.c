/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions over one dictionary column and constants (s = 'view', s LIKE 'a%', s IN ('x', 'y')): judged once for
 * each entry of the dictionary, and read off for each row by its code. Where the dictionary is not much shorter
 * than the block, row by row like others.
 */
#include <string.h>

#include "engine/expression_ops.h"
#include "simd/kernels.h"

/* A dictionary of at most this part of a block's rows is judged. */
#define ENTRIES_PART 4

/* What a node was before its condition was found to be of this kind. */
struct by_dictionary {
    struct weir_node plain;
    int32_t column; /* the node of the column */
};

/* Conditions that are NULL where the column is. */
static bool is_strict(enum weir_expr_op op) {
    return (op >= WEIR_EXPR_EQ && op <= WEIR_EXPR_GE) || op == WEIR_EXPR_LIKE || op == WEIR_EXPR_IN;
}

/* The node of the one dictionary column among the arguments, all others of which are constants; -1: it is not so.
 */
static int32_t column_of(const struct weir_compiler *compiler, const struct weir_node *node) {
    int32_t column = -1;
    for (int32_t i = 0; i < node->args_count; i++) {
        const struct weir_node *arg = weir_compile_arg(compiler, node, i);
        if (arg->constant) continue;
        bool fits = arg->op == WEIR_EXPR_COLUMN && arg->kind == WEIR_VECTOR_STRING &&
                    compiler->layouts[arg->index].storage == WEIR_STORE_DICTIONARY;
        if (!fits || (column >= 0 && column != node->args[i])) return -1;
        column = node->args[i];
    }
    return column;
}

/* The plain condition over `rows` strings, which stand in for those of the column. */
static enum weir_status judge(struct weir_evaluation *ev, const struct by_dictionary *by,
                              struct weir_vector strings, int32_t rows, struct weir_vector *out) {
    struct weir_evaluation inner = *ev;
    struct weir_vector kept = ev->slots[by->column];
    inner.rows = rows;
    ev->slots[by->column] = strings;
    enum weir_status status = by->plain.eval(&inner, &by->plain, out);
    ev->slots[by->column] = kept;
    return status;
}

/* Row by row; the column is read now if nobody else has had it read. */
static enum weir_status judge_rows(struct weir_evaluation *ev, const struct by_dictionary *by,
                                   struct weir_vector *out) {
    const struct weir_node *column = &ev->nodes[by->column];
    struct weir_vector strings = ev->slots[by->column];
    if (column->unread) {
        strings = (struct weir_vector){.kind = column->kind};
        enum weir_status status = column->eval(ev, column, &strings);
        if (status != WEIR_OK) return status;
    }
    return judge(ev, by, strings, ev->rows, out);
}

static enum weir_status judge_entries(struct weir_evaluation *ev, const struct by_dictionary *by,
                                      const struct weir_column *words, uint8_t *verdicts, bool *some_null) {
    struct weir_vector entries = {.kind = WEIR_VECTOR_STRING}, judged = {.kind = WEIR_VECTOR_BOOL};
    struct weir_string *strings = weir_arena_alloc(ev->arena, (size_t)words->rows * sizeof(*strings) + 1);
    if (strings == NULL) return weir_eval_memory(ev);
    for (int64_t i = 0; i < words->rows; i++) strings[i] = weir_column_string(words, i);
    entries.strings = strings;
    enum weir_status status = judge(ev, by, entries, (int32_t)words->rows, &judged);
    if (status != WEIR_OK) return status;
    *some_null =
        judged.validity != NULL; /* a constant is NULL, or one of a list: the condition may be for each entry */
    for (int64_t i = 0; i < words->rows && !*some_null; i++) verdicts[i] = weir_bit_get(judged.bits, (size_t)i);
    return WEIR_OK;
}

#define READ_OFF(type)                                                                                             \
    do {                                                                                                           \
        const type *codes = (const type *)column->values + first;                                                  \
        for (int32_t i = 0; i < rows; i += 64) {                                                                   \
            int32_t end = rows - i < 64 ? rows - i : 64;                                                           \
            uint64_t word = 0;                                                                                     \
            for (int32_t j = 0; j < end; j++) word |= (uint64_t)verdicts[codes[i + j]] << j;                       \
            bits[i / 64] = word;                                                                                   \
        }                                                                                                          \
    } while (0)

/* A dictionary of so few entries that the verdicts are bits of a word. */
static void read_off_few(const uint32_t *codes, int32_t rows, const uint8_t *verdicts, int64_t entries,
                         uint64_t *bits) {
    uint32_t word = 0;
    for (int64_t i = 0; i < entries; i++) word |= (uint32_t)verdicts[i] << i;
    weir_simd->bits_of_codes(codes, (size_t)rows, word, bits);
}

/* Codes that lie inside the dictionary, every one. */
static void read_off(const struct weir_column *column, int64_t first, int32_t rows, const uint8_t *verdicts,
                     uint64_t *bits) {
    bool wide = column->codes == WEIR_STORE_I32 || column->codes == WEIR_STORE_U32;
    if (wide && column->dictionary->rows <= 32) {
        read_off_few((const uint32_t *)column->values + first, rows, verdicts, column->dictionary->rows, bits);
        return;
    }
    switch (column->codes) {
    case WEIR_STORE_I8:
    case WEIR_STORE_U8: READ_OFF(uint8_t); return;
    case WEIR_STORE_I16:
    case WEIR_STORE_U16: READ_OFF(uint16_t); return;
    case WEIR_STORE_I32:
    case WEIR_STORE_U32: READ_OFF(uint32_t); return;
    default: READ_OFF(uint64_t); return;
    }
}

/* Codes of NULL rows may be anything. */
static void read_off_valid(const struct weir_column *column, int64_t first, int32_t rows, const uint64_t *validity,
                           const uint8_t *verdicts, uint64_t *bits) {
    memset(bits, 0, weir_bitmap_words((size_t)rows) * sizeof(*bits));
    for (int32_t i = 0; i < rows; i++) {
        if (weir_bit_get(validity, (size_t)i))
            weir_bit_put(bits, (size_t)i, verdicts[weir_column_code(column, first + i)] != 0);
    }
}

static enum weir_status eval_by_dictionary(struct weir_evaluation *ev, const struct weir_node *node,
                                           struct weir_vector *out) {
    const struct by_dictionary *by = node->data;
    const struct weir_column *column = &ev->block->columns[ev->nodes[by->column].index];
    const struct weir_column *words = column->dictionary;
    uint8_t verdicts[WEIR_BLOCK_ROWS / ENTRIES_PART];
    bool some_null = false;
    if (words->rows > ev->rows / ENTRIES_PART || words->validity != NULL) return judge_rows(ev, by, out);
    enum weir_status status = judge_entries(ev, by, words, verdicts, &some_null);
    if (status != WEIR_OK) return status;
    if (some_null) return judge_rows(ev, by, out);
    uint64_t *bits = weir_eval_bits(ev);
    if (bits == NULL) return weir_eval_memory(ev);
    out->bits = bits;
    out->validity = column->validity == NULL ? NULL : column->validity + ev->block->first / 64;
    if (out->validity == NULL) {
        read_off(column, ev->block->first, ev->rows, verdicts, bits);
    } else {
        read_off_valid(column, ev->block->first, ev->rows, out->validity, verdicts, bits);
    }
    return WEIR_OK;
}

bool weir_prepare_by_dictionary(struct weir_compiler *compiler, struct weir_node *node) {
    if (!is_strict(node->op) || node->kind != WEIR_VECTOR_BOOL || node->can_fail || node->constant) return true;
    int32_t column = column_of(compiler, node);
    if (column < 0) return true;
    struct by_dictionary *by = weir_arena_array(compiler->arena, 1, sizeof(*by));
    if (by == NULL) return weir_compile_memory(compiler);
    *by = (struct by_dictionary){*node, column};
    node->eval = eval_by_dictionary;
    node->data = by;
    node->by_storage = true;
    return true;
}
