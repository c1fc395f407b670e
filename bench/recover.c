/* Simulate, fit, recover: every model on its own customers, 10,000 a seed.
 *
 *     build/bench/recover SEEDS
 *
 * Prints a JSON line a parameter: z is the error of its logarithm (of gamma_gamma's q: of log(q - 1)) over the standard error that
 * the fit gives; its mean and deviation over the seeds, and how many seeds had the truth inside their 95 % interval. normal_normal
 * gives no standard errors: its z is the error over the errors' own spread, and nothing is inside or outside. */
#include <math.h>
#include <stdint.h>

#include "base/random.h"
#include "patron/spend.h"
#include "shops.h"

enum { CUSTOMERS = 10000 };
static const double inside_95 = 1.959963984540054;

typedef struct errors {
    double sum, squares;
    unsigned inside, seeds;
} errors;

static void note(errors *e, double z)
{
    e->sum += z;
    e->squares += z * z;
    e->inside += fabs(z) <= inside_95;
    e->seeds++;
}

static void print(const char *model, const char *parameter, const errors *e, bool standard_errors)
{
    const double mean = e->sum / e->seeds, sd = sqrt((e->squares - e->sum * mean) / (e->seeds - 1));
    if (standard_errors)
        printf("{\"model\": \"%s\", \"parameter\": \"%s\", \"seeds\": %u, \"mean\": %.4f, \"sd\": %.4f, \"inside\": %u}\n", model,
               parameter, e->seeds, mean, sd, e->inside);
    else
        printf("{\"model\": \"%s\", \"parameter\": \"%s\", \"seeds\": %u, \"mean\": %.4f, \"sd\": null, \"inside\": null}\n", model,
               parameter, e->seeds, mean / sd);
}

/* Came over 90 days, observed for 180 to 270, to the moment. */
static void recover_model(const patron_model *model, const double *truth, unsigned seeds)
{
    static double age[CUSTOMERS], frequency[CUSTOMERS], recency[CUSTOMERS];
    const patron_model_info *info = patron_model_describe(model);
    errors found[PATRON_PARAMETERS_MAX] = {0};
    patron_error err = {0};
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        patron_fit fit;
        ptn_random random = ptn_random_open(seed, UINT64_MAX);
        for (size_t i = 0; i < CUSTOMERS; i++)
            age[i] = 180 + 90 * ptn_draw_uniform(&random);
        must(patron_model_simulate(model, truth, CUSTOMERS, age, 0, 0, seed, frequency, recency, NULL, &err), &err);
        const patron_states states = {.n = CUSTOMERS, .frequency = frequency, .recency = recency, .age = age};
        must(patron_model_fit(model, &states, NULL, &fit, &err), &err);
        for (unsigned k = 0; k < info->parameter_count; k++)
            note(&found[k], log(fit.parameters[k] / truth[k]) / sqrt(fit.covariance[k * info->parameter_count + k]));
    }
    for (unsigned k = 0; k < info->parameter_count; k++)
        print(info->name, info->parameter[k], &found[k], true);
}

static void recover_gamma_gamma(unsigned seeds)
{
    static double purchases[CUSTOMERS], mean[CUSTOMERS];
    static const patron_gamma_gamma truth = {6.25, 3.74, 15.44};
    errors found[3] = {0};
    patron_error err = {0};
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        patron_spend_fit fit;
        for (size_t i = 0; i < CUSTOMERS; i++) {
            ptn_random random = ptn_random_open(seed, i);
            const double nu = ptn_draw_gamma(&random, truth.q) / truth.gamma;
            purchases[i] = 1 + floor(2 * ptn_draw_exponential(&random));
            mean[i] = ptn_draw_gamma(&random, truth.p * purchases[i]) / nu / purchases[i];
        }
        const patron_spends spends = {.n = CUSTOMERS, .purchases = purchases, .mean = mean};
        must(patron_gamma_gamma_fit(&spends, NULL, &fit, &err), &err);
        const patron_gamma_gamma *f = &fit.parameters;
        note(&found[0], log(f->p / truth.p) * f->p / fit.standard_error[0]);
        note(&found[1], log((f->q - 1) / (truth.q - 1)) * (f->q - 1) / fit.standard_error[1]);
        note(&found[2], log(f->gamma / truth.gamma) * f->gamma / fit.standard_error[2]);
    }
    print("gamma_gamma", "p", &found[0], true);
    print("gamma_gamma", "q", &found[1], true);
    print("gamma_gamma", "gamma", &found[2], true);
}

static void recover_normal_normal(unsigned seeds)
{
    static double count[CUSTOMERS], mean[CUSTOMERS];
    static const patron_normal_normal truth = {0.4, 0.01, 0.09};
    errors found[3] = {0};
    patron_error err = {0};
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        patron_normal_normal fit;
        for (size_t i = 0; i < CUSTOMERS; i++) {
            ptn_random random = ptn_random_open(seed, i);
            count[i] = 1 + floor(3 * ptn_draw_exponential(&random));
            mean[i] = truth.centre + sqrt(truth.between) * ptn_draw_normal(&random)
                      + sqrt(truth.within / count[i]) * ptn_draw_normal(&random);
        }
        must(patron_normal_normal_fit(&(patron_means){.n = CUSTOMERS, .count = count, .mean = mean}, &fit, &err), &err);
        note(&found[0], fit.centre - truth.centre);
        note(&found[1], log(fit.between / truth.between));
        note(&found[2], log(fit.within / truth.within));
    }
    print("normal_normal", "centre", &found[0], false);
    print("normal_normal", "between", &found[1], false);
    print("normal_normal", "within", &found[2], false);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        double truth[PATRON_PARAMETERS_MAX];
    } plausible[] = {{"pareto_nbd", {0.55, 74, 0.61, 82}}, {"bg_nbd", {0.24, 31, 0.79, 2.43}}, {"mbg_nbd", {0.53, 43, 0.6, 1.5}}};
    const unsigned seeds = argc == 2 ? (unsigned)atoi(argv[1]) : 0;
    if (seeds < 2) {
        fprintf(stderr, "usage: recover SEEDS\n");
        return 2;
    }
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        const double *truth = NULL;
        for (size_t k = 0; k < sizeof plausible / sizeof *plausible; k++)
            if (strcmp(plausible[k].name, patron_model_describe(model)->name) == 0)
                truth = plausible[k].truth;
        if (!truth) {
            fprintf(stderr, "bench/recover.c: no plausible parameters for %s\n", patron_model_describe(model)->name);
            return 1;
        }
        recover_model(model, truth, seeds);
    }
    recover_gamma_gamma(seeds);
    recover_normal_normal(seeds);
    return 0;
}
