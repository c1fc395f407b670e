#include "config_readers.h"

#include <string.h>

patron_status ptn_setting_refused(const ptn_setting *setting, const ptn_why *why)
{
    ptn_setting_wrong(setting, "%s", why->text);
    if (why->instead[0])
        ptn_problem_fix(setting->problem, "did you mean %s?", why->instead);
    return PATRON_EDATA;
}

patron_status ptn_setting_number(const ptn_setting *setting, double *out)
{
    patron_status status;
    ptn_why why;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (!ptn_read_share(text, out, &why))
        status = ptn_setting_refused(setting, &why);
done:
    return status;
}

void ptn_setting_suggest_percent(const ptn_setting *setting, double value, double most)
{
    const char *text;
    if (ptn_setting_text(setting, &text) == PATRON_OK && !strchr(text, '%') && value > most
        && value / 100 <= most)
        ptn_problem_fix(setting->problem, "did you mean %s%%?", text);
}

patron_status ptn_setting_share(const ptn_setting *setting, double least, double most, double *out)
{
    patron_status status;
    PTN_TRY(ptn_setting_number(setting, out));
    if (*out < least || *out > most) {
        status = ptn_setting_wrong(setting, "expected %g to %g, that is %g %% to %g %%", least, most,
                                   least * 100, most * 100);
        ptn_setting_suggest_percent(setting, *out, most);
    }
done:
    return status;
}

patron_status ptn_setting_period(const ptn_setting *setting, ptn_period *out)
{
    patron_status status;
    ptn_why why;
    const char *text;
    PTN_TRY(ptn_setting_text(setting, &text));
    if (!ptn_read_period(text, out, &why))
        status = ptn_setting_refused(setting, &why);
done:
    return status;
}
