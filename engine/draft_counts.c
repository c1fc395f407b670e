/* Counts over what a build would read; the currency; and from both, what is worth knowing. */
#include "draft_counts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "draft_columns.h"
#include "draft_names.h"
#include "source_rows.h"
#include "steps.h"

static patron_status read_counts(ptn_store *store, ptn_draft_counts *n, ptn_problem *problem)
{
    int64_t *const counts[] = {&n->rows,     &n->nobody, &n->people, &n->no_date, &n->no_amount, &n->off_sign, &n->ahead,  &n->below,  &n->repeated, &n->in_two_files, &n->currencies};
    const struct {
        char *place;
        size_t size;
    } texts[] = {{n->first_day, sizeof n->first_day},
                 {n->last_day, sizeof n->last_day},
                 {n->money, sizeof n->money},
                 {n->repeated_money, sizeof n->repeated_money},
                 {n->in_two_files_money, sizeof n->in_two_files_money},
                 {n->date_such_as, sizeof n->date_such_as},
                 {n->amount_such_as, sizeof n->amount_such_as}};
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store, "SELECT rows, nobody, people, no_date, no_amount, off_sign, ahead, below, repeated, in_two_files,"
                                   " currencies, first_day, last_day, money, repeated_money, in_two_files_money, date_such_as, amount_such_as"
                                   " FROM counts", &rows, problem));
    if (ptn_rows_next(rows)) {
        const unsigned count = sizeof counts / sizeof *counts;
        for (unsigned i = 0; i < count; i++)
            *counts[i] = ptn_rows_int(rows, i);
        for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
            snprintf(texts[i].place, texts[i].size, "%s", ptn_rows_text(rows, count + i));
        n->known = true;
    }

done:
    ptn_rows_free(rows);
    return status;
}

/* Binds the source and types its rows, with care when a value stops DuckDB: as a build does. */
static patron_status type_rows(ptn_draft *draft, const ptn_draft_table *t, const ptn_source *source, ptn_scan_mode mode, ptn_problem *problem)
{
    const char *extras[PTN_DRAFT_COLUMNS_MAX + 8];
    unsigned count = 0;
    ptn_bound_source bound = {0};
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_source_bind(draft->store, source, draft->dir, mode, &bound, problem));
    for (unsigned i = 0; i < bound.column_count && count < sizeof extras / sizeof *extras; i++)
        if (ptn_bound_source_is_extra(&bound, i))
            extras[count++] = bound.names[i];
    PTN_TRY(ptn_source_rows_create(draft->store, &bound, extras, count, NULL, problem));
    if (strcmp(t->stream, "ledger") == 0)
        PTN_TRY(ptn_step_run(draft->store, "new", "counted", NULL, problem));
    else
        PTN_TRY(ptn_store_run(draft->store,
                              strcmp(t->stream, "people") == 0 ? "CREATE OR REPLACE TEMP TABLE counted AS SELECT DISTINCT customer FROM source_rows"
                                                                           : "CREATE OR REPLACE TEMP TABLE counted AS SELECT rate FROM source_rows", problem));

done:
    ptn_bound_source_free(&bound);
    return status;
}

/* The reasons that had to wait. */
static void tell(ptn_draft_table *t)
{
    const ptn_draft_counts *n = &t->counts;
    char a[40], rest[sizeof t->guesses->because];
    if (t->customer_guess >= 0) {
        char *because = t->guesses[t->customer_guess].because;
        snprintf(rest, sizeof rest, "%s", because);
        snprintf(because, sizeof t->guesses->because, "%s %.200s", ptn_draft_count_text((double)n->people, a, sizeof a), rest);
    }
    static const char all[] = "every row parses";
    if (t->moment_guess >= 0 && n->no_date && strncmp(t->guesses[t->moment_guess].because, all, strlen(all)) == 0) {
        char *because = t->guesses[t->moment_guess].because;
        snprintf(rest, sizeof rest, "%s", because + strlen(all));
        snprintf(because, sizeof t->guesses->because, "all rows but %s parse%.180s", ptn_draft_count_text((double)n->no_date, a, sizeof a), rest);
    }
    if (t->sign_guess < 0)
        return;
    ptn_guess *g = &t->guesses[t->sign_guess];
    if (n->below) {
        snprintf(g->because, sizeof g->because, "%s rows below 0: refund%s; rest: sale", ptn_draft_count_text((double)n->below, a, sizeof a), t->borne_out);
    } else {
        g->sure = PTN_SURE_LOOK;
        snprintf(g->because, sizeof g->because, "no row is below 0: all are sales, and there are no returns");
    }
}

