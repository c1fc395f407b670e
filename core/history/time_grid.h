#ifndef PTN_TIME_GRID_H
#define PTN_TIME_GRID_H

/* The step of a clock that all times of a table stand on. Histories counted in days stand on one in any unit (days / 7,
 * days / 365.25, printed to eight decimals); exact moments stand on none. */

#include <stddef.h>
#include <stdint.h>

enum { PTN_GRID_STEPS_MAX = 1 << 21 }; /* five thousand years of days; two years of half-minutes */

/* The step: 1 when all times are whole numbers, else the longest that fits; 0 when there is none. `longest` is the largest
 * of the times; all are finite and >= 0. */
double ptn_grid_find(size_t n, const double *recency, const double *age, double longest);

/* The whole step nearest to t, 0 <= t <= PTN_GRID_STEPS_MAX steps. */
static inline uint32_t ptn_grid_steps(double t, double steps_per_time)
{
    return (uint32_t)(t * steps_per_time + 0.5);
}

#endif
