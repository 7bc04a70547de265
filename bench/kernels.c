/* SPDX-License-Identifier: Apache-2.0
 *
 * Every kernel of kernels.def at every level of this machine, the scalar reference first, over one block of rows,
 * which stays in cache. The list is made from kernels.def: a kernel without a call below does not compile.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "base/hash.h"
#include "bench/gbench.h"
#include "simd/kernels.h"
#include "simd/row_fields.h"
#include "simd/string_line.h"
#include "simd/text_slot.h"
#include "simd/word_line.h"

#define ROWS 4096
#define WORDS (ROWS / 64)
#define LINES_BITS 11
#define LINES (1 << LINES_BITS)
#define PARTS_BITS 6
#define PARTS (1 << PARTS_BITS)

/* Arguments of all kernels, filled once; and where results go. */
static struct {
    int64_t times[ROWS];
    int64_t other[ROWS];
    double values[ROWS];
    double other_values[ROWS];
    float floats[ROWS];
    uint32_t indices[ROWS];
    uint32_t few[ROWS];    /* of a hundred */
    uint32_t narrow[ROWS]; /* of eight */
    uint64_t *tails[PARTS];
    uint64_t *places[ROWS];      /* of part_words */
    uint64_t *places_once[ROWS]; /* each word of `out` once */
    _Alignas(sizeof(uint64_t) * ROWS) uint64_t parted[PARTS * ROWS];
    _Alignas(16) double pairs[2 * 128];
    _Alignas(32) double quads[4 * 128];
    const double *columns[4]; /* two, each twice */
    uint64_t half[WORDS];     /* every row with a chance of one half */
    char text[ROWS];          /* lines of CSV */
    uint64_t hashes[ROWS];    /* of `other` */
    int64_t out[ROWS];
    int64_t wide_out[2 * ROWS];
    double out_values[ROWS];
    uint32_t out_indices[ROWS];
    uint64_t bits[3][WORDS];
    int64_t min, max;
    struct weir_word_line lines[LINES]; /* ROWS words, of which `other` has some */
    struct weir_word_line met[LINES];
    char fields[16 * ROWS + 64]; /* numbers, 16 bytes apart */
    struct weir_text_span spans[ROWS];
    struct weir_text_slot slots[LINES]; /* every number of `fields` */
    struct weir_string strings[ROWS];   /* the same numbers */
    _Alignas(32) struct weir_string_cell string_cells[LINES];
    struct weir_string_places string_places;
    struct weir_row_fields row_fields;
} d;

static volatile double kept; /* results by value go here, so that calls are made */

