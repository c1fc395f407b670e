#ifndef PTN_DISCOUNT_H
#define PTN_DISCOUNT_H

/* patron.yaml's discount_rate or discount_curve, in days. A year has 365.25. */

#include "config.h"
#include "patron/value.h"

/* The curve stands in `room`. The last rate holds for ever. */
patron_discount ptn_discount_of(const ptn_config *config, patron_discount_stretch room[PTN_CURVE_MAX]);

#endif
