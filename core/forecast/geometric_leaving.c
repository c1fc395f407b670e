/* The past of people who may leave at each purchase. Letters as in Fader, Hardie & Lee (2005): x frequency,
 * t_x recency, T age; and m chances to leave met, x or x + 1. The likelihood of a state is
 *
 *     Γ(r + x) / Γ(r) · alpha^r · { B(a, b + m) / B(a, b) · (alpha + T)^-(r + x)             still a customer
 *                 + [m > 0] B(a + 1, b + m - 1) / B(a, b) · (alpha + t_x)^-(r + x) }         left at t_x
 *
 * The second term over the first is the odds of having left, a / (b + m - 1) · ((alpha + T) / (alpha + t_x))^(r + x).
 * As in Fader & Hardie (2013, note 027) the larger of the two is taken out. Times enter as ln(1 + t / alpha), so that
 * little cancels when r and alpha run to infinity together. */
#include "forecast/geometric_leaving.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "math/gamma.h"

/* ---- time as the models see it ---- */

typedef struct elapsed {
    double log_growth; /* ln(1 + t / alpha) */
    double share;      /* t / (alpha + t) = -d log_growth / d ln alpha */
} elapsed;

static elapsed elapsed_after(double alpha, double t)
{
    return (elapsed){.log_growth = log1p(t / alpha), .share = t / (alpha + t)};
}

/* On a grid of time each step is computed once; *table stays NULL where that would not pay. False: out of memory. */
static bool tabulate(double alpha, const ptn_sample *sample, elapsed **table)
{
    *table = NULL;
    if (!(sample->step > 0) || sample->T_step_max > 2 * sample->n)
        return true;
    *table = malloc((sample->T_step_max + (size_t)1) * sizeof **table);
    if (!*table)
        return false;
    for (uint32_t k = 0; k <= sample->T_step_max; k++)
        (*table)[k] = elapsed_after(alpha, k * sample->step);
    return true;
}

static elapsed at_T(const elapsed *table, double alpha, const ptn_sample *sample, size_t i)
{
    return table ? table[sample->T_step[i]] : elapsed_after(alpha, sample->T[i]);
}

static elapsed at_t_x(const elapsed *table, double alpha, const ptn_sample *sample, size_t i)
{
    return table ? table[sample->t_x_step[i]] : elapsed_after(alpha, sample->t_x[i]);
}

/* ---- likelihood ---- */

/* Log odds of having left at the last of m >= 1 chances, were no time to have passed since. */
static double log_odds_of_chance(double a, double b, double m)
{
    return log(a) - log(b + (m - 1));
}

/* Sums over the states that share x, each times the number of customers. */
typedef struct run_sums {
    double customers;
    double log_ends;      /* ln of alpha^(r + x) { } above, over B(a, b + m) / B(a, b) */
    double left;          /* chance of having left */
    double growth, share; /* of the time as a customer: mean of T and t_x by the chances of either */
} run_sums;

static run_sums sum_run(const elapsed *table, const double *parameters, double m, const ptn_sample *sample,
                        size_t begin, size_t end)
{
    const double alpha = parameters[1], a = parameters[2], b = parameters[3];
    const double shape = parameters[0] + sample->x[begin];
    const double at_once = m > 0 ? log_odds_of_chance(a, b, m) : 0;
    run_sums sums = {0};
    for (size_t i = begin; i < end; i++) {
        const double w = sample->weight[i];
        const elapsed T = at_T(table, alpha, sample, i);
        sums.customers += w;
        if (m == 0) { /* met no chance to leave */
            sums.log_ends -= w * (shape * T.log_growth);
            sums.growth += w * T.log_growth;
            sums.share += w * T.share;
            continue;
        }
        const elapsed t_x = at_t_x(table, alpha, sample, i);
        const double log_odds = at_once + shape * (T.log_growth - t_x.log_growth);
        const double e = exp(-fabs(log_odds)), likelier = w / (1 + e);
        const bool has_left = log_odds > 0;
        const double left = has_left ? likelier : e * likelier, still = has_left ? e * likelier : likelier;
        /* log, not the slower log1p: an error of 1e-16 is nothing beside the other terms */
        sums.log_ends +=
            w * (log(1 + e) + (has_left ? at_once - shape * t_x.log_growth : -shape * T.log_growth));
        sums.left += left;
        sums.growth += still * T.log_growth + left * t_x.log_growth;
        sums.share += still * T.share + left * t_x.share;
    }
    return sums;
}

