#include "diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "steps.h"
#include "text.h"

/* ---- which runs ---- */

static char *path_of(const ptn_project *project, const char *run)
{
    char *path = NULL;
    if (asprintf(&path, "%s/store-%s.duckdb", project->state_dir, run) < 0)
        return NULL;
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static patron_status not_kept(const ptn_project *project, ptn_store *current, const char *run, const char *why, ptn_problem *problem)
{
    ptn_problem ignored;
    ptn_rows *rows = NULL;
    ptn_text kept = {0};
    const char *names[64];
    char known[64][24];
    unsigned count = 0;
    if (ptn_store_query(current, "SELECT run_id FROM runs ORDER BY rowid DESC LIMIT 64", &rows, &ignored) == PATRON_OK)
        while (count < 64 && ptn_rows_next(rows)) {
            ptn_rows_copy(rows, 0, known[count], sizeof known[count]);
            names[count] = known[count];
            char *path = path_of(project, known[count]);
            if (path)
                ptn_text_addf(&kept, "%s%s", kept.length ? ", " : "", known[count]);
            free(path);
            count++;
        }
    ptn_rows_free(rows);
    const char *near = ptn_nearest(run, names, count);
    ptn_problem_set(problem, PATRON_EINVAL, "E506", "cannot compare with run \"%s\"", run);
    ptn_problem_why(problem, "%s; kept are: %s", why, ptn_text_str(&kept));
    if (near && strcmp(near, run) != 0)
        ptn_problem_fix(problem, "did you mean %s?", near);
    else
        ptn_problem_fix(problem, "patron sql \"FROM runs\" lists all that there were");
    ptn_text_free(&kept);
    return PATRON_EINVAL;
}

/* Its place among the runs that the current store knows, from 1; 0: none of them. */
static patron_status place_of(ptn_store *current, const char *run, int64_t *place, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "SELECT count(*) FROM runs WHERE rowid <= (SELECT max(rowid) FROM runs WHERE run_id = ");
    ptn_text_add_literal(&sql, run);
    ptn_text_add(&sql, ")");
    const patron_status status = ptn_store_int(current, ptn_text_str(&sql), place, problem);
    ptn_text_free(&sql);
    return status;
}

static patron_status run_at(ptn_store *current, int64_t place, char run[24], ptn_problem *problem)
{
    char sql[120];
    char *found = NULL;
    snprintf(sql, sizeof sql, "SELECT run_id FROM runs ORDER BY rowid LIMIT 1 OFFSET %lld", (long long)(place - 1));
    const patron_status status = ptn_store_text(current, sql, &found, problem);
    snprintf(run, 24, "%s", found ? found : "");
    free(found);
    return status;
}

/* Fills in what was not given, and puts the older run first. */
static patron_status choose(const ptn_project *project, ptn_store *current, const char *before, const char *after, ptn_diff *out,
                            ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int64_t runs = 0, older = 0, newer = 0;
    PTN_TRY(ptn_store_int(current, "SELECT count(*) FROM runs", &runs, problem));
    newer = runs;
    if (after)
        PTN_TRY(place_of(current, after, &newer, problem));
    older = newer - 1;
    if (before)
        PTN_TRY(place_of(current, before, &older, problem));
    if (after && newer == 0) {
        status = not_kept(project, current, after, "there was no such run", problem);
        goto done;
    }
    if (before && older == 0) {
        status = not_kept(project, current, before, "there was no such run", problem);
        goto done;
    }
    if (older == 0 || older == newer) {
        status = ptn_problem_set(problem, PATRON_EINVAL, "E506", older ? "a run does not differ from itself" : "there is one run only: nothing to compare");
        ptn_problem_fix(problem, older ? "give two runs; patron sql \"FROM runs\" lists them" : "patron build, after something has changed");
        goto done;
    }
    if (older > newer) {
        const int64_t swap = older;
        older = newer;
        newer = swap;
    }
    PTN_TRY(run_at(current, older, out->before.run_id, problem));
    PTN_TRY(run_at(current, newer, out->after.run_id, problem));

done:
    return status;
}

/* ---- comparing ---- */

