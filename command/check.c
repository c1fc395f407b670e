/* patron check: can it be believed? The verdict in words, then what was forecast beside what came. */
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_all.h"
#include "check_json.h"
#include "limit_lines.h"
#include "locale.h"
#include "margin_words.h"
#include "paint.h"
#include "paint_table.h"
#include "published.h"
#include "text.h"
#include "verb.h"

/* Two indented, the label, and twice a forecast, what came, the miss and a mark: below 80. */
enum { INDENT = 9, LABEL = 25, NUMBER = 8, MISS = 7 };

/* ---- for people ---- */

static const char *mark_text(ptn_mark mark)
{
    static const paint_mark marks[] = {MARK_OFF, MARK_OK, MARK_WARN, MARK_FAIL};
    return mark == PTN_MARK_NONE ? " " : paint_mark_text(stdout, marks[mark]);
}

/* 19,684, or 1.23m. */
static const char *count(double value, char *out, size_t size)
{
    if (isnan(value))
        return "";
    return value < 999999.5 ? paint_count((int64_t)llround(value), out, size) : paint_money(value, "", 3, out, size);
}

static int mark_width(void)
{
    return paint_is_utf8() ? 1 : 2; /* ok */
}

/* One row: for each test two numbers, how far apart they are, and a mark. */
static void row(const char *label, const ptn_check *check, const ptn_check_line *(*line)(const ptn_check_test *),
                void (*show)(const ptn_check *, double, char *, size_t), bool miss)
{
    bool known = false;
    for (unsigned t = 0; t < check->test_count; t++)
        known |= !isnan(line(&check->tests[t])->came) && !isnan(line(&check->tests[t])->forecast);
    if (!known)
        return;
    ptn_text text = {0};
    paint_left(&text, "", 2);
    paint_left(&text, label, LABEL);
    for (unsigned t = 0; t < check->test_count; t++) {
        char a[40] = "", b[40] = "", c[40] = "";
        const ptn_check_line *l = line(&check->tests[t]);
        if (!isnan(l->forecast) && !isnan(l->came)) {
            show(check, l->forecast, a, sizeof a);
            show(check, l->came, b, sizeof b);
        }
        if (miss && l->came != 0 && b[0])
            paint_miss(l->forecast / l->came - 1, c, sizeof c);
        paint_right(&text, a, NUMBER);
        paint_right(&text, b, NUMBER);
        paint_right(&text, c, MISS);
        ptn_text_addf(&text, " %s", mark_text(l->mark));
        if (l->mark != PTN_MARK_FINE && !paint_is_utf8())
            ptn_text_add(&text, " ");
    }
    paint_line(stdout, &text);
    ptn_text_free(&text);
}

static const ptn_check_line *purchases(const ptn_check_test *t) { return &t->purchases; }
static const ptn_check_line *sales(const ptn_check_test *t) { return &t->sales; }
static const ptn_check_line *buyers(const ptn_check_test *t) { return &t->buyers; }
static const ptn_check_line *held(const ptn_check_test *t) { return &t->held; }

static void show_count(const ptn_check *check, double value, char *out, size_t size)
{
    (void)check;
    count(value, out, size);
}

/* Where the sign of a currency stands last, cells would be too wide with it: then the label says thousands. */
static bool in_thousands(const ptn_check *check)
{
    double most = 0;
    for (unsigned t = 0; t < check->test_count; t++)
        most = fmax(most, fmax(fabs(check->tests[t].sales.forecast), fabs(check->tests[t].sales.came)));
    return !locale_now()->money_first && most >= 1e5;
}

static void show_money(const ptn_check *check, double value, char *out, size_t size)
{
    if (locale_now()->money_first)
        paint_money(value, paint_symbol(check->currency) ? check->currency : "", 3, out, size);
    else
        paint_decimal(in_thousands(check) ? value / 1000 : value, 0, out, size);
}

static const char *money_label(const ptn_check *check, char *out, size_t size)
{
    const char *symbol = paint_symbol(check->currency);
    if (locale_now()->money_first && symbol)
        return "sales after returns";
    snprintf(out, size, "sales after returns, %s%s", in_thousands(check) ? "k" : "", symbol ? symbol : check->currency);
    return out;
}

