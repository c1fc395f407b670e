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

#include "attach.h"
#include "patron.h"
#include "publish.h"
#include "steps.h"
#include "text.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static ptn_stage_report *begin(ptn_build_report *report, const ptn_build_options *options, const char *name)
{
    ptn_stage_report *stage = &report->stages[report->stage_count++];
    *stage = (ptn_stage_report){.name = name, .seconds = now()};
    if (options->on_stage)
        options->on_stage(report, stage, false, options->context);
    return stage;
}

static void end(const ptn_build_report *report, ptn_stage_report *stage, const ptn_build_options *options)
{
    stage->seconds = now() - stage->seconds;
    stage->finished = true;
    if (options->on_stage)
        options->on_stage(report, stage, true, options->context);
}

/* The variables that the SQL reads. Today is the calendar day in UTC. */
static patron_status set_variables(ptn_store *store, const ptn_project *project, const ptn_build_report *report,
                                   ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "SET VARIABLE run_id = ");
    ptn_text_add_literal(&sql, report->run_id);
    ptn_text_add(&sql, "; SET VARIABLE currency = ");
    ptn_text_add_literal(&sql, project->config.currency);
    ptn_text_addf(&sql, "; SET VARIABLE duplicates = '%s'", project->config.duplicates == PTN_DUPLICATES_DROP ? "drop" : "keep");
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

/* Both equations for every source, currency and stage, rows and money; the first that does not hold stops the build. */
static patron_status check_equations(ptn_store *store, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(
        store,
        "SELECT stage, source, currency, rows_read::VARCHAR, (rows_typed + rows_quarantined + rows_set_aside)::VARCHAR,"
        " amount_in::VARCHAR, (attributed + unattributed + quarantined + set_aside)::VARCHAR,"
        " (amount_in - attributed - unattributed - quarantined - set_aside)::VARCHAR FROM money"
        " WHERE rows_read <> rows_typed + rows_quarantined + rows_set_aside"
        " OR amount_in <> attributed + unattributed + quarantined + set_aside ORDER BY ALL",
        &rows, problem));
    if (ptn_rows_next(rows)) {
        status = ptn_problem_set(problem, PATRON_ENUMERIC, "E001",
                                 "money is not conserved in stage %s. Nothing was published", ptn_rows_text(rows, 0));
        ptn_problem_where(problem, "source %s, %s: rows in %s, out %s; money in %s, out %s", ptn_rows_text(rows, 1),
                          ptn_rows_text(rows, 2), ptn_rows_text(rows, 3), ptn_rows_text(rows, 4), ptn_rows_text(rows, 5),
                          ptn_rows_text(rows, 6));
        ptn_problem_why(problem, "off by %s; a fault in patron, never in your data", ptn_rows_text(rows, 7));
    }

done:
    ptn_rows_free(rows);
    return status;
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static patron_status read_money(ptn_store *store, ptn_build_report *report, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = ptn_store_query(
        store,
        "SELECT currency, shown(sum(amount_in), minor), shown(sum(attributed), minor), shown(sum(unattributed), minor),"
        " shown(sum(quarantined), minor), shown(sum(set_aside), minor), rtrim(rtrim(sum(rounding)::VARCHAR, '0'), '.'),"
        " sum(rounding) <> 0"
        " FROM (SELECT money.*, coalesce(minor, 2) AS minor FROM money LEFT JOIN record.minor_units USING (currency)"
        " WHERE stage = 'identify')"
        " GROUP BY currency, minor ORDER BY currency <> getvariable('currency'), currency LIMIT 64",
        &rows, problem);
    while (status == PATRON_OK && ptn_rows_next(rows) && report->money_count < PTN_MONEY_LINES) {
        ptn_money_line *line = &report->money[report->money_count++];
        copy(line->currency, sizeof line->currency, ptn_rows_text(rows, 0));
        copy(line->amount_in, sizeof line->amount_in, ptn_rows_text(rows, 1));
        copy(line->attributed, sizeof line->attributed, ptn_rows_text(rows, 2));
        copy(line->unattributed, sizeof line->unattributed, ptn_rows_text(rows, 3));
        copy(line->quarantined, sizeof line->quarantined, ptn_rows_text(rows, 4));
        copy(line->set_aside, sizeof line->set_aside, ptn_rows_text(rows, 5));
        copy(line->rounding, sizeof line->rounding, ptn_rows_text(rows, 6));
        line->rounded = ptn_rows_int(rows, 7);
    }
    ptn_rows_free(rows);
    return status;
}

