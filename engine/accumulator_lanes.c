/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/accumulator_lanes.h"

#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/error.h"
#include "simd/kernels.h"

/* Rows a key from which taking out and putting back cost little beside them: more where there is less to be won. */
#define ROWS_A_KEY_ONE_SUM 8
#define ROWS_A_KEY 4

/* Doubles hold all integers below it. Not itself: a bound that is one more is rounded to it. */
#define EXACT_LIMIT ((double)(INT64_C(1) << 53))

enum table_kind {
    TABLE_PAIRS, /* a sum, rows */
    TABLE_QUADS, /* four sums, or three and rows */
    TABLE_MIXED, /* a sum, rows, the least and the complement of the greatest of an argument */
    TABLE_LEAST, /* the last two */
};

/* A lane holds the field of that index: 0, the rows; below 0: nothing that anybody asks for. */
#define LANE_ROWS 0
#define LANE_NOTHING (-1)

struct table {
    enum table_kind kind;
    int32_t lanes[4]; /* of sums and rows; those of extremes hold LANE_NOTHING */
    int32_t arg;      /* of the extremes */
    int32_t min, max; /* their fields; 0: nobody asks for it */
    double *totals;   /* by id */
};

struct weir_lanes {
    const struct weir_accumulator *accumulator;
    int32_t tables_count;
    struct table *tables;
    bool *are_sums;    /* by argument: integers of it are summed up */
    void *memory;      /* of totals and rooms; NULL until something is held for the first time */
    double **rooms;    /* by argument: what a block's integers are as doubles, or its doubles in their order */
    char *const *rows; /* held; NULL: nothing is */
    size_t skipped;
    uint32_t keys;
    double largest;        /* no sum of integers that is held is further from 0 */
    char *const *followed; /* rows that the last block went to */
    int64_t stretch;       /* rows that went there one after the other */
    int64_t last_stretch;  /* and to the one before it */
};

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "out of memory for the aggregates of the query");
}

/* ---- layout ---- */

/* Rows alone are not worth it. */
bool weir_lanes_suit(const struct weir_accumulator *accumulator) {
    bool any = false;
    for (int32_t i = 1; i < accumulator->fields_count; i++) {
        enum weir_field_kind kind = accumulator->fields[i].kind;
        if (kind == WEIR_FIELD_NULLS) continue;
        if (!weir_field_is_sum(kind) && !weir_field_is_min(kind) && !weir_field_is_max(kind)) return false;
        any = true;
    }
    return any;
}

static struct table *add_table(struct weir_lanes *lanes, enum table_kind kind) {
    struct table *table = &lanes->tables[lanes->tables_count++];
    *table = (struct table){.kind = kind, .arg = -1};
    for (int lane = 0; lane < 4; lane++) table->lanes[lane] = LANE_NOTHING;
    return table;
}

static void lay_out_extremes(struct weir_lanes *lanes) {
    const struct weir_accumulator *accumulator = lanes->accumulator;
    for (int32_t i = 1; i < accumulator->fields_count; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        struct table *table = NULL;
        if (!weir_field_is_min(field->kind) && !weir_field_is_max(field->kind)) continue;
        for (int32_t t = 0; t < lanes->tables_count && table == NULL; t++) {
            if (lanes->tables[t].arg == field->arg) table = &lanes->tables[t];
        }
        if (table == NULL) table = add_table(lanes, lanes->tables_count == 0 ? TABLE_MIXED : TABLE_LEAST);
        table->arg = field->arg;
        *(weir_field_is_min(field->kind) ? &table->min : &table->max) = i;
    }
}

/* The next field that is a sum, from `from` on; fields_count: none. */
static int32_t next_sum(const struct weir_accumulator *accumulator, int32_t from) {
    while (from < accumulator->fields_count && !weir_field_is_sum(accumulator->fields[from].kind)) from++;
    return from;
}

/* Behind the extremes: the first table holds a sum and the rows, too. */
static void lay_out_sums(struct weir_lanes *lanes) {
    const struct weir_accumulator *accumulator = lanes->accumulator;
    int32_t end = accumulator->fields_count, sum = next_sum(accumulator, 1);
    bool rows_held = lanes->tables_count > 0;
    if (rows_held) {
        lanes->tables[0].lanes[1] = LANE_ROWS;
        if (sum < end) {
            lanes->tables[0].lanes[0] = sum;
            sum = next_sum(accumulator, sum + 1);
        }
    }
    while (sum < end) {
        struct table *table = add_table(lanes, TABLE_QUADS);
        int most = rows_held ? 4 : 3, lane = 0;
        for (; lane < most && sum < end; sum = next_sum(accumulator, sum + 1)) table->lanes[lane++] = sum;
        if (lane == 1) table->kind = TABLE_PAIRS;
        if (!rows_held) table->lanes[lane == 1 ? 1 : 3] = LANE_ROWS;
        rows_held = true;
    }
}

