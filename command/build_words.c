#include "build_words.h"

#include <math.h>
#include <string.h>

#include "locale.h"
#include "margin_words.h"
#include "paint.h"
#include "paint_table.h"
#include "verb.h"

/* ---- a sentence a stage ---- */

/* "pareto_nbd for a year, bg_nbd+season for 26 weeks and 90 days": what was chosen, the longest horizon first. */
static void chosen(const ptn_build_report *report, char *out, size_t size)
{
    char days[24];
    bool told[PTN_HORIZONS_MAX] = {false};
    out[0] = '\0';
    for (unsigned i = report->horizon_count; i-- > 0;) {
        const char *model = report->horizons[i].model;
        if (told[i] || !model[0])
            continue;
        snprintf(out + strlen(out), size - strlen(out), "%s%s for ", out[0] ? ", " : "", model);
        for (unsigned k = i + 1; k-- > 0;) {
            if (strcmp(report->horizons[k].model, model) != 0)
                continue;
            told[k] = true;
            snprintf(out + strlen(out), size - strlen(out), "%s%s", k == i ? "" : " and ", paint_days(report->horizons[k].days, days, sizeof days));
        }
    }
}

void build_stage_words(const ptn_build_report *report, const char *stage, char *out, size_t size)
{
    char a[32], b[32], c[32], models[160];
    const ptn_record_report *r = &report->record;
    if (strcmp(stage, "record") == 0) {
        snprintf(out, size, "%s lines from %lld source%s", paint_count(r->rows, a, sizeof a), (long long)r->sources, r->sources == 1 ? "" : "s");
        if (r->rows_read < r->rows && !report->resumed)
            snprintf(out + strlen(out), size - strlen(out), ", %s read now", paint_count(r->rows_read, b, sizeof b));
        snprintf(out + strlen(out), size - strlen(out), ", %s in quarantine", paint_count(r->quarantined, c, sizeof c));
    } else if (strcmp(stage, "identify") == 0) {
        snprintf(out, size, "%s customer%s by key", paint_count(report->persons, a, sizeof a), report->persons == 1 ? "" : "s");
    } else if (strcmp(stage, "history") == 0) {
        snprintf(out, size, "%s purchase days of %s buyers, %s distinct states", paint_count(report->purchase_days, a, sizeof a),
                 paint_count(report->buyers, b, sizeof b), paint_count(report->states, c, sizeof c));
    } else if (strcmp(stage, "forecast") == 0) {
        chosen(report, models, sizeof models);
        if (!models[0])
            snprintf(out, size, report->buyers ? "no model can be fitted to so little" : "nobody has bought yet");
        else
            snprintf(out, size, "%s", models);
        const size_t at = strlen(out);
        if (report->trials)
            snprintf(out + at, size - at, "; %lld trial%s", (long long)report->trials, report->trials == 1 ? "" : "s");
    } else if (strcmp(stage, "value") == 0) {
        snprintf(out, size, report->buyers ? "what each is worth, with ranges" : "nobody to value yet");
    } else {
        snprintf(out, size, "%lld tables", (long long)report->tables);
    }
}

const char *build_room_words(const ptn_room *room, char *out, size_t size)
{
    char need[32], left[32];
    ptn_room_text(room->need, need, sizeof need);
    if (room->free < 0)
        snprintf(out, size, "needs about %s of disk%s", need, room->guessed ? ", and what a database holds" : "");
    else
        snprintf(out, size, "needs about %s of disk%s; %s free", need, room->guessed ? ", and what a database holds" : "",
                 ptn_room_text(room->free, left, sizeof left));
    return out;
}

/* ---- the lines at the end ---- */

