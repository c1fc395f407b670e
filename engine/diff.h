#ifndef PTN_DIFF_H
#define PTN_DIFF_H

/* What changed between two runs, and why. The newer one must be kept as a file; of an older one that is no longer kept, its values
 * are remembered, and rows known since are seen.
 *
 *     E506 a run that is not known, or not kept; or there is nothing to compare */

#include "published.h"

enum { PTN_DIFF_CAUSES = 8, PTN_DIFF_LARGEST = 10, PTN_DIFF_SETTINGS = 32, PTN_DIFF_MODELS = 12, PTN_DIFF_PARAMETERS = 24 };

typedef struct ptn_diff_run {
    char run_id[24], as_of[11], finished_at[24], version[24], value[48];
    int64_t customers; /* who are valued */
    int horizon_days;  /* 0: not known */
    bool kept;
} ptn_diff_run;

typedef struct ptn_diff_rows {
    char change[12]; /* new, late, restated, gone; beyond: after the newer as-of day */
    int64_t rows;
    char amount[48]; /* by which the ledger changed */
} ptn_diff_rows;

typedef struct ptn_diff_cause {
    char cause[12]; /* new, gone, bought, returned, restated, other rows, time, model */
    int64_t customers;
    char change[48], by_purchases[48], by_worth[48]; /* the last two are empty when the older store is not kept */
} ptn_diff_cause;

typedef struct ptn_diff_person {
    char person_id[24], key[64], name[96], cause[12];
    char before[48], after[48], change[48]; /* before or after is empty when there was no value */
    int64_t days, sales, refunds, restated;
    char sold[48], refunded[48], restated_by[48];
} ptn_diff_person;

typedef struct ptn_diff_pair {
    char what[80], before[96], after[96]; /* empty: not there */
} ptn_diff_pair;

typedef struct ptn_diff {
    char currency[8];
    ptn_diff_run before, after;
    int days_between; /* of the as-of days */
    bool structure_changed; /* a SELECT, the currency, duplicates, exchange rates, patron itself; or patron.yaml, or the day asked for */
    ptn_diff_rows rows[5];
    unsigned row_count;
    ptn_diff_cause causes[PTN_DIFF_CAUSES];
    unsigned cause_count;
    char change[48]; /* of the total: that of the causes, added up */
    bool ties;       /* and it is the difference of the totals */
    ptn_diff_person largest[PTN_DIFF_LARGEST];
    unsigned largest_count;
    ptn_diff_pair settings[PTN_DIFF_SETTINGS], models[PTN_DIFF_MODELS], parameters[PTN_DIFF_PARAMETERS];
    unsigned setting_count, model_count, parameter_count;
} ptn_diff;

/* before, after: run ids, or NULL: the last run, and the one before the newer of the two. */
patron_status ptn_diff_make(const ptn_published *current, const char *before, const char *after, ptn_diff *out, ptn_problem *problem);

#endif
