#ifndef PATRON_LIMIT_LINES_H
#define PATRON_LIMIT_LINES_H

/* What became of the limits that patron.yaml sets: a line for each that is missed, and one for the others. */

#include <jansson.h>

#include "check_limits.h"

void check_print_limits(const ptn_limits_judged *limits);
json_t *check_limits_json(const ptn_limits_judged *limits);

#endif
