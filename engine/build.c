/* A build: open .patron/building.duckdb, run the stages, check the money, publish. */
#include "build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "equations.h"
#include "months.h"
#include "patron.h"
#include "publish.h"
#include "start.h"
#include "steps.h"
#include "text.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double cpu_now(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static ptn_stage_report *begin(ptn_build_report *report, const ptn_build_options *options, const char *name)
{
    ptn_stage_report *stage = &report->stages[report->stage_count++];
    *stage = (ptn_stage_report){.name = name, .seconds = now(), .cpu = cpu_now()};
    if (options->on_stage)
        options->on_stage(report, stage, false, options->context);
    return stage;
}

static void end(const ptn_build_report *report, ptn_stage_report *stage, const ptn_build_options *options)
{
    stage->seconds = now() - stage->seconds;
    stage->cpu = cpu_now() - stage->cpu;
    stage->finished = true;
    if (options->on_stage)
        options->on_stage(report, stage, true, options->context);
}

/* The variables that the SQL reads. Today is the calendar day in UTC. */
static patron_status set_variables(ptn_store *store, const ptn_project *project, const ptn_build_report *report, bool all_touched,
                                   ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "SET VARIABLE run_id = ");
    ptn_text_add_literal(&sql, report->run_id);
    ptn_text_add(&sql, "; SET VARIABLE currency = ");
    ptn_text_add_literal(&sql, project->config.currency);
    ptn_text_addf(&sql, "; SET VARIABLE duplicates = '%s'", project->config.duplicates == PTN_DUPLICATES_DROP ? "drop" : "keep");
    ptn_text_addf(&sql, "; SET VARIABLE all_touched = %s", all_touched ? "true" : "false");
    ptn_text_add(&sql, "; SET VARIABLE known_at = now()::TIMESTAMP; SET VARIABLE today = now()::TIMESTAMP::DATE");
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

/* The last day of the ledger that is not after today, unless the command or patron.yaml names another. */
static patron_status set_as_of(ptn_store *store, const ptn_project *project, const ptn_build_options *options,
                               ptn_build_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *day = NULL;
    const char *asked = options->as_of ? options->as_of : project->config.as_of[0] ? project->config.as_of : NULL;
    if (asked) {
        snprintf(report->as_of, sizeof report->as_of, "%s", asked);
    } else {
        PTN_TRY(ptn_store_text(store,
                               "SELECT coalesce(max(occurred_at)::DATE, getvariable('today'))::VARCHAR FROM record.ledger"
                               " WHERE fault IS NULL AND NOT set_aside AND occurred_at < (getvariable('today') + 1)::TIMESTAMP",
                               &day, problem));
        snprintf(report->as_of, sizeof report->as_of, "%s", day ? day : "");
    }
    PTN_TRY(ptn_store_runf(store, problem, "SET VARIABLE as_of = DATE '%s'", report->as_of));

done:
    free(day);
    return status;
}

/* margin: what share of what is kept counts as profit. 1 when costs are known, and when nothing is: then value is revenue. */
static patron_status set_value_variables(ptn_store *store, const ptn_config *config, ptn_problem *problem)
{
    int64_t costs = 0, last_horizon = 0;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_int(store, "SELECT (count(*) FILTER (kind IN ('goods', 'serve', 'retain', 'acquire', 'reward')) > 0)::BIGINT"
                                 " FROM ledger", &costs, problem));
    PTN_TRY(ptn_store_int(store, "SELECT coalesce(max_by(horizon_days, rowid), 0)::BIGINT FROM forecast.horizons", &last_horizon,
                          problem));
    PTN_TRY(ptn_store_runf(store, problem,
                           "SET VARIABLE has_costs = %s; SET VARIABLE margin = %.17g::DOUBLE; SET VARIABLE last_horizon = %d",
                           costs ? "true" : "false", costs || !config->has_margin ? 1 : config->margin, (int)last_horizon));

done:
    return status;
}

/* ---- stages ---- */

typedef struct build {
    const ptn_project *project;
    const ptn_build_options *options;
    ptn_build_report *report;
    ptn_store *store;
} build;

static patron_status run_record(build *b, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_record(b->project, b->store, &b->report->record, problem));
    PTN_TRY(ptn_equations_check(b->store, problem));

done:
    return status;
}

static patron_status run_identify(build *b, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_stage_run(b->store, "identify", problem));
    PTN_TRY(ptn_equations_check(b->store, problem));
    PTN_TRY(ptn_store_int(b->store, "SELECT count(DISTINCT person_id) FROM person_keys", &b->report->persons, problem));

done:
    return status;
}

static patron_status run_history(build *b, ptn_problem *problem)
{
    return ptn_stage_run(b->store, "history", problem);
}

static patron_status run_forecast(build *b, ptn_problem *problem)
{
    return ptn_forecast(b->project, b->store, &b->report->forecast, problem);
}

static patron_status run_value(build *b, ptn_problem *problem)
{
    const patron_status status = ptn_stage_run(b->store, "value", problem);
    return status == PATRON_OK ? ptn_months_write(b->store, problem) : status;
}

static patron_status run_share(build *b, ptn_problem *problem)
{
    return ptn_stage_run(b->store, "share", problem);
}

