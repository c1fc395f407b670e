/* Fits of every model: what must hold whatever the numbers are. */
#include <float.h>

#include "check.h"
#include "worlds.h"

enum { P = PATRON_PARAMETERS_MAX, CUSTOMERS = 4000 };

static const patron_fit_options plain = {.prior = PATRON_PRIOR_NONE};

static unsigned parameter_count(const patron_model *model)
{
    return patron_model_describe(model)->parameter_count;
}

/* ---- the table of models ---- */

TEST(models_are_found_by_name)
{
    for (unsigned i = 0; patron_model_at(i); i++) {
        const patron_model_info *info = patron_model_describe(patron_model_at(i));
        CHECK(patron_model_find(info->name) == patron_model_at(i));
        CHECK(info->says && info->source && info->parameter_count > 0 && info->parameter_count <= P);
        for (unsigned k = 0; k < info->parameter_count; k++)
            CHECK(info->parameter[k] != NULL);
    }
    CHECK(patron_model_find("pareto_nbd") == patron_model_at(0));
    CHECK(patron_model_find("pareto") == NULL);
    CHECK(patron_model_find("") == NULL);
    CHECK(patron_model_find(NULL) == NULL);
    CHECK(patron_model_at(1000) == NULL);
}

/* ---- the likelihood ---- */

static double log_likelihood_at(const patron_model *model, const double *logs, const patron_states *states)
{
    double p[P], value = 0;
    for (unsigned k = 0; k < parameter_count(model); k++)
        p[k] = exp(logs[k]);
    CHECK_OK(patron_model_log_likelihood(model, p, states, &value, NULL, &err));
    return value;
}

/* Fourth-order differences over logs. */
static void check_gradient(const patron_model *model, const double *parameters, const patron_states *states)
{
    double value, gradient[P], logs[P];
    CHECK_OK(patron_model_log_likelihood(model, parameters, states, &value, gradient, &err));
    for (unsigned k = 0; k < parameter_count(model); k++)
        logs[k] = log(parameters[k]);
    CHECK_REL(log_likelihood_at(model, logs, states), value, 1e-12);
    for (unsigned k = 0; k < parameter_count(model); k++) {
        const double h = 2e-3, at = logs[k];
        double f[4];
        const double steps[4] = {-2 * h, -h, h, 2 * h};
        for (unsigned j = 0; j < 4; j++) {
            logs[k] = at + steps[j];
            f[j] = log_likelihood_at(model, logs, states);
        }
        logs[k] = at;
        CHECK_NEAR(gradient[k], (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h), 1e-8 * fabs(value));
    }
}

TEST(gradients_equal_differences)
{
    for (unsigned i = 0; model_number(i); i++)
        for (int grid = 0; grid <= 1; grid++) {
            const patron_model *model = model_number(i);
            customers c = simulate(model, 300, 0, grid, 11);
            ptn_random random = ptn_random_open(12, i);
            for (unsigned trial = 0; trial < 4; trial++) {
                double p[P];
                for (unsigned k = 0; k < parameter_count(model); k++)
                    p[k] = plausible(model)[k] * exp(trial * ptn_draw_normal(&random));
                check_gradient(model, p, &c.states);
            }
            free_customers(&c);
        }
}

/* The same purchases on another clock: each density of x moments is divided by unit^x. */
TEST(likelihoods_of_days_weeks_and_years_differ_by_their_unit)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        const patron_model_info *info = patron_model_describe(model);
        customers c = simulate(model, 1000, 0, 1, 13);
        double days = 0, purchases = 0, gradient_of_days[P];
        CHECK_OK(
            patron_model_log_likelihood(model, plausible(model), &c.states, &days, gradient_of_days, &err));
        for (size_t k = 0; k < c.states.n; k++)
            purchases += c.frequency[k];
        const double units[] = {7, 365.25, 1.0 / 24};
        for (unsigned j = 0; j < 3; j++) {
            double p[P], value, gradient[P];
            customers d = simulate(model, 1000, 0, 1, 13);
            for (size_t k = 0; k < d.states.n; k++) {
                d.recency[k] /= units[j];
                d.age[k] /= units[j];
            }
            for (unsigned k = 0; k < info->parameter_count; k++)
                p[k] = plausible(model)[k] / pow(units[j], info->time_power[k]);
            CHECK_OK(patron_model_log_likelihood(model, p, &d.states, &value, gradient, &err));
            CHECK_REL(value, days + purchases * log(units[j]), 1e-10);
            for (unsigned k = 0; k < info->parameter_count; k++)
                CHECK_NEAR(gradient[k], gradient_of_days[k], 1e-9 * fabs(days));
            free_customers(&d);
        }
        free_customers(&c);
    }
}

