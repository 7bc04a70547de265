/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/string_memo.h"

#include <string.h>

#include "alloc/pages.h"

#define LINES_FIRST 256
#define LINES_MOST 131072 /* 8 MiB */
#define LINES_A_STRING 8
/* Of the rows of a block a quarter may miss; else it is left alone, for less long while it still grows. */
#define ROWS_A_MISS 4
#define BLOCKS_GROWING 2
#define BLOCKS_FULL 32

void weir_string_memo_fini(struct weir_string_memo *memo) {
    weir_pages_free(memo->lines, weir_string_memo_bytes(memo));
    memset(memo, 0, sizeof(*memo));
}

size_t weir_string_memo_bytes(const struct weir_string_memo *memo) {
    return memo->lines_count * sizeof(*memo->lines);
}

/* Into an empty line, if one of those where it may lie is. */
static bool place(const struct weir_string_memo *memo, uint64_t seed, const struct weir_string_line *what) {
    size_t mask = memo->lines_count - 1;
    size_t at = (size_t)weir_string_line_hash(what->words, what->mark - 1, seed) & mask;
    for (int probe = 0; probe < WEIR_STRING_LINE_PROBES; probe++, at = (at + 1) & mask) {
        if (memo->lines[at].mark != 0) continue;
        memo->lines[at] = *what;
        return true;
    }
    return false;
}

/* Without memory it stays as it is: nothing depends on it. */
static WEIR_COLD void grow(struct weir_string_memo *memo, uint64_t seed) {
    struct weir_string_memo grown = {.lines_count = memo->lines_count == 0 ? LINES_FIRST : memo->lines_count * 2};
    grown.lines = weir_pages_alloc(weir_string_memo_bytes(&grown));
    if (grown.lines == NULL) return;
    for (size_t i = 0; i < memo->lines_count; i++) {
        if (memo->lines[i].mark != 0) grown.held += place(&grown, seed, &memo->lines[i]);
    }
    weir_string_memo_fini(memo);
    *memo = grown;
}

void weir_string_memo_add(struct weir_string_memo *memo, uint64_t seed, struct weir_string string, uint32_t id) {
    if (string.length > WEIR_STRING_LINE_BYTES) return;
    if (memo->held * LINES_A_STRING >= memo->lines_count && memo->lines_count < LINES_MOST) grow(memo, seed);
    if (memo->held * LINES_A_STRING >= memo->lines_count) return;
    struct weir_string_line line = {.mark = (uint32_t)string.length + 1, .id = id};
    if (string.length > 0) memcpy(line.words, string.data, (size_t)string.length);
    memo->held += place(memo, seed, &line);
}

bool weir_string_memo_is_used(struct weir_string_memo *memo) {
    if (memo->blocks_left == 0) return true;
    memo->blocks_left--;
    return false;
}

void weir_string_memo_judge(struct weir_string_memo *memo, int32_t rows, int32_t missed) {
    if (missed <= rows / ROWS_A_MISS) return;
    bool grows = memo->held * LINES_A_STRING < LINES_MOST;
    memo->blocks_left = grows ? BLOCKS_GROWING : BLOCKS_FULL;
}
