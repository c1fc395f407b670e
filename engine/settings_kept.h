#ifndef PTN_SETTINGS_KEPT_H
#define PTN_SETTINGS_KEPT_H

/* What patron.yaml said when a store was made: readers of the store need not ask a file that has changed since. */

#include "config.h"
#include "store.h"

/* Fills share.settings. */
patron_status ptn_settings_keep(ptn_store *store, const ptn_config *config, ptn_problem *problem);

#endif
