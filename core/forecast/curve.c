/* The sum of many smooth curves, read between a few points. E(t), what a state is expected to buy by t, rises like t at first
 * and bends on the scale of the state's own rates, which may be short against the horizon; in u = sqrt(t / horizon) that bend is
 * spread out, and E is smooth on [0, 1]. Chebyshev's points of the second kind, barycentric weights ±1, halved at the ends. */
#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "patron/forecast.h"

enum { POINTS = 20 }; /* beside u = 0, where nothing is bought */

static double point(int k)
{
    return 0.5 * (1 - cos(M_PI * k / POINTS));
}

/* The polynomial through value[0 .. POINTS] at u. */
static double between(const double *value, double u)
{
    double above = 0, below = 0;
    for (int k = 0; k <= POINTS; k++) {
        const double away = u - point(k);
        if (fabs(away) < 1e-15)
            return value[k];
        const double weight = (k % 2 ? -1 : 1) * (k == 0 || k == POINTS ? 0.5 : 1) / away;
        above += weight * value[k];
        below += weight;
    }
    return above / below;
}

static patron_status check(size_t times, const double *time, patron_error *err)
{
    for (size_t i = 0; i < times; i++)
        if (!(time[i] >= (i ? time[i - 1] : 0)) || !isfinite(time[i]))
            return ptn_fail(err, PATRON_EINVAL, "time %zu is %g: they rise from 0 or more", i + 1, time[i]);
    return times > 0 && time[times - 1] > 0 ? PATRON_OK
                                            : ptn_fail(err, PATRON_EINVAL, "the last time is not above 0");
}

patron_status patron_model_curve(const patron_model *model, const double *parameters,
                                 const patron_states *states, size_t sums, const double *const *weights,
                                 size_t times, const double *time, double *const *sum, patron_error *err)
{
    patron_status status = check(times, time, err);
    if (status != PATRON_OK)
        return status;
    const patron_states each = {
        .n = states->n, .frequency = states->frequency, .recency = states->recency, .age = states->age};
    const double horizon = time[times - 1];
    double *purchases = malloc((states->n + 1) * sizeof *purchases);
    double *value = calloc(sums * (POINTS + 1) + 1, sizeof *value);
    patron_scores scores = {.purchases = purchases};
    if (!purchases || !value) {
        status = ptn_fail(err, PATRON_ENOMEM, "out of memory for a curve");
        goto done;
    }
    for (int k = 1; k <= POINTS; k++) {
        const patron_score_options options = {.horizon = horizon * point(k) * point(k)};
        PTN_TRY(patron_model_score(model, parameters, &each, &options, &scores, err));
        for (size_t s = 0; s < sums; s++)
            for (size_t i = 0; i < states->n; i++)
                value[s * (POINTS + 1) + (size_t)k] += weights[s][i] * purchases[i];
    }
    for (size_t s = 0; s < sums; s++)
        for (size_t i = 0; i < times; i++)
            sum[s][i] = between(value + s * (POINTS + 1), sqrt(time[i] / horizon));

done:
    free(purchases);
    free(value);
    return status;
}
