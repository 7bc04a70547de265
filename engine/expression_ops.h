/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the evaluator: what program.c (which compiles a tree into a flat list of nodes and runs them) and the
 * families of operators (expression_*.c) know of each other. Nobody else includes this.
 *
 * A family gives one function, weir_prepare_<family>: it checks the shape of a node whose arguments are compiled,
 * and fills in how to evaluate it. Evaluation is dense: a node computes all rows of the block, also those that do
 * not count, with arithmetic that cannot trap; only when it sees something wrong it looks for the first row that
 * counts (active in the node's mask and without NULL) and, if there is one, reports that.
 */
#ifndef WEIR_ENGINE_EXPRESSION_OPS_H
#define WEIR_ENGINE_EXPRESSION_OPS_H

#include "base/bits.h"
#include "base/error.h"
#include "engine/expression.h"
#include "simd/kernels.h"

struct weir_evaluation;
struct weir_node;

typedef enum weir_status weir_eval_fn(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out);

/* What a mask node keeps of the rows of its parent mask, by a condition. */
enum weir_mask_keep {
    WEIR_MASK_NONE,      /* no mask node */
    WEIR_MASK_TRUE,      /* rows where the condition is true */
    WEIR_MASK_NOT_TRUE,  /* false or NULL */
    WEIR_MASK_NOT_FALSE, /* true or NULL */
    WEIR_MASK_NULL,      /* the value is NULL */
};

#define WEIR_NO_MASK (-1)

struct weir_node {
    weir_eval_fn *eval;
    enum weir_expr_op op;
    enum weir_mask_keep keep;
    struct weir_type type;
    enum weir_vector_kind kind;
    int32_t args_count;
    const int32_t *args; /* nodes before this one */
    int32_t mask;        /* node whose bitmap says which rows count; WEIR_NO_MASK: those the caller calls active */
    int32_t index;
    int32_t line, column;
    enum weir_time_unit unit;
    bool later;
    const struct weir_zone *zone;
    bool try_cast;
    bool can_fail;             /* this node, or one below it, may report an error */
    bool constant;             /* `vector` holds the value in all rows */
    bool null;                 /* constant NULL */
    bool by_storage;           /* reads a column as it is stored, not what its argument gives of it */
    bool unread;               /* nobody wants its values */
    struct weir_vector vector; /* constant */
    int64_t parameter;         /* of the family */
    const void *data;          /* of the family, in the program's arena */
};

struct weir_program {
    struct weir_node *nodes;
    int32_t nodes_count;
    int32_t root;
    int32_t columns_count;
    const struct weir_layout *layouts;
    const struct weir_column *dictionary; /* of the root's values (expression_codes.c); NULL: none */
    const uint32_t *codes;                /* of the root's arguments that are choices */
};

/* One run of a program over a block. */
struct weir_evaluation {
    const struct weir_node *nodes;
    const struct weir_layout *layouts;
    const struct weir_block *block;
    const uint64_t *active; /* of the caller */
    int32_t rows;
    struct weir_arena *arena;
    struct weir_vector *slots; /* one a node */
    struct weir_error *error;
};

/* Compilation, as the families see it. */
struct weir_compiler {
    struct weir_arena *arena;
    const struct weir_layout *layouts;
    int32_t columns_count;
    struct weir_node *nodes;
    int32_t nodes_count;
    int32_t nodes_room;
    int32_t depth;
    enum weir_status status; /* of the first failure */
    struct weir_error *error;
};

/* ---- for prepare functions ---- */

/* Fill the node in; on failure set compiler->status and return false. */
bool weir_prepare_column(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_arith(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_float(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_decimal(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_compare(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_logic(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_choice(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_rescale(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_cast(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_cast_text(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_cast_read(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_string(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_like(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_time(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_zone(struct weir_compiler *compiler, struct weir_node *node);
bool weir_prepare_pattern(struct weir_compiler *compiler, struct weir_node *node);

/* A timestamp may have more digits than its type (read or added up); its text and a constant have not. */
int64_t weir_eval_cut_time(struct weir_type type, int64_t value);

/* A comparison of TOTAL_ORDER(x) with TOTAL_ORDER(a literal that is not 0) as one of x itself, which needs no
 * codes: only NaN needs care then. NULL where it is none. *memory: there was none. */
struct weir_expr *weir_order_plain(struct weir_arena *arena, const struct weir_expr *expr, bool *memory);

/* After a node is prepared: finds conditions that can be judged once for each entry of a dictionary. */
bool weir_prepare_by_dictionary(struct weir_compiler *compiler, struct weir_node *node);

/* The same for comparisons of a column of integers of less than 64 bits with a constant. */
bool weir_prepare_short(struct weir_compiler *compiler, struct weir_node *node);

/* a OP b as b OP' a. */
enum weir_compare weir_compare_mirrored(enum weir_compare op);

/* A COLUMN node of `type` gives the stored integers as they are. */
bool weir_column_is_stored(const struct weir_layout *layout, struct weir_type type);

/* Gives a program whose root is a choice among constant strings their dictionary. False: no memory. */
bool weir_program_find_dictionary(struct weir_arena *arena, struct weir_program *program);

/* IN takes its list as values, not as nodes: args is x alone. */
bool weir_prepare_in(struct weir_compiler *compiler, struct weir_node *node, const struct weir_expr *expr);

/* Makes a node a constant: fills all its rows. False: no memory, which the compiler then says. */
bool weir_compile_constant(struct weir_compiler *compiler, struct weir_node *node, bool null,
                           union weir_value value);

/* The value of the first row. */
union weir_value weir_compile_first(const struct weir_vector *vector);

/* Copies the text into the compiler's arena. False: no memory, which the compiler then says. */
bool weir_compile_own(struct weir_compiler *compiler, struct weir_string *string);

/* Computes a node whose arguments are constants. When that fails the node stays as it is: the error is the rows'.
 * False: no memory, which the compiler then says. */
bool weir_compile_fold(struct weir_compiler *compiler, struct weir_node *node);

/* Failures; all return false. */
bool weir_compile_fail(struct weir_compiler *compiler, const struct weir_node *node, enum weir_status code,
                       const char *format, ...) WEIR_PRINTF(4, 5);
bool weir_compile_shape(struct weir_compiler *compiler, const struct weir_node *node);
bool weir_compile_memory(struct weir_compiler *compiler);

static inline const struct weir_node *weir_compile_arg(const struct weir_compiler *compiler,
                                                       const struct weir_node *node, int32_t i) {
    return &compiler->nodes[node->args[i]];
}

/* True when the node has `count` arguments and all have the vector kind. */
static inline bool weir_compile_args(const struct weir_compiler *compiler, const struct weir_node *node,
                                     int32_t count, enum weir_vector_kind kind) {
    if (node->args_count != count) return false;
    for (int32_t i = 0; i < count; i++) {
        if (weir_compile_arg(compiler, node, i)->kind != kind) return false;
    }
    return true;
}

/* Values of the two types compare as they lie: the same kind in the same units (scale, ticks). */
bool weir_types_compare(struct weir_type a, struct weir_type b);

/* Least and greatest number of a type of vector kind I64. */
void weir_type_bounds(struct weir_type type, int64_t *least, int64_t *greatest);

const char *weir_expr_op_name(enum weir_expr_op op); /* "+", "CAST", "CHAR_LENGTH" */

/* ---- for evaluation ---- */

static inline const struct weir_vector *weir_eval_arg(const struct weir_evaluation *ev,
                                                      const struct weir_node *node, int32_t i) {
    return &ev->slots[node->args[i]];
}

static inline const struct weir_node *weir_eval_arg_node(const struct weir_evaluation *ev,
                                                         const struct weir_node *node, int32_t i) {
    return &ev->nodes[node->args[i]];
}

static inline size_t weir_eval_words(const struct weir_evaluation *ev) {
    return weir_bitmap_words((size_t)ev->rows);
}

/* Values of NULL constants and of nodes that no row reaches, of any kind. Never written. */
extern weir_i128 weir_eval_zeros[WEIR_BLOCK_ROWS];

/* Evaluates a mask node. The result's validity is not NULL when no row is kept. */
enum weir_status weir_eval_narrow(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out);

/* Rows for which argument `i` of CASE or COALESCE is chosen over those behind it: its WHEN is true, or (COALESCE)
 * it is not NULL. */
void weir_eval_chosen(const struct weir_evaluation *ev, const struct weir_node *node, int32_t i, uint64_t *where);

/* Begins a run, and runs all nodes before node `end`. */
enum weir_status weir_eval_begin(const struct weir_program *program, const struct weir_block *block,
                                 const uint64_t *active, struct weir_arena *arena, struct weir_error *error,
                                 struct weir_evaluation *ev, int32_t end);

/* Room for the rows of the block; NULL when memory is short. */
void *weir_eval_values(struct weir_evaluation *ev, size_t element_bytes);
uint64_t *weir_eval_bits(struct weir_evaluation *ev);

enum weir_status weir_eval_memory(struct weir_evaluation *ev);

/* Room for the bytes of strings that a node makes, cut from larger pieces of the arena. Zeroed is empty. */
struct weir_text_pool {
    char *next;
    size_t left;
};

/* `bytes` bytes; NULL when memory is short. */
char *weir_eval_text(struct weir_evaluation *ev, struct weir_text_pool *pool, size_t bytes);

/* Validity of the result where a NULL argument makes NULL: shared with an argument where only one has any. */
enum weir_status weir_eval_validity(struct weir_evaluation *ev, const struct weir_node *node,
                                    const uint64_t **validity);

/* The argument as it is: functions that change nothing of a type. */
enum weir_status weir_eval_pass(struct weir_evaluation *ev, const struct weir_node *node, struct weir_vector *out);

/* A copy of out->validity (or all ones) in which rows can be made NULL, set as out->validity; NULL: no memory. */
uint64_t *weir_eval_own_validity(struct weir_evaluation *ev, struct weir_vector *out);

/* "cannot CAST ... to ...", for one row. */
WEIR_COLD enum weir_status weir_eval_cast_error(struct weir_evaluation *ev, const struct weir_node *node,
                                                int32_t row);

/* The end of a node of which some rows could not be computed (`good`: those that could, before NULLs): makes the
 * others NULL where `to_null`, else reports the first that counts as a CAST that fails. */
enum weir_status weir_eval_settle_cast(struct weir_evaluation *ev, const struct weir_node *node, uint64_t *good,
                                       bool to_null, struct weir_vector *out);

/* The rows that count for a node; NULL: all. */
const uint64_t *weir_eval_mask(const struct weir_evaluation *ev, const struct weir_node *node);

/* Is an error in this row one? */
static inline bool weir_eval_counts(const uint64_t *mask, const uint64_t *validity, int32_t row) {
    return (mask == NULL || weir_bit_get(mask, (size_t)row)) &&
           (validity == NULL || weir_bit_get(validity, (size_t)row));
}

/* WEIR_ERR_VALUE at the node's place, which also stands in the message. */
WEIR_COLD enum weir_status weir_eval_error(struct weir_evaluation *ev, const struct weir_node *node,
                                           const char *format, ...) WEIR_PRINTF(3, 4);

/* One value as text for a message, at most 80 bytes of it: row of a vector of a type. Returns buffer. */
#define WEIR_EVAL_TEXT_BYTES 96
const char *weir_eval_value_text(struct weir_type type, const struct weir_vector *vector, int32_t row,
                                 char *buffer);

#endif
