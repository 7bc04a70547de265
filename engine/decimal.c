/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/decimal.h"

#include <string.h>

#include "base/attributes.h"
#include "base/number_text.h"

#define E19 ((weir_i128)INT64_C(10000000000000000) * 1000)

static const weir_i128 powers[WEIR_DECIMAL_DIGITS + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    INT64_C(10000000000),
    INT64_C(100000000000),
    INT64_C(1000000000000),
    INT64_C(10000000000000),
    INT64_C(100000000000000),
    INT64_C(1000000000000000),
    INT64_C(10000000000000000),
    INT64_C(100000000000000000),
    INT64_C(1000000000000000000),
    E19,
    E19 * 10,
    E19 * 100,
    E19 * 1000,
    E19 * 10000,
    E19 * 100000,
    E19 * 1000000,
    E19 * 10000000,
    E19 * 100000000,
    E19 * 1000000000,
    E19 *INT64_C(10000000000),
    E19 *INT64_C(100000000000),
    E19 *INT64_C(1000000000000),
    E19 *INT64_C(10000000000000),
    E19 *INT64_C(100000000000000),
    E19 *INT64_C(1000000000000000),
    E19 *INT64_C(10000000000000000),
    E19 *INT64_C(100000000000000000),
    E19 *INT64_C(1000000000000000000),
    E19 *INT64_C(1000000000000000000) * 10,
};

weir_i128 weir_pow10_i128(int exponent) { return powers[exponent]; }

bool weir_decimal_fits(weir_i128 value, int precision) {
    return value < powers[precision] && value > -powers[precision];
}

/* ---- magnitudes of up to 256 bits: the path of sums and products that 128 bits do not hold ---- */

struct wide {
    weir_u128 high;
    weir_u128 low;
};

static weir_u128 magnitude(weir_i128 value) { return value < 0 ? -(weir_u128)value : (weir_u128)value; }

static struct wide wide_multiply(weir_u128 a, weir_u128 b) {
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    weir_u128 low = (weir_u128)a0 * b0, middle = (weir_u128)a1 * b0 + (low >> 64);
    weir_u128 other = (weir_u128)a0 * b1 + (uint64_t)middle;
    struct wide product;
    product.low = (other << 64) | (uint64_t)low;
    product.high = (weir_u128)a1 * b1 + (middle >> 64) + (other >> 64);
    return product;
}

/* n /= d, returns the rest; d != 0. Bit by bit: only values beyond 128 bits come here. */
static weir_u128 wide_divide(struct wide *n, weir_u128 d) {
    if (n->high == 0) {
        weir_u128 rest = n->low % d;
        n->low /= d;
        return rest;
    }
    struct wide quotient = {n->high / d, 0};
    weir_u128 rest = n->high % d;
    for (int bit = 127; bit >= 0; bit--) {
        bool carry = rest >> 127;
        rest = (rest << 1) | ((n->low >> bit) & 1);
        if (carry || rest >= d) {
            rest -= d;
            quotient.low |= (weir_u128)1 << bit;
        }
    }
    *n = quotient;
    return rest;
}

static bool increment_if(bool up, struct wide *n) {
    n->low += up;
    n->high += up && n->low == 0;
    return up;
}

/* n / 10^digits, rounded half up. A first part is cut off: with digits behind a half no tie can arise or vanish. */
static void wide_shift(struct wide *n, int digits) {
    if (digits <= 0) return;
    if (digits > WEIR_DECIMAL_DIGITS) {
        wide_divide(n, (weir_u128)powers[digits - WEIR_DECIMAL_DIGITS]);
        digits = WEIR_DECIMAL_DIGITS;
    }
    weir_u128 divisor = (weir_u128)powers[digits];
    weir_u128 rest = wide_divide(n, divisor);
    increment_if(rest >= divisor / 2, n);
}

/* The magnitude n with a sign, where it has at most `precision` digits. */
static bool give(struct wide n, bool negative, int precision, weir_i128 *out) {
    if (n.high != 0 || n.low >= (weir_u128)powers[precision]) return false;
    *out = negative ? -(weir_i128)n.low : (weir_i128)n.low;
    return true;
}

bool weir_decimal_rescale(struct weir_decimal a, struct weir_decimal_type to, weir_i128 *out) {
    if (a.scale == to.scale) {
        *out = a.value;
        return weir_decimal_fits(a.value, to.precision);
    }
    struct wide n = {0, magnitude(a.value)};
    if (a.scale < to.scale) {
        if (WEIR_LIKELY(!__builtin_mul_overflow(a.value, powers[to.scale - a.scale], out))) {
            return weir_decimal_fits(*out, to.precision);
        }
        n = wide_multiply(n.low, (weir_u128)powers[to.scale - a.scale]);
    } else {
        wide_shift(&n, a.scale - to.scale);
    }
    return give(n, a.value < 0, to.precision, out);
}

