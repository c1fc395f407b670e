#ifndef PATRON_PROGRESS_H
#define PATRON_PROGRESS_H

/* What a build does, on stderr, while it does it.
 *
 *   live  on a terminal: the stage at work on two lines that make way for what follows; at most 10 times a second, and not in
 *         the first 0.2 s of anything
 *   lines on a terminal that cannot move its cursor: each stage when it is done
 *   log   elsewhere: one line an event, with the time in UTC
 *
 * Ctrl-C ends the process at once with a word: the last good build stays, and the next one goes on from there. */

#include "build.h"

typedef struct progress progress;

/* dir_words: " shop", the folder as it was given, or "": for the commands in messages. quiet: nothing is shown. */
progress *progress_begin(const ptn_project *project, const ptn_build_options *options, const char *dir_words, bool quiet);
void progress_end(progress *p); /* clears what is live; NULL is fine */

/* For ptn_build_options; the context is the progress. */
void progress_on_stage(const ptn_build_report *report, const ptn_stage_report *stage, bool finished, void *context);
void progress_tell(const char *what, unsigned done, unsigned of, void *context);

/* The last lines of a log: money, warnings, and how it ended. problem: NULL when it went well. */
void progress_log_end(progress *p, const ptn_build_report *report, const ptn_problem *problem);

#endif
