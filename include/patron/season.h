#ifndef PATRON_SEASON_H
#define PATRON_SEASON_H

/* The season: one index over the calendar that multiplies everyone's buying rate. It is a change of clock: a customer who
 * has lived T days has lived S(T) season days, S the index accumulated since the first purchase, and buys at a steady rate
 * by that clock. All histories end on one day, so T says where in the calendar a history lies, and states stay (x, t_x, T). */

#include <stdbool.h>
#include <stddef.h>

#include "patron/status.h"

enum { PATRON_HARMONICS_MAX = 4 };

/* index(day) = exp(sum over k of cosine[k] cos(2 pi (k + 1) day / 365.25) + sine[k] sin(...)) / norm, whose mean over a year
 * is 1. Days are counted from any fixed day, the same for all uses of one season (patron uses 1970-01-01). */
typedef struct patron_season {
    unsigned harmonics; /* 0: flat */
    double cosine[PATRON_HARMONICS_MAX], sine[PATRON_HARMONICS_MAX];
    double norm;
} patron_season;

/* Sets norm, after coefficients were set by hand. */
PATRON_API void patron_season_normalise(patron_season *season);

PATRON_API double patron_season_index(const patron_season *season, double day);

/**
 * A season from daily counts: Poisson regression of what came on harmonics of the year, with what a model without season
 * expected as the offset, shrunk to flat by a normal prior of the coefficients; the dispersion found in the days weakens
 * the days against the prior.
 *
 * Source   McCullagh & Nelder (1989), chapters 6 and 9 (quasi-likelihood).
 * Shape    n consecutive or any other days; expected > 0 and came >= 0 each.
 * Units    days.
 * Accuracy Newton to 1e-10 of the coefficients.
 *
 * @param[in]  harmonics   1 .. PATRON_HARMONICS_MAX
 * @param[in]  prior_sd    of each coefficient, > 0; 0.5 lets a month run twice or half the mean
 * @param[out] dispersion  variance over mean of the days, 1 or more; may be NULL
 * @return PATRON_OK, PATRON_EINVAL, PATRON_EDATA (first bad row; fewer than 30 days; nothing came), PATRON_ENUMERIC
 */
PATRON_API patron_status patron_season_fit(size_t n, const double *day, const double *expected, const double *came,
                                           unsigned harmonics, double prior_sd, patron_season *season, double *dispersion,
                                           patron_error *err);

/* Season days between two calendar days: the integral of the index. */
PATRON_API double patron_season_between(const patron_season *season, double from, double to);

/**
 * Histories by the season's clock: recency and age of n states, counted in season days. The models then need not know of
 * seasons: people buy, and leave, by this clock, and the horizon after `end` is patron_season_between(end, end + days).
 *
 * Units    days; `end` is the calendar day all histories end on, so a history of age T began on end - T.
 * Cost     O(n + the longest age).
 *
 * @param[out] season_recency, season_age  n each; may be the same arrays as recency and age
 * @return PATRON_OK, PATRON_EDATA (first bad row), PATRON_ENOMEM
 */
PATRON_API patron_status patron_season_clock(const patron_season *season, double end, size_t n, const double *recency,
                                             const double *age, double *season_recency, double *season_age, patron_error *err);

#endif
