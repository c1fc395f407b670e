/* Reading one source: into the temporary table `reading`, then from there to where its rows belong. */
#include "read_source.h"

#include <stdio.h>
#include <string.h>

#include "steps.h"
#include "text.h"

static patron_status step(ptn_store *store, const char *name, ptn_problem *problem)
{
    return ptn_step_run(store, "record", name, NULL, problem);
}

static patron_status steps(ptn_store *store, const char *const *names, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    for (; *names && status == PATRON_OK; names++)
        status = step(store, *names, problem);
    return status;
}

static bool feeds(const ptn_source *source, const char *stream)
{
    return strcmp(source->stream, stream) == 0;
}

/* ---- typing ---- */

static patron_status type_rows(ptn_store *store, const ptn_source *source, ptn_problem *problem)
{
    char name[40];
    snprintf(name, sizeof name, "read_%s", source->stream);
    return step(store, name, problem);
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

/* One attempt: bind again (the view source_select is that of the source bound last), then type every row. */
static patron_status attempt(ptn_store *store, const ptn_project *project, const ptn_source *source, const ptn_extras *extras,
                             const char *only_files, ptn_scan_mode *mode, const ptn_problem *first, ptn_problem *problem)
{
    ptn_bound_source bound = {0};
    patron_status status = ptn_source_bind(store, source, project->dir, *mode, &bound, problem);
    if (status == PATRON_OK && bound.scan.soft_filter)
        status = lossy_filter(store, source, first, problem);
    if (status == PATRON_OK)
        status = ptn_source_rows_create(store, &bound, (const char *const *)extras->names, extras->count, only_files, problem);
    if (status == PATRON_OK)
        status = type_rows(store, source, problem);
    *mode = bound.mode;
    ptn_bound_source_free(&bound);
    return status;
}

/* Types every row of a source. A value or line that stops DuckDB midway is met a second time with care: columns that hold
 * it stay text, casts give NULL, lines that cannot be split are kept apart. */
static patron_status type_source(ptn_store *store, const ptn_project *project, const ptn_bound_source *bound, const ptn_extras *extras,
                                 const char *only_files, bool *with_care, ptn_problem *problem)
{
    const ptn_source *source = bound->source;
    ptn_scan_mode mode = bound->mode;
    ptn_problem first = {0};
    *problem = (ptn_problem){0};
    patron_status status = attempt(store, project, source, extras, only_files, &mode, &first, problem);
    if (status != PATRON_OK && strcmp(problem->code, "E224") != 0 && ptn_store_last_fault(store) == PTN_FAULT_VALUE) {
        first = *problem;
        mode = PTN_SCAN_CAREFUL;
        status = attempt(store, project, source, extras, only_files, &mode, &first, problem);
        if (status != PATRON_OK && ptn_store_last_fault(store) == PTN_FAULT_STATEMENT)
            *problem = first; /* the first message is about the value, this one about what we tried */
    }
    if (status != PATRON_OK && strncmp(problem->where, source->path, strlen(source->path)) != 0)
        ptn_problem_where(problem, "%s", source->path);
    *with_care = status == PATRON_OK && mode >= PTN_SCAN_REJECT;
    return status;
}

/* ---- keeping ---- */

static patron_status keep_rejects(ptn_store *store, ptn_problem *problem)
{
    static const char *const names[] = {"rejects", "count_rejects", NULL};
    int64_t tables = 0;
    patron_status status = ptn_store_int(
        store, "SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('reject_errors', 'reject_scans')", &tables, problem);
    if (status == PATRON_OK && tables == 2)
        status = steps(store, names, problem);
    if (status == PATRON_OK && tables == 2)
        status = ptn_store_run(store, "DROP TABLE reject_errors; DROP TABLE reject_scans", problem);
    return status;
}

/* When the rows that are read now were first known: of a source that the store has rows of, it says so itself. */
static patron_status look_before(ptn_store *store, ptn_problem *problem)
{
    int64_t elsewhere = 0;
    patron_status status = ptn_store_int(store,
                                         "SELECT (EXISTS (FROM duckdb_views() WHERE view_name = 'earlier_ledger')"
                                         " AND NOT EXISTS (FROM ledger WHERE source = getvariable('source')))::BIGINT",
                                         &elsewhere, problem);
    if (status == PATRON_OK)
        status = step(store, elsewhere ? "before_earlier" : "before", problem);
    return status;
}

/* Rows that repeat another, here or in another file of the source. */
static patron_status judge_repeats(ptn_store *store, ptn_problem *problem)
{
    static const char *const recall[] = {"recall", "recalled_ledger", "recalled_refused", NULL};
    static const char *const judge[] = {"repeats", "set_aside", "count_repeats", NULL};
    int64_t other_files = 0, replaced = 0;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM record.files WHERE source = getvariable('source')"
                                 " AND file_id NOT IN (SELECT file_id FROM new_files)", &other_files, problem));
    if (other_files)
        PTN_TRY(steps(store, recall, problem));
    PTN_TRY(steps(store, judge, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM before", &replaced, problem));
    if (replaced)
        PTN_TRY(step(store, "remember", problem));

done:
    return status;
}

/* The old rows go, the new ones come: nothing in between can be seen. */
static patron_status keep(ptn_store *store, const ptn_source *source, bool with_care, ptn_problem *problem)
{
    static const char *const ledger_away[] = {"take_away", "delete_ledger", "delete_refused", "delete_repeats_kept", NULL};
    static const char *const away[] = {"delete_unreadable", "delete_reads", "forget_files", "know_files", NULL};
    static const char *const ledger[] = {"refuse", "keys", "add", "keep_ledger", NULL};
    ptn_problem ignored;
    patron_status status = ptn_store_run(store, "BEGIN TRANSACTION", problem);
    if (status != PATRON_OK)
        return status;
    if (feeds(source, "ledger")) {
        PTN_TRY(look_before(store, problem));
        PTN_TRY(steps(store, ledger_away, problem));
    } else {
        PTN_TRY(step(store, feeds(source, "people") ? "delete_people" : "delete_rates", problem));
    }
    PTN_TRY(steps(store, away, problem));
    PTN_TRY(step(store, feeds(source, "ledger") ? "count_ledger" : "count_rows", problem));
    if (with_care)
        PTN_TRY(keep_rejects(store, problem));
    if (feeds(source, "ledger")) {
        PTN_TRY(judge_repeats(store, problem));
        PTN_TRY(steps(store, ledger, problem));
    } else {
        PTN_TRY(step(store, feeds(source, "people") ? "keep_people" : "keep_rates", problem));
    }
    PTN_TRY(ptn_store_run(store, "DROP TABLE reading; COMMIT", problem));

done:
    if (status != PATRON_OK)
        ptn_store_run(store, "ROLLBACK", &ignored);
    return status;
}

/* ---- what has changed ---- */

/* The new files as an SQL list, when they are fewer than all: then the others need not be opened. */
static patron_status list_new_files(ptn_store *store, ptn_text *list, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    int64_t all = 0, fresh = 0;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM inputs WHERE source = getvariable('source')", &all, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM new_files", &fresh, problem));
    if (fresh == all)
        goto done;
    PTN_TRY(ptn_store_query(store, "SELECT file FROM new_files ORDER BY file", &rows, problem));
    while (ptn_rows_next(rows)) {
        ptn_text_add(list, list->length ? ", " : "");
        ptn_text_add_literal(list, ptn_rows_text(rows, 0));
    }

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status find_changes(ptn_store *store, const ptn_source *source, bool whole, int64_t *changes, ptn_problem *problem)
{
    ptn_text set = {0};
    patron_status status = PATRON_OK;
    ptn_text_addf(&set, "SET VARIABLE whole = %s; SET VARIABLE source = ", whole ? "true" : "false");
    ptn_text_add_literal(&set, source->name);
    PTN_TRY(ptn_store_run(store, ptn_text_str(&set), problem));
    PTN_TRY(step(store, "gone", problem));
    if (feeds(source, "ledger"))
        PTN_TRY(step(store, "gone_due", problem));
    PTN_TRY(step(store, "new_files", problem));
    PTN_TRY(ptn_store_int(store, "SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM new_files)", changes, problem));

done:
    ptn_text_free(&set);
    return status;
}

patron_status ptn_source_read(ptn_store *store, const ptn_project *project, const ptn_bound_source *bound, const ptn_extras *extras,
                              bool whole, int64_t *rows, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text only_files = {0};
    int64_t changes = 0;
    bool with_care = false;
    *rows = -1;
    PTN_TRY(find_changes(store, bound->source, whole, &changes, problem));
    if (!whole && changes == 0)
        goto done;
    if (!whole && !bound->scan.file_by_file) /* rows of other files may have become others, too */
        PTN_TRY(find_changes(store, bound->source, true, &changes, problem));
    else if (!whole)
        PTN_TRY(list_new_files(store, &only_files, problem));
    PTN_TRY(type_source(store, project, bound, extras, only_files.length ? ptn_text_str(&only_files) : NULL, &with_care, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM reading", rows, problem));
    PTN_TRY(keep(store, bound->source, with_care, problem));

done:
    ptn_text_free(&only_files);
    return status;
}
