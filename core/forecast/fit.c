/* Fitting: the search that all models share.
 *
 * The search runs over u = ln(parameter / unit^power), unit = the mean age of the customers, on the mean log-likelihood of
 * times counted in that unit, so that every step and every stopping rule is free of the caller's unit of time.
 *
 * The weak prior: independent normals on u, mean 0, standard deviation 2.5 for shapes and 3.5 for times. Its curvature is
 * .16 and .08 a parameter, about that of one customer. It is part of the curvature that standard errors are made from.
 *
 * Interior or boundary. A likelihood that rises toward a limit does so along a ridge on which a shape (a time where no
 * shape takes part) grows or shrinks without end. A limit is tried when the search did not end in an optimum, or ended in
 * one that leaves some direction open by a factor of 90 (standard error ln 90), or ended where the shapes that the limit
 * sends away are all on that side of 1 and one of them is 20 times from it. So the weak prior, which holds a small base
 * inside, has its say, and an ordinary fit costs nothing more. The limit, fitted by plain maximum likelihood, is reported
 * when it explains the data as well to a hundredth of a unit of log-likelihood, which no data can tell apart: the shape's
 * value would be the prior's or chance's, not the customers'. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "forecast/model.h"
#include "math/linear.h"
#include "math/minimise.h"

enum { P = PATRON_PARAMETERS_MAX };

static const double SHAPE_SD = 2.5, TIME_SD = 3.5;
static const double POINTS_AT = 3; /* ln 20 */
static const double OPEN_CURVATURE =
    0.05; /* of the whole log-likelihood: a standard error of ln 90; less than the prior's */
static const double EMPTY_CURVATURE = 1e-4; /* a standard error of 100 on a log: no optimum at all */
static const double AS_WELL = 0.01;         /* units of log-likelihood */

/* ---- the objective ---- */

typedef struct search {
    const patron_model *model;
    const ptn_sample *sample;
    const patron_fit_options *options;
    const ptn_limit *limit; /* NULL: all parameters are free, and the prior counts */
    double start[P];        /* what the search's variables are measured from */
    double log_unit;
    unsigned evaluations;
    patron_status stopped; /* why the objective said stop */
} search;

static unsigned free_count(const search *s)
{
    return s->limit ? s->limit->free_count : s->model->info.parameter_count;
}

/* Parameters at the variables x, and d log parameter / d x. False: they cannot be held in doubles. */
static bool place(const search *s, const double *x, double *parameters, double *jacobian)
{
    const patron_model_info *info = &s->model->info;
    const unsigned n = free_count(s), count = info->parameter_count;
    double at[P];
    for (unsigned i = 0; i < n; i++)
        at[i] = s->start[i] + x[i];
    memset(jacobian, 0, n * count * sizeof *jacobian);
    if (s->limit) {
        s->limit->expand(at, parameters, jacobian);
    } else {
        for (unsigned k = 0; k < count; k++) {
            parameters[k] = exp(at[k] + info->time_power[k] * s->log_unit);
            jacobian[k * count + k] = 1;
        }
    }
    for (unsigned k = 0; k < count; k++)
        if (!(parameters[k] >= DBL_MIN && parameters[k] <= DBL_MAX))
            return false;
    return true;
}

/* u of parameter k. */
static double free_of_unit(const search *s, const double *parameters, unsigned k)
{
    return log(parameters[k]) - s->model->info.time_power[k] * s->log_unit;
}

/* Less its maximum; adds its gradient to *gradient unless NULL. */
static double log_prior(const search *s, const double *parameters, double *gradient)
{
    double sum = 0;
    if (s->limit || (s->options && s->options->prior == PATRON_PRIOR_NONE))
        return 0;
    for (unsigned k = 0; k < s->model->info.parameter_count; k++) {
        const double sd = s->model->info.time_power[k] ? TIME_SD : SHAPE_SD;
        const double z = free_of_unit(s, parameters, k) / sd;
        sum -= 0.5 * z * z;
        if (gradient)
            gradient[k] -= z / sd;
    }
    return sum;
}

