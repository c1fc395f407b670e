/* From a user's SELECT to the view source_rows: bind it, look at its types, write one typed expression a column. */
#include "source_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "text.h"

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_number(const char *type)
{
    static const char *const kinds[] = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT",  "HUGEINT", "UTINYINT", "USMALLINT",
                                        "UINTEGER", "UBIGINT", "UHUGEINT", "DECIMAL", "FLOAT",   "DOUBLE"};
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (starts_with(type, kinds[i]))
            return true;
    return false;
}

static bool is_real(const char *type)
{
    return strcmp(type, "DOUBLE") == 0 || strcmp(type, "FLOAT") == 0;
}

static bool is_time(const char *type)
{
    return starts_with(type, "TIMESTAMP") || strcmp(type, "DATE") == 0;
}

/* What a column of this type accepts, besides text and NULL. */
static bool accepts(ptn_column_type type, const char *actual)
{
    if (strcmp(actual, "VARCHAR") == 0 || strcmp(actual, "\"NULL\"") == 0)
        return true;
    switch (type) {
    case PTN_COLUMN_TEXT: return true;
    case PTN_COLUMN_MOMENT:
    case PTN_COLUMN_DAY: return is_time(actual);
    case PTN_COLUMN_TRUTH: return strcmp(actual, "BOOLEAN") == 0 || is_number(actual);
    default: return is_number(actual);
    }
}

static const char *expected(ptn_column_type type)
{
    switch (type) {
    case PTN_COLUMN_MOMENT: return "a date or a timestamp";
    case PTN_COLUMN_DAY: return "a date";
    case PTN_COLUMN_TRUTH: return "true or false";
    case PTN_COLUMN_TEXT: return "text";
    default: return "a number";
    }
}

/* The value as it was given. A whole number that came as a DOUBLE (keys often do, where some are missing) is written as
 * one: 12345, not 12345.0. */
static void add_text(ptn_text *sql, const char *column, const char *actual)
{
    ptn_text ref = {0};
    ptn_text_add(&ref, "s.");
    ptn_text_add_ident(&ref, column);
    const char *x = ptn_text_str(&ref);
    if (strcmp(actual, "VARCHAR") == 0)
        ptn_text_addf(sql, "nullif(trim(%s), '')", x);
    else if (is_real(actual))
        ptn_text_addf(sql, "CASE WHEN %s = trunc(%s) AND abs(%s) < 1e15 THEN %s::BIGINT::VARCHAR ELSE %s::VARCHAR END",
                      x, x, x, x, x);
    else
        ptn_text_addf(sql, "%s::VARCHAR", x);
    sql->failed |= ref.failed;
    ptn_text_free(&ref);
}

/* Text with a zone after its time is read as one moment, then as UTC; without one it is taken as it stands. The two
 * are kept apart: DuckDB reads a text that has no zone in the zone of the row before it. */
static void add_moment(ptn_text *sql, const char *x)
{
    ptn_text_addf(sql,
                  "CASE WHEN regexp_matches(%s, ':.*[A-Za-z+-]') THEN TRY_CAST(%s AS TIMESTAMPTZ)::TIMESTAMP"
                  " ELSE TRY_CAST(%s AS TIMESTAMP) END",
                  x, x, x);
}

static void add_typed(ptn_text *sql, const char *column, const char *actual, ptn_column_type type)
{
    ptn_text ref = {0}, moment = {0};
    const bool text = strcmp(actual, "VARCHAR") == 0;
    if (text)
        ptn_text_add(&ref, "trim(s.");
    else
        ptn_text_add(&ref, "s.");
    ptn_text_add_ident(&ref, column);
    if (text)
        ptn_text_add(&ref, ")");
    const char *x = ptn_text_str(&ref);
    switch (type) {
    case PTN_COLUMN_TEXT: add_text(sql, column, actual); break;
    case PTN_COLUMN_MOMENT: /* infinity is no moment */
        if (text)
            add_moment(&moment, x);
        else
            ptn_text_addf(&moment, "TRY_CAST(%s AS TIMESTAMP)", x);
        ptn_text_addf(sql, "CASE WHEN isfinite(%s) THEN %s END", ptn_text_str(&moment), ptn_text_str(&moment));
        break;
    case PTN_COLUMN_DAY: ptn_text_addf(sql, "TRY_CAST(%s AS DATE)", x); break;
    case PTN_COLUMN_AMOUNT: ptn_text_addf(sql, "TRY_CAST(%s AS DECIMAL(18, 6))", x); break;
    case PTN_COLUMN_NUMBER: ptn_text_addf(sql, "TRY_CAST(%s AS DECIMAL(18, 3))", x); break;
    case PTN_COLUMN_RATE: ptn_text_addf(sql, "TRY_CAST(%s AS DECIMAL(18, 9))", x); break;
    case PTN_COLUMN_WHOLE: ptn_text_addf(sql, "TRY_CAST(%s AS BIGINT)", x); break;
    case PTN_COLUMN_TRUTH: ptn_text_addf(sql, "TRY_CAST(%s AS BOOLEAN)", x); break;
    }
    sql->failed |= ref.failed || moment.failed;
    ptn_text_free(&ref);
    ptn_text_free(&moment);
}

