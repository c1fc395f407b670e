/* The days on which forecasts were tried: do misses grow? And every candidate with every measure. */
#include "check_all.h"

#include <math.h>
#include <string.h>

#include "check_json.h"
#include "locale.h"
#include "paint.h"
#include "paint_table.h"

enum { INDENT = 9, HORIZON = 10, MISS = 8 };

/* ---- day by day ---- */

/* What forecasts a horizon now, on a day when a whole one could be tried. */
static bool counts(const ptn_check_trial *t)
{
    return t->forecasts && t->days == t->horizon_days && isfinite(t->metric[PTN_BIAS]);
}

/* One line for the horizon of trial `from`; how many days it has. */
static unsigned drift_line(const ptn_check_trials *trials, size_t from, ptn_text *line)
{
    char text[40], since[32] = "";
    unsigned days = 0;
    paint_left(line, "", INDENT);
    paint_left(line, paint_days(trials->at[from].horizon_days, text, sizeof text), HORIZON);
    for (size_t i = from; i < trials->count && trials->at[i].horizon_days == trials->at[from].horizon_days; i++) {
        if (!counts(&trials->at[i]))
            continue;
        if (days++ == 0)
            paint_day(trials->at[i].day, since, sizeof since);
        paint_right(line, paint_miss(trials->at[i].metric[PTN_BIAS], text, sizeof text), MISS);
    }
    ptn_text_addf(line, days == 1 ? "   on %s" : "   from %s", since);
    return days;
}

static size_t next_horizon(const ptn_check_trials *trials, size_t from)
{
    size_t i = from;
    while (i < trials->count && trials->at[i].horizon_days == trials->at[from].horizon_days)
        i++;
    return i;
}

void check_print_drift(const ptn_check_trials *trials)
{
    ptn_text line = {0};
    bool told = false;
    for (size_t from = 0; from < trials->count; from = next_horizon(trials, from)) {
        if (drift_line(trials, from, &line) == 0) {
            ptn_text_clear(&line);
            continue;
        }
        if (!told)
            paint_paragraph(stdout, "  drift", INDENT, "how far totals were missed, day by day; the last day was untouched");
        told = true;
        paint_line(stdout, &line);
    }
    ptn_text_free(&line);
}

static const char *count_text(double value, char *out, size_t size)
{
    if (!isfinite(value))
        out[0] = '\0';
    else if (fabs(value) < 999999.5)
        paint_count((int64_t)llround(value), out, size);
    else
        paint_money(value, "", 3, out, size);
    return out;
}

/* So many decimals as leave four digits. */
static const char *figure(double value, char *out, size_t size)
{
    out[0] = '\0';
    if (isfinite(value))
        paint_decimal(value, fabs(value) < 9.9995 ? 3 : fabs(value) < 99.995 ? 2 : fabs(value) < 999.95 ? 1 : 0, out, size);
    return out;
}

static void print_days(const ptn_check_trials *trials)
{
    char text[40];
    ptn_text line = {0};
    printf("Day by day: what forecasts now, as it would have done\n");
    paint_left(&line, "  made on       looks ahead  forecast     came         log score  same rate", 0);
    paint_line(stdout, &line);
    for (size_t i = 0; i < trials->count; i++) {
        const ptn_check_trial *t = &trials->at[i], *rule = ptn_check_trial_rule(trials, t);
        if (!t->forecasts)
            continue;
        paint_left(&line, "", 2);
        paint_left(&line, paint_day(t->day, text, sizeof text), 14);
        paint_left(&line, paint_days(t->days, text, sizeof text), 11);
        paint_right(&line, count_text(t->metric[PTN_TOTAL_FORECAST], text, sizeof text), 10);
        paint_right(&line, count_text(t->metric[PTN_TOTAL_CAME], text, sizeof text), 9);
        paint_right(&line, paint_miss(t->metric[PTN_BIAS], text, sizeof text), 8);
        paint_right(&line, figure(t->metric[PTN_LOG_SCORE], text, sizeof text), 10);
        paint_right(&line, figure(rule ? rule->metric[PTN_LOG_SCORE] : NAN, text, sizeof text), 11);
        paint_line(stdout, &line);
        if (!t->untouched)
            continue;
        ptn_text_addf(&line, "untouched: %s", t->model);
        if (isfinite(t->total_low)) {
            char low[40], high[40];
            ptn_text_addf(&line, " said 8 in 10 for %s to %s", count_text(t->total_low, low, sizeof low),
                          count_text(t->total_high, high, sizeof high));
        }
        paint_paragraph(stdout, "", 4, ptn_text_str(&line));
        ptn_text_clear(&line);
    }
    ptn_text_free(&line);
}

