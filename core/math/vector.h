#ifndef PTN_VECTOR_H
#define PTN_VECTOR_H

/* Functions of many numbers at once: the same bits on every machine, and two to three times as fast as libm
 * one by one. Relative error below 5e-16, of expm1 below 1e-15. Numbers outside the domain given here are
 * handed to libm. y may be x. */

#include <stddef.h>

void ptn_logs(size_t n, const double *x, double *y);   /* y = ln x; x a normal number above 0 */
void ptn_log1ps(size_t n, const double *x, double *y); /* y = ln(1 + x); 0 <= x <= 1e300 */
void ptn_exps(size_t n, const double *x, double *y);   /* y = e^x; -708 <= x <= 709 */
void ptn_expm1s(size_t n, const double *x, double *y); /* y = e^x - 1; the same */

/* Sum of weight × ln(value), the latter as in ptn_logs. */
double ptn_weighted_log_sum(size_t n, const double *weight, const double *value);

#endif
