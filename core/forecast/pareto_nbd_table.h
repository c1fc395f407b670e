#ifndef PTN_PARETO_NBD_TABLE_H
#define PTN_PARETO_NBD_TABLE_H

/* The integral of pareto_nbd_integral.h at many times, for one x after another. With kept(y) counted from
 * time 0 on, but scaled to be 1 at a reference time in the middle,
 *
 *     left(t) = integral from t to the last of the times of s / (beta + y) kept(y) dy,
 *     chance of a state = kept(T) + left(t_x) - left(T).
 *
 * Going from one x to the next multiplies kept by (alpha + reference) / (alpha + y): there are no
 * exponentials but when a table is opened.
 *
 * The gradient is taken backwards. Whoever uses the table says how the sum over states of weight × ln
 * chance depends on each left and kept of this x (`by_left`, `by_kept`); ptn_table_back passes that on to
 * the integrand at every node, where it waits: the derivatives of the integrand bring down logs and shares
 * that are the same for all x. */

#include <stdbool.h>
#include <stddef.h>

#include "forecast/pareto_nbd_integral.h"

typedef struct ptn_table_cell {
    double left, by_left;
} ptn_table_cell;

typedef struct ptn_table_step {
    double kept, by_kept;
    double time, ln_buying, ln_leaving; /* the logs are of 1 + time / alpha and 1 + time / beta */
    double ratio;                       /* what the next x multiplies kept by */
    double kept_sum, kept_x_sum;        /* over all x: by_kept × kept, by_kept × kept × (r + x) */
    double both_sum;                    /* and (by_kept + by_left) × kept */
    ptn_rule rule;                      /* of the stretch to the next time, */
    double width;                       /* which is so wide on its clock, */
    size_t node;                        /* and whose nodes begin here */
} ptn_table_step;

typedef struct ptn_table_node {
    double ln_buying, ln_leaving, share; /* as above; time / (alpha + time) */
} ptn_table_node;

typedef struct ptn_table {
    const ptn_rates *p;
    double x; /* kept and the integrand are those of this x */
    double reference;
    size_t step_count, node_count;
    ptn_table_cell *cells;
    ptn_table_step *steps;
    ptn_table_node *nodes;
    double *integrand,
        *ratio;            /* of a node: weight × density of leaving × kept; what the next x makes of it */
    double *open, *open_x; /* of a node, over all x: what was passed back × integrand; × (r + x) */
} ptn_table;

/* Whether kept stays within doubles between two times for all x up to x_last. */
bool ptn_table_fits(const ptn_rates *p, double x_last, double begin, double end);

/* For x_first .. x_last at rising times, the last but `beyond` of which are within what fits. False: out of
 * memory. Close it either way; a zeroed one is fine. */
bool ptn_table_open(ptn_table *table, const ptn_rates *p, double x_first, double x_last, size_t count,
                    size_t beyond, const double *time);
void ptn_table_close(ptn_table *table);

/* To a higher x; steps before `from` are not needed any more. */
void ptn_table_go_to(ptn_table *table, double x, size_t from);

/* Fills left at steps first .. last, counted from the latter on. */
void ptn_table_sum(ptn_table *table, size_t first, size_t last);

/* Takes up by_left and by_kept of the same steps, and clears them. */
void ptn_table_back(ptn_table *table, size_t first, size_t last);

/* Adds what all x have left to the gradient by the logs of r, alpha, s, beta. */
void ptn_table_gradient(const ptn_table *table, double *gradient);

/* ln kept at the reference, from time 0 on: what the scale left out. */
double ptn_table_ln_scale(const ptn_table *table);

#endif
