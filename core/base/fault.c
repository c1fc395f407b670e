#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

patron_status ptn_fail(patron_error *err, patron_status status, const char *format, ...)
{
    if (!err)
        return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return status;
}