static void money_equation(const ptn_build_report *report)
{
    char in[64], attributed[64], none[64], quarantined[64], aside[64];
    for (unsigned i = 0; i < report->money_count; i++) {
        const ptn_money_line *m = &report->money[i];
        ptn_text line = {0};
        printf("Money in     %s %s\n", paint_amount(m->amount_in, in, sizeof in), m->currency);
        paint_command(&line, "attributed %s", paint_amount(m->attributed, attributed, sizeof attributed));
        ptn_text_add(&line, " ");
        paint_command(&line, "+ no customer %s", paint_amount(m->unattributed, none, sizeof none));
        ptn_text_add(&line, " ");
        paint_command(&line, "+ quarantined %s", paint_amount(m->quarantined, quarantined, sizeof quarantined));
        if (strspn(m->set_aside, "0.") != strlen(m->set_aside)) {
            ptn_text_add(&line, " ");
            paint_command(&line, "+ set aside %s", paint_amount(m->set_aside, aside, sizeof aside));
        }
        ptn_text_add(&line, " ");
        paint_command(&line, " %s to the last unit", paint_mark_text(stdout, MARK_OK));
        paint_paragraph(stdout, " =", 3, ptn_text_str(&line));
        ptn_text_free(&line);
        if (m->rounded)
            printf(" rounding took %s, once, as the lines were read\n", paint_amount(m->rounding, in, sizeof in));
    }
}

static void trust(const ptn_headline *h)
{
    char ahead[24], first[40], text[240] = "";
    bool fine = true;
    for (unsigned i = 0; i < h->trial_count; i++) {
        const double bias = h->trial[i].bias;
        fine &= bias > -0.05 && bias < 0.05;
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s ago %s", i ? ", " : "",
                 paint_days(h->trial[i].horizon_days, ahead, sizeof ahead), i ? "" : "this would have been ");
        if (fabs(bias) < 0.005)
            snprintf(text + strlen(text), sizeof text - strlen(text), "right to 1 %%");
        else
            snprintf(text + strlen(text), sizeof text - strlen(text), "%.0f %% %s%s", 100 * fabs(bias), i ? "" : "too ",
                     bias < 0 ? "low" : "high");
    }
    snprintf(first, sizeof first, "Trust      %s", paint_mark_text(stdout, h->trial_count && fine ? MARK_OK : MARK_WARN));
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
             h->trial_count ? ": see the range" : "the history is too short to have been tried: see the range");
    paint_paragraph(stdout, first, 13, text);
}

/* What is coming, who brings it, and how far off such a forecast was. */
static void headline(const ptn_headline *h, const char *currency)
{
    char value[40], low[40], high[40], before[40], ahead[24], so_far[24], margin[120], text[420];
    const char *length = strcmp(paint_days(h->horizon_days, ahead, sizeof ahead), "a year") == 0 ? "year" : ahead;
    if (!h->known && isnan(h->purchases_high)) {
        printf("Next         nobody has bought yet, or too little to say what comes\n");
        return;
    }
    if (!h->known) {
        snprintf(text, sizeof text, "8 in 10: %s to %s purchases; too little is known to say what one is worth",
                 paint_count(llround(h->purchases_low), low, sizeof low), paint_count(llround(h->purchases_high), high, sizeof high));
        snprintf(value, sizeof value, "Next %s", length);
        paint_paragraph(stdout, value, 13, text);
        return;
    }
    snprintf(text, sizeof text, "%s %s; 8 in 10 %s to %s", paint_estimate(h->value, currency, value, sizeof value),
             h->has_costs ? "after costs" : h->margin_assumed ? "at the margin assumed" : "sales after returns",
             paint_estimate(h->value_low, currency, low, sizeof low), paint_estimate(h->value_high, currency, high, sizeof high));
    if (h->before == h->before && h->before_days < h->horizon_days)
        snprintf(text + strlen(text), sizeof text - strlen(text), "; so far, in %s, %s", paint_days(h->before_days, so_far, sizeof so_far),
                 paint_estimate(h->before, currency, before, sizeof before));
    else if (h->before == h->before)
        snprintf(text + strlen(text), sizeof text - strlen(text), "; last %s %s", length,
                 paint_estimate(h->before, currency, before, sizeof before));
    margin_words(&h->margins, NAN, currency, margin, sizeof margin);
    if (margin[0])
        snprintf(text + strlen(text), sizeof text - strlen(text), ". M%s", margin + 1); /* a sentence */
    else if (!h->has_costs)
        snprintf(text + strlen(text), sizeof text - strlen(text), h->margin_assumed ? ". Margin assumed" : ". Costs unknown");
    snprintf(value, sizeof value, "Next %s", length);
    paint_paragraph(stdout, value, 13, text);
    if (h->best_fifth_expected == h->best_fifth_expected && h->best_fifth_observed == h->best_fifth_observed) {
        snprintf(text, sizeof text, "the best 20 %% are expected to bring %.0f %%. They brought %.0f %%%s", 100 * h->best_fifth_expected,
                 100 * h->best_fifth_observed,
                 round(100 * h->best_fifth_expected) < round(100 * h->best_fifth_observed) ? ": part of that was luck" : "");
        paint_paragraph(stdout, "Who", 13, text);
    }
    trust(h);
}

