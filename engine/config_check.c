#include "config_check.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "config_readers.h"

static patron_status read_limit_horizons(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_limits *const limits = target;
    PTN_TRY(ptn_setting_items(setting, PTN_HORIZONS_MAX, &limits->horizon_count));
    for (unsigned i = 0; i < limits->horizon_count; i++) {
        const ptn_setting item = ptn_setting_item(setting, i);
        PTN_TRY(ptn_setting_period(&item, &limits->horizons[i].period));
        ptn_setting_position(&item, &limits->horizons[i].line, &limits->horizons[i].column);
    }
done:
    return status;
}

/* A share of what came, or of all: above 0, since nothing comes to the last purchase. */
static patron_status read_within(const ptn_setting *setting, double *out)
{
    patron_status status;
    PTN_TRY(ptn_setting_share(setting, 0, 1, out));
    if (*out == 0)
        status = ptn_setting_wrong(setting, "expected more than 0: no forecast comes true to the last purchase");
done:
    return status;
}

static patron_status read_total_within(const ptn_setting *setting, void *target)
{
    return read_within(setting, &((ptn_limits *)target)->total_within);
}

static patron_status read_buyers_within(const ptn_setting *setting, void *target)
{
    return read_within(setting, &((ptn_limits *)target)->buyers_within);
}

static patron_status read_held_within(const ptn_setting *setting, void *target)
{
    return read_within(setting, &((ptn_limits *)target)->held_within);
}

static const char *const yes_or_no[] = {"no", "yes", "false", "true", NULL};

static patron_status read_beats_same_rate(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_limits *const limits = target;
    PTN_TRY(ptn_setting_read_choice(setting, limits));
    limits->beats_same_rate &= 1; /* false and true are no and yes */
done:
    return status;
}

static const ptn_settings_key keys[] = {
    {.name = "total_within", .example = "total_within: 15%", .read = read_total_within},
    {.name = "buyers_within", .example = "buyers_within: 10%", .read = read_buyers_within},
    {.name = "held_within", .example = "held_within: 8%", .read = read_held_within},
    {.name = "beats_same_rate",
     .example = "beats_same_rate: yes",
     .read = read_beats_same_rate,
     .offset = offsetof(ptn_limits, beats_same_rate),
     .choices = yes_or_no},
    {.name = "horizons", .example = "horizons: [90d]", .read = read_limit_horizons},
};

patron_status ptn_config_read_check(const ptn_setting *setting, void *target)
{
    patron_status status;
    ptn_config *const config = target;
    PTN_TRY(ptn_setting_items(setting, PTN_LIMITS_MAX, &config->limit_count));
    for (unsigned i = 0; i < config->limit_count; i++) {
        const ptn_setting item = ptn_setting_item(setting, i);
        ptn_limits *const limits = &config->limits[i];
        PTN_TRY(ptn_setting_read_mapping(&item, "check", keys, sizeof keys / sizeof *keys, limits));
        if (limits->total_within > 0 || limits->buyers_within > 0 || limits->held_within > 0 || limits->beats_same_rate)
            continue;
        ptn_setting_fault(&item, "E107", "check sets no limit");
        ptn_problem_why(setting->problem, "it holds the record of the past to limits, and none is there");
        ptn_problem_fix(setting->problem, "add  total_within: 15%%");
        return PATRON_EDATA;
    }
done:
    return status;
}

static bool has_horizon(const ptn_config *config, const ptn_period *period)
{
    for (unsigned h = 0; h < config->horizon_count; h++)
        if (config->horizons[h].days == period->days && config->horizons[h].months == period->months)
            return true;
    return false;
}

static patron_status no_such_horizon(const ptn_config *config, const ptn_settings *file, const ptn_limit_horizon *of,
                                     ptn_problem *problem)
{
    const char *names[PTN_HORIZONS_MAX];
    char list[PTN_HORIZONS_MAX * (sizeof of->period.text + 2)] = "";
    size_t used = 0;
    for (unsigned h = 0; h < config->horizon_count; h++) {
        names[h] = config->horizons[h].text;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", h ? ", " : "", names[h]);
    }
    const char *near = ptn_nearest(of->period.text, names, config->horizon_count);
    ptn_problem_set(problem, PATRON_EDATA, "E103", "check: there is no horizon %s", of->period.text);
    ptn_settings_show(file, of->line, of->column, (int)strlen(of->period.text), problem);
    ptn_problem_why(problem, "horizons of this project: %s", list);
    if (near)
        ptn_problem_fix(problem, "did you mean %s?", near);
    else
        ptn_problem_fix(problem, "name one of them, or add it to  horizons");
    return PATRON_EDATA;
}

patron_status ptn_config_check_horizons(const ptn_config *config, const ptn_settings *file, ptn_problem *problem)
{
    for (unsigned i = 0; i < config->limit_count; i++)
        for (unsigned h = 0; h < config->limits[i].horizon_count; h++)
            if (!has_horizon(config, &config->limits[i].horizons[h].period))
                return no_such_horizon(config, file, &config->limits[i].horizons[h], problem);
    return PATRON_OK;
}
