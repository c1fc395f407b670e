/* Files as tables to look at. */
#include "draft_input.h"

#include <ctype.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draft_database.h"
#include "draft_files.h"
#include "draft_scan.h"

/* ---- what a file is ---- */

static patron_status not_data(const ptn_draft_file *f, const char *why, const char *fix, ptn_problem *problem)
{
    ptn_problem_set(problem, PATRON_EDATA, "E520", "%s cannot be used", f->shown);
    ptn_problem_why(problem, "%s", why);
    ptn_problem_fix(problem, "%s", fix);
    return PATRON_EDATA;
}

/* False, with the reason in `problem`, when patron cannot use it. */
static bool kind_of(ptn_store *store, const ptn_draft_file *f, ptn_draft_kind *kind, ptn_problem *problem)
{
    ptn_problem ignored;
    switch (f->bytes.kind) {
    case PTN_BYTES_TEXT: *kind = PTN_DRAFT_CSV; return true;
    case PTN_BYTES_JSON: *kind = PTN_DRAFT_JSON; return true;
    case PTN_BYTES_PARQUET: *kind = PTN_DRAFT_PARQUET; return true;
    case PTN_BYTES_PACKED: *kind = strcasestr(f->path, ".json") ? PTN_DRAFT_JSON : PTN_DRAFT_CSV; return true;
    case PTN_BYTES_EXCEL:
        *kind = PTN_DRAFT_EXCEL;
        if (ptn_store_run(store, "LOAD excel", &ignored) == PATRON_OK)
            return true;
        not_data(f, "DuckDB reads workbooks with its extension excel, and that is not on this machine",
                 "script/setup --databases brings it; or save the sheet as CSV (UTF-8) and give that file", problem);
        return false;
    case PTN_BYTES_OLD_EXCEL: not_data(f, "a workbook in Excel's old format", "save the sheet as CSV (UTF-8) and give that file", problem); return false;
    case PTN_BYTES_EMPTY: not_data(f, "it is empty", "export it again", problem); return false;
    case PTN_BYTES_SQLITE:
    case PTN_BYTES_DUCKDB: not_data(f, "a database stands alone: it has its tables", "give it by itself", problem); return false;
    default: not_data(f, "it is not text, Parquet or JSON: it has bytes that no text has", "export the data as CSV or Parquet", problem); return false;
    }
}

