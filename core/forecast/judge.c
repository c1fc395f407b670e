/* A forecast beside what came. A state's count follows G = (1 - p_alive) · δ0 + p_alive · F(x, T); everything here
 * is read off F, which is computed once for each (x, T), and p_alive. S(k) = 1 - F(k) is the chance of more than
 * k. */
#include "patron/track_record.h"

#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "forecast/model.h"

enum { COUNTS_AT_FIRST = 256, COUNTS_MAX = 1 << 24, LATER_MAX = 1000000 };

/* F of one (x, T), to within 1e-10 of its mass and as far as anything came. */
typedef struct law {
    double *pmf, *above, *sum_above; /* above[k] = S(k); sum_above[k] = S(0) + .. + S(k - 1) */
    size_t count, room;
    double mean, second;  /* E[N], E[N^2] */
    double above_squared; /* sum of S(k)^2 */
} law;

/* One row of the outcomes, judged; all but the key may also be sums over rows. */
typedef struct verdict {
    double key; /* what the rows are sorted by */
    double weight, forecast, later, buys, bought, covered, implied, variance;
} verdict;

typedef struct judge {
    const patron_model *model; /* NULL: the same-rate rule */
    const double *parameters;
    double horizon;
    double shortest; /* same rate: an age below it is taken for it */
    law law;
    verdict *verdicts;
} judge;

static patron_status out_of_memory(patron_error *err)
{
    return ptn_fail(err, PATRON_ENOMEM, "out of memory for a judgement");
}

/* ---- the law of a count ---- */

static void law_free(law *l)
{
    free(l->pmf);
    free(l->above);
    free(l->sum_above);
    *l = (law){0};
}

static bool law_reserve(law *l, size_t room)
{
    if (room <= l->room)
        return true;
    law_free(l);
    l->pmf = malloc(room * sizeof *l->pmf);
    l->above = malloc(room * sizeof *l->above);
    l->sum_above = malloc((room + 1) * sizeof *l->sum_above);
    if (!l->pmf || !l->above || !l->sum_above)
        return false;
    l->room = room;
    return true;
}

/* Poisson with the rate so far. */
static size_t same_rate_pmf(double mean, double enough, double *pmf, size_t count)
{
    double cumulative = 0, log_p = -mean;
    size_t n = 0;
    while (n < count && cumulative < enough) {
        pmf[n] = exp(log_p);
        cumulative += pmf[n++];
        log_p += log(mean) - log((double)n);
    }
    return n;
}

static double same_rate_mean(const judge *j, double x, double T)
{
    return x / fmax(T, j->shortest) * j->horizon;
}

static size_t pmf_of(const judge *j, double x, double T, double enough, double *pmf, size_t count)
{
    return j->model ? j->model->alive_pmf(j->parameters, x, T, j->horizon, enough, pmf, count)
                    : same_rate_pmf(same_rate_mean(j, fmax(x, 0.5), T), enough, pmf, count);
}

/* The law of (x, T), up to `most` at least: what came beyond all reason is scored by its own small chance. */
static patron_status law_of(judge *j, double x, double T, double most, patron_error *err)
{
    law *l = &j->law;
    const double enough = 1 - 1e-10;
    for (size_t room = l->room ? l->room : COUNTS_AT_FIRST;; room *= 4) {
        if (room > COUNTS_MAX)
            return ptn_fail(err, PATRON_ENUMERIC,
                            "the law of counts for frequency %g, age %.15g reaches beyond %d", x, T,
                            COUNTS_MAX);
        if (!law_reserve(l, room))
            return out_of_memory(err);
        l->count = pmf_of(j, x, T, enough, l->pmf, room);
        if (l->count < room)
            break;
    }
    if ((double)l->count <= most) {
        if (!law_reserve(l, (size_t)most + 1))
            return out_of_memory(err);
        l->count = pmf_of(j, x, T, INFINITY, l->pmf, (size_t)most + 1);
    }
    double cumulative = 0, mean = 0;
    l->second = l->above_squared = l->sum_above[0] = 0;
    for (size_t k = 0; k < l->count; k++) {
        cumulative += l->pmf[k];
        l->above[k] = fmax(0, 1 - cumulative);
        l->sum_above[k + 1] = l->sum_above[k] + l->above[k];
        l->above_squared += l->above[k] * l->above[k];
        mean += (double)k * l->pmf[k];
        l->second += (double)k * (double)k * l->pmf[k];
    }
    l->mean = j->model ? j->model->alive_purchases(j->parameters, x, T, j->horizon) : mean;
    return PATRON_OK;
}

