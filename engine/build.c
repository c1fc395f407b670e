/* A build: open .patron/building.duckdb, run the stages, check the money, publish. */
#include "build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "equations.h"
#include "margins.h"
#include "months.h"
#include "patron.h"
#include "publish.h"
#include "published.h"
#include "settings_kept.h"
#include "start.h"
#include "steps.h"
#include "store_columns.h"
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
        ptn_text_copy(report->as_of, sizeof report->as_of, day);
    }
    PTN_TRY(ptn_store_runf(store, problem, "SET VARIABLE as_of = DATE '%s'", report->as_of));

done:
    free(day);
    return status;
}

/* margin: what share of what is kept counts as profit. 1 when costs are known, and when nothing is: then value is revenue; it is
 * assumed where patron.yaml has one and there are no costs. What winning customers cost says nothing of what purchases cost, and
 * rows after as_of are unknown to every value. */
static patron_status set_value_variables(ptn_store *store, const ptn_config *config, ptn_problem *problem)
{
    int64_t costs = 0, last_horizon = 0;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_int(store, "SELECT (count(*) > 0)::BIGINT FROM ledger"
                                 " WHERE kind IN ('goods', 'serve', 'retain', 'reward')"
                                 " AND occurred_at < (getvariable('as_of') + 1)::TIMESTAMP", &costs, problem));
    PTN_TRY(ptn_store_int(store, "SELECT coalesce(max_by(horizon_days, rowid), 0)::BIGINT FROM forecast.horizons", &last_horizon,
                          problem));
    const bool assumed = !costs && config->has_margin;
    double steps[PTN_MARGIN_STEPS];
    const unsigned n = ptn_margin_steps(config->margin, steps);
    PTN_TRY(ptn_store_runf(store, problem,
                           "SET VARIABLE has_costs = %s; SET VARIABLE margin_assumed = %s; SET VARIABLE margin = '%.17g'::DOUBLE;"
                           " SET VARIABLE margin_steps = ['%.17g', '%.17g'][:%u]::DOUBLE[]; SET VARIABLE last_horizon = %d",
                           costs ? "true" : "false", assumed ? "true" : "false", assumed ? config->margin : 1, steps[0], steps[1], n,
                           (int)last_horizon));

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
    PTN_TRY(ptn_record(b->project, b->store, &b->options->progress, &b->report->record, problem));
    PTN_TRY(ptn_equations_check(b->store, problem));

done:
    return status;
}

static patron_status run_identify(build *b, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_stage_run(b->store, "identify", problem));
    PTN_TRY(ptn_equations_check(b->store, problem));

done:
    return status;
}

static patron_status run_history(build *b, ptn_problem *problem)
{
    return ptn_stage_run(b->store, "history", problem);
}

static patron_status run_forecast(build *b, ptn_problem *problem)
{
    return ptn_forecast(b->project, b->store, &b->options->progress, &b->report->forecast, problem);
}

static patron_status run_value(build *b, ptn_problem *problem)
{
    const patron_status status = ptn_stage_run(b->store, "value", problem);
    return status == PATRON_OK ? ptn_months_write(b->store, problem) : status;
}

/* Tables and columns say what they are to whoever opens the store. */
static patron_status comment(ptn_store *store, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *statements = NULL;
    PTN_TRY(ptn_store_text(store, "SELECT string_agg(statement, ';' ORDER BY place, column_index) FROM comments", &statements, problem));
    PTN_TRY(ptn_store_run(store, statements, problem));

done:
    free(statements);
    return status;
}

static patron_status run_share(build *b, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_stage_run(b->store, "share", problem));
    PTN_TRY(comment(b->store, problem));
    PTN_TRY(ptn_settings_keep(b->store, b->project, b->options->as_of, problem));

done:
    return status;
}

/* ---- what is counted when a stage is over, also when a killed build had finished it ---- */

static patron_status count_history(ptn_store *store, ptn_build_report *report, ptn_problem *problem)
{
    ptn_columns row = {0};
    const patron_status status =
        ptn_store_columns(store, "SELECT coalesce(sum(frequency + 1), 0)::DOUBLE, count(*)::DOUBLE, (SELECT count(*) FROM states)::DOUBLE"
                                 " FROM history.buyers", &row, problem);
    if (status == PATRON_OK && row.n == 1) {
        report->purchase_days = (int64_t)row.at[0][0];
        report->buyers = (int64_t)row.at[1][0];
        report->states = (int64_t)row.at[2][0];
    }
    ptn_columns_free(&row);
    return status;
}