static bool objective(void *context, const double *x, double *value, double *gradient)
{
    search *s = context;
    const ptn_sample *sample = s->sample;
    const unsigned n = free_count(s), count = s->model->info.parameter_count;
    double parameters[P], jacobian[P * P], slope[P] = {0}, log_likelihood;
    *value = INFINITY;
    memset(gradient, 0, n * sizeof *gradient);
    if (!place(s, x, parameters, jacobian))
        return true;
    if (!s->model->log_likelihood(parameters, sample, &log_likelihood, slope)) {
        s->stopped = PATRON_ENOMEM;
        return false;
    }
    s->evaluations++;
    if (s->options && s->options->progress
        && !s->options->progress(s->options->context, s->evaluations, log_likelihood)) {
        s->stopped = PATRON_ECANCELLED;
        return false;
    }
    const double prior = log_prior(s, parameters, slope);
    *value = -(log_likelihood + sample->purchases * s->log_unit + prior) / sample->customers;
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < count; k++)
            gradient[i] -= jacobian[i * count + k] * slope[k] / sample->customers;
    return true;
}

/* ---- one search ---- */

/* Where a search ended. */
typedef struct ending {
    bool settled; /* in an optimum with curvature all round */
    bool open;    /* none, or hardly any, in some direction */
    ptn_minimum minimum;
    double parameters[P], jacobian[P * P];
    double log_likelihood; /* of the data alone; -inf when the search found no finite value */
} ending;

/* A search that stopped in rounding is as good as done when the step that is left would gain less than a millionth of a
 * unit of log-likelihood: no parameter is then off by more than .0015 of its standard error. */
static bool nothing_left(const search *s, const ptn_minimum *minimum)
{
    const unsigned n = free_count(s);
    double factor[PTN_MINIMISE_MAX * PTN_MINIMISE_MAX], step[PTN_MINIMISE_MAX], gain = 0;
    memcpy(factor, minimum->hessian, n * n * sizeof *factor);
    memcpy(step, minimum->gradient, n * sizeof *step);
    if (!ptn_cholesky(n, factor))
        return false;
    ptn_cholesky_solve(n, factor, step);
    for (unsigned i = 0; i < n; i++)
        gain += 0.5 * minimum->gradient[i] * step[i];
    return gain * s->sample->customers < 1e-6;
}

static void run(search *s, ending *end)
{
    double x[PTN_MINIMISE_MAX] = {0};
    const ptn_minimise_options options = {.flat = DBL_MIN}; /* the curvature is judged below */
    *end = (ending){.open = true, .log_likelihood = -INFINITY};
    ptn_minimise(free_count(s), objective, s, &options, x, &end->minimum);
    const ptn_minimum *m = &end->minimum;
    if (s->stopped != PATRON_OK || !place(s, x, end->parameters, end->jacobian) || !isfinite(m->value))
        return;
    end->log_likelihood = -m->value * s->sample->customers - s->sample->purchases * s->log_unit
                          - log_prior(s, end->parameters, NULL);
    const double curvature = m->smallest_eigenvalue * s->sample->customers;
    const bool halted = m->status == PTN_MINIMISE_STUCK || m->status == PTN_MINIMISE_FLAT;
    end->settled =
        curvature > EMPTY_CURVATURE && (m->status == PTN_MINIMISE_FOUND || (halted && nothing_left(s, m)));
    end->open = !end->settled || curvature < OPEN_CURVATURE;
}

/* ---- limits ---- */

/* Which way a limit sends parameter k: -1, 0 (it stays), 1. */
static int sent(const search *s, const double *parameters, unsigned k)
{
    const double u = free_of_unit(s, parameters, k);
    return (u > PTN_LIMIT_FAR) - (u < -PTN_LIMIT_FAR);
}

static bool points_to(const search *s, const double *inside, const double *limit)
{
    const patron_model_info *info = &s->model->info;
    bool shapes = false;
    double furthest = 0;
    for (unsigned k = 0; k < info->parameter_count; k++)
        shapes |= info->time_power[k] == 0 && sent(s, limit, k) != 0;
    for (unsigned k = 0; k < info->parameter_count; k++) {
        const int way = sent(s, limit, k);
        const double u = free_of_unit(s, inside, k);
        if (way == 0 || (shapes && info->time_power[k] != 0))
            continue;
        if (way * u <= 0)
            return false;
        furthest = fmax(furthest, way * u);
    }
    return furthest > POINTS_AT;
}

/* The best of the limits that explain the data as well as `inside` does, and of two that do equally well the one with fewer
 * parameters. NULL: none does. */
