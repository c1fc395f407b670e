#include "forecast/pareto_nbd_between.h"

#include <stdlib.h>
#include <string.h>

#include "math/vector.h"

/* POINTS of a polynomial, BEFORE of them before the interval it is used in; states looked up in one go. */
enum { POINTS = 8, BEFORE = 3, BATCH = 128 };

static const double per_e = 16; /* times for each factor of e */

/* ---- the times ---- */

size_t ptn_between_count(double earliest, double latest)
{
    return (size_t)(log(latest / earliest) * per_e) + 2 * POINTS;
}

static double time_of(double ln_origin, size_t index)
{
    return exp(ln_origin + (double)index / per_e);
}

/* The first time is 0 if someone needs it. */
static double first_time(double ln_origin, double x_first)
{
    return x_first > 0 ? time_of(ln_origin, 0) / 2 : 0;
}

static double ln_origin_of(double earliest)
{
    return log(earliest) - (BEFORE + 1) / per_e;
}

bool ptn_between_fits(const ptn_rates *p, double x_first, double x_last, double earliest, double latest)
{
    const double ln_origin = ln_origin_of(earliest);
    return ptn_table_fits(p, x_last, first_time(ln_origin, x_first),
                          time_of(ln_origin, ptn_between_count(earliest, latest)));
}

/* Far enough for what happens after it not to matter to `leaves`, or to matter smoothly. */
static double far_end(const ptn_rates *p, double x_first, double latest)
{
    const ptn_clock clock = ptn_clock_from(p, x_first, latest);
    return latest + clock.near * expm1(fmin(log1p(1000 * latest / clock.near), ptn_clock_enough(&clock)));
}

bool ptn_between_open(ptn_between *between, const ptn_rates *p, double x_first, double x_last,
                      double earliest, double latest)
{
    const size_t last = ptn_between_count(earliest, latest);
    double *time = malloc((last + 2) * sizeof *time);
    *between = (ptn_between){.p = p, .last = last, .ln_origin = ln_origin_of(earliest)};
    between->leaves = malloc((last + 1) * sizeof *between->leaves);
    between->by_leaves = calloc(last + 1, sizeof *between->by_leaves);
    bool fine = time && between->leaves && between->by_leaves;
    if (fine) {
        time[0] = first_time(between->ln_origin, x_first);
        for (size_t c = 1; c <= last; c++)
            time[c] = time_of(between->ln_origin, c - 1);
        time[last + 1] = far_end(p, x_first, time[last]);
        fine = ptn_table_open(&between->table, p, x_first, x_last, last + 2, 1, time);
    }
    free(time);
    return fine;
}

void ptn_between_close(ptn_between *between)
{
    ptn_table_close(&between->table);
    free(between->leaves);
    free(between->by_leaves);
    *between = (ptn_between){0};
}

/* ---- looking up ---- */

/* A time of the sample. */
typedef struct moment {
    double kept, leaves;
    double ln_buying, ln_leaving;
    size_t point;          /* the first of POINTS times, */
    double weight[POINTS]; /* whose leaves make up this one's, so much of each */
} moment;

/* Lagrange's polynomials on 0 .. 7 at 3.5 + h: points lie in pairs at equal distances from the middle. */
static void interpolate(double h, double *weight)
{
    const double h2 = h * h, pair[4] = {h2 - 12.25, h2 - 6.25, h2 - 2.25, h2 - 0.25};
    const double outer = pair[0] * pair[1], inner = pair[2] * pair[3];
    const double others[4] = {pair[1] * inner * (-1. / 5040), pair[0] * inner * (1. / 720),
                              outer * pair[3] * (-1. / 240), outer * pair[2] * (1. / 144)};
    for (unsigned k = 0; k < 4; k++) {
        const double distance = 3.5 - k;
        weight[k] = others[k] * (h - distance);
        weight[7 - k] = -others[k] * (h + distance);
    }
}

/* Of n <= BATCH times. */
static void look_up(const ptn_between *between, size_t n, const double *time, moment *moments)
{
    const ptn_rates *p = between->p;
    const double buy = p->r + between->table.x;
    double of_alpha[BATCH] = {0}, of_beta[BATCH] = {0}, above_0[BATCH] = {0}, ln_time[BATCH], kept[BATCH];
    for (size_t i = 0; i < n; i++) {
        of_alpha[i] = time[i] / p->alpha;
        of_beta[i] = time[i] / p->beta;
        above_0[i] = time[i] > 0 ? time[i] : 1;
    }
    ptn_log1ps(n, of_alpha, of_alpha);
    ptn_log1ps(n, of_beta, of_beta);
    ptn_logs(n, above_0, ln_time);
    for (size_t i = 0; i < n; i++)
        kept[i] = between->ln_scale - buy * of_alpha[i] - p->s * of_beta[i];
    ptn_exps(n, kept, kept);
    for (size_t i = 0; i < n; i++) {
        moment *m = &moments[i];
        *m = (moment){.kept = kept[i], .ln_buying = of_alpha[i], .ln_leaving = of_beta[i]};
        if (time[i] == 0) {
            m->weight[0] = 1;
            m->leaves = between->leaves[0];
            continue;
        }
        const double position = (ln_time[i] - between->ln_origin) * per_e;
        const size_t first = (size_t)position - BEFORE;
        interpolate(position - (double)first - 3.5, m->weight);
        m->point = 1 + first; /* the first time comes before the even ones */
        for (unsigned k = 0; k < POINTS; k++)
            m->leaves += m->weight[k] * between->leaves[m->point + k];
    }
}