bool weir_decimal_round(struct weir_decimal a, int digits, enum weir_decimal_rounding rounding,
                        struct weir_decimal_type to, weir_i128 *out) {
    if (digits >= a.scale) return weir_decimal_rescale(a, to, out);
    int cut = digits < a.scale - 2 * WEIR_DECIMAL_DIGITS ? 2 * WEIR_DECIMAL_DIGITS : a.scale - digits;
    weir_u128 whole = magnitude(a.value);
    bool negative = a.value < 0, up = false;
    if (cut > WEIR_DECIMAL_DIGITS) { /* 10^39 is more than any argument, its half, too */
        up = whole != 0 &&
             ((rounding == WEIR_ROUND_FLOOR && negative) || (rounding == WEIR_ROUND_CEIL && !negative));
        whole = 0;
    } else {
        weir_u128 unit = (weir_u128)powers[cut], rest = whole % unit;
        whole /= unit;
        if (rounding == WEIR_ROUND_HALF_UP) up = rest >= unit / 2;
        if (rounding == WEIR_ROUND_FLOOR) up = rest != 0 && negative;
        if (rounding == WEIR_ROUND_CEIL) up = rest != 0 && !negative;
    }
    whole += up;
    /* back to a scale of at least 0: `whole` is in units of 10^-digits */
    if (digits < 0) {
        if (whole == 0) return *out = 0, true;
        if (-digits > WEIR_DECIMAL_DIGITS) return false;
        struct wide n = wide_multiply(whole, (weir_u128)powers[-digits]);
        if (n.high != 0 || n.low > (weir_u128)powers[WEIR_DECIMAL_DIGITS]) return false;
        whole = n.low;
        digits = 0;
    }
    weir_i128 value = negative ? -(weir_i128)whole : (weir_i128)whole;
    return weir_decimal_rescale((struct weir_decimal){value, digits}, to, out);
}

/* a + b where the signs may differ, at the larger of the scales; both brought there by one multiplication. */
bool weir_decimal_add(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to, weir_i128 *out) {
    int scale = a.scale > b.scale ? a.scale : b.scale;
    weir_i128 left, right, sum;
    if (WEIR_LIKELY(!__builtin_mul_overflow(a.value, powers[scale - a.scale], &left) &&
                    !__builtin_mul_overflow(b.value, powers[scale - b.scale], &right) &&
                    !__builtin_add_overflow(left, right, &sum))) {
        return weir_decimal_rescale((struct weir_decimal){sum, scale}, to, out);
    }
    struct wide x = wide_multiply(magnitude(a.value), (weir_u128)powers[scale - a.scale]);
    struct wide y = wide_multiply(magnitude(b.value), (weir_u128)powers[scale - b.scale]);
    bool negative = a.value < 0;
    if (negative == (b.value < 0)) {
        x.low += y.low;
        x.high += y.high + (x.low < y.low);
    } else {
        if (x.high < y.high || (x.high == y.high && x.low < y.low)) {
            struct wide swap = x;
            x = y;
            y = swap;
            negative = !negative;
        }
        x.high -= y.high + (x.low < y.low);
        x.low -= y.low;
    }
    wide_shift(&x, scale - to.scale);
    if (to.scale > scale) {
        if (x.high != 0) return false;
        x = wide_multiply(x.low, (weir_u128)powers[to.scale - scale]);
    }
    return give(x, negative, to.precision, out);
}

bool weir_decimal_subtract(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to,
                           weir_i128 *out) {
    if (__builtin_sub_overflow((weir_i128)0, b.value, &b.value)) return false;
    return weir_decimal_add(a, b, to, out);
}

bool weir_decimal_multiply(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to,
                           weir_i128 *out) {
    weir_i128 product;
    int scale = a.scale + b.scale;
    if (scale == to.scale && !__builtin_mul_overflow(a.value, b.value, &product)) {
        *out = product;
        return weir_decimal_fits(product, to.precision);
    }
    struct wide n = wide_multiply(magnitude(a.value), magnitude(b.value));
    if (scale < to.scale) {
        if (n.high != 0) return false;
        n = wide_multiply(n.low, (weir_u128)powers[to.scale - scale]);
    } else {
        wide_shift(&n, scale - to.scale);
    }
    return give(n, (a.value < 0) != (b.value < 0), to.precision, out);
}

static int digits_of(weir_u128 value) {
    int digits = 0;
    while (digits < WEIR_DECIMAL_DIGITS && value >= (weir_u128)powers[digits]) digits++;
    return digits;
}

/* A quotient of `digits` digits and a fraction lacks missing / (2 * divisor) to some value: does rounding to 38
 * digits bring it there? */
static bool reaches(weir_u128 missing, weir_u128 divisor, int digits) {
    struct wide scaled = wide_multiply(missing, (weir_u128)powers[WEIR_DECIMAL_DIGITS - digits]);
    return scaled.high == 0 && scaled.low <= divisor;
}

