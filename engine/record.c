/* record: bind every source, create the tables, read what has changed, then look at what cannot be used. */
#include "record.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "read_source.h"
#include "steps.h"
#include "text.h"

static patron_status add_name(ptn_extras *list, const char *name, ptn_problem *problem)
{
    for (unsigned i = 0; i < list->count; i++)
        if (strcasecmp(list->names[i], name) == 0)
            return PATRON_OK;
    char **names = realloc(list->names, (list->count + 1) * sizeof *names);
    if (!names)
        return ptn_out_of_memory(problem);
    list->names = names;
    if (!(names[list->count] = strdup(name)))
        return ptn_out_of_memory(problem);
    list->count++;
    return PATRON_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The types that the table steps mention. A stream's extra columns, over all of its sources, make one STRUCT. */
static patron_status create_types(ptn_store *store, const ptn_extras *extras, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text sql = {0};
    ptn_text_add(&sql, "CREATE SCHEMA IF NOT EXISTS record; CREATE SCHEMA IF NOT EXISTS identify;"
                       "CREATE TYPE IF NOT EXISTS cash_flow AS ENUM ('sale', 'fee', 'penalty', 'overage', 'breakage', 'refund', 'goods', 'serve',"
                       " 'retain', 'acquire', 'reward');"
                       "CREATE TYPE IF NOT EXISTS fault AS STRUCT(code VARCHAR, column_name VARCHAR, value VARCHAR, reason VARCHAR);");
    for (unsigned i = 0; i < ptn_stream_count; i++) {
        ptn_text_addf(&sql, "CREATE TYPE IF NOT EXISTS %s_extra AS ", ptn_streams[i].name);
        ptn_text_add(&sql, extras[i].count ? "STRUCT(" : "VARCHAR");
        for (unsigned k = 0; k < extras[i].count; k++) {
            ptn_text_add(&sql, k ? ", " : "");
            ptn_text_add_ident(&sql, extras[i].names[k]);
            ptn_text_add(&sql, " VARCHAR");
        }
        ptn_text_add(&sql, extras[i].count ? ");" : ";");
    }
    PTN_TRY(ptn_store_run(store, ptn_text_str(&sql), problem));
    static const char *const steps[] = {"kinds", "minor_units", "unreadable", "files", "reads", "repeats_kept", "touched"};
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++)
        PTN_TRY(ptn_step_run(store, "record", steps[i], NULL, problem));

done:
    ptn_text_free(&sql);
    return status;
}

/* Amounts have as many decimals as the finest currency in use: the project's, or one that has a rate. */
static patron_status create_money(ptn_store *store, ptn_problem *problem)
{
    int64_t own = 2, finest = 2;
    patron_status status = ptn_store_int(
        store, "SELECT coalesce(max(minor), 2)::BIGINT FROM record.minor_units WHERE currency = getvariable('currency')", &own,
        problem);
    if (status == PATRON_OK)
        status = ptn_store_int(store,
                               "SELECT coalesce(max(minor), 2)::BIGINT FROM record.minor_units WHERE currency = getvariable('currency')"
                               " OR currency IN (SELECT currency FROM record.rates WHERE fault IS NULL)",
                               &finest, problem);
    if (status == PATRON_OK)
        status = ptn_store_runf(store, problem,
                                "SET VARIABLE minor = %d; CREATE TYPE IF NOT EXISTS money AS DECIMAL(18, %d);"
                                "CREATE TYPE IF NOT EXISTS total_money AS DECIMAL(38, %d)",
                                (int)own, (int)(finest > 2 ? finest : 2), (int)(finest > 2 ? finest : 2));
    return status;
}

/* Words that stand in every row of the ledger are enumerations: a tenth of the time and room of text. A store that is
 * carried on gets types with this run's word in them; only their columns are written again. */
