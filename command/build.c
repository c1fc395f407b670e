/* patron build: run what changed, in order, and publish it. */
#include "build.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "config_values.h"
#include "paint.h"
#include "patron.h"
#include "verb.h"

typedef struct painter {
    bool quiet;
} painter;

static void sentence(const ptn_build_report *report, const ptn_stage_report *stage, char *out, size_t size)
{
    char a[32], b[32];
    const ptn_record_report *r = &report->record;
    if (strcmp(stage->name, "record") == 0)
        snprintf(out, size, "%s lines from %lld source%s, %s in quarantine", paint_count(r->rows, a, sizeof a),
                 (long long)r->sources, r->sources == 1 ? "" : "s", paint_count(r->quarantined, b, sizeof b));
    else if (strcmp(stage->name, "identify") == 0)
        snprintf(out, size, "%s customers by key", paint_count(report->persons, a, sizeof a));
    else if (strcmp(stage->name, "forecast") == 0)
        snprintf(out, size, "%s buyers in %s states; %lld trials in the past", paint_count(report->forecast.buyers, a, sizeof a), paint_count(report->forecast.states, b, sizeof b), (long long)report->forecast.origins);
    else if (strcmp(stage->name, "history") == 0)
        snprintf(out, size, "purchase days, and the state of every buyer");
    else if (strcmp(stage->name, "value") == 0)
        snprintf(out, size, "what each is worth, with ranges");
    else
        snprintf(out, size, "published tables");
}

static void on_stage(const ptn_build_report *report, const ptn_stage_report *stage, bool finished, void *context)
{
    const painter *p = context;
    char words[160];
    if (p->quiet || !finished)
        return;
    sentence(report, stage, words, sizeof words);
    fprintf(stderr, "%s %-10s %-72s %5.1fs\n", paint_mark_text(stderr, MARK_OK), stage->name, words, stage->seconds);
}

static void money_equation(const ptn_build_report *report)
{
    char in[64], attributed[64], none[64], quarantined[64], aside[64];
    for (unsigned i = 0; i < report->money_count; i++) {
        const ptn_money_line *m = &report->money[i];
        printf("Money in     %s %s\n", paint_amount(m->amount_in, in, sizeof in), m->currency);
        printf(" = attributed %s + no customer %s", paint_amount(m->attributed, attributed, sizeof attributed),
               paint_amount(m->unattributed, none, sizeof none));
        printf(" + quarantined %s", paint_amount(m->quarantined, quarantined, sizeof quarantined));
        if (strspn(m->set_aside, "0.") != strlen(m->set_aside))
            printf(" + set aside %s", paint_amount(m->set_aside, aside, sizeof aside));
        printf("    %s to the last unit\n", paint_mark_text(stdout, MARK_OK));
        if (m->rounded)
            printf(" rounding took %s, once, as the lines were read\n", paint_amount(m->rounding, in, sizeof in));
    }
}

/* What is coming, who brings it, and how far off such a forecast was. */
static void headline(const ptn_headline *h, const char *currency)
{
    char value[40], low[40], high[40], before[40], ahead[24];
    if (!h->known) {
        printf("Next         nobody has bought yet, or too little to say what comes\n");
        return;
    }
    printf("Next %-7s %s %s; 8 in 10 %s to %s", strcmp(paint_days(h->horizon_days, ahead, sizeof ahead), "a year") == 0 ? "year" : ahead,
           paint_estimate(h->value, currency, value, sizeof value),
           h->has_costs ? "after costs" : h->margin_assumed ? "at the margin assumed" : "sales after returns",
           paint_estimate(h->value_low, currency, low, sizeof low), paint_estimate(h->value_high, currency, high, sizeof high));
    if (h->before == h->before)
        printf("; last %s %s", strcmp(ahead, "a year") == 0 ? "year" : ahead, paint_estimate(h->before, currency, before, sizeof before));
    printf("%s\n", h->has_costs ? "" : h->margin_assumed ? ". Margin assumed" : ". Costs unknown");
    if (h->best_fifth_expected == h->best_fifth_expected && h->best_fifth_observed == h->best_fifth_observed)
        printf("Who          the best 20 %% are expected to bring %.0f %%. They brought %.0f %%%s\n", 100 * h->best_fifth_expected,
               100 * h->best_fifth_observed, h->best_fifth_expected < h->best_fifth_observed ? ": part of that was luck" : "");
    for (unsigned i = 0; i < h->trial_count; i++) {
        const double bias = h->trial[i].bias;
        const bool fine = bias > -0.05 && bias < 0.05;
        if (i == 0)
            printf("Trust      %s ", paint_mark_text(stdout, fine ? MARK_OK : MARK_WARN));
        printf("%s%s ago %s%.0f %% %s%s", i ? ", " : "", paint_days(h->trial[i].horizon_days, ahead, sizeof ahead),
               i ? "" : "this would have been ", 100 * (bias < 0 ? -bias : bias), i ? "" : "too ", bias < 0 ? "low" : "high");
    }
    printf(h->trial_count ? ": see the range\n" : "Trust      ! the history is too short to have been tried\n");
}

