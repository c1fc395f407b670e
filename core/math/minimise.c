/* BFGS: the inverse Hessian is guessed from differences of the gradient along the steps taken. An evaluation
 * may be a pass over millions of states, so the guess starts from the true curvature at the start (n
 * evaluations) and is replaced by the true one once the steps are short (2n more, needed for the answer
 * anyway), after which steps are Newton's. */
#include "math/minimise.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "math/linear.h"

enum { MAX = PTN_MINIMISE_MAX };

typedef struct point {
    double x[MAX], value, gradient[MAX];
} point;

typedef struct search {
    unsigned n;
    ptn_objective objective;
    void *context;
    double tolerance, bound, flat;
    point at;                  /* the best point so far */
    double inverse[MAX * MAX]; /* guess of the inverse Hessian there */
    double hessian[MAX * MAX], values[MAX],
        hessian_x[MAX]; /* the true one, its eigenvalues, where it was taken, */
    double asymmetry;   /* and its two halves' largest difference: its error */
    bool has_hessian, stopped;
    unsigned evaluations;
} search;

static double largest(unsigned n, const double *v)
{
    double high = 0;
    for (unsigned i = 0; i < n; i++)
        high = isnan(v[i]) ? INFINITY : fmax(high, fabs(v[i]));
    return high;
}

static double dot(unsigned n, const double *a, const double *b)
{
    double sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* out = inverse × v */
static void times(unsigned n, const double *matrix, const double *v, double *out)
{
    for (unsigned i = 0; i < n; i++)
        out[i] = dot(n, matrix + i * n, v);
}

/* Differences of the value below this are rounding. */
static double noise(double value)
{
    return 64 * DBL_EPSILON * fabs(value);
}

static double natural(double x)
{
    return fmax(1, fabs(x));
}

/* Fills value and gradient at p->x; false: the objective stopped. What is not finite becomes value = inf, a
 * wall. */
static bool evaluate(search *s, point *p)
{
    s->evaluations++;
    if (!s->objective(s->context, p->x, &p->value, p->gradient)) {
        s->stopped = true;
        return false;
    }
    if (!isfinite(p->value) || !isfinite(largest(s->n, p->gradient)))
        p->value = INFINITY;
    return true;
}

/* ---- curvature ---- */

/* Column i of the Hessian from the gradient a step ahead and, when central, behind; whichever side is a wall
 * is left out. False: stopped, or walls on both sides. */
static bool column(search *s, unsigned i, bool central, double *out)
{
    const double h = (central ? 3e-5 : 1e-6) * natural(s->at.x[i]);
    double ahead = 0, behind = 0;
    point up = s->at, down = s->at;
    up.x[i] += h;
    if (!evaluate(s, &up))
        return false;
    if (isfinite(up.value))
        ahead = up.x[i] - s->at.x[i];
    else
        up = s->at;
    if (central || ahead == 0) {
        down.x[i] -= h;
        if (!evaluate(s, &down))
            return false;
        if (isfinite(down.value))
            behind = s->at.x[i] - down.x[i];
        else
            down = s->at;
    }
    for (unsigned k = 0; k < s->n; k++)
        out[k] = (up.gradient[k] - down.gradient[k]) / (ahead + behind);
    return ahead + behind > 0;
}

/* The Hessian, and its inverse as BFGS's guess, with eigenvalues made positive: a step is downhill also on a
 * ridge. False: it could not be had. */
static bool curvature(search *s, bool central)
{
    const unsigned n = s->n;
    double work[MAX * MAX], vectors[MAX * MAX];
    s->has_hessian = false;
    for (unsigned i = 0; i < n; i++)
        if (!column(s, i, central, work + i * n))
            return false;
    s->asymmetry = 0;
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < n; j++) {
            s->hessian[i * n + j] = 0.5 * (work[i * n + j] + work[j * n + i]);
            s->asymmetry = fmax(s->asymmetry, fabs(work[i * n + j] - work[j * n + i]));
        }
    memcpy(work, s->hessian, sizeof work);
    ptn_eigen_symmetric(n, work, s->values, vectors);
    const double floor = fmax((central ? 1e-10 : 1e-5) * largest(n, s->values), DBL_MIN);
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < n; j++) {
            double sum = 0;
            for (unsigned k = 0; k < n; k++) {
                sum += vectors[i * n + k] * vectors[j * n + k] / fmax(fabs(s->values[k]), floor);
            }
            s->inverse[i * n + j] = sum;
        }
    s->has_hessian = central;
    memcpy(s->hessian_x, s->at.x, sizeof s->hessian_x);
    return true;
}

