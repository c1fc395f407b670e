#ifndef PTN_SAMPLE_H
#define PTN_SAMPLE_H

/* A table of states made ready for likelihoods and scores: checked, grouped, sorted by x, then T, then t_x, and laid on a
 * grid of time when there is one. Histories counted in days all stand on a grid, whatever the unit they are given in, and
 * on a grid states that share x share their integrals.
 *
 * The step is 1 in the states' own unit when all times are whole, else the longest that all times are multiples of
 * (time_grid.h); t_x and T are rounded to it, by less than 1e-7 of a step or by single precision. A step may be long
 * against a model's own time scales (one customer, one step of 30): an integral inside it must not rely on its being
 * short. With only new customers T_step_max is 0. */

#include <stdbool.h>
#include <stdint.h>

#include "patron/states.h"

typedef struct ptn_sample {
    size_t n; /* distinct states */
    double *x, *t_x, *T, *weight;
    double step;          /* length of a grid step in the states' unit; 0: they stand on no common grid */
    uint32_t *t_x_step, *T_step; /* t_x = t_x_step × step; NULL without a grid */
    uint32_t T_step_max;
    double customers, purchases, time; /* sums of weight, weight × x, weight × T */
    double x_max, T_max;
    size_t *state_of_row; /* NULL unless asked for */
} ptn_sample;

/* PATRON_EDATA names the first row (from 1) that is no state: x whole, 0 <= x <= 10^6, 0 <= t_x <= T finite, t_x = 0 exactly
 * when x = 0, weight > 0 and finite. Weights are added in the order of the rows.
 * Cost: on a grid a radix sort, O(n); else O(n log n). */
patron_status ptn_sample_open(ptn_sample *sample, const patron_states *states, bool want_rows, patron_error *err);
void ptn_sample_close(ptn_sample *sample); /* a zeroed one is fine */

/* The first state after state i whose x differs from its x (n at the end). Cost: O(log n). */
size_t ptn_sample_next_x(const ptn_sample *sample, size_t i);

#endif