TEST(parameters_outside_their_domain_are_named)
{
    customers c = simulate(&nbd, 10, 0, 1, 1);
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        const double bad[] = {0, -1, NAN, INFINITY};
        for (unsigned j = 0; j < 4; j++) {
            double p[P], value = 5;
            patron_error err = {0};
            memcpy(p, plausible(model), sizeof p);
            p[1] = bad[j];
            CHECK_EQ_INT(patron_model_log_likelihood(model, p, &c.states, &value, NULL, &err), PATRON_EINVAL);
            CHECK(strstr(err.message, patron_model_describe(model)->parameter[1]) != NULL);
            CHECK(value == 5); /* written only when fine */
        }
    }
    free_customers(&c);
}

/* ---- an ordinary fit ---- */

TEST(a_fit_is_an_optimum_of_the_likelihood)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = simulate(model, CUSTOMERS, 0, 1, 21);
        patron_fit fit;
        double value, gradient[P];
        CHECK_OK(patron_model_fit(model, &c.states, &plain, &fit, &err));
        CHECK(fit.model == model);
        CHECK_EQ_INT(fit.status, PATRON_FIT_INTERIOR);
        CHECK_STR(fit.limit, "");
        CHECK(fit.customers == CUSTOMERS && fit.states > 0 && fit.states <= CUSTOMERS);
        CHECK(fit.iterations > 0 && fit.evaluations >= fit.iterations);
        CHECK(fit.prior_weight == 0);
        CHECK(fit.smallest_curvature > 0 && fit.largest_gradient < 1e-6);
        CHECK_OK(patron_model_log_likelihood(model, fit.parameters, &c.states, &value, gradient, &err));
        CHECK_REL(fit.log_likelihood, value, 1e-12);
        for (unsigned k = 0; k < parameter_count(model); k++) {
            CHECK(fabs(gradient[k]) / CUSTOMERS < 1e-6);
            CHECK_REL(fit.standard_error[k],
                      fit.parameters[k] * sqrt(fit.covariance[k * parameter_count(model) + k]), 1e-12);
            double p[P];
            for (int side = -1; side <= 1; side += 2) { /* a fifth of a standard error away it is worse */
                memcpy(p, fit.parameters, sizeof p);
                p[k] *= exp(side * 0.2 * fit.standard_error[k] / fit.parameters[k]);
                CHECK_OK(patron_model_log_likelihood(model, p, &c.states, &value, NULL, &err));
                CHECK(value < fit.log_likelihood);
            }
        }
        free_customers(&c);
    }
}

/* The closed form: for the NBD over equal ages alpha = r T / mean(x), and the information is a sum of trigammas. */
TEST(standard_errors_come_from_the_curvature)
{
    const size_t n = 3000;
    double *x = malloc(n * sizeof *x), *t_x = malloc(n * sizeof *t_x), *T = malloc(n * sizeof *T), later[1],
           sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double p[2] = {0.9, 30}, age = 100;
        CHECK_OK(patron_model_simulate(&nbd, p, 1, &age, 0, 0, 1000 + i, &x[i], &t_x[i], later, &err));
        T[i] = age;
        sum += x[i];
    }
    const patron_states states = {n, x, t_x, T, NULL};
    patron_fit fit;
    CHECK_OK(patron_model_fit(&nbd, &states, &plain, &fit, &err));
    const double r = fit.parameters[0], alpha = fit.parameters[1];
    CHECK_REL(alpha, r * 100 * (double)n / sum, 1e-7);
    /* minus the Hessian by ln r, ln alpha at the optimum, where the gradient is zero */
    double rr = 0, ra = 0, aa = 0;
    for (size_t i = 0; i < n; i++) {
        rr += r * r * (ptn_trigamma(r) - ptn_trigamma(r + x[i]));
        ra -= r * 100 / (alpha + 100);
        aa += alpha * (r + x[i]) * 100 / ((alpha + 100) * (alpha + 100));
    }
    const double determinant = rr * aa - ra * ra;
    CHECK_REL(fit.covariance[0], aa / determinant, 1e-4);
    CHECK_REL(fit.covariance[1], -ra / determinant, 1e-4);
    CHECK_REL(fit.covariance[2], fit.covariance[1], 1e-9);
    CHECK_REL(fit.covariance[3], rr / determinant, 1e-4);
    free(x);
    free(t_x);
    free(T);
}

