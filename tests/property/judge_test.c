/* The judgement of a forecast, against a plain implementation of its definitions; and in worlds where the model is true. */
#include "check.h"

#include "patron/track_record.h"
#include "worlds.h"

enum { N = 240, COUNTS = 2048 };
static const double horizon = 120;

static patron_judgement judge(const patron_model *model, const double *parameters,
                              const patron_states *states, const double *later, double ahead)
{
    const patron_outcomes outcomes = {*states, later};
    patron_judgement found;
    if (model)
        CHECK_OK(patron_judge(model, parameters, &outcomes, ahead, &found, &err));
    else
        CHECK_OK(patron_judge_same_rate(&outcomes, ahead, &found, &err));
    return found;
}

/* ---- plainly: row by row, every count ---- */

typedef struct plain {
    double forecast[N], buys[N], covered[N], implied[N];
    double luck[N]; /* variance of each count */
    double log_score, crps, pit_share, variance, repeaters;
} plain;

static void judge_plainly(plain *p, size_t i, const double *pmf, double x, double y)
{
    double cumulative = 0, mean = 0, second = 0, low = -1, high = -1, crps = 0;
    for (size_t k = 0; k < COUNTS; k++) {
        const double before = cumulative;
        cumulative += pmf[k];
        mean += (double)k * pmf[k];
        second += (double)k * (double)k * pmf[k];
        if (low < 0 && cumulative >= 0.1)
            low = (double)k;
        if (high < 0 && cumulative >= 0.9)
            high = (double)k;
        const double step = (double)k >= y;
        crps += (cumulative - step) * (cumulative - step);
        if ((double)k == y) {
            p->log_score += log(pmf[k]) / N;
            if (x > 0)
                p->pit_share += fmax(0, fmin(cumulative, 0.9) - fmax(before, 0.1)) / pmf[k];
        }
    }
    for (double k = low; k <= high; k++)
        p->implied[i] += pmf[(size_t)k];
    p->covered[i] = low <= y && y <= high;
    p->forecast[i] = mean;
    p->buys[i] = 1 - pmf[0];
    p->luck[i] = second - mean * mean;
    p->variance += p->luck[i];
    p->crps += crps / N;
    p->repeaters += x > 0;
}

/* Area measure of holdout_metrics.py: what came, in falling order of the score, equal scores sharing theirs. */
static double plain_gini(const double *came, const double *score)
{
    double shared[N], total = 0, area = 0, cumulative = 0;
    size_t order[N];
    for (size_t i = 0; i < N; i++) {
        double sum = 0, ties = 0;
        for (size_t j = 0; j < N; j++)
            if (fabs(score[j] - score[i]) < 1e-10) {
                sum += came[j];
                ties++;
            }
        shared[i] = sum / ties;
        total += came[i];
        size_t at = i; /* insertion */
        for (; at > 0 && score[order[at - 1]] < score[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t i = 0; i < N; i++)
        area += (cumulative += shared[order[i]]) / total / N;
    return area - (N + 1.0) / (2.0 * N);
}

/* Tenths of N customers, a tenth being whole numbers of them: the sum over tenth k of `what`, ties sharing evenly. */
static double plain_tenth(int k, const double *key, const double *what)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++) {
        double below = 0, ties = 0, theirs = 0;
        for (size_t j = 0; j < N; j++) {
            below += key[j] < key[i];
            ties += key[j] == key[i];
            theirs += key[j] == key[i] ? what[j] : 0;
        }
        const double from = fmax(below, N / 10 * k), to = fmin(below + ties, N / 10 * (k + 1));
        if (to > from)
            sum += theirs / ties * (to - from)
                   / ties; /* this customer's part of what the tie has in the tenth */
    }
    return sum;
}

