/* Shrunken means. Letters: m_i mean of n_i observations, S_i their sum of squares, mu centre, tau2 between,
 * sigma2 within: m_i ~ Normal(mu, tau2 + sigma2 / n_i), and S_i / sigma2 ~ chi-squared(n_i - 1).
 *
 * With h the harmonic mean of the n_i, a scale c and the share of the spread of a mean that lies between the groups,
 * tau2 = c share and sigma2 = c (1 - share) h, the best mu and c for a given share have closed forms. What is left
 * is a function of one number between 0 and 1, ends included: its slope is looked at on a grid of logits, and every
 * place where it turns up from down is narrowed to the last digit. So an end is an answer and not a runaway, and of two
 * optima the better one is found. */
#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "patron/spend.h"

/* Groups of equal n_i: how many, the mean of their means, and its squares around it. */
typedef struct pool {
    double n, groups, mean, spread;
} pool;

typedef struct problem {
    pool *pools;
    size_t n;
    double groups, h;
    double squares, freedom; /* sums of S_i and of n_i - 1 */
    double centre, scale;    /* the best ones at the last share asked for */
} problem;

/* Minus twice the log-likelihood at a share, less what does not depend on it; rest = 1 - share with all its digits. The
 * slope by the share, when wanted. */
static double deviance(problem *p, double share, double rest, double *slope)
{
    double weights = 0, weighted = 0, squares = 0, logs = 0, by_squares = 0, by_logs = 0;
    for (size_t i = 0; i < p->n; i++) {
        const double w = p->pools[i].groups / (share + rest * p->h / p->pools[i].n);
        weights += w;
        weighted += w * p->pools[i].mean;
    }
    p->centre = weighted / weights;
    for (size_t i = 0; i < p->n; i++) {
        const pool *q = &p->pools[i];
        const double variance = share + rest * p->h / q->n, change = (1 - p->h / q->n) / variance;
        const double off = q->mean - p->centre, sum = (q->spread + q->groups * off * off) / variance;
        squares += sum;
        logs += q->groups * log(variance);
        by_squares -= sum * change;
        by_logs += q->groups * change;
    }
    if (p->freedom > 0) {
        squares += p->squares / (rest * p->h);
        logs += p->freedom * log(rest * p->h);
        by_squares += p->squares / (rest * rest * p->h);
        by_logs -= p->freedom / rest;
    }
    const double observations = p->groups + p->freedom;
    p->scale = squares / observations;
    if (slope)
        *slope = observations * by_squares / squares + by_logs;
    return observations * log(p->scale) + logs;
}

static double share_at(double logit, double *rest)
{
    *rest = 1 / (1 + exp(logit));
    return 1 / (1 + exp(-logit));
}

static double slope_at(problem *p, double logit)
{
    double rest, slope;
    const double share = share_at(logit, &rest);
    deviance(p, share, rest, &slope);
    return slope;
}

