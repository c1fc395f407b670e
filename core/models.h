#ifndef PTN_MODELS_H
#define PTN_MODELS_H

/* Every model there is, by its file. */

#include "forecast/model.h"

extern const patron_model ptn_pareto_nbd, ptn_bg_nbd, ptn_mbg_nbd;

#endif
