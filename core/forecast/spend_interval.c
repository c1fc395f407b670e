/* Intervals of money. Letters as in gamma_gamma.c: n future purchases of someone with x past ones bring scale ×
 * B_n, B_n ~ BetaPrime(pn, q + px), whose distribution function at v is I_{v/(1+v)}(pn, q + px). It depends on x
 * and n alone, so for each x it is tabulated at amounts v_j; the law of the count then mixes its rows.
 *
 * By ln v, B_n is about as wide as sigma_n = sqrt(1/(pn) + 1/(q + px)). The amounts stand sigma_n / 2 apart where n
 * purchases bring them, and between two of them the law is the cubic through its values and densities, held to
 * rise: a law that jumps, as that of one price does, is off by less than one step. */
#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "forecast/model.h"
#include "math/gamma.h"
#include "patron/spend.h"

enum { COUNTS_AT_FIRST = 256, COUNTS_MAX = 1 << 16 };

static const double NEGLIGIBLE = 1e-9; /* chance at either end of a row that is left out */
static const double DEEPEST = 14;      /* ln: less than a millionth of one purchase needs no digits */
static const double CLOSEST = 0.004;   /* two amounts, ln */

/* P(B_n <= v_j) and its density by ln v_j for j = begin .. end - 1; before it is 0, after it is 1. */
typedef struct row {
    size_t begin, end, place; /* the first value's */
} row;

typedef struct value {
    double at_most, density;
} value;

typedef struct knot {
    double at_most, density, passed; /* chance of the rows that end here */
} knot;

typedef struct sum_table {
    double p, b;   /* b = q + px */
    double *log_v; /* rising; more are added above as rows need them */
    size_t amounts, amounts_room;
    row *rows; /* rows[n - 1], as far as some state has needed */
    size_t n, rows_room;
    value *values;
    size_t used, values_room;
    knot *law; /* of the money of someone alive, at the amounts */
    size_t law_room;
} sum_table;

static void table_free(sum_table *t)
{
    free(t->log_v);
    free(t->rows);
    free(t->values);
    free(t->law);
}

/* The array with room for more than `used` elements; NULL: out of memory, the array is as before. */
static void *with_room(void *array, size_t size, size_t used, size_t *room)
{
    if (used < *room)
        return array;
    void *larger = realloc(array, (2 * used + 64) * size);
    if (larger)
        *room = 2 * used + 64;
    return larger;
}

/* ---- amounts ---- */

static bool add_amount(sum_table *t, double log_v)
{
    double *room = with_room(t->log_v, sizeof *t->log_v, t->amounts, &t->amounts_room);
    if (!room)
        return false;
    t->log_v = room;
    t->log_v[t->amounts++] = log_v;
    return true;
}

static double spacing(const sum_table *t, double log_v)
{
    const double n = fmax(1, exp(log_v) * t->b / t->p); /* purchases that bring about as much */
    return fmin(0.5, fmax(CLOSEST, 0.5 * sqrt(1 / (t->p * n) + 1 / t->b)));
}

static double at_most(const sum_table *t, size_t n, double log_v)
{
    const double v = exp(log_v);
    return ptn_beta_i_pair(t->p * (double)n, t->b, v / (1 + v), 1 / (1 + v));
}

/* A new x: no rows, and the first amount, which one purchase hardly ever falls below. */
static bool restart(sum_table *t, const patron_gamma_gamma *g, double x)
{
    t->p = g->p;
    t->b = g->q + g->p * x;
    t->amounts = t->n = t->used = 0;
    const double one = log(t->p / t->b);
    double low = one;
    while (low > one - DEEPEST && at_most(t, 1, low) > NEGLIGIBLE)
        low -= 2 * spacing(t, low);
    return add_amount(t, low);
}

/* ---- rows ---- */

static bool add_value(sum_table *t, double reached, double density)
{
    value *room = with_room(t->values, sizeof *t->values, t->used, &t->values_room);
    if (!room)
        return false;
    t->values = room;
    t->values[t->used++] = (value){reached, density};
    return true;
}

