/* patron diff: what changed between two runs, and why. */
#include "diff.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "locale.h"
#include "paint.h"
#include "paint_table.h"
#include "verb.h"

enum { INDENT = 11 };

/* ---- for people ---- */

static const char *arrow(void)
{
    return paint_is_utf8() ? " → " : " -> ";
}

static const char *dot(void)
{
    return paint_is_utf8() ? " · " : " - ";
}

/* +1,204.50, −3.00 */
static const char *change(const char *amount, char *out, size_t size)
{
    char number[48];
    const bool nothing = amount[0] != '-' && strspn(amount, "0.") == strlen(amount);
    snprintf(out, size, "%s%s", amount[0] == '-' || nothing ? "" : "+", paint_amount(amount, number, sizeof number));
    return out;
}

static void runs(const ptn_diff *d)
{
    char a[24], b[24], from[24], to[24];
    ptn_text line = {0};
    ptn_text_addf(&line, "run %s, as of %s%srun %s, as of %s", d->before.run_id, locale_day(d->before.as_of, a, sizeof a), arrow(), d->after.run_id,
                  locale_day(d->after.as_of, b, sizeof b));
    paint_paragraph(stdout, "", 0, ptn_text_str(&line));
    ptn_text_free(&line);
    if (d->before.horizon_days != d->after.horizon_days && d->before.horizon_days)
        printf("! values look %s ahead now, %s before: they are not alike\n", paint_days(d->after.horizon_days, to, sizeof to),
               paint_days(d->before.horizon_days, from, sizeof from));
    if (!d->before.kept)
        printf("%s run %s is no longer kept: its values are remembered, not what they were made of\n", paint_mark_text(stdout, MARK_WARN), d->before.run_id);
}

static void rows(const ptn_diff *d)
{
    static const char *const words[][2] = {{"new", "new"}, {"late", "of earlier days, known only now"}, {"restated", "restated"}, {"gone", "gone"}, {"beyond", "after the as-of day now"}};
    char count[32], amount[64];
    ptn_text line = {0};
    for (unsigned i = 0; i < d->row_count; i++)
        for (unsigned k = 0; k < 5; k++)
            if (strcmp(words[k][0], d->rows[i].change) == 0)
                ptn_text_addf(&line, "%s%s %s, %s %s", line.length ? dot() : "", paint_count(d->rows[i].rows, count, sizeof count), words[k][1],
                              change(d->rows[i].amount, amount, sizeof amount), d->currency);
    paint_paragraph(stdout, "Rows", INDENT, line.length ? ptn_text_str(&line) : d->before.kept ? "the same" : "none known since");
    ptn_text_free(&line);
}

static void pairs(const char *label, const ptn_diff_pair *of, unsigned count, unsigned most, bool days)
{
    char length[24];
    ptn_text line = {0};
    if (count == 0)
        return;
    for (unsigned i = 0; i < count && i < most; i++) {
        ptn_text_add(&line, i ? dot() : "");
        paint_command(&line, "%s %s%s%s", days ? paint_days(atoi(of[i].what), length, sizeof length) : of[i].what, of[i].before[0] ? of[i].before : "none",
                      arrow(), of[i].after[0] ? of[i].after : "none");
    }
    if (count > most)
        ptn_text_addf(&line, "%sand %u more", dot(), count - most);
    paint_paragraph(stdout, label, INDENT, ptn_text_str(&line));
    ptn_text_free(&line);
}

static void settings(const ptn_diff *d)
{
    char text[160] = "";
    pairs("Settings", d->settings, d->setting_count, 8, false);
    if (strcmp(d->before.version, d->after.version) != 0) {
        snprintf(text, sizeof text, "%s%s%s", d->before.version, arrow(), d->after.version);
        paint_paragraph(stdout, "patron", INDENT, text);
    } else if (d->structure_changed && d->setting_count == 0) {
        paint_paragraph(stdout, "Settings", INDENT, "exchange rates, where a database is, the wording of patron.yaml or patron itself is not as it was");
    }
    pairs("Models", d->models, d->model_count, 6, true);
    pairs("Fitted", d->parameters, d->parameter_count, 4, false);
}

static const char *cause_words(const ptn_diff *d, const char *cause, char *out, size_t size)
{
    static const char *const words[][2] = {{"new", "new customers"},          {"gone", "no longer there"},         {"bought", "bought since"},
                                           {"returned", "returned something"}, {"restated", "rows were restated"}, {"other rows", "other rows came"},
                                           {"model", "same rows: fitted again"}};
    char days[24];
    snprintf(out, size, "%s", cause);
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], cause) == 0)
            snprintf(out, size, "%s", words[i][1]);
    if (strcmp(cause, "time") == 0)
        snprintf(out, size, d->days_between > 0 ? "nothing new in %s" : "%s less known", paint_days(abs(d->days_between), days, sizeof days));
    if (strcmp(cause, "gone") == 0 && d->days_between < 0)
        snprintf(out, size, "had not bought by then");
    return out;
}

