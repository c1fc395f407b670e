/* What a purchase is worth, in SQL:
 *   gamma_gamma_fit(purchases, mean [, prior])   spend above 0; parameters p, q, gamma: an aggregate
 *   gamma_gamma_mean(params, purchases, mean)    expected spend per purchase of someone
 *   gamma_gamma_scale(params, purchases, mean)   the unit in which sums of future purchases have one law per state
 *   normal_normal_fit(count, mean)               means that may be negative; centre, between, within: an aggregate
 *   normal_normal_mean(params, count, mean)      a mean drawn toward the centre
 * Rows are kept, sorted and then fitted, so any order of rows and number of threads gives the same bits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"
#include "patron/spend.h"

typedef struct spend_model {
    const char *name, *count; /* what the first argument is called */
    const char *parameter[3];
    const char *(*row_fault)(double count, double mean); /* NULL: fit to be fitted */
    bool takes_prior;
    patron_status (*fit)(size_t n, const double *count, const double *mean, const patron_fit_options *options,
                         double *parameters, char *limit, ptn_fit_row *fit, patron_error *err);
} spend_model;

enum { PARAMETERS = 3, LIMIT_ROOM = 48 };

/* ---- the two models ---- */

static const char *gamma_gamma_fault(double purchases, double mean)
{
    if (!(purchases >= 1 && purchases <= 1e6 && purchases == floor(purchases)))
        return "purchases is a whole number from 1 to 1000000";
    return mean > 0 && isfinite(mean) ? NULL : "mean is a finite amount above 0";
}

static patron_status gamma_gamma_fit(size_t n, const double *count, const double *mean,
                                     const patron_fit_options *options, double *parameters, char *limit,
                                     ptn_fit_row *fit, patron_error *err)
{
    patron_spend_fit found = {0};
    const patron_status status = patron_gamma_gamma_fit(
        &(patron_spends){.n = n, .purchases = count, .mean = mean}, options, &found, err);
    fit->status = found.status;
    snprintf(limit, LIMIT_ROOM, "%s", found.limit);
    parameters[0] = found.parameters.p;
    parameters[1] = found.parameters.q;
    parameters[2] = found.parameters.gamma;
    fit->log_likelihood = isfinite(found.log_likelihood) ? found.log_likelihood : NAN; /* of one price it has no bound */
    fit->iterations = found.iterations;
    return status;
}

static const char *normal_normal_fault(double count, double mean)
{
    if (!(count > 0 && isfinite(count)))
        return "count is a finite number above 0";
    return isfinite(mean) ? NULL : "mean is a finite number";
}

static patron_status normal_normal_fit(size_t n, const double *count, const double *mean,
                                       const patron_fit_options *options, double *parameters, char *limit,
                                       ptn_fit_row *fit, patron_error *err)
{
    (void)options; /* fast: it neither tells its progress nor can be cancelled */
    (void)limit;
    patron_normal_normal found = {0};
    const patron_status status =
        patron_normal_normal_fit(&(patron_means){.n = n, .count = count, .mean = mean}, &found, err);
    fit->status = status == PATRON_OK ? PATRON_FIT_INTERIOR : PATRON_FIT_FAILED;
    parameters[0] = found.centre;
    parameters[1] = found.between;
    parameters[2] = found.within;
    return status;
}

static const spend_model gamma_gamma = {
    .name = "gamma_gamma",
    .count = "purchases",
    .parameter = {"p", "q", "gamma"},
    .row_fault = gamma_gamma_fault,
    .takes_prior = true,
    .fit = gamma_gamma_fit,
};
static const spend_model normal_normal = {
    .name = "normal_normal",
    .count = "count",
    .parameter = {"centre", "between", "within"},
    .row_fault = normal_normal_fault,
    .fit = normal_normal_fit,
};

static ptn_parameter_names names_of(const spend_model *model)
{
    return (ptn_parameter_names){PARAMETERS, model->parameter};
}

/* ---- the aggregate ---- */

typedef struct fit_function {
    const spend_model *model;
    ptn_function_host *host;
} fit_function;

typedef struct pair {
    double count, mean;
} pair;

typedef struct pairs {
    pair *at;
    size_t n, room;
    ptn_said prior;
} pairs;

static void fail(duckdb_function_info info, const spend_model *model, const char *text)
{
    char message[640];
    snprintf(message, sizeof message, "%s_fit: %s", model->name, ptn_without_name(text, model->name));
    duckdb_aggregate_function_set_error(info, message);
}

static bool push(pairs *p, const pair *more, size_t n)
{
    if (p->n + n > p->room) {
        size_t room = p->room ? 2 * p->room : 8;
        while (room < p->n + n)
            room *= 2;
        pair *at = realloc(p->at, room * sizeof *at);
        if (!at)
            return false;
        p->at = at;
        p->room = room;
    }
    if (n)
        memcpy(p->at + p->n, more, n * sizeof *more);
    p->n += n;
    return true;
}