/* What one call does, and the bytes a row that it reads. */
#define CALL(name, bytes, call)                                                                                    \
    enum { bytes_##name = (bytes) };                                                                               \
    static void call_##name(const struct weir_kernels *k) { call; }

CALL(min_max_i64, 8, k->min_max_i64(d.times, ROWS, &d.min, &d.max))
CALL(min_max_valid_i64, 8, k->min_max_valid_i64(d.times, d.half, ROWS, &d.min, &d.max))
CALL(compare_i64, 16, k->compare_i64(WEIR_COMPARE_LT, d.times, d.other, ROWS, d.bits[0]))
CALL(compare_scalar_i64, 8, k->compare_scalar_i64(WEIR_COMPARE_LT, d.times, 2048, ROWS, d.bits[0]))
CALL(compare_scalar_i8, 1, k->compare_scalar_i8(WEIR_COMPARE_LT, (const int8_t *)d.times, 0, 3, ROWS, d.bits[0]))
CALL(compare_scalar_i16, 2,
     k->compare_scalar_i16(WEIR_COMPARE_LT, (const int16_t *)d.times, 0, 300, ROWS, d.bits[0]))
CALL(compare_scalar_i32, 4,
     k->compare_scalar_i32(WEIR_COMPARE_LT, (const int32_t *)d.times, 0, 300, ROWS, d.bits[0]))
CALL(compare_f64, 16, k->compare_f64(WEIR_COMPARE_LT, d.values, d.other_values, ROWS, d.bits[0]))
CALL(compare_scalar_f64, 8, k->compare_scalar_f64(WEIR_COMPARE_LT, d.values, 0.5, ROWS, d.bits[0]))
CALL(bits_to_indices, 0, kept = (double)k->bits_to_indices(d.half, ROWS, d.out_indices))
CALL(count_bits, 0, kept = (double)k->count_bits(d.half, ROWS))
CALL(lay_i64, 16, k->lay_i64(d.half, d.times, ROWS, d.out))
CALL(lay_i128, 32, k->lay_i128(d.half, d.strings, ROWS, d.wide_out))
CALL(lay_one_u32, 4, k->lay_one_u32(d.half, 7, ROWS, d.out_indices))
CALL(widen_i8, 1, k->widen_i8((const int8_t *)d.times, ROWS, d.out))
CALL(widen_i16, 2, k->widen_i16((const int16_t *)d.times, ROWS, d.out))
CALL(widen_i32, 4, k->widen_i32((const int32_t *)d.times, ROWS, d.out))
CALL(widen_u8, 1, k->widen_u8((const uint8_t *)d.times, ROWS, d.out))
CALL(widen_u16, 2, k->widen_u16((const uint16_t *)d.times, ROWS, d.out))
CALL(widen_u32, 4, k->widen_u32((const uint32_t *)d.times, ROWS, d.out))
CALL(widen_f32, 4, k->widen_f32(d.floats, ROWS, d.out_values))
CALL(i64_to_f64, 8, k->i64_to_f64(d.times, ROWS, d.out_values))
CALL(floor_divide_i64, 8, k->floor_divide_i64(d.times, ROWS, 5000, d.out))
CALL(gather_i64, 12, k->gather_i64(d.times, d.indices, ROWS, d.out))
CALL(add_i64, 16, kept = k->add_i64(d.times, d.other, ROWS, d.out))
CALL(subtract_i64, 16, kept = k->subtract_i64(d.times, d.other, ROWS, d.out))
CALL(hash_u64, 8, k->hash_u64((const uint64_t *)d.times, ROWS, 7, (uint64_t *)d.out))
CALL(next_u32, 4, k->next_u32(d.indices, ROWS, d.out_indices))
CALL(max_u8, 1, kept = k->max_u8((const uint8_t *)d.times, ROWS))
CALL(max_u16, 2, kept = k->max_u16((const uint16_t *)d.times, ROWS))
CALL(max_u32, 4, kept = k->max_u32((const uint32_t *)d.times, ROWS))
CALL(add_to_pairs_f64, 12, k->add_to_pairs_f64(d.few, d.values, ROWS, d.pairs, NULL))
CALL(add_to_quads_f64, 20, k->add_to_quads_f64(d.few, d.columns, ROWS, d.quads, NULL))
CALL(add_to_rows, 20, kept = k->add_to_rows(&d.row_fields, (char *)d.quads, 32, d.few, ROWS, false, NULL))
CALL(add_to_mixed, 20, k->add_to_mixed(d.few, d.values, d.times, ROWS, d.quads, NULL))
CALL(add_to_pairs_i64, 12, k->add_to_pairs_i64(d.few, d.times, ROWS, (int64_t *)d.pairs, NULL))
CALL(least_to_pairs_i64, 12, k->least_to_pairs_i64(d.few, d.times, ROWS, (int64_t *)d.pairs))
CALL(order_f64, 8, k->order_f64(d.values, ROWS, d.out))
CALL(find_words, 16,
     kept = (double)k->find_words(d.lines, LINES_BITS, (const uint64_t *)d.other, (const uint64_t *)d.hashes, 0,
                                  ROWS, d.out_indices))
CALL(meet_words, 16, uint32_t keys = 0; memset(d.met, 0, sizeof(d.met));
     k->meet_words(d.met, LINES, 0, (const uint64_t *)d.other, (const uint64_t *)d.hashes, ROWS, d.out_indices,
                   (uint64_t *)d.out, &keys))
CALL(pack_i64, 8, kept = k->pack_i64(d.other, ROWS, -3, 5000, 7, (uint64_t *)d.out))
CALL(pack_u32, 4, k->pack_u32(d.indices, ROWS, 7, (uint64_t *)d.out))
CALL(find_cells, 8, kept = k->find_cells(d.indices, (const uint64_t *)d.other, ROWS, d.out_indices))
CALL(bits_of_codes, 4, k->bits_of_codes(d.narrow, ROWS, 0x5A, d.bits[0]))
CALL(part_words, 16,
     for (uint32_t p = 0; p < PARTS; p++) d.tails[p] = d.parted + p * ROWS; /* with room for more than come */
     kept = (double)k->part_words((const uint64_t *)d.other, d.hashes, 64 - PARTS_BITS, 0, ROWS,
                                  ROWS * sizeof(uint64_t), d.tails, d.places))
CALL(scatter_u64, 16, k->scatter_u64((const uint64_t *)d.times, NULL, d.places_once, ROWS, 0))
CALL(match_bytes, 1, k->match_bytes(d.text, ROWS, ',', '\n', '"', d.bits[0], d.bits[1], d.bits[2]))
CALL(find_texts, 16, kept = (double)k->find_texts(d.slots, LINES - 1, 7, d.fields, d.spans, 0, ROWS, d.out_indices))
CALL(find_strings, 16,
     kept = (double)k->find_strings(&d.string_places, 7, d.strings, NULL, NULL, 0, ROWS, (uint64_t *)d.out))
CALL(parse_decimals, 16, k->parse_decimals(d.fields, d.spans, ROWS, d.out_values, d.bits[0]))
CALL(sum_f64, 8, kept = k->sum_f64(d.values, ROWS))
CALL(min_max_sum, 16, kept = k->min_max_sum(d.times, d.values, ROWS, &d.min, &d.max))
CALL(utf8_valid, 1, kept = k->utf8_valid(d.text, ROWS))

static const struct {
    const char *name;
    void (*call)(const struct weir_kernels *kernels);
    int64_t bytes;
} calls[] = {
#define WEIR_KERNEL(name, result, parameters) {#name, call_##name, bytes_##name},
#include "simd/kernels.def"
#undef WEIR_KERNEL
};

struct job {
    size_t call;
    enum weir_simd_level level;
};

static void fill(void) {
    static const char line[] = "2024-01-01 00:00:00,key000017,\"0.25\"\n";
    uint64_t state = 7;
    for (int c = 0; c < 4; c++) d.columns[c] = c % 2 == 0 ? d.values : d.other_values;
    for (int64_t i = 0; i < ROWS; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        d.times[i] = i;
        d.other[i] = (int64_t)(state >> 52);
        d.values[i] = (double)(state >> 11) * 0x1p-53;
        d.other_values[i] = (double)(state & 0xFFFF) * 0x1p-16;
        d.floats[i] = (float)d.values[i];
        d.indices[i] = (uint32_t)(state >> 52);
        d.places_once[i] = (uint64_t *)&d.out[i * 2731 % ROWS];
        d.few[i] = (uint32_t)((state >> 32) * 100 >> 32);
        d.narrow[i] = (uint32_t)(state >> 61);
        d.half[i / 64] |= (state >> 63) << (i % 64);
        d.text[i] = line[(size_t)i % (sizeof(line) - 1)];
    }
}

/* Every number that `other` may be. */
static void fill_lines(void) {
    for (uint64_t word = 0; word < ROWS; word++) {
        weir_word_line_add(d.lines, LINES_BITS, word, weir_hash_u64(word, 7), (uint32_t)word);
    }
    weir_simd->hash_u64((const uint64_t *)d.other, ROWS, 7, d.hashes);
}

/* Numbers such as readings have, of which there are some hundred. */
static void fill_fields(void) {
    uint32_t codes = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        char *field = d.fields + (size_t)i * 16;
        int length = snprintf(field, 16, "%.1f", (double)(d.indices[i] % 400) / 5 - 20);
        d.spans[i] = (struct weir_text_span){i * 16, (uint32_t)length};
        struct weir_text_words words = weir_text_words_of(field, (size_t)length);
        const struct weir_text_hash hash = weir_text_hash_of(7, LINES - 1);
        size_t at = weir_text_home(&hash, &words);
        while (d.slots[at].mark != 0 && !weir_text_slot_holds(&d.slots[at], &words, (size_t)length))
            at = (at + 1) & (LINES - 1);
        if (d.slots[at].mark != 0) continue;
        memcpy(d.slots[at].words, words.word, sizeof(words.word));
        d.slots[at].mark = (uint32_t)length + 1;
        d.slots[at].code = codes++;
    }
}

