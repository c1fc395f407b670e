#include "track_record.h"

#include <math.h>
#include <stdio.h>

enum {
    CHOICE_ORIGINS = PTN_ORIGINS_MAX - 1,
    SHORTEST_HISTORY = 56, /* days of history that an origin needs */
    FEWEST_CUSTOMERS = 30,
    ENOUGH_CUSTOMERS = 100000 /* to choose by; the untouched origin has all */
};
static const double season_evidence = 2; /* log odds, on all that came on the days of choice: 7 to 1 */

/* ---- origins ---- */

/* The customers of an origin and what came; every origin of a track while it is run. */
typedef struct origin_states {
    ptn_columns at[PTN_ORIGINS_MAX]; /* frequency, recency, age, later, customers */
} origin_states;

/* Adds an origin, unless there are too few customers or purchases to say anything. */
static patron_status add_origin(const ptn_past *past, int64_t day, int horizon_days, bool last, ptn_track *track, origin_states *states,
                                ptn_problem *problem)
{
    char sql[120];
    ptn_columns *own = &states->at[track->origin_count];
    double customers = 0, came = 0;
    snprintf(sql, sizeof sql, "SELECT * FROM states_at(%lld, %d, %d)", (long long)day, horizon_days,
             last ? 1 : 1 + (int)(past->buyers / ENOUGH_CUSTOMERS));
    const patron_status status = ptn_store_columns(past->store, sql, own, problem);
    if (status != PATRON_OK)
        return status;
    for (size_t i = 0; i < own->n; i++) {
        customers += own->at[4][i];
        came += own->at[4][i] * own->at[3][i];
    }
    if (customers < FEWEST_CUSTOMERS || came == 0) {
        ptn_columns_free(own);
        return PATRON_OK;
    }
    track->origins[track->origin_count++] =
        (ptn_origin){.day = day, .horizon_days = horizon_days, .last = last, .money_forecast = NAN, .money_came = NAN};
    return PATRON_OK;
}

/* Days on which to choose, all of whose outcomes lie at or before `known`: whole horizons apart where that leaves four, else
 * half. A history too short for that gives two, of a third of its length, with half of it or more behind them. */
static patron_status add_choice_origins(const ptn_past *past, int64_t known, ptn_track *track, origin_states *states,
                                        ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    const int64_t length = known - past->first_day, whole = track->horizon_days;
    const bool enough = length - whole >= SHORTEST_HISTORY;
    const int64_t horizon = enough ? whole : length / 3, shortest = enough ? SHORTEST_HISTORY : length / 2;
    const int64_t step = enough && length - CHOICE_ORIGINS * horizon >= shortest ? horizon : horizon / 2 + (horizon == 1);
    if (length < SHORTEST_HISTORY)
        return PATRON_OK;
    for (int k = 0; k < CHOICE_ORIGINS && length - horizon - k * step >= shortest; k++)
        PTN_TRY(add_origin(past, known - horizon - k * step, (int)horizon, false, track, states, problem));
    if (track->origin_count)
        track->choice_horizon_days = (int)horizon;

done:
    return status;
}

/* Every candidate without a season on `count` origins. */
static patron_status try_plain(const ptn_past *past, ptn_track *track, unsigned first, unsigned count, bool learn,
                               const origin_states *states, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    for (unsigned c = 0; c < past->candidate_count && status == PATRON_OK; c++)
        if (!past->candidates[c].season)
            status = ptn_try_candidate(past, c, track->origins + first, states->at + first, count, learn, &track->quiet[c], problem);
    return status;
}

/* ---- choosing ---- */

/* How much higher a candidate's log score was than another's, on the mean of the origins of choice where both were tried, and
 * how many customers there were; NaN: on none. */
