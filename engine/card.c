#include "card.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "steps.h"
#include "text.h"

static double number(const ptn_rows *rows, unsigned column)
{
    return ptn_rows_is_null(rows, column) ? NAN : ptn_rows_double(rows, column);
}

static patron_status set_text(ptn_store *store, const char *name, const char *value, ptn_problem *problem)
{
    ptn_text sql = {0};
    ptn_text_addf(&sql, "SET VARIABLE %s = ", name);
    ptn_text_add_literal(&sql, value);
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}

patron_status ptn_card_find(ptn_store *store, const char *asked, ptn_matches *out, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    *out = (ptn_matches){0};
    PTN_TRY(set_text(store, "asked", asked, problem));
    PTN_TRY(ptn_step_run(store, "show", "found", NULL, problem));
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM found", &out->all, problem));
    PTN_TRY(ptn_store_query(store, "SELECT person::BIGINT, person_id, key, name, last_seen::VARCHAR, value::DOUBLE FROM found", &rows, problem));
    while (out->count < PTN_FOUND_MAX && ptn_rows_next(rows)) {
        ptn_found *f = &out->at[out->count++];
        f->person = (int)ptn_rows_int(rows, 0);
        ptn_rows_copy(rows, 1, f->person_id, sizeof f->person_id);
        ptn_rows_copy(rows, 2, f->key, sizeof f->key);
        ptn_rows_copy(rows, 3, f->name, sizeof f->name);
        ptn_rows_copy(rows, 4, f->last_seen, sizeof f->last_seen);
        f->value = number(rows, 5);
    }
    if (out->count)
        goto done;
    ptn_rows_free(rows);
    rows = NULL;
    PTN_TRY(ptn_step_run(store, "show", "near", NULL, problem));
    PTN_TRY(ptn_store_query(store, "SELECT word FROM near", &rows, problem));
    while (out->near_count < PTN_NEAR_MAX && ptn_rows_next(rows))
        ptn_rows_copy(rows, 0, out->near[out->near_count++], sizeof out->near[0]);

done:
    ptn_rows_free(rows);
    return status;
}

/* ---- the card ---- */

