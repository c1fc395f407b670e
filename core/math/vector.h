#ifndef PTN_VECTOR_H
#define PTN_VECTOR_H

/* Functions of many numbers at once. */

#include <stddef.h>

/* Sum of weight × ln(value). Each logarithm has a relative error below 5e-16; a value that is not a positive, finite, normal
 * number counts as libm's log has it. The same bits on every machine. About three times as fast as calls of log. */
double ptn_weighted_log_sum(size_t n, const double *weight, const double *value);

#endif