static void start_from_identity(search *s)
{
    const double scale = 1 / fmax(largest(s->n, s->at.gradient), DBL_MIN);
    for (unsigned i = 0; i < s->n * s->n; i++)
        s->inverse[i] = i / s->n == i % s->n ? fmin(scale, 1) : 0;
}

/* Nocedal & Wright, equation 6.17: the guess after the step `moved`, along which the gradient changed by
 * `change`. */
static void update(search *s, const double *moved, const double *change)
{
    const unsigned n = s->n;
    const double curve = dot(n, moved, change);
    double turned[MAX];
    if (!(curve > 1e-10 * sqrt(dot(n, moved, moved) * dot(n, change, change))))
        return;
    times(n, s->inverse, change, turned);
    const double factor = (1 + dot(n, change, turned) / curve) / curve;
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < n; j++)
            s->inverse[i * n + j] +=
                factor * moved[i] * moved[j] - (turned[i] * moved[j] + moved[i] * turned[j]) / curve;
}

/* ---- line search ---- */

typedef struct trial {
    double step, value, slope; /* along the direction */
    point at;
} trial;

typedef struct line {
    search *s;
    const double *direction;
    double value, slope; /* at step 0 */
} line;

static bool try_step(const line *l, double step, trial *t)
{
    search *s = l->s;
    t->step = step;
    for (unsigned i = 0; i < s->n; i++)
        t->at.x[i] = s->at.x[i] + step * l->direction[i];
    if (!evaluate(s, &t->at))
        return false;
    t->value = t->at.value;
    t->slope = isfinite(t->value) ? dot(s->n, t->at.gradient, l->direction) : NAN;
    return true;
}

/* Sufficient decrease, 3.7a; where the decrease is lost in rounding the slope alone decides (Hager & Zhang
 * 2005). */
static bool is_lower(const line *l, const trial *t)
{
    return t->value <= l->value + 1e-4 * t->step * l->slope + noise(l->value);
}

static bool is_flatter(const line *l, const trial *t)
{
    return fabs(t->slope) <= -0.9 * l->slope;
}

/* The minimiser of the cubic through two values and slopes (3.59), kept inside; the middle when there is
 * none. */
static double between(const trial *a, const trial *b)
{
    const double width = b->step - a->step;
    double at = 0.5;
    if (isfinite(b->value)) {
        const double d1 = a->slope + b->slope - 3 * (a->value - b->value) / (a->step - b->step);
        const double square = d1 * d1 - a->slope * b->slope;
        if (square >= 0) {
            const double d2 = copysign(sqrt(square), width);
            at = 1 - (b->slope + d2 - d1) / (b->slope - a->slope + 2 * d2);
        }
    } else {
        at = 0.3; /* a wall */
    }
    return a->step + width * (isfinite(at) ? fmin(fmax(at, 0.1), 0.9) : 0.5);
}

/* Algorithm 3.6: `low` has the lowest value of the steps that decrease enough, and falls toward `high`. */
static bool zoom(const line *l, trial *low, trial *high)
{
    trial t;
    for (int i = 0; i < 25; i++) {
        if (i > 2
            && fabs((high->step - low->step) * l->slope) < noise(l->value)) /* nothing left to tell apart */
            break;
        if (!try_step(l, between(low, high), &t))
            return false;
        if (!isfinite(t.value) || !is_lower(l, &t) || t.value > low->value + noise(l->value)) {
            *high = t;
            continue;
        }
        if (t.slope * (high->step - low->step) >= 0)
            *high = *low;
        *low = t;
        if (is_flatter(l, &t))
            return true;
    }
    return low->step > 0 && low->value < l->value; /* lower at least */
}

/* Algorithm 3.5: on success the search stands at a point that satisfies the strong Wolfe conditions. No
 * component moves by more than `most`. */
static bool descend(search *s, const double *direction, double most)
{
    const line l = {
        .s = s, .direction = direction, .value = s->at.value, .slope = dot(s->n, direction, s->at.gradient)};
    const double step_max = most / largest(s->n, direction);
    trial before = {.step = 0, .value = l.value, .slope = l.slope, .at = s->at}, t;
    double step = fmin(1, step_max);
    bool found = false;
    for (int i = 0; i < 25 && !found; i++) {
        if (!try_step(&l, step, &t))
            return false;
        if (!isfinite(t.value) || !is_lower(&l, &t) || (i > 0 && t.value >= before.value)) {
            found = zoom(&l, &before, &t);
            t = before;
            break;
        }
        if (is_flatter(&l, &t) || step == step_max) {
            found = true;
        } else if (t.slope >= 0) {
            found = zoom(&l, &t, &before);
            break;
        } else {
            before = t;
            step = fmin(4 * step, step_max);
        }
    }
    if (found)
        s->at = t.at;
    return found;
}

