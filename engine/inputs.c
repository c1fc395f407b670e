#include "inputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "attach.h"
#include "patron.h"
#include "pipeline.h"
#include "settings.h"
#include "settings_text.h"
#include "source_rows.h"
#include "steps.h"
#include "text.h"

static bool is_among(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static void add_steps(ptn_text *text, const char *const *stages)
{
    for (const struct ptn_pipeline_step *step = ptn_pipeline_steps; step->stage; step++)
        if (is_among(step->stage, stages))
            ptn_text_addf(text, "%s\n%s\n", step->path, step->sql);
}

static patron_status set_hash(ptn_store *store, const char *name, const ptn_text *text, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_addf(&sql, "SET VARIABLE %s = sha256(", name);
    ptn_text_add_literal(&sql, ptn_text_str(text));
    ptn_text_add(&sql, ")");
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

/* What decides how a row is read, and what is kept of it from build to build. Where a database is does not: it is read by every
 * build. */
static patron_status set_structure(ptn_store *store, const ptn_project *project, ptn_problem *problem)
{
    static const char *const stages[] = {"macros", "record", "identify", "history", NULL};
    const ptn_config *config = &project->config;
    ptn_text text = {0};
    ptn_text_addf(&text, "patron %s %s %d\n", PATRON_VERSION, config->currency, (int)config->duplicates);
    add_steps(&text, stages);
    for (unsigned i = 0; i < config->attach_count; i++)
        ptn_text_addf(&text, "%s %s\n", config->attach[i].name, ptn_attach_type_word(config->attach[i].type));
    for (unsigned i = 0; i < project->source_count; i++)
        ptn_text_addf(&text, "%s %s\n%s\n", project->sources[i].name, project->sources[i].stream, project->sources[i].sql);
    const patron_status status = set_hash(store, "structure", &text, problem);
    ptn_text_free(&text);
    return status;
}

/* What patron.yaml says, but for what only those ask who look at the tables. One that cannot be read was refused before. */
static void add_settings(ptn_text *text, const ptn_project *project)
{
    static const char *const looks[] = {"check", "locale", NULL};
    ptn_problem ignored = {0};
    ptn_settings *file = NULL;
    char *path = ptn_text_path(project->dir, "patron.yaml"), *said = NULL;
    size_t length = 0;
    if (path && ptn_settings_read_file(path, &said, &length, &ignored) == PATRON_OK
        && ptn_settings_open(&file, said, length, "patron.yaml", &ignored) == PATRON_OK)
        ptn_settings_say(file, looks, text);
    ptn_settings_free(file);
    if (said)
        explicit_bzero(said, length);
    free(said);
    free(path);
}

/* All else that a number may depend on. */
static patron_status set_settings(ptn_store *store, const ptn_project *project, const char *as_of, ptn_problem *problem)
{
    static const char *const stages[] = {"forecast", "track_record", "value", "share", NULL};
    ptn_text text = {0};
    ptn_text_addf(&text, "as of %s\n", as_of ? as_of : "the ledger");
    add_steps(&text, stages);
    add_settings(&text, project);
    const patron_status status = set_hash(store, "settings", &text, problem);
    ptn_text_free(&text);
    return status;
}

/* One row of `inputs`; a file that is not on this machine has no size and no time. */
static void add_input(ptn_text *sql, const ptn_project *project, const char *source, const char *file)
{
    struct stat about;
    const bool local = stat(file, &about) == 0;
    const size_t in_dir = strlen(project->dir);
    const bool inside = strncmp(file, project->dir, in_dir) == 0 && file[in_dir] == '/';
    ptn_text_add(sql, sql->length ? ", (" : "INSERT INTO inputs VALUES (");
    ptn_text_add_literal(sql, source);
    ptn_text_add(sql, ", ");
    ptn_text_add_literal(sql, file);
    ptn_text_add(sql, ", ");
    ptn_text_add_literal(sql, inside ? file + in_dir + 1 : file);
    if (local)
        ptn_text_addf(sql, ", %lld, %lld)", (long long)about.st_size,
                      (long long)about.st_mtim.tv_sec * 1000000000LL + about.st_mtim.tv_nsec);
    else
        ptn_text_add(sql, ", NULL, NULL)");
}

static patron_status add_files(ptn_store *store, const ptn_project *project, const ptn_source *source, const ptn_scan *scan,
                               ptn_text *rows, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text sql = {0}, path = {0};
    ptn_rows *found = NULL;
    for (unsigned i = 0; i < scan->file_count; i++) {
        const char *file = scan->files[i];
        ptn_text_clear(&path);
        ptn_text_clear(&sql);
        if (file[0] != '/' && !strstr(file, "://"))
            ptn_text_addf(&path, "%s/", project->dir);
        ptn_text_add(&path, file);
        ptn_text_add(&sql, "SELECT file FROM glob(");
        ptn_text_add_literal(&sql, ptn_text_str(&path));
        ptn_text_add(&sql, ") ORDER BY file");
        PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &found, problem));
        while (ptn_rows_next(found))
            add_input(rows, project, source->name, ptn_rows_text(found, 0));
        ptn_rows_free(found);
        found = NULL;
    }

done:
    ptn_rows_free(found);
    ptn_text_free(&sql);
    ptn_text_free(&path);
    return status;
}

