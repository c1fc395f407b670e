#ifndef PTN_CONFIG_READERS_H
#define PTN_CONFIG_READERS_H

/* Values that several keys of patron.yaml have, read at their place in the file: a fault shows line and column. */

#include "config_values.h"
#include "settings.h"

/* A fault at a value that one of the readers in config_values.h refused. */
patron_status ptn_setting_refused(const ptn_setting *setting, const ptn_why *why);

patron_status ptn_setting_number(const ptn_setting *setting, double *out); /* 0.35, 35% */
/* A number above `most` was probably meant as a percentage: 35 for 35%. */
void ptn_setting_suggest_percent(const ptn_setting *setting, double value, double most);
patron_status ptn_setting_share(const ptn_setting *setting, double least, double most, double *out);
patron_status ptn_setting_period(const ptn_setting *setting, ptn_period *out);

#endif
