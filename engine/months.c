/* Letters: a horizon j ends on day h, has purchases P and value V; M(d) is its curve of purchases, D(d) of discounted worth, W(d) of
 * worth. Between the horizon before, i, and j the value comes like D: V_i + (V_j - V_i) (D(d) - D(h_i)) / (D(h_j) - D(h_i)). */
#include "months.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "candidates.h"
#include "config.h"
#include "store_columns.h"
#include "text.h"

typedef struct horizon {
    int days;
    double purchases, value, low, high, deviation;
    patron_world world;
    double month_spread;
    bool may_lose, may_gain;         /* a range may lie below 0, above it */
    const double *curve[3];          /* PURCHASES, WORTH, DISCOUNTED; of days 1 .. days */
    bool by_worth;                   /* false: worth comes as purchases do */
} horizon;

enum { PURCHASES, WORTH, DISCOUNTED };

/* Sums from today to the end of a month. */
typedef struct month_end {
    int day;
    unsigned horizon; /* the first that lasts as long */
    double purchases, value, undiscounted;
} month_end;

typedef struct months {
    horizon horizons[PTN_HORIZONS_MAX];
    unsigned horizon_count;
    month_end *ends;
    double *purchases; /* of each month */
    size_t count;
} months;

/* ---- reading ---- */

static patron_status read_horizons(ptn_store *store, months *m, ptn_columns *rows, ptn_problem *problem)
{
    const patron_status status = ptn_store_columns(
        store,
        "SELECT horizon_days::DOUBLE, purchases, h.value::DOUBLE, value_low::DOUBLE, value_high::DOUBLE, value_deviation::DOUBLE,"
        " money_scale, money_degrees, month_spread, (lowest < 0)::INTEGER::DOUBLE, (highest > 0)::INTEGER::DOUBLE"
        " FROM forecast.horizons h JOIN (SELECT horizon_days, min(least(value, value_p10)) AS lowest,"
        " max(greatest(value, value_p90)) AS highest FROM main.forecast GROUP BY horizon_days) USING (horizon_days)"
        " WHERE h.value IS NOT NULL AND purchases > 0 ORDER BY horizon_days",
        rows, problem);
    for (size_t i = 0; status == PATRON_OK && i < rows->n; i++)
        m->horizons[m->horizon_count++] = (horizon){
            .days = (int)rows->at[0][i], .purchases = rows->at[1][i], .value = rows->at[2][i], .low = rows->at[3][i], .high = rows->at[4][i],
            .deviation = rows->at[5][i], .world = {.scale = rows->at[6][i], .degrees = rows->at[7][i]},
            .month_spread = rows->at[8][i], .may_lose = rows->at[9][i] != 0, .may_gain = rows->at[10][i] != 0};
    return status;
}

/* Those that are passed over go. */
static void keep_rising(months *m)
{
    unsigned kept = m->horizon_count;
    for (unsigned j = m->horizon_count; j-- > 0;)
        if (kept == m->horizon_count || m->horizons[j].purchases < m->horizons[kept].purchases)
            m->horizons[--kept] = m->horizons[j];
    for (unsigned j = kept; j < m->horizon_count; j++)
        m->horizons[j - kept] = m->horizons[j];
    m->horizon_count -= kept;
}

/* Worth that rises and falls has no shape to share a value by. */
static bool is_steady(const double *curve, int from, int to)
{
    bool rises = true, falls = true;
    for (int d = from; d < to; d++) {
        const double step = curve[d] - (d ? curve[d - 1] : 0);
        rises &= step > 0;
        falls &= step < 0;
    }
    return rises || falls;
}

