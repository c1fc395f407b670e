#ifndef PATRON_VALUE_H
#define PATRON_VALUE_H

/* Value: purchases to come, in today's terms. What a purchase is worth is spend.h's affair. */

#include "patron/forecast.h"

/* ---- discounting ---- */

/* Money t ahead is worth D(t) today: D falls at the rate `force` up to `until`, then at that of the next stretch. */
typedef struct patron_discount_stretch {
    double until; /* time ahead, rising from stretch to stretch; INFINITY in the last */
    double force; /* continuous, per unit of time: log1p(yearly rate) / 365.25 for days */
} patron_discount_stretch;

typedef struct patron_discount {
    size_t n; /* 0: nothing is discounted */
    const patron_discount_stretch *stretches;
} patron_discount;

/** D(ahead), for ahead >= 0. */
PATRON_API double patron_discount_factor(const patron_discount *discount, double ahead);

/* ---- purchases ---- */

/* The states' clock, when it is not the calendar's (season.h): their time within the next `ahead` of the calendar's. */
typedef struct patron_clock {
    double (*within)(const void *context, double ahead); /* rises from 0 */
    const void *context;
} patron_clock;

/**
 * Expected purchases of every state within the horizon, each discounted to T.
 *
 * The integral of D dE over (0, horizon), E(t) the purchases expected by t: by parts, with five Gauss points for each piece of a
 * stretch over which D changes by a factor of e at most.
 *
 * Units     horizon and discount by the calendar; states and parameters by `clock`, NULL when that is the calendar.
 * Accuracy  relative error below 3e-4 where buying goes on for a good part of the horizon (tests/property/value_test.c); 1 % of the
 *           next to nothing that comes from someone who will be gone within days of a horizon of years.
 * Cost      six passes of patron_model_score a piece, of expected purchases alone: one a stretch, at 10 % a year up to ten years.
 *
 * @param[out] purchases  states->n values
 * @return PATRON_OK, PATRON_EINVAL (parameters, horizon, discount), PATRON_EDATA (first bad row), PATRON_ENOMEM
 */
PATRON_API patron_status patron_discounted_purchases(const patron_model *model, const double *parameters,
                                                     const patron_states *states, const patron_clock *clock,
                                                     const patron_discount *discount, double horizon, double *purchases,
                                                     patron_error *err);

/**
 * All purchases from T on for ever, each discounted to T: the residual, by a curve of rates.
 *
 * Up to where the last stretch begins as above; what follows, by the model's own residual at the last force. Past that
 * day a season's clock and the calendar's are taken to run alike, as they do on average.
 *
 * Cost      without a curve that of the model's residual; with one, twelve passes a piece besides.
 *
 * @return as above; PATRON_EINVAL when the last force is 0 or less: then there may be no end
 */
PATRON_API patron_status patron_discounted_residual(const patron_model *model, const double *parameters, const patron_states *states,
                                                    const patron_clock *clock, const patron_discount *discount, double *purchases,
                                                    patron_error *err);

#endif
