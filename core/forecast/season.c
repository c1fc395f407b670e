/* Season: d day, e_d expected purchases without season, y_d what came; y_d ~ quasi-Poisson(e_d exp(level + slope d + b'h_d))
 * with h_d the harmonics of the year. Level and slope are free and thrown away: how many purchases there are in all, and
 * whether they grow, is the model's affair; without a slope a year or two of decline would pass for a season. */
#include "patron/season.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "math/linear.h"

enum { NUISANCE = 2, COLUMNS = 2 * PATRON_HARMONICS_MAX + NUISANCE, FEWEST_DAYS = 30 };

static const double year = 365.25, two_pi = 6.283185307179586;
static const double SLOPE_SD = 100; /* of a year's growth: as good as none */

static void harmonics_of(double day, unsigned count, double *h)
{
    const double angle = two_pi * fmod(day, year * 4) / year;
    for (unsigned k = 0; k < count; k++) {
        h[2 * k] = cos((k + 1) * angle);
        h[2 * k + 1] = sin((k + 1) * angle);
    }
}

static double log_index(const patron_season *season, double day)
{
    double h[2 * PATRON_HARMONICS_MAX], sum = 0;
    harmonics_of(day, season->harmonics, h);
    for (unsigned k = 0; k < season->harmonics; k++)
        sum += season->cosine[k] * h[2 * k] + season->sine[k] * h[2 * k + 1];
    return sum;
}

double patron_season_index(const patron_season *season, double day)
{
    return season->harmonics ? exp(log_index(season, day)) / season->norm : 1;
}

/* The index is smooth and periodic: the midpoint rule over a whole year is exact to rounding, and over a part of one
 * Gauss-Legendre with a point every other day is. */
void patron_season_normalise(patron_season *season)
{
    double sum = 0;
    const int points = 512;
    for (int i = 0; i < points; i++)
        sum += exp(log_index(season, year * (i + 0.5) / points));
    season->norm = sum / points;
}

double patron_season_between(const patron_season *season, double from, double to)
{
    static const double node[4] = {0.06943184420297371, 0.33000947820757187, 0.66999052179242813,
                                   0.93056815579702629};
    static const double weight[4] = {0.17392742256872693, 0.32607257743127307, 0.32607257743127307,
                                     0.17392742256872693};
    if (!season->harmonics || !isfinite(to - from))
        return to - from;
    const double years = floor((to - from) / year); /* whole years hold exactly their days */
    const double start = from + years * year;
    const int pieces = (int)ceil((to - start) / 8);
    double sum = 0;
    for (int i = 0; i < pieces; i++) {
        const double width = (to - start) / pieces, at = start + i * width;
        for (int k = 0; k < 4; k++)
            sum += width * weight[k] * patron_season_index(season, at + node[k] * width);
    }
    return years * year + sum;
}

typedef struct regression {
    size_t n;
    const double *day, *expected, *came;
    unsigned columns;          /* level, slope, 2 × harmonics */
    double precision[COLUMNS]; /* of the prior of each */
    double dispersion, centre;
} regression;

/* Quasi-log-likelihood at b, its gradient and minus its Hessian, and the variance over mean of the days. */
static double evaluate(const regression *r, const double *b, double *gradient, double *information,
                       double *dispersion)
{
    const unsigned p = r->columns;
    double value = 0, squares = 0, means = 0;
    memset(gradient, 0, p * sizeof *gradient);
    memset(information, 0, (size_t)p * p * sizeof *information);
    for (size_t i = 0; i < r->n; i++) {
        double h[COLUMNS] = {1, (r->day[i] - r->centre) / year}, log_mean = b[0];
        harmonics_of(r->day[i], (p - NUISANCE) / 2, h + NUISANCE);
        for (unsigned k = 1; k < p; k++)
            log_mean += b[k] * h[k];
        const double mean = r->expected[i] * exp(log_mean), rest = r->came[i] - mean;
        value += (r->came[i] * log_mean - mean) / r->dispersion;
        squares += rest * rest;
        means += mean;
        for (unsigned k = 0; k < p; k++) {
            gradient[k] += rest * h[k] / r->dispersion;
            for (unsigned j = 0; j <= k; j++)
                information[k * p + j] += mean * h[k] * h[j] / r->dispersion;
        }
    }
    for (unsigned k = 0; k < p; k++) {
        value -= 0.5 * r->precision[k] * b[k] * b[k];
        gradient[k] -= r->precision[k] * b[k];
        information[k * p + k] += r->precision[k];
    }
    for (unsigned k = 0; k < p; k++)
        for (unsigned j = 0; j < k; j++)
            information[j * p + k] = information[k * p + j];
    /* not Pearson's sum of squares / mean, which a purchase on a day of hardly any customers would settle alone */
    *dispersion = squares / means * (double)r->n / (double)(r->n - p);
    return value;
}

