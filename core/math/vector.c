#include "math/vector.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Two numbers at a time, as GCC and clang write it: what every x86-64 and AArch64 has. */
typedef double two __attribute__((vector_size(16)));
typedef uint64_t two_bits __attribute__((vector_size(16)));

static inline two load(const double *from)
{
    two t;
    memcpy(&t, from, sizeof t);
    return t;
}

static inline void store(double *to, two t)
{
    memcpy(to, &t, sizeof t);
}

static inline bool both_within(const double *x, double low, double high)
{
    return x[0] >= low && x[0] <= high && x[1] >= low && x[1] <= high;
}

/* x = 2^e m with m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh f, f = (m - 1) / (m + 1). The polynomial in f^2
 * is the minimax one to (2 atanh(f) / f - 2) / f^2, which errs by 1.2e-18 of ln m (Remez exchange in 60
 * digits). */
static inline two log_of(two x)
{
    const uint64_t root_half = 0x3fe6a09e667f3bcd,
                   bias = 1024; /* keeps exponents above 0 while they are whole numbers */
    const two_bits bits = (two_bits)x, exponent = (bits - root_half + (bias << 52)) >> 52;
    const two m = (two)(bits - (exponent << 52) + (bias << 52));
    const two e =
        (two)(exponent | 0x4330000000000000) - (0x1p52 + 1024); /* 2^52 + exponent, read as a double */
    const two f = (m - 1) / (m + 1), z = f * f, z2 = z * z;
    const two low = 0.666666666666673441 + 0.399999999994146784 * z
                    + (0.285714287423876227 + 0.222221985731845248 * z) * z2;
    const two high = 0.181835643261196752 + 0.153140505521127136 * z + 0.147959497005828583 * z2;
    return e * 0.693147180559945309 + (f + (f + f * z * (low + high * (z2 * z2))));
}

/* What 1 + x lost in rounding is put back: d ln w = dw / w. */
static inline two log1p_of(two x)
{
    const two w = 1 + x;
    return log_of(w) + (x - (w - 1)) / w;
}

/* x = n ln 2 + r with |r| <= ln(2) / 2. */
typedef struct split {
    two power;  /* 2^n */
    two expm1r; /* e^r - 1, by the minimax polynomial: it errs by 3.6e-18 of e^r */
} split;

static inline split split_exp(two x)
{
    const two shifted = x * 1.442695040888963407 + 0x1.8p52,
              n = shifted - 0x1.8p52; /* n is in the lowest bits */
    const two r = (x - n * 0x1.62e42fefa3800p-1)
                  - n * 0x1.ef35793c76730p-45; /* ln 2 in two; the first times n is exact */
    const two r2 = r * r, r4 = r2 * r2;
    const two low = 0.500000000000001062 + 0.166666666666664128 * r
                    + (0.0416666666665302712 + 0.00833333333349433463 * r) * r2;
    const two high = 0.00138888889435964875 + 0.000198412695067711384 * r
                     + (2.48014931373258165e-5 + 2.75575862774152176e-6 * r) * r2
                     + (2.76302335441912597e-7 + 2.50000679692527654e-8 * r) * r4;
    const two one = {1, 1};
    return (split){.power = (two)((two_bits)one + ((two_bits)shifted << 52)),
                   .expm1r = r + r2 * (low + high * r4)};
}

static inline two exp_of(two x)
{
    const split s = split_exp(x);
    return s.power * (1 + s.expm1r);
}

static inline two expm1_of(two x)
{
    const split s = split_exp(x);
    return s.power * s.expm1r + (s.power - 1);
}

void ptn_logs(size_t n, const double *x, double *y)
{
    size_t i = 0;
    for (; i + 2 <= n; i += 2) {
        if (both_within(x + i, DBL_MIN, DBL_MAX)) {
            store(y + i, log_of(load(x + i)));
        } else {
            y[i] = log(x[i]);
            y[i + 1] = log(x[i + 1]);
        }
    }
    if (i < n)
        y[i] = log(x[i]);
}

void ptn_log1ps(size_t n, const double *x, double *y)
{
    size_t i = 0;
    for (; i + 2 <= n; i += 2) {
        if (both_within(x + i, 0, 1e300)) {
            store(y + i, log1p_of(load(x + i)));
        } else {
            y[i] = log1p(x[i]);
            y[i + 1] = log1p(x[i + 1]);
        }
    }
    if (i < n)
        y[i] = log1p(x[i]);
}

void ptn_exps(size_t n, const double *x, double *y)
{
    size_t i = 0;
    for (; i + 2 <= n; i += 2) {
        if (both_within(x + i, -708, 709)) {
            store(y + i, exp_of(load(x + i)));
        } else {
            y[i] = exp(x[i]);
            y[i + 1] = exp(x[i + 1]);
        }
    }
    if (i < n)
        y[i] = exp(x[i]);
}

void ptn_expm1s(size_t n, const double *x, double *y)
{
    size_t i = 0;
    for (; i + 2 <= n; i += 2) {
        if (both_within(x + i, -708, 709)) {
            store(y + i, expm1_of(load(x + i)));
        } else {
            y[i] = expm1(x[i]);
            y[i + 1] = expm1(x[i + 1]);
        }
    }
    if (i < n)
        y[i] = expm1(x[i]);
}

double ptn_weighted_log_sum(size_t n, const double *weight, const double *value)
{
    two sum = {0}, other = {0};
    double rest = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        if (both_within(value + i, DBL_MIN, DBL_MAX) && both_within(value + i + 2, DBL_MIN, DBL_MAX)) {
            sum += load(weight + i) * log_of(load(value + i));
            other += load(weight + i + 2) * log_of(load(value + i + 2));
        } else {
            for (size_t k = i; k < i + 4; k++)
                rest += weight[k] * log(value[k]);
        }
    }
    for (; i < n; i++)
        rest += weight[i] * log(value[i]);
    sum += other;
    return sum[0] + sum[1] + rest;
}