static patron_status create_words(const ptn_project *project, ptn_store *store, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int64_t tables = 0;
    ptn_text sql = {0};
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = 'ledger'"
                                 " AND database_name = current_database()", &tables, problem));
    if (tables) {
        char *run = NULL;
        int64_t known = 0;
        PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM (SELECT unnest(enum_range(NULL::run_name))::VARCHAR AS run)"
                                     " WHERE run = getvariable('run_id')", &known, problem));
        if (known) /* a killed build goes on */
            goto done;
        PTN_TRY(ptn_store_text(store, "SELECT getvariable('run_id')", &run, problem));
        status = ptn_store_runf(store, problem,
                                "CREATE TYPE run_name_%s AS ENUM (SELECT unnest(enum_range(NULL::run_name))::VARCHAR UNION"
                                " SELECT getvariable('run_id') ORDER BY 1);"
                                "ALTER TABLE ledger ALTER run_id TYPE run_name_%s;"
                                "DROP TYPE run_name; CREATE TYPE run_name AS ENUM (SELECT unnest(enum_range(NULL::run_name_%s))::VARCHAR)",
                                run, run, run);
        free(run);
        goto done;
    }
    ptn_text_add(&sql, "CREATE TYPE run_name AS ENUM (SELECT run_id FROM runs UNION SELECT getvariable('run_id') ORDER BY 1);"
                       "CREATE TYPE currency_code AS ENUM (SELECT getvariable('currency') UNION"
                       " SELECT currency FROM record.rates WHERE fault IS NULL ORDER BY 1);"
                       "CREATE TYPE source_name AS ENUM (");
    for (unsigned i = 0; i < project->source_count; i++) {
        ptn_text_add(&sql, i ? ", " : "");
        ptn_text_add_literal(&sql, project->sources[i].name);
    }
    ptn_text_add(&sql, ")");
    PTN_TRY(ptn_store_run(store, ptn_text_str(&sql), problem));

done:
    ptn_text_free(&sql);
    return status;
}

/* The tables that a stream fills. */
static patron_status create_tables(const ptn_project *project, ptn_store *store, const ptn_stream *stream, ptn_problem *problem)
{
    static const char *const names[] = {"ledger", "refused", "every_row", "returns_table"};
    patron_status status = PATRON_OK;
    if (!stream->needs_currency)
        return ptn_step_run(store, "record", stream->name, NULL, problem);
    PTN_TRY(create_money(store, problem));
    PTN_TRY(create_words(project, store, problem));
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        PTN_TRY(ptn_step_run(store, "record", names[i], NULL, problem));

done:
    return status;
}

