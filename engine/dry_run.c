#include "dry_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "inputs.h"
#include "published.h"
#include "source_rows.h"
#include "text.h"

const char *ptn_dry_run_word(ptn_would would)
{
    static const char *const words[] = {"nothing", "carry_on", "read_all"};
    return words[would];
}

/* The files of a source that would be read, as an SQL list; none are listed when all would be. */
static patron_status count_files(ptn_store *store, bool carry, ptn_dry_source *out, ptn_text *only, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    ptn_text sql = {0};
    ptn_text_add(&sql, "SELECT i.file, f.file IS NULL OR f.size IS DISTINCT FROM i.size OR f.modified IS DISTINCT FROM i.modified"
                       " OR f.due,"
                       " i.file IS NULL FROM (FROM inputs WHERE source = ");
    ptn_text_add_literal(&sql, out->name);
    ptn_text_add(&sql, ") i FULL JOIN (");
    if (carry) {
        ptn_text_add(&sql, "WITH due AS (SELECT file_id FROM patron_previous.record.refused WHERE is_due(fault.code, occurred_at) AND source = ");
        ptn_text_add_literal(&sql, out->name);
        ptn_text_add(&sql, ") SELECT *, coalesce(file_id IN (SELECT file_id FROM due WHERE file_id IS NOT NULL)"
                           " OR EXISTS (FROM due WHERE file_id IS NULL), false) AS due FROM patron_previous.record.files WHERE source = ");
        ptn_text_add_literal(&sql, out->name);
    } else {
        ptn_text_add(&sql, "SELECT '' AS file, 0 AS size, 0 AS modified, false AS due WHERE false");
    }
    ptn_text_add(&sql, ") f ON f.file = i.file ORDER BY 1");
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    while (ptn_rows_next(rows)) {
        if (ptn_rows_int(rows, 2)) {
            out->files_gone++;
            continue;
        }
        out->files++;
        if (!ptn_rows_int(rows, 1))
            continue;
        out->files_new++;
        ptn_text_add(only, only->length ? ", " : "");
        ptn_text_add_literal(only, ptn_rows_text(rows, 0));
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

static patron_status look_at_source(ptn_store *store, const ptn_project *project, const ptn_source *source, bool carry, ptn_dry_source *out,
                                    ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_bound_source bound = {0};
    ptn_text only = {0}, sql = {0};
    *out = (ptn_dry_source){0};
    snprintf(out->name, sizeof out->name, "%s", source->name);
    snprintf(out->stream, sizeof out->stream, "%s", source->stream);
    PTN_TRY(ptn_source_bind(store, source, project->dir, PTN_SCAN_ORIGIN, &bound, problem));
    PTN_TRY(count_files(store, carry, out, &only, problem));
    const bool watched = !bound.scan.volatile_source && bound.scan.file_count > 0;
    const bool whole = !carry || !watched || ((out->files_new || out->files_gone) && !bound.scan.file_by_file);
    if (!whole && out->files_new == 0)
        goto done;
    ptn_text_add(&sql, "SELECT count(*) FROM source_select");
    if (!whole)
        ptn_text_addf(&sql, " WHERE patron_file IN (%s)", ptn_text_str(&only));
    PTN_TRY(ptn_store_int(store, ptn_text_str(&sql), &out->rows, problem));

done:
    if (status != PATRON_OK && !problem->where[0])
        ptn_problem_where(problem, "%s", source->path);
    ptn_text_free(&only);
    ptn_text_free(&sql);
    ptn_bound_source_free(&bound);
    return status;
}

/* How the build would begin, as ptn_start decides it; and why. */
static void decide(const ptn_build_options *options, ptn_inputs_match match, bool shape_fits, ptn_dry_run *out)
{
    const bool record = options->from && strcmp(options->from, "record") == 0;
    const char *why = "";
    out->would = PTN_WOULD_FRESH;
    if (!out->published[0])
        why = "nothing was built yet";
    else if (options->full || record)
        why = options->full ? "--full" : "--from record";
    else if (match == PTN_INPUTS_OTHER)
        why = "a SELECT, the currency, duplicates, exchange rates or patron itself is not as it was";
    else if (match == PTN_INPUTS_SAME && !options->from)
        out->would = PTN_WOULD_NOTHING;
    else if (!shape_fits)
        why = "a source has other columns than before";
    else
        out->would = PTN_WOULD_CARRY;
    if (out->would == PTN_WOULD_CARRY)
        why = match == PTN_INPUTS_SAME ? "nothing has changed, but you ask for it" : "files, settings or the day have changed, or a source cannot be watched";
    snprintf(out->why, sizeof out->why, "%s", why);
    while (out->would == PTN_WOULD_NOTHING && ptn_stage_names[out->first_stage])
        out->first_stage++;
}

patron_status ptn_dry_run_plan(const ptn_project *project, const ptn_build_options *options, ptn_dry_run *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_store *store = NULL;
    ptn_problem none = {0};
    ptn_inputs_match match = PTN_INPUTS_OTHER;
    char *path = NULL, *shape = NULL, *building = NULL;
    bool attached = false;
    *out = (ptn_dry_run){0};
    PTN_TRY(ptn_store_open(&store, &(ptn_store_options){.file_search_path = project->dir}, problem));
    PTN_TRY(ptn_inputs_note(store, project, options->as_of, problem));
    if (ptn_project_published(project, &path, &none) == PATRON_OK)
        ptn_published_run(path, out->published);
    PTN_TRY(ptn_attach_previous(store, path, &attached, problem));
    if (attached)
        match = ptn_inputs_compare(store, "patron_previous");
    PTN_TRY(ptn_attach(store, &project->config, project->dir, problem));
    if (match != PTN_INPUTS_SAME || options->from || options->full) /* else no file need be opened */
        PTN_TRY(ptn_inputs_shape(store, project, &shape, problem));
    decide(options, match, shape && match != PTN_INPUTS_OTHER && ptn_inputs_same_shape(store, shape), out);
    out->resumes = out->would != PTN_WOULD_NOTHING && (building = ptn_text_path(project->state_dir, "building.duckdb")) &&
                   access(building, F_OK) == 0 && !options->full;
    if (out->would != PTN_WOULD_NOTHING)
        PTN_TRY(ptn_room_look(store, project, path, out->would == PTN_WOULD_CARRY, out->resumes ? building : NULL, &out->room, problem));
    for (unsigned i = 0; out->would != PTN_WOULD_NOTHING && i < project->source_count && i < PTN_DRY_SOURCES; i++) {
        PTN_TRY(look_at_source(store, project, &project->sources[i], out->would == PTN_WOULD_CARRY, &out->sources[i], problem));
        out->rows += out->sources[i].rows;
        out->source_count++;
    }

done:
    ptn_store_close(store);
    free(path);
    free(shape);
    free(building);
    return status;
}