static patron_status describe(ptn_store *store, const char *catalog, const char *run, ptn_diff_run *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    ptn_text sql = {0};
    ptn_text_addf(&sql, "SELECT as_of::VARCHAR, strftime(finished_at, '%%Y-%%m-%%d %%H:%%M'), version FROM %sruns WHERE run_id = '%s'", catalog, run);
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    if (ptn_rows_next(rows)) {
        ptn_rows_copy(rows, 0, out->as_of, sizeof out->as_of);
        ptn_rows_copy(rows, 1, out->finished_at, sizeof out->finished_at);
        ptn_rows_copy(rows, 2, out->version, sizeof out->version);
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

static patron_status total(ptn_store *store, const char *table, ptn_diff_run *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT count(*)::BIGINT, shown(coalesce(sum(value), 0), getvariable('minor')) FROM %s", table);
    PTN_TRY(ptn_store_query(store, sql, &rows, problem));
    if (ptn_rows_next(rows)) {
        out->customers = ptn_rows_int(rows, 0);
        ptn_rows_copy(rows, 1, out->value, sizeof out->value);
    }

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status read_pairs(ptn_store *store, const char *sql, ptn_diff_pair *out, unsigned most, unsigned *count, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    const patron_status status = ptn_store_query(store, sql, &rows, problem);
    while (status == PATRON_OK && *count < most && ptn_rows_next(rows)) {
        ptn_diff_pair *pair = &out[(*count)++];
        ptn_rows_copy(rows, 0, pair->what, sizeof pair->what);
        ptn_rows_copy(rows, 1, pair->before, sizeof pair->before);
        ptn_rows_copy(rows, 2, pair->after, sizeof pair->after);
    }
    ptn_rows_free(rows);
    return status;
}

static patron_status read_causes(ptn_store *store, ptn_diff *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    int64_t ties = 0;
    char *change = NULL;
    PTN_TRY(ptn_store_query(store, "SELECT change, rows, amount FROM rows_by_change", &rows, problem));
    while (out->row_count < 5 && ptn_rows_next(rows)) {
        ptn_diff_rows *r = &out->rows[out->row_count++];
        ptn_rows_copy(rows, 0, r->change, sizeof r->change);
        r->rows = ptn_rows_int(rows, 1);
        ptn_rows_copy(rows, 2, r->amount, sizeof r->amount);
    }
    ptn_rows_free(rows);
    rows = NULL;
    PTN_TRY(ptn_store_query(store, "SELECT cause, customers, change, by_purchases, by_worth FROM value_by_cause", &rows, problem));
    while (out->cause_count < PTN_DIFF_CAUSES && ptn_rows_next(rows)) {
        ptn_diff_cause *c = &out->causes[out->cause_count++];
        ptn_rows_copy(rows, 0, c->cause, sizeof c->cause);
        c->customers = ptn_rows_int(rows, 1);
        ptn_rows_copy(rows, 2, c->change, sizeof c->change);
        if (out->before.kept) {
            ptn_rows_copy(rows, 3, c->by_purchases, sizeof c->by_purchases);
            ptn_rows_copy(rows, 4, c->by_worth, sizeof c->by_worth);
        }
    }
    PTN_TRY(ptn_store_text(store, "SELECT shown(coalesce(sum(change), 0), getvariable('minor')) FROM value_changes", &change, problem));
    ptn_text_copy(out->change, sizeof out->change, change);
    PTN_TRY(ptn_store_int(store,
                          "SELECT (coalesce((SELECT sum(change) FROM value_changes), 0) = coalesce((SELECT sum(value) FROM worth_after), 0)"
                          " - coalesce((SELECT sum(value) FROM worth_before), 0)"
                          " AND coalesce((SELECT sum(change) FROM value_changes), 0) = coalesce((SELECT sum(change::DECIMAL(38, 4)) FROM value_by_cause), 0))::BIGINT",
                          &ties, problem));
    out->ties = ties;

done:
    free(change);
    ptn_rows_free(rows);
    return status;
}

static patron_status read_largest(ptn_store *store, ptn_diff *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    const patron_status status = ptn_store_query(store,
                                                 "SELECT person_id, key, name, cause, before, after, change, days, sales, refunds, restated, sold,"
                                                 " refunded, restated_by FROM largest_changes",
                                                 &rows, problem);
    while (status == PATRON_OK && out->largest_count < PTN_DIFF_LARGEST && ptn_rows_next(rows)) {
        ptn_diff_person *p = &out->largest[out->largest_count++];
        ptn_rows_copy(rows, 0, p->person_id, sizeof p->person_id);
        ptn_rows_copy(rows, 1, p->key, sizeof p->key);
        ptn_rows_copy(rows, 2, p->name, sizeof p->name);
        ptn_rows_copy(rows, 3, p->cause, sizeof p->cause);
        ptn_rows_copy(rows, 4, p->before, sizeof p->before);
        ptn_rows_copy(rows, 5, p->after, sizeof p->after);
        ptn_rows_copy(rows, 6, p->change, sizeof p->change);
        p->days = ptn_rows_int(rows, 7);
        p->sales = ptn_rows_int(rows, 8);
        p->refunds = ptn_rows_int(rows, 9);
        p->restated = ptn_rows_int(rows, 10);
        ptn_rows_copy(rows, 11, p->sold, sizeof p->sold);
        ptn_rows_copy(rows, 12, p->refunded, sizeof p->refunded);
        ptn_rows_copy(rows, 13, p->restated_by, sizeof p->restated_by);
    }
    ptn_rows_free(rows);
    return status;
}

/* What the runs were told. A store of an older patron cannot say. */
static patron_status read_settings(ptn_store *store, ptn_diff *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_step_run(store, "diff", "settings_changed", NULL, problem));
    PTN_TRY(read_pairs(store, "SELECT setting, before, after FROM settings_changed", out->settings, PTN_DIFF_SETTINGS, &out->setting_count, problem));

done:
    return status;
}

/* Models and parameters: only two kept stores can say. */
static patron_status read_models(ptn_store *store, ptn_diff *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int64_t changed = 0;
    PTN_TRY(ptn_step_run(store, "diff", "models_changed", NULL, problem));
    PTN_TRY(ptn_step_run(store, "diff", "parameters_changed", NULL, problem));
    PTN_TRY(read_pairs(store, "SELECT horizon_days::VARCHAR, before, after FROM models_changed", out->models, PTN_DIFF_MODELS, &out->model_count, problem));
    PTN_TRY(read_pairs(store, "SELECT model || ' ' || parameter, format('{:.4g}', before), format('{:.4g}', after) FROM parameters_changed",
                       out->parameters, PTN_DIFF_PARAMETERS, &out->parameter_count, problem));
    PTN_TRY(ptn_store_int(store, "SELECT (a.structure <> b.structure OR a.settings <> b.settings)::BIGINT FROM record.target a, patron_before.record.target b", &changed, problem));
    out->structure_changed = changed;

done:
    return status;
}

static patron_status set_runs(ptn_store *store, const ptn_project *project, ptn_diff *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *currency = NULL;
    int64_t days = 0;
    PTN_TRY(describe(store, "", out->before.run_id, &out->before, problem));
    PTN_TRY(describe(store, "", out->after.run_id, &out->after, problem));
    PTN_TRY(ptn_store_text(store, "SELECT max(currency) FROM forecast.horizons", &currency, problem));
    snprintf(out->currency, sizeof out->currency, "%s", currency ? currency : project->config.currency);
    PTN_TRY(ptn_stage_run(store, "macros", problem));
    PTN_TRY(ptn_store_runf(store, problem,
                           "SET VARIABLE minor = coalesce((SELECT minor FROM record.minor_units WHERE currency = '%s'), 2);"
                           "SET VARIABLE before_run = '%s'; SET VARIABLE after_run = '%s'; SET VARIABLE before_as_of = DATE '%s'; SET VARIABLE after_as_of = DATE '%s';"
                           "SET VARIABLE before_known_at = (SELECT started_at FROM runs WHERE run_id = '%s')",
                           out->currency, out->before.run_id, out->after.run_id, out->before.as_of, out->after.as_of, out->before.run_id));
    PTN_TRY(ptn_store_int(store, "SELECT (getvariable('after_as_of') - getvariable('before_as_of'))::BIGINT", &days, problem));
    out->days_between = (int)days;

done:
    free(currency);
    return status;
}

/* Which runs; then the store of the newer one, `current`'s or `*other`, with that of the older one attached where it is kept. */
static patron_status open_runs(const ptn_published *current, const char *before, const char *after, ptn_diff *out, ptn_store **other,
                               ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *newer = NULL, *older = NULL;
    PTN_TRY(choose(&current->project, current->store, before, after, out, problem));
    newer = path_of(&current->project, out->after.run_id);
    older = path_of(&current->project, out->before.run_id);
    if (!newer) {
        status = not_kept(&current->project, current->store, out->after.run_id, "the newer of the two must be kept, and only the last two are",
                          problem);
        goto done;
    }
    out->after.kept = true;
    out->before.kept = older != NULL;
    if (strcmp(newer, current->path) != 0)
        PTN_TRY(ptn_published_store(newer, other, problem));
    if (older)
        PTN_TRY(ptn_attach_store(*other ? *other : current->store, older, "patron_before", problem));

done:
    free(newer);
    free(older);
    return status;
}

static patron_status run_steps(ptn_store *store, const char *const *steps, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    for (; *steps && status == PATRON_OK; steps++)
        status = ptn_step_run(store, "diff", *steps, NULL, problem);
    return status;
}

/* Both sides as tables, and how they differ. A store of an older patron may lack a table: then it is as if it were not kept. */
static patron_status compare(ptn_store *store, ptn_diff *out, ptn_problem *problem)
{
    static const char *const kept[] = {"before_kept", "after", "rows_compared", NULL};
    static const char *const remembered[] = {"before_remembered", "after", "rows_known_since", NULL};
    static const char *const last[] = {"value_changes", "value_by_cause", "rows_by_change", "largest_changes", NULL};
    patron_status status = PATRON_OK;
    ptn_problem unlike;
    out->before.kept = out->before.kept && run_steps(store, kept, &unlike) == PATRON_OK;
    if (!out->before.kept)
        PTN_TRY(run_steps(store, remembered, problem));
    PTN_TRY(run_steps(store, last, problem));

done:
    return status;
}

static patron_status read_horizons(ptn_store *store, ptn_diff *out, ptn_problem *problem)
{
    static const char now[] = "SELECT max(horizon_days)::BIGINT FROM share.headline",
                      kept[] = "SELECT max(horizon_days)::BIGINT FROM patron_before.share.headline",
                      remembered[] = "SELECT coalesce(max(horizon_days), 0)::BIGINT FROM value_history WHERE run_id = getvariable('before_run')";
    int64_t before = 0, after = 0;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_int(store, now, &after, problem));
    PTN_TRY(ptn_store_int(store, out->before.kept ? kept : remembered, &before, problem));
    out->after.horizon_days = (int)after;
    out->before.horizon_days = (int)before;

done:
    return status;
}

patron_status ptn_diff_make(const ptn_published *current, const char *before, const char *after, ptn_diff *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_problem unlike;
    ptn_store *other = NULL;
    *out = (ptn_diff){0};
    PTN_TRY(open_runs(current, before, after, out, &other, problem));
    ptn_store *store = other ? other : current->store;
    PTN_TRY(set_runs(store, &current->project, out, problem));
    PTN_TRY(compare(store, out, problem));
    PTN_TRY(total(store, "worth_before", &out->before, problem));
    PTN_TRY(total(store, "worth_after", &out->after, problem));
    PTN_TRY(read_horizons(store, out, problem));
    PTN_TRY(read_causes(store, out, problem));
    PTN_TRY(read_largest(store, out, problem));
    if (read_settings(store, out, &unlike) != PATRON_OK)
        out->setting_count = 0;
    if (out->before.kept && read_models(store, out, &unlike) != PATRON_OK)
        out->model_count = out->parameter_count = 0;

done:
    ptn_store_close(other);
    return status;
}
