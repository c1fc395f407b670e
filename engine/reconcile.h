#ifndef PTN_RECONCILE_H
#define PTN_RECONCILE_H

/* patron reconcile: finance's figure beside the ledger's, and where they part. */

#include "store.h"

typedef enum ptn_reconcile_by { PTN_BY_NOTHING, PTN_BY_YEAR, PTN_BY_MONTH, PTN_BY_DAY, PTN_BY_KIND, PTN_BY_SOURCE,
                                PTN_BY_CHANNEL } ptn_reconcile_by;

/* One line: money of a month (or kind, ...) as it was read, and what became of it. Amounts are exact text. */
typedef struct ptn_reconcile_line {
    char group[40];
    char amount_in[48], attributed[48], unattributed[48], quarantined[48], set_aside[48];
    char theirs[48]; /* finance's figure for the group; empty when they gave none */
    char difference[48]; /* amount_in less theirs; empty likewise */
} ptn_reconcile_line;

typedef struct ptn_reconciliation {
    char currency[8];
    ptn_reconcile_line total;
    ptn_reconcile_line *lines; /* owned */
    unsigned line_count;
    char hint[256]; /* what alone would explain the difference of the total, e.g. "the quarantine"; may be empty */
} ptn_reconciliation;

/* The currencies of the money read: `first` (the project's) before the others, those with most rows before the rest. */
enum { PTN_CURRENCIES_MAX = 64 };
typedef struct ptn_currency {
    char code[8];
} ptn_currency;
patron_status ptn_reconcile_currencies(ptn_store *store, const char *first, ptn_currency *currencies, unsigned *count, ptn_problem *problem);

/* The money that is in one currency. total: finance's figure as decimal text, or NULL. totals_file: a CSV of group,amount, or
 * NULL. */
patron_status ptn_reconcile(ptn_store *store, const char *currency, ptn_reconcile_by by, const char *total, const char *totals_file,
                            ptn_reconciliation *out, ptn_problem *problem);
void ptn_reconciliation_free(ptn_reconciliation *reconciliation);

#endif