static patron_status count_forecast(ptn_store *store, ptn_build_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    report->horizon_count = 0;
    PTN_TRY(ptn_store_int(store, "SELECT count(DISTINCT (horizon_days, calibration_end)) FROM model_scores", &report->trials, problem));
    PTN_TRY(ptn_store_query(store, "SELECT horizon_days::BIGINT, model FROM forecast.horizons ORDER BY rowid", &rows, problem));
    while (report->horizon_count < PTN_HORIZONS_MAX && ptn_rows_next(rows)) {
        const char *model = ptn_rows_text(rows, 1);
        report->horizons[report->horizon_count].days = (int)ptn_rows_int(rows, 0);
        ptn_text_copy(report->horizons[report->horizon_count++].model, sizeof report->horizons->model, model);
    }

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status count_share(ptn_store *store, ptn_build_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *example = NULL;
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM information_schema.tables WHERE table_catalog = current_database()"
                                 " AND table_schema = 'main'", &report->tables, problem));
    PTN_TRY(ptn_store_text(store, "SELECT key FROM person_keys WHERE person_id = (SELECT person_id FROM customers WHERE value > 0"
                                  " ORDER BY value DESC, person LIMIT 1) ORDER BY source, key LIMIT 1", &example, problem));
    snprintf(report->example, sizeof report->example, "%s", example && strlen(example) < sizeof report->example ? example : "");

done:
    free(example);
    return status;
}

static patron_status read_counts(ptn_store *store, ptn_build_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(count_history(store, report, problem));
    PTN_TRY(count_forecast(store, report, problem));
    PTN_TRY(count_share(store, report, problem));

done:
    return status;
}

static patron_status after_record(build *b, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_record_count(b->store, &b->report->record, problem));
    PTN_TRY(set_as_of(b->store, b->project, b->options, b->report, problem));

done:
    return status;
}

static patron_status after_identify(build *b, ptn_problem *problem)
{
    return ptn_store_int(b->store, "SELECT count(DISTINCT person_id) FROM person_keys", &b->report->persons, problem);
}

static patron_status after_history(build *b, ptn_problem *problem)
{
    return count_history(b->store, b->report, problem);
}

static patron_status after_forecast(build *b, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(set_value_variables(b->store, &b->project->config, problem));
    PTN_TRY(count_forecast(b->store, b->report, problem));

done:
    return status;
}

static patron_status after_share(build *b, ptn_problem *problem)
{
    return count_share(b->store, b->report, problem);
}

/* ---- the stages in order ---- */

typedef struct build_stage {
    const char *name;
    patron_status (*run)(build *b, ptn_problem *problem);
    patron_status (*after)(build *b, ptn_problem *problem); /* may be NULL */
    bool own_transactions; /* one a source, so that a killed build does not read a source twice; else one in all */
} build_stage;

static const build_stage stages[] = {
    {"record", run_record, after_record, true},       {"identify", run_identify, after_identify, false},
    {"history", run_history, after_history, false},   {"forecast", run_forecast, after_forecast, false},
    {"value", run_value, NULL, false},                {"share", run_share, after_share, false},
};
enum { STAGES = sizeof stages / sizeof *stages };
const char *const ptn_stage_names[] = {"record", "identify", "history", "forecast", "value", "share", NULL};

static patron_status run_stage(build *b, const build_stage *of, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_problem ignored;
    bool done = false;
    ptn_stage_report *stage = begin(b->report, b->options, of->name);
    PTN_TRY(ptn_stage_done(b->store, of->name, &done, problem));
    if (!done) {
        if (!of->own_transactions)
            PTN_TRY(ptn_store_run(b->store, "BEGIN TRANSACTION", problem));
        status = of->run(b, problem);
        if (status == PATRON_OK)
            status = ptn_stage_finish(b->store, of->name, problem);
        if (status == PATRON_OK && !of->own_transactions)
            status = ptn_store_run(b->store, "COMMIT", problem);
        if (status != PATRON_OK && !of->own_transactions)
            ptn_store_run(b->store, "ROLLBACK", &ignored);
        if (status != PATRON_OK)
            goto done;
    }
    if (of->after)
        PTN_TRY(of->after(b, problem));
    end(b->report, stage, b->options);

done:
    return status;
}

