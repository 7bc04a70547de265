/* SPDX-License-Identifier: Apache-2.0
 *
 * What LightSaber's queries read: events of a cluster (after Google's trace), loads of smart plugs (after the DEBS
 * challenge of 2014), positions of cars (after Linear Road), sensors of a machine (after the DEBS challenge of
 * 2012). 200 rows a millisecond: a second, the slide of all its windows, has 200 000. Floats are doubles here.
 */
#include "bench/suites/suite.h"

#define ROWS_A_MS 200

/* ---- cluster: 30 jobs, nine types of events, four categories ---- */

static void fill_cluster(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0], *jobs = rows->columns[1];
    int32_t *events = rows->columns[2], *categories = rows->columns[3];
    double *cpu = rows->columns[4];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i;
        times[i] = row / ROWS_A_MS;
        jobs[i] = 515042969 + weir_suite_pick(row, 0, 30) * 7919;
        events[i] = (int32_t)weir_suite_pick(row, 1, 9);
        categories[i] = (int32_t)weir_suite_pick(row, 2, 4);
        cpu[i] = weir_suite_real(row, 3);
    }
}

const struct weir_suite weir_suite_cluster = {.name = "cluster",
                                              .columns = {{.name = "ts", .format = "tsm:"},
                                                          {.name = "job_id", .format = "l"},
                                                          {.name = "event_type", .format = "i"},
                                                          {.name = "category", .format = "i"},
                                                          {.name = "cpu", .format = "g"}},
                                              .fill = fill_cluster};

/* ---- grid: 40 houses, 2 125 plugs ---- */

static void fill_grid(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0];
    double *loads = rows->columns[1];
    int32_t *plugs = rows->columns[2], *households = rows->columns[3], *houses = rows->columns[4];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i, plug = weir_suite_pick(row, 0, 2125);
        times[i] = row / ROWS_A_MS;
        loads[i] = weir_suite_real(row, 1) * 100.0;
        houses[i] = (int32_t)(plug % 40);
        households[i] = (int32_t)(plug / 40 % 14);
        plugs[i] = (int32_t)(plug / 560);
    }
}

const struct weir_suite weir_suite_grid = {.name = "grid",
                                           .columns = {{.name = "ts", .format = "tsm:"},
                                                       {.name = "load", .format = "g"},
                                                       {.name = "plug", .format = "i"},
                                                       {.name = "household", .format = "i"},
                                                       {.name = "house", .format = "i"}},
                                           .fill = fill_grid};

/* ---- road: 10 000 cars on three highways of 100 segments; in every fourth segment they crawl ---- */

#define ROAD_FEET 528000
#define SEGMENT_FEET 5280

static void fill_road(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0];
    int32_t *vehicles = rows->columns[1], *highways = rows->columns[3], *directions = rows->columns[4];
    int32_t *positions = rows->columns[5];
    double *speeds = rows->columns[2];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i, vehicle = weir_suite_pick(row, 0, 10000);
        int64_t start = weir_suite_pick(vehicle, 1, ROAD_FEET);
        times[i] = row / ROWS_A_MS;
        vehicles[i] = (int32_t)vehicle;
        highways[i] = (int32_t)(vehicle % 3);
        directions[i] = (int32_t)(vehicle / 3 % 2);
        positions[i] = (int32_t)((start + times[i] * 88 / 1000) % ROAD_FEET); /* 60 miles an hour */
        speeds[i] = weir_suite_real(row, 2) * (positions[i] / SEGMENT_FEET % 4 == 0 ? 50.0 : 100.0);
    }
}

const struct weir_suite weir_suite_road = {.name = "road",
                                           .columns = {{.name = "ts", .format = "tsm:"},
                                                       {.name = "vehicle", .format = "i"},
                                                       {.name = "speed", .format = "g"},
                                                       {.name = "highway", .format = "i"},
                                                       {.name = "direction", .format = "i"},
                                                       {.name = "feet", .format = "i"}},
                                           .fill = fill_road};

/* ---- equipment: three sensors ---- */

static void fill_equipment(const struct weir_suite_rows *rows) {
    int64_t *times = rows->columns[0];
    for (int64_t i = 0; i < rows->count; i++) {
        int64_t row = rows->first + i;
        times[i] = row / ROWS_A_MS;
        for (int32_t c = 1; c <= 3; c++) {
            ((int32_t *)rows->columns[c])[i] = (int32_t)weir_suite_pick(row, (uint64_t)c, 20000);
        }
    }
}

const struct weir_suite weir_suite_equipment = {.name = "equipment",
                                                .columns = {{.name = "ts", .format = "tsm:"},
                                                            {.name = "mf01", .format = "i"},
                                                            {.name = "mf02", .format = "i"},
                                                            {.name = "mf03", .format = "i"}},
                                                .fill = fill_equipment};