static bool add_row(sum_table *t)
{
    row *room = with_room(t->rows, sizeof *t->rows, t->n, &t->rows_room);
    if (!room)
        return false;
    t->rows = room;
    const size_t n = t->n + 1;
    const double a = t->p * (double)n, log_norm = ptn_lbeta(a, t->b);
    row *r = &t->rows[t->n];
    *r = (row){.begin = t->n > 0 ? r[-1].begin : 0, .place = t->used}; /* more purchases bring more */
    double reached = 0;
    for (r->end = r->begin; reached < 1 - NEGLIGIBLE; r->end++) {
        if (r->end == t->amounts && !add_amount(t, t->log_v[r->end - 1] + spacing(t, t->log_v[r->end - 1])))
            return false;
        const double log_v = t->log_v[r->end], log_rest = -log1p(exp(log_v)); /* ln(1 / (1 + v)) */
        reached = at_most(t, n, log_v);
        if (reached < NEGLIGIBLE && t->used == r->place)
            r->begin = r->end + 1;
        else if (!add_value(t, reached, exp(a * (log_v + log_rest) + t->b * log_rest - log_norm)))
            return false;
    }
    t->n++;
    return true;
}

/* The law of the money of someone alive, from the law of the count; what that leaves is put on its last. */
static bool mix(sum_table *t, const double *pmf, size_t count)
{
    while (t->n + 1 < count)
        if (!add_row(t))
            return false;
    knot *room = with_room(t->law, sizeof *t->law, t->amounts, &t->law_room); /* and one past the last */
    if (!room)
        return false;
    t->law = room;
    for (size_t j = 0; j <= t->amounts; j++)
        t->law[j] = (knot){0, 0, 0};
    double rest = 1 - pmf[0];
    for (size_t n = 1; n < count; n++) {
        const row *r = &t->rows[n - 1];
        const value *values = t->values + r->place;
        const double weight = n + 1 < count ? pmf[n] : rest;
        for (size_t j = r->begin; j < r->end; j++) {
            t->law[j].at_most += weight * values[j - r->begin].at_most;
            t->law[j].density += weight * values[j - r->begin].density;
        }
        t->law[r->end].passed += weight;
        rest -= weight;
    }
    double passed = pmf[0];
    for (size_t j = 0; j < t->amounts; j++)
        t->law[j].at_most += passed += t->law[j].passed;
    return true;
}

/* ---- quantiles ---- */

/* Where the cubic between amounts j and j + 1 takes the value; slopes of at most three times the mean one keep it rising
 * (Fritsch & Carlson 1980). */
static double between(const sum_table *t, size_t j, double wanted)
{
    const knot *from = &t->law[j], *to = &t->law[j + 1];
    const double width = t->log_v[j + 1] - t->log_v[j], rise = to->at_most - from->at_most;
    const double c = fmin(from->density * width, 3 * rise), d = fmin(to->density * width, 3 * rise);
    double low = 0, high = 1;
    for (int i = 0; i < 40; i++) {
        const double u = 0.5 * (low + high), w = 1 - u;
        const double at = from->at_most + u * u * (3 - 2 * u) * rise + u * w * (w * c - u * d);
        *(at < wanted ? &low : &high) = u;
    }
    return t->log_v[j] + low * width;
}

/* The amount whose probability under (1 - p_alive) δ0 + p_alive · law is `chance`. */
static double quantile(const sum_table *t, double none, double p_alive, double chance)
{
    const double wanted = (chance - (1 - p_alive)) / p_alive; /* of the law */
    if (!(p_alive > 0) || wanted <= none || t->n == 0)
        return 0;
    if (wanted <= t->law[0].at_most)
        return exp(t->log_v[0]) * (wanted - none) / (t->law[0].at_most - none);
    size_t low = 0, high = t->amounts - 1;
    if (wanted >= t->law[high].at_most)
        return exp(t->log_v[high]);
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(t->law[middle].at_most < wanted ? &low : &high) = middle;
    }
    return exp(between(t, low, wanted));
}

/* ---- a table of states ---- */

typedef struct pmf {
    double *at;
    size_t n, room;
} pmf;

static patron_status out_of_memory(patron_error *err)
{
    return ptn_fail(err, PATRON_ENOMEM, "out of memory for the law of spend");
}

