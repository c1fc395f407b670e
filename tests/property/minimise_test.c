/* The search for a minimum: it finds, it says what it found, it stops. */
#include "check.h"


#include "math/minimise.h"

typedef struct counted {
    unsigned calls, stop_at;
    double scale; /* the objective times this */
} counted;

static bool told_to_stop(counted *c) { return ++c->calls == c->stop_at; }

static bool rosenbrock(void *context, const double *x, double *value, double *gradient)
{
    counted *c = context;
    const double u = x[1] - x[0] * x[0], v = 1 - x[0];
    *value = c->scale * (100 * u * u + v * v);
    gradient[0] = c->scale * (-400 * x[0] * u - 2 * v);
    gradient[1] = c->scale * 200 * u;
    return !told_to_stop(c);
}

/* Σ 10^i (x_i - 1)² / 2 + 5: condition 10^(n-1). */
static bool bowl(void *context, const double *x, double *value, double *gradient)
{
    *value = 5;
    for (int i = 0; i < 6; i++) {
        gradient[i] = pow(10, i) * (x[i] - 1);
        *value += 0.5 * gradient[i] * (x[i] - 1);
    }
    return !told_to_stop(context);
}

/* A curved valley whose floor is level. */
static bool ridge(void *context, const double *x, double *value, double *gradient)
{
    const double u = x[1] - sin(x[0]);
    *value = 3 + u * u;
    gradient[0] = -2 * u * cos(x[0]);
    gradient[1] = 2 * u;
    return !told_to_stop(context);
}

/* Falls for ever along x0, as a likelihood does toward a limit model. */
static bool runaway(void *context, const double *x, double *value, double *gradient)
{
    *value = -log1p(exp(x[0] / 10)) + x[1] * x[1];
    gradient[0] = -0.1 / (1 + exp(-x[0] / 10));
    gradient[1] = 2 * x[1];
    return !told_to_stop(context);
}

/* Falls toward a limit that it reaches in rounding: the far end is level. */
static bool limit(void *context, const double *x, double *value, double *gradient)
{
    *value = exp(-x[0]) + x[1] * x[1];
    gradient[0] = -exp(-x[0]);
    gradient[1] = 2 * x[1];
    return !told_to_stop(context);
}

/* Finite only inside the unit disc, minimum near its edge. */
static bool walled(void *context, const double *x, double *value, double *gradient)
{
    const double room = 1 - x[0] * x[0] - x[1] * x[1];
    *value = -x[0] - 0.05 * log(room); /* NaN outside */
    gradient[0] = -1 + 0.1 * x[0] / room;
    gradient[1] = 0.1 * x[1] / room;
    return !told_to_stop(context);
}

/* A value and a gradient with noise of 1e-12 and 1e-11, and a large value: a sum over millions. */
static bool noisy(void *context, const double *x, double *value, double *gradient)
{
    counted *c = context;
    *value = 1e4 + pow(x[0] - 0.3, 2) + 0.5 * pow(x[1] - x[0], 4) + pow(x[1] + x[0] - 1, 2)
             + 1e-10 * sin(1e9 * x[0]);
    gradient[0] =
        2 * (x[0] - 0.3) - 2 * pow(x[1] - x[0], 3) + 2 * (x[1] + x[0] - 1) + 1e-11 * sin(1e9 * x[1]);
    gradient[1] = 2 * pow(x[1] - x[0], 3) + 2 * (x[1] + x[0] - 1);
    return !told_to_stop(c);
}

static ptn_minimum minimum_of(ptn_objective f, unsigned n, double *x, double scale, double tolerance)
{
    counted c = {.scale = scale};
    const ptn_minimise_options options = {.tolerance = tolerance};
    ptn_minimum m;
    ptn_minimise(n, f, &c, &options, x, &m);
    CHECK_EQ_INT(m.evaluations, c.calls);
    return m;
}

