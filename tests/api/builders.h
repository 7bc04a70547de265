/* SPDX-License-Identifier: Apache-2.0
 *
 * Pairs of queries that say the same, in SQL and by calls of the builder: what they share.
 */
#ifndef WEIR_TESTS_API_BUILDERS_H
#define WEIR_TESTS_API_BUILDERS_H

#include "tests/api/events.h"

#define PUSHED ") WITH ('connector' = 'push'); "
#define STREAM ", WATERMARK FOR ts AS ts - INTERVAL '2.001' SECOND" PUSHED
#define INSTANTS ", WATERMARK FOR moment AS moment - INTERVAL '2.001' SECOND" PUSHED
#define SET(key, value) "SET '" key "' = '" value "'; "
#define AGGREGATES                                                                                                 \
    "k, COUNT(*) AS c, COUNT(v) AS cv, SUM(v) AS s, MIN(x) AS lo, MAX(k) AS hi, AVG(n) AS a FROM TABLE("
#define BOUNDS "SELECT window_start, window_end, window_time, " AGGREGATES
#define GROUPED ") GROUP BY window_start, window_end, window_time, k"
#define TUMBLE "TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '10' SECOND)"
#define HOP "HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '4' SECOND, INTERVAL '10' SECOND)"
#define CUMULATE "CUMULATE(TABLE events, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND)"

static inline void bounds(struct weir_builder *b) {
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_START, NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_END, NULL);
    weir_builder_bound(b, WEIR_BUILDER_WINDOW_TIME, NULL);
}

static inline void aggregates(struct weir_builder *b) {
    weir_builder_key(b, "k", NULL);
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT_ROWS, NULL, "c");
    weir_builder_aggregate(b, WEIR_BUILDER_COUNT, "v", "cv");
    weir_builder_aggregate(b, WEIR_BUILDER_SUM, "v", "s");
    weir_builder_aggregate(b, WEIR_BUILDER_MIN, "x", "lo");
    weir_builder_aggregate(b, WEIR_BUILDER_MAX, "k", "hi");
    weir_builder_aggregate(b, WEIR_BUILDER_AVG, "n", "a");
}

static inline void watermark(struct weir_builder *b) {
    struct weir_builder_watermark_options options = {.struct_size = sizeof(options), .out_of_orderness = 2000};
    weir_builder_watermark(b, &options);
}

/* A stream over `ts` with all columns of AGGREGATES. */
static inline void stream(struct weir_builder *b) {
    weir_builder_time(b, "ts");
    watermark(b);
    bounds(b);
    aggregates(b);
}

static inline void tumble(struct weir_builder *b) {
    stream(b);
    weir_builder_tumble(b, 10000, 0);
}

static inline void hop(struct weir_builder *b) {
    stream(b);
    weir_builder_hop(b, 10000, 4000, 0);
}

static inline void cumulate(struct weir_builder *b) {
    stream(b);
    weir_builder_cumulate(b, 20000, 5000, 0);
}

static inline void session(struct weir_builder *b) {
    stream(b);
    weir_builder_session(b, 1500, 0);
}

/* A case: a builder's query and that of SQL, and what some line of the result must hold (with a '!' before it: no
 * line), so that the events do meet what is tested. */
struct pair {
    const char *name;
    void (*build)(struct weir_builder *);
    const char *sql;
    const char *shows;
};

static inline void same_pair(const struct pair *pair, int32_t workers) {
    struct weir_builder *builder = new_builder();
    print_message("%s\n", pair->name);
    pair->build(builder);
    same_queries(query_of_sql(pair->sql), query_of(builder), workers, pair->shows);
}

#endif
