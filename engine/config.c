#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config_attach.h"
#include "config_check.h"
#include "config_readers.h"
#include "settings.h"
#include "settings_text.h"
#include "text.h"

static const ptn_config DEFAULTS = {
    .horizons = {{"90d", 90, 0}, {"1y", 0, 12}},
    .horizon_count = 2,
    .discount_rate = 0.10,
    .quarantine_limit = 0.01,
    .locale = "en_GB",
};

/* ---- single values ---- */

static patron_status read_name(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (text[strspn(text, " ")] == '\0')
        status = ptn_setting_wrong(setting, "expected a name that can be seen");
    else if (strlen(text) > PTN_NAME_MAX)
        status =
            ptn_setting_wrong(setting, "expected at most %d bytes; this has %zu", PTN_NAME_MAX, strlen(text));
    else
        strcpy(config->name, text);
done:
    return status;
}

static patron_status read_currency(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    ptn_why why;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (!ptn_read_currency(text, config->currency, &why))
        status = ptn_setting_refused(setting, &why);
done:
    return status;
}

static patron_status read_as_of(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    ptn_why why;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (ptn_read_day(text, &why))
        memcpy(config->as_of, text, sizeof config->as_of);
    else
        status = ptn_setting_refused(setting, &why);
done:
    return status;
}

static patron_status read_locale(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    ptn_why why;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (!ptn_read_locale(text, config->locale, sizeof config->locale, &why))
        status = ptn_setting_refused(setting, &why);
done:
    return status;
}

static patron_status read_rate(const ptn_setting *setting, double *out)
{
    enum { LARGEST = 10 }; /* 1,000 % a year: more is a slip */
    patron_status status;
    PTN_TRY(ptn_setting_number(setting, out));
    if (*out <= -1) {
        status =
            ptn_setting_wrong(setting, "expected more than -1: money a year away is divided by 1 + rate, and "
                                       "that must be above zero");
    } else if (*out > LARGEST) {
        status =
            ptn_setting_wrong(setting, "expected at most %d, which is %d %% a year", LARGEST, LARGEST * 100);
        ptn_setting_suggest_percent(setting, *out, LARGEST);
    }
done:
    return status;
}

static patron_status read_margin(const ptn_setting *setting, void *target)
{
    ptn_config *const config = target;
    config->has_margin = true;
    return ptn_setting_share(setting, -1, 1, &config->margin);
}

static patron_status read_quarantine_limit(const ptn_setting *setting, void *target)
{
    ptn_config *const config = target;
    return ptn_setting_share(setting, 0, 1, &config->quarantine_limit);
}

/* ---- horizons and discounting ---- */

static patron_status read_horizons(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    PTN_TRY(ptn_setting_items(setting, PTN_HORIZONS_MAX, &config->horizon_count));
    for (unsigned i = 0; i < config->horizon_count; i++) {
        const ptn_setting item = ptn_setting_item(setting, i);
        ptn_period *const horizon = &config->horizons[i];
        PTN_TRY(ptn_setting_period(&item, horizon));
        for (unsigned j = 0; j < i; j++) {
            const ptn_period *const before = &config->horizons[j];
            if (before->days != horizon->days || before->months != horizon->months)
                continue;
            ptn_setting_fault(&item, "E103", "horizon %s is given twice", horizon->text);
            ptn_problem_why(setting->problem, "%s, earlier in the list, is as long", before->text);
            ptn_problem_fix(setting->problem, "remove one of them");
            return PATRON_EDATA;
        }
    }
done:
    return status;
}

static patron_status both_discounts(const ptn_setting *setting)
{
    ptn_setting_fault(setting, "E103", "discount_rate and discount_curve are both given");
    ptn_problem_why(setting->problem,
                    "the curve says the rate of every stretch; which of the two counts is not guessed");
    ptn_problem_fix(setting->problem, "remove one of them");
    return PATRON_EDATA;
}

static patron_status read_discount_rate(const ptn_setting *setting, void *target)
{
    ptn_config *const config = target;
    if (config->discount_count > 0)
        return both_discounts(setting);
    config->has_discount_rate = true;
    return read_rate(setting, &config->discount_rate);
}

static patron_status read_curve_name(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_discount *const stretch = target;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (strlen(text) > PTN_WORD_MAX)
        status = ptn_setting_wrong(setting, "expected at most %d bytes", PTN_WORD_MAX);
    else
        strcpy(stretch->name, text);
done:
    return status;
}

static patron_status read_curve_until(const ptn_setting *setting, void *target)
{
    ptn_discount *const stretch = target;
    stretch->has_until = true;
    return ptn_setting_period(setting, &stretch->until);
}

static patron_status read_curve_rate(const ptn_setting *setting, void *target)
{
    ptn_discount *const stretch = target;
    return read_rate(setting, &stretch->rate);
}

