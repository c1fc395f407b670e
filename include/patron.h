#ifndef PATRON_H
#define PATRON_H

/* libpatron: what customers are worth. The headers are the manual; arrays in, arrays out. */

#define PATRON_VERSION "0.1.0"

#include "patron/status.h"

#endif
