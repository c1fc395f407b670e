#include "limit_lines.h"

#include <math.h>

#include "check_json.h"
#include "paint.h"
#include "paint_table.h"

enum { INDENT = 9 };

/* 15 %, 2.5 %. */
static const char *percent(double share, char *out, size_t size)
{
    char digits[24];
    const double value = 100 * share;
    snprintf(out, size, "%s %%", paint_decimal(value, fabs(value - round(value)) < 0.005 ? 0 : 1, digits, sizeof digits));
    return out;
}

/* +54.4 %, with the decimal that tells it from the limit. */
static const char *miss(double share, char *out, size_t size)
{
    char digits[24];
    if (!isfinite(share))
        return "forecast, and nothing came";
    snprintf(out, size, "%s%s %%", share < 0 ? paint_minus() : "+", paint_decimal(100 * fabs(share), 1, digits, sizeof digits));
    return out;
}

static void print_missed(const ptn_limit *l)
{
    char ahead[24], set[40], found[40], low[24], high[24], text[240], first[64];
    paint_days(l->horizon_days, ahead, sizeof ahead);
    percent(l->set, set, sizeof set);
    if (l->kind == PTN_LIMIT_RANGES)
        snprintf(text, sizeof text, "%s ahead: %s of 100 repeat buyers in their range of 8 in 10; held_within is %s: %s to %s", ahead,
                 paint_decimal(80 + 100 * l->found, 1, found, sizeof found), set, paint_decimal(fmax(0, 80 - 100 * l->set), 1, low, sizeof low),
                 paint_decimal(fmin(100, 80 + 100 * l->set), 1, high, sizeof high));
    else if (l->kind == PTN_LIMIT_SCORE)
        snprintf(text, sizeof text, "%s ahead: log score %s below that of same rate; beats_same_rate is yes", ahead,
                 paint_decimal(-l->found, 3, found, sizeof found));
    else
        snprintf(text, sizeof text, "%s ahead: %s %s; %s is %s", ahead, ptn_limit_about(l->kind),
                 miss(l->found, found, sizeof found), ptn_limit_key(l->kind), set);
    snprintf(first, sizeof first, "%s limit", paint_mark_text(stdout, MARK_FAIL));
    paint_paragraph(stdout, first, INDENT, text);
}

/* Those that no untouched day could tell, and for which horizons. */
static void print_not_tested(const ptn_limits_judged *limits)
{
    ptn_text text = {0};
    char days[24], first[64];
    size_t count = 0;
    for (size_t i = 0; i < limits->count; i++)
        count += limits->at[i].state == PTN_LIMIT_NOT_TESTED;
    if (count == 0)
        return;
    ptn_text_addf(&text, "%zu of %zu not tested yet: ", count, limits->count);
    int told = 0;
    for (size_t i = 0; i < limits->count; i++) {
        if (limits->at[i].state != PTN_LIMIT_NOT_TESTED || limits->at[i].horizon_days == told)
            continue;
        ptn_text_addf(&text, "%s%s", told ? ", " : "", paint_days(limits->at[i].horizon_days, days, sizeof days));
        told = limits->at[i].horizon_days;
    }
    snprintf(first, sizeof first, "%s limits", paint_mark_text(stdout, MARK_OFF));
    paint_paragraph(stdout, first, INDENT, ptn_text_str(&text));
    ptn_text_free(&text);
}

void check_print_limits(const ptn_limits_judged *limits)
{
    size_t held = 0;
    for (size_t i = 0; i < limits->count; i++) {
        held += limits->at[i].state == PTN_LIMIT_HELD;
        if (limits->at[i].state == PTN_LIMIT_MISSED)
            print_missed(&limits->at[i]);
    }
    print_not_tested(limits);
    if (limits->missed || !held)
        return;
    char first[64], text[60];
    snprintf(first, sizeof first, "%s limits", paint_mark_text(stdout, MARK_OK));
    snprintf(text, sizeof text, "%zu of %zu hold", held, limits->count);
    paint_paragraph(stdout, first, INDENT, text);
}

json_t *check_limits_json(const ptn_limits_judged *limits)
{
    static const char *const states[] = {"held", "missed", "not tested"};
    static const char *const of[] = {"purchases", "sales_after_returns", "buyers", "held_80", "log_score"};
    json_t *list = json_array();
    for (size_t i = 0; i < limits->count; i++) {
        const ptn_limit *l = &limits->at[i];
        json_array_append_new(list, json_pack("{s:s,s:o,s:s,s:i,s:o,s:s}", "limit", ptn_limit_key(l->kind), "set",
                                              l->kind == PTN_LIMIT_SCORE ? json_true() : json_number(l->set), "of", of[l->kind],
                                              "horizon_days", l->horizon_days, "found", json_number(l->found), "state", states[l->state]));
    }
    return list;
}
