/* Forecasts of CDNOW (cdnow_*_states.csv, made by make_cdnow_states.py beside them) beside what came: 39 weeks seen, 39 weeks
 * held out. Expected values: forecasts of lifetimes, CLVTools and BTYD (equal to the digits shown), measured by one script. */
#include "check.h"

#include <stdio.h>

#include "patron/track_record.h"
#include "worlds.h"

enum { ROWS_MAX = 10000 };

static const double weeks = 39;

typedef struct table {
    patron_outcomes outcomes;
    double frequency[ROWS_MAX], recency[ROWS_MAX], age[ROWS_MAX], later[ROWS_MAX], customers[ROWS_MAX];
} table;

/* The test's own: one at a time. Times in weeks. */
static const patron_outcomes *cdnow(const char *path)
{
    static table t;
    FILE *csv = fopen(path, "r");
    char line[128];
    size_t n = 0;
    CHECK(csv != NULL && fgets(line, sizeof line, csv) != NULL); /* the header */
    for (; fgets(line, sizeof line, csv); n++) {
        CHECK(n < ROWS_MAX);
        CHECK(sscanf(line, "%lf,%lf,%lf,%lf,%lf", &t.frequency[n], &t.recency[n], &t.age[n], &t.later[n],
                     &t.customers[n])
              == 5);
        t.recency[n] /= 7;
        t.age[n] /= 7;
    }
    fclose(csv);
    t.outcomes = (patron_outcomes){{n, t.frequency, t.recency, t.age, t.customers}, t.later};
    return &t.outcomes;
}

static const patron_outcomes *sample(void)
{
    return cdnow("tests/reference/cdnow_sample_states.csv");
}

static const patron_outcomes *master(void)
{
    return cdnow("tests/reference/cdnow_master_states.csv");
}

static void show(const char *name, const patron_judgement *j)
{
    if (getenv("PATRON_SHOW"))
        print_message("%s, %.0f customers: MAE %.4f RMSE %.4f bias %+.1f %% nGini %.4f | log score %.4f CRPS "
                      "%.4f | PIT share "
                      "%.3f, coverage %.3f of %.3f, repeaters %.3f of %.3f | buyers %.3f of %.3f, ECE %.4f | "
                      "luck %.1f %%\n",
                      name, j->customers, j->mae, j->rmse, 100 * j->bias, j->ngini, j->log_score, j->crps,
                      j->pit_share, j->coverage_80, j->coverage_80_implied, j->repeaters_coverage_80,
                      j->repeaters_coverage_80_implied, j->buyers_forecast / j->customers,
                      j->buyers_came / j->customers, j->ece, 100 * j->luck / j->came);
}

static patron_judgement judge(const char *name, const patron_outcomes *outcomes)
{
    const patron_model *model = patron_model_find(name);
    patron_fit fit;
    patron_judgement j;
    CHECK_OK(patron_model_fit(model, &outcomes->states, &(patron_fit_options){.prior = PATRON_PRIOR_NONE},
                              &fit, &err));
    CHECK_OK(patron_judge(model, fit.parameters, outcomes, weeks, &j, &err));
    show(name, &j);
    return j;
}

TEST(errors_on_the_sample_are_those_of_the_packages)
{
    static const struct {
        const char *model;
        double mae, rmse, forecast, ngini;
    } packages[] = {{"bg_nbd", 0.7855, 1.6080, 1653.4, 0.6624},
                    {"mbg_nbd", 0.7648, 1.6072, 1576.7, 0.6636},
                    {"pareto_nbd", 0.7545, 1.6028, 1665.5, 0.6726}};
    for (int k = 0; k < 3; k++) {
        const patron_judgement j = judge(packages[k].model, sample());
        CHECK(j.customers == 2357 && j.came == 1882);
        CHECK_PRINTED(j.mae, packages[k].mae, 4);
        CHECK_PRINTED(j.rmse, packages[k].rmse, 4);
        CHECK_NEAR(j.forecast, packages[k].forecast, 3e-5 * j.forecast); /* where their searches stop */
        CHECK_REL(j.bias, j.forecast / j.came - 1, 1e-12);
        CHECK_PRINTED(j.ngini, packages[k].ngini, 4);
    }
}

TEST(errors_on_the_master_are_those_of_the_packages)
{
    static const struct {
        const char *model;
        double mae, rmse, forecast, ngini;
    } packages[] = {{"bg_nbd", 0.8187, 1.7329, 16873.7, 0.6626},
                    {"pareto_nbd", 0.7938, 1.7262, 17153.2, 0.6733}};
    for (int k = 0; k < 2; k++) {
        const patron_judgement j = judge(packages[k].model, master());
        CHECK(j.customers == 23570 && j.came == 19684);
        CHECK_PRINTED(j.mae, packages[k].mae, 4);
        CHECK_PRINTED(j.rmse, packages[k].rmse, 4);
        CHECK_NEAR(j.forecast, packages[k].forecast, 3e-5 * j.forecast); /* where their searches stop */
        CHECK_REL(j.bias, j.forecast / j.came - 1, 1e-12);
        CHECK_PRINTED(j.ngini, packages[k].ngini, 4);
    }
}

/* The bar: repeaters in their own 80 %, 77 to 83 %, and intervals that cover what they say they cover within 4 points.
 * Drawn futures of each customer, ranks made random, gave .803 of the sample and .785 of the master; for the sample, coverage
 * .888, CRPS .512, buyers .222 of .290, ECE .068. Of everybody the Pareto/NBD expects fewer to come back than do. */
TEST(pareto_nbd_is_calibrated_for_repeaters)
{
    const patron_judgement s = judge("pareto_nbd", sample()), m = judge("pareto_nbd", master());
    CHECK(s.repeaters == 946 && m.repeaters == 9451);
    CHECK_NEAR(s.pit_share, 0.80, 0.03);
    CHECK_NEAR(m.pit_share, 0.80, 0.03);
    CHECK_NEAR(s.pit_share, 0.803,
               3 * sqrt(0.1 / s.repeaters)); /* the luck of ranks is less than that of all */
    CHECK_NEAR(m.pit_share, 0.785, 3 * sqrt(0.1 / m.repeaters));
    CHECK_NEAR(s.repeaters_coverage_80, s.repeaters_coverage_80_implied, 0.04);
    CHECK_NEAR(m.repeaters_coverage_80, m.repeaters_coverage_80_implied, 0.04);
    CHECK_NEAR(s.coverage_80, 0.888, 0.002);
    CHECK_NEAR(s.crps, 0.512, 0.002);
    CHECK_NEAR(s.ece, 0.068, 0.001);
    CHECK_PRINTED(s.buyers_forecast / s.customers, 0.222, 3);
    CHECK_PRINTED(s.buyers_came / s.customers, 0.290, 3);
}

/* At the same customers the model scores better than the rule, by every proper score. */
TEST(a_model_beats_the_rule)
{
    patron_judgement rule;
    CHECK_OK(patron_judge_same_rate(sample(), weeks, &rule, &err));
    show("same_rate", &rule);
    const patron_judgement j = judge("pareto_nbd", sample());
    CHECK(j.log_score > rule.log_score && j.crps < rule.crps && j.rmse < rule.rmse);
    CHECK(fabs(j.bias) < fabs(rule.bias));
}
