/* A forecast beside what came. A state's count follows G = (1 - p_alive) · δ0 + p_alive · F(x, T); everything here is read
 * off F, which is computed once for each (x, T), and p_alive. S(k) = 1 - F(k) is the chance of more than k. */
#include "patron/track_record.h"

#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "forecast/model.h"

enum { LAW_FIRST = 256, LAW_MOST = 1 << 20 };

/* F of one (x, T): pmf, S, and running sums of S from 0, as far as the law reaches. */
typedef struct law {
    double *pmf, *above, *sum_above; /* above[k] = S(k); sum_above[k] = S(0) + .. + S(k - 1) */
    size_t count, room;
    double mean, second; /* E[N], E[N^2] */
    double above_squared; /* sum of S(k)^2 */
} law;

/* One row of the outcomes, judged. */
typedef struct verdict {
    double forecast, buys, later, weight, covered, implied;
} verdict;

typedef struct judge {
    const patron_model *model; /* NULL: the same-rate rule */
    const double *parameters;
    double horizon;
    law law;
    verdict *verdicts;
} judge;

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
    double *pmf = realloc(l->pmf, room * sizeof *pmf);
    if (pmf)
        l->pmf = pmf;
    double *above = realloc(l->above, (room + 1) * sizeof *above);
    if (above)
        l->above = above;
    double *sum_above = realloc(l->sum_above, (room + 1) * sizeof *sum_above);
    if (sum_above)
        l->sum_above = sum_above;
    if (!pmf || !above || !sum_above)
        return false;
    l->room = room;
    return true;
}

/* Poisson with the rate so far: the law of the same-rate rule. */
static size_t same_rate_pmf(double x, double T, double horizon, double enough, double *pmf, size_t count)
{
    const double mean = fmax(x, 0.5) / fmax(T, 1) * horizon;
    double cumulative = 0;
    size_t n = 0;
    for (double log_p = -mean; n < count && cumulative < enough; n++) {
        pmf[n] = exp(log_p);
        cumulative += pmf[n];
        log_p += log(mean) - log((double)n + 1);
    }
    return n;
}

/* The whole law of (x, T), to within 1e-10 of its mass. */
static bool law_of(judge *j, double x, double T)
{
    law *l = &j->law;
    const double enough = 1 - 1e-10;
    for (size_t room = LAW_FIRST;; room *= 4) {
        if (!law_reserve(l, room))
            return false;
        l->count = j->model ? j->model->alive_pmf(j->parameters, x, T, j->horizon, enough, l->pmf, room)
                            : same_rate_pmf(x, T, j->horizon, enough, l->pmf, room);
        if (l->count < room || room >= LAW_MOST)
            break;
    }
    double cumulative = 0;
    l->mean = l->second = l->above_squared = 0;
    l->sum_above[0] = 0;
    for (size_t k = 0; k < l->count; k++) {
        cumulative += l->pmf[k];
        l->above[k] = fmax(0, 1 - cumulative);
        l->sum_above[k + 1] = l->sum_above[k] + l->above[k];
        l->above_squared += l->above[k] * l->above[k];
        l->second += (double)k * (double)k * l->pmf[k];
    }
    l->mean = j->model ? j->model->alive_purchases(j->parameters, x, T, j->horizon) : (T > 0 ? x / T * j->horizon : 0);
    return true;
}

/* G(k), the chance of k or fewer; k < 0 gives 0. */
static double at_most(const law *l, double p_alive, double k)
{
    if (k < 0)
        return 0;
    return k < (double)l->count ? 1 - p_alive * l->above[(size_t)k] : 1;
}

