/* patron reconcile: the ledger as it was read, grouped, beside the figures finance has. */
#include "reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "text.h"

static const char *group_expression(ptn_reconcile_by by)
{
    switch (by) {
    case PTN_BY_YEAR: return "strftime(occurred_at, '%Y')";
    case PTN_BY_MONTH: return "strftime(occurred_at, '%Y-%m')";
    case PTN_BY_DAY: return "strftime(occurred_at, '%Y-%m-%d')";
    case PTN_BY_KIND: return "kind";
    case PTN_BY_SOURCE: return "source";
    case PTN_BY_CHANNEL: return "channel";
    case PTN_BY_NOTHING: break;
    }
    return "'all'";
}

static void read_line(ptn_rows *rows, ptn_reconcile_line *line)
{
    ptn_rows_copy(rows, 0, line->group, sizeof line->group);
    ptn_rows_copy(rows, 1, line->amount_in, sizeof line->amount_in);
    ptn_rows_copy(rows, 2, line->attributed, sizeof line->attributed);
    ptn_rows_copy(rows, 3, line->unattributed, sizeof line->unattributed);
    ptn_rows_copy(rows, 4, line->quarantined, sizeof line->quarantined);
    ptn_rows_copy(rows, 5, line->set_aside, sizeof line->set_aside);
    ptn_rows_copy(rows, 6, line->theirs, sizeof line->theirs);
    ptn_rows_copy(rows, 7, line->difference, sizeof line->difference);
}

/* The table `theirs` (grp, amount): the figures of the file, or none. The file stands where the user said, so a relative
 * name is the caller's to resolve. */
static patron_status load_theirs(ptn_store *store, const char *file, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_add(&sql, "CREATE OR REPLACE TEMP TABLE theirs AS SELECT grp, sum(amount)::DECIMAL(38, 4) AS amount FROM ");
    if (file) {
        ptn_text_add(&sql, "read_csv(");
        ptn_text_add_literal(&sql, file);
        ptn_text_add(&sql, ", header = true, columns = {'grp': 'VARCHAR', 'amount': 'DECIMAL(38, 4)'})");
    } else {
        ptn_text_add(&sql, "(SELECT NULL::VARCHAR AS grp, NULL::DECIMAL(38, 4) AS amount WHERE false)");
    }
    ptn_text_add(&sql, " GROUP BY grp");
    patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    if (status != PATRON_OK && file) {
        snprintf(problem->what, sizeof problem->what, "cannot read the figures to compare with");
        ptn_problem_where(problem, "%s", file);
        ptn_problem_fix(problem, "a CSV with a header and two columns, group and amount: 2011-11,1456145.80");
    }
    ptn_text_free(&sql);
    return status;
}

static patron_status read_lines(ptn_store *store, ptn_reconciliation *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    unsigned room = 0;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store, "SELECT * FROM reconciled", &rows, problem));
    while (ptn_rows_next(rows)) {
        if (out->line_count == room) {
            room = room ? 2 * room : 64;
            ptn_reconcile_line *lines = realloc(out->lines, room * sizeof *lines);
            if (!lines) {
                status = ptn_out_of_memory(problem);
                goto done;
            }
            out->lines = lines;
        }
        read_line(rows, &out->lines[out->line_count++]);
    }

done:
    ptn_rows_free(rows);
    return status;
}

patron_status ptn_reconcile_currencies(ptn_store *store, const char *first, ptn_currency *currencies, unsigned *count, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    ptn_text sql = {0};
    *count = 0;
    ptn_text_add(&sql, "SELECT currency FROM money GROUP BY currency ORDER BY currency <> ");
    ptn_text_add_literal(&sql, first);
    ptn_text_add(&sql, ", sum(rows_read) DESC, currency");
    const patron_status status = ptn_store_query(store, ptn_text_str(&sql), &rows, problem);
    while (status == PATRON_OK && *count < PTN_CURRENCIES_MAX && ptn_rows_next(rows))
        ptn_rows_copy(rows, 0, currencies[(*count)++].code, sizeof currencies->code);
    ptn_rows_free(rows);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_reconcile(ptn_store *store, const char *currency, ptn_reconcile_by by, const char *total, const char *totals_file,
                            ptn_reconciliation *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    char *hint = NULL;
    ptn_text sql = {0};
    *out = (ptn_reconciliation){0};
    ptn_text_copy(out->currency, sizeof out->currency, currency);
    PTN_TRY(ptn_stage_run(store, "macros", problem));
    PTN_TRY(ptn_store_runf(store, problem, "SET VARIABLE minor = (SELECT coalesce(max(minor), 2) FROM record.minor_units WHERE currency = '%s')",
                           out->currency));
    PTN_TRY(load_theirs(store, totals_file, problem));
    ptn_text_addf(&sql, "CREATE OR REPLACE TEMP VIEW grouped AS SELECT *, %s AS grp FROM record.ledger WHERE currency = ",
                  group_expression(by));
    ptn_text_add_literal(&sql, out->currency);
    PTN_TRY(ptn_store_run(store, ptn_text_str(&sql), problem));
    PTN_TRY(ptn_stage_run(store, "reconcile", problem));
    if (by != PTN_BY_NOTHING)
        PTN_TRY(read_lines(store, out, problem));

    ptn_text_clear(&sql);
    ptn_text_add(&sql, "SELECT * FROM reconciled_total(");
    ptn_text_add_literal(&sql, total);
    ptn_text_add(&sql, ")");
    status = ptn_store_query(store, ptn_text_str(&sql), &rows, problem);
    if (status != PATRON_OK && total) {
        ptn_problem_set(problem, PATRON_EINVAL, "E505", "--total is not an amount: \"%s\"", total);
        ptn_problem_fix(problem, "digits with a decimal point, as in --total 1234567.89");
    }
    if (status != PATRON_OK)
        goto done;
    if (ptn_rows_next(rows))
        read_line(rows, &out->total);
    if (out->total.difference[0]) {
        ptn_text_clear(&sql);
        ptn_text_add(&sql, "SELECT explained_by(");
        ptn_text_add_literal(&sql, out->total.difference);
        ptn_text_add(&sql, "::DECIMAL(38, 4))");
        PTN_TRY(ptn_store_text(store, ptn_text_str(&sql), &hint, problem));
        ptn_text_copy(out->hint, sizeof out->hint, hint);
    }

done:
    ptn_rows_free(rows);
    free(hint);
    ptn_text_free(&sql);
    if (status != PATRON_OK)
        ptn_reconciliation_free(out);
    return status;
}

void ptn_reconciliation_free(ptn_reconciliation *reconciliation)
{
    free(reconciliation->lines);
    *reconciliation = (ptn_reconciliation){0};
}