static const char *null_of(ptn_column_type type)
{
    switch (type) {
    case PTN_COLUMN_TEXT: return "NULL::VARCHAR";
    case PTN_COLUMN_MOMENT: return "NULL::TIMESTAMP";
    case PTN_COLUMN_DAY: return "NULL::DATE";
    case PTN_COLUMN_AMOUNT: return "NULL::DECIMAL(18, 6)";
    case PTN_COLUMN_NUMBER: return "NULL::DECIMAL(18, 3)";
    case PTN_COLUMN_RATE: return "NULL::DECIMAL(18, 9)";
    case PTN_COLUMN_WHOLE: return "NULL::BIGINT";
    case PTN_COLUMN_TRUTH: return "NULL::BOOLEAN";
    }
    return "NULL";
}

static int find(const ptn_bound_source *bound, const char *name)
{
    for (unsigned i = 0; i < bound->column_count; i++)
        if (strcasecmp(bound->names[i], name) == 0)
            return (int)i;
    return -1;
}

bool ptn_bound_source_is_extra(const ptn_bound_source *bound, unsigned column)
{
    if (starts_with(bound->names[column], "patron_"))
        return false;
    for (unsigned i = 0; i < bound->stream->column_count; i++)
        if (strcasecmp(bound->stream->columns[i].name, bound->names[column]) == 0)
            return false;
    return true;
}

/* E203: a required column is missing. Offers the only column that could be it. */
static patron_status missing(const ptn_bound_source *bound, const ptn_column *column, ptn_problem *problem)
{
    ptn_text given = {0};
    const char *candidate = NULL;
    unsigned candidates = 0;
    for (unsigned i = 0; i < bound->column_count; i++) {
        if (starts_with(bound->names[i], "patron_"))
            continue;
        ptn_text_addf(&given, "%s%s", given.length ? ", " : "", bound->names[i]);
        if (ptn_bound_source_is_extra(bound, i) && column->type != PTN_COLUMN_TEXT && accepts(column->type, bound->types[i]) &&
            strcmp(bound->types[i], "VARCHAR") != 0) {
            candidate = bound->names[i];
            candidates++;
        }
    }
    ptn_problem_set(problem, PATRON_EDATA, "E203", "stream %s needs \"%s\"", bound->stream->name, column->name);
    ptn_problem_where(problem, "%s: %s", bound->source->path, ptn_text_str(&given));
    ptn_problem_why(problem, "%s", column->meaning);
    if (candidates == 1)
        ptn_problem_fix(problem, "%s AS %s", candidate, column->name);
    else
        ptn_problem_fix(problem, "... AS %s", column->name);
    ptn_problem_more(problem, "patron help streams %s", bound->stream->name);
    ptn_text_free(&given);
    return PATRON_EDATA;
}

/* The first file that has nothing in it; NULL when there is none. DuckDB reads one as a single column of no rows. */
static const char *empty_file(const ptn_bound_source *bound, const char *folder)
{
    ptn_text path = {0};
    const char *found = NULL;
    for (unsigned i = 0; i < bound->scan.file_count && !found; i++) {
        struct stat about;
        ptn_text_clear(&path);
        if (bound->scan.files[i][0] != '/')
            ptn_text_addf(&path, "%s/", folder);
        ptn_text_add(&path, bound->scan.files[i]);
        if (!path.failed && stat(ptn_text_str(&path), &about) == 0 && S_ISREG(about.st_mode) && about.st_size == 0)
            found = bound->scan.files[i];
    }
    ptn_text_free(&path);
    return found;
}

