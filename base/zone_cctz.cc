/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zone_cctz.h"

#include <cctz/time_zone.h>

#include <cstdlib>
#include <new>
#include <string>

namespace {

using instant = cctz::time_point<cctz::seconds>;

/* cctz continues the rule of summer time for 400 years past the last change that the file holds; without such a
 * rule its table ends with the file's. No file reaches past this year by itself. */
constexpr int64_t FILE_YEAR_MAX = 2200;

/* Changes are few: some hundreds in the past, 800 of the rule. More than this is no zone. */
constexpr size_t CHANGES_MAX = 8192;

struct table {
    weir_zone_change *changes = nullptr;
    size_t count = 0;
    size_t room = 0;
};

bool append(table &into, int64_t from_s, int32_t offset_s) {
    if (into.count > 0 && into.changes[into.count - 1].offset_s == offset_s) return true;
    if (into.count == into.room) {
        size_t room = into.room == 0 ? 256 : into.room * 2;
        void *grown = std::realloc(into.changes, room * sizeof(*into.changes));
        if (grown == nullptr) return false;
        into.changes = static_cast<weir_zone_change *>(grown);
        into.room = room;
    }
    into.changes[into.count].from_s = from_s;
    into.changes[into.count++].offset_s = offset_s;
    return true;
}

bool collect(const cctz::time_zone &zone, table &into, bool *for_ever) {
    instant at = instant::min();
    cctz::time_zone::civil_transition change;
    if (!append(into, INT64_MIN, zone.lookup(at).offset)) return false;
    while (into.count < CHANGES_MAX && zone.next_transition(at, &change)) {
        at = zone.lookup(change.to).trans;
        *for_ever = change.to.year() > FILE_YEAR_MAX;
        if (!append(into, at.time_since_epoch().count(), zone.lookup(at).offset)) return false;
    }
    return true;
}

} // namespace

enum weir_zone_found weir_zone_cctz_changes(const char *name, weir_zone_change **changes, size_t *count,
                                            bool *for_ever) {
    table found;
    *for_ever = false;
    try {
        cctz::time_zone zone;
        if (!cctz::load_time_zone(name, &zone)) return WEIR_ZONE_UNKNOWN;
        if (collect(zone, found, for_ever)) {
            *changes = found.changes;
            *count = found.count;
            return WEIR_ZONE_FOUND;
        }
    } catch (const std::bad_alloc &) {
        /* as below */
    } catch (...) {
        std::free(found.changes);
        return WEIR_ZONE_UNKNOWN;
    }
    std::free(found.changes);
    return WEIR_ZONE_NO_MEMORY;
}
