/* SPDX-License-Identifier: Apache-2.0
 *
 * The windows of random HOPs, put together by the stack and naively (every row of every window added anew): rows
 * that come late, jumps, gaps, all aggregates, keys that are given new ids, passes that stop and go on, and slices
 * that are handed to another stack. WEIR_TEST_SEED reproduces a case, WEIR_TEST_CASES sets how many there are.
 */
#include "engine/window_stack.h"

#include "base/checked.h"
#include "tests/engine/plans.h"

enum { KEYS = 9, IDS = KEYS * KEYS, EVENTS = 500, COLUMNS = 7 };

static uint64_t random_state;

static uint64_t random_next(void) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return random_state >> 24;
}

static int64_t random_below(int64_t bound) { return (int64_t)(random_next() % (uint64_t)bound); }
static bool random_chance(int percent) { return random_below(100) < percent; }

/* ---- what happens ---- */

/* A row that comes (its slice and key, and a number that its values are made of), or the passage of time. */
struct event {
    bool passes;
    int64_t index, first; /* first: of a passage, the windows that are closed by it */
    uint32_t key;
    int64_t value;
};

struct history {
    struct weir_window window;
    struct event events[EVENTS];
    int32_t count;
    bool fractions; /* values whose sums depend on the order of addition */
};

static struct weir_window random_window(void) {
    struct weir_window_spec spec = {WEIR_WINDOW_HOP, 1 + random_below(50), 1 + random_below(12), 0};
    if (random_chance(40)) spec.size = spec.slide * (1 + random_below(24)); /* a multiple */
    spec.offset = random_below(2 * spec.size) - spec.size;
    struct weir_window window;
    assert_int_equal(weir_window_init(&window, &spec, 1, &error), WEIR_OK);
    return window;
}

/* Time goes by slides: a row lies around the end of the window that closes next, or before, and counts in those of
 * its windows that are not closed. */
static void random_history(struct history *history) {
    *history = (struct history){.window = random_window()};
    const struct weir_window *window = &history->window;
    int64_t closed = random_below(100) - 50;
    int disorder = (int)random_below(60);
    while (history->count < EVENTS - 1) {
        struct event *event = &history->events[history->count];
        if (random_chance(15)) {
            closed += random_chance(5) ? random_below(6 * window->per + 2) : random_below(3);
            *event = (struct event){.passes = true, .first = closed};
            history->count++;
            continue;
        }
        int64_t slide = closed + window->per + random_below(3);
        if (random_chance(disorder)) slide -= random_below(window->per + 3);
        int64_t index = window->cut == 0 ? slide : 2 * slide + random_below(2);
        int64_t first = weir_window_first(window, index);
        if (first <= closed) first = closed + 1;
        if (first > weir_window_last(window, index)) continue; /* late for all its windows, or in a gap */
        *event = (struct event){.index = index,
                                .first = first,
                                .key = (uint32_t)random_below(KEYS),
                                .value = random_chance(10) ? INT64_MIN : random_below(2000) - 1000};
        history->count++;
    }
    history->events[history->count++] = (struct event){.passes = true, .first = INT64_MAX};
}

/* ---- the aggregates ---- */

struct query {
    struct weir_plan *plan;
    struct weir_accumulator accumulator;
    enum weir_vector_kind kinds[COLUMNS];
};

static const enum weir_aggregate_function functions[] = {
    WEIR_AGGREGATE_COUNT, WEIR_AGGREGATE_SUM, WEIR_AGGREGATE_AVG, WEIR_AGGREGATE_MIN, WEIR_AGGREGATE_MAX};

static bool adds_up(const struct weir_type *type) {
    return type->id == WEIR_TYPE_BIGINT || type->id == WEIR_TYPE_DOUBLE || type->id == WEIR_TYPE_FLOAT;
}

/* COUNT(*) and some of the aggregates over columns of every kind; `exact`: those that can be subtracted. */
static void random_query(struct query *query, bool exact) {
    const struct weir_type types[COLUMNS] = {
        TIME_, BIGINT_, DOUBLE_, weir_type_of(WEIR_TYPE_FLOAT), STRING_, BIGINT_, weir_type_decimal(30, 2)};
    memset(query, 0, sizeof(*query));
    query->plan = plan_over(COLUMNS, types);
    plan_call(query->plan, WEIR_AGGREGATE_COUNT_STAR, 0);
    for (int32_t column = 1; column < COLUMNS; column++) {
        for (size_t f = 0; f < sizeof(functions) / sizeof(functions[0]); f++) {
            bool sums = functions[f] == WEIR_AGGREGATE_SUM || functions[f] == WEIR_AGGREGATE_AVG;
            if (sums && !adds_up(&types[column])) continue;
            if (exact && (functions[f] >= WEIR_AGGREGATE_MIN && !sums)) continue;
            if (exact && sums && types[column].id != WEIR_TYPE_BIGINT) continue;
            if (random_chance(40)) plan_call(query->plan, functions[f], column);
        }
    }
    plan_outputs(query->plan, WEIR_RESULT_KEYS);
    if (weir_plan_validate(query->plan, &error) != WEIR_OK) fail_msg("plan: %s", error.message);
    assert_int_equal(weir_accumulator_init(&query->accumulator, query->plan, &error), WEIR_OK);
}

