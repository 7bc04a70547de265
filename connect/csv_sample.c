/* SPDX-License-Identifier: Apache-2.0
 *
 * Which columns of texts a file repeats itself in, by a look at its begin.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "connect/csv_decoder.h"
#include "engine/string_table.h"

/* Of a smaller file every row is read before a dictionary has paid. */
#define FILE_BYTES_MIN ((int64_t)1 << 20)
#define SAMPLE_BYTES ((size_t)128 << 10)
#define SAMPLE_ROWS 4096
/* Of fewer rows nothing is concluded. */
#define SAMPLE_ROWS_MIN 256
/* A column repeats itself where so many rows have one distinct text, or more. */
#define ROWS_EACH 4

/* The first bytes of the file, with WEIR_CSV_PADDING zeros behind them; NULL: none that are of use. */
static char *read_head(const char *path) {
    struct weir_file *file = NULL;
    char *text = NULL;
    if (weir_file_open(path, &file, NULL) != WEIR_OK) return NULL;
    if (weir_file_size(file) >= FILE_BYTES_MIN) text = calloc(1, SAMPLE_BYTES + WEIR_CSV_PADDING);
    if (text && weir_file_read_exact(file, 0, text, SAMPLE_BYTES, NULL) != WEIR_OK) {
        free(text);
        text = NULL;
    }
    weir_file_close(&file);
    return text;
}

/* Texts as they are written: quotes and escapes are the same wherever the text is. */
static bool add_rows(const struct weir_csv_scan *scan, const struct weir_text_span *fields, size_t rows,
                     struct weir_string_table *seen) {
    for (size_t row = 0; row < rows; row++) {
        if (fields[row].start == WEIR_CSV_MISSING) continue;
        struct weir_string text = {scan->text + fields[row].start, fields[row].length & WEIR_CSV_LENGTH};
        if (weir_string_table_intern(seen, text) == WEIR_STRING_NONE) return false;
    }
    return true;
}

struct sample {
    struct weir_csv_scan scan;
    struct weir_csv_strip strip;
    int32_t *columns; /* those of texts */
    size_t columns_count;
    struct weir_string_table *seen; /* in each of them */
    size_t rows;
};

/* Reads records until there are enough, or the text ends. False when memory is short. */
static bool take_rows(struct sample *sample) {
    while (sample->rows < SAMPLE_ROWS) {
        if (weir_csv_scan_strip(&sample->scan, sample->columns, sample->columns_count, WEIR_CSV_STRIP,
                                &sample->strip, NULL) != WEIR_OK)
            return true;
        for (size_t i = 0; i < sample->columns_count; i++) {
            const struct weir_text_span *fields = sample->strip.fields + i * WEIR_CSV_STRIP;
            if (!add_rows(&sample->scan, fields, sample->strip.rows, &sample->seen[i])) return false;
        }
        sample->rows += sample->strip.rows;
    }
    return true;
}

static bool prepare(struct sample *sample, const char *path, const struct weir_csv_options *options,
                    const struct weir_type *types, size_t count) {
    struct weir_csv_options lenient = *options;
    lenient.on_error = WEIR_CSV_SKIP; /* what is bad is told when it is read */
    sample->columns = malloc(count * sizeof(*sample->columns));
    if (!sample->columns || weir_csv_scan_init(&sample->scan, &lenient, path, NULL) != WEIR_OK) return false;
    for (size_t i = 0; i < count; i++) {
        if (types[i].id == WEIR_TYPE_STRING) sample->columns[sample->columns_count++] = (int32_t)i;
    }
    sample->scan.fields_count = count;
    sample->seen = calloc(sample->columns_count + 1, sizeof(*sample->seen));
    sample->strip.fields = malloc((sample->columns_count + 1) * WEIR_CSV_STRIP * sizeof(*sample->strip.fields));
    if (!sample->seen || !sample->strip.fields) return false;
    for (size_t i = 0; i < sample->columns_count; i++) weir_string_table_init(&sample->seen[i], weir_hash_seed());
    return sample->columns_count > 0;
}

void weir_csv_sample(const char *path, const struct weir_csv_options *options, const struct weir_type *types,
                     size_t count, bool *repeats) {
    struct sample sample = {0};
    char *text = NULL;
    if (prepare(&sample, path, options, types, count) && (text = read_head(path)) != NULL) {
        weir_csv_scan_set(&sample.scan, text, SAMPLE_BYTES, false, 1);
        bool enough = take_rows(&sample) && sample.rows >= SAMPLE_ROWS_MIN;
        for (size_t i = 0; enough && i < sample.columns_count; i++)
            repeats[sample.columns[i]] = (size_t)sample.seen[i].count * ROWS_EACH <= sample.rows;
    }
    for (size_t i = 0; sample.seen && i < sample.columns_count; i++) weir_string_table_fini(&sample.seen[i]);
    weir_csv_scan_close(&sample.scan);
    free(sample.strip.fields);
    free(sample.seen);
    free(sample.columns);
    free(text);
}
