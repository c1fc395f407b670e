#include "margin_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check_json.h"
#include "paint.h"
#include "paint_table.h"

/* Value is in proportion to the margin; of one that is worth nothing at a margin of 0 nothing can be said. */
static double value_at(const ptn_margins *margins, unsigned i, double one)
{
    return isnan(one) ? margins->at[i].value : one * margins->at[i].margin / margins->margin;
}

/* 40 %, 2.5 %. */
static const char *percent(double margin, char *out, size_t size)
{
    char digits[24];
    const double value = 100 * margin;
    int decimals = 0;
    while (decimals < 2 && fabs(value * pow(10, decimals) - round(value * pow(10, decimals))) > 1e-6)
        decimals++;
    snprintf(out, size, "%s %%", paint_decimal(value, decimals, digits, sizeof digits));
    return out;
}

const char *margin_words(const ptn_margins *margins, double one, const char *currency, char *out, size_t size)
{
    char margin[40], value[40];
    out[0] = '\0';
    if (!margins->assumed || (!isnan(one) && margins->margin == 0))
        return out;
    snprintf(out, size, "margin assumed %s", percent(margins->margin, margin, sizeof margin));
    for (unsigned i = 0; i < margins->count; i++)
        snprintf(out + strlen(out), size - strlen(out), "%s at %s %s", i ? "," : ":", percent(margins->at[i].margin, margin, sizeof margin),
                 paint_estimate(value_at(margins, i, one), currency, value, sizeof value));
    return out;
}

static json_t *money(double value, int decimals)
{
    char text[64];
    if (!isfinite(value) || decimals < 0)
        return json_number(value);
    snprintf(text, sizeof text, "%.*f", decimals, value);
    return json_string(text);
}

json_t *margin_json(const ptn_margins *margins, double one, int decimals)
{
    json_t *at = json_array();
    if (!margins->assumed) {
        json_decref(at);
        return json_null();
    }
    for (unsigned i = 0; i < margins->count; i++)
        json_array_append_new(at, json_pack("{s:f,s:o}", "margin", margins->at[i].margin, "value", money(value_at(margins, i, one), decimals)));
    return json_pack("{s:f,s:o}", "assumed", margins->margin, "at", at);
}
