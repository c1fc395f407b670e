#ifndef PTN_PARETO_NBD_BETWEEN_H
#define PTN_PARETO_NBD_BETWEEN_H

/* States whose times are not those of the table: on no grid (exact moments, days counted by a season's
 * clock), or on one so fine that they are few against its steps. What is smooth is
 *
 *     leaves(t) = left(t) / kept(t),
 *
 * the chance that someone with x purchases who is a customer at t leaves before they buy again (and before
 * an end far away). As a function of ln t it has no singularity within pi of the real axis, so 16 times for
 * each factor of e and polynomials of degree 7 between them give it to 1e-12, whatever the parameters. The
 * times are the sample's affair and not the parameters', so that derivatives are those of the values at the
 * times. */

#include "forecast/pareto_nbd_table.h"
#include "history/sample.h"

typedef struct ptn_between {
    const ptn_rates *p;
    ptn_table table;
    size_t last;                          /* of the times that states are looked up by */
    double ln_origin;                     /* ln of time 1; time 0 is 0 if anyone needs that */
    double ln_scale;                      /* ln of what kept is multiplied by, of this x */
    double *leaves;                       /* at the times, of this x */
    double *by_leaves;                    /* how the sum of weight × ln chance depends on it, */
    double by_r, by_alpha, by_s, by_beta; /* and on r ... by way of kept at the states' times, all x */
} ptn_between;

/* How many times it takes for states within these, and whether kept at them fits in doubles. */
size_t ptn_between_count(double earliest, double latest);
bool ptn_between_fits(const ptn_rates *p, double x_first, double x_last, double earliest, double latest);

/* For x_first .. x_last and times within earliest .. latest, or 0 when x is. False: out of memory. Close it
 * either way. */
bool ptn_between_open(ptn_between *between, const ptn_rates *p, double x_first, double x_last,
                      double earliest, double latest);
void ptn_between_close(ptn_between *between);

/* Of states begin .. end - 1 of the sample, which share x: sums of weight and of weight × ln chance, scaled
 * as the table is; and what the gradient needs unless it is not wanted. */
void ptn_between_sum(ptn_between *between, const ptn_sample *sample, size_t begin, size_t end,
                     bool want_gradient, double *customers, double *log_chance);
void ptn_between_p_alive(ptn_between *between, const ptn_sample *sample, size_t begin, size_t end,
                         double *p_alive);
void ptn_between_gradient(const ptn_between *between, double *gradient);

#endif
