/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that wait: each is found again in its set and part, behind those of its key that came before it.
 */
#include "engine/part_rows.h"

#include "base/hash.h"
#include "simd/kernels.h"
#include "tests/engine/plans.h"
#include "tests/engine/random.h"

enum { KEYS = 700, SETS = 3, PARTS = 16, BLOCK = WEIR_BLOCK_ROWS, ROWS_MOST = 30000 };

static struct weir_part_rows waiting;

/* What was added: of each set its rows in their order. */
static struct wanted {
    struct wanted_row {
        int64_t key; /* KEYS: NULL */
        int64_t value;
        bool null;
    } rows[ROWS_MOST];
    int32_t count;
} wanted[SETS];

static uint64_t word_of(int64_t key) { return (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15) + 1; }

static void open_rows(bool has_validity) {
    memset(&waiting, 0, sizeof(waiting));
    for (int s = 0; s < SETS; s++) wanted[s].count = 0;
    weir_part_rows_init(&waiting, 1, 32);
    assert_true(weir_part_rows_open(&waiting, PARTS, has_validity, (size_t)64 << 20));
    assert_int_equal(waiting.parts, PARTS);
}

/* Adds rows to a set, from an entry of the block on, as a slot of a block is. */
static void add_some(int64_t s, int32_t from, int32_t count, bool has_rows) {
    static uint64_t words[BLOCK], hashes[BLOCK], nulls[BLOCK / 64], valid[BLOCK / 64];
    static int64_t values[BLOCK];
    static uint32_t rows[BLOCK];
    memset(nulls, 0, sizeof(nulls));
    memset(valid, 0xFF, sizeof(valid));
    for (int32_t i = 0; i < count; i++) {
        int32_t entry = from + i, row = has_rows ? BLOCK - 1 - entry : entry;
        bool no_key = chance(3), null = waiting.has_validity && chance(20);
        int64_t key = no_key ? KEYS : random_below(KEYS);
        words[entry] = word_of(key);
        weir_bit_put(nulls, (size_t)entry, no_key);
        rows[entry] = (uint32_t)row;
        values[row] = random_below(1000000);
        weir_bit_put(valid, (size_t)row, !null);
        wanted[s].rows[wanted[s].count++] = (struct wanted_row){key, values[row], null};
    }
    weir_simd->hash_u64(words, BLOCK, weir_hash_seed(), hashes);
    const struct weir_vector arg = {
        .kind = WEIR_VECTOR_I64, .validity = waiting.has_validity ? valid : NULL, .i64 = values};
    const struct weir_part_block block = {words, hashes, nulls, has_rows ? rows : NULL, &arg};
    struct weir_part_set *set = weir_part_rows_find(&waiting, s, -s);
    assert_true(weir_part_rows_has_room(&waiting, set == NULL, count));
    if (set == NULL) set = weir_part_rows_begin(&waiting, s, -s);
    weir_part_rows_add(&waiting, set, &block, from, count);
}

/* The next row of the key that was added to the set and not met yet. */
static int32_t next_of(int64_t s, int64_t key, int32_t *met) {
    for (int32_t i = met[key]; i < wanted[s].count; i++) {
        if (wanted[s].rows[i].key != key) continue;
        met[key] = i + 1;
        return i;
    }
    return -1;
}

static int64_t key_of(uint64_t word) {
    int64_t key = 0;
    while (key < KEYS && word_of(key) != word) key++;
    return key;
}

static void expect_run(int64_t s, uint32_t part, const struct weir_parted *run, int32_t *met) {
    assert_int_equal(run->index, s);
    assert_int_equal(run->first, -s);
    bool is_null = part == PARTS;
    for (int32_t i = 0; i < run->count; i++) {
        uint64_t word = is_null ? 0 : run->keys.words[i], hash;
        int64_t key = is_null ? KEYS : key_of(word);
        weir_simd->hash_u64(&word, 1, weir_hash_seed(), &hash);
        assert_true(is_null || (key < KEYS && hash >> waiting.shift == part));
        assert_true(!is_null || weir_bit_get(run->keys.nulls, (size_t)i));
        int32_t at = next_of(s, key, met);
        assert_true(at >= 0);
        const struct weir_vector *arg = &run->args[0];
        bool null = arg->validity != NULL && !weir_bit_get(arg->validity, (size_t)i);
        assert_int_equal(null, wanted[s].rows[at].null);
        if (!null) assert_int_equal(arg->i64[i], wanted[s].rows[at].value);
    }
}

/* All parts of a set hold what was added to it, and no more. */
static void expect_set(int64_t s) {
    static int32_t met[KEYS + 1];
    struct weir_part_set *set = weir_part_rows_find(&waiting, s, -s);
    int64_t count = 0;
    memset(met, 0, sizeof(met));
    assert_non_null(set);
    for (uint32_t part = 0; part <= PARTS; part++) {
        struct weir_parted run;
        char *chunk = NULL;
        while (weir_part_rows_next(&waiting, set, part, &chunk, &run)) {
            expect_run(s, part, &run, met);
            count += run.count;
        }
        assert_null(chunk);
    }
    assert_int_equal(count, wanted[s].count);
    assert_int_equal(set->rows, wanted[s].count);
    assert_int_equal(set->came, wanted[s].count);
}

