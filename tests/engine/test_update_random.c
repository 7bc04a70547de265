/* SPDX-License-Identifier: Apache-2.0
 *
 * Random streams through the machine for early and late results, against a reference that knows windows only by
 * their definition and works row by row; and the same stream in other blocks, which must give the same list.
 */
#include "engine/machine.h"

#include "tests/engine/updates.h"

static uint64_t random_state;

static uint64_t random_next(void) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return random_state >> 33;
}

static int64_t random_below(int64_t bound) { return (int64_t)(random_next() % (uint64_t)bound); }

/* W rises with the rows, and may be pushed between two of them: `before` of the second is W after that. */
struct stream {
    struct row rows[ROWS_MAX];
    int64_t after[ROWS_MAX]; /* W just after the row */
    int64_t push[ROWS_MAX];  /* W to which it is pushed before the row; NONE: it is not */
    int64_t wall[ROWS_MAX];  /* the wall clock told then */
    int32_t count;
};

/* ---- the reference ---- */

struct bounds {
    int64_t start, end;
};

struct cell {
    struct bounds window;
    uint32_t id;
    int64_t total, since;
    int64_t first, changed_at; /* wall clock at the first row, and when `since` became 1 */
    bool given, given_complete;
    char last[120];
    int64_t count, sum, numbers; /* since the cell began, or since the last result */
    const char *min, *max;
};

struct line {
    int64_t sequence, end;
    uint32_t id;
    int32_t place; /* as it was added */
    char text[200];
};

enum { CELLS = 10000, LINES = 40000 };

struct reference {
    const struct query *query;
    struct cell cells[CELLS];
    int32_t cells_count;
    struct line lines[LINES];
    int32_t lines_count;
    int64_t watermark, wall;
    int64_t late, unassigned, folded;
};

static int64_t floormod(int64_t a, int64_t b) { return ((a % b) + b) % b; }

static int64_t saturated(int64_t a, int64_t b) { return a > INT64_MAX - b ? INT64_MAX : a + b; }

/* SEMANTICS.md 1. */
static int32_t windows_of(const struct weir_window_spec *spec, int64_t ts, struct bounds *out) {
    int32_t count = 0;
    if (spec->kind == WEIR_WINDOW_HOP) {
        int64_t start = ts - floormod(ts - spec->offset, spec->slide);
        for (; start > ts - spec->size; start -= spec->slide)
            out[count++] = (struct bounds){start, start + spec->size};
        return count;
    }
    int64_t start = ts - floormod(ts - spec->offset, spec->size);
    if (spec->kind == WEIR_WINDOW_TUMBLE) {
        out[count++] = (struct bounds){start, start + spec->size};
        return count;
    }
    for (int64_t end = start + spec->slide; end <= start + spec->size; end += spec->slide) {
        if (end > ts) out[count++] = (struct bounds){start, end};
    }
    return count;
}

/* The windows that a row counts in which is late for all of its own. */
static int32_t fold_windows(const struct weir_window_spec *spec, int64_t watermark, struct bounds *out) {
    for (int64_t end = watermark + 2;; end++) { /* the least end - 1 > W that some window has */
        struct bounds windows[256];
        if (spec->kind == WEIR_WINDOW_HOP && floormod(end - spec->size - spec->offset, spec->slide) != 0) continue;
        if (spec->kind == WEIR_WINDOW_HOP) {
            out[0] = (struct bounds){end - spec->size, end};
            return 1;
        }
        int32_t count = windows_of(spec, end - 1, windows);
        if (windows[0].end != end) continue;
        memcpy(out, windows, (size_t)count * sizeof(*out));
        return count;
    }
}

static void values_of(const struct reference *reference, const struct cell *cell, char *out, size_t size) {
    char sum[32] = "-";
    const char *max = cell->max == NULL ? "-" : cell->max, *min = cell->min == NULL ? "-" : cell->min;
    if (cell->numbers > 0) snprintf(sum, sizeof(sum), "%lld", (long long)cell->sum);
    if (reference->query->extremes_only) {
        snprintf(out, size, "%s,%s", max, min);
    } else {
        snprintf(out, size, "%lld,%s,%s,%s", (long long)cell->count, sum, max, min);
    }
}

