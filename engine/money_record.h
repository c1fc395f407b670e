#ifndef PTN_MONEY_RECORD_H
#define PTN_MONEY_RECORD_H

/* The track record in money: at every past day where the chosen candidate was tried at the whole horizon, its purchases times
 * what was known that day of each buyer's spend, beside the sales after returns that the ledger has since. */

#include "track_record.h"

/* Fills money_forecast, money_came and money_world of the tracks. Reads ledger, returns, history.purchase_days. */
patron_status ptn_money_record(const ptn_past *past, ptn_track *tracks, unsigned track_count, ptn_problem *problem);

#endif
