#include "forecast/pareto_nbd_future.h"

#include "math/gamma.h"
#include "math/logspace.h"

/* Buying rate × the integral of the chance to be a customer until then, (b / (b + u))^s. */
double ptn_pareto_nbd_purchases(const ptn_rates *p, double x, double T, double horizon)
{
    const double a = p->alpha + T, b = p->beta + T;
    return (p->r + x) / a * b * ptn_expm1_over(1 - p->s, log1p(horizon / b));
}

/* Integral over u > 0 of e^(-discount u) (b / (b + u))^s: with v = ln(1 + u / b), b times that of e^-g,
 * g(v) = discount b (e^v - 1) + (s - 1) v, up to where g has grown by 40 at least. */
static double discounted_life(double s, double b, double discount)
{
    const double c = discount * b, enough = 40;
    double width = log1p(enough / c);
    if (s > 1)
        width = fmin(width, enough / (s - 1 + c));
    else
        for (int i = 0; i < 3; i++)
            width = log1p((enough + (1 - s) * width) / c);
    const ptn_rule rule = ptn_rule_for(width, 0.75 * enough); /* it falls late: like e^-e^v */
    double sum = 0;
    for (unsigned piece = 0; piece < rule.pieces; piece++)
        for (unsigned k = 0; k < rule.n; k++) {
            const double v = (piece + rule.node[k].at) * (width / rule.pieces);
            sum += rule.node[k].weight * exp((1 - s) * v - c * expm1(v));
        }
    return b * sum * (width / rule.pieces);
}

double ptn_pareto_nbd_residual(const ptn_rates *p, double x, double T, double discount)
{
    const double rate = (p->r + x) / (p->alpha + T), b = p->beta + T;
    if (discount == 0)
        return p->s > 1 ? rate * b / (p->s - 1) : INFINITY;
    return rate * discounted_life(p->s, b, discount);
}

/* ---- the law of the count ----
 * Given that they leave u from now (or not within the horizon: u = horizon), the count is negative binomial,
 *     P(n | u) = (r + x)_n / n! q^n (1 + u / a)^-(r + x),    q = u / (a + u),
 * so with kept(u) as in pareto_nbd_integral.h
 *     P(n) = (r + x)_n / n! { kept(horizon) q(horizon)^n + integral of s / (b + u) kept(u) q(u)^n du },
 * a sum of terms, one a node, each of which grows by q (r + x + n) / (n + 1) from n to n + 1.
 *
 * The time until the horizon is cut into pieces. A piece is computed, in logs, when the count comes near it,
 * and dropped when the count has left it: large counts do not underflow, and cost no more than the few
 * pieces around them. */

enum { NODES = 32, RING = 16 };

typedef double two __attribute__((vector_size(16))); /* two numbers at a time, in GCC and clang */

typedef struct future {
    ptn_clock clock;
    double a, b, buy, s; /* alpha + T, beta + T, r + x */
    double horizon;
    double end; /* by the clock: the horizon, or when surely nobody is left */
    double spread;
    ptn_rule rule;
} future;

/* The nodes from `begin` to `end` by the clock, rising; the last piece has the horizon as one more. */
typedef struct piece {
    double begin, end;
    double ln_q, fall; /* at begin */
    double q_end;
    unsigned n;
    two term[NODES / 2 + 2], q[NODES / 2 + 2]; /* zeros fill up */
} piece;

/* How much there is to resolve up to v. As a function of ln u, q^n kept has a peak where kept has fallen by
 * e^-n, whose width is 1 / sqrt(n), or 1 / sqrt(r + x) and 1 / sqrt(s) once u is beyond a and b: `widths`
 * counts them. The clock needs its own. */
static double spread_until(const future *f, double v)
{
    const double u = f->clock.near * expm1(v);
    const double widths = 2 * hypot(sqrt(f->buy) * asinh(sqrt(u / f->a)), sqrt(f->s) * asinh(sqrt(u / f->b)));
    return widths + 2 * v;
}

/* 32 nodes resolve a spread of 15.5 to 1e-10, and 16 one of 7 (tests/oracle/pareto_nbd.csv). */
static future look_ahead(const ptn_rates *p, double x, double T, double horizon)
{
    const double nobody = 700; /* -ln of the chance to be there still */
    future f = {
        .clock = ptn_clock_from(p, x, T), .a = p->alpha + T, .b = p->beta + T, .buy = p->r + x, .s = p->s};
    f.horizon = horizon;
    f.end = log1p(fmin(horizon, f.b * expm1(nobody / f.s)) / f.clock.near);
    f.spread = spread_until(&f, f.end);
    const double pieces = fmax(1, ceil(f.spread / 15.5)), each = fmax(7, f.spread / pieces);
    f.rule = ptn_rule_for(0, 0.52 * each * each);
    f.rule.pieces = (unsigned)pieces;
    return f;
}

