/* SPDX-License-Identifier: Apache-2.0
 *
 * Roofs: how fast this machine is, at this moment, with bare loops that do nothing but what the query cannot do
 * without. No windows, no NULLs, no growth, no result: an engine may come near and cannot pass.
 *
 *   read     every byte of the columns, in order: the memory's limit
 *   untimed  every byte but those of the times: where the range of a batch's times is given
 *   dense    key codes straight into accumulators {sum, count}
 *   fused    64-bit keys: hash, 32-bit id from a slot array that is a quarter full at most, compare, add;
 *            best while the table fits L2
 *   direct   64-bit keys with the accumulators in the table's slot, prefetched; best beyond
 *   bare     few dictionary codes as a query has to meet them: the greatest code of a batch, the bounds of
 *            a block's times, sum and count of a key as one pair, the next block fetched meanwhile; by weir's
 *            own kernels
 *   session  keys as in fused, of many as in direct, with the time of a key's last row beside its sums: a gap since
 *            then begins a session anew
 */
#ifndef WEIR_BENCH_ROOF_H
#define WEIR_BENCH_ROOF_H

#include "bench/query.h"

enum weir_roof_kind {
    WEIR_ROOF_READ,
    WEIR_ROOF_UNTIMED,
    WEIR_ROOF_DENSE,
    WEIR_ROOF_FUSED,
    WEIR_ROOF_DIRECT,
    WEIR_ROOF_BARE,
    WEIR_ROOF_SESSION,
    WEIR_ROOF_KINDS
};

struct weir_roof; /* tables, one set a thread, built and warm */

const char *weir_roof_name(enum weir_roof_kind kind);

/* True where the loop can work on rows with that kind of key. */
bool weir_roof_applies(enum weir_roof_kind kind, enum weir_rows_key key);

/* Tables for `rows`, which must outlive it. gap_ms: that ends a session. NULL when memory is short or the loop does
 * not apply. */
struct weir_roof *weir_roof_create(enum weir_roof_kind kind, int64_t gap_ms, const struct weir_rows *rows,
                                   int32_t threads);
void weir_roof_destroy(struct weir_roof **roof);

/* The time of one pass over all rows, each thread taking every threads-th batch. */
struct weir_bench_time weir_roof_pass(struct weir_roof *roof);

/* Rows that the tables have counted in all passes so far: rows times passes, or a loop is wrong. -1 for loops that
 * do not count. */
int64_t weir_roof_counted(const struct weir_roof *roof);

/* The prefetched random increment: `turns` additions to slots of `stride` bytes all over `bytes` (a power of two)
 * of memory. */
void weir_roof_random(char *state, size_t bytes, size_t stride, int64_t turns, uint64_t seed);

#endif
