/* SPDX-License-Identifier: Apache-2.0
 *
 * When a pipeline that began local first turns to partition first (partition_first.h), where the options leave that
 * to it.
 *
 * Local first costs a merge: the caller's thread and those of the workers wait while each key that another worker
 * has of a slice is added to the pipeline's. Partition first costs each worker a look at the rows of the others. So
 * what decides is how many rows a key has in a slice. It is looked at
 *   - before a window has closed, after so many rows, and each time after four times as many: how many keys there
 *     will be is told from how many rows met one that was there; later so, too, where the windows that are open
 * have got four times the rows of the last ones, of the keys that they have;
 *   - when windows close, the first time, the second, the fourth, ...: of what they hold.
 * At each look the workers are waited for, and what is counted follows from the input alone: so does the turn, and
 * with it which worker adds up which rows, and the last bits of sums of doubles.
 */
#ifndef WEIR_ENGINE_STRATEGY_H
#define WEIR_ENGINE_STRATEGY_H

#include <stdbool.h>
#include <stdint.h>

#include "weir/weir.h"

struct weir_pipeline;
struct weir_plan;

/* Of two and three workers. Keys of one worker in a slice below which what the others bring home is no work to
 * speak of. Rows a key and worker in it that cost a worker as much to look through as the key costs a merge and a
 * place in the tables of each worker: of keys of one number, few enough for these to lie near or more, and of
 * strings and several keys. Keys of such from which on the tables of all in every worker do not fit the cache that
 * they share. */
#define WEIR_STRATEGY_KEYS_LEAST 16384
#define WEIR_STRATEGY_KEYS_NEAR 65536
#define WEIR_STRATEGY_ROWS_A_KEY 48
#define WEIR_STRATEGY_ROWS_A_NEAR_KEY 24
#define WEIR_STRATEGY_ROWS_A_WIDE_KEY 16
#define WEIR_STRATEGY_KEYS_MANY 262144

struct weir_strategy_watch {
    int64_t rows_closed;  /* rows admitted when the last windows closed */
    int64_t rows_looked;  /* rows since then at the last look; none yet: those that the last windows had */
    int64_t closings;     /* with rows enough to be looked at */
    int64_t next_closing; /* the one to look at */
    bool has_closed;
    bool is_due; /* a look says so */
};

/* Strings and several keys: to hash them for a worker takes several times as long as one number. The plan has keys.
 */
bool weir_strategy_keys_are_wide(const struct weir_plan *plan);

/* Whether it is to turn now. Only where partition first is possible and not on. */
enum weir_status weir_strategy_look(struct weir_pipeline *pipeline, bool *is_due, struct weir_error *error);

/* The windows (from, to] have closed; before anything of them is brought home. */
enum weir_status weir_strategy_windows_closed(struct weir_pipeline *pipeline, int64_t from, int64_t to,
                                              struct weir_error *error);

#endif
