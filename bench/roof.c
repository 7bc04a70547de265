/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/roof.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "base/bits.h"
#include "base/hash.h"
#include "simd/kernels.h"

#define PREFETCH_ROWS 24
#define SLOTS_A_KEY 3  /* a third full: fewer probes are worth more than a smaller table, even at a million keys */
#define HASH_ROWS 2048 /* hashed at a time: they stay in L1 */
#define REPLICAS_SHIFT 2
#define REPLICAS                                                                                                   \
    (1 << REPLICAS_SHIFT) /* of few accumulators, so that equal keys that follow each other need not wait */
#define REPLICAS_KEYS_MAX 4096

struct sums {
    double sum;
    int64_t count;
};

struct direct_slot {
    uint64_t word;
    int64_t count;
    double sum;
    uint64_t used;
};

/* One thread's tables. */
struct tables {
    struct weir_roof *roof;
    int32_t idx;
    pthread_t thread;
    uint64_t total; /* of read; kept, so that the loop is */
    uint32_t keys;
    uint32_t keys_room;
    struct sums *sums; /* by id, with four replicas of id 0, four of id 1 ... where they are few */
    uint64_t *words;   /* by id */
    size_t slots_count;
    uint32_t *ids; /* fused: id + 1 by slot */
    struct direct_slot *direct;
};

struct weir_roof {
    enum weir_roof_kind kind;
    const struct weir_rows *rows;
    uint64_t seed;
    int32_t threads;
    struct tables tables[];
};

const char *weir_roof_name(enum weir_roof_kind kind) {
    static const char *const names[WEIR_ROOF_KINDS] = {"read", "dense", "fused", "direct"};
    return names[kind];
}

bool weir_roof_applies(enum weir_roof_kind kind, enum weir_rows_key key) {
    if (kind == WEIR_ROOF_READ) return true;
    if (kind == WEIR_ROOF_DENSE) return key == WEIR_ROWS_DICTIONARY;
    return key == WEIR_ROWS_WORD;
}

/* Accumulators of a key. */
static size_t replicas(const struct tables *tables) {
    return tables->keys_room <= REPLICAS_KEYS_MAX ? REPLICAS : 1;
}

static size_t sums_bytes(const struct tables *tables) {
    return tables->keys_room * replicas(tables) * sizeof(struct sums);
}

/* ---- loops ---- */

/* The last few bytes are left out. */
static uint64_t read_bytes(const char *data, size_t bytes) {
    const uint64_t *words = (const uint64_t *)(const void *)data;
    uint64_t lanes[16] = {0};
    size_t count = bytes / sizeof(*words), i = 0;
    for (; i + 16 <= count; i += 16) {
        for (size_t lane = 0; lane < 16; lane++) lanes[lane] += words[i + lane];
    }
    for (; i < count; i++) lanes[0] += words[i];
    uint64_t total = 0;
    for (size_t lane = 0; lane < 16; lane++) total += lanes[lane];
    return total;
}

static void pass_read(struct tables *tables, const struct ArrowArray *batch) {
    const struct ArrowSchema *schema = &tables->roof->rows->schema;
    for (int64_t i = 0; i < batch->n_children; i++) {
        const struct ArrowArray *column = batch->children[i];
        size_t width = (size_t)weir_rows_width(schema->children[i]);
        if (width == 0) continue;
        const char *data = (const char *)column->buffers[1] + (size_t)column->offset * width;
        tables->total += read_bytes(data, (size_t)column->length * width);
    }
}

static void pass_dense(struct tables *tables, const struct ArrowArray *batch) {
    const uint32_t *codes = weir_rows_codes(batch);
    const double *values = weir_rows_values(batch);
    struct sums *sums = tables->sums;
    size_t ones = replicas(tables) - 1;
    int shift = ones == 0 ? 0 : REPLICAS_SHIFT;
    for (int64_t i = 0; i < batch->length; i++) {
        struct sums *at = &sums[((size_t)codes[i] << shift) + ((size_t)i & ones)];
        at->count++;
        at->sum += values[i];
    }
}

