#ifndef PTN_PROGRESS_H
#define PTN_PROGRESS_H

/* How far a stage is, for who waits for it. */

typedef struct ptn_progress {
    /* what: the source, model or horizon that is being worked on; done of so many parts are behind it. */
    void (*tell)(const char *what, unsigned done, unsigned of, void *context);
    void *context;
} ptn_progress;

/* progress may be NULL, and so may its function. */
static inline void ptn_progress_tell(const ptn_progress *progress, const char *what, unsigned done, unsigned of)
{
    if (progress && progress->tell)
        progress->tell(what, done, of, progress->context);
}

#endif