static void check_plainly(const plain *p, const patron_judgement *j, const customers *c)
{
    double forecast = 0, came = 0, rmse = 0, mae = 0, buyers = 0, bought = 0, covered = 0, implied = 0,
           ece = 0;
    double repeat_covered = 0, repeat_implied = 0, buying[N];
    for (size_t i = 0; i < N; i++) {
        const double miss = p->forecast[i] - c->later[i];
        forecast += p->forecast[i];
        came += c->later[i];
        rmse += miss * miss / N;
        mae += fabs(miss) / N;
        buyers += p->buys[i];
        bought += buying[i] = c->later[i] > 0;
        covered += p->covered[i] / N;
        implied += p->implied[i] / N;
        repeat_covered += c->frequency[i] > 0 ? p->covered[i] / p->repeaters : 0;
        repeat_implied += c->frequency[i] > 0 ? p->implied[i] / p->repeaters : 0;
    }
    CHECK(j->customers == N && j->came == came && j->repeaters == p->repeaters);
    CHECK_REL(j->forecast, forecast, 1e-7); /* the closed form of the mean, and the sum of the law */
    CHECK_REL(j->luck, sqrt(p->variance), 1e-6);
    CHECK_REL(j->log_score, p->log_score, 1e-9);
    CHECK_REL(j->crps, p->crps, 1e-8);
    CHECK_REL(j->rmse, sqrt(rmse), 1e-7);
    CHECK_REL(j->mae, mae, 1e-7);
    CHECK_REL(j->bias, forecast / came - 1, 1e-6);
    CHECK_REL(j->buyers_forecast, buyers, 1e-10);
    CHECK(j->buyers_came == bought);
    CHECK_REL(j->pit_share, p->pit_share / p->repeaters, 1e-9);
    CHECK_REL(j->coverage_80, covered, 1e-12);
    CHECK_REL(j->coverage_80_implied, implied, 1e-9);
    CHECK_REL(j->repeaters_coverage_80, repeat_covered, 1e-12);
    CHECK_REL(j->repeaters_coverage_80_implied, repeat_implied, 1e-9);
    CHECK_REL(j->ngini, plain_gini(c->later, p->forecast) / plain_gini(c->later, c->later), 1e-9);
    for (int k = 0; k < PATRON_TENTHS; k++) {
        CHECK_REL(j->tenth[k].customers, N / 10.0, 1e-9);
        CHECK_REL(j->tenth[k].forecast, plain_tenth(k, p->forecast, p->forecast), 1e-6);
        CHECK_NEAR(j->tenth[k].came, plain_tenth(k, p->forecast, c->later), 1e-9 * came);
        CHECK_NEAR(j->tenth[k].covered, plain_tenth(k, p->forecast, p->covered), 1e-8);
        CHECK_NEAR(j->tenth[k].implied, plain_tenth(k, p->forecast, p->implied), 1e-7);
        CHECK_REL(j->tenth[k].luck, sqrt(plain_tenth(k, p->forecast, p->luck)), 1e-5);
        ece += fabs(plain_tenth(k, p->buys, p->buys) - plain_tenth(k, p->buys, buying)) / N;
    }
    CHECK_NEAR(j->ece, ece, 1e-9);
}

TEST(a_judgement_is_what_it_is_defined_to_be)
{
    static double pmf[COUNTS];
    for (unsigned m = 0; model_number(m); m++) {
        const patron_model *model = model_number(m);
        customers c = simulate(model, N, horizon, 7, 3 + m); /* weeks: many share a state */
        plain p = {.log_score = 0};
        for (size_t i = 0; i < N; i++) {
            CHECK_OK(patron_model_pmf(model, plausible(model), c.frequency[i], c.recency[i], c.age[i],
                                      horizon, pmf, COUNTS, NULL, &err));
            judge_plainly(&p, i, pmf, c.frequency[i], c.later[i]);
        }
        const patron_judgement found = judge(model, plausible(model), &c.states, c.later, horizon);
        check_plainly(&p, &found, &c);
        free_customers(&c);
    }
}

/* The same of the rule: x / T × horizon, with a Poisson law. */
TEST(same_rate_is_judged_by_a_poisson_law)
{
    static double pmf[COUNTS];
    customers c = simulate(model_number(0), N, horizon, 7, 9);
    plain p = {.log_score = 0};
    double forecast[N], rmse = 0, total = 0, came = 0;
    for (size_t i = 0; i < N; i++) {
        const double mean = fmax(c.frequency[i], 0.5) / c.age[i] * horizon;
        for (size_t k = 0; k < COUNTS; k++)
            pmf[k] = exp((double)k * log(mean) - mean - ptn_lgamma((double)k + 1));
        judge_plainly(&p, i, pmf, c.frequency[i], c.later[i]);
        forecast[i] = c.frequency[i] / c.age[i] * horizon;
        rmse += (forecast[i] - c.later[i]) * (forecast[i] - c.later[i]) / N;
        total += forecast[i];
        came += c.later[i];
    }
    const patron_judgement j = judge(NULL, NULL, &c.states, c.later, horizon);
    CHECK_REL(j.log_score, p.log_score, 1e-9);
    CHECK_REL(j.crps, p.crps, 1e-8);
    CHECK_REL(j.luck, sqrt(p.variance), 1e-6);
    CHECK_REL(j.pit_share, p.pit_share / p.repeaters, 1e-9);
    CHECK_REL(j.forecast, total, 1e-12);
    CHECK_REL(j.rmse, sqrt(rmse), 1e-12);
    CHECK_REL(j.bias, total / came - 1, 1e-12);
    CHECK_REL(j.ngini, plain_gini(c.later, forecast) / plain_gini(c.later, c.later), 1e-9);
    free_customers(&c);
}

