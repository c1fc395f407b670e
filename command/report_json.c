#include "report_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check_json.h"
#include "concentration.h"
#include "equations.h"
#include "json_rows.h"
#include "margin_words.h"
#include "paint.h"
#include "reasons.h"

/* While it is made: the object, and what is missing from it. */
typedef struct page {
    ptn_store *store;
    const ptn_report *report;
    bool masked;
    json_t *object, *missing, *made;
} page;

static void put(page *p, const char *part, json_t *value)
{
    json_object_set_new(p->object, part, value);
}

/* A part that is not there: why, and the line that would fill it, or NULL. */
static void lack(page *p, const char *part, const char *says, const char *add)
{
    if (!json_object_get(p->object, part) && strcmp(part, "customers") != 0)
        put(p, part, json_null());
    json_object_set_new(p->missing, part, json_pack("{s:s,s:s?}", "says", says, "add", add));
}

/* Where a part is from, and a statement that `patron sql` answers with the same numbers. */
static void tell(page *p, const char *part, const char *table, const char *sql)
{
    json_object_set_new(p->made, part, json_pack("{s:s,s:s}", "table", table, "sql", sql));
}

/* ---- the first lines ---- */

static const char *measure_of(const ptn_report *report)
{
    return report->has_costs ? "what is left after costs" : report->margin_assumed ? "sales after returns, at the margin assumed" : "sales after returns";
}

static patron_status put_headline(page *p, ptn_problem *problem)
{
    const ptn_check *c = &p->report->check;
    json_t *rows = NULL;
    const patron_status status = json_rows(p->store,
                                           "SELECT buyers, persons, still_with_us, value, before, before_purchases, before_days FROM standing_of_all",
                                           "iifffii", &rows, problem);
    if (status != PATRON_OK)
        return status;
    json_t *all = json_array_get(rows, 0);
    if (!c->forecast_known || isnan(c->value)) {
        char bare[200] = "", days[24], low[32], high[32];
        if (c->forecast_known)
            snprintf(bare, sizeof bare, "Within %s, 8 in 10: %s to %s purchases; too little is known to say what one is worth.",
                     paint_days(c->horizon_days, days, sizeof days), paint_count(llround(c->purchases_low), low, sizeof low),
                     paint_count(llround(c->purchases_high), high, sizeof high));
        lack(p, "headline", c->buyers == 0          ? "Nobody has bought yet, so nothing is forecast."
                            : !c->forecast_known ? "No model can be fitted to so little, so nothing is forecast."
                                                 : bare, NULL);
    } else {
        put(p, "headline",
            json_pack("{s:i,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:O,s:O,s:O,s:O,s:O,s:O}", "horizon_days", c->horizon_days, "value",
                      json_number(c->value), "p10", json_number(c->value_low), "p90", json_number(c->value_high), "luck_p10",
                      json_number(c->value_luck_low), "luck_p90", json_number(c->value_luck_high), "purchases", json_number(c->purchases),
                      "purchases_p10", json_number(c->purchases_low), "purchases_p90", json_number(c->purchases_high), "kind",
                      measure_of(p->report), "margin", margin_json(&c->margins, NAN, -1), "before", json_object_get(all, "before"), "before_purchases",
                      json_object_get(all, "before_purchases"), "before_days", json_object_get(all, "before_days"), "buyers", json_object_get(all, "buyers"), "persons",
                      json_object_get(all, "persons"), "still_with_us", json_object_get(all, "still_with_us")));
    }
    json_decref(rows);
    return PATRON_OK;
}

/* "A year ago this would have been 54 % too high, 26 weeks ago 12 % too high." */
static void last_words(const ptn_check *check, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (unsigned t = check->test_count; t-- > 0;) {
        const ptn_check_line *line = &check->tests[t].purchases;
        char ago[40];
        const double percent = 100 * (line->forecast / line->came - 1);
        if (!isfinite(percent) || at + 1 >= size)
            continue;
        paint_days(check->tests[t].horizon_days, ago, sizeof ago);
        if (at == 0 && ago[0] == 'a')
            ago[0] = 'A';
        at += (size_t)snprintf(out + at, size - at, "%s%s ago ", at ? ", " : "", ago);
        if (at + 1 < size && fabs(percent) < 0.5)
            at += (size_t)snprintf(out + at, size - at, "%sright to 1 %%", strchr(out, ',') ? "" : "this would have been ");
        else if (at + 1 < size)
            at += (size_t)snprintf(out + at, size - at, "%s%.0f %% too %s", strchr(out, ',') ? "" : "this would have been ", fabs(percent),
                                   percent > 0 ? "high" : "low");
    }
    if (at && at + 1 < size)
        snprintf(out + at, size - at, ".");
}

