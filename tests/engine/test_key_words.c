/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/key_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hash.h"
#include "simd/kernels.h"

struct keys {
    struct weir_key_words table;
    struct weir_key_list list;
    uint64_t seed;
};

static uint32_t map_one(struct keys *keys, uint64_t word) {
    uint64_t hash;
    uint32_t id;
    assert_true(weir_key_words_map(&keys->table, &keys->list, keys->seed, &word, &hash, 1, &id));
    return id;
}

static void close_keys(struct keys *keys) {
    weir_key_words_fini(&keys->table);
    free(keys->list.words);
}

/* Empty slots hold words, too: 0, and in the home of 0 the first other one whose home is elsewhere. */
static void a_word_that_an_empty_slot_holds_is_a_key_like_any_other(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        for (int order = 0; order < 2; order++) {
            struct keys keys = {.list = {.words_count = 1}, .seed = seed};
            for (uint32_t i = 0; i < 20; i++) assert_int_equal(map_one(&keys, order == 0 ? i : 19 - i), i);
            for (uint32_t i = 0; i < 20; i++) assert_int_equal(map_one(&keys, order == 0 ? i : 19 - i), i);
            assert_int_equal(keys.list.count, 20);
            close_keys(&keys);
        }
    }
}

/* Each size of the slots, and the change to lines. */
static void keys_keep_their_ids_while_the_table_grows(void **state) {
    (void)state;
    enum { KEYS = 20000 };
    struct keys keys = {.list = {.words_count = 1}, .seed = 7};
    for (uint32_t i = 0; i < KEYS; i++) {
        assert_int_equal(map_one(&keys, (uint64_t)i * 4096), i);
        if (i % 61 != 0) continue;
        for (uint32_t old = 0; old <= i; old += 7) assert_int_equal(map_one(&keys, (uint64_t)old * 4096), old);
    }
    assert_int_equal(keys.list.count, KEYS);
    assert_non_null(keys.table.lines);
    close_keys(&keys);
}

/* Keys that were listed first are found as if they had been mapped. */
static void keys_that_were_listed_are_added_later(void **state) {
    (void)state;
    enum { KEYS = 20000 };
    struct keys keys = {.list = {.words_count = 1}, .seed = 7};
    for (uint32_t i = 0; i < KEYS; i++) {
        uint64_t word = (uint64_t)i * 4096;
        assert_int_equal(weir_key_list_append(&keys.list, &word), i);
    }
    assert_true(weir_key_words_add(&keys.table, &keys.list, keys.seed, 0, 5));
    for (uint32_t i = 0; i < 5; i++) assert_int_equal(map_one(&keys, (uint64_t)i * 4096), i);
    assert_true(weir_key_words_add(&keys.table, &keys.list, keys.seed, 5, KEYS));
    for (uint32_t i = 0; i < KEYS; i++) assert_int_equal(map_one(&keys, (uint64_t)i * 4096), i);
    assert_int_equal(map_one(&keys, 1), KEYS);
    close_keys(&keys);
}

static void few_keys_need_little_memory(void **state) {
    (void)state;
    struct keys keys = {.list = {.words_count = 1}, .seed = 7};
    map_one(&keys, 1);
    assert_true(weir_key_words_bytes(&keys.table) <= 65536);
    for (uint64_t word = 0; word < 8192; word++) {
        map_one(&keys, word);
        assert_true(weir_key_words_bytes(&keys.table) <= (size_t)1 << 20);
    }
    close_keys(&keys);
}

static int by_hash(const void *a, const void *b) {
    uint64_t x = weir_hash_u64(*(const uint64_t *)a, 7), y = weir_hash_u64(*(const uint64_t *)b, 7);
    return x < y ? -1 : x > y;
}

/* The lines that a search for the word looks at. */
static size_t lines_looked_at(const struct weir_key_words *table, uint64_t word) {
    unsigned bits = (unsigned)__builtin_ctzll(table->lines_count);
    size_t home = weir_word_line_home(weir_hash_u64(word, 7), bits), looked = 1;
    for (;; looked++) {
        const struct weir_word_line *line = &table->lines[(home + looked - 1) & (table->lines_count - 1)];
        for (int i = 0; i < WEIR_WORD_LINE_WORDS; i++) {
            if ((line->used >> i & 1) != 0 && line->words[i] == word) return looked;
        }
        assert_int_equal(line->used, WEIR_WORD_LINE_FULL);
    }
}

