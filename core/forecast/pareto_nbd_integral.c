#include "forecast/pareto_nbd_integral.h"

#include "math/vector.h"

ptn_clock ptn_clock_from(const ptn_rates *p, double x, double from)
{
    const double a = p->alpha + from, b = p->beta + from;
    if (a <= b)
        return (ptn_clock){
            .near = a, .far = b, .near_power = p->r + x, .far_power = p->s, .buying_near = true, .s = p->s};
    return (ptn_clock){.near = b, .far = a, .near_power = p->s, .far_power = p->r + x, .s = p->s};
}

static const double enough = 40; /* a fall by e^40 leaves nothing that a double can hold beside the rest */

/* The first of: where either factor alone has fallen so far, and where both would have together if they
 * went on falling as they begin (their logs are convex in v). */
double ptn_clock_enough(const ptn_clock *clock)
{
    const double far_alone = log1p(expm1(enough / clock->far_power) * (clock->far / clock->near));
    return fmin(enough / (clock->near_power + clock->far_power * (clock->near / clock->far)), far_alone);
}

double ptn_clock_fall(const ptn_clock *clock, double v)
{
    return clock->near_power * v + clock->far_power * log1p(clock->near / clock->far * expm1(v));
}

void ptn_clock_look(const ptn_clock *clock, const ptn_rule *rule, double begin, double width, ptn_moments *m)
{
    double *const v = clock->buying_near ? m->ln_buying : m->ln_leaving;
    double *const ln_far = clock->buying_near ? m->ln_leaving : m->ln_buying;
    m->n = rule->n;
    for (unsigned k = 0; k < m->n; k++)
        v[k] = begin + rule->node[k].at * width;
    ptn_expm1s(m->n, v, m->u);
    for (unsigned k = 0; k < m->n; k++) {
        m->u[k] *= clock->near;
        ln_far[k] = m->u[k] / clock->far;
    }
    ptn_log1ps(m->n, ln_far, ln_far);
    for (unsigned k = 0; k < m->n; k++) {
        m->fall[k] = clock->near_power * v[k] + clock->far_power * ln_far[k];
        m->weight[k] =
            rule->node[k].weight * width * clock->s; /* dv of s / (b + u) du = s (near + u) / (b + u) dv */
        if (clock->buying_near)
            m->weight[k] *= (clock->near + m->u[k]) / (clock->far + m->u[k]);
    }
}

/* With y the time from 0: derivatives by r and s bring down the logs, by ln alpha (r + x) y / (alpha + y).
 * By ln beta they bring down s y / (beta + y), which integrated by parts is what ln alpha brings down with
 * the other sign, and s y / (beta + y) kept(y) at y = t_x. */
ptn_silence ptn_silence_of(const ptn_rates *p, double x, double t_x, double T)
{
    const ptn_clock clock = ptn_clock_from(p, x, t_x);
    const double buy = p->r + x, a = p->alpha + t_x, b = p->beta + t_x, rest = T - t_x;
    const double ln_buying = log1p(t_x / p->alpha), ln_leaving = log1p(t_x / p->beta); /* at t_x */
    const double more_buying = log1p(rest / a), more_leaving = log1p(rest / b);        /* from t_x to T */
    double width = clock.buying_near ? more_buying : more_leaving;
    double fall = buy * more_buying + p->s * more_leaving;
    if (fall > enough) { /* else no bound of the two would cut it */
        width = fmin(width, ptn_clock_enough(&clock));
        fall = ptn_clock_fall(&clock, width);
    }
    const ptn_rule rule = ptn_rule_for(width, fall);
    double left = 0, left_buying = 0, left_share = 0, left_leaving = 0;
    for (unsigned piece = 0; piece < rule.pieces; piece++) {
        const double step = width / rule.pieces;
        ptn_moments m;
        double kept[PTN_RULE_MAX];
        ptn_clock_look(&clock, &rule, piece * step, step, &m);
        for (unsigned k = 0; k < m.n; k++)
            kept[k] = -m.fall[k];
        ptn_exps(m.n, kept, kept);
        for (unsigned k = 0; k < m.n; k++) {
            const double f = m.weight[k] * kept[k];
            left += f;
            left_buying += f * (ln_buying + m.ln_buying[k]);
            left_share += f * ((t_x + m.u[k]) / (a + m.u[k]));
            left_leaving += f * (ln_leaving + m.ln_leaving[k]);
        }
    }
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