static void put_trust(page *p)
{
    const ptn_check *c = &p->report->check;
    const ptn_check_test *last = c->test_count ? &c->tests[c->test_count - 1] : NULL;
    char says[240];
    json_t *check = check_json(c), *trust = json_object();
    static const char *const parts[] = {"mark", "verdict", "why", "models", "tests", "season"};
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        json_object_set(trust, parts[i], json_object_get(check, parts[i]));
    json_decref(check);
    last_words(c, says, sizeof says);
    json_object_set_new(trust, "last",
                        last ? json_pack("{s:s,s:i,s:o,s:s}", "made_on", last->day, "horizon_days", last->horizon_days, "bias",
                                         json_number(last->purchases.forecast / last->purchases.came - 1), "says", says)
                             : json_null());
    put(p, "trust", trust);
}

/* ---- money ---- */

static json_t *equation(const ptn_money_line *line, bool conserved)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "currency", line->currency, "amount_in", line->amount_in, "attributed",
                     line->attributed, "unattributed", line->unattributed, "quarantined", line->quarantined, "set_aside", line->set_aside,
                     "rounding", line->rounding, "conserved", conserved);
}

static patron_status put_money(page *p, ptn_problem *problem)
{
    static const struct {
        const char *part, *sql, *types;
    } parts[] = {{"sources", "FROM money_by_source", "ssiiiisssss"},
                 {"kinds", "FROM money_by_kind", "sis"},
                 {"reasons", "FROM refused_by_reason", "ssiss"},
                 {"largest_refused", "FROM largest_refused", "ssisssss"}};
    patron_status status = PATRON_OK;
    ptn_problem unequal = {0};
    ptn_money_line *lines = calloc(PTN_MONEY_LINES, sizeof *lines);
    unsigned count = 0;
    json_t *money = NULL;
    if (!lines)
        return ptn_out_of_memory(problem);
    PTN_TRY(ptn_equations_read(p->store, lines, &count, problem));
    if (count == 0) {
        lack(p, "money", "The sources have no lines yet: there is no money to add up.", NULL);
        goto done;
    }
    const bool conserved = ptn_equations_check(p->store, &unequal) == PATRON_OK;
    money = equation(&lines[0], conserved);
    json_t *others = json_array();
    for (unsigned i = 1; i < count; i++)
        json_array_append_new(others, equation(&lines[i], conserved));
    json_object_set_new(money, "other_currencies", others);
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_t *rows;
        PTN_TRY(json_rows(p->store, parts[i].sql, parts[i].types, &rows, problem));
        json_object_set_new(money, parts[i].part, rows);
    }
    put(p, "money", money);
    money = NULL;

done:
    json_decref(money);
    free(lines);
    return status;
}

/* ---- charts ---- */

/* [[0, y0], [0.01, y1], ...]; null when they are not known. */
static json_t *curve(const double *y)
{
    json_t *points = json_array();
    for (int k = 0; k < PTN_HUNDREDTHS && isfinite(y[0]) && isfinite(y[PTN_HUNDREDTHS - 1]); k++)
        json_array_append_new(points, json_pack("[f,f]", k / 100.0, y[k]));
    if (json_array_size(points))
        return points;
    json_decref(points);
    return json_null();
}