enum weir_status weir_lanes_create(const struct weir_accumulator *accumulator, struct weir_lanes **out,
                                   struct weir_error *error) {
    *out = NULL;
    if (!weir_lanes_suit(accumulator)) return WEIR_OK;
    struct weir_lanes *lanes = calloc(1, sizeof(*lanes));
    if (lanes == NULL) return out_of_memory(error);
    size_t fields = (size_t)accumulator->fields_count, args = (size_t)accumulator->args_count + 1;
    lanes->accumulator = accumulator;
    lanes->last_stretch = INT64_MAX;
    lanes->tables = calloc(fields, sizeof(*lanes->tables));
    lanes->are_sums = calloc(args, sizeof(*lanes->are_sums));
    lanes->rooms = calloc(args, sizeof(*lanes->rooms));
    *out = lanes;
    if (lanes->tables == NULL || lanes->are_sums == NULL || lanes->rooms == NULL) {
        weir_lanes_destroy(out);
        return out_of_memory(error);
    }
    lay_out_extremes(lanes);
    lay_out_sums(lanes);
    for (size_t i = 0; i < fields; i++) {
        const struct weir_field *field = &accumulator->fields[i];
        if (weir_field_is_integer_sum(field->kind)) lanes->are_sums[field->arg] = true;
    }
    return WEIR_OK;
}

static size_t width_of(const struct table *table) {
    return table->kind == TABLE_QUADS || table->kind == TABLE_MIXED ? 4 : 2;
}

static size_t room_bytes(const struct weir_lanes *lanes) {
    size_t numbers = (size_t)lanes->accumulator->args_count * WEIR_BLOCK_ROWS;
    for (int32_t t = 0; t < lanes->tables_count; t++) numbers += width_of(&lanes->tables[t]) * WEIR_LANES_KEYS_MOST;
    return numbers * sizeof(double);
}

void weir_lanes_destroy(struct weir_lanes **address) {
    struct weir_lanes *lanes = *address;
    *address = NULL;
    if (lanes == NULL) return;
    weir_pages_free(lanes->memory, room_bytes(lanes));
    free(lanes->tables);
    free(lanes->are_sums);
    free(lanes->rooms);
    free(lanes);
}

size_t weir_lanes_bytes(const struct weir_lanes *lanes) {
    return lanes == NULL || lanes->memory == NULL ? 0 : room_bytes(lanes);
}

/* Where memory is short rows are added up elsewhere. */
static bool has_memory(struct weir_lanes *lanes) {
    if (lanes->memory != NULL) return true;
    double *at = weir_pages_alloc_raw(room_bytes(lanes));
    lanes->memory = at;
    if (at == NULL) return false;
    for (int32_t t = 0; t < lanes->tables_count; t++) {
        lanes->tables[t].totals = at;
        at += width_of(&lanes->tables[t]) * WEIR_LANES_KEYS_MOST;
    }
    for (int32_t i = 0; i < lanes->accumulator->args_count; i++, at += WEIR_BLOCK_ROWS) lanes->rooms[i] = at;
    return true;
}

/* ---- taking out and putting back ---- */

static char *field_of(const struct weir_lanes *lanes, uint32_t key, int32_t field) {
    const struct weir_accumulator *accumulator = lanes->accumulator;
    return *lanes->rows + lanes->skipped + (size_t)key * accumulator->stride + accumulator->fields[field].offset;
}

static bool is_sum_f64(const struct weir_lanes *lanes, int32_t field) {
    return field > 0 && lanes->accumulator->fields[field].kind == WEIR_FIELD_SUM_F64;
}

static bool is_sum_short(const struct weir_lanes *lanes, int32_t field) {
    return field > 0 && lanes->accumulator->fields[field].kind == WEIR_FIELD_SUM_SHORT;
}

static int64_t *extremes_at(const struct table *table, uint32_t key) {
    size_t width = width_of(table);
    return (int64_t *)(void *)(table->totals + key * width + (width - 2));
}

/* Sums of doubles go on from what is held, so that they are added up in the order of the rows. Integers and rows
 * begin at 0. */