/* New exchange rates reach every row in another currency, read long ago or not: they are a new structure. What cannot be watched is
 * read, since rates are few; rates that cannot be read are never the ones of before, and the build will say what is wrong. */
static patron_status add_rates_to_structure(ptn_store *store, const ptn_project *project, const ptn_source *source, bool watched,
                                            ptn_problem *problem)
{
    ptn_problem ignored;
    ptn_bound_source bound = {0};
    if (watched)
        return ptn_store_runf(store, problem,
                              "SET VARIABLE structure = (SELECT sha256(getvariable('structure') || coalesce(string_agg("
                              "concat_ws('|', file, size, modified), '/' ORDER BY file), '')) FROM inputs WHERE source = '%s')",
                              source->name);
    patron_status status = ptn_attach(store, &project->config, project->dir, problem);
    if (status != PATRON_OK)
        return status;
    const bool read = ptn_source_bind(store, source, project->dir, PTN_SCAN_PLAIN, &bound, &ignored) == PATRON_OK &&
                      ptn_store_run(store,
                                    "SET VARIABLE structure = (SELECT sha256(concat_ws(' ', getvariable('structure'), count(*),"
                                    " sum(hash(valid_from, currency, rate)), bit_xor(hash(valid_from, currency, rate))))"
                                    " FROM source_select)",
                                    &ignored) == PATRON_OK;
    ptn_bound_source_free(&bound);
    return read ? PATRON_OK : ptn_store_run(store, "SET VARIABLE structure = uuid()::VARCHAR", problem);
}

patron_status ptn_inputs_note(ptn_store *store, const ptn_project *project, const char *as_of, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text rows = {0};
    bool unwatched = false, *watched = calloc(project->source_count + 1, sizeof *watched);
    if (!watched) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(ptn_store_runf(store, problem, "SET VARIABLE today = now()::TIMESTAMP::DATE; SET VARIABLE as_of_given = %s",
                           as_of || project->config.as_of[0] ? "true" : "false"));
    PTN_TRY(ptn_step_run(store, "macros", "is_due", NULL, problem));
    PTN_TRY(set_structure(store, project, problem));
    PTN_TRY(set_settings(store, project, as_of, problem));
    PTN_TRY(ptn_store_run(store, "CREATE OR REPLACE TEMP TABLE inputs (source VARCHAR, file VARCHAR, name VARCHAR, size BIGINT,"
                                 " modified BIGINT)", problem));
    for (unsigned i = 0; i < project->source_count; i++) {
        ptn_scan scan = {0};
        status = ptn_source_scan(store, &project->sources[i], project->dir, PTN_SCAN_PLAIN, &scan, NULL, problem);
        if (status == PATRON_OK)
            status = add_files(store, project, &project->sources[i], &scan, &rows, problem);
        unwatched |= scan.volatile_source;
        watched[i] = !scan.volatile_source;
        ptn_scan_free(&scan);
        if (status != PATRON_OK)
            goto done;
    }
    if (rows.length)
        PTN_TRY(ptn_store_run(store, ptn_text_str(&rows), problem));
    for (unsigned i = 0; i < project->source_count; i++)
        if (strcmp(project->sources[i].stream, "rates") == 0)
            PTN_TRY(add_rates_to_structure(store, project, &project->sources[i], watched[i], problem));
    PTN_TRY(ptn_store_runf(store, problem,
                           "SET VARIABLE unwatched = %s OR (SELECT count(*) > 0 FROM inputs WHERE modified IS NULL);"
                           "SET VARIABLE inputs_hash = (SELECT sha256(coalesce(string_agg(concat_ws('|', source, file, size, modified),"
                           " '/' ORDER BY source, file), '')) FROM inputs)", unwatched ? "true" : "false"));

done:
    free(watched);
    ptn_text_free(&rows);
    return status;
}

