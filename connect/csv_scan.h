/* SPDX-License-Identifier: Apache-2.0
 *
 * From bytes to records and fields, as Jackson's CSV parser splits them: LF, CRLF and CR end a record; a field that
 * begins with a quote runs to its closing quote, line ends included; a quote elsewhere is a letter.
 *
 * The text is worked in slices of some 64 KiB. match_bytes marks delimiters, quotes and line ends of a slice in
 * bitmaps; their positions then drive the splitting, so that plain bytes are never looked at one by one. A slice
 * that holds no whole record grows.
 */
#ifndef WEIR_CONNECT_CSV_SCAN_H
#define WEIR_CONNECT_CSV_SCAN_H

#include "base/attributes.h"
#include "connect/csv.h"
#include "io/io.h"
#include "io/pipe.h"
#include "simd/text_span.h"

/* Records that one call hands out at most: a multiple of 64. */
#define WEIR_CSV_STRIP 1024
/* Bytes that may be read behind any field. */
#define WEIR_CSV_PADDING 64

/* Where a field lies in scan->text is a struct weir_text_span; of a field that is not plain its length has flags:
 */
#define WEIR_CSV_QUOTED (UINT32_C(1) << 31)
#define WEIR_CSV_ESCAPED (UINT32_C(1) << 30) /* holds doubled quotes or escapes: see weir_csv_unescape */
#define WEIR_CSV_LENGTH (WEIR_CSV_ESCAPED - 1)
#define WEIR_CSV_MISSING UINT32_MAX /* as start: the record is too short (on_error NULL only) */

/* Longest record, and slice. A field's length must fit 30 bits. */
#define WEIR_CSV_RECORD_MAX (UINT32_C(1) << 30)
/* Fields of a record whose number is not known before. */
#define WEIR_CSV_FIELDS_MAX 65536

struct weir_csv_scan {
    struct weir_csv_options options;
    struct weir_stream *stream; /* a regular file, or NULL: */
    struct weir_pipe *pipe;     /* text that comes as time goes by; borrowed */
    int64_t wait_until;         /* of a pipe: when to give up waiting, on the clock of weir_monotonic_ms; */
    int64_t read_until;         /* and when to stop although there is more. INT64_MAX: never */
    bool asked;                 /* the pipe, since these two were set: it is asked once in any case */
    bool starved;               /* the pipe had nothing in time; the slice is empty */
    bool begun;                 /* the first bytes were looked at for a byte-order mark */
    const char *path;
    char *text; /* the window; WEIR_CSV_PADDING zero bytes follow `used`. Borrowed, or: */
    size_t used;
    char *own; /* memory for it, where it does not lie in a block of the stream */
    size_t capacity;
    bool ended;          /* the stream is; the window ends in a line end */
    size_t next;         /* begin of the first record not handed out */
    size_t record_begin; /* of the record split last */
    size_t fields_count; /* of a record; 0: not known yet, take what comes */

    size_t slice_begin;
    size_t slice_end;
    uint32_t *marks; /* positions, from slice_begin, of all bytes that may matter, ascending */
    size_t marks_count;
    size_t marks_room;
    size_t mark;         /* first one at or behind `next` */
    uint32_t *line_ends; /* of a clean slice that is not regular: its LFs */
    size_t lines_count;  /* of a clean slice */
    size_t lines_room;
    size_t line_end; /* first one at or behind `next` */
    bool clean;      /* neither quote, escape, lone CR nor comment in the slice */
    bool regular;    /* clean, and each LF is the last of fields_count marks */
    bool carriage;   /* a CR in the slice */
    uint64_t *bits;  /* bitmaps of the slice, bits_words each */
    size_t bits_words;
    int64_t line; /* number of the line on which the slice begins, from 1 */

    int64_t bytes_read; /* taken from the stream */
    int64_t rejected;   /* records dropped */

    struct weir_text_span *record; /* of weir_csv_scan_record */
    size_t record_room;
    char *scratch; /* of weir_csv_unescape */
    size_t scratch_room;
};

/* Some records, split. Valid until the next call on the scan. */
struct weir_csv_strip {
    size_t rows;
    bool plain;                          /* no field is quoted, escaped or missing */
    struct weir_text_span *fields;       /* column c of row r: fields[c * WEIR_CSV_STRIP + r]; the caller's */
    uint32_t starts[WEIR_CSV_STRIP + 1]; /* where each record begins in the text; [rows]: where the last one ends */
};