bool ptn_geometric_log_likelihood(const double *parameters, double first, const ptn_sample *sample,
                                  double *value, double *gradient)
{
    const double r = parameters[0], alpha = parameters[1], a = parameters[2], b = parameters[3];
    elapsed *table;
    if (!tabulate(alpha, sample, &table))
        return false;
    double sum = 0, by_r = 0, by_alpha = 0, by_a = 0, by_b = 0; /* the last four by the logs */
    for (size_t begin = 0; begin < sample->n;) {
        const size_t end = ptn_sample_next_x(sample, begin);
        const double x = sample->x[begin], m = x + first;
        const run_sums s = sum_run(table, parameters, m, sample, begin, end);
        sum += s.customers * (ptn_lgamma_ratio(r, x) - x * log(alpha) + ptn_lbeta_ratio(a, b, 0, m))
               + s.log_ends;
        if (gradient) {
            const double of_sum = ptn_digamma_difference(a + b, m);
            by_r += r * (s.customers * ptn_digamma_difference(r, x) - s.growth);
            by_alpha += (r + x) * s.share - x * s.customers;
            by_a += s.left - a * s.customers * of_sum;
            by_b += b * s.customers * (ptn_digamma_difference(b, m) - of_sum);
            if (m > 0)
                by_b -= b / (b + (m - 1)) * s.left;
        }
        begin = end;
    }
    *value = sum;
    if (gradient) {
        gradient[0] = by_r;
        gradient[1] = by_alpha;
        gradient[2] = by_a;
        gradient[3] = by_b;
    }
    free(table);
    return true;
}

bool ptn_geometric_p_alive(const double *parameters, double first, const ptn_sample *sample, double *p_alive)
{
    const double r = parameters[0], alpha = parameters[1], a = parameters[2], b = parameters[3];
    elapsed *table;
    if (!tabulate(alpha, sample, &table))
        return false;
    for (size_t i = 0; i < sample->n; i++) {
        const double x = sample->x[i], m = x + first;
        p_alive[i] = 1;
        if (m == 0)
            continue;
        const elapsed T = at_T(table, alpha, sample, i), t_x = at_t_x(table, alpha, sample, i);
        const double log_odds = log_odds_of_chance(a, b, m) + (r + x) * (T.log_growth - t_x.log_growth);
        p_alive[i] = 1 / (1 + exp(log_odds));
    }
    free(table);
    return true;
}

/* ---- simulation ---- */

void ptn_geometric_draw(const double *parameters, double first, double end, ptn_random *random,
                        void (*purchase)(void *context, double time), void *context)
{
    const double rate = ptn_draw_gamma(random, parameters[0]) / parameters[1];
    const double leaves = ptn_draw_beta(random, parameters[2], parameters[3]);
    if (first > 0 && ptn_draw_uniform(random) < leaves)
        return;
    for (double time = 0;;) {
        time += ptn_draw_exponential(random) / rate;
        if (!(time <= end))
            return;
        purchase(context, time);
        if (ptn_draw_uniform(random) < leaves)
            return;
    }
}

/* ---- where fits begin ---- */

/* r and alpha are those of the negative binomial law with the mean and variance of x over the mean age, except
 * that people are taken to have been customers for half of it; a and b are typical of shops. */
void ptn_geometric_start(const ptn_sample *sample, double *parameters)
{
    double squares = 0;
    for (size_t i = 0; i < sample->n; i++)
        squares += sample->weight[i] * sample->x[i] * sample->x[i];
    const double mean = (sample->purchases + 0.5) / sample->customers;
    const double excess = squares / sample->customers - mean * mean - mean;
    const double r = excess > 0 ? fmin(fmax(mean * mean / excess, 0.1), 10) : 10;
    parameters[0] = r;
    parameters[1] = sample->time > 0 ? 0.5 * r / mean * (sample->time / sample->customers) : 1;
    parameters[2] = 0.8;
    parameters[3] = 2.4;
}

/* ---- limits ---- */

/* What stands for infinity and for zero. Of a spread about x² / vast is left: 1e-9 for x in the thousands. Odds of
 * tiny² for leaving at each chance are none even for someone idle for long: x = 1500 in 300 days, then none for
 * 60, multiplies them by 1e108. */
static const double vast = 1e16, tiny = 1e-150;

/* Row `free` of the jacobian: how the logs of r, alpha, a, b move with it. */
static void set_row(double *jacobian, unsigned free, double r, double alpha, double a, double b)
{
    if (!jacobian)
        return;
    jacobian[4 * free] = r;
    jacobian[4 * free + 1] = alpha;
    jacobian[4 * free + 2] = a;
    jacobian[4 * free + 3] = b;
}

