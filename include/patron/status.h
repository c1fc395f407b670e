#ifndef PATRON_STATUS_H
#define PATRON_STATUS_H

/* What every patron function answers, and the words that go with it. */

#if defined(__cplusplus)
#define PATRON_API extern "C" __attribute__((visibility("default")))
#else
#define PATRON_API __attribute__((visibility("default")))
#endif

typedef enum patron_status {
    PATRON_OK = 0,
    PATRON_EINVAL,    /* an argument is outside its documented domain */
    PATRON_EDATA,     /* a row, file or setting of the user cannot be used as it is */
    PATRON_ENUMERIC,  /* a computation did not reach a finite or converged answer */
    PATRON_ENOMEM,    /* memory ran out */
    PATRON_EIO,       /* a file or database could not be read or written */
    PATRON_ECANCELLED /* the caller asked to stop */
} patron_status;

/* Owned by the caller, passed last, may be NULL. Written where the fault is found; passed on untouched. */
typedef struct patron_error {
    patron_status status;
    char message[512]; /* one line: the value, row or file, and what was expected */
} patron_error;

/* The status in a few words, for a message without a patron_error. Never NULL. */
PATRON_API const char *patron_status_text(patron_status status);

#endif
