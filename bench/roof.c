/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/roof.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "base/bits.h"
#include "base/hash.h"
#include "simd/ahead.h"
#include "simd/kernels.h"
#include "simd/word_line.h"

#define PREFETCH_ROWS 128
#define SLOTS_A_KEY 3  /* a third full: fewer probes are worth more than a smaller table, even at a million keys */
#define HASH_ROWS 2048 /* hashed at a time: they stay in L1 */
#define REPLICAS_SHIFT 2
#define REPLICAS                                                                                                   \
    (1 << REPLICAS_SHIFT) /* of few accumulators, so that equal keys that follow each other need not wait */
#define REPLICAS_KEYS_MAX 4096
#define KEYS_A_LINE 2         /* of five: few words lie outside of their home lines */
#define SESSION_IDS_MAX 65536 /* keys whose ids and sessions fit L2 */
#define BLOCK_ROWS 4096       /* as the engine's */
#define PAIR_BYTES (2 * sizeof(double))

struct sums {
    double sum;
    int64_t count;
};

struct session {
    int64_t last; /* the time of the last row */
    int64_t count;
    double sum;
};

struct direct_slot {
    uint64_t word;
    struct session session; /* direct: without `last`. No row: the slot is free */
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
    double *pairs;            /* bare: sum and count by code */
    struct session *sessions; /* by id, of few keys; many have slots */
    struct weir_word_line *lines;
    unsigned lines_bits;
    int64_t closed; /* session: rows of sessions that have ended */
    double closed_sum;
};

struct weir_roof {
    enum weir_roof_kind kind;
    const struct weir_rows *rows;
    uint64_t seed;
    int32_t threads;
    int64_t gap_ms;
    struct tables tables[];
};

const char *weir_roof_name(enum weir_roof_kind kind) {
    static const char *const names[WEIR_ROOF_KINDS] = {"read",   "untimed", "dense",  "fused",
                                                       "direct", "bare",    "session"};
    return names[kind];
}

