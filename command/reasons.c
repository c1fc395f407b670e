#include "reasons.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "locale.h"
#include "paint.h"

/* "a day", "29 days". */
static const char *days(int64_t count, char *out, size_t size)
{
    char number[32];
    snprintf(out, size, "%s day%s", count == 1 ? "a" : paint_count(count, number, sizeof number), count == 1 ? "" : "s");
    return out;
}

static const char *ago(const reason_facts *f, char *out, size_t size)
{
    char idle[48], day[40];
    locale_day(f->last_day, day, sizeof day);
    if (f->idle_days == 0)
        snprintf(out, size, "on the last day, %s", day);
    else
        snprintf(out, size, "%s ago, on %s", days(f->idle_days, idle, sizeof idle), day);
    return out;
}

unsigned reasons_of(const reason_facts *f, char out[REASONS_MAX][REASON_SIZE])
{
    char when[96], gap[48], number[32], money[48];
    unsigned n = 0;
    ago(f, when, sizeof when);
    paint_money(f->revenue_each, f->currency, 3, money, sizeof money);
    if (f->frequency == 0) {
        snprintf(out[n++], REASON_SIZE, "bought once, %s", when);
        snprintf(out[n++], REASON_SIZE, "%s, after returns", money);
        return n;
    }
    const int64_t every = llround((double)f->recency_days / f->frequency);
    if (f->frequency == 1)
        snprintf(out[n++], REASON_SIZE, "bought twice, %s apart", days(f->recency_days, gap, sizeof gap));
    else if (every <= 1)
        snprintf(out[n++], REASON_SIZE, "bought %s times, about every day", paint_count(f->frequency + 1, number, sizeof number));
    else
        snprintf(out[n++], REASON_SIZE, "bought %s times, about every %s", paint_count(f->frequency + 1, number, sizeof number),
                 days(every, gap, sizeof gap));
    snprintf(out[n++], REASON_SIZE, "last bought %s", when);
    snprintf(out[n++], REASON_SIZE, "%s a purchase, after returns", money);
    return n;
}
