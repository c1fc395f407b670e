/* What stands behind FROM: a table as DuckDB reads it. */
#include "draft_scan.h"

#include <string.h>
#include <strings.h>

static bool ends_with(const char *text, const char *end)
{
    const size_t a = strlen(text), b = strlen(end);
    return a >= b && strcasecmp(text + a - b, end) == 0;
}

/* DuckDB stops at lines of two million bytes unless it is told of longer ones. */
void ptn_draft_add_line_size(int64_t longest, ptn_text *sql)
{
    if (longest > 1900000)
        ptn_text_addf(sql, ", max_line_size = %lld", (long long)(longest + longest / 4));
}

static void add_option(ptn_text *sql, const char *name, const char *value)
{
    ptn_text_addf(sql, ", %s = ", name);
    ptn_text_add_literal(sql, value);
}

void ptn_draft_add_path(const char *path, const char *from, ptn_text *out)
{
    size_t shared = 0;
    int up = 0;
    for (size_t i = 0; from; i++) {
        const bool a = path[i] == '/' || path[i] == '\0', b = from[i] == '/' || from[i] == '\0';
        if (a && b)
            shared = i;
        if (path[i] != from[i] || path[i] == '\0')
            break;
    }
    for (const char *at = from ? from + shared : ""; *at; at++)
        up += *at == '/' && at[1];
    if (!from || up > 2) {
        ptn_text_add(out, path);
        return;
    }
    for (int i = 0; i < up; i++)
        ptn_text_add(out, "../");
    ptn_text_add(out, path + shared + (path[shared] == '/'));
}

static void add_path(const char *path, const char *from, ptn_text *sql)
{
    ptn_text name = {0};
    ptn_draft_add_path(path, from, &name);
    ptn_text_add_literal(sql, ptn_text_str(&name));
    sql->failed |= name.failed;
    ptn_text_free(&name);
}

static void add_files(const ptn_draft_table *t, const char *from, ptn_text *sql)
{
    if (t->pattern || t->file_count == 1) {
        add_path(t->pattern ? t->pattern : t->files[0], from, sql);
        return;
    }
    ptn_text_add(sql, "[");
    for (unsigned i = 0; i < t->file_count; i++) {
        ptn_text_add(sql, i ? ", " : "");
        add_path(t->files[i], from, sql);
    }
    ptn_text_add(sql, "]");
}

void ptn_draft_scan_for_looking(const ptn_draft_table *t, ptn_text *sql)
{
    static const char *const functions[] = {"read_csv", "read_parquet", "read_json", "read_xlsx"};
    if (t->kind == PTN_DRAFT_DATABASE) {
        ptn_text_add(sql, t->table);
        return;
    }
    ptn_text_addf(sql, "%s(", functions[t->kind]);
    add_files(t, NULL, sql);
    if (t->kind == PTN_DRAFT_CSV) {
        add_option(sql, "delim", t->delimiter);
        add_option(sql, "quote", t->quote);
        if (t->quote[0])
            add_option(sql, "escape", t->escape[0] ? t->escape : t->quote);
        add_option(sql, "encoding", t->encoding);
        ptn_text_addf(sql, ", header = %s, all_varchar = true, ignore_errors = true", t->header ? "true" : "false");
        if (t->skip)
            ptn_text_addf(sql, ", skip = %d", t->skip);
        ptn_text_add(sql, t->ragged ? ", null_padding = true, strict_mode = false" : "");
        ptn_draft_add_line_size(t->longest_line, sql);
    }
    ptn_text_add(sql, t->other_orders ? ", union_by_name = true)" : ")");
}

/* As plain as it can be: FROM 'orders.csv' where DuckDB sees the rest by itself. */
void ptn_draft_scan_for_source(const ptn_draft_table *t, const char *from, ptn_text *sql)
{
    static const char *const functions[] = {"read_csv", "read_parquet", "read_json", "read_xlsx"};
    ptn_text options = {0};
    if (t->kind == PTN_DRAFT_DATABASE) {
        ptn_text_add(sql, t->table);
        return;
    }
    if (t->kind == PTN_DRAFT_CSV) {
        if (t->outspoken || strcmp(t->delimiter, ",") != 0)
            add_option(&options, "delim", t->delimiter);
        if (t->outspoken || t->quotes_late)
            add_option(&options, "quote", t->quote);
        if (t->outspoken && t->quote[0])
            add_option(&options, "escape", t->escape[0] ? t->escape : t->quote);
        if (strcmp(t->encoding, "utf-8") != 0)
            add_option(&options, "encoding", t->encoding);
        if (t->outspoken || !t->header)
            ptn_text_addf(&options, ", header = %s", t->header ? "true" : "false");
        if (t->skip)
            ptn_text_addf(&options, ", skip = %d", t->skip);
        ptn_text_add(&options, t->ragged ? ", null_padding = true, strict_mode = false" : "");
        ptn_text_add(&options, t->text_only ? ", all_varchar = true" : "");
        ptn_draft_add_line_size(t->longest_line, &options);
    }
    ptn_text_add(&options, t->other_orders ? ", union_by_name = true" : "");
    const char *first = t->pattern ? t->pattern : t->files[0];
    const bool by_name = (t->pattern || t->file_count == 1) && !options.length
                         && (t->kind == PTN_DRAFT_CSV ? ends_with(first, ".csv") || ends_with(first, ".tsv") || ends_with(first, ".csv.gz")
                             : t->kind == PTN_DRAFT_JSON ? ends_with(first, ".json") || ends_with(first, ".jsonl") || ends_with(first, ".ndjson")
                                                         : t->kind == PTN_DRAFT_PARQUET && ends_with(first, ".parquet"));
    if (!by_name)
        ptn_text_addf(sql, "%s(", functions[t->kind]);
    add_files(t, from, sql);
    if (!by_name)
        ptn_text_addf(sql, "%s)", ptn_text_str(&options));
    sql->failed |= options.failed;
    ptn_text_free(&options);
}

/* The fewer options the SELECT needs, the better it reads; but DuckDB must see the same columns then. */
patron_status ptn_draft_scan_settle(ptn_store *store, ptn_draft_table *t, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    unsigned at = 0;
    bool same = true;
    if (t->kind != PTN_DRAFT_CSV)
        return PATRON_OK;
    ptn_text_add(&sql, "SELECT column_name FROM (DESCRIBE SELECT * FROM ");
    ptn_draft_scan_for_source(t, NULL, &sql);
    ptn_text_add(&sql, ")");
    if (ptn_store_query(store, ptn_text_str(&sql), &rows, problem) != PATRON_OK)
        same = false;
    while (same && ptn_rows_next(rows)) {
        same = at >= t->column_count || strcmp(ptn_rows_text(rows, 0), t->columns[at].name) == 0;
        at++;
    }
    t->outspoken |= !same || at != t->column_count + t->columns_left_out;
    *problem = (ptn_problem){0};
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}