static void value(const ptn_diff *d)
{
    char a[64], b[64], words[64], length[24];
    ptn_text line = {0};
    ptn_text_addf(&line, "%s%s%s in the next %s: %s", paint_cents(d->before.value, d->currency, a, sizeof a), arrow(),
                  paint_cents(d->after.value, d->currency, b, sizeof b),
                  strcmp(paint_days(d->after.horizon_days, length, sizeof length), "a year") == 0 ? "year" : length, change(d->change, words, sizeof words));
    paint_paragraph(stdout, "Value", INDENT, ptn_text_str(&line));
    ptn_text_clear(&line);
    if (d->cause_count == 0) {
        ptn_text_free(&line);
        return;
    }
    paint_left(&line, "", 2);
    paint_left(&line, d->currency, 25);
    paint_right(&line, "customers", 10);
    paint_right(&line, "change", 15);
    if (d->before.kept) {
        paint_right(&line, "by purchases", 14);
        paint_right(&line, "by worth", 14);
    }
    paint_line(stdout, &line);
    for (unsigned i = 0; i < d->cause_count; i++) {
        const ptn_diff_cause *c = &d->causes[i];
        paint_left(&line, "", 2);
        paint_left(&line, cause_words(d, c->cause, words, sizeof words), 25);
        paint_right(&line, paint_count(c->customers, a, sizeof a), 10);
        paint_right(&line, change(c->change, a, sizeof a), 15);
        const bool split = strcmp(c->cause, "new") != 0 && strcmp(c->cause, "gone") != 0 && c->by_purchases[0];
        paint_right(&line, split ? change(c->by_purchases, a, sizeof a) : "", 14);
        paint_right(&line, split ? change(c->by_worth, b, sizeof b) : "", 14);
        paint_line(stdout, &line);
    }
    paint_left(&line, "  together", 27);
    paint_right(&line, "", 10);
    paint_right(&line, change(d->change, a, sizeof a), 15);
    ptn_text_addf(&line, " %s adds up", paint_mark_text(stdout, d->ties ? MARK_OK : MARK_FAIL));
    paint_line(stdout, &line);
    ptn_text_free(&line);
}

/* "bought on 2 days, £340.20; returned £50.00": a fact with a number. */
static const char *reason(const ptn_diff *d, const ptn_diff_person *p, char *out, size_t size)
{
    char amount[64], count[32];
    const bool first = strcmp(p->cause, "new") == 0;
    out[0] = '\0';
    if (p->sales)
        snprintf(out, size, "%s on %s day%s, %s", first ? "new: bought" : "bought", paint_count(p->days, count, sizeof count), p->days == 1 ? "" : "s",
                 paint_cents(p->sold, d->currency, amount, sizeof amount));
    if (p->refunds)
        snprintf(out + strlen(out), size - strlen(out), "%sreturned %s", out[0] ? "; " : "",
                 paint_cents(p->refunded[0] == '-' ? p->refunded + 1 : p->refunded, d->currency, amount, sizeof amount));
    if (p->restated)
        snprintf(out + strlen(out), size - strlen(out), "%s%s row%s restated, %s", out[0] ? "; " : "", paint_count(p->restated, count, sizeof count),
                 p->restated == 1 ? "" : "s", change(p->restated_by, amount, sizeof amount));
    if (!out[0])
        cause_words(d, p->cause, out, size);
    return out;
}

static void largest(const ptn_diff *d)
{
    char amount[64], words[200], before[48], after[48], who[40], label[96];
    ptn_text line = {0};
    if (d->largest_count == 0)
        return;
    printf("Largest\n");
    for (unsigned i = 0; i < d->largest_count; i++) {
        const ptn_diff_person *p = &d->largest[i];
        const char *name = p->name[0] ? p->name : p->key[0] ? p->key : p->person_id;
        snprintf(who, sizeof who, "%.*s", (int)ptn_text_bytes(name, 18), name);
        paint_left(&line, "", 2);
        paint_left(&line, who, 19);
        paint_right(&line, change(p->change, amount, sizeof amount), 12);
        snprintf(label, sizeof label, "%s", ptn_text_str(&line));
        ptn_text_clear(&line);
        paint_command(&line, "%s%s%s ", p->before[0] ? paint_estimate(strtod(p->before, NULL), d->currency, before, sizeof before) : "none", arrow(),
                      p->after[0] ? paint_estimate(strtod(p->after, NULL), d->currency, after, sizeof after) : "none");
        ptn_text_addf(&line, " %s", reason(d, p, words, sizeof words));
        paint_paragraph(stdout, label, 35, ptn_text_str(&line));
        ptn_text_clear(&line);
    }
    ptn_text_free(&line);
}

