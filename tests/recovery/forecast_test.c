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

/* Where packages of the field return nonsense: few purchases, seen by the week, so that leaving is hardly told from buying
 * seldom; and some 127 purchases each, where their likelihoods leave the range of double. */
TEST(few_purchases_and_many_are_fitted_inside_and_near_the_truth)
{
    static const struct {
        const char *name;
        double parameters[4], youngest, oldest;
        size_t n;
        double grid; /* of the dense by the moment: two purchases of a day are one, and that is not Poisson */
    } shops[] = {{"weekly", {0.55, 74.2, 0.61, 81.9}, 27 * 7, 39 * 7, 10000, 1}, {"dense", {1.5, 4.5, 0.6, 400}, 365, 1095, 5000, 0}};
    const patron_model *model = patron_model_find("pareto_nbd");
    static double frequency[10000], recency[10000], age[10000];
    for (size_t s = 0; s < 2; s++)
        for (uint64_t seed = 1; seed <= 4; seed++) {
            ptn_random random = ptn_random_open(seed, UINT64_MAX);
            for (size_t i = 0; i < shops[s].n; i++)
                age[i] = shops[s].youngest + floor((shops[s].oldest - shops[s].youngest + 1) * ptn_draw_uniform(&random));
            CHECK_OK(patron_model_simulate(model, shops[s].parameters, shops[s].n, age, 0, shops[s].grid, seed, frequency, recency, NULL,
                                           &err));
            const patron_states states = {.n = shops[s].n, .frequency = frequency, .recency = recency, .age = age};
            for (int prior = 0; prior < 2; prior++) {
                const patron_fit_options none = {.prior = PATRON_PRIOR_NONE};
                patron_fit fit;
                CHECK_OK(patron_model_fit(model, &states, prior ? NULL : &none, &fit, &err));
                if (getenv("PATRON_SHOW"))
                    print_message("%s: %.3f %.2f %.3f %.1f\n", shops[s].name, fit.parameters[0], fit.parameters[1], fit.parameters[2],
                                  fit.parameters[3]);
                CHECK_EQ_INT(fit.status, PATRON_FIT_INTERIOR);
                for (unsigned k = 0; k < 4; k++)
                    CHECK(fabs(log(fit.parameters[k] / shops[s].parameters[k])) < 4 * sqrt(fit.covariance[5 * k]));
            }
        }
}
