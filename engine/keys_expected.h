/* SPDX-License-Identifier: Apache-2.0
 *
 * How many keys a stream will have, by how many of its first rows met one that was there.
 */
#ifndef WEIR_ENGINE_KEYS_EXPECTED_H
#define WEIR_ENGINE_KEYS_EXPECTED_H

#include <stdint.h>

/* Of a stream in which `seen` different keys came in so many rows, were each of them as likely as the others; no
 * less than `seen`, and INT32_MAX where there is no telling. Where there are more keys than rows they came
 * otherwise, and are all that there are. */
int64_t weir_keys_expected(int64_t seen, int64_t rows);

#endif