TEST(same_rate_takes_customers_of_today)
{
    const double x[] = {0, 0, 1}, t_x[] = {0, 0, 1}, T[] = {0, 1, 1}, later[] = {0, 1, 3};
    const patron_states states = {3, x, t_x, T, NULL};
    const patron_judgement j = judge(NULL, NULL, &states, later, 2);
    /* laws: Poisson of 1, 1, 2, as a day is a day: ln P = -1, -1, -2 + ln(8/6) */
    CHECK_REL(j.log_score, (-1 - 1 - 2 + log(8.0 / 6)) / 3, 1e-12);
    CHECK_REL(j.forecast, 2.0, 1e-15);
    const double none[] = {0, 0}, zero[] = {0, 0}; /* nobody has lived a day */
    const patron_states new = {2, zero, zero, zero, NULL};
    CHECK(isfinite(judge(NULL, NULL, &new, none, 2).log_score));
}

/* ---- true worlds ---- */

/* METHODS: a claimed rate passes when the count lies in the binomial 99.8 % band. */
TEST(a_true_model_is_calibrated)
{
    enum { MANY = 20000 };
    for (unsigned m = 0; model_number(m); m++) {
        const patron_model *model = model_number(m);
        customers c = simulate(model, MANY, 365, 0, 20 + m);
        const patron_judgement j = judge(model, plausible(model), &c.states, c.later, 365);
        if (getenv("PATRON_SHOW"))
            print_message(
                "%s: log score %.4f CRPS %.4f PIT %.4f coverage %.4f of %.4f, repeaters %.4f of %.4f, ECE "
                "%.4f, bias %+.4f (luck %.4f)\n",
                patron_model_describe(model)->name, j.log_score, j.crps, j.pit_share, j.coverage_80,
                j.coverage_80_implied, j.repeaters_coverage_80, j.repeaters_coverage_80_implied, j.ece,
                j.bias, j.luck / j.came);
        CHECK_NEAR(j.pit_share, 0.8, 3.09 * sqrt(0.16 / j.repeaters));
        const double implied = j.coverage_80_implied, of_repeaters = j.repeaters_coverage_80_implied;
        CHECK(implied > 0.8 && of_repeaters > 0.8);
        CHECK_NEAR(j.coverage_80, implied, 3.09 * sqrt(implied * (1 - implied) / MANY));
        CHECK_NEAR(j.repeaters_coverage_80, of_repeaters,
                   3.09 * sqrt(of_repeaters * (1 - of_repeaters) / j.repeaters));
        CHECK_NEAR(j.forecast, j.came, 3.09 * j.luck);
        CHECK_NEAR(j.buyers_forecast, j.buyers_came, 3.09 * sqrt(0.25 * MANY));
        CHECK(j.ece < 10 * 0.4 * sqrt(0.25 / MANY / 10) * 3); /* mean of ten absolute normals, and thrice */
        double parameters[PATRON_PARAMETERS_MAX];             /* another model's laws score worse */
        memcpy(parameters, plausible(model), sizeof parameters);
        parameters[1] *= 1.5;
        const patron_judgement off = judge(model, parameters, &c.states, c.later, 365);
        CHECK(off.log_score < j.log_score && off.crps > j.crps);
        CHECK(judge(NULL, NULL, &c.states, c.later, 365).log_score < j.log_score);
        free_customers(&c);
    }
}

/* ---- the table ---- */

