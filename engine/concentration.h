#ifndef PTN_CONCENTRATION_H
#define PTN_CONCENTRATION_H

/* Who makes it: the share of all value that the best hundredths of the customers are expected to bring, with its range, and the
 * share that the best brought.
 *
 * A range holds 8 in 10 of what those same customers will bring. It is made of luck, and of how far the share of the best fifth
 * missed when the forecast was tried in the past; what moves everyone alike moves no share. That luck makes the past look more
 * concentrated than the future will be: Schmittlein, Cooper & Morrison (1993), Marketing Science 12. */

#include "store.h"

enum { PTN_HUNDREDTHS = 101 };

typedef struct ptn_concentration {
    double customers[PTN_HUNDREDTHS], value[PTN_HUNDREDTHS];                        /* of the best k hundredths */
    double expected[PTN_HUNDREDTHS], low[PTN_HUNDREDTHS], high[PTN_HUNDREDTHS];     /* NaN: not known */
    double observed[PTN_HUNDREDTHS];
} ptn_concentration;

/* Reads the views shares and share_misses. */
patron_status ptn_concentration_read(ptn_store *store, ptn_concentration *out, ptn_problem *problem);

#endif
