#include "state_scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "discount.h"

static const double chance = 0.8; /* of every interval */
static const double reach = 1.2815515655446004; /* of it, in standard deviations */

/* The columns of forecast.state_scores. */
enum { FREQUENCY, RECENCY, AGE, HORIZON, P_ALIVE, P_BUYS, PURCHASES, LOW, HIGH, DISCOUNTED, RESIDUAL, MONEY_LOW, MONEY_HIGH, SCORE_COLUMNS };

static patron_status expected_purchases(const ptn_fitted *fitted, const double *parameters, const patron_states *states, double horizon,
                                        double *out, ptn_problem *problem)
{
    patron_error err = {0};
    patron_scores scores = {.purchases = out};
    const patron_status status = patron_model_score(ptn_fitted_model(fitted), parameters, states,
                                                    &(patron_score_options){.horizon = horizon}, &scores, &err);
    return status == PATRON_OK ? status : ptn_core_problem(problem, status, &err);
}

/* A candidate's clock from one day on. */
typedef struct own_clock {
    const ptn_fitted *fitted;
    int64_t day;
} own_clock;

static double within(const void *context, double ahead)
{
    const own_clock *own = context;
    return ptn_fitted_horizon(own->fitted, own->day, ahead);
}

/* Purchases within the horizon and for ever, each discounted to as_of. */
static patron_status add_discounted(const ptn_config *config, const ptn_fitted *fitted, int64_t day, const patron_states *states, int days,
                                    double *const *out, ptn_problem *problem)
{
    patron_error err = {0};
    patron_discount_stretch room[PTN_CURVE_MAX];
    const patron_discount discount = ptn_discount_of(config, room);
    const own_clock own = {fitted, day};
    const patron_clock clock = {within, &own};
    const patron_model *model = ptn_fitted_model(fitted);
    patron_status status =
        patron_discounted_purchases(model, fitted->fit.parameters, states, &clock, &discount, days, out[DISCOUNTED], &err);
    if (status == PATRON_OK && discount.stretches[discount.n - 1].force > 0)
        status = patron_discounted_residual(model, fitted->fit.parameters, states, &clock, &discount, out[RESIDUAL], &err);
    else
        for (size_t i = 0; i < states->n; i++)
            out[RESIDUAL][i] = NAN; /* without a discount, what comes from now on for ever may have no end */
    return status == PATRON_OK ? status : ptn_core_problem(problem, status, &err);
}

/* What the parameters' uncertainty does to the total: one step of a standard deviation along each, by the covariance. */
static patron_status parameter_deviation(const ptn_fitted *fitted, const patron_states *states, double horizon, double total,
                                         double *scratch, double *deviation, ptn_problem *problem)
{
    const unsigned p = patron_model_describe(fitted->candidate->model)->parameter_count;
    double slope[PATRON_PARAMETERS_MAX] = {0}, variance = 0;
    for (unsigned k = 0; k < p; k++) {
        const double sd = sqrt(fitted->fit.covariance[k * p + k]);
        double moved[PATRON_PARAMETERS_MAX], sum = 0;
        if (!(sd > 0) || !isfinite(sd))
            continue;
        const double step = fmin(0.1, sd / 10);
        memcpy(moved, fitted->fit.parameters, sizeof moved);
        moved[k] *= exp(step);
        const patron_status status = expected_purchases(fitted, moved, states, horizon, scratch, problem);
        if (status != PATRON_OK)
            return status;
        for (size_t i = 0; i < states->n; i++)
            sum += states->weight[i] * scratch[i];
        slope[k] = (sum - total) / step;
    }
    for (unsigned k = 0; k < p; k++)
        for (unsigned j = 0; j < p; j++)
            if (slope[k] != 0 && slope[j] != 0)
                variance += slope[k] * slope[j] * fitted->fit.covariance[k * p + j];
    *deviation = sqrt(fmax(0, variance));
    return PATRON_OK;
}

