/* SPDX-License-Identifier: Apache-2.0
 *
 * The window over the file, and the index of its slices.
 */
#include "connect/csv_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/error.h"
#include "base/monotonic.h"
#include "simd/kernels.h"

/* With those ahead of it about what a second-level cache holds: text is looked at soon after it was copied. */
#define BLOCK_BYTES ((size_t)256 << 10)
/* Of a record that a block ends in, so much is copied before the next block. */
#define REST_BYTES ((size_t)4 << 10)
#define SLICE_BYTES ((size_t)64 << 10)
/* Bits that are turned into positions at a time: the kernel wants room for all of them. */
#define INDEX_BITS ((size_t)64 << 10)

enum { BITS_DELIMITER, BITS_QUOTE, BITS_LF, BITS_CR, BITS_ESCAPE, BITS_UNUSED, BITS_KINDS };

static enum weir_status no_memory(const struct weir_csv_scan *scan, size_t bytes, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for %zu bytes of text", scan->path, bytes);
}

/* ---- places and messages ----------------------------------------------------------------------------------------
 */

void weir_csv_scan_position(const struct weir_csv_scan *scan, size_t at, int64_t *line, int64_t *column) {
    size_t line_begin = scan->slice_begin;
    *line = scan->line;
    for (size_t i = scan->slice_begin; i < at && i < scan->used; i++) {
        if (scan->text[i] != '\n') continue;
        ++*line;
        line_begin = i + 1;
    }
    *column = (int64_t)(at - line_begin) + 1;
}

const char *weir_csv_show(const char *text, size_t length, char *buffer) {
    size_t at = 0, shown = length < 40 ? length : 40;
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)text[i];
        buffer[at++] = c < ' ' || c == 127 ? '?' : (char)c;
    }
    if (shown < length) {
        while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) at--; /* not within a character */
        memcpy(buffer + at, "...", 3);
        at += 3;
    }
    buffer[at] = 0;
    return buffer;
}

enum weir_status weir_csv_scan_fail(const struct weir_csv_scan *scan, size_t at, struct weir_error *error,
                                    const char *format, ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    int64_t line, column;
    weir_csv_scan_position(scan, at, &line, &column);
    /* A file without CREATE TABLE has no WITH to set an option in. */
    const char *where =
        scan->options.inferred && strstr(message, "'csv.") != NULL
            ? " (options of a file stand behind its name: FROM '...' /*+ OPTIONS('csv.on-error' = 'skip') "
              "*/; inspect and convert take --from csv.on-error=skip)"
            : "";
    return weir_error_set_at(error, WEIR_ERR_FORMAT, (int32_t)(line < INT32_MAX ? line : 0),
                             (int32_t)(column < INT32_MAX ? column : 0), "'%s', line %lld, column %lld: %s%s",
                             scan->path, (long long)line, (long long)column, message, where);
}

/* ---- the window -------------------------------------------------------------------------------------------------
 */

enum weir_status weir_csv_scan_open(const char *path, const struct weir_csv_options *options, bool plain_io,
                                    struct weir_csv_scan *out, struct weir_error *error) {
    *out = (struct weir_csv_scan){.options = *options, .line = 1};
    struct weir_io_options io = {.plain = plain_io};
    enum weir_status status =
        weir_stream_open_roomy(path, BLOCK_BYTES, REST_BYTES, 1 + WEIR_CSV_PADDING, 0, &io, &out->stream, error);
    if (status != WEIR_OK) return status;
    out->path = strdup(path);
    if (out->path) return WEIR_OK;
    weir_stream_close(&out->stream);
    return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for its path", path);
}

enum weir_status weir_csv_scan_open_live(struct weir_pipe *pipe, const struct weir_csv_options *options,
                                         struct weir_csv_scan *out, struct weir_error *error) {
    *out = (struct weir_csv_scan){
        .options = *options, .line = 1, .pipe = pipe, .wait_until = INT64_MAX, .read_until = INT64_MAX};
    out->path = strdup(weir_pipe_name(pipe));
    if (out->path) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read '%s'", weir_pipe_name(pipe));
}