static void close_query(struct query *query) {
    weir_accumulator_fini(&query->accumulator);
    weir_plan_release(query->plan);
}

/* The argument of each aggregate for one row. */
struct values {
    struct weir_vector vectors[COLUMNS * 8];
    uint64_t valid;
    int64_t i64;
    double f64;
    weir_i128 i128;
    struct weir_string string;
    char text[40];
};

static void make_values(const struct query *query, const struct event *event, bool fractions, struct values *out) {
    int64_t value = event->value;
    out->valid = value != INT64_MIN;
    out->i64 = value;
    out->f64 = fractions ? (double)value * 0.1 + 1e12 * (double)(value % 3) : (double)value;
    out->i128 = (weir_i128)value * 1000000007;
    int length =
        snprintf(out->text, sizeof(out->text), "%.*s%lld", (int)(value & 15), "abcdefghijklmnop", (long long)value);
    out->string = (struct weir_string){out->text, length};
    for (int32_t call = 0; call < query->plan->aggregates_count; call++) {
        int32_t arg = query->accumulator.call_arg[call];
        if (arg < 0) continue;
        struct weir_vector *vector = &out->vectors[arg];
        vector->kind = weir_type_vector(query->plan->aggregates[call].arg->type);
        vector->validity = &out->valid;
        switch (vector->kind) {
        case WEIR_VECTOR_F64: vector->f64 = &out->f64; break;
        case WEIR_VECTOR_I128: vector->i128 = &out->i128; break;
        case WEIR_VECTOR_STRING: vector->strings = &out->string; break;
        default: vector->i64 = &out->i64; break;
        }
    }
}

static void add_row(const struct query *query, const struct event *event, bool fractions, char *rows, uint32_t keys,
                    uint32_t id, struct weir_arena *heap) {
    struct values values;
    make_values(query, event, fractions, &values);
    assert_int_equal(
        weir_accumulator_add(&query->accumulator, rows, keys, &id, NULL, 1, values.vectors, heap, &error), WEIR_OK);
}

static void add_cell_of(struct text *text, const struct weir_vector *vector) {
    if (vector->validity != NULL && !weir_bit_get(vector->validity, 0)) {
        text_add(text, "|-");
        return;
    }
    switch (vector->kind) {
    case WEIR_VECTOR_F64: text_add(text, "|%a", vector->f64[0]); break;
    case WEIR_VECTOR_I128: text_add(text, "|%lld", (long long)(vector->i128[0] / 1000000007)); break;
    case WEIR_VECTOR_STRING:
        text_add(text, "|%.*s", (int)vector->strings[0].length, vector->strings[0].data);
        break;
    default: text_add(text, "|%lld", (long long)vector->i64[0]); break;
    }
}

/* "window,key|results ", nothing where the key has no row in it. */
static void add_group(struct text *text, const struct query *query, int64_t window, uint32_t key, const char *row) {
    if (*(const int64_t *)row == 0) return;
    struct weir_arena arena = {.chunks = NULL};
    text_add(text, "%lld,%u", (long long)window, key);
    for (int32_t call = 0; call < query->plan->aggregates_count; call++) {
        struct weir_vector out;
        if (weir_accumulator_finish(&query->accumulator, query->plan, call, &row, 1, &arena, &out, &error) !=
            WEIR_OK)
            fail_msg("%s", error.message);
        add_cell_of(text, &out);
    }
    text_add(text, " ");
    weir_arena_fini(&arena);
}

/* ---- naively ---- */

static int64_t first_after(const struct history *history, int64_t window, bool has) {
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < history->count; i++) {
        const struct event *event = &history->events[i];
        if (event->passes) continue;
        int64_t at = has && event->first <= window ? window + 1 : event->first;
        if (at <= weir_window_last(&history->window, event->index) && at < least) least = at;
    }
    return least;
}

static void naive_windows(const struct history *history, const struct query *query, struct text *text) {
    size_t stride = query->accumulator.stride;
    int64_t window = 0;
    text_add(text, "%s", "");
    for (bool has = false; (window = first_after(history, window, has)) != INT64_MAX; has = true) {
        struct weir_arena heap = {.chunks = NULL};
        char *rows = calloc(KEYS, stride);
        assert_non_null(rows);
        weir_accumulator_fresh(&query->accumulator, rows, 0, KEYS);
        for (int32_t i = 0; i < history->count; i++) {
            const struct event *event = &history->events[i];
            bool counts = !event->passes && event->first <= window &&
                          window <= weir_window_last(&history->window, event->index);
            if (counts) add_row(query, event, history->fractions, rows, KEYS, event->key, &heap);
        }
        for (uint32_t key = 0; key < KEYS; key++) add_group(text, query, window, key, rows + key * stride);
        weir_arena_fini(&heap);
        free(rows);
    }
}

