/* SPDX-License-Identifier: Apache-2.0
 *
 * The machine for windows that give more than one result, without a pipeline around it: rows as arrays, results as
 * lines of text, "number kind key [start,end) values", "~" behind the bounds of an incomplete one.
 */
#ifndef WEIR_TESTS_ENGINE_UPDATES_H
#define WEIR_TESTS_ENGINE_UPDATES_H

#include "tests/engine/plans.h"

#include "engine/due.h"
#include "engine/machine.h"

#define NONE INT64_MIN

enum { ROWS_MAX = 1024 };

/* What a query asks for. Keys are ids; values are a BIGINT and a STRING, either of which may be NULL. */
struct query {
    struct weir_window_spec window;
    struct weir_emission emission;
    bool reals;         /* MAX and MIN of the real number alone */
    bool extremes_only; /* MAX and MIN of the text alone; else COUNT(*) and SUM of the number, too */
};

struct row {
    int64_t time;
    uint32_t id;
    int64_t value; /* NONE: NULL */
    const char *text;
    double real;
    int64_t before; /* W */
    bool other;     /* its key belongs to another worker */
};

struct bench {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_due due;
    struct weir_machine *machine;
    struct weir_arena arena;
    int64_t late, unassigned, folded;
    int64_t wall; /* the wall clock that rows come with */
};

