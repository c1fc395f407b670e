/* Parts of a horizon. Letters: part k of a stretch, f_k its forecast and y_k what came; ρ = Σy / Σf, so that ρ f_k is what the
 * part should have brought given its whole. Its error is a share e_k of it, of variance σ², and luck is Poisson's:
 *     E (y_k - ρ f_k)² / (ρ f_k) = 1 + ρ f_k σ²,   of which the whole's being known takes one in K. */
#include <math.h>

#include "base/fault.h"
#include "patron/track_record.h"

static const double prior_spread = 0.25, prior_parts = 4;

static double sum(size_t n, const double *x)
{
    double total = 0;
    for (size_t k = 0; k < n; k++)
        total += x[k];
    return total;
}

static patron_status check(const patron_stretch *stretch, patron_error *err)
{
    for (size_t k = 0; k < stretch->n; k++)
        if (!(stretch->forecast[k] >= 0 && isfinite(stretch->forecast[k]))
            || !(stretch->came[k] >= 0 && isfinite(stretch->came[k])))
            return ptn_fail(err, PATRON_EDATA, "part %zu (forecast %g, came %g): finite, 0 or more", k + 1,
                            stretch->forecast[k], stretch->came[k]);
    return PATRON_OK;
}

patron_status patron_parts_learn(size_t n, const patron_stretch *stretches, double *spread, patron_error *err)
{
    double beyond = 0, mean = 0, parts = 0;
    for (size_t i = 0; i < n; i++) {
        const patron_stretch *s = &stretches[i];
        const patron_status status = check(s, err);
        if (status != PATRON_OK)
            return status;
        const double forecast = sum(s->n, s->forecast), came = sum(s->n, s->came);
        if (!(forecast > 0) || !(came > 0) || s->n < 2)
            continue;
        for (size_t k = 0; k < s->n; k++) {
            const double expected = came / forecast * s->forecast[k];
            if (expected > 0)
                beyond += (s->came[k] - expected) * (s->came[k] - expected) / expected;
        }
        beyond -= (double)s->n - 1;
        mean += came;
        parts += (double)s->n - 1;
    }
    const double found = mean > 0 ? fmax(0, beyond) / mean : 0;
    *spread = sqrt((prior_parts * prior_spread * prior_spread + parts * found) / (prior_parts + parts));
    return PATRON_OK;
}

/* With e_k independent and the whole's error Σ f_k e_k / F taken off: F_A = Σ_A f, and of A that is
 * Σ_A (f_k e_k) (1 / F_A - 1 / F) - Σ_rest f_k e_k / F. */
double patron_parts_spread(double spread, size_t n, const double *forecast, size_t from, size_t to)
{
    const double all = sum(n, forecast), own = sum(to - from, forecast + from);
    double variance = 0;
    if (!(own > 0) || !(all > own))
        return own > 0 ? 0 : spread;
    for (size_t k = 0; k < n; k++) {
        const double share = k >= from && k < to ? forecast[k] * (1 / own - 1 / all) : forecast[k] / all;
        variance += share * share;
    }
    return spread * sqrt(variance);
}
