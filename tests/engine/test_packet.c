/* SPDX-License-Identifier: Apache-2.0
 *
 * Packets give back what was put into them: every kind of argument, NULLs, and the slices of runs.
 */
#include "tests/engine/plans.h"

#include "base/attributes.h"
#include "base/bits.h"
#include "engine/packet.h"
#include "tests/engine/random.h"

enum { ROWS = WEIR_BLOCK_ROWS, KINDS = 4 };

static const enum weir_vector_kind kinds[KINDS] = {WEIR_VECTOR_I64, WEIR_VECTOR_F64, WEIR_VECTOR_I128,
                                                   WEIR_VECTOR_BOOL};
static int64_t values[KINDS][ROWS];
static weir_i128 wide[ROWS];
static uint64_t bits[ROWS / 64], words[ROWS], nulls[ROWS / 64], valid[KINDS][ROWS / 64];

static void make_block(struct weir_vector *args, struct weir_key_block *keys, int null_percent) {
    for (int32_t i = 0; i < ROWS; i++) {
        words[i] = random_next();
        wide[i] = (weir_i128)random_next() << 40;
        for (int k = 0; k < KINDS; k++) values[k][i] = (int64_t)random_next();
        weir_bit_put(bits, (size_t)i, chance(50));
        weir_bit_put(nulls, (size_t)i, chance(null_percent));
        for (int k = 0; k < KINDS; k++) weir_bit_put(valid[k], (size_t)i, !chance(null_percent));
    }
    bool some = null_percent > 0;
    *keys = (struct weir_key_block){words, some ? nulls : NULL};
    for (int k = 0; k < KINDS; k++)
        args[k] = (struct weir_vector){.kind = kinds[k], .validity = some ? valid[k] : NULL, .i64 = values[k]};
    args[2].i128 = wide;
    args[3].bits = bits;
}

static bool is_valid(const uint64_t *validity, size_t row) {
    return validity == NULL || weir_bit_get(validity, row);
}

static void expect_row(const struct weir_parted *read, size_t at, uint32_t entry, uint32_t row,
                       const struct weir_vector *args, const struct weir_key_block *keys) {
    assert_true(read->keys.words[at] == keys->words[entry]);
    bool null = read->keys.nulls != NULL && weir_bit_get(read->keys.nulls, at);
    assert_int_equal(null, keys->nulls != NULL && weir_bit_get(keys->nulls, entry));
    for (int k = 0; k < KINDS; k++)
        assert_int_equal(is_valid(read->args[k].validity, at), is_valid(args[k].validity, row));
    assert_true(read->args[0].i64[at] == values[0][row] && read->args[1].i64[at] == values[1][row]);
    assert_true(read->args[2].i128[at] == wide[row]);
    assert_int_equal(weir_bit_get(read->args[3].bits, at), weir_bit_get(bits, row));
}

/* Sources of random lengths until the packet is full; then what is read is compared with what was given. */
static void packets_give_back_what_was_put_in(void **state) {
    (void)state;
    static uint32_t entries[ROWS], rows[ROWS], given_entries[ROWS], given_rows[ROWS];
    static struct weir_vector read_args[KINDS];
    static uint64_t read_bits[(2 * KINDS + 1) * ROWS / 64];
    const struct weir_packet_reader reader = {read_args, read_bits};
    struct weir_packet_layout layout;
    weir_packet_lay_out(&layout, 640, kinds, KINDS);
    char *memory = aligned_alloc(WEIR_ISOLATE_BYTES, layout.bytes);
    if (memory == NULL) abort();
    struct weir_packet *packet = weir_packet_make(&layout, memory);
    for (int round = 0; round < 60; round++) {
        struct weir_vector args[KINDS];
        struct weir_key_block keys;
        make_block(args, &keys, round % 3 * 20);
        weir_packet_begin(&layout, packet, round);
        int32_t given = 0, taken;
        int64_t slices[ROWS];
        do {
            struct weir_packet_source source = {.index = random_below(3), .keys = &keys, .args = args};
            source.first = source.index + 1;
            source.count = 1 + (int32_t)random_below(round % 2 == 0 ? 3 : 200);
            for (int32_t i = 0; i < source.count; i++) {
                entries[i] = (uint32_t)random_below(ROWS);
                rows[i] = (uint32_t)random_below(ROWS);
            }
            source.entries = entries;
            source.rows = rows;
            taken = weir_packet_fill(&layout, packet, &source);
            for (int32_t i = 0; i < taken; i++, given++) {
                given_entries[given] = entries[i];
                given_rows[given] = rows[i];
                slices[given] = source.index;
            }
        } while (taken > 0);
        assert_true(given == layout.rows_max || packet->runs_count == layout.runs_max);
        assert_int_equal(packet->rows, given);
        int32_t at = 0;
        for (int32_t run = 0; run < packet->runs_count; run++) {
            struct weir_parted read;
            weir_packet_read(&layout, packet, run, &reader, &read);
            assert_true(read.count > 0 && read.first == read.index + 1);
            for (int32_t i = 0; i < read.count; i++, at++) {
                assert_int_equal(read.index, slices[at]);
                expect_row(&read, (size_t)i, given_entries[at], given_rows[at], args, &keys);
            }
        }
        assert_int_equal(at, given);
    }
    free(memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(packets_give_back_what_was_put_in)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
