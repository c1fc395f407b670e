#ifndef PTN_LOGSPACE_H
#define PTN_LOGSPACE_H

/* Logarithms and exponentials near their zeros, where plain formulas lose their digits. */

double ptn_log1p_minus(double t); /* ln(1 + t) - t, t > -1, exact near 0 where it is -t²/2 */

/* (e^(k z) - 1) / k and its limit z at k = 0: the integral of e^(k u) over 0..z. Exact near k = 0. */
double ptn_expm1_over(double k, double z);

#endif