static patron_status read_curves(ptn_store *store, months *m, ptn_columns *rows, ptn_problem *problem)
{
    const patron_status status = ptn_store_columns(
        store, "SELECT horizon_days, purchases, worth, discounted FROM forecast.curve ORDER BY horizon_days, day", rows, problem);
    size_t at = 0;
    for (unsigned j = 0; status == PATRON_OK && j < m->horizon_count; j++) {
        horizon *h = &m->horizons[j];
        while (at < rows->n && (int)rows->at[0][at] != h->days)
            at++;
        for (int c = PURCHASES; c <= DISCOUNTED; c++)
            h->curve[c] = rows->at[1 + c] + at;
        const int from = j ? m->horizons[j - 1].days : 0;
        h->by_worth = is_steady(h->curve[WORTH], from, h->days) && is_steady(h->curve[DISCOUNTED], from, h->days);
    }
    return status;
}

static patron_status read_month_ends(ptn_store *store, months *m, ptn_columns *rows, ptn_problem *problem)
{
    char sql[320];
    const int last = m->horizons[m->horizon_count - 1].days;
    snprintf(sql, sizeof sql,
             "SELECT least(%d, (getvariable('as_of') + to_months(k))::DATE - getvariable('as_of'))::DOUBLE FROM range(1, %d) AS months(k)"
             " WHERE (getvariable('as_of') + to_months(k - 1))::DATE - getvariable('as_of') < %d ORDER BY k",
             last, last / 28 + 3, last);
    const patron_status status = ptn_store_columns(store, sql, rows, problem);
    if (status != PATRON_OK)
        return status;
    m->count = rows->n;
    m->ends = calloc(m->count + 1, sizeof *m->ends);
    m->purchases = calloc(m->count + 1, sizeof *m->purchases);
    if (!m->ends || !m->purchases)
        return ptn_out_of_memory(problem);
    for (size_t k = 0; k < m->count; k++)
        m->ends[k].day = (int)rows->at[0][k];
    return PATRON_OK;
}

/* ---- sums to date ---- */

static double at_day(const double *curve, int day)
{
    return day > 0 ? curve[day - 1] : 0;
}

/* How much of what a curve brings between two days has come by a third. */
static double share(const double *curve, int from, int to, int day)
{
    return day == to ? 1 : (at_day(curve, day) - at_day(curve, from)) / (at_day(curve, to) - at_day(curve, from));
}

/* Undiscounted value for each unit of the discounted, in the time up to a horizon. */
static double undiscounting(const horizon *h, int from)
{
    const double discounted = at_day(h->curve[DISCOUNTED], h->days) - at_day(h->curve[DISCOUNTED], from);
    return h->by_worth ? (at_day(h->curve[WORTH], h->days) - at_day(h->curve[WORTH], from)) / discounted : 1;
}

static void add_up(months *m)
{
    unsigned j = 0;
    double undiscounted = 0; /* at the horizon before */
    for (size_t k = 0; k < m->count; k++) {
        month_end *end = &m->ends[k];
        for (; m->horizons[j].days < end->day; j++) {
            const int from = j ? m->horizons[j - 1].days : 0;
            undiscounted += (m->horizons[j].value - (j ? m->horizons[j - 1].value : 0)) * undiscounting(&m->horizons[j], from);
        }
        const horizon *h = &m->horizons[j], none = {0}, *before = j ? h - 1 : &none;
        const double bought = share(h->curve[PURCHASES], before->days, h->days, end->day);
        const double brought = h->by_worth ? share(h->curve[DISCOUNTED], before->days, h->days, end->day) : bought;
        const double came = h->by_worth ? share(h->curve[WORTH], before->days, h->days, end->day) : bought;
        end->horizon = j;
        end->purchases = before->purchases + (h->purchases - before->purchases) * bought;
        end->value = before->value + (h->value - before->value) * brought;
        end->undiscounted = undiscounted + (h->value - before->value) * undiscounting(h, before->days) * came;
        m->purchases[k] = end->purchases - (k ? m->ends[k - 1].purchases : 0);
    }
}

/* ---- ranges ---- */

