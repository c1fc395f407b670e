/* The months to come, from horizons that do not agree with each other. */
#include "check.h"

#include "months.h"
#include "pipeline.h"
#include "steps.h"
#include "store_columns.h"

#define RUN(...) check_run(ptn_store_runf(store, &problem, __VA_ARGS__), &problem)

static void check_run(patron_status status, const ptn_problem *problem)
{
    if (status != PATRON_OK)
        fail_msg("%s %s", problem->what, problem->why);
}

/* A store with the two tables that the months are made from, filled by hand. */
static ptn_store *open_store(void)
{
    ptn_store *store = NULL;
    ptn_problem problem = {0};
    check_run(ptn_store_open(&store, &(ptn_store_options){0}, &problem), &problem);
    RUN("CREATE TYPE money AS DECIMAL(18, 2); CREATE SCHEMA forecast; SET VARIABLE as_of = DATE '2024-01-31';"
        "CREATE TABLE main.forecast (horizon_days INTEGER, value money, value_p10 money, value_p90 money)");
    check_run(ptn_step_run(store, "forecast", "horizons", NULL, &problem), &problem);
    check_run(ptn_step_run(store, "forecast", "curve", NULL, &problem), &problem);
    check_run(ptn_step_run(store, "value", "months", NULL, &problem), &problem);
    return store;
}

/* `value` a day from today on, of so many purchases a day; the worth of a purchase is `steady` or of any sign. */
static void add_horizon(ptn_store *store, int days, double purchases, double value, bool steady)
{
    ptn_problem problem = {0};
    RUN("INSERT INTO main.forecast VALUES (%d, %g, 0, %g);"
        "INSERT INTO forecast.horizons BY NAME SELECT %d AS horizon_days, 'm%d' AS model, %g AS purchases, %g AS value, %g AS value_low,"
        " %g AS value_high, 10 AS value_deviation, 0.25 AS money_scale, 4 AS money_degrees, 0.2 AS month_spread;"
        "INSERT INTO forecast.curve SELECT %d, day, day * 0.1, day * 3, day * %s FROM range(1, %d) AS days(day)",
        days, value, 2 * value, days, days, purchases, value, value / 2, value * 2, days, steady ? "2" : "(100 - day)", days + 1);
}

static ptn_columns months_of(ptn_store *store)
{
    ptn_columns rows = {0};
    ptn_problem problem = {0};
    check_run(ptn_months_write(store, &problem), &problem);
    check_run(ptn_store_columns(store,
                                "SELECT (to_day - getvariable('as_of'))::DOUBLE, purchases, value::DOUBLE, undiscounted::DOUBLE,"
                                " to_date::DOUBLE, to_date_p10::DOUBLE, to_date_p90::DOUBLE, horizon_days::DOUBLE FROM forecast.months"
                                " ORDER BY month",
                                &rows, &problem),
              &problem);
    return rows;
}

TEST(nothing_forecast_has_no_months)
{
    ptn_store *store = open_store();
    ptn_columns rows = months_of(store);
    CHECK_EQ_INT(rows.n, 0);
    ptn_columns_free(&rows);
    ptn_store_close(store);
}

/* A steady flow: by the day, from 31 January over a leap February. */
TEST(a_steady_flow_is_shared_by_days)
{
    const int ends[] = {29, 60, 90};
    ptn_store *store = open_store();
    add_horizon(store, 90, 9, 900, true);
    ptn_columns rows = months_of(store);
    CHECK_EQ_INT(rows.n, 3);
    for (int k = 0; k < 3; k++) {
        CHECK_EQ_INT(rows.at[0][k], ends[k]);
        CHECK_NEAR(rows.at[4][k], 10 * ends[k], 1e-9);
        CHECK_NEAR(rows.at[3][k], 15 * (ends[k] - (k ? ends[k - 1] : 0)), 1e-9); /* 3 undiscounted for 2 discounted */
    }
    CHECK(rows.at[5][2] == 450 && rows.at[6][2] == 1800);
    ptn_columns_free(&rows);
    ptn_store_close(store);
}

TEST(worth_that_rises_and_falls_comes_as_purchases_do)
{
    ptn_store *store = open_store();
    add_horizon(store, 300, 30, 3000, false);
    ptn_columns rows = months_of(store);
    for (size_t k = 0; k < rows.n; k++) {
        CHECK_NEAR(rows.at[4][k], 10 * rows.at[0][k], 0.01);
        CHECK_NEAR(rows.at[3][k], rows.at[2][k], 0.02);
    }
    ptn_columns_free(&rows);
    ptn_store_close(store);
}

/* The middle one says more purchases than the longest: between the other two there is no room for it. */
TEST(a_horizon_that_says_more_than_a_longer_one_is_passed_over)
{
    ptn_store *store = open_store();
    add_horizon(store, 29, 3, 290, true);
    add_horizon(store, 60, 20, 2000, true);
    add_horizon(store, 121, 12, 1210, true);
    ptn_columns rows = months_of(store);
    CHECK_EQ_INT(rows.n, 4);
    CHECK(rows.at[4][0] == 290 && rows.at[4][3] == 1210);
    CHECK_EQ_INT(rows.at[7][0], 29);
    CHECK_EQ_INT(rows.at[7][1], 121);
    CHECK_NEAR(rows.at[4][1], 290 + 920.0 * 31 / 92, 0.01);
    for (size_t k = 0; k < rows.n; k++)
        CHECK(rows.at[1][k] > 0);
    ptn_columns_free(&rows);
    ptn_store_close(store);
}
