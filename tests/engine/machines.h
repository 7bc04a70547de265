/* SPDX-License-Identifier: Apache-2.0
 *
 * Per-key machines on their own: a stream of rows with W before each, cut into blocks at random, and what comes out
 * as sorted lines "key [start,end) rows sum least greatest text sequence kind complete". A test writes the same
 * lines from the definition of its window, row by row, and compares.
 */
#ifndef WEIR_TESTS_ENGINE_MACHINES_H
#define WEIR_TESTS_ENGINE_MACHINES_H

#include "engine/machine.h"

#include "base/checked.h"
#include "tests/engine/plans.h"

static uint64_t random_state;
static inline uint64_t random_next(void) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return random_state >> 20;
}
static inline int64_t random_below(int64_t limit) { return (int64_t)(random_next() % (uint64_t)limit); }

enum { STREAM_ROWS = 1500, STREAM_KEYS = 9 };

/* Row r has admission number r. watermarks[r] is W just before it, watermarks[count] W at the end. */
struct stream {
    int32_t count;
    uint32_t keys;
    bool one_key;             /* the machine gets no ids */
    bool counts[STREAM_ROWS]; /* the row is this machine's */
    uint32_t ids[STREAM_ROWS];
    int64_t times[STREAM_ROWS];
    int64_t watermarks[STREAM_ROWS + 1];
    int64_t values[STREAM_ROWS];
    struct weir_string texts[STREAM_ROWS];
    char bytes[STREAM_ROWS][24];
};

static inline void stream_row(struct stream *stream, uint32_t id, int64_t time, int64_t value) {
    int32_t row = stream->count++;
    assert_true(row < STREAM_ROWS);
    stream->counts[row] = true;
    stream->ids[row] = id;
    stream->times[row] = time;
    stream->values[row] = value;
    int length = snprintf(stream->bytes[row], sizeof(stream->bytes[row]), "%.*s%d", (int)(value & 15),
                          "abcdefghijklmnop", (int)(value % 100));
    stream->texts[row] = (struct weir_string){stream->bytes[row], length};
    if (id >= stream->keys) stream->keys = id + 1;
}

/* W after the rows so far: is at least this. */
static inline void stream_watermark(struct stream *stream, int64_t watermark) {
    int64_t *at = &stream->watermarks[stream->count];
    if (watermark > *at) *at = watermark;
}

static inline void stream_begin(struct stream *stream) {
    memset(stream, 0, sizeof(*stream));
    stream->watermarks[0] = INT64_MIN;
}

/* Keeps W from going back over the last row; call after each row, then stream_watermark. */
static inline void stream_carry(struct stream *stream) {
    stream->watermarks[stream->count] = stream->watermarks[stream->count - 1];
}

/* ---- lines ---- */

struct lines {
    char (*text)[160];
    int32_t count, room;
};

static inline void lines_add(struct lines *lines, const char *line) {
    if (lines->count == lines->room) {
        lines->room = lines->room * 2 + 64;
        lines->text = realloc(lines->text, (size_t)lines->room * sizeof(*lines->text));
        if (lines->text == NULL) abort();
    }
    snprintf(lines->text[lines->count++], sizeof(*lines->text), "%s", line);
}

static inline int lines_order(const void *a, const void *b) { return strcmp(a, b); }

static inline void lines_free(struct lines *lines) {
    free(lines->text);
    memset(lines, 0, sizeof(*lines));
}

static inline void lines_expect_equal(struct lines *expected, struct lines *found, const char *what) {
    qsort(expected->text, (size_t)expected->count, sizeof(*expected->text), lines_order);
    qsort(found->text, (size_t)found->count, sizeof(*found->text), lines_order);
    for (int32_t i = 0; i < expected->count && i < found->count; i++) {
        if (strcmp(expected->text[i], found->text[i]) != 0) {
            fail_msg("%s: line %d should be\n  %s\nbut is\n  %s", what, i, expected->text[i], found->text[i]);
        }
    }
    int32_t i = expected->count < found->count ? expected->count : found->count;
    if (expected->count != found->count) {
        fail_msg("%s: %d lines instead of %d, from %s on", what, found->count, expected->count,
                 i < expected->count ? expected->text[i] : found->text[i]);
    }
}

/* A window of a reference: rows of a stream. */
struct members {
    int32_t rows[STREAM_ROWS];
    int32_t count;
};

static inline void lines_add_window(struct lines *lines, const struct stream *stream, uint32_t id, int64_t start,
                                    int64_t end, const struct members *members, int64_t sequence, bool complete) {
    int64_t sum = 0, least = INT64_MAX, greatest = INT64_MIN;
    struct weir_string text = {NULL, 0};
    for (int32_t i = 0; i < members->count; i++) {
        int32_t row = members->rows[i];
        sum += stream->values[row];
        if (stream->values[row] < least) least = stream->values[row];
        if (stream->values[row] > greatest) greatest = stream->values[row];
        const struct weir_string *other = &stream->texts[row];
        if (text.data == NULL || strcmp(other->data, text.data) > 0) text = *other;
    }
    char line[160];
    snprintf(line, sizeof(line), "%u [%lld,%lld) %d %lld %lld %lld %.*s @%lld +I %d", id, (long long)start,
             (long long)end, members->count, (long long)sum, (long long)least, (long long)greatest,
             (int)text.length, text.data, (long long)sequence, complete);
    lines_add(lines, line);
}

