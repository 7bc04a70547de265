/* SPDX-License-Identifier: Apache-2.0
 *
 * Measurements as of the One Billion Row Challenge: 413 stations, each with a temperature of its own that readings
 * lie around, one digit behind the point. The names are made up, of 4 to 20 bytes, some of them not ASCII.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/suites/suite.h"

#define STATIONS 413

struct station {
    char name[WEIR_SUITE_WORD_BYTES];
    double mean;
};

static void make_station(int64_t idx, struct station *station) {
    static const char *const parts[] = {"ba",  "lo",   "mer", "ti", "san", "ko",  "vu", "dar", "el",   "ny",
                                        "gra", "port", "ri",  "is", "ou",  "hal", "zé", "rø",  "wick", "ta"};
    const int64_t count = (int64_t)(sizeof(parts) / sizeof(parts[0]));
    size_t used = 0;
    int64_t syllables = 1 + weir_suite_pick(idx, 0, 4);
    station->name[0] = (char)('A' + idx % 26); /* with the last letter of all, two stations never share a name */
    used = 1;
    for (int64_t s = 0; s < syllables; s++) {
        const char *part = parts[weir_suite_pick(idx, (uint64_t)s + 1, count)];
        used += (size_t)snprintf(station->name + used, sizeof(station->name) - used, "%s", part);
    }
    snprintf(station->name + used, sizeof(station->name) - used, "%c", (char)('a' + idx / 26));
    station->mean = weir_suite_real(idx, 8) * 60.0 - 20.0;
}

/* The sum of twelve draws is near a bell curve, of a standard deviation of 10 about the mean. */
static int64_t tenths(const struct station *station, int64_t row) {
    double sum = -6.0;
    for (uint64_t i = 0; i < 3; i++) {
        uint64_t bits = weir_suite_draw(row, i + 1);
        for (int part = 0; part < 4; part++) sum += (double)(bits >> (16 * part) & 0xFFFF) / 65536.0;
    }
    double value = rint((station->mean + 10.0 * sum) * 10.0);
    return (int64_t)(value > 999.0 ? 999.0 : value < -999.0 ? -999.0 : value);
}

static bool write_row(FILE *file, const struct station *stations, int64_t row) {
    const struct station *station = &stations[weir_suite_pick(row, 0, STATIONS)];
    int64_t value = tenths(station, row), size = value < 0 ? -value : value;
    return fprintf(file, "%s;%s%d.%d\n", station->name, value < 0 ? "-" : "", (int)(size / 10), (int)(size % 10)) >
           0;
}

bool weir_suite_write_stations(const char *path, int64_t rows) {
    static struct station stations[STATIONS];
    for (int64_t i = 0; i < STATIONS; i++) make_station(i, &stations[i]);
    FILE *file = fopen(path, "wb");
    if (file == NULL) return false;
    bool ok = true;
    for (int64_t row = 0; row < rows && ok; row++) ok = write_row(file, stations, row);
    ok = fclose(file) == 0 && ok;
    if (!ok) remove(path);
    return ok;
}
