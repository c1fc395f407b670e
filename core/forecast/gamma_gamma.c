/* Gamma-Gamma: what someone spends varies from purchase to purchase around a personal mean, and the means vary
 * over people. Letters as in Fader, Hardie & Lee (2005): spend of one purchase ~ Gamma(p, nu), nu ~ Gamma(q,
 * gamma), x purchases with mean z. Then x z / gamma ~ BetaPrime(px, q), and the density of z given x is
 *     s^(px) (1 - s)^q / (z B(px, q)),   s = x z / (gamma + x z),
 * which is their equation for it, and lifetimes' and CLVTools', in a form that loses no digits for large p or q.
 *
 * Money is counted in the geometric mean of the z, so that the fit is free of its unit. The search runs over
 * ln p, ln(q - 1), ln gamma: q > 1, or the mean spend of a population would be infinite. The weak prior: normals
 * around 0 on these three.
 *
 * Interior or boundary, as in fit.c: a limit is tried when the search left a direction open or ended far from 1 on its
 * side, and is reported when it explains the spends as well to a hundredth of a unit of log-likelihood. Far is 20 times
 * for q - 1, where all that the limit takes away is the mean of newcomers; and 400 times for q and p upward, as those
 * limits take a customer's own mean for nothing, or for all there is to know, and a small base should not. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "math/gamma.h"
#include "math/linear.h"
#include "math/minimise.h"
#include "math/stirling.h"
#include "patron/spend.h"

static const double prior_sd[3] = {3, 3, 4};
static const double TAIL_AT = -3, SHAPE_AT = 6; /* ln(1/20), ln 400 */
static const double OPEN_CURVATURE = 0.05;      /* of the whole log-likelihood; less than the prior's */
static const double EMPTY_CURVATURE = 1e-4;
static const double AS_WELL = 0.01;   /* units of log-likelihood */
static const double ONE_PRICE = 1e-3; /* relative difference of means that are as good as equal */

/* What stands for infinity (beside counts of purchases), and for a q of 1. */
static const double HUGE_SHAPE = 1e12, TINY_TAIL = 1e-9;

/* Rows sorted by x, so that what depends on x alone is computed once for each. */
typedef struct row {
    double x, log_z, weight;
} row;

/* What is searched: the whole model, or what it comes to toward a limit. */
typedef enum limit { NONE, HEAVY_TAIL, ALL_ALIKE, SAME_EACH_TIME, LIMITS } limit;

static const char *const limit_name[LIMITS] = {"", "heavy_tail", "all_alike", "same_each_time"};

typedef struct search {
    limit toward;
    row *rows;
    size_t n;
    double customers, log_unit; /* log_z of a row is ln(z / unit) */
    double log_z;               /* sum of weight × log_z */
    const patron_fit_options *options;
    bool prior, cancelled;
    unsigned evaluations, iterations;
} search;

/* ---- the likelihood ---- */

/* With a = px, b = q, m = a / (a + b) and d = logit s - logit m = ln(q z / (p gamma)), which does not depend on x,
 *     ln s - ln m = -ln(1 + (1 - m)(e^-d - 1)),   ln(1 - s) - ln(1 - m) = -ln(1 + m (e^d - 1)),
 * and the second is the first less d. The one that holds the smaller of m and 1 - m is computed. */

/* s^a (1 - s)^b / B(a, b) at s = m. */
static double log_peak(double a, double b)
{
    if (a < 10 || b < 10)
        return -a * log1p(b / a) - b * log1p(a / b) - ptn_lbeta(a, b);
    const double errors = ptn_stirling_error(a) + ptn_stirling_error(b) - ptn_stirling_error(a + b);
    return 0.5 * log(a / (a + b) * (b / (2 * M_PI))) - errors;
}

/* ln x - digamma(x). */
static double log_less_digamma(double x)
{
    if (x < 10)
        return log(x) - ptn_digamma(x);
    const double v = 1 / x;
    return v * (0.5 + v * ptn_stirling_sum(ptn_stirling_h, v * v));
}

