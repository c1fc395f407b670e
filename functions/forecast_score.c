/* <model>_p_alive, _p_buys, _expected_purchases, _residual, _interval and _scores (all of them in one pass) of params,
 * frequency, recency, age and what else each asks. params is what <model>_fit gave, or a STRUCT of the parameters by hand.
 * Where it or an argument is NULL, so is the answer.
 *
 * Rows of a chunk that ask the same of the same parameters are scored together, in whatever order they stand: customers of
 * different cohorts, each with the fit of their own, may be mixed. Nothing is kept from chunk to chunk: measured on a
 * million distinct states, all six numbers cost about half a µs a state when states are sorted, a few µs when they are not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fit.h"
#include "state.h"

enum { P_ALIVE, P_BUYS, PURCHASES, RESIDUAL, LOW, HIGH, ANSWERS };
enum { HORIZON, DISCOUNT, CHANCE, ARGUMENTS };

static const char *const answer_name[ANSWERS] = {"p_alive", "p_buys", "purchases", "residual", "low", "high"};

/* What a function is asked after params, frequency, recency and age, and what it answers: a number, or a STRUCT. */
typedef struct question {
    const char *suffix;
    unsigned argument_count, arguments[ARGUMENTS];
    unsigned answer_count, answers[ANSWERS];
} question;

static const question questions[] = {
    {"p_alive", 0, {0}, 1, {P_ALIVE}},
    {"p_buys", 1, {HORIZON}, 1, {P_BUYS}},
    {"expected_purchases", 1, {HORIZON}, 1, {PURCHASES}},
    {"residual", 1, {DISCOUNT}, 1, {RESIDUAL}},
    {"interval", 2, {HORIZON, CHANCE}, 2, {LOW, HIGH}},
    {"scores", 3, {HORIZON, DISCOUNT, CHANCE}, 6, {P_ALIVE, P_BUYS, PURCHASES, RESIDUAL, LOW, HIGH}},
};

typedef struct score_function {
    const patron_model *model;
    const question *asks;
} score_function;

/* A row without NULLs. */
typedef struct asked {
    struct {
        double parameters[PATRON_PARAMETERS_MAX], arguments[ARGUMENTS];
    } of; /* rows that are equal in this are scored together; what is not asked is 0 */
    double x, t_x, T;
    idx_t row;
} asked;

static void fail(duckdb_function_info info, const score_function *self, const char *text)
{
    char message[700];
    const char *name = patron_model_describe(self->model)->name;
    snprintf(message, sizeof message, "%s_%s: %s", name, self->asks->suffix, ptn_without_name(text, name));
    duckdb_scalar_function_set_error(info, message);
}

/* ---- gathering ---- */

static bool check_row(duckdb_function_info info, const score_function *self, const asked *a)
{
    char text[240];
    const double *argument = a->of.arguments;
    const char *fault = ptn_state_fault(a->x, a->t_x, a->T);
    bool has[ARGUMENTS] = {false};
    for (unsigned k = 0; k < self->asks->argument_count; k++)
        has[self->asks->arguments[k]] = true;
    if (fault)
        ptn_state_words(text, sizeof text, a->x, a->t_x, a->T, fault);
    else if (has[HORIZON] && !(argument[HORIZON] > 0 && isfinite(argument[HORIZON])))
        snprintf(text, sizeof text, "horizon %.15g: a finite time above 0 was expected", argument[HORIZON]);
    else if (has[DISCOUNT] && !(argument[DISCOUNT] >= 0 && isfinite(argument[DISCOUNT])))
        snprintf(text, sizeof text, "discount %.15g: a rate a unit of time, 0 or more, was expected",
                 argument[DISCOUNT]);
    else if (has[CHANCE] && !(argument[CHANCE] > 0 && argument[CHANCE] < 1))
        snprintf(text, sizeof text, "chance %.15g: a number between 0 and 1 was expected", argument[CHANCE]);
    else
        return true;
    fail(info, self, text);
    return false;
}

static void set_null(const score_function *self, duckdb_vector out, idx_t row)
{
    ptn_set_null_struct(out, row, self->asks->answer_count > 1 ? self->asks->answer_count : 0);
}

/* Takes the rows that have everything; sets the others NULL. False: told as an error. */
static bool gather(duckdb_function_info info, const score_function *self, duckdb_data_chunk input,
                   duckdb_vector out, asked *rows, size_t *count)
{
    const question *asks = self->asks;
    const unsigned columns = 3 + asks->argument_count;
    const ptn_parameters parameters = ptn_parameters_of(duckdb_data_chunk_get_vector(input, 0),
                                                        patron_model_describe(self->model)->parameter_count);
    ptn_doubles in[3 + ARGUMENTS];
    ptn_doubles_of_chunk(input, 1, columns, in);
    *count = 0;
    for (idx_t i = 0, n = duckdb_data_chunk_get_size(input); i < n; i++) {
        asked *a = &rows[*count];
        *a = (asked){.row = i};
        if (ptn_any_null(in, columns, i) || !ptn_parameters_at(&parameters, i, a->of.parameters)) {
            set_null(self, out, i);
            continue;
        }
        a->x = in[0].value[i];
        a->t_x = in[1].value[i];
        a->T = in[2].value[i];
        for (unsigned k = 0; k < asks->argument_count; k++)
            a->of.arguments[asks->arguments[k]] = in[3 + k].value[i];
        if (!check_row(info, self, a))
            return false;
        ++*count;
    }
    return true;
}