static void check_equal(const patron_judgement *a, const patron_judgement *b, double tolerance)
{
    const double *x = (const double *)a, *y = (const double *)b; /* both are nothing but doubles */
    for (size_t k = 0; k < sizeof *a / sizeof *x; k++)
        CHECK_NEAR(x[k], y[k], tolerance * fmax(1, fabs(y[k])));
}

TEST(weights_equal_repeated_rows_and_order_is_irrelevant)
{
    for (unsigned m = 0; model_number(m); m++) {
        const patron_model *model = model_number(m);
        customers c = simulate(model, 300, horizon, 7, 30), more = simulate(model, 900, horizon, 7, 30);
        double weight[300];
        size_t row = 0;
        for (size_t i = 0; i < 300; i++)
            weight[i] = 1 + (double)(i % 5);
        for (int round = 0; round < 5; round++)
            for (size_t i = 300; i-- > 0;)
                if (round < weight[i]) {
                    more.frequency[row] = c.frequency[i];
                    more.recency[row] = c.recency[i];
                    more.age[row] = c.age[i];
                    more.later[row++] = c.later[i];
                }
        CHECK_EQ_INT(row, 900);
        c.states.weight = weight;
        for (int rule = 0; rule <= 1; rule++) {
            const patron_judgement a =
                judge(rule ? NULL : model, plausible(model), &c.states, c.later, horizon);
            const patron_judgement b =
                judge(rule ? NULL : model, plausible(model), &more.states, more.later, horizon);
            check_equal(&a, &b, 1e-11);
        }
        free_customers(&c);
        free_customers(&more);
    }
}

TEST(days_and_weeks_agree)
{
    for (unsigned m = 0; model_number(m); m++) {
        const patron_model *model = model_number(m);
        const patron_model_info *info = patron_model_describe(model);
        customers c = simulate(model, 500, horizon, 1, 40);
        double p[PATRON_PARAMETERS_MAX];
        const patron_judgement days = judge(model, plausible(model), &c.states, c.later, horizon);
        const patron_judgement rule = judge(NULL, NULL, &c.states, c.later, horizon);
        for (unsigned k = 0; k < info->parameter_count; k++)
            p[k] = plausible(model)[k] / pow(7, info->time_power[k]);
        for (size_t i = 0; i < 500; i++) {
            c.recency[i] /= 7;
            c.age[i] /= 7;
        }
        const patron_judgement weeks = judge(model, p, &c.states, c.later, horizon / 7);
        check_equal(&weeks, &days, 1e-6); /* equal forecasts may part by a bit, and ties with them */
        const patron_judgement rule_of_weeks = judge(NULL, NULL, &c.states, c.later, horizon / 7);
        CHECK_REL(rule_of_weeks.log_score, rule.log_score, 1e-9);
        CHECK_REL(rule_of_weeks.forecast, rule.forecast, 1e-9);
        free_customers(&c);
    }
}

TEST(tenths_add_up_to_the_totals_and_rise)
{
    for (size_t n = 1; n < 400; n = 3 * n + 1) {
        customers c = simulate(model_number(0), n, horizon, 1, 50 + n);
        const patron_judgement j =
            judge(model_number(0), plausible(model_number(0)), &c.states, c.later, horizon);
        patron_tenth sum = {0};
        double before = 0;
        for (int k = 0; k < PATRON_TENTHS; k++) {
            const patron_tenth *t = &j.tenth[k];
            CHECK_REL(t->customers, (double)n / 10, 1e-9);
            CHECK(t->forecast / t->customers >= before * (1 - 1e-12));
            before = t->forecast / t->customers;
            sum.customers += t->customers;
            sum.forecast += t->forecast;
            sum.came += t->came;
            sum.covered += t->covered;
            sum.implied += t->implied;
        }
        CHECK_REL(sum.customers, j.customers, 1e-12);
        CHECK_REL(sum.forecast, j.forecast, 1e-12);
        CHECK_NEAR(sum.came, j.came, 1e-9);
        CHECK_NEAR(sum.covered, j.coverage_80 * j.customers, 1e-9);
        CHECK_REL(sum.implied, j.coverage_80_implied * j.customers, 1e-12);
        free_customers(&c);
    }
}

/* ---- the corners ---- */

