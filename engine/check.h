#ifndef PTN_CHECK_H
#define PTN_CHECK_H

/* patron check: can it be believed? What was forecast on the days that no choice had seen, beside what came; and what follows
 * for the forecast of today.
 *
 * Marks. A total, and the share of customers who buy, is fine within 5 % of what came, so-so within 15 %. Of repeat buyers 8 in
 * 10 should fall into the middle 8 tenths of their own range, ties shared (coverage of whole numbers would be more): fine
 * within 4 of 100, so-so within 8 or where ranges are too wide. One standard deviation of luck is taken off each miss first, so
 * that a small shop is not blamed for it. The order of customers holds when nine in ten pairs of tenths came in the order they were forecast. */

#include <stdbool.h>

#include "margins.h"
#include "patron/season.h"
#include "patron/track_record.h"
#include "store.h"

enum { PTN_TESTS_MAX = 2, PTN_CHECK_MODELS_MAX = 16 };

typedef enum ptn_mark { PTN_MARK_NONE, PTN_MARK_FINE, PTN_MARK_SO_SO, PTN_MARK_BAD } ptn_mark;

/* Two numbers that should be alike. NaN: not known. */
typedef struct ptn_check_line {
    double forecast, came;
    ptn_mark mark;
} ptn_check_line;

/* One untouched day and horizon. */
typedef struct ptn_check_test {
    int horizon_days, chosen_on_days; /* chosen_on_days: length of the forecasts the model was chosen on; 0: on none */
    char day[11], model[48];
    int history_days;                 /* known on that day */
    ptn_check_line purchases, sales;  /* sales: after returns */
    ptn_check_line buyers;            /* shares, 0 to 1 */
    ptn_check_line held;              /* repeat buyers in the middle 8 tenths of their range; forecast is 0.8 */
    double same_rate;                 /* purchases, had everyone gone on as before */
    double luck, money_luck;            /* standard deviations of purchases and sales by luck */
    double customers, repeaters, order; /* order: normalised Gini */
    double quiet;                       /* share of those taken for gone who had only gone quiet, as earlier days told */
    double tenth_forecast[PATRON_TENTHS], tenth_came[PATRON_TENTHS]; /* purchases a customer, the least first */
    bool order_holds;
} ptn_check_test;

/* A candidate on the earlier days, on which the choice was made. */
typedef struct ptn_check_model {
    char name[48], status[12], limit[48];
    double log_score, order;
    double without; /* log score of the same without a season on the same days; NaN: it has none */
    unsigned days;  /* how many such days; one with a season needs a year behind each */
    bool chosen;    /* with or without its season */
} ptn_check_model;

typedef struct ptn_check {
    char run_id[24], as_of[11], currency[8];
    double buyers;
    int history_days;
    unsigned test_count;
    ptn_check_test tests[PTN_TESTS_MAX]; /* the two longest horizons that could be tested, the longer one last */
    unsigned model_count;
    ptn_check_model models[PTN_CHECK_MODELS_MAX];

    bool forecast_known; /* today's, at the last of the horizons */
    int horizon_days;
    char model[48];
    double purchases, purchases_low, purchases_high;
    double value, value_low, value_high, value_luck_low, value_luck_high; /* NaN: what a purchase is worth is not known */
    ptn_margins margins; /* of value, where the margin is assumed */

    bool season_known;  /* there is a year to see one in */
    bool season_taken;  /* forecasts with it did better on earlier days */
    double season_lift; /* the best month over the mean */
    int season_month;   /* 1 to 12 */

    ptn_mark mark;
    char verdict[200];
    char why[320]; /* may be empty */
} ptn_check;

/* Reads a published store. With no test the verdict says what is missing. */
patron_status ptn_check_read(ptn_store *store, ptn_check *out, ptn_problem *problem);

/* A season that was taken is spoken of from this lift on; it can be told from customers leaving after two years. */
#define PTN_SEASON_VISIBLE 1.15
enum { PTN_SEASON_IDENTIFIED_DAYS = 730 };

#endif
