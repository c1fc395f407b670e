/* <model>_p_alive, _p_buys, _expected_purchases, _residual, _interval (params, frequency, recency, age [, ...]): one value a
 * row. params is what <model>_fit gave, or a STRUCT of the parameters by hand; where it or an argument is NULL the answer
 * is. Rows of a chunk that share their parameters are scored together. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "patron/forecast.h"
#include "register.h"
#include "vectors.h"

typedef enum question { P_ALIVE, P_BUYS, PURCHASES, RESIDUAL, INTERVAL, QUESTIONS } question;

/* After params, frequency, recency and age: which arguments each takes. */
static const struct {
    const char *suffix;
    unsigned extra; /* horizon, discount, or horizon and chance */
} questions[QUESTIONS] = {{"p_alive", 0}, {"p_buys", 1}, {"expected_purchases", 1}, {"residual", 1}, {"interval", 2}};

typedef struct score_function {
    const patron_model *model;
    question asks;
    unsigned first_parameter; /* which child of params the parameters start at */
} score_function;

/* Rows without NULLs, gathered side by side. */
typedef struct gathered {
    size_t n;
    idx_t *row;
    double *x, *t_x, *T, *extra[2], *result[2];
    double *parameters; /* parameter_count a row */
    double *block;
} gathered;

static bool gathered_open(gathered *g, size_t rows, unsigned parameters)
{
    g->row = malloc((rows ? rows : 1) * sizeof *g->row);
    g->block = malloc((rows ? rows : 1) * (7 + parameters) * sizeof *g->block);
    if (!g->row || !g->block)
        return false;
    double *at = g->block;
    g->x = at;
    g->t_x = at + rows;
    g->T = at + 2 * rows;
    g->extra[0] = at + 3 * rows;
    g->extra[1] = at + 4 * rows;
    g->result[0] = at + 5 * rows;
    g->result[1] = at + 6 * rows;
    g->parameters = at + 7 * rows;
    return true;
}

static void gathered_close(gathered *g)
{
    free(g->row);
    free(g->block);
}

static void fail(duckdb_function_info info, const score_function *self, const char *text)
{
    char message[700];
    snprintf(message, sizeof message, "%s_%s: %s", patron_model_describe(self->model)->name, questions[self->asks].suffix, text);
    duckdb_scalar_function_set_error(info, message);
}

static void set_null(const score_function *self, duckdb_vector out, idx_t row)
{
    ptn_set_null(out, row);
    for (idx_t c = 0; self->asks == INTERVAL && c < 2; c++)
        ptn_set_null(duckdb_struct_vector_get_child(out, c), row);
}

/* Takes the rows that have everything; sets the others NULL. */
static void gather(const score_function *self, duckdb_data_chunk input, duckdb_vector out, gathered *g)
{
    const unsigned count = patron_model_describe(self->model)->parameter_count, extra = questions[self->asks].extra;
    duckdb_vector params = duckdb_data_chunk_get_vector(input, 0);
    const uint64_t *params_valid = duckdb_vector_get_validity(params);
    ptn_doubles parameter[PATRON_PARAMETERS_MAX], in[5];
    for (unsigned k = 0; k < count; k++)
        parameter[k] = ptn_doubles_of(duckdb_struct_vector_get_child(params, self->first_parameter + k));
    for (unsigned c = 0; c < 3 + extra; c++)
        in[c] = ptn_doubles_of(duckdb_data_chunk_get_vector(input, 1 + c));
    for (idx_t i = 0, rows = duckdb_data_chunk_get_size(input); i < rows; i++) {
        bool null = ptn_is_null(params_valid, i);
        for (unsigned k = 0; k < count; k++)
            null |= ptn_is_null(parameter[k].valid, i);
        for (unsigned c = 0; c < 3 + extra; c++)
            null |= ptn_is_null(in[c].valid, i);
        if (null) {
            set_null(self, out, i);
            continue;
        }
        g->row[g->n] = i;
        g->x[g->n] = in[0].value[i];
        g->t_x[g->n] = in[1].value[i];
        g->T[g->n] = in[2].value[i];
        for (unsigned e = 0; e < extra; e++)
            g->extra[e][g->n] = in[3 + e].value[i];
        for (unsigned k = 0; k < count; k++)
            g->parameters[g->n * count + k] = parameter[k].value[i];
        g->n++;
    }
}

/* How many rows from `at` on ask the same thing of the same parameters. */
static size_t same(const gathered *g, size_t at, unsigned count, unsigned extra)
{
    size_t end = at + 1;
    for (; end < g->n; end++) {
        for (unsigned k = 0; k < count; k++)
            if (g->parameters[end * count + k] != g->parameters[at * count + k])
                return end - at;
        for (unsigned e = 0; e < extra; e++)
            if (g->extra[e][end] != g->extra[e][at])
                return end - at;
    }
    return end - at;
}

