#ifndef PTN_DOCTOR_H
#define PTN_DOCTOR_H

/* patron doctor: is everything in place? Looks, changes nothing, and takes no lock that a build could stumble over. */

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

typedef enum ptn_health { PTN_HEALTH_FINE, PTN_HEALTH_KNOW, PTN_HEALTH_FIX } ptn_health;

typedef struct ptn_finding {
    const char *check; /* version, memory, project, sources, disk, permissions, run, inputs, building, clock, warnings */
    ptn_health health;
    char text[640];
    char fix[2560]; /* what to do; empty when fine */
    bool is_command; /* that can be typed as it stands */
} ptn_finding;

enum { PTN_FINDINGS_MAX = 64 };

typedef struct ptn_doctor {
    char given[2048]; /* " shop", the folder as it was given, or "": for commands */
    char state[2048]; /* shop/.patron, as a shell reads it */
    char *dir; /* the project, absolute; NULL when there is none here */
    ptn_finding findings[PTN_FINDINGS_MAX];
    unsigned count, to_fix, to_know;
} ptn_doctor;

/* dir: as for ptn_project_find; without one, and with no project here, the machine alone is looked at. */
patron_status ptn_doctor_look(const char *dir, ptn_doctor *out, ptn_problem *problem);
void ptn_doctor_free(ptn_doctor *doctor);

#endif
