/* From a table to evidence about its columns. */
#include "draft_looks.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draft_scan.h"
#include "steps.h"

/* Values to look at closely: a sample has no more rows than that many cells, and no fewer than ROWS_MIN. */
enum { CELLS = 500000, ROWS_MIN = 5000 };

/* Smaller files are read once and held; larger ones are read again for each question. */
enum { HELD_BYTES = 200 * 1024 * 1024 };

/* Up to so many rows, how many values differ is counted and not estimated. */
enum { EXACT_ROWS = 100000 };

static bool is_held(const ptn_draft_table *t)
{
    return t->file_count && t->bytes < HELD_BYTES;
}

bool ptn_draft_type_is_number(const char *type)
{
    return strstr(type, "INT") == type || strstr(type, "BIGINT") || strstr(type, "HUGEINT") || strcmp(type, "SMALLINT") == 0
           || strcmp(type, "TINYINT") == 0 || strncmp(type, "UINT", 4) == 0 || strncmp(type, "DECIMAL", 7) == 0
           || strcmp(type, "DOUBLE") == 0 || strcmp(type, "FLOAT") == 0;
}

/* Every column as text under a plain name, in the order of the file; a whole number that came as a DOUBLE is written as one. */
static patron_status name_columns(ptn_store *store, const ptn_draft_table *t, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, is_held(t) ? "CREATE TEMP TABLE looked_from AS SELECT " : "CREATE TEMP VIEW looked_from AS SELECT ");
    for (unsigned i = 0; i < t->column_count; i++) {
        const bool real = strcmp(t->columns[i].type, "DOUBLE") == 0 || strcmp(t->columns[i].type, "FLOAT") == 0;
        ptn_text x = {0};
        ptn_text_add_ident(&x, t->columns[i].name);
        const char *name = ptn_text_str(&x);
        if (real)
            ptn_text_addf(&sql, "CASE WHEN %s = trunc(%s) AND abs(%s) < 1e15 THEN %s::BIGINT::VARCHAR ELSE %s::VARCHAR END", name, name,
                          name, name, name);
        else
            ptn_text_addf(&sql, "%s::VARCHAR", name);
        ptn_text_addf(&sql, " AS c%u%s", i, i + 1 < t->column_count ? ", " : " FROM ");
        sql.failed |= x.failed;
        ptn_text_free(&x);
    }
    ptn_draft_scan_for_looking(t, &sql);
    ptn_store_run(store, "DROP VIEW IF EXISTS looked_from", problem); /* of the table before; one of the two fails */
    ptn_store_run(store, "DROP TABLE IF EXISTS looked_from", problem);
    const patron_status status = sql.failed ? ptn_out_of_memory(problem) : ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

