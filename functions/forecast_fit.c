/* <model>_fit(frequency, recency, age [, customers [, prior]]): an aggregate over customers or over weighted states.
 *
 * Rows are gathered into distinct states as they come, in any order and on any number of threads; the fit sorts them, so it
 * gives the same bits for each. A row with a NULL is passed over, as aggregates do. A fit that fails is a STRUCT whose
 * status says so, never an error; a row that is no state is an error. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patron/forecast.h"
#include "register.h"
#include "vectors.h"

/* Open addressing; a slot without weight is empty. */
typedef struct slot {
    double x, t_x, T, weight;
} slot;

typedef struct gathering {
    slot *slots;
    size_t used;
    int bits;
    bool no_prior, has_prior; /* what the prior argument said */
} gathering;

/* What the functions of one model know: shared by its overloads. */
typedef struct fit_function {
    const patron_model *model;
    ptn_function_host *host;
} fit_function;

static void fail(duckdb_function_info info, const patron_model *model, const char *text)
{
    char message[640];
    snprintf(message, sizeof message, "%s_fit: %s", patron_model_describe(model)->name, text);
    duckdb_aggregate_function_set_error(info, message);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 is 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static size_t hash(double x, double t_x, double T, int bits)
{
    uint64_t h = bits_of(x) * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ h >> 32 ^ bits_of(t_x)) * UINT64_C(0xD1342543DE82EF95);
    h = (h ^ h >> 32 ^ bits_of(T)) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)((h ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9) >> (64 - bits));
}

static slot *find(const gathering *g, double x, double t_x, double T)
{
    const size_t mask = ((size_t)1 << g->bits) - 1;
    size_t i = hash(x, t_x, T, g->bits);
    for (slot *s = &g->slots[i]; s->weight > 0; s = &g->slots[i]) {
        if (s->x == x && s->t_x == t_x && s->T == T)
            return s;
        i = (i + 1) & mask;
    }
    return &g->slots[i];
}

static bool reserve(gathering *g, size_t used)
{
    gathering more = *g;
    more.bits = g->slots ? g->bits : 6;
    while (used * 4 > (size_t)3 << more.bits)
        more.bits++;
    if (g->slots && more.bits == g->bits)
        return true;
    more.slots = calloc((size_t)1 << more.bits, sizeof *more.slots);
    if (!more.slots)
        return false;
    for (size_t i = 0; g->slots && i < (size_t)1 << g->bits; i++)
        if (g->slots[i].weight > 0)
            *find(&more, g->slots[i].x, g->slots[i].t_x, g->slots[i].T) = g->slots[i];
    free(g->slots);
    *g = more;
    return true;
}

static bool add(gathering *g, double x, double t_x, double T, double weight)
{
    if (!reserve(g, g->used + 1))
        return false;
    slot *s = find(g, x, t_x, T);
    g->used += !(s->weight > 0);
    *s = (slot){x, t_x, T, s->weight + weight};
    return true;
}

static idx_t state_size(duckdb_function_info info)
{
    (void)info;
    return sizeof(gathering);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    (void)info;
    memset(state, 0, sizeof(gathering));
}

static void state_destroy(duckdb_aggregate_state *states, idx_t n)
{
    for (idx_t k = 0; k < n; k++) {
        gathering *g = (gathering *)states[k];
        free(g->slots);
        g->slots = NULL;
    }
}

/* 'weak', 'none'; anything else is an error. */
static bool read_prior(duckdb_function_info info, const patron_model *model, const duckdb_string_t *string, gathering *g)
{
    const char *word = duckdb_string_t_data((duckdb_string_t *)string);
    const uint32_t length = duckdb_string_t_length(*string);
    const bool none = length == 4 && memcmp(word, "none", 4) == 0, weak = length == 4 && memcmp(word, "weak", 4) == 0;
    if (!none && !weak) {
        char text[120];
        snprintf(text, sizeof text, "prior '%.*s': 'weak' or 'none' was expected", length > 40 ? 40 : (int)length, word);
        fail(info, model, text);
        return false;
    }
    if (g->has_prior && g->no_prior != none) {
        fail(info, model, "the prior differs between rows: it must be the same for all of a fit");
        return false;
    }
    g->has_prior = true;
    g->no_prior = none;
    return true;
}