static patron_status check_columns(const ptn_bound_source *bound, const char *folder, ptn_problem *problem)
{
    for (unsigned i = 0; i < bound->stream->column_count; i++) {
        const ptn_column *column = &bound->stream->columns[i];
        const int at = find(bound, column->name);
        const char *empty = at < 0 && column->required ? empty_file(bound, folder) : NULL;
        if (empty) {
            ptn_problem_set(problem, PATRON_EDATA, "E210", "%s is empty", empty);
            ptn_problem_where(problem, "%s", bound->source->path);
            ptn_problem_why(problem, "not even a line with the names of its columns");
            ptn_problem_fix(problem, "export it again, or take it out of the SELECT");
            return PATRON_EDATA;
        }
        if (at < 0 && column->required)
            return missing(bound, column, problem);
        if (at < 0 || accepts(column->type, bound->types[at]))
            continue;
        ptn_problem_set(problem, PATRON_EDATA, "E204", "\"%s\" is a %s; %s was expected", column->name, bound->types[at],
                        expected(column->type));
        ptn_problem_where(problem, "%s", bound->source->path);
        if (column->type == PTN_COLUMN_MOMENT && is_number(bound->types[at]))
            ptn_problem_fix(problem, "to_timestamp(%s) AS %s   (for seconds since 1970)", column->name, column->name);
        else
            ptn_problem_fix(problem, "%s::VARCHAR AS %s reads it as text", column->name, column->name);
        return PATRON_EDATA;
    }
    return PATRON_OK;
}

static patron_status describe(ptn_store *store, ptn_bound_source *bound, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    unsigned room = 0;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM source_select)", &rows, problem));
    while (ptn_rows_next(rows)) {
        if (bound->column_count == room) {
            room = room ? 2 * room : 32;
            char **names = realloc(bound->names, room * sizeof *names);
            if (names)
                bound->names = names;
            char **types = realloc(bound->types, room * sizeof *types);
            if (types)
                bound->types = types;
            if (!names || !types) {
                status = ptn_out_of_memory(problem);
                goto done;
            }
        }
        bound->names[bound->column_count] = strdup(ptn_rows_text(rows, 0));
        bound->types[bound->column_count] = strdup(ptn_rows_text(rows, 1));
        if (!bound->names[bound->column_count] || !bound->types[bound->column_count]) {
            free(bound->names[bound->column_count]);
            free(bound->types[bound->column_count]);
            status = ptn_out_of_memory(problem);
            goto done;
        }
        bound->column_count++;
    }

done:
    ptn_rows_free(rows);
    return status;
}

/* DuckDB puts the syntax tree of a SELECT into JSON, and an edited tree back into SQL. */
patron_status ptn_source_scan(ptn_store *store, const ptn_source *source, const char *folder, ptn_scan_mode mode, ptn_scan *scan,
                              char **sql, ptn_problem *problem)
{
    static const char *const raw_for[] = {"customer", "occurred_at", "amount", "quantity", "kind",
                                          "currency", "valid_from",  "rate",   "birth_date", "updated_at"};
    ptn_text question = {0};
    char *json = NULL;
    patron_status status = PATRON_OK;
    ptn_text_add(&question, "SELECT json_serialize_sql(");
    ptn_text_add_literal(&question, source->sql);
    ptn_text_add(&question, ", skip_null := true, skip_default := true)::VARCHAR");
    PTN_TRY(ptn_store_text(store, ptn_text_str(&question), &json, problem));
    const ptn_scan_source known = {.path = source->path, .sql = source->sql, .folder = folder, .raw_for = raw_for,
                                   .raw_for_count = sizeof raw_for / sizeof *raw_for};
    PTN_TRY(ptn_scan_edit(json, mode, &known, scan, problem));
    if (!sql)
        goto done;
    ptn_text_clear(&question);
    ptn_text_add(&question, "SELECT json_deserialize_sql(");
    ptn_text_add_literal(&question, scan->statement_json);
    ptn_text_add(&question, ")");
    PTN_TRY(ptn_store_text(store, ptn_text_str(&question), sql, problem));

done:
    free(json);
    ptn_text_free(&question);
    return status;
}

