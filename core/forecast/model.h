#ifndef PTN_MODEL_H
#define PTN_MODEL_H

/* What a model file provides; fit.c and score.c do the rest. Parameters arrive checked: finite and > 0. */

#include "base/random.h"
#include "history/sample.h"
#include "patron/forecast.h"

/* A limit that the likelihood may rise toward, as a model with fewer free parameters. Some parameters then stand for zero or
 * infinity: fit.c knows them by being further than e^PTN_LIMIT_FAR from 1 (shapes) or from the mean age (times). */
enum { PTN_LIMIT_FAR = 12 };
typedef struct ptn_limit {
    const char *name; /* common_leaving_rate */
    unsigned free_count;
    /* Parameters (and d log parameter / d free, free_count × parameter_count, row-major) that stand for the limit at
     * these free values (logs of unit-bearing quantities, e.g. log r, log alpha, log of the common rate). */
    void (*expand)(const double *free, double *parameters, double *jacobian);
    void (*start)(const ptn_sample *sample, double *free); /* scales with the unit of time as the free values do */
} ptn_limit;

struct patron_model {
    patron_model_info info;

    /* Sum over the sample of weight × log-likelihood, and its gradient by log parameters (NULL: not wanted). False: out of
     * memory. Not finite values are the caller's to see. */
    bool (*log_likelihood)(const double *parameters, const ptn_sample *sample, double *value, double *gradient);

    void (*start)(const ptn_sample *sample, double *parameters); /* where a fit begins; free of the unit of time */
    const ptn_limit *limits;                                     /* ends with a row of NULLs */

    /* The law of the future of someone who is alive at T, which depends on (x, T) alone. */
    double (*alive_purchases)(const double *parameters, double x, double T, double horizon); /* its mean */
    double (*alive_residual)(const double *parameters, double x, double T, double discount);
    /* pmf[0..count-1] of it, stopping early once the cumulative sum reaches `enough`; returns how many were written. */
    size_t (*alive_pmf)(const double *parameters, double x, double T, double horizon, double enough, double *pmf, size_t count);

    /* p_alive of every state of the sample. False: out of memory. */
    bool (*p_alive)(const double *parameters, const ptn_sample *sample, double *p_alive);

    /* One customer: draws a history up to `end`; calls purchase(time) for each repeat purchase in order. */
    void (*draw)(const double *parameters, double end, ptn_random *random, void (*purchase)(void *context, double time),
                 void *context);
};

/* PATRON_EINVAL names the first parameter that is not finite and above 0. */
patron_status ptn_check_parameters(const patron_model *model, const double *parameters, patron_error *err);

#endif