/* G(k), the chance of k or fewer; k < 0 gives 0. */
static double at_most(const law *l, double p_alive, double k)
{
    if (k < 0)
        return 0;
    return k < (double)l->count ? 1 - p_alive * l->above[(size_t)k] : 1;
}

static double mass(const law *l, double p_alive, size_t k)
{
    return p_alive * l->pmf[k] + (k == 0 ? 1 - p_alive : 0);
}

/* The smallest k with G(k) >= q. */
static double quantile(const law *l, double p_alive, double q)
{
    size_t low = 0, high = l->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (1 - p_alive * l->above[middle] >= q)
            high = middle;
        else
            low = middle + 1;
    }
    return (double)low;
}

/* ---- one row ---- */

/* Adds it to the judgement's running sums (means are taken at the end). */
static void judge_row(const judge *j, double x, double T, double p_alive, verdict *v, patron_judgement *sum)
{
    const law *l = &j->law;
    const double w = v->weight, y = v->later;
    const double p = mass(l, p_alive, (size_t)y), before = at_most(l, p_alive, y - 1), upto = before + p;
    const double low = quantile(l, p_alive, 0.1), high = quantile(l, p_alive, 0.9);
    const double mean = p_alive * l->mean;

    v->forecast = j->model ? mean : same_rate_mean(j, x, T);
    v->buys = p_alive * l->above[0];
    v->bought = y > 0;
    v->covered = low <= y && y <= high;
    v->implied = at_most(l, p_alive, high) - at_most(l, p_alive, low - 1);
    v->variance = fmax(0, p_alive * l->second - mean * mean);

    /* sum over k < y of G(k)^2, over k >= y of (1 - G(k))^2, with 1 - G = p_alive S */
    const double crps = y - 2 * p_alive * l->sum_above[(size_t)y] + p_alive * p_alive * l->above_squared;
    const double inside = p > 0 ? fmax(0, fmin(upto, 0.9) - fmax(before, 0.1)) / p : 0;

    sum->customers += w;
    sum->forecast += w * v->forecast;
    sum->came += w * y;
    sum->luck += w * v->variance;
    sum->log_score += w * log(fmax(p, 1e-300));
    sum->crps += w * crps;
    sum->rmse += w * (v->forecast - y) * (v->forecast - y);
    sum->mae += w * fabs(v->forecast - y);
    sum->buyers_forecast += w * v->buys;
    sum->buyers_came += w * v->bought;
    sum->coverage_80 += w * v->covered;
    sum->coverage_80_implied += w * v->implied;
    if (x > 0) {
        sum->repeaters += w;
        sum->pit_share += w * inside;
        sum->repeaters_coverage_80 += w * v->covered;
        sum->repeaters_coverage_80_implied += w * v->implied;
    }
}

/* ---- all rows in order ---- */

static double by_later(const verdict *v)
{
    return v->later;
}

static double by_forecast(const verdict *v)
{
    return v->forecast;
}

static double by_buys(const verdict *v)
{
    return v->buys;
}

static int compare_keys(const void *a, const void *b)
{
    const verdict *l = a, *r = b;
    return (l->key > r->key) - (l->key < r->key);
}

static void sort(verdict *v, size_t n, double (*key)(const verdict *))
{
    for (size_t i = 0; i < n; i++)
        v[i].key = key(&v[i]);
    qsort(v, n, sizeof *v, compare_keys);
}

/* Sums over the rows from v on that share its key; how many. Rows with equal keys are in no order: they are one. */
static size_t take_ties(const verdict *v, size_t n, verdict *sum)
{
    size_t i = 0;
    *sum = (verdict){.key = v->key};
    for (; i < n && v[i].key == v->key; i++) {
        const double w = v[i].weight;
        sum->weight += w;
        sum->forecast += w * v[i].forecast;
        sum->later += w * v[i].later;
        sum->buys += w * v[i].buys;
        sum->bought += w * v[i].bought;
        sum->covered += w * v[i].covered;
        sum->implied += w * v[i].implied;
        sum->variance += w * v[i].variance;
    }
    return i;
}

