/* The future of someone who is a customer still and may leave at each purchase: λ ~ Gamma(shape, rate) and
 * p ~ Beta(leave, stay). Of the horizon only its length against the rate matters, s = horizon / rate.
 *
 * Were nobody to leave, the number M of purchases would be negative binomial, P(M = n) = (shape)_n / n! z^n
 * (1 - z)^shape with z = s / (1 + s); and the chance to pass up n chances to leave is S_n = (stay)_n /
 * (leave + stay)_n. Expectations are sums over these while they are short; else, integrals over p. */
#include <assert.h>
#include <float.h>
#include <math.h>

#include "forecast/geometric_leaving.h"

ptn_geometric_alive ptn_geometric_alive_at(const double *parameters, double first, double x, double T)
{
    return (ptn_geometric_alive){.shape = parameters[0] + x,
                                 .rate = parameters[1] + T,
                                 .leave = parameters[2],
                                 .stay = parameters[3] + (x + first)};
}

/* ---- means over p and over λ ---- */

/* As functions of v = ln(p / (1 - p)) and of v = ln λ both laws are smooth and vanish at both ends, so that sums over
 * equal steps of v converge exponentially as the step shrinks. An end that vanishes slowly (leave = 0.01) is summed
 * in closed form: far out the law is a geometric sequence, and the function averaged is linear in p. Weights are
 * normalised by their own sum: no constant cancels, be the law ever so narrow. */
enum { NODES_MAX = 1600, LANES = 8 };

typedef struct nodes {
    size_t n;
    double at[NODES_MAX], weight[NODES_MAX]; /* weights sum to 1 */
} nodes;

#define NEGLIGIBLE 1e-15 /* a weight beside the largest */
#define LINEAR     1e-5  /* its square is negligible beside the share of the law that is left out there */
#define NARROW     1e14  /* a law whose v has a variance of 1 / NARROW is as good as its mean */

static void add_node(nodes *set, double at, double weight)
{
    assert(set->n < NODES_MAX);
    set->at[set->n] = at;
    set->weight[set->n++] = weight;
}

/* The rest of a sum of weight × f over `at` and k = 1, 2, ... steps h beyond it, where the distance to `end` shrinks
 * as e^(-h k) and weight × f is e^(-power h k) × (linear in that distance). */
static void close_end(nodes *set, double at, double weight, double end, double weight_to_end, double power,
                      double h)
{
    const double constant = -1 / expm1(-power * h), slope = -1 / expm1(-(power + 1) * h);
    add_node(set, at, weight * slope);
    add_node(set, end, weight_to_end * (constant - slope));
}

static void normalise(nodes *set)
{
    double sum = 0;
    for (size_t i = 0; i < set->n; i++)
        sum += set->weight[i];
    for (size_t i = 0; i < set->n; i++)
        set->weight[i] /= sum;
}

/* A sum over steps h misses the integral by about the Fourier transform of the integrand at 2π / h: for a narrow law,
 * of variance 1 / size in v, that is exp(-(2π / h)² / (2 size)); for a wide one exp(-π / 2 · 2π / h), as the integrand
 * is analytic to a distance of π / 2 at least. Both are 1e-12 with this step. */
static double step_for(double size)
{
    return 2 * M_PI / sqrt(55 * size + 350);
}

/* ln of the density of Beta(a, b) by v, where the odds are e^v times those of the mean, less its maximum:
 * a v - (a + b) ln(q0 + p0 e^v), or the same from the other end, whichever has the smaller terms. odds = e^v. */
static double log_density(double a, double b, double v, double odds)
{
    const bool near = fabs(v) < 0.5; /* e^v - 1 must not lose its digits */
    if (a < b)
        return a * v - (a + b) * log1p(a / (a + b) * (near ? expm1(v) : odds - 1));
    return -b * v - (a + b) * log1p(b / (a + b) * (near ? expm1(-v) : 1 / odds - 1));
}

/* Nodes for E[f(p)] with f falling and convex, p f(p) rising, f(0) / f(1) <= 1 / bend, and f linear for p far below
 * bend. A horizon or discount that nobody means may take too many: the mean is NaN then, and the caller's an error. */
