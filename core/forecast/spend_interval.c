/* Intervals of money. Letters as in gamma_gamma.c: n future purchases of someone with x past ones bring
 * scale × B_n, B_n ~ BetaPrime(pn, q + px), whose distribution function at v is I_{v/(1+v)}(pn, q + px). It depends on x and
 * n alone, so it is tabulated for each x at amounts spaced evenly in ln v; the law of the count then mixes its rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "forecast/model.h"
#include "math/gamma.h"
#include "patron/spend.h"

enum { AMOUNTS = 96, COUNTS_MOST = 1 << 14 };
static const double far_enough = 1 - 1e-5; /* of the law of the count; the rest is put on the last count */

/* Row n holds P(B_n <= v_j) for n = 1, 2, ...; filled as far as some state has needed. */
typedef struct sum_table {
    double log_v[AMOUNTS];
    double *at_most; /* rows × AMOUNTS */
    size_t rows, room;
    double p, b; /* shapes of one purchase, and q + px */
} sum_table;

/* From far below one purchase to far above `most` of them. */
static void table_restart(sum_table *t, const patron_gamma_gamma *g, double x, double most)
{
    t->rows = 0;
    t->p = g->p;
    t->b = g->q + g->p * x;
    const double one = log(g->p / (t->b - 1));
    const double low = one - 8, high = one + log(fmax(1, most)) + 6;
    for (int j = 0; j < AMOUNTS; j++)
        t->log_v[j] = low + (high - low) * j / (AMOUNTS - 1);
}

static bool table_extend(sum_table *t, size_t rows)
{
    if (rows > t->room) {
        const size_t room = rows > 2 * t->room ? rows : 2 * t->room;
        double *at_most = realloc(t->at_most, room * AMOUNTS * sizeof *at_most);
        if (!at_most)
            return false;
        t->at_most = at_most;
        t->room = room;
    }
    for (; t->rows < rows; t->rows++) {
        double *row = t->at_most + t->rows * AMOUNTS;
        bool over = false; /* once it is 1 it stays so */
        for (int j = 0; j < AMOUNTS; j++) {
            const double v = exp(t->log_v[j]);
            row[j] = over ? 1 : ptn_beta_i(t->p * (double)(t->rows + 1), t->b, v / (1 + v));
            over = row[j] > 1 - 1e-12;
        }
    }
    return true;
}

/* P(money <= v_j) of someone alive: the law of the count over the rows. */
static bool mix(sum_table *t, const double *pmf, size_t count, double *law)
{
    double rest = 1;
    if (count > 1 && !table_extend(t, count - 1))
        return false;
    for (int j = 0; j < AMOUNTS; j++)
        law[j] = pmf[0];
    rest -= pmf[0];
    for (size_t n = 1; n < count; n++) {
        const double weight = n + 1 < count ? pmf[n] : rest, *row = t->at_most + (n - 1) * AMOUNTS;
        for (int j = 0; j < AMOUNTS; j++)
            law[j] += weight * row[j];
        rest -= weight;
    }
    return true;
}

/* The amount whose probability under (1 - p_alive) δ0 + p_alive · law is `chance`. */
static double quantile(const sum_table *t, const double *law, double none, double p_alive, double chance)
{
    const double wanted = (chance - (1 - p_alive)) / p_alive; /* of the law given alive */
    if (!(p_alive > 0) || wanted <= none)
        return 0;
    int low = 0, high = AMOUNTS - 1;
    if (wanted <= law[0])
        return exp(t->log_v[0]);
    if (wanted >= law[high])
        return exp(t->log_v[high]);
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (law[middle] < wanted)
            low = middle;
        else
            high = middle;
    }
    const double share = (wanted - law[low]) / (law[high] - law[low]);
    return exp(t->log_v[low] + share * (t->log_v[high] - t->log_v[low]));
}

patron_status patron_spend_interval(const patron_gamma_gamma *spend, const patron_model *model, const double *parameters,
                                    const patron_states *states, double first, double horizon, double chance, double *low,
                                    double *high, patron_error *err)
{
    patron_status status = PATRON_OK;
    ptn_sample sample = {0};
    sum_table table = {0};
    double *p_alive = NULL, *pmf = NULL, *low_of = NULL, *high_of = NULL, law[AMOUNTS];
    size_t count = 0;
    if (!(horizon > 0) || !(chance > 0 && chance < 1) || !(spend->q > 1) || !(spend->p > 0) || !(spend->gamma > 0))
        return ptn_fail(err, PATRON_EINVAL, "horizon %g, chance %g, p %g, q %g, gamma %g: above 0, between 0 and 1, q above 1 expected",
                        horizon, chance, spend->p, spend->q, spend->gamma);
    PTN_TRY(ptn_check_parameters(model, parameters, err));
    PTN_TRY(ptn_sample_open(&sample, states, true, err));
    p_alive = malloc(3 * sample.n * sizeof *p_alive);
    pmf = malloc(COUNTS_MOST * sizeof *pmf);
    if (!p_alive || !pmf || !model->p_alive(parameters, &sample, p_alive)) {
        status = ptn_fail(err, PATRON_ENOMEM, "out of memory");
        goto done;
    }
    low_of = p_alive + sample.n;
    high_of = low_of + sample.n;
    for (size_t i = 0; i < sample.n; i++) {
        const double x = sample.x[i], T = sample.T[i];
        const bool new_x = i == 0 || sample.x[i - 1] != x;
        if (new_x) {
            const double most = model->alive_purchases(parameters, x, sample.T_max, horizon);
            const double least_T = model->alive_purchases(parameters, x, T, horizon); /* runs of x begin with the least age */
            table_restart(&table, spend, x + first, 4 * fmax(most, least_T) + 10);
        }
        if (new_x || sample.T[i - 1] != T) {
            count = model->alive_pmf(parameters, x, T, horizon, far_enough, pmf, COUNTS_MOST);
            if (!mix(&table, pmf, count, law)) {
                status = ptn_fail(err, PATRON_ENOMEM, "out of memory");
                goto done;
            }
        }
        low_of[i] = quantile(&table, law, pmf[0], p_alive[i], 0.5 - chance / 2);
        high_of[i] = quantile(&table, law, pmf[0], p_alive[i], 0.5 + chance / 2);
    }
    for (size_t i = 0; i < states->n; i++) {
        low[i] = low_of[sample.state_of_row[i]];
        high[i] = high_of[sample.state_of_row[i]];
    }

done:
    ptn_sample_close(&sample);
    free(table.at_most);
    free(p_alive);
    free(pmf);
    return status;
}