static idx_t state_size(duckdb_function_info info)
{
    (void)info;
    return sizeof(pairs);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    (void)info;
    memset(state, 0, sizeof(pairs));
}

static void state_destroy(duckdb_aggregate_state *states, idx_t n)
{
    for (idx_t k = 0; k < n; k++) {
        free(((pairs *)states[k])->at);
        ((pairs *)states[k])->at = NULL;
    }
}

static const char *take(const spend_model *model, pairs *p, pair row, char *text, size_t size)
{
    const char *fault = model->row_fault(row.count, row.mean);
    if (fault) {
        snprintf(text, size, "%s %.15g, mean %.15g: %s", model->count, row.count, row.mean, fault);
        return text;
    }
    return push(p, &row, 1) ? NULL : "out of memory";
}

static void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state *states)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    const bool has_prior = duckdb_data_chunk_get_column_count(input) == 3;
    const ptn_words priors =
        has_prior ? ptn_words_of(duckdb_data_chunk_get_vector(input, 2)) : (ptn_words){0};
    ptn_doubles in[2];
    ptn_doubles_of_chunk(input, 0, 2, in);
    for (idx_t i = 0, n = duckdb_data_chunk_get_size(input); i < n; i++) {
        pairs *p = (pairs *)states[i];
        char text[240];
        if (ptn_any_null(in, 2, i) || ptn_is_null(priors.valid, i))
            continue;
        const char *fault = priors.word ? ptn_say_prior(&p->prior, &priors.word[i], text, sizeof text) : NULL;
        if (!fault)
            fault = take(self->model, p, (pair){in[0].value[i], in[1].value[i]}, text, sizeof text);
        if (fault) {
            fail(info, self->model, fault);
            return;
        }
    }
}

static void combine(duckdb_function_info info, duckdb_aggregate_state *source, duckdb_aggregate_state *target,
                    idx_t n)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    for (idx_t k = 0; k < n; k++) {
        const pairs *from = (const pairs *)source[k];
        pairs *to = (pairs *)target[k];
        const char *fault = ptn_say_as(&to->prior, from->prior);
        if (!fault && !push(to, from->at, from->n))
            fault = "out of memory";
        if (fault) {
            fail(info, self->model, fault);
            return;
        }
    }
}

static int by_count(const void *a, const void *b)
{
    const pair *l = a, *r = b;
    return l->count != r->count ? (l->count > r->count) - (l->count < r->count)
                                : (l->mean > r->mean) - (l->mean < r->mean);
}

static patron_status run_fit(const fit_function *self, pairs *p, double *parameters, char *limit,
                             ptn_fit_row *fit, patron_error *err)
{
    double *count = malloc(2 * p->n * sizeof *count);
    if (!count)
        return PATRON_ENOMEM;
    double *mean = count + p->n;
    qsort(p->at, p->n, sizeof *p->at, by_count);
    for (size_t i = 0; i < p->n; i++) {
        count[i] = p->at[i].count;
        mean[i] = p->at[i].mean;
    }
    const patron_fit_options options = {
        .prior = ptn_prior_of(p->prior), .progress = ptn_fit_progress, .context = self->host};
    const patron_status status = self->model->fit(p->n, count, mean, &options, parameters, limit, fit, err);
    free(count);
    return status;
}

static void finalize(duckdb_function_info info, duckdb_aggregate_state *states, duckdb_vector out, idx_t n,
                     idx_t offset)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    const ptn_parameter_names names = names_of(self->model);
    for (idx_t k = 0; k < n; k++) {
        pairs *p = (pairs *)states[k];
        patron_error err = {.message = "out of memory"};
        char limit[LIMIT_ROOM] = "";
        double parameters[PARAMETERS];
        ptn_fit_row fit = {.limit = limit,
                           .parameters = parameters,
                           .log_likelihood = NAN,
                           .customers = (double)p->n,
                           .states = -1,
                           .iterations = -1};
        if (p->n == 0) {
            ptn_fit_write(out, offset + k, &names, NULL);
            continue;
        }
        const patron_status status = run_fit(self, p, parameters, limit, &fit, &err);
        if (status == PATRON_ENOMEM || status == PATRON_ECANCELLED) {
            fail(info, self->model, err.message);
            state_destroy(states, n); /* after an error here DuckDB 1.5 forgets its destructor */
            return;
        }
        fit.reason = ptn_without_name(err.message, self->model->name);
        ptn_fit_write(out, offset + k, &names, &fit);
    }
}