static inline void bench_plan(struct bench *bench, const struct query *query) {
    struct weir_type types[4] = {TIME_, BIGINT_, BIGINT_, STRING_};
    memset(bench, 0, sizeof(*bench));
    bench->wall = NONE;
    if (query->reals) types[3] = DOUBLE_;
    bench->plan = plan_over(4, types);
    bench->plan->time_column = 0;
    bench->plan->window = query->window;
    plan_delay(bench->plan, 0);
    bench->plan->emission = query->emission;
    plan_key(bench->plan, 1);
    if (!query->extremes_only && !query->reals) {
        plan_call(bench->plan, WEIR_AGGREGATE_COUNT_STAR, 0);
        plan_call(bench->plan, WEIR_AGGREGATE_SUM, 2);
    }
    plan_call(bench->plan, WEIR_AGGREGATE_MAX, 3);
    plan_call(bench->plan, WEIR_AGGREGATE_MIN, 3);
    plan_outputs(bench->plan, 0);
    if (weir_plan_validate(bench->plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    assert_int_equal(weir_accumulator_init(&bench->accumulator, bench->plan, &error), WEIR_OK);
    weir_due_init(&bench->due, &bench->accumulator);
}

static inline void bench_open(struct bench *bench, const struct query *query) {
    bench_plan(bench, query);
    if (weir_update_machine.create(bench->plan, &bench->accumulator, &bench->due, &bench->machine, &error) !=
        WEIR_OK)
        fail_msg("create: %s", error.message);
}

static inline void bench_close(struct bench *bench) {
    weir_update_machine.destroy(bench->machine);
    weir_due_fini(&bench->due);
    weir_arena_fini(&bench->arena);
    weir_accumulator_fini(&bench->accumulator);
    weir_plan_release(bench->plan);
}

/* Rows [from, from + count) as a block; W rises to `after` behind them. */
static inline enum weir_status try_block(struct bench *bench, const struct row *rows, int32_t from, int32_t count,
                                         int64_t after) {
    static uint32_t positions[ROWS_MAX], ids[ROWS_MAX];
    static int64_t times[ROWS_MAX], watermarks[ROWS_MAX], values[ROWS_MAX];
    static double reals[ROWS_MAX];
    static struct weir_string texts[ROWS_MAX];
    static uint64_t some_value[ROWS_MAX / 64 + 1], some_text[ROWS_MAX / 64 + 1], late[ROWS_MAX / 64 + 1];
    int32_t mine = 0, bits = 0;
    bool still = true;
    memset(late, 0, sizeof(late));
    for (int32_t i = 0; i < count; i++) {
        const struct row *row = &rows[from + i];
        times[i] = row->time;
        watermarks[i] = row->before;
        still &= row->before == rows[from].before;
        values[i] = row->value == NONE ? 0 : row->value;
        weir_bit_put(some_value, (size_t)i, row->value != NONE);
        texts[i] = (struct weir_string){row->text, row->text == NULL ? 0 : (int64_t)strlen(row->text)};
        reals[i] = row->real;
        weir_bit_put(some_text, (size_t)i, row->text != NULL);
        if (row->other) continue;
        positions[mine] = (uint32_t)i;
        ids[mine++] = row->id;
    }
    struct weir_vector number = {.kind = WEIR_VECTOR_I64, .validity = some_value, .i64 = values};
    struct weir_vector text = {.kind = WEIR_VECTOR_STRING, .validity = some_text, .strings = texts};
    if (weir_type_vector(bench->plan->columns[3].type) == WEIR_VECTOR_F64)
        text = (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = reals};
    struct weir_vector both[2] = {number, text};
    struct weir_machine_block block = {.count = mine,
                                       .rows = mine == count ? NULL : positions,
                                       .ids = ids,
                                       .times = times,
                                       .watermarks = still ? NULL : watermarks,
                                       .before = count > 0 ? rows[from].before : after,
                                       .after = after,
                                       .wall = bench->wall,
                                       .sequence = from,
                                       .block_rows = count,
                                       .args = bench->accumulator.args_count == 1 ? &text : both,
                                       .keys = ROWS_MAX,
                                       .late = late};
    enum weir_status status = weir_update_machine.rows(bench->machine, &block, &error);
    for (int32_t i = 0; i < count; i++) bits += weir_bit_get(late, (size_t)i);
    if (status == WEIR_OK) assert_int_equal(bits, block.late_count);
    bench->late += block.late_count;
    bench->unassigned += block.unassigned_count;
    bench->folded += block.folded_count;
    return status;
}

static inline void give_block(struct bench *bench, const struct row *rows, int32_t from, int32_t count,
                              int64_t after) {
    if (try_block(bench, rows, from, count, after) != WEIR_OK) fail_msg("rows: %s", error.message);
}

static inline void give_advance(struct bench *bench, int64_t watermark, int64_t wall, int64_t sequence) {
    if (weir_update_machine.advance(bench->machine, watermark, wall, sequence, &error) != WEIR_OK)
        fail_msg("advance: %s", error.message);
}

static inline void give_finish(struct bench *bench, int64_t watermark, int64_t sequence) {
    if (weir_update_machine.finish(bench->machine, watermark, sequence, &error) != WEIR_OK)
        fail_msg("finish: %s", error.message);
}

/* ---- results ---- */

static inline void add_values(struct bench *bench, struct text *text, const char *row) {
    for (int32_t call = 0; call < bench->plan->aggregates_count; call++) {
        struct weir_vector out;
        weir_arena_reset(&bench->arena);
        if (weir_accumulator_finish(&bench->accumulator, bench->plan, call, &row, 1, &bench->arena, &out, &error) !=
            WEIR_OK)
            fail_msg("finish: %s", error.message);
        if (call > 0) text_add(text, ",");
        if (out.validity != NULL && !weir_bit_get(out.validity, 0)) {
            text_add(text, "-");
        } else if (out.kind == WEIR_VECTOR_STRING) {
            text_add(text, "%.*s", (int)out.strings[0].length, out.strings[0].data);
        } else if (out.kind == WEIR_VECTOR_F64) {
            text_add(text, "%g", out.f64[0]);
        } else {
            text_add(text, "%lld", (long long)out.i64[0]);
        }
    }
}

static inline void add_head(struct text *text, const struct weir_due_entry *entry, const char *kind) {
    text_add(text, "%lld %s %u [%lld,%lld)%s ", (long long)entry->sequence, kind, entry->id,
             (long long)entry->start, (long long)entry->end, entry->complete ? "" : "~");
}

static const char *const kind_names[] = {
    [WEIR_ROW_INSERT] = "+I", [WEIR_ROW_UPDATE_BEFORE] = "-U", [WEIR_ROW_UPDATE_AFTER] = "+U"};

/* All results so far in their order, one a line; the list is emptied. */
static inline struct text take_lines(struct bench *bench) {
    struct text text = {NULL, 0, 0};
    text_add(&text, "%s", "");
    weir_due_sort(&bench->due, 0);
    for (uint32_t i = 0; i < bench->due.count; i++) {
        add_head(&text, &bench->due.entries[i], kind_names[bench->due.entries[i].kind]);
        add_values(bench, &text, weir_due_row(&bench->due, i));
        text_add(&text, "\n");
    }
    weir_due_clear(&bench->due);
    return text;
}

static inline void expect_lines(struct bench *bench, const char *expected) {
    struct text text = take_lines(bench);
    assert_string_equal(text.bytes, expected);
    text_free(&text);
}

#endif
