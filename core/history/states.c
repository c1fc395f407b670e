#include "patron/states.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "history/sample.h"

patron_status patron_history_summarise(const patron_purchases *purchases, double end, long long *customer,
                                       double *frequency, double *recency, double *age, double *later,
                                       size_t *count, patron_error *err)
{
    const double *day = purchases->day;
    size_t written = 0;
    if (!isfinite(end))
        return ptn_fail(err, PATRON_EINVAL, "the end of observation is %g, not a finite day", end);
    for (size_t i = 0; i < purchases->n;) {
        const long long who = purchases->customer[i];
        const double first = day[i];
        double last = first, repeats = 0, after = 0;
        size_t k = i;
        for (; k < purchases->n && purchases->customer[k] == who; k++) {
            if (!isfinite(day[k]))
                return ptn_fail(err, PATRON_EDATA, "row %zu: day %g of customer %lld is not finite", k + 1,
                                day[k], who);
            if (day[k] < (k > i ? day[k - 1] : first))
                return ptn_fail(err, PATRON_EDATA,
                                "row %zu: day %.15g of customer %lld comes after day %.15g", k + 1, day[k],
                                who, day[k - 1]);
            if (k == i || day[k] == day[k - 1])
                continue;
            if (day[k] <= end) {
                repeats++;
                last = day[k];
            } else {
                after++;
            }
        }
        if (first <= end) {
            customer[written] = who;
            frequency[written] = repeats;
            recency[written] = last - first;
            age[written] = end - first;
            if (later)
                later[written] = after;
            written++;
        }
        i = k;
    }
    *count = written;
    return PATRON_OK;
}

patron_status patron_history_distinct(const patron_states *states, double *frequency, double *recency,
                                      double *age, double *weight, size_t *state_of_row, size_t *count,
                                      patron_error *err)
{
    patron_status status = PATRON_OK;
    ptn_sample sample = {0};
    PTN_TRY(ptn_sample_open(&sample, states, true, err));
    /* times as the first row of each state spells them: the sample rounds them to its grid */
    for (size_t row = states->n; row-- > 0;) {
        const size_t state = sample.state_of_row[row];
        frequency[state] = states->frequency[row];
        recency[state] = states->recency[row];
        age[state] = states->age[row];
    }
    if (sample.n > 0)
        memcpy(weight, sample.weight, sample.n * sizeof *weight);
    if (state_of_row && states->n > 0)
        memcpy(state_of_row, sample.state_of_row, states->n * sizeof *state_of_row);
    *count = sample.n;
done:
    ptn_sample_close(&sample);
    return status;
}