static patron_status score_run(const score_function *self, gathered *g, size_t at, size_t n, unsigned count, patron_error *err)
{
    const patron_states states = {.n = n, .frequency = g->x + at, .recency = g->t_x + at, .age = g->T + at};
    patron_score_options options = {.horizon = 1};
    patron_scores scores = {0};
    double *result = g->result[0] + at;
    switch (self->asks) {
    case P_ALIVE: scores.p_alive = result; break;
    case P_BUYS: scores.p_buys = result; break;
    case PURCHASES: scores.purchases = result; break;
    case RESIDUAL: scores.residual = result; break;
    default:
        scores.low = result;
        scores.high = g->result[1] + at;
        options.chance = g->extra[1][at];
    }
    if (self->asks == RESIDUAL) {
        if (!(g->extra[0][at] > -1)) {
            err->status = PATRON_EINVAL;
            snprintf(err->message, sizeof err->message, "discount %g a unit of time: a rate above -1 was expected", g->extra[0][at]);
            return PATRON_EINVAL;
        }
        options.discount = log1p(g->extra[0][at]); /* a rate a unit of time becomes a force of discount */
    } else if (self->asks != P_ALIVE) {
        options.horizon = g->extra[0][at];
    }
    return patron_model_score(self->model, g->parameters + at * count, &states, &options, &scores, err);
}

static void score(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector out)
{
    const score_function *self = duckdb_scalar_function_get_extra_info(info);
    const unsigned count = patron_model_describe(self->model)->parameter_count, extra = questions[self->asks].extra;
    gathered g = {0};
    patron_error err = {0};
    if (!gathered_open(&g, duckdb_data_chunk_get_size(input), count)) {
        fail(info, self, "out of memory");
        goto done;
    }
    gather(self, input, out, &g);
    for (size_t at = 0, n; at < g.n; at += n) {
        n = same(&g, at, count, extra);
        if (score_run(self, &g, at, n, count, &err) != PATRON_OK) {
            fail(info, self, err.message);
            goto done;
        }
    }
    for (unsigned r = 0; r < (self->asks == INTERVAL ? 2u : 1u); r++) {
        duckdb_vector vector = self->asks == INTERVAL ? duckdb_struct_vector_get_child(out, r) : out;
        double *values = duckdb_vector_get_data(vector);
        for (size_t i = 0; i < g.n; i++)
            values[g.row[i]] = g.result[r][i];
    }

done:
    gathered_close(&g);
}

/* params as <model>_fit gives it, and as someone writes it by hand: {'r': .5, 'alpha': 10, ...}. */
static duckdb_logical_type params_type(const patron_model_info *model, bool from_fit)
{
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type whole = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_logical_type types[PATRON_PARAMETERS_MAX + 6];
    const char *names[PATRON_PARAMETERS_MAX + 6];
    idx_t n = 0;
    if (from_fit) {
        types[n] = text, names[n++] = "status";
        types[n] = text, names[n++] = "limit";
    }
    for (unsigned k = 0; k < model->parameter_count; k++)
        types[n] = real, names[n++] = model->parameter[k];
    if (from_fit) {
        types[n] = real, names[n++] = "log_likelihood";
        types[n] = real, names[n++] = "customers";
        types[n] = whole, names[n++] = "states";
        types[n] = whole, names[n++] = "iterations";
    }
    duckdb_logical_type made = duckdb_create_struct_type(types, names, n);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&real);
    duckdb_destroy_logical_type(&whole);
    return made;
}

static bool register_score(duckdb_connection connection, const patron_model *model, question asks)
{
    const patron_model_info *about = patron_model_describe(model);
    char name[80];
    snprintf(name, sizeof name, "%s_%s", about->name, questions[asks].suffix);
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type pair =
        duckdb_create_struct_type((duckdb_logical_type[]){real, real}, (const char *[]){"low", "high"}, 2);
    duckdb_scalar_function_set set = duckdb_create_scalar_function_set(name);
    bool ok = true;
    for (int from_fit = 0; from_fit < 2; from_fit++) {
        score_function *self = malloc(sizeof *self);
        duckdb_scalar_function function = duckdb_create_scalar_function();
        duckdb_logical_type params = params_type(about, from_fit);
        if (self) {
            *self = (score_function){model, asks, from_fit ? 2 : 0};
            duckdb_scalar_function_set_name(function, name);
            duckdb_scalar_function_add_parameter(function, params);
            for (unsigned c = 0; c < 3 + questions[asks].extra; c++)
                duckdb_scalar_function_add_parameter(function, real);
            duckdb_scalar_function_set_return_type(function, asks == INTERVAL ? pair : real);
            duckdb_scalar_function_set_special_handling(function);
            duckdb_scalar_function_set_function(function, score);
            duckdb_scalar_function_set_extra_info(function, self, free);
        }
        ok = ok && self && duckdb_add_scalar_function_to_set(set, function) == DuckDBSuccess;
        duckdb_destroy_logical_type(&params);
        duckdb_destroy_scalar_function(&function);
    }
    ok = ok && duckdb_register_scalar_function_set(connection, set) == DuckDBSuccess;
    duckdb_destroy_scalar_function_set(&set);
    duckdb_destroy_logical_type(&pair);
    duckdb_destroy_logical_type(&real);
    return ok;
}

bool ptn_register_forecast_scores(duckdb_connection connection)
{
    bool ok = true;
    const patron_model *model;
    for (unsigned i = 0; ok && (model = patron_model_at(i)); i++)
        for (int asks = 0; ok && asks < QUESTIONS; asks++)
            ok = register_score(connection, model, (question)asks);
    return ok;
}
