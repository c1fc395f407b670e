#include "check_json.h"

#include <math.h>

#include "margin_words.h"

json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static const char *mark_word(ptn_mark mark)
{
    static const char *const words[] = {"none", "fine", "so-so", "bad"};
    return words[mark];
}

static json_t *line_json(const ptn_check_line *line)
{
    return json_pack("{s:o,s:o,s:o,s:s}", "forecast", json_number(line->forecast), "came", json_number(line->came), "miss",
                     json_number(line->came != 0 ? line->forecast / line->came - 1 : NAN), "mark", mark_word(line->mark));
}

static json_t *test_json(const ptn_check_test *t)
{
    json_t *forecast = json_array(), *came = json_array();
    for (int k = 0; k < PATRON_TENTHS; k++) {
        json_array_append_new(forecast, json_number(t->tenth_forecast[k]));
        json_array_append_new(came, json_number(t->tenth_came[k]));
    }
    return json_pack("{s:s,s:i,s:s,s:i,s:i,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o,s:o,s:{s:o,s:o}}", "made_on", t->day, "horizon_days",
                     t->horizon_days, "model", t->model, "chosen_on_days", t->chosen_on_days, "history_days", t->history_days, "purchases",
                     line_json(&t->purchases), "sales_after_returns", line_json(&t->sales), "buyers", line_json(&t->buyers), "held_80",
                     line_json(&t->held), "same_rate", json_number(t->same_rate), "luck", json_number(t->luck), "sales_luck",
                     json_number(t->money_luck), "customers", json_number(t->customers),
                     "repeaters", json_number(t->repeaters), "order_holds", t->order_holds, "order", json_number(t->order), "quiet", json_number(t->quiet), "tenths", "forecast",
                     forecast, "came", came);
}

static json_t *model_json(const ptn_check_model *m)
{
    return json_pack("{s:s,s:b,s:i,s:o,s:o,s:o,s:s,s:s}", "model", m->name, "chosen", m->chosen, "days", (int)m->days, "without_season",
                     json_number(m->without), "log_score", json_number(m->log_score), "order",
                     json_number(m->order), "status", m->status, "limit", m->limit);
}

static json_t *today_json(const ptn_check *c)
{
    if (!c->forecast_known)
        return json_null();
    return json_pack("{s:i,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "horizon_days", c->horizon_days, "model", c->model, "purchases",
                     json_number(c->purchases), "purchases_p10", json_number(c->purchases_low), "purchases_p90", json_number(c->purchases_high), "value",
                     json_number(c->value), "value_p10", json_number(c->value_low), "value_p90", json_number(c->value_high), "luck_alone_p10",
                     json_number(c->value_luck_low), "luck_alone_p90", json_number(c->value_luck_high), "margin",
                     margin_json(&c->margins, NAN, -1));
}

json_t *check_json(const ptn_check *c)
{
    json_t *tests = json_array(), *models = json_array();
    for (unsigned t = 0; t < c->test_count; t++)
        json_array_append_new(tests, test_json(&c->tests[t]));
    for (unsigned m = 0; m < c->model_count; m++)
        json_array_append_new(models, model_json(&c->models[m]));
    json_t *season = c->season_known ? json_pack("{s:f,s:i,s:b,s:b}", "lift", c->season_lift, "month", c->season_month, "taken",
                                                 c->season_taken, "identifiable",
                                                 c->history_days >= PTN_SEASON_IDENTIFIED_DAYS)
                                     : json_null();
    return json_pack("{s:s,s:s,s:s,s:s,s:o,s:i,s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "schema", "patron.check/1", "run_id", c->run_id,
                               "as_of", c->as_of, "currency", c->currency, "buyers", json_number(c->buyers), "history_days", c->history_days,
                               "mark", mark_word(c->mark), "verdict", c->verdict, "why", c->why, "tests", tests, "models", models,
                               "forecast", today_json(c), "season", season);
}