static void show_share(const ptn_check *check, double value, char *out, size_t size)
{
    (void)check;
    char digits[24];
    snprintf(out, size, "%s %%", paint_decimal(100 * value, 1, digits, sizeof digits));
}

static void show_of_100(const ptn_check *check, double value, char *out, size_t size)
{
    (void)check;
    snprintf(out, size, "%.0f", 100 * value);
}

static void heads(const ptn_check *check)
{
    char day[16], days[24], head[48];
    ptn_text text = {0};
    paint_left(&text, "  made, and tested on", 2 + LABEL);
    for (unsigned t = 0; t < check->test_count; t++) {
        snprintf(head, sizeof head, "%s, %s", paint_day(check->tests[t].day, day, sizeof day),
                 paint_days(check->tests[t].horizon_days, days, sizeof days));
        paint_right(&text, head, 2 * NUMBER + MISS);
        paint_left(&text, "", 1 + mark_width());
    }
    paint_line(stdout, &text);
    paint_left(&text, "", 2 + LABEL);
    for (unsigned t = 0; t < check->test_count; t++) {
        paint_right(&text, "forecast", NUMBER);
        paint_right(&text, "came", NUMBER);
        paint_left(&text, "", MISS + 1 + mark_width());
    }
    paint_line(stdout, &text);
    ptn_text_free(&text);
}

/* What everyone's old rate would have said: no mark, it is not ours. */
static void same_rate(const ptn_check *check)
{
    ptn_text text = {0};
    paint_left(&text, "  same rate, as in a sheet", 2 + LABEL);
    for (unsigned t = 0; t < check->test_count; t++) {
        char a[40] = "", b[40] = "", c[40] = "";
        const ptn_check_test *test = &check->tests[t];
        count(test->same_rate, a, sizeof a);
        count(test->purchases.came, b, sizeof b);
        if (test->purchases.came > 0)
            paint_miss(test->same_rate / test->purchases.came - 1, c, sizeof c);
        paint_right(&text, a, NUMBER);
        paint_right(&text, b, NUMBER);
        paint_right(&text, c, MISS);
        paint_left(&text, "", 1 + mark_width());
    }
    paint_line(stdout, &text);
    ptn_text_free(&text);
}

static void tenths(const ptn_check_test *test)
{
    char days[24], number[16];
    ptn_text text = {0};
    printf("  purchases a customer, by tenth, %s\n", paint_days(test->horizon_days, days, sizeof days));
    for (int which = 0; which < 2; which++) {
        const double *of = which ? test->tenth_came : test->tenth_forecast;
        paint_left(&text, which ? "    came" : "    forecast", 12);
        for (int k = 0; k < PATRON_TENTHS; k++) {
            paint_right(&text, paint_decimal(of[k], of[k] < 99.995 ? 2 : 0, number, sizeof number), 6);
        }
        paint_line(stdout, &text);
    }
    ptn_text_free(&text);
}

/* "all leave alike" for common_leaving_rate. */
static const char *limit_words(const char *limit)
{
    static const char *const words[][2] = {
        {"common_leaving_rate", "all leave alike"},
        {"common_leaving_chance", "all leave alike"},
        {"nobody_leaves", "nobody leaves"},
        {"leaves_at_once_or_never", "all leave at once or never"},
        {"common_buying_rate", "all buy alike"},
        {"common_rates", "all buy and leave alike"},
        {"common_rate_and_chance", "all buy and leave alike"},
        {"common_rate_nobody_leaves", "all buy alike, nobody leaves"},
        {"common_buying_rate_nobody_leaves", "all buy alike, nobody leaves"},
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], limit) == 0)
            return words[i][1];
    return limit;
}