bool weir_roof_applies(enum weir_roof_kind kind, enum weir_rows_key key) {
    if (kind == WEIR_ROOF_READ) return true;
    if (kind == WEIR_ROOF_UNTIMED) return key != WEIR_ROWS_OTHER;
    if (kind == WEIR_ROOF_DENSE || kind == WEIR_ROOF_BARE) return key == WEIR_ROWS_DICTIONARY;
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

static bool only_reads(enum weir_roof_kind kind) { return kind == WEIR_ROOF_READ || kind == WEIR_ROOF_UNTIMED; }

static void pass_read(struct tables *tables, const struct ArrowArray *batch) {
    const struct ArrowSchema *schema = &tables->roof->rows->schema;
    int64_t first = tables->roof->kind == WEIR_ROOF_UNTIMED ? 1 : 0; /* the times come first */
    for (int64_t i = first; i < batch->n_children; i++) {
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

/* Times and values of the rows from `first` on, to be fetched while those before are worked on. */
static struct weir_ahead fetch(const int64_t *times, const double *values, int64_t first, int64_t rows) {
    int64_t left = rows - first;
    return (struct weir_ahead){.columns_count = 2,
                               .rows = (int32_t)(left < BLOCK_ROWS ? left : BLOCK_ROWS),
                               .step = WEIR_AHEAD_ROWS,
                               .bytes = {sizeof(*times), sizeof(*values)},
                               .next = {(uintptr_t)(times + first), (uintptr_t)(values + first)}};
}

static void pass_bare(struct tables *tables, const struct ArrowArray *batch) {
    const uint32_t *codes = weir_rows_codes(batch);
    const int64_t *times = weir_rows_times(batch);
    const double *values = weir_rows_values(batch);
    if (weir_simd->max_u32(codes, (size_t)batch->length) >= tables->keys_room) abort(); /* counted before */
    for (int64_t first = 0; first < batch->length; first += BLOCK_ROWS) {
        int64_t left = batch->length - first, min, max;
        size_t count = (size_t)(left < BLOCK_ROWS ? left : BLOCK_ROWS);
        struct weir_ahead ahead = fetch(times, values, first + (int64_t)count, batch->length);
        weir_simd->min_max_i64(times + first, count, &min, &max);
        tables->total += (uint64_t)(max - min);
        weir_simd->add_to_pairs_f64(codes + first, values + first, count, tables->pairs, &ahead);
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

/* Of a key, from 1 on; a new one where it has none. */
WEIR_INLINE uint32_t id_of(struct tables *tables, uint64_t word, size_t at) {
    size_t mask = tables->slots_count - 1;
    uint32_t id = tables->ids[at];
    while (WEIR_UNLIKELY(id == 0 || tables->words[id - 1] != word)) {
        if (id == 0) return new_key(tables, word, at);
        at = (at + 1) & mask;
        id = tables->ids[at];
    }
    return id;
}

static void add_fused(struct tables *tables, const uint64_t *words, const double *values, int64_t count) {
    uint64_t homes[HASH_ROWS];
    size_t ones = replicas(tables) - 1;
    int shift = ones == 0 ? 0 : REPLICAS_SHIFT;
    find_homes(tables, words, count, homes);
    for (int64_t i = 0; i < count; i++) {
        uint32_t id = id_of(tables, words[i], homes[i]);
        struct sums *sums = &tables->sums[((size_t)(id - 1) << shift) + ((size_t)i & ones)];
        sums->count++;
        sums->sum += values[i];
    }
}

/* The slots of rows [i, i + PREFETCH_ROWS) are on their way. */
static void find_slots(struct tables *tables, const uint64_t *words, int64_t count, uint64_t *homes) {
    find_homes(tables, words, count, homes);
    for (int64_t i = 0; i < PREFETCH_ROWS; i++) {
        homes[count + i] = homes[count - 1];
        WEIR_PREFETCH_WRITE(&tables->direct[homes[i]]);
    }
}

/* Of a key, or a free one for it. */
WEIR_INLINE struct direct_slot *slot_of(struct tables *tables, uint64_t word, size_t at) {
    struct direct_slot *slots = tables->direct;
    size_t mask = tables->slots_count - 1;
    while (WEIR_UNLIKELY(slots[at].word != word || slots[at].session.count == 0)) {
        if (slots[at].session.count == 0) {
            slots[at] = (struct direct_slot){.word = word, .session.last = INT64_MAX};
            break;
        }
        at = (at + 1) & mask;
    }
    return &slots[at];
}

static void add_direct(struct tables *tables, const uint64_t *words, const double *values, int64_t count) {
    uint64_t homes[HASH_ROWS + PREFETCH_ROWS];
    find_slots(tables, words, count, homes);
    for (int64_t i = 0; i < count; i++) {
        WEIR_PREFETCH_WRITE(&tables->direct[homes[i + PREFETCH_ROWS]]);
        struct session *sums = &slot_of(tables, words[i], homes[i])->session;
        sums->count++;
        sums->sum += values[i];
    }
}

/* A row of a session, or the first of the next one. */
WEIR_INLINE void add_to_session(struct tables *tables, struct session *session, int64_t gap, int64_t time,
                                double value) {
    if (WEIR_UNLIKELY(time - session->last >= gap)) { /* below 0 where another pass begins */
        tables->closed += session->count;
        tables->closed_sum += session->sum;
        session->count = 0;
        session->sum = 0;
    }
    session->last = time;
    session->count++;
    session->sum += value;
}

/* In the cache ids are the quicker way, found by weir's own kernel; beyond it slots that are fetched. */
static void add_session_by_id(struct tables *tables, const uint64_t *words, const int64_t *times,
                              const double *values, int64_t count) {
    uint64_t hashes[HASH_ROWS];
    uint32_t ids[HASH_ROWS], known = tables->keys;
    int64_t gap = tables->roof->gap_ms;
    weir_simd->hash_u64(words, (size_t)count, tables->roof->seed, hashes);
    size_t found = weir_simd->find_words(tables->lines, tables->lines_bits, words, hashes, 0, (size_t)count, ids);
    if (WEIR_UNLIKELY(found < (size_t)count))
        weir_simd->meet_words(tables->lines, (size_t)1 << tables->lines_bits, 0, words, hashes, (size_t)count, ids,
                              tables->words, &tables->keys);
    for (; known < tables->keys; known++) tables->sessions[known].last = INT64_MAX;
    struct session *sessions = tables->sessions;
    for (int64_t i = 0; i < count; i++) {
        add_to_session(tables, &sessions[ids[i]], gap, times[i], values[i]);
    }
}

static void add_session(struct tables *tables, const uint64_t *words, const int64_t *times, const double *values,
                        int64_t count) {
    uint64_t homes[HASH_ROWS + PREFETCH_ROWS];
    int64_t gap = tables->roof->gap_ms;
    if (tables->sessions != NULL) {
        add_session_by_id(tables, words, times, values, count);
        return;
    }
    find_slots(tables, words, count, homes);
    for (int64_t i = 0; i < count; i++) {
        WEIR_PREFETCH_WRITE(&tables->direct[homes[i + PREFETCH_ROWS]]);
        add_to_session(tables, &slot_of(tables, words[i], homes[i])->session, gap, times[i], values[i]);
    }
}

static void pass_words(struct tables *tables, const struct ArrowArray *batch) {
    const uint64_t *words = weir_rows_words(batch);
    const double *values = weir_rows_values(batch);
    for (int64_t first = 0; first < batch->length; first += HASH_ROWS) {
        int64_t count = batch->length - first < HASH_ROWS ? batch->length - first : HASH_ROWS;
        switch (tables->roof->kind) {
        case WEIR_ROOF_FUSED: add_fused(tables, words + first, values + first, count); break;
        case WEIR_ROOF_SESSION:
            add_session(tables, words + first, weir_rows_times(batch) + first, values + first, count);
            break;
        default: add_direct(tables, words + first, values + first, count); break;
        }
    }
}

static void *pass(void *user) {
    struct tables *tables = user;
    const struct weir_roof *roof = tables->roof;
    for (int64_t i = tables->idx; i < roof->rows->batches_count; i += roof->threads) {
        const struct ArrowArray *batch = &roof->rows->batches[i];
        switch (roof->kind) {
        case WEIR_ROOF_READ:
        case WEIR_ROOF_UNTIMED: pass_read(tables, batch); break;
        case WEIR_ROOF_DENSE: pass_dense(tables, batch); break;
        case WEIR_ROOF_BARE: pass_bare(tables, batch); break;
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

/* Words of the keys, and of a block of new ones beside them that never comes. */
static size_t words_room(const struct tables *tables) { return tables->keys_room + HASH_ROWS + 1; }

static bool make_ids(struct tables *tables, size_t keys) {
    tables->slots_count = weir_round_up_pow2(keys < 512 ? 4096 : keys * 8);
    tables->ids = weir_pages_alloc(tables->slots_count * sizeof(*tables->ids));
    tables->words = weir_pages_alloc(words_room(tables) * sizeof(*tables->words));
    return tables->ids != NULL && tables->words != NULL;
}

static bool make_slots(struct tables *tables, size_t keys) {
    tables->slots_count = weir_round_up_pow2(keys * SLOTS_A_KEY);
    tables->direct = weir_pages_alloc(tables->slots_count * sizeof(*tables->direct));
    return tables->direct != NULL;
}

static bool make_sessions(struct tables *tables, size_t keys) {
    while ((size_t)KEYS_A_LINE << tables->lines_bits < words_room(tables)) tables->lines_bits++;
    tables->lines = weir_pages_alloc(sizeof(*tables->lines) << tables->lines_bits);
    tables->words = weir_pages_alloc(words_room(tables) * sizeof(*tables->words));
    tables->sessions = weir_pages_alloc(keys * sizeof(*tables->sessions));
    return tables->lines != NULL && tables->words != NULL && tables->sessions != NULL;
}

static bool make_tables(struct tables *tables, size_t keys) {
    tables->keys_room = (uint32_t)keys;
    switch (tables->roof->kind) {
    case WEIR_ROOF_DENSE:
        tables->keys = (uint32_t)keys;
        tables->sums = weir_pages_alloc(sums_bytes(tables));
        return tables->sums != NULL;
    case WEIR_ROOF_FUSED:
        tables->sums = weir_pages_alloc(sums_bytes(tables));
        return tables->sums != NULL && make_ids(tables, keys);
    case WEIR_ROOF_BARE:
        tables->keys = (uint32_t)keys;
        tables->pairs = weir_pages_alloc(keys * PAIR_BYTES);
        return tables->pairs != NULL;
    case WEIR_ROOF_SESSION:
        if (keys > SESSION_IDS_MAX) return make_slots(tables, keys);
        return make_sessions(tables, keys);
    case WEIR_ROOF_DIRECT: return make_slots(tables, keys);
    default: return true;
    }
}

struct weir_roof *weir_roof_create(enum weir_roof_kind kind, int64_t gap_ms, const struct weir_rows *rows,
                                   int32_t threads) {
    if (!weir_roof_applies(kind, rows->key)) return NULL;
    size_t keys = only_reads(kind) ? 1 : weir_rows_count_keys(rows);
    if (keys == 0 || keys > UINT32_MAX / 8) return NULL;
    struct weir_roof *roof = calloc(1, sizeof(*roof) + (size_t)threads * sizeof(struct tables));
    if (roof == NULL) return NULL;
    *roof = (struct weir_roof){kind, rows, weir_hash_seed(), threads, gap_ms};
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
        weir_pages_free(tables->words, words_room(tables) * sizeof(*tables->words));
        weir_pages_free(tables->lines, sizeof(*tables->lines) << tables->lines_bits);
        weir_pages_free(tables->ids, tables->slots_count * sizeof(*tables->ids));
        weir_pages_free(tables->sessions, tables->keys_room * sizeof(*tables->sessions));
        weir_pages_free(tables->pairs, tables->keys_room * PAIR_BYTES);
        weir_pages_free(tables->direct, tables->slots_count * sizeof(*tables->direct));
    }
    free(roof);
    *address = NULL;
}

static int64_t rows_of(const struct tables *tables) {
    int64_t rows = tables->closed;
    for (size_t s = 0; tables->sums != NULL && s < sums_bytes(tables) / sizeof(struct sums); s++)
        rows += tables->sums[s].count;
    for (size_t s = 0; tables->direct != NULL && s < tables->slots_count; s++)
        rows += tables->direct[s].session.count;
    for (size_t key = 0; key < tables->keys; key++) {
        if (tables->pairs != NULL) rows += (int64_t)tables->pairs[2 * key + 1];
        if (tables->sessions != NULL) rows += tables->sessions[key].count;
    }
    return rows;
}

int64_t weir_roof_counted(const struct weir_roof *roof) {
    int64_t rows = 0;
    if (only_reads(roof->kind)) return -1;
    for (int32_t i = 0; i < roof->threads; i++) rows += rows_of(&roof->tables[i]);
    return rows;
}
