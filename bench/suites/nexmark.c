/* SPDX-License-Identifier: Apache-2.0
 *
 * Nexmark's bids: of 50 events one is a person, three are auctions, 46 are bids. Every second bid goes to the
 * latest auction whose number divides by 100, the others to one of the 100 latest; three bids in four come from the
 * latest bidder whose number divides by 100, the others from one of the 1 000 latest. Prices are 100 times a power
 * of ten, evenly distributed exponents from 0 to 6. An auction is open for up to twice the time in which 100 others
 * begin; bids have its end and its category with them, as if they had been joined.
 *
 * Newcomers are the other four events of the 50, persons and sellers of auctions as one stream: three sellers in
 * four are the latest person whose number divides by 100, the others one of the 1 000 latest.
 */
#include <math.h>

#include "bench/suites/suite.h"

#define ROWS_A_MS 200
#define FIRST 1000 /* number of the first auction and the first person */
#define OPEN_MS 16 /* at most */
#define CATEGORIES 5
#define NEWCOMERS_A_MS 17

/* One of the `count` latest numbers before `last`. */
static int64_t recent(int64_t row, uint64_t draw, int64_t last, int64_t count) {
    int64_t lowest = last > FIRST + count ? last - count : FIRST;
    return lowest + weir_suite_pick(row, draw, last - lowest + 1);
}

/* When the auction's event came, in ms. */
static int64_t opened(int64_t auction) { return (auction - FIRST) / 3 * 46 / ROWS_A_MS; }

static void fill_bids(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0], *auctions = rows->columns[1], *bidders = rows->columns[2];
    int64_t *prices = rows->columns[3], *ends = rows->columns[4], *categories = rows->columns[5];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i, fifties = row / 46;
        int64_t auction = FIRST + fifties * 3 + 2, person = FIRST + fifties;
        bool is_hot = weir_suite_pick(row, 0, 2) == 0, of_hot = weir_suite_pick(row, 1, 4) != 0;
        times[i] = row / ROWS_A_MS;
        auctions[i] = is_hot ? auction / 100 * 100 : recent(row, 2, auction, 100);
        bidders[i] = of_hot ? person / 100 * 100 + 1 : recent(row, 3, person, 1000);
        prices[i] = (int64_t)(pow(10.0, weir_suite_real(row, 4) * 6.0) * 100.0);
        ends[i] = opened(auctions[i]) + 1 + weir_suite_pick(auctions[i], 5, OPEN_MS);
        categories[i] = 10 + weir_suite_pick(auctions[i], 6, CATEGORIES);
    }
}

static void fill_newcomers(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0], *ids = rows->columns[1], *persons = rows->columns[2];
    int64_t *auctions = rows->columns[3];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i, person = FIRST + row / 4;
        bool is_person = row % 4 == 0, is_hot = weir_suite_pick(row, 0, 4) != 0;
        times[i] = row / NEWCOMERS_A_MS;
        ids[i] = is_person || person < FIRST + 100 ? person
                 : is_hot                          ? person / 100 * 100
                                                   : recent(row, 1, person, 1000);
        persons[i] = is_person;
        auctions[i] = !is_person;
    }
}

const struct weir_suite weir_suite_nexmark = {.name = "nexmark",
                                              .columns = {{.name = "ts", .format = "tsm:"},
                                                          {.name = "auction", .format = "l"},
                                                          {.name = "bidder", .format = "l"},
                                                          {.name = "price", .format = "l"},
                                                          {.name = "expires", .format = "tsm:"},
                                                          {.name = "category", .format = "l"}},
                                              .fill = fill_bids};

const struct weir_suite weir_suite_newcomers = {.name = "newcomers",
                                                .columns = {{.name = "ts", .format = "tsm:"},
                                                            {.name = "id", .format = "l"},
                                                            {.name = "person", .format = "l"},
                                                            {.name = "auction", .format = "l"}},
                                                .fill = fill_newcomers};