static double mass(const law *l, double p_alive, double k)
{
    const double alive = k < (double)l->count ? l->pmf[(size_t)k] : 0;
    return p_alive * alive + (k == 0 ? 1 - p_alive : 0);
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

/* Adds one row to the judgement's running sums (means are taken at the end). */
static void judge_row(const judge *j, double x, double p_alive, verdict *v, patron_judgement *sum)
{
    const law *l = &j->law;
    const double w = v->weight, y = v->later;
    const double p = mass(l, p_alive, y), before = at_most(l, p_alive, y - 1), upto = before + p;
    const double low = quantile(l, p_alive, 0.1), high = quantile(l, p_alive, 0.9);
    const size_t reach = y < (double)l->count ? (size_t)y : l->count;

    v->forecast = p_alive * l->mean;
    v->buys = p_alive * (l->count ? l->above[0] : 0);
    v->covered = low <= y && y <= high;
    v->implied = at_most(l, p_alive, high) - at_most(l, p_alive, low - 1);

    const double variance = p_alive * l->second - v->forecast * v->forecast;
    /* sum over k < y of G(k)^2, over k >= y of (1 - G(k))^2, with 1 - G = p_alive S */
    const double crps = y - 2 * p_alive * l->sum_above[reach] + p_alive * p_alive * l->above_squared;
    const double u = p > 0 ? fmax(0, fmin(upto, 0.9) - fmax(before, 0.1)) / p : 0;

    sum->customers += w;
    sum->forecast += w * v->forecast;
    sum->came += w * y;
    sum->luck += w * fmax(0, variance);
    sum->log_score += w * log(fmax(p, 1e-300));
    sum->crps += w * crps;
    sum->rmse += w * (v->forecast - y) * (v->forecast - y);
    sum->mae += w * fabs(v->forecast - y);
    sum->buyers_forecast += w * v->buys;
    sum->buyers_came += w * (y > 0);
    sum->coverage_80 += w * v->covered;
    sum->coverage_80_implied += w * v->implied;
    if (x > 0) {
        sum->repeaters += w;
        sum->pit_share += w * u;
        sum->repeaters_coverage_80 += w * v->covered;
        sum->repeaters_coverage_80_implied += w * v->implied;
    }
}

static int by_forecast(const void *a, const void *b)
{
    const verdict *l = a, *r = b;
    return (l->forecast > r->forecast) - (l->forecast < r->forecast);
}

static int by_later(const void *a, const void *b)
{
    const verdict *l = a, *r = b;
    return (l->later > r->later) - (l->later < r->later);
}

static int by_buys(const void *a, const void *b)
{
    const verdict *l = a, *r = b;
    return (l->buys > r->buys) - (l->buys < r->buys);
}

/* Area between the curve of cumulative `later`, in falling order of the key, and the diagonal. Rows with equal keys share
 * what came evenly. The rows are sorted by rising key. */
static double gini(const verdict *v, size_t n, bool by_itself)
{
    double customers = 0, total = 0, area = 0, cumulative = 0;
    for (size_t i = 0; i < n; i++) {
        customers += v[i].weight;
        total += v[i].weight * v[i].later;
    }
    for (size_t i = n; i > 0;) {
        const double key = by_itself ? v[i - 1].later : v[i - 1].forecast;
        double w = 0, came = 0;
        for (; i > 0 && (by_itself ? v[i - 1].later : v[i - 1].forecast) == key; i--) {
            w += v[i - 1].weight;
            came += v[i - 1].weight * v[i - 1].later;
        }
        area += w * cumulative + came * (w + 1) / 2; /* each of the w in turn adds came / w */
        cumulative += came;
    }
    return total > 0 ? area / total / customers - (customers + 1) / (2 * customers) : NAN;
}

/* Cuts the sorted rows into tenths of equal numbers of customers. */
static void cut(const verdict *v, size_t n, double customers, patron_tenth *tenth, double *buys, double *bought)
{
    double done = 0;
    for (size_t i = 0; i < n; i++) {
        double left = v[i].weight;
        while (left > 0) {
            int k = (int)(done / customers * PATRON_TENTHS + 1e-9);
            k = k < PATRON_TENTHS ? k : PATRON_TENTHS - 1;
            const double room = k == PATRON_TENTHS - 1 ? left : customers * (k + 1) / PATRON_TENTHS - done;
            const double w = room > 0 && room < left ? room : left;
            tenth[k].customers += w;
            tenth[k].forecast += w * v[i].forecast;
            tenth[k].came += w * v[i].later;
            tenth[k].covered += w * v[i].covered;
            tenth[k].implied += w * v[i].implied;
            if (buys) {
                buys[k] += w * v[i].buys;
                bought[k] += w * (v[i].later > 0);
            }
            done += w;
            left -= w;
        }
    }
}

static void finish(const judge *j, size_t n, patron_judgement *out)
{
    double buys[PATRON_TENTHS] = {0}, bought[PATRON_TENTHS] = {0};
    patron_tenth by_chance[PATRON_TENTHS] = {{0}};
    const double c = out->customers;
    qsort(j->verdicts, n, sizeof *j->verdicts, by_later);
    const double best = gini(j->verdicts, n, true);
    qsort(j->verdicts, n, sizeof *j->verdicts, by_buys);
    cut(j->verdicts, n, c, by_chance, buys, bought);
    qsort(j->verdicts, n, sizeof *j->verdicts, by_forecast);
    cut(j->verdicts, n, c, out->tenth, NULL, NULL);
    out->ngini = best > 0 ? gini(j->verdicts, n, false) / best : NAN;
    for (int k = 0; k < PATRON_TENTHS; k++)
        out->ece += fabs(buys[k] - bought[k]) / c;
    out->luck = sqrt(out->luck);
    out->log_score /= c;
    out->crps /= c;
    out->rmse = sqrt(out->rmse / c);
    out->mae /= c;
    out->bias = out->came > 0 ? out->forecast / out->came - 1 : NAN;
    out->coverage_80 /= c;
    out->coverage_80_implied /= c;
    out->pit_share = out->repeaters > 0 ? out->pit_share / out->repeaters : NAN;
    out->repeaters_coverage_80 = out->repeaters > 0 ? out->repeaters_coverage_80 / out->repeaters : NAN;
    out->repeaters_coverage_80_implied = out->repeaters > 0 ? out->repeaters_coverage_80_implied / out->repeaters : NAN;
}

/* Rows in the order of their states, so that those of one (x, T) share its law. */
typedef struct placed {
    size_t state, row;
} placed;

static int by_state(const void *a, const void *b)
{
    const placed *l = a, *r = b;
    return l->state != r->state ? (l->state > r->state) - (l->state < r->state) : (l->row > r->row) - (l->row < r->row);
}

static patron_status judge_all(judge *j, const patron_outcomes *outcomes, patron_judgement *out, patron_error *err)
{
    patron_status status = PATRON_OK;
    const size_t n = outcomes->states.n;
    ptn_sample sample = {0};
    double *p_alive = NULL, last_x = -1, last_T = -1;
    placed *order = NULL;
    *out = (patron_judgement){0};
    if (!(j->horizon > 0) || !isfinite(j->horizon))
        return ptn_fail(err, PATRON_EINVAL, "horizon %g: a time above 0 was expected", j->horizon);
    for (size_t i = 0; i < n; i++)
        if (!(outcomes->later[i] >= 0) || outcomes->later[i] != floor(outcomes->later[i]) || outcomes->later[i] > 1e9)
            return ptn_fail(err, PATRON_EDATA, "row %zu: later %g: a whole number from 0 was expected", i, outcomes->later[i]);
    PTN_TRY(ptn_sample_open(&sample, &outcomes->states, true, err));
    p_alive = malloc(sample.n * sizeof *p_alive);
    order = malloc(n * sizeof *order);
    j->verdicts = malloc(n * sizeof *j->verdicts);
    if (!p_alive || !order || !j->verdicts || (j->model && !j->model->p_alive(j->parameters, &sample, p_alive))) {
        status = ptn_fail(err, PATRON_ENOMEM, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = (placed){sample.state_of_row[i], i};
    qsort(order, n, sizeof *order, by_state);
    for (size_t i = 0; i < n; i++) {
        const size_t s = order[i].state, row = order[i].row;
        verdict *v = &j->verdicts[i];
        if ((sample.x[s] != last_x || sample.T[s] != last_T) && !law_of(j, sample.x[s], sample.T[s])) {
            status = ptn_fail(err, PATRON_ENOMEM, "out of memory");
            goto done;
        }
        last_x = sample.x[s];
        last_T = sample.T[s];
        *v = (verdict){.later = outcomes->later[row], .weight = outcomes->states.weight ? outcomes->states.weight[row] : 1};
        judge_row(j, last_x, j->model ? p_alive[s] : 1, v, out);
    }
    finish(j, n, out);
    if (!isfinite(out->log_score) || !isfinite(out->forecast))
        status = ptn_fail(err, PATRON_ENUMERIC, "the forecast has no finite score");

done:
    ptn_sample_close(&sample);
    law_free(&j->law);
    free(j->verdicts);
    free(order);
    free(p_alive);
    return status;
}

patron_status patron_judge(const patron_model *model, const double *parameters, const patron_outcomes *outcomes, double horizon,
                           patron_judgement *judgement, patron_error *err)
{
    for (unsigned k = 0; k < model->info.parameter_count; k++)
        if (!(parameters[k] > 0) || !isfinite(parameters[k]))
            return ptn_fail(err, PATRON_EINVAL, "%s: parameter %s is %g; a finite number above 0 was expected", model->info.name,
                            model->info.parameter[k], parameters[k]);
    judge j = {.model = model, .parameters = parameters, .horizon = horizon};
    return judge_all(&j, outcomes, judgement, err);
}

patron_status patron_judge_same_rate(const patron_outcomes *outcomes, double horizon, patron_judgement *judgement,
                                     patron_error *err)
{
    judge j = {.horizon = horizon};
    return judge_all(&j, outcomes, judgement, err);
}