/* Sum over the rows of weight × log density, and its gradient by ln p, q, ln gamma. */
static double log_likelihood(const search *d, const patron_gamma_gamma *g, double gradient[3])
{
    const double log_middle = log(g->p) + log(g->gamma) - log(g->q);
    double sum = -d->log_z;
    memset(gradient, 0, 3 * sizeof *gradient);
    for (size_t i = 0; i < d->n;) {
        const double x = d->rows[i].x, a = g->p * x, b = g->q;
        const bool left = a < b; /* m is the smaller */
        const double smaller = (left ? a : b) / (a + b), log_smaller = log(smaller);
        double w = 0, logs = 0, offs = 0, moved = 0;
        for (; i < d->n && d->rows[i].x == x; i++) {
            const double weight = d->rows[i].weight, off = d->rows[i].log_z - log_middle;
            const double e = left ? off : -off;
            const double grown = e < 300 ? smaller * expm1(e) : INFINITY;
            w += weight;
            offs += weight * e;
            logs -= weight * (e < 300 ? log1p(grown) : log_smaller + e);
            moved += weight * (1 - smaller) * (e < 300 ? grown / (1 + grown) : 1); /* of s or 1 - s */
        }
        const double log_s = logs + (left ? offs : 0),
                     log_rest = logs + (left ? 0 : offs); /* less ln m, ln(1 - m) */
        const double all = log_less_digamma(a + b);
        sum += (a + b) * logs + (left ? a : b) * offs + w * log_peak(a, b);
        gradient[0] += a * (log_s + w * (log_less_digamma(a) - all));
        gradient[1] += log_rest + w * (log_less_digamma(b) - all);
        gradient[2] += (a + b) * (left ? moved : -moved);
    }
    return sum;
}

/* ---- the search ---- */

static unsigned free_count(limit toward)
{
    return toward == NONE ? 3 : 2;
}

static patron_gamma_gamma place(limit toward, const double *v)
{
    switch (toward) {
    case HEAVY_TAIL: return (patron_gamma_gamma){exp(v[0]), 1 + TINY_TAIL, exp(v[1])};
    case ALL_ALIKE: return (patron_gamma_gamma){exp(v[0]), HUGE_SHAPE, HUGE_SHAPE * exp(v[1])};
    case SAME_EACH_TIME: return (patron_gamma_gamma){HUGE_SHAPE, 1 + exp(v[0]), exp(v[1]) / HUGE_SHAPE};
    default: return (patron_gamma_gamma){exp(v[0]), 1 + exp(v[1]), exp(v[2])};
    }
}

static double log_prior(const search *d, const double *v)
{
    double sum = 0;
    for (int k = 0; k < 3 && d->prior && d->toward == NONE; k++)
        sum -= 0.5 * v[k] * v[k] / (prior_sd[k] * prior_sd[k]);
    return sum;
}

static bool objective(void *context, const double *v, double *value, double *gradient)
{
    search *d = context;
    const patron_gamma_gamma g = place(d->toward, v);
    double by[3], by_v[3];
    const double sum = log_likelihood(d, &g, by);
    d->evaluations++;
    if (d->options && d->options->progress
        && !d->options->progress(d->options->context, d->evaluations, sum - d->customers * d->log_unit)) {
        d->cancelled = true;
        return false;
    }
    by_v[0] = d->toward == SAME_EACH_TIME ? (g.q - 1) * by[1] : by[0];
    by_v[1] = d->toward == NONE ? (g.q - 1) * by[1] : by[2];
    by_v[2] = by[2];
    *value = -(sum + log_prior(d, v)) / d->customers;
    for (unsigned k = 0; k < free_count(d->toward); k++) {
        const double pull = d->prior && d->toward == NONE ? v[k] / (prior_sd[k] * prior_sd[k]) : 0;
        gradient[k] = (pull - by_v[k]) / d->customers;
    }
    return true;
}

/* Where a search ended. */
typedef struct ending {
    limit toward;
    bool settled,
        open; /* in an optimum with curvature all round; with none, or hardly any, in some direction */
    double v[3], log_likelihood;
    ptn_minimum minimum;
} ending;

