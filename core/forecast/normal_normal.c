/* Shrunken means. Letters: m_i mean of n_i observations, S_i their sum of squares, mu centre, tau2 between, sigma2 within.
 * m_i ~ Normal(mu, tau2 + sigma2 / n_i) and S_i / sigma2 ~ chi-squared(n_i - 1); given the variances mu is a weighted mean,
 * so the fit runs over their two logs. */
#include <math.h>
#include <string.h>

#include "base/fault.h"
#include "math/minimise.h"
#include "patron/spend.h"

typedef struct fit_data {
    const patron_means *means;
    double squares, freedom; /* sums of S_i and of n_i - 1 */
    double scale;            /* a variance that sets the unit */
    double centre;           /* the best one at the last variances asked for */
} fit_data;

/* Minus the mean log-likelihood at v = {ln tau2, ln sigma2} in units of `scale`, mu profiled out. */
static bool objective(void *context, const double *v, double *value, double *gradient)
{
    fit_data *d = context;
    const patron_means *g = d->means;
    const double tau2 = d->scale * exp(v[0]), sigma2 = d->scale * exp(v[1]);
    double weights = 0, weighted = 0, sum = 0, by_tau2 = 0, by_sigma2 = 0;
    for (size_t i = 0; i < g->n; i++) {
        const double w = 1 / (tau2 + sigma2 / g->count[i]);
        weights += w;
        weighted += w * g->mean[i];
    }
    d->centre = weighted / weights;
    for (size_t i = 0; i < g->n; i++) {
        const double w = 1 / (tau2 + sigma2 / g->count[i]), e = g->mean[i] - d->centre;
        const double by_variance = 0.5 * w * (1 - w * e * e); /* of minus the log density of m_i */
        sum += 0.5 * (w * e * e - log(w));
        by_tau2 += by_variance;
        by_sigma2 += by_variance / g->count[i];
    }
    sum += 0.5 * (d->freedom * log(sigma2) + d->squares / sigma2);
    by_sigma2 += 0.5 * (d->freedom / sigma2 - d->squares / (sigma2 * sigma2));
    const double n = (double)g->n;
    *value = sum / n;
    gradient[0] = by_tau2 * tau2 / n;
    gradient[1] = by_sigma2 * sigma2 / n;
    return true;
}

static patron_status check(const patron_means *means, patron_error *err)
{
    if (means->n < 2)
        return ptn_fail(err, PATRON_EDATA, "%zu groups: at least two were expected", means->n);
    for (size_t i = 0; i < means->n; i++)
        if (!(means->count[i] > 0) || !isfinite(means->count[i]) || !isfinite(means->mean[i]) ||
            (means->squares && (!(means->squares[i] >= 0) || !isfinite(means->squares[i]))))
            return ptn_fail(err, PATRON_EDATA, "row %zu: count %g, mean %g, squares %g: count > 0, squares >= 0 and finite expected",
                            i, means->count[i], means->mean[i], means->squares ? means->squares[i] : 0);
    return PATRON_OK;
}

patron_status patron_normal_normal_fit(const patron_means *means, patron_normal_normal *fit, patron_error *err)
{
    fit_data data = {.means = means};
    double mean = 0, spread = 0;
    const patron_status status = check(means, err);
    if (status != PATRON_OK)
        return status;
    for (size_t i = 0; i < means->n; i++) {
        mean += means->mean[i];
        data.squares += means->squares ? means->squares[i] : 0;
        data.freedom += means->squares ? fmax(0, means->count[i] - 1) : 0;
    }
    mean /= (double)means->n;
    for (size_t i = 0; i < means->n; i++)
        spread += (means->mean[i] - mean) * (means->mean[i] - mean);
    spread /= (double)means->n;
    if (spread == 0 && data.squares == 0) { /* everyone the same, always */
        *fit = (patron_normal_normal){.centre = mean};
        return PATRON_OK;
    }
    data.scale = spread > 0 ? spread : data.squares / fmax(1, data.freedom);
    const double within = !means->squares ? 1 : data.freedom > 0 && data.squares > 0 ? data.squares / data.freedom / data.scale : 1e-6;
    double v[2] = {0, log(within)};
    ptn_minimum found;
    ptn_minimise(2, objective, &data, NULL, v, &found);
    double at, gradient[2];
    objective(&data, v, &at, gradient);
    if (!isfinite(at) || found.status == PTN_MINIMISE_STUCK)
        return ptn_fail(err, PATRON_ENUMERIC, "no optimum: largest gradient %g after %u iterations", found.largest_gradient,
                        found.iterations);
    /* a variance that ran to zero is zero: everyone is alike, or observations of one customer are */
    *fit = (patron_normal_normal){.centre = data.centre,
                                  .between = v[0] < -20 ? 0 : data.scale * exp(v[0]),
                                  .within = v[1] < -20 ? 0 : data.scale * exp(v[1])};
    return PATRON_OK;
}

double patron_normal_normal_mean(const patron_normal_normal *p, double count, double mean, double *deviation)
{
    const double own = p->between + (count > 0 ? p->within / count : INFINITY);
    const double weight = count > 0 ? (own > 0 ? p->between / own : 0) : 0; /* of the group's own mean */
    if (deviation)
        *deviation = sqrt(p->between * (1 - weight));
    return p->centre + weight * (count > 0 ? mean - p->centre : 0);
}
