/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/string_memo.h"

#include <string.h>

#include "alloc/pages.h"

/* Cells and lines begin with so many, and end with 8 MiB of each. */
#define PLACES_FIRST 256
#define CELLS_MOST 262144
#define LINES_MOST 131072
#define PLACES_A_STRING 8
/* Of the rows of a block a quarter may miss; else it is left alone, for less long while it still grows. */
#define ROWS_A_MISS 4
#define BLOCKS_GROWING 2
#define BLOCKS_FULL 32

static size_t cells_bytes(const struct weir_string_memo *memo) { return memo->cells_count * sizeof(*memo->cells); }
static size_t lines_bytes(const struct weir_string_memo *memo) { return memo->lines_count * sizeof(*memo->lines); }

void weir_string_memo_fini(struct weir_string_memo *memo) {
    weir_pages_free(memo->cells, cells_bytes(memo));
    weir_pages_free(memo->lines, lines_bytes(memo));
    memset(memo, 0, sizeof(*memo));
}

size_t weir_string_memo_bytes(const struct weir_string_memo *memo) { return cells_bytes(memo) + lines_bytes(memo); }

struct weir_string_places weir_string_memo_places(const struct weir_string_memo *memo) {
    static const struct weir_string_line none; /* as a cell, too */
    struct weir_string_places places = {(const struct weir_string_cell *)&none, 0, &none, 0};
    if (memo->cells != NULL) {
        places.cells = memo->cells;
        places.cells_mask = memo->cells_count - 1;
    }
    if (memo->lines != NULL) {
        places.lines = memo->lines;
        places.lines_mask = memo->lines_count - 1;
    }
    return places;
}

/* Into an empty place, if one of those where it may lie is; the strings that were placed, 1 or 0. */
static size_t place_cell(struct weir_string_cell *cells, size_t count, uint64_t seed,
                         const struct weir_string_cell *what) {
    uint64_t words[WEIR_STRING_LINE_WORDS + 1] = {0};
    memcpy(words, what->words, sizeof(what->words));
    size_t home = (size_t)weir_string_line_hash(words, what->mark - 1, seed);
    for (size_t probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++) {
        struct weir_string_cell *cell = &cells[(home + probe) & (count - 1)];
        if (cell->mark != 0) continue;
        *cell = *what;
        return 1;
    }
    return 0;
}

static size_t place_line(struct weir_string_line *lines, size_t count, uint64_t seed,
                         const struct weir_string_line *what) {
    size_t home = (size_t)weir_string_line_hash(what->words, what->mark - 1, seed);
    for (size_t probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++) {
        struct weir_string_line *line = &lines[(home + probe) & (count - 1)];
        if (line->mark != 0) continue;
        *line = *what;
        return 1;
    }
    return 0;
}

/* Without memory they stay as they are: nothing depends on them. */
static WEIR_COLD void grow_cells(struct weir_string_memo *memo, uint64_t seed) {
    size_t count = memo->cells_count == 0 ? PLACES_FIRST : memo->cells_count * 2, held = 0;
    struct weir_string_cell *cells = weir_pages_alloc(count * sizeof(*cells));
    if (cells == NULL) return;
    for (size_t i = 0; i < memo->cells_count; i++) {
        if (memo->cells[i].mark != 0) held += place_cell(cells, count, seed, &memo->cells[i]);
    }
    weir_pages_free(memo->cells, cells_bytes(memo));
    memo->cells = cells;
    memo->cells_count = count;
    memo->cells_held = held;
}

static WEIR_COLD void grow_lines(struct weir_string_memo *memo, uint64_t seed) {
    size_t count = memo->lines_count == 0 ? PLACES_FIRST : memo->lines_count * 2, held = 0;
    struct weir_string_line *lines = weir_pages_alloc(count * sizeof(*lines));
    if (lines == NULL) return;
    for (size_t i = 0; i < memo->lines_count; i++) {
        if (memo->lines[i].mark != 0) held += place_line(lines, count, seed, &memo->lines[i]);
    }
    weir_pages_free(memo->lines, lines_bytes(memo));
    memo->lines = lines;
    memo->lines_count = count;
    memo->lines_held = held;
}

static bool are_full(size_t held, size_t count) { return held * PLACES_A_STRING >= count; }

static void add_to_cells(struct weir_string_memo *memo, uint64_t seed, struct weir_string string, uint32_t id) {
    struct weir_string_cell cell = {.mark = (uint32_t)string.length + 1, .id = id};
    if (string.length > 0) memcpy(cell.words, string.data, (size_t)string.length);
    if (are_full(memo->cells_held, memo->cells_count) && memo->cells_count < CELLS_MOST) grow_cells(memo, seed);
    if (are_full(memo->cells_held, memo->cells_count)) return;
    memo->cells_held += place_cell(memo->cells, memo->cells_count, seed, &cell);
}

static void add_to_lines(struct weir_string_memo *memo, uint64_t seed, struct weir_string string, uint32_t id) {
    struct weir_string_line line = {.mark = (uint32_t)string.length + 1, .id = id};
    memcpy(line.words, string.data, (size_t)string.length);
    if (are_full(memo->lines_held, memo->lines_count) && memo->lines_count < LINES_MOST) grow_lines(memo, seed);
    if (are_full(memo->lines_held, memo->lines_count)) return;
    memo->lines_held += place_line(memo->lines, memo->lines_count, seed, &line);
}

void weir_string_memo_add(struct weir_string_memo *memo, uint64_t seed, struct weir_string string, uint32_t id) {
    if (string.length <= WEIR_STRING_CELL_BYTES) {
        add_to_cells(memo, seed, string, id);
    } else if (string.length <= WEIR_STRING_LINE_BYTES) {
        add_to_lines(memo, seed, string, id);
    }
}

bool weir_string_memo_is_used(struct weir_string_memo *memo) {
    if (memo->blocks_left == 0) return true;
    memo->blocks_left--;
    return false;
}

void weir_string_memo_judge(struct weir_string_memo *memo, int32_t rows, int32_t missed) {
    if (missed <= rows / ROWS_A_MISS) return;
    bool grows = !are_full(memo->cells_held, CELLS_MOST) && !are_full(memo->lines_held, LINES_MOST);
    memo->blocks_left = grows ? BLOCKS_GROWING : BLOCKS_FULL;
}