enum weir_status weir_csv_scan_open(const char *path, const struct weir_csv_options *options, bool plain_io,
                                    struct weir_csv_scan *out, struct weir_error *error);
/* The same over a pipe, which must outlive the scan. Every call that reads may answer WEIR_AGAIN then: no whole
 * record came before wait_until, or read_until has passed; what has come is kept, and the call can be repeated. */
enum weir_status weir_csv_scan_open_live(struct weir_pipe *pipe, const struct weir_csv_options *options,
                                         struct weir_csv_scan *out, struct weir_error *error);
/* Sets a scan that has options and path, and neither file nor pipe, on a text in memory that begins with a record
 * (see weir_csv_scan_init); the text is borrowed until the next one or _close, and WEIR_CSV_PADDING zero bytes
 * follow it. is_whole: it ends in a line end, and what it holds is all; otherwise calls answer WEIR_AGAIN where a
 * further record would need more, and scan->next is then the begin of that. `line`: number of its first line. */
void weir_csv_scan_set(struct weir_csv_scan *scan, const char *text, size_t bytes, bool is_whole, int64_t line);
enum weir_status weir_csv_scan_init(struct weir_csv_scan *scan, const struct weir_csv_options *options,
                                    const char *path, struct weir_error *error);
void weir_csv_scan_close(struct weir_csv_scan *scan);

/* The next record whatever its number of fields (at least 1), in scan->record. WEIR_END at the end. */
enum weir_status weir_csv_scan_record(struct weir_csv_scan *scan, size_t *fields, struct weir_error *error);

/* The next records, at least 1 and at most `wanted` <= WEIR_CSV_STRIP, each of fields_count fields, of which those
 * named by columns (ascending) are noted. Bad records are counted and dropped, or fail, by options. WEIR_END at the
 * end. */
enum weir_status weir_csv_scan_strip(struct weir_csv_scan *scan, const int32_t *columns, size_t columns_count,
                                     size_t wanted, struct weir_csv_strip *out, struct weir_error *error);

/* Whether the record split last, of so many fields, is a blank line. */
bool weir_csv_is_blank(const struct weir_csv_scan *scan, size_t fields);

/* The field's own text: quotes and escapes resolved in scan->scratch where it has any. Valid until the next call.
 * WEIR_ERR_MEMORY. */
enum weir_status weir_csv_unescape(struct weir_csv_scan *scan, struct weir_text_span field, const char **text,
                                   size_t *length, struct weir_error *error);

/* How splitting one record ended. */
enum weir_csv_split {
    WEIR_CSV_SPLIT_OK,
    WEIR_CSV_SPLIT_MORE, /* the slice ends within the record */
    WEIR_CSV_SPLIT_NONE, /* the slice ends before the record begins (comments) */
    WEIR_CSV_SPLIT_TEXT, /* text after a closing quote, at *bad */
};

/* Splits the record at scan->next into scan->record, whose room is enough for min(fields_count,
 * WEIR_CSV_FIELDS_MAX) + 1; further fields are only counted. Moves `next` and `mark` behind the record but for
 * MORE. (csv_split.c) */
enum weir_csv_split weir_csv_split_record(struct weir_csv_scan *scan, size_t *fields, size_t *bad);

/* The next slice, longer when nothing of this one could be split. WEIR_END at the end. (csv_scan.c) */
enum weir_status weir_csv_scan_advance(struct weir_csv_scan *scan, struct weir_error *error);

/* Line and column (in bytes), from 1, of a position in the present slice. */
void weir_csv_scan_position(const struct weir_csv_scan *scan, size_t at, int64_t *line, int64_t *column);

/* An error at a position: "PATH, line 3, column 7: " and the message. */
enum weir_status weir_csv_scan_fail(const struct weir_csv_scan *scan, size_t at, struct weir_error *error,
                                    const char *format, ...) WEIR_PRINTF(4, 5);

/* A piece of text for a message: printable, at most 40 bytes. Writes to buffer (64 bytes) and returns it. */
const char *weir_csv_show(const char *text, size_t length, char *buffer);

#endif