enum weir_status weir_csv_scan_init(struct weir_csv_scan *scan, const struct weir_csv_options *options,
                                    const char *path, struct weir_error *error) {
    *scan = (struct weir_csv_scan){.options = *options, .line = 1, .begun = true, .path = strdup(path)};
    if (scan->path) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_MEMORY, "'%s': no memory for its path", path);
}

void weir_csv_scan_set(struct weir_csv_scan *scan, const char *text, size_t bytes, bool is_whole, int64_t line) {
    scan->text = (char *)text;
    scan->used = bytes;
    scan->ended = is_whole;
    scan->line = line;
    scan->next = scan->slice_begin = scan->slice_end = 0;
    scan->mark = scan->marks_count = scan->line_end = scan->lines_count = 0;
}

void weir_csv_scan_close(struct weir_csv_scan *scan) {
    weir_stream_close(&scan->stream);
    free((char *)scan->path);
    free(scan->own);
    free(scan->marks);
    free(scan->line_ends);
    free(scan->bits);
    free(scan->record);
    free(scan->scratch);
    *scan = (struct weir_csv_scan){0};
}

/* Room in memory of its own for `bytes`, a line end and the padding; the text moves there. */
static enum weir_status reserve_text(struct weir_csv_scan *scan, size_t bytes, struct weir_error *error) {
    size_t need = bytes + 1 + WEIR_CSV_PADDING;
    const bool borrowed = scan->text != scan->own;
    if (need > scan->capacity) {
        size_t capacity = scan->capacity ? scan->capacity : 2 * BLOCK_BYTES;
        while (capacity < need) capacity *= 2;
        char *grown = realloc(scan->own, capacity);
        if (!grown) return no_memory(scan, capacity, error);
        scan->own = grown;
        scan->capacity = capacity;
    }
    if (borrowed && scan->used > 0) memcpy(scan->own, scan->text, scan->used);
    scan->text = scan->own;
    return WEIR_OK;
}

/* A byte-order mark is skipped, one of UTF-16 refused. */
static enum weir_status begin_text(struct weir_csv_scan *scan, struct weir_error *error) {
    const unsigned char *head = (const unsigned char *)scan->text;
    if (scan->used >= 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF) scan->next = 3;
    bool wide = scan->used >= 2 && ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == 0xFE && head[1] == 0xFF));
    if (!wide) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' is UTF-16 text; weir reads UTF-8: convert it with iconv",
                          scan->path);
}

static enum weir_status append_block(struct weir_csv_scan *scan, struct weir_error *error) {
    const char *data;
    size_t bytes;
    enum weir_status status = reserve_text(scan, scan->used, error); /* the next call ends the block before */
    if (status == WEIR_OK) status = weir_stream_next(scan->stream, &data, &bytes, error);
    if (status == WEIR_OK) status = reserve_text(scan, scan->used + bytes, error);
    if (status != WEIR_OK) return status;
    memcpy(scan->text + scan->used, data, bytes);
    scan->used += bytes;
    scan->bytes_read += (int64_t)bytes;
    return WEIR_OK;
}

/* The next block is the window, with the rest that was left, which is short, before it. */
static enum weir_status read_in_place(struct weir_csv_scan *scan, size_t rest, struct weir_error *error) {
    char kept[REST_BYTES];
    const char *data;
    size_t bytes;
    if (rest > 0) memcpy(kept, scan->text, rest); /* the next call ends the block before */
    enum weir_status status = weir_stream_next(scan->stream, &data, &bytes, error);
    if (status != WEIR_OK) return status;
    scan->text = (char *)data - rest;
    if (rest > 0) memcpy(scan->text, kept, rest);
    scan->used = rest + bytes;
    scan->bytes_read += (int64_t)bytes;
    return WEIR_OK;
}