static patron_status put_who_makes_it(page *p, ptn_problem *problem)
{
    enum { FIFTH = 20 };
    ptn_concentration c = {0};
    const patron_status status = ptn_concentration_read(p->store, &c, problem);
    if (status != PATRON_OK)
        return status;
    if (c.customers[FIFTH] == 0) {
        lack(p, "who_makes_it", "Who makes it needs five customers at least.", NULL);
        return PATRON_OK;
    }
    put(p, "who_makes_it",
        json_pack("{s:o,s:o,s:o,s:o,s:{s:o,s:o,s:o,s:o,s:I,s:o}}", "expected", curve(c.expected), "observed", curve(c.observed), "low",
                  curve(c.low), "high", curve(c.high), "best_fifth", "expected", json_number(c.expected[FIFTH]), "low",
                  json_number(c.low[FIFTH]), "high", json_number(c.high[FIFTH]), "observed", json_number(c.observed[FIFTH]), "customers",
                  (json_int_t)c.customers[FIFTH], "value", json_number(c.value[FIFTH])));
    tell(p, "who_makes_it", "customers",
         "SELECT sum(value) FILTER (place <= n / 5) / sum(value) AS best_fifth FROM (SELECT value, row_number() OVER (ORDER BY value DESC,"
         " person) AS place, count(*) OVER () AS n FROM customers WHERE value IS NOT NULL)");
    return PATRON_OK;
}

static patron_status put_coming(page *p, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    json_t *actual = NULL, *forecast = NULL;
    PTN_TRY(json_rows(p->store, "FROM months_before", "ssf", &actual, problem));
    PTN_TRY(json_rows(p->store, "FROM months_ahead", "ssffffffffff", &forecast, problem));
    if (json_array_size(forecast) == 0) {
        const char *why = json_string_value(json_object_get(json_object_get(p->missing, "headline"), "says"));
        lack(p, "coming", why ? why : "Nothing is forecast yet, so no month is.", NULL);
    } else {
        put(p, "coming", json_pack("{s:s,s:s,s:b,s:O,s:O}", "unit", "month", "measure", measure_of(p->report), "discounted", 1, "actual",
                                   actual, "forecast", forecast));
        tell(p, "coming", "forecast.months", "FROM forecast.months");
    }

done:
    json_decref(actual);
    json_decref(forecast);
    return status;
}

static patron_status put_test_weeks(page *p, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char sql[100];
    json_t *test = NULL, *weeks = NULL, *before = NULL;
    PTN_TRY(json_rows(p->store,
                      "SELECT min(made_on)::VARCHAR AS made_on, min(horizon_days)::BIGINT AS horizon_days, min(model) AS model,"
                      " (SELECT purchases FROM (SELECT sum(forecast::DECIMAL(18, 6))::DOUBLE AS purchases FROM test_weeks)) AS forecast,"
                      " sum(came)::BIGINT AS came FROM test_weeks",
                      "sisfi", &test, problem));
    PTN_TRY(json_rows(p->store, "SELECT from_day::VARCHAR AS \"from\", days::BIGINT AS days, came::BIGINT AS came, forecast, p10, p25, p75, p90"
                                " FROM test_weeks", "siifffff", &weeks, problem));
    PTN_TRY(json_rows(p->store, "FROM weeks_before", "si", &before, problem));
    if (json_array_size(weeks) == 0) {
        char says[400];
        snprintf(says, sizeof says, "No forecast could be tried in the past yet%s%s.", p->report->check.why[0] ? ": " : "", p->report->check.why);
        lack(p, "actual_and_forecast", says, NULL);
        goto done;
    }
    const json_t *all = json_array_get(test, 0);
    const json_int_t days = json_integer_value(json_object_get(all, "horizon_days"));
    put(p, "actual_and_forecast",
        json_pack("{s:O,s:O,s:O,s:s,s:O,s:{s:O,s:O},s:O}", "made_on", json_object_get(all, "made_on"), "horizon_days",
                  json_object_get(all, "horizon_days"), "model", json_object_get(all, "model"), "unit", "week", "weeks", weeks, "total",
                  "forecast", json_object_get(all, "forecast"), "came", json_object_get(all, "came"), "before", before));
    snprintf(sql, sizeof sql, "FROM track_record.weeks WHERE horizon_days = %lld", (long long)days);
    tell(p, "actual_and_forecast", "track_record.weeks", sql);

done:
    json_decref(test);
    json_decref(weeks);
    json_decref(before);
    return status;
}