static const ptn_limit *best_limit(search *s, const ending *inside, ending *best)
{
    const ptn_limit *chosen = NULL;
    const double slack =
        AS_WELL + 1e-9 * (s->sample->customers + s->sample->purchases); /* and its rounding */
    for (const ptn_limit *limit = s->model->limits; limit && limit->name; limit++) {
        ending end;
        double jacobian[P * P] = {0};
        s->limit = limit;
        limit->start(s->sample, s->start);
        limit->expand(s->start, end.parameters, jacobian);
        if (!inside->open && !points_to(s, inside->parameters, end.parameters))
            continue;
        run(s, &end);
        if (s->stopped != PATRON_OK)
            return NULL;
        double needed = inside->log_likelihood - slack;
        if (chosen)
            needed = fmax(needed,
                          best->log_likelihood + (limit->free_count < chosen->free_count ? -slack : slack));
        if (end.settled && end.log_likelihood >= needed) {
            chosen = limit;
            *best = end;
        }
    }
    s->limit = chosen;
    return chosen;
}

/* ---- the report ---- */

static void blank(patron_fit *fit, const patron_model *model)
{
    *fit = (patron_fit){.model = model,
                        .status = PATRON_FIT_FAILED,
                        .log_likelihood = NAN,
                        .prior_weight = NAN,
                        .largest_gradient = NAN,
                        .smallest_curvature = NAN};
    for (unsigned k = 0; k < P; k++)
        fit->parameters[k] = fit->standard_error[k] = NAN;
    for (unsigned k = 0; k < P * P; k++)
        fit->covariance[k] = NAN;
}

/* Covariance of the logs of the parameters, J' (N H)^-1 J, and the standard errors of the parameters. */
static void report_errors(const search *s, const ending *end, patron_fit *fit)
{
    const unsigned n = free_count(s), count = s->model->info.parameter_count;
    double factor[PTN_MINIMISE_MAX * PTN_MINIMISE_MAX], inverse[PTN_MINIMISE_MAX * PTN_MINIMISE_MAX];
    memcpy(factor, end->minimum.hessian, n * n * sizeof *factor);
    if (!ptn_cholesky(n, factor))
        return; /* a settled search has curvature all round */
    ptn_cholesky_inverse(n, factor, inverse);
    for (unsigned k = 0; k < count; k++) {
        for (unsigned l = 0; l < count; l++) {
            double sum = 0;
            for (unsigned i = 0; i < n; i++)
                for (unsigned j = 0; j < n; j++)
                    sum += end->jacobian[i * count + k] * inverse[i * n + j] * end->jacobian[j * count + l];
            fit->covariance[k * count + l] = sum / s->sample->customers;
        }
        if (!s->limit || sent(s, end->parameters, k) == 0)
            fit->standard_error[k] = end->parameters[k] * sqrt(fit->covariance[k * count + k]);
    }
}

static void report(search *s, const ending *end, patron_fit *fit)
{
    fit->status = s->limit ? PATRON_FIT_BOUNDARY : PATRON_FIT_INTERIOR;
    if (s->limit)
        snprintf(fit->limit, sizeof fit->limit, "%s", s->limit->name);
    memcpy(fit->parameters, end->parameters, s->model->info.parameter_count * sizeof *fit->parameters);
    fit->log_likelihood = end->log_likelihood;
    fit->prior_weight = log_prior(s, end->parameters, NULL);
    fit->largest_gradient = end->minimum.largest_gradient;
    fit->smallest_curvature = end->minimum.smallest_eigenvalue;
    report_errors(s, end, fit);
}

static patron_status no_optimum(const search *s, const ending *end, const patron_fit *fit, patron_error *err)
{
    const patron_model_info *info = &s->model->info;
    unsigned far = 0;
    if (!isfinite(end->log_likelihood))
        return ptn_fail(err, PATRON_ENUMERIC, "%s: the log-likelihood is not finite where the search begins",
                        info->name);
    for (unsigned k = 1; k < info->parameter_count; k++)
        if (fabs(free_of_unit(s, end->parameters, k)) > fabs(free_of_unit(s, end->parameters, far)))
            far = k;
    const char *how = end->minimum.status == PTN_MINIMISE_RUNAWAY ? "the likelihood keeps rising"
                      : end->minimum.status == PTN_MINIMISE_FLAT  ? "the likelihood is flat"
                                                                  : "the search came to a halt";
    return ptn_fail(
        err, PATRON_ENUMERIC,
        "%s: no best fit to %g customers with %g repeat purchases: after %u evaluations %s near %s = %.3g "
        "(log-likelihood %.10g, largest gradient %.1e)%s",
        info->name, s->sample->customers, s->sample->purchases, fit->evaluations, how, info->parameter[far],
        end->parameters[far], end->log_likelihood, end->minimum.largest_gradient,
        s->options && s->options->prior == PATRON_PRIOR_NONE ? "; the weak prior may help" : "");
}

