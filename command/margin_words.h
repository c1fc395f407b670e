#ifndef PATRON_MARGIN_WORDS_H
#define PATRON_MARGIN_WORDS_H

/* A margin that is assumed, and what follows from another one. `one` is the value of a customer; NaN: of all. */

#include <jansson.h>

#include "margins.h"

/* "margin assumed 40 %: at 35 % £2.9m, at 45 % £3.8m"; empty where none is assumed. */
const char *margin_words(const ptn_margins *margins, double one, const char *currency, char *out, size_t size);

/* {"assumed": 0.4, "at": [{"margin": 0.35, "value": ...}, ...]}, or null. Money is text with so many decimals; below 0: a number. */
json_t *margin_json(const ptn_margins *margins, double one, int decimals);

#endif
