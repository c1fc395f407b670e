#include "math/vector.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Two numbers at a time, as GCC and clang write it: what every x86-64 and AArch64 has. */
typedef double two __attribute__((vector_size(16)));
typedef uint64_t two_bits __attribute__((vector_size(16)));

static two load(const double *from)
{
    two t;
    memcpy(&t, from, sizeof t);
    return t;
}

static bool ordinary(const double *value)
{
    return value[0] >= DBL_MIN && value[0] <= DBL_MAX && value[1] >= DBL_MIN && value[1] <= DBL_MAX;
}

/* x = 2^e m with m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh f, f = (m - 1) / (m + 1). The polynomial in f^2 is the minimax one
 * to (2 atanh(f) / f - 2) / f^2, which errs by 1.2e-18 of ln m (Remez exchange in 60 digits). */
static inline two log_of_two(two x)
{
    const uint64_t root_half = 0x3fe6a09e667f3bcd, bias = 1024; /* keeps exponents above 0 while they are whole numbers */
    const two_bits bits = (two_bits)x, exponent = (bits - root_half + (bias << 52)) >> 52;
    const two m = (two)(bits - (exponent << 52) + (bias << 52));
    const two e = (two)(exponent | 0x4330000000000000) - (0x1p52 + 1024); /* 2^52 + exponent, read as a double */
    const two f = (m - 1) / (m + 1), z = f * f, z2 = z * z;
    const two low = 0.666666666666673441 + 0.399999999994146784 * z + (0.285714287423876227 + 0.222221985731845248 * z) * z2;
    const two high = 0.181835643261196752 + 0.153140505521127136 * z + 0.147959497005828583 * z2;
    const two sum = low + high * (z2 * z2);
    return e * 0.693147180559945309 + (f + (f + f * z * sum));
}

double ptn_weighted_log_sum(size_t n, const double *weight, const double *value)
{
    two sum = {0}, other = {0};
    double rest = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        if (ordinary(value + i) && ordinary(value + i + 2)) {
            sum += load(weight + i) * log_of_two(load(value + i));
            other += load(weight + i + 2) * log_of_two(load(value + i + 2));
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
