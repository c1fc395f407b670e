#ifndef PTN_CHECK_WORDS_H
#define PTN_CHECK_WORDS_H

/* What a check comes to, in words: the verdict and its reason. The same sentence stands in the terminal, in JSON and on pages. */

#include "check.h"

/* Fills mark, verdict and why from the rest. */
void ptn_check_judge(ptn_check *check);

#endif
