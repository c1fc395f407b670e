#ifndef PATRON_FORECAST_H
#define PATRON_FORECAST_H

/* Models of buying and leaving: fitted to a table of states, asked about the future of each.
 *
 *     patron_fit fit;
 *     patron_model_fit(patron_model_find("pareto_nbd"), &states, NULL, &fit, &err);
 *     patron_model_score(fit.model, fit.parameters, &states, &(patron_score_options){.horizon = 365}, &scores, &err);
 *
 * What a model is called, what its parameters are called and what it says stands in one table, core/models.c. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "patron/states.h"

enum { PATRON_PARAMETERS_MAX = 8 };

typedef struct patron_model patron_model;

/* What a model says about itself. */
typedef struct patron_model_info {
    const char *name;   /* pareto_nbd: the word of the command, SQL, Python and the docs */
    const char *says;   /* one line: what it assumes of people */
    const char *source; /* the paper */
    unsigned parameter_count;
    const char *parameter[PATRON_PARAMETERS_MAX]; /* r, alpha, s, beta */
    signed char time_power[PATRON_PARAMETERS_MAX]; /* 1: scales with the unit of time (alpha in days is 7 × alpha in weeks) */
} patron_model_info;

PATRON_API const patron_model *patron_model_find(const char *name); /* NULL when there is none */
PATRON_API const patron_model *patron_model_at(unsigned index);     /* NULL past the last: to enumerate them */
PATRON_API const patron_model_info *patron_model_describe(const patron_model *model);

/* The same model, a share of whose leavers has only gone quiet and will be back at their old rate. That share follows the model's
 * own parameters, as "quiet", above 0 and up to 1: with it, everything below that takes a model and parameters says what is to
 * be expected then. The past does not tell it (fits and simulations are those of the model itself); what came afterwards does:
 * patron_quiet_learn, in track_record.h. NULL: there is none. */
PATRON_API const patron_model *patron_model_quiet(const patron_model *model);

/* ---- fitting ---- */

typedef enum patron_prior {
    /* Independent normals on the logs of shapes (about 1, sd 2.5) and of times over the mean age (about 1, sd 3.5): worth
     * about one customer a parameter. Keeps small bases from running away. */
    PATRON_PRIOR_WEAK,
    PATRON_PRIOR_NONE  /* plain maximum likelihood */
} patron_prior;

typedef enum patron_fit_status {
    PATRON_FIT_FAILED = 0, /* no numbers; the error says why */
    PATRON_FIT_INTERIOR,   /* the gradient vanishes and the curvature is positive */
    /* The likelihood rises toward a limit, or is flat (to .01 of a unit): `limit` names it, and its numbers are given, by
     * maximum likelihood. When this is looked for stands in core/forecast/fit.c. */
    PATRON_FIT_BOUNDARY
} patron_fit_status;

typedef struct patron_fit_options {
    patron_prior prior;
    bool (*progress)(void *context, unsigned evaluations, double log_likelihood); /* false cancels; may be NULL */
    void *context;
} patron_fit_options;

typedef struct patron_fit {
    const patron_model *model;
    patron_fit_status status;
    char limit[48];          /* for PATRON_FIT_BOUNDARY: "common_leaving_rate", "nobody_leaves", ... */
    double parameters[PATRON_PARAMETERS_MAX]; /* > 0, in the unit of time of the states; at a boundary, large but finite
                                               * values that stand for the limit to within 1e-9 */
    double standard_error[PATRON_PARAMETERS_MAX];              /* NaN of a parameter that stands for zero or infinity */
    double covariance[PATRON_PARAMETERS_MAX * PATRON_PARAMETERS_MAX]; /* of the logs of the parameters, row-major,
                                               * parameter_count × parameter_count; 0 along flat directions. From the
                                               * curvature at the optimum, the prior's included */
    double log_likelihood;   /* of the data alone, at the parameters */
    double prior_weight;     /* log prior density at the parameters less its maximum: 0 without a prior */
    double customers;        /* sum of the weights */
    size_t states;           /* distinct ones */
    unsigned iterations, evaluations;
    double largest_gradient; /* of the mean log-likelihood by the logs of the parameters */
    double smallest_curvature; /* smallest eigenvalue of minus the Hessian of the same; both with the prior, and at a
                                * boundary by the free parameters of the limit */
} patron_fit;

/**
 * Fits a model by (penalised) maximum likelihood over logs of the parameters, with exact gradients.
 *
 * Shape    states->n rows, repeats welcome: they are grouped first.
 * Units    the states' unit of time; the fit is the same in days, weeks or years up to that scale.
 * Domain   at least one customer, and some time observed. Counts up to 10^6. Ages that share a step (days, in any unit) and
 *          are at most 2^21 steps are fast.
 * Cost     grouping O(n); then evaluations × distinct states.
 *
 * @param[in]  options  NULL: weak prior
 * @param[out] fit      written on every return but PATRON_EINVAL; status FAILED with NaN parameters when not OK
 * @return PATRON_OK (interior or boundary), PATRON_EINVAL, PATRON_EDATA (first bad row; no customers), PATRON_ENUMERIC
 *         (no optimum found: err says how far it came), PATRON_ENOMEM, PATRON_ECANCELLED
 */