/* Newton with halved steps. */
static patron_status solve(const regression *r, double *b, double *dispersion, patron_error *err)
{
    double gradient[COLUMNS] = {0}, information[COLUMNS * COLUMNS];
    double value = evaluate(r, b, gradient, information, dispersion);
    for (int iteration = 0; iteration < 100; iteration++) {
        double step[COLUMNS], largest = 0;
        memcpy(step, gradient, r->columns * sizeof *step);
        if (!isfinite(value) || !ptn_cholesky(r->columns, information))
            break;
        ptn_cholesky_solve(r->columns, information, step);
        for (unsigned k = 0; k < r->columns; k++)
            largest = fmax(largest, fabs(step[k]));
        double next[COLUMNS], scale = 1, tried = -INFINITY;
        for (; scale > 1e-9; scale /= 2) {
            for (unsigned k = 0; k < r->columns; k++)
                next[k] = b[k] + scale * step[k];
            tried = evaluate(r, next, gradient, information, dispersion);
            if (tried >= value - 1e-12 * fabs(value))
                break;
        }
        memcpy(b, next, r->columns * sizeof *b);
        value = tried;
        if (largest < 1e-10)
            return PATRON_OK;
    }
    return ptn_fail(err, PATRON_ENUMERIC, "the season's regression did not converge");
}

patron_status patron_season_fit(size_t n, const double *day, const double *expected, const double *came,
                                unsigned harmonics, double prior_sd, patron_season *season,
                                double *dispersion, patron_error *err)
{
    double b[COLUMNS] = {0}, total_expected = 0, total_came = 0, found;
    if (harmonics < 1 || harmonics > PATRON_HARMONICS_MAX || !(prior_sd > 0))
        return ptn_fail(err, PATRON_EINVAL, "%u harmonics, prior deviation %g: 1 to %d, and above 0",
                        harmonics, prior_sd, PATRON_HARMONICS_MAX);
    if (n < FEWEST_DAYS)
        return ptn_fail(err, PATRON_EDATA, "%zu days are too few for a season: %d at least are needed", n,
                        FEWEST_DAYS);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(day[i]) || !(expected[i] > 0 && isfinite(expected[i]))
            || !(came[i] >= 0 && isfinite(came[i])))
            return ptn_fail(err, PATRON_EDATA,
                            "row %zu (day %g, expected %g, came %g): a day, above 0, 0 or more", i + 1,
                            day[i], expected[i], came[i]);
        total_expected += expected[i];
        total_came += came[i];
    }
    if (!(total_came > 0))
        return ptn_fail(err, PATRON_EDATA, "nothing was bought on any of %zu days", n);
    regression r = {.n = n,
                    .day = day,
                    .expected = expected,
                    .came = came,
                    .columns = NUISANCE + 2 * harmonics,
                    .centre = day[n / 2],
                    .dispersion = 1};
    r.precision[1] = 1 / (SLOPE_SD * SLOPE_SD);
    for (unsigned k = NUISANCE; k < r.columns; k++)
        r.precision[k] = 1 / (prior_sd * prior_sd);
    b[0] = log(total_came / total_expected);
    /* first as Poisson, to learn how much more the days vary; then with that */
    for (int pass = 0; pass < 2; pass++) {
        const patron_status status = solve(&r, b, &found, err);
        if (status != PATRON_OK)
            return status;
        if (pass == 0)
            r.dispersion = fmax(1, found);
    }
    *season = (patron_season){.harmonics = harmonics};
    for (unsigned k = 0; k < harmonics; k++) {
        season->cosine[k] = b[NUISANCE + 2 * k];
        season->sine[k] = b[NUISANCE + 1 + 2 * k];
    }
    patron_season_normalise(season);
    if (dispersion)
        *dispersion = r.dispersion;
    return PATRON_OK;
}

/* elapsed[k]: season days in the last k days before the end. Histories counted in whole days are differences of two. */
static double back(const patron_season *season, double end, const double *elapsed, double days)
{
    const double whole = floor(days);
    const double part = days > whole ? patron_season_between(season, end - days, end - whole) : 0;
    return elapsed[(size_t)whole] + part;
}

patron_status patron_season_clock(const patron_season *season, double end, size_t n, const double *recency,
                                  const double *age, double *season_recency, double *season_age,
                                  patron_error *err)
{
    double longest = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(recency[i] >= 0) || !(age[i] >= recency[i]) || !(age[i] < 1e7))
            return ptn_fail(err, PATRON_EDATA,
                            "row %zu (recency %g, age %g): 0 <= recency <= age < 10^7 days", i + 1,
                            recency[i], age[i]);
        longest = fmax(longest, age[i]);
    }
    const size_t days = (size_t)ceil(longest) + 1;
    double *elapsed = malloc(days * sizeof *elapsed);
    if (!elapsed)
        return ptn_fail(err, PATRON_ENOMEM, "out of memory");
    elapsed[0] = 0;
    for (size_t k = 1; k < days; k++)
        elapsed[k] = elapsed[k - 1] + patron_season_between(season, end - (double)k, end - (double)k + 1);
    for (size_t i = 0; i < n; i++) {
        const double T = back(season, end, elapsed, age[i]);
        /* the same sums for both, so that recency = age stays so */
        season_recency[i] = recency[i] > 0 ? T - back(season, end, elapsed, age[i] - recency[i]) : 0;
        season_age[i] = T;
    }
    free(elapsed);
    return PATRON_OK;
}