TEST(minimise_finds_rosenbrocks_minimum)
{
    double x[] = {-1.2, 1};
    const ptn_minimum m = minimum_of(rosenbrock, 2, x, 1, 0);
    CHECK_EQ_INT(m.status, PTN_MINIMISE_FOUND);
    CHECK_NEAR(x[0], 1, 1e-7);
    CHECK_NEAR(x[1], 1, 1e-7);
    CHECK_NEAR(m.hessian[0], 802, 802 * 2e-3);
    CHECK_NEAR(m.hessian[1], -400, 400 * 2e-3);
    CHECK_NEAR(m.hessian[3], 200, 1e-6);
    CHECK_NEAR(m.smallest_eigenvalue, 0.39936, 1e-2);
    CHECK(m.evaluations <= 60);
}

TEST(minimise_needs_few_evaluations_of_a_bowl)
{
    double x[] = {0, 2, 0.5, 1.5, -1, 3};
    const ptn_minimum m = minimum_of(bowl, 6, x, 1, 0);
    CHECK_EQ_INT(m.status, PTN_MINIMISE_FOUND);
    CHECK(m.evaluations <= 30); /* 1 + 6 + 12 for the two Hessians, and the steps */
    for (int i = 0; i < 6; i++) {
        CHECK_NEAR(x[i], 1, 1e-8);
        CHECK_REL(m.hessian[7 * i], pow(10, i), 1e-8);
    }
}

TEST(minimise_at_the_minimum_only_checks_it)
{
    double x[] = {1, 1};
    const ptn_minimum m = minimum_of(rosenbrock, 2, x, 1, 0);
    CHECK_EQ_INT(m.status, PTN_MINIMISE_FOUND);
    CHECK_EQ_INT(m.evaluations, 5);
}

/* At 1e9 times the value a gradient of 1e-8 is below rounding; the minimum is found all the same. */
TEST(minimise_is_not_stuck_by_rounding)
{
    double x[] = {-1.2, 1}, y[] = {3, -2};
    CHECK_EQ_INT(minimum_of(rosenbrock, 2, x, 1e9, 0).status, PTN_MINIMISE_FOUND);
    CHECK_NEAR(x[0], 1, 1e-9);
    const ptn_minimum m = minimum_of(noisy, 2, y, 1, 1e-13);
    CHECK_EQ_INT(m.status, PTN_MINIMISE_FOUND);
    CHECK(m.largest_gradient < 1e-10 && m.evaluations < 40);
}

TEST(minimise_calls_a_level_valley_flat)
{
    double x[] = {1, 4};
    const ptn_minimum m = minimum_of(ridge, 2, x, 1, 0);
    CHECK_EQ_INT(m.status, PTN_MINIMISE_FLAT);
    CHECK_NEAR(m.smallest_eigenvalue, 0, 1e-7);
    CHECK_NEAR(x[1], sin(x[0]), 1e-8);
}

TEST(minimise_calls_a_limit_flat_or_runaway)
{
    double x[] = {0, 1}, y[] = {0, 1};
    CHECK_EQ_INT(minimum_of(runaway, 2, x, 1, 0).status, PTN_MINIMISE_RUNAWAY);
    CHECK(x[0] > 30);
    CHECK_EQ_INT(minimum_of(limit, 2, y, 1, 0).status, PTN_MINIMISE_FLAT);
}

TEST(minimise_steps_back_from_walls)
{
    double x[] = {-0.9, 0.3};
    const ptn_minimum m = minimum_of(walled, 2, x, 1, 0);
    CHECK_EQ_INT(m.status, PTN_MINIMISE_FOUND);
    CHECK_NEAR(x[0], sqrt(1.0025) - 0.05, 1e-8); /* x² + 0.1 x = 1 */
    CHECK_NEAR(x[1], 0, 1e-7);
}

TEST(minimise_that_starts_behind_a_wall_is_stuck)
{
    double x[] = {2, 0};
    CHECK_EQ_INT(minimum_of(walled, 2, x, 1, 0).status, PTN_MINIMISE_STUCK);
}

TEST(minimise_stops_when_told_at_any_evaluation)
{
    for (unsigned i = 1; i < 30; i++) {
        double x[] = {-1.2, 1};
        counted c = {.scale = 1, .stop_at = i};
        ptn_minimum m;
        ptn_minimise(2, rosenbrock, &c, NULL, x, &m);
        CHECK_EQ_INT(m.status, PTN_MINIMISE_STOPPED);
        CHECK_EQ_INT(c.calls, i);
    }
}