static void fill_strings(void) {
    uint32_t ids = 0;
    d.row_fields = (struct weir_row_fields){.words = 4,
                                            .values = {NULL, d.times, NULL, (const int64_t *)d.values},
                                            .constants = {1},
                                            .doubles = 8,
                                            .upper = 4};
    d.string_places = (struct weir_string_places){.cells = d.string_cells, .cells_mask = LINES - 1};
    for (uint32_t i = 0; i < ROWS; i++) {
        struct weir_string_cell cell = {.mark = d.spans[i].length + 1, .id = ids};
        d.strings[i] = (struct weir_string){d.fields + d.spans[i].start, (int64_t)d.spans[i].length};
        uint64_t words[WEIR_STRING_LINE_WORDS + 1] = {0};
        memcpy(words, d.strings[i].data, d.spans[i].length);
        memcpy(cell.words, words, sizeof(cell.words));
        size_t at = (size_t)weir_string_line_hash(words, d.spans[i].length, 7) & (LINES - 1);
        while (d.string_cells[at].mark != 0 &&
               !weir_string_is(d.string_cells[at].words, d.string_cells[at].mark, cell.words,
                               WEIR_STRING_CELL_WORDS, d.spans[i].length))
            at = (at + 1) & (LINES - 1);
        if (d.string_cells[at].mark != 0) continue;
        d.string_cells[at] = cell;
        ids++;
    }
}

static void bench_kernel(struct weir_gbench *bench, void *user) {
    const struct job *job = user;
    const struct weir_kernels *kernels = weir_simd_table(job->level);
    while (weir_gbench_keep_running(bench)) calls[job->call].call(kernels);
    weir_gbench_rows(bench, ROWS);
    if (calls[job->call].bytes > 0) weir_gbench_bytes(bench, ROWS * calls[job->call].bytes);
}

int main(int argc, char **argv) {
    enum { CALLS = WEIR_ARRAY_COUNT(calls) };
    static struct job jobs[CALLS * WEIR_SIMD_LEVELS];
    fill();
    fill_lines();
    fill_fields();
    fill_strings();
    for (size_t i = 0; i < CALLS * WEIR_SIMD_LEVELS; i++) {
        jobs[i] = (struct job){i / WEIR_SIMD_LEVELS, (enum weir_simd_level)(i % WEIR_SIMD_LEVELS)};
        if (weir_simd_table(jobs[i].level) == NULL) continue;
        char name[96];
        snprintf(name, sizeof(name), "%s/%s", calls[jobs[i].call].name, weir_simd_level_name(jobs[i].level));
        weir_gbench_register(name, bench_kernel, &jobs[i]);
    }
    return weir_gbench_run(argc, argv);
}
