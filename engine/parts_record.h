#ifndef PTN_PARTS_RECORD_H
#define PTN_PARTS_RECORD_H

/* The track record in parts: the weeks and months of each past forecast beside what came in them. How far months missed beside
 * their whole widens those of the forecast of today; the weeks of the untouched stretch are printed. */

#include "curve.h"
#include "track_record.h"

/* Purchases of each day of an origin's horizon; [0] is the day after the origin. */
typedef struct ptn_daily {
    int days; /* 0: not tried */
    double *forecast, *came;
} ptn_daily;

/* states: frequency, recency, age, customers of everyone on the day of the origin. Reads bought. */
patron_status ptn_daily_make(const ptn_past *past, const ptn_track *track, const ptn_origin *origin, const ptn_columns *states,
                             ptn_daily *out, ptn_problem *problem);
void ptn_daily_free(ptn_daily *daily); /* a zeroed one is fine */

/* Sets the track's month_spread and writes track_record.weeks of its untouched origin. daily: one an origin of the track. */
patron_status ptn_parts_record(const ptn_past *past, ptn_track *track, const ptn_daily *daily, ptn_problem *problem);

#endif