static void add_line(struct reference *reference, const struct cell *cell, int64_t sequence, const char *kind,
                     bool complete, const char *values) {
    assert_true(reference->lines_count < LINES);
    struct line *line = &reference->lines[reference->lines_count++];
    line->sequence = sequence;
    line->end = cell->window.end;
    line->id = cell->id;
    snprintf(line->text, sizeof(line->text), "%lld %s %u [%lld,%lld)%s %s", (long long)sequence, kind, cell->id,
             (long long)cell->window.start, (long long)cell->window.end, complete ? "" : "~", values);
}

static void give(struct reference *reference, struct cell *cell, int64_t sequence, bool complete) {
    const struct weir_emission *emission = &reference->query->emission;
    char values[120];
    values_of(reference, cell, values, sizeof(values));
    if (emission->mode == WEIR_UPDATE_DISCARDING) {
        if (cell->since > 0) add_line(reference, cell, sequence, "+I", complete, values);
        cell->count = cell->sum = cell->numbers = cell->since = 0;
        cell->min = cell->max = NULL;
        return;
    }
    cell->since = 0;
    bool completed = emission->end == WEIR_END_MARK && cell->given_complete != complete;
    if (cell->given && strcmp(cell->last, values) == 0 && !completed) return;
    if (cell->given && emission->mode == WEIR_UPDATE_RETRACTING)
        add_line(reference, cell, sequence, "-U", cell->given_complete, cell->last);
    add_line(reference, cell, sequence, cell->given ? "+U" : "+I", complete, values);
    cell->given = true;
    cell->given_complete = complete;
    memcpy(cell->last, values, sizeof(values));
}

static bool is_closed(const struct reference *reference, const struct cell *cell) {
    return cell->window.end - 1 <= reference->watermark;
}

static bool is_gone(const struct reference *reference, int64_t end) {
    return saturated(end - 1, reference->query->emission.lateness) <= reference->watermark;
}

static struct cell *find_cell(struct reference *reference, struct bounds window, uint32_t id) {
    for (int32_t i = 0; i < reference->cells_count; i++) {
        struct cell *cell = &reference->cells[i];
        if (cell->id == id && cell->window.start == window.start && cell->window.end == window.end) return cell;
    }
    assert_true(reference->cells_count < CELLS);
    struct cell *cell = &reference->cells[reference->cells_count++];
    *cell = (struct cell){.window = window, .id = id, .first = reference->wall};
    return cell;
}

static void add_row(struct reference *reference, struct bounds window, const struct row *row, int64_t sequence) {
    const struct weir_emission *emission = &reference->query->emission;
    struct cell *cell = find_cell(reference, window, row->id);
    bool closed = is_closed(reference, cell);
    cell->total++;
    if (cell->since++ == 0) cell->changed_at = reference->wall;
    cell->count++;
    cell->numbers += row->value != NONE;
    cell->sum += row->value == NONE ? 0 : row->value;
    if (row->text != NULL && (cell->max == NULL || strcmp(row->text, cell->max) > 0)) cell->max = row->text;
    if (row->text != NULL && (cell->min == NULL || strcmp(row->text, cell->min) < 0)) cell->min = row->text;
    if (closed ? emission->late_fire : emission->early_rows > 0 && cell->total % emission->early_rows == 0)
        give(reference, cell, sequence, closed);
}

static void reference_row(struct reference *reference, const struct row *row, int64_t sequence) {
    struct bounds windows[256];
    int32_t taken = 0, count = windows_of(&reference->query->window, row->time, windows);
    if (row->other) return;
    if (count == 0) {
        reference->unassigned++;
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        if (is_gone(reference, windows[i].end)) continue;
        taken++;
        if (windows[i].end - 1 > reference->watermark || reference->query->emission.late_fire)
            add_row(reference, windows[i], row, sequence);
    }
    if (taken > 0) return;
    if (reference->query->emission.late != WEIR_ROWS_FOLD) {
        reference->late++;
        return;
    }
    reference->folded++;
    count = fold_windows(&reference->query->window, reference->watermark, windows);
    for (int32_t i = 0; i < count; i++) add_row(reference, windows[i], row, sequence);
}

static void reference_advance(struct reference *reference, int64_t watermark, int64_t sequence) {
    int64_t every = reference->query->emission.early_every, before = reference->watermark;
    bool timed = reference->query->emission.early_processing_time;
    if (watermark <= before) return;
    bool tick = every > 0 && !timed;
    if (before != NONE && tick)
        tick = (watermark - floormod(watermark, every)) > (before - floormod(before, every));
    reference->watermark = watermark;
    for (int32_t i = 0; i < reference->cells_count; i++) {
        struct cell *cell = &reference->cells[i];
        bool was_open = before == NONE || cell->window.end - 1 > before;
        if (was_open && is_closed(reference, cell)) {
            give(reference, cell, sequence, true);
        } else if (was_open && tick && cell->since > 0) {
            give(reference, cell, sequence, false);
        }
    }
}