static void take_sums(const struct weir_lanes *lanes, const struct table *table, uint32_t from, uint32_t to) {
    size_t width = width_of(table);
    for (size_t lane = 0; lane < width; lane++) {
        int32_t field = table->lanes[lane];
        bool goes_on = is_sum_f64(lanes, field);
        for (uint32_t key = from; key < to; key++)
            table->totals[key * width + lane] = goes_on ? *(double *)(void *)field_of(lanes, key, field) : 0;
    }
}

static void take_extremes(const struct weir_lanes *lanes, const struct table *table, uint32_t from, uint32_t to) {
    for (uint32_t key = from; key < to; key++) {
        int64_t *at = extremes_at(table, key);
        at[0] = table->min == 0 ? INT64_MAX : *(int64_t *)(void *)field_of(lanes, key, table->min);
        at[1] = table->max == 0 ? INT64_MAX : ~*(int64_t *)(void *)field_of(lanes, key, table->max);
    }
}

static void take(const struct weir_lanes *lanes, uint32_t from, uint32_t to) {
    for (int32_t t = 0; t < lanes->tables_count; t++) {
        const struct table *table = &lanes->tables[t];
        if (table->kind != TABLE_LEAST) take_sums(lanes, table, from, to);
        if (table->arg >= 0) take_extremes(lanes, table, from, to);
    }
}

static void put_sums(const struct weir_lanes *lanes, const struct table *table) {
    size_t width = width_of(table);
    for (size_t lane = 0; lane < width; lane++) {
        int32_t field = table->lanes[lane];
        if (field == LANE_NOTHING) continue;
        const bool has_64_bits = field == LANE_ROWS || is_sum_short(lanes, field);
        for (uint32_t key = 0; key < lanes->keys; key++) {
            double total = table->totals[key * width + lane];
            char *at = field_of(lanes, key, field);
            weir_u128 sum;
            if (has_64_bits) {
                *(uint64_t *)(void *)at += (uint64_t)(int64_t)total;
            } else if (is_sum_f64(lanes, field)) {
                memcpy(at, &total, sizeof(total));
            } else {
                memcpy(&sum, at, sizeof(sum));
                sum += (weir_u128)(weir_i128)(int64_t)total;
                memcpy(at, &sum, sizeof(sum));
            }
        }
    }
}

static void put_extremes(const struct weir_lanes *lanes, const struct table *table) {
    for (uint32_t key = 0; key < lanes->keys; key++) {
        const int64_t *from = extremes_at(table, key);
        if (table->min != 0) *(int64_t *)(void *)field_of(lanes, key, table->min) = from[0];
        if (table->max != 0) *(int64_t *)(void *)field_of(lanes, key, table->max) = ~from[1];
    }
}

void weir_lanes_put_back(struct weir_lanes *lanes) {
    if (lanes == NULL || lanes->rows == NULL) return;
    for (int32_t t = 0; t < lanes->tables_count; t++) {
        const struct table *table = &lanes->tables[t];
        if (table->kind != TABLE_LEAST) put_sums(lanes, table);
        if (table->arg >= 0) put_extremes(lanes, table);
    }
    lanes->rows = NULL;
}

/* ---- a block ---- */

/* The largest magnitude that a sum of integers of the block can have; false: some argument cannot be added here. */
static bool look_at(const struct weir_lanes *lanes, const struct weir_lanes_block *block, double *largest) {
    *largest = 0;
    for (int32_t i = 0; i < lanes->accumulator->args_count; i++) {
        const struct weir_vector *arg = &block->args[i];
        if (arg->validity != NULL || (arg->kind != WEIR_VECTOR_I64 && arg->kind != WEIR_VECTOR_F64)) return false;
    }
    for (int32_t i = 0; i < lanes->accumulator->args_count; i++) {
        int64_t min, max;
        if (!lanes->are_sums[i]) continue;
        weir_simd->min_max_i64(block->args[i].i64, (size_t)block->count, &min, &max);
        double below = -(double)min, above = (double)max, most = below > above ? below : above;
        if (most * block->count > *largest) *largest = most * block->count;
    }
    return *largest < EXACT_LIMIT;
}

/* Rows that are likely to follow: as many as went to the rows before, while there are any left. */
static bool is_worth(const struct weir_lanes *lanes, const struct weir_lanes_block *block) {
    bool one_sum = lanes->tables_count == 1 && lanes->tables[0].kind == TABLE_PAIRS;
    int64_t rows = lanes->last_stretch < block->left ? lanes->last_stretch : block->left;
    if (rows < block->count) rows = block->count;
    return rows >= (one_sum ? ROWS_A_KEY_ONE_SUM : ROWS_A_KEY) * (int64_t)block->keys;
}

