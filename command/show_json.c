/* patron show --json: the columns of `customers`, then the blocks of the card. Every amount is a number, as patron sql gives it, exact
 * up to 15 digits; days are text, 2011-12-09; what is not known is null. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "margin_words.h"
#include "reasons.h"
#include "show_card.h"

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *word(const char *text)
{
    return text[0] ? json_string(text) : json_null();
}

static json_t *amount(const char *text)
{
    return text[0] ? json_real(strtod(text, NULL)) : json_null();
}

static json_t *whole(bool known, int64_t value)
{
    return known ? json_integer(value) : json_null();
}

static json_t *flows(const ptn_flow *of, unsigned count)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s,s:I,s:o}", "kind", of[i].kind, "lines", (json_int_t)of[i].lines, "amount", amount(of[i].amount)));
    return list;
}

static json_t *events(const ptn_card *card, unsigned most)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < card->event_count && i < most; i++) {
        const ptn_event *e = &card->events[i];
        json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:o,s:I,s:o,s:o,s:o,s:b}", "day", e->day, "stream", e->stream, "kind", e->kind,
                                              "order_id", word(e->order_id), "lines", (json_int_t)e->lines, "amount", amount(e->amount),
                                              "currency", word(e->currency), "what", word(e->what), "after_as_of", e->later));
    }
    return list;
}

static json_t *keys(const ptn_card *card)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < card->record_count; i++) {
        const ptn_person_record *r = &card->records[i];
        json_array_append_new(list, json_pack("{s:s,s:s,s:I,s:o,s:o,s:o}", "source", r->source, "key", r->key, "lines", (json_int_t)r->lines,
                                              "amount", amount(r->amount), "name", word(r->name), "email", word(r->email)));
    }
    return list;
}

static json_t *worth(const ptn_card *c)
{
    if (!c->valued)
        return json_null();
    return json_pack("{s:i,s:s,s:o,s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:I,s:I}", "horizon_days", c->horizon_days, "condition", "base",
                     "value", amount(c->value), "p10", amount(c->value_p10), "p90", amount(c->value_p90), "kind", show_kind(c), "margin",
                     c->margins.margin != 0 ? margin_json(&c->margins, strtod(c->value, NULL), -1) : json_null(),
                     "p_alive",
                     real(c->p_alive), "p_buys", real(c->p_buys), "purchases", real(c->purchases), "purchases_p10", real(c->purchases_p10),
                     "purchases_p90", real(c->purchases_p90), "margin_per_purchase", amount(c->margin_per_purchase), "model", c->model,
                     "verdict", word(c->verdict), "rank", (json_int_t)c->rank, "of", (json_int_t)c->people);
}

static json_t *so_far(const ptn_card *c)
{
    json_t *months = json_array();
    for (unsigned i = 0; i < PTN_CARD_MONTHS; i++)
        json_array_append_new(months, json_pack("{s:s,s:i}", "month", c->month[i], "purchases", c->bought[i]));
    return json_pack("{s:o,s:I,s:o,s:o,s:o}", "net", amount(c->net), "lines", (json_int_t)c->lines, "kinds", flows(c->flows, c->flow_count),
                     "after_as_of", flows(c->later, c->later_count), "months", months);
}

static json_t *reasons(const ptn_card *c)
{
    char words[REASONS_MAX][REASON_SIZE];
    json_t *list = json_array();
    const unsigned count =
        c->buyer ? reasons_of(&(reason_facts){c->frequency, c->recency_days, c->idle_days, c->last_day, c->revenue_each, c->currency}, words) : 0;
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(list, json_string(words[i]));
    return list;
}

static json_t *made_of(const ptn_card *c, const show_parts *parts)
{
    const ptn_made_of *m = &c->made;
    char sql[160];
    if (!m->known)
        return json_null();
    snprintf(sql, sizeof sql, "FROM ledger WHERE person_id = '%s' AND occurred_at::DATE <= '%s'", c->person_id, c->as_of);
    return json_pack("{s:s,s:o,s:o,s:o,s:o,s:i,s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:I,s:s,s:I,s:o}", "model", m->model, "purchases",
                     real(m->purchases), "discounted_purchases", real(m->discounted), "margin_per_purchase", real(m->margin_per_purchase),
                     "discount_rate", real(parts->discount_rate), "chosen_on_days", m->chosen_on_days, "last_bias", real(m->bias),
                     "purchase_days", (json_int_t)m->purchase_days, "sales", real(m->sales), "expected_spend", real(m->spend_mean),
                     "expected_spend_of_all", real(m->spend_of_all), "share_kept", real(m->kept_mean), "share_kept_of_all", real(m->kept_of_all),
                     "customers_in_state", (json_int_t)c->alike, "rows_sql", sql, "rows", (json_int_t)c->lines, "rows_amount", amount(c->net));
}

void show_json(const ptn_card *c, const show_parts *parts)
{
    json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o}", "schema", "patron.show/2", "run_id", c->run_id, "as_of", c->as_of, "currency",
                          c->currency, "person_id", c->person_id, "name", word(c->name), "first_seen", word(c->first_seen), "last_seen",
                          word(c->last_seen));
    json_object_set_new(o, "frequency", whole(c->buyer, c->frequency));
    json_object_set_new(o, "recency_days", whole(c->buyer, c->recency_days));
    json_object_set_new(o, "age_days", whole(c->buyer, c->age_days));
    json_object_set_new(o, "idle_days", whole(c->buyer, c->idle_days));
    json_object_set_new(o, "revenue", amount(c->revenue));
    json_object_set_new(o, "margin", amount(c->margin));
    json_object_set_new(o, "p_alive", real(c->buyer ? c->p_alive : NAN));
    json_object_set_new(o, "value", amount(c->value));
    json_object_set_new(o, "value_p10", amount(c->value_p10));
    json_object_set_new(o, "value_p90", amount(c->value_p90));
    json_object_set_new(o, "residual_value", amount(c->residual_value));
    json_object_set_new(o, "class", word(c->class_name));
    json_object_set_new(o, "keys", keys(c));
    json_object_set_new(o, "worth", worth(c));
    json_object_set_new(o, "so_far", so_far(c));
    json_object_set_new(o, "reasons", reasons(c));
    json_object_set_new(o, "lately", events(c, 4));
    if (parts->timeline)
        json_object_set_new(o, "timeline", events(c, c->event_count));
    if (parts->why_value)
        json_object_set_new(o, "why_value", made_of(c, parts));
    if (parts->why_identity)
        json_object_set_new(o, "why_identity", json_pack("{s:s,s:o}", "joined_by", "key", "records", keys(c)));
    json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(o);
}
