#ifndef PTN_SETTINGS_PRIVATE_H
#define PTN_SETTINGS_PRIVATE_H

/* Between settings_load.c, settings.c and settings_said.c: the only files that see libyaml. */

#include <yaml.h>

#include "settings.h"

struct ptn_settings {
    const char *name; /* the caller's */
    char *text;       /* as written; libyaml's marks count its characters */
    char *shown;      /* for excerpts: the same, with passwords starred */
    size_t length;
    yaml_document_t document;
    bool loaded;
};

/* libyaml counts characters. */
size_t ptn_settings_byte(const ptn_settings *file, size_t character);
/* Sets where and the excerpt. `end` may lie lines further on: the excerpt cuts the caret at the end of the line. */
void ptn_settings_point(const ptn_settings *file, size_t start, size_t end, ptn_problem *problem);

#endif
