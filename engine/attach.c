#include "attach.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

static patron_status attach_one(ptn_store *store, const ptn_attachment *database, const char *dir, ptn_problem *problem)
{
    const bool is_file = database->type == PTN_ATTACH_SQLITE || database->type == PTN_ATTACH_DUCKDB;
    const char *type = ptn_attach_type_word(database->type);
    ptn_text sql = {0}, target = {0};
    patron_status status = PATRON_OK;
    if (database->type != PTN_ATTACH_DUCKDB)
        status = ptn_store_runf(store, problem, "LOAD %s", type);
    if (status != PATRON_OK) {
        ptn_problem_set(problem, PATRON_EIO, "E303", "database \"%s\" needs DuckDB's extension %s", database->name, type);
        ptn_problem_where(problem, "patron.yaml:%d:%d", database->line, database->column);
        ptn_problem_fix(problem, "script/setup --databases brings it; or export the tables as CSV or Parquet");
        goto done;
    }
    if (is_file && database->dsn[0] != '/')
        ptn_text_addf(&target, "%s/", dir);
    ptn_text_add(&target, database->dsn);
    ptn_text_add(&sql, "ATTACH ");
    ptn_text_add_literal(&sql, ptn_text_str(&target));
    ptn_text_add(&sql, " AS ");
    ptn_text_add_ident(&sql, database->name);
    ptn_text_addf(&sql, " (TYPE %s, READ_ONLY)", type);
    status = ptn_store_run(store, ptn_text_str(&sql), problem);
    if (status != PATRON_OK) { /* DuckDB's words may quote the dsn, and a dsn is a secret */
        ptn_problem_set(problem, PATRON_EIO, "E303", "cannot open database \"%s\" (%s)", database->name, type);
        ptn_problem_where(problem, "patron.yaml:%d:%d", database->line, database->column);
        ptn_problem_why(problem, "it did not answer, is not there, or refused the dsn");
        ptn_problem_fix(problem, "try the same dsn with that database's own client");
    }

done:
    ptn_text_free(&sql);
    ptn_text_free(&target);
    return status;
}

patron_status ptn_attach(ptn_store *store, const ptn_config *config, const char *dir, ptn_problem *problem)
{
    int64_t attached = config->attach_count == 0;
    patron_status status = PATRON_OK;
    if (!attached)
        status = ptn_store_int(store, "SELECT coalesce(getvariable('attached'), false)::BIGINT", &attached, problem);
    for (unsigned i = 0; i < config->attach_count && !attached && status == PATRON_OK; i++)
        status = attach_one(store, &config->attach[i], dir, problem);
    return status == PATRON_OK && !attached ? ptn_store_run(store, "SET VARIABLE attached = true", problem) : status;
}

void ptn_previous_unread(ptn_problem *problem, const char *path)
{
    char why[sizeof problem->why];
    snprintf(why, sizeof why, "%s", problem->why);
    ptn_problem_set(problem, PATRON_EIO, "E401", "the last build cannot be read");
    ptn_problem_where(problem, "%s", path);
    ptn_problem_why(problem, "%s", why[0] ? why : "no reason given");
    ptn_problem_so(problem, "it alone knows the ids of persons, when rows were first known, and what earlier builds said. Nothing was built");
    if (strstr(why, "set lock on"))
        ptn_problem_fix(problem, "wait until nobody has it open for writing, and build again");
    else
        ptn_problem_fix(problem, "put the file back from a backup; or move it out of .patron and build: persons get new ids then, and earlier values are forgotten");
}

patron_status ptn_attach_store(ptn_store *store, const char *path, const char *name, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "ATTACH ");
    ptn_text_add_literal(&sql, path);
    ptn_text_addf(&sql, " AS %s (READ_ONLY)", name);
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_attach_previous(ptn_store *store, const char *path, bool *attached, ptn_problem *problem)
{
    *attached = false;
    if (!path || (access(path, F_OK) != 0 && errno == ENOENT))
        return PATRON_OK;
    *attached = ptn_attach_store(store, path, "patron_previous", problem) == PATRON_OK;
    if (!*attached)
        ptn_previous_unread(problem, path);
    return *attached ? PATRON_OK : PATRON_EIO;
}
