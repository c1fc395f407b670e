#ifndef PTN_PROBLEM_H
#define PTN_PROBLEM_H

/* A fault as the user reads it: what · where · why · so · fix. Caller-owned, passed last, never NULL in the engine.
 * Written once, where the fault is found; callers pass it on untouched. */

#include <stddef.h>

#include "patron/status.h"

typedef struct ptn_problem {
    patron_status status;
    char code[8];       /* E102 and the like; docs/errors.md lists them */
    char what[512];     /* one line: unknown key "curency" */
    char where[1024];   /* patron.yaml:3:1, or data/orders.csv:213, column order_date: "13/02/2026" */
    char excerpt[1024]; /* the line it is about with a caret under it; may be empty, may span lines */
    char why[512];
    char so[256];  /* what it means for the build: 37 of 1,194 rows; the limit is 1 % */
    char fix[512]; /* what to write instead, or the command to run */
    char more[256];
} ptn_problem;

/* Fills status, code and what; clears the rest; returns status. */
patron_status ptn_problem_set(ptn_problem *problem, patron_status status, const char *code, const char *what, ...)
    __attribute__((format(printf, 4, 5)));
patron_status ptn_out_of_memory(ptn_problem *problem); /* E402 */
void ptn_problem_where(ptn_problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ptn_problem_why(ptn_problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ptn_problem_so(ptn_problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ptn_problem_fix(ptn_problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ptn_problem_more(ptn_problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The line `line` (from 1) of `text` with a caret of `width` under `column` (from 1), as "3 | curency: GBP\n    ^^^". */
void ptn_problem_excerpt(ptn_problem *problem, const char *text, int line, int column, int width);

/* Where in `text` the byte `offset` stands: sets where to name:line:column and the excerpt. */
void ptn_problem_point(ptn_problem *problem, const char *name, const char *text, size_t offset, int width);

/* The entry of `names` (count of them) closest to `word` by edit distance, or NULL when none is close. */
const char *ptn_nearest(const char *word, const char *const *names, unsigned count);

#define PTN_TRY(call)                          \
    do {                                       \
        if ((status = (call)) != PATRON_OK)    \
            goto done;                         \
    } while (0)

#endif