/* The logit between low and high where the slope turns up. */
static double turn(problem *p, double low, double high)
{
    while (high - low > 1e-14 * fmax(1, fabs(low))) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            break;
        *(slope_at(p, middle) < 0 ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

/* With squares at hand, a share of 1 is as unlikely as can be, but it may be very near. */
static void best_share(problem *p, double *share, double *rest)
{
    const int first = -15, last = p->freedom > 0 ? 75 : 15;
    double best = deviance(p, 0, 1, NULL), before = slope_at(p, first);
    *share = 0;
    *rest = 1;
    if (p->freedom == 0) {
        const double other = deviance(p, 1, 0, NULL);
        if (other < best) {
            best = other;
            *share = 1;
            *rest = 0;
        }
    }
    for (int logit = first + 1; logit <= last; logit++) {
        const double slope = slope_at(p, logit);
        if (before < 0 && slope >= 0) {
            double own_rest;
            const double own = share_at(turn(p, logit - 1, logit), &own_rest);
            const double value = deviance(p, own, own_rest, NULL);
            if (value < best) {
                best = value;
                *share = own;
                *rest = own_rest;
            }
        }
        before = slope;
    }
}

/* ---- groups in, numbers out ---- */

static patron_status check(const patron_means *means, patron_error *err)
{
    if (means->n < 2)
        return ptn_fail(err, PATRON_EDATA, "%zu groups: two at least are needed", means->n);
    for (size_t i = 0; i < means->n; i++) {
        const double squares = means->squares ? means->squares[i] : 0;
        if (!(means->count[i] > 0 && isfinite(means->count[i])) || !isfinite(means->mean[i])
            || !(squares >= 0 && isfinite(squares)))
            return ptn_fail(
                err, PATRON_EDATA,
                "row %zu (count %g, mean %g, squares %g): counts are above 0, squares 0 or more, all finite",
                i + 1, means->count[i], means->mean[i], squares);
    }
    return PATRON_OK;
}

static int by_count(const void *a, const void *b)
{
    const pool *l = a, *r = b;
    if (l->n != r->n)
        return l->n < r->n ? -1 : 1;
    return (l->mean > r->mean) - (l->mean < r->mean);
}

/* Pools of one, sorted, then those of equal counts joined (Chan, Golub & LeVeque 1983). */
static bool make_pools(const patron_means *means, problem *p)
{
    double inverse = 0;
    size_t last = 0;
    p->pools = malloc(means->n * sizeof *p->pools);
    if (!p->pools)
        return false;
    for (size_t i = 0; i < means->n; i++) {
        p->pools[i] = (pool){means->count[i], 1, means->mean[i], 0};
        inverse += 1 / means->count[i];
        p->squares += means->squares ? means->squares[i] : 0;
        p->freedom += means->squares ? fmax(0, means->count[i] - 1) : 0;
    }
    if (p->freedom == 0)
        p->squares = 0; /* of single observations: there are none */
    p->groups = (double)means->n;
    p->h = p->groups / inverse;
    qsort(p->pools, means->n, sizeof *p->pools, by_count);
    for (size_t i = 1; i < means->n; i++) {
        pool *to = &p->pools[last];
        const pool from = p->pools[i];
        if (from.n != to->n) {
            p->pools[++last] = from;
            continue;
        }
        const double off = from.mean - to->mean;
        to->groups++;
        to->mean += off / to->groups;
        to->spread += off * (from.mean - to->mean);
    }
    p->n = last + 1;
    return true;
}

static bool all_equal(const problem *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->pools[i].spread > 0 || p->pools[i].mean != p->pools[0].mean)
            return false;
    return p->squares == 0;
}

patron_status patron_normal_normal_fit(const patron_means *means, patron_normal_normal *fit,
                                       patron_error *err)
{
    patron_status status = PATRON_OK;
    problem p = {0};
    double share = 0.5, rest = 0.5;
    PTN_TRY(check(means, err));
    if (!make_pools(means, &p)) {
        status = ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu groups", means->n);
        goto done;
    }
    if (all_equal(&p)) {
        *fit = (patron_normal_normal){.centre = p.pools[0].mean};
        goto done;
    }
    if (p.freedom > 0 && p.squares == 0) { /* nobody ever differs from themselves */
        p.freedom = 0;
        share = 1;
        rest = 0;
    } else if (p.n > 1 || p.freedom > 0) { /* otherwise the means alone cannot tell: half */
        best_share(&p, &share, &rest);
    }
    deviance(&p, share, rest, NULL);
    *fit = (patron_normal_normal){
        .centre = p.centre, .between = p.scale * share, .within = p.scale * rest * p.h};

done:
    free(p.pools);
    return status;
}

double patron_normal_normal_mean(const patron_normal_normal *p, double count, double mean, double *deviation)
{
    const double known = count > 0 ? p->between * count : 0, all = known + p->within;
    const double weight = known > 0 ? known / all : 0; /* of the group's own mean */
    if (deviation)
        *deviation = sqrt(p->between * (known > 0 ? p->within / all : 1));
    return p->centre + (weight > 0 ? weight * (mean - p->centre) : 0);
}