/* Where, by the clock, so many pieces end. */
static double boundary(const future *f, unsigned pieces)
{
    const double wanted = f->spread * pieces / f->rule.pieces;
    double low = 0, high = f->end;
    if (pieces == f->rule.pieces)
        return high;
    for (int i = 0; i < 12; i++) { /* near enough */
        const double middle = 0.5 * (low + high);
        *(spread_until(f, middle) < wanted ? &low : &high) = middle;
    }
    return low;
}

static piece plan(const future *f, unsigned index, double begin)
{
    const ptn_moment m = ptn_moment_at(&f->clock, begin);
    const double end = boundary(f, index + 1), u_end = f->clock.near * expm1(end);
    return (piece){.begin = begin,
                   .end = end,
                   .q_end = u_end / (f->a + u_end),
                   .ln_q = log(m.u / (f->a + m.u)),
                   .fall = m.fall};
}

static double ln_term(double n, double ln_rising, double ln_q, double fall)
{
    return ln_rising + (n > 0 ? n * ln_q : 0) - fall;
}

static void set_node(piece *p, double q, double term)
{
    p->q[p->n / 2][p->n % 2] = q;
    p->term[p->n / 2][p->n % 2] = term;
    p->n++;
}

/* Computes the terms of a planned piece at count n. */
static void wake(const future *f, piece *planned, double n)
{
    const double ln_rising = n > 0 ? ptn_lgamma_ratio(f->buy, n) - ptn_lgamma(n + 1) : 0;
    const double width = planned->end - planned->begin;
    for (unsigned k = 0; k < f->rule.n; k++) {
        const ptn_moment m = ptn_moment_at(&f->clock, planned->begin + f->rule.node[k].at * width);
        const double q = m.u / (f->a + m.u), weight = f->rule.node[k].weight * width * m.leaving_density;
        set_node(planned, q, weight * exp(ln_term(n, ln_rising, n > 0 ? log(q) : 0, m.fall)));
    }
    if (planned->end == f->end) {
        const double q = f->horizon / (f->a + f->horizon);
        const double fall = ptn_moment_at(&f->clock, log1p(f->horizon / f->clock.near)).fall;
        set_node(planned, q, exp(ln_term(n, ln_rising, n > 0 ? log(q) : 0, fall)));
    }
}

/* Sum of the terms, each of which goes on to the next count. */
static double step_on(piece *awake, double growth)
{
    two even = {0}, odd = {0};
    for (unsigned k = 0; 2 * k < awake->n; k += 2) {
        even += awake->term[k];
        odd += awake->term[k + 1];
        awake->term[k] *= awake->q[k] * growth;
        awake->term[k + 1] *= awake->q[k + 1] * growth;
    }
    even += odd;
    return even[0] + even[1];
}

size_t ptn_pareto_nbd_pmf(const ptn_rates *p, double x, double T, double horizon, double enough, double *pmf,
                          size_t count)
{
    const double nearby = -200; /* ln of a term that wakes a piece */
    const double gone = 1e-20;  /* share of the sum at which it is dropped */
    const future f = look_ahead(p, x, T, horizon);
    piece ring[RING]; /* pieces first .. next - 1 are awake; piece `next`, unless past the last, is planned */
    unsigned first = 0, next = 0;
    double ln_rising = 0, cumulative = 0;
    ring[0] = plan(&f, 0, 0);
    for (size_t n = 0; n < count; n++) {
        const double growth = (f.buy + (double)n) / ((double)n + 1);
        while (next < f.rule.pieces && next - first + 1 < RING) {
            piece *planned = &ring[next % RING];
            if (!(ln_term((double)n, ln_rising, planned->ln_q, planned->fall) > nearby))
                break;
            wake(&f, planned, (double)n);
            if (++next < f.rule.pieces)
                ring[next % RING] = plan(&f, next, planned->end);
        }
        double sum = 0, oldest = 0;
        for (unsigned i = first; i < next; i++) {
            const double part = step_on(&ring[i % RING], growth);
            sum += part;
            oldest = i == first ? part : oldest;
        }
        const piece *tail = &ring[first % RING];
        if (next - first > 1 && oldest < gone * sum && tail->q_end * growth < 1)
            first++;
        pmf[n] = sum;
        cumulative += sum;
        if (cumulative >= enough)
            return n + 1;
        if (next < f.rule.pieces)
            ln_rising += log(growth);
    }
    return count;
}
