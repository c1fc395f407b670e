#include "start.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "attach.h"
#include "inputs.h"
#include "text.h"

static const char tables[] =
    "CREATE SCHEMA IF NOT EXISTS record; CREATE SCHEMA IF NOT EXISTS identify; CREATE SCHEMA IF NOT EXISTS history;"
    "CREATE SCHEMA IF NOT EXISTS forecast; CREATE SCHEMA IF NOT EXISTS value; CREATE SCHEMA IF NOT EXISTS share;"
    "CREATE SCHEMA IF NOT EXISTS track_record;"
    "CREATE TABLE IF NOT EXISTS record.target (run_id VARCHAR, structure VARCHAR, inputs_hash VARCHAR, shape VARCHAR,"
    " settings VARCHAR);"
    "CREATE TABLE IF NOT EXISTS record.progress (stage VARCHAR, finished_at TIMESTAMP);"
    "CREATE TABLE IF NOT EXISTS identify.persons (key VARCHAR, person INTEGER, person_id VARCHAR);"
    "CREATE TABLE IF NOT EXISTS runs (run_id VARCHAR, as_of DATE, started_at TIMESTAMP, finished_at TIMESTAMP, status VARCHAR,"
    " version VARCHAR);"
    "ALTER TABLE runs ADD COLUMN IF NOT EXISTS settings MAP(VARCHAR, VARCHAR)"; /* a copy of an older patron's has none */

static patron_status open_building(const ptn_project *project, const ptn_publication *publication, ptn_store **store,
                                   ptn_problem *problem)
{
    const ptn_store_options options = {
        .path = publication->building, .file_search_path = project->dir, .temp_directory = publication->temporary};
    return ptn_store_open(store, &options, problem);
}

/* What a killed build left, if it was on its way to the same end. Anything else is thrown away. */
static patron_status try_resume(const ptn_project *project, const ptn_publication *publication, const char *as_of, char *run_id,
                                ptn_store **store, ptn_problem *problem)
{
    ptn_problem ignored = {0};
    char *old_run = NULL;
    *store = NULL;
    if (access(publication->building, F_OK) == 0 && open_building(project, publication, store, &ignored) == PATRON_OK) {
        patron_status status = ptn_inputs_note(*store, project, as_of, problem);
        if (status != PATRON_OK) {
            ptn_store_close(*store);
            *store = NULL;
            return status;
        }
        if (ptn_inputs_compare(*store, "") == PTN_INPUTS_SAME &&
            ptn_store_text(*store, "SELECT run_id FROM record.target", &old_run, &ignored) == PATRON_OK && old_run) {
            snprintf(run_id, 24, "%s", old_run);
            free(old_run);
            return PATRON_OK;
        }
        free(old_run);
        ptn_store_close(*store);
        *store = NULL;
    }
    ptn_publication_discard(publication);
    return PATRON_OK;
}

/* A store begun from nothing can see when its rows were first known. The ledger of another version may lack a column: then it cannot. */
static patron_status look_back(ptn_store *store, const char *previous, ptn_problem *problem)
{
    patron_status status =
        ptn_store_run(store,
                      "CREATE TEMP VIEW earlier_ledger AS SELECT source, key, occurred_at, kind, amount, currency, quantity, product,"
                      " is_product, channel, order_id, contract, known_at, file_id, source_row, run_id::VARCHAR AS run_id"
                      " FROM patron_previous.main.ledger WHERE run_id::VARCHAR IN (SELECT run_id FROM main.runs)",
                      problem);
    if (status == PATRON_OK || ptn_store_last_fault(store) == PTN_FAULT_STATEMENT)
        return PATRON_OK;
    if (!problem->fix[0]) /* a full disk has its own way out */
        ptn_previous_unread(problem, previous);
    return status;
}

/* It still knows who was who, what was said before, and which runs there were. An older store may lack a table: then there is
 * nothing to carry. */
static patron_status carry_memory(ptn_store *store, const char *previous, ptn_problem *problem)
{
    static const struct memory {
        const char *schema, *table, *carry;
    } memories[] = {
        {"identify", "persons", "INSERT INTO identify.persons SELECT key, person, person_id FROM patron_previous.identify.persons"},
        {"main", "runs",
         "INSERT INTO runs BY NAME SELECT COLUMNS(c -> c IN ('run_id', 'as_of', 'started_at', 'finished_at', 'status', 'version', 'settings'))"
         " FROM patron_previous.main.runs"},
        {"main", "value_history", "CREATE TABLE value_history AS FROM patron_previous.main.value_history"},
    };
    patron_status status = PATRON_OK;
    for (unsigned i = 0; i < sizeof memories / sizeof *memories && status == PATRON_OK; i++) {
        char sql[200];
        int64_t there = 0;
        snprintf(sql, sizeof sql, "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'patron_previous'"
                                  " AND schema_name = '%s' AND table_name = '%s'", memories[i].schema, memories[i].table);
        status = ptn_store_int(store, sql, &there, problem);
        if (status == PATRON_OK && there)
            status = ptn_store_run(store, memories[i].carry, problem);
        if (status != PATRON_OK && !problem->fix[0]) /* a full disk has its own way out */
            ptn_previous_unread(problem, previous);
    }
    return status;
}

