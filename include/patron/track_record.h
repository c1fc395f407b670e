#ifndef PATRON_TRACK_RECORD_H
#define PATRON_TRACK_RECORD_H

/* Is a forecast to be believed? A model fitted up to a past day, beside what came after it.
 *
 * The law of each customer's count is judged, not only its mean: by the score of what happened (log score, CRPS), by where
 * it fell in its own law (randomised probability integral transform, taken in expectation, so without drawing), and by how
 * often it lay inside the 80 % interval beside how often the law itself says it should: an integer interval of a perfect
 * model covers more than 80 %. */

#include "patron/forecast.h"

/* States at a past day, and what each customer in them bought in the horizon after it. Rows may repeat. */
typedef struct patron_outcomes {
    patron_states states;
    const double *later; /* purchases in (T, T + horizon], states.n; whole, 0 to 10^6 */
} patron_outcomes;

enum { PATRON_TENTHS = 10 };

/* Customers in rising order of forecast, cut into ten groups of equal size; those with equal forecasts are shared evenly. */
typedef struct patron_tenth {
    double customers, forecast, came; /* forecast and came: sums over the group */
    double covered, implied;          /* customers inside their 80 % interval; expected number of them */
    double luck;                      /* standard deviation of `came`, had the parameters been the truth */
} patron_tenth;

typedef struct patron_judgement {
    double customers, forecast, came; /* totals */
    double luck;                      /* standard deviation of the total, had the parameters been the truth */
    double log_score;                 /* mean over customers of ln P(what came), no lower than ln 1e-300; higher is better */
    double crps;                      /* continuous ranked probability score of the count, mean; lower is better */
    double rmse, mae;                 /* of the mean forecast, a customer */
    double bias;                      /* forecast / came - 1, of the total; NaN when nothing came */
    double ngini;                     /* Gini of what came ordered by forecast over Gini ordered by itself; ties shared; NaN
                                       * when everyone bought as much */
    double ece;                       /* expected calibration error of P(buys at all), ten groups by that chance */
    double buyers_forecast, buyers_came;
    double pit_share;                 /* repeaters with u in (.1, .9); 0.80 when calibrated. Of repeaters: NaN without any */
    double repeaters;
    double coverage_80, coverage_80_implied;                     /* everyone */
    double repeaters_coverage_80, repeaters_coverage_80_implied; /* frequency >= 1 */
    patron_tenth tenth[PATRON_TENTHS];
} patron_judgement;

/**
 * Source  Czado, Gneiting & Held (2009), Biometrics 65 (PIT and scores of counts); METHODS of the docs for the rest.
 * Cost    as scoring, and the sum of each law up to its far end.
 *
 * @param[out] judgement  written only on PATRON_OK
 * @return PATRON_OK, PATRON_EINVAL, PATRON_EDATA (first bad row; no customers), PATRON_ENUMERIC, PATRON_ENOMEM
 */
PATRON_API patron_status patron_judge(const patron_model *model, const double *parameters, const patron_outcomes *outcomes,
                                      double horizon, patron_judgement *judgement, patron_error *err);

/**
 * The rule that needs no model: everyone goes on at the rate they had, frequency / age, for ever. Its law is taken as
 * Poisson, and someone without a repeat is given half a purchase in it, though not in the forecast, so that the rule can be
 * scored at all. Ages count as one step of time at least (a day, in any unit).
 */
PATRON_API patron_status patron_judge_same_rate(const patron_outcomes *outcomes, double horizon, patron_judgement *judgement,
                                                patron_error *err);

/* ---- gone, or quiet? ---- */

/* A model at a past day, and what came. */
typedef struct patron_trial {
    const double *parameters;
    patron_outcomes outcomes;
    double horizon;
} patron_trial;

/**
 * How many of those whom the model takes for gone have only gone quiet (patron_model_quiet): the share that gives the highest
 * log score to what came on all past days together. Its law is the mean of two, so the score is concave in it (a stack of two
 * forecasts). A weak prior counts as if 19 more customers, surely gone, had stayed away; 0 is the answer where the model needs none.
 *
 * Source   Hall & Mitchell (2007), International Journal of Forecasting 23 (weights by log score).
 * Cost     a law up to what came for each distinct (frequency, age); then 20 passes over the rows.
 * @param[out] quiet  in [0, 1)
 * @return PATRON_OK, PATRON_EINVAL, PATRON_EDATA (first bad row), PATRON_ENOMEM
 */