/* ---- a machine ---- */

struct rig {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    struct weir_due due;
    struct weir_machine *machine;
    uint32_t names[STREAM_KEYS]; /* key of the stream -> id of the machine */
    uint32_t keys;               /* ids are below */
    const double *doubles;       /* of the stream's rows, for a plan whose column 1 is a DOUBLE */
    struct lines lines;
    bool late[STREAM_ROWS];
    int32_t late_count;
};

/* COUNT(*), SUM, MIN, MAX of a BIGINT and MAX of a STRING. The plan is not one of SQL: only the machine sees it. */
static inline struct weir_plan *rig_plan(enum weir_window_kind kind, int64_t size, int64_t slide,
                                         enum weir_end_policy end) {
    struct weir_type types[3] = {TIME_, BIGINT_, STRING_};
    struct weir_plan *plan = plan_over(3, types);
    if (plan == NULL) return NULL;
    plan_window(plan, kind, size, slide, 0);
    plan->emission.end = end;
    plan_call(plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    plan_call(plan, WEIR_AGGREGATE_SUM, 1);
    plan_call(plan, WEIR_AGGREGATE_MIN, 1);
    plan_call(plan, WEIR_AGGREGATE_MAX, 1);
    plan_call(plan, WEIR_AGGREGATE_MAX, 2);
    plan->aggregate_programs = weir_arena_array(&plan->arena, 8, sizeof(*plan->aggregate_programs));
    return plan;
}

static inline void rig_open_plan(struct rig *rig, struct weir_plan *plan) {
    memset(rig, 0, sizeof(*rig));
    rig->plan = plan;
    const enum weir_window_kind kind = plan->window.kind;
    const struct weir_machine_kind *machine = kind == WEIR_WINDOW_SESSION ? &weir_session_machine
                                              : kind == WEIR_WINDOW_COUNT ? &weir_count_machine
                                                                          : &weir_count_or_time_machine;
    assert_int_equal(weir_accumulator_init(&rig->accumulator, plan, &error), WEIR_OK);
    weir_due_init(&rig->due, &rig->accumulator);
    for (uint32_t i = 0; i < STREAM_KEYS; i++) rig->names[i] = i;
    if (machine->create(plan, &rig->accumulator, &rig->due, &rig->machine, &error) != WEIR_OK) {
        fail_msg("%s", error.message);
    }
}

static inline void rig_open(struct rig *rig, enum weir_window_kind kind, int64_t size, int64_t slide,
                            enum weir_end_policy end) {
    rig_open_plan(rig, rig_plan(kind, size, slide, end));
}

static inline void rig_close(struct rig *rig) {
    if (rig->machine != NULL) rig->machine->kind->destroy(rig->machine);
    weir_due_fini(&rig->due);
    weir_accumulator_fini(&rig->accumulator);
    weir_plan_release(rig->plan);
    lines_free(&rig->lines);
}

static inline int64_t rig_i64(const struct rig *rig, const char *row, int32_t call) {
    int64_t value;
    memcpy(&value, row + rig->accumulator.fields[rig->accumulator.call_field[call]].offset, sizeof(value));
    return value;
}

/* Moves what is due to the lines. */
static inline void rig_collect(struct rig *rig) {
    weir_due_sort(&rig->due, 0);
    for (uint32_t i = 0; i < rig->due.count; i++) {
        const struct weir_due_entry *entry = &rig->due.entries[i];
        const char *row = weir_due_row(&rig->due, i);
        struct weir_held_string text;
        memcpy(&text, row + rig->accumulator.fields[rig->accumulator.call_field[4]].offset, sizeof(text));
        uint32_t key = 0;
        while (key < STREAM_KEYS && rig->names[key] != entry->id) key++;
        assert_true(key < STREAM_KEYS);
        assert_int_equal(entry->kind, WEIR_ROW_INSERT);
        char line[160];
        snprintf(line, sizeof(line), "%u [%lld,%lld) %lld %lld %lld %lld %.*s @%lld +I %d", key,
                 (long long)entry->start, (long long)entry->end, (long long)rig_i64(rig, row, 0),
                 (long long)rig_i64(rig, row, 1), (long long)rig_i64(rig, row, 2), (long long)rig_i64(rig, row, 3),
                 (int)text.length, text.data, (long long)entry->sequence, entry->complete);
        lines_add(&rig->lines, line);
    }
    weir_due_clear(&rig->due);
}

/* Rows [from, to) of the stream as one block. */
static inline enum weir_status rig_block(struct rig *rig, const struct stream *stream, int32_t from, int32_t to) {
    static uint32_t rows[STREAM_ROWS], ids[STREAM_ROWS];
    static uint64_t late[STREAM_ROWS / 64 + 1];
    memset(late, 0, sizeof(late));
    struct weir_vector args[2] = {{.kind = WEIR_VECTOR_I64, .i64 = stream->values + from},
                                  {.kind = WEIR_VECTOR_STRING, .strings = stream->texts + from}};
    if (rig->doubles != NULL) args[0] = (struct weir_vector){.kind = WEIR_VECTOR_F64, .f64 = rig->doubles + from};
    struct weir_machine_block block = {.times = stream->times + from,
                                       .watermarks = stream->watermarks + from,
                                       .before = stream->watermarks[from],
                                       .after = stream->watermarks[to],
                                       .sequence = from,
                                       .block_rows = to - from,
                                       .args = args,
                                       .late = late};
    rig->keys = rig->keys > stream->keys ? rig->keys : stream->keys;
    block.keys = rig->keys;
    for (int32_t row = from; row < to; row++) {
        if (!stream->counts[row]) continue;
        ids[block.count] = rig->names[stream->ids[row]];
        rows[block.count++] = (uint32_t)(row - from);
    }
    if (!stream->one_key) block.ids = ids;
    if (block.count < to - from || random_below(3) == 0) block.rows = rows;
    if (stream->watermarks[from] == stream->watermarks[to - 1]) block.watermarks = NULL;
    enum weir_status status = rig->machine->kind->rows(rig->machine, &block, &error);
    int32_t late_rows = 0;
    for (int32_t row = from; row < to; row++) {
        rig->late[row] = weir_bit_get(late, (size_t)(row - from));
        late_rows += rig->late[row];
    }
    assert_int_equal(late_rows, block.late_count);
    rig->late_count += block.late_count;
    return status;
}

/* Gives the held keys other ids, as the key table does when most keys are gone. */
static inline void rig_rename(struct rig *rig) {
    uint64_t bits[1] = {0};
    uint32_t ids[STREAM_KEYS] = {0}, order[STREAM_KEYS];
    const struct weir_machine_kind *kind = rig->machine->kind;
    kind->held(rig->machine, bits);
    for (uint32_t i = 0; i < STREAM_KEYS; i++) order[i] = i;
    for (uint32_t i = STREAM_KEYS; i > 1; i--) {
        uint32_t other = (uint32_t)random_below(i), old = order[i - 1];
        order[i - 1] = order[other];
        order[other] = old;
    }
    for (uint32_t i = 0; i < STREAM_KEYS; i++) ids[i] = weir_bit_get(bits, i) ? order[i] : UINT32_MAX;
    kind->rename(rig->machine, ids);
    for (uint32_t i = 0; i < STREAM_KEYS; i++) rig->names[i] = order[rig->names[i]];
}

/* The whole stream in blocks of random sizes below `most`, with W moved between them or not. */
static inline void rig_run(struct rig *rig, const struct stream *stream, int32_t most, bool renames) {
    rig->keys = stream->keys;
    for (int32_t from = 0, to; from < stream->count; from = to) {
        to = from + 1 + (int32_t)random_below(most);
        if (to > stream->count) to = stream->count;
        if (rig_block(rig, stream, from, to) != WEIR_OK) fail_msg("%s", error.message);
        rig_collect(rig);
        int64_t watermark = stream->watermarks[to];
        if (random_below(3) == 0) {
            assert_int_equal(rig->machine->kind->advance(rig->machine, watermark, INT64_MIN, to, &error), WEIR_OK);
            assert_int_equal(rig->due.count, 0); /* the block has done it */
        }
        rig->keys = STREAM_KEYS;
        if (renames && !stream->one_key && random_below(2) == 0) rig_rename(rig);
    }
    int64_t watermark = stream->watermarks[stream->count];
    assert_int_equal(rig->machine->kind->finish(rig->machine, watermark, stream->count, &error), WEIR_OK);
    rig_collect(rig);
}

/* A stream with keys, disorder and a watermark that rises at uneven steps; times around `origin`. */
static inline void stream_random(struct stream *stream, uint64_t seed, int32_t rows, int64_t origin, int64_t step,
                                 int64_t disorder, int64_t delay) {
    stream_begin(stream);
    random_state = seed;
    int64_t clock = origin, greatest = INT64_MIN;
    uint32_t keys = 1 + (uint32_t)random_below(STREAM_KEYS);
    bool with_watermark = random_below(8) != 0;
    for (int32_t i = 0; i < rows; i++) {
        clock += random_below(step + 1);
        if (random_below(100) == 0) clock += step * 20;
        int64_t time = clock - random_below(disorder + 1);
        stream_row(stream, (uint32_t)random_below(keys), time, random_below(1000));
        stream->counts[i] = random_below(10) != 0;
        stream_carry(stream);
        if (time > greatest) greatest = time;
        if (with_watermark && random_below(4) == 0) stream_watermark(stream, greatest - delay - 1);
    }
    stream->keys = STREAM_KEYS;
    if (keys == 1 && random_below(2) == 0) {
        stream->one_key = true;
        stream->keys = 1;
    }
}

static inline void expect_late(const struct rig *rig, const struct stream *stream, const bool *late) {
    for (int32_t row = 0; row < stream->count; row++) {
        if (rig->late[row] != late[row]) fail_msg("row %d is %slate", row, rig->late[row] ? "" : "not ");
    }
}

#endif
