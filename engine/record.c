/* record: bind every source, create the tables, type every row once, then look at what cannot be used. */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "source_rows.h"
#include "steps.h"
#include "text.h"

typedef struct name_list {
    char **names;
    unsigned count;
} name_list;

static patron_status add_name(name_list *list, const char *name, ptn_problem *problem)
{
    for (unsigned i = 0; i < list->count; i++)
        if (strcasecmp(list->names[i], name) == 0)
            return PATRON_OK;
    char **names = realloc(list->names, (list->count + 1) * sizeof *names);
    if (!names)
        return ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
    list->names = names;
    if (!(names[list->count] = strdup(name)))
        return ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
    list->count++;
    return PATRON_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The types that the table steps mention. A stream's extra columns, over all of its sources, make one STRUCT. */
static patron_status create_types(ptn_store *store, const name_list *extras, ptn_problem *problem)
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
    static const char *const steps[] = {"kinds", "minor_units", "shown", "fault", "said", "unreadable", "files"};
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

/* What a stream looks like before any source feeds it. */
static patron_status create_empty(ptn_store *store, const ptn_stream *stream, ptn_problem *problem)
{
    char step[40];
    patron_status status = PATRON_OK;
    snprintf(step, sizeof step, "empty_%s", stream->name);
    if (stream->needs_currency)
        status = create_money(store, problem);
    if (status == PATRON_OK && stream->needs_currency)
        status = ptn_step_run(store, "record", "round_money", NULL, problem);
    return status == PATRON_OK ? ptn_step_run(store, "record", step, NULL, problem) : status;
}

/* record.<stream>: its sources' tables, one below the other. */
static patron_status create_view(ptn_store *store, const ptn_project *project, const ptn_stream *stream, ptn_problem *problem)
{
    ptn_text sql = {0};
    char table[80];
    ptn_text_addf(&sql, "CREATE OR REPLACE VIEW record.%s AS SELECT NULL::VARCHAR AS source, * FROM record.empty_%s", stream->name,
                  stream->name);
    for (unsigned i = 0; i < project->source_count; i++) {
        if (strcmp(project->sources[i].stream, stream->name) != 0)
            continue;
        ptn_text_add(&sql, " UNION ALL SELECT ");
        ptn_text_add_literal(&sql, project->sources[i].name);
        snprintf(table, sizeof table, "%s_%s", stream->name, project->sources[i].name);
        ptn_text_add(&sql, ", * FROM record.");
        ptn_text_add_ident(&sql, table);
    }
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

/* record.reading, complete, becomes the source's table. */
static patron_status keep_reading(ptn_store *store, const ptn_source *source, ptn_problem *problem)
{
    ptn_text sql = {0};
    char table[80];
    snprintf(table, sizeof table, "%s_%s", source->stream, source->name);
    ptn_text_add(&sql, "DROP TABLE IF EXISTS record.");
    ptn_text_add_ident(&sql, table);
    ptn_text_add(&sql, "; ALTER TABLE record.reading RENAME TO ");
    ptn_text_add_ident(&sql, table);
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

/* The files a source reads, by their names' order; `name` is as people know it, from the project's folder. */
static patron_status note_files(ptn_store *store, const ptn_project *project, const ptn_bound_source *bound, ptn_problem *problem)
{
    ptn_text sql = {0}, path = {0};
    patron_status status = PATRON_OK;
    for (unsigned i = 0; i < bound->scan.file_count && status == PATRON_OK; i++) {
        const char *file = bound->scan.files[i];
        ptn_text_clear(&path);
        if (file[0] != '/' && !strstr(file, "://"))
            ptn_text_addf(&path, "%s/", project->dir);
        ptn_text_add(&path, file);
        ptn_text_clear(&sql);
        ptn_text_add(&sql, "INSERT INTO record.files SELECT (SELECT count(*) FROM record.files) + row_number() OVER (ORDER BY file), ");
        ptn_text_add_literal(&sql, bound->source->name);
        ptn_text_add(&sql, ", file, replace(file, ");
        ptn_text_add_literal(&sql, project->dir);
        ptn_text_add(&sql, " || '/', '') FROM glob(");
        ptn_text_add_literal(&sql, ptn_text_str(&path));
        ptn_text_add(&sql, ") ANTI JOIN (SELECT file FROM record.files WHERE source = ");
        ptn_text_add_literal(&sql, bound->source->name);
        ptn_text_add(&sql, ") USING (file)");
        status = ptn_store_run(store, ptn_text_str(&sql), problem);
    }
    ptn_text_free(&path);
    ptn_text_free(&sql);
    return status;
}

static patron_status keep_rejects(ptn_store *store, int64_t *rows, ptn_problem *problem)
{
    int64_t tables = 0;
    *rows = 0;
    patron_status status = ptn_store_int(
        store, "SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('reject_errors', 'reject_scans')", &tables, problem);
    if (status == PATRON_OK && tables == 2)
        status = ptn_step_run(store, "record", "rejects", rows, problem);
    if (status == PATRON_OK && tables == 2)
        status = ptn_store_run(store, "DROP TABLE reject_errors; DROP TABLE reject_scans", problem);
    return status;
}

/* Read with care, a value that cannot be converted is NULL, and in a filter its row would drop out unseen. */
static patron_status lossy_filter(ptn_store *store, const ptn_source *source, const ptn_problem *first, ptn_problem *problem)
{
    char why[sizeof first->why];
    snprintf(why, sizeof why, "%s", first->why);
    ptn_store_run(store, "DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans", problem);
    ptn_problem_set(problem, PATRON_EDATA, "E224", "a value in a filter of source %s cannot be converted", source->name);
    ptn_problem_where(problem, "%s", source->path);
    ptn_problem_why(problem, "%s", why[0] ? why : "a row of its file cannot be read as it stands");
    ptn_problem_so(problem, "rows with such a value would drop out unseen. Nothing was published");
    ptn_problem_fix(problem, "say what becomes of them: coalesce(TRY_CAST(x AS DATE) >= DATE '2024-01-01', true) keeps them");
    return PATRON_EDATA;
}

/* Types every row of a source. A value or line that stops DuckDB midway is met a second time with care: columns that
 * hold it stay text, casts give NULL, lines that cannot be split are kept apart. */
static patron_status read_source(ptn_store *store, const ptn_project *project, ptn_bound_source *bound, const name_list *extras, int64_t *rows_read,
                                 ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int64_t unreadable = 0;
    ptn_text set = {0};
    *problem = (ptn_problem){0};
    ptn_text_add(&set, "SET VARIABLE source = ");
    ptn_text_add_literal(&set, bound->source->name);
    PTN_TRY(ptn_store_run(store, ptn_text_str(&set), problem));

    for (int attempt = 0; attempt < 2; attempt++) {
        /* bind again even the first time: the view source_select is that of the source bound last */
        const ptn_scan_mode mode = attempt ? PTN_SCAN_CAREFUL : bound->mode;
        const ptn_source *source = bound->source;
        ptn_problem first = *problem;
        ptn_bound_source_free(bound);
        status = ptn_source_bind(store, source, project->dir, mode, bound, problem);
        if (status == PATRON_OK && bound->scan.soft_filter)
            status = lossy_filter(store, source, &first, problem);
        if (status == PATRON_OK)
            status = ptn_source_rows_create(store, bound, (const char *const *)extras->names, extras->count, problem);
        if (status == PATRON_OK)
            status = ptn_step_run(store, "record", bound->stream->name, NULL, problem);
        if (status == PATRON_OK)
            status = ptn_store_int(store, "SELECT count(*) FROM record.reading", rows_read, problem);
        if (status == PATRON_OK)
            break;
        if (attempt == 1 && ptn_store_last_fault(store) == PTN_FAULT_STATEMENT)
            *problem = first; /* the first message is about the value, this one about what we tried */
        if (attempt == 1 || strcmp(problem->code, "E224") == 0 || ptn_store_last_fault(store) != PTN_FAULT_VALUE) {
            if (strncmp(problem->where, source->path, strlen(source->path)) != 0)
                ptn_problem_where(problem, "%s", source->path);
            bound->source = source;
            bound->stream = ptn_stream_find(source->stream);
            goto done;
        }
    }
    if (bound->mode >= PTN_SCAN_REJECT)
        PTN_TRY(keep_rejects(store, &unreadable, problem));
    *rows_read += unreadable;

done:
    ptn_text_free(&set);
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
        ptn_problem_so(problem, "%lld of %lld rows, %s; the limit is %g %%. Nothing was published", (long long)bad, (long long)read,
                       ptn_rows_text(rows, 9), 100 * limit);
        ptn_problem_fix(problem, "correct the source, or raise quarantine_limit in patron.yaml");
        ptn_problem_more(problem, "to look at all of them build once with quarantine_limit: 100%%, then: patron sql \"FROM quarantine\"");
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

static patron_status count(ptn_store *store, ptn_record_report *report, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = ptn_store_query(
        store,
        "SELECT (SELECT sum(rows_read) FROM money WHERE stage = 'record')::BIGINT, (SELECT count(*) FROM quarantine)::BIGINT,"
        " (SELECT count(*) FROM record.ledger WHERE set_aside AND fault IS NULL)::BIGINT,"
        " (SELECT count(*) FROM record.ledger WHERE key IS NULL AND fault IS NULL AND NOT set_aside)::BIGINT,"
        " (SELECT count(*) FROM record.ledger WHERE kind = 'refund' AND fault IS NULL AND NOT set_aside)::BIGINT,"
        " (SELECT count(*) FROM returns WHERE sale_source IS NULL)::BIGINT",
        &rows, problem);
    if (status == PATRON_OK && ptn_rows_next(rows)) {
        report->rows = ptn_rows_int(rows, 0);
        report->quarantined = ptn_rows_int(rows, 1);
        report->set_aside = ptn_rows_int(rows, 2);
        report->no_customer = ptn_rows_int(rows, 3);
        report->returns = ptn_rows_int(rows, 4);
        report->unpaired_returns = ptn_rows_int(rows, 5);
    }
    ptn_rows_free(rows);
    return status;
}

/* Repeats of the source just read: those inside a file are counted, those across files set aside. */
static patron_status set_repeats_aside(ptn_store *store, const ptn_stream *stream, ptn_record_report *report,
                                       ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int64_t kept = 0;
    if (strcmp(stream->name, "ledger") != 0)
        return PATRON_OK;
    PTN_TRY(ptn_step_run(store, "record", "repeats", NULL, problem));
    PTN_TRY(ptn_step_run(store, "record", "set_aside", NULL, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM repeats WHERE in_file AND NOT set_aside", &kept, problem));
    report->repeats += kept;

done:
    return status;
}

patron_status ptn_record(const ptn_project *project, ptn_store *store, ptn_record_report *report, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    name_list *extras = calloc(ptn_stream_count, sizeof *extras);
    ptn_bound_source *bound = calloc(project->source_count, sizeof *bound);
    *report = (ptn_record_report){.sources = project->source_count};
    if (!extras || !bound) {
        status = ptn_problem_set(problem, PATRON_ENOMEM, "E402", "out of memory");
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
        PTN_TRY(create_empty(store, &ptn_streams[s], problem));
        for (unsigned i = 0; i < project->source_count; i++) {
            int64_t rows = 0;
            if (bound[i].stream != &ptn_streams[s])
                continue;
            PTN_TRY(note_files(store, project, &bound[i], problem));
            PTN_TRY(read_source(store, project, &bound[i], &extras[s], &rows, problem));
            PTN_TRY(set_repeats_aside(store, &ptn_streams[s], report, problem));
            PTN_TRY(keep_reading(store, &project->sources[i], problem));
        }
        PTN_TRY(create_view(store, project, &ptn_streams[s], problem));
        if (strcmp(ptn_streams[s].name, "rates") == 0)
            PTN_TRY(ptn_step_run(store, "record", "rate_days", NULL, problem));
    }
    static const char *const last[] = {"levels", "returns", "quarantine", "money", "over_limit"};
    for (unsigned i = 0; i < sizeof last / sizeof *last; i++)
        PTN_TRY(ptn_step_run(store, "record", last[i], NULL, problem));
    PTN_TRY(count(store, report, problem));
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
