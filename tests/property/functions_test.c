/* The SQL functions under the sanitizers: the same bits on any number of threads and in any order of rows, no memory lost
 * where something goes wrong, and fits that can be stopped. What they say is in tests/functions. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "duck.h"
#include "register.h"
#include "store.h"
#include "store_columns.h"
#include "worlds.h"

enum { CUSTOMERS = 30000 };

#define RUN(store, ...)                                                                                      \
    do {                                                                                                     \
        ptn_problem fault = {0};                                                                             \
        if (ptn_store_runf(store, &fault, __VA_ARGS__) != PATRON_OK)                                         \
            fail_msg("%s: %s", fault.what, fault.why);                                                       \
    } while (0)

static ptn_store *open_store(void)
{
    ptn_store *store = NULL;
    ptn_problem problem = {0};
    if (ptn_store_open(&store, &(ptn_store_options){0}, &problem) != PATRON_OK)
        fail_msg("%s: %s", problem.what, problem.why);
    return store;
}

/* A table `people` of customers of a shop: i, frequency, recency, age in days. */
static void add_people(ptn_store *store, size_t n)
{
    customers c = simulate(patron_model_find("pareto_nbd"), n, 30, 1, 11);
    double *i = malloc(n * sizeof *i);
    ptn_problem problem = {0};
    for (size_t k = 0; k < n; k++)
        i[k] = (double)k;
    RUN(store, "CREATE TABLE people (i DOUBLE, frequency DOUBLE, recency DOUBLE, age DOUBLE)");
    const double *columns[] = {i, c.frequency, c.recency, c.age};
    CHECK_EQ_INT(ptn_store_append(store, "main", "people", 4, n, columns, &problem), PATRON_OK);
    free(i);
    free_customers(&c);
}

static char *text_of(ptn_store *store, const char *sql)
{
    char *text = NULL;
    ptn_problem problem = {0};
    if (ptn_store_text(store, sql, &text, &problem) != PATRON_OK)
        fail_msg("%s: %s\n%s", problem.what, problem.why, sql);
    return text;
}

/* Rows in order on one thread, and in three random orders on four: the same text, to the last digit. %s in `question` is a
 * table like people. */
static void check_same_bits(ptn_store *store, const char *question)
{
    char sql[4000];
    RUN(store, "SET threads = 1");
    snprintf(sql, sizeof sql, question, "people");
    char *expected = text_of(store, sql);
    CHECK(expected != NULL);
    RUN(store, "SET threads = 4");
    for (int salt = 0; salt < 3; salt++) {
        RUN(store, "CREATE OR REPLACE TEMP TABLE shuffled AS FROM people ORDER BY hash(i + %d)", salt);
        snprintf(sql, sizeof sql, question, "shuffled");
        char *found = text_of(store, sql);
        CHECK_STR(found, expected);
        free(found);
    }
    RUN(store, "SET threads = 1");
    free(expected);
}

TEST(fits_are_the_same_bits_for_any_threads_and_order)
{
    ptn_store *store = open_store();
    add_people(store, 300000); /* more than two row groups, so that threads have something to share */
    for (unsigned i = 0; patron_model_at(i); i++) {
        char question[400];
        const char *name = patron_model_describe(patron_model_at(i))->name;
        snprintf(question, sizeof question, "SELECT %s_fit(frequency, recency, age)::VARCHAR FROM %%s", name);
        check_same_bits(store, question);
        snprintf(question, sizeof question,
                 "SELECT %s_fit(frequency, recency / 7, age / 7, 3, 'none')::VARCHAR FROM %%s", name);
        check_same_bits(store, question);
        snprintf(question, sizeof question, /* exact moments */
                 "SELECT %s_fit(frequency, recency * (1 + i / 1e7), age * (1 + i / 1e7))::VARCHAR FROM %%s "
                 "WHERE i < 2000",
                 name);
        check_same_bits(store, question);
    }
    ptn_store_close(store);
}

