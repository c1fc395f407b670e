#ifndef PTN_PARETO_NBD_FUTURE_H
#define PTN_PARETO_NBD_FUTURE_H

/* The future of someone who is a customer still at T with x repeat purchases: that of a new customer with
 * (r + x, alpha + T, s, beta + T). See model.h for what each gives. */

#include <stddef.h>

#include "forecast/pareto_nbd_integral.h"

double ptn_pareto_nbd_purchases(const ptn_rates *p, double x, double T, double horizon);

/* Without a discount s <= 1 gives INFINITY: too many stay for too long. */
double ptn_pareto_nbd_residual(const ptn_rates *p, double x, double T, double discount);

/* Relative error of each probability below 1e-9, down to 1e-60. */
size_t ptn_pareto_nbd_pmf(const ptn_rates *p, double x, double T, double horizon, double enough, double *pmf,
                          size_t count);

#endif
