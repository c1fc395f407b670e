#include "check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "check_words.h"
#include "steps.h"

/* ---- what was tested ---- */

/* Where a metric of the chosen model goes. */
static double *place_of(ptn_check_test *test, const char *metric)
{
    const struct {
        const char *metric;
        double *place;
    } places[] = {
        {"forecast", &test->purchases.forecast}, {"came", &test->purchases.came}, {"money_forecast", &test->sales.forecast},
        {"money_came", &test->sales.came}, {"buyers_forecast", &test->buyers.forecast}, {"buyers_came", &test->buyers.came},
        {"pit_share", &test->held.came}, {"luck", &test->luck}, {"money_luck", &test->money_luck}, {"customers", &test->customers}, {"repeaters", &test->repeaters},
        {"ngini", &test->order}, {"quiet", &test->quiet},
    };
    int tenth;
    char part[16];
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].metric, metric) == 0)
            return places[i].place;
    if (sscanf(metric, "tenth_%d_%15s", &tenth, part) != 2 || tenth < 1 || tenth > PATRON_TENTHS)
        return NULL;
    return strcmp(part, "forecast") == 0 ? &test->tenth_forecast[tenth - 1] : strcmp(part, "came") == 0 ? &test->tenth_came[tenth - 1] : NULL;
}

static ptn_mark mark_of(double miss, double fine, double so_so)
{
    return !(miss == miss) ? PTN_MARK_NONE : miss <= fine ? PTN_MARK_FINE : miss <= so_so ? PTN_MARK_SO_SO : PTN_MARK_BAD;
}

/* |forecast - came| less luck, as a share of what came. */
static void mark_total(ptn_check_line *line, double luck)
{
    line->mark = mark_of(fmax(0, fabs(line->forecast - line->came) - luck) / fabs(line->came), 0.05, 0.15);
    if (isnan(line->forecast) || isnan(line->came))
        line->mark = PTN_MARK_NONE;
    else if (line->came == 0)
        line->mark = line->forecast <= luck ? PTN_MARK_FINE : PTN_MARK_BAD;
}

static void mark_test(ptn_check_test *t)
{
    unsigned in_order = 0, pairs = 0;
    t->buyers.forecast /= t->customers;
    t->buyers.came /= t->customers;
    t->held.forecast = 0.8;
    mark_total(&t->purchases, t->luck);
    mark_total(&t->sales, t->money_luck);
    mark_total(&t->buyers, sqrt(t->buyers.forecast * (1 - t->buyers.forecast) / t->customers));
    t->held.mark = t->repeaters > 0 ? mark_of(fmax(0, fabs(t->held.came - 0.8) - sqrt(0.16 / t->repeaters)), 0.04, 0.08) : PTN_MARK_NONE;
    if (t->held.mark == PTN_MARK_BAD && t->held.came > 0.8) /* wider than they need be, and hold */
        t->held.mark = PTN_MARK_SO_SO;
    for (int i = 0; i < PATRON_TENTHS; i++) {
        t->tenth_forecast[i] /= t->customers / PATRON_TENTHS;
        t->tenth_came[i] /= t->customers / PATRON_TENTHS;
        for (int j = 0; j < i; j++, pairs++)
            in_order += t->tenth_came[j] <= t->tenth_came[i];
    }
    t->order_holds = 10 * in_order >= 9 * pairs;
}

static patron_status read_tests(ptn_store *store, ptn_check *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store, "SELECT horizon_days, made_on, model, chosen_on_days, history_days, metric, value FROM tested", &rows, problem));
    while (ptn_rows_next(rows)) {
        const int days = (int)ptn_rows_int(rows, 0);
        const double value = ptn_rows_double(rows, 6);
        ptn_check_test *test = out->test_count ? &out->tests[out->test_count - 1] : NULL;
        if (!test || test->horizon_days != days) {
            test = &out->tests[out->test_count++];
            *test = (ptn_check_test){.horizon_days = days, .chosen_on_days = (int)ptn_rows_int(rows, 3),
                                     .history_days = (int)ptn_rows_int(rows, 4), .sales = {NAN, NAN, 0}, .held = {NAN, NAN, 0},
                                     .same_rate = NAN, .order = NAN};
            ptn_rows_copy(rows, 1, test->day, sizeof test->day);
            ptn_rows_copy(rows, 2, test->model, sizeof test->model);
        }
        const char *metric = ptn_rows_text(rows, 5);
        double *place = strcmp(ptn_rows_text(rows, 2), "same_rate") != 0 ? place_of(test, metric)
                        : strcmp(metric, "forecast") == 0                ? &test->same_rate
                                                                         : NULL;
        if (place)
            *place = value;
    }
    for (unsigned t = 0; t < out->test_count; t++)
        mark_test(&out->tests[t]);

