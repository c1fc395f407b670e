/* The common error of totals. */
#include <math.h>

#include "base/fault.h"
#include "math/gamma.h"
#include "patron/track_record.h"

static const double prior_scale = 0.25, prior_degrees = 4;

patron_status patron_world_learn(size_t n, const double *log_errors, patron_world *world, patron_error *err)
{
    double squares = prior_degrees * prior_scale * prior_scale;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(log_errors[i]))
            return ptn_fail(err, PATRON_EDATA, "error %zu of past totals is %g, not a finite number", i + 1,
                            log_errors[i]);
        squares += log_errors[i] * log_errors[i];
    }
    const double degrees = prior_degrees + (double)n;
    *world = (patron_world){.scale = sqrt(squares / degrees), .degrees = degrees, .origins = (unsigned)n};
    return PATRON_OK;
}

patron_status patron_world_interval(const patron_world *world, double forecast, double deviation,
                                    double chance, double *low, double *high, patron_error *err)
{
    if (!(forecast > 0 && isfinite(forecast)) || !(deviation >= 0 && isfinite(deviation))
        || !(chance > 0 && chance < 1))
        return ptn_fail(err, PATRON_EINVAL,
                        "forecast %g, deviation %g, chance %g: finite, above 0, 0 or more, between 0 and 1",
                        forecast, deviation, chance);
    /* luck and parameters are small beside the world: their variance joins its scale, as a share of the total */
    const double share = deviation / forecast;
    const double scale = sqrt(world->scale * world->scale + share * share);
    const double reach = scale * ptn_student_quantile(0.5 + chance / 2, world->degrees);
    if (!isfinite(forecast * exp(reach)))
        return ptn_fail(err, PATRON_ENUMERIC, "the range of %g by a scale of %g is not finite", forecast,
                        scale);
    *low = forecast * exp(-reach);
    *high = forecast * exp(reach);
    return PATRON_OK;
}

patron_status patron_total_interval(const patron_world *world, double total, double deviation, double chance,
                                    double *low, double *high, patron_error *err)
{
    double below = 0, above = 0;
    if (!isfinite(total) || !(deviation >= 0 && isfinite(deviation)) || !(chance > 0 && chance < 1))
        return ptn_fail(err, PATRON_EINVAL,
                        "total %g, deviation %g, chance %g: finite, 0 or more, between 0 and 1", total,
                        deviation, chance);
    if (total != 0) {
        const double size = fabs(total);
        const patron_status status = patron_world_interval(world, size, 0, chance, &below, &above, err);
        if (status != PATRON_OK)
            return status;
        below = size - below;
        above -= size;
    }
    const double luck = deviation * ptn_normal_quantile(0.5 + chance / 2);
    if (!isfinite(fabs(total) + hypot(fmax(below, above), luck)))
        return ptn_fail(err, PATRON_ENUMERIC, "the range of %g with a deviation of %g is not finite", total,
                        deviation);
    *low = total - hypot(total < 0 ? above : below, luck);
    *high = total + hypot(total < 0 ? below : above, luck);
    return PATRON_OK;
}

/* By the logit, l = ln(S / (1 - S)), where a deviation d of the share is d / (S (1 - S)). */
patron_status patron_part_interval(const patron_world *world, double share, double deviation, double chance,
                                   double *low, double *high, patron_error *err)
{
    if (!isfinite(share) || !(deviation >= 0 && isfinite(deviation)) || !(chance > 0 && chance < 1))
        return ptn_fail(err, PATRON_EINVAL,
                        "share %g, deviation %g, chance %g: finite, 0 or more, between 0 and 1", share,
                        deviation, chance);
    if (!(share > 0 && share < 1)) {
        const double luck = deviation * ptn_normal_quantile(0.5 + chance / 2);
        *low = share - luck;
        *high = share + luck;
        return PATRON_OK;
    }
    const double odds = share / (1 - share), scale = hypot(world->scale, deviation / (share * (1 - share)));
    const double factor = exp(scale * ptn_student_quantile(0.5 + chance / 2, world->degrees));
    *low = odds / (odds + factor);
    *high = odds / (odds + 1 / factor);
    return PATRON_OK;
}
