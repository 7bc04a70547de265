/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"
#define GAP 2

bool weir_cli_table_init(struct weir_cli_table *table, size_t count, bool colour) {
    table->columns = calloc(count + 1, sizeof(*table->columns));
    table->count = table->columns == NULL ? 0 : count;
    table->colour = colour;
    return table->columns != NULL;
}

bool weir_cli_table_name(struct weir_cli_table *table, size_t column, const char *name, bool right) {
    table->columns[column].name = strdup(name);
    table->columns[column].right = right;
    if (table->columns[column].name == NULL) return false;
    weir_cli_table_measure(table, column, name);
    return true;
}

void weir_cli_table_fini(struct weir_cli_table *table) {
    for (size_t i = 0; i < table->count; i++) free(table->columns[i].name);
    free(table->columns);
    memset(table, 0, sizeof(*table));
}

/* The code point of a sequence that weir_cli_utf8_length has checked. */
static unsigned code_point(const char *bytes, size_t length) {
    static const unsigned char lead[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned point = (unsigned char)bytes[0] & lead[length];
    for (size_t i = 1; i < length; i++) point = point << 6 | ((unsigned char)bytes[i] & 0x3F);
    return point;
}

/* One character as it is shown: its bytes into `shown` (at least 8), their number, and how wide it stands. */
struct glyph {
    char bytes[8];
    size_t used;
    size_t width;
    size_t taken; /* bytes of the cell */
};

static struct glyph escaped(unsigned char byte) {
    static const char digits[] = "0123456789abcdef";
    struct glyph glyph = {.used = 4, .width = 4, .taken = 1};
    glyph.bytes[0] = '\\';
    glyph.bytes[1] = 'x';
    glyph.bytes[2] = digits[byte >> 4];
    glyph.bytes[3] = digits[byte & 15];
    return glyph;
}

static struct glyph next_glyph(const char *cell, size_t left) {
    size_t length = weir_cli_utf8_length(cell, left);
    if (length == 0) return escaped((unsigned char)cell[0]);
    unsigned point = code_point(cell, length);
    if (point < 0x20 || point == 0x7F) return escaped((unsigned char)cell[0]);
    if (point >= 0x80 && point < 0xA0) return escaped((unsigned char)cell[0]); /* C1 controls */
    struct glyph glyph = {.used = length, .width = 1, .taken = length};
    memcpy(glyph.bytes, cell, length);
    /* a locale that is not UTF-8 knows no widths: then each character counts as one */
    int width = point < 0x80 ? 1 : wcwidth((wchar_t)point);
    if (width >= 0) glyph.width = (size_t)width;
    return glyph;
}

/* Appends the cell as shown to `out` (or only measures, where that is NULL) and returns its width. */
static size_t show(const char *cell, struct weir_cli_text *out) {
    size_t left = strlen(cell);
    size_t width = 0;
    while (left > 0) {
        struct glyph glyph = next_glyph(cell, left);
        if (width + glyph.width > WEIR_CLI_CELL_MAX - 3) {
            if (out != NULL) weir_cli_text_add(out, "...");
            return width + 3;
        }
        if (out != NULL) weir_cli_text_append(out, glyph.bytes, glyph.used);
        width += glyph.width;
        cell += glyph.taken;
        left -= glyph.taken;
    }
    return width;
}

void weir_cli_table_measure(struct weir_cli_table *table, size_t column, const char *cell) {
    size_t width = cell == NULL ? 4 : show(cell, NULL);
    if (width > table->columns[column].width) table->columns[column].width = width;
}

static void put(const struct weir_cli_table *table, size_t column, const char *cell, const char *style,
                struct weir_cli_text *out) {
    const struct weir_cli_table_column *in = &table->columns[column];
    bool last = column + 1 == table->count;
    size_t width = show(cell, NULL);
    size_t pad = width < in->width ? in->width - width : 0;
    bool styled = table->colour && style[0] != '\0';
    if (in->right && !(last && width == 0)) weir_cli_text_pad(out, ' ', pad);
    if (styled) weir_cli_text_add(out, style);
    show(cell, out);
    if (styled) weir_cli_text_add(out, PLAIN);
    if (!in->right && !last) weir_cli_text_pad(out, ' ', pad);
    if (last)
        weir_cli_text_add(out, "\n");
    else
        weir_cli_text_pad(out, ' ', GAP);
}

void weir_cli_table_head(const struct weir_cli_table *table, struct weir_cli_text *out) {
    for (size_t i = 0; i < table->count; i++) put(table, i, table->columns[i].name, BOLD, out);
    for (size_t i = 0; i < table->count; i++) {
        weir_cli_text_pad(out, '-', table->columns[i].width);
        if (i + 1 == table->count)
            weir_cli_text_add(out, "\n");
        else
            weir_cli_text_pad(out, ' ', GAP);
    }
}

void weir_cli_table_cell(const struct weir_cli_table *table, size_t column, const char *cell,
                         struct weir_cli_text *out) {
    if (cell == NULL)
        put(table, column, "NULL", DIM, out);
    else
        put(table, column, cell, "", out);
}