/* "! 3 warnings  season · duplicates · no costs: patron build --warnings" */
static void warnings_in_a_word(const ptn_warnings *warnings, const char *dir_words)
{
    char first[64];
    ptn_text text = {0};
    if (warnings->count == 0)
        return;
    for (unsigned i = 0; i < warnings->count; i++)
        ptn_text_addf(&text, "%s%s", i == 0 ? "" : paint_is_utf8() ? " · " : ", ", warnings->at[i].about);
    ptn_text_add(&text, ": ");
    paint_command(&text, "patron build%s --warnings", dir_words);
    snprintf(first, sizeof first, "%s %u warning%s", paint_mark_text(stdout, MARK_WARN), warnings->count, warnings->count == 1 ? "" : "s");
    paint_paragraph(stdout, first, 14, ptn_text_str(&text));
    ptn_text_free(&text);
}

void build_print_end(const ptn_build_report *report, const char *currency, const char *dir_words)
{
    char peak[32], seconds[24];
    ptn_text text = {0}, key = {0};
    money_equation(report);
    headline(&report->headline, currency);
    warnings_in_a_word(&report->warnings, dir_words);
    ptn_text_addf(&text, "%ss, %s MiB; nothing left this machine. Next: ", paint_decimal(report->seconds, 1, seconds, sizeof seconds),
                  paint_count(report->peak_kib / 1024, peak, sizeof peak));
    if (report->example[0]) {
        ptn_text_add_shell_word(&key, report->example);
        paint_command(&text, "patron show%s %s,", dir_words, ptn_text_str(&key));
        ptn_text_add(&text, " ");
    }
    paint_command(&text, verb_find("report") ? "patron check%s," : "patron check%s", dir_words);
    if (verb_find("report")) {
        ptn_text_add(&text, " ");
        paint_command(&text, "patron report%s", dir_words);
    }
    paint_paragraph(stdout, "", 0, ptn_text_str(&text));
    ptn_text_free(&text);
    ptn_text_free(&key);
}

void build_print_warnings(const ptn_warnings *warnings, const char *run_id, const char *dir_words)
{
    char words[320];
    for (unsigned i = 0; i < warnings->count; i++) {
        const ptn_warning *w = &warnings->at[i];
        ptn_text next = {0};
        char first[32];
        snprintf(first, sizeof first, "%s %s", paint_mark_text(stdout, MARK_WARN), w->code);
        paint_paragraph(stdout, first, 8, locale_words(w->message, words, sizeof words));
        const bool command = strncmp(w->next, "patron ", 7) == 0;
        const size_t name_end = command ? 7 + strcspn(w->next + 7, " ") : 0;
        paint_command(&next, "next: %.*s%s%s", (int)name_end, w->next, command ? dir_words : "", w->next + name_end);
        if (w->next[0])
            paint_paragraph(stdout, "", 8, ptn_text_str(&next));
        ptn_text_free(&next);
    }
    if (warnings->count == 0)
        printf("%s no warnings in run %s\n", paint_mark_text(stdout, MARK_OK), run_id);
}
