#include "check_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calendar.h"

static bool is_year(int days)
{
    return days == 365 || days == 366;
}

/* "8 Dec 2010" from 2010-12-08. */
static const char *day_words(const char *day, char *out, size_t size)
{
    int y = 0, m = 0, d = 0;
    if (sscanf(day, "%d-%d-%d", &y, &m, &d) == 3 && m >= 1 && m <= 12)
        snprintf(out, size, "%d %.3s %d", d, ptn_month_names[m - 1], y);
    else
        snprintf(out, size, "%s", day);
    return out;
}

/* "yearly", "26-week", "90-day". */
static const char *length_word(int days, char *out, size_t size)
{
    if (is_year(days))
        snprintf(out, size, "yearly");
    else if (days % 7 == 0)
        snprintf(out, size, "%d-week", days / 7);
    else
        snprintf(out, size, "%d-day", days);
    return out;
}

static ptn_mark worst(ptn_mark a, ptn_mark b)
{
    return a > b ? a : b;
}

static ptn_mark total_mark(const ptn_check_test *t)
{
    return worst(t->purchases.mark, t->sales.mark);
}

/* Adds a part to a list, after a comma, " and " or " or ". */
static void list(char *out, size_t size, const char *comma, const char *part)
{
    const size_t at = strlen(out);
    snprintf(out + at, size - at, "%s%s", at ? comma : "", part);
}

/* "the yearly total", "the 26-week and the yearly total": those whose mark is `mark`. */
static void totals(const ptn_check *check, ptn_mark mark, char *out, size_t size)
{
    char word[16], part[32];
    out[0] = 0;
    for (unsigned t = 0; t < check->test_count; t++)
        if (total_mark(&check->tests[t]) == mark) {
            snprintf(part, sizeof part, "the %s", length_word(check->tests[t].horizon_days, word, sizeof word));
            list(out, size, " and ", part);
        }
    if (out[0])
        snprintf(out + strlen(out), size - strlen(out), " total");
}

static void judge_nothing(ptn_check *check)
{
    check->mark = PTN_MARK_NONE;
    if (check->buyers == 0)
        snprintf(check->verdict, sizeof check->verdict, "Nothing to check: nobody has bought yet.");
    else if (!check->forecast_known)
        snprintf(check->verdict, sizeof check->verdict, "Nothing to check: no model can be fitted to so little, so nothing is forecast.");
    else
        snprintf(check->verdict, sizeof check->verdict, "Not tested yet: believe the ranges, not their centre.");
    if (check->buyers > 0)
        snprintf(check->why, sizeof check->why,
                 "a test hides the last stretch, and needs 8 weeks, 30 buyers and a repeat before it; there are %d days and %.0f buyer%s",
                 check->history_days, check->buyers, check->buyers == 1 ? "" : "s");
}

static bool season_visible(const ptn_check *check)
{
    return check->season_taken && check->season_lift >= PTN_SEASON_VISIBLE;
}

/* A season, and too little history on the day of a test to know it from customers leaving. */
static bool season_misled(const ptn_check *check, const ptn_check_test *t)
{
    return season_visible(check) && t->history_days < PTN_SEASON_IDENTIFIED_DAYS;
}

static void explain(ptn_check *check, const ptn_check_test *missed)
{
    char day[16];
    if (!missed) {
        if (season_visible(check) && check->history_days < PTN_SEASON_IDENTIFIED_DAYS)
            snprintf(check->why, sizeof check->why,
                     "season not identifiable yet: %s is %.1f times an ordinary month, and under two years cannot tell that from"
                     " customers leaving", ptn_month_names[check->season_month - 1], check->season_lift);
        else if (!check->season_known && check->history_days < 365)
            snprintf(check->why, sizeof check->why, "no season is known: that takes a year of history, and there are %d days",
                     check->history_days);
    } else if (season_misled(check, missed)) {
        snprintf(check->why, sizeof check->why,
                 "%s is %.1f times an ordinary month, but on %s only %d days were known: under two years cannot tell a season from"
                 " customers leaving", ptn_month_names[check->season_month - 1], check->season_lift, day_words(missed->day, day, sizeof day), missed->history_days);
    } else if (fabs(missed->purchases.forecast - missed->purchases.came) < 2.5 * missed->luck) {
        snprintf(check->why, sizeof check->why, "%.0f purchases are few: luck alone moves such a total by %.0f either way",
                 missed->purchases.came, 1.28 * missed->luck);
    } else {
        snprintf(check->why, sizeof check->why,
                 "something common to all customers moved after %s; a model of persons does not foresee it, the range is made of"
                 " how often that happened", day_words(missed->day, day, sizeof day));
    }
}

void ptn_check_judge(ptn_check *check)
{
    char trusted[80] = "", doubtful[160] = "", so_so[80], *v = check->verdict;
    const size_t size = sizeof check->verdict;
    bool order = true, ranges = true;
    const ptn_check_test *missed = NULL;
    if (check->test_count == 0) {
        judge_nothing(check);
        return;
    }
    for (unsigned t = 0; t < check->test_count; t++) {
        const ptn_check_test *test = &check->tests[t];
        order &= test->order_holds;
        ranges &= test->held.mark != PTN_MARK_BAD && test->held.mark != PTN_MARK_NONE;
        if (total_mark(test) == PTN_MARK_BAD)
            missed = test;
    }
    totals(check, PTN_MARK_BAD, doubtful, sizeof doubtful);
    totals(check, PTN_MARK_SO_SO, so_so, sizeof so_so);
    const bool held = !doubtful[0] && !so_so[0];
    check->mark = order && ranges && held ? PTN_MARK_FINE : order || ranges ? PTN_MARK_SO_SO : PTN_MARK_BAD;
    const char *comma = check->mark == PTN_MARK_BAD ? ", " : " or ";
    list(order ? trusted : doubtful, order ? sizeof trusted : sizeof doubtful, comma, "the order of customers");
    list(ranges ? trusted : doubtful, ranges ? sizeof trusted : sizeof doubtful, !ranges ? comma : held ? ", " : " and ", "the ranges");
    if (held)
        list(trusted, sizeof trusted, " and ", "the totals");
    if (check->mark == PTN_MARK_BAD) {
        snprintf(v, size, "Do not trust it yet: it missed %s", doubtful);
    } else {
        snprintf(v, size, "Trust %s", trusted);
        if (so_so[0])
            snprintf(v + strlen(v), size - strlen(v), "; %s within 15 %%", so_so);
        if (doubtful[0])
            snprintf(v + strlen(v), size - strlen(v), "; not yet %s", doubtful);
    }
    snprintf(v + strlen(v), size - strlen(v), ".%s", missed && season_misled(check, missed) ? " Season is the reason." : "");
    explain(check, missed);
}
