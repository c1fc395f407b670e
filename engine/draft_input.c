/* Files and folders as tables to look at. */
#include "draft_input.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft_bytes.h"
#include "draft_database.h"
#include "draft_scan.h"

enum { FILES_MAX = 5000, DEPTH_MAX = 4 };

/* One file on its way to a table. */
typedef struct found {
    char *path, *shown;
    ptn_bytes bytes;
    bool named; /* by the user, and not met in a folder: then what is wrong with it is an error */
} found;

typedef struct findings {
    found *items;
    unsigned count, room;
    unsigned passed_over; /* files of a folder that are no data */
} findings;

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t a = strlen(text), b = strlen(end);
    return a >= b && strcasecmp(text + a - b, end) == 0;
}

/* ---- finding files ---- */

static patron_status keep(findings *out, const char *path, const char *shown, bool named, ptn_problem *problem)
{
    if (out->count == FILES_MAX) {
        ptn_problem_set(problem, PATRON_EDATA, "E520", "more than %d files", FILES_MAX);
        ptn_problem_fix(problem, "give one of them, and put a pattern into the SELECT: FROM 'data/*.csv'");
        return PATRON_EDATA;
    }
    if (out->count == out->room) {
        const unsigned room = out->room ? 2 * out->room : 16;
        found *items = realloc(out->items, room * sizeof *items);
        if (!items)
            return ptn_out_of_memory(problem);
        out->items = items;
        out->room = room;
    }
    found *f = &out->items[out->count];
    *f = (found){.path = realpath(path, NULL), .shown = strdup(shown), .named = named};
    out->count++;
    if (!f->path || !f->shown) {
        ptn_problem_set(problem, PATRON_EIO, "E520", "%s cannot be read", shown);
        ptn_problem_why(problem, "%s", strerror(errno));
        return PATRON_EIO;
    }
    return ptn_bytes_look(f->path, shown, &f->bytes, problem);
}

static bool data_by_name(const char *name)
{
    static const char *const ends[] = {".csv", ".tsv", ".txt", ".tab", ".parquet", ".json", ".jsonl", ".ndjson", ".xlsx",
                                       ".csv.gz", ".tsv.gz", ".json.gz", ".jsonl.gz", ".csv.zst"};
    for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(name, ends[i]))
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static patron_status walk_folder(const char *path, const char *shown, int depth, findings *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char **names = NULL;
    unsigned count = 0, room = 0;
    DIR *folder = opendir(path);
    if (!folder) {
        ptn_problem_set(problem, PATRON_EIO, "E520", "%s cannot be read", shown);
        ptn_problem_why(problem, "%s", strerror(errno));
        return PATRON_EIO;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        if (count == room) {
            room = room ? 2 * room : 64;
            char **more = realloc(names, room * sizeof *names);
            if (!more) {
                status = ptn_out_of_memory(problem);
                goto done;
            }
            names = more;
        }
        if ((names[count] = strdup(entry->d_name)))
            count++;
    }
    if (count)
        qsort(names, count, sizeof *names, by_name);
    for (unsigned i = 0; i < count; i++) {
        char inside[PATH_MAX], called[PATH_MAX];
        struct stat about;
        snprintf(inside, sizeof inside, "%s/%s", path, names[i]);
        snprintf(called, sizeof called, "%s/%s", shown, names[i]);
        if (stat(inside, &about) != 0)
            continue;
        if (S_ISDIR(about.st_mode) && depth < DEPTH_MAX)
            PTN_TRY(walk_folder(inside, called, depth + 1, out, problem));
        else if (S_ISREG(about.st_mode) && data_by_name(names[i]))
            PTN_TRY(keep(out, inside, called, false, problem));
        else
            out->passed_over += S_ISREG(about.st_mode);
    }

done:
    for (unsigned i = 0; i < count; i++)
        free(names[i]);
    free(names);
    closedir(folder);
    return status;
}

/* "no file ordrs.csv", with the nearest that there is. */
patron_status ptn_draft_no_file(const char *given, ptn_problem *problem)
{
    char dir[PATH_MAX], *names[256];
    unsigned count = 0;
    const char *base = base_of(given);
    ptn_problem_set(problem, PATRON_EIO, "E520", "there is no %s", given);
    snprintf(dir, sizeof dir, "%.*s", (int)(base - given), given);
    DIR *folder = opendir(dir[0] ? dir : ".");
    for (struct dirent *entry; folder && (entry = readdir(folder)) && count < 256;)
        if (entry->d_name[0] != '.' && (names[count] = strdup(entry->d_name)))
            count++;
    if (folder)
        closedir(folder);
    const char *near = ptn_nearest(base, (const char *const *)names, count);
    if (near)
        ptn_problem_fix(problem, "did you mean \"%s%s\"?", dir, near);
    else
        ptn_problem_fix(problem, "give a file (CSV, Parquet, JSON), a folder of them, or a database");
    while (count)
        free(names[--count]);
    return PATRON_EIO;
}