TEST(groups_are_the_same_bits_for_any_threads_and_order)
{
    ptn_store *store = open_store();
    add_people(store, CUSTOMERS);
    check_same_bits(store, "SELECT list(fit ORDER BY cohort)::VARCHAR FROM (SELECT age %% 5 AS cohort,"
                           " bg_nbd_fit(frequency, recency, age) AS fit FROM %s GROUP BY ROLLUP (cohort))");
    check_same_bits(store,
                    "SELECT gamma_gamma_fit(frequency, age / 10) FILTER (frequency > 0)::VARCHAR FROM %s");
    check_same_bits(store,
                    "SELECT normal_normal_fit(frequency, age - 200) FILTER (frequency > 0)::VARCHAR FROM %s");
    check_same_bits(store,
                    "SELECT list(days ORDER BY person)::VARCHAR FROM (SELECT i::INTEGER %% 50 AS person,"
                    " purchase_days(DATE '2020-01-01' + (age * 31 + recency)::INTEGER %% 900) AS days FROM "
                    "%s GROUP BY ALL)");
    ptn_store_close(store);
}

/* Scores of a table that is read in its order. */
TEST(scores_are_the_same_bits_for_any_threads)
{
    ptn_store *store = open_store();
    add_people(store, 300000);
    for (unsigned i = 0; patron_model_at(i); i++) {
        char sql[600], *told[2];
        const char *name = patron_model_describe(patron_model_at(i))->name;
        snprintf(sql, sizeof sql,
                 "SELECT md5(string_agg(score::VARCHAR, ' ' ORDER BY i)) FROM (SELECT i, %s_scores(params, "
                 "frequency,"
                 " recency, age, 90, 0.0003, 0.8) AS score FROM people, (SELECT %s_fit(frequency, recency, "
                 "age) AS params FROM people))",
                 name, name);
        for (int k = 0; k < 2; k++) {
            RUN(store, "SET threads = %d", k ? 4 : 1);
            told[k] = text_of(store, sql);
        }
        CHECK_STR(told[1], told[0]);
        free(told[0]);
        free(told[1]);
    }
    ptn_store_close(store);
}

TEST(parameters_of_each_row_are_its_own)
{
    ptn_store *store = open_store();
    add_people(store, CUSTOMERS);
    RUN(store, "CREATE TABLE fits AS SELECT i, params FROM (SELECT i, {'r': 0.3 + i / 10, 'alpha': 74.0, "
               "'s': 0.61, 'beta': 82.0} AS params"
               " FROM range(7) AS r(i))");
    char *other = text_of(
        store, "SELECT count(*) FILTER (abs(mixed / own - 1) > 1e-12)::VARCHAR || ' of ' || count(*) FROM ("
               "SELECT people.i, pareto_nbd_expected_purchases(params, frequency, recency, age, 90 + fits.i) "
               "AS mixed"
               " FROM people JOIN fits ON fits.i = people.i % 7) JOIN ("
               "SELECT i, pareto_nbd_expected_purchases({'r': 0.6, 'alpha': 74.0, 's': 0.61, 'beta': 82.0}, "
               "frequency, recency, age, 93) AS own"
               " FROM people WHERE i % 7 = 3) USING (i)");
    CHECK_STR(other, "0 of 4286");
    free(other);
    ptn_store_close(store);
}

/* ---- faults: what was allocated is freed, which the leak checker sees at the end ----
 * On one thread: when one of several fails, DuckDB 1.5 forgets the states of those that are done already. */

static void check_fails(ptn_store *store, const char *sql, const char *words)
{
    ptn_problem problem = {0};
    CHECK(ptn_store_run(store, sql, &problem) != PATRON_OK);
    if (!strstr(problem.why, words))
        fail_msg("\"%s\" does not say \"%s\"", problem.why, words);
}

TEST(errors_lose_no_memory)
{
    static const char *const questions[][2] = {
        {"SELECT pareto_nbd_fit(frequency, recency, age) FROM people", "recency lies between 0 and age"},
        {"SELECT i::INTEGER % 9000, bg_nbd_fit(frequency, recency, age) FROM people GROUP BY ALL",
         "recency lies between 0 and age"},
        {"SELECT bg_nbd_fit(frequency, recency, age, 1, CASE WHEN i < 0 THEN 'none' ELSE 'weak' END)"
         " FROM people WHERE i <> -1",
         "the prior differs between rows"},
        {"SELECT gamma_gamma_fit(frequency + 1, i) FROM people WHERE frequency > 0",
         "mean is a finite amount above 0"},
        {"SELECT max(pareto_nbd_p_alive({'r': 0.5, 'alpha': 74, 's': 0.6, 'beta': 82}, frequency, recency, "
         "age))"
         " FROM people",
         "recency lies between 0 and age"},
        {"SELECT i::INTEGER % 3,"
         " purchase_days(CASE WHEN i = -2 THEN 'infinity'::DATE ELSE DATE '2020-01-01' + age::INTEGER END)"
         " FROM people GROUP BY ALL",
         "an infinite date"},
    };
    ptn_store *store = open_store();
    add_people(store, CUSTOMERS);
    RUN(store, "INSERT INTO people VALUES (-1, 2, 50, 40), (-2, 0, 0, 40)");
    RUN(store, "SET threads = 1");
    for (size_t k = 0; k < sizeof questions / sizeof *questions; k++)
        check_fails(store, questions[k][0], questions[k][1]);
    ptn_store_close(store);
}

