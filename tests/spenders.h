/* Customers who spend as Gamma-Gamma says. */
#ifndef PTN_SPENDERS_H
#define PTN_SPENDERS_H

#include "patron/spend.h"
#include "worlds.h"

/* What `purchases` purchases at the customer's own rate nu come to. p infinite: each costs 1 / nu. */
static inline double draw_spend(double p, double nu, double purchases, ptn_random *random)
{
    return purchases == 0 ? 0 : isinf(p) ? purchases / nu : ptn_draw_gamma(random, p * purchases) / nu;
}

/* q infinite: the same for everyone, and gamma is 1 / nu. */
static inline double draw_nu(double q, double gamma, ptn_random *random)
{
    return isinf(q) ? 1 / gamma : ptn_draw_gamma(random, q) / gamma;
}

typedef struct spenders {
    patron_spends spends; /* no weights */
    double *purchases, *mean, *nu;
} spenders;

/* n customers with 1, 2, ... purchases, `more` beyond the first on average. */
static inline spenders draw_spenders(patron_gamma_gamma g, size_t n, double more, uint64_t seed)
{
    spenders s = {.purchases = malloc(n * sizeof(double)),
                  .mean = malloc(n * sizeof(double)),
                  .nu = malloc(n * sizeof(double))};
    for (size_t i = 0; i < n; i++) {
        ptn_random random = ptn_random_open(seed, i);
        s.nu[i] = draw_nu(g.q, g.gamma, &random);
        s.purchases[i] = 1 + floor(more * ptn_draw_exponential(&random));
        s.mean[i] = draw_spend(g.p, s.nu[i], s.purchases[i], &random) / s.purchases[i];
    }
    s.spends = (patron_spends){.n = n, .purchases = s.purchases, .mean = s.mean};
    return s;
}

static inline void free_spenders(spenders *s)
{
    free(s->purchases);
    free(s->mean);
    free(s->nu);
    *s = (spenders){0};
}

#endif
