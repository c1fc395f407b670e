#ifndef PTN_QUADRATURE_H
#define PTN_QUADRATURE_H

enum { PTN_GAUSS_MAX = 64 };

/* Gauss rules: nodes that rise, weights that sum to 1, 1 <= n <= PTN_GAUSS_MAX; exact for polynomials of
 * degree 2n - 1. Nodes next to 0 keep all their digits, however small a or the shape is. About 15 n²
 * divisions. */
void ptn_gauss_legendre(unsigned n, double *node, double *weight); /* on (0, 1), density 1 */
void ptn_gauss_beta(unsigned n, double a, double b, double *node,
                    double *weight); /* on (0, 1), density of Beta(a, b) */
void ptn_gauss_gamma(unsigned n, double shape, double *node,
                     double *weight); /* on (0, inf), of Gamma(shape, 1) */

#endif
