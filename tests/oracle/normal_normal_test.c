/* Shrunken means against mpmath: tests/oracle/normal_normal.csv (made by make_normal_normal.py beside it). */
#include "check.h"

#include <stdio.h>

#include "patron/spend.h"
#include "worlds.h"

enum { ROWS_MAX = 100 };

static void check_fit(const char *name, const patron_means *means, const double *expected)
{
    patron_normal_normal found;
    CHECK_OK(patron_normal_normal_fit(means, &found, &err));
    if (getenv("PATRON_SHOW"))
        print_message("%s: centre %.9g between %.9g within %.9g\n", name, found.centre, found.between,
                      found.within);
    CHECK_REL(found.centre, expected[0], 1e-9);
    CHECK_REL(found.between, expected[1], 1e-9);
    CHECK_REL(found.within, expected[2], 1e-9);
}

TEST(best_fits_match_mpmath)
{
    FILE *csv = fopen("tests/oracle/normal_normal.csv", "r");
    char line[256], name[16];
    double count[ROWS_MAX], mean[ROWS_MAX], squares[ROWS_MAX], expected[3];
    size_t n = 0, fits = 0;
    CHECK(csv != NULL);
    while (fgets(line, sizeof line, csv)) {
        CHECK(n < ROWS_MAX);
        if (sscanf(line, "row,%15s %lf %lf %lf", name, &count[n], &mean[n], &squares[n]) == 4) {
            n++;
            continue;
        }
        CHECK(sscanf(line, "fit,%15[a-z],%lf %lf %lf", name, &expected[0], &expected[1], &expected[2]) == 4);
        check_fit(name, &(patron_means){n, count, mean, squares[0] < 0 ? NULL : squares}, expected);
        n = 0;
        fits++;
    }
    fclose(csv);
    CHECK_EQ_INT(fits, 8);
}
