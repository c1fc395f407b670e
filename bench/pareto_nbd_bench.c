/* Pareto/NBD at size, one thread, in CPU seconds: grouping customers into states, fitting, scoring every
 * state.
 *
 *     build/bench/pareto_nbd_bench [weekly|daily|dense] [customers]
 *
 * weekly   1,000,000 customers like CDNOW's: 27 to 39 weeks of days, few purchases daily    20,000,000
 * customers over two years of days dense    1,000,000 customers in as many different states, about 127
 * purchases each */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "patron/forecast.h"

typedef struct shop {
    const char *name;
    double parameters[4];
    double youngest, oldest; /* days */
    size_t customers;
    bool distinct; /* so many states, one customer each */
} shop;

static const shop shops[] = {
    {"weekly", {0.55, 74.2, 0.61, 81.9}, 27 * 7, 39 * 7, 1000000, false},
    {"daily", {0.553, 74, 0.606, 82}, 1, 730, 20000000, false},
    {"dense", {1.5, 4.5, 0.6, 400}, 365, 1095, 1000000, true},
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void check(patron_status status, const patron_error *err)
{
    if (status == PATRON_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

static double *doubles(size_t n)
{
    double *a = malloc(n * sizeof *a);
    if (a)
        return a;
    fprintf(stderr, "out of memory for %zu numbers\n", n);
    exit(1);
}

typedef struct table {
    size_t n, room;
    double *frequency, *recency, *age, *weight;
} table;

static table open_table(size_t room)
{
    return (table){0, room, doubles(room), doubles(room), doubles(room), doubles(room)};
}

static void close_table(table *t)
{
    free(t->frequency);
    free(t->recency);
    free(t->age);
    free(t->weight);
}

static patron_states states_of(const table *t)
{
    return (patron_states){t->n, t->frequency, t->recency, t->age, t->weight};
}

/* Customers in portions, each grouped with the states so far. Returns the states; *grouping receives the
 * CPU seconds of grouping alone. */
static table make(const shop *s, size_t customers, double *grouping)
{
    patron_error err = {0};
    const patron_model *model = patron_model_find("pareto_nbd");
    table states = open_table(0);
    *grouping = 0;
    const size_t portion = s->distinct ? customers / 8 + 1 : customers < 2000000 ? customers : 2000000;
    for (size_t done = 0; (s->distinct ? states.n : done) < customers; done += portion) {
        table both = open_table(states.n + portion), next = open_table(states.n + portion);
        double *const column[4] = {both.frequency, both.recency, both.age, both.weight};
        const double *const before[4] = {states.frequency, states.recency, states.age, states.weight};
        for (int k = 0; k < 4 && states.n; k++)
            memcpy(column[k] + portion, before[k], states.n * sizeof(double));
        ptn_random random = ptn_random_open(1 + done, UINT64_MAX);
        for (size_t i = 0; i < portion; i++) {
            both.age[i] = s->youngest + floor((s->oldest - s->youngest + 1) * ptn_draw_uniform(&random));
            both.weight[i] = 1;
        }
        check(patron_model_simulate(model, s->parameters, portion, both.age, 0, 1, 1 + done, both.frequency,
                                    both.recency, NULL, &err),
              &err);
        both.n = states.n + portion;
        const double begin = cpu_seconds();
        const patron_states rows = states_of(&both);
        check(patron_history_distinct(&rows, next.frequency, next.recency, next.age, next.weight, NULL,
                                      &next.n, &err),
              &err);
        *grouping += cpu_seconds() - begin;
        close_table(&both);
        close_table(&states);
        states = next;
    }
    for (size_t i = 0; s->distinct && i < states.n; i++)
        states.weight[i] = 1;
    return states;
}

static void run(const shop *s, size_t customers)
{
    patron_error err = {0};
    patron_fit fit;
    double grouping, purchases = 0, weights = 0;
    table t = make(s, customers, &grouping);
    const patron_states states = states_of(&t);
    const double begin = cpu_seconds();
    check(patron_model_fit(patron_model_find("pareto_nbd"), &states, NULL, &fit, &err), &err);
    const double fitted = cpu_seconds();
    double *out[6];
    for (int k = 0; k < 6; k++)
        out[k] = doubles(t.n);
    patron_scores scores = {out[0], out[1], out[2], out[3], out[4], out[5]};
    const patron_score_options options = {.horizon = 365, .discount = log1p(0.1) / 365.25};
    const double ready = cpu_seconds();
    check(patron_model_score(fit.model, fit.parameters, &states, &options, &scores, &err), &err);
    const double scored = cpu_seconds();
    for (size_t i = 0; i < t.n; i++) {
        purchases += t.weight[i] * t.frequency[i];
        weights += t.weight[i];
    }
    printf("%-7s %9.0f customers, %8zu states, %.1f purchases each | grouping %.3f  fit %.3f (%u "
           "evaluations)  score %.3f\n",
           s->name, weights, t.n, purchases / weights, grouping, fitted - begin, fit.evaluations,
           scored - ready);
    printf("        r %.4f alpha %.3f s %.4f beta %.3f, log-likelihood %.3f\n", fit.parameters[0],
           fit.parameters[1], fit.parameters[2], fit.parameters[3], fit.log_likelihood);
    for (int k = 0; k < 6; k++)
        free(out[k]);
    close_table(&t);
}

int main(int argc, char **argv)
{
    for (size_t k = 0; k < sizeof shops / sizeof *shops; k++)
        if (argc < 2 || strcmp(argv[1], shops[k].name) == 0)
            run(&shops[k], argc > 2 ? strtoull(argv[2], NULL, 10) : shops[k].customers);
    return 0;
}