static void words_that_come_by_their_hashes_crowd_nowhere(void **state) {
    (void)state;
    enum { KEYS = 200000 };
    struct keys keys = {.list = {.words_count = 1}, .table = {.most = KEYS}, .seed = 7};
    uint64_t *words = malloc(KEYS * sizeof(*words));
    assert_non_null(words);
    for (uint64_t i = 0; i < KEYS; i++) words[i] = i;
    qsort(words, KEYS, sizeof(*words), by_hash);
    for (uint32_t i = 0; i < KEYS; i++) assert_int_equal(map_one(&keys, words[i]), i);
    for (uint32_t i = 0; i < KEYS; i++) {
        assert_int_equal(map_one(&keys, words[i]), i);
        assert_true(lines_looked_at(&keys.table, words[i]) < 80);
    }
    /* No larger than one of as many keys in no order may be. */
    assert_true(weir_key_words_bytes(&keys.table) <= (size_t)KEYS * 64 * 2 * 2 / WEIR_WORD_LINE_WORDS);
    free(words);
    close_keys(&keys);
}

/* Blocks in which most words are new, some come twice and some are old, in a table that outgrows the cache. */
static void map_blocks(enum weir_simd_level level) {
    enum { KEYS = 400000, ROWS = 1000, NEW = 700 };
    struct keys keys = {.list = {.words_count = 1}, .seed = 7};
    uint32_t next = 0;
    while (next < KEYS) {
        uint64_t words[ROWS], hashes[ROWS];
        uint32_t want[ROWS], ids[ROWS];
        for (uint32_t i = 0; i < ROWS; i++) {
            bool is_new = i % 10 < 7 || next == 0;
            want[i] = is_new ? next++ : i % 10 == 7 ? next - 1 : (i * 2654435761U + next) % next;
            words[i] = (uint64_t)want[i] * 4096;
        }
        assert_true(weir_key_words_map(&keys.table, &keys.list, keys.seed, words, hashes, ROWS, ids));
        assert_memory_equal(ids, want, sizeof(ids));
        assert_int_equal(keys.list.count, next);
        assert_int_equal(keys.table.held, next);
        assert_true(keys.table.fresh);
    }
    assert_true(keys.table.lines_count * WEIR_WORD_LINE_WORDS * 3 >= keys.table.held * 4);
    for (uint32_t id = 0; id < next; id++) {
        assert_int_equal(keys.list.words[id], (uint64_t)id * 4096);
        assert_int_equal(map_one(&keys, (uint64_t)id * 4096), id);
    }
    assert_false(keys.table.fresh);
    close_keys(&keys);
    assert_int_equal(weir_simd_used(), level);
}

static void words_that_are_mostly_new_get_their_ids_in_order(void **state) {
    (void)state;
    enum weir_simd_level used = weir_simd_used();
    for (int level = WEIR_SIMD_REFERENCE; level < WEIR_SIMD_LEVELS; level++) {
        if (weir_simd_use((enum weir_simd_level)level)) map_blocks((enum weir_simd_level)level);
    }
    assert_true(weir_simd_use(used));
}

/* How full the lines become, of 1 000, by blocks in which one word in `part` is new, with `from` to `to` keys. */
static size_t fullest(uint32_t from, uint32_t to, uint32_t part) {
    enum { ROWS = 1000 };
    struct keys keys = {.list = {.words_count = 1}, .seed = 7};
    size_t most = 0;
    for (uint32_t next = 0; next < to;) {
        uint64_t words[ROWS], hashes[ROWS];
        uint32_t ids[ROWS];
        for (uint32_t i = 0; i < ROWS; i++)
            words[i] = (uint64_t)(i % part == 0 || next == 0 ? next++ : i % next) * 4096;
        assert_true(weir_key_words_map(&keys.table, &keys.list, keys.seed, words, hashes, ROWS, ids));
        assert_int_equal(keys.list.count, next);
        size_t full = keys.table.lines == NULL || next < from
                          ? 0
                          : keys.table.held * 1000 / (keys.table.lines_count * WEIR_WORD_LINE_WORDS);
        if (full > most) most = full;
    }
    close_keys(&keys);
    return most;
}

/* A word outside of its home line costs more than the memory of twice the lines: while these fit the cache, and of
 * words that are new. */
static void lines_are_half_full_while_they_are_few_or_new(void **state) {
    (void)state;
    size_t few = fullest(20000, 81920, 3), many = fullest(200000, 300000, 3), fresh = fullest(200000, 400000, 1);
    assert_true(few > 450 && few <= 500);
    assert_true(many > 700 && many <= 750);
    assert_true(fresh > 400 && fresh <= 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_that_an_empty_slot_holds_is_a_key_like_any_other),
        cmocka_unit_test(keys_keep_their_ids_while_the_table_grows),
        cmocka_unit_test(keys_that_were_listed_are_added_later),
        cmocka_unit_test(few_keys_need_little_memory),
        cmocka_unit_test(words_that_come_by_their_hashes_crowd_nowhere),
        cmocka_unit_test(words_that_are_mostly_new_get_their_ids_in_order),
        cmocka_unit_test(lines_are_half_full_while_they_are_few_or_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
