#ifndef PTN_MINIMISE_H
#define PTN_MINIMISE_H

/* Minima of smooth functions of a few variables, and the proof that one was found. */

#include <stdbool.h>

enum { PTN_MINIMISE_MAX = 16 };

/* Value and gradient at x. False: stop (cancelled, out of memory). A value or gradient that is not finite is
 * a wall to step back from. Variables and value should be of the order of 1: logs of parameters, mean
 * log-likelihood. */
typedef bool (*ptn_objective)(void *context, const double *x, double *value, double *gradient);

typedef enum ptn_minimise_status {
    PTN_MINIMISE_FOUND,   /* gradient below tolerance or its own rounding, Hessian positive definite */
    PTN_MINIMISE_FLAT,    /* the same, but in some direction the Hessian has no upward curvature */
    PTN_MINIMISE_RUNAWAY, /* a variable passed `bound` with the function still falling */
    PTN_MINIMISE_STUCK,   /* no lower value along the direction, no iterations left, or a wall at the start */
    PTN_MINIMISE_STOPPED  /* the objective said so */
} ptn_minimise_status;

typedef struct ptn_minimise_options {
    double tolerance;    /* of the largest |gradient|; 0: 1e-8. Set below its rounding, it ends there */
    double bound;        /* a variable whose absolute value passes it has run away; 0: 30 */
    double flat;         /* Hessian eigenvalues below it, or below the Hessian's error, are none; 0: 1e-7 */
    unsigned iterations; /* 0: 200 */
} ptn_minimise_options;

typedef struct ptn_minimum {
    ptn_minimise_status status;
    double value, gradient[PTN_MINIMISE_MAX];
    /* Row-major n × n; central differences of the gradient, symmetrised. NaN, as the eigenvalue, when
     * RUNAWAY, STOPPED or STUCK left none. Taken within 5e-4 of x (relative to 1 or |x|). */
    double hessian[PTN_MINIMISE_MAX * PTN_MINIMISE_MAX];
    double largest_gradient, smallest_eigenvalue;
    unsigned iterations, evaluations;
} ptn_minimum;

/* BFGS (Nocedal & Wright 2006, algorithm 6.1) with a strong-Wolfe line search (3.5, 3.6) from x, which
 * receives the minimiser. The first guess of the Hessian is forward differences of the gradient (n
 * evaluations); once steps are short it is replaced by central ones (2n), on which the last steps are
 * Newton's and the verdict rests. Pareto/NBD on CDNOW, four parameters: 17 to 38 evaluations in all. */
void ptn_minimise(unsigned n, ptn_objective objective, void *context, const ptn_minimise_options *options,
                  double *x, ptn_minimum *out);

#endif