static void leave_nodes(const ptn_geometric_alive *alive, double bend, nodes *set)
{
    const double a = alive->leave, b = alive->stay, sum = a + b, p0 = a / sum, q0 = b / sum;
    const double size = a < b ? a * q0 : b * p0; /* 1 / variance in v, once that is small */
    set->n = 0;
    if (size > NARROW)
        add_node(set, p0, 1);
    else if (p0 < 1e-13 * bend) /* f being convex, the error is below p0 / bend, and below q0 / bend */
        add_node(set, 0, 1);
    else if (q0 < 1e-14 * bend)
        add_node(set, 1, 1);
    else if (!(bend > 1e-110))
        add_node(set, p0, NAN);
    if (set->n > 0)
        return;
    const double h = step_for(size), up = exp(h), down = exp(-h), reach = fmin(1, 1 / sum);
    double odds = 1;
    for (int k = 0;; k--, odds *= down) {
        const double p = p0 * odds / (q0 + p0 * odds), weight = exp(log_density(a, b, k * h, odds));
        if (p < LINEAR * fmin(bend, reach)) {
            close_end(set, p, weight, 0, weight * exp(-sum * log1p(-p)), a, h);
            break;
        }
        if (weight * p0 < NEGLIGIBLE * p) /* f(p) <= f(p0) p0 / p */
            break;
        add_node(set, p, weight);
    }
    odds = up;
    for (int k = 1;; k++, odds *= up) {
        const double total = q0 + p0 * odds, q = q0 / total, weight = exp(log_density(a, b, k * h, odds));
        if (q < LINEAR * reach) {
            close_end(set, 1 - q, weight, 1, weight * exp(-sum * log1p(-q)), b, h);
            break;
        }
        if (weight < NEGLIGIBLE)
            break;
        add_node(set, p0 * odds / total, weight);
    }
    normalise(set);
}

/* Nodes for E[f(g)], g ~ Gamma(shape, 1), with f falling, g f(g) rising, and f linear for g far below bend. */
static void rate_nodes(double shape, double bend, nodes *set)
{
    const double h = step_for(shape), from_zero = LINEAR * fmin(bend, 1);
    set->n = 0;
    if (shape > NARROW) {
        add_node(set, shape, 1);
        return;
    }
    for (int k = 0;; k--) {
        const double v = k * h, change = expm1(v), g = shape * (1 + change);
        const double weight = exp(shape * (v - change));
        if (g < from_zero) {
            close_end(set, g, weight, 0, exp(shape * (v + 1)), shape, h);
            break;
        }
        if (weight * shape < NEGLIGIBLE * g)
            break;
        add_node(set, g, weight);
    }
    for (int k = 1;; k++) {
        const double v = k * h, change = expm1(v), weight = exp(shape * (v - change));
        if (weight < NEGLIGIBLE)
            break;
        add_node(set, shape * (1 + change), weight);
    }
    normalise(set);
}

/* ---- expected purchases ---- */

/* E[N] = Σ_n P(M = n) (S_0 + ... + S_(n-1)): of n purchases that a faithful customer would make, the k-th is made if
 * the k - 1 chances before it were passed up. All terms are positive, whatever leave is; they end like z^n. */
static double purchases_by_series(const ptn_geometric_alive *alive, double s)
{
    const double z = s / (1 + s), shape = alive->shape, stay = alive->stay, sum = alive->leave + stay;
    double p = exp(-shape * log1p(s)), stays = 1, made = 0, purchases = 0;
    for (double n = 0;; n++) {
        const double inverse = 1 / ((n + 1) * (sum + n)); /* one division for both recurrences */
        made += stays;
        stays *= (stay + n) * (n + 1) * inverse;
        p *= z * (shape + n) * (sum + n) * inverse;
        purchases += p * made;
        if (((int)n & 7) != 7)
            continue;
        /* from here on p falls at least as fast as ratio^k, and `made` grows by `stays` at most */
        const double ratio = z * fmax(1, (shape + n) / (n + 1));
        if (ratio < 1 && p * (made + stays / (1 - ratio)) <= 1e-16 * purchases * (1 - ratio))
            return purchases;
    }
}

/* E[N] = E[(1 - (1 + p s)^-shape) / p], λ being integrated out. */
static double purchases_by_quadrature(const ptn_geometric_alive *alive, double s)
{
    nodes set;
    leave_nodes(alive, 1 / fmax(1, alive->shape * s + s), &set);
    double purchases = 0;
    for (size_t i = 0; i < set.n; i++) {
        const double p = set.at[i];
        purchases += set.weight[i] * (p > 0 ? -expm1(-alive->shape * log1p(p * s)) / p : alive->shape * s);
    }
    return purchases;
}

/* The series serves up to about s = 9 or 200 purchases, nearly everyone; the integral, of 60 to 150 nodes, the rest. */
double ptn_geometric_purchases(const ptn_geometric_alive *alive, double horizon)
{
    const double s = horizon / alive->rate, mean = alive->shape * s;
    const double terms = mean + 8.5 * sqrt(mean * (1 + s)) + 40 * (1 + s); /* of the series, about, at most */
    return terms < 400 ? purchases_by_series(alive, s) : purchases_by_quadrature(alive, s);
}

/* ---- residual purchases ---- */