static const ptn_settings_key CURVE_KEYS[] = {
    {.name = "name", .example = "name: near", .read = read_curve_name},
    {.name = "until", .example = "until: 2y", .read = read_curve_until},
    {.name = "rate", .example = "rate: 0.08", .required = true, .read = read_curve_rate},
};

static patron_status read_discount_curve(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    if (config->has_discount_rate)
        return both_discounts(setting);
    PTN_TRY(ptn_setting_items(setting, PTN_CURVE_MAX, &config->discount_count));
    for (unsigned i = 0; i < config->discount_count; i++) {
        const ptn_setting item = ptn_setting_item(setting, i);
        ptn_discount *const stretch = &config->discount_curve[i];
        PTN_TRY(ptn_setting_read_mapping(&item, "a stretch of discount_curve", CURVE_KEYS,
                                         sizeof CURVE_KEYS / sizeof *CURVE_KEYS, stretch));
        if (!stretch->has_until && i + 1 < config->discount_count) {
            ptn_setting_fault(&item, "E107", "a stretch of discount_curve needs \"until\"");
            ptn_problem_why(setting->problem, "only the last one goes on for ever");
            ptn_problem_fix(setting->problem, "add  until: 2y");
            return PATRON_EDATA;
        }
        if (i > 0 && stretch->has_until
            && ptn_period_length(&stretch->until)
                   <= ptn_period_length(&config->discount_curve[i - 1].until)) {
            ptn_setting_fault(&item, "E103", "a stretch of discount_curve ends before it starts");
            ptn_problem_why(setting->problem, "it starts at %s, where the one before ends, and ends at %s",
                            config->discount_curve[i - 1].until.text, stretch->until.text);
            ptn_problem_fix(setting->problem, "order the stretches by until, nearest first");
            return PATRON_EDATA;
        }
    }
done:
    return status;
}

/* ---- forecast ---- */

static patron_status read_models(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    unsigned count;
    PTN_TRY(ptn_setting_items(setting, PTN_MODELS_MAX, &count));
    for (unsigned i = 0; i < count; i++) {
        const ptn_setting item = ptn_setting_item(setting, i);
        ptn_model_name *const model = &config->models[i];
        ptn_why why;
        const char *text;
        PTN_TRY(ptn_setting_text(&item, &text));
        if (count == 1 && strcmp(text, "auto") == 0)
            return PATRON_OK; /* model_count stays 0 */
        if (strcmp(text, "auto") == 0)
            return ptn_setting_wrong(&item, "auto tries all models, so it stands alone");
        if (!ptn_read_identifier(text, model->name, &why))
            return ptn_setting_refused(&item, &why);
        for (unsigned j = 0; j < i; j++)
            if (strcasecmp(config->models[j].name, model->name) == 0)
                return ptn_setting_wrong(&item, "it is in the list already");
        ptn_setting_position(&item, &model->line, &model->column);
    }
    config->model_count = count;
done:
    return status;
}

static const char *const SEASONS[] = {"auto", "on", "off", NULL};
static const char *const PRIORS[] = {"weak", "none", NULL};

static const ptn_settings_key FORECAST_KEYS[] = {
    {.name = "models", .example = "models: auto   or  models: [bg_nbd, pareto_nbd]", .read = read_models},
    {.name = "season",
     .example = "season: auto",
     .read = ptn_setting_read_choice,
     .offset = offsetof(ptn_config, season),
     .choices = SEASONS},
    {.name = "prior",
     .example = "prior: weak",
     .read = ptn_setting_read_choice,
     .offset = offsetof(ptn_config, prior),
     .choices = PRIORS},
};

static patron_status read_forecast(const ptn_setting *setting, void *target)
{
    return ptn_setting_read_mapping(setting, "forecast", FORECAST_KEYS,
                                    sizeof FORECAST_KEYS / sizeof *FORECAST_KEYS, target);
}

/* ---- the file ---- */

static const char *const TIME_UNITS[] = {"day", NULL}; /* of models; a project may say so, and has no other yet */
static const char *const DUPLICATES[] = {"keep", "drop", NULL};

static const ptn_settings_key KEYS[] = {
    {.name = "name", .example = "name: shop", .read = read_name},
    {.name = "currency", .example = "currency: GBP", .required = true, .read = read_currency},
    {.name = "as_of", .example = "as_of: 2011-12-09", .read = read_as_of},
    {.name = "horizons", .example = "horizons: [90d, 1y]", .read = read_horizons},
    {.name = "discount_rate", .example = "discount_rate: 0.10", .read = read_discount_rate},
    {.name = "discount_curve",
     .example = "discount_curve: [{name: near, until: 2y, rate: 0.08}, {rate: 0.10}]",
     .read = read_discount_curve},
    {.name = "margin", .example = "margin: 0.35", .read = read_margin},
    {.name = "time_unit",
     .example = "time_unit: day",
     .read = ptn_setting_read_choice,
     .offset = offsetof(ptn_config, time_unit),
     .choices = TIME_UNITS},
    {.name = "duplicates",
     .example = "duplicates: keep",
     .read = ptn_setting_read_choice,
     .offset = offsetof(ptn_config, duplicates),
     .choices = DUPLICATES},
    {.name = "quarantine_limit", .example = "quarantine_limit: 1%", .read = read_quarantine_limit},
    {.name = "forecast",
     .example = "forecast: {models: auto, season: auto, prior: weak}",
     .read = read_forecast},
    {.name = "locale", .example = "locale: en_GB", .read = read_locale},
    {.name = "attach", .example = "attach: [{name: crm, type: sqlite, dsn: crm.db}]", .read = ptn_config_read_attach},
    {.name = "check", .example = "check: {total_within: 15%}", .read = ptn_config_read_check},
};

