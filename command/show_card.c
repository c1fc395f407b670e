#include "show_card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locale.h"
#include "margin_words.h"
#include "paint.h"
#include "paint_table.h"
#include "patron.h"
#include "reasons.h"
#include "verb.h"

enum { INDENT = 9 };

const char *show_chance(double chance, char *out, size_t size)
{
    if (chance < 0.05)
        snprintf(out, size, "under 1 in 20");
    else if (chance > 0.95)
        snprintf(out, size, "over 19 in 20");
    else
        snprintf(out, size, "%.0f in 10", round(10 * chance) < 1 ? 1 : round(10 * chance) > 9 ? 9 : round(10 * chance));
    return out;
}

const char *show_kind(const ptn_card *card)
{
    return card->has_costs ? "after costs" : card->margin_assumed ? "at the margin assumed" : "sales after returns";
}

static const char *dot(void)
{
    return paint_is_utf8() ? " · " : " - ";
}

/* Left and right on one line, or on two where they do not fit. */
static void two_sides(const char *left, const char *right)
{
    const int columns = paint_columns(stdout);
    ptn_text line = {0};
    ptn_text_add(&line, left);
    if (paint_width(left) + 2 + paint_width(right) > columns) {
        paint_line(stdout, &line);
        ptn_text_add(&line, right);
    } else {
        paint_right(&line, right, columns - paint_width(left));
    }
    paint_line(stdout, &line);
    ptn_text_free(&line);
}

void show_what(const char *what, ptn_text *out)
{
    if (*what == '-') {
        ptn_text_add(out, paint_minus());
        what++;
    }
    const char *times = strstr(what, " × ");
    if (times && !paint_is_utf8())
        ptn_text_addf(out, "%.*s x %s", (int)(times - what), what, times + strlen(" × "));
    else
        ptn_text_add(out, what);
}

/* ---- who ---- */

static void head(const ptn_card *card)
{
    char day[24];
    ptn_text left = {0}, right = {0};
    ptn_text_add(&left, card->name[0] ? card->name : card->record_count ? card->records[0].key : card->person_id);
    ptn_text_add(&right, card->person_id);
    if (card->company[0])
        ptn_text_addf(&right, "%s%s", dot(), card->company);
    if (card->city[0] || card->country[0])
        ptn_text_addf(&right, "%s%s", dot(), card->city[0] ? card->city : card->country);
    if (card->first_seen[0])
        ptn_text_addf(&right, "%swith us since %s", dot(), locale_day(card->first_seen, day, sizeof day));
    two_sides(ptn_text_str(&left), ptn_text_str(&right));
    ptn_text_clear(&left);
    ptn_text_clear(&right);
    for (unsigned i = 0; i < card->record_count && i < 3; i++)
        ptn_text_addf(&left, "%s%s %s", i ? dot() : "", card->records[i].source, card->records[i].key);
    if (card->record_count > 3)
        ptn_text_addf(&left, "%s%u more", dot(), card->record_count - 3);
    ptn_text_addf(&right, "as of %s%srun %s", locale_day(card->as_of, day, sizeof day), dot(), card->run_id);
    two_sides(ptn_text_str(&left), ptn_text_str(&right));
    for (int i = paint_columns(stdout); i > 0; i--)
        fputs(paint_is_utf8() ? "─" : "-", stdout);
    putchar('\n');
    ptn_text_free(&left);
    ptn_text_free(&right);
}

/* ---- what is expected ---- */

static const char *ahead(const ptn_card *card, char *out, size_t size)
{
    paint_days(card->horizon_days, out, size);
    return strcmp(out, "a year") == 0 ? "year" : out;
}

