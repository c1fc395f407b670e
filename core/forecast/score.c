#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "forecast/model.h"

enum { COUNTS_AT_FIRST = 1024, COUNTS_MAX = 1 << 24 };

/* ---- the law of the next count of someone who is alive ---- */

typedef struct law {
    double *cumulative; /* P(count <= k | alive), k < n */
    size_t n, room;
} law;

/* Counts up to the first whose cumulative probability reaches `enough`. */
static patron_status tabulate(law *alive, const patron_model *model, const double *parameters, double x,
                              double T, double horizon, double enough, patron_error *err)
{
    double reached = 0;
    enough = fmax(enough, DBL_MIN); /* one count at least */
    for (size_t room = alive->room ? alive->room : COUNTS_AT_FIRST;; room *= 4) {
        if (room > COUNTS_MAX)
            return ptn_fail(err, PATRON_ENUMERIC,
                            "%s: the interval for frequency %g, age %.15g reaches beyond %d purchases",
                            model->info.name, x, T, COUNTS_MAX);
        if (room > alive->room) {
            free(alive->cumulative);
            alive->room = 0;
            if (!(alive->cumulative = malloc(room * sizeof *alive->cumulative)))
                return ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu counts", room);
            alive->room = room;
        }
        alive->n = model->alive_pmf(parameters, x, T, horizon, enough, alive->cumulative, room);
        reached = 0;
        for (size_t k = 0; k < alive->n; k++)
            alive->cumulative[k] = reached += alive->cumulative[k];
        if (!isfinite(reached))
            return ptn_fail(err, PATRON_ENUMERIC,
                            "%s: the law of counts for frequency %g, age %.15g is not finite",
                            model->info.name, x, T);
        if (reached >= enough || alive->n < room)
            return PATRON_OK;
    }
}

/* The smallest count whose cumulative probability reaches `chance` in the mixture of nothing and the law. */
static double quantile(const law *alive, double p_alive, double chance)
{
    size_t below = 0, above = alive->n - 1; /* the answer lies between, both included */
    while (below < above) {
        const size_t middle = below + (above - below) / 2;
        if (1 - p_alive + p_alive * alive->cumulative[middle] >= chance)
            above = middle;
        else
            below = middle + 1;
    }
    return (double)below;
}

/* ---- a table of states ---- */

enum { P_ALIVE, P_BUYS, PURCHASES, RESIDUAL, LOW, HIGH, COLUMNS };

typedef struct scoring {
    const patron_model *model;
    const double *parameters;
    const patron_score_options *options;
    ptn_sample sample;
    double *of_state[COLUMNS]; /* NULL: not wanted, but P_ALIVE, which all need */
    law alive;
} scoring;

static patron_status check_options(const patron_score_options *options, double *const *rows,
                                   patron_error *err)
{
    const bool want_horizon = rows[P_BUYS] || rows[PURCHASES] || rows[LOW] || rows[HIGH];
    if (want_horizon && !(options && options->horizon > 0 && isfinite(options->horizon)))
        return ptn_fail(err, PATRON_EINVAL, "the horizon is %g, not a finite time above 0",
                        options ? options->horizon : 0);
    if (rows[RESIDUAL] && !(options && options->discount >= 0 && isfinite(options->discount)))
        return ptn_fail(err, PATRON_EINVAL, "the discount is %g, not a finite rate, 0 or more",
                        options ? options->discount : NAN);
    if ((rows[LOW] || rows[HIGH]) && !(options->chance >= 0 && options->chance < 1))
        return ptn_fail(err, PATRON_EINVAL, "the chance of the interval is %g, not between 0 and 1",
                        options->chance);
    return PATRON_OK;
}

static double upper_chance(const patron_score_options *options)
{
    return 0.5 + 0.5 * (options->chance > 0 ? options->chance : 0.8);
}