/* Has a day come since, though no file has changed? That of a row which stood too far ahead to be taken, or of one in the ledger
 * that is later than the day looked from, when nobody said which day that is. */
static bool has_day_come(ptn_store *store, const char *catalog)
{
    ptn_problem ignored = {0};
    char sql[500];
    int64_t come = 0;
    snprintf(sql, sizeof sql,
             "SELECT (EXISTS (FROM %1$s.record.refused WHERE is_due(fault.code, occurred_at))"
             " OR (NOT getvariable('as_of_given') AND EXISTS (FROM %1$s.main.ledger"
             " WHERE occurred_at >= (SELECT (last(as_of ORDER BY rowid) + 1)::TIMESTAMP FROM %1$s.main.runs)"
             " AND occurred_at < (getvariable('today') + 1)::TIMESTAMP)))::BIGINT",
             catalog);
    return ptn_store_int(store, sql, &come, &ignored) == PATRON_OK && come;
}

ptn_inputs_match ptn_inputs_compare(ptn_store *store, const char *catalog)
{
    ptn_problem ignored = {0};
    char sql[400];
    int64_t match = PTN_INPUTS_OTHER;
    snprintf(sql, sizeof sql,
             "SELECT CASE WHEN count(*) <> 1 OR max(structure) <> getvariable('structure') THEN 0"
             " WHEN max(settings) = getvariable('settings') AND max(inputs_hash) = getvariable('inputs_hash')"
             " AND NOT getvariable('unwatched') THEN 2 ELSE 1 END::BIGINT"
             " FROM %s%srecord.target",
             catalog, catalog[0] ? "." : "");
    if (ptn_store_int(store, sql, &match, &ignored) != PATRON_OK)
        return PTN_INPUTS_OTHER;
    return match == PTN_INPUTS_SAME && catalog[0] && has_day_come(store, catalog) ? PTN_INPUTS_FILES : (ptn_inputs_match)match;
}

patron_status ptn_inputs_shape(ptn_store *store, const ptn_project *project, char **shape, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text text = {0};
    *shape = NULL;
    for (unsigned i = 0; i < project->source_count; i++) {
        ptn_bound_source bound;
        PTN_TRY(ptn_source_bind(store, &project->sources[i], project->dir, PTN_SCAN_ORIGIN, &bound, problem));
        ptn_text_addf(&text, "%s:", project->sources[i].name);
        for (unsigned c = 0; c < bound.column_count; c++)
            ptn_text_addf(&text, " %s %s", bound.names[c], bound.types[c]);
        ptn_text_add(&text, "\n");
        ptn_bound_source_free(&bound);
    }
    *shape = strdup(ptn_text_str(&text));
    if (!*shape || text.failed)
        status = ptn_out_of_memory(problem);

done:
    ptn_text_free(&text);
    return status;
}

bool ptn_inputs_same_shape(ptn_store *store, const char *shape)
{
    ptn_problem ignored;
    char *before = NULL;
    const bool same = ptn_store_text(store, "SELECT shape FROM patron_previous.record.target", &before, &ignored) == PATRON_OK &&
                      before && strcmp(before, shape) == 0;
    free(before);
    return same;
}
