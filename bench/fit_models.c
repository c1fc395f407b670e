/* Groups, fits and scores simulated customers with one model, one thread, in CPU seconds:
 *
 *     build/bench/fit_models FILE MODEL RUNS [score]
 *
 * FILE is make_customers'. Prints one JSON object: every run's seconds for grouping customers into states and for the fit (a fit
 * takes states, so the two together are what a table of customers costs), and with `score` for asking every state for all there is:
 * purchases within a year, p_alive, p_buys, residual and the 80 % interval. */
#include <math.h>
#include <time.h>

#include "shops.h"

enum { RUNS_MAX = 100 };

typedef struct customers {
    size_t n;
    double *at[3]; /* frequency, recency, age */
} customers;

typedef struct states {
    patron_states of;
    double *at[4]; /* and how many customers */
} states;

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static customers load(const char *path)
{
    customers c = {0};
    FILE *file = fopen(path, "rb");
    long size = 0;
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    c.n = size > 0 ? (size_t)size / (3 * sizeof(double)) : 0;
    double *block = room_for(3 * c.n, sizeof *block);
    if (!file || fseek(file, 0, SEEK_SET) != 0 || c.n == 0 || fread(block, sizeof *block, 3 * c.n, file) != 3 * c.n) {
        fprintf(stderr, "%s cannot be read as three arrays of numbers\n", path);
        exit(1);
    }
    fclose(file);
    for (size_t k = 0; k < 3; k++)
        c.at[k] = block + k * c.n;
    return c;
}

static double group(const customers *c, states *out)
{
    patron_error err = {0};
    const patron_states rows = {.n = c->n, .frequency = c->at[0], .recency = c->at[1], .age = c->at[2]};
    size_t n;
    const double begin = cpu_seconds();
    must(patron_history_distinct(&rows, out->at[0], out->at[1], out->at[2], out->at[3], NULL, &n, &err), &err);
    out->of = (patron_states){n, out->at[0], out->at[1], out->at[2], out->at[3]};
    return cpu_seconds() - begin;
}

static double fit(const patron_model *model, const states *s, patron_fit *out)
{
    patron_error err = {0};
    const double begin = cpu_seconds();
    must(patron_model_fit(model, &s->of, &(patron_fit_options){.prior = PATRON_PRIOR_NONE}, out, &err), &err);
    return cpu_seconds() - begin;
}

static double score(const patron_fit *fitted, const states *s, double *room)
{
    patron_error err = {0};
    const size_t n = s->of.n;
    patron_scores want = {room, room + n, room + 2 * n, room + 3 * n, room + 4 * n, room + 5 * n};
    const patron_score_options options = {.horizon = 365, .discount = log1p(0.1) / 365.25};
    const double begin = cpu_seconds();
    must(patron_model_score(fitted->model, fitted->parameters, &s->of, &options, &want, &err), &err);
    return cpu_seconds() - begin;
}

static void print_runs(const char *name, const double *seconds, int runs)
{
    printf(", \"%s\": [", name);
    for (int k = 0; k < runs; k++)
        printf("%s%.6f", k ? ", " : "", seconds[k]);
    printf("]");
}

int main(int argc, char **argv)
{
    const patron_model *model = argc >= 4 ? patron_model_find(argv[2]) : NULL;
    const int runs = model ? atoi(argv[3]) : 0;
    const bool with_scores = argc == 5 && strcmp(argv[4], "score") == 0;
    if (runs < 1 || runs > RUNS_MAX || (argc == 5) != with_scores) {
        fprintf(stderr, "usage: fit_models FILE MODEL RUNS [score]\n");
        return 2;
    }
    const customers c = load(argv[1]);
    const patron_model_info *info = patron_model_describe(model);
    static double grouping[RUNS_MAX], fitting[RUNS_MAX], scoring[RUNS_MAX];
    states s;
    patron_fit fitted;
    for (size_t k = 0; k < 4; k++)
        s.at[k] = room_for(c.n, sizeof(double));
    for (int k = 0; k < runs; k++) {
        grouping[k] = group(&c, &s);
        fitting[k] = fit(model, &s, &fitted);
    }
    double *room = with_scores ? room_for(6 * s.of.n, sizeof *room) : NULL;
    for (int k = 0; with_scores && k < runs; k++)
        scoring[k] = score(&fitted, &s, room);
    printf("{\"customers\": %zu, \"states\": %zu, \"status\": \"%s%s%s\", \"log_likelihood\": %.3f, \"parameters\": {", c.n, s.of.n,
           fitted.status == PATRON_FIT_INTERIOR ? "interior" : "boundary", fitted.limit[0] ? ": " : "", fitted.limit,
           fitted.log_likelihood);
    for (unsigned k = 0; k < info->parameter_count; k++)
        printf("%s\"%s\": %.8g", k ? ", " : "", info->parameter[k], fitted.parameters[k]);
    printf("}");
    print_runs("grouping", grouping, runs);
    print_runs("fit", fitting, runs);
    if (with_scores)
        print_runs("score", scoring, runs);
    printf("}\n");
    free(room);
    for (size_t k = 0; k < 4; k++)
        free(s.at[k]);
    free(c.at[0]);
    return 0;
}