/* More in quarantine than patron.yaml allows: nothing is published, and the commonest reason is shown. */
static patron_status check_limit(ptn_store *store, double limit, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    ptn_text sql = {0};
    ptn_text_addf(&sql, "SELECT source, bad, read, code, column_name, reason, same, place, value, money FROM over_limit(%.17g)", limit);
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    if (ptn_rows_next(rows)) {
        const int64_t bad = ptn_rows_int(rows, 1), read = ptn_rows_int(rows, 2), same = ptn_rows_int(rows, 6);
        const char *reason = ptn_rows_text(rows, 5), *value = ptn_rows_text(rows, 8);
        status = ptn_problem_set(problem, PATRON_EDATA, ptn_rows_text(rows, 3), "%lld rows of source %s cannot be used",
                                 (long long)bad, ptn_rows_text(rows, 0));
        ptn_problem_where(problem, "%s, column %s: %s%s%s", ptn_rows_text(rows, 7),
                          ptn_rows_text(rows, 4) ? ptn_rows_text(rows, 4) : "?", value ? "\"" : "", value ? value : "empty",
                          value ? "\"" : "");
        ptn_problem_why(problem, "%s (%lld of the %lld)", reason ? reason : "", (long long)same, (long long)bad);
        const char *money = ptn_rows_text(rows, 9);
        ptn_problem_so(problem, "%lld of %lld rows%s%s; the limit is %g %%. Nothing was published", (long long)bad, (long long)read,
                       money ? ", " : "", money ? money : "", 100 * limit);
        ptn_problem_fix(problem, "correct the source, or raise quarantine_limit in patron.yaml");
        ptn_problem_more(problem, "to look at all of them build once with quarantine_limit: 100%%, then: patron sql \"FROM quarantine\"");
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_record_count(ptn_store *store, ptn_record_report *report, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = ptn_store_query(
        store,
        "SELECT (SELECT sum(rows_read) FROM money WHERE stage = 'record')::BIGINT, (SELECT count(*) FROM quarantine)::BIGINT,"
        " (SELECT count(*) FROM record.refused WHERE set_aside AND fault IS NULL)::BIGINT,"
        " (SELECT count(*) FROM ledger WHERE key IS NULL)::BIGINT, (SELECT count(*) FROM ledger WHERE kind = 'refund')::BIGINT,"
        " (SELECT count(*) FROM returns WHERE sale_source IS NULL)::BIGINT, (SELECT sum(kept) FROM record.repeats_kept)::BIGINT",
        &rows, problem);
    if (status == PATRON_OK && ptn_rows_next(rows)) {
        report->rows = ptn_rows_int(rows, 0);
        report->quarantined = ptn_rows_int(rows, 1);
        report->set_aside = ptn_rows_int(rows, 2);
        report->no_customer = ptn_rows_int(rows, 3);
        report->returns = ptn_rows_int(rows, 4);
        report->unpaired_returns = ptn_rows_int(rows, 5);
        report->repeats = ptn_rows_int(rows, 6);
    }
    ptn_rows_free(rows);
    return status;
}

/* A source of which nobody can say whether it has changed: a database, the web, the clock. */
static bool always_read(const ptn_bound_source *bound)
{
    return bound->scan.volatile_source || bound->scan.file_count == 0;
}

patron_status ptn_record(const ptn_project *project, ptn_store *store, const ptn_progress *progress, ptn_record_report *report,
                         ptn_problem *problem)
{
    static const char *const last[] = {"forget_returns", "levels", "returns", "quarantine", "money", "over_limit"};
    patron_status status = PATRON_OK;
    ptn_extras *extras = calloc(ptn_stream_count, sizeof *extras);
    unsigned seen = 0;
    ptn_bound_source *bound = calloc(project->source_count, sizeof *bound);
    *report = (ptn_record_report){.sources = project->source_count};
    if (!extras || !bound) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    for (unsigned i = 0; i < project->source_count; i++) {
        PTN_TRY(ptn_source_bind(store, &project->sources[i], project->dir, PTN_SCAN_ORIGIN, &bound[i], problem));
        const unsigned stream = (unsigned)(bound[i].stream - ptn_streams);
        for (unsigned c = 0; c < bound[i].column_count; c++)
            if (ptn_bound_source_is_extra(&bound[i], c))
                PTN_TRY(add_name(&extras[stream], bound[i].names[c], problem));
    }
    for (unsigned s = 0; s < ptn_stream_count; s++)
        if (extras[s].count)
            qsort(extras[s].names, extras[s].count, sizeof *extras[s].names, by_name);
    PTN_TRY(create_types(store, extras, problem));

    for (unsigned s = 0; s < ptn_stream_count; s++) {
        PTN_TRY(create_tables(project, store, &ptn_streams[s], problem));
        for (unsigned i = 0; i < project->source_count; i++) {
            int64_t rows = 0;
            if (bound[i].stream != &ptn_streams[s])
                continue;
            ptn_progress_tell(progress, project->sources[i].name, seen++, project->source_count);
            PTN_TRY(ptn_source_read(store, project, &bound[i], &extras[s], always_read(&bound[i]), &rows, problem));
            report->sources_read += rows >= 0;
            report->rows_read += rows > 0 ? rows : 0;
        }
        if (strcmp(ptn_streams[s].name, "rates") == 0)
            PTN_TRY(ptn_step_run(store, "record", "rate_days", NULL, problem));
    }
    for (unsigned i = 0; i < sizeof last / sizeof *last; i++)
        PTN_TRY(ptn_step_run(store, "record", last[i], NULL, problem));
    PTN_TRY(ptn_record_count(store, report, problem));
    PTN_TRY(check_limit(store, project->config.quarantine_limit, problem));

done:
    for (unsigned s = 0; extras && s < ptn_stream_count; s++) {
        for (unsigned k = 0; k < extras[s].count; k++)
            free(extras[s].names[k]);
        free(extras[s].names);
    }
    for (unsigned i = 0; bound && i < project->source_count; i++)
        ptn_bound_source_free(&bound[i]);
    free(extras);
    free(bound);
    return status;
}