static void print_people(const ptn_diff *d)
{
    runs(d);
    rows(d);
    settings(d);
    value(d);
    largest(d);
}

/* ---- for programs ---- */

static json_t *word(const char *text)
{
    return text[0] ? json_string(text) : json_null();
}

static json_t *run_json(const ptn_diff_run *r)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:b,s:i,s:I,s:s}", "run_id", r->run_id, "as_of", r->as_of, "finished_at", r->finished_at, "version", r->version,
                     "kept", r->kept, "horizon_days", r->horizon_days, "customers", (json_int_t)r->customers, "value", r->value);
}

static json_t *pairs_json(const ptn_diff_pair *of, unsigned count)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s,s:o,s:o}", "what", of[i].what, "before", word(of[i].before), "after", word(of[i].after)));
    return list;
}

static void print_json(const ptn_diff *d)
{
    char words[200];
    json_t *row_list = json_array(), *causes = json_array(), *people = json_array();
    for (unsigned i = 0; i < d->row_count; i++)
        json_array_append_new(row_list, json_pack("{s:s,s:I,s:s}", "change", d->rows[i].change, "rows", (json_int_t)d->rows[i].rows, "amount", d->rows[i].amount));
    for (unsigned i = 0; i < d->cause_count; i++) {
        const ptn_diff_cause *c = &d->causes[i];
        json_array_append_new(causes, json_pack("{s:s,s:I,s:s,s:o,s:o}", "cause", c->cause, "customers", (json_int_t)c->customers, "change", c->change,
                                                "by_purchases", word(c->by_purchases), "by_worth", word(c->by_worth)));
    }
    for (unsigned i = 0; i < d->largest_count; i++) {
        const ptn_diff_person *p = &d->largest[i];
        json_array_append_new(people, json_pack("{s:s,s:o,s:o,s:o,s:o,s:s,s:s,s:s}", "person_id", p->person_id, "key", word(p->key), "name", word(p->name),
                                                "before", word(p->before), "after", word(p->after), "change", p->change, "cause", p->cause, "reason",
                                                reason(d, p, words, sizeof words)));
    }
    json_t *o = json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:{s:s,s:b,s:o},s:o}", "schema", "patron.diff/1", "currency", d->currency, "before",
                          run_json(&d->before), "after", run_json(&d->after), "rows", row_list, "settings", pairs_json(d->settings, d->setting_count),
                          "models", pairs_json(d->models, d->model_count), "parameters", pairs_json(d->parameters, d->parameter_count), "value", "change",
                          d->change, "ties", d->ties, "causes", causes, "largest", people);
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static bool is_folder(const char *name)
{
    struct stat about;
    return stat(name, &about) == 0 && S_ISDIR(about.st_mode);
}

int run_diff(int argc, char **argv)
{
    const verb *self = verb_find("diff");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_published published = {0};
    ptn_diff *d = calloc(1, sizeof *d);
    if (!d || !verb_parse(self, argc, argv, 3, &given)) {
        free(d);
        return EXIT_WRONG_USE;
    }
    /* DIR [RUN [RUN]] or [RUN [RUN]]: a run is no folder */
    const unsigned first = given.rest_count && (is_folder(given.rest[0]) || given.rest_count == 3 || strchr(given.rest[0], '/'));
    const bool json = verb_value(self, &given, "--json");
    const char *older = given.rest_count > first ? given.rest[first] : NULL, *newer = given.rest_count > first + 1 ? given.rest[first + 1] : NULL;
    if (given.rest_count > first + 2) {
        fprintf(stderr, "patron diff: two runs at most\n  usage: %s\n", self->usage);
        free(d);
        return EXIT_WRONG_USE;
    }
    patron_status status = ptn_published_open(first ? given.rest[0] : NULL, &published, &problem);
    locale_use(json ? "en_GB" : published.project.config.locale);
    paint_always_utf8(json);
    if (status == PATRON_OK)
        status = ptn_diff_make(&published, older, newer, d, &problem);
    if (status != PATRON_OK)
        paint_problem(&problem);
    else if (json)
        print_json(d);
    else
        print_people(d);
    ptn_published_close(&published);
    free(d);
    return status == PATRON_OK ? EXIT_FINE : EXIT_FAILED;
}