static int by_asked(const void *l, const void *r)
{
    const asked *a = l, *b = r;
    const int order = memcmp(&a->of, &b->of, sizeof a->of);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

static void put_together(asked *rows, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (memcmp(&rows[i].of, &rows[0].of, sizeof rows->of) != 0) {
            qsort(rows, n, sizeof *rows, by_asked);
            return;
        }
}

/* ---- scoring ---- */

typedef struct columns {
    double *x, *t_x, *T;
    double *answer[ANSWERS]; /* those that are asked for */
} columns;

static patron_status score_run(const score_function *self, const asked *rows, size_t at, size_t n,
                               const columns *c, patron_error *err)
{
    const double *argument = rows[at].of.arguments;
    const patron_states states = {.n = n, .frequency = c->x + at, .recency = c->t_x + at, .age = c->T + at};
    const patron_score_options options = {.horizon = argument[HORIZON],
                                          .discount = log1p(argument[DISCOUNT]), /* a rate becomes a force */
                                          .chance = argument[CHANCE]};
    double *to[ANSWERS];
    for (unsigned k = 0; k < ANSWERS; k++)
        to[k] = c->answer[k] ? c->answer[k] + at : NULL;
    patron_scores scores = {to[P_ALIVE], to[P_BUYS], to[PURCHASES], to[RESIDUAL], to[LOW], to[HIGH]};
    return patron_model_score(self->model, rows[at].of.parameters, &states, &options, &scores, err);
}

static patron_status score_rows(const score_function *self, const asked *rows, size_t n, const columns *c,
                                patron_error *err)
{
    patron_status status = PATRON_OK;
    for (size_t i = 0; i < n; i++) {
        c->x[i] = rows[i].x;
        c->t_x[i] = rows[i].t_x;
        c->T[i] = rows[i].T;
    }
    for (size_t at = 0, end; status == PATRON_OK && at < n; at = end) {
        for (end = at + 1; end < n && memcmp(&rows[end].of, &rows[at].of, sizeof rows->of) == 0;)
            end++;
        status = score_run(self, rows, at, end - at, c, err);
    }
    return status;
}

static void write(const score_function *self, const asked *rows, size_t n, const columns *c,
                  duckdb_vector out)
{
    const question *asks = self->asks;
    for (unsigned k = 0; k < asks->answer_count; k++) {
        double *values =
            duckdb_vector_get_data(asks->answer_count > 1 ? duckdb_struct_vector_get_child(out, k) : out);
        for (size_t i = 0; i < n; i++)
            values[rows[i].row] = c->answer[asks->answers[k]][i];
    }
}

static void score(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector out)
{
    const score_function *self = duckdb_scalar_function_get_extra_info(info);
    const size_t room = duckdb_data_chunk_get_size(input) + 1;
    patron_error err = {.message = "out of memory"};
    size_t n = 0;
    asked *rows = malloc(room * sizeof *rows);
    double *block = malloc(room * (3 + self->asks->answer_count) * sizeof *block);
    if (!rows || !block) {
        fail(info, self, err.message);
    } else if (gather(info, self, input, out, rows, &n)) {
        columns c = {.x = block, .t_x = block + room, .T = block + 2 * room};
        for (unsigned k = 0; k < self->asks->answer_count; k++)
            c.answer[self->asks->answers[k]] = block + (3 + k) * room;
        put_together(rows, n);
        if (score_rows(self, rows, n, &c, &err) == PATRON_OK)
            write(self, rows, n, &c, out);
        else
            fail(info, self, err.message);
    }
    free(rows);
    free(block);
}

/* ---- registration ---- */

static duckdb_logical_type answer_type(const question *asks, duckdb_logical_type real)
{
    duckdb_logical_type types[ANSWERS];
    const char *names[ANSWERS];
    if (asks->answer_count == 1)
        return duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    for (unsigned k = 0; k < asks->answer_count; k++) {
        types[k] = real;
        names[k] = answer_name[asks->answers[k]];
    }
    return duckdb_create_struct_type(types, names, asks->answer_count);
}

static bool register_question(duckdb_connection connection, const patron_model *model, const question *asks)
{
    const patron_model_info *about = patron_model_describe(model);
    const score_function self = {model, asks};
    char name[80];
    snprintf(name, sizeof name, "%s_%s", about->name, asks->suffix);
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE), made = answer_type(asks, real);
    const bool ok = ptn_register_score(
        connection, &(ptn_score_signature){.name = name,
                                           .names = {about->parameter_count, about->parameter},
                                           .numbers = 3 + asks->argument_count,
                                           .result = made,
                                           .run = score,
                                           .known = &self,
                                           .known_size = sizeof self});
    duckdb_destroy_logical_type(&made);
    duckdb_destroy_logical_type(&real);
    return ok;
}

bool ptn_register_forecast_scores(duckdb_connection connection)
{
    bool ok = true;
    const patron_model *model;
    for (unsigned i = 0; ok && (model = patron_model_at(i)); i++)
        for (size_t k = 0; ok && k < sizeof questions / sizeof *questions; k++)
            ok = register_question(connection, model, &questions[k]);
    return ok;
}
