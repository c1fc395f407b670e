#ifndef PTN_CONFIG_CHECK_H
#define PTN_CONFIG_CHECK_H

/* The key `check` of patron.yaml: limits that `patron check` holds the record of the past to. */

#include "config.h"
#include "settings.h"

/* For the table of keys: a group of limits, or a list of groups, into config->limits. */
patron_status ptn_config_read_check(const ptn_setting *setting, void *config);

/* Once all keys are read: E103 where a group names a horizon that `horizons` does not have. */
patron_status ptn_config_check_horizons(const ptn_config *config, const ptn_settings *file, ptn_problem *problem);

#endif
