#include "build_json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "margin_words.h"

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *equation(const ptn_money_line *m)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "currency", m->currency, "amount_in", m->amount_in, "attributed",
                     m->attributed, "unattributed", m->unattributed, "quarantined", m->quarantined, "set_aside", m->set_aside,
                     "rounding", m->rounding, "conserved", 1);
}

/* The project's currency first; amounts in two currencies have no sum, so each of the others has an equation of its own. */
static json_t *money_json(const ptn_build_report *report)
{
    if (report->money_count == 0)
        return json_null();
    json_t *money = equation(&report->money[0]), *others = json_array();
    for (unsigned i = 1; i < report->money_count; i++)
        json_array_append_new(others, equation(&report->money[i]));
    json_object_set_new(money, "other_currencies", others);
    return money;
}

/* Each stage with what it counted, as far as it got. */
static json_t *stage_json(const ptn_build_report *report, const ptn_stage_report *stage)
{
    const ptn_record_report *r = &report->record;
    json_t *object = json_pack("{s:s,s:s,s:f,s:f}", "name", stage->name, "status", stage->finished ? "ok" : "failed", "seconds",
                               stage->seconds, "cpu_seconds", stage->cpu);
    if (!stage->finished)
        return object;
    if (strcmp(stage->name, "record") == 0)
        json_object_update_new(object, json_pack("{s:I,s:I,s:I}", "rows", (json_int_t)r->rows, "new_rows", (json_int_t)r->rows_read,
                                                 "quarantined", (json_int_t)r->quarantined));
    else if (strcmp(stage->name, "identify") == 0)
        json_object_update_new(object, json_pack("{s:I}", "people", (json_int_t)report->persons));
    else if (strcmp(stage->name, "history") == 0)
        json_object_update_new(object, json_pack("{s:I,s:I,s:I}", "buyers", (json_int_t)report->buyers, "purchase_days",
                                                 (json_int_t)report->purchase_days, "states", (json_int_t)report->states));
    else if (strcmp(stage->name, "forecast") == 0)
        json_object_update_new(object, json_pack("{s:I}", "trials", (json_int_t)report->trials));
    else if (strcmp(stage->name, "share") == 0)
        json_object_update_new(object, json_pack("{s:I}", "tables", (json_int_t)report->tables));
    return object;
}

static json_t *models_json(const ptn_headline *h)
{
    json_t *models = json_array();
    if (h->known && h->model[0])
        json_array_append_new(models, json_pack("{s:s,s:s,s:o,s:o,s:i}", "part", "purchases", "chosen", h->model, "log_score",
                                                real(h->log_score), "coverage_80", real(h->coverage), "origins", (int)h->origins));
    return models;
}

static json_t *amount(double value, int decimals)
{
    char text[64];
    if (!isfinite(value))
        return json_null();
    snprintf(text, sizeof text, "%.*f", decimals, value);
    return json_string(text);
}

static json_t *headline_json(const ptn_headline *h)
{
    char horizon[16];
    if (!h->known)
        return json_null();
    snprintf(horizon, sizeof horizon, "P%dD", h->horizon_days);
    return json_pack("{s:{s:o,s:o,s:o,s:s,s:s,s:s,s:o}}", "value", "value", amount(h->value, h->decimals), "p10",
                     amount(h->value_low, h->decimals), "p90", amount(h->value_high, h->decimals), "horizon", horizon, "condition", "base", "kind",
                     h->has_costs ? "margin" : h->margin_assumed ? "margin, assumed" : "sales after returns", "margin",
                     margin_json(&h->margins, NAN, h->decimals));
}

static json_t *warnings_json(const ptn_warnings *warnings)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < warnings->count; i++) {
        const ptn_warning *w = &warnings->at[i];
        json_array_append_new(list, json_pack("{s:s,s:s,s:I,s:s,s:o}", "code", w->code, "about", w->about, "count", (json_int_t)w->count,
                                              "message", w->message, "next", w->next[0] ? json_string(w->next) : json_null()));
    }
    return list;
}

/* Bytes; null when nothing is, or was, to be done. */
static json_t *room_json(const ptn_room *room)
{
    if (room->need <= 0)
        return json_null();
    return json_pack("{s:I,s:o,s:b}", "need", (json_int_t)room->need, "free",
                     room->free < 0 ? json_null() : json_integer((json_int_t)room->free), "tight", ptn_room_is_tight(room));
}

static void print(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(10));
    putchar('\n');
    json_decref(object);
}

void build_print_json(const ptn_project *project, const ptn_build_report *report, const ptn_problem *problem)
{
    const ptn_record_report *r = &report->record;
    json_t *stages = json_array(), *errors = json_array();
    for (unsigned i = 0; i < report->stage_count; i++)
        json_array_append_new(stages, stage_json(report, &report->stages[i]));
    if (problem)
        json_array_append_new(errors, json_pack("{s:s,s:s,s:s,s:s,s:s}", "code", problem->code, "message", problem->what, "where",
                                                problem->where, "why", problem->why, "fix", problem->fix));
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:f,s:f,s:f,s:o,s:o}", "schema", "patron.build/1", "project",
                               project->config.name, "run_id", report->run_id, "previous_run_id", report->previous_run_id, "as_of",
                               report->as_of, "status", problem ? "failed" : report->unchanged ? "unchanged" : "ok", "seconds",
                               round(report->seconds * 1000) / 1000, "cpu_seconds", round(report->cpu * 1000) / 1000, "peak_mib",
                               (double)(report->peak_kib / 1024), "stages", stages, "money", money_json(report));
    json_object_set_new(object, "record", json_pack("{s:I,s:I,s:I,s:I}", "rows", (json_int_t)r->rows, "quarantined",
                                                    (json_int_t)r->quarantined, "set_aside", (json_int_t)r->set_aside, "repeats",
                                                    (json_int_t)r->repeats));
    json_object_set_new(object, "people", json_integer(report->persons));
    json_object_set_new(object, "models", models_json(&report->headline));
    json_object_set_new(object, "headline", headline_json(&report->headline));
    json_object_set_new(object, "disk", room_json(&report->room));
    json_object_set_new(object, "warnings", warnings_json(&report->warnings));
    json_object_set_new(object, "errors", errors);
    print(object);
}

void build_print_warnings_json(const ptn_warnings *warnings, const char *run_id)
{
    print(json_pack("{s:s,s:s,s:o}", "schema", "patron.warnings/1", "run_id", run_id, "warnings", warnings_json(warnings)));
}

void build_print_dry_run_json(const ptn_project *project, const ptn_dry_run *plan)
{
    json_t *sources = json_array(), *stages = json_array();
    for (unsigned i = 0; i < plan->source_count; i++) {
        const ptn_dry_source *s = &plan->sources[i];
        json_array_append_new(sources, json_pack("{s:s,s:s,s:I,s:I,s:I,s:o}", "source", s->name, "stream", s->stream, "files",
                                                 (json_int_t)s->files, "files_to_read", (json_int_t)s->files_new, "files_gone",
                                                 (json_int_t)s->files_gone, "rows_to_read", s->rows < 0 ? json_null() : json_integer(s->rows)));
    }
    for (unsigned i = plan->first_stage; ptn_stage_names[i]; i++)
        json_array_append_new(stages, json_string(ptn_stage_names[i]));
    print(json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o}", "schema", "patron.dry_run/1", "project", project->config.name, "would",
                    ptn_dry_run_word(plan->would), "why", plan->why, "published", plan->published, "sources", sources, "stages", stages, "disk",
                    room_json(&plan->room)));
}
