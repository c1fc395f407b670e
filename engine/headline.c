#include "headline.h"

#include <math.h>
#include <stdlib.h>

#include "store_columns.h"
#include "text.h"

patron_status ptn_headline_read(ptn_store *store, ptn_headline *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_columns row = {0}, bare = {0}, trials = {0}, score = {0};
    char *model = NULL;
    *out = (ptn_headline){.purchases_low = NAN, .purchases_high = NAN};
    PTN_TRY(ptn_store_columns(store,
                              "SELECT s.horizon_days::DOUBLE, h.value::DOUBLE, h.value_low::DOUBLE, h.value_high::DOUBLE,"
                              " value_before::DOUBLE, days_before::DOUBLE, best_fifth_expected::DOUBLE, best_fifth_observed::DOUBLE,"
                              " has_costs::INTEGER::DOUBLE, margin_assumed::INTEGER::DOUBLE,"
                              " coalesce((SELECT minor FROM record.minor_units m WHERE m.currency = h.currency), 2)::DOUBLE"
                              " FROM share.headline s JOIN forecast.horizons h USING (horizon_days) WHERE h.value IS NOT NULL",
                              &row, problem));
    if (row.n == 0) {
        PTN_TRY(ptn_store_columns(store,
                                  "SELECT s.horizon_days::DOUBLE, purchases_low::DOUBLE, purchases_high::DOUBLE"
                                  " FROM share.headline s JOIN forecast.horizons h USING (horizon_days) WHERE purchases_high IS NOT NULL",
                                  &bare, problem));
        if (bare.n > 0) {
            out->horizon_days = (int)bare.at[0][0];
            out->purchases_low = bare.at[1][0];
            out->purchases_high = bare.at[2][0];
        }
        goto done;
    }
    out->known = true;
    out->horizon_days = (int)row.at[0][0];
    out->value = row.at[1][0];
    out->value_low = row.at[2][0];
    out->value_high = row.at[3][0];
    out->before = row.at[4][0];
    out->before_days = isfinite(row.at[5][0]) ? (int)row.at[5][0] : out->horizon_days;
    out->best_fifth_expected = row.at[6][0];
    out->best_fifth_observed = row.at[7][0];
    out->has_costs = row.at[8][0] != 0;
    out->margin_assumed = row.at[9][0] != 0;
    out->decimals = (int)row.at[10][0];
    PTN_TRY(ptn_margins_read(store, &out->margins, problem));
    PTN_TRY(ptn_store_columns(store,
                              "SELECT horizon_days::DOUBLE, value FROM model_scores WHERE \"last\" AND chosen AND metric = 'bias'"
                              " AND value IS NOT NULL ORDER BY horizon_days DESC LIMIT 2",
                              &trials, problem));
    for (; out->trial_count < trials.n; out->trial_count++) {
        out->trial[out->trial_count].horizon_days = (int)trials.at[0][out->trial_count];
        out->trial[out->trial_count].bias = trials.at[1][out->trial_count];
    }

    PTN_TRY(ptn_store_text(store, "SELECT model FROM forecast.horizons JOIN share.headline USING (horizon_days)", &model, problem));
    ptn_text_copy(out->model, sizeof out->model, model);
    PTN_TRY(ptn_store_columns(store,
                              "SELECT avg(s.value) FILTER (s.metric = 'log_score' AND NOT \"last\"),"
                              " count(*) FILTER (s.metric = 'log_score' AND NOT \"last\" AND s.value IS NOT NULL)::DOUBLE,"
                              " max(s.value) FILTER (s.metric = 'coverage_80' AND \"last\")"
                              " FROM model_scores s JOIN forecast.horizons h USING (horizon_days, model)"
                              " JOIN share.headline USING (horizon_days)",
                              &score, problem));
    out->log_score = score.n ? score.at[0][0] : NAN;
    out->origins = score.n ? (unsigned)score.at[1][0] : 0;
    out->coverage = score.n ? score.at[2][0] : NAN;

done:
    free(model);
    ptn_columns_free(&score);
    ptn_columns_free(&row);
    ptn_columns_free(&bare);
    ptn_columns_free(&trials);
    return status;
}
