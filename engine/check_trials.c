#include "check_trials.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ptn_metric_names[PTN_METRICS] = {
    [PTN_LOG_SCORE] = "log_score",
    [PTN_CRPS] = "crps",
    [PTN_RMSE] = "rmse",
    [PTN_MAE] = "mae",
    [PTN_BIAS] = "bias",
    [PTN_NGINI] = "ngini",
    [PTN_ECE] = "ece",
    [PTN_PIT_SHARE] = "pit_share",
    [PTN_COVERAGE_80] = "coverage_80",
    [PTN_COVERAGE_80_IMPLIED] = "coverage_80_implied",
    [PTN_REPEATERS_COVERAGE_80] = "repeaters_coverage_80",
    [PTN_REPEATERS_COVERAGE_80_IMPLIED] = "repeaters_coverage_80_implied",
    [PTN_TOTAL_FORECAST] = "forecast",
    [PTN_TOTAL_CAME] = "came",
    [PTN_LUCK] = "luck",
    [PTN_BUYERS_FORECAST] = "buyers_forecast",
    [PTN_BUYERS_CAME] = "buyers_came",
    [PTN_CUSTOMERS] = "customers",
    [PTN_REPEATERS] = "repeaters",
    [PTN_MONEY_FORECAST] = "money_forecast",
    [PTN_MONEY_CAME] = "money_came",
    [PTN_MONEY_LUCK] = "money_luck",
    [PTN_QUIET] = "quiet",
};

/* What is read on the way to the range of a total. */
typedef struct world_then {
    double scale, degrees;
} world_then;

static double *place_in_tenth(patron_tenth *tenth, const char *part)
{
    const struct {
        const char *part;
        double *place;
    } places[] = {{"customers", &tenth->customers}, {"forecast", &tenth->forecast}, {"came", &tenth->came},
                  {"covered", &tenth->covered}, {"implied", &tenth->implied}, {"luck", &tenth->luck}};
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].part, part) == 0)
            return places[i].place;
    return NULL;
}

/* Where a metric goes; NULL: nowhere. */
static double *place_of(ptn_check_trial *trial, world_then *world, const char *metric)
{
    int tenth;
    char part[16];
    for (int m = 0; m < PTN_METRICS; m++)
        if (strcmp(ptn_metric_names[m], metric) == 0)
            return &trial->metric[m];
    if (strcmp(metric, "world_scale") == 0)
        return &world->scale;
    if (strcmp(metric, "world_degrees") == 0)
        return &world->degrees;
    if (sscanf(metric, "tenth_%d_%15s", &tenth, part) != 2 || tenth < 1 || tenth > PATRON_TENTHS)
        return NULL;
    return place_in_tenth(&trial->tenth[tenth - 1], part);
}

/* 8 in 10 of all purchases: luck, and how far totals had missed until that day. */
static void add_range(ptn_check_trial *trial, const world_then *world)
{
    const patron_world then = {.scale = world->scale, .degrees = world->degrees};
    const double total = trial->metric[PTN_TOTAL_FORECAST], luck = trial->metric[PTN_LUCK];
    if (!trial->forecasts || !trial->untouched || !(total > 0) || !isfinite(luck) || !(world->scale > 0) || !(world->degrees > 0))
        return;
    if (patron_total_interval(&then, total, luck, 0.8, &trial->total_low, &trial->total_high, NULL) != PATRON_OK)
        trial->total_low = trial->total_high = NAN;
    else
        trial->total_low = fmax(0, trial->total_low);
}

static ptn_check_trial *add_trial(ptn_check_trials *trials, size_t *room, ptn_rows *rows, ptn_problem *problem)
{
    if (trials->count == *room) {
        ptn_check_trial *more = realloc(trials->at, (2 * *room + 16) * sizeof *more);
        if (!more) {
            ptn_out_of_memory(problem);
            return NULL;
        }
        trials->at = more;
        *room = 2 * *room + 16;
    }
    ptn_check_trial *trial = &trials->at[trials->count++];
    *trial = (ptn_check_trial){.horizon_days = (int)ptn_rows_int(rows, 0), .days = (int)ptn_rows_int(rows, 3),
                               .untouched = ptn_rows_int(rows, 5), .forecasts = ptn_rows_int(rows, 6), .total_low = NAN,
                               .total_high = NAN};
    snprintf(trial->day, sizeof trial->day, "%s", ptn_rows_text(rows, 1));
    snprintf(trial->until, sizeof trial->until, "%s", ptn_rows_text(rows, 2));
    snprintf(trial->model, sizeof trial->model, "%s", ptn_rows_text(rows, 4));
    for (int m = 0; m < PTN_METRICS; m++)
        trial->metric[m] = NAN;
    return trial;
}

static bool is_of(const ptn_check_trial *trial, ptn_rows *rows)
{
    return trial->horizon_days == ptn_rows_int(rows, 0) && strcmp(trial->day, ptn_rows_text(rows, 1)) == 0
           && strcmp(trial->model, ptn_rows_text(rows, 4)) == 0;
}

patron_status ptn_check_trials_read(ptn_store *store, ptn_check_trials *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    ptn_check_trial *trial = NULL;
    world_then world = {NAN, NAN};
    size_t room = 0;
    *out = (ptn_check_trials){0};
    PTN_TRY(ptn_store_query(store, "SELECT horizon_days, made_on, until, days, model, untouched, forecasts, metric, value FROM trials",
                            &rows, problem));
    while (ptn_rows_next(rows)) {
        if (!trial || !is_of(trial, rows)) {
            if (trial)
                add_range(trial, &world);
            world = (world_then){NAN, NAN};
            trial = add_trial(out, &room, rows, problem);
            if (!trial) {
                status = problem->status;
                goto done;
            }
        }
        double *place = place_of(trial, &world, ptn_rows_text(rows, 7));
        if (place)
            *place = ptn_rows_is_null(rows, 8) ? NAN : ptn_rows_double(rows, 8);
    }
    if (trial)
        add_range(trial, &world);

done:
    ptn_rows_free(rows);
    if (status != PATRON_OK)
        ptn_check_trials_free(out);
    return status;
}

void ptn_check_trials_free(ptn_check_trials *trials)
{
    free(trials->at);
    *trials = (ptn_check_trials){0};
}

const ptn_check_trial *ptn_check_trial_rule(const ptn_check_trials *trials, const ptn_check_trial *of)
{
    for (size_t i = 0; i < trials->count; i++) {
        const ptn_check_trial *t = &trials->at[i];
        if (t->horizon_days == of->horizon_days && strcmp(t->day, of->day) == 0 && strcmp(t->model, "same_rate") == 0)
            return t;
    }
    return NULL;
}
