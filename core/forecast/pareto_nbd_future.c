#include "forecast/pareto_nbd_future.h"

#include "math/gamma.h"
#include "math/logspace.h"
#include "math/vector.h"

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
    for (unsigned piece = 0; piece < rule.pieces; piece++) {
        double v[PTN_RULE_MAX], e[PTN_RULE_MAX];
        for (unsigned k = 0; k < rule.n; k++)
            v[k] = (piece + rule.node[k].at) * (width / rule.pieces);
        ptn_expm1s(rule.n, v, e);
        for (unsigned k = 0; k < rule.n; k++)
            e[k] = (1 - s) * v[k] - c * e[k];
        ptn_exps(rule.n, e, e);
        for (unsigned k = 0; k < rule.n; k++)
            sum += rule.node[k].weight * e[k];
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

enum { RING = 16 };

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
    two term[PTN_RULE_MAX / 2 + 2], q[PTN_RULE_MAX / 2 + 2]; /* zeros fill up */
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
    const double pieces = fmax(1, ceil(f.spread / 15)), each = fmax(7, f.spread / pieces);
    f.rule = ptn_rule_for(0, 0.52 * each * each);
    f.rule.pieces = (unsigned)pieces;
    return f;
}

/* Where, by the clock, so many pieces end: near enough. */
static double boundary(const future *f, unsigned pieces)
{
    const double wanted = f->spread * pieces / f->rule.pieces;
    double low = 0, high = f->end;
    if (pieces == f->rule.pieces)
        return high;
    for (;;) {
        const double middle = 0.5 * (low + high), spread = spread_until(f, middle);
        if (fabs(spread - wanted) < 0.25 || middle == low || middle == high)
            return middle;
        *(spread < wanted ? &low : &high) = middle;
    }
}

static piece plan(const future *f, unsigned index, double begin)
{
    const double end = boundary(f, index + 1), u = f->clock.near * expm1(begin),
                 u_end = f->clock.near * expm1(end);
    return (piece){.begin = begin,
                   .end = end,
                   .ln_q = log(u / (f->a + u)),
                   .fall = ptn_clock_fall(&f->clock, begin),
                   .q_end = u_end / (f->a + u_end)};
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
    ptn_moments m;
    double q[PTN_RULE_MAX], term[PTN_RULE_MAX];
    ptn_clock_look(&f->clock, &f->rule, planned->begin, planned->end - planned->begin, &m);
    for (unsigned k = 0; k < m.n; k++) {
        q[k] = m.u[k] / (f->a + m.u[k]);
        term[k] = ln_term(n, ln_rising, n > 0 ? log(q[k]) : 0, m.fall[k]);
    }
    ptn_exps(m.n, term, term);
    for (unsigned k = 0; k < m.n; k++)
        set_node(planned, q[k], m.weight[k] * term[k]);
    if (planned->end == f->end) {
        const double last_q = f->horizon / (f->a + f->horizon);
        const double fall = ptn_clock_fall(&f->clock, log1p(f->horizon / f->clock.near));
        set_node(planned, last_q, exp(ln_term(n, ln_rising, n > 0 ? log(last_q) : 0, fall)));
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