/* Of the months first .. end - 1 together, which bring `value`: the error of their horizon, and theirs beside it. */
static patron_status range_of(const months *m, size_t first, size_t end, double value, double chance, double *low, double *high,
                              ptn_problem *problem)
{
    patron_error err = {0};
    const horizon *h = &m->horizons[m->ends[end - 1].horizon];
    size_t whole = end;
    while (whole < m->count && m->ends[whole - 1].day < h->days)
        whole++;
    patron_world world = h->world;
    world.scale = hypot(world.scale, patron_parts_spread(h->month_spread, whole, m->purchases, first, end));
    const double part = h->value != 0 ? fmin(1, fabs(value / h->value)) : 1;
    const patron_status status = patron_total_interval(&world, value, h->deviation * sqrt(part), chance, low, high, &err);
    if (status != PATRON_OK)
        return ptn_core_problem(problem, status, &err);
    if (!h->may_lose)
        *low = fmax(0, *low);
    if (!h->may_gain)
        *high = fmin(0, *high);
    return PATRON_OK;
}

/* What the horizon itself says, where a sum ends with it. */
static bool is_horizon(const months *m, size_t first, size_t k)
{
    return first == 0 && m->ends[k].day == m->horizons[m->ends[k].horizon].days;
}

static patron_status add_month(const months *m, size_t k, ptn_text *sql, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    const month_end *end = &m->ends[k], none = {0}, *before = k ? end - 1 : &none;
    const horizon *h = &m->horizons[end->horizon];
    const double value = end->value - before->value;
    double p10, p25, p75, p90, low, high;
    PTN_TRY(range_of(m, k, k + 1, value, 0.8, &p10, &p90, problem));
    PTN_TRY(range_of(m, k, k + 1, value, 0.5, &p25, &p75, problem));
    PTN_TRY(range_of(m, 0, k + 1, end->value, 0.8, &low, &high, problem));
    if (is_horizon(m, 0, k)) {
        low = h->low;
        high = h->high;
        if (k == 0) {
            p10 = low;
            p90 = high;
        }
    }
    ptn_text_addf(sql, "%s(%zu, %d, %d, %.17g, %.17g, %.17g, %.17g, %.17g, %.17g, %.17g, %.17g, %.17g, %d)", k ? ", " : "", k + 1,
                  before->day, end->day, m->purchases[k], end->value, end->undiscounted, p10, p25, p75, p90, low, high, h->days);

done:
    return status;
}

/* Sums to date are rounded, and months are their differences: so they add up. */
static patron_status write_months(ptn_store *store, const months *m, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_text sql = {0};
    ptn_text_add(&sql,
                 "INSERT INTO forecast.months SELECT month, getvariable('as_of') + after + 1, getvariable('as_of') + until, m.purchases,"
                 " (sum_to::money - lag(sum_to::money, 1, 0::money) OVER (ORDER BY month))::money,"
                 " (undiscounted::money - lag(undiscounted::money, 1, 0::money) OVER (ORDER BY month))::money,"
                 " p10::money, p25::money, p75::money, p90::money, sum_to::money, low::money, high::money, m.horizon_days, h.model"
                 " FROM (VALUES ");
    for (size_t k = 0; k < m->count; k++)
        PTN_TRY(add_month(m, k, &sql, problem));
    ptn_text_add(&sql, ") AS m(month, after, until, purchases, sum_to, undiscounted, p10, p25, p75, p90, low, high, horizon_days)"
                       " JOIN forecast.horizons h USING (horizon_days) ORDER BY month");
    PTN_TRY(ptn_store_run(store, ptn_text_str(&sql), problem));

done:
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_months_write(ptn_store *store, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_columns horizons = {0}, curves = {0}, ends = {0};
    months m = {0};
    PTN_TRY(read_horizons(store, &m, &horizons, problem));
    if (m.horizon_count == 0)
        goto done;
    keep_rising(&m);
    PTN_TRY(read_curves(store, &m, &curves, problem));
    PTN_TRY(read_month_ends(store, &m, &ends, problem));
    add_up(&m);
    PTN_TRY(write_months(store, &m, problem));

done:
    ptn_columns_free(&horizons);
    ptn_columns_free(&curves);
    ptn_columns_free(&ends);
    free(m.ends);
    free(m.purchases);
    return status;
}
