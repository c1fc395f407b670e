#include "warnings.h"


patron_status ptn_warnings_read(ptn_store *store, ptn_warnings *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    *out = (ptn_warnings){0};
    const patron_status status =
        ptn_store_query(store, "SELECT code, about, count, message, next FROM warnings ORDER BY code", &rows, problem);
    while (status == PATRON_OK && out->count < PTN_WARNINGS_MAX && ptn_rows_next(rows)) {
        ptn_warning *w = &out->at[out->count++];
        ptn_rows_copy(rows, 0, w->code, sizeof w->code);
        ptn_rows_copy(rows, 1, w->about, sizeof w->about);
        w->count = ptn_rows_int(rows, 2);
        ptn_rows_copy(rows, 3, w->message, sizeof w->message);
        ptn_rows_copy(rows, 4, w->next, sizeof w->next);
    }
    ptn_rows_free(rows);
    return status;
}