/* Separator, quotes and header, as DuckDB sees them. */
static patron_status sniff(ptn_store *store, const ptn_draft_file *f, ptn_draft_table *t, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    bool any = false;
    for (int lenient = 0; lenient < 2; lenient++) {
        ptn_text_clear(&sql);
        ptn_text_add(&sql, "SELECT Delimiter, Quote, Escape, SkipRows::BIGINT, HasHeader, len(Columns)::BIGINT, Columns[1].name FROM sniff_csv(");
        ptn_text_add_literal(&sql, f->path);
        ptn_text_addf(&sql, ", encoding = '%s'%s", f->bytes.encoding, lenient ? ", null_padding = true, strict_mode = false" : "");
        ptn_draft_add_line_size(f->bytes.longest_line, &sql);
        ptn_text_add(&sql, ")");
        status = ptn_store_query(store, ptn_text_str(&sql), &rows, problem);
        t->ragged = lenient;
        if (status != PATRON_OK)
            continue;
        /* lines of different length make DuckDB see a single column, called by the whole first line */
        any = ptn_rows_next(rows);
        if (!any || lenient || ptn_rows_int(rows, 5) > 1 || !strpbrk(ptn_rows_text(rows, 6) ? ptn_rows_text(rows, 6) : "", ",;\t|"))
            break;
        ptn_rows_free(rows);
        rows = NULL;
    }
    if (status != PATRON_OK || !any) {
        char why[sizeof problem->why];
        snprintf(why, sizeof why, "%s", f->bytes.kind == PTN_BYTES_PACKED ? problem->why
                 : "no separator, quotes and line ends make columns of it");
        status = not_data(f, why, "export it again as CSV in UTF-8, with a line of column names on top", problem);
        goto done;
    }
    ptn_rows_copy(rows, 0, t->delimiter, sizeof t->delimiter);
    ptn_rows_copy(rows, 1, t->quote, sizeof t->quote);
    ptn_rows_copy(rows, 2, t->escape, sizeof t->escape);
    t->skip = (int)ptn_rows_int(rows, 3);
    t->header = ptn_rows_int(rows, 4);
    t->encoding = f->bytes.encoding;
    if (strcmp(t->quote, "(empty)") == 0)
        t->quote[0] = '\0';
    if (strcmp(t->escape, "(empty)") == 0)
        t->escape[0] = '\0';
    if (t->escape[0] && strcmp(t->escape, t->quote) != 0 && t->escape[0] != '\\') { /* 1'234.50 in quotes: no ' escapes anything there */
        strcpy(t->escape, t->quote);
        t->outspoken = true;
    }
    if (!t->quote[0] && (f->bytes.quotes || f->bytes.kind == PTN_BYTES_PACKED)) {
        strcpy(t->quote, "\"");
        t->quotes_late = f->bytes.quotes;
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* ---- columns ---- */

patron_status ptn_draft_describe(ptn_store *store, ptn_draft_table *t, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    ptn_text_add(&sql, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ");
    ptn_draft_scan_for_looking(t, &sql);
    ptn_text_add(&sql, ")");
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    t->columns = calloc(PTN_DRAFT_COLUMNS_MAX, sizeof *t->columns);
    if (!t->columns) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    while (ptn_rows_next(rows)) {
        if (t->column_count == PTN_DRAFT_COLUMNS_MAX) {
            t->columns_left_out++;
            continue;
        }
        ptn_draft_column *c = &t->columns[t->column_count++];
        c->name = strdup(ptn_rows_text(rows, 0));
        c->type = strdup(ptn_rows_text(rows, 1));
        if (!c->name || !c->type) {
            status = ptn_out_of_memory(problem);
            goto done;
        }
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* ---- tables ---- */

static bool has_name(const ptn_draft_table *t, const char *name)
{
    for (unsigned i = 0; i < t->column_count; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return true;
    return false;
}

/* The same columns, written the same way: one table in two files. */
static bool same_table(const ptn_draft_table *a, const ptn_draft_table *b, bool *other_order)
{
    *other_order = false;
    if (a->kind != b->kind || a->kind == PTN_DRAFT_DATABASE || a->column_count != b->column_count)
        return false;
    if (a->kind == PTN_DRAFT_CSV && (strcmp(a->delimiter, b->delimiter) != 0 || strcmp(a->encoding, b->encoding) != 0 || a->skip != b->skip
                                     || !a->header || !b->header))
        return false;
    for (unsigned i = 0; i < a->column_count; i++) {
        if (!has_name(a, b->columns[i].name))
            return false;
        *other_order |= strcmp(a->columns[i].name, b->columns[i].name) != 0;
    }
    return true;
}

static void free_columns(ptn_draft_table *t)
{
    for (unsigned i = 0; i < t->column_count; i++) {
        free(t->columns[i].name);
        free(t->columns[i].type);
    }
    free(t->columns);
    t->columns = NULL;
    t->column_count = 0;
}

static patron_status add_file(ptn_draft_table *t, const ptn_draft_file *f, ptn_problem *problem)
{
    char **files = realloc(t->files, (t->file_count + 1) * sizeof *files);
    if (files)
        t->files = files;
    if (!files || !(t->files[t->file_count] = strdup(f->path)))
        return ptn_out_of_memory(problem);
    t->file_count++;
    t->bytes += f->bytes.size;
    if (f->bytes.longest_line > t->longest_line)
        t->longest_line = f->bytes.longest_line;
    return PATRON_OK;
}

/* Looks at one file and puts it where it belongs. */
static patron_status place(ptn_draft *draft, const ptn_draft_file *f, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_draft_table one = {.key = -1, .customer_guess = -1, .moment_guess = -1, .sign_guess = -1, .encoding = "utf-8"};
    if (!kind_of(draft->store, f, &one.kind, problem)) {
        status = problem->status;
        goto done;
    }
    if (one.kind == PTN_DRAFT_CSV)
        PTN_TRY(sniff(draft->store, f, &one, problem));
    PTN_TRY(add_file(&one, f, problem));
    status = ptn_draft_describe(draft->store, &one, problem);
    if (status != PATRON_OK && strcmp(problem->code, "E402") != 0) {
        char why[sizeof problem->why];
        snprintf(why, sizeof why, "%s", problem->why);
        status = not_data(f, why, "export it again, or convert it to CSV or Parquet", problem);
    }
    PTN_TRY(status);
    for (unsigned i = 0; i < draft->table_count; i++) {
        bool other_order;
        if (!same_table(&draft->tables[i], &one, &other_order))
            continue;
        draft->tables[i].other_orders |= other_order;
        draft->tables[i].quotes_late |= one.quotes_late;
        draft->tables[i].ragged |= one.ragged;
        if (one.quote[0])
            memcpy(draft->tables[i].quote, one.quote, sizeof one.quote);
        status = add_file(&draft->tables[i], f, problem);
        goto done;
    }
    if (draft->table_count == PTN_DRAFT_TABLES_MAX) {
        ptn_draft_note_add(draft, "more than %d different tables: %s and what follows is left out", PTN_DRAFT_TABLES_MAX, f->shown);
        goto done;
    }
    one.label = strdup(f->shown);
    one.stem = strdup(ptn_draft_base(f->path));
    draft->tables[draft->table_count++] = one;
    one = (ptn_draft_table){0};

done:
    free_columns(&one);
    for (unsigned i = 0; i < one.file_count; i++)
        free(one.files[i]);
    free(one.files);
    return status;
}

/* One pattern that names all files of a table and no other: then next month's file is read without a word. */
static void find_pattern(ptn_draft_table *t)
{
    char pattern[PATH_MAX];
    glob_t matches = {0};
    if (t->file_count < 2)
        return;
    const char *first = t->files[0];
    size_t same = strlen(first), folder = (size_t)(ptn_draft_base(first) - first);
    for (unsigned i = 1; i < t->file_count; i++) {
        size_t k = 0;
        while (k < same && t->files[i][k] == first[k])
            k++;
        same = k;
    }
    const char *dot = strchr(ptn_draft_base(first), '.');
    if (same < folder || !dot)
        return;
    while (same > folder && isdigit((unsigned char)first[same - 1])) /* not orders_20*.csv */
        same--;
    for (unsigned whole = 0; whole < 2 && !t->pattern; whole++) {
        snprintf(pattern, sizeof pattern, "%.*s*%s", (int)(whole ? same : folder), first, dot);
        if (strpbrk(first, "*?[\\") || glob(pattern, 0, NULL, &matches) != 0)
            return;
        bool all = matches.gl_pathc == t->file_count;
        for (unsigned i = 0; all && i < t->file_count; i++)
            all = strcmp(matches.gl_pathv[i], t->files[i]) == 0;
        globfree(&matches);
        if (all)
            t->pattern = strdup(pattern);
    }
}

/* How a table of several files is called: by its pattern, or by its first file. */
static void name_group(ptn_draft_table *t)
{
    char label[PATH_MAX];
    if (t->file_count < 2)
        return;
    const int folder = (int)(ptn_draft_base(t->label) - t->label);
    if (t->pattern)
        snprintf(label, sizeof label, "%.*s%s", folder, t->label, ptn_draft_base(t->pattern));
    else
        snprintf(label, sizeof label, "%s and %u more", t->label, t->file_count - 1);
    free(t->label);
    t->label = strdup(label);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static patron_status files_to_tables(ptn_draft *draft, const ptn_draft_files *all, ptn_problem *problem)
{
    ptn_problem first = {0};
    unsigned passed_over = all->passed_over, usable = 0;
    for (unsigned i = 0; i < all->count; i++) {
        const patron_status status = place(draft, &all->items[i], problem);
        if (status == PATRON_OK) {
            usable++;
            continue;
        }
        if (all->items[i].named || status == PATRON_ENOMEM)
            return status;
        if (!first.code[0])
            first = *problem;
        ptn_draft_note_add(draft, "%s is left out: %s", all->items[i].shown, problem->why);
        passed_over -= passed_over > 0;
    }
    if (usable == 0 && first.code[0]) {
        *problem = first;
        return first.status;
    }
    for (unsigned i = 0; i < draft->table_count; i++) {
        qsort(draft->tables[i].files, draft->tables[i].file_count, sizeof(char *), by_path);
        find_pattern(&draft->tables[i]);
        name_group(&draft->tables[i]);
    }
    return PATRON_OK;
}

patron_status ptn_draft_inputs(const ptn_draft_options *options, ptn_draft *draft, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_draft_files all = {0};
    for (unsigned i = 0; i < options->given_count; i++) {
        if (ptn_draft_database(draft, options->given[i], options->given_count == 1, &status, problem))
            goto done;
        PTN_TRY(ptn_draft_files_find(options->given[i], &all, problem));
    }
    if (all.count == 0) {
        ptn_problem_set(problem, PATRON_EDATA, "E520", "there is no data in %s", options->given[0]);
        ptn_problem_why(problem, "no CSV, Parquet or JSON file, %u of other kinds", all.passed_over);
        ptn_problem_fix(problem, "give the file itself, whatever its name");
        status = PATRON_EDATA;
        goto done;
    }
    PTN_TRY(files_to_tables(draft, &all, problem));

done:
    ptn_draft_files_free(&all);
    return status;
}