/* "1 line names", "2 lines name": a count with its noun and verb. */
static void warn(int64_t lines, const char *one, const char *many, const char *rest)
{
    char a[32];
    if (lines)
        printf("%s %s %s %s\n", paint_mark_text(stdout, MARK_WARN), paint_count(lines, a, sizeof a), lines == 1 ? one : many, rest);
}

static void warnings(const ptn_record_report *r)
{
    char a[32], b[32];
    if (r->rows == 0)
        printf("%s the sources have no lines yet: the tables are empty\n", paint_mark_text(stdout, MARK_WARN));
    warn(r->no_customer, "line names", "lines name", "no customer: counted and valued as \"no customer\", not forecast");
    warn(r->repeats, "line repeats", "lines repeat", "another of the same file exactly: kept. To drop: duplicates: drop");
    warn(r->set_aside, "line repeats another and was", "lines repeat another and were", "set aside");
    if (r->unpaired_returns)
        printf("%s %s of %s returns have no earlier sale to go with: kept, marked unpaired\n", paint_mark_text(stdout, MARK_WARN),
               paint_count(r->unpaired_returns, a, sizeof a), paint_count(r->returns, b, sizeof b));
    warn(r->quarantined, "line", "lines", "in quarantine. next: patron sql \"FROM quarantine\"");
}

static json_t *money_json(const ptn_build_report *report)
{
    if (report->money_count == 0)
        return json_null();
    const ptn_money_line *m = &report->money[0];
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "currency", m->currency, "amount_in", m->amount_in, "attributed",
                     m->attributed, "unattributed", m->unattributed, "quarantined", m->quarantined, "set_aside", m->set_aside,
                     "rounding", m->rounding, "conserved", 1);
}

static void print_json(const ptn_project *project, const ptn_build_report *report, const ptn_problem *problem)
{
    json_t *stages = json_array(), *errors = json_array();
    for (unsigned i = 0; i < report->stage_count; i++)
        json_array_append_new(stages, json_pack("{s:s,s:s,s:f,s:f}", "name", report->stages[i].name, "status",
                                                report->stages[i].finished ? "ok" : "failed", "seconds", report->stages[i].seconds,
                                                "cpu_seconds", report->stages[i].cpu));
    if (problem)
        json_array_append_new(errors, json_pack("{s:s,s:s,s:s,s:s,s:s}", "code", problem->code, "message", problem->what,
                                                "where", problem->where, "why", problem->why, "fix", problem->fix));
    json_t *object = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:f,s:f,s:f,s:o,s:o,s:{s:I,s:I,s:I,s:I},s:o}", "schema", "patron.build/1", "project",
        project->config.name, "run_id", report->run_id, "previous_run_id", report->previous_run_id, "as_of", report->as_of,
        "status", problem ? "failed" : report->unchanged ? "unchanged" : "ok", "seconds", report->seconds, "cpu_seconds", report->cpu, "peak_mib", (double)report->peak_kib / 1024, "stages",
        stages, "money", money_json(report), "record", "rows", (json_int_t)report->record.rows, "quarantined",
        (json_int_t)report->record.quarantined, "set_aside", (json_int_t)report->record.set_aside, "repeats",
        (json_int_t)report->record.repeats, "errors", errors);
    json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(object);
}

int run_build(int argc, char **argv)
{
    const verb *self = verb_find("build");
    verb_arguments given;
    ptn_problem problem = {0};
    ptn_project project = {0};
    ptn_build_report report = {0};
    if (!verb_parse(self, argc, argv, 1, &given))
        return EXIT_WRONG_USE;
    const bool json = verb_value(self, &given, "--json") != NULL;
    painter p = {.quiet = json || verb_value(self, &given, "--quiet")};
    const char *as_of = verb_value(self, &given, "--as-of");
    ptn_why why;
    if (as_of && !ptn_read_day(as_of, &why)) {
        fprintf(stderr, "patron build: --as-of \"%s\": %s\n", as_of, why.text);
        return EXIT_WRONG_USE;
    }
    const ptn_build_options options = {.as_of = as_of, .full = verb_value(self, &given, "--full") != NULL, .on_stage = on_stage, .context = &p};

    patron_status status = ptn_project_open(given.rest[0], &project, &problem);
    if (status == PATRON_OK)
        status = ptn_build(&project, &options, &report, &problem);
    if (json)
        print_json(&project, &report, status == PATRON_OK ? NULL : &problem);
    if (status != PATRON_OK) {
        paint_problem(&problem);
    } else if (report.unchanged && !p.quiet) {
        printf("%s Nothing changed since run %s. Published tables are current. %18.1fs\n", paint_mark_text(stdout, MARK_OK),
               report.previous_run_id, report.seconds);
    } else if (!p.quiet) {
        char peak[32];
        money_equation(&report);
        headline(&report.headline, project.config.currency);
        warnings(&report.record);
        printf("%.1fs, %s MiB; nothing left this machine. Published run %s, as of %s\n", report.seconds,
               paint_count(report.peak_kib / 1024, peak, sizeof peak), report.run_id, report.as_of);
    }
    ptn_build_report_free(&report);
    ptn_project_close(&project);
    return status == PATRON_OK ? EXIT_FINE : EXIT_FAILED;
}