/* A timer of each cell runs every so long from its first row on. */
static void reference_wall(struct reference *reference, int64_t wall, int64_t sequence) {
    const struct weir_emission *emission = &reference->query->emission;
    reference->wall = wall;
    if (emission->early_every == 0 || !emission->early_processing_time) return;
    for (int32_t i = 0; i < reference->cells_count; i++) {
        struct cell *cell = &reference->cells[i];
        int64_t due = cell->first;
        while (due <= cell->changed_at) due += emission->early_every;
        if (!is_closed(reference, cell) && cell->since > 0 && due <= wall) give(reference, cell, sequence, false);
    }
}

static void reference_finish(struct reference *reference, int64_t sequence) {
    enum weir_end_policy end = reference->query->emission.end;
    for (int32_t i = 0; i < reference->cells_count && end != WEIR_END_DISCARD; i++) {
        struct cell *cell = &reference->cells[i];
        if (!is_closed(reference, cell)) give(reference, cell, sequence, end == WEIR_END_FLUSH);
    }
}

/* State is freed when nothing can come any more. */
static void forget_gone(struct reference *reference) {
    int32_t kept = 0;
    for (int32_t i = 0; i < reference->cells_count; i++) {
        if (!is_gone(reference, reference->cells[i].window.end)) reference->cells[kept++] = reference->cells[i];
    }
    reference->cells_count = kept;
}

