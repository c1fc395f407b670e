/* Pareto/NBD: people who buy at a steady rate of their own, are customers for an exponential time at a rate
 * of their own, and leave unseen. Letters as in Schmittlein, Morrison & Colombo (1987): buying rate λ ~
 * Gamma(r, alpha), leaving rate μ ~ Gamma(s, beta); x frequency, t_x recency, T age.
 *
 * The past of one state is in pareto_nbd_integral.c, of a whole sample in pareto_nbd_sample.c, the future in
 * pareto_nbd_future.c. */
#include <math.h>

#include "forecast/pareto_nbd_future.h"
#include "forecast/pareto_nbd_sample.h"
#include "models.h"

static ptn_rates named(const double *parameters)
{
    return (ptn_rates){.r = parameters[0], .alpha = parameters[1], .s = parameters[2], .beta = parameters[3]};
}

static bool log_likelihood(const double *parameters, const ptn_sample *sample, double *value,
                           double *gradient)
{
    const ptn_rates p = named(parameters);
    return ptn_pareto_nbd_log_likelihood(&p, sample, value, gradient);
}

static bool p_alive(const double *parameters, const ptn_sample *sample, double *chance)
{
    const ptn_rates p = named(parameters);
    return ptn_pareto_nbd_p_alive(&p, sample, chance);
}

static double alive_purchases(const double *parameters, double x, double T, double horizon)
{
    const ptn_rates p = named(parameters);
    return ptn_pareto_nbd_purchases(&p, x, T, horizon);
}

static double alive_residual(const double *parameters, double x, double T, double discount)
{
    const ptn_rates p = named(parameters);
    return ptn_pareto_nbd_residual(&p, x, T, discount);
}

static size_t alive_pmf(const double *parameters, double x, double T, double horizon, double enough,
                        double *pmf, size_t count)
{
    const ptn_rates p = named(parameters);
    return ptn_pareto_nbd_pmf(&p, x, T, horizon, enough, pmf, count);
}

static void draw(const double *parameters, double end, ptn_random *random,
                 void (*purchase)(void *context, double time), void *context)
{
    const ptn_rates p = named(parameters);
    const double rate = ptn_draw_gamma(random, p.r) / p.alpha;
    const double leaving_rate = ptn_draw_gamma(random, p.s) / p.beta;
    const double last = fmin(end, ptn_draw_exponential(random) / leaving_rate);
    for (double time = ptn_draw_exponential(random) / rate; time <= last;
         time += ptn_draw_exponential(random) / rate)
        purchase(context, time);
}

/* ---- where fits begin ---- */

/* r and alpha from the negative binomial law with the mean and variance of x, if people stay for about 70 %
 * of their age: their rates are then higher and more alike than x says. The mean leaving rate is 1 / age. */
static void start(const ptn_sample *sample, double *parameters)
{
    const double age = sample->time > 0 ? sample->time / sample->customers : 1;
    const double mean = (sample->purchases + 0.5) / sample->customers;
    double squares = 0;
    for (size_t i = 0; i < sample->n; i++)
        squares += sample->weight[i] * sample->x[i] * sample->x[i];
    const double excess = squares / sample->customers - mean * mean - mean;
    const double r = 1.3 * (excess > 0 ? fmin(fmax(mean * mean / excess, 0.1), 10) : 10);
    parameters[0] = r;
    parameters[1] = 0.7 * age * r / mean;
    parameters[2] = 0.5;
    parameters[3] = 0.5 * age;
}

/* ---- limits ---- */

/* Shapes that stand for infinity and zero. A Gamma law with the first has a relative variance of 1e-15: it
 * is one value. */
static const double HUGE_SHAPE = 1e15, TINY_SHAPE = 1e-16;

/* Row `free` of the jacobian: how the logs of r, alpha, s, beta move with it. */
static void set_row(double *jacobian, unsigned free, double r, double alpha, double s, double beta)
{
    jacobian[4 * free] = r;
    jacobian[4 * free + 1] = alpha;
    jacobian[4 * free + 2] = s;
    jacobian[4 * free + 3] = beta;
}

/* free = ln r, ln alpha. */
static void buying_rates(const double *free, double *parameters, double *jacobian)
{
    parameters[0] = exp(free[0]);
    parameters[1] = exp(free[1]);
    set_row(jacobian, 0, 1, 0, 0, 0);
    set_row(jacobian, 1, 0, 1, 0, 0);
}

