#ifndef PATRON_H
#define PATRON_H

/* libpatron: what customers are worth. The headers are the manual; arrays in, arrays out. */

#define PATRON_VERSION "0.1.0"

#include "patron/forecast.h"
#include "patron/season.h"
#include "patron/spend.h"
#include "patron/states.h"
#include "patron/status.h"
#include "patron/track_record.h"
#include "patron/value.h"

#endif
