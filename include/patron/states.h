#ifndef PATRON_STATES_H
#define PATRON_STATES_H

/* A customer's history as a state: what the models of buying and leaving need to know of it, and all they need.
 *
 *   frequency  x    purchase days after the first one (a whole number, at most a million)
 *   recency    t_x  time from the first to the last of them; 0 exactly when frequency is 0; large is recent
 *   age        T    time from the first purchase to the end of observation
 *
 * with 0 <= recency <= age, in one unit of time, the caller's choice. Customers in the same state have the same forecast, so
 * everything here works on a table of states and how many customers are in each; rows may repeat, in any order. Messages count rows
 * from 1. */

#include <stddef.h>

#include "patron/status.h"

typedef struct patron_states {
    size_t n;
    const double *frequency, *recency, *age; /* n each */
    const double *weight;                    /* customers in each state, > 0; NULL: one each */
} patron_states;

/* Purchases of many customers, sorted by customer, then by day. */
typedef struct patron_purchases {
    size_t n;
    const long long *customer; /* n, any numbers; equal ones must be adjacent */
    const double *day;         /* n, not falling within a customer; equal days are one purchase */
} patron_purchases;

/**
 * From purchases to states: one a customer who bought up to `end`, in the order of the purchases.
 *
 * Source   Fader, Hardie & Lee (2005), Marketing Science 24(2), section 2.
 * Units    days of `day` and `end`; divide afterwards for weeks.
 * Cost     O(n), allocates nothing.
 *
 * @param[in]  end        the last day observed; later purchases are counted in `later`
 * @param[out] customer, frequency, recency, age   room for as many as there are customers (n is always enough)
 * @param[out] later      purchase days after `end`; may be NULL
 * @param[out] count      customers written
 * @return PATRON_OK; PATRON_EDATA when a customer's days fall or a day is not finite
 */
PATRON_API patron_status patron_history_summarise(const patron_purchases *purchases, double end, long long *customer,
                                                  double *frequency, double *recency, double *age, double *later,
                                                  size_t *count, patron_error *err);

/**
 * The distinct states of a table and how many customers are in each, sorted by frequency, age, recency.
 *
 * Cost     O(n) when the times are whole multiples of one step, as days are in any unit, else O(n log n); allocates O(n).
 *          Weights are added in the order of the rows. Times come back as the first row of each state spells them.
 *
 * @param[out] frequency, recency, age, weight   room for states->n each
 * @param[out] state_of_row  which distinct state each row is in; may be NULL
 * @param[out] count         distinct states written
 * @return PATRON_OK, PATRON_EDATA (names the first row that is no state), PATRON_ENOMEM
 */
PATRON_API patron_status patron_history_distinct(const patron_states *states, double *frequency, double *recency,
                                                 double *age, double *weight, size_t *state_of_row, size_t *count,
                                                 patron_error *err);

#endif
