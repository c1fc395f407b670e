/* The two whys of a card, and the timeline: down to the rows. */
#include <math.h>
#include <string.h>

#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "show_card.h"

enum { INDENT = 13 };

void show_timeline(const ptn_card *card)
{
    char day[24], amount[64], count[32];
    bool later = card->event_count && card->events[0].later;
    ptn_text line = {0};
    for (unsigned i = 0; i < card->event_count; i++) {
        const ptn_event *e = &card->events[i];
        if (later && !e->later)
            printf("  %s: no model knows what stands above\n", locale_day(card->as_of, day, sizeof day));
        later = e->later;
        paint_left(&line, "", 2);
        paint_right(&line, locale_day(e->day, day, sizeof day), 12);
        paint_left(&line, "", 2);
        paint_left(&line, e->kind, 9);
        paint_right(&line, paint_cents(e->amount, e->currency, amount, sizeof amount), 14);
        paint_left(&line, "", 2);
        if (e->lines > 1)
            ptn_text_addf(&line, "%s lines", paint_count(e->lines, count, sizeof count));
        else
            show_what(e->what, &line);
        if (e->order_id[0])
            ptn_text_addf(&line, "%sorder %s", e->lines > 1 || e->what[0] ? ", " : "", e->order_id);
        paint_line(stdout, &line);
    }
    if (card->event_count == 0)
        printf("  nothing has happened yet\n");
    ptn_text_free(&line);
}

void show_why_identity(const ptn_card *card)
{
    char amount[64], count[32];
    ptn_text text = {0};
    ptn_text_addf(&text, "ONE PERSON from %u record%s, joined by their key; records under two keys are two people", card->record_count,
                  card->record_count == 1 ? "" : "s");
    paint_paragraph(stdout, "", 0, ptn_text_str(&text));
    ptn_text_clear(&text);
    for (unsigned i = 0; i < card->record_count; i++) {
        const ptn_person_record *r = &card->records[i];
        ptn_text_addf(&text, "%s cash flow%s, %s", paint_count(r->lines, count, sizeof count), r->lines == 1 ? "" : "s",
                      paint_cents(r->amount, card->currency, amount, sizeof amount));
        if (r->name[0])
            ptn_text_addf(&text, "; name \"%s\"", r->name);
        if (r->email[0])
            ptn_text_addf(&text, "; e-mail %s", r->email);
        char label[180];
        snprintf(label, sizeof label, "  %s:%s", r->source, r->key);
        paint_paragraph(stdout, label, paint_width(label) < 24 ? 26 : paint_width(label) + 2, ptn_text_str(&text));
        ptn_text_clear(&text);
    }
    ptn_text_free(&text);
}

static void add_miss(ptn_text *text, double bias)
{
    char digits[24];
    if (isnan(bias))
        ptn_text_add(text, "; never tried at this length");
    else
        ptn_text_addf(text, "; the last trial was %s %% too %s", paint_decimal(100 * fabs(bias), fabs(bias) < 0.0995 ? 1 : 0, digits, sizeof digits),
                      bias < 0 ? "low" : "high");
}

