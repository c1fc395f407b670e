#include "patron/status.h"

const char *patron_status_text(patron_status status)
{
    switch (status) {
    case PATRON_OK: return "fine";
    case PATRON_EINVAL: return "an argument is outside its domain";
    case PATRON_EDATA: return "the data cannot be used as it is";
    case PATRON_ENUMERIC: return "no finite or converged answer";
    case PATRON_ENOMEM: return "out of memory";
    case PATRON_EIO: return "a file or database could not be read or written";
    case PATRON_ECANCELLED: return "cancelled";
    }
    return "unknown status";
}