/* What the pipe has; `waits`: until wait_until, if it has nothing. */
static enum weir_status append_live(struct weir_csv_scan *scan, bool waits, struct weir_error *error) {
    int64_t now = weir_monotonic_ms(), wait_ms = 0;
    if (scan->asked && now >= scan->read_until) return WEIR_AGAIN;
    scan->asked = true;
    if (waits && scan->wait_until > now) wait_ms = scan->wait_until == INT64_MAX ? -1 : scan->wait_until - now;
    enum weir_status status = reserve_text(scan, scan->used + BLOCK_BYTES, error);
    if (status != WEIR_OK) return status;
    size_t bytes = 0;
    status = weir_pipe_read(scan->pipe, scan->text + scan->used, BLOCK_BYTES, wait_ms, &bytes, error);
    scan->used += bytes;
    scan->bytes_read += (int64_t)bytes;
    return status;
}

#define BOM_BYTES 3

/* Appends blocks until there is as much again as the `rest` that was left, so that a long record is not looked at
 * more often than its length doubles; of a pipe no more than there is. */
static enum weir_status append_text(struct weir_csv_scan *scan, size_t rest, struct weir_error *error) {
    enum weir_status status;
    size_t wanted = 2 * rest;
    if (!scan->begun && wanted < BOM_BYTES) wanted = BOM_BYTES;
    do {
        bool waits = scan->used == rest || !scan->begun;
        if (scan->pipe)
            status = append_live(scan, waits, error);
        else if (scan->used == rest && rest <= REST_BYTES)
            status = read_in_place(scan, rest, error);
        else
            status = append_block(scan, error);
    } while (status == WEIR_OK && scan->used < wanted);
    bool has_come = scan->used > rest && (scan->begun || scan->used >= BOM_BYTES);
    return status == WEIR_AGAIN && has_come ? WEIR_OK : status;
}

/* Drops what has been handed out and appends more. At the end of the file its last line gets a line end. */
static enum weir_status load_text(struct weir_csv_scan *scan, struct weir_error *error) {
    size_t rest = scan->used - scan->next;
    enum weir_status status = scan->text ? WEIR_OK : reserve_text(scan, rest, error);
    if (status != WEIR_OK) return status;
    if (scan->text != scan->own)
        scan->text += scan->next; /* in its block */
    else if (scan->next > 0)
        memmove(scan->text, scan->text + scan->next, rest);
    scan->used = rest;
    scan->next = 0;
    status = append_text(scan, rest, error);
    if (!scan->begun && (status == WEIR_OK || status == WEIR_END)) {
        enum weir_status begin = begin_text(scan, error);
        scan->begun = true;
        if (begin != WEIR_OK) return begin;
    }
    if (status == WEIR_END) {
        scan->ended = true;
        if (scan->used > scan->next && scan->text[scan->used - 1] != '\n') scan->text[scan->used++] = '\n';
        status = WEIR_OK;
    }
    memset(scan->text + scan->used, 0, WEIR_CSV_PADDING);
    return status;
}

/* ---- slices -----------------------------------------------------------------------------------------------------
 */

static uint64_t *bitmap(const struct weir_csv_scan *scan, int kind) {
    return scan->bits + (size_t)kind * scan->bits_words;
}

static enum weir_status reserve_bits(struct weir_csv_scan *scan, size_t words, struct weir_error *error) {
    if (words <= scan->bits_words) return WEIR_OK;
    uint64_t *bits = malloc(words * BITS_KINDS * sizeof(uint64_t));
    if (!bits) return no_memory(scan, words * BITS_KINDS * sizeof(uint64_t), error);
    free(scan->bits);
    scan->bits = bits;
    scan->bits_words = words;
    return WEIR_OK;
}