/* The models on the days of choice, by log score; then the season, and who may come back. */
static void scores(const ptn_check *check)
{
    ptn_text text = {0};
    char score[32], without[32];
    const bool fine = paint_is_utf8();
    const ptn_check_model *season = NULL;
    for (unsigned i = 0; i < check->model_count; i++) {
        const ptn_check_model *m = &check->models[i];
        if (!isnan(m->without)) {
            season = m;
            continue;
        }
        if (!text.length)
            ptn_text_addf(&text, "on %u earlier day%s: ", m->days, m->days == 1 ? "" : "s");
        else
            ptn_text_add(&text, fine ? " · " : " - ");
        ptn_text_addf(&text, "%s %s", m->name, paint_decimal(m->log_score, 3, score, sizeof score));
        if (m->chosen)
            ptn_text_add(&text, fine ? " ◂ chosen" : " <- chosen");
        if (m->limit[0])
            ptn_text_addf(&text, ", boundary: %s", limit_words(m->limit));
        else if (strcmp(m->status, "failed") == 0)
            ptn_text_add(&text, ", does not fit today");
    }
    if (check->model_count)
        paint_paragraph(stdout, "  score", INDENT, ptn_text_str(&text));
    if (season) {
        ptn_text_clear(&text);
        ptn_text_addf(&text, "with a season %s, without %s, on %u of them with a year behind: %s", paint_decimal(season->log_score, 3, score, sizeof score),
                      paint_decimal(season->without, 3, without, sizeof without), season->days, season->chosen ? "taken" : "not taken");
        paint_paragraph(stdout, "", INDENT, ptn_text_str(&text));
    }
    ptn_text_clear(&text);
    for (unsigned t = 0; t < check->test_count && !text.length; t++)
        if (check->tests[t].quiet >= 0.005)
            ptn_text_addf(&text, "of 100 it takes for gone, %.0f have only gone quiet: so many came back before", 100 * check->tests[t].quiet);
    if (text.length)
        paint_paragraph(stdout, "", INDENT, ptn_text_str(&text));
    ptn_text_free(&text);
}

/* What today's forecast is worth, given all this. */
static void so(const ptn_check *check)
{
    char days[24], low[40], high[40], luck_low[40], luck_high[40], text[400];
    const ptn_check_test *same = NULL;
    if (!check->forecast_known)
        return;
    for (unsigned t = 0; t < check->test_count; t++)
        if (check->tests[t].horizon_days / 7 == check->horizon_days / 7)
            same = &check->tests[t];
    paint_days(check->horizon_days, days, sizeof days);
    const char *ahead = strcmp(days, "a year") == 0 ? "year" : days;
    if (isnan(check->value)) {
        snprintf(text, sizeof text, "8 in 10: the next %s bring%s %s to %s purchases; too little is known to say what one is worth", ahead,
                 ahead != days ? "s" : "",                 count(check->purchases_low, low, sizeof low), count(check->purchases_high, high, sizeof high));
    } else {
        const bool misled = same && fabs(same->purchases.came - same->purchases.forecast) > 1.28 * same->luck;
        snprintf(text, sizeof text, "8 in 10: the next %s bring%s %s to %s; luck alone would say %s to %s%s", ahead, ahead != days ? "s" : "",
                 paint_estimate(check->value_low, check->currency, low, sizeof low),
                 paint_estimate(check->value_high, check->currency, high, sizeof high),
                 paint_money(check->value_luck_low, check->currency, 2, luck_low, sizeof luck_low),
                 paint_money(check->value_luck_high, check->currency, 2, luck_high, sizeof luck_high),
                 misled ? ", and so misled when tested" : "");
    }
    paint_paragraph(stdout, "  so", INDENT, text);
    if (!isnan(check->value) && margin_words(&check->margins, NAN, check->currency, text, sizeof text)[0])
        paint_paragraph(stdout, "", INDENT, text);
}

/* What else there is to see. */
static void more(const char *dir_words)
{
    ptn_text text = {0};
    paint_command(&text, "patron check%s --all", dir_words);
    ptn_text_add(&text, ": every candidate, every measure, every day tried");
    paint_paragraph(stdout, "  more", INDENT, ptn_text_str(&text));
    ptn_text_free(&text);
}