static WEIR_COLD uint32_t new_key(struct tables *tables, uint64_t word, size_t at) {
    if (tables->keys == tables->keys_room) abort(); /* counted before */
    tables->words[tables->keys] = word;
    tables->ids[at] = ++tables->keys;
    return tables->keys;
}

/* Slots where the search for rows [first, first + count) begins; vectors hash twice as fast as a fused loop. */
static void find_homes(const struct tables *tables, const uint64_t *words, int64_t count, uint64_t *homes) {
    uint64_t mask = tables->slots_count - 1;
    weir_simd->hash_u64(words, (size_t)count, tables->roof->seed, homes);
    for (int64_t i = 0; i < count; i++) homes[i] &= mask;
}

static void add_fused(struct tables *tables, const uint64_t *words, const double *values, int64_t count) {
    uint64_t homes[HASH_ROWS];
    size_t mask = tables->slots_count - 1;
    size_t ones = replicas(tables) - 1;
    int shift = ones == 0 ? 0 : REPLICAS_SHIFT;
    find_homes(tables, words, count, homes);
    for (int64_t i = 0; i < count; i++) {
        size_t at = homes[i];
        uint32_t id = tables->ids[at];
        while (WEIR_UNLIKELY(id == 0 || tables->words[id - 1] != words[i])) {
            if (id == 0) {
                id = new_key(tables, words[i], at);
                break;
            }
            at = (at + 1) & mask;
            id = tables->ids[at];
        }
        struct sums *sums = &tables->sums[((size_t)(id - 1) << shift) + ((size_t)i & ones)];
        sums->count++;
        sums->sum += values[i];
    }
}

static void add_direct(struct tables *tables, const uint64_t *words, const double *values, int64_t count) {
    uint64_t homes[HASH_ROWS + PREFETCH_ROWS];
    size_t mask = tables->slots_count - 1;
    struct direct_slot *slots = tables->direct;
    find_homes(tables, words, count, homes);
    for (int64_t i = 0; i < PREFETCH_ROWS; i++) {
        homes[count + i] = homes[count - 1];
        WEIR_PREFETCH_WRITE(&slots[homes[i]]);
    }
    for (int64_t i = 0; i < count; i++) {
        WEIR_PREFETCH_WRITE(&slots[homes[i + PREFETCH_ROWS]]);
        size_t at = homes[i];
        while (WEIR_UNLIKELY(slots[at].word != words[i] || slots[at].used == 0)) {
            if (slots[at].used == 0) {
                slots[at] = (struct direct_slot){.word = words[i], .used = 1};
                break;
            }
            at = (at + 1) & mask;
        }
        slots[at].count++;
        slots[at].sum += values[i];
    }
}

static void pass_words(struct tables *tables, const struct ArrowArray *batch) {
    const uint64_t *words = weir_rows_words(batch);
    const double *values = weir_rows_values(batch);
    bool fused = tables->roof->kind == WEIR_ROOF_FUSED;
    for (int64_t first = 0; first < batch->length; first += HASH_ROWS) {
        int64_t count = batch->length - first < HASH_ROWS ? batch->length - first : HASH_ROWS;
        (fused ? add_fused : add_direct)(tables, words + first, values + first, count);
    }
}

static void *pass(void *user) {
    struct tables *tables = user;
    const struct weir_roof *roof = tables->roof;
    for (int64_t i = tables->idx; i < roof->rows->batches_count; i += roof->threads) {
        const struct ArrowArray *batch = &roof->rows->batches[i];
        switch (roof->kind) {
        case WEIR_ROOF_READ: pass_read(tables, batch); break;
        case WEIR_ROOF_DENSE: pass_dense(tables, batch); break;
        default: pass_words(tables, batch); break;
        }
    }
    return NULL;
}

struct weir_bench_time weir_roof_pass(struct weir_roof *roof) {
    struct weir_bench_time start = weir_bench_now();
    int32_t started = 1;
    for (; started < roof->threads; started++) {
        if (pthread_create(&roof->tables[started].thread, NULL, pass, &roof->tables[started]) != 0) abort();
    }
    pass(&roof->tables[0]);
    for (int32_t i = 1; i < started; i++) pthread_join(roof->tables[i].thread, NULL);
    struct weir_bench_time end = weir_bench_now();
    return (struct weir_bench_time){end.wall_s - start.wall_s, end.cpu_s - start.cpu_s};
}