/* Positions of the set bits. */
static enum weir_status list_bits(struct weir_csv_scan *scan, const uint64_t *bits, size_t bytes, uint32_t **list,
                                  size_t *room, size_t *count, struct weir_error *error) {
    size_t need = INDEX_BITS; /* counting is not free: only long slices, which may need more, are counted */
    if (bytes > INDEX_BITS) need += weir_bitmap_count(bits, bytes);
    if (need > *room) {
        uint32_t *grown = realloc(*list, need * sizeof(uint32_t));
        if (!grown) return no_memory(scan, need * sizeof(uint32_t), error);
        *list = grown;
        *room = need;
    }
    *count = 0;
    for (size_t at = 0; at < bytes; at += INDEX_BITS) {
        size_t some = bytes - at < INDEX_BITS ? bytes - at : INDEX_BITS;
        uint32_t *out = *list + *count;
        size_t found = weir_simd->bits_to_indices(bits + at / 64, some, out);
        for (size_t i = 0; at > 0 && i < found; i++) out[i] += (uint32_t)at;
        *count += found;
    }
    return WEIR_OK;
}

/* CRs that no LF follows, into the CR bitmap. A CR at the end of a slice whose next byte is not known yet counts as
 * followed: its record has no end in the slice then, and is split again. Returns whether there is one. */
static bool keep_lone_returns(struct weir_csv_scan *scan, size_t words) {
    uint64_t *returns = bitmap(scan, BITS_CR), any = 0;
    const uint64_t *feeds = bitmap(scan, BITS_LF);
    size_t bytes = scan->slice_end - scan->slice_begin;
    for (size_t i = 0; i < words; i++) {
        uint64_t following = feeds[i] >> 1 | (i + 1 < words ? feeds[i + 1] << 63 : 0);
        any |= returns[i] &= ~following;
    }
    size_t last = bytes - 1;
    bool open_end = scan->slice_end == scan->used || scan->text[scan->slice_end] == '\n';
    if (open_end && weir_bit_get(returns, last)) {
        weir_bit_clear(returns, last);
        any = 0;
        for (size_t i = 0; i < words; i++) any |= returns[i];
    }
    return any != 0;
}

/* Joins the bitmaps of all bytes that matter into that of the delimiters. Returns whether more than delimiters and
 * LFs is among them. */
static bool join_bits(struct weir_csv_scan *scan, size_t words, bool lone_returns) {
    uint64_t *all = bitmap(scan, BITS_DELIMITER), other = 0;
    const uint64_t *quotes = bitmap(scan, BITS_QUOTE), *feeds = bitmap(scan, BITS_LF);
    const uint64_t *returns = bitmap(scan, BITS_CR), *escapes = bitmap(scan, BITS_ESCAPE);
    uint64_t quote_mask = scan->options.quoting ? ~UINT64_C(0) : 0;
    for (size_t i = 0; i < words; i++) {
        uint64_t quote = quotes[i] & quote_mask;
        other |= quote;
        all[i] |= feeds[i] | quote;
    }
    for (size_t i = 0; lone_returns && i < words; i++) all[i] |= returns[i];
    for (size_t i = 0; scan->options.escaping && i < words; i++) {
        other |= escapes[i];
        all[i] |= escapes[i];
    }
    return other != 0 || lone_returns;
}

/* Whether all lines of a clean slice have the right number of fields. */
static bool is_regular(const struct weir_csv_scan *scan) {
    const size_t count = scan->fields_count, lines = scan->lines_count;
    const char *text = scan->text + scan->slice_begin;
    unsigned other = 0;
    if (count == 0 || lines > scan->marks_count / count) return false;
    for (size_t line = 1; line <= lines; line++) other |= (unsigned char)text[scan->marks[line * count - 1]] ^ '\n';
    return other == 0;
}

