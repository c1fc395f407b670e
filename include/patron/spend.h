#ifndef PATRON_SPEND_H
#define PATRON_SPEND_H

/* What a purchase is worth: models of spend per purchase, and of margins that differ by customer and may be negative. */

#include <stdbool.h>

#include "patron/forecast.h"

/* ---- gamma_gamma: spend above 0 ---- */

/* What customers spent: purchases (whole, >= 1) and their mean (> 0); rows may repeat, in any order. */
typedef struct patron_spends {
    size_t n;
    const double *purchases, *mean;
    const double *weight; /* customers in each row, > 0; NULL: one each */
} patron_spends;

/* Spend per purchase varies around a personal mean, Gamma(p, nu), and nu varies over people, Gamma(q, gamma). Money's unit
 * is the caller's; gamma is in it. q stays above 1: at 1 and below the mean spend of a population is infinite. */
typedef struct patron_gamma_gamma {
    double p, q, gamma;
} patron_gamma_gamma;

typedef struct patron_spend_fit {
    patron_fit_status status;
    /* Of a boundary, as in patron_fit; its numbers are given, by maximum likelihood:
     *   heavy_tail      q runs to 1: what a customer without purchases will spend is anybody's guess
     *   all_alike       q, gamma to infinity: everyone has the same mean
     *   same_each_time  p to infinity, gamma to 0: each customer spends the same every time
     *   one_price       all means are equal, or off by less than a thousandth; the log-likelihood is infinite */
    char limit[48];
    patron_gamma_gamma parameters; /* at a boundary, finite values that stand for the limit to within 1e-9 */
    double standard_error[3];      /* of p, q, gamma; NaN of one that stands for a limit */
    double log_likelihood;         /* sum of the log density of the mean, in the caller's money, given the count */
    double prior_weight;           /* as in patron_fit */
    double customers;              /* sum of the weights */
    unsigned iterations, evaluations;
} patron_spend_fit;

/**
 * Fits spend per purchase.
 *
 * Source   Fader, Hardie & Lee (2005), "RFM and CLV", J. Marketing Research 42(4), appendix; Fader & Hardie (2013), note 025.
 * Units    any money: the fit is the same in pence and pounds up to that scale.
 * Domain   purchases whole, 1 to 10^6, mean > 0, at least two customers.
 * Cost     a sort; then evaluations × n, one exponential and one logarithm each.
 *
 * @param[in]  options  prior (normals on ln p, ln(q - 1), ln gamma over the geometric mean; sd 3, 3, 4), progress; NULL: weak
 * @param[out] fit      written on every return; status FAILED with NaN parameters when not OK
 * @return PATRON_OK, PATRON_EINVAL, PATRON_EDATA (first bad row), PATRON_ENUMERIC, PATRON_ENOMEM, PATRON_ECANCELLED
 */
PATRON_API patron_status patron_gamma_gamma_fit(const patron_spends *spends, const patron_fit_options *options,
                                                patron_spend_fit *fit, patron_error *err);

/* Expected spend per purchase of someone with these purchases and mean; purchases 0: a new customer. Always > 0. As q nears
 * 1 that of a new customer grows without end: see heavy_tail. */
PATRON_API double patron_gamma_gamma_mean(const patron_gamma_gamma *parameters, double purchases, double mean);

/* The sum of `count` future purchases is scale × B with B ~ BetaPrime(p × count, q + p × purchases): its law depends on the
 * person through the scale alone. */
PATRON_API double patron_gamma_gamma_scale(const patron_gamma_gamma *parameters, double purchases, double mean);

/**
 * The money of the purchases within a horizon, in units of each customer's scale (above): central intervals, state by state.
 *
 * Source   the law of the count (patron_model_score) mixed over BetaPrime laws of the sum; nothing is spent when nothing is
 *          bought.
 * Shape    states->n rows; spend is known from frequency + `first` purchases (1 when the first one counts, 0 when not).
 * Accuracy of an amount, 0.1 % as a rule; 0.4 % where p is so large that the law jumps (tests/property/spend_interval_test.c).
 * Cost     for each distinct frequency a table, about 25 incomplete beta functions for each count up to the likely ones; for each
 *          (frequency, age) a law of the count; then a search a state.
 *
 * @param[in]  horizon  > 0;  chance of the interval, in (0, 1)
 * @param[out] low, high  states->n each; 0 where nothing is spent with a chance of that much
 * @return PATRON_OK, PATRON_EINVAL, PATRON_EDATA (first bad row), PATRON_ENUMERIC (beyond 2^16 purchases), PATRON_ENOMEM
 */
PATRON_API patron_status patron_spend_interval(const patron_gamma_gamma *spend, const patron_model *model, const double *parameters,
                                               const patron_states *states, double first, double horizon, double chance, double *low,
                                               double *high, patron_error *err);

/* ---- shrunken means: margins, rates of return; may be negative ---- */

/* Groups (customers) with a mean of `count` observations and the sum of squares around it. */
typedef struct patron_means {
    size_t n;
    const double *count;   /* > 0; need not be whole: a weight will do */
    const double *mean;    /* finite */
    const double *squares; /* sum of (observation - mean)^2, >= 0; NULL: not known, only the means speak */
} patron_means;

/* Observations are Normal(theta_i, within) and the theta_i Normal(centre, between): variances. Either may be 0: groups that
 * differ by chance alone; groups whose observations are all alike. */
typedef struct patron_normal_normal {
    double centre, between, within;
} patron_normal_normal;

/**
 * Fits them by maximum likelihood (empirical Bayes). Without squares the counts must tell the two variances apart; where
 * all counts are equal they cannot, and half of the spread of the means goes to each.
 *
 * Source   Efron & Morris (1975), JASA 70; Gelman & Hill (2007), chapter 12.
 * Accuracy the best of all optima, to 1e-9 (tests/oracle/normal_normal.csv).
 * Cost     a sort; then about 100 times the number of distinct counts.
 *
 * @return PATRON_OK; PATRON_EDATA (first bad row; fewer than two groups), PATRON_ENUMERIC, PATRON_ENOMEM
 */
PATRON_API patron_status patron_normal_normal_fit(const patron_means *means, patron_normal_normal *fit, patron_error *err);

/* The mean of a group, drawn toward the centre the more the less is known of it; *deviation (may be NULL) is its
 * posterior standard deviation. count 0: the centre. */
PATRON_API double patron_normal_normal_mean(const patron_normal_normal *parameters, double count, double mean,
                                            double *deviation);

#endif
