#ifndef PTN_PARETO_NBD_SAMPLE_H
#define PTN_PARETO_NBD_SAMPLE_H

/* Pareto/NBD over a whole sample. States that share x share the integral of pareto_nbd_integral.h: it is
 * tabulated as a running sum over time, and each state is one difference. States that no table pays for, or
 * whose numbers would not fit in doubles on one scale, are integrated alone.
 *
 * Accuracy  relative error of a state's chance, and of p_alive, below 1e-11 (tests/oracle/pareto_nbd.csv and
 *           tests/property/pareto_nbd_test.c).
 * Cost      on a grid of days about 11 ns a distinct state, off it 90, alone 420: see pareto_nbd_sample.c. */

#include "forecast/pareto_nbd_integral.h"
#include "history/sample.h"

/* Log-likelihood and its gradient by the logs of r, alpha, s, beta (NULL: not wanted). False: out of
 * memory. */
bool ptn_pareto_nbd_log_likelihood(const ptn_rates *p, const ptn_sample *sample, double *value,
                                   double *gradient);

bool ptn_pareto_nbd_p_alive(const ptn_rates *p, const ptn_sample *sample, double *p_alive);

#endif
