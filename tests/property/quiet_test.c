/* Gone, or quiet: the law is the mean of the model's and that of those who are with us; and the share is the best one. */
#include "check.h"

#include "patron/track_record.h"
#include "worlds.h"

enum { COUNTS = 512 };

/* The model's parameters, and the share after them. */
static void with_quiet(const patron_model *model, double quiet, double *out)
{
    const unsigned own = patron_model_describe(model)->parameter_count;
    memcpy(out, plausible(model), own * sizeof *out);
    out[own] = quiet;
}

TEST(a_quiet_model_has_one_parameter_more)
{
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        const patron_model_info *own = patron_model_describe(model), *more = patron_model_describe(patron_model_quiet(model));
        CHECK_EQ_INT(more->parameter_count, own->parameter_count + 1);
        for (unsigned k = 0; k < own->parameter_count; k++) {
            CHECK_STR(more->parameter[k], own->parameter[k]);
            CHECK_EQ_INT(more->time_power[k], own->time_power[k]);
        }
        CHECK_STR(more->parameter[own->parameter_count], "quiet");
    }
    CHECK(!patron_model_quiet(&nbd));
}

/* pmf = (1 - q) P + q F, where P = (1 - p) [k = 0] + p F. */
TEST(the_law_is_a_mean_of_two)
{
    const double quiet = 0.2, x = 3, t_x = 100, T = 300, horizon = 120;
    const patron_states one = {.n = 1, .frequency = &x, .recency = &t_x, .age = &T};
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        double at[PATRON_PARAMETERS_MAX], plain[COUNTS], mixed[COUNTS], p_alive, p_quiet, purchases, mean = 0, sum = 0;
        with_quiet(model, quiet, at);
        patron_scores scores = {.p_alive = &p_alive};
        CHECK_OK(patron_model_score(model, at, &one, NULL, &scores, &err));
        scores = (patron_scores){.p_alive = &p_quiet, .purchases = &purchases};
        CHECK_OK(patron_model_score(patron_model_quiet(model), at, &one, &(patron_score_options){.horizon = horizon}, &scores, &err));
        CHECK_REL(p_quiet, quiet + (1 - quiet) * p_alive, 1e-14);
        CHECK_OK(patron_model_pmf(model, at, x, t_x, T, horizon, plain, COUNTS, NULL, &err));
        CHECK_OK(patron_model_pmf(patron_model_quiet(model), at, x, t_x, T, horizon, mixed, COUNTS, NULL, &err));
        for (int k = 0; k < COUNTS; k++) {
            const double with_us = k ? plain[k] / p_alive : (plain[k] - (1 - p_alive)) / p_alive;
            CHECK_NEAR(mixed[k], (1 - quiet) * plain[k] + quiet * with_us, 1e-12);
            sum += mixed[k];
            mean += k * mixed[k];
        }
        CHECK_NEAR(sum, 1, 1e-9);
        CHECK_REL(mean, purchases, 1e-6);
    }
}

/* The log score of two days together, as judged, and the prior. */
static double score_at(const patron_model *model, double quiet, const patron_trial *trials)
{
    double sum = 19 * log1p(-quiet);
    for (int i = 0; i < 2; i++) {
        double at[PATRON_PARAMETERS_MAX];
        patron_judgement found;
        memcpy(at, trials[i].parameters, sizeof at);
        at[patron_model_describe(model)->parameter_count] = quiet;
        CHECK_OK(patron_judge(quiet > 0 ? patron_model_quiet(model) : model, at, &trials[i].outcomes, trials[i].horizon, &found, &err));
        sum += found.customers * found.log_score;
    }
    return sum;
}

/* What came in a world where leavers may be quiet: everyone whose fate is unknown has a part in it. */
TEST(the_share_has_the_highest_log_score)
{
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        double at[PATRON_PARAMETERS_MAX], quiet;
        with_quiet(model, 0, at);
        /* parameters that take too many for gone: the last is where leaving is */
        at[patron_model_describe(model)->parameter_count - 1] /= 4;
        customers a = simulate(model, 1500, 120, 1, 11), b = simulate(model, 1500, 240, 1, 12);
        const patron_trial trials[] = {{at, {a.states, a.later}, 120}, {at, {b.states, b.later}, 240}};
        CHECK_OK(patron_quiet_learn(model, 2, trials, &quiet, &err));
        const double best = score_at(model, quiet, trials);
        CHECK(quiet > 0.02 && quiet < 0.9);
        CHECK(best >= score_at(model, quiet + 0.01, trials));
        CHECK(best >= score_at(model, fmax(0, quiet - 0.01), trials));
        CHECK(best > score_at(model, 0, trials));
        free_customers(&a);
        free_customers(&b);
    }
}

TEST(where_the_model_is_true_hardly_anyone_is_quiet)
{
    const patron_model *model;
    for (unsigned i = 0; (model = patron_model_at(i)); i++) {
        double at[PATRON_PARAMETERS_MAX], quiet;
        with_quiet(model, 0, at);
        customers c = simulate(model, 20000, 120, 1, 13);
        const patron_trial trial = {at, {c.states, c.later}, 120};
        CHECK_OK(patron_quiet_learn(model, 1, &trial, &quiet, &err));
        CHECK(quiet >= 0 && quiet < 0.02);
        free_customers(&c);
    }
}

TEST(nothing_known_is_nobody_quiet)
{
    const patron_model *model = patron_model_find("pareto_nbd");
    double quiet = -1;
    CHECK_OK(patron_quiet_learn(model, 0, NULL, &quiet, &err));
    CHECK_EQ_INT(quiet == 0, 1);
}

TEST(a_row_that_cannot_be_is_named)
{
    const patron_model *model = patron_model_find("bg_nbd");
    const double zero[] = {0, 0}, age[] = {10, 10}, later[] = {0, 1.5};
    const patron_trial trial = {plausible(model), {{.n = 2, .frequency = zero, .recency = zero, .age = age}, later}, 30};
    double quiet;
    patron_error found;
    CHECK_EQ_INT(patron_quiet_learn(model, 1, &trial, &quiet, &found), PATRON_EDATA);
    CHECK(strstr(found.message, "row 2") && strstr(found.message, "1.5"));
    const patron_trial no_time = {plausible(model), {{.n = 1, .frequency = zero, .recency = zero, .age = age}, later}, 0};
    CHECK_EQ_INT(patron_quiet_learn(model, 1, &no_time, &quiet, &found), PATRON_EINVAL);
}