patron_status ptn_total_range(const patron_world *world, double total, double deviation, double *low, double *high, ptn_problem *problem)
{
    patron_error err = {0};
    *low = *high = 0;
    if (!(total > 0))
        return PATRON_OK;
    const patron_status status = patron_total_interval(world, total, deviation, chance, low, high, &err);
    *low = fmax(0, *low);
    return status == PATRON_OK ? status : ptn_core_problem(problem, status, &err);
}

/* The spread of each count, read off its interval, and never less than that of rare events. */
static double luck(const patron_states *states, double *const *out)
{
    double variance = 0;
    for (size_t i = 0; i < states->n; i++) {
        const double sd = (out[HIGH][i] - out[LOW][i]) / (2 * reach);
        variance += states->weight[i] * fmax(sd * sd, out[PURCHASES][i]);
    }
    return sqrt(variance);
}

static patron_status score(const ptn_config *config, const ptn_fitted *fitted, const patron_gamma_gamma *spend, int64_t day,
                           int horizon_days, const patron_states *states, double *const *out, ptn_problem *problem)
{
    patron_error err = {0};
    const double horizon = ptn_fitted_horizon(fitted, day, horizon_days);
    const patron_score_options options = {.horizon = horizon, .chance = chance};
    patron_scores scores = {.p_alive = out[P_ALIVE], .p_buys = out[P_BUYS], .purchases = out[PURCHASES], .low = out[LOW],
                            .high = out[HIGH]};
    patron_status status = patron_model_score(ptn_fitted_model(fitted), fitted->fit.parameters, states, &options, &scores, &err);
    if (status == PATRON_OK && spend)
        status = patron_spend_interval(spend, ptn_fitted_model(fitted), fitted->fit.parameters, states, 1, horizon, chance,
                                       out[MONEY_LOW], out[MONEY_HIGH], &err);
    if (status != PATRON_OK)
        return ptn_core_problem(problem, status, &err);
    for (size_t i = 0; i < states->n; i++) {
        out[HORIZON][i] = horizon_days;
        if (!spend)
            out[MONEY_LOW][i] = out[MONEY_HIGH][i] = NAN;
    }
    return add_discounted(config, fitted, day, states, horizon_days, out, problem);
}

patron_status ptn_state_scores_write(ptn_store *store, const ptn_config *config, const ptn_fitted *fitted, const patron_world *world,
                                     const patron_gamma_gamma *spend, int64_t day, int horizon_days, const ptn_columns *columns,
                                     ptn_total *total, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    const size_t n = columns->n;
    double *block = malloc((SCORE_COLUMNS + 3) * n * sizeof *block), *out[SCORE_COLUMNS];
    patron_states states;
    *total = (ptn_total){0};
    if (!block)
        return ptn_out_of_memory(problem);
    for (int c = 0; c < SCORE_COLUMNS; c++)
        out[c] = block + (size_t)c * n;
    double *clock = block + SCORE_COLUMNS * n, *scratch = clock + 2 * n;
    PTN_TRY(ptn_fitted_states(fitted, day, columns, clock, &states, problem));
    PTN_TRY(score(config, fitted, spend, day, horizon_days, &states, out, problem));
    for (int c = FREQUENCY; c <= AGE; c++)
        memcpy(out[c], columns->at[c], n * sizeof *out[c]); /* by the calendar, as histories are joined */
    for (size_t i = 0; i < n; i++)
        total->purchases += states.weight[i] * out[PURCHASES][i];
    total->luck = luck(&states, out);
    PTN_TRY(parameter_deviation(fitted, &states, ptn_fitted_horizon(fitted, day, horizon_days), total->purchases, scratch,
                                &total->unsure, problem));
    PTN_TRY(ptn_total_range(world, total->purchases, hypot(total->luck, total->unsure), &total->purchases_low,
                            &total->purchases_high, problem));
    PTN_TRY(ptn_store_append(store, "forecast", "state_scores", SCORE_COLUMNS, n, (const double *const *)out, problem));

done:
    free(block);
    return status;
}