/* Holds the accumulator rows of the block; false: they are not worth it. */
static bool hold(struct weir_lanes *lanes, const struct weir_lanes_block *block, double largest) {
    bool same = lanes->rows == block->rows && lanes->skipped == block->skipped;
    if (!same || lanes->largest + largest >= EXACT_LIMIT) weir_lanes_put_back(lanes);
    if (lanes->rows == NULL) {
        if (!is_worth(lanes, block) || !has_memory(lanes)) return false;
        lanes->rows = block->rows;
        lanes->skipped = block->skipped;
        lanes->keys = 0;
        lanes->largest = 0;
    }
    if (block->keys > lanes->keys) {
        take(lanes, lanes->keys, block->keys);
        lanes->keys = block->keys;
    }
    lanes->largest += largest;
    return true;
}

static void follow(struct weir_lanes *lanes, const struct weir_lanes_block *block) {
    if (lanes->followed != block->rows) {
        if (lanes->followed != NULL) lanes->last_stretch = lanes->stretch;
        lanes->followed = block->rows;
        lanes->stretch = 0;
    }
    lanes->stretch += block->count;
}

static const double nothing[WEIR_BLOCK_ROWS];

/* What is added to a lane: doubles of the block, its integers as such; NULL: rows. */
static const double *column_of(const struct weir_lanes *lanes, const struct weir_lanes_block *block,
                               int32_t field) {
    if (field == LANE_NOTHING) return nothing;
    if (field == LANE_ROWS) return NULL;
    int32_t arg = lanes->accumulator->fields[field].arg;
    return is_sum_f64(lanes, field) ? block->args[arg].f64 : lanes->rooms[arg];
}

static void convert(const struct weir_lanes *lanes, const struct weir_lanes_block *block) {
    size_t count = (size_t)block->count;
    for (int32_t i = 0; i < lanes->accumulator->args_count; i++) {
        if (lanes->are_sums[i]) weir_simd->i64_to_f64(block->args[i].i64, count, lanes->rooms[i]);
    }
    for (int32_t t = 0; t < lanes->tables_count; t++) {
        int32_t arg = lanes->tables[t].arg;
        if (arg < 0 || block->args[arg].kind != WEIR_VECTOR_F64) continue;
        weir_simd->order_f64(block->args[arg].f64, count, (int64_t *)(void *)lanes->rooms[arg]);
    }
}

static void add_to_table(const struct weir_lanes *lanes, const struct table *table,
                         const struct weir_lanes_block *block, struct weir_ahead *ahead) {
    const double *columns[4];
    const int64_t *orders = NULL;
    size_t count = (size_t)block->count;
    for (int lane = 0; lane < 4; lane++) columns[lane] = column_of(lanes, block, table->lanes[lane]);
    if (table->arg >= 0) {
        bool real = block->args[table->arg].kind == WEIR_VECTOR_F64;
        orders = real ? (const int64_t *)(const void *)lanes->rooms[table->arg] : block->args[table->arg].i64;
    }
    switch (table->kind) {
    case TABLE_PAIRS: weir_simd->add_to_pairs_f64(block->ids, columns[0], count, table->totals, ahead); break;
    case TABLE_QUADS: weir_simd->add_to_quads_f64(block->ids, columns, count, table->totals, ahead); break;
    case TABLE_MIXED: weir_simd->add_to_mixed(block->ids, columns[0], orders, count, table->totals, ahead); break;
    case TABLE_LEAST:
        weir_simd->least_to_pairs_i64(block->ids, orders, count, (int64_t *)(void *)table->totals);
        break;
    }
}

bool weir_lanes_add(struct weir_lanes *lanes, const struct weir_lanes_block *block) {
    double largest;
    follow(lanes, block);
    if (block->keys > WEIR_LANES_KEYS_MOST || !look_at(lanes, block, &largest) || !hold(lanes, block, largest)) {
        weir_lanes_put_back(lanes);
        return false;
    }
    if (block->ahead != NULL) weir_ahead_share(block->ahead, block->count);
    convert(lanes, block);
    for (int32_t t = 0; t < lanes->tables_count; t++)
        add_to_table(lanes, &lanes->tables[t], block, t == 0 ? block->ahead : NULL);
    return true;
}