TEST(weights_equal_repeated_rows_and_order_is_irrelevant)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = simulate(model, 500, 0, 1, 31), twice = simulate(model, 1000, 0, 1, 31);
        double weight[500];
        size_t row = 0;
        for (size_t k = 0; k < 500; k++)
            weight[k] = 2;
        for (int round = 0; round < 2; round++)
            for (size_t k = 500; k-- > 0; row++) {
                twice.frequency[row] = c.frequency[k];
                twice.recency[row] = c.recency[k];
                twice.age[row] = c.age[k];
            }
        c.states.weight = weight;
        patron_fit a, b;
        CHECK_OK(patron_model_fit(model, &c.states, NULL, &a, &err));
        CHECK_OK(patron_model_fit(model, &twice.states, NULL, &b, &err));
        CHECK(a.log_likelihood == b.log_likelihood && a.evaluations == b.evaluations);
        CHECK(memcmp(a.parameters, b.parameters, parameter_count(model) * sizeof *a.parameters) == 0);
        CHECK(memcmp(a.standard_error, b.standard_error, parameter_count(model) * sizeof *a.parameters) == 0);
        free_customers(&c);
        free_customers(&twice);
    }
}

TEST(fits_of_days_weeks_and_years_agree)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        const patron_model_info *info = patron_model_describe(model);
        customers c = simulate(model, CUSTOMERS, 0, 1, 41);
        patron_fit days, other;
        CHECK_OK(patron_model_fit(model, &c.states, NULL, &days, &err));
        const double units[] = {7, 365.25, 1.0 / 86400};
        double unit = 1;
        for (unsigned j = 0; j < 3; j++) {
            for (size_t k = 0; k < c.states.n; k++) {
                c.recency[k] *= unit / units[j];
                c.age[k] *= unit / units[j];
            }
            unit = units[j];
            CHECK_OK(patron_model_fit(model, &c.states, NULL, &other, &err));
            CHECK_EQ_INT(other.status, days.status);
            CHECK_REL(other.prior_weight, days.prior_weight, 1e-6);
            for (unsigned k = 0; k < info->parameter_count; k++) {
                const double scale = pow(unit, info->time_power[k]);
                CHECK_REL(other.parameters[k] * scale, days.parameters[k], 1e-6);
                CHECK_REL(other.standard_error[k] * scale, days.standard_error[k], 1e-5);
            }
        }
        free_customers(&c);
    }
}

/* ---- the prior ---- */

TEST(the_weak_prior_moves_a_fit_by_less_than_a_tenth_of_its_error)
{
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        customers c = simulate(model, CUSTOMERS, 0, 1, 51);
        patron_fit with, without;
        CHECK_OK(patron_model_fit(model, &c.states, NULL, &with, &err));
        CHECK_OK(patron_model_fit(model, &c.states, &plain, &without, &err));
        CHECK(with.prior_weight < 0 && with.prior_weight > -3);
        CHECK(with.log_likelihood < without.log_likelihood);
        for (unsigned k = 0; k < parameter_count(model); k++)
            CHECK_NEAR(with.parameters[k], without.parameters[k], 0.1 * without.standard_error[k]);
        free_customers(&c);
    }
}

TEST(the_weak_prior_holds_any_small_base)
{
    for (unsigned i = 0; model_number(i); i++)
        for (uint64_t seed = 0; seed < 40; seed++) {
            const patron_model *model = model_number(i);
            customers c = simulate(model, 1 + 3 * seed, 0, 1, 60 + seed);
            patron_fit fit;
            CHECK_OK(patron_model_fit(model, &c.states, NULL, &fit, &err));
            for (unsigned k = 0; k < parameter_count(model); k++)
                CHECK(fit.parameters[k] > 0 && isfinite(fit.parameters[k]));
            free_customers(&c);
        }
}