patron_status ptn_config_parse(const char *text, size_t length, const char *name_for_messages,
                               ptn_config *out, ptn_problem *problem)
{
    patron_status status;
    ptn_settings *file = NULL;
    *out = DEFAULTS;
    PTN_TRY(ptn_settings_open(&file, text, length, name_for_messages, problem));
    PTN_TRY(ptn_settings_read(file, KEYS, sizeof KEYS / sizeof *KEYS, out, problem));
    PTN_TRY(ptn_config_check_horizons(out, file, problem));
done:
    ptn_settings_free(file);
    if (status != PATRON_OK)
        ptn_config_free(out);
    return status;
}

void ptn_config_free(ptn_config *config)
{
    if (!config)
        return;
    for (unsigned i = 0; i < config->attach_count; i++)
        ptn_config_forget_dsn(&config->attach[i]);
    *config = (ptn_config){0};
}

/* The name of the folder that holds `path`. */
static void name_of_folder(const char *path, char name[PTN_NAME_MAX + 1])
{
    const char *const slash = strrchr(path, '/');
    char folder[PATH_MAX], resolved[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    const char *last = realpath(folder, resolved) ? strrchr(resolved, '/') + 1 : "";
    const size_t length = strlen(last);
    if (length == 0 || ptn_plain_text_length(last, length) < length || strpbrk(last, "\r\n\t"))
        last = "project"; /* the root of the disk, or a name that cannot be shown */
    ptn_text_copy(name, PTN_NAME_MAX + 1, last);
}

patron_status ptn_config_load(const char *path, ptn_config *out, ptn_problem *problem)
{
    patron_status status;
    char *text = NULL;
    size_t length = 0;
    *out = (ptn_config){0};
    status = ptn_settings_read_file(path, &text, &length, problem);
    if (status == PATRON_EIO && !problem->fix[0])
        ptn_problem_fix(problem, "go to the project's folder, or draft a project: patron new FILE");
    PTN_TRY(status);
    const char *const slash = strrchr(path, '/');
    PTN_TRY(ptn_config_parse(text, length, slash ? slash + 1 : path, out, problem));
    if (!out->name[0])
        name_of_folder(path, out->name);
done:
    if (text)
        explicit_bzero(text, length);
    free(text);
    return status;
}

static patron_status pass_over(const ptn_setting *setting, void *target)
{
    (void)setting;
    (void)target;
    return PATRON_OK;
}

typedef patron_status reader(const ptn_setting *setting, void *target);

/* Only what `readers`, which end with NULL, read. */
static patron_status read_some(const char *path, reader *const *readers, ptn_config *out, ptn_problem *problem)
{
    enum { COUNT = sizeof KEYS / sizeof *KEYS };
    ptn_settings_key keys[COUNT];
    ptn_settings *file = NULL;
    char *text = NULL;
    size_t length = 0;
    patron_status status;
    *out = DEFAULTS;
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned r = 0;
        while (readers[r] && readers[r] != KEYS[i].read)
            r++;
        keys[i] = KEYS[i];
        keys[i].required = false;
        if (!readers[r])
            keys[i].read = pass_over;
    }
    PTN_TRY(ptn_settings_read_file(path, &text, &length, problem));
    PTN_TRY(ptn_settings_open(&file, text, length, "patron.yaml", problem));
    PTN_TRY(ptn_settings_read(file, keys, COUNT, out, problem));
    PTN_TRY(ptn_config_check_horizons(out, file, problem));

done:
    ptn_settings_free(file);
    if (text)
        explicit_bzero(text, length);
    free(text);
    if (!out->name[0])
        name_of_folder(path, out->name);
    return status;
}

void ptn_config_glance(const char *path, ptn_config *out)
{
    static reader *const readers[] = {read_name, read_currency, read_locale, NULL};
    ptn_problem ignored = {0};
    read_some(path, readers, out, &ignored);
}

patron_status ptn_config_read_limits(const char *path, ptn_config *out, ptn_problem *problem)
{
    static reader *const readers[] = {read_name, read_currency, read_locale, read_horizons, ptn_config_read_check, NULL};
    return read_some(path, readers, out, problem);
}
