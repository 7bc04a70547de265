/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/packet.h"

#include <string.h>

#include "base/bits.h"
#include "simd/kernels.h"

#define BITMAP_BYTES(rows) ((size_t)(rows) / 8)
#define BITMAP_WORDS (WEIR_BLOCK_ROWS / 64)
#define ROWS_A_RUN 8 /* of a packet that is full of runs */

/* ---- memory ---- */

static size_t value_bytes(enum weir_vector_kind kind, int32_t rows) {
    switch (kind) {
    case WEIR_VECTOR_BOOL: return BITMAP_BYTES(rows);
    case WEIR_VECTOR_I128: return (size_t)rows * sizeof(weir_i128);
    default: return (size_t)rows * sizeof(int64_t);
    }
}

/* Where the next part begins, with a cache line. */
static size_t claim(size_t *end, size_t bytes) {
    size_t at = *end;
    *end += weir_round_up(bytes, WEIR_LINE_BYTES);
    return at;
}

/* Offsets of the parts of a packet; those of its columns follow, the values of each and its validity. */
struct parts {
    size_t columns, words, runs, nulls, rest;
};

static struct parts find_parts(const struct weir_packet_layout *layout) {
    size_t end = weir_round_up(sizeof(struct weir_packet), WEIR_LINE_BYTES), rows = (size_t)layout->rows_max;
    struct parts parts;
    parts.columns = claim(&end, (size_t)layout->args_count * sizeof(struct weir_packet_column));
    parts.words = claim(&end, rows * sizeof(uint64_t));
    parts.runs = claim(&end, (size_t)layout->runs_max * sizeof(struct weir_packet_run));
    parts.nulls = claim(&end, BITMAP_BYTES(rows));
    parts.rest = end;
    return parts;
}

void weir_packet_lay_out(struct weir_packet_layout *layout, int32_t rows_max, const enum weir_vector_kind *kinds,
                         int32_t args_count) {
    *layout = (struct weir_packet_layout){
        .rows_max = rows_max, .runs_max = rows_max / ROWS_A_RUN, .args_count = args_count, .kinds = kinds};
    size_t end = find_parts(layout).rest;
    for (int32_t a = 0; a < args_count; a++) {
        claim(&end, value_bytes(kinds[a], rows_max));
        claim(&end, BITMAP_BYTES(rows_max));
    }
    layout->bytes = weir_round_up(end, WEIR_ISOLATE_BYTES);
}

struct weir_packet *weir_packet_make(const struct weir_packet_layout *layout, char *memory) {
    struct parts parts = find_parts(layout);
    struct weir_packet *packet = (struct weir_packet *)(void *)memory;
    *packet = (struct weir_packet){.runs = (struct weir_packet_run *)(void *)(memory + parts.runs),
                                   .words = (uint64_t *)(void *)(memory + parts.words),
                                   .nulls = (uint64_t *)(void *)(memory + parts.nulls),
                                   .columns = (struct weir_packet_column *)(void *)(memory + parts.columns)};
    for (int32_t a = 0; a < layout->args_count; a++) {
        packet->columns[a] = (struct weir_packet_column){
            .i64 =
                (int64_t *)(void *)(memory + claim(&parts.rest, value_bytes(layout->kinds[a], layout->rows_max)))};
        packet->columns[a].validity =
            (uint64_t *)(void *)(memory + claim(&parts.rest, BITMAP_BYTES(layout->rows_max)));
    }
    return packet;
}

/* ---- filling ---- */

void weir_packet_begin(const struct weir_packet_layout *layout, struct weir_packet *packet, int64_t sequence) {
    packet->sequence = sequence;
    packet->rows = packet->runs_count = 0;
    packet->is_last = packet->has_nulls = false;
    for (int32_t a = 0; a < layout->args_count; a++) packet->columns[a].has_validity = false;
}

/* False where there is no room for one more. */
static bool note_run(const struct weir_packet_layout *layout, struct weir_packet *packet,
                     const struct weir_packet_source *source, int32_t count) {
    struct weir_packet_run *last = packet->runs_count == 0 ? NULL : &packet->runs[packet->runs_count - 1];
    if (last != NULL && last->index == source->index && last->first == source->first) {
        last->count += count;
        return true;
    }
    if (packet->runs_count == layout->runs_max) return false;
    packet->runs[packet->runs_count++] =
        (struct weir_packet_run){source->index, source->first, packet->rows, count};
    return true;
}

