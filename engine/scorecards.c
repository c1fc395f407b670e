#include "scorecards.h"

#include <math.h>

#include "text.h"

/* A DOUBLE that SQL reads back with every bit, which it does of text but not of a literal; NULL when it is not finite. */
static void add_number(ptn_text *sql, double value)
{
    if (isfinite(value))
        ptn_text_addf(sql, "'%.17g'", value);
    else
        ptn_text_add(sql, "NULL");
}

static bool is_chosen(const ptn_forecast_report *report, unsigned candidate)
{
    for (unsigned t = 0; t < report->track_count; t++)
        if (report->forecasts[t] == &report->fitted[candidate])
            return true;
    return false;
}

static void add_model(ptn_text *sql, const ptn_forecast_report *report, unsigned c)
{
    static const char *const words[] = {"failed", "interior", "boundary"};
    const ptn_fitted *f = &report->fitted[c];
    const patron_model_info *about = patron_model_describe(f->candidate->model);
    for (unsigned k = 0; k < about->parameter_count; k++) {
        ptn_text_addf(sql, "%s(getvariable('run_id'), '%s', '%s', '%s', ", sql->length ? ", " : "INSERT INTO models VALUES ",
                      f->candidate->name, words[f->fit.status], about->parameter[k]);
        add_number(sql, f->fit.parameters[k]);
        ptn_text_add(sql, ", ");
        add_number(sql, f->fit.standard_error[k]);
        ptn_text_addf(sql, ", %s, ", is_chosen(report, c) ? "true" : "false");
        ptn_text_add_literal(sql, f->fit.status == PATRON_FIT_BOUNDARY ? f->fit.limit : NULL);
        ptn_text_add(sql, ", ");
        add_number(sql, f->fit.log_likelihood);
        ptn_text_add(sql, ", ");
        add_number(sql, f->fit.prior_weight);
        ptn_text_add(sql, ")");
    }
    for (unsigned k = 0; k < f->season.harmonics; k++) {
        ptn_text_addf(sql, ", (getvariable('run_id'), '%s', 'interior', 'season_cosine_%u', ", f->candidate->name, k + 1);
        add_number(sql, f->season.cosine[k]);
        ptn_text_addf(sql, ", NULL, %s, NULL, NULL, NULL)", is_chosen(report, c) ? "true" : "false");
        ptn_text_addf(sql, ", (getvariable('run_id'), '%s', 'interior', 'season_sine_%u', ", f->candidate->name, k + 1);
        add_number(sql, f->season.sine[k]);
        ptn_text_addf(sql, ", NULL, %s, NULL, NULL, NULL)", is_chosen(report, c) ? "true" : "false");
    }
}

patron_status ptn_write_models(ptn_store *store, const ptn_forecast_report *report, ptn_problem *problem)
{
    ptn_text sql = {0};
    for (unsigned c = 0; c < report->candidate_count; c++)
        if (report->fitted[c].fit.model)
            add_model(&sql, report, c);
    const patron_status status = sql.length ? ptn_store_run(store, ptn_text_str(&sql), problem) : PATRON_OK;
    ptn_text_free(&sql);
    return status;
}

/* ---- horizons ---- */

static patron_status add_horizon(ptn_text *sql, const ptn_forecast_report *report, unsigned t, ptn_problem *problem)
{
    const ptn_track *track = &report->tracks[t];
    const ptn_total *total = &report->totals[t];
    const bool known = report->forecasts[t];
    double money_low, money_high;
    const patron_status status = ptn_total_range(&track->money_world, 1, 0, &money_low, &money_high, problem);
    ptn_text_addf(sql, "%s(%d, ", sql->length ? ", " : "INSERT INTO forecast.horizons VALUES ", track->horizon_days);
    ptn_text_add_literal(sql, known ? report->forecasts[t]->candidate->name : NULL);
    const double values[] = {known ? track->quiet[track->chosen] : NAN,
                             track->choice_horizon_days ? (double)track->choice_horizon_days : NAN,
                             track->world.scale,
                             track->world.degrees,
                             track->world.origins,
                             known ? total->purchases : NAN,
                             known ? total->purchases_low : NAN,
                             known ? total->purchases_high : NAN,
                             known ? total->luck : NAN,
                             known ? total->unsure : NAN,
                             track->money_world.scale,
                             track->money_world.degrees,
                             track->money_world.origins,
                             money_low,
                             money_high,
                             track->month_spread};
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        ptn_text_add(sql, ", ");
        add_number(sql, values[i]);
    }
    ptn_text_add(sql, ", NULL, NULL, NULL, NULL, NULL)");
    return status;
}

patron_status ptn_write_horizons(ptn_store *store, const ptn_forecast_report *report, ptn_problem *problem)
{
    ptn_text sql = {0};
    patron_status status = PATRON_OK;
    for (unsigned t = 0; t < report->track_count; t++)
        PTN_TRY(add_horizon(&sql, report, t, problem));
    if (sql.length)
        PTN_TRY(ptn_store_run(store, ptn_text_str(&sql), problem));

done:
    ptn_text_free(&sql);
    return status;
}
