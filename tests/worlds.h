/* Models and customers to test with: every model of patron with parameters that make a plausible shop in days, and one more
 * whose numbers all have closed forms: buyers at Gamma rates who never leave (the NBD of Ehrenberg 1959). */
#ifndef PTN_WORLDS_H
#define PTN_WORLDS_H

#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "base/random.h"
#include "forecast/model.h"
#include "math/gamma.h"

/* ---- buyers who never leave ---- */

static inline bool nbd_log_likelihood(const double *p, const ptn_sample *sample, double *value,
                                      double *gradient)
{
    const double r = p[0], alpha = p[1];
    double sum = 0, by_r = 0, by_alpha = 0;
    for (size_t i = 0; i < sample->n; i++) {
        const double x = sample->x[i], T = sample->T[i], n = sample->weight[i];
        sum += n * (ptn_lgamma_ratio(r, x) - x * log(alpha + T) - r * log1p(T / alpha));
        by_r += n * r * (ptn_digamma_difference(r, x) - log1p(T / alpha));
        by_alpha += n * (r * T - x * alpha) / (alpha + T);
    }
    *value = sum;
    if (gradient) {
        gradient[0] = by_r;
        gradient[1] = by_alpha;
    }
    return true;
}

static inline void nbd_start(const ptn_sample *sample, double *p)
{
    p[0] = 1;
    p[1] = sample->purchases > 0 ? sample->time / sample->purchases : sample->time / sample->customers;
}

/* Everybody buys at one rate: free is its log. */
static inline void nbd_common_expand(const double *free_values, double *p, double *jacobian)
{
    p[0] = 1e10;
    p[1] = 1e10 / exp(free_values[0]);
    jacobian[1] = -1;
}

static inline void nbd_common_start(const ptn_sample *sample, double *free_values)
{
    free_values[0] = log((sample->purchases + 1) / sample->time);
}

static inline double nbd_purchases(const double *p, double x, double T, double horizon)
{
    return (p[0] + x) / (p[1] + T) * horizon;
}

static inline double nbd_residual(const double *p, double x, double T, double discount)
{
    return (p[0] + x) / (p[1] + T) / discount;
}

static inline size_t nbd_pmf(const double *p, double x, double T, double horizon, double enough, double *pmf,
                             size_t count)
{
    const double size = p[0] + x, odds = horizon / (p[1] + T + horizon);
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        pmf[k] = k ? pmf[k - 1] * (size + (double)(k - 1)) / (double)k * odds
                   : exp(-size * log1p(horizon / (p[1] + T)));
        if ((sum += pmf[k]) >= enough)
            return k + 1;
    }
    return count;
}

static inline bool nbd_p_alive(const double *p, const ptn_sample *sample, double *p_alive)
{
    (void)p;
    for (size_t i = 0; i < sample->n; i++)
        p_alive[i] = 1;
    return true;
}

static inline void nbd_draw(const double *p, double end, ptn_random *random, void (*purchase)(void *, double),
                            void *context)
{
    const double rate = ptn_draw_gamma(random, p[0]) / p[1];
    for (double time = ptn_draw_exponential(random) / rate; time <= end;
         time += ptn_draw_exponential(random) / rate)
        purchase(context, time);
}

static const ptn_limit nbd_limits[] = {{"common_buying_rate", 1, nbd_common_expand, nbd_common_start}, {0}};

static const patron_model nbd = {
    .info = {.name = "nbd",
             .says = "buys at a steady rate and never leaves",
             .source = "Ehrenberg 1959",
             .parameter_count = 2,
             .parameter = {"r", "alpha"},
             .time_power = {0, 1}},
    .log_likelihood = nbd_log_likelihood,
    .start = nbd_start,
    .limits = nbd_limits,
    .alive_purchases = nbd_purchases,
    .alive_residual = nbd_residual,
    .alive_pmf = nbd_pmf,
    .p_alive = nbd_p_alive,
    .draw = nbd_draw,
};

/* ---- every model ---- */

/* The model number `index`, the NBD last; NULL past it. */
static inline const patron_model *model_number(unsigned index)
{
    const patron_model *model = patron_model_at(index);
    if (!model && (index == 0 || patron_model_at(index - 1)))
        return &nbd;
    return model;
}

/* A plausible shop, in days. A new model gets its line here. */
static inline const double *plausible(const patron_model *model)
{
    static const struct {
        const char *name;
        double parameters[PATRON_PARAMETERS_MAX];
    } shops[] = {
        {"nbd", {0.6, 50}},
        {"pareto_nbd", {0.55, 74, 0.61, 82}}, /* CDNOW, rounded */
        {"bg_nbd", {0.24, 31, 0.79, 2.43}},
        {"mbg_nbd", {0.53, 43, 0.6, 1.5}},
    };
    for (size_t i = 0; i < sizeof shops / sizeof *shops; i++)
        if (strcmp(shops[i].name, patron_model_describe(model)->name) == 0)
            return shops[i].parameters;
    print_error("tests/worlds.h: no plausible parameters for %s\n", patron_model_describe(model)->name);
    fail();
    return NULL;
}

/* ---- customers ---- */

typedef struct customers {
    patron_states states; /* no weights */
    double *frequency, *recency, *age, *later;
} customers;

/* n customers who came over 90 days and were observed for 180 to 270, then `horizon` more. grid as in patron_model_simulate. */
static inline customers simulate(const patron_model *model, size_t n, double horizon, double grid,
                                 uint64_t seed)
{
    customers c = {.frequency = malloc(n * sizeof(double)),
                   .recency = malloc(n * sizeof(double)),
                   .age = malloc(n * sizeof(double)),
                   .later = malloc(n * sizeof(double))};
    ptn_random random = ptn_random_open(seed, UINT64_MAX);
    for (size_t i = 0; i < n; i++) {
        c.age[i] = 180 + 90 * ptn_draw_uniform(&random);
        if (grid > 0)
            c.age[i] = floor(c.age[i] / grid) * grid;
    }
    patron_error err = {0};
    if (patron_model_simulate(model, plausible(model), n, c.age, horizon, grid, seed, c.frequency, c.recency,
                              c.later, &err))
        fail_msg("%s", err.message);
    c.states = (patron_states){.n = n, .frequency = c.frequency, .recency = c.recency, .age = c.age};
    return c;
}

static inline void free_customers(customers *c)
{
    free(c->frequency);
    free(c->recency);
    free(c->age);
    free(c->later);
    *c = (customers){0};
}

/* A call that must be fine; its message otherwise. */
#define CHECK_OK(call)                                                                                       \
    do {                                                                                                     \
        patron_error err = {0};                                                                              \
        if ((call) != PATRON_OK)                                                                             \
            fail_msg("%s: %s", #call, err.message);                                                          \
    } while (0)

#endif
