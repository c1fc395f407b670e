#ifndef PATRON_CHECK_JSON_H
#define PATRON_CHECK_JSON_H

/* What `patron check --json` prints; a report has the same objects. */

#include <jansson.h>

#include "check.h"

json_t *check_json(const ptn_check *check);

json_t *json_number(double value); /* null where it is not finite */

#endif
