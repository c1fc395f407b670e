/* Simulate, fit, recover. METHODS: mean z within 4 / sqrt(seeds), on logs of p, q - 1 and gamma, N = 10,000. The spread of z is
 * known to 1 / sqrt(2 seeds) = .11: three of these. */
#include "check.h"
#include "spenders.h"

enum { SEEDS = 40, CUSTOMERS = 10000 };

TEST(gamma_gamma_recovers_its_parameters)
{
    const patron_gamma_gamma shops[] = {{6.25, 3.74, 15.44}, {0.8, 2, 400}, {25, 8, 3}};
    for (size_t k = 0; k < sizeof shops / sizeof *shops; k++) {
        const patron_gamma_gamma g = shops[k];
        double mean[3] = {0}, squares[3] = {0};
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            spenders s = draw_spenders(g, CUSTOMERS, 2, 100 * k + seed);
            patron_spend_fit found;
            CHECK_OK(patron_gamma_gamma_fit(&s.spends, NULL, &found, &err));
            CHECK_EQ_INT(found.status, PATRON_FIT_INTERIOR);
            const patron_gamma_gamma *f = &found.parameters;
            const double z[3] = {log(f->p / g.p) * f->p / found.standard_error[0],
                                 log((f->q - 1) / (g.q - 1)) * (f->q - 1) / found.standard_error[1],
                                 log(f->gamma / g.gamma) * f->gamma / found.standard_error[2]};
            for (int j = 0; j < 3; j++) {
                mean[j] += z[j] / SEEDS;
                squares[j] += z[j] * z[j] / SEEDS;
            }
            free_spenders(&s);
        }
        if (getenv("PATRON_SHOW"))
            print_message("p %g q %g gamma %g: mean z %.2f %.2f %.2f, root mean square z %.2f %.2f %.2f\n",
                          g.p, g.q, g.gamma, mean[0], mean[1], mean[2], sqrt(squares[0]), sqrt(squares[1]),
                          sqrt(squares[2]));
        for (int j = 0; j < 3; j++) {
            CHECK_NEAR(mean[j], 0, 4 / sqrt(SEEDS));
            CHECK_NEAR(sqrt(squares[j]), 1, 3 / sqrt(2 * SEEDS));
        }
    }
}
