#include "curve.h"

#include <stdlib.h>

#include "discount.h"

enum { STATES_ENOUGH = 2000 }; /* months of the example then move by 0.03 % at most */

/* Blocks of neighbouring states, each with the middle one's history and the sums of all. */
typedef struct blocks {
    size_t n;
    ptn_columns columns; /* frequency, recency, age, customers */
    double *worth;
    double *room;
} blocks;

static bool put_together(const ptn_columns *states, const double *worth, blocks *out)
{
    const size_t size = 1 + states->n / STATES_ENOUGH, n = (states->n + size - 1) / size;
    const double *customers = states->at[states->count - 1];
    *out = (blocks){.n = n, .columns = {.n = n, .count = 4}, .room = calloc(5 * n + 1, sizeof *out->room)};
    if (!out->room)
        return false;
    for (unsigned c = 0; c < 4; c++)
        out->columns.at[c] = out->room + c * n;
    out->worth = out->room + 4 * n;
    for (size_t b = 0; b < n; b++) {
        const size_t from = b * size, to = from + size < states->n ? from + size : states->n;
        for (unsigned c = 0; c < 3; c++)
            out->columns.at[c][b] = states->at[c][from + (to - from) / 2];
        for (size_t i = from; i < to; i++) {
            out->columns.at[3][b] += customers[i];
            out->worth[b] += worth ? worth[i] : 0;
        }
    }
    return true;
}

/* Each day's worth, discounted from the middle of the day. */
static void discount(const ptn_config *config, const ptn_curve *curve)
{
    patron_discount_stretch room[PTN_CURVE_MAX];
    const patron_discount rates = ptn_discount_of(config, room);
    curve->discounted[0] = 0;
    for (int d = 1; d <= curve->days; d++)
        curve->discounted[d] = curve->discounted[d - 1]
                               + patron_discount_factor(&rates, d - 0.5) * (curve->worth[d] - curve->worth[d - 1]);
}

patron_status ptn_curve_make(const ptn_fitted *fitted, const ptn_config *config, int64_t day, int days, const ptn_columns *states,
                             const double *worth, ptn_curve *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    patron_error err = {0};
    const size_t points = (size_t)days + 1;
    blocks kept = {0};
    patron_states by_clock;
    double *clock = NULL, *time = malloc(points * sizeof *time);
    *out = (ptn_curve){.days = days, .purchases = malloc(3 * points * sizeof *out->purchases)};
    if (!time || !out->purchases || !put_together(states, worth, &kept) || !(clock = malloc((2 * kept.n + 1) * sizeof *clock))) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    out->worth = worth ? out->purchases + points : NULL;
    out->discounted = worth ? out->purchases + 2 * points : NULL;
    time[0] = 0;
    for (int d = 1; d <= days; d++)
        time[d] = ptn_fitted_horizon(fitted, day, d);
    PTN_TRY(ptn_fitted_states(fitted, day, &kept.columns, clock, &by_clock, problem));
    const double *const weights[] = {kept.columns.at[3], kept.worth};
    double *const sums[] = {out->purchases, out->worth};
    status = patron_model_curve(ptn_fitted_model(fitted), fitted->fit.parameters, &by_clock, worth ? 2 : 1, weights, points, time, sums,
                                &err);
    if (status != PATRON_OK)
        ptn_core_problem(problem, status, &err);
    else if (worth)
        discount(config, out);

done:
    free(time);
    free(clock);
    free(kept.room);
    if (status != PATRON_OK)
        ptn_curve_free(out);
    return status;
}

void ptn_curve_free(ptn_curve *curve)
{
    free(curve->purchases);
    *curve = (ptn_curve){0};
}

patron_status ptn_curve_write(ptn_store *store, const ptn_curve *curve, ptn_problem *problem)
{
    const size_t n = (size_t)curve->days;
    double *horizon = malloc((2 * n + 1) * sizeof *horizon);
    if (!horizon)
        return ptn_out_of_memory(problem);
    for (size_t d = 0; d < n; d++) {
        horizon[d] = curve->days;
        horizon[n + d] = (double)d + 1;
    }
    const double *const columns[] = {horizon, horizon + n, curve->purchases + 1, curve->worth + 1, curve->discounted + 1};
    const patron_status status = ptn_store_append(store, "forecast", "curve", 5, n, columns, problem);
    free(horizon);
    return status;
}
