#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "text.h"

/* An older patron's store has not all that the page says. */
static patron_status check_age(ptn_store *store, ptn_problem *problem)
{
    int64_t there = 0;
    const patron_status status = ptn_store_int(
        store,
        "SELECT (SELECT count(*) FROM duckdb_tables() WHERE schema_name || '.' || table_name IN ('share.settings', 'share.published',"
        " 'forecast.months', 'track_record.weeks', 'main.warnings') AND database_name = current_database())"
        " + (SELECT count(*) FROM duckdb_columns() WHERE schema_name = 'share' AND table_name = 'headline' AND column_name = 'days_before'"
        " AND database_name = current_database())",
        &there, problem);
    if (status != PATRON_OK || there == 6)
        return status;
    ptn_problem_set(problem, PATRON_EDATA, "E507", "the published tables were made by an older patron");
    ptn_problem_why(problem, "they lack some that a report is made of");
    ptn_problem_fix(problem, "patron build");
    return PATRON_EDATA;
}

static patron_status read_settings(ptn_store *store, ptn_report *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store, "SELECT setting, value FROM share.settings", &rows, problem));
    while (ptn_rows_next(rows)) {
        const char *setting = ptn_rows_text(rows, 0), *value = ptn_rows_text(rows, 1);
        if (strcmp(setting, "name") == 0)
            ptn_text_copy(out->name, sizeof out->name, value);
        else if (strcmp(setting, "currency") == 0)
            ptn_text_copy(out->currency, sizeof out->currency, value);
        else if (strcmp(setting, "discount_rate") == 0 && value)
            out->discount_rate = strtod(value, NULL);
        else if (strcmp(setting, "margin") == 0 && value)
            out->margin = strtod(value, NULL);
        else if (strcmp(setting, "season") == 0 && value)
            out->season = strdup(value);
        else if (strcmp(setting, "prior") == 0 && value)
            out->prior = strdup(value);
    }

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status read_run(ptn_store *store, ptn_report *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store,
                            "SELECT run_id, as_of::VARCHAR, strftime(finished_at, '%Y-%m-%dT%H:%M:%SZ'), version,"
                            " (SELECT has_costs FROM share.headline), (SELECT margin_assumed FROM share.headline),"
                            " (SELECT horizon_days::BIGINT FROM share.headline) FROM runs ORDER BY rowid DESC LIMIT 1",
                            &rows, problem));
    if (ptn_rows_next(rows)) {
        ptn_rows_copy(rows, 0, out->run_id, sizeof out->run_id);
        ptn_rows_copy(rows, 1, out->as_of, sizeof out->as_of);
        ptn_rows_copy(rows, 2, out->built_at, sizeof out->built_at);
        ptn_rows_copy(rows, 3, out->version, sizeof out->version);
        out->has_costs = ptn_rows_int(rows, 4);
        out->margin_assumed = ptn_rows_int(rows, 5);
        out->last_horizon = (int)ptn_rows_int(rows, 6);
    }

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status set_variables(ptn_store *store, const ptn_report *report, bool masked, ptn_problem *problem)
{
    return ptn_store_runf(store, problem,
                          "SET VARIABLE as_of = DATE '%s'; SET VARIABLE currency = '%s'; SET VARIABLE masked = %s;"
                          "SET VARIABLE last_horizon = %d; SET VARIABLE has_costs = %s; SET VARIABLE margin = %.17g;"
                          "SET VARIABLE minor = (SELECT coalesce(max(minor), 2) FROM record.minor_units WHERE currency = '%s')",
                          report->as_of, report->currency, masked ? "true" : "false", report->last_horizon,
                          report->has_costs ? "true" : "false", report->margin_assumed ? report->margin : 1.0, report->currency);
}

patron_status ptn_report_read(ptn_store *store, bool masked, ptn_report *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    *out = (ptn_report){.discount_rate = NAN, .margin = NAN};
    PTN_TRY(check_age(store, problem));
    PTN_TRY(read_settings(store, out, problem));
    PTN_TRY(read_run(store, out, problem));
    PTN_TRY(set_variables(store, out, masked, problem));
    PTN_TRY(ptn_stage_run(store, "macros", problem));
    PTN_TRY(ptn_check_read(store, &out->check, problem));
    PTN_TRY(ptn_warnings_read(store, &out->warnings, problem));
    PTN_TRY(ptn_stage_run(store, "report", problem));

done:
    if (status != PATRON_OK)
        ptn_report_free(out);
    return status;
}

void ptn_report_free(ptn_report *report)
{
    free(report->season);
    free(report->prior);
    *report = (ptn_report){0};
}
