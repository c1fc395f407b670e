#include "margins.h"

#include <math.h>

#include "store_columns.h"

unsigned ptn_margin_steps(double margin, double steps[PTN_MARGIN_STEPS])
{
    const double away = margin == 0 ? 0.05 : fmin(0.05, fabs(margin) / 2);
    unsigned count = 0;
    steps[0] = steps[1] = 0;
    for (int side = -1; side <= 1; side += 2) {
        const double step = round((margin + side * away) * 1e6) / 1e6; /* 0.35, not 0.35000000000000003 */
        if (step >= -1 && step <= 1)
            steps[count++] = step;
    }
    return count;
}

patron_status ptn_margins_read(ptn_store *store, ptn_margins *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    int64_t there = 0;
    ptn_columns rows = {0};
    *out = (ptn_margins){0};
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()"
                                 " AND schema_name = 'value' AND table_name = 'margins'", &there, problem));
    if (!there)
        goto done;
    PTN_TRY(ptn_store_columns(store, "SELECT assumed::DOUBLE, margin::DOUBLE, value::DOUBLE FROM value.margins ORDER BY margin", &rows,
                              problem));
    for (; out->count < rows.n && out->count < PTN_MARGIN_STEPS; out->count++) {
        out->assumed = true;
        out->margin = rows.at[0][out->count];
        out->at[out->count].margin = rows.at[1][out->count];
        out->at[out->count].value = rows.at[2][out->count];
    }

done:
    ptn_columns_free(&rows);
    return status;
}
