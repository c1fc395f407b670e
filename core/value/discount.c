/* Letters: D(t) what money t ahead is worth today, E(t) the purchases expected by then, f the force of a stretch (a, b). There
 * D' = -f D, so that by parts the integral of D dE over (0, h) is D(h) E(h) and, a stretch, f times the integral of D E. */
#include <math.h>
#include <stdlib.h>

#include "base/fault.h"
#include "math/quadrature.h"
#include "patron/value.h"

enum { NODES = 5 };

double patron_discount_factor(const patron_discount *discount, double ahead)
{
    double sum = 0, from = 0;
    for (size_t k = 0; k < discount->n && from < ahead; k++) {
        const double to = fmin(ahead, discount->stretches[k].until);
        sum += (to - from) * discount->stretches[k].force;
        from = to;
    }
    return exp(-sum);
}

static patron_status check(const patron_discount *discount, patron_error *err)
{
    double from = 0;
    for (size_t k = 0; k < discount->n; k++) {
        const patron_discount_stretch *s = &discount->stretches[k];
        if (!(s->until > from) || (k + 1 == discount->n) != isinf(s->until))
            return ptn_fail(err, PATRON_EINVAL, "stretch %zu of the discount ends at %g: rising ends and a last one without end were expected",
                            k + 1, s->until);
        if (!isfinite(s->force))
            return ptn_fail(err, PATRON_EINVAL, "stretch %zu of the discount has the force %g, not a finite rate", k + 1, s->force);
        from = s->until;
    }
    return PATRON_OK;
}

/* E at one moment. */
static patron_status expected(const patron_model *model, const double *parameters, const patron_states *states, const patron_clock *clock,
                              double ahead, double *purchases, patron_error *err)
{
    patron_scores scores = {.purchases = purchases};
    const patron_score_options options = {.horizon = clock ? clock->within(clock->context, ahead) : ahead};
    return patron_model_score(model, parameters, states, &options, &scores, err);
}

/* How much of what is left of a stretch to integrate at once: what D changes over by a factor of e at most. Where it has fallen
 * by e^40, all that is left. */
static double piece_of(double force, double passed, double left)
{
    const double pieces = ceil(fabs(force) * left);
    return pieces > 1 && force * passed < 40 ? left / pieces : left;
}

patron_status patron_discounted_purchases(const patron_model *model, const double *parameters, const patron_states *states,
                                          const patron_clock *clock, const patron_discount *discount, double horizon, double *purchases,
                                          patron_error *err)
{
    patron_status status = PATRON_OK;
    double node[NODES], weight[NODES], from = 0, *at = malloc((states->n + 1) * sizeof *at);
    if (!at)
        return ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu states", states->n);
    PTN_TRY(check(discount, err));
    PTN_TRY(expected(model, parameters, states, clock, horizon, purchases, err));
    const double at_end = patron_discount_factor(discount, horizon);
    for (size_t i = 0; i < states->n; i++)
        purchases[i] *= at_end;
    ptn_gauss_legendre(NODES, node, weight);
    for (size_t k = 0; k < discount->n && from < horizon; k++) {
        const double length = fmin(horizon, discount->stretches[k].until) - from, force = discount->stretches[k].force;
        for (double passed = 0, piece; force != 0 && passed < length; passed += piece) {
            piece = piece_of(force, passed, length - passed);
            for (int j = 0; j < NODES; j++) {
                const double ahead = from + passed + node[j] * piece;
                const double share = force * piece * weight[j] * patron_discount_factor(discount, ahead);
                PTN_TRY(expected(model, parameters, states, clock, ahead, at, err));
                for (size_t i = 0; i < states->n; i++)
                    purchases[i] += share * at[i];
            }
        }
        from += length;
    }

done:
    free(at);
    return status;
}

patron_status patron_discounted_residual(const patron_model *model, const double *parameters, const patron_states *states,
                                         const patron_clock *clock, const patron_discount *discount, double *purchases, patron_error *err)
{
    patron_status status = check(discount, err);
    if (status != PATRON_OK)
        return status;
    const double force = discount->n ? discount->stretches[discount->n - 1].force : 0;
    const double begins = discount->n > 1 ? discount->stretches[discount->n - 2].until : 0;
    if (force <= 0)
        return ptn_fail(err, PATRON_EINVAL, "the last stretch of the discount has the force %g: purchases for ever may have no end", force);
    patron_scores scores = {.residual = purchases};
    status = patron_model_score(model, parameters, states, &(patron_score_options){.discount = force}, &scores, err);
    if (status != PATRON_OK || begins == 0)
        return status;

    const patron_discount_stretch last = {INFINITY, force};
    const double step = patron_discount_factor(discount, begins) * exp(force * begins);
    double *near = malloc((2 * states->n + 1) * sizeof *near), *taken = near + states->n;
    if (!near)
        return ptn_fail(err, PATRON_ENOMEM, "out of memory for %zu states", states->n);
    PTN_TRY(patron_discounted_purchases(model, parameters, states, clock, discount, begins, near, err));
    PTN_TRY(patron_discounted_purchases(model, parameters, states, clock, &(patron_discount){1, &last}, begins, taken, err));
    for (size_t i = 0; i < states->n; i++)
        purchases[i] = near[i] + step * fmax(0, purchases[i] - taken[i]);

done:
    free(near);
    return status;
}