static const char *place(const ptn_card *card, char *out, size_t size)
{
    char a[32], b[32];
    const double share = card->people ? (double)card->rank / (double)card->people : 1;
    if (card->people < 100 || 2 * card->rank > card->people) /* "top 96 %" says little good */
        snprintf(out, size, "number %s of %s", paint_count(card->rank, a, sizeof a), paint_count(card->people, b, sizeof b));
    else
        snprintf(out, size, "top %.0f %% of %s", fmax(1, ceil(100 * share)), paint_count(card->people, b, sizeof b));
    return out;
}

/* Nothing within 8 in 10, and yet the mean is something: few buy again, and their money is in it. */
static bool most_likely_nothing(const ptn_card *card)
{
    return strtod(card->value_p10, NULL) == 0 && strtod(card->value_p90, NULL) == 0;
}

/* The range, then the centre. Money is skewed: the mean may stand outside of where 8 in 10 lie, and then says why. */
static void range_and_centre(const ptn_card *card, ptn_text *text)
{
    char low[40], high[40], value[40], days[24], buys[24];
    const char *length = ahead(card, days, sizeof days);
    const double p10 = strtod(card->value_p10, NULL), p90 = strtod(card->value_p90, NULL), mean = strtod(card->value, NULL);
    paint_estimate(mean, card->currency, value, sizeof value);
    if (most_likely_nothing(card)) {
        ptn_text_addf(text, "most likely nothing in the next %s", length);
        if (mean != 0)
            ptn_text_addf(text, "; about %s on average", value);
        if (mean != 0 && card->p_buys < 0.5)
            ptn_text_addf(text, ", as %s such customers buys again", show_chance(card->p_buys, buys, sizeof buys));
    } else {
        const bool nothing = p10 <= 0 && p90 >= 0;
        ptn_text_addf(text, "8 in 10 chance of %s to %s in the next %s%s", paint_estimate(p10, card->currency, low, sizeof low),
                      paint_estimate(p90, card->currency, high, sizeof high), length, nothing ? ", so it may be nothing" : "");
        if (mean > p90 || mean < p10)
            ptn_text_addf(text, "; about %s on average, as a few such customers %s", value, mean > p90 ? "bring much more" : "cost much more");
        else
            ptn_text_addf(text, "%s about %s", nothing ? ";" : ",", value);
    }
    ptn_text_addf(text, ": %s", show_kind(card));
}

static void worth(const ptn_card *card)
{
    char chance[24], buys[24], day[24], a[32], b[32], where[64], n[32], margin[120];
    ptn_text text = {0};
    if (!card->buyer) {
        ptn_text_addf(&text, "nothing is forecast: no purchase by %s", locale_day(card->as_of, day, sizeof day));
        paint_paragraph(stdout, "WORTH", INDENT, ptn_text_str(&text));
    } else if (!card->valued && isnan(card->purchases)) {
        paint_paragraph(stdout, "WORTH", INDENT, "not valued: no model can be fitted to so little");
    } else if (!card->valued) {
        paint_paragraph(stdout, "WORTH", INDENT, "not valued: too little is known to say what a purchase is worth");
        ptn_text_addf(&text, "%s still with us, %s to buy in the next %s%s%s to %s purchases, 8 in 10",
                      show_chance(card->p_alive, chance, sizeof chance), show_chance(card->p_buys, buys, sizeof buys),
                      ahead(card, day, sizeof day), dot(), paint_count(llround(card->purchases_p10), a, sizeof a),
                      paint_count(llround(card->purchases_p90), b, sizeof b));
        paint_paragraph(stdout, "", INDENT + 2, ptn_text_str(&text));
    } else {
        range_and_centre(card, &text);
        paint_paragraph(stdout, "WORTH", INDENT, ptn_text_str(&text));
        ptn_text_clear(&text);
        ptn_text_addf(&text, "%s still with us", show_chance(card->p_alive, chance, sizeof chance));
        if (!most_likely_nothing(card) || card->p_buys >= 0.5)
            ptn_text_addf(&text, ", %s to buy in that time", show_chance(card->p_buys, buys, sizeof buys));
        if (card->purchases >= 9.95)
            paint_money(card->purchases, "", 2, n, sizeof n);
        else
            paint_decimal(fmax(card->purchases, 0.1), 1, n, sizeof n);
        ptn_text_addf(&text, "%s%s %s purchases (8 in 10: %s to %s)", dot(), card->purchases < 0.05 ? "under" : "about", n,
                      paint_count(llround(card->purchases_p10), a, sizeof a), paint_count(llround(card->purchases_p90), b, sizeof b));
        ptn_text_addf(&text, "%s%s", dot(), place(card, where, sizeof where));
        if (card->verdict[0])
            ptn_text_addf(&text, "%s%s", dot(), card->verdict);
        paint_paragraph(stdout, "", INDENT + 2, ptn_text_str(&text));
        if (margin_words(&card->margins, strtod(card->value, NULL), card->currency, margin, sizeof margin)[0])
            paint_paragraph(stdout, "", INDENT + 2, margin);
    }
    ptn_text_free(&text);
}