/* What DuckDB says of a file rather than of the statement; false when it is about something else. */
static bool name_file(ptn_problem *problem, const ptn_source *source, const char *folder)
{
    static const char none[] = "No files found that match the pattern", sniffing[] = "Error when sniffing file";
    char why[sizeof problem->why];
    snprintf(why, sizeof why, "%s", problem->why);
    const char *quoted = strchr(why, '"');
    const char *file = quoted ? quoted + 1 : why;
    const int length = (int)strcspn(file, "\"");
    const size_t in_folder = strlen(folder);
    const bool inside = strncmp(file, folder, in_folder) == 0 && file[in_folder] == '/';
    const int skip = inside ? (int)in_folder + 1 : 0;
    if (starts_with(why, none)) {
        ptn_problem_set(problem, PATRON_EDATA, "E209", "there is no file %.*s", length - skip, file + skip);
        ptn_problem_where(problem, "%s", source->path);
        ptn_problem_why(problem, "looked for in %s", folder);
        ptn_problem_fix(problem, "file names start at the project's folder, as in 'data/orders.csv'");
        return true;
    }
    const bool sniffed = starts_with(why, sniffing), stopped = starts_with(why, "line ") && strstr(why, "\": ");
    if (sniffed || stopped) {
        ptn_problem_set(problem, PATRON_EDATA, "E210", "%.*s cannot be read as CSV", length - skip, file + skip);
        ptn_problem_where(problem, "%s", source->path);
        if (stopped)
            ptn_problem_why(problem, "line %.*s: %s", (int)strcspn(why + 5, " "), why + 5, strstr(why, "\": ") + 3);
        else
            ptn_problem_why(problem, "no separator, quotes and line ends make columns of it; it may be of another kind or encoding");
        ptn_problem_fix(problem, "say how it is written: read_csv('...', delim = ';', encoding = 'utf-16')");
        return true;
    }
    return false;
}

/* Says that it is this source DuckDB cannot run, and where in it; its own words stay as the reason. */
static void name_source(ptn_store *store, ptn_problem *problem, const ptn_source *source, const char *folder)
{
    if (name_file(problem, source, folder))
        return;
    ptn_statement statement;
    ptn_problem said;
    const bool same = ptn_store_examine(store, source->sql, &statement, &said) != PATRON_OK && strcmp(said.why, problem->why) == 0;
    snprintf(problem->what, sizeof problem->what, "DuckDB cannot run %s", source->path);
    if (same && statement.fault_at >= 0)
        ptn_problem_point(problem, source->path, source->sql, (size_t)statement.fault_at, statement.fault_width);
    if (!problem->where[0])
        ptn_problem_where(problem, "%s", source->path);
    if (!problem->fix[0])
        ptn_problem_fix(problem, "correct the SELECT; try parts of it with: patron sql");
}

/* Binds the statement edited as `mode` says or, where that fails, less. *own: how many columns the user's SELECT has. */
static patron_status bind(ptn_store *store, const ptn_source *source, const char *folder, ptn_scan_mode mode, ptn_bound_source *out,
                          unsigned *own, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *edited = NULL;
    ptn_text view = {0};
    *out = (ptn_bound_source){.source = source, .stream = ptn_stream_find(source->stream), .mode = mode};
    *own = 0;
    PTN_TRY(ptn_source_scan(store, source, folder, mode, &out->scan, &edited, problem));
    ptn_text_addf(&view, "CREATE OR REPLACE TEMP VIEW source_select AS %s", edited);
    status = ptn_store_run(store, ptn_text_str(&view), problem);
    if (status != PATRON_OK && mode > PTN_SCAN_PLAIN) {
        /* Is it the statement, or what we added to it? Add less; what fails plain is the user's to mend. */
        ptn_bound_source_free(out);
        status = bind(store, source, folder, mode - 1, out, own, problem);
        goto done;
    }
    PTN_TRY(status);
    PTN_TRY(describe(store, out, problem));
    for (unsigned i = 0; i < out->column_count; i++)
        *own += !starts_with(out->names[i], "patron_");
    PTN_TRY(check_columns(out, folder, problem));

done:
    if (status != PATRON_OK)
        ptn_bound_source_free(out);
    free(edited);
    ptn_text_free(&view);
    return status;
}

