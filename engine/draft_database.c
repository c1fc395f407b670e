/* Databases and addresses: one table of the draft for each table there. */
#include "draft_database.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "attach.h"
#include "draft_bytes.h"
#include "draft_columns.h"
#include "draft_files.h"
#include "draft_input.h"

static void source_word(const char *from, char *to, size_t size)
{
    size_t n = 0;
    for (; *from && *from != '.' && *from != '?' && n + 1 < size; from++)
        to[n++] = isalnum((unsigned char)*from) ? (char)tolower((unsigned char)*from) : '_';
    to[n] = '\0';
    if (n == 0 || isdigit((unsigned char)to[0]))
        snprintf(to, size, "db");
}

static patron_status list_tables(ptn_draft *draft, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    ptn_text_add(&sql, "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ");
    ptn_text_add_literal(&sql, draft->database);
    ptn_text_add(&sql, " AND table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY table_schema, table_name");
    PTN_TRY(ptn_store_query(draft->store, ptn_text_str(&sql), &rows, problem));
    while (ptn_rows_next(rows)) {
        ptn_text name = {0}, label = {0};
        const char *schema = ptn_rows_text(rows, 0), *table = ptn_rows_text(rows, 1);
        if (draft->table_count == PTN_DRAFT_TABLES_MAX) {
            ptn_draft_note_add(draft, "the database has more than %d tables: %s and what follows is left out", PTN_DRAFT_TABLES_MAX, table);
            break;
        }
        const bool usual = strcmp(schema, "main") == 0 || strcmp(schema, "public") == 0;
        ptn_draft_add_name(draft->database, &name);
        ptn_text_add(&name, ".");
        if (strcmp(schema, "main") != 0) {
            ptn_draft_add_name(schema, &name);
            ptn_text_add(&name, ".");
        }
        ptn_draft_add_name(table, &name);
        ptn_text_addf(&label, "%s.%s%s%s", draft->database, usual ? "" : schema, usual ? "" : ".", table);
        ptn_draft_table *t = &draft->tables[draft->table_count++];
        *t = (ptn_draft_table){.kind = PTN_DRAFT_DATABASE, .key = -1, .customer_guess = -1, .moment_guess = -1, .sign_guess = -1, .encoding = "utf-8", .table = name.data, .label = label.data,
                               .stem = strdup(table)};
        PTN_TRY(ptn_draft_describe(draft->store, t, problem));
    }
    if (draft->table_count == 0) {
        ptn_problem_set(problem, PATRON_EDATA, "E520", "the database has no tables");
        ptn_problem_fix(problem, "give the database that the shop or the billing writes to");
        status = PATRON_EDATA;
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* Attached as a build will attach it. */
static patron_status open_database(ptn_draft *draft, ptn_attach_type type, const char *dsn, const char *name, ptn_problem *problem)
{
    ptn_config config = {.attach_count = 1};
    char word[PTN_WORD_MAX + 1];
    source_word(name, word, sizeof word);
    config.attach[0] = (ptn_attachment){.type = type, .dsn = strdup(dsn)};
    snprintf(config.attach[0].name, sizeof config.attach[0].name, "%s", word);
    draft->database = strdup(word);
    draft->dsn = strdup(dsn);
    draft->database_type = strdup(ptn_attach_type_word(type));
    patron_status status = ptn_attach(draft->store, &config, "", problem);
    if (status != PATRON_OK)
        problem->where[0] = '\0'; /* there is no patron.yaml yet */
    free(config.attach[0].dsn);
    return status == PATRON_OK ? list_tables(draft, problem) : status;
}

/* The name of the database in postgres://user:secret@host/shop?sslmode=require, or in host=db dbname=shop password=secret. */
static void database_word(const char *dsn, char *out, size_t size)
{
    static const char *const marks[] = {"dbname=", "database="};
    const char *name = strstr(dsn, "://");
    name = name ? strchr(name + strlen("://"), '/') : NULL;
    for (unsigned i = 0; !name && i < sizeof marks / sizeof *marks; i++)
        if ((name = strstr(dsn, marks[i])))
            name += strlen(marks[i]) - 1;
    const int length = name ? (int)strcspn(name + 1, "? '\"") : 0;
    snprintf(out, size, "%.*s", length ? length : 2, length ? name + 1 : "db");
}

bool ptn_draft_database(ptn_draft *draft, const char *given, bool alone, patron_status *status, ptn_problem *problem)
{
    static const struct {
        const char *prefix;
        ptn_attach_type type;
        bool file, whole; /* the prefix is part of the address */
    } schemes[] = {{"sqlite://", PTN_ATTACH_SQLITE, true, false},
                   {"sqlite:", PTN_ATTACH_SQLITE, true, false},
                   {"duckdb:", PTN_ATTACH_DUCKDB, true, false},
                   {"postgres://", PTN_ATTACH_POSTGRES, false, true},
                   {"postgresql://", PTN_ATTACH_POSTGRES, false, true},
                   {"postgres:", PTN_ATTACH_POSTGRES, false, false}, /* host=db dbname=shop */
                   {"mysql://", PTN_ATTACH_MYSQL, false, true},
                   {"mysql:", PTN_ATTACH_MYSQL, false, false}};
    char path[PATH_MAX] = "", word[PTN_WORD_MAX + 1];
    int found_type = -1;
    bool is_file = false;
    for (unsigned i = 0; i < sizeof schemes / sizeof *schemes && found_type < 0; i++)
        if (strncmp(given, schemes[i].prefix, strlen(schemes[i].prefix)) == 0) {
            found_type = (int)schemes[i].type;
            is_file = schemes[i].file;
            snprintf(path, sizeof path, "%s", schemes[i].whole ? given : given + strlen(schemes[i].prefix));
        }
    if (found_type < 0 && strstr(given, "://")) {
        ptn_problem_set(problem, PATRON_EDATA, "E520", "%.*s cannot be read", (int)strcspn(given, "?"), given);
        ptn_problem_why(problem, "patron reads files, SQLite, DuckDB, PostgreSQL and MySQL; it fetches nothing from the web");
        ptn_problem_fix(problem, "download it, then: patron new FILE");
        *status = PATRON_EDATA;
        return true;
    }
    if (found_type < 0) {
        ptn_bytes bytes;
        struct stat about;
        ptn_problem ignored;
        if (stat(given, &about) != 0 || !S_ISREG(about.st_mode) || ptn_bytes_look(given, given, &bytes, &ignored) != PATRON_OK
            || (bytes.kind != PTN_BYTES_SQLITE && bytes.kind != PTN_BYTES_DUCKDB))
            return false;
        found_type = bytes.kind == PTN_BYTES_SQLITE ? PTN_ATTACH_SQLITE : PTN_ATTACH_DUCKDB;
        is_file = true;
        snprintf(path, sizeof path, "%s", given);
    }
    if (!alone) {
        ptn_problem_set(problem, PATRON_EINVAL, "E520", "a database is looked at by itself");
        ptn_problem_fix(problem, "patron new with the database alone, then add sources for the rest to sources/");
        *status = PATRON_EINVAL;
        return true;
    }
    if (is_file) {
        char *real = realpath(path, NULL);
        if (!real) {
            *status = ptn_draft_no_file(path, problem);
            return true;
        }
        *status = open_database(draft, (ptn_attach_type)found_type, real, (strrchr(real, '/') ? strrchr(real, '/') + 1 : real), problem);
        free(real);
        return true;
    }
    database_word(path, word, sizeof word);
    draft->dsn_secret = true;
    *status = open_database(draft, (ptn_attach_type)found_type, path, word, problem);
    return true;
}