static void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state *states)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    const idx_t columns = duckdb_data_chunk_get_column_count(input), rows = duckdb_data_chunk_get_size(input);
    ptn_doubles in[4] = {{NULL, NULL}};
    const duckdb_string_t *priors = NULL;
    const uint64_t *priors_valid = NULL;
    for (idx_t c = 0; c < columns && c < 4; c++)
        in[c] = ptn_doubles_of(duckdb_data_chunk_get_vector(input, c));
    if (columns == 5) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(input, 4);
        priors = duckdb_vector_get_data(vector);
        priors_valid = duckdb_vector_get_validity(vector);
    }
    for (idx_t i = 0; i < rows; i++) {
        bool skip = priors && ptn_is_null(priors_valid, i);
        for (idx_t c = 0; c < columns && c < 4; c++)
            skip |= ptn_is_null(in[c].valid, i);
        if (skip)
            continue;
        gathering *g = (gathering *)states[i];
        const double x = in[0].value[i], t_x = in[1].value[i], T = in[2].value[i], w = columns > 3 ? in[3].value[i] : 1;
        if (priors && !read_prior(info, self->model, &priors[i], g))
            return;
        if (!(x >= 0) || x != floor(x) || !(t_x >= 0) || !(t_x <= T) || !isfinite(T) || (x == 0) != (t_x == 0) || !(w > 0) ||
            !isfinite(w)) {
            char text[320];
            snprintf(text, sizeof text,
                     "frequency %g, recency %g, age %g, customers %g is no state: a whole frequency, 0 <= recency <= age, recency 0 "
                     "exactly when frequency is, and customers above 0 were expected",
                     x, t_x, T, w);
            fail(info, self->model, text);
            return;
        }
        if (!add(g, x, t_x, T, w)) {
            fail(info, self->model, "out of memory");
            return;
        }
    }
}

/* Copies, never steals: a window may combine its source again. Room for both comes first. */
static void combine(duckdb_function_info info, duckdb_aggregate_state *source, duckdb_aggregate_state *target, idx_t n)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    for (idx_t k = 0; k < n; k++) {
        const gathering *from = (const gathering *)source[k];
        gathering *to = (gathering *)target[k];
        bool ok = !from->used || reserve(to, from->used + to->used);
        if (from->has_prior) {
            to->has_prior = true;
            to->no_prior = from->no_prior;
        }
        for (size_t i = 0; ok && from->slots && i < (size_t)1 << from->bits; i++)
            ok = !(from->slots[i].weight > 0) ||
                 add(to, from->slots[i].x, from->slots[i].t_x, from->slots[i].T, from->slots[i].weight);
        if (!ok)
            fail(info, self->model, "out of memory");
    }
}

static bool on_progress(void *context, unsigned evaluations, double log_likelihood)
{
    ptn_function_host *host = context;
    (void)evaluations;
    (void)log_likelihood;
    atomic_fetch_add(&host->evaluations, 1);
    return !atomic_load(&host->cancel);
}

static bool run_fit(const fit_function *self, const gathering *g, patron_fit *fit, patron_error *err)
{
    double *columns = malloc(4 * g->used * sizeof *columns);
    if (!columns) {
        *fit = (patron_fit){.model = self->model, .status = PATRON_FIT_FAILED};
        return false;
    }
    double *x = columns, *t_x = x + g->used, *T = t_x + g->used, *w = T + g->used;
    size_t n = 0;
    for (size_t i = 0; i < (size_t)1 << g->bits; i++)
        if (g->slots[i].weight > 0) {
            x[n] = g->slots[i].x;
            t_x[n] = g->slots[i].t_x;
            T[n] = g->slots[i].T;
            w[n++] = g->slots[i].weight;
        }
    const patron_states states = {.n = n, .frequency = x, .recency = t_x, .age = T, .weight = w};
    const patron_fit_options options = {.prior = g->no_prior ? PATRON_PRIOR_NONE : PATRON_PRIOR_WEAK,
                                        .progress = on_progress,
                                        .context = self->host};
    const patron_status status = patron_model_fit(self->model, &states, &options, fit, err);
    free(columns);
    return status != PATRON_ENOMEM && status != PATRON_ECANCELLED;
}

/* The STRUCT: status, limit, the parameters, log_likelihood, customers, states, iterations. */
static void write_fit(duckdb_vector out, idx_t row, const patron_model_info *model, const patron_fit *fit)
{
    static const char *const words[] = {"failed", "interior", "boundary"};
    idx_t child = 0;
    duckdb_vector_assign_string_element(duckdb_struct_vector_get_child(out, child++), row, words[fit->status]);
    duckdb_vector limit = duckdb_struct_vector_get_child(out, child++);
    if (fit->status == PATRON_FIT_BOUNDARY)
        duckdb_vector_assign_string_element(limit, row, fit->limit);
    else
        ptn_set_null(limit, row);
    for (unsigned k = 0; k <= model->parameter_count; k++) {
        duckdb_vector vector = duckdb_struct_vector_get_child(out, child++);
        const double value = k < model->parameter_count ? fit->parameters[k] : fit->log_likelihood;
        if (fit->status == PATRON_FIT_FAILED)
            ptn_set_null(vector, row);
        else
            ((double *)duckdb_vector_get_data(vector))[row] = value;
    }
    ((double *)duckdb_vector_get_data(duckdb_struct_vector_get_child(out, child++)))[row] = fit->customers;
    ((int64_t *)duckdb_vector_get_data(duckdb_struct_vector_get_child(out, child++)))[row] = (int64_t)fit->states;
    ((int64_t *)duckdb_vector_get_data(duckdb_struct_vector_get_child(out, child)))[row] = fit->iterations;
}

