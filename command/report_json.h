#ifndef PATRON_REPORT_JSON_H
#define PATRON_REPORT_JSON_H

/* The data of `patron report`: schema patron.report/1, what the page reads. docs/report.md tells its parts. */

#include <jansson.h>

#include "report.h"

/* Reads the views that ptn_report_read left in the store. *out: owned. */
patron_status report_json(ptn_store *store, const ptn_report *report, const char *locale, bool masked, json_t **out, ptn_problem *problem);

#endif
