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

patron_status ptn_settings_keep(ptn_store *store, const ptn_config *config, ptn_problem *problem)
{
    static const char *const seasons[] = {"auto", "on", "off"};
    ptn_text sql = {0};
    add(&sql, "name", config->name);
    add(&sql, "currency", config->currency);
    add_horizons(&sql, config);
    add_number(&sql, "discount_rate", config->discount_count == 0, config->discount_rate); /* a curve has no one rate */
    add_number(&sql, "margin", config->has_margin, config->margin);
    add(&sql, "season", seasons[config->season]);
    add(&sql, "prior", config->prior == PTN_PRIOR_NONE ? "none" : "weak");
    add_models(&sql, config);
    add(&sql, "duplicates", config->duplicates == PTN_DUPLICATES_DROP ? "drop" : "keep");
    add_number(&sql, "quarantine_limit", true, config->quarantine_limit);
    const patron_status status = ptn_store_run(store, ptn_text_str(&sql), problem);
    ptn_text_free(&sql);
    return status;
}
