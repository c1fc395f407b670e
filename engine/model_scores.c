/* The table model_scores. A few thousand rows go in as columns of numbers, and SQL puts the words in: as text they took DuckDB longer
 * to read than all models to fit. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scorecards.h"
#include "text.h"

enum { CANDIDATE, DAY, UNTIL, METRIC, VALUE, CHOSEN, HORIZON, LAST, COLUMNS };
enum { METRICS_MAX = 128, METRIC_SIZE = 40 };

typedef struct scores {
    double *at[COLUMNS];
    size_t n, room;
    char metrics[METRICS_MAX][METRIC_SIZE]; /* as they are met */
    unsigned metric_count;
    bool failed; /* out of memory */
} scores;

/* What the rows of one trial share. */
typedef struct tried {
    const ptn_track *track;
    const ptn_origin *origin;
    unsigned candidate;
    bool chosen;
} tried;

static unsigned number_of(scores *s, const char *metric)
{
    unsigned k = 0;
    while (k < s->metric_count && strcmp(s->metrics[k], metric) != 0)
        k++;
    if (k == s->metric_count && k < METRICS_MAX)
        snprintf(s->metrics[s->metric_count++], METRIC_SIZE, "%s", metric);
    s->failed |= k == METRICS_MAX;
    return k;
}

static void reserve(scores *s)
{
    if (s->n < s->room)
        return;
    s->room = 2 * s->room + 1024;
    for (int c = 0; c < COLUMNS; c++) {
        double *more = realloc(s->at[c], s->room * sizeof *more);
        if (more)
            s->at[c] = more;
        s->failed |= !more;
    }
}

static void add(scores *s, const tried *t, const char *metric, double value)
{
    reserve(s);
    if (s->failed)
        return;
    const double row[COLUMNS] = {[CANDIDATE] = t->candidate,
                                 [DAY] = (double)t->origin->day,
                                 [UNTIL] = (double)(t->origin->day + t->origin->horizon_days),
                                 [METRIC] = number_of(s, metric),
                                 [VALUE] = value,
                                 [CHOSEN] = t->chosen,
                                 [HORIZON] = t->track->horizon_days,
                                 [LAST] = t->origin->last};
    for (int c = 0; c < COLUMNS; c++)
        s->at[c][s->n] = row[c];
    s->n++;
}

/* ---- what there is to tell ---- */

static void add_judgement(scores *s, const tried *t, const patron_judgement *j)
{
    const struct {
        const char *metric;
        double value;
    } all[] = {
        {"log_score", j->log_score}, {"crps", j->crps}, {"rmse", j->rmse}, {"mae", j->mae}, {"bias", j->bias}, {"ngini", j->ngini},
        {"ece", j->ece}, {"pit_share", j->pit_share}, {"coverage_80", j->coverage_80}, {"coverage_80_implied", j->coverage_80_implied},
        {"repeaters_coverage_80", j->repeaters_coverage_80}, {"repeaters_coverage_80_implied", j->repeaters_coverage_80_implied},
        {"forecast", j->forecast}, {"came", j->came}, {"buyers_forecast", j->buyers_forecast}, {"buyers_came", j->buyers_came},
        {"customers", j->customers}, {"repeaters", j->repeaters}, {"luck", j->luck},
    };
    for (unsigned m = 0; m < sizeof all / sizeof *all; m++)
        add(s, t, all[m].metric, all[m].value);
    for (int k = 0; k < PATRON_TENTHS; k++) {
        static const char *const parts[] = {"customers", "forecast", "came", "covered", "implied", "luck"};
        const double values[] = {j->tenth[k].customers, j->tenth[k].forecast, j->tenth[k].came, j->tenth[k].covered, j->tenth[k].implied,
                                 j->tenth[k].luck};
        for (unsigned m = 0; m < sizeof values / sizeof *values; m++) {
            char metric[METRIC_SIZE];
            snprintf(metric, sizeof metric, "tenth_%d_%s", k + 1, parts[m]);
            add(s, t, metric, values[m]);
        }
    }
}

/* What only the chosen candidate has: the forecast in money; and how far totals had missed until the untouched day, which its ranges
 * were made of. */
static void add_chosen(scores *s, const tried *t)
{
    if (isfinite(t->origin->money_forecast) && isfinite(t->origin->money_came)) {
        add(s, t, "money_forecast", t->origin->money_forecast);
        add(s, t, "money_came", t->origin->money_came);
        add(s, t, "money_luck", t->origin->money_luck);
    }
    if (t->origin->last) {
        add(s, t, "world_scale", t->track->world_then.scale);
        add(s, t, "world_degrees", t->track->world_then.degrees);
    }
}

static void add_all(scores *s, const ptn_forecast_report *report)
{
    for (unsigned k = 0; k < report->track_count; k++)
        for (unsigned o = 0; o < report->tracks[k].origin_count; o++)
            for (unsigned c = 0; c < report->candidate_count; c++) {
                const tried t = {&report->tracks[k], &report->tracks[k].origins[o], c, report->forecasts[k] == &report->fitted[c]};
                const ptn_trial *trial = &t.origin->trials[c];
                if (!trial->done)
                    continue;
                add_judgement(s, &t, &trial->judgement);
                if (report->candidates[c].model)
                    add(s, &t, "quiet", trial->fitted.quiet);
                if (t.chosen)
                    add_chosen(s, &t);
            }
}

/* ---- into the store ---- */

static patron_status put_words(ptn_store *store, const scores *s, const ptn_forecast_report *report, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "INSERT INTO model_scores SELECT getvariable('run_id'), [");
    for (unsigned c = 0; c < report->candidate_count; c++)
        ptn_text_addf(&sql, "%s'%s'", c ? ", " : "", report->candidates[c].name);
    ptn_text_add(&sql, "][candidate::INTEGER + 1], DATE '1970-01-01' + day::INTEGER, DATE '1970-01-01' + until::INTEGER, [");
    for (unsigned m = 0; m < s->metric_count; m++)
        ptn_text_addf(&sql, "%s'%s'", m ? ", " : "", s->metrics[m]);
    ptn_text_add(&sql, "][metric::INTEGER + 1], CASE WHEN isfinite(value) THEN value END, chosen = 1, horizon::INTEGER, \"last\" = 1"
                       " FROM forecast.score_rows ORDER BY score_rows.rowid; DROP TABLE forecast.score_rows");
    const patron_status status = sql.failed ? ptn_out_of_memory(problem) : ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_write_model_scores(ptn_store *store, const ptn_forecast_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    scores *s = calloc(1, sizeof *s);
    if (!s)
        return ptn_out_of_memory(problem);
    add_all(s, report);
    if (s->failed) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    if (s->n == 0)
        goto done;
    PTN_TRY(ptn_store_run(store,
                          "CREATE OR REPLACE TABLE forecast.score_rows (candidate DOUBLE, day DOUBLE, until DOUBLE, metric DOUBLE,"
                          " value DOUBLE, chosen DOUBLE, horizon DOUBLE, \"last\" DOUBLE)",
                          problem));
    PTN_TRY(ptn_store_append(store, "forecast", "score_rows", COLUMNS, s->n, (const double *const *)s->at, problem));
    PTN_TRY(put_words(store, s, report, problem));

done:
    for (int c = 0; c < COLUMNS; c++)
        free(s->at[c]);
    free(s);
    return status;
}