TEST(nobody_bought_again)
{
    double x[50] = {0}, t_x[50] = {0}, T[50];
    for (int i = 0; i < 50; i++)
        T[i] = 100 + i;
    const patron_states states = {50, x, t_x, T, NULL};
    for (unsigned i = 0; model_number(i); i++) {
        const patron_model *model = model_number(i);
        patron_fit fit;
        CHECK_OK(
            patron_model_fit(model, &states, NULL, &fit, &err)); /* the prior says how rarely that may be */
        patron_error err = {0};
        CHECK_EQ_INT(patron_model_fit(model, &states, &plain, &fit, &err), PATRON_ENUMERIC);
        CHECK_EQ_INT(fit.status, PATRON_FIT_FAILED);
        CHECK(isnan(fit.parameters[0]) && isnan(fit.standard_error[0]) && isnan(fit.covariance[0])
              && isnan(fit.log_likelihood));
        CHECK(fit.evaluations > 0);
        CHECK(strstr(err.message, "50 customers with 0 repeat purchases") != NULL);
        CHECK(strstr(err.message, "the weak prior may help") != NULL);
    }
}

/* ---- boundaries ---- */

/* Everybody bought five times in the same time: the NBD's r and alpha run to infinity with r / alpha = .05. */
TEST(equal_customers_have_one_rate)
{
    double x[500], t_x[500], T[500];
    for (int i = 0; i < 500; i++) {
        x[i] = 5;
        t_x[i] = 90;
        T[i] = 100;
    }
    const patron_states states = {500, x, t_x, T, NULL};
    for (int prior = PATRON_PRIOR_WEAK; prior <= PATRON_PRIOR_NONE; prior++) {
        const patron_fit_options options = {.prior = (patron_prior)prior};
        patron_fit fit;
        CHECK_OK(patron_model_fit(&nbd, &states, &options, &fit, &err));
        CHECK_EQ_INT(fit.status, PATRON_FIT_BOUNDARY);
        CHECK_STR(fit.limit, "common_buying_rate");
        CHECK_REL(fit.parameters[0] / fit.parameters[1], 0.05, 1e-7);
        CHECK_REL(fit.log_likelihood, 2500 * (log(0.05) - 1), 1e-8); /* Poisson, moments as drawn */
        CHECK(isnan(fit.standard_error[0]) && isnan(fit.standard_error[1]));
        CHECK(fit.covariance[0] == 0 && fit.covariance[1] == 0);
        CHECK_REL(fit.covariance[3], 1.0 / 2500, 1e-6); /* of the log of a Poisson rate */
        CHECK(fit.prior_weight == 0);
    }
}

TEST(a_small_base_of_equal_customers_is_held_inside)
{
    const double x[] = {5, 5, 5}, t_x[] = {90, 90, 90}, T[] = {100, 100, 100};
    const patron_states states = {3, x, t_x, T, NULL};
    patron_fit fit;
    CHECK_OK(patron_model_fit(&nbd, &states, NULL, &fit, &err));
    CHECK_EQ_INT(fit.status, PATRON_FIT_INTERIOR);
    CHECK(fit.parameters[0] < 20 && fit.prior_weight < 0);
}

/* Buyers at one steady rate who all stay or all leave at one rate: whatever a model makes of them, it is no failure, and at
 * least as likely as any interior point near by. */