/* The law of the count of someone alive, up to `enough` of its mass. */
static patron_status counts(pmf *law, const patron_model *model, const double *parameters, double x, double T,
                            double horizon, double enough, patron_error *err)
{
    for (size_t room = law->room ? law->room : COUNTS_AT_FIRST; room <= COUNTS_MAX; room *= 4) {
        if (room > law->room) {
            free(law->at);
            law->room = 0;
            if (!(law->at = malloc(room * sizeof *law->at)))
                return out_of_memory(err);
            law->room = room;
        }
        law->n = model->alive_pmf(parameters, x, T, horizon, enough, law->at, room);
        if (law->n < room)
            return PATRON_OK;
    }
    return ptn_fail(err, PATRON_ENUMERIC,
                    "%s: the interval for frequency %g, age %.15g reaches beyond %d purchases",
                    model->info.name, x, T, COUNTS_MAX);
}

static patron_status check(const patron_gamma_gamma *g, double first, double horizon, double chance,
                           patron_error *err)
{
    if (!(g->p > 0 && isfinite(g->p)) || !(g->q > 1 && isfinite(g->q))
        || !(g->gamma > 0 && isfinite(g->gamma)))
        return ptn_fail(err, PATRON_EINVAL,
                        "p %g, q %g, gamma %g: finite numbers, p and gamma above 0, q above 1", g->p, g->q,
                        g->gamma);
    if (!(horizon > 0 && isfinite(horizon)))
        return ptn_fail(err, PATRON_EINVAL, "the horizon is %g, not a finite time above 0", horizon);
    if (!(chance > 0 && chance < 1))
        return ptn_fail(err, PATRON_EINVAL, "the chance of the interval is %g, not between 0 and 1", chance);
    if (!(first >= 0 && first <= 1e6))
        return ptn_fail(err, PATRON_EINVAL, "%g purchases beside the repeats: 0 or 1 is meant", first);
    return PATRON_OK;
}

patron_status patron_spend_interval(const patron_gamma_gamma *spend, const patron_model *model,
                                    const double *parameters, const patron_states *states, double first,
                                    double horizon, double chance, double *low, double *high,
                                    patron_error *err)
{
    patron_status status = PATRON_OK;
    ptn_sample sample = {0};
    sum_table table = {0};
    pmf law = {0};
    double *p_alive = NULL, *low_of, *high_of;
    const double enough = 1 - 1e-4 * (1 - chance);
    PTN_TRY(check(spend, first, horizon, chance, err));
    PTN_TRY(ptn_check_parameters(model, parameters, err));
    PTN_TRY(ptn_sample_open(&sample, states, true, err));
    if (sample.n == 0)
        goto done;
    p_alive = malloc(3 * sample.n * sizeof *p_alive);
    if (!p_alive || !model->p_alive(parameters, &sample, p_alive)) {
        status = out_of_memory(err);
        goto done;
    }
    low_of = p_alive + sample.n;
    high_of = low_of + sample.n;
    for (size_t i = 0; i < sample.n; i++) {
        const double x = sample.x[i], T = sample.T[i];
        const bool new_x = i == 0 || sample.x[i - 1] != x;
        if (new_x && !restart(&table, spend, x + first)) {
            status = out_of_memory(err);
            goto done;
        }
        if (new_x || sample.T[i - 1] != T) {
            PTN_TRY(counts(&law, model, parameters, x, T, horizon, enough, err));
            if (!mix(&table, law.at, law.n)) {
                status = out_of_memory(err);
                goto done;
            }
        }
        low_of[i] = quantile(&table, law.at[0], p_alive[i], 0.5 - chance / 2);
        high_of[i] = quantile(&table, law.at[0], p_alive[i], 0.5 + chance / 2);
        if (!isfinite(low_of[i]) || !isfinite(high_of[i])) {
            status = ptn_fail(err, PATRON_ENUMERIC,
                              "%s: the money of frequency %g, recency %.15g, age %.15g is not finite",
                              model->info.name, x, sample.t_x[i], T);
            goto done;
        }
    }
    for (size_t i = 0; i < states->n; i++) {
        low[i] = low_of[sample.state_of_row[i]];
        high[i] = high_of[sample.state_of_row[i]];
    }

done:
    ptn_sample_close(&sample);
    table_free(&table);
    free(law.at);
    free(p_alive);
    return status;
}
