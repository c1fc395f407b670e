#include "equations.h"


/* Both equations for every source, currency and stage, rows and money; the first that does not hold stops the build. */
patron_status ptn_equations_check(ptn_store *store, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(
        store,
        "SELECT stage, source, currency, rows_read::VARCHAR, (rows_typed + rows_quarantined + rows_set_aside)::VARCHAR,"
        " amount_in::VARCHAR, (attributed + unattributed + quarantined + set_aside)::VARCHAR,"
        " (amount_in - attributed - unattributed - quarantined - set_aside)::VARCHAR FROM money"
        " WHERE rows_read <> rows_typed + rows_quarantined + rows_set_aside"
        " OR amount_in <> attributed + unattributed + quarantined + set_aside ORDER BY ALL",
        &rows, problem));
    if (ptn_rows_next(rows)) {
        status = ptn_problem_set(problem, PATRON_ENUMERIC, "E001",
                                 "money is not conserved in stage %s. Nothing was published", ptn_rows_text(rows, 0));
        ptn_problem_where(problem, "source %s, %s: rows in %s, out %s; money in %s, out %s", ptn_rows_text(rows, 1),
                          ptn_rows_text(rows, 2), ptn_rows_text(rows, 3), ptn_rows_text(rows, 4), ptn_rows_text(rows, 5),
                          ptn_rows_text(rows, 6));
        ptn_problem_why(problem, "off by %s; a fault in patron, never in your data", ptn_rows_text(rows, 7));
    }

done:
    ptn_rows_free(rows);
    return status;
}

patron_status ptn_equations_read(ptn_store *store, ptn_money_line *lines, unsigned *count, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    *count = 0;
    patron_status status = ptn_store_query(
        store,
        "SELECT currency, shown(sum(amount_in), minor), shown(sum(attributed), minor), shown(sum(unattributed), minor),"
        " shown(sum(quarantined), minor), shown(sum(set_aside), minor), rtrim(rtrim(sum(rounding)::VARCHAR, '0'), '.'),"
        " sum(rounding) <> 0"
        " FROM (SELECT money.*, coalesce(minor, 2) AS minor FROM money LEFT JOIN record.minor_units USING (currency)"
        " WHERE stage = 'identify')"
        " GROUP BY currency, minor ORDER BY currency <> getvariable('currency'), currency LIMIT 64",
        &rows, problem);
    while (status == PATRON_OK && ptn_rows_next(rows) && *count < PTN_MONEY_LINES) {
        ptn_money_line *line = &lines[(*count)++];
        ptn_rows_copy(rows, 0, line->currency, sizeof line->currency);
        ptn_rows_copy(rows, 1, line->amount_in, sizeof line->amount_in);
        ptn_rows_copy(rows, 2, line->attributed, sizeof line->attributed);
        ptn_rows_copy(rows, 3, line->unattributed, sizeof line->unattributed);
        ptn_rows_copy(rows, 4, line->quarantined, sizeof line->quarantined);
        ptn_rows_copy(rows, 5, line->set_aside, sizeof line->set_aside);
        ptn_rows_copy(rows, 6, line->rounding, sizeof line->rounding);
        line->rounded = ptn_rows_int(rows, 7);
    }
    ptn_rows_free(rows);
    return status;
}
