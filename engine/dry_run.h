#ifndef PTN_DRY_RUN_H
#define PTN_DRY_RUN_H

/* What a build would do, without doing it: nothing is written, and no lock is taken. */

#include "build.h"

typedef enum ptn_would {
    PTN_WOULD_NOTHING, /* the published tables are current */
    PTN_WOULD_CARRY,   /* read what is new onto a copy of the published store */
    PTN_WOULD_FRESH    /* read everything */
} ptn_would;

enum { PTN_DRY_SOURCES = 64 };

typedef struct ptn_dry_source {
    char name[64], stream[16];
    int64_t files, files_new, files_gone; /* new or changed; of files that can be watched */
    int64_t rows;                         /* that would be read */
} ptn_dry_source;

typedef struct ptn_dry_run {
    ptn_would would;
    bool resumes;      /* a build was stopped; what it finished would not be done again, if nothing has changed since */
    char why[160];     /* in a few words; empty when nothing would be done */
    char published[24]; /* the run that stands; empty: none */
    unsigned first_stage; /* of ptn_stage_names: it and all after it would run; past the last one: none */
    ptn_dry_source sources[PTN_DRY_SOURCES];
    unsigned source_count;
    int64_t rows; /* over all sources */
    ptn_room room; /* that it would need on the disk; all 0 when nothing would be done */
} ptn_dry_run;

patron_status ptn_dry_run_plan(const ptn_project *project, const ptn_build_options *options, ptn_dry_run *out, ptn_problem *problem);
const char *ptn_dry_run_word(ptn_would would); /* nothing, carry_on, read_all */

#endif