/* One stage, one transaction; record has one a source, so that a killed build does not read a source twice. */
static patron_status run_stage(build *b, const char *name, patron_status (*run)(build *, ptn_problem *), bool own_transactions,
                               ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_problem ignored;
    bool done = false;
    ptn_stage_report *stage = begin(b->report, b->options, name);
    PTN_TRY(ptn_stage_done(b->store, name, &done, problem));
    if (done)
        goto done;
    if (!own_transactions)
        PTN_TRY(ptn_store_run(b->store, "BEGIN TRANSACTION", problem));
    status = run(b, problem);
    if (status == PATRON_OK)
        status = ptn_stage_finish(b->store, name, problem);
    if (status == PATRON_OK && !own_transactions)
        status = ptn_store_run(b->store, "COMMIT", problem);
    if (status != PATRON_OK && !own_transactions)
        ptn_store_run(b->store, "ROLLBACK", &ignored);

done:
    if (status == PATRON_OK)
        end(b->report, stage, b->options);
    return status;
}

/* What the tables say, in a few numbers. */
static patron_status read_results(ptn_store *store, ptn_build_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_record_count(store, &report->record, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(DISTINCT person_id) FROM person_keys", &report->persons, problem));
    PTN_TRY(ptn_headline_read(store, &report->headline, problem));
    PTN_TRY(ptn_equations_read(store, report->money, &report->money_count, problem));
    PTN_TRY(ptn_warnings_read(store, &report->warnings, problem));

done:
    return status;
}

/* The results of the run that stands, when there is nothing to do. */
static patron_status read_published(const ptn_project *project, const ptn_publication *publication, ptn_build_report *report,
                                    ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_store *store = NULL;
    char *as_of = NULL;
    PTN_TRY(ptn_store_open(&store, &(ptn_store_options){.path = publication->previous, .read_only = true}, problem));
    PTN_TRY(ptn_store_text(store, "SELECT as_of::VARCHAR FROM runs ORDER BY rowid DESC LIMIT 1", &as_of, problem));
    snprintf(report->as_of, sizeof report->as_of, "%s", as_of ? as_of : "");
    report->record.sources = project->source_count;
    PTN_TRY(ptn_stage_run(store, "macros", problem));
    PTN_TRY(ptn_store_runf(store, problem, "SET VARIABLE currency = '%s'", project->config.currency));
    PTN_TRY(read_results(store, report, problem));

done:
    free(as_of);
    ptn_store_close(store);
    return status;
}

static patron_status run_stages(build *b, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_stage_run(b->store, "macros", problem));
    PTN_TRY(ptn_step_run(b->store, "record", "touched", NULL, problem));
    PTN_TRY(run_stage(b, "record", run_record, true, problem));
    PTN_TRY(set_as_of(b->store, b->project, b->options, b->report, problem));
    PTN_TRY(run_stage(b, "identify", run_identify, false, problem));
    PTN_TRY(run_stage(b, "history", run_history, false, problem));
    PTN_TRY(run_stage(b, "forecast", run_forecast, false, problem));
    PTN_TRY(set_value_variables(b->store, &b->project->config, problem));
    PTN_TRY(run_stage(b, "value", run_value, false, problem));
    PTN_TRY(run_stage(b, "share", run_share, false, problem));
    PTN_TRY(read_results(b->store, b->report, problem));

done:
    return status;
}

static patron_status note_run(ptn_store *store, const ptn_build_report *report, ptn_problem *problem)
{
    return ptn_store_runf(store, problem,
                          "INSERT INTO runs VALUES ('%s', '%s', getvariable('known_at'), now()::TIMESTAMP, 'ok', '" PATRON_VERSION "')",
                          report->run_id, report->as_of);
}

patron_status ptn_build(const ptn_project *project, const ptn_build_options *options, ptn_build_report *report,
                        ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_publication publication = {.lock = -1};
    ptn_start_kind kind;
    build b = {.project = project, .options = options, .report = report};
    const double started = now(), cpu_started = cpu_now();
    *report = (ptn_build_report){0};

    PTN_TRY(ptn_publication_begin(project, &publication, report->run_id, report->previous_run_id, problem));
    PTN_TRY(ptn_start(project, &publication, options->as_of, options->full, report->run_id, &kind, &b.store, problem));
    report->unchanged = kind == PTN_START_NOTHING;
    if (report->unchanged) /* the run that stands */
        snprintf(report->run_id, sizeof report->run_id, "%s", report->previous_run_id);
    report->resumed = kind == PTN_START_RESUME;
    if (report->unchanged) {
        PTN_TRY(read_published(project, &publication, report, problem));
        goto done;
    }
    PTN_TRY(set_variables(b.store, project, report, kind != PTN_START_CARRY, problem));
    PTN_TRY(run_stages(&b, problem));
    PTN_TRY(note_run(b.store, report, problem));
    PTN_TRY(ptn_store_run(b.store, "CHECKPOINT", problem));
    ptn_store_close(b.store);
    b.store = NULL;
    PTN_TRY(ptn_publish(&publication, report->run_id, problem));

done:
    ptn_store_close(b.store);
    if (status != PATRON_OK && status != PATRON_ECANCELLED && publication.lock >= 0)
        ptn_publication_discard(&publication); /* what failed would fail again; what was killed goes on */
    ptn_publication_end(&publication);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    for (unsigned i = 0; i < report->stage_count; i++)
        if (!report->stages[i].finished)
            report->stages[i].seconds = now() - report->stages[i].seconds;
    report->peak_kib = usage.ru_maxrss;
    report->seconds = now() - started;
    report->cpu = cpu_now() - cpu_started;
    return status;
}

void ptn_build_report_free(ptn_build_report *report)
{
    ptn_forecast_report_free(&report->forecast);
}
