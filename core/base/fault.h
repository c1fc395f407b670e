#ifndef PTN_FAULT_H
#define PTN_FAULT_H

/* How the core reports: written where the fault is found, passed on untouched. */

#include "patron/status.h"

/* Fills *err when there is one; returns status. */
patron_status ptn_fail(patron_error *err, patron_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Jumps to `done` unless the call is fine; the function has a variable `status` and one label. */
#define PTN_TRY(call)                                                                                        \
    do {                                                                                                     \
        if ((status = (call)) != PATRON_OK)                                                                  \
            goto done;                                                                                       \
    } while (0)

#endif
