#include "check_limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "store_columns.h"

const char *ptn_limit_key(ptn_limit_kind kind)
{
    static const char *const keys[] = {"total_within", "total_within", "buyers_within", "held_within", "beats_same_rate"};
    return keys[kind];
}

const char *ptn_limit_about(ptn_limit_kind kind)
{
    static const char *const words[] = {"purchases in all", "sales after returns", "customers who bought", "8 in 10 held, ties shared",
                                        "log score beside same rate"};
    return words[kind];
}

/* What forecasts this horizon, on the untouched day; NULL: it could not be tested. */
static const ptn_check_trial *tested(const ptn_check_trials *trials, int horizon_days)
{
    for (size_t i = 0; i < trials->count; i++)
        if (trials->at[i].horizon_days == horizon_days && trials->at[i].untouched && trials->at[i].forecasts)
            return &trials->at[i];
    return NULL;
}

static double miss(double forecast, double came)
{
    return came != 0 ? forecast / came - 1 : forecast != 0 ? INFINITY : 0;
}

static double found(const ptn_check_trials *trials, const ptn_check_trial *t, ptn_limit_kind kind)
{
    const ptn_check_trial *rule = ptn_check_trial_rule(trials, t);
    const double *m = t->metric;
    switch (kind) {
    case PTN_LIMIT_PURCHASES: return miss(m[PTN_TOTAL_FORECAST], m[PTN_TOTAL_CAME]);
    case PTN_LIMIT_SALES: return miss(m[PTN_MONEY_FORECAST], m[PTN_MONEY_CAME]);
    case PTN_LIMIT_BUYERS: return miss(m[PTN_BUYERS_FORECAST], m[PTN_BUYERS_CAME]);
    case PTN_LIMIT_RANGES: return m[PTN_PIT_SHARE] - 0.8;
    default: return rule ? m[PTN_LOG_SCORE] - rule->metric[PTN_LOG_SCORE] : NAN;
    }
}

static patron_status add(ptn_limits_judged *out, const ptn_check_trials *trials, int horizon_days, ptn_limit_kind kind, double set,
                         ptn_problem *problem)
{
    const ptn_check_trial *trial = tested(trials, horizon_days);
    ptn_limit *more = realloc(out->at, (out->count + 1) * sizeof *more);
    if (!more)
        return ptn_out_of_memory(problem);
    out->at = more;
    ptn_limit *limit = &out->at[out->count++];
    *limit = (ptn_limit){.kind = kind, .horizon_days = horizon_days, .set = set, .found = trial ? found(trials, trial, kind) : NAN};
    const bool held = kind == PTN_LIMIT_SCORE ? limit->found > 0 : fabs(limit->found) <= set;
    limit->state = isnan(limit->found) ? PTN_LIMIT_NOT_TESTED : held ? PTN_LIMIT_HELD : PTN_LIMIT_MISSED;
    out->missed += limit->state == PTN_LIMIT_MISSED;
    return PATRON_OK;
}

static patron_status add_all(ptn_limits_judged *out, const ptn_check_trials *trials, int horizon_days, const ptn_limits *limits,
                             ptn_problem *problem)
{
    const double set[PTN_LIMIT_KINDS] = {limits->total_within, limits->total_within, limits->buyers_within, limits->held_within, 0};
    patron_status status = PATRON_OK;
    for (ptn_limit_kind kind = 0; kind < PTN_LIMIT_KINDS; kind++)
        if (set[kind] > 0 || (kind == PTN_LIMIT_SCORE && limits->beats_same_rate))
            PTN_TRY(add(out, trials, horizon_days, kind, set[kind], problem));

done:
    return status;
}

/* A horizon of patron.yaml in days from the as-of day of the store. */
static patron_status days_of(ptn_store *store, const ptn_period *period, int64_t *days, ptn_problem *problem)
{
    char sql[240];
    snprintf(sql, sizeof sql,
             "SELECT ((as_of + INTERVAL %d MONTH + INTERVAL %d DAY)::DATE - as_of)::BIGINT"
             " FROM (SELECT last(as_of ORDER BY rowid) AS as_of FROM runs)",
             period->months, period->days);
    return ptn_store_int(store, sql, days, problem);
}

/* Each horizon that the group names, or each of the store. */
static patron_status judge_group(ptn_store *store, const ptn_columns *built, const ptn_limits *limits, const ptn_check_trials *trials,
                                 ptn_limits_judged *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int64_t days = 0;
    for (unsigned h = 0; h < limits->horizon_count; h++) {
        PTN_TRY(days_of(store, &limits->horizons[h].period, &days, problem));
        PTN_TRY(add_all(out, trials, (int)days, limits, problem));
    }
    for (size_t h = 0; h < built->n && limits->horizon_count == 0; h++)
        PTN_TRY(add_all(out, trials, (int)built->at[0][h], limits, problem));

done:
    return status;
}

patron_status ptn_limits_judge(ptn_store *store, const ptn_config *config, const ptn_check_trials *trials, ptn_limits_judged *out,
                               ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_columns built = {0};
    *out = (ptn_limits_judged){0};
    PTN_TRY(ptn_store_columns(store, "SELECT horizon_days::DOUBLE FROM forecast.horizons ORDER BY 1", &built, problem));
    for (unsigned i = 0; i < config->limit_count; i++)
        PTN_TRY(judge_group(store, &built, &config->limits[i], trials, out, problem));

done:
    ptn_columns_free(&built);
    if (status != PATRON_OK)
        ptn_limits_judged_free(out);
    return status;
}

void ptn_limits_judged_free(ptn_limits_judged *limits)
{
    free(limits->at);
    *limits = (ptn_limits_judged){0};
}