static patron_status read_person(ptn_store *store, ptn_card *card, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    PTN_TRY(ptn_store_query(
        store,
        "SELECT run_id, as_of, person_id, name, city, country, company, first_seen, last_seen, frequency, recency_days, age_days,"
        " idle_days, last_day, revenue, margin, p_alive, value, value_p10, value_p90, residual_value, class, horizon_days, p_buys,"
        " purchases, purchases_p10, purchases_p90, margin_per_purchase, model, verdict, rank, valued, alike, has_costs,"
        " margin_assumed, revenue_each FROM card",
        &rows, problem));
    if (!ptn_rows_next(rows))
        goto done;
    ptn_rows_copy(rows, 0, card->run_id, sizeof card->run_id);
    ptn_rows_copy(rows, 1, card->as_of, sizeof card->as_of);
    ptn_rows_copy(rows, 2, card->person_id, sizeof card->person_id);
    ptn_rows_copy(rows, 3, card->name, sizeof card->name);
    ptn_rows_copy(rows, 4, card->city, sizeof card->city);
    ptn_rows_copy(rows, 5, card->country, sizeof card->country);
    ptn_rows_copy(rows, 6, card->company, sizeof card->company);
    ptn_rows_copy(rows, 7, card->first_seen, sizeof card->first_seen);
    ptn_rows_copy(rows, 8, card->last_seen, sizeof card->last_seen);
    card->buyer = !ptn_rows_is_null(rows, 9);
    card->frequency = (int)ptn_rows_int(rows, 9);
    card->recency_days = (int)ptn_rows_int(rows, 10);
    card->age_days = (int)ptn_rows_int(rows, 11);
    card->idle_days = (int)ptn_rows_int(rows, 12);
    ptn_rows_copy(rows, 13, card->last_day, sizeof card->last_day);
    ptn_rows_copy(rows, 14, card->revenue, sizeof card->revenue);
    ptn_rows_copy(rows, 15, card->margin, sizeof card->margin);
    card->p_alive = number(rows, 16);
    card->valued = !ptn_rows_is_null(rows, 17) && !ptn_rows_is_null(rows, 22);
    ptn_rows_copy(rows, 17, card->value, sizeof card->value);
    ptn_rows_copy(rows, 18, card->value_p10, sizeof card->value_p10);
    ptn_rows_copy(rows, 19, card->value_p90, sizeof card->value_p90);
    ptn_rows_copy(rows, 20, card->residual_value, sizeof card->residual_value);
    ptn_rows_copy(rows, 21, card->class_name, sizeof card->class_name);
    card->horizon_days = (int)ptn_rows_int(rows, 22);
    card->p_buys = number(rows, 23);
    card->purchases = number(rows, 24);
    card->purchases_p10 = number(rows, 25);
    card->purchases_p90 = number(rows, 26);
    ptn_rows_copy(rows, 27, card->margin_per_purchase, sizeof card->margin_per_purchase);
    ptn_rows_copy(rows, 28, card->model, sizeof card->model);
    ptn_rows_copy(rows, 29, card->verdict, sizeof card->verdict);
    card->rank = ptn_rows_int(rows, 30);
    card->people = ptn_rows_int(rows, 31);
    card->alike = ptn_rows_int(rows, 32);
    card->has_costs = ptn_rows_int(rows, 33);
    card->margin_assumed = ptn_rows_int(rows, 34);
    card->revenue_each = number(rows, 35);

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status read_net(ptn_store *store, ptn_card *card, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    const patron_status status =
        ptn_store_query(store, "SELECT coalesce(sum(lines), 0)::BIGINT, shown(coalesce(sum(amount::DECIMAL(38, 4)), 0), getvariable('minor'))"
                               " FROM flows WHERE NOT later", &rows, problem);
    if (status == PATRON_OK && ptn_rows_next(rows)) {
        card->lines = ptn_rows_int(rows, 0);
        ptn_rows_copy(rows, 1, card->net, sizeof card->net);
    }
    ptn_rows_free(rows);
    return status;
}

static patron_status read_flows(ptn_store *store, ptn_card *card, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    const patron_status status = ptn_store_query(store, "SELECT kind, later, lines, amount FROM flows ORDER BY later, kind", &rows, problem);
    while (status == PATRON_OK && ptn_rows_next(rows)) {
        const bool later = ptn_rows_int(rows, 1);
        unsigned *count = later ? &card->later_count : &card->flow_count;
        if (*count == PTN_CARD_FLOWS)
            continue;
        ptn_flow *flow = &(later ? card->later : card->flows)[(*count)++];
        ptn_rows_copy(rows, 0, flow->kind, sizeof flow->kind);
        flow->lines = ptn_rows_int(rows, 2);
        ptn_rows_copy(rows, 3, flow->amount, sizeof flow->amount);
    }
    ptn_rows_free(rows);
    return status;
}

static patron_status read_months(ptn_store *store, ptn_card *card, ptn_problem *problem)
{
    ptn_rows *rows = NULL;
    unsigned n = 0;
    const patron_status status = ptn_store_query(store, "SELECT month, purchases FROM months_bought ORDER BY month", &rows, problem);
    for (; status == PATRON_OK && n < PTN_CARD_MONTHS && ptn_rows_next(rows); n++) {
        ptn_rows_copy(rows, 0, card->month[n], sizeof card->month[n]);
        card->bought[n] = (int)ptn_rows_int(rows, 1);
    }
    ptn_rows_free(rows);
    return status;
}

static patron_status read_events(ptn_store *store, ptn_card *card, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    int64_t count = 0;
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM events", &count, problem));
    card->events = calloc(count ? (size_t)count : 1, sizeof *card->events);
    if (!card->events) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(ptn_store_query(store, "SELECT day, stream, kind, order_id, lines, amount, currency, what, later FROM events", &rows, problem));
    while (card->event_count < (unsigned)count && ptn_rows_next(rows)) {
        ptn_event *e = &card->events[card->event_count++];
        ptn_rows_copy(rows, 0, e->day, sizeof e->day);
        ptn_rows_copy(rows, 1, e->stream, sizeof e->stream);
        ptn_rows_copy(rows, 2, e->kind, sizeof e->kind);
        ptn_rows_copy(rows, 3, e->order_id, sizeof e->order_id);
        e->lines = ptn_rows_int(rows, 4);
        ptn_rows_copy(rows, 5, e->amount, sizeof e->amount);
        ptn_rows_copy(rows, 6, e->currency, sizeof e->currency);
        ptn_rows_copy(rows, 7, e->what, sizeof e->what);
        e->later = ptn_rows_int(rows, 8);
    }

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status read_records(ptn_store *store, ptn_card *card, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    int64_t count = 0;
    PTN_TRY(ptn_store_int(store, "SELECT count(*) FROM records", &count, problem));
    card->records = calloc(count ? (size_t)count : 1, sizeof *card->records);
    if (!card->records) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(ptn_store_query(store, "SELECT source, key, lines, amount, name, email FROM records", &rows, problem));
    while (card->record_count < (unsigned)count && ptn_rows_next(rows)) {
        ptn_person_record *r = &card->records[card->record_count++];
        ptn_rows_copy(rows, 0, r->source, sizeof r->source);
        ptn_rows_copy(rows, 1, r->key, sizeof r->key);
        r->lines = ptn_rows_int(rows, 2);
        ptn_rows_copy(rows, 3, r->amount, sizeof r->amount);
        ptn_rows_copy(rows, 4, r->name, sizeof r->name);
        ptn_rows_copy(rows, 5, r->email, sizeof r->email);
    }

done:
    ptn_rows_free(rows);
    return status;
}

static patron_status read_made_of(ptn_store *store, ptn_made_of *made, ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    ptn_rows *rows = NULL;
    PTN_TRY(ptn_step_run(store, "show", "made_of", NULL, problem));
    PTN_TRY(ptn_store_query(store,
                            "SELECT purchases, discounted, margin_per_purchase::DOUBLE, model, quiet, chosen_on_days, purchase_days, sales, revenue, net,"
                            " spend_mean, spend_of_all, kept_mean, kept_of_all, bias FROM made_of",
                            &rows, problem));
    if (!ptn_rows_next(rows))
        goto done;
    made->known = true;
    made->purchases = number(rows, 0);
    made->discounted = number(rows, 1);
    made->margin_per_purchase = number(rows, 2);
    ptn_rows_copy(rows, 3, made->model, sizeof made->model);
    made->quiet = number(rows, 4);
    made->chosen_on_days = (int)ptn_rows_int(rows, 5);
    made->purchase_days = ptn_rows_int(rows, 6);
    double *const numbers[] = {&made->sales, &made->revenue, &made->net, &made->spend_mean, &made->spend_of_all,
                               &made->kept_mean, &made->kept_of_all, &made->bias};
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = number(rows, 7 + i);

done:
    ptn_rows_free(rows);
    return status;
}

patron_status ptn_card_read(ptn_store *store, int person, const char *currency, ptn_card *out, ptn_problem *problem)
{
    static const char *const views[] = {"card", "flows", "months_bought", "events", "records"};
    patron_status status = PATRON_OK;
    char *built_in = NULL;
    *out = (ptn_card){0};
    PTN_TRY(ptn_store_text(store, "SELECT max(currency) FROM forecast.horizons", &built_in, problem));
    snprintf(out->currency, sizeof out->currency, "%s", built_in ? built_in : currency);
    PTN_TRY(ptn_stage_run(store, "macros", problem));
    PTN_TRY(ptn_store_runf(store, problem,
                           "SET VARIABLE person = %d; SET VARIABLE person_id = 'p_%d'; SET VARIABLE minor ="
                           " coalesce((SELECT minor FROM record.minor_units WHERE currency = '%s'), 2)",
                           person, person, out->currency));
    for (unsigned i = 0; i < sizeof views / sizeof *views; i++)
        PTN_TRY(ptn_step_run(store, "show", views[i], NULL, problem));
    PTN_TRY(read_person(store, out, problem));
    PTN_TRY(ptn_margins_read(store, &out->margins, problem));
    PTN_TRY(read_flows(store, out, problem));
    PTN_TRY(read_net(store, out, problem));
    PTN_TRY(read_months(store, out, problem));
    PTN_TRY(read_events(store, out, problem));
    PTN_TRY(read_records(store, out, problem));
    if (out->valued)
        PTN_TRY(read_made_of(store, &out->made, problem));

done:
    free(built_in);
    if (status != PATRON_OK)
        ptn_card_free(out);
    return status;
}

void ptn_card_free(ptn_card *card)
{
    free(card->events);
    free(card->records);
    card->events = NULL;
    card->records = NULL;
    card->event_count = card->record_count = 0;
}
