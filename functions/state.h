#ifndef PTN_STATE_H
#define PTN_STATE_H

/* What a state is (patron/states.h), told about the row that is none: the library would name a row of a batch that SQL
 * knows nothing of. */

#include <float.h>
#include <math.h>
#include <stdio.h>

enum { PTN_FREQUENCY_MAX = 1000000 };

/* NULL when it is a state; else what was expected. */
static inline const char *ptn_state_fault(double frequency, double recency, double age)
{
    if (!(frequency >= 0 && frequency <= PTN_FREQUENCY_MAX && frequency == floor(frequency)))
        return "frequency is a whole number from 0 to 1000000";
    if (!(age >= 0 && age <= DBL_MAX))
        return "age is a finite number, 0 or more";
    if (!(recency >= 0 && recency <= age))
        return "recency lies between 0 and age";
    if (frequency == 0 && recency > 0)
        return "recency is 0 when there was no purchase after the first";
    if (frequency > 0 && recency == 0)
        return "recency is above 0 when there were purchases after the first";
    return NULL;
}

/* The same as words: "frequency 2, recency 40, age 38: recency lies between 0 and age". */
static inline void ptn_state_words(char *text, size_t size, double frequency, double recency, double age,
                                   const char *expected)
{
    snprintf(text, size, "frequency %.15g, recency %.15g, age %.15g: %s", frequency, recency, age, expected);
}

#endif
