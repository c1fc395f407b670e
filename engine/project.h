#ifndef PTN_PROJECT_H
#define PTN_PROJECT_H

/* A project folder: patron.yaml, sources/, and .patron/ which only patron writes. */

#include "config.h"
#include "problem.h"
#include "source.h"

typedef struct ptn_project {
    char *dir;       /* absolute */
    char *state_dir; /* dir/.patron */
    ptn_config config;
    ptn_source *sources;
    unsigned source_count;
} ptn_project;

/* Finds the project at `dir`, or, when dir is NULL, in the working folder or the nearest one above it. Only the folders
 * and the project's name, currency and locale are known then: enough to read what was published, also while patron.yaml or a source is being written. */
patron_status ptn_project_find(const char *dir, ptn_project *out, ptn_problem *problem);
/* Finds it, and reads patron.yaml and the sources. */
patron_status ptn_project_open(const char *dir, ptn_project *out, ptn_problem *problem);
void ptn_project_close(ptn_project *project); /* a zeroed one is fine */

/* The published store's file, resolved through its symlink so that a later build cannot swap it; caller frees.
 * E501 when nothing was built yet. */
patron_status ptn_project_published(const ptn_project *project, char **path, ptn_problem *problem);

#endif