TEST(worlds_without_heterogeneity_do_not_fail)
{
    const size_t n = 3000;
    double *x = malloc(n * sizeof *x), *t_x = malloc(n * sizeof *t_x), *T = malloc(n * sizeof *T);
    for (int leaves = 0; leaves <= 1; leaves++) {
        for (size_t i = 0; i < n; i++) {
            ptn_random random = ptn_random_open(70 + (uint64_t)leaves, i);
            const double life = leaves ? 150 * ptn_draw_exponential(&random) : INFINITY;
            T[i] = 200 + floor(60 * ptn_draw_uniform(&random));
            x[i] = t_x[i] = 0;
            for (double t = 0; (t += 30 * ptn_draw_exponential(&random)) <= fmin(life, T[i]);)
                if (floor(t) > t_x[i]) {
                    x[i]++;
                    t_x[i] = floor(t);
                }
        }
        const patron_states states = {n, x, t_x, T, NULL};
        for (unsigned i = 0; model_number(i); i++)
            for (int prior = PATRON_PRIOR_WEAK; prior <= PATRON_PRIOR_NONE; prior++) {
                const patron_model *model = model_number(i);
                const patron_fit_options options = {.prior = (patron_prior)prior};
                patron_fit fit;
                CHECK_OK(patron_model_fit(model, &states, &options, &fit, &err));
                if (getenv("PATRON_SHOW"))
                    print_message("leaves %d %s prior %d: %d %s %g %g %g %g, %u evaluations, LL %.6f\n",
                                  leaves, patron_model_describe(model)->name, prior, fit.status, fit.limit,
                                  fit.parameters[0], fit.parameters[1], fit.parameters[2], fit.parameters[3],
                                  fit.evaluations, fit.log_likelihood);
                double value;
                CHECK_OK(patron_model_log_likelihood(model, fit.parameters, &states, &value, NULL, &err));
                CHECK_REL(fit.log_likelihood, value, 1e-9);
                if (fit.status == PATRON_FIT_BOUNDARY)
                    CHECK(fit.limit[0] != '\0');
                ptn_random random = ptn_random_open(80, i);
                for (int trial = 0; trial < 20; trial++) {
                    double p[P];
                    for (unsigned k = 0; k < parameter_count(model); k++)
                        p[k] = fmin(fit.parameters[k], 1e6) * exp(0.3 * ptn_draw_normal(&random));
                    CHECK_OK(patron_model_log_likelihood(model, p, &states, &value, NULL, &err));
                    CHECK(value < fit.log_likelihood + (prior == PATRON_PRIOR_NONE ? 1e-5 : 1));
                }
            }
    }
    free(x);
    free(t_x);
    free(T);
}

/* ---- what cannot be fitted ---- */

static bool stop_at(void *context, unsigned evaluations, double log_likelihood)
{
    CHECK(isfinite(log_likelihood) || evaluations > 0);
    return evaluations < *(unsigned *)context;
}

TEST(a_fit_can_be_cancelled)
{
    customers c = simulate(&nbd, 500, 0, 1, 91);
    for (unsigned i = 0; model_number(i); i++)
        for (unsigned limit = 1; limit < 8; limit += 3) {
            const patron_fit_options options = {.progress = stop_at, .context = &limit};
            patron_fit fit;
            patron_error err = {0};
            CHECK_EQ_INT(patron_model_fit(model_number(i), &c.states, &options, &fit, &err),
                         PATRON_ECANCELLED);
            CHECK_EQ_INT(fit.status, PATRON_FIT_FAILED);
            CHECK_EQ_INT(fit.evaluations, limit);
            CHECK(isnan(fit.parameters[0]));
            CHECK(strstr(err.message, "cancelled") != NULL);
        }
    free_customers(&c);
}

TEST(tables_that_hold_nothing_to_fit_to)
{
    const double x[] = {1, 2, 0}, t_x[] = {1, 5, 0}, T[] = {2, 4, 0}, zero[3] = {0};
    for (unsigned i = 0; model_number(i); i++) {
        patron_fit fit;
        patron_error err = {0};
        CHECK_EQ_INT(patron_model_fit(model_number(i), &(patron_states){0}, NULL, &fit, &err), PATRON_EDATA);
        CHECK(strstr(err.message, "no customers") != NULL);
        CHECK_EQ_INT(
            patron_model_fit(model_number(i), &(patron_states){3, zero, zero, zero, NULL}, NULL, &fit, &err),
            PATRON_EDATA);
        CHECK(strstr(err.message, "nobody was observed for any time") != NULL);
        CHECK_EQ_INT(
            patron_model_fit(model_number(i), &(patron_states){3, x, t_x, T, NULL}, NULL, &fit, &err),
            PATRON_EDATA);
        CHECK(strstr(err.message, "row 2 (frequency 2, recency 5, age 4)") != NULL);
        CHECK_EQ_INT(fit.status, PATRON_FIT_FAILED);
        CHECK(isnan(fit.parameters[0]));
        CHECK_EQ_INT(
            patron_model_fit(model_number(i), &(patron_states){3, x, t_x, T, NULL}, NULL, &fit, NULL),
            PATRON_EDATA);
        const patron_fit_options odd = {.prior = (patron_prior)7};
        CHECK_EQ_INT(
            patron_model_fit(model_number(i), &(patron_states){3, x, t_x, T, NULL}, &odd, &fit, NULL),
            PATRON_EINVAL);
    }
}
