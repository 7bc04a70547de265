/* SPDX-License-Identifier: Apache-2.0
 *
 * Durations as options have them: '10 s', '1 min', '5000' (ms), 'PT1M', by the rules of Flink's TimeUtils.
 */
#ifndef WEIR_BASE_DURATION_H
#define WEIR_BASE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* To whole milliseconds, what is finer is cut off. False, with why in *reason, for text that is no duration, is
 * negative, or does not fit 64 bits. */
bool weir_duration_parse(const char *text, int64_t *ms, const char **reason);

#ifdef __cplusplus
}
#endif

#endif
