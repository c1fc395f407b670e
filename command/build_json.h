#ifndef PATRON_BUILD_JSON_H
#define PATRON_BUILD_JSON_H

#include "build.h"
#include "dry_run.h"

/* The object of `patron build --json`, schema patron.build/1. problem: NULL when it went well. */
void build_print_json(const ptn_project *project, const ptn_build_report *report, const ptn_problem *problem);
void build_print_warnings_json(const ptn_warnings *warnings, const char *run_id);
void build_print_dry_run_json(const ptn_project *project, const ptn_dry_run *plan);

#endif