static patron_status put_calibration(page *p, ptn_problem *problem)
{
    char sql[160];
    json_t *tenths = NULL, *made_on, *days;
    const patron_status status = json_rows(p->store, "FROM test_tenths", "isiiffffff", &tenths, problem);
    if (status != PATRON_OK)
        return status;
    if (json_array_size(tenths) == 0) {
        lack(p, "calibration", "Calibration needs a forecast that was tried in the past.", NULL);
    } else {
        made_on = json_object_get(json_array_get(tenths, 0), "made_on");
        days = json_object_get(json_array_get(tenths, 0), "horizon_days");
        put(p, "calibration", json_pack("{s:O,s:O,s:O}", "made_on", made_on, "horizon_days", days, "tenths", tenths));
        snprintf(sql, sizeof sql, "SELECT metric, value FROM model_scores s WHERE s.last AND chosen AND horizon_days = %lld AND metric LIKE 'tenth%%'",
                 (long long)json_integer_value(days));
        tell(p, "calibration", "model_scores", sql);
        for (size_t i = 0; i < json_array_size(tenths); i++) {
            json_object_del(json_array_get(tenths, i), "made_on");
            json_object_del(json_array_get(tenths, i), "horizon_days");
        }
    }
    json_decref(tenths);
    return PATRON_OK;
}

static patron_status put_cohorts(page *p, ptn_problem *problem)
{
    json_t *cells = NULL, *rows = json_array(), *row = NULL;
    bool any = false;
    const patron_status status = json_rows(p->store, "FROM cohorts", "ssiiifffb", &cells, problem);
    for (size_t i = 0; status == PATRON_OK && i < json_array_size(cells); i++) {
        json_t *cell = json_array_get(cells, i);
        if (!row || !json_equal(json_object_get(row, "cohort"), json_object_get(cell, "cohort"))) {
            row = json_pack("{s:O,s:O,s:O,s:[]}", "cohort", json_object_get(cell, "cohort"), "label", json_object_get(cell, "label"),
                            "customers", json_object_get(cell, "won"), "cells");
            json_array_append_new(rows, row);
        }
        if (json_integer_value(json_object_get(cell, "quarter")) == 0)
            continue; /* everyone bought in the quarter they were won */
        static const char *const own[] = {"cohort", "label", "won"};
        for (unsigned k = 0; k < 3; k++)
            json_object_del(cell, own[k]);
        json_array_append(json_object_get(row, "cells"), cell);
        any = true;
    }
    if (status == PATRON_OK && any) {
        put(p, "cohorts", json_pack("{s:s,s:O}", "unit", "quarter", "rows", rows));
        tell(p, "cohorts", "history.purchase_days",
             "SELECT date_trunc('quarter', days[1])::DATE AS cohort, date_diff('quarter', days[1], day) AS quarter, count(DISTINCT person) AS"
             " customers FROM (SELECT person, days, unnest(days) AS day FROM history.purchase_days) GROUP BY ALL ORDER BY ALL");
    } else if (status == PATRON_OK) {
        lack(p, "cohorts", "Cohorts need customers who were won in an earlier quarter.", NULL);
    }
    json_decref(cells);
    json_decref(rows);
    return status;
}

/* ---- customers ---- */

#define FACTS \
    "person_id, key, name, first_seen::VARCHAR AS first_seen, last_bought::VARCHAR AS last_seen, frequency::BIGINT AS frequency," \
    " recency_days::BIGINT AS recency_days, age_days::BIGINT AS age_days, idle_days::BIGINT AS idle_days, usual_gap_days," \
    " shown(revenue, getvariable('minor')) AS revenue, revenue_each::DOUBLE AS revenue_each, p_alive, p_buys, purchases," \
    " margin_per_purchase::DOUBLE AS margin_per_purchase, value::DOUBLE AS value, value_p10::DOUBLE AS p10, value_p90::DOUBLE AS p90"
static const char facts_types[] = "sssssiiiifsffffffff";

