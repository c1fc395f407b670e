#ifndef PTN_GEOMETRIC_LEAVING_H
#define PTN_GEOMETRIC_LEAVING_H

/* What BG/NBD and MBG/NBD share: people buy at a steady rate λ ~ Gamma(r, alpha) while they are customers, and at each
 * chance to leave they do so with probability p ~ Beta(a, b). The models differ in when the first chance comes, so in
 * the number m of chances that someone with x repeat purchases has met: x, or x + 1. The past is in
 * geometric_leaving.c, the future in geometric_future.c.
 *
 * Parameters are {r, alpha, a, b}; `first` is the number of chances met with the first purchase: 0 or 1. */

#include <stdbool.h>
#include <stddef.h>

#include "forecast/model.h"

/* Log-likelihood of the sample and its gradient by the logs of the parameters (NULL: not wanted). False: out of memory.
 * Accuracy: 1e-14 of the largest terms, which are x ln x and r ln(1 + T / alpha), at any size of the parameters.
 * Cost: one exp and one log a state when the sample is on a grid; two log1p more when not. */
bool ptn_geometric_log_likelihood(const double *parameters, double first, const ptn_sample *sample,
                                  double *value, double *gradient);
bool ptn_geometric_p_alive(const double *parameters, double first, const ptn_sample *sample, double *p_alive);
void ptn_geometric_draw(const double *parameters, double first, double end, ptn_random *random,
                        void (*purchase)(void *context, double time), void *context);

void ptn_geometric_start(const ptn_sample *sample, double *parameters);
extern const ptn_limit ptn_geometric_limits[];

/* Someone who is a customer still: λ ~ Gamma(shape, rate), p ~ Beta(leave, stay), all > 0; and their future. */
typedef struct ptn_geometric_alive {
    double shape, rate, leave, stay;
} ptn_geometric_alive;

ptn_geometric_alive ptn_geometric_alive_at(const double *parameters, double first, double x, double T);

/* Expected purchases within the horizon. Relative error below 1e-11. Half a microsecond as a rule, eight at most. */
double ptn_geometric_purchases(const ptn_geometric_alive *alive, double horizon);

/* Expected purchases for ever, discounted: E[λ / (discount + λ p)]. Relative error below 1e-10. Without a discount it
 * is E[1 / p], which is infinite for leave <= 1: then too many hardly ever leave. */
double ptn_geometric_residual(const ptn_geometric_alive *alive, double discount);

/* See alive_pmf in model.h. Each probability has a relative error below 1e-11, down to 1e-290. */
size_t ptn_geometric_pmf(const ptn_geometric_alive *alive, double horizon, double enough, double *pmf,
                         size_t count);

#endif
