#include "history/time_grid.h"

#include <math.h>
#include <stdbool.h>

/* How far from a whole step a time may be, in steps: `fixed` + `rising` a step, at most a thousandth. */
typedef struct tolerance {
    double fixed, rising;
} tolerance;

/* Any two times fit some grid of K steps to about 1/K of a step: a grid is real when they fit ten thousand times
 * better. A handful of times may do so by chance, and needs no grid: there only rounding is allowed. */
static tolerance of_doubles(size_t n, double steps)
{
    return (tolerance){.fixed = n < 8 ? 0 : fmin(1e-7, 1e-4 / steps), .rising = 4e-15};
}

static const tolerance of_floats = {.rising = 2e-7};

static bool fits(size_t n, const double *recency, const double *age, double longest, double step,
                 tolerance allowed)
{
    if (step == 0 || longest / step > PTN_GRID_STEPS_MAX + 0.25)
        return false;
    const double steps_per_time = 1 / step;
    for (size_t i = 0; i < n; i++) {
        const double T = age[i] * steps_per_time, t_x = recency[i] * steps_per_time;
        const double T_step = ptn_grid_steps(age[i], steps_per_time),
                     t_x_step = ptn_grid_steps(recency[i], steps_per_time);
        if (!(fabs(T - T_step) <= fmin(allowed.fixed + allowed.rising * T_step, 1e-3))
            || !(fabs(t_x - t_x_step) <= fmin(allowed.fixed + allowed.rising * t_x_step, 1e-3))
            || (t_x_step == 0 && recency[i] > 0))
            return false;
    }
    return true;
}

/* ---- the longest common step ---- */

/* Remainders below this are rounding: the shortest step allowed is four times it. */
static double noise(double longest)
{
    return 0.25 * longest / PTN_GRID_STEPS_MAX;
}

/* Euclid's algorithm on lengths: the longest that both are multiples of; 0 when it is too short to be one. */
static double common_length(double a, double b, double longest)
{
    while (b > noise(longest)) {
        const double rest = fabs(a - nearbyint(a / b) * b);
        a = b;
        b = rest;
    }
    return a >= 3 * noise(longest) ? a : 0;
}

static double common_step(size_t n, const double *recency, const double *age, double longest)
{
    double step = longest;
    for (size_t i = 0; i < n; i++) {
        const double times[2] = {age[i], recency[i]};
        for (int k = 0; k < 2; k++) {
            const double rest = fabs(times[k] - (double)(int64_t)(times[k] / step + 0.5) * step);
            if (rest <= noise(longest))
                continue;
            step = common_length(step, rest, longest);
            if (step == 0)
                return 0;
            step = longest / nearbyint(longest / step); /* the longest time fixes it best */
        }
    }
    return step;
}

/* ---- times in single precision ---- */

static bool are_floats(size_t n, const double *recency, const double *age)
{
    for (size_t i = 0; i < n; i++)
        if ((double)(float)age[i] != age[i] || (double)(float)recency[i] != recency[i])
            return false;
    return true;
}

/* Their rounding hides Euclid's last remainders, but mostly somebody came back within 16 steps. */
static double part_of_shortest(size_t n, const double *recency, const double *age, double longest)
{
    double shortest = longest;
    for (size_t i = 0; i < n; i++) {
        const double t = recency[i] > 0 ? recency[i] : age[i];
        if (t > 0)
            shortest = fmin(shortest, t);
    }
    for (int k = 1; k <= 16; k++) {
        const double step = longest / nearbyint(longest / shortest * k);
        if (fits(n, recency, age, longest, step, of_floats))
            return step;
    }
    return 0;
}

double ptn_grid_find(size_t n, const double *recency, const double *age, double longest)
{
    if (fits(n, recency, age, longest, 1, of_doubles(n, longest)))
        return 1;
    const double step = common_step(n, recency, age, longest);
    if (fits(n, recency, age, longest, step, of_doubles(n, longest / step)))
        return step;
    return are_floats(n, recency, age) ? part_of_shortest(n, recency, age, longest) : 0;
}