/* Their reasons in words, of the facts that stand beside them. */
static void add_reasons(page *p, json_t *people)
{
    for (size_t i = 0; i < json_array_size(people); i++) {
        json_t *one = json_array_get(people, i), *list = json_array();
        char words[REASONS_MAX][REASON_SIZE];
        const unsigned n = reasons_of(
            &(reason_facts){.frequency = (int)json_integer_value(json_object_get(one, "frequency")),
                            .recency_days = (int)json_integer_value(json_object_get(one, "recency_days")),
                            .idle_days = (int)json_integer_value(json_object_get(one, "idle_days")),
                            .last_day = json_string_value(json_object_get(one, "last_seen")),
                            .revenue_each = json_number_value(json_object_get(one, "revenue_each")),
                            .currency = p->report->currency},
            words);
        for (unsigned k = 0; k < n; k++)
            json_array_append_new(list, json_string(words[k]));
        json_object_set_new(one, "reasons", list);
        json_object_del(one, "revenue_each");
    }
}

enum { LISTED = 500, QUIET_LISTED = 20 };

static patron_status put_customers(page *p, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char sql[1200];
    json_t *people = NULL, *totals = NULL;
    snprintf(sql, sizeof sql, "SELECT " FACTS " FROM best ORDER BY place LIMIT %d", LISTED);
    PTN_TRY(json_rows(p->store, sql, facts_types, &people, problem));
    snprintf(sql, sizeof sql,
             "SELECT count(*)::BIGINT AS customers, sum(value)::DOUBLE AS value, count(*) FILTER (place <= %d)::BIGINT AS in_list,"
             " sum(value) FILTER (place <= %d)::DOUBLE AS value_in_list FROM best", LISTED, LISTED);
    PTN_TRY(json_rows(p->store, sql, "ifif", &totals, problem));
    add_reasons(p, people);
    put(p, "customers", json_incref(people));
    put(p, "totals", json_incref(json_array_get(totals, 0)));
    if (json_array_size(people) == 0)
        lack(p, "customers", "Nobody has bought yet.", NULL);

done:
    json_decref(people);
    json_decref(totals);
    return status;
}

/* Chance to be with us still, value, and place in the list of customers. */
static json_t *plane(const json_t *people)
{
    json_t *points = json_array();
    for (size_t i = 0; i < json_array_size(people); i++) {
        json_t *one = json_array_get(people, i), *chance = json_object_get(one, "p_alive"), *value = json_object_get(one, "value");
        if (json_is_number(chance) && json_is_number(value))
            json_array_append_new(points, json_pack("[O,O,I]", chance, value, (json_int_t)i));
    }
    return points;
}

static patron_status put_keeping(page *p, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char sql[1200];
    json_t *list = NULL, *all = NULL, *points = plane(json_object_get(p->object, "customers"));
    snprintf(sql, sizeof sql, "SELECT frequency::BIGINT + 1 AS bought, " FACTS " FROM gone_quiet ORDER BY place LIMIT %d", QUIET_LISTED);
    char types[sizeof facts_types + 1] = "i";
    strcat(types, facts_types);
    PTN_TRY(json_rows(p->store, sql, types, &list, problem));
    PTN_TRY(json_rows(p->store, "FROM gone_quiet_total", "ifff", &all, problem));
    if (json_array_size(points) == 0) {
        lack(p, "keeping", "Who is worth keeping is not known before anything is forecast.", NULL);
        goto done;
    }
    add_reasons(p, list);
    for (size_t i = 0; i < json_array_size(list); i++) { /* those that were made, not those expected */
        json_t *one = json_array_get(list, i);
        json_object_set(one, "purchases", json_object_get(one, "bought"));
        json_object_del(one, "bought");
    }
    const json_t *sums = json_array_get(all, 0);
    put(p, "keeping",
        json_pack("{s:s,s:O,s:O,s:O,s:O,s:O,s:O}", "rule",
                  "four purchases or more, silent for more than 3 times their usual gap, under 9 in 10 still with us, and worth more than"
                  " the mean of all customers",
                  "customers", json_object_get(sums, "customers"), "value", json_object_get(sums, "value"), "p10",
                  json_object_get(sums, "p10"), "p90", json_object_get(sums, "p90"), "list", list, "points", points));
    tell(p, "keeping", "customers",
         "SELECT person_id, frequency + 1 AS purchases, recency_days / frequency AS usual_gap_days, idle_days, p_alive, value, value_p10, value_p90"
         " FROM customers WHERE frequency >= 3 AND idle_days > 3 * recency_days / frequency AND p_alive < 0.9"
         " AND value > (SELECT avg(value) FROM customers) ORDER BY value DESC");

done:
    json_decref(list);
    json_decref(all);
    json_decref(points);
    return status;
}

