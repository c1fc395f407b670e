/* patron show: one customer, the card. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "published.h"
#include "show_card.h"
#include "verb.h"

/* Several who could be meant: the most valuable first. */
static void choose(const ptn_matches *matches, const char *asked, const char *currency, const char *dir_words)
{
    char count[32], value[40], day[24];
    ptn_text line = {0};
    fprintf(stderr, "%s people match \"%s\". Which one?\n", paint_count(matches->all, count, sizeof count), asked);
    for (unsigned i = 0; i < matches->count; i++) {
        const ptn_found *f = &matches->at[i];
        paint_left(&line, "", 2);
        paint_left(&line, f->person_id, 10);
        paint_left(&line, f->name[0] ? f->name : f->key, 30);
        if (f->last_seen[0])
            ptn_text_addf(&line, "  last seen %s", locale_day(f->last_seen, day, sizeof day));
        if (!isnan(f->value))
            ptn_text_addf(&line, ", worth about %s", paint_estimate(f->value, currency, value, sizeof value));
        paint_line(stderr, &line);
    }
    if (matches->all > matches->count)
        fprintf(stderr, "  and %s more: give more of the name, or a key\n", paint_count(matches->all - matches->count, count, sizeof count));
    fprintf(stderr, "  patron show%s %s\n", dir_words, matches->at[0].person_id);
    ptn_text_free(&line);
}

static void nobody(const ptn_matches *matches, const char *asked, const char *dir_words)
{
    fprintf(stderr, "patron show: nobody is known as \"%s\"\n", asked);
    for (unsigned i = 0; i < matches->near_count; i++)
        fprintf(stderr, "%s\"%s\"%s", i == 0 ? "  did you mean " : i + 1 < matches->near_count ? ", " : " or ", matches->near[i],
                i + 1 == matches->near_count ? "?\n" : "");
    fprintf(stderr, "  a person id (p_12), a key, source:key, a name or an e-mail will do\n");
    fprintf(stderr, "  patron sql%s \"FROM person_keys\"   lists the keys\n", dir_words);
}

static void matches_json(const ptn_matches *matches)
{
    json_t *list = json_array(), *near = json_array();
    for (unsigned i = 0; i < matches->count; i++) {
        const ptn_found *f = &matches->at[i];
        json_array_append_new(list, json_pack("{s:s,s:s,s:o,s:o}", "person_id", f->person_id, "key", f->key, "name",
                                              f->name[0] ? json_string(f->name) : json_null(), "value",
                                              isnan(f->value) ? json_null() : json_real(f->value)));
    }
    for (unsigned i = 0; i < matches->near_count; i++)
        json_array_append_new(near, json_string(matches->near[i]));
    json_t *o = json_pack("{s:s,s:I,s:o,s:o}", "schema", "patron.show/2", "count", (json_int_t)matches->all, "matches", list, "nearest", near);
    json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(o);
}

/* The rate of the run that is published; NaN where it had a curve. */
static double discount_rate(ptn_store *store)
{
    ptn_problem ignored;
    char *rate = NULL;
    double value = NAN;
    if (ptn_store_text(store, "SELECT value FROM share.settings WHERE setting = 'discount_rate'", &rate, &ignored) == PATRON_OK && rate)
        value = strtod(rate, NULL);
    free(rate);
    return value;
}

static patron_status print(ptn_store *store, const ptn_found *who, const char *currency, show_parts *parts, bool json, ptn_problem *problem)
{
    ptn_card card;
    const patron_status status = ptn_card_read(store, who->person, currency, &card, problem);
    if (status != PATRON_OK)
        return status;
    parts->discount_rate = discount_rate(store);
    if (json) {
        show_json(&card, parts);
    } else {
        if (!parts->timeline && !parts->why_identity && !parts->why_value)
            show_card(&card, parts);
        if (parts->why_identity)
            show_why_identity(&card);
        if (parts->why_value)
            show_why_value(&card, parts);
        if (parts->timeline)
            show_timeline(&card);
    }
    ptn_card_free(&card);
    return PATRON_OK;
}

int run_show(int argc, char **argv)
{
    const verb *self = verb_find("show");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_published published = {0};
    ptn_matches matches;
    char dir_words[VERB_DIR_SIZE] = "";
    bool one = false;
    if (!verb_parse(self, argc, argv, 2, &given))
        return EXIT_WRONG_USE;
    if (given.rest_count == 0 || !given.rest[given.rest_count - 1][0]) {
        fprintf(stderr, "patron show: which customer? A person id, key, name or e-mail\n  usage: %s\n", self->usage);
        return EXIT_WRONG_USE;
    }
    const char *asked = given.rest[given.rest_count - 1], *dir = given.rest_count > 1 ? given.rest[0] : NULL;
    const char *why = verb_value(self, &given, "--why");
    const bool json = verb_value(self, &given, "--json");
    show_parts parts = {.timeline = verb_value(self, &given, "--timeline"), .why_identity = why && strstr(why, "identity"),
                        .why_value = why && strstr(why, "value"), .dir_words = dir_words, .discount_rate = NAN};
    verb_dir_words(dir, dir_words, sizeof dir_words);

    patron_status status = ptn_published_open(dir, &published, &problem);
    locale_use(json ? "en_GB" : published.project.config.locale); /* a program reads the same everywhere */
    paint_always_utf8(json);
    if (status == PATRON_OK)
        status = ptn_card_find(published.store, asked, &matches, &problem);
    if (status == PATRON_OK) {
        one = matches.all == 1;
        if (one)
            status = print(published.store, &matches.at[0], published.project.config.currency, &parts, json, &problem);
        else if (json)
            matches_json(&matches);
        if (!one && matches.all)
            choose(&matches, asked, published.project.config.currency, dir_words);
        else if (!one)
            nobody(&matches, asked, dir_words);
    }
    if (status != PATRON_OK)
        paint_problem(&problem);
    ptn_published_close(&published);
    return status == PATRON_OK && one ? EXIT_FINE : EXIT_FAILED;
}
