/* Parts into a SELECT with comments. */
#include "draft_select.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft_columns.h"
#include "draft_scan.h"
#include "streams.h"
#include "text.h"

void ptn_draft_word(const char *from, char *out, size_t size)
{
    size_t n = 0;
    for (; *from && *from != '.' && n + 1 < size; from++) {
        const bool plain = isalnum((unsigned char)*from) && (unsigned char)*from < 0x80;
        if (plain)
            out[n++] = (char)tolower((unsigned char)*from);
        else if (n && out[n - 1] != '_')
            out[n++] = '_';
    }
    while (n && out[n - 1] == '_')
        n--;
    out[n] = '\0';
}

/* orders_2024_01 and part_3 are called by what they are, not by when or which. */
static bool says_nothing(const char *word)
{
    static const char *const empty[] = {"", "data", "export", "file", "files", "year", "month", "week", "day", "part", "sheet", "page", "download",
                                        "csv", "parquet", "json", "table", "dump", "new", "all", "input", "report", "untitled", "query"};
    for (unsigned i = 0; i < sizeof empty / sizeof *empty; i++)
        if (strcmp(word, empty[i]) == 0)
            return true;
    return false;
}

static void name_source(const ptn_draft *draft, ptn_draft_table *t)
{
    char word[48];
    ptn_draft_word(t->stem, word, sizeof word);
    size_t n = strlen(word);
    if (t->file_count > 1)
        while (n && (isdigit((unsigned char)word[n - 1]) || word[n - 1] == '_'))
            word[--n] = '\0';
    if (says_nothing(word) || isdigit((unsigned char)word[0]))
        snprintf(word, sizeof word, "%s", strcmp(t->stream, "ledger") == 0 ? "orders" : t->stream);
    snprintf(t->source, sizeof t->source, "%s", word);
    for (unsigned number = 2, again = 1; again; number++) {
        again = 0;
        for (const ptn_draft_table *other = draft->tables; other < t; other++)
            again |= other->stream && strcasecmp(other->source, t->source) == 0;
        if (again)
            snprintf(t->source, sizeof t->source, "%s_%u", word, number);
    }
}

/* A name for a column that the stream does not know: its own in small letters, and none that means something there. */
static void name_extra(const ptn_draft_table *t, unsigned column, char names[][64], unsigned count, char *out, size_t size)
{
    const ptn_stream *stream = ptn_stream_find(t->stream);
    char word[48];
    ptn_draft_word(t->columns[column].name, word, sizeof word);
    for (char *at = word; strncmp(at, "patron_", 7) == 0;)
        memmove(word, word + 7, strlen(word + 7) + 1);
    if (!word[0] || isdigit((unsigned char)word[0])) {
        char with[48];
        snprintf(with, sizeof with, "c_%.40s", word);
        snprintf(word, sizeof word, "%s", word[0] ? with : "column");
    }
    snprintf(out, size, "%s", word);
    for (unsigned number = 2, again = 1; again; number++) {
        again = 0;
        for (unsigned i = 0; stream && i < stream->column_count; i++)
            again |= strcasecmp(stream->columns[i].name, out) == 0;
        for (unsigned i = 0; i < count; i++)
            again |= strcasecmp(names[i], out) == 0;
        if (again)
            snprintf(out, size, "%s_%u", word, number);
    }
}

static void add_comment(ptn_text *sql, const char *text)
{
    for (const char *at = text; *at; at++)
        ptn_text_addn(sql, (unsigned char)*at < ' ' ? " " : at, 1);
}

/* One column: a comment above it where there is something to say, and its name where that is another. */
static void add_column(ptn_text *sql, bool first, const char *note, const char *value, const char *name)
{
    ptn_text_add(sql, first ? "\n" : ",\n");
    if (note) {
        ptn_text_add(sql, "    -- ");
        add_comment(sql, note);
        ptn_text_add(sql, "\n");
    }
    ptn_text_addf(sql, "    %s", value);
    if (strcmp(value, name) != 0)
        ptn_text_addf(sql, " AS %s", name);
}

/* from: the folder that file names start at; NULL: they are absolute. */
static patron_status compose(const ptn_draft_table *t, const char *from, char **out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text sql = {0};
    unsigned extras = 0;
    char(*names)[64] = calloc(PTN_DRAFT_COLUMNS_MAX, sizeof *names);
    if (!names)
        return ptn_out_of_memory(problem);
    ptn_text_addf(&sql, "-- stream: %s\n-- Drafted from ", t->stream);
    add_comment(&sql, t->label);
    ptn_text_addf(&sql, ": change what is wrong. The columns there are: patron help streams %s\nSELECT", t->stream);
    for (unsigned i = 0; i < t->part_count; i++)
        add_column(&sql, i == 0, t->parts[i].note, t->parts[i].sql ? t->parts[i].sql : "NULL", t->parts[i].name);
    for (unsigned i = 0; i < t->column_count; i++) {
        if (t->used[i] || t->columns[i].filled == 0)
            continue;
        ptn_text column = {0};
        name_extra(t, i, names, extras, names[extras], sizeof names[extras]);
        ptn_draft_column_sql(t, i, &column);
        add_column(&sql, false, extras ? NULL : "not columns of the stream: kept as text", ptn_text_str(&column), names[extras]);
        sql.failed |= column.failed;
        ptn_text_free(&column);
        extras++;
    }
    ptn_text_add(&sql, "\nFROM ");
    ptn_draft_scan_for_source(t, from, &sql);
    if (t->filter)
        ptn_text_addf(&sql, "\n-- %s\nWHERE %s", t->filter_note, t->filter);
    ptn_text_add(&sql, "\n");
    if (sql.failed) {
        ptn_text_free(&sql);
        status = ptn_out_of_memory(problem);
    }
    *out = sql.data;
    free(names);
    return status;
}

patron_status ptn_draft_select(const ptn_draft *draft, ptn_draft_table *t, ptn_problem *problem)
{
    name_source(draft, t);
    patron_status status = ptn_draft_scan_settle(draft->store, t, problem);
    if (status == PATRON_OK)
        status = compose(t, draft->dir, &t->sql, problem);
    return status == PATRON_OK ? compose(t, NULL, &t->sql_anywhere, problem) : status;
}