/* ---- by the stack ---- */

struct run {
    const struct history *history;
    const struct query *query;
    struct weir_slice_store store;
    struct weir_window_stack stack;
    struct weir_slice *running;
    uint32_t ids[KEYS]; /* of keys */
    uint32_t used;      /* ids below are usable */
    int64_t fired;
    bool has_fired;
    bool disturbed; /* renamed, stopped and handed over at random */
    int32_t only;   /* the one key whose rows come; -1: all */
    /* ids lie far apart, slices are as wide as their own need them, and nothing is spared: some stay out of sums */
    bool spread;
};

static void open_run(struct run *run) {
    weir_slice_store_init(&run->store, &run->query->accumulator);
    weir_window_stack_init(&run->stack, &run->store, &run->history->window, &run->running);
    if (run->spread) run->stack.spare_bytes = 0;
}

static void close_run(struct run *run) {
    weir_window_stack_fini(&run->stack);
    weir_slice_release(&run->store, run->running);
    weir_slice_store_fini(&run->store);
}

static void rename_keys(struct run *run) {
    uint32_t renamed[IDS], ids = run->spread ? IDS : KEYS;
    for (uint32_t i = 0; i < ids; i++) renamed[i] = i;
    for (uint32_t i = 0; i < ids; i++) {
        uint32_t j = i + (uint32_t)random_below(ids - i), moved = renamed[i];
        renamed[i] = renamed[j];
        renamed[j] = moved;
    }
    for (uint32_t i = 0; i < run->store.count; i++)
        assert_true(weir_slice_rename(&run->store, run->store.slices[i], renamed));
    if (run->running != NULL) assert_true(weir_slice_rename(&run->store, run->running, renamed));
    for (uint32_t i = 0; i < KEYS; i++) run->ids[i] = renamed[run->ids[i]];
    run->used = ids;
}

/* Another store and stack take over what is open, as workers do that own their keys. */
static void hand_over(struct run *run) {
    struct run old = *run;
    run->running = NULL;
    open_run(run);
    for (uint32_t i = 0; i < old.store.count; i++) {
        const struct weir_slice *slice = old.store.slices[i];
        if (slice->is_held) continue;
        struct weir_slice *copy = weir_slice_store_open(&run->store, slice->index, slice->first);
        assert_non_null(copy);
        assert_int_equal(weir_slice_merge(&run->store, copy, slice, NULL, 0, &error), WEIR_OK);
        copy->is_sum = slice->is_sum;
    }
    if (old.running != NULL) {
        run->running = weir_slice_take(&run->store);
        assert_int_equal(weir_slice_merge(&run->store, run->running, old.running, NULL, 0, &error), WEIR_OK);
    }
    old.stack.store = &old.store;
    close_run(&old);
}

static void disturb(struct run *run) {
    if (random_chance(20)) rename_keys(run);
    if (random_chance(10)) hand_over(run);
}

static void fire(struct run *run, int64_t closed, struct text *text) {
    size_t stride = run->query->accumulator.stride;
    bool more = true;
    while (more) {
        assert_int_equal(weir_window_stack_begin(&run->stack, run->fired, run->has_fired, &error), WEIR_OK);
        int64_t window;
        more = false;
        while (weir_window_stack_next(&run->stack, &window) && window <= closed) {
            more = run->disturbed && random_chance(20);
            if (more) break;
            struct weir_window_rows rows;
            assert_int_equal(weir_window_stack_gather(&run->stack, window, &rows, &error), WEIR_OK);
            assert_true(!run->has_fired || window > run->fired);
            run->fired = window;
            run->has_fired = true;
            for (uint32_t key = 0; key < KEYS; key++) {
                if (run->ids[key] < rows.keys) {
                    add_group(text, run->query, window, key, rows.rows + run->ids[key] * stride);
                }
            }
        }
        if (!more || run->has_fired) weir_window_stack_end(&run->stack, more ? run->fired : closed);
        if (run->disturbed) disturb(run);
    }
}

static void add_event(struct run *run, const struct event *event) {
    struct weir_slice *slice = weir_slice_store_open(&run->store, event->index, event->first);
    assert_non_null(slice);
    uint32_t id = run->ids[event->key];
    if (id >= run->used) run->used = id + 1; /* slices are as wide as the keys known when rows come */
    assert_true(weir_slice_reserve(&run->store, slice, run->spread ? id + 1 : run->used));
    add_row(run->query, event, run->history->fractions, slice->rows, slice->keys, id, &slice->heap);
}