static void print_people(const ptn_check *check, const ptn_check_trials *trials, const ptn_limits_judged *limits, bool all,
                         const char *dir_words)
{
    char text[256], words[400];
    snprintf(text, sizeof text, "%s %s", check->mark == PTN_MARK_NONE ? paint_mark_text(stdout, MARK_OFF) : mark_text(check->mark),
             check->verdict);
    paint_paragraph(stdout, "", 0, text);
    check_print_limits(limits);
    if (check->test_count) {
        heads(check);
        row("purchases in all", check, purchases, show_count, true);
        row(money_label(check, text, sizeof text), check, sales, show_money, true);
        row("customers who bought", check, buyers, show_share, false);
        row("8 in 10 held, ties shared", check, held, show_of_100, false);
        same_rate(check);
        tenths(&check->tests[0]);
    }
    scores(check);
    for (unsigned t = 0; t < check->test_count; t++) {
        const ptn_check_test *test = &check->tests[t];
        char days[24], on[24];
        if (test->chosen_on_days == test->horizon_days)
            continue;
        snprintf(text, sizeof text, test->chosen_on_days ? "%s: the history is too short to choose at it; %s was chosen on forecasts of %s"
                                                         : "%s: the history is too short to choose a model: %s is taken",
                 paint_days(test->horizon_days, days, sizeof days), test->model, paint_days(test->chosen_on_days, on, sizeof on));
        paint_paragraph(stdout, "  note", INDENT, text);
    }
    check_print_drift(trials);
    if (check->why[0])
        paint_paragraph(stdout, "  why", INDENT, locale_words(check->why, words, sizeof words));
    so(check);
    if (all)
        check_print_all(trials);
    else if (trials->count)
        more(dir_words);
}

static void print_json(const ptn_check *check, const ptn_check_trials *trials, const ptn_limits_judged *limits)
{
    json_t *object = check_json(check);
    json_object_set_new(object, "limits", limits ? check_limits_json(limits) : json_null());
    json_object_set_new(object, "drift", check_drift_json(trials));
    json_object_set_new(object, "trials", check_trials_json(trials));
    json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(10));
    putchar('\n');
    json_decref(object);
}

/* The limits that patron.yaml sets now: they are no part of what was built. */
static patron_status judge_limits(const ptn_published *published, const ptn_check_trials *trials, ptn_limits_judged *out,
                                  ptn_problem *problem)
{
    patron_status status = PATRON_OK;
    char *path = ptn_text_path(published->project.dir, "patron.yaml");
    ptn_config *config = calloc(1, sizeof *config);
    if (!config || !path) {
        status = ptn_out_of_memory(problem);
        goto done;
    }
    PTN_TRY(ptn_config_read_limits(path, config, problem));
    PTN_TRY(ptn_limits_judge(published->store, config, trials, out, problem));

done:
    free(config);
    free(path);
    return status;
}

int run_check(int argc, char **argv)
{
    const verb *self = verb_find("check");
    verb_arguments given;
    ptn_problem problem = {0}, limits_problem = {0};
    ptn_published published = {0};
    ptn_check check;
    ptn_check_trials trials = {0};
    ptn_limits_judged limits = {0};
    char dir_words[512];
    if (!verb_parse(self, argc, argv, 1, &given))
        return EXIT_WRONG_USE;
    patron_status limits_status = PATRON_OK, status = ptn_published_open(given.rest[0], &published, &problem);
    locale_use(published.project.config.locale);
    if (status == PATRON_OK)
        status = ptn_check_read(published.store, &check, &problem);
    if (status == PATRON_OK)
        status = ptn_check_trials_read(published.store, &trials, &problem);
    if (status == PATRON_OK)
        limits_status = judge_limits(&published, &trials, &limits, &limits_problem);
    verb_dir_words(given.rest[0], dir_words, sizeof dir_words);
    if (status != PATRON_OK)
        paint_problem(&problem);
    else if (verb_value(self, &given, "--json"))
        print_json(&check, &trials, limits_status == PATRON_OK ? &limits : NULL);
    else
        print_people(&check, &trials, &limits, verb_value(self, &given, "--all"), dir_words);
    if (limits_status != PATRON_OK) /* what could not be read cannot have held */
        paint_problem(&limits_problem);
    const bool fine = status == PATRON_OK && limits_status == PATRON_OK && limits.missed == 0;
    ptn_limits_judged_free(&limits);
    ptn_check_trials_free(&trials);
    ptn_published_close(&published);
    return fine ? EXIT_FINE : EXIT_FAILED;
}