static double gain(const ptn_track *track, int candidate, int other, double *customers)
{
    double sum = 0;
    unsigned n = 0;
    *customers = 0;
    for (unsigned o = 0; o < track->origin_count; o++) {
        const ptn_trial *a = &track->origins[o].trials[candidate], *b = &track->origins[o].trials[other];
        if (track->origins[o].last || !a->done || !b->done)
            continue;
        sum += a->judgement.log_score - b->judgement.log_score;
        *customers += a->judgement.customers;
        n++;
    }
    return n ? sum / n : NAN;
}

/* The best of the candidates without a season; -1 when none could be tried. */
static int choose_model(const ptn_past *past, const ptn_track *track)
{
    const int rule = (int)past->candidate_count - 1;
    double customers;
    int best = -1;
    for (int c = 0; c < rule; c++)
        if (!past->candidates[c].season && gain(track, c, best < 0 ? rule : best, &customers) > (best < 0 ? -INFINITY : 0))
            best = c;
    return best;
}

/* The same model with a season, if patron.yaml says so or the past does. */
static patron_status choose_season(const ptn_past *past, ptn_track *track, const origin_states *states, int *season, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    double customers;
    *season = ptn_candidate_with_season(past->candidates, past->candidate_count, (unsigned)track->chosen);
    if (*season < 0)
        return PATRON_OK;
    PTN_TRY(ptn_try_candidate(past, (unsigned)*season, track->origins, states->at, track->origin_count, true, &track->quiet[*season],
                              problem));
    const bool asked = past->config->season == PTN_SEASON_ON && past->end - past->first_day >= PTN_SEASON_HISTORY;
    const double better = gain(track, *season, track->chosen, &customers);
    if (asked || better * customers > season_evidence)
        track->chosen = *season;

done:
    return status;
}

/* ---- the world ---- */

static patron_status learn_world(const ptn_track *track, bool with_last, patron_world *world, ptn_problem *problem)
{
    double errors[PTN_ORIGINS_MAX];
    size_t n = 0;
    patron_error err = {0};
    for (unsigned o = 0; o < track->origin_count; o++) {
        const ptn_trial *trial = &track->origins[o].trials[track->chosen];
        if (track->origins[o].last && !with_last)
            continue;
        if (track->origins[o].horizon_days == track->horizon_days && trial->done && trial->judgement.forecast > 0)
            errors[n++] = log(trial->judgement.came / trial->judgement.forecast);
    }
    const patron_status status = patron_world_learn(n, errors, world, &err);
    return status == PATRON_OK ? status : ptn_core_problem(problem, status, &err);
}

patron_status ptn_track_run(const ptn_past *past, int horizon_days, ptn_track *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    origin_states states = {0};
    int season = -1;
    const int64_t last = past->end - horizon_days;
    const bool tested = last - past->first_day >= SHORTEST_HISTORY;
    *out = (ptn_track){.horizon_days = horizon_days};
    PTN_TRY(add_choice_origins(past, tested ? last : past->end, out, &states, problem));
    PTN_TRY(try_plain(past, out, 0, out->origin_count, true, &states, problem));
    out->chosen = choose_model(past, out);
    if (out->chosen < 0)
        out->chosen = out->choice_horizon_days = 0;
    else
        PTN_TRY(choose_season(past, out, &states, &season, problem));

    const unsigned before = out->origin_count;
    if (tested)
        PTN_TRY(add_origin(past, last, horizon_days, true, out, &states, problem));
    PTN_TRY(try_plain(past, out, before, out->origin_count - before, false, &states, problem));
    if (season >= 0)
        PTN_TRY(ptn_try_candidate(past, (unsigned)season, out->origins + before, states.at + before, out->origin_count - before, false,
                                  &out->quiet[season], problem));
    PTN_TRY(learn_world(out, false, &out->world_then, problem));
    PTN_TRY(learn_world(out, true, &out->world, problem));
    out->money_world = out->world;

done:
    for (unsigned o = 0; o < PTN_ORIGINS_MAX; o++)
        ptn_columns_free(&states.at[o]);
    return status;
}