/* Area between the curve of cumulative `later`, in falling order of the key, and the diagonal; ties share evenly. */
static double gini(const verdict *v, size_t n, double customers, double came)
{
    double area = 0, above = came;
    verdict tie;
    for (size_t i = 0; i < n;) {
        i += take_ties(v + i, n - i, &tie);
        above -= tie.later;
        area +=
            tie.weight * above + tie.later * (tie.weight + 1) / 2; /* each of them in turn adds its share */
    }
    return area / came / customers - (customers + 1) / (2 * customers);
}

/* Cuts the sorted rows into tenths of equal numbers of customers. */
static void cut(const verdict *v, size_t n, double customers, verdict tenth[PATRON_TENTHS])
{
    double done = 0;
    verdict tie;
    int k = 0;
    for (size_t i = 0; i < n;) {
        i += take_ties(v + i, n - i, &tie);
        for (double left = tie.weight; left > 0;) {
            const double w =
                k + 1 < PATRON_TENTHS ? fmin(left, customers * (k + 1) / PATRON_TENTHS - done) : left;
            if (w < 1e-12 * customers && w < left) { /* full */
                k++;
                continue;
            }
            const double share = w / tie.weight;
            tenth[k].weight += w;
            tenth[k].forecast += share * tie.forecast;
            tenth[k].later += share * tie.later;
            tenth[k].buys += share * tie.buys;
            tenth[k].bought += share * tie.bought;
            tenth[k].covered += share * tie.covered;
            tenth[k].implied += share * tie.implied;
            tenth[k].variance += share * tie.variance;
            done += w;
            left -= w;
        }
    }
}

static void finish(const judge *j, size_t n, patron_judgement *out)
{
    verdict by_chance[PATRON_TENTHS] = {{0}}, by_size[PATRON_TENTHS] = {{0}};
    const double c = out->customers;
    sort(j->verdicts, n, by_later);
    const double best = out->came > 0 ? gini(j->verdicts, n, c, out->came) : 0;
    sort(j->verdicts, n, by_buys);
    cut(j->verdicts, n, c, by_chance);
    sort(j->verdicts, n, by_forecast);
    cut(j->verdicts, n, c, by_size);
    out->ngini = best > 1e-12 ? gini(j->verdicts, n, c, out->came) / best : NAN;
    for (int k = 0; k < PATRON_TENTHS; k++) {
        out->ece += fabs(by_chance[k].buys - by_chance[k].bought) / c;
        out->tenth[k] = (patron_tenth){by_size[k].weight, by_size[k].forecast, by_size[k].later,
                                       by_size[k].covered, by_size[k].implied, sqrt(by_size[k].variance)};
    }
    out->luck = sqrt(out->luck);
    out->log_score /= c;
    out->crps /= c;
    out->rmse = sqrt(out->rmse / c);
    out->mae /= c;
    out->bias = out->came > 0 ? out->forecast / out->came - 1 : NAN;
    out->coverage_80 /= c;
    out->coverage_80_implied /= c;
    const double repeaters = out->repeaters > 0 ? out->repeaters : NAN;
    out->pit_share /= repeaters;
    out->repeaters_coverage_80 /= repeaters;
    out->repeaters_coverage_80_implied /= repeaters;
}

/* ---- the table ---- */

/* Rows in the order of their states, so that those of one (x, T) share its law. */
typedef struct placed {
    size_t state, row;
} placed;

static int by_state(const void *a, const void *b)
{
    const placed *l = a, *r = b;
    return l->state != r->state ? (l->state > r->state) - (l->state < r->state)
                                : (l->row > r->row) - (l->row < r->row);
}

static patron_status check(const judge *j, const patron_outcomes *outcomes, patron_error *err)
{
    if (!(j->horizon > 0 && isfinite(j->horizon)))
        return ptn_fail(err, PATRON_EINVAL, "the horizon is %g, not a finite time above 0", j->horizon);
    if (outcomes->states.n == 0)
        return ptn_fail(err, PATRON_EDATA, "there are no customers to judge by");
    for (size_t i = 0; i < outcomes->states.n; i++) {
        const double later = outcomes->later[i];
        if (!(later >= 0 && later <= LATER_MAX && later == floor(later)))
            return ptn_fail(err, PATRON_EDATA, "row %zu: later is %g, not a whole number from 0 to %d", i + 1,
                            later, LATER_MAX);
    }
    return PATRON_OK;
}

