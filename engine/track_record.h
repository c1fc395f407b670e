#ifndef PTN_TRACK_RECORD_H
#define PTN_TRACK_RECORD_H

/* Choosing a model and proving it are two steps. For each horizon, candidates are fitted at earlier days (origins) and scored
 * on what came after, but never on the last stretch before the end; the one chosen is then tried on that stretch, untouched
 * until then, and this is its printed track record.
 *
 * The rule of choice is the held-out log score: of the models first, then of the best one with and without a season. Each brings
 * the share of quiet customers that what came tells it (trials.h). */

#include "trials.h"

enum { PTN_ORIGINS_MAX = 5 };

typedef struct ptn_track {
    int horizon_days;
    ptn_origin origins[PTN_ORIGINS_MAX]; /* the untouched one, if there is one, last */
    unsigned origin_count;
    int chosen;              /* index of the candidate; where nothing could be tried, the first */
    int choice_horizon_days; /* what it was chosen on: shorter than the horizon when the history is; 0: on nothing */
    double quiet[PTN_CANDIDATES_MAX]; /* of each candidate tried there: the share of leavers who have only gone quiet */
    patron_world world;      /* of the purchases of all origins with this horizon */
    patron_world world_then; /* the same as known on the untouched day: without what came after it */
    patron_world money_world;
    double month_spread;     /* how far months missed beside their whole, as a share of each */
} ptn_track;

/* Chooses and proves at one horizon. Money is added by ptn_money_record. */
patron_status ptn_track_run(const ptn_past *past, int horizon_days, ptn_track *out, ptn_problem *problem);

#endif
