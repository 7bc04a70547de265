/* SPDX-License-Identifier: Apache-2.0
 *
 * What this machine can give: bandwidth, random access, the bare loops of roof.h.
 *   bench_roofs [--rows=N] [options of Google Benchmark]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc/pages.h"
#include "base/attributes.h"
#include "bench/gbench.h"
#include "bench/roof.h"

#define ROWS_DEFAULT 20000000
#define RANDOM_TURNS (1 << 20)

static int64_t rows_count;
static struct weir_rows rows; /* of the bench before; made anew where another kind is wanted */
static struct weir_rows_spec rows_spec;

static enum weir_status make_rows(struct weir_rows_spec spec, struct weir_error *error) {
    if (rows.rows == spec.rows && rows_spec.key == spec.key && rows_spec.keys == spec.keys) return WEIR_OK;
    weir_rows_fini(&rows);
    rows_spec = spec;
    return weir_rows_generate(&spec, &rows, error);
}

/* ---- loops over rows ---- */

struct loop {
    const char *name;
    enum weir_roof_kind kind;
    enum weir_rows_key key;
    int64_t keys;
    bool in_cache; /* few rows, which stay in L2 */
    int32_t threads;
    int64_t gap_ms; /* of sessions */
};

#define CACHE_ROWS 16384

static const struct loop loops[] = {
    {"read", WEIR_ROOF_READ, WEIR_ROWS_WORD, 100, false, 1, 0},
    {"read", WEIR_ROOF_READ, WEIR_ROWS_WORD, 100, false, 2, 0},
    {"read", WEIR_ROOF_READ, WEIR_ROWS_WORD, 100, true, 1, 0},
    {"dense_100", WEIR_ROOF_DENSE, WEIR_ROWS_DICTIONARY, 100, false, 1, 0},
    {"dense_100", WEIR_ROOF_DENSE, WEIR_ROWS_DICTIONARY, 100, false, 2, 0},
    {"dense_100", WEIR_ROOF_DENSE, WEIR_ROWS_DICTIONARY, 100, true, 1, 0},
    {"dense_1K", WEIR_ROOF_DENSE, WEIR_ROWS_DICTIONARY, 1000, false, 1, 0},
    {"fused_100", WEIR_ROOF_FUSED, WEIR_ROWS_WORD, 100, false, 1, 0},
    {"fused_100", WEIR_ROOF_FUSED, WEIR_ROWS_WORD, 100, false, 2, 0},
    {"fused_100", WEIR_ROOF_FUSED, WEIR_ROWS_WORD, 100, true, 1, 0},
    {"fused_10K", WEIR_ROOF_FUSED, WEIR_ROWS_WORD, 10000, false, 1, 0},
    {"direct_10K", WEIR_ROOF_DIRECT, WEIR_ROWS_WORD, 10000, false, 1, 0},
    {"fused_1M", WEIR_ROOF_FUSED, WEIR_ROWS_WORD, 1000000, false, 1, 0},
    {"direct_1M", WEIR_ROOF_DIRECT, WEIR_ROWS_WORD, 1000000, false, 1, 0},
    {"direct_1M", WEIR_ROOF_DIRECT, WEIR_ROWS_WORD, 1000000, false, 2, 0},
    {"bare_100", WEIR_ROOF_BARE, WEIR_ROWS_DICTIONARY, 100, false, 1, 0},
    {"bare_100", WEIR_ROOF_BARE, WEIR_ROWS_DICTIONARY, 100, false, 2, 0},
    {"bare_100", WEIR_ROOF_BARE, WEIR_ROWS_DICTIONARY, 100, true, 1, 0},
    {"bare_1K", WEIR_ROOF_BARE, WEIR_ROWS_DICTIONARY, 1000, false, 1, 0},
    {"session_10K", WEIR_ROOF_SESSION, WEIR_ROWS_WORD, 10000, false, 1, 100},
    {"session_10K", WEIR_ROOF_SESSION, WEIR_ROWS_WORD, 10000, false, 2, 100},
    {"session_1M", WEIR_ROOF_SESSION, WEIR_ROWS_WORD, 1000000, false, 1, 5000},
};

static void bench_loop(struct weir_gbench *bench, void *user) {
    const struct loop *loop = user;
    struct weir_error error = {0};
    int64_t count = loop->in_cache && rows_count > CACHE_ROWS ? CACHE_ROWS : rows_count;
    if (make_rows((struct weir_rows_spec){count, loop->keys, loop->key, WEIR_ROWS_A_MS}, &error) != WEIR_OK) {
        weir_gbench_fail(bench, error.message);
        return;
    }
    struct weir_roof *roof = weir_roof_create(loop->kind, loop->gap_ms, &rows, loop->threads);
    if (roof == NULL) {
        weir_gbench_fail(bench, "no memory for the tables");
        return;
    }
    int64_t passes = 1; /* create has made one */
    while (weir_gbench_keep_running(bench)) {
        weir_roof_pass(roof);
        passes++;
    }
    int64_t counted = weir_roof_counted(roof);
    weir_roof_destroy(&roof);
    if (counted >= 0 && counted != passes * count) weir_gbench_fail(bench, "rows were lost");
    weir_gbench_rows(bench, count);
    weir_gbench_bytes(bench, count * weir_rows_bytes_a_row(&rows.schema));
}

/* ---- random access ---- */

static const size_t random_bytes[] = {(size_t)32 << 10, (size_t)512 << 10, (size_t)4 << 20, (size_t)32 << 20,
                                      (size_t)256 << 20};

static void bench_random(struct weir_gbench *bench, void *user) {
    size_t bytes = *(const size_t *)user;
    char *state = weir_pages_alloc(bytes);
    if (state == NULL) {
        weir_gbench_fail(bench, "no memory for the state");
        return;
    }
    memset(state, 0, bytes);
    uint64_t seed = 1;
    while (weir_gbench_keep_running(bench)) weir_roof_random(state, bytes, 32, RANDOM_TURNS, seed++);
    weir_pages_free(state, bytes);
    weir_gbench_rows(bench, RANDOM_TURNS);
}

int main(int argc, char **argv) {
    rows_count = weir_gbench_option(&argc, argv, "rows", ROWS_DEFAULT);
    char name[96];
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(loops); i++) {
        snprintf(name, sizeof(name), "%s/%s/threads:%d", loops[i].name, loops[i].in_cache ? "cached" : "streamed",
                 (int)loops[i].threads);
        weir_gbench_register(name, bench_loop, (void *)(uintptr_t)&loops[i]);
    }
    for (size_t i = 0; i < WEIR_ARRAY_COUNT(random_bytes); i++) {
        snprintf(name, sizeof(name), "random_increment/%zuK", random_bytes[i] >> 10);
        weir_gbench_register(name, bench_random, (void *)(uintptr_t)&random_bytes[i]);
    }
    int code = weir_gbench_run(argc, argv);
    weir_rows_fini(&rows);
    return code;
}
