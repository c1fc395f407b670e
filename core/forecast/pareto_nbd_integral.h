#ifndef PTN_PARETO_NBD_INTEGRAL_H
#define PTN_PARETO_NBD_INTEGRAL_H

/* What Pareto/NBD integrates: what may have happened in a silence. Someone with x repeat purchases was a
 * customer at time `from`. The chance that they have neither bought nor left by the time u later is
 *
 *     kept(u) = (1 + u / a)^-(r + x) (1 + u / b)^-s,    a = alpha + from, b = beta + from,
 *
 * and the chance that they left in between without buying is the integral of s / (b + u) kept(u) du.
 *
 * The integrals run over v = ln(1 + u / near), near the smaller of a and b: whatever a and b are, the
 * integrand then falls evenly and has no singularity within pi of the real axis, so few points are enough
 * (pareto_nbd_rule.h). */

#include <math.h>
#include <stdbool.h>

#include "forecast/pareto_nbd_rule.h"

/* The laws of the buying rate, Gamma(r, alpha), and of the leaving rate, Gamma(s, beta). */
typedef struct ptn_rates {
    double r, alpha, s, beta;
} ptn_rates;

/* The clock of one such integral: kept = e^(-near_power v) (1 + u / far)^-far_power. */
typedef struct ptn_clock {
    double near, far, near_power, far_power;
    bool buying_near; /* near is a = alpha + from, and far is b */
    double s;
} ptn_clock;

ptn_clock ptn_clock_from(const ptn_rates *p, double x, double from);

/* A moment after which kept is below e^-40 and nothing adds to an integral any more. */
double ptn_clock_enough(const ptn_clock *clock);

/* -ln kept at v. */
double ptn_clock_fall(const ptn_clock *clock, double v);

/* The nodes of a rule over one piece of the clock, begin .. begin + width. */
typedef struct ptn_moments {
    unsigned n;
    double u[PTN_RULE_MAX];          /* time since `from` */
    double ln_buying[PTN_RULE_MAX];  /* ln(1 + u / a) */
    double ln_leaving[PTN_RULE_MAX]; /* ln(1 + u / b) */
    double fall[PTN_RULE_MAX];       /* -ln kept(u) */
    double weight[PTN_RULE_MAX];     /* of kept(u) in the integral */
} ptn_moments;

void ptn_clock_look(const ptn_clock *clock, const ptn_rule *rule, double begin, double width, ptn_moments *m);

/* One state: ln { kept(T) + chance to have left between t_x and T without buying }, from 0 with x purchases
 * all along, so that Gamma(r + x) / Gamma(r) alpha^-x times its exponential is the likelihood (Schmittlein,
 * Morrison & Colombo 1987; Fader & Hardie 2005, "A note on deriving the Pareto/NBD model"). At any x, and
 * as exact when parameters run to a limit. */
typedef struct ptn_silence {
    double log_chance;
    double by_log[4]; /* its derivatives by the logs of r, alpha, s, beta */
    double p_alive;
} ptn_silence;

ptn_silence ptn_silence_of(const ptn_rates *p, double x, double t_x, double T);

#endif
