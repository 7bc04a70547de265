/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/number_powers.h"
#include "base/number_text.h"

static const char digit_pairs[201] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

size_t weir_text_print_u64(uint64_t value, char *buffer) {
    char digits[20];
    int at = 20;
    while (value >= 100) {
        memcpy(digits + (at -= 2), digit_pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10)
        memcpy(digits + (at -= 2), digit_pairs + value * 2, 2);
    else
        digits[--at] = (char)('0' + value);
    memcpy(buffer, digits + at, (size_t)(20 - at));
    return (size_t)(20 - at);
}

size_t weir_text_print_i64(int64_t value, char *buffer) {
    if (value >= 0) return weir_text_print_u64((uint64_t)value, buffer);
    buffer[0] = '-';
    return 1 + weir_text_print_u64(0 - (uint64_t)value, buffer + 1);
}

/* ---- floating point: Schubfach --------------------------------------------------------------------------------
 */

/* The shortest decimal within the rounding interval of a binary number, and of those the nearest: Raffaello
 * Giulietti, "The Schubfach way to render doubles" (2020). digits * 10^exponent. */
struct shortest {
    uint64_t digits;
    int exponent;
};

/* The product of a 128-bit power and cp, its rest folded into the lowest bit, so that comparisons stay exact. */
static uint64_t round_to_odd(struct weir_power power, uint64_t cp) {
    weir_u128 low = (weir_u128)power.low * cp, high = (weir_u128)power.high * cp;
    high += low >> 64;
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/* The value is c * 2^q; edge: the gap below it is half the one above (c is the least of its binade). */
static struct shortest shortest_of(uint64_t c, int q, bool edge) {
    uint64_t odd = c & 1, middle = c << 2, right = middle + 2, left = middle - (edge ? 1 : 2);
    int k = edge ? (q * 1262611 - 524031) >> 22 : (q * 1262611) >> 22;
    int h = q + weir_power_log2(-k) + 1;
    struct weir_power power = weir_powers_of_ten()[-k - WEIR_POWER_MIN];
    if (-k < 0 || -k > WEIR_POWER_EXACT_MAX) power.high += ++power.low == 0; /* rounded up where not exact */
    uint64_t vl = round_to_odd(power, left << h) + odd;
    uint64_t v = round_to_odd(power, middle << h);
    uint64_t vr = round_to_odd(power, right << h) - odd;
    uint64_t s = v >> 2;
    if (s >= 100) { /* below that Java wants two digits */
        uint64_t tens = s / 10;
        bool below = vl <= tens * 40, above = tens * 40 + 40 <= vr;
        if (below != above) return (struct shortest){tens + above, k + 1};
    }
    bool below = vl <= s * 4, above = s * 4 + 4 <= vr;
    if (below != above) return (struct shortest){s + above, k};
    uint64_t half = s * 4 + 2;
    bool up = v > half || (v == half && (s & 1));
    return (struct shortest){s + up, k};
}

/* Java's layout: plain from 1e-3 to below 1e7, else one digit before the point and an exponent. */
static size_t lay_out(struct shortest value, char *buffer) {
    while (value.digits % 10 == 0) {
        value.digits /= 10;
        value.exponent++;
    }
    char digits[20];
    int count = (int)weir_text_print_u64(value.digits, digits);
    int point = count + value.exponent; /* position of the point relative to the first digit */
    char *at = buffer;
    if (point > 7 || point < -2) {
        *at++ = digits[0];
        *at++ = '.';
        if (count == 1) *at++ = '0';
        memcpy(at, digits + 1, (size_t)count - 1);
        at += count - 1;
        *at++ = 'E';
        return (size_t)(at - buffer) + weir_text_print_i64(point - 1, at);
    }
    if (point <= 0) {
        memcpy(at, "0.000", 5);
        at += 2 - point;
        memcpy(at, digits, (size_t)count);
        return (size_t)(at - buffer) + (size_t)count;
    }
    for (int i = 0; i < point; i++) *at++ = i < count ? digits[i] : '0';
    *at++ = '.';
    if (count <= point) *at++ = '0';
    for (int i = point; i < count; i++) *at++ = digits[i];
    return (size_t)(at - buffer);
}

static size_t print_special(bool is_nan, bool negative, bool is_zero, char *buffer) {
    const char *text = is_nan ? "NaN" : is_zero ? (negative ? "-0.0" : "0.0") : negative ? "-Infinity" : "Infinity";
    size_t length = strlen(text);
    memcpy(buffer, text, length);
    return length;
}

/* A number > 0 of `mantissa_bits` stored bits: c and q as in shortest_of, from the raw fields. */
static struct shortest shortest_finite(uint64_t fraction, int biased, int mantissa_bits, int q_min) {
    if (biased == 0) {
        /* Java shows two digits of the tiniest numbers (4.9E-324): ten times the value, shifted back. */
        bool tiny = fraction < 3;
        struct shortest value = shortest_of(tiny ? fraction * 10 : fraction, q_min, false);
        value.exponent -= tiny;
        return value;
    }
    uint64_t least = UINT64_C(1) << mantissa_bits, c = least | fraction;
    int q = q_min - 1 + biased;
    if (q <= 0 && q >= -mantissa_bits && (c & ((UINT64_C(1) << -q) - 1)) == 0) {
        return (struct shortest){c >> -q, 0}; /* an integer */
    }
    return shortest_of(c, q, fraction == 0 && biased > 1);
}

static struct shortest shortest_f64(uint64_t bits) {
    return shortest_finite(bits & ((UINT64_C(1) << 52) - 1), (int)(bits >> 52 & 0x7FF), 52, -1074);
}

static struct shortest shortest_f32(uint32_t bits) {
    return shortest_finite(bits & ((UINT32_C(1) << 23) - 1), (int)(bits >> 23 & 0xFF), 23, -149);
}

uint64_t weir_text_shortest_f64(double value, int *exponent) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    struct shortest shortest = shortest_f64(bits);
    *exponent = shortest.exponent;
    return shortest.digits;
}

size_t weir_text_print_f64(double value, char *buffer) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    bool negative = bits >> 63;
    if (!isfinite(value) || value == 0) return print_special(isnan(value), negative, value == 0, buffer);
    if (negative) *buffer = '-';
    return negative + lay_out(shortest_f64(bits), buffer + negative);
}

size_t weir_text_print_f32(float value, char *buffer) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    bool negative = bits >> 31;
    if (!isfinite(value) || value == 0) return print_special(isnan(value), negative, value == 0, buffer);
    if (negative) *buffer = '-';
    return negative + lay_out(shortest_f32(bits), buffer + negative);
}