/* ---- every candidate ---- */

static const struct {
    const char *head;
    ptn_metric metric;
    int width;
} columns[] = {{"score", PTN_LOG_SCORE, 7}, {"CRPS", PTN_CRPS, 7}, {"RMSE", PTN_RMSE, 7},   {"MAE", PTN_MAE, 7},
               {"total", PTN_BIAS, 8},      {"order", PTN_NGINI, 7}, {"buys", PTN_ECE, 7}, {"middle", PTN_PIT_SHARE, 7}};
enum { COLUMNS = sizeof columns / sizeof *columns, NAME = 22 };

static const char *of_100(double share, char *out, size_t size)
{
    out[0] = '\0';
    if (isfinite(share))
        snprintf(out, size, "%.0f", 100 * share);
    return out;
}

static void print_candidate(const ptn_check_trial *t, ptn_text *line)
{
    char text[40];
    ptn_text_add(line, "  ");
    ptn_text_add(line, t->model);
    if (t->forecasts)
        ptn_text_add(line, paint_is_utf8() ? " ◂" : " <-");
    const int short_of = NAME - 2 - paint_width(t->model) - (t->forecasts ? paint_is_utf8() ? 2 : 3 : 0);
    paint_left(line, "", short_of);
    for (unsigned c = 0; c < COLUMNS; c++) {
        const double value = t->metric[columns[c].metric];
        paint_right(line,
                    columns[c].metric == PTN_BIAS        ? paint_miss(value, text, sizeof text)
                    : columns[c].metric == PTN_PIT_SHARE ? of_100(value, text, sizeof text)
                                                         : figure(value, text, sizeof text),
                    columns[c].width);
    }
    paint_line(stdout, line);
}

/* A row of numbers of the ten groups. */
static void print_tenths_row(const ptn_check_trial *t, const char *label, double (*of)(const patron_tenth *), int decimals)
{
    ptn_text line = {0};
    char text[24];
    paint_left(&line, label, 18);
    for (int k = 0; k < PATRON_TENTHS; k++) {
        const double value = of(&t->tenth[k]);
        paint_right(&line, isfinite(value) ? paint_decimal(value, value < 99.995 ? decimals : 0, text, sizeof text) : "", 6);
    }
    paint_line(stdout, &line);
    ptn_text_free(&line);
}

static double forecast_of(const patron_tenth *t) { return t->forecast / t->customers; }
static double came_of(const patron_tenth *t) { return t->came / t->customers; }
static double covered_of(const patron_tenth *t) { return 100 * t->covered / t->customers; }
static double implied_of(const patron_tenth *t) { return 100 * t->implied / t->customers; }

static void print_ranges(const ptn_check_trial *t)
{
    char all[8], all_so[8], repeat[8], repeat_so[8], text[200];
    snprintf(text, sizeof text, "%s of 100 customers came within their range of 8 in 10, %s were due; of repeat buyers %s, %s were due",
             of_100(t->metric[PTN_COVERAGE_80], all, sizeof all), of_100(t->metric[PTN_COVERAGE_80_IMPLIED], all_so, sizeof all_so),
             of_100(t->metric[PTN_REPEATERS_COVERAGE_80], repeat, sizeof repeat),
             of_100(t->metric[PTN_REPEATERS_COVERAGE_80_IMPLIED], repeat_so, sizeof repeat_so));
    if (repeat[0])
        paint_paragraph(stdout, "  ranges", INDENT, text);
}

static void print_tenths(const ptn_check_trial *t)
{
    printf("  purchases a customer, by tenth, those of whom least was expected first\n");
    print_tenths_row(t, "    forecast", forecast_of, 2);
    print_tenths_row(t, "    came", came_of, 2);
    print_tenths_row(t, "    in range", covered_of, 0);
    print_tenths_row(t, "    due", implied_of, 0);
}

static void print_horizon(const ptn_check_trials *trials, size_t from)
{
    char day[32], days[24];
    const ptn_check_trial *forecasts = NULL, *first = NULL;
    ptn_text line = {0};
    for (size_t i = from; i < next_horizon(trials, from); i++) {
        const ptn_check_trial *t = &trials->at[i];
        if (!t->untouched)
            continue;
        if (!first) {
            first = t;
            paint_days(t->days, days, sizeof days);
            printf("Every candidate: made on %s, tested on the %s after it\n", paint_day(t->day, day, sizeof day),
                   strcmp(days, "a year") == 0 ? "year" : days);
            paint_left(&line, "", NAME);
            for (unsigned c = 0; c < COLUMNS; c++)
                paint_right(&line, columns[c].head, columns[c].width);
            paint_line(stdout, &line);
        }
        print_candidate(t, &line);
        forecasts = t->forecasts ? t : forecasts;
    }
    ptn_text_free(&line);
    if (forecasts) {
        print_ranges(forecasts);
        print_tenths(forecasts);
    }
    if (first)
        putchar('\n');
}