/* ---- the whole ---- */

/* Is the true Hessian at hand that of this point? Within this distance its relative change is of no
 * account. */
static bool hessian_is_here(const search *s)
{
    for (unsigned i = 0; i < s->n; i++)
        if (!(fabs(s->at.x[i] - s->hessian_x[i]) <= 5e-4 * natural(s->at.x[i])))
            return false;
    return s->has_hessian;
}

static ptn_minimise_status verdict(const search *s)
{
    return s->values[0] > fmax(s->flat, 4 * s->asymmetry) ? PTN_MINIMISE_FOUND : PTN_MINIMISE_FLAT;
}

static ptn_minimise_status run(search *s, unsigned iterations_max, unsigned *iterations)
{
    const unsigned n = s->n;
    double direction[MAX], moved[MAX], change[MAX];
    if (!evaluate(s, &s->at))
        return PTN_MINIMISE_STOPPED;
    if (!isfinite(s->at.value))
        return PTN_MINIMISE_STUCK;
    if (largest(n, s->at.gradient) > s->tolerance && !curvature(s, false)) {
        if (s->stopped)
            return PTN_MINIMISE_STOPPED;
        start_from_identity(s);
    }
    for (*iterations = 0; *iterations < iterations_max; ++*iterations) {
        const double gradient = largest(n, s->at.gradient);
        if (gradient <= s->tolerance) {
            if (!hessian_is_here(s) && !curvature(s, true))
                break;
            return verdict(s);
        }
        times(n, s->inverse, s->at.gradient, direction);
        if (!s->has_hessian && largest(n, direction) < 1e-4) {
            if (!curvature(s, true))
                break;
            times(n, s->inverse, s->at.gradient, direction);
        }
        const double decrease = 0.5 * dot(n, direction, s->at.gradient);
        for (unsigned i = 0; i < n; i++)
            direction[i] = -direction[i];
        const point from = s->at;
        const bool rounding = decrease <= noise(s->at.value); /* all that is left to gain */
        if (decrease > 0 && !(rounding && hessian_is_here(s)) && descend(s, direction, 2)) {
            for (unsigned i = 0; i < n; i++) {
                moved[i] = s->at.x[i] - from.x[i];
                change[i] = s->at.gradient[i] - from.gradient[i];
                if (fabs(s->at.x[i]) > s->bound)
                    return PTN_MINIMISE_RUNAWAY;
            }
            update(s, moved, change);
            continue;
        }
        if (s->stopped)
            break;
        if (!hessian_is_here(s)) { /* a better direction */
            if (!curvature(s, true))
                break;
            continue;
        }
        if (!(decrease <= 1e-8 * fabs(s->at.value)))
            break;
        /* The value cannot tell; the gradient is exact for longer: Newton's steps as long as they halve
         * it. */
        point next = s->at;
        for (unsigned i = 0; i < n; i++)
            next.x[i] += direction[i];
        if (!evaluate(s, &next))
            break;
        if (!isfinite(next.value) || largest(n, next.gradient) > 0.5 * gradient)
            return verdict(s);
        s->at = next;
    }
    return s->stopped ? PTN_MINIMISE_STOPPED : PTN_MINIMISE_STUCK;
}

void ptn_minimise(unsigned n, ptn_objective objective, void *context, const ptn_minimise_options *options,
                  double *x, ptn_minimum *out)
{
    assert(n >= 1 && n <= PTN_MINIMISE_MAX);
    static const ptn_minimise_options defaults;
    const ptn_minimise_options *o = options ? options : &defaults;
    search s = {.n = n, .objective = objective, .context = context};
    s.tolerance = o->tolerance > 0 ? o->tolerance : 1e-8;
    s.bound = o->bound > 0 ? o->bound : 30;
    s.flat = o->flat > 0 ? o->flat : 1e-7;
    memcpy(s.at.x, x, n * sizeof *x);
    *out = (ptn_minimum){.smallest_eigenvalue = NAN};
    out->status = run(&s, o->iterations ? o->iterations : 200, &out->iterations);

    memcpy(x, s.at.x, n * sizeof *x);
    out->value = s.at.value;
    memcpy(out->gradient, s.at.gradient, n * sizeof *x);
    out->largest_gradient = largest(n, s.at.gradient);
    out->evaluations = s.evaluations;
    if (s.has_hessian && hessian_is_here(&s)) {
        memcpy(out->hessian, s.hessian, n * n * sizeof *x);
        out->smallest_eigenvalue = s.values[0];
    } else {
        for (unsigned i = 0; i < n * n; i++)
            out->hessian[i] = NAN;
    }
}
