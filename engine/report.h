#ifndef PTN_REPORT_H
#define PTN_REPORT_H

/* patron report: everything that one page says, from a published store; and the page it is put into. What is counted and ranked
 * stands in pipeline/report/, as views over the store. */

#include "check.h"
#include "project.h"
#include "warnings.h"

typedef struct ptn_report {
    char run_id[24], as_of[11], built_at[24], version[16];
    char name[PTN_NAME_MAX + 1], currency[4];
    char *season, *prior;             /* as patron.yaml said; owned, may be NULL */
    double discount_rate, margin;     /* NaN: none, or no single one */
    bool has_costs, margin_assumed;
    int last_horizon;                 /* days; 0: nothing is forecast */
    ptn_check check;                  /* the same as `patron check` says */
    ptn_warnings warnings;
} ptn_report;

/* Reads it, and leaves the views of pipeline/check and pipeline/report in the store's connection. masked: they give no key, no
 * name and nothing that stood in a refused row. E506: the store was made by an older patron. */
patron_status ptn_report_read(ptn_store *store, bool masked, ptn_report *out, ptn_problem *problem);
void ptn_report_free(ptn_report *report); /* a zeroed one is fine */

/* The page without its data: web/dist/report.html, which CMake puts into the program. */
extern const char ptn_report_page[];
extern const unsigned long ptn_report_page_length;

/* Writes the page with this JSON in it to a file, at once or not at all: whoever reads it meanwhile sees the one before. personal:
 * it holds names or keys, and is for its owner's eyes. *size receives its bytes; 0 where it went into a pipe. */
patron_status ptn_report_write(const char *path, const char *json, bool personal, size_t *size, ptn_problem *problem);

#endif