static bool register_fit(duckdb_connection connection, const spend_model *model, ptn_function_host *host)
{
    const fit_function self = {model, host};
    char name[40];
    snprintf(name, sizeof name, "%s_fit", model->name);
    return ptn_register_fit(connection, &(ptn_fit_signature){.name = name,
                                                             .names = names_of(model),
                                                             .fewest = 2,
                                                             .most = 2,
                                                             .takes_prior = model->takes_prior,
                                                             .state_size = state_size,
                                                             .init = state_init,
                                                             .update = update,
                                                             .combine = combine,
                                                             .finalize = finalize,
                                                             .destroy = state_destroy,
                                                             .known = &self,
                                                             .known_size = sizeof self});
}

/* ---- means of persons ---- */

typedef struct question {
    const char *name;
    const spend_model *model;
    const char *(*fault)(const double *parameters, double count, double mean);
    double (*answer)(const double *parameters, double count, double mean);
} question;

/* Spend that came back in full leaves a mean of 0. */
static const char *spend_fault(const double *p, double purchases, double mean)
{
    if (!(p[0] > 0 && p[1] > 1 && p[2] > 0 && isfinite(p[0]) && isfinite(p[1]) && isfinite(p[2])))
        return "p above 0, q above 1 and gamma above 0, all finite, were expected";
    if (!(purchases >= 0 && isfinite(purchases)))
        return "purchases is a finite number, 0 or more";
    return mean >= 0 && isfinite(mean) ? NULL : "mean is a finite amount, 0 or more";
}

static const char *shrunken_fault(const double *p, double count, double mean)
{
    if (!(isfinite(p[0]) && p[1] >= 0 && p[2] >= 0 && isfinite(p[1]) && isfinite(p[2])))
        return "centre, between and within, all finite, and the last two not below 0, were expected";
    if (!(count >= 0 && isfinite(count)))
        return "count is a finite number, 0 or more";
    return isfinite(mean) ? NULL : "mean is a finite number";
}

static double spend_mean(const double *p, double purchases, double mean)
{
    return patron_gamma_gamma_mean(&(patron_gamma_gamma){p[0], p[1], p[2]}, purchases, mean);
}

static double spend_scale(const double *p, double purchases, double mean)
{
    return patron_gamma_gamma_scale(&(patron_gamma_gamma){p[0], p[1], p[2]}, purchases, mean);
}

static double shrunken_mean(const double *p, double count, double mean)
{
    return patron_normal_normal_mean(&(patron_normal_normal){p[0], p[1], p[2]}, count, mean, NULL);
}

static const question questions[] = {
    {"gamma_gamma_mean", &gamma_gamma, spend_fault, spend_mean},
    {"gamma_gamma_scale", &gamma_gamma, spend_fault, spend_scale},
    {"normal_normal_mean", &normal_normal, shrunken_fault, shrunken_mean},
};

static void of_person(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector out)
{
    const question *asks = *(const question *const *)duckdb_scalar_function_get_extra_info(info);
    const ptn_parameters parameters = ptn_parameters_of(duckdb_data_chunk_get_vector(input, 0), PARAMETERS);
    double *result = duckdb_vector_get_data(out);
    ptn_doubles in[2];
    ptn_doubles_of_chunk(input, 1, 2, in);
    for (idx_t i = 0, n = duckdb_data_chunk_get_size(input); i < n; i++) {
        double p[PARAMETERS];
        if (ptn_any_null(in, 2, i) || !ptn_parameters_at(&parameters, i, p)) {
            ptn_set_null(out, i);
            continue;
        }
        const double count = in[0].value[i], mean = in[1].value[i];
        const char *fault = asks->fault(p, count, mean);
        result[i] = fault ? NAN : asks->answer(p, count, mean);
        if (!fault && !isfinite(result[i]))
            fault = "the answer is too large to be a number";
        if (fault) {
            char message[320];
            const spend_model *m = asks->model;
            snprintf(message, sizeof message, "%s: %s %.15g, %s %.15g, %s %.15g, %s %.15g, mean %.15g: %s",
                     asks->name, m->parameter[0], p[0], m->parameter[1], p[1], m->parameter[2], p[2],
                     m->count, count, mean, fault);
            duckdb_scalar_function_set_error(info, message);
            return;
        }
    }
}

static bool register_question(duckdb_connection connection, const question *asks)
{
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    const bool ok = ptn_register_score(connection, &(ptn_score_signature){.name = asks->name,
                                                                          .names = names_of(asks->model),
                                                                          .numbers = 2,
                                                                          .result = real,
                                                                          .run = of_person,
                                                                          .known = &asks,
                                                                          .known_size = sizeof asks});
    duckdb_destroy_logical_type(&real);
    return ok;
}

bool ptn_register_spend(duckdb_connection connection, ptn_function_host *host)
{
    bool ok = register_fit(connection, &gamma_gamma, host) && register_fit(connection, &normal_normal, host);
    for (size_t k = 0; ok && k < sizeof questions / sizeof *questions; k++)
        ok = register_question(connection, &questions[k]);
    return ok;
}
