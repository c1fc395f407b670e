#ifndef PATRON_REASONS_H
#define PATRON_REASONS_H

/* Why someone is worth what they are, in words: at most three facts, each with a number and a date. */

enum { REASONS_MAX = 3, REASON_SIZE = 120 };

typedef struct reason_facts {
    int frequency;        /* purchases after the first */
    int recency_days;     /* from the first to the last */
    int idle_days;        /* since the last */
    const char *last_day; /* of it: 2011-07-05 */
    double revenue_each;  /* of a purchase, after returns */
    const char *currency;
} reason_facts;

/* How many there are. */
unsigned reasons_of(const reason_facts *facts, char out[REASONS_MAX][REASON_SIZE]);

#endif