static int by_order(const void *a, const void *b) {
    const struct line *x = a, *y = b;
    if (x->sequence != y->sequence) return x->sequence < y->sequence ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    if (x->id != y->id) return x->id < y->id ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* Orders lines as due results are, and keys within a window by id; which of these comes first is not specified. */
static void order_lines(struct line *lines, int32_t count) {
    for (int32_t i = 0; i < count; i++) lines[i].place = i;
    qsort(lines, (size_t)count, sizeof(*lines), by_order);
}

static void run_reference(struct reference *reference, const struct query *query, const struct stream *stream) {
    memset(reference, 0, sizeof(*reference));
    reference->query = query;
    reference->watermark = NONE;
    for (int32_t i = 0; i < stream->count; i++) {
        if (stream->push[i] != NONE) {
            reference_advance(reference, stream->push[i], i);
            reference_wall(reference, stream->wall[i], i);
        }
        reference_row(reference, &stream->rows[i], i);
        reference_advance(reference, stream->after[i], i);
        forget_gone(reference);
    }
    reference_finish(reference, stream->count);
    order_lines(reference->lines, reference->lines_count);
}

/* ---- the machine ---- */

/* The stream in blocks of up to `most` rows, cut where W is pushed. The clock is told with that W or with the rows.
 */
static void run_machine(struct bench *bench, const struct query *query, const struct stream *stream, int64_t most) {
    bench_open(bench, query);
    give_advance(bench, NONE, 0, 0);
    bool with_rows = random_below(2) == 0;
    for (int32_t from = 0; from < stream->count;) {
        int32_t end = from + 1 + (int32_t)random_below(most);
        if (end > stream->count) end = stream->count;
        if (stream->push[from] != NONE)
            give_advance(bench, stream->push[from], with_rows ? NONE : stream->wall[from], from);
        if (with_rows) bench->wall = stream->wall[from];
        for (int32_t i = from + 1; i < end; i++) {
            if (stream->push[i] != NONE) end = i;
        }
        give_block(bench, stream->rows, from, end - from, stream->after[end - 1]);
        from = end;
    }
    give_finish(bench, stream->count == 0 ? NONE : stream->after[stream->count - 1], stream->count);
}

static void compare(struct bench *bench, struct reference *reference) {
    static struct line lines[LINES];
    assert_int_equal(bench->late, reference->late);
    assert_int_equal(bench->unassigned, reference->unassigned);
    assert_int_equal(bench->folded, reference->folded);
    assert_int_equal(bench->due.count, reference->lines_count);
    weir_due_sort(&bench->due, 0);
    for (uint32_t i = 0; i < bench->due.count; i++) {
        const struct weir_due_entry *entry = &bench->due.entries[i];
        struct text text = {NULL, 0, 0};
        add_head(&text, entry, kind_names[entry->kind]);
        add_values(bench, &text, weir_due_row(&bench->due, i));
        lines[i] = (struct line){.sequence = entry->sequence, .end = entry->end, .id = entry->id};
        snprintf(lines[i].text, sizeof(lines[i].text), "%s", text.bytes);
        text_free(&text);
    }
    order_lines(lines, reference->lines_count);
    for (int32_t i = 0; i < reference->lines_count; i++)
        assert_string_equal(lines[i].text, reference->lines[i].text);
}

/* ---- random queries and streams ---- */

static struct query random_query(void) {
    static const struct weir_window_spec windows[] = {
        {WEIR_WINDOW_TUMBLE, 20, 0, 0},   {WEIR_WINDOW_TUMBLE, 7, 0, -3},   {WEIR_WINDOW_HOP, 20, 5, 0},
        {WEIR_WINDOW_HOP, 13, 5, 2},      {WEIR_WINDOW_HOP, 5, 20, 1},      {WEIR_WINDOW_HOP, 3, 2, 0},
        {WEIR_WINDOW_CUMULATE, 30, 5, 0}, {WEIR_WINDOW_CUMULATE, 12, 2, 7}, {WEIR_WINDOW_HOP, 60, 3, 0}};
    static const int64_t latenesses[] = {0, 0, 1, 7, 40, INT64_MAX};
    struct query query = {.window = windows[random_below(9)], .extremes_only = random_below(3) == 0};
    query.emission = (struct weir_emission){.lateness = latenesses[random_below(6)],
                                            .late_fire = random_below(4) != 0,
                                            .late = random_below(2) == 0 ? WEIR_ROWS_DROP : WEIR_ROWS_FOLD,
                                            .early_rows = random_below(2) == 0 ? 0 : random_below(4),
                                            .early_every = random_below(2) == 0 ? 0 : 1 + random_below(20),
                                            .early_processing_time = random_below(2) == 0,
                                            .mode = (enum weir_update_mode)random_below(3),
                                            .end = (enum weir_end_policy)random_below(3)};
    return query;
}

static void random_stream(struct stream *stream, int32_t count) {
    static const char *const texts[] = {NULL, "a", "bb", "a rather longer text than the one before", "", "zz", "m"};
    int64_t watermark = NONE, at = random_below(2) == 0 ? 0 : -50, wall = 0, delay = random_below(10);
    int64_t disorder = 1 + random_below(80), step = 1 + random_below(6), keys = 1 + random_below(6);
    stream->count = count;
    for (int32_t i = 0; i < count; i++) {
        at += random_below(step);
        if (random_below(60) == 0) at += 100; /* a gap */
        stream->push[i] = random_below(25) == 0 ? at - random_below(30) : NONE;
        stream->wall[i] = wall += stream->push[i] == NONE ? 0 : random_below(30);
        if (stream->push[i] > watermark) watermark = stream->push[i];
        stream->rows[i] = (struct row){.time = random_below(3) == 0 ? at - random_below(disorder) : at,
                                       .id = (uint32_t)(random_below(keys) * 11),
                                       .value = random_below(9) == 0 ? NONE : random_below(5) - 2,
                                       .text = texts[random_below(7)],
                                       .before = watermark};
        stream->rows[i].other = stream->rows[i].id == 11 && keys > 3;
        if (stream->rows[i].time - delay > watermark) watermark = stream->rows[i].time - delay;
        stream->after[i] = watermark;
    }
}

static struct stream stream;
static struct reference reference;

static void results_are_those_of_the_definition_for_any_cut_into_blocks(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 400; round++) {
        struct bench bench;
        random_state = round;
        struct query query = random_query();
        random_stream(&stream, (int32_t)random_below(250));
        print_message(round % 100 == 0 ? "from seed %llu\n" : "", (unsigned long long)round);
        run_reference(&reference, &query, &stream);
        static const int64_t most[] = {1, 3, 30, 1000};
        struct text first = {NULL, 0, 0};
        for (int cut = 0; cut < 4; cut++) {
            run_machine(&bench, &query, &stream, most[cut]);
            struct text lines = {NULL, 0, 0};
            compare(&bench, &reference);
            lines = take_lines(&bench);
            if (cut > 0) assert_string_equal(lines.bytes, first.bytes); /* keys within a window, too */
            if (cut == 0) {
                first = lines;
            } else {
                text_free(&lines);
            }
            bench_close(&bench);
        }
        text_free(&first);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_those_of_the_definition_for_any_cut_into_blocks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
