/* core/math against mpmath: every line of tests/oracle/math.csv (made by make_math.py beside it). */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "math/gamma.h"
#include "math/logspace.h"

typedef struct function {
    const char *name;
    unsigned arity;
    union {
        double (*f1)(double);
        double (*f2)(double, double);
        double (*f3)(double, double, double);
        double (*f4)(double, double, double, double);
    };
    double tolerance; /* relative */
} function;

static const function functions[] = {
    {"lgamma", 1, {.f1 = ptn_lgamma}, 1e-15},
    {"digamma", 1, {.f1 = ptn_digamma}, 1e-15},
    {"trigamma", 1, {.f1 = ptn_trigamma}, 1e-15},
    {"lgamma_ratio", 2, {.f2 = ptn_lgamma_ratio}, 5e-15},
    {"digamma_difference", 2, {.f2 = ptn_digamma_difference}, 2e-15},
    {"lbeta", 2, {.f2 = ptn_lbeta}, 5e-15},
    {"lbeta_ratio", 4, {.f4 = ptn_lbeta_ratio}, 5e-15},
    {"gamma_p", 2, {.f2 = ptn_gamma_p}, 3e-13},
    {"gamma_q", 2, {.f2 = ptn_gamma_q}, 3e-13},
    {"beta_i", 3, {.f3 = ptn_beta_i}, 1e-13},
    {"normal_cdf", 1, {.f1 = ptn_normal_cdf}, 3e-13},
    {"normal_quantile", 1, {.f1 = ptn_normal_quantile}, 1e-15},
    {"student_cdf", 2, {.f2 = ptn_student_cdf}, 1e-13},
    {"student_quantile", 2, {.f2 = ptn_student_quantile}, 1e-13},
    {"log1p_minus", 1, {.f1 = ptn_log1p_minus}, 1e-15},
    {"expm1_over", 2, {.f2 = ptn_expm1_over}, 1e-15},
};

static double value_at(const function *f, const double *a)
{
    switch (f->arity) {
    case 1: return f->f1(a[0]);
    case 2: return f->f2(a[0], a[1]);
    case 3: return f->f3(a[0], a[1], a[2]);
    default: return f->f4(a[0], a[1], a[2], a[3]);
    }
}

/* Checks the function's lines; with PATRON_WORST in the environment prints its largest error and where. */
static void check_function(const char *name)
{
    const function *f = functions;
    while (strcmp(f->name, name) != 0)
        f++;
    FILE *csv = fopen("tests/oracle/math.csv", "r");
    CHECK(csv != NULL);
    char line[256], worst_line[256] = "";
    double worst = 0;
    int lines = 0;
    while (fgets(line, sizeof line, csv)) {
        const size_t length = strcspn(line, ",");
        if (strlen(name) != length || strncmp(line, name, length) != 0)
            continue;
        double a[4] = {0};
        char *at = line + length + 1;
        for (unsigned i = 0; i < f->arity; i++)
            a[i] = strtod(at, &at);
        const double expected = strtod(at + 1, NULL), value = value_at(f, a);
        const double error = value == expected ? 0 : fabs(value - expected) / fabs(expected);
        if (!(error <= worst)) {
            worst = error;
            strcpy(worst_line, line);
        }
        lines++;
    }
    fclose(csv);
    if (getenv("PATRON_WORST"))
        print_message("%-20s %4d points, worst relative error %.1e at %s", name, lines, worst, worst_line);
    if (!(worst <= f->tolerance))
        print_error("worst of %s: %s", name, worst_line);
    CHECK(lines > 0);
    CHECK_NEAR(worst, 0, f->tolerance);
}

TEST(lgamma_matches_mpmath) { check_function("lgamma"); }
TEST(digamma_matches_mpmath) { check_function("digamma"); }
TEST(trigamma_matches_mpmath) { check_function("trigamma"); }
TEST(lgamma_ratio_matches_mpmath) { check_function("lgamma_ratio"); }
TEST(digamma_difference_matches_mpmath) { check_function("digamma_difference"); }
TEST(lbeta_matches_mpmath) { check_function("lbeta"); }
TEST(lbeta_ratio_matches_mpmath) { check_function("lbeta_ratio"); }
TEST(gamma_p_matches_mpmath) { check_function("gamma_p"); }
TEST(gamma_q_matches_mpmath) { check_function("gamma_q"); }
TEST(beta_i_matches_mpmath) { check_function("beta_i"); }
TEST(normal_cdf_matches_mpmath) { check_function("normal_cdf"); }
TEST(normal_quantile_matches_mpmath) { check_function("normal_quantile"); }
TEST(student_cdf_matches_mpmath) { check_function("student_cdf"); }
TEST(student_quantile_matches_mpmath) { check_function("student_quantile"); }
TEST(log1p_minus_matches_mpmath) { check_function("log1p_minus"); }
TEST(expm1_over_matches_mpmath) { check_function("expm1_over"); }
