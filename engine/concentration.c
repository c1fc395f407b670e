#include "concentration.h"

#include <math.h>

#include "candidates.h"
#include "store_columns.h"

static const double chance = 0.8;

static patron_status learn(ptn_store *store, patron_world *world, ptn_problem *problem)
{
    ptn_columns misses = {0};
    patron_error err = {0};
    patron_status status = ptn_store_columns(store, "SELECT miss FROM share_misses", &misses, problem);
    if (status == PATRON_OK) {
        status = patron_world_learn(misses.n, misses.at[0], world, &err);
        if (status != PATRON_OK)
            ptn_core_problem(problem, status, &err);
    }
    ptn_columns_free(&misses);
    return status;
}

patron_status ptn_concentration_read(ptn_store *store, ptn_concentration *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    patron_world world;
    ptn_columns rows = {0};
    PTN_TRY(learn(store, &world, problem));
    PTN_TRY(ptn_store_columns(store, "SELECT customers, value, expected, deviation, observed FROM shares ORDER BY share", &rows, problem));
    for (size_t k = 0; k < PTN_HUNDREDTHS && k < rows.n; k++) {
        const double expected = rows.at[2][k], deviation = rows.at[3][k];
        out->customers[k] = rows.at[0][k];
        out->value[k] = rows.at[1][k];
        out->expected[k] = out->low[k] = out->high[k] = expected;
        out->observed[k] = rows.at[4][k];
        if (!isfinite(expected))
            continue;
        status = patron_part_interval(&world, expected, isfinite(deviation) ? deviation : 0, chance, &out->low[k], &out->high[k], &err);
        if (status != PATRON_OK) {
            ptn_core_problem(problem, status, &err);
            goto done;
        }
    }

done:
    ptn_columns_free(&rows);
    return status;
}
