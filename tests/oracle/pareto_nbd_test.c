/* Pareto/NBD against mpmath: every line of tests/oracle/pareto_nbd.csv (made by make_pareto_nbd.py beside
 * it). With PATRON_WORST in the environment each case prints its largest error and where it is. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "forecast/model.h"
#include "models.h"

enum { COLUMNS = 23, LINES_MAX = 500, COUNTS_MAX = 50000 };
enum {
    X = 4,
    T_X,
    T,
    LOG_LIKELIHOOD,
    BY_R,
    BY_ALPHA,
    BY_S,
    BY_BETA,
    P_ALIVE,
    HORIZON,
    DISCOUNT,
    PURCHASES,
    RESIDUAL,
    COUNT_1
};

typedef struct oracle {
    size_t n;
    double value[LINES_MAX][COLUMNS]; /* NaN: none */
    char text[LINES_MAX][512];
} oracle;

static oracle *read_oracle(void)
{
    oracle *o = calloc(1, sizeof *o);
    FILE *csv = fopen("tests/oracle/pareto_nbd.csv", "r");
    CHECK(o != NULL && csv != NULL);
    char line[512];
    CHECK(fgets(line, sizeof line, csv) != NULL); /* the header */
    while (fgets(line, sizeof line, csv)) {
        CHECK(o->n < LINES_MAX);
        memcpy(o->text[o->n], line, sizeof line);
        char *at = line;
        for (unsigned k = 0; k < COLUMNS; k++) {
            char *end;
            const double value = strtod(at, &end);
            o->value[o->n][k] = end == at ? NAN : value;
            at = end + 1;
        }
        o->n++;
    }
    fclose(csv);
    CHECK(o->n > 100);
    return o;
}

/* The largest error of a case, and its line. */
typedef struct worst {
    const char *name;
    double error;
    const char *line;
} worst;

static void compare(worst *w, double value, double expected, double scale, const char *line)
{
    const double error = fabs(value - expected) / scale;
    if (isnan(expected) || isnan(w->error) || error <= w->error)
        return; /* a NaN that is none of the oracle's stays, and fails */
    w->error = error;
    w->line = line;
}

static void check_worst(const worst *w, double tolerance)
{
    if (getenv("PATRON_WORST"))
        print_message("%-16s worst error %.1e at %s", w->name, w->error, w->line ? w->line : "none\n");
    if (!(w->error <= tolerance))
        print_error("worst of %s: %s", w->name, w->line);
    CHECK_NEAR(w->error, 0, tolerance);
}

static ptn_sample sample_of(const double *line)
{
    ptn_sample sample = {0};
    patron_error err = {0};
    const patron_states one = {.n = 1, .frequency = &line[X], .recency = &line[T_X], .age = &line[T]};
    if (ptn_sample_open(&sample, &one, false, &err) != PATRON_OK)
        fail_msg("%s", err.message);
    return sample;
}

TEST(log_likelihood_and_gradient_match_mpmath)
{
    oracle *o = read_oracle();
    worst value = {"log-likelihood", 0, NULL}, slope = {"gradient", 0, NULL};
    for (size_t i = 0; i < o->n; i++) {
        const double *line = o->value[i];
        ptn_sample sample = sample_of(line);
        double log_likelihood, gradient[4];
        CHECK(ptn_pareto_nbd.log_likelihood(line, &sample, &log_likelihood, gradient));
        compare(&value, log_likelihood, line[LOG_LIKELIHOOD], fmax(1, fabs(line[LOG_LIKELIHOOD])),
                o->text[i]);
        for (unsigned k = 0; k < 4; k++) /* each is a difference of terms as large as x and s */
            compare(&slope, gradient[k], line[BY_R + k], 1 + line[X] + fabs(line[BY_R + k]), o->text[i]);
        ptn_sample_close(&sample);
    }
    check_worst(&value, 1e-13);
    check_worst(&slope, 1e-11);
    free(o);
}

TEST(p_alive_matches_mpmath)
{
    oracle *o = read_oracle();
    worst w = {"p_alive", 0, NULL};
    for (size_t i = 0; i < o->n; i++) {
        ptn_sample sample = sample_of(o->value[i]);
        double p_alive;
        CHECK(ptn_pareto_nbd.p_alive(o->value[i], &sample, &p_alive));
        compare(&w, p_alive, o->value[i][P_ALIVE], o->value[i][P_ALIVE], o->text[i]);
        ptn_sample_close(&sample);
    }
    check_worst(&w, 1e-11);
    free(o);
}

TEST(purchases_and_residual_match_mpmath)
{
    oracle *o = read_oracle();
    worst purchases = {"purchases", 0, NULL}, residual = {"residual", 0, NULL};
    for (size_t i = 0; i < o->n; i++) {
        const double *line = o->value[i];
        compare(&purchases, ptn_pareto_nbd.alive_purchases(line, line[X], line[T], line[HORIZON]),
                line[PURCHASES], line[PURCHASES], o->text[i]);
        compare(&residual, ptn_pareto_nbd.alive_residual(line, line[X], line[T], line[DISCOUNT]),
                line[RESIDUAL], line[RESIDUAL], o->text[i]);
    }
    check_worst(&purchases, 1e-13);
    check_worst(&residual, 1e-11);
    free(o);
}

TEST(law_of_counts_matches_mpmath)
{
    oracle *o = read_oracle();
    worst w = {"pmf", 0, NULL};
    double *pmf = malloc(COUNTS_MAX * sizeof *pmf);
    CHECK(pmf != NULL);
    for (size_t i = 0; i < o->n; i++) {
        const double *line = o->value[i];
        for (unsigned k = COUNT_1; k < COLUMNS; k += 2) {
            const size_t count = (size_t)line[k];
            CHECK(count < COUNTS_MAX);
            CHECK_EQ_INT(
                ptn_pareto_nbd.alive_pmf(line, line[X], line[T], line[HORIZON], INFINITY, pmf, count + 1),
                count + 1);
            compare(&w, pmf[count], line[k + 1], line[k + 1], o->text[i]);
        }
    }
    check_worst(&w, 1e-9);
    free(pmf);
    free(o);
}