/* Touches the cache line of a slot once a turn; the address is known PREFETCH_ROWS turns ahead. */
void weir_roof_random(char *state, size_t bytes, size_t stride, int64_t turns, uint64_t seed) {
    size_t mask = bytes / stride - 1;
    for (int64_t i = 0; i < turns; i++) {
        WEIR_PREFETCH_READ(state + ((size_t)weir_hash_u64((uint64_t)(i + PREFETCH_ROWS), seed) & mask) * stride);
        *(int64_t *)(void *)(state + ((size_t)weir_hash_u64((uint64_t)i, seed) & mask) * stride) += 1;
    }
}

/* ---- tables ---- */

static bool make_tables(struct tables *tables, size_t keys) {
    tables->keys_room = (uint32_t)keys;
    switch (tables->roof->kind) {
    case WEIR_ROOF_DENSE:
        tables->keys = (uint32_t)keys;
        tables->sums = weir_pages_alloc(sums_bytes(tables));
        return tables->sums != NULL;
    case WEIR_ROOF_FUSED:
        tables->slots_count = weir_round_up_pow2(keys < 512 ? 4096 : keys * 8);
        tables->ids = weir_pages_alloc(tables->slots_count * sizeof(*tables->ids));
        tables->sums = weir_pages_alloc(sums_bytes(tables));
        tables->words = weir_pages_alloc(keys * sizeof(*tables->words));
        return tables->ids != NULL && tables->sums != NULL && tables->words != NULL;
    case WEIR_ROOF_DIRECT:
        tables->slots_count = weir_round_up_pow2(keys * SLOTS_A_KEY);
        tables->direct = weir_pages_alloc(tables->slots_count * sizeof(*tables->direct));
        return tables->direct != NULL;
    default: return true;
    }
}

struct weir_roof *weir_roof_create(enum weir_roof_kind kind, const struct weir_rows *rows, int32_t threads) {
    if (!weir_roof_applies(kind, rows->key)) return NULL;
    size_t keys = kind == WEIR_ROOF_READ ? 1 : weir_rows_count_keys(rows);
    if (keys == 0 || keys > UINT32_MAX / 8) return NULL;
    struct weir_roof *roof = calloc(1, sizeof(*roof) + (size_t)threads * sizeof(struct tables));
    if (roof == NULL) return NULL;
    *roof = (struct weir_roof){kind, rows, weir_hash_seed(), threads};
    bool ok = true;
    for (int32_t i = 0; i < threads; i++) {
        roof->tables[i].roof = roof;
        roof->tables[i].idx = i;
        ok &= make_tables(&roof->tables[i], keys);
    }
    if (ok) weir_roof_pass(roof); /* faults the tables in */
    if (!ok) weir_roof_destroy(&roof);
    return roof;
}

void weir_roof_destroy(struct weir_roof **address) {
    struct weir_roof *roof = *address;
    if (roof == NULL) return;
    for (int32_t i = 0; i < roof->threads; i++) {
        struct tables *tables = &roof->tables[i];
        weir_pages_free(tables->sums, sums_bytes(tables));
        weir_pages_free(tables->words, tables->keys_room * sizeof(*tables->words));
        weir_pages_free(tables->ids, tables->slots_count * sizeof(*tables->ids));
        weir_pages_free(tables->direct, tables->slots_count * sizeof(*tables->direct));
    }
    free(roof);
    *address = NULL;
}

int64_t weir_roof_counted(const struct weir_roof *roof) {
    if (roof->kind == WEIR_ROOF_READ) return -1;
    int64_t counted = 0;
    for (int32_t i = 0; i < roof->threads; i++) {
        const struct tables *tables = &roof->tables[i];
        for (size_t s = 0; tables->sums != NULL && s < sums_bytes(tables) / sizeof(struct sums); s++) {
            counted += tables->sums[s].count;
        }
        for (size_t s = 0; s < tables->slots_count && tables->direct != NULL; s++)
            counted += tables->direct[s].count;
    }
    return counted;
}
