#ifndef PTN_PARETO_NBD_RULE_H
#define PTN_PARETO_NBD_RULE_H

/* How many points an integral needs: Gauss-Legendre rules for functions that rise or fall by a known
 * factor. */

typedef struct ptn_node {
    double at, weight; /* at in (0, 1), weights sum to 1 */
} ptn_node;

enum { PTN_RULE_MAX = 32 };

typedef struct ptn_rule {
    unsigned pieces; /* cut the stretch into so many equal pieces, */
    unsigned n;      /* each with n <= PTN_RULE_MAX nodes */
    const ptn_node *node;
} ptn_rule;

/* For the integral over a stretch of length `width` of a function that falls by a factor of e^fall on it
 * and whose singularities are at least pi away from the real axis. Relative error about 1e-12. */
ptn_rule ptn_rule_for(double width, double fall);

#endif