/* ---- what was ---- */

static const char *kind_words(const char *kind)
{
    static const char *const words[][2] = {
        {"sale", "sales"}, {"refund", "refunds"}, {"goods", "goods"}, {"serve", "service"}, {"retain", "keeping"}, {"acquire", "winning"},
        {"reward", "rewards"}, {"fee", "fees"}, {"penalty", "penalties"}, {"overage", "overage"}, {"breakage", "breakage"}};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], kind) == 0)
            return words[i][1];
    return kind;
}

static void add_flows(ptn_text *text, const ptn_flow *flows, unsigned count)
{
    static const char *const order[] = {"sale", "refund", "goods", "serve", "retain", "acquire", "reward", "fee", "penalty", "overage", "breakage"};
    char amount[48];
    bool first = true;
    for (unsigned k = 0; k < sizeof order / sizeof *order; k++)
        for (unsigned i = 0; i < count; i++) {
            if (strcmp(flows[i].kind, order[k]) != 0)
                continue;
            const bool negative = flows[i].amount[0] == '-';
            ptn_text_addf(text, "%s", first ? "" : " ");
            paint_command(text, "%s%s %s", negative ? (paint_is_utf8() ? "− " : "- ") : first ? "" : "+ ", kind_words(flows[i].kind),
                          paint_amount(flows[i].amount + negative, amount, sizeof amount));
            first = false;
        }
}

static void sparkline(const ptn_card *card)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    char from[24];
    int most = 0, first = 0;
    ptn_text text = {0};
    for (int i = 0; i < PTN_CARD_MONTHS; i++)
        most = card->bought[i] > most ? card->bought[i] : most;
    while (first < PTN_CARD_MONTHS - 1 && card->first_seen[0] && strncmp(card->month[first], card->first_seen, 7) < 0)
        first++;
    if (!card->buyer || first >= PTN_CARD_MONTHS - 2) /* one or two months are no line */
        return;
    ptn_text_add(&text, "days with a purchase, by month since ");
    ptn_text_addf(&text, "%s  ", locale_month(card->month[first], from, sizeof from));
    for (int i = first; i < PTN_CARD_MONTHS; i++) {
        const int n = card->bought[i];
        if (paint_is_utf8())
            ptn_text_add(&text, bars[n == 0 || most == 0 ? 0 : most <= 7 ? n : 1 + (n - 1) * 6 / (most > 1 ? most - 1 : 1)]);
        else
            ptn_text_addf(&text, "%c", n == 0 ? '.' : n > 9 ? '+' : '0' + n);
    }
    ptn_text_addf(&text, most ? "  most %d" : "  none", most);
    paint_paragraph(stdout, "", INDENT + 2, ptn_text_str(&text));
    ptn_text_free(&text);
}

