#ifndef PTN_LINEAR_H
#define PTN_LINEAR_H

/* Small dense symmetric matrices, row-major, n <= 16. */

#include <stdbool.h>

/* The lower factor in place, zeros above it. False: not positive definite, or not finite; a is then half
 * done. */
bool ptn_cholesky(unsigned n, double *a);
void ptn_cholesky_solve(unsigned n, const double *factor, double *b); /* b becomes A^-1 b */
void ptn_cholesky_inverse(unsigned n, const double *factor, double *inverse);

/* Jacobi's rotations. Values rise; vectors stand in columns and may be NULL; a is destroyed. */
void ptn_eigen_symmetric(unsigned n, double *a, double *values, double *vectors);

#endif