/* Words that repeat in every row of the ledger are enumerations: a tenth of the time and room of text. */
static patron_status create_published_types(ptn_store *store, ptn_problem *problem)
{
    return ptn_store_run(store,
                         "DROP TABLE IF EXISTS ledger; DROP TYPE IF EXISTS run_name; DROP TYPE IF EXISTS currency_code;"
                         "DROP TYPE IF EXISTS source_name;"
                         "CREATE TYPE run_name AS ENUM (SELECT getvariable('run_id'));"
                         "CREATE TYPE source_name AS ENUM (SELECT DISTINCT source FROM money WHERE source IS NOT NULL ORDER BY source);"
                         "CREATE TYPE currency_code AS ENUM (SELECT currency FROM money WHERE currency IS NOT NULL UNION"
                         " SELECT getvariable('currency') ORDER BY 1)",
                         problem);
}

static patron_status run_stages(ptn_store *store, const ptn_project *project, const ptn_build_options *options,
                                ptn_build_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_stage_report *stage = begin(report, options, "record");
    PTN_TRY(ptn_record(project, store, &report->record, problem));
    PTN_TRY(check_equations(store, problem));
    PTN_TRY(set_as_of(store, project, options, report, problem));
    end(report, stage, options);

    stage = begin(report, options, "identify");
    PTN_TRY(create_published_types(store, problem));
    PTN_TRY(ptn_stage_run(store, "identify", problem));
    PTN_TRY(check_equations(store, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(DISTINCT person_id)::BIGINT FROM person_keys", &report->persons, problem));
    end(report, stage, options);

    PTN_TRY(read_money(store, report, problem));

done:
    return status;
}

static patron_status note_run(ptn_store *store, const ptn_build_report *report, ptn_problem *problem)
{
    return ptn_store_runf(store, problem,
                          "CREATE TABLE IF NOT EXISTS runs (run_id VARCHAR, as_of DATE, started_at TIMESTAMP,"
                          " finished_at TIMESTAMP, status VARCHAR, version VARCHAR);"
                          "INSERT INTO runs VALUES ('%s', '%s', getvariable('known_at'), now()::TIMESTAMP, 'ok', '" PATRON_VERSION "')",
                          report->run_id, report->as_of);
}

patron_status ptn_build(const ptn_project *project, const ptn_build_options *options, ptn_build_report *report,
                        ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_store *store = NULL;
    ptn_publication publication = {0};
    const double started = now();
    *report = (ptn_build_report){0};

    PTN_TRY(ptn_publication_begin(project, &publication, report->run_id, report->previous_run_id, problem));
    const ptn_store_options store_options = {.path = publication.building,
                                             .file_search_path = project->dir,
                                             .temp_directory = publication.temporary};
    PTN_TRY(ptn_store_open(&store, &store_options, problem));
    PTN_TRY(ptn_store_run(store, "CREATE SCHEMA IF NOT EXISTS identify;"
                                 "CREATE TABLE IF NOT EXISTS identify.persons (key VARCHAR, person_id VARCHAR)", problem));
    PTN_TRY(ptn_attach(store, &project->config, project->dir, problem));
    PTN_TRY(set_variables(store, project, report, problem));
    PTN_TRY(run_stages(store, project, options, report, problem));
    PTN_TRY(note_run(store, report, problem));
    PTN_TRY(ptn_store_run(store, "CHECKPOINT", problem));
    ptn_store_close(store);
    store = NULL;
    PTN_TRY(ptn_publish(&publication, report->run_id, problem));

done:
    ptn_store_close(store);
    ptn_publication_end(&publication);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    for (unsigned i = 0; i < report->stage_count; i++)
        if (!report->stages[i].finished)
            report->stages[i].seconds = now() - report->stages[i].seconds;
    report->peak_kib = usage.ru_maxrss;
    report->seconds = now() - started;
    return status;
}