static patron_status fit_sample(const patron_model *model, const ptn_sample *sample,
                                const patron_fit_options *options, patron_fit *fit, patron_error *err)
{
    search s = {.model = model,
                .sample = sample,
                .options = options,
                .log_unit = log(sample->time / sample->customers)};
    ending inside, best;
    double begin[P];
    model->start(sample, begin);
    for (unsigned k = 0; k < model->info.parameter_count; k++)
        s.start[k] = free_of_unit(&s, begin, k);
    run(&s, &inside);
    fit->iterations = inside.minimum.iterations;
    if (s.stopped == PATRON_OK && best_limit(&s, &inside, &best))
        fit->iterations += best.minimum.iterations;
    else
        best = inside;
    fit->evaluations = s.evaluations;
    if (s.stopped == PATRON_ECANCELLED)
        return ptn_fail(err, s.stopped, "%s: cancelled after %u evaluations", model->info.name,
                        s.evaluations);
    if (s.stopped != PATRON_OK)
        return ptn_fail(err, s.stopped, "%s: out of memory for the likelihood of %zu states",
                        model->info.name, sample->n);
    if (!best.settled)
        return no_optimum(&s, &inside, fit, err);
    report(&s, &best, fit);
    return PATRON_OK;
}

/* ---- the public functions ---- */

patron_status patron_model_fit(const patron_model *model, const patron_states *states,
                               const patron_fit_options *options, patron_fit *fit, patron_error *err)
{
    patron_status status = PATRON_OK;
    ptn_sample sample = {0};
    if (options && options->prior != PATRON_PRIOR_WEAK && options->prior != PATRON_PRIOR_NONE)
        return ptn_fail(err, PATRON_EINVAL, "there is no prior number %d", (int)options->prior);
    blank(fit, model);
    PTN_TRY(ptn_sample_open(&sample, states, false, err));
    fit->customers = sample.customers;
    fit->states = sample.n;
    if (sample.n == 0) {
        status = ptn_fail(err, PATRON_EDATA, "%s: there are no customers to fit to", model->info.name);
        goto done;
    }
    if (!(sample.time > 0 && isfinite(sample.time))) {
        status = ptn_fail(err, PATRON_EDATA,
                          "%s: the ages of all customers sum to %g: nobody was observed for any time",
                          model->info.name, sample.time);
        goto done;
    }
    PTN_TRY(fit_sample(model, &sample, options, fit, err));
done:
    ptn_sample_close(&sample);
    return status;
}

patron_status patron_model_log_likelihood(const patron_model *model, const double *parameters,
                                          const patron_states *states, double *log_likelihood,
                                          double *gradient, patron_error *err)
{
    patron_status status = PATRON_OK;
    ptn_sample sample = {0};
    double value = 0, slope[P] = {0};
    bool finite;
    PTN_TRY(ptn_check_parameters(model, parameters, err));
    PTN_TRY(ptn_sample_open(&sample, states, false, err));
    if (sample.n > 0 && !model->log_likelihood(parameters, &sample, &value, gradient ? slope : NULL)) {
        status = ptn_fail(err, PATRON_ENOMEM, "%s: out of memory for the likelihood of %zu states",
                          model->info.name, sample.n);
        goto done;
    }
    finite = isfinite(value);
    for (unsigned k = 0; k < model->info.parameter_count; k++)
        finite = finite && isfinite(slope[k]);
    if (!finite) {
        status = ptn_fail(err, PATRON_ENUMERIC, "%s: the log-likelihood or its gradient is not finite",
                          model->info.name);
        goto done;
    }
    *log_likelihood = value;
    if (gradient)
        memcpy(gradient, slope, model->info.parameter_count * sizeof *gradient);
done:
    ptn_sample_close(&sample);
    return status;
}
