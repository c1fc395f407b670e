#ifndef PTN_CONFIG_FAULTS_H
#define PTN_CONFIG_FAULTS_H

/* A patron.yaml that must be fine, and one with a fault: what is said of it, and where. */

#include <stdio.h>

#include "check.h"
#include "config.h"

static inline patron_status parse(const char *text, ptn_config *out, ptn_problem *problem)
{
    memset(problem, 0, sizeof *problem);
    const patron_status status = ptn_config_parse(text, strlen(text), "patron.yaml", out, problem);
    if (status != PATRON_OK)
        CHECK_EQ_INT(problem->status, status);
    return status;
}

/* Parses what must be fine, and says why when it is not. */
static inline ptn_config read_fine(const char *text)
{
    ptn_config config;
    ptn_problem problem;
    if (parse(text, &config, &problem) != PATRON_OK) {
        print_error("%s: %s (%s)\n%s\n", problem.where, problem.what, problem.why, problem.excerpt);
        check_failed("this should have been fine", __FILE__, __LINE__);
    }
    return config;
}

/* `where` is line:column; an empty expectation is not checked, `why` may be a part of it. */
static inline void check_fault(const char *text, const char *code, const char *where, const char *what,
                        const char *why, const char *fix)
{
    ptn_config config;
    ptn_problem problem;
    char place[64];
    snprintf(place, sizeof place, "patron.yaml%s%s", *where ? ":" : "", where);
    if (parse(text, &config, &problem) == PATRON_OK) {
        print_error("no fault found in:\n%s\n", text);
        ptn_config_free(&config);
        check_failed("expected a fault", __FILE__, __LINE__);
    }
    CHECK_STR(problem.code, code);
    CHECK_STR(problem.where, place);
    if (*what)
        CHECK_STR(problem.what, what);
    if (!strstr(problem.why, why))
        CHECK_STR(problem.why, why);
    if (*fix)
        CHECK_STR(problem.fix, fix);
    CHECK(problem.why[0] && problem.fix[0]);
    CHECK((problem.excerpt[0] != '\0') == (*where != '\0'));
    CHECK_EQ_INT(config.attach_count, 0); /* nothing is left to free */
}

#endif