/* free = ln of everyone's rate. */
static void one_buying_rate(const double *free, double *parameters, double *jacobian)
{
    parameters[0] = HUGE_SHAPE;
    parameters[1] = HUGE_SHAPE / exp(free[0]);
    set_row(jacobian, 0, 0, -1, 0, 0);
}

static void one_leaving_rate(double log_rate, double *parameters, double *jacobian, unsigned row)
{
    parameters[2] = HUGE_SHAPE;
    parameters[3] = HUGE_SHAPE / exp(log_rate);
    set_row(jacobian, row, 0, 0, 0, -1);
}

/* s -> 0, and beta -> infinity in step with alpha. */
static void no_leaving(double *parameters)
{
    parameters[2] = TINY_SHAPE;
    parameters[3] = parameters[1] / TINY_SHAPE;
}

static void expand_common_leaving_rate(const double *free, double *parameters, double *jacobian)
{
    buying_rates(free, parameters, jacobian);
    one_leaving_rate(free[2], parameters, jacobian, 2);
}

static void expand_nobody_leaves(const double *free, double *parameters, double *jacobian)
{
    buying_rates(free, parameters, jacobian);
    no_leaving(parameters);
}

static void expand_common_buying_rate(const double *free, double *parameters, double *jacobian)
{
    one_buying_rate(free, parameters, jacobian);
    parameters[2] = exp(free[1]);
    parameters[3] = exp(free[2]);
    set_row(jacobian, 1, 0, 0, 1, 0);
    set_row(jacobian, 2, 0, 0, 0, 1);
}

static void expand_common_rates(const double *free, double *parameters, double *jacobian)
{
    one_buying_rate(free, parameters, jacobian);
    one_leaving_rate(free[1], parameters, jacobian, 1);
}

static void expand_common_buying_rate_nobody_leaves(const double *free, double *parameters, double *jacobian)
{
    one_buying_rate(free, parameters, jacobian);
    no_leaving(parameters);
}

static void start_common_leaving_rate(const ptn_sample *sample, double *free)
{
    double p[4];
    start(sample, p);
    free[0] = log(p[0]);
    free[1] = log(p[1]);
    free[2] = log(p[2] / p[3]);
}

static void start_nobody_leaves(const ptn_sample *sample, double *free)
{
    double p[4];
    start(sample, p);
    free[0] = log(p[0]);
    free[1] = log(p[1]);
}

static void start_common_buying_rate(const ptn_sample *sample, double *free)
{
    double p[4];
    start(sample, p);
    free[0] = log(p[0] / p[1]);
    free[1] = log(p[2]);
    free[2] = log(p[3]);
}

static void start_common_rates(const ptn_sample *sample, double *free)
{
    double p[4];
    start(sample, p);
    free[0] = log(p[0] / p[1]);
    free[1] = log(p[2] / p[3]);
}

static void start_one_rate(const ptn_sample *sample, double *free)
{
    double p[4];
    start(sample, p);
    free[0] = log(p[0] / p[1]);
}

static const ptn_limit limits[] = {
    /* s, beta -> infinity; s / beta -> 0, the NBD; r, alpha -> infinity; and where two of these meet */
    {"common_leaving_rate", 3, expand_common_leaving_rate, start_common_leaving_rate},
    {"nobody_leaves", 2, expand_nobody_leaves, start_nobody_leaves},
    {"common_buying_rate", 3, expand_common_buying_rate, start_common_buying_rate},
    {"common_rates", 2, expand_common_rates, start_common_rates},
    {"common_buying_rate_nobody_leaves", 1, expand_common_buying_rate_nobody_leaves, start_one_rate},
    {0},
};

const patron_model ptn_pareto_nbd = {
    .info =
        {
            .name = "pareto_nbd",
            .says = "buys at a steady rate; lives as a customer for an exponential time and leaves unseen",
            .source = "Schmittlein, Morrison & Colombo (1987), Management Science 33(1)",
            .parameter_count = 4,
            .parameter = {"r", "alpha", "s", "beta"},
            .time_power = {0, 1, 0, 1},
        },
    .log_likelihood = log_likelihood,
    .start = start,
    .limits = limits,
    .alive_purchases = alive_purchases,
    .alive_residual = alive_residual,
    .alive_pmf = alive_pmf,
    .p_alive = p_alive,
    .draw = draw,
};
