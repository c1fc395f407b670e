/* BG/NBD: people who buy at a steady rate of their own and may leave after any repeat purchase, with a chance of their
 * own. Letters as in Fader, Hardie & Lee (2005): buying rate λ ~ Gamma(r, alpha), chance of leaving p ~ Beta(a, b),
 * x frequency, T age. Someone with x repeat purchases has met x chances to leave, so who never came back is a customer
 * still. All but that is shared with MBG/NBD: the past in geometric_leaving.c, the future in geometric_future.c. */
#include "forecast/geometric_leaving.h"
#include "models.h"

enum { FIRST_CHANCES = 0 };

static bool log_likelihood(const double *parameters, const ptn_sample *sample, double *value,
                           double *gradient)
{
    return ptn_geometric_log_likelihood(parameters, FIRST_CHANCES, sample, value, gradient);
}

static bool p_alive(const double *parameters, const ptn_sample *sample, double *p)
{
    return ptn_geometric_p_alive(parameters, FIRST_CHANCES, sample, p);
}

static double alive_purchases(const double *parameters, double x, double T, double horizon)
{
    const ptn_geometric_alive alive = ptn_geometric_alive_at(parameters, FIRST_CHANCES, x, T);
    return ptn_geometric_purchases(&alive, horizon);
}

static double alive_residual(const double *parameters, double x, double T, double discount)
{
    const ptn_geometric_alive alive = ptn_geometric_alive_at(parameters, FIRST_CHANCES, x, T);
    return ptn_geometric_residual(&alive, discount);
}

static size_t alive_pmf(const double *parameters, double x, double T, double horizon, double enough,
                        double *pmf, size_t count)
{
    const ptn_geometric_alive alive = ptn_geometric_alive_at(parameters, FIRST_CHANCES, x, T);
    return ptn_geometric_pmf(&alive, horizon, enough, pmf, count);
}

static void draw(const double *parameters, double end, ptn_random *random,
                 void (*purchase)(void *context, double time), void *context)
{
    ptn_geometric_draw(parameters, FIRST_CHANCES, end, random, purchase, context);
}

const patron_model ptn_bg_nbd = {
    .info =
        {
            .name = "bg_nbd",
            .says = "buys at a steady rate; may leave after any repeat purchase",
            .source = "Fader, Hardie & Lee (2005), Marketing Science 24(2)",
            .parameter_count = 4,
            .parameter = {"r", "alpha", "a", "b"},
            .time_power = {0, 1, 0, 0},
        },
    .log_likelihood = log_likelihood,
    .start = ptn_geometric_start,
    .limits = ptn_geometric_limits,
    .alive_purchases = alive_purchases,
    .alive_residual = alive_residual,
    .alive_pmf = alive_pmf,
    .p_alive = p_alive,
    .draw = draw,
};