done:
    ptn_rows_free(rows);
    return status;
}

/* ---- what was compared ---- */

/* The candidates on the days of choice of the shortest horizon that was tested, or else of the longest; the chosen one first. */
static patron_status read_models(ptn_store *store, ptn_check *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store, "SELECT model, status, \"limit\", chosen, log_score, ngini, without, days FROM compared", &rows, problem));
    while (ptn_rows_next(rows) && out->model_count < PTN_CHECK_MODELS_MAX) {
        ptn_check_model *m = &out->models[out->model_count++];
        ptn_rows_copy(rows, 0, m->name, sizeof m->name);
        ptn_rows_copy(rows, 1, m->status, sizeof m->status);
        ptn_rows_copy(rows, 2, m->limit, sizeof m->limit);
        m->chosen = ptn_rows_int(rows, 3);
        m->log_score = ptn_rows_is_null(rows, 4) ? NAN : ptn_rows_double(rows, 4);
        m->order = ptn_rows_is_null(rows, 5) ? NAN : ptn_rows_double(rows, 5);
        m->without = ptn_rows_is_null(rows, 6) ? NAN : ptn_rows_double(rows, 6);
        m->days = (unsigned)ptn_rows_int(rows, 7);
    }

done:
    ptn_rows_free(rows);
    return status;
}

/* ---- today ---- */

static patron_status read_today(ptn_store *store, ptn_check *out, ptn_problem *problem)
{
    const double reach = 1.2815515655446004; /* of 8 in 10, in standard deviations */
    double deviation = NAN;
    ptn_rows *rows = NULL;
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store,
                            "SELECT run_id, as_of, buyers, history_days, model, horizon_days, purchases, purchases_low, purchases_high,"
                            " value, value_low, value_high, value_deviation, currency FROM standing",
                            &rows, problem));
    if (ptn_rows_next(rows)) {
        ptn_rows_copy(rows, 0, out->run_id, sizeof out->run_id);
        ptn_rows_copy(rows, 1, out->as_of, sizeof out->as_of);
        out->buyers = ptn_rows_double(rows, 2);
        out->history_days = (int)ptn_rows_int(rows, 3);
        out->forecast_known = !ptn_rows_is_null(rows, 4);
        ptn_rows_copy(rows, 4, out->model, sizeof out->model);
        out->horizon_days = (int)ptn_rows_int(rows, 5);
        double *const numbers[] = {&out->purchases, &out->purchases_low, &out->purchases_high, &out->value, &out->value_low,
                                   &out->value_high, &deviation};
        for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
            *numbers[i] = ptn_rows_is_null(rows, 6 + i) ? NAN : ptn_rows_double(rows, 6 + i);
        ptn_rows_copy(rows, 13, out->currency, sizeof out->currency);
        out->value_luck_low = fmax(out->value - reach * deviation, out->value_low);
        out->value_luck_high = fmin(out->value + reach * deviation, out->value_high);
    }

done:
    ptn_rows_free(rows);
    return status;
}

/* The best month of the season that was fitted to all there is. */
static patron_status read_season(ptn_store *store, ptn_check *out, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    patron_season season = {0};
    patron_status status = PATRON_OK;
    PTN_TRY(ptn_store_query(store, "SELECT parameter, value, taken FROM waves", &rows, problem));
    while (ptn_rows_next(rows)) {
        char wave[8];
        unsigned k;
        if (sscanf(ptn_rows_text(rows, 0), "season_%7[a-z]_%u", wave, &k) != 2 || k < 1 || k > PATRON_HARMONICS_MAX)
            continue;
        (strcmp(wave, "sine") == 0 ? season.sine : season.cosine)[k - 1] = ptn_rows_double(rows, 1);
        season.harmonics = k > season.harmonics ? k : season.harmonics;
        out->season_taken = ptn_rows_int(rows, 2);
    }
    patron_season_normalise(&season);
    out->season_known = season.harmonics > 0;
    double from = 0, to;
    for (int month = 1; month <= 12; month++, from = to) {
        to = from + ptn_days_of_month(2001, month);
        const double lift = patron_season_between(&season, from, to) / (to - from);
        if (lift <= out->season_lift)
            continue;
        out->season_lift = lift;
        out->season_month = month;
    }

done:
    ptn_rows_free(rows);
    return status;
}

patron_status ptn_check_read(ptn_store *store, ptn_check *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    *out = (ptn_check){0};
    PTN_TRY(ptn_stage_run(store, "check", problem));
    PTN_TRY(read_today(store, out, problem));
    PTN_TRY(ptn_margins_read(store, &out->margins, problem));
    PTN_TRY(read_tests(store, out, problem));
    PTN_TRY(read_models(store, out, problem));
    PTN_TRY(read_season(store, out, problem));
    ptn_check_judge(out);

done:
    return status;
}