/* For the present x of the table. */
static void prepare(ptn_between *between, double x)
{
    ptn_table *table = &between->table;
    ptn_table_go_to(table, x, 0);
    ptn_table_sum(table, 0, table->step_count - 1);
    between->ln_scale = -ptn_table_ln_scale(table);
    for (size_t c = 0; c <= between->last; c++)
        between->leaves[c] = table->cells[c].left / table->steps[c].kept;
}

/* ---- sums over states ---- */

/* The sum depends on kept(t) and leaves(t) as by_kept and by_leaves say. */
static void pass_back(ptn_between *between, const moment *m, double by_kept, double by_leaves, double t)
{
    const ptn_rates *p = between->p;
    const double part = by_kept * m->kept;
    between->by_r -= part * m->ln_buying;
    between->by_alpha += part * (p->r + between->table.x) * (t / (p->alpha + t));
    between->by_s -= part * m->ln_leaving;
    between->by_beta += part * (t / (p->beta + t));
    for (unsigned k = 0; k < POINTS; k++)
        between->by_leaves[m->point + k] += by_leaves * m->weight[k];
}

/* The same for left and kept of the table. */
static void pass_back_to_table(ptn_between *between)
{
    ptn_table *table = &between->table;
    for (size_t c = 0; c <= between->last; c++) {
        table->cells[c].by_left = between->by_leaves[c] / table->steps[c].kept;
        table->steps[c].by_kept = -between->by_leaves[c] * between->leaves[c] / table->steps[c].kept;
        between->by_leaves[c] = 0;
    }
    ptn_table_back(table, 0, table->step_count - 1);
}

/* Up to BATCH states, whose ages are few. */
typedef struct batch {
    size_t n, ages;
    double age[BATCH];
    size_t age_of[BATCH];
    moment t_x[BATCH], T[BATCH];
} batch;

static void look_up_states(const ptn_between *between, const ptn_sample *sample, size_t begin, size_t end,
                           batch *b)
{
    b->n = end - begin < BATCH ? end - begin : BATCH;
    b->ages = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (i == 0 || sample->T[begin + i] != b->age[b->ages - 1])
            b->age[b->ages++] = sample->T[begin + i];
        b->age_of[i] = b->ages - 1;
    }
    look_up(between, b->n, sample->t_x + begin, b->t_x);
    look_up(between, b->ages, b->age, b->T);
}

static double chance_of(const moment *t_x, const moment *T)
{
    return T->kept * (1 - T->leaves) + t_x->kept * t_x->leaves;
}

void ptn_between_sum(ptn_between *between, const ptn_sample *sample, size_t begin, size_t end,
                     bool want_gradient, double *customers, double *log_chance)
{
    batch b;
    double chance[BATCH], ending[BATCH]; /* the latter: sums of weight / chance by age */
    *customers = *log_chance = 0;
    prepare(between, sample->x[begin]);
    for (size_t from = begin; from < end; from += b.n) {
        const double *weight = sample->weight + from;
        look_up_states(between, sample, from, end, &b);
        memset(ending, 0, b.ages * sizeof *ending);
        for (size_t i = 0; i < b.n; i++) {
            const moment *t_x = &b.t_x[i];
            chance[i] = chance_of(t_x, &b.T[b.age_of[i]]);
            const double per_chance = weight[i] / chance[i];
            *customers += weight[i];
            ending[b.age_of[i]] += per_chance;
            if (want_gradient)
                pass_back(between, t_x, per_chance * t_x->leaves, per_chance * t_x->kept,
                          sample->t_x[from + i]);
        }
        for (size_t k = 0; want_gradient && k < b.ages; k++)
            pass_back(between, &b.T[k], ending[k] * (1 - b.T[k].leaves), -ending[k] * b.T[k].kept, b.age[k]);
        *log_chance += ptn_weighted_log_sum(b.n, weight, chance);
    }
    if (want_gradient)
        pass_back_to_table(between);
}

void ptn_between_p_alive(ptn_between *between, const ptn_sample *sample, size_t begin, size_t end,
                         double *p_alive)
{
    batch b;
    prepare(between, sample->x[begin]);
    for (size_t from = begin; from < end; from += b.n) {
        look_up_states(between, sample, from, end, &b);
        for (size_t i = 0; i < b.n; i++) {
            const moment *T = &b.T[b.age_of[i]];
            p_alive[from + i] = T->kept / chance_of(&b.t_x[i], T);
        }
    }
}

void ptn_between_gradient(const ptn_between *between, double *gradient)
{
    const ptn_rates *p = between->p;
    ptn_table_gradient(&between->table, gradient);
    gradient[0] += p->r * between->by_r;
    gradient[1] += between->by_alpha;
    gradient[2] += p->s * between->by_s;
    gradient[3] += p->s * between->by_beta;
}
