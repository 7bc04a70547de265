/* SPDX-License-Identifier: Apache-2.0
 *
 * Yahoo's streaming benchmark: clicks on ads. 100 campaigns with ten ads each; a third of the events are views. The
 * column is the campaign of the event's ad: the join of the ad with its campaign is a look-up in a dictionary that
 * is made once, when rows are encoded.
 */
#include <stdio.h>

#include "bench/suites/suite.h"

#define ROWS_A_MS 200
#define CAMPAIGNS 100

static void event_word(int64_t idx, char *out) {
    static const char *const names[] = {"view", "click", "purchase"};
    snprintf(out, WEIR_SUITE_WORD_BYTES, "%s", names[idx]);
}

static void campaign_word(int64_t idx, char *out) {
    snprintf(out, WEIR_SUITE_WORD_BYTES, "campaign-%04d", (int)idx);
}

static void fill(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0];
    int32_t *events = rows->columns[1], *campaigns = rows->columns[2];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i;
        times[i] = row / ROWS_A_MS;
        events[i] = (int32_t)weir_suite_pick(row, 0, 3);
        campaigns[i] = (int32_t)weir_suite_pick(row, 1, CAMPAIGNS);
    }
}

const struct weir_suite weir_suite_ysb = {
    .name = "ysb",
    .columns = {{.name = "ts", .format = "tsm:"},
                {.name = "event_type", .format = "i", .words = 3, .word = event_word},
                {.name = "campaign", .format = "i", .words = CAMPAIGNS, .word = campaign_word}},
    .fill = fill};