static void so_far(const ptn_card *card)
{
    char net[64], day[24];
    ptn_text text = {0};
    if (card->flow_count == 0) {
        ptn_text_addf(&text, "no cash flow by %s", locale_day(card->as_of, day, sizeof day));
    } else {
        ptn_text_addf(&text, "%s%s: ", paint_cents(card->net, card->currency, net, sizeof net), card->has_costs ? " net" : "");
        add_flows(&text, card->flows, card->flow_count);
    }
    paint_paragraph(stdout, "SO FAR", INDENT, ptn_text_str(&text));
    ptn_text_clear(&text);
    sparkline(card);
    if (card->later_count) {
        int64_t lines = 0;
        for (unsigned i = 0; i < card->later_count; i++)
            lines += card->later[i].lines;
        ptn_text_addf(&text, "after %s, unknown to every model, %s line%s: ", locale_day(card->as_of, day, sizeof day),
                      paint_count(lines, net, sizeof net), lines == 1 ? "" : "s");
        add_flows(&text, card->later, card->later_count);
        paint_paragraph(stdout, "LATER", INDENT, ptn_text_str(&text));
    }
    ptn_text_free(&text);
}

static void why(const ptn_card *card)
{
    char reasons[REASONS_MAX][REASON_SIZE];
    ptn_text text = {0};
    if (!card->buyer)
        return;
    const unsigned count =
        reasons_of(&(reason_facts){card->frequency, card->recency_days, card->idle_days, card->last_day, card->revenue_each, card->currency}, reasons);
    for (unsigned i = 0; i < count; i++)
        ptn_text_addf(&text, "%s%s", i ? dot() : "", reasons[i]);
    paint_paragraph(stdout, "WHY", INDENT, ptn_text_str(&text));
    ptn_text_free(&text);
}

static void lately(const ptn_card *card)
{
    char day[24], amount[64];
    ptn_text text = {0};
    for (unsigned i = 0; i < card->event_count && i < 4; i++) {
        const ptn_event *e = &card->events[i];
        ptn_text_add(&text, i ? (paint_is_utf8() ? " │ " : " | ") : "");
        paint_command(&text, "%s %s %s", strncmp(e->day, card->as_of, 4) == 0 ? locale_short_day(e->day, day, sizeof day) : locale_day(e->day, day, sizeof day),
                      e->kind, paint_cents(e->amount, e->currency, amount, sizeof amount));
        if (e->lines > 1) {
            ptn_text_add(&text, ", ");
            paint_command(&text, "%lld lines", (long long)e->lines);
        } else if (e->what[0]) {
            ptn_text_add(&text, ", ");
            show_what(e->what, &text);
        }
    }
    if (card->event_count > 4) {
        ptn_text_add(&text, paint_is_utf8() ? " │ " : " | ");
        paint_command(&text, "%u more: --timeline", card->event_count - 4);
    }
    if (card->event_count)
        paint_paragraph(stdout, "LATELY", INDENT, ptn_text_str(&text));
    ptn_text_free(&text);
}

/* What is not on this card, and what would put it there. */
static void missing(const ptn_card *card, const show_parts *parts)
{
    ptn_text text = {0};
    if (!card->has_costs && !card->margin_assumed)
        ptn_text_add(&text, "profit (needs a source of costs, or margin: 0.38 in patron.yaml), ");
    if (!card->name[0])
        ptn_text_add(&text, "the name (needs a source of people: patron help streams people), ");
    ptn_text_add(&text, "CARE, STRAIN, NEEDS and NEXT (not in patron " PATRON_VERSION ")");
    paint_paragraph(stdout, "NOT HERE", INDENT, ptn_text_str(&text));
    ptn_text_clear(&text);
    if (card->valued && !parts->why_value) {
        paint_command(&text, "patron show%s %s --why value", parts->dir_words, card->person_id);
        paint_paragraph(stdout, "MORE", INDENT, ptn_text_str(&text));
    }
    ptn_text_free(&text);
}

void show_card(const ptn_card *card, const show_parts *parts)
{
    head(card);
    worth(card);
    so_far(card);
    why(card);
    lately(card);
    missing(card, parts);
}