static void fill_nulls(const struct weir_packet_layout *layout, struct weir_packet *packet,
                       const struct weir_packet_source *source, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (!weir_bit_get(source->keys->nulls, source->entries[i])) continue;
        if (!packet->has_nulls) memset(packet->nulls, 0, BITMAP_BYTES(layout->rows_max));
        packet->has_nulls = true; /* only where there is one: the owner makes it a key */
        weir_bit_set(packet->nulls, packet->rows + (size_t)i);
    }
}

static void fill_validity(const struct weir_packet_layout *layout, struct weir_packet_column *column, size_t at,
                          const uint64_t *validity, const uint32_t *rows, int32_t count) {
    if (!column->has_validity) memset(column->validity, 0xFF, BITMAP_BYTES(layout->rows_max));
    column->has_validity = true;
    for (int32_t i = 0; i < count; i++) {
        if (!weir_bit_get(validity, rows[i])) weir_bit_clear(column->validity, at + (size_t)i);
    }
}

static void fill_column(const struct weir_packet_layout *layout, struct weir_packet_column *column, size_t at,
                        const struct weir_vector *vector, const uint32_t *rows, int32_t count) {
    switch (vector->kind) {
    case WEIR_VECTOR_BOOL:
        for (int32_t i = 0; i < count; i++)
            weir_bit_put(column->bits, at + (size_t)i, weir_bit_get(vector->bits, rows[i]));
        break;
    case WEIR_VECTOR_I128:
        for (int32_t i = 0; i < count; i++) column->i128[at + (size_t)i] = vector->i128[rows[i]];
        break;
    default: weir_simd->gather_i64(vector->i64, rows, (size_t)count, column->i64 + at);
    }
    if (vector->validity != NULL) fill_validity(layout, column, at, vector->validity, rows, count);
}

int32_t weir_packet_fill(const struct weir_packet_layout *layout, struct weir_packet *packet,
                         const struct weir_packet_source *source) {
    int32_t room = layout->rows_max - packet->rows, count = source->count < room ? source->count : room;
    if (count == 0 || !note_run(layout, packet, source, count)) return 0;
    size_t at = (size_t)packet->rows;
    weir_simd->gather_i64((const int64_t *)source->keys->words, source->entries, (size_t)count,
                          (int64_t *)packet->words + at);
    if (source->keys->nulls != NULL) fill_nulls(layout, packet, source, count);
    for (int32_t a = 0; a < layout->args_count; a++)
        fill_column(layout, &packet->columns[a], at, &source->args[a], source->rows, count);
    packet->rows += count;
    return count;
}

/* ---- reading ---- */

/* Bits [from, from + count) as a bitmap of their own, in `out` where they have to be moved. */
static const uint64_t *bits_from(const uint64_t *bits, int32_t from, int32_t count, uint64_t *out) {
    if (from % 64 == 0) return bits + from / 64;
    weir_bitmap_import(out, (const uint8_t *)bits, from, (size_t)count);
    return out;
}

void weir_packet_read(const struct weir_packet_layout *layout, const struct weir_packet *packet, int32_t i,
                      const struct weir_packet_reader *reader, struct weir_parted *out) {
    const struct weir_packet_run *run = &packet->runs[i];
    uint64_t *bits = reader->bits;
    *out = (struct weir_parted){.index = run->index,
                                .first = run->first,
                                .keys = {.words = packet->words + run->from},
                                .args = reader->args,
                                .count = run->count};
    if (packet->has_nulls) out->keys.nulls = bits_from(packet->nulls, run->from, run->count, bits);
    for (int32_t a = 0; a < layout->args_count; a++) {
        const struct weir_packet_column *column = &packet->columns[a];
        struct weir_vector *arg = &reader->args[a];
        *arg = (struct weir_vector){.kind = layout->kinds[a]};
        bits += BITMAP_WORDS;
        if (column->has_validity) arg->validity = bits_from(column->validity, run->from, run->count, bits);
        bits += BITMAP_WORDS;
        switch (arg->kind) {
        case WEIR_VECTOR_BOOL: arg->bits = bits_from(column->bits, run->from, run->count, bits); break;
        case WEIR_VECTOR_I128: arg->i128 = column->i128 + run->from; break;
        default: arg->i64 = column->i64 + run->from;
        }
    }
}
