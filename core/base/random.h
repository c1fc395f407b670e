#ifndef PTN_RANDOM_H
#define PTN_RANDOM_H

/* Random numbers from a seed and a stream: customer i draws from stream i, so any order of work gives the
 * same draws. */

#include <stdint.h>

typedef struct ptn_random {
    uint64_t state, step;
} ptn_random;

ptn_random ptn_random_open(uint64_t seed, uint64_t stream);
double ptn_draw_uniform(ptn_random *random); /* in (0, 1), neither end */
double ptn_draw_exponential(ptn_random *random);
double ptn_draw_normal(ptn_random *random);
double ptn_draw_gamma(ptn_random *random,
                      double shape); /* rate 1; shape > 0, however small (may underflow to 0) */
double ptn_draw_log_gamma(ptn_random *random, double shape); /* its logarithm, which does not underflow */
double ptn_draw_beta(ptn_random *random, double a, double b);

#endif