static void run(search *d, limit toward, ending *end)
{
    static const double start[LIMITS][3] = {{0.7, 1, 0.7}, {0.7, 0.7}, {0.7, -0.7}, {1, 1}};
    const ptn_minimise_options options = {.flat = DBL_MIN}; /* the curvature is judged below */
    d->toward = toward;
    *end = (ending){.toward = toward};
    memcpy(end->v, start[toward], sizeof end->v);
    ptn_minimise(free_count(toward), objective, d, &options, end->v, &end->minimum);
    const ptn_minimum *m = &end->minimum;
    const double curvature = m->smallest_eigenvalue * d->customers;
    const bool halted = m->status == PTN_MINIMISE_STUCK || m->status == PTN_MINIMISE_FLAT;
    d->iterations += m->iterations;
    end->log_likelihood = isfinite(m->value) ? -m->value * d->customers - log_prior(d, end->v) : -INFINITY;
    end->settled = curvature > EMPTY_CURVATURE
                   && (m->status == PTN_MINIMISE_FOUND || (halted && m->largest_gradient < 1e-6));
    end->open = !end->settled || curvature < OPEN_CURVATURE;
}

static bool points_to(limit toward, const double *v)
{
    return toward == HEAVY_TAIL ? v[1] < TAIL_AT : v[toward == ALL_ALIKE] > SHAPE_AT;
}

/* The whole model's ending, or that of the limit which explains the spends best and as well. */
static void search_all(search *d, ending *best)
{
    ending end;
    run(d, NONE, best);
    const ending whole = *best;
    double needed = whole.log_likelihood - AS_WELL - 1e-9 * d->customers; /* and its rounding */
    for (limit toward = HEAVY_TAIL; toward < LIMITS && !d->cancelled; toward++) {
        if (!whole.open && !points_to(toward, whole.v))
            continue;
        run(d, toward, &end);
        if (end.settled && end.log_likelihood >= needed) {
            *best = end;
            needed = end.log_likelihood;
        }
    }
}

/* ---- rows in, report out ---- */

static int by_x(const void *a, const void *b)
{
    const row *l = a, *r = b;
    if (l->x != r->x)
        return l->x < r->x ? -1 : 1;
    if (l->log_z != r->log_z)
        return l->log_z < r->log_z ? -1 : 1;
    return (l->weight > r->weight) - (l->weight < r->weight);
}

static patron_status take_rows(const patron_spends *spends, search *d, patron_error *err)
{
    d->n = spends->n;
    d->rows = malloc((d->n + 1) * sizeof *d->rows);
    if (!d->rows)
        return ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu rows of spend", d->n);
    for (size_t i = 0; i < d->n; i++) {
        const double x = spends->purchases[i], z = spends->mean[i],
                     w = spends->weight ? spends->weight[i] : 1;
        if (!(x >= 1 && x <= 1e6 && x == floor(x)) || !(z > 0 && isfinite(z)) || !(w > 0 && isfinite(w)))
            return ptn_fail(
                err, PATRON_EDATA,
                "row %zu (purchases %g, mean %g, customers %g): purchases are whole, 1 to 10^6, the "
                "mean and the customers above 0",
                i + 1, x, z, w);
        d->rows[i] = (row){x, log(z), w};
    }
    qsort(d->rows, d->n, sizeof *d->rows, by_x); /* sums do not depend on the order of the rows */
    for (size_t i = 0; i < d->n; i++) {
        d->customers += d->rows[i].weight;
        d->log_unit += d->rows[i].weight * d->rows[i].log_z;
    }
    if (d->n == 0 || d->customers < 2)
        return ptn_fail(err, PATRON_EDATA, "spends of %g customers: two at least are needed", d->customers);
    d->log_unit /= d->customers;
    for (size_t i = 0; i < d->n; i++) {
        d->rows[i].log_z -= d->log_unit;
        d->log_z += d->rows[i].weight * d->rows[i].log_z;
    }
    return PATRON_OK;
}

static bool one_price(const search *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (fabs(d->rows[i].log_z) > ONE_PRICE)
            return false;
    return true;
}

