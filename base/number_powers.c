/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number_powers.h"

#include <pthread.h>
#include <string.h>

/* A natural number in 32-bit limbs, least first. 10^n and 2^n share their leading bits with 5^n, so only powers of
 * five are walked: upwards by multiplication, which is exact, and downwards by division of a power of two, which is
 * exact too, as floor(floor(x / 5) / 5) = floor(x / 25). 5^342 has 795 bits; 1152 leave more than 128 of the
 * quotient. */
#define LIMBS 36

static struct weir_power table[WEIR_POWER_MAX - WEIR_POWER_MIN + 1];

/* The leading 128 bits. */
static struct weir_power leading_bits(const uint32_t *limbs) {
    int top = LIMBS - 1;
    while (limbs[top] == 0) top--;
    int shift = __builtin_clz(limbs[top]);
    uint32_t words[4];
    for (int i = 0; i < 4; i++) {
        uint32_t high = top - i >= 0 ? limbs[top - i] : 0;
        uint32_t low = top - i - 1 >= 0 ? limbs[top - i - 1] : 0;
        words[i] = shift == 0 ? high : high << shift | low >> (32 - shift);
    }
    return (struct weir_power){(uint64_t)words[0] << 32 | words[1], (uint64_t)words[2] << 32 | words[3]};
}

static void multiply_by_five(uint32_t *limbs) {
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)limbs[i] * 5;
        limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void divide_by_five(uint32_t *limbs) {
    uint64_t rest = 0;
    for (int i = LIMBS - 1; i >= 0; i--) {
        rest = rest << 32 | limbs[i];
        limbs[i] = (uint32_t)(rest / 5);
        rest %= 5;
    }
}

static void fill_table(void) {
    uint32_t limbs[LIMBS] = {1};
    for (int exponent = 0; exponent <= WEIR_POWER_MAX; exponent++) {
        table[exponent - WEIR_POWER_MIN] = leading_bits(limbs);
        multiply_by_five(limbs);
    }
    memset(limbs, 0, sizeof(limbs));
    limbs[LIMBS - 1] = UINT32_C(1) << 31;
    for (int exponent = -1; exponent >= WEIR_POWER_MIN; exponent--) {
        divide_by_five(limbs);
        table[exponent - WEIR_POWER_MIN] = leading_bits(limbs);
    }
}

const struct weir_power *weir_powers_of_ten(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fill_table);
    return table;
}