static void print_legend(void)
{
    static const char *const words[][2] = {
        {"score", "log of the chance given to what each customer did: high is good"},
        {"CRPS", "how far a customer's whole forecast lies from what came, in purchases: low is good"},
        {"RMSE", "the miss of a customer's expected purchases, large ones counting more: low is good"},
        {"MAE", "the same, all counting alike: low is good"},
        {"total", "how far all purchases together were missed"},
        {"order", "normalised Gini: 1 where customers came in the order forecast, 0 by chance"},
        {"buys", "by how much the chance to buy at all is off, on the mean of ten groups"},
        {"middle", "of 100 repeat buyers, so many came in the middle 8 tenths of their own forecast, ties shared: 80 is right"},
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        char first[INDENT + 1];
        snprintf(first, sizeof first, "  %s", words[i][0]);
        paint_paragraph(stdout, first, INDENT + 1, words[i][1]);
    }
}

void check_print_all(const ptn_check_trials *trials)
{
    if (trials->count == 0)
        return;
    putchar('\n');
    for (size_t from = 0; from < trials->count; from = next_horizon(trials, from))
        print_horizon(trials, from);
    print_days(trials);
    putchar('\n');
    print_legend();
}

/* ---- for programs ---- */

static json_t *metrics_json(const ptn_check_trial *t)
{
    json_t *metrics = json_object();
    for (int m = 0; m < PTN_METRICS; m++)
        if (isfinite(t->metric[m]) || m < PTN_BUYERS_FORECAST)
            json_object_set_new(metrics, ptn_metric_names[m], json_number(t->metric[m]));
    return metrics;
}

static json_t *tenths_json(const ptn_check_trial *t)
{
    json_t *tenths = json_array();
    for (int k = 0; k < PATRON_TENTHS; k++) {
        const patron_tenth *of = &t->tenth[k];
        json_array_append_new(tenths, json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "customers", json_number(of->customers), "forecast",
                                                json_number(of->forecast), "came", json_number(of->came), "covered",
                                                json_number(of->covered), "implied", json_number(of->implied), "luck",
                                                json_number(of->luck)));
    }
    return tenths;
}

json_t *check_trials_json(const ptn_check_trials *trials)
{
    json_t *list = json_array();
    for (size_t i = 0; i < trials->count; i++) {
        const ptn_check_trial *t = &trials->at[i];
        json_t *trial = json_pack("{s:i,s:s,s:s,s:i,s:s,s:b,s:b,s:o}", "horizon_days", t->horizon_days, "made_on", t->day, "until",
                                  t->until, "days", t->days, "model", t->model, "untouched", t->untouched, "forecasts", t->forecasts,
                                  "metrics", metrics_json(t));
        if (t->untouched)
            json_object_set_new(trial, "tenths", tenths_json(t));
        json_array_append_new(list, trial);
    }
    return list;
}

json_t *check_drift_json(const ptn_check_trials *trials)
{
    json_t *list = json_array();
    for (size_t i = 0; i < trials->count; i++) {
        const ptn_check_trial *t = &trials->at[i], *rule = ptn_check_trial_rule(trials, t);
        if (!t->forecasts)
            continue;
        json_array_append_new(
            list, json_pack("{s:i,s:s,s:i,s:s,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "horizon_days", t->horizon_days, "made_on",
                            t->day, "days", t->days, "model", t->model, "untouched", t->untouched, "forecast",
                            json_number(t->metric[PTN_TOTAL_FORECAST]), "came", json_number(t->metric[PTN_TOTAL_CAME]), "miss",
                            json_number(t->metric[PTN_BIAS]), "p10", json_number(t->total_low), "p90", json_number(t->total_high),
                            "money_forecast", json_number(t->metric[PTN_MONEY_FORECAST]), "money_came",
                            json_number(t->metric[PTN_MONEY_CAME]), "log_score", json_number(t->metric[PTN_LOG_SCORE]),
                            "same_rate_log_score", json_number(rule ? rule->metric[PTN_LOG_SCORE] : NAN)));
    }
    return list;
}