/* ---- what it is made of ---- */

static patron_status put_origins(page *p, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    const ptn_report *r = p->report;
    json_t *rows, *warnings = json_array(), *horizons = json_array();
    PTN_TRY(json_rows(p->store, "SELECT horizon_days::BIGINT AS days FROM forecast.horizons ORDER BY 1", "i", &rows, problem));
    for (size_t i = 0; i < json_array_size(rows); i++)
        json_array_append(horizons, json_object_get(json_array_get(rows, i), "days"));
    json_decref(rows);
    put(p, "horizons", json_incref(horizons));
    PTN_TRY(json_rows(p->store, "FROM sources", "ssjss", &rows, problem));
    put(p, "sources", rows);
    PTN_TRY(json_rows(p->store, "FROM tables_behind", "sis", &rows, problem));
    put(p, "tables", rows);
    for (unsigned i = 0; i < r->warnings.count; i++) {
        const ptn_warning *w = &r->warnings.at[i];
        json_array_append_new(warnings, json_pack("{s:s,s:s,s:I,s:s,s:s?}", "code", w->code, "about", w->about, "count", (json_int_t)w->count,
                                                  "message", w->message, "next", w->next[0] ? w->next : NULL));
    }
    put(p, "warnings", json_incref(warnings));
    put(p, "settings", json_pack("{s:o,s:o,s:s?,s:s?}", "discount_rate", json_number(r->discount_rate), "margin", json_number(r->margin),
                                 "season", r->season, "prior", r->prior));

done:
    json_decref(warnings);
    json_decref(horizons);
    return status;
}

/* What patron does not do yet is said as that; what the data lacks, with the line that would add it. */
static void put_missing(page *p)
{
    if (!p->report->has_costs && !p->report->margin_assumed)
        lack(p, "costs", "Costs are unknown, so values are sales after returns, not profit. A margin is assumed for everyone by one line of"
                         " patron.yaml; rows of costs in the ledger tell each customer's own.", "margin: 0.38");
    lack(p, "strain", "What wears a relationship (fees, failures, pressure) is not measured by this version.", NULL);
    lack(p, "conditions", "What a recession or a new price would change is not computed by this version.", NULL);
    lack(p, "plan", "Whom to treat, and what it would gain, is not decided by this version.", NULL);
    lack(p, "books", "A statement of customer equity from one year to the next is not drawn up by this version.", NULL);
    static const char *const later[] = {"costs", "strain", "conditions", "plan", "books"};
    for (unsigned i = 0; i < sizeof later / sizeof *later; i++)
        json_object_del(p->object, later[i]);
}

patron_status report_json(ptn_store *store, const ptn_report *report, const char *locale, bool masked, json_t **out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    page p = {.store = store, .report = report, .masked = masked, .missing = json_object(), .made = json_object()};
    p.object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s}", "schema", "patron.report/1", "name", report->name, "run_id",
                         report->run_id, "as_of", report->as_of, "built_at", report->built_at, "version", report->version, "currency",
                         report->currency, "locale", locale, "names_masked", masked, "condition", "base");
    *out = NULL;
    PTN_TRY(put_headline(&p, problem));
    put_trust(&p);
    PTN_TRY(put_money(&p, problem));
    PTN_TRY(put_who_makes_it(&p, problem));
    PTN_TRY(put_coming(&p, problem));
    PTN_TRY(put_customers(&p, problem));
    PTN_TRY(put_keeping(&p, problem));
    PTN_TRY(put_test_weeks(&p, problem));
    PTN_TRY(put_calibration(&p, problem));
    PTN_TRY(put_cohorts(&p, problem));
    PTN_TRY(put_origins(&p, problem));
    put_missing(&p);
    put(&p, "made", json_incref(p.made));
    put(&p, "missing", json_incref(p.missing));
    *out = json_incref(p.object);

done:
    json_decref(p.object);
    json_decref(p.made);
    json_decref(p.missing);
    return status;
}