TEST(fits_of_many_groups_and_windows_lose_no_memory)
{
    ptn_store *store = open_store();
    add_people(store, CUSTOMERS);
    for (int threads = 1; threads <= 4; threads += 3) {
        RUN(store, "SET threads = %d", threads);
        char *text = text_of(
            store,
            "SELECT count(fit.customers)::VARCHAR FROM (SELECT mbg_nbd_fit(frequency, recency, age) AS fit"
            " FROM people GROUP BY i::INTEGER % 5000)");
        CHECK_STR(text, "5000");
        free(text);
        text = text_of(
            store,
            "SELECT count(DISTINCT fit.customers)::VARCHAR FROM (SELECT mbg_nbd_fit(frequency, recency, age)"
            " OVER (ORDER BY i ROWS BETWEEN 60 PRECEDING AND CURRENT ROW) AS fit FROM people WHERE i < 300)");
        CHECK_STR(text, "61");
        free(text);
    }
    ptn_store_close(store);
}

/* ---- cancelling ---- */

typedef struct canceller {
    ptn_function_host host;
    duckdb_connection connection;
    atomic_bool done;
} canceller;

/* As the engine does it: once the fit is under way the flag is set, and DuckDB interrupted. */
static void *cancel_soon(void *context)
{
    canceller *c = context;
    while (atomic_load(&c->host.evaluations) < 3 && !atomic_load(&c->done))
        usleep(1000);
    atomic_store(&c->host.cancel, true);
    return NULL;
}

TEST(fits_can_be_cancelled)
{
    static const char *const questions[] = {
        "SELECT pareto_nbd_fit(frequency, recency, age) FROM people",
        "SELECT i % 200, bg_nbd_fit(frequency, recency, age) FROM people GROUP BY ALL",
        "SELECT gamma_gamma_fit(frequency + 1, age) FROM people",
    };
    canceller c = {0};
    duckdb_database database;
    CHECK_EQ_INT(duckdb_open(NULL, &database), DuckDBSuccess);
    CHECK_EQ_INT(duckdb_connect(database, &c.connection), DuckDBSuccess);
    CHECK(ptn_functions_register(c.connection, &c.host));
    CHECK_EQ_INT(duckdb_query(c.connection, "SET threads = 1", NULL), DuckDBSuccess);
    CHECK_EQ_INT(
        duckdb_query(
            c.connection,
            "CREATE TABLE people AS SELECT i, (i % 7)::DOUBLE AS frequency,"
            " CASE WHEN i % 7 = 0 THEN 0 ELSE 1 + i * 31 % 180 END AS recency, 200 + i * 17 % 500 AS age"
            " FROM range(200000) AS r(i)",
            NULL),
        DuckDBSuccess);
    for (size_t k = 0; k < sizeof questions / sizeof *questions; k++) {
        duckdb_result result;
        pthread_t thread;
        c.done = false;
        c.host.cancel = false;
        c.host.evaluations = 0;
        CHECK_EQ_INT(pthread_create(&thread, NULL, cancel_soon, &c), 0);
        const duckdb_state state = duckdb_query(c.connection, questions[k], &result);
        atomic_store(&c.done, true);
        pthread_join(thread, NULL);
        CHECK_EQ_INT(state, DuckDBError);
        CHECK(strstr(duckdb_result_error(&result), "cancelled") != NULL);
        duckdb_destroy_result(&result);
    }
    c.host.cancel = false; /* and work again */
    CHECK_EQ_INT(duckdb_query(c.connection, questions[1], NULL), DuckDBSuccess);
    duckdb_disconnect(&c.connection);
    duckdb_close(&database);
}