static patron_status find_files(const char *given, findings *out, ptn_problem *problem)
{
    struct stat about;
    glob_t matches = {0};
    patron_status status = PATRON_OK;
    if (stat(given, &about) == 0) {
        if (S_ISDIR(about.st_mode)) {
            char shown[PATH_MAX];
            snprintf(shown, sizeof shown, "%s", given);
            for (size_t n = strlen(shown); n > 1 && shown[n - 1] == '/';)
                shown[--n] = '\0';
            return walk_folder(shown, shown, 0, out, problem);
        }
        if (!S_ISREG(about.st_mode)) {
            ptn_problem_set(problem, PATRON_EDATA, "E520", "%s is no file that stays", given);
            ptn_problem_why(problem, "patron new copies nothing: every build reads the data where it lies");
            ptn_problem_fix(problem, "write it to a file first");
            return PATRON_EDATA;
        }
        return keep(out, given, given, true, problem);
    }
    if (strpbrk(given, "*?[") && glob(given, 0, NULL, &matches) == 0) {
        for (size_t i = 0; i < matches.gl_pathc && status == PATRON_OK; i++)
            status = keep(out, matches.gl_pathv[i], matches.gl_pathv[i], true, problem);
        globfree(&matches);
        return status;
    }
    return ptn_draft_no_file(given, problem);
}

/* ---- what a file is ---- */

static patron_status not_data(const found *f, const char *why, const char *fix, ptn_problem *problem)
{
    ptn_problem_set(problem, PATRON_EDATA, "E520", "%s cannot be used", f->shown);
    ptn_problem_why(problem, "%s", why);
    ptn_problem_fix(problem, "%s", fix);
    return PATRON_EDATA;
}

/* False, with the reason in `problem`, when patron cannot use it. */
static bool kind_of(ptn_store *store, const found *f, ptn_draft_kind *kind, ptn_problem *problem)
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
                 "save the sheet as CSV (UTF-8) and give that file", problem);
        return false;
    case PTN_BYTES_OLD_EXCEL: not_data(f, "a workbook in Excel's old format", "save the sheet as CSV (UTF-8) and give that file", problem); return false;
    case PTN_BYTES_EMPTY: not_data(f, "it is empty", "export it again", problem); return false;
    case PTN_BYTES_SQLITE:
    case PTN_BYTES_DUCKDB: not_data(f, "a database stands alone: it has its tables", "give it by itself", problem); return false;
    default: not_data(f, "it is not text, Parquet or JSON: it has bytes that no text has", "export the data as CSV or Parquet", problem); return false;
    }
}

/* Separator, quotes and header, as DuckDB sees them. */
static patron_status sniff(ptn_store *store, const found *f, ptn_draft_table *t, ptn_problem *problem)
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

static patron_status add_file(ptn_draft_table *t, const found *f, ptn_problem *problem)
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
static patron_status place(ptn_draft *draft, const found *f, ptn_problem *problem)
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
    one.stem = strdup(base_of(f->path));
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
    size_t same = strlen(first), folder = (size_t)(base_of(first) - first);
    for (unsigned i = 1; i < t->file_count; i++) {
        size_t k = 0;
        while (k < same && t->files[i][k] == first[k])
            k++;
        same = k;
    }
    const char *dot = strchr(base_of(first), '.');
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
    const int folder = (int)(base_of(t->label) - t->label);
    if (t->pattern)
        snprintf(label, sizeof label, "%.*s%s", folder, t->label, base_of(t->pattern));
    else
        snprintf(label, sizeof label, "%s and %u more", t->label, t->file_count - 1);
    free(t->label);
    t->label = strdup(label);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static patron_status files_to_tables(ptn_draft *draft, const findings *all, ptn_problem *problem)
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

/* ---- all that was given ---- */

patron_status ptn_draft_inputs(const ptn_draft_options *options, ptn_draft *draft, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    findings all = {0};
    for (unsigned i = 0; i < options->given_count; i++) {
        if (ptn_draft_database(draft, options->given[i], options->given_count == 1, &status, problem))
            goto done;
        PTN_TRY(find_files(options->given[i], &all, problem));
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
    for (unsigned i = 0; i < all.count; i++) {
        free(all.items[i].path);
        free(all.items[i].shown);
    }
    free(all.items);
    return status;
}