static void stack_windows(struct run *run, bool each_passage, struct text *text) {
    for (uint32_t i = 0; i < KEYS; i++) run->ids[i] = run->spread ? i * i : i;
    open_run(run);
    text_add(text, "%s", "");
    for (int32_t i = 0; i < run->history->count; i++) {
        const struct event *event = &run->history->events[i];
        if (!event->passes) {
            if (run->only < 0 || (uint32_t)run->only == event->key) add_event(run, event);
        } else if (each_passage || event->first == INT64_MAX) {
            fire(run, event->first, text);
        }
    }
    assert_int_equal(run->store.count, 0);
    close_run(run);
}

/* ---- tests ---- */

static void expect_same(const struct text *expected, const struct text *actual, uint64_t seed) {
    size_t at = 0;
    while (expected->bytes[at] != 0 && expected->bytes[at] == actual->bytes[at]) at++;
    if (expected->bytes[at] == actual->bytes[at]) return;
    while (at > 0 && expected->bytes[at - 1] != ' ') at--;
    fail_msg("WEIR_TEST_SEED=%llu WEIR_TEST_CASES=1: expected %.200s ... but got %.200s", (unsigned long long)seed,
             expected->bytes + at, actual->bytes + at);
}

static void for_cases(void (*test)(uint64_t seed)) {
    const char *seed = getenv("WEIR_TEST_SEED"), *cases = getenv("WEIR_TEST_CASES");
    uint64_t first = seed == NULL ? 1 : strtoull(seed, NULL, 0);
    uint64_t count = cases == NULL ? 60 : strtoull(cases, NULL, 0);
    for (uint64_t i = 0; i < count; i++) {
        random_state = first + i;
        test(first + i);
    }
}

static void compare_with_naive(uint64_t seed, bool exact) {
    static struct history history;
    random_history(&history);
    struct query query;
    random_query(&query, exact);
    struct text expected = {NULL, 0, 0}, actual = {NULL, 0, 0};
    naive_windows(&history, &query, &expected);
    struct run run = {.history = &history, .query = &query, .disturbed = random_chance(80), .only = -1};
    run.spread = random_chance(40);
    stack_windows(&run, random_chance(80), &actual);
    expect_same(&expected, &actual, seed);
    text_free(&expected);
    text_free(&actual);
    close_query(&query);
}

static void all_aggregates(uint64_t seed) { compare_with_naive(seed, false); }
static void exact_aggregates(uint64_t seed) { compare_with_naive(seed, true); }

static void windows_hold_what_their_slices_do(void **state) {
    (void)state;
    for_cases(all_aggregates);
}

static void sums_of_integers_are_slid_by_subtraction(void **state) {
    (void)state;
    for_cases(exact_aggregates);
}

/* The results of a key, to the last bit, whatever else there is and however time passes. */
static void one_key_alone(uint64_t seed) {
    static struct history history;
    random_history(&history);
    history.fractions = true;
    struct query query;
    random_query(&query, false);
    uint32_t key = (uint32_t)random_below(KEYS);
    struct text all = {NULL, 0, 0}, alone = {NULL, 0, 0}, of_key = {NULL, 0, 0};
    query.accumulator.ordered = random_chance(50);
    bool spread = query.accumulator.ordered;
    struct run first = {.history = &history, .query = &query, .disturbed = true, .only = -1, .spread = spread};
    struct run second = {.history = &history, .query = &query, .only = (int32_t)key};
    stack_windows(&first, true, &all);
    stack_windows(&second, random_chance(50), &alone);
    char wanted[16];
    snprintf(wanted, sizeof(wanted), ",%u|", key);
    text_add(&of_key, "%s", "");
    for (char *line = strtok(all.bytes, " "); line != NULL; line = strtok(NULL, " ")) {
        char *at = strchr(line, ',');
        if (at == NULL || strncmp(at, wanted, strlen(wanted)) != 0) continue;
        for (size_t length = strlen(line); length > 0;) { /* text_add takes no more than 255 bytes */
            size_t part = length < 200 ? length : 200;
            text_add(&of_key, "%.*s", (int)part, line);
            line += part;
            length -= part;
        }
        text_add(&of_key, " ");
    }
    expect_same(&of_key, &alone, seed);
    text_free(&all);
    text_free(&alone);
    text_free(&of_key);
    close_query(&query);
}

static void sums_of_floats_do_not_depend_on_other_keys_or_passes(void **state) {
    (void)state;
    for_cases(one_key_alone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_hold_what_their_slices_do),
        cmocka_unit_test(sums_of_integers_are_slid_by_subtraction),
        cmocka_unit_test(sums_of_floats_do_not_depend_on_other_keys_or_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
