/* BG/NBD and MBG/NBD against mpmath: every line of the CSV file that make_bg_nbd.py writes, which says what a line holds.
 * With PATRON_WORST in the environment each case prints its largest error and where it is. */
#ifndef PTN_GEOMETRIC_ORACLE_H
#define PTN_GEOMETRIC_ORACLE_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "forecast/model.h"
#include "models.h"

enum { NUMBERS_MAX = 16, COUNTS_MAX = 40000 };

/* The largest error of a case, and its line. */
typedef struct worst {
    const char *name;
    double error;
    char line[400];
} worst;

static inline void compare(worst *w, double value, double expected, double scale, const char *line)
{
    const double error = value == expected ? 0 : fabs(value - expected) / scale;
    if (isnan(w->error) || error <= w->error)
        return; /* a NaN stays, and fails */
    w->error = error;
    snprintf(w->line, sizeof w->line, "%s", line);
}

static inline void check_worst(const worst *w, double tolerance)
{
    if (getenv("PATRON_WORST"))
        print_message("%-16s worst error %.1e at %s", w->name, w->error, w->line);
    if (!(w->error <= tolerance))
        print_error("worst of %s: %s", w->name, w->line);
    CHECK_NEAR(w->error, 0, tolerance);
}

/* Calls take(model, arguments, values) for each line that begins with `what`; numbers are separated by blanks and commas. */
typedef void take(const patron_model *model, const double *numbers, const char *line, worst *w);

static inline void each_line(const patron_model *model, const char *path, const char *what, take *take_line,
                             worst *w)
{
    FILE *csv = fopen(path, "r");
    CHECK(csv != NULL);
    char line[400];
    size_t lines = 0;
    while (fgets(line, sizeof line, csv)) {
        double numbers[NUMBERS_MAX];
        const size_t length = strcspn(line, ",");
        if (strlen(what) != length || strncmp(line, what, length) != 0)
            continue;
        char *at = line + length + 1, *end;
        for (unsigned i = 0; i < NUMBERS_MAX; i++, at = end + (*end == ','))
            numbers[i] = strtod(at, &end);
        take_line(model, numbers, line, w);
        lines++;
    }
    fclose(csv);
    CHECK(lines > 50);
}

enum { X = 4, T_X, T }; /* of a state */

static inline ptn_sample sample_of(const double *numbers)
{
    ptn_sample sample = {0};
    patron_error err = {0};
    const patron_states one = {
        .n = 1, .frequency = &numbers[X], .recency = &numbers[T_X], .age = &numbers[T]};
    if (ptn_sample_open(&sample, &one, false, &err) != PATRON_OK)
        fail_msg("%s", err.message);
    return sample;
}

static inline void take_log_likelihood(const patron_model *model, const double *numbers, const char *line,
                                       worst *w)
{
    ptn_sample sample = sample_of(numbers);
    double value;
    CHECK(model->log_likelihood(numbers, &sample, &value, NULL));
    compare(w, value, numbers[7], 1 + numbers[X] + fabs(numbers[7]),
            line); /* a difference of terms as large as x ln x */
    ptn_sample_close(&sample);
}

static inline void take_gradient(const patron_model *model, const double *numbers, const char *line, worst *w)
{
    ptn_sample sample = sample_of(numbers);
    double value, gradient[4];
    CHECK(model->log_likelihood(numbers, &sample, &value, gradient));
    for (unsigned k = 0; k < 4; k++) /* each is a difference of terms as large as x */
        compare(w, gradient[k], numbers[8 + k], 1 + numbers[X] + fabs(numbers[8 + k]), line);
    ptn_sample_close(&sample);
}

static inline void take_p_alive(const patron_model *model, const double *numbers, const char *line, worst *w)
{
    ptn_sample sample = sample_of(numbers);
    double p_alive;
    CHECK(model->p_alive(numbers, &sample, &p_alive));
    if (numbers[12] >= 1e-290)
        compare(w, p_alive, numbers[12], numbers[12], line);
    else
        CHECK(p_alive < 1e-289);
    ptn_sample_close(&sample);
}

static inline void take_purchases(const patron_model *model, const double *numbers, const char *line,
                                  worst *w)
{
    compare(w, model->alive_purchases(numbers, numbers[4], numbers[5], numbers[6]), numbers[7], numbers[7],
            line);
}

static inline void take_residual(const patron_model *model, const double *numbers, const char *line, worst *w)
{
    compare(w, model->alive_residual(numbers, numbers[4], numbers[5], numbers[6]), numbers[7], numbers[7],
            line);
}

static inline void take_pmf(const patron_model *model, const double *numbers, const char *line, worst *w)
{
    static double pmf[COUNTS_MAX];
    const size_t n = (size_t)numbers[7];
    CHECK(n < COUNTS_MAX);
    CHECK_EQ_INT(model->alive_pmf(numbers, numbers[4], numbers[5], numbers[6], INFINITY, pmf, n + 1), n + 1);
    compare(w, pmf[n], numbers[8], numbers[8], line);
}

static inline void check_against(const patron_model *model, const char *path, const char *what,
                                 take *take_line, const char *name, double tolerance)
{
    worst w = {.name = name};
    each_line(model, path, what, take_line, &w);
    check_worst(&w, tolerance);
}

#endif
