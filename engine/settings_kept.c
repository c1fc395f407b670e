#include "settings_kept.h"

#include <stdio.h>

#include "text.h"

static void add(ptn_text *sql, const char *setting, const char *value)
{
    ptn_text_addf(sql, "%s('%s', ", sql->length ? ", " : "INSERT INTO share.settings VALUES ", setting);
    ptn_text_add_literal(sql, value);
    ptn_text_add(sql, ")");
}

static void add_number(ptn_text *sql, const char *setting, bool known, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    add(sql, setting, known ? text : NULL);
}

/* auto, or the names with commas between them. */
static void add_models(ptn_text *sql, const ptn_config *config)
{
    ptn_text names = {0};
    for (unsigned i = 0; i < config->model_count; i++)
        ptn_text_addf(&names, "%s%s", i ? ", " : "", config->models[i].name);
    add(sql, "models", config->model_count ? ptn_text_str(&names) : "auto");
    ptn_text_free(&names);
}

/* 90d, 1y: as they were written. */
static void add_horizons(ptn_text *sql, const ptn_config *config)
{
    ptn_text words = {0};
    for (unsigned i = 0; i < config->horizon_count; i++)
        ptn_text_addf(&words, "%s%s", i ? ", " : "", config->horizons[i].text);
    add(sql, "horizons", ptn_text_str(&words));
    ptn_text_free(&words);
}

/* near 0.08 until 2y, 0.1 */
static void add_curve(ptn_text *sql, const ptn_config *config)
{
    ptn_text words = {0};
    for (unsigned i = 0; i < config->discount_count; i++) {
        const ptn_discount *stretch = &config->discount_curve[i];
        ptn_text_addf(&words, "%s%s%s%.15g", i ? ", " : "", stretch->name, stretch->name[0] ? " " : "", stretch->rate);
        if (stretch->has_until)
            ptn_text_addf(&words, " until %s", stretch->until.text);
    }
    add(sql, "discount_curve", config->discount_count ? ptn_text_str(&words) : NULL);
    ptn_text_free(&words);
}

/* crm postgres, old sqlite */
static void add_databases(ptn_text *sql, const ptn_config *config)
{
    ptn_text words = {0};
    for (unsigned i = 0; i < config->attach_count; i++)
        ptn_text_addf(&words, "%s%s %s", i ? ", " : "", config->attach[i].name, ptn_attach_type_word(config->attach[i].type));
    add(sql, "attach", config->attach_count ? ptn_text_str(&words) : NULL);
    ptn_text_free(&words);
}

/* A SELECT is told from what it was by a few signs of its hash. */
static void add_sources(ptn_text *sql, const ptn_project *project)
{
    for (unsigned i = 0; i < project->source_count; i++) {
        ptn_text text = {0};
        ptn_text_addf(&text, "%s\n%s", project->sources[i].stream, project->sources[i].sql);
        ptn_text_addf(sql, ", ('%s', left(sha256(", project->sources[i].path);
        ptn_text_add_literal(sql, ptn_text_str(&text));
        ptn_text_add(sql, "), 8))");
        ptn_text_free(&text);
    }
}

patron_status ptn_settings_keep(ptn_store *store, const ptn_project *project, const char *as_of, ptn_problem *problem)
{
    static const char *const seasons[] = {"auto", "on", "off"};
    const ptn_config *config = &project->config;
    const char *day = as_of ? as_of : config->as_of;
    ptn_text sql = {0};
    add(&sql, "name", config->name);
    add(&sql, "currency", config->currency);
    add(&sql, "as_of", day[0] ? day : NULL);
    add_horizons(&sql, config);
    add_number(&sql, "discount_rate", config->discount_count == 0, config->discount_rate); /* a curve has no one rate */
    add_curve(&sql, config);
    add_number(&sql, "margin", config->has_margin, config->margin);
    add(&sql, "season", seasons[config->season]);
    add(&sql, "prior", config->prior == PTN_PRIOR_NONE ? "none" : "weak");
    add_models(&sql, config);
    add(&sql, "duplicates", config->duplicates == PTN_DUPLICATES_DROP ? "drop" : "keep");
    add_number(&sql, "quarantine_limit", true, config->quarantine_limit);
    add_databases(&sql, config);
    add_sources(&sql, project);
    const patron_status status = sql.failed ? ptn_out_of_memory(problem) : ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}