/* States first .. end - 1 share x and T, and so the law of what they do while alive. */
static patron_status score_run(scoring *s, size_t first, size_t end, patron_error *err)
{
    patron_status status = PATRON_OK;
    double *const *out = s->of_state;
    const double x = s->sample.x[first], T = s->sample.T[first];
    double purchases = 0, residual = 0, p_alive = 0;
    for (size_t i = first; i < end; i++)
        p_alive = fmax(p_alive, out[P_ALIVE][i]);
    if (out[PURCHASES])
        purchases = s->model->alive_purchases(s->parameters, x, T, s->options->horizon);
    if (out[RESIDUAL])
        residual = s->model->alive_residual(s->parameters, x, T, s->options->discount);
    if (out[LOW] || out[HIGH]) {
        const double enough = 1 - (1 - upper_chance(s->options)) / p_alive; /* of the likeliest to be alive */
        PTN_TRY(tabulate(&s->alive, s->model, s->parameters, x, T, s->options->horizon, enough, err));
    } else if (out[P_BUYS]) {
        PTN_TRY(tabulate(&s->alive, s->model, s->parameters, x, T, s->options->horizon, 0, err));
    }
    for (size_t i = first; i < end; i++) {
        if (out[P_BUYS])
            out[P_BUYS][i] = out[P_ALIVE][i] * (1 - s->alive.cumulative[0]);
        if (out[PURCHASES])
            out[PURCHASES][i] = out[P_ALIVE][i] * purchases;
        if (out[RESIDUAL])
            out[RESIDUAL][i] = out[P_ALIVE][i] * residual;
        if (out[LOW])
            out[LOW][i] = quantile(&s->alive, out[P_ALIVE][i], 1 - upper_chance(s->options));
        if (out[HIGH])
            out[HIGH][i] = quantile(&s->alive, out[P_ALIVE][i], upper_chance(s->options));
    }
done:
    return status;
}

static patron_status check_finite(const scoring *s, size_t first, size_t end, patron_error *err)
{
    static const char *const name[COLUMNS] = {"p_alive", "p_buys", "purchases", "residual", "low", "high"};
    for (unsigned k = 0; k < COLUMNS; k++)
        for (size_t i = first; s->of_state[k] && i < end; i++)
            if (!isfinite(s->of_state[k][i]))
                return ptn_fail(
                    err, PATRON_ENUMERIC, "%s: %s of frequency %g, recency %.15g, age %.15g is not finite%s",
                    s->model->info.name, name[k], s->sample.x[i], s->sample.t_x[i], s->sample.T[i],
                    k == RESIDUAL && s->options->discount == 0 ? ": without a discount it may be infinite"
                                                               : "");
    return PATRON_OK;
}

static patron_status score_states(scoring *s, patron_error *err)
{
    patron_status status = PATRON_OK;
    const ptn_sample *sample = &s->sample;
    if (!s->model->p_alive(s->parameters, sample, s->of_state[P_ALIVE]))
        return ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu states", sample->n);
    for (size_t first = 0, end; first < sample->n; first = end) {
        for (end = first + 1; end < sample->n; end++)
            if (sample->x[end] != sample->x[first] || sample->T[end] != sample->T[first])
                break;
        PTN_TRY(score_run(s, first, end, err));
        PTN_TRY(check_finite(s, first, end, err));
    }
done:
    return status;
}

