#ifndef PTN_PARETO_NBD_GRID_H
#define PTN_PARETO_NBD_GRID_H

/* Pareto/NBD over a whole sample. States that share x share the integral of pareto_nbd_integral.h: on a grid of time it is
 * tabulated once for each x as a running sum, and each state is one difference. States that no grid pays for, or whose
 * numbers would not fit in doubles on one scale, are integrated alone. */

#include "forecast/pareto_nbd_integral.h"
#include "history/sample.h"

/* Log-likelihood and its gradient by logs (NULL: not wanted). False: out of memory. */
bool ptn_pareto_nbd_log_likelihood(const ptn_rates *p, const ptn_sample *sample, double *value, double *gradient);

bool ptn_pareto_nbd_p_alive(const ptn_rates *p, const ptn_sample *sample, double *p_alive);

#endif
