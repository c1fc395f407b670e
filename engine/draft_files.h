#ifndef PTN_DRAFT_FILES_H
#define PTN_DRAFT_FILES_H

/* From what was given to files: one, those of a folder and the folders in it, or those of a pattern. */

#include "draft_bytes.h"
#include "problem.h"

/* One file on its way to a table. */
typedef struct ptn_draft_file {
    char *path, *shown;
    ptn_bytes bytes;
    bool named; /* by the user, and not met in a folder: then what is wrong with it is an error */
} ptn_draft_file;

typedef struct ptn_draft_files {
    ptn_draft_file *items;
    unsigned count, room;
    unsigned passed_over; /* files of a folder that are no data */
} ptn_draft_files;

/* Adds the files of one thing that was given. E520 names what cannot be used. */
patron_status ptn_draft_files_find(const char *given, ptn_draft_files *out, ptn_problem *problem);
void ptn_draft_files_free(ptn_draft_files *files); /* a zeroed one is fine */

/* There is no such file; with the nearest that there is. */
patron_status ptn_draft_no_file(const char *given, ptn_problem *problem);

const char *ptn_draft_base(const char *path); /* orders.csv of data/orders.csv */

#endif
