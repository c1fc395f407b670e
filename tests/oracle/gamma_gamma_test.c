/* Gamma-Gamma against mpmath: tests/oracle/gamma_gamma.csv (made by make_gamma_gamma.py beside it, which says what its lines
 * are). */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "patron/spend.h"
#include "worlds.h"

enum { ROWS_MAX = 100 };

/* Calls `take` with the words after "what," of each line: all before the comma, then all after. */
static int each_line(const char *what, void (*take)(char *arguments, char *values))
{
    FILE *csv = fopen("tests/oracle/gamma_gamma.csv", "r");
    CHECK(csv != NULL);
    char line[256];
    int lines = 0;
    while (fgets(line, sizeof line, csv)) {
        const size_t length = strcspn(line, ",");
        if (strlen(what) != length || strncmp(line, what, length) != 0)
            continue;
        char *values = strchr(line + length + 1, ',');
        CHECK(values != NULL);
        *values = '\0';
        take(line + length + 1, values + 1);
        lines++;
    }
    fclose(csv);
    return lines;
}

/* ---- fits ---- */

static struct {
    const char *name; /* the table wanted */
    size_t n;
    double purchases[ROWS_MAX], mean[ROWS_MAX], customers[ROWS_MAX];
} table;

static void take_row(char *arguments, char *values)
{
    char name[16];
    double x, z, weight;
    (void)values;
    CHECK(sscanf(arguments, "%15s %lf %lf %lf", name, &x, &z, &weight) == 4);
    if (strcmp(name, table.name) != 0)
        return;
    CHECK(table.n < ROWS_MAX);
    table.purchases[table.n] = x;
    table.mean[table.n] = z;
    table.customers[table.n++] = weight;
}

static void take_fit(char *arguments, char *values)
{
    char name[16], prior[16], limit[32];
    double p, q, gamma, log_likelihood;
    CHECK(sscanf(arguments, "%15s %15s %31s", name, prior, limit) == 3);
    CHECK(sscanf(values, "%lf %lf %lf %lf", &p, &q, &gamma, &log_likelihood) == 4);
    table.name = name;
    table.n = 0;
    each_line("row", take_row);
    const patron_spends spends = {table.n, table.purchases, table.mean, table.customers};
    const patron_fit_options options = {strcmp(prior, "weak") == 0 ? PATRON_PRIOR_WEAK : PATRON_PRIOR_NONE,
                                        NULL, NULL};
    patron_spend_fit found;
    CHECK_OK(patron_gamma_gamma_fit(&spends, &options, &found, &err));
    const patron_gamma_gamma *g = &found.parameters;
    if (getenv("PATRON_SHOW"))
        print_message("%s, %s: p %.6g q %.6g gamma %.6g %s, LL %.6f, %u evaluations\n", name, prior, g->p,
                      g->q, g->gamma, found.limit, found.log_likelihood, found.evaluations);
    CHECK_STR(found.limit, strcmp(limit, "none") == 0 ? "" : limit);
    CHECK_EQ_INT(found.status, *found.limit ? PATRON_FIT_BOUNDARY : PATRON_FIT_INTERIOR);
    CHECK_REL(found.log_likelihood, log_likelihood, 1e-9);
    CHECK((p < 0) == (g->p > 1e9) && (q < 0) == (g->q > 1e9));
    if (p > 0)
        CHECK_REL(g->p, p, 1e-5);
    if (q > 0)
        CHECK_REL(g->q, q, 1e-5);
    CHECK_REL(p < 0 ? g->p * g->gamma : q < 0 ? g->gamma / g->q : g->gamma, gamma, 1e-5);
    CHECK(isnan(found.standard_error[0]) == (p < 0));
    CHECK(isnan(found.standard_error[1]) == (q < 0 || q == 1));
    CHECK(isnan(found.standard_error[2]) == (p < 0 || q < 0));
}

TEST(best_fits_match_mpmath)
{
    CHECK_EQ_INT(each_line("fit", take_fit), 10);
}

/* ---- expected spends ---- */

static void take_mean(char *arguments, char *values)
{
    patron_gamma_gamma g;
    double x, z;
    CHECK(sscanf(arguments, "%lf %lf %lf %lf %lf", &g.p, &g.q, &g.gamma, &x, &z) == 5);
    CHECK_REL(patron_gamma_gamma_mean(&g, x, z), strtod(values, NULL), 1e-14);
}

TEST(expected_spends_match_mpmath)
{
    CHECK_EQ_INT(each_line("mean", take_mean), 6);
}
