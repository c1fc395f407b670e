#include "base/random.h"

#include <math.h>

#include "math/gamma.h"

/* Finaliser of splitmix64: Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, figure
 * 16. */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Their mixGamma: an odd step whose bits change often enough (24 or more of the 63 neighbours differ). */
static uint64_t mix_step(uint64_t z)
{
    z = (z ^ (z >> 33)) * 0xff51afd7ed558ccdu;
    z = (z ^ (z >> 33)) * 0xc4ceb9fe1a85ec53u;
    z = (z ^ (z >> 33)) | 1u;
    return __builtin_popcountll(z ^ (z >> 1)) < 24 ? z ^ 0xaaaaaaaaaaaaaaaau : z;
}

/* Streams differ in their step as well as in their start, so two of them never run along the same
 * sequence. */
ptn_random ptn_random_open(uint64_t seed, uint64_t stream)
{
    const uint64_t golden = 0x9e3779b97f4a7c15u;
    const uint64_t start = mix(mix(seed + golden) + golden * (stream + 1));
    return (ptn_random){.state = start, .step = mix_step(start + golden)};
}

/* The 2^52 midpoints of (0, 1): exact, symmetric, and neither end can occur. */
double ptn_draw_uniform(ptn_random *random)
{
    random->state += random->step;
    return ((double)(mix(random->state) >> 12) + 0.5) * 0x1p-52;
}

double ptn_draw_exponential(ptn_random *random)
{
    return -log(ptn_draw_uniform(random));
}

/* By inversion: one uniform a draw, rising with it, which keeps common random numbers in step. */
double ptn_draw_normal(ptn_random *random)
{
    return ptn_normal_quantile(ptn_draw_uniform(random));
}

/* Marsaglia & Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3); shape >= 1. */
static double draw_gamma_from_one(ptn_random *random, double shape)
{
    const double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        const double z = ptn_draw_normal(random), root = 1 + c * z;
        const double u = ptn_draw_uniform(random); /* drawn always: two uniforms a try */
        if (root <= 0)
            continue;
        const double v = root * root * root;
        if (u < 1 - 0.0331 * (z * z) * (z * z) || log(u) < 0.5 * z * z + d * (1 - v + log(v)))
            return d * v;
    }
}

/* For shape < 1, Gamma(shape) = Gamma(shape + 1) U^(1/shape): in logs, as U^(1/shape) underflows soon. */
double ptn_draw_log_gamma(ptn_random *random, double shape)
{
    if (!(shape > 0 && isfinite(shape)))
        return NAN;
    if (shape >= 1)
        return log(draw_gamma_from_one(random, shape));
    const double boost = log(ptn_draw_uniform(random)) / shape;
    return boost + log(draw_gamma_from_one(random, shape + 1));
}

double ptn_draw_gamma(ptn_random *random, double shape)
{
    if (shape >= 1 && isfinite(shape))
        return draw_gamma_from_one(random, shape);
    return exp(ptn_draw_log_gamma(random, shape));
}

double ptn_draw_beta(ptn_random *random, double a, double b)
{
    const double log_a = ptn_draw_log_gamma(random, a), log_b = ptn_draw_log_gamma(random, b);
    if (log_a == log_b) /* both may be -inf */
        return 0.5;
    return 1 / (1 + exp(log_b - log_a));
}
