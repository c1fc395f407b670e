/* Simulate, fit, recover: every model finds its own parameters and forecasts its own customers. METHODS: mean z within
 * 4 / sqrt(seeds), on logs of parameters, N = 10,000. The two hundred seeds for the spread of z run as a benchmark. */
#include "check.h"
#include "worlds.h"

enum { SEEDS = 8, CUSTOMERS = 10000 };

TEST(models_recover_their_parameters_and_forecast_their_totals)
{
    static double purchases[CUSTOMERS], low[CUSTOMERS], high[CUSTOMERS];
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        const patron_model_info *info = patron_model_describe(model);
        double z[PATRON_PARAMETERS_MAX] = {0}, total_z = 0;
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            customers c = simulate(model, CUSTOMERS, 180, 0, seed);
            patron_fit fit;
            CHECK_OK(patron_model_fit(model, &c.states, NULL, &fit, &err));
            CHECK_EQ_INT(fit.status, PATRON_FIT_INTERIOR);
            for (unsigned k = 0; k < info->parameter_count; k++)
                z[k] += log(fit.parameters[k] / plausible(model)[k])
                        / sqrt(fit.covariance[k * info->parameter_count + k]) / SEEDS;

            patron_scores want = {.purchases = purchases, .low = low, .high = high};
            const patron_score_options options = {.horizon = 180, .chance = 0.8};
            CHECK_OK(patron_model_score(model, plausible(model), &c.states, &options, &want, &err));
            double missed = 0, variance = 0;
            size_t inside = 0;
            for (size_t k = 0; k < CUSTOMERS; k++) {
                const double off = c.later[k] - purchases[k];
                missed += off;
                variance += off * off;
                inside += c.later[k] >= low[k] && c.later[k] <= high[k];
            }
            total_z += missed / sqrt(variance) / SEEDS;
            CHECK(inside >= 0.79 * CUSTOMERS); /* whole counts cover more than their chance, never less */
            free_customers(&c);
        }
        const double bound = 4 / sqrt(SEEDS);
        if (getenv("PATRON_SHOW"))
            print_message("%s: z %.2f %.2f %.2f %.2f, of totals %.2f\n", info->name, z[0], z[1], z[2], z[3],
                          total_z);
        for (unsigned k = 0; k < info->parameter_count; k++)
            CHECK_NEAR(z[k], 0, bound);
        CHECK_NEAR(total_z, 0, bound);
    }
}