patron_status ptn_draft_counts_fill(ptn_draft *draft, ptn_draft_table *t, ptn_problem *problem)
{
    char path[96];
    patron_status status = PATRON_OK;
    snprintf(path, sizeof path, "sources/%s.sql", t->source);
    const ptn_source source = {.name = t->source, .path = path, .stream = (char *)t->stream, .sql = t->sql_anywhere};
    status = type_rows(draft, t, &source, t->file_count > 1 ? PTN_SCAN_ORIGIN : PTN_SCAN_PLAIN, problem); /* which file matters where there are two */
    if (status != PATRON_OK && ptn_store_last_fault(draft->store) == PTN_FAULT_VALUE) {
        ptn_problem again;
        status = type_rows(draft, t, &source, PTN_SCAN_CAREFUL, &again);
        if (status != PATRON_OK)
            *problem = again;
        ptn_store_run(draft->store, "DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans", &again);
    }
    PTN_TRY(status);
    if (strcmp(t->stream, "ledger") == 0) {
        PTN_TRY(ptn_step_run(draft->store, "new", "counts", NULL, problem));
        PTN_TRY(read_counts(draft->store, &t->counts, problem));
        tell(t);
    } else if (strcmp(t->stream, "people") == 0) {
        PTN_TRY(ptn_store_int(draft->store, "SELECT count(*) FROM counted", &t->counts.people, problem));
    }

done:
    return status;
}

/* ---- currency ---- */

static void settle(ptn_draft *draft, const char *code, bool sure, const char *why, ...) __attribute__((format(printf, 4, 5)));

static void settle(ptn_draft *draft, const char *code, bool sure, const char *why, ...)
{
    va_list arguments;
    if (!code || draft->currency[0] || (draft->currency_hint[0] && !sure))
        return;
    snprintf(sure ? draft->currency : draft->currency_hint, 4, "%s", code);
    va_start(arguments, why);
    vsnprintf(draft->currency_why, sizeof draft->currency_why, why, arguments);
    va_end(arguments);
}

void ptn_draft_currency(ptn_draft *draft)
{
    char shown[100];
    for (unsigned k = 0; k < draft->table_count; k++) {
        const ptn_draft_table *t = &draft->tables[k];
        if (!t->stream || strcmp(t->stream, "rates") == 0)
            continue;
        for (unsigned i = 0; i < t->column_count; i++) {
            const ptn_draft_column *c = &t->columns[i];
            const ptn_looks *l = &c->looks;
            const bool money = c->number != PTN_NUMBER_NONE && strcmp(t->stream, "ledger") == 0;
            ptn_draft_shown(c, shown, sizeof shown);
            if (l->seen > 0 && l->code > 0.9 * l->seen)
                settle(draft, ptn_draft_currency_of_sign(l->common), l->common_share > 0.5, "%s says so", shown);
            if (money && l->sign[0])
                settle(draft, ptn_draft_currency_of_sign(l->sign), l->sign[0] != '$' && strcmp(l->sign, "¥") != 0, "%s has %s", shown, l->sign);
            if (money && t->used[i])
                settle(draft, ptn_draft_currency_in(c->name), strchr(c->name, '$') == NULL, "%s says so", shown);
        }
        for (unsigned i = 0; i < t->column_count; i++) {
            const ptn_draft_column *c = &t->columns[i];
            if (c->looks.letters == c->looks.seen && c->looks.common_share >= 0.6 && c->different < 300
                && (strlen(c->looks.common) > 3 || ptn_draft_hint(c->name, PTN_HINT_COUNTRY) >= 2))
                settle(draft, ptn_draft_currency_of_country(c->looks.common), false, "%.0f of 10 rows say %s",
                       floor(10 * c->looks.common_share), c->looks.common);
        }
    }
}