patron_status patron_model_score(const patron_model *model, const double *parameters,
                                 const patron_states *states, const patron_score_options *options,
                                 patron_scores *scores, patron_error *err)
{
    patron_status status = PATRON_OK;
    double *const rows[COLUMNS] = {scores->p_alive,  scores->p_buys, scores->purchases,
                                   scores->residual, scores->low,    scores->high};
    scoring s = {.model = model, .parameters = parameters, .options = options};
    PTN_TRY(ptn_check_parameters(model, parameters, err));
    PTN_TRY(check_options(options, rows, err));
    PTN_TRY(ptn_sample_open(&s.sample, states, true, err));
    for (unsigned k = 0; k < COLUMNS && s.sample.n > 0; k++)
        if ((k == P_ALIVE || rows[k]) && !(s.of_state[k] = malloc(s.sample.n * sizeof *s.of_state[k]))) {
            status = ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu states", s.sample.n);
            goto done;
        }
    PTN_TRY(score_states(&s, err));
    for (unsigned k = 0; k < COLUMNS; k++)
        for (size_t i = 0; rows[k] && i < states->n; i++)
            rows[k][i] = s.of_state[k][s.sample.state_of_row[i]];
done:
    for (unsigned k = 0; k < COLUMNS; k++)
        free(s.of_state[k]);
    free(s.alive.cumulative);
    ptn_sample_close(&s.sample);
    return status;
}

/* ---- one state ---- */

static patron_status p_alive_of_one(const patron_model *model, const double *parameters,
                                    const patron_states *one, double *p_alive, patron_error *err)
{
    patron_status status = PATRON_OK;
    ptn_sample sample = {0};
    PTN_TRY(ptn_check_parameters(model, parameters, err));
    PTN_TRY(ptn_sample_open(&sample, one, false, err));
    if (!model->p_alive(parameters, &sample, p_alive))
        status = ptn_fail(err, PATRON_ENOMEM, "out of memory for one state");
    else if (!isfinite(*p_alive))
        status = ptn_fail(err, PATRON_ENUMERIC,
                          "%s: p_alive of frequency %g, recency %.15g, age %.15g is not finite",
                          model->info.name, *one->frequency, *one->recency, *one->age);
done:
    ptn_sample_close(&sample);
    return status;
}

patron_status patron_model_pmf(const patron_model *model, const double *parameters, double frequency,
                               double recency, double age, double horizon, double *pmf, size_t count,
                               double *tail, patron_error *err)
{
    double p_alive = 0, sum = 0;
    const patron_states one = {.n = 1, .frequency = &frequency, .recency = &recency, .age = &age};
    if (!(horizon > 0 && isfinite(horizon)))
        return ptn_fail(err, PATRON_EINVAL, "the horizon is %g, not a finite time above 0", horizon);
    const patron_status status = p_alive_of_one(model, parameters, &one, &p_alive, err);
    if (status != PATRON_OK)
        return status;
    const double all = INFINITY; /* never enough */
    const size_t written = count ? model->alive_pmf(parameters, frequency, age, horizon, all, pmf, count) : 0;
    for (size_t k = 0; k < count; k++) {
        pmf[k] = k < written ? pmf[k] : 0;
        sum += pmf[k];
        pmf[k] = p_alive * pmf[k] + (k == 0 ? 1 - p_alive : 0);
    }
    if (!isfinite(sum))
        return ptn_fail(err, PATRON_ENUMERIC,
                        "%s: the law of counts for frequency %g, age %.15g is not finite", model->info.name,
                        frequency, age);
    if (tail)
        *tail = count ? p_alive * fmax(0, 1 - sum) : 1;
    return PATRON_OK;
}

patron_status patron_model_new_purchases(const patron_model *model, const double *parameters, double time,
                                         double *purchases, patron_error *err)
{
    double p_alive = 0;
    const double zero = 0;
    const patron_states fresh = {.n = 1, .frequency = &zero, .recency = &zero, .age = &zero};
    if (!(time >= 0 && isfinite(time)))
        return ptn_fail(err, PATRON_EINVAL, "the time is %g, not a finite number, 0 or more", time);
    const patron_status status = p_alive_of_one(model, parameters, &fresh, &p_alive, err);
    if (status != PATRON_OK)
        return status;
    const double expected = time > 0 ? p_alive * model->alive_purchases(parameters, 0, 0, time) : 0;
    if (!isfinite(expected))
        return ptn_fail(err, PATRON_ENUMERIC, "%s: the purchases of a new customer in %g are not finite",
                        model->info.name, time);
    *purchases = expected;
    return PATRON_OK;
}
