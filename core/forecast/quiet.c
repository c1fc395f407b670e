/* Gone, or quiet? A model takes some for gone who come back: its law of a count is (1 - p) δ0 + p F, with p the chance that they
 * are still with us and F the law of those who are. When a share q of the leavers has only gone quiet, p becomes q + (1 - q) p
 * and the law a mean of two, (1 - q) P + q F: the model's, and that of the same model in which nobody has left yet. Its log is
 * concave in q, so the best q for what came is found by halving. */
#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "models.h"
#include "patron/track_record.h"

enum { LATER_MAX = 1000000 };
static const double prior_customers = 19; /* as if so many more, surely gone, had been seen to stay away */

/* ---- the models ---- */

static bool add_quiet(bool done, double quiet, size_t n, double *p_alive)
{
    for (size_t i = 0; done && i < n; i++)
        p_alive[i] = quiet + (1 - quiet) * p_alive[i];
    return done;
}

/* `parameters` is the number of the model's own; the share follows them. */
#define QUIET(own, parameters, ...)                                                                                          \
    static bool own##_log_likelihood(const double *at, const ptn_sample *sample, double *value, double *gradient)             \
    {                                                                                                                        \
        if (gradient)                                                                                                        \
            gradient[parameters] = 0; /* what is known of the past does not tell */                                          \
        return ptn_##own.log_likelihood(at, sample, value, gradient);                                                        \
    }                                                                                                                        \
    static void own##_start(const ptn_sample *sample, double *at)                                                            \
    {                                                                                                                        \
        ptn_##own.start(sample, at);                                                                                         \
        at[parameters] = 0.05;                                                                                               \
    }                                                                                                                        \
    static double own##_purchases(const double *at, double x, double T, double horizon)                                      \
    {                                                                                                                        \
        return ptn_##own.alive_purchases(at, x, T, horizon);                                                                 \
    }                                                                                                                        \
    static double own##_residual(const double *at, double x, double T, double discount)                                      \
    {                                                                                                                        \
        return ptn_##own.alive_residual(at, x, T, discount);                                                                 \
    }                                                                                                                        \
    static size_t own##_pmf(const double *at, double x, double T, double horizon, double enough, double *pmf, size_t count)  \
    {                                                                                                                        \
        return ptn_##own.alive_pmf(at, x, T, horizon, enough, pmf, count);                                                   \
    }                                                                                                                        \
    static bool own##_p_alive(const double *at, const ptn_sample *sample, double *p_alive)                                   \
    {                                                                                                                        \
        return add_quiet(ptn_##own.p_alive(at, sample, p_alive), at[parameters], sample->n, p_alive);                        \
    }                                                                                                                        \
    static void own##_draw(const double *at, double end, ptn_random *random,                                                 \
                           void (*purchase)(void *context, double time), void *context)                                      \
    {                                                                                                                        \
        ptn_##own.draw(at, end, random, purchase, context);                                                                  \
    }                                                                                                                        \
    static const patron_model own##_quiet = {                                                                                \
        .info = {.name = #own, .says = "as " #own "; some of the leavers have only gone quiet",                              \
                 .source = "a mean of two laws, weighted by what came", .parameter_count = parameters + 1, __VA_ARGS__},     \
        .log_likelihood = own##_log_likelihood, .start = own##_start, .alive_purchases = own##_purchases,                    \
        .alive_residual = own##_residual, .alive_pmf = own##_pmf, .p_alive = own##_p_alive, .draw = own##_draw}

QUIET(pareto_nbd, 4, .parameter = {"r", "alpha", "s", "beta", "quiet"}, .time_power = {0, 1, 0, 1, 0});
QUIET(bg_nbd, 4, .parameter = {"r", "alpha", "a", "b", "quiet"}, .time_power = {0, 1, 0, 0, 0});
QUIET(mbg_nbd, 4, .parameter = {"r", "alpha", "a", "b", "quiet"}, .time_power = {0, 1, 0, 0, 0});

const patron_model *patron_model_quiet(const patron_model *model)
{
    return model == &ptn_pareto_nbd ? &pareto_nbd_quiet : model == &ptn_bg_nbd ? &bg_nbd_quiet : model == &ptn_mbg_nbd ? &mbg_nbd_quiet : NULL;
}

/* ---- the share ---- */

/* What came to one row: its chance by the model's law, and by that of those who are with us. */
typedef struct chances {
    double weight, model, with_us;
} chances;

typedef struct all_chances {
    chances *at;
    size_t n;
} all_chances;