/* Rows from..end - 1 share x and T. */
static patron_status judge_run(judge *j, const patron_outcomes *outcomes, const ptn_sample *sample,
                               const double *p_alive, const placed *order, size_t from, size_t end,
                               patron_judgement *out, patron_error *err)
{
    const double x = sample->x[order[from].state], T = sample->T[order[from].state];
    double most = 0;
    for (size_t i = from; i < end; i++)
        most = fmax(most, outcomes->later[order[i].row]);
    const patron_status status = law_of(j, x, T, most, err);
    for (size_t i = from; i < end && status == PATRON_OK; i++) {
        const double *weight = outcomes->states.weight;
        verdict *v = &j->verdicts[i];
        *v = (verdict){.later = outcomes->later[order[i].row], .weight = weight ? weight[order[i].row] : 1};
        judge_row(j, x, T, p_alive ? p_alive[order[i].state] : 1, v, out);
    }
    return status;
}

static patron_status judge_sample(judge *j, const patron_outcomes *outcomes, const ptn_sample *sample,
                                  const double *p_alive, placed *order, patron_judgement *out,
                                  patron_error *err)
{
    const size_t n = outcomes->states.n;
    for (size_t i = 0; i < n; i++)
        order[i] = (placed){sample->state_of_row[i], i};
    qsort(order, n, sizeof *order, by_state);
    for (size_t from = 0, end; from < n; from = end) {
        const size_t s = order[from].state;
        for (end = from + 1; end < n; end++)
            if (sample->x[order[end].state] != sample->x[s] || sample->T[order[end].state] != sample->T[s])
                break;
        const patron_status status = judge_run(j, outcomes, sample, p_alive, order, from, end, out, err);
        if (status != PATRON_OK)
            return status;
    }
    finish(j, n, out);
    return isfinite(out->log_score) && isfinite(out->forecast) && isfinite(out->luck)
               ? PATRON_OK
               : ptn_fail(err, PATRON_ENUMERIC, "the forecast has no finite score");
}

static patron_status judge_all(judge *j, const patron_outcomes *outcomes, patron_judgement *judgement,
                               patron_error *err)
{
    patron_status status = PATRON_OK;
    ptn_sample sample = {0};
    double *p_alive = NULL;
    placed *order = NULL;
    patron_judgement out = {0};
    PTN_TRY(check(j, outcomes, err));
    PTN_TRY(ptn_sample_open(&sample, &outcomes->states, true, err));
    order = malloc(outcomes->states.n * sizeof *order);
    j->verdicts = malloc(outcomes->states.n * sizeof *j->verdicts);
    if (j->model)
        p_alive = malloc(sample.n * sizeof *p_alive);
    if (!order || !j->verdicts
        || (j->model && !(p_alive && j->model->p_alive(j->parameters, &sample, p_alive)))) {
        status = out_of_memory(err);
        goto done;
    }
    j->shortest = sample.step > 0   ? sample.step
                  : sample.time > 0 ? sample.time / sample.customers / 100
                                    : j->horizon;
    PTN_TRY(judge_sample(j, outcomes, &sample, p_alive, order, &out, err));
    *judgement = out;

done:
    ptn_sample_close(&sample);
    law_free(&j->law);
    free(j->verdicts);
    free(order);
    free(p_alive);
    return status;
}

patron_status patron_judge(const patron_model *model, const double *parameters,
                           const patron_outcomes *outcomes, double horizon, patron_judgement *judgement,
                           patron_error *err)
{
    const patron_status status = ptn_check_parameters(model, parameters, err);
    if (status != PATRON_OK)
        return status;
    judge j = {.model = model, .parameters = parameters, .horizon = horizon};
    return judge_all(&j, outcomes, judgement, err);
}

patron_status patron_judge_same_rate(const patron_outcomes *outcomes, double horizon,
                                     patron_judgement *judgement, patron_error *err)
{
    judge j = {.horizon = horizon};
    return judge_all(&j, outcomes, judgement, err);
}