/* Far beyond any interval: scored by its own small chance, as long as that is a number. */
TEST(a_count_beyond_all_reason_has_its_own_chance)
{
    static double pmf[COUNTS];
    const double x = 2, t_x = 60, T = 100;
    const patron_states one = {1, &x, &t_x, &T, NULL};
    for (unsigned m = 0; model_number(m); m++) {
        const patron_model *model = model_number(m);
        for (double later = 10; later < 1500; later *= 2) {
            CHECK_OK(patron_model_pmf(model, plausible(model), x, t_x, T, horizon, pmf, COUNTS, NULL, &err));
            const double chance = pmf[(size_t)later];
            const patron_judgement j = judge(model, plausible(model), &one, &later, horizon);
            CHECK_REL(j.log_score, log(fmax(chance, 1e-300)), 1e-9);
            CHECK(j.crps > later - 20 && j.crps < later);
        }
    }
}

TEST(what_cannot_be_said_is_not_a_number)
{
    customers c = simulate(model_number(0), 200, horizon, 1, 60);
    const double *p = plausible(model_number(0));
    memset(c.later, 0, 200 * sizeof *c.later);
    patron_judgement j = judge(model_number(0), p, &c.states, c.later, horizon);
    CHECK(isnan(j.bias) && isnan(j.ngini) && j.came == 0 && j.buyers_came == 0);
    CHECK(isfinite(j.log_score) && isfinite(j.pit_share) && isfinite(j.ece));
    for (size_t i = 0; i < 200; i++) {
        c.later[i] = 2;
        c.frequency[i] = c.recency[i] = 0;
    }
    j = judge(model_number(0), p, &c.states, c.later, horizon);
    CHECK(isnan(j.ngini) && isnan(j.pit_share) && isnan(j.repeaters_coverage_80) && j.repeaters == 0);
    CHECK(isfinite(j.bias) && isfinite(j.coverage_80));
    free_customers(&c);
}

TEST(faults_are_named)
{
    const patron_model *model = model_number(0);
    const double x[] = {1, 0}, t_x[] = {2, 0}, T[] = {3, 3}, old[] = {3, NAN},
                 zeros[PATRON_PARAMETERS_MAX] = {0};
    const double fine[] = {0, 1}, half[] = {0, 0.5}, less[] = {0, -1}, many[] = {0, 1e9}, none[] = {0, NAN};
    const struct {
        patron_outcomes outcomes;
        double horizon;
        patron_status status;
        const char *says;
    } bad[] = {{{{2, x, t_x, T, NULL}, fine}, 0, PATRON_EINVAL, "horizon is 0"},
               {{{2, x, t_x, T, NULL}, fine}, NAN, PATRON_EINVAL, "horizon is nan"},
               {{{2, x, t_x, T, NULL}, fine}, INFINITY, PATRON_EINVAL, "horizon is inf"},
               {{{2, x, t_x, T, NULL}, half}, 9, PATRON_EDATA, "row 2: later is 0.5"},
               {{{2, x, t_x, T, NULL}, less}, 9, PATRON_EDATA, "row 2: later is -1"},
               {{{2, x, t_x, T, NULL}, many}, 9, PATRON_EDATA, "row 2: later is 1e+09"},
               {{{2, x, t_x, T, NULL}, none}, 9, PATRON_EDATA, "row 2: later is nan"},
               {{{2, x, t_x, old, NULL}, fine}, 9, PATRON_EDATA, "row 2 (frequency 0"},
               {{{0, NULL, NULL, NULL, NULL}, NULL}, 9, PATRON_EDATA, "no customers"}};
    patron_judgement j = {.customers = 77};
    patron_error err = {0};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        for (int rule = 0; rule <= 1; rule++) {
            const patron_status status =
                rule ? patron_judge_same_rate(&bad[k].outcomes, bad[k].horizon, &j, &err)
                     : patron_judge(model, plausible(model), &bad[k].outcomes, bad[k].horizon, &j, &err);
            CHECK_EQ_INT(status, bad[k].status);
            if (!strstr(err.message, bad[k].says))
                fail_msg("\"%s\" does not say \"%s\"", err.message, bad[k].says);
        }
    CHECK_EQ_INT(patron_judge(model, zeros, &(patron_outcomes){{2, x, t_x, T, NULL}, fine}, 9, &j, &err),
                 PATRON_EINVAL);
    CHECK(strstr(err.message, "r is 0") != NULL);
    CHECK(j.customers == 77);
}