static patron_status set_target(ptn_store *store, const char *run_id, const char *shape, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "BEGIN; DELETE FROM record.target; DELETE FROM record.progress; INSERT INTO record.target VALUES (");
    ptn_text_add_literal(&sql, run_id);
    ptn_text_add(&sql, ", getvariable('structure'), getvariable('inputs_hash'), ");
    ptn_text_add_literal(&sql, shape);
    ptn_text_add(&sql, ", getvariable('settings')); COMMIT");
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

/* Can the last store be carried on: the same structure, and every source with the same columns? */
static patron_status can_carry(ptn_store *probe, const ptn_project *project, ptn_inputs_match match, char **shape, bool *carry,
                               ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_attach(probe, &project->config, project->dir, problem));
    PTN_TRY(ptn_inputs_shape(probe, project, shape, problem));
    *carry = match != PTN_INPUTS_OTHER && ptn_inputs_same_shape(probe, *shape);

done:
    return status;
}

patron_status ptn_start(const ptn_project *project, const ptn_publication *publication, const char *as_of, bool full, bool again,
                        char *run_id, ptn_room *room, ptn_start_kind *kind, ptn_store **store, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_store *probe = NULL;
    char *shape = NULL;
    bool carry = false, attached = false;
    *store = NULL;
    *kind = PTN_START_FRESH;
    PTN_TRY(ptn_store_open(&probe, &(ptn_store_options){.file_search_path = project->dir}, problem));
    PTN_TRY(ptn_inputs_note(probe, project, as_of, problem));
    ptn_inputs_match match = PTN_INPUTS_OTHER;
    if (!full)
        PTN_TRY(ptn_attach_previous(probe, publication->previous, &attached, problem));
    if (attached)
        match = ptn_inputs_compare(probe, "patron_previous");
    if (match == PTN_INPUTS_SAME && !again) {
        *kind = PTN_START_NOTHING;
        ptn_publication_discard(publication);
        goto done;
    }
    if (full || again)
        ptn_publication_discard(publication);
    PTN_TRY(try_resume(project, publication, as_of, run_id, store, problem));
    if (*store) {
        *kind = PTN_START_RESUME;
        PTN_TRY(ptn_room_look(*store, project, publication->previous, false, publication->building, room, problem));
        PTN_TRY(ptn_attach_previous(*store, publication->previous, &attached, problem));
        if (attached)
            PTN_TRY(look_back(*store, publication->previous, problem));
        PTN_TRY(ptn_attach(*store, &project->config, project->dir, problem));
        goto done;
    }
    PTN_TRY(can_carry(probe, project, match, &shape, &carry, problem));
    PTN_TRY(ptn_room_look(probe, project, publication->previous, carry, NULL, room, problem));
    PTN_TRY(ptn_room_check(room, project, problem));
    ptn_store_close(probe); /* before the file that it has attached is copied */
    probe = NULL;
    if (carry) {
        *kind = match == PTN_INPUTS_SAME ? PTN_START_AGAIN : PTN_START_CARRY;
        PTN_TRY(ptn_publication_copy(publication, problem));
    }
    PTN_TRY(open_building(project, publication, store, problem));
    PTN_TRY(ptn_store_run(*store, tables, problem));
    if (!carry) {
        PTN_TRY(ptn_attach_previous(*store, publication->previous, &attached, problem));
        if (attached) {
            PTN_TRY(carry_memory(*store, publication->previous, problem));
            PTN_TRY(look_back(*store, publication->previous, problem));
        }
    }
    PTN_TRY(ptn_attach(*store, &project->config, project->dir, problem));
    PTN_TRY(ptn_inputs_note(*store, project, as_of, problem));
    PTN_TRY(set_target(*store, run_id, shape, problem));

done:
    ptn_store_close(probe);
    free(shape);
    if (status != PATRON_OK) {
        ptn_store_close(*store);
        *store = NULL;
    }
    return status;
}

patron_status ptn_stage_done(ptn_store *store, const char *stage, bool *done, ptn_problem *problem)
{
    char sql[120];
    int64_t count = 0;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM record.progress WHERE stage = '%s'", stage);
    const patron_status status = ptn_store_int(store, sql, &count, problem);
    *done = count > 0;
    return status;
}

patron_status ptn_stage_finish(ptn_store *store, const char *stage, ptn_problem *problem)
{
    return ptn_store_runf(store, problem, "INSERT INTO record.progress VALUES ('%s', now()::TIMESTAMP)", stage);
}