void show_why_value(const ptn_card *card, const show_parts *parts)
{
    const ptn_made_of *m = &card->made;
    char a[64], b[64], c[64], d[64], length[24], day[24];
    ptn_text text = {0};
    if (!card->valued || !m->known) {
        printf("No value was made: %s\n", card->buyer ? "no model can be fitted to so little" : "there is no purchase to begin from");
        return;
    }
    paint_days(card->horizon_days, length, sizeof length);
    printf("%s in the next %s = purchases %s worth of one, discounted\n", paint_cents(card->value, card->currency, a, sizeof a),
           strcmp(length, "a year") == 0 ? "year" : length, paint_is_utf8() ? "×" : "x");

    ptn_text_addf(&text, "%s expected (8 in 10: %s to %s); %s", paint_decimal(m->purchases, 2, a, sizeof a),
                  paint_count(llround(card->purchases_p10), b, sizeof b), paint_count(llround(card->purchases_p90), c, sizeof c), m->model);
    if (m->chosen_on_days && m->chosen_on_days != card->horizon_days)
        ptn_text_addf(&text, ", chosen on forecasts of %s", paint_days(m->chosen_on_days, day, sizeof day));
    else if (!m->chosen_on_days)
        ptn_text_add(&text, ", taken because the history is too short to choose");
    add_miss(&text, m->bias);
    paint_paragraph(stdout, "  purchases", INDENT, ptn_text_str(&text));

    ptn_text_clear(&text);
    ptn_text_addf(&text, "%s purchase%s after the first, the last %s days after it, %s days ago; %s customer%s in this state",
                  paint_count(card->frequency, a, sizeof a), card->frequency == 1 ? "" : "s", paint_count(card->recency_days, b, sizeof b),
                  paint_count(card->idle_days, c, sizeof c), paint_count(card->alike, d, sizeof d), card->alike == 1 ? "" : "s");
    paint_paragraph(stdout, "  state", INDENT, ptn_text_str(&text));

    ptn_text_clear(&text);
    ptn_text_addf(&text, "%s: ", paint_cents(card->margin_per_purchase, card->currency, a, sizeof a));
    ptn_text_addf(&text, "%s so far brought %s each, which drawn toward everyone's %s is %s; of that %s %% stays %s", paint_count(m->purchase_days, a, sizeof a),
                  paint_estimate(m->sales / (double)m->purchase_days, card->currency, b, sizeof b),
                  paint_estimate(m->spend_of_all, card->currency, c, sizeof c), paint_estimate(m->spend_mean, card->currency, d, sizeof d),
                  paint_decimal(100 * m->kept_mean, 0, length, sizeof length), card->has_costs ? "after returns and costs" : "after returns");
    if (card->margin_assumed)
        ptn_text_add(&text, ", times the margin of patron.yaml");
    paint_paragraph(stdout, "  worth", INDENT, ptn_text_str(&text));

    ptn_text_clear(&text);
    if (!isnan(parts->discount_rate))
        ptn_text_addf(&text, "%s %% a year takes ", paint_decimal(100 * parts->discount_rate, 0, a, sizeof a));
    else
        ptn_text_add(&text, "takes ");
    ptn_text_addf(&text, "%s %%", paint_decimal(m->purchases > 0 ? 100 * (1 - m->discounted / m->purchases) : 0, 1, a, sizeof a));
    paint_paragraph(stdout, "  discount", INDENT, ptn_text_str(&text));

    ptn_text_clear(&text);
    const char *point = strchr(card->value, '.');
    char exact[64];
    snprintf(exact, sizeof exact, "%.*f", point ? (int)strlen(point + 1) : 0, m->discounted * m->margin_per_purchase);
    ptn_text_addf(&text, "%s %s %s = %s", paint_decimal(m->discounted, 8, a, sizeof a), paint_is_utf8() ? "×" : "x",
                  paint_decimal(m->margin_per_purchase, 6, b, sizeof b), paint_cents(exact, card->currency, c, sizeof c));
    ptn_text_addf(&text, " %s", strcmp(exact, card->value) == 0 ? paint_mark_text(stdout, MARK_OK) : "within rounding");
    paint_paragraph(stdout, "  exactly", INDENT, ptn_text_str(&text));

    ptn_text_clear(&text);
    paint_command(&text, "patron sql%s \"FROM ledger WHERE person_id = '%s' AND occurred_at::DATE <= '%s'\"", parts->dir_words, card->person_id,
                  card->as_of);
    ptn_text_addf(&text, " %s row%s, %s: ties to the card", paint_count(card->lines, a, sizeof a), card->lines == 1 ? "" : "s",
                  paint_cents(card->net, card->currency, b, sizeof b));
    paint_paragraph(stdout, "  the rows", INDENT, ptn_text_str(&text));
    ptn_text_free(&text);
}
