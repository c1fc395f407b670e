#ifndef PTN_EQUATIONS_H
#define PTN_EQUATIONS_H

/* Rows and money in = what became of them, at every stage. */

#include "store.h"

enum { PTN_MONEY_LINES = 64 };

/* The money equation of one currency, over all sources; amounts as text, exact. */
typedef struct ptn_money_line {
    char currency[8];
    char amount_in[48], attributed[48], unattributed[48], quarantined[48], set_aside[48], rounding[48];
    bool rounded; /* rounding is not zero */
} ptn_money_line;

/* Both equations for every source, currency and stage: E001 at the first that does not hold. */
patron_status ptn_equations_check(ptn_store *store, ptn_problem *problem);

/* The equation as it is printed, the project's currency first. lines has room for PTN_MONEY_LINES. */
patron_status ptn_equations_read(ptn_store *store, ptn_money_line *lines, unsigned *count, ptn_problem *problem);

#endif