/* n + rest / divisor, n < 10^38, rounded half up to 38 digits and then to a multiple of 10^cut, in units of that.
 */
static weir_u128 round_quotient(weir_u128 n, weir_u128 rest, weir_u128 divisor, int cut) {
    if (cut == 0) {
        if (2 * rest >= divisor) return n + 1;
        weir_u128 missing = divisor - 2 * rest;
        if (missing > divisor >> 3) return n; /* far from a half: the common case */
        int digits = digits_of(n);
        return n + (digits < WEIR_DECIMAL_DIGITS && reaches(missing, divisor, digits));
    }
    weir_u128 unit = (weir_u128)powers[cut], half = unit / 2, below = n % unit;
    bool up = below >= half;
    if (below == half - 1 && rest != 0) up = reaches(2 * (divisor - rest), divisor, digits_of(n));
    return n / unit + up;
}

bool weir_decimal_divide(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to,
                         weir_i128 *out) {
    bool negative = (a.value < 0) != (b.value < 0);
    weir_u128 divisor = magnitude(b.value);
    int shift = to.scale + b.scale - a.scale; /* digits that the dividend gets before it is divided */
    int first = shift > WEIR_DECIMAL_DIGITS ? WEIR_DECIMAL_DIGITS : (shift > 0 ? shift : 0);
    struct wide n = wide_multiply(magnitude(a.value), (weir_u128)powers[first]);
    weir_u128 rest = wide_divide(&n, divisor);
    if (shift > WEIR_DECIMAL_DIGITS) { /* the other digits of the quotient come from the rest */
        weir_u128 more = (weir_u128)powers[shift - WEIR_DECIMAL_DIGITS];
        struct wide low = wide_multiply(rest, more);
        rest = wide_divide(&low, divisor);
        if (n.high != 0) return false;
        n = wide_multiply(n.low, more);
        n.low += low.low;
        n.high += low.high + (n.low < low.low);
    }
    if (n.high != 0 || (shift >= 0 && n.low >= (weir_u128)powers[WEIR_DECIMAL_DIGITS])) return false;
    n.low = round_quotient(n.low, rest, divisor, shift < 0 ? -shift : 0);
    return give(n, negative, to.precision, out);
}

bool weir_decimal_modulo(struct weir_decimal a, struct weir_decimal b, struct weir_decimal_type to,
                         weir_i128 *out) {
    int scale = a.scale > b.scale ? a.scale : b.scale;
    struct wide n = wide_multiply(magnitude(a.value), (weir_u128)powers[scale - a.scale]);
    struct wide d = wide_multiply(magnitude(b.value), (weir_u128)powers[scale - b.scale]);
    if (d.high == 0) { /* else a has the larger scale, fits 128 bits and is the smaller */
        n.low = wide_divide(&n, d.low);
        n.high = 0;
    }
    wide_shift(&n, scale - to.scale);
    if (scale < to.scale) n = wide_multiply(n.low, (weir_u128)powers[to.scale - scale]);
    return give(n, a.value < 0, to.precision, out);
}

int weir_decimal_format(struct weir_decimal a, char *buffer) {
    char text[WEIR_TEXT_BYTES];
    size_t length = weir_text_print_decimal(a.value, a.scale, text);
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    return (int)length;
}

int weir_decimal_compare(struct weir_decimal a, struct weir_decimal b) {
    if (a.scale == b.scale) return (a.value > b.value) - (a.value < b.value);
    if ((a.value < 0) != (b.value < 0)) return a.value < 0 ? -1 : 1;
    int scale = a.scale > b.scale ? a.scale : b.scale;
    struct wide x = wide_multiply(magnitude(a.value), (weir_u128)powers[scale - a.scale]);
    struct wide y = wide_multiply(magnitude(b.value), (weir_u128)powers[scale - b.scale]);
    int order = x.high != y.high ? (x.high > y.high) - (x.high < y.high) : (x.low > y.low) - (x.low < y.low);
    return a.value < 0 ? -order : order;
}

double weir_decimal_to_double(struct weir_decimal a) {
    char text[WEIR_TEXT_BYTES];
    weir_i128 exact = (weir_i128)1 << 53;
    if (a.scale <= 22 && a.value <= exact && a.value >= -exact) {
        return (double)(int64_t)a.value / (double)powers[a.scale]; /* both exact: one rounding */
    }
    double value = 0;
    weir_text_parse_f64(text, weir_text_print_decimal(a.value, a.scale, text), &value);
    return value;
}

double weir_decimal_cast_double(weir_i128 value, struct weir_decimal_type type) {
    if (type.precision <= 18) return (double)(int64_t)value / (double)powers[type.scale];
    return weir_decimal_to_double((struct weir_decimal){value, type.scale});
}
