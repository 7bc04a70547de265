/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/time_unit.h"

#include "base/checked.h"

int weir_unit_precision(int64_t units_per_second) {
    int digits = 0;
    for (; units_per_second > 1; units_per_second /= 10) digits++;
    return digits;
}

const char *weir_unit_name(int64_t units_per_second) {
    static const char *const names[] = {"s", "ms", "us", "ns"};
    return names[weir_unit_precision(units_per_second) / 3];
}

struct weir_type weir_unit_bound_type(int64_t units_per_second) {
    struct weir_type type = weir_type_timestamp(weir_unit_precision(units_per_second));
    type.nullable = false;
    return type;
}

int64_t weir_unit_of_ms(int64_t ms, int64_t units_per_second) {
    int64_t units;
    if (units_per_second < WEIR_UNIT_MS) return weir_floordiv_i64(ms, WEIR_UNIT_MS / units_per_second);
    if (weir_mul_i64(ms, units_per_second / WEIR_UNIT_MS, &units)) return units;
    return ms < 0 ? INT64_MIN : INT64_MAX;
}