/* The sum over both sets of weight × weight / (y + g p). */
static double mean_quotient(nodes *g, nodes *p, double y)
{
    if (p->n % 2 != 0)
        add_node(p, 1, 0);
    while (g->n % LANES != 0)
        add_node(g, 1, 0);
    double sum = 0;
    for (size_t i = 0; i < g->n; i += LANES) {
        double over_p[LANES] = {0};
        for (size_t k = 0; k < p->n; k += 2)
            for (size_t lane = 0; lane < LANES; lane++) { /* two quotients by one division */
                const double one = y + g->at[i + lane] * p->at[k], two = y + g->at[i + lane] * p->at[k + 1];
                over_p[lane] += (p->weight[k] * two + p->weight[k + 1] * one) / (one * two);
            }
        for (size_t lane = 0; lane < LANES; lane++)
            sum += g->weight[i + lane] * over_p[lane];
    }
    return sum;
}

/* E[λ / (discount + λ p)] = shape · E[1 / (y + g p)] with y = discount × rate and g ~ Gamma(shape + 1, 1). */
double ptn_geometric_residual(const ptn_geometric_alive *alive, double discount)
{
    const double y = discount * alive->rate, a = alive->leave, b = alive->stay;
    if (y == 0 || (y < 1e-100 && a > 1.2)) /* the rest is of the order of y^(a - 1) */
        return a > 1 ? 1 + b / (a - 1) : INFINITY;
    if (!(y > 1e-100))
        return NAN;
    if (y > 1e100)
        return alive->shape / y;
    nodes g, p;
    rate_nodes(alive->shape + 1, y, &g);
    double most = 0;
    for (size_t i = 0; i < g.n; i++)
        most = fmax(most, g.at[i]);
    leave_nodes(alive, y / (y + most), &p);
    return alive->shape * mean_quotient(&g, &p, y);
}

/* ---- the law of the number of purchases ---- */

/* P(M >= n) from P(M = n), by positive terms. */
static double negative_binomial_tail(double shape, double z, double n, double p)
{
    double sum = 0;
    for (;; n++) {
        sum += p;
        const double ratio = z * (shape + n) / (n + 1), at_most = fmax(z, ratio);
        p *= ratio;
        const double negligible =
            fmax(1e-16 * sum * (1 - at_most), DBL_MIN); /* subnormal numbers stop falling */
        if (at_most < 1 && p <= negligible)
            return sum;
    }
}

/* P(N = n) = S_n P(M = n) + (S_(n-1) - S_n) P(M >= n): made n, passing up every chance, or left at the n-th.
 *
 * P(M = n) goes up by its recurrence, block by block; where its start underflows, with powers of two set aside.
 * P(M >= n) goes down by subtraction while it is near one; once it has fallen, it is summed anew at the end of a block
 * and goes back up from there, so that it keeps its digits however small it becomes. */
size_t ptn_geometric_pmf(const ptn_geometric_alive *alive, double horizon, double enough, double *pmf,
                         size_t count)
{
    enum { BLOCK = 32, BITS = 500 };
    if (count == 0)
        return 0;
    const double s = horizon / alive->rate, z = s / (1 + s), shape = alive->shape, stay = alive->stay;
    const double sum = alive->leave + stay, log_none = -shape * log1p(s);
    /* beyond a million blocks every count that anyone asks for has probability 0 */
    int set_aside = log_none < -600 ? (int)fmin(ceil((-600 - log_none) / (BITS * M_LN2)), 1e6) : 0;
    double scaled = exp(log_none + set_aside * (BITS * M_LN2)); /* P(M = n) 2^(BITS × set_aside) */
    double tail = -expm1(log_none), exact_tail = tail, stays = 1;
    double cumulative = pmf[0] = ldexp(scaled, -BITS * set_aside);

    size_t written = 1;
    while (written < count && cumulative < enough) {
        const size_t begin = written;
        double p[BLOCK], at_least[BLOCK]; /* P(M = n), P(M >= n) for n = begin + i */
        for (int i = 0; i < BLOCK; i++) {
            const double n = (double)begin + i;
            scaled *= z * (shape + (n - 1)) / n;
            if (set_aside > 0 && scaled > 1) {
                scaled = ldexp(scaled, -BITS);
                set_aside--;
            }
            p[i] = set_aside > 0 ? ldexp(scaled, -BITS * set_aside) : scaled;
            at_least[i] = tail;
            tail -= p[i];
        }
        if (tail < 0.3 * exact_tail) {
            const double n = (double)begin + BLOCK;
            tail = exact_tail = negative_binomial_tail(shape, z, n, scaled * (z * (shape + (n - 1)) / n));
            double sum_down = tail;
            for (int i = BLOCK - 1; i >= 0; i--)
                at_least[i] = sum_down += p[i];
        }
        for (int i = 0; i < BLOCK && written < count && cumulative < enough; i++) {
            const size_t n = written++;
            const double inverse = 1 / (sum + (double)(n - 1)), leaves = stays * alive->leave * inverse;
            stays *= (stay + (double)(n - 1)) * inverse;
            pmf[n] = stays * p[i] + leaves * at_least[i];
            cumulative += pmf[n];
        }
    }
    return written;
}