/* A NULL STRUCT is NULL in every child too. */
static void write_null(duckdb_vector out, idx_t row, const patron_model_info *model)
{
    ptn_set_null(out, row);
    for (idx_t child = 0; child < model->parameter_count + 6u; child++)
        ptn_set_null(duckdb_struct_vector_get_child(out, child), row);
}

static void finalize(duckdb_function_info info, duckdb_aggregate_state *states, duckdb_vector out, idx_t n, idx_t offset)
{
    const fit_function *self = duckdb_aggregate_function_get_extra_info(info);
    const patron_model_info *model = patron_model_describe(self->model);
    for (idx_t k = 0; k < n; k++) {
        const gathering *g = (const gathering *)states[k];
        patron_error err = {0};
        patron_fit fit;
        if (g->used == 0) {
            write_null(out, offset + k, model);
        } else if (run_fit(self, g, &fit, &err)) {
            write_fit(out, offset + k, model, &fit);
        } else {
            fail(info, self->model, atomic_load(&self->host->cancel) ? "cancelled" : "out of memory");
            state_destroy(states, n); /* after an error here DuckDB 1.5 forgets its destructor */
            return;
        }
    }
}

static duckdb_logical_type result_type(const patron_model_info *model)
{
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type whole = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_logical_type types[PATRON_PARAMETERS_MAX + 6] = {text, text};
    const char *names[PATRON_PARAMETERS_MAX + 6] = {"status", "limit"};
    idx_t n = 2;
    for (unsigned k = 0; k < model->parameter_count; k++, n++) {
        types[n] = real;
        names[n] = model->parameter[k];
    }
    types[n] = real, names[n++] = "log_likelihood";
    types[n] = real, names[n++] = "customers";
    types[n] = whole, names[n++] = "states";
    types[n] = whole, names[n++] = "iterations";
    duckdb_logical_type made = duckdb_create_struct_type(types, names, n);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&real);
    duckdb_destroy_logical_type(&whole);
    return made;
}

static bool register_fit(duckdb_connection connection, const patron_model *model, ptn_function_host *host)
{
    const patron_model_info *about = patron_model_describe(model);
    char name[80];
    snprintf(name, sizeof name, "%s_fit", about->name);
    duckdb_logical_type real = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type made = result_type(about);
    duckdb_aggregate_function_set set = duckdb_create_aggregate_function_set(name);
    bool ok = true;
    for (idx_t columns = 3; columns <= 5; columns++) {
        fit_function *self = malloc(sizeof *self);
        duckdb_aggregate_function function = duckdb_create_aggregate_function();
        if (!self) {
            duckdb_destroy_aggregate_function(&function);
            ok = false;
            break;
        }
        *self = (fit_function){model, host};
        duckdb_aggregate_function_set_name(function, name);
        for (idx_t c = 0; c < columns; c++)
            duckdb_aggregate_function_add_parameter(function, c < 4 ? real : text);
        duckdb_aggregate_function_set_return_type(function, made);
        duckdb_aggregate_function_set_functions(function, state_size, state_init, update, combine, finalize);
        duckdb_aggregate_function_set_destructor(function, state_destroy);
        duckdb_aggregate_function_set_special_handling(function); /* we pass over NULLs ourselves */
        duckdb_aggregate_function_set_extra_info(function, self, free);
        ok = ok && duckdb_add_aggregate_function_to_set(set, function) == DuckDBSuccess;
        duckdb_destroy_aggregate_function(&function);
    }
    ok = ok && duckdb_register_aggregate_function_set(connection, set) == DuckDBSuccess;
    duckdb_destroy_aggregate_function_set(&set);
    duckdb_destroy_logical_type(&real);
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&made);
    return ok;
}

bool ptn_register_forecast_fits(duckdb_connection connection, ptn_function_host *host)
{
    bool ok = true;
    const patron_model *model;
    for (unsigned i = 0; ok && (model = patron_model_at(i)); i++)
        ok = register_fit(connection, model, host);
    return ok;
}
