/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/keys_expected.h"

#include <math.h>

/* Rows a key from which on as good as all keys have come. */
#define ROWS_A_KEY_ALL 4

/* Of K keys, with x = rows / K, there are rows / seen = x / (1 - e^-x), about 1 + x/2 + x^2/12. */
int64_t weir_keys_expected(int64_t seen, int64_t rows) {
    /* More than rows: they have been listed before one came with a row, as NULL is and the entries of a dictionary.
     */
    if (rows < seen || rows / ROWS_A_KEY_ALL >= seen) return seen;
    double x = sqrt(12 * ((double)rows / (double)seen) - 3) - 3;
    double expected = x > 0 ? (double)rows / x : INT32_MAX;
    if (expected >= INT32_MAX) return seen > INT32_MAX ? seen : INT32_MAX;
    return expected > (double)seen ? (int64_t)expected : seen;
}