static void report_errors(const search *d, const ending *end, patron_spend_fit *fit)
{
    const unsigned n = free_count(end->toward);
    const patron_gamma_gamma *g = &fit->parameters;
    double factor[PTN_MINIMISE_MAX * PTN_MINIMISE_MAX], inverse[9];
    memcpy(factor, end->minimum.hessian, n * n * sizeof *factor);
    if (!ptn_cholesky(n, factor))
        return; /* a settled search has curvature all round */
    ptn_cholesky_inverse(n, factor, inverse);
    const double first = sqrt(inverse[0] / d->customers), second = sqrt(inverse[n + 1] / d->customers);
    if (end->toward == SAME_EACH_TIME)
        fit->standard_error[1] = (g->q - 1) * first;
    else
        fit->standard_error[0] = g->p * first;
    if (end->toward == NONE) {
        fit->standard_error[1] = (g->q - 1) * second;
        fit->standard_error[2] = g->gamma * sqrt(inverse[8] / d->customers);
    } else if (end->toward == HEAVY_TAIL) {
        fit->standard_error[2] = g->gamma * second;
    }
}

static void report(search *d, const ending *end, patron_spend_fit *fit)
{
    fit->status = end->toward == NONE ? PATRON_FIT_INTERIOR : PATRON_FIT_BOUNDARY;
    strcpy(fit->limit, limit_name[end->toward]);
    fit->parameters = place(end->toward, end->v);
    fit->parameters.gamma *= exp(d->log_unit);
    /* the density of z in money is that of z / unit, divided by the unit */
    fit->log_likelihood = end->log_likelihood - d->customers * d->log_unit;
    d->toward = end->toward;
    fit->prior_weight = log_prior(d, end->v);
    report_errors(d, end, fit);
}

/* The density of one price has no bound, and no spread to be learned. */
static void report_one_price(const search *d, patron_spend_fit *fit)
{
    fit->status = PATRON_FIT_BOUNDARY;
    strcpy(fit->limit, "one_price");
    fit->parameters = (patron_gamma_gamma){HUGE_SHAPE, HUGE_SHAPE, exp(d->log_unit)};
    fit->log_likelihood = INFINITY;
    fit->prior_weight = 0;
}

patron_status patron_gamma_gamma_fit(const patron_spends *spends, const patron_fit_options *options,
                                     patron_spend_fit *fit, patron_error *err)
{
    patron_status status = PATRON_OK;
    search d = {.options = options, .prior = !options || options->prior == PATRON_PRIOR_WEAK};
    ending end;
    *fit = (patron_spend_fit){.parameters = {NAN, NAN, NAN},
                              .standard_error = {NAN, NAN, NAN},
                              .log_likelihood = NAN,
                              .prior_weight = NAN};
    if (options && options->prior != PATRON_PRIOR_WEAK && options->prior != PATRON_PRIOR_NONE)
        return ptn_fail(err, PATRON_EINVAL, "there is no prior number %d", (int)options->prior);
    PTN_TRY(take_rows(spends, &d, err));
    fit->customers = d.customers;
    if (one_price(&d)) {
        report_one_price(&d, fit);
        goto done;
    }
    search_all(&d, &end);
    fit->iterations = d.iterations;
    fit->evaluations = d.evaluations;
    if (d.cancelled)
        status =
            ptn_fail(err, PATRON_ECANCELLED, "gamma_gamma: cancelled after %u evaluations", d.evaluations);
    else if (!end.settled)
        status = ptn_fail(err, PATRON_ENUMERIC,
                          "gamma_gamma: no best fit to the spends of %g customers after %u evaluations "
                          "(largest gradient %.1e)%s",
                          d.customers, d.evaluations, end.minimum.largest_gradient,
                          d.prior ? "" : "; the weak prior may help");
    else
        report(&d, &end, fit);

done:
    free(d.rows);
    return status;
}

/* ---- what it says of a customer ---- */

double patron_gamma_gamma_scale(const patron_gamma_gamma *g, double purchases, double mean)
{
    return g->gamma + (purchases > 0 ? purchases * mean : 0);
}

double patron_gamma_gamma_mean(const patron_gamma_gamma *g, double purchases, double mean)
{
    return g->p * patron_gamma_gamma_scale(g, purchases, mean) / (g->p * purchases + g->q - 1);
}