static void rows_are_found_in_their_sets_and_parts(void **state) {
    (void)state;
    for (int turn = 0; turn < 4; turn++) {
        int64_t all = 0;
        random_state = (uint64_t)turn;
        open_rows(turn % 2 == 0);
        for (int i = 0; i < 12; i++) {
            int32_t from = (int32_t)random_below(BLOCK / 2);
            add_some(random_below(SETS), from, (int32_t)random_below(BLOCK - from) + 1, turn > 1);
        }
        for (int64_t s = 0; s < SETS; s++) {
            if (wanted[s].count > 0) expect_set(s);
            all += wanted[s].count;
        }
        assert_int_equal(waiting.rows, all);
        weir_part_rows_fini(&waiting);
    }
}

static void a_set_that_ends_leaves_the_others(void **state) {
    (void)state;
    random_state = 21;
    open_rows(true);
    for (int64_t s = 0; s < SETS; s++) add_some(s, 0, BLOCK, true);
    uint64_t used = waiting.chunks.used;
    weir_part_rows_end(&waiting, weir_part_rows_find(&waiting, 0, 0));
    assert_null(weir_part_rows_find(&waiting, 0, 0));
    assert_true(waiting.chunks.used < used);
    expect_set(1);
    expect_set(2);
    wanted[0].count = 0;
    add_some(0, 0, 100, false); /* and begins anew */
    for (int64_t s = 0; s < SETS; s++) expect_set(s);
    for (int64_t s = 0; s < SETS; s++) weir_part_rows_end(&waiting, weir_part_rows_find(&waiting, s, -s));
    assert_int_equal(waiting.rows, 0);
    assert_int_equal(waiting.chunks_rows, 0);
    weir_part_rows_fini(&waiting);
}

static void a_part_that_is_dropped_may_get_more(void **state) {
    (void)state;
    struct weir_parted run;
    char *chunk = NULL;
    random_state = 22;
    open_rows(false);
    add_some(0, 0, BLOCK, false);
    struct weir_part_set *set = weir_part_rows_find(&waiting, 0, 0);
    for (uint32_t part = 0; part <= PARTS; part++) {
        weir_part_rows_drop(&waiting, set, part);
        assert_false(weir_part_rows_next(&waiting, set, part, &chunk, &run));
    }
    assert_int_equal(set->rows, 0);
    assert_int_equal(waiting.rows, 0);
    set->came = 0;
    wanted[0].count = 0;
    add_some(0, 0, BLOCK, false);
    expect_set(0);
    weir_part_rows_fini(&waiting);
}

static void rows_of_sets_that_are_shared_are_walked_part_by_part(void **state) {
    (void)state;
    struct weir_part_walk walk = WEIR_PART_WALK;
    struct weir_parted run;
    int64_t counts[SETS] = {0};
    uint32_t last = 0;
    random_state = 23;
    open_rows(false);
    for (int64_t s = 0; s < SETS; s++) add_some(s, 0, BLOCK, false);
    weir_part_rows_find(&waiting, 1, -1)->is_own = true;
    while (weir_part_rows_walk(&waiting, &walk, &run)) {
        assert_true(walk.part >= last);
        last = walk.part;
        counts[run.index] += run.count;
    }
    assert_int_equal(counts[0], BLOCK);
    assert_int_equal(counts[1], 0); /* its own */
    assert_int_equal(counts[2], BLOCK);
    weir_part_rows_fini(&waiting);
}

static void room_ends_where_it_was_said_to(void **state) {
    (void)state;
    random_state = 24;
    memset(&waiting, 0, sizeof(waiting));
    wanted[0].count = 0;
    weir_part_rows_init(&waiting, 1, 32);
    assert_true(weir_part_rows_open(&waiting, WEIR_PARTS_MOST, false, 1)); /* the least that can be worked with */
    assert_true(waiting.parts < WEIR_PARTS_MOST);
    int turns = 0;
    for (struct weir_part_set *set = NULL; weir_part_rows_has_room(&waiting, set == NULL, BLOCK / 4); turns++) {
        wanted[0].count = 0;
        add_some(0, 0, BLOCK / 4, false);
        set = weir_part_rows_find(&waiting, 0, 0);
        assert_true(waiting.chunks_rows <= waiting.chunks_most);
        assert_true((uint64_t)turns * (BLOCK / 4) <= waiting.chunks_most * WEIR_PART_CHUNK);
    }
    assert_true(turns > 0);
    weir_part_rows_allow(&waiting, (size_t)64 << 20);
    assert_true(weir_part_rows_has_room(&waiting, false, BLOCK));
    weir_part_rows_fini(&waiting);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_in_their_sets_and_parts),
        cmocka_unit_test(a_set_that_ends_leaves_the_others),
        cmocka_unit_test(a_part_that_is_dropped_may_get_more),
        cmocka_unit_test(rows_of_sets_that_are_shared_are_walked_part_by_part),
        cmocka_unit_test(room_ends_where_it_was_said_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