/* Rows in the order of their states, so that those of one (x, T) share its law. */
typedef struct placed {
    size_t state, row;
} placed;

static int by_state(const void *a, const void *b)
{
    const placed *l = a, *r = b;
    return l->state != r->state ? (l->state > r->state) - (l->state < r->state) : (l->row > r->row) - (l->row < r->row);
}

/* Rows first .. end - 1 share x and T. */
static patron_status read_run(const patron_model *model, const patron_trial *trial, const ptn_sample *sample, const double *p_alive,
                              const placed *order, size_t first, size_t end, all_chances *out, patron_error *err)
{
    double most = 0;
    for (size_t i = first; i < end; i++)
        most = fmax(most, trial->outcomes.later[order[i].row]);
    const size_t count = (size_t)most + 1, state = order[first].state;
    double *pmf = malloc(count * sizeof *pmf);
    if (!pmf)
        return ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu counts", count);
    const size_t written = model->alive_pmf(trial->parameters, sample->x[state], sample->T[state], trial->horizon, INFINITY, pmf, count);
    for (size_t i = first; i < end; i++) {
        const size_t y = (size_t)trial->outcomes.later[order[i].row];
        const double p = p_alive[order[i].state], with_us = y < written ? pmf[y] : 0;
        const double *weight = trial->outcomes.states.weight;
        out->at[out->n++] = (chances){weight ? weight[order[i].row] : 1, fmax(p * with_us + (y == 0 ? 1 - p : 0), 1e-300),
                                      fmax(with_us, 1e-300)};
    }
    free(pmf);
    return PATRON_OK;
}

static patron_status read_trial(const patron_model *model, const patron_trial *trial, all_chances *out, patron_error *err)
{
    patron_status status = PATRON_OK;
    const size_t n = trial->outcomes.states.n;
    ptn_sample sample = {0};
    double *p_alive = NULL;
    placed *order = NULL;
    PTN_TRY(ptn_check_parameters(model, trial->parameters, err));
    if (!(trial->horizon > 0) || !isfinite(trial->horizon)) {
        status = ptn_fail(err, PATRON_EINVAL, "the horizon is %g, not a finite time above 0", trial->horizon);
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        const double later = trial->outcomes.later[i];
        if (!(later >= 0 && later <= LATER_MAX) || later != floor(later)) {
            status = ptn_fail(err, PATRON_EDATA, "row %zu: %g purchases later; a whole number, 0 to %d", i + 1, later, LATER_MAX);
            goto done;
        }
    }
    PTN_TRY(ptn_sample_open(&sample, &trial->outcomes.states, true, err));
    p_alive = malloc((sample.n + 1) * sizeof *p_alive);
    order = malloc((n + 1) * sizeof *order);
    if (!p_alive || !order || !model->p_alive(trial->parameters, &sample, p_alive)) {
        status = ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu states", n);
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = (placed){sample.state_of_row[i], i};
    qsort(order, n, sizeof *order, by_state);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n; end++)
            if (sample.x[order[end].state] != sample.x[order[first].state] || sample.T[order[end].state] != sample.T[order[first].state])
                break;
        PTN_TRY(read_run(model, trial, &sample, p_alive, order, first, end, out, err));
    }

done:
    ptn_sample_close(&sample);
    free(p_alive);
    free(order);
    return status;
}

/* Slope of the log score, the prior's included, by q. */
static double slope(const all_chances *all, double q)
{
    double sum = -prior_customers / (1 - q);
    for (size_t i = 0; i < all->n; i++) {
        const chances *c = &all->at[i];
        sum += c->weight * (c->with_us - c->model) / ((1 - q) * c->model + q * c->with_us);
    }
    return sum;
}

patron_status patron_quiet_learn(const patron_model *model, size_t n, const patron_trial *trials, double *quiet, patron_error *err)
{
    patron_status status = PATRON_OK;
    all_chances all = {0};
    size_t rows = 0;
    double low = 0, high = 1;
    for (size_t i = 0; i < n; i++)
        rows += trials[i].outcomes.states.n;
    if (!(all.at = malloc((rows + 1) * sizeof *all.at)))
        return ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu states", rows);
    for (size_t i = 0; i < n; i++)
        PTN_TRY(read_trial(model, &trials[i], &all, err));
    if (slope(&all, 0) <= 0)
        high = 0;
    while (high - low > 1e-6) {
        const double middle = (low + high) / 2;
        *(slope(&all, middle) > 0 ? &low : &high) = middle;
    }
    *quiet = low;

done:
    free(all.at);
    return status;
}
