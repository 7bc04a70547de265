/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "simd/kernels.h"
#include "weir/weir.h"

const char *weir_version(void) { return WEIR_VERSION; }

const char *weir_status_name(enum weir_status status) {
    switch (status) {
    case WEIR_OK: return "ok";
    case WEIR_END: return "end";
    case WEIR_AGAIN: return "again";
    case WEIR_ERR_INVALID: return "invalid argument";
    case WEIR_ERR_STATE: return "wrong state";
    case WEIR_ERR_MEMORY: return "out of memory";
    case WEIR_ERR_SQL: return "SQL error";
    case WEIR_ERR_UNSUPPORTED: return "unsupported";
    case WEIR_ERR_IO: return "input or output error";
    case WEIR_ERR_FORMAT: return "malformed data";
    case WEIR_ERR_VALUE: return "value error";
    case WEIR_ERR_CANCELLED: return "cancelled";
    case WEIR_ERR_INTERNAL: return "internal error";
    }
    return "unknown status";
}

/* The best level that build and CPU have. */
static enum weir_simd_level best_level(void) {
    int level = WEIR_SIMD_LEVELS - 1;
    while (level > WEIR_SIMD_BASELINE && weir_simd_table((enum weir_simd_level)level) == NULL) level--;
    return (enum weir_simd_level)level;
}

enum weir_status weir_simd_limit(const char *level, struct weir_error *error) {
    if (level == NULL) return weir_error_set(error, WEIR_ERR_INVALID, "weir_simd_limit: level is NULL");
    bool best = level[0] == 'a' && level[1] == 'u' && level[2] == 't' && level[3] == 'o' && level[4] == '\0';
    enum weir_simd_level wanted = best ? best_level() : weir_simd_level_parse(level);
    if (wanted == WEIR_SIMD_LEVELS) {
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "unknown instruction set '%s'; it is one of auto, baseline, avx2, avx512, reference",
                              level);
    }
    if (!weir_simd_use(wanted)) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED,
                              "this CPU or build has no kernels for '%s'; the best here is '%s'", level,
                              weir_simd_level_name(best_level()));
    }
    return WEIR_OK;
}

const char *weir_simd_level(void) { return weir_simd_level_name(weir_simd_used()); }