static enum weir_status index_slice(struct weir_csv_scan *scan, struct weir_error *error) {
    const struct weir_csv_options *options = &scan->options;
    const char *text = scan->text + scan->slice_begin;
    size_t bytes = scan->slice_end - scan->slice_begin, words = weir_bitmap_words(bytes);
    enum weir_status status = reserve_bits(scan, words, error);
    if (status != WEIR_OK) return status;
    weir_simd->match_bytes(text, bytes, options->delimiter, options->quote, '\n', bitmap(scan, BITS_DELIMITER),
                           bitmap(scan, BITS_QUOTE), bitmap(scan, BITS_LF));
    scan->carriage = options->escaping || memchr(text, '\r', bytes);
    bool lone_returns = false;
    if (scan->carriage) { /* a second pass only where there is something to find */
        weir_simd->match_bytes(text, bytes, '\r', options->escape, '\r', bitmap(scan, BITS_CR),
                               bitmap(scan, BITS_ESCAPE), bitmap(scan, BITS_UNUSED));
        lone_returns = keep_lone_returns(scan, words);
    }
    scan->clean = !join_bits(scan, words, lone_returns) && !options->comments;
    scan->regular = false;
    scan->mark = scan->line_end = scan->lines_count = 0;
    status = list_bits(scan, bitmap(scan, BITS_DELIMITER), bytes, &scan->marks, &scan->marks_room,
                       &scan->marks_count, error);
    if (status != WEIR_OK || !scan->clean) return status;
    scan->lines_count = weir_simd->count_bits(bitmap(scan, BITS_LF), bytes);
    scan->regular = is_regular(scan);
    if (scan->regular) return WEIR_OK;
    return list_bits(scan, bitmap(scan, BITS_LF), bytes, &scan->line_ends, &scan->lines_room, &scan->lines_count,
                     error);
}

/* The file ends within a record. */
static enum weir_status end_in_record(struct weir_csv_scan *scan, struct weir_error *error) {
    if (scan->options.on_error == WEIR_CSV_FAIL) {
        char shown[64];
        return weir_csv_scan_fail(
            scan, scan->next, error,
            "the file ends within the record that begins here ('%s'): a quote is never closed, "
            "or an escape is last; correct it, or set 'csv.on-error' = 'skip'",
            weir_csv_show(scan->text + scan->next, scan->used - scan->next, shown));
    }
    scan->rejected++;
    scan->next = scan->used;
    return WEIR_END;
}

enum weir_status weir_csv_scan_advance(struct weir_csv_scan *scan, struct weir_error *error) {
    bool stuck = scan->next == scan->slice_begin && scan->slice_end > scan->slice_begin;
    bool all_seen = scan->slice_end == scan->used;
    size_t bytes = stuck ? 2 * (scan->slice_end - scan->slice_begin) : SLICE_BYTES;
    bool too_long = bytes > WEIR_CSV_RECORD_MAX && scan->slice_end - scan->slice_begin >= WEIR_CSV_RECORD_MAX - 1;
    if (bytes > WEIR_CSV_RECORD_MAX - 1) bytes = WEIR_CSV_RECORD_MAX - 1;
    if (stuck && all_seen && scan->ended) return end_in_record(scan, error);
    if (too_long) {
        return weir_csv_scan_fail(scan, scan->next, error,
                                  "the record that begins here is longer than 1 GiB: a quote is never closed?");
    }
    if (scan->next > scan->slice_begin) {
        size_t lines = scan->line_end; /* of a clean slice those passed are counted already */
        if (!scan->clean) lines = weir_bitmap_count(bitmap(scan, BITS_LF), scan->next - scan->slice_begin);
        scan->line += (int64_t)lines;
    }
    scan->slice_begin = scan->slice_end = scan->next;
    if ((all_seen || scan->next == scan->used || scan->starved) && !scan->ended) {
        if (!scan->stream && !scan->pipe) return WEIR_AGAIN;
        enum weir_status status = load_text(scan, error);
        scan->starved = status == WEIR_AGAIN;
        scan->slice_begin = scan->slice_end = scan->next;
        if (status != WEIR_OK) return status;
        /* All that a pipe gave was a byte-order mark. */
        if (scan->pipe && scan->next == scan->used && !scan->ended) return weir_csv_scan_advance(scan, error);
    }
    if (scan->next == scan->used) return WEIR_END;
    size_t left = scan->used - scan->next;
    scan->slice_end = scan->next + (left < bytes ? left : bytes);
    return index_slice(scan, error);
}
