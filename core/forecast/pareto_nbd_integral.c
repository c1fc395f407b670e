#include "forecast/pareto_nbd_integral.h"

ptn_clock ptn_clock_from(const ptn_rates *p, double x, double from)
{
    const double a = p->alpha + from, b = p->beta + from;
    if (a <= b)
        return (ptn_clock){
            .near = a, .far = b, .near_power = p->r + x, .far_power = p->s, .buying_near = true, .s = p->s};
    return (ptn_clock){.near = b, .far = a, .near_power = p->s, .far_power = p->r + x, .s = p->s};
}

/* The first of: where either factor alone has fallen so far, and where both would have together if they
 * went on falling as they begin (their logs are convex in v). */
double ptn_clock_enough(const ptn_clock *clock)
{
    const double enough = 40;
    const double far_alone = log1p(expm1(enough / clock->far_power) * (clock->far / clock->near));
    return fmin(enough / (clock->near_power + clock->far_power * (clock->near / clock->far)), far_alone);
}

/* With y the time from 0: derivatives by r and s bring down the logs, by ln alpha (r + x) y / (alpha + y).
 * By ln beta they bring down s y / (beta + y), which integrated by parts is what ln alpha brings down with
 * the other sign, and s y / (beta + y) kept(y) at y = t_x. */
ptn_silence ptn_silence_of(const ptn_rates *p, double x, double t_x, double T)
{
    const ptn_clock clock = ptn_clock_from(p, x, t_x);
    const double buy = p->r + x, a = p->alpha + t_x, b = p->beta + t_x, rest = T - t_x;
    const double ln_buying = log1p(t_x / p->alpha), ln_leaving = log1p(t_x / p->beta); /* at t_x */
    const double width = fmin(log1p(rest / clock.near), ptn_clock_enough(&clock));
    const ptn_rule rule = ptn_rule_for(width, ptn_moment_at(&clock, width).fall);
    double left = 0, left_buying = 0, left_share = 0, left_leaving = 0;
    for (unsigned piece = 0; piece < rule.pieces; piece++)
        for (unsigned k = 0; k < rule.n; k++) {
            const double step = width / rule.pieces;
            const ptn_moment m = ptn_moment_at(&clock, (piece + rule.node[k].at) * step);
            const double f = rule.node[k].weight * step * m.leaving_density * exp(-m.fall);
            left += f;
            left_buying += f * (ln_buying + m.ln_buying);
            left_share += f * ((t_x + m.u) / (a + m.u));
            left_leaving += f * (ln_leaving + m.ln_leaving);
        }
    const double more_buying = log1p(rest / a), more_leaving = log1p(rest / b);
    const double kept = exp(-buy * more_buying - p->s * more_leaving), either = kept + left;
    return (ptn_silence){
        .log_chance = log(either) - buy * ln_buying - p->s * ln_leaving,
        .by_log = {-p->r * (kept * (ln_buying + more_buying) + left_buying) / either,
                   buy * (kept * (T / (p->alpha + T)) + left_share) / either,
                   (left - p->s * (kept * (ln_leaving + more_leaving) + left_leaving)) / either,
                   (p->s * (t_x / b) - buy * left_share) / either},
        .p_alive = kept / either,
    };
}
