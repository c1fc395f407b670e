#ifndef PTN_QUADRATURE_H
#define PTN_QUADRATURE_H

/* Integrals over intervals. */

enum { PTN_GAUSS_MAX = 64 };

/* Gauss rules: nodes that rise, weights that sum to 1, 1 <= n <= PTN_GAUSS_MAX; exact for polynomials of
 * degree 2n - 1. Nodes next to 0 keep all their digits, however small a or the shape is. About 15 n²
 * divisions. */
void ptn_gauss_legendre(unsigned n, double *node, double *weight); /* on (0, 1), density 1 */
void ptn_gauss_beta(unsigned n, double a, double b, double *node,
                    double *weight); /* on (0, 1), density of Beta(a, b) */
void ptn_gauss_gamma(unsigned n, double shape, double *node,
                     double *weight); /* on (0, inf), of Gamma(shape, 1) */

/* The integral of f over (a, b), b may be INFINITY, to relative tolerance `tolerance`: tanh-sinh or exp-sinh.
 * f is not asked at the ends. An end where f is singular does no harm at 0; elsewhere x cannot come closer to
 * it than its rounding, which costs digits (half of them for an inverse root): shift such an end to 0.
 * *error, when not NULL, receives the estimate of the absolute error. Takes 100 to 400 values of f as a rule;
 * 12,000 before it gives up. */
double ptn_integrate(double (*f)(double x, const void *context), const void *context, double a, double b,
                     double tolerance, double *error);

#endif
