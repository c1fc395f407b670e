#ifndef PTN_LOGSPACE_H
#define PTN_LOGSPACE_H

/* Sums and differences of numbers that are known by their logarithms. */

#include <stddef.h>

double ptn_log_add_exp(double a, double b); /* ln(e^a + e^b); -inf is zero */
double ptn_log_sub_exp(double a, double b); /* ln(e^a - e^b), a >= b */
double ptn_log1m_exp(double a);             /* ln(1 - e^a), a <= 0, exact at both ends */
double ptn_log1p_minus(double t);           /* ln(1 + t) - t, t > -1, exact near 0 where it is -t²/2 */
double ptn_log_sum_exp(const double *a, size_t n);

/* (e^(k z) - 1) / k and its limit z at k = 0: the integral of e^(k u) over 0..z. Exact near k = 0. */
double ptn_expm1_over(double k, double z);

#endif