PATRON_API patron_status patron_model_fit(const patron_model *model, const patron_states *states,
                                          const patron_fit_options *options, patron_fit *fit, patron_error *err);

/**
 * Log-likelihood of a table of states, and its gradient by the logs of the parameters.
 *
 * Accuracy  relative error below 1e-10 (tests/oracle, mpmath).
 * @param[out] gradient  parameter_count values; may be NULL
 * @return PATRON_OK, PATRON_EINVAL (parameters), PATRON_EDATA (states), PATRON_ENUMERIC, PATRON_ENOMEM
 */
PATRON_API patron_status patron_model_log_likelihood(const patron_model *model, const double *parameters,
                                                     const patron_states *states, double *log_likelihood, double *gradient,
                                                     patron_error *err);

/* ---- scoring ---- */

typedef struct patron_score_options {
    double horizon;  /* > 0, the states' unit of time: the future is (T, T + horizon] */
    double discount; /* >= 0, continuous, per unit of time; for `residual`. log1p(yearly rate) / 365.25 for days */
    double chance;   /* of the interval, in (0, 1); 0: 0.8 */
} patron_score_options;

/* Arrays of states->n, row by row; NULL: not wanted. */
typedef struct patron_scores {
    double *p_alive;   /* chance to be a customer still at age T */
    double *p_buys;    /* chance of a purchase or more within the horizon */
    double *purchases; /* expected number within the horizon */
    double *residual;  /* expected number from T on for ever, each discounted to T */
    double *low, *high; /* central interval of the number within the horizon: the smallest counts whose cumulative
                         * probability reaches (1 - chance)/2 and 1 - (1 - chance)/2 */
} patron_scores;

/**
 * Everything that is wanted of every state, in one pass: states that share (x, T) share the law of their future.
 *
 * Accuracy  relative error below 1e-9 (tests/oracle, mpmath); p_buys: absolute, below 1e-12, when it is tiny.
 * Cost      one law for each distinct (x, T), of which the interval is the dearest part.
 *
 * @param[in] options  may be NULL for p_alive alone; horizon, discount and chance are read only where they are wanted
 * @return PATRON_OK, PATRON_EINVAL (parameters, options), PATRON_EDATA (first bad row), PATRON_ENUMERIC (a number is not
 *         finite, as `residual` without a discount may be; an interval beyond 2^24 purchases), PATRON_ENOMEM
 */
PATRON_API patron_status patron_model_score(const patron_model *model, const double *parameters, const patron_states *states,
                                            const patron_score_options *options, patron_scores *scores, patron_error *err);

/**
 * What all customers together are expected to buy by each of many times ahead, at the cost of a few scores: the sum is smooth
 * in the root of time, and is read between Chebyshev's points there.
 *
 * Source    Berrut & Trefethen (2004), SIAM Review 46 (barycentric interpolation).
 * Accuracy  1e-5 of the last sum; at the last time, as a score (tests/property/curve_test.c).
 * Cost      20 scores of `purchases`, whatever the number of times; states->weight is not read.
 *
 * @param[in]  weights  `sums` arrays of states->n, of any sign: customers in each state, money of a purchase in each
 * @param[in]  time     rising, 0 or more, the last above 0; in the states' unit
 * @param[out] sum      `sums` arrays of `times`
 */
PATRON_API patron_status patron_model_curve(const patron_model *model, const double *parameters, const patron_states *states,
                                            size_t sums, const double *const *weights, size_t times, const double *time,
                                            double *const *sum, patron_error *err);

/**
 * The law of the number of purchases in (T, T + horizon] of one state: pmf[0 .. count - 1]; *tail = the rest.
 * A new customer is the state 0, 0, 0. tail may be NULL, and pmf when count is 0.
 */
PATRON_API patron_status patron_model_pmf(const patron_model *model, const double *parameters, double frequency,
                                          double recency, double age, double horizon, double *pmf, size_t count, double *tail,
                                          patron_error *err);

/* Expected purchases of a new customer in (0, time], the first one not counted. */
PATRON_API patron_status patron_model_new_purchases(const patron_model *model, const double *parameters, double time,
                                                    double *purchases, patron_error *err);

/* ---- simulating ---- */

/**
 * Customers who behave as the model says: customer i is observed for age[i], then for `horizon` more.
 *
 * Times are rounded down to whole steps of `grid` (0: continuous) and purchases in one step are one, as when days are
 * counted. Customer i depends on seed and i only: the same in any order and on any number of threads.
 *
 * @param[out] frequency, recency  n each
 * @param[out] later               purchases in (age, age + horizon]; may be NULL
 */
PATRON_API patron_status patron_model_simulate(const patron_model *model, const double *parameters, size_t n, const double *age,
                                               double horizon, double grid, uint64_t seed, double *frequency, double *recency,
                                               double *later, patron_error *err);

#endif
