#ifndef PTN_CARD_H
#define PTN_CARD_H

/* One person as a card shows them: who, what is expected, what was, and why. Read from a published store. */

#include "margins.h"
#include "store.h"

enum { PTN_CARD_FLOWS = 24, PTN_CARD_MONTHS = 24, PTN_FOUND_MAX = 10, PTN_NEAR_MAX = 5 };

typedef struct ptn_found {
    int person;
    char person_id[24], key[64], name[96], last_seen[11];
    double value; /* NaN: not valued */
} ptn_found;

/* Who is meant by a person id, source:key, key, e-mail, name or a part of one. */
typedef struct ptn_matches {
    ptn_found at[PTN_FOUND_MAX]; /* the most valuable first */
    unsigned count;
    int64_t all; /* how many there are */
    char near[PTN_NEAR_MAX][100]; /* what looks like it, when there is none */
    unsigned near_count;
} ptn_matches;

typedef struct ptn_flow {
    char kind[16], amount[48]; /* exact, in the project's currency */
    int64_t lines;
} ptn_flow;

typedef struct ptn_event {
    char day[11], stream[16], kind[16], order_id[48], amount[48], currency[8];
    char what[96]; /* of an event of one line; may be empty */
    int64_t lines;
    bool later; /* after the as-of day */
} ptn_event;

typedef struct ptn_person_record {
    char source[64], key[96], name[96], email[96], amount[48];
    int64_t lines;
} ptn_person_record;

/* How a value was made; rates and means as the models have them. */
typedef struct ptn_made_of {
    bool known;
    char model[48];
    double purchases, discounted, margin_per_purchase; /* value = discounted × margin_per_purchase */
    double quiet;                                      /* share of those taken for gone who have only gone quiet */
    int chosen_on_days;
    int64_t purchase_days;
    double sales, revenue, net;          /* so far */
    double spend_mean, spend_of_all;     /* of a purchase, before what comes back: theirs drawn toward everyone's; everyone's */
    double kept_mean, kept_of_all;       /* share of it that stays */
    double bias;                         /* of the last trial at this horizon; NaN: none */
} ptn_made_of;

typedef struct ptn_card {
    char run_id[24], as_of[11], currency[8];
    char person_id[24], name[96], city[64], country[64], company[96];
    char first_seen[11], last_seen[11]; /* empty: no cash flow up to the as-of day */
    bool buyer;                         /* has a state, so there is a forecast */
    int frequency, recency_days, age_days, idle_days;
    char last_day[11]; /* of a purchase */
    double revenue_each;
    char revenue[48], margin[48]; /* margin is empty when no costs are known */

    bool valued;
    int horizon_days;
    double p_alive, p_buys, purchases, purchases_p10, purchases_p90;
    char value[48], value_p10[48], value_p90[48], residual_value[48], margin_per_purchase[48];
    char model[48], verdict[24], class_name[16];
    int64_t rank, people, alike; /* place by value, of how many; how many are in the same state */
    bool has_costs, margin_assumed;
    ptn_margins margins; /* of the value of all, where the margin is assumed */

    char net[48];      /* all that came and went up to the as-of day */
    int64_t lines;     /* cash flows of it */
    ptn_flow flows[PTN_CARD_FLOWS]; /* the same by kind */
    unsigned flow_count;
    ptn_flow later[PTN_CARD_FLOWS];
    unsigned later_count;
    char month[PTN_CARD_MONTHS][11];
    int bought[PTN_CARD_MONTHS]; /* days with a purchase in each month, that of the as-of day last */

    ptn_event *events; /* owned; the latest first */
    unsigned event_count;
    ptn_person_record *records; /* owned */
    unsigned record_count;
    ptn_made_of made;
} ptn_card;

patron_status ptn_card_find(ptn_store *store, const char *asked, ptn_matches *out, ptn_problem *problem);
/* person: ptn_found.person. currency: the project's, where the store has no forecast that says it. */
patron_status ptn_card_read(ptn_store *store, int person, const char *currency, ptn_card *out, ptn_problem *problem);
void ptn_card_free(ptn_card *card); /* a zeroed one is fine */

#endif