/* What the tables say, in a few numbers. */
static patron_status read_results(ptn_store *store, ptn_build_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_record_count(store, &report->record, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(DISTINCT person_id) FROM person_keys", &report->persons, problem));
    PTN_TRY(read_counts(store, report, problem));
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
    PTN_TRY(ptn_published_store(publication->previous, &store, problem));
    PTN_TRY(ptn_store_text(store, "SELECT as_of::VARCHAR FROM runs ORDER BY rowid DESC LIMIT 1", &as_of, problem));
    ptn_text_copy(report->as_of, sizeof report->as_of, as_of);
    report->record.sources = project->source_count;
    PTN_TRY(ptn_stage_run(store, "macros", problem));
    PTN_TRY(ptn_store_runf(store, problem, "SET VARIABLE currency = '%s'", project->config.currency));
    PTN_TRY(read_results(store, report, problem));

done:
    free(as_of);
    ptn_store_close(store);
    return status;
}

/* Nothing has changed, and the stage asked for comes after forecast: what was forecast stands, under the new run. */
static patron_status keep_forecast(build *b, ptn_problem *problem)
{
    const char *from = b->options->from;
    if (!from || (strcmp(from, "value") != 0 && strcmp(from, "share") != 0))
        return PATRON_OK;
    return ptn_store_run(b->store,
                         "BEGIN; INSERT INTO record.progress SELECT 'forecast', now()::TIMESTAMP WHERE getvariable('as_of') ="
                         " (SELECT as_of FROM runs ORDER BY rowid DESC LIMIT 1);"
                         " UPDATE models SET run_id = getvariable('run_id'); UPDATE model_scores SET run_id = getvariable('run_id'); COMMIT",
                         problem);
}

static patron_status run_stages(build *b, bool again, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_stage_run(b->store, "macros", problem));
    PTN_TRY(ptn_step_run(b->store, "record", "touched", NULL, problem));
    for (unsigned i = 0; i < STAGES; i++) {
        PTN_TRY(run_stage(b, &stages[i], problem));
        if (i == 0 && again)
            PTN_TRY(keep_forecast(b, problem));
    }
    PTN_TRY(read_results(b->store, b->report, problem));

done:
    return status;
}

static patron_status note_run(ptn_store *store, const ptn_build_report *report, ptn_problem *problem)
{
    return ptn_store_runf(store, problem,
                          "INSERT INTO runs SELECT '%s', '%s', getvariable('known_at'), now()::TIMESTAMP, 'ok', '" PATRON_VERSION "',"
                          " map(list(setting ORDER BY rowid), list(value ORDER BY rowid)) FROM share.settings",
                          report->run_id, report->as_of);
}

/* Two runs of a project never share a name, though four digits are few: the second is c7f31. */
static patron_status name_apart(ptn_store *store, char *run_id, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char chosen[10], sql[100];
    int64_t taken = 1;
    snprintf(chosen, sizeof chosen, "%.9s", run_id);
    for (unsigned k = 1; taken; k++) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM runs WHERE run_id = '%s'", run_id);
        PTN_TRY(ptn_store_int(store, sql, &taken, problem));
        if (taken)
            snprintf(run_id, 24, "%s%x", chosen, k);
    }
    PTN_TRY(ptn_store_runf(store, problem, "UPDATE record.target SET run_id = '%s' WHERE run_id <> '%s'", run_id, run_id));

done:
    return status;
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
    const bool from_record = options->from && strcmp(options->from, "record") == 0;
    const bool from_days = options->from && (strcmp(options->from, "identify") == 0 || strcmp(options->from, "history") == 0);
    PTN_TRY(ptn_start(project, &publication, options->as_of, options->full || from_record, options->from != NULL, report->run_id, &report->room,
                      &kind, &b.store, problem));
    report->unchanged = kind == PTN_START_NOTHING;
    if (report->unchanged) /* the run that stands */
        snprintf(report->run_id, sizeof report->run_id, "%s", report->previous_run_id);
    report->resumed = kind == PTN_START_RESUME;
    if (report->unchanged) {
        PTN_TRY(read_published(project, &publication, report, problem));
        goto done;
    }
    if (!report->resumed)
        PTN_TRY(name_apart(b.store, report->run_id, problem));
    PTN_TRY(set_variables(b.store, project, report, (kind != PTN_START_CARRY && kind != PTN_START_AGAIN) || from_days,
                          problem));
    PTN_TRY(run_stages(&b, kind == PTN_START_AGAIN, problem));
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
