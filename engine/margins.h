#ifndef PTN_MARGINS_H
#define PTN_MARGINS_H

/* A margin that is assumed for everyone is a guess: what the value would be were it a little lower, or higher. */

#include "store.h"

enum { PTN_MARGIN_STEPS = 2 };

typedef struct ptn_margins {
    bool assumed; /* false: costs are known, or nothing is */
    double margin;
    unsigned count; /* a margin of 1 has none above it */
    struct {
        double margin, value; /* of all, within the last of the horizons */
    } at[PTN_MARGIN_STEPS];
} ptn_margins;

/* The margins beside one, the lower first: five points away, or half of it where it is less than ten; never above 1 or below -1.
 * How many there are. */
unsigned ptn_margin_steps(double margin, double steps[PTN_MARGIN_STEPS]);

/* What the store says; nothing is assumed by one that was made by an older patron. */
patron_status ptn_margins_read(ptn_store *store, ptn_margins *out, ptn_problem *problem);

#endif