static patron_status count_all(ptn_store *store, ptn_draft_table *t, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    int64_t held = EXACT_ROWS;
    if (is_held(t))
        PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM looked_from", &held, problem));
    const char *distinct = held < EXACT_ROWS ? "count(DISTINCT " : "approx_count_distinct(";
    ptn_text_add(&sql, "SELECT count(*)::BIGINT");
    for (unsigned i = 0; i < t->column_count; i++)
        ptn_text_addf(&sql, ", count(nullif(trim(c%u), ''))::BIGINT, %snullif(trim(c%u), ''))::BIGINT", i, distinct, i);
    ptn_text_add(&sql, " FROM looked_from");
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    if (ptn_rows_next(rows)) {
        t->rows = ptn_rows_int(rows, 0);
        for (unsigned i = 0; i < t->column_count; i++) {
            ptn_draft_column *c = &t->columns[i];
            c->filled = (double)ptn_rows_int(rows, 1 + 2 * i);
            c->different = (double)ptn_rows_int(rows, 2 + 2 * i);
            if (c->different > c->filled) /* the count of differing values is an estimate */
                c->different = c->filled;
        }
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

/* The same rows each time: those whose hash says so, in whatever order they are read. */
static patron_status take_sample(ptn_store *store, ptn_draft_table *t, ptn_problem *problem)
{
    const int64_t wanted = CELLS / (int64_t)t->column_count > ROWS_MIN ? CELLS / (int64_t)t->column_count : ROWS_MIN;
    const int64_t step = t->rows / wanted + 1;
    int64_t sampled = 0;
    ptn_text sql = {0};
    patron_status status = PATRON_OK;
    ptn_text_add(&sql, "CREATE OR REPLACE TEMP TABLE looked_at AS SELECT * FROM looked_from");
    if (step > 1) {
        ptn_text_add(&sql, " WHERE hash(c0");
        for (unsigned i = 1; i < t->column_count; i++)
            ptn_text_addf(&sql, ", c%u", i);
        ptn_text_addf(&sql, ") %% %lld = 0", (long long)step);
    }
    PTN_TRY(ptn_store_run(store, ptn_text_str(&sql), problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM looked_at", &sampled, problem));
    t->sampled = (double)sampled;
    PTN_TRY(ptn_step_run(store, "new", "cells", NULL, problem));
    PTN_TRY(ptn_step_run(store, "new", "looks", NULL, problem));

done:
    ptn_text_free(&sql);
    return status;
}

static patron_status read_looks(ptn_store *store, ptn_draft_table *t, ptn_problem *problem)
{
#define NUMBER(name) {#name, offsetof(ptn_looks, name)}
    static const struct {
        const char *name;
        size_t offset;
    } numbers[] = {
        NUMBER(seen), NUMBER(different), NUMBER(plain), NUMBER(moneylike), NUMBER(whole), NUMBER(negative), NUMBER(brackets),
        NUMBER(zeros_first), NUMBER(marked), NUMBER(odd), NUMBER(timed), NUMBER(comma_end), NUMBER(comma_three), NUMBER(point_end), NUMBER(point_three),
        NUMBER(comma_last), NUMBER(point_last), NUMBER(iso), NUMBER(zoned), NUMBER(days), NUMBER(first_over), NUMBER(second_over),
        NUMBER(over_both), NUMBER(long_year), NUMBER(year_first), NUMBER(compact), NUMBER(seconds), NUMBER(milliseconds),
        NUMBER(month_name), NUMBER(name_first), NUMBER(long_month), NUMBER(email), NUMBER(phone), NUMBER(code), NUMBER(truth),
        NUMBER(letters), NUMBER(blanks), NUMBER(least), NUMBER(most), NUMBER(common_share), NUMBER(middle_length),
    };
#undef NUMBER
    enum { COUNT = sizeof numbers / sizeof *numbers };
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    ptn_text_add(&sql, "SELECT place, separator, tail, sign, common");
    for (unsigned i = 0; i < COUNT; i++)
        ptn_text_addf(&sql, ", %s::DOUBLE", numbers[i].name);
    ptn_text_add(&sql, " FROM looks");
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    while (ptn_rows_next(rows)) {
        const unsigned long place = strtoul(ptn_rows_text(rows, 0) + 1, NULL, 10);
        if (place >= t->column_count)
            continue;
        ptn_looks *looks = &t->columns[place].looks;
        snprintf(looks->separator, sizeof looks->separator, "%s", ptn_rows_text(rows, 1));
        snprintf(looks->tail, sizeof looks->tail, "%s", ptn_rows_text(rows, 2));
        snprintf(looks->sign, sizeof looks->sign, "%s", ptn_rows_text(rows, 3));
        snprintf(looks->common, sizeof looks->common, "%s", ptn_rows_text(rows, 4));
        for (unsigned i = 0; i < COUNT; i++) {
            const double value = ptn_rows_double(rows, 5 + i);
            memcpy((char *)looks + numbers[i].offset, &value, sizeof value);
        }
    }

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_draft_looks(ptn_store *store, ptn_draft_table *t, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    PTN_TRY(name_columns(store, t, problem));
    PTN_TRY(count_all(store, t, problem));
    if (t->rows == 0)
        goto done;
    PTN_TRY(take_sample(store, t, problem));
    PTN_TRY(read_looks(store, t, problem));

done:
    return status;
}

patron_status ptn_draft_days(ptn_store *store, ptn_draft_table *t, const unsigned *which, unsigned count, const char *day,
                             ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    if (count == 0)
        return PATRON_OK;
    ptn_text_add(&sql, "SELECT ");
    for (unsigned i = 0; i < count; i++)
        ptn_text_addf(&sql, "%sapprox_count_distinct(CASE WHEN trim(c%u) <> '' THEN hash(trim(c%u), day) END)::BIGINT", i ? ", " : "",
                      which[i], which[i]);
    ptn_text_addf(&sql, " FROM (SELECT *, (%s)::DATE AS day FROM looked_from)", day);
    PTN_TRY(ptn_store_query(store, ptn_text_str(&sql), &rows, problem));
    for (unsigned i = 0; ptn_rows_next(rows) && i < count;)
        for (; i < count; i++)
            t->columns[which[i]].days = (double)ptn_rows_int(rows, i);

done:
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}
