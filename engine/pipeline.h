/* The pipeline's SQL, embedded at build time from pipeline/<n>_<stage>/<nn>_<step>.sql in path order. */
#ifndef PTN_PIPELINE_H
#define PTN_PIPELINE_H

struct ptn_pipeline_step {
    const char *stage; /* "record" for pipeline/1_record/ */
    const char *name;  /* "states" for 03_states.sql */
    const char *path;  /* from the root of the source tree, for messages */
    const char *sql;
};

extern const struct ptn_pipeline_step ptn_pipeline_steps[]; /* ends with a row of NULLs */
extern const unsigned ptn_pipeline_step_count;

#endif
