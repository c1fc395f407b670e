#ifndef PTN_CONFIG_VALUES_H
#define PTN_CONFIG_VALUES_H

/* The small languages inside settings: numbers, days, periods, words. Each says why it refuses a text. */

#include "config.h"

typedef struct ptn_why {
    char text[256];
    char instead[32]; /* what was probably meant; empty when nothing suggests itself */
} ptn_why;

/* 0.35, -0.1, 35%: plain decimals of at most 15 digits, read exactly and in any locale. */
bool ptn_read_share(const char *text, double *out, ptn_why *why);
/* A day of the calendar, 2011-12-09, from 1900 on. */
bool ptn_read_day(const char *text, ptn_why *why);
/* 90d, 12w, 6m, 1y: up to a hundred years. */
bool ptn_read_period(const char *text, ptn_period *out, ptn_why *why);
/* Days, for telling which of two periods is longer: a month counts 30.436875. */
double ptn_period_length(const ptn_period *period);
bool ptn_read_currency(const char *text, char out[4], ptn_why *why);
bool ptn_read_locale(const char *text, char *out, size_t size, ptn_why *why);
/* Letters, digits and _, not starting with a digit. */
bool ptn_read_identifier(const char *text, char out[PTN_WORD_MAX + 1], ptn_why *why);

#endif