patron_status ptn_source_bind(ptn_store *store, const ptn_source *source, const char *folder, ptn_scan_mode mode, ptn_bound_source *out,
                              ptn_problem *problem)
{
    unsigned own;
    patron_status status = bind(store, source, folder, mode, out, &own, problem);
    const bool no_columns = ptn_store_last_fault(store) == PTN_FAULT_VALUE || own == 1;
    if (status != PATRON_OK && mode < PTN_SCAN_REJECT && no_columns) {
        /* A line near the top of a CSV file can keep DuckDB from seeing its columns. With care it is left out. */
        ptn_problem again;
        if (bind(store, source, folder, PTN_SCAN_CAREFUL, out, &own, &again) == PATRON_OK)
            return PATRON_OK;
    }
    if (status != PATRON_OK && strcmp(problem->code, "E301") == 0 && !problem->where[0])
        name_source(store, problem, source, folder);
    if (status != PATRON_OK && !problem->where[0])
        ptn_problem_where(problem, "%s", source->path);
    return status;
}

void ptn_bound_source_free(ptn_bound_source *bound)
{
    for (unsigned i = 0; i < bound->column_count; i++) {
        free(bound->names[i]);
        free(bound->types[i]);
    }
    free(bound->names);
    free(bound->types);
    ptn_scan_free(&bound->scan);
    *bound = (ptn_bound_source){0};
}

static void add_extra(ptn_text *sql, const ptn_bound_source *bound, const char *const *names, unsigned count)
{
    if (count == 0) {
        ptn_text_add(sql, "NULL::VARCHAR AS extra");
        return;
    }
    ptn_text_add(sql, "struct_pack(");
    for (unsigned i = 0; i < count; i++) {
        const int at = find(bound, names[i]);
        ptn_text_add(sql, i ? ", " : "");
        ptn_text_add_ident(sql, names[i]);
        ptn_text_add(sql, " := ");
        if (at >= 0)
            add_text(sql, bound->names[at], bound->types[at]);
        else
            ptn_text_add(sql, "NULL::VARCHAR");
    }
    ptn_text_add(sql, ") AS extra");
}

patron_status ptn_source_rows_create(ptn_store *store, const ptn_bound_source *bound, const char *const *extra_names,
                                     unsigned extra_count, const char *only_files, ptn_problem *problem)
{
    ptn_text sql = {0};
    char raw[80];
    ptn_text_add(&sql, "CREATE OR REPLACE TEMP VIEW source_rows AS SELECT ");
    for (unsigned i = 0; i < bound->stream->column_count; i++) {
        const ptn_column *column = &bound->stream->columns[i];
        const int at = find(bound, column->name);
        if (strcmp(column->name, "source_row") == 0)
            continue;
        if (at < 0) {
            ptn_text_addf(&sql, "%s AS %s, NULL::VARCHAR AS %s_given, ", null_of(column->type), column->name, column->name);
            continue;
        }
        add_typed(&sql, bound->names[at], bound->types[at], column->type);
        ptn_text_addf(&sql, " AS %s, ", column->name);
        snprintf(raw, sizeof raw, "patron_raw_%s", column->name);
        const int raw_at = find(bound, raw);
        ptn_text_add(&sql, "s.");
        ptn_text_add_ident(&sql, bound->names[raw_at >= 0 ? raw_at : at]); /* what the file said, when the SELECT computed it */
        ptn_text_addf(&sql, " AS %s_given, ", column->name);
    }
    const int row_at = find(bound, "source_row");
    const bool origin = bound->scan.has_origin;
    ptn_text_add(&sql, origin ? "s.patron_file AS file, " : "NULL::VARCHAR AS file, ");
    if (row_at >= 0)
        add_typed(&sql, bound->names[row_at], bound->types[row_at], PTN_COLUMN_WHOLE);
    else
        ptn_text_add(&sql, origin ? "s.patron_row" : "row_number() OVER ()");
    ptn_text_add(&sql, " AS source_row, ");
    add_extra(&sql, bound, extra_names, extra_count);
    ptn_text_add(&sql, " FROM source_select AS s");
    if (only_files)
        ptn_text_addf(&sql, " WHERE s.patron_file IN (%s)", only_files);
    patron_status status = sql.failed ? ptn_out_of_memory(problem) : ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}
