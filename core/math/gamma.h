#ifndef PTN_GAMMA_H
#define PTN_GAMMA_H

/* The gamma function's family in logarithms, and the ratios that likelihoods are made of. Differences of two
 * large log-gammas lose all their digits: the ratios here do not. All reentrant (lgamma of libc writes a
 * global); NaN outside the domain. Accuracy: largest relative error at 500 to 6,000 random points against
 * mpmath, see tests/oracle. */

/* x > 0; 1e-15, also next to the zeros at 1 and 2 and digamma's at 1.4616. */
double ptn_lgamma(double x);
double ptn_digamma(double x);  /* d/dx of it */
double ptn_trigamma(double x); /* and its derivative */

double ptn_lgamma1p(double t);       /* ln Γ(1 + t), t > -1, with all digits near t = 0 */
double ptn_stirling_error(double x); /* ln Γ(x) - [(x - 1/2) ln x - x + ln(2π)/2], x > 0 */

/* ln Γ(a + x) - ln Γ(a) for a > 0, x >= 0: the log of the rising factorial; 5e-15 for a from 1e-300 to 1e12,
 * x to 1e7 (where x is tiny and a near 1.4616, that is, near a zero, up to 2e-14). One or two logarithms. */
double ptn_lgamma_ratio(double a, double x);
double ptn_digamma_difference(double a, double x); /* its derivative by a: ψ(a + x) - ψ(a); 1e-15 */

double ptn_lbeta(double a, double b); /* ln B(a, b); 5e-15 */
/* ln B(a + u, b + v) - ln B(a, b), u, v >= 0; 1e-15 at any size of any of the four: nothing cancels in it. */
double ptn_lbeta_ratio(double a, double b, double u, double v);

/* Regularised incomplete functions: P(a, x), Q(a, x) = 1 - P, I_x(a, b). 3e-13 in the farthest tails
 * (1e-290), 1e-14 where above 1e-10. I_x takes about sqrt(max(a, b)) steps near its mean, the others a
 * bounded number. */
double ptn_gamma_p(double a, double x);
double ptn_gamma_q(double a, double x);
double ptn_beta_i(double a, double b, double x);
double ptn_beta_i_pair(double a, double b, double x,
                       double y); /* y = 1 - x, the smaller given with all its digits */

/* Quantiles: the standard normal's, and Student's t with df > 0 degrees (used for the error of totals). 3e-13
 * of the probability, 1e-14 of the quantile. */
double ptn_normal_cdf(double z);
double ptn_normal_quantile(double p);
double ptn_student_cdf(double t, double df);
double ptn_student_quantile(double p, double df);

#endif