PATRON_API patron_status patron_quiet_learn(const patron_model *model, size_t n, const patron_trial *trials, double *quiet,
                                            patron_error *err);

/* ---- the world ---- */

/* How far forecasts of a total missed in the past, beyond luck: something common to all customers that no model of persons
 * foresees. The log of actual over forecast is Student t around 0 with this scale; it enters every total. */
typedef struct patron_world {
    double scale, degrees;
    unsigned origins; /* past forecasts it was learned from */
} patron_world;

/**
 * From the log errors ln(came / forecast) of past totals at one horizon. What is assumed before any: scale 0.25 with 4
 * degrees of freedom (a scaled inverse chi-squared prior of the variance).
 *
 * Source  Gelman, Carlin, Stern & Rubin (2004), Bayesian Data Analysis, section 2.7.
 * @return PATRON_OK; PATRON_EDATA when an error is not finite
 */
PATRON_API patron_status patron_world_learn(size_t n, const double *log_errors, patron_world *world, patron_error *err);

/**
 * The central interval of a total.
 *
 * @param[in] forecast  > 0
 * @param[in] deviation of the total from luck and from not knowing the parameters, in the total's unit; >= 0
 * @param[in] chance    of the interval, in (0, 1)
 * @return PATRON_OK, PATRON_EINVAL, PATRON_ENUMERIC (an end is not finite); the ends are written only on PATRON_OK
 */
PATRON_API patron_status patron_world_interval(const patron_world *world, double forecast, double deviation, double chance,
                                               double *low, double *high, patron_error *err);

/**
 * The same for any total, which may be below 0 and may be nearly nothing: how far the world may move it is a share of it, luck
 * is not, and the two are added as independent errors are. Not cut at 0: only the caller knows what cannot be.
 *
 * @param[in] total, deviation  finite; deviation >= 0
 * @return as above
 */
PATRON_API patron_status patron_total_interval(const patron_world *world, double total, double deviation, double chance,
                                               double *low, double *high, patron_error *err);

/* ---- parts of a horizon ---- */

/* A past stretch of time cut into parts (weeks, months): what was forecast for each, and what came. */
typedef struct patron_stretch {
    size_t n;
    const double *forecast, *came; /* counts, 0 or more; n each */
} patron_stretch;

/**
 * How far parts miss beyond what their whole misses and luck: the standard deviation of a part's error, as a share of it. By
 * moments: the squares of what came less the forecast scaled to the stretch's own total, less those of Poisson luck. What is
 * assumed before any is 0.25, with the weight of 4 parts. A stretch of which nothing was forecast, or came, tells nothing.
 *
 * Source   DerSimonian & Laird (1986), Controlled Clinical Trials 7 (the moment estimate of a variance beyond sampling).
 * @return PATRON_OK; PATRON_EDATA when a count is below 0 or not finite
 */
PATRON_API patron_status patron_parts_learn(size_t n, const patron_stretch *stretches, double *spread, patron_error *err);

/* The same of parts from .. to - 1 together, of n whose errors cancel over the whole: 0 where they are the whole. forecast: of
 * every part, 0 or more. */
PATRON_API double patron_parts_spread(double spread, size_t n, const double *forecast, size_t from, size_t to);

/* ---- shares ---- */

/**
 * The share of a total that some of the customers will bring: of those who are expected to bring most, or of any others. The odds
 * of such a share missed by a factor in the past, as totals do, and luck comes on top.
 *
 * @param[in] world      learned from past errors ln(odds of the share that came / odds of the share forecast)
 * @param[in] share      forecast; of 0 and 1, and beyond, only luck is left
 * @param[in] deviation  of the share by luck; >= 0
 */
PATRON_API patron_status patron_part_interval(const patron_world *world, double share, double deviation, double chance,
                                              double *low, double *high, patron_error *err);

/**
 * Where the true share lies, when `count` of `n` did: Wilson's interval.
 *
 * Source   Wilson (1927), Journal of the American Statistical Association 22.
 * @return PATRON_OK, PATRON_EINVAL unless 0 <= count <= n, n > 0, 0 < chance < 1
 */
PATRON_API patron_status patron_share_interval(double count, double n, double chance, double *low, double *high,
                                               patron_error *err);

#endif