/* free = ln r, ln alpha: rates that vary over people. */
static void expand_rates(const double *free, double *parameters, double *jacobian)
{
    parameters[0] = exp(free[0]);
    parameters[1] = exp(free[1]);
    set_row(jacobian, 0, 1, 0, 0, 0);
    set_row(jacobian, 1, 0, 1, 0, 0);
}

/* free = ln of the one rate. */
static void expand_one_rate(const double *free, double *parameters, double *jacobian)
{
    parameters[0] = vast;
    parameters[1] = vast / exp(free[0]);
    set_row(jacobian, 0, 0, -1, 0, 0);
}

/* a / b = odds with the smaller of the two at `vast` or above, so that p varies by less than 1e-8 of itself. */
static void expand_one_chance(double log_odds, double *parameters, double *jacobian, unsigned row)
{
    const double odds = exp(log_odds);
    parameters[2] = vast * (1 + odds);
    parameters[3] = vast * (1 + 1 / odds);
    set_row(jacobian, row, 0, 0, odds / (1 + odds), -1 / (1 + odds));
}

static void nobody_leaves(double *parameters)
{
    parameters[2] = tiny;
    parameters[3] = 1 / tiny;
}

static void expand_common_leaving_chance(const double *free, double *parameters, double *jacobian)
{
    expand_rates(free, parameters, jacobian);
    expand_one_chance(free[2], parameters, jacobian, 2);
}

static void expand_nobody_leaves(const double *free, double *parameters, double *jacobian)
{
    expand_rates(free, parameters, jacobian);
    nobody_leaves(parameters);
}

static void expand_leaves_at_once_or_never(const double *free, double *parameters, double *jacobian)
{
    expand_rates(free, parameters, jacobian);
    const double odds = exp(free[2]);
    parameters[2] = tiny * odds;
    parameters[3] = tiny;
    set_row(jacobian, 2, 0, 0, 1, 0);
}

static void expand_common_buying_rate(const double *free, double *parameters, double *jacobian)
{
    expand_one_rate(free, parameters, jacobian);
    parameters[2] = exp(free[1]);
    parameters[3] = exp(free[2]);
    set_row(jacobian, 1, 0, 0, 1, 0);
    set_row(jacobian, 2, 0, 0, 0, 1);
}

static void expand_common_rate_and_chance(const double *free, double *parameters, double *jacobian)
{
    expand_one_rate(free, parameters, jacobian);
    expand_one_chance(free[1], parameters, jacobian, 1);
}

static void expand_common_rate_nobody_leaves(const double *free, double *parameters, double *jacobian)
{
    expand_one_rate(free, parameters, jacobian);
    nobody_leaves(parameters);
}

static void start_rates_and_odds(const ptn_sample *sample, double *free)
{
    double p[4];
    ptn_geometric_start(sample, p);
    free[0] = log(p[0]);
    free[1] = log(p[1]);
    free[2] = log(p[2] / p[3]);
}

static void start_rates(const ptn_sample *sample, double *free)
{
    double p[4];
    ptn_geometric_start(sample, p);
    free[0] = log(p[0]);
    free[1] = log(p[1]);
}

static void start_rate_and_chances(const ptn_sample *sample, double *free)
{
    double p[4];
    ptn_geometric_start(sample, p);
    free[0] = log(p[0] / p[1]);
    free[1] = log(p[2]);
    free[2] = log(p[3]);
}

static void start_rate_and_odds(const ptn_sample *sample, double *free)
{
    double p[4];
    ptn_geometric_start(sample, p);
    free[0] = log(p[0] / p[1]);
    free[1] = log(p[2] / p[3]);
}

static void start_rate(const ptn_sample *sample, double *free)
{
    double p[4];
    ptn_geometric_start(sample, p);
    free[0] = log(p[0] / p[1]);
}

/* a / b -> 0; a, b -> infinity; a, b -> 0; r, alpha -> infinity; and pairs of them. */
const ptn_limit ptn_geometric_limits[] = {
    {"nobody_leaves", 2, expand_nobody_leaves, start_rates},
    {"common_leaving_chance", 3, expand_common_leaving_chance, start_rates_and_odds},
    {"leaves_at_once_or_never", 3, expand_leaves_at_once_or_never, start_rates_and_odds},
    {"common_buying_rate", 3, expand_common_buying_rate, start_rate_and_chances},
    {"common_buying_rate_and_leaving_chance", 2, expand_common_rate_and_chance, start_rate_and_odds},
    {"common_buying_rate_nobody_leaves", 1, expand_common_rate_nobody_leaves, start_rate},
    {0},
};
